/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The fake network: no idempotence, no mercy. It publishes over HTTP to a server that a test holds,
 * which counts what arrived and answers, refuses, delays, lies and dies as told. An account's
 * server is that server; like all others it passes the address guard, so it must be allowed there.
 *
 *	POST   /posts			{"key","account","text","written_at","reply_to","media":[alt…]}
 *					201 {"id","url"}
 *	GET    /posts?key=KEY		200 {"posts":[{"id","url"}…]}	every one of that key
 *	DELETE /posts/ID		200 {} or 404 {}
 *	GET    /posts/ID/figures	200 {"likes":3,…}
 *	GET    /messages?since=CURSOR	200 {"cursor","messages":[{"id","root","parent","name",
 *					"handle","url","text","language","at"}…]}
 *	GET    /account			200 {"id","handle","name"} or 401 {}
 *
 * Every request carries `Authorization: Bearer TOKEN`. Two POSTs of one key make two posts: whoever
 * repeats blindly is seen.
 */
#include "networks/network.h"
#include "networks/wire.h"

#include "base/str.h"

#include <string.h>

static const char *const types[] = {"image/jpeg", "image/png", "image/gif", "image/webp", NULL};
static const struct pv_words label = {"Le réseau d'essai", "The trial network"};

static enum pv_status token_of(TALLOC_CTX *mem, const struct pv_network_account *account,
	const char **out, struct pv_error *error)
{
	PV_JSON json_t *secrets = NULL;
	enum pv_status status =
		pv_json_parse(account->secrets, strlen(account->secrets), &secrets, error);
	if (status == PV_OK)
		*out = pv_wire_text(mem, secrets, "token");
	return status;
}

static enum pv_status ask(const struct pv_wire *wire, const struct pv_network_account *account,
	const char *method, const char *path, json_t *body, struct pv_wire_answer *out,
	struct pv_error *error)
{
	struct pv_wire_call call = {.method = method, .json = body};
	enum pv_status status = token_of(wire->mem, account, &call.token, error);
	if (status != PV_OK)
		return status;
	call.url = talloc_asprintf(wire->mem, "%s%s", account->server, path);
	if (!call.url)
		return pv_fail_nomem(error);
	return pv_wire_ask(wire, &call, out, error);
}

static enum pv_status read_account(const struct pv_network_context *context, TALLOC_CTX *mem,
	struct pv_network_account *account, struct pv_error *error)
{
	struct pv_wire wire = pv_wire(context, mem, 0);
	struct pv_wire_answer answer;
	enum pv_status status = ask(&wire, account, "GET", "/account", NULL, &answer, error);
	if (status == PV_OK)
		status = pv_wire_read(&answer, label, error);
	if (status != PV_OK)
		return status;
	account->remote_id = pv_wire_text(mem, answer.json, "id");
	account->handle = pv_wire_text(mem, answer.json, "handle");
	account->name = pv_wire_text(mem, answer.json, "name");
	return PV_OK;
}

static enum pv_status fake_connect(const struct pv_network_context *context, TALLOC_CTX *mem,
	const char *typed, struct pv_network_account *out, struct pv_error *error)
{
	PV_JSON json_t *form = NULL;
	struct pv_network_account account = *out;
	enum pv_status status = pv_json_parse(typed, strlen(typed), &form, error);
	if (status == PV_OK)
		status = pv_wire_server(mem, form, NULL, &account.server, error);
	if (status != PV_OK)
		return status;
	const char *token = pv_json_text(form, "token");
	PV_JSON json_t *secrets = json_pack("{s:s}", "token", token ? token : "");
	account.secrets = secrets ? pv_json_dump(mem, secrets) : NULL;
	account.settings = "{}";
	if (!account.secrets)
		return pv_fail_nomem(error);
	status = read_account(context, mem, &account, error);
	if (status == PV_OK)
		*out = account;
	return status;
}

static enum pv_status fake_check(const struct pv_network_account *account,
	const struct pv_outgoing *outgoing, struct pv_error *error)
{
	return pv_wire_check(&pv_network_fake, account, outgoing, types, error);
}

