/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Links in a text, as X and Mastodon find them.
 *
 * The grammar: a domain is labels, each ended by a dot, then a top-level domain; the last label has
 * no underscore; a label neither begins nor ends with - or _. A domain lies in one run of
 * characters that may stand in it, so the search goes from dot to dot (most dots end a sentence and
 * cost one look) and works out a run only when a top-level domain follows one of its dots.
 *
 * Where a regular expression would try each place in turn, the labels of a run are listed once, each
 * with the furthest label a domain may end with: every start is then answered at once, and no text
 * takes more than linear time.
 */
#include "text/scan.h"

#include "text/chars.h"
#include "text/tld.h"
#include "text/unicode.h"

#include <string.h>
#include <strings.h>

enum { URL_UTF16_MAX = 4096, TCO_SLUG_MAX = 40, LABELS_NEAR = 16 };

static const size_t NONE = (size_t)-1;

struct rules {
	bool without_scheme;
	bool shortener;       /* t.co takes nothing but its slug and a query */
	bool parentheses_end; /* any balanced pair may end a path */
	size_t (*scheme)(const char *floor, const char *at);
	bool (*in_path)(uint32_t c);
	bool (*ends_path)(uint32_t c);
	bool (*in_query)(uint32_t c);
	bool (*ends_query)(uint32_t c);
};

struct label {
	const char *start, *dot;
	const char *tld_end; /* of the top-level domain after the dot; NULL: none */
	bool begins, ends;   /* its first and last characters may stand there */
	bool underscore;
	size_t furthest; /* taken whole, it leads to a domain that ends with that label; or NONE */
};

/* ---- what comes after a domain ----------------------------------------------------------------- */

/* Passes characters of the class. */
static const char *pass(const char *at, const char *end, bool (*in)(uint32_t))
{
	while (at < end) {
		size_t size;
		if (!in(pv_char_at(at, end, &size)))
			break;
		at += size;
	}
	return at;
}

/* Balanced parentheses, one more pair allowed inside; `at` itself when they are not. */
static const char *pass_parentheses(const char *at, const char *end, const struct rules *rules)
{
	const char *inside = at + 1;
	const char *stop = pass(inside, end, rules->in_path);
	if (stop < end && *stop == ')' && stop > inside)
		return stop + 1;
	if (stop == end || *stop != '(')
		return at;
	inside = stop + 1;
	stop = pass(inside, end, rules->in_path);
	if (stop == end || *stop != ')' || stop == inside)
		return at;
	stop = pass(stop + 1, end, rules->in_path);
	return stop < end && *stop == ')' ? stop + 1 : at;
}

/* From a slash to the last character that a path may end with. */
static const char *pass_path(const char *at, const char *end, const struct rules *rules)
{
	const char *last = ++at;
	while (at < end) {
		if (*at == '(') {
			const char *after = pass_parentheses(at, end, rules);
			if (after == at)
				break;
			/* to X it ends a path only where the path could have ended before it */
			if (rules->parentheses_end || last == at)
				last = after;
			at = after;
			continue;
		}
		size_t size;
		uint32_t c = pv_char_at(at, end, &size);
		if (!rules->in_path(c))
			break;
		at += size;
		if (rules->ends_path(c))
			last = at;
	}
	return last;
}

/* From a question mark to the last character that a query may end with, if any. */
static const char *pass_query(const char *at, const char *end, const struct rules *rules)
{
	const char *last = at++;
	while (at < end) {
		size_t size;
		uint32_t c = pv_char_at(at, end, &size);
		if (!rules->in_query(c))
			break;
		at += size;
		if (rules->ends_query(c))
			last = at;
	}
	return last;
}

/* Port, path and query after a domain that ends at `at`. */
static const char *pass_rest(
	const char *at, const char *end, const struct rules *rules, bool *out_path)
{
	if (at < end && *at == ':') {
		const char *digits = at + 1;
		while (digits < end && pv_ascii_is(*digits, PV_C_DIGIT))
			digits++;
		if (digits > at + 1)
			at = digits;
	}
	*out_path = at < end && *at == '/';
	if (*out_path)
		at = pass_path(at, end, rules);
	if (at < end && *at == '?')
		at = pass_query(at, end, rules);
	return at;
}

/* ---- a run and its labels ---------------------------------------------------------------------- */

static bool in_run(uint32_t c)
{
	return c == '.' || c == '-' || c == '_' || pv_x_is_domain(c);
}

