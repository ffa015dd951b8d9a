/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* From the conditions of a policy, and what questions ask besides, to variables and lines. */
#include "policy/analysis/space.h"

#include <stdio.h>
#include <stdlib.h>

int pv_space_list_of(enum pv_fact fact)
{
	switch (fact) {
	case PV_FACT_RELATION: return PV_LIST_RELATION;
	case PV_FACT_HUMAN: return PV_LIST_HUMAN;
	case PV_FACT_TOPIC: return PV_LIST_TOPIC;
	case PV_FACT_LANG: return PV_LIST_LANG;
	default: return PV_LISTS;
	}
}

bool pv_line_names(const struct pv_line *line, const char *value)
{
	for (size_t i = 0; i < line->values.n; i++)
		if (strcmp(line->values.items[i], value) == 0)
			return true;
	return false;
}

/* ---- forms ----------------------------------------------------------------------------------- */

uint32_t pv_space_form(struct pv_space *space, const struct pv_condition *when,
	const struct pv_condition *unless, uint32_t n_unless)
{
	struct pv_formula *forms =
		pv_arena_more(&space->arena, space->forms, space->n_forms, sizeof *forms);
	if (!forms)
		return PV_FORM_NEVER;
	space->forms = forms;
	forms[space->n_forms] =
		(struct pv_formula){.when = when, .unless = unless, .n_unless = n_unless};
	return space->n_forms++;
}

uint32_t pv_space_ask(struct pv_space *space, enum pv_fact fact, const char *const *values)
{
	struct pv_condition *condition = pv_arena_new(&space->arena, struct pv_condition);
	struct pv_line *line = pv_arena_new(&space->arena, struct pv_line);
	size_t n = 0;
	while (values[n])
		n++;
	const char **items = pv_arena_array(&space->arena, const char *, n);
	if (!condition || !line || !items)
		return PV_FORM_NEVER;
	memcpy(items, values, n * sizeof *items);
	*line = (struct pv_line){.fact = fact, .values = {.items = items, .n = n}};
	*condition = (struct pv_condition){.lines = line, .n_lines = 1};
	return pv_space_form(space, condition, NULL, 0);
}

bool pv_space_begin(
	struct pv_space *space, TALLOC_CTX *mem, const struct pv_policy *policy, int64_t at_us)
{
	/* whole seconds: an example is written in JSON, and read back as the same instant */
	int64_t rest_us = ((at_us % PV_SECOND_US) + PV_SECOND_US) % PV_SECOND_US;
	if (rest_us)
		at_us += PV_SECOND_US - rest_us;
	*space = (struct pv_space){.policy = policy, .at_us = at_us, .arena.mem = mem};
	space->exception_words = policy->n_exceptions / 64 + 1;
	for (size_t i = 0; i < policy->n_rules; i++) {
		const struct pv_rule *rule = &policy->rules[i];
		pv_space_form(space, &rule->when, rule->unless, (uint32_t)rule->n_unless);
	}
	for (size_t i = 0; i < policy->n_exceptions; i++)
		pv_space_form(space, &policy->exceptions[i].when, NULL, 0);
	/* a relation follows from these, so they stay apart from the values beside them */
	static const char *const own[] = {"own_creation", NULL}, *const client[] = {"client", NULL};
	static const char *const yes[] = {"yes", NULL};
	pv_space_ask(space, PV_FACT_ORIGIN, own);
	pv_space_ask(space, PV_FACT_ORIGIN, client);
	pv_space_ask(space, PV_FACT_SPONSORED, yes);
	return !space->arena.failed && pv_space_fires(space);
}

/* ---- lines, each once ------------------------------------------------------------------------- */

struct line_key {
	char *text; /* "fact|value|value", values sorted */
	const struct pv_line *line;
	uint32_t *slot; /* where the line's number goes */
};

struct line_keys {
	struct line_key *items;
	uint32_t n;
};

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int by_key(const void *a, const void *b)
{
	return strcmp(((const struct line_key *)a)->text, ((const struct line_key *)b)->text);
}

static char *key_of(struct pv_space *space, const struct pv_line *line)
{
	bool any = pv_line_names(line, "any"); /* what is named besides adds nothing */
	size_t n = 0, size = 8;
	const char **sorted = pv_arena_array(&space->arena, const char *, line->values.n);
	if (!sorted)
		return NULL;
	for (size_t i = 0; i < line->values.n; i++) {
		const char *value = line->values.items[i];
		if (any && strcmp(value, "any") != 0 && strcmp(value, "none") != 0)
			continue;
		sorted[n++] = value;
		size += strlen(value) + 1;
	}
	if (n > 1)
		qsort(sorted, n, sizeof *sorted, by_text);
	char *text = pv_arena_alloc(&space->arena, size);
	if (!text)
		return NULL;
	size_t at = (size_t)snprintf(text, 8, "%d", line->fact);
	for (size_t i = 0; i < n; i++) {
		size_t value = strlen(sorted[i]);
		text[at++] = '|';
		memcpy(text + at, sorted[i], value);
		at += value;
	}
	return text;
}

