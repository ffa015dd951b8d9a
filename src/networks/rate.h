/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * When may a network be asked again? Every network has its own spelling:
 *
 *	Retry-After: 120 | Sun, 06 Nov 1994 08:49:37 GMT	RFC 9110, 10.2.3
 *	RateLimit-Reset: 1767323100				Bluesky: seconds since 1970
 *	RateLimit-Reset: 50					IETF draft: seconds from now
 *	X-RateLimit-Reset: 2026-01-02T03:05:00.123456Z		Mastodon: RFC 3339
 *
 * A reset counts only when nothing remains (…-Remaining is 0 or absent).
 */
#ifndef PV_NETWORKS_RATE_H
#define PV_NETWORKS_RATE_H

#include "base/http.h"
#include "base/instant.h"

/* No network is believed for longer. */
#define PV_RATE_WAIT_MAX_US PV_DAY_US

/* Between now + 1 s and now + PV_RATE_WAIT_MAX_US; PV_TIME_NONE when nothing is said. */
int64_t pv_rate_retry_at(const struct pv_http_response *response, int64_t now_us);

/* IMF-fixdate, "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, 5.6.7), as Date and Retry-After have it. */
bool pv_rate_http_date(const char *text, int64_t *out_us);

#endif
