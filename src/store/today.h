/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What waits in the organisations of a person, by kind: one statement a kind, each narrowed to
 * their memberships and answered by an index.
 *
 *	pv_today_waiting(db, mem, PV_TODAY_SIGN_IN, person_id, now_us, 20, &rows, &n, &total, error);
 */
#ifndef PV_STORE_TODAY_H
#define PV_STORE_TODAY_H

#include "store/db.h"

enum pv_today_kind {
	PV_TODAY_UNCERTAIN,    /* publications that may have left: a person must look */
	PV_TODAY_UNDECIDED,    /* publications that ask a person, and did not leave */
	PV_TODAY_SIGN_IN,      /* accounts to connect again */
	PV_TODAY_LAPSED,       /* this person's variants whose hour passed without the approval */
	PV_TODAY_SENT_BACK,    /* this person's variants, with a word */
	PV_TODAY_HELD,         /* this person's variants that the policy holds in the plan */
	PV_TODAY_HELD_COMMENT, /* comments nobody has read */
	PV_TODAY_CONVERSATION, /* open, with something unread that is shown: not only held */
	PV_TODAY_OPEN,         /* every open conversation, read or not */
	PV_TODAY_DUE_SOON,     /* this person's variants that leave before `until_us` */
	PV_TODAY_FEED_FAILING,
	PV_TODAY_ITEM, /* articles nobody has used or set aside */
	PV_TODAY_KINDS,
};

struct pv_today_row {
	const char *id; /* of what the kind is about; a held comment's is its conversation's */
	const char *organization_id, *organization_slug, *organization_name, *organization_colour;
	int64_t at_us;
	const char *text; /* first words: of the post, comment, account, feed, article */
};

/* The rows, most pressing first, at most `limit` (0: counted only), and how many there are in all. */
enum pv_status pv_today_waiting(struct pv_db *db, TALLOC_CTX *mem, enum pv_today_kind kind,
	const char *person_id, int64_t now_us, int64_t until_us, int limit,
	struct pv_today_row **out, size_t *out_n, int64_t *out_total, struct pv_error *error);

#endif
