/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A journal's page links what the measure of a text said it would, and nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "text/measure.h"
#include "web/journal/html.h"

static const struct {
	const char *text, *html;
} rows[] = {
	{"Lu sur https://exemple.fr/a?b=1&c=2.",
		"<p>Lu sur <a rel=\"nofollow ugc\" href=\"https://exemple.fr/a?b=1&amp;c=2\">"
		"exemple.fr/a?b=1&amp;c=2</a>.</p>\n"},
	{"HTTP://EXEMPLE.FR", "<p><a rel=\"nofollow ugc\" href=\"HTTP://EXEMPLE.FR\">EXEMPLE.FR</a>"
			      "</p>\n"},
	{"C'est fait.Et exemple.fr", "<p>C&#39;est fait.Et exemple.fr</p>\n"},
	{"@uqam #presse marc@exemple.fr", "<p>@uqam #presse marc@exemple.fr</p>\n"},
	{"a\nb\n\n\nhttps://c.fr", "<p>a<br>\nb</p>\n<p><a rel=\"nofollow ugc\" "
				   "href=\"https://c.fr\">c.fr</a></p>\n"},
	{"https://a.fr/\"onclick=\"x", "<p><a rel=\"nofollow ugc\" href=\"https://a.fr/\">a.fr/</a>"
				       "&quot;onclick=&quot;x</p>\n"},
	{"javascript:alert(1) data:text/html,x", "<p>javascript:alert(1) data:text/html,x</p>\n"},
	{"", "<p></p>\n"},
};

static size_t anchors(const char *html)
{
	size_t n = 0;
	for (const char *at = html; (at = strstr(at, "<a ")); at++)
		n++;
	return n;
}

static void pages_link_what_was_measured(void **state)
{
	(void)state;
	for (size_t i = 0; i < PV_COUNT(rows); i++) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		const struct pv_journal_view view = {.mem = scope};
		struct pv_buf html = PV_BUF(scope, PV_JOURNAL_HTML_MAX);
		struct pv_measure measure;
		pv_journal_html_text(&html, &view, rows[i].text);
		assert_string_equal(pv_buf_end(&html), rows[i].html);
		assert_int_equal(pv_measure(scope, pv_text_rules_find("journal"),
					 pv_str(rows[i].text), &measure, NULL),
			PV_OK);
		assert_int_equal(measure.entities.n, anchors(rows[i].html));
		for (size_t e = 0; e < measure.entities.n; e++)
			assert_int_equal(measure.entities.items[e].kind, PV_ENTITY_LINK);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pages_link_what_was_measured),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
