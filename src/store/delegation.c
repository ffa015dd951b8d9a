/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/delegation.h"
#include "store/list.h"

#define OWN                                                                            \
	"d.id, d.organization_id, d.person_id, d.to_id, d.from_at, d.until_at, d.why," \
	" d.created_by, d.created_at"
#define WHOLE                                                             \
	"SELECT " OWN ", p.slug, p.name, m.policy_roles, t.name"          \
	" FROM delegation d JOIN person p ON p.id = d.person_id"          \
	" JOIN person t ON t.id = d.to_id"                                \
	" JOIN membership m ON m.organization_id = d.organization_id"     \
	" AND m.person_id = d.person_id"                                  \
	" JOIN membership n ON n.organization_id = d.organization_id AND" \
	" n.person_id = d.to_id"

static void read_delegation(struct pv_rows *rows, TALLOC_CTX *mem, struct pv_delegation_row *out)
{
	*out = (struct pv_delegation_row){
		.id = pv_row_copy(rows, mem, 0),
		.organization_id = pv_row_copy(rows, mem, 1),
		.person_id = pv_row_copy(rows, mem, 2),
		.to_id = pv_row_copy(rows, mem, 3),
		.from_at_us = pv_row_int(rows, 4),
		.until_at_us = pv_row_int(rows, 5),
		.why = pv_row_copy(rows, mem, 6),
		.created_by = pv_row_copy(rows, mem, 7),
		.created_at_us = pv_row_int(rows, 8),
		.person_slug = pv_row_copy(rows, mem, 9),
		.person_name = pv_row_copy(rows, mem, 10),
		.policy_roles = pv_row_copy(rows, mem, 11),
		.to_name = pv_row_copy(rows, mem, 12),
	};
}

enum pv_status pv_delegation_insert(
	struct pv_db *db, const struct pv_delegation_row *row, struct pv_error *error)
{
	static const char sql[] =
		"INSERT INTO delegation (id, organization_id, person_id, to_id, from_at, until_at,"
		" why, created_by, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
	return pv_db_exec(db, sql,
		PV_PARAMS(PV_TEXT(row->id), PV_TEXT(row->organization_id), PV_TEXT(row->person_id),
			PV_TEXT(row->to_id), PV_INT(row->from_at_us), PV_INT(row->until_at_us),
			PV_TEXT(row->why), PV_TEXT(row->created_by), PV_INT(row->created_at_us)),
		NULL, error);
}

enum pv_status pv_delegation_find(struct pv_db *db, TALLOC_CTX *mem, const char *id,
	struct pv_delegation_row *out, struct pv_error *error)
{
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status =
		pv_db_first(db, WHOLE " WHERE d.id = $1", PV_PARAMS(PV_TEXT(id)), &rows, error);
	if (status == PV_NOT_FOUND)
		return pv_fail(error, PV_NOT_FOUND, "Il n'y a pas de tel remplacement.",
			"There is no such stand-in.");
	if (status != PV_OK)
		return status;
	struct pv_delegation_row row;
	read_delegation(rows, mem, &row);
	status = pv_rows_end(rows, error);
	if (status == PV_OK)
		*out = row;
	return status;
}

enum pv_status pv_delegation_list(struct pv_db *db, TALLOC_CTX *mem, const char *organization_id,
	int64_t after_us, int limit, struct pv_delegation_row **out, size_t *out_n,
	struct pv_error *error)
{
	static const char sql[] =
		WHOLE " WHERE d.id IN (SELECT e.id FROM delegation e"
		      " JOIN membership x ON x.organization_id = e.organization_id"
		      " AND x.person_id = e.person_id"
		      " JOIN membership y ON y.organization_id = e.organization_id"
		      " AND y.person_id = e.to_id WHERE e.organization_id = $1"
		      " AND e.until_at > $2 AND e.until_at > e.from_at"
		      " ORDER BY e.from_at DESC, e.id DESC LIMIT $3) ORDER BY d.from_at, d.id";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_query(db, sql,
		PV_PARAMS(PV_TEXT(organization_id), PV_INT(after_us), PV_INT(limit)), &rows, error);
	if (status != PV_OK)
		return status;
	PV_LIST_READ(rows, mem, read_delegation, out, out_n, error);
}

enum pv_status pv_delegation_end(struct pv_db *db, const char *id, const char *organization_id,
	int64_t at_us, bool *out_ended, struct pv_error *error)
{
	static const char sql[] =
		"UPDATE delegation SET until_at = CASE WHEN from_at > $1 THEN from_at ELSE $1 END"
		" WHERE id = $2 AND organization_id = $3 AND until_at > $1 AND until_at > from_at";
	int64_t changed = 0;
	enum pv_status status = pv_db_exec(db, sql,
		PV_PARAMS(PV_INT(at_us), PV_TEXT(id), PV_TEXT(organization_id)), &changed, error);
	if (status == PV_OK)
		*out_ended = changed > 0;
	return status;
}
