/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/env.h"

#include <string.h>

struct sim {
	int64_t now_us;
	int64_t monotonic_us;
	uint64_t random;
	pv_env_sim_http *http;
	void *http_state;
};

static int64_t sim_now_us(struct pv_env *env)
{
	return ((struct sim *)env->state)->now_us;
}

static int64_t sim_monotonic_us(struct pv_env *env)
{
	return ((struct sim *)env->state)->monotonic_us;
}

/* SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014). */
static uint64_t sim_next(struct sim *sim)
{
	uint64_t z = (sim->random += 0x9E3779B97F4A7C15u);
	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return z ^ (z >> 31);
}

static void sim_random(struct pv_env *env, void *out, size_t size)
{
	unsigned char *at = out;
	while (size) {
		uint64_t word = sim_next(env->state);
		size_t step = size < sizeof word ? size : sizeof word;
		memcpy(at, &word, step);
		at += step;
		size -= step;
	}
}

void pv_env_sim_advance(struct pv_env *env, int64_t duration_us)
{
	struct sim *sim = env->state;
	if (duration_us <= 0)
		return;
	sim->now_us += duration_us;
	sim->monotonic_us += duration_us;
}

void pv_env_sim_jump(struct pv_env *env, int64_t by_us)
{
	((struct sim *)env->state)->now_us += by_us;
}

static enum pv_status sim_http(struct pv_env *env, TALLOC_CTX *mem,
	const struct pv_http_request *request, struct pv_http_response *out, struct pv_error *error)
{
	struct sim *sim = env->state;
	if (sim->http)
		return sim->http(sim->http_state, mem, request, out, error);
	*out = (struct pv_http_response){
		.outcome = PV_HTTP_NOT_SENT,
		.reason = "the simulated world has no network",
	};
	return PV_OK;
}

static const struct pv_env_ops sim_ops = {
	.now_us = sim_now_us,
	.monotonic_us = sim_monotonic_us,
	.random = sim_random,
	.sleep_us = pv_env_sim_advance,
	.http = sim_http,
};

enum pv_status pv_env_sim(TALLOC_CTX *mem, uint64_t seed, int64_t start_us, pv_env_sim_http *http,
	void *http_state, struct pv_env **out, struct pv_error *error)
{
	struct pv_env *env = talloc_zero(mem, struct pv_env);
	struct sim *sim = env ? talloc_zero(env, struct sim) : NULL;
	if (!sim) {
		talloc_free(env);
		return pv_fail_nomem(error);
	}
	*sim = (struct sim){
		.now_us = start_us,
		.random = seed,
		.http = http,
		.http_state = http_state,
	};
	*env = (struct pv_env){.ops = &sim_ops, .state = sim};
	*out = env;
	return PV_OK;
}
