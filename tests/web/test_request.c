/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Addresses, queries, cookies, forms, headers and routes as strangers write them. */
#include "base/mem.h"
#include "web/request.h"
#include "web/route.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

static void *case_scope(void)
{
	return pv_scope(NULL);
}

/* ---- addresses --------------------------------------------------------------------------------- */

static const struct {
	const char *address;
	enum pv_status status;
	const char *segments; /* joined by '|' */
	const char *query;    /* name=value joined by '|' */
} addresses[] = {
	{"/", PV_OK, "", ""},
	{"/api/v1/posts", PV_OK, "api|v1|posts", ""},
	{"/api/v1/posts/", PV_OK, "api|v1|posts", ""}, /* a final slash adds nothing */
	{"//etc", PV_OK, "|etc", ""},     /* an empty segment is one, and fits no route */
	{"/a%2Fb/c", PV_OK, "a/b|c", ""}, /* an escaped slash is no separator */
	{"/%C3%A9t%C3%A9", PV_OK, "été", ""},
	{"/a?x=1&y=a+b&z=%26", PV_OK, "a", "x=1|y=a b|z=&"},
	{"/a?x&=y&&", PV_OK, "a", "x=|=y"},
	{"/a+b", PV_OK, "a+b", ""}, /* a plus is a space in queries only */
	{"/..", PV_OK, "..", ""},   /* names nothing: there are no folders behind */
	{"/a%00b", PV_INVALID, NULL, NULL},
	{"/%ff", PV_INVALID, NULL, NULL},
	{"/%c0%af", PV_INVALID, NULL, NULL}, /* overlong slash */
	{"/%zz", PV_INVALID, NULL, NULL},
	{"/%a", PV_INVALID, NULL, NULL},
	{"/a?x=%", PV_INVALID, NULL, NULL},
	{"a", PV_INVALID, NULL, NULL},
	{"", PV_INVALID, NULL, NULL},
	{"*", PV_INVALID, NULL, NULL},
	{"/1/2/3/4/5/6/7/8/9/10/11/12/13", PV_NOT_FOUND, NULL, NULL},
};

static void read_addresses(void **state)
{
	(void)state;
	for (size_t i = 0; i < PV_COUNT(addresses); i++) {
		PV_SCOPE TALLOC_CTX *mem = case_scope();
		struct pv_web_request request = {.mem = mem};
		struct pv_buf segments = PV_BUF(mem, 4096), query = PV_BUF(mem, 4096);
		struct pv_error error = PV_ERROR_IN(mem);
		enum pv_status status = pv_web_address_read(&request, addresses[i].address, &error);
		if (status != addresses[i].status)
			fail_msg("%s: %s", addresses[i].address, pv_status_name(status));
		if (status != PV_OK) {
			assert_true(*error.words.fr && *error.words.en);
			continue;
		}
		for (size_t k = 0; k < request.n_segments; k++)
			pv_buf_printf(&segments, "%s%s", k ? "|" : "", request.segments[k]);
		for (size_t k = 0; k < request.n_query; k++)
			pv_buf_printf(&query, "%s%s=%s", k ? "|" : "", request.query[k].name,
				request.query[k].value);
		assert_string_equal(pv_buf_end(&segments), addresses[i].segments);
		assert_string_equal(pv_buf_end(&query), addresses[i].query);
	}
}

static void limit_addresses(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *mem = case_scope();
	struct pv_web_request request = {.mem = mem};
	struct pv_buf long_one = PV_BUF(mem, 1 << 20), many = PV_BUF(mem, 1 << 20);
	pv_buf_char(&long_one, '/');
	for (int i = 0; i < PV_WEB_ADDRESS_MAX; i++)
		pv_buf_char(&long_one, 'a');
	assert_int_equal(pv_web_address_read(&request, pv_buf_end(&long_one), NULL), PV_TOO_LARGE);
	pv_buf_text(&many, "/?");
	for (int i = 0; i <= PV_WEB_PAIRS_MAX; i++)
		pv_buf_text(&many, "a=1&");
	assert_int_equal(pv_web_address_read(&request, pv_buf_end(&many), NULL), PV_TOO_LARGE);
}

/* ---- headers ----------------------------------------------------------------------------------- */

static const struct {
	const char *header, *value; /* of pv_session; NULL: none */
} cookies[] = {
	{"pv_session=abc", "abc"},
	{"a=1; pv_session=abc; b=2", "abc"},
	{"a=1;pv_session=abc", "abc"},
	{"  pv_session=abc  ", "abc"},
	{"pv_session=\"abc\"", "abc"},
	{"pv_session=a=b", "a=b"},
	{"pv_session=", ""},
	{"xpv_session=abc", NULL},
	{"pv_sessionx=abc", NULL},
	{"a=pv_session=abc", NULL},
	{"pv_session", NULL},
	{";;; ;", NULL},
	{"", NULL},
	{NULL, NULL},
};

static void read_cookies(void **state)
{
	(void)state;
	for (size_t i = 0; i < PV_COUNT(cookies); i++) {
		PV_SCOPE TALLOC_CTX *mem = case_scope();
		const char *value = pv_web_cookie(mem, cookies[i].header, "pv_session");
		if (!pv_streq(value, cookies[i].value))
			fail_msg("%s: %s", cookies[i].header, value ? value : "(none)");
	}
}

