/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Mentions and hashtags as Mastodon 4 finds them: Account::MENTION_RE and Tag::HASHTAG_RE
 * (github.com/mastodon/mastodon, app/models). Ruby's [[:word:]] is letters, marks, decimal digits
 * and connecting punctuation; its [[:alpha:]] letters and marks.
 */
#include "text/scan.h"

#include "text/chars.h"

#include <unicode/uchar.h>

static bool is_word(uint32_t c)
{
	if (c < 0x80)
		return pv_ascii_class[c] & PV_C_WORD;
	return U_GET_GC_MASK((UChar32)c) &
	       (U_GC_L_MASK | U_GC_M_MASK | U_GC_ND_MASK | U_GC_PC_MASK);
}

static bool is_separator(uint32_t c)
{
	return c == '_' || c == 0xB7 || c == 0x30FB || c == 0x200C;
}

static uint32_t char_before(const struct pv_scan *scan, const char *at)
{
	size_t size;
	return at == scan->start ? ' ' : pv_char_before(scan->start, at, &size);
}

/* ---- mentions: @name, @name@server ---------------------------------------------------------------- */

static const char *pass_words(const char *at, const char *end, bool ascii)
{
	while (at < end) {
		size_t size;
		uint32_t c = pv_char_at(at, end, &size);
		if (ascii && c >= 0x80)
			break;
		if (!is_word(c))
			break;
		at += size;
	}
	return at;
}

/* Words joined by dots and hyphens; `at` itself when there is none. */
static const char *pass_dotted(const char *at, const char *end, bool ascii)
{
	const char *stop = pass_words(at, end, ascii);
	while (stop > at && stop < end) {
		const char *next = stop;
		while (next < end && (*next == '.' || *next == '-'))
			next++;
		const char *word = next > stop ? pass_words(next, end, ascii) : next;
		if (word == next)
			break;
		stop = word;
	}
	return stop;
}

/* The same look-out as X's: what follows spoils the mention. */
static bool spoilt(const char *at, const char *end)
{
	if (at == end)
		return false;
	size_t size;
	uint32_t c = pv_char_at(at, end, &size);
	return c == '@' || c == 0xFF20 || (c >= 0x80 && pv_x_is_accented(c, false)) ||
	       (c == ':' && end - at >= 3 && at[1] == '/' && at[2] == '/');
}

void pv_scan_mentions_mastodon(struct pv_scan *scan)
{
	const char *at = scan->start, *end = scan->end;
	size_t sign;
	while (!scan->failed && (at = pv_scan_sign(at, end, '@', NULL, &sign))) {
		uint32_t before = char_before(scan, at);
		const char *name = at + 1, *stop = pass_dotted(name, end, true);
		if (stop == name || before == '=' || before == '/' || is_word(before)) {
			at = name;
			continue;
		}
		if (stop < end && *stop == '@') {
			const char *server = pass_dotted(stop + 1, end, false);
			if (server > stop + 1)
				stop = server;
		}
		if (!spoilt(stop, end))
			pv_scan_add(scan, PV_ENTITY_MENTION, at, stop, 1);
		at = stop;
	}
}

/* ---- hashtags ------------------------------------------------------------------------------------ */

/*
 * Either a run of words and separators whose inside (all but its two ends) has a letter or a
 * separator; or, within its first word, a letter. NULL: no hashtag.
 */
static const char *pass_tag(const char *tag, const char *end)
{
	const char *at = tag, *word_end = NULL, *run_end = tag, *second = NULL;
	const char *last_inner =
		NULL; /* the last letter or separator that is not the first character */
	bool letter = false, inner = false;
	while (at < end) {
		size_t size;
		uint32_t c = pv_char_at(at, end, &size);
		bool word = is_word(c);
		if ((at == tag && !word) || (!word && !is_separator(c)))
			break;
		if (!word && !word_end)
			word_end = at;
		if (word) {
			inner |= last_inner && last_inner < at;
			run_end = at + size;
		}
		bool alpha = word && pv_u_is_letter_or_mark(c);
		letter |= alpha && !word_end;
		if (second && (alpha || is_separator(c)))
			last_inner = at;
		at += size;
		second = at;
	}
	if (inner)
		return run_end;
	return letter ? (word_end ? word_end : at) : NULL;
}

void pv_scan_hashtags_mastodon(struct pv_scan *scan)
{
	const char *at = scan->start, *end = scan->end;
	const char *wide = scan->wide ? "\xEF\xBC\x83" : NULL;
	size_t sign;
	while (!scan->failed && (at = pv_scan_sign(at, end, '#', wide, &sign))) {
		uint32_t before = char_before(scan, at);
		const char *tag = at + sign, *stop = pass_tag(tag, end);
		bool free = before != '=' && before != '/' && before != ')' &&
			    !pv_u_is_letter_or_mark(before) && !pv_u_is_digit(before);
		if (stop && free)
			pv_scan_add(scan, PV_ENTITY_HASHTAG, at, stop, sign);
		at = stop ? stop : tag;
	}
}
