/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The loop of `portevoix serve`: workers that take turns at watching the clock. One leads: it sleeps
 * until the next instant that matters, claims, hands the lead on, and only then does the slow part.
 * The others sleep without a time, so that an idle desk wakes one thread, seldom.
 */
#include "base/log.h"
#include "desk/setup.h"
#include "dispatch/work.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

enum { TROUBLE_SIZE = 300, RETRY_S = 5 };

struct pv_dispatcher {
	struct pv_desk *desk;
	struct pv_lease *lease;
	struct pv_watch *watch;
	pthread_mutex_t lock;
	pthread_cond_t lead; /* nobody leads */
	pthread_cond_t news; /* for the leader */
	bool led;
	bool woken;
	bool stopping;
	int n_threads;
	pthread_t threads[PV_DISPATCH_WORKERS];
	_Atomic int64_t last_turn_us;
	char trouble[TROUBLE_SIZE]; /* under the lock */
};

/* One worker's own: its desk is opened the first time it leads. */
struct worker {
	struct pv_dispatcher *dispatcher;
	TALLOC_CTX *mem;
	struct pv_desk *desk;
	struct pv_runner *runner;
};

static enum pv_status open_worker(struct worker *worker, struct pv_error *error)
{
	if (worker->runner)
		return PV_OK;
	enum pv_status status =
		pv_desk_open_again(worker->mem, worker->dispatcher->desk, &worker->desk, error);
	if (status != PV_OK)
		return status;
	return pv_runner_make(worker->mem, worker->desk, worker->dispatcher->lease,
		worker->dispatcher->watch, PV_DISPATCH_WORKERS / 2, &worker->runner, error);
}

static void note_turn(
	struct pv_dispatcher *dispatcher, enum pv_status status, const struct pv_error *error)
{
	const char *words = error->words.en ? error->words.en : pv_status_name(status);
	pthread_mutex_lock(&dispatcher->lock);
	if (status == PV_OK)
		dispatcher->trouble[0] = 0;
	else if (strncmp(dispatcher->trouble, words, TROUBLE_SIZE - 1) != 0) {
		/* Once, not at every retry. */
		snprintf(dispatcher->trouble, TROUBLE_SIZE, "%s", words);
		pv_log(PV_LOG_ERROR, "dispatcher", "why", words, NULL);
	}
	pthread_mutex_unlock(&dispatcher->lock);
	if (status == PV_OK)
		atomic_store(&dispatcher->last_turn_us, pv_env_monotonic_us(dispatcher->desk->env));
}

/* One look: *out_claimed, or when to look again. */
static enum pv_status look(struct worker *worker, TALLOC_CTX *mem, struct pv_work *work,
	bool *out_claimed, int64_t *out_next_us, struct pv_error *error)
{
	bool due;
	enum pv_status status = open_worker(worker, error);
	*out_claimed = false;
	if (status == PV_OK)
		status = pv_runner_tidy(worker->runner, &due, out_next_us, error);
	if (status != PV_OK || !due)
		return status;
	status = pv_runner_take(worker->runner, mem, work, error);
	*out_claimed = status == PV_OK;
	if (status != PV_NOT_FOUND)
		return status;
	return pv_runner_look_again(worker->runner, out_next_us, error);
}

/* Sleeps until then, at most PV_DISPATCH_IDLE_S (the wall clock may jump), or until there is news. */
static void sleep_until(struct pv_dispatcher *dispatcher, int64_t next_us)
{
	int64_t wait_us = PV_DISPATCH_IDLE_S * PV_SECOND_US;
	int64_t now_us = pv_env_now_us(dispatcher->desk->env);
	if (next_us != PV_TIME_NONE && next_us - now_us < wait_us)
		wait_us = next_us - now_us;
	if (wait_us <= 0)
		return;
	struct timespec until;
	clock_gettime(CLOCK_MONOTONIC, &until);
	int64_t at_ns = until.tv_nsec + (wait_us % PV_SECOND_US) * 1000;
	until.tv_sec += wait_us / PV_SECOND_US + at_ns / 1000000000;
	until.tv_nsec = at_ns % 1000000000;
	pthread_mutex_lock(&dispatcher->lock);
	while (!dispatcher->woken && !dispatcher->stopping)
		if (pthread_cond_timedwait(&dispatcher->news, &dispatcher->lock, &until) ==
			ETIMEDOUT)
			break;
	dispatcher->woken = false;
	pthread_mutex_unlock(&dispatcher->lock);
}

static bool take_lead(struct pv_dispatcher *dispatcher)
{
	pthread_mutex_lock(&dispatcher->lock);
	while (dispatcher->led && !dispatcher->stopping)
		pthread_cond_wait(&dispatcher->lead, &dispatcher->lock);
	bool go = !dispatcher->stopping;
	dispatcher->led = dispatcher->led || go;
	pthread_mutex_unlock(&dispatcher->lock);
	return go;
}

static void give_lead(struct pv_dispatcher *dispatcher)
{
	pthread_mutex_lock(&dispatcher->lock);
	dispatcher->led = false;
	pthread_cond_signal(&dispatcher->lead);
	pthread_mutex_unlock(&dispatcher->lock);
}

