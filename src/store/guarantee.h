/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What an organisation asks to stay true of every version of its policy, one question a row. */
#ifndef PV_STORE_GUARANTEE_H
#define PV_STORE_GUARANTEE_H

#include "store/db.h"

struct pv_guarantee_row {
	const char *id;
	const char *organization_id;
	const char *text;
	const char *note;
	const char *created_by;
	int64_t created_at_us;
	int64_t removed_at_us; /* PV_TIME_NONE: it holds */
};

enum pv_status pv_guarantee_insert(
	struct pv_db *db, const struct pv_guarantee_row *row, struct pv_error *error);
enum pv_status pv_guarantee_find(struct pv_db *db, TALLOC_CTX *mem, const char *id,
	struct pv_guarantee_row *out, struct pv_error *error);
/* Those that hold, the oldest first. */
enum pv_status pv_guarantee_list(struct pv_db *db, TALLOC_CTX *mem, const char *organization_id,
	struct pv_guarantee_row **out, size_t *out_n, struct pv_error *error);
/* PV_NOT_FOUND when it is gone already. */
enum pv_status pv_guarantee_remove(struct pv_db *db, const char *id, const char *organization_id,
	int64_t at_us, struct pv_error *error);

#endif
