/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Any bytes as a line of guarantees, or several: taken with its words, or told where it stops. */
#include "base/mem.h"
#include "base/str.h"
#include "policy/analysis/analysis.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char text[] = "policy: p\nversion: 1\ntitle: {fr: a, en: b}\ntimezone: "
			   "America/Toronto\ndefault: approve\n"
			   "organisations:\n  o: {names: [O], axes: [k]}\n"
			   "accounts:\n  x: {owner: o, stance: organisation, platform: x}\n"
			   "approvals: {by: [e], count: 1}\ntopics:\n  t:\nrules:\n"
			   "  - {id: a, kind: category, label: {fr: a, en: b}, when: {origin: "
			   "client}, then: refuse}\n";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct pv_policy *policy;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_error error = PV_ERROR_IN(scope);
	struct pv_policy_problems problems;
	if (!policy && pv_policy_parse(pv_scope(NULL), text, sizeof text - 1, "fuzz", &policy,
			       &problems, &error) != PV_OK)
		abort();
	struct pv_guarantee_place place = {0};
	struct pv_guarantee *guarantee;
	const char *bytes = (const char *)data;
	enum pv_status status =
		pv_guarantee_parse(scope, policy, bytes, size, &guarantee, &place, &error);
	if (status == PV_INVALID && (place.line < 1 || place.column < 1 || !error.words.fr))
		abort();
	if (status == PV_OK) {
		struct pv_guarantee_answer answer;
		const char *line = pv_guarantee_text(guarantee);
		struct pv_guarantee *again;
		/* what is kept of it reads as itself */
		if (pv_guarantee_parse(scope, policy, line, strlen(line), &again, NULL, &error) !=
				PV_OK ||
			!pv_streq(line, pv_guarantee_text(again)))
			abort();
		if (pv_guarantee_check(scope, policy, guarantee, INT64_C(1772470800000000), &answer,
			    &error) != PV_OK ||
			answer.keeping == PV_GUARANTEE_UNDECIDED)
			abort();
	}
	struct pv_guarantees list;
	status = pv_guarantees_parse(scope, policy, bytes, size, &list, &place, &error);
	if (status == PV_INVALID && (place.line < 1 || place.column < 1))
		abort();
	return 0;
}
