/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Oneself: settings, sessions, API tokens. */
#include "web/api/me.h"

#include "web/api/parts.h"

static void write_seat(struct pv_web_call *call, const struct pv_seat_row *seat)
{
	struct pv_out *out = &call->out;
	const struct pv_organization_row *row = &seat->organization;
	pv_out_open(out, NULL, '{');
	pv_api_organization_begin(out, "organization", row);
	pv_out_text(out, "timezone", row->timezone);
	pv_out_text(out, "language", row->language);
	pv_out_bool(out, "paused", row->paused_at_us != PV_TIME_NONE);
	pv_out_text_or_null(out, "paused_why", row->paused_why);
	pv_api_journal_url(call, row);
	pv_out_close(out, '}');
	pv_out_text(out, "role", seat->membership.role);
	pv_api_powers(out, seat->membership.role);
	pv_out_raw(out, "policy_roles", seat->membership.policy_roles, "[]");
	pv_out_close(out, '}');
}

static enum pv_status write_me(struct pv_web_call *call, const char *name, struct pv_error *error)
{
	struct pv_me me;
	struct pv_out *out = &call->out;
	enum pv_status status = pv_desk_me(call->desk, call->mem, call->actor, &me, error);
	if (status != PV_OK)
		return status;
	pv_out_open(out, name, '{');
	pv_out_text(out, "id", me.person.id);
	pv_out_text(out, "slug", me.person.slug);
	pv_out_text(out, "name", me.person.name);
	pv_out_text(out, "login", me.person.login);
	pv_out_text(out, "language", me.person.language);
	pv_out_text(out, "theme", me.person.theme);
	pv_api_organization_ref(out, "home", &me.home);
	pv_out_open(out, "memberships", '[');
	for (size_t i = 0; i < me.n_seats; i++)
		write_seat(call, &me.seats[i]);
	pv_out_close(out, ']');
	pv_out_close(out, '}');
	return PV_OK;
}

enum pv_status pv_api_answer_session(struct pv_web_call *call, struct pv_error *error)
{
	pv_out_open(&call->out, NULL, '{');
	pv_out_text(&call->out, "csrf", call->login.csrf ? call->login.csrf : "");
	enum pv_status status = write_me(call, "person", error);
	pv_out_close(&call->out, '}');
	return status == PV_OK ? pv_web_answer(call, 200, error) : status;
}

static enum pv_status get_me(struct pv_web_call *call, struct pv_error *error)
{
	enum pv_status status = write_me(call, NULL, error);
	return status == PV_OK ? pv_web_answer(call, 200, error) : status;
}

static enum pv_status patch_me(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_person_row person;
	enum pv_status status = pv_desk_me_change(call->desk, call->mem, call->actor, call->body,
		call->login.session_id, &person, error);
	return status == PV_OK ? get_me(call, error) : status;
}

static enum pv_status get_sessions(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_session_row *rows = NULL;
	size_t n = 0;
	struct pv_out *out = &call->out;
	enum pv_status status =
		pv_desk_session_list(call->desk, call->mem, call->actor, &rows, &n, error);
	if (status != PV_OK)
		return status;
	pv_web_list_open(call);
	for (size_t i = 0; i < n; i++) {
		pv_out_open(out, NULL, '{');
		pv_out_text(out, "id", rows[i].digest);
		pv_out_text(out, "agent", rows[i].agent);
		pv_out_text(out, "address", rows[i].address);
		pv_out_time(out, "created_at", rows[i].created_at_us);
		pv_out_time(out, "seen_at", rows[i].seen_at_us);
		pv_out_bool(out, "current", pv_streq(rows[i].digest, call->login.session_id));
		pv_out_close(out, '}');
	}
	return pv_web_list_close(call, NULL, error);
}

static enum pv_status delete_sessions(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_session_row *rows = NULL;
	size_t n = 0;
	enum pv_status status =
		pv_desk_session_list(call->desk, call->mem, call->actor, &rows, &n, error);
	for (size_t i = 0; status == PV_OK && i < n; i++)
		if (!pv_streq(rows[i].digest, call->login.session_id))
			status =
				pv_desk_session_end(call->desk, call->actor, rows[i].digest, error);
	return status == PV_OK ? pv_web_answer_nothing(call) : status;
}

static enum pv_status delete_one_session(struct pv_web_call *call, struct pv_error *error)
{
	return pv_api_remove(call, pv_desk_session_end, error);
}

static void write_token(struct pv_out *out, const char *name, const struct pv_token_row *row)
{
	pv_out_open(out, name, '{');
	pv_out_text(out, "id", row->id);
	pv_out_text(out, "name", row->name);
	pv_out_raw(out, "scopes", row->scopes, "[]");
	pv_out_time(out, "created_at", row->created_at_us);
	pv_out_time(out, "used_at", row->used_at_us);
	pv_out_time(out, "expires_at", row->expires_at_us);
	pv_out_close(out, '}');
}

static enum pv_status get_tokens(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_token_row *rows = NULL;
	size_t n = 0;
	enum pv_status status =
		pv_desk_token_list(call->desk, call->mem, call->actor, &rows, &n, error);
	if (status != PV_OK)
		return status;
	pv_web_list_open(call);
	for (size_t i = 0; i < n; i++)
		write_token(&call->out, NULL, &rows[i]);
	return pv_web_list_close(call, NULL, error);
}

static enum pv_status post_tokens(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_token_row row;
	const char *secret = NULL;
	enum pv_status status = pv_desk_token_add(
		call->desk, call->mem, call->actor, call->body, &row, &secret, error);
	if (status != PV_OK)
		return status;
	pv_out_open(&call->out, NULL, '{');
	pv_out_text(&call->out, "token", secret);
	write_token(&call->out, "item", &row);
	pv_out_close(&call->out, '}');
	return pv_web_answer(call, 201, error);
}

static enum pv_status delete_token(struct pv_web_call *call, struct pv_error *error)
{
	return pv_api_remove(call, pv_desk_token_end, error);
}

static const struct pv_web_route routes[] = {
	{PV_WEB_GET, "/api/v1/me", get_me},
	{PV_WEB_PATCH, "/api/v1/me", patch_me, .takes = PV_TAKES_JSON, .slow = PV_WEB_HASH,
		.body_max = 16 << 10},
	{PV_WEB_GET, "/api/v1/me/sessions", get_sessions},
	{PV_WEB_DELETE, "/api/v1/me/sessions", delete_sessions},
	{PV_WEB_DELETE, "/api/v1/me/sessions/{}", delete_one_session},
	{PV_WEB_GET, "/api/v1/me/tokens", get_tokens},
	{PV_WEB_POST, "/api/v1/me/tokens", post_tokens, .takes = PV_TAKES_JSON,
		.body_max = 16 << 10},
	{PV_WEB_DELETE, "/api/v1/me/tokens/{}", delete_token},
};
const struct pv_web_routes pv_web_me_routes = PV_WEB_ROUTES(routes);
