/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Answers as a PDS with an AppView does; names and codes are those of the reference PDS. */
#include "api.h"

#include "base/crypto.h"
#include "base/instant.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char password[] = "app-pass-word";

static void new_tokens(struct bluesky_api *b)
{
	b->generation++;
	snprintf(b->access, sizeof b->access, "eyJ.access.%u", b->generation);
	snprintf(b->refresh, sizeof b->refresh, "eyJ.refresh.%u", b->generation);
}

static json_t *session(const struct bluesky_api *b)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:b}", "accessJwt", b->access, "refreshJwt",
		b->refresh, "did", b->did, "handle", b->handle, "active", 1);
}

static json_t *create_session(
	struct bluesky_api *b, const struct loop_request *request, int *status)
{
	json_t *input = json_loadb(request->body, request->body_size, 0, NULL);
	const char *who = json_string_value(json_object_get(input, "identifier"));
	const char *word = json_string_value(json_object_get(input, "password"));
	bool same = who && word && strcmp(who, b->handle) == 0;
	json_t *answer;
	if (same && strcmp(word, "main-pass-word") == 0)
		answer = api_error(
			401, "AuthFactorTokenRequired", "A sign in code is needed", status);
	else if (!same || strcmp(word, password) != 0)
		answer = api_error(
			401, "AuthenticationRequired", "Invalid identifier or password", status);
	else {
		new_tokens(b);
		answer = session(b);
	}
	json_decref(input);
	return answer;
}

/* NULL when the request may go on. */
static json_t *check_token(
	const struct bluesky_api *b, const struct loop_request *request, int *status)
{
	const char *value = loop_header(request, "authorization");
	if (!value)
		return api_error(401, "AuthMissing", "Authentication Required", status);
	if (strncmp(value, "Bearer eyJ.access.", 18) != 0)
		return api_error(400, "InvalidToken", "Bad token scope", status);
	if (!api_bearer(request, b->access))
		return api_error(400, "ExpiredToken", "Token has expired", status);
	return NULL;
}

static json_t *refresh_session(
	struct bluesky_api *b, const struct loop_request *request, int *status)
{
	b->refreshes++;
	if (request->body_size)
		return api_error(400, "InvalidRequest", "no body was expected", status);
	if (b->dead || !api_bearer(request, b->refresh))
		return api_error(400, "ExpiredToken", "Token has been revoked", status);
	new_tokens(b);
	return session(b);
}

static bool is_tid(const char *text)
{
	return text && strlen(text) == 13 &&
	       strspn(text, "234567abcdefghijklmnopqrstuvwxyz") == 13 &&
	       strchr("234567abcdefghij", text[0]);
}

/* What the lexicon asks of a post; NULL when it is well. */
static const char *complaint(const json_t *record)
{
	const char *text = json_string_value(json_object_get(record, "text"));
	const char *at = json_string_value(json_object_get(record, "createdAt"));
	int64_t at_us;
	if (!text || !at || !pv_time_parse(at, strlen(at), &at_us))
		return "Record must have text and createdAt";
	if (strlen(text) > 3000)
		return "Invalid app.bsky.feed.post record: string too long (maximum 3000)";
	size_t i, size = strlen(text);
	json_int_t last = 0;
	json_t *facet;
	json_array_foreach(json_object_get(record, "facets"), i, facet)
	{
		json_int_t start = -1, end = -1;
		if (json_unpack(facet, "{s:{s:I,s:I}}", "index", "byteStart", &start, "byteEnd",
			    &end) != 0 ||
			start < last || end <= start || (size_t)end > size)
			return "Invalid app.bsky.feed.post record: facet out of bounds";
		last = end;
	}
	return NULL;
}

