/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Organisations and their people. */
#include "web/api/parts.h"

/* journal as the API tells it: {open, comments, about:{fr,en}, policy_public}. */
static void write_journal(struct pv_web_call *call, const struct pv_organization_row *row)
{
	struct pv_out *out = &call->out;
	PV_JSON json_t *journal = NULL;
	struct pv_error error = PV_ERROR_IN(call->mem);
	pv_json_parse(row->journal, strlen(row->journal), &journal, &error);
	const json_t *about = json_object_get(journal, "about");
	const char *fr = pv_json_text(about, "fr"), *en = pv_json_text(about, "en");
	pv_out_open(out, "journal", '{');
	pv_out_bool(out, "open", pv_json_bool(journal, "open", false));
	pv_out_bool(out, "comments", pv_json_bool(journal, "comments", false));
	pv_out_words(out, "about", &(struct pv_words){fr ? fr : "", en ? en : ""});
	pv_out_bool(out, "policy_public", pv_json_bool(journal, "policy_public", false));
	pv_out_close(out, '}');
}

static void write_organization(
	struct pv_web_call *call, const struct pv_organization_row *row, const char *role)
{
	struct pv_out *out = &call->out;
	pv_api_organization_begin(out, NULL, row);
	pv_out_text(out, "timezone", row->timezone);
	pv_out_text(out, "language", row->language);
	pv_out_time(out, "paused_at", row->paused_at_us);
	pv_out_text(out, "paused_why", row->paused_why);
	pv_out_raw(out, "switches", row->switches, "[]");
	write_journal(call, row);
	pv_api_journal_url(call, row);
	pv_out_text(out, "role", role);
	pv_api_powers(out, role);
	pv_out_int(out, "version", row->version);
	pv_out_close(out, '}');
}

/* One organisation, with the actor's own role there. */
static enum pv_status answer_one(struct pv_web_call *call, const struct pv_organization_row *row,
	int code, struct pv_error *error)
{
	enum pv_role role = PV_ROLE_NONE;
	enum pv_status status = pv_desk_role(call->desk, call->actor, row->id, &role, error);
	if (status != PV_OK)
		return status;
	write_organization(call, row, pv_role_name(role));
	return pv_web_answer(call, code, error);
}

static enum pv_status get_list(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_api_seats seats;
	enum pv_status status = pv_api_seats(call, &seats, error);
	if (status != PV_OK)
		return status;
	pv_web_list_open(call);
	for (size_t i = 0; i < seats.n; i++)
		write_organization(
			call, &seats.items[i].organization, seats.items[i].membership.role);
	return pv_web_list_close(call, NULL, error);
}

static enum pv_status post_list(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_organization_row row;
	enum pv_status status = pv_desk_organization_add(
		call->desk, call->mem, call->actor, call->body, &row, error);
	return status == PV_OK ? answer_one(call, &row, 201, error) : status;
}

static enum pv_status get_one(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_organization_row row;
	enum pv_status status = pv_desk_organization_find(
		call->desk, call->mem, call->actor, call->params[0], &row, error);
	return status == PV_OK ? answer_one(call, &row, 200, error) : status;
}

static enum pv_status patch_one(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_organization_row row;
	enum pv_status status = pv_desk_organization_change(
		call->desk, call->mem, call->actor, call->params[0], call->body, &row, error);
	return status == PV_OK ? answer_one(call, &row, 200, error) : status;
}

static enum pv_status post_pause(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_organization_row row;
	const char *why = NULL;
	enum pv_status status = PV_API_ONLY(call->body, error, "why");
	if (pv_api_text(call->body, "why", false, &why, error) != PV_OK || status != PV_OK)
		return PV_INVALID;
	status = pv_desk_organization_pause(
		call->desk, call->mem, call->actor, call->params[0], why, &row, error);
	return status == PV_OK ? answer_one(call, &row, 200, error) : status;
}

static enum pv_status delete_pause(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_organization_row row;
	enum pv_status status = pv_desk_organization_resume(
		call->desk, call->mem, call->actor, call->params[0], &row, error);
	return status == PV_OK ? answer_one(call, &row, 200, error) : status;
}

/* ---- people ------------------------------------------------------------------------------------ */

