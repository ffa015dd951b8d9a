/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/publication.h"

#include "store/list.h"

#include <string.h>

#define FIELDS                                                                               \
	"p.id, p.organization_id, p.variant_id, p.account_id, p.network, p.state, p.digest," \
	" p.due_at, p.next_at, p.late, p.attempts, p.checks, p.fence, p.lease_node, "        \
	"p.lease_until,"                                                                     \
	" p.remote_id, p.permalink, p.reason, p.sent_at, p.published_at, p.lateness_us,"     \
	" p.created_at, p.held_by"
#define COLUMNS                                                                         \
	"SELECT " FIELDS ", a.slug, a.name, a.handle, o.slug, o.name, o.colour, v.text" \
	" FROM publication p JOIN account a ON a.id = p.account_id"                     \
	" JOIN organization o ON o.id = p.organization_id JOIN variant v ON v.id = p.variant_id"

static void read_own(struct pv_rows *rows, TALLOC_CTX *mem, struct pv_publication_row *row)
{
	*row = (struct pv_publication_row){
		.id = pv_row_copy(rows, mem, 0),
		.organization_id = pv_row_copy(rows, mem, 1),
		.variant_id = pv_row_copy(rows, mem, 2),
		.account_id = pv_row_copy(rows, mem, 3),
		.network = pv_row_copy(rows, mem, 4),
		.state = pv_row_copy(rows, mem, 5),
		.digest = pv_row_copy(rows, mem, 6),
		.due_at_us = pv_row_time(rows, 7),
		.next_at_us = pv_row_time(rows, 8),
		.late = pv_row_copy(rows, mem, 9),
		.attempts = pv_row_int(rows, 10),
		.checks = pv_row_int(rows, 11),
		.fence = pv_row_int(rows, 12),
		.lease_node = pv_row_copy(rows, mem, 13),
		.lease_until_us = pv_row_time(rows, 14),
		.remote_id = pv_row_copy(rows, mem, 15),
		.permalink = pv_row_copy(rows, mem, 16),
		.reason = pv_row_copy(rows, mem, 17),
		.sent_at_us = pv_row_time(rows, 18),
		.published_at_us = pv_row_time(rows, 19),
		.lateness_us = pv_row_null(rows, 20) ? -1 : pv_row_int(rows, 20),
		.created_at_us = pv_row_time(rows, 21),
		.held_by = pv_row_copy(rows, mem, 22),
		.account_slug = "",
		.account_name = "",
		.account_handle = "",
		.organization_slug = "",
		.organization_name = "",
		.organization_colour = "",
		.text = "",
	};
}

static void read_row(struct pv_rows *rows, TALLOC_CTX *mem, struct pv_publication_row *row)
{
	read_own(rows, mem, row);
	row->account_slug = pv_row_copy(rows, mem, 23);
	row->account_name = pv_row_copy(rows, mem, 24);
	row->account_handle = pv_row_copy(rows, mem, 25);
	row->organization_slug = pv_row_copy(rows, mem, 26);
	row->organization_name = pv_row_copy(rows, mem, 27);
	row->organization_colour = pv_row_copy(rows, mem, 28);
	row->text = pv_row_copy(rows, mem, 29);
}

enum pv_status pv_publication_insert(
	struct pv_db *db, const struct pv_publication_row *row, struct pv_error *error)
{
	static const char sql[] =
		"INSERT INTO publication (id, organization_id, variant_id, account_id, network,"
		" state, digest, due_at, next_at, late, attempts, checks, fence, lease_node,"
		" lease_until, remote_id, permalink, reason, sent_at, published_at, lateness_us,"
		" created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, 0, 0, '', 0, '',"
		" '', '', NULL, NULL, NULL, $11)";
	return pv_db_exec(db, sql,
		PV_PARAMS(PV_TEXT(row->id), PV_TEXT(row->organization_id), PV_TEXT(row->variant_id),
			PV_TEXT(row->account_id), PV_TEXT(row->network), PV_TEXT(row->state),
			PV_TEXT(row->digest), PV_INT(row->due_at_us), PV_INT(row->next_at_us),
			PV_TEXT(row->late), PV_INT(row->created_at_us)),
		NULL, error);
}

