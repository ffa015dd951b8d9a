/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The past of a sequence of posts, counted as it goes by: for every quota and mix of a policy, and
 * every account, person or organisation, how many posts stand in the window that ends now. Inside
 * the policy room; replay.c gives it the posts in order of time.
 *
 *	pv_windows_open(mem, policy, &windows, error);
 *	c.source = pv_windows_source(windows);          judging asks the counts of what came before
 *	pv_windows_add(windows, &post, error);          then the post joins the past
 *
 * A window slides over the instants it holds, one step for each post that enters or leaves it: the
 * work of a post does not depend on how many stand in the window. Its ends are those that judging
 * works out, calendar days in the policy's zone; where clocks go back the beginning of a window does
 * too, and it takes posts in again. Memory is what the longest window holds: for each post its
 * instant and one bit for each counter.
 */
#ifndef PV_POLICY_WINDOWS_H
#define PV_POLICY_WINDOWS_H

#include "policy/model.h"

struct pv_windows;

/* A static post that joins the past. */
struct pv_windows_post {
	int64_t at_us; /* never earlier than the post before */
	struct pv_str account, author, owner;
	const uint64_t *counters; /* pv_counters_of, pv_windows_words of them */
};

/* Below `mem`. `policy` is borrowed. */
enum pv_status pv_windows_open(TALLOC_CTX *mem, const struct pv_policy *policy,
	struct pv_windows **out, struct pv_error *error);

/* Words of a set of the policy's counters. */
size_t pv_windows_words(const struct pv_policy *policy);

/* What a case's `source` is. Asked for an instant that is not earlier than the last post's. */
const struct pv_history_source *pv_windows_source(const struct pv_windows *windows);

enum pv_status pv_windows_add(
	struct pv_windows *windows, const struct pv_windows_post *post, struct pv_error *error);

/* How many posts are held at present, each once for every `per` that counts it. */
size_t pv_windows_held(const struct pv_windows *windows);

#endif
