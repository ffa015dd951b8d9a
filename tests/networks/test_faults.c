/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Publishing while memory fails at the Nth time: a status other than PV_OK means that nothing was
 * sent, and a post that was sent is never told as a no or a later.
 */
#include "networks/network.h"
#include "base/mem.h"
#include "base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

/* ---- a network in a function ------------------------------------------------------------------- */

struct side {
	unsigned writes;
	const char *write; /* end of the publishing request's address */
	char *yes;         /* its answer */
};

static const char *answer_to(struct side *side, const char *url)
{
	if (strstr(url, side->write)) {
		side->writes++;
		return side->yes;
	}
	if (strstr(url, "resolveHandle"))
		return "{\"did\":\"did:plc:bob\"}";
	if (strstr(url, "uploadBlob"))
		return "{\"blob\":{\"$type\":\"blob\"}}";
	return "{\"id\":\"5\"}"; /* a picture, on Mastodon */
}

static enum pv_status http(void *state, TALLOC_CTX *mem, const struct pv_http_request *request,
	struct pv_http_response *out, struct pv_error *error)
{
	(void)error;
	const char *body = answer_to(state, request->url);
	char *copy = talloc_strdup(mem, body);
	*out = (struct pv_http_response){.outcome = PV_HTTP_UNCERTAIN, .reason = "memory is out"};
	if (!copy)
		return PV_OK;
	*out = (struct pv_http_response){
		.outcome = PV_HTTP_ANSWERED,
		.status = strstr(request->url, "/posts") ? 201 : 200,
		.body = copy,
		.body_size = strlen(copy),
	};
	return PV_OK;
}

/* ---- memory that ends -------------------------------------------------------------------------- */

static long left = -1; /* allocations of JSON before one fails; -1: none does */

static void *json_allocate(size_t size)
{
	if (left == 0)
		return NULL;
	if (left > 0)
		left--;
	return malloc(size);
}

struct scene {
	TALLOC_CTX *mem;
	struct pv_env *env;
	struct side side;
	struct pv_network_account account;
	struct pv_outgoing post;
	struct pv_outgoing_media media;
};

static void set_scene(struct scene *s, const struct pv_network *network, const char *write)
{
	s->mem = talloc_new(NULL);
	s->side.write = write;
	assert_int_equal(
		pv_env_sim(s->mem, 1, INT64_C(1772452800000000), http, &s->side, &s->env, NULL),
		PV_OK);
	s->account = (struct pv_network_account){
		.id = "account-1",
		.server = "https://exemple.fr",
		.remote_id = "did:plc:alice",
		.secrets = "{\"access\":\"aaaa\",\"refresh\":\"bbbb\",\"token\":\"cccc\"}",
		.settings = "{}",
	};
	s->media = (struct pv_outgoing_media){.type = "image/png",
		.alt = "Un point",
		.bytes = "png",
		.size = 3,
		.width = 1,
		.height = 1};
	static const char *const languages[] = {"fr"};
	s->post = (struct pv_outgoing){
		.publication_id = "pub-1",
		.attempt = 1,
		.written_at_us = INT64_C(1772452800000000),
		.text = "Bonjour @bob.test, voir https://exemple.fr #été",
		.languages = languages,
		.n_languages = 1,
		.media = &s->media,
		.n_media = 1,
	};
	s->post.write_key = network->make_key(s->mem, &s->post);
	s->side.yes = talloc_asprintf(s->mem,
		"{\"id\":\"9\",\"url\":\"https://exemple.fr/9\",\"cid\":\"bafy\","
		"\"uri\":\"at://did:plc:alice/app.bsky.feed.post/%s\"}",
		s->post.write_key);
}

/* One try; true when it went through as if nothing had happened. */
static bool try_publish(struct scene *s, const struct pv_network *network, TALLOC_CTX *mem)
{
	struct pv_network_context context = {.env = s->env};
	struct pv_delivery delivery = {.answer = PV_ANSWER_NO};
	s->side.writes = 0;
	enum pv_status status =
		network->publish(&context, mem, &s->account, &s->post, &delivery, NULL);
	assert_true(s->side.writes <= 1);
	if (status != PV_OK || delivery.answer == PV_ANSWER_LATER ||
		delivery.answer == PV_ANSWER_NO)
		assert_int_equal(s->side.writes, 0);
	if (status != PV_OK)
		return false;
	assert_non_null(delivery.evidence);
	if (delivery.answer == PV_ANSWER_YES)
		assert_true(*delivery.remote_id && *delivery.permalink && s->side.writes == 1);
	return delivery.answer == PV_ANSWER_YES;
}

static const struct {
	const struct pv_network *network;
	const char *write;
} sides[] = {
	{&pv_network_fake, "/posts"},
	{&pv_network_bluesky, "putRecord"},
	{&pv_network_mastodon, "/api/v1/statuses"},
};

/* talloc means to drop it one day; nothing else of it can say no at the Nth time. */
static void limit_memory(TALLOC_CTX *mem, size_t limit)
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
	assert_int_equal(talloc_set_memlimit(mem, limit), 0);
#pragma GCC diagnostic pop
}

static void test_talloc(void **state)
{
	(void)state;
	for (size_t i = 0; i < PV_COUNT(sides); i++) {
		struct scene s = {0};
		set_scene(&s, sides[i].network, sides[i].write);
		unsigned tries = 0;
		for (size_t limit = 200;; limit += 24, tries++) {
			TALLOC_CTX *mem = talloc_new(NULL);
			limit_memory(mem, limit);
			bool whole = try_publish(&s, sides[i].network, mem);
			talloc_free(mem);
			if (whole)
				break;
			assert_true(limit < 1 << 20);
		}
		print_message("# %s: %u limits\n", sides[i].network->name, tries);
		assert_true(tries > 20);
		talloc_free(s.mem);
	}
}

static void test_json(void **state)
{
	(void)state;
	json_set_alloc_funcs(json_allocate, free);
	for (size_t i = 0; i < PV_COUNT(sides); i++) {
		struct scene s = {0};
		set_scene(&s, sides[i].network, sides[i].write);
		long nth = 0;
		for (bool whole = false; !whole; nth++) {
			TALLOC_CTX *mem = talloc_new(NULL);
			left = nth;
			whole = try_publish(&s, sides[i].network, mem) && left > 0;
			left = -1;
			talloc_free(mem);
			assert_true(nth < 10000);
		}
		print_message("# %s: %ld allocations\n", sides[i].network->name, nth);
		assert_true(nth > 10);
		talloc_free(s.mem);
	}
	json_set_alloc_funcs(malloc, free);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_talloc),
		cmocka_unit_test(test_json),
	};
	return cmocka_run_group_tests_name("faults", tests, NULL, NULL);
}
