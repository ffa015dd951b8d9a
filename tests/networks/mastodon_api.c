/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Answers as Mastodon 4 does; the shapes are those of its documented entities. */
#include "api.h"

#include "base/instant.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char token[] = "masto-token";

static int64_t now_us(const struct mastodon_api *m)
{
	struct timespec now;
	if (m->clock)
		return m->clock(m->clock_state);
	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * PV_SECOND_US + now.tv_nsec / 1000 - m->clock_behind_us;
}

/* ---- a status as HTML -------------------------------------------------------------------------- */

static void put(char **to, const char *text)
{
	size_t size = strlen(text);
	memcpy(*to, text, size);
	*to += size;
}

static void put_char(char **to, char c)
{
	char one[2] = {c, 0};
	put(to, c == '&'    ? "&amp;"
		: c == '<'  ? "&lt;"
		: c == '>'  ? "&gt;"
		: c == '"'  ? "&quot;"
		: c == '\'' ? "&#39;"
		: c == '\n' ? "<br />"
			    : one);
}

/* Links are shown shortened, mentions without their server, as Mastodon's formatter writes them. */
static char *render(const char *text)
{
	char *html = calloc(1, 40 * strlen(text) + 64), *to = html;
	assert(html);
	put(&to, "<p>");
	while (*text) {
		size_t size = strcspn(text, " \n");
		bool link = strncmp(text, "https://", 8) == 0;
		if (link) {
			put(&to, "<a href=\"#\" rel=\"nofollow\"><span "
				 "class=\"invisible\">https://</span><span class=\"ellipsis\">");
			for (size_t i = 8; i < size; i++) {
				if (i == 38)
					put(&to, "</span><span class=\"invisible\">");
				put_char(&to, text[i]);
			}
			put(&to, "</span></a>");
			text += size;
		} else if (*text == '@' && size > 1) {
			size_t name = 1 + strcspn(text + 1, "@ \n");
			put(&to, "<span class=\"h-card\"><a class=\"u-url mention\" "
				 "href=\"#\">@<span>");
			for (size_t i = 1; i < name; i++)
				put_char(&to, text[i]);
			put(&to, "</span></a></span>");
			text += size;
		} else if (text[0] == '\n' && text[1] == '\n') {
			put(&to, "</p><p>");
			text += 2;
		} else {
			put_char(&to, *text++);
		}
	}
	put(&to, "</p>");
	return html;
}

static json_t *account(const char *id, const char *name)
{
	char url[96];
	snprintf(url, sizeof url, "https://desk.example/@%s", name);
	return json_pack("{s:s,s:s,s:s,s:s,s:s}", "id", id, "username", name, "acct", name,
		"display_name", strcmp(name, "desk") ? "Bob" : "Le bureau", "url", url);
}

static json_t *make_status(struct mastodon_api *m, const char *text, const char *parent,
	const char *who, const char *name)
{
	char id[32], url[96], at[PV_TIME_TEXT_SIZE];
	char *html = render(text);
	snprintf(id, sizeof id, "%u", 1000 + ++m->next_id);
	snprintf(url, sizeof url, "https://desk.example/@%s/%s", name, id);
	json_t *status = json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s?,s:i,s:i,s:i,s:o}", "id", id,
		"uri", url, "url", url, "created_at", pv_time_format(now_us(m), at), "content",
		html, "visibility", "public", "language", "fr", "in_reply_to_id", parent,
		"replies_count", 1, "reblogs_count", 0, "favourites_count", 3, "account",
		account(who, name));
	free(html);
	assert(status);
	return status;
}

static json_t *find(const json_t *list, const char *id, size_t size, size_t *out_index)
{
	size_t i;
	json_t *item;
	json_array_foreach(list, i, item)
	{
		const char *own = json_string_value(json_object_get(item, "id"));
		if (own && strlen(own) == size && strncmp(own, id, size) == 0) {
			if (out_index)
				*out_index = i;
			return item;
		}
	}
	return NULL;
}

