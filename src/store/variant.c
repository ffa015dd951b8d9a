/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/variant.h"

#include "store/list.h"

#include <string.h>

/* Every read of a variant: the columns in the order of read_row. */
#define COLUMNS                                                                                    \
	"SELECT v.id, v.organization_id, v.post_id, v.account_id, v.author_id, v.kind, "           \
	"v.reply_to,"                                                                              \
	" v.text, v.languages, v.media, v.declared, v.origin, v.interest, v.axis, v.due_at, "      \
	"v.late,"                                                                                  \
	" v.stage, v.digest, v.verdict, v.version, v.edited_at, v.submitted_at, v.created_at,"     \
	" v.removed_at, a.slug, a.name, a.handle, a.network, a.stance, a.server, a.state, o.slug," \
	" o.name, o.colour, o.kind, o.timezone, o.paused_at, w.slug, w.name, t.title, t.item_id,"  \
	" p.id, p.state, p.permalink, p.published_at, p.due_at, p.reason, v.lapsed_at"             \
	" FROM variant v"                                                                          \
	" JOIN account a ON a.id = v.account_id JOIN organization o ON o.id = v.organization_id"   \
	" JOIN person w ON w.id = v.author_id JOIN post t ON t.id = v.post_id"                     \
	" LEFT JOIN publication p ON p.variant_id = v.id"

/* What a list may ask; $1 to $9 in the order of bind_filter. */
#define NARROW                                                                  \
	" WHERE v.removed_at IS NULL"                                           \
	" AND (CAST($1 AS TEXT) IS NULL OR v.organization_id IN"                \
	" (SELECT m.organization_id FROM membership m WHERE m.person_id = $1))" \
	" AND (CAST($2 AS TEXT) IS NULL OR v.organization_id = $2)"             \
	" AND (CAST($3 AS TEXT) IS NULL OR v.account_id = $3)"                  \
	" AND (CAST($4 AS TEXT) IS NULL OR v.author_id = $4)"                   \
	" AND (CAST($5 AS TEXT) IS NULL OR v.post_id = $5)"                     \
	" AND (CAST($6 AS TEXT) IS NULL OR v.stage = $6)"

static const char *text_or_empty(struct pv_rows *rows, TALLOC_CTX *mem, int column)
{
	return pv_row_null(rows, column) ? "" : pv_row_copy(rows, mem, column);
}

static void read_own(struct pv_rows *rows, TALLOC_CTX *mem, struct pv_variant_row *row)
{
	*row = (struct pv_variant_row){
		.id = pv_row_copy(rows, mem, 0),
		.organization_id = pv_row_copy(rows, mem, 1),
		.post_id = pv_row_copy(rows, mem, 2),
		.account_id = pv_row_copy(rows, mem, 3),
		.author_id = pv_row_copy(rows, mem, 4),
		.kind = pv_row_copy(rows, mem, 5),
		.reply_to = pv_row_copy(rows, mem, 6),
		.text = pv_row_copy(rows, mem, 7),
		.languages = pv_row_copy(rows, mem, 8),
		.media = pv_row_copy(rows, mem, 9),
		.declared = pv_row_copy(rows, mem, 10),
		.origin = pv_row_copy(rows, mem, 11),
		.interest = pv_row_copy(rows, mem, 12),
		.axis = pv_row_copy(rows, mem, 13),
		.due_at_us = pv_row_time(rows, 14),
		.late = pv_row_copy(rows, mem, 15),
		.stage = pv_row_copy(rows, mem, 16),
		.digest = pv_row_copy(rows, mem, 17),
		.verdict = pv_row_copy(rows, mem, 18),
		.version = pv_row_int(rows, 19),
		.edited_at_us = pv_row_time(rows, 20),
		.submitted_at_us = pv_row_time(rows, 21),
		.created_at_us = pv_row_time(rows, 22),
		.removed_at_us = pv_row_time(rows, 23),
	};
}

