/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "text/unicode.h"

#include "base/utf8.h"
#include "text/chars.h"

#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utf16.h>

enum { MARKS_USUAL = 30 }; /* UAX #15, 13: more in a row is no text of a language */

/* How many of these bytes have this pattern in their high bits: 10 for tails, 1111 for leads of 4. */
static size_t count_high(const char *bytes, size_t size, unsigned char mask, unsigned char pattern)
{
	size_t count = 0;
	for (size_t i = 0; i < size; i++)
		count += ((unsigned char)bytes[i] & mask) == pattern;
	return count;
}

/* Eight bytes at a time: code points are the bytes that are not tails. */
size_t pv_text_points(struct pv_str text)
{
	size_t tails = 0, at = 0;
	for (uint64_t eight; at + 8 <= text.size; at += 8) {
		memcpy(&eight, text.bytes + at, 8);
		uint64_t high = eight & 0x8080808080808080u;
		if (high)
			tails += (size_t)__builtin_popcountll(high & ~(eight << 1));
	}
	tails += count_high(text.bytes + at, text.size - at, 0xC0, 0x80);
	return text.size - tails;
}

size_t pv_text_utf16(struct pv_str text)
{
	size_t leads = 0, at = 0;
	for (uint64_t eight; at + 8 <= text.size; at += 8) {
		memcpy(&eight, text.bytes + at, 8);
		uint64_t high = eight & 0x8080808080808080u;
		if (high)
			leads += (size_t)__builtin_popcountll(
				high & eight << 1 & eight << 2 & eight << 3);
	}
	return pv_text_points(text) + leads +
	       count_high(text.bytes + at, text.size - at, 0xF0, 0xF0);
}

size_t pv_text_byte_of_point(struct pv_str text, size_t point)
{
	size_t at = 0;
	for (; at < text.size; at++) {
		if (pv_utf8_tail((unsigned char)text.bytes[at]))
			continue;
		if (point == 0)
			return at;
		point--;
	}
	return at;
}

size_t pv_text_point_of_byte(struct pv_str text, size_t byte)
{
	return pv_text_points(
		(struct pv_str){.bytes = text.bytes, .size = byte < text.size ? byte : text.size});
}

size_t pv_text_ill_formed(const char *bytes, size_t size)
{
	size_t at = 0;
	while (at < size) {
		at = (size_t)(pv_ascii_run(bytes + at, bytes + size) - bytes);
		while (at < size && (unsigned char)bytes[at] >= 0x80) {
			uint32_t c;
			size_t step = pv_utf8_decode(bytes + at, size - at, &c);
			if (!step)
				return at;
			at += step;
		}
	}
	return size;
}

/* ---- normalisation ----------------------------------------------------------------------------- */

/* Is this code point the same in NFC whatever stands around it? */
static bool nfc_inert(uint32_t c)
{
	if (c < 0x300 || (c >= 0x2010 && c < 0x2060) || (c >= 0x4E00 && c <= 0x9FFF) ||
		(c >= 0xAC00 && c <= 0xD7A3) || (c >= 0x1F300 && c <= 0x1FAFF))
		return true;
	return u_getIntPropertyValue((UChar32)c, UCHAR_NFC_QUICK_CHECK) == UNORM_YES &&
	       u_getCombiningClass((UChar32)c) == 0;
}

static bool nfc_at_sight(struct pv_str text)
{
	const char *at = text.bytes, *end = at + text.size;
	while ((at = pv_ascii_run(at, end)) < end) {
		if ((unsigned char)*at < 0xCC) { /* up to U+02FF */
			at += 2;
			continue;
		}
		size_t size;
		if (!nfc_inert(pv_char_at(at, end, &size)))
			return false;
		at += size;
	}
	return true;
}

/* Tibetan vowels that are no marks themselves and come apart into two: UAX #15, 5. */
static size_t split_vowel(UChar c, UChar out[2])
{
	out[0] = 0x0F71;
	out[1] = c == 0x0F73 ? 0x0F72 : c == 0x0F75 ? 0x0F74 : 0x0F80;
	if (c == 0x0F73 || c == 0x0F75 || c == 0x0F81)
		return 2;
	out[0] = c;
	return 1;
}

/* UTF-16 of a text, those vowels split; `out` has room for twice the text's bytes. */
static size_t to_wide(struct pv_str text, UChar *out)
{
	const char *at = text.bytes, *end = at + text.size;
	size_t n = 0, size;
	for (; at < end; at += size) {
		uint32_t c = pv_char_at(at, end, &size);
		if (c < 0x10000) {
			n += split_vowel((UChar)c, out + n);
		} else {
			out[n++] = (UChar)(0xD7C0 + (c >> 10));
			out[n++] = (UChar)(0xDC00 | (c & 0x3FF));
		}
	}
	return n;
}

