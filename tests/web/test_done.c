/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What is asked is done once and told truly, whatever the disk does: each request is made while the
 * Nth operation of the disk fails (reading too: a verb may be done and its outcome unreadable), then
 * made again under the same Idempotency-Key once the disk works. "Nothing was done" means nothing
 * was done; nothing is done twice.
 */
#include "fault_vfs.h"
#include "press.h"

#include "desk/identity.h"
#include "web/house.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

struct room {
	struct pv_world *w;
	struct pv_press *press;
	struct pv_web *web;
	const char *bearer;
};

static struct room *open_room(struct pv_world *w)
{
	struct room *room = talloc_zero(w->mem, struct room);
	const struct pv_web_options options = {.any_host = true};
	struct pv_token_row token;
	const char *secret = NULL;
	room->w = w;
	room->press = pv_press_build(w);
	json_t *form = pv_form_of(w, "{'name':'essai','scopes':['read','write']}");
	assert_ok(pv_desk_token_add(room->press->desk, w->mem, &room->press->h->owner, form, &token,
			  &secret, &w->error),
		w);
	room->bearer = talloc_asprintf(w->mem, "Bearer %s", secret);
	assert_ok(pv_web_listen(w->mem, room->press->desk, &options, &room->web, &w->error), w);
	return room;
}

/* This thread's connection ends with the room; a fresh one is opened by the next request. */
static void leave_desk(struct room *room)
{
	talloc_free(pthread_getspecific(room->web->desk_key));
	pthread_setspecific(room->web->desk_key, NULL);
}

static void close_room(struct room *room)
{
	leave_desk(room);
	pv_web_stop(room->web);
}

struct answer {
	int status;
	const char *body;
	bool again; /* kept from the first time */
};

static struct answer ask(struct room *room, const char *path, const char *body, const char *key)
{
	struct pv_web_request *request = talloc_zero(room->w->mem, struct pv_web_request);
	const struct pv_web_pair headers[] = {{"Authorization", room->bearer},
		{"Content-Type", "application/json"}, {"Idempotency-Key", key}};
	struct pv_web_response response = {0};
	struct pv_web_plan plan;
	*request = (struct pv_web_request){
		.mem = request,
		.method = PV_WEB_POST,
		.address_sent = path,
		.path = path,
		.n_headers = key ? 3 : 2,
		.body = body,
		.body_size = strlen(body),
		.address = "127.0.0.1",
	};
	memcpy(request->headers, headers, sizeof headers);
	pv_web_admit(room->web, request, &plan);
	pv_web_respond(room->web, request, &plan, false, &response);
	struct answer answer = {
		.status = response.status, .body = response.body ? response.body : ""};
	for (size_t i = 0; i < response.n_headers; i++)
		answer.again |= strcmp(response.headers[i].name, "Idempotency-Replayed") == 0;
	return answer;
}

static const struct deed {
	const char *path;
	const char *body; /* ' for ", # for the number of the try */
	const char *count;
	bool reads_back; /* after its commit, for its answer */
} deeds[] = {
	{"/api/v1/posts", "{'variants':[{'account':'coop-fake','text':'Bonjour #.'}]}",
		"SELECT COUNT(*) FROM variant", true},
	{"/api/v1/interests", "{'names':['Pain #'],'relation':'author','domains':['p#.example']}",
		"SELECT COUNT(*) FROM interest", true},
	{"/api/v1/organizations", "{'name':'Maison #','slug':'maison-#'}",
		"SELECT COUNT(*) FROM organization", true},
	{"/api/v1/me/tokens", "{'name':'#','scopes':['read']}", "SELECT COUNT(*) FROM token"},
	{"/api/v1/organizations/coop/people",
		"{'name':'N #','login':'n#@x.example','role':'editor'}",
		"SELECT COUNT(*) FROM person"},
};

static int64_t how_many(struct room *room, const char *sql)
{
	PV_ROWS struct pv_rows *rows = NULL;
	assert_ok(pv_db_first(room->w->db, sql, PV_NO_PARAMS, &rows, &room->w->error), room->w);
	return pv_row_int(rows, 0);
}

static const char *body_of(struct room *room, const struct deed *deed, int nth)
{
	char *text = talloc_strdup(room->w->mem, "");
	for (const char *c = deed->body; *c; c++)
		text = *c == '#' ? talloc_asprintf_append(text, "%d", nth)
				 : talloc_asprintf_append(text, "%c", *c == '\'' ? '"' : *c);
	return text;
}

struct seen {
	bool happened; /* the disk did fail */
	int64_t done;  /* by the first request */
	struct answer first;
};

static struct seen try_once(
	struct room *room, const struct deed *deed, const char *body, const char *key, int nth)
{
	struct seen seen = {0};
	int64_t before = how_many(room, deed->count);
	ask(room, "/api/v1/policy-check", "{\"text\":\"\"}", NULL); /* the connection is open */
	pv_fault_reads_too(true);
	pv_fault_set(nth, SQLITE_IOERR_WRITE, true);
	seen.first = ask(room, deed->path, body, key);
	seen.happened = pv_fault_happened();
	pv_fault_set(0, 0, false);
	pv_fault_reads_too(false);
	leave_desk(room);
	seen.done = how_many(room, deed->count) - before;
	return seen;
}

/* True when it was done and its outcome could not be read. */
static bool once_told_truly(struct room *room, const struct deed *deed, int nth, bool *more)
{
	const char *body = body_of(room, deed, nth);
	const char *key = talloc_asprintf(room->w->mem, "key %d", nth);
	int64_t before = how_many(room, deed->count);
	struct seen seen = try_once(room, deed, body, key, nth);
	*more = seen.happened;
	bool yes = seen.first.status == 201, unread = seen.first.status == 409;
	if (!yes && !unread && seen.first.status != 503)
		fail_msg("%s, operation %d: %d %s", deed->path, nth, seen.first.status,
			seen.first.body);
	if (seen.done != (yes || unread) && !strstr(seen.first.body, "uncertain"))
		fail_msg("%s, operation %d: %d, and %d done", deed->path, nth, seen.first.status,
			(int)seen.done);
	struct answer second = ask(room, deed->path, body, key);
	int64_t done = how_many(room, deed->count) - before;
	if (done > 1 || (second.status == 201 && done != 1))
		fail_msg("%s, operation %d: %d, then %d, and %d done", deed->path, nth,
			seen.first.status, second.status, (int)done);
	assert_true(second.status == 201 || second.status == 409);
	return unread;
}

static void test_done_once(struct pv_world *w)
{
	struct room *room = open_room(w);
	for (size_t i = 0; i < PV_COUNT(deeds); i++) {
		int unread = 0, nth = 1;
		for (bool more = true; more; nth++)
			unread += once_told_truly(room, &deeds[i], nth, &more);
		/* what this is about did come up */
		if ((unread > 0) != deeds[i].reads_back)
			fail_msg("%s: %d times unread, in %d operations", deeds[i].path, unread,
				nth);
	}
	close_room(room);
}

int main(void)
{
	pv_fault_install();
	const struct CMUnitTest tests[] = {
		PV_ON_SQLITE(test_done_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
