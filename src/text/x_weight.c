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

/*
 * Passes characters that are light, one UTF-16 unit each and never an emoji: ASCII, Latin letters,
 * quotes and dashes. All but the last when a keycap may be made of it.
 */
static const char *pass_light(const char *at, const char *stop, size_t *out_n)
{
	const char *from = at;
	size_t n = 0;
	for (;;) {
		const char *run = pv_ascii_run(at, stop);
		n += (size_t)(run - at);
		at = run;
		if (stop - at < 3)
			break;
		const unsigned char *s = (const unsigned char *)at;
		if (s[0] >= 0xC3 && s[0] <= 0xCB) /* U+00C0 to U+02FF */
			at += 2;
		else if (s[0] == 0xE2 && s[1] == 0x80 && s[2] >= 0x90 && s[2] <= 0x9F)
			at += 3; /* U+2010 to U+201F */
		else
			break;
		n++;
	}
	if (at > from && at < stop && may_be_emoji(at - 1, at + 3)) {
		at--;
		n--;
	}
	*out_n = n;
	return at;
}

/* `n` characters that pass_light passed, from `at` to `end`. */
static void weigh_light(
	struct weighing *w, struct pv_str text, const char *at, const char *end, size_t n)
{
	size_t limit = w->counting->limit, fits = n;
	if (w->total.length + n > limit) {
		fits = limit > w->total.length ? limit - w->total.length : 0;
		end = at;
		for (size_t size, i = 0; i < fits; i++, end += size)
			pv_char_at(end, text.bytes + text.size, &size);
	}
	if (w->valid && fits) {
		w->total.valid_end = w->units + fits - 1;
		w->total.fits = (size_t)(end - text.bytes);
	}
	w->total.length += n;
	w->units += n;
}

static void weigh_all(struct weighing *w, struct pv_str text, const struct pv_entities *links)
{
	const char *at = text.bytes, *end = at + text.size;
	const struct pv_entity *link = links->items;
	const struct pv_entity *links_end = links->n ? link + links->n : link;
	while (at < end) {
		size_t place = (size_t)(at - text.bytes), size;
		while (link < links_end && (link->kind != PV_ENTITY_LINK || link->start < place))
			link++;
		const char *stop = link < links_end ? text.bytes + link->start : end;
		size_t n;
		const char *light = pass_light(at, stop, &n);
		if (n && w->counting->light == 1) {
			weigh_light(w, text, at, light, n);
			at = light;
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
