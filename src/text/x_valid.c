/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The questions of twitter-text's validation: is this whole text a name, a list, a hashtag, a URL? */
#include "text/entities.h"

#include "base/mem.h"
#include "text/chars.h"
#include "text/scan.h"

#include <string.h>
#include <strings.h>

/* Is the only thing of that kind the whole text, its sign apart? */
static bool alone(struct pv_str text, enum pv_entity_kind kind)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_entities found;
	return scope && pv_entities_find(scope, PV_DIALECT_X, text, &found, NULL) == PV_OK &&
	       found.n == 1 && found.items[0].kind == kind && found.items[0].start == 0 &&
	       found.items[0].end == text.size;
}

bool pv_x_username_valid(struct pv_str text)
{
	return alone(text, PV_ENTITY_MENTION);
}

bool pv_x_list_valid(struct pv_str text)
{
	return alone(text, PV_ENTITY_LIST);
}

bool pv_x_hashtag_valid(struct pv_str text)
{
	return alone(text, PV_ENTITY_HASHTAG);
}

/* ---- URLs (RFC 3986, and Unicode in the domain) --------------------------------------------------- */

static bool is_cyrillic(uint32_t c)
{
	return (c >= 0x400 && c <= 0x4FF) || (c >= 0x1C80 && c <= 0x1C87);
}

static bool is_hex(char c)
{
	return pv_ascii_is(c, PV_C_DIGIT) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

/* Only unreserved characters, sub-delims, %XX and those of `more`. */
static bool all_allowed(const char *at, const char *end, const char *more)
{
	while (at < end) {
		size_t size;
		uint32_t c = pv_char_at(at, end, &size);
		if (c == '%') {
			if (end - at < 3 || !is_hex(at[1]) || !is_hex(at[2]))
				return false;
			size = 3;
		} else if (c >= 0x80 ? !is_cyrillic(c)
				     : !(pv_ascii_class[c] & (PV_C_UNRESERVED | PV_C_SUB_DELIM)) &&
					       (c == 0 || !strchr(more, (int)c))) {
			return false;
		}
		at += size;
	}
	return true;
}

static bool label_valid(const char *from, const char *to, bool underscores, bool top)
{
	if (from == to)
		return false;
	for (const char *at = from; at < to; at++) {
		bool edge = at == from || at == to - 1;
		bool letter = (unsigned char)*at >= 0x80 ||
			      pv_ascii_is(*at, top && at == from ? PV_C_LETTER : PV_C_ALNUM);
		if (!letter && (edge || !(*at == '-' || (underscores && *at == '_'))))
			return false;
	}
	return true;
}

static bool domain_valid(const char *from, const char *to)
{
	const char *top = memrchr(from, '.', (size_t)(to - from));
	if (!top || !label_valid(top + 1, to, false, true))
		return false;
	const char *name = memrchr(from, '.', (size_t)(top - from));
	if (!label_valid(name ? name + 1 : from, top, false, false))
		return false;
	while (name) {
		const char *before = memrchr(from, '.', (size_t)(name - from));
		if (!label_valid(before ? before + 1 : from, name, true, false))
			return false;
		name = before;
	}
	return true;
}

static bool ipv4_valid(const char *at, const char *end)
{
	for (int part = 0; part < 4; part++) {
		unsigned value = 0;
		const char *from = at;
		while (at < end && at - from < 4 && pv_ascii_is(*at, PV_C_DIGIT))
			value = value * 10 + (unsigned)(*at++ - '0');
		if (at == from || value > 255 || (*from == '0' && at - from > 1))
			return false;
		if (part < 3 && (at == end || *at++ != '.'))
			return false;
	}
	return at == end;
}

static bool ipv6_valid(const char *at, const char *end)
{
	if (end - at < 3 || *at != '[' || end[-1] != ']')
		return false;
	for (at++; at < end - 1; at++)
		if (!is_hex(*at) && *at != ':' && *at != '.')
			return false;
	return true;
}

static bool authority_valid(const char *at, const char *end)
{
	const char *user = memchr(at, '@', (size_t)(end - at));
	if (user) {
		if (!all_allowed(at, user, ":"))
			return false;
		at = user + 1;
	}
	const char *port = end;
	while (port > at && pv_ascii_is(port[-1], PV_C_DIGIT))
		port--;
	if (port > at && port < end && port[-1] == ':' && end - port <= 5)
		end = port - 1;
	return ipv4_valid(at, end) || ipv6_valid(at, end) || domain_valid(at, end);
}

static const char *until_any(const char *at, const char *end, const char *stops)
{
	while (at < end && !memchr(stops, *at, strlen(stops)))
		at++;
	return at;
}

bool pv_x_url_valid(struct pv_str text, bool needs_scheme)
{
	const char *at = text.bytes, *end = text.bytes + text.size;
	if (!text.size || memchr(at, '\n', text.size))
		return false;
	const char *scheme = until_any(at, end, ":/?#");
	if (scheme > at && end - scheme >= 3 && memcmp(scheme, "://", 3) == 0) {
		size_t size = (size_t)(scheme - at);
		bool http = (size == 4 && strncasecmp(at, "http", 4) == 0) ||
			    (size == 5 && strncasecmp(at, "https", 5) == 0);
		if (needs_scheme && !http)
			return false;
		at = scheme + 3;
	} else if (needs_scheme) {
		return false;
	}
	const char *path = until_any(at, end, "/?#");
	const char *query = until_any(path, end, "?#");
	const char *fragment = query < end && *query == '?' ? until_any(query, end, "#") : query;
	return authority_valid(at, path) && all_allowed(path, query, "/:|@") &&
	       (query == fragment || all_allowed(query + 1, fragment, ":|@/?")) &&
	       (fragment == end || all_allowed(fragment + 1, end, ":|@/?"));
}
