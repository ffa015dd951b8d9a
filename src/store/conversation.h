/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Conversations (threads under our posts, and mentions) and their messages, each kept once. */
#ifndef PV_STORE_CONVERSATION_H
#define PV_STORE_CONVERSATION_H

#include "store/db.h"

struct pv_conversation_row {
	const char *id;
	const char *organization_id;
	const char *account_id;
	const char *publication_id; /* NULL: not under a post of ours */
	const char *remote_root;
	const char *root_digest;
	const char *state; /* open | answered | closed */
	int64_t unread;
	const char *assigned_to; /* person id or NULL */
	int64_t last_at_us;
	int64_t created_at_us;
	/* brought along */
	const char *account_slug, *account_name, *account_network;
	const char *organization_slug, *organization_name, *organization_colour;
	const char *assigned_slug, *assigned_name; /* NULL: nobody */
	const char *post_text, *permalink;         /* "" without a post of ours */
	const char *last_author, *last_text;       /* of the newest message that came in */
};

struct pv_message_row {
	const char *id;
	const char *organization_id;
	const char *conversation_id;
	const char *account_id;
	const char *remote_id;
	const char *remote_digest;
	const char *parent_remote;
	const char *direction; /* in | out */
	const char *author_name, *author_handle;
	const char *url;
	const char *text;
	const char *language;
	const char *state;          /* held | shown | hidden | spam | removed */
	const char *publication_id; /* out: the answer's publication; NULL otherwise */
	int64_t said_at_us;
	int64_t seen_at_us;
};

struct pv_conversation_query {
	const char *member_id, *organization_id, *account_id, *state; /* NULL does not narrow */
	int64_t before_us;                                            /* cursor, PV_TIME_NONE */
	const char *before_id; /* of those of before_us; NULL: none of them */
	int limit;
};

/* Makes it, or finds the one of that account and root; out has the row either way. */
enum pv_status pv_conversation_ensure(struct pv_db *db, TALLOC_CTX *mem,
	const struct pv_conversation_row *row, struct pv_conversation_row *out,
	struct pv_error *error);
enum pv_status pv_conversation_find(struct pv_db *db, TALLOC_CTX *mem, const char *id,
	struct pv_conversation_row *out, struct pv_error *error);
/* By account and digest of its root; PV_NOT_FOUND with words. */
enum pv_status pv_conversation_find_root(struct pv_db *db, TALLOC_CTX *mem, const char *account_id,
	const char *root_digest, struct pv_conversation_row *out, struct pv_error *error);
enum pv_status pv_conversation_list(struct pv_db *db, TALLOC_CTX *mem,
	const struct pv_conversation_query *query, struct pv_conversation_row **out, size_t *out_n,
	struct pv_error *error);
/* Writes state, unread, assigned_to and last_at. */
enum pv_status pv_conversation_update(
	struct pv_db *db, const struct pv_conversation_row *row, struct pv_error *error);

/* *out_new false when that remote id is there already: nothing is written. */
enum pv_status pv_message_keep(
	struct pv_db *db, const struct pv_message_row *row, bool *out_new, struct pv_error *error);
enum pv_status pv_message_find(struct pv_db *db, TALLOC_CTX *mem, const char *id,
	struct pv_message_row *out, struct pv_error *error);
/* By its place on the network; PV_NOT_FOUND, without words. */
enum pv_status pv_message_find_remote(struct pv_db *db, TALLOC_CTX *mem, const char *account_id,
	const char *remote_digest, struct pv_message_row *out, struct pv_error *error);
/* Oldest first; state NULL: all. */
enum pv_status pv_message_list(struct pv_db *db, TALLOC_CTX *mem, const char *conversation_id,
	const char *state, int limit, struct pv_message_row **out, size_t *out_n,
	struct pv_error *error);
enum pv_status pv_message_set_state(struct pv_db *db, const char *id, const char *organization_id,
	const char *state, struct pv_error *error);

#endif
