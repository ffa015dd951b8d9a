/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "policy/decide.h"

#include "policy/facts.h"

static bool rule_applies(const struct pv_rule *rule, const uint64_t *facts)
{
	if (!pv_condition_holds(&rule->when, facts))
		return false;
	for (size_t u = 0; u < rule->n_unless; u++)
		if (pv_condition_holds(&rule->unless[u], facts))
			return false;
	return true;
}

void pv_decide_applies(const struct pv_policy *policy, const uint64_t *facts, pv_rule_bits out)
{
	for (size_t w = 0; w < policy->rule_words; w++)
		out[w] = 0;
	for (size_t i = 0; i < policy->n_rules; i++)
		if (rule_applies(&policy->rules[i], facts))
			pv_bit_set(out, i);
}

static size_t next_bit(const uint64_t *bits, size_t words, size_t from)
{
	for (size_t w = from / 64; w < words; w++) {
		uint64_t rest = bits[w];
		if (w == from / 64)
			rest &= ~UINT64_C(0) << (from % 64);
		if (rest)
			return w * 64 + (size_t)__builtin_ctzll(rest);
	}
	return words * 64;
}

void pv_decide_lifts(const struct pv_policy *policy, const uint64_t *facts,
	const uint64_t *in_force, pv_rule_bits out)
{
	size_t words = policy->rule_words;
	for (size_t w = 0; w < words; w++)
		out[w] = 0;
	for (size_t e = 0; e < policy->n_exceptions; e++) {
		const struct pv_exception *exception = &policy->exceptions[e];
		if (!pv_bit(in_force, e) || !pv_condition_holds(&exception->when, facts))
			continue;
		for (size_t w = 0; w < words; w++)
			out[w] |= exception->lifts[w];
	}
}

/* What the rules that applied set aside. */
static void set_aside(const struct pv_policy *policy, const uint64_t *applies, uint64_t *over)
{
	size_t words = policy->rule_words;
	pv_rule_bits acting;
	for (size_t w = 0; w < words; w++) {
		over[w] = 0;
		acting[w] = applies[w] & policy->overriding[w];
	}
	for (size_t i = next_bit(acting, words, 0); i < words * 64;
		i = next_bit(acting, words, i + 1))
		for (size_t w = 0; w < words; w++)
			over[w] |= policy->rules[i].overrides[w];
}

void pv_decide(const struct pv_policy *policy, const struct pv_decide_input *input,
	struct pv_decision *out)
{
	size_t words = policy->rule_words;
	pv_rule_bits over, live, allowing;
	const uint64_t *lift = input->lifts;
	pv_rule_bits asking[PV_VERDICTS]; /* demands that stand, by verdict */
	uint64_t category_applied = 0;
	pv_decide_applies(policy, input->facts, out->applies);
	set_aside(policy, out->applies, over);
	uint64_t any[PV_VERDICTS] = {0};
	for (size_t w = 0; w < words; w++) {
		uint64_t applies = out->applies[w], categories = policy->categories[w];
		uint64_t speaks = applies & (categories | input->found[w]);
		category_applied |= applies & categories;
		out->overridden[w] = speaks & over[w];
		out->lifted[w] = speaks & lift[w] & ~over[w];
		live[w] = speaks & ~over[w] & ~lift[w];
		uint64_t approved =
			live[w] & policy->saying[PV_VERDICT_APPROVE][w] & input->approved[w];
		uint64_t said =
			applies & policy->disclosing[w] & ~input->found[w] & ~over[w] & ~lift[w];
		out->satisfied[w] = approved | said;
		allowing[w] =
			categories & ((live[w] & (policy->saying[PV_VERDICT_ALLOW][w] | approved)) |
					     out->lifted[w]);
		for (int v = 0; v < PV_VERDICTS; v++) {
			asking[v][w] = live[w] & policy->saying[v][w] & ~approved;
			any[v] |= asking[v][w];
		}
	}
	if (!category_applied) {
		size_t bit = policy->n_rules;
		bool met = policy->otherwise == PV_VERDICT_APPROVE && pv_bit(input->approved, bit);
		if (met)
			pv_bit_set(out->satisfied, bit);
		if (met || policy->otherwise == PV_VERDICT_ALLOW) {
			pv_bit_set(allowing, bit);
		} else {
			pv_bit_set(asking[policy->otherwise], bit);
			any[policy->otherwise] = 1;
		}
	}
	int verdict = PV_VERDICT_REFUSE;
	while (verdict > PV_VERDICT_ALLOW && !any[verdict])
		verdict--;
	out->verdict = (enum pv_verdict)verdict;
	for (size_t w = 0; w < words; w++) {
		out->allows[w] = allowing[w];
		out->decided_by[w] = verdict ? asking[verdict][w] : allowing[w];
		out->also[w] = 0;
		for (int v = PV_VERDICT_WARN; v < verdict; v++)
			out->also[w] |= asking[v][w];
	}
}
