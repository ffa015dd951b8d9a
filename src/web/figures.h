/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The web server's own figures, counted without a lock and told on /metrics in Prometheus' text
 * format 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats).
 */
#ifndef PV_WEB_FIGURES_H
#define PV_WEB_FIGURES_H

#include "base/str.h"
#include "web/request.h"

#include <stdatomic.h>
#include <stdint.h>

enum { PV_WEB_BUCKETS = 10, PV_WEB_CODES = 6 };

struct pv_web_figures {
	atomic_ullong requests[PV_WEB_METHODS][PV_WEB_CODES]; /* [1]: 1xx … [5]: 5xx */
	atomic_ullong buckets[PV_WEB_BUCKETS + 1];
	atomic_ullong took_us;
};

void pv_web_figures_count(
	struct pv_web_figures *figures, enum pv_web_method method, int status, int64_t took_us);

/* portevoix_http_requests_total, portevoix_http_request_duration_seconds. */
void pv_web_figures_write(struct pv_web_figures *figures, struct pv_buf *out);

#endif
