/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The decision alone: which rules speak, what is set aside, what is met, and the strictest verdict
 * that remains. Everything is bits; nothing is allocated. pv_judge decides by this very function.
 *
 *	struct pv_decide_input input = {.facts = …, .found = …, .approved = …, .lifts = …};
 *	struct pv_decision decision;
 *	pv_decide(policy, &input, &decision);
 *
 * Rules are bits in the order of their ids; the bit behind the last rule is "default".
 */
#ifndef PV_POLICY_DECIDE_H
#define PV_POLICY_DECIDE_H

#include "policy/model.h"

struct pv_decide_input {
	const uint64_t *facts; /* the vector that conditions ask, policy->space.n_words */
	const uint64_t *found; /* rules (but categories) whose own test fires, as their kind says */
	const uint64_t *approved; /* rules, and default, with valid approvals enough */
	const uint64_t *lifts;    /* rules that exceptions lift, pv_decide_lifts */
};

struct pv_decision {
	enum pv_verdict verdict;
	pv_rule_bits applies; /* condition holds, whatever becomes of the rule */
	pv_rule_bits decided_by, also, satisfied, lifted, overridden;
	pv_rule_bits allows; /* categories that applied and ask nothing (any more) */
};

/* Rules whose `when` holds and whose `unless` does not; clears the bits first. */
void pv_decide_applies(const struct pv_policy *policy, const uint64_t *facts, pv_rule_bits out);

/*
 * What the exceptions that hold of these facts lift; `in_force`: those whose days hold now, one bit
 * each, in the order of this very policy's (a case's own exceptions are in a policy of its own).
 */
void pv_decide_lifts(const struct pv_policy *policy, const uint64_t *facts,
	const uint64_t *in_force, pv_rule_bits out);

void pv_decide(const struct pv_policy *policy, const struct pv_decide_input *input,
	struct pv_decision *out);

#endif
