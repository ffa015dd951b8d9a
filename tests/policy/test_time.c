/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Windows, shares, periods and clocks, across the clock changes too (Toronto: 8 March, 1 November 2026). */
#include "court.h"

#define RULE(id, kind, rest) \
	"  - id: " id "\n    kind: " kind "\n    label: {fr: Une règle, en: A rule}\n" rest
#define AT(at) "\"at\":\"" at "\""
#define PAST(at, rest) "{\"at\":\"" at "\"" rest "}"
#define CLIENT ",\"origin\":\"client\""
#define DECLARED "\"declared\":{\"origin\":\"client\"}"
#define HISTORY(list) ",\"history\":[" list "]"

static void numbers(void **state)
{
	(void)state;
	static const char days[] = RULE("q", "quota",
		"    count: {origin: client}\n    at_most: 1\n    window: 30 days\n    then: "
		"warn\n");
	static const char hours[] = RULE("q", "quota",
		"    count: {origin: client}\n    at_most: 1\n    window: 24 hours\n    then: "
		"warn\n");
	static const struct court_row rows[] = {
		{"at the limit", days, DECLARED, "allow:default"},
		{"over it", days, DECLARED HISTORY(PAST("2026-02-20T12:00:00-05:00", CLIENT)),
			"warn:q"},
		{"the post does not match", days,
			"\"declared\":{\"origin\":\"partner\"}" HISTORY(
				PAST("2026-02-20T12:00:00-05:00", CLIENT) "," PAST(
					"2026-02-21T12:00:00-05:00", CLIENT)),
			"allow:default"},
		{"the past does not", days,
			DECLARED HISTORY(
				PAST("2026-02-20T12:00:00-05:00", ",\"origin\":\"partner\"")),
			"allow:default"},
		{"exactly at the start is out", days,
			DECLARED HISTORY(PAST("2026-01-31T12:00:00-05:00", CLIENT)),
			"allow:default"},
		{"a moment later is in", days,
			DECLARED HISTORY(PAST("2026-01-31T12:00:00.001-05:00", CLIENT)), "warn:q"},
		{"now is in", days, DECLARED HISTORY(PAST("2026-03-02T12:00:00-05:00", CLIENT)),
			"warn:q"},
		{"later does not count", days,
			DECLARED HISTORY(PAST("2026-03-02T12:00:00.001-05:00", CLIENT)),
			"allow:default"},
		{"a reply does not count", days,
			DECLARED HISTORY(
				PAST("2026-02-20T12:00:00-05:00", CLIENT ",\"kind\":\"reply\"")),
			"allow:default"},
		{"a reply is not judged", days,
			DECLARED ",\"post\":{\"kind\":\"reply\"}" HISTORY(
				PAST("2026-02-20T12:00:00-05:00", CLIENT)),
			"allow:default"},
		{"a pinned one is", days,
			DECLARED ",\"post\":{\"kind\":\"reply\",\"pinned\":true}" HISTORY(
				PAST("2026-02-20T12:00:00-05:00", CLIENT)),
			"warn:q"},
		{"another account", days,
			DECLARED HISTORY(PAST(
				"2026-02-20T12:00:00-05:00", CLIENT ",\"account\":\"house-x\"")),
			"allow:default"},
		/* the spring change: a calendar day of 23 hours */
		{"24 hours are elapsed", hours,
			AT("2026-03-08T12:00:00-04:00") "," DECLARED HISTORY(
				PAST("2026-03-07T11:00:00-05:00", CLIENT)),
			"allow:default"},
		{"and a second less", hours,
			AT("2026-03-08T12:00:00-04:00") "," DECLARED HISTORY(
				PAST("2026-03-07T11:00:01-05:00", CLIENT)),
			"warn:q"},
		{"30 days are calendar days", days,
			AT("2026-03-20T12:00:00-04:00") "," DECLARED HISTORY(
				PAST("2026-02-18T12:00:00-05:00", CLIENT)),
			"allow:default"},
		{"to the second", days,
			AT("2026-03-20T12:00:00-04:00") "," DECLARED HISTORY(
				PAST("2026-02-18T12:00:01-05:00", CLIENT)),
			"warn:q"},
	};
	court_try(rows, PV_COUNT(rows));
}

