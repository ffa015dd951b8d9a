/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Small policies by chance, and every post they can tell apart, one after the other: what the
 * analysis claims is checked against looking at all of them.
 */
#ifndef TESTS_POLICY_RANDOM_POLICY_H
#define TESTS_POLICY_RANDOM_POLICY_H

#include "court.h"
#include "policy/facts.h"

struct random {
	uint64_t state;
};

static inline uint32_t random_below(struct random *random, uint32_t n)
{
	random->state ^= random->state << 13;
	random->state ^= random->state >> 7;
	random->state ^= random->state << 17;
	return (uint32_t)((random->state >> 11) % n);
}

/* A policy's text; it speaks of a few facts only, so that its posts can be counted. */
char *random_policy_text(TALLOC_CTX *mem, struct random *random);
/* The same with rules of every kind and any fact, for properties. */
char *random_rich_text(TALLOC_CTX *mem, struct random *random);
/* A fact, and one value of it or two with '|' between. */
int random_line(TALLOC_CTX *mem, struct random *random, char **out_values);

/* One post: its case without text, its facts as bits, and the raw values it was made of. */
struct every_post {
	struct pv_case c;
	struct pv_case_account account;
	struct pv_case_person person;
	struct pv_str langs[3], topics[4];
	const uint64_t *bits;
	enum pv_stance stance;
	bool interactive;
	size_t place;          /* its number among all */
	size_t step[PV_FACTS]; /* how far the same post stands with the next value of a fact */
};

typedef void (*every_visit)(void *state, const struct every_post *post);

/* Visits every post that the policy can tell from another, at one instant. */
void every_post(const struct pv_policy *policy, int64_t at_us, every_visit visit, void *state);
size_t every_post_count(const struct pv_policy *policy);
/* The instants at which exceptions begin and end, from `at_us` on, itself first. */
size_t every_moment(const struct pv_policy *policy, int64_t at_us, int64_t out_us[16]);

#endif
