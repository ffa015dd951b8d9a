/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What only Mastodon and its like have: servers that differ, HTML read back, media that wait. */
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

static struct pv_delivery publish(struct stage *s, const struct pv_outgoing *post)
{
	struct pv_delivery delivery = {0};
	assert_int_equal(
		s->network->publish(&s->context, s->mem, &s->account, post, &delivery, NULL),
		PV_OK);
	return delivery;
}

static enum pv_finding find(struct stage *s, const struct pv_outgoing *post)
{
	struct pv_delivery delivery;
	enum pv_finding finding;
	assert_int_equal(
		s->network->find(&s->context, s->mem, &s->account, post, &finding, &delivery, NULL),
		PV_OK);
	return finding;
}

static struct mastodon_api *other_side(struct stage *s)
{
	return s->api->state;
}

/* What our latest post's request said. */
static json_t *sent(struct stage *s)
{
	json_t *status = json_array_get(other_side(s)->statuses, 0);
	assert_non_null(status);
	return json_object_get(status, "x_sent");
}

/* ---- servers ----------------------------------------------------------------------------------- */

static void test_settings(void **state)
{
	struct stage *s = *state;
	PV_JSON json_t *settings = api_json(s->account.settings);
	assert_string_equal(s->account.handle, "@desk@desk.example");
	assert_string_equal(s->account.name, "Le bureau");
	assert_int_equal(pv_json_int(settings, "text_max", 0), 500);
	assert_int_equal(pv_json_int(settings, "link_length", 0), 23);
	assert_int_equal(pv_json_int(settings, "media_bytes_max", 0), 16777216);
	assert_int_equal(pv_json_int(settings, "description_max", 0), 1500);
	assert_int_equal(json_array_size(json_object_get(settings, "media_types")), 2);
}

static void test_versions(void **state)
{
	struct stage *s = *state;
	static const struct {
		const char *version, *software;
		bool idempotent;
	} cases[] = {
		{"4.6.0", "mastodon", true},
		{"4.3.0-nightly.2024-08-01+glitch", "mastodon", true},
		{"3.5.3", "mastodon", true},
		{"2.7.2 (compatible; Pleroma 2.5.0)", "Pleroma", false},
		{"4.2.1 (compatible; Sharkey 2025.1.1)", "Sharkey", false},
		{"4.2.0 (compatible; Hollo 0.6.0)", "Hollo", true},
		{"0.17.1+git-abc", "other", false},
		{"(compatible;", "", false},
		{"", "other", false},
	};
	for (size_t i = 0; i < PV_COUNT(cases); i++) {
		char *body = talloc_asprintf(s->mem,
			"{\"domain\":\"desk.example\",\"version\":\"%s\","
			"\"configuration\":{\"statuses\":{\"max_characters\":5000,"
			"\"characters_reserved_per_url\":256}}}",
			cases[i].version);
		s->api->trouble = (struct trouble){.method = "GET",
			.path = "/api/v2/instance",
			.answer = {.status = 200, .body = body},
			.times = 1};
		struct pv_network_account account = s->account;
		assert_int_equal(
			s->network->check_account(&s->context, s->mem, &account, NULL), PV_OK);
		PV_JSON json_t *settings = api_json(account.settings);
		assert_string_equal(pv_json_text(settings, "software"), cases[i].software);
		assert_int_equal(
			pv_network_idempotent_us(s->network, &account) > 0, cases[i].idempotent);
		assert_int_equal(pv_network_limits_of(s->network, account.settings).text_max, 5000);
	}
}

/* Older servers have the first version of the description only. */
static void test_old_server(void **state)
{
	struct stage *s = *state;
	s->api->trouble = (struct trouble){.method = "GET",
		.path = "/api/v2/instance",
		.answer = {.status = 404, .body = "{\"error\":\"Not found\"}"},
		.times = 1};
	struct pv_network_account account = s->account;
	struct pv_error error = PV_ERROR_IN(s->mem);
	/* our likeness does not serve the first version either */
	assert_int_equal(
		s->network->check_account(&s->context, s->mem, &account, &error), PV_NOT_FOUND);
	assert_ptr_equal(account.settings, s->account.settings);
}

