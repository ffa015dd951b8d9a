/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/aside.h"

#include "base/mem.h"

#include <pthread.h>

struct job {
	void (*run)(void *argument);
	void *argument;
};

struct pv_aside {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	pthread_t *threads;
	int n_threads;
	struct job *queue; /* a ring */
	size_t room, first, n;
	bool closed;
};

static void *work(void *argument)
{
	struct pv_aside *aside = argument;
	pthread_mutex_lock(&aside->lock);
	for (;;) {
		while (aside->n == 0 && !aside->closed)
			pthread_cond_wait(&aside->changed, &aside->lock);
		if (aside->n == 0)
			break;
		struct job job = aside->queue[aside->first];
		aside->first = (aside->first + 1) % aside->room;
		aside->n--;
		pthread_mutex_unlock(&aside->lock);
		job.run(job.argument);
		pthread_mutex_lock(&aside->lock);
	}
	pthread_mutex_unlock(&aside->lock);
	return NULL;
}

enum pv_status pv_aside_start(TALLOC_CTX *mem, int threads, size_t queue, size_t stack,
	struct pv_aside **out, struct pv_error *error)
{
	struct pv_aside *aside = talloc_zero(mem, struct pv_aside);
	if (!aside)
		return pv_fail_nomem(error);
	aside->room = queue;
	aside->queue = talloc_zero_array(aside, struct job, queue);
	aside->threads = talloc_zero_array(aside, pthread_t, (size_t)threads);
	if (!aside->queue || !aside->threads) {
		talloc_free(aside);
		return pv_fail_nomem(error);
	}
	pthread_mutex_init(&aside->lock, NULL);
	pthread_cond_init(&aside->changed, NULL);
	pthread_attr_t attributes;
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, stack);
	for (int i = 0; i < threads; i++) {
		if (pthread_create(&aside->threads[i], &attributes, work, aside) != 0)
			break;
		aside->n_threads++;
	}
	pthread_attr_destroy(&attributes);
	if (aside->n_threads < threads) {
		pv_aside_stop(aside);
		return pv_fail(error, PV_UNAVAILABLE, "Le système ne donne pas de fil d'exécution.",
			"The operating system gives no more threads.");
	}
	*out = aside;
	return PV_OK;
}

bool pv_aside_push(struct pv_aside *aside, void (*job)(void *argument), void *argument)
{
	pthread_mutex_lock(&aside->lock);
	bool taken = !aside->closed && aside->n < aside->room;
	if (taken) {
		aside->queue[(aside->first + aside->n) % aside->room] =
			(struct job){.run = job, .argument = argument};
		aside->n++;
		pthread_cond_signal(&aside->changed);
	}
	pthread_mutex_unlock(&aside->lock);
	return taken;
}

void pv_aside_close(struct pv_aside *aside)
{
	pthread_mutex_lock(&aside->lock);
	aside->closed = true;
	pthread_cond_broadcast(&aside->changed);
	pthread_mutex_unlock(&aside->lock);
	for (int i = 0; i < aside->n_threads; i++)
		pthread_join(aside->threads[i], NULL);
	aside->n_threads = 0;
}

void pv_aside_stop(struct pv_aside *aside)
{
	if (!aside)
		return;
	pv_aside_close(aside);
	pthread_cond_destroy(&aside->changed);
	pthread_mutex_destroy(&aside->lock);
	talloc_free(aside);
}
