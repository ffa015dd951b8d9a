/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "engines.h"
#include "store/driver.h"
#include "store/migrate.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define SET "INSERT INTO setting (name, value) VALUES ($1, $2)"
#define GET "SELECT value FROM setting WHERE name = $1"

static enum pv_status set(struct pv_world *w, struct pv_db *db, const char *name, const char *value)
{
	return pv_db_exec(db, SET, PV_PARAMS(PV_TEXT(name), PV_TEXT(value)), NULL, &w->error);
}

static char *get(struct pv_world *w, struct pv_db *db, const char *name)
{
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_first(db, GET, PV_PARAMS(PV_TEXT(name)), &rows, &w->error);
	if (status == PV_NOT_FOUND)
		return NULL;
	assert_ok(status, w);
	return talloc_strdup(w->mem, pv_row_text(rows, 0));
}

static int64_t number(struct pv_world *w, const char *sql)
{
	PV_ROWS struct pv_rows *rows = NULL;
	assert_ok(pv_db_first(w->db, sql, PV_NO_PARAMS, &rows, &w->error), w);
	return pv_row_int(rows, 0);
}

static void test_values(struct pv_world *w)
{
	/* $2 stands before $1, $1 stands twice: names decide, not places. */
	static const char sql[] =
		"INSERT INTO throttle (last_at, name, failures, until_at) VALUES ($2, $1, $3, $2)";
	const int64_t big = INT64_C(9007199254740993);
	assert_ok(pv_db_exec(w->db, sql, PV_PARAMS(PV_TEXT("été 🎈"), PV_INT(big), PV_INT(-7)), NULL,
			  &w->error),
		w);
	static const char read[] =
		"SELECT name, failures, last_at, CAST(NULL AS TEXT) FROM throttle"
		" WHERE until_at = $1 + 0 AND name = $2 AND $2 = name";
	PV_ROWS struct pv_rows *rows = NULL;
	assert_ok(pv_db_query(
			  w->db, read, PV_PARAMS(PV_INT(big), PV_TEXT("été 🎈")), &rows, &w->error),
		w);
	assert_true(pv_rows_next(rows));
	assert_string_equal(pv_row_text(rows, 0), "été 🎈");
	assert_int_equal(pv_row_int(rows, 1), -7);
	assert_true(pv_row_int(rows, 2) == big);
	assert_true(pv_row_null(rows, 3));
	assert_null(pv_row_text(rows, 3));
	assert_true(pv_row_time(rows, 3) == PV_TIME_NONE);
	assert_null(pv_row_copy(rows, w->mem, 3));
	assert_false(pv_rows_next(rows));
	assert_ok(pv_rows_end(rows, &w->error), w);
}

static void test_order_is_by_bytes(struct pv_world *w)
{
	static const char *const names[] = {"é", "a", "Z", "z", "B-", "B"};
	for (size_t i = 0; i < PV_COUNT(names); i++)
		assert_ok(set(w, w->db, names[i], ""), w);
	PV_ROWS struct pv_rows *rows = NULL;
	assert_ok(pv_db_query(w->db, "SELECT name FROM setting ORDER BY name", PV_NO_PARAMS, &rows,
			  &w->error),
		w);
	static const char *const sorted[] = {"B", "B-", "Z", "a", "z", "é"};
	for (size_t i = 0; i < PV_COUNT(sorted); i++) {
		assert_true(pv_rows_next(rows));
		assert_string_equal(pv_row_text(rows, 0), sorted[i]);
	}
}

static void test_nullable_filter(struct pv_world *w)
{
	static const char sql[] = "SELECT COUNT(*) FROM setting"
				  " WHERE (CAST($1 AS TEXT) IS NULL OR name = $1)";
	assert_ok(set(w, w->db, "a", ""), w);
	assert_ok(set(w, w->db, "b", ""), w);
	PV_ROWS struct pv_rows *all = NULL;
	PV_ROWS struct pv_rows *one = NULL;
	assert_ok(pv_db_first(w->db, sql, PV_PARAMS(PV_TEXT(NULL)), &all, &w->error), w);
	assert_int_equal(pv_row_int(all, 0), 2);
	/* The same text is open already: a second reading of it stands beside. */
	assert_ok(pv_db_first(w->db, sql, PV_PARAMS(PV_TEXT("a")), &one, &w->error), w);
	assert_int_equal(pv_row_int(one, 0), 1);
	assert_int_equal(pv_row_int(all, 0), 2);
}

