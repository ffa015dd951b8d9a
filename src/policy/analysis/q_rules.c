/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Questions 1 and 15: rules that never speak or always stand behind a stricter one; examples. */
#include "policy/analysis/question.h"

#include "base/mem.h"

struct deciding {
	struct pv_asking *asking;
	size_t rule;
	pv_rule_bits fire; /* its test, and those that fire with it */
	pv_rule_bits own;  /* its test alone */
	struct pv_world world;
	struct pv_witness witness;
	pv_rule_bits hiding; /* who decided instead */
};

static void begin(struct deciding *deciding, struct pv_asking *asking, size_t rule)
{
	const struct pv_policy *policy = asking->policy;
	*deciding = (struct deciding){.asking = asking, .rule = rule};
	memcpy(deciding->fire, asking->space->fires[rule].with,
		policy->rule_words * sizeof(uint64_t));
	pv_bit_set(deciding->own, rule);
	deciding->world = (struct pv_world){
		.fire = deciding->fire, .approved = policy->rules[rule].then != PV_VERDICT_APPROVE};
}

static bool is_category(const struct deciding *deciding)
{
	return pv_bit(deciding->asking->policy->categories, deciding->rule);
}

/* Its condition holds, and its test may fire. */
static enum pv_tri speaks(
	const struct pv_search *search, const struct deciding *deciding, struct pv_pick *pick)
{
	uint32_t form = (uint32_t)deciding->rule;
	enum pv_tri is = pv_form_is(&search->copy[0], form);
	if (is == PV_OPEN)
		pv_pick_form(search, 0, form, pick);
	if (is != PV_YES || is_category(deciding))
		return is;
	is = pv_may_fire(search, 0, deciding->rule);
	if (is == PV_OPEN)
		pv_pick_fire(search, 0, deciding->rule, pick);
	return is;
}

static enum pv_tri applies(const struct pv_search *search, void *state, struct pv_pick *pick)
{
	return speaks(search, state, pick);
}

/* It speaks, nothing sets it aside, and nobody is stricter. */
static enum pv_tri decides(const struct pv_search *search, void *state, struct pv_pick *pick)
{
	const struct deciding *deciding = state;
	const struct pv_rule *rule = &deciding->asking->policy->rules[deciding->rule];
	struct pv_pick next;
	enum pv_tri is = speaks(search, deciding, pick);
	if (is != PV_NO)
		is = pv_also(is, pick,
			pv_rule_lives(search, 0, &deciding->world, deciding->rule, &next), &next);
	if (is != PV_NO)
		is = pv_also(is, pick,
			pv_verdict_at_most(search, 0, &deciding->world, rule->then, &next), &next);
	return is;
}

static bool judged(const struct pv_search *search, struct deciding *deciding,
	const struct pv_wanted *wanted, bool decides_too)
{
	struct pv_asking *asking = deciding->asking;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(asking->scratch);
	struct pv_built built;
	struct pv_witness witness;
	if (!scope || !pv_build(scope, search, 0, wanted, &built) || built.changed)
		return false;
	const struct pv_judgement *judgement = pv_judged(scope, asking->policy, &built.c);
	bool among = false;
	pv_rule_bits hiding = {0};
	for (size_t i = 0; judgement && i < judgement->decided_by.n; i++) {
		size_t rule = pv_policy_rule(asking->policy, judgement->decided_by.items[i]);
		among |= rule == deciding->rule;
		if (rule < asking->policy->n_rules)
			pv_bit_set(hiding, rule);
	}
	if (!judgement || (decides_too && !among) ||
		!pv_witness_of(asking->mem, asking->policy, &built.c, &witness))
		return false;
	deciding->witness = witness;
	memcpy(deciding->hiding, hiding, sizeof hiding);
	return true;
}

static bool make_decided(const struct pv_search *search, void *state)
{
	struct deciding *deciding = state;
	const struct pv_wanted wanted = {.fire = is_category(deciding) ? NULL : deciding->own,
		.approved = deciding->world.approved};
	return judged(search, deciding, &wanted, true);
}

static bool make_spoken(const struct pv_search *search, void *state)
{
	struct deciding *deciding = state;
	const struct pv_wanted wanted = {.fire = is_category(deciding) ? NULL : deciding->own};
	return judged(search, deciding, &wanted, false);
}

/* The condition alone, whatever the test. */
static enum pv_tri condition_holds(
	const struct pv_search *search, void *state, struct pv_pick *pick)
{
	const struct deciding *deciding = state;
	enum pv_tri is = pv_form_is(&search->copy[0], (uint32_t)deciding->rule);
	if (is == PV_OPEN)
		pv_pick_form(search, 0, (uint32_t)deciding->rule, pick);
	return is;
}

