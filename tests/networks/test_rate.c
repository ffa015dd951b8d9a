/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "networks/rate.h"
#include "networks/network.h"
#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <string.h>

/* 2026-03-02T12:00:00Z */
static const int64_t now_us = INT64_C(1772452800) * PV_SECOND_US;

#define NONE INT64_MIN

static const struct {
	const char *name, *value;
	const char *name2, *value2;
	int64_t after_s; /* of now; NONE: nothing is said */
} cases[] = {
	{"retry-after", "120", NULL, NULL, 120},
	{"retry-after", "0", NULL, NULL, 1},
	{"retry-after", "Mon, 02 Mar 2026 12:05:00 GMT", NULL, NULL, 300},
	{"retry-after", "Mon, 02 Mar 2026 11:00:00 GMT", NULL, NULL, 1},
	{"retry-after", "999999999999", NULL, NULL, 86400},
	{"retry-after", "soon", NULL, NULL, NONE},
	{"retry-after", "-5", NULL, NULL, NONE},
	{"retry-after", "", NULL, NULL, NONE},
	{"retry-after", "Mon, 02 Foo 2026 12:05:00 GMT", NULL, NULL, NONE},
	{"retry-after", "Mon, 02 Mar 2026 12:05:00 CET", NULL, NULL, NONE},
	{"retry-after", "Mon, 02 arA 2026 12:05:00 GMT", NULL, NULL, NONE},
	/* Bluesky: an instant */
	{"ratelimit-reset", "1772453100", "ratelimit-remaining", "0", 300},
	{"ratelimit-reset", "1772453100", "ratelimit-remaining", "12", NONE},
	{"ratelimit-reset", "1772453100", NULL, NULL, 300},
	/* the draft: a wait */
	{"ratelimit-reset", "50", "ratelimit-remaining", "0", 50},
	/* Mastodon: RFC 3339 with microseconds */
	{"x-ratelimit-reset", "2026-03-02T12:05:00.000000Z", "x-ratelimit-remaining", "0", 300},
	{"x-ratelimit-reset", "2026-03-02T12:05:00.000000Z", "x-ratelimit-remaining", "299", NONE},
	{"x-ratelimit-reset", "2036-03-02T12:05:00.000000Z", NULL, NULL, 86400},
	{"x-ratelimit-reset", "yesterday", NULL, NULL, NONE},
	/* the first says more */
	{"retry-after", "10", "ratelimit-reset", "1772453100", 10},
	{"date", "Mon, 02 Mar 2026 12:00:00 GMT", NULL, NULL, NONE},
};

static void test_retry_at(void **state)
{
	(void)state;
	for (size_t i = 0; i < PV_COUNT(cases); i++) {
		struct pv_http_header headers[2] = {
			{cases[i].name, cases[i].value}, {cases[i].name2, cases[i].value2}};
		struct pv_http_response response = {
			.headers = headers, .n_headers = cases[i].name2 ? 2 : 1};
		print_message("# %s: %s\n", cases[i].name, cases[i].value);
		int64_t at_us = pv_rate_retry_at(&response, now_us);
		if (cases[i].after_s == NONE)
			assert_int_equal(at_us, PV_TIME_NONE);
		else
			assert_int_equal(at_us - now_us, cases[i].after_s * PV_SECOND_US);
	}
}

static void test_words(void **state)
{
	(void)state;
	for (int reason = PV_REASON_NONE; reason <= PV_REASON_ODD_ANSWER; reason++) {
		struct pv_words words = pv_reason_words((enum pv_reason)reason);
		assert_non_null(pv_reason_name((enum pv_reason)reason));
		assert_true(reason == PV_REASON_NONE || (*words.fr && *words.en));
	}
	for (int answer = PV_ANSWER_YES; answer <= PV_ANSWER_UNKNOWN; answer++)
		assert_non_null(pv_answer_name((enum pv_answer)answer));
}

static void test_registry(void **state)
{
	(void)state;
	size_t n;
	const struct pv_network *const *all = pv_network_all(&n);
	assert_int_equal(n, 3);
	for (size_t i = 0; i < n; i++) {
		assert_ptr_equal(pv_network_find(all[i]->name), all[i]);
		assert_true(*all[i]->label.fr && *all[i]->label.en);
		assert_true(all[i] != &pv_network_fake);
	}
	assert_ptr_equal(pv_network_find("fake"), &pv_network_fake);
	assert_null(pv_network_find("x"));
	assert_null(pv_network_find(NULL));
}

static void test_limits(void **state)
{
	(void)state;
	struct pv_network_limits limits = pv_network_limits_of(
		&pv_network_mastodon, "{\"text_max\":5000,\"media_max\":6,\"media_bytes_max\":-1}");
	assert_int_equal(limits.text_max, 5000);
	assert_int_equal(limits.media_max, 6);
	assert_int_equal(limits.media_bytes_max, 16 << 20);
	limits = pv_network_limits_of(&pv_network_mastodon, "{\"text_max\":99999999999}");
	assert_int_equal(limits.text_max, 500);
	assert_int_equal(pv_network_limits_of(&pv_network_bluesky, "not json").text_max, 300);
	assert_int_equal(pv_network_limits_of(&pv_network_bluesky, NULL).text_max, 300);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_retry_at),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_registry),
		cmocka_unit_test(test_limits),
	};
	return cmocka_run_group_tests_name("rate", tests, NULL, NULL);
}
