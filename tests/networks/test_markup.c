/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "networks/markup.h"
#include "base/mem.h"
#include "base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <string.h>

static const struct {
	const char *html, *text;
} text_cases[] = {
	{"", ""},
	{"sans balise", "sans balise"},
	{"<p>Un <b>mot</b> &amp; deux</p>", "Un mot & deux"},
	{"<p>Un</p><p>Deux<br>Trois<br />Quatre</p>", "Un\n\nDeux\nTrois\nQuatre"},
	{"<p>a</p>\n  <p>b</p>\n", "a\n\nb"},
	{"<ul><li>un</li><li>deux</li></ul>", "un\ndeux"},
	{"&lt;p&gt; &#39;&#x27;&quot;&apos; &eacute; &hellip;", "<p> ''\"' é …"},
	{"&bogus; & &#; &#x; &#xZZ; &amp", "&bogus; & &#; &#x; &#xZZ; &amp"},
	{"&#0;&#xD800;&#99999999999;", "\xEF\xBF\xBD\xEF\xBF\xBD&#99999999999;"},
	{"a<script>alert('<p>')</script>b<style>p{}</style>c", "abc"},
	{"a<script>never closed", "a"},
	{"a<!-- <p> -->b<!-- never closed", "ab"},
	{"a<b title=\"x>y\">c</b>", "ac"},
	{"a < b, 3<4, <3", "a < b, 3<4, <3"},
	{"a<p", "a"},
	{"a<", "a<"},
	/* Mastodon's link, mention and hashtag */
	{"<a href=\"https://e.fr/x\"><span class=\"invisible\">https://</span><span "
	 "class=\"ellipsis\">e.fr/x</span><span class=\"invisible\">yz</span></a>",
		"https://e.fr/xyz"},
	{"<span class=\"h-card\"><a href=\"https://e.fr/@bob\" class=\"u-url "
	 "mention\">@<span>bob</span></a></span> #<span>tag</span>",
		"@bob #tag"},
	{"\xFF\xC3é", "\xEF\xBF\xBD\xEF\xBF\xBDé"},
};

static void test_text(void **state)
{
	(void)state;
	for (size_t i = 0; i < PV_COUNT(text_cases); i++) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		char *text = pv_markup_text(scope, text_cases[i].html);
		assert_non_null(text);
		assert_string_equal(text, text_cases[i].text);
	}
}

static void test_huge(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	char *html = talloc_array(scope, char, 3 * PV_MARKUP_MAX);
	for (size_t i = 0; i + 3 < 3 * PV_MARKUP_MAX; i += 3)
		memcpy(html + i, "<p>", 4);
	assert_true(strlen(pv_markup_text(scope, html)) < 3); /* a tag cut in two is text */
	memset(html, 'x', 3 * PV_MARKUP_MAX - 1);
	html[3 * PV_MARKUP_MAX - 1] = '\0';
	assert_int_equal(strlen(pv_markup_text(scope, html)), PV_MARKUP_MAX);
}

static const struct {
	const char *sent, *shown;
	enum pv_likeness likeness;
} likeness_cases[] = {
	{"Bonjour", "Bonjour", PV_LIKENESS_SAME},
	{"Bonjour", "bonjour !", PV_LIKENESS_SAME},
	{"Voici :\n\nhttps://exemple.fr/a?b#c fin", "Voici: https://e.fr/… fin", PV_LIKENESS_SAME},
	{"Merci @bob@exemple.fr, à demain", "Merci @bob, à demain", PV_LIKENESS_SAME},
	{"« Été »", "\"Été\"", PV_LIKENESS_SAME},
	{"🎓", "🎓", PV_LIKENESS_SAME},
	{"…", "…", PV_LIKENESS_SAME},
	{"…", "!", PV_LIKENESS_NEAR}, /* nothing to compare: nobody can say */
	{"https://exemple.fr/a", "https://exemple.fr/b", PV_LIKENESS_NEAR},
	{"Le conseil se réunit mardi à dix heures",
		"Le conseil se réunit mardi à dix heures. Lire la suite", PV_LIKENESS_NEAR},
	{"Le conseil se réunit mardi", "Une recette de tarte aux pommes", PV_LIKENESS_OTHER},
	{"Bonjour", "", PV_LIKENESS_OTHER},
	{"Été", "Hiver", PV_LIKENESS_OTHER},
};

static void test_likeness(void **state)
{
	(void)state;
	for (size_t i = 0; i < PV_COUNT(likeness_cases); i++) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		enum pv_likeness likeness;
		print_message("# case %zu\n", i);
		assert_int_equal(pv_markup_likeness(scope, likeness_cases[i].sent,
					 likeness_cases[i].shown, &likeness, NULL),
			PV_OK);
		assert_int_equal(likeness, likeness_cases[i].likeness);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_huge),
		cmocka_unit_test(test_likeness),
	};
	return cmocka_run_group_tests_name("markup", tests, NULL, NULL);
}
