/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* API tokens: "pv_" and 256 random bits, shown once; only their digest is kept. */
#include "desk/audit.h"
#include "desk/check.h"
#include "desk/people_make.h"
#include "desk/sessions.h"
#include "desk/turn.h"

#include "base/id.h"

#include <string.h>

#define PREFIX "pv_"
#define USED_EVERY_US PV_MINUTE_US

static bool scopes_hold(const char *scopes, const char *word)
{
	PV_JSON json_t *list = NULL;
	size_t i;
	json_t *item;
	if (pv_json_parse(scopes, strlen(scopes), &list, NULL) != PV_OK)
		return false;
	json_array_foreach(list, i, item)
	{
		const char *text = json_string_value(item);
		if (text && strcmp(text, word) == 0)
			return true;
	}
	return false;
}

enum pv_status pv_desk_token_check(struct pv_desk *desk, TALLOC_CTX *mem, const char *secret,
	struct pv_login *out, struct pv_error *error)
{
	struct pv_token_row token;
	struct pv_person_row person;
	char digest[PV_DIGEST_SIZE];
	int64_t now_us = pv_env_now_us(desk->env);
	pv_digest(secret, strlen(secret), digest);
	enum pv_status status =
		pv_token_find(desk->db, mem, "api", digest, now_us, &token, &person, error);
	if (status == PV_NOT_FOUND)
		return pv_fail(error, PV_UNAUTHENTICATED,
			"Ce jeton n'est pas connu, a expiré ou a été retiré.",
			"This token is not known, has expired or was revoked.");
	if (status != PV_OK)
		return status;
	/* As of a session: noted when it can be. */
	if (token.used_at_us == PV_TIME_NONE || now_us - token.used_at_us > USED_EVERY_US)
		pv_token_used(desk->db, token.id, now_us, NULL);
	pv_person_hide(&person);
	*out = (struct pv_login){
		.actor = {.person_id = person.id, .may_write = scopes_hold(token.scopes, "write")},
		.person = person,
	};
	return PV_OK;
}

static const char *keep_scope(
	struct pv_form *form, const char *pointer, const char *text, void *state)
{
	(void)state;
	if (strcmp(text, "read") == 0 || strcmp(text, "write") == 0)
		return text;
	form->failed = true;
	pv_fail_field(
		form->error, pointer, "Une portée est read ou write.", "A scope is read or write.");
	return NULL;
}

static enum pv_status read_token(struct pv_desk *desk, TALLOC_CTX *mem, const json_t *json,
	struct pv_token_row *out, struct pv_error *error)
{
	static const char *const known[] = {"name", "scopes", "expires_at", NULL};
	int64_t now_us = pv_env_now_us(desk->env);
	struct pv_form form;
	pv_form_begin(&form, mem, json, known, error);
	const char *scopes = pv_form_texts(&form, "scopes", 2, 10, keep_scope, NULL);
	*out = (struct pv_token_row){
		.kind = "api",
		.name = pv_form_text(&form, "name", PV_NAME_MAX, PV_FORM_NEEDED),
		.scopes = scopes && strcmp(scopes, "[]") != 0 ? scopes : "[\"read\"]",
		.created_at_us = now_us,
		.used_at_us = PV_TIME_NONE,
		.expires_at_us = pv_form_time(&form, "expires_at"),
		.revoked_at_us = PV_TIME_NONE,
	};
	if (out->expires_at_us != PV_TIME_NONE && out->expires_at_us <= now_us)
		pv_form_problem(&form, "expires_at", "Choisissez une date à venir.",
			"Choose a date to come.");
	return pv_form_status(&form);
}

