/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "dispatch/watch.h"

#include "base/id.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

/* What the wall clock loses in between is no jump: clocks are slewed, a node stands still. */
enum { JUMP_MS = 1000 };

struct uncertain {
	char id[PV_ID_SIZE];
	int64_t attempt;
	int64_t first_us;   /* when it left, or was first seen here */
	int64_t last_us;    /* when it was last repeated, or first_us */
	int64_t counted_us; /* the last read-back that counted, or last_us */
	int64_t looked_us;
	bool exact;
};

struct claim {
	char id[PV_ID_SIZE];
	int64_t fence;
	int64_t since_us; /* when it was first seen */
};

struct pv_watch {
	struct pv_env *env;
	pthread_mutex_t lock;
	struct uncertain *uncertain;
	size_t n_uncertain;
	struct claim *claims;
	size_t n_claims;
	bool asked;
	int64_t ahead_us; /* of the wall clock before the other, when last asked */
};

static int watch_free(struct pv_watch *watch)
{
	pthread_mutex_destroy(&watch->lock);
	return 0;
}

enum pv_status pv_watch_create(
	TALLOC_CTX *mem, struct pv_env *env, struct pv_watch **out, struct pv_error *error)
{
	struct pv_watch *watch = talloc_zero(mem, struct pv_watch);
	if (!watch || pthread_mutex_init(&watch->lock, NULL)) {
		talloc_free(watch);
		return pv_fail_nomem(error);
	}
	watch->env = env;
	talloc_set_destructor(watch, watch_free);
	*out = watch;
	return PV_OK;
}

/* ---- uncertain attempts (under the lock) ------------------------------------------------------- */

static struct uncertain *find(struct pv_watch *watch, const char *id)
{
	for (size_t i = 0; i < watch->n_uncertain; i++)
		if (strcmp(watch->uncertain[i].id, id) == 0)
			return &watch->uncertain[i];
	return NULL;
}

static struct uncertain *longest_ago(struct pv_watch *watch)
{
	struct uncertain *oldest = &watch->uncertain[0];
	for (size_t i = 1; i < watch->n_uncertain; i++)
		if (watch->uncertain[i].looked_us < oldest->looked_us)
			oldest = &watch->uncertain[i];
	return oldest;
}

/* NULL when memory is out: then it is simply not known. */
static struct uncertain *place(struct pv_watch *watch, const char *id)
{
	struct uncertain *known = find(watch, id);
	if (known)
		return known;
	if (watch->n_uncertain >= PV_WATCH_MAX)
		return longest_ago(watch);
	struct uncertain *grown =
		talloc_realloc(watch, watch->uncertain, struct uncertain, watch->n_uncertain + 1);
	if (!grown)
		return NULL;
	watch->uncertain = grown;
	return &grown[watch->n_uncertain++];
}

static struct uncertain *begin(
	struct pv_watch *watch, const char *id, int64_t attempt, bool exact, int64_t now_us)
{
	struct uncertain *one = place(watch, id);
	if (!one)
		return NULL;
	*one = (struct uncertain){
		.attempt = attempt,
		.first_us = now_us,
		.last_us = now_us,
		.counted_us = now_us,
		.looked_us = now_us,
		.exact = exact,
	};
	snprintf(one->id, sizeof one->id, "%s", id);
	return one;
}

void pv_watch_wrote(struct pv_watch *watch, const char *publication_id, int64_t attempt)
{
	pthread_mutex_lock(&watch->lock);
	begin(watch, publication_id, attempt, true, pv_env_monotonic_us(watch->env));
	pthread_mutex_unlock(&watch->lock);
}

void pv_watch_repeated(struct pv_watch *watch, const char *publication_id)
{
	pthread_mutex_lock(&watch->lock);
	struct uncertain *one = find(watch, publication_id);
	if (one)
		one->last_us = one->counted_us = pv_env_monotonic_us(watch->env);
	pthread_mutex_unlock(&watch->lock);
}

void pv_watch_age(struct pv_watch *watch, const char *publication_id, int64_t attempt,
	struct pv_watch_age *out)
{
	int64_t now_us = pv_env_monotonic_us(watch->env);
	*out = (struct pv_watch_age){0};
	pthread_mutex_lock(&watch->lock);
	struct uncertain *one = find(watch, publication_id);
	if (!one || one->attempt != attempt)
		one = begin(watch, publication_id, attempt, false, now_us);
	if (one) {
		one->looked_us = now_us;
		*out = (struct pv_watch_age){
			.first_us = now_us - one->first_us,
			.exact = one->exact,
			.last_us = now_us - one->last_us,
			.apart_us = now_us - one->counted_us,
		};
	}
	pthread_mutex_unlock(&watch->lock);
}

void pv_watch_counted(struct pv_watch *watch, const char *publication_id, int64_t at_us)
{
	pthread_mutex_lock(&watch->lock);
	struct uncertain *one = find(watch, publication_id);
	if (one)
		one->counted_us = at_us;
	pthread_mutex_unlock(&watch->lock);
}

void pv_watch_forget(struct pv_watch *watch, const char *publication_id)
{
	pthread_mutex_lock(&watch->lock);
	struct uncertain *one = find(watch, publication_id);
	if (one)
		*one = watch->uncertain[--watch->n_uncertain];
	pthread_mutex_unlock(&watch->lock);
}

/* ---- claims ------------------------------------------------------------------------------------ */

static int64_t seen_since(
	const struct pv_watch *watch, const struct pv_publication_claim *claim, int64_t otherwise)
{
	for (size_t i = 0; i < watch->n_claims; i++)
		if (watch->claims[i].fence == claim->fence &&
			strcmp(watch->claims[i].id, claim->id) == 0)
			return watch->claims[i].since_us;
	return otherwise;
}

void pv_watch_claims(struct pv_watch *watch, const struct pv_publication_claim *claims, size_t n,
	int64_t *out_us)
{
	int64_t now_us = pv_env_monotonic_us(watch->env);
	pthread_mutex_lock(&watch->lock);
	struct claim *seen = n ? talloc_zero_array(watch, struct claim, n) : NULL;
	for (size_t i = 0; i < n; i++) {
		int64_t since_us = seen_since(watch, &claims[i], now_us);
		out_us[i] = now_us - since_us;
		if (!seen)
			continue;
		snprintf(seen[i].id, sizeof seen[i].id, "%s", claims[i].id);
		seen[i].fence = claims[i].fence;
		seen[i].since_us = since_us;
	}
	/* Without memory the earlier sights stay: they are true of what they name. */
	if (seen || !n) {
		talloc_free(watch->claims);
		watch->claims = seen;
		watch->n_claims = n;
	}
	pthread_mutex_unlock(&watch->lock);
}

bool pv_watch_set_back(struct pv_watch *watch)
{
	pthread_mutex_lock(&watch->lock);
	int64_t ahead_us = pv_env_now_us(watch->env) - pv_env_monotonic_us(watch->env);
	bool back = !watch->asked || ahead_us < watch->ahead_us - JUMP_MS * 1000;
	watch->asked = true;
	watch->ahead_us = ahead_us;
	pthread_mutex_unlock(&watch->lock);
	return back;
}
