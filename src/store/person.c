/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/person.h"
#include "store/list.h"
#include "store/organization_read.h"

#define COLUMNS PV_PERSON_COLUMNS("")

void pv_person_read(struct pv_rows *rows, TALLOC_CTX *mem, int at, struct pv_person_row *out)
{
	*out = (struct pv_person_row){
		.id = pv_row_copy(rows, mem, at),
		.slug = pv_row_copy(rows, mem, at + 1),
		.login = pv_row_copy(rows, mem, at + 2),
		.name = pv_row_copy(rows, mem, at + 3),
		.password = pv_row_copy(rows, mem, at + 4),
		.language = pv_row_copy(rows, mem, at + 5),
		.theme = pv_row_copy(rows, mem, at + 6),
		.home_id = pv_row_copy(rows, mem, at + 7),
		.disabled_at_us = pv_row_time(rows, at + 8),
		.created_at_us = pv_row_int(rows, at + 9),
	};
}

enum pv_status pv_person_insert(
	struct pv_db *db, const struct pv_person_row *row, struct pv_error *error)
{
	static const char sql[] =
		"INSERT INTO person (id, slug, login, name, password, language, theme, home_id,"
		" disabled_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
	return pv_db_exec(db, sql,
		PV_PARAMS(PV_TEXT(row->id), PV_TEXT(row->slug), PV_TEXT(row->login),
			PV_TEXT(row->name), PV_TEXT(row->password), PV_TEXT(row->language),
			PV_TEXT(row->theme), PV_TEXT(row->home_id), PV_TIME(row->disabled_at_us),
			PV_INT(row->created_at_us)),
		NULL, error);
}

static enum pv_status find(struct pv_db *db, TALLOC_CTX *mem, const char *sql, const char *value,
	struct pv_person_row *out, struct pv_error *error)
{
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_first(db, sql, PV_PARAMS(PV_TEXT(value)), &rows, error);
	if (status == PV_NOT_FOUND)
		return pv_fail(error, PV_NOT_FOUND, "Il n'y a pas de personne de ce nom ici.",
			"There is no such person here.");
	if (status != PV_OK)
		return status;
	struct pv_person_row row;
	pv_person_read(rows, mem, 0, &row);
	status = pv_rows_end(rows, error);
	if (status == PV_OK)
		*out = row;
	return status;
}

enum pv_status pv_person_find(struct pv_db *db, TALLOC_CTX *mem, const char *id,
	struct pv_person_row *out, struct pv_error *error)
{
	static const char sql[] = "SELECT " COLUMNS " FROM person WHERE id = $1";
	return find(db, mem, sql, id, out, error);
}

enum pv_status pv_person_find_login(struct pv_db *db, TALLOC_CTX *mem, const char *login,
	struct pv_person_row *out, struct pv_error *error)
{
	static const char sql[] = "SELECT " COLUMNS " FROM person WHERE login = $1";
	return find(db, mem, sql, login, out, error);
}

enum pv_status pv_person_find_slug(struct pv_db *db, TALLOC_CTX *mem, const char *slug,
	struct pv_person_row *out, struct pv_error *error)
{
	static const char sql[] = "SELECT " COLUMNS " FROM person WHERE slug = $1";
	return find(db, mem, sql, slug, out, error);
}

static void read_first(struct pv_rows *rows, TALLOC_CTX *mem, struct pv_person_row *out)
{
	pv_person_read(rows, mem, 0, out);
}

enum pv_status pv_person_list(struct pv_db *db, TALLOC_CTX *mem, struct pv_person_row **out,
	size_t *out_n, struct pv_error *error)
{
	static const char sql[] = "SELECT " COLUMNS " FROM person ORDER BY slug";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_query(db, sql, PV_NO_PARAMS, &rows, error);
	if (status != PV_OK)
		return status;
	PV_LIST_READ(rows, mem, read_first, out, out_n, error);
}

static enum pv_status count(struct pv_db *db, const char *sql, const struct pv_param *params,
	size_t n, int64_t *out, struct pv_error *error)
{
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_first(db, sql, params, n, &rows, error);
	if (status == PV_OK)
		*out = pv_row_int(rows, 0);
	return status;
}

enum pv_status pv_person_count(struct pv_db *db, int64_t *out, struct pv_error *error)
{
	return count(db, "SELECT COUNT(*) FROM person", PV_NO_PARAMS, out, error);
}

enum pv_status pv_person_update(
	struct pv_db *db, const struct pv_person_row *row, struct pv_error *error)
{
	static const char sql[] = "UPDATE person SET name = $1, language = $2, theme = $3,"
				  " password = $4, disabled_at = $5 WHERE id = $6";
	return pv_db_exec(db, sql,
		PV_PARAMS(PV_TEXT(row->name), PV_TEXT(row->language), PV_TEXT(row->theme),
			PV_TEXT(row->password), PV_TIME(row->disabled_at_us), PV_TEXT(row->id)),
		NULL, error);
}

enum pv_status pv_person_slug_taken(
	struct pv_db *db, const char *slug, bool *out, struct pv_error *error)
{
	int64_t n = 0;
	enum pv_status status = count(db, "SELECT COUNT(*) FROM person WHERE slug = $1",
		PV_PARAMS(PV_TEXT(slug)), &n, error);
	if (status == PV_OK)
		*out = n > 0;
	return status;
}
