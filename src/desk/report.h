/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The month of an organisation, for its board: what went out, by axis against what the policy aims
 * at; what promoted oneself; which ties were said; who approved, and how long it took; which
 * exceptions were asked for, granted, used or not, and what they let out.
 *
 *	const struct pv_report_asked asked = {.organization = "coop", .month = "2026-10"};
 *	const char *text;
 *	pv_desk_report(desk, mem, actor, &asked, &text, error);
 */
#ifndef PV_DESK_REPORT_H
#define PV_DESK_REPORT_H

#include "desk/roles.h"

/* Posts, and reviews, of one month; what is beyond is not in it, and it says so. */
enum { PV_REPORT_POSTS_MAX = 10000 };

enum pv_report_form {
	PV_REPORT_JSON,           /* the API's Report */
	PV_REPORT_CSV,            /* a line a post (RFC 4180), for a spreadsheet */
	PV_REPORT_EXCEPTIONS_CSV, /* a line an exception */
};

struct pv_report_asked {
	const char *organization; /* an id or slug */
	const char *month; /* "YYYY-MM", by the organisation's own clock; NULL: the present one */
	enum pv_report_form form;
	bool french; /* of reasons and labels in a spreadsheet; JSON has both languages */
};

/* `*out` lives below `mem`. PV_MAY_ANALYSE. PV_INVALID at "/month". */
enum pv_status pv_desk_report(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_actor *actor,
	const struct pv_report_asked *asked, const char **out, struct pv_error *error);

#endif
