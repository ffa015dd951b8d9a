/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the readers of feeds share among themselves; feed.h is for everybody else. */
#ifndef PV_COLLECT_FEED_PARTS_H
#define PV_COLLECT_FEED_PARTS_H

#include "collect/feed.h"

struct feed_reader {
	TALLOC_CTX *mem;
	const char *base_url;
	int64_t now_us;
	const char *author; /* the feed's own, for entries that name none */
	struct pv_feed feed;
	bool failed; /* memory */
};

/* An entry's raw parts, turned into texts when it is added; NULL: not there. */
struct feed_bodies {
	const char *content_html, *summary_html, *date;
};

struct pv_feed_item pv_feed_item_empty(void);

/* Completes the entry and keeps it, once a guid, up to PV_FEED_ITEMS_MAX. */
void pv_feed_item_add(
	struct feed_reader *reader, struct pv_feed_item *item, const struct feed_bodies *bodies);
void pv_feed_label(struct feed_reader *reader, struct pv_feed_item *item, const char *label);

/* Never more than `limit` bytes, never half a character; NULL: memory. */
char *pv_feed_cut(TALLOC_CTX *mem, const char *text, size_t size, size_t limit);
/* HTML → one line of plain text, at most PV_FEED_LINE_MAX. "" for NULL. */
char *pv_feed_line(TALLOC_CTX *mem, const char *html);
/* "fr-CA" → "fr-ca"; "" when it is no language tag. */
char *pv_feed_language(TALLOC_CTX *mem, const char *tag);
/* Absolute http(s) address or "". */
char *pv_feed_address(TALLOC_CTX *mem, const char *base, const char *reference);

enum pv_status pv_feed_read_xml(
	struct feed_reader *reader, const char *bytes, size_t size, struct pv_error *error);
enum pv_status pv_feed_read_json(
	struct feed_reader *reader, const char *bytes, size_t size, struct pv_error *error);

#endif
