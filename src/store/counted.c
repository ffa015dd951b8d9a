/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/counted.h"

#include "store/list.h"

enum pv_status pv_counted_put(
	struct pv_db *db, const struct pv_counted_row *row, struct pv_error *error)
{
	static const char sql[] =
		"INSERT INTO counted (variant_id, organization_id, account_id, author_id, at, kind,"
		" form, origin, interest, axis, relations, topics, humans)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
		" ON CONFLICT (variant_id) DO UPDATE SET at = $5, kind = $6, form = $7,"
		" origin = $8, interest = $9, axis = $10, relations = $11, topics = $12,"
		" humans = $13 WHERE counted.organization_id = $2";
	return pv_db_exec(db, sql,
		PV_PARAMS(PV_TEXT(row->variant_id), PV_TEXT(row->organization_id),
			PV_TEXT(row->account_id), PV_TEXT(row->author_id), PV_INT(row->at_us),
			PV_TEXT(row->kind), PV_TEXT(row->form), PV_TEXT(row->origin),
			PV_TEXT(row->interest), PV_TEXT(row->axis), PV_TEXT(row->relations),
			PV_TEXT(row->topics), PV_TEXT(row->humans)),
		NULL, error);
}

enum pv_status pv_counted_move(struct pv_db *db, const char *variant_id,
	const char *organization_id, int64_t at_us, bool *out_found, struct pv_error *error)
{
	static const char sql[] = "UPDATE counted SET at = $1 WHERE variant_id = $2"
				  " AND organization_id = $3";
	int64_t changed;
	enum pv_status status = pv_db_exec(db, sql,
		PV_PARAMS(PV_INT(at_us), PV_TEXT(variant_id), PV_TEXT(organization_id)), &changed,
		error);
	if (status == PV_OK)
		*out_found = changed == 1;
	return status;
}

enum pv_status pv_counted_remove(struct pv_db *db, const char *variant_id,
	const char *organization_id, struct pv_error *error)
{
	static const char sql[] = "DELETE FROM counted WHERE variant_id = $1"
				  " AND organization_id = $2";
	return pv_db_exec(
		db, sql, PV_PARAMS(PV_TEXT(variant_id), PV_TEXT(organization_id)), NULL, error);
}

static void read_row(struct pv_rows *rows, TALLOC_CTX *mem, struct pv_counted_group *row)
{
	*row = (struct pv_counted_group){
		.account_slug = pv_row_copy(rows, mem, 0),
		.author_slug = pv_row_copy(rows, mem, 1),
		.kind = pv_row_copy(rows, mem, 2),
		.form = pv_row_copy(rows, mem, 3),
		.origin = pv_row_copy(rows, mem, 4),
		.interest = pv_row_copy(rows, mem, 5),
		.axis = pv_row_copy(rows, mem, 6),
		.relations = pv_row_copy(rows, mem, 7),
		.topics = pv_row_copy(rows, mem, 8),
		.humans = pv_row_copy(rows, mem, 9),
		.last_at_us = pv_row_time(rows, 10),
		.times = pv_row_int(rows, 11),
	};
}

#define WINDOW(column)                                                                           \
	"SELECT a.slug, w.slug, c.kind, c.form, c.origin, c.interest, c.axis, c.relations,"      \
	" c.topics, c.humans, MAX(c.at), COUNT(*) FROM counted c"                                \
	" JOIN account a ON a.id = c.account_id JOIN person w ON w.id = c.author_id"             \
	" WHERE c." column " = $1 AND c.at > $2 AND c.at <= $3"                                  \
	" AND (CAST($4 AS TEXT) IS NULL OR c.variant_id <> $4) GROUP BY a.slug, w.slug, c.kind," \
	" c.form, c.origin, c.interest, c.axis, c.relations, c.topics, c.humans"                 \
	" ORDER BY MAX(c.at) DESC LIMIT 2000"

enum pv_status pv_counted_window(struct pv_db *db, TALLOC_CTX *mem, enum pv_counted_per per,
	const char *id, const char *except_variant, int64_t after_us, int64_t until_us,
	struct pv_counted_group **out, size_t *out_n, struct pv_error *error)
{
	static const char *const sqls[] = {
		[PV_COUNTED_ACCOUNT] = WINDOW("account_id"),
		[PV_COUNTED_AUTHOR] = WINDOW("author_id"),
		[PV_COUNTED_ORGANIZATION] = WINDOW("organization_id"),
	};
	_Static_assert(PV_COUNTED_GROUPS_MAX == 2000, "the LIMIT above");
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_query(db, sqls[per],
		PV_PARAMS(PV_TEXT(id), PV_INT(after_us), PV_INT(until_us), PV_TEXT(except_variant)),
		&rows, error);
	if (status != PV_OK)
		return status;
	PV_LIST_READ(rows, mem, read_row, out, out_n, error);
}