static enum pv_status find_one(struct pv_db *db, TALLOC_CTX *mem, const char *sql,
	const struct pv_param *params, size_t n, struct pv_publication_row *out,
	struct pv_error *error)
{
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_first(db, sql, params, n, &rows, error);
	if (status != PV_OK)
		return status;
	struct pv_publication_row row;
	read_row(rows, mem, &row);
	status = pv_rows_end(rows, error);
	if (status == PV_OK)
		*out = row;
	return status;
}

enum pv_status pv_publication_find(struct pv_db *db, TALLOC_CTX *mem, const char *id,
	struct pv_publication_row *out, struct pv_error *error)
{
	static const char sql[] = COLUMNS " WHERE p.id = $1";
	enum pv_status status = find_one(db, mem, sql, PV_PARAMS(PV_TEXT(id)), out, error);
	if (status == PV_NOT_FOUND)
		return pv_fail(error, PV_NOT_FOUND, "Cet envoi n'existe pas.",
			"There is no such publication.");
	return status;
}

enum pv_status pv_publication_find_variant(struct pv_db *db, TALLOC_CTX *mem,
	const char *variant_id, struct pv_publication_row *out, struct pv_error *error)
{
	static const char sql[] = COLUMNS " WHERE p.variant_id = $1";
	return find_one(db, mem, sql, PV_PARAMS(PV_TEXT(variant_id)), out, error);
}

enum pv_status pv_publication_find_remote(struct pv_db *db, TALLOC_CTX *mem, const char *account_id,
	const char *remote_id, struct pv_publication_row *out, struct pv_error *error)
{
	static const char sql[] = COLUMNS " WHERE p.account_id = $1 AND p.state = 'published'"
					  " AND p.remote_id = $2 ORDER BY p.id LIMIT 1";
	return find_one(
		db, mem, sql, PV_PARAMS(PV_TEXT(account_id), PV_TEXT(remote_id)), out, error);
}

#define NARROW                                                                  \
	" WHERE (CAST($1 AS TEXT) IS NULL OR p.organization_id IN"              \
	" (SELECT m.organization_id FROM membership m WHERE m.person_id = $1))" \
	" AND (CAST($2 AS TEXT) IS NULL OR p.organization_id = $2)"             \
	" AND (CAST($3 AS TEXT) IS NULL OR p.account_id = $3)"                  \
	" AND (CAST($4 AS TEXT) IS NULL OR p.state = $4)"                       \
	" AND (CAST($5 AS TEXT) IS NULL OR p.id < $5)"

enum pv_status pv_publication_list(struct pv_db *db, TALLOC_CTX *mem,
	const struct pv_publication_query *query, struct pv_publication_row **out, size_t *out_n,
	struct pv_error *error)
{
	static const char newest[] = COLUMNS NARROW " ORDER BY p.id DESC LIMIT $6";
	/* Few stand anywhere but at the end: found by the index of states. */
	static const char waiting[] =
		COLUMNS NARROW " AND p.id IN (SELECT x.id FROM publication x WHERE x.state = $4)"
			       " ORDER BY p.id DESC LIMIT $6";
	bool few = query->state && strcmp(query->state, "published") != 0;
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_query(db, few ? waiting : newest,
		PV_PARAMS(PV_TEXT(query->member_id), PV_TEXT(query->organization_id),
			PV_TEXT(query->account_id), PV_TEXT(query->state),
			PV_TEXT(query->before_id), PV_INT(query->limit)),
		&rows, error);
	if (status != PV_OK)
		return status;
	PV_LIST_READ(rows, mem, read_row, out, out_n, error);
}

