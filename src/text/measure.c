/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "text/measure.h"

#include "text/chars.h"
#include "text/emoji.h"
#include "text/unicode.h"
#include "text/x_weight.h"

#include <string.h>

/* The first `room` graphemes of a text, in bytes. */
static size_t fit_graphemes(struct pv_str text, size_t room)
{
	size_t at = 0;
	while (at < text.size && room--)
		at = pv_grapheme_end(text, at);
	return at;
}

/* Whole graphemes of which `size_of` adds up to `room` at most, in bytes. */
static size_t fit_sized(struct pv_str text, size_t room, size_t (*size_of)(struct pv_str))
{
	size_t at = 0;
	while (at < text.size) {
		size_t end = pv_grapheme_end(text, at);
		size_t size = size_of((struct pv_str){.bytes = text.bytes + at, .size = end - at});
		if (size > room)
			break;
		room -= size;
		at = end;
	}
	return at;
}

static size_t bytes_of(struct pv_str text)
{
	return text.size;
}

/* Code points, and the bytes of emoji. */
static size_t threads_length(struct pv_str text)
{
	const char *at = text.bytes, *end = at + text.size;
	size_t length = 0, size;
	while (at < end) {
		/* letters and punctuation up to U+203B: only ©, ® and keycaps are emoji there */
		bool plain =
			(unsigned char)*at < 0xC2 && (at + 1 == end || (unsigned char)at[1] < 0xE2);
		size_t emoji = plain ? 0 : pv_emoji_size(at, end);
		if (!emoji)
			pv_char_at(at, end, &size);
		length += emoji ? emoji : 1;
		at += emoji ? emoji : size;
	}
	return length;
}

/* ---- Mastodon ---------------------------------------------------------------------------------- */

struct status_count {
	struct pv_grapheme_walk walk;
	size_t length, limit;
	size_t fits; /* where the first grapheme beyond the limit begins in the text; or SIZE_MAX */
};

/* Counts a piece of text, which stands at byte `place` of the whole; `place` SIZE_MAX: nowhere. */
static void count_piece(struct status_count *count, struct pv_str piece, size_t place)
{
	const char *at = piece.bytes, *end = at + piece.size;
	while (at < end) {
		size_t size;
		uint32_t c = pv_char_at(at, end, &size);
		if (pv_grapheme_begins(&count->walk, c)) {
			if (count->length == count->limit && count->fits == SIZE_MAX)
				count->fits = place + (size_t)(at - piece.bytes);
			count->length++;
		}
		at += size;
	}
}

/*
 * app/validators/status_length_validator.rb: graphemes of the text where each link is replaced by
 * 23 "x" and each @name@server by @name.
 */
static size_t status_length(struct pv_str text, const struct pv_text_rules *rules,
	const struct pv_entities *entities, size_t *out_fits)
{
	struct status_count count = {.limit = rules->limit, .fits = SIZE_MAX};
	size_t at = 0;
	for (size_t i = 0; i < entities->n; i++) {
		const struct pv_entity *item = &entities->items[i];
		struct pv_str before = {text.bytes + at, item->start - at};
		if (item->start < at ||
			(item->kind != PV_ENTITY_LINK && item->kind != PV_ENTITY_MENTION))
			continue;
		count_piece(&count, before, at);
		bool fitted = count.fits == SIZE_MAX;
		if (item->kind == PV_ENTITY_LINK) {
			for (uint32_t n = 0; n < rules->link_length; n++)
				count_piece(&count, pv_str("x"), item->start);
		} else {
			const char *server = memchr(item->text.bytes, '@', item->text.size);
			size_t name =
				server ? (size_t)(server - item->text.bytes) : item->text.size;
			count_piece(&count, (struct pv_str){text.bytes + item->start, name + 1},
				item->start);
		}
		if (fitted && count.fits != SIZE_MAX)
			count.fits = item->start; /* a link or a name fits whole or not at all */
		at = item->end;
	}
	count_piece(&count, (struct pv_str){text.bytes + at, text.size - at}, at);
	*out_fits = count.fits == SIZE_MAX ? text.size : count.fits;
	return count.length;
}

/* ---- all of them --------------------------------------------------------------------------------- */

/*
 * The bytes of `text` that stand for the first `size` of its composed form: composing keeps clusters
 * whole, so they are counted in one and taken from the other.
 */
