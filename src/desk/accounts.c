/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "desk/accounts.h"
#include "desk/audit.h"
#include "desk/check.h"
#include "desk/turn.h"

#include "base/id.h"
#include "base/str.h"

#include <string.h>

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

/* Secrets do not leave the desk in a row. */
static void hide(struct pv_account_row *row)
{
	if (row->secrets)
		row->secrets = "sealed";
}

/* ---- reading --------------------------------------------------------------------------------- */

enum pv_status pv_desk_account_list(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *organization_id, struct pv_account_row **out,
	size_t *out_n, struct pv_error *error)
{
	const char *id = NULL;
	struct pv_account_row *rows = NULL;
	size_t n = 0, kept = 0;
	enum pv_status status = PV_OK;
	if (organization_id) {
		status = pv_desk_organization_may(
			desk, mem, actor, organization_id, PV_MAY_READ, &id, error);
	} else if (!actor->is_desk && !actor->person_id) {
		status = pv_fail(
			error, PV_UNAUTHENTICATED, "Ouvrez d'abord une session.", "Sign in first.");
	}
	if (status == PV_OK)
		status = pv_account_list(desk->db, mem, id,
			actor->is_desk ? NULL : actor->person_id, &rows, &n, error);
	if (status != PV_OK)
		return status;
	for (size_t i = 0; i < n; i++) {
		if (strcmp(rows[i].state, "removed") == 0)
			continue;
		rows[kept] = rows[i];
		hide(&rows[kept++]);
	}
	*out = rows;
	*out_n = kept;
	return PV_OK;
}

static enum pv_status find_for(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_actor *actor,
	const char *id, enum pv_power power, struct pv_account_row *out, struct pv_error *error)
{
	enum pv_status status = pv_account_find(desk->db, mem, id, out, error);
	if (status == PV_OK)
		status = pv_desk_may(desk, actor, out->organization_id, power, error);
	return status;
}

enum pv_status pv_desk_account_find(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id, struct pv_account_row *out,
	struct pv_error *error)
{
	struct pv_account_row row;
	enum pv_status status = find_for(desk, mem, actor, id, PV_MAY_READ, &row, error);
	if (status != PV_OK)
		return status;
	hide(&row);
	*out = row;
	return PV_OK;
}

enum pv_status pv_desk_account_named(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *name, struct pv_account_row *out,
	struct pv_error *error)
{
	struct pv_account_row *rows = NULL;
	const struct pv_account_row *found = NULL;
	size_t n = 0;
	if (name && pv_id_valid(name))
		return pv_desk_account_find(desk, mem, actor, name, out, error);
	enum pv_status status = pv_desk_account_list(desk, mem, actor, NULL, &rows, &n, error);
	if (status != PV_OK)
		return status;
	for (size_t i = 0; name && i < n; i++) {
		if (strcmp(rows[i].slug, name) != 0)
			continue;
		if (found)
			return pv_fail(error, PV_CONFLICT,
				"Deux de vos organisations ont un compte « %s » : donnez l'id de "
				"celui que vous voulez.",
				"Two of your organisations have an account \"%s\": give the id of "
				"the one you want.",
				name);
		found = &rows[i];
	}
	if (!found)
		return pv_fail(error, PV_NOT_FOUND, "Ce compte n'existe pas.",
			"There is no such account.");
	*out = *found;
	return PV_OK;
}

static enum pv_status find_alive(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id, enum pv_power power,
	struct pv_account_row *out, struct pv_error *error)
{
	enum pv_status status = find_for(desk, mem, actor, id, power, out, error);
	if (status == PV_OK && strcmp(out->state, "removed") == 0)
		return pv_fail(error, PV_NOT_FOUND, "Ce compte a été retiré du bureau.",
			"This account was removed from the desk.");
	return status;
}

/* ---- adding ---------------------------------------------------------------------------------- */

static const char *const stances[] = {"organisation", "hosted", "personal", NULL};

struct adding {
	struct pv_organization_row organization;
	struct pv_account_row row;
	bool slug_typed;
};

/* A person's own space holds their own accounts, an organisation's never does. */
static const char *choose_stance(struct pv_form *form, bool own_space)
{
	const char *stance = pv_form_choice(form, "stance", stances, PV_FORM_OPTIONAL);
	if (!stance)
		return own_space ? "personal" : "organisation";
	if (own_space != (strcmp(stance, "personal") == 0))
		pv_form_problem(form, "stance",
			"Un compte personnel est dans l'espace de sa personne, et lui seul.",
			"A personal account is in its person's own space, and nothing else is.");
	return stance;
}

