/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The list, one entry with its comments, and a page with one sentence. */
#include "web/journal/html.h"
#include "base/instant.h"

#include <inttypes.h>
#include <string.h>

/* The organisation as the entry's author (h-card), its name said though the page says it too. */
static void author_card(
	struct pv_buf *out, const struct pv_journal_view *view, const char *name, bool hidden)
{
	pv_buf_printf(out, "<%s class=\"p-author h-card%s\"><a class=\"p-name u-url\" href=\"",
		"span", hidden ? " visually-hidden" : "");
	pv_journal_address(out, view, NULL);
	pv_buf_text(out, "\">");
	pv_buf_html(out, name);
	pv_buf_text(out, "</a></span>");
}

static void comments_count(struct pv_buf *out, const struct pv_journal_view *view, int64_t n)
{
	if (n == 0)
		pv_buf_text(out, pv_journal_say(view, "Commenter", "Comment"));
	else
		pv_buf_printf(out, "%" PRId64 " %s", n,
			n == 1 ? pv_journal_say(view, "commentaire", "comment")
			       : pv_journal_say(view, "commentaires", "comments"));
}

static void entry_meta(struct pv_buf *out, const struct pv_journal_view *view,
	const struct pv_journal_row *row, bool in_list)
{
	pv_buf_text(out, "<p class=\"meta\"><a class=\"u-url\" href=\"");
	pv_journal_address(out, view, row->slug);
	pv_buf_text(out, "\">");
	pv_journal_html_time(out, view, row->published_at_us);
	pv_buf_text(out, "</a>");
	if (in_list && (view->journal->comments || row->comments)) {
		pv_buf_printf(
			out, " · <a href=\"/j/%s/%s#comments\">", view->journal->slug, row->slug);
		comments_count(out, view, row->comments);
		pv_buf_text(out, "</a>");
	}
	author_card(out, view, row->author_name, true);
	pv_buf_text(out, "</p>\n");
}

static void entry_body(struct pv_buf *out, const struct pv_journal_view *view,
	const struct pv_journal_row *row, const char *classes)
{
	pv_buf_printf(out, "<div class=\"%s\" lang=\"%s\">\n", classes,
		pv_journal_language(view, row->languages));
	pv_journal_html_text(out, view, row->text);
	pv_buf_text(out, "</div>\n");
	pv_journal_html_media(out, view, row);
}

void pv_journal_html_list(struct pv_buf *out, const struct pv_journal_view *view,
	const struct pv_journal_row *rows, size_t n, int64_t older_us)
{
	pv_journal_html_open(out, view, view->journal->name);
	pv_buf_text(out, "<div class=\"h-feed\">\n<h1 class=\"p-name\">");
	pv_buf_html(out, view->journal->name);
	pv_buf_text(out, "</h1>\n");
	if (n == 0)
		pv_buf_printf(out, "<p class=\"quiet\">%s</p>\n",
			pv_journal_say(view, "Rien n'a encore été publié ici.",
				"Nothing has been published here yet."));
	for (size_t i = 0; i < n; i++) {
		pv_buf_text(out, "<article class=\"h-entry\">\n");
		entry_body(out, view, &rows[i], "p-name e-content");
		entry_meta(out, view, &rows[i], true);
		pv_buf_text(out, "</article>\n");
	}
	pv_buf_text(out, "</div>\n");
	if (older_us != PV_TIME_NONE)
		pv_buf_printf(out,
			"<p class=\"pager\"><a rel=\"next\" href=\"/j/%s?before=%" PRId64
			"\">%s</a></p>\n",
			view->journal->slug, older_us,
			pv_journal_say(view, "Plus anciens", "Earlier"));
	pv_journal_html_close(out, view);
}

/* ---- an entry --------------------------------------------------------------------------------- */

static void answer(
	struct pv_buf *out, const struct pv_journal_view *view, const struct pv_journal_row *row)
{
	pv_buf_printf(out, "<li class=\"answer p-comment h-cite\" id=\"%s\">\n<p class=\"meta\">",
		row->slug);
	author_card(out, view, row->author_name, false);
	pv_buf_text(out, " · ");
	pv_journal_html_time(out, view, row->published_at_us);
	pv_buf_text(out, "</p>\n");
	entry_body(out, view, row, "e-content p-name");
	pv_buf_text(out, "</li>\n");
}

static void comment(struct pv_buf *out, const struct pv_journal_view *view,
	const struct pv_journal_comment *one)
{
	const struct pv_message_row *message = &one->message;
	pv_buf_printf(out,
		"<li class=\"comment p-comment h-cite\" id=\"c-%s\">\n<p class=\"meta\">"
		"<span class=\"p-author h-card\"><span class=\"p-name\">",
		message->id);
	pv_buf_html(out, *message->author_name ? message->author_name
					       : pv_journal_say(view, "Quelqu'un", "Someone"));
	pv_buf_text(out, "</span></span> · ");
	pv_journal_html_time(out, view, message->said_at_us);
	pv_buf_text(out, "</p>\n<div class=\"e-content p-name\">\n");
	pv_journal_html_text(out, view, message->text);
	pv_buf_text(out, "</div>\n");
	if (one->n_answers) {
		pv_buf_text(out, "<ol class=\"answers\">\n");
		for (size_t i = 0; i < one->n_answers; i++)
			answer(out, view, &one->answers[i]);
		pv_buf_text(out, "</ol>\n");
	}
	pv_buf_text(out, "</li>\n");
}

