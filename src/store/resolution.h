/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Where links end, as found; kept so that a judgement can be given again. */
#ifndef PV_STORE_RESOLUTION_H
#define PV_STORE_RESOLUTION_H

#include "store/db.h"

struct pv_resolution_row {
	const char *url;
	const char *final_url; /* "" when the end is unknown */
	const char *why;       /* "" or JSON {"fr","en"} */
	int64_t resolved_at_us;
};

enum pv_status pv_resolution_put(
	struct pv_db *db, const struct pv_resolution_row *row, struct pv_error *error);
/* PV_NOT_FOUND when nobody looked yet. */
enum pv_status pv_resolution_find(struct pv_db *db, TALLOC_CTX *mem, const char *url,
	struct pv_resolution_row *out, struct pv_error *error);

#endif
