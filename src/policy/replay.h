/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A replay: what a policy would have said of posts that were published, beside what was said then.
 *
 *	struct pv_replay_plan plan = {.to = draft, .sequence = true};
 *	pv_replay_open(mem, &plan, &replay, error);
 *	pv_replay_bench(mem, replay, in_force, &bench, error);       whose verdict is "was"
 *	for (…) {
 *		pv_case_parse_past(one, json, size, &c, &past, NULL, NULL, error);
 *		pv_replay_hear(one, one, replay, bench, c, &past, &post, error);     any thread
 *		pv_replay_settle(replay, post, &outcome, error);                in order, one at a time
 *	}
 *	json_t *summary = pv_replay_summary(replay);
 *
 * Hearing is nearly all of the work and only reads the replay: several threads may hear posts while
 * one settles those heard before.
 *
 * In a sequence the cases are one history in order of time: quotas and mixes count the posts that
 * came before, with the facts that the policy at hand finds in them, instead of each case's own
 * `history`. A post counts whatever is said of it here, refused or not: history is what was
 * published. For an account that the policy does not name, what the case of each post says of it
 * stands for that post. Memory is what the longest window holds.
 */
#ifndef PV_POLICY_REPLAY_H
#define PV_POLICY_REPLAY_H

#include "policy/judge.h"

struct pv_replay;
struct pv_replay_bench; /* a policy that judges in a replay, with its own windows */
struct pv_replay_post;  /* heard, not settled yet */

struct pv_replay_plan {
	const struct pv_policy *to; /* whose verdict is "is"; borrowed */
	bool sequence;
};

/* Below `mem`. */
enum pv_status pv_replay_open(TALLOC_CTX *mem, const struct pv_replay_plan *plan,
	struct pv_replay **out, struct pv_error *error);

/*
 * One more policy (borrowed) whose verdict is "was", at any time. Its windows count the posts that
 * it judges. Below `mem`, which is not the replay: others may be hearing and settling.
 */
enum pv_status pv_replay_bench(TALLOC_CTX *mem, const struct pv_replay *replay,
	const struct pv_policy *policy, struct pv_replay_bench **out, struct pv_error *error);

/*
 * Hears a post before the plan's policy and before `was` (NULL: the verdict kept in `past`, which
 * is there). `scratch` may be emptied afterwards, the case too: the post is whole below `mem`.
 * Errors as pv_judge's; such a post is in no count.
 */
enum pv_status pv_replay_hear(TALLOC_CTX *mem, TALLOC_CTX *scratch, const struct pv_replay *replay,
	struct pv_replay_bench *was, const struct pv_case *c, const struct pv_case_past *past,
	struct pv_replay_post **out, struct pv_error *error);

struct pv_replay_outcome {
	enum pv_verdict was, is;
	bool changed;
	struct pv_rule_ids decided_by; /* of `is`; until the next post is settled */
};

/*
 * Counts, decides, and takes the post into the sums. PV_CONFLICT, of a sequence: the post is
 * earlier than the one before; it is in no count, and the next one may be settled.
 */
enum pv_status pv_replay_settle(struct pv_replay *replay, const struct pv_replay_post *post,
	struct pv_replay_outcome *out, struct pv_error *error);

/* A case that could not be read, heard or settled: told in the summary. */
void pv_replay_miss(struct pv_replay *replay);

/* Settled and missed so far. */
uint64_t pv_replay_seen(const struct pv_replay *replay);

/*
 * {"cases","changed","errors","stricter","milder","refused","newly_refused","human_refused",
 *  "matrix":{was:{is:N}},           every verdict, zeros too
 *  "rules":[{"rule","changed","refused"}],   those that decide a changed verdict, or refuse
 *  "most_read":{"known","posts","at_least","human",
 *               "refused","refused_known","refused_share","refused_human","refused_human_share"},
 *  "sequence","from","to"}
 *
 * "most_read" is about posts whose "reads" are known ("known" of them); a post without that figure
 * is neither much read nor little read. The most read are the tenth with the most reads (rounded up,
 * and those that tie with the last of them): "posts", each of at least "at_least" reads. Of the
 * posts refused, "refused" are among them, which is "refused_share" of the "refused_known" whose
 * reads are known; "refused_human" of those have a human subject. Shares are null where there is
 * nothing to divide by. Reads are compared exactly up to 65,535, above to one part in 4,096.
 * "human" is what the author declared. "from" and "to" are the earliest and latest instants, null
 * when there is no case. A new reference, NULL when memory is out.
 */
json_t *pv_replay_summary(const struct pv_replay *replay);

#endif
