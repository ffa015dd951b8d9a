/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "net/wrap.h"

#include "base/mem.h"
#include "base/str.h"

#include <string.h>
#include <strings.h>

/* ---- tables ------------------------------------------------------------------------------------ */

/* One or several hosts, without "www.": ".x" is all below x, "x.*" is x in a country. */
#define ARCHIVE_TODAY \
	"archive.today archive.ph archive.is archive.li archive.fo archive.md archive.vn"

/* Caches: HOST/path/of/the/page stands behind `before`, and "s/" before it says https. */
static const struct {
	const char *hosts, *before;
} caches[] = {
	{".cdn.ampproject.org", "/c/"},
	{".cdn.ampproject.org", "/v/"},
	{".cdn.ampproject.org", "/wp/"},
	{".bing-amp.com", "/c/"},
	{"google.*", "/amp/"},
};

/*
 * Ways out, translators and readers: the address stands in a parameter (NULL: is the whole query)
 * of this path (NULL: of any).
 */
static const struct {
	const char *hosts, *path, *parameter;
} exits[] = {
	{"l.facebook.com lm.facebook.com facebook.com m.facebook.com l.messenger.com", "/l.php",
		"u"},
	{"facebook.com", "/flx/warn", "u"},
	{"l.instagram.com l.threads.net l.threads.com", "/", "u"},
	{"l.wl.co", "/l", "u"},
	{"google.* news.url.google.com", "/url", "q"},
	{"google.*", "/url", "url"},
	{"google.*", "/imgres", "imgrefurl"},
	{"googleweblight.com", "/", "lite_url"},
	{"googleweblight.com", "/i", "u"},
	{"webcache.googleusercontent.com", "/search", "q"},
	{"youtube.com", "/redirect", "q"},
	{"out.reddit.com", NULL, "url"},
	{"linkedin.com", "/redir/redirect", "url"},
	{"linkedin.com", "/safety/go", "url"},
	{"t.umblr.com", "/redirect", "z"},
	{"vk.com m.vk.com away.vk.com", "/away.php", "to"},
	{"t.me", "/iv", "url"},
	{"pinterest.*", "/offsite", "url"},
	{"medium.com", "/r", "url"},
	{"getpocket.com", "/redirect", "url"},
	{"disq.us", "/url", "url"},
	{"slack-redir.net", "/link", "url"},
	{"steamcommunity.com", "/linkfilter", "url"},
	{"steamcommunity.com", "/linkfilter", "u"},
	{"duckduckgo.com", "/l", "uddg"},
	{"exit.sc gate.sc", "/", "url"},
	{"href.li anonym.to", "/", NULL},
	{".safelinks.protection.outlook.com", "/", "url"},
	{"translate.google.*", "/translate", "u"},
	{"translate.google.*", "/website", "u"},
	{"translate.googleusercontent.com", "/translate_c", "u"},
	{"translate.yandex.*", "/translate", "url"},
	{"translatetheweb.com", "/", "a"},
	{"microsofttranslator.com", "/bv.aspx", "a"},
	{"12ft.io", "/proxy", "q"},
	{"removepaywall.com", "/search", "url"},
	{"smry.ai", "/proxy", "url"},
	{ARCHIVE_TODAY, "/", "url"},
	{ARCHIVE_TODAY, "/submit", "url"},
};

/*
 * Archives and readers: the rest of the path, and the query, is the address, with its scheme or
 * without. `dated`: a moment may stand before it ("2020", "20200102030405id_", "*").
 */
static const struct {
	const char *hosts, *before;
	bool dated;
} prefixes[] = {
	{"web.archive.org wayback.archive.org archive.org", "/web/", true},
	{"web.archive.org", "/save/", false},
	{"web.archive.org", "/", false},
	{ARCHIVE_TODAY, "/newest/", false},
	{ARCHIVE_TODAY, "/oldest/", false},
	{ARCHIVE_TODAY, "/", true},
	{"r.jina.ai 12ft.io 1ft.io outline.com txtify.it freedium.cfd", "/", false},
	{"removepaywalls.com smry.ai via.hypothes.is", "/", false},
};

