/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The HTML inside feeds, as plain text. Cut into tags in one pass (net/page_scan.h): a tree of it
 * takes hours to build when a stranger writes a tag with a million attributes.
 */
#include "base/mem.h"
#include "collect/feed_parts.h"
#include "net/page_scan.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *const blocks[] = {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol",
	"blockquote", "pre", "table", "figure", "section", "article", "header", "footer", "hr"};
static const char *const lines[] = {"br", "li", "tr", "dt", "dd"};
/* Of what page_scan.h passes over unread, what a reader sees all the same. */
static const char *const written[] = {"textarea", "xmp"};
/* Nothing in these is read; page_scan.h passes over scripts, styles, titles and frames. */
static const char *const silent[] = {"template", "noscript", "object", "svg"};

static size_t index_of(const struct page_tag *tag, const char *const *names, size_t n)
{
	size_t i = 0;
	while (i < n && !(tag->name.size == strlen(names[i]) &&
				strncasecmp(tag->name.bytes, names[i], tag->name.size) == 0))
		i++;
	return i;
}

#define IS_ONE_OF(tag, names) (index_of(tag, names, PV_COUNT(names)) < PV_COUNT(names))

/* Newlines that wait for the next word: none at the ends, at most two in a row. */
struct plain {
	struct pv_buf text;
	int breaks;
	bool space;
	bool full;
};

static void add_break(struct plain *plain, int breaks)
{
	if (plain->breaks < breaks)
		plain->breaks = breaks;
}

static void add_text(struct plain *plain, const char *text)
{
	for (const char *at = text; *at && !plain->full;) {
		size_t blank = strspn(at, " \t\r\n");
		if (blank) {
			plain->space = true;
			at += blank;
			continue;
		}
		size_t word = strcspn(at, " \t\r\n");
		size_t more = word + 2;
		if (plain->text.size + more > plain->text.limit) {
			plain->full = true;
			return;
		}
		if (plain->text.size && plain->breaks)
			pv_buf_add(&plain->text, "\n\n", (size_t)plain->breaks);
		else if (plain->text.size && plain->space)
			pv_buf_char(&plain->text, ' ');
		plain->breaks = 0;
		plain->space = false;
		pv_buf_add(&plain->text, at, word);
		at += word;
	}
}

static void add_html(struct plain *plain, struct pv_str html)
{
	char *text = html.size ? pv_page_text(plain->text.mem, html) : NULL;
	plain->text.failed |= html.size && !text;
	if (text)
		add_text(plain, text);
	talloc_free(text);
}

/*
 * Past the end of a silent element, of whose name others may stand in it. Where it has none the
 * text goes on in it, and elements of that name are read from then on: `heard`.
 */
static void pass_silent(struct page_scan *scan, size_t which, unsigned *heard)
{
	struct page_scan ahead = *scan;
	struct page_tag tag;
	size_t depth = 1;
	while (depth && pv_page_scan_next(&ahead, &tag))
		if (index_of(&tag, silent, PV_COUNT(silent)) == which)
			depth += tag.closing ? (size_t)-1 : (size_t)(ahead.at[-2] != '/');
	if (depth)
		*heard |= 1u << which;
	else
		*scan = ahead;
}

static void walk(struct plain *plain, const char *html, size_t size)
{
	struct page_scan scan = {.at = html, .end = html + size, .piece = true};
	struct page_tag tag;
	struct pv_str text;
	enum page_part part;
	unsigned heard = 0;
	while (!plain->full && (part = pv_page_scan_part(&scan, &text, &tag)) != PAGE_END) {
		if (part == PAGE_TEXT) {
			add_html(plain, text);
			continue;
		}
		size_t which = index_of(&tag, silent, PV_COUNT(silent));
		if (IS_ONE_OF(&tag, blocks))
			add_break(plain, 2);
		else if (!tag.closing && IS_ONE_OF(&tag, lines))
			add_break(plain, 1);
		else if (!tag.closing && IS_ONE_OF(&tag, written))
			add_html(plain, tag.text);
		else if (!tag.closing && which < PV_COUNT(silent) && scan.at[-2] != '/' &&
			 !(heard >> which & 1))
			pass_silent(&scan, which, &heard);
	}
}

char *pv_feed_plain(TALLOC_CTX *mem, const char *html, size_t limit)
{
	struct plain plain = {.text = PV_BUF(mem, limit)};
	size_t size = strlen(html);
	/* most titles have no markup at all */
	if (!strpbrk(html, "<&"))
		add_text(&plain, html);
	else if (size <= PV_FEED_BYTES_MAX)
		walk(&plain, html, size);
	if (plain.text.failed)
		return NULL;
	return plain.text.bytes ? plain.text.bytes : talloc_strdup(mem, "");
}

char *pv_feed_picture(TALLOC_CTX *mem, const char *html)
{
	enum { TRACKER_MAX = 2, NUMBER_MAX = 20 }; /* pixels: a picture nobody is meant to see */
	struct page_scan scan = {.at = html, .end = html + strlen(html), .piece = true};
	struct page_tag tag;
	bool failed = false;
	while (!failed && pv_page_scan_next(&scan, &tag)) {
		if (!pv_page_tag_is(&tag, "img"))
			continue;
		const char *width = pv_page_tag_get(mem, &tag, "width", NUMBER_MAX, &failed);
		const char *source = pv_page_tag_get(mem, &tag, "src", PV_FEED_URL_MAX, &failed);
		int pixels = width ? atoi(width) : TRACKER_MAX + 1;
		if (source && pixels > TRACKER_MAX && strncmp(source, "data:", 5) != 0)
			return pv_feed_cut(mem, source, strlen(source), PV_FEED_URL_MAX);
	}
	return failed ? NULL : talloc_strdup(mem, "");
}