static void test_limits_are_the_servers(void **state)
{
	struct stage *s = *state;
	char *text = talloc_zero_size(s->mem, 601);
	memset(text, 'x', 600);
	struct pv_outgoing post = stage_post(s, "pub-1", text);
	assert_int_equal(s->network->check(&s->account, &post, NULL), PV_INVALID);
	s->account.settings = "{\"text_max\":5000}";
	assert_int_equal(s->network->check(&s->account, &post, NULL), PV_OK);
	/* a link counts what the server says */
	post.text = "https://exemple.fr/";
	s->account.settings = "{\"text_max\":100,\"link_length\":256}";
	assert_int_equal(s->network->check(&s->account, &post, NULL), PV_INVALID);
}

/* A server that lets the key pass without acting on it: a repeat makes two, and is never promised. */
static void test_key_ignored(void **state)
{
	struct stage *s = *state;
	other_side(s)->ignores_keys = true;
	s->account.settings = "{\"software\":\"other\",\"idempotent\":false}";
	assert_int_equal(pv_network_idempotent_us(s->network, &s->account), 0);
	struct pv_outgoing post = stage_post(s, "pub-1", "Une seule fois");
	s->api->trouble = (struct trouble){.method = "POST",
		.path = "/api/v1/statuses",
		.accepted = true,
		.answer = {.fault = LOOP_RESET},
		.times = 1};
	assert_int_equal(publish(s, &post).answer, PV_ANSWER_UNKNOWN);
	assert_int_equal(find(s, &post), PV_FOUND);
	assert_int_equal(stage_posts(s), 1);
}

/* ---- what is sent ------------------------------------------------------------------------------ */

static void test_body(void **state)
{
	struct stage *s = *state;
	struct pv_outgoing post = stage_post(s, "pub-1", "Un texte");
	assert_int_equal(publish(s, &post).answer, PV_ANSWER_YES);
	json_t *body = sent(s);
	assert_string_equal(pv_json_text(body, "status"), "Un texte");
	assert_string_equal(pv_json_text(body, "language"), "fr"); /* of fr-CA */
	assert_string_equal(pv_json_text(body, "visibility"), "public");
	assert_null(json_object_get(body, "in_reply_to_id"));
	assert_null(json_object_get(body, "media_ids"));
	assert_non_null(json_object_get(other_side(s)->keys, post.write_key));
}

static void test_answer(void **state)
{
	struct stage *s = *state;
	static const struct {
		const char *text, *sent;
	} cases[] = {
		{"Merci", "@bob Merci"},
		{"@bob Merci", "@bob Merci"},
		{"Merci @Bob !", "Merci @Bob !"},
		{"@bobby est là", "@bob @bobby est là"},
		{"@bob@elsewhere.example aussi", "@bob @bob@elsewhere.example aussi"},
	};
	struct pv_outgoing post = stage_post(s, "pub-0", "Une question");
	struct pv_delivery first = publish(s, &post);
	mastodon_api_answer(s->api, first.remote_id, "Oui");
	json_t *answer = json_array_get(other_side(s)->statuses, 0);
	json_object_set_new(answer, "visibility", json_string("unlisted"));
	char *id = talloc_strdup(s->mem, pv_json_text(answer, "id"));
	for (size_t i = 0; i < PV_COUNT(cases); i++) {
		char key[16];
		snprintf(key, sizeof key, "pub-%zu", i + 1);
		struct pv_outgoing reply = stage_post(s, key, cases[i].text);
		reply.reply_to = id;
		reply.reply_handle = "@bob";
		assert_int_equal(publish(s, &reply).answer, PV_ANSWER_YES);
		assert_string_equal(pv_json_text(sent(s), "status"), cases[i].sent);
		assert_string_equal(pv_json_text(sent(s), "in_reply_to_id"), id);
		/* whoever may read the question may read the answer, and nobody else */
		assert_string_equal(pv_json_text(sent(s), "visibility"), "unlisted");
		assert_int_equal(find(s, &reply), PV_FOUND);
	}
	struct pv_outgoing lost = stage_post(s, "pub-9", "À personne");
	lost.reply_to = "424242";
	struct pv_delivery delivery = publish(s, &lost);
	assert_int_equal(delivery.answer, PV_ANSWER_NO);
	assert_int_equal(delivery.reason, PV_REASON_PERMANENT);
}

