/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "net/link.h"
#include "net/client.h"
#include "base/mem.h"

#include "server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

struct world {
	struct pv_env *env;
	struct pv_net_client *client;
	struct loop_server *server;
	unsigned heads, gets;
};

static void redirect(struct loop_answer *out, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
static void redirect(struct loop_answer *out, const char *format, ...)
{
	static char headers[512];
	va_list arguments;
	va_start(arguments, format);
	int size = snprintf(headers, sizeof headers, "Location: ");
	size += vsnprintf(headers + size, sizeof headers - (size_t)size, format, arguments);
	va_end(arguments);
	snprintf(headers + size, sizeof headers - (size_t)size, "\r\n");
	*out = (struct loop_answer){.status = 301, .headers = headers};
}

static void answer(void *state, const struct loop_request *request, struct loop_answer *out)
{
	struct world *w = state;
	const char *at = request->target;
	bool head = strcmp(request->method, "HEAD") == 0;
	int step, status;
	*(head ? &w->heads : &w->gets) += 1;
	*out = (struct loop_answer){.type = "text/html", .body = "<p>A page"};
	if (sscanf(at, "/chain/%d", &step) == 1 && step > 0)
		redirect(out, "/chain/%d", step - 1);
	else if (sscanf(at, "/status/%d", &status) == 1)
		out->status = status;
	else if (strcmp(at, "/loop") == 0)
		redirect(out, "/loop2");
	else if (strcmp(at, "/loop2") == 0)
		redirect(out, "/loop");
	else if (strcmp(at, "/self") == 0)
		redirect(out, "/self");
	else if (strcmp(at, "/metadata") == 0)
		redirect(out, "http://169.254.169.254/latest/");
	else if (strcmp(at, "/inside") == 0)
		redirect(out, "http://localhost:%u/", loop_server_port(w->server));
	else if (strcmp(at, "/nowhere") == 0)
		redirect(out, "gopher://a/");
	else if (strcmp(at, "/no-location") == 0)
		*out = (struct loop_answer){.status = 302};
	else if (strcmp(at, "/no-head") == 0)
		out->status = head ? 405 : 200;
	else if (strcmp(at, "/head-lies") == 0 && head)
		out->status = 404;
	else if (strcmp(at, "/head-closes") == 0 && head)
		out->fault = LOOP_CLOSE;
	else if (strcmp(at, "/get-redirects") == 0 && head)
		out->status = 403;
	else if (strcmp(at, "/get-redirects") == 0)
		redirect(out, "/chain/0");
	else if (strcmp(at, "/endless") == 0)
		*out = (struct loop_answer){
			.status = head ? 405 : 200, .fault = head ? LOOP_FINE : LOOP_ENDLESS};
	else if (strcmp(at, "/silent") == 0)
		out->fault = LOOP_SILENT;
}

static int setup(void **state)
{
	struct world *w = talloc_zero(NULL, struct world);
	w->server = loop_server_start(answer, w);
	const char *const allow[] = {
		talloc_asprintf(w, "127.0.0.1:%u", loop_server_port(w->server))};
	assert_int_equal(pv_env_real(w, &w->env, NULL), PV_OK);
	assert_int_equal(
		pv_net_client_create(w, &(struct pv_net_options){.allow = allow, .n_allow = 1},
			&w->client, NULL),
		PV_OK);
	assert_int_equal(pv_net_client_attach(w->client, w->env, NULL), PV_OK);
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;
	loop_server_stop(w->server);
	talloc_free(w);
	return 0;
}

static const struct {
	const char *from;
	enum pv_net_link_end end;
	const char *final; /* its path; NULL: not looked at */
	unsigned steps;
} cases[] = {
	{"/chain/0", PV_NET_LINK_PAGE, "/chain/0", 0},
	{"/chain/1", PV_NET_LINK_PAGE, "/chain/0", 1},
	{"/chain/10", PV_NET_LINK_PAGE, "/chain/0", 10},
	{"/chain/11", PV_NET_LINK_TOO_LONG, "/chain/1", 10},
	{"/loop", PV_NET_LINK_LOOP, "/loop2", 1},
	{"/self", PV_NET_LINK_LOOP, "/self", 0},
	{"/metadata", PV_NET_LINK_GUARDED, NULL, 1},
	{"/inside", PV_NET_LINK_GUARDED, NULL, 1},
	{"/nowhere", PV_NET_LINK_ODD, "/nowhere", 0},
	{"/no-location", PV_NET_LINK_ODD, "/no-location", 0},
	{"/no-head", PV_NET_LINK_PAGE, "/no-head", 0},
	{"/head-lies", PV_NET_LINK_PAGE, "/head-lies", 0},
	{"/head-closes", PV_NET_LINK_PAGE, "/head-closes", 0},
	{"/get-redirects", PV_NET_LINK_PAGE, "/chain/0", 1},
	{"/endless", PV_NET_LINK_PAGE, "/endless", 0},
	{"/status/404", PV_NET_LINK_GONE, "/status/404", 0},
	{"/status/410", PV_NET_LINK_GONE, "/status/410", 0},
	{"/status/403", PV_NET_LINK_PAGE, "/status/403", 0},
	{"/status/500", PV_NET_LINK_ODD, "/status/500", 0},
	{"/silent", PV_NET_LINK_NO_ANSWER, "/silent", 0},
};

static void test_unwrap(void **state)
{
	struct world *w = *state;
	for (size_t i = 0; i < PV_COUNT(cases); i++) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		const char *base = loop_server_url(w->server);
		struct pv_net_link link = {0};
		print_message("# %s\n", cases[i].from);
		assert_int_equal(pv_net_link_unwrap(w->env, scope,
					 talloc_asprintf(scope, "%s%s", base, cases[i].from), 1000,
					 &link, NULL),
			PV_OK);
		assert_int_equal(link.end, cases[i].end);
		assert_int_equal(link.steps, cases[i].steps);
		assert_int_equal(link.known,
			cases[i].end == PV_NET_LINK_PAGE || cases[i].end == PV_NET_LINK_GONE);
		assert_true(link.end == PV_NET_LINK_PAGE || (*link.why.fr && *link.why.en));
		assert_string_equal(link.chain[link.steps], link.final_url);
		if (cases[i].final)
			assert_string_equal(link.final_url,
				talloc_asprintf(scope, "%s%s", base, cases[i].final));
	}
}

static void test_bad_link(void **state)
{
	struct world *w = *state;
	static const char *const links[] = {"", "exemple.fr", "ftp://a/", "http://a b/"};
	w->heads = w->gets = 0;
	for (size_t i = 0; i < PV_COUNT(links); i++) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		struct pv_net_link link;
		assert_int_equal(
			pv_net_link_unwrap(w->env, scope, links[i], 0, &link, NULL), PV_INVALID);
	}
	assert_int_equal(w->heads + w->gets, 0);
}

static void test_guarded_from_the_start(void **state)
{
	struct world *w = *state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_net_link link = {0};
	assert_int_equal(pv_net_link_unwrap(w->env, scope, "http://[::1]/", 0, &link, NULL), PV_OK);
	assert_int_equal(link.end, PV_NET_LINK_GUARDED);
	assert_false(link.known);
	print_message("# %s\n# %s\n", link.why.fr, link.why.en);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unwrap),
		cmocka_unit_test(test_bad_link),
		cmocka_unit_test(test_guarded_from_the_start),
	};
	return cmocka_run_group_tests_name("link", tests, setup, teardown);
}
