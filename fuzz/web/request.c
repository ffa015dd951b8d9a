/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What a stranger's first lines hold: an address with its query, a Cookie header, a form, the
 * headers that are read. The first byte chooses.
 */
#include "base/mem.h"
#include "web/request.h"
#include "web/route.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void require(bool promise)
{
	if (!promise)
		__builtin_trap();
}

static void read_address(TALLOC_CTX *mem, const char *text)
{
	struct pv_web_request request = {.mem = mem};
	const char *params[PV_WEB_PARAMS_MAX] = {0};
	static const struct pv_web_route routes[] = {
		{PV_WEB_GET, "/a/{}/b", NULL}, {PV_WEB_GET, "/{}", NULL}, {PV_WEB_GET, "/", NULL}};
	static const struct pv_web_routes table = PV_WEB_ROUTES(routes);
	static const struct pv_web_routes *const tables[] = {&table};
	char allow[64];
	if (pv_web_address_read(&request, text, NULL) != PV_OK)
		return;
	require(request.n_segments <= PV_WEB_SEGMENTS_MAX && request.n_query <= PV_WEB_PAIRS_MAX);
	for (size_t i = 0; i < request.n_segments; i++)
		require(pv_utf8_valid(request.segments[i], strlen(request.segments[i])));
	for (size_t i = 0; i < request.n_query; i++)
		require(pv_utf8_valid(request.query[i].value, strlen(request.query[i].value)));
	const struct pv_web_route *route = pv_web_route_find(tables, 1, &request, params, allow);
	if (route == &routes[0])
		require(request.n_segments == 3 && *params[0]);
	int limit = 0;
	if (pv_web_limit(&request, 20, 100, &limit, NULL) == PV_OK)
		require(limit >= 1 && limit <= 100);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	PV_SCOPE TALLOC_CTX *mem = pv_scope(NULL);
	struct pv_web_pair pairs[PV_WEB_PAIRS_MAX];
	size_t n = 0;
	if (size < 1)
		return 0;
	char *text = talloc_strndup(mem, (const char *)bytes + 1, size - 1);
	switch (bytes[0] % 6) {
	case 0: read_address(mem, text); break;
	case 1: {
		const char *value = pv_web_cookie(mem, text, "pv_session");
		require(!value || strstr(text, value) != NULL);
		break;
	}
	case 2:
		if (pv_web_form_read(mem, (const char *)bytes + 1, size - 1, pairs,
			    PV_WEB_PAIRS_MAX, &n, NULL) == PV_OK)
			require(n <= PV_WEB_PAIRS_MAX);
		break;
	case 3: pv_web_wants_french(text); break;
	case 4: pv_web_etag_matches(text, "\"abc\""); break;
	default: pv_web_type_is(text, "application/json"); break;
	}
	return 0;
}
