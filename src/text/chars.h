/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Private to text/: the classes of characters that networks' rules are made of. ASCII ones are one
 * table of bits; the others are ranges. Those of X follow the published rules of twitter-text 3.1
 * (github.com/twitter/twitter-text, Apache-2.0), told here in ranges of our own.
 */
#ifndef PV_TEXT_CHARS_H
#define PV_TEXT_CHARS_H

#include "base/utf8.h"

#include <stdbool.h>
#include <stdint.h>

enum {
	PV_C_ALNUM = 1 << 0,
	PV_C_LETTER = 1 << 1,
	PV_C_WORD = 1 << 2,        /* letters, digits and _ */
	PV_C_DOMAIN = 1 << 3,      /* X: inside a domain label (also " ` and control characters) */
	PV_C_PATH = 1 << 4,        /* X: inside a path */
	PV_C_PATH_END = 1 << 5,    /* X: a path may end with it */
	PV_C_QUERY = 1 << 6,       /* X: inside a query */
	PV_C_QUERY_END = 1 << 7,   /* X: a query may end with it */
	PV_C_PUNCT = 1 << 8,       /* X: may follow a cashtag */
	PV_C_SPACE = 1 << 9,       /* tab to carriage return, space */
	PV_C_NO_MENTION = 1 << 10, /* X: no mention after it */
	PV_C_NO_RT = 1 << 11,      /* X: no RT@ after it */
	PV_C_UNRESERVED = 1 << 12, /* RFC 3986, 2.3 */
	PV_C_SUB_DELIM = 1 << 13,  /* RFC 3986, 2.2 */
	PV_C_DIGIT = 1 << 14,
};

extern const uint16_t pv_ascii_class[128];

static inline bool pv_ascii_is(char c, unsigned classes)
{
	unsigned char byte = (unsigned char)c;
	return byte < 0x80 && (pv_ascii_class[byte] & classes);
}

/* How far the bytes from `at` are ASCII; how far they are ASCII one can see (20 to 7E). */
const char *pv_ascii_run(const char *at, const char *end);
const char *pv_printable_run(const char *at, const char *end);

/* The code point at `at`; the text is well-formed and `at` is not its end. */
static inline uint32_t pv_char_at(const char *at, const char *end, size_t *out_size)
{
	uint32_t c = 0xFFFD;
	size_t size = pv_utf8_decode(at, (size_t)(end - at), &c);
	*out_size = size ? size : 1;
	return c;
}

/* The code point that ends before `at`, which is not the text's beginning. */
static inline uint32_t pv_char_before(const char *start, const char *at, size_t *out_size)
{
	const char *from = at - 1;
	while (from > start && pv_utf8_tail((unsigned char)*from))
		from--;
	uint32_t c = pv_char_at(from, at, out_size);
	*out_size = (size_t)(at - from);
	return c;
}

/* X: white space, of which 180E is one. */
bool pv_x_is_space(uint32_t c);
/* X: may stand inside a domain label (not - nor _). */
bool pv_x_is_domain(uint32_t c);
/* X: Latin letters with accents; `any_case` takes those too whose other case is one. */
bool pv_x_is_accented(uint32_t c, bool any_case);
/* X: inside a path, beyond ASCII: accents, Cyrillic. */
bool pv_x_is_path_letter(uint32_t c);
/* X: no link begins after it: letters, digits, @ # $ and what is no character. */
bool pv_x_stops_link(uint32_t c);
/* X: FFFE, FEFF, FFFF make a post invalid. */
static inline bool pv_x_is_invalid(uint32_t c)
{
	return c == 0xFFFE || c == 0xFEFF || c == 0xFFFF;
}

/* ECMAScript's \s. */
bool pv_js_is_space(uint32_t c);
/* Unicode's White_Space, letters and marks, decimal digits, punctuation. */
bool pv_u_is_space(uint32_t c);
bool pv_u_is_letter_or_mark(uint32_t c);
bool pv_u_is_digit(uint32_t c);
bool pv_u_is_punct(uint32_t c);

#endif