static bool add_keys(struct pv_space *space, struct line_keys *keys,
	const struct pv_condition *condition, struct pv_space_condition *out)
{
	out->n = (uint32_t)condition->n_lines;
	out->lines = pv_arena_array(&space->arena, uint32_t, condition->n_lines);
	for (size_t i = 0; out->lines && i < condition->n_lines; i++) {
		struct line_key *items =
			pv_arena_more(&space->arena, keys->items, keys->n, sizeof *items);
		char *text = items ? key_of(space, &condition->lines[i]) : NULL;
		if (!text)
			return false;
		keys->items = items;
		items[keys->n++] = (struct line_key){
			.text = text, .line = &condition->lines[i], .slot = &out->lines[i]};
	}
	return out->lines != NULL;
}

/* The conditions of all forms, one after the other. */
static bool number_conditions(struct pv_space *space, struct line_keys *keys)
{
	size_t room = 0;
	for (uint32_t f = 0; f < space->n_forms; f++)
		room += 1 + space->forms[f].n_unless;
	space->conditions = pv_arena_array(&space->arena, struct pv_space_condition, room);
	for (uint32_t f = 0; space->conditions && f < space->n_forms; f++) {
		struct pv_formula *form = &space->forms[f];
		form->first = space->n_conditions;
		for (uint32_t u = 0; u <= form->n_unless; u++) {
			struct pv_space_condition *out = &space->conditions[space->n_conditions++];
			*out = (struct pv_space_condition){.form = f, .unless = u > 0};
			if (!add_keys(space, keys, u ? &form->unless[u - 1] : form->when, out))
				return false;
		}
	}
	return space->conditions != NULL;
}

static bool number_lines(struct pv_space *space)
{
	struct line_keys keys = {0};
	if (!number_conditions(space, &keys))
		return false;
	if (keys.n > 1)
		qsort(keys.items, keys.n, sizeof *keys.items, by_key);
	space->lines = pv_arena_array(&space->arena, struct pv_space_line, keys.n);
	for (uint32_t i = 0; space->lines && i < keys.n; i++) {
		if (i == 0 || strcmp(keys.items[i - 1].text, keys.items[i].text) != 0)
			space->lines[space->n_lines++] =
				(struct pv_space_line){.line = keys.items[i].line};
		*keys.items[i].slot = space->n_lines - 1;
	}
	return space->lines != NULL;
}

/* ---- classes of values ------------------------------------------------------------------------- */

/* What each raw value costs: what an author need not say, or a desk has of itself, is free. */
static int raw_cost(const struct pv_space *space, uint32_t var, uint32_t raw)
{
	switch (var) {
	case PV_VAR_ACCOUNT: return !space->accounts[raw].named;
	case PV_VAR_KIND: return raw == PV_KIND_PINNED_REPLY ? 2 : raw != PV_POST;
	default: return raw != 0;
	}
}

struct signature {
	uint64_t *bits;
	uint32_t raw;
};

static int by_bits(const void *a, const void *b, void *words)
{
	const struct signature *one = a, *two = b;
	int order = memcmp(one->bits, two->bits, *(size_t *)words * sizeof(uint64_t));
	if (order)
		return order;
	return one->raw < two->raw ? -1 : one->raw > two->raw;
}

bool pv_space_group(struct pv_space *space, uint32_t n, const uint32_t *asked, uint32_t n_asked,
	bool (*meets)(const struct pv_space *space, uint32_t var, uint32_t raw,
		const struct pv_line *line),
	uint32_t var, uint32_t *first)
{
	size_t words = n_asked / 64 + 1;
	struct signature *items = pv_arena_array(&space->arena, struct signature, n);
	uint64_t *bits = pv_arena_array(&space->arena, uint64_t, words * n);
	if (!items || !bits)
		return false;
	for (uint32_t r = 0; r < n; r++) {
		items[r] = (struct signature){.bits = bits + words * r, .raw = r};
		for (uint32_t i = 0; i < n_asked; i++)
			if (meets(space, var, r, space->lines[asked[i]].line))
				pv_bit_set(items[r].bits, i);
	}
	if (n > 1)
		qsort_r(items, n, sizeof *items, by_bits, &words);
	for (uint32_t i = 0; i < n; i++) {
		bool again = i > 0 && memcmp(items[i - 1].bits, items[i].bits, words * 8) == 0;
		first[items[i].raw] = again ? first[items[i - 1].raw] : items[i].raw;
	}
	return true;
}

