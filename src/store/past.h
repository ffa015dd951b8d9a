/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What an organisation has published, each with the case it was judged by when it left, read a batch
 * at a time in order of time:
 *
 *	struct pv_past_mark mark = pv_past_begin(&span);
 *	do {
 *		pv_past_batch(db, mem, &span, &mark, 0, 200, &posts, &n, error);
 *	} while (n > 0);
 */
#ifndef PV_STORE_PAST_H
#define PV_STORE_PAST_H

#include "base/id.h"
#include "store/db.h"

struct pv_past_span {
	const char *organization_id;
	int64_t after_us, until_us; /* published after the one, not after the other */
};

/* Where a reading has come to. */
struct pv_past_mark {
	int64_t at_us;
	char id[PV_ID_SIZE];
};

struct pv_past_post {
	const char *publication_id, *variant_id;
	const char *account_slug, *account_name, *account_network;
	const char *permalink; /* "" when the network told none */
	int64_t published_at_us;
	const char *verdict, *input; /* of the last judgement at sending; NULL when none is kept */
	int64_t reads, comments;     /* -1: not known */
};

/* How many; of more than `limit`, that many. */
enum pv_status pv_past_count(struct pv_db *db, const struct pv_past_span *span, int64_t limit,
	int64_t *out, struct pv_error *error);

/* Before the first of them. */
struct pv_past_mark pv_past_begin(const struct pv_past_span *span);

/*
 * The next ones behind the mark, which moves; `skip` of them are passed over first. Reads are
 * counted by the journal, so they are known there, be they none; comments are those shown, known in
 * the journal and wherever a conversation was brought back.
 */
enum pv_status pv_past_batch(struct pv_db *db, TALLOC_CTX *mem, const struct pv_past_span *span,
	struct pv_past_mark *mark, int64_t skip, int limit, struct pv_past_post **out,
	size_t *out_n, struct pv_error *error);

#endif
