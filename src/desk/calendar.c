/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "desk/calendar.h"
#include "desk/cursor.h"
#include "desk/roles.h"

enum pv_status pv_desk_calendar(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_actor *actor,
	const char *organization_id, int64_t from_us, int64_t before_us, const char *cursor,
	struct pv_variant_row **out, size_t *out_n, struct pv_error *error)
{
	if (before_us <= from_us || before_us - from_us > PV_CALENDAR_DAYS_MAX * PV_DAY_US)
		return pv_fail_field(error, "/to",
			"Une page du calendrier montre %d jours au plus, le début avant la fin.",
			"A page of the calendar shows %d days at most, its start before its end.",
			PV_CALENDAR_DAYS_MAX);
	struct pv_variant_filter filter = PV_VARIANT_FILTER;
	int64_t after_us;
	enum pv_status status = pv_desk_cursor_read(cursor, &after_us, &filter.after_id, error);
	if (status == PV_OK && organization_id)
		status = pv_desk_may(desk, actor, organization_id, PV_MAY_READ, error);
	if (status != PV_OK)
		return status;
	filter.member_id = actor->is_desk ? NULL : actor->person_id;
	filter.organization_id = organization_id;
	filter.due_from_us = filter.after_id && after_us > from_us ? after_us : from_us;
	filter.due_before_us = before_us;
	filter.by_due = true;
	filter.limit = PV_CALENDAR_MAX;
	return pv_variant_list(desk->db, mem, &filter, out, out_n, error);
}
