/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Items: entries of feeds, kept once a source by the digest of their guid. */
#ifndef PV_STORE_ITEM_H
#define PV_STORE_ITEM_H

#include "store/db.h"

struct pv_item_row {
	const char *id;
	const char *organization_id;
	const char *source_id;
	const char *guid;
	const char *guid_digest;
	const char *url;
	const char *title;
	const char *summary;
	const char *content; /* plain text */
	const char *author;
	const char *language; /* "" when not known */
	const char *image;    /* address, "" */
	const char *labels;   /* JSON list */
	int64_t published_at_us;
	int64_t seen_at_us;
	const char *state;        /* new | used | set_aside */
	const char *source_title; /* brought along */
	/* Given to pv_item_keep only: of the address in its comparable form, "" when it has none. */
	const char *address_digest;
};

/* An article found by its address: the feed it stands in, and its author there. */
struct pv_item_place {
	const char *feed, *url, *author;
};

enum { PV_ITEM_PLACES_MAX = 50 };

struct pv_item_query {
	const char *member_id, *organization_id, *source_id, *state; /* NULL does not narrow */
	int64_t before_us;                                           /* cursor, PV_TIME_NONE */
	const char *before_id;
	int limit;
};

/*
 * *out_new false when that guid is there already: nothing is written, but for the address digest
 * that an older desk did not keep.
 */
enum pv_status pv_item_keep(
	struct pv_db *db, const struct pv_item_row *row, bool *out_new, struct pv_error *error);
enum pv_status pv_item_find(struct pv_db *db, TALLOC_CTX *mem, const char *id,
	struct pv_item_row *out, struct pv_error *error);
/* Newest first; content is left "" in lists. */
enum pv_status pv_item_list(struct pv_db *db, TALLOC_CTX *mem, const struct pv_item_query *query,
	struct pv_item_row **out, size_t *out_n, struct pv_error *error);
/* Where an article stands, over all organisations' feeds: feeds are public. */
enum pv_status pv_item_places(struct pv_db *db, TALLOC_CTX *mem, const char *address_digest,
	struct pv_item_place **out, size_t *out_n, struct pv_error *error);
enum pv_status pv_item_set_state(struct pv_db *db, const char *id, const char *organization_id,
	const char *state, struct pv_error *error);

#endif
