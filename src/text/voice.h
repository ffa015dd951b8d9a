/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Whose voice speaks in a text: an I, a named spokesperson, we, or nobody. What stands in
 * quotations, links, handles and hashtags belongs to others and is not heard.
 *
 *	struct pv_voice_found found;
 *	enum pv_voice voice = pv_voice_find(&prose, PV_VOICE_FR | PV_VOICE_EN, names, n, &found);
 *
 * Marks of an I: je j' moi me m' mon ma mes mien(s) mienne(s); I (capital), I'm I've I'd I'll me my
 * mine myself. Of a we: nous notre nos nôtre(s); we our ours us ourselves. « On » is no mark.
 */
#ifndef PV_TEXT_VOICE_H
#define PV_TEXT_VOICE_H

#include "text/words.h"

enum pv_voice { PV_VOICE_EFFACED, PV_VOICE_WE, PV_VOICE_I, PV_VOICE_SPOKESPERSON, PV_VOICES };

/* The languages whose words are listened for. */
enum { PV_VOICE_FR = 1, PV_VOICE_EN = 2 };

struct pv_voice_found {
	struct pv_match mark; /* the first I, else the first we; empty when effaced */
	struct pv_match name; /* of the spokesperson, empty when none */
};

/* `names` are the spokespersons' needles. `out` may be NULL. */
enum pv_voice pv_voice_find(const struct pv_prose *prose, unsigned languages,
	const struct pv_needle *names, size_t n_names, struct pv_voice_found *out);

/* "effaced", "we", "i", "spokesperson". */
const char *pv_voice_name(enum pv_voice voice);

#endif
