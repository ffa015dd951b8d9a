/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The chain: written by many at once, verified, and broken on purpose in every way. */
#include "house.h"

#include "desk/audit.h"
#include "desk/organizations.h"
#include "desk/turn.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

static void verify(struct pv_world *w, struct pv_house *h, struct pv_audit_verdict *out)
{
	assert_ok(pv_desk_audit_verify(h->desk, out, &w->error), w);
}

static void test_only_in_a_transaction(struct pv_world *w)
{
	struct pv_house *h = pv_house_build(w);
	const struct pv_audit_note note = {.verb = "test", .object = "x"};
	assert_status(pv_desk_audit(h->desk, &h->owner, &note, &w->error), PV_INTERNAL, w);
	assert_ok(pv_db_begin_read(w->db, &w->error), w);
	assert_status(pv_desk_audit(h->desk, &h->owner, &note, &w->error), PV_INTERNAL, w);
	pv_db_rollback(w->db);
	/* What it was to tell of did not happen: no trace either. */
	struct pv_audit_verdict before, after;
	verify(w, h, &before);
	struct pv_turn turn;
	assert_ok(pv_turn_begin(&turn, h->desk, &w->error), w);
	assert_ok(pv_desk_audit(h->desk, &h->owner, &note, &w->error), w);
	assert_status(pv_turn_end(&turn, PV_DENIED, &w->error), PV_DENIED, w);
	verify(w, h, &after);
	assert_int_equal(before.entries, after.entries);
	assert_int_equal(after.first_bad, 0);
}

struct writer {
	struct pv_world *w;
	const char *person;
	int failures;
};

static void *write_many(void *state)
{
	struct writer *writer = state;
	TALLOC_CTX *mem = talloc_new(NULL);
	struct pv_desk *desk = pv_house_desk(writer->w, mem);
	const struct pv_actor actor = {.person_id = writer->person, .may_write = true};
	for (int i = 0; i < 25; i++) {
		struct pv_turn turn;
		struct pv_error error = PV_ERROR_IN(mem);
		const struct pv_audit_note note = {
			.organization_id = "o", .verb = "test.write", .object = "x"};
		enum pv_status status = pv_turn_begin(&turn, desk, &error);
		if (status == PV_OK)
			status = pv_desk_audit(desk, &actor, &note, &error);
		/* Every third one changes its mind. */
		status = pv_turn_end(&turn, i % 3 == 2 ? PV_DENIED : status, &error);
		writer->failures += status != (i % 3 == 2 ? PV_DENIED : PV_OK);
	}
	talloc_free(mem);
	return NULL;
}

static void test_many_writers(struct pv_world *w)
{
	enum { WRITERS = 6 };
	struct pv_house *h = pv_house_build(w);
	struct pv_audit_verdict before, after;
	struct writer writers[WRITERS];
	pthread_t threads[WRITERS];
	verify(w, h, &before);
	for (int i = 0; i < WRITERS; i++) {
		writers[i] = (struct writer){.w = w, .person = h->editor.person_id};
		assert_int_equal(pthread_create(&threads[i], NULL, write_many, &writers[i]), 0);
	}
	for (int i = 0; i < WRITERS; i++) {
		pthread_join(threads[i], NULL);
		assert_int_equal(writers[i].failures, 0);
	}
	verify(w, h, &after);
	assert_int_equal(after.first_bad, 0);
	assert_int_equal(after.entries - before.entries, WRITERS * 17);
}

