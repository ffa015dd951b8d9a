/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The database, whichever it is: SQLite by default, PostgreSQL when several nodes share the work.
 * The same SQL text runs on both. Only src/store writes SQL.
 *
 *	static const char sql[] = "SELECT id, name FROM person WHERE home_id = $1 AND id > $2"
 *				  " ORDER BY id LIMIT $3";
 *	PV_ROWS struct pv_rows *rows = NULL;
 *	if (pv_db_query(db, sql, PV_PARAMS(PV_TEXT(home), PV_TEXT(cursor), PV_INT(20)), &rows,
 *		    error) != PV_OK)
 *		return error->status;
 *	while (pv_rows_next(rows)) {
 *		const char *id = pv_row_copy(rows, mem, 0);
 *		…
 *	}
 *	return pv_rows_end(rows, error);
 *
 * Rules of the common text:
 *   - parameters are $1, $2…, bound by name, each as often as wished, from 1 without a gap;
 *   - no LIKE, GREATEST, "double quotes", AUTOINCREMENT, boolean columns or date functions;
 *   - a filter that may be null is written (CAST($1 AS TEXT) IS NULL OR column = $1);
 *   - a claim repeats its condition in the outer WHERE, and every write names the organization;
 *   - INSERT … ON CONFLICT … DO NOTHING / DO UPDATE and RETURNING are common to both.
 *   - an instant or counter in arithmetic is a column or a $n: PostgreSQL knows them as 64 bits;
 *   - a SUM of {big} is CAST(COALESCE(SUM(x), 0) AS BIGINT): PostgreSQL would answer a numeric.
 *
 * Errors: PV_CONFLICT a row with this key exists; PV_UNAVAILABLE the database did not do it (disk
 * full, read-only, damaged, unreachable, busy), nothing was written; PV_UNCERTAIN the connection
 * was lost while a write was being confirmed; PV_INTERNAL the SQL is wrong. A lost PostgreSQL
 * connection is made anew at the next use.
 *
 * A struct pv_db belongs to one thread. It is a talloc object: freeing it closes it.
 */
#ifndef PV_STORE_DB_H
#define PV_STORE_DB_H

#include "base/env.h"
#include "base/error.h"
#include "base/instant.h"
#include "base/mem.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pv_db;
struct pv_rows;

/*
 * `url`: "sqlite:FILE", "sqlite::memory:" (its own database each time, for tests), or
 * "postgresql://user@host:port/name?…" as libpq reads it. No table is made here: store/migrate.h.
 */
enum pv_status pv_db_open(TALLOC_CTX *mem, struct pv_env *env, const char *url, struct pv_db **out,
	struct pv_error *error);

/* "sqlite" or "postgresql", for a person to read; behaviour never depends on it outside store. */
const char *pv_db_engine(const struct pv_db *db);
struct pv_env *pv_db_env(const struct pv_db *db);

/* ---- parameters ------------------------------------------------------------------------------ */

enum pv_param_type { PV_PARAM_TEXT, PV_PARAM_INT };

struct pv_param {
	enum pv_param_type type;
	bool null;
	const char *text; /* borrowed until the call returns */
	int64_t integer;
};

/* Text; NULL is SQL's null. */
#define PV_TEXT(value) pv_param_text(value)
/* A 64-bit integer, an instant or a boolean. */
#define PV_INT(value) ((struct pv_param){.type = PV_PARAM_INT, .integer = (value)})
/* An instant, null when it is PV_TIME_NONE. */
#define PV_TIME(value) pv_param_time(value)

/* The list of them with its count: two arguments. */
#define PV_PARAMS(...)                          \
	(const struct pv_param[]){__VA_ARGS__}, \
		sizeof((const struct pv_param[]){__VA_ARGS__}) / sizeof(struct pv_param)
#define PV_NO_PARAMS NULL, 0

enum { PV_PARAMS_MAX = 48 };

static inline struct pv_param pv_param_text(const char *value)
{
	return (struct pv_param){.type = PV_PARAM_TEXT, .null = !value, .text = value};
}

static inline struct pv_param pv_param_time(int64_t at_us)
{
	return (struct pv_param){
		.type = PV_PARAM_INT, .null = at_us == PV_TIME_NONE, .integer = at_us};
}

/* ---- statements ------------------------------------------------------------------------------ */

