/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a journal's page links: the addresses that a policy reads as links wherever they stand. */
#include "text/prose.h"
#include "text/scan.h"

#include <strings.h>

/* A bare host is left alone: in "C'est fait.Et puis", "fait.Et" would lead to Ethiopia. */
static bool has_scheme(struct pv_str link)
{
	return (link.size > 7 && strncasecmp(link.bytes, "http://", 7) == 0) ||
	       (link.size > 8 && strncasecmp(link.bytes, "https://", 8) == 0);
}

void pv_scan_links_journal(struct pv_scan *scan)
{
	TALLOC_CTX *own = talloc_new(scan->mem);
	const struct pv_str text = {scan->start, (size_t)(scan->end - scan->start)};
	struct pv_prose prose;
	if (!own || !pv_prose_read(own, text, NULL, NULL, &prose)) {
		scan->failed = true;
		talloc_free(own);
		return;
	}
	for (size_t i = 0; i < prose.n_tokens; i++) {
		const struct pv_token *token = &prose.tokens[i];
		struct pv_str link = pv_prose_slice(&prose, token->start, token->end);
		if (token->kind == PV_TOKEN_LINK && has_scheme(link))
			pv_scan_add(scan, PV_ENTITY_LINK, link.bytes, link.bytes + link.size, 0);
	}
	talloc_free(own);
}
