/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Shared by invitations, the setup and the command; each call is inside a turn. */
#ifndef PV_DESK_PEOPLE_MAKE_H
#define PV_DESK_PEOPLE_MAKE_H

#include "desk/people.h"
#include "store/token.h"

/*
 * Inserts a person (name, login, language, password, and slug when `strict_slug`) with their own
 * space and their seat in it; the row's other members are filled. PV_CONFLICT: the login exists.
 */
enum pv_status pv_desk_person_insert(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, struct pv_person_row *person, bool strict_slug,
	const char *timezone, struct pv_error *error);

/* A fresh link; older ones end. */
enum pv_status pv_desk_invitation_make(struct pv_desk *desk, TALLOC_CTX *mem, const char *person_id,
	const char **out_link, struct pv_error *error);

/* The hash does not leave the desk: "set", or NULL while invited. */
void pv_person_hide(struct pv_person_row *person);

#endif
