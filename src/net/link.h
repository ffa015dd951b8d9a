/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Where does a link lead, and what does the page there say of itself? Shorteners and trackers are
 * followed until a page answers, so that a policy judges the page and not its disguise.
 *
 *	struct pv_net_link link;
 *	pv_net_link_unwrap(env, mem, "https://bit.ly/x", 0, &link, error);
 *	if (link.known) … link.final_url … else … link.why
 *	if (link.page) … link.page->authors …
 *
 * A step is a redirect, a page that sends its readers on at once (Refresh), or an address that
 * stands inside another (net/wrap.h: caches, archives, translators…), which nobody is asked for.
 * Each address is asked once, with GET, as a reader would; of the body at most
 * PV_NET_PAGE_BYTES_MAX is taken. Every address passes the guard. The address that a page gives for
 * its own (canonical) is never asked: it is a claim.
 * A link that cannot be followed is not an error: `known` is false and `why` has the words.
 */
#ifndef PV_NET_LINK_H
#define PV_NET_LINK_H

#include "base/env.h"
#include "net/page.h"

enum {
	PV_NET_LINK_STEPS_MAX = 10,
	PV_NET_LINK_TIMEOUT_MS = 15000, /* for the whole chain */
};

enum pv_net_link_end {
	PV_NET_LINK_PAGE,      /* a page answered: final_url */
	PV_NET_LINK_GONE,      /* the last address answers 404 or 410: final_url is where it led */
	PV_NET_LINK_LOOP,      /* it comes back to where it was */
	PV_NET_LINK_TOO_LONG,  /* more than PV_NET_LINK_STEPS_MAX steps */
	PV_NET_LINK_GUARDED,   /* it leads where the guard does not let go */
	PV_NET_LINK_NO_ANSWER, /* nobody, or not in time */
	PV_NET_LINK_ODD,       /* a redirect without a usable address, a server's error */
	PV_NET_LINK_SHUT,      /* a shortener shows a page of its own instead */
};

struct pv_net_link {
	bool known; /* final_url is where the link leads: PAGE or GONE */
	enum pv_net_link_end end;
	const char *final_url;    /* the last address reached; where it stopped when not known */
	unsigned steps;           /* redirects followed */
	const char *const *chain; /* steps + 1 addresses, the given one first */
	struct pv_words why;      /* not known (or GONE): for a person */
	const struct pv_net_page *page; /* of a PAGE that is HTML; else NULL */
};

/*
 * timeout_ms 0: PV_NET_LINK_TIMEOUT_MS. Another status than PV_OK only for memory, or PV_INVALID
 * when `url` itself is no http or https address.
 */
enum pv_status pv_net_link_unwrap(struct pv_env *env, TALLOC_CTX *mem, const char *url,
	int64_t timeout_ms, struct pv_net_link *out, struct pv_error *error);

#endif