static const char *run_start(const char *floor, const char *at)
{
	while (at > floor) {
		if ((unsigned char)at[-1] < 0x80) {
			if (!in_run((unsigned char)at[-1]))
				break;
			at--;
			continue;
		}
		size_t size;
		if (!in_run(pv_char_before(floor, at, &size)))
			break;
		at -= size;
	}
	return at;
}

struct run {
	const char *start, *end;
	struct label near[LABELS_NEAR];
	struct label *labels; /* `near`, or below the scan's memory */
	size_t n, room;
};

static struct label *run_new_label(struct run *run, struct pv_scan *scan)
{
	if (run->n < run->room)
		return &run->labels[run->n++];
	struct label *old = run->labels == run->near ? NULL : run->labels;
	struct label *grown = talloc_realloc(scan->mem, old, struct label, run->room * 2);
	if (!grown) {
		scan->failed = true;
		return NULL;
	}
	if (!old)
		memcpy(grown, run->near, sizeof(run->near));
	run->labels = grown;
	run->room *= 2;
	return &run->labels[run->n++];
}

/* Lists the labels from run->start on, and finds run->end. */
static bool run_read(struct run *run, struct pv_scan *scan)
{
	const char *at = run->start, *start = at;
	bool begins = false, ends = false, underscore = false;
	while (at < scan->end) {
		size_t size;
		uint32_t c = pv_char_at(at, scan->end, &size);
		if (!in_run(c))
			break;
		if (c == '.') {
			struct label *label = run_new_label(run, scan);
			if (!label)
				return false;
			size_t tld = pv_tld_match(at + 1, scan->end);
			*label = (struct label){.start = start,
				.dot = at,
				.tld_end = tld ? at + 1 + tld : NULL,
				.begins = begins,
				.ends = ends,
				.underscore = underscore};
			start = at + 1;
			begins = ends = underscore = false;
		} else {
			ends = c != '-' && c != '_';
			if (at == start)
				begins = ends;
			underscore |= c == '_';
		}
		at += size;
	}
	run->end = at;
	size_t furthest = NONE;
	for (size_t i = run->n; i-- > 0;) {
		struct label *label = &run->labels[i];
		if (!label->begins || !label->ends)
			furthest = NONE;
		else if (furthest == NONE && label->tld_end && !label->underscore)
			furthest = i;
		label->furthest = furthest;
	}
	return true;
}

/* The end of the domain that begins at `at`, inside the label numbered `i`; NULL: none does. */
static const char *domain_end(const struct run *run, size_t i, const char *at)
{
	const struct label *label = &run->labels[i];
	if (!label->ends || *at == '-' || *at == '_')
		return NULL;
	if (i + 1 < run->n && run->labels[i + 1].furthest != NONE)
		return run->labels[run->labels[i + 1].furthest].tld_end;
	if (!label->tld_end || memchr(at, '_', (size_t)(label->dot - at)))
		return NULL;
	return label->tld_end;
}

/* ---- links ------------------------------------------------------------------------------------- */

/* Domains of ASCII and accented Latin letters inside a domain; the last one ends at `end`. */
static bool ascii_domains(struct pv_scan *scan, const char *at, const char *domain_stop,
	const char *end, bool only_ask)
{
	struct pv_entity *last = NULL;
	while (at < domain_stop) {
		/* one chain of labels, and the last of its dots that a top-level domain follows */
		const char *chain = at, *label = at, *good = NULL;
		while (at < domain_stop) {
			size_t size;
			uint32_t c = pv_char_at(at, domain_stop, &size);
			if (c == '.' && at > label) {
				size_t tld = pv_tld_match(at + 1, domain_stop);
				if (tld)
					good = at + 1 + tld;
				label = at + 1;
			} else if (c != '-' && !(c < 0x80 && pv_ascii_is((char)c, PV_C_ALNUM)) &&
				   !pv_x_is_accented(c, true)) {
				break;
			}
			at += size;
		}
		if (!good) {
			size_t size = 0;
			if (at < domain_stop)
				pv_char_at(at, domain_stop, &size);
			at += size;
			continue;
		}
		if (only_ask)
			return true;
		pv_scan_add(scan, PV_ENTITY_LINK, chain, good, 0);
		if (scan->failed)
			return false;
		last = &scan->items[scan->n - 1];
		at = good;
	}
	if (last && end) {
		last->end = (size_t)(end - scan->start);
		last->text.size = last->end - last->start;
	}
	return last;
}

/* twitter-text counts the scheme twice. */
static bool short_enough(const char *from, const char *to, size_t scheme)
{
	return to - from <= URL_UTF16_MAX / 2 ||
	       pv_text_utf16((struct pv_str){from, (size_t)(to - from)}) +
			       (scheme ? scheme : strlen("https://")) <=
		       URL_UTF16_MAX;
}

