/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Organisations whose planned posts are to be judged again. The row is written in the transaction
 * that changed something for all of them, so that a crash forgets nothing; whoever judges goes on
 * from its cursor, the nearest post first, and a change in the middle begins anew.
 */
#ifndef PV_STORE_REJUDGING_H
#define PV_STORE_REJUDGING_H

#include "store/db.h"

struct pv_rejudging_row {
	const char *organization_id;
	int64_t generation;
	int64_t cursor_at_us; /* -1: from the beginning */
	const char *cursor_id;
	int64_t asked_at_us;
};

struct pv_rejudging_item {
	const char *variant_id;
	int64_t at_us; /* its time; INT64_MAX: it has none */
};

enum pv_status pv_rejudging_ask(
	struct pv_db *db, const char *organization_id, int64_t now_us, struct pv_error *error);
/* The one asked for longest. PV_NOT_FOUND, without words, when there is none. */
enum pv_status pv_rejudging_first(
	struct pv_db *db, TALLOC_CTX *mem, struct pv_rejudging_row *out, struct pv_error *error);
/* The next variants that are planned, in review or ready, behind the cursor. */
enum pv_status pv_rejudging_batch(struct pv_db *db, TALLOC_CTX *mem,
	const struct pv_rejudging_row *row, int limit, struct pv_rejudging_item **out,
	size_t *out_n, struct pv_error *error);
/* Both do nothing when something changed meanwhile: then it begins anew. */
enum pv_status pv_rejudging_advance(struct pv_db *db, const struct pv_rejudging_row *row,
	const struct pv_rejudging_item *last, struct pv_error *error);
enum pv_status pv_rejudging_done(
	struct pv_db *db, const struct pv_rejudging_row *row, struct pv_error *error);

#endif
