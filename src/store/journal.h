/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The journal's entries, and its reads a day, counted without knowing the reader. */
#ifndef PV_STORE_JOURNAL_H
#define PV_STORE_JOURNAL_H

#include "store/db.h"

struct pv_journal_row {
	const char *id; /* the publication's: publishing twice is one row */
	const char *organization_id;
	const char *slug; /* of its permalink, /j/{organization}/{slug} */
	const char *text;
	const char *languages; /* JSON list */
	const char *media;     /* JSON list [{"id","type","alt","digest"}] */
	const char *reply_to;  /* message id of the comment it answers, or NULL */
	const char *author_name;
	int64_t published_at_us;
	int64_t withdrawn_at_us; /* PV_TIME_NONE: there */
	int64_t comments;        /* brought along: those that are shown */
};

#endif
