/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Zones: offsets, clock readings that happen once, twice or never, calendar days. */
#include "base/mem.h"
#include "text/zone.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static int64_t at(const char *text)
{
	int64_t us;
	assert_true(pv_time_parse(text, strlen(text), &us));
	return us;
}

static struct pv_zone *open_zone(TALLOC_CTX *mem, const char *name)
{
	struct pv_zone *zone;
	assert_int_equal(pv_zone_open(mem, name, &zone, NULL), PV_OK);
	return zone;
}

static void names(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		bool known;
	} rows[] = {{"America/Toronto", true}, {"Etc/UTC", true}, {"UTC", true},
		{"America/Argentina/Buenos_Aires", true}, {"america/toronto", false},
		{"Mars/Olympus", false}, {"Etc/Unknown", false}, {"GMT+5", false}, {"", false},
		{"Europe/Paris\xc3\xa9", false}, {"Europe/Paris ", false}};
	for (size_t i = 0; i < PV_COUNT(rows); i++) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		struct pv_error error = PV_ERROR_IN(scope);
		struct pv_zone *zone;
		enum pv_status status = pv_zone_open(scope, rows[i].name, &zone, &error);
		if ((status == PV_OK) != rows[i].known)
			fail_msg("%s", rows[i].name);
	}
}

static void offsets(void **state)
{
	(void)state;
	static const struct {
		const char *zone, *at;
		int offset_s;
	} rows[] = {
		{"America/Toronto", "2026-03-08T06:59:59Z", -5 * 3600},
		{"America/Toronto", "2026-03-08T07:00:00Z", -4 * 3600},
		{"America/Toronto", "2026-11-01T05:59:59Z", -4 * 3600},
		{"America/Toronto", "2026-11-01T06:00:00Z", -5 * 3600},
		{"America/St_Johns", "2026-01-01T00:00:00Z", -12600},
		{"Asia/Kathmandu", "2026-01-01T00:00:00Z", 20700},
		{"Australia/Lord_Howe", "2026-01-01T00:00:00Z", 39600},
		{"Australia/Lord_Howe", "2026-07-01T00:00:00Z", 37800},
		{"Pacific/Apia", "2011-12-30T09:59:59Z", -10 * 3600},
		{"Pacific/Apia", "2011-12-30T10:00:00Z", 14 * 3600},
		{"Etc/UTC", "2099-01-01T00:00:00Z", 0},
	};
	for (size_t i = 0; i < PV_COUNT(rows); i++) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		assert_int_equal(pv_zone_offset_s(open_zone(scope, rows[i].zone), at(rows[i].at)),
			rows[i].offset_s);
	}
}

static void clock_readings(void **state)
{
	(void)state;
	static const struct {
		const char *zone;
		struct pv_civil local;
		enum pv_zone_fit fit;
		const char *earlier, *later;
	} rows[] = {
		{"America/Toronto", {2026, 6, 1, 12, 0, 0, 0}, PV_ZONE_EXACT,
			"2026-06-01T16:00:00Z", "2026-06-01T16:00:00Z"},
		{"America/Toronto", {2026, 3, 8, 1, 59, 59, 0}, PV_ZONE_EXACT,
			"2026-03-08T06:59:59Z", "2026-03-08T06:59:59Z"},
		{"America/Toronto", {2026, 3, 8, 2, 0, 0, 0}, PV_ZONE_SKIPPED,
			"2026-03-08T07:00:00Z", "2026-03-08T07:00:00Z"},
		{"America/Toronto", {2026, 3, 8, 2, 30, 0, 0}, PV_ZONE_SKIPPED,
			"2026-03-08T07:00:00Z", "2026-03-08T07:00:00Z"},
		{"America/Toronto", {2026, 3, 8, 3, 0, 0, 0}, PV_ZONE_EXACT, "2026-03-08T07:00:00Z",
			"2026-03-08T07:00:00Z"},
		{"America/Toronto", {2026, 11, 1, 0, 59, 59, 0}, PV_ZONE_EXACT,
			"2026-11-01T04:59:59Z", "2026-11-01T04:59:59Z"},
		{"America/Toronto", {2026, 11, 1, 1, 0, 0, 0}, PV_ZONE_REPEATED,
			"2026-11-01T05:00:00Z", "2026-11-01T06:00:00Z"},
		{"America/Toronto", {2026, 11, 1, 2, 0, 0, 0}, PV_ZONE_EXACT,
			"2026-11-01T07:00:00Z", "2026-11-01T07:00:00Z"},
		{"Australia/Lord_Howe", {2026, 4, 5, 1, 45, 0, 0}, PV_ZONE_REPEATED,
			"2026-04-04T14:45:00Z", "2026-04-04T15:15:00Z"},
		{"Pacific/Apia", {2011, 12, 30, 12, 0, 0, 0}, PV_ZONE_SKIPPED,
			"2011-12-30T10:00:00Z", "2011-12-30T10:00:00Z"},
	};
	for (size_t i = 0; i < PV_COUNT(rows); i++) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		struct pv_zone *zone = open_zone(scope, rows[i].zone);
		int64_t earlier_us, later_us;
		assert_int_equal(
			pv_zone_instant(zone, &rows[i].local, PV_ZONE_EARLIER, &earlier_us),
			rows[i].fit);
		pv_zone_instant(zone, &rows[i].local, PV_ZONE_LATER, &later_us);
		assert_int_equal(earlier_us, at(rows[i].earlier));
		assert_int_equal(later_us, at(rows[i].later));
	}
}

