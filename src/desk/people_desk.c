/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* People as the desk's own machine manages them, and people as they manage themselves. */
#include "desk/audit.h"
#include "desk/check.h"
#include "desk/people.h"
#include "desk/people_make.h"
#include "desk/sessions.h"
#include "desk/turn.h"
#include "desk/waiting.h"
#include "store/throttle.h"

#include <string.h>

/* ---- oneself --------------------------------------------------------------------------------- */

enum pv_status pv_desk_me(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_actor *actor,
	struct pv_me *out, struct pv_error *error)
{
	struct pv_me me = {0};
	const char *id = NULL;
	enum pv_status status = PV_OK;
	if (!actor->person_id)
		status = pv_fail(
			error, PV_UNAUTHENTICATED, "Ouvrez d'abord une session.", "Sign in first.");
	if (status == PV_OK)
		status = pv_desk_person_of(actor, false, &id, error);
	if (status == PV_OK)
		status = pv_person_find(desk->db, mem, id, &me.person, error);
	if (status == PV_OK)
		status = pv_membership_seats(desk->db, mem, id, &me.seats, &me.n_seats, error);
	if (status != PV_OK)
		return status;
	for (size_t i = 0; i < me.n_seats; i++)
		if (strcmp(me.seats[i].organization.id, me.person.home_id) == 0)
			me.home = me.seats[i].organization;
	pv_person_hide(&me.person);
	*out = me;
	return PV_OK;
}

/* Whoever found a session open must not find the password with it: wrong ones wait, as at sign-in. */
static enum pv_status old_password(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_person_row *person, const char *old, bool *out_right,
	struct pv_error *error)
{
	struct pv_throttle_row counted;
	const char *name = talloc_asprintf(mem, "password:%s", person->id);
	if (!name)
		return pv_fail_nomem(error);
	enum pv_status status = pv_throttle_find(desk->db, name, &counted, error);
	if (status == PV_OK)
		status = pv_waiting_over(desk, counted.until_at_us, NULL, error);
	if (status == PV_OK)
		status = pv_waiting_count(desk, name, PV_FREE_TRIES_LOGIN, error);
	if (status != PV_OK)
		return status;
	*out_right = person->password && pv_password_matches(person->password, old);
	return *out_right ? pv_throttle_clear(desk->db, name, error) : PV_OK;
}

/*
 * {old, new}: the new hash. The old one is verified before the turn; that it is still the person's
 * is asked again inside.
 */
static enum pv_status read_password(struct pv_desk *desk, TALLOC_CTX *mem, const json_t *json,
	const struct pv_person_row *person, const char **out_hash, struct pv_error *error)
{
	static const char *const known[] = {"old", "new", NULL};
	struct pv_form form;
	pv_form_begin(&form, mem, json, known, error);
	form.prefix = "/password";
	const char *old = pv_form_secret(&form, "old", PV_PASSWORD_MAX, PV_FORM_NEEDED);
	const char *new = pv_form_password(&form, "new", person->login, PV_FORM_NEEDED);
	bool right = false;
	enum pv_status status = pv_form_status(&form);
	if (status == PV_OK)
		status = old_password(desk, mem, person, old, &right, error);
	if (status == PV_OK && !right)
		pv_form_problem(&form, "old", "Ce n'est pas votre mot de passe actuel.",
			"This is not your present password.");
	if (status == PV_OK)
		status = pv_form_status(&form);
	char *hash = NULL;
	if (status == PV_OK)
		status = pv_password_hash(mem, new, &hash, error);
	if (status == PV_OK)
		*out_hash = hash;
	return status;
}

