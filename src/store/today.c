/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/today.h"

#include "store/list.h"

/*
 * Each kind: what it is about, from where, whose. $1 is the person, $2 now, $3 what is soon; every
 * text names all three, so that they are bound alike.
 */
#define HOUSES(roles)                                                                              \
	" JOIN organization o ON o.id = x.organization_id JOIN membership m"                       \
	" ON m.organization_id = x.organization_id AND m.person_id = $1 AND m.role IN (" roles ")" \
	" WHERE $2 <= $3 AND "
#define WRITERS "'owner', 'editor'"
#define REVIEWERS "'owner', 'editor', 'reviewer'"

struct kind {
	const char *count, *list;
};

#define KIND(words, at, id, from, where, order)                                         \
	{                                                                               \
		"SELECT COUNT(*) FROM " from where,                                     \
			"SELECT " at ", o.id, o.slug, o.name, o.colour, " words ", " id \
			" FROM " from where " ORDER BY " order " LIMIT $4",             \
	}

static const struct kind kinds[PV_WAITINGS] = {
	[PV_WAITING_UNCERTAIN] = KIND("v.text", "x.due_at", "v.id",
		"publication x JOIN variant v ON v.id = x.variant_id",
		HOUSES(WRITERS) "x.state = 'asking'", "x.due_at, x.id"),
	[PV_WAITING_SIGN_IN] = KIND("x.name", "COALESCE(x.checked_at, x.created_at)", "x.id",
		"account x", HOUSES("'owner'") "x.state = 'sign_in'", "x.name, x.id"),
	[PV_WAITING_SENT_BACK] = KIND("x.text", "x.edited_at", "x.id", "variant x",
		HOUSES(WRITERS) "x.stage = 'sent_back' AND x.author_id = $1"
				" AND x.removed_at IS NULL",
		"x.edited_at DESC, x.id"),
	[PV_WAITING_REVIEW] = KIND("x.text", "x.submitted_at", "x.id", "variant x",
		HOUSES(REVIEWERS) "x.stage = 'review' AND x.author_id <> $1"
				  " AND x.removed_at IS NULL",
		"COALESCE(x.due_at, x.submitted_at), x.id"),
	[PV_WAITING_HELD_COMMENT] = KIND("x.text", "x.said_at", "x.conversation_id",
		"conversation c JOIN message x ON x.conversation_id = c.id",
		HOUSES(WRITERS) "c.state = 'open' AND x.state = 'held'", "x.said_at, x.id"),
	[PV_WAITING_CONVERSATION] =
		KIND("COALESCE((SELECT n.text FROM message n"
		     " WHERE n.conversation_id = x.id"
		     " AND n.direction = 'in' ORDER BY n.said_at DESC LIMIT 1), '')",
			"x.last_at", "x.id", "conversation x",
			HOUSES(WRITERS) "x.state = 'open' AND x.unread > 0"
					" AND NOT EXISTS (SELECT 1 FROM message h WHERE"
					" h.conversation_id = x.id AND h.state = 'held')",
			"x.last_at DESC, x.id"),
	[PV_WAITING_DUE_SOON] = KIND("v.text", "x.due_at", "v.id",
		"publication x JOIN variant v ON v.id = x.variant_id",
		HOUSES(WRITERS) "x.state IN ('planned', 'held') AND x.due_at <= $3",
		"x.due_at, x.id"),
	[PV_WAITING_FEED_FAILING] = KIND("x.title", "COALESCE(x.fetched_at, x.created_at)", "x.id",
		"source x", HOUSES(WRITERS) "x.state = 'failing'", "x.title, x.id"),
	[PV_WAITING_ITEM] = KIND("x.title", "x.published_at", "x.id", "item x",
		HOUSES(WRITERS) "x.state = 'new'", "x.published_at DESC, x.id"),
};

static void read_row(struct pv_rows *rows, TALLOC_CTX *mem, struct pv_waiting_row *row)
{
	*row = (struct pv_waiting_row){
		.at_us = pv_row_time(rows, 0),
		.organization_id = pv_row_copy(rows, mem, 1),
		.organization_slug = pv_row_copy(rows, mem, 2),
		.organization_name = pv_row_copy(rows, mem, 3),
		.organization_colour = pv_row_copy(rows, mem, 4),
		.words = pv_row_copy(rows, mem, 5),
		.id = pv_row_copy(rows, mem, 6),
	};
}

static enum pv_status count(struct pv_db *db, const char *sql, const char *person_id,
	int64_t now_us, int64_t soon_us, int64_t *out, struct pv_error *error)
{
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_first(db, sql,
		PV_PARAMS(PV_TEXT(person_id), PV_INT(now_us), PV_INT(soon_us)), &rows, error);
	if (status != PV_OK)
		return status;
	*out = pv_row_int(rows, 0);
	return pv_rows_end(rows, error);
}

enum pv_status pv_waiting_list(struct pv_db *db, TALLOC_CTX *mem, enum pv_waiting kind,
	const char *person_id, int64_t now_us, int64_t soon_us, int limit,
	struct pv_waiting_row **out, size_t *out_n, int64_t *out_whole, struct pv_error *error)
{
	enum pv_status status =
		count(db, kinds[kind].count, person_id, now_us, soon_us, out_whole, error);
	PV_ROWS struct pv_rows *rows = NULL;
	if (status == PV_OK)
		status = pv_db_query(db, kinds[kind].list,
			PV_PARAMS(
				PV_TEXT(person_id), PV_INT(now_us), PV_INT(soon_us), PV_INT(limit)),
			&rows, error);
	if (status != PV_OK)
		return status;
	PV_LIST_READ(rows, mem, read_row, out, out_n, error);
}