enum pv_status pv_publication_recent(struct pv_db *db, TALLOC_CTX *mem, const char *account_id,
	int64_t after_us, int limit, struct pv_publication_row **out, size_t *out_n,
	struct pv_error *error)
{
	static const char sql[] =
		COLUMNS " WHERE p.account_id = $1 AND p.published_at > $2 AND p.state = 'published'"
			" ORDER BY p.published_at DESC LIMIT $3";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_query(db, sql,
		PV_PARAMS(PV_TEXT(account_id), PV_INT(after_us), PV_INT(limit)), &rows, error);
	if (status != PV_OK)
		return status;
	PV_LIST_READ(rows, mem, read_row, out, out_n, error);
}

enum pv_status pv_publication_move(struct pv_db *db, const struct pv_publication_row *row,
	const char *from_state, struct pv_error *error)
{
	static const char sql[] =
		"UPDATE publication SET state = $1, digest = $2, due_at = $3, next_at = $4,"
		" late = $5, attempts = $6, checks = $7, lease_node = $8, lease_until = $9,"
		" remote_id = $10, permalink = $11, reason = $12, sent_at = $13,"
		" published_at = $14, lateness_us = $15, held_by = $20 WHERE id = $16"
		" AND organization_id = $17 AND state = $18 AND fence = $19";
	bool held = strcmp(row->state, "held") == 0 && row->held_by;
	int64_t lateness = row->lateness_us < 0 ? PV_TIME_NONE : row->lateness_us;
	int64_t changed;
	enum pv_status status = pv_db_exec(db, sql,
		PV_PARAMS(PV_TEXT(row->state), PV_TEXT(row->digest), PV_INT(row->due_at_us),
			PV_INT(row->next_at_us), PV_TEXT(row->late), PV_INT(row->attempts),
			PV_INT(row->checks), PV_TEXT(row->lease_node), PV_INT(row->lease_until_us),
			PV_TEXT(row->remote_id), PV_TEXT(row->permalink), PV_TEXT(row->reason),
			PV_TIME(row->sent_at_us), PV_TIME(row->published_at_us), PV_TIME(lateness),
			PV_TEXT(row->id), PV_TEXT(row->organization_id), PV_TEXT(from_state),
			PV_INT(row->fence), PV_TEXT(held ? row->held_by : "")),
		&changed, error);
	if (status == PV_OK && changed != 1)
		return pv_fail(error, PV_CONFLICT, "Cet envoi vient de changer d'état; relisez-le.",
			"This publication has just changed state; read it again.");
	return status;
}

/*
 * Which one may go first; $1 the instant, $2 the node, $3 its limit. In flight blocks its account; so
 * does an earlier one that still waits to go (deferred, or its outcome unknown).
 */
#define FIRST                                                                                  \
	"SELECT c.id FROM publication c WHERE c.state IN ('planned', 'deferred', 'unknown')"   \
	" AND c.next_at <= $1"                                                                 \
	" AND NOT EXISTS (SELECT 1 FROM publication f WHERE f.account_id = c.account_id"       \
	" AND f.state IN ('claimed', 'sending', 'verifying'))"                                 \
	" AND NOT EXISTS (SELECT 1 FROM publication e WHERE e.account_id = c.account_id"       \
	" AND e.state IN ('planned', 'deferred', 'unknown') AND e.due_at <= c.due_at"          \
	" AND (e.due_at < c.due_at OR e.id < c.id))"                                           \
	" AND ($3 = 0 OR $3 > (SELECT COUNT(*) FROM publication n WHERE n.network = c.network" \
	" AND n.state IN ('claimed', 'sending', 'verifying') AND n.lease_node = $2))"          \
	" ORDER BY c.due_at, c.id LIMIT 1"

enum pv_status pv_publication_first(struct pv_db *db, TALLOC_CTX *mem,
	const struct pv_publication_line *line, struct pv_publication_row *out,
	struct pv_error *error)
{
	static const char sql[] = COLUMNS " WHERE p.id = (" FIRST ")";
	return find_one(db, mem, sql,
		PV_PARAMS(PV_INT(line->now_us), PV_TEXT(line->node), PV_INT(line->network_most)),
		out, error);
}

