/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/counted.h"

/* The same number stands in the SQL below and in the migration that made the table. */
#define SPAN_TEXT "2592000000000"
static const int64_t span_us = PV_COUNTED_SPAN_DAYS * PV_DAY_US;
_Static_assert(PV_COUNTED_SPAN_DAYS *PV_DAY_US == INT64_C(2592000000000), "SPAN_TEXT");

/* ---- sums -------------------------------------------------------------------------------------- */

#define WHERE_SPAN                                                                     \
	" WHERE organization_id = $1 AND account_id = $2 AND author_id = $3"           \
	" AND span = $4 AND kind = $5 AND form = $6 AND origin = $7 AND interest = $8" \
	" AND axis = $9 AND relations = $10 AND topics = $11 AND humans = $12"         \
	" AND sponsored = $13"

#define SPAN_PARAMS(row)                                                                        \
	PV_TEXT((row)->organization_id), PV_TEXT((row)->account_id), PV_TEXT((row)->author_id), \
		PV_INT((row)->at_us / span_us), PV_TEXT((row)->kind), PV_TEXT((row)->form),     \
		PV_TEXT((row)->origin), PV_TEXT((row)->interest), PV_TEXT((row)->axis),         \
		PV_TEXT((row)->relations), PV_TEXT((row)->topics), PV_TEXT((row)->humans),      \
		PV_INT((row)->sponsored)

static enum pv_status add_to_span(
	struct pv_db *db, const struct pv_counted_row *row, struct pv_error *error)
{
	static const char more[] = "UPDATE counted_span SET times = times + 1" WHERE_SPAN;
	static const char first[] =
		"INSERT INTO counted_span (organization_id, account_id, author_id, span, kind,"
		" form, origin, interest, axis, relations, topics, humans, sponsored, times)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 1)";
	int64_t changed;
	enum pv_status status = pv_db_exec(db, more, PV_PARAMS(SPAN_PARAMS(row)), &changed, error);
	if (status != PV_OK || changed)
		return status;
	return pv_db_exec(db, first, PV_PARAMS(SPAN_PARAMS(row)), NULL, error);
}

static enum pv_status take_from_span(
	struct pv_db *db, const struct pv_counted_row *row, struct pv_error *error)
{
	static const char last[] = "DELETE FROM counted_span" WHERE_SPAN " AND times < 2";
	static const char less[] = "UPDATE counted_span SET times = times - 1" WHERE_SPAN;
	int64_t changed;
	enum pv_status status = pv_db_exec(db, last, PV_PARAMS(SPAN_PARAMS(row)), &changed, error);
	if (status != PV_OK || changed)
		return status;
	return pv_db_exec(db, less, PV_PARAMS(SPAN_PARAMS(row)), NULL, error);
}

/* ---- rows -------------------------------------------------------------------------------------- */

/* PV_NOT_FOUND, without words, when it is not counted. */
static enum pv_status find(struct pv_db *db, TALLOC_CTX *mem, const char *variant_id,
	const char *organization_id, struct pv_counted_row *out, struct pv_error *error)
{
	static const char sql[] =
		"SELECT account_id, author_id, at, kind, form, origin, interest, axis, relations,"
		" topics, humans, sponsored FROM counted"
		" WHERE variant_id = $1 AND organization_id = $2";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_first(
		db, sql, PV_PARAMS(PV_TEXT(variant_id), PV_TEXT(organization_id)), &rows, error);
	if (status != PV_OK)
		return status;
	*out = (struct pv_counted_row){
		.variant_id = variant_id,
		.organization_id = organization_id,
		.account_id = pv_row_copy(rows, mem, 0),
		.author_id = pv_row_copy(rows, mem, 1),
		.at_us = pv_row_int(rows, 2),
		.kind = pv_row_copy(rows, mem, 3),
		.form = pv_row_copy(rows, mem, 4),
		.origin = pv_row_copy(rows, mem, 5),
		.interest = pv_row_copy(rows, mem, 6),
		.axis = pv_row_copy(rows, mem, 7),
		.relations = pv_row_copy(rows, mem, 8),
		.topics = pv_row_copy(rows, mem, 9),
		.humans = pv_row_copy(rows, mem, 10),
		.sponsored = pv_row_int(rows, 11) != 0,
	};
	return pv_rows_end(rows, error);
}

enum pv_status pv_counted_remove(struct pv_db *db, const char *variant_id,
	const char *organization_id, struct pv_error *error)
{
	static const char sql[] = "DELETE FROM counted WHERE variant_id = $1"
				  " AND organization_id = $2";
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_counted_row row;
	enum pv_status status = find(db, scope, variant_id, organization_id, &row, error);
	if (status == PV_NOT_FOUND)
		return PV_OK;
	if (status == PV_OK)
		status = take_from_span(db, &row, error);
	return status == PV_OK ? pv_db_exec(db, sql,
					 PV_PARAMS(PV_TEXT(variant_id), PV_TEXT(organization_id)),
					 NULL, error)
			       : status;
}

