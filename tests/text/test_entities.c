/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* X. What is odd here is as odd in twitter-text 3.1, with which these rows were compared. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "found.h"

static void links(void **state)
{
	(void)state;
	static const struct found_row rows[] = {
		{"http://exemple.fr", "link=http://exemple.fr@0-17"},
		{"Vu sur exemple.fr.", "link=exemple.fr@7-17"},
		{"Fin. Début", ""},
		{"M.Com et 3.14 et a.b.c", "link=M.Com@0-5"},
		{"https://exemple.fr/a_(b)_c?d=e#f.", "link=https://exemple.fr/a_(b)_c?d=e#f@0-32"},
		{"(https://exemple.fr/a(b(c)d))", "link=https://exemple.fr/a(b(c)d)@1-28"},
		{"https://exemple.fr/a.(b)", "link=https://exemple.fr/a@0-20"},
		{"https://exemple.fr/(a)(b)c!(d)", "link=https://exemple.fr/(a)(b)c@0-26"},
		{"https://exemple.fr/a(b", "link=https://exemple.fr/a@0-20"},
		{"https://exemple.fr/a()", "link=https://exemple.fr/a@0-20"},
		{"https://exemple.fr/…", "link=https://exemple.fr/@0-19"},
		{"https://exemple.fr/été/", "link=https://exemple.fr/été/@0-23"},
		{"https://exemple.fr/путь", "link=https://exemple.fr/путь@0-23"},
		{"https://exemple.fr:8080/", "link=https://exemple.fr:8080/@0-24"},
		{"https://exemple.fr:x", "link=https://exemple.fr@0-18"},
		{"exemple.fr?a=b", "link=exemple.fr@0-10"}, /* no path: the domain alone */
		{"exemple.fr/?a=b", "link=exemple.fr/?a=b@0-15"},
		{"é.exemple.fr", "link=é.exemple.fr@0-12"},
		{"É.fr", "link=É.fr@0-4"},
		{"Écoles.fr",
			"link=coles.fr@1-9"}, /* the first letter is taken for what precedes */
		{"日本語exemple.com日本語", "link=exemple.com@3-14"},
		{"http://日本語.com/", "link=http://日本語.com/@0-15"},
		{"http://пример.рф/a", "link=http://пример.рф/a@0-18"},
		{"a.com,b.com", "link=a.com@0-5 link=b.com@6-11"},
		{"moi@exemple.fr", ""},
		{"$exemple.fr #exemple.fr @exemple.fr", "tag=exemple@12-20 mention=exemple@24-32"},
		{"http://-exemple.fr http://exemple-.fr http://a_b.fr", ""},
		{"http://sous_domaine.exemple.fr", "link=http://sous_domaine.exemple.fr@0-30"},
		{"-exemple.fr _exemple.fr .exemple.fr /exemple.fr", ""},
		{"xhttp://exemple.fr", ""},
		{"ftp://exemple.fr", ""},
		{"http://exemple.fr-suite", ""},
		{"http://exemple.fr_suite", "link=http://exemple.fr@0-17"},
		{"HTTPS://EXEMPLE.FR", "link=HTTPS://EXEMPLE.FR@0-18"},
		{"https://t.co/abc123?amp=1.", "link=https://t.co/abc123?amp=1@0-25"},
		{"https://t.co/abc/def", "link=https://t.co/abc@0-16"},
		{"t.co/abc/def", "link=t.co/abc/def@0-12"},
		{"https://t.co/a1234567890123456789012345678901234567890", ""},
		{"http://xn--80ak6aa92e.com", "link=http://xn--80ak6aa92e.com@0-25"},
		{"http://xn--日本.com", ""},
		{"a.xn--p1ai", "link=a.xn--p1ai@0-10"},
		{"exemple.fr\xE2\x80\xAE/x", "link=exemple.fr@0-10"}, /* a directional mark */
		{"\xE2\x80\xAA"
		 "exemple.fr",
			"link=exemple.fr@1-11"},
		{"\"exemple.fr\"", "link=exemple.fr@1-11"},
		{"x\"exemple.fr", "link=exemple.fr@2-12"},
		{"http://a.com http://b.com", "link=http://a.com@0-12 link=http://b.com@13-25"},
	};
	expect_found(PV_DIALECT_X, rows, PV_COUNT(rows));
}

