/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Question 10: can a quota's limit be met at all, are the first posts ever judged, and is there a way
 * of posting that keeps within two shares, or a mix, for good?
 */
#include "policy/analysis/question.h"

#include "base/mem.h"

static bool counts(const struct pv_rule *rule)
{
	return rule->kind == PV_RULE_QUOTA || rule->kind == PV_RULE_MIX;
}

static bool is_share(const struct pv_rule *rule)
{
	return rule->kind == PV_RULE_MIX || rule->at_most.share;
}

/* ---- limits that cannot be met --------------------------------------------------------------------- */

static void look_at_limit(struct pv_asking *asking, size_t index)
{
	const struct pv_rule *rule = &asking->policy->rules[index];
	struct pv_say *say = &asking->say;
	if (rule->kind != PV_RULE_QUOTA)
		return;
	if (!pv_history_can_match(&rule->count)) {
		pv_say_rule(say, asking->policy, index);
		pv_say(say,
			" compte un fait que le passé ne garde pas (langue, consentement, "
			"pertinence)\u00a0: aucune publication parue n'est comptée.",
			" counts a fact that the past does not keep (language, consent, "
			"relevance): no past post is counted.");
		pv_tell(asking, "past_never_counts", PV_SEVERITY_PROBLEM, &index, 1);
	} else if (rule->at_most.share && rule->at_most.top >= rule->at_most.bottom) {
		pv_say_rule(say, asking->policy, index);
		pv_say(say, " ne peut être dépassée\u00a0: sa part est le tout.",
			" cannot be exceeded: its share is the whole.");
		pv_tell(asking, "limit_never_exceeded", PV_SEVERITY_PROBLEM, &index, 1);
	}
	if (!rule->at_most.share && rule->min_posts > 0) {
		pv_say_rule(say, asking->policy, index);
		pv_say(say, " limite un nombre\u00a0: « min_posts » n'y change rien.",
			" limits a number: \"min_posts\" changes nothing in it.");
		pv_tell(asking, "min_posts_ignored", PV_SEVERITY_REMARK, &index, 1);
	}
}

/* ---- the first posts ------------------------------------------------------------------------------- */

struct first {
	struct pv_asking *asking;
	size_t rule;
	struct pv_witness witness;
};

static enum pv_tri counted(const struct pv_search *search, void *state, struct pv_pick *pick)
{
	const struct first *first = state;
	enum pv_tri is = pv_form_is(&search->copy[0], (uint32_t)first->rule);
	if (is == PV_OPEN)
		pv_pick_form(search, 0, (uint32_t)first->rule, pick);
	if (is != PV_YES)
		return is;
	is = pv_may_fire(search, 0, first->rule);
	if (is == PV_OPEN)
		pv_pick_fire(search, 0, first->rule, pick);
	return is;
}

/* The last of the posts that are not judged yet, all before it being like it. */
static bool make_first(const struct pv_search *search, void *state)
{
	struct first *first = state;
	struct pv_asking *asking = first->asking;
	const struct pv_rule *rule = &asking->policy->rules[first->rule];
	PV_SCOPE TALLOC_CTX *scope = pv_scope(asking->scratch);
	static const struct pv_wanted wanted;
	struct pv_built built;
	if (!scope || !pv_build(scope, search, 0, &wanted, &built) || built.changed)
		return false;
	if (rule->min_posts > 2) {
		built.history[0] = pv_like_this(&built, built.c.at_us);
		built.history[0].times = (uint32_t)(rule->min_posts - 2);
		built.c.history = built.history;
		built.c.n_history = 1;
	}
	const struct pv_judgement *judgement = pv_judged(scope, asking->policy, &built.c);
	bool said = !judgement;
	for (size_t i = 0; judgement && i < judgement->n_remarks; i++)
		said |= strcmp(judgement->remarks[i].rule, rule->id) == 0;
	return !said && pv_witness_of(asking->mem, asking->policy, &built.c, &first->witness);
}

