/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "net/client.h"
#include "base/instant.h"
#include "base/mem.h"
#include "base/str.h"

#include "server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

/* ---- the world of a test ----------------------------------------------------------------------- */

struct world {
	struct pv_env *env;
	struct pv_net_client *client;
	struct loop_server *server;
	struct loop_answer answer; /* to every request but those of `answer_by_target` */
	unsigned writes;           /* requests that are not GET or HEAD */
	char seen[4096];           /* method, target, head and body of the last one */
};

/* Targets that redirect; all others get the world's answer. */
static void answer(void *state, const struct loop_request *request, struct loop_answer *out)
{
	struct world *w = state;
	static char headers[512];
	snprintf(w->seen, sizeof w->seen, "%s %s\n%s%s", request->method, request->target,
		request->head, request->body);
	if (strcmp(request->method, "GET") != 0 && strcmp(request->method, "HEAD") != 0)
		w->writes++;
	int status = 302;
	const char *to = NULL;
	if (sscanf(request->target, "/to-%d", &status) == 1)
		to = strchr(request->target + 1, '/') + 1;
	else if (strcmp(request->target, "/loop") == 0)
		to = "/loop";
	if (!to) {
		*out = w->answer;
		return;
	}
	snprintf(headers, sizeof headers, "Location: %s\r\n", to);
	*out = (struct loop_answer){.status = status, .headers = headers};
}

static int setup(void **state)
{
	struct world *w = talloc_zero(NULL, struct world);
	w->server = loop_server_start(answer, w);
	char *allow = talloc_asprintf(w, "127.0.0.1:%u", loop_server_port(w->server));
	const char *const list[] = {allow};
	assert_int_equal(pv_env_real(w, &w->env, NULL), PV_OK);
	assert_int_equal(
		pv_net_client_create(
			w, &(struct pv_net_options){.allow = list, .n_allow = 1}, &w->client, NULL),
		PV_OK);
	assert_int_equal(pv_net_client_attach(w->client, w->env, NULL), PV_OK);
	w->answer = (struct loop_answer){.body = "{\"ok\":true}"};
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;
	struct loop_server *server = w->server;
	talloc_free(w->client);
	loop_server_stop(server);
	talloc_free(w);
	return 0;
}

static enum pv_status ask(struct world *w, TALLOC_CTX *mem, struct pv_http_request request,
	struct pv_http_response *out, struct pv_error *error)
{
	if (!request.method)
		request.method = "GET";
	if (request.url[0] == '/')
		request.url = talloc_asprintf(mem, "%s%s", loop_server_url(w->server), request.url);
	return pv_env_http(w->env, mem, &request, out, error);
}

/* ---- outcomes ---------------------------------------------------------------------------------- */

static const struct {
	enum loop_fault fault;
	const char *name;
	bool answered;
} fault_cases[] = {
	{LOOP_FINE, "fine", true},
	{LOOP_RESET, "reset", false},
	{LOOP_CLOSE, "closed without a byte", false},
	{LOOP_SILENT, "silent until the time is over", false},
	{LOOP_LATE, "yes, after the time-out", false},
	{LOOP_HALF_HEAD, "half a header section", false},
	{LOOP_HALF_BODY, "half a body", false},
	{LOOP_RESET_BODY, "half a body, then reset", false},
	{LOOP_DRIP, "a byte every 20 ms", false},
	{LOOP_GARBAGE, "not HTTP", false},
	{LOOP_ENDLESS, "a body of 1 GiB", false},
	{LOOP_MANY_HEADERS, "header fields without end", false},
	{LOOP_BAD_CHUNK, "broken chunks", false},
};

