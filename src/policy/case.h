/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What is judged: one post for one account at one moment, with everything the answer depends on.
 * Nothing is looked up while judging: time, history, registers, approvals and the ends of short
 * links all stand here.
 *
 *	struct pv_case c = {
 *		.id = pv_str("D01"), .account = pv_str("coop-fb"), .author = pv_str("marc"),
 *		.at_us = planned_us,
 *		.people = people, .n_people = 2,
 *		.post = {.kind = PV_POST, .lang = langs, .n_lang = 1, .text = pv_str(text),
 *			 .edited_at_us = edited_us, .pair_at_us = PV_TIME_NONE},
 *		.declared = {.origin = PV_ORIGIN_THIRD_PARTY, .interest = PV_INTEREST_PROJECT},
 *	};
 *
 * A case borrows every byte it points to. All strings are well-formed UTF-8.
 */
#ifndef PV_POLICY_CASE_H
#define PV_POLICY_CASE_H

#include "base/error.h"
#include "base/instant.h"
#include "base/str.h"
#include "policy/verdict.h"

#include <stdint.h>

/* Of a case read from JSON; a case built in C keeps to them too. */
enum {
	PV_CASE_BYTES_MAX = 16 << 20,
	PV_CASE_TEXT_BYTES_MAX = 1 << 20,
	PV_CASE_LIST_MAX = 1000, /* people, approvals, links… but not the history */
};

enum pv_stance {
	PV_STANCE_NONE,
	PV_STANCE_ORGANISATION,
	PV_STANCE_PERSONAL,
	PV_STANCE_HOSTED,
	PV_STANCES,
};

enum pv_post_kind { PV_POST, PV_SHARE, PV_REPLY, PV_POST_KINDS };

enum pv_origin {
	PV_ORIGIN_UNKNOWN,
	PV_ORIGIN_OWN_CREATION,
	PV_ORIGIN_ORGANISATION,
	PV_ORIGIN_CLIENT,
	PV_ORIGIN_PARTNER,
	PV_ORIGIN_THIRD_PARTY,
	PV_ORIGINS,
};

/* Why it is posted; an entry of a register of interests is a struct pv_tie. */
enum pv_interest {
	PV_INTEREST_UNKNOWN,
	PV_INTEREST_PROJECT,
	PV_INTEREST_ORG_FAVOURITE,
	PV_INTEREST_PERSONAL_FAVOURITE,
	PV_INTEREST_COMMERCIAL,
	PV_INTERESTS,
};

enum pv_relation {
	PV_RELATION_AUTHOR,
	PV_RELATION_OWNER,
	PV_RELATION_EMPLOYEE,
	PV_RELATION_CLIENT,
	PV_RELATION_FAMILY,
	PV_RELATION_PAID,
	PV_RELATION_GIFTED,
	PV_RELATIONS,
};

enum pv_human { PV_HUMAN_FACES, PV_HUMAN_BEHIND_THE_SCENES, PV_HUMAN_TESTIMONY, PV_HUMANS };

enum pv_relevance {
	PV_RELEVANCE_UNKNOWN,
	PV_RELEVANCE_PUBLIC,
	PV_RELEVANCE_MEMBERS,
	PV_RELEVANCE_PRIVATE,
	PV_RELEVANCES,
};

/* The words of the format ("own_creation"), indexed by the enums above. */
extern const char *const pv_stance_names[PV_STANCES];
extern const char *const pv_post_kind_names[PV_POST_KINDS];
extern const char *const pv_origin_names[PV_ORIGINS];
extern const char *const pv_interest_names[PV_INTERESTS];
extern const char *const pv_relation_names[PV_RELATIONS];
extern const char *const pv_human_names[PV_HUMANS];
extern const char *const pv_relevance_names[PV_RELEVANCES];

/* The index of `word` in such a table, -1 when it is not there. */
int pv_name_index(const char *const *names, int n, struct pv_str word);

/* No end date: struct pv_tie's until_day. */
#define PV_DAY_NONE INT32_MAX

/* One entry of a register of interests. */
struct pv_tie {
	const struct pv_str *names;
	size_t n_names;
	enum pv_relation relation;
	struct pv_str org;            /* the organisation's id in the policy, empty when none */
	const struct pv_str *domains; /* "host" or "host/path" */
	size_t n_domains;
	const struct pv_str *handles; /* "@Name" */
	size_t n_handles;
	const struct pv_str *feeds; /* addresses of feeds */
	size_t n_feeds;
	int32_t until_day; /* last day it holds, as pv_days_from_civil; PV_DAY_NONE */
};

