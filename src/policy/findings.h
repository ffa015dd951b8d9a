/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Each rule's own test, for the rules whose conditions hold: what it found and where, kept so that
 * the explanation shows what the decision saw. Inside the policy room.
 */
#ifndef PV_POLICY_FINDINGS_H
#define PV_POLICY_FINDINGS_H

#include "policy/facts.h"
#include "policy/judge.h"

/* How a wording stands in the post, for one language. */
enum pv_wording_state { PV_WORDING_STANDS, PV_WORDING_MISPLACED, PV_WORDING_MISSING };

struct pv_wording_found {
	enum pv_wording_state state;
	struct pv_str lang;
	const struct pv_lang_words *accepted; /* NULL when the document has none in this language */
	struct pv_match match;                /* where it stands, well or badly placed */
	bool denied; /* missing, but for where the words before it deny it: `denial`, both */
	struct pv_match denial;
};

/* Which part of an `access` or `quiet` rule fired. */
enum {
	PV_PART_ALT = 1,
	PV_PART_TOO_MANY = 2,
	PV_PART_CAMEL = 4,
	PV_PART_PERIOD = 8,
	PV_PART_SWITCH = 16,
	PV_PART_HOURS = 32,
};

/* What one rule found; fields that do not concern its kind are zero. */
struct pv_finding {
	bool fired;                        /* of a disclosure: the wording is missing */
	struct pv_wording_found *wordings; /* disclosure, mention: one for each language */
	size_t n_wordings;
	bool link_missing; /* mention */
	enum pv_voice voice;
	struct pv_match match; /* voice: the mark; embargo: the word */
	size_t match_media;    /* where that stands: 0 in the text, as of links */
	bool has_match;
	size_t link, handle; /* the first that fires; n_links, n_handles: none */
	const struct pv_organisation *org;
	int64_t count, total; /* with this post */
	int64_t after_us;     /* the window's start */
	const struct pv_target *target;
	unsigned parts;
	size_t media;   /* without alternative text */
	size_t hashtag; /* token */
	size_t n_hashtags;
	int64_t free_us; /* quiet: when the silence ends; PV_TIME_NONE when nobody knows */
};

/* Runs a rule's test. PV_NOMEM, or what the history source answered. */
enum pv_status pv_find(struct pv_facts *facts, const struct pv_rule *rule, struct pv_finding *out,
	struct pv_error *error);

/* find_words.c */
bool pv_find_disclosure(struct pv_facts *facts, const struct pv_rule *rule, struct pv_finding *out);
bool pv_find_mention(struct pv_facts *facts, const struct pv_rule *rule, struct pv_finding *out);
void pv_find_voice(struct pv_facts *facts, const struct pv_rule *rule, struct pv_finding *out);
void pv_find_invite(struct pv_facts *facts, const struct pv_rule *rule, struct pv_finding *out);
void pv_find_embargo(struct pv_facts *facts, const struct pv_rule *rule, struct pv_finding *out);

/* find_form.c */
void pv_find_neighbours(struct pv_facts *facts, const struct pv_rule *rule, struct pv_finding *out);
void pv_find_links(struct pv_facts *facts, const struct pv_rule *rule, struct pv_finding *out);
void pv_find_languages(struct pv_facts *facts, const struct pv_rule *rule, struct pv_finding *out);
void pv_find_access(struct pv_facts *facts, const struct pv_rule *rule, struct pv_finding *out);
void pv_find_quiet(struct pv_facts *facts, const struct pv_rule *rule, struct pv_finding *out);
/*
 * The neighbour that this link or handle belongs to, NULL when it is nobody's or one's own.
 * `out_shown` is how the link gets there, NULL: by its own address.
 */
const struct pv_organisation *pv_neighbour_of_link(
	const struct pv_facts *facts, size_t link, const struct pv_shown **out_shown);
const struct pv_organisation *pv_neighbour_of_handle(struct pv_facts *facts, size_t handle);
/* Is this link one that a rule of kind `links` forbids? `out_shown` as above. */
bool pv_link_forbidden(const struct pv_facts *facts, const struct pv_rule *rule, size_t link,
	const struct pv_shown **out_shown);
bool pv_alt_missing(const struct pv_case_media *media);
bool pv_hashtag_unreadable(const struct pv_prose *prose, const struct pv_token *token, int letters);

/* find_counts.c */
enum pv_status pv_find_quota(struct pv_facts *facts, const struct pv_rule *rule,
	struct pv_finding *out, struct pv_error *error);
enum pv_status pv_find_mix(struct pv_facts *facts, const struct pv_rule *rule,
	struct pv_finding *out, struct pv_error *error);
/* Which of the policy's counters count a past post of these facts; sets their bits in `out`. */
void pv_counters_of(const struct pv_policy *policy, const uint64_t *bits, uint64_t *out);
/* Where a window that ends now begins. */
int64_t pv_window_start(
	const struct pv_facts *facts, const struct pv_duration *window, enum pv_zone_pick pick);

/* approvals.c: the steps in which a policy wants approvals, the first one first. */
size_t pv_approval_steps(const struct pv_approvals *terms);
struct pv_approval_step pv_approval_step(const struct pv_approvals *terms, size_t index);

/* How far the case's approvals have come under some terms. */
struct pv_approvals_stand {
	enum pv_approval_fate *fates; /* one for each approval of the case; NULL when it has none */
	struct pv_approval_step step; /* the one that is open; once all are met, the last */
	size_t number, steps;         /* of that step, from 1, and how many there are */
	int missing;                  /* people who must still approve in it; 0: all is met */
};

/*
 * Approvals are taken in the order in which they were given. One counts in the step that is open
 * then, each person once; whose role belongs to a later step is not yet to be asked. Without
 * memory nothing is met, and the arena says so.
 */
void pv_approvals_read(
	struct pv_facts *facts, const struct pv_approvals *terms, struct pv_approvals_stand *out);
bool pv_approved(struct pv_facts *facts, const struct pv_approvals *terms);
/* Could this person approve in a step that asks for these roles, leaving aside time? */
bool pv_may_approve(struct pv_facts *facts, const struct pv_approvals *terms,
	const struct pv_strs *by, const struct pv_case_person *person);

#endif
