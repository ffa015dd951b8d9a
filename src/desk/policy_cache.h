/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Parsed policies of this process, by digest of their text: a document is read once, by whichever
 * thread is first, and shared (a policy never changes after it was parsed).
 */
#ifndef PV_DESK_POLICY_CACHE_H
#define PV_DESK_POLICY_CACHE_H

#include "policy/document.h"

/* How many documents that nobody uses are kept. */
enum { PV_POLICY_CACHE_MAX = 32 };

/* The document lives as long as `mem`. As pv_policy_parse when the text has problems. */
enum pv_status pv_policy_cache_get(TALLOC_CTX *mem, const char *digest, const char *text,
	const struct pv_policy **out, struct pv_error *error);

#endif
