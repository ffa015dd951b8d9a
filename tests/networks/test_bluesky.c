/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What only Bluesky has: tokens that rotate, facets in bytes, embeds, threads, keys. */
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

static struct bluesky_api *other_side(struct stage *s)
{
	return s->api->state;
}

/* The record of our one post. */
static json_t *record_of(struct stage *s, const struct pv_delivery *delivery)
{
	json_t *kept = json_object_get(other_side(s)->records, delivery->remote_id);
	assert_non_null(kept);
	return json_object_get(kept, "value");
}

/* ---- tokens ------------------------------------------------------------------------------------ */

static void test_expired_token(void **state)
{
	struct stage *s = *state;
	struct bluesky_api *b = other_side(s);
	struct pv_outgoing post = stage_post(s, "pub-1", "Deux heures plus tard");
	snprintf(b->access, sizeof b->access, "eyJ.access.later"); /* ours is old now */
	assert_int_equal(publish(s, &post).answer, PV_ANSWER_YES);
	assert_int_equal(b->refreshes, 1);
	assert_int_equal(s->saves, 1);
	assert_non_null(strstr(s->saved, b->access));
	assert_non_null(strstr(s->saved, b->refresh));
	assert_int_equal(stage_posts(s), 1);
	/* the next operation begins with what was saved */
	s->account.secrets = s->saved;
	assert_int_equal(s->network->check_account(&s->context, s->mem, &s->account, NULL), PV_OK);
	assert_int_equal(b->refreshes, 1);
}

static void test_tokens_not_saved(void **state)
{
	struct stage *s = *state;
	struct bluesky_api *b = other_side(s);
	struct pv_outgoing post = stage_post(s, "pub-1", "Le disque est plein");
	struct pv_delivery delivery;
	struct pv_error error = PV_ERROR_IN(s->mem);
	snprintf(b->access, sizeof b->access, "eyJ.access.later");
	s->save_fails = true;
	assert_int_equal(
		s->network->publish(&s->context, s->mem, &s->account, &post, &delivery, &error),
		PV_UNAVAILABLE);
	assert_string_equal(error.words.en, "The disk is full.");
	assert_int_equal(stage_posts(s), 0);
}

/* The renewal's fate is not the post's: the post was refused unread, so it is never unknown. */
static void test_renewal_troubles(void **state)
{
	struct stage *s = *state;
	struct bluesky_api *b = other_side(s);
	static const struct {
		struct loop_answer answer;
		enum pv_answer means;
		enum pv_reason reason;
	} cases[] = {
		{{.fault = LOOP_RESET}, PV_ANSWER_LATER, PV_REASON_OUTAGE},
		{{.status = 502, .type = "text/html", .body = "<p>"}, PV_ANSWER_LATER,
			PV_REASON_OUTAGE},
		{{.status = 200, .body = "{}"}, PV_ANSWER_LATER, PV_REASON_OUTAGE},
		{{.status = 429, .body = "{}", .headers = "Retry-After: 9\r\n"}, PV_ANSWER_LATER,
			PV_REASON_RATE_LIMIT},
		{{.status = 400, .body = "{\"error\":\"ExpiredToken\"}"}, PV_ANSWER_NO,
			PV_REASON_SIGN_IN},
		{{.status = 401, .body = "{\"error\":\"AuthenticationRequired\"}"}, PV_ANSWER_NO,
			PV_REASON_SIGN_IN},
	};
	snprintf(b->access, sizeof b->access, "eyJ.access.later");
	for (size_t i = 0; i < PV_COUNT(cases); i++) {
		struct pv_outgoing post = stage_post(s, "pub-1", "En attente");
		s->api->trouble = (struct trouble){.method = "POST",
			.path = "/xrpc/com.atproto.server.refreshSession",
			.answer = cases[i].answer,
			.times = 1};
		struct pv_delivery delivery = publish(s, &post);
		assert_int_equal(delivery.answer, cases[i].means);
		assert_int_equal(delivery.reason, cases[i].reason);
	}
	assert_int_equal(stage_posts(s), 0);
	assert_int_equal(s->saves, 0);
}

static void test_second_factor(void **state)
{
	struct stage *s = *state;
	struct pv_network_account out = {0};
	struct pv_error error = PV_ERROR_IN(s->mem);
	assert_int_equal(stage_connect(s,
				 "{\"server\":\"%s\",\"handle\":\"alice.test\",\"password\":\"main-"
				 "pass-word\"}",
				 &out, &error),
		PV_UNAUTHENTICATED);
	assert_non_null(strstr(error.words.en, "app password"));
}

