/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "analysed.h"

#include <stdio.h>
#include <stdlib.h>

int64_t analysed_at(void)
{
	static const char text[] = "2026-03-02T12:00:00-05:00";
	int64_t at_us;
	assert_true(pv_time_parse(text, strlen(text), &at_us));
	return at_us;
}

static void check(const struct pv_policy *policy, const struct pv_witness *witness)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_error error = PV_ERROR_IN(scope);
	struct pv_case *c;
	struct pv_judgement *judgement;
	if (!witness->json)
		return;
	if (pv_case_parse(scope, witness->json, strlen(witness->json), &c, NULL, NULL, &error) !=
			PV_OK ||
		pv_judge(scope, policy, c, &judgement, &error) != PV_OK)
		fail_msg("%s: %s", witness->json, error.words.en);
	if (judgement->verdict != witness->verdict)
		fail_msg("%s is %s", witness->json, pv_verdict_name(judgement->verdict));
	assert_true(witness->words.fr[0] && witness->words.en[0]);
}

struct pv_analysis *analysed(
	TALLOC_CTX *mem, const struct pv_policy *policy, const struct pv_analysis_options *options)
{
	struct pv_analysis *analysis;
	struct pv_error error = PV_ERROR_IN(mem);
	if (pv_analyze(mem, policy, options, &analysis, &error) != PV_OK)
		fail_msg("%s", error.words.en);
	for (int q = 0; q < PV_QUESTIONS; q++)
		for (size_t i = 0; i < analysis->questions[q].n_findings; i++) {
			check(policy, &analysis->questions[q].findings[i].witness);
			check(policy, &analysis->questions[q].findings[i].instead);
		}
	for (size_t i = 0; i < analysis->n_guarantees; i++)
		check(policy, &analysis->guarantees[i].witness);
	return analysis;
}

char *analysed_line(TALLOC_CTX *mem, const struct pv_analysis *analysis, int question)
{
	const struct pv_analysis_question *asked = &analysis->questions[question - 1];
	char *line = talloc_strdup(mem, "");
	for (size_t i = 0; i < asked->n_findings; i++) {
		const struct pv_analysis_finding *finding = &asked->findings[i];
		line = talloc_asprintf_append(line, "%s%s%s", i ? " " : "",
			finding->severity == PV_SEVERITY_PROBLEM ? "!" : "", finding->kind);
		for (size_t r = 0; r < finding->n_rules; r++)
			line = talloc_asprintf_append(
				line, "%s%s", r ? "," : ":", finding->rules[r]);
		if (finding->witness.json)
			line = talloc_asprintf_append(
				line, "=%s", pv_verdict_name(finding->witness.verdict));
		if (finding->instead.json)
			line = talloc_asprintf_append(
				line, ">%s", pv_verdict_name(finding->instead.verdict));
	}
	if (asked->answer == PV_ANALYSIS_UNDECIDED)
		line = talloc_asprintf_append(line, " (undecided)");
	return line;
}

void analysed_try(const struct analysed_row *rows, size_t n)
{
	bool failed = false;
	for (size_t i = 0; i < n; i++) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		struct pv_policy *policy = court_rules(scope, rows[i].rules);
		struct pv_analysis_options options = {.at_us = analysed_at()};
		struct pv_analysis *analysis = analysed(scope, policy, &options);
		char *line = analysed_line(scope, analysis, rows[i].question);
		if (strcmp(line, rows[i].found) != 0) {
			fprintf(stderr, "%s: wanted \"%s\", got \"%s\"\n", rows[i].what,
				rows[i].found, line);
			failed = true;
		}
	}
	if (failed)
		fail();
}
