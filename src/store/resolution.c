/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/resolution.h"

#include "base/crypto.h"

#include <string.h>

enum pv_status pv_resolution_put(
	struct pv_db *db, const struct pv_resolution_row *row, struct pv_error *error)
{
	static const char end_alone[] =
		"INSERT INTO resolution (url_digest, url, final_url, why, resolved_at)"
		" VALUES ($1, $2, $3, $4, $5) ON CONFLICT (url_digest) DO UPDATE SET"
		" final_url = $3, why = $4, resolved_at = $5";
	static const char with_page[] =
		"INSERT INTO resolution (url_digest, url, final_url, why, resolved_at, page, "
		"page_at)"
		" VALUES ($1, $2, $3, $4, $5, $6, $5) ON CONFLICT (url_digest) DO UPDATE SET"
		" final_url = $3, why = $4, resolved_at = $5, page = $6, page_at = $5";
	char digest[PV_DIGEST_SIZE];
	pv_digest(row->url, strlen(row->url), digest);
	if (!row->page || !*row->page)
		return pv_db_exec(db, end_alone,
			PV_PARAMS(PV_TEXT(digest), PV_TEXT(row->url), PV_TEXT(row->final_url),
				PV_TEXT(row->why), PV_INT(row->resolved_at_us)),
			NULL, error);
	return pv_db_exec(db, with_page,
		PV_PARAMS(PV_TEXT(digest), PV_TEXT(row->url), PV_TEXT(row->final_url),
			PV_TEXT(row->why), PV_INT(row->resolved_at_us), PV_TEXT(row->page)),
		NULL, error);
}

enum pv_status pv_resolution_find(struct pv_db *db, TALLOC_CTX *mem, const char *url,
	struct pv_resolution_row *out, struct pv_error *error)
{
	static const char sql[] =
		"SELECT url, final_url, why, resolved_at, page, page_at FROM resolution"
		" WHERE url_digest = $1";
	char digest[PV_DIGEST_SIZE];
	pv_digest(url, strlen(url), digest);
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_first(db, sql, PV_PARAMS(PV_TEXT(digest)), &rows, error);
	if (status != PV_OK)
		return status;
	struct pv_resolution_row row = {
		.url = pv_row_copy(rows, mem, 0),
		.final_url = pv_row_copy(rows, mem, 1),
		.why = pv_row_copy(rows, mem, 2),
		.resolved_at_us = pv_row_time(rows, 3),
		.page = pv_row_copy(rows, mem, 4),
		.page_at_us = pv_row_time(rows, 5),
	};
	status = pv_rows_end(rows, error);
	if (status == PV_OK)
		*out = row;
	return status;
}
