/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/relay.h"

#include "base/mem.h"

#include <pthread.h>
#include <stdint.h>
#include <unistd.h>

struct race {
	const struct pv_relay *relay;
	pthread_mutex_t taking, settling;
	pthread_cond_t turned;
	uint64_t taken;         /* loads; under taking */
	bool ended;             /* nothing more is taken; under taking */
	uint64_t settled;       /* loads; under settling */
	struct pv_error failed; /* the first failure, in memory of its own; under settling */
};

/* PV_NOT_FOUND: nothing more, which whoever comes next is told too. `out_turn` is always written. */
static enum pv_status take(
	struct race *race, void *load, uint64_t *out_turn, struct pv_error *error)
{
	pthread_mutex_lock(&race->taking);
	enum pv_status status = PV_NOT_FOUND;
	if (!race->ended)
		status = race->relay->take(race->relay->state, load, error);
	race->ended = status != PV_OK;
	*out_turn = race->taken;
	race->taken += status == PV_OK;
	pthread_mutex_unlock(&race->taking);
	return status;
}

/* False: something failed before. */
static bool wait_turn(struct race *race, uint64_t turn)
{
	pthread_mutex_lock(&race->settling);
	while (race->settled != turn && !race->failed.status)
		pthread_cond_wait(&race->turned, &race->settling);
	bool good = !race->failed.status;
	pthread_mutex_unlock(&race->settling);
	return good;
}

/* The turn passes on; the first failure stays. */
static void end_turn(struct race *race, enum pv_status status, const struct pv_error *error)
{
	pthread_mutex_lock(&race->settling);
	race->settled += status == PV_OK;
	if (status != PV_OK && !race->failed.status)
		pv_fail_words(&race->failed, status, error->words);
	pthread_cond_broadcast(&race->turned);
	pthread_mutex_unlock(&race->settling);
}

static enum pv_status run(struct race *race, void *load, struct pv_error *error)
{
	const struct pv_relay *relay = race->relay;
	uint64_t turn;
	enum pv_status status;
	while ((status = take(race, load, &turn, error)) == PV_OK) {
		status = relay->work(relay->state, load, error);
		if (!wait_turn(race, turn))
			return PV_OK;
		if (status == PV_OK)
			status = relay->settle(relay->state, load, error);
		if (status != PV_OK)
			return status;
		end_turn(race, PV_OK, NULL);
	}
	if (status == PV_NOT_FOUND)
		return PV_OK;
	wait_turn(race, turn); /* what was taken before is settled before */
	return status;
}

static void *go(void *argument)
{
	struct race *race = argument;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL); /* each thread's own */
	struct pv_error error = PV_ERROR_IN(scope);
	void *load = NULL;
	enum pv_status status = scope ? PV_OK : pv_fail_nomem(&error);
	if (status == PV_OK)
		status = race->relay->open(race->relay->state, scope, &load, &error);
	if (status == PV_OK)
		status = run(race, load, &error);
	if (status != PV_OK)
		end_turn(race, status, &error);
	return NULL;
}

enum pv_status pv_relay_run(const struct pv_relay *relay, struct pv_error *error)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct race race = {.relay = relay, .failed = PV_ERROR_IN(scope)};
	pthread_t threads[PV_RELAY_THREADS_MAX];
	int n = 0, others = relay->threads < PV_RELAY_THREADS_MAX ? relay->threads - 1
								  : PV_RELAY_THREADS_MAX - 1;
	pthread_mutex_init(&race.taking, NULL);
	pthread_mutex_init(&race.settling, NULL);
	pthread_cond_init(&race.turned, NULL);
	while (n < others && pthread_create(&threads[n], NULL, go, &race) == 0)
		n++;
	go(&race);
	while (n > 0)
		pthread_join(threads[--n], NULL);
	pthread_cond_destroy(&race.turned);
	pthread_mutex_destroy(&race.settling);
	pthread_mutex_destroy(&race.taking);
	enum pv_status status = race.failed.status;
	return status == PV_OK ? PV_OK : pv_fail_words(error, status, race.failed.words);
}

int pv_relay_threads(int max)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN) + 1;
	return n < 1 ? 1 : n < max ? (int)n : max;
}
