/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "text/chars.h"
#include "text/tld.h"

#define DIGITS "0123456789"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define ALNUM LETTERS DIGITS

/* The classes as one would write them by hand; the table in chars.c is made of bits. */
static void ascii_classes_are_as_written(void **state)
{
	(void)state;
	static const struct {
		unsigned bit;
		const char *members;
	} rows[] = {
		{PV_C_ALNUM, ALNUM},
		{PV_C_LETTER, LETTERS},
		{PV_C_DIGIT, DIGITS},
		{PV_C_WORD, ALNUM "_"},
		{PV_C_PATH, ALNUM "!*';:=+,.$/%#[]-_~@|&"},
		{PV_C_PATH_END, ALNUM "+-=_#/"},
		{PV_C_QUERY, ALNUM "!?*'@();:&=+$/%#[]-_.,~|"},
		{PV_C_QUERY_END, ALNUM "-_&=#/"},
		{PV_C_PUNCT, "!'#%&()*+,\\-./:;<=>?@[]^_{|}~$"},
		{PV_C_SPACE, "\t\n\v\f\r "},
		{PV_C_NO_MENTION, ALNUM "_!#$%&*@"},
		{PV_C_NO_RT, ALNUM "_+~.-"},
		{PV_C_UNRESERVED, ALNUM "-._~"},
		{PV_C_SUB_DELIM, "!$&'()*+,;="},
	};
	for (size_t i = 0; i < PV_COUNT(rows); i++)
		for (int c = 1; c < 128; c++)
			if (pv_ascii_is((char)c, rows[i].bit) != !!strchr(rows[i].members, c))
				fail_msg("row %zu, character %02x", i, (unsigned)c);
	/* a domain label takes what is neither punctuation nor space: also " and ` */
	for (int c = 1; c < 128; c++)
		assert_int_equal(pv_x_is_domain((uint32_t)c),
			!pv_ascii_is((char)c, PV_C_PUNCT | PV_C_SPACE));
	assert_false(pv_ascii_is('\xE9', 0xFFFF));
}

static void runs_stop_where_they_should(void **state)
{
	(void)state;
	char text[64];
	for (size_t size = 0; size < sizeof(text); size++) {
		for (size_t at = 0; at < size; at++) {
			memset(text, 'a', sizeof(text));
			static const char stops[] = {'\x80', '\xC3', '\xFF'};
			for (size_t i = 0; i < sizeof(stops); i++) {
				text[at] = stops[i];
				assert_ptr_equal(pv_ascii_run(text, text + size), text + at);
				assert_ptr_equal(pv_printable_run(text, text + size), text + at);
			}
			static const char controls[] = {0, '\n', '\x1F', '\x7F'};
			for (size_t i = 0; i < sizeof(controls); i++) {
				text[at] = controls[i];
				assert_ptr_equal(pv_ascii_run(text, text + size), text + size);
				assert_ptr_equal(pv_printable_run(text, text + size), text + at);
			}
		}
	}
}

static void top_level_domains_are_known(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		size_t size;
	} rows[] = {
		{"com", 3}, {"COM/path", 3}, {"Org.", 3},
		{"com\xC3\xA9", 3},                    /* not an ASCII letter: it ends there */
		{"com-mune", 0},                       /* X: neither a hyphen, */
		{"com+", 0}, {"com@", 0}, {"com1", 0}, /* nor a digit may follow */
		{"com_", 3}, {"comx", 0}, {"c", 0}, {"", 0}, {"рф", 4},
		{"РФ,", 4}, /* whatever the case */
		{"한국말", 6}, {"한국x", 0}, {"vermögensberatung", 18}, {"xn--p1ai", 8},
		{"XN--P1AI/", 8}, {"xn--", 0},
		{"vuelos", 6},           /* once a domain, and still a link on X */
		{"\xEC\x95\x84\xEB", 0}, /* cut in the middle of a character */
	};
	for (size_t i = 0; i < PV_COUNT(rows); i++) {
		size_t size = pv_tld_match(rows[i].text, rows[i].text + strlen(rows[i].text));
		if (size != rows[i].size)
			fail_msg("%s: %zu", rows[i].text, size);
	}
	assert_true(pv_tld_is_root("com", 3));
	assert_true(pv_tld_is_root("social", 6));
	assert_false(pv_tld_is_root("COM", 3)); /* Bluesky knows lower case only */
	assert_false(pv_tld_is_root("vuelos", 6));
	assert_false(pv_tld_is_root("", 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ascii_classes_are_as_written),
		cmocka_unit_test(runs_stop_where_they_should),
		cmocka_unit_test(top_level_domains_are_known),
	};
	return cmocka_run_group_tests_name("text: chars", tests, NULL, NULL);
}