/* Roles lent by someone who is away: what is approved from the one instant to before the other. */
struct pv_case_delegation {
	struct pv_str of; /* whose they are */
	const struct pv_str *roles;
	size_t n_roles;
	int64_t from_us, until_us; /* PV_TIME_NONE: open */
};

/* Someone the case speaks of: the author, those who approved, those who could. */
struct pv_case_person {
	struct pv_str id;
	struct pv_str name; /* how explanations name them; empty: the id */
	const struct pv_str *roles;
	size_t n_roles;
	const struct pv_tie *interests;
	size_t n_interests;
	const struct pv_case_delegation *delegations;
	size_t n_delegations;
};

struct pv_case_media {
	struct pv_str type; /* "image", "video"… */
	struct pv_str alt;
};

struct pv_case_post {
	enum pv_post_kind kind;
	bool pinned;               /* a pinned reply is static */
	const struct pv_str *lang; /* BCP 47, the first one first */
	size_t n_lang;
	struct pv_str text;
	const struct pv_case_media *media;
	size_t n_media;
	int64_t edited_at_us; /* last edit; PV_TIME_NONE: approvals need not be later than anything */
	struct pv_str pair_lang; /* the twin in the other language, empty when none */
	int64_t pair_at_us;      /* PV_TIME_NONE when none */
	struct pv_str item;      /* the address of the article it was begun from; empty: none */
};

/* What the author declares; zero is "not declared". */
struct pv_case_declared {
	enum pv_origin origin;
	enum pv_interest interest;
	unsigned relation; /* bits 1u << PV_RELATION_… */
	unsigned human;    /* bits 1u << PV_HUMAN_… */
	struct pv_str axis;
	const struct pv_str *topic;
	size_t n_topic;
	bool sponsored;
	bool consent;
	enum pv_relevance relevance;
};

/* Where a short link leads, one step. */
struct pv_case_resolve {
	struct pv_str from, to;
};

/* An author as a page names them. */
struct pv_case_author {
	struct pv_str name;
	const struct pv_str *urls; /* of their own pages, or "@Name" */
	size_t n_urls;
};

/* What is known of the page behind a link: where it was found, and what it says of itself. */
struct pv_case_page {
	struct pv_str url;       /* the link, as it stands in the post */
	struct pv_str leads_to;  /* where redirects end; empty: nowhere else */
	struct pv_str canonical; /* the address it gives for its own */
	const struct pv_case_author *authors;
	size_t n_authors;
	const struct pv_str *me; /* pages that it says are the same person's */
	size_t n_me;
	const struct pv_str *feeds; /* feeds of which it is an article */
	size_t n_feeds;
};

struct pv_case_approval {
	struct pv_str by;
	int64_t at_us;
};

/* A published or scheduled post. `times` equal ones may stand as one entry; 0 means 1. */
struct pv_history_entry {
	int64_t at_us;
	struct pv_str account; /* empty: the case's */
	struct pv_str author;  /* empty: the case's */
	enum pv_post_kind kind;
	bool pinned;
	enum pv_origin origin;
	enum pv_interest interest;
	struct pv_str axis;
	unsigned relation; /* bits */
	unsigned human;    /* bits */
	const struct pv_str *topic;
	size_t n_topic;
	bool sponsored;
	uint32_t times;
};

/* Whose posts a quota counts. */
enum pv_history_per { PV_PER_ACCOUNT, PV_PER_PERSON, PV_PER_ORGANISATION };

/* What a quota or mix asks of the past: later than after_us, not later than until_us. */
struct pv_history_window {
	enum pv_history_per per;
	struct pv_str key; /* the account, the author, or the owner */
	int64_t after_us, until_us;
	size_t counter; /* which of the policy's counters asks: for the policy room's own sources */
};

typedef enum pv_status (*pv_history_visit)(
	void *visitor, const struct pv_history_entry *entry, struct pv_error *error);

/*
 * The past on request, for a desk whose past is long: `each` visits every entry of the window (equal
 * ones may come as one with `times`, their at_us anywhere in the window) and stops at the first
 * status that is not PV_OK, which it returns. Entries outside the window are ignored by the visitor.
 */
