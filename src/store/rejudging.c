/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/rejudging.h"
#include "store/list.h"

enum pv_status pv_rejudging_ask(
	struct pv_db *db, const char *organization_id, int64_t now_us, struct pv_error *error)
{
	static const char sql[] =
		"INSERT INTO rejudging (organization_id, generation, cursor_at, cursor_id, "
		"asked_at)"
		" VALUES ($1, 1, -1, '', $2) ON CONFLICT (organization_id) DO UPDATE SET"
		" generation = rejudging.generation + 1, cursor_at = -1, cursor_id = ''"
		" WHERE rejudging.organization_id = $1";
	return pv_db_exec(
		db, sql, PV_PARAMS(PV_TEXT(organization_id), PV_INT(now_us)), NULL, error);
}

enum pv_status pv_rejudging_first(
	struct pv_db *db, TALLOC_CTX *mem, struct pv_rejudging_row *out, struct pv_error *error)
{
	static const char sql[] = "SELECT organization_id, generation, cursor_at, cursor_id,"
				  " asked_at FROM rejudging ORDER BY asked_at, organization_id"
				  " LIMIT 1";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_first(db, sql, PV_NO_PARAMS, &rows, error);
	if (status != PV_OK)
		return status;
	struct pv_rejudging_row row = {
		.organization_id = pv_row_copy(rows, mem, 0),
		.generation = pv_row_int(rows, 1),
		.cursor_at_us = pv_row_int(rows, 2),
		.cursor_id = pv_row_copy(rows, mem, 3),
		.asked_at_us = pv_row_int(rows, 4),
	};
	status = pv_rows_end(rows, error);
	if (status == PV_OK)
		*out = row;
	return status;
}

static void read_item(struct pv_rows *rows, TALLOC_CTX *mem, struct pv_rejudging_item *out)
{
	*out = (struct pv_rejudging_item){
		.variant_id = pv_row_copy(rows, mem, 0), .at_us = pv_row_int(rows, 1)};
}

enum pv_status pv_rejudging_batch(struct pv_db *db, TALLOC_CTX *mem,
	const struct pv_rejudging_row *row, int limit, struct pv_rejudging_item **out,
	size_t *out_n, struct pv_error *error)
{
	static const char sql[] =
		"SELECT x.id, x.at FROM (SELECT v.id AS id, COALESCE(v.due_at, $4) AS at"
		" FROM variant v WHERE v.organization_id = $1"
		" AND v.stage IN ('scheduled', 'review', 'ready') AND v.removed_at IS NULL) x"
		" WHERE x.at > $2 OR (x.at = $2 AND x.id > $3) ORDER BY x.at, x.id LIMIT $5";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_query(db, sql,
		PV_PARAMS(PV_TEXT(row->organization_id), PV_INT(row->cursor_at_us),
			PV_TEXT(row->cursor_id), PV_INT(INT64_MAX), PV_INT(limit)),
		&rows, error);
	if (status != PV_OK)
		return status;
	PV_LIST_READ(rows, mem, read_item, out, out_n, error);
}

enum pv_status pv_rejudging_advance(struct pv_db *db, const struct pv_rejudging_row *row,
	const struct pv_rejudging_item *last, struct pv_error *error)
{
	static const char sql[] = "UPDATE rejudging SET cursor_at = $1, cursor_id = $2"
				  " WHERE organization_id = $3 AND generation = $4";
	return pv_db_exec(db, sql,
		PV_PARAMS(PV_INT(last->at_us), PV_TEXT(last->variant_id),
			PV_TEXT(row->organization_id), PV_INT(row->generation)),
		NULL, error);
}

enum pv_status pv_rejudging_done(
	struct pv_db *db, const struct pv_rejudging_row *row, struct pv_error *error)
{
	static const char sql[] =
		"DELETE FROM rejudging WHERE organization_id = $1 AND generation = $2";
	return pv_db_exec(db, sql,
		PV_PARAMS(PV_TEXT(row->organization_id), PV_INT(row->generation)), NULL, error);
}
