/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Questions 6 and 9: what a false declaration gains. Two copies of one post are searched for, that
 * differ in one declared fact; where a rule that speaks of the first says nothing that stops the
 * second, the declaration is worth something.
 */
#include "policy/analysis/question.h"

#include "base/mem.h"

/* One variable declared otherwise than it is. */
struct lie {
	uint32_t var, truth, told; /* values of the variable */
};

struct lying {
	struct pv_asking *asking;
	struct lie lie;
	size_t rule; /* that falls; n_rules: the default */
	enum pv_verdict most;
	const char *word;  /* question 9: heard in the text, not declared */
	pv_rule_bits fire; /* its test, and those that fire with it */
	pv_rule_bits own;  /* its test alone */
	struct pv_witness witness, instead;
};

/* The best that one way of lying brings. */
struct gain {
	pv_rule_bits fallen;
	bool otherwise; /* the default falls too */
	struct lie lie;
	struct pv_witness witness, instead;
	int cost;
};

static bool is_default(const struct lying *lying)
{
	return lying->rule == lying->asking->policy->n_rules;
}

static enum pv_verdict says(const struct lying *lying)
{
	const struct pv_policy *policy = lying->asking->policy;
	return is_default(lying) ? policy->otherwise : policy->rules[lying->rule].then;
}

static enum pv_tri falls(const struct pv_search *search, void *state, struct pv_pick *pick)
{
	const struct lying *lying = state;
	const struct pv_world world = {.fire = lying->fire};
	enum pv_tri is = is_default(lying) ? pv_default_speaks(search, 0, pick)
					   : pv_rule_lives(search, 0, &world, lying->rule, pick);
	if (is != PV_YES)
		return is;
	return pv_verdict_at_most(search, 1, &world, lying->most, pick);
}

/* The text of the second copy, told as the first: only what is declared differs, and the past is as
 * it was. */
static void tell_truth(struct pv_built *told, const struct pv_built *truth, struct pv_built *out)
{
	pv_built_copy(told, out);
	out->c.declared = truth->c.declared;
	for (size_t i = 0; i < out->c.n_history; i++) {
		struct pv_history_entry *entry = &out->history[i];
		uint32_t times = entry->times;
		if (out->alike[i])
			*entry = pv_like_this(out, entry->at_us);
		entry->times = times;
		told->history[i] = *entry;
	}
}

static bool hear_word(
	TALLOC_CTX *mem, const struct pv_built *truth, const char *word, struct pv_built *out)
{
	pv_built_copy(truth, out);
	char *text = talloc_asprintf(mem, "%.*s%s%.*s", (int)truth->c.post.text.size,
		truth->c.post.text.bytes, truth->c.post.text.size ? "\n" : "",
		(int)strcspn(word, "*"), word);
	out->c.post.text = pv_str(text);
	return text != NULL;
}

static bool make(const struct pv_search *search, void *state)
{
	struct lying *lying = state;
	struct pv_asking *asking = lying->asking;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(asking->scratch);
	const bool test = !is_default(lying) && !pv_bit(asking->policy->categories, lying->rule);
	const struct pv_wanted wanted = {.fire = test ? lying->own : NULL};
	struct pv_built told, plain, truth;
	struct pv_witness witness, instead;
	if (!scope || !pv_build(scope, search, 1, &wanted, &told) || told.changed ||
		!pv_build_case(scope, search, 0, &plain))
		return false;
	tell_truth(&told, &plain, &truth);
	if (lying->word && !hear_word(scope, &truth, lying->word, &told))
		return false;
	if (!pv_witness_of(asking->mem, asking->policy, &truth.c, &witness) ||
		!pv_witness_of(asking->mem, asking->policy, &told.c, &instead) ||
		witness.verdict < says(lying) || instead.verdict > lying->most)
		return false;
	lying->witness = witness;
	lying->instead = instead;
	return true;
}

/* ---- which rules a declaration concerns ----------------------------------------------------------- */

static void concern(const struct pv_space *space, const uint32_t *lines, uint32_t n, uint8_t *forms)
{
	for (uint32_t l = 0; l < n; l++)
		for (uint32_t f = 0; f < space->lines[lines[l]].n_forms; f++)
			forms[space->lines[lines[l]].forms[f]] = 1;
}

