/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The sums of a replay, in memory that does not grow with it. Inside the policy room. */
#ifndef PV_POLICY_REPLAY_TALLY_H
#define PV_POLICY_REPLAY_TALLY_H

#include "policy/model.h"

#include <jansson.h>

/* Reads are counted one by one below this, then in 4,096 steps for each doubling. */
enum { PV_READS_EXACT = 1 << 16, PV_READS_STEPS = 1 << 12 };

/* Posts by their reads. */
struct pv_reads_step {
	uint64_t posts, human, refused, refused_human;
};

enum { PV_READS_PAGE = 1 << 12, PV_READS_PAGES = (1 << 4) + 48 };

struct pv_replay_tally {
	uint64_t matrix[PV_VERDICTS][PV_VERDICTS]; /* was, is */
	uint64_t errors, human_refused;
	int64_t from_us, to_us;                      /* PV_TIME_NONE: no case */
	uint64_t *changed, *refused;                 /* for each rule, and default */
	struct pv_reads_step *pages[PV_READS_PAGES]; /* NULL: none so far */
};

struct pv_tally_post {
	enum pv_verdict was, is;
	bool human;
	int64_t reads; /* -1: not known */
	int64_t at_us;
	const uint64_t *decided_by; /* pv_rule_bits of the plan's policy */
};

/* All below `mem`; false when memory is out. */
bool pv_tally_open(TALLOC_CTX *mem, const struct pv_policy *policy, struct pv_replay_tally *out);
bool pv_tally_add(TALLOC_CTX *mem, const struct pv_policy *policy, struct pv_replay_tally *tally,
	const struct pv_tally_post *post);
json_t *pv_tally_json(
	const struct pv_policy *policy, const struct pv_replay_tally *tally, bool sequence);

/* The step of a number of reads, and the least number in a step. */
size_t pv_reads_step_of(int64_t reads);
int64_t pv_reads_of_step(size_t step);

#endif
