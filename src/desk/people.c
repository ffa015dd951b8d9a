/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "desk/people.h"
#include "desk/audit.h"
#include "desk/check.h"
#include "desk/people_make.h"
#include "desk/turn.h"

#include "base/id.h"

#include <string.h>

/* ---- reading --------------------------------------------------------------------------------- */

enum pv_status pv_desk_people_list(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *organization_id, struct pv_member_row **out,
	size_t *out_n, struct pv_error *error)
{
	const char *id = NULL;
	enum pv_status status = pv_desk_organization_may(
		desk, mem, actor, organization_id, PV_MAY_READ, &id, error);
	if (status == PV_OK)
		status = pv_membership_people(desk->db, mem, id, out, out_n, error);
	for (size_t i = 0; status == PV_OK && i < *out_n; i++)
		pv_person_hide(&(*out)[i].person);
	return status;
}

/* Do they sit together somewhere? */
static enum pv_status acquainted(struct pv_desk *desk, const struct pv_actor *actor,
	const char *person_id, struct pv_error *error)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_seat_row *seats = NULL;
	size_t n = 0;
	if (actor->is_desk || (actor->person_id && strcmp(actor->person_id, person_id) == 0))
		return PV_OK;
	enum pv_status status = pv_membership_seats(desk->db, scope, person_id, &seats, &n, error);
	for (size_t i = 0; status == PV_OK && i < n; i++) {
		enum pv_role role = PV_ROLE_NONE;
		status = pv_desk_role(desk, actor, seats[i].organization.id, &role, error);
		if (status == PV_OK && role != PV_ROLE_NONE)
			return PV_OK;
	}
	if (status != PV_OK)
		return status;
	return pv_fail(error, PV_NOT_FOUND, "Il n'y a pas de personne de ce nom ici.",
		"There is no such person here.");
}

enum pv_status pv_desk_person_find(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id, struct pv_person_row *out,
	struct pv_error *error)
{
	struct pv_person_row row;
	enum pv_status status = pv_person_find(desk->db, mem, id, &row, error);
	if (status == PV_OK)
		status = acquainted(desk, actor, row.id, error);
	if (status != PV_OK)
		return status;
	pv_person_hide(&row);
	*out = row;
	return PV_OK;
}

/* ---- inviting -------------------------------------------------------------------------------- */

struct invite {
	const char *organization_id;
	const char *role, *policy_roles;
	struct pv_person_row person; /* as typed */
};

static enum pv_status read_invite(
	TALLOC_CTX *mem, const json_t *json, struct invite *out, struct pv_error *error)
{
	static const char *const known[] = {
		"name", "login", "role", "policy_roles", "language", "slug", NULL};
	struct pv_form form;
	pv_form_begin(&form, mem, json, known, error);
	out->role = pv_form_choice(&form, "role", pv_role_names, PV_FORM_NEEDED);
	out->policy_roles = pv_form_policy_roles(&form, "policy_roles");
	out->person = (struct pv_person_row){
		.name = pv_form_text(&form, "name", PV_NAME_MAX, PV_FORM_OPTIONAL),
		.login = pv_form_login(&form, "login", PV_FORM_NEEDED),
		.language = pv_form_choice(&form, "language", pv_languages, PV_FORM_OPTIONAL),
		.slug = pv_form_slug(&form, "slug", PV_FORM_OPTIONAL),
	};
	out->policy_roles = out->policy_roles ? out->policy_roles : "[]";
	return pv_form_status(&form);
}

/*
 * Whoever holds the link of a person who has not answered yet becomes that person, seats included:
 * the link is one organisation's, and until it is taken no other one seats them, nor makes another.
 */
static enum pv_status not_awaited_elsewhere(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct invite *invite, const struct pv_person_row *known, struct pv_error *error)
{
	struct pv_seat_row *seats = NULL;
	size_t n = 0;
	enum pv_status status = PV_OK;
	if (!known->password)
		status = pv_membership_seats(desk->db, mem, known->id, &seats, &n, error);
	for (size_t i = 0; status == PV_OK && i < n; i++)
		if (strcmp(seats[i].organization.kind, "person") != 0 &&
			strcmp(seats[i].organization.id, invite->organization_id) != 0)
			status = pv_fail(error, PV_CONFLICT,
				"Cette personne n'a pas encore répondu à l'invitation d'une autre "
				"organisation de ce bureau : invitez-la quand ce sera fait.",
				"This person has not answered another organisation's invitation to "
				"this desk yet: invite them once they have.");
	return status;
}

