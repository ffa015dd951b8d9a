/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/pulse.h"

#include "store/list.h"

#include <inttypes.h>
#include <stdio.h>

static void read_count(struct pv_rows *rows, TALLOC_CTX *mem, struct pv_pulse_count *out)
{
	*out = (struct pv_pulse_count){.name = pv_row_copy(rows, mem, 0), .n = pv_row_int(rows, 1)};
}

enum pv_status pv_pulse_states(struct pv_db *db, TALLOC_CTX *mem, struct pv_pulse_count **out,
	size_t *out_n, struct pv_error *error)
{
	static const char sql[] =
		"SELECT state, COUNT(*) FROM publication GROUP BY state ORDER BY state";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_query(db, sql, PV_NO_PARAMS, &rows, error);
	if (status != PV_OK)
		return status;
	PV_LIST_READ(rows, mem, read_count, out, out_n, error);
}

enum pv_status pv_pulse_oldest_due(
	struct pv_db *db, int64_t now_us, int64_t *out_us, struct pv_error *error)
{
	static const char sql[] =
		"SELECT MIN(next_at) FROM publication WHERE state = 'planned' AND next_at <= $1";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_first(db, sql, PV_PARAMS(PV_INT(now_us)), &rows, error);
	if (status != PV_OK)
		return status;
	int64_t oldest_us = pv_row_time(rows, 0);
	status = pv_rows_end(rows, error);
	if (status == PV_OK)
		*out_us = oldest_us;
	return status;
}

enum pv_status pv_pulse_lateness(
	struct pv_db *db, int64_t *out_mean_us, int64_t *out_worst_us, struct pv_error *error)
{
	static const char sql[] =
		"SELECT lateness_us FROM publication WHERE state = 'published' AND lateness_us >= 0"
		" ORDER BY id DESC LIMIT $1";
	int64_t sum = 0, worst = -1, n = 0;
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status =
		pv_db_query(db, sql, PV_PARAMS(PV_INT(PV_PULSE_LATEST)), &rows, error);
	if (status != PV_OK)
		return status;
	while (pv_rows_next(rows)) {
		int64_t late = pv_row_int(rows, 0);
		sum += late;
		worst = late > worst ? late : worst;
		n++;
	}
	status = pv_rows_end(rows, error);
	if (status == PV_OK) {
		*out_mean_us = n ? sum / n : -1;
		*out_worst_us = worst;
	}
	return status;
}

static void read_hold(struct pv_rows *rows, TALLOC_CTX *mem, struct pv_pulse_hold *out)
{
	*out = (struct pv_pulse_hold){
		.organization = pv_row_copy(rows, mem, 0),
		.subject = pv_row_copy(rows, mem, 1),
		.detail = pv_row_copy(rows, mem, 2),
		.waiting = pv_row_int(rows, 3),
	};
}

static enum pv_status read_holds(struct pv_db *db, TALLOC_CTX *mem, const char *sql,
	struct pv_pulse_hold **out, size_t *out_n, struct pv_error *error)
{
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status =
		pv_db_query(db, sql, PV_PARAMS(PV_INT(PV_PULSE_HOLDS_MAX)), &rows, error);
	if (status != PV_OK)
		return status;
	PV_LIST_READ(rows, mem, read_hold, out, out_n, error);
}

enum pv_status pv_pulse_sign_in(struct pv_db *db, TALLOC_CTX *mem, struct pv_pulse_hold **out,
	size_t *out_n, struct pv_error *error)
{
	static const char sql[] = "SELECT o.name, a.name, a.network,"
				  " (SELECT COUNT(*) FROM publication p WHERE p.account_id = a.id"
				  "  AND p.state IN ('planned', 'held', 'deferred'))"
				  " FROM account a JOIN organization o ON o.id = a.organization_id"
				  " WHERE a.state = 'sign_in' ORDER BY o.name, a.name LIMIT $1";
	return read_holds(db, mem, sql, out, out_n, error);
}

enum pv_status pv_pulse_paused(struct pv_db *db, TALLOC_CTX *mem, struct pv_pulse_hold **out,
	size_t *out_n, struct pv_error *error)
{
	static const char sql[] =
		"SELECT o.name, '', COALESCE(o.paused_why, ''),"
		" (SELECT COUNT(*) FROM publication p WHERE p.organization_id = o.id"
		"  AND p.state IN ('planned', 'held', 'deferred'))"
		" FROM organization o WHERE o.paused_at IS NOT NULL ORDER BY o.name LIMIT $1";
	return read_holds(db, mem, sql, out, out_n, error);
}

enum pv_status pv_pulse_asking(struct pv_db *db, TALLOC_CTX *mem, struct pv_pulse_hold **out,
	size_t *out_n, struct pv_error *error)
{
	static const char sql[] =
		"SELECT o.name, a.name, a.network, x.n FROM (SELECT p.account_id AS id,"
		" COUNT(*) AS n FROM publication p WHERE p.state = 'asking' GROUP BY p.account_id) "
		"x"
		" JOIN account a ON a.id = x.id JOIN organization o ON o.id = a.organization_id"
		" ORDER BY o.name, a.name LIMIT $1";
	return read_holds(db, mem, sql, out, out_n, error);
}

enum pv_status pv_pulse_no_policy(struct pv_db *db, TALLOC_CTX *mem, struct pv_pulse_hold **out,
	size_t *out_n, struct pv_error *error)
{
	static const char sql[] =
		"SELECT o.name, '', '',"
		" (SELECT COUNT(*) FROM publication p WHERE p.organization_id = o.id"
		"  AND p.state IN ('planned', 'held', 'deferred'))"
		" FROM organization o WHERE o.kind = 'organization'"
		" AND NOT EXISTS (SELECT 1 FROM policy v WHERE v.organization_id = o.id"
		"  AND v.state = 'adopted') ORDER BY o.name LIMIT $1";
	return read_holds(db, mem, sql, out, out_n, error);
}

enum pv_status pv_pulse_write(struct pv_db *db, int64_t now_us, struct pv_error *error)
{
	static const char sql[] = "INSERT INTO setting (name, value) VALUES ('pulse', $1)"
				  " ON CONFLICT (name) DO UPDATE SET value = $1";
	char value[24];
	snprintf(value, sizeof(value), "%" PRId64, now_us);
	return pv_db_exec(db, sql, PV_PARAMS(PV_TEXT(value)), NULL, error);
}
