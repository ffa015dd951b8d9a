/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Grapheme clusters: the rules GB3 to GB13 of UAX #29, as one automaton over code points. */
#include "text/unicode.h"

#include "base/utf8.h"
#include "text/chars.h"

#include <unicode/uchar.h>
#include <unicode/uscript.h>

enum group {
	START,
	OTHER,
	CR,
	LF,
	CONTROL,
	EXTEND,
	ZWJ,
	FLAG, /* a regional indicator, half of a flag */
	PREPEND,
	SPACING,
	HANGUL_L,
	HANGUL_V,
	HANGUL_T,
	HANGUL_LV,
	HANGUL_LVT,
	PICTOGRAPH,
};

/* GB11: ExtPict Extend* ZWJ × ExtPict */
enum { PICT_NO, PICT_YES, PICT_JOINED };
/* GB9c: Consonant … Linker … × Consonant */
enum { CONJ_NO, CONJ_CONSONANT, CONJ_LINKED };

static enum group class_from_icu(uint32_t c)
{
	switch (u_getIntPropertyValue((UChar32)c, UCHAR_GRAPHEME_CLUSTER_BREAK)) {
	case U_GCB_CONTROL: return CONTROL;
	case U_GCB_CR: return CR;
	case U_GCB_LF: return LF;
	case U_GCB_EXTEND: return EXTEND;
	case U_GCB_ZWJ: return ZWJ;
	case U_GCB_REGIONAL_INDICATOR: return FLAG;
	case U_GCB_PREPEND: return PREPEND;
	case U_GCB_SPACING_MARK: return SPACING;
	case U_GCB_L: return HANGUL_L;
	case U_GCB_V: return HANGUL_V;
	case U_GCB_T: return HANGUL_T;
	case U_GCB_LV: return HANGUL_LV;
	case U_GCB_LVT: return HANGUL_LVT;
	default: break;
	}
	return u_hasBinaryProperty((UChar32)c, UCHAR_EXTENDED_PICTOGRAPHIC) ? PICTOGRAPH : OTHER;
}

/* The usual characters without a look into ICU's tables. */
static enum group class_of(uint32_t c)
{
	if (c < 0x300) {
		if (c >= 0x20 && c < 0x7F)
			return OTHER;
		if (c == '\n')
			return LF;
		if (c == '\r')
			return CR;
		if (c < 0xA0 || c == 0xAD)
			return CONTROL;
		return c == 0xA9 || c == 0xAE ? PICTOGRAPH : OTHER;
	}
	if ((c >= 0x2010 && c < 0x2028) || (c >= 0x4E00 && c <= 0x9FFF) ||
		(c >= 0x400 && c < 0x483) || (c >= 0x370 && c < 0x400))
		return OTHER;
	return class_from_icu(c);
}

/* The six scripts whose conjuncts are kept whole (Unicode 15.1, Indic_Conjunct_Break). */
static bool joins_conjuncts(uint32_t c)
{
	UErrorCode code = U_ZERO_ERROR;
	switch (uscript_getScript((UChar32)c, &code)) {
	case USCRIPT_BENGALI:
	case USCRIPT_DEVANAGARI:
	case USCRIPT_GUJARATI:
	case USCRIPT_MALAYALAM:
	case USCRIPT_ORIYA:
	case USCRIPT_TELUGU: return true;
	default: return false;
	}
}

static bool is_linker(uint32_t c)
{
	return u_getCombiningClass((UChar32)c) == 9 && joins_conjuncts(c);
}

static bool is_consonant(uint32_t c)
{
	return u_getIntPropertyValue((UChar32)c, UCHAR_INDIC_SYLLABIC_CATEGORY) ==
		       U_INSC_CONSONANT &&
	       joins_conjuncts(c);
}

/* Where those six scripts live, and nothing else does. */
static bool may_be_indic(uint32_t c)
{
	return c >= 0x900 && c < 0xD80;
}

static uint8_t next_conjunct(uint8_t state, uint32_t c, enum group group)
{
	if (group == EXTEND || group == ZWJ) {
		if (state != CONJ_NO && may_be_indic(c) && is_linker(c))
			return CONJ_LINKED;
		return c == 0x200C ? CONJ_NO : state;
	}
	return may_be_indic(c) && is_consonant(c) ? CONJ_CONSONANT : CONJ_NO;
}