static void test_faults(void **state)
{
	struct world *w = *state;
	for (size_t i = 0; i < PV_COUNT(fault_cases); i++) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		print_message("# %s\n", fault_cases[i].name);
		w->answer.fault = fault_cases[i].fault;
		w->answer.delay_ms = 1000;
		w->writes = 0;
		struct pv_http_response r = {0};
		assert_int_equal(ask(w, scope,
					 (struct pv_http_request){.method = "POST",
						 .url = "/write",
						 .body = "{\"text\":\"x\"}",
						 .body_size = 12,
						 .timeout_ms = 400,
						 .response_limit = 1 << 20},
					 &r, NULL),
			PV_OK);
		/* it arrived, once, whatever became of the answer */
		assert_int_equal(w->writes, 1);
		assert_int_equal(
			r.outcome, fault_cases[i].answered ? PV_HTTP_ANSWERED : PV_HTTP_UNCERTAIN);
		assert_true(fault_cases[i].answered || (r.reason && !r.status));
		assert_non_null(r.final_url);
	}
}

/* The request is cut at each of its first bytes: some of it left, so nobody can be sure. */
static void test_reset_at_every_byte(void **state)
{
	struct world *w = *state;
	for (long bytes = 1; bytes < 90; bytes += 7) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		loop_server_reset_at(w->server, bytes);
		struct pv_http_response r = {0};
		assert_int_equal(ask(w, scope,
					 (struct pv_http_request){.method = "POST",
						 .url = "/write",
						 .body = "x",
						 .body_size = 1},
					 &r, NULL),
			PV_OK);
		assert_int_equal(r.outcome, PV_HTTP_UNCERTAIN);
	}
	assert_int_equal(w->writes, 0);
	loop_server_reset_at(w->server, -1);
}

static void test_not_sent(void **state)
{
	struct world *w = *state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	const char *const urls[] = {
		talloc_asprintf(scope, "http://127.0.0.1:%u/", loop_closed_port()),
		"http://no-such-host.invalid/",
		/* TLS with a server that does not speak it */
		talloc_asprintf(scope, "https://127.0.0.1:%u/", loop_server_port(w->server)),
	};
	loop_server_reset_at(w->server, 20);
	for (size_t i = 0; i < PV_COUNT(urls); i++) {
		print_message("# %s\n", urls[i]);
		struct pv_http_response r = {0};
		assert_int_equal(ask(w, scope,
					 (struct pv_http_request){.method = "POST",
						 .url = urls[i],
						 .body = "x",
						 .body_size = 1,
						 .timeout_ms = 3000},
					 &r, NULL),
			PV_OK);
		assert_int_equal(r.outcome, PV_HTTP_NOT_SENT);
		assert_non_null(r.reason);
	}
	loop_server_reset_at(w->server, -1);
}

/*
 * curl repeats a request whose kept connection died before the first byte of the answer. A write
 * must not be repeated: it arrived.
 */
static void test_kept_connection_dies(void **state)
{
	struct world *w = *state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_http_response r = {0};
	for (int i = 0; i < 5; i++) {
		assert_int_equal(
			ask(w, scope, (struct pv_http_request){.url = "/"}, &r, NULL), PV_OK);
		assert_int_equal(r.outcome, PV_HTTP_ANSWERED);
	}
	assert_int_equal(loop_server_connections(w->server), 1); /* kept */
	w->answer.fault = LOOP_CLOSE;
	static const char *const methods[] = {"POST", "PUT", "DELETE", "PATCH"};
	for (size_t i = 0; i < PV_COUNT(methods); i++) {
		assert_int_equal(
			ask(w, scope, (struct pv_http_request){.method = methods[i], .url = "/"},
				&r, NULL),
			PV_OK);
		assert_int_equal(r.outcome, PV_HTTP_UNCERTAIN);
		assert_int_equal(w->writes, i + 1);
	}
}

/* ---- what is sent and what comes back ---------------------------------------------------------- */

