/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Posts: what is to be said, before it is said anywhere. A post lives in its author's own space;
 * its variants (variant.h) live in the organisations of their accounts.
 */
#ifndef PV_STORE_POST_H
#define PV_STORE_POST_H

#include "store/db.h"

struct pv_post_row {
	const char *id;
	const char *organization_id; /* the author's own space */
	const char *author_id;
	const char *item_id; /* NULL: from scratch */
	const char *title;
	const char *text; /* the common text the variants started from */
	int64_t version;  /* grows at each edit; an edit names the version it saw */
	int64_t created_at_us;
	int64_t updated_at_us;
	int64_t removed_at_us; /* PV_TIME_NONE: there */
};

enum pv_status pv_post_insert(
	struct pv_db *db, const struct pv_post_row *row, struct pv_error *error);
/* PV_NOT_FOUND when there is none, or it was removed. */
enum pv_status pv_post_find(struct pv_db *db, TALLOC_CTX *mem, const char *id,
	struct pv_post_row *out, struct pv_error *error);
/* Writes title and text where id, own space and version still match; PV_CONFLICT otherwise. */
enum pv_status pv_post_update(
	struct pv_db *db, const struct pv_post_row *row, struct pv_error *error);
enum pv_status pv_post_remove(struct pv_db *db, const char *id, const char *organization_id,
	int64_t at_us, struct pv_error *error);

#endif
