/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The calendar: variants that have a time (row.at_us) between two instants (half open), earliest
 * first. What was published without a time of its own stands where it was published.
 */
#ifndef PV_DESK_CALENDAR_H
#define PV_DESK_CALENDAR_H

#include "desk/desk.h"
#include "store/variant.h"

enum { PV_CALENDAR_DAYS_MAX = 62, PV_CALENDAR_MAX = 1000 };

/*
 * PV_CALENDAR_MAX rows at most, from `cursor` on (cursor.h, of at_us; NULL: the beginning).
 * organization_id NULL: all of the actor's. PV_INVALID when the span is longer than a page shows.
 */
enum pv_status pv_desk_calendar(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_actor *actor,
	const char *organization_id, int64_t from_us, int64_t before_us, const char *cursor,
	struct pv_variant_row **out, size_t *out_n, struct pv_error *error);

#endif