struct pv_history_source {
	void *state;
	enum pv_status (*each)(void *state, const struct pv_history_window *window,
		pv_history_visit visit, void *visitor, struct pv_error *error);
	/*
	 * NULL, or asked instead of `each` by who keeps counts and no list: how many posts the
	 * window holds, and how many of them the counter counts.
	 */
	enum pv_status (*count)(void *state, const struct pv_history_window *window,
		int64_t *out_counted, int64_t *out_total, struct pv_error *error);
};

/* What such a window held when it was asked, so that a kept case can be judged again. */
struct pv_case_window {
	enum pv_history_per per;
	int64_t after_us, until_us;
	const struct pv_history_entry *entries;
	size_t n_entries;
};

/* One line of a condition: the fact's word, and the values that meet it ("any", "none" too). */
struct pv_case_line {
	struct pv_str fact;
	const struct pv_str *values;
	size_t n_values;
};

/*
 * An exception granted outside of the document; it acts as one written there would. What it lifts
 * that the document does not know, or holds to be firm, it does not lift.
 */
struct pv_case_exception {
	struct pv_str id;
	const struct pv_str *lifts; /* rule ids */
	size_t n_lifts;
	const struct pv_case_line *when;
	size_t n_when;
	int32_t from_day, until_day; /* first and last local day, as pv_days_from_civil */
	struct pv_str granted_by;
	struct pv_str reason_fr, reason_en;
};

/* What the desk knows of an account that the document does not name. The document's word stands. */
struct pv_case_account {
	struct pv_str id;
	struct pv_str owner; /* an organisation's id, or a person's when personal */
	enum pv_stance stance;
	struct pv_str platform;
};

struct pv_case {
	struct pv_str id;
	struct pv_str policy; /* which policy; only the command reads it */
	struct pv_str account;
	struct pv_str author;
	int64_t at_us; /* the time of publication: "now" */
	const struct pv_case_account *accounts;
	size_t n_accounts;
	const struct pv_case_person *people;
	size_t n_people;
	struct pv_case_post post;
	struct pv_case_declared declared;
	const struct pv_case_resolve *resolves;
	size_t n_resolves;
	const struct pv_case_page *pages;
	size_t n_pages;
	const struct pv_case_approval *approvals;
	size_t n_approvals;
	const struct pv_str *switches; /* those that are on */
	size_t n_switches;
	const struct pv_history_entry *history;
	size_t n_history;
	const struct pv_history_source *source; /* used instead of `history` when set */
	const struct pv_case_window *windows;   /* used instead of `history` for equal windows */
	size_t n_windows;
	const struct pv_case_exception *exceptions;
	size_t n_exceptions;
};

/* What a case that was published says of what became of it. */
struct pv_case_past {
	bool judged;             /* it carries the verdict it was given then */
	enum pv_verdict verdict; /* "verdict": "warn" */
	int64_t reads,
		comments; /* "figures": {"reads", "comments"}; -1: not known, which is not 0 */
};

/* Where a JSON text stopped making sense; columns in code points, from 1. */
struct pv_case_place {
	int line, column;
};

/*
 * Reads one JSON object of the shape "A case" of the format. Extra members are ignored (`title`,
 * `expect`, `why`…); docs/policy-format.md names those that are read. `*out` and what it points to
 * live below `mem`, and may borrow from `json`, which must outlive it. On PV_INVALID `*place` says
 * where (if not NULL). `*out_id` (if not NULL) is the case's id as JSON text, borrowed from `json`;
 * empty when it was not reached.
 */
enum pv_status pv_case_parse(TALLOC_CTX *mem, const char *json, size_t size, struct pv_case **out,
	struct pv_case_place *place, struct pv_str *out_id, struct pv_error *error);

/* The same, and what "verdict" and "figures" say, which pv_case_parse does not look at. */
enum pv_status pv_case_parse_past(TALLOC_CTX *mem, const char *json, size_t size,
	struct pv_case **out, struct pv_case_past *out_past, struct pv_case_place *place,
	struct pv_str *out_id, struct pv_error *error);
/* One exception alone, the shape of an item of "exceptions"; the same rules of memory and place. */
enum pv_status pv_case_exception_parse(TALLOC_CTX *mem, const char *json, size_t size,
	struct pv_case_exception **out, struct pv_case_place *place, struct pv_error *error);

#endif
