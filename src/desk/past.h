/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Inside the desk: what a policy's quotas and mixes ask of the past, from what is counted. A window
 * is read once for however many rules and judgements ask for it, and is noted in the shape of a
 * case's "past", so that the case can be judged again without the desk.
 *
 *	struct pv_past *past = pv_past_open(mem, desk, &row);
 *	c->source = pv_past_source(past);
 *	… pv_judge …
 *	json_object_set_new(json, "past", pv_past_windows(past));
 */
#ifndef PV_DESK_PAST_H
#define PV_DESK_PAST_H

#include "desk/desk.h"
#include "policy/case.h"
#include "store/variant.h"

#include <jansson.h>

struct pv_past;

/* Of a variant, itself not counted; below `mem`. NULL when memory is out. */
struct pv_past *pv_past_open(
	TALLOC_CTX *mem, struct pv_desk *desk, const struct pv_variant_row *row);
const struct pv_history_source *pv_past_source(struct pv_past *past);
/* Every window that was asked for so far, a new reference. */
json_t *pv_past_windows(const struct pv_past *past);

#endif
