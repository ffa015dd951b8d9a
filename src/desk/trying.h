/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A case against a policy's text that is still being written. Pure: nothing is read from the desk
 * but its clock, and nothing is kept. The past is what the case itself tells (`history`).
 *
 *	struct pv_trying tried;
 *	if (pv_desk_try(desk, mem, text, case_json, &tried, error) == PV_OK && tried.result)
 *		… tried.result is the API's Judgement …
 */
#ifndef PV_DESK_TRYING_H
#define PV_DESK_TRYING_H

#include "desk/desk.h"
#include "policy/document.h"

#include <jansson.h>

struct pv_trying {
	struct pv_policy_problems problems; /* of the text */
	const char *result; /* JSON; NULL when the text cannot judge for its problems */
};

/*
 * PV_INVALID with a field: the case ("/case"). A text with problems is PV_OK: a draft is full of
 * them. An account that neither knows is PV_INVALID at "/case/account".
 */
enum pv_status pv_desk_try(struct pv_desk *desk, TALLOC_CTX *mem, const char *text,
	const json_t *given, struct pv_trying *out, struct pv_error *error);

#endif
