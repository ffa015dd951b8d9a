/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/policy.h"
#include "store/list.h"

#define COLUMNS_WITH(text, kept)                                                              \
	"id, organization_id, version, " text                                                 \
	", digest, state, note, created_by, created_at, adopted_by, adopted_at, effective_at" \
	", edited_at, " kept
#define COLUMNS COLUMNS_WITH("text", "checked, replayed")
/* A text that nobody adopted. */
#define OPEN " state IN ('draft', 'checked', 'replayed')"

static void read_policy(struct pv_rows *rows, TALLOC_CTX *mem, struct pv_policy_row *out)
{
	*out = (struct pv_policy_row){
		.id = pv_row_copy(rows, mem, 0),
		.organization_id = pv_row_copy(rows, mem, 1),
		.version = pv_row_int(rows, 2),
		.text = pv_row_copy(rows, mem, 3),
		.digest = pv_row_copy(rows, mem, 4),
		.state = pv_row_copy(rows, mem, 5),
		.note = pv_row_copy(rows, mem, 6),
		.created_by = pv_row_copy(rows, mem, 7),
		.created_at_us = pv_row_int(rows, 8),
		.adopted_by = pv_row_copy(rows, mem, 9),
		.adopted_at_us = pv_row_time(rows, 10),
		.effective_at_us = pv_row_time(rows, 11),
		.edited_at_us = pv_row_time(rows, 12),
		.checked = pv_row_copy(rows, mem, 13),
		.replayed = pv_row_copy(rows, mem, 14),
	};
}

enum pv_status pv_policy_row_insert(struct pv_db *db, const struct pv_policy_row *row,
	int64_t *out_version, struct pv_error *error)
{
	static const char sql[] =
		"INSERT INTO policy (" COLUMNS ") SELECT $1, $2, COALESCE(MAX(version), 0) + 1,"
		" $3, $4, $5, $6, $7, $8, CAST($9 AS TEXT), CAST($10 AS BIGINT),"
		" CAST($11 AS BIGINT), NULL, '', '' FROM policy WHERE organization_id = $2"
		" RETURNING version";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_first(db, sql,
		PV_PARAMS(PV_TEXT(row->id), PV_TEXT(row->organization_id), PV_TEXT(row->text),
			PV_TEXT(row->digest), PV_TEXT(row->state), PV_TEXT(row->note),
			PV_TEXT(row->created_by), PV_INT(row->created_at_us),
			PV_TEXT(row->adopted_by), PV_TIME(row->adopted_at_us),
			PV_TIME(row->effective_at_us)),
		&rows, error);
	if (status == PV_OK)
		*out_version = pv_row_int(rows, 0);
	return status;
}

static enum pv_status find(struct pv_db *db, TALLOC_CTX *mem, const char *sql,
	const struct pv_param *params, size_t n, struct pv_policy_row *out, struct pv_error *error)
{
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_first(db, sql, params, n, &rows, error);
	if (status != PV_OK)
		return status;
	struct pv_policy_row row;
	read_policy(rows, mem, &row);
	status = pv_rows_end(rows, error);
	if (status == PV_OK)
		*out = row;
	return status;
}

enum pv_status pv_policy_row_find(struct pv_db *db, TALLOC_CTX *mem, const char *id,
	struct pv_policy_row *out, struct pv_error *error)
{
	static const char sql[] = "SELECT " COLUMNS " FROM policy WHERE id = $1";
	enum pv_status status = find(db, mem, sql, PV_PARAMS(PV_TEXT(id)), out, error);
	if (status == PV_NOT_FOUND)
		return pv_fail(error, PV_NOT_FOUND, "Il n'y a pas de telle version de politique.",
			"There is no such version of a policy.");
	return status;
}

enum pv_status pv_policy_row_list(struct pv_db *db, TALLOC_CTX *mem, const char *organization_id,
	bool with_text, struct pv_policy_row **out, size_t *out_n, struct pv_error *error)
{
	static const char full[] =
		"SELECT " COLUMNS " FROM policy WHERE organization_id = $1 ORDER BY version DESC";
	static const char light[] = "SELECT " COLUMNS_WITH(
		"''", "'', ''") " FROM policy WHERE organization_id = $1 ORDER BY version DESC";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_query(
		db, with_text ? full : light, PV_PARAMS(PV_TEXT(organization_id)), &rows, error);
	if (status != PV_OK)
		return status;
	PV_LIST_READ(rows, mem, read_policy, out, out_n, error);
}

