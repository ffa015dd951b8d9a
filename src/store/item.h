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
};

#endif
