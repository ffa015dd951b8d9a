/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What has changed in a variant since a person last reviewed it: found again in the judgement that
 * was kept of what they saw.
 */
#ifndef PV_DESK_SEEN_H
#define PV_DESK_SEEN_H

#include "desk/posts.h"

struct pv_difference {
	const char *field;    /* text | media | due_at | declared */
	const char *was, *is; /* text, or JSON; an instant as RFC 3339 */
};

enum { PV_DIFFERENCES_MAX = 4 };

/*
 * *out_seen: they have reviewed another version of it, and what that was is known. Who may see the
 * variant may ask; `variant` is what pv_desk_variant_get gave.
 */
enum pv_status pv_desk_variant_differences(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const struct pv_desk_variant *variant,
	struct pv_difference out[PV_DIFFERENCES_MAX], size_t *out_n, bool *out_seen,
	struct pv_error *error);

#endif
