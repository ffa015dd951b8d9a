/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"

static void words_come_in_both_languages(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_error error = PV_ERROR_IN(scope);
	assert_int_equal(pv_fail(&error, PV_CONFLICT, "%2$s avant %1$d", "%d after %s", 3, "x"),
		PV_CONFLICT);
	assert_string_equal(error.words.fr, "x avant 3");
	assert_string_equal(error.words.en, "3 after x");
	assert_int_equal(pv_fail(NULL, PV_DENIED, "a", "b"), PV_DENIED);
}

static void fields_add_up_to_a_limit(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_error error = PV_ERROR_IN(scope);
	for (int i = 0; i < PV_ERROR_PROBLEMS_MAX + 10; i++)
		assert_int_equal(pv_fail_field(&error, "/a", "non %d", "no %d", i), PV_INVALID);
	assert_int_equal(error.n_problems, PV_ERROR_PROBLEMS_MAX);
	assert_int_equal(error.status, PV_INVALID);
	assert_string_equal(error.problems[2].message.fr, "non 2");
	assert_non_null(error.words.fr);
}

static void a_graver_status_is_not_softened_by_a_field(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_error error = PV_ERROR_IN(scope);
	pv_fail(&error, PV_REFUSED, "refusé", "refused");
	assert_int_equal(pv_fail_field(&error, "/a", "x", "x"), PV_REFUSED);
	assert_string_equal(error.words.fr, "refusé");
}

static void every_status_has_a_name(void **state)
{
	(void)state;
	for (enum pv_status status = PV_OK; status <= PV_INTERNAL; status++)
		assert_non_null(pv_status_name(status));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_come_in_both_languages),
		cmocka_unit_test(fields_add_up_to_a_limit),
		cmocka_unit_test(a_graver_status_is_not_softened_by_a_field),
		cmocka_unit_test(every_status_has_a_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