static void changes(void **state)
{
	(void)state;
	static const char day[] = RULE("q", "quota",
		"    count: {origin: client}\n    at_most: 1\n    window: 1 day\n    then: warn\n");
	static const struct court_row rows[] = {
		/* 2:30 on 9 March: the day before, that clock was skipped: the instant of the change */
		{"a skipped start", day,
			AT("2026-03-09T02:30:00-04:00") "," DECLARED HISTORY(
				PAST("2026-03-08T03:00:00-04:00", CLIENT)),
			"allow:default"},
		{"just after it", day,
			AT("2026-03-09T02:30:00-04:00") "," DECLARED HISTORY(
				PAST("2026-03-08T03:00:01-04:00", CLIENT)),
			"warn:q"},
		/* 1:30 on 2 November: the day before, it struck twice: the longest window */
		{"a repeated start, the first", day,
			AT("2026-11-02T01:30:00-05:00") "," DECLARED HISTORY(
				PAST("2026-11-01T01:30:00-04:00", CLIENT)),
			"allow:default"},
		{"between the two", day,
			AT("2026-11-02T01:30:00-05:00") "," DECLARED HISTORY(
				PAST("2026-11-01T01:45:00-04:00", CLIENT)),
			"warn:q"},
	};
	court_try(rows, PV_COUNT(rows));
}

static void scopes(void **state)
{
	(void)state;
	static const char person[] = RULE("q", "quota",
		"    count: {relation: author}\n    at_most: 1\n    window: 30 days\n    per: "
		"person\n"
		"    then: warn\n");
	static const char house[] = RULE("q", "quota",
		"    count: {origin: client}\n    at_most: 1\n    window: 30 days\n    per: "
		"organisation\n"
		"    then: warn\n");
	static const struct court_row rows[] = {
		{"one person, another account", person,
			"\"declared\":{\"relation\":\"author\"}" HISTORY(
				PAST("2026-02-20T12:00:00-05:00",
					",\"relation\":[\"author\"],\"account\":\"marc-x\"")),
			"warn:q"},
		{"an own creation adds its tie in the past too", person,
			"\"declared\":{\"relation\":\"author\"}" HISTORY(
				PAST("2026-02-20T12:00:00-05:00", ",\"origin\":\"own_creation\"")),
			"warn:q"},
		{"someone else", person,
			"\"declared\":{\"relation\":\"author\"}" HISTORY(
				PAST("2026-02-20T12:00:00-05:00",
					",\"relation\":[\"author\"],\"author\":\"lea\"")),
			"allow:default"},
		{"an account of the same house", house,
			DECLARED HISTORY(PAST(
				"2026-02-20T12:00:00-05:00", CLIENT ",\"account\":\"house-x\"")),
			"warn:q"},
		{"of another", house,
			DECLARED HISTORY(PAST(
				"2026-02-20T12:00:00-05:00", CLIENT ",\"account\":\"other-fb\"")),
			"allow:default"},
		{"equal ones in one entry", house,
			DECLARED HISTORY(PAST("2026-02-20T12:00:00-05:00", CLIENT ",\"times\":4")),
			"warn:q"},
	};
	court_try(rows, PV_COUNT(rows));
}

#define P(n) PAST("2026-02-2" #n "T12:00:00-05:00", ",\"origin\":\"partner\",\"axis\":\"sharing\"")
#define C(n) PAST("2026-02-2" #n "T12:00:00-05:00", CLIENT ",\"axis\":\"project\"")

