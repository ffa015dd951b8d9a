/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Inside prose.c: finds links, handles and hashtags, in one pass from left to right, and marks
 * their characters. Not for other rooms.
 */
#ifndef PV_TEXT_PROSE_SCAN_H
#define PV_TEXT_PROSE_SCAN_H

#include "text/prose.h"

/* Fills tokens (below `mem`) and flags; false when memory is out. */
bool pv_prose_scan(TALLOC_CTX *mem, struct pv_prose *prose, pv_prose_named named, void *state);

#endif
