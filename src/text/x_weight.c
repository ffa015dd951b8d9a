/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "text/x_weight.h"

#include "text/chars.h"
#include "text/emoji.h"
#include "text/unicode.h"

#include <talloc.h>

const struct pv_x_counting pv_x_counting_v3 = {
	.limit = 280,
	.link = 23,
	.light = 1,
	.heavy = 2,
	.whole_emoji = true,
};

const struct pv_x_counting pv_x_counting_v1 = {
	.limit = 140,
	.link = 23,
	.light = 1,
	.heavy = 1,
};

static bool is_light(uint32_t c)
{
	return c < 0x1100 || (c >= 0x2000 && c <= 0x200D) || (c >= 0x2010 && c <= 0x201F) ||
	       (c >= 0x2032 && c <= 0x2037);
}

/* May an emoji begin with this byte? All but keycaps, © and ® are from U+203C on. */
static bool may_be_emoji(const char *at, const char *end)
{
	unsigned char byte = (unsigned char)*at;
	if (byte < 0x80)
		return end - at > 3 && (unsigned char)at[1] >= 0xE2 &&
		       (byte == '#' || byte == '*' || pv_ascii_is(*at, PV_C_DIGIT));
	return byte == 0xC2 || byte >= 0xE2;
}

struct weighing {
	const struct pv_x_counting *counting;
	struct pv_x_weight total;
	size_t units; /* UTF-16, so far */
	bool valid;
};

/* One step of the text: `size` bytes, of which `last` is the last code point. */
static void weigh_step(
	struct weighing *w, size_t weight, size_t units, uint32_t last, size_t byte_end)
{
	w->total.length += weight;
	w->units += units;
	w->valid = w->valid && !pv_x_is_invalid(last);
	if (w->valid && w->total.length <= w->counting->limit) {
		w->total.valid_end = w->units - 1;
		w->total.fits = byte_end;
	}
}

/* Characters that weigh 1 each, a byte each. */
static void weigh_ascii(struct weighing *w, size_t n, size_t byte_start)
{
	size_t room =
		w->counting->limit > w->total.length ? w->counting->limit - w->total.length : 0;
	size_t fits = n < room ? n : room;
	if (w->valid && fits) {
		w->total.valid_end = w->units + fits - 1;
		w->total.fits = byte_start + fits;
	}
	w->total.length += n;
	w->units += n;
}

static void weigh_all(struct weighing *w, struct pv_str text, const struct pv_entities *links)
{
	const char *at = text.bytes, *end = at + text.size;
	const struct pv_entity *link = links->items, *links_end = link + links->n;
	while (at < end) {
		size_t place = (size_t)(at - text.bytes), size;
		while (link < links_end && (link->kind != PV_ENTITY_LINK || link->start < place))
			link++;
		const char *stop = link < links_end ? text.bytes + link->start : end;
		const char *plain = pv_ascii_run(at, stop);
		if (plain - at > 1) {
			/* all but the last, which a keycap may be made of */
			weigh_ascii(w, (size_t)(plain - at - 1), place);
			at = plain - 1;
			continue;
		}
		uint32_t c = pv_char_at(at, end, &size);
		if (link < links_end && link->start == place) {
			size = link->end - link->start;
			weigh_step(w, w->counting->link, pv_text_utf16(link->text), ' ', link->end);
		} else if (w->counting->whole_emoji && may_be_emoji(at, end) &&
			   pv_emoji_size(at, end)) {
			size = pv_emoji_size(at, end);
			struct pv_str emoji = {.bytes = at, .size = size};
			weigh_step(w, w->counting->heavy, pv_text_utf16(emoji), ' ', place + size);
		} else {
			weigh_step(w, is_light(c) ? w->counting->light : w->counting->heavy,
				1 + (c > 0xFFFF), c, place + size);
		}
		at += size;
	}
}

/* Nothing heavier than a letter, no link, within the limit: most texts, counted by their bytes. */
static bool weigh_at_sight(struct weighing *w, struct pv_str text, const struct pv_entities *links)
{
	if (links->n || text.size == 0 || w->counting->light != 1)
		return false;
	size_t points = 0;
	for (size_t i = 0; i < text.size; i++) {
		unsigned char byte = (unsigned char)text.bytes[i];
		if (byte >= 0xE1 || byte == 0xC2)
			return false;
		points += !pv_utf8_tail(byte);
	}
	if (points > w->counting->limit)
		return false;
	w->total =
		(struct pv_x_weight){.length = points, .valid_end = points - 1, .fits = text.size};
	w->units = points;
	w->valid = true;
	return true;
}

enum pv_status pv_x_weigh(TALLOC_CTX *mem, const struct pv_x_counting *counting, struct pv_str text,
	const struct pv_entities *links, struct pv_x_weight *out, struct pv_error *error)
{
	struct weighing w = {.counting = counting, .valid = true};
	struct pv_str composed;
	struct pv_entities found = *links;
	enum pv_status status = pv_text_nfc(mem, text, &composed, error);
	if (status == PV_OK && composed.bytes != text.bytes)
		status = pv_entities_find(mem, PV_DIALECT_X, composed, &found, error);
	if (status != PV_OK)
		return status;
	if (!weigh_at_sight(&w, composed, &found))
		weigh_all(&w, composed, &found);
	size_t units = w.units;
	if (composed.bytes != text.bytes) {
		/* twitter-text shifts the end by what composing took away */
		units = pv_text_utf16(text);
		w.total.valid_end += units - w.units;
	}
	w.total.display_end = units ? units - 1 : 0;
	w.total.composed = composed;
	w.total.valid = w.valid && w.total.length > 0 && w.total.length <= counting->limit;
	*out = w.total;
	return PV_OK;
}
