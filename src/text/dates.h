/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Dates and hours as people in Québec read them, in French and in English.
 *
 *	pv_date_words(mem, zone, at_us, "fr")      "3 mars 2026"
 *	pv_moment_words(mem, zone, at_us, "fr")    "3 mars 2026 à 9 h 05"
 *	pv_moment_words(mem, zone, at_us, "en")    "3 March 2026, 9:05 a.m."
 *
 * Forms after the Office québécois de la langue française (« heure », « date ») and The Canadian
 * Style (5.13, 5.14). Spaces inside an hour do not break.
 */
#ifndef PV_TEXT_DATES_H
#define PV_TEXT_DATES_H

#include "text/zone.h"

/* `language` is "en…" for English, anything else is French. NULL: memory is out. */
char *pv_date_words(
	TALLOC_CTX *mem, const struct pv_zone *zone, int64_t at_us, const char *language);
char *pv_moment_words(
	TALLOC_CTX *mem, const struct pv_zone *zone, int64_t at_us, const char *language);

#endif
