/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "desk/organizations.h"
#include "desk/audit.h"
#include "desk/check.h"
#include "desk/holds.h"
#include "desk/turn.h"

#include "base/id.h"
#include "base/str.h"
#include "store/setting.h"

#include <string.h>

const char *const pv_organization_colours[] = {
	"brick", "ochre", "moss", "fir", "teal", "azure", "indigo", "plum", "rose", "umber", NULL};

static const char journal_closed[] =
	"{\"open\":false,\"comments\":true,\"about\":{\"fr\":\"\",\"en\":\"\"},"
	"\"policy_public\":false}";

/* ---- reading --------------------------------------------------------------------------------- */

enum pv_status pv_desk_organization_list(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, struct pv_seat_row **out, size_t *out_n,
	struct pv_error *error)
{
	struct pv_organization_row *rows = NULL;
	size_t n = 0;
	if (actor->person_id)
		return pv_membership_seats(desk->db, mem, actor->person_id, out, out_n, error);
	enum pv_status status = pv_desk_only(actor, error);
	if (status == PV_OK)
		status = pv_organization_list(desk->db, mem, &rows, &n, error);
	if (status != PV_OK)
		return status;
	struct pv_seat_row *seats = talloc_zero_array(mem, struct pv_seat_row, n);
	if (!seats)
		return pv_fail_nomem(error);
	for (size_t i = 0; i < n; i++)
		seats[i] = (struct pv_seat_row){
			.organization = rows[i],
			.membership = {.organization_id = rows[i].id,
				.person_id = "",
				.role = pv_role_name(PV_ROLE_OWNER),
				.policy_roles = "[]"},
		};
	*out = seats;
	*out_n = n;
	return PV_OK;
}

/* The organisation, once the power was asked. */
static enum pv_status find_for(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_actor *actor,
	const char *id_or_slug, enum pv_power power, struct pv_organization_row *out,
	struct pv_error *error)
{
	enum pv_status status =
		pv_id_valid(id_or_slug)
			? pv_organization_find(desk->db, mem, id_or_slug, out, error)
			: pv_organization_find_slug(desk->db, mem, id_or_slug, out, error);
	return status == PV_OK ? pv_desk_may(desk, actor, out->id, power, error) : status;
}

enum pv_status pv_desk_organization_find(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id_or_slug, struct pv_organization_row *out,
	struct pv_error *error)
{
	struct pv_organization_row row;
	enum pv_status status = find_for(desk, mem, actor, id_or_slug, PV_MAY_READ, &row, error);
	if (status == PV_OK)
		*out = row;
	return status;
}

enum pv_status pv_desk_organization_public(struct pv_desk *desk, TALLOC_CTX *mem, const char *slug,
	struct pv_organization_row *out, struct pv_error *error)
{
	struct pv_organization_row row;
	PV_JSON json_t *journal = NULL;
	enum pv_status status = pv_organization_find_slug(desk->db, mem, slug, &row, error);
	if (status == PV_OK)
		status = pv_json_parse(row.journal, strlen(row.journal), &journal, error);
	if (status == PV_OK && !pv_json_bool(journal, "open", false))
		status = pv_fail(error, PV_NOT_FOUND, "Il n'y a pas de journal ici.",
			"There is no journal here.");
	if (status == PV_OK)
		*out = row;
	return status;
}

/* ---- making ---------------------------------------------------------------------------------- */

/* Who set the desk up, and whoever already answers for an organisation. */
static enum pv_status may_add(
	struct pv_desk *desk, const struct pv_actor *actor, struct pv_error *error)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	const char *person_id = NULL, *first = NULL;
	struct pv_seat_row *seats = NULL;
	size_t n = 0;
	if (actor->is_desk)
		return PV_OK;
	enum pv_status status = pv_desk_person_of(actor, true, &person_id, error);
	if (status != PV_OK)
		return status;
	status = pv_setting_get(desk->db, scope, "first_owner", &first, error);
	if (status != PV_NOT_FOUND && (status != PV_OK || strcmp(first, person_id) == 0))
		return status;
	status = pv_membership_seats(desk->db, scope, person_id, &seats, &n, error);
	if (status != PV_OK)
		return status;
	for (size_t i = 0; i < n; i++)
		if (strcmp(seats[i].organization.kind, "organization") == 0 &&
			strcmp(seats[i].membership.role, "owner") == 0)
			return n < PV_ORGANIZATIONS_MAX
				       ? PV_OK
				       : pv_fail(error, PV_TOO_LARGE,
						 "Vous avez %d organisations : c'est la limite.",
						 "You have %d organisations: that is the limit.",
						 PV_ORGANIZATIONS_MAX);
	return pv_fail(error, PV_DENIED,
		"Une organisation est créée par qui a installé le bureau ou répond déjà d'une "
		"autre.",
		"An organisation is made by who set the desk up or already owns another.");
}

