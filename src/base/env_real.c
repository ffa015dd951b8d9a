/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/env.h"
#include "base/instant.h"

#include <errno.h>
#include <sodium.h>
#include <strings.h>
#include <time.h>

static int64_t clock_us(clockid_t clock)
{
	struct timespec now;
	clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * PV_SECOND_US + now.tv_nsec / 1000;
}

static int64_t real_now_us(struct pv_env *env)
{
	(void)env;
	return clock_us(CLOCK_REALTIME);
}

static int64_t real_monotonic_us(struct pv_env *env)
{
	(void)env;
	/* It goes on while the machine sleeps, as other machines do. */
	return clock_us(CLOCK_BOOTTIME);
}

static void real_random(struct pv_env *env, void *out, size_t size)
{
	(void)env;
	randombytes_buf(out, size);
}

static void real_sleep_us(struct pv_env *env, int64_t duration_us)
{
	(void)env;
	if (duration_us <= 0)
		return;
	struct timespec left = {
		.tv_sec = (time_t)(duration_us / PV_SECOND_US),
		.tv_nsec = (long)(duration_us % PV_SECOND_US) * 1000,
	};
	while (nanosleep(&left, &left) != 0 && errno == EINTR)
		continue;
}

static enum pv_status real_http(struct pv_env *env, TALLOC_CTX *mem,
	const struct pv_http_request *request, struct pv_http_response *out, struct pv_error *error)
{
	(void)env, (void)mem, (void)request, (void)out;
	return pv_fail(error, PV_UNAVAILABLE, "Aucun accès au réseau n'est ouvert.",
		"No way to the network is open.");
}

static const struct pv_env_ops real_ops = {
	.now_us = real_now_us,
	.monotonic_us = real_monotonic_us,
	.random = real_random,
	.sleep_us = real_sleep_us,
	.http = real_http,
};

enum pv_status pv_env_real(TALLOC_CTX *mem, struct pv_env **out, struct pv_error *error)
{
	if (sodium_init() < 0)
		return pv_fail(error, PV_UNAVAILABLE, "La source de hasard ne répond pas.",
			"The random source does not answer.");
	struct pv_env *env = talloc_zero(mem, struct pv_env);
	if (!env)
		return pv_fail_nomem(error);
	env->ops = &real_ops;
	*out = env;
	return PV_OK;
}

const char *pv_http_header(const struct pv_http_response *response, const char *name)
{
	for (size_t i = 0; i < response->n_headers; i++)
		if (strcasecmp(response->headers[i].name, name) == 0)
			return response->headers[i].value;
	return NULL;
}
