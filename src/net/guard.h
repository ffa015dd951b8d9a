/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The address guard: what a user's address (a feed, a link, a Mastodon-compatible server, a
 * picture) may make this machine connect to. Only the public internet, unless the administrator
 * allows one host and port by name.
 *
 *	struct pv_net_guard *guard;
 *	pv_net_guard_create(mem, (const char *[]){"127.0.0.1:8080"}, 1, &guard, error);
 *	pv_net_guard_url(guard, url, &exempt, error)                before resolving
 *	if (!exempt && (range = pv_net_guard_address(address)))     each address, at connect()
 *
 * The second check is made in curl's open-socket callback on the very address that is connected to,
 * so a name that answers a public address first and 127.0.0.1 next gains nothing. Both are made
 * again at every redirect. A client's caller does not call these: `guarded` in the request does.
 *
 * Sources: IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890 and its updates), IANA
 * multicast registries, RFC 4291 (mapped, compatible), RFC 6052 and RFC 8215 (NAT64), RFC 3056
 * (6to4), RFC 4380 (Teredo); ports: WHATWG Fetch, "bad port".
 */
#ifndef PV_NET_GUARD_H
#define PV_NET_GUARD_H

#include "base/error.h"

#include <stdint.h>
#include <sys/socket.h>

enum { PV_NET_ALLOW_MAX = 32 };

struct pv_net_guard;

/*
 * `allow` holds "host:port" or "[v6]:port", each exempt from the guard as a whole: that host by
 * that spelling, on that port, wherever it leads. PV_INVALID names the entry that is not one.
 */
enum pv_status pv_net_guard_create(TALLOC_CTX *mem, const char *const *allow, size_t n_allow,
	struct pv_net_guard **out, struct pv_error *error);

/*
 * May this URL be asked at all: http or https, no user or password in it, a port that is the web's
 * or a program's, an address literal that is public? PV_INVALID says why. `out_exempt` is true for
 * an allowed pair, whose addresses are then not looked at. NULL guard: nothing is exempt.
 */
enum pv_status pv_net_guard_url(const struct pv_net_guard *guard, const char *url, bool *out_exempt,
	struct pv_error *error);

/* Why an address is not the public internet's; NULL when it is. */
struct pv_net_range {
	const char *cidr;
	struct pv_words what;
};
const struct pv_net_range *pv_net_guard_address(const struct sockaddr *address);
/* The same for text, "192.0.2.1" or "2001:db8::1"; NULL too when it is not an address. */
const struct pv_net_range *pv_net_guard_literal(const char *host);

/* PV_INVALID with the words for it. */
enum pv_status pv_net_guard_fail(
	const struct pv_net_range *range, const char *host, struct pv_error *error);

/* 80, 443 and from 1024 on, without those that are other protocols' own. */
bool pv_net_guard_port(unsigned port);

#endif
