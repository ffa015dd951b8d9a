/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Local times of organisations, inside the desk: zones are opened once a process, and what a person
 * gives as a date and a time becomes an instant, or words that say which times there are.
 */
#ifndef PV_DESK_CLOCK_H
#define PV_DESK_CLOCK_H

#include "desk/posts.h"
#include "text/zone.h"

/* Shared, never freed; PV_INVALID when there is no such zone. From any thread. */
enum pv_status pv_clock_zone(const char *name, const struct pv_zone **out, struct pv_error *error);

/* "2026-03-02" and "09:00" (seconds only when there are any) of an instant, below `mem`. */
enum pv_status pv_clock_local(TALLOC_CTX *mem, const char *zone_name, int64_t at_us,
	const char **out_date, const char **out_time, struct pv_error *error);

/*
 * `due` (AT or LOCAL) as an instant not past and not too far. Problems go to `pointer`; *notice gets
 * words when a local time happens twice.
 */
enum pv_status pv_clock_due(TALLOC_CTX *mem, const char *zone_name, const struct pv_due *due,
	int64_t now_us, const char *pointer, int64_t *out_us, struct pv_words *notice,
	struct pv_error *error);

#endif