/* Every hour of a year: to the local clock and back. */
static void there_and_back(void **state)
{
	(void)state;
	static const char *const zones[] = {
		"America/Toronto", "Africa/Casablanca", "Australia/Lord_Howe", "America/St_Johns"};
	for (size_t z = 0; z < PV_COUNT(zones); z++) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		struct pv_zone *zone = open_zone(scope, zones[z]);
		for (int64_t us = at("2026-01-01T00:00:00Z"); us < at("2027-01-01T00:00:00Z");
			us += PV_HOUR_US / 2) {
			struct pv_civil local = pv_zone_local(zone, us);
			int64_t earlier_us, later_us;
			enum pv_zone_fit fit =
				pv_zone_instant(zone, &local, PV_ZONE_EARLIER, &earlier_us);
			pv_zone_instant(zone, &local, PV_ZONE_LATER, &later_us);
			assert_int_not_equal(fit, PV_ZONE_SKIPPED);
			assert_true(us == earlier_us || us == later_us);
		}
	}
}

static void days(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_zone *zone = open_zone(scope, "America/Toronto");
	assert_int_equal(
		pv_zone_day(zone, at("2026-03-02T04:59:59Z")), pv_days_from_civil(2026, 3, 1));
	assert_int_equal(
		pv_zone_day(zone, at("2026-03-02T05:00:00Z")), pv_days_from_civil(2026, 3, 2));
	assert_int_equal(pv_zone_day(zone, at("1969-12-31T12:00:00Z")), -1);
	int32_t day = (int32_t)pv_days_from_civil(2026, 3, 9);
	assert_int_equal(pv_zone_day_start(zone, day, PV_ZONE_EARLIER), at("2026-03-09T04:00:00Z"));
	assert_int_equal(pv_zone_days_before(zone, at("2026-03-09T04:00:00Z"), 1, PV_ZONE_EARLIER),
		at("2026-03-08T05:00:00Z"));
	assert_int_equal(pv_zone_days_before(zone, at("2026-03-08T05:00:00Z"), -1, PV_ZONE_EARLIER),
		at("2026-03-09T04:00:00Z"));
	/* Cuba begins its summer at midnight: that day starts at 1 */
	zone = open_zone(scope, "America/Havana");
	day = (int32_t)pv_days_from_civil(2026, 3, 8);
	int64_t start_us = pv_zone_day_start(zone, day, PV_ZONE_EARLIER);
	assert_int_equal(pv_zone_local(zone, start_us).hour, 1);
	assert_int_equal(pv_zone_day(zone, start_us), day);
	assert_int_equal(pv_zone_day(zone, start_us - 1), day - 1);
}

/* The environment's zone is no matter. */
static void tz_is_not_read(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	setenv("TZ", "Asia/Tokyo", 1);
	struct pv_zone *zone = open_zone(scope, "America/Toronto");
	assert_int_equal(pv_zone_offset_s(zone, at("2026-01-01T00:00:00Z")), -5 * 3600);
	unsetenv("TZ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),
		cmocka_unit_test(offsets),
		cmocka_unit_test(clock_readings),
		cmocka_unit_test(there_and_back),
		cmocka_unit_test(days),
		cmocka_unit_test(tz_is_not_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
