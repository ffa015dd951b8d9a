/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Facets as detectFacets of @atproto/api 0.19 finds them (github.com/bluesky-social/atproto,
 * packages/api/src/rich-text, MIT or Apache-2.0). All of them begin the text or follow white space
 * (or "(", but for hashtags); \s is ECMAScript's.
 */
#include "text/scan.h"

#include "text/chars.h"
#include "text/tld.h"
#include "text/unicode.h"

#include <string.h>
#include <strings.h>

enum { TAG_UTF16_MAX = 64, TICKER_MAX = 5 };

/* May something begin at `at`? `floor`: what comes before is taken already. */
static bool may_begin(
	const struct pv_scan *scan, const char *floor, const char *at, bool parenthesis)
{
	if (at == scan->start)
		return true;
	if (at == floor)
		return false;
	size_t size;
	uint32_t before = pv_char_before(scan->start, at, &size);
	return (parenthesis && before == '(') || pv_js_is_space(before);
}

static const char *pass_non_space(const char *at, const char *end)
{
	while (at < end) {
		size_t size;
		if (pv_js_is_space(pv_char_at(at, end, &size)))
			break;
		at += size;
	}
	return at;
}

/* Does it end with a dot and a top-level domain? */
static bool is_domain(const char *from, const char *to)
{
	const char *dot = memrchr(from, '.', (size_t)(to - from));
	return dot && pv_tld_is_root(dot + 1, (size_t)(to - dot - 1));
}

/* ---- mentions ---------------------------------------------------------------------------------- */

static bool in_handle(char c)
{
	return c == '.' || c == '-' || pv_ascii_is(c, PV_C_ALNUM);
}

/* The end of a handle: the last place where a word (ASCII) begins or ends. */
static const char *pass_handle(const char *at, const char *end)
{
	const char *stop = at;
	while (stop < end && in_handle(*stop))
		stop++;
	for (; stop > at; stop--) {
		bool before = pv_ascii_is(stop[-1], PV_C_WORD);
		bool after = stop < end && pv_ascii_is(*stop, PV_C_WORD);
		if (before != after)
			break;
	}
	return stop;
}

void pv_scan_mentions_bluesky(struct pv_scan *scan)
{
	const char *at = scan->start, *floor = at, *end = scan->end;
	size_t sign;
	while (!scan->failed && (at = pv_scan_sign(at, end, '@', NULL, &sign))) {
		const char *handle = at + 1;
		const char *stop = may_begin(scan, floor, at, true) ? pass_handle(handle, end) : at;
		if (stop <= handle) {
			at = handle;
			continue;
		}
		bool test = stop - handle >= 5 && memcmp(stop - 5, ".test", 5) == 0;
		if (test || is_domain(handle, stop))
			pv_scan_add(scan, PV_ENTITY_MENTION, at, stop, 1);
		floor = at = stop;
	}
}

static const char *pass_alnum(const char *at, const char *end)
{
	while (at < end && pv_ascii_is(*at, PV_C_ALNUM))
		at++;
	return at;
}

/* ---- links ------------------------------------------------------------------------------------- */

/*
 * The end of "name.name…" whose first name ends at `stop`; NULL: it is not followed by another.
 */
static const char *pass_domain(const char *stop, const char *end)
{
	const char *last = NULL;
	while (end - stop >= 2 && *stop == '.' && pv_ascii_is(stop[1], PV_C_ALNUM)) {
		stop = pass_alnum(stop + 1, end);
		last = stop;
	}
	return last;
}

/* The bytes of "http://" or "https://", in any case, at `at`, when something follows; 0: none. */
static size_t scheme_size(const char *at, const char *end)
{
	if (end - at > 8 && strncasecmp(at, "https://", 8) == 0)
		return 8;
	return end - at > 7 && strncasecmp(at, "http://", 7) == 0 ? 7 : 0;
}

/* Notes the link of [from, to) without the punctuation that ends it. */
static void add_link(struct pv_scan *scan, const char *from, const char *to)
{
	if (memchr(".,;:!?", to[-1], 6))
		to--;
	if (to > from && to[-1] == ')' && !memchr(from, '(', (size_t)(to - from)))
		to--;
	pv_scan_add(scan, PV_ENTITY_LINK, from, to, 0);
}

/* The end of what begins with [at, name_end) if it has a link's form; NULL: it has not. */
static const char *take_link(struct pv_scan *scan, const char *at, const char *name_end)
{
	const char *end = scan->end, *domain = NULL;
	size_t scheme = *name_end == ':' ? scheme_size(at, end) : 0, size;
	bool full = scheme && !pv_js_is_space(pv_char_at(at + scheme, end, &size));
	if (!full && !(domain = pass_domain(name_end, end)))
		return NULL;
	const char *stop = pass_non_space(full ? at + scheme : domain, end);
	/* the scheme in capitals is none to detectFacets, "httpbin.zzz" is as good as one */
	bool http = stop - at >= 4 && memcmp(at, "http", 4) == 0;
	if (http || (!full && is_domain(at, domain)))
		add_link(scan, at, stop);
	return stop;
}

