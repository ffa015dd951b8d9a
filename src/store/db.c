/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/db.h"
#include "store/driver.h"

#include "base/str.h"

#include <stdlib.h>
#include <string.h>

static void statement_drop(struct pv_db *db, struct pv_statement *statement)
{
	if (statement->handle)
		db->driver->unprepare(db, statement);
	talloc_free(statement->sql);
	*statement = (struct pv_statement){0};
}

static int db_free(struct pv_db *db)
{
	if (db->connection) {
		pv_db_rollback(db);
		for (size_t i = 0; i < PV_STATEMENTS; i++)
			statement_drop(db, &db->statements[i]);
	}
	db->driver->close(db);
	return 0;
}

enum pv_status pv_db_open(TALLOC_CTX *mem, struct pv_env *env, const char *url, struct pv_db **out,
	struct pv_error *error)
{
	const struct pv_db_driver *driver = NULL;
	const char *address = url;
	if (strncmp(url, "sqlite:", 7) == 0) {
		driver = &pv_db_sqlite;
		address = url + 7;
	} else if (strncmp(url, "postgresql://", 13) == 0 || strncmp(url, "postgres://", 11) == 0) {
		driver = &pv_db_postgres;
	}
	if (!driver || !*address)
		return pv_fail(error, PV_INVALID,
			"L'adresse de la base s'écrit sqlite:FICHIER ou postgresql://….",
			"The database's address is written sqlite:FILE or postgresql://….");
	struct pv_db *db = talloc_zero(mem, struct pv_db);
	if (!db)
		return pv_fail_nomem(error);
	db->driver = driver;
	db->env = env;
	talloc_set_destructor(db, db_free);
	enum pv_status status = driver->open(db, address, error);
	if (status != PV_OK) {
		talloc_free(db);
		return status;
	}
	*out = db;
	return PV_OK;
}

const char *pv_db_engine(const struct pv_db *db)
{
	return db->driver->name;
}

struct pv_env *pv_db_env(const struct pv_db *db)
{
	return db->env;
}

bool pv_db_in_transaction(const struct pv_db *db)
{
	return db->mode != PV_DB_FREE;
}

bool pv_db_holds_pen(const struct pv_db *db)
{
	return db->mode == PV_DB_WRITING;
}

int64_t pv_db_deeds(const struct pv_db *db)
{
	return db->deeds;
}

void pv_db_record(struct pv_db *db)
{
	db->recorded = true;
}

/* ---- failures -------------------------------------------------------------------------------- */

static const struct {
	enum pv_status status;
	const char *fr, *en;
} troubles[] = {
	[PV_TROUBLE_KEY] = {PV_CONFLICT, "Cela existe déjà (%s).", "This exists already (%s)."},
	[PV_TROUBLE_AGAIN] = {PV_UNAVAILABLE,
		"D'autres écritures se croisaient; rien n'a été fait. Réessayez (%s).",
		"Other writes were crossing; nothing was done. Try again (%s)."},
	[PV_TROUBLE_BUSY] = {PV_UNAVAILABLE,
		"La base est occupée par une autre écriture; rien n'a été fait. Réessayez (%s).",
		"The database is busy with another write; nothing was done. Try again (%s)."},
	[PV_TROUBLE_FULL] = {PV_UNAVAILABLE,
		"Le disque de la base est plein; rien n'a été écrit. Faites de la place (%s).",
		"The database's disk is full; nothing was written. Make room (%s)."},
	[PV_TROUBLE_READONLY] = {PV_UNAVAILABLE,
		"La base est en lecture seule; rien n'a été écrit. Vérifiez les droits du dossier "
		"(%s).",
		"The database is read-only; nothing was written. Check the folder's permissions "
		"(%s)."},
	[PV_TROUBLE_DAMAGED] = {PV_UNAVAILABLE,
		"Le fichier de la base est abîmé ou n'en est pas une. Restaurez une sauvegarde "
		"(%s).",
		"The database file is damaged or is not one. Restore a backup (%s)."},
	[PV_TROUBLE_IO] = {PV_UNAVAILABLE,
		"La base ne peut être lue ou écrite; rien n'a été fait (%s).",
		"The database cannot be read or written; nothing was done (%s)."},
	[PV_TROUBLE_LOST] = {PV_UNAVAILABLE,
		"La base ne répond pas; rien n'a été fait. La connexion reprend d'elle-même (%s).",
		"The database does not answer; nothing was done. The connection will come back by "
		"itself (%s)."},
	[PV_TROUBLE_DOUBT] = {PV_UNCERTAIN,
		"La connexion à la base s'est perdue pendant la confirmation : vérifiez si c'est "
		"fait "
		"(%s).",
		"The connection to the database was lost during confirmation: check whether it was "
		"done "
		"(%s)."},
	[PV_TROUBLE_SLOW] = {PV_UNAVAILABLE, "La base a mis trop de temps; rien n'a été fait (%s).",
		"The database took too long; nothing was done (%s)."},
	[PV_TROUBLE_NOMEM] = {PV_NOMEM, "La mémoire manque; rien n'a été fait (%s).",
		"Memory is out; nothing was done (%s)."},
	[PV_TROUBLE_LARGE] = {PV_TOO_LARGE, "C'est trop long pour la base (%s).",
		"This is too long for the database (%s)."},
	[PV_TROUBLE_OURS] = {PV_INTERNAL, "Une requête à la base est fautive (%s).",
		"A query to the database is wrong (%s)."},
};

