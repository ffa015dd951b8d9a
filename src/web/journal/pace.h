/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * How often one address may comment: PV_PACE_MOST in PV_PACE_WINDOW_S. Kept in memory only, in a
 * fixed table: an address that shares a slot with another may wait a little for nothing, and no
 * address is ever written down.
 *
 *	if (!pv_pace_allow(pv_env_monotonic_us(env), address)) … 429 …
 */
#ifndef PV_WEB_JOURNAL_PACE_H
#define PV_WEB_JOURNAL_PACE_H

#include <stdbool.h>
#include <stdint.h>

enum { PV_PACE_MOST = 5, PV_PACE_WINDOW_S = 600, PV_PACE_SLOTS = 4096 };

/* From any thread. */
bool pv_pace_allow(int64_t monotonic_us, const char *address);

#endif
