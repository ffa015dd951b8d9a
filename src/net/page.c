/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "net/page_parts.h"

#include "base/mem.h"
#include "base/str.h"
#include "base/utf8.h"
#include "net/page_scan.h"
#include "net/url.h"

#include <stdlib.h>
#include <strings.h>

/* ---- texts ------------------------------------------------------------------------------------- */

const char *pv_page_line(struct page_reader *reader, const char *text)
{
	size_t size = text ? strlen(text) : 0, n = 0;
	char *out = talloc_size(reader->mem, PV_NET_PAGE_NAME_MAX + 1);
	reader->failed |= !out;
	bool space = false;
	for (size_t at = 0; out && at < size;) {
		uint32_t c;
		size_t step = pv_utf8_decode(text + at, size - at, &c);
		if (!step || n + step + 1 > PV_NET_PAGE_NAME_MAX)
			break;
		if (c <= 0x20 || c == 0x7F || (c >= 0x80 && c <= 0xA0)) {
			space = n > 0;
		} else {
			if (space)
				out[n++] = ' ';
			space = false;
			memcpy(out + n, text + at, step);
			n += step;
		}
		at += step;
	}
	if (out)
		out[n] = '\0';
	return out ? out : "";
}

const char *pv_page_address(struct page_reader *reader, const char *reference)
{
	char *resolved = NULL;
	if (!reference)
		return NULL;
	reference += strspn(reference, " \t\r\n\f");
	size_t size = strlen(reference);
	while (size && strchr(" \t\r\n\f", reference[size - 1]))
		size--;
	if (!size || size > PV_NET_PAGE_URL_MAX)
		return NULL;
	const char *trimmed = talloc_strndup(reader->mem, reference, size);
	enum pv_status status =
		trimmed ? pv_net_url_resolve(reader->mem, reader->base, trimmed, &resolved, NULL)
			: PV_NOMEM;
	reader->failed |= status == PV_NOMEM;
	return status == PV_OK && strlen(resolved) <= PV_NET_PAGE_URL_MAX ? resolved : NULL;
}

const char *pv_page_whose(struct page_reader *reader, const char *text)
{
	const char *line = pv_page_line(reader, text);
	if (line[0] == '@')
		return line[1] && !strchr(line, ' ') ? line : NULL;
	bool web = strncasecmp(line, "http://", 7) == 0 || strncasecmp(line, "https://", 8) == 0;
	return web ? pv_page_address(reader, text) : NULL;
}

void pv_page_url_add(const char **urls, size_t *n, const char *url)
{
	for (size_t i = 0; url && i < *n; i++)
		if (strcmp(urls[i], url) == 0)
			return;
	if (url && *n < PV_NET_PAGE_URLS_MAX)
		urls[(*n)++] = url;
}

static bool same_author(const struct page_author *a, const struct page_author *b)
{
	if (strcmp(a->name, b->name) != 0 || a->n_urls != b->n_urls)
		return false;
	for (size_t i = 0; i < a->n_urls; i++)
		if (strcmp(a->urls[i], b->urls[i]) != 0)
			return false;
	return true;
}

void pv_page_author_add(struct page_reader *reader, const struct page_author *author)
{
	if ((!*author->name && author->n_urls == 0) || reader->n_authors == PV_NET_PAGE_AUTHORS_MAX)
		return;
	for (size_t i = 0; i < reader->n_authors; i++)
		if (same_author(&reader->authors[i], author))
			return;
	reader->authors[reader->n_authors++] = *author;
}

static const char *behind(const char *at, const char *those)
{
	while (*at && strchr(those, *at))
		at++;
	return at;
}

/* ---- tags -------------------------------------------------------------------------------------- */

static const char *attribute(
	struct page_reader *reader, const struct page_tag *tag, const char *name)
{
	return pv_page_tag_get(reader->mem, tag, name, PV_NET_PAGE_URL_MAX, &reader->failed);
}

/* Is a word among those of a list separated by spaces? */
static bool has_word(const char *list, const char *word)
{
	size_t wanted = strlen(word);
	while (list && *list) {
		list += strspn(list, " \t\r\n\f");
		size_t size = strcspn(list, " \t\r\n\f");
		if (size == wanted && strncasecmp(list, word, wanted) == 0)
			return true;
		list += size;
	}
	return false;
}

