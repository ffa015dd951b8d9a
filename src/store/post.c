/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/post.h"

enum pv_status pv_post_insert(
	struct pv_db *db, const struct pv_post_row *row, struct pv_error *error)
{
	static const char sql[] =
		"INSERT INTO post (id, organization_id, author_id, item_id, title, text, version,"
		" created_at, updated_at, removed_at)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
	return pv_db_exec(db, sql,
		PV_PARAMS(PV_TEXT(row->id), PV_TEXT(row->organization_id), PV_TEXT(row->author_id),
			PV_TEXT(row->item_id), PV_TEXT(row->title), PV_TEXT(row->text),
			PV_INT(row->version), PV_INT(row->created_at_us),
			PV_INT(row->updated_at_us), PV_TIME(row->removed_at_us)),
		NULL, error);
}

enum pv_status pv_post_find(struct pv_db *db, TALLOC_CTX *mem, const char *id,
	struct pv_post_row *out, struct pv_error *error)
{
	static const char sql[] =
		"SELECT id, organization_id, author_id, item_id, title, text, version, created_at,"
		" updated_at, removed_at FROM post WHERE id = $1 AND removed_at IS NULL";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_first(db, sql, PV_PARAMS(PV_TEXT(id)), &rows, error);
	if (status == PV_NOT_FOUND)
		return pv_fail(error, PV_NOT_FOUND, "Cette publication n'existe pas.",
			"There is no such post.");
	if (status != PV_OK)
		return status;
	struct pv_post_row row = {
		.id = pv_row_copy(rows, mem, 0),
		.organization_id = pv_row_copy(rows, mem, 1),
		.author_id = pv_row_copy(rows, mem, 2),
		.item_id = pv_row_copy(rows, mem, 3),
		.title = pv_row_copy(rows, mem, 4),
		.text = pv_row_copy(rows, mem, 5),
		.version = pv_row_int(rows, 6),
		.created_at_us = pv_row_time(rows, 7),
		.updated_at_us = pv_row_time(rows, 8),
		.removed_at_us = pv_row_time(rows, 9),
	};
	status = pv_rows_end(rows, error);
	if (status == PV_OK)
		*out = row;
	return status;
}

enum pv_status pv_post_update(
	struct pv_db *db, const struct pv_post_row *row, struct pv_error *error)
{
	static const char sql[] =
		"UPDATE post SET title = $1, text = $2, updated_at = $3, version = version + 1"
		" WHERE id = $4 AND organization_id = $5 AND version = $6 AND removed_at IS NULL";
	int64_t changed;
	enum pv_status status = pv_db_exec(db, sql,
		PV_PARAMS(PV_TEXT(row->title), PV_TEXT(row->text), PV_INT(row->updated_at_us),
			PV_TEXT(row->id), PV_TEXT(row->organization_id), PV_INT(row->version)),
		&changed, error);
	if (status == PV_OK && changed != 1)
		return pv_fail(error, PV_CONFLICT,
			"Cette publication a changé depuis que vous l'avez ouverte.",
			"This post has changed since you opened it.");
	return status;
}

enum pv_status pv_post_remove(struct pv_db *db, const char *id, const char *organization_id,
	int64_t at_us, struct pv_error *error)
{
	static const char sql[] = "UPDATE post SET removed_at = $1 WHERE id = $2"
				  " AND organization_id = $3 AND removed_at IS NULL";
	return pv_db_exec(db, sql, PV_PARAMS(PV_INT(at_us), PV_TEXT(id), PV_TEXT(organization_id)),
		NULL, error);
}
