/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * JSON written straight into the answer's buffer: a list of twenty rows costs its bytes, not a tree.
 *
 *	struct pv_out out = PV_OUT(&buf);
 *	pv_out_open(&out, '{');
 *	pv_out_text(&out, "name", row.name);      NULL: null
 *	pv_out_time(&out, "due_at", row.due_at_us);   PV_TIME_NONE: null
 *	pv_out_close(&out, '}');
 *
 * The first argument after `out` is the member's name, NULL for an element of a list. Names are ours
 * and need no escaping; texts are UTF-8, and U+0080…9F and the like go as they are.
 */
#ifndef PV_WEB_OUT_H
#define PV_WEB_OUT_H

#include "base/error.h"
#include "base/instant.h"
#include "base/str.h"

struct pv_out {
	struct pv_buf *buf;
	bool more; /* a comma goes before what comes next */
};

#define PV_OUT(buffer) ((struct pv_out){.buf = (buffer)})

void pv_out_open(struct pv_out *out, const char *name, char bracket);
void pv_out_close(struct pv_out *out, char bracket);
void pv_out_text(struct pv_out *out, const char *name, const char *text);
/* null when the text is NULL or empty. */
void pv_out_text_or_null(struct pv_out *out, const char *name, const char *text);
void pv_out_int(struct pv_out *out, const char *name, int64_t value);
void pv_out_bool(struct pv_out *out, const char *name, bool value);
void pv_out_null(struct pv_out *out, const char *name);
void pv_out_time(struct pv_out *out, const char *name, int64_t at_us);
/* {"fr","en"}; null when `words` is NULL or has none. */
void pv_out_words(struct pv_out *out, const char *name, const struct pv_words *words);
/* JSON that the desk has written itself; `otherwise` when it is NULL or empty. */
void pv_out_raw(struct pv_out *out, const char *name, const char *json, const char *otherwise);

/* "2026-03-02" and "17:00" or "17:00:00" at a place with room for 10 and 8 bytes; their end. */
char *pv_out_date(char *at, const struct pv_civil *civil);
char *pv_out_clock(char *at, const struct pv_civil *civil, bool seconds);

#endif
