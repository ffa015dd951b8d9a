/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What quotas count, over any window: sums and rows together give what the rows alone would. */
#include "engines.h"

#include "store/counted.h"
#include "store/migrate.h"

#include <stdio.h>
#include <string.h>

enum { POSTS = 150, CHANGES = 600, WINDOWS = 400, YEARS = 6 };

/* What stands, kept beside the database. */
struct post {
	struct pv_counted_row row;
	char id[16];
	bool stands;
};

struct shelf {
	struct pv_world *w;
	struct post posts[POSTS];
	uint64_t seed;
};

static const char *const accounts[] = {"account-1", "account-2", "account-3"};
static const char *const authors[] = {"author-1", "author-2"};
static const char *const kinds[] = {"post", "share"};
static const char *const topics[] = {"[]", "[\"bread\"]", "[\"bread\",\"gov\"]"};

/* The same numbers each time (Knuth's MMIX). */
static uint64_t any(struct shelf *s, uint64_t below)
{
	s->seed = s->seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (s->seed >> 33) % below;
}

static void exec(struct pv_world *w, const char *sql)
{
	assert_ok(pv_db_exec(w->db, sql, PV_NO_PARAMS, NULL, &w->error), w);
}

/* The names that windows answer with: slugs are the ids. */
static void name_them(struct pv_world *w)
{
	for (size_t i = 0; i < PV_COUNT(authors); i++)
		exec(w, talloc_asprintf(w->mem,
				"INSERT INTO person (id, slug, login, name, language, theme,"
				" home_id, created_at) VALUES ('%s', '%s', '%s', 'x', 'fr',"
				" 'auto', 'home', 0)",
				authors[i], authors[i], authors[i]));
	for (size_t i = 0; i < PV_COUNT(accounts); i++)
		exec(w, talloc_asprintf(w->mem,
				"INSERT INTO account (id, organization_id, slug, network, stance,"
				" name, handle, server, remote_id, settings, state, state_why,"
				" cursor, listen_at, version, created_at) VALUES ('%s', 'house',"
				" '%s', 'fake', 'organisation', 'x', '', '', '', '{}', 'connected',"
				" '', '', 0, 1, 0)",
				accounts[i], accounts[i]));
}

static int64_t any_time(struct shelf *s)
{
	int64_t at_us = PV_WORLD_START - (int64_t)any(s, YEARS * 365) * PV_DAY_US;
	/* now and then where one span ends and the next begins */
	if (any(s, 8) == 0)
		at_us = at_us / (PV_COUNTED_SPAN_DAYS * PV_DAY_US) *
				(PV_COUNTED_SPAN_DAYS * PV_DAY_US) -
			(int64_t)any(s, 2);
	return at_us;
}

static void put(struct shelf *s, struct post *post)
{
	post->row = (struct pv_counted_row){
		.variant_id = post->id,
		.organization_id = "house",
		.account_id = accounts[any(s, PV_COUNT(accounts))],
		.author_id = authors[any(s, PV_COUNT(authors))],
		.at_us = any_time(s),
		.kind = kinds[any(s, PV_COUNT(kinds))],
		.form = "static",
		.origin = "unknown",
		.interest = "",
		.axis = "",
		.relations = "[]",
		.topics = topics[any(s, PV_COUNT(topics))],
		.humans = "[]",
		.sponsored = any(s, 5) == 0,
	};
	post->stands = true;
	assert_ok(pv_counted_put(s->w->db, &post->row, &s->w->error), s->w);
}

static void change(struct shelf *s)
{
	struct post *post = &s->posts[any(s, POSTS)];
	bool found;
	switch (any(s, 4)) {
	case 0:
		assert_ok(pv_counted_remove(s->w->db, post->id, "house", &s->w->error), s->w);
		post->stands = false;
		break;
	case 1: {
		int64_t at_us = any_time(s);
		assert_ok(pv_counted_move(s->w->db, post->id, "house", at_us, &found, &s->w->error),
			s->w);
		assert_true(found == post->stands);
		post->row.at_us = at_us;
		break;
	}
	default: put(s, post);
	}
}

/* ---- windows ----------------------------------------------------------------------------------- */

static const char *id_in(const struct pv_counted_row *row, enum pv_counted_per per)
{
	return per == PV_COUNTED_ACCOUNT  ? row->account_id
	       : per == PV_COUNTED_AUTHOR ? row->author_id
					  : row->organization_id;
}

static bool same(const struct pv_counted_row *row, const struct pv_counted_group *group)
{
	return strcmp(row->account_id, group->account_slug) == 0 &&
	       strcmp(row->author_id, group->author_slug) == 0 &&
	       strcmp(row->kind, group->kind) == 0 && strcmp(row->topics, group->topics) == 0 &&
	       row->sponsored == group->sponsored;
}

struct look {
	const struct shelf *s;
	const struct pv_counted_window *window;
	int64_t told;
};

