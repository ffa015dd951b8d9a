/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/figures.h"

static const int64_t bounds_us[PV_WEB_BUCKETS] = {
	500, 1000, 2500, 5000, 10000, 25000, 50000, 100000, 500000, 2000000};

void pv_web_figures_count(
	struct pv_web_figures *figures, enum pv_web_method method, int status, int64_t took_us)
{
	int code = status / 100;
	int bucket = 0;
	if (code < 0 || code >= PV_WEB_CODES)
		code = 0;
	while (bucket < PV_WEB_BUCKETS && took_us > bounds_us[bucket])
		bucket++;
	atomic_fetch_add_explicit(&figures->requests[method][code], 1, memory_order_relaxed);
	atomic_fetch_add_explicit(&figures->buckets[bucket], 1, memory_order_relaxed);
	atomic_fetch_add_explicit(
		&figures->took_us, (unsigned long long)took_us, memory_order_relaxed);
}

void pv_web_figures_write(struct pv_web_figures *figures, struct pv_buf *out)
{
	pv_buf_text(out, "# HELP portevoix_http_requests_total Requests answered.\n"
			 "# TYPE portevoix_http_requests_total counter\n");
	for (int method = 0; method < PV_WEB_METHODS; method++)
		for (int code = 1; code < PV_WEB_CODES; code++) {
			unsigned long long n = atomic_load(&figures->requests[method][code]);
			if (n)
				pv_buf_printf(out,
					"portevoix_http_requests_total{method=\"%s\",code=\"%dxx\"}"
					" %llu\n",
					pv_web_method_name((enum pv_web_method)method), code, n);
		}
	pv_buf_text(out,
		"# HELP portevoix_http_request_duration_seconds From first byte to answer.\n"
		"# TYPE portevoix_http_request_duration_seconds histogram\n");
	unsigned long long sum = 0;
	for (int i = 0; i <= PV_WEB_BUCKETS; i++) {
		sum += atomic_load(&figures->buckets[i]);
		if (i < PV_WEB_BUCKETS)
			pv_buf_printf(out,
				"portevoix_http_request_duration_seconds_bucket{le=\"%g\"} %llu\n",
				(double)bounds_us[i] / 1e6, sum);
		else
			pv_buf_printf(out,
				"portevoix_http_request_duration_seconds_bucket{le=\"+Inf\"} "
				"%llu\n",
				sum);
	}
	pv_buf_printf(out,
		"portevoix_http_request_duration_seconds_sum %g\n"
		"portevoix_http_request_duration_seconds_count %llu\n",
		(double)atomic_load(&figures->took_us) / 1e6, sum);
}
