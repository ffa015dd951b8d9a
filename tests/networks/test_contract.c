/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * One suite for every adapter: what network.h promises, on the fake, the journal, Bluesky (against
 * a stateful likeness of it, and against a real PDS when PV_TEST_PDS is its address) and Mastodon.
 */
#include "stage.h"

#include "base/instant.h"
#include "base/json.h"
#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- small words ------------------------------------------------------------------------------- */

static struct pv_delivery publish(struct stage *s, const struct pv_outgoing *post)
{
	struct pv_delivery delivery = {0};
	struct pv_error error = PV_ERROR_IN(s->mem);
	enum pv_status status =
		s->network->publish(&s->context, s->mem, &s->account, post, &delivery, &error);
	if (status != PV_OK)
		print_message("# %s\n", error.words.en);
	assert_int_equal(status, PV_OK);
	assert_non_null(delivery.evidence);
	assert_true(strlen(delivery.evidence) <= PV_EVIDENCE_MAX);
	if (s->secret)
		assert_null(strstr(delivery.evidence, s->secret));
	assert_int_equal(delivery.answer == PV_ANSWER_YES, delivery.reason == PV_REASON_NONE);
	return delivery;
}

static enum pv_finding find(
	struct stage *s, const struct pv_outgoing *post, struct pv_delivery *delivery)
{
	enum pv_finding finding = PV_UNSURE;
	assert_int_equal(
		s->network->find(&s->context, s->mem, &s->account, post, &finding, delivery, NULL),
		PV_OK);
	return finding;
}

static void order(struct stage *s, bool accepted, struct loop_answer answer, unsigned times)
{
	s->api->trouble = (struct trouble){.method = s->write_method,
		.path = s->write_path,
		.accepted = accepted,
		.answer = answer,
		.times = times};
}

/* ---- accounts ---------------------------------------------------------------------------------- */

static void test_connect(void **state)
{
	struct stage *s = *state;
	assert_non_null(s->account.handle);
	assert_non_null(s->account.name);
	assert_non_null(s->account.server);
	assert_non_null(s->account.settings);
	assert_non_null(s->account.secrets);
	PV_JSON json_t *secrets = NULL, *settings = NULL;
	assert_int_equal(
		pv_json_parse(s->account.secrets, strlen(s->account.secrets), &secrets, NULL),
		PV_OK);
	assert_int_equal(
		pv_json_parse(s->account.settings, strlen(s->account.settings), &settings, NULL),
		PV_OK);
	if (!s->api)
		return;
	assert_true(*s->account.remote_id);
	assert_true(*s->account.handle);
	assert_null(strstr(s->account.secrets, "pass-word")); /* the password is not kept */
	print_message("# %s %s %s\n", s->account.handle, s->account.remote_id, s->account.settings);
}

static void test_connect_refused(void **state)
{
	struct stage *s = *state;
	struct pv_network_account out = {.id = "other"};
	struct pv_error error = PV_ERROR_IN(s->mem);
	assert_int_equal(stage_connect(s, s->wrong, &out, &error), PV_UNAUTHENTICATED);
	assert_true(*error.words.fr && *error.words.en);
	assert_null(out.secrets);
	static const char *const incomplete[] = {"{}", "{\"server\":\"ftp://a\"}",
		"{\"server\":\"http://"
		"exemple.fr\",\"handle\":\"a\",\"password\":\"b\",\"token\":\"c\"}",
		"{\"server\":\"https://exemple.fr/"
		"path\",\"handle\":\"a\",\"password\":\"b\",\"token\":\"c\"}"};
	for (size_t i = 0; i < PV_COUNT(incomplete); i++) {
		struct pv_error missing = PV_ERROR_IN(s->mem);
		if (i == 0 && s->network == &pv_network_fake)
			continue;
		assert_int_equal(
			s->network->connect(&s->context, s->mem, incomplete[i], &out, &missing),
			PV_INVALID);
		assert_true(missing.n_problems > 0);
	}
	struct pv_error malformed = PV_ERROR_IN(s->mem);
	assert_int_equal(
		s->network->connect(&s->context, s->mem, "{", &out, &malformed), PV_INVALID);
}

