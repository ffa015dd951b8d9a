/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/jsonl.h"
#include "base/mem.h"

/* A text with its NULs: in a table, and as a value. */
#define ROW(literal)                            \
	{                                       \
		"" literal, sizeof(literal) - 1 \
	}
#define STR(literal) ((struct pv_str)ROW(literal))

/* ---- lines in and out, over files ---------------------------------------------------------------- */

static int file_with(const void *bytes, size_t size)
{
	char name[] = "/tmp/pv-jsonl-XXXXXX";
	int fd = mkstemp(name);
	assert_true(fd >= 0);
	unlink(name);
	for (size_t at = 0; at < size;) {
		ssize_t n = write(fd, (const char *)bytes + at, size - at);
		assert_true(n > 0);
		at += (size_t)n;
	}
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

static void lines_come_one_by_one(void **state)
{
	(void)state;
	static const struct {
		struct pv_str input;
		const char *lines; /* "number:text|" */
	} rows[] = {
		{ROW("a\nb\n"), "1:a|2:b|"},
		{ROW("a\nb"), "1:a|2:b|"},
		{ROW("a\r\nb\r\n"), "1:a|2:b|"},
		{ROW("\n  \n\r\na\n\n"), "4:a|"},
		{ROW("\xEF\xBB\xBF{}\n\xEF\xBB\xBFx"), "1:{}|2:\xEF\xBB\xBFx|"},
		{ROW(""), ""},
		{ROW("\n"), ""},
		{ROW("a\rb"), "1:a\rb|"},
	};
	for (size_t i = 0; i < PV_COUNT(rows); i++) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		int fd = file_with(rows[i].input.bytes, rows[i].input.size);
		struct pv_jsonl_in *in;
		struct pv_jsonl_line line;
		enum pv_status status;
		struct pv_buf seen = PV_BUF(scope, 1000);
		assert_int_equal(pv_jsonl_open(scope, fd, NULL, &in, NULL), PV_OK);
		while ((status = pv_jsonl_next(in, &line, NULL)) == PV_OK)
			pv_buf_printf(
				&seen, "%d:%.*s|", (int)line.number, (int)line.size, line.bytes);
		assert_int_equal(status, PV_NOT_FOUND);
		assert_string_equal(pv_buf_end(&seen), rows[i].lines);
		close(fd);
	}
}

static void long_lines_are_passed_over(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	size_t most = PV_JSONL_LINE_MAX, size = 3 * most + 100;
	char *bytes = talloc_array(scope, char, size);
	memset(bytes, 'x', size);
	bytes[most] = '\n';                    /* a line of the very limit, */
	bytes[size - 10] = '\n';               /* one far beyond, */
	memcpy(bytes + size - 9, "last\n", 5); /* one after it, one more without an end */
	int fd = file_with(bytes, size);
	struct pv_jsonl_in *in;
	struct pv_jsonl_line line;
	assert_int_equal(pv_jsonl_open(scope, fd, NULL, &in, NULL), PV_OK);
	assert_int_equal(pv_jsonl_next(in, &line, NULL), PV_OK);
	assert_false(line.too_long);
	assert_int_equal(line.size, most);
	assert_int_equal(pv_jsonl_next(in, &line, NULL), PV_OK);
	assert_true(line.too_long);
	assert_int_equal(line.number, 2);
	assert_int_equal(line.bytes[0], 'x');
	assert_int_equal(pv_jsonl_next(in, &line, NULL), PV_OK);
	assert_false(line.too_long);
	assert_int_equal(line.number, 3);
	assert_memory_equal(line.bytes, "last", line.size);
	assert_int_equal(pv_jsonl_next(in, &line, NULL), PV_OK);
	assert_int_equal(line.size, 4);
	assert_int_equal(pv_jsonl_next(in, &line, NULL), PV_NOT_FOUND);
	assert_true(talloc_total_size(in) < 3 * most);
	close(fd);
}

