/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The audit chain: each entry's hash covers all its fields and the hash before it, so that no entry
 * can be changed, removed or slipped in without every later one showing it.
 *
 * hash = pv_digest_fields(seq, organization_id, at, actor, verb, object, before, after, why,
 * previous), numbers in decimal; the first entry's previous is PV_AUDIT_ORIGIN.
 */
#ifndef PV_STORE_AUDIT_H
#define PV_STORE_AUDIT_H

#include "base/crypto.h"
#include "store/db.h"

#define PV_AUDIT_ORIGIN "portevoix"

struct pv_audit_row {
	int64_t seq;                 /* 1, 2… without a gap */
	const char *organization_id; /* "" when it concerns the desk */
	int64_t at_us;
	const char *actor; /* person id, or "desk" */
	const char *verb;  /* "account.remove" */
	const char *object;
	const char *before; /* "" or JSON */
	const char *after;
	const char *why;
	const char *previous;
	const char *hash;
};

/*
 * Adds it after the last one; seq, previous and hash are worked out. Only inside a writing
 * transaction (the pen makes the chain one), PV_INTERNAL otherwise.
 */
enum pv_status pv_audit_append(
	struct pv_db *db, const struct pv_audit_row *row, struct pv_error *error);

/* Newest first, older than `before_seq` (0: from the newest); NULL: every organisation's. */
enum pv_status pv_audit_list(struct pv_db *db, TALLOC_CTX *mem, const char *organization_id,
	int64_t before_seq, int limit, struct pv_audit_row **out, size_t *out_n,
	struct pv_error *error);

/* Oldest first, later than `after_seq`: how the chain is walked. */
enum pv_status pv_audit_walk(struct pv_db *db, TALLOC_CTX *mem, int64_t after_seq, int limit,
	struct pv_audit_row **out, size_t *out_n, struct pv_error *error);

/* What an entry's hash must be, from its other members. */
void pv_audit_hash(const struct pv_audit_row *row, char out[PV_DIGEST_SIZE]);

#endif
