/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What the policies' quotas and mixes count: one row a variant that is scheduled or was published.
 * Kept in step by the desk, in the transaction that schedules, moves, unplans or publishes.
 */
#ifndef PV_STORE_COUNTED_H
#define PV_STORE_COUNTED_H

#include "store/db.h"

struct pv_counted_row {
	const char *variant_id;
	const char *organization_id;
	const char *account_id;
	const char *author_id;
	int64_t at_us;
	const char *kind;
	const char *form; /* static | interactive */
	const char *origin, *interest, *axis;
	const char *relations, *topics, *humans; /* JSON lists */
	const char *account_slug, *author_slug;  /* brought along */
};

enum { PV_COUNTED_MAX = 2000 };

enum pv_status pv_counted_put(
	struct pv_db *db, const struct pv_counted_row *row, struct pv_error *error);
enum pv_status pv_counted_remove(struct pv_db *db, const char *variant_id,
	const char *organization_id, struct pv_error *error);
/*
 * Those of one account's owner and of one author, between two instants, newest first, at most
 * PV_COUNTED_MAX, without `except_variant` (NULL: none).
 */
enum pv_status pv_counted_list(struct pv_db *db, TALLOC_CTX *mem, const char *organization_id,
	const char *author_id, const char *except_variant, int64_t after_us, int64_t until_us,
	struct pv_counted_row **out, size_t *out_n, struct pv_error *error);

#endif
