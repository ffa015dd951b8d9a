/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "desk/delegations.h"
#include "desk/audit.h"
#include "desk/check.h"
#include "desk/form.h"
#include "desk/turn.h"

#include "base/id.h"
#include "base/instant.h"
#include "base/mem.h"
#include "store/membership.h"

#include <string.h>

enum pv_status pv_desk_delegation_list(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *organization_id, struct pv_delegation_row **out,
	size_t *out_n, struct pv_error *error)
{
	const char *id = NULL;
	enum pv_status status = pv_desk_organization_id(desk, mem, organization_id, &id, error);
	if (status == PV_OK)
		status = pv_desk_may(desk, actor, id, PV_MAY_READ, error);
	return status == PV_OK ? pv_delegation_list(desk->db, mem, id, pv_env_now_us(desk->env),
					 PV_DELEGATIONS_MAX, out, out_n, error)
			       : status;
}

/* ---- adding ---------------------------------------------------------------------------------- */

static void check_times(struct pv_form *form, int64_t now_us, struct pv_delegation_row *row)
{
	if (row->from_at_us == PV_TIME_NONE)
		row->from_at_us = now_us;
	if (row->until_at_us == PV_TIME_NONE) {
		if (!pv_form_has(form, "until"))
			pv_form_problem(form, "until", "Dites quand finit l'absence.",
				"Say when the absence ends.");
		return;
	}
	if (row->until_at_us <= row->from_at_us || row->until_at_us <= now_us)
		pv_form_problem(form, "until", "La fin vient après le début, et après maintenant.",
			"The end comes after the beginning, and after now.");
	else if (row->until_at_us - row->from_at_us > PV_DELEGATION_DAYS_MAX * PV_DAY_US)
		pv_form_problem(form, "until", "Une absence dure 400 jours au plus.",
			"An absence lasts 400 days at most.");
}

static enum pv_status read_form(TALLOC_CTX *mem, const struct pv_actor *actor, const json_t *json,
	int64_t now_us, struct pv_delegation_row *row, struct pv_error *error)
{
	static const char *const known[] = {"to", "person", "from", "until", "why", NULL};
	struct pv_form form;
	pv_form_begin(&form, mem, json, known, error);
	const char *person = pv_form_text(&form, "person", PV_NAME_MAX, PV_FORM_OPTIONAL);
	const char *why = pv_form_text(&form, "why", PV_DELEGATION_WHY_MAX, PV_FORM_OPTIONAL);
	row->to_id = pv_form_text(&form, "to", PV_NAME_MAX, PV_FORM_NEEDED);
	row->person_id = person ? person : actor->person_id;
	row->from_at_us = pv_form_time(&form, "from");
	row->until_at_us = pv_form_time(&form, "until");
	row->why = why ? why : "";
	if (!row->person_id)
		pv_form_problem(&form, "person", "Dites qui s'absente.", "Say who is away.");
	check_times(&form, now_us, row);
	if (row->to_id && row->person_id && strcmp(row->to_id, row->person_id) == 0)
		pv_form_problem(&form, "to", "Une autre personne remplace celle qui s'absente.",
			"Another person stands in for who is away.");
	return pv_form_status(&form);
}

/* A member, with words at the form's place when they are none. */
static enum pv_status find_member(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_delegation_row *row, const char *person_id, const char *pointer,
	struct pv_membership_row *out, struct pv_error *error)
{
	struct pv_error lost = PV_ERROR_IN(mem);
	enum pv_status status =
		pv_membership_find(desk->db, mem, row->organization_id, person_id, out, &lost);
	if (status == PV_NOT_FOUND)
		return pv_fail_field(error, pointer,
			"Cette personne n'est pas membre de l'organisation.",
			"This person is no member of the organisation.");
	if (status != PV_OK && error)
		*error = lost;
	return status;
}

static enum pv_status check_members(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_delegation_row *row, struct pv_error *error)
{
	struct pv_membership_row away, stand_in;
	enum pv_role role;
	enum pv_status status =
		find_member(desk, mem, row, row->person_id, "/person", &away, error);
	if (status == PV_OK && strcmp(away.policy_roles, "[]") == 0)
		return pv_fail_field(error, "/person",
			"Cette personne n'a aucun rôle de la politique à prêter.",
			"This person has no role of the policy to lend.");
	if (status == PV_OK)
		status = find_member(desk, mem, row, row->to_id, "/to", &stand_in, error);
	if (status != PV_OK)
		return status;
	if (!pv_role_parse(stand_in.role, &role) || !pv_role_has(role, PV_MAY_REVIEW))
		return pv_fail_field(error, "/to",
			"Cette personne ne peut pas relire ici : changez d'abord son rôle.",
			"This person cannot review here: change their role first.");
	struct pv_delegation_row *rows;
	size_t n;
	status = pv_delegation_list(desk->db, mem, row->organization_id, pv_env_now_us(desk->env),
		PV_DELEGATIONS_MAX, &rows, &n, error);
	if (status == PV_OK && n >= PV_DELEGATIONS_MAX)
		return pv_fail(error, PV_CONFLICT, "Il y a déjà %d remplacements prévus.",
			"There are %d stand-ins already.", PV_DELEGATIONS_MAX);
	return status;
}

