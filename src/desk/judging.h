/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Judging: puts together what the policy room asks for (people and their registers, approvals that
 * stand, what was published, where links end) and keeps its answers.
 *
 *	struct pv_desk_judgement judgement;
 *	pv_desk_judge_draft(desk, mem, actor, &(struct pv_draft){.account = id, .text = text},
 *		&judgement, error);
 *
 * An organisation that has adopted no policy asks for another person's approval, who is not tied to
 * what the post leads to (unruled.c); a person's own space then allows.
 *
 * Parsed policies are kept by digest in a cache of the process: judging while typing costs the
 * case, not the document.
 */
#ifndef PV_DESK_JUDGING_H
#define PV_DESK_JUDGING_H

#include "desk/desk.h"
#include "store/resolution.h"
#include "store/variant.h"

#include <jansson.h>

enum {
	PV_JUDGE_PEOPLE_MAX = 500,   /* members of an organisation a case speaks of */
	PV_JUDGE_ACCOUNTS_MAX = 500, /* of an organisation */
	PV_JUDGE_LINKS_MAX = 50,     /* of a text; one with more is not submitted */
	PV_JUDGE_WINDOW_KEPT = 2000, /* kinds of past posts a window is recorded with; all count */
};

/* What is being typed. As struct pv_variant_in (posts.h), already an instant. */
struct pv_draft {
	const char *account; /* id or slug */
	const char *
		variant_id; /* being edited: its approvals count, itself not in the history; or NULL */
	const char *kind; /* NULL: post */
	const char *item; /* id of the article it is begun from; NULL: none, or the variant's own */
	const char *text;
	const json_t *languages, *media, *declared;
	int64_t due_at_us; /* PV_TIME_NONE: now */
};

struct pv_desk_judgement {
	const char *verdict;   /* allow warn disclose approve refuse */
	const char *policy_id; /* "" when none is adopted */
	/*
	 * JSON, the API's Judgement: policy/judge.h's members and "policy":{"id","version"}|null,
	 * "judged_at", "links_unknown":[…] (nobody looked yet where these lead),
	 * "links_unresolved":[{"url","why"}] (looked at, and no end was seen).
	 */
	const char *result;
	const char *input;  /* JSON: the case */
	const char *follow; /* a text whose links nobody followed yet; NULL: there are none */
	struct pv_words explanation;
};

/* Stores nothing. The actor must be allowed to write on the account. */
enum pv_status pv_desk_judge_draft(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const struct pv_draft *draft, struct pv_desk_judgement *out,
	struct pv_error *error);

/* A variant as it stands now, for whoever may read it. Stores nothing. */
enum pv_status pv_desk_judge_variant(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *variant_id, struct pv_desk_judgement *out,
	struct pv_error *error);

/*
 * All that goes out in words, for whoever follows its links: the text, then the description of each
 * media on a line of its own. NULL when memory is out.
 */
const char *pv_variant_said(TALLOC_CTX *mem, const struct pv_variant_row *row);

/*
 * PV_INVALID: what is said has more links than a judgement knows of (PV_JUDGE_LINKS_MAX): its case
 * would leave the others out.
 */
enum pv_status pv_desk_links_check(TALLOC_CTX *mem, const char *said, struct pv_error *error);

/*
 * Links of a text whose end is worth asking (net/link.h follows them, outside of any transaction):
 * those nobody looked at, or not since `fresh_us`. At most PV_JUDGE_LINKS_MAX.
 */
enum pv_status pv_desk_links_to_resolve(struct pv_desk *desk, TALLOC_CTX *mem, const char *text,
	int64_t fresh_us, const char ***out, size_t *out_n, struct pv_error *error);
/*
 * What was found, now: final_url as far as it was seen to lead ("" when nobody saw), why_json when
 * that is not known to be its end (else ""), page_json
 * {canonical, authors: [{name, urls, via}], me} of the page there, "" when none could be read: what
 * an earlier one said is then kept.
 */
enum pv_status pv_desk_resolution_keep(struct pv_desk *desk, const char *url, const char *final_url,
	const char *why_json, const char *page_json, struct pv_error *error);
/*
 * Where this link was seen to end, less than `fresh_us` ago, be its site silent since; NULL when
 * nobody saw.
 */
enum pv_status pv_desk_resolution_known(struct pv_desk *desk, TALLOC_CTX *mem, const char *url,
	int64_t fresh_us, const char **out_end, struct pv_error *error);

#endif
