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

static const char by_marc[] = "<title>Un billet</title><meta name=author content=Marc>"
			      "<link rel=author href='/marc'><p>Bonjour";

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
		out->fault = LOOP_ENDLESS;
	else if (strcmp(at, "/endless-page") == 0)
		*out = (struct loop_answer){.body = by_marc, .fault = LOOP_ENDLESS};
	else if (strcmp(at, "/stalls") == 0)
		*out = (struct loop_answer){.body = by_marc, .fault = LOOP_STALL};
	else if (strcmp(at, "/breaks") == 0)
		*out = (struct loop_answer){
			.type = "text/html", .body = by_marc, .fault = LOOP_RESET_BODY};
	else if (strcmp(at, "/moves") == 0)
		out->body = "<meta http-equiv=Refresh content=\"0;URL='/chain/1'\">";
	else if (strcmp(at, "/moves-slowly") == 0)
		out->body = "<meta http-equiv=refresh content='300'>"
			    "<meta http-equiv=refresh content='60; url=/chain/0'>";
	else if (strcmp(at, "/moves-in-a-field") == 0)
		out->headers = "Refresh: 1; url=/chain/0\r\n";
	else if (strcmp(at, "/turns") == 0)
		out->body = "<meta http-equiv=refresh content='0; url=/turns'>";
	else if (strcmp(at, "/plainer") == 0)
		out->body =
			"<noscript><meta http-equiv=refresh content='0; url=/noscript'></noscript>";
	else if (strcmp(at, "/moves-inside") == 0)
		out->body = "<meta http-equiv=refresh content='0; url=http://169.254.169.254/x'>";
	else if (strcmp(at, "/copy") == 0)
		out->body = "<link rel=canonical href='http://169.254.169.254/latest/meta-data/'>";
	else if (strcmp(at, "/by") == 0)
		out->body = by_marc;
	else if (strcmp(at, "/data") == 0)
		*out = (struct loop_answer){.body = by_marc}; /* JSON, it says */
	else if (strcmp(at, "/closed") == 0)
		*out = (struct loop_answer){.status = 403, .type = "text/html", .body = by_marc};
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
	{"/endless-page", PV_NET_LINK_PAGE, "/endless-page", 0},
	{"/stalls", PV_NET_LINK_PAGE, "/stalls", 0},
	{"/breaks", PV_NET_LINK_PAGE, "/breaks", 0},
	{"/moves", PV_NET_LINK_PAGE, "/chain/0", 2},
	{"/moves-slowly", PV_NET_LINK_PAGE, "/moves-slowly", 0},
	{"/moves-in-a-field", PV_NET_LINK_PAGE, "/chain/0", 1},
	{"/turns", PV_NET_LINK_LOOP, "/turns", 0},
	{"/plainer", PV_NET_LINK_PAGE, "/plainer", 0},
	{"/moves-inside", PV_NET_LINK_GUARDED, NULL, 1},
	{"/copy", PV_NET_LINK_PAGE, "/copy", 0},
	{"/closed", PV_NET_LINK_PAGE, "/closed", 0},
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

/* What the page at the end says of itself is read, whole or not; a canonical address is not asked. */
static void test_pages(void **state)
{
	static const struct {
		const char *from, *author, *url, *canonical; /* author NULL: no page is read */
	} pages[] = {
		{"/by", "Marc", "/marc", ""},
		{"/endless-page", "Marc", "/marc", ""},
		{"/stalls", "Marc", "/marc", ""},
		{"/chain/0", "", "", ""},
		{"/copy", "", "", "http://169.254.169.254/latest/meta-data/"},
		{"/data", NULL, NULL, NULL},
		{"/closed", NULL, NULL, NULL},
		{"/status/404", NULL, NULL, NULL},
		{"/loop", NULL, NULL, NULL},
	};
	struct world *w = *state;
	for (size_t i = 0; i < PV_COUNT(pages); i++) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		const char *base = loop_server_url(w->server);
		struct pv_net_link link = {0};
		print_message("# %s\n", pages[i].from);
		assert_int_equal(pv_net_link_unwrap(w->env, scope,
					 talloc_asprintf(scope, "%s%s", base, pages[i].from), 1000,
					 &link, NULL),
			PV_OK);
		assert_int_equal(link.page != NULL, pages[i].author != NULL);
		if (!link.page)
			continue;
		assert_string_equal(link.page->canonical, pages[i].canonical);
		assert_int_equal(link.page->n_authors, *pages[i].author ? 2 : 0);
		if (!link.page->n_authors)
			continue;
		assert_string_equal(link.page->authors[0].name, pages[i].author);
		assert_string_equal(link.page->authors[1].urls[0],
			talloc_asprintf(scope, "%s%s", base, pages[i].url));
	}
}

/* An address inside another is gone to without asking the one around it. */
static void test_wrapped(void **state)
{
	struct world *w = *state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_net_link link = {0};
	const char *text = talloc_asprintf(scope,
		"https://l.facebook.com/l.php?h=x&u=http%%3A%%2F%%2F127.0.0.1%%3A%u%%2Fchain%%2F1",
		loop_server_port(w->server));
	w->heads = w->gets = 0;
	assert_int_equal(pv_net_link_unwrap(w->env, scope, text, 1000, &link, NULL), PV_OK);
	assert_int_equal(link.end, PV_NET_LINK_PAGE);
	assert_int_equal(link.steps, 2);
	assert_int_equal(w->gets, 2);
	/* and what is inside passes the guard as well */
	assert_int_equal(
		pv_net_link_unwrap(w->env, scope,
			"https://x.cdn.ampproject.org/c/169.254.169.254/latest", 1000, &link, NULL),
		PV_OK);
	assert_int_equal(link.end, PV_NET_LINK_GUARDED);
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
		cmocka_unit_test(test_pages),
		cmocka_unit_test(test_wrapped),
		cmocka_unit_test(test_bad_link),
		cmocka_unit_test(test_guarded_from_the_start),
	};
	return cmocka_run_group_tests_name("link", tests, setup, teardown);
}