enum pv_status pv_desk_slug_free(struct pv_desk *desk, TALLOC_CTX *mem, const char *wanted,
	bool strict, const char **out, struct pv_error *error)
{
	const char *slug = wanted;
	for (int number = 2;; number++) {
		bool organization = false, person = false;
		enum pv_status status =
			pv_organization_slug_taken(desk->db, slug, &organization, error);
		if (status == PV_OK)
			status = pv_person_slug_taken(desk->db, slug, &person, error);
		if (status != PV_OK)
			return status;
		if (!organization && !person) {
			*out = slug;
			return PV_OK;
		}
		if (strict) {
			if (error)
				*error = PV_ERROR_IN(error->mem);
			pv_fail(error, PV_CONFLICT, "L'identifiant « %s » est déjà pris.",
				"The id \"%s\" is taken already.", slug);
			pv_fail_field(error, "/slug", "Choisissez-en un autre.", "Choose another.");
			return PV_CONFLICT;
		}
		slug = talloc_asprintf(mem, "%s-%d", wanted, number);
		if (!slug)
			return pv_fail_nomem(error);
	}
}

/* A colour nobody of the desk wears yet, if one is left. */
static enum pv_status colour_pick(
	struct pv_desk *desk, TALLOC_CTX *mem, const char **out, struct pv_error *error)
{
	struct pv_organization_row *rows = NULL;
	size_t n = 0, organizations = 0;
	enum pv_status status = pv_organization_list(desk->db, mem, &rows, &n, error);
	if (status != PV_OK)
		return status;
	for (size_t c = 0; pv_organization_colours[c]; c++) {
		size_t i = 0;
		while (i < n && strcmp(rows[i].colour, pv_organization_colours[c]) != 0)
			i++;
		if (i == n) {
			*out = pv_organization_colours[c];
			return PV_OK;
		}
	}
	for (size_t i = 0; i < n; i++)
		organizations += strcmp(rows[i].kind, "organization") == 0;
	*out = pv_organization_colours[organizations % 10];
	return PV_OK;
}

enum pv_status pv_desk_organization_insert(struct pv_desk *desk, TALLOC_CTX *mem,
	struct pv_organization_row *row, struct pv_error *error)
{
	row->id = pv_id_make(mem, desk->env);
	row->paused_at_us = PV_TIME_NONE;
	row->switches = "[]";
	row->journal = journal_closed;
	row->version = 1;
	row->created_at_us = pv_env_now_us(desk->env);
	return row->id ? pv_organization_insert(desk->db, row, error) : pv_fail_nomem(error);
}

static enum pv_status read_add(TALLOC_CTX *mem, const json_t *json, struct pv_organization_row *out,
	struct pv_error *error)
{
	static const char *const known[] = {"name", "slug", "timezone", "language", "colour", NULL};
	struct pv_form form;
	pv_form_begin(&form, mem, json, known, error);
	const char *zone = pv_form_zone(&form, "timezone", PV_FORM_OPTIONAL);
	const char *language = pv_form_choice(&form, "language", pv_languages, PV_FORM_OPTIONAL);
	*out = (struct pv_organization_row){
		.kind = "organization",
		.name = pv_form_text(&form, "name", PV_NAME_MAX, PV_FORM_NEEDED),
		.slug = pv_form_slug(&form, "slug", PV_FORM_OPTIONAL),
		.timezone = zone ? zone : "America/Toronto",
		.language = language ? language : "fr",
		.colour =
			pv_form_choice(&form, "colour", pv_organization_colours, PV_FORM_OPTIONAL),
	};
	return pv_form_status(&form);
}