/* ---- calls ------------------------------------------------------------------------------------- */

static json_t *create(struct mastodon_api *m, const struct loop_request *request, int *status)
{
	json_t *input = json_loadb(request->body, request->body_size, 0, NULL);
	const char *text = json_string_value(json_object_get(input, "status"));
	const char *parent = json_string_value(json_object_get(input, "in_reply_to_id"));
	const char *key = loop_header(request, "idempotency-key");
	const char *known =
		key && !m->ignores_keys ? json_string_value(json_object_get(m->keys, key)) : NULL;
	json_t *answer = known ? json_incref(find(m->statuses, known, strlen(known), NULL)) : NULL;
	if (!answer && (!text || !*text))
		answer = api_error(422, "Validation failed: Text can't be blank", NULL, status);
	else if (!answer && strlen(text) > 2500)
		answer = api_error(422, "Validation failed: Text character limit of 500 exceeded",
			NULL, status);
	else if (!answer) {
		answer = make_status(m, text, parent, "7", "desk");
		json_t *media = json_object_get(input, "media_ids");
		if (media)
			json_object_set(answer, "x_media", media);
		json_object_set(answer, "x_sent", input);
		json_array_insert(m->statuses, 0, answer);
		if (key)
			json_object_set(m->keys, key, json_object_get(answer, "id"));
		m->writes++;
	}
	json_decref(input);
	return answer;
}

static json_t *list_own(struct mastodon_api *m, const struct loop_request *request)
{
	char *before = api_query(request, "max_id");
	json_t *page = json_array(), *item;
	size_t i;
	json_array_foreach(m->statuses, i, item)
	{
		const char *id = json_string_value(json_object_get(item, "id"));
		const char *who =
			json_string_value(json_object_get(json_object_get(item, "account"), "id"));
		if (strcmp(who, "7") == 0 && (!before || atoi(id) < atoi(before)) &&
			json_array_size(page) < 40)
			json_array_append(page, item);
	}
	free(before);
	return page;
}

static json_t *list_notifications(struct mastodon_api *m, const struct loop_request *request)
{
	char *after = api_query(request, "min_id");
	json_t *page = json_array(), *item;
	/* the ones right after min_id, shown newest first */
	for (size_t i = json_array_size(m->notifications); i-- > 0 && json_array_size(page) < 40;) {
		item = json_array_get(m->notifications, i);
		const char *id = json_string_value(json_object_get(item, "id"));
		if (!after || atoi(id) > atoi(after))
			json_array_insert(page, 0, item);
	}
	free(after);
	return page;
}

static json_t *upload(struct mastodon_api *m, const struct loop_request *request, int *status)
{
	const char *type = loop_header(request, "content-type");
	if (!type || strncmp(type, "multipart/form-data; boundary=", 30) != 0 ||
		!memmem(request->body, request->body_size, "name=\"file\"", 11))
		return api_error(422, "Validation failed: File can't be blank", NULL, status);
	char id[16];
	bool alt = memmem(request->body, request->body_size, "name=\"description\"", 18) != NULL;
	snprintf(id, sizeof id, "%zu", 500 + json_object_size(m->media));
	json_object_set_new(m->media, id, json_integer(1));
	*status = 202;
	return json_pack("{s:s,s:s,s:n,s:s}", "id", id, "type", "image", "url", "description",
		alt ? "described" : "");
}

static json_t *look_at_media(struct mastodon_api *m, const char *id, int *status)
{
	json_t *left = json_object_get(m->media, id);
	if (!left)
		return api_error(404, "Record not found", NULL, status);
	json_int_t looks = json_integer_value(left);
	json_integer_set(left, looks - 1);
	*status = looks > 0 ? 206 : 200;
	return json_pack(
		"{s:s,s:s,s:s}", "id", id, "type", "image", "url", "https://desk.example/m");
}

