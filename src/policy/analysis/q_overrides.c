/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Question 7: what an override or an exception lets pass, and what it cannot look at while it does. */
#include "policy/analysis/question.h"

#include "base/mem.h"

/* A rule (or, from n_rules on, an exception) that sets another aside. */
struct setting {
	struct pv_asking *asking;
	size_t by, aside;
	pv_rule_bits fire; /* the test of what is set aside, and those that fire with it */
	pv_rule_bits own;  /* its test alone */
	bool plain;        /* they only meet, whatever the verdict */
	struct pv_witness witness;
};

static bool is_exception(const struct setting *setting)
{
	return setting->by >= setting->asking->policy->n_rules;
}

static enum pv_tri form_holds(const struct pv_search *search, uint32_t form, struct pv_pick *pick)
{
	enum pv_tri is = pv_form_is(&search->copy[0], form);
	if (is == PV_OPEN)
		pv_pick_form(search, 0, form, pick);
	return is;
}

static enum pv_tri lets_pass(const struct pv_search *search, void *state, struct pv_pick *pick)
{
	const struct setting *setting = state;
	const struct pv_policy *policy = setting->asking->policy;
	const struct pv_world world = {.fire = setting->fire};
	struct pv_pick next;
	enum pv_tri is = form_holds(search, (uint32_t)setting->by, pick);
	if (is != PV_NO && is_exception(setting))
		is = pv_also(is, pick, pv_in_force(search, 0, setting->by - policy->n_rules, &next),
			&next);
	if (is != PV_NO)
		is = pv_also(is, pick, form_holds(search, (uint32_t)setting->aside, &next), &next);
	if (is != PV_NO && !pv_bit(policy->categories, setting->aside)) {
		enum pv_tri fires = pv_may_fire(search, 0, setting->aside);
		if (fires == PV_OPEN)
			pv_pick_fire(search, 0, setting->aside, &next);
		is = pv_also(is, pick, fires, &next);
	}
	if (is == PV_NO || setting->plain)
		return is;
	return pv_also(is, pick,
		pv_verdict_at_most(
			search, 0, &world, policy->rules[setting->aside].then - 1, &next),
		&next);
}

static bool in_ids(const struct pv_rule_ids *ids, const char *id)
{
	for (size_t i = 0; i < ids->n; i++)
		if (strcmp(ids->items[i], id) == 0)
			return true;
	return false;
}

static bool make(const struct pv_search *search, void *state)
{
	struct setting *setting = state;
	struct pv_asking *asking = setting->asking;
	const struct pv_rule *aside = &asking->policy->rules[setting->aside];
	PV_SCOPE TALLOC_CTX *scope = pv_scope(asking->scratch);
	const struct pv_wanted wanted = {
		.fire = aside->kind == PV_RULE_CATEGORY ? NULL : setting->own};
	struct pv_built built;
	if (!scope || !pv_build(scope, search, 0, &wanted, &built) ||
		(built.changed && aside->kind != PV_RULE_NEIGHBOURS))
		return false;
	const struct pv_judgement *judgement = pv_judged(scope, asking->policy, &built.c);
	bool aside_too = judgement && (in_ids(&judgement->overridden, aside->id) ||
					      in_ids(&judgement->lifted, aside->id));
	return aside_too && (setting->plain || judgement->verdict < aside->then) &&
	       pv_witness_of(asking->mem, asking->policy, &built.c, &setting->witness);
}

/* ---- told ----------------------------------------------------------------------------------------- */

static void say_by(struct pv_say *say, const struct setting *setting)
{
	const struct pv_policy *policy = setting->asking->policy;
	if (!is_exception(setting)) {
		pv_say_rule(say, policy, setting->by);
		return;
	}
	pv_say(say, "La dérogation ", "The exception ");
	pv_say_id(say, policy->exceptions[setting->by - policy->n_rules].id);
}

static const struct pv_condition *condition_of(const struct setting *setting)
{
	const struct pv_policy *policy = setting->asking->policy;
	return is_exception(setting) ? &policy->exceptions[setting->by - policy->n_rules].when
				     : &policy->rules[setting->by].when;
}

/* Facts that the rule set aside asks, and that what sets it aside leaves open. */
static void say_left_open(struct pv_say *say, const struct setting *setting)
{
	const struct pv_rule *aside = &setting->asking->policy->rules[setting->aside];
	const struct pv_condition *by = condition_of(setting);
	size_t n = 0, at = 0;
	bool open[PV_FACTS] = {0};
	for (size_t i = 0; i < aside->when.n_lines; i++) {
		bool asked = false;
		for (size_t k = 0; k < by->n_lines; k++)
			asked |= by->lines[k].fact == aside->when.lines[i].fact;
		n += !asked;
		open[aside->when.lines[i].fact] = !asked;
	}
	if (n == 0)
		return;
	pv_say(say, " Elle l'écarte sans regarder ", " It does so without looking at ");
	for (int fact = 0; fact < PV_FACTS; fact++)
		if (open[fact]) {
			pv_say_and(say, at++, n);
			pv_say_words(say, pv_fact_words((enum pv_fact)fact));
		}
	pv_say(say, ".", ".");
}