static void test_media_troubles(void **state)
{
	struct stage *s = *state;
	static const struct {
		const char *method, *path;
		struct loop_answer answer;
		unsigned times;
		enum pv_answer means;
		enum pv_reason reason;
	} cases[] = {
		{"POST", "/api/v2/media", {.fault = LOOP_RESET}, 1, PV_ANSWER_LATER,
			PV_REASON_OUTAGE},
		{"POST", "/api/v2/media", {.status = 422, .body = "{\"error\":\"no\"}"}, 1,
			PV_ANSWER_NO, PV_REASON_PERMANENT},
		{"GET", "/api/v1/media/", {.status = 422, .body = "{\"error\":\"no\"}"}, 1,
			PV_ANSWER_NO, PV_REASON_PERMANENT},
		/* it never gets ready: the time ends it, and nothing was published */
		{"GET", "/api/v1/media/", {.status = 206, .body = "{\"id\":\"1\"}"}, 1000,
			PV_ANSWER_LATER, PV_REASON_OUTAGE},
	};
	struct pv_outgoing_media media = {
		.type = "image/png", .alt = "Été", .bytes = "png", .size = 3};
	struct pv_outgoing post = stage_post(s, "pub-1", "Avec image");
	post.media = &media;
	post.n_media = 1;
	post.timeout_ms = 2500;
	for (size_t i = 0; i < PV_COUNT(cases); i++) {
		s->api->trouble = (struct trouble){.method = cases[i].method,
			.path = cases[i].path,
			.answer = cases[i].answer,
			.times = cases[i].times};
		struct pv_delivery delivery = publish(s, &post);
		assert_int_equal(delivery.answer, cases[i].means);
		assert_int_equal(delivery.reason, cases[i].reason);
	}
	assert_int_equal(stage_posts(s), 0);
	s->api->trouble.times = 0;
	assert_int_equal(publish(s, &post).answer, PV_ANSWER_YES);
	assert_int_equal(json_array_size(json_object_get(sent(s), "media_ids")), 1);
}

static void test_rate_limit(void **state)
{
	struct stage *s = *state;
	char headers[128], at[PV_TIME_TEXT_SIZE];
	int64_t reset_us = pv_env_now_us(s->env) + 200 * PV_SECOND_US;
	snprintf(headers, sizeof headers, "X-RateLimit-Remaining: 0\r\nX-RateLimit-Reset: %s\r\n",
		pv_time_format(reset_us, at));
	s->api->trouble = (struct trouble){.method = s->write_method,
		.path = s->write_path,
		.answer = {.status = 429,
			.headers = headers,
			.body = "{\"error\":\"Too many requests\"}"},
		.times = 1};
	struct pv_outgoing post = stage_post(s, "pub-1", "Trop vite");
	struct pv_delivery delivery = publish(s, &post);
	assert_int_equal(delivery.answer, PV_ANSWER_LATER);
	assert_int_equal(delivery.retry_at_us / 1000, reset_us / 1000);
}

/* ---- reading back ------------------------------------------------------------------------------ */

static void test_clock_behind(void **state)
{
	struct stage *s = *state;
	char header[64], date[PV_TIME_TEXT_SIZE];
	int64_t behind_us = 10 * PV_MINUTE_US;
	other_side(s)->clock_behind_us = behind_us;
	snprintf(header, sizeof header, "Date: %s\r\n",
		pv_time_http(pv_env_now_us(s->env) - behind_us, date));
	s->api->headers = header;
	struct pv_outgoing post = stage_post(s, "pub-1", "L'heure du serveur n'est pas la nôtre");
	assert_int_equal(publish(s, &post).answer, PV_ANSWER_YES);
	assert_int_equal(find(s, &post), PV_FOUND);
	s->api->headers = NULL;
}

static void set_date(struct stage *s, int64_t at_us)
{
	static char header[64];
	char date[PV_TIME_TEXT_SIZE];
	snprintf(header, sizeof header, "Date: %s\r\n", pv_time_http(at_us, date));
	s->api->headers = header;
}

/*
 * Our clock was wrong when it wrote, and is right now (written_at_us is all it left). With the age of
 * the write, the server's own time says what is ours; without, what might be is a person's to see.
 */
