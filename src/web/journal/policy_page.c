/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The policy as a page for readers: what the organisation promises, in its own words. */
#include "web/journal/html.h"
#include "base/json.h"
#include "base/mem.h"

#include <string.h>

static const struct {
	const char *name, *fr, *en;
} verdicts[] = {
	/* mild to strict, shown strict first: what is refused says most */
	{"refuse", "Ce qui ne paraît pas", "What does not appear"},
	{"approve", "Ce qu'une autre personne approuve", "What another person approves"},
	{"disclose", "Ce qui est divulgué", "What is disclosed"},
	{"warn", "Ce à quoi l'on veille", "What is watched over"},
	{"allow", "Ce qui est permis", "What is allowed"},
};

static const char *words_in(const struct pv_journal_view *view, const json_t *words)
{
	const char *text = pv_json_text(words, view->language);
	if (!text)
		text = pv_json_text(words, "fr");
	return text ? text : "";
}

static size_t rules_of(const json_t *rules, const char *verdict)
{
	size_t at, n = 0;
	json_t *rule;
	json_array_foreach(rules, at, rule) n +=
		pv_streq(pv_json_text(rule, "then"), verdict) ? 1 : 0;
	return n;
}

static void rules_list(struct pv_buf *out, const struct pv_journal_view *view, const json_t *rules,
	const char *verdict)
{
	size_t at;
	json_t *rule;
	pv_buf_text(out, "<ul class=\"rules\">\n");
	json_array_foreach(rules, at, rule)
	{
		if (!pv_streq(pv_json_text(rule, "then"), verdict))
			continue;
		pv_buf_text(out, "<li>");
		pv_buf_html(out, words_in(view, json_object_get(rule, "label")));
		if (pv_json_bool(rule, "firm", false))
			pv_buf_printf(out, " <span class=\"firm\">%s</span>",
				pv_journal_say(
					view, "Rien ne l'écarte.", "Nothing sets it aside."));
		pv_buf_text(out, "</li>\n");
	}
	pv_buf_text(out, "</ul>\n");
}

static void exceptions_list(
	struct pv_buf *out, const struct pv_journal_view *view, const json_t *exceptions)
{
	if (!json_array_size(exceptions))
		return;
	pv_buf_printf(out, "<h2>%s</h2>\n<ul class=\"exceptions\">\n",
		pv_journal_say(view, "Dérogations", "Exceptions"));
	size_t at;
	json_t *one;
	json_array_foreach(exceptions, at, one)
	{
		const char *from = pv_json_text(one, "from"), *until = pv_json_text(one, "until");
		pv_buf_text(out, "<li>");
		pv_buf_html(out, words_in(view, json_object_get(one, "reason")));
		pv_buf_printf(
			out, " <span class=\"quiet\">%s ", pv_journal_say(view, "Du", "From"));
		pv_buf_html(out, from ? from : "");
		pv_buf_printf(out, " %s ", pv_journal_say(view, "au", "to"));
		pv_buf_html(out, until ? until : "");
		pv_buf_text(out, ".</span></li>\n");
	}
	pv_buf_text(out, "</ul>\n");
}

void pv_journal_html_policy(
	struct pv_buf *out, const struct pv_journal_view *view, const json_t *document)
{
	const char *title = words_in(view, json_object_get(document, "title"));
	const json_t *rules = json_object_get(document, "rules");
	pv_journal_html_open(out, view, title);
	pv_buf_text(out, "<article class=\"policy\">\n<h1>");
	pv_buf_html(out, title);
	pv_buf_printf(out, "</h1>\n<p class=\"meta\">%s %lld</p>\n",
		pv_journal_say(view, "Version", "Version"),
		(long long)pv_json_int(document, "version", 1));
	for (size_t i = 0; i < PV_COUNT(verdicts); i++) {
		if (!rules_of(rules, verdicts[i].name))
			continue;
		pv_buf_printf(out, "<h2 class=\"verdict-%s\">%s</h2>\n", verdicts[i].name,
			pv_journal_say(view, verdicts[i].fr, verdicts[i].en));
		rules_list(out, view, rules, verdicts[i].name);
	}
	exceptions_list(out, view, json_object_get(document, "exceptions"));
	pv_buf_text(out, "</article>\n");
	pv_journal_html_close(out, view);
}
