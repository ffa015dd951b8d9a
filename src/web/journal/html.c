/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What every page of the journal shares: its frame, and texts turned into HTML. */
#include "web/journal/html.h"
#include "base/instant.h"
#include "base/json.h"
#include "text/dates.h"
#include "text/entities.h"

#include <string.h>

const char *pv_journal_say(const struct pv_journal_view *view, const char *fr, const char *en)
{
	return strcmp(view->language, "en") == 0 ? en : fr;
}

void pv_journal_address(struct pv_buf *out, const struct pv_journal_view *view, const char *entry)
{
	pv_buf_printf(out, "%s/j/%s", view->base_url, view->journal->slug);
	if (entry)
		pv_buf_printf(out, "/%s", entry);
}

static void page_head(struct pv_buf *out, const struct pv_journal_view *view, const char *title)
{
	const struct pv_desk_journal *journal = view->journal;
	pv_buf_printf(out,
		"<!doctype html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>",
		view->language);
	pv_buf_html(out, title);
	if (strcmp(title, journal->name) != 0) {
		pv_buf_text(out, " · ");
		pv_buf_html(out, journal->name);
	}
	pv_buf_text(out, "</title>\n<link rel=\"stylesheet\" href=\"/assets/journal.css\">\n"
			 "<link rel=\"icon\" href=\"/mark.svg\" type=\"image/svg+xml\">\n"
			 "<link rel=\"alternate\" type=\"application/atom+xml\" title=\"");
	pv_buf_html(out, journal->name);
	pv_buf_printf(out, "\" href=\"/j/%s/feed.atom\">\n<link rel=\"canonical\" href=\"%s",
		journal->slug, view->base_url);
	pv_buf_html(out, view->path); /* as it was sent: a stranger's text */
	pv_buf_text(out, "\">\n</head>\n");
}

/* The other language, for whoever reads it better. */
static void language_switch(struct pv_buf *out, const struct pv_journal_view *view)
{
	bool english = strcmp(view->language, "en") == 0;
	const char *other = english ? "fr" : "en";
	pv_buf_text(out, "<a href=\"");
	pv_buf_html(out, view->path);
	pv_buf_printf(out, "?lang=%s\" hreflang=\"%s\" lang=\"%s\" rel=\"nofollow\">%s</a>", other,
		other, other, english ? "Français" : "English");
}

void pv_journal_html_open(struct pv_buf *out, const struct pv_journal_view *view, const char *title)
{
	const struct pv_desk_journal *journal = view->journal;
	page_head(out, view, title);
	pv_buf_printf(out, "<body data-colour=\"%s\">\n<a class=\"skip\" href=\"#main\">%s</a>\n",
		journal->colour, pv_journal_say(view, "Aller au texte", "Skip to the text"));
	pv_buf_printf(out, "<header class=\"masthead\">\n<p class=\"name\"><a href=\"/j/%s\">",
		journal->slug);
	pv_buf_html(out, journal->name);
	pv_buf_printf(out,
		"</a></p>\n<nav aria-label=\"%s\"><ul>\n<li><a href=\"/j/%s\">%s</a></li>\n",
		pv_journal_say(view, "Le journal", "The journal"), journal->slug,
		pv_journal_say(view, "Journal", "Journal"));
	if (journal->policy_public)
		pv_buf_printf(out, "<li><a href=\"/j/%s/policy\">%s</a></li>\n", journal->slug,
			pv_journal_say(view, "Politique éditoriale", "Editorial policy"));
	pv_buf_printf(out, "<li><a href=\"/j/%s/feed.atom\">Atom</a></li>\n<li>", journal->slug);
	language_switch(out, view);
	pv_buf_text(out, "</li>\n</ul></nav>\n</header>\n<main id=\"main\">\n");
}

void pv_journal_html_close(struct pv_buf *out, const struct pv_journal_view *view)
{
	const struct pv_words *about = &view->journal->about;
	pv_buf_text(out, "</main>\n<footer class=\"colophon\">\n");
	const char *words = pv_journal_say(view, about->fr, about->en);
	if (words && *words)
		pv_journal_html_text(out, view, words);
	pv_buf_printf(out, "<p class=\"quiet\">%s</p>\n</footer>\n</body>\n</html>\n",
		pv_journal_say(view,
			"Les lectures sont comptées sans témoin ni adresse. Publié avec Portevoix.",
			"Reads are counted without cookies or addresses. Published with "
			"Portevoix."));
}

