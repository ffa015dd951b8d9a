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
	uint32_t by; /* the form that makes it fall: its own, which no longer holds, or another's */
	enum pv_verdict most;
	const char *word;  /* question 9: heard in the text, not declared */
	pv_rule_bits fire; /* its test, and those that fire with it */
	pv_rule_bits own;  /* its test alone */
	struct pv_witness witness, instead;
};

/* The best that one way of lying brings. */
struct gain {
	pv_rule_bits fallen;
	pv_rule_bits open; /* those that fall so far that the post may go out */
	bool otherwise;    /* the default falls too */
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

/* The form that makes the difference, first: it holds of one copy and not of the other. */
static enum pv_tri differs(
	const struct pv_search *search, const struct lying *lying, struct pv_pick *pick)
{
	const bool own = !is_default(lying) && lying->by == lying->rule;
	enum pv_tri all = PV_YES;
	for (int copy = 0; copy < 2; copy++) {
		enum pv_tri wanted = (copy == 0) == own ? PV_YES : PV_NO;
		enum pv_tri is = pv_form_is(&search->copy[copy], lying->by);
		if (is == PV_OPEN && all == PV_YES)
			pv_pick_form(search, copy, lying->by, pick);
		if (is != PV_OPEN && is != wanted)
			return PV_NO;
		all = is == PV_OPEN ? PV_OPEN : all;
	}
	return all;
}

static enum pv_tri falls(const struct pv_search *search, void *state, struct pv_pick *pick)
{
	const struct lying *lying = state;
	const struct pv_world world = {.fire = lying->fire};
	struct pv_pick next;
	enum pv_tri is = differs(search, lying, pick);
	if (is != PV_NO)
		is = pv_also(
			is, pick, pv_verdict_at_most(search, 1, &world, lying->most, &next), &next);
	if (is != PV_NO)
		is = pv_also(is, pick,
			is_default(lying) ? pv_default_speaks(search, 0, &next)
					  : pv_rule_lives(search, 0, &world, lying->rule, &next),
			&next);
	return is;
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
		for (uint32_t c = 0; c < space->lines[lines[l]].n_conditions; c++)
			forms[space->conditions[space->lines[lines[l]].conditions[c]].form] = 1;
}

/* Forms that ask the fact, one byte each; NULL when memory is out. */
static uint8_t *concerned(struct pv_asking *asking, uint32_t var)
{
	const struct pv_space *space = asking->space;
	const struct pv_variable *variable = &space->vars[var];
	uint8_t *forms = talloc_zero_array(asking->scratch, uint8_t, space->n_forms + 1);
	if (!forms) {
		asking->arena.failed = true;
		return NULL;
	}
	concern(space, variable->lines, variable->n_lines, forms);
	if (var >= PV_VARS_VALUED) {
		const struct pv_space_list *list = &space->lists[pv_space_list_of(variable->fact)];
		concern(space, list->shared, list->n_shared, forms);
	}
	return forms;
}

/* May this form make the rule (or the default) fall? */
static bool makes_fall(const struct pv_policy *policy, uint32_t form, size_t rule)
{
	if (form < policy->n_rules && rule == policy->n_rules)
		return pv_bit(policy->categories, form);
	if (form < policy->n_rules)
		return form == rule || (policy->rules[form].overrides &&
					       pv_bit(policy->rules[form].overrides, rule));
	size_t exception = form - policy->n_rules;
	return exception < policy->n_exceptions && rule < policy->n_rules &&
	       pv_bit(policy->exceptions[exception].lifts, rule);
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

/* Ways in which the lie makes some rule fall, by some form, down to some verdict. */
struct way {
	size_t rule;
	uint32_t form;
	enum pv_verdict most;
};

struct ways {
	struct way *items;
	size_t n;
};

static void begin_way(struct pv_asking *asking, const struct lie *lie, const char *word,
	const struct way *way, struct lying *lying)
{
	*lying = (struct lying){.asking = asking,
		.lie = *lie,
		.rule = way->rule,
		.by = way->form,
		.most = way->most,
		.word = word};
	if (!is_default(lying)) {
		memcpy(lying->fire, asking->space->fires[way->rule].with,
			asking->policy->rule_words * sizeof(uint64_t));
		pv_bit_set(lying->own, way->rule);
	}
	pv_search_reset(&asking->pair);
	pv_search_fix_copy(&asking->pair, 0, lie->var, lie->truth);
	pv_search_fix_copy(&asking->pair, 1, lie->var, lie->told);
}

/* How far does this rule's word fall, by this form? The mildest answer that the lie reaches. */
static bool find_way(struct pv_asking *asking, const struct lie *lie, const char *word,
	struct way *way, const struct gain *gain, struct ways *ways)
{
	static const enum pv_verdict mildest[] = {
		PV_VERDICT_WARN, PV_VERDICT_DISCLOSE, PV_VERDICT_APPROVE};
	const struct pv_policy *policy = asking->policy;
	enum pv_verdict said =
		way->rule == policy->n_rules ? policy->otherwise : policy->rules[way->rule].then;
	for (size_t m = 0; m < PV_COUNT(mildest) && mildest[m] < said; m++) {
		struct lying lying;
		way->most = mildest[m];
		begin_way(asking, lie, word, way, &lying);
		/* known to fall as far as can be: only a smaller post is of interest */
		bool known = way->rule < policy->n_rules && pv_bit(gain->open, way->rule);
		if (!known &&
			!pv_seek_yes(asking, pv_search_any(&asking->pair, falls, make, &lying)))
			continue;
		struct way *items =
			pv_arena_more(&asking->arena, ways->items, ways->n, sizeof *items);
		if (!items)
			return false;
		ways->items = items;
		items[ways->n++] = *way;
		return true;
	}
	return true;
}

static bool find_ways(struct pv_asking *asking, const struct lie *lie, const char *word,
	const struct gain *gain, struct ways *ways)
{
	const struct pv_policy *policy = asking->policy;
	uint8_t *forms = concerned(asking, lie->var);
	bool good = forms != NULL;
	for (size_t rule = 0; good && rule <= policy->n_rules; rule++) {
		enum pv_verdict said =
			rule == policy->n_rules ? policy->otherwise : policy->rules[rule].then;
		for (uint32_t form = 0; said >= PV_VERDICT_DISCLOSE &&
					form < policy->n_rules + policy->n_exceptions;
			form++) {
			struct way way = {.rule = rule, .form = form};
			if (forms[form] && makes_fall(policy, form, rule))
				good = find_way(asking, lie, word, &way, gain, ways) && good;
		}
	}
	talloc_free(forms);
	return good;
}

/* The smallest post is sought only where the fall may be the deepest. */
static bool worth(const struct pv_policy *policy, const struct gain *gain, const struct way *way)
{
	enum pv_verdict said =
		way->rule == policy->n_rules ? policy->otherwise : policy->rules[way->rule].then;
	enum pv_verdict reaches = reached(&gain->instead);
	return !gain->witness.json || way->most < reaches ||
	       (way->most == reaches && said >= gain->witness.verdict);
}

static void try_lie(
	struct pv_asking *asking, const struct lie *lie, const char *word, struct gain *gain)
{
	const struct pv_policy *policy = asking->policy;
	struct ways ways = {0};
	if (!find_ways(asking, lie, word, gain, &ways))
		return;
	for (int said = PV_VERDICT_REFUSE; said >= PV_VERDICT_DISCLOSE; said--)
		for (size_t i = 0; i < ways.n; i++) {
			const struct way *way = &ways.items[i];
			bool otherwise = way->rule == policy->n_rules;
			struct lying lying;
			if ((int)(otherwise ? policy->otherwise : policy->rules[way->rule].then) !=
				said)
				continue;
			if (otherwise)
				gain->otherwise = true;
			else
				pv_bit_set(gain->fallen, way->rule);
			if (!otherwise && way->most == PV_VERDICT_WARN)
				pv_bit_set(gain->open, way->rule);
			if (!worth(policy, gain, way))
				continue;
			begin_way(asking, lie, word, way, &lying);
			if (gain->witness.json && way->most == reached(&gain->instead) &&
				said == (int)gain->witness.verdict)
				asking->pair.bound = gain->cost;
			if (!pv_seek_yes(
				    asking, pv_search_run(&asking->pair, falls, make, &lying)) ||
				!better(gain, &lying, asking->pair.best_cost))
				continue;
			gain->lie = *lie;
			gain->witness = lying.witness;
			gain->instead = lying.instead;
			gain->cost = asking->pair.best_cost;
		}
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
	pv_say_value(say, fact, value);
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
