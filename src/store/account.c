/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/account.h"
#include "store/list.h"

/* SQLite knows no alias in RETURNING: there the bare names stand. */
#define FIELDS(of)                                                                               \
	of "id, " of "organization_id, " of "slug, " of "network, " of "stance, " of "name, " of \
	   "handle, " of "server, " of "remote_id, " of "secrets, " of "settings, " of           \
	   "state, " of "state_why, " of "checked_at, " of "cursor, " of "listen_at, " of        \
	   "version, " of "created_at"
#define COLUMNS FIELDS("a.")

static void read_account(struct pv_rows *rows, TALLOC_CTX *mem, struct pv_account_row *out)
{
	*out = (struct pv_account_row){
		.id = pv_row_copy(rows, mem, 0),
		.organization_id = pv_row_copy(rows, mem, 1),
		.slug = pv_row_copy(rows, mem, 2),
		.network = pv_row_copy(rows, mem, 3),
		.stance = pv_row_copy(rows, mem, 4),
		.name = pv_row_copy(rows, mem, 5),
		.handle = pv_row_copy(rows, mem, 6),
		.server = pv_row_copy(rows, mem, 7),
		.remote_id = pv_row_copy(rows, mem, 8),
		.secrets = pv_row_copy(rows, mem, 9),
		.settings = pv_row_copy(rows, mem, 10),
		.state = pv_row_copy(rows, mem, 11),
		.state_why = pv_row_copy(rows, mem, 12),
		.checked_at_us = pv_row_time(rows, 13),
		.cursor = pv_row_copy(rows, mem, 14),
		.listen_at_us = pv_row_int(rows, 15),
		.version = pv_row_int(rows, 16),
		.created_at_us = pv_row_int(rows, 17),
	};
}

enum pv_status pv_account_insert(
	struct pv_db *db, const struct pv_account_row *row, struct pv_error *error)
{
	static const char sql[] =
		"INSERT INTO account (id, organization_id, slug, network, stance, name, handle,"
		" server, remote_id, secrets, settings, state, state_why, checked_at, cursor,"
		" listen_at, version, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9,"
		" $10, $11, $12, $13, $14, $15, $16, $17, $18)";
	return pv_db_exec(db, sql,
		PV_PARAMS(PV_TEXT(row->id), PV_TEXT(row->organization_id), PV_TEXT(row->slug),
			PV_TEXT(row->network), PV_TEXT(row->stance), PV_TEXT(row->name),
			PV_TEXT(row->handle), PV_TEXT(row->server), PV_TEXT(row->remote_id),
			PV_TEXT(row->secrets), PV_TEXT(row->settings), PV_TEXT(row->state),
			PV_TEXT(row->state_why), PV_TIME(row->checked_at_us), PV_TEXT(row->cursor),
			PV_INT(row->listen_at_us), PV_INT(row->version),
			PV_INT(row->created_at_us)),
		NULL, error);
}

static enum pv_status find(struct pv_db *db, TALLOC_CTX *mem, const char *sql,
	const struct pv_param *params, size_t n, struct pv_account_row *out, struct pv_error *error)
{
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_first(db, sql, params, n, &rows, error);
	if (status == PV_NOT_FOUND)
		return pv_fail(error, PV_NOT_FOUND, "Il n'y a pas de tel compte.",
			"There is no such account.");
	if (status != PV_OK)
		return status;
	struct pv_account_row row;
	read_account(rows, mem, &row);
	status = pv_rows_end(rows, error);
	if (status == PV_OK)
		*out = row;
	return status;
}

enum pv_status pv_account_find(struct pv_db *db, TALLOC_CTX *mem, const char *id,
	struct pv_account_row *out, struct pv_error *error)
{
	return find(db, mem, "SELECT " COLUMNS " FROM account a WHERE a.id = $1",
		PV_PARAMS(PV_TEXT(id)), out, error);
}

enum pv_status pv_account_find_slug(struct pv_db *db, TALLOC_CTX *mem, const char *organization_id,
	const char *slug, struct pv_account_row *out, struct pv_error *error)
{
	return find(db, mem,
		"SELECT " COLUMNS " FROM account a WHERE a.organization_id = $1 AND a.slug = $2",
		PV_PARAMS(PV_TEXT(organization_id), PV_TEXT(slug)), out, error);
}

enum pv_status pv_account_find_twin(struct pv_db *db, TALLOC_CTX *mem,
	const struct pv_account_row *row, struct pv_account_row *out, struct pv_error *error)
{
	static const char sql[] =
		"SELECT " COLUMNS " FROM account a WHERE a.network = $1 AND a.remote_id = $2"
		" AND a.state <> 'removed' AND a.id <> $3"
		" AND (a.server = $4 OR a.remote_id LIKE 'did:%')"
		" AND (a.remote_id <> '' OR a.organization_id = $5)"
		" ORDER BY CASE WHEN a.organization_id = $5 THEN 0 ELSE 1 END, a.id LIMIT 1";
	struct pv_error lost = PV_ERROR_IN(mem);
	enum pv_status status = find(db, mem, sql,
		PV_PARAMS(PV_TEXT(row->network), PV_TEXT(row->remote_id), PV_TEXT(row->id),
			PV_TEXT(row->server), PV_TEXT(row->organization_id)),
		out, &lost);
	if (status != PV_OK && status != PV_NOT_FOUND && error)
		*error = lost;
	return status;
}