struct claim {
	TALLOC_CTX *mem;
	const struct pv_publication_line *line;
	const struct pv_publication_row *seen;
	int64_t lease_until_us;
	struct pv_publication_row *out;
};

static enum pv_status claim_work(struct pv_db *db, void *state, struct pv_error *error)
{
	static const char sql[] =
		"UPDATE publication SET state = CASE state WHEN 'unknown' THEN 'verifying'"
		" ELSE 'claimed' END, fence = fence + 1, lease_node = $2, lease_until = $4"
		" WHERE id = (" FIRST ") AND id = $5 AND fence = $6"
		" AND state IN ('planned', 'deferred', 'unknown') AND next_at <= $1";
	struct claim *claim = state;
	int64_t changed;
	enum pv_status status = pv_db_exec(db, sql,
		PV_PARAMS(PV_INT(claim->line->now_us), PV_TEXT(claim->line->node),
			PV_INT(claim->line->network_most), PV_INT(claim->lease_until_us),
			PV_TEXT(claim->seen->id), PV_INT(claim->seen->fence)),
		&changed, error);
	if (status != PV_OK)
		return status;
	return changed == 1
		       ? pv_publication_find(db, claim->mem, claim->seen->id, claim->out, error)
		       : PV_NOT_FOUND;
}

enum pv_status pv_publication_claim(struct pv_db *db, TALLOC_CTX *mem,
	const struct pv_publication_line *line, const struct pv_publication_row *seen,
	int64_t lease_until_us, struct pv_publication_row *out, struct pv_error *error)
{
	struct claim claim = {mem, line, seen, lease_until_us, out};
	return pv_db_transaction(db, claim_work, &claim, error);
}

#define IN_FLIGHT "state IN ('claimed', 'sending', 'verifying')"

static void read_claim(struct pv_rows *rows, TALLOC_CTX *mem, struct pv_publication_claim *claim)
{
	*claim = (struct pv_publication_claim){
		.id = pv_row_copy(rows, mem, 0),
		.organization_id = pv_row_copy(rows, mem, 1),
		.fence = pv_row_int(rows, 2),
	};
}

enum pv_status pv_publication_in_flight(struct pv_db *db, TALLOC_CTX *mem,
	struct pv_publication_claim **out, size_t *out_n, struct pv_error *error)
{
	static const char sql[] =
		"SELECT id, organization_id, fence FROM publication WHERE " IN_FLIGHT
		" ORDER BY id";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_query(db, sql, PV_NO_PARAMS, &rows, error);
	if (status != PV_OK)
		return status;
	PV_LIST_READ(rows, mem, read_claim, out, out_n, error);
}

#define RECOVER                                                                                  \
	"UPDATE publication SET state = CASE state WHEN 'claimed' THEN 'planned' ELSE 'unknown'" \
	" END, next_at = CASE WHEN state = 'claimed' AND due_at < $1 THEN due_at ELSE $1 END,"   \
	" fence = fence + 1, lease_node = '', lease_until = 0"                                   \
	" WHERE " IN_FLIGHT

enum pv_status pv_publication_recover(struct pv_db *db, int64_t now_us,
	const struct pv_publication_claim *claim, struct pv_error *error)
{
	static const char sql[] = RECOVER " AND id = $2 AND organization_id = $3 AND fence = $4";
	return pv_db_exec(db, sql,
		PV_PARAMS(PV_INT(now_us), PV_TEXT(claim->id), PV_TEXT(claim->organization_id),
			PV_INT(claim->fence)),
		NULL, error);
}

enum pv_status pv_publication_recover_node(
	struct pv_db *db, int64_t now_us, const char *node, struct pv_error *error)
{
	static const char sql[] = RECOVER " AND lease_node = $2";
	return pv_db_exec(db, sql, PV_PARAMS(PV_INT(now_us), PV_TEXT(node)), NULL, error);
}

