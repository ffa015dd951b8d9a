/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Any text, read for links, handles, hashtags, quotations and voice. Whatever it is, places are in
 * order and within the text, and a site covers itself.
 */
#include "base/mem.h"
#include "text/denied.h"
#include "text/handle.h"
#include "text/voice.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool named(void *state, struct pv_str host)
{
	struct pv_site site;
	static const struct pv_str own = {"own.example", 11};
	return pv_site_parse(state, host, &site) && pv_host_below(own, site.host);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_str text = {.bytes = (const char *)data, .size = size};
	if (!pv_utf8_valid(text.bytes, text.size))
		return 0;
	struct pv_prose prose;
	if (!pv_prose_read(scope, text, named, scope, &prose))
		abort();
	for (size_t i = 0; i < prose.n; i++)
		if (prose.byte[i] > prose.byte[i + 1] || prose.byte[i + 1] > size)
			abort();
	size_t last = 0;
	for (size_t t = 0; t < prose.n_tokens; t++) {
		const struct pv_token *token = &prose.tokens[t];
		if (token->start < last || token->end <= token->start || token->end > prose.n)
			abort();
		last = token->end;
		struct pv_site site, host;
		struct pv_str plain, again;
		bool is_host;
		if (!pv_handle_read(
			    scope, pv_prose_slice(&prose, token->start, token->end), &plain) ||
			!pv_handle_read(scope, plain, &again) ||
			!pv_handle_host(scope, plain, &host, &is_host))
			abort();
		if (plain.size && plain.bytes[0] != '@' && !pv_handle_same(again, plain))
			abort();
		if (!pv_site_parse(scope, pv_prose_slice(&prose, token->start, token->end), &site))
			abort();
		if (site.whole && site.host.size && !pv_site_covers(&site, &site))
			abort();
	}
	struct pv_voice_found found;
	pv_voice_find(&prose, PV_VOICE_FR | PV_VOICE_EN, NULL, 0, &found);
	if (found.mark.end > prose.n)
		abort();
	struct pv_needle needle;
	struct pv_match match;
	if (!pv_needle_read(scope, text, &needle))
		abort();
	if (pv_words_find(&prose, &needle, 0, 0, &match) && match.end > prose.n)
		abort();
	for (size_t i = 0; i < prose.n; i++) {
		struct pv_match denial;
		match = (struct pv_match){.start = i, .end = i + 1};
		if (pv_wording_denied(&prose, &match, &denial) &&
			(denial.start >= i || denial.end != i + 1))
			abort();
	}
	return 0;
}
