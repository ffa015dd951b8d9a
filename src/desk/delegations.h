/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Standing in: while someone is away, another member approves with their policy roles as well as
 * with their own. What was approved meanwhile stays approved when they are back. Lending never
 * serves to approve one's own post, nor one whose interest one shares (policy/approvals.c).
 */
#ifndef PV_DESK_DELEGATIONS_H
#define PV_DESK_DELEGATIONS_H

#include "base/json.h"
#include "desk/roles.h"
#include "store/delegation.h"

enum {
	PV_DELEGATION_WHY_MAX = 300,
	PV_DELEGATION_DAYS_MAX = 400,
	PV_DELEGATIONS_MAX = 100, /* of one organisation, now and to come */
};

/* Those that are not over, the first to begin first. PV_MAY_READ. */
enum pv_status pv_desk_delegation_list(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *organization_id, struct pv_delegation_row **out,
	size_t *out_n, struct pv_error *error);

/*
 * {to, person?, from?, until, why?}: ids of members. Oneself (PV_MAY_REVIEW) or, for someone else
 * (`person`), an owner (PV_MAY_GOVERN). Who stands in must be able to review; who is away must have
 * roles of the policy to lend. `from` is now when left out. Tells "delegation".
 */
enum pv_status pv_desk_delegation_add(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *organization_id, const json_t *form,
	struct pv_delegation_row *out, struct pv_error *error);

/*
 * Back sooner: over from now on; withdrawn, as if it had never been, where it had not begun. One that
 * is over already stays as it is, which is no error and leaves no trace. Who is away, who stands in,
 * or an owner. Tells "delegation".
 */
enum pv_status pv_desk_delegation_end(
	struct pv_desk *desk, const struct pv_actor *actor, const char *id, struct pv_error *error);

#endif