static bool domain_valid(struct pv_scan *scan, const char *from, const char *to)
{
	if (to - from >= 4 && memcmp(from, "xn--", 4) == 0 &&
		!ascii_domains(scan, from, to, NULL, true))
		return false;
	return pv_domain_fits_dns(from, to);
}

/* Where a t.co link with that scheme ends: its slug and query. `end` if it is not one, NULL: bad. */
static const char *shortener_end(const char *domain, const char *end, const struct rules *rules)
{
	const char host[] = "t.co/";
	size_t size = sizeof(host) - 1;
	if ((size_t)(end - domain) <= size || strncasecmp(domain, host, size) != 0)
		return end;
	const char *slug = domain + size, *at = slug;
	while (at < end && pv_ascii_is(*at, PV_C_ALNUM))
		at++;
	if (at == slug)
		return end;
	if (at - slug > TCO_SLUG_MAX)
		return NULL;
	if (at < end && *at == '?')
		at = pass_query(at, end, rules);
	return at;
}

/* A link with its scheme from `from`, its domain from `domain` to `domain_stop`. Says where it ends. */
static const char *take_full(struct pv_scan *scan, const struct rules *rules, const char *from,
	const char *domain, const char *domain_stop)
{
	bool path;
	const char *end = pass_rest(domain_stop, scan->end, rules, &path);
	if (!domain_valid(scan, domain, domain_stop) ||
		!short_enough(from, end, (size_t)(domain - from)))
		return end;
	const char *link_end = rules->shortener ? shortener_end(domain, end, rules) : end;
	if (link_end)
		pv_scan_add(scan, PV_ENTITY_LINK, from, link_end, 0);
	return end;
}

/* A link without scheme; it is passed over whether it is taken or not. */
static const char *take_bare(struct pv_scan *scan, const struct rules *rules, const char *domain,
	const char *domain_stop)
{
	bool path;
	const char *end = pass_rest(domain_stop, scan->end, rules, &path);
	char before = domain > scan->start ? domain[-1] : ' ';
	if (!rules->without_scheme || before == '-' || before == '_' || before == '.' ||
		before == '/')
		return end;
	if (domain_valid(scan, domain, domain_stop) && short_enough(domain, end, 0))
		ascii_domains(scan, domain, domain_stop, path ? end : NULL, false);
	return end;
}

/* May a link begin at `at`, the characters before `floor` being taken already? */
static bool may_begin(const struct pv_scan *scan, const char *floor, const char *at)
{
	if (at == scan->start)
		return true;
	if (at == floor)
		return false;
	size_t size;
	return !pv_x_stops_link(pv_char_before(floor, at, &size));
}

/*
 * At the very beginning of the text, its first character is rather taken as the one before a link
 * than as the link's own, as twitter-text does. Says where the search goes on.
 */
static const char *begin_text(
	struct pv_scan *scan, const struct rules *rules, const struct run *run, const char **floor)
{
	const char *at = scan->start;
	size_t size;
	if (pv_x_stops_link(pv_char_at(at, scan->end, &size)) || at >= run->labels[0].dot)
		return at;
	const char *stop = NULL;
	if (at + size < run->labels[0].dot)
		stop = domain_end(run, 0, at + size);
	if (stop)
		at += size;
	else
		stop = domain_end(run, 0, at);
	if (!stop)
		return at + size;
	*floor = take_bare(scan, rules, at, stop);
	return *floor;
}

/*
 * The links that begin in one run, or just before it with a scheme. Says where the search goes on;
 * `floor` becomes the end of the last one.
 */
static const char *scan_run(
	struct pv_scan *scan, const struct rules *rules, struct run *run, const char **floor)
{
	const char *at = run->start;
	size_t scheme = rules->scheme(*floor, at);
	if (scheme && may_begin(scan, *floor, at - scheme)) {
		const char *stop = domain_end(run, 0, at);
		if (stop) {
			*floor = take_full(scan, rules, at - scheme, at, stop);
			at = *floor;
		}
	}
	if (at == scan->start && run->n)
		at = begin_text(scan, rules, run, floor);
	for (size_t i = 0; i < run->n && !scan->failed;) {
		if (at >= run->labels[i].dot) {
			at += at == run->labels[i++].dot;
			continue;
		}
		const char *stop = may_begin(scan, *floor, at) ? domain_end(run, i, at) : NULL;
		if (stop) {
			at = *floor = take_bare(scan, rules, at, stop);
			continue;
		}
		size_t size;
		pv_char_at(at, scan->end, &size);
		at += size;
	}
	return *floor > run->end ? *floor : run->end;
}