static enum pv_status read_me(struct pv_desk *desk, TALLOC_CTX *mem, const json_t *json,
	struct pv_person_row *person, bool *out_new_password, struct pv_error *error)
{
	static const char *const known[] = {"name", "language", "theme", "password", NULL};
	struct pv_form form;
	pv_form_begin(&form, mem, json, known, error);
	const char *name = pv_form_text(&form, "name", PV_NAME_MAX, PV_FORM_OPTIONAL);
	const char *language = pv_form_choice(&form, "language", pv_languages, PV_FORM_OPTIONAL);
	const char *theme = pv_form_choice(&form, "theme", pv_themes, PV_FORM_OPTIONAL);
	if (name && !*name)
		pv_form_problem(&form, "name", "Un nom est nécessaire.", "A name is needed.");
	enum pv_status status = pv_form_status(&form);
	*out_new_password = status == PV_OK && pv_form_has(&form, "password");
	if (*out_new_password)
		status = read_password(desk, mem, json_object_get(json, "password"), person,
			&person->password, error);
	person->name = name && *name ? name : person->name;
	person->language = language ? language : person->language;
	person->theme = theme ? theme : person->theme;
	return status;
}

static enum pv_status write_me(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_actor *actor,
	const struct pv_person_row *was, const struct pv_person_row *now, const char *kept_session,
	struct pv_error *error)
{
	bool new_password = was->password != now->password;
	struct pv_person_row present;
	enum pv_status status = pv_person_find(desk->db, mem, now->id, &present, error);
	if (status == PV_OK && new_password &&
		(!present.password || strcmp(present.password, was->password) != 0))
		return pv_fail(error, PV_CONFLICT, "Le mot de passe a changé entre-temps.",
			"The password was changed meanwhile.");
	if (status == PV_OK) {
		struct pv_person_row row = *now;
		row.password = new_password ? now->password : present.password;
		row.disabled_at_us = present.disabled_at_us;
		status = pv_person_update(desk->db, &row, error);
	}
	if (status == PV_OK && new_password)
		status = pv_session_delete_others(desk->db, now->id, kept_session, error);
	if (status != PV_OK)
		return status;
	const struct pv_audit_note note = {.organization_id = now->home_id,
		.verb = new_password ? "person.password" : "person.change",
		.object = now->id,
		.before = pv_audit_pack(mem, "{s:s,s:s,s:s}", "name", was->name, "language",
			was->language, "theme", was->theme),
		.after = pv_audit_pack(mem, "{s:s,s:s,s:s}", "name", now->name, "language",
			now->language, "theme", now->theme)};
	return pv_desk_audit(desk, actor, &note, error);
}

enum pv_status pv_desk_me_change(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const json_t *json, const char *kept_session,
	struct pv_person_row *out, struct pv_error *error)
{
	struct pv_person_row was, now;
	bool new_password = false;
	const char *id = NULL;
	struct pv_turn turn;
	enum pv_status status = pv_desk_person_of(actor, true, &id, error);
	if (status == PV_OK)
		status = pv_person_find(desk->db, mem, id, &was, error);
	if (status != PV_OK)
		return status;
	now = was;
	status = read_me(desk, mem, json, &now, &new_password, error);
	if (status == PV_OK)
		status = pv_turn_begin(&turn, desk, error);
	if (status != PV_OK)
		return status;
	status = write_me(desk, mem, actor, &was, &now, kept_session, error);
	status = pv_turn_end(&turn, status, error);
	if (status != PV_OK)
		return status;
	pv_person_hide(&now);
	*out = now;
	pv_desk_changed(desk, "person", now.home_id, now.id);
	return PV_OK;
}

/* ---- invitations, as their holder sees them -------------------------------------------------- */

static enum pv_status find_invitation(struct pv_desk *desk, TALLOC_CTX *mem, const char *secret,
	struct pv_token_row *token, struct pv_person_row *person, struct pv_error *error)
{
	char digest[PV_DIGEST_SIZE];
	pv_digest(secret, strlen(secret), digest);
	enum pv_status status = pv_token_find(desk->db, mem, "invitation", digest,
		pv_env_now_us(desk->env), token, person, error);
	if (status == PV_NOT_FOUND)
		return pv_fail(error, PV_NOT_FOUND,
			"Ce lien a servi, a expiré ou a été remplacé. Demandez-en un autre.",
			"This link was used, has expired or was replaced. Ask for another one.");
	return status;
}

