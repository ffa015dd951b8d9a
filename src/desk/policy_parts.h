/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Inside the desk: what a check of a version is put together from. */
#ifndef PV_DESK_POLICY_PARTS_H
#define PV_DESK_POLICY_PARTS_H

#include "desk/policy_life.h"

/* {"fr","en"}, a new reference. */
json_t *pv_words_json(const struct pv_words *words);

/* Can this be read as a guarantee of such a document? PV_INVALID with the problem at /text. */
enum pv_status pv_guarantee_readable(
	TALLOC_CTX *mem, const struct pv_policy *policy, const char *text, struct pv_error *error);

/*
 * Each guarantee against a document, for posts from `at_us` on, appended to `into` as the API has
 * them; *out_broken counts those that do not hold, or could not be decided.
 */
enum pv_status pv_guarantees_run(TALLOC_CTX *mem, const struct pv_policy *policy,
	const struct pv_guarantee_row *rows, size_t n, int64_t at_us, json_t *into,
	size_t *out_broken, struct pv_error *error);

/* Each case against a document; *out_failing counts those that do not come out as expected. */
enum pv_status pv_cases_run(TALLOC_CTX *mem, const struct pv_policy *policy,
	const struct pv_policy_case_row *rows, size_t n, json_t *into, size_t *out_failing,
	struct pv_error *error);

/* The document's analysis as the API has it, a new reference. */
enum pv_status pv_policy_analysis(TALLOC_CTX *mem, const struct pv_policy *policy, int64_t at_us,
	json_t **out, struct pv_error *error);

#endif
