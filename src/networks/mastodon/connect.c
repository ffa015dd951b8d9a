/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "networks/mastodon/mastodon.h"

#include "net/url.h"
#include "base/mem.h"
#include "base/str.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* ---- what the server is ------------------------------------------------------------------------ */

/*
 * "4.3.1" is Mastodon itself; others say "2.7.2 (compatible; Pleroma 2.5.0)" or start below 1
 * (GoToSocial). Hollo honours the key as well.
 */
static void judge_version(const char *version, struct pv_str *out_software, bool *out_idempotent)
{
	const char *compatible = strstr(version, "(compatible;");
	*out_software = pv_str("mastodon");
	*out_idempotent = !compatible && strtol(version, NULL, 10) >= 2;
	if (!compatible) {
		if (!*out_idempotent)
			*out_software = pv_str("other");
		return;
	}
	const char *name = compatible + strlen("(compatible;");
	name += strspn(name, " ");
	*out_software = (struct pv_str){name, strcspn(name, " )/")};
	*out_idempotent = pv_str_equal(*out_software, pv_str("Hollo"));
}

/* Numbers the server says of itself; what it does not say stays the network's usual. */
static bool copy_limits(const json_t *instance, json_t *settings)
{
	const json_t *configuration = json_object_get(instance, "configuration");
	const json_t *statuses = json_object_get(configuration, "statuses");
	const json_t *media = json_object_get(configuration, "media_attachments");
	const struct {
		const json_t *from;
		const char *member, *name;
	} numbers[] = {
		{instance, "max_toot_chars", "text_max"},
		{statuses, "max_characters", "text_max"},
		{statuses, "max_media_attachments", "media_max"},
		{statuses, "characters_reserved_per_url", "link_length"},
		{media, "image_size_limit", "media_bytes_max"},
		{media, "description_limit", "description_max"},
	};
	for (size_t i = 0; i < PV_COUNT(numbers); i++) {
		json_int_t value = pv_json_int(numbers[i].from, numbers[i].member, 0);
		if (value > 0 &&
			json_object_set_new(settings, numbers[i].name, json_integer(value)) != 0)
			return false;
	}
	json_t *types = json_object_get(media, "supported_mime_types");
	return !json_is_array(types) || json_object_set(settings, "media_types", types) == 0;
}

static enum pv_status read_instance(struct pv_mastodon *m, json_t **out, struct pv_error *error)
{
	struct pv_wire_answer answer;
	enum pv_status status =
		pv_mastodon_ask(m, "GET", "/api/v2/instance", NULL, NULL, &answer, error);
	if (status == PV_OK && !pv_wire_answered(&answer, 200))
		status = pv_mastodon_ask(m, "GET", "/api/v1/instance", NULL, NULL, &answer, error);
	if (status == PV_OK)
		status = pv_wire_read(&answer, pv_mastodon_label, error);
	if (status == PV_OK && !pv_json_text(answer.json, "version"))
		status = pv_fail(error, PV_UNAVAILABLE,
			"Ce serveur ne parle pas comme un serveur Mastodon.",
			"This server does not speak as a Mastodon server does.");
	if (status == PV_OK)
		*out = answer.json;
	return status;
}

static enum pv_status learn_server(struct pv_mastodon *m, TALLOC_CTX *mem, const char **out_domain,
	const char **out_settings, struct pv_error *error)
{
	json_t *instance = NULL;
	enum pv_status status = read_instance(m, &instance, error);
	if (status != PV_OK)
		return status;
	const char *version = pv_json_text(instance, "version");
	struct pv_str software;
	bool idempotent;
	judge_version(version, &software, &idempotent);
	PV_JSON json_t *settings = json_pack("{s:s%, s:s, s:b}", "software", software.bytes,
		software.size, "version", version, "idempotent", (int)idempotent);
	if (!settings || !copy_limits(instance, settings))
		return pv_fail_nomem(error);
	const char *visibility = pv_json_text(m->settings, "visibility"); /* a person's choice */
	if (visibility)
		json_object_set_new(settings, "visibility", json_string(visibility));
	const char *domain = pv_wire_text(mem, instance, "domain");
	if (!*domain)
		domain = pv_wire_text(mem, instance, "uri");
	const char *text = pv_json_dump(mem, settings);
	if (!text)
		return pv_fail_nomem(error);
	*out_domain = domain;
	*out_settings = text;
	return PV_OK;
}

/* ---- who the account is ------------------------------------------------------------------------ */