static void test_check_account(void **state)
{
	struct stage *s = *state;
	const char *handle = s->account.handle;
	assert_int_equal(s->network->check_account(&s->context, s->mem, &s->account, NULL), PV_OK);
	assert_string_equal(s->account.handle, handle);
	if (!s->api)
		return;
	struct pv_network_account dead = s->account;
	dead.secrets = "{\"token\":\"gone\",\"access\":\"gone\",\"refresh\":\"gone\"}";
	struct pv_error error = PV_ERROR_IN(s->mem);
	assert_int_equal(
		s->network->check_account(&s->context, s->mem, &dead, &error), PV_UNAUTHENTICATED);
	assert_true(*error.words.fr);
}

/* ---- the good way ------------------------------------------------------------------------------ */

static void test_publish(void **state)
{
	struct stage *s = *state;
	struct pv_outgoing post = stage_post(s, "pub-1",
		"Été à l'UQAM 🎓 : 2 < 3 & « voilà "
		"»\n\nhttps://exemple.fr/un/chemin/vraiment/long?a=1&b=2 #été");
	struct pv_delivery delivery, found = {0};
	assert_int_equal(s->network->check(&s->account, &post, NULL), PV_OK);
	assert_int_equal(find(s, &post, &found), PV_ABSENT);
	delivery = publish(s, &post);
	assert_int_equal(delivery.answer, PV_ANSWER_YES);
	assert_true(*delivery.remote_id && *delivery.permalink);
	print_message("# %s\n", delivery.permalink);
	assert_int_equal(stage_posts(s), 1);
	assert_int_equal(find(s, &post, &found), PV_FOUND);
	assert_string_equal(found.remote_id, delivery.remote_id);
	assert_string_equal(found.permalink, delivery.permalink);
	/* another post is another post */
	struct pv_outgoing other = stage_post(s, "pub-2", "Tout autre chose");
	assert_int_equal(find(s, &other, &found), PV_ABSENT);
	struct pv_delivery second = publish(s, &other);
	assert_int_equal(second.answer, PV_ANSWER_YES);
	assert_string_not_equal(second.remote_id, delivery.remote_id);
	assert_int_equal(stage_posts(s), 2);
}

static void test_repeat(void **state)
{
	struct stage *s = *state;
	struct pv_outgoing post = stage_post(s, "pub-1", "La même, encore la même");
	if (pv_network_idempotent_us(s->network, &s->account) == 0) {
		/* no promise: a repeat is seen, which is what makes the fake worth having */
		publish(s, &post), publish(s, &post);
		assert_int_equal(stage_posts(s), 2);
		return;
	}
	struct pv_delivery first = publish(s, &post), second = publish(s, &post);
	assert_int_equal(second.answer, PV_ANSWER_YES);
	assert_string_equal(first.remote_id, second.remote_id);
	assert_string_equal(first.permalink, second.permalink);
	assert_int_equal(stage_posts(s), 1);
}

