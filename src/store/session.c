/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/session.h"
#include "store/list.h"
#include "store/organization_read.h"

#define COLUMNS \
	"s.digest, s.person_id, s.csrf, s.agent, s.address, s.created_at, s.seen_at, s.expires_at"
enum { WIDTH = 8 };

static void read_session(struct pv_rows *rows, TALLOC_CTX *mem, struct pv_session_row *out)
{
	*out = (struct pv_session_row){
		.digest = pv_row_copy(rows, mem, 0),
		.person_id = pv_row_copy(rows, mem, 1),
		.csrf = pv_row_copy(rows, mem, 2),
		.agent = pv_row_copy(rows, mem, 3),
		.address = pv_row_copy(rows, mem, 4),
		.created_at_us = pv_row_int(rows, 5),
		.seen_at_us = pv_row_int(rows, 6),
		.expires_at_us = pv_row_int(rows, 7),
	};
}

enum pv_status pv_session_insert(
	struct pv_db *db, const struct pv_session_row *row, struct pv_error *error)
{
	static const char sql[] =
		"INSERT INTO session (digest, person_id, csrf, agent, address, created_at, seen_at,"
		" expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
	return pv_db_exec(db, sql,
		PV_PARAMS(PV_TEXT(row->digest), PV_TEXT(row->person_id), PV_TEXT(row->csrf),
			PV_TEXT(row->agent), PV_TEXT(row->address), PV_INT(row->created_at_us),
			PV_INT(row->seen_at_us), PV_INT(row->expires_at_us)),
		NULL, error);
}

enum pv_status pv_session_find(struct pv_db *db, TALLOC_CTX *mem, const char *digest,
	int64_t now_us, struct pv_session_row *out, struct pv_person_row *out_person,
	struct pv_error *error)
{
	static const char sql[] = "SELECT " COLUMNS ", " PV_PERSON_COLUMNS(
		"p.") " FROM session s JOIN person p ON p.id = s.person_id"
		      " WHERE s.digest = $1 AND s.expires_at > $2 AND p.disabled_at IS NULL";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status =
		pv_db_first(db, sql, PV_PARAMS(PV_TEXT(digest), PV_INT(now_us)), &rows, error);
	if (status != PV_OK)
		return status;
	struct pv_session_row row;
	struct pv_person_row person;
	read_session(rows, mem, &row);
	pv_person_read(rows, mem, WIDTH, &person);
	status = pv_rows_end(rows, error);
	if (status == PV_OK) {
		*out = row;
		*out_person = person;
	}
	return status;
}

enum pv_status pv_session_touch(struct pv_db *db, const char *digest, int64_t seen_at_us,
	int64_t expires_at_us, struct pv_error *error)
{
	static const char sql[] =
		"UPDATE session SET seen_at = $1, expires_at = $2 WHERE digest = $3";
	return pv_db_exec(db, sql,
		PV_PARAMS(PV_INT(seen_at_us), PV_INT(expires_at_us), PV_TEXT(digest)), NULL, error);
}

enum pv_status pv_session_list(struct pv_db *db, TALLOC_CTX *mem, const char *person_id,
	int64_t now_us, struct pv_session_row **out, size_t *out_n, struct pv_error *error)
{
	static const char sql[] = "SELECT " COLUMNS " FROM session s"
				  " WHERE s.person_id = $1 AND s.expires_at > $2"
				  " ORDER BY s.seen_at DESC, s.digest";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status =
		pv_db_query(db, sql, PV_PARAMS(PV_TEXT(person_id), PV_INT(now_us)), &rows, error);
	if (status != PV_OK)
		return status;
	PV_LIST_READ(rows, mem, read_session, out, out_n, error);
}

enum pv_status pv_session_delete(struct pv_db *db, const char *person_id, const char *digest,
	int64_t *out_deleted, struct pv_error *error)
{
	static const char sql[] = "DELETE FROM session WHERE person_id = $1 AND digest = $2";
	return pv_db_exec(
		db, sql, PV_PARAMS(PV_TEXT(person_id), PV_TEXT(digest)), out_deleted, error);
}

enum pv_status pv_session_delete_others(
	struct pv_db *db, const char *person_id, const char *kept_digest, struct pv_error *error)
{
	static const char sql[] = "DELETE FROM session WHERE person_id = $1 AND digest <> $2";
	return pv_db_exec(db, sql,
		PV_PARAMS(PV_TEXT(person_id), PV_TEXT(kept_digest ? kept_digest : "")), NULL,
		error);
}

enum pv_status pv_session_sweep(struct pv_db *db, int64_t now_us, struct pv_error *error)
{
	return pv_db_exec(db, "DELETE FROM session WHERE expires_at <= $1",
		PV_PARAMS(PV_INT(now_us)), NULL, error);
}
