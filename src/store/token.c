/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/token.h"
#include "store/list.h"
#include "store/organization_read.h"

#define COLUMNS                                                                           \
	"t.id, t.digest, t.kind, t.person_id, t.name, t.scopes, t.created_at, t.used_at," \
	" t.expires_at, t.revoked_at"
enum { WIDTH = 10 };

static void read_token(struct pv_rows *rows, TALLOC_CTX *mem, struct pv_token_row *out)
{
	*out = (struct pv_token_row){
		.id = pv_row_copy(rows, mem, 0),
		.digest = pv_row_copy(rows, mem, 1),
		.kind = pv_row_copy(rows, mem, 2),
		.person_id = pv_row_copy(rows, mem, 3),
		.name = pv_row_copy(rows, mem, 4),
		.scopes = pv_row_copy(rows, mem, 5),
		.created_at_us = pv_row_int(rows, 6),
		.used_at_us = pv_row_time(rows, 7),
		.expires_at_us = pv_row_time(rows, 8),
		.revoked_at_us = pv_row_time(rows, 9),
	};
}

enum pv_status pv_token_insert(
	struct pv_db *db, const struct pv_token_row *row, struct pv_error *error)
{
	static const char sql[] =
		"INSERT INTO token (id, digest, kind, person_id, name, scopes, created_at, used_at,"
		" expires_at, revoked_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
	return pv_db_exec(db, sql,
		PV_PARAMS(PV_TEXT(row->id), PV_TEXT(row->digest), PV_TEXT(row->kind),
			PV_TEXT(row->person_id), PV_TEXT(row->name), PV_TEXT(row->scopes),
			PV_INT(row->created_at_us), PV_TIME(row->used_at_us),
			PV_TIME(row->expires_at_us), PV_TIME(row->revoked_at_us)),
		NULL, error);
}

enum pv_status pv_token_find(struct pv_db *db, TALLOC_CTX *mem, const char *kind,
	const char *digest, int64_t now_us, struct pv_token_row *out,
	struct pv_person_row *out_person, struct pv_error *error)
{
	static const char sql[] = "SELECT " COLUMNS ", " PV_PERSON_COLUMNS(
		"p.") " FROM token t LEFT JOIN person p ON p.id = t.person_id"
		      " WHERE t.digest = $1 AND t.kind = $2 AND t.revoked_at IS NULL"
		      " AND (t.expires_at IS NULL OR t.expires_at > $3)"
		      " AND (t.kind = 'api' OR t.used_at IS NULL) AND p.disabled_at IS NULL";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_first(
		db, sql, PV_PARAMS(PV_TEXT(digest), PV_TEXT(kind), PV_INT(now_us)), &rows, error);
	if (status != PV_OK)
		return status;
	struct pv_token_row row;
	struct pv_person_row person;
	read_token(rows, mem, &row);
	pv_person_read(rows, mem, WIDTH, &person);
	status = pv_rows_end(rows, error);
	if (status == PV_OK) {
		*out = row;
		if (out_person)
			*out_person = person;
	}
	return status;
}

enum pv_status pv_token_list(struct pv_db *db, TALLOC_CTX *mem, const char *person_id,
	struct pv_token_row **out, size_t *out_n, struct pv_error *error)
{
	static const char sql[] = "SELECT " COLUMNS " FROM token t WHERE t.person_id = $1"
				  " AND t.kind = 'api' AND t.revoked_at IS NULL ORDER BY t.id DESC";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_query(db, sql, PV_PARAMS(PV_TEXT(person_id)), &rows, error);
	if (status != PV_OK)
		return status;
	PV_LIST_READ(rows, mem, read_token, out, out_n, error);
}

enum pv_status pv_token_used(
	struct pv_db *db, const char *id, int64_t at_us, struct pv_error *error)
{
	return pv_db_exec(db, "UPDATE token SET used_at = $1 WHERE id = $2",
		PV_PARAMS(PV_INT(at_us), PV_TEXT(id)), NULL, error);
}

enum pv_status pv_token_revoke(struct pv_db *db, const char *person_id, const char *id,
	int64_t at_us, struct pv_error *error)
{
	static const char sql[] = "UPDATE token SET revoked_at = $1 WHERE id = $2"
				  " AND person_id = $3 AND revoked_at IS NULL";
	int64_t changed = 0;
	enum pv_status status = pv_db_exec(db, sql,
		PV_PARAMS(PV_INT(at_us), PV_TEXT(id), PV_TEXT(person_id)), &changed, error);
	if (status == PV_OK && changed == 0)
		return pv_fail(error, PV_NOT_FOUND, "Il n'y a pas de tel jeton.",
			"There is no such token.");
	return status;
}

enum pv_status pv_token_revoke_kind(struct pv_db *db, const char *kind, const char *person_id,
	int64_t at_us, struct pv_error *error)
{
	static const char sql[] =
		"UPDATE token SET revoked_at = $1 WHERE kind = $2 AND revoked_at IS NULL"
		" AND used_at IS NULL"
		" AND (person_id = $3 OR (CAST($3 AS TEXT) IS NULL AND person_id IS NULL))";
	static const char api[] = "UPDATE token SET revoked_at = $1 WHERE kind = $2"
				  " AND revoked_at IS NULL AND person_id = $3";
	/* API tokens are used more than once: a used one is revoked too. */
	bool of_person = person_id && kind[0] == 'a';
	return pv_db_exec(db, of_person ? api : sql,
		PV_PARAMS(PV_INT(at_us), PV_TEXT(kind), PV_TEXT(person_id)), NULL, error);
}