static void test_returning(struct pv_world *w)
{
	PV_ROWS struct pv_rows *rows = NULL;
	assert_ok(set(w, w->db, "a", "1"), w);
	assert_ok(set(w, w->db, "b", "2"), w);
	assert_ok(pv_db_first(w->db, "UPDATE setting SET value = $1 RETURNING name, value",
			  PV_PARAMS(PV_TEXT("3")), &rows, &w->error),
		w);
	assert_string_equal(pv_row_text(rows, 1), "3");
	pv_rows_close(&rows);
	assert_string_equal(get(w, w->db, "a"), "3");
	assert_string_equal(get(w, w->db, "b"), "3");
	int64_t changed = -1;
	assert_ok(pv_db_exec(w->db, "DELETE FROM setting WHERE name <> $1",
			  PV_PARAMS(PV_TEXT("zz")), &changed, &w->error),
		w);
	assert_int_equal(changed, 2);
	assert_status(pv_db_first(w->db, "DELETE FROM setting WHERE name = $1 RETURNING name",
			      PV_PARAMS(PV_TEXT("a")), &rows, &w->error),
		PV_NOT_FOUND, w);
}

static void test_conflict(struct pv_world *w)
{
	assert_ok(set(w, w->db, "a", "1"), w);
	assert_status(set(w, w->db, "a", "2"), PV_CONFLICT, w);
	assert_string_equal(get(w, w->db, "a"), "1");
	/* Inside a transaction nothing more is done after it, on both engines. */
	assert_ok(pv_db_begin_write(w->db, &w->error), w);
	assert_ok(set(w, w->db, "b", "1"), w);
	assert_status(set(w, w->db, "a", "2"), PV_CONFLICT, w);
	assert_status(set(w, w->db, "c", "1"), PV_INTERNAL, w);
	assert_status(pv_db_commit(w->db, &w->error), PV_INTERNAL, w);
	assert_null(get(w, w->db, "b"));
	/* Unless it was said beforehand. */
	int64_t changed = -1;
	assert_ok(pv_db_begin_write(w->db, &w->error), w);
	assert_ok(pv_db_exec(w->db, SET " ON CONFLICT (name) DO NOTHING",
			  PV_PARAMS(PV_TEXT("a"), PV_TEXT("9")), &changed, &w->error),
		w);
	assert_int_equal(changed, 0);
	assert_ok(pv_db_commit(w->db, &w->error), w);
}

static void test_wrong_sql(struct pv_world *w)
{
	PV_ROWS struct pv_rows *rows = NULL;
	assert_status(
		pv_db_query(w->db, "SELECT nothing FROM nowhere", PV_NO_PARAMS, &rows, &w->error),
		PV_INTERNAL, w);
	assert_status(pv_db_query(w->db, GET, PV_NO_PARAMS, &rows, &w->error), PV_INTERNAL, w);
	assert_status(
		pv_db_query(w->db, GET, PV_PARAMS(PV_TEXT("a"), PV_TEXT("b")), &rows, &w->error),
		PV_INTERNAL, w);
	/* A null where none may stand is ours too, and no conflict. */
	assert_status(set(w, w->db, "a", NULL), PV_INTERNAL, w);
	assert_null(get(w, w->db, "a"));
}

static void test_rollback(struct pv_world *w)
{
	assert_ok(pv_db_begin_write(w->db, &w->error), w);
	assert_ok(set(w, w->db, "a", "1"), w);
	assert_string_equal(get(w, w->db, "a"), "1");
	pv_db_rollback(w->db);
	assert_null(get(w, w->db, "a"));
	assert_status(pv_db_commit(w->db, &w->error), PV_INTERNAL, w);
	pv_db_rollback(w->db);
}

