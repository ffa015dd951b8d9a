/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A policy's answer to one case, with its reasons.
 *
 *	struct pv_judgement *judgement;
 *	if (pv_judge(mem, policy, &c, &judgement, error) != PV_OK)
 *		return error->status;
 *	if (judgement->verdict == PV_VERDICT_REFUSE)
 *		puts(judgement->explanation.fr);
 *
 * Judging is pure: the same policy and case give the same bytes, whatever the clock, the locale or
 * the order of rules in the file.
 */
#ifndef PV_POLICY_JUDGE_H
#define PV_POLICY_JUDGE_H

#include "policy/case.h"
#include "policy/document.h"
#include "policy/verdict.h"

/* Part of the post's text as it was given, half open, in bytes and in code points. */
struct pv_span {
	size_t start_byte, end_byte;
	size_t start, end;
};

/* What a rule came to. */
enum pv_remark_status {
	PV_REMARK_DECIDES,    /* in decided_by */
	PV_REMARK_ALSO,       /* milder than the verdict, stricter than allow */
	PV_REMARK_SATISFIED,  /* its demand is met */
	PV_REMARK_LIFTED,     /* set aside by an exception */
	PV_REMARK_OVERRIDDEN, /* set aside by a narrower permission */
	PV_REMARK_ALLOWS,     /* a category that allows, where something stricter decides */
	PV_REMARK_STATUSES,
};

enum pv_evidence_kind {
	/* The first three with the span in the text, or the media in whose description they stand: */
	PV_EVIDENCE_LINK,    /* a link: written, leads_to; tie when it is in a register */
	PV_EVIDENCE_HANDLE,  /* a handle: written; tie or organisation */
	PV_EVIDENCE_WORD,    /* a word found: written; topic when it names one */
	PV_EVIDENCE_WORDING, /* an accepted wording that stands, or stands too low: span, position */
	PV_EVIDENCE_MISSING,  /* a wording or link that is missing: wordings, lang */
	PV_EVIDENCE_COUNT,    /* count of total in a window, limit */
	PV_EVIDENCE_TIME,     /* a period, embargo or clock: from_us, until_us */
	PV_EVIDENCE_SWITCH,   /* a switch that is on: written */
	PV_EVIDENCE_MEDIA,    /* a media without alternative text: count = its place, from 1 */
	PV_EVIDENCE_HASHTAG,  /* a hashtag hard to read: span, written; or too many: count, limit */
	PV_EVIDENCE_PAIR,     /* the twin: until_us = its time, or none; lang = the one missing */
	PV_EVIDENCE_APPROVAL, /* an approval: person, counted or why not; at until_us */
	PV_EVIDENCE_FACT,     /* a fact the rule asks: field, value, and whether it was found */
	PV_EVIDENCE_KINDS,
};

/* Why an approval is not counted. */
enum pv_approval_fate {
	PV_APPROVAL_COUNTS,
	PV_APPROVAL_NO_ROLE,
	PV_APPROVAL_AUTHOR,
	PV_APPROVAL_SAME_INTEREST,
	PV_APPROVAL_BEFORE_EDIT,
	PV_APPROVAL_LATER,
	PV_APPROVAL_EXPIRED,
	PV_APPROVAL_NOT_YET, /* an earlier step is not met */
	PV_APPROVAL_FATES,
};

/* How one came from the post to somebody's site, account or feed. */
enum pv_via {
	PV_VIA_NONE,
	PV_VIA_ADDRESS,   /* the link itself, its short form unwrapped */
	PV_VIA_HANDLE,    /* a handle of the post */
	PV_VIA_PROFILE,   /* the link is the page of an account whose handle is that domain */
	PV_VIA_REDIRECT,  /* the link redirects there */
	PV_VIA_CANONICAL, /* the page gives that address for its own */
	PV_VIA_AUTHOR,    /* the page names that author */
	PV_VIA_ME,        /* the page says that is the same person */
	PV_VIA_FEED,      /* it is an article of that feed */
	PV_VIA_ITEM,      /* the post was begun from an article of that site */
	PV_VIAS,
};

/* How sure a link or handle leads to whom it seems to. Only what is sure changes a verdict. */
enum pv_certainty {
	PV_CERTAINTY_NONE, /* not a question of that */
	PV_SURE,           /* the same address, account or feed */
	PV_LIKELY,         /* a name, or what a page claims of another site */
	PV_SIMILAR,        /* looks like it, and is not it */
	PV_CERTAINTIES,
};