/* Rules whose word may change: they ask the fact, or what sets them aside does. */
static bool concerned(struct pv_asking *asking, uint32_t var, uint64_t *out, bool *out_default)
{
	const struct pv_space *space = asking->space;
	const struct pv_policy *policy = asking->policy;
	const struct pv_variable *variable = &space->vars[var];
	uint8_t *forms = talloc_zero_array(asking->scratch, uint8_t, space->n_forms + 1);
	if (!forms) {
		asking->arena.failed = true;
		return false;
	}
	concern(space, variable->lines, variable->n_lines, forms);
	if (var >= PV_VARS_VALUED) {
		const struct pv_space_list *list = &space->lists[pv_space_list_of(variable->fact)];
		concern(space, list->shared, list->n_shared, forms);
	}
	bool any = false;
	*out_default = false;
	for (size_t i = 0; i < policy->n_rules; i++) {
		if (!forms[i])
			continue;
		any = true;
		pv_bit_set(out, i);
		*out_default |= pv_bit(policy->categories, i);
		for (size_t w = 0; policy->rules[i].overrides && w < policy->rule_words; w++)
			out[w] |= policy->rules[i].overrides[w];
	}
	for (size_t e = 0; e < policy->n_exceptions; e++)
		for (size_t w = 0; forms[pv_space_exception(space, e)] && w < policy->rule_words;
			w++) {
			out[w] |= policy->exceptions[e].lifts[w];
			any = true;
		}
	talloc_free(forms);
	return any;
}

/* ---- one lie -------------------------------------------------------------------------------------- */

/* What may go out is as good with a warning as without. */
static enum pv_verdict reached(const struct pv_witness *instead)
{
	return instead->verdict < PV_VERDICT_WARN ? PV_VERDICT_WARN : instead->verdict;
}

static bool better(const struct gain *gain, const struct lying *lying, int cost)
{
	if (!gain->witness.json)
		return true;
	if (reached(&lying->instead) != reached(&gain->instead))
		return lying->instead.verdict < gain->instead.verdict;
	if (lying->witness.verdict != gain->witness.verdict)
		return lying->witness.verdict > gain->witness.verdict;
	return cost < gain->cost;
}

/* How far does this rule's word fall? The mildest answer that the lie reaches. */
static void try_rule(struct pv_asking *asking, const struct lie *lie, size_t rule, const char *word,
	struct gain *gain)
{
	static const enum pv_verdict mildest[] = {
		PV_VERDICT_WARN, PV_VERDICT_DISCLOSE, PV_VERDICT_APPROVE};
	struct lying lying = {.asking = asking, .lie = *lie, .rule = rule, .word = word};
	if (says(&lying) < PV_VERDICT_DISCLOSE)
		return;
	if (!is_default(&lying)) {
		memcpy(lying.fire, asking->space->fires[rule].with,
			asking->policy->rule_words * sizeof(uint64_t));
		pv_bit_set(lying.own, rule);
	}
	for (size_t m = 0; m < PV_COUNT(mildest) && mildest[m] < says(&lying); m++) {
		lying.most = mildest[m];
		pv_search_reset(&asking->pair);
		pv_search_fix_copy(&asking->pair, 0, lie->var, lie->truth);
		pv_search_fix_copy(&asking->pair, 1, lie->var, lie->told);
		if (!pv_seek_yes(asking, pv_search_run(&asking->pair, falls, make, &lying)))
			continue;
		if (is_default(&lying))
			gain->otherwise = true;
		else
			pv_bit_set(gain->fallen, rule);
		if (better(gain, &lying, asking->pair.best_cost)) {
			gain->lie = *lie;
			gain->witness = lying.witness;
			gain->instead = lying.instead;
			gain->cost = asking->pair.best_cost;
		}
		return;
	}
}

static void try_lie(
	struct pv_asking *asking, const struct lie *lie, const char *word, struct gain *gain)
{
	const struct pv_policy *policy = asking->policy;
	pv_rule_bits rules = {0};
	bool otherwise;
	if (!concerned(asking, lie->var, rules, &otherwise))
		return;
	for (size_t i = 0; i < policy->n_rules; i++)
		if (pv_bit(rules, i))
			try_rule(asking, lie, i, word, gain);
	if (otherwise)
		try_rule(asking, lie, policy->n_rules, word, gain);
}

/* ---- told ----------------------------------------------------------------------------------------- */

static enum pv_fact fact_of(const struct pv_space *space, uint32_t var)
{
	switch (var) {
	case PV_VAR_ORIGIN: return PV_FACT_ORIGIN;
	case PV_VAR_INTEREST: return PV_FACT_INTEREST;
	case PV_VAR_AXIS: return PV_FACT_AXIS;
	case PV_VAR_SPONSORED: return PV_FACT_SPONSORED;
	case PV_VAR_CONSENT: return PV_FACT_CONSENT;
	case PV_VAR_RELEVANCE: return PV_FACT_RELEVANCE;
	default: return space->vars[var].fact;
	}
}