static json_t *put_record(struct bluesky_api *b, const struct loop_request *request, int *status)
{
	json_t *input = json_loadb(request->body, request->body_size, 0, NULL);
	const char *repo = NULL, *collection = NULL, *rkey = NULL, *problem = NULL;
	json_t *record = NULL, *answer = NULL;
	if (json_unpack(input, "{s:s,s:s,s:s,s:o}", "repo", &repo, "collection", &collection,
		    "rkey", &rkey, "record", &record) != 0)
		problem = "Input must have repo, collection, rkey, record";
	else if (strcmp(repo, b->did) != 0)
		problem = "Could not find repo";
	else if (!is_tid(rkey))
		problem = "Invalid TID string";
	else
		problem = complaint(record);
	if (problem) {
		answer = api_error(400, "InvalidRequest", problem, status);
	} else {
		char uri[256], digest[PV_DIGEST_SIZE], cid[80];
		char *bytes = json_dumps(record, JSON_COMPACT | JSON_SORT_KEYS);
		snprintf(uri, sizeof uri, "at://%s/%s/%s", repo, collection, rkey);
		pv_digest(bytes, strlen(bytes), digest);
		snprintf(cid, sizeof cid, "bafy%s", digest);
		free(bytes);
		json_object_set_new(
			b->records, uri, json_pack("{s:s,s:O}", "cid", cid, "value", record));
		b->writes++;
		answer = json_pack("{s:s,s:s}", "uri", uri, "cid", cid);
	}
	json_decref(input);
	return answer;
}

static json_t *get_record(struct bluesky_api *b, const struct loop_request *request, int *status)
{
	char *repo = api_query(request, "repo"), *rkey = api_query(request, "rkey");
	char *collection = api_query(request, "collection"), uri[512];
	snprintf(uri, sizeof uri, "at://%s/%s/%s", repo ? repo : "", collection ? collection : "",
		rkey ? rkey : "");
	json_t *found = json_object_get(b->records, uri), *answer;
	free(repo), free(rkey), free(collection);
	if (!found)
		return api_error(400, "RecordNotFound", "Could not locate record", status);
	answer = json_copy(found);
	json_object_set_new(answer, "uri", json_string(uri));
	return answer;
}

static json_t *delete_record(struct bluesky_api *b, const struct loop_request *request)
{
	json_t *input = json_loadb(request->body, request->body_size, 0, NULL);
	const char *repo = "", *collection = "", *rkey = "";
	char uri[512];
	json_unpack(
		input, "{s:s,s:s,s:s}", "repo", &repo, "collection", &collection, "rkey", &rkey);
	snprintf(uri, sizeof uri, "at://%s/%s/%s", repo, collection, rkey);
	json_object_del(b->records, uri);
	json_decref(input);
	return json_object();
}

static json_t *get_posts(struct bluesky_api *b, const struct loop_request *request)
{
	char *uri = api_query(request, "uris");
	json_t *found = json_object_get(b->records, uri ? uri : ""), *posts = json_array();
	if (found)
		json_array_append_new(posts, json_pack("{s:s,s:O,s:O,s:i,s:i,s:i}", "uri", uri,
						     "cid", json_object_get(found, "cid"), "record",
						     json_object_get(found, "value"), "likeCount",
						     3, "repostCount", 0, "replyCount", 1));
	free(uri);
	return json_pack("{s:o}", "posts", posts);
}

static json_t *resolve_handle(const struct loop_request *request, int *status)
{
	char *handle = api_query(request, "handle");
	bool known = handle && strcmp(handle, "bob.test") == 0;
	free(handle);
	return known ? json_pack("{s:s}", "did", "did:plc:bob")
		     : api_error(400, "InvalidRequest", "Unable to resolve handle", status);
}

static json_t *upload(struct bluesky_api *b, const struct loop_request *request, int *status)
{
	const char *type = loop_header(request, "content-type");
	if (!type || strncmp(type, "image/", 6) != 0 || !request->body_size)
		return api_error(400, "InvalidRequest", "Request body type unknown", status);
	if (request->body_size > 1000000)
		return api_error(413, "PayloadTooLarge", "request entity too large", status);
	b->blobs++;
	return json_pack("{s:{s:s,s:{s:s},s:s,s:i}}", "blob", "$type", "blob", "ref", "$link",
		"bafkblob", "mimeType", type, "size", (int)request->body_size);
}

/* What only an AppView knows. */
static json_t *serve_app(
	struct bluesky_api *b, const struct loop_request *request, const char *nsid, int *status)
{
	if (b->no_appview)
		return api_error(502, "UpstreamFailure", "Upstream service unreachable", status);
	if (strncmp(nsid, "app.bsky.actor.getProfile?", 26) == 0)
		return json_pack("{s:s,s:s,s:s}", "did", b->did, "handle", b->handle, "displayName",
			"Alice & Cie");
	if (strncmp(nsid, "app.bsky.feed.getPosts?", 23) == 0)
		return get_posts(b, request);
	if (strncmp(nsid, "app.bsky.notification.listNotifications?", 40) == 0)
		return json_pack("{s:O}", "notifications", b->notifications);
	return api_error(501, "MethodNotImplemented", "Method Not Implemented", status);
}

