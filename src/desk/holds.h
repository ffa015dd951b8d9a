/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What is planned, judged again when something changed for all of it: a switch, an exception, the
 * policy. What is then not allowed at its time is held, and says why; when it is allowed again it
 * goes on by itself. The verb that changed something asks for it in its own transaction:
 *
 *	if (status == PV_OK)
 *		status = pv_desk_rejudge_ask(desk, organization_id, error);
 *
 * and the dispatcher, which its pv_desk_changed has woken, does it, the nearest post first, a few in
 * a transaction. Whatever happens meanwhile, the moment of sending asks once more (gate.c).
 *
 * A planned post, judged for its time, now or later:
 *	allowed, or with a warning         planned
 *	nothing but a switch says no       held by "switch", until that is off
 *	another person must approve        held by "review", and waits in review; approved, it goes on
 *	anything else                      held by "policy"
 * At its time, what is not allowed leaves the plan as at the gate: to review, or to its author; what
 * a switch holds, or a review that it waited for before, goes on waiting.
 */
#ifndef PV_DESK_HOLDS_H
#define PV_DESK_HOLDS_H

#include "desk/desk.h"

/* So many in a transaction at most, and so long. */
enum { PV_REJUDGE_BATCH = 64, PV_REJUDGE_PEN_MS = 40 };

/* Inside the transaction of what changed. */
enum pv_status pv_desk_rejudge_ask(
	struct pv_desk *desk, const char *organization_id, struct pv_error *error);

/*
 * One batch of what was asked for, or what the policy holds and whose time has come. *out_more:
 * call again. Takes no pen when there is nothing to do. The desk itself acts.
 */
enum pv_status pv_desk_rejudge(struct pv_desk *desk, bool *out_more, struct pv_error *error);

/* All of it: commands and tests, where no dispatcher runs. */
enum pv_status pv_desk_rejudge_all(struct pv_desk *desk, struct pv_error *error);

#endif