static void shares(void **state)
{
	(void)state;
	static const char third[] = RULE("q", "quota",
		"    count: {origin: client}\n    at_most: 1/3\n    window: 30 days\n    "
		"min_posts: 3\n"
		"    then: warn\n");
	static const char percent[] = RULE("q", "quota",
		"    count: {origin: client}\n    at_most: 50%\n    window: 30 days\n    then: "
		"warn\n");
	static const char fine[] = RULE("q", "quota",
		"    count: {origin: client}\n    at_most: 33.3%\n    window: 30 days\n    then: "
		"warn\n");
	static const struct court_row rows[] = {
		{"below the fewest posts", third, DECLARED HISTORY(C(1)), "allow:default"},
		{"exactly a third", third, DECLARED HISTORY(P(1) "," P(2)), "allow:default"},
		{"two of three", third, DECLARED HISTORY(P(1) "," C(2)), "warn:q"},
		{"two of six", third, DECLARED HISTORY(C(1) "," P(2) "," P(3) "," P(4) "," P(5)),
			"allow:default"},
		{"two of five", third, DECLARED HISTORY(C(1) "," P(2) "," P(3) "," P(4)), "warn:q"},
		{"half", percent, DECLARED HISTORY(P(1)), "allow:default"},
		{"without a fewest, the first is judged", percent, DECLARED, "warn:q"},
		{"a third is over 33.3 %", fine, DECLARED HISTORY(P(1) "," P(2)), "warn:q"},
	};
	court_try(rows, PV_COUNT(rows));
}

static void mixes(void **state)
{
	(void)state;
	static const char mix[] = RULE("m", "mix",
		"    by: axis\n    target: {project: 40, sharing: 40}\n    tolerance: 10\n"
		"    window: 30 days\n    min_posts: 4\n    then: warn\n");
	static const struct court_row rows[] = {
		{"below the fewest posts", mix,
			"\"declared\":{\"axis\":\"project\"}" HISTORY(C(1) "," C(2)),
			"allow:default"},
		{"exactly target and tolerance", mix,
			"\"declared\":{\"axis\":\"project\"}" HISTORY(C(1) "," P(2) "," P(3)),
			"allow:default"},
		{"over", mix, "\"declared\":{\"axis\":\"project\"}" HISTORY(C(1) "," C(2) "," P(3)),
			"warn:m"},
		{"another's excess is not blamed", mix,
			"\"declared\":{\"axis\":\"sharing\"}" HISTORY(C(1) "," C(2) "," C(3)),
			"allow:default"},
		{"no axis", mix, HISTORY(C(1) "," C(2) "," C(3)) + 1, "allow:default"},
		{"a reply", mix,
			"\"declared\":{\"axis\":\"project\"},\"post\":{\"kind\":\"reply\"}" HISTORY(
				C(1) "," C(2) "," C(3)),
			"allow:default"},
	};
	court_try(rows, PV_COUNT(rows));
}

static void periods(void **state)
{
	(void)state;
	static const char period[] = RULE("q", "quiet",
		"    from: 2026-10-01 00:00\n    to: 2026-11-01 01:30\n    then: refuse\n");
	static const char skipped[] = RULE("e", "embargo",
		"    until: 2026-03-08 02:30\n    words: [secret]\n    then: refuse\n");
	static const char repeated[] = RULE("q", "quiet",
		"    from: 2026-11-01 01:30\n    to: 2026-11-02 00:00\n    then: refuse\n");
#define SECRET ",\"post\":{\"text\":\"secret\"}"
	static const struct court_row rows[] = {
		{"before", period, AT("2026-09-30T23:59:59-04:00"), "allow:default"},
		{"its first moment", period, AT("2026-10-01T00:00:00-04:00"), "refuse:q"},
		{"1:30 the first time", period, AT("2026-11-01T01:30:00-04:00"), "refuse:q"},
		{"1:29 the second time", period, AT("2026-11-01T01:29:59-05:00"), "refuse:q"},
		{"1:30 the second time", period, AT("2026-11-01T01:30:00-05:00"), "allow:default"},
		{"begins at the first 1:30", repeated, AT("2026-11-01T01:30:00-04:00"), "refuse:q"},
		{"and not before", repeated, AT("2026-11-01T01:29:59-04:00"), "allow:default"},
		{"a skipped end is the change", skipped, AT("2026-03-08T03:00:00-04:00") SECRET,
			"allow:default"},
		{"until then", skipped, AT("2026-03-08T01:59:59-05:00") SECRET, "refuse:e"},
	};
	court_try(rows, PV_COUNT(rows));
}