static void read_row(struct pv_rows *rows, TALLOC_CTX *mem, struct pv_variant_row *row)
{
	read_own(rows, mem, row);
	row->account_slug = pv_row_copy(rows, mem, 24);
	row->account_name = pv_row_copy(rows, mem, 25);
	row->account_handle = pv_row_copy(rows, mem, 26);
	row->account_network = pv_row_copy(rows, mem, 27);
	row->account_stance = pv_row_copy(rows, mem, 28);
	row->account_server = pv_row_copy(rows, mem, 29);
	row->account_state = pv_row_copy(rows, mem, 30);
	row->organization_slug = pv_row_copy(rows, mem, 31);
	row->organization_name = pv_row_copy(rows, mem, 32);
	row->organization_colour = pv_row_copy(rows, mem, 33);
	row->organization_kind = pv_row_copy(rows, mem, 34);
	row->organization_timezone = pv_row_copy(rows, mem, 35);
	row->organization_paused = !pv_row_null(rows, 36);
	row->author_slug = pv_row_copy(rows, mem, 37);
	row->author_name = pv_row_copy(rows, mem, 38);
	row->post_title = pv_row_copy(rows, mem, 39);
	row->item_id = pv_row_copy(rows, mem, 40);
	row->publication_id = pv_row_copy(rows, mem, 41);
	row->publication_state = text_or_empty(rows, mem, 42);
	row->permalink = text_or_empty(rows, mem, 43);
	row->published_at_us = pv_row_time(rows, 44);
	row->at_us = row->due_at_us != PV_TIME_NONE         ? row->due_at_us
		     : row->published_at_us != PV_TIME_NONE ? row->published_at_us
							    : pv_row_time(rows, 45);
	row->publication_reason = text_or_empty(rows, mem, 46);
	row->lapsed_at_us = pv_row_time(rows, 47);
}

enum pv_status pv_variant_insert(
	struct pv_db *db, const struct pv_variant_row *row, struct pv_error *error)
{
	static const char sql[] =
		"INSERT INTO variant (id, organization_id, post_id, account_id, author_id, kind,"
		" reply_to, text, languages, media, declared, origin, interest, axis, due_at, late,"
		" stage, digest, verdict, version, edited_at, submitted_at, created_at, removed_at)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,"
		" $17, $18, $19, $20, $21, $22, $23, NULL)";
	return pv_db_exec(db, sql,
		PV_PARAMS(PV_TEXT(row->id), PV_TEXT(row->organization_id), PV_TEXT(row->post_id),
			PV_TEXT(row->account_id), PV_TEXT(row->author_id), PV_TEXT(row->kind),
			PV_TEXT(row->reply_to), PV_TEXT(row->text), PV_TEXT(row->languages),
			PV_TEXT(row->media), PV_TEXT(row->declared), PV_TEXT(row->origin),
			PV_TEXT(row->interest), PV_TEXT(row->axis), PV_TIME(row->due_at_us),
			PV_TEXT(row->late), PV_TEXT(row->stage), PV_TEXT(row->digest),
			PV_TEXT(row->verdict), PV_INT(row->version), PV_INT(row->edited_at_us),
			PV_TIME(row->submitted_at_us), PV_INT(row->created_at_us)),
		NULL, error);
}

enum pv_status pv_variant_find(struct pv_db *db, TALLOC_CTX *mem, const char *id,
	struct pv_variant_row *out, struct pv_error *error)
{
	static const char sql[] = COLUMNS " WHERE v.id = $1 AND v.removed_at IS NULL";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_first(db, sql, PV_PARAMS(PV_TEXT(id)), &rows, error);
	if (status == PV_NOT_FOUND)
		return pv_fail(error, PV_NOT_FOUND, "Cette variante n'existe pas.",
			"There is no such variant.");
	if (status != PV_OK)
		return status;
	struct pv_variant_row row;
	read_row(rows, mem, &row);
	status = pv_rows_end(rows, error);
	if (status == PV_OK)
		*out = row;
	return status;
}

/*
 * The calendar: a variant sent without a time of its own stands where it was published, and until
 * then where its publication is due. Each part is asked of an index; the houses are one, a
 * member's, or all.
 */
#define IN_THE_MONTH(houses)                                                                      \
	COLUMNS NARROW " AND v.id IN (SELECT x.id FROM variant x WHERE x.organization_id " houses \
		       " AND x.due_at >= $7 AND x.due_at < $8 UNION SELECT y.variant_id"          \
		       " FROM publication y JOIN variant z ON z.id = y.variant_id"                \
		       " WHERE y.organization_id " houses " AND y.due_at >= $7 AND y.due_at < $8" \
		       " AND y.published_at IS NULL AND z.due_at IS NULL"                         \
		       " UNION SELECT y.variant_id FROM publication y"                            \
		       " JOIN variant z ON z.id = y.variant_id WHERE y.account_id IN"             \
		       " (SELECT c.id FROM account c WHERE c.organization_id " houses ")"         \
		       " AND y.published_at >= $7 AND y.published_at < $8 AND z.due_at IS NULL)"  \
		       " AND (CAST($9 AS TEXT) IS NULL OR v.id > $9"                              \
		       " OR COALESCE(v.due_at, p.published_at, p.due_at) > $7)"                   \
		       " ORDER BY COALESCE(v.due_at, p.published_at, p.due_at), v.id LIMIT $10"

