/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/policy_exception.h"
#include "store/list.h"

#define COLUMNS                                                                                   \
	"id, organization_id, lifts, condition, from_day, until_day, reason, variant_id, state, " \
	"asked_by, asked_at, decided_by, decided_at, word, ended_by, ended_at"

/* With the policy's id of who decided. */
#define SELECT                                                                                    \
	"SELECT " COLUMNS ", COALESCE((SELECT w.slug FROM person w WHERE w.id = decided_by), '')" \
	" FROM policy_exception"

static void read_row(struct pv_rows *rows, TALLOC_CTX *mem, struct pv_policy_exception_row *out)
{
	*out = (struct pv_policy_exception_row){
		.id = pv_row_copy(rows, mem, 0),
		.organization_id = pv_row_copy(rows, mem, 1),
		.lifts = pv_row_copy(rows, mem, 2),
		.condition = pv_row_copy(rows, mem, 3),
		.from_day = pv_row_copy(rows, mem, 4),
		.until_day = pv_row_copy(rows, mem, 5),
		.reason = pv_row_copy(rows, mem, 6),
		.variant_id = pv_row_copy(rows, mem, 7),
		.state = pv_row_copy(rows, mem, 8),
		.asked_by = pv_row_copy(rows, mem, 9),
		.asked_at_us = pv_row_time(rows, 10),
		.decided_by = pv_row_copy(rows, mem, 11),
		.decided_at_us = pv_row_time(rows, 12),
		.word = pv_row_copy(rows, mem, 13),
		.ended_by = pv_row_copy(rows, mem, 14),
		.ended_at_us = pv_row_time(rows, 15),
		.decided_slug = pv_row_copy(rows, mem, 16),
	};
}

enum pv_status pv_policy_exception_insert(
	struct pv_db *db, const struct pv_policy_exception_row *row, struct pv_error *error)
{
	static const char sql[] =
		"INSERT INTO policy_exception (" COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8,"
		" $9, $10, $11, $12, $13, $14, $15, $16)";
	return pv_db_exec(db, sql,
		PV_PARAMS(PV_TEXT(row->id), PV_TEXT(row->organization_id), PV_TEXT(row->lifts),
			PV_TEXT(row->condition), PV_TEXT(row->from_day), PV_TEXT(row->until_day),
			PV_TEXT(row->reason), PV_TEXT(row->variant_id), PV_TEXT(row->state),
			PV_TEXT(row->asked_by), PV_INT(row->asked_at_us), PV_TEXT(row->decided_by),
			PV_TIME(row->decided_at_us), PV_TEXT(row->word), PV_TEXT(row->ended_by),
			PV_TIME(row->ended_at_us)),
		NULL, error);
}

enum pv_status pv_policy_exception_find(struct pv_db *db, TALLOC_CTX *mem, const char *id,
	struct pv_policy_exception_row *out, struct pv_error *error)
{
	static const char sql[] = SELECT " WHERE id = $1";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_first(db, sql, PV_PARAMS(PV_TEXT(id)), &rows, error);
	if (status == PV_NOT_FOUND)
		return pv_fail(error, PV_NOT_FOUND, "Il n'y a pas de telle dérogation.",
			"There is no such exception.");
	if (status != PV_OK)
		return status;
	struct pv_policy_exception_row row;
	read_row(rows, mem, &row);
	status = pv_rows_end(rows, error);
	if (status == PV_OK)
		*out = row;
	return status;
}

enum pv_status pv_policy_exception_list(struct pv_db *db, TALLOC_CTX *mem,
	const char *organization_id, const char *before_id, int limit,
	struct pv_policy_exception_row **out, size_t *out_n, struct pv_error *error)
{
	static const char sql[] =
		SELECT " WHERE organization_id = $1 AND (CAST($2 AS TEXT) IS NULL OR"
		       " id < $2) ORDER BY id DESC LIMIT $3";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_query(db, sql,
		PV_PARAMS(PV_TEXT(organization_id), PV_TEXT(before_id), PV_INT(limit)), &rows,
		error);
	if (status != PV_OK)
		return status;
	PV_LIST_READ(rows, mem, read_row, out, out_n, error);
}

enum pv_status pv_policy_exception_granted(struct pv_db *db, TALLOC_CTX *mem,
	const char *organization_id, const char *first_day, const char *last_day,
	struct pv_policy_exception_row **out, size_t *out_n, struct pv_error *error)
{
	static const char sql[] = SELECT " WHERE organization_id = $1 AND state = 'granted'"
					 " AND until_day >= $2 AND from_day <= $3 ORDER BY id";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_query(db, sql,
		PV_PARAMS(PV_TEXT(organization_id), PV_TEXT(first_day), PV_TEXT(last_day)), &rows,
		error);
	if (status != PV_OK)
		return status;
	PV_LIST_READ(rows, mem, read_row, out, out_n, error);
}

enum pv_status pv_policy_exception_count(struct pv_db *db, const char *organization_id,
	const char *day, int64_t *out, struct pv_error *error)
{
	static const char sql[] = "SELECT COUNT(*) FROM policy_exception"
				  " WHERE organization_id = $1 AND state IN ('asked', 'granted')"
				  " AND until_day >= $2";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_first(
		db, sql, PV_PARAMS(PV_TEXT(organization_id), PV_TEXT(day)), &rows, error);
	if (status == PV_OK)
		*out = pv_row_int(rows, 0);
	return status;
}

enum pv_status pv_policy_exception_move(struct pv_db *db, const struct pv_policy_exception_row *row,
	const char *from, struct pv_error *error)
{
	static const char sql[] =
		"UPDATE policy_exception SET state = $1, decided_by = $2, decided_at = $3,"
		" word = $4, ended_by = $5, ended_at = $6 WHERE id = $7 AND organization_id = $8"
		" AND state = $9";
	int64_t changed = 0;
	enum pv_status status = pv_db_exec(db, sql,
		PV_PARAMS(PV_TEXT(row->state), PV_TEXT(row->decided_by),
			PV_TIME(row->decided_at_us), PV_TEXT(row->word), PV_TEXT(row->ended_by),
			PV_TIME(row->ended_at_us), PV_TEXT(row->id), PV_TEXT(row->organization_id),
			PV_TEXT(from)),
		&changed, error);
	if (status == PV_OK && changed == 0)
		return pv_fail(error, PV_CONFLICT,
			"Quelqu'un vient de répondre à cette dérogation; relisez-la.",
			"Someone has just answered this exception; read it again.");
	return status;
}