enum pv_status pv_counted_put(
	struct pv_db *db, const struct pv_counted_row *row, struct pv_error *error)
{
	static const char sql[] =
		"INSERT INTO counted (variant_id, organization_id, account_id, author_id, at, kind,"
		" form, origin, interest, axis, relations, topics, humans, sponsored)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
	enum pv_status status = pv_counted_remove(db, row->variant_id, row->organization_id, error);
	if (status == PV_OK)
		status = pv_db_exec(db, sql,
			PV_PARAMS(PV_TEXT(row->variant_id), PV_TEXT(row->organization_id),
				PV_TEXT(row->account_id), PV_TEXT(row->author_id),
				PV_INT(row->at_us), PV_TEXT(row->kind), PV_TEXT(row->form),
				PV_TEXT(row->origin), PV_TEXT(row->interest), PV_TEXT(row->axis),
				PV_TEXT(row->relations), PV_TEXT(row->topics), PV_TEXT(row->humans),
				PV_INT(row->sponsored)),
			NULL, error);
	return status == PV_OK ? add_to_span(db, row, error) : status;
}

enum pv_status pv_counted_move(struct pv_db *db, const char *variant_id,
	const char *organization_id, int64_t at_us, bool *out_found, struct pv_error *error)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_counted_row row;
	enum pv_status status = find(db, scope, variant_id, organization_id, &row, error);
	bool found = status == PV_OK;
	if (found) {
		row.at_us = at_us;
		status = pv_counted_put(db, &row, error);
	}
	if (status != PV_OK && status != PV_NOT_FOUND)
		return status;
	*out_found = found;
	return PV_OK;
}

/* ---- windows ----------------------------------------------------------------------------------- */

#define FACTS                                                                                   \
	"account_id, author_id, kind, form, origin, interest, axis, relations, topics, humans," \
	" sponsored"

/*
 * The rows up to the first whole span and from the last one on, the sums between, and less the
 * excepted one where it stands among these.
 */
#define WINDOW(column)                                                                      \
	"SELECT a.slug, w.slug, p.kind, p.form, p.origin, p.interest, p.axis, p.relations," \
	" p.topics, p.humans, p.sponsored, MAX(p.at), CAST(SUM(p.times) AS BIGINT) FROM ("  \
	"SELECT " FACTS ", at, 1 AS times FROM counted WHERE " column " = $1"               \
	" AND at > $2 AND at < $4 AND (CAST($6 AS TEXT) IS NULL OR variant_id <> $6)"       \
	" UNION ALL SELECT " FACTS ", at, 1 FROM counted WHERE " column " = $1"             \
	" AND at >= $5 AND at <= $3 AND (CAST($6 AS TEXT) IS NULL OR variant_id <> $6)"     \
	" UNION ALL SELECT " FACTS ", span * " SPAN_TEXT ", times FROM counted_span"        \
	" WHERE " column " = $1 AND span >= $4 / " SPAN_TEXT " AND span < $5 / " SPAN_TEXT  \
	" UNION ALL SELECT " FACTS ", at, -1 FROM counted WHERE variant_id = $6"            \
	" AND " column " = $1 AND at >= $4 AND at < $5"                                     \
	") p JOIN account a ON a.id = p.account_id JOIN person w ON w.id = p.author_id"     \
	" GROUP BY a.slug, w.slug, p.kind, p.form, p.origin, p.interest, p.axis,"           \
	" p.relations, p.topics, p.humans, p.sponsored HAVING SUM(p.times) > 0"             \
	" ORDER BY MAX(p.at) DESC"

static struct pv_counted_group group_of(const struct pv_rows *rows)
{
	return (struct pv_counted_group){
		.account_slug = pv_row_text(rows, 0),
		.author_slug = pv_row_text(rows, 1),
		.kind = pv_row_text(rows, 2),
		.form = pv_row_text(rows, 3),
		.origin = pv_row_text(rows, 4),
		.interest = pv_row_text(rows, 5),
		.axis = pv_row_text(rows, 6),
		.relations = pv_row_text(rows, 7),
		.topics = pv_row_text(rows, 8),
		.humans = pv_row_text(rows, 9),
		.sponsored = pv_row_int(rows, 10) != 0,
		.at_us = pv_row_int(rows, 11),
		.times = pv_row_int(rows, 12),
	};
}

enum pv_status pv_counted_each(struct pv_db *db, const struct pv_counted_window *window,
	pv_counted_visit *visit, void *state, struct pv_error *error)
{
	static const char *const sqls[] = {
		[PV_COUNTED_ACCOUNT] = WINDOW("account_id"),
		[PV_COUNTED_AUTHOR] = WINDOW("author_id"),
		[PV_COUNTED_ORGANIZATION] = WINDOW("organization_id"),
	};
	PV_ROWS struct pv_rows *rows = NULL;
	int64_t after_us = window->after_us > 0 ? window->after_us : 0;
	int64_t first_us = (after_us / span_us + 1) * span_us;
	int64_t last_us = (window->until_us + 1) / span_us * span_us;
	/* shorter than two spans: rows alone */
	if (last_us < first_us)
		first_us = last_us = window->until_us + 1;
	enum pv_status status = pv_db_query(db, sqls[window->per],
		PV_PARAMS(PV_TEXT(window->id), PV_INT(after_us), PV_INT(window->until_us),
			PV_INT(first_us), PV_INT(last_us), PV_TEXT(window->except_variant)),
		&rows, error);
	while (status == PV_OK && pv_rows_next(rows)) {
		const struct pv_counted_group group = group_of(rows);
		status = visit(state, &group, error);
	}
	return status == PV_OK ? pv_rows_end(rows, error) : status;
}
