/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "networks/wire.h"

#include "networks/markup.h"
#include "networks/rate.h"
#include "net/url.h"
#include "base/mem.h"
#include "base/str.h"

#include <ctype.h>
#include <string.h>

/* ---- asking ------------------------------------------------------------------------------------ */

struct pv_wire pv_wire(
	const struct pv_network_context *context, TALLOC_CTX *mem, int64_t timeout_ms)
{
	if (timeout_ms <= 0 || timeout_ms > PV_NETWORK_TIMEOUT_MS)
		timeout_ms = PV_NETWORK_TIMEOUT_MS;
	return (struct pv_wire){
		.context = context,
		.mem = mem,
		.deadline_us = pv_env_monotonic_us(context->env) + timeout_ms * 1000,
	};
}

void pv_wire_secret(struct pv_wire *wire, const char *secret)
{
	if (secret && strlen(secret) >= 4 && wire->n_secrets < PV_WIRE_SECRETS_MAX)
		wire->secrets[wire->n_secrets++] = secret;
}

struct kept {
	json_t *value;
};

static int kept_free(struct kept *kept)
{
	json_decref(kept->value);
	return 0;
}

json_t *pv_wire_keep(TALLOC_CTX *mem, json_t *value)
{
	struct kept *kept = value ? talloc(mem, struct kept) : NULL;
	if (!kept) {
		json_decref(value);
		return NULL;
	}
	kept->value = value;
	talloc_set_destructor(kept, kept_free);
	return value;
}

static void add(struct pv_http_request *request, struct pv_http_header *headers, const char *name,
	const char *value)
{
	headers[request->n_headers++] = (struct pv_http_header){.name = name, .value = value};
}

static enum pv_status exchange(const struct pv_wire *wire, const struct pv_wire_call *call,
	const char *body, size_t body_size, int64_t left_ms, struct pv_http_response *out,
	struct pv_error *error)
{
	struct pv_http_header headers[PV_WIRE_HEADERS_MAX];
	struct pv_http_request request = {
		.method = call->method,
		.url = call->url,
		.headers = headers,
		.body = body,
		.body_size = body_size,
		.timeout_ms = left_ms,
		.response_limit = PV_WIRE_ANSWER_MAX,
		.guarded = true,
	};
	add(&request, headers, "Accept", "application/json");
	if (call->token) {
		char *bearer = talloc_asprintf(wire->mem, "Bearer %s", call->token);
		if (!bearer)
			return pv_fail_nomem(error);
		add(&request, headers, "Authorization", bearer);
	}
	if (call->json)
		add(&request, headers, "Content-Type", "application/json");
	else if (call->type)
		add(&request, headers, "Content-Type", call->type);
	if (call->header.name)
		add(&request, headers, call->header.name, call->header.value);
	return pv_env_http(wire->context->env, wire->mem, &request, out, error);
}

enum pv_status pv_wire_ask(const struct pv_wire *wire, const struct pv_wire_call *call,
	struct pv_wire_answer *out, struct pv_error *error)
{
	int64_t left_ms = (wire->deadline_us - pv_env_monotonic_us(wire->context->env)) / 1000;
	if (left_ms <= 0) {
		*out = (struct pv_wire_answer){
			.http = {.outcome = PV_HTTP_NOT_SENT,
				.reason = "the time was over before sending"}};
		return PV_OK;
	}
	if (call->most_ms && call->most_ms < left_ms)
		left_ms = call->most_ms;
	const char *body = call->body;
	size_t body_size = call->body_size;
	if (call->json) {
		body = pv_json_dump(wire->mem, call->json);
		if (!body)
			return pv_fail_nomem(error);
		body_size = strlen(body);
	}
	struct pv_wire_answer answer = {0};
	enum pv_status status = exchange(wire, call, body, body_size, left_ms, &answer.http, error);
	if (status != PV_OK)
		return status;
	json_t *json = NULL;
	if (answer.http.outcome == PV_HTTP_ANSWERED && answer.http.body_size &&
		pv_json_parse(answer.http.body, answer.http.body_size, &json, NULL) == PV_OK)
		answer.json = pv_wire_keep(wire->mem, json); /* NULL: an answer not understood */
	*out = answer;
	return PV_OK;
}

/* ---- evidence ---------------------------------------------------------------------------------- */

/* Bytes of a body looked at: what is beyond never shows. */
enum { EVIDENCE_SOURCE_MAX = 16 << 10 };

