/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/interest.h"
#include "store/list.h"

#define COLUMNS                                                                           \
	"id, organization_id, person_id, names, relation, org, domains, handles, feeds, " \
	"until_day,"                                                                      \
	" created_at, ended_at"

static void read_interest(struct pv_rows *rows, TALLOC_CTX *mem, struct pv_interest_row *out)
{
	*out = (struct pv_interest_row){
		.id = pv_row_copy(rows, mem, 0),
		.organization_id = pv_row_copy(rows, mem, 1),
		.person_id = pv_row_copy(rows, mem, 2),
		.names = pv_row_copy(rows, mem, 3),
		.relation = pv_row_copy(rows, mem, 4),
		.org = pv_row_copy(rows, mem, 5),
		.domains = pv_row_copy(rows, mem, 6),
		.handles = pv_row_copy(rows, mem, 7),
		.feeds = pv_row_copy(rows, mem, 8),
		.until_day = pv_row_copy(rows, mem, 9),
		.created_at_us = pv_row_int(rows, 10),
		.ended_at_us = pv_row_time(rows, 11),
	};
}

enum pv_status pv_interest_insert(
	struct pv_db *db, const struct pv_interest_row *row, struct pv_error *error)
{
	static const char sql[] = "INSERT INTO interest (" COLUMNS ") VALUES"
				  " ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
	return pv_db_exec(db, sql,
		PV_PARAMS(PV_TEXT(row->id), PV_TEXT(row->organization_id), PV_TEXT(row->person_id),
			PV_TEXT(row->names), PV_TEXT(row->relation), PV_TEXT(row->org),
			PV_TEXT(row->domains), PV_TEXT(row->handles), PV_TEXT(row->feeds),
			PV_TEXT(row->until_day), PV_INT(row->created_at_us),
			PV_TIME(row->ended_at_us)),
		NULL, error);
}

enum pv_status pv_interest_find(struct pv_db *db, TALLOC_CTX *mem, const char *id,
	struct pv_interest_row *out, struct pv_error *error)
{
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_first(db, "SELECT " COLUMNS " FROM interest WHERE id = $1",
		PV_PARAMS(PV_TEXT(id)), &rows, error);
	if (status == PV_NOT_FOUND)
		return pv_fail(error, PV_NOT_FOUND,
			"Il n'y a pas de telle inscription au registre.",
			"There is no such entry in the register.");
	if (status != PV_OK)
		return status;
	struct pv_interest_row row;
	read_interest(rows, mem, &row);
	status = pv_rows_end(rows, error);
	if (status == PV_OK)
		*out = row;
	return status;
}

enum pv_status pv_interest_list(struct pv_db *db, TALLOC_CTX *mem, const char *organization_id,
	const char *person_id, int64_t at_us, struct pv_interest_row **out, size_t *out_n,
	struct pv_error *error)
{
	static const char of_person[] = "SELECT " COLUMNS " FROM interest WHERE person_id = $1"
					" AND (CAST($2 AS BIGINT) IS NULL OR (created_at <= $2"
					" AND (ended_at IS NULL OR ended_at > $2))) ORDER BY id";
	static const char of_organization[] =
		"SELECT " COLUMNS " FROM interest"
		" WHERE organization_id = $1 AND person_id IS NULL"
		" AND (CAST($2 AS BIGINT) IS NULL OR (created_at <= $2"
		" AND (ended_at IS NULL OR ended_at > $2))) ORDER BY id";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_query(db, person_id ? of_person : of_organization,
		PV_PARAMS(PV_TEXT(person_id ? person_id : organization_id), PV_TIME(at_us)), &rows,
		error);
	if (status != PV_OK)
		return status;
	PV_LIST_READ(rows, mem, read_interest, out, out_n, error);
}

enum pv_status pv_interest_end(struct pv_db *db, const char *id, const char *organization_id,
	int64_t at_us, struct pv_error *error)
{
	static const char sql[] = "UPDATE interest SET ended_at = $1 WHERE id = $2"
				  " AND organization_id = $3 AND ended_at IS NULL";
	int64_t changed = 0;
	enum pv_status status = pv_db_exec(db, sql,
		PV_PARAMS(PV_INT(at_us), PV_TEXT(id), PV_TEXT(organization_id)), &changed, error);
	if (status == PV_OK && changed == 0)
		return pv_fail(error, PV_CONFLICT, "Cette inscription était déjà terminée.",
			"This entry had ended already.");
	return status;
}
