/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/past.h"

#include "store/list.h"

static void read_row(struct pv_rows *rows, TALLOC_CTX *mem, struct pv_past_row *row)
{
	*row = (struct pv_past_row){
		.publication_id = pv_row_copy(rows, mem, 0),
		.published_at_us = pv_row_time(rows, 1),
	};
}

enum pv_status pv_past_list(struct pv_db *db, TALLOC_CTX *mem, const char *organization_id,
	int64_t after_us, int64_t until_us, int limit, struct pv_past_row **out, size_t *out_n,
	struct pv_error *error)
{
	static const char sql[] =
		"SELECT late.id, late.published_at FROM (SELECT id, published_at FROM publication"
		" WHERE organization_id = $1 AND published_at > $2 AND published_at <= $3"
		" ORDER BY published_at DESC, id DESC LIMIT $4) late"
		" ORDER BY late.published_at, late.id";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_query(db, sql,
		PV_PARAMS(PV_TEXT(organization_id), PV_INT(after_us), PV_INT(until_us),
			PV_INT(limit)),
		&rows, error);
	if (status != PV_OK)
		return status;
	PV_LIST_READ(rows, mem, read_row, out, out_n, error);
}

static int64_t figure(const struct pv_rows *rows, int column)
{
	return pv_row_null(rows, column) ? -1 : pv_row_int(rows, column);
}

static void read_post(struct pv_rows *rows, TALLOC_CTX *mem, struct pv_past_post *post)
{
	bool judged = !pv_row_null(rows, 7);
	*post = (struct pv_past_post){
		.variant_id = pv_row_copy(rows, mem, 0),
		.account_slug = pv_row_copy(rows, mem, 1),
		.account_name = pv_row_copy(rows, mem, 2),
		.account_network = pv_row_copy(rows, mem, 3),
		.permalink = pv_row_copy(rows, mem, 4),
		.text = pv_row_copy(rows, mem, 5),
		.published_at_us = pv_row_time(rows, 6),
		.verdict = judged ? pv_row_copy(rows, mem, 7) : NULL,
		.input = judged ? pv_row_copy(rows, mem, 8) : NULL,
		.reads = figure(rows, 9),
		.comments = figure(rows, 10),
	};
}

enum pv_status pv_past_find(struct pv_db *db, TALLOC_CTX *mem, const char *publication_id,
	struct pv_past_post *out, struct pv_error *error)
{
	static const char sql[] =
		"SELECT p.variant_id, a.slug, a.name, a.network, p.permalink, v.text,"
		" p.published_at, j.verdict, j.input,"
		" CASE WHEN p.network = 'journal' THEN (SELECT CAST(COALESCE(SUM(r.reads), 0)"
		" AS BIGINT) FROM journal_read r WHERE r.entry_id = p.id) END,"
		" CASE WHEN p.network = 'journal' OR EXISTS (SELECT 1 FROM conversation c"
		" WHERE c.publication_id = p.id) THEN (SELECT COUNT(*) FROM conversation c"
		" JOIN message m ON m.conversation_id = c.id WHERE c.publication_id = p.id"
		" AND m.direction = 'in' AND m.state = 'shown') END"
		" FROM publication p JOIN account a ON a.id = p.account_id"
		" JOIN variant v ON v.id = p.variant_id"
		" LEFT JOIN judgement j ON j.id = (SELECT k.id FROM judgement k"
		" WHERE k.variant_id = p.variant_id AND k.moment = 'sending'"
		" ORDER BY k.judged_at DESC, k.id DESC LIMIT 1) WHERE p.id = $1";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status =
		pv_db_first(db, sql, PV_PARAMS(PV_TEXT(publication_id)), &rows, error);
	if (status != PV_OK)
		return status;
	struct pv_past_post post;
	read_post(rows, mem, &post);
	status = pv_rows_end(rows, error);
	if (status == PV_OK)
		*out = post;
	return status;
}