static size_t decomposed_size(struct pv_str composed, size_t size, struct pv_str text)
{
	size_t from = 0, to = 0;
	for (size_t end; from < size && (end = pv_grapheme_end(composed, from)) <= size; from = end)
		to = pv_grapheme_end(text, to);
	return to;
}

static enum pv_status weigh(TALLOC_CTX *mem, const struct pv_text_rules *rules, struct pv_str text,
	struct pv_measure *measure, struct pv_error *error)
{
	struct pv_x_counting counting = pv_x_counting_v3;
	struct pv_x_weight weight;
	counting.limit = rules->limit;
	enum pv_status status =
		pv_x_weigh(mem, &counting, text, &measure->entities, &weight, error);
	if (status != PV_OK)
		return status;
	measure->length = weight.length;
	measure->valid = weight.valid;
	measure->fits = weight.fits;
	if (weight.composed.bytes != text.bytes)
		measure->fits = decomposed_size(weight.composed, weight.fits, text);
	return PV_OK;
}

static void count(const struct pv_text_rules *rules, struct pv_str text, struct pv_measure *measure)
{
	measure->fits = text.size;
	switch (rules->unit) {
	case PV_UNIT_STATUS:
		measure->length = status_length(text, rules, &measure->entities, &measure->fits);
		break;
	case PV_UNIT_UTF16: measure->length = pv_text_utf16(text); break;
	case PV_UNIT_POINT: measure->length = pv_text_points(text); break;
	case PV_UNIT_THREADS: measure->length = threads_length(text); break;
	case PV_UNIT_GRAPHEME:
	case PV_UNIT_WEIGHT: measure->length = pv_text_graphemes(text); break;
	}
	measure->valid = !rules->limit || measure->length <= rules->limit;
	if (measure->valid || rules->unit == PV_UNIT_STATUS)
		return;
	if (rules->unit == PV_UNIT_UTF16)
		measure->fits = fit_sized(text, rules->limit, pv_text_utf16);
	else if (rules->unit == PV_UNIT_POINT)
		measure->fits = fit_sized(text, rules->limit, pv_text_points);
	else if (rules->unit == PV_UNIT_THREADS)
		measure->fits = fit_sized(text, rules->limit, threads_length);
	else
		measure->fits = fit_graphemes(text, rules->limit);
}

static size_t count_kind(const struct pv_entities *entities, enum pv_entity_kind kind)
{
	size_t n = 0;
	for (size_t i = 0; i < entities->n; i++)
		n += entities->items[i].kind == kind;
	return n;
}

/* The limits that are besides the length. */
static void apply_other_limits(
	const struct pv_text_rules *rules, struct pv_str text, struct pv_measure *measure)
{
	if (rules->bytes_limit && text.size > rules->bytes_limit) {
		size_t fits = fit_sized(text, rules->bytes_limit, bytes_of);
		measure->valid = false;
		if (fits < measure->fits)
			measure->fits = fits;
	}
	if (rules->hashtags_limit &&
		count_kind(&measure->entities, PV_ENTITY_HASHTAG) > rules->hashtags_limit)
		measure->valid = false;
	if (rules->mentions_limit &&
		count_kind(&measure->entities, PV_ENTITY_MENTION) > rules->mentions_limit)
		measure->valid = false;
}

enum pv_status pv_measure(TALLOC_CTX *mem, const struct pv_text_rules *rules, struct pv_str text,
	struct pv_measure *out, struct pv_error *error)
{
	struct pv_measure measure = {.limit = rules->limit, .bytes = text.size};
	if (text.size > PV_TEXT_BYTES_MAX)
		return pv_fail(error, PV_TOO_LARGE, "Le texte dépasse %d octets.",
			"The text is over %d bytes.", PV_TEXT_BYTES_MAX);
	size_t bad = pv_text_ill_formed(text.bytes, text.size);
	if (bad < text.size)
		return pv_fail(error, PV_INVALID, "L'octet %zu du texte n'est pas de l'UTF-8.",
			"Byte %zu of the text is not UTF-8.", bad + 1);
	enum pv_status status =
		pv_entities_find(mem, rules->dialect, text, &measure.entities, error);
	if (status != PV_OK)
		return status;
	if (rules->unit == PV_UNIT_WEIGHT)
		status = weigh(mem, rules, text, &measure, error);
	else
		count(rules, text, &measure);
	if (status != PV_OK)
		return status;
	apply_other_limits(rules, text, &measure);
	*out = measure;
	return PV_OK;
}
