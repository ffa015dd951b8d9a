/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* RSS and Atom. Elements are known by their local name and, where two vocabularies meet, their
 * namespace; what is not known is passed over. */
#include "collect/feed_parts.h"
#include "base/instant.h"
#include "base/mem.h"
#include "base/str.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <string.h>

static const char atom_ns[] = "http://www.w3.org/2005/Atom";
static const char content_ns[] = "http://purl.org/rss/1.0/modules/content/";
static const char dc_ns[] = "http://purl.org/dc/elements/1.1/";
static const char media_ns[] = "http://search.yahoo.com/mrss/";

/* ---- reading ---------------------------------------------------------------------------------- */

/* What the parser complained of first; an entity nobody declared (&nbsp; in a hurried feed) is
 * no reason to refuse the whole. */
struct complaint {
	int line, column;
	char *what;
	TALLOC_CTX *mem;
};

static void complain(void *user, xmlErrorPtr problem)
{
	xmlParserCtxtPtr parser = user;
	struct complaint *complaint = parser->_private;
	if (complaint->what || problem->level < XML_ERR_ERROR ||
		problem->code == XML_ERR_UNDECLARED_ENTITY ||
		problem->code == XML_WAR_UNDECLARED_ENTITY || problem->domain == XML_FROM_NAMESPACE)
		return;
	complaint->line = problem->line;
	complaint->column = problem->int2;
	complaint->what = talloc_strdup(complaint->mem, problem->message ? problem->message : "");
	if (complaint->what && *complaint->what)
		complaint->what[strcspn(complaint->what, "\n")] = '\0';
}

static void free_parser(xmlParserCtxtPtr *parser)
{
	if (*parser)
		xmlFreeParserCtxt(*parser);
}

static enum pv_status document_read(TALLOC_CTX *mem, const char *bytes, size_t size,
	const char *base_url, xmlDocPtr *out, struct pv_error *error)
{
	__attribute__((cleanup(free_parser))) xmlParserCtxtPtr parser = xmlNewParserCtxt();
	if (!parser)
		return pv_fail_nomem(error);
	struct complaint complaint = {.mem = mem};
	parser->_private = &complaint;
	parser->sax->serror = complain;
	xmlDocPtr document = xmlCtxtReadMemory(parser, bytes, (int)size, base_url, NULL,
		XML_PARSE_RECOVER | XML_PARSE_NONET | XML_PARSE_NOCDATA | XML_PARSE_COMPACT);
	bool declares = document && document->intSubset && document->intSubset->entities;
	if (document && !complaint.what && !declares && xmlDocGetRootElement(document)) {
		*out = document;
		return PV_OK;
	}
	xmlFreeDoc(document);
	if (declares)
		return pv_fail(error, PV_INVALID,
			"Ce flux déclare ses propres entités XML : le bureau ne les lit pas, par "
			"prudence.",
			"This feed declares XML entities of its own: the desk does not read them, "
			"to be safe.");
	return pv_fail(error, PV_INVALID, "Ce flux XML est mal formé, ligne %d, colonne %d : %s.",
		"This XML feed is malformed, line %d, column %d: %s.", complaint.line,
		complaint.column, complaint.what ? complaint.what : "empty");
}

/* ---- the tree --------------------------------------------------------------------------------- */

static bool named(const xmlNode *node, const char *name)
{
	return node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0;
}

static bool in_namespace(const xmlNode *node, const char *ns)
{
	return node->ns && node->ns->href && strcmp((const char *)node->ns->href, ns) == 0;
}

/* Text below `node`, trimmed; entity references that stayed are left out. */
static char *text_of(TALLOC_CTX *mem, const xmlNode *node, size_t limit)
{
	xmlChar *content = xmlNodeGetContent(node);
	const char *text = content ? (const char *)content : "";
	text += strspn(text, " \t\r\n");
	size_t size = strlen(text);
	while (size && strchr(" \t\r\n", text[size - 1]))
		size--;
	char *copy = pv_feed_cut(mem, text, size, limit);
	xmlFree(content);
	return copy;
}

static char *attribute(TALLOC_CTX *mem, const xmlNode *node, const char *name)
{
	xmlChar *value = xmlGetNoNsProp(node, (const xmlChar *)name);
	char *copy = value ? pv_feed_cut(mem, (const char *)value, strlen((const char *)value),
				     PV_FEED_URL_MAX)
			   : NULL;
	xmlFree(value);
	return copy;
}

static const char *language_of(TALLOC_CTX *mem, const xmlNode *node)
{
	xmlChar *value = xmlNodeGetLang(node);
	char *copy = value ? pv_feed_language(mem, (const char *)value) : NULL;
	xmlFree(value);
	return copy ? copy : "";
}

/* An address relative to the nearest xml:base, else to the feed. */
static char *address(struct feed_reader *reader, const xmlNode *node, const char *reference)
{
	xmlChar *base = xmlNodeGetBase(node->doc, node);
	char *resolved = pv_feed_address(
		reader->mem, base ? (const char *)base : reader->base_url, reference);
	xmlFree(base);
	return resolved;
}

