/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/audit.h"
#include "store/driver.h"
#include "store/list.h"

#include "base/crypto.h"

#include <inttypes.h>
#include <stdio.h>

#define COLUMNS                                                                                   \
	"seq, organization_id, at, actor, verb, object, before_text, after_text, why, previous, " \
	"hash"

static void read_audit(struct pv_rows *rows, TALLOC_CTX *mem, struct pv_audit_row *out)
{
	*out = (struct pv_audit_row){
		.seq = pv_row_int(rows, 0),
		.organization_id = pv_row_copy(rows, mem, 1),
		.at_us = pv_row_int(rows, 2),
		.actor = pv_row_copy(rows, mem, 3),
		.verb = pv_row_copy(rows, mem, 4),
		.object = pv_row_copy(rows, mem, 5),
		.before = pv_row_copy(rows, mem, 6),
		.after = pv_row_copy(rows, mem, 7),
		.why = pv_row_copy(rows, mem, 8),
		.previous = pv_row_copy(rows, mem, 9),
		.hash = pv_row_copy(rows, mem, 10),
	};
}

void pv_audit_hash(const struct pv_audit_row *row, char out[PV_DIGEST_SIZE])
{
	char seq[24], at[24];
	snprintf(seq, sizeof seq, "%" PRId64, row->seq);
	snprintf(at, sizeof at, "%" PRId64, row->at_us);
	const char *const fields[] = {seq, row->organization_id, at, row->actor, row->verb,
		row->object, row->before, row->after, row->why, row->previous};
	pv_digest_fields(fields, PV_COUNT(fields), out);
}

/* The last entry's number and hash: the next one stands on them. */
static enum pv_status audit_last(struct pv_db *db, TALLOC_CTX *mem, int64_t *out_seq,
	const char **out_hash, struct pv_error *error)
{
	static const char sql[] = "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_first(db, sql, PV_NO_PARAMS, &rows, error);
	if (status == PV_NOT_FOUND) {
		if (error)
			error->status = PV_OK;
		*out_seq = 0;
		*out_hash = PV_AUDIT_ORIGIN;
		return PV_OK;
	}
	if (status != PV_OK)
		return status;
	*out_seq = pv_row_int(rows, 0);
	*out_hash = pv_row_copy(rows, mem, 1);
	return pv_rows_end(rows, error);
}

enum pv_status pv_audit_append(
	struct pv_db *db, const struct pv_audit_row *row, struct pv_error *error)
{
	static const char sql[] = "INSERT INTO audit (" COLUMNS
				  ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
	/* Reading the last entry is safe only while nobody else can write. */
	if (!pv_db_holds_pen(db))
		return pv_fail(error, PV_INTERNAL,
			"Une trace s'écrit dans la transaction qui change.",
			"An audit entry is written in the transaction that changes.");
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_audit_row entry = *row;
	char hash[PV_DIGEST_SIZE];
	int64_t last = 0;
	enum pv_status status = audit_last(db, scope, &last, &entry.previous, error);
	if (status != PV_OK)
		return status;
	entry.seq = last + 1;
	pv_audit_hash(&entry, hash);
	status = pv_db_exec(db, sql,
		PV_PARAMS(PV_INT(entry.seq), PV_TEXT(entry.organization_id), PV_INT(entry.at_us),
			PV_TEXT(entry.actor), PV_TEXT(entry.verb), PV_TEXT(entry.object),
			PV_TEXT(entry.before), PV_TEXT(entry.after), PV_TEXT(entry.why),
			PV_TEXT(entry.previous), PV_TEXT(hash)),
		NULL, error);
	if (status == PV_OK)
		pv_db_record(db);
	return status;
}

enum pv_status pv_audit_list(struct pv_db *db, TALLOC_CTX *mem, const char *organization_id,
	int64_t before_seq, int limit, struct pv_audit_row **out, size_t *out_n,
	struct pv_error *error)
{
	static const char one[] = "SELECT " COLUMNS " FROM audit WHERE organization_id = $1"
				  " AND seq < $2 ORDER BY seq DESC LIMIT $3";
	static const char all[] = "SELECT " COLUMNS " FROM audit WHERE seq < $1"
				  " ORDER BY seq DESC LIMIT $2";
	PV_ROWS struct pv_rows *rows = NULL;
	int64_t before = before_seq > 0 ? before_seq : INT64_MAX;
	enum pv_status status =
		organization_id ? pv_db_query(db, one,
					  PV_PARAMS(PV_TEXT(organization_id), PV_INT(before),
						  PV_INT(limit)),
					  &rows, error)
				: pv_db_query(db, all, PV_PARAMS(PV_INT(before), PV_INT(limit)),
					  &rows, error);
	if (status != PV_OK)
		return status;
	PV_LIST_READ(rows, mem, read_audit, out, out_n, error);
}

enum pv_status pv_audit_walk(struct pv_db *db, TALLOC_CTX *mem, int64_t after_seq, int limit,
	struct pv_audit_row **out, size_t *out_n, struct pv_error *error)
{
	static const char sql[] =
		"SELECT " COLUMNS " FROM audit WHERE seq > $1 ORDER BY seq LIMIT $2";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status =
		pv_db_query(db, sql, PV_PARAMS(PV_INT(after_seq), PV_INT(limit)), &rows, error);
	if (status != PV_OK)
		return status;
	PV_LIST_READ(rows, mem, read_audit, out, out_n, error);
}
