/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The published conformance cases of X, each a test of its own, when the contracts are at hand:
 * $PV_SHARED, or the folder `shared` beside the source tree. Without them, one test says so.
 */
#include "base/json.h"
#include "base/mem.h"
#include "text/entities.h"
#include "text/x_weight.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct fixture {
	const char *group;
	json_t *data;
};

static struct pv_str text_of(const json_t *data)
{
	const json_t *text = json_object_get(data, "text");
	return (struct pv_str){json_string_value(text), json_string_length(text)};
}

static struct pv_entities find(TALLOC_CTX *mem, struct pv_str text)
{
	struct pv_entities found;
	assert_int_equal(pv_entities_find(mem, PV_DIALECT_X, text, &found, NULL), PV_OK);
	return found;
}

/* ---- validate ---------------------------------------------------------------------------------- */

static bool url_valid(struct pv_str text)
{
	return pv_x_url_valid(text, true);
}

static bool bare_url_valid(struct pv_str text)
{
	return pv_x_url_valid(text, false);
}

/* These cases speak of 140 characters. */
static bool old_post_valid(struct pv_str text)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_entities found = find(scope, text);
	struct pv_x_weight weight;
	assert_int_equal(pv_x_weigh(scope, &pv_x_counting_v1, text, &found, &weight, NULL), PV_OK);
	return weight.valid;
}

static const struct {
	const char *group;
	bool (*valid)(struct pv_str text);
} validators[] = {
	{"tweets", old_post_valid},
	{"usernames", pv_x_username_valid},
	{"lists", pv_x_list_valid},
	{"hashtags", pv_x_hashtag_valid},
	{"urls", url_valid},
	{"urls_without_protocol", bare_url_valid},
};

static void is_valid_or_not(void **state)
{
	const struct fixture *fixture = *state;
	for (size_t i = 0; i < PV_COUNT(validators); i++) {
		if (strcmp(validators[i].group, fixture->group) != 0)
			continue;
		bool expected = json_is_true(json_object_get(fixture->data, "expected"));
		assert_int_equal(validators[i].valid(text_of(fixture->data)), expected);
		return;
	}
	fail_msg("a group nobody knows: %s", fixture->group);
}

static void weighs(void **state)
{
	const struct fixture *fixture = *state;
	const json_t *expected = json_object_get(fixture->data, "expected");
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_str text = text_of(fixture->data);
	struct pv_entities found = find(scope, text);
	struct pv_x_weight w;
	assert_int_equal(pv_x_weigh(scope, &pv_x_counting_v3, text, &found, &w, NULL), PV_OK);
	assert_int_equal(w.length, pv_json_int(expected, "weightedLength", -1));
	assert_int_equal(w.valid, pv_json_bool(expected, "valid", false));
	assert_int_equal(
		w.length * 1000 / pv_x_counting_v3.limit, pv_json_int(expected, "permillage", -1));
	assert_int_equal(w.display_end, pv_json_int(expected, "displayRangeEnd", -1));
	assert_int_equal(w.valid_end, pv_json_int(expected, "validRangeEnd", -1));
}

/* ---- extract ----------------------------------------------------------------------------------- */

static const struct {
	const char *group;
	enum pv_entity_kind kind;
	const char *member; /* of an expected object */
} extractors[] = {
	{"mentions", PV_ENTITY_MENTION, "screen_name"},
	{"mentions_with_indices", PV_ENTITY_MENTION, "screen_name"},
	{"mentions_or_lists_with_indices", PV_ENTITY_LIST, "screen_name"},
	{"urls", PV_ENTITY_LINK, "url"},
	{"urls_with_indices", PV_ENTITY_LINK, "url"},
	{"urls_with_directional_markers", PV_ENTITY_LINK, "url"},
	{"tco_urls_with_params", PV_ENTITY_LINK, "url"},
	{"hashtags", PV_ENTITY_HASHTAG, "hashtag"},
	{"hashtags_from_astral", PV_ENTITY_HASHTAG, "hashtag"},
	{"hashtags_with_indices", PV_ENTITY_HASHTAG, "hashtag"},
	{"cashtags", PV_ENTITY_CASHTAG, "cashtag"},
	{"cashtags_with_indices", PV_ENTITY_CASHTAG, "cashtag"},
};

