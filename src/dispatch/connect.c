/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "dispatch/connect.h"

#include "base/json.h"
#include "desk/journal.h"

#include <string.h>

/* ---- what adapters may use --------------------------------------------------------------------- */

static enum pv_status save_secrets(
	void *state, const char *account_id, const char *secrets, struct pv_error *error)
{
	return pv_desk_account_save_secrets(state, account_id, secrets, error);
}

static const char *languages_json(TALLOC_CTX *mem, const struct pv_outgoing *outgoing)
{
	PV_JSON json_t *list = json_array();
	for (size_t i = 0; list && i < outgoing->n_languages; i++)
		json_array_append_new(list, json_string(outgoing->languages[i]));
	return list ? pv_json_dump(mem, list) : NULL;
}

static enum pv_status journal_publish(void *state, TALLOC_CTX *mem, const char *account_id,
	const struct pv_outgoing *outgoing, char **out_permalink, struct pv_error *error)
{
	struct pv_journal_out entry = {
		.publication_id = outgoing->publication_id,
		.account_id = account_id,
		.text = outgoing->text,
		.languages = languages_json(mem, outgoing),
		.reply_to = outgoing->reply_to,
		.written_at_us = outgoing->written_at_us,
	};
	if (!entry.languages)
		return pv_fail_nomem(error);
	return pv_desk_journal_publish(state, mem, &entry, out_permalink, error);
}

static enum pv_status journal_find(void *state, TALLOC_CTX *mem, const char *account_id,
	const char *write_key, char **out_permalink, struct pv_error *error)
{
	(void)account_id;
	return pv_desk_journal_find(state, mem, write_key, out_permalink, error);
}

static enum pv_status journal_withdraw(
	void *state, const char *account_id, const char *remote_id, struct pv_error *error)
{
	return pv_desk_journal_withdraw(state, account_id, remote_id, error);
}

static enum pv_status journal_reads(void *state, const char *account_id, const char *remote_id,
	int64_t *out_reads, int64_t *out_comments, struct pv_error *error)
{
	(void)account_id;
	return pv_desk_journal_figures(state, remote_id, out_reads, out_comments, error);
}

static const struct pv_journal_ops journal_ops = {
	.publish = journal_publish,
	.find = journal_find,
	.withdraw = journal_withdraw,
	.reads = journal_reads,
};

void pv_dispatch_context(struct pv_desk *desk, struct pv_network_context *out)
{
	*out = (struct pv_network_context){
		.env = desk->env,
		.save_secrets = save_secrets,
		.save_state = desk,
		.journal = &journal_ops,
		.journal_state = desk,
	};
}

/* ---- accounts ---------------------------------------------------------------------------------- */

enum pv_status pv_dispatch_account_open(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_account_row *row, struct pv_network_account *out, struct pv_error *error)
{
	const char *secrets = "{}";
	if (row->secrets) {
		enum pv_status status =
			pv_desk_account_open_secrets(desk, mem, row->id, &secrets, error);
		if (status != PV_OK)
			return status;
	}
	*out = (struct pv_network_account){
		.id = row->id,
		.handle = row->handle,
		.server = row->server,
		.remote_id = row->remote_id,
		.secrets = secrets,
		.settings = row->settings,
		.name = row->name,
	};
	return PV_OK;
}

/*
 * What a network says of what was typed is said of what was typed: of a field of the form, and never
 * that this desk does not know who asks.
 */
static enum pv_status of_the_form(const json_t *typed, enum pv_status status,
	const struct pv_error *said, TALLOC_CTX *mem, struct pv_error *error)
{
	bool no = status == PV_UNAUTHENTICATED || status == PV_DENIED;
	if (no)
		return pv_fail_field(error,
			pv_json_text(typed, "token") ? "/typed/token" : "/typed/password", "%s%.0s",
			"%.0s%s", said->words.fr, said->words.en);
	for (size_t i = 0; i < said->n_problems; i++) {
		const struct pv_problem *problem = &said->problems[i];
		const char *pointer = talloc_asprintf(mem, "/typed%s", problem->pointer);
		pv_fail_field(error, pointer ? pointer : "/typed", "%s%.0s", "%.0s%s",
			problem->message.fr, problem->message.en);
	}
	if (said->n_problems)
		return status;
	/* an address nobody may have the desk ask */
	if (status == PV_INVALID)
		return pv_fail_field(
			error, "/typed/server", "%s%.0s", "%.0s%s", said->words.fr, said->words.en);
	return pv_fail_words(error, status, said->words);
}

