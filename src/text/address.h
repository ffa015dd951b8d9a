/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Addresses compared as pages: the site (text/host.h) and the query, without the parameters that
 * only tell who clicked where (utm_source, fbclid, gclid…) and without the fragment.
 *
 *	struct pv_address a, b;
 *	pv_address_read(mem, pv_str("https://www.Carnet.example/a/?utm_source=x&p=1#top"), &a);
 *	pv_address_read(mem, pv_str("http://carnet.example:80/a?p=1"), &b);
 *	pv_address_same(&a, &b);	true
 *
 * Sources of the table of parameters: the strip lists of Firefox and Brave, and the manuals of the
 * campaign tools that add them.
 */
#ifndef PV_TEXT_ADDRESS_H
#define PV_TEXT_ADDRESS_H

#include "text/host.h"

struct pv_address {
	struct pv_site site;
	struct pv_str query; /* without its "?"; empty when nothing of it matters */
};

/* Below `mem` or borrowed from `address`; false only when memory is out. */
bool pv_address_read(TALLOC_CTX *mem, struct pv_str address, struct pv_address *out);
bool pv_address_same(const struct pv_address *a, const struct pv_address *b);

/* "host/path?query": the same text for the same page. NULL when memory is out. */
char *pv_address_key(TALLOC_CTX *mem, struct pv_str address);

/* Does a parameter of this name only track? */
bool pv_query_tracks(struct pv_str name);

/* A person's page on a network: x.com/Name, bsky.app/profile/name, any.server/@Name. */
struct pv_profile {
	struct pv_str handle; /* without its "@" */
	struct pv_str server; /* any.server, when it is one of many that share their names */
};

/*
 * The host that is a person's handle in the address of their page, or of what they wrote there:
 * bsky.app/profile/carnetdemarc.example/post/1. `*out_is` says whether there is one; false only
 * when memory is out.
 */
bool pv_site_handle_host(
	TALLOC_CTX *mem, const struct pv_site *site, struct pv_site *out, bool *out_is);

/* False when the site is no such page. Borrowed from the site. */
bool pv_site_profile(const struct pv_site *site, struct pv_profile *out);

#endif