static const char *const shorteners[] = {"bit.ly", "bitly.com", "j.mp", "ow.ly", "tinyurl.com",
	"t.co", "lnkd.in", "buff.ly", "dlvr.it", "fb.me", "goo.gl", "is.gd", "v.gd", "t.ly",
	"rb.gy", "cutt.ly", "shorturl.at", "rebrand.ly", "trib.al", "ift.tt", "tiny.cc", "bl.ink",
	"s.id", "urlr.me", "lstu.fr", "huit.re", "shorturl.com", "amzn.to", "youtu.be", "wp.me",
	"dai.ly", "flic.kr", "redd.it", "msft.it", "apple.co", "nyti.ms", "wapo.st", "econ.st"};

/* ---- reading ----------------------------------------------------------------------------------- */

struct wrapped {
	TALLOC_CTX *mem;
	struct pv_net_url url;
	bool failed; /* memory is out */
};

/* What was just made; no memory is not the same as no address. */
static char *made(struct wrapped *wrapped, char *text)
{
	wrapped->failed |= text == NULL;
	return text;
}

/* "com", "fr", "co.uk", "com.br": under which one house has its name in each country. */
static bool is_country(const char *ending)
{
	if (strncmp(ending, "com.", 4) == 0)
		ending += 4;
	else if (strncmp(ending, "co.", 3) == 0)
		ending += 3;
	return strcmp(ending, "com") == 0 || (strlen(ending) == 2 && !strchr(ending, '.'));
}

/* Exactly; ".x": below x; "x.*": x in a country. Hosts are in lower case (url.h). */
static bool host_fits(const char *host, const char *pattern, size_t wanted)
{
	size_t size = strlen(host);
	if (pattern[0] == '.')
		return size > wanted && memcmp(host + size - wanted, pattern, wanted) == 0;
	if (pattern[wanted - 1] == '*')
		return size >= wanted && strncmp(host, pattern, wanted - 1) == 0 &&
		       is_country(host + wanted - 1);
	return size == wanted && memcmp(host, pattern, size) == 0;
}

static bool host_is(const char *host, const char *patterns)
{
	if (strncmp(host, "www.", 4) == 0)
		host += 4;
	for (const char *at = patterns; *at; at += strspn(at, " ")) {
		size_t size = strcspn(at, " ");
		if (host_fits(host, at, size))
			return true;
		at += size;
	}
	return false;
}

/* The same path, whether a slash ends it or not. */
static bool path_is(const char *path, const char *wanted)
{
	size_t size = strlen(path), same = wanted ? strlen(wanted) : 0;
	if (!wanted)
		return true;
	if (size > 1 && path[size - 1] == '/')
		size--;
	return size == same && memcmp(path, wanted, size) == 0;
}

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* A parameter's value as it was meant; NULL when memory is out. */
static char *decode(struct wrapped *wrapped, const char *value, size_t size)
{
	char *out = made(wrapped, talloc_size(wrapped->mem, size + 1));
	size_t n = 0;
	for (size_t i = 0; out && i < size; i++) {
		bool escaped = value[i] == '%' && i + 2 < size && hex(value[i + 1]) >= 0 &&
			       hex(value[i + 2]) >= 0;
		if (escaped) {
			out[n++] = (char)(hex(value[i + 1]) * 16 + hex(value[i + 2]));
			i += 2;
		} else {
			out[n++] = value[i] == '+' ? ' ' : value[i];
		}
	}
	if (out)
		out[n] = '\0';
	return out;
}

/* The value of `name` in a query, as it stands; its size in *out_size. NULL: none. */
static const char *parameter(const char *query, const char *name, size_t *out_size)
{
	size_t wanted = strlen(name);
	for (const char *at = query; at && *at; at += strspn(at, "&")) {
		size_t size = strcspn(at, "&");
		if (size > wanted && strncmp(at, name, wanted) == 0 && at[wanted] == '=') {
			*out_size = size - wanted - 1;
			return at + wanted + 1;
		}
		at += size;
	}
	return NULL;
}

/* Does it begin with something like a host? "carnet.example/a", not "newest/…", not "javascript:1" */
static bool begins_with_host(const char *text)
{
	size_t size = strcspn(text, "/?#:"), dot = strcspn(text, ".");
	if (dot == 0 || dot + 1 >= size)
		return false;
	for (size_t i = 0; i < size; i++) {
		unsigned char c = (unsigned char)text[i];
		if (c <= ' ' || (c < 0x80 && strchr("\"<>@[\\]^`{|}", c)))
			return false;
	}
	return true;
}

