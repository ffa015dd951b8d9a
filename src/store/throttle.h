/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Failures counted under a name ("login:…", "address:…"), and until when the next must wait. */
#ifndef PV_STORE_THROTTLE_H
#define PV_STORE_THROTTLE_H

#include "store/db.h"

struct pv_throttle_row {
	int64_t failures;
	int64_t last_at_us;
	int64_t until_at_us;
};

/* Zeroes when the name was never counted. */
enum pv_status pv_throttle_find(
	struct pv_db *db, const char *name, struct pv_throttle_row *out, struct pv_error *error);
/* One failure more in one statement; older than `forget_before_us` it starts over from one. */
enum pv_status pv_throttle_add(struct pv_db *db, const char *name, int64_t now_us,
	int64_t forget_before_us, int64_t *out_failures, struct pv_error *error);
enum pv_status pv_throttle_until(
	struct pv_db *db, const char *name, int64_t until_us, struct pv_error *error);
/* Takes one failure back, and the wait as it was before. */
enum pv_status pv_throttle_undo(
	struct pv_db *db, const char *name, int64_t until_us, struct pv_error *error);
enum pv_status pv_throttle_clear(struct pv_db *db, const char *name, struct pv_error *error);
enum pv_status pv_throttle_sweep(struct pv_db *db, int64_t before_us, struct pv_error *error);

#endif
