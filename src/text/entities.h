/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What a network will make clickable in a text: links, mentions, hashtags, cashtags. Each network
 * has its own idea of them, called its dialect here:
 *
 *	struct pv_entities found;
 *	if (pv_entities_find(mem, PV_DIALECT_X, pv_str("Vu sur exemple.fr, via @uqam"), &found,
 *		error) != PV_OK)
 *		return error->status;
 *	// found.items[0]: a link, "exemple.fr", bytes 7 to 17
 *
 * X: the rules of twitter-text 3.1 with links that have no scheme (twitter-text's regular
 * expressions are told by hand-written scanners that never look twice at a byte; their oddities are
 * kept, since the network has them too). A hashtag, mention or cashtag inside a link is not one.
 * Bluesky: what detectFacets of @atproto/api 0.19 finds; a mention's handle remains to be resolved.
 * Mastodon: Extractor, Account::MENTION_RE and Tag::HASHTAG_RE of Mastodon 4.
 * Journal: addresses that carry their scheme, and nothing else; what our own pages link.
 */
#ifndef PV_TEXT_ENTITIES_H
#define PV_TEXT_ENTITIES_H

#include "base/error.h"
#include "base/str.h"

enum pv_entity_kind {
	PV_ENTITY_LINK,
	PV_ENTITY_MENTION,
	PV_ENTITY_LIST, /* @person/list, on X */
	PV_ENTITY_HASHTAG,
	PV_ENTITY_CASHTAG,
};

enum pv_dialect {
	PV_DIALECT_X,
	PV_DIALECT_MASTODON,
	PV_DIALECT_BLUESKY,
	PV_DIALECT_JOURNAL,
};

struct pv_entity {
	enum pv_entity_kind kind;
	struct pv_str text;            /* borrowed from the text, without the sign */
	size_t start, end;             /* bytes, the sign included, half open */
	size_t start_point, end_point; /* the same in code points */
};

struct pv_entities {
	struct pv_entity *items; /* by `start`; NULL when there is none */
	size_t n;
};

/*
 * `text` is well-formed UTF-8 (pv_utf8_valid, NULs allowed besides); the items live below `mem`.
 * Fails with PV_NOMEM only.
 */
enum pv_status pv_entities_find(TALLOC_CTX *mem, enum pv_dialect dialect, struct pv_str text,
	struct pv_entities *out, struct pv_error *error);

/* Is this whole text one of these for X? The questions of twitter-text's validation. */
bool pv_x_username_valid(struct pv_str text);
bool pv_x_list_valid(struct pv_str text);
bool pv_x_hashtag_valid(struct pv_str text);
/* By RFC 3986 with Unicode domains; `needs_scheme`: only http:// and https://. */
bool pv_x_url_valid(struct pv_str text, bool needs_scheme);

/* The name mentioned first when the text is a reply ("@name …"), else an empty text. */
struct pv_str pv_x_reply_to(struct pv_str text);

#endif
