/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "text/emoji.h"
#include "text/unicode.h"

#include <unicode/ubrk.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

/* A text with its NULs: in a table, and as a value. */
#define ROW(literal)                            \
	{                                       \
		"" literal, sizeof(literal) - 1 \
	}
#define STR(literal) ((struct pv_str)ROW(literal))

static void texts_are_counted(void **state)
{
	(void)state;
	static const struct {
		struct pv_str text;
		size_t points, utf16, graphemes;
	} rows[] = {
		{ROW(""), 0, 0, 0},
		{ROW("abc"), 3, 3, 3},
		{ROW("été"), 3, 3, 3},
		{ROW("e\u0301te\u0301"), 5, 5, 3}, /* the same, decomposed */
		{ROW("e\u0301\u0327\u0308"), 4, 4, 1},
		{ROW("a\r\nb"), 4, 4, 3},
		{ROW("\r\r\n\n"), 4, 4, 3},
		{ROW("\n\u0301"), 2, 2, 2}, /* nothing joins a line end */
		{ROW("\u0301"), 1, 1, 1},
		{ROW("a\0b"), 3, 3, 3},
		{ROW("👍"), 1, 2, 1},
		{ROW("👍🏽"), 2, 4, 1},
		{ROW("❤️"), 2, 2, 1},
		{ROW("👩‍🔬"), 3, 5, 1},
		{ROW("👨‍👩‍👧‍👦!"), 8, 12, 2},
		{ROW("🇫🇷"), 2, 4, 1},
		{ROW("🇫🇷🇧🇪🇨"), 5, 10, 3}, /* two flags and half of one */
		{ROW("a🇫🇷"), 3, 5, 2},
		{ROW("1️⃣"), 3, 3, 1},
		{ROW("🏴󠁧󠁢󠁥󠁮󠁧󠁿"), 7, 14, 1},
		{ROW("a‍b"), 3, 3, 2},              /* ZWJ joins no letters */
		{ROW("각"), 1, 1, 1},                 /* Hangul: precomposed */
		{ROW("\u1100\u1161\u11A8"), 3, 3, 1}, /* and in three jamos */
		{ROW("क्षि"), 4, 4, 1},                /* a Devanagari conjunct (GB9c) */
		{ROW("क\u094D\u200Dष"), 4, 4, 1},
		{ROW("க்ஷ"), 3, 3, 2}, /* Tamil has no such rule */
		{ROW("नमस्ते"), 6, 6, 3},
		{ROW("\u0600a"), 2, 2, 1}, /* a sign that goes before (GB9b) */
		{ROW("ก็"), 2, 2, 1},
		{ROW("日本語"), 3, 3, 3},
		{ROW("…’“"), 3, 3, 3},
	};
	for (size_t i = 0; i < PV_COUNT(rows); i++) {
		size_t points = pv_text_points(rows[i].text), utf16 = pv_text_utf16(rows[i].text);
		size_t graphemes = pv_text_graphemes(rows[i].text);
		if (points != rows[i].points || utf16 != rows[i].utf16 ||
			graphemes != rows[i].graphemes)
			fail_msg("row %zu (%s): %zu points, %zu units, %zu graphemes", i,
				rows[i].text.bytes, points, utf16, graphemes);
		size_t walked = 0;
		for (size_t at = 0; at < rows[i].text.size; walked++)
			at = pv_grapheme_end(rows[i].text, at);
		assert_int_equal(walked, graphemes);
	}
}

/* A generator of our own, so that a failure can be met again. */
static uint32_t next_random(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(*seed >> 33);
}

static size_t graphemes_of_icu(UBreakIterator *walk, struct pv_str text)
{
	UChar wide[128];
	int32_t units = 0;
	UErrorCode code = U_ZERO_ERROR;
	u_strFromUTF8(wide, 128, &units, text.bytes, (int32_t)text.size, &code);
	ubrk_setText(walk, wide, units, &code);
	assert_true(U_SUCCESS(code));
	size_t count = 0;
	while (ubrk_next(walk) != UBRK_DONE)
		count++;
	return count;
}

/* Everything but conjuncts, which ICU 72 has not yet, is as ICU's own iterator has it. */
static void graphemes_agree_with_icu(void **state)
{
	(void)state;
	static const uint32_t points[] = {'a', ' ', '\r', '\n', 0, 0xAD, 0xA9, 0xE9, 0x301, 0x200D,
		0x200C, 0x1F1E6, 0x1F1EB, 0x1F44D, 0x1F3FD, 0xFE0F, 0x2764, 0x600, 0x903, 0x1100,
		0x1161, 0x11A8, 0xAC00, 0xAC01, 0x20E3, 0x4E00, 0x2028, 0x1F468, 0xE0067, 0xE33,
		0x110BD, 0x2019, 0x30A, 0x3042, 0x3099};
	UErrorCode code = U_ZERO_ERROR;
	UBreakIterator *walk = ubrk_open(UBRK_CHARACTER, "en", NULL, 0, &code);
	assert_true(U_SUCCESS(code));
	uint64_t seed = 20261122;
	for (int turn = 0; turn < 50000; turn++) {
		char bytes[64];
		size_t size = 0, n = next_random(&seed) % 10;
		for (size_t i = 0; i < n; i++)
			size += pv_utf8_encode(
				points[next_random(&seed) % PV_COUNT(points)], bytes + size);
		struct pv_str text = {bytes, size};
		size_t ours = pv_text_graphemes(text), theirs = graphemes_of_icu(walk, text);
		if (ours != theirs)
			fail_msg("turn %d: %zu, ICU says %zu", turn, ours, theirs);
	}
	ubrk_close(walk);
}

