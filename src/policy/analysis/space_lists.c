/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The atoms of list facts: those that the same lines name are one variable. */
#include "policy/analysis/space.h"

#include <stdlib.h>

static const enum pv_fact list_facts[PV_LISTS] = {
	[PV_LIST_RELATION] = PV_FACT_RELATION,
	[PV_LIST_HUMAN] = PV_FACT_HUMAN,
	[PV_LIST_TOPIC] = PV_FACT_TOPIC,
	[PV_LIST_LANG] = PV_FACT_LANG,
};

/* The lines that name one raw atom, in their order. */
struct named_by {
	uint32_t *lines;
	uint32_t n, raw;
	uint32_t variable;
	bool apart; /* follows from another fact: never one with others */
};

/* Relations that follow from the origin or from being sponsored. */
static bool follows(enum pv_fact fact, uint32_t raw)
{
	return fact == PV_FACT_RELATION &&
	       (raw == PV_RELATION_AUTHOR || raw == PV_RELATION_CLIENT || raw == PV_RELATION_PAID);
}

static bool name(struct pv_space *space, struct named_by *atom, uint32_t line)
{
	if (atom->n && atom->lines[atom->n - 1] == line)
		return true;
	uint32_t *lines = pv_arena_more(&space->arena, atom->lines, atom->n, sizeof *atom->lines);
	if (!lines)
		return false;
	atom->lines = lines;
	lines[atom->n++] = line;
	return true;
}

struct sorted_name {
	const char *text;
	uint32_t raw;
};

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct sorted_name *)a)->text, ((const struct sorted_name *)b)->text);
}

/* A policy may have thousands of topics: each value is looked up, not compared with all. */
static bool name_topics(
	struct pv_space *space, const struct pv_space_list *list, struct named_by *atoms)
{
	struct sorted_name *sorted = pv_arena_array(&space->arena, struct sorted_name, list->n_raw);
	if (!sorted)
		return false;
	for (uint32_t r = 0; r < list->n_raw; r++)
		sorted[r] = (struct sorted_name){.text = list->raw[r], .raw = r};
	if (list->n_raw > 1)
		qsort(sorted, list->n_raw, sizeof *sorted, by_name);
	for (uint32_t l = 0; l < space->n_lines; l++) {
		if (space->lines[l].line->fact != PV_FACT_TOPIC || space->lines[l].any)
			continue;
		const struct pv_strs *values = &space->lines[l].line->values;
		for (size_t v = 0; v < values->n; v++) {
			struct sorted_name key = {.text = values->items[v]};
			const struct sorted_name *found =
				bsearch(&key, sorted, list->n_raw, sizeof *sorted, by_name);
			if (found && !name(space, &atoms[found->raw], l))
				return false;
		}
	}
	return true;
}

static bool name_others(struct pv_space *space, enum pv_fact fact, const struct pv_space_list *list,
	struct named_by *atoms)
{
	for (uint32_t l = 0; l < space->n_lines; l++) {
		const struct pv_space_line *line = &space->lines[l];
		if (line->line->fact != fact || line->any)
			continue;
		for (uint32_t r = 0; r < list->n_raw; r++)
			if (pv_space_atom_meets(space, fact, r, line->line) &&
				!name(space, &atoms[r], l))
				return false;
	}
	return true;
}

static int by_lines(const void *a, const void *b)
{
	const struct named_by *one = a, *two = b;
	if (one->apart != two->apart)
		return one->apart ? -1 : 1;
	if (one->n != two->n)
		return one->n < two->n ? -1 : 1;
	int order = one->n ? memcmp(one->lines, two->lines, one->n * sizeof *one->lines) : 0;
	if (order)
		return order;
	return one->raw < two->raw ? -1 : one->raw > two->raw;
}

static int by_raw(const void *a, const void *b)
{
	const struct named_by *one = a, *two = b;
	return one->raw < two->raw ? -1 : one->raw > two->raw;
}

static bool add_atom(struct pv_space *space, enum pv_fact fact, struct named_by *atom, bool usual)
{
	struct pv_variable *vars =
		pv_arena_more(&space->arena, space->vars, space->n_vars, sizeof *vars);
	struct pv_space_value *values = pv_arena_array(&space->arena, struct pv_space_value, 2);
	if (!vars || !values)
		return false;
	space->vars = vars;
	values[0].raw = usual ? PV_ATOM_IN : PV_ATOM_OUT;
	values[1] = (struct pv_space_value){.raw = usual ? PV_ATOM_OUT : PV_ATOM_IN, .cost = 1};
	atom->variable = space->n_vars;
	vars[space->n_vars++] = (struct pv_variable){.values = values,
		.n_values = 2,
		.fact = fact,
		.raw_atom = atom->raw,
		.lines = atom->lines,
		.n_lines = atom->n};
	return true;
}

