/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/conversation.h"
#include "store/list.h"

#define COLUMNS                                                                              \
	"SELECT id, organization_id, conversation_id, account_id, remote_id, remote_digest," \
	" parent_remote, direction, author_name, author_handle, url, text, language, state," \
	" publication_id, said_at, seen_at FROM message"

static void read_row(struct pv_rows *rows, TALLOC_CTX *mem, struct pv_message_row *row)
{
	*row = (struct pv_message_row){
		.id = pv_row_copy(rows, mem, 0),
		.organization_id = pv_row_copy(rows, mem, 1),
		.conversation_id = pv_row_copy(rows, mem, 2),
		.account_id = pv_row_copy(rows, mem, 3),
		.remote_id = pv_row_copy(rows, mem, 4),
		.remote_digest = pv_row_copy(rows, mem, 5),
		.parent_remote = pv_row_copy(rows, mem, 6),
		.direction = pv_row_copy(rows, mem, 7),
		.author_name = pv_row_copy(rows, mem, 8),
		.author_handle = pv_row_copy(rows, mem, 9),
		.url = pv_row_copy(rows, mem, 10),
		.text = pv_row_copy(rows, mem, 11),
		.language = pv_row_copy(rows, mem, 12),
		.state = pv_row_copy(rows, mem, 13),
		.publication_id = pv_row_copy(rows, mem, 14),
		.said_at_us = pv_row_time(rows, 15),
		.seen_at_us = pv_row_time(rows, 16),
	};
}

enum pv_status pv_message_keep(
	struct pv_db *db, const struct pv_message_row *row, bool *out_new, struct pv_error *error)
{
	static const char sql[] =
		"INSERT INTO message (id, organization_id, conversation_id, account_id, remote_id,"
		" remote_digest, parent_remote, direction, author_name, author_handle, url, text,"
		" language, state, publication_id, said_at, seen_at)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,"
		" $17) ON CONFLICT (account_id, remote_digest) DO NOTHING";
	int64_t changed;
	enum pv_status status = pv_db_exec(db, sql,
		PV_PARAMS(PV_TEXT(row->id), PV_TEXT(row->organization_id),
			PV_TEXT(row->conversation_id), PV_TEXT(row->account_id),
			PV_TEXT(row->remote_id), PV_TEXT(row->remote_digest),
			PV_TEXT(row->parent_remote), PV_TEXT(row->direction),
			PV_TEXT(row->author_name), PV_TEXT(row->author_handle), PV_TEXT(row->url),
			PV_TEXT(row->text), PV_TEXT(row->language), PV_TEXT(row->state),
			PV_TEXT(row->publication_id), PV_INT(row->said_at_us),
			PV_INT(row->seen_at_us)),
		&changed, error);
	if (status == PV_OK)
		*out_new = changed == 1;
	return status;
}

static enum pv_status find_one(struct pv_db *db, TALLOC_CTX *mem, const char *sql,
	const struct pv_param *params, size_t n, struct pv_message_row *out, struct pv_error *error)
{
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_first(db, sql, params, n, &rows, error);
	if (status != PV_OK)
		return status;
	struct pv_message_row row;
	read_row(rows, mem, &row);
	status = pv_rows_end(rows, error);
	if (status == PV_OK)
		*out = row;
	return status;
}

enum pv_status pv_message_find(struct pv_db *db, TALLOC_CTX *mem, const char *id,
	struct pv_message_row *out, struct pv_error *error)
{
	static const char sql[] = COLUMNS " WHERE id = $1";
	enum pv_status status = find_one(db, mem, sql, PV_PARAMS(PV_TEXT(id)), out, error);
	if (status == PV_NOT_FOUND)
		return pv_fail(error, PV_NOT_FOUND, "Ce message n'existe pas.",
			"There is no such message.");
	return status;
}

enum pv_status pv_message_find_remote(struct pv_db *db, TALLOC_CTX *mem, const char *account_id,
	const char *remote_digest, struct pv_message_row *out, struct pv_error *error)
{
	static const char sql[] = COLUMNS " WHERE account_id = $1 AND remote_digest = $2";
	return find_one(
		db, mem, sql, PV_PARAMS(PV_TEXT(account_id), PV_TEXT(remote_digest)), out, error);
}

enum pv_status pv_message_list(struct pv_db *db, TALLOC_CTX *mem, const char *conversation_id,
	const char *state, int limit, struct pv_message_row **out, size_t *out_n,
	struct pv_error *error)
{
	static const char sql[] =
		COLUMNS " WHERE conversation_id = $1 AND (CAST($2 AS TEXT) IS NULL OR state = $2)"
			" ORDER BY said_at, id LIMIT $3";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_query(db, sql,
		PV_PARAMS(PV_TEXT(conversation_id), PV_TEXT(state), PV_INT(limit)), &rows, error);
	if (status != PV_OK)
		return status;
	PV_LIST_READ(rows, mem, read_row, out, out_n, error);
}

enum pv_status pv_message_set_state(struct pv_db *db, const char *id, const char *organization_id,
	const char *state, struct pv_error *error)
{
	static const char sql[] =
		"UPDATE message SET state = $1 WHERE id = $2 AND organization_id = $3";
	return pv_db_exec(db, sql, PV_PARAMS(PV_TEXT(state), PV_TEXT(id), PV_TEXT(organization_id)),
		NULL, error);
}
