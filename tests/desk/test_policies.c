/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "house.h"

#include "desk/policy_life.h"
#include "desk/policy_cache.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

static struct pv_policy_row draft(struct pv_world *w, struct pv_house *h, const char *text)
{
	struct pv_policy_row row;
	struct pv_policy_problems problems;
	assert_ok(pv_desk_policy_draft(h->desk, w->mem, &h->owner, "coop", text, "essai", &row,
			  &problems, &w->error),
		w);
	return row;
}

/* The version in force at an instant; 0: none. */
static int64_t in_force(struct pv_world *w, struct pv_house *h, int64_t at_us)
{
	struct pv_policy_row row;
	const struct pv_policy *policy = NULL;
	struct pv_error error = PV_ERROR_IN(w->mem);
	enum pv_status status =
		pv_desk_policy_in_force(h->desk, w->mem, h->coop, at_us, &row, &policy, &error);
	if (status == PV_NOT_FOUND) {
		assert_non_null(error.words.fr);
		return 0;
	}
	assert_int_equal(status, PV_OK);
	assert_string_equal(pv_policy_name(policy), "coop");
	return row.version;
}

static const char *state_of(struct pv_world *w, struct pv_house *h, const char *id)
{
	struct pv_policy_row row;
	assert_ok(pv_desk_policy_find(h->desk, w->mem, &h->reader, id, &row, &w->error), w);
	return row.state;
}

static void test_versions(struct pv_world *w)
{
	struct pv_house *h = pv_house_build(w);
	struct pv_policy_row one = draft(w, h, pv_house_policy), two, three, row;
	struct pv_policy_check check;
	assert_int_equal(one.version, 1);
	assert_int_equal(in_force(w, h, pv_env_now_us(w->env)), 0);
	assert_ok(pv_desk_policy_adopt(h->desk, w->mem, &h->owner, one.id, PV_TIME_NONE, &row,
			  &check, &w->error),
		w);
	assert_string_equal(row.state, "adopted");
	assert_string_equal(row.adopted_by, h->owner.person_id);
	assert_string_equal(h->last_told, "policy");
	int64_t first = pv_env_now_us(w->env);
	assert_int_equal(in_force(w, h, first), 1);
	assert_int_equal(in_force(w, h, first - 1), 0);
	/* The second is adopted now and holds from next week; the dispatcher asks at sending. */
	pv_env_sim_advance(w->env, PV_DAY_US);
	two = draft(w, h, pv_house_policy);
	assert_int_equal(two.version, 2);
	int64_t later = pv_env_now_us(w->env) + 7 * PV_DAY_US;
	assert_ok(pv_desk_policy_adopt(
			  h->desk, w->mem, &h->owner, two.id, later, &row, &check, &w->error),
		w);
	assert_int_equal(in_force(w, h, pv_env_now_us(w->env)), 1);
	assert_int_equal(in_force(w, h, later - 1), 1);
	assert_int_equal(in_force(w, h, later), 2);
	assert_string_equal(state_of(w, h, one.id), "adopted");
	/* A date that has passed means now: what was sent is not judged anew. */
	pv_env_sim_advance(w->env, 30 * PV_DAY_US);
	three = draft(w, h, pv_house_policy);
	assert_ok(pv_desk_policy_adopt(
			  h->desk, w->mem, &h->owner, three.id, first, &row, &check, &w->error),
		w);
	assert_int_equal(in_force(w, h, pv_env_now_us(w->env) - 1), 2);
	assert_int_equal(in_force(w, h, pv_env_now_us(w->env)), 3);
	assert_string_equal(state_of(w, h, one.id), "superseded");
	assert_string_equal(state_of(w, h, two.id), "superseded");
	assert_string_equal(state_of(w, h, three.id), "adopted");
	assert_status(pv_desk_policy_adopt(h->desk, w->mem, &h->owner, three.id, PV_TIME_NONE, &row,
			      &check, &w->error),
		PV_CONFLICT, w);
	struct pv_policy_row *rows = NULL;
	size_t n = 0;
	assert_ok(
		pv_desk_policy_list(h->desk, w->mem, &h->reader, "coop", &rows, &n, &w->error), w);
	assert_int_equal(n, 3);
	assert_int_equal(rows[0].version, 3);
	assert_string_equal(rows[0].text, "");
}

static void test_problems(struct pv_world *w)
{
	struct pv_house *h = pv_house_build(w);
	struct pv_policy_row row;
	struct pv_policy_problems problems;
	const char *text =
		talloc_asprintf(w->mem, "%s  - id: all\n    kind: nothing\n", pv_house_policy);
	assert_ok(pv_desk_policy_draft(h->desk, w->mem, &h->owner, "coop", text, NULL, &row,
			  &problems, &w->error),
		w);
	assert_string_equal(row.state, "draft");
	assert_true(problems.n >= 1);
	assert_true(problems.items[0].line > 10 && problems.items[0].column >= 1);
	assert_non_null(problems.items[0].message.fr);
	assert_non_null(problems.items[0].message.en);
	struct pv_policy_row *rows = NULL;
	size_t n = 9;
	assert_ok(pv_desk_policy_list(h->desk, w->mem, &h->owner, "coop", &rows, &n, &w->error), w);
	assert_int_equal(n, 1);
	assert_status(pv_desk_policy_draft(h->desk, w->mem, &h->owner, "coop", "\xff", NULL, &row,
			      &problems, &w->error),
		PV_INVALID, w);
	assert_status(pv_desk_policy_check(w->mem, "\xff", &problems, &w->error), PV_INVALID, w);
	assert_ok(pv_desk_policy_check(w->mem, pv_house_policy, &problems, &w->error), w);
	char *note = talloc_zero_size(w->mem, PV_POLICY_NOTE_MAX + 2);
	memset(note, 'x', PV_POLICY_NOTE_MAX + 1);
	assert_status(pv_desk_policy_draft(h->desk, w->mem, &h->owner, "coop", pv_house_policy,
			      note, &row, &problems, &w->error),
		PV_INVALID, w);
}

struct reader {
	int failures;
	const char *texts[40];
	char digests[40][PV_DIGEST_SIZE];
};

static void *read_policies(void *state)
{
	struct reader *r = state;
	for (int round = 0; round < 200; round++) {
		TALLOC_CTX *mem = talloc_new(NULL);
		const struct pv_policy *policy = NULL;
		int i = (round * 7) % 40;
		if (pv_policy_cache_get(mem, r->digests[i], r->texts[i], &policy, NULL) != PV_OK ||
			pv_policy_version(policy) != i + 1)
			r->failures++;
		talloc_free(mem);
	}
	return NULL;
}

/* More documents than are kept, from several threads: each gets its own, alive while it is held. */
static void test_cache(struct pv_world *w)
{
	struct reader readers[4] = {0};
	pthread_t threads[4];
	const char *after = strstr(pv_house_policy, "title:");
	for (int i = 0; i < 40; i++) {
		readers[0].texts[i] =
			talloc_asprintf(w->mem, "policy: coop\nversion: %d\n%s", i + 1, after);
		pv_digest(readers[0].texts[i], strlen(readers[0].texts[i]), readers[0].digests[i]);
	}
	for (int i = 0; i < 4; i++) {
		readers[i] = readers[0];
		pthread_create(&threads[i], NULL, read_policies, &readers[i]);
	}
	for (int i = 0; i < 4; i++) {
		pthread_join(threads[i], NULL);
		assert_int_equal(readers[i].failures, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PV_BOTH(test_versions),
		PV_BOTH(test_problems),
		PV_ON_SQLITE(test_cache),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
