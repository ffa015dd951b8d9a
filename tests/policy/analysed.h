/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The analysis of the court's policies: one question's findings as one line, for tables. */
#ifndef TESTS_POLICY_ANALYSED_H
#define TESTS_POLICY_ANALYSED_H

#include "court.h"
#include "policy/analysis/analysis.h"

/* Noon in Toronto on 2 March 2026, as the court's own cases. */
int64_t analysed_at(void);

/* Fails the test unless it can be analysed; every example is judged again from its line. */
struct pv_analysis *analysed(
	TALLOC_CTX *mem, const struct pv_policy *policy, const struct pv_analysis_options *options);

/* "kind:rule,rule=verdict kind:rule", in the order told; "(question)" after an undecided one. */
char *analysed_line(TALLOC_CTX *mem, const struct pv_analysis *analysis, int question);

/* Of the court's head, then `rules`: what is found for a question. */
struct analysed_row {
	const char *what;
	int question;
	const char *rules, *found;
};

void analysed_try(const struct analysed_row *rows, size_t n);

#endif
