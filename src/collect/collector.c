/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "collect/collector.h"
#include "base/instant.h"
#include "base/log.h"
#include "base/mem.h"
#include "collect/fetch.h"
#include "collect/listen.h"
#include "collect/look.h"
#include "desk/setup.h"

#include <errno.h>
#include <pthread.h>
#include <time.h>

enum { LOOK_AGAIN_S = 60 }; /* at least this often: another node may have added something */

struct pv_collector {
	struct pv_desk *desk;
	struct pv_soon soon;
};

enum pv_status pv_collector_create(
	TALLOC_CTX *mem, struct pv_desk *desk, struct pv_collector **out, struct pv_error *error)
{
	struct pv_collector *collector = talloc_zero(mem, struct pv_collector);
	if (!collector)
		return pv_fail_nomem(error);
	collector->desk = desk;
	*out = collector;
	return PV_OK;
}

enum pv_status pv_collector_turn(
	struct pv_collector *collector, int64_t *out_next_us, struct pv_error *error)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_desk *desk = collector->desk;
	bool more_soon = false, more_feeds = false, more_accounts = false;
	/* What is about to leave does not wait for slow feeds, nor for slow accounts. */
	enum pv_status status = pv_soon_look(desk, scope, &collector->soon, &more_soon, error);
	if (status == PV_OK)
		status = pv_fetch_due(desk, scope, &more_feeds, error);
	if (status == PV_OK)
		status = pv_soon_look(desk, scope, &collector->soon, &more_soon, error);
	if (status == PV_OK)
		status = pv_listen_due(desk, scope, &more_accounts, error);
	if (status != PV_OK)
		return status;
	int64_t now_us = pv_env_now_us(desk->env), next_us = PV_TIME_NONE;
	status = pv_desk_sources_next(desk, &next_us, error);
	if (status != PV_OK)
		return status;
	int64_t again_us = now_us + LOOK_AGAIN_S * PV_SECOND_US;
	if (more_soon || more_feeds || more_accounts)
		again_us = now_us;
	*out_next_us = next_us != PV_TIME_NONE && next_us < again_us ? next_us : again_us;
	return PV_OK;
}

/* ---- the loop --------------------------------------------------------------------------------- */

struct pv_collector_thread {
	struct pv_collector *collector;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool woken, stopping;
};

/* Until then, or until somebody wakes it; false when it is time to stop. */
static bool wait_until(struct pv_collector_thread *self, int64_t next_us)
{
	int64_t wait_us = next_us - pv_env_now_us(self->collector->desk->env);
	struct timespec until;
	clock_gettime(CLOCK_MONOTONIC, &until);
	if (wait_us > 0) {
		int64_t end_us = until.tv_nsec / 1000 + wait_us;
		until.tv_sec += (time_t)(end_us / PV_SECOND_US);
		until.tv_nsec = (long)(end_us % PV_SECOND_US) * 1000;
	}
	pthread_mutex_lock(&self->lock);
	while (!self->woken && !self->stopping && wait_us > 0)
		if (pthread_cond_timedwait(&self->wake, &self->lock, &until) == ETIMEDOUT)
			break;
	self->woken = false;
	bool go_on = !self->stopping;
	pthread_mutex_unlock(&self->lock);
	return go_on;
}

static void *collect_forever(void *argument)
{
	struct pv_collector_thread *self = argument;
	struct pv_env *env = self->collector->desk->env;
	int64_t next_us = 0;
	while (wait_until(self, next_us)) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		struct pv_error error = PV_ERROR_IN(scope);
		if (pv_collector_turn(self->collector, &next_us, &error) == PV_OK)
			continue;
		pv_log(PV_LOG_WARNING, "collector turn failed", "why", error.words.en, NULL);
		next_us = pv_env_now_us(env) + LOOK_AGAIN_S * PV_SECOND_US;
	}
	return NULL;
}

enum pv_status pv_collector_start(TALLOC_CTX *mem, struct pv_desk *desk,
	struct pv_collector_thread **out, struct pv_error *error)
{
	struct pv_collector_thread *self = talloc_zero(mem, struct pv_collector_thread);
	if (!self)
		return pv_fail_nomem(error);
	/* A connection belongs to one thread: the collector has its own. */
	struct pv_desk *own = NULL;
	enum pv_status status = pv_desk_open_again(self, desk, &own, error);
	if (status == PV_OK)
		status = pv_collector_create(self, own, &self->collector, error);
	if (status != PV_OK) {
		talloc_free(self);
		return status;
	}
	pthread_condattr_t monotonic;
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&self->wake, &monotonic);
	pthread_condattr_destroy(&monotonic);
	pthread_mutex_init(&self->lock, NULL);
	if (pthread_create(&self->thread, NULL, collect_forever, self) != 0) {
		talloc_free(self);
		return pv_fail(error, PV_UNAVAILABLE, "Le fil des collectes ne démarre pas.",
			"The collecting thread does not start.");
	}
	*out = self;
	return PV_OK;
}

void pv_collector_wake(struct pv_collector_thread *thread)
{
	pthread_mutex_lock(&thread->lock);
	thread->woken = true;
	pthread_cond_signal(&thread->wake);
	pthread_mutex_unlock(&thread->lock);
}

void pv_collector_stop(struct pv_collector_thread *thread)
{
	pthread_mutex_lock(&thread->lock);
	thread->stopping = true;
	pthread_cond_signal(&thread->wake);
	pthread_mutex_unlock(&thread->lock);
	pthread_join(thread->thread, NULL);
	pthread_cond_destroy(&thread->wake);
	pthread_mutex_destroy(&thread->lock);
	talloc_free(thread);
}
