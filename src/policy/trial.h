/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * One judgement in the making: facts, what each rule found, the decision, and then its words.
 * Inside the policy room.
 */
#ifndef PV_POLICY_TRIAL_H
#define PV_POLICY_TRIAL_H

#include "policy/decide.h"
#include "policy/findings.h"
#include "policy/judge.h"

struct pv_trial {
	struct pv_facts facts;
	struct pv_finding *findings; /* one for each rule */
	struct pv_decision decision;
	struct pv_judgement *out;
};

/* remark.c: the rules that had something to say, and their evidence; false when memory is out. */
bool pv_trial_remarks(struct pv_trial *trial);
/* remedies.c */
bool pv_trial_remedies(struct pv_trial *trial);
/* explain.c: needs remarks and remedies */
bool pv_trial_explain(struct pv_trial *trial);

#endif
