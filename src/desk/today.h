/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Today: what waits for this person, the most pressing first, in one page. */
#ifndef PV_DESK_TODAY_H
#define PV_DESK_TODAY_H

#include "desk/desk.h"

enum { PV_TODAY_MAX = 100, PV_TODAY_DUE_SOON_H = 24 };

struct pv_today_item {
	/*
	 * uncertain undecided sign_in lapsed sent_back held review held_comment conversation
	 * due_soon feed_failing item
	 */
	const char *kind;
	int64_t at_us;
	const char *organization_id, *organization_slug, *organization_name, *organization_colour;
	struct pv_words title;
	const char
		*route; /* "variant", "publication", "account", "conversation", "item", "source" */
	const char *id;
};

struct pv_today_count {
	const char *kind;
	int64_t n;
};

struct pv_today {
	struct pv_today_item *items;
	size_t n_items;
	/* one a kind, in the order above, then open_conversation: all the open ones; not cut */
	struct pv_today_count *counts;
	size_t n_counts;
};

enum pv_status pv_desk_today(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_actor *actor,
	struct pv_today *out, struct pv_error *error);

#endif
