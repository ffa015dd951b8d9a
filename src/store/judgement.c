/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/judgement.h"

#include "store/list.h"

#define COLUMNS                                                                               \
	"SELECT id, organization_id, variant_id, policy_id, digest, moment, verdict, input, " \
	"result,"                                                                             \
	" judged_at FROM judgement"

static void read_row(struct pv_rows *rows, TALLOC_CTX *mem, struct pv_judgement_row *row)
{
	*row = (struct pv_judgement_row){
		.id = pv_row_copy(rows, mem, 0),
		.organization_id = pv_row_copy(rows, mem, 1),
		.variant_id = pv_row_copy(rows, mem, 2),
		.policy_id = pv_row_copy(rows, mem, 3),
		.digest = pv_row_copy(rows, mem, 4),
		.moment = pv_row_copy(rows, mem, 5),
		.verdict = pv_row_copy(rows, mem, 6),
		.input = pv_row_copy(rows, mem, 7),
		.result = pv_row_copy(rows, mem, 8),
		.judged_at_us = pv_row_time(rows, 9),
	};
}

enum pv_status pv_judgement_insert(
	struct pv_db *db, const struct pv_judgement_row *row, struct pv_error *error)
{
	static const char sql[] =
		"INSERT INTO judgement (id, organization_id, variant_id, policy_id, digest, moment,"
		" verdict, input, result, judged_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, "
		"$10)";
	return pv_db_exec(db, sql,
		PV_PARAMS(PV_TEXT(row->id), PV_TEXT(row->organization_id), PV_TEXT(row->variant_id),
			PV_TEXT(row->policy_id), PV_TEXT(row->digest), PV_TEXT(row->moment),
			PV_TEXT(row->verdict), PV_TEXT(row->input), PV_TEXT(row->result),
			PV_INT(row->judged_at_us)),
		NULL, error);
}

enum pv_status pv_judgement_last(struct pv_db *db, TALLOC_CTX *mem, const char *variant_id,
	struct pv_judgement_row *out, struct pv_error *error)
{
	static const char sql[] =
		COLUMNS " WHERE variant_id = $1 ORDER BY judged_at DESC, id DESC LIMIT 1";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_first(db, sql, PV_PARAMS(PV_TEXT(variant_id)), &rows, error);
	if (status != PV_OK)
		return status;
	struct pv_judgement_row row;
	read_row(rows, mem, &row);
	status = pv_rows_end(rows, error);
	if (status == PV_OK)
		*out = row;
	return status;
}

enum pv_status pv_judgement_list(struct pv_db *db, TALLOC_CTX *mem, const char *variant_id,
	struct pv_judgement_row **out, size_t *out_n, struct pv_error *error)
{
	static const char sql[] = COLUMNS " WHERE variant_id = $1 ORDER BY judged_at, id LIMIT 200";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_query(db, sql, PV_PARAMS(PV_TEXT(variant_id)), &rows, error);
	if (status != PV_OK)
		return status;
	PV_LIST_READ(rows, mem, read_row, out, out_n, error);
}
