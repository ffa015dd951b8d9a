/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "net/guard.h"
#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <netdb.h>
#include <string.h>

/* The range's first and last address, and its neighbours where they are public. */
static const struct {
	const char *address;
	const char *cidr; /* NULL: public */
} address_cases[] = {
	{"0.0.0.0", "0.0.0.0/8"},
	{"0.255.255.255", "0.0.0.0/8"},
	{"1.0.0.0", NULL},
	{"9.255.255.255", NULL},
	{"10.0.0.0", "10.0.0.0/8"},
	{"10.255.255.255", "10.0.0.0/8"},
	{"11.0.0.0", NULL},
	{"100.63.255.255", NULL},
	{"100.64.0.0", "100.64.0.0/10"},
	{"100.127.255.255", "100.64.0.0/10"},
	{"100.128.0.0", NULL},
	{"126.255.255.255", NULL},
	{"127.0.0.1", "127.0.0.0/8"},
	{"127.255.255.255", "127.0.0.0/8"},
	{"128.0.0.0", NULL},
	{"169.253.255.255", NULL},
	{"169.254.169.254", "169.254.0.0/16"}, /* the clouds' own */
	{"169.255.0.0", NULL},
	{"172.15.255.255", NULL},
	{"172.16.0.0", "172.16.0.0/12"},
	{"172.31.255.255", "172.16.0.0/12"},
	{"172.32.0.0", NULL},
	{"192.0.0.1", "192.0.0.0/24"},
	{"192.0.1.0", NULL},
	{"192.0.2.255", "192.0.2.0/24"},
	{"192.88.99.1", "192.88.99.0/24"},
	{"192.167.255.255", NULL},
	{"192.168.0.0", "192.168.0.0/16"},
	{"192.168.255.255", "192.168.0.0/16"},
	{"192.169.0.0", NULL},
	{"198.17.255.255", NULL},
	{"198.18.0.0", "198.18.0.0/15"},
	{"198.19.255.255", "198.18.0.0/15"},
	{"198.20.0.0", NULL},
	{"198.51.100.7", "198.51.100.0/24"},
	{"203.0.113.7", "203.0.113.0/24"},
	{"203.0.114.0", NULL},
	{"223.255.255.255", NULL},
	{"224.0.0.1", "224.0.0.0/4"},
	{"239.255.255.255", "224.0.0.0/4"},
	{"240.0.0.0", "240.0.0.0/4"},
	{"255.255.255.255", "240.0.0.0/4"},
	{"::", "::/128"},
	{"::1", "::1/128"},
	{"::ffff:127.0.0.1", "::ffff:0:0/96"},
	{"::ffff:8.8.8.8", "::ffff:0:0/96"},
	{"::7f00:1", "::/96"},
	{"64:ff9b::7f00:1", "64:ff9b::/96"},
	{"64:ff9b:1::1", "64:ff9b:1::/48"},
	{"100::1", "100::/64"},
	{"2001::1", "2001::/23"},
	{"2001:1ff::1", "2001::/23"},
	{"2001:200::1", NULL},
	{"2001:db8::1", "2001:db8::/32"},
	{"2001:db9::1", NULL},
	{"2002:7f00:1::", "2002::/16"},
	{"2003::1", NULL},
	{"2a00:1450:4007::1", NULL},
	{"3ffe::1", NULL},
	{"3fff:0fff::1", "3fff::/20"},
	{"3fff:1000::1", NULL},
	{"4000::1", "2000::/3"},
	{"5f00::1", "5f00::/16"},
	{"fc00::1", "fc00::/7"},
	{"fdff::1", "fc00::/7"},
	{"fe80::1", "fe80::/10"},
	{"febf::1", "fe80::/10"},
	{"fec0::1", "fec0::/10"},
	{"ff02::1", "ff00::/8"},
};

static void check(const char *name, const struct pv_net_range *range, const char *cidr)
{
	print_message("# %s\n", name);
	if (!cidr) {
		assert_null(range);
		return;
	}
	assert_non_null(range);
	assert_string_equal(range->cidr, cidr);
}

