/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the readers of a page share among themselves; page.h is for everybody else. */
#ifndef PV_NET_PAGE_PARTS_H
#define PV_NET_PAGE_PARTS_H

#include "net/page.h"

struct page_author {
	const char *name, *via;
	const char *urls[PV_NET_PAGE_URLS_MAX];
	size_t n_urls;
};

struct page_reader {
	TALLOC_CTX *mem;
	const char *url;  /* where it was found */
	const char *base; /* what relative addresses are relative to */
	const char *canonical, *refresh;
	struct page_author authors[PV_NET_PAGE_AUTHORS_MAX];
	size_t n_authors;
	const char *me[PV_NET_PAGE_URLS_MAX];
	size_t n_me;
	unsigned blocks; /* of JSON-LD */
	unsigned links;  /* that said something */
	bool in_noscript;
	bool failed; /* memory */
};

/* One line of clean text, cut to PV_NET_PAGE_NAME_MAX; "" for NULL or bytes that are no text. */
const char *pv_page_line(struct page_reader *reader, const char *text);
/* Absolute http(s) address, or NULL. */
const char *pv_page_address(struct page_reader *reader, const char *reference);
/* An address, or the "@name" of an account; NULL: neither. */
const char *pv_page_whose(struct page_reader *reader, const char *text);
/* Keeps an author, once; one that says nothing is no author. */
void pv_page_author_add(struct page_reader *reader, const struct page_author *author);
void pv_page_url_add(const char **urls, size_t *n, const char *url);

/* page_json.c: one block of JSON-LD. */
void pv_page_read_json(struct page_reader *reader, const char *bytes, size_t size);

#endif
