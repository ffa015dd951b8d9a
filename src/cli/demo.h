/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The example desk, made through the desk's own verbs with a clock that can be set: what happened
 * five weeks ago is done five weeks ago, judged by the policy then in force, published by the
 * dispatcher's own runner.
 */
#ifndef PV_CLI_DEMO_H
#define PV_CLI_DEMO_H

#include "base/json.h"
#include "desk/identity.h"
#include "dispatch/runner.h"

/* The real world with a wall clock that stands where it is told. */
struct demo_clock {
	struct pv_env env; /* first: an env is found by its address */
	struct pv_env *real;
	int64_t now_us;
};

struct demo {
	TALLOC_CTX *mem;
	struct pv_desk *desk;
	struct demo_clock clock;
	struct pv_runner *runner;
	const json_t *text; /* demo.json */
	int64_t present_us;
};

/* By slug: a person's id, an organisation (or person's own space). PV_NOT_FOUND. */
enum pv_status demo_person(
	struct demo *demo, const char *slug, const char **out_id, struct pv_error *error);
enum pv_status demo_organization(struct demo *demo, const char *slug,
	struct pv_organization_row *out, struct pv_error *error);

/* The past posts with their comments and reads, and the posts that wait. */
enum pv_status demo_past(struct demo *demo, struct pv_error *error);
enum pv_status demo_waiting(struct demo *demo, struct pv_error *error);

#endif