/* Logins are for who governs: they are e-mail addresses. */
static bool tells_logins(struct pv_web_call *call, const char *organization_id)
{
	struct pv_error error = PV_ERROR_IN(call->mem);
	return pv_desk_may(call->desk, call->actor, organization_id, PV_MAY_GOVERN, &error) ==
	       PV_OK;
}

static void write_member(
	struct pv_out *out, const char *name, const struct pv_member_row *row, bool with_login)
{
	pv_out_open(out, name, '{');
	pv_api_person_ref(out, "person", row->person.id, row->person.slug, row->person.name);
	pv_out_text(out, "login", with_login ? row->person.login : NULL);
	pv_out_text(out, "role", row->membership.role);
	pv_out_raw(out, "policy_roles", row->membership.policy_roles, "[]");
	pv_out_bool(out, "invited", !row->person.password);
	pv_out_close(out, '}');
}

static enum pv_status get_people(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_member_row *rows = NULL;
	size_t n = 0;
	const char *id = NULL;
	enum pv_status status = pv_api_organization_id(call, call->params[0], &id, error);
	if (status == PV_OK)
		status = pv_desk_people_list(
			call->desk, call->mem, call->actor, id, &rows, &n, error);
	if (status != PV_OK)
		return status;
	bool with_login = tells_logins(call, id);
	pv_web_list_open(call);
	for (size_t i = 0; i < n; i++)
		write_member(&call->out, NULL, &rows[i], with_login);
	return pv_web_list_close(call, NULL, error);
}

static enum pv_status post_people(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_member_row row;
	const char *link = NULL, *id = NULL;
	enum pv_status status = pv_api_organization_id(call, call->params[0], &id, error);
	if (status == PV_OK)
		status = pv_desk_person_invite(
			call->desk, call->mem, call->actor, id, call->body, &row, &link, error);
	if (status != PV_OK)
		return status;
	pv_out_open(&call->out, NULL, '{');
	pv_out_text(&call->out, "link", link);
	write_member(&call->out, "member", &row, true);
	pv_out_close(&call->out, '}');
	return pv_web_answer(call, 201, error);
}

static enum pv_status patch_person(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_member_row row;
	const char *id = NULL;
	enum pv_status status = pv_api_organization_id(call, call->params[0], &id, error);
	if (status == PV_OK)
		status = pv_desk_member_change(call->desk, call->mem, call->actor, id,
			call->params[1], call->body, &row, error);
	if (status != PV_OK)
		return status;
	write_member(&call->out, NULL, &row, true);
	return pv_web_answer(call, 200, error);
}

static enum pv_status delete_person(struct pv_web_call *call, struct pv_error *error)
{
	const char *id = NULL;
	enum pv_status status = pv_api_organization_id(call, call->params[0], &id, error);
	if (status == PV_OK)
		status = pv_desk_member_remove(call->desk, call->actor, id, call->params[1], error);
	return status == PV_OK ? pv_web_answer_nothing(call) : status;
}

static const struct pv_web_route routes[] = {
	{PV_WEB_GET, "/api/v1/organizations", get_list, .etag = true},
	{PV_WEB_POST, "/api/v1/organizations", post_list, .takes = PV_TAKES_JSON},
	{PV_WEB_GET, "/api/v1/organizations/{}", get_one, .etag = true},
	{PV_WEB_PATCH, "/api/v1/organizations/{}", patch_one, .takes = PV_TAKES_JSON},
	{PV_WEB_POST, "/api/v1/organizations/{}/pause", post_pause, .takes = PV_TAKES_JSON},
	{PV_WEB_DELETE, "/api/v1/organizations/{}/pause", delete_pause},
	{PV_WEB_GET, "/api/v1/organizations/{}/people", get_people},
	{PV_WEB_POST, "/api/v1/organizations/{}/people", post_people, .takes = PV_TAKES_JSON},
	{PV_WEB_PATCH, "/api/v1/organizations/{}/people/{}", patch_person, .takes = PV_TAKES_JSON},
	{PV_WEB_DELETE, "/api/v1/organizations/{}/people/{}", delete_person},
};
const struct pv_web_routes pv_web_organization_routes = PV_WEB_ROUTES(routes);
