/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Loads are settled in the order in which they were taken, whoever works on them and however long. */
#include "base/relay.h"

#include "base/mem.h"

#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { LOADS = 2000 };

struct job {
	int n, taken, settled, opened;
	int fails_at[3]; /* take, work, settle: at this load; -1: never */
	bool in_order;
	pthread_mutex_t lock;
	bool no_room; /* the second thread has no load */
};

struct load {
	int number;
	uint64_t sum;
};

static enum pv_status open_load(void *state, TALLOC_CTX *mem, void **out, struct pv_error *error)
{
	struct job *job = state;
	pthread_mutex_lock(&job->lock);
	bool refused = job->opened++ > 0 && job->no_room;
	pthread_mutex_unlock(&job->lock);
	struct load *load = refused ? NULL : talloc_zero(mem, struct load);
	*out = load;
	return load ? PV_OK : pv_fail_nomem(error);
}

static enum pv_status take(void *state, void *load, struct pv_error *error)
{
	struct job *job = state;
	if (job->taken == job->fails_at[0])
		return pv_fail(error, PV_UNAVAILABLE, "Pris %d.", "Taken %d.", job->taken);
	if (job->taken == job->n)
		return PV_NOT_FOUND;
	((struct load *)load)->number = job->taken++;
	return PV_OK;
}

/* Every third one takes longer. */
static enum pv_status work(void *state, void *load, struct pv_error *error)
{
	struct job *job = state;
	struct load *mine = load;
	if (mine->number == job->fails_at[1])
		return pv_fail(error, PV_NOMEM, "Fait %d.", "Worked %d.", mine->number);
	for (int i = 0; mine->number % 3 == 0 && i < 20; i++)
		sched_yield();
	mine->sum = (uint64_t)mine->number * 7;
	return PV_OK;
}

static enum pv_status settle(void *state, void *load, struct pv_error *error)
{
	struct job *job = state;
	const struct load *mine = load;
	if (mine->number == job->fails_at[2])
		return pv_fail(error, PV_INTERNAL, "Rangé %d.", "Settled %d.", mine->number);
	job->in_order &= mine->number == job->settled && mine->sum == (uint64_t)mine->number * 7;
	job->settled++;
	return PV_OK;
}

static enum pv_status run(struct job *job, int threads, struct pv_error *error)
{
	const struct pv_relay relay = {.state = job,
		.threads = threads,
		.open = open_load,
		.take = take,
		.work = work,
		.settle = settle};
	job->in_order = true;
	pthread_mutex_init(&job->lock, NULL);
	return pv_relay_run(&relay, error);
}

static void test_order(void **state)
{
	static const int threads[] = {1, 2, 7, PV_RELAY_THREADS_MAX, 99};
	(void)state;
	for (size_t i = 0; i < PV_COUNT(threads); i++) {
		struct job job = {.n = LOADS, .fails_at = {-1, -1, -1}};
		assert_int_equal(run(&job, threads[i], NULL), PV_OK);
		assert_int_equal(job.settled, LOADS);
		assert_true(job.in_order);
		struct job none = {.fails_at = {-1, -1, -1}};
		assert_int_equal(run(&none, threads[i], NULL), PV_OK);
		assert_int_equal(none.settled, 0);
	}
}

/* The first failure ends it, and what was taken before is settled before. */
static void test_failures(void **state)
{
	static const struct {
		int step;
		enum pv_status status;
		const char *fr;
	} rows[] = {{0, PV_UNAVAILABLE, "Pris 61."}, {1, PV_NOMEM, "Fait 61."},
		{2, PV_INTERNAL, "Rangé 61."}};
	(void)state;
	for (size_t i = 0; i < PV_COUNT(rows) * 6; i++) {
		PV_SCOPE TALLOC_CTX *mem = pv_scope(NULL);
		struct pv_error error = PV_ERROR_IN(mem);
		struct job job = {.n = LOADS, .fails_at = {-1, -1, -1}};
		job.fails_at[rows[i % PV_COUNT(rows)].step] = 61;
		assert_int_equal(
			run(&job, 1 + (int)i % 5, &error), rows[i % PV_COUNT(rows)].status);
		assert_string_equal(error.words.fr, rows[i % PV_COUNT(rows)].fr);
		assert_int_equal(job.settled, 61);
		assert_true(job.in_order);
	}
}

static void test_no_room(void **state)
{
	(void)state;
	struct job job = {.n = LOADS, .fails_at = {-1, -1, -1}, .no_room = true};
	assert_int_equal(run(&job, 2, NULL), PV_NOMEM);
	assert_true(job.in_order);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_order),
		cmocka_unit_test(test_failures), cmocka_unit_test(test_no_room)};
	return cmocka_run_group_tests_name("relay", tests, NULL, NULL);
}
