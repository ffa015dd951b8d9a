/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Signing in and out, the first owner, invitations. */
#include "desk/setup.h"
#include "web/api/me.h"
#include "web/api/parts.h"
#include "web/session.h"

/* A session has just begun: its cookie, its CSRF value, the person. */
static enum pv_status answer_signed_in(
	struct pv_web_call *call, const struct pv_signed_in *in, struct pv_error *error)
{
	enum pv_status status = pv_web_set_cookie(call, in->secret, in->expires_at_us, error);
	call->login = in->login;
	call->actor = &call->login.actor;
	return status == PV_OK ? pv_api_answer_session(call, error) : status;
}

static enum pv_status begin_session(
	struct pv_web_call *call, const char *person_id, struct pv_error *error)
{
	struct pv_signed_in in;
	enum pv_status status = pv_desk_session_open(call->desk, call->mem, person_id,
		call->request->address, pv_web_header(call->request, "user-agent"), &in, error);
	return status == PV_OK ? answer_signed_in(call, &in, error) : status;
}

static enum pv_status get_session(struct pv_web_call *call, struct pv_error *error)
{
	return pv_api_answer_session(call, error);
}

static enum pv_status post_session(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_signed_in in;
	int64_t wait_s = 0;
	struct pv_sign_in typed = {
		.address = call->request->address,
		.agent = pv_web_header(call->request, "user-agent"),
	};
	enum pv_status status = PV_API_ONLY(call->body, error, "login", "password");
	if (pv_api_text(call->body, "login", false, &typed.login, error) != PV_OK)
		status = PV_INVALID;
	if (pv_api_text(call->body, "password", false, &typed.password, error) != PV_OK)
		status = PV_INVALID;
	if (status != PV_OK)
		return status;
	status = pv_desk_sign_in(call->desk, call->mem, &typed, &in, &wait_s, error);
	if (status == PV_THROTTLED) {
		pv_web_add_header(call->response, "Retry-After",
			talloc_asprintf(call->mem, "%lld", wait_s > 0 ? (long long)wait_s : 1LL));
		call->told_wait = true;
	}
	return status == PV_OK ? answer_signed_in(call, &in, error) : status;
}

static enum pv_status delete_session(struct pv_web_call *call, struct pv_error *error)
{
	enum pv_status status = PV_OK;
	if (call->login.session_id)
		status = pv_desk_sign_out(call->desk, &call->login, error);
	if (status == PV_OK)
		status = pv_web_set_cookie(call, "", 0, error);
	return status == PV_OK ? pv_web_answer_nothing(call) : status;
}

static enum pv_status get_setup(struct pv_web_call *call, struct pv_error *error)
{
	bool open = false;
	enum pv_status status = pv_desk_setup_is_open(call->desk, &open, error);
	if (status != PV_OK)
		return status;
	pv_out_open(&call->out, NULL, '{');
	pv_out_bool(&call->out, "open", open);
	pv_out_close(&call->out, '}');
	return pv_web_answer(call, 200, error);
}

static enum pv_status post_setup(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_person_row person;
	enum pv_status status = pv_desk_setup(call->desk, call->mem, call->body, &person, error);
	return status == PV_OK ? begin_session(call, person.id, error) : status;
}

static enum pv_status get_invitation(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_invitation invitation;
	struct pv_out *out = &call->out;
	enum pv_status status =
		pv_desk_invitation_find(call->desk, call->mem, call->params[0], &invitation, error);
	if (status != PV_OK)
		return status;
	pv_out_open(out, NULL, '{');
	pv_out_text(out, "login", invitation.login);
	pv_out_text(out, "name", invitation.name);
	pv_out_text(out, "organization", invitation.organization);
	pv_out_text(out, "language", invitation.language);
	pv_out_time(out, "expires_at", invitation.expires_at_us);
	pv_out_close(out, '}');
	return pv_web_answer(call, 200, error);
}

static enum pv_status post_invitation(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_person_row person;
	enum pv_status status = pv_desk_invitation_accept(
		call->desk, call->mem, call->params[0], call->body, &person, error);
	return status == PV_OK ? begin_session(call, person.id, error) : status;
}

/* What hashes a password takes a tenth of a second: aside. */
static const struct pv_web_route routes[] = {
	{PV_WEB_GET, "/api/v1/session", get_session},
	{PV_WEB_POST, "/api/v1/session", post_session, PV_WEB_ANYONE, PV_TAKES_JSON,
		.slow = PV_WEB_HASH, .body_max = 8 << 10},
	{PV_WEB_DELETE, "/api/v1/session", delete_session},
	{PV_WEB_GET, "/api/v1/setup", get_setup, PV_WEB_ANYONE},
	{PV_WEB_POST, "/api/v1/setup", post_setup, PV_WEB_ANYONE, PV_TAKES_JSON,
		.slow = PV_WEB_HASH, .body_max = 16 << 10},
	{PV_WEB_GET, "/api/v1/invitations/{}", get_invitation, PV_WEB_ANYONE},
	{PV_WEB_POST, "/api/v1/invitations/{}", post_invitation, PV_WEB_ANYONE, PV_TAKES_JSON,
		.slow = PV_WEB_HASH, .body_max = 16 << 10},
};
const struct pv_web_routes pv_web_session_routes = PV_WEB_ROUTES(routes);
