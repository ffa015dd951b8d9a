/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "text/prose.h"

#include "base/utf8.h"
#include "text/prose_scan.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

/* ASCII is answered without ICU. */
static const uint8_t ascii_flags[0x80] = {
	['\t' ... '\r'] = PV_CH_SPACE,
	[' '] = PV_CH_SPACE,
	['0' ... '9'] = PV_CH_WORD,
	['A' ... 'Z'] = PV_CH_WORD | PV_CH_LETTER,
	['_'] = PV_CH_WORD,
	['a' ... 'z'] = PV_CH_WORD | PV_CH_LETTER,
};

static uint8_t flags_of(uint32_t c)
{
	if (c < 0x80)
		return ascii_flags[c];
	uint32_t type = U_MASK(u_charType((UChar32)c));
	if (type & U_GC_L_MASK)
		return PV_CH_WORD | PV_CH_LETTER;
	if (type & (U_GC_M_MASK | U_GC_N_MASK))
		return PV_CH_WORD;
	return u_isUWhiteSpace((UChar32)c) ? PV_CH_SPACE : 0;
}

static inline uint32_t fold_of(uint32_t c, uint8_t flags)
{
	if (c < 0x80) {
		if (c >= 'A' && c <= 'Z')
			return c | 0x20;
		return flags & PV_CH_SPACE ? ' ' : c;
	}
	if (flags & PV_CH_SPACE)
		return ' ';
	if (c == 0x2019)
		return '\'';
	if (c == 0x2011)
		return '-';
	return flags & PV_CH_LETTER ? (uint32_t)u_foldCase((UChar32)c, U_FOLD_CASE_DEFAULT) : c;
}

/* Below U+0300, and in common punctuation and emoji, no character composes with another. */
static inline bool surely_nfc(uint32_t c)
{
	return c < 0x300 || (c >= 0x2010 && c <= 0x203A) || (c >= 0x1F300 && c <= 0x1FAFF) ||
	       c == 0x20AC || c == 0xFE0F || c == 0x200D;
}

/* One array of `room` characters, and one more for the ends. */
static bool prose_room(TALLOC_CTX *mem, size_t room, struct pv_prose *out)
{
	size_t bytes = (room + 1) * (4 * sizeof(uint32_t) + 1);
	uint32_t *block = talloc_size(mem, bytes);
	if (!block)
		return false;
	out->raw = block;
	out->fold = out->raw + room + 1;
	out->byte = out->fold + room + 1;
	out->point = out->byte + room + 1;
	out->flags = (uint8_t *)(out->point + room + 1);
	return true;
}

static inline void prose_push(struct pv_prose *prose, uint32_t c, size_t byte, size_t point)
{
	size_t i = prose->n++;
	uint8_t flags = flags_of(c);
	prose->raw[i] = c;
	prose->flags[i] = flags;
	prose->fold[i] = fold_of(c, flags);
	prose->byte[i] = (uint32_t)byte;
	prose->point[i] = (uint32_t)point;
}

/* Plain ASCII from `at` on, which most of most texts is; answers where it ends. */
static size_t push_ascii(struct pv_prose *prose, size_t at, size_t point)
{
	const char *bytes = prose->source.bytes;
	size_t end = prose->source.size, n = prose->n;
	uint32_t *raw = prose->raw, *fold = prose->fold, *byte = prose->byte,
		 *points = prose->point;
	uint8_t *flags = prose->flags;
	for (; at < end && (unsigned char)bytes[at] < 0x80; at++, n++) {
		uint32_t c = (unsigned char)bytes[at];
		raw[n] = c;
		flags[n] = ascii_flags[c];
		fold[n] = fold_of(c, ascii_flags[c]);
		byte[n] = (uint32_t)at;
		points[n] = (uint32_t)point++;
	}
	prose->n = n;
	return at;
}

/*
 * Normalises [start, end) of the characters as read, a piece that ICU says begins and ends at
 * composition boundaries; all its characters stand where the piece began.
 */
static bool normalise_piece(const UNormalizer2 *nfc, const uint32_t *from, size_t n, size_t byte,
	size_t point, struct pv_prose *out, size_t room)
{
	UChar wide[256], composed[256];
	int32_t wide_n = 0, composed_n;
	UErrorCode code = U_ZERO_ERROR;
	u_strFromUTF32(wide, 256, &wide_n, (const UChar32 *)from, (int32_t)n, &code);
	composed_n = unorm2_normalize(nfc, wide, wide_n, composed, 256, &code);
	if (U_FAILURE(code)) { /* a mountain of marks: it stays as it is */
		for (size_t i = 0; i < n; i++)
			prose_push(out, from[i], byte, point);
		return true;
	}
	for (int32_t i = 0; i < composed_n && out->n < room;) {
		UChar32 c;
		U16_NEXT(composed, i, composed_n, c);
		prose_push(out, (uint32_t)c, byte, point);
	}
	return true;
}

/* The slow way, for text that may not be NFC: piece by piece, so that places stay known. */
static bool normalise(TALLOC_CTX *mem, struct pv_prose *prose)
{
	UErrorCode code = U_ZERO_ERROR;
	const UNormalizer2 *nfc = unorm2_getNFCInstance(&code);
	if (U_FAILURE(code))
		return false;
	struct pv_prose out = {.source = prose->source};
	size_t room = prose->n * 4; /* the longest composition of one code point in NFC is 3 */
	if (!prose_room(mem, room, &out))
		return false;
	for (size_t i = 0; i < prose->n;) {
		size_t end = i + 1;
		while (end < prose->n && !unorm2_hasBoundaryBefore(nfc, (UChar32)prose->raw[end]))
			end++;
		normalise_piece(
			nfc, prose->raw + i, end - i, prose->byte[i], prose->point[i], &out, room);
		i = end;
	}
	out.byte[out.n] = prose->byte[prose->n];
	out.point[out.n] = prose->point[prose->n];
	*prose = out;
	return true;
}