static void test_exchange(void **state)
{
	struct world *w = *state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	w->answer = (struct loop_answer){.status = 422,
		.headers = "X-Two: a\r\nX-Two: b\r\nX-Empty:\r\n",
		.body = "a\0b",
		.body_size = 3};
	static const struct pv_http_header headers[] = {
		{"Content-Type", "application/json"}, {"X-None", ""}};
	struct pv_http_response r = {0};
	assert_int_equal(ask(w, scope,
				 (struct pv_http_request){.method = "PUT",
					 .url = "/a?b#c",
					 .headers = headers,
					 .n_headers = 2,
					 .body = "{}",
					 .body_size = 2},
				 &r, NULL),
		PV_OK);
	assert_int_equal(r.status, 422);
	assert_int_equal(r.body_size, 3);
	assert_memory_equal(r.body, "a\0b", 4);
	assert_string_equal(pv_http_header(&r, "x-two"), "a");
	assert_string_equal(pv_http_header(&r, "x-empty"), "");
	assert_non_null(strstr(w->seen, "PUT /a?b\n"));
	assert_non_null(strstr(w->seen, "\ncontent-type: application/json\n"));
	assert_non_null(strstr(w->seen, "\nx-none:"));
	assert_non_null(strstr(w->seen, "\nuser-agent: Portevoix/" PV_VERSION "\n"));
	assert_null(strstr(w->seen, "\nexpect:"));
	assert_non_null(strstr(w->seen, "\n{}"));
}

static void test_no_content(void **state)
{
	struct world *w = *state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	w->answer = (struct loop_answer){.status = 204};
	struct pv_http_response r = {0};
	assert_int_equal(
		ask(w, scope, (struct pv_http_request){.method = "DELETE", .url = "/"}, &r, NULL),
		PV_OK);
	assert_int_equal(r.outcome, PV_HTTP_ANSWERED);
	assert_int_equal(r.status, 204);
	assert_string_equal(r.body, "");
}

/* Over a megabyte curl would ask "Expect: 100-continue" first, and repeat after a 417. */
static void test_large_body(void **state)
{
	struct world *w = *state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	size_t size = 3 << 20;
	char *body = talloc_zero_size(scope, size);
	w->answer = (struct loop_answer){.status = 417};
	struct pv_http_response r = {0};
	assert_int_equal(
		ask(w, scope,
			(struct pv_http_request){
				.method = "POST", .url = "/", .body = body, .body_size = size},
			&r, NULL),
		PV_OK);
	assert_int_equal(r.status, 417);
	assert_int_equal(w->writes, 1);
}

static void test_cut(void **state)
{
	struct world *w = *state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	w->answer.fault = LOOP_ENDLESS;
	struct pv_http_response r = {0};
	struct pv_http_request request = {.url = "/", .response_limit = 1000, .cut = true};
	assert_int_equal(ask(w, scope, request, &r, NULL), PV_OK);
	assert_int_equal(r.outcome, PV_HTTP_ANSWERED);
	assert_true(r.cut);
	assert_int_equal(r.body_size, 1000);
	request.cut = false;
	assert_int_equal(ask(w, scope, request, &r, NULL), PV_OK);
	assert_int_equal(r.outcome, PV_HTTP_UNCERTAIN);
	assert_true(r.cut);
}

static void test_bad_requests(void **state)
{
	struct world *w = *state;
	static const struct pv_http_header split = {"X-A", "b\r\nX-C: d"}, name = {"X A", "b"};
	static const struct pv_http_request requests[] = {
		{.method = "GE T", .url = "/"},
		{.method = "", .url = "/"},
		{.url = "/", .headers = &split, .n_headers = 1},
		{.url = "/", .headers = &name, .n_headers = 1},
		{.url = "ftp://127.0.0.1/"},
		{.url = "file:///etc/passwd"},
		{.url = "http://u:p@127.0.0.1/"},
		{.url = "http:// /"},
	};
	for (size_t i = 0; i < PV_COUNT(requests); i++) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		struct pv_error error = PV_ERROR_IN(scope);
		struct pv_http_response r = {0};
		assert_int_equal(ask(w, scope, requests[i], &r, &error), PV_INVALID);
		assert_non_null(error.words.fr);
	}
	assert_int_equal(loop_server_requests(w->server), 0);
}

/* ---- redirects --------------------------------------------------------------------------------- */

