/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "net/client.h"

#include "net/guard.h"
#include "net/hop.h"
#include "net/url.h"
#include "base/mem.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct pv_net_client {
	struct pv_net_guard *guard;
	const char *proxy, *ca_file;
	atomic_bool stop;
	pthread_mutex_t lock; /* of `lanes` */
	struct pv_net_lane *lanes;
	pthread_key_t lane_of_thread;
	struct pv_env_ops ops; /* the attached env's, with http put in */
};

static pthread_once_t curl_once = PTHREAD_ONCE_INIT;
static CURLcode curl_started;

static void curl_start(void)
{
	curl_started = curl_global_init(CURL_GLOBAL_DEFAULT);
	/* OpenSSL writes without MSG_NOSIGNAL: a peer that went away must not end the program. */
	struct sigaction before;
	if (sigaction(SIGPIPE, NULL, &before) == 0 && before.sa_handler == SIG_DFL)
		signal(SIGPIPE, SIG_IGN);
}

/* ---- a thread's pool --------------------------------------------------------------------------- */

static void lane_destroy(struct pv_net_lane *lane)
{
	if (lane->easy)
		curl_easy_cleanup(lane->easy);
	if (lane->open)
		curl_multi_cleanup(lane->open);
	if (lane->guarded)
		curl_multi_cleanup(lane->guarded);
	free(lane);
}

/* The thread ends: called by the key. */
static void lane_leave(void *state)
{
	struct pv_net_lane *lane = state;
	struct pv_net_client *client = lane->client;
	pthread_mutex_lock(&client->lock);
	*lane->from = lane->next;
	if (lane->next)
		lane->next->from = lane->from;
	pthread_mutex_unlock(&client->lock);
	lane_destroy(lane);
}

static struct pv_net_lane *lane_create(struct pv_net_client *client)
{
	/* not talloc: contexts are not shared between threads */
	struct pv_net_lane *lane = calloc(1, sizeof *lane);
	if (!lane)
		return NULL;
	lane->client = client;
	lane->stop = &client->stop;
	lane->easy = curl_easy_init();
	lane->open = curl_multi_init();
	lane->guarded = curl_multi_init();
	if (!lane->easy || !lane->open || !lane->guarded ||
		pthread_setspecific(client->lane_of_thread, lane) != 0) {
		lane_destroy(lane);
		return NULL;
	}
	curl_multi_setopt(lane->open, CURLMOPT_MAXCONNECTS, (long)PV_NET_IDLE_CONNECTIONS);
	curl_multi_setopt(lane->guarded, CURLMOPT_MAXCONNECTS, (long)PV_NET_IDLE_CONNECTIONS);
	pthread_mutex_lock(&client->lock);
	lane->next = client->lanes;
	lane->from = &client->lanes;
	if (lane->next)
		lane->next->from = &lane->next;
	client->lanes = lane;
	pthread_mutex_unlock(&client->lock);
	return lane;
}

static struct pv_net_lane *lane_get(struct pv_net_client *client)
{
	struct pv_net_lane *lane = pthread_getspecific(client->lane_of_thread);
	return lane ? lane : lane_create(client);
}

/* ---- the client -------------------------------------------------------------------------------- */

static int client_free(struct pv_net_client *client)
{
	pthread_key_delete(client->lane_of_thread);
	while (client->lanes) {
		struct pv_net_lane *lane = client->lanes;
		client->lanes = lane->next;
		lane_destroy(lane);
	}
	pthread_mutex_destroy(&client->lock);
	return 0;
}

static enum pv_status copy_options(
	struct pv_net_client *client, const struct pv_net_options *options, struct pv_error *error)
{
	static const struct pv_net_options none = {0};
	const struct pv_net_options *from = options ? options : &none;
	client->proxy = from->proxy ? talloc_strdup(client, from->proxy) : NULL;
	client->ca_file = from->ca_file ? talloc_strdup(client, from->ca_file) : NULL;
	if ((from->proxy && !client->proxy) || (from->ca_file && !client->ca_file))
		return pv_fail_nomem(error);
	return pv_net_guard_create(client, from->allow, from->n_allow, &client->guard, error);
}

enum pv_status pv_net_client_create(TALLOC_CTX *mem, const struct pv_net_options *options,
	struct pv_net_client **out, struct pv_error *error)
{
	pthread_once(&curl_once, curl_start);
	if (curl_started != CURLE_OK)
		return pv_fail(error, PV_UNAVAILABLE, "L'accès au réseau ne démarre pas (%s).",
			"The way to the network does not start (%s).",
			curl_easy_strerror(curl_started));
	struct pv_net_client *client = talloc_zero(mem, struct pv_net_client);
	if (!client)
		return pv_fail_nomem(error);
	enum pv_status status = copy_options(client, options, error);
	if (status != PV_OK || pthread_key_create(&client->lane_of_thread, lane_leave) != 0) {
		talloc_free(client);
		return status != PV_OK ? status : pv_fail_nomem(error);
	}
	pthread_mutex_init(&client->lock, NULL);
	talloc_set_destructor(client, client_free);
	*out = client;
	return PV_OK;
}

void pv_net_client_stop(struct pv_net_client *client)
{
	atomic_store(&client->stop, true);
	pthread_mutex_lock(&client->lock);
	for (struct pv_net_lane *lane = client->lanes; lane; lane = lane->next) {
		curl_multi_wakeup(lane->open);
		curl_multi_wakeup(lane->guarded);
	}
	pthread_mutex_unlock(&client->lock);
}