static enum pv_status read_add(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_actor *actor,
	const json_t *json, struct adding *out, struct pv_error *error)
{
	static const char *const known[] = {
		"organization", "network", "slug", "name", "stance", "typed", NULL};
	const char *id = NULL;
	struct pv_form form;
	pv_form_begin(&form, mem, json, known, error);
	const char *organization = pv_form_text(&form, "organization", PV_NAME_MAX, PV_FORM_NEEDED);
	const char *network = pv_form_slug(&form, "network", PV_FORM_NEEDED);
	const char *slug = pv_form_slug(&form, "slug", PV_FORM_OPTIONAL);
	const char *name = pv_form_text(&form, "name", PV_NAME_MAX, PV_FORM_OPTIONAL);
	enum pv_status status = pv_form_status(&form);
	if (status == PV_OK)
		status = pv_desk_organization_may(
			desk, mem, actor, organization, PV_MAY_GOVERN, &id, error);
	if (status == PV_OK)
		status = pv_organization_find(desk->db, mem, id, &out->organization, error);
	if (status != PV_OK)
		return status;
	out->slug_typed = slug != NULL;
	out->row = (struct pv_account_row){.organization_id = id,
		.network = network,
		.slug = slug,
		.name = or_empty(name),
		.stance = choose_stance(&form, strcmp(out->organization.kind, "person") == 0)};
	return pv_form_status(&form);
}

enum pv_status pv_desk_account_may_add(struct pv_desk *desk, const struct pv_actor *actor,
	const json_t *json, struct pv_error *error)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct adding adding = {0};
	return read_add(desk, scope, actor, json, &adding, error);
}

static enum pv_status seal(struct pv_desk *desk, TALLOC_CTX *mem, const char *id,
	const char *secrets, const char **out, struct pv_error *error)
{
	char *sealed = NULL;
	enum pv_status status = PV_OK;
	if (secrets)
		status = pv_seal(mem, desk->key, id, secrets, &sealed, error);
	if (status == PV_OK)
		*out = sealed;
	return status;
}

static enum pv_status apply_link(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_account_link *link, struct pv_account_row *row, struct pv_error *error)
{
	row->handle = or_empty(link->handle);
	row->server = or_empty(link->server);
	row->remote_id = or_empty(link->remote_id);
	row->settings = link->settings ? link->settings : "{}";
	row->state = "connected";
	row->state_why = "";
	row->checked_at_us = pv_env_now_us(desk->env);
	if (!*row->name)
		row->name = or_empty(link->name);
	return seal(desk, mem, row->id, link->secrets, &row->secrets, error);
}

/* The slug nobody has there: typed ones strictly, made ones with a number behind. */
static enum pv_status choose_slug(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_account_row *rows, size_t n, struct adding *adding, struct pv_error *error)
{
	const char *wanted = adding->slug_typed
				     ? adding->row.slug
				     : talloc_asprintf(mem, "%s-%s", adding->organization.slug,
					       adding->row.network);
	const char *slug = wanted;
	(void)desk;
	for (int number = 2; slug; number++) {
		size_t i = 0;
		while (i < n && strcmp(rows[i].slug, slug) != 0)
			i++;
		adding->row.slug = slug;
		if (i == n)
			return PV_OK;
		if (adding->slug_typed)
			return pv_fail(error, PV_CONFLICT,
				"L'identifiant « %s » est déjà pris ici.",
				"The id \"%s\" is taken here already.", slug);
		slug = talloc_asprintf(mem, "%s-%d", wanted, number);
	}
	return pv_fail_nomem(error);
}

/*
 * One account of a network has one place: under a second organisation, or in somebody's own space,
 * it would be outside of the policy of the first. Whose it is, only its members are told.
 */
