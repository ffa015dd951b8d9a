/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Addresses as pages, people's pages on networks, and hosts that look alike. */
#include "base/mem.h"
#include "text/address.h"
#include "text/alike.h"
#include "text/handle.h"

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

/* The host of an address as networks and browsers read it; "!" before what is none. */
static void hosts(void **state)
{
	(void)state;
	static const struct {
		const char *address, *host;
	} rows[] = {
		{"https://carnet.example/", "carnet.example"},
		{"https:///carnet.example/", "carnet.example"},
		{"HTTPS:\\\\/carnet.example/", "carnet.example"},
		{"https:carnet.example/", "carnet.example"},
		{"ftp:///carnet.example/", "!"},
		{"https://carnet.example:80:80/", "!carnet.example:80"},
		{"https://carnet.example:abc/", "!carnet.example:abc"},
		{"https://carnet%2Fx.example/", "!carnet/x.example"},
		{"https://[::1]:80/", "[::1]:80"},
		{"https://carnet\u2024example/", "carnet.example"},
		{"https://carnet\u3002example/", "carnet.example"},
		{"https://carnet\uFF0Eexample/", "carnet.example"},
		{"https://carnet\uFF61example/", "carnet.example"},
		{"https://\uFF43arnet.\uFF25xample/", "carnet.example"},
		{"https://car\u200Bnet.example/", "carnet.example"},
		{"https://car\u00ADnet.example/", "carnet.example"},
		{"https://car\u200Dnet.exa\u200Cmple/", "carnet.example"},
		{"https://\uFEFFcar\u2060net.example\uFE0F/", "carnet.example"},
		{"https://car\u115Fnet\u3164.example/", "carnet.example"},
		{"https://car%E2%80%8Bnet%E2%80%A4example/", "carnet.example"},
		{"https://WWW\uFF0ECarnet.example/", "carnet.example"},
		/* a joiner in its place is a letter's shape, and another name */
		{"https://\u0646\u0627\u0645\u0647\u200C\u0627\u06CC.example/",
			"xn--mgba3gch31f060k.example"},
		{"https://\u0441arnet.example/", "xn--arnet-0ye.example"},
		{"https://carnet.example\uFF0Fa/", "!carnet.example\uFF0Fa"},
		{"https://\u200B/", "!\u200B"},
	};
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	for (size_t i = 0; i < PV_COUNT(rows); i++) {
		struct pv_site site;
		assert_true(pv_site_parse(scope, pv_str(rows[i].address), &site));
		const char *is = talloc_asprintf(scope, "%s%.*s", site.whole ? "" : "!",
			(int)site.host.size, site.host.bytes);
		if (strcmp(is, rows[i].host) != 0)
			fail_msg("%s: %s", rows[i].address, is);
	}
}

static void handles(void **state)
{
	(void)state;
	static const struct {
		const char *a, *b;
		bool same;
		const char *host; /* of the first; NULL: none */
	} rows[] = {
		{"@CarnetDeMarc", "@carnetdemarc", true, NULL},
		{"@CarnetDeMarc", "carnetdemarc", true, NULL},
		{"\uFF20CarnetDeMarc", "@CarnetDeMarc", true, NULL},
		{"@Carnet\u200BDeMarc", "@CarnetDeMarc", true, NULL},
		{"@\u2060Carnet\u00ADDe\u200DMarc", "@CarnetDeMarc", true, NULL},
		{"@\uFF23arnetDeMarc", "@CarnetDeMarc", true, NULL},
		{"@\U0001D402arnetDeMarc", "@CarnetDeMarc", true, NULL},
		{"@\u0421arnetDeMarc", "@CarnetDeMarc", false, NULL}, /* it only looks like it */
		{"@CarnetDeMar", "@CarnetDeMarc", false, NULL},
		{"@E\u0301t\u00E9", "@\u00C9T\u00C9", true, NULL},
		{"@", "", false, NULL},
		{"@carnet.example", "@Carnet.Example", true, "carnet.example"},
		{"@Carnet\u2024Exa\u200Bmple", "carnet.example", true, "carnet.example"},
		{"@marc@carnet.example", "@marc", false, NULL},
		{"@carnet", "@carnet.example", false, NULL},
	};
	for (size_t i = 0; i < PV_COUNT(rows); i++) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		struct pv_str plain, other;
		struct pv_site site;
		bool is_host;
		assert_true(pv_handle_read(scope, pv_str(rows[i].a), &plain));
		assert_true(pv_handle_read(scope, pv_str(rows[i].b), &other));
		if (pv_handle_same(plain, other) != rows[i].same)
			fail_msg("%s: %.*s", rows[i].a, (int)plain.size, plain.bytes);
		assert_true(pv_handle_host(scope, plain, &site, &is_host));
		assert_int_equal(is_host, rows[i].host != NULL);
		if (is_host)
			assert_true(pv_str_equal(site.host, pv_str(rows[i].host)));
	}
	/* longer than any handle, and full of marks: it costs nothing */
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	char *marks = talloc_strdup(scope, "@a");
	for (int i = 0; i < 20000; i++)
		marks = talloc_strdup_append_buffer(marks, "\u0301\u0323");
	struct pv_str plain;
	assert_true(pv_handle_read(scope, pv_str(marks), &plain));
	assert_true(plain.bytes == marks);
}

static void pages_of_hosts(void **state)
{
	(void)state;
	static const struct {
		const char *address, *host; /* NULL: none */
	} rows[] = {
		{"https://bsky.app/profile/carnet.example", "carnet.example"},
		{"https://www.bsky.app/profile/Carnet.Example/", "carnet.example"},
		{"https://bsky.app/profile/carnet.example/post/3k", "carnet.example"},
		{"https://bsky.app/profile/carnet%E2%80%8B.example", "carnet.example"},
		{"https://bsky.app/profile/did:plc:abc", NULL},
		{"https://bsky.app/profile/", NULL},
		{"https://bsky.app/hashtag/carnet.example", NULL},
		{"https://bsky.app.evil.example/profile/carnet.example", NULL},
		{"https://x.com/profile/carnet.example", NULL},
	};
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	for (size_t i = 0; i < PV_COUNT(rows); i++) {
		struct pv_site site, host;
		bool is;
		assert_true(pv_site_parse(scope, pv_str(rows[i].address), &site));
		assert_true(pv_site_handle_host(scope, &site, &host, &is));
		if (is != (rows[i].host != NULL) ||
			(is && !pv_str_equal(host.host, pv_str(rows[i].host))))
			fail_msg("%s", rows[i].address);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hosts),
		cmocka_unit_test(handles),
		cmocka_unit_test(pages_of_hosts),
		cmocka_unit_test(keys),
		cmocka_unit_test(same_pages),
		cmocka_unit_test(profiles),
		cmocka_unit_test(look_alikes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
