/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Comments, replies, and answers in the organisation's voice. */
#include "desk/conversations.h"

#include "collect/collector.h"
#include "desk/cursor.h"
#include "web/api/variant_parts.h"

/* From `id` to `last_at`, in both shapes; `held` < 0 leaves it out. */
static void write_head(struct pv_web_call *call, const struct pv_conversation_row *row,
	const struct pv_api_seats *seats, int held)
{
	struct pv_out *out = &call->out;
	pv_out_text(out, "id", row->id);
	pv_api_organization_of(out, "organization", seats, row->organization_id);
	pv_out_open(out, "account", '{');
	pv_out_text(out, "id", row->account_id);
	pv_out_text(out, "slug", row->account_slug);
	pv_out_text(out, "network", row->account_network);
	pv_out_text(out, "name", row->account_name);
	pv_out_close(out, '}');
	pv_out_text(out, "state", row->state);
	pv_out_int(out, "unread", row->unread);
	if (held >= 0)
		pv_out_int(out, "held", held);
	if (row->assigned_to)
		pv_api_person_ref(out, "assigned_to", row->assigned_to, row->assigned_slug,
			row->assigned_name);
	else
		pv_out_null(out, "assigned_to");
	pv_out_time(out, "last_at", row->last_at_us);
	if (row->publication_id) {
		pv_out_open(out, "post", '{');
		pv_out_text(out, "publication_id", row->publication_id);
		pv_out_text(out, "text", row->post_text);
		pv_out_text_or_null(out, "permalink", row->permalink);
		pv_out_close(out, '}');
	} else {
		pv_out_null(out, "post");
	}
}

static enum pv_status get_list(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_conversation_row *rows = NULL;
	struct pv_api_list list;
	struct pv_out *out = &call->out;
	size_t n = 0;
	enum pv_status status = pv_api_list_read(call, PV_API_PAGED | PV_API_SEATS, &list, error);
	if (status != PV_OK)
		return status;
	struct pv_conversation_filter filter = {
		.organization_id = list.organization_id,
		.account_id = pv_web_query(call->request, "account"),
		.state = pv_web_query(call->request, "state"),
		.limit = list.limit,
	};
	status = pv_desk_cursor_read(list.cursor, &filter.before_us, &filter.before_id, error);
	if (status == PV_OK)
		status = pv_desk_conversation_list(
			call->desk, call->mem, call->actor, &filter, &rows, &n, error);
	if (status != PV_OK)
		return status;
	pv_api_list_open(call, &list, &n);
	for (size_t i = 0; i < n; i++) {
		pv_out_open(out, NULL, '{');
		write_head(call, &rows[i], &list.seats, -1);
		if (rows[i].last_text && *rows[i].last_text) {
			pv_out_open(out, "last", '{');
			pv_out_text(out, "author_name", rows[i].last_author);
			pv_out_text(out, "text", rows[i].last_text);
			pv_out_close(out, '}');
		} else {
			pv_out_null(out, "last");
		}
		pv_out_close(out, '}');
	}
	const char *next =
		list.more ? pv_desk_cursor(call->mem, rows[n - 1].last_at_us, rows[n - 1].id)
			  : NULL;
	return pv_web_list_close(call, next, error);
}

/* The message whose remote id this is, among those of the conversation. */
static const char *message_of(
	const struct pv_message_row *messages, size_t n, const char *remote_id)
{
	for (size_t i = 0; i < n && remote_id && *remote_id; i++)
		if (strcmp(messages[i].remote_id, remote_id) == 0)
			return messages[i].id;
	return NULL;
}

static void write_message(struct pv_out *out, const struct pv_message_row *row, const char *parent)
{
	pv_out_open(out, NULL, '{');
	pv_out_text(out, "id", row->id);
	pv_out_text(out, "direction", row->direction);
	pv_out_text(out, "author_name", row->author_name);
	pv_out_text(out, "author_handle", row->author_handle);
	pv_out_text(out, "url", row->url);
	pv_out_text(out, "text", row->text);
	pv_out_text(out, "language", row->language);
	pv_out_text(out, "state", row->state);
	pv_out_time(out, "said_at", row->said_at_us);
	pv_out_text(out, "parent", parent);
	pv_out_text_or_null(out, "publication", row->publication_id);
	pv_out_close(out, '}');
}

static enum pv_status answer_conversation(struct pv_web_call *call,
	const struct pv_desk_conversation *conversation, struct pv_error *error)
{
	struct pv_out *out = &call->out;
	struct pv_api_seats seats;
	int held = 0;
	enum pv_status status = pv_api_seats(call, &seats, error);
	if (status != PV_OK)
		return status;
	for (size_t i = 0; i < conversation->n_messages; i++)
		held += strcmp(conversation->messages[i].state, "held") == 0;
	pv_out_open(out, NULL, '{');
	write_head(call, &conversation->row, &seats, held);
	pv_out_open(out, "messages", '[');
	for (size_t i = 0; i < conversation->n_messages; i++)
		write_message(out, &conversation->messages[i],
			message_of(conversation->messages, conversation->n_messages,
				conversation->messages[i].parent_remote));
	pv_out_close(out, ']');
	pv_out_close(out, '}');
	return pv_web_answer(call, 200, error);
}

