/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Every test of the store, and of what stands on it, runs on both engines:
 *
 *	static void test_people(struct pv_world *w) { … w->db … }
 *
 *	const struct CMUnitTest tests[] = {PV_BOTH(test_people)};
 *	return cmocka_run_group_tests(tests, NULL, NULL);
 *
 * SQLite is a fresh file; PostgreSQL a fresh schema of the server that PV_TEST_POSTGRES names
 * (a URL of a database in which schemas may be made); without it that half is skipped.
 */
#ifndef PV_TESTS_STORE_ENGINES_H
#define PV_TESTS_STORE_ENGINES_H

#include "store/db.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

/* 2026-03-02T12:00:00Z, where the simulated clock starts. */
#define PV_WORLD_START INT64_C(1772452800000000)

struct pv_world {
	TALLOC_CTX *mem;
	struct pv_env *env;  /* simulated; for this thread only */
	struct pv_env *real; /* for tests with threads */
	struct pv_db *db;    /* migrated */
	const char *url;     /* for further connections */
	const char *folder;  /* empty, for files; goes with the world */
	bool postgres;
	struct pv_error error; /* fresh; below mem */
};

typedef void pv_world_test(struct pv_world *world);

struct pv_on {
	bool postgres;
	pv_world_test *test;
};

void pv_run_on(void **state);

#define PV_ON_SQLITE(f)                                                 \
	{                                                               \
#f " on sqlite", pv_run_on, NULL, NULL, &(struct pv_on) \
		{                                                       \
			false, f                                        \
		}                                                       \
	}
#define PV_ON_POSTGRES(f)                                                   \
	{                                                                   \
#f " on postgresql", pv_run_on, NULL, NULL, &(struct pv_on) \
		{                                                           \
			true, f                                             \
		}                                                           \
	}
#define PV_BOTH(f) PV_ON_SQLITE(f), PV_ON_POSTGRES(f)

/* The database begun anew, with the migrations up to `number` only: how a release left it. */
void pv_world_as_of(struct pv_world *world, int number);

/* Another connection to the same database. */
struct pv_db *pv_world_connect(struct pv_world *world, TALLOC_CTX *mem, struct pv_env *env);

/* Fails the test with the error's words when `status` is not `wanted`. */
#define assert_status(call, wanted, world) \
	pv_assert_status((call), (wanted), &(world)->error, #call, __FILE__, __LINE__)
#define assert_ok(call, world) assert_status(call, PV_OK, world)
void pv_assert_status(enum pv_status status, enum pv_status wanted, struct pv_error *error,
	const char *call, const char *file, int line);

#endif
