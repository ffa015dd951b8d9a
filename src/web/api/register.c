/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Registers of interests. */
#include "desk/register.h"

#include "web/api/parts.h"

static void write_interest(struct pv_web_call *call, const struct pv_interest_row *row,
	const struct pv_api_seats *seats)
{
	struct pv_out *out = &call->out;
	pv_out_open(out, NULL, '{');
	pv_out_text(out, "id", row->id);
	pv_api_organization_of(out, "organization", seats, row->organization_id);
	pv_api_person_of(call, "person", row->person_id);
	pv_out_raw(out, "names", row->names, "[]");
	pv_out_text(out, "relation", row->relation);
	pv_out_text_or_null(out, "org", row->org);
	pv_out_raw(out, "domains", row->domains, "[]");
	pv_out_raw(out, "handles", row->handles, "[]");
	pv_out_raw(out, "feeds", row->feeds, "[]");
	pv_out_text_or_null(out, "until", row->until_day);
	pv_out_time(out, "created_at", row->created_at_us);
	pv_out_close(out, '}');
}

static enum pv_status get_list(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_interest_row *rows = NULL;
	struct pv_api_list list;
	size_t n = 0;
	const char *person = pv_web_query(call->request, "person");
	if (person && strcmp(person, "me") != 0)
		return pv_fail(error, PV_DENIED,
			"Le registre d'une autre personne ne se consulte pas.",
			"Another person's register is not for reading.");
	enum pv_status status = pv_api_list_read(call, PV_API_SEATS, &list, error);
	if (status == PV_OK)
		status = pv_desk_interest_list(
			call->desk, call->mem, call->actor, list.organization_id, &rows, &n, error);
	if (status != PV_OK)
		return status;
	pv_api_list_open(call, &list, &n);
	for (size_t i = 0; i < n; i++)
		write_interest(call, &rows[i], &list.seats);
	return pv_web_list_close(call, NULL, error);
}

static enum pv_status answer_one(struct pv_web_call *call, const struct pv_interest_row *row,
	int code, struct pv_error *error)
{
	struct pv_api_seats seats;
	enum pv_status status = pv_api_seats(call, &seats, error);
	if (status != PV_OK)
		return status;
	write_interest(call, row, &seats);
	return pv_web_answer(call, code, error);
}

static enum pv_status post_list(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_interest_row row;
	enum pv_status status =
		pv_desk_interest_add(call->desk, call->mem, call->actor, call->body, &row, error);
	return status == PV_OK ? answer_one(call, &row, 201, error) : status;
}

static enum pv_status patch_one(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_interest_row row;
	enum pv_status status = pv_desk_interest_change(
		call->desk, call->mem, call->actor, call->params[0], call->body, &row, error);
	return status == PV_OK ? answer_one(call, &row, 200, error) : status;
}

static enum pv_status delete_one(struct pv_web_call *call, struct pv_error *error)
{
	return pv_api_remove(call, pv_desk_interest_end, error);
}

static const struct pv_web_route routes[] = {
	{PV_WEB_GET, "/api/v1/interests", get_list},
	{PV_WEB_POST, "/api/v1/interests", post_list, .takes = PV_TAKES_JSON},
	{PV_WEB_PATCH, "/api/v1/interests/{}", patch_one, .takes = PV_TAKES_JSON},
	{PV_WEB_DELETE, "/api/v1/interests/{}", delete_one},
};
const struct pv_web_routes pv_web_register_routes = PV_WEB_ROUTES(routes);
