/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Do the words right before a wording deny it? "Ce n'est pas écrit par nous", "not written by us".
 * Only a negation that stands immediately before counts, at most some small words between ("pas de
 * la publicité", "has not been written by us"), within the clause: punctuation and line breaks end
 * it. So does any other word: "not only written by us" denies nothing.
 *
 *	struct pv_match match, denial;
 *	if (pv_wording_find(&prose, &needle, 0, &match) &&
 *		pv_wording_denied(&prose, &match, &denial))
 *		… denial.start, denial.end: the negation and the wording …
 */
#ifndef PV_TEXT_DENIED_H
#define PV_TEXT_DENIED_H

#include "text/words.h"

bool pv_wording_denied(
	const struct pv_prose *prose, const struct pv_match *wording, struct pv_match *out);

#endif
