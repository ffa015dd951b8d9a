/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "text/emoji.h"

#include "text/chars.h"

#include <unicode/uchar.h>
#include <unicode/uset.h>

enum { UNITS_MAX = 40, TAGS_MAX = 32 };

enum { TEXT_STYLE = 0xFE0E, EMOJI_STYLE = 0xFE0F, ZWJ = 0x200D, KEYCAP = 0x20E3 };

static uint32_t peek(const char *at, const char *end, size_t *out_size)
{
	*out_size = 0;
	return at < end ? pv_char_at(at, end, out_size) : 0;
}

static bool is_flag_half(uint32_t c)
{
	return c >= 0x1F1E6 && c <= 0x1F1FF;
}

static bool is_skin_tone(uint32_t c)
{
	return c >= 0x1F3FB && c <= 0x1F3FF;
}

/* A sequence under construction, in UTF-16 as ICU wants it. */
struct units {
	UChar text[UNITS_MAX];
	int32_t n;
};

static bool units_add(struct units *units, uint32_t c)
{
	if (units->n + 2 > UNITS_MAX)
		return false;
	if (c < 0x10000) {
		units->text[units->n++] = (UChar)c;
	} else {
		units->text[units->n++] = (UChar)(0xD7C0 + (c >> 10));
		units->text[units->n++] = (UChar)(0xDC00 | (c & 0x3FF));
	}
	return true;
}

static bool is_rgi(const struct units *units)
{
	return u_stringHasBinaryProperty(units->text, units->n, UCHAR_RGI_EMOJI);
}

static size_t keycap_size(const char *at, const char *end)
{
	size_t size, style;
	const char *from = at++;
	if (peek(at, end, &style) == EMOJI_STYLE)
		at += style;
	return peek(at, end, &size) == KEYCAP ? (size_t)(at + size - from) : 0;
}

static size_t flag_size(const char *at, const char *end)
{
	struct units units = {.n = 0};
	size_t first, second;
	units_add(&units, peek(at, end, &first));
	uint32_t other = peek(at + first, end, &second);
	if (!is_flag_half(other))
		return first;
	units_add(&units, other);
	return is_rgi(&units) ? first + second : first;
}

/* A black flag with the tags of a region (England…); 0: it is not one. */
static size_t tagged_size(const char *at, const char *end)
{
	struct units units = {.n = 0};
	size_t size;
	const char *from = at;
	units_add(&units, peek(at, end, &size));
	at += size;
	for (uint32_t c; (c = peek(at, end, &size)) >= 0xE0020 && c <= 0xE007F;) {
		if (!units_add(&units, c))
			return 0;
		at += size;
		if (c == 0xE007F)
			return is_rgi(&units) ? (size_t)(at - from) : 0;
	}
	return 0;
}

/* One character, its skin tone or its variation selector. 0: no emoji. */
static size_t element_size(const char *at, const char *end, struct units *units)
{
	size_t size, next;
	uint32_t c = peek(at, end, &size);
	if (!u_hasBinaryProperty((UChar32)c, UCHAR_EMOJI) || c < 0x80)
		return 0;
	if (!units_add(units, c))
		return 0;
	uint32_t after = peek(at + size, end, &next);
	if (is_skin_tone(after) && u_hasBinaryProperty((UChar32)c, UCHAR_EMOJI_MODIFIER_BASE))
		return units_add(units, after) ? size + next : 0;
	/* qualified, as ICU has it, whatever the text has */
	bool pictorial = u_hasBinaryProperty((UChar32)c, UCHAR_EMOJI_PRESENTATION);
	if (!pictorial && !units_add(units, EMOJI_STYLE))
		return 0;
	/* X does not take a selector that changes nothing, beyond the basic plane */
	return after == EMOJI_STYLE && !(pictorial && c > 0xFFFF) ? size + next : size;
}

/* The longest beginning of "element (ZWJ element)*" that is an emoji. */
static size_t joined_size(const char *at, const char *end)
{
	struct units units = {.n = 0};
	size_t known = element_size(at, end, &units), size = known, joint, first;
	peek(at, end, &first);
	if (known == first && peek(at + first, end, &joint) == TEXT_STYLE)
		return 0;
	while (size && peek(at + size, end, &joint) == ZWJ) {
		if (!units_add(&units, ZWJ))
			break;
		size_t more = element_size(at + size + joint, end, &units);
		if (!more)
			break;
		size += joint + more;
		if (is_rgi(&units))
			known = size;
	}
	return known;
}

size_t pv_emoji_size(const char *at, const char *end)
{
	size_t size, next;
	uint32_t c = peek(at, end, &size);
	if (c < 0x80)
		return c == '#' || c == '*' || (c >= '0' && c <= '9') ? keycap_size(at, end) : 0;
	if (c < 0x203C) /* © and ®, which are text unless told otherwise */
		return (c == 0xA9 || c == 0xAE) && peek(at + size, end, &next) == EMOJI_STYLE
			       ? size + next
			       : 0;
	if (is_flag_half(c))
		return flag_size(at, end);
	if (c == 0x1F3F4 && (size = tagged_size(at, end)))
		return size;
	return joined_size(at, end);
}
