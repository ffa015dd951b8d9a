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

#endif
