/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "text/measure.h"

/* A character many times over. */
static char *many(TALLOC_CTX *mem, const char *unit, size_t times)
{
	struct pv_buf out = PV_BUF(mem, 1 << 22);
	while (times--)
		pv_buf_text(&out, unit);
	return out.bytes ? out.bytes : talloc_strdup(mem, "");
}

static struct pv_measure measure(TALLOC_CTX *mem, const char *network, struct pv_str text)
{
	struct pv_measure out;
	const struct pv_text_rules *rules = pv_text_rules_find(network);
	assert_non_null(rules);
	assert_int_equal(pv_measure(mem, rules, text, &out, NULL), PV_OK);
	return out;
}

static void every_network_counts_its_own_way(void **state)
{
	(void)state;
	static const struct {
		const char *network, *text;
		size_t length;
	} rows[] = {
		{"x", "Bonjour", 7},
		{"x", "Vu sur exemple.fr/a/b/c", 30},
		{"x", "été", 3},
		{"x", "e\u0301te\u0301", 3}, /* composed first */
		{"x", "日本", 4},
		{"x", "“l’été”", 7},
		{"x", "…", 2},
		{"x", "👨‍👩‍👧‍👦", 2},
		{"x", "👍🏽🇫🇷1️⃣©️©", 9},
		{"x", "#️⃣ 1", 4},
		{"x", "a\xE1\x84\x80", 3}, /* U+1100, the first heavy one */
		{"x", "a\xE1\x83\xBF", 2}, /* U+10FF, the last light one */
		{"bluesky", "👨‍👩‍👧‍👦 été", 5},
		{"bluesky", "https://exemple.fr/a", 20}, /* a link is not shortened */
		{"journal", "e\u0301te\u0301 👩‍🔬\r\n", 6},
		{"mastodon", "https://exemple.fr/tout/a/fait/long", 23},
		{"mastodon", "exemple.fr", 10},
		{"mastodon", "@alice@exemple.social !", 8},
		{"mastodon", "@alice !", 8},
		{"mastodon", "👨‍👩‍👧‍👦", 1},
		{"mastodon", "https://exemple.fr/a\u0301 b", 25},
		{"facebook", "👍é", 3},
		{"linkedin", "👍é", 3},
		{"instagram", "👍é", 3},
		{"pinterest", "👍é", 2},
		{"blogger", "👍é", 2},
		{"wordpress", "👍é", 2},
		{"threads", "é", 1},
		{"threads", "👍é", 5},
		{"threads", "👨‍👩‍👧‍👦", 25},
		{"threads", "1️⃣1©", 9},
		{"threads", "’日", 2},
	};
	for (size_t i = 0; i < PV_COUNT(rows); i++) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		struct pv_measure out = measure(scope, rows[i].network, pv_str(rows[i].text));
		if (out.length != rows[i].length || !out.valid)
			fail_msg("%s, %s: %zu", rows[i].network, rows[i].text, out.length);
		assert_int_equal(out.fits, strlen(rows[i].text));
	}
}

static void limits_fall_between_two_characters(void **state)
{
	(void)state;
	static const struct {
		const char *network, *unit;
		size_t most; /* units that still fit */
	} rows[] = {
		{"x", "a", 280},
		{"x", "é", 280},
		{"x", "日", 140},
		{"x", "👍🏽", 140},
		{"bluesky", "a", 300},
		{"bluesky", "👍🏽", 300},
		{"bluesky", "👨‍👩‍👧‍👦", 120}, /* 3,000 bytes come first */
		{"mastodon", "e\u0301", 500},
		{"facebook", "a", 63206},
		{"linkedin", "👍", 1500},
		{"pinterest", "👍", 800},
		{"instagram", "a", 2200},
		{"threads", "👍", 125},
		{"journal", "🇫🇷", 10000},
	};
	for (size_t i = 0; i < PV_COUNT(rows); i++) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		struct pv_str fits = pv_str(many(scope, rows[i].unit, rows[i].most));
		struct pv_str over = pv_str(many(scope, rows[i].unit, rows[i].most + 1));
		if (!measure(scope, rows[i].network, fits).valid)
			fail_msg("row %zu does not fit", i);
		struct pv_measure out = measure(scope, rows[i].network, over);
		if (out.valid || out.fits != fits.size)
			fail_msg("row %zu: %zu bytes fit, of %zu", i, out.fits, fits.size);
	}
}

static void no_limit_is_no_limit(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_str text = pv_str(many(scope, "a", 200000));
	assert_true(measure(scope, "wordpress", text).valid);
	assert_int_equal(measure(scope, "blogger", text).limit, 0);
}

static void a_server_has_limits_of_its_own(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_text_rules here = *pv_text_rules_find("mastodon");
	struct pv_measure out;
	here.limit = 30;
	here.link_length = 10;
	struct pv_str text = pv_str("https://exemple.fr/long/long et @a@b.org, fini");
	assert_int_equal(pv_measure(scope, &here, text, &out, NULL), PV_OK);
	assert_int_equal(out.length, 10 + 4 + 2 + 6);
	assert_int_equal(out.limit, 30);
	assert_true(out.valid);
	here.limit = 12;
	assert_int_equal(pv_measure(scope, &here, text, &out, NULL), PV_OK);
	assert_false(out.valid);
	assert_int_equal(out.fits, 30); /* the link and " e" */
	here.limit = 5;
	assert_int_equal(pv_measure(scope, &here, text, &out, NULL), PV_OK);
	assert_int_equal(out.fits, 0); /* a link fits whole or not at all */
	here.limit = 15;
	assert_int_equal(pv_measure(scope, &here, text, &out, NULL), PV_OK);
	assert_int_equal(out.fits, 32); /* and so does a name */
}

