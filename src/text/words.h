/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Whole-word search in prose: the words of topics, embargoes and invitations, the accepted wordings
 * of disclosures, the names of spokespersons.
 *
 *	struct pv_needle needle;
 *	pv_needle_read(mem, pv_str("concours*"), &needle);
 *	struct pv_match match;
 *	if (pv_words_find(&prose, &needle, PV_CH_LINK | PV_CH_HANDLE, 0, &match))
 *		… match.start, match.end in characters of the prose …
 *
 * Compared as prose.h folds. A match never begins or ends within a word, unless the needle ends in
 * `*`; a space of the needle is any run of white space in the text.
 */
#ifndef PV_TEXT_WORDS_H
#define PV_TEXT_WORDS_H

#include "text/prose.h"

struct pv_needle {
	const uint32_t *fold; /* folded code points */
	size_t n;
	bool any_ending; /* "word*" */
	bool hashtag;    /* begins with # */
	bool handle;     /* holds an @ */
};

/* Half open, in characters of the prose. */
struct pv_match {
	size_t start, end;
};

/* False when memory is out or `text` is not UTF-8. An empty needle is never found. */
bool pv_needle_read(TALLOC_CTX *mem, struct pv_str text, struct pv_needle *out);

/* The first match from `from` on, of which no character has one of the flags `never`. */
bool pv_words_find(const struct pv_prose *prose, const struct pv_needle *needle, unsigned never,
	size_t from, struct pv_match *out);

/*
 * The same for an accepted wording: outside links; within a handle only when the needle holds one;
 * words inside a hashtag do not count, and a hashtag counts when the needle is that hashtag whole
 * and it is not in the closing run.
 */
bool pv_wording_find(const struct pv_prose *prose, const struct pv_needle *needle, size_t from,
	struct pv_match *out);

/* Do characters [start, end) read as `text`, whole, folded? False too when memory is out. */
bool pv_words_same(TALLOC_CTX *mem, const struct pv_prose *prose, size_t start, size_t end,
	struct pv_str text);

/* Is there nothing but white space before this character, in the text or on its line? */
bool pv_prose_opens_text(const struct pv_prose *prose, size_t at);
bool pv_prose_opens_line(const struct pv_prose *prose, size_t at);

#endif
