/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The five answers of an editorial policy, from mild to strict, in the order of who can lift the
 * obstacle: nobody needed, the author who has read the remark, the author by a repair, another
 * person, nobody. The strictest of all rules wins, so the numbers are compared.
 */
#ifndef PV_POLICY_VERDICT_H
#define PV_POLICY_VERDICT_H

#include "base/error.h"

enum pv_verdict {
	PV_VERDICT_ALLOW,
	PV_VERDICT_WARN,
	PV_VERDICT_DISCLOSE,
	PV_VERDICT_APPROVE,
	PV_VERDICT_REFUSE,
	PV_VERDICTS,
};

extern const char *const pv_verdict_names[PV_VERDICTS];

/* "allow", "warn", "disclose", "approve", "refuse": the word in policies, JSON and the database. */
const char *pv_verdict_name(enum pv_verdict verdict);

/* False when `name` is none of them. */
bool pv_verdict_parse(const char *name, enum pv_verdict *out);

/* For a badge: « Divulgation requise » / "Disclosure required". */
const struct pv_words *pv_verdict_words(enum pv_verdict verdict);

#endif
