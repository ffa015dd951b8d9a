/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "collect/listen.h"
#include "base/instant.h"
#include "base/log.h"
#include "base/mem.h"
#include "collect/collector.h"
#include "desk/conversations.h"
#include "desk/publications.h"
#include "dispatch/connect.h"
#include "store/account.h"

enum {
	CLAIM_S = 5 * 60,
	RECENT = 20, /* our latest posts, for networks that are asked post by post */
};

static enum pv_status recent_posts(struct pv_desk *desk, TALLOC_CTX *mem, const char *account_id,
	const char ***out, size_t *out_n, struct pv_error *error)
{
	struct pv_publication_filter filter = {
		.account_id = account_id,
		.state = "published",
		.limit = RECENT,
	};
	struct pv_publication_row *rows;
	size_t n;
	enum pv_status status =
		pv_desk_publication_list(desk, mem, &pv_actor_desk, &filter, &rows, &n, error);
	if (status != PV_OK)
		return status;
	const char **ids = talloc_array(mem, const char *, n + 1);
	if (!ids)
		return pv_fail_nomem(error);
	for (size_t i = 0; i < n; i++)
		ids[i] = rows[i].remote_id;
	*out = ids;
	*out_n = n;
	return PV_OK;
}

static enum pv_status keep(struct pv_desk *desk, TALLOC_CTX *mem, const char *account_id,
	const struct pv_incoming *incoming, size_t n, const char *cursor, struct pv_error *error)
{
	struct pv_message_in *messages = talloc_zero_array(mem, struct pv_message_in, n + 1);
	if (!messages)
		return pv_fail_nomem(error);
	for (size_t i = 0; i < n; i++)
		messages[i] = (struct pv_message_in){
			.remote_id = incoming[i].remote_id,
			.root_id = incoming[i].root_id,
			.parent_id = incoming[i].parent_id,
			.author_name = incoming[i].author_name,
			.author_handle = incoming[i].author_handle,
			.url = incoming[i].url,
			.text = incoming[i].text,
			.language = incoming[i].language,
			.said_at_us = incoming[i].said_at_us,
		};
	/* where people talk one listens closely, elsewhere now and then */
	int64_t wait_s = n ? PV_COLLECT_LISTEN_MIN_S : PV_COLLECT_LISTEN_MAX_S;
	size_t new_messages = 0;
	return pv_desk_messages_keep(desk, account_id, messages, n, cursor,
		pv_env_now_us(desk->env) + wait_s * PV_SECOND_US, &new_messages, error);
}

static enum pv_status listen_one(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_account_row *row, struct pv_error *error)
{
	const struct pv_network *network = pv_network_find(row->network);
	if (!network || !network->conversation)
		return pv_account_listened(desk->db, row->id, row->organization_id, row->cursor,
			pv_env_now_us(desk->env) + PV_COLLECT_FEED_MAX_S * PV_SECOND_US, error);
	struct pv_network_account account;
	struct pv_network_context context;
	const char **recent = NULL;
	size_t n_recent = 0, n = 0;
	struct pv_incoming *incoming = NULL;
	const char *cursor = row->cursor;
	enum pv_status status = pv_dispatch_account_open(desk, mem, row, &account, error);
	if (status == PV_OK)
		status = recent_posts(desk, mem, row->id, &recent, &n_recent, error);
	if (status != PV_OK)
		return status;
	pv_dispatch_context(desk, &context);
	status = network->conversation(&context, mem, &account, row->cursor, recent, n_recent,
		&incoming, &n, &cursor, error);
	if (status == PV_UNAUTHENTICATED) {
		pv_desk_account_checked(desk, row->id, "sign_in", &error->words, NULL, NULL);
		return status;
	}
	return status == PV_OK ? keep(desk, mem, row->id, incoming, n, cursor, error) : status;
}

enum pv_status pv_listen_due(
	struct pv_desk *desk, TALLOC_CTX *mem, bool *out_more, struct pv_error *error)
{
	int64_t now_us = pv_env_now_us(desk->env);
	struct pv_account_row *rows;
	size_t n;
	enum pv_status status = pv_account_claim_listen(desk->db, mem, now_us,
		now_us + CLAIM_S * PV_SECOND_US, PV_COLLECT_TURN_MAX, &rows, &n, error);
	if (status != PV_OK)
		return status;
	for (size_t i = 0; i < n; i++) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		struct pv_error trouble = PV_ERROR_IN(scope);
		/* a network that does not answer is asked again when the claim has passed */
		if (listen_one(desk, scope, &rows[i], &trouble) != PV_OK)
			pv_log(PV_LOG_WARNING, "account not listened to", "account", rows[i].id,
				"network", rows[i].network, "why", trouble.words.en, NULL);
	}
	*out_more = n == PV_COLLECT_TURN_MAX;
	return PV_OK;
}