enum pv_status pv_desk_invitation_find(struct pv_desk *desk, TALLOC_CTX *mem, const char *secret,
	struct pv_invitation *out, struct pv_error *error)
{
	struct pv_token_row token;
	struct pv_person_row person;
	struct pv_seat_row *seats = NULL;
	size_t n = 0;
	enum pv_status status = find_invitation(desk, mem, secret, &token, &person, error);
	if (status == PV_OK)
		status = pv_membership_seats(desk->db, mem, person.id, &seats, &n, error);
	if (status != PV_OK)
		return status;
	struct pv_invitation invitation = {.person_id = person.id,
		.login = person.login,
		.name = person.name,
		.language = person.language,
		.organization = "",
		.expires_at_us = token.expires_at_us};
	for (size_t i = 0; i < n; i++)
		if (strcmp(seats[i].organization.kind, "organization") == 0)
			invitation.organization = seats[i].organization.name;
	*out = invitation;
	return PV_OK;
}

static enum pv_status read_accept(
	TALLOC_CTX *mem, const json_t *json, struct pv_person_row *person, struct pv_error *error)
{
	static const char *const known[] = {"password", "name", "language", NULL};
	struct pv_form form;
	pv_form_begin(&form, mem, json, known, error);
	const char *password = pv_form_password(&form, "password", person->login, PV_FORM_NEEDED);
	const char *name = pv_form_text(&form, "name", PV_NAME_MAX, PV_FORM_OPTIONAL);
	const char *language = pv_form_choice(&form, "language", pv_languages, PV_FORM_OPTIONAL);
	enum pv_status status = pv_form_status(&form);
	char *hash = NULL;
	if (status == PV_OK)
		status = pv_password_hash(mem, password, &hash, error);
	if (status != PV_OK)
		return status;
	person->password = hash;
	person->name = name && *name ? name : person->name;
	person->language = language ? language : person->language;
	return PV_OK;
}

enum pv_status pv_desk_invitation_accept(struct pv_desk *desk, TALLOC_CTX *mem, const char *secret,
	const json_t *json, struct pv_person_row *out, struct pv_error *error)
{
	struct pv_token_row token;
	struct pv_person_row person;
	struct pv_turn turn;
	enum pv_status status = find_invitation(desk, mem, secret, &token, &person, error);
	if (status == PV_OK)
		status = read_accept(mem, json, &person, error);
	if (status == PV_OK)
		status = pv_turn_begin(&turn, desk, error);
	if (status != PV_OK)
		return status;
	/* Once: whoever came second finds it used. */
	struct pv_person_row present;
	status = find_invitation(desk, mem, secret, &token, &present, error);
	if (status == PV_OK)
		status = pv_token_used(desk->db, token.id, pv_env_now_us(desk->env), error);
	if (status == PV_OK)
		status = pv_person_update(desk->db, &person, error);
	const struct pv_actor self = {.person_id = person.id, .may_write = true};
	const struct pv_audit_note note = {
		.organization_id = person.home_id, .verb = "person.accept", .object = person.id};
	if (status == PV_OK)
		status = pv_desk_audit(desk, &self, &note, error);
	status = pv_turn_end(&turn, status, error);
	if (status != PV_OK)
		return status;
	pv_person_hide(&person);
	*out = person;
	pv_desk_changed(desk, "people", "", person.id);
	return PV_OK;
}

/* ---- by command ------------------------------------------------------------------------------ */

