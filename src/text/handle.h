/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Handles compared as readers see them: in NFKC ("＠", "．" and "ｃ" are "@", "." and "c"), without the
 * characters that nobody sees (Default_Ignorable_Code_Point), ignoring case, whether their "@" is
 * written or not. A letter that only looks like another is another (text/alike.h).
 *
 *	struct pv_str one, other;
 *	if (pv_handle_read(mem, pv_str("＠Carnet\u200bDeMarc"), &one) &&
 *		pv_handle_read(mem, pv_str("CarnetDeMarc"), &other))
 *		… pv_handle_same(one, other) …	true
 */
#ifndef PV_TEXT_HANDLE_H
#define PV_TEXT_HANDLE_H

#include "text/host.h"

/* The comparable form, below `mem` or borrowed; false only when memory is out. */
bool pv_handle_read(TALLOC_CTX *mem, struct pv_str text, struct pv_str *out);

/* Are two that were read so the same? An empty one is nobody's. */
bool pv_handle_same(struct pv_str a, struct pv_str b);

/*
 * The host that a handle read so is the name of: on Bluesky nobody has one who does not show that
 * the domain is theirs. `*out_is` says whether it is one at all; false only when memory is out.
 */
bool pv_handle_host(TALLOC_CTX *mem, struct pv_str plain, struct pv_site *out, bool *out_is);

#endif