/* A batch ends where the next line would have to be waited for. */
static void ready_without_waiting(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_jsonl_in *in;
	struct pv_jsonl_line line;
	int ends[2];
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(pv_jsonl_open(scope, ends[0], NULL, &in, NULL), PV_OK);
	assert_false(pv_jsonl_ready(in));
	assert_int_equal(write(ends[1], "one\ntwo\nthr", 11), 11);
	assert_int_equal(pv_jsonl_next(in, &line, NULL), PV_OK);
	assert_true(pv_jsonl_ready(in));
	assert_int_equal(pv_jsonl_next(in, &line, NULL), PV_OK);
	assert_false(pv_jsonl_ready(in)); /* the third line has only begun */
	assert_int_equal(write(ends[1], "ee\n", 3), 3);
	close(ends[1]);
	assert_int_equal(pv_jsonl_next(in, &line, NULL), PV_OK);
	assert_memory_equal(line.bytes, "three", line.size);
	assert_int_equal(pv_jsonl_next(in, &line, NULL), PV_NOT_FOUND);
	assert_true(pv_jsonl_ready(in)); /* the end needs no waiting */
	close(ends[0]);
}

static void answers_are_json(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	int fd = file_with("", 0);
	struct pv_jsonl_out *out;
	assert_int_equal(pv_jsonl_create(scope, fd, &out, NULL), PV_OK);
	pv_jsonl_write_string(out, STR("a\"b\\c\n\t\b\f\r\x01\x1F\0é👍\x7F"));
	pv_jsonl_literal(out, "\n");
	pv_jsonl_write_uint(out, 0);
	pv_jsonl_literal(out, " ");
	pv_jsonl_write_uint(out, UINT64_MAX);
	pv_jsonl_literal(out, "\n");
	pv_jsonl_write_problem(out, STR("\"x\""), 3, 7, (struct pv_words){"non", "no"});
	pv_jsonl_write_problem(out, STR(""), 4, 1, (struct pv_words){"non", "no"});
	assert_int_equal(pv_jsonl_finish(out, NULL), PV_OK);
	char text[1000];
	ssize_t size = pread(fd, text, sizeof(text) - 1, 0);
	assert_true(size > 0);
	text[size] = '\0';
	assert_string_equal(text,
		"\"a\\\"b\\\\c\\n\\t\\b\\f\\r\\u0001\\u001f\\u0000é👍\x7F\"\n"
		"0 18446744073709551615\n"
		"{\"id\":\"x\",\"error\":{\"line\":3,\"column\":7,\"message\":\"no\","
		"\"messages\":{\"fr\":\"non\",\"en\":\"no\"}}}\n"
		"{\"id\":null,\"error\":{\"line\":4,\"column\":1,\"message\":\"no\","
		"\"messages\":{\"fr\":\"non\",\"en\":\"no\"}}}\n");
	close(fd);
}

static void much_is_written_whole(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	int fd = file_with("", 0);
	struct pv_jsonl_out *out;
	assert_int_equal(pv_jsonl_create(scope, fd, &out, NULL), PV_OK);
	char *big = talloc_array(scope, char, 200000);
	memset(big, 'y', 200000);
	size_t total = 0;
	for (size_t size = 1; size <= 200000; size *= 3) {
		pv_jsonl_write(out, big, size);
		total += size;
	}
	assert_int_equal(pv_jsonl_finish(out, NULL), PV_OK);
	assert_int_equal(lseek(fd, 0, SEEK_END), total);
	close(fd);
}

static void a_full_disk_is_told(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_error error = PV_ERROR_IN(scope);
	FILE *full = fopen("/dev/full", "w");
	if (!full)
		skip();
	struct pv_jsonl_out *out;
	struct pv_jsonl_in *in;
	struct pv_jsonl_line line;
	assert_int_equal(pv_jsonl_create(scope, fileno(full), &out, NULL), PV_OK);
	pv_jsonl_literal(out, "{}\n");
	int fd = file_with("{}\n", 3);
	assert_int_equal(pv_jsonl_open(scope, fd, out, &in, NULL), PV_OK);
	/* what cannot be answered is not read either */
	assert_int_equal(pv_jsonl_next(in, &line, &error), PV_UNAVAILABLE);
	assert_int_equal(pv_jsonl_finish(out, &error), PV_UNAVAILABLE);
	assert_non_null(error.words.fr);
	close(fd);
	fclose(full);
	assert_int_equal(pv_jsonl_open(scope, -1, NULL, &in, NULL), PV_OK);
	assert_int_equal(pv_jsonl_next(in, &line, &error), PV_UNAVAILABLE);
}

/* ---- the cursor ---------------------------------------------------------------------------------- */

static bool takes(struct pv_jsonl_cursor *c, struct pv_str text)
{
	pv_jsonl_begin(c, text.bytes, text.size);
	return pv_jsonl_skip(c, NULL) && pv_jsonl_end(c);
}

