/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * How X counts: the text in NFC, each code point a weight, a link always 23, a whole emoji 2
 * (twitter-text, config/v3.json, Apache-2.0).
 *
 *	struct pv_x_weight weight;
 *	pv_x_weigh(mem, &pv_x_counting_v3, text, links, &weight, error);
 */
#ifndef PV_TEXT_X_WEIGHT_H
#define PV_TEXT_X_WEIGHT_H

#include "text/entities.h"

#include <stdint.h>

/* A version of X's configuration; weights and limit in the same unit. */
struct pv_x_counting {
	uint32_t limit;
	uint32_t link;
	uint32_t light,
		heavy;    /* of the code points below U+1100 and of some punctuation; of others */
	bool whole_emoji; /* an emoji sequence is one heavy character */
};

extern const struct pv_x_counting pv_x_counting_v3;
/* 140 characters, all alike: the configuration that part of the conformance cases speaks of. */
extern const struct pv_x_counting pv_x_counting_v1;

struct pv_x_weight {
	size_t length; /* weighted */
	bool valid;    /* from 1 to the limit, and no U+FFFE, U+FEFF, U+FFFF */
	/* UTF-16, both ends taken in: the whole text, and its part that may be posted */
	size_t display_end, valid_end;
	struct pv_str composed; /* the text in NFC: the text itself, or below `mem` */
	size_t fits;            /* bytes of `composed` that may be posted */
};

/* `links`: what pv_entities_find found in `text` for X (other kinds are passed over). */
enum pv_status pv_x_weigh(TALLOC_CTX *mem, const struct pv_x_counting *counting, struct pv_str text,
	const struct pv_entities *links, struct pv_x_weight *out, struct pv_error *error);

#endif
