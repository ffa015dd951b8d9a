/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/driver.h"

#include "base/str.h"

#include <inttypes.h>
#include <libpq-fe.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Object ids of types in pg_type: parameters are declared, so that $1 + 1 is never 32 bits. */
enum { OID_INT8 = 20, OID_TEXT = 25 };

/*
 * The pen: one advisory lock for each schema, held until the transaction ends. In READ COMMITTED
 * each statement sees what was committed before it, thus all that earlier holders wrote.
 */
#define TAKE_PEN                                \
	"BEGIN ISOLATION LEVEL READ COMMITTED;" \
	"SELECT pg_advisory_xact_lock(1349939273, hashtext(current_schema()))"
#define BEGIN_READ "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"

static const char session_setup[] = "SET TIME ZONE 'UTC';"
				    "SET client_min_messages = warning;"
				    "SET standard_conforming_strings = on;"
				    "SET statement_timeout = '60s';"
				    "SET lock_timeout = '10s';"
				    "SET idle_in_transaction_session_timeout = '60s'";

static bool begins(const char *state, const char *with)
{
	return strncmp(state, with, strlen(with)) == 0;
}

/* SQLSTATE (PostgreSQL 15, appendix A). */
static enum pv_db_trouble trouble_of(const char *state)
{
	if (begins(state, "23505"))
		return PV_TROUBLE_KEY;
	if (begins(state, "40001") || begins(state, "40P01"))
		return PV_TROUBLE_AGAIN;
	if (begins(state, "55P03"))
		return PV_TROUBLE_BUSY;
	if (begins(state, "53100"))
		return PV_TROUBLE_FULL;
	if (begins(state, "53200"))
		return PV_TROUBLE_NOMEM;
	if (begins(state, "25006"))
		return PV_TROUBLE_READONLY;
	if (begins(state, "57014") || begins(state, "25P03"))
		return PV_TROUBLE_SLOW;
	if (begins(state, "54"))
		return PV_TROUBLE_LARGE;
	if (begins(state, "XX001") || begins(state, "XX002"))
		return PV_TROUBLE_DAMAGED;
	if (begins(state, "08P01"))
		return PV_TROUBLE_OURS;
	if (begins(state, "08") || begins(state, "57P") || begins(state, "53"))
		return PV_TROUBLE_LOST;
	if (begins(state, "58"))
		return PV_TROUBLE_IO;
	return PV_TROUBLE_OURS;
}

/* Their first line, without the server's own end of line. */
static const char *first_line(TALLOC_CTX *mem, const char *words)
{
	size_t size = words ? strcspn(words, "\n") : 0;
	const char *line = talloc_strndup(mem, words ? words : "", size);
	return line ? line : "";
}

/* `doubt`: what was sent may have been committed although no answer came. */
static enum pv_status fail(
	struct pv_db *db, const PGresult *result, bool doubt, struct pv_error *error)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	PGconn *connection = db->connection;
	const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
	const char *words = first_line(scope, PQerrorMessage(connection));
	if (PQstatus(connection) == CONNECTION_BAD)
		return pv_db_fail(db, error, doubt ? PV_TROUBLE_DOUBT : PV_TROUBLE_LOST, words);
	if (!state)
		return pv_db_fail(db, error, PV_TROUBLE_LOST, words);
	return pv_db_fail(db, error, trouble_of(state), words);
}

/* ---- the connection -------------------------------------------------------------------------- */

static enum pv_status connection_setup(struct pv_db *db, struct pv_error *error)
{
	PGresult *result = PQexec(db->connection, session_setup);
	enum pv_status status =
		PQresultStatus(result) == PGRES_COMMAND_OK ? PV_OK : fail(db, result, false, error);
	PQclear(result);
	return status;
}

static void quiet(void *state, const PGresult *notice)
{
	(void)state;
	(void)notice;
}

static enum pv_status postgres_open(struct pv_db *db, const char *address, struct pv_error *error)
{
	/* What stands before dbname gives way to the address's own words. */
	static const char *const names[] = {"connect_timeout", "application_name",
		"tcp_user_timeout", "dbname", "client_encoding", NULL};
	const char *const values[] = {"5", "portevoix", "30000", address, "UTF8", NULL};
	PGconn *connection = PQconnectdbParams(names, values, 1);
	db->connection = connection;
	if (!connection)
		return pv_fail_nomem(error);
	if (PQstatus(connection) != CONNECTION_OK)
		return fail(db, NULL, false, error);
	PQsetNoticeReceiver(connection, quiet, NULL);
	return connection_setup(db, error);
}

