/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * JSON in and out: jansson with the house's limits. jansson's own memory is counted per value
 * (json_decref); PV_JSON frees at the end of the block.
 *
 *	PV_JSON json_t *body = NULL;
 *	if (pv_json_parse(bytes, size, &body, error) != PV_OK)
 *		return error->status;
 *	const char *text = pv_json_text(body, "text");
 */
#ifndef PV_BASE_JSON_H
#define PV_BASE_JSON_H

#include "base/error.h"

#include <jansson.h>
#include <stdint.h>

void pv_json_unref(json_t **value);
#define PV_JSON __attribute__((cleanup(pv_json_unref)))

/* Larger texts are refused before they are read; jansson itself stops at 2,048 levels. */
enum { PV_JSON_BYTES_MAX = 16 << 20, PV_JSON_DEPTH_MAX = 64 };

/* A whole JSON text, any value at the top, duplicate names refused; words say line and column. */
enum pv_status pv_json_parse(const char *bytes, size_t size, json_t **out, struct pv_error *error);

/*
 * The same for the JSON of a page of the web, read as browsers read it: of two members of one name
 * the last one stands.
 */
enum pv_status pv_json_parse_foreign(
	const char *bytes, size_t size, json_t **out, struct pv_error *error);

/* Members of an object, NULL (or the default) when absent or of another type. */
const char *pv_json_text(const json_t *object, const char *name);
bool pv_json_bool(const json_t *object, const char *name, bool otherwise);
int64_t pv_json_int(const json_t *object, const char *name, int64_t otherwise);

/* One line, no spaces, UTF-8 kept; below `mem`, NULL when memory is out. */
char *pv_json_dump(TALLOC_CTX *mem, const json_t *value);

#endif
