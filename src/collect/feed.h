/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A feed's bytes → its entries: RSS 2.0 (and 0.9x), Atom (RFC 4287), JSON Feed 1.1. Pure: the bytes
 * are given, nothing is fetched, XML entities are never expanded and no external thing is read.
 *
 *	struct pv_feed feed;
 *	pv_feed_parse(mem, body, size, "https://exemple.fr/feed", now_us, &feed, error);
 *	for (size_t i = 0; i < feed.n_items; i++)
 *		… feed.items[i].title …
 *
 * Sources: rssboard.org/rss-specification, RFC 4287, jsonfeed.org/version/1.1.
 */
#ifndef PV_COLLECT_FEED_H
#define PV_COLLECT_FEED_H

#include "base/error.h"

#include <stdint.h>

enum {
	PV_FEED_BYTES_MAX = 8 << 20,
	PV_FEED_ITEMS_MAX = 500,     /* the newest of the document's order; the rest is left */
	PV_FEED_TEXT_MAX = 64 << 10, /* plain text kept of one entry, bytes */
	PV_FEED_LINE_MAX = 1000,     /* titles, authors, labels, bytes */
	PV_FEED_URL_MAX = 2048,
	PV_FEED_LABELS_MAX = 20,
	PV_FEED_DEPTH_MAX = 64,
};

/* All texts are plain UTF-8, never NULL ("" when absent). */
struct pv_feed_item {
	const char *guid; /* what tells it apart in this feed: id, guid, else its link */
	const char *url;  /* absolute http(s), or "" */
	const char *title;
	const char *summary; /* a few lines */
	const char *content; /* the whole, paragraphs apart by an empty line */
	const char *author;
	const char *language; /* "fr", "en", another tag, or "" */
	const char *image;    /* address of its first picture, or "" */
	const char *const *labels;
	size_t n_labels;
	int64_t published_at_us; /* the given now when the feed does not say, never later than it */
};

struct pv_feed {
	const char *title;
	const char *site; /* the page it is the feed of */
	const char *language;
	struct pv_feed_item *items; /* in the document's order, each guid once */
	size_t n_items;
};

/* `base_url` is the feed's own address, for relative links. PV_INVALID: not a feed, and why. */
enum pv_status pv_feed_parse(TALLOC_CTX *mem, const char *bytes, size_t size, const char *base_url,
	int64_t now_us, struct pv_feed *out, struct pv_error *error);

/* RFC 822/2822 date as RSS writes it ("Mon, 02 Mar 2026 12:00:00 -0500"; two-digit years too). */
bool pv_feed_date_parse(const char *text, int64_t *out_us);

/* HTML → plain text: tags gone, entities read, blocks apart, at most `limit` bytes. */
char *pv_feed_plain(TALLOC_CTX *mem, const char *html, size_t limit);
/* The address of the first <img> with a width that is not a tracker's, or "". */
char *pv_feed_picture(TALLOC_CTX *mem, const char *html);

#endif
