/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What waits for a person, a kind at a time. */
#ifndef PV_STORE_TODAY_H
#define PV_STORE_TODAY_H

#include "store/db.h"

enum pv_waiting {
	PV_WAITING_UNCERTAIN, /* publications that ask a person */
	PV_WAITING_SIGN_IN,
	PV_WAITING_SENT_BACK,
	PV_WAITING_REVIEW,
	PV_WAITING_HELD_COMMENT,
	PV_WAITING_CONVERSATION,
	PV_WAITING_DUE_SOON,
	PV_WAITING_FEED_FAILING,
	PV_WAITING_ITEM,
	PV_WAITINGS,
};

struct pv_waiting_row {
	int64_t at_us;
	const char *organization_id, *organization_slug, *organization_name, *organization_colour;
	const char *words; /* the text, name or title it is about */
	const char *id;    /* of what is opened: publication's and review's are the variant */
};

/* The first `limit` of a kind, the most pressing first; *out_whole is how many there are. */
enum pv_status pv_waiting_list(struct pv_db *db, TALLOC_CTX *mem, enum pv_waiting kind,
	const char *person_id, int64_t now_us, int64_t soon_us, int limit,
	struct pv_waiting_row **out, size_t *out_n, int64_t *out_whole, struct pv_error *error);

#endif
