/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Exceptions that are granted outside of the document and come with the case. They act as if they
 * stood in it; the values that only they name (an account, a topic no rule speaks of) become facts
 * that can be told apart, without any rule meaning anything else than before.
 *
 *	if (pv_exception_check(policy, asked, error) != PV_OK)
 *		… error->problems: "/lifts/0", "There is no rule …" …
 */
#ifndef PV_POLICY_EXCEPTIONS_H
#define PV_POLICY_EXCEPTIONS_H

#include "policy/policy.h"

struct pv_arena;

/*
 * The policy as this case is judged by: `policy` itself when the case carries none, else one that
 * borrows from it and lives in the arena. False when memory is out.
 */
bool pv_policy_with_exceptions(struct pv_arena *arena, const struct pv_policy *policy,
	const struct pv_case *c, const struct pv_policy **out);

/*
 * Would this exception set anything of this policy aside? PV_INVALID with problems at the members
 * of its JSON shape: a rule that is not there, one that is firm, a condition under which the rule
 * never speaks.
 */
enum pv_status pv_exception_check(const struct pv_policy *policy,
	const struct pv_case_exception *exception, struct pv_error *error);

#endif
