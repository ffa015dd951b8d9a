/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Failed tries at a secret, counted by name in the database, and how long the next one waits. */
#ifndef PV_DESK_WAITING_H
#define PV_DESK_WAITING_H

#include "desk/desk.h"

/* PV_THROTTLED with words while `until_us` is to come; `out_wait_s` (may be NULL) then too. */
enum pv_status pv_waiting_over(
	struct pv_desk *desk, int64_t until_us, int64_t *out_wait_s, struct pv_error *error);

/*
 * One failure more, before the secret is looked at, so that tries side by side count all: 1 s after
 * the first beyond `free_tries`, then twice as long each time, up to PV_WAIT_MAX_US.
 */
enum pv_status pv_waiting_count(
	struct pv_desk *desk, const char *name, int64_t free_tries, struct pv_error *error);

#endif