/*
 * A statement that answers no rows; `out_changed` (may be NULL) is how many it inserted, updated or
 * deleted. Statements are prepared once and kept, by the address and text of `sql`: give literals.
 */
enum pv_status pv_db_exec(struct pv_db *db, const char *sql, const struct pv_param *params,
	size_t n, int64_t *out_changed, struct pv_error *error);

/*
 * A statement that answers rows (SELECT, or a write with RETURNING: read it to its end). The rows
 * hold the statement open: close them (PV_ROWS does) before the next write. Another query may run
 * meanwhile.
 */
enum pv_status pv_db_query(struct pv_db *db, const char *sql, const struct pv_param *params,
	size_t n, struct pv_rows **out, struct pv_error *error);

/*
 * The same, standing on the first row; PV_NOT_FOUND, without words, when there is none. A write
 * with RETURNING is done whole even when it answers several rows.
 */
enum pv_status pv_db_first(struct pv_db *db, const char *sql, const struct pv_param *params,
	size_t n, struct pv_rows **out, struct pv_error *error);

void pv_rows_close(struct pv_rows **rows); /* NULL is fine, inside and out */
#define PV_ROWS __attribute__((cleanup(pv_rows_close)))

/* Moves to the next row; false at the end, or when something failed: ask pv_rows_end. */
bool pv_rows_next(struct pv_rows *rows);

/* After the loop (or after pv_db_first): did reading, and every pv_row_copy, go well? */
enum pv_status pv_rows_end(struct pv_rows *rows, struct pv_error *error);

/* Columns count from 0. A null reads as NULL, 0, or PV_TIME_NONE. */
bool pv_row_null(const struct pv_rows *rows, int column);
int64_t pv_row_int(const struct pv_rows *rows, int column);
int64_t pv_row_time(const struct pv_rows *rows, int column);
/* Borrowed until the next pv_rows_next or close. */
const char *pv_row_text(const struct pv_rows *rows, int column);
/*
 * A copy below `mem`. When memory is out the answer is "" and pv_rows_end says PV_NOMEM, so that a
 * row is read without a check between columns.
 */
const char *pv_row_copy(struct pv_rows *rows, TALLOC_CTX *mem, int column);

/* ---- transactions ---------------------------------------------------------------------------- */

/*
 * A writing transaction holds the house's one pen: until it ends no other one writes, on this node
 * or another (SQLite: BEGIN IMMEDIATE; PostgreSQL: an advisory lock, then READ COMMITTED). What it
 * reads is therefore the newest and stays so. Keep it short; never wait for a network inside.
 */
enum pv_status pv_db_begin_write(struct pv_db *db, struct pv_error *error);
/* Several reads of one moment. */
enum pv_status pv_db_begin_read(struct pv_db *db, struct pv_error *error);
/*
 * When commit does not answer PV_OK the transaction is over too; PV_UNCERTAIN: it may have been
 * done. After a statement failed inside, commit only rolls back and says PV_INTERNAL.
 */
enum pv_status pv_db_commit(struct pv_db *db, struct pv_error *error);
void pv_db_rollback(struct pv_db *db); /* nothing happens when there is no transaction */
bool pv_db_in_transaction(const struct pv_db *db);
bool pv_db_holds_pen(const struct pv_db *db); /* in a writing one */

/*
 * Transactions committed on this connection that left an audit entry (store/audit.h): what was
 * done, told apart from what only counts, caches or keeps time. A number to compare with itself.
 */
int64_t pv_db_deeds(const struct pv_db *db);

/*
 * Runs `work` in a writing transaction: commits when it answers PV_OK, rolls back and passes its
 * error up otherwise. When the database says "try again" (busy, deadlock, serialization) the whole
 * work is done again, at most PV_DB_TRIES times: `work` must set its results anew each time and
 * touch nothing else. Called inside a transaction it joins it.
 */
enum { PV_DB_TRIES = 8 };
typedef enum pv_status pv_db_work(struct pv_db *db, void *state, struct pv_error *error);
enum pv_status pv_db_transaction(
	struct pv_db *db, pv_db_work *work, void *state, struct pv_error *error);

/* ---- care ------------------------------------------------------------------------------------ */

/* Gives memory back while nothing happens. */
void pv_db_rest(struct pv_db *db);

/* A consistent copy of a running SQLite database into a new file; PV_INVALID on PostgreSQL. */
enum pv_status pv_db_backup(struct pv_db *db, const char *path, struct pv_error *error);

#endif
