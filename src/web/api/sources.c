/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Feeds and their articles. */
#include "desk/sources.h"
#include "desk/cursor.h"

#include "collect/collector.h"
#include "web/api/parts.h"

static void write_source(
	struct pv_web_call *call, const struct pv_source_row *row, const struct pv_api_seats *seats)
{
	struct pv_out *out = &call->out;
	pv_out_open(out, NULL, '{');
	pv_out_text(out, "id", row->id);
	pv_api_organization_of(out, "organization", seats, row->organization_id);
	pv_out_text(out, "url", row->url);
	pv_out_text(out, "title", row->title);
	pv_out_text(out, "site", row->site);
	pv_out_text(out, "state", row->state);
	pv_api_words_json(out, "state_why", row->state_why);
	pv_out_int(out, "failures", row->failures);
	pv_out_time(out, "fetched_at", row->fetched_at_us);
	pv_out_time(out, "fetch_at", row->fetch_at_us);
	pv_out_time(out, "created_at", row->created_at_us);
	pv_out_close(out, '}');
}

static enum pv_status get_sources(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_source_row *rows = NULL;
	struct pv_api_list list;
	size_t n = 0;
	enum pv_status status = pv_api_list_read(call, PV_API_SEATS, &list, error);
	if (status == PV_OK)
		status = pv_desk_source_list(
			call->desk, call->mem, call->actor, list.organization_id, &rows, &n, error);
	if (status != PV_OK)
		return status;
	pv_api_list_open(call, &list, &n);
	for (size_t i = 0; i < n; i++)
		write_source(call, &rows[i], &list.seats);
	return pv_web_list_close(call, NULL, error);
}

static enum pv_status answer_source(
	struct pv_web_call *call, const struct pv_source_row *row, int code, struct pv_error *error)
{
	struct pv_api_seats seats;
	enum pv_status status = pv_api_seats(call, &seats, error);
	if (status != PV_OK)
		return status;
	write_source(call, row, &seats);
	return pv_web_answer(call, code, error);
}

static enum pv_status get_source(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_source_row row;
	enum pv_status status = pv_desk_source_get(
		call->desk, call->mem, call->actor, call->params[0], &row, error);
	return status == PV_OK ? answer_source(call, &row, 200, error) : status;
}

static enum pv_status post_source(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_source_row row;
	const char *given = NULL, *url = NULL, *id = NULL;
	enum pv_status status = PV_API_ONLY(call->body, error, "organization", "url");
	if (pv_api_text(call->body, "organization", false, &given, error) != PV_OK)
		status = PV_INVALID;
	if (pv_api_text(call->body, "url", false, &url, error) != PV_OK)
		status = PV_INVALID;
	if (status == PV_OK)
		status = pv_api_organization_id(call, given, &id, error);
	if (status == PV_OK)
		status = pv_collect_source_add(
			call->desk, call->mem, call->actor, id, url, &row, error);
	return status == PV_OK ? answer_source(call, &row, 201, error) : status;
}

static enum pv_status patch_source(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_source_row row;
	enum pv_status status = PV_API_ONLY(call->body, error, "title", "state");
	if (status != PV_OK)
		return status;
	status = pv_desk_source_edit(call->desk, call->mem, call->actor, call->params[0],
		pv_json_text(call->body, "title"), pv_json_text(call->body, "state"), &row, error);
	return status == PV_OK ? answer_source(call, &row, 200, error) : status;
}

static enum pv_status post_fetch(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_source_row row;
	size_t fresh = 0;
	enum pv_status status = pv_desk_source_get(
		call->desk, call->mem, call->actor, call->params[0], &row, error);
	if (status == PV_OK)
		status = pv_desk_may(
			call->desk, call->actor, row.organization_id, PV_MAY_WRITE, error);
	if (status == PV_OK)
		status = pv_collect_source(call->desk, call->mem, row.id, &fresh, error);
	if (status == PV_OK)
		status =
			pv_desk_source_get(call->desk, call->mem, call->actor, row.id, &row, error);
	return status == PV_OK ? answer_source(call, &row, 200, error) : status;
}

static enum pv_status delete_source(struct pv_web_call *call, struct pv_error *error)
{
	return pv_api_remove(call, pv_desk_source_remove, error);
}

/* ---- articles ---------------------------------------------------------------------------------- */

