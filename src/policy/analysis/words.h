/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The analysis speaking: facts, rules and people in both languages. Inside the analysis. */
#ifndef PV_POLICY_ANALYSIS_WORDS_H
#define PV_POLICY_ANALYSIS_WORDS_H

#include "policy/model.h"
#include "policy/say.h"

/* « création personnelle », "own creation"; the value itself where the policy made it up. */
void pv_analysis_say_value(struct pv_say *say, enum pv_fact fact, const char *value);
/* « la provenance », "the origin" */
const struct pv_words *pv_fact_words(enum pv_fact fact);
/* « own-creation », as ids are quoted */
void pv_say_id(struct pv_say *say, const char *id);

/* A literal in both languages with one %: what is said there is said by a call between. */
#define PV_SAY_QUOTE_FR "\u00a0"

#endif
