/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Who stands in for whom while they are away. A row is never removed: it ends. */
#ifndef PV_STORE_DELEGATION_H
#define PV_STORE_DELEGATION_H

#include "store/db.h"

struct pv_delegation_row {
	const char *id;
	const char *organization_id;
	const char *person_id;           /* who is away */
	const char *to_id;               /* who stands in */
	int64_t from_at_us, until_at_us; /* half open; the same: withdrawn before it began */
	const char *why;
	const char *created_by;
	int64_t created_at_us;
	/* brought along: who is away, with the roles they have now; who stands in */
	const char *person_slug, *person_name, *policy_roles, *to_name;
};

enum pv_status pv_delegation_insert(
	struct pv_db *db, const struct pv_delegation_row *row, struct pv_error *error);
/* PV_NOT_FOUND, with words, when there is none. */
enum pv_status pv_delegation_find(struct pv_db *db, TALLOC_CTX *mem, const char *id,
	struct pv_delegation_row *out, struct pv_error *error);
/*
 * Those of an organisation that end after an instant, the first to begin first; both still members.
 * Of more than `limit` those that begin last. One that was withdrawn before it began is none.
 */
enum pv_status pv_delegation_list(struct pv_db *db, TALLOC_CTX *mem, const char *organization_id,
	int64_t after_us, int limit, struct pv_delegation_row **out, size_t *out_n,
	struct pv_error *error);
/*
 * Ends one earlier, or withdraws it where it has not begun: it then ends as it begins. *out_ended is
 * false, and nothing changes, when it was over or withdrawn already.
 */
enum pv_status pv_delegation_end(struct pv_db *db, const char *id, const char *organization_id,
	int64_t at_us, bool *out_ended, struct pv_error *error);

#endif
