/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The world, as one argument: clock, random, sleep and outgoing HTTP. Everything that would make
 * two runs differ comes through here, so that a year of dispatching runs in seconds under a seed.
 *
 *	int64_t now_us = pv_env_now_us(env);
 *
 * An env is shared by threads unless its implementation says otherwise.
 */
#ifndef PV_BASE_ENV_H
#define PV_BASE_ENV_H

#include "base/error.h"
#include "base/http.h"

#include <stdint.h>

struct pv_env;

struct pv_env_ops {
	int64_t (*now_us)(struct pv_env *env); /* wall clock, UTC; may jump */
	/* never goes back nor jumps, and counts the machine's sleep; origin unknown */
	int64_t (*monotonic_us)(struct pv_env *env);
	void (*random)(struct pv_env *env, void *out, size_t size);
	void (*sleep_us)(struct pv_env *env, int64_t duration_us);
	/*
	 * PV_OK whenever the outcome could be told, be it UNCERTAIN; another status only when the
	 * request itself cannot be made (bad address, guard, memory): then nothing was sent.
	 */
	enum pv_status (*http)(struct pv_env *env, TALLOC_CTX *mem,
		const struct pv_http_request *request, struct pv_http_response *out,
		struct pv_error *error);
};

struct pv_env {
	const struct pv_env_ops *ops;
	void *state;
};

static inline int64_t pv_env_now_us(struct pv_env *env)
{
	return env->ops->now_us(env);
}

static inline int64_t pv_env_monotonic_us(struct pv_env *env)
{
	return env->ops->monotonic_us(env);
}

static inline void pv_env_random(struct pv_env *env, void *out, size_t size)
{
	env->ops->random(env, out, size);
}

static inline void pv_env_sleep_us(struct pv_env *env, int64_t duration_us)
{
	env->ops->sleep_us(env, duration_us);
}

static inline enum pv_status pv_env_http(struct pv_env *env, TALLOC_CTX *mem,
	const struct pv_http_request *request, struct pv_http_response *out, struct pv_error *error)
{
	return env->ops->http(env, mem, request, out, error);
}

/*
 * The real clock, random and sleep; HTTP answers PV_UNAVAILABLE until net/client.h puts its own
 * function in place (base opens no socket).
 */
enum pv_status pv_env_real(TALLOC_CTX *mem, struct pv_env **out, struct pv_error *error);

/* One simulated exchange; `state` is the test's. Same contract as pv_env_ops.http. */
typedef enum pv_status pv_env_sim_http(void *state, TALLOC_CTX *mem,
	const struct pv_http_request *request, struct pv_http_response *out,
	struct pv_error *error);

/*
 * A simulated world for one thread: the clock moves only by sleep and pv_env_sim_advance, random
 * bytes follow from `seed`, HTTP goes to `http` (NULL: nothing can be reached).
 */
enum pv_status pv_env_sim(TALLOC_CTX *mem, uint64_t seed, int64_t start_us, pv_env_sim_http *http,
	void *http_state, struct pv_env **out, struct pv_error *error);
void pv_env_sim_advance(struct pv_env *env, int64_t duration_us);
/* The wall clock jumps (to the past too); the monotonic clock does not notice. */
void pv_env_sim_jump(struct pv_env *env, int64_t by_us);

#endif