static enum pv_status list_by_due(struct pv_db *db, const struct pv_variant_filter *filter,
	struct pv_rows **rows, struct pv_error *error)
{
	static const char one[] = IN_THE_MONTH("= $2");
	static const char mine[] = IN_THE_MONTH(
		"IN (SELECT q.organization_id FROM membership q WHERE q.person_id = $1)");
	static const char all[] = IN_THE_MONTH("IN (SELECT q.id FROM organization q)");
	int64_t from = filter->due_from_us == PV_TIME_NONE ? 0 : filter->due_from_us;
	int64_t before = filter->due_before_us == PV_TIME_NONE ? INT64_MAX : filter->due_before_us;
	const char *sql = filter->organization_id ? one : filter->member_id ? mine : all;
	return pv_db_query(db, sql,
		PV_PARAMS(PV_TEXT(filter->member_id), PV_TEXT(filter->organization_id),
			PV_TEXT(filter->account_id), PV_TEXT(filter->author_id),
			PV_TEXT(filter->post_id), PV_TEXT(filter->stage), PV_INT(from),
			PV_INT(before), PV_TEXT(filter->after_id), PV_INT(filter->limit)),
		rows, error);
}

/* One person's or one stage's newest, whatever the rest: each has an index that ends in id. */
static enum pv_status list_newest(struct pv_db *db, const struct pv_variant_filter *filter,
	struct pv_rows **rows, struct pv_error *error)
{
	static const char sql[] = COLUMNS NARROW
		" AND (CAST($7 AS TEXT) IS NULL OR v.id < $7) ORDER BY v.id DESC LIMIT $8";
	return pv_db_query(db, sql,
		PV_PARAMS(PV_TEXT(filter->member_id), PV_TEXT(filter->organization_id),
			PV_TEXT(filter->account_id), PV_TEXT(filter->author_id),
			PV_TEXT(filter->post_id), PV_TEXT(filter->stage),
			PV_TEXT(filter->before_id), PV_INT(filter->limit)),
		rows, error);
}

/* What a post's page asks, by the index of its variants. */
static enum pv_status list_of_post(struct pv_db *db, const struct pv_variant_filter *filter,
	struct pv_rows **rows, struct pv_error *error)
{
	static const char sql[] = COLUMNS
		" WHERE v.post_id = $1 AND v.removed_at IS NULL AND (CAST($2 AS TEXT) IS NULL"
		" OR v.organization_id IN (SELECT m.organization_id FROM membership m"
		" WHERE m.person_id = $2)) ORDER BY v.created_at, v.id LIMIT $3";
	return pv_db_query(db, sql,
		PV_PARAMS(PV_TEXT(filter->post_id), PV_TEXT(filter->member_id),
			PV_INT(filter->limit)),
		rows, error);
}

/* A stage that few stand at (review, sent_back…), by the index of houses and stages. */
static enum pv_status list_of_stage(struct pv_db *db, const struct pv_variant_filter *filter,
	struct pv_rows **rows, struct pv_error *error)
{
	static const char sql[] =
		COLUMNS " WHERE v.id IN (SELECT x.id FROM variant x WHERE x.stage = $2"
			" AND x.organization_id IN (SELECT m.organization_id FROM membership m"
			" WHERE m.person_id = $1)) AND v.removed_at IS NULL"
			" AND (CAST($3 AS TEXT) IS NULL OR v.organization_id = $3)"
			" AND (CAST($4 AS TEXT) IS NULL OR v.account_id = $4)"
			" AND (CAST($5 AS TEXT) IS NULL OR v.author_id = $5)"
			" AND (CAST($6 AS TEXT) IS NULL OR v.id < $6) ORDER BY v.id DESC LIMIT $7";
	return pv_db_query(db, sql,
		PV_PARAMS(PV_TEXT(filter->member_id), PV_TEXT(filter->stage),
			PV_TEXT(filter->organization_id), PV_TEXT(filter->account_id),
			PV_TEXT(filter->author_id), PV_TEXT(filter->before_id),
			PV_INT(filter->limit)),
		rows, error);
}

