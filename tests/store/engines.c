/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "engines.h"
#include "store/driver.h"
#include "store/migrate.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void pv_assert_status(enum pv_status status, enum pv_status wanted, struct pv_error *error,
	const char *call, const char *file, int line)
{
	if (status != wanted) {
		print_error("%s\n  answered %s, not %s: %s\n", call, pv_status_name(status),
			pv_status_name(wanted), error->words.en ? error->words.en : "(no words)");
		for (size_t i = 0; i < error->n_problems; i++)
			print_error("  %s: %s\n", error->problems[i].pointer,
				error->problems[i].message.en);
		_fail(file, line);
	}
	*error = PV_ERROR_IN(error->mem);
}

static void folder_remove(const char *path)
{
	char *name = NULL;
	DIR *folder = opendir(path);
	for (struct dirent *e; folder && (e = readdir(folder));) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		if (asprintf(&name, "%s/%s", path, e->d_name) < 0)
			continue;
		struct stat is;
		if (lstat(name, &is) == 0 && S_ISDIR(is.st_mode))
			folder_remove(name);
		else
			unlink(name);
		free(name);
	}
	if (folder)
		closedir(folder);
	rmdir(path);
}

static void script(struct pv_world *w, const char *server, const char *sql)
{
	struct pv_db *db = NULL;
	assert_ok(pv_db_open(w->mem, w->real, server, &db, &w->error), w);
	assert_ok(pv_db_script(db, sql, &w->error), w);
	talloc_free(db);
}

static const char *schema_create(struct pv_world *w, const char *server)
{
	static int made;
	const char *name = talloc_asprintf(w->mem, "pv_test_%d_%d", (int)getpid(), ++made);
	script(w, server, talloc_asprintf(w->mem, "CREATE SCHEMA %s", name));
	w->url = talloc_asprintf(w->mem, "%s%coptions=-csearch_path%%3D%s", server,
		strchr(server, '?') ? '&' : '?', name);
	return name;
}

struct pv_db *pv_world_connect(struct pv_world *w, TALLOC_CTX *mem, struct pv_env *env)
{
	struct pv_db *db = NULL;
	assert_ok(pv_db_open(mem, env, w->url, &db, &w->error), w);
	return db;
}

void pv_world_as_of(struct pv_world *w, int number)
{
	size_t n = 0;
	while (n < pv_migrations_n && pv_migrations[n].number <= number)
		n++;
	if (w->postgres) {
		PV_ROWS struct pv_rows *rows = NULL;
		assert_ok(pv_db_query(
				  w->db, "SELECT current_schema()", PV_NO_PARAMS, &rows, &w->error),
			w);
		assert_true(pv_rows_next(rows));
		const char *name = talloc_strdup(w->mem, pv_row_text(rows, 0));
		assert_ok(pv_rows_end(rows, &w->error), w);
		assert_ok(
			pv_db_script(w->db,
				talloc_asprintf(w->mem,
					"DROP SCHEMA %s CASCADE;\nCREATE SCHEMA %s;\n", name, name),
				&w->error),
			w);
	} else {
		w->url = talloc_asprintf(w->mem, "sqlite:%s/as-of-%d.db", w->folder, number);
	}
	TALLOC_FREE(w->db);
	w->db = pv_world_connect(w, w->mem, w->env);
	assert_ok(pv_db_migrate_with(w->db, pv_migrations, n, NULL, &w->error), w);
}

void pv_run_on(void **state)
{
	const struct pv_on *on = *state;
	const char *server = getenv("PV_TEST_POSTGRES"), *schema = NULL;
	if (on->postgres && (!server || !*server)) {
		print_message("PV_TEST_POSTGRES names no server: not run on PostgreSQL\n");
		skip();
	}
	const char *tmp = getenv("TMPDIR");
	struct pv_world w = {.mem = talloc_new(NULL), .postgres = on->postgres};
	w.error = PV_ERROR_IN(w.mem);
	char *folder = talloc_asprintf(w.mem, "%s/pv-test-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	assert_non_null(mkdtemp(folder));
	w.folder = folder;
	assert_ok(pv_env_real(w.mem, &w.real, &w.error), &w);
	assert_ok(pv_env_sim(w.mem, 1, PV_WORLD_START, NULL, NULL, &w.env, &w.error), &w);
	if (on->postgres)
		schema = schema_create(&w, server);
	else
		w.url = talloc_asprintf(w.mem, "sqlite:%s/test.db", folder);
	w.db = pv_world_connect(&w, w.mem, w.env);
	assert_ok(pv_db_migrate(w.db, NULL, &w.error), &w);
	on->test(&w);
	TALLOC_FREE(w.db);
	if (on->postgres)
		script(&w, server, talloc_asprintf(w.mem, "DROP SCHEMA %s CASCADE", schema));
	folder_remove(folder);
	talloc_free(w.mem);
}
