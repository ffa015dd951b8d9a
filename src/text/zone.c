/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "text/zone.h"

#include <string.h>
#include <unicode/ucal.h>
#include <unicode/ustring.h>

enum {
	ZONE_NAME_MAX = 64,
	ZONE_FIRST_YEAR = 1970,
	ZONE_LAST_YEAR = 2100,
	/* Africa/Casablanca changes four times in some years. */
	ZONE_CHANGES_MAX = (ZONE_LAST_YEAR - ZONE_FIRST_YEAR + 1) * 8,
	MS_US = 1000,
};

/* From this instant on, this offset stands. The first one stands since ever. */
struct zone_change {
	int64_t at_us;
	int offset_s;
};

struct pv_zone {
	char *name;
	struct zone_change *changes;
	size_t n;
};

static enum pv_status fail_unknown(const char *name, struct pv_error *error)
{
	return pv_fail(error, PV_INVALID,
		"Aucun fuseau horaire ne s'appelle « %s »; écrivez un nom IANA, par exemple "
		"America/Toronto.",
		"No time zone is called \"%s\"; write an IANA name, for example America/Toronto.",
		name);
}

/* Only names of the IANA database: ICU would also take "GMT+5" and guess at the rest. */
static bool name_known(const char *name, UChar out[ZONE_NAME_MAX + 1])
{
	size_t size = strlen(name);
	if (size == 0 || size > ZONE_NAME_MAX)
		return false;
	for (size_t i = 0; i < size; i++)
		if ((unsigned char)name[i] >= 0x80 || name[i] <= ' ')
			return false;
	u_charsToUChars(name, out, (int32_t)size + 1);
	UChar canonical[ZONE_NAME_MAX * 2];
	UBool is_system = false;
	UErrorCode code = U_ZERO_ERROR;
	ucal_getCanonicalTimeZoneID(
		out, (int32_t)size, canonical, ZONE_NAME_MAX * 2, &is_system, &code);
	return U_SUCCESS(code) && is_system && strcmp(name, "Etc/Unknown") != 0;
}

static int offset_at(UCalendar *calendar, double at_ms, UErrorCode *code)
{
	ucal_setMillis(calendar, at_ms, code);
	int32_t offset_ms = ucal_get(calendar, UCAL_ZONE_OFFSET, code) +
			    ucal_get(calendar, UCAL_DST_OFFSET, code);
	return offset_ms / 1000;
}

static enum pv_status read_changes(
	struct pv_zone *zone, UCalendar *calendar, const char *name, struct pv_error *error)
{
	UErrorCode code = U_ZERO_ERROR;
	double at_ms = (double)pv_days_from_civil(ZONE_FIRST_YEAR, 1, 1) * (PV_DAY_US / MS_US);
	double end_ms = (double)pv_days_from_civil(ZONE_LAST_YEAR + 1, 1, 1) * (PV_DAY_US / MS_US);
	size_t room = 16;
	zone->changes = talloc_array(zone, struct zone_change, room);
	if (!zone->changes)
		return pv_fail_nomem(error);
	zone->changes[zone->n++] = (struct zone_change){
		.at_us = INT64_MIN, .offset_s = offset_at(calendar, at_ms, &code)};
	while (U_SUCCESS(code) && zone->n < ZONE_CHANGES_MAX) {
		ucal_setMillis(calendar, at_ms, &code);
		double next_ms;
		if (!ucal_getTimeZoneTransitionDate(
			    calendar, UCAL_TZ_TRANSITION_NEXT, &next_ms, &code) ||
			next_ms >= end_ms)
			break;
		int offset_s = offset_at(calendar, next_ms, &code);
		at_ms = next_ms;
		if (offset_s == zone->changes[zone->n - 1].offset_s)
			continue;
		if (zone->n == room) {
			room *= 2;
			struct zone_change *grown =
				talloc_realloc(zone, zone->changes, struct zone_change, room);
			if (!grown)
				return pv_fail_nomem(error);
			zone->changes = grown;
		}
		zone->changes[zone->n++] = (struct zone_change){
			.at_us = (int64_t)next_ms * MS_US, .offset_s = offset_s};
	}
	return U_SUCCESS(code) ? PV_OK : fail_unknown(name, error);
}