enum pv_status pv_db_fail(
	struct pv_db *db, struct pv_error *error, enum pv_db_trouble trouble, const char *detail)
{
	db->again = trouble == PV_TROUBLE_AGAIN;
	db->broken = db->mode != PV_DB_FREE;
	return pv_fail(error, troubles[trouble].status, troubles[trouble].fr, troubles[trouble].en,
		detail && *detail ? detail : db->driver->name);
}

/* ---- prepared statements --------------------------------------------------------------------- */

/* The place for a text: its own, or its row's one unused for longest; NULL when all are being read. */
static struct pv_statement *statement_place(struct pv_db *db, const char *sql)
{
	struct pv_statement *row =
		&db->statements[((uintptr_t)sql >> 3) % PV_STATEMENTS_ROWS * PV_STATEMENTS_ROW];
	struct pv_statement *oldest = NULL;
	for (size_t i = 0; i < PV_STATEMENTS_ROW; i++) {
		struct pv_statement *s = &row[i];
		if (s->open)
			continue;
		if (s->address == sql && strcmp(s->sql, sql) == 0)
			return s;
		if (!oldest || s->used < oldest->used)
			oldest = s;
	}
	if (oldest)
		statement_drop(db, oldest);
	return oldest;
}

/* The highest $n of a text; literals of the common text hold no '$'. */
static size_t statement_params(const char *sql)
{
	unsigned long highest = 0;
	while ((sql = strchr(sql, '$'))) {
		unsigned long number = strtoul(++sql, NULL, 10);
		highest = number > highest ? number : highest;
	}
	return highest;
}

static enum pv_status statement_get(struct pv_db *db, const char *sql, size_t n,
	struct pv_statement **out, struct pv_error *error)
{
	struct pv_statement *statement = statement_place(db, sql);
	if (!statement)
		return pv_db_fail(db, error, PV_TROUBLE_OURS, "too many open rows");
	if (!statement->sql) {
		statement->address = sql;
		statement->sql = talloc_strdup(db, sql);
		statement->number = ++db->numbers;
		statement->n_params = statement_params(sql);
		if (!statement->sql)
			return pv_fail_nomem(error);
	}
	if (statement->n_params != n)
		return pv_db_fail(db, error, PV_TROUBLE_OURS, "wrong number of parameters");
	statement->used = ++db->turn;
	if (!statement->handle) {
		statement->generation = db->generation;
		enum pv_status status = db->driver->prepare(db, statement, error);
		if (status != PV_OK) {
			statement_drop(db, statement);
			return status;
		}
	}
	*out = statement;
	return PV_OK;
}

