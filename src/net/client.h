/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The only way out of the house: HTTP over curl's multi interface, behind pv_env_http().
 *
 *	struct pv_net_client *client;
 *	pv_net_client_create(mem, &(struct pv_net_options){.allow = allow, .n_allow = 1}, &client,
 *error); pv_net_client_attach(client, env, error); pv_env_http(env, mem, &request, &response,
 *error);    from any thread … pv_net_client_stop(client);                           exchanges under
 *way end now
 *
 * What the outcome promises (base/http.h):
 * ANSWERED   a whole answer came: status line, header fields, and the body to its announced end.
 * NOT_SENT   curl wrote no byte of the request: name not found, connection refused, TLS refused,
 *            time over before sending. A write surely did not happen.
 * UNCERTAIN  all the rest: reset, time-out, half a body, not HTTP, over a limit.
 *
 * libcurl sends a request again by itself when a kept connection turns out dead
 * (lib/transfer.c, Curl_retry_request), whatever the method. A write that arrived once would arrive
 * twice without anybody knowing: every method but GET and HEAD therefore opens its own connection,
 * and "Expect: 100-continue", which also repeats, is never sent. HTTP/1.1 only.
 *
 * Redirects are followed here, not by curl: GET and HEAD only, at most max_redirects, every hop
 * checked as the first one was; Authorization, Cookie and Proxy-Authorization stay with the first
 * origin. No netrc, no cookies, no proxy but `proxy`, and none for guarded requests, whose address
 * could not be checked behind it.
 *
 * Threads: one client serves all. Each thread gets its own pool of connections at its first use,
 * and loses it when it ends.
 */
#ifndef PV_NET_CLIENT_H
#define PV_NET_CLIENT_H

#include "base/env.h"

struct pv_net_client;

struct pv_net_options {
	/* Addresses of our own that guarded requests may reach, "host:port" exactly (guard.h). */
	const char *const *allow;
	size_t n_allow;
	const char *proxy;   /* NULL: none, whatever the environment's variables say */
	const char *ca_file; /* NULL: the system's certificates */
};

enum {
	PV_NET_HEADERS_MAX = 200,           /* header fields of one answer */
	PV_NET_HEADER_BYTES_MAX = 64 << 10, /* all of them together */
	PV_NET_REQUEST_HEADERS_MAX = 50,
	PV_NET_BODY_MAX = 128 << 20, /* of a request */
	PV_NET_REDIRECTS_MAX = 20,   /* whatever a request asks */
	PV_NET_CONNECT_TIMEOUT_MS = 10000,
	PV_NET_IDLE_CONNECTIONS = 8, /* kept by a thread for later */
};

/* Below `mem`; freeing it closes all connections: stop, join the threads that use it, then free. */
enum pv_status pv_net_client_create(TALLOC_CTX *mem, const struct pv_net_options *options,
	struct pv_net_client **out, struct pv_error *error);

/*
 * Puts the real exchange into an env from pv_env_real, for as long as the client lives. PV_INTERNAL
 * for an env that has a state of its own (a simulated one).
 */
enum pv_status pv_net_client_attach(
	struct pv_net_client *client, struct pv_env *env, struct pv_error *error);

/* The exchange itself, for whoever has no env; the contract of pv_env_ops.http. */
enum pv_status pv_net_client_exchange(struct pv_net_client *client, TALLOC_CTX *mem,
	const struct pv_http_request *request, struct pv_http_response *out,
	struct pv_error *error);

/*
 * Interrupts every exchange under way, each ending as what is known of it, and answers NOT_SENT to
 * all later ones. From any thread, not from a signal handler.
 */
void pv_net_client_stop(struct pv_net_client *client);

#endif
