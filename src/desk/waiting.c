/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "desk/waiting.h"
#include "desk/sessions.h"

#include "store/throttle.h"

static int64_t wait_after(int64_t failures, int64_t free_tries)
{
	int64_t over = failures - free_tries;
	if (over <= 0)
		return 0;
	if (over > 20)
		return PV_WAIT_MAX_US;
	int64_t wait_us = PV_SECOND_US << (over - 1);
	return wait_us < PV_WAIT_MAX_US ? wait_us : PV_WAIT_MAX_US;
}

enum pv_status pv_waiting_over(
	struct pv_desk *desk, int64_t until_us, int64_t *out_wait_s, struct pv_error *error)
{
	int64_t wait_us = until_us - pv_env_now_us(desk->env);
	if (wait_us <= 0)
		return PV_OK;
	int64_t wait_s = (wait_us + PV_SECOND_US - 1) / PV_SECOND_US;
	if (out_wait_s)
		*out_wait_s = wait_s;
	return pv_fail(error, PV_THROTTLED,
		"Trop d'essais manqués. Attendez %lld s, puis réessayez; les sessions ouvertes le "
		"restent.",
		"Too many failed tries. Wait %lld s, then try again; open sessions stay open.",
		(long long)wait_s);
}

enum pv_status pv_waiting_count(
	struct pv_desk *desk, const char *name, int64_t free_tries, struct pv_error *error)
{
	int64_t failures = 0, now_us = pv_env_now_us(desk->env);
	enum pv_status status = pv_throttle_add(
		desk->db, name, now_us, now_us - PV_FAILURES_FORGOTTEN_US, &failures, error);
	int64_t wait_us = wait_after(failures, free_tries);
	if (status == PV_OK && wait_us > 0)
		status = pv_throttle_until(desk->db, name, now_us + wait_us, error);
	return status;
}
