/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "policy/analysis/witness.h"

#include "base/mem.h"
#include "policy/analysis/words.h"

static bool say_witness(TALLOC_CTX *mem, const struct pv_policy *policy, const struct pv_case *c,
	struct pv_words *out)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(mem);
	struct pv_say say;
	struct pv_arena arena = {.mem = mem};
	pv_say_begin(&say, scope, policy->zone, 0);
	pv_say_case(&say, policy, c);
	*out = pv_say_cut(&say, &arena);
	return out->fr && out->en;
}

bool pv_witness_of(TALLOC_CTX *mem, const struct pv_policy *policy, const struct pv_case *c,
	struct pv_witness *out)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(mem);
	char *json = pv_case_to_text(mem, c);
	struct pv_case *read;
	if (!json || pv_case_parse(scope, json, strlen(json), &read, NULL, NULL, NULL) != PV_OK)
		return false;
	const struct pv_judgement *judgement = pv_judged(scope, policy, read);
	if (!judgement || !say_witness(mem, policy, read, &out->words))
		return false;
	out->json = json;
	out->verdict = judgement->verdict;
	return true;
}
