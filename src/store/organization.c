/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/organization.h"
#include "store/organization_read.h"
#include "store/list.h"

#define COLUMNS PV_ORGANIZATION_COLUMNS("")

/* Takes the columns of PV_ORGANIZATION_COLUMNS from `at` on. */
void pv_organization_read(
	struct pv_rows *rows, TALLOC_CTX *mem, int at, struct pv_organization_row *out)
{
	*out = (struct pv_organization_row){
		.id = pv_row_copy(rows, mem, at),
		.slug = pv_row_copy(rows, mem, at + 1),
		.kind = pv_row_copy(rows, mem, at + 2),
		.name = pv_row_copy(rows, mem, at + 3),
		.colour = pv_row_copy(rows, mem, at + 4),
		.timezone = pv_row_copy(rows, mem, at + 5),
		.language = pv_row_copy(rows, mem, at + 6),
		.paused_at_us = pv_row_time(rows, at + 7),
		.paused_why = pv_row_copy(rows, mem, at + 8),
		.switches = pv_row_copy(rows, mem, at + 9),
		.journal = pv_row_copy(rows, mem, at + 10),
		.version = pv_row_int(rows, at + 11),
		.created_at_us = pv_row_int(rows, at + 12),
	};
}

enum pv_status pv_organization_insert(
	struct pv_db *db, const struct pv_organization_row *row, struct pv_error *error)
{
	static const char sql[] =
		"INSERT INTO organization (id, slug, kind, name, colour, timezone, language,"
		" paused_at, paused_why, switches, journal, version, created_at)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
	return pv_db_exec(db, sql,
		PV_PARAMS(PV_TEXT(row->id), PV_TEXT(row->slug), PV_TEXT(row->kind),
			PV_TEXT(row->name), PV_TEXT(row->colour), PV_TEXT(row->timezone),
			PV_TEXT(row->language), PV_TIME(row->paused_at_us),
			PV_TEXT(row->paused_why), PV_TEXT(row->switches), PV_TEXT(row->journal),
			PV_INT(row->version), PV_INT(row->created_at_us)),
		NULL, error);
}

static enum pv_status find(struct pv_db *db, TALLOC_CTX *mem, const char *sql, const char *value,
	struct pv_organization_row *out, struct pv_error *error)
{
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_first(db, sql, PV_PARAMS(PV_TEXT(value)), &rows, error);
	if (status == PV_NOT_FOUND)
		return pv_fail(error, PV_NOT_FOUND, "Il n'y a pas d'organisation de ce nom ici.",
			"There is no such organisation here.");
	if (status != PV_OK)
		return status;
	struct pv_organization_row row;
	pv_organization_read(rows, mem, 0, &row);
	status = pv_rows_end(rows, error);
	if (status == PV_OK)
		*out = row;
	return status;
}

enum pv_status pv_organization_find(struct pv_db *db, TALLOC_CTX *mem, const char *id,
	struct pv_organization_row *out, struct pv_error *error)
{
	static const char sql[] = "SELECT " COLUMNS " FROM organization WHERE id = $1";
	return find(db, mem, sql, id, out, error);
}

enum pv_status pv_organization_find_slug(struct pv_db *db, TALLOC_CTX *mem, const char *slug,
	struct pv_organization_row *out, struct pv_error *error)
{
	static const char sql[] = "SELECT " COLUMNS " FROM organization WHERE slug = $1";
	return find(db, mem, sql, slug, out, error);
}

static void read_first(struct pv_rows *rows, TALLOC_CTX *mem, struct pv_organization_row *out)
{
	pv_organization_read(rows, mem, 0, out);
}

enum pv_status pv_organization_list(struct pv_db *db, TALLOC_CTX *mem,
	struct pv_organization_row **out, size_t *out_n, struct pv_error *error)
{
	static const char sql[] = "SELECT " COLUMNS " FROM organization ORDER BY kind, slug";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_query(db, sql, PV_NO_PARAMS, &rows, error);
	if (status != PV_OK)
		return status;
	PV_LIST_READ(rows, mem, read_first, out, out_n, error);
}

enum pv_status pv_organization_update(
	struct pv_db *db, const struct pv_organization_row *row, struct pv_error *error)
{
	static const char sql[] =
		"UPDATE organization SET name = $1, colour = $2, timezone = $3, language = $4,"
		" paused_at = $5, paused_why = $6, switches = $7, journal = $8,"
		" version = version + 1 WHERE id = $9 AND version = $10";
	int64_t changed = 0;
	enum pv_status status = pv_db_exec(db, sql,
		PV_PARAMS(PV_TEXT(row->name), PV_TEXT(row->colour), PV_TEXT(row->timezone),
			PV_TEXT(row->language), PV_TIME(row->paused_at_us),
			PV_TEXT(row->paused_why), PV_TEXT(row->switches), PV_TEXT(row->journal),
			PV_TEXT(row->id), PV_INT(row->version)),
		&changed, error);
	if (status == PV_OK && changed == 0)
		return pv_fail(error, PV_CONFLICT,
			"Cette organisation a été changée entre-temps; relisez-la.",
			"This organisation was changed meanwhile; read it again.");
	return status;
}

enum pv_status pv_organization_slug_taken(
	struct pv_db *db, const char *slug, bool *out, struct pv_error *error)
{
	static const char sql[] = "SELECT COUNT(*) FROM organization WHERE slug = $1";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_first(db, sql, PV_PARAMS(PV_TEXT(slug)), &rows, error);
	if (status == PV_OK)
		*out = pv_row_int(rows, 0) > 0;
	return status;
}