/* bsky.social is only the entrance: the account lives where its DID document says. */
static void test_entrance(void **state)
{
	struct stage *s = *state;
	static const char body[] =
		"{\"accessJwt\":\"eyJ.a.x\",\"refreshJwt\":\"eyJ.r.x\",\"did\":\"did:plc:alice\","
		"\"handle\":\"alice.test\",\"didDoc\":{\"service\":[{\"id\":\"#other\","
		"\"serviceEndpoint\":\"https://no.example\"},{\"id\":\"#atproto_pds\","
		"\"serviceEndpoint\":\"https://192.0.2.7\"}]}}";
	struct pv_network_account out = {.id = "x"};
	s->api->trouble = (struct trouble){.method = "POST",
		.path = "/xrpc/com.atproto.server.createSession",
		.answer = {.status = 200, .body = body},
		.times = 1};
	assert_int_equal(stage_connect(s, s->typed, &out, NULL), PV_OK);
	assert_string_equal(out.server, "https://192.0.2.7");
	assert_string_equal(out.name, "alice.test");
}

/* ---- records ----------------------------------------------------------------------------------- */

static void test_facets(void **state)
{
	struct stage *s = *state;
	static const char text[] = "Été 🎓 : #été avec @bob.test et @personne.test, voir "
				   "https://exemple.fr/é?a=b et exemple.fr.";
	static const struct {
		const char *part, *type, *member, *value;
	} wanted[] = {
		{"#été", "app.bsky.richtext.facet#tag", "tag", "été"},
		{"@bob.test", "app.bsky.richtext.facet#mention", "did", "did:plc:bob"},
		{"https://exemple.fr/é?a=b", "app.bsky.richtext.facet#link", "uri",
			"https://exemple.fr/é?a=b"},
		{"exemple.fr", "app.bsky.richtext.facet#link", "uri", "https://exemple.fr"},
	};
	struct pv_outgoing post = stage_post(s, "pub-1", text);
	struct pv_delivery delivery = publish(s, &post);
	assert_int_equal(delivery.answer, PV_ANSWER_YES);
	json_t *facets = json_object_get(record_of(s, &delivery), "facets");
	assert_int_equal(json_array_size(facets), PV_COUNT(wanted));
	for (size_t i = 0; i < PV_COUNT(wanted); i++) {
		const json_t *facet = json_array_get(facets, i);
		const json_t *index = json_object_get(facet, "index");
		const json_t *feature = json_array_get(json_object_get(facet, "features"), 0);
		size_t from = (size_t)pv_json_int(index, "byteStart", -1);
		size_t to = (size_t)pv_json_int(index, "byteEnd", -1);
		assert_int_equal(to - from, strlen(wanted[i].part));
		assert_memory_equal(text + from, wanted[i].part, to - from);
		assert_string_equal(pv_json_text(feature, "$type"), wanted[i].type);
		assert_string_equal(pv_json_text(feature, wanted[i].member), wanted[i].value);
	}
}

static void test_mention_not_resolved(void **state)
{
	struct stage *s = *state;
	struct pv_outgoing post = stage_post(s, "pub-1", "Bonjour @bob.test");
	s->api->trouble = (struct trouble){.method = "GET",
		.path = "/xrpc/com.atproto.identity.resolveHandle",
		.answer = {.status = 502, .type = "text/html", .body = "<p>"},
		.times = 1};
	struct pv_delivery delivery = publish(s, &post);
	assert_int_equal(delivery.answer, PV_ANSWER_YES); /* it leaves, without the link */
	assert_null(json_object_get(record_of(s, &delivery), "facets"));
}

static void test_record(void **state)
{
	struct stage *s = *state;
	static const char *const languages[] = {"fr-CA", "en", "es", "de"};
	struct pv_outgoing post = stage_post(s, "pub-1", "Un texte");
	post.languages = languages;
	post.n_languages = 4;
	post.card = (struct pv_link_card){.url = "https://exemple.fr/", .title = "Titre"};
	struct pv_delivery delivery = publish(s, &post);
	json_t *record = record_of(s, &delivery);
	char at[PV_TIME_TEXT_SIZE];
	assert_string_equal(pv_json_text(record, "$type"), "app.bsky.feed.post");
	assert_string_equal(
		pv_json_text(record, "createdAt"), pv_time_format(post.written_at_us, at));
	assert_int_equal(json_array_size(json_object_get(record, "langs")), 3);
	json_t *embed = json_object_get(record, "embed");
	assert_string_equal(pv_json_text(embed, "$type"), "app.bsky.embed.external");
	json_t *card = json_object_get(embed, "external");
	assert_string_equal(pv_json_text(card, "uri"), "https://exemple.fr/");
	assert_string_equal(pv_json_text(card, "description"), "");
	assert_non_null(strstr(delivery.permalink, "https://bsky.app/profile/did:plc:alice/post/"));
	assert_non_null(strstr(delivery.permalink, post.write_key));
	/* the same post again is the same bytes, so the same cid and no other record */
	json_t *cid = json_incref(json_object_get(
		json_object_get(other_side(s)->records, delivery.remote_id), "cid"));
	publish(s, &post);
	assert_string_equal(json_string_value(cid),
		pv_json_text(json_object_get(other_side(s)->records, delivery.remote_id), "cid"));
	json_decref(cid);
	assert_int_equal(stage_posts(s), 1);
}

