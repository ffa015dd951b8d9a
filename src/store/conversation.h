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

#endif
