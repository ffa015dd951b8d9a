/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What one process knows of ages, by the clock that does not jump. */
#include "dispatch/watch.h"

#include "base/instant.h"
#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>

struct scene {
	TALLOC_CTX *mem;
	struct pv_env *env;
	struct pv_watch *watch;
};

static void open_scene(struct scene *s)
{
	s->mem = talloc_new(NULL);
	assert_int_equal(
		pv_env_sim(s->mem, 1, INT64_C(1772452800000000), NULL, NULL, &s->env, NULL), PV_OK);
	assert_int_equal(pv_watch_create(s->mem, s->env, &s->watch, NULL), PV_OK);
}

static struct pv_watch_age age(struct scene *s, const char *id, int64_t attempt)
{
	struct pv_watch_age out;
	pv_watch_age(s->watch, id, attempt, &out);
	return out;
}

static void test_ages(void **state)
{
	(void)state;
	struct scene s;
	open_scene(&s);
	pv_watch_wrote(s.watch, "a", 1);
	pv_env_sim_advance(s.env, 5 * PV_SECOND_US);
	pv_env_sim_jump(s.env, PV_HOUR_US);
	struct pv_watch_age a = age(&s, "a", 1);
	assert_true(a.exact);
	assert_int_equal(a.first_us, 5 * PV_SECOND_US);
	assert_int_equal(a.last_us, 5 * PV_SECOND_US);
	assert_int_equal(a.apart_us, 5 * PV_SECOND_US);
	pv_watch_counted(s.watch, "a", pv_env_monotonic_us(s.env));
	pv_env_sim_advance(s.env, PV_SECOND_US);
	assert_int_equal(age(&s, "a", 1).apart_us, PV_SECOND_US);
	assert_int_equal(age(&s, "a", 1).last_us, 6 * PV_SECOND_US);
	/* repeated: it may be on its way again, and is as old as it was */
	pv_watch_repeated(s.watch, "a");
	pv_env_sim_advance(s.env, PV_SECOND_US);
	a = age(&s, "a", 1);
	assert_int_equal(a.first_us, 7 * PV_SECOND_US);
	assert_int_equal(a.last_us, PV_SECOND_US);
	assert_int_equal(a.apart_us, PV_SECOND_US);
	talloc_free(s.mem);
}

/* Another's write, an earlier process's, another attempt: an age that is at least so much. */
static void test_not_ours(void **state)
{
	(void)state;
	struct scene s;
	open_scene(&s);
	assert_false(age(&s, "a", 1).exact);
	assert_int_equal(age(&s, "a", 1).first_us, 0);
	pv_env_sim_advance(s.env, PV_SECOND_US);
	assert_int_equal(age(&s, "a", 1).first_us, PV_SECOND_US);
	assert_int_equal(age(&s, "a", 2).first_us, 0);
	pv_watch_wrote(s.watch, "a", 3);
	assert_true(age(&s, "a", 3).exact);
	assert_false(age(&s, "a", 4).exact);
	pv_watch_wrote(s.watch, "b", 1);
	pv_watch_forget(s.watch, "b");
	assert_false(age(&s, "b", 1).exact);
	talloc_free(s.mem);
}

/* Beyond the limit the one looked at longest ago is forgotten, which makes it younger, never older. */
static void test_limit(void **state)
{
	(void)state;
	struct scene s;
	char id[16];
	open_scene(&s);
	pv_watch_wrote(s.watch, "kept", 1);
	for (int i = 0; i < PV_WATCH_MAX + 10; i++) {
		snprintf(id, sizeof id, "p%d", i);
		pv_env_sim_advance(s.env, PV_SECOND_US);
		pv_watch_wrote(s.watch, id, 1);
		assert_true(age(&s, "kept", 1).exact);
	}
	assert_true(age(&s, id, 1).exact);
	assert_false(age(&s, "p0", 1).exact);
	assert_int_equal(age(&s, "p0", 1).first_us, 0);
	talloc_free(s.mem);
}

static void test_claims(void **state)
{
	(void)state;
	struct scene s;
	int64_t ages[2];
	struct pv_publication_claim both[] = {{"a", "org", 1}, {"b", "org", 7}};
	open_scene(&s);
	pv_watch_claims(s.watch, both, 2, ages);
	assert_int_equal(ages[0], 0);
	pv_env_sim_advance(s.env, PV_MINUTE_US);
	pv_env_sim_jump(s.env, -PV_DAY_US);
	both[1].fence++; /* claimed anew */
	pv_watch_claims(s.watch, both, 2, ages);
	assert_int_equal(ages[0], PV_MINUTE_US);
	assert_int_equal(ages[1], 0);
	pv_watch_claims(s.watch, both + 1, 1, ages);
	pv_watch_claims(s.watch, both, 2, ages); /* it was gone meanwhile */
	assert_int_equal(ages[0], 0);
	pv_watch_claims(s.watch, NULL, 0, ages);
	talloc_free(s.mem);
}

static void test_set_back(void **state)
{
	(void)state;
	struct scene s;
	open_scene(&s);
	assert_true(pv_watch_set_back(s.watch)); /* nobody knows */
	assert_false(pv_watch_set_back(s.watch));
	pv_env_sim_advance(s.env, PV_HOUR_US);
	assert_false(pv_watch_set_back(s.watch));
	pv_env_sim_jump(s.env, PV_HOUR_US);
	assert_false(pv_watch_set_back(s.watch));
	pv_env_sim_jump(s.env, -PV_MINUTE_US);
	assert_true(pv_watch_set_back(s.watch));
	assert_false(pv_watch_set_back(s.watch));
	talloc_free(s.mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ages),
		cmocka_unit_test(test_not_ours),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_claims),
		cmocka_unit_test(test_set_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