static void test_picture(void **state)
{
	struct stage *s = *state;
	/* a whole PNG of one pixel */
	static const unsigned char png[] = {0x89, 'P', 'N', 'G', 13, 10, 26, 10, 0, 0, 0, 13, 'I',
		'H', 'D', 'R', 0, 0, 0, 1, 0, 0, 0, 1, 8, 6, 0, 0, 0, 0x1F, 0x15, 0xC4, 0x89, 0, 0,
		0, 13, 'I', 'D', 'A', 'T', 0x78, 0x9C, 0x63, 0xFC, 0xCF, 0xC0, 0x50, 0x0F, 0, 4,
		0x85, 1, 0x80, 0x84, 0xA9, 0x8C, 0x21, 0, 0, 0, 0, 'I', 'E', 'N', 'D', 0xAE, 0x42,
		0x60, 0x82};
	struct pv_outgoing_media picture = {.type = "image/png",
		.alt = "Un point, bleu",
		.bytes = png,
		.size = sizeof png,
		.width = 1,
		.height = 1};
	struct pv_outgoing post = stage_post(s, "pub-1", "Avec une image");
	post.media = &picture;
	post.n_media = 1;
	assert_int_equal(s->network->check(&s->account, &post, NULL), PV_OK);
	assert_int_equal(publish(s, &post).answer, PV_ANSWER_YES);
	assert_int_equal(stage_posts(s), 1);
}

static void test_card(void **state)
{
	struct stage *s = *state;
	struct pv_outgoing post = stage_post(s, "pub-1", "À lire : https://exemple.fr/article");
	post.card = (struct pv_link_card){
		.url = "https://exemple.fr/article", .title = "Un article", .description = "Bien"};
	assert_int_equal(publish(s, &post).answer, PV_ANSWER_YES);
}

static void test_withdraw(void **state)
{
	struct stage *s = *state;
	struct pv_outgoing post = stage_post(s, "pub-1", "Une publication de trop");
	struct pv_delivery delivery = publish(s, &post), found = {0};
	for (int i = 0; i < 2; i++) /* what is gone is gone */
		assert_int_equal(s->network->withdraw(&s->context, s->mem, &s->account,
					 delivery.remote_id, NULL),
			PV_OK);
	assert_int_equal(stage_posts(s), 0);
	assert_int_equal(find(s, &post, &found), PV_ABSENT);
}

static void test_metrics(void **state)
{
	struct stage *s = *state;
	struct pv_outgoing post = stage_post(s, "pub-1", "Des chiffres");
	struct pv_delivery delivery = publish(s, &post);
	struct pv_figure *figures = NULL;
	size_t n = 99;
	assert_int_equal(s->network->metrics(&s->context, s->mem, &s->account, delivery.remote_id,
				 &figures, &n, NULL),
		PV_OK);
	assert_true(n < 10);
	for (size_t i = 0; i < n; i++) {
		print_message("# %s %lld\n", figures[i].metric, (long long)figures[i].value);
		if (strcmp(figures[i].metric, "likes") == 0 && !strstr(s->name, "pds"))
			assert_int_equal(figures[i].value, 3);
	}
}

static void test_conversation(void **state)
{
	struct stage *s = *state;
	struct pv_incoming *heard = NULL;
	size_t n = 0;
	const char *cursor = "";
	assert_int_equal(s->network->conversation(&s->context, s->mem, &s->account, "", NULL, 0,
				 &heard, &n, &cursor, NULL),
		PV_OK);
	struct pv_outgoing post = stage_post(s, "pub-1", "Qu'en pensez-vous ?");
	struct pv_delivery delivery = publish(s, &post);
	s->answer(s->api, delivery.remote_id, "Beaucoup de bien & plus");
	s->answer(s->api, delivery.remote_id, "Moi aussi");
	const char *recent[] = {delivery.remote_id}, *next = "";
	assert_int_equal(s->network->conversation(&s->context, s->mem, &s->account, cursor, recent,
				 1, &heard, &n, &next, NULL),
		PV_OK);
	assert_int_equal(n, 2);
	assert_non_null(strstr(heard[0].text, "Beaucoup de bien & plus"));
	assert_string_equal(heard[1].text + strlen(heard[1].text) - 9, "Moi aussi");
	assert_string_equal(heard[0].root_id, delivery.remote_id);
	assert_string_equal(heard[0].parent_id, delivery.remote_id);
	assert_true(*heard[0].author_handle && *heard[0].author_name && *heard[0].url);
	assert_int_not_equal(heard[0].said_at_us, PV_TIME_NONE);
	/* heard once */
	size_t more = 99;
	struct pv_incoming *again = NULL;
	const char *last = "";
	assert_int_equal(s->network->conversation(&s->context, s->mem, &s->account, next, recent, 1,
				 &again, &more, &last, NULL),
		PV_OK);
	assert_int_equal(more, 0);
	assert_string_equal(last, next);
	/* and answered, in the account's voice */
	struct pv_outgoing reply = stage_post(s, "pub-2", "Merci à vous");
	reply.reply_to = heard[0].remote_id;
	reply.reply_root = heard[0].root_id;
	reply.reply_handle = heard[0].author_handle;
	struct pv_delivery answered = publish(s, &reply), found = {0};
	assert_int_equal(answered.answer, PV_ANSWER_YES);
	assert_int_equal(find(s, &reply, &found), PV_FOUND);
	assert_string_equal(found.remote_id, answered.remote_id);
}