static void mentions(void **state)
{
	(void)state;
	static const struct found_row rows[] = {
		{"@uqam", "mention=uqam@0-5"},
		{"＠uqam", "mention=uqam@0-5"},
		{"via @uqam.", "mention=uqam@4-9"},
		{"é@uqam", "mention=uqam@1-6"},
		{"a@uqam 1@uqam _@uqam !@uqam #@uqam", ""},
		{"RT@uqam", "mention=uqam@2-7"},
		{"rT:@uqam", "mention=uqam@3-8"},
		{"xRT@uqam", ""},
		{"-RT@uqam", ""},
		{"@uqamé", ""},
		{"@uqam日", "mention=uqam@0-5"},
		{"@uqam@", ""},
		{"@uqam://", ""},
		{"@uqam@a.org", ""},
		{"@abcdefghijklmnopqrstuvwxyz", "mention=abcdefghijklmnopqrst@0-21"},
		{"@uqam/liste-1", "list=uqam/liste-1@0-13"},
		{"@uqam/1liste", "mention=uqam@0-5"},
		{"@uqam/", "mention=uqam@0-5"},
		{"@uqam @uqam,@uqam", "mention=uqam@0-5 mention=uqam@6-11 mention=uqam@12-17"},
		{"@", ""},
		{"https://exemple.fr/@uqam", "link=https://exemple.fr/@uqam@0-24"},
	};
	expect_found(PV_DIALECT_X, rows, PV_COUNT(rows));
}

static void hashtags(void **state)
{
	(void)state;
	static const struct found_row rows[] = {
		{"#été", "tag=été@0-4"},
		{"#e\u0301te\u0301", "tag=e\u0301te\u0301@0-6"},
		{"＃presse", "tag=presse@0-7"},
		{"#2026", ""},
		{"#an2026", "tag=an2026@0-7"},
		{"#2026an", "tag=2026an@0-7"},
		{"#l’eau", "tag=l@0-2"},
		{"#rendez-vous", "tag=rendez@0-7"},
		{"#a_b", "tag=a_b@0-4"},
		{"#_", ""},
		{"a#b &#b _#b", ""},
		{"!#b", "tag=b@1-3"},
		{"##b", "tag=b@1-3"},
		{"#a#b", ""},
		{"#a #b", "tag=a@0-2 tag=b@3-5"},
		{"#http://exemple.fr", ""},
		{"❤️#b", "tag=b@2-4"},
		{"#️⃣", ""}, /* a keycap */
		{"#日本語。", "tag=日本語@0-4"},
		{"日本語#日本語", ""},
		{"#नमस्ते", "tag=नमस्ते@0-7"},
		{"#٢٠٢٦", ""},
		{"#col·labora", "tag=col·labora@0-11"},
		{"https://exemple.fr/#ancre", "link=https://exemple.fr/#ancre@0-25"},
		{"#", ""},
	};
	expect_found(PV_DIALECT_X, rows, PV_COUNT(rows));
}

static void cashtags(void **state)
{
	(void)state;
	static const struct found_row rows[] = {
		{"$ABC", "cash=ABC@0-4"},
		{"du $ABC.A,", "cash=ABC.A@3-9"},
		{"$ABC.XYZ", "cash=ABC@0-4"},
		{"$ABC_d", "cash=ABC_d@0-6"},
		{"$abcdef $abcdefg", "cash=abcdef@0-7"},
		{"$AB1 $1 $", ""},
		{"($ABC) x$ABC", ""},
		{"$ABC $DEF", "cash=ABC@0-4 cash=DEF@5-9"},
		{"$ABC\u3000$DEF", "cash=ABC@0-4 cash=DEF@5-9"},
		{"$ABC日", ""},
	};
	expect_found(PV_DIALECT_X, rows, PV_COUNT(rows));
}

/* What our own pages link: addresses written whole, as policies read them. */
static void addresses_of_a_journal(void **state)
{
	(void)state;
	static const struct found_row rows[] = {
		{"Lu sur https://exemple.fr/a.", "link=https://exemple.fr/a@7-27"},
		{"HTTPS://Exemple.fr", "link=HTTPS://Exemple.fr@0-18"},
		{"exemple.fr", ""},
		{"C’est fait.Et puis www.exemple.fr/a", ""},
		{"« https://exemple.fr » «https://b.fr»",
			"link=https://exemple.fr@2-20 link=https://b.fr@24-36"},
		{"(voir https://exemple.fr/b_(c).)", "link=https://exemple.fr/b_(c)@6-30"},
		{"https://exemple.fr/[a](b){c}", "link=https://exemple.fr/[a](b){c}@0-28"},
		{"https://exemple.fr/a)](", "link=https://exemple.fr/a)](@0-23"},
		{"https://exemple.fr/a]).", "link=https://exemple.fr/a@0-20"},
		{"ici:https://été.fr/é", "link=https://été.fr/é@4-20"},
		{"voirhttp://a.fr", "link=http://a.fr@4-15"},
		{"e\u0301te\u0301 http://a.fr/e\u0301", "link=http://a.fr/e\u0301@6-20"},
		{"http\u017F://a.fr", ""}, /* folds to https, and is no scheme */
		{"http://", ""},
		{"@uqam #presse $UQAM marc@a.fr", ""},
	};
	expect_found(PV_DIALECT_JOURNAL, rows, PV_COUNT(rows));
}

