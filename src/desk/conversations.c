/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Conversations for people: reading, moderating, answering. What comes in is incoming.c's. */
#include "desk/conversations.h"
#include "base/str.h"
#include "desk/variants.h"
#include "desk/turn.h"
#include "store/membership.h"

#include <string.h>

enum { PAGE_MAX = 200, PAGE = 50 };

/* ---- reading ----------------------------------------------------------------------------------- */

enum pv_status pv_desk_conversation_list(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const struct pv_conversation_filter *filter,
	struct pv_conversation_row **out, size_t *out_n, struct pv_error *error)
{
	if (filter->organization_id) {
		enum pv_status status =
			pv_desk_may(desk, actor, filter->organization_id, PV_MAY_READ, error);
		if (status != PV_OK)
			return status;
	}
	struct pv_conversation_query query = {
		.member_id = actor->is_desk ? NULL : actor->person_id,
		.organization_id = filter->organization_id,
		.account_id = filter->account_id,
		.state = filter->state,
		.before_us = filter->before_us,
		.before_id = filter->before_id,
		.limit = filter->limit > 0 && filter->limit <= PAGE_MAX ? filter->limit : PAGE,
	};
	return pv_conversation_list(desk->db, mem, &query, out, out_n, error);
}

static enum pv_status conversation_for(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id, enum pv_power power,
	struct pv_conversation_row *out, struct pv_error *error)
{
	struct pv_conversation_row row;
	enum pv_status status = pv_conversation_find(desk->db, mem, id, &row, error);
	if (status == PV_OK)
		status = pv_desk_may(desk, actor, row.organization_id, power, error);
	/* the same words as for what does not exist */
	if (status == PV_NOT_FOUND)
		return pv_fail(error, PV_NOT_FOUND, "Cette conversation n'existe pas.",
			"There is no such conversation.");
	if (status == PV_OK)
		*out = row;
	return status;
}

enum pv_status pv_desk_conversation_get(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id, struct pv_desk_conversation **out,
	struct pv_error *error)
{
	struct pv_desk_conversation *whole = talloc_zero(mem, struct pv_desk_conversation);
	struct pv_message_row *messages = NULL;
	if (!whole)
		return pv_fail_nomem(error);
	enum pv_status status =
		conversation_for(desk, mem, actor, id, PV_MAY_READ, &whole->row, error);
	if (status == PV_OK)
		status = pv_message_list(desk->db, mem, id, NULL, PV_CONVERSATION_MESSAGES_MAX,
			&messages, &whole->n_messages, error);
	if (status != PV_OK)
		return status;
	whole->messages = messages;
	*out = whole;
	return PV_OK;
}

/* ---- keeping order ------------------------------------------------------------------------------ */

static enum pv_status check_assignee(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_conversation_row *row, const char *person_id, struct pv_error *error)
{
	struct pv_membership_row membership;
	enum pv_status status = pv_membership_find(
		desk->db, mem, row->organization_id, person_id, &membership, error);
	if (status == PV_NOT_FOUND)
		return pv_fail_field(error, "/assigned_to",
			"Cette personne n'est pas de l'organisation.",
			"This person does not belong to the organisation.");
	return status;
}

static enum pv_status edit(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_actor *actor,
	const char *id, const char *state, const char *assigned_to, int unread,
	struct pv_conversation_row *row, struct pv_error *error)
{
	enum pv_status status = conversation_for(desk, mem, actor, id, PV_MAY_WRITE, row, error);
	if (status == PV_OK && assigned_to && *assigned_to)
		status = check_assignee(desk, mem, row, assigned_to, error);
	if (status != PV_OK)
		return status;
	const char *before = pv_audit_pack(
		mem, "{s:s,s:s?}", "state", row->state, "assigned_to", row->assigned_to);
	row->state = state ? state : row->state;
	if (assigned_to)
		row->assigned_to = *assigned_to ? assigned_to : NULL;
	if (unread >= 0)
		row->unread = unread;
	status = pv_conversation_update(desk->db, row, error);
	/* having read is nobody's business */
	if (status != PV_OK || (!state && !assigned_to))
		return status;
	return pv_desk_audit(desk, actor,
		&(struct pv_audit_note){
			.organization_id = row->organization_id,
			.verb = "conversation.change",
			.object = id,
			.before = before,
			.after = pv_audit_pack(mem, "{s:s,s:s?}", "state", row->state,
				"assigned_to", row->assigned_to),
		},
		error);
}

