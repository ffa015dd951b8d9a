/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/migrate.h"
#include "store/driver.h"

#include "base/crypto.h"
#include "base/str.h"

#include <string.h>

enum { MIGRATION_BYTES_MAX = 1 << 20 };

static const char table[] =
	"CREATE TABLE IF NOT EXISTS migration (number {big} PRIMARY KEY, name {text} NOT NULL,"
	" digest {key} NOT NULL, applied_at {big} NOT NULL)";

/* The migration in the engine's words. */
static const char *render(TALLOC_CTX *mem, const struct pv_db_driver *driver, const char *sql)
{
	const struct {
		const char *token, *type;
	} tokens[] = {{"{key}", driver->key}, {"{text}", driver->text}, {"{big}", driver->big},
		{"{blob}", driver->blob}};
	struct pv_buf out = PV_BUF(mem, MIGRATION_BYTES_MAX);
	while (*sql) {
		size_t plain = strcspn(sql, "{");
		pv_buf_add(&out, sql, plain);
		sql += plain;
		size_t t = 0;
		while (t < PV_COUNT(tokens) &&
			strncmp(sql, tokens[t].token, strlen(tokens[t].token)) != 0)
			t++;
		if (t < PV_COUNT(tokens)) {
			pv_buf_text(&out, tokens[t].type);
			sql += strlen(tokens[t].token);
		} else if (*sql) {
			pv_buf_char(&out, *sql++);
		}
	}
	return pv_buf_end(&out);
}

static enum pv_status run(struct pv_db *db, const char *sql, struct pv_error *error)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	const char *text = render(scope, db->driver, sql);
	return text ? pv_db_script(db, text, error) : pv_fail_nomem(error);
}

struct landing {
	const struct pv_migration *migrations;
	size_t n;
	bool done, applied;
};

static enum pv_status check_landed(const struct landing *landing, size_t at, int64_t number,
	const char *digest, struct pv_error *error)
{
	if (at >= landing->n)
		return pv_fail(error, PV_CONFLICT,
			"La base a été ouverte par une version plus récente de portevoix "
			"(migration %lld). "
			"Installez au moins cette version.",
			"The database was opened by a newer portevoix (migration %lld). Install at "
			"least "
			"that version.",
			(long long)number);
	const struct pv_migration *known = &landing->migrations[at];
	char ours[PV_DIGEST_SIZE];
	pv_digest(known->sql, strlen(known->sql), ours);
	if (number != known->number || strcmp(digest, ours) != 0)
		return pv_fail(error, PV_CONFLICT,
			"La migration %d de la base n'est pas celle de ce programme : elle a été "
			"modifiée.",
			"The database's migration %d is not this program's: it was edited.",
			known->number);
	return PV_OK;
}

/* How many have landed, each checked. */
static enum pv_status count_landed(
	struct pv_db *db, const struct landing *landing, size_t *out, struct pv_error *error)
{
	static const char sql[] = "SELECT number, digest FROM migration ORDER BY number";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_query(db, sql, PV_NO_PARAMS, &rows, error);
	if (status != PV_OK)
		return status;
	size_t at = 0;
	for (; status == PV_OK && pv_rows_next(rows); at++)
		status =
			check_landed(landing, at, pv_row_int(rows, 0), pv_row_text(rows, 1), error);
	if (status == PV_OK)
		status = pv_rows_end(rows, error);
	if (status == PV_OK)
		*out = at;
	return status;
}

static enum pv_status land_one(struct pv_db *db, void *state, struct pv_error *error)
{
	struct landing *landing = state;
	size_t landed = 0;
	landing->done = landing->applied = false;
	enum pv_status status = run(db, table, error);
	if (status == PV_OK)
		status = count_landed(db, landing, &landed, error);
	if (status != PV_OK || landed == landing->n) {
		landing->done = true;
		return status;
	}
	const struct pv_migration *next = &landing->migrations[landed];
	static const char sql[] = "INSERT INTO migration (number, name, digest, applied_at)"
				  " VALUES ($1, $2, $3, $4)";
	char digest[PV_DIGEST_SIZE];
	pv_digest(next->sql, strlen(next->sql), digest);
	status = run(db, next->sql, error);
	if (status == PV_OK)
		status = pv_db_exec(db, sql,
			PV_PARAMS(PV_INT(next->number), PV_TEXT(next->name), PV_TEXT(digest),
				PV_INT(pv_env_now_us(pv_db_env(db)))),
			NULL, error);
	landing->applied = status == PV_OK;
	return status;
}

enum pv_status pv_db_migrate_with(struct pv_db *db, const struct pv_migration *migrations, size_t n,
	int *out_applied, struct pv_error *error)
{
	struct landing landing = {.migrations = migrations, .n = n};
	int applied = 0;
	do {
		enum pv_status status = pv_db_transaction(db, land_one, &landing, error);
		if (status != PV_OK)
			return status;
		applied += landing.applied;
	} while (!landing.done);
	if (out_applied)
		*out_applied = applied;
	return PV_OK;
}

enum pv_status pv_db_migrate(struct pv_db *db, int *out_applied, struct pv_error *error)
{
	return pv_db_migrate_with(db, pv_migrations, pv_migrations_n, out_applied, error);
}