/* One thing a remark rests on. Fields that do not concern its kind are zero. */
struct pv_evidence {
	enum pv_evidence_kind kind;
	struct pv_words words; /* a short phrase for a person */
	enum pv_via via;
	enum pv_certainty certainty;
	bool has_span;
	struct pv_span span;         /* in the post's text */
	int64_t media;               /* or: in the description of this media, from 1 */
	const char *written;         /* the link, handle, word, wording or switch as it stands */
	const char *leads_to;        /* where the link ends: "host/path"; NULL when unknown */
	const char *name;            /* the tie's or organisation's name */
	const char *register_of;     /* whose register: a person's or organisation's id */
	const char *relation;        /* the tie's: "author"… */
	const char *field, *value;   /* a fact: "origin", "own_creation" */
	bool found;                  /* the fact was found, not declared */
	const char *lang;            /* of the wording, or of the missing twin */
	const char *const *wordings; /* accepted ones, ready to insert */
	size_t n_wordings;
	int64_t count, total;            /* with this post */
	int64_t limit_top, limit_bottom; /* at most top/bottom (bottom 1: a number) */
	int64_t fold, position;    /* characters shown; place of the wording's last character */
	int64_t from_us, until_us; /* PV_TIME_NONE when open */
	const char *person;        /* an approval's author */
	enum pv_approval_fate fate;
};

/* A rule (or "default") that had something to say. */
struct pv_remark {
	const char *rule;
	const char *kind;      /* "category", "disclosure"…, "default" */
	struct pv_words label; /* in the policy's own words */
	enum pv_verdict said;  /* its `then` */
	enum pv_remark_status status;
	bool firm;
	int line;                 /* in the policy's text; 0 for default */
	const char *set_aside_by; /* the rule or exception, for lifted and overridden; else NULL */
	struct pv_words reason;   /* one sentence with the evidence */
	const struct pv_evidence *evidence;
	size_t n_evidence;
};

enum pv_remedy_act {
	PV_REMEDY_INSERT_DISCLOSURE, /* text (lang, position) to write into the post */
	PV_REMEDY_MOVE_DISCLOSURE, /* span: a wording that stands below the fold, or not at the start */
	PV_REMEDY_ADD_LINK,        /* text: an address the post must carry */
	PV_REMEDY_ASK_APPROVAL, /* roles, people, count; step of steps when there are several */
	PV_REMEDY_PUBLISH_ON_OWN_ACCOUNT,
	PV_REMEDY_PUBLISH_ELSEWHERE, /* account: of the organisation concerned */
	PV_REMEDY_DECLARE,           /* field, value: if it is so */
	PV_REMEDY_CHANGE_TIME,       /* not_before_us */
	PV_REMEDY_ADD_ALT_TEXT,      /* count: the media's place, from 1 */
	PV_REMEDY_REMOVE_LINK,       /* span */
	PV_REMEDY_REPLACE_LINK,      /* span, text: the long address */
	PV_REMEDY_REMOVE_WORDS,      /* span */
	PV_REMEDY_REPHRASE_VOICE,    /* span: the first person */
	PV_REMEDY_INVITE,            /* text: a question to end on */
	PV_REMEDY_ADD_TRANSLATION,   /* lang */
	PV_REMEDY_REWRITE_HASHTAG,   /* span */
	PV_REMEDY_FEWER_HASHTAGS,    /* count: how many to remove */
	PV_REMEDY_SWITCH_OFF,        /* text: the switch, by someone entitled */
	PV_REMEDY_RECORD_CONSENT,
	PV_REMEDY_OTHERS_FIRST, /* count: other posts that would restore the balance */
	PV_REMEDY_EXCEPTION,    /* only a recorded exception helps */
	PV_REMEDIES,
};

