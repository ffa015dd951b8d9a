/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/instant.h"
#include "base/json.h"
#include "base/mem.h"
#include "collect/collector.h"
#include "desk/judging.h"
#include "net/link.h"

static enum pv_status keep_end(struct pv_desk *desk, TALLOC_CTX *mem, const char *url,
	const struct pv_net_link *link, struct pv_error *error)
{
	const char *why = "";
	if (!link->known && link->why.fr) {
		PV_JSON json_t *pair =
			json_pack("{s:s,s:s}", "fr", link->why.fr, "en", link->why.en);
		why = pair ? pv_json_dump(mem, pair) : NULL;
		if (!why)
			return pv_fail_nomem(error);
	}
	return pv_desk_resolution_keep(desk, url, link->known ? link->final_url : "", why, error);
}

enum pv_status pv_collect_links(
	struct pv_desk *desk, TALLOC_CTX *mem, const char *text, struct pv_error *error)
{
	const char **urls;
	size_t n;
	enum pv_status status =
		pv_desk_links_to_resolve(desk, mem, text, PV_DAY_US, &urls, &n, error);
	for (size_t i = 0; status == PV_OK && i < n && i < PV_COLLECT_TURN_MAX; i++) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		struct pv_net_link link;
		status = pv_net_link_unwrap(desk->env, scope, urls[i], 0, &link, error);
		if (status == PV_INVALID) { /* no address at all: nothing to keep */
			status = PV_OK;
			continue;
		}
		if (status == PV_OK)
			status = keep_end(desk, scope, urls[i], &link, error);
	}
	return status;
}
