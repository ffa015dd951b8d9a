/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * An adapter against a network that answers whatever the fuzzer likes, in a simulated world. The
 * first byte chooses the operation; then each answer is a byte of outcome and status, a byte of
 * header fields, and a body up to the byte 0x1E.
 */
#ifndef PV_FUZZ_NETWORKS_DRIVE_H
#define PV_FUZZ_NETWORKS_DRIVE_H

#include "base/mem.h"
#include "base/str.h"
#include "networks/network.h"

#include <string.h>

struct script {
	const uint8_t *at, *end;
};

static inline void require(bool promise)
{
	if (!promise)
		__builtin_trap();
}

static inline uint8_t next(struct script *script)
{
	return script->at < script->end ? *script->at++ : 0;
}

static enum pv_status answer(void *state, TALLOC_CTX *mem, const struct pv_http_request *request,
	struct pv_http_response *out, struct pv_error *error)
{
	static const int statuses[] = {
		200, 201, 202, 204, 206, 301, 400, 401, 403, 404, 413, 422, 429, 500, 502, 503};
	static struct pv_http_header headers[] = {{"content-type", "application/json"},
		{"retry-after", "30"}, {"ratelimit-reset", "1772453100"},
		{"date", "Mon, 02 Mar 2026 12:00:00 GMT"}};
	struct script *script = state;
	(void)request, (void)error;
	uint8_t kind = next(script);
	size_t n_headers = next(script) % (PV_COUNT(headers) + 1);
	const uint8_t *body = script->at;
	while (script->at < script->end && *script->at != 0x1E)
		script->at++;
	size_t size = (size_t)(script->at - body);
	next(script);
	*out = (struct pv_http_response){.outcome = PV_HTTP_UNCERTAIN, .reason = "as told"};
	if (kind >= 0xF8)
		return PV_OK;
	out->outcome = kind >= 0xF0 ? PV_HTTP_NOT_SENT : PV_HTTP_ANSWERED;
	if (out->outcome == PV_HTTP_NOT_SENT)
		return PV_OK;
	out->status = statuses[kind % PV_COUNT(statuses)];
	out->headers = headers;
	out->n_headers = n_headers;
	out->body = talloc_strndup(mem, "", 0);
	out->body = talloc_realloc(mem, out->body, char, size + 1);
	memcpy(out->body, body, size);
	out->body[size] = '\0';
	out->body_size = size;
	return PV_OK;
}

static enum pv_status save(
	void *state, const char *account_id, const char *secrets, struct pv_error *error)
{
	(void)state, (void)account_id, (void)error;
	require(*secrets == '{');
	return PV_OK;
}

static void check_delivery(const struct pv_delivery *d)
{
	require(d->remote_id && d->permalink && d->evidence);
	require((d->answer == PV_ANSWER_YES) == (d->reason == PV_REASON_NONE));
	require(d->answer != PV_ANSWER_YES || (*d->remote_id && d->http_status == 200));
	require(strlen(d->evidence) <= PV_EVIDENCE_MAX);
	require(pv_utf8_valid(d->evidence, strlen(d->evidence)));
	require(!strstr(d->evidence, "token-of-ours"));
}

static void check_heard(const struct pv_incoming *heard, size_t n)
{
	require(n <= PV_CONVERSATION_PAGE);
	for (size_t i = 0; i < n; i++)
		require(*heard[i].remote_id && heard[i].root_id && heard[i].parent_id &&
			heard[i].author_name && heard[i].author_handle && heard[i].url &&
			heard[i].text && heard[i].language);
}

static void operate(const struct pv_network *network, const struct pv_network_context *context,
	TALLOC_CTX *mem, struct pv_network_account *account, const struct pv_outgoing *post,
	uint8_t which)
{
	struct pv_error error = PV_ERROR_IN(mem);
	struct pv_delivery delivery = {0};
	struct pv_incoming *heard = NULL;
	struct pv_figure *figures = NULL;
	const char *cursor = NULL;
	enum pv_finding finding = PV_UNSURE;
	size_t n = 0;
	enum pv_status status = PV_OK;
	switch (which % 7) {
	case 0:
		status = network->publish(context, mem, account, post, &delivery, &error);
		if (status == PV_OK)
			check_delivery(&delivery);
		break;
	case 1:
		status = network->find(context, mem, account, post, &finding, &delivery, &error);
		require(status != PV_OK || finding != PV_FOUND || *delivery.remote_id);
		break;
	case 2:
		status = network->conversation(
			context, mem, account, "", NULL, 0, &heard, &n, &cursor, &error);
		if (status == PV_OK)
			check_heard(heard, n);
		break;
	case 3:
		status = network->metrics(
			context, mem, account, post->reply_to, &figures, &n, &error);
		break;
	case 4: status = network->check_account(context, mem, account, &error); break;
	case 5:
		status = network->connect(context, mem,
			"{\"server\":\"https://exemple.fr\",\"handle\":\"a.fr\","
			"\"password\":\"p\",\"token\":\"t\"}",
			account, &error);
		require(status != PV_OK || (account->remote_id && account->settings));
		break;
	default: status = network->withdraw(context, mem, account, post->reply_to, &error); break;
	}
	require(status == PV_OK || (error.words.fr && error.words.en));
}

static int drive(
	const struct pv_network *network, const char *reply_to, const uint8_t *bytes, size_t size)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct script script = {.at = bytes, .end = bytes + size};
	struct pv_env *env;
	/* 2026-03-02T12:00:00Z */
	require(pv_env_sim(scope, 1, INT64_C(1772452800000000), answer, &script, &env, NULL) ==
		PV_OK);
	struct pv_network_context context = {.env = env, .save_secrets = save};
	struct pv_network_account account = {
		.id = "account-1",
		.handle = "a.fr",
		.server = "https://exemple.fr",
		.remote_id = "did:plc:alice",
		.secrets = "{\"access\":\"token-of-ours\",\"refresh\":\"token-of-ours\","
			   "\"token\":\"token-of-ours\"}",
		.settings = "{}",
		.name = "A",
	};
	uint8_t which = next(&script);
	struct pv_outgoing_media media = {
		.type = "image/png", .alt = "a", .bytes = "png", .size = 3};
	struct pv_outgoing post = {
		.publication_id = "pub-1",
		.attempt = 1,
		.written_at_us = INT64_C(1772452800000000),
		.text = "Bonjour @bob.test, voir https://exemple.fr #été",
		.media = &media,
		.n_media = which & 0x40 ? 1 : 0,
		.reply_to = which % 7 == 0 && which & 0x80 ? reply_to : NULL,
		.reply_handle = "@bob",
	};
	post.write_key = network->make_key(scope, &post);
	if (which % 7 == 3 || which % 7 == 6)
		post.reply_to = reply_to;
	operate(network, &context, scope, &account, &post, which);
	return 0;
}

#endif
