/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The words of a post that came as HTML (Mastodon and its like write <p>, <br>, <a> and <span>),
 * and two such texts compared when nobody knows whether they are the same post.
 *
 *	char *text = pv_markup_text(mem, "<p>Un <b>mot</b> &amp; deux</p>");	"Un mot & deux"
 *	pv_markup_likeness(mem, ours, text, &likeness, error)
 */
#ifndef PV_NETWORKS_MARKUP_H
#define PV_NETWORKS_MARKUP_H

#include "base/error.h"

/* A longer text is cut: no network takes posts of that size. */
enum { PV_MARKUP_MAX = 256 << 10 };

/*
 * Plain text: <p> and its like end with an empty line, <br> with a line end, script and style are
 * left out, character references read, spaces at both ends dropped. Text that is not well-formed
 * UTF-8 comes out with U+FFFD. Below `mem`; NULL when memory is out.
 */
char *pv_markup_text(TALLOC_CTX *mem, const char *html);

/* Well-formed UTF-8 without NUL: what is not becomes U+FFFD. NULL when memory is out. */
char *pv_markup_utf8(TALLOC_CTX *mem, const char *bytes, size_t size);

enum pv_likeness {
	PV_LIKENESS_SAME, /* the same letters and digits, links and mentions' servers apart */
	PV_LIKENESS_NEAR, /* half of it or more: a server may have rewritten it */
	PV_LIKENESS_OTHER,
};

/*
 * Compares what was sent with what a server shows. Servers shorten links, drop the server of a
 * mention, change spaces and punctuation: only letters and digits outside links count, lower case
 * where that is ASCII. Two texts without any are compared whole.
 */
enum pv_status pv_markup_likeness(TALLOC_CTX *mem, const char *sent, const char *shown,
	enum pv_likeness *out, struct pv_error *error);

#endif
