/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Posts and their variants: what is to be said, and how it is said on each account.
 *
 *	struct pv_variant_in in = {.account = "coop-journal", .text = "Bonjour.",
 *		.due = {.kind = PV_DUE_LOCAL, .date = "2026-03-02", .time = "09:00"}};
 *	pv_desk_post_create(desk, mem, actor, &(struct pv_post_in){.variants = &in,
 *		.n_variants = 1}, &post, error);
 *	pv_desk_variant_submit(desk, mem, actor, post->variants[0].row.id, &variant, error);
 *
 * A variant's way (row.stage):
 *
 *	draft ──submit──▶ review ──approved enough──▶ ready ──a time──▶ scheduled ──sent──▶ done
 *	  ▲ ▲               │ sent back                 │  ▲ unschedule   │          └─▶ stopped
 *	  │ └── sent_back ◀─┘                           └──┴──────────────┘
 *	  └──────────── any edit of what was judged, or withdraw ─────────────────────────┘
 *
 * `digest` covers text, media (bytes and alternative text), account, time, kind, languages and
 * declarations: what a review is bound to. Any change of it voids the reviews, takes the variant
 * out of the plan and brings it back to draft. `late` is no part of it.
 */
#ifndef PV_DESK_POSTS_H
#define PV_DESK_POSTS_H

#include "desk/desk.h"
#include "store/judgement.h"
#include "store/post.h"
#include "store/publication.h"
#include "store/review.h"
#include "store/variant.h"

#include <jansson.h>

enum {
	PV_POST_TEXT_MAX = 64 << 10, /* bytes */
	PV_POST_TITLE_MAX = 1000,    /* bytes */
	PV_POST_VARIANTS_MAX = 20,
	PV_VARIANT_MEDIA_MAX = 10,
	PV_VARIANT_LANGUAGES_MAX = 4,
	PV_VARIANT_LIST_MAX = 32,  /* entries of a declared list */
	PV_VARIANT_ALT_MAX = 4000, /* bytes */
	PV_DUE_AHEAD_YEARS = 5,
};

enum pv_due_kind {
	PV_DUE_KEEP,  /* as it is (an edit that does not speak of it); none at birth */
	PV_DUE_NONE,  /* no time */
	PV_DUE_AT,    /* an instant */
	PV_DUE_LOCAL, /* a clock reading in the organisation's zone */
};

struct pv_due {
	enum pv_due_kind kind;
	int64_t at_us;
	const char *date, *time; /* "2026-03-02", "09:00" or "09:00:30" */
	/*
	 * A local reading that happens twice (clocks go back): the earlier one is taken, unless
	 * this is set. One that no clock shows is PV_INVALID, its words giving the two neighbours.
	 */
	bool second_of_two;
};

/* NULL: left as it is (an edit), or the default (at birth). */
struct pv_variant_in {
	const char *account; /* id, or slug within an organisation of the actor's; only at birth */
	const char *kind;    /* post | share | reply */
	const char *reply_to;
	const char *text;
	const json_t *languages; /* ["fr"]; default: the organisation's language */
	const json_t *media;     /* [{"id","alt"}] */
	/*
	 * {"origin","interest","relation":[],"human":[],"axis","topic":[],"sponsored","consent",
	 *  "relevance"}: words of the policies' format; sponsored and consent true/false.
	 */
	const json_t *declared;
	struct pv_due due;
	const char *late; /* publish (default) | ask | drop */
};

struct pv_post_in {
	const char *item_id; /* the article it is made of: text, title and language are its own */
	const char *title, *text;
	const struct pv_variant_in *variants; /* a variant without text takes the post's */
	size_t n_variants;
};

/* What this actor may do with a variant as it stands: a button each. */
struct pv_desk_acts {
	bool edit, submit, withdraw, review, schedule, unschedule, publish_now, resolve, remove;
	struct pv_words review_why_not; /* NULL words when review, or when nobody is asked */
};