static void test_redirects(void **state)
{
	struct world *w = *state;
	static const struct {
		const char *method, *url;
		unsigned most;
		int status;
		const char *final; /* end of final_url */
	} cases[] = {
		{"GET", "/to-302//end", 5, 200, "/end"},
		{"GET", "/to-308//end", 5, 200, "/end"},
		{"HEAD", "/to-301//end", 5, 200, "/end"},
		{"GET", "/to-302//to-303//to-307//end", 5, 200, "/end"},
		{"GET", "/to-302//to-302//end", 1, 302, "/to-302//end"},
		{"GET", "/to-302//end", 0, 302, "/to-302//end"},
		{"GET", "/to-304//end", 5, 304, "/to-304//end"},
		{"GET", "/to-302/ftp://a/", 5, 302, "/to-302/ftp://a/"},
		{"GET", "/loop", 5, 302, "/loop"},
		/* a write is never sent on */
		{"POST", "/to-307//end", 5, 307, "/to-307//end"},
		{"DELETE", "/to-302//end", 5, 302, "/to-302//end"},
	};
	for (size_t i = 0; i < PV_COUNT(cases); i++) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		print_message("# %s %s\n", cases[i].method, cases[i].url);
		struct pv_http_response r = {0};
		assert_int_equal(ask(w, scope,
					 (struct pv_http_request){.method = cases[i].method,
						 .url = cases[i].url,
						 .max_redirects = cases[i].most,
						 .guarded = true},
					 &r, NULL),
			PV_OK);
		assert_int_equal(r.status, cases[i].status);
		size_t whole = strlen(r.final_url), end = strlen(cases[i].final);
		assert_true(whole >= end);
		assert_string_equal(r.final_url + whole - end, cases[i].final);
	}
}

static void test_credentials_stay(void **state)
{
	struct world *w = *state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	static const struct pv_http_header headers[] = {
		{"Authorization", "Bearer secret"}, {"Cookie", "a=b"}, {"Accept", "text/html"}};
	struct world other = {.answer = {.body = "there"}};
	other.server = loop_server_start(answer, &other);
	struct pv_http_response r = {0};
	struct pv_http_request request = {
		.url = "/to-302//end", .headers = headers, .n_headers = 3, .max_redirects = 5};
	assert_int_equal(ask(w, scope, request, &r, NULL), PV_OK);
	assert_non_null(strstr(w->seen, "authorization: Bearer secret")); /* the same origin */
	request.url = talloc_asprintf(scope, "/to-302/%s/x", loop_server_url(other.server));
	assert_int_equal(ask(w, scope, request, &r, NULL), PV_OK);
	assert_string_equal(r.body, "there");
	assert_null(strstr(other.seen, "secret"));
	assert_null(strstr(other.seen, "cookie"));
	assert_non_null(strstr(other.seen, "accept: text/html"));
	/* and they do not come back by way of another host */
	request.url = talloc_asprintf(scope, "/to-302/%s/to-302/%s/end",
		loop_server_url(other.server), loop_server_url(w->server));
	assert_int_equal(ask(w, scope, request, &r, NULL), PV_OK);
	assert_null(strstr(w->seen, "secret"));
	loop_server_stop(other.server);
}

/* ---- the guard --------------------------------------------------------------------------------- */

static void test_guarded(void **state)
{
	struct world *w = *state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct world other = {0};
	other.server = loop_server_start(answer, &other);
	unsigned port = loop_server_port(other.server);
	const char *const urls[] = {
		talloc_asprintf(scope, "http://127.0.0.1:%u/", port),
		/* a name that resolves to this machine: seen at connect() only */
		talloc_asprintf(scope, "http://localhost:%u/", port),
		talloc_asprintf(scope, "http://localhost:%u/", loop_server_port(w->server)),
		talloc_asprintf(scope, "http://2130706433:%u/", port),
		"http://169.254.169.254/latest/meta-data/",
		"/to-302/http://169.254.169.254/latest/meta-data/",
		talloc_asprintf(scope, "/to-302/http://localhost:%u/", port),
	};
	/* an unguarded request leaves a kept connection behind that a guarded one may not use */
	struct pv_http_response r = {0};
	struct pv_http_request plain = {.url = urls[1]};
	assert_int_equal(ask(w, scope, plain, &r, NULL), PV_OK);
	assert_int_equal(r.outcome, PV_HTTP_ANSWERED);
	for (size_t i = 0; i < PV_COUNT(urls); i++) {
		struct pv_error error = PV_ERROR_IN(scope);
		print_message("# %s\n", urls[i]);
		struct pv_http_request request = {
			.url = urls[i], .max_redirects = 5, .guarded = true, .timeout_ms = 2000};
		assert_int_equal(ask(w, scope, request, &r, &error), PV_INVALID);
		assert_non_null(error.words.fr);
		print_message("#   %s\n#   %s\n", error.words.fr, error.words.en);
	}
	assert_int_equal(loop_server_requests(other.server), 1);
	loop_server_stop(other.server);
	/* the administrator's pair is let through */
	assert_int_equal(
		ask(w, scope, (struct pv_http_request){.url = "/", .guarded = true}, &r, NULL),
		PV_OK);
	assert_int_equal(r.status, 200);
}