static enum pv_status not_elsewhere(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const struct pv_account_row *row, struct pv_error *error)
{
	struct pv_account_row twin;
	struct pv_organization_row house;
	struct pv_error none = PV_ERROR_IN(mem);
	enum pv_status status = pv_account_find_twin(desk->db, mem, row, &twin, error);
	if (status == PV_NOT_FOUND)
		return PV_OK;
	if (status != PV_OK)
		return status;
	if (strcmp(twin.organization_id, row->organization_id) == 0)
		return pv_fail(error, PV_CONFLICT,
			"Ce compte est déjà là, sous l'identifiant « %s ».",
			"This account is here already, under the id \"%s\".", twin.slug);
	if (pv_desk_may(desk, actor, twin.organization_id, PV_MAY_READ, &none) != PV_OK)
		return pv_fail(error, PV_CONFLICT,
			"Ce compte est déjà relié à ce bureau, dans un autre espace que celui-ci : "
			"une personne qui en est responsable l'en retire d'abord.",
			"This account is connected to this desk already, in another place than "
			"this one: an owner there removes it first.");
	status = pv_organization_find(desk->db, mem, twin.organization_id, &house, error);
	if (status != PV_OK)
		return status;
	return pv_fail(error, PV_CONFLICT,
		"Ce compte est déjà relié à « %s », sous l'identifiant « %s » : une personne qui "
		"en est responsable l'en retire d'abord.",
		"This account is connected to “%s” already, under the id \"%s\": an owner there "
		"removes it first.",
		house.name, twin.slug);
}

static enum pv_status add(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_actor *actor,
	struct adding *adding, const struct pv_account_link *link, struct pv_error *error)
{
	struct pv_account_row *rows = NULL, *row = &adding->row;
	size_t n = 0;
	int64_t now_us = pv_env_now_us(desk->env);
	row->id = pv_id_make(mem, desk->env);
	row->cursor = "";
	row->listen_at_us = row->created_at_us = now_us;
	row->version = 1;
	enum pv_status status =
		row->id ? apply_link(desk, mem, link, row, error) : pv_fail_nomem(error);
	if (status == PV_OK)
		status = pv_account_list(
			desk->db, mem, row->organization_id, NULL, &rows, &n, error);
	if (status == PV_OK)
		status = not_elsewhere(desk, mem, actor, row, error);
	if (status == PV_OK)
		status = choose_slug(desk, mem, rows, n, adding, error);
	if (status == PV_OK && !*row->name)
		row->name = *row->handle ? row->handle : adding->organization.name;
	if (status == PV_OK)
		status = pv_account_insert(desk->db, row, error);
	if (status != PV_OK)
		return status;
	const struct pv_audit_note note = {.organization_id = row->organization_id,
		.verb = "account.add",
		.object = row->id,
		.after = pv_audit_pack(mem, "{s:s,s:s,s:s,s:s,s:s}", "slug", row->slug, "network",
			row->network, "stance", row->stance, "handle", row->handle, "server",
			row->server)};
	return pv_desk_audit(desk, actor, &note, error);
}

enum pv_status pv_desk_account_add(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const json_t *json, const struct pv_account_link *link,
	struct pv_account_row *out, struct pv_error *error)
{
	struct adding adding = {0};
	struct pv_turn turn;
	enum pv_status status = pv_turn_begin(&turn, desk, error);
	if (status == PV_OK)
		status = read_add(desk, mem, actor, json, &adding, error);
	if (status == PV_OK)
		status = add(desk, mem, actor, &adding, link, error);
	status = pv_turn_end(&turn, status, error);
	if (status != PV_OK)
		return status;
	hide(&adding.row);
	*out = adding.row;
	pv_desk_changed(desk, "account", adding.row.organization_id, adding.row.id);
	return PV_OK;
}

/* ---- changing -------------------------------------------------------------------------------- */

static const char *account_text(TALLOC_CTX *mem, const struct pv_account_row *row)
{
	return pv_audit_pack(mem, "{s:s,s:s,s:s,s:s,s:s}", "slug", row->slug, "name", row->name,
		"stance", row->stance, "handle", row->handle, "state", row->state);
}

static enum pv_status write_row(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_actor *actor,
	struct pv_account_row *row, const char *verb, const char *before, struct pv_error *error)
{
	enum pv_status status = pv_account_update(desk->db, row, error);
	if (status != PV_OK)
		return status;
	row->version++;
	const struct pv_audit_note note = {.organization_id = row->organization_id,
		.verb = verb,
		.object = row->id,
		.before = before,
		.after = account_text(mem, row)};
	return pv_desk_audit(desk, actor, &note, error);
}

/* A DID names one account on all servers; anything else is a number of its own server's. */
static bool same_account(const struct pv_account_row *row, const struct pv_account_link *link)
{
	if (!*row->remote_id)
		return true;
	if (strcmp(row->remote_id, or_empty(link->remote_id)) != 0)
		return false;
	return strncmp(row->remote_id, "did:", 4) == 0 ||
	       strcmp(row->server, or_empty(link->server)) == 0;
}

