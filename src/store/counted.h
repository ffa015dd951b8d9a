/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What the policies' quotas and mixes count: one row a variant that is scheduled or was published.
 * Kept in step by the desk, in the transaction that schedules, moves, unplans or publishes.
 *
 * Beside the rows stand their sums, PV_COUNTED_SPAN_DAYS at a time: a window reads the rows at its
 * two ends and the sums between, so that years cost their months and not their posts. The sums are
 * kept here, by the three functions that change a row: inside a writing transaction, like them.
 */
#ifndef PV_STORE_COUNTED_H
#define PV_STORE_COUNTED_H

#include "store/db.h"

enum { PV_COUNTED_SPAN_DAYS = 30 };

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
	bool sponsored;
};

/* Instead of what stood there for this variant. */
enum pv_status pv_counted_put(
	struct pv_db *db, const struct pv_counted_row *row, struct pv_error *error);
/* The same at another time; *out_found false when it is not counted. */
enum pv_status pv_counted_move(struct pv_db *db, const char *variant_id,
	const char *organization_id, int64_t at_us, bool *out_found, struct pv_error *error);
enum pv_status pv_counted_remove(struct pv_db *db, const char *variant_id,
	const char *organization_id, struct pv_error *error);

/* Equal rows of a window, told once; borrowed from the query until the visit returns. */
struct pv_counted_group {
	const char *account_slug, *author_slug;
	const char *kind, *form, *origin, *interest, *axis;
	const char *relations, *topics, *humans;
	bool sponsored;
	int64_t at_us; /* within the window: about when the newest of them was */
	int64_t times;
};

enum pv_counted_per { PV_COUNTED_ACCOUNT, PV_COUNTED_AUTHOR, PV_COUNTED_ORGANIZATION };

typedef enum pv_status pv_counted_visit(
	void *state, const struct pv_counted_group *group, struct pv_error *error);

struct pv_counted_window {
	enum pv_counted_per per;
	const char *id;             /* of the account, author or organisation */
	const char *except_variant; /* not counted itself; NULL: none */
	int64_t after_us, until_us; /* later than the one, not later than the other */
};

/*
 * Visits every group of the window, the newest first, and stops at the first status that is not
 * PV_OK, which it returns. A visitor asks this database nothing.
 */
enum pv_status pv_counted_each(struct pv_db *db, const struct pv_counted_window *window,
	pv_counted_visit *visit, void *state, struct pv_error *error);

#endif
