/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The key of a write, and what stands on it: whether a repeat is harmless, whether an edited text
 * can appear, and how long it takes to believe that a write never arrived.
 */
#include "networks/network.h"

#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

enum key_is { KEY_SAME, KEY_OTHER };

/* Against the key of attempt 1 of publication 01hzz, with the first text. */
static const struct key_case {
	const struct pv_network *network;
	enum key_is later;   /* the same a minute later: a repeat made anew */
	enum key_is attempt; /* another attempt, with the same bytes */
	enum key_is edited;  /* another attempt, with other bytes */
} cases[] = {
	/* each attempt is a post of its own, looked for by its key */
	{&pv_network_fake, KEY_SAME, KEY_OTHER, KEY_OTHER},
	{&pv_network_bluesky, KEY_OTHER, KEY_OTHER, KEY_OTHER},
	/* the server answers a known key with the status it has: right for the same bytes only */
	{&pv_network_mastodon, KEY_SAME, KEY_SAME, KEY_OTHER},
	/* one page a publication, whose text follows */
	{&pv_network_journal, KEY_SAME, KEY_SAME, KEY_SAME},
};

static void expect(TALLOC_CTX *mem, const struct key_case *c, const struct pv_outgoing *post,
	const char *first, enum key_is is)
{
	char *key = c->network->make_key(mem, post);
	assert_int_equal(strcmp(key, first) == 0 ? KEY_SAME : KEY_OTHER, is);
}

static void test_keys(void **state)
{
	(void)state;
	for (size_t i = 0; i < PV_COUNT(cases); i++) {
		const struct key_case *c = &cases[i];
		PV_SCOPE TALLOC_CTX *mem = pv_scope(NULL);
		struct pv_outgoing post = {.publication_id = "01hzz",
			.attempt = 1,
			.written_at_us = INT64_C(1700000000000000),
			.content = "first"};
		char *first = c->network->make_key(mem, &post);
		print_message("# %s %s\n", c->network->name, first);
		assert_true(*first);
		assert_null(strpbrk(first, " \t\r\n/?#"));
		expect(mem, c, &post, first, KEY_SAME);
		struct pv_outgoing other = post;
		other.publication_id = "01hzy";
		expect(mem, c, &other, first, KEY_OTHER);
		post.written_at_us += 60 * PV_SECOND_US;
		expect(mem, c, &post, first, c->later);
		post.attempt = 2;
		expect(mem, c, &post, first, c->attempt);
		post.content = "second";
		expect(mem, c, &post, first, c->edited);
	}
}

/*
 * Where a further attempt has another key, "it is not there" must outlast what a server may still be
 * at work on: whoever waits longest for an answer waits PV_NETWORK_TIMEOUT_MS.
 */
static void test_absence_takes_its_time(void **state)
{
	(void)state;
	for (size_t i = 0; i < PV_COUNT(cases); i++) {
		const struct pv_network *network = cases[i].network;
		bool served_elsewhere = network != &pv_network_journal && /* our own store */
					network != &pv_network_fake;      /* quick, for tests */
		if (served_elsewhere)
			assert_true(network->find_tries * network->find_pause_us >
				    PV_NETWORK_TIMEOUT_MS * 1000);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_absence_takes_its_time),
	};
	return cmocka_run_group_tests_name("keys", tests, NULL, NULL);
}