/* ---- statements ------------------------------------------------------------------------------ */

static int rows_free(struct pv_rows *rows)
{
	rows->db->driver->finish(rows);
	return 0;
}

enum pv_status pv_db_query(struct pv_db *db, const char *sql, const struct pv_param *params,
	size_t n, struct pv_rows **out, struct pv_error *error)
{
	struct pv_statement *statement = NULL;
	if (n > PV_PARAMS_MAX)
		return pv_db_fail(db, error, PV_TROUBLE_OURS, "too many parameters");
	if (db->broken)
		return pv_db_fail(db, error, PV_TROUBLE_OURS, "the transaction has failed already");
	struct pv_rows *rows = talloc_zero(db, struct pv_rows);
	if (!rows)
		return pv_fail_nomem(error);
	rows->db = db;
	rows->failure.mem = rows;
	rows->at = -1;
	talloc_set_destructor(rows, rows_free);
	enum pv_status status = statement_get(db, sql, n, &statement, error);
	if (status == PV_OK)
		status = db->driver->run(db, statement, params, n, rows, error);
	if (status != PV_OK) {
		talloc_free(rows);
		return status;
	}
	*out = rows;
	return PV_OK;
}

enum pv_status pv_db_exec(struct pv_db *db, const char *sql, const struct pv_param *params,
	size_t n, int64_t *out_changed, struct pv_error *error)
{
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_query(db, sql, params, n, &rows, error);
	if (status != PV_OK)
		return status;
	while (pv_rows_next(rows))
		continue;
	status = pv_rows_end(rows, error);
	if (status == PV_OK && out_changed)
		*out_changed = rows->changed;
	return status;
}

enum pv_status pv_db_first(struct pv_db *db, const char *sql, const struct pv_param *params,
	size_t n, struct pv_rows **out, struct pv_error *error)
{
	struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_query(db, sql, params, n, &rows, error);
	if (status != PV_OK)
		return status;
	if (!pv_rows_next(rows)) {
		status = pv_rows_end(rows, error);
		talloc_free(rows);
		if (status == PV_OK && error)
			error->status = PV_NOT_FOUND;
		return status == PV_OK ? PV_NOT_FOUND : status;
	}
	*out = rows;
	return PV_OK;
}

void pv_rows_close(struct pv_rows **rows)
{
	if (rows)
		TALLOC_FREE(*rows);
}

bool pv_rows_next(struct pv_rows *rows)
{
	if (rows->failure.status != PV_OK || rows->nomem)
		return false;
	if (rows->cells) {
		if (rows->at + 1 >= rows->n_rows)
			return false;
		rows->at++;
		return true;
	}
	return rows->handle && rows->db->driver->next(rows) == PV_STEP_ROW;
}

enum pv_status pv_rows_end(struct pv_rows *rows, struct pv_error *error)
{
	if (rows->nomem)
		return pv_fail_nomem(error);
	if (rows->failure.status == PV_OK || !error)
		return rows->failure.status;
	const char *fr = talloc_strdup(error->mem, rows->failure.words.fr);
	const char *en = talloc_strdup(error->mem, rows->failure.words.en);
	if (!fr || !en)
		return pv_fail_nomem(error);
	error->status = rows->failure.status;
	error->words = (struct pv_words){.fr = fr, .en = en};
	return error->status;
}

bool pv_row_null(const struct pv_rows *rows, int column)
{
	if (rows->cells)
		return !rows->cells[rows->at * rows->n_columns + column];
	return rows->db->driver->is_null(rows, column);
}

const char *pv_row_text(const struct pv_rows *rows, int column)
{
	if (rows->cells)
		return rows->cells[rows->at * rows->n_columns + column];
	return rows->db->driver->string(rows, column);
}

int64_t pv_row_int(const struct pv_rows *rows, int column)
{
	if (rows->cells) {
		const char *text = pv_row_text(rows, column);
		return text ? strtoll(text, NULL, 10) : 0;
	}
	return rows->db->driver->integer(rows, column);
}

