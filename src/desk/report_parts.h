/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A report in the making: what was read of the month, and its two forms. Inside the desk. */
#ifndef PV_DESK_REPORT_PARTS_H
#define PV_DESK_REPORT_PARTS_H

#include "base/json.h"
#include "desk/desk.h"
#include "policy/tally.h"
#include "store/organization.h"
#include "store/policy.h"
#include "store/report.h"
#include "text/zone.h"

/* What the judgement at sending says of one post. */
struct pv_report_verdict {
	const char *verdict;                /* "" : none was kept */
	const char **disclosed, **approved; /* rules whose demand was met */
	size_t n_disclosed, n_approved;
	const char **lifted,
		**lifters; /* rules set aside, and the exceptions that did, each once */
	size_t n_lifted, n_lifters;
	bool refusal_lifted; /* one of those rules would have refused */
};

/* An exception of the month. */
struct pv_report_lifter {
	const char *id;
	const struct pv_report_exception *row; /* NULL: it stands in the policy's text */
	json_t *json;                          /* the API's ReportException */
	bool held;                             /* on a day of the month, so that it could be used */
	int64_t posts;                         /* that it let out */
};

struct pv_report {
	TALLOC_CTX *mem;
	struct pv_organization_row house;
	const struct pv_zone *zone;
	const char *month;
	int64_t from_us, until_us;
	bool has_policy;
	struct pv_policy_row policy; /* in force at the end of the month, or now */
	struct pv_report_post *posts;
	struct pv_report_verdict *verdicts; /* one for each post */
	size_t n_posts;
	json_t *document; /* that version's; NULL: there is none */
	json_t *labels;   /* of rules that were lifted, as they were judged */
	struct pv_report_lifter *lifters;
	size_t n_lifters;
	struct pv_report_review *reviews;
	size_t n_reviews;
	struct pv_tally *tallies;
	size_t n_tallies;
	int64_t refused;
};

/* report_json.c, report_csv.c: the text, below report->mem; NULL when memory is out. */
const char *pv_report_json(const struct pv_report *report);
const char *pv_report_csv(const struct pv_report *report, bool french);
const char *pv_report_exceptions_csv(const struct pv_report *report, bool french);

/* report_exceptions.c: fills lifters; posts, verdicts, document and labels are read before. */
enum pv_status pv_report_read_exceptions(
	struct pv_desk *desk, struct pv_report *report, int64_t now_us, struct pv_error *error);
/* {fr, en}: a new reference. */
json_t *pv_report_rule_label(const struct pv_report *report, const char *rule);

static inline bool pv_report_is_static(const struct pv_report_post *post)
{
	return post->form[0] == 's';
}

#endif
