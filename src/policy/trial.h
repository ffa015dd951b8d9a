/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * One judgement in the making: facts, what each rule found, the decision, and then its words.
 * Inside the policy room.
 *
 * A remark is a rule that had something to say, with its evidence; every evidence is a clause for a
 * person, and the clauses together are the remark's reason. Remedies follow from the remarks that
 * ask something; the explanation is put together from both.
 */
#ifndef PV_POLICY_TRIAL_H
#define PV_POLICY_TRIAL_H

#include "policy/decide.h"
#include "policy/findings.h"
#include "policy/judge.h"
#include "policy/say.h"

/* One sentence of a remark's reason, without its full stop. */
struct pv_clause {
	const char *rule; /* the remark's */
	struct pv_words words;
};

struct pv_trial {
	struct pv_facts facts;
	struct pv_finding *findings; /* one for each rule */
	pv_rule_bits applies;        /* rules whose conditions hold */
	pv_rule_bits found;          /* of those, the ones whose own test fires */
	pv_rule_bits approved;       /* demands of approval that are met */
	struct pv_decision decision;
	const uint64_t *in_force; /* exceptions, of facts.policy */
	pv_rule_bits lifts;       /* rules that those which hold of this case lift */
	struct pv_judgement *out;
	struct pv_say say;         /* clauses and remedies, one after the other */
	struct pv_say reason;      /* the clauses of one remark */
	struct pv_clause *clauses; /* of all remarks */
	size_t n_clauses;
	const char *rule;             /* of the remark in the making */
	struct pv_evidence *evidence; /* of the remark in the making */
	size_t n_evidence;
};

/*
 * judge.c: runs the tests of the rules that apply, and decides. The two halves: everything that the
 * case alone answers; then what counts the past, and the decision.
 */
enum pv_status pv_trial_decide(struct pv_trial *trial, struct pv_error *error);
enum pv_status pv_trial_find(struct pv_trial *trial, struct pv_error *error);
enum pv_status pv_trial_conclude(struct pv_trial *trial, struct pv_error *error);

/* The ids of a set of rules, "default" among them, in the order of bytes; there is room in `out`. */
size_t pv_rule_bits_ids(const struct pv_policy *policy, const uint64_t *bits, const char **out);

/* A remark of the judgement being of this rule of the policy; NULL for default. */
const struct pv_rule *pv_trial_rule(const struct pv_trial *trial, const struct pv_remark *remark);
const struct pv_finding *pv_trial_finding(
	const struct pv_trial *trial, const struct pv_remark *remark);

/* remark.c: the rules that had something to say, and their evidence; false when memory is out. */
bool pv_trial_remarks(struct pv_trial *trial);
/* Another piece of evidence, to fill; NULL when memory is out. */
struct pv_evidence *pv_trial_evidence(struct pv_trial *trial, enum pv_evidence_kind kind);
/* What was said since becomes its words, and a clause of the reason. */
void pv_trial_clause(struct pv_trial *trial, struct pv_evidence *evidence);
/* Its words alone. */
void pv_trial_phrase(struct pv_trial *trial, struct pv_evidence *evidence);
struct pv_span pv_trial_span(const struct pv_trial *trial, size_t start, size_t end);
/* Where it stands: a span of the text (media 0), or only which media's description. */
void pv_trial_place(const struct pv_trial *trial, struct pv_evidence *evidence, size_t media,
	size_t start, size_t end);
/* « la description de l'image 2 », "the description of picture 2" */
void pv_trial_say_media(struct pv_trial *trial, int64_t media);
/* The words that were said since, with where the evidence stands before them. */
struct pv_words pv_trial_placed(struct pv_trial *trial, const struct pv_evidence *evidence);
/* A NUL-ended copy. */
const char *pv_trial_text(struct pv_trial *trial, struct pv_str text);
/* "carnetdemarc.example/a" */
const char *pv_trial_site(struct pv_trial *trial, const struct pv_site *site);

/* reason_facts.c: what of the post met the rule's conditions */
void pv_reason_facts(struct pv_trial *trial, const struct pv_rule *rule);
/* only the ties and payments that a disclosure is about */
void pv_reason_ties(struct pv_trial *trial, const struct pv_rule *rule);
void pv_reason_approvals(struct pv_trial *trial, const struct pv_approvals *terms, bool met);
/* « votre création », "your own creation": the declared origin or interest in words */
const struct pv_words *pv_origin_words(enum pv_origin origin);
const struct pv_words *pv_interest_words(enum pv_interest interest);

/* reason_links.c: evidence of a link (n_links: the article) and how it gets there, NULL: by itself */
struct pv_evidence *pv_trial_link_evidence(
	struct pv_trial *trial, size_t index, const struct pv_shown *shown);
/* « Le lien mène à X », « La page de X », « à votre registre comme votre création » */
void pv_trial_say_leads(struct pv_trial *trial, size_t link, const struct pv_shown *shown);
void pv_trial_say_page(struct pv_trial *trial, const struct pv_shown *shown);
void pv_trial_say_register(struct pv_trial *trial, const struct pv_tie *tie, bool of_author);
/* the clause of a tie that was found */
void pv_reason_tie(struct pv_trial *trial, const struct pv_tie_found *tie);

/* clues.c: what may concern the author and proves nothing; false when memory is out */
bool pv_trial_clues(struct pv_trial *trial);

/* reason_words.c, reason_form.c: what the rule's own test found */
void pv_remark_reason_words(
	struct pv_trial *trial, const struct pv_rule *rule, const struct pv_finding *finding);
void pv_reason_form(
	struct pv_trial *trial, const struct pv_rule *rule, const struct pv_finding *finding);

/* remedies.c */
bool pv_trial_remedies(struct pv_trial *trial);
struct pv_remedy *pv_trial_remedy(
	struct pv_trial *trial, enum pv_remedy_act act, const struct pv_remark *remark);
/* What was said since becomes its words. */
void pv_trial_remedy_words(struct pv_trial *trial, struct pv_remedy *remedy);
/* remedies_kinds.c */
void pv_remedies_of_rule(struct pv_trial *trial, const struct pv_remark *remark);
/* The verdict if the author declared this instead. */
enum pv_verdict pv_trial_if_declared(struct pv_trial *trial, enum pv_fact fact, const char *value);

/* explain.c: needs remarks and remedies */
bool pv_trial_explain(struct pv_trial *trial);

#endif
