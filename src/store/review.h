/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Reviews: a person's approval, or their word that sent a variant back, bound to the digest of
 * exactly what they saw. A review is never changed: it is voided, with the reason.
 */
#ifndef PV_STORE_REVIEW_H
#define PV_STORE_REVIEW_H

#include "store/db.h"

struct pv_review_row {
	const char *id;
	const char *organization_id;
	const char *variant_id;
	const char *person_id;
	const char *decision; /* approve | send_back */
	const char *word;
	const char *digest;
	int64_t made_at_us;
	int64_t voided_at_us;                  /* PV_TIME_NONE: it stands */
	const char *voided_why;                /* "" | edited | withdrawn | sent_back | again |
						  lapsed */
	const char *person_slug, *person_name; /* brought along */
};

enum pv_status pv_review_insert(
	struct pv_db *db, const struct pv_review_row *row, struct pv_error *error);
/* All of a variant, oldest first. */
enum pv_status pv_review_list(struct pv_db *db, TALLOC_CTX *mem, const char *variant_id,
	struct pv_review_row **out, size_t *out_n, struct pv_error *error);
/* Voids what still stands; `person_id` NULL: everybody's. */
enum pv_status pv_review_void(struct pv_db *db, const char *variant_id, const char *organization_id,
	const char *person_id, int64_t at_us, const char *why, struct pv_error *error);

#endif