/* The next sign that may follow the first name of a link; `dot` and `colon` are kept between calls. */
static const char *next_sign(const char *at, const char *end, const char **dot, const char **colon)
{
	if ((!*dot || *dot < at) && !(*dot = memchr(at, '.', (size_t)(end - at))))
		*dot = end;
	if ((!*colon || *colon < at) && !(*colon = memchr(at, ':', (size_t)(end - at))))
		*colon = end;
	return *dot < *colon ? *dot : *colon;
}

void pv_scan_links_bluesky(struct pv_scan *scan)
{
	const char *at = scan->start, *floor = at, *end = scan->end;
	const char *dot = NULL, *colon = NULL, *sign;
	while (!scan->failed && (sign = next_sign(at, end, &dot, &colon)) < end) {
		const char *name = sign, *taken = NULL;
		while (name > at && pv_ascii_is(name[-1], PV_C_ALNUM))
			name--;
		if (name < sign && pv_ascii_is(*name, PV_C_LETTER) &&
			may_begin(scan, floor, name, true))
			taken = take_link(scan, name, sign);
		if (taken)
			floor = taken;
		at = taken ? taken : sign + 1;
	}
}

/* ---- hashtags and cashtags ---------------------------------------------------------------------- */

/* White space and characters that show nothing: no hashtag has them. */
static bool ends_tag(uint32_t c)
{
	return c == 0xAD || c == 0x2060 || (c >= 0x200A && c <= 0x200D) || c == 0x20E2 ||
	       pv_js_is_space(c);
}

/* The end of the run after a sign; `out_real`: it has more than digits and punctuation. */
static const char *pass_tag(const char *at, const char *end, bool *out_real)
{
	*out_real = false;
	while (at < end) {
		size_t size;
		uint32_t c = pv_char_at(at, end, &size);
		if (ends_tag(c))
			break;
		*out_real |= !(c >= '0' && c <= '9') && !pv_u_is_punct(c);
		at += size;
	}
	return at;
}

static const char *drop_punctuation(const char *from, const char *to)
{
	size_t size;
	while (to > from && pv_u_is_punct(pv_char_before(from, to, &size)))
		to -= size;
	return to;
}

void pv_scan_hashtags_bluesky(struct pv_scan *scan)
{
	const char *at = scan->start, *end = scan->end;
	const char *wide = scan->wide ? "\xEF\xBC\x83" : NULL;
	size_t sign, size;
	while (!scan->failed && (at = pv_scan_sign(at, end, '#', wide, &sign))) {
		const char *tag = at + sign;
		if (!may_begin(scan, scan->start, at, false)) {
			at = tag;
			continue;
		}
		bool real = false;
		const char *stop = tag;
		if (tag < end && pv_char_at(tag, end, &size) != 0xFE0F)
			stop = pass_tag(tag, end, &real);
		if (!real) {
			at = tag;
			continue;
		}
		const char *kept = drop_punctuation(tag, stop);
		if (kept > tag &&
			pv_text_utf16((struct pv_str){tag, (size_t)(kept - tag)}) <= TAG_UTF16_MAX)
			pv_scan_add(scan, PV_ENTITY_HASHTAG, at, kept, sign);
		at = stop;
	}
}

static bool may_follow_cashtag(const char *at, const char *end)
{
	if (at == end)
		return true;
	size_t size;
	uint32_t c = pv_char_at(at, end, &size);
	return c == 0x2019 || pv_js_is_space(c) || (c && c < 0x80 && strchr(".,;:!?)\"'", (int)c));
}

void pv_scan_cashtags_bluesky(struct pv_scan *scan)
{
	const char *at = scan->start, *end = scan->end;
	size_t sign;
	while (!scan->failed && (at = pv_scan_sign(at, end, '$', NULL, &sign))) {
		const char *ticker = at + 1, *stop = ticker;
		while (stop < end && stop - ticker <= TICKER_MAX && pv_ascii_is(*stop, PV_C_ALNUM))
			stop++;
		if (stop > ticker && stop - ticker <= TICKER_MAX &&
			pv_ascii_is(*ticker, PV_C_LETTER) && may_follow_cashtag(stop, end) &&
			may_begin(scan, scan->start, at, true))
			pv_scan_add(scan, PV_ENTITY_CASHTAG, at, stop, 1);
		at = stop;
	}
}
