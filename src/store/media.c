/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/media.h"

#include "store/list.h"

#define COLUMNS                                                                                 \
	"SELECT id, organization_id, digest, type, size, width, height, alt, name, created_by," \
	" created_at FROM media"

static void read_row(struct pv_rows *rows, TALLOC_CTX *mem, struct pv_media_row *row)
{
	*row = (struct pv_media_row){
		.id = pv_row_copy(rows, mem, 0),
		.organization_id = pv_row_copy(rows, mem, 1),
		.digest = pv_row_copy(rows, mem, 2),
		.type = pv_row_copy(rows, mem, 3),
		.size = pv_row_int(rows, 4),
		.width = pv_row_int(rows, 5),
		.height = pv_row_int(rows, 6),
		.alt = pv_row_copy(rows, mem, 7),
		.name = pv_row_copy(rows, mem, 8),
		.created_by = pv_row_copy(rows, mem, 9),
		.created_at_us = pv_row_time(rows, 10),
	};
}

enum pv_status pv_media_insert(
	struct pv_db *db, const struct pv_media_row *row, struct pv_error *error)
{
	static const char sql[] =
		"INSERT INTO media (id, organization_id, digest, type, size, width, height, alt,"
		" name, created_by, created_at)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
	return pv_db_exec(db, sql,
		PV_PARAMS(PV_TEXT(row->id), PV_TEXT(row->organization_id), PV_TEXT(row->digest),
			PV_TEXT(row->type), PV_INT(row->size), PV_INT(row->width),
			PV_INT(row->height), PV_TEXT(row->alt), PV_TEXT(row->name),
			PV_TEXT(row->created_by), PV_INT(row->created_at_us)),
		NULL, error);
}

enum pv_status pv_media_find(struct pv_db *db, TALLOC_CTX *mem, const char *id,
	struct pv_media_row *out, struct pv_error *error)
{
	static const char sql[] = COLUMNS " WHERE id = $1";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_first(db, sql, PV_PARAMS(PV_TEXT(id)), &rows, error);
	if (status == PV_NOT_FOUND)
		return pv_fail(error, PV_NOT_FOUND, "Cette image n'existe pas.",
			"There is no such picture.");
	if (status != PV_OK)
		return status;
	struct pv_media_row row;
	read_row(rows, mem, &row);
	status = pv_rows_end(rows, error);
	if (status == PV_OK)
		*out = row;
	return status;
}

enum pv_status pv_media_set_alt(struct pv_db *db, const char *id, const char *organization_id,
	const char *alt, struct pv_error *error)
{
	static const char sql[] =
		"UPDATE media SET alt = $1 WHERE id = $2 AND organization_id = $3";
	return pv_db_exec(db, sql, PV_PARAMS(PV_TEXT(alt), PV_TEXT(id), PV_TEXT(organization_id)),
		NULL, error);
}

enum pv_status pv_media_list(struct pv_db *db, TALLOC_CTX *mem, const char *organization_id,
	const char *before_id, int limit, struct pv_media_row **out, size_t *out_n,
	struct pv_error *error)
{
	static const char sql[] =
		COLUMNS " WHERE organization_id = $1 AND (CAST($2 AS TEXT) IS NULL OR id < $2)"
			" ORDER BY id DESC LIMIT $3";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_query(db, sql,
		PV_PARAMS(PV_TEXT(organization_id), PV_TEXT(before_id), PV_INT(limit)), &rows,
		error);
	if (status != PV_OK)
		return status;
	PV_LIST_READ(rows, mem, read_row, out, out_n, error);
}
