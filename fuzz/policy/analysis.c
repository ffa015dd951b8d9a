/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Any bytes as a policy: where it is one, it can be analysed, and every example is judged as told. */
#include "base/json.h"
#include "base/mem.h"
#include "policy/analysis/analysis.h"
#include "policy/judge.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(TALLOC_CTX *mem, const struct pv_policy *policy, const struct pv_witness *witness)
{
	struct pv_case *c;
	struct pv_judgement *judgement;
	if (!witness->json)
		return;
	if (pv_case_parse(mem, witness->json, strlen(witness->json), &c, NULL, NULL, NULL) !=
			PV_OK ||
		pv_judge(mem, policy, c, &judgement, NULL) != PV_OK ||
		judgement->verdict != witness->verdict || !witness->words.fr || !witness->words.en)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_error error = PV_ERROR_IN(scope);
	struct pv_policy *policy;
	struct pv_policy_problems problems;
	pv_policy_parse(scope, (const char *)data, size, "fuzz", &policy, &problems, &error);
	if (!policy)
		return 0;
	struct pv_analysis_options options = {.at_us = INT64_C(1772470800000000), .steps_max = 300};
	struct pv_analysis *analysis;
	if (pv_analyze(scope, policy, &options, &analysis, &error) != PV_OK)
		abort();
	for (int q = 0; q < PV_QUESTIONS; q++)
		for (size_t i = 0; i < analysis->questions[q].n_findings; i++) {
			check(scope, policy, &analysis->questions[q].findings[i].witness);
			check(scope, policy, &analysis->questions[q].findings[i].instead);
		}
	PV_JSON json_t *whole = pv_analysis_to_json(analysis);
	if (!whole)
		abort();
	return 0;
}
