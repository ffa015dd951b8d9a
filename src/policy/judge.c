/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "policy/trial.h"

static const char default_id[] = "default";

/* Approval demands that are met: rules that apply and say approve, and default. */
static void read_approved(struct pv_trial *trial, const uint64_t *applies, uint64_t *approved)
{
	const struct pv_policy *policy = trial->facts.policy;
	memset(approved, 0, sizeof(pv_rule_bits));
	if (trial->facts.c->n_approvals == 0)
		return;
	bool common = pv_approved(&trial->facts, &policy->approvals);
	for (size_t i = 0; i < policy->n_rules; i++) {
		const struct pv_rule *rule = &policy->rules[i];
		if (rule->then != PV_VERDICT_APPROVE || !pv_bit(applies, i))
			continue;
		if (rule->own_approvals ? pv_approved(&trial->facts, &rule->approvals) : common)
			pv_bit_set(approved, i);
	}
	if (common)
		pv_bit_set(approved, policy->n_rules);
}

/*
 * Whoever granted one beside the document has no hand in their own post, nor in one that leads to
 * what they are tied to: as with an approval, whatever the post said on the day it was granted.
 */
static bool granted_apart(struct pv_facts *facts, const struct pv_exception *exception)
{
	struct pv_str by = pv_str(exception->granted_by ? exception->granted_by : "");
	if (!exception->with_case)
		return true;
	if (pv_str_equal(by, facts->c->author))
		return false;
	const struct pv_case_person *person = pv_facts_person(facts, by);
	return !person || !pv_facts_shared_interest(facts, person);
}

static uint64_t *read_in_force(struct pv_trial *trial)
{
	const struct pv_policy *policy = trial->facts.policy;
	uint64_t *in_force =
		pv_arena_array(&trial->facts.arena, uint64_t, policy->n_exceptions / 64 + 1);
	int64_t now_us = trial->facts.c->at_us;
	for (size_t i = 0; in_force && i < policy->n_exceptions; i++)
		if (policy->exceptions[i].from_us <= now_us &&
			now_us < policy->exceptions[i].until_us &&
			granted_apart(&trial->facts, &policy->exceptions[i]))
			pv_bit_set(in_force, i);
	return in_force;
}

/* Runs the tests of these rules, and notes which fire. */
static enum pv_status find_each(
	struct pv_trial *trial, const uint64_t *rules, struct pv_error *error)
{
	const struct pv_policy *policy = trial->facts.policy;
	for (size_t w = 0; w < policy->rule_words; w++)
		for (uint64_t rest = rules[w]; rest; rest &= rest - 1) {
			size_t i = w * 64 + (size_t)__builtin_ctzll(rest);
			trial->findings[i] = (struct pv_finding){0};
			enum pv_status status = pv_find(
				&trial->facts, &policy->rules[i], &trial->findings[i], error);
			if (status != PV_OK)
				return status;
			if (trial->findings[i].fired)
				pv_bit_set(trial->found, i);
		}
	return PV_OK;
}

enum pv_status pv_trial_find(struct pv_trial *trial, struct pv_error *error)
{
	struct pv_facts *facts = &trial->facts;
	const struct pv_policy *policy = facts->policy;
	pv_rule_bits testing;
	pv_decide_applies(policy, facts->bits, trial->applies);
	memset(trial->found, 0, sizeof trial->found);
	trial->findings = pv_arena_array(&facts->arena, struct pv_finding, policy->n_rules);
	if (!trial->in_force)
		trial->in_force = read_in_force(trial);
	if (!trial->findings || !trial->in_force)
		return pv_fail_nomem(error);
	for (size_t w = 0; w < policy->rule_words; w++)
		testing[w] = trial->applies[w] & ~policy->categories[w] & ~policy->counting[w];
	enum pv_status status = find_each(trial, testing, error);
	if (status == PV_OK)
		read_approved(trial, trial->applies, trial->approved);
	pv_decide_lifts(policy, facts->bits, trial->in_force, trial->lifts);
	return status;
}

