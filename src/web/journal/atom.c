/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The journal as an Atom feed (RFC 4287). Ids are urn:uuid (RFC 9562): they outlive a change of
 * address of the desk. */
#include "web/journal/html.h"
#include "base/id.h"
#include "base/instant.h"

#include <string.h>

static void element(struct pv_buf *out, const char *name, const char *text)
{
	pv_buf_printf(out, "<%s>", name);
	pv_buf_html(out, text);
	pv_buf_printf(out, "</%s>\n", name);
}

static void time_element(struct pv_buf *out, const char *name, int64_t at_us)
{
	char text[PV_TIME_TEXT_SIZE];
	pv_buf_printf(out, "<%s>%s</%s>\n", name, pv_time_format(at_us, text), name);
}

static void entry(
	struct pv_buf *out, const struct pv_journal_view *view, const struct pv_journal_row *row)
{
	struct pv_buf html = PV_BUF(view->mem, PV_JOURNAL_HTML_MAX);
	pv_journal_html_text(&html, view, row->text);
	pv_journal_html_media(&html, view, row);
	const char *content = pv_buf_end(&html);
	size_t line = strcspn(row->text, "\n");
	enum { TITLE_MAX = 100 };
	size_t size = line < TITLE_MAX ? line : TITLE_MAX;
	while (size && size < line && ((unsigned char)row->text[size] & 0xC0) == 0x80)
		size--;
	char *title = talloc_asprintf(
		view->mem, "%.*s%s", (int)size, row->text, size < strlen(row->text) ? "…" : "");
	if (!content || !title) {
		out->failed = true;
		return;
	}
	pv_buf_printf(out, "<entry xml:lang=\"%s\">\n", pv_journal_language(view, row->languages));
	char uuid[PV_UUID_SIZE];
	pv_buf_printf(out, "<id>urn:uuid:%s</id>\n", pv_id_uuid(row->id, uuid));
	element(out, "title", title);
	pv_buf_text(out, "<link rel=\"alternate\" type=\"text/html\" href=\"");
	pv_journal_address(out, view, row->slug);
	pv_buf_text(out, "\"/>\n");
	time_element(out, "published", row->published_at_us);
	time_element(out, "updated", row->published_at_us);
	pv_buf_text(out, "<author>");
	element(out, "name", row->author_name);
	pv_buf_text(out, "</author>\n<content type=\"html\">");
	pv_buf_html(out, content);
	pv_buf_text(out, "</content>\n</entry>\n");
}

void pv_journal_atom(struct pv_buf *out, const struct pv_journal_view *view,
	const struct pv_journal_row *rows, size_t n)
{
	const struct pv_desk_journal *journal = view->journal;
	char uuid[PV_UUID_SIZE];
	pv_buf_printf(out,
		"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
		"<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"%s\">\n"
		"<id>urn:uuid:%s</id>\n",
		journal->language, pv_id_uuid(journal->organization_id, uuid));
	element(out, "title", journal->name);
	pv_buf_text(out, "<link rel=\"alternate\" type=\"text/html\" href=\"");
	pv_journal_address(out, view, NULL);
	pv_buf_text(out, "\"/>\n<link rel=\"self\" type=\"application/atom+xml\" href=\"");
	pv_journal_address(out, view, "feed.atom");
	pv_buf_printf(out, "\"/>\n<generator version=\"%s\">Portevoix</generator>\n", PV_VERSION);
	/* RFC 4287, 4.2.15 asks for a date; an empty journal has none of its own */
	time_element(out, "updated", n ? rows[0].published_at_us : 0);
	pv_buf_text(out, "<author>");
	element(out, "name", journal->name);
	pv_buf_text(out, "</author>\n");
	for (size_t i = 0; i < n; i++)
		entry(out, view, &rows[i]);
	pv_buf_text(out, "</feed>\n");
}
