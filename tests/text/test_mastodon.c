/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "found.h"

static void entities(void **state)
{
	(void)state;
	static const struct found_row rows[] = {
		{"https://exemple.fr/a?b=c", "link=https://exemple.fr/a?b=c@0-24"},
		{"exemple.fr", ""}, /* a scheme is needed */
		{"gemini://exemple.fr/a", "link=gemini://exemple.fr/a@0-21"},
		{"ftp://exemple.fr", ""},
		{"https://exemple.fr/日本語 a", "link=https://exemple.fr/日本語@0-22"},
		{"(https://exemple.fr/a_(b))", "link=https://exemple.fr/a_(b)@1-25"},
		{"https://exemple.fr/a.(b)", "link=https://exemple.fr/a.(b)@0-24"},
		{"« https://exemple.fr/a »", "link=https://exemple.fr/a@2-22"},
		{"https://exemple.fr/a.", "link=https://exemple.fr/a@0-20"},
		{"https://t.co/a/b", "link=https://t.co/a/b@0-16"},
		{"@alice", "mention=alice@0-6"},
		{"@alice@exemple.social", "mention=alice@exemple.social@0-21"},
		{"@alice@exemple.social.", "mention=alice@exemple.social@0-21"},
		{"@a.l-i_ce@exemple", "mention=a.l-i_ce@exemple@0-17"},
		{"@alice.", "mention=alice@0-6"},
		{"x@alice /@alice =@alice é@alice", ""},
		{"(@alice)", "mention=alice@1-7"},
		{"@alice@", ""}, /* what follows spoils it */
		{"@été", ""},
		{"https://exemple.social/@alice", "link=https://exemple.social/@alice@0-29"},
		{"#été", "tag=été@0-4"},
		{"#2026", ""},
		{"#an2026", "tag=an2026@0-7"},
		{"#20_26", "tag=20_26@0-6"},
		{"#a·b", "tag=a·b@0-4"},
		{"#a·", "tag=a@0-2"},
		{"#1a", "tag=1a@0-3"},
		{"#1_", ""},
		{"#_1", ""},
		{"#a", "tag=a@0-2"},
		{"#日本語", "tag=日本語@0-4"},
		{"a#b /#b =#b )#b", ""},
		{"(#b !#b", "tag=b@1-3 tag=b@5-7"},
		{"＃b", "tag=b@0-2"},
		{"$ABC", ""},
	};
	expect_found(PV_DIALECT_MASTODON, rows, PV_COUNT(rows));
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(entities)};
	return cmocka_run_group_tests_name("text: mastodon", tests, NULL, NULL);
}
