/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Header fields that say when to come back: three values, a line each. */
#include "networks/rate.h"
#include "base/mem.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static const char *const names[] = {
		"retry-after", "ratelimit-reset", "x-ratelimit-reset", "ratelimit-remaining"};
	static const int64_t now_us = INT64_C(1772452800000000);
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_http_header headers[PV_COUNT(names)];
	struct pv_http_response response = {.headers = headers};
	char *text = talloc_strndup(scope, (const char *)bytes, size), *rest = NULL;
	for (char *line = strtok_r(text, "\n", &rest); line && response.n_headers < PV_COUNT(names);
		line = strtok_r(NULL, "\n", &rest), response.n_headers++)
		headers[response.n_headers] =
			(struct pv_http_header){names[response.n_headers], line};
	int64_t at_us = pv_rate_retry_at(&response, now_us);
	if (at_us != PV_TIME_NONE &&
		(at_us < now_us + PV_SECOND_US || at_us > now_us + PV_RATE_WAIT_MAX_US))
		__builtin_trap();
	return 0;
}
