/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Question 13: is there a wording for every language a post may be in, and words for every ear? */
#include "policy/analysis/question.h"

#include "base/mem.h"

struct using
{
	const char **out;
	size_t n;
};

static void use(struct using *using, const char *lang)
{
	for (size_t i = 0; i < using->n; i++)
		if (strcmp(using->out[i], lang) == 0)
			return;
	if (using->n < PV_USED_LANGS_MAX && strlen(lang) == 2)
		using->out[using->n++] = lang;
}

static void use_langs(struct using *using, const struct pv_langs *langs)
{
	for (size_t i = 0; langs && i < langs->n; i++)
		if (langs->items[i].texts.n && langs->items[i].lang[0])
			use(using, langs->items[i].lang);
}

static void use_condition(struct using *using, const struct pv_condition *condition)
{
	for (size_t i = 0; i < condition->n_lines; i++)
		for (size_t v = 0; condition->lines[i].fact == PV_FACT_LANG &&
				   v < condition->lines[i].values.n;
			v++)
			use(using, condition->lines[i].values.items[v]);
}

size_t pv_used_languages(const struct pv_policy *policy, const char *out[PV_USED_LANGS_MAX])
{
	struct using using = {.out = out};
	for (size_t i = 0; i < policy->n_rules; i++) {
		const struct pv_rule *rule = &policy->rules[i];
		use_langs(&using, rule->say ? &rule->say->wordings : NULL);
		use_langs(&using, &rule->words);
		use_condition(&using, &rule->when);
		if (rule->kind == PV_RULE_LANGUAGES)
			use(&using, "fr");
		if (rule->kind == PV_RULE_LANGUAGES && rule->require_pair)
			use(&using, "en");
	}
	for (size_t t = 0; t < policy->n_topics; t++)
		use_langs(&using, &policy->topics[t].words);
	if (using.n == 0) {
		use(&using, "fr");
		use(&using, "en");
	}
	return using.n;
}

static bool has_words(const struct pv_langs *langs, const char *lang)
{
	for (size_t i = 0; i < langs->n; i++)
		if (strcmp(langs->items[i].lang, lang) == 0 && langs->items[i].texts.n)
			return true;
	return false;
}

struct speaking {
	struct pv_asking *asking;
	size_t rule;
	struct pv_str lang;
	uint64_t fire[PV_RULE_WORDS];
	struct pv_witness witness;
};

static enum pv_tri lives(const struct pv_search *search, void *state, struct pv_pick *pick)
{
	const struct speaking *speaking = state;
	const struct pv_world world = {.fire = speaking->fire};
	return pv_rule_lives(search, 0, &world, speaking->rule, pick);
}

static bool make(const struct pv_search *search, void *state)
{
	struct speaking *speaking = state;
	struct pv_asking *asking = speaking->asking;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(asking->scratch);
	const struct pv_wanted wanted = {.langs = &speaking->lang, .n_langs = 1};
	struct pv_built built;
	const struct pv_rule *rule = &asking->policy->rules[speaking->rule];
	return scope && pv_build(scope, search, 0, &wanted, &built) && !built.changed &&
	       pv_witness_of(asking->mem, asking->policy, &built.c, &speaking->witness) &&
	       speaking->witness.verdict >= rule->then;
}

/* Is there a post in this language alone, on which the rule asks for its wording? */
static bool asked_in(
	struct pv_asking *asking, size_t rule, const char *lang, struct pv_witness *out)
{
	const struct pv_space_list *list = &asking->space->lists[PV_LIST_LANG];
	struct speaking speaking = {.asking = asking, .rule = rule, .lang = pv_str(lang)};
	pv_bit_set(speaking.fire, rule);
	pv_search_reset(&asking->search);
	for (uint32_t var = list->first; var < list->first + list->n; var++) {
		bool in = false;
		for (uint32_t r = 0; r < list->n_raw; r++)
			in |= list->class_of[r] == var && strcmp(list->raw[r], lang) == 0;
		const struct pv_space_value *values = asking->space->vars[var].values;
		pv_search_fix(&asking->search, var, (values[0].raw == PV_ATOM_IN) == in ? 0 : 1);
	}
	bool found = pv_seek_yes(asking, pv_search_run(&asking->search, lives, make, &speaking));
	*out = speaking.witness;
	return found;
}

static void look_at_wordings(struct pv_asking *asking, size_t rule, const char *lang)
{
	const struct pv_rule *asked = &asking->policy->rules[rule];
	struct pv_witness witness;
	if (!asked->say || asked->then == PV_VERDICT_ALLOW ||
		has_words(&asked->say->wordings, lang) || !asked_in(asking, rule, lang, &witness))
		return;
	pv_say_rule(&asking->say, asking->policy, rule);
	pv_say(&asking->say, " n'a pas de formulation en ", " has no wording in ");
	pv_say_language(&asking->say, pv_str(lang));
	pv_say(&asking->say, "\u00a0: une publication dans cette langue ne peut y répondre.",
		": a post in that language cannot meet it.");
	struct pv_analysis_finding *finding =
		pv_tell(asking, "no_wording", PV_SEVERITY_PROBLEM, &rule, 1);
	if (finding)
		finding->witness = witness;
}

/* Words are sought in any language: what has some in one only is deaf to the other. */
static void look_at_words(struct pv_asking *asking, const char *id, size_t rule,
	const struct pv_langs *words, const char *lang)
{
	bool any = false;
	for (size_t i = 0; i < words->n; i++)
		any |= words->items[i].texts.n > 0;
	if (!any || has_words(words, lang))
		return;
	if (rule < asking->policy->n_rules) {
		pv_say_rule(&asking->say, asking->policy, rule);
	} else {
		pv_say(&asking->say, "Le sujet ", "The topic ");
		pv_say_id(&asking->say, id);
	}
	pv_say(&asking->say, " n'a pas de mots en ", " has no words in ");
	pv_say_language(&asking->say, pv_str(lang));
	pv_say(&asking->say, ".", ".");
	pv_tell_of(asking, "no_words", PV_SEVERITY_REMARK, id);
}

void pv_question_languages(struct pv_asking *asking)
{
	const struct pv_policy *policy = asking->policy;
	const char *used[PV_USED_LANGS_MAX];
	size_t n = pv_used_languages(policy, used);
	for (size_t l = 0; l < n; l++) {
		for (size_t r = 0; r < policy->n_rules; r++) {
			look_at_wordings(asking, r, used[l]);
			if (policy->rules[r].kind == PV_RULE_INVITE)
				look_at_words(asking, policy->rules[r].id, r,
					&policy->rules[r].words, used[l]);
		}
		for (size_t t = 0; t < policy->n_topics; t++)
			look_at_words(asking, policy->topics[t].id, policy->n_rules,
				&policy->topics[t].words, used[l]);
	}
}
