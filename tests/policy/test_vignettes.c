/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The cases that PR people wrote beside the sample policies: verdict and all five lists, exactly. */
#include "court.h"

#include "base/json.h"
#include "base/jsonl.h"

#include <stdio.h>

static char *expected_line(TALLOC_CTX *mem, const json_t *expect)
{
	static const struct {
		const char *name, *prefix;
	} lists[] = {{"decided_by", ":"}, {"also", " also:"}, {"satisfied", " satisfied:"},
		{"lifted", " lifted:"}, {"overridden", " overridden:"}};
	char *line = talloc_strdup(mem, pv_json_text(expect, "verdict"));
	for (size_t l = 0; l < PV_COUNT(lists); l++) {
		size_t i;
		json_t *item;
		json_array_foreach(json_object_get(expect, lists[l].name), i, item) line =
			talloc_asprintf_append(
				line, "%s%s", i ? "," : lists[l].prefix, json_string_value(item));
	}
	return line;
}

static void judge_one(TALLOC_CTX *mem, const char *folder, const char *line, size_t size)
{
	struct pv_error error = PV_ERROR_IN(mem);
	PV_JSON json_t *whole = NULL;
	assert_int_equal(pv_json_parse(line, size, &whole, &error), PV_OK);
	const char *id = pv_json_text(whole, "id");
	char *name = talloc_asprintf(mem, "policies/%s.yaml", pv_json_text(whole, "policy"));
	size_t text_size;
	char *text = court_read(mem, folder, name, &text_size);
	assert_non_null(text);
	struct pv_case *c;
	struct pv_case_place place;
	if (pv_case_parse(mem, line, size, &c, &place, NULL, &error) != PV_OK)
		fail_msg("%s, column %d: %s", id, place.column, error.words.en);
	struct pv_judgement *judgement, *again;
	struct pv_policy *policy = court_policy(mem, text);
	assert_int_equal(pv_judge(mem, policy, c, &judgement, &error), PV_OK);
	char *wanted = expected_line(mem, json_object_get(whole, "expect"));
	char *answer = court_answer(mem, judgement);
	if (strcmp(answer, wanted) != 0)
		fail_msg("%s: wanted \"%s\", got \"%s\"", id, wanted, answer);
	/* pure: the same case, the same bytes */
	assert_int_equal(pv_judge(mem, policy, c, &again, &error), PV_OK);
	assert_string_equal(judgement->explanation.fr, again->explanation.fr);
	PV_JSON json_t *one = pv_judgement_to_json(judgement);
	PV_JSON json_t *two = pv_judgement_to_json(again);
	assert_true(one && json_equal(one, two));
}

static void every_vignette(void **state)
{
	(void)state;
	const char *folder = court_shared();
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	size_t size = 0, cases = 0;
	char *all = folder ? court_read(scope, folder, "policies/vignettes.jsonl", &size) : NULL;
	if (!all) {
		print_message("# the shared policies are not here: skipped\n");
		skip();
	}
	for (char *line = all; line < all + size; cases++) {
		char *end = memchr(line, '\n', (size_t)(all + size - line));
		end = end ? end : all + size;
		PV_SCOPE TALLOC_CTX *one = pv_scope(NULL);
		judge_one(one, folder, line, (size_t)(end - line));
		line = end + 1;
	}
	assert_true(cases >= 40);
}

static void every_sample_is_sound(void **state)
{
	(void)state;
	static const char *const names[] = {"seed", "agency", "municipality", "regulated-finance"};
	const char *folder = court_shared();
	if (!folder)
		skip();
	for (size_t i = 0; i < PV_COUNT(names); i++) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		struct pv_error error = PV_ERROR_IN(scope);
		size_t size;
		char *name = talloc_asprintf(scope, "policies/%s.yaml", names[i]);
		char *text = court_read(scope, folder, name, &size);
		struct pv_policy *policy;
		struct pv_policy_problems problems;
		assert_non_null(text);
		assert_int_equal(
			pv_policy_parse(scope, text, size, name, &policy, &problems, &error),
			PV_OK);
		assert_int_equal(problems.n, 0);
		assert_string_equal(pv_policy_name(policy), names[i]);
		PV_JSON json_t *shown = pv_policy_to_json(policy);
		assert_non_null(shown);
		assert_true(json_array_size(json_object_get(shown, "rules")) > 10);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_vignette),
		cmocka_unit_test(every_sample_is_sound),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