/* Each row is a way to lie; `bad` is where the chain must stop, counted from `entries` + 1. */
static const struct {
	const char *sql;
	int bad;
} lies[] = {
	{"UPDATE audit SET why = 'rien' WHERE seq = 3", 3},
	{"UPDATE audit SET actor = 'desk2' WHERE seq = 1", 1},
	{"UPDATE audit SET at = at + 1 WHERE seq = 5", 5},
	{"UPDATE audit SET organization_id = '' WHERE seq = 4", 4},
	{"UPDATE audit SET before_text = ' ' WHERE seq = 2", 2},
	{"UPDATE audit SET after_text = '' WHERE seq = 2", 2},
	{"UPDATE audit SET object = 'y', verb = verb WHERE seq = 6", 6},
	{"DELETE FROM audit WHERE seq = 4", 4},
	{"DELETE FROM audit WHERE seq = 1", 1},
	/* The last ones cut away show only beside a hash kept elsewhere. */
	{"DELETE FROM audit WHERE seq >= 6", 0},
	{"UPDATE audit SET hash = previous WHERE seq = 2", 2},
	{"UPDATE audit SET previous = hash WHERE seq = 5", 5},
	{"UPDATE audit SET seq = 999999 WHERE seq = 5", 5},
};

static void test_lies(struct pv_world *w)
{
	struct pv_house *h = pv_house_build(w);
	struct pv_audit_verdict truth, verdict;
	verify(w, h, &truth);
	assert_true(truth.entries > 7);
	for (size_t i = 0; i < PV_COUNT(lies); i++) {
		int64_t changed = 0;
		assert_ok(pv_db_begin_write(w->db, &w->error), w);
		assert_ok(pv_db_exec(w->db, lies[i].sql, PV_NO_PARAMS, &changed, &w->error), w);
		assert_true(changed > 0);
		verify(w, h, &verdict);
		pv_db_rollback(w->db);
		if (verdict.first_bad != lies[i].bad)
			print_error(
				"%s: first bad %lld\n", lies[i].sql, (long long)verdict.first_bad);
		assert_int_equal(verdict.first_bad, lies[i].bad);
		if (lies[i].bad) {
			assert_int_equal(verdict.entries, lies[i].bad - 1);
			assert_non_null(verdict.why.fr);
			assert_non_null(verdict.why.en);
		} else {
			assert_string_not_equal(verdict.last_hash, truth.last_hash);
		}
	}
	verify(w, h, &verdict);
	assert_int_equal(verdict.first_bad, 0);
	assert_string_equal(verdict.last_hash, truth.last_hash);
}

static void test_list(struct pv_world *w)
{
	struct pv_house *h = pv_house_build(w);
	struct pv_organization_row row;
	struct pv_audit_row *rows = NULL;
	size_t n = 0;
	for (int i = 0; i < 5; i++) {
		char why[24];
		snprintf(why, sizeof why, "raison %d", i);
		assert_ok(pv_desk_organization_pause(
				  h->desk, w->mem, &h->editor, "coop", why, &row, &w->error),
			w);
	}
	assert_ok(
		pv_desk_audit_list(h->desk, w->mem, &h->owner, h->coop, 0, 2, &rows, &n, &w->error),
		w);
	assert_int_equal(n, 2);
	assert_string_equal(rows[0].why, "raison 4");
	assert_string_equal(rows[0].actor, h->editor.person_id);
	assert_string_equal(rows[0].verb, "organization.pause");
	assert_string_equal(rows[0].object, h->coop);
	assert_ok(pv_desk_audit_list(h->desk, w->mem, &h->owner, h->coop, rows[1].seq, 200, &rows,
			  &n, &w->error),
		w);
	assert_string_equal(rows[0].why, "raison 2");
	/* Another organisation's traces are not here. */
	for (size_t i = 0; i < n; i++)
		assert_string_equal(rows[i].organization_id, h->coop);
	assert_ok(pv_desk_audit_list(
			  h->desk, w->mem, &pv_actor_desk, NULL, 0, 100000, &rows, &n, &w->error),
		w);
	assert_true(n > 7);
	assert_int_equal(rows[n - 1].seq, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PV_BOTH(test_only_in_a_transaction),
		PV_BOTH(test_many_writers),
		PV_BOTH(test_lies),
		PV_BOTH(test_list),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
