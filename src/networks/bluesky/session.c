/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "networks/bluesky/bluesky.h"

#include "base/mem.h"
#include "base/str.h"

#include <string.h>

static const struct pv_words label = {"Bluesky", "Bluesky"};

const char *pv_bluesky_error(const struct pv_wire_answer *answer)
{
	const char *name = pv_json_text(answer->json, "error");
	return name ? name : "";
}

char *pv_bluesky_secrets(TALLOC_CTX *mem, const char *access, const char *refresh)
{
	PV_JSON json_t *secrets = json_pack("{s:s, s:s}", "access", access, "refresh", refresh);
	return secrets ? pv_json_dump(mem, secrets) : NULL;
}

enum pv_status pv_bluesky_open(const struct pv_network_context *context, TALLOC_CTX *mem,
	const struct pv_network_account *account, int64_t timeout_ms, struct pv_bluesky *out,
	struct pv_error *error)
{
	PV_JSON json_t *secrets = NULL, *settings = NULL;
	enum pv_status status =
		pv_json_parse(account->secrets, strlen(account->secrets), &secrets, error);
	if (status != PV_OK)
		return status;
	if (account->settings)
		pv_json_parse(account->settings, strlen(account->settings), &settings, NULL);
	struct pv_bluesky b = {
		.wire = pv_wire(context, mem, timeout_ms),
		.account_id = account->id,
		.server = account->server,
		.did = account->remote_id,
		.access = pv_wire_text(mem, secrets, "access"),
		.refresh = pv_wire_text(mem, secrets, "refresh"),
		.appview = pv_json_bool(settings, "appview", true),
	};
	pv_wire_secret(&b.wire, b.access);
	pv_wire_secret(&b.wire, b.refresh);
	*out = b;
	return PV_OK;
}

static enum pv_status ask_once(struct pv_bluesky *b, const struct pv_bluesky_call *call,
	const char *token, bool post, struct pv_wire_answer *out, struct pv_error *error)
{
	struct pv_wire_call wire_call = {
		.method = post ? "POST" : "GET",
		.url = talloc_asprintf(b->wire.mem, "%s/xrpc/%s%s%s", b->server, call->nsid,
			call->query ? "?" : "", call->query ? call->query : ""),
		.token = token,
		.json = call->input,
		.type = call->type,
		.body = call->body,
		.body_size = call->body_size,
		.most_ms = call->most_ms,
	};
	if (!wire_call.url)
		return pv_fail_nomem(error);
	return pv_wire_ask(&b->wire, &wire_call, out, error);
}

/* The new tokens, stored before anything uses them: what is not stored is lost. */
static enum pv_status take_tokens(
	struct pv_bluesky *b, const json_t *answer, struct pv_error *error)
{
	const char *access = talloc_strdup(b->wire.mem, pv_json_text(answer, "accessJwt"));
	const char *refresh = talloc_strdup(b->wire.mem, pv_json_text(answer, "refreshJwt"));
	char *secrets = access && refresh ? pv_bluesky_secrets(b->wire.mem, access, refresh) : NULL;
	if (!secrets)
		return pv_fail_nomem(error);
	const struct pv_network_context *context = b->wire.context;
	if (context->save_secrets) {
		enum pv_status status =
			context->save_secrets(context->save_state, b->account_id, secrets, error);
		if (status != PV_OK)
			return status;
	}
	b->access = access;
	b->refresh = refresh;
	pv_wire_secret(&b->wire, access);
	pv_wire_secret(&b->wire, refresh);
	return PV_OK;
}

static enum pv_status renew(
	struct pv_bluesky *b, struct pv_wire_answer *out, struct pv_error *error)
{
	static const struct pv_bluesky_call call = {.nsid = "com.atproto.server.refreshSession"};
	struct pv_wire_answer answer;
	enum pv_status status = ask_once(b, &call, b->refresh, true, &answer, error);
	if (status != PV_OK)
		return status;
	if (pv_wire_answered(&answer, 200) && pv_json_text(answer.json, "accessJwt") &&
		pv_json_text(answer.json, "refreshJwt"))
		return take_tokens(b, answer.json, error);
	b->renewal_failed = true;
	*out = answer;
	return PV_OK;
}

/* 400 ExpiredToken is the usual word (not 401); a PDS restored from a copy says InvalidToken. */
static bool token_is_dead(const struct pv_wire_answer *answer)
{
	const char *name = pv_bluesky_error(answer);
	if (answer->http.outcome != PV_HTTP_ANSWERED)
		return false;
	if (answer->http.status == 400)
		return strcmp(name, "ExpiredToken") == 0 || strcmp(name, "InvalidToken") == 0;
	return answer->http.status == 401 && *name && strcmp(name, "AccountTakedown") != 0;
}