/* Composing, long runs of marks included, gives what ICU gives. */
static void composing_agrees_with_icu(void **state)
{
	(void)state;
	static const uint32_t points[] = {'a', 0xE9, 0x301, 0x323, 0x308, 0x344, 0x345, 0x1100,
		0x1161, 0x11A8, 0xAC00, 0xF71, 0xF72, 0xF73, 0xF75, 0xF81, 0x5B4, 0x5BC, 0x1D15E,
		0x1D165, 0x1D16D, 0x334, 0x3099, 0x304B, 0x212B, 0x2000, 0xFB2C, 0x9C7, 0x9BE};
	UErrorCode code = U_ZERO_ERROR;
	const UNormalizer2 *nfc = unorm2_getNFCInstance(&code);
	uint64_t seed = 7;
	for (int turn = 0; turn < 4000; turn++) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		char bytes[512], theirs[2048];
		UChar wide[256], composed[768];
		size_t size = 0, n = next_random(&seed) % 100;
		uint32_t few = turn % 2 ? PV_COUNT(points) : 12; /* longer runs of marks */
		for (size_t i = 0; i < n; i++)
			size += pv_utf8_encode(points[next_random(&seed) % few], bytes + size);
		int32_t units = 0, theirs_size = 0;
		struct pv_str out;
		assert_int_equal(
			pv_text_nfc(scope, (struct pv_str){bytes, size}, &out, NULL), PV_OK);
		u_strFromUTF8(wide, 256, &units, bytes, (int32_t)size, &code);
		units = unorm2_normalize(nfc, wide, units, composed, 768, &code);
		u_strToUTF8(theirs, 2048, &theirs_size, composed, units, &code);
		assert_true(U_SUCCESS(code));
		assert_true(pv_str_equal(out, (struct pv_str){theirs, (size_t)theirs_size}));
	}
}

static void offsets_go_both_ways(void **state)
{
	(void)state;
	struct pv_str text = STR("aé👍z");
	static const size_t bytes[] = {0, 1, 3, 7, 8};
	for (size_t point = 0; point < PV_COUNT(bytes); point++) {
		assert_int_equal(pv_text_byte_of_point(text, point), bytes[point]);
		assert_int_equal(pv_text_point_of_byte(text, bytes[point]), point);
	}
	assert_int_equal(pv_text_byte_of_point(text, 99), text.size);
	assert_int_equal(pv_text_point_of_byte(text, 99), 4);
}

static void ill_formed_bytes_are_found(void **state)
{
	(void)state;
	static const struct {
		struct pv_str text;
		size_t at;
	} rows[] = {
		{ROW("abc\0d"), 5}, /* NUL is a character */
		{ROW("abcdefghijk\xFF"), 11},
		{ROW("ab\xC3"), 2},
		{ROW("\xC0\x80"), 0},         /* too long a form of NUL */
		{ROW("a\xED\xA0\x80"), 1},    /* half of a surrogate pair */
		{ROW("\xF4\x90\x80\x80"), 0}, /* beyond U+10FFFF */
		{ROW("é\x80"), 2},
		{ROW("\xE2\x82"), 0},
	};
	for (size_t i = 0; i < PV_COUNT(rows); i++)
		assert_int_equal(
			pv_text_ill_formed(rows[i].text.bytes, rows[i].text.size), rows[i].at);
}

static void texts_are_composed(void **state)
{
	(void)state;
	static const struct {
		struct pv_str text, composed;
	} rows[] = {
		{ROW("plain, été, “…” 日本 👍"), ROW("plain, été, “…” 日本 👍")},
		{ROW("e\u0301te\u0301"), ROW("été")},
		{ROW("\u1100\u1161\u11A8"), ROW("각")},
		{ROW("\u212B"), ROW("Å")},                    /* the Ångström sign */
		{ROW("\uFB2C"), ROW("\u05E9\u05BC\u05C1")},   /* composing takes it apart */
		{ROW("q\u0307\u0323"), ROW("q\u0323\u0307")}, /* put in order */
		{ROW("a\0e\u0301"), ROW("a\0é")},
		{ROW(""), ROW("")},
	};
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	for (size_t i = 0; i < PV_COUNT(rows); i++) {
		struct pv_str out;
		assert_int_equal(pv_text_nfc(scope, rows[i].text, &out, NULL), PV_OK);
		if (!pv_str_equal(out, rows[i].composed))
			fail_msg("row %zu", i);
	}
	struct pv_str same;
	assert_int_equal(pv_text_nfc(scope, rows[0].text, &same, NULL), PV_OK);
	assert_ptr_equal(same.bytes, rows[0].text.bytes);
}

