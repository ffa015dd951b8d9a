/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * /healthz: could a due post be published now? A durable write is tried, and the dispatcher asked
 * when it last turned. /metrics: figures in Prometheus' text format.
 *
 * Both are open to whoever can reach the port and name nobody; their answers are kept for a moment,
 * so that asking often costs nothing.
 */
#ifndef PV_WEB_HEALTH_H
#define PV_WEB_HEALTH_H

#include "web/route.h"

enum {
	PV_WEB_PROBE_MS = 1000,     /* how long an answer is kept */
	PV_WEB_PROBE_WAIT_MS = 500, /* a write that takes longer is told as waiting */
	PV_WEB_METRICS_MS = 5000,
};

enum pv_status pv_web_get_health(struct pv_web_call *call, struct pv_error *error);
enum pv_status pv_web_get_metrics(struct pv_web_call *call, struct pv_error *error);

#endif