/* ---- what does not fit ------------------------------------------------------------------------- */

static void test_check(void **state)
{
	struct stage *s = *state;
	struct pv_outgoing post = stage_post(s, "pub-1", "Court");
	assert_int_equal(s->network->check(&s->account, &post, NULL), PV_OK);
	char *longer = talloc_zero_size(s->mem, 20001);
	memset(longer, 'x', 20000);
	struct pv_outgoing_media pictures[12] = {
		{.type = "image/png", .alt = "x", .bytes = "x", .size = 1}};
	for (size_t i = 1; i < PV_COUNT(pictures); i++)
		pictures[i] = pictures[0];
	pictures[1].type = "application/x-msdownload";
	pictures[2].size = (size_t)1 << 30;
	const struct {
		const char *text;
		size_t n_media;
		const char *pointer;
	} cases[] = {
		{longer, 0, "/text"},
		{"", 0, "/text"},
		{"a\xFF", 0, "/text"},
		{"a", 12, "/media"},
		{"a", 2, "/media/1/type"},
		{"a", 3, "/media/2"},
	};
	for (size_t i = 0; i < PV_COUNT(cases); i++) {
		struct pv_error error = PV_ERROR_IN(s->mem);
		post.text = cases[i].text;
		post.media = pictures;
		post.n_media = cases[i].n_media;
		assert_int_equal(s->network->check(&s->account, &post, &error), PV_INVALID);
		assert_int_equal(s->network->check(&s->account, &post, NULL), PV_INVALID);
		bool named = false;
		for (size_t k = 0; k < error.n_problems; k++)
			named = named || strcmp(error.problems[k].pointer, cases[i].pointer) == 0;
		assert_true(named);
	}
}

/* ---- troubles ---------------------------------------------------------------------------------- */