static void write_item(struct pv_web_call *call, const struct pv_item_row *row,
	const struct pv_api_seats *seats, bool whole)
{
	struct pv_out *out = &call->out;
	pv_out_open(out, NULL, '{');
	pv_out_text(out, "id", row->id);
	pv_out_open(out, "source", '{');
	pv_out_text(out, "id", row->source_id);
	pv_out_text(out, "title", row->source_title);
	pv_out_close(out, '}');
	pv_api_organization_of(out, "organization", seats, row->organization_id);
	pv_out_text(out, "url", row->url);
	pv_out_text(out, "title", row->title);
	pv_out_text(out, "summary", row->summary);
	pv_out_text(out, "content", whole ? row->content : "");
	pv_out_text(out, "author", row->author);
	pv_out_text(out, "language", row->language);
	pv_out_text(out, "image", row->image);
	pv_out_raw(out, "labels", row->labels, "[]");
	pv_out_time(out, "published_at", row->published_at_us);
	pv_out_text(out, "state", row->state);
	pv_out_close(out, '}');
}

static enum pv_status get_items(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_item_row *rows = NULL;
	struct pv_api_list list;
	size_t n = 0;
	enum pv_status status = pv_api_list_read(call, PV_API_PAGED | PV_API_SEATS, &list, error);
	if (status != PV_OK)
		return status;
	const struct pv_item_filter filter = {
		.organization_id = list.organization_id,
		.source_id = pv_web_query(call->request, "source"),
		.state = pv_web_query(call->request, "state"),
		.before = list.cursor,
		.limit = list.limit,
	};
	status = pv_desk_item_list(call->desk, call->mem, call->actor, &filter, &rows, &n, error);
	if (status != PV_OK)
		return status;
	pv_api_list_open(call, &list, &n);
	for (size_t i = 0; i < n; i++)
		write_item(call, &rows[i], &list.seats, false);
	const char *next =
		list.more ? pv_desk_cursor(call->mem, rows[n - 1].published_at_us, rows[n - 1].id)
			  : NULL;
	return pv_web_list_close(call, next, error);
}

static enum pv_status answer_item(
	struct pv_web_call *call, const struct pv_item_row *row, struct pv_error *error)
{
	struct pv_api_seats seats;
	enum pv_status status = pv_api_seats(call, &seats, error);
	if (status != PV_OK)
		return status;
	write_item(call, row, &seats, true);
	return pv_web_answer(call, 200, error);
}

static enum pv_status get_item(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_item_row row;
	enum pv_status status =
		pv_desk_item_get(call->desk, call->mem, call->actor, call->params[0], &row, error);
	return status == PV_OK ? answer_item(call, &row, error) : status;
}

static enum pv_status patch_item(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_item_row row;
	const char *state = NULL;
	enum pv_status status = PV_API_ONLY(call->body, error, "state");
	if (pv_api_text(call->body, "state", false, &state, error) != PV_OK || status != PV_OK)
		return PV_INVALID;
	status = pv_desk_item_set_state(
		call->desk, call->mem, call->actor, call->params[0], state, &row, error);
	return status == PV_OK ? answer_item(call, &row, error) : status;
}

static const struct pv_web_route routes[] = {
	{PV_WEB_GET, "/api/v1/sources", get_sources},
	{PV_WEB_POST, "/api/v1/sources", post_source, .takes = PV_TAKES_JSON,
		.slow = PV_WEB_NETWORK},
	{PV_WEB_GET, "/api/v1/sources/{}", get_source},
	{PV_WEB_PATCH, "/api/v1/sources/{}", patch_source, .takes = PV_TAKES_JSON},
	{PV_WEB_DELETE, "/api/v1/sources/{}", delete_source},
	{PV_WEB_POST, "/api/v1/sources/{}/fetch", post_fetch, .takes = PV_TAKES_MAYBE_JSON,
		.slow = PV_WEB_NETWORK},
	{PV_WEB_GET, "/api/v1/items", get_items},
	{PV_WEB_GET, "/api/v1/items/{}", get_item},
	{PV_WEB_PATCH, "/api/v1/items/{}", patch_item, .takes = PV_TAKES_JSON},
};
const struct pv_web_routes pv_web_source_routes = PV_WEB_ROUTES(routes);
