/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "policy/exceptions.h"

#include "policy/facts.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- beside the document's own ----------------------------------------------------------------- */

struct granting {
	struct pv_arena *arena;
	struct pv_policy *policy; /* in the making */
};

static bool is_word(struct pv_str value, const char *word)
{
	return pv_str_equal(value, pv_str(word));
}

/* Only a value that no condition of the document names is one more. */
static bool note_extra(struct granting *granting, enum pv_fact fact, struct pv_str value)
{
	struct pv_fact_space *space = &granting->policy->space;
	if (is_word(value, "any") || is_word(value, "none") ||
		pv_fact_bit(space, fact, value) != PV_BIT_OTHER)
		return true;
	for (size_t i = 0; i < space->n_extras; i++)
		if (space->extras[i].fact == fact &&
			pv_fact_is(fact, space->extras[i].value, value))
			return true;
	struct pv_fact_extra *extras =
		pv_arena_more(granting->arena, space->extras, space->n_extras, sizeof *extras);
	if (!extras)
		return false;
	space->extras = extras;
	extras[space->n_extras++] = (struct pv_fact_extra){
		.fact = fact, .value = pv_arena_text(granting->arena, value)};
	return extras[space->n_extras - 1].value != NULL;
}

static enum pv_fact fact_of(const struct pv_case_line *line)
{
	return (enum pv_fact)pv_name_index(pv_fact_names, PV_FACTS, line->fact);
}

static bool note_extras(struct granting *granting, const struct pv_case *c)
{
	for (size_t e = 0; e < c->n_exceptions; e++)
		for (size_t l = 0; l < c->exceptions[e].n_when; l++) {
			const struct pv_case_line *line = &c->exceptions[e].when[l];
			for (size_t v = 0; v < line->n_values; v++)
				if (!note_extra(granting, fact_of(line), line->values[v]))
					return false;
		}
	struct pv_fact_space *space = &granting->policy->space;
	space->extras_word = space->n_words;
	space->n_words += (space->n_extras + 63) / 64;
	return true;
}

/* What a value accepts, into one mask a word of the slot and of the extras behind. */
static void accept(const struct pv_fact_space *space, enum pv_fact fact, struct pv_str value,
	uint64_t *own, uint64_t *extra)
{
	const struct pv_fact_slot *slot = &space->slots[fact];
	for (size_t i = 0; i < space->n_extras; i++)
		if (space->extras[i].fact == fact &&
			pv_fact_is(fact, space->extras[i].value, value)) {
			extra[i / 64] |= UINT64_C(1) << (i % 64);
			return;
		}
	if (is_word(value, "any")) {
		for (size_t w = 0; w < slot->words; w++)
			own[w] = ~UINT64_C(0);
		own[0] &= ~(UINT64_C(1) << PV_BIT_NONE);
		return;
	}
	size_t bit = is_word(value, "none") ? PV_BIT_NONE : pv_fact_bit(space, fact, value);
	own[bit / 64] |= UINT64_C(1) << (bit % 64);
}

static bool compile_line(
	struct granting *granting, const struct pv_case_line *line, struct pv_condition *out)
{
	const struct pv_fact_space *space = &granting->policy->space;
	enum pv_fact fact = fact_of(line);
	const struct pv_fact_slot *slot = &space->slots[fact];
	size_t behind = (space->n_extras + 63) / 64, words = slot->words + behind;
	uint64_t *masks = pv_arena_array(granting->arena, uint64_t, words);
	if (!masks)
		return false;
	for (size_t v = 0; v < line->n_values; v++)
		accept(space, fact, line->values[v], masks, masks + slot->words);
	size_t first = out->n_terms;
	for (size_t w = 0; w < words; w++) {
		size_t word =
			w < slot->words ? slot->word + w : space->extras_word + (w - slot->words);
		if (masks[w] || (w + 1 == words && out->n_terms == first))
			out->terms[out->n_terms++] =
				(struct pv_term){.word = (uint16_t)word, .mask = masks[w]};
	}
	out->terms[out->n_terms - 1].last = true;
	return true;
}

static bool compile_when(
	struct granting *granting, const struct pv_case_exception *from, struct pv_condition *out)
{
	const struct pv_fact_space *space = &granting->policy->space;
	size_t room = 1;
	for (size_t l = 0; l < from->n_when; l++)
		room += space->slots[fact_of(&from->when[l])].words + (space->n_extras + 63) / 64;
	*out = (struct pv_condition){
		.terms = pv_arena_array(granting->arena, struct pv_term, room)};
	for (size_t l = 0; out->terms && l < from->n_when; l++)
		if (!compile_line(granting, &from->when[l], out))
			return false;
	return out->terms != NULL;
}

static size_t rule_named(const struct pv_policy *policy, struct pv_str id)
{
	size_t i = 0;
	while (i < policy->n_rules && !pv_str_equal(pv_str(policy->rules[i].id), id))
		i++;
	return i;
}