/* Values that no line tells apart become one; moments come as classes already. */
static bool classify(struct pv_space *space, uint32_t var, uint32_t n_raw)
{
	struct pv_variable *variable = &space->vars[var];
	struct pv_space_value *values = pv_arena_array(&space->arena, struct pv_space_value, n_raw);
	uint32_t *class_of = pv_arena_array(&space->arena, uint32_t, n_raw);
	uint32_t *first = pv_arena_array(&space->arena, uint32_t, n_raw);
	if (!values || !class_of || !first)
		return false;
	for (uint32_t r = 0; r < n_raw; r++)
		first[r] = r;
	if (var != PV_VAR_MOMENT && !pv_space_group(space, n_raw, variable->lines,
					    variable->n_lines, pv_space_meets, var, first))
		return false;
	/* what costs least stands first among the raw values already */
	for (uint32_t r = 0; r < n_raw; r++) {
		if (first[r] == r) {
			class_of[r] = variable->n_values;
			values[variable->n_values++] =
				(struct pv_space_value){.raw = r, .cost = raw_cost(space, var, r)};
		}
		class_of[r] = class_of[first[r]];
	}
	variable->values = values;
	variable->class_of = class_of;
	variable->n_raw = n_raw;
	return true;
}

bool pv_space_note(struct pv_space *space, uint32_t var, uint32_t line)
{
	struct pv_variable *variable = &space->vars[var];
	uint32_t *lines = pv_arena_more(
		&space->arena, variable->lines, variable->n_lines, sizeof *variable->lines);
	if (!lines)
		return false;
	variable->lines = lines;
	lines[variable->n_lines++] = line;
	return true;
}

static bool make_valued(struct pv_space *space)
{
	const uint32_t raws[PV_VARS_VALUED] = {
		[PV_VAR_ACCOUNT] = space->n_accounts,
		[PV_VAR_KIND] = PV_KINDS,
		[PV_VAR_ORIGIN] = PV_ORIGINS,
		[PV_VAR_INTEREST] = PV_INTERESTS,
		[PV_VAR_AXIS] = space->n_axes,
		[PV_VAR_SPONSORED] = 2,
		[PV_VAR_CONSENT] = 2,
		[PV_VAR_RELEVANCE] = PV_RELEVANCES,
		[PV_VAR_MOMENT] = space->n_moments,
	};
	for (uint32_t l = 0; l < space->n_lines; l++) {
		struct pv_space_line *line = &space->lines[l];
		line->list = pv_space_list_of(line->line->fact) != PV_LISTS;
		line->any = pv_line_names(line->line, "any");
		line->none = pv_line_names(line->line, "none");
		line->var = pv_space_var_of(line->line->fact);
		if (!line->list && !pv_space_note(space, line->var, l))
			return false;
	}
	for (uint32_t var = 0; var < PV_VARS_VALUED; var++) {
		if (!classify(space, var, raws[var]))
			return false;
		struct pv_variable *variable = &space->vars[var];
		for (uint32_t i = 0; i < variable->n_lines; i++) {
			struct pv_space_line *line = &space->lines[variable->lines[i]];
			uint64_t *holds = pv_arena_array(
				&space->arena, uint64_t, variable->n_values / 64 + 1);
			if (!holds)
				return false;
			for (uint32_t v = 0; v < variable->n_values; v++)
				if (pv_space_meets(space, var, variable->values[v].raw, line->line))
					pv_bit_set(holds, v);
			line->holds = holds;
		}
	}
	return true;
}

/* ---- the whole ---------------------------------------------------------------------------------- */

/* Which conditions ask each line; one that asks a line twice is noted twice, and counts twice. */
static bool note_conditions(struct pv_space *space)
{
	for (uint32_t c = 0; c < space->n_conditions; c++)
		for (uint32_t i = 0; i < space->conditions[c].n; i++) {
			struct pv_space_line *line = &space->lines[space->conditions[c].lines[i]];
			uint32_t *grown = pv_arena_more(&space->arena, line->conditions,
				line->n_conditions, sizeof *line->conditions);
			if (!grown)
				return false;
			line->conditions = grown;
			grown[line->n_conditions++] = c;
		}
	return true;
}

bool pv_space_end(struct pv_space *space)
{
	/* doubling arrays grow from what they hold: the valued ones must be a power of two */
	space->vars = pv_arena_array(&space->arena, struct pv_variable, 16);
	space->n_vars = PV_VARS_VALUED;
	if (!space->vars || !number_lines(space) || !pv_space_collect(space) ||
		!pv_space_moments(space) || !make_valued(space))
		return false;
	for (int which = 0; which < PV_LISTS; which++)
		if (!pv_space_atoms(space, which))
			return false;
	return note_conditions(space) && !space->arena.failed;
}
