/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "text/address.h"

#include "text/handle.h"

/* ---- parameters that track --------------------------------------------------------------------- */

/* A name that ends in * stands for all that begin so. In lower case. */
static const char *const tracking[] = {
	"utm_*", /* campaigns: Google Analytics and whoever reads the same */
	"mtm_*",
	"pk_*", /* Matomo, Piwik */
	"hsa_*",
	"_hs*", /* HubSpot: _hsenc, _hsmi */
	"itm_*",
	"stm_*", /* inside a site; Oracle */
	"at_campaign",
	"at_medium",
	"at_custom*", /* AT Internet */
	"fbclid",
	"fb_action_ids",
	"fb_action_types",
	"fb_source",
	"fb_ref",
	"gclid",
	"gclsrc",
	"dclid",
	"gbraid",
	"wbraid",
	"gad_source",
	"gad_campaignid",
	"srsltid",
	"_ga",
	"_gl",
	"msclkid",
	"yclid",
	"ysclid",
	"twclid",
	"ttclid",
	"li_fat_id",
	"rdt_cid",
	"epik",
	"igsh",
	"igshid",
	"mc_cid",
	"mc_eid",  /* Mailchimp */
	"mkt_tok", /* Marketo */
	"vero_id",
	"vero_conv",
	"oly_anon_id",
	"oly_enc_id",
	"wickedid",
	"rb_clickid",
	"s_cid",
	"_openstat",
	"ml_subscriber",
	"ml_subscriber_hash",
	"__s",
	"s_kwcid",
	"ncid",
	"cmpid",
	"ref_src",
	"ref_url",
};

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static bool name_is(struct pv_str name, const char *pattern)
{
	size_t i = 0;
	for (; pattern[i] && pattern[i] != '*'; i++)
		if (i >= name.size || lower(name.bytes[i]) != pattern[i])
			return false;
	return pattern[i] == '*' || i == name.size;
}

bool pv_query_tracks(struct pv_str name)
{
	for (size_t i = 0; i < sizeof tracking / sizeof *tracking; i++)
		if (name_is(name, tracking[i]))
			return true;
	return false;
}

/* ---- addresses --------------------------------------------------------------------------------- */

/* Between the first "?" and the fragment. */
static struct pv_str query_of(struct pv_str address)
{
	const char *hash = address.size ? memchr(address.bytes, '#', address.size) : NULL;
	size_t size = hash ? (size_t)(hash - address.bytes) : address.size;
	const char *mark = size ? memchr(address.bytes, '?', size) : NULL;
	if (!mark)
		return (struct pv_str){0};
	return (struct pv_str){
		.bytes = mark + 1, .size = size - (size_t)(mark - address.bytes) - 1};
}

/* One parameter taken off the front of `rest`. */
static struct pv_str next_parameter(struct pv_str *rest)
{
	const char *end = memchr(rest->bytes, '&', rest->size);
	size_t size = end ? (size_t)(end - rest->bytes) : rest->size;
	struct pv_str parameter = {.bytes = rest->bytes, .size = size};
	size_t taken = end ? size + 1 : size;
	rest->bytes += taken;
	rest->size -= taken;
	return parameter;
}

static bool matters(struct pv_str parameter)
{
	const char *equals = parameter.size ? memchr(parameter.bytes, '=', parameter.size) : NULL;
	struct pv_str name = parameter;
	if (equals)
		name.size = (size_t)(equals - parameter.bytes);
	return parameter.size > 0 && !pv_query_tracks(name);
}

static bool read_query(TALLOC_CTX *mem, struct pv_str raw, struct pv_str *out)
{
	*out = (struct pv_str){0};
	if (raw.size == 0)
		return true;
	char *kept = talloc_size(mem, raw.size);
	if (!kept)
		return false;
	size_t n = 0;
	while (raw.size) {
		struct pv_str parameter = next_parameter(&raw);
		if (!matters(parameter))
			continue;
		if (n)
			kept[n++] = '&';
		memcpy(kept + n, parameter.bytes, parameter.size);
		n += parameter.size;
	}
	*out = (struct pv_str){.bytes = kept, .size = n};
	return true;
}

bool pv_address_read(TALLOC_CTX *mem, struct pv_str address, struct pv_address *out)
{
	return pv_site_parse(mem, address, &out->site) &&
	       read_query(mem, query_of(address), &out->query);
}

bool pv_address_same(const struct pv_address *a, const struct pv_address *b)
{
	return pv_str_equal(a->site.host, b->site.host) &&
	       pv_str_equal(a->site.path, b->site.path) && pv_str_equal(a->query, b->query);
}

