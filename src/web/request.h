/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A request and its answer as the handlers see them: plain data, nothing of libmicrohttpd.
 *
 *	const char *limit = pv_web_query(request, "limit");
 *	const char *secret = pv_web_cookie(mem, pv_web_header(request, "cookie"), "pv_session");
 *
 * The readers of foreign bytes (address, query, cookie, form) are pure and stand here, so that they
 * can be fuzzed without a server. Everything lives below the request's `mem` until its answer has
 * left.
 */
#ifndef PV_WEB_REQUEST_H
#define PV_WEB_REQUEST_H

#include "base/error.h"
#include "base/str.h"

#include <stdint.h>

enum {
	PV_WEB_ADDRESS_MAX = 8192, /* bytes of path and query together */
	PV_WEB_SEGMENTS_MAX = 12,
	PV_WEB_PAIRS_MAX = 64, /* parameters of a query, fields of a form, headers kept */
	PV_WEB_COOKIE_MAX = 4096,
	PV_WEB_ANSWER_MAX = 8 << 20, /* of one JSON answer */
};

struct pv_web_pair {
	const char *name;
	const char *value;
};

enum pv_web_method {
	PV_WEB_GET,
	PV_WEB_POST,
	PV_WEB_PUT,
	PV_WEB_PATCH,
	PV_WEB_DELETE,
	PV_WEB_OPTIONS,
	PV_WEB_OTHER,
	PV_WEB_METHODS,
};

/* HEAD reads as GET: the server leaves the body out. */
enum pv_web_method pv_web_method_of(const char *name);
const char *pv_web_method_name(enum pv_web_method method);

struct pv_web_request {
	TALLOC_CTX *mem;
	enum pv_web_method method;
	bool is_head;
	const char *address_sent;                  /* path and query, as they came */
	const char *path;                          /* the same without the query */
	const char *segments[PV_WEB_SEGMENTS_MAX]; /* decoded, UTF-8 without NUL */
	size_t n_segments;
	struct pv_web_pair query[PV_WEB_PAIRS_MAX];
	size_t n_query;
	struct pv_web_pair headers[PV_WEB_PAIRS_MAX];
	size_t n_headers;
	const char *body; /* NUL-ended for convenience */
	size_t body_size;
	const char *address; /* the caller's, as text */
	int64_t begun_us;    /* monotonic */
};

/*
 * Reads "path?query" into path, segments and query. PV_INVALID: not UTF-8, a NUL, a bad escape;
 * PV_TOO_LARGE: over a limit above.
 */
enum pv_status pv_web_address_read(
	struct pv_web_request *request, const char *address, struct pv_error *error);

/* The first of that name (headers: whatever the case), NULL when there is none. */
const char *pv_web_query(const struct pv_web_request *request, const char *name);
const char *pv_web_header(const struct pv_web_request *request, const char *name);

/* A cookie's value in a Cookie header (RFC 6265, 4.2), below `mem`; NULL when it is not there. */
const char *pv_web_cookie(TALLOC_CTX *mem, const char *header, const char *name);

/*
 * application/x-www-form-urlencoded (URL Living Standard, 5.1), also what stands after '?'.
 * At most `most` pairs.
 */
enum pv_status pv_web_form_read(TALLOC_CTX *mem, const char *bytes, size_t size,
	struct pv_web_pair *out, size_t most, size_t *out_n, struct pv_error *error);

/* Does a media type ("application/json; charset=utf-8") name this one? */
bool pv_web_type_is(const char *header, const char *type);

/* true: French is asked for before English (RFC 9110, 12.5.4). English when neither is. */
bool pv_web_wants_french(const char *accept_language);

/* "1".."100" of `limit`; `otherwise` when absent, problems at "/limit". */
enum pv_status pv_web_limit(const struct pv_web_request *request, int otherwise, int most, int *out,
	struct pv_error *error);

/* Does If-None-Match name this entity tag (with its quotes), or "*"? */
bool pv_web_etag_matches(const char *header, const char *etag);

/* ---- the answer ------------------------------------------------------------------------------- */

enum { PV_WEB_HEADERS_MAX = 16 };

struct pv_web_stream;

struct pv_web_response {
	int status;
	const char *type; /* Content-Type; NULL: no body */
	const char *body;
	size_t size;
	bool fixed; /* the body outlives the process's answers: embedded bytes */
	int file; /* > 0: a file's descriptor, `size` bytes of it are the body; the server closes it */
	struct pv_web_stream *stream; /* server-sent events */
	const char *cache;            /* Cache-Control; NULL: no-store */
	const char *policy;           /* Content-Security-Policy; NULL: the strictest */
	struct pv_web_pair headers[PV_WEB_HEADERS_MAX];
	size_t n_headers;
};

/* One more header; beyond PV_WEB_HEADERS_MAX it is dropped (ours are counted). */
void pv_web_add_header(struct pv_web_response *response, const char *name, const char *value);

#endif
