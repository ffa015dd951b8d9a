/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a report of an organisation reads: what went out between two instants, and what was decided. */
#ifndef PV_STORE_REPORT_H
#define PV_STORE_REPORT_H

#include "store/db.h"

/* A publication, with what was declared and found of it, and how it was judged when it left. */
struct pv_report_post {
	const char *variant_id;
	const char *account_slug, *account_name, *account_network, *account_stance;
	const char *author_slug, *author_name;
	const char *kind, *form; /* post | share | reply; static | interactive */
	const char *origin, *interest, *axis;
	const char *relations, *topics, *humans; /* JSON lists */
	int64_t published_at_us;
	const char *permalink, *text;
	const char *judgement; /* JSON result at sending; "" when none was kept */
	const char *policy_id; /* of the version it was judged by; "" */
};

/* Those of one organisation from `from_us` to before `until_us`, the first first, at most `limit`. */
enum pv_status pv_report_posts(struct pv_db *db, TALLOC_CTX *mem, const char *organization_id,
	int64_t from_us, int64_t until_us, int limit, struct pv_report_post **out, size_t *out_n,
	struct pv_error *error);

/* A review of the span, and when what it answers was submitted. */
struct pv_report_review {
	const char *decision;                /* approve | send_back */
	int64_t made_at_us, submitted_at_us; /* PV_TIME_NONE: not known */
};
enum pv_status pv_report_reviews(struct pv_db *db, TALLOC_CTX *mem, const char *organization_id,
	int64_t from_us, int64_t until_us, int limit, struct pv_report_review **out, size_t *out_n,
	struct pv_error *error);

/* An exception of the desk, with the names of the people behind it ("": nobody). */
struct pv_report_exception {
	const char *id, *lifts, *from_day, *until_day, *reason, *state, *word;
	const char *asked_by, *decided_by, *ended_by;
	int64_t asked_at_us, decided_at_us, ended_at_us;
};
/*
 * Those asked for, answered or ended in the span, those whose last day is in it, and the granted ones
 * that held on one of its days (`first_day` to `last_day`, "YYYY-MM-DD"), by id.
 */
struct pv_report_span {
	int64_t from_us, until_us;
	const char *first_day, *last_day;
};
enum pv_status pv_report_exceptions(struct pv_db *db, TALLOC_CTX *mem, const char *organization_id,
	const struct pv_report_span *span, int limit, struct pv_report_exception **out,
	size_t *out_n, struct pv_error *error);

/* How many variants were refused, by that verdict, when they were submitted. */
enum pv_status pv_report_refusals(struct pv_db *db, const char *organization_id, int64_t from_us,
	int64_t until_us, int64_t *out, struct pv_error *error);

#endif
