/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "policy/analysis/search.h"

#include <limits.h>

/* One thing as it was before it was decided. */
struct pv_undo {
	uint8_t copy;
	uint8_t was;
	enum { UNDO_LINE, UNDO_VALUE } kind;
	uint32_t index;
};

/* ---- what is certain ---------------------------------------------------------------------------- */

/* In, out or open; a relation may follow from what is not declared as one. */
static enum pv_tri atom_is(const struct pv_space *space, const struct pv_copy *copy, uint32_t var)
{
	const struct pv_variable *variable = &space->vars[var];
	int32_t value = copy->value[var];
	if (value >= 0 && variable->values[value].raw == PV_ATOM_IN)
		return PV_YES;
	enum pv_tri declared = value < 0 ? PV_OPEN : PV_NO;
	if (variable->fact != PV_FACT_RELATION)
		return declared;
	uint32_t source;
	uint32_t wanted;
	switch (variable->raw_atom) {
	case PV_RELATION_AUTHOR: source = PV_VAR_ORIGIN, wanted = PV_ORIGIN_OWN_CREATION; break;
	case PV_RELATION_CLIENT: source = PV_VAR_ORIGIN, wanted = PV_ORIGIN_CLIENT; break;
	case PV_RELATION_PAID: source = PV_VAR_SPONSORED, wanted = 1; break;
	default: return declared;
	}
	int32_t at = copy->value[source];
	if (at < 0)
		return PV_OPEN;
	/* all raw values of a class meet the same lines, this relation's among them */
	return space->vars[source].class_of[wanted] == (uint32_t)at ? PV_YES : declared;
}

static enum pv_tri list_line_is(
	const struct pv_space *space, const struct pv_copy *copy, const struct pv_space_line *line)
{
	const struct pv_space_list *list = &space->lists[pv_space_list_of(line->line->fact)];
	bool open = false;
	for (uint32_t i = 0; !line->any && i < line->n_atoms; i++) {
		enum pv_tri is = atom_is(space, copy, line->atoms[i]);
		if (is == PV_YES)
			return PV_YES;
		open |= is == PV_OPEN;
	}
	if (!line->any && !line->none)
		return open ? PV_OPEN : PV_NO;
	uint32_t in = 0, undecided = 0;
	for (uint32_t var = list->first; var < list->first + list->n; var++) {
		enum pv_tri is = atom_is(space, copy, var);
		in += is == PV_YES;
		undecided += is == PV_OPEN;
	}
	bool empty = in == 0 && undecided == 0;
	if ((line->any && in > 0) || (line->none && empty) || (line->any && line->none))
		return PV_YES;
	if (line->none && in == 0)
		return PV_OPEN;
	return open || (line->any && undecided > 0) ? PV_OPEN : PV_NO;
}

static enum pv_tri line_is(
	const struct pv_space *space, const struct pv_copy *copy, const struct pv_space_line *line)
{
	if (line->list)
		return list_line_is(space, copy, line);
	int32_t value = copy->value[line->var];
	if (value < 0)
		return PV_OPEN;
	return pv_bit(line->holds, (size_t)value) ? PV_YES : PV_NO;
}

static enum pv_tri tallied(const struct pv_tally *tally)
{
	return tally->no ? PV_NO : tally->open ? PV_OPEN : PV_YES;
}

/* `when` holds, and no `unless`: of those, "no" counts the ones that do. */
static enum pv_tri form_is(const struct pv_space *space, const struct pv_copy *copy, uint32_t form)
{
	return pv_and(
		tallied(&copy->conditions[space->forms[form].first]), tallied(&copy->unless[form]));
}

enum pv_tri pv_form_is(const struct pv_copy *copy, uint32_t form)
{
	if (form == PV_FORM_NEVER)
		return PV_NO;
	return form == PV_FORM_ALWAYS ? PV_YES : (enum pv_tri)copy->form[form];
}

/* ---- deciding and taking back ------------------------------------------------------------------ */

static void note(struct pv_search *search, int copy, int kind, uint32_t index, uint8_t was)
{
	if (search->n_undo == search->room_undo) {
		size_t room = search->room_undo ? search->room_undo * 2 : 1024;
		struct pv_undo *grown =
			talloc_realloc(search->arena.mem, search->undo, struct pv_undo, room);
		if (!grown) {
			search->arena.failed = search->stopped = true;
			return;
		}
		search->undo = grown;
		search->room_undo = room;
	}
	search->undo[search->n_undo++] =
		(struct pv_undo){.copy = (uint8_t)copy, .was = was, .kind = kind, .index = index};
}

static void set_form(
	const struct pv_search *search, struct pv_copy *copy, uint32_t form, enum pv_tri is)
{
	copy->form[form] = (uint8_t)is;
	if (form >= search->space->policy->n_rules)
		return;
	uint64_t bit = UINT64_C(1) << (form % 64);
	if (is == PV_YES)
		copy->holds[form / 64] |= bit;
	else
		copy->holds[form / 64] &= ~bit;
	if (is == PV_NO)
		copy->may_hold[form / 64] &= ~bit;
	else
		copy->may_hold[form / 64] |= bit;
}

