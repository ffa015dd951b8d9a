/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "desk/overdue.h"
#include "desk/audit.h"
#include "desk/turn.h"
#include "desk/variants.h"

#include "base/instant.h"
#include "base/mem.h"
#include "store/overdue.h"
#include "store/review.h"

enum { TURN_MAX = 100 };

static int64_t remind_at(const struct pv_overdue_row *row)
{
	int64_t before_us = PV_REVIEW_REMIND_H * PV_HOUR_US;
	if (row->submitted_at_us != PV_TIME_NONE &&
		(row->due_at_us - row->submitted_at_us) / 2 < before_us)
		before_us = (row->due_at_us - row->submitted_at_us) / 2;
	return row->due_at_us - before_us;
}

static enum pv_status write_lapse(struct pv_desk *desk, const struct pv_overdue_row *row,
	int64_t now_us, bool *out_done, struct pv_error *error)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_variant_row variant;
	enum pv_status status = pv_overdue_lapse(desk->db, row, now_us, out_done, error);
	if (status != PV_OK || !*out_done)
		return status;
	/* One that a stricter policy held for a review is still in the plan. */
	status = pv_variant_find(desk->db, scope, row->id, &variant, error);
	if (status == PV_OK)
		status = pv_variant_unplan(desk, scope, &variant, error);
	if (status != PV_OK)
		return status;
	status = pv_review_void(
		desk->db, row->id, row->organization_id, NULL, now_us, "lapsed", error);
	if (status != PV_OK)
		return status;
	return pv_desk_audit(desk, &pv_actor_desk,
		&(struct pv_audit_note){.organization_id = row->organization_id,
			.verb = "variant.lapse",
			.object = row->id},
		error);
}

static enum pv_status lapse(struct pv_desk *desk, const struct pv_overdue_row *row, int64_t now_us,
	struct pv_error *error)
{
	struct pv_turn turn;
	bool done = false;
	enum pv_status status = pv_turn_begin(&turn, desk, error);
	if (status != PV_OK)
		return status;
	status = pv_turn_end(&turn, write_lapse(desk, row, now_us, &done, error), error);
	if (status == PV_OK && done)
		pv_desk_changed(desk, "variant", row->organization_id, row->id);
	return status;
}

static enum pv_status remind(struct pv_desk *desk, const struct pv_overdue_row *row, int64_t now_us,
	struct pv_error *error)
{
	bool done = false;
	enum pv_status status = pv_overdue_remind(desk->db, row, now_us, &done, error);
	if (status == PV_OK && done)
		pv_desk_changed(desk, "reminder", row->organization_id, row->id);
	return status;
}

static void sooner(int64_t *next_us, int64_t at_us)
{
	if (*next_us == PV_TIME_NONE || at_us < *next_us)
		*next_us = at_us;
}

static enum pv_status look_at(struct pv_desk *desk, const struct pv_overdue_row *row,
	int64_t now_us, int64_t *next_us, struct pv_error *error)
{
	if (row->due_at_us <= now_us)
		return lapse(desk, row, now_us, error);
	sooner(next_us, row->due_at_us);
	if (row->reminded_at_us != PV_TIME_NONE)
		return PV_OK;
	if (remind_at(row) <= now_us)
		return remind(desk, row, now_us, error);
	sooner(next_us, remind_at(row));
	return PV_OK;
}

enum pv_status pv_desk_overdue_turn(
	struct pv_desk *desk, int64_t *out_next_us, struct pv_error *error)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_overdue_row *rows;
	size_t n;
	int64_t now_us = pv_env_now_us(desk->env), next_us = PV_TIME_NONE, later_us;
	int64_t horizon_us = now_us + PV_REVIEW_REMIND_H * PV_HOUR_US;
	enum pv_status status =
		pv_overdue_list(desk->db, scope, horizon_us, TURN_MAX, &rows, &n, error);
	for (size_t i = 0; status == PV_OK && i < n; i++)
		status = look_at(desk, &rows[i], now_us, &next_us, error);
	if (status == PV_OK && n == TURN_MAX)
		sooner(&next_us, now_us + PV_SECOND_US);
	if (status == PV_OK)
		status = pv_overdue_next(desk->db, horizon_us, &later_us, error);
	if (status != PV_OK)
		return status;
	if (later_us != PV_TIME_NONE)
		sooner(&next_us, later_us - PV_REVIEW_REMIND_H * PV_HOUR_US);
	*out_next_us = next_us;
	return PV_OK;
}