enum pv_status pv_policy_row_in_force(struct pv_db *db, TALLOC_CTX *mem,
	const char *organization_id, int64_t at_us, struct pv_policy_row *out,
	struct pv_error *error)
{
	/* The state is a word for people; what was in force then follows from the dates alone. */
	static const char sql[] =
		"SELECT " COLUMNS " FROM policy WHERE organization_id = $1 AND effective_at <= $2"
		" ORDER BY effective_at DESC, adopted_at DESC, version DESC LIMIT 1";
	return find(db, mem, sql, PV_PARAMS(PV_TEXT(organization_id), PV_INT(at_us)), out, error);
}

/* Nothing changed: it is not open any more, or its text is another. */
static enum pv_status settled(enum pv_status status, int64_t changed, struct pv_error *error)
{
	if (status == PV_OK && changed == 0)
		return pv_fail(error, PV_CONFLICT,
			"Cette version a été adoptée, mise de côté ou modifiée entre-temps; "
			"relisez-la.",
			"This version was adopted, set aside or changed meanwhile; read it again.");
	return status;
}

enum pv_status pv_policy_row_edit(
	struct pv_db *db, const struct pv_policy_row *row, const char *seen, struct pv_error *error)
{
	static const char sql[] =
		"UPDATE policy SET text = $1, digest = $2, note = $3, edited_at = $4,"
		" state = $5, checked = $6, replayed = $7 WHERE id = $8 AND organization_id = $9"
		" AND digest = $10 AND" OPEN;
	int64_t changed = 0;
	enum pv_status status = pv_db_exec(db, sql,
		PV_PARAMS(PV_TEXT(row->text), PV_TEXT(row->digest), PV_TEXT(row->note),
			PV_TIME(row->edited_at_us), PV_TEXT(row->state), PV_TEXT(row->checked),
			PV_TEXT(row->replayed), PV_TEXT(row->id), PV_TEXT(row->organization_id),
			PV_TEXT(seen)),
		&changed, error);
	return settled(status, changed, error);
}

enum pv_status pv_policy_row_keep(
	struct pv_db *db, const struct pv_policy_row *row, struct pv_error *error)
{
	static const char sql[] =
		"UPDATE policy SET state = $1, checked = $2, replayed = $3"
		" WHERE id = $4 AND organization_id = $5 AND digest = $6 AND" OPEN;
	int64_t changed = 0;
	enum pv_status status = pv_db_exec(db, sql,
		PV_PARAMS(PV_TEXT(row->state), PV_TEXT(row->checked), PV_TEXT(row->replayed),
			PV_TEXT(row->id), PV_TEXT(row->organization_id), PV_TEXT(row->digest)),
		&changed, error);
	return settled(status, changed, error);
}

enum pv_status pv_policy_row_drop(struct pv_db *db, const char *id, const char *organization_id,
	int64_t now_us, struct pv_error *error)
{
	/* one that was never in force leaves no date behind: the dates say what was */
	static const char sql[] =
		"UPDATE policy SET state = 'dropped', effective_at = NULL WHERE id = $1"
		" AND organization_id = $2 AND (" OPEN
		" OR (state = 'adopted' AND effective_at > $3))";
	int64_t changed = 0;
	enum pv_status status = pv_db_exec(db, sql,
		PV_PARAMS(PV_TEXT(id), PV_TEXT(organization_id), PV_INT(now_us)), &changed, error);
	return settled(status, changed, error);
}

enum pv_status pv_policy_row_adopt(
	struct pv_db *db, const struct pv_policy_row *row, struct pv_error *error)
{
	static const char sql[] =
		"UPDATE policy SET state = 'adopted', adopted_by = $1, adopted_at = $2,"
		" effective_at = $3 WHERE id = $4 AND organization_id = $5 AND digest = $6"
		" AND" OPEN;
	int64_t changed = 0;
	enum pv_status status = pv_db_exec(db, sql,
		PV_PARAMS(PV_TEXT(row->adopted_by), PV_INT(row->adopted_at_us),
			PV_INT(row->effective_at_us), PV_TEXT(row->id),
			PV_TEXT(row->organization_id), PV_TEXT(row->digest)),
		&changed, error);
	return settled(status, changed, error);
}

enum pv_status pv_policy_row_supersede(
	struct pv_db *db, const char *organization_id, int64_t now_us, struct pv_error *error)
{
	static const char sql[] =
		"UPDATE policy SET state = 'superseded' WHERE organization_id = $1"
		" AND state = 'adopted' AND effective_at <= $2 AND id <> (SELECT id FROM policy"
		" WHERE organization_id = $1 AND effective_at <= $2"
		" ORDER BY effective_at DESC, adopted_at DESC, version DESC LIMIT 1)";
	return pv_db_exec(
		db, sql, PV_PARAMS(PV_TEXT(organization_id), PV_INT(now_us)), NULL, error);
}
