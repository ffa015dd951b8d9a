/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Is this the end of a domain name? By the lists of tlds.c.
 *
 *	size_t size = pv_tld_match(dot + 1, end);	// "com" of "com/path", "рф" of "рф,"
 */
#ifndef PV_TEXT_TLD_H
#define PV_TEXT_TLD_H

#include <stdbool.h>
#include <stddef.h>

/* Words and a space each; '-' before a word: X only, '+': root zone only. */
extern const char pv_tld_ascii[];
extern const char pv_tld_other[];

/*
 * The bytes of the top-level domain that X sees at `at`, in any case, not followed by [0-9a-zA-Z@+-];
 * or of any punycode label (xn--…). 0: none.
 */
size_t pv_tld_match(const char *at, const char *end);

/* Is this whole text, in this case, a top-level domain of the root zone? ASCII ones only. */
bool pv_tld_is_root(const char *bytes, size_t size);

#endif
