/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What a policy's quotas and mixes say of a span of past posts, for a report: how many each counts,
 * of how many, against what it aims at. Nothing is judged: a report looks at a month, whatever
 * window the rule has.
 *
 *	struct pv_tally *tallies;
 *	size_t n;
 *	pv_policy_tally(mem, policy, &past, &tallies, &n, error);
 */
#ifndef PV_POLICY_TALLY_H
#define PV_POLICY_TALLY_H

#include "policy/case.h"
#include "policy/document.h"

/* The posts of a span, and the accounts they went to that the document does not name. */
struct pv_tally_past {
	const struct pv_case_account *accounts;
	size_t n_accounts;
	const struct pv_history_entry
		*entries; /* each with its account; replies count only when pinned */
	size_t n_entries;
};

/* One value of a mix. The target and tolerance are percents, as written: top/bottom. */
struct pv_tally_part {
	const char *value;
	int64_t count;
	int64_t target_top, target_bottom;
};

/* A quota (count of total, at most top/bottom) or a mix (parts of total). */
struct pv_tally {
	const char *rule;
	const char *kind; /* "quota" | "mix" */
	struct pv_words label;
	int64_t total; /* posts to which the rule applies */
	int64_t count; /* quota: of them, those it counts */
	bool share;    /* quota: at most is a share of total, else a number */
	int64_t at_most_top, at_most_bottom;
	const char *at_most; /* as written */
	int64_t min_posts;   /* a share, or a mix, is not judged of fewer */
	const char *by;      /* mix: the fact */
	int64_t tolerance_top, tolerance_bottom;
	struct pv_tally_part *parts;
	size_t n_parts;
};

/* In the order of rule ids; strings are the policy's. PV_NOMEM. */
enum pv_status pv_policy_tally(TALLOC_CTX *mem, const struct pv_policy *policy,
	const struct pv_tally_past *past, struct pv_tally **out, size_t *out_n,
	struct pv_error *error);

#endif