static const char *raw_name(const struct pv_space *space, enum pv_fact fact, uint32_t raw)
{
	switch (fact) {
	case PV_FACT_ORIGIN: return pv_origin_names[raw];
	case PV_FACT_INTEREST: return pv_interest_names[raw];
	case PV_FACT_AXIS: return raw ? space->axes[raw] : "none";
	case PV_FACT_SPONSORED:
	case PV_FACT_CONSENT: return pv_yes_no_names[raw];
	case PV_FACT_RELEVANCE: return pv_relevance_names[raw];
	case PV_FACT_RELATION: return pv_relation_names[raw];
	case PV_FACT_HUMAN: return pv_human_names[raw];
	default: return space->lists[pv_space_list_of(fact)].raw[raw];
	}
}

static void say_fact(struct pv_say *say, enum pv_fact fact, const char *value)
{
	if (fact == PV_FACT_TOPIC)
		pv_say(say, "le sujet ", "the topic ");
	else if (fact == PV_FACT_AXIS && strcmp(value, "none") != 0)
		pv_say(say, "l'axe ", "the axis ");
	if (fact == PV_FACT_TOPIC || (fact == PV_FACT_AXIS && strcmp(value, "none") != 0)) {
		pv_say_id(say, value);
		return;
	}
	pv_say(say, "«\u00a0", "“");
	pv_analysis_say_value(say, fact, value);
	pv_say(say, "\u00a0»", "”");
}

static void say_lie(struct pv_asking *asking, const struct lie *lie)
{
	const struct pv_space *space = asking->space;
	const struct pv_variable *variable = &space->vars[lie->var];
	enum pv_fact fact = fact_of(space, lie->var);
	if (lie->var >= PV_VARS_VALUED) {
		if (variable->values[lie->told].raw == PV_ATOM_IN)
			pv_say(&asking->say, "Déclarer à tort ", "Wrongly declaring ");
		else
			pv_say(&asking->say, "Ne pas déclarer ", "Not declaring ");
		say_fact(&asking->say, fact, raw_name(space, fact, variable->raw_atom));
		return;
	}
	const char *told = raw_name(space, fact, variable->values[lie->told].raw);
	const char *truth = raw_name(space, fact, variable->values[lie->truth].raw);
	if (strcmp(told, "unknown") == 0 || strcmp(told, "none") == 0) {
		pv_say(&asking->say, "Ne pas déclarer ", "Not declaring ");
		say_fact(&asking->say, fact, truth);
		return;
	}
	pv_say(&asking->say, "Déclarer ", "Declaring ");
	say_fact(&asking->say, fact, told);
	pv_say(&asking->say, " plutôt que ", " instead of ");
	say_fact(&asking->say, fact, truth);
}

static bool topic_has_words(const struct pv_policy *policy, const char *id)
{
	for (size_t i = 0; i < policy->n_topics; i++)
		for (size_t l = 0;
			strcmp(policy->topics[i].id, id) == 0 && l < policy->topics[i].words.n; l++)
			if (policy->topics[i].words.items[l].texts.n)
				return true;
	return false;
}

static void say_who_sees(struct pv_asking *asking, const struct gain *gain)
{
	const struct pv_variable *variable = &asking->space->vars[gain->lie.var];
	enum pv_fact fact = fact_of(asking->space, gain->lie.var);
	struct pv_say *say = &asking->say;
	bool words =
		fact == PV_FACT_TOPIC &&
		topic_has_words(asking->policy, raw_name(asking->space, fact, variable->raw_atom));
	if (gain->instead.verdict == PV_VERDICT_APPROVE)
		pv_say(say, " La personne qui approuve voit la déclaration.",
			" The person who approves sees the declaration.");
	if (fact == PV_FACT_ORIGIN || fact == PV_FACT_RELATION)
		pv_say(say,
			" Le registre le trouve quand le lien ou le compte cité y est inscrit; "
			"sinon, seule la trace gardée le dira.",
			" The register finds it when the link or handle is entered there; "
			"otherwise only the record kept will tell.");
	else if (words)
		pv_say(say, " Les mots du sujet, s'ils sont dans le texte, le font entendre.",
			" The topic's words, if they stand in the text, make it heard.");
	else
		pv_say(say,
			" Aucune lecture du texte ne le voit\u00a0: la déclaration est gardée, et "
			"une personne peut la relire.",
			" No reading of the text sees it: the declaration is kept, and a person "
			"can read it again.");
}

/* Which fact, and as what, for programs. */
static void name_lie(
	const struct pv_space *space, const struct lie *lie, struct pv_analysis_finding *finding)
{
	const struct pv_variable *variable = &space->vars[lie->var];
	enum pv_fact fact = fact_of(space, lie->var);
	finding->fact = pv_fact_names[fact];
	if (lie->var < PV_VARS_VALUED)
		finding->declared = raw_name(space, fact, variable->values[lie->told].raw);
	else if (variable->values[lie->told].raw == PV_ATOM_IN)
		finding->declared = raw_name(space, fact, variable->raw_atom);
}

