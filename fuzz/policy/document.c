/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Any bytes as a policy: complaints or a policy, never a fall; and what is sound is shown and judges. */
#include "base/json.h"
#include "base/mem.h"
#include "policy/policy.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void judge_something(TALLOC_CTX *mem, const struct pv_policy *policy)
{
	static const struct pv_str lang[] = {{"fr", 2}, {"en", 2}};
	static const struct pv_case_account account = {.id = {"x", 1},
		.owner = {"o", 1},
		.stance = PV_STANCE_ORGANISATION,
		.platform = {"x", 1}};
	struct pv_case c = {.account = pv_str("x"),
		.author = pv_str("a"),
		.at_us = INT64_C(1772470800000000),
		.accounts = &account,
		.n_accounts = 1,
		.post = {.lang = lang,
			.n_lang = 2,
			.text = pv_str("Je dis https://bit.ly/a @b #c"),
			.edited_at_us = PV_TIME_NONE,
			.pair_at_us = PV_TIME_NONE}};
	struct pv_judgement *judgement;
	if (pv_judge(mem, policy, &c, &judgement, NULL) != PV_OK)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_error error = PV_ERROR_IN(scope);
	struct pv_policy *policy;
	struct pv_policy_problems problems;
	enum pv_status status = pv_policy_parse(
		scope, (const char *)data, size, "fuzz", &policy, &problems, &error);
	if ((status == PV_OK) != (policy && problems.n == 0))
		abort();
	for (size_t i = 0; i < problems.n; i++)
		if (problems.items[i].line < 1 || problems.items[i].column < 1)
			abort();
	if (policy) {
		PV_JSON json_t *shown = pv_policy_to_json(policy);
		if (!shown)
			abort();
		judge_something(scope, policy);
	}
	return 0;
}
