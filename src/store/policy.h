/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The versions of an organisation's editorial policy. */
#ifndef PV_STORE_POLICY_H
#define PV_STORE_POLICY_H

#include "store/db.h"

struct pv_policy_row {
	const char *id;
	const char *organization_id;
	int64_t version; /* 1, 2… within the organisation */
	const char *text;
	const char *digest;
	const char *state; /* draft | adopted | superseded */
	const char *note;
	const char *created_by;
	int64_t created_at_us;
	const char *adopted_by; /* NULL for a draft */
	int64_t adopted_at_us;
	int64_t effective_at_us;
};

/* Gives it the next version number; call in a writing transaction. */
enum pv_status pv_policy_row_insert(struct pv_db *db, const struct pv_policy_row *row,
	int64_t *out_version, struct pv_error *error);
enum pv_status pv_policy_row_find(struct pv_db *db, TALLOC_CTX *mem, const char *id,
	struct pv_policy_row *out, struct pv_error *error);
/* The newest first. `with_text` false leaves text "". */
enum pv_status pv_policy_row_list(struct pv_db *db, TALLOC_CTX *mem, const char *organization_id,
	bool with_text, struct pv_policy_row **out, size_t *out_n, struct pv_error *error);
/*
 * The version in force at an instant: adopted, effective by then, the latest to take effect.
 * PV_NOT_FOUND, without words, when none was.
 */
enum pv_status pv_policy_row_in_force(struct pv_db *db, TALLOC_CTX *mem,
	const char *organization_id, int64_t at_us, struct pv_policy_row *out,
	struct pv_error *error);
/* Draft to adopted; PV_CONFLICT when it is no draft any more. */
enum pv_status pv_policy_row_adopt(
	struct pv_db *db, const struct pv_policy_row *row, struct pv_error *error);
/* Adopted ones that another, effective by `now_us`, has replaced become superseded. */
enum pv_status pv_policy_row_supersede(
	struct pv_db *db, const char *organization_id, int64_t now_us, struct pv_error *error);

#endif