/* The network took it; the answer never came whole. Only reading back tells. */
static void test_accepted_and_lost(void **state)
{
	struct stage *s = *state;
	static const struct {
		struct loop_answer answer;
		const char *name;
	} cases[] = {
		{{.fault = LOOP_RESET}, "reset"},
		{{.fault = LOOP_CLOSE}, "closed"},
		{{.fault = LOOP_LATE, .delay_ms = 900}, "yes, after the time-out"},
		{{.fault = LOOP_HALF_HEAD}, "half a header section"},
		{{.fault = LOOP_HALF_BODY}, "half a body"},
		{{.fault = LOOP_RESET_BODY}, "half a body and a reset"},
		{{.fault = LOOP_GARBAGE}, "not HTTP"},
		{{.fault = LOOP_ENDLESS}, "without end"},
		{{.status = 500, .body = "{\"error\":\"InternalServerError\"}"}, "500 after all"},
		{{.status = 502, .type = "text/html", .body = "<h1>Bad gateway</h1>"}, "502"},
		{{.status = 504, .type = "text/html", .body = "<h1>Time-out</h1>"}, "504"},
		{{.status = 503, .type = "text/html", .body = "<h1>Maintenance</h1>"},
			"503, no time"},
		/* what a cache says when its server did not answer in time */
		{{.status = 503,
			 .headers = "Retry-After: 5\r\n",
			 .type = "text/html",
			 .body = "<h1>Backend fetch failed</h1>"},
			"503 of a cache"},
		{{.status = 200, .type = "text/html", .body = "<h1>Welcome</h1>"}, "a page"},
		{{.status = 200, .body = "{\"id\":"}, "half of JSON"},
		{{.status = 200, .body = "{}"}, "JSON that says nothing"},
		{{.status = 200, .body = "[]"}, "JSON of another shape"},
		{{.status = 201, .body = "\"ok\""}, "a word"},
		{{.status = 204}, "empty"},
		{{.status = 302, .headers = "Location: /login\r\n"}, "sent to the entrance"},
		{{.status = 408, .body = "{}"}, "408"},
	};
	for (size_t i = 0; i < PV_COUNT(cases); i++) {
		char id[16], *text = talloc_asprintf(s->mem, "Numéro %zu : %s", i, cases[i].name);
		snprintf(id, sizeof id, "pub-%zu", i);
		print_message("# %s\n", cases[i].name);
		struct pv_outgoing post = stage_post(s, id, text);
		post.timeout_ms = 700;
		order(s, true, cases[i].answer, 1);
		struct pv_delivery delivery = publish(s, &post), found = {0};
		assert_int_equal(delivery.answer, PV_ANSWER_UNKNOWN);
		assert_true(delivery.reason == PV_REASON_NO_ANSWER ||
			    delivery.reason == PV_REASON_ODD_ANSWER);
		assert_int_equal(stage_posts(s), i + 1);
		post.timeout_ms = 5000;
		enum pv_finding finding = find(s, &post, &found);
		assert_int_equal(finding, PV_FOUND);
		assert_true(*found.remote_id);
	}
}

/* The same answers from something in front of the network: it never took the post. */
static void test_never_arrived(void **state)
{
	struct stage *s = *state;
	static const struct loop_answer answers[] = {
		{.fault = LOOP_RESET},
		{.status = 502, .type = "text/html", .body = "<h1>Bad gateway</h1>"},
		{.status = 403, .type = "text/html", .body = "<h1>Firewall</h1>"},
		{.status = 401, .type = "text/html", .body = "<h1>Proxy</h1>"},
		{.status = 200, .type = "text/html", .body = "<h1>Hotel network: sign in</h1>"},
	};
	for (size_t i = 0; i < PV_COUNT(answers); i++) {
		char id[16];
		snprintf(id, sizeof id, "pub-%zu", i);
		struct pv_outgoing post = stage_post(s, id, "Arrivera-t-elle ?");
		struct pv_delivery found = {0};
		order(s, false, answers[i], 1);
		assert_int_equal(publish(s, &post).answer, PV_ANSWER_UNKNOWN);
		assert_int_equal(find(s, &post, &found), PV_ABSENT);
	}
	assert_int_equal(stage_posts(s), 0);
}

