/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/json.h"

#include <stdlib.h>
#include <string.h>

void pv_json_unref(json_t **value)
{
	json_decref(*value);
	*value = NULL;
}

/* Cheaper than parsing: brackets outside strings. */
static bool too_deep(const char *bytes, size_t size)
{
	int depth = 0;
	bool quoted = false;
	for (size_t i = 0; i < size; i++) {
		char c = bytes[i];
		if (quoted) {
			if (c == '\\')
				i++;
			else if (c == '"')
				quoted = false;
		} else if (c == '"') {
			quoted = true;
		} else if (c == '{' || c == '[') {
			if (++depth > PV_JSON_DEPTH_MAX)
				return true;
		} else if (c == '}' || c == ']') {
			depth--;
		}
	}
	return false;
}

static enum pv_status parse(
	const char *bytes, size_t size, size_t flags, json_t **out, struct pv_error *error)
{
	if (size > PV_JSON_BYTES_MAX)
		return pv_fail(error, PV_TOO_LARGE, "Le texte JSON dépasse %d octets.",
			"The JSON text is over %d bytes.", PV_JSON_BYTES_MAX);
	if (too_deep(bytes, size))
		return pv_fail(error, PV_INVALID, "Le texte JSON s'emboîte sur plus de %d niveaux.",
			"The JSON text nests more than %d levels.", PV_JSON_DEPTH_MAX);
	json_error_t problem;
	json_t *value = json_loadb(bytes, size, flags | JSON_DECODE_ANY, &problem);
	if (!value)
		return pv_fail(error, PV_INVALID,
			"Le JSON est mal formé, ligne %d, colonne %d : %s.",
			"The JSON is malformed, line %d, column %d: %s.", problem.line,
			problem.column, problem.text);
	*out = value;
	return PV_OK;
}

enum pv_status pv_json_parse(const char *bytes, size_t size, json_t **out, struct pv_error *error)
{
	return parse(bytes, size, JSON_REJECT_DUPLICATES, out, error);
}

enum pv_status pv_json_parse_foreign(
	const char *bytes, size_t size, json_t **out, struct pv_error *error)
{
	return parse(bytes, size, 0, out, error);
}

const char *pv_json_text(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name));
}

bool pv_json_bool(const json_t *object, const char *name, bool otherwise)
{
	const json_t *value = json_object_get(object, name);
	return json_is_boolean(value) ? json_is_true(value) : otherwise;
}

int64_t pv_json_int(const json_t *object, const char *name, int64_t otherwise)
{
	const json_t *value = json_object_get(object, name);
	return json_is_integer(value) ? (int64_t)json_integer_value(value) : otherwise;
}

char *pv_json_dump(TALLOC_CTX *mem, const json_t *value)
{
	char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
	char *copy = text ? talloc_strdup(mem, text) : NULL;
	free(text);
	return copy;
}