/* A run of combining marks in canonical order: stable, by class. `spare` has room for the run. */
static void order_marks(UChar *run, size_t size, UChar *spare)
{
	size_t starts[257] = {0};
	UChar32 c;
	for (size_t i = 0; i < size;) {
		size_t from = i;
		U16_NEXT(run, i, size, c);
		starts[u_getCombiningClass(c) + 1] += i - from;
	}
	for (size_t i = 1; i < 257; i++)
		starts[i] += starts[i - 1];
	for (size_t i = 0; i < size;) {
		size_t from = i;
		U16_NEXT(run, i, size, c);
		size_t *to = &starts[u_getCombiningClass(c)];
		for (; from < i; from++)
			spare[(*to)++] = run[from];
	}
	memcpy(run, spare, size * sizeof(*run));
}

/*
 * ICU puts marks in order by insertion, in a time that is the square of their number: a text of a
 * megabyte of them would keep it busy for minutes. Long runs are put in order before.
 */
static void order_long_runs(UChar *text, size_t size, UChar *spare)
{
	size_t start = 0;
	for (size_t at = 0; at < size;) {
		size_t from = at;
		UChar32 c;
		U16_NEXT(text, at, size, c);
		bool mark = c >= 0x300 && u_getCombiningClass(c);
		if (mark && at < size)
			continue;
		size_t end = mark ? at : from;
		if (end - start > MARKS_USUAL)
			order_marks(text + start, end - start, spare);
		start = at;
	}
}

static enum pv_status nfc_by_icu(TALLOC_CTX *mem, struct pv_str text, struct pv_str *out)
{
	UErrorCode code = U_ZERO_ERROR;
	const UNormalizer2 *nfc = unorm2_getNFCInstance(&code);
	if (U_FAILURE(code) || text.size > INT32_MAX / 16)
		return PV_NOMEM;
	UChar *wide = talloc_array(mem, UChar, 2 * text.size);
	if (!wide)
		return PV_NOMEM;
	size_t units = to_wide(text, wide);
	/* UAX #15, 9.1: NFC makes UTF-16 at most three times as long */
	UChar *composed = talloc_array(wide, UChar, 3 * units);
	char *bytes = talloc_array(mem, char, 9 * units + 1);
	if (!composed || !bytes) {
		talloc_free(wide);
		talloc_free(bytes);
		return PV_NOMEM;
	}
	order_long_runs(wide, units, composed);
	int32_t size = 0, n = unorm2_normalize(
				  nfc, wide, (int32_t)units, composed, (int32_t)(3 * units), &code);
	u_strToUTF8(bytes, (int32_t)talloc_get_size(bytes), &size, composed, n, &code);
	talloc_free(wide);
	*out = (struct pv_str){.bytes = bytes, .size = (size_t)size};
	if (U_FAILURE(code) || pv_str_equal(*out, text)) {
		talloc_free(bytes);
		*out = text;
	}
	return U_FAILURE(code) ? PV_NOMEM : PV_OK;
}

enum pv_status pv_text_nfc(
	TALLOC_CTX *mem, struct pv_str text, struct pv_str *out, struct pv_error *error)
{
	if (nfc_at_sight(text)) {
		*out = text;
		return PV_OK;
	}
	struct pv_str composed;
	if (nfc_by_icu(mem, text, &composed) != PV_OK)
		return pv_fail_nomem(error);
	*out = composed;
	return PV_OK;
}

/* ---- excerpts ---------------------------------------------------------------------------------- */

/* White space folded to single spaces, none at either end. */
static struct pv_buf fold_spaces(TALLOC_CTX *mem, struct pv_str text)
{
	struct pv_buf folded = PV_BUF(mem, text.size);
	const char *at = text.bytes, *end = at + text.size;
	while (at < end) {
		size_t size;
		const char *from = at;
		while (at < end && !pv_u_is_space(pv_char_at(at, end, &size)))
			at += size;
		if (at > from && folded.size)
			pv_buf_char(&folded, ' ');
		pv_buf_add(&folded, from, (size_t)(at - from));
		while (at < end && pv_u_is_space(pv_char_at(at, end, &size)))
			at += size;
	}
	return folded;
}

enum pv_status pv_text_excerpt(
	TALLOC_CTX *mem, struct pv_str text, size_t graphemes, char **out, struct pv_error *error)
{
	struct pv_buf folded = fold_spaces(mem, text);
	const char *line = pv_buf_end(&folded);
	if (!line)
		return pv_fail_nomem(error);
	struct pv_str whole = {.bytes = line, .size = folded.size};
	size_t at = 0, cut = 0, word = 0, count = 0;
	while (at < whole.size && count < graphemes) {
		cut = at; /* where the ellipsis would stand, as the last cluster */
		if (line[at] == ' ' && count >= graphemes - graphemes / 3)
			word = at;
		at = pv_grapheme_end(whole, at);
		count++;
	}
	char *made;
	if (at == whole.size)
		made = talloc_strndup(mem, line, whole.size);
	else if (graphemes == 0)
		made = talloc_strdup(mem, "");
	else
		made = talloc_asprintf(mem, "%.*s…", (int)(word ? word : cut), line);
	talloc_free(folded.bytes);
	if (!made)
		return pv_fail_nomem(error);
	*out = made;
	return PV_OK;
}