static void tell_gain(struct pv_asking *asking, const struct gain *gain)
{
	struct pv_say *say = &asking->say;
	if (!gain->witness.json)
		return;
	say_lie(asking, &gain->lie);
	pv_say(say, " fait tomber ", " does away with ");
	if (pv_bits_count(gain->fallen, asking->policy->rule_words))
		pv_say_rule_ids(say, asking->policy, gain->fallen);
	else
		pv_say(say, "la réponse par défaut", "the default's answer");
	if (gain->otherwise && pv_bits_count(gain->fallen, asking->policy->rule_words))
		pv_say(say, " et la réponse par défaut", " and the default's answer");
	pv_say(say, "\u00a0: de ", ": from ");
	pv_say_quoted(say, pv_verdict_words(gain->witness.verdict));
	pv_say(say, " à ", " to ");
	pv_say_quoted(say, pv_verdict_words(gain->instead.verdict));
	pv_say(say, ".", ".");
	say_who_sees(asking, gain);
	struct pv_analysis_finding *finding =
		pv_tell_bits(asking, "false_declaration", PV_SEVERITY_REMARK, gain->fallen);
	if (finding) {
		name_lie(asking->space, &gain->lie, finding);
		finding->witness = gain->witness;
		finding->instead = gain->instead;
	}
}

void pv_question_false_declarations(struct pv_asking *asking)
{
	static const uint32_t valued[] = {PV_VAR_INTEREST, PV_VAR_ORIGIN, PV_VAR_RELEVANCE,
		PV_VAR_AXIS, PV_VAR_SPONSORED, PV_VAR_CONSENT};
	const struct pv_space *space = asking->space;
	for (size_t i = 0; i < PV_COUNT(valued); i++) {
		const struct pv_variable *variable = &space->vars[valued[i]];
		for (uint32_t told = 0; told < variable->n_values; told++) {
			struct gain gain = {0};
			for (uint32_t truth = 0; truth < variable->n_values; truth++) {
				struct lie lie = {.var = valued[i], .truth = truth, .told = told};
				if (truth != told)
					try_lie(asking, &lie, NULL, &gain);
			}
			tell_gain(asking, &gain);
		}
	}
	for (uint32_t var = PV_VARS_VALUED; var < space->n_vars; var++)
		for (uint32_t told = 0; told < 2 && space->vars[var].fact != PV_FACT_LANG; told++) {
			struct gain gain = {0};
			struct lie lie = {.var = var, .truth = 1 - told, .told = told};
			try_lie(asking, &lie, NULL, &gain);
			tell_gain(asking, &gain);
		}
}

/* ---- question 9 ------------------------------------------------------------------------------------ */

static void tell_gate(struct pv_asking *asking, const struct pv_topic *topic, const char *word,
	const struct gain *gain)
{
	struct pv_say *say = &asking->say;
	pv_say(say, "Le sujet ", "The topic ");
	pv_say_id(say, topic->id);
	pv_say(say, " permet, et il a des mots\u00a0: ", " permits, and it has words: ");
	pv_say_quoted_same(say, pv_str(word));
	pv_say(say, " dans le texte suffit à passer de ", " in the text is enough to go from ");
	pv_say_quoted(say, pv_verdict_words(gain->witness.verdict));
	pv_say(say, " à ", " to ");
	pv_say_quoted(say, pv_verdict_words(gain->instead.verdict));
	pv_say(say, ". Un sujet qui permet se déclare seulement\u00a0: ôtez-lui ses mots.",
		". A topic that permits is only declared: take its words away.");
	struct pv_analysis_finding *finding =
		pv_tell_of(asking, "permissive_topic_has_words", PV_SEVERITY_PROBLEM, topic->id);
	if (finding) {
		finding->witness = gain->witness;
		finding->instead = gain->instead;
	}
}

void pv_question_topics(struct pv_asking *asking)
{
	const struct pv_space *space = asking->space;
	const struct pv_space_list *list = &space->lists[PV_LIST_TOPIC];
	for (size_t t = 0; t < asking->policy->n_topics; t++) {
		const struct pv_topic *topic = &asking->policy->topics[t];
		const char *word = NULL;
		for (size_t l = 0; l < topic->words.n && !word; l++)
			if (topic->words.items[l].texts.n)
				word = topic->words.items[l].texts.items[0];
		for (uint32_t r = 0; word && r < list->n_raw; r++) {
			if (strcmp(list->raw[r], topic->id) != 0 ||
				list->class_of[r] == PV_VAR_NONE)
				continue;
			/* out costs nothing, so it stands first */
			struct lie lie = {.var = list->class_of[r], .truth = 0, .told = 1};
			struct gain gain = {0};
			try_lie(asking, &lie, word, &gain);
			if (gain.witness.json)
				tell_gate(asking, topic, word, &gain);
		}
	}
}