static void test_reading_is_of_one_moment(struct pv_world *w)
{
	struct pv_db *other = pv_world_connect(w, w->mem, w->env);
	assert_ok(pv_db_begin_read(w->db, &w->error), w);
	assert_null(get(w, w->db, "a"));
	assert_ok(set(w, other, "a", "1"), w);
	assert_null(get(w, w->db, "a"));
	assert_ok(pv_db_commit(w->db, &w->error), w);
	assert_string_equal(get(w, w->db, "a"), "1");
}

/* More texts than are kept, made at run time at the same address. */
static void test_many_statements(struct pv_world *w)
{
	char sql[64];
	for (int turn = 0; turn < 3; turn++)
		for (int i = 0; i < 300; i++) {
			snprintf(sql, sizeof sql, "SELECT %d", i);
			assert_int_equal(number(w, sql), i);
		}
	pv_db_rest(w->db);
	assert_int_equal(number(w, "SELECT 7"), 7);
}

static void test_open_rows_outlive_eviction(struct pv_world *w)
{
	struct pv_rows *open[PV_STATEMENTS_ROW] = {0};
	PV_ROWS struct pv_rows *more = NULL;
	for (size_t i = 0; i < PV_COUNT(open); i++)
		assert_ok(pv_db_first(w->db, GET " OR $1 = $1", PV_PARAMS(PV_TEXT("a")), &open[i],
				  &w->error) == PV_NOT_FOUND
				  ? PV_OK
				  : PV_INTERNAL,
			w);
	assert_ok(set(w, w->db, "a", "1"), w);
	for (size_t i = 0; i < PV_COUNT(open); i++)
		assert_ok(pv_db_first(w->db, GET, PV_PARAMS(PV_TEXT("a")), &open[i], &w->error), w);
	for (size_t i = 0; i < PV_COUNT(open); i++) {
		assert_string_equal(pv_row_text(open[i], 0), "1");
		pv_rows_close(&open[i]);
	}
	(void)more;
}

/* ---- transactions that cross ----------------------------------------------------------------- */

struct counter {
	struct pv_world *w;
	int rounds, failures;
};

static enum pv_status count_one(struct pv_db *db, void *state, struct pv_error *error)
{
	(void)state;
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_first(db, GET, PV_PARAMS(PV_TEXT("count")), &rows, error);
	if (status != PV_OK)
		return status;
	char next[24];
	snprintf(next, sizeof next, "%ld", atol(pv_row_text(rows, 0)) + 1);
	return pv_db_exec(db, "UPDATE setting SET value = $1 WHERE name = $2",
		PV_PARAMS(PV_TEXT(next), PV_TEXT("count")), NULL, error);
}

static void *count_many(void *state)
{
	struct counter *c = state;
	TALLOC_CTX *mem = talloc_new(NULL);
	struct pv_db *db = NULL;
	struct pv_error error = PV_ERROR_IN(mem);
	if (pv_db_open(mem, c->w->real, c->w->url, &db, &error) != PV_OK)
		c->failures++;
	for (int i = 0; db && i < c->rounds; i++)
		if (pv_db_transaction(db, count_one, NULL, &error) != PV_OK)
			c->failures++;
	talloc_free(mem);
	return NULL;
}

/* Read, add one, write: from several threads none is lost, since there is one pen. */
static void test_one_pen(struct pv_world *w)
{
	enum { THREADS = 6, ROUNDS = 40 };
	struct counter counters[THREADS];
	pthread_t threads[THREADS];
	assert_ok(set(w, w->db, "count", "0"), w);
	for (int i = 0; i < THREADS; i++) {
		counters[i] = (struct counter){.w = w, .rounds = ROUNDS};
		assert_int_equal(pthread_create(&threads[i], NULL, count_many, &counters[i]), 0);
	}
	for (int i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		assert_int_equal(counters[i].failures, 0);
	}
	assert_int_equal(atoi(get(w, w->db, "count")), THREADS * ROUNDS);
}