static void tell_never(struct pv_asking *asking, struct deciding *deciding)
{
	struct pv_say *say = &asking->say;
	const struct pv_fires *fires = &asking->space->fires[deciding->rule];
	if (!is_category(deciding) && fires->may == PV_FORM_NEVER) {
		pv_say_rule(say, asking->policy, deciding->rule);
		pv_say(say, " ne trouvera jamais rien à redire\u00a0: rien ne peut l'enfreindre.",
			" will never find anything to say: nothing can break it.");
		pv_tell(asking, "never_fires", PV_SEVERITY_PROBLEM, &deciding->rule, 1);
		return;
	}
	enum pv_rule_kind kind = asking->policy->rules[deciding->rule].kind;
	if ((kind == PV_RULE_QUIET || kind == PV_RULE_EMBARGO) &&
		pv_seek(asking, condition_holds, NULL, deciding) == PV_FOUND)
		return; /* its time is over: question 11 says so */
	pv_say_rule(say, asking->policy, deciding->rule);
	pv_say(say, " ne s'applique jamais\u00a0: aucune publication ne réunit ses conditions.",
		" never applies: no post meets its conditions.");
	pv_tell(asking, "never_applies", PV_SEVERITY_PROBLEM, &deciding->rule, 1);
}

/* Asks nothing of anyone: an "allow" is said by categories alone. */
static bool asks_nothing(struct pv_asking *asking, const struct deciding *deciding)
{
	const struct pv_rule *rule = &asking->policy->rules[deciding->rule];
	if (is_category(deciding) || rule->then != PV_VERDICT_ALLOW)
		return false;
	pv_say_rule(&asking->say, asking->policy, deciding->rule);
	pv_say(&asking->say,
		" n'a pas d'effet\u00a0: elle dit « allow », que seule une catégorie peut dire.",
		" has no effect: it says \"allow\", which only a category can say.");
	pv_tell(asking, "asks_nothing", PV_SEVERITY_PROBLEM, &deciding->rule, 1);
	return true;
}

static void tell_hidden(struct pv_asking *asking, struct deciding *deciding)
{
	struct pv_say *say = &asking->say;
	const struct pv_rule *rule = &asking->policy->rules[deciding->rule];
	bool sets_aside = rule->overrides != NULL;
	pv_say_rule(say, asking->policy, deciding->rule);
	if (rule->then == PV_VERDICT_APPROVE)
		pv_say(say, " demande une approbation qui ne compte jamais\u00a0: ",
			" asks for an approval that never matters: ");
	else
		pv_say(say, " ne décide jamais\u00a0: ", " never decides: ");
	if (pv_bits_count(deciding->hiding, asking->policy->rule_words) == 0) {
		pv_say(say, "une autre réponse l'emporte toujours.",
			"another answer always prevails.");
	} else {
		pv_say(say, "une règle plus stricte parle toujours avec elle, ici ",
			"a stricter rule always speaks with it, here ");
		pv_say_rule_ids(say, asking->policy, deciding->hiding);
		pv_say(say, ".", ".");
	}
	if (sets_aside)
		pv_say(say, " Elle ne sert qu'à écarter d'autres règles.",
			" It only serves to set other rules aside.");
	struct pv_analysis_finding *finding = pv_tell(asking, "always_hidden",
		sets_aside ? PV_SEVERITY_REMARK : PV_SEVERITY_PROBLEM, &deciding->rule, 1);
	if (finding)
		finding->witness = deciding->witness;
}

static bool on_a_named_account(const struct pv_asking *asking, const struct pv_witness *witness)
{
	(void)asking;
	return !strstr(witness->json, "\"accounts\":{");
}

static void tell_unnamed(struct pv_asking *asking, struct deciding *deciding)
{
	pv_say_rule(&asking->say, asking->policy, deciding->rule);
	pv_say(&asking->say,
		" ne décide sur aucun des comptes que la politique nomme\u00a0: il faudrait un "
		"autre compte.",
		" decides on none of the accounts that the policy names: it would take another "
		"account.");
	struct pv_analysis_finding *finding =
		pv_tell(asking, "no_named_account", PV_SEVERITY_REMARK, &deciding->rule, 1);
	if (finding)
		finding->witness = deciding->witness;
}

static void look_at(struct pv_asking *asking, size_t rule)
{
	struct deciding deciding;
	begin(&deciding, asking, rule);
	if (asks_nothing(asking, &deciding))
		return;
	enum pv_found found = pv_seek(asking, decides, make_decided, &deciding);
	if (found == PV_FOUND) {
		asking->examples[rule] = deciding.witness;
		if (asking->policy->n_accounts && !on_a_named_account(asking, &deciding.witness))
			tell_unnamed(asking, &deciding);
		return;
	}
	if (found == PV_FOUND_UNDECIDED) {
		pv_seek_yes(asking, found);
		return;
	}
	found = pv_seek(asking, applies, make_spoken, &deciding);
	if (found == PV_FOUND_NONE)
		tell_never(asking, &deciding);
	else if (pv_seek_yes(asking, found))
		tell_hidden(asking, &deciding);
}

void pv_question_unreachable(struct pv_asking *asking)
{
	for (size_t i = 0; i < asking->policy->n_rules; i++)
		look_at(asking, i);
}

void pv_question_examples(struct pv_asking *asking)
{
	for (size_t i = 0; i < asking->policy->n_rules; i++) {
		if (!asking->examples[i].json)
			continue;
		pv_say(&asking->say, "La plus petite publication que décide la règle ",
			"The smallest post decided by the rule ");
		pv_say_id(&asking->say, asking->policy->rules[i].id);
		pv_say(&asking->say, ".", ".");
		struct pv_analysis_finding *finding =
			pv_tell(asking, "example", PV_SEVERITY_REMARK, &i, 1);
		if (finding)
			finding->witness = asking->examples[i];
	}
}

void pv_question_replay(struct pv_asking *asking)
{
	(void)asking;
}
