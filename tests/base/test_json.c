/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"

static void malformed_json_is_told_with_its_place(void **state)
{
	(void)state;
	static const struct {
		const char *text, *words;
	} rows[] = {
		{"{\"a\":1,}", "line 1, column 8"},
		{"{\n\"a\" 1}", "line 2"},
		{"", "line 1"},
		{"{\"a\":1,\"a\":2}", "line 1"}, /* twice the same name */
		{"\"\xFF\"", "line 1"},
	};
	for (size_t i = 0; i < PV_COUNT(rows); i++) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		struct pv_error error = PV_ERROR_IN(scope);
		PV_JSON json_t *value = NULL;
		assert_int_equal(pv_json_parse(rows[i].text, strlen(rows[i].text), &value, &error),
			PV_INVALID);
		assert_null(value);
		if (!strstr(error.words.en, rows[i].words))
			fail_msg("row %zu: %s", i, error.words.en);
	}
}

static void depth_and_size_have_limits(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_error error = PV_ERROR_IN(scope);
	char text[2 * PV_JSON_DEPTH_MAX + 3];
	memset(text, '[', PV_JSON_DEPTH_MAX);
	memset(text + PV_JSON_DEPTH_MAX, ']', PV_JSON_DEPTH_MAX);
	PV_JSON json_t *value = NULL;
	assert_int_equal(pv_json_parse(text, 2 * PV_JSON_DEPTH_MAX, &value, &error), PV_OK);
	memset(text, '[', PV_JSON_DEPTH_MAX + 1);
	PV_JSON json_t *deeper = NULL;
	assert_int_equal(pv_json_parse(text, PV_JSON_DEPTH_MAX + 1, &deeper, &error), PV_INVALID);
	assert_int_equal(pv_json_parse(text, PV_JSON_BYTES_MAX + 1, &deeper, &error), PV_TOO_LARGE);
	/* brackets in strings do not count */
	PV_JSON json_t *quoted = NULL;
	char *brackets = talloc_strdup(scope, "\"\\\"");
	for (int i = 0; i < PV_JSON_DEPTH_MAX * 2; i++)
		brackets = talloc_strdup_append(brackets, "[");
	brackets = talloc_strdup_append(brackets, "\"");
	assert_int_equal(pv_json_parse(brackets, strlen(brackets), &quoted, &error), PV_OK);
}

static void members_of_another_type_are_absent(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	const char *text = "{\"t\":\"é\",\"b\":true,\"i\":7}";
	PV_JSON json_t *value = NULL;
	assert_int_equal(pv_json_parse(text, strlen(text), &value, NULL), PV_OK);
	assert_string_equal(pv_json_text(value, "t"), "é");
	assert_null(pv_json_text(value, "i"));
	assert_true(pv_json_bool(value, "b", false));
	assert_true(pv_json_bool(value, "t", true));
	assert_int_equal(pv_json_int(value, "i", 0), 7);
	assert_int_equal(pv_json_int(value, "b", 9), 9);
	assert_string_equal(pv_json_dump(scope, value), text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(malformed_json_is_told_with_its_place),
		cmocka_unit_test(depth_and_size_have_limits),
		cmocka_unit_test(members_of_another_type_are_absent),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
