/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/overdue.h"
#include "store/list.h"

#define WAITS "stage = 'review' AND removed_at IS NULL AND due_at IS NOT NULL"

static void read_overdue(struct pv_rows *rows, TALLOC_CTX *mem, struct pv_overdue_row *out)
{
	*out = (struct pv_overdue_row){
		.id = pv_row_copy(rows, mem, 0),
		.organization_id = pv_row_copy(rows, mem, 1),
		.due_at_us = pv_row_int(rows, 2),
		.submitted_at_us = pv_row_time(rows, 3),
		.reminded_at_us = pv_row_time(rows, 4),
	};
}

enum pv_status pv_overdue_list(struct pv_db *db, TALLOC_CTX *mem, int64_t until_us, int limit,
	struct pv_overdue_row **out, size_t *out_n, struct pv_error *error)
{
	static const char sql[] =
		"SELECT id, organization_id, due_at, submitted_at, reminded_at FROM variant"
		" WHERE " WAITS " AND due_at <= $1 ORDER BY due_at, id LIMIT $2";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status =
		pv_db_query(db, sql, PV_PARAMS(PV_INT(until_us), PV_INT(limit)), &rows, error);
	if (status != PV_OK)
		return status;
	PV_LIST_READ(rows, mem, read_overdue, out, out_n, error);
}

enum pv_status pv_overdue_next(
	struct pv_db *db, int64_t after_us, int64_t *out_us, struct pv_error *error)
{
	static const char sql[] = "SELECT MIN(due_at) FROM variant WHERE " WAITS " AND due_at > $1";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_first(db, sql, PV_PARAMS(PV_INT(after_us)), &rows, error);
	if (status == PV_OK)
		*out_us = pv_row_time(rows, 0);
	return status;
}

static enum pv_status change(struct pv_db *db, const char *sql, const struct pv_overdue_row *row,
	int64_t now_us, bool *out_done, struct pv_error *error)
{
	int64_t changed = 0;
	enum pv_status status = pv_db_exec(db, sql,
		PV_PARAMS(PV_INT(now_us), PV_TEXT(row->id), PV_TEXT(row->organization_id),
			PV_INT(row->due_at_us)),
		&changed, error);
	if (status == PV_OK)
		*out_done = changed == 1;
	return status;
}

enum pv_status pv_overdue_remind(struct pv_db *db, const struct pv_overdue_row *row, int64_t now_us,
	bool *out_done, struct pv_error *error)
{
	static const char sql[] =
		"UPDATE variant SET reminded_at = $1 WHERE id = $2 AND organization_id = $3"
		" AND due_at = $4 AND reminded_at IS NULL AND " WAITS;
	return change(db, sql, row, now_us, out_done, error);
}

enum pv_status pv_overdue_lapse(struct pv_db *db, const struct pv_overdue_row *row, int64_t now_us,
	bool *out_done, struct pv_error *error)
{
	static const char sql[] =
		"UPDATE variant SET stage = 'sent_back', lapsed_at = $1 WHERE id = $2"
		" AND organization_id = $3 AND due_at = $4 AND due_at <= $1 AND " WAITS;
	return change(db, sql, row, now_us, out_done, error);
}
