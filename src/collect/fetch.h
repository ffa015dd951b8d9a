/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Sources asked for what is new; collector.h is for everybody else. */
#ifndef PV_COLLECT_FETCH_H
#define PV_COLLECT_FETCH_H

#include "desk/sources.h"

/* All feeds that are due, PV_COLLECT_TURN_MAX at most; *out_more when there may be others. */
enum pv_status pv_fetch_due(
	struct pv_desk *desk, TALLOC_CTX *mem, bool *out_more, struct pv_error *error);

#endif
