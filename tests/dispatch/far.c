/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "far.h"

#include "base/instant.h"
#include "base/json.h"
#include "desk/accounts.h"

#include <string.h>

static const struct place {
	const char *network, *server, *handle, *remote_id;
	const char *write_path;
} places[] = {
	[FAR_MASTODON] = {"mastodon", "https://masto.example", "@desk@masto.example", "7",
		"/api/v1/statuses"},
	[FAR_KEYLESS] = {"mastodon", "https://masto.example", "@desk@masto.example", "7",
		"/api/v1/statuses"},
	[FAR_BLUESKY] = {"bluesky", "https://pds.example", "alice.test", "did:plc:alice",
		"/xrpc/com.atproto.repo.putRecord"},
};

static const struct place *place_of(const struct far *f)
{
	return &places[f->kind];
}

static struct mastodon_api *mastodon(const struct far *f)
{
	return f->api->state;
}

static struct bluesky_api *bluesky(const struct far *f)
{
	return f->api->state;
}

/* The server's own time, which no wall clock of the desk's touches. */
static int64_t server_time(void *state)
{
	const struct far *f = state;
	return PV_WORLD_START + f->at_us;
}

/* ---- one exchange ------------------------------------------------------------------------------ */

static char *header_lines(TALLOC_CTX *mem, const struct pv_http_request *request)
{
	char *lines = talloc_strdup(mem, "");
	for (size_t i = 0; i < request->n_headers; i++) {
		char *name = talloc_strdup(mem, request->headers[i].name);
		for (char *at = name; *at; at++)
			*at |= *at >= 'A' && *at <= 'Z' ? 0x20 : 0;
		lines = talloc_asprintf_append(lines, "%s: %s\n", name, request->headers[i].value);
	}
	return lines;
}

static void serve(struct far *f, const struct loop_request *request, TALLOC_CTX *mem,
	struct pv_http_response *out)
{
	int status = 200;
	char date[PV_TIME_TEXT_SIZE];
	PV_JSON json_t *answer = f->api->serve(f->api, request, &status);
	struct pv_http_header *headers = talloc_array(mem, struct pv_http_header, 2);
	headers[0] = (struct pv_http_header){"content-type", "application/json"};
	pv_time_http(server_time(f), date);
	headers[1] = (struct pv_http_header){"date", talloc_strdup(mem, date)};
	*out = (struct pv_http_response){
		.outcome = PV_HTTP_ANSWERED,
		.status = status,
		.headers = headers,
		.n_headers = 2,
		.body = pv_json_dump(mem, answer),
		.final_url = talloc_asprintf(mem, "%s/", place_of(f)->server),
	};
	out->body_size = strlen(out->body);
}

/* ---- writes ------------------------------------------------------------------------------------ */

static void take(struct far *f, TALLOC_CTX *mem, const char *head, const char *body,
	struct pv_http_response *out)
{
	const struct loop_request request = {
		.method = "POST",
		.target = place_of(f)->write_path,
		.head = head,
		.body = body,
		.body_size = strlen(body),
	};
	serve(f, &request, mem, out);
	const char *key = loop_header(&request, "idempotency-key");
	if (key && !json_object_get(f->keys_at, key))
		json_object_set_new(f->keys_at, key, json_integer(f->at_us));
}

static void forget_keys(struct far *f)
{
	const char *key;
	json_t *at;
	void *next;
	json_object_foreach_safe(f->keys_at, next, key, at)
	{
		if (f->at_us - json_integer_value(at) < FAR_KEYS_S * PV_SECOND_US)
			continue;
		json_object_del(mastodon(f)->keys, key);
		json_object_del(f->keys_at, key);
	}
}

/* What it was still at work on is done, at its time; then it is now. */
static void catch_up(struct far *f, TALLOC_CTX *mem)
{
	int64_t now_us = pv_env_monotonic_us(f->press->env);
	for (int i = 0; i < f->n_late;) {
		struct pv_http_response lost;
		if (f->late[i].at_us > now_us) {
			i++;
			continue;
		}
		f->at_us = f->late[i].at_us;
		take(f, mem, f->late[i].head, f->late[i].body, &lost);
		f->late[i] = f->late[--f->n_late];
	}
	f->at_us = now_us;
	forget_keys(f);
}

static void work_on(struct far *f, TALLOC_CTX *mem, const struct loop_request *request,
	struct pv_http_response *out)
{
	enum pv_press_mood mood = f->moods[f->n_writes++];
	char *head = talloc_strdup(f->press, request->head);
	char *body = talloc_strndup(f->press, request->body, request->body_size);
	if (f->on_write)
		f->on_write(f);
	if (mood == PRESS_TAKE || mood == PRESS_TAKE_SILENTLY)
		take(f, mem, head, body, out);
	if (mood == PRESS_TAKE_LATE) {
		assert_true(f->n_late < PRESS_LATE_MAX);
		f->late[f->n_late].head = head;
		f->late[f->n_late].body = body;
		f->late[f->n_late++].at_us = f->at_us + FAR_LATE_S * PV_SECOND_US;
	}
	if (mood == PRESS_TAKE)
		return;
	*out = (struct pv_http_response){
		.outcome = mood == PRESS_UNREACHABLE ? PV_HTTP_NOT_SENT : PV_HTTP_UNCERTAIN,
		.reason = "the connection was lost",
	};
}