enum pv_status pv_zone_open(
	TALLOC_CTX *mem, const char *name, struct pv_zone **out, struct pv_error *error)
{
	UChar wide[ZONE_NAME_MAX + 1];
	if (!name_known(name, wide))
		return fail_unknown(name, error);
	struct pv_zone *zone = talloc_zero(mem, struct pv_zone);
	if (!zone)
		return pv_fail_nomem(error);
	zone->name = talloc_strdup(zone, name);
	UErrorCode code = U_ZERO_ERROR;
	UCalendar *calendar = ucal_open(wide, -1, "en", UCAL_GREGORIAN, &code);
	enum pv_status status = PV_OK;
	if (!zone->name || U_FAILURE(code))
		status = pv_fail_nomem(error);
	else
		status = read_changes(zone, calendar, name, error);
	if (calendar)
		ucal_close(calendar);
	if (status != PV_OK) {
		talloc_free(zone);
		return status;
	}
	*out = zone;
	return PV_OK;
}

const char *pv_zone_name(const struct pv_zone *zone)
{
	return zone->name;
}

/* The last change at or before the instant. */
static size_t change_at(const struct pv_zone *zone, int64_t at_us)
{
	size_t low = 0, high = zone->n;
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;
		if (zone->changes[middle].at_us <= at_us)
			low = middle;
		else
			high = middle;
	}
	return low;
}

int pv_zone_offset_s(const struct pv_zone *zone, int64_t at_us)
{
	return zone->changes[change_at(zone, at_us)].offset_s;
}

struct pv_civil pv_zone_local(const struct pv_zone *zone, int64_t at_us)
{
	return pv_civil_of_utc(at_us + pv_zone_offset_s(zone, at_us) * PV_SECOND_US);
}

int32_t pv_zone_day(const struct pv_zone *zone, int64_t at_us)
{
	int64_t local_us = at_us + pv_zone_offset_s(zone, at_us) * PV_SECOND_US;
	int64_t day = local_us / PV_DAY_US;
	return (int32_t)(local_us % PV_DAY_US < 0 ? day - 1 : day);
}

/*
 * `local_us` is the clock read as if it were UTC. Between two changes a clock reading is one
 * instant: the pieces whose own instant falls within them are the answers; none means skipped.
 */
static enum pv_zone_fit instant_of(
	const struct pv_zone *zone, int64_t local_us, enum pv_zone_pick pick, int64_t *out_us)
{
	size_t first = change_at(zone, local_us - PV_DAY_US);
	size_t found = 0;
	int64_t earlier_us = 0, later_us = 0;
	for (size_t i = first; i < zone->n && i <= first + 4; i++) {
		int64_t at_us = local_us - zone->changes[i].offset_s * PV_SECOND_US;
		bool begun = i == 0 || at_us >= zone->changes[i].at_us;
		bool ended = i + 1 < zone->n && at_us >= zone->changes[i + 1].at_us;
		if (begun && !ended) {
			if (!found++)
				earlier_us = at_us;
			later_us = at_us;
		} else if (!begun && !found) {
			/* past the end of the piece before, before the beginning of this one */
			*out_us = zone->changes[i].at_us;
			return PV_ZONE_SKIPPED;
		}
	}
	*out_us = pick == PV_ZONE_EARLIER ? earlier_us : later_us;
	return found > 1 ? PV_ZONE_REPEATED : PV_ZONE_EXACT;
}

enum pv_zone_fit pv_zone_instant(const struct pv_zone *zone, const struct pv_civil *local,
	enum pv_zone_pick pick, int64_t *out_us)
{
	return instant_of(zone, pv_civil_as_utc(local), pick, out_us);
}

int64_t pv_zone_day_start(const struct pv_zone *zone, int32_t day, enum pv_zone_pick pick)
{
	int64_t at_us;
	instant_of(zone, (int64_t)day * PV_DAY_US, pick, &at_us);
	return at_us;
}

int64_t pv_zone_days_before(
	const struct pv_zone *zone, int64_t at_us, int days, enum pv_zone_pick pick)
{
	int64_t local_us = at_us + pv_zone_offset_s(zone, at_us) * PV_SECOND_US;
	int64_t before_us;
	instant_of(zone, local_us - (int64_t)days * PV_DAY_US, pick, &before_us);
	return before_us;
}