static enum pv_status say_again(struct pv_db *db, void *state, struct pv_error *error)
{
	int *left = state;
	enum pv_status status =
		pv_db_exec(db, SET, PV_PARAMS(PV_TEXT("again"), PV_TEXT("1")), NULL, error);
	if (status == PV_OK && (*left)-- > 0)
		return pv_db_fail(db, error, PV_TROUBLE_AGAIN, "test");
	return status;
}

static void test_done_again(struct pv_world *w)
{
	int left = PV_DB_TRIES;
	assert_status(pv_db_transaction(w->db, say_again, &left, &w->error), PV_UNAVAILABLE, w);
	assert_null(get(w, w->db, "again"));
	left = PV_DB_TRIES - 1;
	assert_ok(pv_db_transaction(w->db, say_again, &left, &w->error), w);
	assert_string_equal(get(w, w->db, "again"), "1");
}

static enum pv_status refuse(struct pv_db *db, void *state, struct pv_error *error)
{
	(void)state;
	enum pv_status status =
		pv_db_exec(db, SET, PV_PARAMS(PV_TEXT("refused"), PV_TEXT("1")), NULL, error);
	return status != PV_OK ? status : pv_fail(error, PV_DENIED, "non", "no");
}

static enum pv_status around(struct pv_db *db, void *state, struct pv_error *error)
{
	return pv_db_transaction(db, refuse, state, error);
}

static void test_work_that_fails_leaves_nothing(struct pv_world *w)
{
	assert_status(pv_db_transaction(w->db, around, NULL, &w->error), PV_DENIED, w);
	assert_false(pv_db_in_transaction(w->db));
	assert_null(get(w, w->db, "refused"));
}

/* ---- what the world does to a database ------------------------------------------------------- */

static void test_lost_connection(struct pv_world *w)
{
	static const char me[] = "SELECT pg_backend_pid()";
	static const char kill[] = "SELECT CAST(pg_terminate_backend(CAST($1 AS INTEGER)) AS TEXT)";
	struct pv_db *killer = pv_world_connect(w, w->mem, w->env);
	PV_ROWS struct pv_rows *rows = NULL;
	assert_ok(set(w, w->db, "a", "1"), w);
	/* Hung up while nobody looked: the next use does not notice. */
	int64_t pid = number(w, me);
	assert_ok(pv_db_first(killer, kill, PV_PARAMS(PV_INT(pid)), &rows, &w->error), w);
	usleep(100000);
	assert_string_equal(get(w, w->db, "a"), "1");
	/* Inside a transaction: nothing was done, and the one after it works. */
	assert_ok(pv_db_begin_write(w->db, &w->error), w);
	assert_ok(set(w, w->db, "b", "1"), w);
	pid = number(w, me);
	pv_rows_close(&rows);
	assert_ok(pv_db_first(killer, kill, PV_PARAMS(PV_INT(pid)), &rows, &w->error), w);
	usleep(100000);
	assert_status(set(w, w->db, "c", "1"), PV_UNAVAILABLE, w);
	pv_db_rollback(w->db);
	assert_null(get(w, w->db, "b"));
	/* At the moment of confirming: it is not known. */
	assert_ok(pv_db_begin_write(w->db, &w->error), w);
	assert_ok(set(w, w->db, "b", "1"), w);
	pid = number(w, me);
	pv_rows_close(&rows);
	assert_ok(pv_db_first(killer, kill, PV_PARAMS(PV_INT(pid)), &rows, &w->error), w);
	usleep(100000);
	assert_status(pv_db_commit(w->db, &w->error), PV_UNCERTAIN, w);
	assert_false(pv_db_in_transaction(w->db));
	assert_ok(set(w, w->db, "d", "1"), w);
}

