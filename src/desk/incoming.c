/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What readers say: brought back from the networks, or written under a journal's entry. */
#include "base/id.h"
#include "base/instant.h"
#include "base/str.h"
#include "desk/conversations.h"
#include "desk/journal.h"
#include "desk/turn.h"
#include "store/account.h"
#include "store/publication.h"

#include <string.h>
#include <strings.h>

/* Never NULL, never half a character, never longer than `most`; what is not UTF-8 is left out. */
static const char *tame(TALLOC_CTX *mem, const char *text, size_t most)
{
	if (!text || !pv_utf8_valid(text, strlen(text)))
		return "";
	size_t size = strlen(text);
	if (size <= most)
		return text;
	for (size = most; size && ((unsigned char)text[size] & 0xC0) == 0x80;)
		size--;
	return talloc_strndup(mem, text, size);
}

/* The post of ours at the thread's root, NULL when it is somebody else's. */
static enum pv_status publication_of(struct pv_desk *desk, TALLOC_CTX *mem, const char *account_id,
	const char *remote_id, const char **out, struct pv_error *error)
{
	struct pv_publication_row row;
	enum pv_status status =
		pv_publication_find_remote(desk->db, mem, account_id, remote_id, &row, error);
	*out = status == PV_OK ? row.id : NULL;
	return status == PV_NOT_FOUND ? PV_OK : status;
}

struct arrival {
	struct pv_desk *desk;
	TALLOC_CTX *mem;
	const char *organization_id, *account_id;
	const char *publication_id; /* NULL: looked for by the root's remote id */
	const char *state;          /* of an incoming message: shown, or held */
	const char *own_handle;     /* messages by it are ours; NULL: none */
};

static enum pv_status conversation_for(const struct arrival *arrival, const char *root,
	int64_t said_at_us, struct pv_conversation_row *out, struct pv_error *error)
{
	struct pv_desk *desk = arrival->desk;
	char digest[PV_DIGEST_SIZE], id[PV_ID_SIZE];
	const char *publication_id = arrival->publication_id;
	enum pv_status status = PV_OK;
	if (!publication_id)
		status = publication_of(
			desk, arrival->mem, arrival->account_id, root, &publication_id, error);
	if (status != PV_OK)
		return status;
	pv_digest(root, strlen(root), digest);
	const struct pv_conversation_row row = {
		.id = pv_id_new(desk->env, id),
		.organization_id = arrival->organization_id,
		.account_id = arrival->account_id,
		.publication_id = publication_id,
		.remote_root = root,
		.root_digest = digest,
		.last_at_us = said_at_us,
		.created_at_us = pv_env_now_us(desk->env),
	};
	return pv_conversation_ensure(desk->db, arrival->mem, &row, out, error);
}

/* A new word of a reader opens the conversation again; ours does not. */
static enum pv_status touch(struct pv_desk *desk, struct pv_conversation_row *conversation,
	const struct pv_message_row *message, struct pv_error *error)
{
	if (message->said_at_us > conversation->last_at_us)
		conversation->last_at_us = message->said_at_us;
	if (strcmp(message->direction, "in") == 0) {
		conversation->unread++;
		conversation->state = "open";
	}
	return pv_conversation_update(desk->db, conversation, error);
}

static enum pv_status keep_one(const struct arrival *arrival, const struct pv_message_in *in,
	struct pv_message_row *out, bool *out_new, struct pv_error *error)
{
	struct pv_desk *desk = arrival->desk;
	TALLOC_CTX *mem = arrival->mem;
	struct pv_conversation_row conversation;
	const char *root = in->root_id && *in->root_id ? in->root_id : in->remote_id;
	enum pv_status status =
		conversation_for(arrival, root, in->said_at_us, &conversation, error);
	if (status != PV_OK)
		return status;
	char *digest = talloc_size(mem, PV_DIGEST_SIZE);
	bool ours = arrival->own_handle && *arrival->own_handle && in->author_handle &&
		    strcasecmp(arrival->own_handle, in->author_handle) == 0;
	*out = (struct pv_message_row){
		.id = pv_id_make(mem, desk->env),
		.organization_id = arrival->organization_id,
		.conversation_id = conversation.id,
		.account_id = arrival->account_id,
		.remote_id = in->remote_id,
		.remote_digest = digest,
		.parent_remote = in->parent_id ? in->parent_id : "",
		.direction = ours ? "out" : "in",
		.author_name = tame(mem, in->author_name, PV_COMMENT_NAME_MAX),
		.author_handle = tame(mem, in->author_handle, PV_COMMENT_NAME_MAX),
		.url = tame(mem, in->url, PV_MESSAGE_URL_MAX),
		.text = tame(mem, in->text, PV_MESSAGE_TEXT_MAX),
		.language = tame(mem, in->language, PV_LANGUAGE_TAG_MAX),
		.state = ours ? "shown" : arrival->state,
		.said_at_us = in->said_at_us,
		.seen_at_us = pv_env_now_us(desk->env),
	};
	if (!digest || !out->id || !out->author_name || !out->author_handle || !out->url ||
		!out->text || !out->language)
		return pv_fail_nomem(error);
	pv_digest(in->remote_id, strlen(in->remote_id), digest);
	status = pv_message_keep(desk->db, out, out_new, error);
	return status == PV_OK && *out_new ? touch(desk, &conversation, out, error) : status;
}

