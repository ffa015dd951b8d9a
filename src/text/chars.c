/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "text/chars.h"

#include <stddef.h>
#include <string.h>
#include <unicode/uchar.h>

/* The bits of PV_C_… for each ASCII character; tests/text/test_chars.c spells the classes out. */
const uint16_t pv_ascii_class[128] = {
	/* clang-format off */
	0x0008, 0x0008, 0x0008, 0x0008, 0x0008, 0x0008, 0x0008, 0x0008,
	0x0008, 0x0200, 0x0200, 0x0200, 0x0200, 0x0200, 0x0008, 0x0008,
	0x0008, 0x0008, 0x0008, 0x0008, 0x0008, 0x0008, 0x0008, 0x0008,
	0x0008, 0x0008, 0x0008, 0x0008, 0x0008, 0x0008, 0x0008, 0x0008,
	0x0200, 0x2550, 0x0008, 0x05f0, 0x2550, 0x0550, 0x25d0, 0x2150,
	0x2140, 0x2140, 0x2550, 0x2970, 0x2150, 0x19f0, 0x1950, 0x01f0,
	0x5cfd, 0x5cfd, 0x5cfd, 0x5cfd, 0x5cfd, 0x5cfd, 0x5cfd, 0x5cfd,
	0x5cfd, 0x5cfd, 0x0150, 0x2150, 0x0100, 0x21f0, 0x0100, 0x0140,
	0x0550, 0x1cff, 0x1cff, 0x1cff, 0x1cff, 0x1cff, 0x1cff, 0x1cff,
	0x1cff, 0x1cff, 0x1cff, 0x1cff, 0x1cff, 0x1cff, 0x1cff, 0x1cff,
	0x1cff, 0x1cff, 0x1cff, 0x1cff, 0x1cff, 0x1cff, 0x1cff, 0x1cff,
	0x1cff, 0x1cff, 0x1cff, 0x0150, 0x0100, 0x0150, 0x0100, 0x1df4,
	0x0008, 0x1cff, 0x1cff, 0x1cff, 0x1cff, 0x1cff, 0x1cff, 0x1cff,
	0x1cff, 0x1cff, 0x1cff, 0x1cff, 0x1cff, 0x1cff, 0x1cff, 0x1cff,
	0x1cff, 0x1cff, 0x1cff, 0x1cff, 0x1cff, 0x1cff, 0x1cff, 0x1cff,
	0x1cff, 0x1cff, 0x1cff, 0x0100, 0x0150, 0x0100, 0x1950, 0x0008,
	/* clang-format on */
};

/* Of eight bytes, the first whose high bit is set in `marks`. */
static size_t first_marked(uint64_t marks)
{
	if (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)
		return (size_t)__builtin_ctzll(marks) / 8;
	return (size_t)__builtin_clzll(marks) / 8;
}

static const uint64_t ONES = 0x0101010101010101u, HIGHS = 0x8080808080808080u;

const char *pv_ascii_run(const char *at, const char *end)
{
	for (uint64_t eight; end - at >= 8; at += 8) {
		memcpy(&eight, at, 8);
		if (eight & HIGHS)
			return at + first_marked(eight & HIGHS);
	}
	while (at < end && (unsigned char)*at < 0x80)
		at++;
	return at;
}

const char *pv_printable_run(const char *at, const char *end)
{
	for (uint64_t eight; end - at >= 8; at += 8) {
		memcpy(&eight, at, 8);
		/* a high bit where a byte is not ASCII, below 20, or 7F, or after such a byte */
		if ((eight | (eight - 0x20 * ONES) | (eight + ONES)) & HIGHS)
			break;
	}
	while (at < end && *at >= 0x20 && *at < 0x7F)
		at++;
	return at;
}

struct range {
	uint32_t first, last;
};

static bool among(uint32_t c, const struct range *ranges, size_t n)
{
	for (size_t i = 0; i < n && c >= ranges[i].first; i++)
		if (c <= ranges[i].last)
			return true;
	return false;
}
#define AMONG(c, ranges) among((c), (ranges), sizeof(ranges) / sizeof((ranges)[0]))

