/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/throttle.h"

enum pv_status pv_throttle_find(
	struct pv_db *db, const char *name, struct pv_throttle_row *out, struct pv_error *error)
{
	static const char sql[] =
		"SELECT failures, last_at, until_at FROM throttle WHERE name = $1";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_first(db, sql, PV_PARAMS(PV_TEXT(name)), &rows, error);
	if (status == PV_NOT_FOUND) {
		if (error)
			error->status = PV_OK;
		*out = (struct pv_throttle_row){0};
		return PV_OK;
	}
	if (status == PV_OK)
		*out = (struct pv_throttle_row){
			.failures = pv_row_int(rows, 0),
			.last_at_us = pv_row_int(rows, 1),
			.until_at_us = pv_row_int(rows, 2),
		};
	return status;
}

enum pv_status pv_throttle_add(struct pv_db *db, const char *name, int64_t now_us,
	int64_t forget_before_us, int64_t *out_failures, struct pv_error *error)
{
	static const char sql[] =
		"INSERT INTO throttle (name, failures, last_at, until_at) VALUES ($1, 1, $2, 0)"
		" ON CONFLICT (name) DO UPDATE SET last_at = $2, failures ="
		" CASE WHEN throttle.last_at < $3 THEN 1 ELSE throttle.failures + 1 END"
		" RETURNING failures";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_first(db, sql,
		PV_PARAMS(PV_TEXT(name), PV_INT(now_us), PV_INT(forget_before_us)), &rows, error);
	if (status == PV_OK)
		*out_failures = pv_row_int(rows, 0);
	return status;
}

enum pv_status pv_throttle_until(
	struct pv_db *db, const char *name, int64_t until_us, struct pv_error *error)
{
	return pv_db_exec(db, "UPDATE throttle SET until_at = $1 WHERE name = $2",
		PV_PARAMS(PV_INT(until_us), PV_TEXT(name)), NULL, error);
}

enum pv_status pv_throttle_undo(
	struct pv_db *db, const char *name, int64_t until_us, struct pv_error *error)
{
	static const char sql[] = "UPDATE throttle SET failures = failures - 1, until_at = $1"
				  " WHERE name = $2 AND failures > 0";
	return pv_db_exec(db, sql, PV_PARAMS(PV_INT(until_us), PV_TEXT(name)), NULL, error);
}

enum pv_status pv_throttle_clear(struct pv_db *db, const char *name, struct pv_error *error)
{
	return pv_db_exec(
		db, "DELETE FROM throttle WHERE name = $1", PV_PARAMS(PV_TEXT(name)), NULL, error);
}

enum pv_status pv_throttle_sweep(struct pv_db *db, int64_t before_us, struct pv_error *error)
{
	return pv_db_exec(db, "DELETE FROM throttle WHERE last_at < $1",
		PV_PARAMS(PV_INT(before_us)), NULL, error);
}
