/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "text/host.h"

#include "base/utf8.h"
#include "text/prose.h"

#include <pthread.h>
#include <stdint.h>
#include <unicode/uidna.h>

enum { HOST_BYTES_MAX = 1024 };

static pthread_once_t idna_once = PTHREAD_ONCE_INIT;
static UIDNA *idna; /* immutable once open: any thread may use it */

static void idna_open(void)
{
	UErrorCode code = U_ZERO_ERROR;
	idna = uidna_openUTS46(UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_CHECK_CONTEXTJ, &code);
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static int escape_at(struct pv_str text, size_t at)
{
	if (text.bytes[at] != '%' || at + 2 >= text.size)
		return -1;
	int high = hex_value(text.bytes[at + 1]), low = hex_value(text.bytes[at + 2]);
	return high < 0 || low < 0 ? -1 : high * 16 + low;
}

static bool is_slash(char c)
{
	return c == '/' || c == '\\';
}

static bool is_http(struct pv_str scheme)
{
	static const char *const names[] = {"http", "https"};
	for (size_t n = 0; n < 2; n++) {
		size_t size = strlen(names[n]), i = 0;
		while (i < size && i < scheme.size && (scheme.bytes[i] | 0x20) == names[n][i])
			i++;
		if (i == size && scheme.size == size)
			return true;
	}
	return false;
}

/*
 * "http:" and "https:" with whatever slashes of either kind follow (WHATWG URL, "special authority
 * ignore slashes state"); of other schemes, "://".
 */
static size_t scheme_size(struct pv_str address)
{
	for (size_t i = 0; i < address.size; i++) {
		char c = address.bytes[i];
		if (c == ':' && is_http((struct pv_str){.bytes = address.bytes, .size = i})) {
			for (i++; i < address.size && is_slash(address.bytes[i]);)
				i++;
			return i;
		}
		if (c == ':')
			return i + 2 < address.size && address.bytes[i + 1] == '/' &&
					       address.bytes[i + 2] == '/'
				       ? i + 3
				       : 0;
		char lower = (char)(c | 0x20);
		if (!(lower >= 'a' && lower <= 'z') && !(c >= '0' && c <= '9') && c != '+' &&
			c != '-' && c != '.')
			return 0;
	}
	return 0;
}

/* Between "user@" and ":port". */
static struct pv_str authority_host(struct pv_str authority)
{
	for (size_t i = authority.size; i > 0; i--)
		if (authority.bytes[i - 1] == '@') {
			authority.bytes += i;
			authority.size -= i;
			break;
		}
	if (authority.size && authority.bytes[0] == '[')
		return authority; /* an IPv6 literal names nobody's domain */
	for (size_t i = authority.size; i > 0; i--) {
		char c = authority.bytes[i - 1];
		if (c == ':') {
			authority.size = i - 1;
			break;
		}
		if (c < '0' || c > '9')
			break;
	}
	return authority;
}

static bool host_needs_icu(const char *host, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if ((unsigned char)host[i] >= 0x80)
			return true;
	return false;
}

/*
 * What nobody sees in it goes: UTS #46 drops some of it and refuses the rest, and to a reader the
 * host is the same. Joiners mean something in some scripts; they go with `joiners`. A one dot leader
 * maps to a dot, which ICU takes for a dot inside a label.
 */
static size_t drop_unseen(const char *host, size_t size, bool joiners, char out[HOST_BYTES_MAX])
{
	size_t n = 0;
	for (size_t at = 0; at < size;) {
		uint32_t c;
		size_t step = pv_utf8_decode(host + at, size - at, &c);
		bool joiner = c == 0x200C || c == 0x200D;
		if (c == 0x2024) {
			out[n++] = '.';
		} else if (joiner ? !joiners : !pv_prose_unseen(c)) {
			memcpy(out + n, host + at, step);
			n += step;
		}
		at += step;
	}
	return n;
}

/* The ASCII form into `out`; 0 when there is none. A joiner out of its place is one unseen. */
static size_t idna_form(const char *host, size_t size, char out[HOST_BYTES_MAX])
{
	char seen[HOST_BYTES_MAX];
	for (int joiners = 0; joiners < 2; joiners++) {
		UIDNAInfo info = UIDNA_INFO_INITIALIZER;
		UErrorCode code = U_ZERO_ERROR;
		size_t left = drop_unseen(host, size, joiners > 0, seen);
		int32_t n = uidna_nameToASCII_UTF8(
			idna, seen, (int32_t)left, out, HOST_BYTES_MAX, &info, &code);
		if (U_FAILURE(code) || n <= 0 || n > HOST_BYTES_MAX)
			return 0;
		if (info.errors & UIDNA_ERROR_CONTEXTJ)
			continue;
		/* "⁄" and the like become signs that no host holds */
		for (int32_t i = 0; i < n; i++)
			if (strchr("/\\:@?#%[] ", out[i]))
				return 0;
		return info.errors ? 0 : (size_t)n;
	}
	return 0;
}

/*
 * `host` is UTF-8 of at most HOST_BYTES_MAX bytes, its escapes decoded and its letters lowered;
 * answers the ASCII form's size.
 */
static size_t host_to_ascii(char *host, size_t size, bool *whole)
{
	if (!host_needs_icu(host, size))
		return size;
	pthread_once(&idna_once, idna_open);
	char ascii[HOST_BYTES_MAX];
	size_t n = idna ? idna_form(host, size, ascii) : 0;
	if (!n) {
		*whole = false;
		return size;
	}
	memcpy(host, ascii, n);
	return n;
}

/* Signs that no host holds: what has them is no address (WHATWG URL, "forbidden host code point"). */
static bool holds_forbidden(struct pv_str host)
{
	if (host.size && host.bytes[0] == '[')
		return false; /* an IPv6 literal */
	for (size_t i = 0; i < host.size; i++) {
		unsigned char c = (unsigned char)host.bytes[i];
		if (c <= ' ' || c == 0x7F || strchr("#%/:<>?@[\\]^|", c))
			return true;
	}
	return false;
}

static bool read_host(TALLOC_CTX *mem, struct pv_str raw, struct pv_site *out)
{
	out->whole = raw.size > 0 && raw.size <= HOST_BYTES_MAX;
	size_t room = raw.size < HOST_BYTES_MAX ? raw.size : HOST_BYTES_MAX;
	/* Most hosts are plain already: they are borrowed as they stand. */
	size_t plain = 0;
	while (plain < raw.size && plain < room) {
		unsigned char c = (unsigned char)raw.bytes[plain];
		if (c >= 0x80 || c == '%' || (c >= 'A' && c <= 'Z'))
			break;
		plain++;
	}
	if (plain == raw.size) {
		out->host = raw;
	} else {
		char *host = talloc_size(mem, HOST_BYTES_MAX);
		if (!host)
			return false;
		size_t n = 0;
		for (size_t i = 0; i < raw.size && n < room; i++) {
			int escaped = escape_at(raw, i);
			char c = escaped > 0 ? (char)escaped : raw.bytes[i];
			if (escaped > 0)
				i += 2;
			host[n++] = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
		}
		if (!pv_utf8_valid(host, n))
			out->whole = false;
		else
			n = host_to_ascii(host, n, &out->whole);
		out->host = (struct pv_str){.bytes = host, .size = n};
	}
	out->whole = out->whole && !holds_forbidden(out->host);
	if (out->host.size && out->host.bytes[out->host.size - 1] == '.')
		out->host.size--;
	if (out->host.size > 4 && memcmp(out->host.bytes, "www.", 4) == 0) {
		out->host.bytes += 4;
		out->host.size -= 4;
	}
	return true;
}

/* RFC 3986, 2.3; and "@", which servers read as "%40": people's pages are "/@name". */
static bool unreserved(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '.' || c == '_' || c == '~' || c == '@';
}

/* Drops the last segment of out[0..n), never its first slash's left. */
static size_t up_one(const char *path, size_t n)
{
	while (n > 0 && path[n - 1] != '/')
		n--;
	return n > 0 ? n - 1 : 0;
}

/* RFC 3986, 6.2.2: escapes uniform, dot segments gone. */
static bool read_path(TALLOC_CTX *mem, struct pv_str raw, struct pv_str *out)
{
	static const char hex[] = "0123456789ABCDEF";
	*out = (struct pv_str){0};
	if (raw.size == 0)
		return true;
	char *path = talloc_size(mem, raw.size * 3 + 1);
	if (!path)
		return false;
	size_t n = 0, segment = 0;
	for (size_t i = 0; i <= raw.size; i++) {
		bool end = i == raw.size;
		char c = end ? '/' : raw.bytes[i];
		if (c == '/' || c == '\\') {
			size_t size = n - segment;
			if (size == 1 && path[segment] == '.')
				n = segment ? segment - 1 : 0;
			else if (size == 2 && path[segment] == '.' && path[segment + 1] == '.')
				n = up_one(path, segment ? segment - 1 : 0);
			if (end)
				break;
			path[n++] = '/';
			segment = n;
			continue;
		}
		int escaped = escape_at(raw, i);
		int value = escaped >= 0 ? escaped : (unsigned char)c;
		if (escaped >= 0)
			i += 2;
		if (escaped >= 0 ? unreserved(value) : value < 0x80) {
			path[n++] = (char)value;
		} else {
			path[n++] = '%';
			path[n++] = hex[value >> 4];
			path[n++] = hex[value & 15];
		}
	}
	while (n > 0 && path[n - 1] == '/')
		n--;
	*out = (struct pv_str){.bytes = path, .size = n};
	return true;
}

bool pv_site_parse(TALLOC_CTX *mem, struct pv_str address, struct pv_site *out)
{
	size_t skip = scheme_size(address);
	struct pv_str rest = {.bytes = address.bytes + skip, .size = address.size - skip};
	size_t end = 0;
	while (end < rest.size && !is_slash(rest.bytes[end]) && rest.bytes[end] != '?' &&
		rest.bytes[end] != '#')
		end++;
	struct pv_str authority = {.bytes = rest.bytes, .size = end};
	size_t path_end = end;
	while (path_end < rest.size && rest.bytes[path_end] != '?' && rest.bytes[path_end] != '#')
		path_end++;
	struct pv_str path = {.bytes = rest.bytes + end, .size = path_end - end};
	return read_host(mem, authority_host(authority), out) && read_path(mem, path, &out->path);
}

bool pv_host_below(struct pv_str domain, struct pv_str host)
{
	if (domain.size == 0 || domain.size > host.size)
		return false;
	size_t before = host.size - domain.size;
	return memcmp(host.bytes + before, domain.bytes, domain.size) == 0 &&
	       (before == 0 || host.bytes[before - 1] == '.');
}

bool pv_site_covers(const struct pv_site *pattern, const struct pv_site *site)
{
	if (!site->whole || !pattern->whole || !pv_host_below(pattern->host, site->host))
		return false;
	size_t size = pattern->path.size;
	if (size == 0)
		return true;
	return size <= site->path.size &&
	       memcmp(pattern->path.bytes, site->path.bytes, size) == 0 &&
	       (size == site->path.size || site->path.bytes[size] == '/');
}