static enum pv_status add(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_actor *actor,
	struct pv_organization_row *row, struct pv_error *error)
{
	bool strict = row->slug != NULL;
	enum pv_status status = may_add(desk, actor, error);
	const char *wanted = strict ? row->slug : pv_slug_make(mem, row->name);
	if (status == PV_OK && !wanted)
		status = pv_fail_nomem(error);
	if (status == PV_OK)
		status = pv_desk_slug_free(desk, mem, wanted, strict, &row->slug, error);
	if (status == PV_OK && !row->colour)
		status = colour_pick(desk, mem, &row->colour, error);
	if (status == PV_OK)
		status = pv_desk_organization_insert(desk, mem, row, error);
	if (status == PV_OK && actor->person_id) {
		const struct pv_membership_row seat = {.organization_id = row->id,
			.person_id = actor->person_id,
			.role = "owner",
			.policy_roles = "[]",
			.created_at_us = row->created_at_us};
		status = pv_membership_insert(desk->db, &seat, error);
	}
	if (status != PV_OK)
		return status;
	const struct pv_audit_note note = {.organization_id = row->id,
		.verb = "organization.add",
		.object = row->id,
		.after = pv_audit_pack(mem, "{s:s,s:s}", "slug", row->slug, "name", row->name)};
	return pv_desk_audit(desk, actor, &note, error);
}

enum pv_status pv_desk_organization_add(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const json_t *json, struct pv_organization_row *out,
	struct pv_error *error)
{
	struct pv_organization_row row;
	struct pv_turn turn;
	enum pv_status status = read_add(mem, json, &row, error);
	if (status == PV_OK)
		status = pv_turn_begin(&turn, desk, error);
	if (status != PV_OK)
		return status;
	status = pv_turn_end(&turn, add(desk, mem, actor, &row, error), error);
	if (status != PV_OK)
		return status;
	*out = row;
	pv_desk_changed(desk, "organization", row.id, row.id);
	return PV_OK;
}

/* ---- changing -------------------------------------------------------------------------------- */

static void journal_flag(struct pv_form *form, json_t *journal, const char *name)
{
	const json_t *value = json_object_get(form->object, name);
	if (!pv_form_has(form, name))
		return;
	if (!json_is_boolean(value))
		pv_form_problem(
			form, name, "Vrai ou faux est attendu.", "True or false is expected.");
	else if (json_object_set_new(journal, name, json_boolean(json_is_true(value))) != 0)
		form->nomem = form->failed = true;
}

static void journal_about(struct pv_form *outer, json_t *journal)
{
	static const char *const known[] = {"fr", "en", NULL};
	const json_t *about = json_object_get(outer->object, "about");
	struct pv_form form = *outer;
	if (!pv_form_has(outer, "about"))
		return;
	form.object = about;
	form.prefix = "/journal/about";
	for (size_t i = 0; known[i]; i++) {
		const char *text = pv_form_text(&form, known[i], PV_ABOUT_MAX, PV_FORM_OPTIONAL);
		if (text && json_object_set_new(json_object_get(journal, "about"), known[i],
				    json_string(text)) != 0)
			form.nomem = form.failed = true;
	}
	if (!json_is_object(about))
		pv_form_problem(outer, "about", "Un texte en fr et en en est attendu.",
			"A text in fr and in en is expected.");
	outer->failed |= form.failed;
	outer->nomem |= form.nomem;
}