static void count(struct pv_tally *tally, enum pv_tri was, enum pv_tri is)
{
	tally->no += (uint32_t)(is == PV_NO) - (uint32_t)(was == PV_NO);
	tally->open += (uint32_t)(is == PV_OPEN) - (uint32_t)(was == PV_OPEN);
}

static enum pv_tri turned(enum pv_tri is)
{
	return is == PV_YES ? PV_NO : is == PV_NO ? PV_YES : PV_OPEN;
}

/* A line as it is now, and all that follows from it. */
static void set_line(struct pv_search *search, struct pv_copy *copy, uint32_t index, enum pv_tri is)
{
	const struct pv_space *space = search->space;
	const struct pv_space_line *line = &space->lines[index];
	enum pv_tri was = (enum pv_tri)copy->line[index];
	copy->line[index] = (uint8_t)is;
	for (uint32_t i = 0; i < line->n_conditions; i++) {
		uint32_t number = line->conditions[i];
		const struct pv_space_condition *condition = &space->conditions[number];
		enum pv_tri before = tallied(&copy->conditions[number]);
		count(&copy->conditions[number], was, is);
		enum pv_tri after = tallied(&copy->conditions[number]);
		if (before == after)
			continue;
		if (condition->unless)
			count(&copy->unless[condition->form], turned(before), turned(after));
		enum pv_tri form = form_is(space, copy, condition->form);
		if (form != (enum pv_tri)copy->form[condition->form])
			set_form(search, copy, condition->form, form);
	}
}

static void look_again(struct pv_search *search, int c, uint32_t index)
{
	struct pv_copy *copy = &search->copy[c];
	enum pv_tri is = line_is(search->space, copy, &search->space->lines[index]);
	if (is == (enum pv_tri)copy->line[index])
		return;
	note(search, c, UNDO_LINE, index, copy->line[index]);
	set_line(search, copy, index, is);
}

static void decide(struct pv_search *search, int c, uint32_t var, uint32_t value)
{
	const struct pv_variable *variable = &search->space->vars[var];
	note(search, c, UNDO_VALUE, var, 0);
	search->copy[c].value[var] = (int32_t)value;
	for (uint32_t i = 0; i < variable->n_lines; i++)
		look_again(search, c, variable->lines[i]);
	if (var < PV_VARS_VALUED)
		return;
	const struct pv_space_list *list = &search->space->lists[pv_space_list_of(variable->fact)];
	for (uint32_t i = 0; i < list->n_shared; i++)
		look_again(search, c, list->shared[i]);
}

static void take_back(struct pv_search *search, size_t to)
{
	while (search->n_undo > to) {
		const struct pv_undo *undo = &search->undo[--search->n_undo];
		struct pv_copy *copy = &search->copy[undo->copy];
		if (undo->kind == UNDO_VALUE)
			copy->value[undo->index] = -1;
		else
			set_line(search, copy, undo->index, (enum pv_tri)undo->was);
	}
}

/* ---- what to decide next ------------------------------------------------------------------------ */

static uint32_t open_variable(const struct pv_search *search, const struct pv_copy *copy,
	const struct pv_space_line *line)
{
	const struct pv_space *space = search->space;
	if (!line->list)
		return line->var;
	const struct pv_space_list *list = &space->lists[pv_space_list_of(line->line->fact)];
	for (uint32_t i = 0; i < line->n_atoms; i++)
		if (copy->value[line->atoms[i]] < 0)
			return line->atoms[i];
	for (uint32_t var = list->first; (line->any || line->none) && var < list->first + list->n;
		var++)
		if (copy->value[var] < 0)
			return var;
	return copy->value[PV_VAR_ORIGIN] < 0 ? PV_VAR_ORIGIN : PV_VAR_SPONSORED;
}

static bool pick_condition(const struct pv_search *search, const struct pv_copy *copy,
	const struct pv_space_condition *condition, struct pv_pick *pick)
{
	for (uint32_t i = 0; i < condition->n; i++)
		if (copy->line[condition->lines[i]] == PV_OPEN) {
			pick->var = open_variable(
				search, copy, &search->space->lines[condition->lines[i]]);
			return true;
		}
	return false;
}

void pv_pick_form(const struct pv_search *search, int c, uint32_t form, struct pv_pick *pick)
{
	const struct pv_space *space = search->space;
	const struct pv_formula *asked = &space->forms[form];
	const struct pv_copy *copy = &search->copy[c];
	for (uint32_t i = 0; i <= asked->n_unless; i++)
		if (tallied(&copy->conditions[asked->first + i]) == PV_OPEN &&
			pick_condition(search, copy, &space->conditions[asked->first + i], pick))
			return;
}

/* ---- the search --------------------------------------------------------------------------------- */