static void test_images(void **state)
{
	struct stage *s = *state;
	struct pv_outgoing_media media[2] = {
		{.type = "image/png",
			.alt = "Un point",
			.bytes = "png",
			.size = 3,
			.width = 4,
			.height = 3},
		{.type = "image/jpeg", .bytes = "jpg", .size = 3},
	};
	struct pv_outgoing post = stage_post(s, "pub-1", "");
	post.media = media;
	post.n_media = 2;
	post.card.url = "https://exemple.fr/"; /* a post has one embed: pictures come first */
	struct pv_delivery delivery = publish(s, &post);
	assert_int_equal(delivery.answer, PV_ANSWER_YES);
	json_t *embed = json_object_get(record_of(s, &delivery), "embed");
	assert_string_equal(pv_json_text(embed, "$type"), "app.bsky.embed.images");
	json_t *images = json_object_get(embed, "images");
	json_t *first = json_array_get(images, 0), *second = json_array_get(images, 1);
	assert_string_equal(pv_json_text(first, "alt"), "Un point");
	assert_int_equal(pv_json_int(json_object_get(first, "aspectRatio"), "width", 0), 4);
	assert_string_equal(pv_json_text(json_object_get(first, "image"), "$type"), "blob");
	assert_string_equal(pv_json_text(second, "alt"), "");
	assert_null(json_object_get(second, "aspectRatio"));
}

/* A picture that does not go up: nothing was published, so it is later, or no. */
static void test_upload_troubles(void **state)
{
	struct stage *s = *state;
	static const struct {
		struct loop_answer answer;
		enum pv_answer means;
		enum pv_reason reason;
	} cases[] = {
		{{.fault = LOOP_RESET}, PV_ANSWER_LATER, PV_REASON_OUTAGE},
		{{.status = 500, .body = "{\"error\":\"InternalServerError\"}"}, PV_ANSWER_LATER,
			PV_REASON_OUTAGE},
		{{.status = 413, .body = "{\"error\":\"PayloadTooLarge\"}"}, PV_ANSWER_NO,
			PV_REASON_TOO_LARGE},
	};
	struct pv_outgoing_media media = {.type = "image/png", .bytes = "png", .size = 3};
	struct pv_outgoing post = stage_post(s, "pub-1", "Avec image");
	post.media = &media;
	post.n_media = 1;
	for (size_t i = 0; i < PV_COUNT(cases); i++) {
		s->api->trouble = (struct trouble){.method = "POST",
			.path = "/xrpc/com.atproto.repo.uploadBlob",
			.answer = cases[i].answer,
			.times = 1};
		struct pv_delivery delivery = publish(s, &post);
		assert_int_equal(delivery.answer, cases[i].means);
		assert_int_equal(delivery.reason, cases[i].reason);
	}
	assert_int_equal(stage_posts(s), 0);
}

/* ---- threads ----------------------------------------------------------------------------------- */

static void test_thread(void **state)
{
	struct stage *s = *state;
	struct pv_outgoing post = stage_post(s, "pub-1", "Le début");
	struct pv_delivery first = publish(s, &post);
	struct pv_outgoing second_post = stage_post(s, "pub-2", "La suite");
	second_post.reply_to = first.remote_id;
	struct pv_delivery second = publish(s, &second_post);
	struct pv_outgoing third_post = stage_post(s, "pub-3", "La fin");
	third_post.reply_to = second.remote_id;
	struct pv_delivery third = publish(s, &third_post);
	json_t *reply = json_object_get(record_of(s, &third), "reply");
	assert_string_equal(
		pv_json_text(json_object_get(reply, "parent"), "uri"), second.remote_id);
	assert_string_equal(pv_json_text(json_object_get(reply, "root"), "uri"), first.remote_id);
	assert_non_null(pv_json_text(json_object_get(reply, "root"), "cid"));
}

static void test_answer_to_what_is_gone(void **state)
{
	struct stage *s = *state;
	static const char *const targets[] = {"at://did:plc:bob/app.bsky.feed.post/3kgonegonego2",
		"https://bsky.app/profile/x/post/y", "at://",
		"at://did:plc:bob/app.bsky.feed.post"};
	for (size_t i = 0; i < PV_COUNT(targets); i++) {
		struct pv_outgoing post = stage_post(s, "pub-1", "À personne");
		post.reply_to = targets[i];
		struct pv_delivery delivery = publish(s, &post);
		assert_int_equal(delivery.answer, PV_ANSWER_NO);
		assert_int_equal(delivery.reason, PV_REASON_PERMANENT);
	}
	assert_int_equal(stage_posts(s), 0);
}

