/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Addresses of the web taken apart and joined (RFC 3986, read as curl reads them, so that what is
 * checked is what is asked).
 *
 *	struct pv_net_url url;
 *	pv_net_url_parse(mem, "HTTPS://Exemple.fr:443/a/../b?c#d", &url, error);
 *	url.text    "https://exemple.fr/b?c#d"
 *	pv_net_url_resolve(mem, "https://exemple.fr/a/b", "../c", &text, error);
 */
#ifndef PV_NET_URL_H
#define PV_NET_URL_H

#include "base/error.h"

enum { PV_NET_URL_MAX = 8192 };

struct pv_net_url {
	const char *text;     /* the whole, normal form */
	const char *scheme;   /* "http" or "https" */
	const char *host;     /* lower case, IDNA's A-labels; "[::1]" with its brackets */
	unsigned port;        /* the scheme's own when none is written */
	const char *path;     /* "/" at least */
	const char *query;    /* NULL: none */
	const char *fragment; /* NULL: none */
	bool user_info;       /* a user or password is written in it */
};

/*
 * http and https, absolute. Spaces and bytes beyond ASCII are percent-encoded; control characters
 * are refused. PV_INVALID with words, PV_TOO_LARGE beyond PV_NET_URL_MAX.
 */
enum pv_status pv_net_url_parse(
	TALLOC_CTX *mem, const char *text, struct pv_net_url *out, struct pv_error *error);

/* A reference (absolute or not) as `base` understands it; the result is parsed as above. */
enum pv_status pv_net_url_resolve(TALLOC_CTX *mem, const char *base, const char *reference,
	char **out, struct pv_error *error);

/* Same scheme, host and port (RFC 6454). */
bool pv_net_url_same_origin(const struct pv_net_url *a, const struct pv_net_url *b);

#endif
