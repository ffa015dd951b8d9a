/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Files that live in the program: the interface, the API's description, the sample policies. Written
 * at build time by tools/embed.sh, each with its digest and, where it helps, compressed once and
 * for all.
 */
#ifndef PV_WEB_ASSETS_H
#define PV_WEB_ASSETS_H

#include "web/request.h"

struct pv_asset {
	const char *path; /* "assets/index-Bx3.js" */
	const char *type;
	const char *etag; /* with its quotes */
	const char *bytes, *bytes_end;
	const char *packed, *packed_end; /* gzip; NULL: not worth it */
	bool hashed;                     /* its name changes with its content: cached for good */
};

/* Sorted by path. */
extern const struct pv_asset pv_assets_ui[];
extern const size_t pv_assets_ui_n;
extern const struct pv_asset pv_assets_data[];
extern const size_t pv_assets_data_n;

const struct pv_asset *pv_asset_find(const struct pv_asset *list, size_t n, const char *path);

/* Makes it the answer, 304 when the caller has it already. */
void pv_asset_answer(const struct pv_asset *asset, const struct pv_web_request *request,
	struct pv_web_response *response);

/*
 * A path of the interface: the file, or index.html for "/" (the interface's own places stand behind
 * '#'). False: there is no such file.
 */
bool pv_asset_interface(const struct pv_web_request *request, struct pv_web_response *response);

#endif