static bool grant(
	struct granting *granting, const struct pv_case_exception *from, struct pv_exception *out)
{
	struct pv_arena *arena = granting->arena;
	const struct pv_policy *policy = granting->policy;
	*out = (struct pv_exception){
		.id = pv_arena_text(arena, from->id),
		.granted_by = pv_arena_text(arena, from->granted_by),
		.lifts = pv_arena_array(arena, uint64_t, PV_RULE_WORDS),
		.reason = {pv_arena_text(arena, from->reason_fr),
			pv_arena_text(arena, from->reason_en)},
		/* As in a document: the rule, not its exception, lasts longest. */
		.from_us = pv_zone_day_start(policy->zone, from->from_day, PV_ZONE_LATER),
		.until_us = pv_zone_day_start(policy->zone, from->until_day + 1, PV_ZONE_EARLIER),
	};
	if (!out->id || !out->lifts || !out->reason.fr || !out->reason.en)
		return false;
	for (size_t i = 0; i < from->n_lifts; i++) {
		size_t rule = rule_named(policy, from->lifts[i]);
		if (rule < policy->n_rules && !policy->rules[rule].firm)
			pv_bit_set(out->lifts, rule);
	}
	return compile_when(granting, from, &out->when);
}

/* By id; of two alike the document's comes first. */
static int by_id(const void *a, const void *b)
{
	const struct pv_exception *one = a, *two = b;
	int order = strcmp(one->id, two->id);
	return order ? order : two->line - one->line;
}

bool pv_policy_with_exceptions(struct pv_arena *arena, const struct pv_policy *policy,
	const struct pv_case *c, const struct pv_policy **out)
{
	*out = policy;
	if (c->n_exceptions == 0)
		return true;
	struct pv_policy *whole = pv_arena_new(arena, struct pv_policy);
	if (!whole)
		return false;
	*whole = *policy;
	size_t n = policy->n_exceptions + c->n_exceptions;
	struct granting granting = {.arena = arena, .policy = whole};
	struct pv_exception *exceptions = pv_arena_array(arena, struct pv_exception, n);
	if (!exceptions || !note_extras(&granting, c))
		return false;
	if (policy->n_exceptions)
		memcpy(exceptions, policy->exceptions, policy->n_exceptions * sizeof *exceptions);
	for (size_t i = 0; i < c->n_exceptions; i++)
		if (!grant(&granting, &c->exceptions[i], &exceptions[policy->n_exceptions + i]))
			return false;
	qsort(exceptions, n, sizeof *exceptions, by_id);
	whole->exceptions = exceptions;
	whole->n_exceptions = n;
	*out = whole;
	return true;
}

/* ---- asking for one ---------------------------------------------------------------------------- */

static bool single(enum pv_fact fact)
{
	return fact != PV_FACT_AXES && fact != PV_FACT_TOPIC && fact != PV_FACT_LANG &&
	       fact != PV_FACT_RELATION && fact != PV_FACT_HUMAN;
}

/* Can one value meet both lines? */
static bool together(const struct pv_line *rule, const struct pv_case_line *asked)
{
	for (size_t r = 0; r < rule->values.n; r++)
		for (size_t a = 0; a < asked->n_values; a++) {
			const char *theirs = rule->values.items[r];
			struct pv_str ours = asked->values[a];
			bool none = strcmp(theirs, "none") == 0 || is_word(ours, "none");
			if (is_word(ours, theirs))
				return true;
			if (!none && (strcmp(theirs, "any") == 0 || is_word(ours, "any")))
				return true;
		}
	return false;
}

/* The fact under which the rule never speaks where the exception would hold; NULL: none. */
static const struct pv_case_line *apart(
	const struct pv_rule *rule, const struct pv_case_exception *exception)
{
	for (size_t a = 0; a < exception->n_when; a++) {
		enum pv_fact fact = fact_of(&exception->when[a]);
		for (size_t l = 0; single(fact) && l < rule->when.n_lines; l++)
			if (rule->when.lines[l].fact == fact &&
				!together(&rule->when.lines[l], &exception->when[a]))
				return &exception->when[a];
	}
	return NULL;
}

enum pv_status pv_exception_check(const struct pv_policy *policy,
	const struct pv_case_exception *exception, struct pv_error *error)
{
	enum pv_status status = PV_OK;
	for (size_t i = 0; i < exception->n_lifts; i++) {
		char at[32];
		struct pv_str id = exception->lifts[i];
		size_t index = rule_named(policy, id);
		const struct pv_rule *rule = index < policy->n_rules ? &policy->rules[index] : NULL;
		const struct pv_case_line *line = rule ? apart(rule, exception) : NULL;
		snprintf(at, sizeof at, "/lifts/%zu", i);
		if (!rule)
			status = pv_fail_field(error, at,
				"La politique en vigueur n'a pas de règle « %2$.*1$s ».",
				"The policy in force has no rule \"%2$.*1$s\".", (int)id.size,
				id.bytes ? id.bytes : "");
		else if (rule->firm)
			status = pv_fail_field(error, at,
				"La règle « %s » est ferme : rien ne l'écarte.",
				"The rule \"%s\" is firm: nothing sets it aside.", rule->id);
		else if (line)
			status = pv_fail_field(error, at,
				"La règle « %1$s » ne parle jamais de ce que dit « %3$.*2$s » "
				"ici : la dérogation ne servirait pas.",
				"The rule \"%1$s\" never speaks of what \"%3$.*2$s\" says "
				"here: the exception would be of no use.",
				rule->id, (int)line->fact.size, line->fact.bytes);
	}
	return status;
}
