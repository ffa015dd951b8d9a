/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "policy/tally.h"

#include "policy/facts.h"

static void describe(const struct pv_rule *rule, struct pv_tally *out)
{
	*out = (struct pv_tally){.rule = rule->id,
		.kind = pv_rule_kind_names[rule->kind],
		.label = rule->label,
		.min_posts = rule->min_posts};
	if (rule->kind == PV_RULE_QUOTA) {
		out->share = rule->at_most.share;
		out->at_most_top = rule->at_most.top;
		out->at_most_bottom = rule->at_most.bottom;
		out->at_most = rule->at_most.text;
		return;
	}
	out->by = pv_fact_names[rule->by];
	out->tolerance_top = rule->tolerance_top;
	out->tolerance_bottom = rule->tolerance_bottom;
	out->n_parts = rule->n_targets;
}

static bool begin(TALLOC_CTX *mem, const struct pv_rule *rule, struct pv_tally *out)
{
	describe(rule, out);
	struct pv_tally_part *parts =
		talloc_zero_array(mem, struct pv_tally_part, out->n_parts + 1);
	for (size_t i = 0; parts && i < out->n_parts; i++)
		parts[i] = (struct pv_tally_part){.value = rule->targets[i].value,
			.target_top = rule->targets[i].top,
			.target_bottom = rule->targets[i].bottom};
	out->parts = parts;
	return parts != NULL;
}

static bool applies(const struct pv_rule *rule, const uint64_t *bits)
{
	if (!pv_condition_holds(&rule->when, bits))
		return false;
	for (size_t i = 0; i < rule->n_unless; i++)
		if (pv_condition_holds(&rule->unless[i], bits))
			return false;
	return true;
}

static void count(const struct pv_policy *policy, const struct pv_rule *rule, const uint64_t *bits,
	int64_t times, struct pv_tally *tally)
{
	if (!applies(rule, bits))
		return;
	tally->total += times;
	if (rule->kind == PV_RULE_QUOTA) {
		tally->count += pv_condition_holds(&rule->count, bits) ? times : 0;
		return;
	}
	const struct pv_fact_slot *slot = &policy->space.slots[rule->by];

	for (size_t i = 0; i < rule->n_targets; i++) {
		size_t bit = rule->targets[i].bit;
		if (bits[slot->word + bit / 64] >> (bit % 64) & 1)
			tally->parts[i].count += times;
	}
}

static bool counts_the_past(const struct pv_rule *rule)
{
	return rule->kind == PV_RULE_QUOTA || rule->kind == PV_RULE_MIX;
}

enum pv_status pv_policy_tally(TALLOC_CTX *mem, const struct pv_policy *policy,
	const struct pv_tally_past *past, struct pv_tally **out, size_t *out_n,
	struct pv_error *error)
{
	const struct pv_case c = {.accounts = past->accounts, .n_accounts = past->n_accounts};
	const struct pv_facts facts = {.policy = policy, .c = &c};
	struct pv_tally *tallies = talloc_zero_array(mem, struct pv_tally, policy->n_rules + 1);
	uint64_t *bits = talloc_zero_array(mem, uint64_t, policy->space.n_words + 1);
	size_t n = 0;
	for (size_t i = 0; tallies && i < policy->n_rules; i++)
		if (counts_the_past(&policy->rules[i]) &&
			!begin(tallies, &policy->rules[i], &tallies[n++]))
			return pv_fail_nomem(error);
	if (!tallies || !bits)
		return pv_fail_nomem(error);
	for (size_t e = 0; e < past->n_entries; e++) {
		const struct pv_history_entry *entry = &past->entries[e];
		if (entry->kind == PV_REPLY && !entry->pinned)
			continue;
		pv_facts_of_entry(&facts, entry, bits);
		for (size_t i = 0, t = 0; i < policy->n_rules; i++)
			if (counts_the_past(&policy->rules[i]))
				count(policy, &policy->rules[i], bits,
					entry->times ? entry->times : 1, &tallies[t++]);
	}
	talloc_free(bits);
	*out = tallies;
	*out_n = n;
	return PV_OK;
}
