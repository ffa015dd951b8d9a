/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Readings: figures of a publication at a known age, each network's own words. Append-only. */
#ifndef PV_STORE_READING_H
#define PV_STORE_READING_H

#include "store/db.h"

struct pv_reading_row {
	const char *id;
	const char *organization_id;
	const char *publication_id;
	const char *metric;
	int64_t value;
	int64_t age_s;
	int64_t read_at_us;
};

enum pv_status pv_reading_insert(
	struct pv_db *db, const struct pv_reading_row *row, struct pv_error *error);
/* The newest of each metric. */
enum pv_status pv_reading_latest(struct pv_db *db, TALLOC_CTX *mem, const char *publication_id,
	struct pv_reading_row **out, size_t *out_n, struct pv_error *error);

#endif
