/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/journal.h"

#include "store/list.h"

#define COMMENTS                                                                          \
	"(SELECT COUNT(*) FROM conversation c JOIN message m ON m.conversation_id = c.id" \
	" WHERE c.publication_id = e.id AND m.direction = 'in' AND m.state = 'shown')"
#define COLUMNS                                                                             \
	"SELECT e.id, e.organization_id, e.slug, e.text, e.languages, e.media, e.reply_to," \
	" e.author_name, e.published_at, e.withdrawn_at, " COMMENTS " FROM journal_entry e"

static void read_row(struct pv_rows *rows, TALLOC_CTX *mem, struct pv_journal_row *row)
{
	*row = (struct pv_journal_row){
		.id = pv_row_copy(rows, mem, 0),
		.organization_id = pv_row_copy(rows, mem, 1),
		.slug = pv_row_copy(rows, mem, 2),
		.text = pv_row_copy(rows, mem, 3),
		.languages = pv_row_copy(rows, mem, 4),
		.media = pv_row_copy(rows, mem, 5),
		.reply_to = pv_row_copy(rows, mem, 6),
		.author_name = pv_row_copy(rows, mem, 7),
		.published_at_us = pv_row_time(rows, 8),
		.withdrawn_at_us = pv_row_time(rows, 9),
		.comments = pv_row_int(rows, 10),
	};
}

enum pv_status pv_journal_keep(
	struct pv_db *db, const struct pv_journal_row *row, struct pv_error *error)
{
	static const char sql[] =
		"INSERT INTO journal_entry (id, organization_id, slug, text, languages, media,"
		" reply_to, author_name, published_at, withdrawn_at)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL) ON CONFLICT (id) DO UPDATE"
		" SET text = $4, languages = $5, media = $6 WHERE journal_entry.organization_id = "
		"$2"
		" AND (journal_entry.text <> $4 OR journal_entry.languages <> $5"
		" OR journal_entry.media <> $6)";
	return pv_db_exec(db, sql,
		PV_PARAMS(PV_TEXT(row->id), PV_TEXT(row->organization_id), PV_TEXT(row->slug),
			PV_TEXT(row->text), PV_TEXT(row->languages), PV_TEXT(row->media),
			PV_TEXT(row->reply_to), PV_TEXT(row->author_name),
			PV_INT(row->published_at_us)),
		NULL, error);
}

static enum pv_status find_one(struct pv_db *db, TALLOC_CTX *mem, const char *sql,
	const struct pv_param *params, size_t n, struct pv_journal_row *out, struct pv_error *error)
{
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_first(db, sql, params, n, &rows, error);
	if (status == PV_NOT_FOUND)
		return pv_fail(error, PV_NOT_FOUND, "Cette entrée du journal n'existe pas.",
			"There is no such entry in the journal.");
	if (status != PV_OK)
		return status;
	struct pv_journal_row row;
	read_row(rows, mem, &row);
	status = pv_rows_end(rows, error);
	if (status == PV_OK)
		*out = row;
	return status;
}

enum pv_status pv_journal_find(struct pv_db *db, TALLOC_CTX *mem, const char *id,
	struct pv_journal_row *out, struct pv_error *error)
{
	static const char sql[] = COLUMNS " WHERE e.id = $1";
	return find_one(db, mem, sql, PV_PARAMS(PV_TEXT(id)), out, error);
}

enum pv_status pv_journal_find_slug(struct pv_db *db, TALLOC_CTX *mem, const char *organization_id,
	const char *slug, struct pv_journal_row *out, struct pv_error *error)
{
	static const char sql[] = COLUMNS " WHERE e.organization_id = $1 AND e.slug = $2"
					  " AND e.withdrawn_at IS NULL";
	return find_one(
		db, mem, sql, PV_PARAMS(PV_TEXT(organization_id), PV_TEXT(slug)), out, error);
}

enum pv_status pv_journal_list(struct pv_db *db, TALLOC_CTX *mem, const char *organization_id,
	int64_t before_us, int limit, struct pv_journal_row **out, size_t *out_n,
	struct pv_error *error)
{
	static const char sql[] = COLUMNS " WHERE e.organization_id = $1 AND e.published_at < $2"
					  " AND e.reply_to IS NULL AND e.withdrawn_at IS NULL"
					  " ORDER BY e.published_at DESC, e.id DESC LIMIT $3";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_query(db, sql,
		PV_PARAMS(PV_TEXT(organization_id),
			PV_INT(before_us == PV_TIME_NONE ? INT64_MAX : before_us), PV_INT(limit)),
		&rows, error);
	if (status != PV_OK)
		return status;
	PV_LIST_READ(rows, mem, read_row, out, out_n, error);
}

enum pv_status pv_journal_answers(struct pv_db *db, TALLOC_CTX *mem, const char *conversation_id,
	struct pv_journal_row **out, size_t *out_n, struct pv_error *error)
{
	static const char sql[] =
		COLUMNS " JOIN message a ON a.id = e.reply_to WHERE a.conversation_id = $1"
			" AND e.withdrawn_at IS NULL ORDER BY e.published_at, e.id LIMIT 500";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status =
		pv_db_query(db, sql, PV_PARAMS(PV_TEXT(conversation_id)), &rows, error);
	if (status != PV_OK)
		return status;
	PV_LIST_READ(rows, mem, read_row, out, out_n, error);
}

enum pv_status pv_journal_withdraw(struct pv_db *db, const char *id, const char *organization_id,
	int64_t at_us, struct pv_error *error)
{
	static const char sql[] = "UPDATE journal_entry SET withdrawn_at = $1 WHERE id = $2"
				  " AND organization_id = $3 AND withdrawn_at IS NULL";
	return pv_db_exec(db, sql, PV_PARAMS(PV_INT(at_us), PV_TEXT(id), PV_TEXT(organization_id)),
		NULL, error);
}

enum pv_status pv_journal_count_read(struct pv_db *db, const char *entry_id,
	const char *organization_id, const char *day, struct pv_error *error)
{
	static const char sql[] =
		"INSERT INTO journal_read (entry_id, organization_id, day, reads)"
		" VALUES ($1, $2, $3, 1) ON CONFLICT (entry_id, day) DO UPDATE SET"
		" reads = journal_read.reads + 1 WHERE journal_read.organization_id = $2";
	return pv_db_exec(db, sql,
		PV_PARAMS(PV_TEXT(entry_id), PV_TEXT(organization_id), PV_TEXT(day)), NULL, error);
}

enum pv_status pv_journal_figures(struct pv_db *db, const char *entry_id, int64_t *out_reads,
	int64_t *out_comments, struct pv_error *error)
{
	static const char sql[] =
		"SELECT (SELECT CAST(COALESCE(SUM(r.reads), 0) AS BIGINT) FROM journal_read r"
		" WHERE r.entry_id = e.id), " COMMENTS " FROM journal_entry e WHERE e.id = $1";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_first(db, sql, PV_PARAMS(PV_TEXT(entry_id)), &rows, error);
	if (status == PV_NOT_FOUND)
		return pv_fail(error, PV_NOT_FOUND, "Cette entrée du journal n'existe pas.",
			"There is no such entry in the journal.");
	if (status != PV_OK)
		return status;
	*out_reads = pv_row_int(rows, 0);
	*out_comments = pv_row_int(rows, 1);
	return pv_rows_end(rows, error);
}
