/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/source.h"

#include "store/list.h"

#define FIELDS                                                                               \
	"id, organization_id, url, title, site, etag, modified, state, state_why, failures," \
	" interval_s, fetched_at, fetch_at, created_at"

static void read_row(struct pv_rows *rows, TALLOC_CTX *mem, struct pv_source_row *row)
{
	*row = (struct pv_source_row){
		.id = pv_row_copy(rows, mem, 0),
		.organization_id = pv_row_copy(rows, mem, 1),
		.url = pv_row_copy(rows, mem, 2),
		.title = pv_row_copy(rows, mem, 3),
		.site = pv_row_copy(rows, mem, 4),
		.etag = pv_row_copy(rows, mem, 5),
		.modified = pv_row_copy(rows, mem, 6),
		.state = pv_row_copy(rows, mem, 7),
		.state_why = pv_row_copy(rows, mem, 8),
		.failures = pv_row_int(rows, 9),
		.interval_s = pv_row_int(rows, 10),
		.fetched_at_us = pv_row_time(rows, 11),
		.fetch_at_us = pv_row_time(rows, 12),
		.created_at_us = pv_row_time(rows, 13),
	};
}

enum pv_status pv_source_insert(
	struct pv_db *db, const struct pv_source_row *row, struct pv_error *error)
{
	static const char sql[] =
		"INSERT INTO source (" FIELDS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10,"
		" $11, $12, $13, $14)";
	return pv_db_exec(db, sql,
		PV_PARAMS(PV_TEXT(row->id), PV_TEXT(row->organization_id), PV_TEXT(row->url),
			PV_TEXT(row->title), PV_TEXT(row->site), PV_TEXT(row->etag),
			PV_TEXT(row->modified), PV_TEXT(row->state), PV_TEXT(row->state_why),
			PV_INT(row->failures), PV_INT(row->interval_s), PV_TIME(row->fetched_at_us),
			PV_INT(row->fetch_at_us), PV_INT(row->created_at_us)),
		NULL, error);
}

static enum pv_status find_one(struct pv_db *db, TALLOC_CTX *mem, const char *sql,
	const struct pv_param *params, size_t n, struct pv_source_row *out, struct pv_error *error)
{
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_first(db, sql, params, n, &rows, error);
	if (status != PV_OK)
		return status;
	struct pv_source_row row;
	read_row(rows, mem, &row);
	status = pv_rows_end(rows, error);
	if (status == PV_OK)
		*out = row;
	return status;
}

enum pv_status pv_source_find(struct pv_db *db, TALLOC_CTX *mem, const char *id,
	struct pv_source_row *out, struct pv_error *error)
{
	static const char sql[] = "SELECT " FIELDS " FROM source WHERE id = $1";
	enum pv_status status = find_one(db, mem, sql, PV_PARAMS(PV_TEXT(id)), out, error);
	if (status == PV_NOT_FOUND)
		return pv_fail(
			error, PV_NOT_FOUND, "Ce flux n'existe pas.", "There is no such feed.");
	return status;
}

enum pv_status pv_source_find_url(struct pv_db *db, TALLOC_CTX *mem, const char *organization_id,
	const char *url, struct pv_source_row *out, struct pv_error *error)
{
	static const char sql[] = "SELECT " FIELDS " FROM source WHERE organization_id = $1"
				  " AND url = $2 ORDER BY id LIMIT 1";
	return find_one(
		db, mem, sql, PV_PARAMS(PV_TEXT(organization_id), PV_TEXT(url)), out, error);
}

enum pv_status pv_source_list(struct pv_db *db, TALLOC_CTX *mem, const char *organization_id,
	const char *member_id, struct pv_source_row **out, size_t *out_n, struct pv_error *error)
{
	static const char sql[] =
		"SELECT " FIELDS " FROM source WHERE state <> 'removed'"
		" AND (CAST($1 AS TEXT) IS NULL OR organization_id = $1)"
		" AND (CAST($2 AS TEXT) IS NULL OR organization_id IN"
		" (SELECT m.organization_id FROM membership m WHERE m.person_id = $2))"
		" ORDER BY title, id LIMIT 5000";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_query(
		db, sql, PV_PARAMS(PV_TEXT(organization_id), PV_TEXT(member_id)), &rows, error);
	if (status != PV_OK)
		return status;
	PV_LIST_READ(rows, mem, read_row, out, out_n, error);
}

enum pv_status pv_source_update(
	struct pv_db *db, const struct pv_source_row *row, struct pv_error *error)
{
	static const char sql[] =
		"UPDATE source SET title = $1, site = $2, etag = $3, modified = $4, state = $5,"
		" state_why = $6, failures = $7, interval_s = $8, fetched_at = $9, fetch_at = $10"
		" WHERE id = $11 AND organization_id = $12";
	return pv_db_exec(db, sql,
		PV_PARAMS(PV_TEXT(row->title), PV_TEXT(row->site), PV_TEXT(row->etag),
			PV_TEXT(row->modified), PV_TEXT(row->state), PV_TEXT(row->state_why),
			PV_INT(row->failures), PV_INT(row->interval_s), PV_TIME(row->fetched_at_us),
			PV_INT(row->fetch_at_us), PV_TEXT(row->id), PV_TEXT(row->organization_id)),
		NULL, error);
}

struct claim {
	TALLOC_CTX *mem;
	int64_t now_us, until_us;
	int most;
	struct pv_source_row **out;
	size_t *out_n;
};

static enum pv_status claim_work(struct pv_db *db, void *state, struct pv_error *error)
{
	static const char sql[] =
		"UPDATE source SET fetch_at = $1 WHERE id IN (SELECT s.id FROM source s"
		" WHERE s.state IN ('active', 'failing') AND s.fetch_at <= $2"
		" ORDER BY s.fetch_at LIMIT $3) AND state IN ('active', 'failing')"
		" AND fetch_at <= $2 RETURNING " FIELDS;
	struct claim *claim = state;
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_query(db, sql,
		PV_PARAMS(PV_INT(claim->until_us), PV_INT(claim->now_us), PV_INT(claim->most)),
		&rows, error);
	if (status != PV_OK)
		return status;
	PV_LIST_READ(rows, claim->mem, read_row, claim->out, claim->out_n, error);
}

enum pv_status pv_source_claim(struct pv_db *db, TALLOC_CTX *mem, int64_t now_us, int64_t until_us,
	int most, struct pv_source_row **out, size_t *out_n, struct pv_error *error)
{
	struct claim claim = {mem, now_us, until_us, most, out, out_n};
	return pv_db_transaction(db, claim_work, &claim, error);
}

enum pv_status pv_source_next(struct pv_db *db, int64_t *out_us, struct pv_error *error)
{
	static const char sql[] =
		"SELECT MIN(fetch_at) FROM source WHERE state IN ('active', 'failing')";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_first(db, sql, PV_NO_PARAMS, &rows, error);
	if (status != PV_OK)
		return status;
	*out_us = pv_row_time(rows, 0);
	return pv_rows_end(rows, error);
}
