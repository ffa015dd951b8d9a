/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Every post that a policy can tell from another, as a few variables with few values each. Inside
 * the analysis.
 *
 * A policy asks only conditions of a post, a condition is lines, and a line asks one fact. So two
 * values that no line tells apart are one value here, and what is said of one is said of all it
 * stands for. An account brings its owner, stance, platform and axes; a kind brings its form; a
 * moment brings the exceptions in force and what the clock forbids. A list fact is one variable for
 * each of its atoms, out or in. docs/policy-analysis.md shows why nothing is left out.
 *
 *	struct pv_space space;
 *	pv_space_begin(&space, mem, policy, at_us);
 *	uint32_t paid = pv_space_form(&space, &condition);	… what questions ask besides
 *	pv_space_end(&space);
 */
#ifndef PV_POLICY_ANALYSIS_SPACE_H
#define PV_POLICY_ANALYSIS_SPACE_H

#include "policy/arena.h"
#include "policy/model.h"

enum {
	PV_SPACE_ACCOUNTS_MAX =
		4096, /* that a policy tells apart, those it does not name included */
	PV_SPACE_MOMENTS_MAX = 4096,
};

/* First of a line's values, in lines of our own about language or owner: any value but these. */
#define PV_LINE_BUT "\t"

/* Does it hold, whatever is still open? */
enum pv_tri { PV_NO, PV_OPEN, PV_YES };

/* The variables that have values; each atom of a list fact follows as one more. */
enum pv_var {
	PV_VAR_ACCOUNT,
	PV_VAR_KIND, /* post, share, reply, pinned reply */
	PV_VAR_ORIGIN,
	PV_VAR_INTEREST,
	PV_VAR_AXIS, /* none, those named, another */
	PV_VAR_SPONSORED,
	PV_VAR_CONSENT,
	PV_VAR_RELEVANCE,
	PV_VAR_MOMENT,
	PV_VARS_VALUED,
	PV_VAR_NONE = UINT32_MAX,
};

enum { PV_KIND_PINNED_REPLY = PV_POST_KINDS, PV_KINDS };

/* An account that the document names, or one that a desk may have besides. */
struct pv_space_account {
	struct pv_str id, owner, platform;
	enum pv_stance stance;
	const struct pv_organisation *org;
	bool named;
};

/* A stretch of time in which nothing changes, by one instant of it. */
struct pv_moment {
	int64_t at_us;
	const uint64_t *in_force; /* exceptions */
	const uint64_t *silent;   /* rules: quiet by period or clock */
	const uint64_t *secret;   /* rules: embargoes that still stand */
	int active;               /* how many of all three */
};

struct pv_space_value {
	uint32_t raw; /* the first value of its class */
	int cost;
};

struct pv_variable {
	/* valued: classes, the cheapest first; of an atom: out and in, what costs nothing first */
	struct pv_space_value *values;
	uint32_t n_values;
	uint32_t n_raw;
	const uint32_t *class_of; /* of each raw value; NULL for an atom */
	enum pv_fact fact;        /* of an atom */
	uint32_t raw_atom;        /* the first of its class */
	uint32_t *lines;          /* that ask it */
	uint32_t n_lines;
};

/* Of an atom's two values, which one is "in"? Its raw value says. */
enum { PV_ATOM_OUT, PV_ATOM_IN };

struct pv_space_line {
	const struct pv_line *line;
	uint32_t var;          /* valued facts */
	const uint64_t *holds; /* valued: the classes that meet it, as bits */
	uint32_t *atoms;       /* list facts, unless `any`: variables that meet it when in */
	uint32_t n_atoms;
	bool list;
	bool any, none;       /* list facts: met by every atom; by the empty list too */
	uint32_t *conditions; /* that ask it, by number */
	uint32_t n_conditions;
};

struct pv_space_condition {
	uint32_t *lines;
	uint32_t n;
	uint32_t form;
	bool unless;
};

/* `when` holds and no `unless` does: a rule, an exception, or what a question asks. */
struct pv_formula {
	const struct pv_condition *when;
	const struct pv_condition *unless;
	uint32_t n_unless;
	uint32_t first; /* its conditions' numbers: `when`, then each `unless` */
};

/* When a rule's own test may fire, and when it must, as forms or one of these. */
enum { PV_FORM_NEVER = UINT32_MAX, PV_FORM_ALWAYS = UINT32_MAX - 1 };

struct pv_fires {
	uint32_t may, must;
	bool by_clock;  /* quiet: a period or hours, as the moment says */
	bool by_switch; /* quiet: anybody may turn it on */
	bool secret;    /* embargo: while it stands */
	uint64_t *with; /* rules whose test fires whenever this one's does, itself included */
};

