/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Could a due post leave now? What /healthz, /metrics and `portevoix doctor` ask. Nobody's role is
 * asked: nothing here names a post or a person.
 *
 *	if (pv_desk_pulse_write(desk, error) != PV_OK)
 *		… the database takes no write: nothing can be published …
 */
#ifndef PV_DESK_PULSE_H
#define PV_DESK_PULSE_H

#include "desk/desk.h"
#include "store/pulse.h"

struct pv_desk_pulse {
	const struct pv_pulse_count *states; /* publications by state */
	size_t n_states;
	int64_t oldest_due_us;                       /* PV_TIME_NONE: nothing waits past its time */
	int64_t lateness_mean_us, lateness_worst_us; /* of the latest ones; -1: none yet */
};

/* A real and durable write. */
enum pv_status pv_desk_pulse_write(struct pv_desk *desk, struct pv_error *error);

enum pv_status pv_desk_pulse_read(
	struct pv_desk *desk, TALLOC_CTX *mem, struct pv_desk_pulse *out, struct pv_error *error);

struct pv_desk_holds {
	struct pv_pulse_hold *sign_in, *paused, *asking, *no_policy;
	size_t n_sign_in, n_paused, n_asking, n_no_policy;
};

/* For doctor: what keeps posts from leaving, by name; for who sits at the machine only. */
enum pv_status pv_desk_holds_read(
	struct pv_desk *desk, TALLOC_CTX *mem, struct pv_desk_holds *out, struct pv_error *error);

#endif