static void postgres_close(struct pv_db *db)
{
	PQfinish(db->connection);
	db->connection = NULL;
}

/* Did the server hang up while nobody looked? One system call when it did not. */
static bool hung_up(PGconn *connection)
{
	if (PQstatus(connection) == CONNECTION_BAD)
		return true;
	/* The server's last words may stand before the end of the stream: read on until quiet. */
	for (int turn = 0; turn < 4; turn++) {
		struct pollfd socket = {.fd = PQsocket(connection), .events = POLLIN};
		if (poll(&socket, 1, 0) <= 0)
			return false;
		if (!PQconsumeInput(connection) || PQstatus(connection) == CONNECTION_BAD)
			return true;
	}
	return false;
}

/* Outside a transaction a lost connection is made anew; its prepared statements went with it. */
static enum pv_status connection_ready(struct pv_db *db, struct pv_error *error)
{
	if (db->mode != PV_DB_FREE || !hung_up(db->connection))
		return PV_OK;
	PQreset(db->connection);
	db->generation++;
	if (PQstatus(db->connection) != CONNECTION_OK)
		return fail(db, NULL, false, error);
	return connection_setup(db, error);
}

/* ---- statements ------------------------------------------------------------------------------ */

/* The server's own preparation waits for the first parameters, whose types it needs. */
static enum pv_status postgres_prepare(
	struct pv_db *db, struct pv_statement *statement, struct pv_error *error)
{
	(void)error;
	statement->handle = statement;
	statement->generation = db->generation - 1;
	statement->reads = strncmp(statement->sql, "SELECT", 6) == 0;
	return PV_OK;
}

static void statement_name(const struct pv_statement *statement, char out[32])
{
	snprintf(out, 32, "pv%u", statement->number);
}

static void postgres_unprepare(struct pv_db *db, struct pv_statement *statement)
{
	char command[64], name[32];
	statement_name(statement, name);
	snprintf(command, sizeof command, "DEALLOCATE %s", name);
	/* In a failed transaction it would fail; numbers are never used again, so nothing breaks. */
	if (statement->generation == db->generation && !db->broken &&
		PQstatus(db->connection) == CONNECTION_OK)
		PQclear(PQexec(db->connection, command));
	statement->handle = NULL;
}

static enum pv_status prepare_there(struct pv_db *db, struct pv_statement *statement,
	const struct pv_param *params, size_t n, struct pv_error *error)
{
	Oid types[PV_PARAMS_MAX];
	char name[32];
	for (size_t i = 0; i < n; i++)
		types[i] = params[i].type == PV_PARAM_INT ? OID_INT8 : OID_TEXT;
	statement_name(statement, name);
	PGresult *result = PQprepare(db->connection, name, statement->sql, (int)n, types);
	enum pv_status status = PV_OK;
	if (PQresultStatus(result) == PGRES_COMMAND_OK)
		statement->generation = db->generation;
	else
		status = fail(db, result, false, error);
	PQclear(result);
	return status;
}

static enum pv_status postgres_run(struct pv_db *db, struct pv_statement *statement,
	const struct pv_param *params, size_t n, struct pv_rows *rows, struct pv_error *error)
{
	enum pv_status status = connection_ready(db, error);
	if (status == PV_OK && statement->generation != db->generation)
		status = prepare_there(db, statement, params, n, error);
	if (status != PV_OK)
		return status;
	const char *values[PV_PARAMS_MAX];
	char numbers[PV_PARAMS_MAX][24], name[32];
	for (size_t i = 0; i < n; i++) {
		values[i] = params[i].null ? NULL : params[i].text;
		if (params[i].type == PV_PARAM_INT && !params[i].null) {
			snprintf(numbers[i], sizeof numbers[i], "%" PRId64, params[i].integer);
			values[i] = numbers[i];
		}
	}
	statement_name(statement, name);
	PGresult *result = PQexecPrepared(db->connection, name, (int)n, values, NULL, NULL, 0);
	ExecStatusType answer = PQresultStatus(result);
	if (answer != PGRES_TUPLES_OK && answer != PGRES_COMMAND_OK) {
		status = fail(db, result, db->mode == PV_DB_FREE && !statement->reads, error);
		PQclear(result);
		return status;
	}
	rows->handle = result;
	rows->n_rows = PQntuples(result);
	rows->n_columns = PQnfields(result);
	rows->changed = strtoll(PQcmdTuples(result), NULL, 10);
	return PV_OK;
}

