/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Routes: which handler answers which method and path, what it asks of the caller and of the body.
 *
 *	static const struct pv_web_route routes[] = {
 *		{PV_WEB_GET, "/api/v1/variants/{}", .handle = get_variant},
 *		{PV_WEB_PATCH, "/api/v1/variants/{}", .handle = patch_variant, .takes = PV_TAKES_JSON},
 *	};
 *	const struct pv_web_routes pv_web_post_routes = PV_WEB_ROUTES(routes);
 *
 * A handler fills call->response (pv_web_answer, …) and returns PV_OK, or returns the desk's error,
 * which becomes problem+json. It runs in a thread of the server with that thread's own desk; what
 * it allocates below call->mem lives until the answer has left.
 *
 * Who may do what is the desk's business. A route says only whether somebody must be signed in.
 */
#ifndef PV_WEB_ROUTE_H
#define PV_WEB_ROUTE_H

#include "base/json.h"
#include "desk/sessions.h"
#include "web/out.h"
#include "web/request.h"
#include "web/server.h"

enum { PV_WEB_PARAMS_MAX = 4 };

struct pv_web;

struct pv_web_call {
	TALLOC_CTX *mem;
	struct pv_web *web;
	struct pv_desk *desk;
	const struct pv_web_request *request;
	struct pv_web_response *response;
	const struct pv_web_route *route;
	const char *params[PV_WEB_PARAMS_MAX]; /* what stood at each {} */
	bool signed_in;
	struct pv_login login;
	const struct pv_actor *actor; /* of login; NULL when nobody is signed in */
	json_t *body;                 /* PV_TAKES_JSON; an object; {} when it may be left out */
	struct pv_buf buf;            /* the answer's bytes */
	struct pv_out out;            /* writes JSON into buf */
	const char *more;             /* a problem's own members, ",\"name\":…"; NULL: none */
	bool told_wait;               /* Retry-After is among the headers already */
};

typedef enum pv_status pv_web_handler(struct pv_web_call *call, struct pv_error *error);

enum pv_web_takes {
	PV_TAKES_NOTHING,
	PV_TAKES_JSON,       /* an object */
	PV_TAKES_MAYBE_JSON, /* an object or nothing */
	PV_TAKES_FORM,       /* application/x-www-form-urlencoded, read by the handler */
	PV_TAKES_BYTES,      /* anything, read by the handler */
};

enum pv_web_who {
	PV_WEB_SIGNED_IN, /* the default: nothing is open by forgetting */
	PV_WEB_ANYONE,
};

struct pv_web_route {
	enum pv_web_method method;
	const char *pattern; /* "/api/v1/posts/{}"; a segment {} takes any text */
	pv_web_handler *handle;
	enum pv_web_who who;
	enum pv_web_takes takes;
	size_t body_max;       /* 0: PV_WEB_JSON_MAX for JSON, PV_WEB_FORM_MAX for forms */
	enum pv_web_slow slow; /* done aside, other connections go on */
	bool etag;             /* the answer is compared with If-None-Match */
	bool any_host;         /* asked by machines under whatever name */
	bool reads;            /* a POST that changes nothing: a token that reads may */
};

enum { PV_WEB_JSON_MAX = 1536 << 10, PV_WEB_FORM_MAX = 64 << 10 };

struct pv_web_routes {
	const struct pv_web_route *items;
	size_t n;
};

#define PV_WEB_ROUTES(array) ((struct pv_web_routes){.items = (array), .n = PV_COUNT(array)})

/*
 * The route of a request among `tables`, with its params; NULL when there is none. `*out_allow` is
 * then "" (nothing at this path) or the methods that the path knows ("GET, PATCH").
 */
const struct pv_web_route *pv_web_route_find(const struct pv_web_routes *const *tables,
	size_t n_tables, const struct pv_web_request *request,
	const char *params[PV_WEB_PARAMS_MAX], char out_allow[64]);

size_t pv_web_route_body_max(const struct pv_web_route *route);

/* ---- answers --------------------------------------------------------------------------------- */

/* Ends the JSON written through call->out and makes it the answer. */
enum pv_status pv_web_answer(struct pv_web_call *call, int status, struct pv_error *error);
/* 204. */
enum pv_status pv_web_answer_nothing(struct pv_web_call *call);
/* A page of a list around `rows` written by the caller: {"items":[ … */
void pv_web_list_open(struct pv_web_call *call);
/* … ],"next":…} with 200. `next` NULL: the end. */
enum pv_status pv_web_list_close(
	struct pv_web_call *call, const char *next, struct pv_error *error);

#endif
