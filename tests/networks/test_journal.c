/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The journal's store says no in its own words; what they mean for a publication. */
#include "stage.h"

#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	enum pv_status status;
	bool after; /* it had kept the page */
	enum pv_answer answer;
	enum pv_reason reason;
	enum pv_finding finding;
} cases[] = {
	{PV_INVALID, false, PV_ANSWER_NO, PV_REASON_PERMANENT, PV_ABSENT},
	{PV_TOO_LARGE, false, PV_ANSWER_NO, PV_REASON_TOO_LARGE, PV_ABSENT},
	{PV_DENIED, false, PV_ANSWER_NO, PV_REASON_PERMISSION, PV_ABSENT},
	{PV_NOT_FOUND, false, PV_ANSWER_NO, PV_REASON_PERMANENT, PV_ABSENT},
	{PV_CONFLICT, false, PV_ANSWER_NO, PV_REASON_DUPLICATE, PV_ABSENT},
	{PV_UNAVAILABLE, false, PV_ANSWER_LATER, PV_REASON_OUTAGE, PV_ABSENT},
	{PV_NOMEM, false, PV_ANSWER_LATER, PV_REASON_OUTAGE, PV_ABSENT},
	{PV_UNCERTAIN, true, PV_ANSWER_UNKNOWN, PV_REASON_NO_ANSWER, PV_FOUND},
};

static void test_store_says_no(void **state)
{
	struct stage *s = *state;
	for (size_t i = 0; i < PV_COUNT(cases); i++) {
		char *id = talloc_asprintf(s->mem, "pub-%zu", i);
		struct pv_outgoing post = stage_post(s, id, "Une page");
		struct pv_delivery delivery, found;
		enum pv_finding finding;
		s->journal->fails = cases[i].status;
		s->journal->after = cases[i].after;
		assert_int_equal(s->network->publish(
					 &s->context, s->mem, &s->account, &post, &delivery, NULL),
			PV_OK);
		assert_int_equal(delivery.answer, cases[i].answer);
		assert_int_equal(delivery.reason, cases[i].reason);
		assert_string_equal(delivery.evidence, "The store will not.");
		s->journal->fails = PV_OK;
		assert_int_equal(s->network->find(&s->context, s->mem, &s->account, &post, &finding,
					 &found, NULL),
			PV_OK);
		assert_int_equal(finding, cases[i].finding);
	}
}

static void test_store_cannot_tell(void **state)
{
	struct stage *s = *state;
	struct pv_outgoing post = stage_post(s, "pub-1", "Une page");
	struct pv_delivery found;
	enum pv_finding finding;
	s->journal->fails = PV_UNAVAILABLE;
	assert_int_equal(
		s->network->find(&s->context, s->mem, &s->account, &post, &finding, &found, NULL),
		PV_OK);
	assert_int_equal(finding, PV_UNSURE);
}

/* All attempts of a publication have one key: never two pages. */
static void test_attempts(void **state)
{
	struct stage *s = *state;
	struct pv_outgoing post = stage_post(s, "pub-1", "Une page");
	struct pv_delivery delivery;
	for (int attempt = 1; attempt < 4; attempt++) {
		post.attempt = attempt;
		post.write_key = stage_key(s, "pub-1", attempt, attempt * 1000);
		assert_int_equal(s->network->publish(
					 &s->context, s->mem, &s->account, &post, &delivery, NULL),
			PV_OK);
	}
	assert_int_equal(stage_posts(s), 1);
}

static void test_no_journal(void **state)
{
	struct stage *s = *state;
	struct pv_outgoing post = stage_post(s, "pub-1", "Une page");
	struct pv_delivery delivery;
	struct pv_error error = PV_ERROR_IN(s->mem);
	s->context.journal = NULL;
	assert_int_equal(
		s->network->publish(&s->context, s->mem, &s->account, &post, &delivery, &error),
		PV_INTERNAL);
}

static int setup(void **state)
{
	struct stage *stage = calloc(1, sizeof *stage);
	stage_open(stage, &stage_journal);
	*state = stage;
	return 0;
}

static int teardown(void **state)
{
	stage_close(*state);
	free(*state);
	return 0;
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_store_says_no),
		CASE(test_store_cannot_tell),
		CASE(test_attempts),
		CASE(test_no_journal),
	};
	return cmocka_run_group_tests_name("journal", tests, NULL, NULL);
}
