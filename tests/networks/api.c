/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "api.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool meets(const struct trouble *trouble, const struct loop_request *request)
{
	return trouble->times && strcmp(trouble->method, request->method) == 0 &&
	       strncmp(request->target, trouble->path, strlen(trouble->path)) == 0;
}

static void carry_out(struct api *api, const struct loop_request *request, struct loop_answer *out)
{
	int status = 200;
	json_t *answer = api->serve(api, request, &status);
	free(api->body);
	api->body = answer ? json_dumps(answer, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
	json_decref(answer);
	api->served++;
	*out = (struct loop_answer){.status = status, .body = api->body, .headers = api->headers};
}

static void answer(void *state, const struct loop_request *request, struct loop_answer *out)
{
	struct api *api = state;
	bool met = meets(&api->trouble, request);
	if (!met || api->trouble.accepted)
		carry_out(api, request, out);
	if (!met)
		return;
	api->trouble.times--;
	const struct loop_answer *wanted = &api->trouble.answer;
	if (wanted->status || wanted->body)
		*out = *wanted;
	out->fault = wanted->fault;
	out->delay_ms = wanted->delay_ms;
}

struct api *api_make(
	json_t *(*serve)(struct api *, const struct loop_request *, int *), void *state)
{
	struct api *api = calloc(1, sizeof *api);
	assert(api);
	api->serve = serve;
	api->state = state;
	return api;
}

struct api *api_start(
	json_t *(*serve)(struct api *, const struct loop_request *, int *), void *state)
{
	struct api *api = api_make(serve, state);
	api->server = loop_server_start(answer, api);
	return api;
}

void api_stop(struct api *api)
{
	if (!api)
		return;
	if (api->server)
		loop_server_stop(api->server);
	if (api->end)
		api->end(api);
	free(api->body);
	free(api);
}

static int hex(char c)
{
	const char *digits = "0123456789abcdef";
	const char *at = c ? strchr(digits, c | (c >= 'A' && c <= 'F' ? 0x20 : 0)) : NULL;
	return at ? (int)(at - digits) : -1;
}

static char *decode(const char *text, size_t size)
{
	char *out = malloc(size + 1), *to = out;
	assert(out);
	for (size_t i = 0; i < size; i++)
		if (text[i] == '%' && i + 2 < size && hex(text[i + 1]) >= 0) {
			*to++ = (char)(hex(text[i + 1]) << 4 | hex(text[i + 2]));
			i += 2;
		} else {
			*to++ = text[i];
		}
	*to = '\0';
	return out;
}

char *api_query(const struct loop_request *request, const char *name)
{
	const char *at = strchr(request->target, '?');
	size_t size = strlen(name);
	while (at) {
		at++;
		if (strncmp(at, name, size) == 0 && at[size] == '=')
			return decode(at + size + 1, strcspn(at + size + 1, "&"));
		at = strchr(at, '&');
	}
	return NULL;
}

const char *api_path(const struct loop_request *request, const char *method, const char *path)
{
	size_t size = strlen(path);
	if (strcmp(request->method, method) != 0 || strncmp(request->target, path, size) != 0)
		return NULL;
	return request->target + size;
}

bool api_bearer(const struct loop_request *request, const char *token)
{
	const char *value = loop_header(request, "authorization");
	return value && strncmp(value, "Bearer ", 7) == 0 && strcmp(value + 7, token) == 0;
}

json_t *api_error(int status, const char *name, const char *message, int *out_status)
{
	*out_status = status;
	return json_pack("{s:s, s:s*}", "error", name, "message", message);
}

json_t *api_json(const char *text)
{
	json_error_t problem;
	json_t *value = json_loads(text, JSON_DECODE_ANY, &problem);
	if (!value)
		fprintf(stderr, "%s: %s\n", problem.text, text);
	assert(value);
	return value;
}
