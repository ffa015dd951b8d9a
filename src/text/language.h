/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * French or English? For an article whose feed does not say. A count of the little words that one
 * language has and the other has not; silent when the text is short or the counts are close.
 *
 *	const char *language = pv_language_guess(text, strlen(text));     "fr", "en" or ""
 */
#ifndef PV_TEXT_LANGUAGE_H
#define PV_TEXT_LANGUAGE_H

#include <stddef.h>

/* UTF-8, only its first PV_LANGUAGE_READ bytes are looked at. Never NULL. */
enum { PV_LANGUAGE_READ = 8192 };
const char *pv_language_guess(const char *text, size_t size);

#endif