static enum pv_status insert_token(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, struct pv_token_row *row, const char **out_secret,
	struct pv_error *error)
{
	struct pv_token_row *others = NULL;
	struct pv_person_row person;
	size_t n = 0;
	const char *secret = pv_secret_new(mem, desk->env);
	char *digest = talloc_array(mem, char, PV_DIGEST_SIZE);
	const char *shown = secret ? talloc_asprintf(mem, PREFIX "%s", secret) : NULL;
	row->id = pv_id_make(mem, desk->env);
	row->digest = digest;
	if (!shown || !digest || !row->id)
		return pv_fail_nomem(error);
	pv_digest(shown, strlen(shown), digest);
	enum pv_status status = pv_person_find(desk->db, mem, row->person_id, &person, error);
	if (status == PV_OK)
		status = pv_token_list(desk->db, mem, row->person_id, &others, &n, error);
	if (status == PV_OK && n >= PV_TOKENS_MAX)
		status =
			pv_fail(error, PV_TOO_LARGE, "Vous avez %d jetons : retirez-en un d'abord.",
				"You have %d tokens: revoke one first.", PV_TOKENS_MAX);
	if (status == PV_OK)
		status = pv_token_insert(desk->db, row, error);
	if (status != PV_OK)
		return status;
	*out_secret = shown;
	const struct pv_audit_note note = {.organization_id = person.home_id,
		.verb = "token.add",
		.object = row->id,
		.after = pv_audit_pack(mem, "{s:s,s:s}", "name", row->name, "scopes", row->scopes)};
	return pv_desk_audit(desk, actor, &note, error);
}

static enum pv_status add_token(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_actor *actor,
	const char *person_id, const json_t *json, struct pv_token_row *out,
	const char **out_secret, struct pv_error *error)
{
	struct pv_token_row row;
	const char *secret = NULL;
	struct pv_turn turn;
	enum pv_status status = read_token(desk, mem, json, &row, error);
	if (status == PV_OK)
		status = pv_turn_begin(&turn, desk, error);
	if (status != PV_OK)
		return status;
	row.person_id = person_id;
	status = insert_token(desk, mem, actor, &row, &secret, error);
	status = pv_turn_end(&turn, status, error);
	if (status != PV_OK)
		return status;
	*out = row;
	*out_secret = secret;
	return PV_OK;
}

enum pv_status pv_desk_token_add(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const json_t *json, struct pv_token_row *out,
	const char **out_secret, struct pv_error *error)
{
	const char *id = NULL;
	enum pv_status status = pv_desk_person_of(actor, true, &id, error);
	if (status == PV_OK)
		status = add_token(desk, mem, actor, id, json, out, out_secret, error);
	return status;
}

enum pv_status pv_desk_token_add_for(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *person_id, const json_t *json,
	struct pv_token_row *out, const char **out_secret, struct pv_error *error)
{
	enum pv_status status = pv_desk_only(actor, error);
	if (status == PV_OK)
		status = add_token(desk, mem, actor, person_id, json, out, out_secret, error);
	return status;
}

enum pv_status pv_desk_token_list(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, struct pv_token_row **out, size_t *out_n,
	struct pv_error *error)
{
	const char *id = NULL;
	enum pv_status status = pv_desk_person_of(actor, false, &id, error);
	if (status == PV_OK)
		status = pv_token_list(desk->db, mem, id, out, out_n, error);
	return status;
}

enum pv_status pv_desk_token_end(struct pv_desk *desk, const struct pv_actor *actor,
	const char *token_id, struct pv_error *error)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	const char *id = NULL;
	struct pv_person_row person;
	struct pv_turn turn;
	enum pv_status status = pv_desk_person_of(actor, true, &id, error);
	if (status == PV_OK)
		status = pv_turn_begin(&turn, desk, error);
	if (status != PV_OK)
		return status;
	status = pv_token_revoke(desk->db, id, token_id, pv_env_now_us(desk->env), error);
	if (status == PV_OK)
		status = pv_person_find(desk->db, scope, id, &person, error);
	if (status == PV_OK) {
		const struct pv_audit_note note = {
			.organization_id = person.home_id, .verb = "token.end", .object = token_id};
		status = pv_desk_audit(desk, actor, &note, error);
	}
	return pv_turn_end(&turn, status, error);
}