/* "0; url='https://…'": HTML Living Standard, 4.2.5.3, without its oddest spellings. */
static const char *refresh_reference(TALLOC_CTX *mem, const char *content)
{
	char *end;
	long seconds = strtol(content, &end, 10);
	if (end == content || seconds < 0 || seconds > PV_NET_PAGE_REFRESH_MAX_S)
		return NULL;
	const char *at = behind(end, "0123456789. \t\r\n;,");
	if (strncasecmp(at, "url", 3) == 0) {
		const char *equals = behind(at + strlen("url"), " \t\r\n");
		at = *equals == '=' ? equals + 1 : at;
	}
	at = behind(at, " \t\r\n");
	if (*at == '"' || *at == '\'') {
		const char quote[] = {*at, '\0'};
		return talloc_strndup(mem, at + 1, strcspn(at + 1, quote));
	}
	return *at ? talloc_strdup(mem, at) : NULL;
}

const char *pv_net_page_refresh(TALLOC_CTX *mem, const char *url, const char *content)
{
	struct page_reader reader = {.mem = mem, .base = url};
	const char *reference = refresh_reference(mem, content);
	return reference && *reference ? pv_page_address(&reader, reference) : NULL;
}

static bool other_host(struct page_reader *reader, const char *address)
{
	struct pv_net_url here, there;
	return pv_net_url_parse(reader->mem, reader->url, &here, NULL) == PV_OK &&
	       pv_net_url_parse(reader->mem, address, &there, NULL) == PV_OK &&
	       strcmp(here.host, there.host) != 0;
}

/* Within <noscript> a page moves to its plainer self, or a shortener on to where it leads. */
static void read_refresh(struct page_reader *reader, const char *content)
{
	const char *address =
		*reader->refresh ? NULL : pv_net_page_refresh(reader->mem, reader->base, content);
	if (address && !(reader->in_noscript && !other_host(reader, address)))
		reader->refresh = address;
}

static void read_meta(struct page_reader *reader, const struct page_tag *tag)
{
	static const char *const names[] = {"author", "article:author", "dc.creator",
		"dcterms.creator", "twitter:creator", "fediverse:creator"};
	const char *name = attribute(reader, tag, "name");
	if (!name)
		name = attribute(reader, tag, "property");
	const char *http = attribute(reader, tag, "http-equiv");
	const char *content = name || http ? attribute(reader, tag, "content") : NULL;
	if (!content)
		return;
	if (http && strcasecmp(http, "refresh") == 0)
		read_refresh(reader, content);
	for (size_t i = 0; name && i < PV_COUNT(names); i++) {
		if (strcasecmp(name, names[i]) != 0)
			continue;
		struct page_author author = {.name = "", .via = "meta"};
		pv_page_url_add(author.urls, &author.n_urls, pv_page_whose(reader, content));
		if (author.n_urls == 0)
			author.name = pv_page_line(reader, content);
		pv_page_author_add(reader, &author);
	}
}

/* <link> and <a>; what readers wrote ("ugc") and what was paid for is not the page's own word. */
static void read_link(struct page_reader *reader, const struct page_tag *tag, bool of_head)
{
	const char *rel = attribute(reader, tag, "rel");
	bool canonical = of_head && has_word(rel, "canonical") && !*reader->canonical;
	bool me = has_word(rel, "me"), by = has_word(rel, "author");
	if (!(canonical || me || by) || has_word(rel, "ugc") || has_word(rel, "sponsored") ||
		reader->links++ >= PV_NET_PAGE_LINKS_MAX)
		return;
	const char *address = pv_page_address(reader, attribute(reader, tag, "href"));
	if (!address)
		return;
	if (canonical)
		reader->canonical = address;
	if (me)
		pv_page_url_add(reader->me, &reader->n_me, address);
	if (by) {
		struct page_author author = {.name = "", .via = "rel"};
		pv_page_url_add(author.urls, &author.n_urls, address);
		pv_page_author_add(reader, &author);
	}
}

