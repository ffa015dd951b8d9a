/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * One request from its bytes to its answer, in the order in which a stranger may be stopped: host,
 * route, body, who asks, whether they may change something, the key that makes it once, the handler.
 */
#include "base/log.h"
#include "base/mem.h"
#include "desk/once.h"
#include "web/assets.h"
#include "web/house.h"
#include "web/problem.h"
#include "web/secure.h"
#include "web/session.h"

#include <stdio.h>

enum { KEY_MAX = 200, ANSWER_FIRST = 24 << 10 };

static const struct pv_web_routes *const tables[] = {
	&pv_web_post_routes,
	&pv_web_variant_routes,
	&pv_web_session_routes,
	&pv_web_me_routes,
	&pv_web_organization_routes,
	&pv_web_register_routes,
	&pv_web_delegation_routes,
	&pv_web_report_routes,
	&pv_web_policy_routes,
	&pv_web_policy_try_routes,
	&pv_web_replay_routes,
	&pv_web_policy_life_routes,
	&pv_web_account_routes,
	&pv_web_source_routes,
	&pv_web_publication_routes,
	&pv_web_conversation_routes,
	&pv_web_media_routes,
	&pv_web_service_routes,
	&pv_web_journal_routes,
};

/* What admit() found, for respond(): found once. */
struct finding {
	const struct pv_web_route *route;
	const char *params[PV_WEB_PARAMS_MAX];
	char allow[64];
	enum pv_status status; /* of reading the address */
	struct pv_error error;
};

void pv_web_admit(void *state, struct pv_web_request *request, struct pv_web_plan *out)
{
	(void)state;
	struct finding *finding = talloc_zero(request->mem, struct finding);
	*out = (struct pv_web_plan){.body_max = PV_WEB_FORM_MAX, .route = finding};
	if (!finding)
		return;
	finding->error = PV_ERROR_IN(request->mem);
	finding->status = pv_web_address_read(request, request->address_sent, &finding->error);
	if (finding->status != PV_OK)
		return;
	finding->route = pv_web_route_find(
		tables, PV_COUNT(tables), request, finding->params, finding->allow);
	if (!finding->route)
		return;
	out->body_max = pv_web_route_body_max(finding->route);
	out->slow = finding->route->slow;
}

static enum pv_status nothing_here(struct pv_error *error)
{
	return pv_fail(error, PV_NOT_FOUND, "Il n'y a rien à cette adresse.",
		"There is nothing at this address.");
}

/* No route: the interface's files, the methods a path knows, or nothing. */
static enum pv_status without_route(const struct finding *finding,
	const struct pv_web_request *request, struct pv_web_response *out, int *code,
	struct pv_error *error)
{
	if (*finding->allow) {
		pv_web_add_header(out, "Allow", finding->allow);
		if (request->method == PV_WEB_OPTIONS) {
			out->status = 204;
			return PV_OK;
		}
		*code = 405;
		return pv_fail(error, PV_INVALID, "Cette adresse accepte %s, non cette méthode.",
			"This address takes %s, not this method.", finding->allow);
	}
	if (request->method == PV_WEB_GET && pv_asset_interface(request, out))
		return PV_OK;
	return nothing_here(error);
}

static enum pv_status read_body(struct pv_web_call *call, int *code, struct pv_error *error)
{
	const struct pv_web_request *request = call->request;
	enum pv_web_takes takes = call->route->takes;
	const char *type = pv_web_header(request, "content-type");
	bool json = takes == PV_TAKES_JSON || takes == PV_TAKES_MAYBE_JSON;
	const char *wanted = json ? "application/json" : "application/x-www-form-urlencoded";
	if (!json && takes != PV_TAKES_FORM)
		return PV_OK;
	if (request->body_size == 0 && takes == PV_TAKES_MAYBE_JSON) {
		call->body = json_object();
		return call->body ? PV_OK : pv_fail_nomem(error);
	}
	if (!pv_web_type_is(type, wanted)) {
		*code = 415;
		return pv_fail(error, PV_INVALID, "Cette adresse lit du %s.",
			"This address reads %s.", wanted);
	}
	if (!json)
		return PV_OK;
	*code = 400;
	enum pv_status status =
		pv_json_parse(request->body, request->body_size, &call->body, error);
	if (status == PV_OK && !json_is_object(call->body))
		status = pv_fail(error, PV_INVALID, "Le corps doit être un objet JSON.",
			"The body must be a JSON object.");
	if (status == PV_OK)
		*code = 0;
	return status;
}

/* 304 when the caller has the same bytes already. */
static void compare(struct pv_web_call *call)
{
	char digest[PV_DIGEST_SIZE];
	struct pv_web_response *response = call->response;
	if (!call->route->etag || response->status != 200 || !response->body)
		return;
	pv_digest(response->body, response->size, digest);
	char *etag = talloc_asprintf(call->mem, "\"%.32s\"", digest);
	if (!etag)
		return;
	pv_web_add_header(response, "ETag", etag);
	response->cache = "private, no-cache";
	if (!pv_web_etag_matches(pv_web_header(call->request, "if-none-match"), etag))
		return;
	response->status = 304;
	response->type = NULL;
	response->body = NULL;
	response->size = 0;
}

