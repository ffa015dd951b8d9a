/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Variants that wait for approval and have an hour: found by it, whatever else the desk holds. */
#ifndef PV_STORE_OVERDUE_H
#define PV_STORE_OVERDUE_H

#include "store/db.h"

struct pv_overdue_row {
	const char *id;
	const char *organization_id;
	int64_t due_at_us, submitted_at_us;
	int64_t reminded_at_us; /* PV_TIME_NONE: nobody was reminded yet */
};

/* Those due at `until_us` or before, the first first. */
enum pv_status pv_overdue_list(struct pv_db *db, TALLOC_CTX *mem, int64_t until_us, int limit,
	struct pv_overdue_row **out, size_t *out_n, struct pv_error *error);
/* The first hour after `after_us`; PV_TIME_NONE when there is none. */
enum pv_status pv_overdue_next(
	struct pv_db *db, int64_t after_us, int64_t *out_us, struct pv_error *error);
/* Each once: `*out_done` false when another node was faster, or it waits no more. */
enum pv_status pv_overdue_remind(struct pv_db *db, const struct pv_overdue_row *row, int64_t now_us,
	bool *out_done, struct pv_error *error);
/* Sends it back to its author, as lapsed. */
enum pv_status pv_overdue_lapse(struct pv_db *db, const struct pv_overdue_row *row, int64_t now_us,
	bool *out_done, struct pv_error *error);

#endif
