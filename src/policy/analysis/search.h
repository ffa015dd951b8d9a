/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Is there a post such that …? Backtracking over the variables of the space, with conditions that
 * hold, do not, or are still open, until what is asked is certain either way; the cheapest such post
 * is kept. Inside the analysis.
 *
 *	struct pv_search search;
 *	pv_search_begin(&search, mem, &space, 1);
 *	pv_search_fix(&search, PV_VAR_ORIGIN, space.vars[PV_VAR_ORIGIN].class_of[PV_ORIGIN_CLIENT]);
 *	enum pv_analysis_answer answer = pv_search_run(&search, ask, make, state);
 *
 * Two copies of a post may be searched for at once, that differ in one variable: as it is, and as it
 * is declared.
 */
#ifndef PV_POLICY_ANALYSIS_SEARCH_H
#define PV_POLICY_ANALYSIS_SEARCH_H

#include "policy/analysis/space.h"

/* How many of several do not hold, and of how many it is open. */
struct pv_tally {
	uint32_t no, open;
};

/* A post as far as it is decided. */
struct pv_copy {
	int32_t *value; /* of each variable: a class, or an atom's value; -1: open */
	uint8_t *line;  /* enum pv_tri */
	uint8_t *form;
	struct pv_tally
		*conditions; /* lines, and of each form its unless, that do not or may not hold */
	struct pv_tally *unless;
	pv_rule_bits holds, may_hold; /* forms that are rules; what holds may hold */
};

/* What to decide next, when it is not certain: a variable. */
struct pv_pick {
	uint32_t var;
};

enum pv_found { PV_FOUND_NONE, PV_FOUND, PV_FOUND_UNDECIDED };

struct pv_search;

/* Is it so, for whatever is open? When PV_OPEN, `pick` is set. */
typedef enum pv_tri (*pv_search_ask)(
	const struct pv_search *search, void *state, struct pv_pick *pick);
/* It is so: can a real post be made of it? Open variables are as usual. NULL: always. */
typedef bool (*pv_search_make)(const struct pv_search *search, void *state);

struct pv_undo;

struct pv_search {
	const struct pv_space *space;
	struct pv_arena arena;
	struct pv_copy copy[2];
	int n_copies;
	struct pv_undo *undo;
	size_t n_undo, room_undo;
	uint64_t *steps; /* shared by the searches of one question */
	uint64_t steps_max;
	uint32_t makes; /* posts tried and not confirmed */
	bool stopped;   /* by a limit */
	bool unmade;    /* something was so, and no real post could be made of it */
	bool any;       /* the first will do */
	int bound;      /* only what costs less; INT_MAX: anything */
	int best_cost;  /* INT_MAX: none */
	int32_t *best[2];
	pv_search_ask ask;
	pv_search_make make;
	void *state;
};

/* How many posts that the judge did not confirm a search tries before it says so. */
enum { PV_SEARCH_MAKES_MAX = 200 };

bool pv_search_begin(struct pv_search *search, TALLOC_CTX *mem, const struct pv_space *space,
	int n_copies, uint64_t *steps, uint64_t steps_max);
/* Decides a variable beforehand, in both copies, or in one. */
void pv_search_fix(struct pv_search *search, uint32_t var, uint32_t value);
void pv_search_fix_copy(struct pv_search *search, int copy, uint32_t var, uint32_t value);
/* Opens everything again, and forgets what was found, and the bound. */
void pv_search_reset(struct pv_search *search);

/* PV_FOUND_UNDECIDED: a limit stopped it, or nothing could be made of what is so. */
enum pv_found pv_search_run(
	struct pv_search *search, pv_search_ask ask, pv_search_make make, void *state);

/* The same, content with the first that is found. */
enum pv_found pv_search_any(
	struct pv_search *search, pv_search_ask ask, pv_search_make make, void *state);

/* The raw value of a variable in a copy, as usual while open. */
uint32_t pv_search_raw(const struct pv_search *search, int copy, uint32_t var);

/* Of a form, or PV_FORM_NEVER, PV_FORM_ALWAYS. */
enum pv_tri pv_form_is(const struct pv_copy *copy, uint32_t form);
/* An open line of an open form. */
void pv_pick_form(const struct pv_search *search, int copy, uint32_t form, struct pv_pick *pick);

/* ---- verdicts.c ------------------------------------------------------------------------------- */

/* Besides its facts, what is supposed of the post. Tests that cannot help firing always do. */
struct pv_world {
	const uint64_t *fire; /* rules whose test fires, where it may; NULL: none */
	bool approved;        /* by everyone who is asked */
	bool every;           /* every test that may fire does */
};

enum pv_tri pv_in_force(
	const struct pv_search *search, int copy, size_t exception, struct pv_pick *pick);
/* Is the rule quiet by its period or hours? When open, it hangs on the moment. */
enum pv_tri pv_clock_fires(const struct pv_search *search, int copy, size_t rule);
enum pv_tri pv_may_fire(const struct pv_search *search, int copy, size_t rule);
/* What is open of it. */
void pv_pick_fire(const struct pv_search *search, int copy, size_t rule, struct pv_pick *pick);

enum pv_tri pv_verdict_at_most(const struct pv_search *search, int copy,
	const struct pv_world *world, enum pv_verdict most, struct pv_pick *pick);
enum pv_tri pv_verdict_at_least(const struct pv_search *search, int copy,
	const struct pv_world *world, enum pv_verdict least, struct pv_pick *pick);
/* Does the rule speak (its test fires, it is not set aside)? */
enum pv_tri pv_rule_lives(const struct pv_search *search, int copy, const struct pv_world *world,
	size_t rule, struct pv_pick *pick);
/* Rules whose condition holds and that nothing sets aside, whatever their tests: surely, possibly. */
void pv_live_rules(const struct pv_search *search, int copy, uint64_t *sure, uint64_t *may);
/* What is open of this one living. */
void pv_pick_life(const struct pv_search *search, int copy, size_t rule, struct pv_pick *pick);
/* Does no category apply, so that the default speaks? */
enum pv_tri pv_default_speaks(const struct pv_search *search, int copy, struct pv_pick *pick);

/* One more thing that must be so: the first open one is picked, any that is not ends it. */
static inline enum pv_tri pv_also(
	enum pv_tri is, struct pv_pick *pick, enum pv_tri next, const struct pv_pick *next_pick)
{
	if (is == PV_NO || next == PV_NO)
		return PV_NO;
	if (is == PV_YES && next == PV_OPEN)
		*pick = *next_pick;
	return is < next ? is : next;
}

static inline enum pv_tri pv_and(enum pv_tri a, enum pv_tri b)
{
	return a < b ? a : b;
}

#endif
