/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Parts that the policy's resources share. */
#ifndef PV_WEB_API_POLICY_PARTS_H
#define PV_WEB_API_POLICY_PARTS_H

#include "policy/document.h"
#include "web/out.h"

/* "problems":[{"line","column","message":{fr,en}}] */
void pv_api_text_problems(struct pv_out *out, const struct pv_policy_problem *problems, size_t n);

#endif
