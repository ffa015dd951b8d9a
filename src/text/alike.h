/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Hosts that an eye may take for one another: "carnet-de-marc.example", "carnetdernarc.example" and
 * a Cyrillic "саrnetdemarc.example" all have the skeleton of "carnetdemarc.example". To be alike
 * proves nothing; it is worth a word to the reader, never a verdict.
 *
 *	char *one = pv_host_skeleton(mem, a), *other = pv_host_skeleton(mem, b);
 *	if (one && other && strcmp(one, other) == 0) …
 *
 * Source: UTS #39, 4 (confusable detection), with hyphens and marks left out besides.
 */
#ifndef PV_TEXT_ALIKE_H
#define PV_TEXT_ALIKE_H

#include "base/str.h"

/* Of a host in ASCII (text/host.h); "" for one that has none. NULL when memory is out. */
char *pv_host_skeleton(TALLOC_CTX *mem, struct pv_str host);

#endif