static void hashtags_may_be_too_many(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	assert_true(measure(scope, "instagram", pv_str(many(scope, "#a ", 30))).valid);
	assert_false(measure(scope, "instagram", pv_str(many(scope, "#a ", 31))).valid);
	assert_true(measure(scope, "instagram", pv_str(many(scope, "@a ", 20))).valid);
	assert_false(measure(scope, "instagram", pv_str(many(scope, "@a ", 21))).valid);
}

static void x_wants_something_to_say(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	static const char *const bad[] = {"", "a\uFFFE", "a\uFEFF", "\uFFFFa"};
	for (size_t i = 0; i < PV_COUNT(bad); i++)
		assert_false(measure(scope, "x", pv_str(bad[i])).valid);
	assert_true(measure(scope, "x", (struct pv_str){"\0", 1}).valid);
	assert_true(measure(scope, "bluesky", pv_str("")).valid);
}

/* Whatever is composed or not, `fits` is a place between two code points of the text given. */
static void what_fits_is_whole(void **state)
{
	(void)state;
	static const char *const units[] = {"e\u0301", "\u05E9\u05BC\u05C1", "\uFB2C", "é",
		"日\u0301", "a.com/é ", "👩‍🔬"};
	for (size_t i = 0; i < PV_COUNT(units); i++) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		struct pv_str text = pv_str(many(scope, units[i], 300));
		struct pv_measure out = measure(scope, "x", text);
		assert_true(out.fits <= text.size);
		assert_true(out.fits == text.size || (text.bytes[out.fits] & 0xC0) != 0x80);
	}
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_str text = pv_str(many(scope, "e\u0301", 300));
	assert_int_equal(measure(scope, "x", text).fits, 280 * strlen("e\u0301"));
}

static void bad_bytes_are_told(void **state)
{
	(void)state;
	for (const struct pv_text_rules *rules = pv_network_text_rules; rules->network; rules++) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		struct pv_error error = PV_ERROR_IN(scope);
		struct pv_measure out;
		assert_int_equal(
			pv_measure(scope, rules, (struct pv_str){"abc\xC3(", 5}, &out, &error),
			PV_INVALID);
		assert_non_null(strstr(error.words.en, "Byte 4"));
		assert_non_null(strstr(error.words.fr, "L'octet 4"));
		char *huge = many(scope, "abcdefgh", PV_TEXT_BYTES_MAX / 8 + 1);
		assert_int_equal(
			pv_measure(scope, rules, pv_str(huge), &out, &error), PV_TOO_LARGE);
	}
}

static void networks_are_those_of_the_interface(void **state)
{
	(void)state;
	static const char *const names[] = {"x", "facebook", "linkedin", "pinterest", "mastodon",
		"bluesky", "blogger", "wordpress", "instagram", "threads", "journal"};
	for (size_t i = 0; i < PV_COUNT(names); i++)
		assert_string_equal(pv_network_text_rules[i].network, names[i]);
	assert_null(pv_network_text_rules[PV_COUNT(names)].network);
	assert_null(pv_text_rules_find("myspace"));
}

/* The largest texts there may be, of what costs most: each network takes its time once. */
static void the_largest_texts_are_measured(void **state)
{
	(void)state;
	static const char *const units[] = {"a", "é", "1\uFE0F", "日", "👩‍🔬", "e\u0301",
		"\u0301", "a.com ", "@a ", "क्", "🇫", "\u200D", "👩‍"};
	for (size_t i = 0; i < PV_COUNT(units); i++) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		struct pv_str text =
			pv_str(many(scope, units[i], PV_TEXT_BYTES_MAX / strlen(units[i])));
		for (const struct pv_text_rules *rules = pv_network_text_rules; rules->network;
			rules++) {
			PV_SCOPE TALLOC_CTX *inner = pv_scope(NULL);
			assert_true(measure(inner, rules->network, text).length > 0);
		}
	}
}

/* talloc would rather not have it; it is its one way of running out. */
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

/* Whichever allocation fails, the answer is that memory is out, or the whole answer. */
static void memory_may_run_out(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_buf text = PV_BUF(scope, 1 << 20);
	for (int i = 0; i < 40; i++)
		pv_buf_text(&text,
			"e\u0301.com @a.test #e\u0301 $ABC a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.com ");
	for (const struct pv_text_rules *rules = pv_network_text_rules; rules->network; rules++) {
		size_t whole = measure(scope, rules->network, pv_str(text.bytes)).entities.n;
		bool done = false;
		for (size_t most = 1; !done; most += 1 + most / 8) {
			PV_SCOPE TALLOC_CTX *poor = pv_scope(NULL);
			struct pv_measure out;
			assert_int_equal(talloc_set_memlimit(poor, most), 0);
			enum pv_status status =
				pv_measure(poor, rules, pv_str(text.bytes), &out, NULL);
			done = status == PV_OK;
			assert_true(done ? out.entities.n == whole : status == PV_NOMEM);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_network_counts_its_own_way),
		cmocka_unit_test(limits_fall_between_two_characters),
		cmocka_unit_test(no_limit_is_no_limit),
		cmocka_unit_test(a_server_has_limits_of_its_own),
		cmocka_unit_test(hashtags_may_be_too_many),
		cmocka_unit_test(x_wants_something_to_say),
		cmocka_unit_test(what_fits_is_whole),
		cmocka_unit_test(bad_bytes_are_told),
		cmocka_unit_test(networks_are_those_of_the_interface),
		cmocka_unit_test(the_largest_texts_are_measured),
		cmocka_unit_test(memory_may_run_out),
	};
	return cmocka_run_group_tests_name("text: measure", tests, NULL, NULL);
}
