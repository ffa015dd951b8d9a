/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Reviews: another person reads exactly what will go out, and says yes, or sends it back with a
 * word.
 *
 *	pv_desk_review_approve(desk, mem, actor, variant_id, digest_seen, "", &variant, error);
 *
 * `digest` is of the version the reviewer saw; when it is not the present one the answer is
 * PV_CONFLICT and nothing is written. Nobody approves their own post, nor one whose interest they
 * share, nor without a role the policy names: PV_DENIED says which.
 */
#ifndef PV_DESK_REVIEWS_H
#define PV_DESK_REVIEWS_H

#include "desk/posts.h"

enum { PV_REVIEW_WORD_MAX = 4000 };

/* When the approvals suffice the variant becomes ready (scheduled when it has a time). */
enum pv_status pv_desk_review_approve(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *variant_id, const char *digest, const char *word,
	struct pv_desk_variant **out, struct pv_error *error);

/* The word is required. */
enum pv_status pv_desk_review_send_back(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *variant_id, const char *digest, const char *word,
	struct pv_desk_variant **out, struct pv_error *error);

/*
 * Everything in review in organisations where the actor may review, oldest first, whole (judgement,
 * reviews); acts.review says whether this person may, acts.review_why_not why they cannot.
 */
enum pv_status pv_desk_review_waiting(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, struct pv_desk_variant **out, size_t *out_n,
	struct pv_error *error);
enum { PV_REVIEW_WAITING_MAX = 100 };

#endif