static void test_clock_was_wrong(void **state)
{
	struct stage *s = *state;
	static const struct {
		int64_t wrong_us, age_us;
		enum pv_finding finding;
	} cases[] = {
		{PV_HOUR_US, 0, PV_FOUND},
		{-PV_HOUR_US, 0, PV_FOUND},
		{10 * PV_MINUTE_US, 0, PV_FOUND},
		/* ahead, and nobody knows by how much: the server's now is the latest it can be */
		{PV_HOUR_US, PV_AGE_UNKNOWN, PV_FOUND},
		{-PV_HOUR_US, PV_AGE_UNKNOWN, PV_FOUND},
	};
	for (size_t i = 0; i < PV_COUNT(cases); i++) {
		char id[16];
		snprintf(id, sizeof id, "pub-%zu", i);
		struct pv_outgoing post = stage_post(s, id, i % 2 ? "L'heure" : "Midi sonne");
		assert_int_equal(publish(s, &post).answer, PV_ANSWER_YES);
		set_date(s, post.written_at_us);
		post.written_at_us += cases[i].wrong_us;
		post.age_us = cases[i].age_us;
		assert_int_equal(find(s, &post), cases[i].finding);
		json_array_clear(other_side(s)->statuses);
		assert_int_equal(find(s, &post), PV_ABSENT);
	}
	s->api->headers = NULL;
}

/* The same words ten minutes before: with the age they are another's, without nobody can say. */
static void test_age_unknown(void **state)
{
	struct stage *s = *state;
	struct pv_outgoing post = stage_post(s, "pub-1", "Bonjour à tous");
	assert_int_equal(publish(s, &post).answer, PV_ANSWER_YES);
	json_t *status = json_array_get(other_side(s)->statuses, 0);
	const char *id = talloc_strdup(s->mem, pv_json_text(status, "id"));
	struct pv_outgoing again = stage_post(s, "pub-2", "Bonjour à tous");
	again.written_at_us += 10 * PV_MINUTE_US;
	set_date(s, again.written_at_us);
	assert_int_equal(find(s, &again), PV_ABSENT);
	again.age_us = PV_AGE_UNKNOWN;
	assert_int_equal(find(s, &again), PV_UNSURE);
	/* unless the desk knows whose they are */
	again.others = &id;
	again.n_others = 1;
	assert_int_equal(find(s, &again), PV_ABSENT);
	again.written_at_us = post.written_at_us;
	set_date(s, post.written_at_us);
	again.age_us = 0;
	assert_int_equal(find(s, &again), PV_ABSENT);
	again.n_others = 0;
	assert_int_equal(find(s, &again), PV_FOUND);
	s->api->headers = NULL;
}

/* The server knows the key of what it has: other bytes come with another one. */
static void test_other_bytes(void **state)
{
	struct stage *s = *state;
	struct pv_outgoing post = stage_post(s, "pub-1", "Premier texte");
	struct pv_outgoing edited = stage_post(s, "pub-1", "Second texte");
	struct pv_outgoing again = stage_post(s, "pub-1", "Premier texte");
	edited.attempt = 2;
	again.attempt = 3;
	again.written_at_us += PV_MINUTE_US;
	again.write_key = s->network->make_key(s->mem, &again);
	struct pv_delivery first = publish(s, &post);
	struct pv_delivery second = publish(s, &edited);
	assert_string_not_equal(first.remote_id, second.remote_id);
	assert_string_equal(pv_json_text(sent(s), "status"), "Second texte");
	assert_string_equal(publish(s, &again).remote_id, first.remote_id);
	assert_int_equal(stage_posts(s), 2);
}

/* The same words of last week are last week's post. */
static void test_same_text_before(void **state)
{
	struct stage *s = *state;
	struct pv_outgoing post = stage_post(s, "pub-1", "Bonne semaine à tous");
	assert_int_equal(publish(s, &post).answer, PV_ANSWER_YES);
	json_object_set_new(json_array_get(other_side(s)->statuses, 0), "created_at",
		json_string("2026-01-05T08:00:00.000Z"));
	struct pv_outgoing again = stage_post(s, "pub-2", "Bonne semaine à tous");
	assert_int_equal(find(s, &again), PV_ABSENT);
}

