/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "networks/bluesky/bluesky.h"

#include "base/mem.h"
#include "base/str.h"

#include <string.h>

/* The network's own names for its refusals (packages/pds, packages/xrpc-server). */
static void refine(const struct pv_wire_answer *answer, struct pv_delivery *out)
{
	static const struct {
		const char *error;
		enum pv_reason reason;
	} names[] = {
		{"ExpiredToken", PV_REASON_SIGN_IN},
		{"InvalidToken", PV_REASON_SIGN_IN},
		{"AuthMissing", PV_REASON_SIGN_IN},
		{"AuthenticationRequired", PV_REASON_SIGN_IN},
		{"AccountTakedown", PV_REASON_PERMISSION},
		{"AccountDeactivated", PV_REASON_PERMISSION},
		{"RepoTakendown", PV_REASON_PERMISSION},
		{"RepoDeactivated", PV_REASON_PERMISSION},
		{"Forbidden", PV_REASON_PERMISSION},
		{"BlobTooLarge", PV_REASON_TOO_LARGE},
		{"PayloadTooLarge", PV_REASON_TOO_LARGE},
		{"BadQueryString", PV_REASON_PERMANENT},
	};
	if (out->answer != PV_ANSWER_NO)
		return;
	const char *error = pv_bluesky_error(answer);
	for (size_t i = 0; i < PV_COUNT(names); i++)
		if (strcmp(names[i].error, error) == 0)
			out->reason = names[i].reason;
	const char *message = pv_json_text(answer->json, "message");
	if (message && strcmp(error, "InvalidRequest") == 0 &&
		(strstr(message, "too big") || strstr(message, "too long") ||
			strstr(message, "too large")))
		out->reason = PV_REASON_TOO_LARGE;
}

/* YES needs memory for its words; without, the write is there and unknown: it will be found. */
static bool take(TALLOC_CTX *mem, const char *did, const char *rkey, const char *uri,
	struct pv_delivery *out)
{
	const char *remote_id = uri ? talloc_strdup(mem, uri) : NULL;
	const char *permalink = pv_bluesky_permalink(mem, did, rkey);
	if (!remote_id || !permalink)
		return false;
	out->answer = PV_ANSWER_YES;
	out->reason = PV_REASON_NONE;
	out->remote_id = remote_id;
	out->permalink = permalink;
	return true;
}

static char *own_uri(TALLOC_CTX *mem, const char *did, const char *rkey)
{
	return talloc_asprintf(mem, "at://%s/" PV_BLUESKY_POST "/%s", did, rkey);
}

enum pv_status pv_bluesky_publish(const struct pv_network_context *context, TALLOC_CTX *mem,
	const struct pv_network_account *account, const struct pv_outgoing *outgoing,
	struct pv_delivery *out, struct pv_error *error)
{
	struct pv_bluesky b;
	json_t *record = NULL;
	struct pv_delivery no;
	enum pv_status status =
		pv_bluesky_open(context, mem, account, outgoing->timeout_ms, &b, error);
	if (status == PV_OK)
		status = pv_bluesky_record(&b, outgoing, &record, &no, error);
	if (status != PV_OK)
		return status;
	if (!record) {
		*out = no;
		return PV_OK;
	}
	char *expected = own_uri(mem, b.did, outgoing->write_key);
	PV_JSON json_t *input = json_pack("{s:s, s:s, s:s, s:O}", "repo", b.did, "collection",
		PV_BLUESKY_POST, "rkey", outgoing->write_key, "record", record);
	if (!input || !expected)
		return pv_fail_nomem(error);
	struct pv_bluesky_call call = {.nsid = "com.atproto.repo.putRecord", .input = input};
	struct pv_wire_answer answer;
	status = pv_bluesky_ask(&b, &call, &answer, error);
	if (status != PV_OK)
		return status;
	if (b.renewal_failed) {
		/* the write itself was refused for its token: nothing was accepted */
		pv_wire_judge_before(&b.wire, &answer, out);
		if (out->answer == PV_ANSWER_NO)
			out->reason = PV_REASON_SIGN_IN;
		return PV_OK;
	}
	pv_wire_judge(&b.wire, &answer, out);
	refine(&answer, out);
	if (pv_wire_answered(&answer, 200) && pv_json_text(answer.json, "cid") &&
		pv_streq(pv_json_text(answer.json, "uri"), expected))
		take(mem, b.did, outgoing->write_key, expected, out);
	return PV_OK;
}

/* The PDS answers at once and for sure: the key is ours alone. */
enum pv_status pv_bluesky_find(const struct pv_network_context *context, TALLOC_CTX *mem,
	const struct pv_network_account *account, const struct pv_outgoing *outgoing,
	enum pv_finding *out, struct pv_delivery *delivery, struct pv_error *error)
{
	struct pv_bluesky b;
	enum pv_status status =
		pv_bluesky_open(context, mem, account, outgoing->timeout_ms, &b, error);
	if (status != PV_OK)
		return status;
	struct pv_bluesky_call call = {
		.nsid = "com.atproto.repo.getRecord",
		.query = talloc_asprintf(mem, "repo=%s&collection=" PV_BLUESKY_POST "&rkey=%s",
			b.did, outgoing->write_key),
	};
	struct pv_wire_answer answer;
	if (!call.query)
		return pv_fail_nomem(error);
	status = pv_bluesky_ask(&b, &call, &answer, error);
	if (status != PV_OK)
		return status;
	pv_wire_judge(&b.wire, &answer, delivery);
	*out = PV_UNSURE;
	if (b.renewal_failed)
		return PV_OK;
	if (pv_wire_answered(&answer, 400) &&
		strcmp(pv_bluesky_error(&answer), "RecordNotFound") == 0)
		*out = PV_ABSENT;
	else if (pv_wire_answered(&answer, 200) &&
		 json_is_object(json_object_get(answer.json, "value")) &&
		 take(mem, b.did, outgoing->write_key, own_uri(mem, b.did, outgoing->write_key),
			 delivery))
		*out = PV_FOUND;
	return PV_OK;
}

enum pv_status pv_bluesky_withdraw(const struct pv_network_context *context, TALLOC_CTX *mem,
	const struct pv_network_account *account, const char *remote_id, struct pv_error *error)
{
	struct pv_bluesky b;
	struct pv_bluesky_uri uri;
	enum pv_status status = pv_bluesky_open(context, mem, account, 0, &b, error);
	if (status != PV_OK)
		return status;
	if (!pv_bluesky_uri_parse(mem, remote_id, &uri) || strcmp(uri.did, b.did) != 0)
		return pv_fail(error, PV_INVALID,
			"Cette publication n'est pas de ce compte Bluesky.",
			"This post is not of this Bluesky account.");
	PV_JSON json_t *input = json_pack(
		"{s:s, s:s, s:s}", "repo", b.did, "collection", uri.collection, "rkey", uri.rkey);
	if (!input)
		return pv_fail_nomem(error);
	struct pv_bluesky_call call = {.nsid = "com.atproto.repo.deleteRecord", .input = input};
	struct pv_wire_answer answer;
	status = pv_bluesky_ask(&b, &call, &answer, error);
	if (status != PV_OK)
		return status;
	/* deleting what is not there answers 200 as well */
	return pv_bluesky_settle(&b, &answer, error);
}
