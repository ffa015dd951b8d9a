/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/today.h"

#include "store/list.h"

#define MINE "m.person_id = $1"
#define JOIN(alias)                                                                     \
	" JOIN membership m ON m.organization_id = " alias ".organization_id AND " MINE \
	" JOIN organization o ON o.id = " alias ".organization_id"
#define HOUSE "o.id, o.slug, o.name, o.colour"
/* $2 and $3 bound the time where a kind has one; elsewhere they are always true */
#define EVER " AND $2 <= $3"
/*
 * Spelled so that no index on the author serves: what an author ever wrote is long, what an
 * organisation has in one stage is short.
 */
#define BY_ME "v.author_id || '' = $1"
/* What a reader said and everybody may read. */
#define SHOWN " WHERE s.conversation_id = c.id AND s.direction = 'in' AND s.state = 'shown'"
/*
 * How many came in since the newest shown one: held, hidden, spam. A conversation where no more
 * than these are unread waits as held comments, or for nobody.
 */
#define UNSHOWN                                                           \
	" (SELECT COUNT(*) FROM message n WHERE n.conversation_id = c.id" \
	" AND n.direction = 'in' AND n.state <> 'shown' AND n.said_at >"  \
	" COALESCE((SELECT MAX(s.said_at) FROM message s" SHOWN "), -1))"

/* A write whose outcome nobody knows. */
#define IN_THE_DARK                                                       \
	" (SELECT 1 FROM attempt t WHERE t.publication_id = p.id"         \
	" AND t.number = p.attempts AND t.outcome IN ('open', 'unknown')" \
	" AND t.closed_at IS NULL)"

/* One kind: what is shown, from where, in which order. */
static const struct kind {
	const char *rows, *total;
} kinds[PV_TODAY_KINDS] = {
#define KIND(columns, from, order)                                             \
	{                                                                      \
		.rows = "SELECT " columns from " ORDER BY " order " LIMIT $4", \
		.total = "SELECT COUNT(*)" from " AND $4 > 0",                 \
	}
	[PV_TODAY_UNCERTAIN] = KIND("p.id, " HOUSE ", p.due_at, v.text",
		" FROM publication p JOIN variant v ON v.id = p.variant_id" JOIN(
			"p") " WHERE p.state = 'asking' AND EXISTS " IN_THE_DARK EVER,
		"p.due_at, p.id"),
	[PV_TODAY_UNDECIDED] = KIND("p.id, " HOUSE ", p.due_at, v.text",
		" FROM publication p JOIN variant v ON v.id = p.variant_id" JOIN(
			"p") " WHERE p.state = 'asking' AND NOT EXISTS " IN_THE_DARK EVER,
		"p.due_at, p.id"),
	[PV_TODAY_SIGN_IN] = KIND("a.id, " HOUSE ", COALESCE(a.checked_at, a.created_at), a.name",
		" FROM account a" JOIN("a") " WHERE a.state = 'sign_in'" EVER, "6, a.id"),
	[PV_TODAY_LAPSED] = KIND("v.id, " HOUSE ", v.lapsed_at, v.text",
		" FROM variant v" JOIN("v") " WHERE v.stage = 'sent_back' AND " BY_ME
					    " AND v.removed_at IS NULL"
					    " AND v.lapsed_at IS NOT NULL" EVER,
		"v.lapsed_at, v.id"),
	[PV_TODAY_SENT_BACK] = KIND("v.id, " HOUSE ", v.edited_at, v.text",
		" FROM variant v" JOIN("v") " WHERE v.stage = 'sent_back' AND " BY_ME
					    " AND v.removed_at IS NULL"
					    " AND v.lapsed_at IS NULL" EVER,
		"v.edited_at, v.id"),
	[PV_TODAY_HELD] = KIND("v.id, " HOUSE ", p.due_at, v.text",
		" FROM publication p JOIN variant v ON v.id = p.variant_id" JOIN(
			"p") " WHERE p.state = 'held' AND p.held_by <> '' AND " BY_ME EVER,
		"p.due_at, v.id"),
	[PV_TODAY_HELD_COMMENT] = KIND("s.conversation_id, " HOUSE ", s.said_at, s.text",
		" FROM message s" JOIN("s") " WHERE s.state = 'held'" EVER, "s.said_at, s.id"),
	[PV_TODAY_CONVERSATION] = KIND("c.id, " HOUSE ", c.last_at,"
				       " COALESCE((SELECT s.text FROM message s" SHOWN
				       " ORDER BY s.said_at DESC, s.id DESC LIMIT 1), '')",
		" FROM conversation c" JOIN("c") " WHERE c.state = 'open' AND c.unread >" UNSHOWN
						 " AND EXISTS (SELECT 1 FROM message s" SHOWN
						 ")" EVER,
		"c.last_at, c.id"),
	[PV_TODAY_OPEN] = KIND("c.id, " HOUSE ", c.last_at, ''",
		" FROM conversation c" JOIN("c") " WHERE c.state = 'open'" EVER, "c.last_at, c.id"),
	[PV_TODAY_DUE_SOON] = KIND("v.id, " HOUSE ", v.due_at, v.text",
		" FROM variant v" JOIN("v") " WHERE v.stage = 'scheduled' AND " BY_ME
					    " AND v.removed_at IS NULL"
					    " AND v.due_at >= $2 AND v.due_at < $3"
					    " AND NOT EXISTS (SELECT 1 FROM publication p"
					    " WHERE p.variant_id = v.id AND p.state = 'held')",
		"v.due_at, v.id"),
	[PV_TODAY_FEED_FAILING] = KIND("f.id, " HOUSE ", COALESCE(f.fetched_at, f.created_at),"
				       " CASE WHEN f.title = '' THEN f.url ELSE f.title END",
		" FROM source f" JOIN("f") " WHERE f.state = 'failing'" EVER, "6, f.id"),
	[PV_TODAY_ITEM] = KIND("i.id, " HOUSE ", i.published_at, i.title",
		" FROM item i" JOIN("i") " WHERE i.state = 'new'" EVER,
		"i.published_at DESC, i.id DESC"),
#undef KIND
};