static void strike(char *text, const char *secret)
{
	size_t size = strlen(secret);
	for (char *at = strstr(text, secret); at; at = strstr(at + size, secret))
		memset(at, '*', size);
}

static void cut(char *text, size_t most)
{
	size_t size = strlen(text);
	if (size <= most)
		return;
	while (most && ((unsigned char)text[most] & 0xC0) == 0x80)
		most--;
	text[most] = '\0';
}

const char *pv_wire_evidence(const struct pv_wire *wire, const struct pv_http_response *response)
{
	char *text;
	if (response->outcome != PV_HTTP_ANSWERED) {
		text = talloc_asprintf(
			wire->mem, "%s", response->reason ? response->reason : "no answer");
	} else {
		size_t size = response->body_size < EVIDENCE_SOURCE_MAX ? response->body_size
									: EVIDENCE_SOURCE_MAX;
		char *body = pv_markup_utf8(wire->mem, response->body ? response->body : "", size);
		if (body && *body == '<')
			body = pv_markup_text(wire->mem, body);
		text = body ? talloc_asprintf(wire->mem, "HTTP %d %s", response->status, body)
			    : NULL;
	}
	if (!text)
		return "";
	for (size_t i = 0; i < wire->n_secrets; i++)
		strike(text, wire->secrets[i]);
	cut(text, PV_EVIDENCE_MAX);
	return text;
}

/* ---- judging ----------------------------------------------------------------------------------- */

static enum pv_reason reason_of(int status)
{
	switch (status) {
	case 401: return PV_REASON_SIGN_IN;
	case 403: return PV_REASON_PERMISSION;
	case 409: return PV_REASON_DUPLICATE;
	case 413: return PV_REASON_TOO_LARGE;
	default: return PV_REASON_PERMANENT;
	}
}

static void judge_status(
	const struct pv_wire *wire, const struct pv_wire_answer *answer, struct pv_delivery *out)
{
	const struct pv_http_response *r = &answer->http;
	int64_t now_us = pv_env_now_us(wire->context->env);
	out->http_status = r->status;
	if (r->status == 429) {
		out->answer = PV_ANSWER_LATER;
		out->reason = PV_REASON_RATE_LIMIT;
		out->retry_at_us = pv_rate_retry_at(r, now_us);
	} else if (r->status == 503 && pv_http_header(r, "retry-after") &&
		   json_is_object(answer->json)) {
		out->answer = PV_ANSWER_LATER;
		out->reason = PV_REASON_OUTAGE;
		out->retry_at_us = pv_rate_retry_at(r, now_us);
	} else if (r->status == 425) { /* RFC 8470: not processed, ask again */
		out->answer = PV_ANSWER_LATER;
		out->reason = PV_REASON_OUTAGE;
	} else if (r->status >= 502 && r->status <= 504) {
		out->reason = PV_REASON_NO_ANSWER;
	} else if (r->status >= 400 && r->status < 500 && r->status != 408 &&
		   json_is_object(answer->json)) {
		out->answer = PV_ANSWER_NO;
		out->reason = reason_of(r->status);
	}
}

void pv_wire_judge(
	const struct pv_wire *wire, const struct pv_wire_answer *answer, struct pv_delivery *out)
{
	*out = (struct pv_delivery){
		.answer = PV_ANSWER_UNKNOWN,
		.reason = PV_REASON_ODD_ANSWER,
		.remote_id = "",
		.permalink = "",
		.retry_at_us = PV_TIME_NONE,
		.evidence = pv_wire_evidence(wire, &answer->http),
	};
	switch (answer->http.outcome) {
	case PV_HTTP_NOT_SENT:
		out->answer = PV_ANSWER_LATER;
		out->reason = PV_REASON_OUTAGE;
		break;
	case PV_HTTP_UNCERTAIN: out->reason = PV_REASON_NO_ANSWER; break;
	case PV_HTTP_ANSWERED: judge_status(wire, answer, out); break;
	}
}

void pv_wire_judge_before(
	const struct pv_wire *wire, const struct pv_wire_answer *answer, struct pv_delivery *out)
{
	pv_wire_judge(wire, answer, out);
	if (out->answer != PV_ANSWER_UNKNOWN)
		return;
	out->answer = PV_ANSWER_LATER;
	out->reason = PV_REASON_OUTAGE;
}