static void look_at_first(struct pv_asking *asking, size_t index)
{
	const struct pv_rule *rule = &asking->policy->rules[index];
	struct first first = {.asking = asking, .rule = index};
	if (!is_share(rule) || rule->min_posts < 2 ||
		!pv_seek_yes(asking, pv_seek(asking, counted, make_first, &first)))
		return;
	pv_say_rule(&asking->say, asking->policy, index);
	pv_say(&asking->say, " ne juge pas les ", " does not judge the first ");
	pv_say_int(&asking->say, rule->min_posts - 1);
	pv_say(&asking->say,
		" premières publications de la période, fussent-elles toutes de cette sorte.",
		" posts of the period, even if all are of that sort.");
	struct pv_analysis_finding *finding =
		pv_tell(asking, "first_posts_unjudged", PV_SEVERITY_REMARK, &index, 1);
	if (finding) {
		finding->witness = first.witness;
		finding->count = rule->min_posts - 1;
	}
}

/* ---- ways of posting -------------------------------------------------------------------------------- */

/* A static post on one account that may appear, and that each rule blames or does not. */
struct kind_of_post {
	struct pv_asking *asking;
	size_t rules[2];
	enum pv_tri blamed[2]; /* PV_YES, PV_NO */
	size_t n;
};

static enum pv_tri is_counted(const struct pv_search *search, size_t rule, struct pv_pick *pick)
{
	pv_rule_bits fire = {0};
	pv_bit_set(fire, rule);
	const struct pv_world world = {.fire = fire};
	return pv_rule_lives(search, 0, &world, rule, pick);
}

static enum pv_tri may_appear(const struct pv_search *search, void *state, struct pv_pick *pick)
{
	static const struct pv_world approved = {.approved = true};
	const struct kind_of_post *kind = state;
	const uint32_t form = kind->asking->asked->form[0];
	enum pv_tri is = pv_form_is(&search->copy[0], form);
	if (is == PV_OPEN)
		pv_pick_form(search, 0, form, pick);
	struct pv_pick next;
	for (size_t i = 0; i < kind->n && is != PV_NO; i++) {
		enum pv_tri blamed = is_counted(search, kind->rules[i], &next);
		is = pv_also(is, pick,
			blamed == PV_OPEN           ? PV_OPEN
			: blamed == kind->blamed[i] ? PV_YES
						    : PV_NO,
			&next);
	}
	if (is == PV_NO)
		return PV_NO;
	return pv_also(is, pick,
		pv_verdict_at_most(search, 0, &approved, PV_VERDICT_APPROVE, &next), &next);
}

static bool make_kind(const struct pv_search *search, void *state)
{
	struct kind_of_post *kind = state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(kind->asking->scratch);
	static const struct pv_wanted wanted = {.approved = true};
	struct pv_built built;
	if (!scope || !pv_build(scope, search, 0, &wanted, &built) || built.changed)
		return false;
	const struct pv_judgement *judgement = pv_judged(scope, kind->asking->policy, &built.c);
	return judgement && judgement->verdict < PV_VERDICT_REFUSE;
}

static bool there_is(struct kind_of_post *kind, uint32_t account)
{
	struct pv_asking *asking = kind->asking;
	pv_search_reset(&asking->search);
	pv_search_fix(&asking->search, PV_VAR_ACCOUNT, account);
	return pv_seek_yes(asking, pv_search_any(&asking->search, may_appear, make_kind, kind));
}

static bool exists(struct pv_asking *asking, uint32_t account, size_t one, enum pv_tri blamed_one,
	size_t other, enum pv_tri blamed_other)
{
	struct kind_of_post kind = {.asking = asking,
		.rules = {one, other},
		.blamed = {blamed_one, blamed_other},
		.n = one == other ? 1 : 2};
	return there_is(&kind, account);
}

static void say_account(struct pv_asking *asking, uint32_t account)
{
	const struct pv_space *space = asking->space;
	uint32_t raw = space->vars[PV_VAR_ACCOUNT].values[account].raw;
	if (space->accounts[raw].named) {
		pv_say(&asking->say, " sur ", " on ");
		pv_say_same(&asking->say, space->accounts[raw].id);
	} else {
		pv_say(&asking->say, " sur un compte que la politique ne nomme pas",
			" on an account that the policy does not name");
	}
}

/* Everything that may appear there is counted: in the long run the share is the whole. */
static bool always_exceeded(struct pv_asking *asking, size_t rule, uint32_t account)
{
	return exists(asking, account, rule, PV_YES, rule, PV_YES) &&
	       !exists(asking, account, rule, PV_NO, rule, PV_NO);
}