static void say_excess(struct pv_say *say, const struct setting *setting)
{
	const struct pv_policy *policy = setting->asking->policy;
	switch (policy->rules[setting->aside].kind) {
	case PV_RULE_NEIGHBOURS:
		pv_say(say,
			" Elle ne regarde pas quelle organisation est nommée\u00a0: toute autre "
			"passe.",
			" It does not look at which organisation is named: any other passes.");
		break;
	case PV_RULE_LINKS:
		pv_say(say, " Elle ne regarde pas où mène le lien.",
			" It does not look at where the link leads.");
		break;
	case PV_RULE_EMBARGO:
		pv_say(say, " Elle ne regarde pas lequel des secrets est dit.",
			" It does not look at which of the secrets is told.");
		break;
	case PV_RULE_DISCLOSURE:
	case PV_RULE_MENTION:
		pv_say(say, " La mention n'est alors plus demandée du tout.",
			" The wording is then not asked for at all.");
		break;
	case PV_RULE_QUOTA:
	case PV_RULE_MIX:
		pv_say(say, " Aucune limite ne remplace alors celle-là.",
			" No limit then stands in for that one.");
		break;
	case PV_RULE_QUIET:
		pv_say(say, " Elle vaut pendant tout le silence, à toute heure.",
			" It holds for the whole silence, at any hour.");
		break;
	default: break;
	}
	say_left_open(say, setting);
}

static void tell(struct setting *setting, bool passes)
{
	struct pv_asking *asking = setting->asking;
	const struct pv_policy *policy = asking->policy;
	struct pv_say *say = &asking->say;
	pv_rule_bits rules = {0};
	pv_bit_set(rules, setting->aside);
	if (!is_exception(setting))
		pv_bit_set(rules, setting->by);
	say_by(say, setting);
	pv_say(say, " écarte ", " sets aside ");
	pv_say_id(say, policy->rules[setting->aside].id);
	if (passes) {
		pv_say(say, "\u00a0: ", ": ");
		pv_say_quoted(say, pv_verdict_words(setting->witness.verdict));
		pv_say(say, " au lieu de ", " instead of ");
		pv_say_quoted(say, pv_verdict_words(policy->rules[setting->aside].then));
		pv_say(say, ".", ".");
		say_excess(say, setting);
	} else {
		pv_say(say,
			", mais le verdict n'en est jamais plus doux\u00a0: une autre règle le "
			"retient.",
			", but the verdict is never milder for it: another rule holds it.");
	}
	struct pv_analysis_finding *finding = pv_tell_bits(
		asking, passes ? "sets_aside" : "sets_aside_in_vain", PV_SEVERITY_REMARK, rules);
	if (finding)
		finding->witness = setting->witness;
}

static void tell_never(struct setting *setting)
{
	struct pv_asking *asking = setting->asking;
	pv_rule_bits rules = {0};
	pv_bit_set(rules, setting->aside);
	if (!is_exception(setting))
		pv_bit_set(rules, setting->by);
	say_by(&asking->say, setting);
	pv_say(&asking->say, " n'écarte jamais ", " never sets aside ");
	pv_say_id(&asking->say, asking->policy->rules[setting->aside].id);
	pv_say(&asking->say, "\u00a0: aucune publication ne les réunit.",
		": no post brings them together.");
	pv_tell_bits(asking, "never_meet", PV_SEVERITY_PROBLEM, rules);
}

static void look_at(struct pv_asking *asking, size_t by, size_t aside)
{
	struct setting setting = {.asking = asking, .by = by, .aside = aside};
	memcpy(setting.fire, asking->space->fires[aside].with,
		asking->policy->rule_words * sizeof(uint64_t));
	pv_bit_set(setting.own, aside);
	bool asks = asking->policy->rules[aside].then > PV_VERDICT_ALLOW;
	enum pv_found found = asks ? pv_seek(asking, lets_pass, make, &setting) : PV_FOUND_NONE;
	if (found != PV_FOUND_NONE) {
		if (pv_seek_yes(asking, found))
			tell(&setting, true);
		return;
	}
	setting.plain = true;
	found = pv_seek(asking, lets_pass, make, &setting);
	if (found == PV_FOUND_NONE)
		tell_never(&setting);
	else if (pv_seek_yes(asking, found))
		tell(&setting, false);
}

void pv_question_overrides(struct pv_asking *asking)
{
	const struct pv_policy *policy = asking->policy;
	for (size_t i = 0; i < policy->n_rules; i++)
		for (size_t k = 0; policy->rules[i].overrides && k < policy->n_rules; k++)
			if (pv_bit(policy->rules[i].overrides, k))
				look_at(asking, i, k);
	for (size_t e = 0; e < policy->n_exceptions; e++)
		for (size_t k = 0; k < policy->n_rules; k++)
			if (pv_bit(policy->exceptions[e].lifts, k) &&
				pv_bit(asking->space->some_in_force, e))
				look_at(asking, policy->n_rules + e, k);
}