/* One act that would bring the post nearer to publication. */
struct pv_remedy {
	enum pv_remedy_act act;
	const char *rule;      /* which demand it answers */
	struct pv_words words; /* « Écrivez « publicité » dans les 125 premiers caractères. » */
	const char *text;
	const char *lang;
	const char *position; /* "start", "before_fold", "anywhere" */
	int64_t fold;         /* characters, 0 when there is no fold */
	const char *field, *value;
	const char *account; /* where it may be published instead; NULL when none is known */
	const char *const *roles;
	size_t n_roles;
	const char *const *people; /* ids in the case who could approve */
	size_t n_people;
	int64_t count;
	int64_t step, steps;   /* of an approval in several steps, from 1; else 0 */
	int64_t not_before_us; /* PV_TIME_NONE when unknown */
	bool has_span;
	struct pv_span span;
	int64_t media; /* what is to change stands in the description of this media, from 1 */
};

/* Rule ids, sorted by bytes. */
struct pv_rule_ids {
	const char *const *items;
	size_t n;
};

/* The facts that a later quota counts, declared and found, whatever the rules said of them. */
struct pv_countable {
	enum pv_origin origin;
	unsigned relation; /* bits 1u << PV_RELATION_… */
	const char *const
		*topics; /* those found in the text; the declared ones stand in the case */
	size_t n_topics;
};

enum { PV_CLUES_MAX = 8 };

struct pv_judgement {
	enum pv_verdict verdict;
	struct pv_countable countable;
	struct pv_rule_ids decided_by, also, satisfied, lifted, overridden;
	struct pv_rule_ids lifted_by; /* the exceptions in force that lifted them */
	struct pv_remark *remarks;    /* deciding ones first, then by strictness, then by id */
	size_t n_remarks;
	struct pv_remedy *remedies; /* the nearest first */
	size_t n_remedies;
	/*
	 * What may concern the author and proves nothing: likely or similar evidence on which no rule
	 * rests, with the `field` and `value` that they may declare if it is so. At most PV_CLUES_MAX.
	 */
	struct pv_evidence *clues;
	size_t n_clues;
	struct pv_words explanation; /* verdict, what decided it, what would make it publishable */
};

/*
 * Judges; `*out` and all it points to live below `mem` (and borrow nothing from the case; labels
 * and ids are the policy's, which must outlive it).
 * PV_NOT_FOUND: the account is named by neither the policy nor the case. PV_INVALID: a text is not
 * UTF-8. Otherwise PV_NOMEM, or what the history source returned.
 */
enum pv_status pv_judge(TALLOC_CTX *mem, const struct pv_policy *policy, const struct pv_case *c,
	struct pv_judgement **out, struct pv_error *error);

/* The verdict and what decided it, nothing else. */
struct pv_ruling {
	enum pv_verdict verdict;
	struct pv_rule_ids decided_by;
	struct pv_countable countable;
};

/*
 * The same decision without its words: neither remarks, remedies nor explanation are made, which is
 * most of the work. As pv_judge otherwise.
 */
enum pv_status pv_judge_verdict(TALLOC_CTX *mem, const struct pv_policy *policy,
	const struct pv_case *c, struct pv_ruling *out, struct pv_error *error);
/*
 * Which entries of the registers a link or handle of the post meets, in the order of the case's
 * people and of each one's interests: the others do not matter, and need not be told to anybody.
 * Errors as pv_judge's.
 */
enum pv_status pv_case_ties_met(TALLOC_CTX *mem, const struct pv_policy *policy,
	const struct pv_case *c, bool **out, struct pv_error *error);

/* "link", "wording"…; "sure", "likely", "similar"; "address", "redirect"…; "insert_disclosure"… */
const char *pv_evidence_kind_name(enum pv_evidence_kind kind);
const char *pv_certainty_name(enum pv_certainty certainty);
const char *pv_via_name(enum pv_via via);
const char *pv_remedy_act_name(enum pv_remedy_act act);

/*
 * {"verdict","decided_by",…,"overridden","explanation":{fr,en},
 *  "remarks":[{"rule","kind","label":{fr,en},"said","status","firm","line","set_aside_by",
 *              "reason":{fr,en},
 *              "evidence":[{"kind","words":{fr,en},"span":{"start","end","start_byte","end_byte"},
 *                           "media",…}]}],
 *  "remedies":[{"act","rule","words":{fr,en},…}],
 *  "clues":[{"kind","words":{fr,en},"certainty","via",…}]}
 * Members that do not concern the kind are left out; instants are RFC 3339. A new reference, NULL
 * when memory is out.
 */
json_t *pv_judgement_to_json(const struct pv_judgement *judgement);

#endif
