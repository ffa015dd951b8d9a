/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * pv_decide over posts that are not wholly decided: which rules surely speak and which still may, so
 * that a verdict is known to be at least this and at most that.
 */
#include "policy/analysis/search.h"

/* Rules and default that ask something, surely and possibly. */
struct speaking {
	pv_rule_bits sure, may;         /* whose word stands; categories that allow among them */
	pv_rule_bits over_sure, over;   /* set aside by other rules */
	pv_rule_bits lift_sure, lifted; /* by exceptions */
	enum pv_tri otherwise;          /* the default speaks */
};

/* ---- moments ------------------------------------------------------------------------------------ */

static const struct pv_moment *moment_of(const struct pv_search *search, int copy)
{
	int32_t value = search->copy[copy].value[PV_VAR_MOMENT];
	const struct pv_variable *variable = &search->space->vars[PV_VAR_MOMENT];
	return value < 0 ? NULL : &search->space->moments[variable->values[value].raw];
}

static enum pv_tri tri(bool always, bool some)
{
	return always ? PV_YES : some ? PV_OPEN : PV_NO;
}

static enum pv_tri in_force(const struct pv_search *search, int copy, size_t exception)
{
	const struct pv_space *space = search->space;
	const struct pv_moment *moment = moment_of(search, copy);
	if (moment)
		return pv_bit(moment->in_force, exception) ? PV_YES : PV_NO;
	return tri(
		pv_bit(space->always_in_force, exception), pv_bit(space->some_in_force, exception));
}

enum pv_tri pv_in_force(
	const struct pv_search *search, int copy, size_t exception, struct pv_pick *pick)
{
	enum pv_tri is = in_force(search, copy, exception);
	if (is == PV_OPEN)
		pick->var = PV_VAR_MOMENT;
	return is;
}

static enum pv_tri silent(const struct pv_search *search, int copy, size_t rule)
{
	const struct pv_space *space = search->space;
	const struct pv_moment *moment = moment_of(search, copy);
	if (!space->fires[rule].by_clock)
		return PV_NO;
	if (moment)
		return pv_bit(moment->silent, rule) ? PV_YES : PV_NO;
	return tri(pv_bit(space->always_silent, rule), pv_bit(space->some_silent, rule));
}

enum pv_tri pv_clock_fires(const struct pv_search *search, int copy, size_t rule)
{
	return silent(search, copy, rule);
}

static enum pv_tri secret(const struct pv_search *search, int copy, size_t rule)
{
	const struct pv_space *space = search->space;
	const struct pv_moment *moment = moment_of(search, copy);
	if (moment)
		return pv_bit(moment->secret, rule) ? PV_YES : PV_NO;
	return tri(pv_bit(space->always_secret, rule), pv_bit(space->some_secret, rule));
}

/* ---- tests -------------------------------------------------------------------------------------- */

enum pv_tri pv_may_fire(const struct pv_search *search, int copy, size_t rule)
{
	const struct pv_fires *fires = &search->space->fires[rule];
	enum pv_tri may = pv_form_is(&search->copy[copy], fires->may);
	if (fires->secret)
		may = pv_and(may, secret(search, copy, rule));
	if (search->space->policy->rules[rule].kind == PV_RULE_QUIET && !fires->by_switch)
		may = pv_and(may, silent(search, copy, rule));
	return may;
}

static enum pv_tri must_fire(const struct pv_search *search, int copy, size_t rule)
{
	const struct pv_fires *fires = &search->space->fires[rule];
	enum pv_tri must = pv_form_is(&search->copy[copy], fires->must);
	enum pv_tri clock = silent(search, copy, rule);
	return must > clock ? must : clock;
}

static void pick_fires(
	const struct pv_search *search, int copy, size_t rule, uint32_t form, struct pv_pick *pick)
{
	if (form < PV_FORM_ALWAYS && search->copy[copy].form[form] == PV_OPEN)
		pv_pick_form(search, copy, form, pick);
	else
		pick->var = PV_VAR_MOMENT;
	(void)rule;
}

void pv_pick_fire(const struct pv_search *search, int copy, size_t rule, struct pv_pick *pick)
{
	pick_fires(search, copy, rule, search->space->fires[rule].may, pick);
}

/* Does the test fire in this world? */
static enum pv_tri fires_in(
	const struct pv_search *search, int copy, const struct pv_world *world, size_t rule)
{
	enum pv_tri must = must_fire(search, copy, rule);
	if (must == PV_YES || !(world->every || (world->fire && pv_bit(world->fire, rule))))
		return must;
	enum pv_tri may = pv_may_fire(search, copy, rule);
	return must > may ? must : may;
}

