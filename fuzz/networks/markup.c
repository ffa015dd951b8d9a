/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* HTML of strangers to text, and two texts compared. */
#include "networks/markup.h"
#include "base/mem.h"
#include "base/str.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void require(bool promise)
{
	if (!promise)
		__builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	enum pv_likeness likeness;
	char *html = talloc_strndup(scope, (const char *)bytes, size);
	char *clean = pv_markup_utf8(scope, (const char *)bytes, size);
	char *text = pv_markup_text(scope, html);
	require(clean && pv_utf8_valid(clean, strlen(clean)));
	require(text && pv_utf8_valid(text, strlen(text)));
	require(strlen(text) <= 3 * strlen(html));
	require(pv_markup_likeness(scope, text, text, &likeness, NULL) == PV_OK);
	require(likeness == PV_LIKENESS_SAME);
	require(pv_markup_likeness(scope, clean, text, &likeness, NULL) == PV_OK);
	return 0;
}