static const struct {
	const char *header;
	bool french;
} languages[] = {
	{"fr", true},
	{"fr-CA, en;q=0.9", true},
	{"en, fr", false},
	{"en;q=0.5, fr;q=0.8", true},
	{"en;q=0.8, fr;q=0.5", false},
	{"fr, en", true},
	{"FR", true},
	{"de, fr;q=0.3", true},
	{"fr;q=0, en", false},
	{"fr;q=0", false},
	{"frr", false}, /* North Frisian */
	{"*", false},
	{"", false},
	{NULL, false},
	{",,;q=;q=1,fr;;", true},
};

static void read_languages(void **state)
{
	(void)state;
	for (size_t i = 0; i < PV_COUNT(languages); i++)
		if (pv_web_wants_french(languages[i].header) != languages[i].french)
			fail_msg("%s", languages[i].header);
}

static const struct {
	const char *header;
	bool matches;
} etags[] = {
	{"\"abc\"", true},
	{"\"x\", \"abc\"", true},
	{"W/\"abc\"", true},
	{"*", true},
	{"\"abcd\"", false},
	{"abc", false},
	{"", false},
	{NULL, false},
	{"\"abc\" , ", true},
};

static void read_etags(void **state)
{
	(void)state;
	for (size_t i = 0; i < PV_COUNT(etags); i++)
		if (pv_web_etag_matches(etags[i].header, "\"abc\"") != etags[i].matches)
			fail_msg("%s", etags[i].header);
}

static void read_types(void **state)
{
	(void)state;
	assert_true(pv_web_type_is("application/json", "application/json"));
	assert_true(pv_web_type_is("Application/JSON; charset=utf-8", "application/json"));
	assert_true(pv_web_type_is("application/json ;x", "application/json"));
	assert_false(pv_web_type_is("application/jsonp", "application/json"));
	assert_false(pv_web_type_is("text/json", "application/json"));
	assert_false(pv_web_type_is(NULL, "application/json"));
}

/* ---- routes ------------------------------------------------------------------------------------ */

static enum pv_status nothing(struct pv_web_call *call, struct pv_error *error)
{
	(void)call;
	(void)error;
	return PV_OK;
}

static const struct pv_web_route some[] = {
	{PV_WEB_GET, "/a", nothing},
	{PV_WEB_POST, "/a", nothing},
	{PV_WEB_GET, "/a/{}", nothing},
	{PV_WEB_GET, "/a/{}/b/{}", nothing},
	{PV_WEB_GET, "/", nothing},
};
static const struct pv_web_routes some_table = PV_WEB_ROUTES(some);

static const struct {
	enum pv_web_method method;
	const char *address;
	int route; /* -1: none */
	const char *params, *allow;
} walks[] = {
	{PV_WEB_GET, "/a", 0, "", ""},
	{PV_WEB_POST, "/a", 1, "", ""},
	{PV_WEB_DELETE, "/a", -1, "", "GET, HEAD, POST"},
	{PV_WEB_GET, "/a/x", 2, "x", ""},
	{PV_WEB_GET, "/a/%20", 2, " ", ""},
	{PV_WEB_GET, "/a/x/b/y", 3, "x|y", ""},
	{PV_WEB_GET, "/a/x/c/y", -1, "", ""},
	{PV_WEB_GET, "/a/x/b", -1, "", ""},
	{PV_WEB_GET, "/ab", -1, "", ""},
	{PV_WEB_GET, "//a", -1, "", ""},
	{PV_WEB_GET, "/a//b/y", -1, "", ""}, /* {} takes a text, not nothing */
	{PV_WEB_GET, "/", 4, "", ""},
	{PV_WEB_POST, "/a/x", -1, "", "GET, HEAD"},
};

static void walk_routes(void **state)
{
	(void)state;
	const struct pv_web_routes *const tables[] = {&some_table};
	for (size_t i = 0; i < PV_COUNT(walks); i++) {
		PV_SCOPE TALLOC_CTX *mem = case_scope();
		struct pv_web_request request = {.mem = mem, .method = walks[i].method};
		const char *params[PV_WEB_PARAMS_MAX] = {0};
		struct pv_buf found = PV_BUF(mem, 1024);
		char allow[64];
		assert_int_equal(pv_web_address_read(&request, walks[i].address, NULL), PV_OK);
		const struct pv_web_route *route =
			pv_web_route_find(tables, 1, &request, params, allow);
		int number = route ? (int)(route - some) : -1;
		if (number != walks[i].route)
			fail_msg("%s: route %d", walks[i].address, number);
		assert_string_equal(route ? "" : allow, walks[i].allow);
		for (size_t k = 0; route && k < PV_WEB_PARAMS_MAX && params[k]; k++)
			pv_buf_printf(&found, "%s%s", k ? "|" : "", params[k]);
		assert_string_equal(pv_buf_end(&found), walks[i].params);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(read_addresses),
		cmocka_unit_test(limit_addresses),
		cmocka_unit_test(read_cookies),
		cmocka_unit_test(read_languages),
		cmocka_unit_test(read_etags),
		cmocka_unit_test(read_types),
		cmocka_unit_test(walk_routes),
	};
	return cmocka_run_group_tests_name("web: request", tests, NULL, NULL);
}
