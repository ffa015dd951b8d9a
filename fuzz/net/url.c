/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* An address, a line end, and where it redirects to: what is checked is what is asked. */
#include "net/guard.h"
#include "net/url.h"
#include "base/mem.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void require(bool promise)
{
	if (!promise)
		__builtin_trap();
}

/* The normal form is its own normal form, and the guard says the same of both. */
static void check(TALLOC_CTX *mem, const struct pv_net_guard *guard, const char *text)
{
	struct pv_net_url url, again;
	bool first = false, second = false;
	if (pv_net_url_parse(mem, text, &url, NULL) != PV_OK) {
		require(pv_net_guard_url(guard, text, &first, NULL) != PV_OK);
		return;
	}
	require(strcmp(url.scheme, "http") == 0 || strcmp(url.scheme, "https") == 0);
	require(*url.host && *url.path == '/' && url.port > 0 && url.port < 65536);
	require(strpbrk(url.text, " \t\r\n") == NULL);
	require(pv_net_url_parse(mem, url.text, &again, NULL) == PV_OK);
	require(strcmp(url.host, again.host) == 0 && url.port == again.port);
	require(!again.user_info);
	if (url.user_info) {
		require(pv_net_guard_url(guard, text, &first, NULL) != PV_OK);
		return;
	}
	require(pv_net_guard_url(guard, text, &first, NULL) ==
		pv_net_guard_url(guard, url.text, &second, NULL));
	require(first == second);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static const char *const allow[] = {"127.0.0.1:8080", "[::1]:9090"};
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_net_guard *guard;
	require(pv_net_guard_create(scope, allow, 2, &guard, NULL) == PV_OK);
	char *text = talloc_strndup(scope, (const char *)bytes, size);
	char *end = strchr(text, '\n'), *resolved = NULL;
	if (end)
		*end = '\0';
	check(scope, guard, text);
	if (end && pv_net_url_resolve(scope, text, end + 1, &resolved, NULL) == PV_OK) {
		struct pv_net_url url;
		require(pv_net_url_parse(scope, resolved, &url, NULL) == PV_OK);
		check(scope, guard, resolved);
	}
	return 0;
}
