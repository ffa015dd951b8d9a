/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A post's text made ready for reading: its characters in NFC, folded for comparison, and marked:
 * which belong to a link, a handle, a hashtag, the closing run of hashtags, a quotation. Each
 * character knows where it stood in the text as it was given, so that evidence can be shown.
 *
 *	struct pv_prose prose;
 *	if (!pv_prose_read(mem, text, named, state, &prose))
 *		return pv_fail_nomem(error);
 *	for (size_t i = 0; i < prose.n_tokens; i++)
 *		… prose.tokens[i].kind, .start, .end …
 *
 * Characters are counted as code points of the NFC text. Folding is Unicode simple case folding;
 * besides, ’ reads as ', a no-break hyphen as -, and any white space as one space.
 */
#ifndef PV_TEXT_PROSE_H
#define PV_TEXT_PROSE_H

#include "base/str.h"

#include <stdint.h>

/* What a character is, or belongs to. */
enum {
	PV_CH_WORD = 1 << 0,  /* letter, mark, number or _ */
	PV_CH_SPACE = 1 << 1, /* white space, line breaks included */
	PV_CH_LINK = 1 << 2,
	PV_CH_HANDLE = 1 << 3,  /* with its @ */
	PV_CH_HASHTAG = 1 << 4, /* with its # */
	PV_CH_CLOSING = 1 << 5, /* a hashtag of the run that ends the text */
	PV_CH_QUOTED = 1 << 6,  /* within a quotation, its marks included */
	PV_CH_LETTER = 1 << 7,
};

enum pv_token_kind { PV_TOKEN_LINK, PV_TOKEN_HANDLE, PV_TOKEN_HASHTAG };

/* Half open, in characters of the prose. */
struct pv_token {
	enum pv_token_kind kind;
	size_t start, end;
};

struct pv_prose {
	struct pv_str source; /* borrowed */
	size_t n;
	uint32_t *raw;  /* the NFC text */
	uint32_t *fold; /* the same, for comparison; a white space is ' ' */
	uint8_t *flags;
	uint32_t *byte;  /* n + 1: where each character begins in the source */
	uint32_t *point; /* n + 1: the same in code points of the source */
	struct pv_token *tokens;
	size_t n_tokens;
	bool question; /* a question mark outside links and quotations */
};

/*
 * Does the document or a register name this host, written bare ("carnetdemarc.example", as it
 * stands in the text)? Only then is a bare host a link.
 */
typedef bool (*pv_prose_named)(void *state, struct pv_str host);

/* `text` is well-formed UTF-8, borrowed; `named` may be NULL. False when memory is out. */
bool pv_prose_read(TALLOC_CTX *mem, struct pv_str text, pv_prose_named named, void *state,
	struct pv_prose *out);

/* The source bytes of characters [start, end). */
struct pv_str pv_prose_slice(const struct pv_prose *prose, size_t start, size_t end);

/*
 * Folded code points of a text, for comparison with prose: NFC, folded, runs of white space as one
 * ' ', none at the ends. Below `mem`; false when memory is out or the text is not UTF-8.
 */
bool pv_prose_fold(TALLOC_CTX *mem, struct pv_str text, uint32_t **out, size_t *out_n);

/* A capital (or titlecase) letter: 1; a small one: -1; anything else: 0. */
int pv_prose_letter_case(uint32_t c);

/* A character that leaves no trace on the page: zero-width spaces, soft hyphens, selectors. */
bool pv_prose_unseen(uint32_t c);
/* Where the first of them is among characters [start, end), or the end. */
size_t pv_prose_seen_until(const struct pv_prose *prose, size_t start, size_t end);

/* Nothing but white space and invisible characters? */
bool pv_prose_blank(struct pv_str text);

#endif