static void is_entity(const struct pv_entity *item, const json_t *expected, const char *member)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	const char *text = pv_str_dup(scope, item->text);
	if (json_is_string(expected)) {
		assert_string_equal(text, json_string_value(expected));
		return;
	}
	const char *slug = pv_json_text(expected, "list_slug");
	assert_string_equal(text,
		talloc_asprintf(scope, "%s%s", pv_json_text(expected, member), slug ? slug : ""));
	const json_t *indices = json_object_get(expected, "indices");
	assert_int_equal(item->start_point, json_integer_value(json_array_get(indices, 0)));
	assert_int_equal(item->end_point, json_integer_value(json_array_get(indices, 1)));
}

static void extracts(void **state)
{
	const struct fixture *fixture = *state;
	const json_t *expected = json_object_get(fixture->data, "expected");
	size_t row = 0, seen = 0;
	while (row < PV_COUNT(extractors) && strcmp(extractors[row].group, fixture->group) != 0)
		row++;
	if (row == PV_COUNT(extractors))
		fail_msg("a group nobody knows: %s", fixture->group);
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_entities found = find(scope, text_of(fixture->data));
	for (size_t i = 0; i < found.n; i++) {
		enum pv_entity_kind kind = found.items[i].kind;
		bool wanted = kind == extractors[row].kind ||
			      (kind == PV_ENTITY_MENTION && extractors[row].kind == PV_ENTITY_LIST);
		if (!wanted)
			continue;
		const json_t *next = json_array_get(expected, seen++);
		if (!next)
			fail_msg("one too many: %.*s", (int)found.items[i].text.size,
				found.items[i].text.bytes);
		is_entity(&found.items[i], next, extractors[row].member);
	}
	assert_int_equal(seen, json_array_size(expected));
}

static void finds_reply(void **state)
{
	const struct fixture *fixture = *state;
	const char *expected = json_string_value(json_object_get(fixture->data, "expected"));
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	assert_string_equal(
		pv_str_dup(scope, pv_x_reply_to(text_of(fixture->data))), expected ? expected : "");
}

/* ---- the cases as tests -------------------------------------------------------------------------- */

static void contracts_are_absent(void **state)
{
	(void)state;
	print_message("the conformance cases are not beside the source tree: skipped\n");
	skip();
}

static CMUnitTestFunction test_of(bool validate, const char *group)
{
	if (!validate)
		return strcmp(group, "replies") == 0 ? finds_reply : extracts;
	return strstr(group, "CounterTest") ? weighs : is_valid_or_not;
}

struct suite {
	TALLOC_CTX *mem;
	struct CMUnitTest *tests;
	size_t n;
};

static void add_groups(struct suite *suite, const json_t *cases, bool validate)
{
	const char *group;
	json_t *list, *data;
	size_t i;
	json_object_foreach(
		(json_t *)(uintptr_t)json_object_get(cases, validate ? "validate" : "extract"),
		group, list)
	{
		if (strcmp(group, "WeightedTweetsCounterTest") == 0)
			continue; /* an older configuration, without whole emoji */
		json_array_foreach(list, i, data)
		{
			struct fixture *fixture = talloc(suite->mem, struct fixture);
			*fixture = (struct fixture){.group = group, .data = data};
			suite->tests = talloc_realloc(
				suite->mem, suite->tests, struct CMUnitTest, suite->n + 1);
			suite->tests[suite->n++] = (struct CMUnitTest){
				.name = talloc_asprintf(suite->mem, "%s: %s", group,
					pv_json_text(data, "description")),
				.test_func = test_of(validate, group),
				.initial_state = fixture,
			};
		}
	}
}

int main(void)
{
	const char *shared = getenv("PV_SHARED");
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	char *path = talloc_asprintf(scope, "%s/contracts/twitter-text/cases.json",
		shared && *shared ? shared : PV_SOURCE_ROOT "/../shared");
	PV_JSON json_t *cases = json_load_file(path, 0, NULL);
	if (!cases) {
		const struct CMUnitTest absent[] = {cmocka_unit_test(contracts_are_absent)};
		return cmocka_run_group_tests_name("text: conformance", absent, NULL, NULL);
	}
	struct suite suite = {.mem = scope};
	add_groups(&suite, cases, true);
	add_groups(&suite, cases, false);
	return _cmocka_run_group_tests("text: conformance", suite.tests, suite.n, NULL, NULL);
}
