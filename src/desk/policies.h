/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The versions of an organisation's policy, and the one in force at an instant.
 *
 *	struct pv_policy_row version;
 *	struct pv_policy *policy;
 *	if (pv_desk_policy_in_force(desk, mem, organization_id, at_us, &version, &policy, error)
 *			== PV_NOT_FOUND)
 *		… this organisation has no policy yet …
 *
 * A version's way (row.state):
 *
 *	draft ──check: all good──▶ checked ──replay──▶ replayed ──adopt──▶ adopted ──another──▶ superseded
 *	 │ ▲                         │                   │
 *	 │ └──────── edited ─────────┴───────────────────┘
 *	 └─ drop ─▶ dropped (from the three open ones)
 *
 * A text may change while it is open, and is a draft again then; what was adopted never does.
 * Adopting checks first what was not checked (policy_life.h), and waits for a replay of the text as
 * it stands (replay.h) where anything was published.
 */
#ifndef PV_DESK_POLICIES_H
#define PV_DESK_POLICIES_H

#include "base/json.h"
#include "desk/roles.h"
#include "policy/difference.h"
#include "policy/document.h"
#include "store/policy.h"

enum {
	PV_POLICY_NOTE_MAX = 1000,
	PV_POLICY_DRAFTS_MAX = 50, /* open at once, of one organisation */
};

/*
 * The version in force at an instant and its parsed document. Documents are kept by digest in the
 * process, so that this is one query; `*out_policy` lives as long as `mem`. No role is asked: the
 * caller has asked one, or is the dispatcher. PV_NOT_FOUND with words when there is none.
 */
enum pv_status pv_desk_policy_in_force(struct pv_desk *desk, TALLOC_CTX *mem,
	const char *organization_id, int64_t at_us, struct pv_policy_row *out,
	const struct pv_policy **out_policy, struct pv_error *error);

/* A version's parsed document, through the same store. PV_INVALID when the text has problems. */
enum pv_status pv_desk_policy_document(TALLOC_CTX *mem, const struct pv_policy_row *row,
	const struct pv_policy **out, struct pv_error *error);

/* The same version in force, asked by a person: PV_MAY_READ. */
enum pv_status pv_desk_policy_current(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *organization_id, struct pv_policy_row *out,
	const struct pv_policy **out_policy, struct pv_error *error);

/* Every version, newest first, without its text; one version, with it. PV_MAY_READ. */
enum pv_status pv_desk_policy_list(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *organization_id, struct pv_policy_row **out,
	size_t *out_n, struct pv_error *error);
enum pv_status pv_desk_policy_find(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *policy_id, struct pv_policy_row *out,
	struct pv_error *error);

/* What is wrong with a text, with line and column; nothing is kept. PV_OK: nothing. */
enum pv_status pv_desk_policy_check(TALLOC_CTX *mem, const char *text,
	struct pv_policy_problems *out_problems, struct pv_error *error);

/*
 * What two versions say differently, from `was_id` to `is_id`. PV_MAY_READ of both; PV_INVALID
 * when one of them cannot be read as a policy.
 */
enum pv_status pv_desk_policy_difference(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *was_id, const char *is_id,
	struct pv_policy_changes *out, struct pv_error *error);

/* Could its text still change? */
bool pv_policy_row_is_open(const struct pv_policy_row *row);
/* Adopted, its date of effect still to come? */
bool pv_policy_row_is_coming(const struct pv_policy_row *row, int64_t now_us);

/* ---- policy_drafts.c --------------------------------------------------------------------------- */

/*
 * Keeps a text as a draft: the organisation's next version. Nothing typed disappears: a text with
 * problems is kept too, and they stand in `*out_problems`. PV_MAY_GOVERN. Tells "policy".
 */
enum pv_status pv_desk_policy_draft(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *organization_id, const char *text,
	const char *note, struct pv_policy_row *out, struct pv_policy_problems *out_problems,
	struct pv_error *error);

struct pv_policy_edit {
	const char *text, *note; /* NULL: as it is */
	const char *seen;        /* the digest that was edited; NULL: whatever is there */
};

/*
 * Another text, or note, of a version that is open. PV_CONFLICT when it is not, or when its text is
 * not the one `seen`. PV_MAY_GOVERN.
 */
enum pv_status pv_desk_policy_edit(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *policy_id, const struct pv_policy_edit *edit,
	struct pv_policy_row *out, struct pv_policy_problems *out_problems, struct pv_error *error);

/* Sets an open version aside; it stays in the list. PV_MAY_GOVERN. */
enum pv_status pv_desk_policy_drop(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *policy_id, struct pv_error *error);

#endif
