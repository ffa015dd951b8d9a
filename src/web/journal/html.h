/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The journal's pages as HTML: no script, one style sheet, microformats2, in the reader's language.
 *
 *	struct pv_journal_view view = {.journal = &journal, .language = "fr", .base_url = …};
 *	struct pv_buf html = PV_BUF(mem, PV_JOURNAL_HTML_MAX);
 *	pv_journal_html_list(&html, &view, rows, n, older_us);
 *
 * Sources: microformats.org/wiki/h-entry, h-feed, h-cite, h-card; RFC 4287 (Atom), RFC 4685 (thr).
 * Pure but for talloc: rows in, text out.
 */
#ifndef PV_WEB_JOURNAL_HTML_H
#define PV_WEB_JOURNAL_HTML_H

#include "base/str.h"
#include "desk/conversations.h"
#include "desk/journal.h"
#include "text/zone.h"

#include <jansson.h>

enum { PV_JOURNAL_HTML_MAX = 4 << 20 };

struct pv_journal_view {
	TALLOC_CTX *mem;
	const struct pv_desk_journal *journal;
	const struct pv_zone *zone; /* the organisation's */
	const char *language;       /* of the page's own words: fr | en */
	const char *base_url;       /* of the desk, no final slash */
	const char *path;           /* of this page, for the switch of language */
};

/* What happened to a comment that was just sent. */
enum pv_journal_notice {
	PV_NOTICE_NONE,
	PV_NOTICE_COMMENT_HELD,    /* it waits for someone to read it */
	PV_NOTICE_COMMENT_REFUSED, /* words say why; what was typed stands in the form */
};

struct pv_journal_form {
	enum pv_journal_notice notice;
	const char *words;       /* of a refusal */
	const char *name, *text; /* typed, given back */
};

/* The list; older_us: the cursor of the next page, PV_TIME_NONE when there is none. */
void pv_journal_html_list(struct pv_buf *out, const struct pv_journal_view *view,
	const struct pv_journal_row *rows, size_t n, int64_t older_us);
void pv_journal_html_entry(struct pv_buf *out, const struct pv_journal_view *view,
	const struct pv_desk_journal_entry *entry, const struct pv_journal_form *form);
/* `document` is pv_policy_to_json's; the version's number and since when it is in force. */
void pv_journal_html_policy(struct pv_buf *out, const struct pv_journal_view *view,
	const json_t *document, int64_t version, int64_t effective_at_us);
/* A page with one sentence: nothing here, come back later. */
void pv_journal_html_word(struct pv_buf *out, const struct pv_journal_view *view, const char *title,
	const char *sentence);
/* The same list as an Atom feed. */
void pv_journal_atom(struct pv_buf *out, const struct pv_journal_view *view,
	const struct pv_journal_row *rows, size_t n);

/* ---- shared by the pages' files -------------------------------------------------------------- */

/* The word in the page's language. */
const char *pv_journal_say(const struct pv_journal_view *view, const char *fr, const char *en);
/* Doctype to <main>, and </main> to the end. */
void pv_journal_html_open(
	struct pv_buf *out, const struct pv_journal_view *view, const char *title);
void pv_journal_html_close(struct pv_buf *out, const struct pv_journal_view *view);
/* Plain text → paragraphs, lines and links. */
void pv_journal_html_text(struct pv_buf *out, const struct pv_journal_view *view, const char *text);
void pv_journal_html_media(
	struct pv_buf *out, const struct pv_journal_view *view, const struct pv_journal_row *row);
/* <time class="dt-published" datetime=…>words</time> */
void pv_journal_html_time(struct pv_buf *out, const struct pv_journal_view *view, int64_t at_us);
/* The first of a JSON list of languages, "fr" when empty; below view->mem. */
const char *pv_journal_language(const struct pv_journal_view *view, const char *languages_json);
/* https://desk/j/slug, without and with an entry. */
void pv_journal_address(struct pv_buf *out, const struct pv_journal_view *view, const char *entry);

#endif
