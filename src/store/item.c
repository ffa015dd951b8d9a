/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/item.h"

#include "store/list.h"

#define COLUMNS(content)                                                                      \
	"SELECT i.id, i.organization_id, i.source_id, i.guid, i.guid_digest, i.url, i.title," \
	" i.summary, " content ", i.author, i.language, i.image, i.labels, i.published_at,"   \
	" i.seen_at, i.state, s.title FROM item i JOIN source s ON s.id = i.source_id"

static void read_row(struct pv_rows *rows, TALLOC_CTX *mem, struct pv_item_row *row)
{
	*row = (struct pv_item_row){
		.id = pv_row_copy(rows, mem, 0),
		.organization_id = pv_row_copy(rows, mem, 1),
		.source_id = pv_row_copy(rows, mem, 2),
		.guid = pv_row_copy(rows, mem, 3),
		.guid_digest = pv_row_copy(rows, mem, 4),
		.url = pv_row_copy(rows, mem, 5),
		.title = pv_row_copy(rows, mem, 6),
		.summary = pv_row_copy(rows, mem, 7),
		.content = pv_row_copy(rows, mem, 8),
		.author = pv_row_copy(rows, mem, 9),
		.language = pv_row_copy(rows, mem, 10),
		.image = pv_row_copy(rows, mem, 11),
		.labels = pv_row_copy(rows, mem, 12),
		.published_at_us = pv_row_time(rows, 13),
		.seen_at_us = pv_row_time(rows, 14),
		.state = pv_row_copy(rows, mem, 15),
		.source_title = pv_row_copy(rows, mem, 16),
	};
}

/* An article that an older desk kept is given its address when the feed shows it again. */
static enum pv_status keep_address(
	struct pv_db *db, const struct pv_item_row *row, struct pv_error *error)
{
	static const char sql[] = "UPDATE item SET address_digest = $1 WHERE source_id = $2"
				  " AND guid_digest = $3 AND organization_id = $4"
				  " AND address_digest = ''";
	if (!*row->address_digest)
		return PV_OK;
	return pv_db_exec(db, sql,
		PV_PARAMS(PV_TEXT(row->address_digest), PV_TEXT(row->source_id),
			PV_TEXT(row->guid_digest), PV_TEXT(row->organization_id)),
		NULL, error);
}

enum pv_status pv_item_keep(
	struct pv_db *db, const struct pv_item_row *row, bool *out_new, struct pv_error *error)
{
	static const char sql[] =
		"INSERT INTO item (id, organization_id, source_id, guid, guid_digest, url, title,"
		" summary, content, author, language, image, labels, published_at, seen_at, state,"
		" address_digest)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,"
		" $17)"
		" ON CONFLICT (source_id, guid_digest) DO NOTHING";
	int64_t changed;
	enum pv_status status = pv_db_exec(db, sql,
		PV_PARAMS(PV_TEXT(row->id), PV_TEXT(row->organization_id), PV_TEXT(row->source_id),
			PV_TEXT(row->guid), PV_TEXT(row->guid_digest), PV_TEXT(row->url),
			PV_TEXT(row->title), PV_TEXT(row->summary), PV_TEXT(row->content),
			PV_TEXT(row->author), PV_TEXT(row->language), PV_TEXT(row->image),
			PV_TEXT(row->labels), PV_INT(row->published_at_us), PV_INT(row->seen_at_us),
			PV_TEXT(row->state), PV_TEXT(row->address_digest)),
		&changed, error);
	if (status == PV_OK && changed == 0)
		status = keep_address(db, row, error);
	if (status == PV_OK)
		*out_new = changed == 1;
	return status;
}

enum pv_status pv_item_find(struct pv_db *db, TALLOC_CTX *mem, const char *id,
	struct pv_item_row *out, struct pv_error *error)
{
	static const char sql[] = COLUMNS("i.content") " WHERE i.id = $1";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_first(db, sql, PV_PARAMS(PV_TEXT(id)), &rows, error);
	if (status == PV_NOT_FOUND)
		return pv_fail(error, PV_NOT_FOUND, "Cet article n'existe pas.",
			"There is no such article.");
	if (status != PV_OK)
		return status;
	struct pv_item_row row;
	read_row(rows, mem, &row);
	status = pv_rows_end(rows, error);
	if (status == PV_OK)
		*out = row;
	return status;
}

enum pv_status pv_item_list(struct pv_db *db, TALLOC_CTX *mem, const struct pv_item_query *query,
	struct pv_item_row **out, size_t *out_n, struct pv_error *error)
{
	static const char sql[] = COLUMNS(
		"''") " WHERE (CAST($1 AS TEXT) IS NULL OR i.organization_id IN"
		      " (SELECT m.organization_id FROM membership m WHERE m.person_id = $1))"
		      " AND (CAST($2 AS TEXT) IS NULL OR i.organization_id = $2)"
		      " AND (CAST($3 AS TEXT) IS NULL OR i.source_id = $3)"
		      " AND (CAST($4 AS TEXT) IS NULL OR i.state = $4)"
		      " AND (i.published_at < $5 OR (i.published_at = $5 AND i.id < $6))"
		      " ORDER BY i.published_at DESC, i.id DESC LIMIT $7";
	int64_t before = query->before_us == PV_TIME_NONE ? INT64_MAX : query->before_us;
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_query(db, sql,
		PV_PARAMS(PV_TEXT(query->member_id), PV_TEXT(query->organization_id),
			PV_TEXT(query->source_id), PV_TEXT(query->state), PV_INT(before),
			PV_TEXT(query->before_id ? query->before_id : ""), PV_INT(query->limit)),
		&rows, error);
	if (status != PV_OK)
		return status;
	PV_LIST_READ(rows, mem, read_row, out, out_n, error);
}

static void read_place(struct pv_rows *rows, TALLOC_CTX *mem, struct pv_item_place *out)
{
	*out = (struct pv_item_place){
		.feed = pv_row_copy(rows, mem, 0),
		.url = pv_row_copy(rows, mem, 1),
		.author = pv_row_copy(rows, mem, 2),
	};
}

enum pv_status pv_item_places(struct pv_db *db, TALLOC_CTX *mem, const char *address_digest,
	struct pv_item_place **out, size_t *out_n, struct pv_error *error)
{
	static const char sql[] =
		"SELECT s.url, i.url, i.author FROM item i JOIN source s ON s.id = i.source_id"
		" WHERE i.address_digest = $1 ORDER BY s.url, i.id LIMIT $2";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_query(db, sql,
		PV_PARAMS(PV_TEXT(address_digest), PV_INT(PV_ITEM_PLACES_MAX)), &rows, error);
	if (status != PV_OK)
		return status;
	PV_LIST_READ(rows, mem, read_place, out, out_n, error);
}

enum pv_status pv_item_set_state(struct pv_db *db, const char *id, const char *organization_id,
	const char *state, struct pv_error *error)
{
	static const char sql[] =
		"UPDATE item SET state = $1 WHERE id = $2 AND organization_id = $3";
	return pv_db_exec(db, sql, PV_PARAMS(PV_TEXT(state), PV_TEXT(id), PV_TEXT(organization_id)),
		NULL, error);
}
