/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/route.h"

/* Does the path fit the pattern? Fills params; both are walked segment by segment. */
static bool fits(const char *pattern, const struct pv_web_request *request,
	const char *params[PV_WEB_PARAMS_MAX])
{
	size_t segment = 0, param = 0;
	for (const char *at = pattern; *at;) {
		at++; /* the slash */
		size_t size = strcspn(at, "/");
		if (size == 0 && !*at)
			break;
		if (segment == request->n_segments)
			return false;
		const char *given = request->segments[segment++];
		if (size == 2 && at[0] == '{' && at[1] == '}') {
			if (!*given || param == PV_WEB_PARAMS_MAX)
				return false;
			params[param++] = given;
		} else if (strncmp(given, at, size) != 0 || given[size]) {
			return false;
		}
		at += size;
	}
	return segment == request->n_segments;
}

static void allow(char out[64], enum pv_web_method method)
{
	const char *name = method == PV_WEB_GET ? "GET, HEAD" : pv_web_method_name(method);
	size_t used = strlen(out);
	if (strstr(out, name) || used + strlen(name) + 3 > 64)
		return;
	if (used) {
		memcpy(out + used, ", ", 3);
		used += 2;
	}
	memcpy(out + used, name, strlen(name) + 1);
}

const struct pv_web_route *pv_web_route_find(const struct pv_web_routes *const *tables,
	size_t n_tables, const struct pv_web_request *request,
	const char *params[PV_WEB_PARAMS_MAX], char out_allow[64])
{
	out_allow[0] = '\0';
	for (size_t t = 0; t < n_tables; t++) {
		for (size_t i = 0; i < tables[t]->n; i++) {
			const struct pv_web_route *route = &tables[t]->items[i];
			if (!fits(route->pattern, request, params))
				continue;
			if (route->method == request->method)
				return route;
			allow(out_allow, route->method);
		}
	}
	return NULL;
}

size_t pv_web_route_body_max(const struct pv_web_route *route)
{
	if (route->body_max)
		return route->body_max;
	switch (route->takes) {
	case PV_TAKES_FORM: return PV_WEB_FORM_MAX;
	case PV_TAKES_JSON:
	case PV_TAKES_MAYBE_JSON: return PV_WEB_JSON_MAX;
	case PV_TAKES_BYTES:
	case PV_TAKES_NOTHING: break;
	}
	return PV_WEB_FORM_MAX; /* read and left aside */
}

enum pv_status pv_web_answer(struct pv_web_call *call, int status, struct pv_error *error)
{
	const char *text = pv_buf_end(&call->buf);
	if (!text)
		return pv_fail(error, PV_UNAVAILABLE,
			"La réponse est trop grande : demandez-en une partie.",
			"The answer is too large: ask for a part of it.");
	call->response->status = status;
	call->response->type = "application/json";
	call->response->body = text;
	call->response->size = call->buf.size;
	return PV_OK;
}

enum pv_status pv_web_answer_nothing(struct pv_web_call *call)
{
	call->response->status = 204;
	return PV_OK;
}

void pv_web_list_open(struct pv_web_call *call)
{
	pv_out_open(&call->out, NULL, '{');
	pv_out_open(&call->out, "items", '[');
}

enum pv_status pv_web_list_close(struct pv_web_call *call, const char *next, struct pv_error *error)
{
	pv_out_close(&call->out, ']');
	pv_out_text(&call->out, "next", next);
	pv_out_close(&call->out, '}');
	return pv_web_answer(call, 200, error);
}
