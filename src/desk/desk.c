/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "desk/desk.h"

const struct pv_actor pv_actor_desk = {.may_write = true, .is_desk = true};

void pv_desk_changed(
	struct pv_desk *desk, const char *kind, const char *organization_id, const char *object_id)
{
	if (!desk->changed)
		return;
	const struct pv_change change = {
		.kind = kind,
		.organization_id = organization_id ? organization_id : "",
		.object_id = object_id ? object_id : "",
	};
	desk->changed(desk->changed_state, &change);
}