/* Answers whose meaning is sure. */
static void test_sure_answers(void **state)
{
	struct stage *s = *state;
	static const struct {
		struct loop_answer answer;
		enum pv_answer means;
		enum pv_reason reason;
		int64_t after_s; /* LATER: not before; 0: not said */
	} cases[] = {
		{{.status = 429,
			 .headers = "Retry-After: 120\r\n",
			 .body = "{\"error\":\"RateLimitExceeded\"}"},
			PV_ANSWER_LATER, PV_REASON_RATE_LIMIT, 120},
		{{.status = 429, .type = "text/html", .body = "<h1>Slow down</h1>"},
			PV_ANSWER_LATER, PV_REASON_RATE_LIMIT, 0},
		{{.status = 503,
			 .headers = "Retry-After: 60\r\n",
			 .body = "{\"error\":\"Maintenance\"}"},
			PV_ANSWER_LATER, PV_REASON_OUTAGE, 60},
		{{.status = 403, .body = "{\"error\":\"Forbidden\"}"}, PV_ANSWER_NO,
			PV_REASON_PERMISSION, 0},
		{{.status = 422, .body = "{\"error\":\"no\"}"}, PV_ANSWER_NO, PV_REASON_PERMANENT,
			0},
		{{.status = 400, .body = "{\"error\":\"InvalidRequest\",\"message\":\"no\"}"},
			PV_ANSWER_NO, PV_REASON_PERMANENT, 0},
		{{.status = 413, .body = "{\"error\":\"PayloadTooLarge\"}"}, PV_ANSWER_NO,
			PV_REASON_TOO_LARGE, 0},
		{{.status = 404, .body = "{\"error\":\"none\"}"}, PV_ANSWER_NO, PV_REASON_PERMANENT,
			0},
	};
	struct pv_outgoing post = stage_post(s, "pub-1", "Réponse claire");
	for (size_t i = 0; i < PV_COUNT(cases); i++) {
		print_message("# %d\n", cases[i].answer.status);
		order(s, false, cases[i].answer, 1);
		int64_t before_us = pv_env_now_us(s->env);
		struct pv_delivery delivery = publish(s, &post);
		assert_int_equal(delivery.answer, cases[i].means);
		assert_int_equal(delivery.reason, cases[i].reason);
		assert_int_equal(delivery.http_status, cases[i].answer.status);
		if (!cases[i].after_s) {
			assert_int_equal(delivery.retry_at_us, PV_TIME_NONE);
			continue;
		}
		assert_true(delivery.retry_at_us >= before_us + cases[i].after_s * PV_SECOND_US);
		assert_true(
			delivery.retry_at_us < before_us + (cases[i].after_s + 10) * PV_SECOND_US);
	}
	assert_int_equal(stage_posts(s), 0);
}

static void test_signed_out(void **state)
{
	struct stage *s = *state;
	struct pv_outgoing post = stage_post(s, "pub-1", "Le jeton est mort");
	s->account.secrets =
		"{\"token\":\"gone-gone\",\"access\":\"gone-gone\",\"refresh\":\"gone-gone\"}";
	struct pv_delivery delivery = publish(s, &post);
	assert_int_equal(delivery.answer, PV_ANSWER_NO);
	assert_int_equal(delivery.reason, PV_REASON_SIGN_IN);
	struct pv_incoming *heard;
	size_t n;
	const char *cursor;
	struct pv_error error = PV_ERROR_IN(s->mem);
	assert_int_equal(s->network->conversation(&s->context, s->mem, &s->account, "", NULL, 0,
				 &heard, &n, &cursor, &error),
		PV_UNAUTHENTICATED);
	assert_int_equal(stage_posts(s), 0);
}

static void test_unreachable(void **state)
{
	struct stage *s = *state;
	struct pv_outgoing post = stage_post(s, "pub-1", "Personne");
	unsigned port = loop_closed_port();
	const char *allow = talloc_asprintf(s->mem, "127.0.0.1:%u", port);
	struct pv_net_client *client;
	struct pv_env *env;
	assert_int_equal(pv_env_real(s->mem, &env, NULL), PV_OK);
	assert_int_equal(
		pv_net_client_create(s->mem,
			&(struct pv_net_options){.allow = &allow, .n_allow = 1}, &client, NULL),
		PV_OK);
	assert_int_equal(pv_net_client_attach(client, env, NULL), PV_OK);
	s->context.env = env;
	s->account.server = talloc_asprintf(s->mem, "http://127.0.0.1:%u", port);
	struct pv_delivery delivery = publish(s, &post), found = {0};
	assert_int_equal(delivery.answer, PV_ANSWER_LATER);
	assert_int_equal(delivery.reason, PV_REASON_OUTAGE);
	assert_int_equal(find(s, &post, &found), PV_UNSURE);
	/* an address inside the walls is not even asked, and nothing was sent */
	s->account.server = "http://127.0.0.1:1";
	struct pv_error error = PV_ERROR_IN(s->mem);
	assert_int_equal(
		s->network->publish(&s->context, s->mem, &s->account, &post, &delivery, &error),
		PV_INVALID);
	talloc_free(client);
	s->context.env = s->env;
}

