/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The policy as a page for readers: what the organisation promises, in its own words. */
#include "web/journal/html.h"
#include "base/json.h"
#include "base/mem.h"
#include "text/dates.h"

#include <stdio.h>
#include <string.h>

/* Mild to strict in the policy; shown strict first, since what is refused says most. */
static const struct {
	const char *name;
	struct pv_words title, means;
} verdicts[] = {
	{"refuse", {"Ce qui ne paraît pas", "What does not appear"},
		{"Rien de cela n'est publié.", "None of this is published."}},
	{"approve", {"Ce qu'une autre personne approuve", "What another person approves"},
		{"Cela paraît une fois relu par une autre personne que son auteur.",
			"This appears once someone other than its author has reviewed it."}},
	{"disclose", {"Ce qui est divulgué", "What is disclosed"},
		{"Cela paraît avec des mots qui le disent.",
			"This appears with words that say so."}},
	{"warn", {"Ce à quoi l'on veille", "What is watched over"},
		{"Qui écrit y pense avant de publier.",
			"Whoever writes thinks of it before publishing."}},
	{"allow", {"Ce qui est permis", "What is allowed"},
		{"Cela paraît sans autre demande.", "This appears without further ado."}},
};

static const char *pick(const struct pv_journal_view *view, const struct pv_words *words)
{
	return pv_journal_say(view, words->fr, words->en);
}

/* Spaces that do not break before : and ; and inside « », as French sets them; ’ for '. */
static void words_html(struct pv_buf *out, const struct pv_journal_view *view, const char *text)
{
	struct pv_buf set = PV_BUF(view->mem, PV_JOURNAL_HTML_MAX);
	bool french = strcmp(view->language, "fr") == 0;
	for (const char *at = text; *at; at++) {
		if (*at == '\'' && at > text && at[1] && at[-1] != ' ')
			pv_buf_text(&set, "’");
		else if (french && *at == ' ' &&
			 (at[1] == ':' || at[1] == ';' || strncmp(at + 1, "»", 2) == 0))
			pv_buf_text(&set, "\u00a0");
		else if (french && *at == ' ' && at - text >= 2 && strncmp(at - 2, "«", 2) == 0)
			pv_buf_text(&set, "\u00a0");
		else
			pv_buf_char(&set, *at);
	}
	const char *done = pv_buf_end(&set);
	pv_buf_html(out, done ? done : text);
}

static const char *words_in(const struct pv_journal_view *view, const json_t *words)
{
	const char *text = pv_json_text(words, view->language);
	if (!text)
		text = pv_json_text(words, "fr");
	return text ? text : "";
}

static void heading(
	struct pv_buf *out, const struct pv_journal_view *view, const char *fr, const char *en)
{
	pv_buf_text(out, "<h2>");
	words_html(out, view, pv_journal_say(view, fr, en));
	pv_buf_text(out, "</h2>\n");
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
		words_html(out, view, words_in(view, json_object_get(rule, "label")));
		if (pv_json_bool(rule, "firm", false))
			pv_buf_printf(out, " <span class=\"firm\">%s</span>",
				pv_journal_say(
					view, "Rien ne l’écarte.", "Nothing sets it aside."));
		pv_buf_text(out, "</li>\n");
	}
	pv_buf_text(out, "</ul>\n");
}

/* « 16 février 2026 » of "2026-02-16": a day of the organisation's own calendar. */
static void day_html(struct pv_buf *out, const struct pv_journal_view *view, const char *date)
{
	struct pv_civil noon = {.hour = 12};
	int64_t at_us = 0;
	if (!date || sscanf(date, "%4d-%2d-%2d", &noon.year, &noon.month, &noon.day) != 3)
		return;
	pv_zone_instant(view->zone, &noon, PV_ZONE_EARLIER, &at_us);
	char *words = pv_date_words(view->mem, view->zone, at_us, view->language);
	pv_buf_text(out, "<time datetime=\"");
	pv_buf_html(out, date);
	pv_buf_text(out, "\">");
	pv_buf_html(out, words ? words : date);
	pv_buf_text(out, "</time>");
}

static void exceptions_list(
	struct pv_buf *out, const struct pv_journal_view *view, const json_t *exceptions)
{
	if (!json_array_size(exceptions))
		return;
	heading(out, view, "Dérogations", "Exceptions");
	pv_buf_text(out, "<ul class=\"exceptions\">\n");
	size_t at;
	json_t *one;
	json_array_foreach(exceptions, at, one)
	{
		pv_buf_text(out, "<li>");
		words_html(out, view, words_in(view, json_object_get(one, "reason")));
		pv_buf_printf(
			out, " <span class=\"quiet\">%s ", pv_journal_say(view, "Du", "From"));
		day_html(out, view, pv_json_text(one, "from"));
		pv_buf_printf(out, " %s ", pv_journal_say(view, "au", "to"));
		day_html(out, view, pv_json_text(one, "until"));
		pv_buf_text(out, ".</span></li>\n");
	}
	pv_buf_text(out, "</ul>\n");
}

