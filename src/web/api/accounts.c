/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Accounts and the networks they are of. */
#include "dispatch/connect.h"
#include "networks/network.h"
#include "web/api/parts.h"

static enum pv_status answer_one(struct pv_web_call *call, const struct pv_account_row *row,
	int code, struct pv_error *error)
{
	struct pv_api_seats seats;
	enum pv_status status = pv_api_seats(call, &seats, error);
	if (status != PV_OK)
		return status;
	pv_api_account(call, NULL, row, &seats);
	return pv_web_answer(call, code, error);
}

static enum pv_status get_list(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_account_row *rows = NULL;
	struct pv_api_list list;
	size_t n = 0;
	enum pv_status status = pv_api_list_read(call, PV_API_SEATS, &list, error);
	if (status == PV_OK)
		status = pv_desk_account_list(
			call->desk, call->mem, call->actor, list.organization_id, &rows, &n, error);
	if (status != PV_OK)
		return status;
	pv_api_list_open(call, &list, &n);
	for (size_t i = 0; i < n; i++)
		pv_api_account(call, NULL, &rows[i], &list.seats);
	return pv_web_list_close(call, NULL, error);
}

static enum pv_status post_list(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_account_row row;
	enum pv_status status = pv_dispatch_account_connect(
		call->desk, call->mem, call->actor, call->body, &row, error);
	return status == PV_OK ? answer_one(call, &row, 201, error) : status;
}

static enum pv_status get_one(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_account_row row;
	enum pv_status status = pv_desk_account_find(
		call->desk, call->mem, call->actor, call->params[0], &row, error);
	return status == PV_OK ? answer_one(call, &row, 200, error) : status;
}

static enum pv_status patch_one(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_account_row row;
	enum pv_status status = pv_desk_account_change(
		call->desk, call->mem, call->actor, call->params[0], call->body, &row, error);
	return status == PV_OK ? answer_one(call, &row, 200, error) : status;
}

static enum pv_status delete_one(struct pv_web_call *call, struct pv_error *error)
{
	return pv_api_remove(call, pv_desk_account_remove, error);
}

static enum pv_status post_check(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_account_row row;
	enum pv_status status = pv_dispatch_account_check(
		call->desk, call->mem, call->actor, call->params[0], &row, error);
	return status == PV_OK ? answer_one(call, &row, 200, error) : status;
}

static enum pv_status post_connect(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_account_row row;
	const json_t *typed = json_object_get(call->body, "typed");
	enum pv_status status = PV_API_ONLY(call->body, error, "typed");
	if (!json_is_object(typed))
		status = pv_fail_field(error, "/typed", "Indiquez de quoi ouvrir la session.",
			"Give what is needed to sign in.");
	if (status != PV_OK)
		return status;
	status = pv_dispatch_account_reconnect(
		call->desk, call->mem, call->actor, call->params[0], typed, &row, error);
	return status == PV_OK ? answer_one(call, &row, 200, error) : status;
}

/* ---- networks ---------------------------------------------------------------------------------- */

/* What each network asks before it is connected. */
static const struct asked {
	const char *network;
	const char *name;
	struct pv_words label;
	bool secret, required;
	const char *placeholder;
} asked[] = {
	{"bluesky", "handle", {"Identifiant", "Handle"}, false, true, "coop.bsky.social"},
	{"bluesky", "password", {"Mot de passe d'application", "App password"}, true, true,
		"xxxx-xxxx-xxxx-xxxx"},
	{"bluesky", "server", {"Serveur", "Server"}, false, false, "https://bsky.social"},
	{"mastodon", "server", {"Serveur", "Server"}, false, true, "https://mastodon.example"},
	{"mastodon", "token", {"Jeton d'accès", "Access token"}, true, true, ""},
};

static void write_network(struct pv_out *out, const struct pv_network *network)
{
	pv_out_open(out, NULL, '{');
	pv_out_text(out, "name", network->name);
	pv_out_words(out, "label", &network->label);
	pv_api_limits(out, "limits", network->name, NULL);
	pv_out_open(out, "connect", '[');
	for (size_t i = 0; i < PV_COUNT(asked); i++) {
		const struct asked *field = &asked[i];
		if (strcmp(field->network, network->name) != 0)
			continue;
		pv_out_open(out, NULL, '{');
		pv_out_text(out, "name", field->name);
		pv_out_words(out, "label", &field->label);
		pv_out_bool(out, "secret", field->secret);
		pv_out_bool(out, "required", field->required);
		pv_out_text(out, "placeholder", field->placeholder);
		pv_out_close(out, '}');
	}
	pv_out_close(out, ']');
	pv_out_close(out, '}');
}

static enum pv_status get_networks(struct pv_web_call *call, struct pv_error *error)
{
	size_t n = 0;
	const struct pv_network *const *networks = pv_network_all(&n);
	pv_web_list_open(call);
	for (size_t i = 0; i < n; i++)
		write_network(&call->out, networks[i]);
	return pv_web_list_close(call, NULL, error);
}

static const struct pv_web_route routes[] = {
	{PV_WEB_GET, "/api/v1/networks", get_networks, .etag = true},
	{PV_WEB_GET, "/api/v1/accounts", get_list, .etag = true},
	{PV_WEB_POST, "/api/v1/accounts", post_list, .takes = PV_TAKES_JSON,
		.slow = PV_WEB_NETWORK},
	{PV_WEB_GET, "/api/v1/accounts/{}", get_one},
	{PV_WEB_PATCH, "/api/v1/accounts/{}", patch_one, .takes = PV_TAKES_JSON},
	{PV_WEB_DELETE, "/api/v1/accounts/{}", delete_one},
	{PV_WEB_POST, "/api/v1/accounts/{}/check", post_check, .takes = PV_TAKES_MAYBE_JSON,
		.slow = PV_WEB_NETWORK},
	{PV_WEB_POST, "/api/v1/accounts/{}/connect", post_connect, .takes = PV_TAKES_JSON,
		.slow = PV_WEB_NETWORK},
};
const struct pv_web_routes pv_web_account_routes = PV_WEB_ROUTES(routes);