static void clocks(void **state)
{
	(void)state;
	static const char night[] = RULE("q", "quiet", "    hours: 22:00-06:00\n    then: warn\n");
	static const char noon[] = RULE("q", "quiet", "    hours: 12:00-13:00\n    then: warn\n");
	static const char small[] = RULE("q", "quiet", "    hours: 00:30-01:30\n    then: warn\n");
	static const char gap[] = RULE("q", "quiet", "    hours: 02:15-02:45\n    then: warn\n");
	static const char late[] = RULE("q", "quiet", "    hours: 23:00-24:00\n    then: warn\n");
	static const struct court_row rows[] = {
		{"start included", night, AT("2026-03-02T22:00:00-05:00"), "warn:q"},
		{"just before", night, AT("2026-03-02T21:59:59-05:00"), "allow:default"},
		{"after midnight", night, AT("2026-03-03T05:59:59-05:00"), "warn:q"},
		{"end not", night, AT("2026-03-03T06:00:00-05:00"), "allow:default"},
		{"by day", noon, AT("2026-03-02T17:30:00Z"), "warn:q"},
		{"in summer", noon, AT("2026-07-02T16:30:00Z"), "warn:q"},
		{"midnight as an end", late, AT("2026-03-02T23:59:59-05:00"), "warn:q"},
		{"not beyond", late, AT("2026-03-03T00:00:00-05:00"), "allow:default"},
		{"a repeated end lasts longest", small, AT("2026-11-01T01:45:00-04:00"), "warn:q"},
		{"up to its second", small, AT("2026-11-01T01:29:59-05:00"), "warn:q"},
		{"and no longer", small, AT("2026-11-01T01:30:00-05:00"), "allow:default"},
		{"a skipped range is empty", gap, AT("2026-03-08T03:00:00-04:00"), "allow:default"},
	};
	court_try(rows, PV_COUNT(rows));
}

struct past {
	int asked;
};

static enum pv_status two_of_three(void *state, const struct pv_history_window *window,
	pv_history_visit visit, void *visitor, struct pv_error *error)
{
	struct past *past = state;
	struct pv_history_entry entries[] = {
		{.at_us = window->until_us, .origin = PV_ORIGIN_CLIENT, .times = 2},
		{.at_us = window->until_us, .origin = PV_ORIGIN_PARTNER},
		{.at_us = window->after_us, .origin = PV_ORIGIN_CLIENT, .times = 100},
	};
	past->asked++;
	for (size_t i = 0; i < PV_COUNT(entries); i++) {
		enum pv_status status = visit(visitor, &entries[i], error);
		if (status != PV_OK)
			return status;
	}
	return PV_OK;
}

static enum pv_status broken(void *state, const struct pv_history_window *window,
	pv_history_visit visit, void *visitor, struct pv_error *error)
{
	(void)state, (void)window, (void)visit, (void)visitor;
	return pv_fail(error, PV_UNAVAILABLE, "La base ne répond pas.", "The database is away.");
}

static void the_past_on_request(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_policy *policy =
		court_rules(scope, RULE("q", "quota",
					   "    count: {origin: client}\n    at_most: 50%\n    "
					   "window: 30 days\n    then: warn\n"));
	struct past past = {0};
	struct pv_history_source source = {.state = &past, .each = two_of_three};
	struct pv_str lang = pv_str("fr");
	struct pv_case c = {.account = pv_str("house-fb"),
		.author = pv_str("marc"),
		.at_us = INT64_C(1772470800000000),
		.post = {.lang = &lang,
			.n_lang = 1,
			.edited_at_us = PV_TIME_NONE,
			.pair_at_us = PV_TIME_NONE},
		.declared = {.origin = PV_ORIGIN_CLIENT},
		.source = &source};
	struct pv_judgement *judgement;
	struct pv_error error = PV_ERROR_IN(scope);
	assert_int_equal(pv_judge(scope, policy, &c, &judgement, &error), PV_OK);
	assert_int_equal(past.asked, 1);
	assert_string_equal(court_answer(scope, judgement), "warn:q");
	assert_int_equal(judgement->remarks[0].evidence[0].count, 3);
	assert_int_equal(judgement->remarks[0].evidence[0].total, 4);
	source.each = broken;
	assert_int_equal(pv_judge(scope, policy, &c, &judgement, &error), PV_UNAVAILABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers),
		cmocka_unit_test(changes),
		cmocka_unit_test(scopes),
		cmocka_unit_test(shares),
		cmocka_unit_test(mixes),
		cmocka_unit_test(periods),
		cmocka_unit_test(clocks),
		cmocka_unit_test(the_past_on_request),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
