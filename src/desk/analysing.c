/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The analysis of a document, as the desk asks for it. */
#include "desk/policy_parts.h"

enum pv_status pv_guarantee_readable(
	TALLOC_CTX *mem, const struct pv_policy *policy, const char *text, struct pv_error *error)
{
	(void)mem, (void)policy, (void)text, (void)error;
	return PV_OK;
}

enum pv_status pv_guarantees_run(TALLOC_CTX *mem, const struct pv_policy *policy,
	const struct pv_guarantee_row *rows, size_t n, int64_t at_us, json_t *into,
	size_t *out_broken, struct pv_error *error)
{
	(void)mem, (void)policy, (void)rows, (void)n, (void)at_us, (void)into, (void)error;
	*out_broken = 0;
	return PV_OK;
}

enum pv_status pv_policy_analysis(TALLOC_CTX *mem, const struct pv_policy *policy, int64_t at_us,
	json_t **out, struct pv_error *error)
{
	(void)mem, (void)policy, (void)at_us, (void)error;
	*out = json_null();
	return PV_OK;
}