/* Everything open, but what holds or does not by itself. */
static bool begin_copy(struct pv_search *search, struct pv_copy *copy)
{
	const struct pv_space *space = search->space;
	copy->value = pv_arena_array(&search->arena, int32_t, space->n_vars);
	copy->line = pv_arena_array(&search->arena, uint8_t, space->n_lines);
	copy->form = pv_arena_array(&search->arena, uint8_t, space->n_forms);
	copy->conditions = pv_arena_array(&search->arena, struct pv_tally, space->n_conditions);
	copy->unless = pv_arena_array(&search->arena, struct pv_tally, space->n_forms);
	if (search->arena.failed)
		return false;
	memset(copy->value, 0xff, space->n_vars * sizeof *copy->value);
	for (uint32_t l = 0; l < space->n_lines; l++)
		copy->line[l] = (uint8_t)line_is(space, copy, &space->lines[l]);
	for (uint32_t c = 0; c < space->n_conditions; c++) {
		const struct pv_space_condition *condition = &space->conditions[c];
		for (uint32_t i = 0; i < condition->n; i++)
			count(&copy->conditions[c], PV_YES,
				(enum pv_tri)copy->line[condition->lines[i]]);
		if (condition->unless)
			count(&copy->unless[condition->form], PV_YES,
				turned(tallied(&copy->conditions[c])));
	}
	for (uint32_t f = 0; f < space->n_forms; f++)
		set_form(search, copy, f, form_is(space, copy, f));
	return true;
}

bool pv_search_begin(struct pv_search *search, TALLOC_CTX *mem, const struct pv_space *space,
	int n_copies, uint64_t *steps, uint64_t steps_max)
{
	*search = (struct pv_search){.space = space,
		.arena.mem = mem,
		.n_copies = n_copies,
		.steps = steps,
		.steps_max = steps_max,
		.bound = INT_MAX,
		.best_cost = INT_MAX};
	for (int c = 0; c < n_copies; c++) {
		search->best[c] = pv_arena_array(&search->arena, int32_t, space->n_vars);
		if (!begin_copy(search, &search->copy[c]))
			return false;
	}
	return true;
}

void pv_search_fix_copy(struct pv_search *search, int copy, uint32_t var, uint32_t value)
{
	if (search->copy[copy].value[var] < 0)
		decide(search, copy, var, value);
}

void pv_search_fix(struct pv_search *search, uint32_t var, uint32_t value)
{
	for (int c = 0; c < search->n_copies; c++)
		pv_search_fix_copy(search, c, var, value);
}

void pv_search_reset(struct pv_search *search)
{
	take_back(search, 0);
	search->bound = search->best_cost = INT_MAX;
	search->unmade = false;
	search->makes = 0;
}

static void keep(struct pv_search *search, int cost)
{
	search->best_cost = cost;
	for (int c = 0; c < search->n_copies; c++)
		memcpy(search->best[c], search->copy[c].value,
			search->space->n_vars * sizeof *search->best[c]);
}

static void descend(struct pv_search *search, int cost)
{
	const struct pv_space *space = search->space;
	struct pv_pick pick = {.var = PV_VAR_NONE};
	if (search->stopped || cost >= search->best_cost || cost >= search->bound ||
		(search->any && search->best_cost < INT_MAX))
		return;
	/* a step is a look at some thirty rules: work is bounded however long the policy is */
	*search->steps += 1 + space->policy->n_rules / 32;
	if (*search->steps > search->steps_max) {
		search->stopped = true;
		return;
	}
	enum pv_tri is = search->ask(search, search->state, &pick);
	if (is == PV_NO)
		return;
	if (is == PV_YES) {
		if (!search->make || search->make(search, search->state)) {
			keep(search, cost);
		} else {
			search->unmade = true;
			search->stopped = ++search->makes >= PV_SEARCH_MAKES_MAX;
		}
		return;
	}
	const struct pv_variable *variable = &space->vars[pick.var];
	size_t before = search->n_undo;
	for (uint32_t v = 0; v < variable->n_values && !search->stopped; v++) {
		for (int c = 0; c < search->n_copies; c++)
			decide(search, c, pick.var, v);
		descend(search, cost + variable->values[v].cost);
		take_back(search, before);
	}
}

enum pv_found pv_search_run(
	struct pv_search *search, pv_search_ask ask, pv_search_make make, void *state)
{
	search->ask = ask;
	search->make = make;
	search->state = state;
	int cost = 0;
	for (uint32_t var = 0; var < search->space->n_vars; var++)
		if (search->copy[0].value[var] >= 0)
			cost += search->space->vars[var].values[search->copy[0].value[var]].cost;
	descend(search, cost);
	if (search->best_cost < INT_MAX)
		return PV_FOUND;
	return search->stopped || search->unmade || search->space->cut ? PV_FOUND_UNDECIDED
								       : PV_FOUND_NONE;
}

enum pv_found pv_search_any(
	struct pv_search *search, pv_search_ask ask, pv_search_make make, void *state)
{
	search->any = true;
	enum pv_found found = pv_search_run(search, ask, make, state);
	search->any = false;
	return found;
}

uint32_t pv_search_raw(const struct pv_search *search, int copy, uint32_t var)
{
	int32_t value = search->copy[copy].value[var];
	return search->space->vars[var].values[value < 0 ? 0 : value].raw;
}