/* The person behind the login, made when nobody has it. */
static enum pv_status invited_person(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, struct invite *invite, struct pv_error *error)
{
	struct pv_person_row known;
	struct pv_error absent = PV_ERROR_IN(mem);
	enum pv_status status =
		pv_person_find_login(desk->db, mem, invite->person.login, &known, &absent);
	if (status == PV_OK) {
		invite->person = known;
		if (known.disabled_at_us == PV_TIME_NONE)
			return not_awaited_elsewhere(desk, mem, invite, &known, error);
		return pv_fail(error, PV_CONFLICT, "Cette personne n'a plus accès à ce bureau.",
			"This person has no access to this desk any more.");
	}
	if (status != PV_NOT_FOUND)
		return pv_fail(error, status, absent.words.fr, absent.words.en, "");
	if (!invite->person.name || !*invite->person.name)
		return pv_fail_field(
			error, "/name", "Ce champ est nécessaire.", "This field is needed.");
	if (!invite->person.language) {
		struct pv_organization_row organization;
		status = pv_organization_find(
			desk->db, mem, invite->organization_id, &organization, error);
		if (status != PV_OK)
			return status;
		invite->person.language = organization.language;
	}
	return pv_desk_person_insert(
		desk, mem, actor, &invite->person, invite->person.slug != NULL, NULL, error);
}

/* The seat: made, or brought up to date while the invitation waits. */
static enum pv_status invited_seat(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct invite *invite, struct pv_membership_row *out, struct pv_error *error)
{
	struct pv_membership_row seat;
	struct pv_error absent = PV_ERROR_IN(mem);
	enum pv_status status = pv_membership_find(
		desk->db, mem, invite->organization_id, invite->person.id, &seat, &absent);
	bool there = status == PV_OK;
	if (there && invite->person.password)
		return pv_fail(error, PV_CONFLICT, "Cette personne est déjà membre.",
			"This person is a member already.");
	if (!there && status != PV_NOT_FOUND)
		return pv_fail(error, status, absent.words.fr, absent.words.en, "");
	*out = (struct pv_membership_row){
		.organization_id = invite->organization_id,
		.person_id = invite->person.id,
		.role = invite->role,
		.policy_roles = invite->policy_roles,
		.created_at_us = pv_env_now_us(desk->env),
	};
	return there ? pv_membership_update(desk->db, out, error)
		     : pv_membership_insert(desk->db, out, error);
}

static enum pv_status do_invite(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_actor *actor,
	struct invite *invite, struct pv_member_row *out, const char **out_link,
	struct pv_error *error)
{
	enum pv_status status =
		pv_desk_may(desk, actor, invite->organization_id, PV_MAY_GOVERN, error);
	if (status == PV_OK)
		status = invited_person(desk, mem, actor, invite, error);
	if (status == PV_OK)
		status = invited_seat(desk, mem, invite, &out->membership, error);
	if (status == PV_OK && !invite->person.password)
		status = pv_desk_invitation_make(desk, mem, invite->person.id, out_link, error);
	if (status != PV_OK)
		return status;
	out->person = invite->person;
	const struct pv_audit_note note = {.organization_id = invite->organization_id,
		.verb = "member.invite",
		.object = invite->person.id,
		.after = pv_audit_pack(mem, "{s:s,s:s}", "role", invite->role, "policy_roles",
			invite->policy_roles)};
	return pv_desk_audit(desk, actor, &note, error);
}

/* One's own space stays one's own. */
static enum pv_status not_own_space(
	struct pv_desk *desk, TALLOC_CTX *mem, const char *organization_id, struct pv_error *error)
{
	struct pv_organization_row row;
	enum pv_status status = pv_organization_find(desk->db, mem, organization_id, &row, error);
	if (status == PV_OK && strcmp(row.kind, "person") == 0)
		return pv_fail(error, PV_CONFLICT,
			"L'espace d'une personne n'a qu'elle pour membre.",
			"A person's own space has them as its only member.");
	return status;
}

enum pv_status pv_desk_person_invite(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *organization_id, const json_t *json,
	struct pv_member_row *out, const char **out_link, struct pv_error *error)
{
	struct invite invite = {0};
	struct pv_member_row member;
	const char *link = NULL;
	struct pv_turn turn;
	/* Who may not know of the organisation learns nothing from its form. */
	enum pv_status status = pv_desk_organization_may(
		desk, mem, actor, organization_id, PV_MAY_GOVERN, &invite.organization_id, error);
	if (status == PV_OK)
		status = not_own_space(desk, mem, invite.organization_id, error);
	if (status == PV_OK)
		status = read_invite(mem, json, &invite, error);
	if (status == PV_OK)
		status = pv_turn_begin(&turn, desk, error);
	if (status != PV_OK)
		return status;
	status = do_invite(desk, mem, actor, &invite, &member, &link, error);
	status = pv_turn_end(&turn, status, error);
	if (status != PV_OK)
		return status;
	pv_person_hide(&member.person);
	*out = member;
	*out_link = link;
	pv_desk_changed(desk, "people", invite.organization_id, member.person.id);
	return PV_OK;
}

/* ---- members --------------------------------------------------------------------------------- */

/* Somebody must be left who can govern: an owner who can sign in. */
static enum pv_status owner_left(struct pv_desk *desk, const char *organization_id,
	const char *without_person_id, struct pv_error *error)
{
	int64_t others = 0;
	enum pv_status status = pv_membership_count_role(
		desk->db, organization_id, "owner", without_person_id, &others, error);
	if (status == PV_OK && others == 0)
		return pv_fail(error, PV_CONFLICT,
			"C'est la dernière personne responsable : nommez-en d'abord une autre.",
			"This is the last owner: name another one first.");
	return status;
}