enum pv_status pv_desk_conversation_edit(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id, const char *state, const char *assigned_to,
	int unread, struct pv_desk_conversation **out, struct pv_error *error)
{
	static const char *const states[] = {"open", "answered", "closed"};
	struct pv_conversation_row row;
	struct pv_turn turn;
	if (state && !pv_word_is(state, states, PV_COUNT(states)))
		return pv_fail_field(error, "/state",
			"Une conversation est ouverte (open), répondue (answered) ou close "
			"(closed).",
			"A conversation is open, answered or closed.");
	enum pv_status status = pv_turn_begin(&turn, desk, error);
	if (status != PV_OK)
		return status;
	status = pv_turn_end(
		&turn, edit(desk, mem, actor, id, state, assigned_to, unread, &row, error), error);
	if (status != PV_OK)
		return status;
	pv_desk_changed(desk, "conversation", row.organization_id, id);
	return pv_desk_conversation_get(desk, mem, actor, id, out, error);
}

static enum pv_status moderate(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_actor *actor,
	const char *message_id, const char *state, struct pv_message_row *row,
	struct pv_error *error)
{
	enum pv_status status = pv_message_find(desk->db, mem, message_id, row, error);
	if (status == PV_OK)
		status = pv_desk_may(desk, actor, row->organization_id, PV_MAY_WRITE, error);
	if (status == PV_OK && strcmp(row->direction, "in") != 0)
		status = pv_fail(error, PV_CONFLICT,
			"Ce message est de l'organisation : il se retire du réseau, il ne se "
			"modère pas.",
			"This message is the organisation's own: it is withdrawn, not moderated.");
	if (status == PV_OK)
		status = pv_message_set_state(
			desk->db, message_id, row->organization_id, state, error);
	if (status != PV_OK)
		return status;
	const char *before = row->state;
	row->state = state;
	return pv_desk_audit(desk, actor,
		&(struct pv_audit_note){
			.organization_id = row->organization_id,
			.verb = "message.moderate",
			.object = message_id,
			.before = pv_audit_pack(mem, "{s:s}", "state", before),
			.after = pv_audit_pack(mem, "{s:s}", "state", state),
		},
		error);
}

enum pv_status pv_desk_message_moderate(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *message_id, const char *state,
	struct pv_message_row *out, struct pv_error *error)
{
	static const char *const states[] = {"shown", "hidden", "spam"};
	struct pv_message_row row;
	struct pv_turn turn;
	if (!state || !pv_word_is(state, states, PV_COUNT(states)))
		return pv_fail_field(error, "/state",
			"Un commentaire est montré (shown), caché (hidden) ou indésirable (spam).",
			"A comment is shown, hidden or spam.");
	enum pv_status status = pv_turn_begin(&turn, desk, error);
	if (status != PV_OK)
		return status;
	status = pv_turn_end(
		&turn, moderate(desk, mem, actor, message_id, state, &row, error), error);
	if (status != PV_OK)
		return status;
	*out = row;
	pv_desk_changed(desk, "message", row.organization_id, message_id);
	return PV_OK;
}

/* ---- answering ---------------------------------------------------------------------------------- */

static enum pv_status language_list(
	const struct pv_message_row *message, json_t **out, struct pv_error *error)
{
	*out = *message->language ? json_pack("[s]", message->language) : json_null();
	return *out ? PV_OK : pv_fail_nomem(error);
}

enum pv_status pv_desk_conversation_answer(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const struct pv_answer_in *in, struct pv_desk_variant **out,
	struct pv_error *error)
{
	struct pv_message_row message;
	PV_JSON json_t *guessed = NULL;
	struct pv_desk_post *post;
	enum pv_status status = pv_message_find(desk->db, mem, in->message_id, &message, error);
	if (status == PV_OK)
		status = pv_desk_may(desk, actor, message.organization_id, PV_MAY_WRITE, error);
	if (status == PV_OK &&
		(strcmp(message.state, "spam") == 0 || strcmp(message.state, "removed") == 0))
		status = pv_fail(error, PV_CONFLICT,
			"Ce message est indésirable ou retiré : on n'y répond pas.",
			"This message is spam or gone: it is not answered.");
	if (status == PV_OK)
		status = language_list(&message, &guessed, error);
	if (status != PV_OK)
		return status;
	const struct pv_variant_in variant = {
		.account = message.account_id,
		.kind = "reply",
		.reply_to = message.id,
		.text = in->text,
		.languages = in->languages            ? in->languages
			     : json_is_array(guessed) ? guessed
						      : NULL,
		.declared = in->declared,
	};
	const struct pv_post_in form = {.variants = &variant, .n_variants = 1, .text = in->text};
	status = pv_desk_post_create(desk, mem, actor, &form, &post, error);
	if (status != PV_OK || post->n_variants != 1)
		return status == PV_OK
			       ? pv_fail(error, PV_INTERNAL, "La réponse n'a pas été créée.",
					 "The answer was not made.")
			       : status;
	/* whatever the policy says now, the words are kept in that draft */
	return pv_desk_variant_publish_now(desk, mem, actor, post->variants[0].row.id, out, error);
}
