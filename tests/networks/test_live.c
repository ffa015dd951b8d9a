/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The adapters against other people's servers, when the environment names one:
 *
 *	PV_TEST_MASTODON	a Mastodon-compatible server, with PV_TEST_MASTODON_TOKEN (read write)
 *	PV_TEST_MASTODON_MOCK	a server that checks requests against the API's description and keeps
 *	PV_TEST_BLUESKY_MOCK	nothing (Prism, `prism mock --errors FILE`)
 *
 * A mock answers what its examples say: what is checked is that no request of ours is refused.
 */
#include "net/client.h"
#include "networks/network.h"
#include "base/json.h"
#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct live {
	TALLOC_CTX *mem;
	const struct pv_network *network;
	bool keeps; /* a server, not a mock */
	struct pv_network_context context;
	struct pv_network_account account;
	struct pv_net_client *client;
};

static const char *pair_of(TALLOC_CTX *mem, const char *url)
{
	const char *host = strstr(url, "://") ? strstr(url, "://") + 3 : url;
	return talloc_strndup(mem, host, strcspn(host, "/"));
}

static void open_live(struct live *l, const char *url, const char *typed)
{
	struct pv_env *env;
	struct pv_error error = PV_ERROR_IN(l->mem);
	const char *allow = pair_of(l->mem, url);
	struct pv_net_options options = {.allow = &allow, .n_allow = strchr(allow, ':') != NULL};
	assert_int_equal(pv_env_real(l->mem, &env, NULL), PV_OK);
	assert_int_equal(pv_net_client_create(l->mem, &options, &l->client, NULL), PV_OK);
	assert_int_equal(pv_net_client_attach(l->client, env, NULL), PV_OK);
	l->context.env = env;
	l->account.id = "live";
	enum pv_status status =
		l->network->connect(&l->context, l->mem, typed, &l->account, &error);
	if (status != PV_OK)
		print_message("# %s\n", error.words.en);
	assert_int_equal(status, PV_OK);
	print_message("# %s %s %s\n", l->account.handle, l->account.remote_id, l->account.settings);
}

static void say(const char *what, enum pv_status status, const struct pv_error *error)
{
	if (status != PV_OK)
		print_message("# %s: %s\n", what, error->words.en);
	assert_int_equal(status, PV_OK);
}

static struct pv_outgoing make_post(struct live *l)
{
	static const char *const languages[] = {"fr"};
	static const struct pv_outgoing_media media = {.type = "image/png",
		.alt = "Un point",
		.bytes = "\x89PNG\r\n\x1a\n",
		.size = 8,
		.width = 1,
		.height = 1};
	int64_t now_us = pv_env_now_us(l->context.env);
	char *id = talloc_asprintf(l->mem, "live-%lld", (long long)now_us);
	struct pv_outgoing post = {
		.publication_id = id,
		.attempt = 1,
		.written_at_us = now_us,
		.text = talloc_asprintf(
			l->mem, "Essai %s — @bob, https://exemple.fr/a?b=1&c=2 #été", id),
		.languages = languages,
		.n_languages = 1,
		.media = &media,
		.n_media = l->keeps ? 0 : 1, /* eight bytes are no picture to a real server */
		.timeout_ms = 20000,
	};
	post.write_key = l->network->make_key(l->mem, &post);
	return post;
}

static void go_through(struct live *l)
{
	struct pv_error error = PV_ERROR_IN(l->mem);
	struct pv_outgoing post = make_post(l);
	struct pv_delivery sent, found;
	enum pv_finding finding = PV_UNSURE;
	struct pv_figure *figures;
	struct pv_incoming *heard;
	const char *cursor = "";
	size_t n;
	say("check account", l->network->check_account(&l->context, l->mem, &l->account, &error),
		&error);
	say("publish", l->network->publish(&l->context, l->mem, &l->account, &post, &sent, &error),
		&error);
	print_message(
		"# %s %d %.200s\n", pv_answer_name(sent.answer), sent.http_status, sent.evidence);
	assert_int_equal(sent.http_status, 200);
	say("find",
		l->network->find(&l->context, l->mem, &l->account, &post, &finding, &found, &error),
		&error);
	assert_int_equal(found.http_status, 200);
	assert_true(!l->keeps || (sent.answer == PV_ANSWER_YES && finding == PV_FOUND));
	const char *id = sent.answer == PV_ANSWER_YES
				 ? sent.remote_id
				 : talloc_asprintf(l->mem, "at://%s/app.bsky.feed.post/%s",
					   l->account.remote_id, post.write_key);
	say("metrics",
		l->network->metrics(&l->context, l->mem, &l->account, id, &figures, &n, &error),
		&error);
	say("conversation",
		l->network->conversation(
			&l->context, l->mem, &l->account, "", NULL, 0, &heard, &n, &cursor, &error),
		&error);
	struct pv_outgoing reply = make_post(l);
	reply.reply_to = id;
	reply.n_media = 0;
	say("reply", l->network->publish(&l->context, l->mem, &l->account, &reply, &found, &error),
		&error);
	print_message("# %s %d %.200s\n", pv_answer_name(found.answer), found.http_status,
		found.evidence);
	assert_int_equal(found.http_status, 200);
	if (l->keeps)
		say("withdraw the reply",
			l->network->withdraw(
				&l->context, l->mem, &l->account, found.remote_id, &error),
			&error);
	say("withdraw", l->network->withdraw(&l->context, l->mem, &l->account, id, &error), &error);
}

struct server {
	const char *name, *variable;
	const struct pv_network *network;
	const char *form, *secret;
	bool keeps;
};

static void test_server(void **state)
{
	const struct server *server = *state;
	const char *url = getenv(server->variable);
	const char *secret = server->keeps ? getenv("PV_TEST_MASTODON_TOKEN") : server->secret;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct live live = {.mem = scope, .network = server->network, .keeps = server->keeps};
	open_live(&live, url, talloc_asprintf(scope, server->form, url, secret ? secret : "none"));
	go_through(&live);
	talloc_free(live.client);
}

int main(void)
{
	static const char by_token[] = "{\"server\":\"%s\",\"token\":\"%s\"}";
	static const char by_password[] =
		"{\"server\":\"%s\",\"handle\":\"alice.test\",\"password\":\"%s\"}";
	static struct server servers[] = {
		{"mastodon", "PV_TEST_MASTODON", &pv_network_mastodon, by_token, NULL, true},
		{"mastodon, a mock", "PV_TEST_MASTODON_MOCK", &pv_network_mastodon, by_token,
			"mock-token", false},
		{"bluesky, a mock", "PV_TEST_BLUESKY_MOCK", &pv_network_bluesky, by_password,
			"mock-pass", false},
	};
	struct CMUnitTest tests[PV_COUNT(servers)];
	size_t n = 0;
	for (size_t i = 0; i < PV_COUNT(servers); i++) {
		const char *url = getenv(servers[i].variable);
		if (url && *url)
			tests[n++] = (struct CMUnitTest){.name = servers[i].name,
				.test_func = test_server,
				.initial_state = &servers[i]};
		else
			fprintf(stderr, "%s is not set: no such server to try\n",
				servers[i].variable);
	}
	if (!n) {
		printf("1..0 # SKIP no server is named\n");
		return 0;
	}
	return _cmocka_run_group_tests("live", tests, n, NULL, NULL);
}
