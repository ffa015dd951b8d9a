/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A real post out of a found one: account, declarations, moment, and a text that meets every demand
 * that applies, but those it is to break. What comes out is judged like any other case. Inside the
 * analysis.
 *
 *	struct pv_built built;
 *	if (pv_build(&maker, mem, search, 0, &wanted, &built) && pv_judged(&built, mem) …)
 */
#ifndef PV_POLICY_ANALYSIS_MAKE_H
#define PV_POLICY_ANALYSIS_MAKE_H

#include "policy/analysis/search.h"
#include "policy/judge.h"
#include "policy/trial.h"

/* What a post is to be besides its facts. */
struct pv_wanted {
	const uint64_t *fire;       /* rules whose test fires; NULL: none that can be helped */
	bool approved;              /* by as many as each rule in question asks */
	bool self_approved;         /* by the author, who has every role */
	const struct pv_str *langs; /* of the text, whatever the facts found; NULL: as they say */
	size_t n_langs;
	const uint64_t *only; /* the tests that are not to fire, whatever applies; NULL: those */
};

enum {
	PV_BUILT_PEOPLE_MAX = 24,
	PV_BUILT_LANGS_MAX = 16,
	PV_BUILT_HISTORY_MAX = 4,
	PV_BUILT_DEMANDS_MAX = 64, /* that a text answers at once */
	PV_BUILT_TRIES_MAX = 600,  /* texts tried for one post */
};

/* A case with all it points to; below the context it was built in. */
struct pv_built {
	struct pv_case c;
	struct pv_case_account account;
	struct pv_case_person people[PV_BUILT_PEOPLE_MAX];
	struct pv_case_approval approvals[PV_BUILT_PEOPLE_MAX];
	struct pv_str langs[PV_BUILT_LANGS_MAX];
	struct pv_str *topics;
	struct pv_history_entry history[PV_BUILT_HISTORY_MAX];
	bool alike[PV_BUILT_HISTORY_MAX]; /* a past post declared as this one is */
	struct pv_str *switches;
	struct pv_case_resolve resolve;
	struct pv_case_media media;
	struct pv_tie tie;
	struct pv_str tie_name, tie_domain;
	struct pv_str roles[PV_BUILT_PEOPLE_MAX];
	size_t n_roles;
	bool langs_free; /* no condition asks: the text may choose */
	int missed;      /* tests that fire, or do not, against what is wanted */
	int changed;     /* words of facts that the text changed: topics heard, ties found */
};

/* Facts, declarations and moment of one copy of what was found; no text yet. */
bool pv_build_case(TALLOC_CTX *mem, const struct pv_search *search, int copy, struct pv_built *out);
/* A copy whose case points into itself. */
void pv_built_copy(const struct pv_built *built, struct pv_built *out);

/* The same with the best text that was found for it; false when memory is out. */
bool pv_build(TALLOC_CTX *mem, const struct pv_search *search, int copy,
	const struct pv_wanted *wanted, struct pv_built *out);

/* Tests among `rules` that do not fire on what was built, whatever applies; false: no memory. */
bool pv_built_meets(TALLOC_CTX *mem, const struct pv_policy *policy, const struct pv_built *built,
	const uint64_t *rules, uint64_t *out);

/* ---- make_text.c ------------------------------------------------------------------------------ */

/* One thing about a text that may be done in several ways. */
enum pv_choice_kind {
	PV_CHOICE_LANGS, /* French, English, both: when no condition asks */
	PV_CHOICE_BODY,  /* which words that say nothing */
	PV_CHOICE_VOICE,
	PV_CHOICE_ORDER,     /* of languages */
	PV_CHOICE_NEIGHBOUR, /* which one is named */
	PV_CHOICE_PART,      /* of an `access` rule */
	PV_CHOICE_PAST,      /* which history exceeds the quota */
	PV_CHOICE_SITE,      /* which forbidden or demanded site, or secret */
	PV_CHOICE_WORDING,   /* which wording, of a demand in a language */
	PV_CHOICES,
};

enum { PV_CHOICE_OPTIONS_MAX = 16, PV_CHOICE_POINTS_MAX = 160 };

struct pv_choice {
	enum pv_choice_kind kind;
	const struct pv_rule *rule;
	const struct pv_lang_words *words; /* PV_CHOICE_WORDING */
	uint8_t n;
	uint8_t order[PV_CHOICE_OPTIONS_MAX]; /* of wordings, the best first */
};

struct pv_writing {
	TALLOC_CTX *mem;
	const struct pv_policy *policy;
	const struct pv_built *base;         /* without text */
	const struct pv_organisation *owner; /* of the account */
	pv_rule_bits demands;                /* rules whose test is not to fire */
	pv_rule_bits fire;
	struct pv_choice points[PV_CHOICE_POINTS_MAX];
	size_t n_points;
};

/* The points at which this post can be written one way or another. */
void pv_writing_points(struct pv_writing *writing);
/* Writes as `choice` says, an option for each point; false when memory is out. */
bool pv_write(const struct pv_writing *writing, const uint8_t *choice, struct pv_built *out);
/* The nth domain or handle of a neighbour, as it is written in a post; NULL when there is none. */
const char *pv_nth_neighbour(TALLOC_CTX *mem, const struct pv_policy *policy,
	const struct pv_organisation *owner, size_t n);

/* make_past.c: what makes quotas, mixes, quiet periods and media rules fire */
struct pv_history_entry pv_like_this(const struct pv_built *post, int64_t at_us);
bool pv_write_past(const struct pv_writing *writing, const struct pv_rule *rule, uint8_t option,
	struct pv_buf *text, struct pv_built *out);

/* NULL when memory is out, or when the judge cannot take the case. */
const struct pv_judgement *pv_judged(
	TALLOC_CTX *mem, const struct pv_policy *policy, const struct pv_case *c);

#endif
