/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The versions of an organisation's editorial policy. A text changes while its state is one of
 * draft, checked, replayed; what was adopted never does.
 */
#ifndef PV_STORE_POLICY_H
#define PV_STORE_POLICY_H

#include "store/db.h"

struct pv_policy_row {
	const char *id;
	const char *organization_id;
	int64_t version; /* 1, 2… within the organisation */
	const char *text;
	const char *digest;
	const char *state; /* draft | checked | replayed | adopted | superseded | dropped */
	const char *note;
	const char *created_by;
	int64_t created_at_us;
	const char *adopted_by; /* NULL for a draft */
	int64_t adopted_at_us;
	int64_t effective_at_us;
	int64_t edited_at_us; /* PV_TIME_NONE: as it was first kept */
	const char *checked;  /* JSON of the last check of this very text; "": none */
	const char *replayed; /* JSON of the last replay, be it of an earlier text */
};

/* Gives it the next version number; call in a writing transaction. */
enum pv_status pv_policy_row_insert(struct pv_db *db, const struct pv_policy_row *row,
	int64_t *out_version, struct pv_error *error);
enum pv_status pv_policy_row_find(struct pv_db *db, TALLOC_CTX *mem, const char *id,
	struct pv_policy_row *out, struct pv_error *error);
/* The newest first. `with_text` false leaves text, checked and replayed "". */
enum pv_status pv_policy_row_list(struct pv_db *db, TALLOC_CTX *mem, const char *organization_id,
	bool with_text, struct pv_policy_row **out, size_t *out_n, struct pv_error *error);
/*
 * The version in force at an instant: adopted, effective by then, the latest to take effect.
 * PV_NOT_FOUND, without words, when none was.
 */
enum pv_status pv_policy_row_in_force(struct pv_db *db, TALLOC_CTX *mem,
	const char *organization_id, int64_t at_us, struct pv_policy_row *out,
	struct pv_error *error);
/*
 * Another text or note, and the state and the check that go with it, where it is still open and its
 * digest is `seen`. PV_CONFLICT otherwise.
 */
enum pv_status pv_policy_row_edit(struct pv_db *db, const struct pv_policy_row *row,
	const char *seen, struct pv_error *error);
/* state, checked and replayed, where it is still open with that digest; else PV_CONFLICT. */
enum pv_status pv_policy_row_keep(
	struct pv_db *db, const struct pv_policy_row *row, struct pv_error *error);
/*
 * Set aside, an adopted one too whose date of effect is still to come; PV_CONFLICT when it is
 * neither open nor that.
 */
enum pv_status pv_policy_row_drop(struct pv_db *db, const char *id, const char *organization_id,
	int64_t now_us, struct pv_error *error);
/* Open, with that digest, to adopted; PV_CONFLICT when it is not. */
enum pv_status pv_policy_row_adopt(
	struct pv_db *db, const struct pv_policy_row *row, struct pv_error *error);
/* Adopted ones that another, effective by `now_us`, has replaced become superseded. */
enum pv_status pv_policy_row_supersede(
	struct pv_db *db, const char *organization_id, int64_t now_us, struct pv_error *error);

#endif
