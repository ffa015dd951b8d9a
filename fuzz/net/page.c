/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A content type, a line end, and whatever an address answers, read as a page. */
#include "base/mem.h"
#include "base/str.h"
#include "net/page.h"
#include "net/wrap.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void require(bool promise)
{
	if (!promise)
		__builtin_trap();
}

static void check_text(const char *text, size_t most)
{
	size_t size = strlen(text);
	require(size <= most && pv_utf8_valid(text, size) && !strpbrk(text, "\r\n\t"));
}

/* An absolute address, or an account. */
static void check_url(const char *text)
{
	check_text(text, PV_NET_PAGE_URL_MAX);
	require(text[0] == '@' || strncmp(text, "http://", 7) == 0 ||
		strncmp(text, "https://", 8) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	const char *text = (const char *)bytes;
	const char *end = size ? memchr(text, '\n', size) : NULL;
	struct pv_net_page page;
	struct pv_net_page_in in = {.bytes = text, .size = size, .url = "https://news.example/a/b"};
	if (end) {
		in.type = talloc_strndup(scope, text, (size_t)(end - text));
		in.bytes = end + 1;
		in.size = size - (size_t)(end - text) - 1;
	}
	require(pv_net_page_read(scope, &in, &page, NULL) == PV_OK);
	require(page.n_authors <= PV_NET_PAGE_AUTHORS_MAX && page.n_me <= PV_NET_PAGE_URLS_MAX);
	for (size_t i = 0; i < page.n_authors; i++) {
		check_text(page.authors[i].name, PV_NET_PAGE_NAME_MAX);
		require(page.authors[i].n_urls <= PV_NET_PAGE_URLS_MAX);
		for (size_t u = 0; u < page.authors[i].n_urls; u++)
			check_url(page.authors[i].urls[u]);
	}
	for (size_t i = 0; i < page.n_me; i++)
		check_url(page.me[i]);
	if (*page.canonical)
		check_url(page.canonical);
	char *inside;
	if (in.type && pv_net_wrap_inside(scope, in.type, &inside, NULL) == PV_OK && inside)
		check_url(inside);
	return 0;
}