/*
 * What stands there as an absolute address: services take it encoded, without its scheme, or with
 * one of its two slashes lost. NULL: it is none, or memory is out.
 */
static char *as_address(struct wrapped *wrapped, const char *text)
{
	TALLOC_CTX *mem = wrapped->mem;
	char *out;
	if (strncasecmp(text, "http%3a", 7) == 0 || strncasecmp(text, "https%3a", 8) == 0)
		text = decode(wrapped, text, strlen(text));
	if (!text)
		return NULL;
	size_t scheme = strncasecmp(text, "https:/", 7) == 0  ? 7
			: strncasecmp(text, "http:/", 6) == 0 ? 6
							      : 0;
	if (scheme)
		out = talloc_asprintf(mem, "%s://%s", scheme == 7 ? "https" : "http",
			text + scheme + (text[scheme] == '/'));
	else if (strncmp(text, "//", 2) == 0)
		out = talloc_asprintf(mem, "https:%s", text);
	else if (begins_with_host(text))
		out = talloc_asprintf(mem, "http://%s", text);
	else
		return NULL;
	return made(wrapped, out);
}

static const char *query_of(const struct pv_net_url *url)
{
	return url->query ? url->query : "";
}

static char *from_cache(struct wrapped *wrapped, const char *before)
{
	const struct pv_net_url *url = &wrapped->url;
	size_t size = strlen(before);
	if (strncmp(url->path, before, size) != 0)
		return NULL;
	const char *rest = url->path + size;
	bool secure = strncmp(rest, "s/", 2) == 0;
	rest += secure ? 2 : 0;
	if (!strchr(rest, '.')) /* no host at all */
		return NULL;
	return made(wrapped, talloc_asprintf(wrapped->mem, "%s://%s%s%s", secure ? "https" : "http",
				     rest, url->query ? "?" : "", query_of(url)));
}

/* "cache:" and an id of Google's before the address, words that were looked for behind it. */
static char *without_cache_words(char *value)
{
	if (strncmp(value, "cache:", 6) != 0)
		return value;
	value += 6;
	size_t id = strcspn(value, ":./");
	if (value[id] == ':' && value[id + 1] != '/')
		value += id + 1;
	value[strcspn(value, " ")] = '\0';
	return value;
}

static char *from_query(struct wrapped *wrapped, const char *name)
{
	const struct pv_net_url *url = &wrapped->url;
	size_t size = strlen(query_of(url));
	const char *value = name ? parameter(url->query, name, &size) : url->query;
	if (!value)
		return NULL;
	char *text = name ? decode(wrapped, value, size)
			  : made(wrapped, talloc_strdup(wrapped->mem, value));
	return text ? as_address(wrapped, without_cache_words(text)) : NULL;
}

/* "2020/", "20200102030405if_/", "2020.01.02-030405/", "*" + "/": what it takes, 0 when it is none. */
static size_t moment_size(const char *text)
{
	size_t size = strspn(text, "0123456789*.-");
	if (size == 0)
		return 0;
	size_t letters = strspn(text + size, "abcdefghijklmnopqrstuvwxyz");
	if (letters && text[size + letters] == '_')
		size += letters + 1;
	return text[size] == '/' ? size + 1 : 0;
}

static char *from_path(struct wrapped *wrapped, const char *before, bool dated)
{
	const struct pv_net_url *url = &wrapped->url;
	size_t size = strlen(before);
	if (strncmp(url->path, before, size) != 0)
		return NULL;
	const char *rest = url->path + size;
	rest += dated ? moment_size(rest) : 0;
	char *inside = as_address(wrapped, rest);
	if (!inside || !url->query)
		return inside;
	return made(wrapped, talloc_asprintf(wrapped->mem, "%s?%s", inside, url->query));
}

/* Is this one of a list "0,1"? */
static bool listed(const char *list, char what)
{
	for (const char *at = list; *at; at++)
		if (*at == what && (at == list || at[-1] == ',') && (!at[1] || at[1] == ','))
			return true;
	return false;
}

