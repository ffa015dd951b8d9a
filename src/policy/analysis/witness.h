/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* An example post as it is shown: the case in JSON, its verdict by the real judge, and words. */
#ifndef PV_POLICY_ANALYSIS_WITNESS_H
#define PV_POLICY_ANALYSIS_WITNESS_H

#include "policy/analysis/analysis.h"
#include "policy/analysis/make.h"

/*
 * Writes the case, reads it back as any program would, and judges that: the verdict shown is the
 * one `portevoix judge` gives. False when memory is out, or when the case does not come back as it
 * went (a mistake of ours, which no finding survives).
 */
bool pv_witness_of(TALLOC_CTX *mem, const struct pv_policy *policy, const struct pv_case *c,
	struct pv_witness *out);

/* case_out.c: "A case" of the format, as one line; NULL when memory is out. */
char *pv_case_to_text(TALLOC_CTX *mem, const struct pv_case *c);

/* case_words.c: « Sur coop-fb (…), une publication : création personnelle… » */
void pv_say_case(struct pv_say *say, const struct pv_policy *policy, const struct pv_case *c);

#endif
