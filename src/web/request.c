/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/request.h"

#include <stdlib.h>
#include <strings.h>

static const char *const method_names[PV_WEB_METHODS] = {
	[PV_WEB_GET] = "GET",
	[PV_WEB_POST] = "POST",
	[PV_WEB_PUT] = "PUT",
	[PV_WEB_PATCH] = "PATCH",
	[PV_WEB_DELETE] = "DELETE",
	[PV_WEB_OPTIONS] = "OPTIONS",
	[PV_WEB_OTHER] = "other",
};

enum pv_web_method pv_web_method_of(const char *name)
{
	if (strcmp(name, "HEAD") == 0)
		return PV_WEB_GET;
	for (int i = 0; i < PV_WEB_OTHER; i++)
		if (strcmp(name, method_names[i]) == 0)
			return (enum pv_web_method)i;
	return PV_WEB_OTHER;
}

const char *pv_web_method_name(enum pv_web_method method)
{
	return method_names[method];
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static enum pv_status bad_address(struct pv_error *error)
{
	return pv_fail(error, PV_INVALID, "Cette adresse n'est pas écrite comme il faut.",
		"This address is not written as it should be.");
}

/* Percent-decodes; NULL with the error told when an escape is bad or the text is not UTF-8. */
static const char *decode(TALLOC_CTX *mem, const char *bytes, size_t size, bool plus_is_space,
	enum pv_status *status, struct pv_error *error)
{
	char *text = talloc_array(mem, char, size + 1);
	if (!text) {
		*status = pv_fail_nomem(error);
		return NULL;
	}
	size_t n = 0;
	for (size_t i = 0; i < size; i++) {
		if (bytes[i] == '+' && plus_is_space) {
			text[n++] = ' ';
			continue;
		}
		if (bytes[i] != '%') {
			text[n++] = bytes[i];
			continue;
		}
		int high = i + 1 < size ? hex_digit(bytes[i + 1]) : -1;
		int low = high >= 0 && i + 2 < size ? hex_digit(bytes[i + 2]) : -1;
		if (low < 0) {
			*status = bad_address(error);
			return NULL;
		}
		text[n++] = (char)(high * 16 + low);
		i += 2;
	}
	text[n] = '\0';
	if (!pv_utf8_valid(text, n)) {
		*status = bad_address(error);
		return NULL;
	}
	return text;
}

enum pv_status pv_web_form_read(TALLOC_CTX *mem, const char *bytes, size_t size,
	struct pv_web_pair *out, size_t most, size_t *out_n, struct pv_error *error)
{
	size_t n = 0;
	enum pv_status status = PV_OK;
	for (size_t at = 0; at < size;) {
		const char *end = memchr(bytes + at, '&', size - at);
		size_t stop = end ? (size_t)(end - bytes) : size;
		size_t length = stop - at;
		const char *equals = length ? memchr(bytes + at, '=', length) : NULL;
		size_t name_size = equals ? (size_t)(equals - (bytes + at)) : length;
		if (length == 0) {
			at = stop + 1;
			continue;
		}
		if (n == most)
			return pv_fail(error, PV_TOO_LARGE,
				"Cette demande porte plus de %zu paramètres.",
				"This request carries more than %zu parameters.", most);
		const char *name = decode(mem, bytes + at, name_size, true, &status, error);
		if (!name)
			return status;
		const char *value = "";
		if (equals) {
			value = decode(
				mem, equals + 1, length - name_size - 1, true, &status, error);
			if (!value)
				return status;
		}
		out[n++] = (struct pv_web_pair){.name = name, .value = value};
		at = stop + 1;
	}
	*out_n = n;
	return PV_OK;
}

static enum pv_status read_segments(
	struct pv_web_request *request, const char *path, size_t size, struct pv_error *error)
{
	enum pv_status status = PV_OK;
	request->n_segments = 0;
	for (size_t at = 1; at <= size;) {
		const char *end = at < size ? memchr(path + at, '/', size - at) : NULL;
		size_t stop = end ? (size_t)(end - path) : size;
		if (stop == size && stop == at)
			break; /* a final slash adds nothing */
		if (request->n_segments == PV_WEB_SEGMENTS_MAX)
			return pv_fail(error, PV_NOT_FOUND, "Il n'y a rien à cette adresse.",
				"There is nothing at this address.");
		const char *segment =
			decode(request->mem, path + at, stop - at, false, &status, error);
		if (!segment)
			return status;
		request->segments[request->n_segments++] = segment;
		at = stop + 1;
	}
	return PV_OK;
}

enum pv_status pv_web_address_read(
	struct pv_web_request *request, const char *address, struct pv_error *error)
{
	size_t size = strlen(address);
	if (size > PV_WEB_ADDRESS_MAX)
		return pv_fail(error, PV_TOO_LARGE, "Cette adresse est trop longue.",
			"This address is too long.");
	const char *question = memchr(address, '?', size);
	size_t path_size = question ? (size_t)(question - address) : size;
	request->path = talloc_strndup(request->mem, address, path_size);
	if (!request->path)
		return pv_fail_nomem(error);
	if (path_size == 0 || address[0] != '/')
		return bad_address(error);
	enum pv_status status = read_segments(request, request->path, path_size, error);
	if (status != PV_OK || !question)
		return status;
	return pv_web_form_read(request->mem, question + 1, size - path_size - 1, request->query,
		PV_WEB_PAIRS_MAX, &request->n_query, error);
}

const char *pv_web_query(const struct pv_web_request *request, const char *name)
{
	for (size_t i = 0; i < request->n_query; i++)
		if (strcmp(request->query[i].name, name) == 0)
			return request->query[i].value;
	return NULL;
}

const char *pv_web_header(const struct pv_web_request *request, const char *name)
{
	for (size_t i = 0; i < request->n_headers; i++)
		if (strcasecmp(request->headers[i].name, name) == 0)
			return request->headers[i].value;
	return NULL;
}

const char *pv_web_cookie(TALLOC_CTX *mem, const char *header, const char *name)
{
	if (!header || strlen(header) > PV_WEB_COOKIE_MAX)
		return NULL;
	size_t name_size = strlen(name);
	for (const char *at = header; *at;) {
		at += strspn(at, " \t;");
		size_t size = strcspn(at, ";");
		if (size > name_size && at[name_size] == '=' && memcmp(at, name, name_size) == 0) {
			const char *value = at + name_size + 1;
			size_t length = size - name_size - 1;
			while (length && (value[length - 1] == ' ' || value[length - 1] == '\t'))
				length--;
			if (length >= 2 && value[0] == '"' && value[length - 1] == '"') {
				value++;
				length -= 2;
			}
			return talloc_strndup(mem, value, length);
		}
		at += size;
	}
	return NULL;
}

bool pv_web_type_is(const char *header, const char *type)
{
	size_t size = strlen(type);
	if (!header || strncasecmp(header, type, size) != 0)
		return false;
	const char *rest = header + size;
	rest += strspn(rest, " \t");
	return *rest == '\0' || *rest == ';';
}

/* The weight after a language range, 0 … 1000; 1000 when none is given. */
static int quality(const char *from, const char *end)
{
	for (const char *at = from; at < end; at++) {
		if ((*at != 'q' && *at != 'Q') || at + 1 >= end || at[1] != '=')
			continue;
		at += 2;
		int value = at < end && *at == '1' ? 1000 : 0;
		if (at + 1 < end && at[1] == '.' && value == 0)
			for (int i = 2, unit = 100; at + i < end && unit; i++, unit /= 10) {
				if (at[i] < '0' || at[i] > '9')
					break;
				value += (at[i] - '0') * unit;
			}
		return value;
	}
	return 1000;
}

bool pv_web_wants_french(const char *accept_language)
{
	int french = 0, english = 0;
	for (const char *at = accept_language ? accept_language : ""; *at;) {
		at += strspn(at, " \t,");
		const char *end = at + strcspn(at, ",");
		size_t tag = strcspn(at, ",;- \t");
		int weight = quality(at + tag, end);
		if (tag == 2 && strncasecmp(at, "fr", 2) == 0 && weight > french)
			french = weight;
		if (tag == 2 && strncasecmp(at, "en", 2) == 0) {
			/* Equal weights: the one written first. */
			if (weight > english)
				english = weight + (french < weight ? 1 : 0);
		}
		at = end;
	}
	return french > 0 && french >= english;
}

enum pv_status pv_web_limit(const struct pv_web_request *request, int otherwise, int most, int *out,
	struct pv_error *error)
{
	const char *text = pv_web_query(request, "limit");
	if (!text) {
		*out = otherwise;
		return PV_OK;
	}
	char *end = NULL;
	long value = strtol(text, &end, 10);
	if (end == text || *end || value < 1 || value > most)
		return pv_fail_field(error, "/limit", "Indiquez un nombre de 1 à %d.",
			"Give a number from 1 to %d.", most);
	*out = (int)value;
	return PV_OK;
}

bool pv_web_etag_matches(const char *header, const char *etag)
{
	if (!header)
		return false;
	size_t size = strlen(etag);
	for (const char *at = header; *at;) {
		at += strspn(at, " \t,");
		if (*at == '*')
			return true;
		if (at[0] == 'W' && at[1] == '/')
			at += 2;
		size_t length = strcspn(at, ",");
		while (length && (at[length - 1] == ' ' || at[length - 1] == '\t'))
			length--;
		if (length == size && memcmp(at, etag, size) == 0)
			return true;
		at += strcspn(at, ",");
	}
	return false;
}

void pv_web_add_header(struct pv_web_response *response, const char *name, const char *value)
{
	if (value && response->n_headers < PV_WEB_HEADERS_MAX)
		response->headers[response->n_headers++] =
			(struct pv_web_pair){.name = name, .value = value};
}