static void the_cursor_is_as_strict_as_jansson(void **state)
{
	(void)state;
	static const struct pv_str rows[] = {
		ROW("{}"),
		ROW("[]"),
		ROW(" [ ] "),
		ROW("[1,2]"),
		ROW("{\"a\":[{}]}"),
		ROW("true"),
		ROW("false"),
		ROW("null"),
		ROW("nul"),
		ROW("nulls"),
		ROW("True"),
		ROW("0"),
		ROW("-0"),
		ROW("-"),
		ROW("01"),
		ROW("1."),
		ROW("1.5"),
		ROW(".5"),
		ROW("1e5"),
		ROW("1E+5"),
		ROW("1e"),
		ROW("1e+"),
		ROW("+1"),
		ROW("1 2"),
		ROW("\"a\""),
		ROW("\"a"),
		ROW("\"\\n\\t\\b\\f\\r\\/\\\\\\\"\""),
		ROW("\"\\x\""),
		ROW("\"\\u00e9\""),
		ROW("\"\\u00g9\""),
		ROW("\"\\u00\""),
		ROW("\"\\ud83d\\udc4d\""),
		ROW("\"\\ud83d\""),
		ROW("\"\\udc4d\""),
		ROW("\"\\ud83d\\u0041\""),
		ROW("\"\\ud83dx\""),
		ROW("\"a\tb\""),
		ROW("\"\xC3\xA9\""),
		ROW("\"\xC3\""),
		ROW("\"\xED\xA0\x80\""),
		ROW("\"\xFF\""),
		ROW("\xC3\xA9"),
		ROW("[1,]"),
		ROW("[,1]"),
		ROW("{\"a\":1,}"),
		ROW("{a:1}"),
		ROW("{\"a\"}"),
		ROW("{\"a\":}"),
		ROW("{\"a\" :1}"),
		ROW("{,}"),
		ROW("[1 2]"),
		ROW("{\"a\":1 \"b\":2}"),
		ROW("["),
		ROW("{"),
		ROW("]"),
		ROW("}"),
		ROW("[}"),
		ROW("{]"),
		ROW("[\"a\":1]"),
		ROW("{1:2}"),
		ROW("[[[[]]]"),
		ROW("\"\\"),
		ROW("\""),
		ROW("[[],[{}],{\"a\":{\"b\":[]}}]"),
		ROW("\v1"),
	};
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_jsonl_cursor c = PV_JSONL_CURSOR(scope);
	for (size_t i = 0; i < PV_COUNT(rows); i++) {
		PV_JSON json_t *value = NULL;
		bool theirs = pv_json_parse(rows[i].bytes, rows[i].size, &value, NULL) == PV_OK;
		if (takes(&c, rows[i]) != theirs)
			fail_msg("row %zu: %s", i, rows[i].bytes);
		assert_int_equal(theirs, c.problem.en == NULL);
	}
	assert_true(takes(&c, STR("\"\\u0000\""))); /* the one difference in kind */
	assert_false(takes(&c, STR("")));
	assert_false(takes(&c, STR("\"\0\"")));
}

static void nesting_has_a_limit(void **state)
{
	(void)state;
	char text[400] = "";
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_jsonl_cursor c = PV_JSONL_CURSOR(scope);
	for (size_t depth = 1; depth < 100; depth++) {
		memset(text, '[', depth);
		memset(text + depth, ']', depth);
		assert_int_equal(
			takes(&c, (struct pv_str){text, 2 * depth}), depth <= PV_JSONL_DEPTH_MAX);
	}
}

static void strings_are_unescaped(void **state)
{
	(void)state;
	static const struct {
		struct pv_str text, value;
	} rows[] = {
		{ROW("\"\""), ROW("")},
		{ROW("\"été\""), ROW("été")},
		{ROW("\"\\u00e9t\\u00E9\""), ROW("été")},
		{ROW("\"a\\u0000b\""), ROW("a\0b")},
		{ROW("\"\\ud83d\\udc4d!\""), ROW("👍!")},
		{ROW("\"\\\\\\\"\\/\\b\\f\\n\\r\\t\""), ROW("\\\"/\b\f\n\r\t")},
		{ROW("\"0123456789abcdef0123456789abcdef\\u20ac\""),
			ROW("0123456789abcdef0123456789abcdef€")},
	};
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_jsonl_cursor c = PV_JSONL_CURSOR(scope);
	for (size_t i = 0; i < PV_COUNT(rows); i++) {
		struct pv_str value;
		pv_jsonl_begin(&c, rows[i].text.bytes, rows[i].text.size);
		assert_true(pv_jsonl_string(&c, &value) && pv_jsonl_end(&c));
		if (!pv_str_equal(value, rows[i].value))
			fail_msg("row %zu", i);
	}
}