/* All that may appear is counted by one share or the other, and both together are less than all. */
static bool jointly_exceeded(struct pv_asking *asking, size_t one, size_t other, uint32_t account)
{
	const struct pv_limit *a = &asking->policy->rules[one].at_most;
	const struct pv_limit *b = &asking->policy->rules[other].at_most;
	__int128 sum = (__int128)a->top * b->bottom + (__int128)b->top * a->bottom;
	bool whole = sum >= (__int128)a->bottom * b->bottom;
	if (!exists(asking, account, one, PV_YES, one, PV_YES) ||
		!exists(asking, account, other, PV_YES, other, PV_YES) ||
		exists(asking, account, one, PV_NO, other, PV_NO))
		return false;
	bool apart = exists(asking, account, one, PV_YES, other, PV_NO) &&
		     exists(asking, account, one, PV_NO, other, PV_YES);
	return !apart || !whole;
}

static bool fireable_share(const struct pv_rule *rule)
{
	return rule->kind == PV_RULE_QUOTA && rule->at_most.share && pv_quota_can_fire(rule) &&
	       rule->then > PV_VERDICT_ALLOW;
}

static void look_at_shares(struct pv_asking *asking, uint32_t account, uint64_t *told)
{
	const struct pv_policy *policy = asking->policy;
	pv_rule_bits alone = {0};
	for (size_t i = 0; i < policy->n_rules; i++) {
		if (!fireable_share(&policy->rules[i]) || pv_bit(told, i) ||
			!always_exceeded(asking, i, account))
			continue;
		pv_bit_set(alone, i);
		pv_bit_set(told, i);
		pv_say_rule(&asking->say, policy, i);
		pv_say(&asking->say, " sera toujours dépassée", " will always be exceeded");
		say_account(asking, account);
		pv_say(&asking->say, "\u00a0: tout ce qui peut y paraître est compté.",
			": all that may appear there is counted.");
		pv_tell(asking, "always_exceeded", PV_SEVERITY_PROBLEM, &i, 1);
	}
	for (size_t i = 0; i < policy->n_rules; i++)
		for (size_t k = i + 1; k < policy->n_rules; k++) {
			const size_t both[] = {i, k};
			if (!fireable_share(&policy->rules[i]) ||
				!fireable_share(&policy->rules[k]) || pv_bit(alone, i) ||
				pv_bit(alone, k) || (pv_bit(told, i) && pv_bit(told, k)) ||
				policy->rules[i].per != policy->rules[k].per ||
				!jointly_exceeded(asking, i, k, account))
				continue;
			pv_bit_set(told, i);
			pv_bit_set(told, k);
			pv_say(&asking->say, "Les parts de ", "The shares of ");
			pv_say_id(&asking->say, policy->rules[i].id);
			pv_say(&asking->say, " et de ", " and of ");
			pv_say_id(&asking->say, policy->rules[k].id);
			pv_say(&asking->say, " ne peuvent être tenues ensemble",
				" cannot be kept together");
			say_account(asking, account);
			pv_say(&asking->say,
				"\u00a0: tout ce qui peut y paraître est compté par l'une ou "
				"l'autre.",
				": all that may appear there is counted by one or the other.");
			pv_tell(asking, "shares_impossible", PV_SEVERITY_PROBLEM, both, 2);
		}
}

/* ---- mixes ------------------------------------------------------------------------------------------ */

static bool single_valued(enum pv_fact fact)
{
	return pv_space_list_of(fact) == PV_LISTS;
}