int64_t pv_row_time(const struct pv_rows *rows, int column)
{
	return pv_row_null(rows, column) ? PV_TIME_NONE : pv_row_int(rows, column);
}

const char *pv_row_copy(struct pv_rows *rows, TALLOC_CTX *mem, int column)
{
	if (pv_row_null(rows, column))
		return NULL;
	const char *text = pv_row_text(rows, column);
	const char *copy = text ? talloc_strdup(mem, text) : NULL;
	if (!copy)
		rows->nomem = true;
	return copy ? copy : "";
}

/* ---- transactions ---------------------------------------------------------------------------- */

static enum pv_status begin(struct pv_db *db, enum pv_db_mode mode, struct pv_error *error)
{
	if (db->mode != PV_DB_FREE)
		return pv_fail(error, PV_INTERNAL, "Une transaction est déjà ouverte.",
			"A transaction is open already.");
	db->broken = db->again = db->recorded = false;
	enum pv_status status = db->driver->begin(db, mode == PV_DB_WRITING, error);
	if (status == PV_OK)
		db->mode = mode;
	return status;
}

enum pv_status pv_db_begin_write(struct pv_db *db, struct pv_error *error)
{
	return begin(db, PV_DB_WRITING, error);
}

enum pv_status pv_db_begin_read(struct pv_db *db, struct pv_error *error)
{
	return begin(db, PV_DB_READING, error);
}

enum pv_status pv_db_commit(struct pv_db *db, struct pv_error *error)
{
	if (db->mode == PV_DB_FREE)
		return pv_fail(error, PV_INTERNAL, "Aucune transaction n'est ouverte.",
			"No transaction is open.");
	if (db->broken) {
		pv_db_rollback(db);
		return pv_fail(error, PV_INTERNAL,
			"La transaction avait échoué; rien n'a été fait.",
			"The transaction had failed; nothing was done.");
	}
	enum pv_status status = db->driver->commit(db, error);
	db->deeds += status == PV_OK && db->recorded;
	db->mode = PV_DB_FREE;
	db->broken = false;
	return status;
}

void pv_db_rollback(struct pv_db *db)
{
	if (db->mode != PV_DB_FREE)
		db->driver->rollback(db);
	db->mode = PV_DB_FREE;
	db->broken = false;
}

static enum pv_status transaction_once(
	struct pv_db *db, pv_db_work *work, void *state, struct pv_error *error)
{
	enum pv_status status = pv_db_begin_write(db, error);
	if (status != PV_OK)
		return status;
	status = work(db, state, error);
	if (status == PV_OK)
		return pv_db_commit(db, error);
	pv_db_rollback(db);
	return status;
}

enum pv_status pv_db_transaction(
	struct pv_db *db, pv_db_work *work, void *state, struct pv_error *error)
{
	if (db->mode == PV_DB_WRITING)
		return work(db, state, error);
	for (int tried = 1;; tried++) {
		enum pv_status status = transaction_once(db, work, state, error);
		if (status != PV_UNAVAILABLE || !db->again || tried == PV_DB_TRIES)
			return status;
		if (error)
			*error = PV_ERROR_IN(error->mem);
		/* Two that crossed must not come back together. */
		uint16_t random;
		pv_env_random(db->env, &random, sizeof random);
		pv_env_sleep_us(db->env, 500 * tried + random % (2000 * (unsigned)tried));
	}
}

/* ---- care ------------------------------------------------------------------------------------ */

enum pv_status pv_db_script(struct pv_db *db, const char *sql, struct pv_error *error)
{
	return db->driver->script(db, sql, error);
}

void pv_db_rest(struct pv_db *db)
{
	if (db->mode != PV_DB_FREE)
		return;
	for (size_t i = 0; i < PV_STATEMENTS; i++)
		if (!db->statements[i].open)
			statement_drop(db, &db->statements[i]);
	db->driver->rest(db);
}

enum pv_status pv_db_backup(struct pv_db *db, const char *path, struct pv_error *error)
{
	return db->driver->backup(db, path, error);
}
