/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Time zones by IANA name: the one module that knows local clocks. Neither TZ nor the C library's
 * zone is read; the rules come from ICU once, when a zone is opened, and are then a table.
 *
 *	struct pv_zone *zone;
 *	if (pv_zone_open(mem, "America/Toronto", &zone, error) != PV_OK)
 *		return error->status;
 *	struct pv_civil local = pv_zone_local(zone, at_us);
 *
 * A zone never changes after it was opened; several threads may read it.
 * Before 1970 the first offset of the table stands, after 2100 the last.
 */
#ifndef PV_TEXT_ZONE_H
#define PV_TEXT_ZONE_H

#include "base/error.h"
#include "base/instant.h"

struct pv_zone;

/* How a civil time meets the clock changes of its zone. */
enum pv_zone_fit {
	PV_ZONE_EXACT,    /* one instant */
	PV_ZONE_SKIPPED,  /* no clock shows it: the instant of the change is given */
	PV_ZONE_REPEATED, /* two instants: the one asked for is given */
};

enum pv_zone_pick { PV_ZONE_EARLIER, PV_ZONE_LATER };

/* Below `mem`. PV_INVALID when ICU knows no zone of that name. */
enum pv_status pv_zone_open(
	TALLOC_CTX *mem, const char *name, struct pv_zone **out, struct pv_error *error);

const char *pv_zone_name(const struct pv_zone *zone);

/* Seconds east of UTC in force at an instant. */
int pv_zone_offset_s(const struct pv_zone *zone, int64_t at_us);

/* The local clock at an instant. */
struct pv_civil pv_zone_local(const struct pv_zone *zone, int64_t at_us);

/* The local date of an instant, in days since 1970-01-01. */
int32_t pv_zone_day(const struct pv_zone *zone, int64_t at_us);

/* The instant of a local clock reading; `pick` is used when it happens twice. */
enum pv_zone_fit pv_zone_instant(const struct pv_zone *zone, const struct pv_civil *local,
	enum pv_zone_pick pick, int64_t *out_us);

/* The instant at which that local day begins (days since 1970-01-01). */
int64_t pv_zone_day_start(const struct pv_zone *zone, int32_t day, enum pv_zone_pick pick);

/* The same local clock reading `days` calendar days before (negative: after). */
int64_t pv_zone_days_before(
	const struct pv_zone *zone, int64_t at_us, int days, enum pv_zone_pick pick);

#endif
