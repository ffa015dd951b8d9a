/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Whatever an address answers, read as a feed. */
#include "base/mem.h"
#include "base/str.h"
#include "collect/feed.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_feed feed;
	struct pv_error error = PV_ERROR_IN(scope);
	if (pv_feed_parse(scope, (const char *)bytes, size, "https://exemple.org/feed", 0, &feed,
		    &error) != PV_OK)
		return 0;
	for (size_t i = 0; i < feed.n_items; i++) {
		const char *const texts[] = {feed.items[i].guid, feed.items[i].title,
			feed.items[i].summary, feed.items[i].content};
		for (size_t t = 0; t < PV_COUNT(texts); t++)
			if (!pv_utf8_valid(texts[t], strlen(texts[t])))
				__builtin_trap();
	}
	return 0;
}
