/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The fake network's server: counts everything, forgives nothing (src/networks/fake/fake.c). */
#include "api.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static json_t *post(struct fake_api *f, const struct loop_request *request, int *status)
{
	json_t *input = json_loadb(request->body, request->body_size, 0, NULL);
	const char *key = json_string_value(json_object_get(input, "key"));
	const char *text = json_string_value(json_object_get(input, "text"));
	if (!key || !text || strlen(text) > 5000) {
		json_decref(input);
		return api_error(422, "invalid", "key and text are needed", status);
	}
	char id[32], url[96];
	snprintf(id, sizeof id, "p%u", ++f->next_id);
	snprintf(url, sizeof url, "https://trial.example/p/%s", id);
	json_object_set_new(input, "id", json_string(id));
	json_object_set_new(input, "url", json_string(url));
	json_array_append_new(f->posts, input);
	*status = 201;
	return json_pack("{s:s,s:s}", "id", id, "url", url);
}

static json_t *list(struct fake_api *f, const struct loop_request *request)
{
	char *key = api_query(request, "key");
	json_t *found = json_array(), *item;
	size_t i;
	json_array_foreach(f->posts, i, item)
	{
		const char *own = json_string_value(json_object_get(item, "key"));
		if (!key || (own && strcmp(own, key) == 0))
			json_array_append(found, item);
	}
	free(key);
	return json_pack("{s:o}", "posts", found);
}

static ssize_t index_of(const struct fake_api *f, const char *id, size_t size)
{
	size_t i;
	json_t *item;
	json_array_foreach(f->posts, i, item)
	{
		const char *own = json_string_value(json_object_get(item, "id"));
		if (strlen(own) == size && strncmp(own, id, size) == 0)
			return (ssize_t)i;
	}
	return -1;
}

static json_t *messages(struct fake_api *f, const struct loop_request *request)
{
	char *since = api_query(request, "since"), cursor[24];
	size_t from = since ? strtoul(since, NULL, 10) : 0, n = json_array_size(f->messages);
	size_t to = n - from > 50 ? from + 50 : n;
	json_t *page = json_array();
	free(since);
	for (size_t i = from; i < to; i++)
		json_array_append(page, json_array_get(f->messages, i));
	snprintf(cursor, sizeof cursor, "%zu", to);
	return json_pack("{s:s,s:o}", "cursor", cursor, "messages", page);
}

static json_t *serve(struct api *api, const struct loop_request *request, int *status)
{
	struct fake_api *f = api->state;
	if (!api_bearer(request, f->token))
		return api_error(401, "token", NULL, status);
	const char *id = api_path(request, request->method, "/posts/");
	if (api_path(request, "GET", "/account"))
		return json_pack("{s:s,s:s,s:s}", "id", "a1", "handle", "desk", "name", "The desk");
	if (api_path(request, "GET", "/messages"))
		return messages(f, request);
	if (!id && api_path(request, "POST", "/posts"))
		return post(f, request, status);
	if (!id && api_path(request, "GET", "/posts"))
		return list(f, request);
	ssize_t index = id ? index_of(f, id, strcspn(id, "/?")) : -1;
	if (index < 0)
		return api_error(404, "none", NULL, status);
	if (strcmp(request->method, "DELETE") == 0) {
		json_array_remove(f->posts, (size_t)index);
		return json_object();
	}
	return json_pack("{s:i,s:i}", "likes", 3, "replies", 0);
}

static void end(struct api *api)
{
	struct fake_api *f = api->state;
	json_decref(f->posts);
	json_decref(f->messages);
	free(f);
}

struct api *fake_api_start(void)
{
	struct fake_api *f = calloc(1, sizeof *f);
	assert(f);
	f->posts = json_array();
	f->messages = json_array();
	f->token = "fake-token";
	struct api *api = api_start(serve, f);
	api->end = end;
	return api;
}

void fake_api_answer(struct api *api, const char *id, const char *text)
{
	struct fake_api *f = api->state;
	char own[32];
	snprintf(own, sizeof own, "m%zu", json_array_size(f->messages));
	json_array_append_new(
		f->messages, json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s}", "id", own, "root",
				     id ? id : own, "parent", id ? id : "", "name", "Bob", "handle",
				     "bob", "url", "https://trial.example/m", "text", text,
				     "language", "fr", "at", "2026-03-02T12:00:00Z"));
}

unsigned fake_api_posts(const struct api *api)
{
	return (unsigned)json_array_size(((const struct fake_api *)api->state)->posts);
}