static void exchange(void *state, TALLOC_CTX *mem, const struct pv_http_request *asked,
	struct pv_http_response *out)
{
	struct far *f = state;
	while (f && strncmp(asked->url, place_of(f)->server, strlen(place_of(f)->server)) != 0)
		f = f->next;
	assert_non_null(f);
	const struct loop_request request = {
		.method = asked->method,
		.target = asked->url + strlen(place_of(f)->server),
		.head = header_lines(mem, asked),
		.body = asked->body ? asked->body : "",
		.body_size = asked->body_size,
	};
	catch_up(f, mem);
	if (api_path(&request, "POST", place_of(f)->write_path)) {
		work_on(f, mem, &request, out);
		return;
	}
	if (f->on_find)
		f->on_find(f);
	serve(f, &request, mem, out);
	if (f->blind || f->closed) {
		out->status = f->closed ? 403 : 404;
		out->body = talloc_strdup(
			mem, f->closed ? "{\"error\":\"not allowed\"}" : "<h1>Gone</h1>");
		out->body_size = strlen(out->body);
	}
}

/* ---- opening ----------------------------------------------------------------------------------- */

static int end(struct far *f)
{
	api_stop(f->api);
	json_decref(f->keys_at);
	return 0;
}

/* What signing in there would have given. */
static struct pv_account_link sign_in(struct far *f)
{
	struct pv_account_link link = {.name = "Coop",
		.handle = place_of(f)->handle,
		.server = place_of(f)->server,
		.remote_id = place_of(f)->remote_id};
	if (f->kind == FAR_BLUESKY) {
		f->api = bluesky_api_make();
		link.secrets = talloc_asprintf(f, "{\"access\":\"%s\",\"refresh\":\"%s\"}",
			bluesky(f)->access, bluesky(f)->refresh);
		link.settings = "{\"appview\":false}";
		return link;
	}
	f->api = mastodon_api_make();
	mastodon(f)->ignores_keys = f->kind == FAR_KEYLESS;
	mastodon(f)->clock = server_time;
	mastodon(f)->clock_state = f;
	link.secrets = "{\"token\":\"masto-token\"}";
	link.settings = f->kind == FAR_KEYLESS ? "{\"idempotent\":false}" : "{\"idempotent\":true}";
	return link;
}

struct far *far_open(struct pv_press *p, enum far_kind kind)
{
	struct pv_world *w = p->w;
	struct far *f = talloc_zero(w->mem, struct far);
	struct pv_account_row row;
	f->press = p;
	f->kind = kind;
	f->keys_at = json_object();
	struct pv_account_link link = sign_in(f);
	talloc_set_destructor(f, end);
	f->next = p->other_state;
	p->other = exchange;
	p->other_state = f;
	json_t *form = pv_form_of(
		w, talloc_asprintf(w->mem,
			   "{'organization':'%s','network':'%s','slug':'coop-%s','name':'Coop'}",
			   p->h->coop, place_of(f)->network, place_of(f)->network));
	assert_ok(pv_desk_account_add(p->desk, w->mem, &p->h->owner, form, &link, &row, &w->error),
		w);
	f->account = row.id;
	return f;
}

/* ---- counting ---------------------------------------------------------------------------------- */

static bool record_says(const json_t *record, const char *text)
{
	const char *said = pv_json_text(record, "text");
	return said && strcmp(said, text) == 0;
}

/* Will the pending write make another post? Not with a key that made one, or is about to. */
static bool makes_one(const struct far *f, int i, const json_t *body)
{
	const struct loop_request request = {.head = f->late[i].head};
	const char *key = f->kind == FAR_BLUESKY ? pv_json_text(body, "rkey")
						 : loop_header(&request, "idempotency-key");
	if (f->kind == FAR_KEYLESS)
		return true;
	for (int k = 0; k < i; k++)
		if (strstr(f->kind == FAR_BLUESKY ? f->late[k].body : f->late[k].head, key))
			return false;
	if (f->kind == FAR_MASTODON)
		return !json_object_get(mastodon(f)->keys, key);
	const char *uri;
	json_t *record;
	json_object_foreach(bluesky(f)->records, uri, record)
	{
		if (strcmp(strrchr(uri, '/') + 1, key) == 0)
			return false;
	}
	return true;
}

static int pending(const struct far *f, const char *text)
{
	int n = 0;
	for (int i = 0; i < f->n_late; i++) {
		PV_JSON json_t *body = NULL;
		const char *bytes = f->late[i].body;
		assert_int_equal(pv_json_parse(bytes, strlen(bytes), &body, NULL), PV_OK);
		const char *status = pv_json_text(body, "status");
		bool says = (status && strcmp(status, text) == 0) ||
			    record_says(json_object_get(body, "record"), text);
		n += says && makes_one(f, i, body);
	}
	return n;
}

int far_copies(const struct far *f, const char *text)
{
	int n = pending(f, text);
	size_t i;
	json_t *item;
	const char *uri;
	if (f->kind == FAR_BLUESKY) {
		json_object_foreach(bluesky(f)->records, uri, item)
		{
			n += record_says(json_object_get(item, "value"), text);
		}
		return n;
	}
	json_array_foreach(mastodon(f)->statuses, i, item)
	{
		const json_t *sent = json_object_get(item, "x_sent");
		n += sent && strcmp(pv_json_text(sent, "status"), text) == 0;
	}
	return n;
}