static void test_rewritten(void **state)
{
	struct stage *s = *state;
	struct pv_outgoing post = stage_post(s, "pub-1", "Le conseil se réunit mardi à dix heures");
	assert_int_equal(publish(s, &post).answer, PV_ANSWER_YES);
	json_object_set_new(json_array_get(other_side(s)->statuses, 0), "content",
		json_string("<p>Le conseil se réunit mardi à dix heures [lire la suite]</p>"));
	struct pv_delivery delivery = {0};
	enum pv_finding finding;
	assert_int_equal(s->network->find(&s->context, s->mem, &s->account, &post, &finding,
				 &delivery, NULL),
		PV_OK);
	/* the server has answered, and nobody can say for sure: a person is asked */
	assert_int_equal(finding, PV_UNSURE);
	assert_int_equal(delivery.answer, PV_ANSWER_NO);
	/* it has not: asked again, it may */
	s->api->trouble = (struct trouble){.method = "GET",
		.path = "/api/v1/accounts/7/statuses",
		.answer = {.status = 502, .type = "text/html", .body = "<h1>Bad gateway</h1>"},
		.times = 1};
	assert_int_equal(s->network->find(&s->context, s->mem, &s->account, &post, &finding,
				 &delivery, NULL),
		PV_OK);
	assert_int_equal(finding, PV_UNSURE);
	assert_int_equal(delivery.answer, PV_ANSWER_UNKNOWN);
}

static void test_many_posts(void **state)
{
	struct stage *s = *state;
	struct pv_outgoing post = stage_post(s, "pub-1", "Celle que l'on cherche");
	assert_int_equal(publish(s, &post).answer, PV_ANSWER_YES);
	struct pv_outgoing lost = stage_post(s, "pub-2", "Jamais partie, celle-là");
	lost.written_at_us = post.written_at_us;
	for (int i = 0; i < 60; i++) {
		char id[16], text[64];
		snprintf(id, sizeof id, "n-%d", i);
		snprintf(text, sizeof text, "%d%d%d autre message", i * 7, i * 13, i * 31);
		struct pv_outgoing other = stage_post(s, id, text);
		assert_int_equal(publish(s, &other).answer, PV_ANSWER_YES);
	}
	assert_int_equal(find(s, &post), PV_FOUND);  /* on the second page */
	assert_int_equal(find(s, &lost), PV_ABSENT); /* all was seen */
	for (int i = 60; i < 125; i++) {
		char id[16];
		snprintf(id, sizeof id, "n-%d", i);
		struct pv_outgoing other = stage_post(s, id, "12345 67890");
		assert_int_equal(publish(s, &other).answer, PV_ANSWER_YES);
	}
	assert_int_equal(find(s, &lost), PV_UNSURE); /* beyond what is looked through */
}

static void test_no_permalink(void **state)
{
	struct stage *s = *state;
	struct pv_outgoing post = stage_post(s, "pub-1", "Sans adresse");
	s->api->trouble = (struct trouble){.method = s->write_method,
		.path = s->write_path,
		.answer = {.status = 200,
			.body = "{\"id\":\"5\",\"url\":null,\"uri\":\"https://desk.example/5\"}"},
		.times = 1};
	struct pv_delivery delivery = publish(s, &post);
	assert_int_equal(delivery.answer, PV_ANSWER_YES);
	assert_string_equal(delivery.permalink, "https://desk.example/5");
}

static int setup(void **state)
{
	struct stage *stage = calloc(1, sizeof *stage);
	stage_open(stage, &stage_mastodon);
	*state = stage;
	return 0;
}

static int teardown(void **state)
{
	stage_close(*state);
	free(*state);
	return 0;
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_settings),
		CASE(test_versions),
		CASE(test_old_server),
		CASE(test_limits_are_the_servers),
		CASE(test_key_ignored),
		CASE(test_body),
		CASE(test_answer),
		CASE(test_media_troubles),
		CASE(test_rate_limit),
		CASE(test_clock_behind),
		CASE(test_clock_was_wrong),
		CASE(test_age_unknown),
		CASE(test_other_bytes),
		CASE(test_same_text_before),
		CASE(test_rewritten),
		CASE(test_many_posts),
		CASE(test_no_permalink),
	};
	return cmocka_run_group_tests_name("mastodon", tests, NULL, NULL);
}
