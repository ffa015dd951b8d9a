/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "networks/mastodon/mastodon.h"

#include "base/crypto.h"
#include "base/mem.h"

#include <string.h>

const struct pv_words pv_mastodon_label = {"Le serveur Mastodon", "The Mastodon server"};

enum { TYPES_MAX = 32 };

/*
 * One key for all attempts of a publication with the same bytes: an attempt that was believed lost
 * and was not answers the first status again, where a new key would make a second one. Other bytes
 * have another key: the server would answer the old status, and the new text never appear.
 */
static char *make_key(TALLOC_CTX *mem, const struct pv_outgoing *outgoing)
{
	char digest[PV_DIGEST_SIZE];
	const char *const fields[] = {"mastodon-key 2", outgoing->publication_id,
		outgoing->content ? outgoing->content : ""};
	pv_digest_fields(fields, PV_COUNT(fields), digest);
	return talloc_strndup(mem, digest, 40);
}

static json_t *read_settings(const char *text)
{
	json_t *settings = NULL;
	if (!text || pv_json_parse(text, strlen(text), &settings, NULL) != PV_OK)
		return NULL;
	return settings;
}

static int64_t idempotent_for(const struct pv_network_account *account)
{
	PV_JSON json_t *settings = read_settings(account->settings);
	return pv_json_bool(settings, "idempotent", false) ? PV_MASTODON_IDEMPOTENT_US : 0;
}

static enum pv_status check(const struct pv_network_account *account,
	const struct pv_outgoing *outgoing, struct pv_error *error)
{
	static const char *const usual[] = {
		"image/jpeg", "image/png", "image/gif", "image/webp", NULL};
	const char *named[TYPES_MAX + 1] = {NULL};
	PV_JSON json_t *settings = read_settings(account->settings);
	size_t n = 0, i;
	json_t *type;
	json_array_foreach(json_object_get(settings, "media_types"), i, type)
	{
		if (json_is_string(type) && n < TYPES_MAX)
			named[n++] = json_string_value(type);
	}
	return pv_wire_check(&pv_network_mastodon, account, outgoing, n ? named : usual, error);
}

enum pv_status pv_mastodon_open(const struct pv_network_context *context, TALLOC_CTX *mem,
	const struct pv_network_account *account, int64_t timeout_ms, struct pv_mastodon *out,
	struct pv_error *error)
{
	PV_JSON json_t *secrets = NULL;
	enum pv_status status =
		pv_json_parse(account->secrets, strlen(account->secrets), &secrets, error);
	if (status != PV_OK)
		return status;
	json_t *settings = read_settings(account->settings);
	struct pv_mastodon m = {
		.wire = pv_wire(context, mem, timeout_ms),
		.server = account->server,
		.id = account->remote_id,
		.token = pv_wire_text(mem, secrets, "token"),
		.settings = pv_wire_keep(mem, settings ? settings : json_object()),
	};
	if (!m.settings)
		return pv_fail_nomem(error);
	pv_wire_secret(&m.wire, m.token);
	*out = m;
	return PV_OK;
}

enum pv_status pv_mastodon_ask(struct pv_mastodon *m, const char *method, const char *path,
	json_t *body, const char *idempotency_key, struct pv_wire_answer *out,
	struct pv_error *error)
{
	struct pv_wire_call call = {
		.method = method,
		.url = talloc_asprintf(m->wire.mem, "%s%s", m->server, path),
		.token = m->token,
		.json = body,
	};
	if (!call.url)
		return pv_fail_nomem(error);
	if (idempotency_key)
		call.header = (struct pv_http_header){"Idempotency-Key", idempotency_key};
	return pv_wire_ask(&m->wire, &call, out, error);
}

enum pv_status pv_mastodon_read(
	struct pv_mastodon *m, const char *path, struct pv_wire_answer *out, struct pv_error *error)
{
	enum pv_status status = pv_mastodon_ask(m, "GET", path, NULL, NULL, out, error);
	return status == PV_OK ? pv_wire_read(out, pv_mastodon_label, error) : status;
}

const struct pv_network pv_network_mastodon = {
	.name = "mastodon",
	.label = {"Mastodon", "Mastodon"},
	.measure = "mastodon",
	.limits = {.text_max = 500, .media_max = 4, .media_bytes_max = 16 << 20, .answers = true},
	.idempotent_us = 0, /* not every server honours the key: idempotent_for knows */
	.idempotent_for = idempotent_for,
	.find_tries = 4, /* 80 s: a server may still be at work on a write whose line was cut */
	.find_pause_us = 20 * PV_SECOND_US,
	.connect = pv_mastodon_connect,
	.check_account = pv_mastodon_check_account,
	.check = check,
	.make_key = make_key,
	.publish = pv_mastodon_publish,
	.find = pv_mastodon_find,
	.withdraw = pv_mastodon_withdraw,
	.metrics = pv_mastodon_metrics,
	.conversation = pv_mastodon_conversation,
};