/* ---- RSS -------------------------------------------------------------------------------------- */

static void rss_enclosure(
	struct feed_reader *reader, const xmlNode *node, struct pv_feed_item *item)
{
	const char *type = attribute(reader->mem, node, "type");
	const char *url = attribute(reader->mem, node, "url");
	const char *medium = attribute(reader->mem, node, "medium");
	bool picture = (type && strncmp(type, "image/", 6) == 0) || pv_streq(medium, "image") ||
		       named(node, "thumbnail");
	if (picture && url && !*item->image)
		item->image = address(reader, node, url);
}

static void rss_item_part(struct feed_reader *reader, const xmlNode *node,
	struct pv_feed_item *item, struct feed_bodies *bodies)
{
	TALLOC_CTX *mem = reader->mem;
	if (in_namespace(node, content_ns) && named(node, "encoded")) {
		bodies->content_html = text_of(mem, node, PV_FEED_BYTES_MAX);
	} else if (in_namespace(node, dc_ns)) {
		if (named(node, "creator"))
			item->author = text_of(mem, node, PV_FEED_LINE_MAX);
		else if (named(node, "date"))
			bodies->date = text_of(mem, node, PV_FEED_LINE_MAX);
	} else if (in_namespace(node, media_ns)) {
		if (named(node, "content") || named(node, "thumbnail"))
			rss_enclosure(reader, node, item);
	} else if (named(node, "title")) {
		item->title = pv_feed_line(mem, text_of(mem, node, PV_FEED_BYTES_MAX));
	} else if (named(node, "link")) {
		char *link = text_of(mem, node, PV_FEED_URL_MAX);
		if (link && *link)
			item->url = address(reader, node, link);
	} else if (named(node, "guid")) {
		item->guid = text_of(mem, node, PV_FEED_URL_MAX);
		char *permalink = attribute(mem, node, "isPermaLink");
		if (!*item->url && !pv_streq(permalink, "false"))
			item->url = address(reader, node, item->guid);
	} else if (named(node, "description")) {
		bodies->summary_html = text_of(mem, node, PV_FEED_BYTES_MAX);
	} else if (named(node, "pubDate")) {
		bodies->date = text_of(mem, node, PV_FEED_LINE_MAX);
	} else if (named(node, "author") && !*item->author) {
		item->author = text_of(mem, node, PV_FEED_LINE_MAX);
	} else if (named(node, "category")) {
		pv_feed_label(reader, item, text_of(mem, node, PV_FEED_LINE_MAX));
	} else if (named(node, "enclosure")) {
		rss_enclosure(reader, node, item);
	}
}

static void rss_item(struct feed_reader *reader, const xmlNode *node)
{
	struct pv_feed_item item = pv_feed_item_empty();
	struct feed_bodies bodies = {0};
	item.language = language_of(reader->mem, node);
	for (const xmlNode *part = node->children; part; part = part->next)
		if (part->type == XML_ELEMENT_NODE)
			rss_item_part(reader, part, &item, &bodies);
	pv_feed_item_add(reader, &item, &bodies);
}

static void rss_channel(struct feed_reader *reader, const xmlNode *channel)
{
	for (const xmlNode *node = channel->children; node; node = node->next) {
		if (node->type != XML_ELEMENT_NODE || in_namespace(node, atom_ns))
			continue;
		if (named(node, "item"))
			rss_item(reader, node);
		else if (named(node, "title"))
			reader->feed.title = pv_feed_line(
				reader->mem, text_of(reader->mem, node, PV_FEED_BYTES_MAX));
		else if (named(node, "link"))
			reader->feed.site =
				address(reader, node, text_of(reader->mem, node, PV_FEED_URL_MAX));
		else if (named(node, "language"))
			reader->feed.language = pv_feed_language(
				reader->mem, text_of(reader->mem, node, PV_FEED_LINE_MAX));
	}
}

/* ---- Atom ------------------------------------------------------------------------------------- */

/* RFC 4287, 3.1: text is plain, html escaped, or xhtml inside a div; all come out as HTML. */
static char *atom_text_html(struct feed_reader *reader, const xmlNode *node)
{
	const char *type = attribute(reader->mem, node, "type");
	if (type && (strcmp(type, "html") == 0 || strcmp(type, "text/html") == 0))
		return text_of(reader->mem, node, PV_FEED_BYTES_MAX);
	struct pv_buf html = PV_BUF(reader->mem, PV_FEED_BYTES_MAX);
	if (type && strcmp(type, "xhtml") == 0) {
		xmlBufferPtr buffer = xmlBufferCreate();
		for (xmlNode *child = node->children; buffer && child; child = child->next)
			xmlNodeDump(buffer, node->doc, child, 0, 0);
		if (buffer)
			pv_buf_add(
				&html, xmlBufferContent(buffer), (size_t)xmlBufferLength(buffer));
		xmlBufferFree(buffer);
	} else {
		char *plain = text_of(reader->mem, node, PV_FEED_BYTES_MAX);
		pv_buf_html(&html, plain ? plain : "");
	}
	return talloc_strdup(reader->mem, html.failed || !html.bytes ? "" : html.bytes);
}

