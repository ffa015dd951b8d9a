/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/guarantee.h"
#include "store/list.h"

#define COLUMNS "id, organization_id, text, note, created_by, created_at, removed_at"

static void read_row(struct pv_rows *rows, TALLOC_CTX *mem, struct pv_guarantee_row *out)
{
	*out = (struct pv_guarantee_row){
		.id = pv_row_copy(rows, mem, 0),
		.organization_id = pv_row_copy(rows, mem, 1),
		.text = pv_row_copy(rows, mem, 2),
		.note = pv_row_copy(rows, mem, 3),
		.created_by = pv_row_copy(rows, mem, 4),
		.created_at_us = pv_row_time(rows, 5),
		.removed_at_us = pv_row_time(rows, 6),
	};
}

static enum pv_status none(struct pv_error *error)
{
	return pv_fail(error, PV_NOT_FOUND, "Il n'y a pas de telle garantie.",
		"There is no such guarantee.");
}

enum pv_status pv_guarantee_insert(
	struct pv_db *db, const struct pv_guarantee_row *row, struct pv_error *error)
{
	static const char sql[] =
		"INSERT INTO guarantee (" COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7)";
	return pv_db_exec(db, sql,
		PV_PARAMS(PV_TEXT(row->id), PV_TEXT(row->organization_id), PV_TEXT(row->text),
			PV_TEXT(row->note), PV_TEXT(row->created_by), PV_INT(row->created_at_us),
			PV_TIME(row->removed_at_us)),
		NULL, error);
}

enum pv_status pv_guarantee_find(struct pv_db *db, TALLOC_CTX *mem, const char *id,
	struct pv_guarantee_row *out, struct pv_error *error)
{
	static const char sql[] = "SELECT " COLUMNS " FROM guarantee WHERE id = $1";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_first(db, sql, PV_PARAMS(PV_TEXT(id)), &rows, error);
	if (status != PV_OK)
		return status == PV_NOT_FOUND ? none(error) : status;
	struct pv_guarantee_row row;
	read_row(rows, mem, &row);
	status = pv_rows_end(rows, error);
	if (status == PV_OK)
		*out = row;
	return status;
}

enum pv_status pv_guarantee_list(struct pv_db *db, TALLOC_CTX *mem, const char *organization_id,
	struct pv_guarantee_row **out, size_t *out_n, struct pv_error *error)
{
	static const char sql[] = "SELECT " COLUMNS " FROM guarantee WHERE organization_id = $1"
				  " AND removed_at IS NULL ORDER BY id";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status =
		pv_db_query(db, sql, PV_PARAMS(PV_TEXT(organization_id)), &rows, error);
	if (status != PV_OK)
		return status;
	PV_LIST_READ(rows, mem, read_row, out, out_n, error);
}

enum pv_status pv_guarantee_remove(struct pv_db *db, const char *id, const char *organization_id,
	int64_t at_us, struct pv_error *error)
{
	static const char sql[] = "UPDATE guarantee SET removed_at = $1 WHERE id = $2"
				  " AND organization_id = $3 AND removed_at IS NULL";
	int64_t changed = 0;
	enum pv_status status = pv_db_exec(db, sql,
		PV_PARAMS(PV_INT(at_us), PV_TEXT(id), PV_TEXT(organization_id)), &changed, error);
	return status == PV_OK && changed == 0 ? none(error) : status;
}