/* ---- asked twice, done once -------------------------------------------------------------------- */

/* The answer as it is kept: its type, its own headers and its body. */
static char *pack(struct pv_web_call *call)
{
	json_t *headers = json_array();
	for (size_t i = 0; headers && i < call->response->n_headers; i++)
		json_array_append_new(headers, json_pack("[ss]", call->response->headers[i].name,
						       call->response->headers[i].value));
	PV_JSON json_t *kept = json_pack("{s:s?,s:o,s:s%}", "type", call->response->type, "headers",
		headers, "body", call->response->body ? call->response->body : "",
		call->response->size);
	return kept ? pv_json_dump(call->mem, kept) : NULL;
}

static enum pv_status unpack(
	struct pv_web_call *call, const struct pv_once *once, struct pv_error *error)
{
	PV_JSON json_t *kept = NULL;
	size_t i;
	json_t *pair;
	enum pv_status status = pv_json_parse(once->answer, strlen(once->answer), &kept, error);
	if (status != PV_OK)
		return status;
	json_array_foreach(json_object_get(kept, "headers"), i, pair)
		pv_web_add_header(call->response,
			talloc_strdup(call->mem, json_string_value(json_array_get(pair, 0))),
			talloc_strdup(call->mem, json_string_value(json_array_get(pair, 1))));
	pv_web_add_header(call->response, "Idempotency-Replayed", "true");
	const char *type = pv_json_text(kept, "type"), *body = pv_json_text(kept, "body");
	call->response->status = (int)once->status;
	call->response->type = type ? talloc_strdup(call->mem, type) : NULL;
	call->response->body = talloc_strdup(call->mem, body ? body : "");
	call->response->size = body ? strlen(body) : 0;
	return call->response->body ? PV_OK : pv_fail_nomem(error);
}

/* A person who typed an address gets a page, a program what programs read. */
static bool wants_page(const struct pv_web_request *request)
{
	const char *accept = pv_web_header(request, "accept");
	bool api = request->n_segments && strcmp(request->segments[0], "api") == 0;
	return request->method == PV_WEB_GET && !api && accept && strstr(accept, "text/html");
}

static void fail_into(struct pv_web_call *call, const struct pv_error *error, int code)
{
	bool french = pv_web_wants_french(pv_web_header(call->request, "accept-language"));
	if (wants_page(call->request))
		pv_web_problem_page(call->mem, call->response, error, code, french);
	else
		pv_web_problem(call->mem, call->response, error, code, french, call->more);
}

static void log_mistake(const struct pv_web_request *request, const struct pv_error *error)
{
	if (error->status != PV_INTERNAL && error->status != PV_UNAVAILABLE &&
		error->status != PV_NOMEM)
		return;
	pv_log(PV_LOG_ERROR, "request failed", "path", request->path, "status",
		pv_status_name(error->status), "why", error->words.en, NULL);
}

/* A no, with what goes with it: the record, and the headers that say what would help. */
static void answer_no(
	struct pv_web_call *call, enum pv_status status, int code, struct pv_error *error)
{
	error->status = status;
	log_mistake(call->request, error);
	if (status == PV_THROTTLED && !call->told_wait)
		pv_web_add_header(call->response, "Retry-After", "5");
	if (status == PV_UNAUTHENTICATED)
		pv_web_add_header(call->response, "WWW-Authenticate", "Bearer");
	fail_into(call, error, code);
}

/* An answer that says "nothing was done, it may pass by itself": one may ask again. */
static bool may_pass(enum pv_status status)
{
	int code = pv_web_status_code(status);
	return status != PV_OK && (code >= 500 || code == 429 || code == 401);
}

/*
 * The handler, held to what its answer says: a verb that is done and whose outcome cannot be read
 * back (the disk, memory, an answer too large) does not say that nothing was done.
 */
static enum pv_status handle(struct pv_web_call *call, struct pv_error *error)
{
	int64_t deeds = pv_desk_deeds(call->desk);
	enum pv_status status = call->route->handle(call, error);
	if (!may_pass(status) || status == PV_UNCERTAIN || pv_desk_deeds(call->desk) == deeds)
		return status;
	error->status = status;
	log_mistake(call->request, error);
	*error = PV_ERROR_IN(call->mem);
	return pv_fail(error, PV_CONFLICT,
		"Ce qui était demandé est fait, au moins en partie, mais n'a pas pu être relu : "
		"rechargez la page avant de recommencer.",
		"What was asked is done, at least in part, but could not be read back: load the "
		"page again before another try.");
}