/* However many marks there are and in whichever order, they are put in order in no time. */
static void many_marks_are_put_in_order(void **state)
{
	(void)state;
	enum { MARKS = 100000 };
	static const struct {
		const char *first, *second; /* as given: a, then first second first second… */
		const char *low, *high; /* as composed: a, then all of the low, all of the high */
	} rows[] = {
		{"\u0308", "\u0323", "\u0323", "\u0308"},
		{"\U0001D165", "\u0334", "\u0334", "\U0001D165"},
		{"\u0F72", "\u0F71", "\u0F71", "\u0F72"},
		{"\u0F73", "", "\u0F71", "\u0F72"}, /* one that comes apart */
	};
	for (size_t i = 0; i < PV_COUNT(rows); i++) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		struct pv_buf given = PV_BUF(scope, 1 << 21), low = PV_BUF(scope, 1 << 21);
		pv_buf_char(&given, '0');
		pv_buf_char(&low, '0');
		for (int n = 0; n < MARKS; n++) {
			pv_buf_text(&given, rows[i].first);
			pv_buf_text(&given, rows[i].second);
			pv_buf_text(&low, rows[i].low);
		}
		for (int n = 0; n < MARKS; n++)
			pv_buf_text(&low, rows[i].high);
		struct pv_str out, expected = {low.bytes, low.size};
		assert_int_equal(
			pv_text_nfc(scope, (struct pv_str){given.bytes, given.size}, &out, NULL),
			PV_OK);
		if (!pv_str_equal(out, expected))
			fail_msg("row %zu", i);
	}
}

static void excerpts_are_cut_well(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		size_t graphemes;
		const char *excerpt;
	} rows[] = {
		{"court", 10, "court"},
		{"  deux\n\n lignes\t", 20, "deux lignes"},
		{"exactement", 10, "exactement"},
		{"exactement!", 10, "exactemen…"},
		{"un texte plutôt long", 12, "un texte…"},
		{"anticonstitutionnel", 8, "anticon…"},
		{"a bcdefghijklmnop", 9, "a bcdefg…"}, /* that space is too far back */
		{"👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦", 2,
			"👨‍👩‍👧‍👦…"},
		{" \n ", 5, ""},
		{"", 5, ""},
		{"abc", 1, "…"},
		{"abc", 0, ""},
	};
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	for (size_t i = 0; i < PV_COUNT(rows); i++) {
		char *out = NULL;
		assert_int_equal(
			pv_text_excerpt(scope, pv_str(rows[i].text), rows[i].graphemes, &out, NULL),
			PV_OK);
		assert_string_equal(out, rows[i].excerpt);
	}
}

static void emoji_are_whole(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		size_t size;
	} rows[] = {
		{"a", 0},
		{"1", 0},
		{"1️⃣", 7},
		{"1⃣", 4},
		{"#️⃣", 7},
		{"©", 0}, /* text unless told otherwise */
		{"©️", 5},
		{"☺", 3},
		{"☺️", 6},
		{"☺︎", 0}, /* asked to be text */
		{"👍", 4},
		{"👍🏽", 8},
		{"👍👍", 4},
		{"a👍", 0},
		{"🇫🇷🇧🇪", 8},
		{"🇫🇫", 4}, /* no such country: each half for itself */
		{"👩‍🔬", 11},
		{"👩‍", 4},             /* joined to nothing */
		{"👩‍🔬‍🔬", 11}, /* joined to too much */
		{"👨‍👩‍👧‍👦", 25},
		{"🏳️‍🌈", 14},
		{"🏳‍🌈", 11}, /* without its selector */
		{"❤️‍🔥", 13},
		{"🏴󠁧󠁢󠁥󠁮󠁧󠁿", 28},
		{"🏴󠁧󠁢󠁺󠁺󠁺󠁿", 4}, /* a region that is not */
		{"🏴‍☠️", 13},
		{"日", 0},
		{"’", 0},
	};
	for (size_t i = 0; i < PV_COUNT(rows); i++) {
		size_t size = pv_emoji_size(rows[i].text, rows[i].text + strlen(rows[i].text));
		if (size != rows[i].size)
			fail_msg("row %zu (%s): %zu", i, rows[i].text, size);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_are_counted),
		cmocka_unit_test(graphemes_agree_with_icu),
		cmocka_unit_test(composing_agrees_with_icu),
		cmocka_unit_test(offsets_go_both_ways),
		cmocka_unit_test(ill_formed_bytes_are_found),
		cmocka_unit_test(texts_are_composed),
		cmocka_unit_test(many_marks_are_put_in_order),
		cmocka_unit_test(excerpts_are_cut_well),
		cmocka_unit_test(emoji_are_whole),
	};
	return cmocka_run_group_tests_name("text: unicode", tests, NULL, NULL);
}
