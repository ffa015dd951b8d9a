/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Who may do what: one table of roles and powers, asked by every verb and nowhere else.
 *
 *	if (pv_desk_may(desk, actor, organization_id, PV_MAY_WRITE, error) != PV_OK)
 *		return error->status;
 */
#ifndef PV_DESK_ROLES_H
#define PV_DESK_ROLES_H

#include "desk/desk.h"

enum pv_role {
	PV_ROLE_NONE,
	PV_ROLE_READER,
	PV_ROLE_ANALYST,
	PV_ROLE_REVIEWER,
	PV_ROLE_EDITOR,
	PV_ROLE_OWNER
};

const char *pv_role_name(enum pv_role role);
bool pv_role_parse(const char *name, enum pv_role *out);

enum pv_power {
	PV_MAY_READ,    /* see posts, calendar, journal, policy, conversations: every member */
	PV_MAY_ANALYSE, /* readings, exports: analyst, reviewer, editor, owner */
	PV_MAY_REVIEW,  /* approve, send back: reviewer, editor, owner (the policy narrows it) */
	PV_MAY_WRITE,   /* posts, answers, feeds, moderation: editor, owner */
	PV_MAY_PAUSE,   /* stop what goes out: reviewer, editor, owner */
	PV_MAY_GOVERN,  /* policy, accounts, people, register of the organisation, journal: owner */
};

/* The actor's role there; PV_ROLE_NONE (and PV_OK) when there is no membership. */
enum pv_status pv_desk_role(struct pv_desk *desk, const struct pv_actor *actor,
	const char *organization_id, enum pv_role *out, struct pv_error *error);

/* PV_OK, PV_DENIED with words, or PV_NOT_FOUND when the actor is no member at all. */
enum pv_status pv_desk_may(struct pv_desk *desk, const struct pv_actor *actor,
	const char *organization_id, enum pv_power power, struct pv_error *error);

/* The table itself, for the test that walks it and for the page of people. */
bool pv_role_has(enum pv_role role, enum pv_power power);

#endif
