/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Mentions, lists, hashtags and cashtags as X finds them (twitter-text 3.1). */
#include "text/scan.h"

#include "text/chars.h"

#include <string.h>

enum { NAME_MAX_X = 20, SLUG_MAX = 25, TICKER_MAX = 6, TICKER_SUFFIX_MAX = 2 };

static const char WIDE_AT[] = "\xEF\xBC\xA0", WIDE_HASH[] = "\xEF\xBC\x83";

const char *pv_scan_sign(
	const char *at, const char *end, char sign, const char *wide, size_t *out_size)
{
	if (!wide) {
		*out_size = 1;
		return at < end ? memchr(at, sign, (size_t)(end - at)) : NULL;
	}
	for (; at < end; at++) {
		if (*at == sign) {
			*out_size = 1;
			return at;
		}
		if (*at == wide[0] && end - at >= 3 && at[1] == wide[1] && at[2] == wide[2]) {
			*out_size = 3;
			return at;
		}
	}
	return NULL;
}

static bool is_scheme_end(const char *at, const char *end)
{
	return end - at >= 3 && memcmp(at, "://", 3) == 0;
}

/* ---- mentions ---------------------------------------------------------------------------------- */

/* "RT" or "RT:" before `at`, itself not the end of a word. */
static bool after_retweet(const struct pv_scan *scan, const char *floor, const char *at)
{
	if (at - floor < 2 || (at[-1] | 0x20) != 't' || (at[-2] | 0x20) != 'r')
		return false;
	at -= 2;
	if (at == scan->start)
		return true;
	if (at == floor)
		return false;
	return !pv_ascii_is(at[-1], PV_C_NO_RT);
}

/* `floor`: what comes before belongs to another mention. */
static bool may_mention(const struct pv_scan *scan, const char *floor, const char *at)
{
	if (at == scan->start)
		return true;
	if (at == floor)
		return false;
	size_t size;
	uint32_t before = pv_char_before(floor, at, &size);
	if (!(before < 0x80 ? pv_ascii_class[before] & PV_C_NO_MENTION : before == 0xFF20))
		return true;
	return after_retweet(scan, floor, at);
}

/* What makes a name that was just read no mention. */
static bool spoils_mention(const char *at, const char *end)
{
	if (at == end)
		return false;
	size_t size;
	uint32_t c = pv_char_at(at, end, &size);
	return c == '@' || c == 0xFF20 || (c >= 0x80 && pv_x_is_accented(c, false)) ||
	       is_scheme_end(at, end);
}

static const char *pass_name(const char *at, const char *end)
{
	const char *stop = end - at > NAME_MAX_X ? at + NAME_MAX_X : end;
	while (at < stop && pv_ascii_is(*at, PV_C_WORD))
		at++;
	return at;
}

/* "/slug" after a name, or nothing. */
static const char *pass_slug(const char *at, const char *end)
{
	if (end - at < 2 || at[0] != '/' || !pv_ascii_is(at[1], PV_C_LETTER))
		return at;
	const char *stop = end - ++at > SLUG_MAX ? at + SLUG_MAX : end;
	while (at < stop && (pv_ascii_is(*at, PV_C_WORD) || *at == '-'))
		at++;
	return at;
}

void pv_scan_mentions_x(struct pv_scan *scan)
{
	const char *wide = scan->wide ? WIDE_AT : NULL, *floor = scan->start, *at = scan->start;
	size_t sign;
	while (!scan->failed && (at = pv_scan_sign(at, scan->end, '@', wide, &sign))) {
		const char *name = at + sign, *name_end = pass_name(name, scan->end);
		if (name_end == name || !may_mention(scan, floor, at)) {
			at = name;
			continue;
		}
		const char *end = pass_slug(name_end, scan->end);
		if (!spoils_mention(end, scan->end))
			pv_scan_add(scan, end > name_end ? PV_ENTITY_LIST : PV_ENTITY_MENTION, at,
				end, sign);
		floor = at = end;
	}
}

struct pv_str pv_x_reply_to(struct pv_str text)
{
	const char *at = text.bytes, *end = text.bytes + text.size;
	size_t size;
	uint32_t c = 0;
	while (at < end && pv_x_is_space(c = pv_char_at(at, end, &size)))
		at += size;
	if (at == end || (c != '@' && c != 0xFF20))
		return (struct pv_str){.bytes = "", .size = 0};
	const char *name = at + size, *stop = pass_name(name, end);
	if (stop == name || spoils_mention(stop, end))
		return (struct pv_str){.bytes = "", .size = 0};
	return (struct pv_str){.bytes = name, .size = (size_t)(stop - name)};
}