static void read_tag(struct page_reader *reader, const struct page_tag *tag)
{
	if (pv_page_tag_is(tag, "meta"))
		read_meta(reader, tag);
	else if (pv_page_tag_is(tag, "link"))
		read_link(reader, tag, true);
	else if (pv_page_tag_is(tag, "a"))
		read_link(reader, tag, false);
	else if (pv_page_tag_is(tag, "noscript"))
		reader->in_noscript = true;
	else if (tag->closing && tag->name.size == strlen("noscript"))
		reader->in_noscript = false;
}

static void read_script(struct page_reader *reader, const struct page_tag *tag)
{
	const char *type = attribute(reader, tag, "type");
	if (type && strncasecmp(type, "application/ld+json", 19) == 0 &&
		reader->blocks++ < PV_NET_PAGE_BLOCKS_MAX)
		pv_page_read_json(reader, tag->text.bytes, tag->text.size);
}

/* <base> first, and JSON-LD last: which page it describes is told by what stands around it. */
static void read_tags(struct page_reader *reader, struct pv_str text)
{
	const struct page_scan whole = {.at = text.bytes, .end = text.bytes + text.size};
	struct page_scan scan = whole;
	struct page_tag tag;
	while (pv_page_scan_next(&scan, &tag)) {
		if (!pv_page_tag_is(&tag, "base"))
			continue;
		const char *base = pv_page_address(reader, attribute(reader, &tag, "href"));
		reader->base = base ? base : reader->base;
		break;
	}
	for (scan = whole; !reader->failed && pv_page_scan_next(&scan, &tag);)
		read_tag(reader, &tag);
	for (scan = whole; !reader->failed && pv_page_scan_next(&scan, &tag);)
		if (pv_page_tag_is(&tag, "script"))
			read_script(reader, &tag);
}

/* ---- the page ---------------------------------------------------------------------------------- */

static enum pv_status give(const struct page_reader *reader, struct pv_net_page *out)
{
	*out = (struct pv_net_page){.canonical = reader->canonical, .refresh = reader->refresh};
	TALLOC_CTX *mem = reader->mem;
	out->authors = talloc_zero_array(mem, struct pv_net_author, reader->n_authors + 1);
	out->me = talloc_memdup(mem, reader->me, sizeof reader->me);
	if (!out->authors || !out->me)
		return PV_NOMEM;
	for (size_t i = 0; i < reader->n_authors; i++) {
		const struct page_author *author = &reader->authors[i];
		out->authors[i] = (struct pv_net_author){.name = author->name,
			.urls = talloc_memdup(mem, author->urls, sizeof author->urls),
			.n_urls = author->n_urls,
			.via = author->via};
		if (!out->authors[i].urls)
			return PV_NOMEM;
	}
	out->n_authors = reader->n_authors;
	out->n_me = reader->n_me;
	return PV_OK;
}

enum pv_status pv_net_page_read(TALLOC_CTX *mem, const struct pv_net_page_in *in,
	struct pv_net_page *out, struct pv_error *error)
{
	struct page_reader *reader = talloc_zero(mem, struct page_reader);
	if (!reader)
		return pv_fail_nomem(error);
	reader->mem = mem;
	reader->url = reader->base = in->url;
	reader->canonical = reader->refresh = "";
	struct pv_str bytes = {.bytes = in->bytes, .size = in->size}, text;
	if (bytes.size > PV_NET_PAGE_BYTES_MAX)
		bytes.size = PV_NET_PAGE_BYTES_MAX;
	reader->failed = !pv_page_utf8(mem, bytes, in->type, &text);
	if (!reader->failed && text.size)
		read_tags(reader, text);
	bool good = !reader->failed && give(reader, out) == PV_OK;
	return good ? PV_OK : pv_fail_nomem(error);
}

bool pv_net_page_is_html(const char *type)
{
	static const char *const kinds[] = {"text/html", "application/xhtml+xml"};
	if (!type || !*type)
		return true;
	for (size_t i = 0; i < PV_COUNT(kinds); i++) {
		size_t size = strlen(kinds[i]);
		if (strncasecmp(type, kinds[i], size) == 0 && strchr("; \t", type[size]))
			return true;
	}
	return false;
}