/* The wordings by which a reader recognises a disclosure, in the page's language. */
static void wordings_list(
	struct pv_buf *out, const struct pv_journal_view *view, const json_t *disclosures)
{
	size_t at, i, shown = 0;
	json_t *one, *wording;
	json_array_foreach(disclosures, at, one)
	{
		const json_t *list =
			json_object_get(json_object_get(one, "wordings"), view->language);
		json_array_foreach(list, i, wording)
		{
			if (shown++ == 0) {
				heading(out, view, "À quoi on le reconnaît",
					"How one recognises it");
				pv_buf_text(out, "<ul class=\"wordings\">\n");
			}
			pv_buf_text(out, pv_journal_say(view, "<li>«\u00a0", "<li>“"));
			words_html(out, view, json_string_value(wording));
			pv_buf_text(out, pv_journal_say(view, "\u00a0»</li>\n", "”</li>\n"));
		}
	}
	if (shown)
		pv_buf_text(out, "</ul>\n");
}

static bool has_text(const json_t *list, const char *text)
{
	size_t at;
	json_t *one;
	json_array_foreach(list, at, one) if (pv_streq(json_string_value(one), text)) return true;
	return false;
}

static void approvals_html(
	struct pv_buf *out, const struct pv_journal_view *view, const json_t *approvals)
{
	const json_t *never = json_object_get(approvals, "never");
	int64_t count = pv_json_int(approvals, "count", 1);
	if (!json_is_object(approvals))
		return;
	heading(out, view, "Qui approuve", "Who approves");
	pv_buf_text(out, "<p class=\"plain\">");
	if (count > 1)
		pv_buf_printf(out,
			pv_journal_say(view, "Il faut %lld personnes différentes.",
				"It takes %lld different people."),
			(long long)count);
	else
		words_html(out, view,
			pv_journal_say(view, "Une personne désignée par l'organisation.",
				"One person whom the organisation has named."));
	if (has_text(never, "author"))
		words_html(out, view,
			pv_journal_say(view, " Jamais l'auteur lui-même.",
				" Never the author themselves."));
	if (has_text(never, "same_interest"))
		words_html(out, view,
			pv_journal_say(view, " Jamais qui partage l'intérêt en jeu.",
				" Never someone who shares the interest at stake."));
	pv_buf_text(out, "</p>\n");
}

static void verdict_section(
	struct pv_buf *out, const struct pv_journal_view *view, const json_t *rules, size_t i)
{
	if (!rules_of(rules, verdicts[i].name))
		return;
	pv_buf_printf(out, "<section class=\"verdict-%s\">\n<h2>", verdicts[i].name);
	words_html(out, view, pick(view, &verdicts[i].title));
	pv_buf_text(out, "</h2>\n<p class=\"quiet\">");
	words_html(out, view, pick(view, &verdicts[i].means));
	pv_buf_text(out, "</p>\n");
	rules_list(out, view, rules, verdicts[i].name);
	pv_buf_text(out, "</section>\n");
}

static void silence_html(
	struct pv_buf *out, const struct pv_journal_view *view, const json_t *document)
{
	const char *otherwise = pv_json_text(document, "default");
	for (size_t i = 0; i < PV_COUNT(verdicts); i++) {
		if (!pv_streq(otherwise, verdicts[i].name))
			continue;
		heading(out, view, "Quand rien de cela ne s'applique", "When none of this applies");
		pv_buf_text(out, "<p class=\"plain\">");
		words_html(out, view, pick(view, &verdicts[i].means));
		pv_buf_text(out, "</p>\n");
	}
}

void pv_journal_html_policy(struct pv_buf *out, const struct pv_journal_view *view,
	const json_t *document, int64_t version, int64_t effective_at_us)
{
	const char *title = words_in(view, json_object_get(document, "title"));
	const json_t *rules = json_object_get(document, "rules");
	char *since = pv_date_words(view->mem, view->zone, effective_at_us, view->language);
	pv_journal_html_open(out, view, title);
	pv_buf_text(out, "<article class=\"policy\">\n<h1>");
	words_html(out, view, title);
	pv_buf_printf(out, "</h1>\n<p class=\"meta\">%s %lld, %s %s</p>\n",
		pv_journal_say(view, "Version", "Version"), (long long)version,
		pv_journal_say(view, "en vigueur depuis le", "in force since"), since ? since : "");
	for (size_t i = 0; i < PV_COUNT(verdicts); i++) {
		verdict_section(out, view, rules, i);
		if (strcmp(verdicts[i].name, "approve") == 0)
			approvals_html(out, view, json_object_get(document, "approvals"));
		if (strcmp(verdicts[i].name, "disclose") == 0)
			wordings_list(out, view, json_object_get(document, "disclosures"));
	}
	silence_html(out, view, document);
	exceptions_list(out, view, json_object_get(document, "exceptions"));
	pv_buf_text(out, "</article>\n");
	pv_journal_html_close(out, view);
}
