/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Question 2: who says yes and no of one post, who sets aside whom in a circle, or what is firm. */
#include "policy/analysis/question.h"

#include "base/mem.h"

struct clashing {
	struct pv_asking *asking;
	size_t one, other;
	const uint64_t *circle; /* rules that set each other aside, in a circle or several */
	struct pv_witness witness;
};

/* Both apply and neither is set aside; a firm refusal is meant to stand above every permission. */
static enum pv_tri both_speak(const struct pv_search *search, void *state, struct pv_pick *pick)
{
	static const struct pv_world alone;
	const struct clashing *clashing = state;
	struct pv_pick next;
	enum pv_tri is = pv_rule_lives(search, 0, &alone, clashing->one, pick);
	if (is == PV_NO)
		return PV_NO;
	return pv_also(is, pick, pv_rule_lives(search, 0, &alone, clashing->other, &next), &next);
}

static bool in_ids(const struct pv_rule_ids *ids, const char *id)
{
	for (size_t i = 0; i < ids->n; i++)
		if (strcmp(ids->items[i], id) == 0)
			return true;
	return false;
}

static const struct pv_judgement *judged(
	TALLOC_CTX *mem, const struct pv_search *search, struct clashing *clashing)
{
	struct pv_asking *asking = clashing->asking;
	static const struct pv_wanted wanted;
	struct pv_built built;
	if (!pv_build(mem, search, 0, &wanted, &built) || built.changed ||
		!pv_witness_of(asking->mem, asking->policy, &built.c, &clashing->witness))
		return NULL;
	return pv_judged(mem, asking->policy, &built.c);
}

static bool make_refused(const struct pv_search *search, void *state)
{
	struct clashing *clashing = state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(clashing->asking->scratch);
	const struct pv_judgement *judgement = scope ? judged(scope, search, clashing) : NULL;
	return judgement && judgement->verdict == PV_VERDICT_REFUSE &&
	       in_ids(&judgement->decided_by, clashing->asking->policy->rules[clashing->other].id);
}

/* Each refusal once, with all the permissions it meets and the smallest such post. */
static void look_at_refusal(struct pv_asking *asking, size_t refusal)
{
	const struct pv_policy *policy = asking->policy;
	struct pv_witness smallest = {0};
	pv_rule_bits allowing = {0}, both = {0};
	int cost = 0;
	for (size_t i = 0; i < policy->n_rules; i++) {
		if (!pv_bit(policy->categories, i) || policy->rules[i].then != PV_VERDICT_ALLOW)
			continue;
		struct clashing clashing = {.asking = asking, .one = i, .other = refusal};
		enum pv_found found = pv_seek(asking, both_speak, make_refused, &clashing);
		if (!pv_seek_yes(asking, found))
			continue;
		pv_bit_set(allowing, i);
		if (!smallest.json || asking->search.best_cost < cost) {
			smallest = clashing.witness;
			cost = asking->search.best_cost;
		}
	}
	if (!smallest.json)
		return;
	memcpy(both, allowing, sizeof both);
	pv_bit_set(both, refusal);
	pv_say_rule(&asking->say, policy, refusal);
	pv_say(&asking->say, " refuse des publications que permet ",
		" refuses posts that are allowed by ");
	pv_say_rule_ids(&asking->say, policy, allowing);
	pv_say(&asking->say, "; aucune ne nomme l'autre, et le refus l'emporte.",
		"; neither names the other, and the refusal prevails.");
	struct pv_analysis_finding *finding =
		pv_tell_bits(asking, "allow_and_refuse", PV_SEVERITY_REMARK, both);
	if (finding)
		finding->witness = smallest;
}

/* ---- circles -------------------------------------------------------------------------------------- */

/* Which rules each one sets aside, itself or through others. */
static void close_over(const struct pv_policy *policy, pv_rule_bits *reach)
{
	for (size_t i = 0; i < policy->n_rules; i++)
		if (policy->rules[i].overrides)
			memcpy(reach[i], policy->rules[i].overrides, sizeof reach[i]);
	for (size_t k = 0; k < policy->n_rules; k++)
		for (size_t i = 0; i < policy->n_rules; i++)
			for (size_t w = 0; pv_bit(reach[i], k) && w < policy->rule_words; w++)
				reach[i][w] |= reach[k][w];
}

/* Leaves of the set only the rules that set aside another of it, and so on: what is in circles. */
static bool has_circle(const struct pv_policy *policy, uint64_t *set)
{
	for (bool fewer = true; fewer;) {
		fewer = false;
		for (size_t i = 0; i < policy->n_rules; i++) {
			bool more = false;
			for (size_t w = 0; pv_bit(set, i) && policy->rules[i].overrides &&
					   w < policy->rule_words;
				w++)
				more |= (policy->rules[i].overrides[w] & set[w]) != 0;
			if (!pv_bit(set, i) || more)
				continue;
			set[i / 64] &= ~(UINT64_C(1) << (i % 64));
			fewer = true;
		}
	}
	return pv_bits_count(set, policy->rule_words) > 0;
}

