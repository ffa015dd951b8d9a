/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/driver.h"
#include "store/sqlite_pen.h"

#include "base/str.h"

#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A desk at rest holds several connections: their caches are kept small, the kernel's serves. */
#define PRAGMAS                        \
	"PRAGMA journal_mode = WAL;"   \
	"PRAGMA synchronous = FULL;"   \
	"PRAGMA foreign_keys = ON;"    \
	"PRAGMA cache_size = -1024;"   \
	"PRAGMA temp_store = MEMORY;"  \
	"PRAGMA mmap_size = 0;"        \
	"PRAGMA trusted_schema = OFF;" \
	"PRAGMA journal_size_limit = 16777216;"

enum { ROWS_CELLS_MAX = 1 << 20 };

static pthread_once_t setup_once = PTHREAD_ONCE_INIT;

/* Counting every allocation takes a lock that all connections share. */
static void setup(void)
{
	sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static enum pv_db_trouble trouble_of(int code, bool committing)
{
	if (code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY ||
		code == SQLITE_CONSTRAINT_ROWID)
		return PV_TROUBLE_KEY;
	/* The commit's mark may be on the disk although the disk did not confirm it. */
	if (committing && (code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_DIR_FSYNC))
		return PV_TROUBLE_DOUBT;
	switch (code & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED: return PV_TROUBLE_BUSY;
	case SQLITE_FULL: return PV_TROUBLE_FULL;
	case SQLITE_READONLY:
	case SQLITE_PERM: return PV_TROUBLE_READONLY;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB: return PV_TROUBLE_DAMAGED;
	case SQLITE_IOERR: return code == SQLITE_IOERR_NOMEM ? PV_TROUBLE_NOMEM : PV_TROUBLE_IO;
	case SQLITE_CANTOPEN: return PV_TROUBLE_IO;
	case SQLITE_NOMEM: return PV_TROUBLE_NOMEM;
	case SQLITE_TOOBIG: return PV_TROUBLE_LARGE;
	default: return PV_TROUBLE_OURS;
	}
}

static enum pv_status fail(struct pv_db *db, bool committing, struct pv_error *error)
{
	sqlite3 *connection = db->connection;
	return pv_db_fail(db, error, trouble_of(sqlite3_extended_errcode(connection), committing),
		sqlite3_errmsg(connection));
}

/* ---- opening --------------------------------------------------------------------------------- */

/*
 * The file holds password hashes: made readable by its owner alone, and so are -wal and -shm. A file
 * that is there is not opened: closing it again would drop the locks of every connection of this
 * process (POSIX; sqlite.org/howtocorrupt.html, 2.2).
 */
static void file_create(const char *path)
{
	int file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (file >= 0)
		close(file);
}

/* A file that another connection has in use answers it without being waited for. */
static bool wal_is_on(sqlite3 *connection)
{
	sqlite3_stmt *mode = NULL;
	bool on = sqlite3_prepare_v2(connection, "PRAGMA journal_mode", -1, &mode, NULL) ==
			  SQLITE_OK &&
		  sqlite3_step(mode) == SQLITE_ROW &&
		  strcmp((const char *)sqlite3_column_text(mode, 0), "wal") == 0;
	sqlite3_finalize(mode);
	return on;
}

/*
 * Turning WAL on takes the whole file for a moment and does not wait by itself. Where it is on, who
 * opens does not wait for who writes.
 */
static enum pv_status apply_pragmas(struct pv_db *db, const char *address, struct pv_error *error)
{
	sqlite3 *connection = db->connection;
	bool turns_on = !wal_is_on(connection);
	int code = SQLITE_BUSY;
	if (turns_on && !pv_pen_take(db->pen, PV_BUSY_MS))
		return pv_db_fail(db, error, PV_TROUBLE_BUSY, address);
	for (int tried = 0; tried < 100 && (code & 0xff) == SQLITE_BUSY; tried++) {
		if (tried)
			pv_env_sleep_us(db->env, 20000);
		code = sqlite3_exec(connection, PRAGMAS, NULL, NULL, NULL);
	}
	if (turns_on)
		pv_pen_give(db->pen);
	return code == SQLITE_OK ? PV_OK : fail(db, false, error);
}

static enum pv_status sqlite_open(struct pv_db *db, const char *address, struct pv_error *error)
{
	pthread_once(&setup_once, setup);
	bool in_memory = strcmp(address, ":memory:") == 0;
	if (!in_memory)
		file_create(address);
	sqlite3 *connection = NULL;
	int code = sqlite3_open_v2(address, &connection,
		SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX |
			SQLITE_OPEN_EXRESCODE,
		NULL);
	db->connection = connection;
	if (!connection)
		return pv_fail_nomem(error);
	if (code != SQLITE_OK)
		return pv_fail(error, PV_UNAVAILABLE,
			"La base %s ne peut être ouverte (%s). Vérifiez le chemin et les droits.",
			"The database %s cannot be opened (%s). Check the path and its "
			"permissions.",
			address, sqlite3_errmsg(connection));
	sqlite3_busy_timeout(connection, PV_BUSY_MS);
	if (!in_memory && !(db->pen = pv_pen_join(address)))
		return pv_fail_nomem(error);
	return apply_pragmas(db, address, error);
}

static void sqlite_close(struct pv_db *db)
{
	sqlite3_close_v2(db->connection);
	db->connection = NULL;
	pv_pen_leave(db->pen);
	db->pen = NULL;
}

/* ---- statements ------------------------------------------------------------------------------ */

static enum pv_status sqlite_prepare(
	struct pv_db *db, struct pv_statement *statement, struct pv_error *error)
{
	sqlite3_stmt *prepared = NULL;
	const char *rest = NULL;
	int code = sqlite3_prepare_v3(
		db->connection, statement->sql, -1, SQLITE_PREPARE_PERSISTENT, &prepared, &rest);
	if (code != SQLITE_OK)
		return fail(db, false, error);
	statement->handle = prepared;
	statement->reads = sqlite3_stmt_readonly(prepared);
	if (!prepared || *rest)
		return pv_db_fail(db, error, PV_TROUBLE_OURS, "not one statement");
	/* Here $2 is only a name, numbered by where it first stands: the name decides. */
	size_t n = (size_t)sqlite3_bind_parameter_count(prepared);
	if (n != statement->n_params)
		return pv_db_fail(db, error, PV_TROUBLE_OURS, "wrong number of parameters");
	for (size_t i = 0; i < n; i++) {
		const char *name = sqlite3_bind_parameter_name(prepared, (int)i + 1);
		int number = name && name[0] == '$' ? atoi(name + 1) : 0;
		if (number < 1 || number > (int)n)
			return pv_db_fail(
				db, error, PV_TROUBLE_OURS, "parameters are $1, $2, without a gap");
		statement->map[i] = (unsigned char)(number - 1);
	}
	return PV_OK;
}

static void sqlite_unprepare(struct pv_db *db, struct pv_statement *statement)
{
	(void)db;
	sqlite3_finalize(statement->handle);
	statement->handle = NULL;
}

/* Rows are read after the caller's texts have gone: those of a reading are copied. */
static int bind_all(
	sqlite3_stmt *prepared, const struct pv_statement *statement, const struct pv_param *params)
{
	sqlite3_destructor_type keep = statement->reads ? SQLITE_TRANSIENT : SQLITE_STATIC;
	for (size_t i = 0; i < statement->n_params; i++) {
		const struct pv_param *p = &params[statement->map[i]];
		int at = (int)i + 1, code;
		if (p->null)
			code = sqlite3_bind_null(prepared, at);
		else if (p->type == PV_PARAM_INT)
			code = sqlite3_bind_int64(prepared, at, p->integer);
		else
			code = sqlite3_bind_text64(
				prepared, at, p->text, strlen(p->text), keep, SQLITE_UTF8);
		if (code != SQLITE_OK)
			return code;
	}
	return SQLITE_OK;
}

/* Keeps the row on which the statement stands. */
static bool row_keep(struct pv_rows *rows, sqlite3_stmt *prepared)
{
	int width = rows->n_columns, count = (rows->n_rows + 1) * width;
	const char **grown = count > ROWS_CELLS_MAX ? NULL
						    : talloc_realloc(rows, rows->cells,
							      const char *, (size_t)count);
	if (!grown)
		return false;
	rows->cells = grown;
	const char **row = grown + (size_t)rows->n_rows * (size_t)width;
	for (int i = 0; i < width; i++) {
		row[i] = NULL;
		if (sqlite3_column_type(prepared, i) == SQLITE_NULL)
			continue;
		const char *text = (const char *)sqlite3_column_text(prepared, i);
		row[i] = text ? talloc_strdup(rows, text) : NULL;
		if (!row[i])
			return false;
	}
	rows->n_rows++;
	return true;
}

/* A write runs to its end here, rows it answers kept: its outcome is known when this returns. */
static enum pv_status run_write(
	struct pv_db *db, sqlite3_stmt *prepared, struct pv_rows *rows, struct pv_error *error)
{
	bool alone = db->mode == PV_DB_FREE, kept = true;
	if (alone && !pv_pen_take(db->pen, PV_BUSY_MS))
		return pv_db_fail(db, error, PV_TROUBLE_BUSY, NULL);
	rows->n_columns = sqlite3_column_count(prepared);
	if (rows->n_columns > 0)
		kept = (rows->cells = talloc_array(rows, const char *, 1)) != NULL;
	int code;
	while ((code = sqlite3_step(prepared)) == SQLITE_ROW)
		kept = kept && row_keep(rows, prepared);
	enum pv_status status = PV_OK;
	if (code != SQLITE_DONE)
		status = fail(db, alone, error);
	else if (!kept)
		status = pv_db_fail(db, error, PV_TROUBLE_NOMEM, NULL);
	rows->changed = sqlite3_changes64(db->connection);
	sqlite3_reset(prepared);
	sqlite3_clear_bindings(prepared);
	if (alone)
		pv_pen_give(db->pen);
	return status;
}

static enum pv_status sqlite_run(struct pv_db *db, struct pv_statement *statement,
	const struct pv_param *params, size_t n, struct pv_rows *rows, struct pv_error *error)
{
	(void)n;
	sqlite3_stmt *prepared = statement->handle;
	if (bind_all(prepared, statement, params) != SQLITE_OK)
		return fail(db, false, error);
	if (!statement->reads)
		return run_write(db, prepared, rows, error);
	rows->handle = prepared;
	rows->statement = statement;
	rows->n_columns = sqlite3_column_count(prepared);
	statement->open = true;
	return PV_OK;
}

static enum pv_step sqlite_next(struct pv_rows *rows)
{
	int code = sqlite3_step(rows->handle);
	if (code == SQLITE_ROW)
		return PV_STEP_ROW;
	if (code == SQLITE_DONE) {
		pv_db_sqlite.finish(rows);
		return PV_STEP_END;
	}
	fail(rows->db, false, &rows->failure);
	return PV_STEP_FAILED;
}

static bool sqlite_is_null(const struct pv_rows *rows, int column)
{
	return !rows->handle || sqlite3_column_type(rows->handle, column) == SQLITE_NULL;
}

static int64_t sqlite_integer(const struct pv_rows *rows, int column)
{
	return rows->handle ? sqlite3_column_int64(rows->handle, column) : 0;
}

static const char *sqlite_string(const struct pv_rows *rows, int column)
{
	return rows->handle ? (const char *)sqlite3_column_text(rows->handle, column) : NULL;
}

static void sqlite_finish(struct pv_rows *rows)
{
	struct pv_statement *statement = rows->statement;
	if (!statement)
		return;
	if (statement->handle == rows->handle) {
		sqlite3_reset(rows->handle);
		sqlite3_clear_bindings(rows->handle);
	}
	statement->open = false;
	rows->statement = NULL;
	rows->handle = NULL;
}

/* ---- transactions ---------------------------------------------------------------------------- */

static int run_text(struct pv_db *db, const char *sql)
{
	return sqlite3_exec(db->connection, sql, NULL, NULL, NULL);
}

static enum pv_status sqlite_begin(struct pv_db *db, bool write, struct pv_error *error)
{
	if (write && !pv_pen_take(db->pen, PV_BUSY_MS))
		return pv_db_fail(db, error, PV_TROUBLE_BUSY, NULL);
	if (run_text(db, write ? "BEGIN IMMEDIATE" : "BEGIN") == SQLITE_OK)
		return PV_OK;
	enum pv_status status = fail(db, false, error);
	if (write)
		pv_pen_give(db->pen);
	return status;
}

static void sqlite_rollback(struct pv_db *db)
{
	/* Some failures (disk full, I/O) have rolled back already. */
	if (!sqlite3_get_autocommit(db->connection))
		run_text(db, "ROLLBACK");
	if (db->mode == PV_DB_WRITING)
		pv_pen_give(db->pen);
}

static enum pv_status sqlite_commit(struct pv_db *db, struct pv_error *error)
{
	enum pv_status status = PV_OK;
	if (run_text(db, "COMMIT") != SQLITE_OK) {
		status = fail(db, true, error);
		sqlite_rollback(db);
	} else if (db->mode == PV_DB_WRITING) {
		pv_pen_give(db->pen);
	}
	return status;
}

static enum pv_status sqlite_script(struct pv_db *db, const char *sql, struct pv_error *error)
{
	return run_text(db, sql) == SQLITE_OK ? PV_OK : fail(db, false, error);
}

/* ---- care ------------------------------------------------------------------------------------ */

static void sqlite_rest(struct pv_db *db)
{
	sqlite3_db_release_memory(db->connection);
}

static enum pv_status sqlite_backup(struct pv_db *db, const char *path, struct pv_error *error)
{
	if (access(path, F_OK) == 0)
		return pv_fail(error, PV_CONFLICT,
			"Le fichier %s existe déjà; choisissez un autre nom.",
			"The file %s exists already; choose another name.", path);
	file_create(path);
	sqlite3 *target = NULL;
	int code = sqlite3_open_v2(path, &target,
		SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);
	sqlite3_backup *backup =
		code == SQLITE_OK ? sqlite3_backup_init(target, "main", db->connection, "main")
				  : NULL;
	if (backup) {
		/* In one read: a copy made in steps starts over at each write of another. */
		code = sqlite3_backup_step(backup, -1);
		sqlite3_backup_finish(backup);
	}
	enum pv_status status = PV_OK;
	if (!backup || code != SQLITE_DONE) {
		status = pv_fail(error, PV_UNAVAILABLE, "La copie vers %s n'a pu être faite (%s).",
			"The copy to %s could not be made (%s).", path,
			target ? sqlite3_errmsg(target) : sqlite3_errstr(code));
		unlink(path);
	}
	sqlite3_close_v2(target);
	return status;
}

const struct pv_db_driver pv_db_sqlite = {
	.name = "sqlite",
	.key = "TEXT",
	.text = "TEXT",
	.big = "INTEGER",
	.blob = "BLOB",
	.open = sqlite_open,
	.close = sqlite_close,
	.prepare = sqlite_prepare,
	.unprepare = sqlite_unprepare,
	.run = sqlite_run,
	.next = sqlite_next,
	.is_null = sqlite_is_null,
	.integer = sqlite_integer,
	.string = sqlite_string,
	.finish = sqlite_finish,
	.begin = sqlite_begin,
	.commit = sqlite_commit,
	.rollback = sqlite_rollback,
	.script = sqlite_script,
	.rest = sqlite_rest,
	.backup = sqlite_backup,
};