/* Strings handed out stay where they are until the next text, however many have escapes. */
static void strings_keep_their_place(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_jsonl_cursor c = PV_JSONL_CURSOR(scope);
	struct pv_str text = STR("[\"\\n1\",\"\\n2\",\"plain\",\"\\n3\\u20ac\",\"\\n4\"]");
	for (int turn = 0; turn < 3; turn++) {
		struct pv_str values[5];
		size_t n = 0;
		pv_jsonl_begin(&c, text.bytes, text.size);
		for (bool more = pv_jsonl_enter(&c, '['); more; more = pv_jsonl_more(&c, ']'))
			assert_true(pv_jsonl_string(&c, &values[n++]));
		assert_true(pv_jsonl_end(&c));
		assert_int_equal(n, 5);
		assert_true(pv_str_equal(values[0], STR("\n1")));
		assert_true(pv_str_equal(values[1], STR("\n2")));
		assert_true(pv_str_equal(values[2], STR("plain")));
		assert_true(pv_str_equal(values[3], STR("\n3€")));
		assert_true(pv_str_equal(values[4], STR("\n4")));
	}
}

static void problems_have_their_column(void **state)
{
	(void)state;
	static const struct {
		struct pv_str text;
		uint64_t column;
	} rows[] = {
		{ROW("{\"a\":1,}"), 8},
		{ROW("{\"été\":x}"), 8}, /* in code points */
		{ROW("{\"a\":1"), 7},
		{ROW("{\"a\" 1}"), 6},
		{ROW("\"a\x01\""), 3},
		{ROW("\"ab\xFF\""), 4},
		{ROW("[1] 2"), 5},
		{ROW("\"\\q\""), 3},
	};
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_jsonl_cursor c = PV_JSONL_CURSOR(scope);
	for (size_t i = 0; i < PV_COUNT(rows); i++) {
		assert_false(takes(&c, rows[i].text));
		if (pv_jsonl_column(&c) != rows[i].column)
			fail_msg("row %zu: %d", i, (int)pv_jsonl_column(&c));
		assert_non_null(c.problem.fr);
	}
}

static void raw_values_are_handed_out(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_jsonl_cursor c = PV_JSONL_CURSOR(scope);
	struct pv_str text = STR("{ \"id\" : { \"a\" : [ 1 ] } , \"b\" : -1.5e3 }"), name, raw;
	struct pv_buf seen = PV_BUF(scope, 1000);
	pv_jsonl_begin(&c, text.bytes, text.size);
	assert_int_equal(pv_jsonl_peek(&c), '{');
	for (bool more = pv_jsonl_enter(&c, '{'); more; more = pv_jsonl_more(&c, '}')) {
		assert_true(pv_jsonl_string(&c, &name) && pv_jsonl_colon(&c) &&
			    pv_jsonl_skip(&c, &raw));
		pv_buf_printf(
			&seen, "%.*s=%.*s|", (int)name.size, name.bytes, (int)raw.size, raw.bytes);
	}
	assert_true(pv_jsonl_end(&c));
	assert_string_equal(pv_buf_end(&seen), "id={ \"a\" : [ 1 ] }|b=-1.5e3|");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_come_one_by_one),
		cmocka_unit_test(long_lines_are_passed_over),
		cmocka_unit_test(ready_without_waiting),
		cmocka_unit_test(answers_are_json),
		cmocka_unit_test(much_is_written_whole),
		cmocka_unit_test(a_full_disk_is_told),
		cmocka_unit_test(the_cursor_is_as_strict_as_jansson),
		cmocka_unit_test(nesting_has_a_limit),
		cmocka_unit_test(strings_are_unescaped),
		cmocka_unit_test(strings_keep_their_place),
		cmocka_unit_test(problems_have_their_column),
		cmocka_unit_test(raw_values_are_handed_out),
	};
	return cmocka_run_group_tests_name("base: jsonl", tests, NULL, NULL);
}
