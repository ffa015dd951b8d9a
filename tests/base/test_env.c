/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/env.h"
#include "base/id.h"
#include "base/instant.h"

static void a_simulated_world_repeats_itself(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_env *a, *b, *c;
	assert_int_equal(pv_env_sim(scope, 7, 1000, NULL, NULL, &a, NULL), PV_OK);
	assert_int_equal(pv_env_sim(scope, 7, 1000, NULL, NULL, &b, NULL), PV_OK);
	assert_int_equal(pv_env_sim(scope, 8, 1000, NULL, NULL, &c, NULL), PV_OK);
	char one[PV_ID_SIZE], two[PV_ID_SIZE], three[PV_ID_SIZE];
	assert_string_equal(pv_id_new(a, one), pv_id_new(b, two));
	assert_string_not_equal(one, pv_id_new(c, three));
	assert_true(pv_id_valid(one));
}

static void only_sleep_moves_its_clock(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_env *env;
	assert_int_equal(pv_env_sim(scope, 7, 1000, NULL, NULL, &env, NULL), PV_OK);
	int64_t before_us = pv_env_monotonic_us(env);
	pv_env_sleep_us(env, PV_HOUR_US);
	assert_int_equal(pv_env_now_us(env), 1000 + PV_HOUR_US);
	pv_env_sim_jump(env, -2 * PV_HOUR_US);
	assert_int_equal(pv_env_now_us(env), 1000 - PV_HOUR_US);
	assert_int_equal(pv_env_monotonic_us(env) - before_us, PV_HOUR_US);
}

static void without_a_network_nothing_was_sent(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_env *sim, *real;
	struct pv_http_request request = {.method = "GET", .url = "http://exemple.org/"};
	struct pv_http_response response;
	assert_int_equal(pv_env_sim(scope, 7, 0, NULL, NULL, &sim, NULL), PV_OK);
	assert_int_equal(pv_env_http(sim, scope, &request, &response, NULL), PV_OK);
	assert_int_equal(response.outcome, PV_HTTP_NOT_SENT);
	assert_int_equal(pv_env_real(scope, &real, NULL), PV_OK);
	assert_int_equal(pv_env_http(real, scope, &request, &response, NULL), PV_UNAVAILABLE);
}

static void ids_sort_by_birth(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_env *env;
	assert_int_equal(
		pv_env_sim(scope, 7, INT64_C(1780000000000000), NULL, NULL, &env, NULL), PV_OK);
	char before[PV_ID_SIZE], after[PV_ID_SIZE];
	for (int i = 0; i < 1000; i++) {
		pv_id_new(env, before);
		pv_env_sim_advance(env, 1000);
		assert_true(strcmp(before, pv_id_new(env, after)) < 0);
	}
	assert_false(pv_id_valid("0123"));
	assert_false(pv_id_valid("0123456789ABCDEFGHJKMNPQRS"));
	assert_false(pv_id_valid(NULL));
}

static void ids_have_a_uuid_form(void **state)
{
	(void)state;
	char uuid[PV_UUID_SIZE];
	/* 2^128 - 1 is 7zzz… in this alphabet */
	assert_string_equal(pv_id_uuid("7zzzzzzzzzzzzzzzzzzzzzzzzz", uuid),
		"ffffffff-ffff-ffff-ffff-ffffffffffff");
	assert_string_equal(pv_id_uuid("00000000000000000000000001", uuid),
		"00000000-0000-0000-0000-000000000001");
	assert_string_equal(pv_id_uuid("not one", uuid), "00000000-0000-0000-0000-000000000000");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_simulated_world_repeats_itself),
		cmocka_unit_test(only_sleep_moves_its_clock),
		cmocka_unit_test(without_a_network_nothing_was_sent),
		cmocka_unit_test(ids_sort_by_birth),
		cmocka_unit_test(ids_have_a_uuid_form),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
