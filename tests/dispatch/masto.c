/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "masto.h"

#include "base/instant.h"
#include "base/json.h"
#include "desk/accounts.h"

#include <stdlib.h>
#include <string.h>

#define SERVER "https://masto.example"

static struct mastodon_api *other_side(const struct masto *m)
{
	return m->api->state;
}

/* The server's own time, which no wall clock of the desk's touches. */
static int64_t server_time(void *state)
{
	const struct masto *m = state;
	return PV_WORLD_START + m->at_us;
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

static void serve(struct masto *m, const struct loop_request *request, TALLOC_CTX *mem,
	struct pv_http_response *out)
{
	int status = 200;
	char date[PV_TIME_TEXT_SIZE];
	PV_JSON json_t *answer = m->api->serve(m->api, request, &status);
	struct pv_http_header *headers = talloc_array(mem, struct pv_http_header, 2);
	headers[0] = (struct pv_http_header){"content-type", "application/json"};
	pv_time_http(server_time(m), date);
	headers[1] = (struct pv_http_header){"date", talloc_strdup(mem, date)};
	*out = (struct pv_http_response){
		.outcome = PV_HTTP_ANSWERED,
		.status = status,
		.headers = headers,
		.n_headers = 2,
		.body = pv_json_dump(mem, answer),
		.final_url = SERVER "/",
	};
	out->body_size = strlen(out->body);
}

/* ---- writes ------------------------------------------------------------------------------------ */

static void take(struct masto *m, TALLOC_CTX *mem, const char *body, const char *key,
	struct pv_http_response *out)
{
	const struct loop_request request = {
		.method = "POST",
		.target = "/api/v1/statuses",
		.head = talloc_asprintf(
			mem, "authorization: Bearer masto-token\nidempotency-key: %s\n", key),
		.body = body,
		.body_size = strlen(body),
	};
	serve(m, &request, mem, out);
	if (!json_object_get(m->keys_at, key))
		json_object_set_new(m->keys_at, key, json_integer(m->at_us));
}

static void forget_keys(struct masto *m)
{
	const char *key;
	json_t *at;
	void *next;
	json_object_foreach_safe(m->keys_at, next, key, at)
	{
		if (m->at_us - json_integer_value(at) < MASTO_KEYS_S * PV_SECOND_US)
			continue;
		json_object_del(other_side(m)->keys, key);
		json_object_del(m->keys_at, key);
	}
}

/* What it was still at work on is done, at its time; then it is now. */
static void catch_up(struct masto *m, TALLOC_CTX *mem)
{
	int64_t now_us = pv_env_monotonic_us(m->press->env);
	for (int i = 0; i < m->n_late;) {
		struct pv_http_response lost;
		if (m->late[i].at_us > now_us) {
			i++;
			continue;
		}
		m->at_us = m->late[i].at_us;
		take(m, mem, m->late[i].body, m->late[i].key, &lost);
		m->late[i] = m->late[--m->n_late];
	}
	m->at_us = now_us;
	forget_keys(m);
}

static void write_status(struct masto *m, TALLOC_CTX *mem, const struct loop_request *request,
	struct pv_http_response *out)
{
	enum pv_press_mood mood = m->moods[m->n_writes++];
	char *body = talloc_strndup(m->press, request->body, request->body_size);
	char *key = talloc_strdup(m->press, loop_header(request, "idempotency-key"));
	if (m->on_write)
		m->on_write(m);
	if (mood == PRESS_TAKE || mood == PRESS_TAKE_SILENTLY)
		take(m, mem, body, key, out);
	if (mood == PRESS_TAKE_LATE) {
		assert_true(m->n_late < PRESS_LATE_MAX);
		m->late[m->n_late].body = body;
		m->late[m->n_late].key = key;
		m->late[m->n_late++].at_us = m->at_us + MASTO_LATE_S * PV_SECOND_US;
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
	struct masto *m = state;
	const struct loop_request request = {
		.method = asked->method,
		.target = asked->url + strlen(SERVER),
		.head = header_lines(mem, asked),
		.body = asked->body ? asked->body : "",
		.body_size = asked->body_size,
	};
	catch_up(m, mem);
	if (api_path(&request, "POST", "/api/v1/statuses")) {
		write_status(m, mem, &request, out);
		return;
	}
	if (m->on_find)
		m->on_find(m);
	serve(m, &request, mem, out);
	if (m->blind || m->closed) {
		out->status = m->closed ? 403 : 404;
		out->body = talloc_strdup(
			mem, m->closed ? "{\"error\":\"not allowed\"}" : "<h1>Gone</h1>");
		out->body_size = strlen(out->body);
	}
}

/* ---- outside ----------------------------------------------------------------------------------- */

static int end(struct masto *m)
{
	api_stop(m->api);
	json_decref(m->keys_at);
	return 0;
}

struct masto *masto_open(struct pv_press *p, bool honours_keys)
{
	struct pv_world *w = p->w;
	struct masto *m = talloc_zero(w->mem, struct masto);
	struct pv_account_row row;
	m->press = p;
	m->api = mastodon_api_make();
	m->keys_at = json_object();
	talloc_set_destructor(m, end);
	other_side(m)->ignores_keys = !honours_keys;
	other_side(m)->clock = server_time;
	other_side(m)->clock_state = m;
	p->other = exchange;
	p->other_state = m;
	struct pv_account_link link = {.name = "Coop",
		.handle = "@desk@masto.example",
		.server = SERVER,
		.remote_id = "7",
		.secrets = "{\"token\":\"masto-token\"}",
		.settings = honours_keys ? "{\"idempotent\":true}" : "{\"idempotent\":false}"};
	json_t *form = pv_form_of(
		w, talloc_asprintf(w->mem,
			   "{'organization':'%s','network':'mastodon','slug':'coop-masto',"
			   "'name':'Coop'}",
			   p->h->coop));
	assert_ok(pv_desk_account_add(p->desk, w->mem, &p->h->owner, form, &link, &row, &w->error),
		w);
	m->account = row.id;
	return m;
}

static bool says(const char *body, const char *text)
{
	PV_JSON json_t *read = NULL;
	return pv_json_parse(body, strlen(body), &read, NULL) == PV_OK &&
	       strcmp(pv_json_text(read, "status"), text) == 0;
}

/* Will the pending write make a status? Not with a key that made one, or is about to. */
static bool makes_one(const struct masto *m, int i)
{
	if (other_side(m)->ignores_keys)
		return true;
	for (int k = 0; k < i; k++)
		if (strcmp(m->late[k].key, m->late[i].key) == 0)
			return false;
	return !json_object_get(other_side(m)->keys, m->late[i].key);
}

int masto_copies(const struct masto *m, const char *text)
{
	int n = 0;
	size_t i;
	json_t *status;
	json_array_foreach(other_side(m)->statuses, i, status)
	{
		const json_t *sent = json_object_get(status, "x_sent");
		n += sent && strcmp(pv_json_text(sent, "status"), text) == 0;
	}
	for (int k = 0; k < m->n_late; k++)
		n += makes_one(m, k) && says(m->late[k].body, text);
	return n;
}
