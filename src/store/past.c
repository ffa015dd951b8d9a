/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/past.h"

#include "store/list.h"

#include <stdio.h>

enum pv_status pv_past_count(struct pv_db *db, const struct pv_past_span *span, int64_t limit,
	int64_t *out, struct pv_error *error)
{
	static const char sql[] =
		"SELECT COUNT(*) FROM (SELECT id FROM publication WHERE organization_id = $1"
		" AND published_at > $2 AND published_at <= $3 LIMIT $4) near";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_first(db, sql,
		PV_PARAMS(PV_TEXT(span->organization_id), PV_INT(span->after_us),
			PV_INT(span->until_us), PV_INT(limit)),
		&rows, error);
	if (status == PV_OK)
		*out = pv_row_int(rows, 0);
	return status;
}

struct pv_past_mark pv_past_begin(const struct pv_past_span *span)
{
	/* "" comes before every id: what was published in the next microsecond is behind it */
	return (struct pv_past_mark){.at_us = span->after_us + 1};
}

static int64_t figure(const struct pv_rows *rows, int column)
{
	return pv_row_null(rows, column) ? -1 : pv_row_int(rows, column);
}

static void read_post(struct pv_rows *rows, TALLOC_CTX *mem, struct pv_past_post *post)
{
	bool judged = !pv_row_null(rows, 7);
	*post = (struct pv_past_post){
		.publication_id = pv_row_copy(rows, mem, 0),
		.variant_id = pv_row_copy(rows, mem, 1),
		.account_slug = pv_row_copy(rows, mem, 2),
		.account_name = pv_row_copy(rows, mem, 3),
		.account_network = pv_row_copy(rows, mem, 4),
		.permalink = pv_row_copy(rows, mem, 5),
		.published_at_us = pv_row_time(rows, 6),
		.verdict = judged ? pv_row_copy(rows, mem, 7) : NULL,
		.input = judged ? pv_row_copy(rows, mem, 8) : NULL,
		.reads = figure(rows, 9),
		.comments = figure(rows, 10),
	};
}

/* Which come next is settled first, by one index; the rest is read of those. */
static enum pv_status read_batch(struct pv_db *db, TALLOC_CTX *mem, const struct pv_past_span *span,
	const struct pv_past_mark *mark, int64_t skip, int limit, struct pv_past_post **out,
	size_t *out_n, struct pv_error *error)
{
	static const char sql[] =
		"SELECT p.id, p.variant_id, a.slug, a.name, a.network, p.permalink,"
		" p.published_at, j.verdict, j.input,"
		" CASE WHEN p.network = 'journal' THEN (SELECT CAST(COALESCE(SUM(r.reads), 0)"
		" AS BIGINT) FROM journal_read r WHERE r.entry_id = p.id) END,"
		" CASE WHEN p.network = 'journal' OR EXISTS (SELECT 1 FROM conversation c"
		" WHERE c.publication_id = p.id) THEN (SELECT COUNT(*) FROM conversation c"
		" JOIN message m ON m.conversation_id = c.id WHERE c.publication_id = p.id"
		" AND m.direction = 'in' AND m.state = 'shown') END"
		" FROM (SELECT id, variant_id, account_id, network, permalink, published_at"
		" FROM publication WHERE organization_id = $1"
		" AND published_at >= $2 AND published_at <= $3"
		" AND (published_at > $2 OR id > $4) ORDER BY published_at, id"
		" LIMIT $5 OFFSET $6) p JOIN account a ON a.id = p.account_id"
		" LEFT JOIN judgement j ON j.id = (SELECT k.id FROM judgement k"
		" WHERE k.variant_id = p.variant_id AND k.moment = 'sending'"
		" ORDER BY k.judged_at DESC, k.id DESC LIMIT 1)"
		" ORDER BY p.published_at, p.id";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_query(db, sql,
		PV_PARAMS(PV_TEXT(span->organization_id), PV_INT(mark->at_us),
			PV_INT(span->until_us), PV_TEXT(mark->id), PV_INT(limit), PV_INT(skip)),
		&rows, error);
	if (status != PV_OK)
		return status;
	PV_LIST_READ(rows, mem, read_post, out, out_n, error);
}

enum pv_status pv_past_batch(struct pv_db *db, TALLOC_CTX *mem, const struct pv_past_span *span,
	struct pv_past_mark *mark, int64_t skip, int limit, struct pv_past_post **out,
	size_t *out_n, struct pv_error *error)
{
	enum pv_status status = read_batch(db, mem, span, mark, skip, limit, out, out_n, error);
	if (status == PV_OK && *out_n > 0) {
		const struct pv_past_post *last = &(*out)[*out_n - 1];
		mark->at_us = last->published_at_us;
		snprintf(mark->id, sizeof mark->id, "%s", last->publication_id);
	}
	return status;
}
