/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A version checked and adopted, and what is kept beside the policy for that: guarantees, which hold
 * of every version that is adopted, and example posts with the verdict that is expected.
 *
 *	struct pv_policy_check check;
 *	if (pv_desk_policy_adopt(desk, mem, actor, id, PV_TIME_NONE, &row, &check, error)
 *			== PV_REFUSED)
 *		… check.json: which guarantees and which cases …
 */
#ifndef PV_DESK_POLICY_LIFE_H
#define PV_DESK_POLICY_LIFE_H

#include "desk/policies.h"
#include "store/guarantee.h"
#include "store/policy_case.h"

enum {
	PV_GUARANTEES_KEPT_MAX = 100, /* of one organisation */
	PV_GUARANTEE_TEXT_MAX = 2000, /* bytes */
	PV_CASES_MAX = 1000,          /* of one organisation */
	PV_CASES_BYTES_MAX = 1 << 20, /* of all of them */
};

/* What a check came to. */
struct pv_policy_check {
	/*
	 * JSON: {"digest","basis","checked_at","passes","problems":[{line,column,message}],
	 * "guarantees":[{id,text,note,holds,words,witness}],
	 * "cases":[{id,title,expected,got,passes,explanation}],"analysis":{…}|null}.
	 * "basis" is of the text with the guarantees and cases it was held against.
	 */
	const char *json;
	bool passes;
	size_t n_problems, n_broken, n_failing; /* of the text; guarantees; cases */
	bool replay_due; /* of adopting: it is to be replayed first (replay.h) */
};

/*
 * Checks a version and keeps the answer with it; all good, an open one is "checked". Whatever the
 * answer, PV_OK. PV_CONFLICT when it was changed meanwhile, or is not open. PV_MAY_GOVERN.
 */
enum pv_status pv_desk_policy_run_check(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *policy_id, struct pv_policy_row *out,
	struct pv_policy_check *out_check, struct pv_error *error);

/* Does the check that is kept still speak of what is there (row.checked)? */
enum pv_status pv_desk_policy_check_is_current(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_policy_row *row, bool *out, struct pv_error *error);

/*
 * Adopts an open version, from now (PV_TIME_NONE) or from a later instant; what is sent is judged by
 * the version in force at that moment, and what is planned is judged again. It is checked first,
 * unless it was and nothing changed since: PV_REFUSED, and nothing adopted, when a guarantee is
 * broken or a case fails; `*out_check` is then written as well. PV_INVALID for a text with problems,
 * PV_CONFLICT when it is not open, or was not replayed as it stands though there are past posts
 * (`out_check->replay_due`). PV_MAY_GOVERN. Tells "policy".
 */
enum pv_status pv_desk_policy_adopt(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *policy_id, int64_t effective_at_us,
	struct pv_policy_row *out, struct pv_policy_check *out_check, struct pv_error *error);

/* ---- guarantees.c ------------------------------------------------------------------------------ */

/* PV_MAY_READ; the oldest first. */
enum pv_status pv_desk_guarantee_list(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *organization_id, struct pv_guarantee_row **out,
	size_t *out_n, struct pv_error *error);
/*
 * One question, read against the newest version that can be read. PV_INVALID at /text with the
 * column in words; PV_CONFLICT when there is no such version yet, or when a version that was adopted
 * for later would not keep it: nothing that breaks a guarantee comes into force. *out_in_force:
 * "holds" or "broken" by the version in force, whose turn comes with the next one; "none" when there
 * is none. PV_MAY_GOVERN.
 */
enum pv_status pv_desk_guarantee_add(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *organization_id, const char *text,
	const char *note, struct pv_guarantee_row *out, const char **out_in_force,
	struct pv_error *error);
/* PV_MAY_GOVERN. */
enum pv_status pv_desk_guarantee_remove(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id, struct pv_error *error);

/* ---- policy_cases.c ---------------------------------------------------------------------------- */

/* A complaint about a text of cases, as of a policy's text. */
struct pv_case_problems {
	struct pv_policy_problem *items;
	size_t n;
};

/* PV_MAY_GOVERN: a case may hold entries of registers. */
enum pv_status pv_desk_cases_list(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *organization_id, struct pv_policy_case_row **out,
	size_t *out_n, struct pv_error *error);
/*
 * JSON Lines instead of those that are there: each a case with an id of its own and an "expect" with
 * a verdict. PV_INVALID with every line's first problem in `*out_problems`. PV_MAY_GOVERN.
 */
enum pv_status pv_desk_cases_replace(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *organization_id, const char *text, size_t size,
	struct pv_case_problems *out_problems, struct pv_error *error);
/*
 * One more, from a post as it stands: {"variant","title"?,"expect":{"verdict",…}}; what it is judged
 * by comes along. PV_MAY_GOVERN.
 */
enum pv_status pv_desk_cases_add(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *organization_id, const json_t *form,
	struct pv_policy_case_row *out, struct pv_error *error);

#endif
