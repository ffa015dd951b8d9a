/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Accounts asked for replies and mentions; collector.h is for everybody else. */
#ifndef PV_COLLECT_LISTEN_H
#define PV_COLLECT_LISTEN_H

#include "desk/desk.h"

/* All accounts whose time has come, PV_COLLECT_TURN_MAX at most; *out_more: perhaps others. */
enum pv_status pv_listen_due(
	struct pv_desk *desk, TALLOC_CTX *mem, bool *out_more, struct pv_error *error);

#endif
