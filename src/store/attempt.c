/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/list.h"
#include "store/publication.h"

#define COLUMNS                                                                          \
	"SELECT id, organization_id, publication_id, number, fence, digest, write_key, " \
	"written_at,"                                                                    \
	" outcome, class, http_status, evidence, node, closed_at FROM attempt"

static void read_row(struct pv_rows *rows, TALLOC_CTX *mem, struct pv_attempt_row *row)
{
	*row = (struct pv_attempt_row){
		.id = pv_row_copy(rows, mem, 0),
		.organization_id = pv_row_copy(rows, mem, 1),
		.publication_id = pv_row_copy(rows, mem, 2),
		.number = pv_row_int(rows, 3),
		.fence = pv_row_int(rows, 4),
		.digest = pv_row_copy(rows, mem, 5),
		.write_key = pv_row_copy(rows, mem, 6),
		.written_at_us = pv_row_time(rows, 7),
		.outcome = pv_row_copy(rows, mem, 8),
		.reason_class = pv_row_copy(rows, mem, 9),
		.http_status = pv_row_int(rows, 10),
		.evidence = pv_row_copy(rows, mem, 11),
		.node = pv_row_copy(rows, mem, 12),
		.closed_at_us = pv_row_time(rows, 13),
	};
}

enum pv_status pv_attempt_insert(
	struct pv_db *db, const struct pv_attempt_row *row, struct pv_error *error)
{
	static const char sql[] =
		"INSERT INTO attempt (id, organization_id, publication_id, number, fence, digest,"
		" write_key, written_at, outcome, class, http_status, evidence, node, closed_at)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'open', '', 0, '', $9, NULL)";
	return pv_db_exec(db, sql,
		PV_PARAMS(PV_TEXT(row->id), PV_TEXT(row->organization_id),
			PV_TEXT(row->publication_id), PV_INT(row->number), PV_INT(row->fence),
			PV_TEXT(row->digest), PV_TEXT(row->write_key), PV_INT(row->written_at_us),
			PV_TEXT(row->node)),
		NULL, error);
}

enum pv_status pv_attempt_list(struct pv_db *db, TALLOC_CTX *mem, const char *publication_id,
	struct pv_attempt_row **out, size_t *out_n, struct pv_error *error)
{
	static const char sql[] = COLUMNS " WHERE publication_id = $1 ORDER BY number LIMIT 500";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status =
		pv_db_query(db, sql, PV_PARAMS(PV_TEXT(publication_id)), &rows, error);
	if (status != PV_OK)
		return status;
	PV_LIST_READ(rows, mem, read_row, out, out_n, error);
}

enum pv_status pv_attempt_last(struct pv_db *db, TALLOC_CTX *mem, const char *publication_id,
	struct pv_attempt_row *out, struct pv_error *error)
{
	static const char sql[] = COLUMNS " WHERE publication_id = $1 ORDER BY number DESC LIMIT 1";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status =
		pv_db_first(db, sql, PV_PARAMS(PV_TEXT(publication_id)), &rows, error);
	if (status != PV_OK)
		return status;
	struct pv_attempt_row row;
	read_row(rows, mem, &row);
	status = pv_rows_end(rows, error);
	if (status == PV_OK)
		*out = row;
	return status;
}

enum pv_status pv_attempt_close(
	struct pv_db *db, const struct pv_attempt_row *row, struct pv_error *error)
{
	static const char sql[] =
		"UPDATE attempt SET outcome = $1, class = $2, http_status = $3, evidence = $4,"
		" closed_at = $5 WHERE id = $6 AND organization_id = $7"
		" AND outcome IN ('open', 'unknown')";
	int64_t changed;
	enum pv_status status = pv_db_exec(db, sql,
		PV_PARAMS(PV_TEXT(row->outcome), PV_TEXT(row->reason_class),
			PV_INT(row->http_status), PV_TEXT(row->evidence),
			PV_TIME(row->closed_at_us), PV_TEXT(row->id),
			PV_TEXT(row->organization_id)),
		&changed, error);
	if (status == PV_OK && changed != 1)
		return pv_fail(error, PV_CONFLICT, "Cet essai est déjà clos.",
			"This attempt is closed already.");
	return status;
}