/* The query without what the translator added to it. */
static char *untranslated_query(struct wrapped *wrapped, const char *query)
{
	char *out = talloc_strdup(wrapped->mem, "");
	for (const char *at = query; out && at && *at; at += strspn(at, "&")) {
		size_t size = strcspn(at, "&");
		if (strncmp(at, "_x_tr_", 6) != 0)
			out = talloc_asprintf_append(
				out, "%c%.*s", *out ? '&' : '?', (int)size, at);
		at += size;
	}
	return made(wrapped, out);
}

/* "my--site-example" is "my-site.example": a hyphen between letters is a dot, two are one. */
static void undo_hyphens(char *name)
{
	char *to = name;
	for (const char *at = name; *at;) {
		size_t run = strspn(at, "-");
		if (run == 0)
			*to++ = *at++;
		else if (run == 1)
			*to++ = '.';
		else
			for (size_t i = 0; i < (run + 1) / 2; i++)
				*to++ = '-';
		at += run;
	}
	*to = '\0';
}

/*
 * A page of Google's translator: its host is the whole name of the site's. Source:
 * developers.google.com/search/docs/appearance/ad-network-and-translation (its nine steps).
 */
static char *from_translated(struct wrapped *wrapped)
{
	static const char suffix[] = ".translate.goog";
	const struct pv_net_url *url = &wrapped->url;
	size_t size = 0, n = 0;
	if (!host_is(url->host, suffix))
		return NULL;
	const char *codes = parameter(url->query, "_x_tr_enc", &n);
	const char *before = parameter(url->query, "_x_tr_hp", &size);
	codes = codes ? decode(wrapped, codes, n) : "";
	before = before ? decode(wrapped, before, size) : "";
	const char *query = untranslated_query(wrapped, url->query);
	if (wrapped->failed)
		return NULL;
	char *name =
		made(wrapped, talloc_asprintf(wrapped->mem, "%s%.*s", before,
				      (int)(strlen(url->host) - (sizeof suffix - 1)), url->host));
	if (!name)
		return NULL;
	if (listed(codes, '1') && strncmp(name, "1-", 2) == 0)
		name += 2;
	bool foreign = listed(codes, '0') && strncmp(name, "0-", 2) == 0;
	name += foreign ? 2 : 0;
	undo_hyphens(name);
	return made(wrapped, talloc_asprintf(wrapped->mem, "%s://%s%s%s%s", url->scheme,
				     foreign ? "xn--" : "", name, url->path, query));
}

static char *inside_of(struct wrapped *wrapped)
{
	const char *host = wrapped->url.host, *path = wrapped->url.path;
	char *inside = from_translated(wrapped);
	for (size_t i = 0; !inside && i < PV_COUNT(caches); i++)
		if (host_is(host, caches[i].hosts))
			inside = from_cache(wrapped, caches[i].before);
	for (size_t i = 0; !inside && i < PV_COUNT(exits); i++)
		if (path_is(path, exits[i].path) && host_is(host, exits[i].hosts))
			inside = from_query(wrapped, exits[i].parameter);
	for (size_t i = 0; !inside && i < PV_COUNT(prefixes); i++)
		if (host_is(host, prefixes[i].hosts))
			inside = from_path(wrapped, prefixes[i].before, prefixes[i].dated);
	return inside;
}

enum pv_status pv_net_wrap_inside(
	TALLOC_CTX *mem, const char *url, char **out, struct pv_error *error)
{
	struct wrapped wrapped = {.mem = mem};
	struct pv_net_url inner;
	enum pv_status status = pv_net_url_parse(mem, url, &wrapped.url, NULL);
	*out = NULL;
	if (status == PV_NOMEM)
		return pv_fail_nomem(error);
	const char *inside = status == PV_OK ? inside_of(&wrapped) : NULL;
	if (wrapped.failed)
		return pv_fail_nomem(error);
	if (!inside)
		return PV_OK;
	status = pv_net_url_parse(mem, inside, &inner, NULL);
	if (status == PV_NOMEM)
		return pv_fail_nomem(error);
	if (status == PV_OK) {
		*out = talloc_strdup(mem, inner.text);
		return *out ? PV_OK : pv_fail_nomem(error);
	}
	return PV_OK; /* what stands there is no address */
}

bool pv_net_is_shortener(const char *host)
{
	if (strncmp(host, "www.", 4) == 0)
		host += 4;
	for (size_t i = 0; i < PV_COUNT(shorteners); i++)
		if (strcmp(host, shorteners[i]) == 0)
			return true;
	return false;
}
