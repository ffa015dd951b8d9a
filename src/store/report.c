/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/report.h"
#include "store/list.h"

static void read_post(struct pv_rows *rows, TALLOC_CTX *mem, struct pv_report_post *out)
{
	*out = (struct pv_report_post){
		.variant_id = pv_row_copy(rows, mem, 0),
		.account_slug = pv_row_copy(rows, mem, 1),
		.account_name = pv_row_copy(rows, mem, 2),
		.account_network = pv_row_copy(rows, mem, 3),
		.account_stance = pv_row_copy(rows, mem, 4),
		.author_slug = pv_row_copy(rows, mem, 5),
		.author_name = pv_row_copy(rows, mem, 6),
		.kind = pv_row_copy(rows, mem, 7),
		.form = pv_row_copy(rows, mem, 8),
		.origin = pv_row_copy(rows, mem, 9),
		.interest = pv_row_copy(rows, mem, 10),
		.axis = pv_row_copy(rows, mem, 11),
		.relations = pv_row_copy(rows, mem, 12),
		.topics = pv_row_copy(rows, mem, 13),
		.humans = pv_row_copy(rows, mem, 14),
		.published_at_us = pv_row_int(rows, 15),
		.permalink = pv_row_copy(rows, mem, 16),
		.text = pv_row_copy(rows, mem, 17),
		.judgement = pv_row_copy(rows, mem, 18),
		.policy_id = pv_row_copy(rows, mem, 19),
	};
}

enum pv_status pv_report_posts(struct pv_db *db, TALLOC_CTX *mem, const char *organization_id,
	int64_t from_us, int64_t until_us, int limit, struct pv_report_post **out, size_t *out_n,
	struct pv_error *error)
{
	static const char sql[] =
		"SELECT v.id, a.slug, a.name, a.network, a.stance, w.slug, w.name, c.kind, c.form,"
		" c.origin, c.interest, c.axis, c.relations, c.topics, c.humans, p.published_at,"
		" p.permalink, v.text, COALESCE(j.result, ''), COALESCE(j.policy_id, '')"
		" FROM publication p JOIN variant v ON v.id = p.variant_id"
		" JOIN account a ON a.id = p.account_id JOIN person w ON w.id = v.author_id"
		" JOIN counted c ON c.variant_id = v.id LEFT JOIN judgement j ON j.id ="
		" (SELECT k.id FROM judgement k WHERE k.variant_id = v.id AND k.moment = 'sending'"
		" ORDER BY k.judged_at DESC, k.id DESC LIMIT 1)"
		" WHERE p.organization_id = $1 AND p.state = 'published' AND p.published_at >= $2"
		" AND p.published_at < $3 ORDER BY p.published_at, p.id LIMIT $4";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_query(db, sql,
		PV_PARAMS(
			PV_TEXT(organization_id), PV_INT(from_us), PV_INT(until_us), PV_INT(limit)),
		&rows, error);
	if (status != PV_OK)
		return status;
	PV_LIST_READ(rows, mem, read_post, out, out_n, error);
}

static void read_review(struct pv_rows *rows, TALLOC_CTX *mem, struct pv_report_review *out)
{
	*out = (struct pv_report_review){
		.decision = pv_row_copy(rows, mem, 0),
		.made_at_us = pv_row_int(rows, 1),
		.submitted_at_us = pv_row_time(rows, 2),
	};
}

enum pv_status pv_report_reviews(struct pv_db *db, TALLOC_CTX *mem, const char *organization_id,
	int64_t from_us, int64_t until_us, int limit, struct pv_report_review **out, size_t *out_n,
	struct pv_error *error)
{
	static const char sql[] =
		"SELECT r.decision, r.made_at, (SELECT MAX(k.judged_at) FROM judgement k"
		" WHERE k.variant_id = r.variant_id AND k.moment = 'submission'"
		" AND k.judged_at <= r.made_at) FROM review r WHERE r.organization_id = $1"
		" AND r.made_at >= $2 AND r.made_at < $3 ORDER BY r.made_at, r.id LIMIT $4";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_query(db, sql,
		PV_PARAMS(
			PV_TEXT(organization_id), PV_INT(from_us), PV_INT(until_us), PV_INT(limit)),
		&rows, error);
	if (status != PV_OK)
		return status;
	PV_LIST_READ(rows, mem, read_review, out, out_n, error);
}

static void read_exception(struct pv_rows *rows, TALLOC_CTX *mem, struct pv_report_exception *out)
{
	*out = (struct pv_report_exception){
		.id = pv_row_copy(rows, mem, 0),
		.lifts = pv_row_copy(rows, mem, 1),
		.from_day = pv_row_copy(rows, mem, 2),
		.until_day = pv_row_copy(rows, mem, 3),
		.reason = pv_row_copy(rows, mem, 4),
		.state = pv_row_copy(rows, mem, 5),
		.word = pv_row_copy(rows, mem, 6),
		.asked_at_us = pv_row_time(rows, 7),
		.decided_at_us = pv_row_time(rows, 8),
		.ended_at_us = pv_row_time(rows, 9),
		.asked_by = pv_row_copy(rows, mem, 10),
		.decided_by = pv_row_copy(rows, mem, 11),
		.ended_by = pv_row_copy(rows, mem, 12),
	};
}

enum pv_status pv_report_exceptions(struct pv_db *db, TALLOC_CTX *mem, const char *organization_id,
	const struct pv_report_span *span, int limit, struct pv_report_exception **out,
	size_t *out_n, struct pv_error *error)
{
	static const char sql[] =
		"SELECT e.id, e.lifts, e.from_day, e.until_day, e.reason, e.state, e.word,"
		" e.asked_at, e.decided_at, e.ended_at, COALESCE(a.name, ''),"
		" COALESCE(d.name, ''), COALESCE(f.name, '') FROM policy_exception e"
		" LEFT JOIN person a ON a.id = e.asked_by LEFT JOIN person d ON d.id = e.decided_by"
		" LEFT JOIN person f ON f.id = e.ended_by WHERE e.organization_id = $1"
		" AND ((e.asked_at >= $2 AND e.asked_at < $3)"
		" OR (e.decided_at >= $2 AND e.decided_at < $3)"
		" OR (e.ended_at >= $2 AND e.ended_at < $3)"
		" OR (e.until_day >= $4 AND e.until_day <= $5)"
		" OR (e.state <> 'refused' AND e.decided_at < $3 AND e.from_day <= $5"
		" AND e.until_day >= $4 AND (e.ended_at IS NULL OR e.ended_at >= $2)))"
		" ORDER BY e.id LIMIT $6";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_query(db, sql,
		PV_PARAMS(PV_TEXT(organization_id), PV_INT(span->from_us), PV_INT(span->until_us),
			PV_TEXT(span->first_day), PV_TEXT(span->last_day), PV_INT(limit)),
		&rows, error);
	if (status != PV_OK)
		return status;
	PV_LIST_READ(rows, mem, read_exception, out, out_n, error);
}

enum pv_status pv_report_refusals(struct pv_db *db, const char *organization_id, int64_t from_us,
	int64_t until_us, int64_t *out, struct pv_error *error)
{
	static const char sql[] =
		"SELECT COUNT(DISTINCT variant_id) FROM judgement WHERE organization_id = $1"
		" AND judged_at >= $2 AND judged_at < $3 AND moment = 'submission'"
		" AND verdict = 'refuse'";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_first(db, sql,
		PV_PARAMS(PV_TEXT(organization_id), PV_INT(from_us), PV_INT(until_us)), &rows,
		error);
	if (status == PV_OK)
		*out = pv_row_int(rows, 0);
	return status;
}