enum pv_status pv_publication_hasten(struct pv_db *db, int64_t now_us, struct pv_error *error)
{
	static const char sql[] =
		"UPDATE publication SET next_at = $1 WHERE state = 'unknown' AND next_at > $1";
	return pv_db_exec(db, sql, PV_PARAMS(PV_INT(now_us)), NULL, error);
}

#define FREE_TO_GO                                                     \
	" state = 'held' AND held_by = '' AND organization_id IN"      \
	" (SELECT o.id FROM organization o WHERE o.paused_at IS NULL)" \
	" AND account_id IN (SELECT a.id FROM account a WHERE a.state = 'connected')"

enum pv_status pv_publication_release(struct pv_db *db, struct pv_error *error)
{
	static const char sql[] =
		"UPDATE publication SET state = 'planned', reason = '', checks = 0,"
		" next_at = due_at WHERE" FREE_TO_GO;
	return pv_db_exec(db, sql, PV_NO_PARAMS, NULL, error);
}

enum pv_status pv_publication_releasable(struct pv_db *db, bool *out, struct pv_error *error)
{
	static const char sql[] = "SELECT 1 FROM publication WHERE" FREE_TO_GO " LIMIT 1";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_first(db, sql, PV_NO_PARAMS, &rows, error);
	if (status != PV_OK && status != PV_NOT_FOUND)
		return status;
	*out = status == PV_OK;
	return PV_OK;
}

enum pv_status pv_publication_held_due(struct pv_db *db, TALLOC_CTX *mem, int64_t now_us,
	struct pv_publication_row *out, struct pv_error *error)
{
	static const char sql[] = COLUMNS " WHERE p.state = 'held' AND p.held_by = 'policy'"
					  " AND p.next_at <= $1 ORDER BY p.next_at, p.id LIMIT 1";
	return find_one(db, mem, sql, PV_PARAMS(PV_INT(now_us)), out, error);
}

#define SOON(state)                                                                               \
	"p.id IN (SELECT s.id FROM publication s WHERE s.state = '" state "' AND s.next_at <= $1" \
	" ORDER BY s.next_at, s.id LIMIT $2)"

enum pv_status pv_publication_soon(struct pv_db *db, TALLOC_CTX *mem, int64_t until_us, int most,
	struct pv_publication_row **out, size_t *out_n, struct pv_error *error)
{
	static const char sql[] =
		COLUMNS " WHERE " SOON("planned") " OR " SOON("deferred") " OR " SOON(
			"held") " ORDER BY CASE WHEN p.state = 'held' THEN 1 ELSE 0 END,"
				" p.next_at, p.id";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status =
		pv_db_query(db, sql, PV_PARAMS(PV_INT(until_us), PV_INT(most)), &rows, error);
	if (status != PV_OK)
		return status;
	PV_LIST_READ(rows, mem, read_row, out, out_n, error);
}

enum pv_status pv_publication_next(
	struct pv_db *db, int64_t after_us, int64_t *out_us, struct pv_error *error)
{
	static const char sql[] =
		"SELECT MIN(x.at) FROM (SELECT MIN(next_at) AS at FROM publication"
		" WHERE state = 'planned' AND next_at > $1 UNION ALL"
		" SELECT MIN(next_at) FROM publication WHERE state = 'deferred'"
		" AND next_at > $1 UNION ALL SELECT MIN(next_at) FROM publication"
		" WHERE state = 'unknown' AND next_at > $1) x";
	PV_ROWS struct pv_rows *rows = NULL;
	/* Instants are after 1970: -1 is before all of them. */
	enum pv_status status = pv_db_first(
		db, sql, PV_PARAMS(PV_INT(after_us == PV_TIME_NONE ? -1 : after_us)), &rows, error);
	if (status != PV_OK)
		return status;
	int64_t at = pv_row_time(rows, 0);
	status = pv_rows_end(rows, error);
	if (status == PV_OK)
		*out_us = at;
	return status;
}