static bool prose_decode(TALLOC_CTX *mem, struct pv_str text, struct pv_prose *out)
{
	*out = (struct pv_prose){.source = text};
	if (!prose_room(mem, text.size, out))
		return false;
	bool plain = true;
	size_t at = 0, points = 0;
	for (;;) {
		size_t from = at;
		at = push_ascii(out, at, points);
		points += at - from;
		if (at == text.size)
			break;
		uint32_t c;
		size_t step = pv_utf8_decode(text.bytes + at, text.size - at, &c);
		if (!step)
			return false;
		plain = plain && surely_nfc(c);
		prose_push(out, c, at, points++);
		at += step;
	}
	out->byte[out->n] = (uint32_t)at;
	out->point[out->n] = (uint32_t)points;
	return plain || normalise(mem, out);
}

/* From the opening mark at `at` to behind its closing one; 0 when it is never closed. */
static size_t quotation_end(const struct pv_prose *prose, size_t at, uint32_t close)
{
	uint32_t open = prose->raw[at];
	size_t depth = 0;
	for (size_t i = at; i < prose->n; i++) {
		if (prose->flags[i] & PV_CH_LINK)
			continue;
		if (prose->raw[i] == open && (open != close || i == at))
			depth++;
		else if (prose->raw[i] == close && --depth == 0)
			return i + 1;
	}
	return 0;
}

static void mark(struct pv_prose *prose, size_t start, size_t end, uint8_t flag)
{
	for (size_t i = start; i < end; i++)
		prose->flags[i] |= flag;
}

static void mark_quotations(struct pv_prose *prose)
{
	bool line_start = true;
	for (size_t i = 0; i < prose->n;) {
		uint32_t c = prose->raw[i];
		size_t end = 0;
		if (prose->flags[i] & PV_CH_LINK)
			end = 0;
		else if (line_start && c == '>')
			for (end = i; end < prose->n && prose->raw[end] != '\n' &&
				      prose->raw[end] != '\r' && prose->raw[end] != 0x2028 &&
				      prose->raw[end] != 0x2029;)
				end++;
		else if (c == 0xAB)
			end = quotation_end(prose, i, 0xBB);
		else if (c == 0x201C)
			end = quotation_end(prose, i, 0x201D);
		else if (c == '"')
			end = quotation_end(prose, i, '"');
		if (end) {
			mark(prose, i, end, PV_CH_QUOTED);
			i = end;
			line_start = false;
			continue;
		}
		if (c == '\n' || c == '\r' || c == 0x2028 || c == 0x2029)
			line_start = true;
		else if (!(prose->flags[i] & PV_CH_SPACE))
			line_start = false;
		i++;
	}
}

static bool question_mark(uint32_t c)
{
	return c == '?' || c == 0xFF1F || c == 0x061F || c == 0x203D || c == 0x2047 ||
	       c == 0x2048 || c == 0x2049;
}

bool pv_prose_read(TALLOC_CTX *mem, struct pv_str text, pv_prose_named named, void *state,
	struct pv_prose *out)
{
	if (!prose_decode(mem, text, out) || !pv_prose_scan(mem, out, named, state))
		return false;
	mark_quotations(out);
	for (size_t i = 0; i < out->n && !out->question; i++)
		out->question = question_mark(out->raw[i]) &&
				!(out->flags[i] & (PV_CH_LINK | PV_CH_QUOTED));
	return true;
}

struct pv_str pv_prose_slice(const struct pv_prose *prose, size_t start, size_t end)
{
	return (struct pv_str){.bytes = prose->source.bytes + prose->byte[start],
		.size = prose->byte[end] - prose->byte[start]};
}

bool pv_prose_fold(TALLOC_CTX *mem, struct pv_str text, uint32_t **out, size_t *out_n)
{
	struct pv_prose prose;
	if (!prose_decode(mem, text, &prose))
		return false;
	size_t n = 0;
	for (size_t i = 0; i < prose.n; i++) {
		if (prose.fold[i] == ' ' && (n == 0 || prose.fold[n - 1] == ' '))
			continue;
		prose.fold[n++] = prose.fold[i];
	}
	while (n > 0 && prose.fold[n - 1] == ' ')
		n--;
	*out = prose.fold;
	*out_n = n;
	return true;
}

int pv_prose_letter_case(uint32_t c)
{
	if (u_isUUppercase((UChar32)c) || u_istitle((UChar32)c))
		return 1;
	return u_isULowercase((UChar32)c) ? -1 : 0;
}

bool pv_prose_unseen(uint32_t c)
{
	return c >= 0xAD && u_hasBinaryProperty((UChar32)c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
}

size_t pv_prose_seen_until(const struct pv_prose *prose, size_t start, size_t end)
{
	while (start < end && !pv_prose_unseen(prose->raw[start]))
		start++;
	return start;
}

bool pv_prose_blank(struct pv_str text)
{
	for (size_t at = 0; at < text.size;) {
		uint32_t c;
		size_t step = pv_utf8_decode(text.bytes + at, text.size - at, &c);
		if (!step)
			return false;
		uint32_t type = U_MASK(u_charType((UChar32)c));
		if (!u_isUWhiteSpace((UChar32)c) && !(type & (U_GC_CC_MASK | U_GC_CF_MASK)))
			return false;
		at += step;
	}
	return true;
}