static char *fake_make_key(TALLOC_CTX *mem, const struct pv_outgoing *outgoing)
{
	return talloc_asprintf(mem, "%s-%d", outgoing->publication_id, outgoing->attempt);
}

static json_t *build(const struct pv_network_account *account, const struct pv_outgoing *outgoing)
{
	char at[PV_TIME_TEXT_SIZE];
	json_t *media = json_array();
	for (size_t i = 0; media && i < outgoing->n_media; i++)
		json_array_append_new(media, json_string(outgoing->media[i].alt));
	return json_pack("{s:s, s:s, s:s, s:s, s:s*, s:o}", "key", outgoing->write_key, "account",
		account->id ? account->id : "", "text", outgoing->text, "written_at",
		pv_time_format(outgoing->written_at_us, at), "reply_to", outgoing->reply_to,
		"media", media);
}

/* A post of an answer, when it has both its members. */
static bool take_post(TALLOC_CTX *mem, const json_t *post, struct pv_delivery *out)
{
	const char *id = pv_json_text(post, "id"), *url = pv_json_text(post, "url");
	if (!id || !*id || !url)
		return false;
	const char *remote_id = talloc_strdup(mem, id), *permalink = talloc_strdup(mem, url);
	if (!remote_id || !permalink)
		return false;
	out->answer = PV_ANSWER_YES;
	out->reason = PV_REASON_NONE;
	out->remote_id = remote_id;
	out->permalink = permalink;
	return true;
}

static enum pv_status fake_publish(const struct pv_network_context *context, TALLOC_CTX *mem,
	const struct pv_network_account *account, const struct pv_outgoing *outgoing,
	struct pv_delivery *out, struct pv_error *error)
{
	struct pv_wire wire = pv_wire(context, mem, outgoing->timeout_ms);
	PV_JSON json_t *body = build(account, outgoing);
	if (!body)
		return pv_fail_nomem(error);
	struct pv_wire_answer answer;
	enum pv_status status = ask(&wire, account, "POST", "/posts", body, &answer, error);
	if (status != PV_OK)
		return status;
	const char *token = NULL;
	if (token_of(mem, account, &token, NULL) == PV_OK)
		pv_wire_secret(&wire, token);
	pv_wire_judge(&wire, &answer, out);
	if (pv_wire_answered(&answer, 201))
		take_post(mem, answer.json, out);
	return PV_OK;
}

static enum pv_status fake_find(const struct pv_network_context *context, TALLOC_CTX *mem,
	const struct pv_network_account *account, const struct pv_outgoing *outgoing,
	enum pv_finding *out, struct pv_delivery *delivery, struct pv_error *error)
{
	struct pv_wire wire = pv_wire(context, mem, outgoing->timeout_ms);
	struct pv_wire_answer answer;
	char *key = pv_wire_escape(mem, outgoing->write_key);
	char *path = key ? talloc_asprintf(mem, "/posts?key=%s", key) : NULL;
	if (!path)
		return pv_fail_nomem(error);
	enum pv_status status = ask(&wire, account, "GET", path, NULL, &answer, error);
	if (status != PV_OK)
		return status;
	pv_wire_judge(&wire, &answer, delivery);
	const json_t *posts = json_object_get(answer.json, "posts");
	*out = PV_UNSURE;
	if (!pv_wire_answered(&answer, 200) || !json_is_array(posts))
		return PV_OK;
	if (json_array_size(posts) == 0)
		*out = PV_ABSENT;
	else if (take_post(mem, json_array_get(posts, 0), delivery))
		*out = PV_FOUND;
	return PV_OK;
}

static enum pv_status fake_withdraw(const struct pv_network_context *context, TALLOC_CTX *mem,
	const struct pv_network_account *account, const char *remote_id, struct pv_error *error)
{
	struct pv_wire wire = pv_wire(context, mem, 0);
	struct pv_wire_answer answer;
	char *id = pv_wire_escape(mem, remote_id);
	char *path = id ? talloc_asprintf(mem, "/posts/%s", id) : NULL;
	if (!path)
		return pv_fail_nomem(error);
	enum pv_status status = ask(&wire, account, "DELETE", path, NULL, &answer, error);
	if (status == PV_OK)
		status = pv_wire_read(&answer, label, error);
	return status == PV_NOT_FOUND ? PV_OK : status;
}

