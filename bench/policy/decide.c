/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Decisions a second on one core, facts ready: bench_policy_decide POLICY. The requests are those of
 * peers.mjs, in the same order. Prints the rate, and to standard error how many are allowed, so that
 * both can be seen to answer alike.
 */
#include "base/mem.h"
#include "policy/decide.h"
#include "policy/facts.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { REQUESTS_MAX = 4096, TURNS = 5 };

struct bench {
	struct pv_policy *policy;
	uint64_t *requests[REQUESTS_MAX];
	size_t n;
};

static double now_s(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void add(struct bench *bench, const struct pv_case *c)
{
	struct pv_facts *facts = talloc_zero(bench->policy, struct pv_facts);
	if (!facts || bench->n == REQUESTS_MAX ||
		pv_facts_read(bench->policy, bench->policy, c, facts, NULL) != PV_OK)
		exit(3);
	bench->requests[bench->n++] = facts->bits;
}

static void add_all(struct bench *bench)
{
	static const char *const accounts[] = {"personal", "organisation", "hosted"};
	static const enum pv_origin origins[] = {PV_ORIGIN_OWN_CREATION, PV_ORIGIN_ORGANISATION,
		PV_ORIGIN_PARTNER, PV_ORIGIN_THIRD_PARTY};
	static const unsigned humans[] = {
		0, 1u << PV_HUMAN_FACES, 1u << PV_HUMAN_BEHIND_THE_SCENES};
	for (size_t i = 0; i < 3 * 4 * 4 * 3 * 2 * 2 * 2; i++) {
		size_t k = i;
		struct pv_case c = {.author = pv_str("marc"),
			.post = {.edited_at_us = PV_TIME_NONE, .pair_at_us = PV_TIME_NONE}};
		c.account = pv_str(accounts[k % 3]), k /= 3;
		c.declared.origin = origins[k % 4], k /= 4;
		c.declared.interest = (enum pv_interest)(PV_INTEREST_PROJECT + k % 4), k /= 4;
		c.declared.human = humans[k % 3], k /= 3;
		c.declared.consent = k % 2, k /= 2;
		c.declared.relation = k % 2 ? 1u << PV_RELATION_PAID : 0, k /= 2;
		c.declared.relevance = k % 2 ? PV_RELEVANCE_PRIVATE : PV_RELEVANCE_PUBLIC;
		add(bench, &c);
	}
}

static size_t turn(const struct bench *bench, size_t rounds)
{
	static const pv_rule_bits none;
	size_t allowed = 0;
	for (size_t r = 0; r < rounds; r++)
		for (size_t i = 0; i < bench->n; i++) {
			pv_rule_bits lifts;
			struct pv_decide_input input = {.facts = bench->requests[i],
				.found = none,
				.approved = none,
				.lifts = lifts};
			struct pv_decision decision;
			pv_decide_lifts(bench->policy, bench->requests[i], none, lifts);
			pv_decide(bench->policy, &input, &decision);
			allowed += decision.verdict == PV_VERDICT_ALLOW;
		}
	return allowed;
}

int main(int argc, char **argv)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct bench *bench = talloc_zero(scope, struct bench);
	struct pv_policy_problems problems;
	struct pv_error error = PV_ERROR_IN(scope);
	FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
	char *text = talloc_size(scope, PV_POLICY_BYTES_MAX);
	if (!file || !text || !bench)
		return 2;
	size_t size = fread(text, 1, PV_POLICY_BYTES_MAX, file), rounds = 1000;
	fclose(file);
	if (pv_policy_parse(scope, text, size, argv[1], &bench->policy, &problems, &error) !=
		PV_OK) {
		fprintf(stderr, "%s\n", error.words.en);
		return 1;
	}
	add_all(bench);
	fprintf(stderr, "allowed %zu of %zu\n", turn(bench, 1), bench->n);
	double best = 0;
	for (int t = 0; t < TURNS; t++) {
		double start_s = now_s();
		turn(bench, rounds);
		double rate = (double)(rounds * bench->n) / (now_s() - start_s);
		best = rate > best ? rate : best;
	}
	printf("%.0f\n", best);
	return 0;
}
