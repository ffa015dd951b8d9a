/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A verb's writing transaction, read straight down:
 *
 *	struct pv_turn turn;
 *	enum pv_status status = pv_turn_begin(&turn, desk, error);
 *	if (status == PV_OK)
 *		status = …writes…
 *	if (status == PV_OK)
 *		status = pv_desk_audit(desk, actor, &note, error);
 *	return pv_turn_end(&turn, status, error);
 *
 * Inside another turn it joins it: only the outer one commits. Passwords are hashed and policies
 * parsed before a turn, never in it: everybody else waits for the pen.
 */
#ifndef PV_DESK_TURN_H
#define PV_DESK_TURN_H

#include "desk/desk.h"

struct pv_turn {
	struct pv_desk *desk;
	bool outer;
};

enum pv_status pv_turn_begin(struct pv_turn *turn, struct pv_desk *desk, struct pv_error *error);
/* Commits when `status` is PV_OK, else rolls back; answers what came of it. */
enum pv_status pv_turn_end(struct pv_turn *turn, enum pv_status status, struct pv_error *error);

#endif
