/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Organisations: made, changed, paused.
 *
 *	PV_JSON json_t *form = json_pack("{s:s}", "name", "Coop du Faubourg");
 *	struct pv_organization_row coop;
 *	if (pv_desk_organization_add(desk, mem, &actor, form, &coop, error) != PV_OK) …
 */
#ifndef PV_DESK_ORGANIZATIONS_H
#define PV_DESK_ORGANIZATIONS_H

#include "base/json.h"
#include "desk/roles.h"
#include "store/membership.h"

enum {
	PV_NAME_MAX = 200,          /* bytes of a name of anything */
	PV_SLUG_MAX = 60,           /* letters, digits and hyphens */
	PV_WHY_MAX = 1000,          /* bytes of a reason given in words */
	PV_ABOUT_MAX = 2000,        /* bytes of a journal's presentation, in each language */
	PV_ORGANIZATIONS_MAX = 500, /* of one person */
};

/* The colours of organisations, ended by NULL; "none" (one's own space) is not among them. */
extern const char *const pv_organization_colours[];

/* Those the actor belongs to, with role and policy roles, by name, their own space last. */
enum pv_status pv_desk_organization_list(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, struct pv_seat_row **out, size_t *out_n,
	struct pv_error *error);

/* By id or by slug. PV_MAY_READ. */
enum pv_status pv_desk_organization_find(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id_or_slug, struct pv_organization_row *out,
	struct pv_error *error);

/*
 * {name, slug?, timezone?, language?, colour?}: the actor becomes its owner (the desk itself makes
 * one without people). Its journal account is not made here: accounts.h.
 * Who: the desk's first owner, an owner of another organisation, or the desk.
 */
enum pv_status pv_desk_organization_add(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const json_t *form, struct pv_organization_row *out,
	struct pv_error *error);

/*
 * {version?, name?, colour?, timezone?, language?, journal?:{open?, comments?, policy_public?,
 * about?:{fr?, en?}}, switches?:[…]}: what is absent stays. PV_MAY_GOVERN; switches alone ask only
 * PV_MAY_PAUSE. PV_CONFLICT when `version` is given and older.
 */
enum pv_status pv_desk_organization_change(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id_or_slug, const json_t *form,
	struct pv_organization_row *out, struct pv_error *error);

/*
 * Nothing of this organisation goes out from the commit on, whatever was scheduled; `why` is asked
 * for. Pausing what is paused changes the reason; resuming what is not paused is PV_OK.
 * PV_MAY_PAUSE. Tells "pause".
 */
enum pv_status pv_desk_organization_pause(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id_or_slug, const char *why,
	struct pv_organization_row *out, struct pv_error *error);
enum pv_status pv_desk_organization_resume(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id_or_slug, struct pv_organization_row *out,
	struct pv_error *error);

/* What a visitor without a session may know of it, for /j/{slug}; PV_NOT_FOUND when not open. */
enum pv_status pv_desk_organization_public(struct pv_desk *desk, TALLOC_CTX *mem, const char *slug,
	struct pv_organization_row *out, struct pv_error *error);

#endif
