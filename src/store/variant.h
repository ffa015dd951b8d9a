/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Variants: a post for one account. Every read brings along the few words of account, organisation,
 * author and publication that a list shows, so that a page of variants is one statement.
 */
#ifndef PV_STORE_VARIANT_H
#define PV_STORE_VARIANT_H

#include "store/db.h"

struct pv_variant_row {
	const char *id;
	const char *organization_id;
	const char *post_id;
	const char *account_id;
	const char *author_id;
	const char *kind;     /* post | share | reply */
	const char *reply_to; /* message id, or NULL */
	const char *text;
	const char *languages;                /* JSON list of BCP 47 */
	const char *media;                    /* JSON list [{"id","type","alt","digest"}] */
	const char *declared;                 /* JSON object, as the policy's cases */
	const char *origin, *interest, *axis; /* "" when not declared */
	int64_t due_at_us;                    /* PV_TIME_NONE: no time yet */
	const char *late;                     /* publish | ask | drop */
	const char *stage; /* draft | review | sent_back | ready | scheduled | done | stopped */
	const char *digest;
	const char *verdict; /* of the last judgement kept, "" before */
	int64_t version;
	int64_t edited_at_us;
	int64_t submitted_at_us; /* PV_TIME_NONE: not submitted */
	int64_t created_at_us;
	int64_t removed_at_us; /* PV_TIME_NONE: there */
	int64_t lapsed_at_us;  /* its hour passed without the approval (store/overdue.h), or NONE */

	/* Brought along; not written by pv_variant_insert and pv_variant_update. */
	const char *account_slug, *account_name, *account_handle, *account_network;
	const char *account_stance, *account_server, *account_state;
	const char *organization_slug, *organization_name, *organization_colour;
	const char *organization_kind, *organization_timezone;
	bool organization_paused;
	const char *author_slug, *author_name;
	const char *post_title, *item_id; /* item_id NULL: from scratch */
	const char *publication_id;       /* NULL: never planned; the rest then "" and NONE */
	const char *publication_state, *publication_reason, *permalink;
	int64_t published_at_us;
	/* Its place in the calendar: due, else published, else its publication's time, else NONE. */
	int64_t at_us;
};

/* Which variants: NULL members (and PV_TIME_NONE) do not narrow. */
struct pv_variant_filter {
	const char *member_id; /* organisations this person belongs to; NULL: all */
	const char *organization_id;
	const char *account_id;
	const char *author_id;
	const char *post_id;
	const char *stage;
	int64_t due_from_us, due_before_us;
	const char *before_id; /* the cursor: rows older than this one */
	const char *after_id;  /* by_due: of those at due_from_us, the rows behind this one */
	bool by_due;           /* order by due time, earliest first; else newest first */
	int limit;             /* 1 … PV_VARIANT_PAGE_MAX */
};
enum { PV_VARIANT_PAGE_MAX = 1000 };
#define PV_VARIANT_FILTER            \
	((struct pv_variant_filter){ \
		.due_from_us = PV_TIME_NONE, .due_before_us = PV_TIME_NONE, .limit = 50})

enum pv_status pv_variant_insert(
	struct pv_db *db, const struct pv_variant_row *row, struct pv_error *error);
/* PV_NOT_FOUND when there is none, or it was removed. */
enum pv_status pv_variant_find(struct pv_db *db, TALLOC_CTX *mem, const char *id,
	struct pv_variant_row *out, struct pv_error *error);
enum pv_status pv_variant_list(struct pv_db *db, TALLOC_CTX *mem,
	const struct pv_variant_filter *filter, struct pv_variant_row **out, size_t *out_n,
	struct pv_error *error);
/*
 * Writes what an author may change (and stage, digest, verdict) where id, organisation and version
 * still match, and makes the version one more; PV_CONFLICT otherwise.
 */
enum pv_status pv_variant_update(
	struct pv_db *db, const struct pv_variant_row *row, struct pv_error *error);
/* From one stage to another, only if it still stands at `from` with that digest; else PV_CONFLICT. */
enum pv_status pv_variant_move(struct pv_db *db, const struct pv_variant_row *row, const char *from,
	const char *to, int64_t submitted_at_us, struct pv_error *error);
enum pv_status pv_variant_set_verdict(struct pv_db *db, const struct pv_variant_row *row,
	const char *verdict, struct pv_error *error);
enum pv_status pv_variant_remove(struct pv_db *db, const char *id, const char *organization_id,
	int64_t at_us, struct pv_error *error);

#endif
