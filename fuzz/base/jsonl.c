/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Whatever a line holds: the cursor takes what jansson takes, and reads the same strings. */
#include "base/json.h"
#include "base/jsonl.h"
#include "base/mem.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void require(bool promise)
{
	if (!promise)
		__builtin_trap();
}

/* jansson bounds its numbers and its depth otherwise. */
static bool is_other_limit(const json_error_t *problem)
{
	enum json_error_code code = json_error_code(problem);
	return code == json_error_numeric_overflow || code == json_error_stack_overflow;
}

/* A top-level object's strings, one by one. */
static void compare_members(struct pv_jsonl_cursor *c, const json_t *object, bool once)
{
	for (bool more = pv_jsonl_enter(c, '{'); more; more = pv_jsonl_more(c, '}')) {
		struct pv_str name, value;
		require(pv_jsonl_string(c, &name) && pv_jsonl_colon(c));
		if (pv_jsonl_peek(c) != '"') {
			require(pv_jsonl_skip(c, NULL));
			continue;
		}
		require(pv_jsonl_string(c, &value));
		if (memchr(name.bytes, 0, name.size))
			continue;
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		const json_t *theirs = json_object_get(object, pv_str_dup(scope, name));
		require(theirs);
		/* of a name given twice jansson keeps the last: compare those given once */
		if (once)
			require(json_is_string(theirs) &&
				json_string_length(theirs) == value.size &&
				memcmp(json_string_value(theirs), value.bytes, value.size) == 0);
	}
	require(pv_jsonl_end(c));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_jsonl_cursor c = PV_JSONL_CURSOR(scope);
	const char *text = (const char *)bytes;
	json_error_t problem;
	PV_JSON json_t *theirs = json_loadb(text, size, JSON_DECODE_ANY | JSON_ALLOW_NUL, &problem);
	pv_jsonl_begin(&c, text, size);
	struct pv_str raw;
	bool taken = pv_jsonl_skip(&c, &raw) && pv_jsonl_end(&c);
	require(taken == (c.problem.en == NULL));
	require(pv_jsonl_column(&c) <= size + 1);
	if (taken != (theirs != NULL)) {
		/* a NUL inside a name is jansson's own limit too */
		bool named =
			theirs == NULL && json_error_code(&problem) == json_error_null_byte_in_key;
		bool deep = c.problem.en && strstr(c.problem.en, "deeply");
		/* and a NUL after the text is its end to jansson */
		bool ended = theirs && memchr(text, 0, size);
		require(named || deep || ended || (taken && is_other_limit(&problem)));
		return 0;
	}
	if (taken && json_is_object(theirs)) {
		pv_jsonl_begin(&c, text, size);
		PV_JSON json_t *strict = json_loadb(text, size,
			JSON_DECODE_ANY | JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, NULL);
		compare_members(&c, theirs, strict != NULL);
	}
	return 0;
}
