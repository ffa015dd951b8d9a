/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The words of a difference: what a member of the document is called, and what its value means. */
#ifndef PV_POLICY_DIFFERENCE_SAY_H
#define PV_POLICY_DIFFERENCE_SAY_H

#include "policy/say.h"

#include <jansson.h>

/* How a member's value is read. */
enum pv_reading {
	PV_READ_TEXT,    /* quoted as it stands; a list of them; a number */
	PV_READ_WORD,    /* of the format's own words: "own_creation" */
	PV_READ_VERDICT, /* "refuse" */
	PV_READ_WORDS,   /* {fr, en} */
	PV_READ_WHEN,    /* a condition, or a list of them */
	PV_READ_LANGS,   /* {fr: […], en: […]}, or an id */
	PV_READ_TIES,    /* entries of a register of interests */
	PV_READ_MEMBERS, /* {platform: 125}: each name with its number */
	PV_READ_TERMS,   /* of approvals */
	PV_READ_STEPS,   /* the same, of which only the steps */
};

struct pv_member {
	const char *name;
	struct pv_words label; /* with a capital */
	enum pv_reading reading;
};

/* Never NULL: what the table does not know is called by its own name. `of_terms`: of approvals. */
struct pv_member pv_member_of(const char *name, bool of_terms);

/* Is there nothing to say of it: null, false, empty? */
bool pv_value_empty(const json_t *value);
void pv_say_value(struct pv_say *say, enum pv_reading reading, const json_t *value);
/* "Verdict : approbation requise devient refusé", without a full stop. */
void pv_say_member(
	struct pv_say *say, const struct pv_member *member, const json_t *was, const json_t *is);

/* difference_parts.c: is there a step behind the first one? Are the steps of both alike? */
bool pv_terms_have_steps(const json_t *terms);
bool pv_terms_same_steps(const json_t *was, const json_t *is);
/* 1. « editor » (1 personne), puis 2. « director » (2 personnes) */
void pv_say_steps(struct pv_say *say, const json_t *terms);
/* « Mécène » (propriétaire; domaines : « mecene.example ») */
void pv_say_tie(struct pv_say *say, const json_t *tie);
/*
 * Entries of one name in both lists are the same one, changed: says how, and takes them out of the
 * lists. False when there is none.
 */
bool pv_say_ties_changed(struct pv_say *say, json_t *more, json_t *less);

#endif