enum pv_status pv_variant_list(struct pv_db *db, TALLOC_CTX *mem,
	const struct pv_variant_filter *filter, struct pv_variant_row **out, size_t *out_n,
	struct pv_error *error)
{
	PV_ROWS struct pv_rows *rows = NULL;
	bool of_post = filter->post_id && !filter->stage && !filter->before_id && !filter->by_due;
	/* What is done is most of all there is: its newest are found from the end. */
	bool of_stage = filter->stage && strcmp(filter->stage, "done") != 0 && filter->member_id &&
			!filter->post_id && !filter->by_due;
	enum pv_status status = of_post          ? list_of_post(db, filter, &rows, error)
				: of_stage       ? list_of_stage(db, filter, &rows, error)
				: filter->by_due ? list_by_due(db, filter, &rows, error)
						 : list_newest(db, filter, &rows, error);
	if (status != PV_OK)
		return status;
	PV_LIST_READ(rows, mem, read_row, out, out_n, error);
}

enum pv_status pv_variant_update(
	struct pv_db *db, const struct pv_variant_row *row, struct pv_error *error)
{
	static const char sql[] =
		"UPDATE variant SET kind = $1, text = $2, languages = $3, media = $4, declared = "
		"$5,"
		" origin = $6, interest = $7, axis = $8, due_at = $9, late = $10, stage = $11,"
		" digest = $12, verdict = $13, edited_at = $14, submitted_at = $15,"
		" version = version + 1, reminded_at = NULL, lapsed_at = NULL WHERE id = $16 AND "
		"organization_id = $17 AND version = $18"
		" AND removed_at IS NULL";
	int64_t changed;
	enum pv_status status = pv_db_exec(db, sql,
		PV_PARAMS(PV_TEXT(row->kind), PV_TEXT(row->text), PV_TEXT(row->languages),
			PV_TEXT(row->media), PV_TEXT(row->declared), PV_TEXT(row->origin),
			PV_TEXT(row->interest), PV_TEXT(row->axis), PV_TIME(row->due_at_us),
			PV_TEXT(row->late), PV_TEXT(row->stage), PV_TEXT(row->digest),
			PV_TEXT(row->verdict), PV_INT(row->edited_at_us),
			PV_TIME(row->submitted_at_us), PV_TEXT(row->id),
			PV_TEXT(row->organization_id), PV_INT(row->version)),
		&changed, error);
	if (status == PV_OK && changed != 1)
		return pv_fail(error, PV_CONFLICT,
			"Cette variante a changé depuis que vous l'avez ouverte.",
			"This variant has changed since you opened it.");
	return status;
}

enum pv_status pv_variant_move(struct pv_db *db, const struct pv_variant_row *row, const char *from,
	const char *to, int64_t submitted_at_us, struct pv_error *error)
{
	static const char sql[] =
		"UPDATE variant SET stage = $1, submitted_at = $2, reminded_at = NULL,"
		" lapsed_at = NULL WHERE id = $3"
		" AND organization_id = $4 AND stage = $5 AND digest = $6 AND removed_at IS NULL";
	int64_t changed;
	enum pv_status status = pv_db_exec(db, sql,
		PV_PARAMS(PV_TEXT(to), PV_TIME(submitted_at_us), PV_TEXT(row->id),
			PV_TEXT(row->organization_id), PV_TEXT(from), PV_TEXT(row->digest)),
		&changed, error);
	if (status == PV_OK && changed != 1)
		return pv_fail(error, PV_CONFLICT,
			"Cette variante vient de changer; relisez-la avant de continuer.",
			"This variant has just changed; read it again before going on.");
	return status;
}

enum pv_status pv_variant_set_verdict(struct pv_db *db, const struct pv_variant_row *row,
	const char *verdict, struct pv_error *error)
{
	static const char sql[] = "UPDATE variant SET verdict = $1 WHERE id = $2"
				  " AND organization_id = $3 AND digest = $4";
	return pv_db_exec(db, sql,
		PV_PARAMS(PV_TEXT(verdict), PV_TEXT(row->id), PV_TEXT(row->organization_id),
			PV_TEXT(row->digest)),
		NULL, error);
}

enum pv_status pv_variant_remove(struct pv_db *db, const char *id, const char *organization_id,
	int64_t at_us, struct pv_error *error)
{
	static const char sql[] = "UPDATE variant SET removed_at = $1 WHERE id = $2"
				  " AND organization_id = $3 AND removed_at IS NULL";
	return pv_db_exec(db, sql, PV_PARAMS(PV_INT(at_us), PV_TEXT(id), PV_TEXT(organization_id)),
		NULL, error);
}
