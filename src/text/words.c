/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "text/words.h"

#include <unicode/uchar.h>

static bool word_code(uint32_t c)
{
	if (c < 0x80)
		return ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || (c >= '0' && c <= '9') ||
		       c == '_';
	return (U_MASK(u_charType((UChar32)c)) & (U_GC_L_MASK | U_GC_M_MASK | U_GC_N_MASK)) != 0;
}

bool pv_needle_read(TALLOC_CTX *mem, struct pv_str text, struct pv_needle *out)
{
	struct pv_needle needle = {0};
	if (text.size && text.bytes[text.size - 1] == '*') {
		needle.any_ending = true;
		text.size--;
	}
	uint32_t *fold;
	if (!pv_prose_fold(mem, text, &fold, &needle.n))
		return false;
	needle.fold = fold;
	needle.hashtag = needle.n > 0 && fold[0] == '#';
	for (size_t i = 0; i < needle.n; i++)
		needle.handle |= fold[i] == '@';
	*out = needle;
	return true;
}

/* Matches from exactly `start`: the end, or 0. */
static size_t match_at(const struct pv_prose *prose, const struct pv_needle *needle, size_t start)
{
	size_t at = start;
	for (size_t k = 0; k < needle->n; k++) {
		if (at >= prose->n || prose->fold[at] != needle->fold[k])
			return 0;
		at++;
		if (needle->fold[k] == ' ')
			while (at < prose->n && (prose->flags[at] & PV_CH_SPACE))
				at++;
	}
	if (needle->any_ending) {
		while (at < prose->n && (prose->flags[at] & PV_CH_WORD))
			at++;
		return at;
	}
	bool inside = at < prose->n && (prose->flags[at] & PV_CH_WORD) &&
		      (prose->flags[at - 1] & PV_CH_WORD);
	return inside ? 0 : at;
}

static bool free_of(const struct pv_prose *prose, size_t start, size_t end, unsigned never)
{
	for (size_t i = start; i < end; i++)
		if (prose->flags[i] & never)
			return false;
	return true;
}

bool pv_words_find(const struct pv_prose *prose, const struct pv_needle *needle, unsigned never,
	size_t from, struct pv_match *out)
{
	if (needle->n == 0 || needle->n > prose->n)
		return false;
	uint32_t first = needle->fold[0];
	bool word = word_code(first);
	/* A needle of n characters with no run of spaces to swallow cannot begin later than this. */
	size_t last = prose->n - needle->n;
	for (size_t i = from; i <= last; i++) {
		if (prose->fold[i] != first)
			continue;
		if (word && i > 0 && (prose->flags[i - 1] & PV_CH_WORD))
			continue;
		size_t end = match_at(prose, needle, i);
		if (end && free_of(prose, i, end, never)) {
			*out = (struct pv_match){.start = i, .end = end};
			return true;
		}
	}
	return false;
}

static bool is_whole_hashtag(const struct pv_prose *prose, struct pv_match match)
{
	if (!free_of(prose, match.start, match.end, PV_CH_CLOSING))
		return false;
	for (size_t t = 0; t < prose->n_tokens; t++)
		if (prose->tokens[t].kind == PV_TOKEN_HASHTAG &&
			prose->tokens[t].start == match.start)
			return prose->tokens[t].end == match.end;
	return false;
}

bool pv_wording_find(const struct pv_prose *prose, const struct pv_needle *needle, size_t from,
	struct pv_match *out)
{
	unsigned never = PV_CH_LINK | (needle->handle ? 0u : (unsigned)PV_CH_HANDLE) |
			 (needle->hashtag ? 0u : (unsigned)PV_CH_HASHTAG);
	struct pv_match match;
	while (pv_words_find(prose, needle, never, from, &match)) {
		if (!needle->hashtag || is_whole_hashtag(prose, match)) {
			*out = match;
			return true;
		}
		from = match.start + 1;
	}
	return false;
}

bool pv_words_same(
	TALLOC_CTX *mem, const struct pv_prose *prose, size_t start, size_t end, struct pv_str text)
{
	bool ascii = true;
	for (size_t i = 0; i < text.size && ascii; i++)
		ascii = (unsigned char)text.bytes[i] < 0x80;
	if (ascii) {
		if (text.size != end - start)
			return false;
		for (size_t i = 0; i < text.size; i++) {
			unsigned char c = (unsigned char)text.bytes[i];
			if (prose->fold[start + i] != (c >= 'A' && c <= 'Z' ? c | 0x20u : c))
				return false;
		}
		return true;
	}
	uint32_t *fold;
	size_t n;
	return pv_prose_fold(mem, text, &fold, &n) && n == end - start &&
	       memcmp(fold, prose->fold + start, n * sizeof *fold) == 0;
}

static bool line_break(uint32_t c)
{
	return c == '\n' || c == '\r' || c == 0x0B || c == 0x0C || c == 0x85 || c == 0x2028 ||
	       c == 0x2029;
}

bool pv_prose_opens_text(const struct pv_prose *prose, size_t at)
{
	while (at > 0 && (prose->flags[at - 1] & PV_CH_SPACE))
		at--;
	return at == 0;
}

bool pv_prose_opens_line(const struct pv_prose *prose, size_t at)
{
	while (at > 0 && (prose->flags[at - 1] & PV_CH_SPACE) && !line_break(prose->raw[at - 1]))
		at--;
	return at == 0 || line_break(prose->raw[at - 1]);
}
