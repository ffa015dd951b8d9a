/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "net/url.h"
#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <string.h>

static const struct {
	const char *text;
	const char *normal; /* NULL: refused */
	unsigned port;
} parse_cases[] = {
	{"http://a/", "http://a/", 80},
	{"HTTPS://EXEMPLE.fr:443/a/../b?c#d", "https://exemple.fr/b?c#d", 443},
	{"http://a:8080", "http://a:8080/", 8080},
	{"http://a/#b c\xC3\xA9", "http://a/#b%20c%c3%a9", 80},
	{"http://a/b c?d e", "http://a/b%20c?d+e", 80},
	{"http://exämple.fr/é", "http://xn--exmple-cua.fr/%c3%a9", 80},
	{"http://0x7f.1/", "http://127.0.0.1/", 80},
	{"http://2130706433/", "http://127.0.0.1/", 80},
	{"http://%31%32%37.0.0.1/", "http://127.0.0.1/", 80},
	{"http://[::1]:80/", "http://[::1]/", 80},
	{"http://u:p@h/", "http://h/", 80},
	{"https:////h/a", "https://h/a", 443},
	{"HTTP:\\\\/h/a", "http://h/a", 80},
	/* refused */
	{"", NULL, 0},
	{"exemple.fr", NULL, 0},
	{"//exemple.fr/", NULL, 0},
	{"ftp://a/", NULL, 0},
	{"file:///etc/passwd", NULL, 0},
	{"javascript:alert(1)", NULL, 0},
	{"http://", NULL, 0},
	{"http://a b/", NULL, 0},
	{"http://a:99999/", NULL, 0},
	{"http://a:0/", NULL, 0},
	{"http://a%7fb/", NULL, 0},
	{"http://a%2fb/", NULL, 0},
	{"http://a%0d%0ab/", NULL, 0},
	{"http://a/\nb", NULL, 0},
	{"http://a/\x80", NULL, 0},
	{"http://[fe80::1%25eth0]/", NULL, 0},
	{"http://a\xc2\x91\x62.example/", NULL, 0}, /* a control character no host may hold */
	{"http://\u202eb.example/", NULL, 0},
};

static void test_parse(void **state)
{
	(void)state;
	for (size_t i = 0; i < PV_COUNT(parse_cases); i++) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		struct pv_error error = PV_ERROR_IN(scope);
		struct pv_net_url url = {0};
		enum pv_status status = pv_net_url_parse(scope, parse_cases[i].text, &url, &error);
		print_message("# case %zu\n", i); /* some hold a line end */
		if (!parse_cases[i].normal) {
			assert_int_equal(status, PV_INVALID);
			assert_non_null(error.words.fr);
			continue;
		}
		assert_int_equal(status, PV_OK);
		assert_string_equal(url.text, parse_cases[i].normal);
		assert_int_equal(url.port, parse_cases[i].port);
	}
}

static void test_parts(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_net_url url, other;
	assert_int_equal(
		pv_net_url_parse(scope, "https://u:p@Exemple.FR/a?b=c#d", &url, NULL), PV_OK);
	assert_string_equal(url.host, "exemple.fr");
	assert_string_equal(url.path, "/a");
	assert_string_equal(url.query, "b=c");
	assert_string_equal(url.fragment, "d");
	assert_true(url.user_info);
	assert_int_equal(pv_net_url_parse(scope, "https://exemple.fr:443/z", &other, NULL), PV_OK);
	assert_true(pv_net_url_same_origin(&url, &other));
	assert_int_equal(pv_net_url_parse(scope, "http://exemple.fr:443/z", &other, NULL), PV_OK);
	assert_false(pv_net_url_same_origin(&url, &other));
}

static void test_too_long(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	char *text = talloc_zero_size(scope, PV_NET_URL_MAX + 20);
	strcpy(text, "http://a/");
	memset(text + 9, 'x', PV_NET_URL_MAX - 9);
	struct pv_net_url url;
	assert_int_equal(pv_net_url_parse(scope, text, &url, NULL), PV_OK);
	text[PV_NET_URL_MAX] = 'x';
	assert_int_equal(pv_net_url_parse(scope, text, &url, NULL), PV_TOO_LARGE);
}

/* RFC 3986, 5.4, the references that stay on http. */
static const char *const resolve_cases[][2] = {
	{"g", "http://a/b/c/g"},
	{"./g", "http://a/b/c/g"},
	{"g/", "http://a/b/c/g/"},
	{"/g", "http://a/g"},
	{"//g", "http://g/"},
	{"?y", "http://a/b/c/d;p?y"},
	{"g?y", "http://a/b/c/g?y"},
	{"#s", "http://a/b/c/d;p?q#s"},
	{"g#s", "http://a/b/c/g#s"},
	{"g?y#s", "http://a/b/c/g?y#s"},
	{";x", "http://a/b/c/;x"},
	{"g;x", "http://a/b/c/g;x"},
	{"", "http://a/b/c/d;p?q"},
	{".", "http://a/b/c/"},
	{"./", "http://a/b/c/"},
	{"..", "http://a/b/"},
	{"../", "http://a/b/"},
	{"../g", "http://a/b/g"},
	{"../..", "http://a/"},
	{"../../g", "http://a/g"},
	{"../../../g", "http://a/g"},
	{"/./g", "http://a/g"},
	{"/../g", "http://a/g"},
	{"g.", "http://a/b/c/g."},
	{"..g", "http://a/b/c/..g"},
	{"./../g", "http://a/b/g"},
	{"g?y/../x", "http://a/b/c/g?y/../x"},
	{"https://h/é", "https://h/%c3%a9"},
	{"https:////h/x", "https://h/x"},
};

static void test_resolve(void **state)
{
	(void)state;
	for (size_t i = 0; i < PV_COUNT(resolve_cases); i++) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		char *text = NULL;
		print_message("# %s\n", resolve_cases[i][0]);
		assert_int_equal(pv_net_url_resolve(scope, "http://a/b/c/d;p?q",
					 resolve_cases[i][0], &text, NULL),
			PV_OK);
		assert_string_equal(text, resolve_cases[i][1]);
	}
}

static void test_resolve_refuses(void **state)
{
	(void)state;
	static const char *const references[] = {"ftp://a/", "file:///etc/passwd",
		"javascript:alert(1)", "http://a:0x/", "g\nh", "data:text/html,x"};
	for (size_t i = 0; i < PV_COUNT(references); i++) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		char *text = NULL;
		assert_int_equal(
			pv_net_url_resolve(scope, "http://a/b", references[i], &text, NULL),
			PV_INVALID);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_resolve),
		cmocka_unit_test(test_resolve_refuses),
	};
	return cmocka_run_group_tests_name("url", tests, NULL, NULL);
}