static enum pv_status reconnect(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_actor *actor,
	const char *id, const struct pv_account_link *link, struct pv_account_row *row,
	struct pv_error *error)
{
	enum pv_status status = find_alive(desk, mem, actor, id, PV_MAY_GOVERN, row, error);
	if (status != PV_OK)
		return status;
	const char *before = account_text(mem, row);
	/* What was approved for one account must not go out on another. */
	if (!same_account(row, link))
		return pv_fail(error, PV_CONFLICT,
			"C'est un autre compte du réseau : ajoutez-le plutôt comme un nouveau "
			"compte.",
			"This is another account of the network: add it as a new account instead.");
	status = apply_link(desk, mem, link, row, error);
	if (status == PV_OK)
		status = not_elsewhere(desk, mem, actor, row, error);
	return status == PV_OK ? write_row(desk, mem, actor, row, "account.connect", before, error)
			       : status;
}

/* Ends a verb: told and answered once it is done. */
static enum pv_status give(struct pv_turn *turn, enum pv_status status, struct pv_account_row *row,
	struct pv_account_row *out, struct pv_error *error)
{
	status = pv_turn_end(turn, status, error);
	if (status != PV_OK)
		return status;
	hide(row);
	*out = *row;
	pv_desk_changed(turn->desk, "account", row->organization_id, row->id);
	return PV_OK;
}

enum pv_status pv_desk_account_reconnect(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id, const struct pv_account_link *link,
	struct pv_account_row *out, struct pv_error *error)
{
	struct pv_account_row row;
	struct pv_turn turn;
	enum pv_status status = pv_turn_begin(&turn, desk, error);
	if (status == PV_OK)
		status = reconnect(desk, mem, actor, id, link, &row, error);
	return give(&turn, status, &row, out, error);
}

/* Pausing and resuming, and nothing else. */
static bool only_state(const json_t *json)
{
	size_t mine = (json_object_get(json, "state") != NULL) +
		      (json_object_get(json, "version") != NULL);
	return json_object_get(json, "state") && json_object_size(json) == mine;
}

static enum pv_status read_change(TALLOC_CTX *mem, const json_t *json, bool own_space,
	struct pv_account_row *row, struct pv_error *error)
{
	static const char *const known[] = {"version", "name", "slug", "stance", "state", NULL};
	static const char *const states[] = {"paused", "connected", NULL};
	struct pv_form form;
	pv_form_begin(&form, mem, json, known, error);
	const char *name = pv_form_text(&form, "name", PV_NAME_MAX, PV_FORM_OPTIONAL);
	const char *slug = pv_form_slug(&form, "slug", PV_FORM_OPTIONAL);
	const char *state = pv_form_choice(&form, "state", states, PV_FORM_OPTIONAL);
	if (pv_form_has(&form, "stance"))
		row->stance = choose_stance(&form, own_space);
	if (name && !*name)
		pv_form_problem(&form, "name", "Un nom est nécessaire.", "A name is needed.");
	if (state && strcmp(state, "connected") == 0 && strcmp(row->state, "sign_in") == 0)
		pv_form_problem(&form, "state", "Il faut d'abord se connecter au réseau à nouveau.",
			"Sign in to the network again first.");
	row->name = name ? name : row->name;
	row->slug = slug ? slug : row->slug;
	row->version = pv_form_int(&form, "version", row->version);
	if (state && strcmp(state, row->state) != 0) {
		row->state = state;
		row->state_why = "";
	}
	return pv_form_status(&form);
}

static enum pv_status change(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_actor *actor,
	const char *id, const json_t *json, struct pv_account_row *row, struct pv_error *error)
{
	struct pv_organization_row organization;
	struct pv_account_row other;
	enum pv_status status = find_alive(
		desk, mem, actor, id, only_state(json) ? PV_MAY_PAUSE : PV_MAY_GOVERN, row, error);
	if (status == PV_OK)
		status = pv_organization_find(
			desk->db, mem, row->organization_id, &organization, error);
	if (status != PV_OK)
		return status;
	const char *before = account_text(mem, row), *slug = row->slug;
	status = read_change(mem, json, strcmp(organization.kind, "person") == 0, row, error);
	if (status == PV_OK && strcmp(slug, row->slug) != 0 &&
		pv_account_find_slug(
			desk->db, mem, row->organization_id, row->slug, &other, NULL) == PV_OK)
		status = pv_fail(error, PV_CONFLICT, "L'identifiant « %s » est déjà pris ici.",
			"The id \"%s\" is taken here already.", row->slug);
	return status == PV_OK ? write_row(desk, mem, actor, row, "account.change", before, error)
			       : status;
}

