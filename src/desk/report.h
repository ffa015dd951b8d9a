/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The month of an organisation, for its board: what went out, by axis against what the policy aims
 * at; what promoted oneself; which ties were said; who approved, and how long it took; which
 * exceptions were used, and what they let through.
 *
 *	const char *text;
 *	pv_desk_report(desk, mem, actor, "coop", "2026-10", PV_REPORT_JSON, &text, error);
 */
#ifndef PV_DESK_REPORT_H
#define PV_DESK_REPORT_H

#include "desk/roles.h"

/* Posts, and reviews, of one month; what is beyond is not in it, and it says so. */
enum { PV_REPORT_POSTS_MAX = 10000 };

enum pv_report_form {
	PV_REPORT_JSON, /* the API's Report */
	PV_REPORT_CSV,  /* a line a post (RFC 4180), for a spreadsheet */
};

/*
 * `month` is "YYYY-MM", by the organisation's own clock; NULL: the present one. `*out` lives below
 * `mem`. PV_MAY_ANALYSE. PV_INVALID at "/month".
 */
enum pv_status pv_desk_report(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_actor *actor,
	const char *organization_id, const char *month, enum pv_report_form form, const char **out,
	struct pv_error *error);

#endif
