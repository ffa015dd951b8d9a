/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/web.h"

#include "base/log.h"
#include "base/mem.h"
#include "collect/collector.h"
#include "desk/setup.h"
#include "web/house.h"

#include <ctype.h>
#include <errno.h>
#include <malloc.h>
#include <time.h>

enum { KEEPER_BEAT_S = PV_WEB_STREAM_BEAT_S, SWEEP_S = 3600, GRACE_MS = 3000, FOLLOW_QUEUE = 16 };

static void close_desk(void *desk)
{
	talloc_free(desk);
}

enum pv_status pv_web_desk(struct pv_web *web, struct pv_desk **out, struct pv_error *error)
{
	struct pv_desk *desk = pthread_getspecific(web->desk_key);
	if (!desk) {
		/* Of no parent: it goes with its thread. */
		enum pv_status status = pv_desk_open_again(NULL, web->desk, &desk, error);
		if (status != PV_OK)
			return status;
		pthread_setspecific(web->desk_key, desk);
	}
	*out = desk;
	return PV_OK;
}

static void done(void *state, const struct pv_web_request *request, int status, int64_t took_us)
{
	struct pv_web *web = state;
	pv_web_figures_count(&web->figures, request->method, status, took_us);
}

/* ---- what is done now and then ----------------------------------------------------------------- */

static void sweep(struct pv_web *web)
{
	struct pv_desk *desk = NULL;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_error error = PV_ERROR_IN(scope);
	if (pv_web_desk(web, &desk, &error) != PV_OK || pv_desk_sweep(desk, &error) != PV_OK)
		pv_log(PV_LOG_WARNING, "sweeping failed", "why", error.words.en, NULL);
	else
		pv_db_rest(desk->db);
}

static void *keep(void *argument)
{
	struct pv_web *web = argument;
	int64_t swept_us = pv_env_monotonic_us(web->desk->env);
	pthread_mutex_lock(&web->lock);
	while (!web->stopping) {
		struct timespec until;
		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_sec += KEEPER_BEAT_S;
		if (pthread_cond_timedwait(&web->stopped, &web->lock, &until) != ETIMEDOUT)
			continue;
		pthread_mutex_unlock(&web->lock);
		pv_web_hub_beat(web->hub);
		int64_t now_us = pv_env_monotonic_us(web->desk->env);
		if (now_us - swept_us >= SWEEP_S * PV_SECOND_US) {
			swept_us = now_us;
			sweep(web);
		}
		malloc_trim(0); /* what a busy moment took goes back to the machine */
		pthread_mutex_lock(&web->lock);
	}
	pthread_mutex_unlock(&web->lock);
	return NULL;
}

static enum pv_status start_keeper(struct pv_web *web, struct pv_error *error)
{
	pthread_attr_t attributes;
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, PV_WEB_STACK);
	int code = pthread_create(&web->keeper, &attributes, keep, web);
	pthread_attr_destroy(&attributes);
	if (code != 0)
		return pv_fail(error, PV_UNAVAILABLE, "Le système ne donne pas de fil d'exécution.",
			"The operating system gives no more threads.");
	web->keeper_runs = true;
	return PV_OK;
}

/* ---- links followed while somebody types ------------------------------------------------------- */

struct following {
	struct pv_web *web;
	const char *organization_id, *account_id, *text;
};

static void follow(void *argument)
{
	struct following *following = argument;
	struct pv_web *web = following->web;
	struct pv_desk *desk = NULL;
	struct pv_error error = PV_ERROR_IN(following);
	pthread_mutex_lock(&web->lock);
	bool stopping = web->stopping;
	pthread_mutex_unlock(&web->lock);
	if (!stopping && pv_web_desk(web, &desk, &error) == PV_OK &&
		pv_collect_links(desk, following, following->text, &error) == PV_OK)
		pv_web_hub_tell(web->hub, &(struct pv_change){.kind = "links",
						  .organization_id = following->organization_id,
						  .object_id = following->account_id});
	talloc_free(following);
}

