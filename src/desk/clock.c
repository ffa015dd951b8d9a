/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "desk/clock.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

/* A due time that is typed now may be a moment ago when it arrives. */
#define PAST_US (2 * PV_MINUTE_US)

enum { ZONES_MAX = 700 }; /* IANA has about 600 names */

static pthread_mutex_t zones_lock = PTHREAD_MUTEX_INITIALIZER;
static struct pv_zone *zones[ZONES_MAX];
static size_t n_zones;

static enum pv_status zone_locked(
	const char *name, const struct pv_zone **out, struct pv_error *error)
{
	for (size_t i = 0; i < n_zones; i++) {
		if (strcmp(pv_zone_name(zones[i]), name) == 0) {
			*out = zones[i];
			return PV_OK;
		}
	}
	if (n_zones == ZONES_MAX)
		return pv_fail(error, PV_INTERNAL, "Trop de fuseaux horaires à la fois.",
			"Too many time zones at once.");
	struct pv_zone *zone;
	enum pv_status status = pv_zone_open(NULL, name, &zone, error);
	if (status != PV_OK)
		return status;
	zones[n_zones++] = zone;
	*out = zone;
	return PV_OK;
}

enum pv_status pv_clock_zone(const char *name, const struct pv_zone **out, struct pv_error *error)
{
	pthread_mutex_lock(&zones_lock);
	enum pv_status status = zone_locked(name, out, error);
	pthread_mutex_unlock(&zones_lock);
	return status;
}

static const char *date_text(TALLOC_CTX *mem, const struct pv_civil *c)
{
	return talloc_asprintf(mem, "%04d-%02d-%02d", c->year, c->month, c->day);
}

static const char *time_text(TALLOC_CTX *mem, const struct pv_civil *c)
{
	if (c->second)
		return talloc_asprintf(mem, "%02d:%02d:%02d", c->hour, c->minute, c->second);
	return talloc_asprintf(mem, "%02d:%02d", c->hour, c->minute);
}

enum pv_status pv_clock_local(TALLOC_CTX *mem, const char *zone_name, int64_t at_us,
	const char **out_date, const char **out_time, struct pv_error *error)
{
	const struct pv_zone *zone;
	enum pv_status status = pv_clock_zone(zone_name, &zone, error);
	if (status != PV_OK)
		return status;
	struct pv_civil local = pv_zone_local(zone, at_us);
	const char *date = date_text(mem, &local);
	const char *time = time_text(mem, &local);
	if (!date || !time)
		return pv_fail_nomem(error);
	*out_date = date;
	*out_time = time;
	return PV_OK;
}

