/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Bluesky: compared with detectFacets of @atproto/api 0.19. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "found.h"

static void facets(void **state)
{
	(void)state;
	static const struct found_row rows[] = {
		{"@alice.bsky.social", "mention=alice.bsky.social@0-18"},
		{"(@alice.bsky.social)", "mention=alice.bsky.social@1-19"},
		{"@alice.bsky.social.", "mention=alice.bsky.social@0-18"},
		{"@alice", ""},
		{"@alice.test", "mention=alice.test@0-11"},
		{"@alice.localdomain", ""},
		{"@alice.COM", ""},
		{"a@alice.com", ""},
		{"@-alice.com-", "mention=-alice.com@0-11"},
		{"https://exemple.fr/a.", "link=https://exemple.fr/a@0-20"},
		{"https://exemple.fr/a).", "link=https://exemple.fr/a@0-20"},
		{"https://exemple.fr/(a)", "link=https://exemple.fr/(a)@0-22"},
		{"https://exemple.fr/a!!", "link=https://exemple.fr/a!@0-21"}, /* one only */
		{"(https://exemple.fr)", "link=https://exemple.fr@1-19"},
		{"exemple.fr/a", "link=exemple.fr/a@0-12"},
		{"Exemple.fr", "link=Exemple.fr@0-10"},
		{"Fin.Début de.la fin.", "link=de.la@10-15"}, /* Laos */
		{"3.14 a.b fin.", ""},
		{"rendez-vous.fr", ""}, /* no hyphen without a scheme */
		{"https://rendez-vous.fr", "link=https://rendez-vous.fr@0-22"},
		{"HTTPS://exemple.fr", ""},
		{"httpbin.zzz", "link=httpbin.zzz@0-11"},
		{"x:https://exemple.fr", ""},
		{"https://", ""},
		{"#été", "tag=été@0-4"},
		{"#été!", "tag=été@0-4"},
		{"#rendez-vous", "tag=rendez-vous@0-12"},
		{"#a#b", "tag=a#b@0-4"},
		{"(#a)", ""},
		{"#2026", ""},
		{"#1️⃣", "tag=1️⃣@0-4"},
		{"#️⃣", ""},
		{"＃a", "tag=a@0-2"},
		{"#…", ""},
		{"#a\u200Bb", "tag=a@0-2"},
		{"#aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", ""},
		{"$ABC ($abc) $a1", "cash=ABC@0-4 cash=abc@6-10 cash=a1@12-15"},
		{"$ABCDEF $1 $A-", ""},
		{"$ABC’s", "cash=ABC@0-4"},
		{"\n@a.fr\n#b\nc.fr", "mention=a.fr@1-6 tag=b@7-9 link=c.fr@10-14"},
	};
	expect_found(PV_DIALECT_BLUESKY, rows, PV_COUNT(rows));
}

/* Facets are written in bytes of UTF-8. */
static void bytes_are_bytes(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_entities found;
	struct pv_str text = pv_str("👩‍🔬 à #été");
	assert_int_equal(pv_entities_find(scope, PV_DIALECT_BLUESKY, text, &found, NULL), PV_OK);
	assert_int_equal(found.n, 1);
	assert_int_equal(found.items[0].start, 15);
	assert_int_equal(found.items[0].end, 21);
	assert_int_equal(found.items[0].start_point, 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(facets),
		cmocka_unit_test(bytes_are_bytes),
	};
	return cmocka_run_group_tests_name("text: bluesky", tests, NULL, NULL);
}
