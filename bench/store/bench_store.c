/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The desk's durable write and its read beside bare SQLite's, on the same disk, turn by turn:
 *
 *	bench_store FOLDER
 *
 * Ours: a post and a variant made through their verb (role asked, form checked, audit chained). Theirs: one
 * row with the same text inserted in a transaction of its own, journal in WAL, synchronous FULL.
 */
#include "desk/accounts.h"
#include "desk/people.h"
#include "desk/posts.h"
#include "desk/setup.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { TURNS = 10, WRITES = 60, READS = 20000 };

static const char text[] =
	"Le marché ouvre samedi à neuf heures; on y trouve les légumes des fermes "
	"d'à côté et le pain du four. Et vous, qu'en pensez-vous?";

static double now_s(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void must(bool fine, const char *what)
{
	if (fine)
		return;
	fprintf(stderr, "bench_store: %s failed\n", what);
	exit(1);
}

/* ---- theirs ---------------------------------------------------------------------------------- */

struct bare {
	sqlite3 *db;
	sqlite3_stmt *insert, *select;
	int n;
};

static void bare_open(struct bare *b, const char *folder)
{
	char path[4096];
	snprintf(path, sizeof path, "%s/bare.db", folder);
	must(sqlite3_open(path, &b->db) == SQLITE_OK, "sqlite3_open");
	must(sqlite3_exec(b->db,
		     "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
		     "CREATE TABLE post (id TEXT PRIMARY KEY, text TEXT NOT NULL, at INTEGER)",
		     NULL, NULL, NULL) == SQLITE_OK,
		"create");
	must(sqlite3_prepare_v2(b->db, "INSERT INTO post VALUES (?1, ?2, ?3)", -1, &b->insert,
		     NULL) == SQLITE_OK,
		"prepare");
	must(sqlite3_prepare_v2(b->db, "SELECT text, at FROM post WHERE id = ?1", -1, &b->select,
		     NULL) == SQLITE_OK,
		"prepare");
}

static double bare_writes(struct bare *b)
{
	double from = now_s();
	for (int i = 0; i < WRITES; i++) {
		char id[32];
		snprintf(id, sizeof id, "post%022d", b->n++);
		sqlite3_exec(b->db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
		sqlite3_bind_text(b->insert, 1, id, -1, SQLITE_TRANSIENT);
		sqlite3_bind_text(b->insert, 2, text, -1, SQLITE_STATIC);
		sqlite3_bind_int64(b->insert, 3, i);
		must(sqlite3_step(b->insert) == SQLITE_DONE, "insert");
		sqlite3_reset(b->insert);
		must(sqlite3_exec(b->db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK, "commit");
	}
	return WRITES / (now_s() - from);
}

static double bare_reads(struct bare *b)
{
	double from = now_s();
	for (int i = 0; i < READS; i++) {
		sqlite3_bind_text(b->select, 1, "post0000000000000000000001", -1, SQLITE_STATIC);
		must(sqlite3_step(b->select) == SQLITE_ROW, "select");
		must(sqlite3_column_text(b->select, 0) != NULL, "column");
		sqlite3_reset(b->select);
	}
	return READS / (now_s() - from);
}

/* ---- ours ------------------------------------------------------------------------------------ */

struct ours {
	TALLOC_CTX *mem;
	struct pv_desk *desk;
	struct pv_actor actor;
	const char *account_id, *post_id;
};

static void ours_open(struct ours *o, const char *folder)
{
	struct pv_env *env = NULL;
	struct pv_person_row person;
	const char *link = NULL;
	struct pv_error error = PV_ERROR_IN(o->mem);
	PV_JSON json_t *form = json_pack("{s:s,s:s}", "name", "Marc", "login", "marc@x.example");
	must(pv_env_real(o->mem, &env, &error) == PV_OK, "env");
	must(pv_desk_open(o->mem, env, folder, NULL, &o->desk, &error) == PV_OK, "desk");
	must(pv_desk_person_add(o->desk, o->mem, &pv_actor_desk, form, &person, &link, &error) ==
			PV_OK,
		"person");
	o->actor = (struct pv_actor){.person_id = person.id, .may_write = true};
	const struct pv_account_link none = {0};
	struct pv_account_row account;
	PV_JSON json_t *where =
		json_pack("{s:s,s:s}", "organization", person.slug, "network", "journal");
	must(pv_desk_account_add(o->desk, o->mem, &o->actor, where, &none, &account, &error) ==
			PV_OK,
		"account");
	o->account_id = account.id;
}

static double ours_writes(struct ours *o)
{
	double from = now_s();
	for (int i = 0; i < WRITES; i++) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		struct pv_error error = PV_ERROR_IN(scope);
		const struct pv_variant_in variant = {.account = o->account_id};
		const struct pv_post_in in = {
			.title = "Le marché", .text = text, .variants = &variant, .n_variants = 1};
		struct pv_desk_post *post = NULL;
		enum pv_status status =
			pv_desk_post_create(o->desk, scope, &o->actor, &in, &post, &error);
		must(status == PV_OK, error.words.en ? error.words.en : "post");
		o->post_id = talloc_strdup(o->mem, post->row.id);
	}
	return WRITES / (now_s() - from);
}

/* Through db.h alone: the cost of the door. */
static double ours_reads(struct ours *o)
{
	double from = now_s();
	for (int i = 0; i < READS; i++) {
		PV_ROWS struct pv_rows *rows = NULL;
		must(pv_db_first(o->desk->db, "SELECT text, created_at FROM post WHERE id = $1",
			     PV_PARAMS(PV_TEXT(o->post_id)), &rows, NULL) == PV_OK,
			"select");
		must(pv_row_text(rows, 0) != NULL, "column");
	}
	return READS / (now_s() - from);
}

int main(int argc, char **argv)
{
	must(argc == 2, "bench_store FOLDER");
	struct bare bare = {0};
	struct ours ours = {.mem = talloc_new(NULL)};
	double best[4] = {0};
	ours_open(&ours, argv[1]);
	bare_open(&bare, argv[1]);
	for (int turn = 0; turn < TURNS; turn++) {
		const double rates[4] = {ours_writes(&ours), bare_writes(&bare), ours_reads(&ours),
			bare_reads(&bare)};
		for (int i = 0; i < 4; i++)
			best[i] = rates[i] > best[i] ? rates[i] : best[i];
	}
	printf("a post and its variant made, durable (bare SQLite: one "
	       "row)\t%.0f/s\t%.0f/s\t%.2f\t0.5\n",
		best[0], best[1], best[0] / best[1]);
	printf("a row read by id through db.h (bare SQLite)\t%.0f/s\t%.0f/s\t%.2f\t-\n", best[2],
		best[3], best[2] / best[3]);
	return 0;
}