static enum pv_status get_one(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_desk_conversation *conversation = NULL;
	enum pv_status status = pv_desk_conversation_get(
		call->desk, call->mem, call->actor, call->params[0], &conversation, error);
	return status == PV_OK ? answer_conversation(call, conversation, error) : status;
}

static enum pv_status patch_one(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_desk_conversation *conversation = NULL;
	const json_t *assigned = json_object_get(call->body, "assigned_to");
	const char *to = json_is_null(assigned) ? "" : json_string_value(assigned);
	int64_t unread = pv_json_int(call->body, "unread", -1);
	enum pv_status status = PV_API_ONLY(call->body, error, "state", "assigned_to", "unread");
	if (assigned && !to)
		status = pv_fail_field(error, "/assigned_to", "Indiquez une personne, ou null.",
			"Give a person, or null.");
	if (unread < -1 || unread > 0)
		status = pv_fail_field(error, "/unread", "0 : c'est lu.", "0: it was read.");
	if (status != PV_OK)
		return status;
	if (to && strcmp(to, "me") == 0)
		to = call->actor->person_id;
	status = pv_desk_conversation_edit(call->desk, call->mem, call->actor, call->params[0],
		pv_json_text(call->body, "state"), to, (int)unread, &conversation, error);
	return status == PV_OK ? answer_conversation(call, conversation, error) : status;
}

static enum pv_status post_answer(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_desk_variant *variant = NULL;
	struct pv_desk_conversation *conversation = NULL;
	struct pv_answer_in in = {
		.languages = json_object_get(call->body, "languages"),
		.declared = json_object_get(call->body, "declared"),
	};
	enum pv_status status =
		PV_API_ONLY(call->body, error, "message", "text", "languages", "declared");
	if (pv_api_text(call->body, "message", false, &in.message_id, error) != PV_OK)
		status = PV_INVALID;
	if (pv_api_text(call->body, "text", false, &in.text, error) != PV_OK)
		status = PV_INVALID;
	if (status != PV_OK)
		return status;
	/* The message must be one of this conversation, so that an address means what it says. */
	status = pv_desk_conversation_get(
		call->desk, call->mem, call->actor, call->params[0], &conversation, error);
	if (status != PV_OK)
		return status;
	bool ours = false;
	for (size_t i = 0; i < conversation->n_messages; i++)
		ours |= strcmp(conversation->messages[i].id, in.message_id) == 0;
	if (!ours)
		return pv_fail_field(error, "/message",
			"Ce message n'est pas de cette conversation.",
			"This message is not part of this conversation.");
	/* As before any submission: an answer that may go out goes out at once. */
	status = pv_collect_links_again(call->desk, call->mem, in.text, error);
	if (status == PV_OK)
		status = pv_desk_conversation_answer(
			call->desk, call->mem, call->actor, &in, &variant, error);
	return status == PV_OK ? pv_api_answer_variant(call, variant, 201, error) : status;
}

static enum pv_status patch_message(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_message_row row;
	struct pv_desk_conversation *conversation = NULL;
	const char *state = NULL;
	enum pv_status status = PV_API_ONLY(call->body, error, "state");
	if (pv_api_text(call->body, "state", false, &state, error) != PV_OK || status != PV_OK)
		return PV_INVALID;
	status = pv_desk_message_moderate(
		call->desk, call->mem, call->actor, call->params[0], state, &row, error);
	if (status == PV_OK)
		status = pv_desk_conversation_get(call->desk, call->mem, call->actor,
			row.conversation_id, &conversation, error);
	if (status != PV_OK)
		return status;
	write_message(&call->out, &row,
		message_of(conversation->messages, conversation->n_messages, row.parent_remote));
	return pv_web_answer(call, 200, error);
}

static const struct pv_web_route routes[] = {
	{PV_WEB_GET, "/api/v1/conversations", get_list},
	{PV_WEB_GET, "/api/v1/conversations/{}", get_one},
	{PV_WEB_PATCH, "/api/v1/conversations/{}", patch_one, .takes = PV_TAKES_JSON},
	{PV_WEB_POST, "/api/v1/conversations/{}/answer", post_answer, .takes = PV_TAKES_JSON,
		.slow = PV_WEB_NETWORK},
	{PV_WEB_PATCH, "/api/v1/messages/{}", patch_message, .takes = PV_TAKES_JSON},
};
const struct pv_web_routes pv_web_conversation_routes = PV_WEB_ROUTES(routes);