static enum pv_status find_member(struct pv_desk *desk, TALLOC_CTX *mem,
	const char *organization_id, const char *person_id, struct pv_member_row *out,
	struct pv_error *error)
{
	enum pv_status status = pv_membership_find(
		desk->db, mem, organization_id, person_id, &out->membership, error);
	if (status == PV_NOT_FOUND)
		return pv_fail(error, PV_NOT_FOUND, "Cette personne n'est pas membre ici.",
			"This person is not a member here.");
	return status == PV_OK ? pv_person_find(desk->db, mem, person_id, &out->person, error)
			       : status;
}

static enum pv_status change_member(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const json_t *json, struct pv_member_row *row,
	struct pv_error *error)
{
	static const char *const known[] = {"role", "policy_roles", NULL};
	struct pv_membership_row *seat = &row->membership;
	const struct pv_membership_row was = *seat;
	struct pv_form form;
	pv_form_begin(&form, mem, json, known, error);
	const char *role = pv_form_choice(&form, "role", pv_role_names, PV_FORM_OPTIONAL);
	const char *policy_roles = pv_form_policy_roles(&form, "policy_roles");
	seat->role = role ? role : seat->role;
	seat->policy_roles = policy_roles ? policy_roles : seat->policy_roles;
	enum pv_status status = pv_form_status(&form);
	if (status == PV_OK && strcmp(was.role, "owner") == 0 && strcmp(seat->role, "owner") != 0)
		status = owner_left(desk, seat->organization_id, seat->person_id, error);
	if (status == PV_OK)
		status = pv_membership_update(desk->db, seat, error);
	if (status != PV_OK)
		return status;
	const struct pv_audit_note note = {.organization_id = seat->organization_id,
		.verb = "member.change",
		.object = seat->person_id,
		.before = pv_audit_pack(
			mem, "{s:s,s:s}", "role", was.role, "policy_roles", was.policy_roles),
		.after = pv_audit_pack(
			mem, "{s:s,s:s}", "role", seat->role, "policy_roles", seat->policy_roles)};
	return pv_desk_audit(desk, actor, &note, error);
}

enum pv_status pv_desk_member_change(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *organization_id, const char *person_id,
	const json_t *json, struct pv_member_row *out, struct pv_error *error)
{
	struct pv_member_row row;
	const char *id = NULL;
	struct pv_turn turn;
	enum pv_status status = pv_turn_begin(&turn, desk, error);
	if (status == PV_OK)
		status = pv_desk_organization_may(
			desk, mem, actor, organization_id, PV_MAY_GOVERN, &id, error);
	if (status == PV_OK)
		status = not_own_space(desk, mem, id, error);
	if (status == PV_OK)
		status = find_member(desk, mem, id, person_id, &row, error);
	if (status == PV_OK)
		status = change_member(desk, mem, actor, json, &row, error);
	status = pv_turn_end(&turn, status, error);
	if (status != PV_OK)
		return status;
	pv_person_hide(&row.person);
	*out = row;
	pv_desk_changed(desk, "people", id, person_id);
	return PV_OK;
}

static enum pv_status remove_member(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *organization_id, const char *person_id,
	struct pv_error *error)
{
	struct pv_member_row row;
	bool oneself = actor->person_id && strcmp(actor->person_id, person_id) == 0;
	enum pv_status status = pv_desk_may(
		desk, actor, organization_id, oneself ? PV_MAY_READ : PV_MAY_GOVERN, error);
	if (status == PV_OK && oneself && !actor->may_write)
		status = pv_fail(error, PV_DENIED, "Ce jeton ne permet que de lire.",
			"This token allows reading only.");
	if (status == PV_OK)
		status = not_own_space(desk, mem, organization_id, error);
	if (status == PV_OK)
		status = find_member(desk, mem, organization_id, person_id, &row, error);
	if (status == PV_OK && strcmp(row.membership.role, "owner") == 0)
		status = owner_left(desk, organization_id, person_id, error);
	if (status == PV_OK)
		status = pv_membership_delete(desk->db, organization_id, person_id, error);
	if (status != PV_OK)
		return status;
	const struct pv_audit_note note = {.organization_id = organization_id,
		.verb = "member.remove",
		.object = person_id,
		.before = pv_audit_pack(mem, "{s:s}", "role", row.membership.role)};
	return pv_desk_audit(desk, actor, &note, error);
}

enum pv_status pv_desk_member_remove(struct pv_desk *desk, const struct pv_actor *actor,
	const char *organization_id, const char *person_id, struct pv_error *error)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	const char *id = NULL;
	struct pv_turn turn;
	enum pv_status status = pv_turn_begin(&turn, desk, error);
	if (status == PV_OK)
		status = pv_desk_organization_id(desk, scope, organization_id, &id, error);
	if (status == PV_OK)
		status = remove_member(desk, scope, actor, id, person_id, error);
	status = pv_turn_end(&turn, status, error);
	if (status == PV_OK)
		pv_desk_changed(desk, "people", id, person_id);
	return status;
}
