/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/policy_case.h"
#include "store/list.h"

static void read_row(struct pv_rows *rows, TALLOC_CTX *mem, struct pv_policy_case_row *out)
{
	*out = (struct pv_policy_case_row){
		.organization_id = pv_row_copy(rows, mem, 0),
		.position = pv_row_int(rows, 1),
		.name = pv_row_copy(rows, mem, 2),
		.line = pv_row_copy(rows, mem, 3),
	};
}

enum pv_status pv_policy_case_insert(
	struct pv_db *db, const struct pv_policy_case_row *row, struct pv_error *error)
{
	static const char sql[] = "INSERT INTO policy_case (organization_id, position, name, line)"
				  " VALUES ($1, $2, $3, $4)";
	return pv_db_exec(db, sql,
		PV_PARAMS(PV_TEXT(row->organization_id), PV_INT(row->position), PV_TEXT(row->name),
			PV_TEXT(row->line)),
		NULL, error);
}

enum pv_status pv_policy_case_list(struct pv_db *db, TALLOC_CTX *mem, const char *organization_id,
	struct pv_policy_case_row **out, size_t *out_n, struct pv_error *error)
{
	static const char sql[] = "SELECT organization_id, position, name, line FROM policy_case"
				  " WHERE organization_id = $1 ORDER BY position";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status =
		pv_db_query(db, sql, PV_PARAMS(PV_TEXT(organization_id)), &rows, error);
	if (status != PV_OK)
		return status;
	PV_LIST_READ(rows, mem, read_row, out, out_n, error);
}

enum pv_status pv_policy_case_clear(
	struct pv_db *db, const char *organization_id, struct pv_error *error)
{
	static const char sql[] = "DELETE FROM policy_case WHERE organization_id = $1";
	return pv_db_exec(db, sql, PV_PARAMS(PV_TEXT(organization_id)), NULL, error);
}
