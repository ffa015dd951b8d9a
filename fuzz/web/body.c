/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A JSON body as the API reads it: into a variant, and every text in it written out again is the
 * same text when it is read back.
 */
#include "base/json.h"
#include "base/mem.h"
#include "web/api/variant_parts.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void require(bool promise)
{
	if (!promise)
		__builtin_trap();
}

static void write_and_read(TALLOC_CTX *mem, const char *text)
{
	struct pv_buf buf = PV_BUF(mem, 1 << 20);
	struct pv_out out = PV_OUT(&buf);
	PV_JSON json_t *again = NULL;
	pv_out_open(&out, NULL, '{');
	pv_out_text(&out, "text", text);
	pv_out_int(&out, "size", (int64_t)strlen(text));
	pv_out_time(&out, "at", (int64_t)strlen(text) * 123456789);
	pv_out_close(&out, '}');
	require(pv_json_parse(buf.bytes, buf.size, &again, NULL) == PV_OK);
	require(strcmp(pv_json_text(again, "text"), text) == 0);
	require(pv_json_int(again, "size", -1) == (int64_t)strlen(text));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	PV_SCOPE TALLOC_CTX *mem = pv_scope(NULL);
	PV_JSON json_t *body = NULL;
	struct pv_variant_in in;
	struct pv_error error = PV_ERROR_IN(mem);
	if (pv_json_parse((const char *)bytes, size, &body, NULL) != PV_OK)
		return 0;
	if (pv_api_variant_in(body, "/variants/0", &in, &error) == PV_OK) {
		require(in.due.kind != PV_DUE_LOCAL || (in.due.date && in.due.time));
		if (in.text)
			write_and_read(mem, in.text);
	} else {
		require(error.n_problems > 0 && error.status == PV_INVALID);
	}
	return 0;
}
