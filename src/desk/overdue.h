/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The hour of what waits for approval. Before it, who may approve is reminded (the change "reminder"
 * is told once); when it has passed, the text does not go out: it is its author's again, who reads
 * why, and chooses another moment.
 *
 *	int64_t next_us;
 *	pv_desk_overdue_turn(desk, &next_us, error);
 *	… and again at next_us, or when something changes …
 */
#ifndef PV_DESK_OVERDUE_H
#define PV_DESK_OVERDUE_H

#include "desk/desk.h"

/* How long before: or half of the time there was, when that is less. */
enum { PV_REVIEW_REMIND_H = 4 };

/* One look. `*out_next_us`: when the next one is due; PV_TIME_NONE: nothing waits. */
enum pv_status pv_desk_overdue_turn(
	struct pv_desk *desk, int64_t *out_next_us, struct pv_error *error);

#endif
