/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "desk/setup.h"
#include "desk/audit.h"
#include "desk/check.h"
#include "desk/people.h"
#include "desk/people_make.h"
#include "desk/turn.h"

#include "base/id.h"
#include "store/migrate.h"
#include "store/setting.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

/* ---- opening --------------------------------------------------------------------------------- */

/* What threads share: allocated once, under the first desk. */
struct shared {
	struct pv_key key;
	const char *url;
};

static enum pv_status folder_make(const char *path, struct pv_error *error)
{
	if (mkdir(path, 0700) == 0 || errno == EEXIST)
		return PV_OK;
	return pv_fail(error, PV_UNAVAILABLE,
		"Le dossier %s ne peut être créé (%s). Créez-le, ou donnez-en un autre avec "
		"--data.",
		"The folder %s cannot be made (%s). Make it, or give another one with --data.",
		path, strerror(errno));
}

enum pv_status pv_desk_open(TALLOC_CTX *mem, struct pv_env *env, const char *data_dir,
	const char *database_url, struct pv_desk **out, struct pv_error *error)
{
	struct pv_desk *desk = talloc_zero(mem, struct pv_desk);
	struct shared *shared = desk ? talloc_zero(desk, struct shared) : NULL;
	const char *key = desk ? talloc_asprintf(desk, "%s/key", data_dir) : NULL;
	const char *folder = desk ? talloc_strdup(desk, data_dir) : NULL;
	if (!shared || !key || !folder) {
		talloc_free(desk);
		return pv_fail_nomem(error);
	}
	shared->url = database_url ? talloc_strdup(shared, database_url)
				   : talloc_asprintf(shared, "sqlite:%s/portevoix.db", data_dir);
	*desk = (struct pv_desk){.env = env,
		.key = &shared->key,
		.data_dir = folder,
		.node = "desk",
		.base_url = "",
		.database_url = shared->url};
	enum pv_status status = shared->url ? folder_make(folder, error) : pv_fail_nomem(error);
	if (status == PV_OK)
		status = pv_key_load(key, &shared->key, error);
	if (status == PV_OK)
		status = pv_db_open(desk, env, shared->url, &desk->db, error);
	if (status == PV_OK)
		status = pv_db_migrate(desk->db, NULL, error);
	if (status != PV_OK) {
		talloc_free(desk);
		return status;
	}
	*out = desk;
	return PV_OK;
}

enum pv_status pv_desk_open_again(
	TALLOC_CTX *mem, const struct pv_desk *desk, struct pv_desk **out, struct pv_error *error)
{
	struct pv_desk *again = talloc(mem, struct pv_desk);
	if (!again)
		return pv_fail_nomem(error);
	*again = *desk;
	enum pv_status status = pv_db_open(again, desk->env, desk->database_url, &again->db, error);
	if (status != PV_OK) {
		talloc_free(again);
		return status;
	}
	*out = again;
	return PV_OK;
}

/* ---- the first owner ------------------------------------------------------------------------- */

enum pv_status pv_desk_setup_is_open(struct pv_desk *desk, bool *out, struct pv_error *error)
{
	int64_t people = 0;
	enum pv_status status = pv_person_count(desk->db, &people, error);
	if (status == PV_OK)
		*out = people == 0;
	return status;
}

static enum pv_status insert_link(
	struct pv_desk *desk, TALLOC_CTX *mem, const char *secret, struct pv_error *error)
{
	int64_t now_us = pv_env_now_us(desk->env);
	char digest[PV_DIGEST_SIZE];
	pv_digest(secret, strlen(secret), digest);
	const struct pv_token_row row = {.id = pv_id_make(mem, desk->env),
		.digest = digest,
		.kind = "setup",
		.name = "",
		.scopes = "[]",
		.created_at_us = now_us,
		.used_at_us = PV_TIME_NONE,
		.expires_at_us = now_us + PV_SETUP_US,
		.revoked_at_us = PV_TIME_NONE};
	if (!row.id)
		return pv_fail_nomem(error);
	enum pv_status status = pv_token_revoke_kind(desk->db, "setup", NULL, now_us, error);
	return status == PV_OK ? pv_token_insert(desk->db, &row, error) : status;
}

