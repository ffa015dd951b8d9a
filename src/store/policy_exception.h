/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Exceptions asked for at the desk: asked → granted or refused; asked and granted → ended. That one
 * has run out follows from its last day and is written nowhere.
 */
#ifndef PV_STORE_POLICY_EXCEPTION_H
#define PV_STORE_POLICY_EXCEPTION_H

#include "store/db.h"

struct pv_policy_exception_row {
	const char *id;
	const char *organization_id;
	const char *lifts;     /* JSON list of rule ids */
	const char *condition; /* JSON object */
	const char *from_day, *until_day;
	const char *reason;     /* JSON {fr, en} */
	const char *variant_id; /* the post it was asked for, or NULL */
	const char *state;
	const char *asked_by;
	int64_t asked_at_us;
	const char *decided_by; /* NULL: nobody yet */
	int64_t decided_at_us;
	const char *word; /* of who refused or ended it */
	const char *ended_by;
	int64_t ended_at_us;
	const char *decided_slug; /* brought along: of who decided, "" : nobody yet */
};

enum pv_status pv_policy_exception_insert(
	struct pv_db *db, const struct pv_policy_exception_row *row, struct pv_error *error);
enum pv_status pv_policy_exception_find(struct pv_db *db, TALLOC_CTX *mem, const char *id,
	struct pv_policy_exception_row *out, struct pv_error *error);
/* The newest first, at most `limit`; `before_id` NULL begins. */
enum pv_status pv_policy_exception_list(struct pv_db *db, TALLOC_CTX *mem,
	const char *organization_id, const char *before_id, int limit,
	struct pv_policy_exception_row **out, size_t *out_n, struct pv_error *error);
/* The granted ones whose days meet these ("YYYY-MM-DD", both included), by id. */
enum pv_status pv_policy_exception_granted(struct pv_db *db, TALLOC_CTX *mem,
	const char *organization_id, const char *first_day, const char *last_day,
	struct pv_policy_exception_row **out, size_t *out_n, struct pv_error *error);
/* How many are asked for or granted and not over by that day. */
enum pv_status pv_policy_exception_count(struct pv_db *db, const char *organization_id,
	const char *day, int64_t *out, struct pv_error *error);
/* Writes state, who decided and who ended, and the word; PV_CONFLICT unless it stands at `from`. */
enum pv_status pv_policy_exception_move(struct pv_db *db, const struct pv_policy_exception_row *row,
	const char *from, struct pv_error *error);

#endif
