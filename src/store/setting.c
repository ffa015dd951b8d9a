/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/setting.h"

enum pv_status pv_setting_get(struct pv_db *db, TALLOC_CTX *mem, const char *name, const char **out,
	struct pv_error *error)
{
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_first(db, "SELECT value FROM setting WHERE name = $1",
		PV_PARAMS(PV_TEXT(name)), &rows, error);
	if (status != PV_OK)
		return status;
	const char *value = pv_row_copy(rows, mem, 0);
	status = pv_rows_end(rows, error);
	if (status == PV_OK)
		*out = value;
	return status;
}

enum pv_status pv_setting_set(
	struct pv_db *db, const char *name, const char *value, struct pv_error *error)
{
	static const char sql[] = "INSERT INTO setting (name, value) VALUES ($1, $2)"
				  " ON CONFLICT (name) DO UPDATE SET value = $2";
	return pv_db_exec(db, sql, PV_PARAMS(PV_TEXT(name), PV_TEXT(value)), NULL, error);
}