/* ---- texts ------------------------------------------------------------------------------------ */

static void add_html(
	struct pv_buf *out, const struct pv_journal_view *view, const char *from, const char *to)
{
	char *part = talloc_strndup(view->mem, from, (size_t)(to - from));
	if (part)
		pv_buf_html(out, part);
	else
		out->failed = true;
	talloc_free(part);
}

/* A line break is a <br>, an empty line a new paragraph. */
static void add_lines(
	struct pv_buf *out, const struct pv_journal_view *view, const char *from, const char *to)
{
	while (from < to) {
		const char *end = memchr(from, '\n', (size_t)(to - from));
		add_html(out, view, from, end ? end : to);
		if (!end)
			return;
		from = end + 1;
		if (from < to && *from == '\n') {
			while (from < to && *from == '\n')
				from++;
			pv_buf_text(out, "</p>\n<p>");
		} else {
			pv_buf_text(out, "<br>\n");
		}
	}
}

static void add_link(struct pv_buf *out, const struct pv_journal_view *view,
	const struct pv_entity *link, const char *text)
{
	const char *from = text + link->start, *to = text + link->end;
	pv_buf_text(out, "<a rel=\"nofollow ugc\" href=\"");
	add_html(out, view, from, to);
	pv_buf_text(out, "\">");
	add_html(out, view, strstr(from, "://") + 3, to);
	pv_buf_text(out, "</a>");
}

void pv_journal_html_text(struct pv_buf *out, const struct pv_journal_view *view, const char *text)
{
	struct pv_entities found = {0};
	if (pv_entities_find(view->mem, PV_DIALECT_JOURNAL, pv_str(text), &found, NULL) != PV_OK) {
		out->failed = true;
		return;
	}
	pv_buf_text(out, "<p>");
	const char *at = text;
	for (size_t i = 0; i < found.n; i++) {
		if (found.items[i].kind != PV_ENTITY_LINK)
			continue;
		add_lines(out, view, at, text + found.items[i].start);
		add_link(out, view, &found.items[i], text);
		at = text + found.items[i].end;
	}
	add_lines(out, view, at, text + strlen(text));
	pv_buf_text(out, "</p>\n");
	talloc_free(found.items);
}

void pv_journal_html_media(
	struct pv_buf *out, const struct pv_journal_view *view, const struct pv_journal_row *row)
{
	PV_JSON json_t *media = NULL;
	if (pv_json_parse(row->media, strlen(row->media), &media, NULL) != PV_OK)
		return;
	size_t at;
	json_t *one;
	json_array_foreach(media, at, one)
	{
		const char *id = pv_json_text(one, "id"), *alt = pv_json_text(one, "alt");
		if (!id)
			continue;
		pv_buf_printf(out,
			"<figure><img class=\"u-photo\" loading=\"lazy\" "
			"src=\"%s/j/%s/%s/media/%s\" "
			"alt=\"",
			view->base_url, view->journal->slug, row->slug, id);
		pv_buf_html(out, alt ? alt : "");
		pv_buf_text(out, "\"></figure>\n");
	}
}

void pv_journal_html_time(struct pv_buf *out, const struct pv_journal_view *view, int64_t at_us)
{
	char machine[PV_TIME_TEXT_SIZE];
	char *words = pv_moment_words(view->mem, view->zone, at_us, view->language);
	pv_buf_printf(out, "<time class=\"dt-published\" datetime=\"%s\">%s</time>",
		pv_time_format(at_us, machine), words ? words : machine);
	talloc_free(words);
}

const char *pv_journal_language(const struct pv_journal_view *view, const char *languages_json)
{
	PV_JSON json_t *list = NULL;
	if (pv_json_parse(languages_json, strlen(languages_json), &list, NULL) != PV_OK)
		return "fr";
	const char *first = json_string_value(json_array_get(list, 0));
	/* a stored tag, and still text of an attribute: only its letters are taken */
	if (!first || strspn(first, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-") !=
			      strlen(first))
		return "fr";
	char *copy = talloc_strdup(view->mem, first);
	return copy ? copy : "fr";
}
