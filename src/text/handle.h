/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Handles compared as readers see them: in NFKC ("＠", "．" and "ｃ" are "@", "." and "c"), without the
 * characters that nobody sees (Default_Ignorable_Code_Point), ignoring case, whether their "@" is
 * written or not. A letter that only looks like another is another (text/alike.h).
 *
 *	struct pv_str plain;
 *	if (pv_handle_read(mem, pv_str("＠Carnet\u200bDeMarc"), &plain))
 *		… pv_handle_is(mem, plain, pv_str("@CarnetDeMarc")) …	true
 */
#ifndef PV_TEXT_HANDLE_H
#define PV_TEXT_HANDLE_H

#include "text/host.h"

/* The comparable form, below `mem` or borrowed; false only when memory is out. */
bool pv_handle_read(TALLOC_CTX *mem, struct pv_str text, struct pv_str *out);

/* Is a handle read so the one that is written there? False too when memory is out. */
bool pv_handle_is(TALLOC_CTX *mem, struct pv_str plain, struct pv_str written);

/*
 * The host that a handle read so is the name of: on Bluesky nobody has one who does not show that
 * the domain is theirs. `*out_is` says whether it is one at all; false only when memory is out.
 */
bool pv_handle_host(TALLOC_CTX *mem, struct pv_str plain, struct pv_site *out, bool *out_is);

#endif
