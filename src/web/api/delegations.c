/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Who stands in for whom. */
#include "desk/delegations.h"

#include "web/api/parts.h"

static void write_delegation(struct pv_web_call *call, const struct pv_delegation_row *row,
	const struct pv_api_seats *seats)
{
	struct pv_out *out = &call->out;
	pv_out_open(out, NULL, '{');
	pv_out_text(out, "id", row->id);
	pv_api_organization_of(out, "organization", seats, row->organization_id);
	pv_api_person_of(call, "person", row->person_id);
	pv_api_person_of(call, "to", row->to_id);
	pv_out_time(out, "from", row->from_at_us);
	pv_out_time(out, "until", row->until_at_us);
	pv_out_text(out, "why", row->why);
	pv_out_time(out, "created_at", row->created_at_us);
	pv_out_close(out, '}');
}

static enum pv_status get_list(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_delegation_row *rows = NULL;
	struct pv_api_seats seats;
	size_t n = 0;
	enum pv_status status = pv_desk_delegation_list(
		call->desk, call->mem, call->actor, call->params[0], &rows, &n, error);
	if (status == PV_OK)
		status = pv_api_seats(call, &seats, error);
	if (status != PV_OK)
		return status;
	pv_web_list_open(call);
	for (size_t i = 0; i < n; i++)
		write_delegation(call, &rows[i], &seats);
	return pv_web_list_close(call, NULL, error);
}

static enum pv_status post_list(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_delegation_row row;
	struct pv_api_seats seats;
	enum pv_status status = pv_desk_delegation_add(
		call->desk, call->mem, call->actor, call->params[0], call->body, &row, error);
	if (status == PV_OK)
		status = pv_api_seats(call, &seats, error);
	if (status != PV_OK)
		return status;
	write_delegation(call, &row, &seats);
	return pv_web_answer(call, 201, error);
}

static enum pv_status delete_one(struct pv_web_call *call, struct pv_error *error)
{
	enum pv_status status =
		pv_desk_delegation_end(call->desk, call->actor, call->params[0], error);
	return status == PV_OK ? pv_web_answer_nothing(call) : status;
}

static const struct pv_web_route routes[] = {
	{PV_WEB_GET, "/api/v1/organizations/{}/delegations", get_list},
	{PV_WEB_POST, "/api/v1/organizations/{}/delegations", post_list, .takes = PV_TAKES_JSON},
	{PV_WEB_DELETE, "/api/v1/delegations/{}", delete_one},
};
const struct pv_web_routes pv_web_delegation_routes = PV_WEB_ROUTES(routes);
