/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Today, the record, live changes, the API's own description; the pages for machines. */
#include "desk/audit.h"
#include "desk/today.h"
#include "web/api/parts.h"
#include "web/assets.h"
#include "web/health.h"

#include <inttypes.h>
#include <stdlib.h>

static enum pv_status get_today(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_today today;
	struct pv_api_seats seats;
	struct pv_out *out = &call->out;
	enum pv_status status = pv_desk_today(call->desk, call->mem, call->actor, &today, error);
	if (status == PV_OK)
		status = pv_api_seats(call, &seats, error);
	if (status != PV_OK)
		return status;
	pv_out_open(out, NULL, '{');
	pv_out_open(out, "items", '[');
	for (size_t i = 0; i < today.n_items; i++) {
		const struct pv_today_item *item = &today.items[i];
		pv_out_open(out, NULL, '{');
		pv_out_text(out, "kind", item->kind);
		pv_out_time(out, "at", item->at_us);
		pv_api_organization_of(out, "organization", &seats, item->organization_id);
		pv_out_words(out, "title", &item->title);
		pv_out_open(out, "link", '{');
		pv_out_text(out, "route", item->route);
		pv_out_text(out, "id", item->id);
		pv_out_close(out, '}');
		pv_out_close(out, '}');
	}
	pv_out_close(out, ']');
	pv_out_open(out, "counts", '{');
	for (size_t i = 0; i < today.n_counts; i++)
		pv_out_int(out, today.counts[i].kind, today.counts[i].n);
	pv_out_close(out, '}');
	pv_out_close(out, '}');
	return pv_web_answer(call, 200, error);
}

static enum pv_status get_audit(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_audit_row *rows = NULL;
	struct pv_api_list list;
	struct pv_out *out = &call->out;
	size_t n = 0;
	enum pv_status status = pv_api_list_read(call, PV_API_PAGED | PV_API_HOUSE, &list, error);
	if (status == PV_OK)
		status = pv_desk_audit_list(call->desk, call->mem, call->actor,
			list.organization_id, list.cursor ? strtoll(list.cursor, NULL, 10) : 0,
			list.limit, &rows, &n, error);
	if (status != PV_OK)
		return status;
	pv_api_list_open(call, &list, &n);
	for (size_t i = 0; i < n; i++) {
		pv_out_open(out, NULL, '{');
		pv_out_int(out, "seq", rows[i].seq);
		pv_out_time(out, "at", rows[i].at_us);
		pv_api_person_of(
			call, "actor", strcmp(rows[i].actor, "desk") == 0 ? NULL : rows[i].actor);
		pv_out_text(out, "verb", rows[i].verb);
		pv_out_text(out, "object", rows[i].object);
		pv_out_text(out, "before", rows[i].before);
		pv_out_text(out, "after", rows[i].after);
		pv_out_text(out, "why", rows[i].why);
		pv_out_text(out, "hash", rows[i].hash);
		pv_out_close(out, '}');
	}
	const char *next =
		list.more ? talloc_asprintf(call->mem, "%" PRId64, rows[n - 1].seq) : NULL;
	return pv_web_list_close(call, next, error);
}

static enum pv_status get_events(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_api_seats seats;
	enum pv_status status = pv_api_seats(call, &seats, error);
	if (status != PV_OK)
		return status;
	const char **ids = talloc_array(call->mem, const char *, seats.n ? seats.n : 1);
	if (!ids)
		return pv_fail_nomem(error);
	for (size_t i = 0; i < seats.n; i++)
		ids[i] = seats.items[i].organization.id;
	if (call->request->is_head) {
		call->response->status = 200;
		call->response->type = "text/event-stream";
		return PV_OK;
	}
	status = pv_web_stream_open(call->web->hub, call->actor->person_id, ids, seats.n,
		&call->response->stream, error);
	if (status != PV_OK)
		return status;
	call->response->status = 200;
	call->response->type = "text/event-stream";
	/* A proxy that gathers bytes would keep changes from arriving. */
	pv_web_add_header(call->response, "X-Accel-Buffering", "no");
	return PV_OK;
}

static enum pv_status get_openapi(struct pv_web_call *call, struct pv_error *error)
{
	const struct pv_asset *asset =
		pv_asset_find(pv_assets_data, pv_assets_data_n, "openapi.json");
	if (!asset)
		return pv_fail(error, PV_NOT_FOUND, "Il n'y a rien à cette adresse.",
			"There is nothing at this address.");
	pv_asset_answer(asset, call->request, call->response);
	return PV_OK;
}

/* The example desk serves its own feeds, so that the whole story runs without a network. */
static enum pv_status get_demo(struct pv_web_call *call, struct pv_error *error)
{
	const struct pv_asset *asset = NULL;
	if (call->web->options.demo)
		asset = pv_asset_find(pv_assets_data, pv_assets_data_n,
			talloc_asprintf(call->mem, "demo/%s", call->params[0]));
	if (!asset || strstr(asset->path, ".xml") == NULL)
		return pv_fail(error, PV_NOT_FOUND, "Il n'y a rien à cette adresse.",
			"There is nothing at this address.");
	pv_asset_answer(asset, call->request, call->response);
	return PV_OK;
}

static const struct pv_web_route routes[] = {
	{PV_WEB_GET, "/api/v1/today", get_today},
	{PV_WEB_GET, "/api/v1/audit", get_audit},
	{PV_WEB_GET, "/api/v1/events", get_events},
	{PV_WEB_GET, "/api/v1/openapi.json", get_openapi, PV_WEB_ANYONE},
	{PV_WEB_GET, "/demo/{}", get_demo, PV_WEB_ANYONE},
	{PV_WEB_GET, "/healthz", pv_web_get_health, PV_WEB_ANYONE, .any_host = true},
	{PV_WEB_GET, "/metrics", pv_web_get_metrics, PV_WEB_ANYONE, .any_host = true},
};
const struct pv_web_routes pv_web_service_routes = PV_WEB_ROUTES(routes);