char *pv_address_key(TALLOC_CTX *mem, struct pv_str address)
{
	struct pv_address read;
	if (!pv_address_read(mem, address, &read))
		return NULL;
	size_t host = read.site.host.size, path = read.site.path.size, query = read.query.size;
	char *key = talloc_size(mem, host + path + query + 2);
	if (!key)
		return NULL;
	if (host)
		memcpy(key, read.site.host.bytes, host);
	if (path)
		memcpy(key + host, read.site.path.bytes, path);
	if (query) {
		key[host + path] = '?';
		memcpy(key + host + path + 1, read.query.bytes, query);
		query++;
	}
	key[host + path + query] = '\0';
	return key;
}

/* ---- people's pages ---------------------------------------------------------------------------- */

/* Where names are one namespace, and what stands before them in the path. */
static const struct {
	const char *host, *before;
} networks[] = {
	{"x.com", "/"},
	{"twitter.com", "/"},
	{"mobile.twitter.com", "/"},
	{"instagram.com", "/"},
	{"facebook.com", "/"},
	{"m.facebook.com", "/"},
	{"threads.net", "/@"},
	{"threads.com", "/@"},
	{"bsky.app", "/profile/"},
	{"linkedin.com", "/in/"},
	{"linkedin.com", "/company/"},
	{"youtube.com", "/@"},
	{"tiktok.com", "/@"},
	{"pinterest.com", "/"},
};

/* The first segments of these networks that are no one's name. */
static const char *const reserved[] = {"home", "search", "share", "intent", "hashtag", "i",
	"explore", "p", "reel", "reels", "stories", "groups", "pages", "events", "watch", "sharer",
	"sharer.php", "profile.php", "login", "settings", "about", "pin", "ideas", "tv"};

/* Letters, digits, "_", "-" and "."; anything else is no name. */
static bool is_name(struct pv_str text)
{
	if (text.size == 0 || text.size > 100)
		return false;
	for (size_t i = 0; i < text.size; i++) {
		char c = lower(text.bytes[i]);
		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '_' && c != '-' &&
			c != '.')
			return false;
	}
	return true;
}

static bool is_reserved(struct pv_str name)
{
	for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
		if (name_is(name, reserved[i]))
			return true;
	return false;
}

/* The one segment behind `before`; empty when the path is not exactly that. */
static struct pv_str segment_behind(struct pv_str path, const char *before)
{
	size_t size = strlen(before);
	if (path.size <= size || memcmp(path.bytes, before, size) != 0)
		return (struct pv_str){0};
	struct pv_str name = {.bytes = path.bytes + size, .size = path.size - size};
	return is_name(name) ? name : (struct pv_str){0};
}

bool pv_site_profile(const struct pv_site *site, struct pv_profile *out)
{
	if (!site->whole)
		return false;
	bool network = false;
	for (size_t i = 0; i < sizeof networks / sizeof *networks; i++) {
		if (!pv_str_equal(site->host, pv_str(networks[i].host)))
			continue;
		network = true;
		struct pv_str name = segment_behind(site->path, networks[i].before);
		if (name.size == 0 || is_reserved(name))
			continue;
		*out = (struct pv_profile){.handle = name};
		return true;
	}
	struct pv_str name = network ? (struct pv_str){0} : segment_behind(site->path, "/@");
	if (name.size == 0)
		return false;
	*out = (struct pv_profile){.handle = name, .server = site->host};
	return true;
}

/* Where a person's page is named by a handle that is a host; all of them behind "/profile/". */
static const char *const by_host[] = {"bsky.app", "staging.bsky.app", "main.bsky.dev",
	"deer.social", "blacksky.community", "fxbsky.app", "bskx.app"};

bool pv_site_handle_host(
	TALLOC_CTX *mem, const struct pv_site *site, struct pv_site *out, bool *out_is)
{
	static const char before[] = "/profile/";
	const size_t size = sizeof before - 1;
	bool known = false;
	*out_is = false;
	for (size_t i = 0; site->whole && i < sizeof by_host / sizeof *by_host; i++)
		known |= pv_str_equal(site->host, pv_str(by_host[i]));
	if (!known || site->path.size <= size || memcmp(site->path.bytes, before, size) != 0)
		return true;
	struct pv_str handle = {.bytes = site->path.bytes + size, .size = site->path.size - size};
	const char *slash = memchr(handle.bytes, '/', handle.size);
	if (slash)
		handle.size = (size_t)(slash - handle.bytes);
	return pv_handle_host(mem, handle, out, out_is);
}
