/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The HTML inside feeds, as plain text. libxml2's HTML parser takes whatever comes. */
#include "collect/feed_parts.h"
#include "base/str.h"

#include <libxml/HTMLparser.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool is_one_of(const xmlNode *node, const char *const *names)
{
	for (; *names; names++)
		if (strcasecmp((const char *)node->name, *names) == 0)
			return true;
	return false;
}

static const char *const silent[] = {"script", "style", "head", "title", "template", "noscript",
	"iframe", "object", "svg", NULL};
static const char *const blocks[] = {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol",
	"blockquote", "pre", "table", "figure", "section", "article", "header", "footer", "hr",
	NULL};
static const char *const lines[] = {"br", "li", "tr", "dt", "dd", NULL};

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

/* The tree in order, without recursion: its depth is a stranger's choice. */
static void walk(struct plain *plain, const xmlNode *root)
{
	const xmlNode *node = root;
	while (node && !plain->full) {
		bool quiet = node->type == XML_ELEMENT_NODE && is_one_of(node, silent);
		if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE)
			add_text(plain, (const char *)node->content);
		else if (node->type == XML_ELEMENT_NODE)
			add_break(plain, is_one_of(node, blocks)  ? 2
					 : is_one_of(node, lines) ? 1
								  : 0);
		if (node->children && !quiet && node->type == XML_ELEMENT_NODE) {
			node = node->children;
			continue;
		}
		while (node && node != root && !node->next) {
			node = node->parent;
			if (node && node->type == XML_ELEMENT_NODE && is_one_of(node, blocks))
				add_break(plain, 2);
		}
		node = node && node != root ? node->next : NULL;
	}
}

static htmlDocPtr read_html(const char *html)
{
	size_t size = strlen(html);
	if (!size || size > PV_FEED_BYTES_MAX)
		return NULL;
	return htmlReadMemory(html, (int)size, NULL, "UTF-8",
		HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET |
			HTML_PARSE_COMPACT);
}

char *pv_feed_plain(TALLOC_CTX *mem, const char *html, size_t limit)
{
	struct plain plain = {.text = PV_BUF(mem, limit)};
	/* most titles have no markup at all */
	if (!strpbrk(html, "<&")) {
		add_text(&plain, html);
	} else {
		htmlDocPtr document = read_html(html);
		if (document)
			walk(&plain, xmlDocGetRootElement(document));
		xmlFreeDoc(document);
	}
	if (plain.text.failed)
		return NULL;
	return plain.text.bytes ? plain.text.bytes : talloc_strdup(mem, "");
}

static const xmlNode *next_node(const xmlNode *node, const xmlNode *root)
{
	if (node->children && node->type == XML_ELEMENT_NODE)
		return node->children;
	while (node && node != root && !node->next)
		node = node->parent;
	return node && node != root ? node->next : NULL;
}

char *pv_feed_picture(TALLOC_CTX *mem, const char *html)
{
	enum { TRACKER_MAX = 2 }; /* pixels: a picture nobody is meant to see */
	char *found = NULL;
	htmlDocPtr document = strcasestr(html, "<img") ? read_html(html) : NULL;
	const xmlNode *root = document ? xmlDocGetRootElement(document) : NULL;
	for (const xmlNode *node = root; node && !found; node = next_node(node, root)) {
		if (node->type != XML_ELEMENT_NODE ||
			strcasecmp((const char *)node->name, "img") != 0)
			continue;
		xmlChar *width = xmlGetNoNsProp(node, (const xmlChar *)"width");
		xmlChar *source = xmlGetNoNsProp(node, (const xmlChar *)"src");
		int pixels = width ? atoi((const char *)width) : TRACKER_MAX + 1;
		if (source && pixels > TRACKER_MAX &&
			strncmp((const char *)source, "data:", 5) != 0)
			found = pv_feed_cut(mem, (const char *)source, strlen((const char *)source),
				PV_FEED_URL_MAX);
		xmlFree(width);
		xmlFree(source);
	}
	xmlFreeDoc(document);
	return found ? found : talloc_strdup(mem, "");
}
