/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/assets.h"

#include "web/secure.h"

#include <stdlib.h>

static int by_path(const void *key, const void *element)
{
	return strcmp(key, ((const struct pv_asset *)element)->path);
}

const struct pv_asset *pv_asset_find(const struct pv_asset *list, size_t n, const char *path)
{
	return n ? bsearch(path, list, n, sizeof(*list), by_path) : NULL;
}

/* "gzip" among the codings, unless it is refused with q=0. */
static bool takes_gzip(const struct pv_web_request *request)
{
	const char *header = pv_web_header(request, "accept-encoding");
	const char *gzip = header ? strstr(header, "gzip") : NULL;
	return gzip && strncmp(gzip + 4, ";q=0", 4) != 0;
}

void pv_asset_answer(const struct pv_asset *asset, const struct pv_web_request *request,
	struct pv_web_response *response)
{
	response->cache = asset->hashed ? "public, max-age=31536000, immutable" : "no-cache";
	pv_web_add_header(response, "ETag", asset->etag);
	if (asset->packed)
		pv_web_add_header(response, "Vary", "Accept-Encoding");
	if (pv_web_etag_matches(pv_web_header(request, "if-none-match"), asset->etag)) {
		response->status = 304;
		return;
	}
	response->status = 200;
	response->type = asset->type;
	response->fixed = true;
	if (asset->packed && takes_gzip(request)) {
		pv_web_add_header(response, "Content-Encoding", "gzip");
		response->body = asset->packed;
		response->size = (size_t)(asset->packed_end - asset->packed);
	} else {
		response->body = asset->bytes;
		response->size = (size_t)(asset->bytes_end - asset->bytes);
	}
}

bool pv_asset_interface(const struct pv_web_request *request, struct pv_web_response *response)
{
	const char *path = request->n_segments ? request->path + 1 : "index.html";
	const struct pv_asset *asset = pv_asset_find(pv_assets_ui, pv_assets_ui_n, path);
	if (!asset)
		return false;
	response->policy = pv_web_policy_interface;
	pv_asset_answer(asset, request, response);
	return true;
}