void pv_web_follow_links(
	struct pv_web *web, const char *organization_id, const char *account_id, const char *text)
{
	struct following *following = talloc_zero(NULL, struct following);
	if (!following)
		return;
	following->web = web;
	following->organization_id = talloc_strdup(following, organization_id);
	following->account_id = talloc_strdup(following, account_id);
	following->text = talloc_strdup(following, text);
	/* A full queue drops it: the next letter typed asks again. */
	if (!following->text || !pv_aside_push(web->background, follow, following))
		talloc_free(following);
}

/* ---- start and stop ---------------------------------------------------------------------------- */

static const char *host_of_url(TALLOC_CTX *mem, const char *url)
{
	const char *scheme = url ? strstr(url, "://") : NULL;
	if (!scheme)
		return NULL;
	char *host = talloc_strndup(mem, scheme + 3, strcspn(scheme + 3, ":/"));
	for (char *at = host; at && *at; at++)
		*at = (char)tolower((unsigned char)*at);
	return host;
}

enum pv_status pv_web_listen(TALLOC_CTX *mem, struct pv_desk *desk,
	const struct pv_web_options *options, struct pv_web **out, struct pv_error *error)
{
	static const struct pv_web_house house = {
		.admit = pv_web_admit, .answer = pv_web_respond, .done = done};
	const struct pv_web_server_options server = {
		.env = desk->env,
		.host = options->host,
		.port = options->port,
		.threads = options->threads,
		.behind_proxy = options->behind_proxy,
	};
	struct pv_web *web = talloc_zero(mem, struct pv_web);
	if (!web)
		return pv_fail_nomem(error);
	web->desk = desk;
	web->options = *options;
	pthread_mutex_init(&web->lock, NULL);
	pthread_cond_init(&web->stopped, NULL);
	pthread_key_create(&web->desk_key, close_desk);
	enum pv_status status = pv_web_hub_create(web, desk->env, &web->hub, error);
	if (status == PV_OK)
		status = pv_web_server_listen(web, &server, &house, web, &web->server, error);
	if (status != PV_OK) {
		pv_web_stop(web);
		return status;
	}
	*out = web;
	return PV_OK;
}

enum pv_status pv_web_start(struct pv_web *web, struct pv_error *error)
{
	web->https = strncmp(web->desk->base_url, "https:", 6) == 0;
	web->host = host_of_url(web, web->desk->base_url);
	enum pv_status status =
		pv_aside_start(web, 1, FOLLOW_QUEUE, PV_WEB_STACK, &web->background, error);
	if (status == PV_OK)
		status = pv_aside_start(web, 1, 1, PV_WEB_STACK, &web->prober, error);
	if (status == PV_OK)
		status = start_keeper(web, error);
	return status == PV_OK ? pv_web_server_start(web->server, error) : status;
}

int pv_web_port(const struct pv_web *web)
{
	return pv_web_server_port(web->server);
}

void pv_web_watch_dispatcher(struct pv_web *web, struct pv_dispatcher *dispatcher)
{
	web->dispatcher = dispatcher;
}

void pv_web_changed(struct pv_web *web, const struct pv_change *change)
{
	pv_web_hub_tell(web->hub, change);
}

bool pv_web_is_stopping(struct pv_web *web)
{
	pthread_mutex_lock(&web->lock);
	bool stopping = web->stopping;
	pthread_mutex_unlock(&web->lock);
	return stopping;
}

void pv_web_stop(struct pv_web *web)
{
	if (!web)
		return;
	pthread_mutex_lock(&web->lock);
	web->stopping = true;
	pthread_cond_broadcast(&web->stopped);
	pthread_mutex_unlock(&web->lock);
	if (web->keeper_runs)
		pthread_join(web->keeper, NULL);
	if (web->hub)
		pv_web_hub_close(web->hub);
	pv_web_server_stop(web->server, GRACE_MS);
	pv_aside_stop(web->background);
	pv_aside_stop(web->prober);
	pthread_key_delete(web->desk_key);
	talloc_free(web);
}