enum pv_status pv_desk_account_change(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id, const json_t *json,
	struct pv_account_row *out, struct pv_error *error)
{
	struct pv_account_row row;
	struct pv_turn turn;
	enum pv_status status = pv_turn_begin(&turn, desk, error);
	if (status == PV_OK)
		status = change(desk, mem, actor, id, json, &row, error);
	return give(&turn, status, &row, out, error);
}

static enum pv_status remove_account(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id, struct pv_account_row *row,
	struct pv_error *error)
{
	enum pv_status status = find_alive(desk, mem, actor, id, PV_MAY_GOVERN, row, error);
	if (status != PV_OK)
		return status;
	const char *before = account_text(mem, row);
	/* Its slug becomes free for the next one. */
	row->slug = talloc_asprintf(mem, "%.40s-%s", row->slug, row->id + PV_ID_LENGTH - 8);
	row->secrets = NULL;
	row->state = "removed";
	row->state_why = "";
	return row->slug ? write_row(desk, mem, actor, row, "account.remove", before, error)
			 : pv_fail_nomem(error);
}

enum pv_status pv_desk_account_remove(
	struct pv_desk *desk, const struct pv_actor *actor, const char *id, struct pv_error *error)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_account_row row;
	struct pv_turn turn;
	enum pv_status status = pv_turn_begin(&turn, desk, error);
	if (status == PV_OK)
		status = remove_account(desk, scope, actor, id, &row, error);
	status = pv_turn_end(&turn, status, error);
	if (status == PV_OK)
		pv_desk_changed(desk, "account", row.organization_id, row.id);
	return status;
}

/* ---- for dispatcher and collectors ----------------------------------------------------------- */

enum pv_status pv_desk_account_open_secrets(struct pv_desk *desk, TALLOC_CTX *mem, const char *id,
	const char **out_json, struct pv_error *error)
{
	struct pv_account_row row;
	char *json = NULL;
	enum pv_status status = find_alive(desk, mem, &pv_actor_desk, id, PV_MAY_READ, &row, error);
	if (status == PV_OK && row.secrets)
		status = pv_unseal(mem, desk->key, row.id, row.secrets, &json, error);
	if (status == PV_OK)
		*out_json = json ? json : "{}";
	return status;
}

enum pv_status pv_desk_account_save_secrets(
	struct pv_desk *desk, const char *id, const char *json, struct pv_error *error)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_account_row row;
	const char *sealed = NULL;
	enum pv_status status =
		find_alive(desk, scope, &pv_actor_desk, id, PV_MAY_READ, &row, error);
	if (status == PV_OK)
		status = seal(desk, scope, row.id, json, &sealed, error);
	if (status == PV_OK)
		status = pv_account_secrets(desk->db, row.id, row.organization_id, sealed, error);
	return status;
}

static enum pv_status checked(struct pv_desk *desk, TALLOC_CTX *mem, const char *id,
	const char *state, const struct pv_words *why, const char *settings, bool *out_changed,
	struct pv_account_row *row, struct pv_error *error)
{
	enum pv_status status = find_alive(desk, mem, &pv_actor_desk, id, PV_MAY_READ, row, error);
	if (status != PV_OK)
		return status;
	const char *before = account_text(mem, row);
	*out_changed = strcmp(row->state, state) != 0 && strcmp(row->state, "paused") != 0;
	row->checked_at_us = pv_env_now_us(desk->env);
	row->settings = settings ? settings : row->settings;
	if (*out_changed) {
		row->state = state;
		row->state_why =
			why ? pv_audit_pack(mem, "{s:s,s:s}", "fr", why->fr, "en", why->en) : "";
	}
	if (*out_changed)
		return write_row(desk, mem, &pv_actor_desk, row, "account.state", before, error);
	return pv_account_update(desk->db, row, error);
}

enum pv_status pv_desk_account_checked(struct pv_desk *desk, const char *id, const char *state,
	const struct pv_words *why, const char *settings, struct pv_error *error)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_account_row row;
	bool changed = false;
	struct pv_turn turn;
	enum pv_status status = pv_turn_begin(&turn, desk, error);
	if (status == PV_OK)
		status = checked(desk, scope, id, state, why, settings, &changed, &row, error);
	status = pv_turn_end(&turn, status, error);
	if (status == PV_OK && changed)
		pv_desk_changed(desk, "account", row.organization_id, row.id);
	return status;
}