/* Leads until something was claimed; false when stopping. */
static bool lead(struct worker *worker, TALLOC_CTX *mem, struct pv_work *work)
{
	struct pv_dispatcher *dispatcher = worker->dispatcher;
	while (take_lead(dispatcher)) {
		bool claimed;
		int64_t next_us = PV_TIME_NONE;
		talloc_free_children(mem);
		struct pv_error error = PV_ERROR_IN(mem);
		enum pv_status status = look(worker, mem, work, &claimed, &next_us, &error);
		note_turn(dispatcher, status, &error);
		if (status != PV_OK)
			next_us = pv_env_now_us(dispatcher->desk->env) + RETRY_S * PV_SECOND_US;
		else if (!claimed)
			pv_db_rest(worker->desk->db);
		if (status != PV_OK || !claimed)
			sleep_until(dispatcher, next_us);
		give_lead(dispatcher);
		if (status == PV_OK && claimed)
			return true;
	}
	return false;
}

static void *work_loop(void *state)
{
	struct worker worker = {.dispatcher = state, .mem = pv_scope(NULL)};
	bool going = worker.mem != NULL;
	while (going) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(worker.mem);
		struct pv_work work;
		struct pv_error error = PV_ERROR_IN(scope);
		going = scope && lead(&worker, scope, &work);
		if (!going)
			break;
		enum pv_status status = pv_runner_handle(&work, &error);
		if (status != PV_OK)
			pv_log(PV_LOG_WARNING, "publication left", "id", work.row.id, "why",
				error.words.en ? error.words.en : pv_status_name(status), NULL);
		/* Its account is free for the next one. */
		pv_dispatcher_wake(worker.dispatcher);
	}
	talloc_free(worker.mem);
	return NULL;
}

/* ---- outside ----------------------------------------------------------------------------------- */

static bool start_conditions(struct pv_dispatcher *dispatcher)
{
	pthread_condattr_t monotonic;
	if (pthread_condattr_init(&monotonic))
		return false;
	bool done = pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC) == 0 &&
		    pthread_mutex_init(&dispatcher->lock, NULL) == 0 &&
		    pthread_cond_init(&dispatcher->lead, NULL) == 0 &&
		    pthread_cond_init(&dispatcher->news, &monotonic) == 0;
	pthread_condattr_destroy(&monotonic);
	return done;
}

static enum pv_status start_threads(struct pv_dispatcher *dispatcher, struct pv_error *error)
{
	for (int i = 0; i < PV_DISPATCH_WORKERS; i++) {
		if (pthread_create(&dispatcher->threads[i], NULL, work_loop, dispatcher)) {
			pv_dispatcher_stop(dispatcher);
			return pv_fail(error, PV_UNAVAILABLE, "Un fil d'exécution ne démarre pas.",
				"A thread does not start.");
		}
		dispatcher->n_threads++;
	}
	return PV_OK;
}

enum pv_status pv_dispatcher_start(
	TALLOC_CTX *mem, struct pv_desk *desk, struct pv_dispatcher **out, struct pv_error *error)
{
	struct pv_dispatcher *dispatcher = talloc_zero(mem, struct pv_dispatcher);
	if (!dispatcher || !start_conditions(dispatcher)) {
		talloc_free(dispatcher);
		return pv_fail_nomem(error);
	}
	dispatcher->desk = desk;
	atomic_store(&dispatcher->last_turn_us, PV_TIME_NONE);
	enum pv_status status = pv_lease_open(dispatcher, desk, &dispatcher->lease, error);
	if (status == PV_OK)
		status = pv_watch_create(dispatcher, desk->env, &dispatcher->watch, error);
	if (status == PV_OK && dispatcher->lease->sole)
		status = pv_publication_recover_node(
			desk->db, pv_env_now_us(desk->env), dispatcher->lease->node, error);
	if (status != PV_OK) {
		talloc_free(dispatcher);
		return status;
	}
	status = start_threads(dispatcher, error);
	if (status == PV_OK)
		*out = dispatcher;
	return status;
}

void pv_dispatcher_wake(struct pv_dispatcher *dispatcher)
{
	pthread_mutex_lock(&dispatcher->lock);
	dispatcher->woken = true;
	pthread_cond_signal(&dispatcher->news);
	pthread_mutex_unlock(&dispatcher->lock);
}

void pv_dispatcher_stop(struct pv_dispatcher *dispatcher)
{
	pthread_mutex_lock(&dispatcher->lock);
	dispatcher->stopping = true;
	pthread_cond_broadcast(&dispatcher->lead);
	pthread_cond_broadcast(&dispatcher->news);
	pthread_mutex_unlock(&dispatcher->lock);
	for (int i = 0; i < dispatcher->n_threads; i++)
		pthread_join(dispatcher->threads[i], NULL);
	pthread_cond_destroy(&dispatcher->lead);
	pthread_cond_destroy(&dispatcher->news);
	pthread_mutex_destroy(&dispatcher->lock);
	talloc_free(dispatcher);
}

int64_t pv_dispatcher_last_turn_us(struct pv_dispatcher *dispatcher)
{
	return atomic_load(&dispatcher->last_turn_us);
}

const char *pv_dispatcher_trouble(struct pv_dispatcher *dispatcher, TALLOC_CTX *mem)
{
	pthread_mutex_lock(&dispatcher->lock);
	const char *copy = talloc_strdup(mem, dispatcher->trouble);
	pthread_mutex_unlock(&dispatcher->lock);
	return copy ? copy : "";
}
