/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What a page says of itself: the address it gives for its own, whom it names as its author, which
 * other pages it says are the same person's. Claims, as they stand. Pure: the bytes are given,
 * nothing is fetched, no entity of the document's own is expanded, and the time it takes grows with
 * the bytes alone.
 *
 *	struct pv_net_page page;
 *	pv_net_page_read(mem, &(struct pv_net_page_in){.bytes = body, .size = size,
 *		.type = "text/html; charset=utf-8", .url = final_url}, &page, error);
 *	for (size_t i = 0; i < page.n_authors; i++)
 *		… page.authors[i].name, .urls …
 *
 * Read: JSON-LD (author, creator; arrays, @graph, @id references; name, url, sameAs), <meta> author,
 * article:author, dc.creator, twitter:creator, fediverse:creator; <link> and <a> rel=author, rel=me,
 * rel=canonical; <meta http-equiv=refresh>; <base>.
 *
 * Sources: HTML Living Standard 4.2, 4.6.7; JSON-LD 1.1; schema.org (author, sameAs, mainEntity);
 * microformats.org/wiki/rel-me; RFC 6596 (canonical).
 */
#ifndef PV_NET_PAGE_H
#define PV_NET_PAGE_H

#include "base/error.h"

enum {
	PV_NET_PAGE_BYTES_MAX = 1 << 20, /* of a page; the rest is not read */
	PV_NET_PAGE_AUTHORS_MAX = 16,
	PV_NET_PAGE_URLS_MAX = 16,  /* of one author; of rel=me */
	PV_NET_PAGE_NAME_MAX = 200, /* bytes */
	PV_NET_PAGE_URL_MAX = 2048,
	PV_NET_PAGE_BLOCKS_MAX = 16,             /* JSON-LD in one page */
	PV_NET_PAGE_BLOCK_BYTES_MAX = 256 << 10, /* a larger one is passed over */
	PV_NET_PAGE_LINKS_MAX = 200,             /* with a rel that is read */
	PV_NET_PAGE_NODES_MAX = 500,             /* things described in one block */
	PV_NET_PAGE_NESTING_MAX = 8,             /* of lists, graphs and main entities */
	PV_NET_PAGE_REFRESH_MAX_S = 10, /* a page that moves on later than that is read first */
};

struct pv_net_author {
	const char *name;        /* "" when only an address is given */
	const char *const *urls; /* absolute, or "@name" of an account */
	size_t n_urls;
	const char *via; /* where it stands: "json-ld", "meta", "rel" */
};

/* All texts are well-formed UTF-8 on one line, never NULL. */
struct pv_net_page {
	const char *canonical; /* absolute http(s), or "" */
	const char *refresh;   /* where it sends its readers at once, or "" */
	struct pv_net_author *authors;
	size_t n_authors;
	const char *const *me;
	size_t n_me;
};

struct pv_net_page_in {
	const char *bytes;
	size_t size;
	const char *type; /* the Content-Type field; NULL: none */
	const char *url;  /* where it was found, for relative addresses */
};

/* Whatever the bytes are, what can be read of them. Another status than PV_OK only for memory. */
enum pv_status pv_net_page_read(TALLOC_CTX *mem, const struct pv_net_page_in *in,
	struct pv_net_page *out, struct pv_error *error);

/*
 * Where "0; url=/there" (of <meta http-equiv=refresh> or the Refresh field) sends the readers of
 * `url` within PV_NET_PAGE_REFRESH_MAX_S; NULL: nowhere, or memory is out.
 */
const char *pv_net_page_refresh(TALLOC_CTX *mem, const char *url, const char *content);

/* Is it HTML by its Content-Type? None at all is taken for HTML. */
bool pv_net_page_is_html(const char *type);

#endif