static enum pv_status sign_in(struct pv_desk *desk, TALLOC_CTX *mem, const char *network_name,
	const json_t *typed, struct pv_account_link *out, struct pv_error *error)
{
	const struct pv_network *network = network_name ? pv_network_find(network_name) : NULL;
	if (!network)
		return pv_fail_field(error, "/network", "Ce réseau n'est pas connu.",
			"This network is not known.");
	struct pv_network_context context;
	struct pv_network_account account = {
		.id = "",
		.handle = "",
		.server = "",
		.remote_id = "",
		.secrets = "{}",
		.settings = "{}",
		.name = "",
	};
	pv_dispatch_context(desk, &context);
	const char *text = typed ? pv_json_dump(mem, typed) : "{}";
	if (!text)
		return pv_fail_nomem(error);
	struct pv_error said = PV_ERROR_IN(mem);
	enum pv_status status = network->connect(&context, mem, text, &account, &said);
	if (status != PV_OK)
		return of_the_form(typed, status, &said, mem, error);
	*out = (struct pv_account_link){
		.name = account.name,
		.handle = account.handle,
		.server = account.server,
		.remote_id = account.remote_id,
		.secrets = account.secrets && strcmp(account.secrets, "{}") != 0 ? account.secrets
										 : NULL,
		.settings = account.settings,
	};
	return PV_OK;
}

enum pv_status pv_dispatch_account_connect(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const json_t *form, struct pv_account_row *out,
	struct pv_error *error)
{
	struct pv_account_link link;
	enum pv_status status = pv_desk_account_may_add(desk, actor, form, error);
	if (status == PV_OK)
		status = sign_in(desk, mem, pv_json_text(form, "network"),
			json_object_get(form, "typed"), &link, error);
	return status == PV_OK ? pv_desk_account_add(desk, mem, actor, form, &link, out, error)
			       : status;
}

/* May this actor reconnect? The same question as for adding one there. */
static enum pv_status find_governed(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id, struct pv_account_row *out,
	struct pv_error *error)
{
	enum pv_status status = pv_desk_account_find(desk, mem, actor, id, out, error);
	return status == PV_OK
		       ? pv_desk_may(desk, actor, out->organization_id, PV_MAY_GOVERN, error)
		       : status;
}

enum pv_status pv_dispatch_account_reconnect(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *account_id, const json_t *typed,
	struct pv_account_row *out, struct pv_error *error)
{
	struct pv_account_row row;
	struct pv_account_link link;
	enum pv_status status = find_governed(desk, mem, actor, account_id, &row, error);
	if (status == PV_OK)
		status = sign_in(desk, mem, row.network, typed, &link, error);
	return status == PV_OK
		       ? pv_desk_account_reconnect(desk, mem, actor, account_id, &link, out, error)
		       : status;
}

enum pv_status pv_dispatch_account_check(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *account_id, struct pv_account_row *out,
	struct pv_error *error)
{
	struct pv_account_row row;
	struct pv_network_account account;
	struct pv_network_context context;
	struct pv_error said = PV_ERROR_IN(mem);
	enum pv_status status = pv_desk_account_find(desk, mem, actor, account_id, &row, error);
	if (status == PV_OK)
		status = pv_desk_may(desk, actor, row.organization_id, PV_MAY_WRITE, error);
	if (status == PV_OK)
		status = pv_dispatch_account_open(desk, mem, &row, &account, error);
	const struct pv_network *network = status == PV_OK ? pv_network_find(row.network) : NULL;
	if (status == PV_OK && !network)
		return pv_fail(error, PV_INTERNAL, "Ce réseau n'est pas connu.",
			"This network is not known.");
	if (status != PV_OK)
		return status;
	pv_dispatch_context(desk, &context);
	enum pv_status told = network->check_account(&context, mem, &account, &said);
	if (told == PV_OK)
		status = pv_desk_account_checked(
			desk, account_id, "connected", NULL, account.settings, error);
	else if (told == PV_UNAUTHENTICATED || told == PV_DENIED)
		status = pv_desk_account_checked(
			desk, account_id, "sign_in", &said.words, NULL, error);
	else {
		/* Nobody answered: that says nothing of the token. */
		if (error)
			*error = said;
		return told;
	}
	return status == PV_OK ? pv_desk_account_find(desk, mem, actor, account_id, out, error)
			       : status;
}
