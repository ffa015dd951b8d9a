/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The tags of a page, one after the other, as browsers cut them (HTML Living Standard, 13.2.5), in
 * one pass over the bytes and without a tree: libxml2's own reader takes minutes over a page of one
 * tag with a hundred thousand attributes, and a stranger chooses the page.
 *
 *	struct page_scan scan = {.at = bytes, .end = bytes + size};
 *	struct page_tag tag;
 *	while (pv_page_scan_next(&scan, &tag))
 *		if (pv_page_tag_is(&tag, "meta"))
 *			… pv_page_tag_get(mem, &tag, "content") …
 */
#ifndef PV_NET_PAGE_SCAN_H
#define PV_NET_PAGE_SCAN_H

#include "base/str.h"

enum { PAGE_ATTRIBUTES_MAX = 32 }; /* of one tag; the rest is passed over */

struct page_attribute {
	struct pv_str name, value; /* as they stand, entities and all */
};

struct page_tag {
	struct pv_str name;
	bool closing; /* </name> */
	struct page_attribute attributes[PAGE_ATTRIBUTES_MAX];
	size_t n_attributes;
	struct pv_str text; /* of a script: what stands in it */
};

/* UTF-8 bytes that are left. */
struct page_scan {
	const char *at, *end;
	/*
	 * Of a piece of a page, as feeds hold them: a raw element that ends in "/>", or nowhere, holds
	 * nothing, where a browser would find the rest of the page in it.
	 */
	bool piece;
	unsigned open; /* the raw elements of which no end is left: each is looked for once */
};

enum page_part { PAGE_END, PAGE_TEXT, PAGE_TAG };

/* The next piece of text, as it stands, or tag; comments and the insides of raw elements passed. */
enum page_part pv_page_scan_part(
	struct page_scan *scan, struct pv_str *out_text, struct page_tag *out_tag);
/* The next tag, everything else passed; false at the end. */
bool pv_page_scan_next(struct page_scan *scan, struct page_tag *out);

bool pv_page_tag_is(const struct page_tag *tag, const char *name);

/* A text with its entities read; NULL when memory is out. */
char *pv_page_text(TALLOC_CTX *mem, struct pv_str text);

/*
 * An attribute's value with its entities read, at most `most` bytes of it; NULL when there is none
 * or it is longer, and when memory is out (*failed is then set).
 */
const char *pv_page_tag_get(
	TALLOC_CTX *mem, const struct page_tag *tag, const char *name, size_t most, bool *failed);

/*
 * The bytes of a page as UTF-8, whatever is written on them (`type`: the Content-Type field, or
 * NULL). `*out` may borrow from them; false when memory is out.
 */
bool pv_page_utf8(TALLOC_CTX *mem, struct pv_str bytes, const char *type, struct pv_str *out);

#endif
