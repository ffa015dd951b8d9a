/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Text as Unicode has it: code points, UTF-16 units, grapheme clusters (what a reader takes for one
 * character), normalisation.
 *
 *	size_t seen = pv_text_graphemes(pv_str("e\u0301t\u00e9"));	// 3
 *
 * Every `text` here is well-formed UTF-8 (RFC 3629); NULs are characters like others. The properties
 * are ICU's, the rules of segmentation are written out here (UAX #29, Unicode 15.1 with its rule
 * GB9c): ICU's break iterators cost twenty times more on Latin text.
 */
#ifndef PV_TEXT_UNICODE_H
#define PV_TEXT_UNICODE_H

#include "base/error.h"
#include "base/str.h"

#include <stdint.h>

size_t pv_text_points(struct pv_str text);
size_t pv_text_utf16(struct pv_str text);
size_t pv_text_graphemes(struct pv_str text);

/* The byte where a code point begins; the text's size when it has fewer. And the other way. */
size_t pv_text_byte_of_point(struct pv_str text, size_t point);
size_t pv_text_point_of_byte(struct pv_str text, size_t byte);

/* Where the first ill-formed byte is, or `size` when there is none; NUL is well-formed here. */
size_t pv_text_ill_formed(const char *bytes, size_t size);

/* One grapheme cluster after another, over one text or several that follow each other. */
struct pv_grapheme_walk {
	uint8_t before; /* class of the last code point; 0 at the beginning */
	uint8_t pictograph, conjunct;
	bool odd_flag;
};

/* Takes the next code point; does a cluster begin with it? True at the beginning of the text. */
bool pv_grapheme_begins(struct pv_grapheme_walk *walk, uint32_t c);

/* The end of the cluster that begins at byte `at`. */
size_t pv_grapheme_end(struct pv_str text, size_t at);

/* Normalisation form C (UAX #15): `out` is `text` itself when it is already, else below `mem`. */
enum pv_status pv_text_nfc(
	TALLOC_CTX *mem, struct pv_str text, struct pv_str *out, struct pv_error *error);

/*
 * For lists: one line of at most `graphemes` clusters, white space folded, cut after a word when
 * there is one in the last third, "…" then the last of them. "" for a text of spaces.
 */
enum pv_status pv_text_excerpt(
	TALLOC_CTX *mem, struct pv_str text, size_t graphemes, char **out, struct pv_error *error);

#endif
