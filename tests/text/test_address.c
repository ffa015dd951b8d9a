/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Addresses as pages, people's pages on networks, and hosts that look alike. */
#include "base/mem.h"
#include "text/address.h"
#include "text/alike.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void keys(void **state)
{
	(void)state;
	static const struct {
		const char *address, *key;
	} rows[] = {
		{"https://carnet.example", "carnet.example"},
		{"HTTP://www.Carnet.example:8080/", "carnet.example"},
		{"https://carnet.example/a/b/", "carnet.example/a/b"},
		{"https://carnet.example/a#utm_source", "carnet.example/a"},
		{"https://carnet.example/?p=12", "carnet.example?p=12"},
		{"https://carnet.example/?", "carnet.example"},
		{"https://carnet.example/?utm_source=x&utm_medium=y", "carnet.example"},
		{"https://carnet.example/?UTM_Source=x", "carnet.example"},
		{"https://carnet.example/?p=1&fbclid=abc&q=2", "carnet.example?p=1&q=2"},
		{"https://carnet.example/?fbclid", "carnet.example"},
		{"https://carnet.example/?&&gclid=1&", "carnet.example"},
		{"https://carnet.example/?fbclid2=1", "carnet.example?fbclid2=1"},
		{"https://carnet.example/?utm=1", "carnet.example?utm=1"},
		{"https://carnet.example/a?b#c?utm_x=1", "carnet.example/a?b"},
		{"https://café.example/été?x=É", "xn--caf-dma.example/%C3%A9t%C3%A9?x=É"},
		{"", ""},
		{"?", ""},
	};
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	for (size_t i = 0; i < PV_COUNT(rows); i++)
		assert_string_equal(pv_address_key(scope, pv_str(rows[i].address)), rows[i].key);
}

static void same_pages(void **state)
{
	(void)state;
	static const struct {
		const char *a, *b;
		bool same;
	} rows[] = {
		{"https://a.example/x?utm_source=feed", "http://www.a.example/x/", true},
		{"https://a.example/x?p=1", "https://a.example/x?p=1&igsh=z", true},
		{"https://a.example/x?p=1", "https://a.example/x?p=2", false},
		{"https://a.example/x", "https://a.example/X", false},
		{"https://a.example/x", "https://b.a.example/x", false},
	};
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	for (size_t i = 0; i < PV_COUNT(rows); i++) {
		struct pv_address a, b;
		assert_true(pv_address_read(scope, pv_str(rows[i].a), &a));
		assert_true(pv_address_read(scope, pv_str(rows[i].b), &b));
		assert_int_equal(pv_address_same(&a, &b), rows[i].same);
	}
}

static void profiles(void **state)
{
	(void)state;
	static const struct {
		const char *address, *handle, *server; /* handle NULL: no profile */
	} rows[] = {
		{"https://x.com/CarnetDeMarc", "CarnetDeMarc", ""},
		{"https://www.instagram.com/carnet.de.marc/?igsh=1", "carnet.de.marc", ""},
		{"https://bsky.app/profile/marc.example", "marc.example", ""},
		{"https://www.threads.net/@marc", "marc", ""},
		{"https://mastodon.example/@marc", "marc", "mastodon.example"},
		{"https://x.com/CarnetDeMarc/status/12", NULL, NULL},
		{"https://x.com/", NULL, NULL},
		{"https://x.com/search", NULL, NULL},
		{"https://instagram.com/p/abc", NULL, NULL},
		{"https://threads.net/marc", NULL, NULL},
		{"https://mastodon.example/@marc/1234", NULL, NULL},
		{"https://mastodon.example/marc", NULL, NULL},
		{"https://notx.com/marc", NULL, NULL},
		{"https://x.com.example/marc", NULL, NULL},
		{"https://x.com/m%20arc", NULL, NULL},
	};
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	for (size_t i = 0; i < PV_COUNT(rows); i++) {
		struct pv_site site;
		struct pv_profile profile = {0};
		assert_true(pv_site_parse(scope, pv_str(rows[i].address), &site));
		if (pv_site_profile(&site, &profile) != (rows[i].handle != NULL))
			fail_msg("%s", rows[i].address);
		if (!rows[i].handle)
			continue;
		assert_true(pv_str_equal(profile.handle, pv_str(rows[i].handle)));
		assert_true(pv_str_equal(profile.server, pv_str(rows[i].server)));
	}
}

static void look_alikes(void **state)
{
	(void)state;
	static const struct {
		const char *host;
		bool alike; /* to carnetdemarc.example */
	} rows[] = {
		{"carnetdemarc.example", true},
		{"carnet-de-marc.example", true},
		{"carnetdernarc.example", true},     /* r n */
		{"c\u0430rnetdemarc.example", true}, /* a Cyrillic а */
		{"carnétdemarc.example", true},
		{"carnetdemarcs.example", false},
		{"carnet.example", false},
		{"carnetdemarc.other", false},
		{"marc.example", false},
	};
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	const char *own = pv_host_skeleton(scope, pv_str("carnetdemarc.example"));
	for (size_t i = 0; i < PV_COUNT(rows); i++) {
		struct pv_site site;
		assert_true(pv_site_parse(scope, pv_str(rows[i].host), &site));
		const char *bones = pv_host_skeleton(scope, site.host);
		if ((strcmp(bones, own) == 0) != rows[i].alike)
			fail_msg("%s: %s, %s", rows[i].host, bones, own);
	}
	assert_string_equal(pv_host_skeleton(scope, pv_str("")), "");
	assert_string_equal(pv_host_skeleton(scope, pv_str("xn--\xff\xfe")), "");
	assert_string_equal(pv_host_skeleton(scope, pv_str("0.example")),
		pv_host_skeleton(scope, pv_str("o.example")));
	/* plain hosts and the others come to the same bones */
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	for (size_t i = 0; plain[i]; i++) {
		const char *quick =
			pv_host_skeleton(scope, pv_str(talloc_asprintf(scope, "%c.e", plain[i])));
		const char *whole = pv_host_skeleton(
			scope, pv_str(talloc_asprintf(scope, "%c.xn--9ca", plain[i])));
		assert_string_equal(quick, whole);
	}
	char *long_host = talloc_array(scope, char, 5000);
	memset(long_host, 'a', 5000);
	assert_string_equal(
		pv_host_skeleton(scope, (struct pv_str){.bytes = long_host, .size = 5000}), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys),
		cmocka_unit_test(same_pages),
		cmocka_unit_test(profiles),
		cmocka_unit_test(look_alikes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