static enum pv_status learn_account(struct pv_mastodon *m, TALLOC_CTX *mem, const char *domain,
	struct pv_network_account *account, struct pv_error *error)
{
	struct pv_wire_answer answer;
	enum pv_status status =
		pv_mastodon_read(m, "/api/v1/accounts/verify_credentials", &answer, error);
	if (status != PV_OK)
		return status;
	const char *id = pv_wire_text(mem, answer.json, "id");
	const char *name = pv_wire_text(mem, answer.json, "username");
	const char *shown = pv_wire_text(mem, answer.json, "display_name");
	/* some servers give their whole address as their name ("https://…") */
	const char *host = strstr(domain, "://") ? strstr(domain, "://") + 3 : domain;
	if (!*host)
		host = strstr(m->server, "://") + 3;
	if (!*id || !*name)
		return pv_fail(error, PV_UNAVAILABLE,
			"Ce serveur ne dit pas à quel compte appartient ce jeton.",
			"This server does not say whose token this is.");
	account->remote_id = id;
	account->handle = talloc_asprintf(mem, "@%s@%s", name, host);
	account->name = *shown ? shown : name;
	return account->handle ? PV_OK : pv_fail_nomem(error);
}

static enum pv_status learn(struct pv_mastodon *m, TALLOC_CTX *mem,
	struct pv_network_account *account, struct pv_error *error)
{
	const char *domain = "";
	struct pv_network_account found = *account;
	enum pv_status status = learn_server(m, mem, &domain, &found.settings, error);
	if (status == PV_OK)
		status = learn_account(m, mem, domain, &found, error);
	if (status == PV_OK)
		*account = found;
	return status;
}

/* ---- connecting -------------------------------------------------------------------------------- */

/* A token just pasted was never known: other words than for one that died. */
static enum pv_status fail_token(const char *server, enum pv_status status, struct pv_error *error)
{
	const char *host = strstr(server, "://") + 3;
	if (status == PV_UNAUTHENTICATED)
		return pv_fail(error, status,
			"%s ne reconnaît pas ce jeton : copiez-le de nouveau, en entier, depuis "
			"l'application créée sur ce serveur.",
			"%s does not know this token: copy it again, whole, from the application "
			"made on that server.",
			host);
	if (status == PV_DENIED)
		return pv_fail(error, status,
			"%s reconnaît ce jeton, qui ne permet pas de lire le compte : donnez à "
			"l'application les droits read et write.",
			"%s knows this token, which may not read the account: give the "
			"application the read and write rights.",
			host);
	return status;
}

/* "@name@server" says the server too. */
static const char *server_of_handle(const char *handle)
{
	const char *at = handle && *handle ? strchr(handle + 1, '@') : NULL;
	return at && at[1] ? at + 1 : NULL;
}

enum pv_status pv_mastodon_connect(const struct pv_network_context *context, TALLOC_CTX *mem,
	const char *typed, struct pv_network_account *out, struct pv_error *error)
{
	PV_JSON json_t *form = NULL;
	struct pv_network_account account = *out;
	enum pv_status status = pv_json_parse(typed, strlen(typed), &form, error);
	if (status != PV_OK)
		return status;
	const char *token = pv_wire_text(mem, form, "token");
	if (!*token)
		pv_fail_field(error, "/token",
			"Collez le jeton d'accès de l'application (Préférences, Développement).",
			"Paste the application's access token (Preferences, Development).");
	status = pv_wire_server(
		mem, form, server_of_handle(pv_json_text(form, "handle")), &account.server, error);
	if (status != PV_OK || !*token)
		return status != PV_OK ? status : PV_INVALID;
	PV_JSON json_t *secrets = json_pack("{s:s}", "token", token);
	account.secrets = secrets ? pv_json_dump(mem, secrets) : NULL;
	account.settings = "{}";
	account.remote_id = "";
	struct pv_mastodon m;
	status = account.secrets ? pv_mastodon_open(context, mem, &account, 0, &m, error)
				 : pv_fail_nomem(error);
	if (status == PV_OK)
		status = learn(&m, mem, &account, error);
	if (status != PV_OK)
		return fail_token(account.server, status, error);
	*out = account;
	return PV_OK;
}

enum pv_status pv_mastodon_check_account(const struct pv_network_context *context, TALLOC_CTX *mem,
	struct pv_network_account *account, struct pv_error *error)
{
	struct pv_mastodon m;
	enum pv_status status = pv_mastodon_open(context, mem, account, 0, &m, error);
	return status == PV_OK ? learn(&m, mem, account, error) : status;
}
