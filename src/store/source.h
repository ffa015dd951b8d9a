/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Sources: the feeds an organisation (or a person's own space) reads. */
#ifndef PV_STORE_SOURCE_H
#define PV_STORE_SOURCE_H

#include "store/db.h"

struct pv_source_row {
	const char *id;
	const char *organization_id;
	const char *url;
	const char *title;
	const char *site;
	const char *etag, *modified; /* of the last answer, for conditional requests */
	const char *state;           /* active | paused | failing | removed */
	const char *state_why;       /* "" or JSON {"fr","en"} */
	int64_t failures;            /* in a row */
	int64_t interval_s;
	int64_t fetched_at_us; /* PV_TIME_NONE: never */
	int64_t fetch_at_us;
	int64_t created_at_us;
};

enum pv_status pv_source_insert(
	struct pv_db *db, const struct pv_source_row *row, struct pv_error *error);
/* Removed ones are found too; PV_NOT_FOUND with words. */
enum pv_status pv_source_find(struct pv_db *db, TALLOC_CTX *mem, const char *id,
	struct pv_source_row *out, struct pv_error *error);
/* PV_NOT_FOUND, without words. */
enum pv_status pv_source_find_url(struct pv_db *db, TALLOC_CTX *mem, const char *organization_id,
	const char *url, struct pv_source_row *out, struct pv_error *error);
/* Without removed ones, by title; NULL: of every organisation of `member_id` (NULL: all). */
enum pv_status pv_source_list(struct pv_db *db, TALLOC_CTX *mem, const char *organization_id,
	const char *member_id, struct pv_source_row **out, size_t *out_n, struct pv_error *error);
/* Writes all that may change where id and organization match. */
enum pv_status pv_source_update(
	struct pv_db *db, const struct pv_source_row *row, struct pv_error *error);
/* Takes those that are due by moving fetch_at to `until_us` in the same statement. */
enum pv_status pv_source_claim(struct pv_db *db, TALLOC_CTX *mem, int64_t now_us, int64_t until_us,
	int most, struct pv_source_row **out, size_t *out_n, struct pv_error *error);
/* PV_TIME_NONE: none. */
enum pv_status pv_source_next(struct pv_db *db, int64_t *out_us, struct pv_error *error);

#endif