/*
 * For the next one with the same key. Done is done: the answer is given even if it cannot be kept,
 * and the key stays taken then too.
 */
static void keep_answer(struct pv_web_call *call, const struct pv_once *once, enum pv_status status)
{
	struct pv_error said = PV_ERROR_IN(call->mem);
	enum pv_status kept;
	/* What may have been done all the same stays taken: a repeat is told to look. */
	if (status == PV_UNCERTAIN)
		return;
	if (may_pass(status)) {
		kept = pv_desk_once_drop(call->desk, once, &said);
	} else {
		char *answer = pack(call);
		kept = answer ? pv_desk_once_keep(call->desk, call->mem, once,
					call->response->status, answer, &said)
			      : pv_fail_nomem(&said);
	}
	if (kept == PV_OK)
		return;
	said.status = kept;
	log_mistake(call->request, &said);
}

static enum pv_status handle_once(struct pv_web_call *call, const char *key, struct pv_error *error)
{
	struct pv_once once = {0};
	const struct pv_once_key name = {
		.person_id = call->actor->person_id,
		.method = "POST",
		.address = call->request->address_sent, /* a query says what to do as well */
		.key = key,
		.body = call->request->body,
		.body_size = call->request->body_size,
	};
	if (!*key || strlen(key) > KEY_MAX)
		return pv_fail(error, PV_INVALID,
			"L'en-tête Idempotency-Key compte de 1 à %d caractères.",
			"The Idempotency-Key header holds 1 to %d characters.", KEY_MAX);
	enum pv_status status = pv_desk_once_take(call->desk, call->mem, &name, &once, error);
	if (status != PV_OK)
		return status;
	if (once.answer)
		return unpack(call, &once, error);
	status = handle(call, error);
	if (status != PV_OK)
		answer_no(call, status, 0, error);
	keep_answer(call, &once, status);
	return PV_OK;
}

/* ---- the way of a request ---------------------------------------------------------------------- */

static enum pv_status handle_route(struct pv_web_call *call, int *code, struct pv_error *error)
{
	const struct pv_web_request *request = call->request;
	enum pv_status status = pv_web_desk(call->web, &call->desk, error);
	if (status == PV_OK)
		status = pv_web_who_asks(call, error);
	if (status == PV_OK && request->method != PV_WEB_GET)
		status = pv_web_may_change(call, error);
	if (status == PV_OK)
		status = read_body(call, code, error);
	if (status != PV_OK)
		return status;
	const char *key =
		request->method == PV_WEB_POST ? pv_web_header(request, "idempotency-key") : NULL;
	/* Not from just anybody: what is kept for a day is kept of people whom one knows. */
	return key && call->actor ? handle_once(call, key, error) : handle(call, error);
}

static enum pv_status way(struct pv_web_call *call, const struct pv_web_plan *plan, bool too_large,
	int *code, struct pv_error *error)
{
	const struct finding *finding = plan->route;
	if (!finding)
		return pv_fail(error, PV_THROTTLED,
			"Trop de demandes longues sont en cours : réessayez dans un instant.",
			"Too many long requests are at work: try again in a moment.");
	if (finding->status != PV_OK) {
		*code = finding->status == PV_TOO_LARGE ? 414
			: finding->status == PV_INVALID ? 400
							: 0;
		*error = finding->error;
		return finding->status;
	}
	if (!finding->route || !finding->route->any_host) {
		enum pv_status status = pv_web_right_host(call->web, call->request, error);
		*code = status == PV_DENIED ? 421 : status == PV_INVALID ? 400 : 0;
		if (status != PV_OK)
			return status;
	}
	if (!finding->route)
		return without_route(finding, call->request, call->response, code, error);
	if (too_large)
		return pv_fail(error, PV_TOO_LARGE, "Cette demande dépasse %zu Kio.",
			"This request is over %zu KiB.",
			pv_web_route_body_max(finding->route) >> 10);
	call->route = finding->route;
	memcpy(call->params, finding->params, sizeof(call->params));
	return handle_route(call, code, error);
}

void pv_web_respond(void *state, struct pv_web_request *request, const struct pv_web_plan *plan,
	bool too_large, struct pv_web_response *out)
{
	int code = 0;
	struct pv_error error = PV_ERROR_IN(request->mem);
	struct pv_web_call call = {
		.mem = request->mem,
		.web = state,
		.request = request,
		.response = out,
		.buf = PV_BUF(request->mem, PV_WEB_ANSWER_MAX),
	};
	call.out = PV_OUT(&call.buf);
	pv_buf_room(&call.buf, ANSWER_FIRST);
	enum pv_status status = way(&call, plan, too_large, &code, &error);
	if (status == PV_OK && call.route)
		compare(&call);
	if (status != PV_OK)
		answer_no(&call, status, code, &error);
	pv_web_secure(out, call.web->https);
	json_decref(call.body);
}