static json_t *serve(struct api *api, const struct loop_request *request, int *status)
{
	struct bluesky_api *b = api->state;
	const char *nsid = api_path(request, request->method, "/xrpc/");
	bool post = strcmp(request->method, "POST") == 0;
	if (!nsid)
		return api_error(404, "NotFound", "Not Found", status);
	if (post && strcmp(nsid, "com.atproto.server.createSession") == 0)
		return create_session(b, request, status);
	if (post && strcmp(nsid, "com.atproto.server.refreshSession") == 0)
		return refresh_session(b, request, status);
	json_t *no = check_token(b, request, status);
	if (no)
		return no;
	if (strcmp(nsid, "com.atproto.server.getSession") == 0)
		return json_pack("{s:s,s:s,s:b}", "did", b->did, "handle", b->handle, "active", 1);
	if (post && strcmp(nsid, "com.atproto.repo.putRecord") == 0)
		return put_record(b, request, status);
	if (post && strcmp(nsid, "com.atproto.repo.deleteRecord") == 0)
		return delete_record(b, request);
	if (post && strcmp(nsid, "com.atproto.repo.uploadBlob") == 0)
		return upload(b, request, status);
	if (strncmp(nsid, "com.atproto.repo.getRecord?", 27) == 0)
		return get_record(b, request, status);
	if (strncmp(nsid, "com.atproto.identity.resolveHandle?", 35) == 0)
		return resolve_handle(request, status);
	return serve_app(b, request, nsid, status);
}

static void end(struct api *api)
{
	struct bluesky_api *b = api->state;
	json_decref(b->records);
	json_decref(b->notifications);
	free(b);
}

static struct bluesky_api *make(void)
{
	struct bluesky_api *b = calloc(1, sizeof *b);
	assert(b);
	b->did = "did:plc:alice";
	b->handle = "alice.test";
	b->records = json_object();
	b->notifications = json_array();
	new_tokens(b);
	return b;
}

struct api *bluesky_api_make(void)
{
	struct api *api = api_make(serve, make());
	api->end = end;
	return api;
}

struct api *bluesky_api_start(void)
{
	struct api *api = api_start(serve, make());
	api->end = end;
	return api;
}

void bluesky_api_answer(struct api *api, const char *uri, const char *text)
{
	struct bluesky_api *b = api->state;
	char own[128], at[PV_TIME_TEXT_SIZE];
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	size_t n = json_array_size(b->notifications);
	pv_time_format(
		(int64_t)now.tv_sec * PV_SECOND_US + now.tv_nsec / 1000 + (int64_t)n * 1000, at);
	snprintf(own, sizeof own, "at://did:plc:bob/app.bsky.feed.post/3kbobbobbob%02zu", n + 22);
	json_t *record = json_pack("{s:s,s:s,s:s,s:[s]}", "$type", "app.bsky.feed.post", "text",
		text, "createdAt", at, "langs", "fr");
	if (uri) {
		json_t *ref = json_pack("{s:s,s:O}", "uri", uri, "cid",
			json_object_get(json_object_get(b->records, uri), "cid"));
		json_object_set_new(
			record, "reply", json_pack("{s:O,s:o}", "root", ref, "parent", ref));
	}
	json_object_set_new(
		b->records, own, json_pack("{s:s,s:O}", "cid", "bafybob", "value", record));
	json_array_insert_new(b->notifications, 0,
		json_pack("{s:s,s:s,s:{s:s,s:s,s:s},s:s,s:o,s:b,s:s}", "uri", own, "cid", "bafybob",
			"author", "did", "did:plc:bob", "handle", "bob.test", "displayName", "Bob",
			"reason", uri ? "reply" : "mention", "record", record, "isRead", 0,
			"indexedAt", at));
}

unsigned bluesky_api_posts(const struct api *api)
{
	const struct bluesky_api *b = api->state;
	unsigned n = 0;
	const char *uri;
	json_t *value;
	json_object_foreach(b->records, uri, value)
	{
		n += strstr(uri, b->did) != NULL;
	}
	return n;
}