enum pv_status pv_trial_conclude(struct pv_trial *trial, struct pv_error *error)
{
	const struct pv_policy *policy = trial->facts.policy;
	pv_rule_bits counting;
	for (size_t w = 0; w < policy->rule_words; w++)
		counting[w] = trial->applies[w] & policy->counting[w];
	enum pv_status status = find_each(trial, counting, error);
	if (status != PV_OK)
		return status;
	struct pv_decide_input input = {.facts = trial->facts.bits,
		.found = trial->found,
		.approved = trial->approved,
		.lifts = trial->lifts};
	pv_decide(policy, &input, &trial->decision);
	return PV_OK;
}

enum pv_status pv_trial_decide(struct pv_trial *trial, struct pv_error *error)
{
	enum pv_status status = pv_trial_find(trial, error);
	return status == PV_OK ? pv_trial_conclude(trial, error) : status;
}

size_t pv_rule_bits_ids(const struct pv_policy *policy, const uint64_t *bits, const char **out)
{
	bool otherwise = pv_bit(bits, policy->n_rules);
	size_t n = 0;
	for (size_t i = 0; i < policy->n_rules; i++) {
		if (!pv_bit(bits, i))
			continue;
		if (otherwise && strcmp(default_id, policy->rules[i].id) < 0) {
			out[n++] = default_id;
			otherwise = false;
		}
		out[n++] = policy->rules[i].id;
	}
	if (otherwise)
		out[n++] = default_id;
	return n;
}

static bool list_ids(struct pv_trial *trial, const uint64_t *bits, struct pv_rule_ids *out)
{
	const struct pv_policy *policy = trial->facts.policy;
	size_t n = 0;
	for (size_t w = 0; w < policy->rule_words; w++)
		n += (size_t)__builtin_popcountll(bits[w]);
	*out = (struct pv_rule_ids){0};
	if (n == 0)
		return true;
	const char **items = pv_arena_array(&trial->facts.arena, const char *, n);
	if (!items)
		return false;
	*out = (struct pv_rule_ids){.items = items, .n = pv_rule_bits_ids(policy, bits, items)};
	return true;
}

/* Which exceptions set aside what is reported as lifted; those of one id once. */
static bool list_lifters(struct pv_trial *trial, struct pv_rule_ids *out)
{
	const struct pv_policy *policy = trial->facts.policy;
	const char **items =
		pv_arena_array(&trial->facts.arena, const char *, policy->n_exceptions);
	if (!items)
		return false;
	*out = (struct pv_rule_ids){.items = items};
	for (size_t e = 0; e < policy->n_exceptions; e++) {
		const struct pv_exception *exception = &policy->exceptions[e];
		uint64_t common = 0;
		for (size_t w = 0; w < policy->rule_words; w++)
			common |= exception->lifts[w] & trial->decision.lifted[w];
		if (common && pv_bit(trial->in_force, e) &&
			pv_condition_holds(&exception->when, trial->facts.bits) &&
			!(out->n && strcmp(items[out->n - 1], exception->id) == 0))
			items[out->n++] = exception->id;
	}
	return true;
}

static bool list_all(struct pv_trial *trial)
{
	const struct pv_decision *decision = &trial->decision;
	struct pv_judgement *out = trial->out;
	out->verdict = decision->verdict;
	return list_ids(trial, decision->decided_by, &out->decided_by) &&
	       list_ids(trial, decision->also, &out->also) &&
	       list_ids(trial, decision->satisfied, &out->satisfied) &&
	       list_ids(trial, decision->lifted, &out->lifted) &&
	       list_lifters(trial, &out->lifted_by) &&
	       list_ids(trial, decision->overridden, &out->overridden);
}

static bool note_countable(struct pv_trial *trial, struct pv_countable *out)
{
	const struct pv_facts *facts = &trial->facts;
	const char **topics = pv_arena_array(&trial->facts.arena, const char *, facts->n_topics);
	for (size_t i = 0; topics && i < facts->n_topics; i++)
		topics[i] = facts->topics[i].topic->id;
	*out = (struct pv_countable){
		.origin = facts->origin,
		.relation = facts->relation,
		.topics = topics,
		.n_topics = facts->n_topics,
	};
	return topics != NULL;
}

