/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Addresses that hold another one: caches of pages (AMP), "you are leaving" pages, translators,
 * archives and readers. What is inside stands in the address itself: nobody is asked.
 *
 *	char *inside;
 *	pv_net_wrap_inside(mem, "https://l.facebook.com/l.php?u=https%3A%2F%2Fa.example%2F", &inside,
 *		error);						// "https://a.example/"
 */
#ifndef PV_NET_WRAP_H
#define PV_NET_WRAP_H

#include "net/url.h"

/* `*out` is NULL when there is none. Another status than PV_OK only for memory. */
enum pv_status pv_net_wrap_inside(
	TALLOC_CTX *mem, const char *url, char **out, struct pv_error *error);

/* A service whose addresses are short forms of others: a page of its own is not where one leads. */
bool pv_net_is_shortener(const char *host);

#endif