static void notice(
	struct pv_buf *out, const struct pv_journal_view *view, const struct pv_journal_form *form)
{
	if (form->notice == PV_NOTICE_NONE)
		return;
	bool held = form->notice == PV_NOTICE_COMMENT_HELD;
	pv_buf_printf(out, "<p class=\"notice\" role=\"status\">");
	pv_buf_html(out,
		held ? pv_journal_say(view,
			       "Merci. Votre commentaire paraîtra ici une fois lu par l'équipe.",
			       "Thank you. Your comment will appear here once the team has read "
			       "it.")
		     : form->words);
	pv_buf_text(out, "</p>\n");
}

/* No script, no cookie; the field nobody sees is for robots, who fill it in. */
static void comment_form(struct pv_buf *out, const struct pv_journal_view *view,
	const struct pv_journal_row *row, const struct pv_journal_form *form)
{
	pv_buf_printf(out,
		"<form class=\"comment-form\" method=\"post\" "
		"action=\"/j/%s/%s/comments?lang=%s#comments\">\n",
		view->journal->slug, row->slug, view->language);
	pv_buf_printf(out,
		"<p><label for=\"comment-name\">%s</label>\n"
		"<input id=\"comment-name\" name=\"name\" autocomplete=\"name\" maxlength=\"%d\" "
		"value=\"",
		pv_journal_say(view, "Votre nom (facultatif)", "Your name (optional)"),
		PV_COMMENT_NAME_MAX / 2);
	pv_buf_html(out, form->name ? form->name : "");
	pv_buf_printf(out,
		"\"></p>\n<p class=\"trap\" aria-hidden=\"true\"><label "
		"for=\"comment-website\">%s</label>\n"
		"<input id=\"comment-website\" name=\"website\" tabindex=\"-1\" "
		"autocomplete=\"off\"></p>\n",
		pv_journal_say(view, "Laissez ce champ vide", "Leave this field empty"));
	pv_buf_printf(out,
		"<p><label for=\"comment-text\">%s</label>\n"
		"<textarea id=\"comment-text\" name=\"text\" rows=\"5\" required maxlength=\"%d\">",
		pv_journal_say(view, "Votre commentaire", "Your comment"), PV_COMMENT_TEXT_MAX / 2);
	pv_buf_html(out, form->text ? form->text : "");
	pv_buf_printf(out,
		"</textarea></p>\n<p class=\"quiet\">%s</p>\n<p><button>%s</button></p>\n</form>\n",
		pv_journal_say(view,
			"Il paraîtra une fois lu par l'équipe. Aucun compte, aucun témoin.",
			"It will appear once the team has read it. No account, no cookie."),
		pv_journal_say(view, "Envoyer le commentaire", "Send the comment"));
}

/* A title for the window: the first words of the text. */
static const char *entry_title(const struct pv_journal_view *view, const char *text)
{
	enum { TITLE_MAX = 80 };
	size_t size = strcspn(text, "\n");
	if (size > TITLE_MAX) {
		size = TITLE_MAX;
		while (size && text[size] != ' ')
			size--;
		if (!size) {
			size = TITLE_MAX;
			while (size && ((unsigned char)text[size] & 0xC0) == 0x80)
				size--;
		}
		char *cut = talloc_asprintf(view->mem, "%.*s…", (int)size, text);
		return cut ? cut : view->journal->name;
	}
	char *whole = talloc_strndup(view->mem, text, size);
	return whole && *whole ? whole : view->journal->name;
}

void pv_journal_html_entry(struct pv_buf *out, const struct pv_journal_view *view,
	const struct pv_desk_journal_entry *entry, const struct pv_journal_form *form)
{
	const char *title = entry_title(view, entry->row.text);
	pv_journal_html_open(out, view, title);
	pv_buf_text(out, "<article class=\"h-entry\">\n<h1 class=\"visually-hidden\">");
	pv_buf_html(out, title);
	pv_buf_text(out, "</h1>\n");
	entry_body(out, view, &entry->row, "p-name e-content");
	entry_meta(out, view, &entry->row, false);
	if (view->journal->comments || entry->n_comments) {
		pv_buf_printf(out,
			"<section id=\"comments\" aria-labelledby=\"comments-title\">\n"
			"<h2 id=\"comments-title\">%s</h2>\n",
			pv_journal_say(view, "Commentaires", "Comments"));
		notice(out, view, form);
		if (entry->n_comments) {
			pv_buf_text(out, "<ol class=\"comments\">\n");
			for (size_t i = 0; i < entry->n_comments; i++)
				comment(out, view, &entry->comments[i]);
			pv_buf_text(out, "</ol>\n");
		}
		if (view->journal->comments)
			comment_form(out, view, &entry->row, form);
		pv_buf_text(out, "</section>\n");
	}
	pv_buf_text(out, "</article>\n");
	pv_journal_html_close(out, view);
}

void pv_journal_html_word(struct pv_buf *out, const struct pv_journal_view *view, const char *title,
	const char *sentence)
{
	pv_journal_html_open(out, view, title);
	pv_buf_text(out, "<h1>");
	pv_buf_html(out, title);
	pv_buf_text(out, "</h1>\n<p>");
	pv_buf_html(out, sentence);
	pv_buf_text(out, "</p>\n");
	pv_journal_html_close(out, view);
}
