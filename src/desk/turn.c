/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "desk/turn.h"

enum pv_status pv_turn_begin(struct pv_turn *turn, struct pv_desk *desk, struct pv_error *error)
{
	*turn = (struct pv_turn){.desk = desk};
	if (pv_db_holds_pen(desk->db))
		return PV_OK;
	enum pv_status status = pv_db_begin_write(desk->db, error);
	turn->outer = status == PV_OK;
	return status;
}

enum pv_status pv_turn_end(struct pv_turn *turn, enum pv_status status, struct pv_error *error)
{
	if (!turn->outer)
		return status;
	turn->outer = false;
	if (status == PV_OK)
		return pv_db_commit(turn->desk->db, error);
	pv_db_rollback(turn->desk->db);
	return status;
}
