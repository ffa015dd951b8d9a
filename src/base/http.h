/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The shape of one outgoing HTTP exchange. The real one is net/client.h's, the simulated one is a
 * function of the test; both are reached through struct pv_env, never directly.
 */
#ifndef PV_BASE_HTTP_H
#define PV_BASE_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pv_http_header {
	const char *name;
	const char *value;
};

struct pv_http_request {
	const char *method; /* "GET", "POST"… */
	const char *url;    /* http or https, absolute */
	const struct pv_http_header *headers;
	size_t n_headers;
	const void *body;
	size_t body_size;
	int64_t timeout_ms;     /* for the whole exchange; 0 = PV_HTTP_TIMEOUT_MS */
	size_t response_limit;  /* bytes of body taken; 0 = PV_HTTP_RESPONSE_LIMIT */
	unsigned max_redirects; /* 0: a redirect is an answer like another */
	bool guarded; /* a user chose the address: the address guard applies at every hop */
	bool cut; /* a body too long, too slow or broken off is what came of it, not UNCERTAIN */
};

enum { PV_HTTP_TIMEOUT_MS = 30000, PV_HTTP_RESPONSE_LIMIT = 8 << 20 };

/*
 * What is known of the exchange. Only ANSWERED has a status. NOT_SENT: no byte of the request left,
 * so a write did not happen. UNCERTAIN: some byte may have arrived and no whole answer came.
 */
enum pv_http_outcome { PV_HTTP_ANSWERED, PV_HTTP_NOT_SENT, PV_HTTP_UNCERTAIN };

struct pv_http_response {
	enum pv_http_outcome outcome;
	int status;
	struct pv_http_header *headers; /* names in lower case */
	size_t n_headers;
	char *body; /* NUL-ended for convenience; may hold NULs */
	size_t body_size;
	const char *final_url; /* after redirects */
	const char *reason;    /* not ANSWERED: why, in words for a log */
	bool cut;              /* the rest of the body was not taken */
};

/* The first header of that lower-case name, or NULL. */
const char *pv_http_header(const struct pv_http_response *response, const char *name);

#endif
