/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"

static void a_buffer_stops_at_its_limit(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_buf buf = PV_BUF(scope, 5);
	assert_string_equal(pv_buf_end(&buf), "");
	pv_buf_text(&buf, "abc");
	pv_buf_printf(&buf, "%d", 42);
	assert_string_equal(pv_buf_end(&buf), "abc42");
	pv_buf_char(&buf, '!');
	assert_true(buf.failed);
	pv_buf_text(&buf, "");
	assert_null(pv_buf_end(&buf));
}

static void a_buffer_grows(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_buf buf = PV_BUF(scope, 100000);
	for (int i = 0; i < 50000; i++)
		pv_buf_add(&buf, "ab", 2);
	assert_int_equal(buf.size, 100000);
	assert_int_equal(strlen(pv_buf_end(&buf)), 100000);
}

static void utf8_is_told_from_what_is_not(void **state)
{
	(void)state;
	static const struct {
		const char *bytes;
		size_t size;
		bool valid;
	} rows[] = {
		{"", 0, true},
		{"abcdefgh ijklmnop", 17, true},
		{"d\xC3\xA9j\xC3\xA0", 6, true},
		{"\xF0\x9F\x8F\xB3\xEF\xB8\x8F", 7, true},
		{"\xF4\x8F\xBF\xBF", 4, true},
		{"\xF4\x90\x80\x80", 4, false}, /* past U+10FFFF */
		{"\xED\xA0\x80", 3, false},     /* a surrogate */
		{"\xC0\x80", 2, false},         /* overlong */
		{"\xE0\x80\x80", 3, false},
		{"\xC3", 1, false},
		{"\x80", 1, false},
		{"abcdefgh\xFF", 9, false},
		{"a\0b", 3, false},
		{"abcdefgh\0jklmnopq", 17, false},
	};
	for (size_t i = 0; i < PV_COUNT(rows); i++)
		if (pv_utf8_valid(rows[i].bytes, rows[i].size) != rows[i].valid)
			fail_msg("row %zu", i);
}

static void html_is_escaped(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_buf buf = PV_BUF(scope, 1000);
	pv_buf_html(&buf, "<a href=\"x\">l'été & moi</a>");
	assert_string_equal(
		pv_buf_end(&buf), "&lt;a href=&quot;x&quot;&gt;l&#39;été &amp; moi&lt;/a&gt;");
}

static void texts_compare(void **state)
{
	(void)state;
	assert_true(pv_streq(NULL, NULL));
	assert_false(pv_streq("", NULL));
	assert_true(pv_streq("a", "a"));
	assert_true(pv_str_equal(pv_str("ab"), (struct pv_str){"abc", 2}));
	assert_false(pv_str_equal(pv_str("ab"), pv_str("abc")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_buffer_stops_at_its_limit),
		cmocka_unit_test(a_buffer_grows),
		cmocka_unit_test(utf8_is_told_from_what_is_not),
		cmocka_unit_test(html_is_escaped),
		cmocka_unit_test(texts_compare),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