/* ---- threads ----------------------------------------------------------------------------------- */

enum { THREADS = 8, EACH = 50 };

static void *many(void *state)
{
	struct world *w = state;
	intptr_t good = 0;
	for (int i = 0; i < EACH; i++) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		struct pv_http_response r = {0};
		if (ask(w, scope,
			    (struct pv_http_request){.method = i % 2 ? "GET" : "POST", .url = "/"},
			    &r, NULL) == PV_OK &&
			r.status == 200)
			good++;
	}
	return (void *)good;
}

static void test_threads(void **state)
{
	struct world *w = *state;
	pthread_t threads[THREADS];
	intptr_t good = 0;
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, many, w), 0);
	for (int i = 0; i < THREADS; i++) {
		void *part;
		pthread_join(threads[i], &part);
		good += (intptr_t)part;
	}
	assert_int_equal(good, THREADS * EACH);
	assert_int_equal(w->writes, THREADS * EACH / 2);
}

static void *one_silent(void *state)
{
	struct world *w = state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_http_response r = {0};
	enum pv_status status = ask(w, scope,
		(struct pv_http_request){.method = "POST", .url = "/", .timeout_ms = 60000}, &r,
		NULL);
	return (void *)(intptr_t)(status == PV_OK && r.outcome == PV_HTTP_UNCERTAIN);
}

static void test_stop(void **state)
{
	struct world *w = *state;
	w->answer.fault = LOOP_SILENT;
	pthread_t threads[THREADS];
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, one_silent, w), 0);
	while (loop_server_requests(w->server) < THREADS)
		pv_env_sleep_us(w->env, 1000);
	int64_t from_us = pv_env_monotonic_us(w->env);
	pv_net_client_stop(w->client);
	for (int i = 0; i < THREADS; i++) {
		void *good;
		pthread_join(threads[i], &good);
		assert_true((intptr_t)good);
	}
	assert_true(pv_env_monotonic_us(w->env) - from_us < PV_SECOND_US / 2);
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_http_response r = {0};
	assert_int_equal(ask(w, scope, (struct pv_http_request){.url = "/"}, &r, NULL), PV_OK);
	assert_int_equal(r.outcome, PV_HTTP_NOT_SENT);
}

static void test_attach_refuses_simulated(void **state)
{
	struct world *w = *state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_env *env;
	assert_int_equal(pv_env_sim(scope, 1, 0, NULL, NULL, &env, NULL), PV_OK);
	assert_int_equal(pv_net_client_attach(w->client, env, NULL), PV_INTERNAL);
}

#define WORLD_TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(test_faults),
		WORLD_TEST(test_reset_at_every_byte),
		WORLD_TEST(test_not_sent),
		WORLD_TEST(test_kept_connection_dies),
		WORLD_TEST(test_exchange),
		WORLD_TEST(test_no_content),
		WORLD_TEST(test_large_body),
		WORLD_TEST(test_cut),
		WORLD_TEST(test_bad_requests),
		WORLD_TEST(test_redirects),
		WORLD_TEST(test_credentials_stay),
		WORLD_TEST(test_guarded),
		WORLD_TEST(test_threads),
		WORLD_TEST(test_stop),
		WORLD_TEST(test_attach_refuses_simulated),
	};
	return cmocka_run_group_tests_name("client", tests, NULL, NULL);
}