static void test_read_only(struct pv_world *w)
{
	assert_ok(pv_db_exec(w->db,
			  w->postgres ? "SET default_transaction_read_only = on"
				      : "PRAGMA query_only = 1",
			  PV_NO_PARAMS, NULL, &w->error),
		w);
	assert_status(set(w, w->db, "a", "1"), PV_UNAVAILABLE, w);
	assert_null(get(w, w->db, "a"));
}

static void test_disk_full(struct pv_world *w)
{
	assert_ok(pv_db_exec(w->db, "PRAGMA max_page_count = 1", PV_NO_PARAMS, NULL, &w->error), w);
	char *long_text = talloc_zero_array(w->mem, char, 2000000);
	memset(long_text, 'x', 1999999);
	assert_status(set(w, w->db, "a", long_text), PV_UNAVAILABLE, w);
	assert_ok(pv_db_begin_write(w->db, &w->error), w);
	assert_status(set(w, w->db, "a", long_text), PV_UNAVAILABLE, w);
	pv_db_rollback(w->db);
	assert_null(get(w, w->db, "a"));
	assert_ok(pv_db_begin_write(w->db, &w->error), w);
	pv_db_rollback(w->db);
}

static void test_not_a_database(struct pv_world *w)
{
	struct pv_db *db = NULL;
	const char *path = talloc_asprintf(w->mem, "%s/letter.txt", w->folder);
	FILE *file = fopen(path, "w");
	for (int i = 0; i < 400; i++)
		fputs("Ceci n'est pas une base de données.\n", file);
	fclose(file);
	assert_status(pv_db_open(w->mem, w->env, talloc_asprintf(w->mem, "sqlite:%s", path), &db,
			      &w->error),
		PV_UNAVAILABLE, w);
	assert_status(pv_db_open(w->mem, w->env, "sqlite:/nowhere/at/all.db", &db, &w->error),
		PV_UNAVAILABLE, w);
	assert_status(pv_db_open(w->mem, w->env, "mysql://x", &db, &w->error), PV_INVALID, w);
	assert_status(pv_db_open(w->mem, w->env, "sqlite:", &db, &w->error), PV_INVALID, w);
	assert_status(
		pv_db_open(w->mem, w->env, "postgresql://nobody@127.0.0.1:1/x", &db, &w->error),
		PV_UNAVAILABLE, w);
}

static void test_file_is_private(struct pv_world *w)
{
	struct stat is;
	static const char *const files[] = {"test.db", "test.db-wal", "test.db-shm"};
	assert_ok(set(w, w->db, "a", "1"), w);
	for (size_t i = 0; i < PV_COUNT(files); i++) {
		assert_int_equal(
			stat(talloc_asprintf(w->mem, "%s/%s", w->folder, files[i]), &is), 0);
		assert_int_equal(is.st_mode & 0777, 0600);
	}
}

static void test_backup(struct pv_world *w)
{
	assert_ok(set(w, w->db, "a", "1"), w);
	const char *path = talloc_asprintf(w->mem, "%s/copy.db", w->folder);
	if (w->postgres) {
		assert_status(pv_db_backup(w->db, path, &w->error), PV_INVALID, w);
		return;
	}
	assert_ok(pv_db_backup(w->db, path, &w->error), w);
	assert_status(pv_db_backup(w->db, path, &w->error), PV_CONFLICT, w);
	struct pv_db *copy = NULL;
	assert_ok(pv_db_open(w->mem, w->env, talloc_asprintf(w->mem, "sqlite:%s", path), &copy,
			  &w->error),
		w);
	assert_string_equal(get(w, copy, "a"), "1");
	assert_status(pv_db_backup(w->db, "/nowhere/copy.db", &w->error), PV_UNAVAILABLE, w);
}

/* ---- migrations ------------------------------------------------------------------------------ */

static const struct pv_migration steps[] = {
	{1, "one",
		"CREATE TABLE one (id {key} PRIMARY KEY, n {big} NOT NULL, b {blob}, t {text});\n"},
	{2, "two",
		"INSERT INTO one (id, n) VALUES ('{other}', 1);\nINSERT INTO one VALUES ('b', 2, "
		"NULL, NULL);\n"},
	{3, "broken",
		"INSERT INTO one (id, n) VALUES ('c', 3);\nINSERT INTO nowhere VALUES (1);\n"},
};

