/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * JSON-LD as it stands in pages: read by its member names, without contexts. The things described
 * are those of the top, of @graph and of mainEntity; comments, reviews and parts stand deeper and
 * are others' words.
 */
#include "net/page_parts.h"

#include "base/json.h"
#include "base/mem.h"
#include "base/str.h"
#include "net/url.h"

#include <strings.h>

struct block {
	struct page_reader *reader;
	const json_t *nodes[PV_NET_PAGE_NODES_MAX];
	size_t n;
};

static void gather(struct block *block, const json_t *value, int depth)
{
	static const char *const inner[] = {"@graph", "mainEntity"};
	if (depth > PV_NET_PAGE_NESTING_MAX)
		return;
	for (size_t i = 0; i < json_array_size(value); i++)
		gather(block, json_array_get(value, i), depth + 1);
	if (!json_is_object(value) || block->n == PV_NET_PAGE_NODES_MAX)
		return;
	block->nodes[block->n++] = value;
	for (size_t i = 0; i < PV_COUNT(inner); i++)
		gather(block, json_object_get(value, inner[i]), depth + 1);
}

/* A text, the first of a list of them, or the @id of an object; NULL: none. */
static const char *text_of(const json_t *value)
{
	if (json_is_array(value))
		value = json_array_get(value, 0);
	if (json_is_object(value))
		value = json_object_get(value, "@id");
	return json_string_value(value);
}

static bool has_type(const json_t *node, const char *const *types, size_t n)
{
	const json_t *type = json_object_get(node, "@type");
	for (size_t i = 0; i < n; i++) {
		if (pv_streq(json_string_value(type), types[i]))
			return true;
		for (size_t k = 0; k < json_array_size(type); k++)
			if (pv_streq(json_string_value(json_array_get(type, k)), types[i]))
				return true;
	}
	return false;
}

/* ---- which page is described ------------------------------------------------------------------- */

static const char *without_www(const char *host)
{
	return strncmp(host, "www.", 4) == 0 ? host + 4 : host;
}

static bool same_page(struct page_reader *reader, const char *a, const char *b)
{
	struct pv_net_url one, other;
	if (!a || !b || pv_net_url_parse(reader->mem, a, &one, NULL) != PV_OK ||
		pv_net_url_parse(reader->mem, b, &other, NULL) != PV_OK)
		return false;
	size_t size = strlen(one.path), more = strlen(other.path);
	size -= size && one.path[size - 1] == '/';
	more -= more && other.path[more - 1] == '/';
	return strcmp(without_www(one.host), without_www(other.host)) == 0 && size == more &&
	       memcmp(one.path, other.path, size) == 0;
}

/* The address of what a node describes; NULL when it does not say. */
static const char *address_of(struct page_reader *reader, const json_t *node)
{
	static const char *const names[] = {"url", "mainEntityOfPage"};
	for (size_t i = 0; i < PV_COUNT(names); i++) {
		const char *text = text_of(json_object_get(node, names[i]));
		const char *address = text ? pv_page_address(reader, text) : NULL;
		if (address)
			return address;
	}
	return NULL;
}

/* A page that lists articles describes each with its own address: those are other pages. */
static bool is_this_page(struct page_reader *reader, const json_t *node)
{
	const char *address = address_of(reader, node);
	return !address || same_page(reader, address, reader->url) ||
	       same_page(reader, address, reader->canonical);
}

static const json_t *authors_of(const json_t *node)
{
	static const char *const others[] = {"Comment", "Person", "Organization", "ImageObject"};
	const json_t *authors = json_object_get(node, "author");
	if (!authors)
		authors = json_object_get(node, "creator");
	return has_type(node, others, PV_COUNT(others)) ? NULL : authors;
}

/* ---- authors ----------------------------------------------------------------------------------- */

static void add_urls(struct page_reader *reader, struct page_author *author, const json_t *value)
{
	size_t n = json_is_array(value) ? json_array_size(value) : 1;
	for (size_t i = 0; i < n && i < PV_NET_PAGE_URLS_MAX; i++) {
		const char *text = text_of(json_is_array(value) ? json_array_get(value, i) : value);
		pv_page_url_add(author->urls, &author->n_urls,
			text && text[0] == '@' ? pv_page_whose(reader, text)
					       : pv_page_address(reader, text));
	}
}

/* {"@id": …} alone stands for the node of that name in the same block. */
static const json_t *referred(const struct block *block, const json_t *author)
{
	const char *id = pv_json_text(author, "@id");
	for (size_t i = 0; id && !json_object_get(author, "name") && i < block->n; i++)
		if (pv_streq(pv_json_text(block->nodes[i], "@id"), id) &&
			json_object_size(block->nodes[i]) > 1)
			return block->nodes[i];
	return author;
}

static void add_author(struct block *block, const json_t *value)
{
	struct page_reader *reader = block->reader;
	struct page_author author = {.name = "", .via = "json-ld"};
	const char *text = json_string_value(value);
	if (text) {
		pv_page_url_add(author.urls, &author.n_urls, pv_page_whose(reader, text));
		if (author.n_urls == 0)
			author.name = pv_page_line(reader, text);
	} else if (json_is_object(value)) {
		const json_t *person = referred(block, value);
		const char *name = text_of(json_object_get(person, "name"));
		author.name = name ? pv_page_line(reader, name) : "";
		add_urls(reader, &author, json_object_get(person, "url"));
		add_urls(reader, &author, json_object_get(person, "sameAs"));
		const char *id = pv_json_text(person, "@id");
		pv_page_url_add(author.urls, &author.n_urls, id ? pv_page_whose(reader, id) : NULL);
	}
	pv_page_author_add(reader, &author);
}

static void add_authors(struct block *block, const json_t *node)
{
	const json_t *authors = authors_of(node);
	size_t n = json_is_array(authors) ? json_array_size(authors) : 1;
	for (size_t i = 0; i < n && i < PV_NET_PAGE_AUTHORS_MAX; i++)
		add_author(block, json_is_array(authors) ? json_array_get(authors, i) : authors);
}

void pv_page_read_json(struct page_reader *reader, const char *bytes, size_t size)
{
	PV_JSON json_t *root = NULL;
	struct block *block = talloc_zero(reader->mem, struct block);
	reader->failed |= !block;
	if (!block || size > PV_NET_PAGE_BLOCK_BYTES_MAX ||
		pv_json_parse_foreign(bytes, size, &root, NULL) != PV_OK)
		return;
	block->reader = reader;
	gather(block, root, 0);
	size_t authored = 0;
	for (size_t i = 0; i < block->n; i++)
		authored += authors_of(block->nodes[i]) != NULL;
	for (size_t i = 0; i < block->n && !reader->failed; i++)
		if (authors_of(block->nodes[i]) &&
			(authored == 1 || is_this_page(reader, block->nodes[i])))
			add_authors(block, block->nodes[i]);
	talloc_free(block);
}