static void test_addresses(void **state)
{
	(void)state;
	for (size_t i = 0; i < PV_COUNT(address_cases); i++) {
		const char *text = address_cases[i].address;
		struct addrinfo hints = {.ai_flags = AI_NUMERICHOST}, *found = NULL;
		assert_int_equal(getaddrinfo(text, NULL, &hints, &found), 0);
		check(text, pv_net_guard_address(found->ai_addr), address_cases[i].cidr);
		check(text, pv_net_guard_literal(text), address_cases[i].cidr);
		freeaddrinfo(found);
	}
	assert_non_null(pv_net_guard_address(&(struct sockaddr){.sa_family = AF_UNIX}));
	assert_null(pv_net_guard_literal("exemple.fr"));
	assert_non_null(pv_net_guard_literal("[::1]"));
}

static const struct {
	const char *url;
	bool passes, exempt;
} url_cases[] = {
	{"https://exemple.fr/", true, false},
	{"http://exemple.fr:8080/", true, false},
	{"http://8.8.8.8/", true, false},
	{"http://127.0.0.1:8080/j/a", true, true},
	{"http://0x7f.1:8080/", true, true}, /* the same address, as curl reads it */
	{"http://localhost:9090/", true, true},
	{"http://[::1]:7070/", true, true},
	{"http://127.0.0.1:8081/", false, false},
	{"http://127.0.0.1/", false, false},
	{"http://2130706433:8081/", false, false},
	{"http://0177.0.0.1/", false, false},
	{"http://[::ffff:127.0.0.1]:8080/", false, false},
	{"http://169.254.169.254/latest/meta-data/", false, false},
	{"http://u:p@exemple.fr/", false, false},
	{"http://u@127.0.0.1:8080/", false, false},
	{"http://exemple.fr:22/", false, false},
	{"http://exemple.fr:25/", false, false},
	{"http://exemple.fr:6667/", false, false},
	{"gopher://exemple.fr/", false, false},
};

static void test_urls(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	static const char *const allow[] = {"127.0.0.1:8080", "LOCALHOST:9090", "[::1]:7070"};
	struct pv_net_guard *guard;
	assert_int_equal(pv_net_guard_create(scope, allow, 3, &guard, NULL), PV_OK);
	for (size_t i = 0; i < PV_COUNT(url_cases); i++) {
		struct pv_error error = PV_ERROR_IN(scope);
		bool exempt = false;
		print_message("# %s\n", url_cases[i].url);
		enum pv_status status = pv_net_guard_url(guard, url_cases[i].url, &exempt, &error);
		assert_int_equal(status, url_cases[i].passes ? PV_OK : PV_INVALID);
		assert_int_equal(exempt, url_cases[i].exempt);
		assert_true(status == PV_OK || (error.words.fr && error.words.en));
	}
}

static void test_allow_refuses(void **state)
{
	(void)state;
	static const char *const bad[] = {"", "exemple.fr", "exemple.fr:", "exemple.fr:x", ":80",
		"a:80/b", "u@a:80", "[::1]", "a:99999", "a b:80"};
	for (size_t i = 0; i < PV_COUNT(bad); i++) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		struct pv_net_guard *guard;
		print_message("# %s\n", bad[i]);
		assert_int_equal(pv_net_guard_create(scope, &bad[i], 1, &guard, NULL), PV_INVALID);
	}
}

static void test_ports(void **state)
{
	(void)state;
	assert_true(pv_net_guard_port(80));
	assert_true(pv_net_guard_port(443));
	assert_true(pv_net_guard_port(1024));
	assert_true(pv_net_guard_port(65535));
	assert_false(pv_net_guard_port(0));
	assert_false(pv_net_guard_port(22));
	assert_false(pv_net_guard_port(1023));
	assert_false(pv_net_guard_port(6000));
	assert_false(pv_net_guard_port(65536));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_urls),
		cmocka_unit_test(test_allow_refuses),
		cmocka_unit_test(test_ports),
	};
	return cmocka_run_group_tests_name("guard", tests, NULL, NULL);
}