/* The atoms of a list fact: variables [first, first + n); raw ones by name. */
struct pv_space_list {
	uint32_t first, n;
	const char **raw; /* of topic and lang; the others are by number */
	uint32_t n_raw;
	const uint32_t *class_of; /* variable of each raw atom, PV_VAR_NONE when nothing asks it */
	uint32_t *shared;         /* lines that every atom concerns: "any", "none" */
	uint32_t n_shared;
};

enum { PV_LIST_RELATION, PV_LIST_HUMAN, PV_LIST_TOPIC, PV_LIST_LANG, PV_LISTS };

struct pv_space {
	const struct pv_policy *policy;
	int64_t at_us;
	struct pv_arena arena;
	struct pv_space_account *accounts; /* raw values */
	uint32_t n_accounts;
	struct pv_moment *moments;
	uint32_t n_moments;
	size_t exception_words;
	const uint64_t *some_in_force, *always_in_force; /* over all moments */
	const uint64_t *some_silent, *always_silent, *some_secret, *always_secret;
	struct pv_str new_account; /* the id of one that the document does not name */
	const char *nobody;        /* an organisation that it does not describe */
	const char *somebody;      /* who posts, where no person owns the account */
	const char **axes;         /* raw values of PV_VAR_AXIS; NULL at 0: none */
	uint32_t n_axes;
	const char **platforms;
	uint32_t n_platforms;
	struct pv_space_list lists[PV_LISTS];
	struct pv_variable *vars;
	uint32_t n_vars;
	struct pv_space_line *lines;
	uint32_t n_lines;
	struct pv_space_condition *conditions; /* of all forms */
	uint32_t n_conditions;
	struct pv_formula *forms; /* rules, exceptions, then what was asked for */
	uint32_t n_forms;
	struct pv_fires *fires; /* of each rule */
	bool cut;               /* a limit above was met: "never" cannot be said */
};

/* False when memory is out. */
bool pv_space_begin(
	struct pv_space *space, TALLOC_CTX *mem, const struct pv_policy *policy, int64_t at_us);
/* Another form, asked for by a question; `when` must outlive the space. */
uint32_t pv_space_form(struct pv_space *space, const struct pv_condition *when,
	const struct pv_condition *unless, uint32_t n_unless);
/* A condition of one line: `fact` is one of the values (NULL ends them). */
uint32_t pv_space_ask(struct pv_space *space, enum pv_fact fact, const char *const *values);
/* Makes variables and lines of all forms. */
bool pv_space_end(struct pv_space *space);

static inline uint32_t pv_space_exception(const struct pv_space *space, size_t exception)
{
	return (uint32_t)(space->policy->n_rules + exception);
}

/* PV_LIST_… of a fact, PV_LISTS when it has single values. */
int pv_space_list_of(enum pv_fact fact);

/* space_values.c: the raw values, and what lines they meet */
bool pv_space_collect(struct pv_space *space);
/* Does this raw value of the variable meet the line? */
bool pv_space_meets(
	const struct pv_space *space, uint32_t var, uint32_t raw, const struct pv_line *line);
/* Does this raw atom of the list fact meet the line when in? */
bool pv_space_atom_meets(
	const struct pv_space *space, enum pv_fact fact, uint32_t raw, const struct pv_line *line);
/* The variable that a fact of single values hangs on. */
uint32_t pv_space_var_of(enum pv_fact fact);
bool pv_line_names(const struct pv_line *line, const char *value);
/* The first of `n` raw values that meets the same lines as each. */
bool pv_space_group(struct pv_space *space, uint32_t n, const uint32_t *asked, uint32_t n_asked,
	bool (*meets)(const struct pv_space *space, uint32_t var, uint32_t raw,
		const struct pv_line *line),
	uint32_t var, uint32_t *first);
/* The variable's lines, one more. */
bool pv_space_note(struct pv_space *space, uint32_t var, uint32_t line);
/* space_lists.c: the atoms of a list fact that some line tells apart */
bool pv_space_atoms(struct pv_space *space, int which);

/* moments.c */
bool pv_space_moments(struct pv_space *space);
/* fires.c: forms of the rules' own tests; before pv_space_end's lines */
bool pv_space_fires(struct pv_space *space);
/* Can any past post match the count? The past is known without language, consent and relevance. */
bool pv_history_can_match(const struct pv_condition *count);
/* Is there a past that makes the quota, or the mix's category, exceed its limit? */
bool pv_quota_can_fire(const struct pv_rule *rule);
bool pv_target_can_fire(const struct pv_rule *rule, const struct pv_target *target);
/* together.c: which tests fire together */
bool pv_space_together(struct pv_space *space);

#endif
