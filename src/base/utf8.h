/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * One code point of UTF-8 at a time (RFC 3629; Table 3-7 of the Unicode Standard), inline because
 * the scanners of text/ and jsonl live in it.
 *
 *	uint32_t c;
 *	size_t step = pv_utf8_decode(at, (size_t)(end - at), &c);	// 0: ill-formed here
 */
#ifndef PV_BASE_UTF8_H
#define PV_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static inline bool pv_utf8_tail(unsigned char byte)
{
	return (byte & 0xC0) == 0x80;
}

/* The bytes taken (1 to 4) with `out` set, or 0 when they are ill-formed, cut or `left` is 0. */
static inline size_t pv_utf8_decode(const char *bytes, size_t left, uint32_t *out)
{
	const unsigned char *s = (const unsigned char *)bytes;
	if (left == 0)
		return 0;
	if (s[0] < 0x80) {
		*out = s[0];
		return 1;
	}
	if (s[0] < 0xC2)
		return 0;
	if (s[0] < 0xE0) {
		if (left < 2 || !pv_utf8_tail(s[1]))
			return 0;
		*out = (uint32_t)(s[0] & 0x1F) << 6 | (s[1] & 0x3F);
		return 2;
	}
	if (s[0] < 0xF0) {
		if (left < 3 || !pv_utf8_tail(s[1]) || !pv_utf8_tail(s[2]))
			return 0;
		uint32_t c = (uint32_t)(s[0] & 0x0F) << 12 | (uint32_t)(s[1] & 0x3F) << 6 |
			     (s[2] & 0x3F);
		if (c < 0x800 || (c >= 0xD800 && c <= 0xDFFF))
			return 0;
		*out = c;
		return 3;
	}
	if (left < 4 || !pv_utf8_tail(s[1]) || !pv_utf8_tail(s[2]) || !pv_utf8_tail(s[3]))
		return 0;
	uint32_t c = (uint32_t)(s[0] & 0x07) << 18 | (uint32_t)(s[1] & 0x3F) << 12 |
		     (uint32_t)(s[2] & 0x3F) << 6 | (s[3] & 0x3F);
	if (s[0] > 0xF4 || c < 0x10000 || c > 0x10FFFF)
		return 0;
	*out = c;
	return 4;
}

/* Writes 1 to 4 bytes of a scalar value and says how many. */
static inline size_t pv_utf8_encode(uint32_t c, char out[4])
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xC0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3F));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xE0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3F));
		out[2] = (char)(0x80 | (c & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3F));
	out[2] = (char)(0x80 | (c >> 6 & 0x3F));
	out[3] = (char)(0x80 | (c & 0x3F));
	return 4;
}

#endif