static bool stands_in(const struct look *look, const struct post *post)
{
	const struct pv_counted_window *window = look->window;
	return post->stands && strcmp(id_in(&post->row, window->per), window->id) == 0 &&
	       post->row.at_us > window->after_us && post->row.at_us <= window->until_us &&
	       (!window->except_variant || strcmp(post->id, window->except_variant) != 0);
}

static enum pv_status check_group(
	void *state, const struct pv_counted_group *group, struct pv_error *error)
{
	struct look *look = state;
	int64_t times = 0;
	(void)error;
	for (size_t i = 0; i < POSTS; i++)
		times += stands_in(look, &look->s->posts[i]) && same(&look->s->posts[i].row, group);
	assert_int_equal(group->times, times);
	assert_true(group->at_us > look->window->after_us);
	assert_true(group->at_us <= look->window->until_us);
	look->told += times;
	return PV_OK;
}

static void check_window(struct shelf *s)
{
	struct pv_counted_window window = {
		.per = (enum pv_counted_per)any(s, 3),
		.except_variant = any(s, 2) ? s->posts[any(s, POSTS)].id : NULL,
		.after_us = any_time(s),
		.until_us = any_time(s),
	};
	window.id = window.per == PV_COUNTED_ACCOUNT  ? accounts[any(s, PV_COUNT(accounts))]
		    : window.per == PV_COUNTED_AUTHOR ? authors[any(s, PV_COUNT(authors))]
						      : "house";
	struct look look = {.s = s, .window = &window};
	int64_t all = 0;
	for (size_t i = 0; i < POSTS; i++)
		all += stands_in(&look, &s->posts[i]);
	assert_ok(pv_counted_each(s->w->db, &window, check_group, &look, &s->w->error), s->w);
	assert_int_equal(look.told, all);
}

static void test_any_window(struct pv_world *w)
{
	struct shelf *s = talloc_zero(w->mem, struct shelf);
	s->w = w;
	s->seed = 12;
	name_them(w);
	for (size_t i = 0; i < POSTS; i++) {
		snprintf(s->posts[i].id, sizeof s->posts[i].id, "variant-%zu", i);
		put(s, &s->posts[i]);
	}
	for (int i = 0; i < CHANGES; i++)
		change(s);
	for (int i = 0; i < WINDOWS; i++)
		check_window(s);
}

/* A visitor that has seen enough is not asked again. */
static enum pv_status enough(
	void *state, const struct pv_counted_group *group, struct pv_error *error)
{
	int *seen = state;
	(void)group;
	return ++*seen == 2 ? pv_fail(error, PV_TOO_LARGE, "Assez.", "Enough.") : PV_OK;
}

static void test_stops(struct pv_world *w)
{
	struct shelf *s = talloc_zero(w->mem, struct shelf);
	int seen = 0;
	s->w = w;
	name_them(w);
	for (size_t i = 0; i < 20; i++) {
		snprintf(s->posts[i].id, sizeof s->posts[i].id, "variant-%zu", i);
		put(s, &s->posts[i]);
	}
	const struct pv_counted_window all = {
		.per = PV_COUNTED_ORGANIZATION, .id = "house", .until_us = PV_WORLD_START};
	assert_status(pv_counted_each(w->db, &all, enough, &seen, &w->error), PV_TOO_LARGE, w);
	assert_int_equal(seen, 2);
}

/* ---- a database from before ------------------------------------------------------------------- */

static int64_t number(struct pv_world *w, const char *sql)
{
	PV_ROWS struct pv_rows *rows = NULL;
	assert_ok(pv_db_first(w->db, sql, PV_NO_PARAMS, &rows, &w->error), w);
	return pv_row_int(rows, 0);
}

/* What was counted before there were sums is summed when they come. */
static void test_from_before(struct pv_world *w)
{
	pv_world_as_of(w, 1);
	exec(w, "INSERT INTO counted (variant_id, organization_id, account_id, author_id, at, kind,"
		" form, origin, interest, axis, relations, topics, humans) VALUES"
		" ('a', 'house', 'account-1', 'author-1', 5, 'post', 'static', '', '', '', '[]',"
		" '[]', '[]'), ('b', 'house', 'account-1', 'author-1', 2591999999999, 'post',"
		" 'static', '', '', '', '[]', '[]', '[]'), ('c', 'house', 'account-1', 'author-1',"
		" 2592000000000, 'post', 'static', '', '', '', '[]', '[]', '[]')");
	assert_ok(pv_db_migrate(w->db, NULL, &w->error), w);
	assert_int_equal(number(w, "SELECT times FROM counted_span WHERE span = 0"), 2);
	assert_int_equal(number(w, "SELECT times FROM counted_span WHERE span = 1"), 1);
	assert_int_equal(number(w, "SELECT COUNT(*) FROM counted WHERE sponsored = 0"), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PV_BOTH(test_any_window),
		PV_BOTH(test_stops),
		PV_BOTH(test_from_before),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
