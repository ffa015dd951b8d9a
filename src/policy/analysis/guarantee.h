/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A guarantee as it is read. Inside the analysis. */
#ifndef PV_POLICY_ANALYSIS_GUARANTEE_H
#define PV_POLICY_ANALYSIS_GUARANTEE_H

#include "policy/analysis/analysis.h"
#include "policy/analysis/search.h"

enum pv_guarantee_test { PV_GUARANTEE_BELOW, PV_GUARANTEE_ABOVE, PV_GUARANTEE_IS };

struct pv_guarantee {
	const struct pv_policy *policy;
	const char *text;
	bool labelled;
	struct pv_words label;
	struct pv_condition facts;
	enum pv_guarantee_test test;
	enum pv_verdict verdict;
};

/* With a space that has a form for its facts already. */
bool pv_guarantee_try(TALLOC_CTX *mem, const struct pv_guarantee *guarantee,
	const struct pv_space *space, uint32_t form, uint64_t steps_max,
	struct pv_guarantee_answer *out);

#endif