enum pv_status pv_account_list(struct pv_db *db, TALLOC_CTX *mem, const char *organization_id,
	const char *person_id, struct pv_account_row **out, size_t *out_n, struct pv_error *error)
{
	static const char sql[] =
		"SELECT " COLUMNS " FROM account a JOIN organization o ON o.id = a.organization_id"
		" WHERE (CAST($1 AS TEXT) IS NULL OR a.organization_id = $1)"
		" AND (CAST($2 AS TEXT) IS NULL OR a.organization_id IN"
		" (SELECT m.organization_id FROM membership m WHERE m.person_id = $2))"
		" ORDER BY o.kind, o.name, a.organization_id, a.slug";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_query(
		db, sql, PV_PARAMS(PV_TEXT(organization_id), PV_TEXT(person_id)), &rows, error);
	if (status != PV_OK)
		return status;
	PV_LIST_READ(rows, mem, read_account, out, out_n, error);
}

enum pv_status pv_account_update(
	struct pv_db *db, const struct pv_account_row *row, struct pv_error *error)
{
	static const char sql[] =
		"UPDATE account SET slug = $1, stance = $2, name = $3, handle = $4, server = $5,"
		" remote_id = $6, secrets = $7, settings = $8, state = $9, state_why = $10,"
		" checked_at = $11, version = version + 1"
		" WHERE id = $12 AND organization_id = $13 AND version = $14";
	int64_t changed = 0;
	enum pv_status status = pv_db_exec(db, sql,
		PV_PARAMS(PV_TEXT(row->slug), PV_TEXT(row->stance), PV_TEXT(row->name),
			PV_TEXT(row->handle), PV_TEXT(row->server), PV_TEXT(row->remote_id),
			PV_TEXT(row->secrets), PV_TEXT(row->settings), PV_TEXT(row->state),
			PV_TEXT(row->state_why), PV_TIME(row->checked_at_us), PV_TEXT(row->id),
			PV_TEXT(row->organization_id), PV_INT(row->version)),
		&changed, error);
	if (status == PV_OK && changed == 0)
		return pv_fail(error, PV_CONFLICT,
			"Ce compte a été changé entre-temps; relisez-le.",
			"This account was changed meanwhile; read it again.");
	return status;
}

enum pv_status pv_account_secrets(struct pv_db *db, const char *id, const char *organization_id,
	const char *sealed, struct pv_error *error)
{
	static const char sql[] = "UPDATE account SET secrets = $1 WHERE id = $2"
				  " AND organization_id = $3 AND state <> 'removed'";
	int64_t changed = 0;
	enum pv_status status = pv_db_exec(db, sql,
		PV_PARAMS(PV_TEXT(sealed), PV_TEXT(id), PV_TEXT(organization_id)), &changed, error);
	if (status == PV_OK && changed == 0)
		return pv_fail(error, PV_NOT_FOUND, "Il n'y a pas de tel compte.",
			"There is no such account.");
	return status;
}

enum pv_status pv_account_listened(struct pv_db *db, const char *id, const char *organization_id,
	const char *cursor, int64_t listen_at_us, struct pv_error *error)
{
	static const char sql[] = "UPDATE account SET cursor = $1, listen_at = $2 WHERE id = $3"
				  " AND organization_id = $4";
	return pv_db_exec(db, sql,
		PV_PARAMS(PV_TEXT(cursor), PV_INT(listen_at_us), PV_TEXT(id),
			PV_TEXT(organization_id)),
		NULL, error);
}

enum pv_status pv_account_claim_listen(struct pv_db *db, TALLOC_CTX *mem, int64_t now_us,
	int64_t lease_until_us, int most, struct pv_account_row **out, size_t *out_n,
	struct pv_error *error)
{
	static const char sql[] =
		"UPDATE account SET listen_at = $1 WHERE id IN"
		" (SELECT b.id FROM account b WHERE b.state = 'connected' AND b.listen_at <= $2"
		" ORDER BY b.listen_at, b.id LIMIT $3)"
		" AND state = 'connected' AND listen_at <= $2 RETURNING " FIELDS("");
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_query(db, sql,
		PV_PARAMS(PV_INT(lease_until_us), PV_INT(now_us), PV_INT(most)), &rows, error);
	if (status != PV_OK)
		return status;
	PV_LIST_READ(rows, mem, read_account, out, out_n, error);
}
