/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "policy/verdict.h"

#include <string.h>

const char *const pv_verdict_names[PV_VERDICTS] = {
	[PV_VERDICT_ALLOW] = "allow",
	[PV_VERDICT_WARN] = "warn",
	[PV_VERDICT_DISCLOSE] = "disclose",
	[PV_VERDICT_APPROVE] = "approve",
	[PV_VERDICT_REFUSE] = "refuse",
};

static const struct pv_words words[PV_VERDICTS] = {
	[PV_VERDICT_ALLOW] = {"Autorisé", "Allowed"},
	[PV_VERDICT_WARN] = {"Autorisé, avec un avertissement", "Allowed, with a warning"},
	[PV_VERDICT_DISCLOSE] = {"Divulgation requise", "Disclosure required"},
	[PV_VERDICT_APPROVE] = {"Approbation requise", "Approval required"},
	[PV_VERDICT_REFUSE] = {"Refusé", "Refused"},
};

const char *pv_verdict_name(enum pv_verdict verdict)
{
	return pv_verdict_names[verdict];
}

bool pv_verdict_parse(const char *name, enum pv_verdict *out)
{
	for (int i = 0; i < PV_VERDICTS; i++)
		if (strcmp(pv_verdict_names[i], name) == 0) {
			*out = (enum pv_verdict)i;
			return true;
		}
	return false;
}

const struct pv_words *pv_verdict_words(enum pv_verdict verdict)
{
	return &words[verdict];
}