enum pv_status pv_bluesky_ask(struct pv_bluesky *b, const struct pv_bluesky_call *call,
	struct pv_wire_answer *out, struct pv_error *error)
{
	bool post = call->input || call->body;
	enum pv_status status = ask_once(b, call, b->access, post, out, error);
	if (status != PV_OK || !token_is_dead(out))
		return status;
	status = renew(b, out, error);
	if (status != PV_OK || b->renewal_failed)
		return status;
	return ask_once(b, call, b->access, post, out, error);
}

static enum pv_status fail_signed_out(struct pv_error *error)
{
	return pv_fail(error, PV_UNAUTHENTICATED,
		"Bluesky ne reconnaît plus ce compte : connectez-le de nouveau avec un mot de "
		"passe d'application.",
		"Bluesky no longer knows this account: connect it again with an app password.");
}

enum pv_status pv_bluesky_settle(
	const struct pv_bluesky *b, const struct pv_wire_answer *answer, struct pv_error *error)
{
	bool refused = json_is_object(answer->json) && answer->http.status >= 400 &&
		       answer->http.status < 500 && answer->http.status != 429;
	if ((b->renewal_failed && refused) || token_is_dead(answer))
		return fail_signed_out(error);
	const char *name = pv_bluesky_error(answer);
	if (strcmp(name, "RecordNotFound") == 0 || strcmp(name, "NotFound") == 0)
		return pv_fail(error, PV_NOT_FOUND, "Bluesky ne connaît pas cela, ou plus.",
			"Bluesky does not know this, or no longer.");
	return pv_wire_read(answer, label, error);
}

enum pv_status pv_bluesky_read(struct pv_bluesky *b, const char *nsid, const char *query,
	json_t **out, struct pv_error *error)
{
	struct pv_bluesky_call call = {.nsid = nsid, .query = query};
	struct pv_wire_answer answer;
	enum pv_status status = pv_bluesky_ask(b, &call, &answer, error);
	if (status == PV_OK)
		status = pv_bluesky_settle(b, &answer, error);
	if (status == PV_OK)
		*out = answer.json;
	return status;
}

/* ---- connecting -------------------------------------------------------------------------------- */

/*
 * The PDS named by the DID document, where the account lives when the server typed is only the
 * entrance (bsky.social). Without https (a PDS under test) the typed address stays.
 */
static const char *pds_of(TALLOC_CTX *mem, const json_t *session)
{
	const json_t *services = json_object_get(json_object_get(session, "didDoc"), "service");
	size_t i;
	json_t *service;
	json_array_foreach(services, i, service)
	{
		const char *id = pv_json_text(service, "id");
		const char *end = id ? strstr(id, "#atproto_pds") : NULL;
		const char *address = pv_json_text(service, "serviceEndpoint");
		if (!end || strcmp(end, "#atproto_pds") != 0 || !address ||
			strncmp(address, "https://", 8) != 0)
			continue;
		PV_JSON json_t *typed = json_pack("{s:s}", "server", address);
		const char *server;
		if (typed && pv_wire_server(mem, typed, NULL, &server, NULL) == PV_OK)
			return server;
	}
	return NULL;
}

/* Is there an AppView behind this PDS, and what is the account's shown name? */
static enum pv_status learn(
	struct pv_bluesky *b, struct pv_network_account *account, struct pv_error *error)
{
	TALLOC_CTX *mem = b->wire.mem;
	char *actor = pv_wire_escape(mem, b->did);
	char *profile = actor ? talloc_asprintf(mem, "actor=%s", actor) : NULL;
	char *record = actor ? talloc_asprintf(mem,
				       "repo=%s&collection=app.bsky.actor.profile&rkey=self", actor)
			     : NULL;
	if (!profile || !record)
		return pv_fail_nomem(error);
	json_t *found = NULL;
	enum pv_status status =
		pv_bluesky_read(b, "app.bsky.actor.getProfile", profile, &found, NULL);
	b->appview = status == PV_OK;
	const char *name = status == PV_OK ? pv_wire_text(mem, found, "displayName") : "";
	if (status != PV_OK &&
		pv_bluesky_read(b, "com.atproto.repo.getRecord", record, &found, NULL) == PV_OK)
		name = pv_wire_text(mem, json_object_get(found, "value"), "displayName");
	account->name = *name ? name : account->handle;
	account->settings = talloc_asprintf(mem, "{\"appview\":%s}", b->appview ? "true" : "false");
	account->secrets = pv_bluesky_secrets(mem, b->access, b->refresh);
	return account->settings && account->secrets ? PV_OK : pv_fail_nomem(error);
}

