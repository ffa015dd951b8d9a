/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * How long a text is for a network, whether it fits, and what the network will make of it.
 *
 *	const struct pv_text_rules *rules = pv_text_rules_find("bluesky");
 *	struct pv_measure measure;
 *	if (pv_measure(mem, rules, pv_str(text), &measure, error) != PV_OK)
 *		return error->status;
 *	if (!measure.valid)
 *		…what follows measure.fits is too much
 *
 * A server or an account with limits of its own is a copy of the rules with other numbers:
 *
 *	struct pv_text_rules here = *pv_text_rules_find("mastodon");
 *	here.limit = 5000;		// configuration.statuses.max_characters
 *	here.link_length = 256;		// configuration.statuses.characters_reserved_per_url
 */
#ifndef PV_TEXT_MEASURE_H
#define PV_TEXT_MEASURE_H

#include "text/entities.h"

#include <stdint.h>

enum pv_text_unit {
	PV_UNIT_WEIGHT,   /* X: text/x_weight.h */
	PV_UNIT_GRAPHEME, /* what a reader takes for a character */
	PV_UNIT_STATUS,   /* Mastodon: graphemes, a link link_length, @name@server as @name */
	PV_UNIT_UTF16,
	PV_UNIT_POINT,
	PV_UNIT_THREADS, /* code points, and an emoji its bytes of UTF-8 */
};

/* What is known of a network's texts; sources beside the table in rules.c. 0: no such limit. */
struct pv_text_rules {
	const char *network;
	enum pv_text_unit unit;
	enum pv_dialect dialect;
	uint32_t limit;       /* in `unit` */
	uint32_t bytes_limit; /* of UTF-8, besides */
	uint32_t link_length; /* PV_UNIT_STATUS: what a link counts */
	uint32_t hashtags_limit, mentions_limit;
};

/* Every network's rules, in the order of the interface; ends with a NULL name. */
extern const struct pv_text_rules pv_network_text_rules[];

/* NULL: no such network. */
const struct pv_text_rules *pv_text_rules_find(const char *network);

struct pv_measure {
	size_t length; /* in the network's unit */
	size_t limit;  /* of the rules; 0: none */
	size_t bytes;  /* of UTF-8 */
	/* Within every limit; on X also not empty and free of U+FFFE, U+FEFF, U+FFFF. */
	bool valid;
	size_t fits; /* bytes of the text that fit, a whole number of graphemes but on X */
	struct pv_entities entities; /* borrow from the text; the list is below `mem` */
};

/* A longer text is PV_TOO_LARGE: no network takes it. */
enum { PV_TEXT_BYTES_MAX = 1 << 20 };

/* PV_INVALID when the text is not well-formed UTF-8; the words say at which byte. */
enum pv_status pv_measure(TALLOC_CTX *mem, const struct pv_text_rules *rules, struct pv_str text,
	struct pv_measure *out, struct pv_error *error);

#endif
