/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/idempotency.h"

static enum pv_status idempotency_find(struct pv_db *db, TALLOC_CTX *mem, const char *digest,
	struct pv_idempotency_row *out, struct pv_error *error)
{
	static const char sql[] = "SELECT digest, request, status, response, created_at"
				  " FROM idempotency WHERE digest = $1";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_first(db, sql, PV_PARAMS(PV_TEXT(digest)), &rows, error);
	if (status != PV_OK)
		return status;
	struct pv_idempotency_row row = {
		.digest = pv_row_copy(rows, mem, 0),
		.request = pv_row_copy(rows, mem, 1),
		.status = pv_row_int(rows, 2),
		.response = pv_row_copy(rows, mem, 3),
		.created_at_us = pv_row_int(rows, 4),
	};
	status = pv_rows_end(rows, error);
	if (status == PV_OK)
		*out = row;
	return status;
}

enum pv_status pv_idempotency_take(struct pv_db *db, TALLOC_CTX *mem, const char *digest,
	const char *request, int64_t now_us, struct pv_idempotency_row *out, struct pv_error *error)
{
	static const char sql[] =
		"INSERT INTO idempotency (digest, request, status, response, created_at)"
		" VALUES ($1, $2, 0, '', $3) ON CONFLICT (digest) DO NOTHING";
	int64_t taken = 0;
	enum pv_status status = pv_db_exec(db, sql,
		PV_PARAMS(PV_TEXT(digest), PV_TEXT(request), PV_INT(now_us)), &taken, error);
	if (status != PV_OK || taken == 1)
		return status;
	status = idempotency_find(db, mem, digest, out, error);
	/* Dropped between the two statements: its work was not done, the caller may try again. */
	if (status == PV_NOT_FOUND) {
		*out = (struct pv_idempotency_row){.digest = digest,
			.request = request,
			.response = "",
			.created_at_us = now_us};
		status = PV_OK;
	}
	if (status == PV_OK && error)
		error->status = PV_CONFLICT;
	return status == PV_OK ? PV_CONFLICT : status;
}

enum pv_status pv_idempotency_answer(struct pv_db *db, const char *digest, int64_t status,
	const char *response, struct pv_error *error)
{
	return pv_db_exec(db, "UPDATE idempotency SET status = $1, response = $2 WHERE digest = $3",
		PV_PARAMS(PV_INT(status), PV_TEXT(response), PV_TEXT(digest)), NULL, error);
}

enum pv_status pv_idempotency_drop(struct pv_db *db, const char *digest, struct pv_error *error)
{
	return pv_db_exec(db, "DELETE FROM idempotency WHERE digest = $1 AND status = 0",
		PV_PARAMS(PV_TEXT(digest)), NULL, error);
}

enum pv_status pv_idempotency_sweep(struct pv_db *db, int64_t before_us, struct pv_error *error)
{
	return pv_db_exec(db, "DELETE FROM idempotency WHERE created_at < $1",
		PV_PARAMS(PV_INT(before_us)), NULL, error);
}