static bool is_hard(enum group group)
{
	return group == CR || group == LF || group == CONTROL || group == START;
}

static bool hangul_joins(enum group before, enum group group)
{
	switch (before) {
	case HANGUL_L:
		return group == HANGUL_L || group == HANGUL_V || group == HANGUL_LV ||
		       group == HANGUL_LVT;
	case HANGUL_LV:
	case HANGUL_V: return group == HANGUL_V || group == HANGUL_T;
	case HANGUL_LVT:
	case HANGUL_T: return group == HANGUL_T;
	default: return false;
	}
}

/* Is there no boundary between the two? */
static bool joins(const struct pv_grapheme_walk *walk, uint32_t c, enum group group)
{
	enum group before = walk->before;
	if (before == CR && group == LF)
		return true;
	if (is_hard(before) || is_hard(group))
		return false;
	if (group == EXTEND || group == ZWJ || group == SPACING || before == PREPEND)
		return true;
	if (walk->conjunct == CONJ_LINKED && may_be_indic(c) && is_consonant(c))
		return true;
	if (group == PICTOGRAPH)
		return walk->pictograph == PICT_JOINED;
	if (group == FLAG)
		return before == FLAG && walk->odd_flag;
	return hangul_joins(before, group);
}

bool pv_grapheme_begins(struct pv_grapheme_walk *walk, uint32_t c)
{
	enum group group = class_of(c);
	if (group == OTHER && walk->before == OTHER && !walk->conjunct && !may_be_indic(c))
		return true;
	bool begins = !joins(walk, c, group);
	if (group == PICTOGRAPH)
		walk->pictograph = PICT_YES;
	else if (group == ZWJ && walk->pictograph == PICT_YES)
		walk->pictograph = PICT_JOINED;
	else if (group != EXTEND || walk->pictograph != PICT_YES)
		walk->pictograph = PICT_NO;
	walk->conjunct = next_conjunct(walk->conjunct, c, group);
	walk->odd_flag = group == FLAG && !(walk->before == FLAG && walk->odd_flag);
	walk->before = (uint8_t)group;
	return begins;
}

/* Characters that stand by themselves after others such: Latin letters, quotes, dashes. */
static const char *pass_plain(const char *at, const char *end, size_t *count)
{
	for (;;) {
		const char *run = pv_printable_run(at, end);
		*count += (size_t)(run - at);
		at = run;
		if (end - at < 3)
			return at;
		const unsigned char *s = (const unsigned char *)at;
		if (s[0] >= 0xC3 && s[0] <= 0xCB) /* U+00C0 to U+02FF */
			at += 2;
		else if (s[0] == 0xE2 && s[1] == 0x80 && s[2] >= 0x90 && s[2] <= 0xA7)
			at += 3; /* U+2010 to U+2027 */
		else
			return at;
		++*count;
	}
}

size_t pv_text_graphemes(struct pv_str text)
{
	struct pv_grapheme_walk walk = {0};
	const char *at = text.bytes, *end = at + text.size;
	size_t count = 0;
	while (at < end) {
		if (walk.before == OTHER) {
			const char *plain = pass_plain(at, end, &count);
			if (plain > at)
				walk.conjunct = CONJ_NO;
			at = plain;
			if (at == end)
				break;
		}
		uint32_t c = 0xFFFD;
		size_t step = pv_utf8_decode(at, (size_t)(end - at), &c);
		count += pv_grapheme_begins(&walk, c);
		at += step ? step : 1;
	}
	return count;
}

size_t pv_grapheme_end(struct pv_str text, size_t at)
{
	struct pv_grapheme_walk walk = {0};
	size_t from = at;
	while (at < text.size) {
		uint32_t c = 0xFFFD;
		size_t step = pv_utf8_decode(text.bytes + at, text.size - at, &c);
		if (pv_grapheme_begins(&walk, c) && at > from)
			break;
		at += step ? step : 1;
	}
	return at;
}
