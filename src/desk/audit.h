/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The record of who changed what: written in the transaction that made the change, hash-chained
 * (store/audit.h).
 *
 *	static enum pv_status work(struct pv_db *db, void *state, struct pv_error *error)
 *	{
 *		…the writes…
 *		return pv_desk_audit(desk, actor, &(struct pv_audit_note){
 *			.organization_id = row.organization_id, .verb = "account.remove",
 *			.object = row.id, .before = before, .why = why}, error);
 *	}
 */
#ifndef PV_DESK_AUDIT_H
#define PV_DESK_AUDIT_H

#include "base/json.h"
#include "desk/roles.h"
#include "store/audit.h"

/* NULL members are written as "". Secrets and texts of posts are not for here: digests are. */
struct pv_audit_note {
	const char *organization_id;
	const char *verb;           /* subject.verb: "variant.submit" */
	const char *object;         /* its id */
	const char *before, *after; /* JSON of what changed */
	const char *why;
};

/*
 * The JSON of a note's before or after, by jansson's pack format ("{s:s,s:s?}"), below `mem`. When
 * memory is out pv_desk_audit says so.
 */
const char *pv_audit_pack(TALLOC_CTX *mem, const char *format, ...);

/* Inside a writing transaction (pv_db_transaction), PV_INTERNAL otherwise. */
enum pv_status pv_desk_audit(struct pv_desk *desk, const struct pv_actor *actor,
	const struct pv_audit_note *note, struct pv_error *error);

enum { PV_AUDIT_PAGE_MAX = 200 };

/* Newest first; `before_seq` 0 begins. PV_MAY_ANALYSE; NULL organisation: the desk only. */
enum pv_status pv_desk_audit_list(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *organization_id, int64_t before_seq, int limit,
	struct pv_audit_row **out, size_t *out_n, struct pv_error *error);

struct pv_audit_verdict {
	int64_t entries;     /* that hold, from the first one on */
	int64_t first_bad;   /* seq, 0 when the chain holds */
	struct pv_words why; /* of first_bad */
	char last_hash[PV_DIGEST_SIZE];
};

/* Walks the whole chain in constant memory. */
enum pv_status pv_desk_audit_verify(
	struct pv_desk *desk, struct pv_audit_verdict *out, struct pv_error *error);

#endif