/* ---- who speaks ---------------------------------------------------------------------------------- */

static void set_aside(const struct pv_search *search, int c, struct speaking *out)
{
	const struct pv_policy *policy = search->space->policy;
	const struct pv_copy *copy = &search->copy[c];
	size_t words = policy->rule_words;
	memset(out, 0, sizeof *out);
	for (size_t w = 0; w < words; w++)
		for (uint64_t rest = copy->may_hold[w] & policy->overriding[w]; rest;
			rest &= rest - 1) {
			size_t i = w * 64 + (size_t)__builtin_ctzll(rest);
			bool sure = pv_bit(copy->holds, i);
			for (size_t k = 0; k < words; k++) {
				out->over[k] |= policy->rules[i].overrides[k];
				out->over_sure[k] |= sure ? policy->rules[i].overrides[k] : 0;
			}
		}
	for (size_t e = 0; e < policy->n_exceptions; e++) {
		enum pv_tri is = pv_and(in_force(search, c, e),
			pv_form_is(copy, pv_space_exception(search->space, e)));
		for (size_t k = 0; is != PV_NO && k < words; k++) {
			out->lifted[k] |= policy->exceptions[e].lifts[k];
			out->lift_sure[k] |= is == PV_YES ? policy->exceptions[e].lifts[k] : 0;
		}
	}
}

static void who_speaks(
	const struct pv_search *search, int c, const struct pv_world *world, struct speaking *out)
{
	const struct pv_policy *policy = search->space->policy;
	const struct pv_copy *copy = &search->copy[c];
	uint64_t category_sure = 0, category_may = 0;
	set_aside(search, c, out);
	for (size_t w = 0; w < policy->rule_words; w++) {
		uint64_t categories = policy->categories[w];
		uint64_t sure = copy->holds[w] & categories, may = copy->may_hold[w] & categories;
		category_sure |= sure;
		category_may |= may;
		for (uint64_t rest = copy->may_hold[w] & ~categories; rest; rest &= rest - 1) {
			size_t i = w * 64 + (size_t)__builtin_ctzll(rest);
			enum pv_tri fires = fires_in(search, c, world, i);
			uint64_t bit = rest & -rest;
			may |= fires != PV_NO ? bit : 0;
			sure |= fires == PV_YES ? bit & copy->holds[w] : 0;
		}
		out->sure[w] = sure & ~out->over[w] & ~out->lifted[w];
		out->may[w] = may & ~out->over_sure[w] & ~out->lift_sure[w];
	}
	out->otherwise = category_sure ? PV_NO : category_may ? PV_OPEN : PV_YES;
}

/* What is open of what sets this rule aside. */
static void pick_set_aside(const struct pv_search *search, int c, size_t rule, struct pv_pick *pick)
{
	const struct pv_policy *policy = search->space->policy;
	const struct pv_copy *copy = &search->copy[c];
	for (size_t i = 0; i < policy->n_rules; i++)
		if (copy->form[i] == PV_OPEN && policy->rules[i].overrides &&
			pv_bit(policy->rules[i].overrides, rule)) {
			pv_pick_form(search, c, (uint32_t)i, pick);
			return;
		}
	for (size_t e = 0; e < policy->n_exceptions; e++) {
		uint32_t form = pv_space_exception(search->space, e);
		if (!pv_bit(policy->exceptions[e].lifts, rule))
			continue;
		if (copy->form[form] == PV_OPEN && in_force(search, c, e) != PV_NO) {
			pv_pick_form(search, c, form, pick);
			return;
		}
		if (copy->form[form] == PV_YES && in_force(search, c, e) == PV_OPEN) {
			pick->var = PV_VAR_MOMENT;
			return;
		}
	}
}

/* What stands in the way of knowing whether this rule speaks. */
static void pick_rule(const struct pv_search *search, int c, const struct pv_world *world,
	size_t rule, struct pv_pick *pick)
{
	const struct pv_policy *policy = search->space->policy;
	const struct pv_copy *copy = &search->copy[c];
	if (copy->form[rule] == PV_OPEN) {
		pv_pick_form(search, c, (uint32_t)rule, pick);
		return;
	}
	if (!pv_bit(policy->categories, rule) && fires_in(search, c, world, rule) == PV_OPEN) {
		bool must = must_fire(search, c, rule) == PV_OPEN;
		pick_fires(search, c, rule,
			must ? search->space->fires[rule].must : search->space->fires[rule].may,
			pick);
		return;
	}
	pick_set_aside(search, c, rule, pick);
}

