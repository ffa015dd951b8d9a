/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Pasts for tests: random policies over the court's house, random posts in order of time around a
 * clock change, and what history keeps of a post. The same seed gives the same.
 */
#ifndef TESTS_POLICY_PAST_H
#define TESTS_POLICY_PAST_H

#include "court.h"

struct past_random {
	uint32_t state;
};

struct past_random past_seed(unsigned seed);
/* 0 … n - 1 */
unsigned past_below(struct past_random *random, unsigned n);

/* Every kind of rule, several that count, and exceptions. */
struct pv_policy *past_policy(TALLOC_CTX *mem, struct past_random *random);

/* Quotas on everything, one for each limit from `least` on, every second one: they tell how many. */
struct pv_policy *past_quotas(
	TALLOC_CTX *mem, const char *zone, const char *window, int least, int n);

/*
 * In order of time; with links, handles, topic words, wordings, media, approvals, and
 * exceptions of their own.
 */
struct pv_case **past_cases(TALLOC_CTX *mem, struct past_random *random, size_t n);

/* Marc on house-fb, no words. */
struct pv_case *past_plain(TALLOC_CTX *mem, int64_t at_us);

/* Gives the case some of those before it as its own history, as they were declared. */
void past_own_history(TALLOC_CTX *mem, struct past_random *random, struct pv_case *c,
	struct pv_case **before, size_t n);

/* The post as a later quota counts it. */
struct pv_history_entry past_entry(
	TALLOC_CTX *mem, const struct pv_case *c, const struct pv_countable *countable);

#endif