/* Do the targets, with their tolerance, leave room for all that is posted? */
static void look_at_mix(struct pv_asking *asking, size_t index, uint32_t account)
{
	const struct pv_rule *rule = &asking->policy->rules[index];
	__int128 top = 0, bottom = 1;
	for (size_t t = 0; t < rule->n_targets; t++) {
		const struct pv_target *target = &rule->targets[t];
		__int128 of = (__int128)target->bottom * rule->tolerance_bottom;
		__int128 more = (__int128)target->top * rule->tolerance_bottom +
				(__int128)rule->tolerance_top * target->bottom;
		if (bottom > INT64_MAX / 4 || of > INT64_MAX / 4)
			return;
		top = top * of + more * bottom;
		bottom *= of;
	}
	if (top >= 100 * bottom || !exists(asking, account, index, PV_YES, index, PV_YES) ||
		exists(asking, account, index, PV_NO, index, PV_NO))
		return;
	pv_say_rule(&asking->say, asking->policy, index);
	pv_say(&asking->say, " ne peut être tenue", " cannot be kept");
	say_account(asking, account);
	pv_say(&asking->say, "\u00a0: ses parts font, marges comprises, ",
		": its shares make, margins included, ");
	pv_say_int(&asking->say, (int64_t)(top / bottom));
	pv_say(&asking->say, "\u00a0%, et tout ce qui peut y paraître en est.",
		"%, and all that may appear there is of them.");
	pv_tell(asking, "mix_impossible", PV_SEVERITY_PROBLEM, &index, 1);
}

/* ---- too few posts to be judged ---------------------------------------------------------------------- */

static int64_t minutes(const struct pv_duration *duration)
{
	static const int64_t units[] = {
		[PV_UNIT_MINUTES] = 1, [PV_UNIT_HOURS] = 60, [PV_UNIT_DAYS] = 24 * 60};
	return duration->n * units[duration->unit];
}

/* A refusal beyond so many posts of any kind, in a window at least as long, never lets the minimum be. */
static void look_at_minimum(struct pv_asking *asking, size_t index, uint32_t account)
{
	const struct pv_policy *policy = asking->policy;
	const struct pv_rule *rule = &policy->rules[index];
	for (size_t k = 0; k < policy->n_rules; k++) {
		const struct pv_rule *hard = &policy->rules[k];
		const size_t both[] = {index, k};
		if (hard->kind != PV_RULE_QUOTA || hard->at_most.share || hard->per != rule->per ||
			hard->then != PV_VERDICT_REFUSE || hard->at_most.top >= rule->min_posts ||
			minutes(&hard->window) < minutes(&rule->window) ||
			!exists(asking, account, k, PV_YES, k, PV_YES) ||
			exists(asking, account, k, PV_NO, k, PV_NO))
			continue;
		pv_say_rule(&asking->say, policy, index);
		pv_say(&asking->say, " ne juge jamais", " never judges");
		say_account(asking, account);
		pv_say(&asking->say, "\u00a0: il lui faut ", ": it takes ");
		pv_say_int(&asking->say, rule->min_posts);
		pv_say(&asking->say, " publications, et ", " posts, and ");
		pv_say_id(&asking->say, hard->id);
		pv_say(&asking->say, " n'en permet que ", " allows only ");
		pv_say_int(&asking->say, hard->at_most.top);
		pv_say(&asking->say, ".", ".");
		pv_tell(asking, "minimum_never_reached", PV_SEVERITY_PROBLEM, both, 2);
		return;
	}
}

void pv_question_quotas(struct pv_asking *asking)
{
	const struct pv_policy *policy = asking->policy;
	const struct pv_variable *accounts = &asking->space->vars[PV_VAR_ACCOUNT];
	pv_rule_bits told = {0};
	bool any = false;
	for (size_t i = 0; i < policy->n_rules; i++) {
		if (!counts(&policy->rules[i]))
			continue;
		any = true;
		look_at_limit(asking, i);
		look_at_first(asking, i);
	}
	for (uint32_t a = 0; any && a < accounts->n_values; a++) {
		/* an account that is not named answers only where none is */
		if (!asking->space->accounts[accounts->values[a].raw].named && policy->n_accounts)
			continue;
		look_at_shares(asking, a, told);
		for (size_t i = 0; i < policy->n_rules; i++) {
			const struct pv_rule *rule = &policy->rules[i];
			if (!counts(rule) || pv_bit(told, i))
				continue;
			size_t before = asking->out->n_findings;
			if (rule->kind == PV_RULE_MIX && single_valued(rule->by))
				look_at_mix(asking, i, a);
			if (is_share(rule) && rule->min_posts > 1)
				look_at_minimum(asking, i, a);
			if (asking->out->n_findings > before)
				pv_bit_set(told, i);
		}
	}
}
