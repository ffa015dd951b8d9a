/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Judgements: a policy's answer, kept with all that it was given. Append-only.
 */
#ifndef PV_STORE_JUDGEMENT_H
#define PV_STORE_JUDGEMENT_H

#include "store/db.h"

struct pv_judgement_row {
	const char *id;
	const char *organization_id;
	const char *variant_id;
	const char *policy_id; /* "" : the organisation has adopted none */
	const char *digest;    /* of the variant as it was judged */
	const char *moment;    /* submission | approval | scheduling | sending */
	const char *verdict;
	const char *input;  /* JSON: the case (policies' format, "A case") */
	const char *result; /* JSON: the judgement, in the API's shape */
	int64_t judged_at_us;
};

enum pv_status pv_judgement_insert(
	struct pv_db *db, const struct pv_judgement_row *row, struct pv_error *error);
/* The newest of a variant; PV_NOT_FOUND when it was never judged. */
enum pv_status pv_judgement_last(struct pv_db *db, TALLOC_CTX *mem, const char *variant_id,
	struct pv_judgement_row *out, struct pv_error *error);
enum pv_status pv_judgement_list(struct pv_db *db, TALLOC_CTX *mem, const char *variant_id,
	struct pv_judgement_row **out, size_t *out_n, struct pv_error *error);

#endif
