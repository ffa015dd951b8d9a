/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/conversation.h"

#include "store/list.h"

#define COLUMNS                                                                                   \
	"SELECT c.id, c.organization_id, c.account_id, c.publication_id, c.remote_root,"          \
	" c.root_digest, c.state, c.unread, c.assigned_to, c.last_at, c.created_at, a.slug, "     \
	"a.name,"                                                                                 \
	" a.network, o.slug, o.name, o.colour, w.slug, w.name, v.text, p.permalink,"              \
	" (SELECT m.author_name FROM message m WHERE m.conversation_id = c.id"                    \
	" AND m.direction = 'in' ORDER BY m.said_at DESC, m.id DESC LIMIT 1),"                    \
	" (SELECT m.text FROM message m WHERE m.conversation_id = c.id"                           \
	" AND m.direction = 'in' ORDER BY m.said_at DESC, m.id DESC LIMIT 1) FROM conversation c" \
	" JOIN account a ON a.id = c.account_id JOIN organization o ON o.id = c.organization_id"  \
	" LEFT JOIN person w ON w.id = c.assigned_to"                                             \
	" LEFT JOIN publication p ON p.id = c.publication_id"                                     \
	" LEFT JOIN variant v ON v.id = p.variant_id"

static const char *text_or_empty(struct pv_rows *rows, TALLOC_CTX *mem, int column)
{
	return pv_row_null(rows, column) ? "" : pv_row_copy(rows, mem, column);
}

static void read_row(struct pv_rows *rows, TALLOC_CTX *mem, struct pv_conversation_row *row)
{
	*row = (struct pv_conversation_row){
		.id = pv_row_copy(rows, mem, 0),
		.organization_id = pv_row_copy(rows, mem, 1),
		.account_id = pv_row_copy(rows, mem, 2),
		.publication_id = pv_row_copy(rows, mem, 3),
		.remote_root = pv_row_copy(rows, mem, 4),
		.root_digest = pv_row_copy(rows, mem, 5),
		.state = pv_row_copy(rows, mem, 6),
		.unread = pv_row_int(rows, 7),
		.assigned_to = pv_row_copy(rows, mem, 8),
		.last_at_us = pv_row_time(rows, 9),
		.created_at_us = pv_row_time(rows, 10),
		.account_slug = pv_row_copy(rows, mem, 11),
		.account_name = pv_row_copy(rows, mem, 12),
		.account_network = pv_row_copy(rows, mem, 13),
		.organization_slug = pv_row_copy(rows, mem, 14),
		.organization_name = pv_row_copy(rows, mem, 15),
		.organization_colour = pv_row_copy(rows, mem, 16),
		.assigned_slug = pv_row_copy(rows, mem, 17),
		.assigned_name = pv_row_copy(rows, mem, 18),
		.post_text = text_or_empty(rows, mem, 19),
		.permalink = text_or_empty(rows, mem, 20),
		.last_author = text_or_empty(rows, mem, 21),
		.last_text = text_or_empty(rows, mem, 22),
	};
}

static enum pv_status find_one(struct pv_db *db, TALLOC_CTX *mem, const char *sql,
	const struct pv_param *params, size_t n, struct pv_conversation_row *out,
	struct pv_error *error)
{
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_first(db, sql, params, n, &rows, error);
	if (status == PV_NOT_FOUND)
		return pv_fail(error, PV_NOT_FOUND, "Cette conversation n'existe pas.",
			"There is no such conversation.");
	if (status != PV_OK)
		return status;
	struct pv_conversation_row row;
	read_row(rows, mem, &row);
	status = pv_rows_end(rows, error);
	if (status == PV_OK)
		*out = row;
	return status;
}