static enum pv_status read_person(TALLOC_CTX *mem, const json_t *json, struct pv_person_row *out,
	const char **out_zone, struct pv_error *error)
{
	static const char *const known[] = {
		"name", "login", "slug", "language", "timezone", "password", NULL};
	struct pv_form form;
	char *hash = NULL;
	pv_form_begin(&form, mem, json, known, error);
	*out = (struct pv_person_row){
		.name = pv_form_text(&form, "name", PV_NAME_MAX, PV_FORM_NEEDED),
		.login = pv_form_login(&form, "login", PV_FORM_NEEDED),
		.slug = pv_form_slug(&form, "slug", PV_FORM_OPTIONAL),
		.language = pv_form_choice(&form, "language", pv_languages, PV_FORM_OPTIONAL),
	};
	*out_zone = pv_form_zone(&form, "timezone", PV_FORM_OPTIONAL);
	const char *password = pv_form_password(&form, "password", out->login, PV_FORM_OPTIONAL);
	enum pv_status status = pv_form_status(&form);
	if (status == PV_OK && password)
		status = pv_password_hash(mem, password, &hash, error);
	out->password = hash;
	out->language = out->language ? out->language : "fr";
	return status;
}

enum pv_status pv_desk_person_add(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const json_t *json, struct pv_person_row *out,
	const char **out_link, struct pv_error *error)
{
	struct pv_person_row row;
	const char *zone = NULL, *link = NULL;
	struct pv_turn turn;
	enum pv_status status = pv_desk_only(actor, error);
	if (status == PV_OK)
		status = read_person(mem, json, &row, &zone, error);
	if (status == PV_OK)
		status = pv_turn_begin(&turn, desk, error);
	if (status != PV_OK)
		return status;
	status = pv_desk_person_insert(desk, mem, actor, &row, row.slug != NULL, zone, error);
	if (status == PV_OK && !row.password)
		status = pv_desk_invitation_make(desk, mem, row.id, &link, error);
	status = pv_turn_end(&turn, status, error);
	if (status != PV_OK)
		return status;
	pv_person_hide(&row);
	*out = row;
	*out_link = link;
	return PV_OK;
}

enum pv_status pv_desk_person_list(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, struct pv_person_row **out, size_t *out_n,
	struct pv_error *error)
{
	enum pv_status status = pv_desk_only(actor, error);
	if (status == PV_OK)
		status = pv_person_list(desk->db, mem, out, out_n, error);
	for (size_t i = 0; status == PV_OK && i < *out_n; i++)
		pv_person_hide(&(*out)[i]);
	return status;
}

static enum pv_status disable(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_actor *actor,
	const char *person_id, bool disabled, struct pv_error *error)
{
	struct pv_person_row row;
	int64_t now_us = pv_env_now_us(desk->env);
	enum pv_status status = pv_person_find(desk->db, mem, person_id, &row, error);
	if (status != PV_OK)
		return status;
	row.disabled_at_us = disabled ? now_us : PV_TIME_NONE;
	status = pv_person_update(desk->db, &row, error);
	if (status == PV_OK && disabled)
		status = pv_session_delete_others(desk->db, row.id, NULL, error);
	if (status == PV_OK && disabled)
		status = pv_token_revoke_kind(desk->db, "api", row.id, now_us, error);
	if (status == PV_OK && disabled)
		status = pv_token_revoke_kind(desk->db, "invitation", row.id, now_us, error);
	if (status != PV_OK)
		return status;
	const struct pv_audit_note note = {.organization_id = row.home_id,
		.verb = disabled ? "person.disable" : "person.enable",
		.object = row.id};
	return pv_desk_audit(desk, actor, &note, error);
}

enum pv_status pv_desk_person_disable(struct pv_desk *desk, const struct pv_actor *actor,
	const char *person_id, bool disabled, struct pv_error *error)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_turn turn;
	enum pv_status status = pv_desk_only(actor, error);
	if (status == PV_OK)
		status = pv_turn_begin(&turn, desk, error);
	if (status != PV_OK)
		return status;
	status = disable(desk, scope, actor, person_id, disabled, error);
	status = pv_turn_end(&turn, status, error);
	if (status == PV_OK)
		pv_desk_changed(desk, "people", "", person_id);
	return status;
}