static void read_row(struct pv_rows *rows, TALLOC_CTX *mem, struct pv_today_row *row)
{
	*row = (struct pv_today_row){
		.id = pv_row_copy(rows, mem, 0),
		.organization_id = pv_row_copy(rows, mem, 1),
		.organization_slug = pv_row_copy(rows, mem, 2),
		.organization_name = pv_row_copy(rows, mem, 3),
		.organization_colour = pv_row_copy(rows, mem, 4),
		.at_us = pv_row_time(rows, 5),
		.text = pv_row_copy(rows, mem, 6),
	};
}

static enum pv_status count(struct pv_db *db, const struct kind *kind, const char *person_id,
	int64_t now_us, int64_t until_us, int64_t *out, struct pv_error *error)
{
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_first(db, kind->total,
		PV_PARAMS(PV_TEXT(person_id), PV_INT(now_us), PV_INT(until_us), PV_INT(1)), &rows,
		error);
	if (status == PV_OK)
		*out = pv_row_int(rows, 0);
	return status == PV_OK ? pv_rows_end(rows, error) : status;
}

static enum pv_status list(struct pv_db *db, TALLOC_CTX *mem, const struct kind *kind,
	const char *person_id, int64_t now_us, int64_t until_us, int limit,
	struct pv_today_row **out, size_t *out_n, struct pv_error *error)
{
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_query(db, kind->rows,
		PV_PARAMS(PV_TEXT(person_id), PV_INT(now_us), PV_INT(until_us), PV_INT(limit)),
		&rows, error);
	if (status != PV_OK)
		return status;
	PV_LIST_READ(rows, mem, read_row, out, out_n, error);
}

enum pv_status pv_today_waiting(struct pv_db *db, TALLOC_CTX *mem, enum pv_today_kind kind,
	const char *person_id, int64_t now_us, int64_t until_us, int limit,
	struct pv_today_row **out, size_t *out_n, int64_t *out_total, struct pv_error *error)
{
	const struct kind *asked = &kinds[kind];
	enum pv_status status = count(db, asked, person_id, now_us, until_us, out_total, error);
	*out_n = 0;
	*out = NULL;
	if (status != PV_OK || *out_total == 0 || limit == 0)
		return status;
	return list(db, mem, asked, person_id, now_us, until_us, limit, out, out_n, error);
}