static void test_migrations(struct pv_world *w)
{
	int applied = -1;
	assert_ok(pv_db_migrate(w->db, &applied, &w->error), w);
	assert_int_equal(applied, 0);
	assert_int_equal(number(w, "SELECT COUNT(*) FROM migration"), (int)pv_migrations_n);
	assert_ok(pv_db_exec(w->db, "DROP TABLE migration", PV_NO_PARAMS, NULL, &w->error), w);

	assert_ok(pv_db_migrate_with(w->db, steps, 1, &applied, &w->error), w);
	assert_int_equal(applied, 1);
	assert_ok(pv_db_migrate_with(w->db, steps, 2, &applied, &w->error), w);
	assert_int_equal(applied, 1);
	assert_int_equal(number(w, "SELECT COUNT(*) FROM one WHERE id = '{other}'"), 1);
	/* One that fails leaves nothing of itself. */
	assert_status(pv_db_migrate_with(w->db, steps, 3, &applied, &w->error), PV_INTERNAL, w);
	assert_int_equal(number(w, "SELECT COUNT(*) FROM one"), 2);
	assert_int_equal(number(w, "SELECT MAX(number) FROM migration"), 2);
	/* An older program, and an edited migration. */
	assert_status(pv_db_migrate_with(w->db, steps, 1, &applied, &w->error), PV_CONFLICT, w);
	struct pv_migration edited[] = {steps[0], steps[1]};
	edited[1].sql = "INSERT INTO one (id, n) VALUES ('x', 1);\n";
	assert_status(pv_db_migrate_with(w->db, edited, 2, &applied, &w->error), PV_CONFLICT, w);
}

struct starter {
	struct pv_world *w;
	int applied;
	enum pv_status status;
};

static void *start(void *state)
{
	struct starter *s = state;
	TALLOC_CTX *mem = talloc_new(NULL);
	struct pv_db *db = NULL;
	s->status = pv_db_open(mem, s->w->real, s->w->url, &db, NULL);
	if (s->status == PV_OK)
		s->status = pv_db_migrate_with(db, steps, 2, &s->applied, NULL);
	talloc_free(mem);
	return NULL;
}

static void test_two_nodes_start_together(struct pv_world *w)
{
	struct starter starters[4];
	pthread_t threads[4];
	int applied = 0;
	assert_ok(pv_db_exec(w->db, "DROP TABLE migration", PV_NO_PARAMS, NULL, &w->error), w);
	for (int i = 0; i < 4; i++) {
		starters[i] = (struct starter){.w = w};
		pthread_create(&threads[i], NULL, start, &starters[i]);
	}
	for (int i = 0; i < 4; i++) {
		pthread_join(threads[i], NULL);
		assert_int_equal(starters[i].status, PV_OK);
		applied += starters[i].applied;
	}
	assert_int_equal(applied, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PV_BOTH(test_values),
		PV_BOTH(test_order_is_by_bytes),
		PV_BOTH(test_nullable_filter),
		PV_BOTH(test_returning),
		PV_BOTH(test_conflict),
		PV_BOTH(test_wrong_sql),
		PV_BOTH(test_rollback),
		PV_BOTH(test_reading_is_of_one_moment),
		PV_BOTH(test_many_statements),
		PV_BOTH(test_open_rows_outlive_eviction),
		PV_BOTH(test_one_pen),
		PV_BOTH(test_done_again),
		PV_BOTH(test_work_that_fails_leaves_nothing),
		PV_BOTH(test_read_only),
		PV_BOTH(test_backup),
		PV_BOTH(test_migrations),
		PV_BOTH(test_two_nodes_start_together),
		PV_ON_POSTGRES(test_lost_connection),
		PV_ON_SQLITE(test_disk_full),
		PV_ON_SQLITE(test_not_a_database),
		PV_ON_SQLITE(test_file_is_private),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