/* ---- an exchange with its redirects ------------------------------------------------------------ */

static int64_t clock_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool is_redirect(int status)
{
	return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/* Where the answer sends on to; NULL when it does not, or to no usable address. */
static char *next_address(TALLOC_CTX *mem, const struct pv_http_request *request, const char *url,
	const struct pv_http_response *response)
{
	if (response->outcome != PV_HTTP_ANSWERED || !is_redirect(response->status) ||
		!pv_net_hop_repeatable(request->method))
		return NULL;
	const char *location = pv_http_header(response, "location");
	char *next = NULL;
	if (!location || pv_net_url_resolve(mem, url, location, &next, NULL) != PV_OK)
		return NULL;
	return next;
}

static enum pv_status check_address(struct pv_net_client *client, const char *url, bool guarded,
	bool *out_look, struct pv_error *error)
{
	if (!guarded) {
		*out_look = false;
		return PV_OK;
	}
	bool exempt;
	enum pv_status status = pv_net_guard_url(client->guard, url, &exempt, error);
	if (status == PV_OK)
		*out_look = !exempt;
	return status;
}

static enum pv_status not_sent(struct pv_http_response *out, const char *url, const char *reason)
{
	*out = (struct pv_http_response){
		.outcome = PV_HTTP_NOT_SENT, .final_url = url, .reason = reason};
	return PV_OK;
}

struct journey {
	struct pv_net_client *client;
	struct pv_net_lane *lane;
	const struct pv_http_request *request;
	struct pv_net_url first;
	int64_t deadline_ms;
	bool credentials;
};

static enum pv_status one_hop(struct journey *j, TALLOC_CTX *mem, const char *url,
	struct pv_http_response *out, const char **out_url, struct pv_error *error)
{
	struct pv_net_url here;
	bool look;
	enum pv_status status = pv_net_url_parse(mem, url, &here, error);
	if (status == PV_OK && here.user_info)
		status = pv_fail(error, PV_INVALID,
			"L'adresse porte un nom ou un mot de passe devant « %s » : retirez-les.",
			"The address carries a user name or a password before \"%s\": remove them.",
			here.host);
	if (status == PV_OK)
		status = check_address(j->client, here.text, j->request->guarded, &look, error);
	if (status != PV_OK)
		return status;
	if (j->first.text && !pv_net_url_same_origin(&j->first, &here))
		j->credentials = false;
	else if (!j->first.text)
		j->first = here;
	*out_url = here.text;
	int64_t left_ms = j->deadline_ms - clock_ms();
	if (left_ms <= 0)
		return not_sent(out, here.text, "the time was over before sending");
	if (atomic_load(&j->client->stop))
		return not_sent(out, here.text, "interrupted: the program is stopping");
	struct pv_net_hop hop = {
		.request = j->request,
		.url = here.text,
		.host = here.host,
		.timeout_ms = left_ms,
		.guard_addresses = look,
		.credentials = j->credentials,
		.proxy = j->request->guarded ? NULL : j->client->proxy,
		.ca_file = j->client->ca_file,
	};
	status = pv_net_hop_run(j->lane, mem, &hop, out, error);
	if (status == PV_OK)
		out->final_url = here.text;
	return status;
}

enum pv_status pv_net_client_exchange(struct pv_net_client *client, TALLOC_CTX *mem,
	const struct pv_http_request *request, struct pv_http_response *out, struct pv_error *error)
{
	enum pv_status status = pv_net_hop_check(request, error);
	if (status != PV_OK)
		return status;
	int64_t timeout_ms = request->timeout_ms > 0 ? request->timeout_ms : PV_HTTP_TIMEOUT_MS;
	struct journey journey = {
		.client = client,
		.lane = lane_get(client),
		.request = request,
		.deadline_ms = clock_ms() + timeout_ms,
		.credentials = true,
	};
	if (!journey.lane)
		return pv_fail_nomem(error);
	unsigned redirects = request->max_redirects < PV_NET_REDIRECTS_MAX ? request->max_redirects
									   : PV_NET_REDIRECTS_MAX;
	const char *url = request->url;
	struct pv_http_response response;
	for (;;) {
		const char *here = NULL;
		status = one_hop(&journey, mem, url, &response, &here, error);
		if (status != PV_OK)
			return status;
		url = redirects-- > 0 ? next_address(mem, request, here, &response) : NULL;
		if (!url)
			break;
	}
	*out = response;
	return PV_OK;
}

/* ---- into an env ------------------------------------------------------------------------------- */

static enum pv_status env_http(struct pv_env *env, TALLOC_CTX *mem,
	const struct pv_http_request *request, struct pv_http_response *out, struct pv_error *error)
{
	return pv_net_client_exchange(env->state, mem, request, out, error);
}

enum pv_status pv_net_client_attach(
	struct pv_net_client *client, struct pv_env *env, struct pv_error *error)
{
	if (env->state && env->state != client)
		return pv_fail(error, PV_INTERNAL, "Cet environnement a déjà son réseau.",
			"This environment has its network already.");
	client->ops = *env->ops;
	client->ops.http = env_http;
	env->ops = &client->ops;
	env->state = client;
	return PV_OK;
}
