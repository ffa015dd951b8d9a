/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A real Bluesky server (a PDS, at PV_TEST_PDS), reached through a loopback server that passes all
 * on and plays the troubles a real network would. Each opening makes two new accounts there.
 */
#include "stage.h"

#include "base/mem.h"
#include "base/json.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct pds {
	TALLOC_CTX *mem;
	struct pv_env *env;
	struct pv_net_client *client;
	const char *url;
	char handle[2][64], did[2][64];
	char *token[2];
};

static json_t *call(struct pds *pds, const char *method, const char *target, const char *token,
	const char *type, const void *body, size_t size, int *out_status)
{
	TALLOC_CTX *scope = talloc_new(pds->mem);
	struct pv_http_header headers[2];
	struct pv_http_request request = {
		.method = method,
		.url = talloc_asprintf(scope, "%s%s", pds->url, target),
		.headers = headers,
		.body = size ? body : NULL,
		.body_size = size,
	};
	if (token)
		headers[request.n_headers++] = (struct pv_http_header){"Authorization", token};
	if (type)
		headers[request.n_headers++] = (struct pv_http_header){"Content-Type", type};
	struct pv_http_response response = {0};
	enum pv_status status = pv_env_http(pds->env, scope, &request, &response, NULL);
	assert(status == PV_OK && response.outcome == PV_HTTP_ANSWERED);
	*out_status = response.status;
	json_t *answer = json_loadb(response.body, response.body_size, JSON_DECODE_ANY, NULL);
	talloc_free(scope);
	return answer;
}

static json_t *serve(struct api *api, const struct loop_request *request, int *status)
{
	char *token = NULL, *type = NULL;
	const char *value = loop_header(request, "authorization");
	if (value)
		token = strdup(value);
	value = loop_header(request, "content-type");
	if (value)
		type = strdup(value);
	json_t *answer = call(api->state, request->method, request->target, token, type,
		request->body, request->body_size, status);
	free(token);
	free(type);
	return answer;
}

static void make_account(struct pds *pds, int i)
{
	static unsigned number;
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	snprintf(pds->handle[i], sizeof pds->handle[i], "u%lx-%u.test",
		((unsigned long)now.tv_sec << 20 | (unsigned long)now.tv_nsec >> 10) & 0xFFFFFFFFF,
		number++);
	char body[512];
	int size = snprintf(body, sizeof body,
		"{\"handle\":\"%s\",\"email\":\"%s@example.com\",\"password\":\"pass-word-1\"}",
		pds->handle[i], pds->handle[i]);
	int status;
	json_t *answer = call(pds, "POST", "/xrpc/com.atproto.server.createAccount", NULL,
		"application/json", body, (size_t)size, &status);
	const char *did = json_string_value(json_object_get(answer, "did"));
	const char *jwt = json_string_value(json_object_get(answer, "accessJwt"));
	if (!did || !jwt)
		fprintf(stderr, "createAccount: HTTP %d\n", status);
	assert(did && jwt);
	snprintf(pds->did[i], sizeof pds->did[i], "%s", did);
	pds->token[i] = talloc_asprintf(pds->mem, "Bearer %s", jwt);
	json_decref(answer);
}

static void end(struct api *api)
{
	struct pds *pds = api->state;
	talloc_free(pds->client);
	talloc_free(pds->mem);
}

static char typed[256], wrong[256];

static struct api *start(void)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct pds *pds = talloc_zero(mem, struct pds);
	pds->mem = mem;
	pds->url = getenv("PV_TEST_PDS");
	enum pv_status status = pv_env_real(mem, &pds->env, NULL);
	if (status == PV_OK)
		status = pv_net_client_create(mem, NULL, &pds->client, NULL);
	if (status == PV_OK)
		status = pv_net_client_attach(pds->client, pds->env, NULL);
	assert(status == PV_OK);
	make_account(pds, 0);
	make_account(pds, 1);
	snprintf(typed, sizeof typed,
		"{\"server\":\"%%s\",\"handle\":\"%s\",\"password\":\"pass-word-1\"}",
		pds->handle[0]);
	snprintf(wrong, sizeof wrong,
		"{\"server\":\"%%s\",\"handle\":\"%s\",\"password\":\"nope\"}", pds->handle[0]);
	struct api *api = api_start(serve, pds);
	api->end = end;
	return api;
}

static unsigned posts(const struct api *api)
{
	struct pds *pds = api->state;
	char target[256];
	int status;
	snprintf(target, sizeof target,
		"/xrpc/"
		"com.atproto.repo.listRecords?repo=%s&collection=app.bsky.feed.post&limit=100",
		pds->did[0]);
	json_t *answer = call(pds, "GET", target, NULL, NULL, NULL, 0, &status);
	unsigned n = (unsigned)json_array_size(json_object_get(answer, "records"));
	json_decref(answer);
	return n;
}

static void answer(struct api *api, const char *uri, const char *text)
{
	struct pds *pds = api->state;
	char target[256], at[PV_TIME_TEXT_SIZE];
	int status;
	snprintf(target, sizeof target,
		"/xrpc/com.atproto.repo.getRecord?repo=%s&collection=app.bsky.feed.post&rkey=%s",
		pds->did[0], strrchr(uri, '/') + 1);
	json_t *post = call(pds, "GET", target, NULL, NULL, NULL, 0, &status);
	json_t *ref = json_pack("{s:s,s:O}", "uri", uri, "cid", json_object_get(post, "cid"));
	json_t *input = json_pack("{s:s,s:s,s:{s:s,s:s,s:s,s:{s:O,s:O}}}", "repo", pds->did[1],
		"collection", "app.bsky.feed.post", "record", "$type", "app.bsky.feed.post", "text",
		text, "createdAt", pv_time_format(pv_env_now_us(pds->env), at), "reply", "root",
		ref, "parent", ref);
	char *body = json_dumps(input, 0);
	json_t *made = call(pds, "POST", "/xrpc/com.atproto.repo.createRecord", pds->token[1],
		"application/json", body, strlen(body), &status);
	assert(status == 200);
	free(body);
	json_decref(made);
	json_decref(input);
	json_decref(ref);
	json_decref(post);
	pv_env_sleep_us(pds->env, 2000); /* two answers, two milliseconds */
}

const struct stage *stage_pds(void)
{
	static struct stage stage;
	if (!getenv("PV_TEST_PDS") || !*getenv("PV_TEST_PDS"))
		return NULL;
	stage = stage_bluesky;
	stage.name = "bluesky, a real PDS";
	stage.typed = typed;
	stage.wrong = wrong;
	stage.start = start;
	stage.posts = posts;
	stage.answer = answer;
	return &stage;
}
