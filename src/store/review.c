/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/review.h"

#include "store/list.h"

static void read_row(struct pv_rows *rows, TALLOC_CTX *mem, struct pv_review_row *row)
{
	*row = (struct pv_review_row){
		.id = pv_row_copy(rows, mem, 0),
		.organization_id = pv_row_copy(rows, mem, 1),
		.variant_id = pv_row_copy(rows, mem, 2),
		.person_id = pv_row_copy(rows, mem, 3),
		.decision = pv_row_copy(rows, mem, 4),
		.word = pv_row_copy(rows, mem, 5),
		.digest = pv_row_copy(rows, mem, 6),
		.made_at_us = pv_row_time(rows, 7),
		.voided_at_us = pv_row_time(rows, 8),
		.voided_why = pv_row_copy(rows, mem, 9),
		.person_slug = pv_row_copy(rows, mem, 10),
		.person_name = pv_row_copy(rows, mem, 11),
	};
}

enum pv_status pv_review_insert(
	struct pv_db *db, const struct pv_review_row *row, struct pv_error *error)
{
	static const char sql[] =
		"INSERT INTO review (id, organization_id, variant_id, person_id, decision, word,"
		" digest, made_at, voided_at, voided_why)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL, '')";
	return pv_db_exec(db, sql,
		PV_PARAMS(PV_TEXT(row->id), PV_TEXT(row->organization_id), PV_TEXT(row->variant_id),
			PV_TEXT(row->person_id), PV_TEXT(row->decision), PV_TEXT(row->word),
			PV_TEXT(row->digest), PV_INT(row->made_at_us)),
		NULL, error);
}

enum pv_status pv_review_list(struct pv_db *db, TALLOC_CTX *mem, const char *variant_id,
	struct pv_review_row **out, size_t *out_n, struct pv_error *error)
{
	static const char sql[] =
		"SELECT r.id, r.organization_id, r.variant_id, r.person_id, r.decision, r.word,"
		" r.digest, r.made_at, r.voided_at, r.voided_why, w.slug, w.name FROM review r"
		" JOIN person w ON w.id = r.person_id WHERE r.variant_id = $1 ORDER BY r.made_at, "
		"r.id"
		" LIMIT 500";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_query(db, sql, PV_PARAMS(PV_TEXT(variant_id)), &rows, error);
	if (status != PV_OK)
		return status;
	PV_LIST_READ(rows, mem, read_row, out, out_n, error);
}

enum pv_status pv_review_void(struct pv_db *db, const char *variant_id, const char *organization_id,
	const char *person_id, int64_t at_us, const char *why, struct pv_error *error)
{
	static const char sql[] =
		"UPDATE review SET voided_at = $1, voided_why = $2 WHERE variant_id = $3"
		" AND organization_id = $4 AND voided_at IS NULL"
		" AND (CAST($5 AS TEXT) IS NULL OR person_id = $5)";
	return pv_db_exec(db, sql,
		PV_PARAMS(PV_INT(at_us), PV_TEXT(why), PV_TEXT(variant_id),
			PV_TEXT(organization_id), PV_TEXT(person_id)),
		NULL, error);
}
