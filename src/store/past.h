/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What an organisation has published, each with the case it was judged by when it left. */
#ifndef PV_STORE_PAST_H
#define PV_STORE_PAST_H

#include "store/db.h"

/* Which, and when. */
struct pv_past_row {
	const char *publication_id;
	int64_t published_at_us;
};

struct pv_past_post {
	const char *variant_id;
	const char *account_slug, *account_name, *account_network;
	const char *permalink; /* "" when the network told none */
	const char *text;
	int64_t published_at_us;
	const char *verdict, *input; /* of the last judgement at sending; NULL when none is kept */
	int64_t reads, comments;     /* -1: not known */
};

/*
 * Published after `after_us` and not after `until_us`, in order of time; of more than `limit` the
 * latest.
 */
enum pv_status pv_past_list(struct pv_db *db, TALLOC_CTX *mem, const char *organization_id,
	int64_t after_us, int64_t until_us, int limit, struct pv_past_row **out, size_t *out_n,
	struct pv_error *error);

/*
 * One of them. Reads are counted by the journal, so they are known there, be they none; comments
 * are those shown, known in the journal and wherever a conversation was brought back. PV_NOT_FOUND,
 * without words, when there is none.
 */
enum pv_status pv_past_find(struct pv_db *db, TALLOC_CTX *mem, const char *publication_id,
	struct pv_past_post *out, struct pv_error *error);

#endif