enum pv_status pv_conversation_ensure(struct pv_db *db, TALLOC_CTX *mem,
	const struct pv_conversation_row *row, struct pv_conversation_row *out,
	struct pv_error *error)
{
	static const char insert[] =
		"INSERT INTO conversation (id, organization_id, account_id, publication_id,"
		" remote_root, root_digest, state, unread, assigned_to, last_at, created_at)"
		" VALUES ($1, $2, $3, $4, $5, $6, 'open', 0, NULL, $7, $8)"
		" ON CONFLICT (account_id, root_digest) DO NOTHING";
	static const char find[] = COLUMNS " WHERE c.account_id = $1 AND c.root_digest = $2";
	enum pv_status status = pv_db_exec(db, insert,
		PV_PARAMS(PV_TEXT(row->id), PV_TEXT(row->organization_id), PV_TEXT(row->account_id),
			PV_TEXT(row->publication_id), PV_TEXT(row->remote_root),
			PV_TEXT(row->root_digest), PV_INT(row->last_at_us),
			PV_INT(row->created_at_us)),
		NULL, error);
	if (status != PV_OK)
		return status;
	return find_one(db, mem, find,
		PV_PARAMS(PV_TEXT(row->account_id), PV_TEXT(row->root_digest)), out, error);
}

enum pv_status pv_conversation_find(struct pv_db *db, TALLOC_CTX *mem, const char *id,
	struct pv_conversation_row *out, struct pv_error *error)
{
	static const char sql[] = COLUMNS " WHERE c.id = $1";
	return find_one(db, mem, sql, PV_PARAMS(PV_TEXT(id)), out, error);
}

enum pv_status pv_conversation_find_root(struct pv_db *db, TALLOC_CTX *mem, const char *account_id,
	const char *root_digest, struct pv_conversation_row *out, struct pv_error *error)
{
	static const char sql[] = COLUMNS " WHERE c.account_id = $1 AND c.root_digest = $2";
	return find_one(
		db, mem, sql, PV_PARAMS(PV_TEXT(account_id), PV_TEXT(root_digest)), out, error);
}

enum pv_status pv_conversation_list(struct pv_db *db, TALLOC_CTX *mem,
	const struct pv_conversation_query *query, struct pv_conversation_row **out, size_t *out_n,
	struct pv_error *error)
{
	static const char sql[] =
		COLUMNS " WHERE (CAST($1 AS TEXT) IS NULL OR c.organization_id IN"
			" (SELECT m.organization_id FROM membership m WHERE m.person_id = $1))"
			" AND (CAST($2 AS TEXT) IS NULL OR c.organization_id = $2)"
			" AND (CAST($3 AS TEXT) IS NULL OR c.account_id = $3)"
			" AND (CAST($4 AS TEXT) IS NULL OR c.state = $4) AND c.last_at <= $5"
			" AND (c.last_at < $5 OR c.id < $6)"
			" ORDER BY c.last_at DESC, c.id DESC LIMIT $7";
	int64_t before = query->before_us == PV_TIME_NONE ? INT64_MAX : query->before_us;
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_query(db, sql,
		PV_PARAMS(PV_TEXT(query->member_id), PV_TEXT(query->organization_id),
			PV_TEXT(query->account_id), PV_TEXT(query->state), PV_INT(before),
			PV_TEXT(query->before_id ? query->before_id : ""), PV_INT(query->limit)),
		&rows, error);
	if (status != PV_OK)
		return status;
	PV_LIST_READ(rows, mem, read_row, out, out_n, error);
}

enum pv_status pv_conversation_update(
	struct pv_db *db, const struct pv_conversation_row *row, struct pv_error *error)
{
	static const char sql[] = "UPDATE conversation SET state = $1, unread = $2,"
				  " assigned_to = $3, last_at = $4 WHERE id = $5"
				  " AND organization_id = $6";
	return pv_db_exec(db, sql,
		PV_PARAMS(PV_TEXT(row->state), PV_INT(row->unread), PV_TEXT(row->assigned_to),
			PV_INT(row->last_at_us), PV_TEXT(row->id), PV_TEXT(row->organization_id)),
		NULL, error);
}
