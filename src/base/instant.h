/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Instants: int64_t microseconds since 1970-01-01T00:00:00Z, without leap seconds. Local clocks and
 * zones are text/zone.h's; here stand only the wire forms.
 */
#ifndef PV_BASE_INSTANT_H
#define PV_BASE_INSTANT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

#define PV_SECOND_US INT64_C(1000000)
#define PV_MINUTE_US (60 * PV_SECOND_US)
#define PV_HOUR_US (60 * PV_MINUTE_US)
#define PV_DAY_US (24 * PV_HOUR_US)

/* No time: a column that is null, a field left out. */
#define PV_TIME_NONE INT64_MIN

/* A civil date and time without a zone; month 1–12, day 1–31. */
struct pv_civil {
	int year, month, day, hour, minute, second, microsecond;
};

/* Days since 1970-01-01 of a proleptic Gregorian date, and back. */
int64_t pv_days_from_civil(int year, int month, int day);
void pv_civil_from_days(int64_t days, int *year, int *month, int *day);

/* The civil clock of UTC, and back. */
struct pv_civil pv_civil_of_utc(int64_t at_us);
int64_t pv_civil_as_utc(const struct pv_civil *civil);

/*
 * RFC 3339 date-time, an offset or Z required ("2026-03-02T12:00:00-05:00"); a space or 't' for 'T'
 * is taken, second 60 is read as 59. False when malformed or out of years 0001–9999.
 */
bool pv_time_parse(const char *text, size_t size, int64_t *out_us);

/* RFC 3339 in UTC with milliseconds: "2026-03-02T17:00:00.000Z". */
enum { PV_TIME_TEXT_SIZE = 32 };
const char *pv_time_format(int64_t at_us, char out[PV_TIME_TEXT_SIZE]);
char *pv_time_text(TALLOC_CTX *mem, int64_t at_us);

/* RFC 9110 IMF-fixdate, for Last-Modified and friends: "Mon, 02 Mar 2026 17:00:00 GMT". */
const char *pv_time_http(int64_t at_us, char out[PV_TIME_TEXT_SIZE]);

#endif
