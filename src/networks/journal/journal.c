/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The journal: an organisation's own public page, kept by the desk itself. Its way into the store
 * is given by the caller (struct pv_journal_ops), so this room opens neither database nor socket.
 *
 * The key of a write is the publication's id, at every attempt: a second attempt of the same
 * publication answers the first one's page and can never make another.
 */
#include "networks/network.h"
#include "networks/wire.h"

#include "base/str.h"

#include <string.h>

static const char *const types[] = {
	"image/jpeg", "image/png", "image/gif", "image/webp", "image/avif", NULL};

static enum pv_status journal_connect(const struct pv_network_context *context, TALLOC_CTX *mem,
	const char *typed, struct pv_network_account *out, struct pv_error *error)
{
	(void)context;
	PV_JSON json_t *form = NULL;
	enum pv_status status = pv_json_parse(typed, strlen(typed), &form, error);
	if (status != PV_OK)
		return status;
	out->handle = pv_wire_text(mem, form, "handle");
	out->name = pv_wire_text(mem, form, "name");
	out->server = "";
	out->remote_id = "";
	out->secrets = "{}";
	out->settings = "{}";
	return PV_OK;
}

static enum pv_status journal_check_account(const struct pv_network_context *context,
	TALLOC_CTX *mem, struct pv_network_account *account, struct pv_error *error)
{
	(void)context, (void)mem, (void)account, (void)error;
	return PV_OK;
}

static enum pv_status journal_check(const struct pv_network_account *account,
	const struct pv_outgoing *outgoing, struct pv_error *error)
{
	return pv_wire_check(&pv_network_journal, account, outgoing, types, error);
}

static char *journal_make_key(TALLOC_CTX *mem, const struct pv_outgoing *outgoing)
{
	return talloc_strdup(mem, outgoing->publication_id);
}

static enum pv_status no_journal(struct pv_error *error)
{
	return pv_fail(error, PV_INTERNAL, "Aucun journal n'est ouvert.", "No journal is open.");
}

static const char *words_of(TALLOC_CTX *mem, const struct pv_error *said)
{
	const char *text =
		said->words.en ? talloc_strndup(mem, said->words.en, PV_EVIDENCE_MAX) : NULL;
	return text ? text : "";
}

/* What the store's no means: it either kept the whole page or nothing of it. */
static void judge(enum pv_status status, struct pv_delivery *out)
{
	switch (status) {
	case PV_INVALID:
	case PV_REFUSED:
	case PV_NOT_FOUND:
		out->answer = PV_ANSWER_NO;
		out->reason = PV_REASON_PERMANENT;
		break;
	case PV_TOO_LARGE:
		out->answer = PV_ANSWER_NO;
		out->reason = PV_REASON_TOO_LARGE;
		break;
	case PV_DENIED:
	case PV_UNAUTHENTICATED:
		out->answer = PV_ANSWER_NO;
		out->reason = PV_REASON_PERMISSION;
		break;
	case PV_CONFLICT:
		out->answer = PV_ANSWER_NO;
		out->reason = PV_REASON_DUPLICATE;
		break;
	case PV_UNCERTAIN:
		out->answer = PV_ANSWER_UNKNOWN;
		out->reason = PV_REASON_NO_ANSWER;
		break;
	default:
		out->answer = PV_ANSWER_LATER;
		out->reason = PV_REASON_OUTAGE;
		break;
	}
}

static enum pv_status journal_publish(const struct pv_network_context *context, TALLOC_CTX *mem,
	const struct pv_network_account *account, const struct pv_outgoing *outgoing,
	struct pv_delivery *out, struct pv_error *error)
{
	if (!context->journal)
		return no_journal(error);
	struct pv_error said = PV_ERROR_IN(mem);
	char *permalink = NULL;
	enum pv_status status = context->journal->publish(
		context->journal_state, mem, account->id, outgoing, &permalink, &said);
	*out = (struct pv_delivery){
		.answer = PV_ANSWER_YES,
		.remote_id = outgoing->write_key,
		.permalink = permalink ? permalink : "",
		.retry_at_us = PV_TIME_NONE,
		.evidence = "",
	};
	if (status != PV_OK) {
		judge(status, out);
		out->remote_id = out->permalink = "";
		out->evidence = words_of(mem, &said);
	}
	return PV_OK;
}

static enum pv_status journal_find(const struct pv_network_context *context, TALLOC_CTX *mem,
	const struct pv_network_account *account, const struct pv_outgoing *outgoing,
	enum pv_finding *out, struct pv_delivery *delivery, struct pv_error *error)
{
	if (!context->journal)
		return no_journal(error);
	struct pv_error said = PV_ERROR_IN(mem);
	char *permalink = NULL;
	enum pv_status status = context->journal->find(
		context->journal_state, mem, account->id, outgoing->write_key, &permalink, &said);
	*delivery = (struct pv_delivery){
		.answer = status == PV_OK ? PV_ANSWER_YES : PV_ANSWER_UNKNOWN,
		.remote_id = status == PV_OK ? outgoing->write_key : "",
		.permalink = permalink ? permalink : "",
		.retry_at_us = PV_TIME_NONE,
		.evidence = words_of(mem, &said),
	};
	*out = status == PV_OK ? PV_FOUND : status == PV_NOT_FOUND ? PV_ABSENT : PV_UNSURE;
	return PV_OK;
}

static enum pv_status journal_withdraw(const struct pv_network_context *context, TALLOC_CTX *mem,
	const struct pv_network_account *account, const char *remote_id, struct pv_error *error)
{
	(void)mem;
	if (!context->journal)
		return no_journal(error);
	enum pv_status status =
		context->journal->withdraw(context->journal_state, account->id, remote_id, error);
	return status == PV_NOT_FOUND ? PV_OK : status;
}

static enum pv_status journal_metrics(const struct pv_network_context *context, TALLOC_CTX *mem,
	const struct pv_network_account *account, const char *remote_id, struct pv_figure **out,
	size_t *out_n, struct pv_error *error)
{
	if (!context->journal)
		return no_journal(error);
	int64_t reads = 0, comments = 0;
	enum pv_status status = context->journal->reads(
		context->journal_state, account->id, remote_id, &reads, &comments, error);
	if (status != PV_OK)
		return status;
	struct pv_figure *figures = talloc_array(mem, struct pv_figure, 2);
	if (!figures)
		return pv_fail_nomem(error);
	figures[0] = (struct pv_figure){.metric = "reads", .value = reads};
	figures[1] = (struct pv_figure){.metric = "comments", .value = comments};
	*out = figures;
	*out_n = 2;
	return PV_OK;
}

const struct pv_network pv_network_journal = {
	.name = "journal",
	.label = {"Journal", "Journal"},
	.measure = "journal",
	/* text/rules.c */
	.limits = {.text_max = 10000,
		.media_max = 10,
		.media_bytes_max = 20 << 20,
		.alt_required = false,
		.answers = true,
		.counts_views = true},
	.idempotent_us = 365 * PV_DAY_US,
	.find_tries = 1,
	.find_pause_us = 0,
	.connect = journal_connect,
	.check_account = journal_check_account,
	.check = journal_check,
	.make_key = journal_make_key,
	.publish = journal_publish,
	.find = journal_find,
	.withdraw = journal_withdraw,
	.metrics = journal_metrics,
};