/* ---- refusals, figures, keys ------------------------------------------------------------------- */

static void test_refusals(void **state)
{
	struct stage *s = *state;
	static const struct {
		int status;
		const char *body;
		enum pv_reason reason;
	} cases[] = {
		{400,
			"{\"error\":\"InvalidRequest\",\"message\":\"Invalid app.bsky.feed.post "
			"record: grapheme too big (maximum 300, got 301)\"}",
			PV_REASON_TOO_LARGE},
		{400, "{\"error\":\"InvalidRequest\",\"message\":\"Invalid TID string\"}",
			PV_REASON_PERMANENT},
		{401, "{\"error\":\"AccountTakedown\",\"message\":\"x\"}", PV_REASON_PERMISSION},
		{400, "{\"error\":\"AccountDeactivated\"}", PV_REASON_PERMISSION},
	};
	struct pv_outgoing post = stage_post(s, "pub-1", "Refusée");
	for (size_t i = 0; i < PV_COUNT(cases); i++) {
		s->api->trouble = (struct trouble){.method = s->write_method,
			.path = s->write_path,
			.answer = {.status = cases[i].status, .body = cases[i].body},
			.times = 1};
		struct pv_delivery delivery = publish(s, &post);
		assert_int_equal(delivery.answer, PV_ANSWER_NO);
		assert_int_equal(delivery.reason, cases[i].reason);
	}
}

static void test_without_appview(void **state)
{
	struct stage *s = *state;
	other_side(s)->no_appview = true;
	assert_int_equal(s->network->check_account(&s->context, s->mem, &s->account, NULL), PV_OK);
	assert_string_equal(s->account.settings, "{\"appview\":false}");
	struct pv_outgoing post = stage_post(s, "pub-1", "Sans chiffres");
	struct pv_delivery delivery = publish(s, &post);
	struct pv_figure *figures;
	size_t n = 9;
	assert_int_equal(s->network->metrics(&s->context, s->mem, &s->account, delivery.remote_id,
				 &figures, &n, NULL),
		PV_OK);
	assert_int_equal(n, 0); /* missing is not zero */
}

static void test_foreign_post(void **state)
{
	struct stage *s = *state;
	static const char *const ids[] = {
		"at://did:plc:bob/app.bsky.feed.post/3kaaaaaaaaaa2", "", "at://did:plc:alice", "x"};
	for (size_t i = 0; i < PV_COUNT(ids); i++)
		assert_int_equal(
			s->network->withdraw(&s->context, s->mem, &s->account, ids[i], NULL),
			PV_INVALID);
}

static void test_tids(void **state)
{
	struct stage *s = *state;
	char before[16] = "";
	for (int64_t at_us = INT64_C(1600000000000000); at_us < INT64_C(1900000000000000);
		at_us += INT64_C(7777777777777)) {
		char id[32];
		snprintf(id, sizeof id, "pub-%lld", (long long)at_us);
		char *tid = stage_key(s, id, 1, at_us);
		assert_int_equal(strlen(tid), 13);
		assert_int_equal(strspn(tid, "234567abcdefghijklmnopqrstuvwxyz"), 13);
		assert_non_null(strchr("234567abcdefghij", tid[0]));
		assert_true(strcmp(before, tid) < 0); /* they sort by time */
		snprintf(before, sizeof before, "%s", tid);
	}
	/* many in the same millisecond */
	char *seen[200];
	for (int i = 0; i < 200; i++) {
		char id[32];
		snprintf(id, sizeof id, "pub-%d", i);
		seen[i] = stage_key(s, id, 1, INT64_C(1700000000000000));
		for (int k = 0; k < i; k++)
			assert_string_not_equal(seen[i], seen[k]);
	}
}

static int setup(void **state)
{
	struct stage *stage = calloc(1, sizeof *stage);
	stage_open(stage, &stage_bluesky);
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
		CASE(test_expired_token),
		CASE(test_tokens_not_saved),
		CASE(test_renewal_troubles),
		CASE(test_second_factor),
		CASE(test_entrance),
		CASE(test_facets),
		CASE(test_mention_not_resolved),
		CASE(test_record),
		CASE(test_images),
		CASE(test_upload_troubles),
		CASE(test_thread),
		CASE(test_answer_to_what_is_gone),
		CASE(test_refusals),
		CASE(test_without_appview),
		CASE(test_foreign_post),
		CASE(test_tids),
	};
	return cmocka_run_group_tests_name("bluesky", tests, NULL, NULL);
}