static const char *atom_person(struct feed_reader *reader, const xmlNode *person)
{
	for (const xmlNode *node = person->children; node; node = node->next)
		if (named(node, "name"))
			return text_of(reader->mem, node, PV_FEED_LINE_MAX);
	return "";
}

/* The entry's own page: rel absent or "alternate"; Blogger also writes replies, edit and self. */
static const char *atom_link(struct feed_reader *reader, const xmlNode *node, const char *rel)
{
	const char *given = attribute(reader->mem, node, "rel");
	const char *href = attribute(reader->mem, node, "href");
	if (!href || strcmp(given ? given : "alternate", rel) != 0)
		return NULL;
	return address(reader, node, href);
}

static void atom_entry_link(
	struct feed_reader *reader, const xmlNode *node, struct pv_feed_item *item)
{
	const char *page = atom_link(reader, node, "alternate");
	if (page && !*item->url)
		item->url = page;
	const char *type = attribute(reader->mem, node, "type");
	const char *enclosure = atom_link(reader, node, "enclosure");
	if (enclosure && type && strncmp(type, "image/", 6) == 0 && !*item->image)
		item->image = enclosure;
}

static void atom_entry_part(struct feed_reader *reader, const xmlNode *node,
	struct pv_feed_item *item, struct feed_bodies *bodies)
{
	TALLOC_CTX *mem = reader->mem;
	if (in_namespace(node, media_ns)) {
		if (named(node, "thumbnail") || named(node, "content"))
			rss_enclosure(reader, node, item);
	} else if (named(node, "id")) {
		item->guid = text_of(mem, node, PV_FEED_URL_MAX);
	} else if (named(node, "title")) {
		item->title = pv_feed_line(mem, atom_text_html(reader, node));
	} else if (named(node, "summary")) {
		bodies->summary_html = atom_text_html(reader, node);
	} else if (named(node, "content")) {
		bodies->content_html = atom_text_html(reader, node);
	} else if (named(node, "published")) {
		bodies->date = text_of(mem, node, PV_FEED_LINE_MAX);
	} else if (named(node, "updated") && !bodies->date) {
		bodies->date = text_of(mem, node, PV_FEED_LINE_MAX);
	} else if (named(node, "author") && !*item->author) {
		item->author = atom_person(reader, node);
	} else if (named(node, "category")) {
		pv_feed_label(reader, item, attribute(mem, node, "term"));
	} else if (named(node, "link")) {
		atom_entry_link(reader, node, item);
	}
}

static void atom_entry(struct feed_reader *reader, const xmlNode *entry)
{
	struct pv_feed_item item = pv_feed_item_empty();
	struct feed_bodies bodies = {0};
	item.language = language_of(reader->mem, entry);
	for (const xmlNode *node = entry->children; node; node = node->next)
		if (node->type == XML_ELEMENT_NODE)
			atom_entry_part(reader, node, &item, &bodies);
	pv_feed_item_add(reader, &item, &bodies);
}

static void atom_feed(struct feed_reader *reader, const xmlNode *root)
{
	reader->feed.language = language_of(reader->mem, root);
	for (const xmlNode *node = root->children; node; node = node->next) {
		if (named(node, "entry")) {
			atom_entry(reader, node);
		} else if (named(node, "title")) {
			reader->feed.title =
				pv_feed_line(reader->mem, atom_text_html(reader, node));
		} else if (named(node, "link")) {
			const char *site = atom_link(reader, node, "alternate");
			if (site && !*reader->feed.site)
				reader->feed.site = site;
		} else if (named(node, "author")) {
			reader->author = atom_person(reader, node);
		}
	}
}

enum pv_status pv_feed_read_xml(
	struct feed_reader *reader, const char *bytes, size_t size, struct pv_error *error)
{
	xmlDocPtr document = NULL;
	enum pv_status status =
		document_read(reader->mem, bytes, size, reader->base_url, &document, error);
	if (status != PV_OK)
		return status;
	const xmlNode *root = xmlDocGetRootElement(document);
	bool known = true;
	if (named(root, "feed")) {
		atom_feed(reader, root);
	} else if (named(root, "rss")) {
		for (const xmlNode *node = root->children; node; node = node->next)
			if (named(node, "channel"))
				rss_channel(reader, node);
	} else if (named(root, "RDF")) { /* RSS 1.0: items stand beside the channel */
		for (const xmlNode *node = root->children; node; node = node->next)
			if (named(node, "channel"))
				rss_channel(reader, node);
			else if (named(node, "item"))
				rss_item(reader, node);
	} else {
		known = false;
		status = pv_fail(error, PV_INVALID,
			"Ce document XML n'est ni RSS ni Atom : il commence par « %s ».",
			"This XML document is neither RSS nor Atom: it begins with “%s”.",
			pv_feed_cut(reader->mem, (const char *)root->name,
				strlen((const char *)root->name), PV_FEED_LABELS_MAX));
	}
	xmlFreeDoc(document);
	return known ? PV_OK : status;
}
