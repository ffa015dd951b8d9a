/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "net/wrap.h"

#include "base/str.h"

#include <stdlib.h>
#include <string.h>

/* ---- tables ------------------------------------------------------------------------------------ */

/* Caches: HOST/path/of/the/page stands behind `before`, and "s/" before it says https. */
static const struct {
	const char *host; /* ".x" stands for all below x */
	const char *before;
} caches[] = {
	{".cdn.ampproject.org", "/c/"},
	{".cdn.ampproject.org", "/v/"},
	{".cdn.ampproject.org", "/wp/"},
	{".bing-amp.com", "/c/"},
	{"www.google.*", "/amp/"},
	{"google.*", "/amp/"},
};

/* Ways out: the address stands in a parameter. */
static const struct {
	const char *host, *path, *parameter;
} exits[] = {
	{"l.facebook.com", "/l.php", "u"},
	{"lm.facebook.com", "/l.php", "u"},
	{"l.messenger.com", "/l.php", "u"},
	{"l.instagram.com", "/", "u"},
	{"l.threads.net", "/", "u"},
	{"l.threads.com", "/", "u"},
	{"www.google.*", "/url", "q"},
	{"www.google.*", "/url", "url"},
	{"google.*", "/url", "q"},
	{"news.url.google.com", "/url", "q"},
	{"www.youtube.com", "/redirect", "q"},
	{"out.reddit.com", "/", "url"},
	{"www.linkedin.com", "/redir/redirect", "url"},
	{"www.linkedin.com", "/safety/go", "url"},
	{"t.umblr.com", "/redirect", "z"},
	{"vk.com", "/away.php", "to"},
	{"slack-redir.net", "/link", "url"},
	{"steamcommunity.com", "/linkfilter/", "url"},
	{"duckduckgo.com", "/l/", "uddg"},
	{"exit.sc", "/", "url"},
	{".safelinks.protection.outlook.com", "/", "url"},
};

static const char *const shorteners[] = {"bit.ly", "bitly.com", "j.mp", "ow.ly", "tinyurl.com",
	"t.co", "lnkd.in", "buff.ly", "dlvr.it", "fb.me", "goo.gl", "is.gd", "v.gd", "t.ly",
	"rb.gy", "cutt.ly", "shorturl.at", "rebrand.ly", "trib.al", "ift.tt", "tiny.cc", "bl.ink",
	"s.id", "urlr.me", "lstu.fr", "huit.re", "shorturl.com", "amzn.to", "youtu.be", "wp.me",
	"dai.ly", "flic.kr", "redd.it", "msft.it", "apple.co", "nyti.ms", "wapo.st", "econ.st"};

/* ---- reading ----------------------------------------------------------------------------------- */

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
static bool host_is(const char *host, const char *pattern)
{
	size_t size = strlen(host), wanted = strlen(pattern);
	if (pattern[0] == '.')
		return size > wanted && strcmp(host + size - wanted, pattern) == 0;
	if (pattern[wanted - 1] == '*')
		return size >= wanted && strncmp(host, pattern, wanted - 1) == 0 &&
		       is_country(host + wanted - 1);
	return strcmp(host, pattern) == 0;
}

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* A parameter's value as it was meant; NULL when memory is out. */
static char *decode(TALLOC_CTX *mem, const char *value, size_t size)
{
	char *out = talloc_size(mem, size + 1);
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

static char *from_cache(TALLOC_CTX *mem, const struct pv_net_url *url, const char *before)
{
	size_t size = strlen(before);
	if (strncmp(url->path, before, size) != 0)
		return NULL;
	const char *rest = url->path + size;
	bool secure = strncmp(rest, "s/", 2) == 0;
	rest += secure ? 2 : 0;
	if (!strchr(rest, '.')) /* no host at all */
		return NULL;
	return talloc_asprintf(mem, "%s://%s%s%s", secure ? "https" : "http", rest,
		url->query ? "?" : "", url->query ? url->query : "");
}

static char *inside_of(TALLOC_CTX *mem, const struct pv_net_url *url)
{
	for (size_t i = 0; i < sizeof caches / sizeof *caches; i++) {
		char *inside = host_is(url->host, caches[i].host)
				       ? from_cache(mem, url, caches[i].before)
				       : NULL;
		if (inside)
			return inside;
	}
	for (size_t i = 0; i < sizeof exits / sizeof *exits; i++) {
		size_t size;
		if (!host_is(url->host, exits[i].host) || strcmp(url->path, exits[i].path) != 0)
			continue;
		const char *value = parameter(url->query, exits[i].parameter, &size);
		if (value)
			return decode(mem, value, size);
	}
	return NULL;
}

enum pv_status pv_net_wrap_inside(
	TALLOC_CTX *mem, const char *url, char **out, struct pv_error *error)
{
	struct pv_net_url outer, inner;
	enum pv_status status = pv_net_url_parse(mem, url, &outer, NULL);
	*out = NULL;
	if (status == PV_NOMEM)
		return pv_fail_nomem(error);
	const char *inside = status == PV_OK ? inside_of(mem, &outer) : NULL;
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
	for (size_t i = 0; i < sizeof shorteners / sizeof *shorteners; i++)
		if (strcmp(host, shorteners[i]) == 0)
			return true;
	return false;
}
