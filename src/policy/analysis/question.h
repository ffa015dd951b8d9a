/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One of the fifteen questions being answered: what they share. Inside the analysis. */
#ifndef PV_POLICY_ANALYSIS_QUESTION_H
#define PV_POLICY_ANALYSIS_QUESTION_H

#include "policy/analysis/analysis.h"
#include "policy/analysis/guarantee.h"
#include "policy/analysis/make.h"
#include "policy/analysis/search.h"
#include "policy/analysis/witness.h"
#include "policy/analysis/words.h"

/* What the questions ask besides the policy's own conditions. */
enum pv_subject {
	PV_SUBJECT_OWN_CREATION,
	PV_SUBJECT_PAID,
	PV_SUBJECT_CLIENT,
	PV_SUBJECT_FAMILY,
	PV_SUBJECTS,
};

struct pv_asked {
	uint32_t subject[PV_SUBJECTS];
	uint32_t stance[PV_STANCES];
	uint32_t form[2];
	uint32_t fr, en;
};

struct pv_asking {
	TALLOC_CTX *mem;     /* of the answer */
	TALLOC_CTX *scratch; /* of this question */
	const struct pv_policy *policy;
	const struct pv_analysis_options *options;
	const struct pv_space *space;
	const struct pv_asked *asked;
	struct pv_search search; /* of one post */
	struct pv_search pair;   /* of one post, twice declared */
	uint64_t steps, steps_max;
	struct pv_say say;
	struct pv_arena arena; /* of the answer */
	struct pv_analysis_question *out;
	struct pv_witness *examples; /* of each rule, when it decides; question 15 */
	bool undecided;
	bool dropped; /* more findings than are told */
};

/* A finding whose words are what was said since; NULL when there are too many, or memory is out. */
struct pv_analysis_finding *pv_tell(struct pv_asking *asking, const char *kind,
	enum pv_severity severity, const size_t *rules, size_t n_rules);
/* The same of the rules of a set. */
struct pv_analysis_finding *pv_tell_bits(struct pv_asking *asking, const char *kind,
	enum pv_severity severity, const uint64_t *rules);
/* A finding about what is no rule: an exception, a topic. */
struct pv_analysis_finding *pv_tell_of(
	struct pv_asking *asking, const char *kind, enum pv_severity severity, const char *id);

/* Searches anew, from nothing decided; fixes are made before, after pv_search_reset. */
enum pv_found pv_seek(
	struct pv_asking *asking, pv_search_ask ask, pv_search_make make, void *state);
/* A search that ended without an answer makes the question undecided; true when it found. */
bool pv_seek_yes(struct pv_asking *asking, enum pv_found found);

/* « own-creation » of a rule, with its label: « own-creation » (« Le statut… ») */
void pv_say_rule(struct pv_say *say, const struct pv_policy *policy, size_t rule);
void pv_say_rule_ids(struct pv_say *say, const struct pv_policy *policy, const uint64_t *rules);

/* Languages that the document writes in, French and English where it does not say; how many. */
enum { PV_USED_LANGS_MAX = 8 };
size_t pv_used_languages(const struct pv_policy *policy, const char *out[PV_USED_LANGS_MAX]);

size_t pv_bits_count(const uint64_t *bits, size_t words);

void pv_question_unreachable(struct pv_asking *asking);
void pv_question_contradictions(struct pv_asking *asking);
void pv_question_gaps(struct pv_asking *asking);
void pv_question_unapproved(struct pv_asking *asking);
void pv_question_duties(struct pv_asking *asking);
void pv_question_false_declarations(struct pv_asking *asking);
void pv_question_overrides(struct pv_asking *asking);
void pv_question_demands(struct pv_asking *asking);
void pv_question_topics(struct pv_asking *asking);
void pv_question_quotas(struct pv_asking *asking);
void pv_question_time(struct pv_asking *asking);
void pv_question_references(struct pv_asking *asking);
void pv_question_languages(struct pv_asking *asking);
void pv_question_replay(struct pv_asking *asking);
void pv_question_examples(struct pv_asking *asking);

#endif
