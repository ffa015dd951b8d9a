/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Variants as the API reads and tells them. */
#ifndef PV_WEB_API_VARIANT_PARTS_H
#define PV_WEB_API_VARIANT_PARTS_H

#include "desk/posts.h"
#include "web/api/parts.h"

/* A variant at a glance: VariantRow. */
void pv_api_variant_row(struct pv_out *out, const struct pv_variant_row *row);

/* The whole of it: Variant. Judged as it stands now, unless it is over. */
enum pv_status pv_api_variant(struct pv_web_call *call, const char *name,
	const struct pv_desk_variant *variant, struct pv_error *error);
/* The same as the answer. */
enum pv_status pv_api_answer_variant(struct pv_web_call *call,
	const struct pv_desk_variant *variant, int code, struct pv_error *error);

/*
 * VariantIn or VariantPatch: borrows from the body. Pointers of problems begin with `prefix`. What
 * the values mean is the desk's to check.
 */
enum pv_status pv_api_variant_in(
	const json_t *body, const char *prefix, struct pv_variant_in *out, struct pv_error *error);

/* {due_at} or {due_local}; PV_DUE_KEEP when neither stands there. */
enum pv_status pv_api_due(
	const json_t *body, const char *prefix, struct pv_due *out, struct pv_error *error);

#endif