/* The first raw atom of each class stands for it; French is what a post is in, unless it is said. */
static bool make_atoms(struct pv_space *space, int which, struct named_by *atoms)
{
	struct pv_space_list *list = &space->lists[which];
	uint32_t *first = pv_arena_array(&space->arena, uint32_t, list->n_raw);
	uint32_t *class_of = pv_arena_array(&space->arena, uint32_t, list->n_raw);
	if (!first || !class_of)
		return false;
	if (list->n_raw > 1)
		qsort(atoms, list->n_raw, sizeof *atoms, by_lines);
	for (uint32_t i = 0; i < list->n_raw; i++) {
		const struct named_by *last = i ? &atoms[i - 1] : NULL;
		bool same = last && !last->apart && !atoms[i].apart && last->n == atoms[i].n &&
			    (last->n == 0 || memcmp(last->lines, atoms[i].lines,
						     last->n * sizeof *last->lines) == 0);
		first[atoms[i].raw] = same ? first[last->raw] : atoms[i].raw;
	}
	if (list->n_raw > 1)
		qsort(atoms, list->n_raw, sizeof *atoms, by_raw);
	for (uint32_t r = 0; r < list->n_raw; r++) {
		bool usual = which == PV_LIST_LANG && strcmp(list->raw[r], "fr") == 0;
		if (first[r] == r && !add_atom(space, list_facts[which], &atoms[r], usual))
			return false;
		class_of[r] = atoms[first[r]].variable;
	}
	list->class_of = class_of;
	return true;
}

static bool fill_lines(struct pv_space *space, const struct pv_space_list *list)
{
	for (uint32_t var = list->first; var < list->first + list->n; var++)
		for (uint32_t i = 0; i < space->vars[var].n_lines; i++) {
			struct pv_space_line *line = &space->lines[space->vars[var].lines[i]];
			uint32_t *grown = pv_arena_more(
				&space->arena, line->atoms, line->n_atoms, sizeof *line->atoms);
			if (!grown)
				return false;
			line->atoms = grown;
			grown[line->n_atoms++] = var;
		}
	return true;
}

/* Lines that each atom concerns; what one's origin or pay brings changes every relation line. */
static bool share_lines(struct pv_space *space, enum pv_fact fact, struct pv_space_list *list)
{
	for (uint32_t l = 0; l < space->n_lines; l++) {
		const struct pv_space_line *line = &space->lines[l];
		if (line->line->fact != fact)
			continue;
		if (fact == PV_FACT_RELATION && (!pv_space_note(space, PV_VAR_ORIGIN, l) ||
							!pv_space_note(space, PV_VAR_SPONSORED, l)))
			return false;
		if (!line->any && !line->none)
			continue;
		uint32_t *shared = pv_arena_more(
			&space->arena, list->shared, list->n_shared, sizeof *list->shared);
		if (!shared)
			return false;
		list->shared = shared;
		shared[list->n_shared++] = l;
	}
	return true;
}

bool pv_space_atoms(struct pv_space *space, int which)
{
	enum pv_fact fact = list_facts[which];
	struct pv_space_list *list = &space->lists[which];
	list->first = space->n_vars;
	uint32_t asked = 0;
	for (uint32_t l = 0; l < space->n_lines; l++)
		asked += space->lines[l].line->fact == fact;
	if (asked == 0) {
		uint32_t *class_of = pv_arena_array(&space->arena, uint32_t, list->n_raw);
		for (uint32_t r = 0; class_of && r < list->n_raw; r++)
			class_of[r] = PV_VAR_NONE;
		list->class_of = class_of;
		return class_of != NULL;
	}
	struct named_by *atoms = pv_arena_array(&space->arena, struct named_by, list->n_raw);
	if (!atoms)
		return false;
	for (uint32_t r = 0; r < list->n_raw; r++)
		atoms[r] = (struct named_by){.raw = r, .apart = follows(fact, r)};
	bool named = fact == PV_FACT_TOPIC ? name_topics(space, list, atoms)
					   : name_others(space, fact, list, atoms);
	if (!named || !make_atoms(space, which, atoms))
		return false;
	list->n = space->n_vars - list->first;
	return fill_lines(space, list) && share_lines(space, fact, list);
}