static json_t *one_status(
	struct mastodon_api *m, const struct loop_request *request, const char *id, int *status)
{
	size_t size = strcspn(id, "/?"), index = 0;
	json_t *found = find(m->statuses, id, size, &index);
	if (!found)
		return api_error(404, "Record not found", NULL, status);
	json_incref(found);
	if (strcmp(request->method, "DELETE") == 0)
		json_array_remove(m->statuses, index);
	if (strncmp(id + size, "/context", 8) != 0)
		return found;
	const char *parent = json_string_value(json_object_get(found, "in_reply_to_id"));
	json_t *above = parent ? find(m->statuses, parent, strlen(parent), NULL) : NULL;
	json_decref(found);
	json_t *ancestors = json_array();
	if (above)
		json_array_append(ancestors, above);
	return json_pack("{s:o,s:[]}", "ancestors", ancestors, "descendants");
}

static json_t *instance(void)
{
	return api_json("{\"domain\":\"desk.example\",\"version\":\"4.3.1\",\"configuration\":{"
			"\"statuses\":{\"max_characters\":500,\"max_media_attachments\":4,"
			"\"characters_reserved_per_url\":23},\"media_attachments\":{"
			"\"supported_mime_types\":[\"image/jpeg\",\"image/png\"],"
			"\"description_limit\":1500,\"image_size_limit\":16777216}}}");
}

static json_t *serve(struct api *api, const struct loop_request *request, int *status)
{
	struct mastodon_api *m = api->state;
	const char *rest;
	if (api_path(request, "GET", "/api/v2/instance"))
		return instance();
	if (!api_bearer(request, token))
		return api_error(401, "The access token is invalid", NULL, status);
	if (api_path(request, "GET", "/api/v1/accounts/verify_credentials"))
		return account("7", "desk");
	if (api_path(request, "GET", "/api/v1/accounts/7/statuses"))
		return list_own(m, request);
	if (api_path(request, "GET", "/api/v1/notifications"))
		return list_notifications(m, request);
	if (api_path(request, "POST", "/api/v2/media"))
		return upload(m, request, status);
	if ((rest = api_path(request, "GET", "/api/v1/media/")))
		return look_at_media(m, rest, status);
	if ((rest = api_path(request, request->method, "/api/v1/statuses/")))
		return one_status(m, request, rest, status);
	if (api_path(request, "POST", "/api/v1/statuses"))
		return create(m, request, status);
	return api_error(404, "Not found", NULL, status);
}

static void end(struct api *api)
{
	struct mastodon_api *m = api->state;
	json_decref(m->statuses);
	json_decref(m->notifications);
	json_decref(m->keys);
	json_decref(m->media);
	free(m);
}

static struct mastodon_api *make(void)
{
	struct mastodon_api *m = calloc(1, sizeof *m);
	assert(m);
	m->statuses = json_array();
	m->notifications = json_array();
	m->keys = json_object();
	m->media = json_object();
	return m;
}

struct api *mastodon_api_make(void)
{
	struct api *api = api_make(serve, make());
	api->end = end;
	return api;
}

struct api *mastodon_api_start(void)
{
	struct api *api = api_start(serve, make());
	api->end = end;
	return api;
}

void mastodon_api_answer(struct api *api, const char *id, const char *text)
{
	struct mastodon_api *m = api->state;
	json_t *status = make_status(m, text, id, "8", "bob");
	char own[16];
	snprintf(own, sizeof own, "%zu", 9000 + json_array_size(m->notifications));
	json_array_insert(m->statuses, 0, status);
	json_array_insert_new(m->notifications, 0,
		json_pack("{s:s,s:s,s:O,s:O,s:o}", "id", own, "type", "mention", "created_at",
			json_object_get(status, "created_at"), "account",
			json_object_get(status, "account"), "status", status));
}

unsigned mastodon_api_posts(const struct api *api)
{
	const struct mastodon_api *m = api->state;
	unsigned n = 0;
	size_t i;
	json_t *item;
	json_array_foreach(m->statuses, i, item)
	{
		n += json_object_get(item, "x_sent") != NULL;
	}
	return n;
}
