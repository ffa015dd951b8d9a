/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* An organisation's example posts with the verdict it expects: one JSON object a row, in order. */
#ifndef PV_STORE_POLICY_CASE_H
#define PV_STORE_POLICY_CASE_H

#include "store/db.h"

struct pv_policy_case_row {
	const char *organization_id;
	int64_t position; /* 1, 2… */
	const char *name; /* the case's id */
	const char *line;
};

/* PV_CONFLICT when a case of that name, or at that place, is there. */
enum pv_status pv_policy_case_insert(
	struct pv_db *db, const struct pv_policy_case_row *row, struct pv_error *error);
enum pv_status pv_policy_case_list(struct pv_db *db, TALLOC_CTX *mem, const char *organization_id,
	struct pv_policy_case_row **out, size_t *out_n, struct pv_error *error);
/* All of them go. */
enum pv_status pv_policy_case_clear(
	struct pv_db *db, const char *organization_id, struct pv_error *error);

#endif
