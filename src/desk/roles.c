/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "desk/roles.h"
#include "store/membership.h"

#include <string.h>

#define CAN(power) (1u << PV_MAY_##power)

static const struct {
	const char *name;
	unsigned powers;
} roles[] = {
	[PV_ROLE_NONE] = {"none", 0},
	[PV_ROLE_READER] = {"reader", CAN(READ)},
	[PV_ROLE_ANALYST] = {"analyst", CAN(READ) | CAN(ANALYSE)},
	[PV_ROLE_REVIEWER] = {"reviewer", CAN(READ) | CAN(ANALYSE) | CAN(REVIEW) | CAN(PAUSE)},
	[PV_ROLE_EDITOR] = {"editor",
		CAN(READ) | CAN(ANALYSE) | CAN(REVIEW) | CAN(PAUSE) | CAN(WRITE)},
	[PV_ROLE_OWNER] = {"owner",
		CAN(READ) | CAN(ANALYSE) | CAN(REVIEW) | CAN(PAUSE) | CAN(WRITE) | CAN(GOVERN)},
};

/* What a token that may only read keeps of any role. */
enum { READING = 1u << PV_MAY_READ | 1u << PV_MAY_ANALYSE };

/* What is said to who may not. */
static const struct pv_words denials[] = {
	[PV_MAY_READ] = {"Votre rôle ne permet pas de lire ce qui concerne cette organisation.",
		"Your role does not allow you to read about this organisation."},
	[PV_MAY_ANALYSE] = {"Votre rôle ne permet pas de voir les chiffres de cette organisation.",
		"Your role does not allow you to see this organisation's figures."},
	[PV_MAY_REVIEW] = {"Votre rôle ne permet pas d'approuver pour cette organisation.",
		"Your role does not allow you to approve for this organisation."},
	[PV_MAY_WRITE] = {"Votre rôle ne permet pas d'écrire pour cette organisation.",
		"Your role does not allow you to write for this organisation."},
	[PV_MAY_PAUSE] = {"Votre rôle ne permet pas de suspendre les envois de cette organisation.",
		"Your role does not allow you to pause what this organisation sends."},
	[PV_MAY_GOVERN] = {"Cela revient aux responsables de cette organisation.",
		"That is for the owners of this organisation."},
};

const char *pv_role_name(enum pv_role role)
{
	return roles[role].name;
}

bool pv_role_parse(const char *name, enum pv_role *out)
{
	for (enum pv_role role = PV_ROLE_READER; name && role <= PV_ROLE_OWNER; role++)
		if (strcmp(roles[role].name, name) == 0) {
			*out = role;
			return true;
		}
	return false;
}

bool pv_role_has(enum pv_role role, enum pv_power power)
{
	return roles[role].powers >> power & 1;
}

enum pv_status pv_desk_role(struct pv_desk *desk, const struct pv_actor *actor,
	const char *organization_id, enum pv_role *out, struct pv_error *error)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_membership_row row;
	if (actor->is_desk) {
		*out = PV_ROLE_OWNER;
		return PV_OK;
	}
	enum pv_status status = PV_NOT_FOUND;
	struct pv_error found = PV_ERROR_IN(error ? error->mem : scope);
	if (actor->person_id && organization_id)
		status = pv_membership_find(
			desk->db, scope, organization_id, actor->person_id, &row, &found);
	if (status == PV_NOT_FOUND) {
		*out = PV_ROLE_NONE;
		return PV_OK;
	}
	if (status != PV_OK) {
		if (error)
			*error = found;
		return status;
	}
	if (!pv_role_parse(row.role, out))
		*out = PV_ROLE_NONE;
	return PV_OK;
}

enum pv_status pv_desk_may(struct pv_desk *desk, const struct pv_actor *actor,
	const char *organization_id, enum pv_power power, struct pv_error *error)
{
	enum pv_role role = PV_ROLE_NONE;
	enum pv_status status = pv_desk_role(desk, actor, organization_id, &role, error);
	if (status != PV_OK)
		return status;
	if (role == PV_ROLE_NONE)
		return pv_fail(error, PV_NOT_FOUND, "Il n'y a pas cela ici.",
			"There is no such thing here.");
	if (!actor->may_write && !(READING >> power & 1))
		return pv_fail(error, PV_DENIED, "Ce jeton ne permet que de lire.",
			"This token allows reading only.");
	if (!pv_role_has(role, power))
		return pv_fail(error, PV_DENIED, denials[power].fr, denials[power].en, "");
	return PV_OK;
}
