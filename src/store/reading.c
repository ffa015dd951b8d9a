/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/reading.h"

#include "store/list.h"

static void read_row(struct pv_rows *rows, TALLOC_CTX *mem, struct pv_reading_row *row)
{
	*row = (struct pv_reading_row){
		.id = pv_row_copy(rows, mem, 0),
		.organization_id = pv_row_copy(rows, mem, 1),
		.publication_id = pv_row_copy(rows, mem, 2),
		.metric = pv_row_copy(rows, mem, 3),
		.value = pv_row_int(rows, 4),
		.age_s = pv_row_int(rows, 5),
		.read_at_us = pv_row_time(rows, 6),
	};
}

enum pv_status pv_reading_insert(
	struct pv_db *db, const struct pv_reading_row *row, struct pv_error *error)
{
	static const char sql[] =
		"INSERT INTO reading (id, organization_id, publication_id, metric, value, age_s,"
		" read_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
	return pv_db_exec(db, sql,
		PV_PARAMS(PV_TEXT(row->id), PV_TEXT(row->organization_id),
			PV_TEXT(row->publication_id), PV_TEXT(row->metric), PV_INT(row->value),
			PV_INT(row->age_s), PV_INT(row->read_at_us)),
		NULL, error);
}

enum pv_status pv_reading_latest(struct pv_db *db, TALLOC_CTX *mem, const char *publication_id,
	struct pv_reading_row **out, size_t *out_n, struct pv_error *error)
{
	static const char sql[] =
		"SELECT r.id, r.organization_id, r.publication_id, r.metric, r.value, r.age_s,"
		" r.read_at FROM reading r WHERE r.publication_id = $1 AND r.id ="
		" (SELECT MAX(n.id) FROM reading n WHERE n.publication_id = $1"
		" AND n.metric = r.metric) ORDER BY r.metric";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status =
		pv_db_query(db, sql, PV_PARAMS(PV_TEXT(publication_id)), &rows, error);
	if (status != PV_OK)
		return status;
	PV_LIST_READ(rows, mem, read_row, out, out_n, error);
}
