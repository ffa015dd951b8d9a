/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "desk/pulse.h"

enum pv_status pv_desk_pulse_write(struct pv_desk *desk, struct pv_error *error)
{
	return pv_pulse_write(desk->db, pv_env_now_us(desk->env), error);
}

enum pv_status pv_desk_pulse_read(
	struct pv_desk *desk, TALLOC_CTX *mem, struct pv_desk_pulse *out, struct pv_error *error)
{
	struct pv_desk_pulse pulse = {0};
	struct pv_pulse_count *states = NULL;
	enum pv_status status = pv_pulse_states(desk->db, mem, &states, &pulse.n_states, error);
	if (status == PV_OK)
		status = pv_pulse_oldest_due(
			desk->db, pv_env_now_us(desk->env), &pulse.oldest_due_us, error);
	if (status == PV_OK)
		status = pv_pulse_lateness(
			desk->db, &pulse.lateness_mean_us, &pulse.lateness_worst_us, error);
	pulse.states = states;
	if (status == PV_OK)
		*out = pulse;
	return status;
}

enum pv_status pv_desk_holds_read(
	struct pv_desk *desk, TALLOC_CTX *mem, struct pv_desk_holds *out, struct pv_error *error)
{
	struct pv_desk_holds holds = {0};
	enum pv_status status =
		pv_pulse_sign_in(desk->db, mem, &holds.sign_in, &holds.n_sign_in, error);
	if (status == PV_OK)
		status = pv_pulse_paused(desk->db, mem, &holds.paused, &holds.n_paused, error);
	if (status == PV_OK)
		status = pv_pulse_asking(desk->db, mem, &holds.asking, &holds.n_asking, error);
	if (status == PV_OK)
		status = pv_pulse_no_policy(
			desk->db, mem, &holds.no_policy, &holds.n_no_policy, error);
	if (status == PV_OK)
		*out = holds;
	return status;
}