/* ---- hashtags ---------------------------------------------------------------------------------- */

static bool is_hashtag_special(uint32_t c)
{
	switch (c) {
	case '_':
	case 0xB7:
	case 0x5BE:
	case 0x5F3:
	case 0x5F4:
	case 0xF0B:
	case 0xF0C:
	case 0x200C:
	case 0x200D:
	case 0x3003:
	case 0x301C:
	case 0x309B:
	case 0x309C:
	case 0x30A0:
	case 0x30FB:
	case 0xA67E:
	case 0xFF5E: return true;
	default: return false;
	}
}

static bool in_hashtag(uint32_t c)
{
	if (c < 0x80)
		return pv_ascii_class[c] & PV_C_WORD;
	return pv_u_is_letter_or_mark(c) || pv_u_is_digit(c) || is_hashtag_special(c);
}

static bool may_tag(const struct pv_scan *scan, const char *floor, const char *at)
{
	if (at == scan->start)
		return true;
	if (at == floor)
		return false;
	size_t size;
	uint32_t before = pv_char_before(floor, at, &size);
	/* variation selectors are marks, and end an emoji */
	return before == 0xFE0E || before == 0xFE0F || !(before == '&' || in_hashtag(before));
}

static const char *pass_hashtag(const char *at, const char *end, bool *out_letter)
{
	*out_letter = false;
	while (at < end) {
		size_t size;
		uint32_t c = pv_char_at(at, end, &size);
		if (!in_hashtag(c))
			break;
		*out_letter |= pv_u_is_letter_or_mark(c);
		at += size;
	}
	return at;
}

void pv_scan_hashtags_x(struct pv_scan *scan)
{
	const char *wide = scan->wide ? WIDE_HASH : NULL, *floor = scan->start, *at = scan->start;
	size_t sign, size;
	while (!scan->failed && (at = pv_scan_sign(at, scan->end, '#', wide, &sign))) {
		const char *tag = at + sign;
		bool letter;
		const char *end = pass_hashtag(tag, scan->end, &letter);
		uint32_t first = tag < end ? pv_char_at(tag, end, &size) : 0;
		/* "#" and FE0F or 20E3 is a keycap */
		if (!letter || first == 0xFE0F || first == 0x20E3 || !may_tag(scan, floor, at)) {
			at = end;
			continue;
		}
		uint32_t after = end < scan->end ? pv_char_at(end, scan->end, &size) : ' ';
		if (after != '#' && after != 0xFF03 && !is_scheme_end(end, scan->end))
			pv_scan_add(scan, PV_ENTITY_HASHTAG, at, end, sign);
		floor = at = end;
	}
}

/* ---- cashtags ---------------------------------------------------------------------------------- */

static bool may_follow_cashtag(const char *at, const char *end)
{
	if (at == end || pv_ascii_is(*at, PV_C_PUNCT))
		return true;
	size_t size;
	return pv_js_is_space(pv_char_at(at, end, &size));
}

static const char *pass_letters(const char *at, const char *end)
{
	while (at < end && pv_ascii_is(*at, PV_C_LETTER))
		at++;
	return at;
}

/* The end of a ticker of 1 to 6 letters, and of its suffix (".A", "_xy"); `at`: none. */
static const char *pass_ticker(const char *at, const char *end)
{
	const char *stop = pass_letters(at, end);
	if (stop == at || stop - at > TICKER_MAX)
		return at;
	if (stop < end && (*stop == '.' || *stop == '_')) {
		const char *suffix = pass_letters(stop + 1, end);
		size_t size = (size_t)(suffix - stop - 1);
		if (size && size <= TICKER_SUFFIX_MAX && may_follow_cashtag(suffix, end))
			return suffix;
	}
	return may_follow_cashtag(stop, end) ? stop : at;
}

void pv_scan_cashtags_x(struct pv_scan *scan)
{
	const char *at = scan->start;
	size_t sign, size;
	while (!scan->failed && (at = pv_scan_sign(at, scan->end, '$', NULL, &sign))) {
		const char *end = pass_ticker(at + 1, scan->end);
		if (end > at + 1 && (at == scan->start || pv_x_is_space(pv_char_before(
								  scan->start, at, &size)))) {
			pv_scan_add(scan, PV_ENTITY_CASHTAG, at, end, sign);
			at = end;
		} else {
			at++;
		}
	}
}
