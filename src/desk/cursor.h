/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A place in a list that is ordered by an instant and, where two things have the same, by id:
 * "1772452800000000:id" of the last one shown.
 */
#ifndef PV_DESK_CURSOR_H
#define PV_DESK_CURSOR_H

#include "base/error.h"

#include <stdint.h>

/* NULL when memory is out. */
char *pv_desk_cursor(TALLOC_CTX *mem, int64_t at_us, const char *id);

/* NULL or "" is the beginning: PV_TIME_NONE, NULL. The id borrows. PV_INVALID with a problem at /cursor. */
enum pv_status pv_desk_cursor_read(
	const char *cursor, int64_t *out_at_us, const char **out_id, struct pv_error *error);

#endif