static enum pv_step postgres_next(struct pv_rows *rows)
{
	if (rows->at + 1 >= rows->n_rows)
		return PV_STEP_END;
	rows->at++;
	return PV_STEP_ROW;
}

static bool postgres_is_null(const struct pv_rows *rows, int column)
{
	return PQgetisnull(rows->handle, rows->at, column) != 0;
}

static const char *postgres_string(const struct pv_rows *rows, int column)
{
	return postgres_is_null(rows, column) ? NULL : PQgetvalue(rows->handle, rows->at, column);
}

static int64_t postgres_integer(const struct pv_rows *rows, int column)
{
	return strtoll(PQgetvalue(rows->handle, rows->at, column), NULL, 10);
}

static void postgres_finish(struct pv_rows *rows)
{
	PQclear(rows->handle);
	rows->handle = NULL;
}

/* ---- transactions ---------------------------------------------------------------------------- */

static bool command(struct pv_db *db, const char *sql, PGresult **out)
{
	*out = PQexec(db->connection, sql);
	ExecStatusType answer = PQresultStatus(*out);
	return answer == PGRES_COMMAND_OK || answer == PGRES_TUPLES_OK;
}

static enum pv_status postgres_begin(struct pv_db *db, bool write, struct pv_error *error)
{
	enum pv_status status = connection_ready(db, error);
	if (status != PV_OK)
		return status;
	PGresult *result;
	if (!command(db, write ? TAKE_PEN : BEGIN_READ, &result)) {
		status = fail(db, result, false, error);
		if (PQstatus(db->connection) == CONNECTION_OK)
			PQclear(PQexec(db->connection, "ROLLBACK"));
	}
	PQclear(result);
	return status;
}

static enum pv_status postgres_commit(struct pv_db *db, struct pv_error *error)
{
	PGresult *result;
	enum pv_status status = PV_OK;
	if (!command(db, "COMMIT", &result))
		status = fail(db, result, db->mode == PV_DB_WRITING, error);
	/* A transaction the server had given up answers ROLLBACK to COMMIT. */
	else if (strcmp(PQcmdStatus(result), "COMMIT") != 0)
		status = pv_db_fail(db, error, PV_TROUBLE_OURS, "the server rolled back");
	PQclear(result);
	return status;
}

static void postgres_rollback(struct pv_db *db)
{
	if (PQstatus(db->connection) == CONNECTION_OK)
		PQclear(PQexec(db->connection, "ROLLBACK"));
}

static enum pv_status postgres_script(struct pv_db *db, const char *sql, struct pv_error *error)
{
	enum pv_status status = connection_ready(db, error);
	if (status != PV_OK)
		return status;
	PGresult *result;
	/* A migration of large tables takes the time it takes. */
	if (db->mode == PV_DB_WRITING)
		PQclear(PQexec(db->connection, "SET LOCAL statement_timeout = 0"));
	if (!command(db, sql, &result))
		status = fail(db, result, db->mode == PV_DB_FREE, error);
	PQclear(result);
	return status;
}

static void postgres_rest(struct pv_db *db)
{
	(void)db;
}

static enum pv_status postgres_backup(struct pv_db *db, const char *path, struct pv_error *error)
{
	(void)db;
	(void)path;
	return pv_fail(error, PV_INVALID, "Une base PostgreSQL se sauvegarde avec pg_dump.",
		"A PostgreSQL database is backed up with pg_dump.");
}

const struct pv_db_driver pv_db_postgres = {
	.name = "postgresql",
	.key = "text COLLATE \"C\"",
	.text = "text",
	.big = "bigint",
	.blob = "bytea",
	.open = postgres_open,
	.close = postgres_close,
	.prepare = postgres_prepare,
	.unprepare = postgres_unprepare,
	.run = postgres_run,
	.next = postgres_next,
	.is_null = postgres_is_null,
	.integer = postgres_integer,
	.string = postgres_string,
	.finish = postgres_finish,
	.begin = postgres_begin,
	.commit = postgres_commit,
	.rollback = postgres_rollback,
	.script = postgres_script,
	.rest = postgres_rest,
	.backup = postgres_backup,
};