static enum pv_status fake_metrics(const struct pv_network_context *context, TALLOC_CTX *mem,
	const struct pv_network_account *account, const char *remote_id, struct pv_figure **out,
	size_t *out_n, struct pv_error *error)
{
	struct pv_wire wire = pv_wire(context, mem, 0);
	struct pv_wire_answer answer;
	char *id = pv_wire_escape(mem, remote_id);
	char *path = id ? talloc_asprintf(mem, "/posts/%s/figures", id) : NULL;
	if (!path)
		return pv_fail_nomem(error);
	enum pv_status status = ask(&wire, account, "GET", path, NULL, &answer, error);
	if (status == PV_OK)
		status = pv_wire_read(&answer, label, error);
	if (status != PV_OK)
		return status;
	struct pv_figure *figures =
		talloc_array(mem, struct pv_figure, json_object_size(answer.json) + 1);
	if (!figures)
		return pv_fail_nomem(error);
	size_t n = 0;
	const char *name;
	json_t *value;
	json_object_foreach(answer.json, name, value)
	{
		if (json_is_integer(value))
			figures[n++] = (struct pv_figure){
				.metric = name, .value = json_integer_value(value)};
	}
	*out = figures;
	*out_n = n;
	return PV_OK;
}

static enum pv_status fake_conversation(const struct pv_network_context *context, TALLOC_CTX *mem,
	const struct pv_network_account *account, const char *cursor, const char *const *recent,
	size_t n_recent, struct pv_incoming **out, size_t *out_n, const char **out_cursor,
	struct pv_error *error)
{
	(void)recent, (void)n_recent;
	struct pv_wire wire = pv_wire(context, mem, 0);
	struct pv_wire_answer answer;
	char *since = pv_wire_escape(mem, cursor);
	char *path = since ? talloc_asprintf(mem, "/messages?since=%s", since) : NULL;
	if (!path)
		return pv_fail_nomem(error);
	enum pv_status status = ask(&wire, account, "GET", path, NULL, &answer, error);
	if (status == PV_OK)
		status = pv_wire_read(&answer, label, error);
	if (status != PV_OK)
		return status;
	const json_t *list = json_object_get(answer.json, "messages");
	size_t n = json_array_size(list);
	if (n > PV_CONVERSATION_PAGE)
		n = PV_CONVERSATION_PAGE;
	struct pv_incoming *messages = talloc_zero_array(mem, struct pv_incoming, n + 1);
	if (!messages)
		return pv_fail_nomem(error);
	for (size_t i = 0; i < n; i++) {
		const json_t *m = json_array_get(list, i);
		messages[i] = (struct pv_incoming){
			.remote_id = pv_wire_text(mem, m, "id"),
			.root_id = pv_wire_text(mem, m, "root"),
			.parent_id = pv_wire_text(mem, m, "parent"),
			.author_name = pv_wire_text(mem, m, "name"),
			.author_handle = pv_wire_text(mem, m, "handle"),
			.url = pv_wire_text(mem, m, "url"),
			.text = pv_wire_text(mem, m, "text"),
			.language = pv_wire_text(mem, m, "language"),
			.said_at_us = pv_wire_time(m, "at", pv_env_now_us(context->env)),
		};
	}
	*out = messages;
	*out_n = n;
	*out_cursor = pv_json_text(answer.json, "cursor") ? pv_wire_text(mem, answer.json, "cursor")
							  : cursor;
	return PV_OK;
}

const struct pv_network pv_network_fake = {
	.name = "fake",
	.label = {"Réseau d'essai", "Trial network"},
	.measure = "mastodon",
	.limits = {.text_max = 500, .media_max = 4, .media_bytes_max = 10 << 20, .answers = true},
	.idempotent_us = 0,
	.find_tries = 3,
	.find_pause_us = 100000,
	.connect = fake_connect,
	.check_account = read_account,
	.check = fake_check,
	.make_key = fake_make_key,
	.publish = fake_publish,
	.find = fake_find,
	.withdraw = fake_withdraw,
	.metrics = fake_metrics,
	.conversation = fake_conversation,
};