static enum pv_status judge_in(TALLOC_CTX *mem, const struct pv_policy *policy,
	const struct pv_case *c, struct pv_judgement **out, struct pv_error *error)
{
	struct pv_trial trial = {0};
	enum pv_status status = pv_facts_read(mem, policy, c, &trial.facts, error);
	if (status == PV_OK)
		status = pv_trial_decide(&trial, error);
	if (status != PV_OK)
		return status;
	trial.out = pv_arena_new(&trial.facts.arena, struct pv_judgement);
	if (!trial.out || !list_all(&trial) || !note_countable(&trial, &trial.out->countable) ||
		!pv_trial_remarks(&trial) || !pv_trial_remedies(&trial) ||
		!pv_trial_explain(&trial) || !pv_trial_clues(&trial))
		return pv_fail_nomem(error);
	*out = trial.out;
	return PV_OK;
}

static enum pv_status rule_in(TALLOC_CTX *mem, const struct pv_policy *policy,
	const struct pv_case *c, struct pv_ruling *out, struct pv_error *error)
{
	struct pv_trial trial = {0};
	struct pv_ruling ruling = {0};
	enum pv_status status = pv_facts_read(mem, policy, c, &trial.facts, error);
	if (status == PV_OK)
		status = pv_trial_decide(&trial, error);
	if (status != PV_OK)
		return status;
	ruling.verdict = trial.decision.verdict;
	if (!list_ids(&trial, trial.decision.decided_by, &ruling.decided_by) ||
		!note_countable(&trial, &ruling.countable))
		return pv_fail_nomem(error);
	*out = ruling;
	return PV_OK;
}

enum pv_status pv_judge(TALLOC_CTX *mem, const struct pv_policy *policy, const struct pv_case *c,
	struct pv_judgement **out, struct pv_error *error)
{
	TALLOC_CTX *own = talloc_new(mem);
	if (!own)
		return pv_fail_nomem(error);
	enum pv_status status = judge_in(own, policy, c, out, error);
	if (status != PV_OK)
		talloc_free(own);
	return status;
}

enum pv_status pv_judge_verdict(TALLOC_CTX *mem, const struct pv_policy *policy,
	const struct pv_case *c, struct pv_ruling *out, struct pv_error *error)
{
	TALLOC_CTX *own = talloc_new(mem);
	if (!own)
		return pv_fail_nomem(error);
	enum pv_status status = rule_in(own, policy, c, out, error);
	if (status != PV_OK)
		talloc_free(own);
	return status;
}

static enum pv_status ties_in(TALLOC_CTX *mem, const struct pv_policy *policy,
	const struct pv_case *c, bool **out, struct pv_error *error)
{
	struct pv_facts facts;
	size_t n = 0, at = 0;
	for (size_t p = 0; p < c->n_people; p++)
		n += c->people[p].n_interests;
	bool *met = talloc_zero_array(mem, bool, n ? n : 1);
	if (!met)
		return pv_fail_nomem(error);
	enum pv_status status = pv_facts_read(mem, policy, c, &facts, error);
	for (size_t p = 0; status == PV_OK && p < c->n_people; p++)
		for (size_t i = 0; i < c->people[p].n_interests; i++)
			met[at++] = pv_facts_meets(&facts, &c->people[p], i);
	if (status == PV_OK)
		*out = met;
	return status;
}

enum pv_status pv_case_ties_met(TALLOC_CTX *mem, const struct pv_policy *policy,
	const struct pv_case *c, bool **out, struct pv_error *error)
{
	TALLOC_CTX *own = talloc_new(mem);
	if (!own)
		return pv_fail_nomem(error);
	enum pv_status status = ties_in(own, policy, c, out, error);
	if (status != PV_OK)
		talloc_free(own);
	return status;
}