bool pv_x_is_space(uint32_t c)
{
	static const struct range spaces[] = {{0x09, 0x0D}, {0x20, 0x20}, {0x85, 0x85},
		{0xA0, 0xA0}, {0x1680, 0x1680}, {0x180E, 0x180E}, {0x2000, 0x200A},
		{0x2028, 0x2029}, {0x202F, 0x202F}, {0x205F, 0x205F}, {0x3000, 0x3000}};
	return AMONG(c, spaces);
}

bool pv_x_is_domain(uint32_t c)
{
	if (c < 0x80)
		return pv_ascii_class[c] & PV_C_DOMAIN;
	static const struct range markers[] = {
		{0x061C, 0x061C}, {0x200E, 0x200F}, {0x202A, 0x202E}, {0x2066, 0x2069}};
	return !pv_x_is_space(c) && !pv_x_is_invalid(c) && !AMONG(c, markers);
}

bool pv_x_is_accented(uint32_t c, bool any_case)
{
	static const struct range accented[] = {{0xC0, 0xD6}, {0xD8, 0xF6}, {0xF8, 0x24F},
		{0x253, 0x254}, {0x256, 0x257}, {0x259, 0x259}, {0x25B, 0x25B}, {0x263, 0x263},
		{0x268, 0x268}, {0x26F, 0x26F}, {0x272, 0x272}, {0x289, 0x289}, {0x28B, 0x28B},
		{0x2BB, 0x2BB}, {0x300, 0x36F}, {0x1E00, 0x1EFF}};
	static const struct range other_case[] = {{0x260, 0x260}, {0x269, 0x269}, {0x275, 0x275},
		{0x280, 0x280}, {0x283, 0x283}, {0x288, 0x288}, {0x28A, 0x28A}, {0x28C, 0x28C},
		{0x292, 0x292}, {0x399, 0x399}, {0x3B9, 0x3B9}, {0x1FBE, 0x1FBE}, {0x2C65, 0x2C66},
		{0x2C7E, 0x2C7F}, {0xA7DC, 0xA7DC}};
	return AMONG(c, accented) || (any_case && AMONG(c, other_case));
}

bool pv_x_is_path_letter(uint32_t c)
{
	return pv_x_is_accented(c, true) || (c >= 0x400 && c <= 0x4FF) ||
	       (c >= 0x1C80 && c <= 0x1C87);
}

bool pv_x_stops_link(uint32_t c)
{
	if (c < 0x80)
		return (pv_ascii_class[c] & PV_C_ALNUM) || c == '@' || c == '$' || c == '#';
	return c == 0xFF20 || c == 0xFF03 || pv_x_is_invalid(c);
}

bool pv_js_is_space(uint32_t c)
{
	if (c < 0x80)
		return pv_ascii_class[c] & PV_C_SPACE;
	return c == 0xFEFF || (pv_x_is_space(c) && c != 0x180E && c != 0x85);
}

bool pv_u_is_space(uint32_t c)
{
	if (c < 0x80)
		return pv_ascii_class[c] & PV_C_SPACE;
	return pv_x_is_space(c) && c != 0x180E;
}

bool pv_u_is_letter_or_mark(uint32_t c)
{
	if (c < 0x80)
		return pv_ascii_class[c] & PV_C_LETTER;
	return U_GET_GC_MASK((UChar32)c) & (U_GC_L_MASK | U_GC_M_MASK);
}

bool pv_u_is_digit(uint32_t c)
{
	if (c < 0x80)
		return pv_ascii_class[c] & PV_C_DIGIT;
	return U_GET_GC_MASK((UChar32)c) & U_GC_ND_MASK;
}

bool pv_u_is_punct(uint32_t c)
{
	return U_GET_GC_MASK((UChar32)c) & U_GC_P_MASK;
}