static enum pv_status add(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_actor *actor,
	struct pv_delegation_row *row, struct pv_error *error)
{
	bool own = actor->person_id && strcmp(actor->person_id, row->person_id) == 0;
	enum pv_status status = pv_desk_may(
		desk, actor, row->organization_id, own ? PV_MAY_REVIEW : PV_MAY_GOVERN, error);
	if (status == PV_OK)
		status = check_members(desk, mem, row, error);
	row->id = pv_id_make(mem, desk->env);
	if (status == PV_OK && !row->id)
		status = pv_fail_nomem(error);
	if (status == PV_OK)
		status = pv_delegation_insert(desk->db, row, error);
	if (status != PV_OK)
		return status;
	return pv_desk_audit(desk, actor,
		&(struct pv_audit_note){
			.organization_id = row->organization_id,
			.verb = "delegation.add",
			.object = row->id,
			.after = pv_audit_pack(mem, "{s:s,s:s,s:I,s:I}", "person", row->person_id,
				"to", row->to_id, "from", (json_int_t)row->from_at_us, "until",
				(json_int_t)row->until_at_us),
			.why = row->why,
		},
		error);
}

enum pv_status pv_desk_delegation_add(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *organization_id, const json_t *form,
	struct pv_delegation_row *out, struct pv_error *error)
{
	struct pv_delegation_row row = {
		.created_by = actor->person_id ? actor->person_id : "desk",
		.created_at_us = pv_env_now_us(desk->env),
	};
	struct pv_turn turn;
	enum pv_status status =
		pv_desk_organization_id(desk, mem, organization_id, &row.organization_id, error);
	if (status == PV_OK)
		status = pv_desk_may(desk, actor, row.organization_id, PV_MAY_READ, error);
	if (status == PV_OK)
		status = read_form(mem, actor, form, row.created_at_us, &row, error);
	if (status == PV_OK)
		status = pv_turn_begin(&turn, desk, error);
	if (status != PV_OK)
		return status;
	status = add(desk, mem, actor, &row, error);
	if (status == PV_OK)
		status = pv_delegation_find(desk->db, mem, row.id, &row, error);
	status = pv_turn_end(&turn, status, error);
	if (status != PV_OK)
		return status;
	*out = row;
	pv_desk_changed(desk, "delegation", row.organization_id, row.id);
	return PV_OK;
}

/* ---- ending ---------------------------------------------------------------------------------- */

static enum pv_status end(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_actor *actor,
	const struct pv_delegation_row *row, bool *out_ended, struct pv_error *error)
{
	int64_t now_us = pv_env_now_us(desk->env);
	bool begun = row->from_at_us <= now_us;
	bool own = actor->person_id && (strcmp(actor->person_id, row->person_id) == 0 ||
					       strcmp(actor->person_id, row->to_id) == 0);
	enum pv_status status = pv_desk_may(
		desk, actor, row->organization_id, own ? PV_MAY_REVIEW : PV_MAY_GOVERN, error);
	if (status == PV_OK)
		status = pv_delegation_end(
			desk->db, row->id, row->organization_id, now_us, out_ended, error);
	if (status != PV_OK || !*out_ended)
		return status;
	return pv_desk_audit(desk, actor,
		&(struct pv_audit_note){.organization_id = row->organization_id,
			.verb = "delegation.end",
			.object = row->id,
			.before =
				pv_audit_pack(mem, "{s:I}", "until", (json_int_t)row->until_at_us),
			.after = pv_audit_pack(mem, "{s:I}", "until",
				(json_int_t)(begun ? now_us : row->from_at_us))},
		error);
}

enum pv_status pv_desk_delegation_end(
	struct pv_desk *desk, const struct pv_actor *actor, const char *id, struct pv_error *error)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_delegation_row row;
	struct pv_turn turn;
	bool ended = false;
	enum pv_status status = pv_turn_begin(&turn, desk, error);
	if (status != PV_OK)
		return status;
	status = pv_delegation_find(desk->db, scope, id, &row, error);
	if (status == PV_OK)
		status = end(desk, scope, actor, &row, &ended, error);
	status = pv_turn_end(&turn, status, error);
	if (status == PV_OK && ended)
		pv_desk_changed(desk, "delegation", row.organization_id, row.id);
	return status;
}
