/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The versions of an organisation's policy: drafted, checked, adopted, and in force at an instant.
 *
 *	struct pv_policy_row version;
 *	struct pv_policy *policy;
 *	if (pv_desk_policy_in_force(desk, mem, organization_id, at_us, &version, &policy, error)
 *			== PV_NOT_FOUND)
 *		… this organisation has no policy yet …
 */
#ifndef PV_DESK_POLICIES_H
#define PV_DESK_POLICIES_H

#include "base/json.h"
#include "desk/roles.h"
#include "policy/document.h"
#include "store/policy.h"

enum { PV_POLICY_NOTE_MAX = 1000 };

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
 * Keeps a text as a draft: the organisation's next version. A text with problems is PV_INVALID, and
 * they stand in `*out_problems` (written then too). PV_MAY_GOVERN.
 */
enum pv_status pv_desk_policy_draft(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *organization_id, const char *text,
	const char *note, struct pv_policy_row *out, struct pv_policy_problems *out_problems,
	struct pv_error *error);

/*
 * Adopts a draft, from now (PV_TIME_NONE) or from a later instant; what is sent is judged by the
 * version in force at that moment. PV_CONFLICT when it is no draft. PV_MAY_GOVERN. Tells "policy".
 */
enum pv_status pv_desk_policy_adopt(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *policy_id, int64_t effective_at_us,
	struct pv_policy_row *out, struct pv_error *error);

#endif
