/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Where links end, as found, and what the pages there say of themselves. The latest of each link:
 * what a judgement was given is kept with it.
 */
#ifndef PV_STORE_RESOLUTION_H
#define PV_STORE_RESOLUTION_H

#include "store/db.h"

struct pv_resolution_row {
	const char *url;
	const char *final_url; /* "" when the end is unknown */
	const char *why;       /* "" or JSON {"fr","en"} */
	int64_t resolved_at_us;
	const char *page;   /* JSON {canonical, authors, me}; "" when no page was ever read */
	int64_t page_at_us; /* when it was read; PV_TIME_NONE */
};

/* A row without `page` leaves the one that was read before; page_at_us is resolved_at_us. */
enum pv_status pv_resolution_put(
	struct pv_db *db, const struct pv_resolution_row *row, struct pv_error *error);
/* PV_NOT_FOUND when nobody looked yet. */
enum pv_status pv_resolution_find(struct pv_db *db, TALLOC_CTX *mem, const char *url,
	struct pv_resolution_row *out, struct pv_error *error);

#endif