static enum pv_status read_refused(int status, struct pv_words label, struct pv_error *error)
{
	switch (status) {
	case 401:
		return pv_fail(error, PV_UNAUTHENTICATED,
			"%s%.0s ne reconnaît plus ce compte : connectez-le de nouveau.",
			"%.0s%s no longer knows this account: connect it again.", label.fr,
			label.en);
	case 403:
		return pv_fail(error, PV_DENIED, "%s%.0s ne permet pas cela à ce compte.",
			"%.0s%s does not allow this account to do that.", label.fr, label.en);
	case 404:
	case 410:
		return pv_fail(error, PV_NOT_FOUND, "%s%.0s ne connaît pas cela, ou plus.",
			"%.0s%s does not know this, or no longer.", label.fr, label.en);
	case 429:
		return pv_fail(error, PV_THROTTLED, "%s%.0s demande d'attendre un peu.",
			"%.0s%s asks to wait a little.", label.fr, label.en);
	default:
		return pv_fail(error, PV_UNAVAILABLE,
			"%s%.0s donne une réponse que le bureau ne comprend pas (HTTP %d).",
			"%.0s%s gives an answer that the desk does not understand (HTTP %d).",
			label.fr, label.en, status);
	}
}

enum pv_status pv_wire_read(
	const struct pv_wire_answer *answer, struct pv_words label, struct pv_error *error)
{
	if (answer->http.outcome != PV_HTTP_ANSWERED)
		return pv_fail(error, PV_UNAVAILABLE, "%s%.0s ne répond pas (%s).",
			"%.0s%s does not answer (%s).", label.fr, label.en,
			answer->http.reason ? answer->http.reason : "-");
	int status = answer->http.status;
	if (status == 200 && answer->json)
		return PV_OK;
	/* a proxy's page is nobody's word about the account */
	return read_refused(
		json_is_object(answer->json) || status == 429 ? status : 0, label, error);
}

/* ---- small things ------------------------------------------------------------------------------ */

char *pv_wire_escape(TALLOC_CTX *mem, const char *text)
{
	struct pv_buf out = PV_BUF(mem, 3 * strlen(text) + 1);
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;
		if (isalnum(c) || strchr("-._~", c))
			pv_buf_char(&out, (char)c);
		else
			pv_buf_printf(&out, "%%%02X", c);
	}
	pv_buf_text(&out, "");
	return out.failed ? NULL : out.bytes;
}

static bool is_loopback(const char *host)
{
	return strcmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0 ||
	       strncmp(host, "127.", 4) == 0;
}

enum pv_status pv_wire_server(TALLOC_CTX *mem, const json_t *typed, const char *otherwise,
	const char **out, struct pv_error *error)
{
	const char *text = pv_json_text(typed, "server");
	if (!text || !*text)
		text = otherwise;
	if (!text)
		return pv_fail_field(error, "/server",
			"Écrivez l'adresse du serveur, par exemple mastodon.social.",
			"Write the server's address, for instance mastodon.social.");
	if (!strstr(text, "://"))
		text = talloc_asprintf(mem, "https://%s", text);
	if (!text)
		return pv_fail_nomem(error);
	struct pv_net_url url;
	struct pv_error said = PV_ERROR_IN(mem);
	enum pv_status status = pv_net_url_parse(mem, text, &url, &said);
	if (status == PV_NOMEM)
		return pv_fail_nomem(error);
	if (status != PV_OK)
		return pv_fail_field(
			error, "/server", "%s%.0s", "%.0s%s", said.words.fr, said.words.en);
	if (url.user_info || url.query || url.fragment || strcmp(url.path, "/") != 0)
		return pv_fail_field(error, "/server",
			"Écrivez l'adresse du serveur seule, sans chemin ni compte.",
			"Write the server's address alone, without path or account.");
	if (strcmp(url.scheme, "https") != 0 && !is_loopback(url.host))
		return pv_fail_field(error, "/server",
			"Ce serveur doit être joint en https : les mots de passe y voyagent.",
			"This server must be reached by https: passwords travel there.");
	*out = talloc_strndup(mem, url.text, strlen(url.text) - 1);
	return *out ? PV_OK : pv_fail_nomem(error);
}

const char *pv_wire_text(TALLOC_CTX *mem, const json_t *object, const char *name)
{
	const char *text = pv_json_text(object, name);
	const char *copy = text ? talloc_strdup(mem, text) : NULL;
	return copy ? copy : "";
}

int64_t pv_wire_time(const json_t *object, const char *name, int64_t otherwise)
{
	const char *text = pv_json_text(object, name);
	int64_t at_us;
	return text && pv_time_parse(text, strlen(text), &at_us) ? at_us : otherwise;
}