static enum pv_status read_form(TALLOC_CTX *mem, const char *typed, const char **out_server,
	const char **out_handle, const char **out_password, struct pv_error *error)
{
	PV_JSON json_t *form = NULL;
	enum pv_status status = pv_json_parse(typed, strlen(typed), &form, error);
	if (status != PV_OK)
		return status;
	const char *handle = pv_wire_text(mem, form, "handle");
	const char *password = pv_wire_text(mem, form, "password");
	while (*handle == '@' || *handle == ' ')
		handle++;
	if (!*handle)
		pv_fail_field(error, "/handle",
			"Écrivez l'identifiant du compte, par exemple nom.bsky.social.",
			"Write the account's handle, for instance name.bsky.social.");
	if (!*password)
		pv_fail_field(error, "/password",
			"Collez un mot de passe d'application (Bluesky : Paramètres, "
			"Confidentialité).",
			"Paste an app password (Bluesky: Settings, Privacy and security).");
	status = pv_wire_server(mem, form, "https://bsky.social", out_server, error);
	if (status != PV_OK || !*handle || !*password)
		return status != PV_OK ? status : PV_INVALID;
	*out_handle = handle;
	*out_password = password;
	return PV_OK;
}

static enum pv_status fail_sign_in(const struct pv_wire_answer *answer, struct pv_error *error)
{
	if (strcmp(pv_bluesky_error(answer), "AuthFactorTokenRequired") == 0)
		return pv_fail(error, PV_UNAUTHENTICATED,
			"Ce compte demande un second code : créez un mot de passe d'application "
			"chez Bluesky et collez-le ici.",
			"This account asks for a second code: make an app password at Bluesky and "
			"paste it here.");
	if (strcmp(pv_bluesky_error(answer), "AccountTakedown") == 0)
		return pv_fail(error, PV_DENIED, "Bluesky a suspendu ce compte.",
			"Bluesky has suspended this account.");
	if (answer->http.outcome == PV_HTTP_ANSWERED && json_is_object(answer->json) &&
		(answer->http.status == 401 || answer->http.status == 400))
		return pv_fail(error, PV_UNAUTHENTICATED,
			"Bluesky ne reconnaît pas cet identifiant avec ce mot de passe.",
			"Bluesky does not know this handle with this password.");
	return pv_wire_read(answer, label, error);
}

enum pv_status pv_bluesky_connect(const struct pv_network_context *context, TALLOC_CTX *mem,
	const char *typed, struct pv_network_account *out, struct pv_error *error)
{
	const char *handle, *password;
	struct pv_bluesky b = {.wire = pv_wire(context, mem, 0)};
	enum pv_status status = read_form(mem, typed, &b.server, &handle, &password, error);
	if (status != PV_OK)
		return status;
	PV_JSON json_t *input = json_pack("{s:s, s:s}", "identifier", handle, "password", password);
	if (!input)
		return pv_fail_nomem(error);
	struct pv_bluesky_call call = {.nsid = "com.atproto.server.createSession", .input = input};
	struct pv_wire_answer answer;
	status = ask_once(&b, &call, NULL, true, &answer, error);
	if (status != PV_OK)
		return status;
	if (!pv_wire_answered(&answer, 200) || !pv_json_text(answer.json, "accessJwt") ||
		!pv_json_text(answer.json, "refreshJwt") || !pv_json_text(answer.json, "did")) {
		status = fail_sign_in(&answer, error);
		return status != PV_OK ? status
				       : pv_fail(error, PV_UNAVAILABLE,
						 "Ce serveur n'est pas un serveur Bluesky.",
						 "This server is not a Bluesky server.");
	}
	const char *pds = pds_of(mem, answer.json);
	b.server = pds ? pds : b.server;
	b.did = pv_wire_text(mem, answer.json, "did");
	b.access = pv_wire_text(mem, answer.json, "accessJwt");
	b.refresh = pv_wire_text(mem, answer.json, "refreshJwt");
	struct pv_network_account account = *out;
	account.server = b.server;
	account.remote_id = b.did;
	account.handle = pv_wire_text(mem, answer.json, "handle");
	status = learn(&b, &account, error);
	if (status == PV_OK)
		*out = account;
	return status;
}

enum pv_status pv_bluesky_check_account(const struct pv_network_context *context, TALLOC_CTX *mem,
	struct pv_network_account *account, struct pv_error *error)
{
	struct pv_bluesky b;
	enum pv_status status = pv_bluesky_open(context, mem, account, 0, &b, error);
	json_t *session = NULL;
	if (status == PV_OK)
		status =
			pv_bluesky_read(&b, "com.atproto.server.getSession", NULL, &session, error);
	if (status != PV_OK)
		return status;
	if (!pv_json_bool(session, "active", true))
		return pv_fail(error, PV_DENIED, "Ce compte Bluesky est désactivé ou suspendu.",
			"This Bluesky account is deactivated or suspended.");
	struct pv_network_account found = *account;
	const char *handle = pv_wire_text(mem, session, "handle");
	found.handle = *handle ? handle : account->handle;
	status = learn(&b, &found, error);
	if (status == PV_OK)
		*account = found;
	return status;
}