static void pick_category(const struct pv_search *search, int c, struct pv_pick *pick)
{
	const struct pv_policy *policy = search->space->policy;
	for (size_t i = 0; i < policy->n_rules; i++)
		if (pv_bit(policy->categories, i) && search->copy[c].form[i] == PV_OPEN) {
			pv_pick_form(search, c, (uint32_t)i, pick);
			return;
		}
}

/* Rules that ask this verdict, as things stand. */
static uint64_t asking(const struct pv_search *search, const struct pv_world *world,
	const uint64_t *speaking, int verdict, size_t w)
{
	if (verdict == PV_VERDICT_APPROVE && world->approved)
		return 0;
	return speaking[w] & search->space->policy->saying[verdict][w];
}

static enum pv_tri default_asks(const struct pv_search *search, const struct pv_world *world,
	const struct speaking *speaking, int verdict)
{
	if ((int)search->space->policy->otherwise != verdict ||
		(verdict == PV_VERDICT_APPROVE && world->approved))
		return PV_NO;
	return speaking->otherwise;
}

/* Does anyone ask a verdict of at least this? */
static enum pv_tri anyone_asks(const struct pv_search *search, int c, const struct pv_world *world,
	int least, struct pv_pick *pick)
{
	const struct pv_policy *policy = search->space->policy;
	struct speaking speaking;
	who_speaks(search, c, world, &speaking);
	for (int v = PV_VERDICT_REFUSE; v >= least; v--) {
		if (default_asks(search, world, &speaking, v) == PV_YES)
			return PV_YES;
		for (size_t w = 0; w < policy->rule_words; w++)
			if (asking(search, world, speaking.sure, v, w))
				return PV_YES;
	}
	for (int v = PV_VERDICT_REFUSE; v >= least; v--) {
		for (size_t w = 0; w < policy->rule_words; w++) {
			uint64_t may = asking(search, world, speaking.may, v, w);
			if (!may)
				continue;
			pick_rule(search, c, world, w * 64 + (size_t)__builtin_ctzll(may), pick);
			return PV_OPEN;
		}
		if (default_asks(search, world, &speaking, v) == PV_OPEN) {
			pick_category(search, c, pick);
			return PV_OPEN;
		}
	}
	return PV_NO;
}

enum pv_tri pv_verdict_at_least(const struct pv_search *search, int copy,
	const struct pv_world *world, enum pv_verdict least, struct pv_pick *pick)
{
	return least == PV_VERDICT_ALLOW ? PV_YES
					 : anyone_asks(search, copy, world, (int)least, pick);
}

enum pv_tri pv_verdict_at_most(const struct pv_search *search, int copy,
	const struct pv_world *world, enum pv_verdict most, struct pv_pick *pick)
{
	if (most == PV_VERDICT_REFUSE)
		return PV_YES;
	enum pv_tri more = anyone_asks(search, copy, world, (int)most + 1, pick);
	return more == PV_YES ? PV_NO : more == PV_NO ? PV_YES : PV_OPEN;
}

enum pv_tri pv_rule_lives(const struct pv_search *search, int copy, const struct pv_world *world,
	size_t rule, struct pv_pick *pick)
{
	struct speaking speaking;
	who_speaks(search, copy, world, &speaking);
	if (pv_bit(speaking.sure, rule))
		return PV_YES;
	if (!pv_bit(speaking.may, rule))
		return PV_NO;
	pick_rule(search, copy, world, rule, pick);
	return PV_OPEN;
}

void pv_live_rules(const struct pv_search *search, int copy, uint64_t *sure, uint64_t *may)
{
	struct speaking aside;
	set_aside(search, copy, &aside);
	for (size_t w = 0; w < search->space->policy->rule_words; w++) {
		sure[w] = search->copy[copy].holds[w] & ~aside.over[w] & ~aside.lifted[w];
		may[w] = search->copy[copy].may_hold[w] & ~aside.over_sure[w] & ~aside.lift_sure[w];
	}
}

void pv_pick_life(const struct pv_search *search, int copy, size_t rule, struct pv_pick *pick)
{
	if (search->copy[copy].form[rule] == PV_OPEN)
		pv_pick_form(search, copy, (uint32_t)rule, pick);
	else
		pick_set_aside(search, copy, rule, pick);
}

enum pv_tri pv_default_speaks(const struct pv_search *search, int copy, struct pv_pick *pick)
{
	struct speaking speaking;
	static const struct pv_world plain;
	who_speaks(search, copy, &plain, &speaking);
	if (speaking.otherwise == PV_OPEN)
		pick_category(search, copy, pick);
	return speaking.otherwise;
}