static enum pv_tri circle_applies(const struct pv_search *search, void *state, struct pv_pick *pick)
{
	const struct clashing *clashing = state;
	const struct pv_policy *policy = clashing->asking->policy;
	const struct pv_copy *copy = &search->copy[0];
	pv_rule_bits sure = {0}, may = {0};
	for (size_t w = 0; w < policy->rule_words; w++) {
		sure[w] = copy->holds[w] & clashing->circle[w];
		may[w] = copy->may_hold[w] & clashing->circle[w];
	}
	if (has_circle(policy, sure))
		return PV_YES;
	if (!has_circle(policy, may))
		return PV_NO;
	for (size_t i = 0; i < policy->n_rules; i++)
		if (pv_bit(may, i) && copy->form[i] == PV_OPEN) {
			pv_pick_form(search, 0, (uint32_t)i, pick);
			return PV_OPEN;
		}
	return PV_NO;
}

static bool make_circle(const struct pv_search *search, void *state)
{
	struct clashing *clashing = state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(clashing->asking->scratch);
	return scope && judged(scope, search, clashing);
}

static void tell_circle(struct pv_asking *asking, const uint64_t *circle)
{
	struct clashing clashing = {.asking = asking, .circle = circle};
	bool found = pv_seek_yes(asking, pv_seek(asking, circle_applies, make_circle, &clashing));
	pv_say(&asking->say, "Les règles ", "The rules ");
	pv_say_rule_ids(&asking->say, asking->policy, circle);
	if (found)
		pv_say(&asking->say,
			" s'écartent en cercle\u00a0: où elles se rencontrent, aucune ne parle.",
			" set each other aside in a circle: where they meet, none of them speaks.");
	else
		pv_say(&asking->say,
			" s'écartent en cercle, mais aucune publication ne les réunit.",
			" set each other aside in a circle, but no post brings them together.");
	struct pv_analysis_finding *finding = pv_tell_bits(asking, "override_circle",
		found ? PV_SEVERITY_PROBLEM : PV_SEVERITY_REMARK, circle);
	if (finding && found)
		finding->witness = clashing.witness;
}

static void look_for_circles(struct pv_asking *asking)
{
	const struct pv_policy *policy = asking->policy;
	pv_rule_bits told = {0};
	pv_rule_bits *reach = (pv_rule_bits *)talloc_zero_array(
		asking->scratch, uint64_t, PV_RULE_WORDS * (policy->n_rules + 1));
	if (!reach) {
		asking->arena.failed = true;
		return;
	}
	close_over(policy, reach);
	for (size_t i = 0; i < policy->n_rules; i++) {
		pv_rule_bits circle = {0};
		if (!pv_bit(reach[i], i) || pv_bit(told, i))
			continue;
		for (size_t k = 0; k < policy->n_rules; k++)
			if (pv_bit(reach[i], k) && pv_bit(reach[k], i)) {
				pv_bit_set(circle, k);
				pv_bit_set(told, k);
			}
		tell_circle(asking, circle);
	}
	talloc_free(reach);
}

/* ---- firm rules ----------------------------------------------------------------------------------- */

static void look_at_aims(
	struct pv_asking *asking, const char *id, const struct pv_strs *aims, bool exception)
{
	const struct pv_policy *policy = asking->policy;
	for (size_t i = 0; i < aims->n; i++) {
		size_t rule = pv_policy_rule(policy, aims->items[i]);
		if (rule == policy->n_rules || !policy->rules[rule].firm)
			continue;
		if (exception)
			pv_say(&asking->say, "La dérogation ", "The exception ");
		else
			pv_say(&asking->say, "La règle ", "The rule ");
		pv_say_id(&asking->say, id);
		pv_say(&asking->say, " veut écarter ", " would set aside ");
		pv_say_id(&asking->say, policy->rules[rule].id);
		pv_say(&asking->say, ", qui est ferme\u00a0: rien ne l'écarte.",
			", which is firm: nothing sets it aside.");
		pv_tell_of(asking, "aimed_at_firm", PV_SEVERITY_PROBLEM, id);
	}
}

void pv_question_contradictions(struct pv_asking *asking)
{
	const struct pv_policy *policy = asking->policy;
	look_for_circles(asking);
	for (size_t i = 0; i < policy->n_rules; i++)
		look_at_aims(asking, policy->rules[i].id, &policy->rules[i].override_ids, false);
	for (size_t e = 0; e < policy->n_exceptions; e++)
		look_at_aims(
			asking, policy->exceptions[e].id, &policy->exceptions[e].lift_ids, true);
	for (size_t i = 0; i < policy->n_rules; i++)
		if (pv_bit(policy->categories, i) && !policy->rules[i].firm &&
			policy->rules[i].then == PV_VERDICT_REFUSE)
			look_at_refusal(asking, i);
}