enum pv_status pv_desk_setup_link(
	struct pv_desk *desk, TALLOC_CTX *mem, const char **out, struct pv_error *error)
{
	const char *secret = pv_secret_new(mem, desk->env);
	const char *link = secret ? pv_desk_link(desk, mem, "setup", secret) : NULL;
	bool open = false;
	struct pv_turn turn;
	if (!link)
		return pv_fail_nomem(error);
	enum pv_status status = pv_turn_begin(&turn, desk, error);
	if (status == PV_OK)
		status = pv_desk_setup_is_open(desk, &open, error);
	if (status == PV_OK && open)
		status = insert_link(desk, mem, secret, error);
	status = pv_turn_end(&turn, status, error);
	if (status == PV_OK)
		*out = open ? link : NULL;
	return status;
}

struct setup {
	struct pv_person_row person;
	const char *token, *timezone;
};

static enum pv_status read_setup(
	TALLOC_CTX *mem, const json_t *json, struct setup *out, struct pv_error *error)
{
	static const char *const known[] = {
		"token", "name", "login", "password", "language", "timezone", NULL};
	struct pv_form form;
	char *hash = NULL;
	pv_form_begin(&form, mem, json, known, error);
	out->token = pv_form_secret(&form, "token", PV_NAME_MAX, PV_FORM_NEEDED);
	out->timezone = pv_form_zone(&form, "timezone", PV_FORM_OPTIONAL);
	out->person = (struct pv_person_row){
		.name = pv_form_text(&form, "name", PV_NAME_MAX, PV_FORM_NEEDED),
		.login = pv_form_login(&form, "login", PV_FORM_NEEDED),
		.language = pv_form_choice(&form, "language", pv_languages, PV_FORM_OPTIONAL),
	};
	const char *password =
		pv_form_password(&form, "password", out->person.login, PV_FORM_NEEDED);
	enum pv_status status = pv_form_status(&form);
	if (status == PV_OK)
		status = pv_password_hash(mem, password, &hash, error);
	out->person.password = hash;
	out->person.language = out->person.language ? out->person.language : "fr";
	return status;
}

static enum pv_status take_token(
	struct pv_desk *desk, TALLOC_CTX *mem, const char *secret, struct pv_error *error)
{
	struct pv_token_row token;
	char digest[PV_DIGEST_SIZE];
	int64_t now_us = pv_env_now_us(desk->env);
	bool open = false;
	enum pv_status status = pv_desk_setup_is_open(desk, &open, error);
	if (status == PV_OK && !open)
		return pv_fail(error, PV_CONFLICT, "Ce bureau a déjà été mis en place.",
			"This desk was set up already.");
	pv_digest(secret, strlen(secret), digest);
	if (status == PV_OK)
		status = pv_token_find(desk->db, mem, "setup", digest, now_us, &token, NULL, error);
	if (status == PV_NOT_FOUND)
		return pv_fail(error, PV_NOT_FOUND,
			"Ce lien n'est plus le bon : relancez « portevoix serve », il en imprime "
			"un nouveau.",
			"This link is not the right one any more: start \"portevoix serve\" again, "
			"it "
			"prints a new one.");
	return status == PV_OK ? pv_token_used(desk->db, token.id, now_us, error) : status;
}

enum pv_status pv_desk_setup(struct pv_desk *desk, TALLOC_CTX *mem, const json_t *json,
	struct pv_person_row *out, struct pv_error *error)
{
	struct setup setup = {0};
	struct pv_turn turn;
	bool open = false;
	enum pv_status status = pv_desk_setup_is_open(desk, &open, error);
	if (status == PV_OK && !open)
		status = pv_fail(error, PV_CONFLICT, "Ce bureau a déjà été mis en place.",
			"This desk was set up already.");
	if (status == PV_OK)
		status = read_setup(mem, json, &setup, error);
	if (status == PV_OK)
		status = pv_turn_begin(&turn, desk, error);
	if (status != PV_OK)
		return status;
	status = take_token(desk, mem, setup.token, error);
	if (status == PV_OK)
		status = pv_desk_person_insert(
			desk, mem, &pv_actor_desk, &setup.person, false, setup.timezone, error);
	if (status == PV_OK)
		status = pv_setting_set(desk->db, "first_owner", setup.person.id, error);
	status = pv_turn_end(&turn, status, error);
	if (status != PV_OK)
		return status;
	pv_person_hide(&setup.person);
	*out = setup.person;
	return PV_OK;
}
