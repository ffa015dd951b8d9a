/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/instant.h"

static void rfc3339_is_read(void **state)
{
	(void)state;
	static const struct {
		const char *text, *utc; /* NULL: refused */
	} rows[] = {
		{"2026-03-02T12:00:00-05:00", "2026-03-02T17:00:00.000Z"},
		{"2026-03-02t12:00:00.123456z", "2026-03-02T12:00:00.123Z"},
		{"2024-02-29 23:59:60Z", "2024-02-29T23:59:59.000Z"},
		{"1969-12-31T23:59:59.500Z", "1969-12-31T23:59:59.500Z"},
		{"0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"},
		{"9999-12-31T23:59:59Z", "9999-12-31T23:59:59.000Z"},
		{"2026-02-29T00:00:00Z", NULL},
		{"2026-03-02T12:00:00", NULL}, /* no offset */
		{"2026-03-02T24:00:00Z", NULL},
		{"2026-03-02T12:60:00Z", NULL},
		{"2026-13-02T12:00:00Z", NULL},
		{"2026-03-00T12:00:00Z", NULL},
		{"2026-03-02T12:00:00.Z", NULL},
		{"2026-03-02T12:00:00Zx", NULL},
		{"2026-03-02T12:00:00+25:00", NULL},
		{"", NULL},
	};
	for (size_t i = 0; i < PV_COUNT(rows); i++) {
		int64_t at_us;
		char text[PV_TIME_TEXT_SIZE];
		bool read = pv_time_parse(rows[i].text, strlen(rows[i].text), &at_us);
		if (read != (rows[i].utc != NULL))
			fail_msg("%s", rows[i].text);
		if (read)
			assert_string_equal(pv_time_format(at_us, text), rows[i].utc);
	}
}

static void days_go_and_come_back(void **state)
{
	(void)state;
	for (int64_t day = -800000; day < 800000; day += 7) {
		int year, month, date;
		pv_civil_from_days(day, &year, &month, &date);
		assert_int_equal(pv_days_from_civil(year, month, date), day);
	}
	assert_int_equal(pv_days_from_civil(1970, 1, 1), 0);
	assert_int_equal(pv_days_from_civil(2000, 3, 1), 11017);
}

static void http_dates_are_written(void **state)
{
	(void)state;
	char text[PV_TIME_TEXT_SIZE];
	assert_string_equal(pv_time_http(INT64_C(784111777) * PV_SECOND_US, text),
		"Sun, 06 Nov 1994 08:49:37 GMT"); /* RFC 9110, 5.6.7 */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rfc3339_is_read),
		cmocka_unit_test(days_go_and_come_back),
		cmocka_unit_test(http_dates_are_written),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