/* The journal's settings as they were, with what the form says over them. */
static void read_journal(struct pv_form *outer, const char *was, const char **out)
{
	static const char *const known[] = {"open", "comments", "about", "policy_public", NULL};
	const json_t *object = json_object_get(outer->object, "journal");
	PV_JSON json_t *journal = NULL;
	if (!pv_form_has(outer, "journal"))
		return;
	struct pv_form form = *outer;
	form.object = object;
	form.prefix = "/journal";
	if (!json_is_object(object) || pv_json_parse(was, strlen(was), &journal, NULL) != PV_OK) {
		pv_form_problem(outer, "journal", "Les réglages du journal sont un objet.",
			"The journal's settings are an object.");
		return;
	}
	const char *name;
	json_t *value;
	json_object_foreach(json_object_get(outer->object, "journal"), name, value)
	{
		size_t i = 0;
		while (known[i] && strcmp(known[i], name) != 0)
			i++;
		if (!known[i])
			pv_form_problem(&form, name, "Ce réglage n'existe pas.",
				"There is no such setting.");
	}
	journal_flag(&form, journal, "open");
	journal_flag(&form, journal, "comments");
	journal_flag(&form, journal, "policy_public");
	journal_about(&form, journal);
	outer->failed |= form.failed;
	outer->nomem |= form.nomem;
	const char *text = pv_json_dump(outer->mem, journal);
	if (text)
		*out = text;
	else
		outer->nomem = outer->failed = true;
}

static const char *keep_switch(
	struct pv_form *form, const char *pointer, const char *text, void *state)
{
	(void)state;
	if (pv_slug_valid(text))
		return text;
	form->failed = true;
	pv_fail_field(form->error, pointer, "Un interrupteur a le nom que lui donne la politique.",
		"A switch has the name that the policy gives it.");
	return NULL;
}

static const char *or_was(const char *now, const char *was)
{
	return now ? now : was;
}

/* `row` as it is, to `row` as it shall be. */
static enum pv_status read_change(TALLOC_CTX *mem, const json_t *json,
	struct pv_organization_row *row, struct pv_error *error)
{
	static const char *const known[] = {
		"version", "name", "colour", "timezone", "language", "journal", "switches", NULL};
	bool own_space = strcmp(row->kind, "person") == 0;
	struct pv_form form;
	pv_form_begin(&form, mem, json, known, error);
	if (own_space && pv_form_has(&form, "colour"))
		pv_form_problem(&form, "colour", "Votre propre espace reste couleur papier.",
			"Your own space stays the colour of paper.");
	else
		row->colour = or_was(
			pv_form_choice(&form, "colour", pv_organization_colours, PV_FORM_OPTIONAL),
			row->colour);
	const char *name = pv_form_text(&form, "name", PV_NAME_MAX, PV_FORM_OPTIONAL);
	if (name && !*name)
		pv_form_problem(&form, "name", "Un nom est nécessaire.", "A name is needed.");
	row->name = or_was(name, row->name);
	row->timezone = or_was(pv_form_zone(&form, "timezone", PV_FORM_OPTIONAL), row->timezone);
	row->language = or_was(
		pv_form_choice(&form, "language", pv_languages, PV_FORM_OPTIONAL), row->language);
	row->switches = or_was(pv_form_texts(&form, "switches", 50, PV_SLUG_MAX, keep_switch, NULL),
		row->switches);
	read_journal(&form, row->journal, &row->journal);
	row->version = pv_form_int(&form, "version", row->version);
	return pv_form_status(&form);
}

/* Switches and nothing else: what stops things is for more people than what governs. */
static bool only_switches(const json_t *json)
{
	size_t mine = (json_object_get(json, "switches") != NULL) +
		      (json_object_get(json, "version") != NULL);
	return json_object_get(json, "switches") && json_object_size(json) == mine;
}

static const char *settings_of(TALLOC_CTX *mem, const struct pv_organization_row *row)
{
	return pv_audit_pack(mem, "{s:s,s:s,s:s,s:s,s:s,s:s}", "name", row->name, "colour",
		row->colour, "timezone", row->timezone, "language", row->language, "switches",
		row->switches, "journal", row->journal);
}

/* Writes the row over what it was, and says so. */
static enum pv_status write_row(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_actor *actor,
	struct pv_organization_row *row, const struct pv_audit_note *note, struct pv_error *error)
{
	(void)mem;
	enum pv_status status = pv_organization_update(desk->db, row, error);
	if (status != PV_OK)
		return status;
	row->version++;
	return pv_desk_audit(desk, actor, note, error);
}