static void nuls_and_controls_are_characters(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_str text = {"a\0@b\0#c\0 d.com", 14};
	assert_string_equal(
		found_in(scope, PV_DIALECT_X, text), "mention=b@2-4 tag=c@5-7 link=d.com@9-14");
	assert_string_equal(found_in(scope, PV_DIALECT_X, (struct pv_str){"", 0}), "");
}

/* What would take a backtracking search minutes: each text must cost as much as its size. */
static void hostile_texts_take_linear_time(void **state)
{
	(void)state;
	static const char *const units[] = {"a.", "a.com_", "é", "é.", "a_b.com", "@a", "#a", "$a ",
		"http://", "http://a.com/(", "x.y.com(", "a.a.a.中.", "-", "(((", ")", "](", "a-",
		"a.b(", "@a.b.c-"};
	enum { SIZE = 400000 };
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	char *text = talloc_array(scope, char, SIZE);
	for (size_t i = 0; i < 2 * PV_COUNT(units); i++) {
		/* after an address, and by itself */
		static const char address[] = "http://a.com/";
		const char *unit_text = units[i / 2];
		size_t size = i % 2 ? sizeof address - 1 : 0, unit = strlen(unit_text);
		memcpy(text, address, size);
		for (; size + unit <= SIZE; size += unit)
			memcpy(text + size, unit_text, unit);
		for (int dialect = PV_DIALECT_X; dialect <= PV_DIALECT_JOURNAL; dialect++) {
			PV_SCOPE TALLOC_CTX *inner = pv_scope(NULL);
			struct pv_entities found;
			assert_int_equal(pv_entities_find(inner, (enum pv_dialect)dialect,
						 (struct pv_str){text, size}, &found, NULL),
				PV_OK);
		}
	}
}

static void whole_texts_are_judged(void **state)
{
	(void)state;
	static const struct {
		bool (*valid)(struct pv_str);
		const char *text;
		bool expected;
	} rows[] = {
		{pv_x_username_valid, "@uqam", true},
		{pv_x_username_valid, "uqam", false},
		{pv_x_username_valid, "@uqam ", false},
		{pv_x_username_valid, "@abcdefghijklmnopqrstu", false},
		{pv_x_username_valid, "", false},
		{pv_x_list_valid, "@uqam/presse", true},
		{pv_x_list_valid, "@uqam", false},
		{pv_x_hashtag_valid, "#presse", true},
		{pv_x_hashtag_valid, "#1", false},
		{pv_x_hashtag_valid, "# presse", false},
	};
	for (size_t i = 0; i < PV_COUNT(rows); i++)
		if (rows[i].valid(pv_str(rows[i].text)) != rows[i].expected)
			fail_msg("row %zu: %s", i, rows[i].text);
}

static void addresses_are_judged(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		bool with_scheme, without;
	} rows[] = {
		{"http://exemple.fr", true, true},
		{"exemple.fr/a?b#c", false, true},
		{"https://moi:secret@exemple.fr:80/", true, true},
		{"http://192.168.0.1/", true, true},
		{"http://192.168.0.256/", false, false},
		{"http://192.168.0.01/", false, false},
		{"http://[::1]/", true, true},
		{"http://exemple.fr/%20", true, true},
		{"http://exemple.fr/%2", false, false},
		{"http://exemple.fr/a b", false, false},
		{"http://été.fr/", true, true},
		{"http://exemple.fr/été", false, false}, /* a path must be encoded */
		{"http://-exemple.fr", false, false},
		{"http://exemple", false, false},
		{"http://", false, false},
		{"ftp://exemple.fr", false, true},
		{"http://exemple.fr\n", false, false},
		{"", false, false},
	};
	for (size_t i = 0; i < PV_COUNT(rows); i++)
		if (pv_x_url_valid(pv_str(rows[i].text), true) != rows[i].with_scheme ||
			pv_x_url_valid(pv_str(rows[i].text), false) != rows[i].without)
			fail_msg("row %zu: %s", i, rows[i].text);
}

static void replies_name_someone(void **state)
{
	(void)state;
	static const struct {
		const char *text, *name;
	} rows[] = {
		{"@uqam bonjour", "uqam"},
		{" \u3000@uqam", "uqam"},
		{".@uqam", ""},
		{"@", ""},
		{"@uqam@x", ""},
		{"", ""},
	};
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	for (size_t i = 0; i < PV_COUNT(rows); i++)
		assert_string_equal(
			pv_str_dup(scope, pv_x_reply_to(pv_str(rows[i].text))), rows[i].name);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(links),
		cmocka_unit_test(mentions),
		cmocka_unit_test(hashtags),
		cmocka_unit_test(cashtags),
		cmocka_unit_test(addresses_of_a_journal),
		cmocka_unit_test(nuls_and_controls_are_characters),
		cmocka_unit_test(hostile_texts_take_linear_time),
		cmocka_unit_test(whole_texts_are_judged),
		cmocka_unit_test(addresses_are_judged),
		cmocka_unit_test(replies_name_someone),
	};
	return cmocka_run_group_tests_name("text: entities", tests, NULL, NULL);
}
