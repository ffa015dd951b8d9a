/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Conversations: what readers answer, on the networks and under the journal's entries, and how the
 * organisation answers them: an answer is a variant of kind "reply", judged and sent like a post.
 */
#ifndef PV_DESK_CONVERSATIONS_H
#define PV_DESK_CONVERSATIONS_H

#include "desk/posts.h"
#include "store/conversation.h"

enum {
	PV_COMMENT_TEXT_MAX = 8000, /* bytes, of a reader's comment in the journal */
	PV_COMMENT_NAME_MAX = 200,
	PV_MESSAGE_TEXT_MAX = 64 << 10, /* of a message brought back: cut there */
	PV_CONVERSATION_MESSAGES_MAX = 500,
	PV_MESSAGE_URL_MAX = 2000, /* of a message's own page */
	PV_LANGUAGE_TAG_MAX = 35,  /* RFC 5646, 4.4.1 */
};

struct pv_conversation_filter {
	const char *organization_id; /* NULL: all of the actor's */
	const char *account_id;
	const char *state; /* open | answered | closed */
	int64_t before_us; /* cursor.h: of last_at; PV_TIME_NONE: from the newest */
	const char *before_id;
	int limit;
};

struct pv_desk_conversation {
	struct pv_conversation_row row;
	const struct pv_message_row *messages; /* oldest first */
	size_t n_messages;
};

enum pv_status pv_desk_conversation_list(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const struct pv_conversation_filter *filter,
	struct pv_conversation_row **out, size_t *out_n, struct pv_error *error);

enum pv_status pv_desk_conversation_get(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id, struct pv_desk_conversation **out,
	struct pv_error *error);

/* NULL, or unread -1: as it is. assigned_to "": nobody; else a member's person id. */
enum pv_status pv_desk_conversation_edit(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id, const char *state, const char *assigned_to,
	int unread, struct pv_desk_conversation **out, struct pv_error *error);

/* shown | hidden | spam. A comment of the journal is seen by readers once shown. */
enum pv_status pv_desk_message_moderate(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *message_id, const char *state,
	struct pv_message_row *out, struct pv_error *error);

struct pv_answer_in {
	const char *message_id; /* what is answered */
	const char *text;
	const json_t *languages, *declared; /* NULL: the message's language; nothing declared */
};

/*
 * Makes the reply, judges it and, when the policy lets it, plans it at once: row.stage of *out tells
 * (scheduled, review). PV_REFUSED: it stays a draft, *out is not written, and the error's words
 * explain; the text is kept in that draft.
 */
enum pv_status pv_desk_conversation_answer(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const struct pv_answer_in *in, struct pv_desk_variant **out,
	struct pv_error *error);

/* One reply, comment or mention as a network gave it. */
struct pv_message_in {
	const char *remote_id, *root_id, *parent_id;
	const char *author_name, *author_handle, *url, *text, *language;
	int64_t said_at_us;
};

/*
 * Keeps what listening brought, each once, with the account's new cursor and next time, in one
 * transaction. Messages of the account itself are kept as "out". For collectors.
 */
enum pv_status pv_desk_messages_keep(struct pv_desk *desk, const char *account_id,
	const struct pv_message_in *messages, size_t n, const char *cursor, int64_t listen_at_us,
	size_t *out_new, struct pv_error *error);

/* A reader's comment under a journal entry: held until someone shows it. */
struct pv_comment_in {
	const char *organization; /* slug */
	const char *entry;        /* slug */
	const char *author_name;  /* "" : someone */
	const char *text;
	const char *language;
};
/* PV_NOT_FOUND when entry or journal is not there, PV_DENIED when it takes no comments. */
enum pv_status pv_desk_journal_comment(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_comment_in *in, struct pv_message_row *out, struct pv_error *error);

#endif