/* ---- from the networks -------------------------------------------------------------------------- */

static enum pv_status keep_all(const struct arrival *arrival, const struct pv_message_in *messages,
	size_t n, const char *cursor, int64_t listen_at_us, size_t *out_new, struct pv_error *error)
{
	for (size_t i = 0; i < n; i++) {
		struct pv_message_row row;
		bool is_new = false;
		enum pv_status status = keep_one(arrival, &messages[i], &row, &is_new, error);
		if (status != PV_OK)
			return status;
		*out_new += is_new ? 1 : 0;
	}
	return pv_account_listened(arrival->desk->db, arrival->account_id, arrival->organization_id,
		cursor, listen_at_us, error);
}

enum pv_status pv_desk_messages_keep(struct pv_desk *desk, const char *account_id,
	const struct pv_message_in *messages, size_t n, const char *cursor, int64_t listen_at_us,
	size_t *out_new, struct pv_error *error)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_account_row account;
	struct pv_turn turn;
	size_t new_messages = 0;
	enum pv_status status = pv_account_find(desk->db, scope, account_id, &account, error);
	if (status == PV_OK)
		status = pv_turn_begin(&turn, desk, error);
	if (status != PV_OK)
		return status;
	const struct arrival arrival = {
		.desk = desk,
		.mem = scope,
		.organization_id = account.organization_id,
		.account_id = account_id,
		.state = "shown", /* the network shows it already */
		.own_handle = account.handle,
	};
	status = pv_turn_end(&turn,
		keep_all(&arrival, messages, n, cursor, listen_at_us, &new_messages, error), error);
	if (status != PV_OK)
		return status;
	*out_new = new_messages;
	if (new_messages)
		pv_desk_changed(desk, "conversation", account.organization_id, account_id);
	return PV_OK;
}

/* ---- under the journal -------------------------------------------------------------------------- */

static enum pv_status check_comment(const struct pv_comment_in *in, struct pv_error *error)
{
	size_t size = in->text ? strlen(in->text) : 0;
	if (!size || strspn(in->text, " \t\r\n") == size)
		return pv_fail_field(error, "/text", "Écrivez votre commentaire, puis envoyez-le.",
			"Write your comment, then send it.");
	if (size > PV_COMMENT_TEXT_MAX)
		return pv_fail_field(error, "/text",
			"Votre commentaire est trop long de %zu octets : raccourcissez-le un peu.",
			"Your comment is %zu bytes too long: shorten it a little.",
			size - PV_COMMENT_TEXT_MAX);
	if (in->author_name && strlen(in->author_name) > PV_COMMENT_NAME_MAX)
		return pv_fail_field(
			error, "/name", "Ce nom est trop long.", "This name is too long.");
	bool readable =
		pv_utf8_valid(in->text, size) &&
		(!in->author_name || pv_utf8_valid(in->author_name, strlen(in->author_name)));
	return readable ? PV_OK
			: pv_fail_field(error, "/text", "Ce texte n'est pas lisible (UTF-8).",
				  "This text cannot be read (UTF-8).");
}

enum pv_status pv_desk_journal_comment(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_comment_in *in, struct pv_message_row *out, struct pv_error *error)
{
	struct pv_desk_journal journal;
	struct pv_journal_row entry;
	struct pv_message_row row;
	struct pv_turn turn;
	bool is_new = false;
	enum pv_status status = check_comment(in, error);
	if (status == PV_OK)
		status = pv_desk_journal_open(desk, mem, in->organization, &journal, error);
	if (status == PV_OK)
		status = pv_journal_find_slug(
			desk->db, mem, journal.organization_id, in->entry, &entry, error);
	if (status == PV_OK && !journal.comments)
		status = pv_fail(error, PV_DENIED, "Ce journal ne prend pas de commentaires.",
			"This journal takes no comments.");
	char *remote_id = status == PV_OK ? pv_id_make(mem, desk->env) : NULL;
	if (status == PV_OK && !remote_id)
		status = pv_fail_nomem(error);
	if (status == PV_OK)
		status = pv_turn_begin(&turn, desk, error);
	if (status != PV_OK)
		return status;
	const struct arrival arrival = {
		.desk = desk,
		.mem = mem,
		.organization_id = journal.organization_id,
		.account_id = journal.account_id,
		.publication_id = entry.id,
		.state = "held",
	};
	const struct pv_message_in message = {
		.remote_id = remote_id,
		.root_id = entry.id,
		.parent_id = entry.id,
		.author_name = in->author_name,
		.text = in->text,
		.language = in->language,
		.said_at_us = pv_env_now_us(desk->env),
	};
	status = pv_turn_end(&turn, keep_one(&arrival, &message, &row, &is_new, error), error);
	if (status != PV_OK)
		return status;
	*out = row;
	pv_desk_changed(desk, "message", journal.organization_id, row.id);
	return PV_OK;
}
