/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "text/entities.h"

#include "text/scan.h"
#include "text/unicode.h"

#include <stdlib.h>
#include <string.h>

enum { ITEMS_FIRST = 8, SORT_BY_HAND = 32 };

void pv_scan_add(struct pv_scan *scan, enum pv_entity_kind kind, const char *from, const char *to,
	size_t sign)
{
	if (scan->n == scan->room) {
		size_t room = scan->room ? scan->room * 2 : ITEMS_FIRST;
		struct pv_entity *grown =
			talloc_realloc(scan->mem, scan->items, struct pv_entity, room);
		if (!grown) {
			scan->failed = true;
			return;
		}
		scan->items = grown;
		scan->room = room;
	}
	scan->items[scan->n++] = (struct pv_entity){
		.kind = kind,
		.text = {.bytes = from + sign, .size = (size_t)(to - from) - sign},
		.start = (size_t)(from - scan->start),
		.end = (size_t)(to - scan->start),
	};
}

static int by_place(const void *left, const void *right)
{
	const struct pv_entity *a = left, *b = right;
	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	return (a->kind > b->kind) - (a->kind < b->kind);
}

static void sort(struct pv_entity *items, size_t n)
{
	if (n > SORT_BY_HAND) {
		qsort(items, n, sizeof(*items), by_place);
		return;
	}
	for (size_t i = 1; i < n; i++) {
		struct pv_entity moved = items[i];
		size_t at = i;
		for (; at > 0 && by_place(&moved, &items[at - 1]) < 0; at--)
			items[at] = items[at - 1];
		items[at] = moved;
	}
}

static size_t points_between(const char *text, size_t from, size_t to)
{
	return pv_text_points((struct pv_str){.bytes = text + from, .size = to - from});
}

/* Code points from bytes; the items are in order, so the text is walked over once. */
static void number_points(const char *text, struct pv_entity *items, size_t n)
{
	size_t byte = 0, point = 0;
	for (size_t i = 0; i < n; i++) {
		/* facets of Bluesky may overlap: each is counted from the beginning of the last */
		items[i].start_point = point + points_between(text, byte, items[i].start);
		byte = items[i].start;
		point = items[i].start_point;
		items[i].end_point = point + points_between(text, byte, items[i].end);
		if (i + 1 < n && items[i + 1].start >= items[i].end) {
			byte = items[i].end;
			point = items[i].end_point;
		}
	}
}

/*
 * X: what begins inside a link, or inside a hashtag that begins before it, is part of that. Links
 * themselves all stay, since all of them are counted.
 */
static size_t drop_covered(struct pv_entity *items, size_t n)
{
	size_t kept = 0, covered = 0, linked = 0;
	for (size_t i = 0; i < n; i++) {
		bool link = items[i].kind == PV_ENTITY_LINK,
		     tag = items[i].kind == PV_ENTITY_HASHTAG;
		bool inside = items[i].start < (tag || link ? covered : linked);
		if (inside && !link)
			continue;
		if (!inside && (tag || link))
			covered = items[i].end;
		if (link)
			linked = items[i].end;
		items[kept++] = items[i];
	}
	return kept;
}

/* What a text has at all, so that most texts are spared most searches. */
struct signs {
	bool dot, at, hash, dollar;
};

static struct signs look_for_signs(struct pv_str text, bool *out_wide)
{
	struct signs found = {
		.dot = memchr(text.bytes, '.', text.size),
		.at = memchr(text.bytes, '@', text.size),
		.hash = memchr(text.bytes, '#', text.size),
		.dollar = memchr(text.bytes, '$', text.size),
	};
	/* ＠ and ＃ are rare, and so is their first byte */
	*out_wide = memchr(text.bytes, '\xEF', text.size);
	return found;
}

static void scan_all(struct pv_scan *scan, enum pv_dialect dialect, struct signs signs)
{
	bool at = signs.at || scan->wide, hash = signs.hash || scan->wide;
	switch (dialect) {
	case PV_DIALECT_X:
		if (signs.dot)
			pv_scan_links_x(scan);
		if (at)
			pv_scan_mentions_x(scan);
		if (hash)
			pv_scan_hashtags_x(scan);
		if (signs.dollar)
			pv_scan_cashtags_x(scan);
		break;
	case PV_DIALECT_MASTODON:
		if (signs.dot)
			pv_scan_links_mastodon(scan);
		if (signs.at)
			pv_scan_mentions_mastodon(scan);
		if (hash)
			pv_scan_hashtags_mastodon(scan);
		break;
	case PV_DIALECT_BLUESKY:
		pv_scan_links_bluesky(scan);
		if (signs.at)
			pv_scan_mentions_bluesky(scan);
		if (hash)
			pv_scan_hashtags_bluesky(scan);
		if (signs.dollar)
			pv_scan_cashtags_bluesky(scan);
		break;
	case PV_DIALECT_JOURNAL: pv_scan_links_journal(scan); break;
	}
}

enum pv_status pv_entities_find(TALLOC_CTX *mem, enum pv_dialect dialect, struct pv_str text,
	struct pv_entities *out, struct pv_error *error)
{
	struct pv_scan scan = {.mem = mem, .start = text.bytes, .end = text.bytes + text.size};
	if (text.size == 0) {
		*out = (struct pv_entities){0};
		return PV_OK;
	}
	struct signs signs = look_for_signs(text, &scan.wide);
	scan_all(&scan, dialect, signs);
	if (scan.failed) {
		talloc_free(scan.items);
		return pv_fail_nomem(error);
	}
	sort(scan.items, scan.n);
	if (dialect != PV_DIALECT_BLUESKY)
		scan.n = drop_covered(scan.items, scan.n);
	number_points(text.bytes, scan.items, scan.n);
	*out = (struct pv_entities){.items = scan.items, .n = scan.n};
	return PV_OK;
}