static void test_time_is_over(void **state)
{
	struct stage *s = *state;
	struct pv_outgoing post = stage_post(s, "pub-1", "Rien ne vient");
	post.timeout_ms = 300;
	order(s, true, (struct loop_answer){.fault = LOOP_SILENT}, 1);
	int64_t from_us = pv_env_monotonic_us(s->env);
	assert_int_equal(publish(s, &post).answer, PV_ANSWER_UNKNOWN);
	int64_t took_us = pv_env_monotonic_us(s->env) - from_us;
	assert_true(took_us >= 250000 && took_us < 1500000);
}

/* A write whose line was cut may still be at work: it is not said absent before it must be over. */
static void test_patience(void **state)
{
	struct stage *s = *state;
	const struct pv_network *network = s->network;
	if (network->idempotent_us > 0 || network == &pv_network_fake)
		return;
	assert_true(network->find_tries * network->find_pause_us >
		    PV_NETWORK_TIMEOUT_MS * INT64_C(1000));
}

/* ---- the list of cases, for every network ------------------------------------------------------ */

static const struct {
	const char *name;
	CMUnitTestFunction run;
	bool by_http; /* only where there is a wire to cut */
} cases[] = {
	{"connect", test_connect, false},
	{"connect refused", test_connect_refused, true},
	{"check account", test_check_account, false},
	{"publish", test_publish, false},
	{"repeat", test_repeat, false},
	{"picture", test_picture, false},
	{"card", test_card, false},
	{"withdraw", test_withdraw, false},
	{"metrics", test_metrics, false},
	{"conversation", test_conversation, true},
	{"check", test_check, false},
	{"accepted and lost", test_accepted_and_lost, true},
	{"never arrived", test_never_arrived, true},
	{"sure answers", test_sure_answers, true},
	{"signed out", test_signed_out, true},
	{"unreachable", test_unreachable, true},
	{"time is over", test_time_is_over, true},
	{"patience", test_patience, false},
};

static int setup(void **state)
{
	struct stage *stage = calloc(1, sizeof *stage);
	stage_open(stage, *state);
	*state = stage;
	return 0;
}

static int teardown(void **state)
{
	stage_close(*state);
	free(*state);
	return 0;
}

int main(void)
{
	const struct stage *kinds[] = {
		&stage_fake, &stage_journal, &stage_bluesky, &stage_mastodon, stage_pds()};
	static struct CMUnitTest tests[PV_COUNT(kinds) * PV_COUNT(cases)];
	static char names[PV_COUNT(tests)][64];
	size_t n = 0;
	for (size_t k = 0; k < PV_COUNT(kinds); k++)
		for (size_t i = 0; kinds[k] && i < PV_COUNT(cases); i++) {
			if (cases[i].by_http && !kinds[k]->start)
				continue;
			snprintf(
				names[n], sizeof names[n], "%s: %s", kinds[k]->name, cases[i].name);
			tests[n] = (struct CMUnitTest){.name = names[n],
				.test_func = cases[i].run,
				.setup_func = setup,
				.teardown_func = teardown,
				.initial_state = (void *)(uintptr_t)kinds[k]};
			n++;
		}
	if (!kinds[4])
		fprintf(stderr, "PV_TEST_PDS is not set: the real Bluesky server is left out\n");
	return _cmocka_run_group_tests("contract", tests, n, NULL, NULL);
}
