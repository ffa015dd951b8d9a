/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What an owner wants to know of a policy before adopting it: fifteen questions, each answered for
 * every post there can be, with the smallest example post as it is judged; and guarantees that the
 * owner writes down once and has checked on every version.
 *
 *	struct pv_analysis *analysis;
 *	struct pv_analysis_options options = {.at_us = now_us};
 *	if (pv_analyze(mem, policy, &options, &analysis, error) != PV_OK)
 *		return error->status;
 *	for (size_t i = 0; i < PV_QUESTIONS; i++)
 *		… analysis->questions[i].sentence.en …
 *
 * Pure: the same policy and options give the same bytes. docs/policy-analysis.md says what each
 * question means and why no post is left out.
 */
#ifndef PV_POLICY_ANALYSIS_H
#define PV_POLICY_ANALYSIS_H

#include "policy/case.h"
#include "policy/document.h"

enum {
	PV_QUESTIONS = 15,
	PV_ANALYSIS_STEPS_MAX = 2000000, /* looks at thirty rules, for one question */
	PV_ANALYSIS_FINDINGS_MAX = 200,  /* told of one question */
	PV_GUARANTEES_MAX = 200,
	PV_GUARANTEE_BYTES_MAX = 2000, /* of one line */
};

enum pv_analysis_answer {
	PV_ANALYSIS_NO_FINDING,
	PV_ANALYSIS_FOUND,
	PV_ANALYSIS_UNDECIDED,      /* a named limit was met before it was certain */
	PV_ANALYSIS_NOT_APPLICABLE, /* it needs what a policy alone does not hold */
	PV_ANALYSIS_ANSWERS,
};

/* A problem is hardly what the owner meant; a remark is to be known. */
enum pv_severity { PV_SEVERITY_REMARK, PV_SEVERITY_PROBLEM, PV_SEVERITIES };

/* A post as an example. `json` is a line that `portevoix judge` takes. */
struct pv_witness {
	const char *json; /* NULL: none */
	enum pv_verdict verdict;
	struct pv_words words;
};

struct pv_analysis_finding {
	const char *kind; /* "never_applies"… */
	enum pv_severity severity;
	const char *const *rules; /* ids concerned, sorted */
	size_t n_rules;
	struct pv_words words;
	struct pv_witness witness;
	struct pv_witness instead; /* the same post otherwise declared; question 6 and 9 */
	const char *fact;          /* question 6: the fact… */
	const char *declared;      /* …and as what it is declared; NULL when it is left out */
	int64_t count;             /* of the posts' classes, rules or people told; 0: nothing */
};

struct pv_analysis_question {
	int number;
	const char *id; /* "unreachable"… */
	struct pv_words question;
	enum pv_analysis_answer answer;
	struct pv_words sentence;
	struct pv_analysis_finding *findings; /* problems first */
	size_t n_findings;
};

/* ---- guarantees -------------------------------------------------------------------------------- */

/*
 * `never: origin own_creation, stance organisation, verdict below approve`: no post with those facts
 * has, without any approval, such a verdict. docs/policy-analysis.md has the grammar.
 */
struct pv_guarantee;

/* A complaint about one line of guarantees; columns in code points, from 1. */
struct pv_guarantee_place {
	int line, column;
};

/*
 * Reads one guarantee (no comment, not empty) against what the policy names: an unknown account,
 * axis, topic or value is a complaint. PV_INVALID with `*place` (may be NULL) and words. The line is
 * copied; the guarantee holds on to `policy`.
 */
enum pv_status pv_guarantee_parse(TALLOC_CTX *mem, const struct pv_policy *policy, const char *text,
	size_t size, struct pv_guarantee **out, struct pv_guarantee_place *place,
	struct pv_error *error);

struct pv_guarantees {
	struct pv_guarantee **items;
	size_t n;
};

/* Reads a text of several lines; empty ones and comments are left out. */
enum pv_status pv_guarantees_parse(TALLOC_CTX *mem, const struct pv_policy *policy,
	const char *text, size_t size, struct pv_guarantees *out, struct pv_guarantee_place *place,
	struct pv_error *error);

/* The line as written, without its label; the label, or NULL words. */
const char *pv_guarantee_text(const struct pv_guarantee *guarantee);
const struct pv_words *pv_guarantee_label(const struct pv_guarantee *guarantee);

enum pv_keeping { PV_GUARANTEE_HOLDS, PV_GUARANTEE_BROKEN, PV_GUARANTEE_UNDECIDED, PV_KEEPINGS };

struct pv_guarantee_answer {
	const char *text;
	struct pv_words label; /* NULL words: none */
	enum pv_keeping keeping;
	struct pv_words sentence;
	struct pv_witness witness; /* of a broken one */
};

/* For posts from `at_us` on. PV_NOMEM; PV_OK otherwise, `*out` below `mem`. */
enum pv_status pv_guarantee_check(TALLOC_CTX *mem, const struct pv_policy *policy,
	const struct pv_guarantee *guarantee, int64_t at_us, struct pv_guarantee_answer *out,
	struct pv_error *error);

/* ---- the analysis -------------------------------------------------------------------------------- */

struct pv_analysis_options {
	int64_t at_us; /* posts from here on; what is over by then is told as such */
	const struct pv_case_person *people; /* of the house with their roles; NULL: not known */
	size_t n_people;
	struct pv_guarantees guarantees;
	uint64_t steps_max; /* 0: PV_ANALYSIS_STEPS_MAX */
};

struct pv_analysis {
	const char *policy;
	int64_t version;
	bool complete; /* no limit was met */
	struct pv_analysis_question questions[PV_QUESTIONS];
	struct pv_guarantee_answer *guarantees;
	size_t n_guarantees;
};

/* PV_NOMEM, PV_INTERNAL; `*out` lives below `mem` and borrows from `policy` and `options`. */
enum pv_status pv_analyze(TALLOC_CTX *mem, const struct pv_policy *policy,
	const struct pv_analysis_options *options, struct pv_analysis **out,
	struct pv_error *error);

/* Is there nothing that is a problem, broken or undecided? */
bool pv_analysis_clear(const struct pv_analysis *analysis);

/* "remark"…, "holds"… */
const char *pv_severity_name(enum pv_severity severity);
const char *pv_keeping_name(enum pv_keeping keeping);

/*
 * {"policy","version","complete",
 *  "questions":[{"number","id","question":{fr,en},"answer","sentence":{fr,en},
 *    "findings":[{"kind","severity","rules":[…],"words":{fr,en},
 *      "witness":{"case":{…},"verdict","words":{fr,en}}|null,"instead":…,
 *      "fact","declared","count":N}]}],
 *  "guarantees":[{"guarantee","label":{fr,en}|null,"answer","sentence":{fr,en},"witness"}]}
 * "instead", "fact", "declared" and "count" stand only where there is something. A new reference,
 * NULL when memory is out.
 */
json_t *pv_analysis_to_json(const struct pv_analysis *analysis);
/* One of its guarantees; for a desk that checks them before a version is adopted. */
json_t *pv_guarantee_answer_to_json(const struct pv_guarantee_answer *answer);

#endif