static void scan_links(struct pv_scan *scan, const struct rules *rules)
{
	const char *floor = scan->start, *dot = scan->start;
	struct run run;
	while (!scan->failed && dot < scan->end &&
		(dot = memchr(dot, '.', (size_t)(scan->end - dot)))) {
		if (!pv_tld_match(dot + 1, scan->end)) {
			dot++;
			continue;
		}
		run.start = run_start(floor, dot);
		run.labels = run.near;
		run.n = 0;
		run.room = LABELS_NEAR;
		if (run_read(&run, scan))
			dot = scan_run(scan, rules, &run, &floor);
		if (run.labels != run.near)
			talloc_free(run.labels);
	}
}

/* ---- X ----------------------------------------------------------------------------------------- */

/* The bytes of "http://" or "https://", in any case, that end at `at`; 0: none. */
static size_t scheme_http(const char *floor, const char *at)
{
	if (at - floor >= 8 && strncasecmp(at - 8, "https://", 8) == 0)
		return 8;
	return at - floor >= 7 && strncasecmp(at - 7, "http://", 7) == 0 ? 7 : 0;
}

static bool x_in_path(uint32_t c)
{
	return c < 0x80 ? pv_ascii_class[c] & PV_C_PATH : c == 0x2013 || pv_x_is_path_letter(c);
}

static bool x_ends_path(uint32_t c)
{
	return c < 0x80 ? pv_ascii_class[c] & PV_C_PATH_END : pv_x_is_path_letter(c);
}

static bool x_in_query(uint32_t c)
{
	return c < 0x80 && (pv_ascii_class[c] & PV_C_QUERY);
}

static bool x_ends_query(uint32_t c)
{
	return c < 0x80 && (pv_ascii_class[c] & PV_C_QUERY_END);
}

void pv_scan_links_x(struct pv_scan *scan)
{
	static const struct rules rules = {
		.without_scheme = true,
		.shortener = true,
		.scheme = scheme_http,
		.in_path = x_in_path,
		.ends_path = x_ends_path,
		.in_query = x_in_query,
		.ends_query = x_ends_query,
	};
	scan_links(scan, &rules);
}

/* ---- Mastodon (config/initializers/twitter_regex.rb) -------------------------------------------- */

static size_t scheme_mastodon(const char *floor, const char *at)
{
	static const char *const others[] = {
		"dat://", "dweb://", "ipfs://", "ipns://", "ssb://", "gopher://", "gemini://"};
	size_t http = scheme_http(floor, at);
	if (http || at - floor < 6 || memcmp(at - 3, "://", 3) != 0)
		return http;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		size_t size = strlen(others[i]);
		if ((size_t)(at - floor) >= size && strncasecmp(at - size, others[i], size) == 0)
			return size;
	}
	return 0;
}

static bool mastodon_in_path(uint32_t c)
{
	if (c < 0x80)
		return !(pv_ascii_class[c] & PV_C_SPACE) && !(c && strchr("<>()?", (int)c));
	return !pv_u_is_space(c);
}

static bool mastodon_ends_path(uint32_t c)
{
	if (c < 0x80)
		return mastodon_in_path(c) && !(c && strchr("!*\"';:=,.$%[]~&|@", (int)c));
	return !pv_u_is_space(c) && c != 0x300C && c != 0x300D;
}

/* The characters of RFC 3987's ucschar and iprivate. */
static bool is_ucschar(uint32_t c)
{
	if (c < 0x10000)
		return c >= 0xA0 && !(c >= 0xFDD0 && c <= 0xFDEF) && c <= 0xFFEF;
	return (c & 0xFFFF) < 0xFFFE && !(c >= 0xE0000 && c < 0xE1000);
}

static bool mastodon_in_query(uint32_t c)
{
	return c < 0x80 ? c == '^' || (pv_ascii_class[c] & PV_C_QUERY) : is_ucschar(c);
}

static bool mastodon_ends_query(uint32_t c)
{
	return c < 0x80 ? pv_ascii_class[c] & PV_C_QUERY_END : is_ucschar(c);
}

void pv_scan_links_mastodon(struct pv_scan *scan)
{
	static const struct rules rules = {
		.parentheses_end = true,
		.scheme = scheme_mastodon,
		.in_path = mastodon_in_path,
		.ends_path = mastodon_ends_path,
		.in_query = mastodon_in_query,
		.ends_query = mastodon_ends_query,
	};
	scan_links(scan, &rules);
}