static enum pv_status change(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_actor *actor,
	const char *id_or_slug, const json_t *json, struct pv_organization_row *row,
	struct pv_error *error)
{
	enum pv_status status = find_for(desk, mem, actor, id_or_slug,
		only_switches(json) ? PV_MAY_PAUSE : PV_MAY_GOVERN, row, error);
	if (status != PV_OK)
		return status;
	const char *before = settings_of(mem, row), *switches = row->switches;
	status = read_change(mem, json, row, error);
	/* A switch acts on what is planned already. */
	if (status == PV_OK && strcmp(switches, row->switches) != 0)
		status = pv_desk_rejudge_ask(desk, row->id, error);
	if (status != PV_OK)
		return status;
	const struct pv_audit_note note = {.organization_id = row->id,
		.verb = "organization.change",
		.object = row->id,
		.before = before,
		.after = settings_of(mem, row)};
	return write_row(desk, mem, actor, row, &note, error);
}

enum pv_status pv_desk_organization_change(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id_or_slug, const json_t *json,
	struct pv_organization_row *out, struct pv_error *error)
{
	struct pv_organization_row row;
	struct pv_turn turn;
	enum pv_status status = pv_turn_begin(&turn, desk, error);
	if (status == PV_OK)
		status = change(desk, mem, actor, id_or_slug, json, &row, error);
	status = pv_turn_end(&turn, status, error);
	if (status != PV_OK)
		return status;
	*out = row;
	pv_desk_changed(desk, "organization", row.id, row.id);
	return PV_OK;
}

/* ---- the pause switch ------------------------------------------------------------------------ */

static enum pv_status read_why(const char *why, const char **out, struct pv_error *error)
{
	if (why && strlen(why) > PV_WHY_MAX)
		return pv_fail_field(
			error, "/why", "%d octets au plus.", "At most %d bytes.", PV_WHY_MAX);
	if (!why || !*why || strspn(why, " \t\r\n") == strlen(why))
		return pv_fail_field(error, "/why", "Dites pourquoi : les autres le liront.",
			"Say why: the others will read it.");
	*out = why;
	return PV_OK;
}

static enum pv_status set_pause(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_actor *actor,
	const char *id_or_slug, const char *why, struct pv_organization_row *row,
	struct pv_error *error)
{
	enum pv_status status = find_for(desk, mem, actor, id_or_slug, PV_MAY_PAUSE, row, error);
	bool was = status == PV_OK && row->paused_at_us != PV_TIME_NONE;
	if (status != PV_OK || (!why && !was))
		return status;
	if (why && !was)
		row->paused_at_us = pv_env_now_us(desk->env);
	if (!why)
		row->paused_at_us = PV_TIME_NONE;
	const struct pv_audit_note note = {.organization_id = row->id,
		.verb = why ? "organization.pause" : "organization.resume",
		.object = row->id,
		.before = was ? pv_audit_pack(mem, "{s:s?}", "why", row->paused_why) : "",
		.why = why};
	row->paused_why = why;
	return write_row(desk, mem, actor, row, &note, error);
}

static enum pv_status pause_or_resume(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id_or_slug, const char *why,
	struct pv_organization_row *out, struct pv_error *error)
{
	struct pv_organization_row row;
	struct pv_turn turn;
	enum pv_status status = pv_turn_begin(&turn, desk, error);
	if (status == PV_OK)
		status = set_pause(desk, mem, actor, id_or_slug, why, &row, error);
	status = pv_turn_end(&turn, status, error);
	if (status != PV_OK)
		return status;
	*out = row;
	pv_desk_changed(desk, "pause", row.id, row.id);
	return PV_OK;
}

enum pv_status pv_desk_organization_pause(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id_or_slug, const char *why,
	struct pv_organization_row *out, struct pv_error *error)
{
	const char *said = NULL;
	enum pv_status status = read_why(why, &said, error);
	if (status == PV_OK)
		status = pause_or_resume(desk, mem, actor, id_or_slug, said, out, error);
	return status;
}

enum pv_status pv_desk_organization_resume(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id_or_slug, struct pv_organization_row *out,
	struct pv_error *error)
{
	return pause_or_resume(desk, mem, actor, id_or_slug, NULL, out, error);
}
