/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Is there a post with those facts and that verdict? If so, the smallest, as the judge confirms it. */
#include "policy/analysis/guarantee.h"

#include "base/mem.h"
#include "policy/analysis/witness.h"
#include "policy/analysis/words.h"

struct checking {
	TALLOC_CTX *mem;
	const struct pv_guarantee *guarantee;
	uint32_t form;
	const uint64_t *saying; /* the rules that say exactly the verdict */
	struct pv_witness witness;
};

static const struct pv_world alone;                   /* nothing fires that can be helped */
static const struct pv_world worst = {.every = true}; /* everything does */

static enum pv_tri verdict_is(
	const struct pv_search *search, const struct checking *checking, struct pv_pick *pick)
{
	const struct pv_guarantee *guarantee = checking->guarantee;
	enum pv_verdict verdict = guarantee->verdict;
	switch (guarantee->test) {
	case PV_GUARANTEE_BELOW: return pv_verdict_at_most(search, 0, &alone, verdict - 1, pick);
	case PV_GUARANTEE_ABOVE: return pv_verdict_at_least(search, 0, &worst, verdict + 1, pick);
	default: break;
	}
	struct pv_world exact = {.fire = checking->saying};
	struct pv_pick next;
	enum pv_tri most = pv_verdict_at_most(search, 0, &alone, verdict, pick);
	if (most == PV_NO)
		return PV_NO;
	return pv_also(most, pick, pv_verdict_at_least(search, 0, &exact, verdict, &next), &next);
}

static enum pv_tri ask(const struct pv_search *search, void *state, struct pv_pick *pick)
{
	const struct checking *checking = state;
	enum pv_tri facts = pv_form_is(&search->copy[0], checking->form);
	struct pv_pick next;
	if (facts == PV_NO)
		return PV_NO;
	if (facts == PV_OPEN)
		pv_pick_form(search, 0, checking->form, pick);
	return pv_also(facts, pick, verdict_is(search, checking, &next), &next);
}

static bool wanted_verdict(const struct pv_guarantee *guarantee, enum pv_verdict verdict)
{
	switch (guarantee->test) {
	case PV_GUARANTEE_BELOW: return verdict < guarantee->verdict;
	case PV_GUARANTEE_ABOVE: return verdict > guarantee->verdict;
	default: return verdict == guarantee->verdict;
	}
}

static bool try_post(
	const struct pv_search *search, struct checking *checking, const uint64_t *fire)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(checking->mem);
	const struct pv_wanted wanted = {.fire = fire};
	struct pv_built built;
	struct pv_witness witness = {0};
	if (!pv_build(scope, search, 0, &wanted, &built) || built.changed ||
		!pv_witness_of(checking->mem, search->space->policy, &built.c, &witness))
		return false;
	if (!wanted_verdict(checking->guarantee, witness.verdict))
		return false;
	checking->witness = witness;
	return true;
}

/* As it stands; else with one rule's test firing that would make the verdict so. */
static bool make(const struct pv_search *search, void *state)
{
	struct checking *checking = state;
	const struct pv_guarantee *guarantee = checking->guarantee;
	const struct pv_policy *policy = search->space->policy;
	if (try_post(search, checking, NULL))
		return true;
	for (size_t i = 0; guarantee->test != PV_GUARANTEE_BELOW && i < policy->n_rules; i++) {
		pv_rule_bits fire = {0};
		struct pv_world world = {.fire = fire};
		struct pv_pick pick;
		if (pv_bit(policy->categories, i) ||
			!wanted_verdict(guarantee, policy->rules[i].then))
			continue;
		pv_bit_set(fire, i);
		if (pv_rule_lives(search, 0, &world, i, &pick) == PV_YES &&
			try_post(search, checking, fire))
			return true;
	}
	return false;
}

static void say_answer(struct pv_say *say, const struct pv_guarantee_answer *answer)
{
	switch (answer->keeping) {
	case PV_GUARANTEE_HOLDS:
		pv_say(say, "Tenue : aucune publication ne l'enfreint.",
			"It holds: no post breaks it.");
		break;
	case PV_GUARANTEE_BROKEN:
		pv_say(say,
			"Enfreinte : il y a une publication que la politique traiterait ainsi : ",
			"Broken: there is a post that the policy would treat so: ");
		pv_say_quoted(say, pv_verdict_words(answer->witness.verdict));
		pv_say(say, ".", ".");
		break;
	default:
		pv_say(say,
			"Indécise : une limite de travail a été atteinte, ou aucun exemple n'a pu "
			"être confirmé.",
			"Undecided: a limit of work was met, or no example could be confirmed.");
	}
}

bool pv_guarantee_try(TALLOC_CTX *mem, const struct pv_guarantee *guarantee,
	const struct pv_space *space, uint32_t form, uint64_t steps_max,
	struct pv_guarantee_answer *out)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(mem);
	struct pv_search search;
	struct pv_say say;
	struct pv_arena arena = {.mem = mem};
	uint64_t steps = 0;
	struct checking checking = {.mem = mem,
		.guarantee = guarantee,
		.form = form,
		.saying = space->policy->saying[guarantee->verdict]};
	if (!scope || !pv_search_begin(&search, scope, space, 1, &steps, steps_max))
		return false;
	enum pv_found found = pv_search_run(&search, ask, make, &checking);
	*out = (struct pv_guarantee_answer){.text = guarantee->text,
		.label = guarantee->labelled ? guarantee->label : (struct pv_words){0},
		.keeping = found == PV_FOUND        ? PV_GUARANTEE_BROKEN
			   : found == PV_FOUND_NONE ? PV_GUARANTEE_HOLDS
						    : PV_GUARANTEE_UNDECIDED,
		.witness = checking.witness};
	pv_say_begin(&say, scope, space->policy->zone, 0);
	say_answer(&say, out);
	out->sentence = pv_say_cut(&say, &arena);
	return out->sentence.fr && !search.arena.failed;
}

enum pv_status pv_guarantee_check(TALLOC_CTX *mem, const struct pv_policy *policy,
	const struct pv_guarantee *guarantee, int64_t at_us, struct pv_guarantee_answer *out,
	struct pv_error *error)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(mem);
	struct pv_space space;
	if (!scope || !pv_space_begin(&space, scope, policy, at_us))
		return pv_fail_nomem(error);
	uint32_t form = pv_space_form(&space, &guarantee->facts, NULL, 0);
	if (!pv_space_end(&space) ||
		!pv_guarantee_try(mem, guarantee, &space, form, PV_ANALYSIS_STEPS_MAX, out))
		return pv_fail_nomem(error);
	return PV_OK;
}
