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
	const char *kind; /* post | share | reply */
	const char *form; /* static | interactive */
	const char *origin, *interest, *axis;
	const char *relations, *topics, *humans; /* JSON lists */
};

enum pv_status pv_counted_put(
	struct pv_db *db, const struct pv_counted_row *row, struct pv_error *error);
/* The same at another time; *out_found false when it is not counted. */
enum pv_status pv_counted_move(struct pv_db *db, const char *variant_id,
	const char *organization_id, int64_t at_us, bool *out_found, struct pv_error *error);
enum pv_status pv_counted_remove(struct pv_db *db, const char *variant_id,
	const char *organization_id, struct pv_error *error);

/* Equal rows of a window, told once. */
struct pv_counted_group {
	const char *account_slug, *author_slug;
	const char *kind, *form, *origin, *interest, *axis;
	const char *relations, *topics, *humans;
	int64_t last_at_us; /* of the newest of them */
	int64_t times;
};

enum pv_counted_per { PV_COUNTED_ACCOUNT, PV_COUNTED_AUTHOR, PV_COUNTED_ORGANIZATION };
enum { PV_COUNTED_GROUPS_MAX = 2000 };

/*
 * Those of one account, author or organisation (`id`), later than after_us and not later than
 * until_us, without `except_variant` (NULL: none). At most PV_COUNTED_GROUPS_MAX groups.
 */
enum pv_status pv_counted_window(struct pv_db *db, TALLOC_CTX *mem, enum pv_counted_per per,
	const char *id, const char *except_variant, int64_t after_us, int64_t until_us,
	struct pv_counted_group **out, size_t *out_n, struct pv_error *error);

#endif