static bool two_digits(const char *text, int most, int *out)
{
	if (text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9')
		return false;
	*out = (text[0] - '0') * 10 + (text[1] - '0');
	return *out <= most;
}

/* "YYYY-MM-DD" and "HH:MM" or "HH:MM:SS"; the date must exist. */
static bool read_civil(const char *date, const char *time, struct pv_civil *out)
{
	size_t n = time ? strlen(time) : 0;
	int century;
	int rest;
	struct pv_civil c = {0};
	if (!date || strlen(date) != 10 || date[4] != '-' || date[7] != '-' || (n != 5 && n != 8))
		return false;
	if (!two_digits(date, 99, &century) || !two_digits(date + 2, 99, &rest) ||
		!two_digits(date + 5, 12, &c.month) || !two_digits(date + 8, 31, &c.day) ||
		!two_digits(time, 23, &c.hour) || time[2] != ':' ||
		!two_digits(time + 3, 59, &c.minute))
		return false;
	if (n == 8 && (time[5] != ':' || !two_digits(time + 6, 59, &c.second)))
		return false;
	c.year = century * 100 + rest;
	if (c.year < 1970 || c.month < 1 || c.day < 1)
		return false;
	int year;
	int month;
	int day;
	pv_civil_from_days(pv_days_from_civil(c.year, c.month, c.day), &year, &month, &day);
	if (month != c.month || day != c.day)
		return false;
	*out = c;
	return true;
}

/* No clock there shows this time: its two neighbours are told. */
static enum pv_status fail_skipped(const struct pv_zone *zone, const struct pv_due *due,
	int64_t change_us, const char *pointer, struct pv_error *error)
{
	struct pv_civil before = pv_zone_local(zone, change_us - PV_MINUTE_US);
	struct pv_civil after = pv_zone_local(zone, change_us);
	return pv_fail_field(error, pointer,
		"Le %s à %s n'existe pas dans le fuseau %s : on avance l'heure. Choisissez "
		"%02d:%02d ou %02d:%02d.",
		"On %s, %s does not exist in %s: clocks go forward. Choose %02d:%02d or %02d:%02d.",
		due->date, due->time, pv_zone_name(zone), before.hour, before.minute, after.hour,
		after.minute);
}

static enum pv_status tell_repeated(TALLOC_CTX *mem, const struct pv_zone *zone,
	const struct pv_due *due, int64_t at_us, struct pv_words *notice, struct pv_error *error)
{
	int offset_s = pv_zone_offset_s(zone, at_us);
	char sign = offset_s < 0 ? '-' : '+';
	int minutes = (offset_s < 0 ? -offset_s : offset_s) / 60;
	notice->fr = talloc_asprintf(mem,
		"Le %s, %s arrive deux fois à %s; la %s est retenue (UTC%c%02d:%02d).", due->date,
		due->time, pv_zone_name(zone), due->second_of_two ? "seconde" : "première", sign,
		minutes / 60, minutes % 60);
	notice->en = talloc_asprintf(mem,
		"On %s, %s happens twice in %s; the %s is taken (UTC%c%02d:%02d).", due->date,
		due->time, pv_zone_name(zone), due->second_of_two ? "second" : "first", sign,
		minutes / 60, minutes % 60);
	return notice->fr && notice->en ? PV_OK : pv_fail_nomem(error);
}

static enum pv_status local_instant(TALLOC_CTX *mem, const char *zone_name,
	const struct pv_due *due, const char *pointer, int64_t *out_us, struct pv_words *notice,
	struct pv_error *error)
{
	const struct pv_zone *zone;
	struct pv_civil civil;
	enum pv_status status = pv_clock_zone(zone_name, &zone, error);
	if (status != PV_OK)
		return status;
	if (!read_civil(due->date, due->time, &civil))
		return pv_fail_field(error, pointer,
			"Une date s'écrit 2026-03-02 et une heure 09:00.",
			"A date is written 2026-03-02 and a time 09:00.");
	enum pv_zone_pick pick = due->second_of_two ? PV_ZONE_LATER : PV_ZONE_EARLIER;
	enum pv_zone_fit fit = pv_zone_instant(zone, &civil, pick, out_us);
	if (fit == PV_ZONE_SKIPPED)
		return fail_skipped(zone, due, *out_us, pointer, error);
	if (fit == PV_ZONE_REPEATED)
		return tell_repeated(mem, zone, due, *out_us, notice, error);
	return PV_OK;
}

enum pv_status pv_clock_due(TALLOC_CTX *mem, const char *zone_name, const struct pv_due *due,
	int64_t now_us, const char *pointer, int64_t *out_us, struct pv_words *notice,
	struct pv_error *error)
{
	int64_t at_us = due->at_us;
	if (due->kind == PV_DUE_LOCAL) {
		enum pv_status status =
			local_instant(mem, zone_name, due, pointer, &at_us, notice, error);
		if (status != PV_OK)
			return status;
	}
	if (at_us < now_us - PAST_US)
		return pv_fail_field(error, pointer,
			"Ce moment est passé; choisissez-en un à venir.",
			"This moment is past; choose one to come.");
	if (at_us > now_us + PV_DUE_AHEAD_YEARS * 366 * PV_DAY_US)
		return pv_fail_field(error, pointer, "Ce moment est trop loin : %d ans au plus.",
			"This moment is too far away: %d years at most.", PV_DUE_AHEAD_YEARS);
	*out_us = at_us;
	return PV_OK;
}