struct pv_desk_variant {
	struct pv_variant_row row;
	const char *due_date, *due_time; /* in row.organization_timezone; "" without a time */
	const struct pv_judgement_row *judgement; /* the last one kept; NULL: none yet */
	const struct pv_review_row *reviews;      /* oldest first, voided ones too */
	size_t n_reviews;
	const struct pv_publication_row *publication; /* NULL: never planned */
	struct pv_desk_acts acts;
	struct pv_words notice; /* NULL words, or what to know: which of two times was taken */
};

struct pv_desk_post {
	struct pv_post_row row;
	struct pv_desk_variant *variants; /* those of organisations the actor belongs to */
	size_t n_variants;
};

/*
 * Makes a post and its variants, all or nothing. The actor must be allowed to write in each
 * account's organisation. Problems carry pointers: "/variants/1/declared/origin".
 */
enum pv_status pv_desk_post_create(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const struct pv_post_in *in, struct pv_desk_post **out,
	struct pv_error *error);

/* Its author, and members of the variants' organisations. */
enum pv_status pv_desk_post_get(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_actor *actor,
	const char *id, struct pv_desk_post **out, struct pv_error *error);

/* The common title and text, by its author alone; NULL keeps. PV_CONFLICT: `version` is older. */
enum pv_status pv_desk_post_edit(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id, int64_t version, const char *title,
	const char *text, struct pv_desk_post **out, struct pv_error *error);

/* Out of sight, with its variants that did not go out; rows stay. PV_CONFLICT while one is being sent. */
enum pv_status pv_desk_post_remove(
	struct pv_desk *desk, const struct pv_actor *actor, const char *id, struct pv_error *error);

enum pv_status pv_desk_variant_add(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *post_id, const struct pv_variant_in *in,
	struct pv_desk_variant **out, struct pv_error *error);

enum pv_status pv_desk_variant_get(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id, struct pv_desk_variant **out,
	struct pv_error *error);

/*
 * PV_CONFLICT when `version` is not the present one (nothing is written; the words say who edited
 * and when), or when it is being sent or went out.
 */
enum pv_status pv_desk_variant_edit(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id, int64_t version,
	const struct pv_variant_in *in, struct pv_desk_variant **out, struct pv_error *error);

enum pv_status pv_desk_variant_remove(
	struct pv_desk *desk, const struct pv_actor *actor, const char *id, struct pv_error *error);

/* Rows of the actor's organisations (filter.member_id is set here); cursor: filter.before_id. */
enum pv_status pv_desk_variant_list(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, struct pv_variant_filter filter, struct pv_variant_row **out,
	size_t *out_n, struct pv_error *error);

/*
 * Asks the policy. allow, warn: ready (scheduled when it has a time); approve: review; disclose,
 * refuse (and an approval that would still lack a disclosure): it stays a draft and the answer is
 * PV_REFUSED with the explanation (the judgement is kept:
 * pv_desk_variant_get shows it).
 */
enum pv_status pv_desk_variant_submit(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id, struct pv_desk_variant **out,
	struct pv_error *error);

/* Back to draft from review, ready or scheduled; its reviews are voided. */
enum pv_status pv_desk_variant_withdraw(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id, struct pv_desk_variant **out,
	struct pv_error *error);

/*
 * Plans a ready variant. A time other than the one it was approved for changes what was approved:
 * its reviews are voided and it is judged anew (ready → review when approvals are needed again).
 */
enum pv_status pv_desk_variant_schedule(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id, const struct pv_due *due,
	struct pv_desk_variant **out, struct pv_error *error);

/* Out of the plan, still ready. PV_CONFLICT once it is being sent. */
enum pv_status pv_desk_variant_unschedule(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id, struct pv_desk_variant **out,
	struct pv_error *error);

/*
 * Now. A variant approved without a time goes as it is: "no time" reads "when someone sends it".
 * One approved for a later time is judged anew without it, like schedule. A draft is submitted first.
 */
enum pv_status pv_desk_variant_publish_now(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id, struct pv_desk_variant **out,
	struct pv_error *error);

#endif
