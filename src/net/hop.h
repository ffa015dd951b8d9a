/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * One request and its answer, without redirects: the inside of net/client.c, for nobody else.
 */
#ifndef PV_NET_HOP_H
#define PV_NET_HOP_H

#include "base/env.h"

#include <curl/curl.h>
#include <stdatomic.h>

/*
 * What one thread holds. Guarded requests have connections of their own: one that was opened
 * without looking must not be taken up again by a request that asks to look.
 */
struct pv_net_lane {
	struct pv_net_lane *next, **from; /* in the client's list, under its lock */
	struct pv_net_client *client;
	CURLM *open, *guarded;
	CURL *easy;
	const atomic_bool *stop;
};

struct pv_net_hop {
	const struct pv_http_request *request;
	const char *url;  /* this hop's, checked */
	const char *host; /* for words */
	int64_t timeout_ms;
	bool guard_addresses;
	bool credentials; /* false: Authorization and friends stay behind */
	const char *proxy, *ca_file;
};

/* Is this a method whose repeat by curl is harmless? */
bool pv_net_hop_repeatable(const char *method);

/* Can this be sent as HTTP at all: method and fields without line ends, body within the limit? */
enum pv_status pv_net_hop_check(const struct pv_http_request *request, struct pv_error *error);

/* The contract of pv_env_ops.http; final_url is left to the caller. */
enum pv_status pv_net_hop_run(struct pv_net_lane *lane, TALLOC_CTX *mem,
	const struct pv_net_hop *hop, struct pv_http_response *out, struct pv_error *error);

#endif
