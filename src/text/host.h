/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Where an address leads, in a form that can be compared: host in lower case and in ASCII (IDNA,
 * UTS #46 non-transitional; what nobody sees in it is not in it), without port, user, final dot or leading "www."; path with its dot
 * segments removed and its percent escapes made uniform, without query, fragment or final slash.
 * The authority is cut as browsers cut it (WHATWG URL, 4.4): "\" is "/", as many of them as there are
 * may follow "http:" and "https:", the user part ends at the last "@".
 *
 *	struct pv_site own, link;
 *	pv_site_parse(mem, pv_str("carnetdemarc.example"), &own);
 *	pv_site_parse(mem, pv_str("https://www.CarnetDeMarc.example/a?b"), &link);
 *	pv_site_covers(&own, &link);	true
 */
#ifndef PV_TEXT_HOST_H
#define PV_TEXT_HOST_H

#include "base/str.h"

struct pv_site {
	struct pv_str host; /* "carnetdemarc.example" */
	struct pv_str path; /* "/a", or empty */
	bool whole;         /* the host is well formed; else it is the bytes as they stand */
};

/* Below `mem` or borrowed from `address`; false only when memory is out. */
bool pv_site_parse(TALLOC_CTX *mem, struct pv_str address, struct pv_site *out);

/* Does `pattern` name the site itself, a domain above it (at a dot), a path above it (at a slash)? */
bool pv_site_covers(const struct pv_site *pattern, const struct pv_site *site);

/* Is `host` the domain itself or below it, at a dot? */
bool pv_host_below(struct pv_str domain, struct pv_str host);

#endif
