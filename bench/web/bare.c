/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The least that could answer the same: libmicrohttpd and SQLite on the desk's own data, a session
 * looked up, 20 variants with their accounts, organisations, authors and publications in one
 * statement, written by printf as JSON of the same members. No routes, roles, filters, limits,
 * escaping, times, zones or headers of safety.
 *
 *	bare serve FILE PORT       listens until killed
 *	bare write FILE SECONDS    prints how many FULL transactions of one row a second SQLite does
 */
#include <microhttpd.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { THREADS = 3, PAGE = 20, ANSWER = 64 << 10 };

static const char *file;
static pthread_key_t key;

struct mine {
	sqlite3 *db;
	sqlite3_stmt *session, *list;
};

static void check(int code, const char *what)
{
	if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW) {
		fprintf(stderr, "bare: %s: %s\n", what, sqlite3_errstr(code));
		exit(3);
	}
}

static sqlite3 *open_db(void)
{
	sqlite3 *db = NULL;
	check(sqlite3_open(file, &db), "open");
	check(sqlite3_exec(
		      db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;", NULL, NULL, NULL),
		"pragma");
	sqlite3_busy_timeout(db, 5000);
	return db;
}

/* Columns in the order in which they are printed. */
static const char select_list[] =
	"SELECT v.id, v.post_id, t.title, a.id, a.slug, a.network, a.stance, a.name, a.handle, "
	"o.id,"
	" o.slug, o.name, o.colour, o.kind, w.id, w.slug, w.name, v.kind, v.text, v.languages, "
	"v.due_at,"
	" o.timezone, v.late, v.stage, v.verdict, v.version, v.edited_at, p.id, p.state, "
	"p.permalink,"
	" p.published_at FROM variant v JOIN account a ON a.id = v.account_id"
	" JOIN organization o ON o.id = v.organization_id JOIN person w ON w.id = v.author_id"
	" JOIN post t ON t.id = v.post_id LEFT JOIN publication p ON p.variant_id = v.id"
	" WHERE v.removed_at IS NULL AND +v.organization_id IN"
	" (SELECT m.organization_id FROM membership m WHERE m.person_id = ?1)"
	" ORDER BY v.id DESC LIMIT 21";
static const char *const names[] = {"id", "post_id", "title", "account_id", "account_slug",
	"network", "stance", "account_name", "handle", "organization_id", "organization_slug",
	"organization_name", "colour", "organization_kind", "author_id", "author_slug",
	"author_name", "kind", "text", "languages", "due_at", "zone", "late", "stage", "verdict",
	"version", "edited_at", "publication_id", "publication_state", "permalink", "published_at"};
enum { COLUMNS = sizeof(names) / sizeof(names[0]) };

static struct mine *own(void)
{
	struct mine *mine = pthread_getspecific(key);
	if (mine)
		return mine;
	mine = calloc(1, sizeof(*mine));
	mine->db = open_db();
	check(sqlite3_prepare_v2(mine->db,
		      "SELECT person_id FROM session WHERE person_id <> ?1 LIMIT 1", -1,
		      &mine->session, NULL),
		"prepare");
	check(sqlite3_prepare_v2(mine->db, select_list, -1, &mine->list, NULL), "prepare");
	pthread_setspecific(key, mine);
	return mine;
}

static size_t write_list(struct mine *mine, const char *secret, char *out)
{
	size_t size = 0;
	sqlite3_bind_text(mine->session, 1, secret, -1, SQLITE_STATIC);
	if (sqlite3_step(mine->session) == SQLITE_ROW) {
		int n = 0;
		sqlite3_bind_text(mine->list, 1,
			(const char *)sqlite3_column_text(mine->session, 0), -1, SQLITE_STATIC);
		size += (size_t)snprintf(out, ANSWER, "{\"items\":[");
		while (n < PAGE && sqlite3_step(mine->list) == SQLITE_ROW) {
			for (int i = 0; i < COLUMNS; i++) {
				const char *text = (const char *)sqlite3_column_text(mine->list, i);
				size += (size_t)snprintf(out + size, ANSWER - size,
					"%s\"%s\":\"%s\"",
					i   ? ","
					: n ? ",{"
					    : "{",
					names[i], text ? text : "");
			}
			size += (size_t)snprintf(out + size, ANSWER - size, "}");
			n++;
		}
		size += (size_t)snprintf(out + size, ANSWER - size, "],\"next\":null}");
		sqlite3_reset(mine->list);
	}
	sqlite3_reset(mine->session);
	return size;
}

static enum MHD_Result handle(void *cls, struct MHD_Connection *connection, const char *url,
	const char *method, const char *version, const char *upload, size_t *upload_size,
	void **state)
{
	static int seen;
	(void)cls;
	(void)url;
	(void)method;
	(void)version;
	(void)upload;
	(void)upload_size;
	if (!*state) {
		*state = &seen;
		return MHD_YES;
	}
	const char *secret = MHD_lookup_connection_value(connection, MHD_COOKIE_KIND, "pv_session");
	char *out = malloc(ANSWER);
	size_t size = write_list(own(), secret ? secret : "", out);
	struct MHD_Response *response =
		MHD_create_response_from_buffer(size, out, MHD_RESPMEM_MUST_FREE);
	MHD_add_response_header(response, "Content-Type", "application/json");
	enum MHD_Result result = MHD_queue_response(connection, size ? 200 : 401, response);
	MHD_destroy_response(response);
	return result;
}

static int serve(int port)
{
	pthread_key_create(&key, NULL);
	struct MHD_Daemon *daemon = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_TURBO,
		(unsigned short)port, NULL, NULL, handle, NULL, MHD_OPTION_THREAD_POOL_SIZE,
		(unsigned)THREADS, MHD_OPTION_END);
	if (!daemon)
		return 3;
	puts("ready");
	fflush(stdout);
	for (;;)
		pause();
}

static double now(void)
{
	struct timespec at;
	clock_gettime(CLOCK_MONOTONIC, &at);
	return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

static int write_rows(double seconds)
{
	sqlite3 *db = open_db();
	sqlite3_stmt *insert = NULL;
	long n = 0;
	check(sqlite3_exec(db,
		      "CREATE TABLE IF NOT EXISTS written(id INTEGER PRIMARY KEY, text TEXT)", NULL,
		      NULL, NULL),
		"table");
	check(sqlite3_prepare_v2(db, "INSERT INTO written(text) VALUES(?1)", -1, &insert, NULL),
		"prepare");
	double begun = now();
	while (now() - begun < seconds) {
		sqlite3_bind_text(insert, 1, "La Coop annonce le calendrier de ses paniers.", -1,
			SQLITE_STATIC);
		check(sqlite3_step(insert), "insert");
		sqlite3_reset(insert);
		n++;
	}
	printf("%.0f\n", (double)n / (now() - begun));
	sqlite3_finalize(insert);
	return sqlite3_close(db) == SQLITE_OK ? 0 : 3;
}

int main(int argc, char **argv)
{
	if (argc == 4 && strcmp(argv[1], "serve") == 0) {
		file = argv[2];
		return serve(atoi(argv[3]));
	}
	if (argc == 4 && strcmp(argv[1], "write") == 0) {
		file = argv[2];
		return write_rows(atof(argv[3]));
	}
	fputs("usage: bare serve FILE PORT | bare write FILE SECONDS\n", stderr);
	return 2;
}
