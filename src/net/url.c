/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "net/url.h"

#include "base/mem.h"
#include "base/str.h"

#include <ctype.h>
#include <curl/curl.h>
#include <locale.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static void handle_free(CURLU **handle)
{
	curl_url_cleanup(*handle);
}
#define URL_HANDLE __attribute__((cleanup(handle_free))) CURLU *

/* Spaces and letters beyond ASCII are what people paste; they are encoded, not refused. */
enum { PARSE_FLAGS = CURLU_URLENCODE | CURLU_ALLOW_SPACE };

static enum pv_status fail_code(CURLUcode code, const char *text, struct pv_error *error)
{
	switch (code) {
	case CURLUE_OUT_OF_MEMORY: return pv_fail_nomem(error);
	case CURLUE_BAD_SCHEME:
	case CURLUE_UNSUPPORTED_SCHEME:
		return pv_fail(error, PV_INVALID,
			"« %.200s » n'est pas une adresse http ou https complète.",
			"\"%.200s\" is not a whole http or https address.", text);
	case CURLUE_BAD_PORT_NUMBER:
		return pv_fail(error, PV_INVALID, "Le port de « %.200s » n'existe pas.",
			"The port of \"%.200s\" does not exist.", text);
	default:
		return pv_fail(error, PV_INVALID, "L'adresse « %.200s » est mal formée (%s).",
			"The address \"%.200s\" is malformed (%s).", text, curl_url_strerror(code));
	}
}

static enum pv_status check_text(const char *text, struct pv_error *error)
{
	size_t size = strlen(text);
	if (size > PV_NET_URL_MAX)
		return pv_fail(error, PV_TOO_LARGE, "L'adresse dépasse %d octets.",
			"The address is over %d bytes.", PV_NET_URL_MAX);
	if (!pv_utf8_valid(text, size))
		return pv_fail(error, PV_INVALID, "L'adresse n'est pas en UTF-8.",
			"The address is not UTF-8.");
	for (const char *at = text; *at; at++)
		if ((unsigned char)*at < 0x20 || *at == 0x7F)
			return pv_fail(error, PV_INVALID,
				"L'adresse contient un caractère de contrôle.",
				"The address holds a control character.");
	return PV_OK;
}

/* One part, copied below mem; *out stays NULL when there is none. */
static CURLUcode part(
	TALLOC_CTX *mem, CURLU *handle, CURLUPart what, unsigned flags, const char **out)
{
	char *text = NULL;
	CURLUcode code = curl_url_get(handle, what, &text, flags);
	if (code == CURLUE_OK) {
		*out = talloc_strdup(mem, text);
		code = *out ? CURLUE_OK : CURLUE_OUT_OF_MEMORY;
	}
	curl_free(text);
	return code;
}

static locale_t utf8;
static pthread_once_t utf8_once = PTHREAD_ONCE_INIT;

static void utf8_open(void)
{
	utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
}

/*
 * The host in A-labels. libidn2 reads the bytes in the locale's character set, which in a daemon
 * is often ASCII; for this one call the thread's locale is UTF-8.
 */
static CURLUcode host_part(TALLOC_CTX *mem, CURLU *handle, const char **out)
{
	pthread_once(&utf8_once, utf8_open);
	locale_t before = utf8 ? uselocale(utf8) : (locale_t)0;
	CURLUcode code = part(mem, handle, CURLUPART_HOST, CURLU_PUNYCODE, out);
	if (before)
		uselocale(before);
	/* curl calls letters that no host may have a lack of memory */
	const char *letters_kept;
	if (code == CURLUE_OUT_OF_MEMORY &&
		part(mem, handle, CURLUPART_HOST, 0, &letters_kept) == CURLUE_OK)
		return CURLUE_BAD_HOSTNAME;
	if (code != CURLUE_OK)
		return code;
	/* what was percent-encoded in it is decoded by now, and may be anything */
	static const char letters[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";
	if (**out != '[' && (*out)[strspn(*out, letters)])
		return CURLUE_BAD_HOSTNAME;
	char *lower = talloc_strdup(mem, *out);
	for (char *at = lower; at && *at; at++)
		*at = (char)tolower((unsigned char)*at);
	*out = lower;
	return lower ? CURLUE_OK : CURLUE_OUT_OF_MEMORY;
}

static CURLUcode optional(
	TALLOC_CTX *mem, CURLU *handle, CURLUPart what, CURLUcode none, const char **out)
{
	CURLUcode code = part(mem, handle, what, 0, out);
	return code == none ? CURLUE_OK : code;
}

/* curl leaves a fragment as it was written. */
static CURLUcode encode_fragment(TALLOC_CTX *mem, const char **fragment)
{
	if (!*fragment)
		return CURLUE_OK;
	struct pv_buf text = PV_BUF(mem, 4 * PV_NET_URL_MAX);
	for (const char *at = *fragment; *at; at++)
		if ((unsigned char)*at <= 0x20 || (unsigned char)*at >= 0x7F)
			pv_buf_printf(&text, "%%%02x", (unsigned)(unsigned char)*at);
		else
			pv_buf_char(&text, *at);
	*fragment = pv_buf_end(&text);
	return *fragment ? CURLUE_OK : CURLUE_OUT_OF_MEMORY;
}

static CURLUcode take_apart(TALLOC_CTX *mem, CURLU *handle, struct pv_net_url *url)
{
	const char *port = NULL, *user = NULL, *password = NULL, *zone = NULL;
	CURLUcode code = part(mem, handle, CURLUPART_SCHEME, 0, &url->scheme);
	if (!code)
		code = host_part(mem, handle, &url->host);
	if (!code)
		code = part(mem, handle, CURLUPART_PORT, CURLU_DEFAULT_PORT, &port);
	if (!code)
		code = part(mem, handle, CURLUPART_PATH, 0, &url->path);
	if (!code)
		code = optional(mem, handle, CURLUPART_QUERY, CURLUE_NO_QUERY, &url->query);
	if (!code)
		code = optional(
			mem, handle, CURLUPART_FRAGMENT, CURLUE_NO_FRAGMENT, &url->fragment);
	if (!code)
		code = encode_fragment(mem, &url->fragment);
	if (!code)
		code = optional(mem, handle, CURLUPART_USER, CURLUE_NO_USER, &user);
	if (!code)
		code = optional(mem, handle, CURLUPART_PASSWORD, CURLUE_NO_PASSWORD, &password);
	if (!code)
		code = optional(mem, handle, CURLUPART_ZONEID, CURLUE_NO_ZONEID, &zone);
	if (!code && zone)
		code = CURLUE_BAD_IPV6; /* an interface of this machine is nobody's address */
	if (code)
		return code;
	url->port = (unsigned)strtoul(port, NULL, 10);
	url->user_info = user || password;
	return url->port ? CURLUE_OK : CURLUE_BAD_PORT_NUMBER;
}

static bool default_port(const struct pv_net_url *url)
{
	return url->port == (strcmp(url->scheme, "https") == 0 ? 443u : 80u);
}

static const char *put_together(TALLOC_CTX *mem, const struct pv_net_url *url)
{
	struct pv_buf text = PV_BUF(mem, 4 * PV_NET_URL_MAX);
	pv_buf_printf(&text, "%s://%s", url->scheme, url->host);
	if (!default_port(url))
		pv_buf_printf(&text, ":%u", url->port);
	pv_buf_text(&text, url->path);
	if (url->query)
		pv_buf_printf(&text, "?%s", url->query);
	if (url->fragment)
		pv_buf_printf(&text, "#%s", url->fragment);
	return pv_buf_end(&text);
}

/*
 * "https:///a.example" is "https://a.example" to a browser, which takes any number of slashes of
 * either kind there (WHATWG URL); curl would refuse it, and nobody would look where it leads. With
 * fewer than `least` it is left as it is.
 */
static const char *plain_slashes(TALLOC_CTX *mem, const char *text, size_t least)
{
	size_t scheme = strncasecmp(text, "https:", 6) == 0  ? 6
			: strncasecmp(text, "http:", 5) == 0 ? 5
							     : 0;
	size_t slashes = scheme ? strspn(text + scheme, "/\\") : 0;
	if (slashes < least || (slashes == 2 && strncmp(text + scheme, "//", 2) == 0))
		return text;
	return talloc_asprintf(mem, "%.*s//%s", (int)scheme, text, text + scheme + slashes);
}

enum pv_status pv_net_url_parse(
	TALLOC_CTX *mem, const char *text, struct pv_net_url *out, struct pv_error *error)
{
	enum pv_status status = check_text(text, error);
	if (status != PV_OK)
		return status;
	URL_HANDLE handle = curl_url();
	const char *plain = plain_slashes(mem, text, 1);
	if (!handle || !plain)
		return pv_fail_nomem(error);
	CURLUcode code = curl_url_set(handle, CURLUPART_URL, plain, PARSE_FLAGS);
	struct pv_net_url url = {0};
	if (!code)
		code = take_apart(mem, handle, &url);
	if (!code && strcmp(url.scheme, "http") != 0 && strcmp(url.scheme, "https") != 0)
		code = CURLUE_UNSUPPORTED_SCHEME;
	if (code)
		return fail_code(code, text, error);
	url.text = put_together(mem, &url);
	if (!url.text)
		return pv_fail_nomem(error);
	*out = url;
	return PV_OK;
}

/* curl's joining drops the last segment for "" and "#fragment", which RFC 3986, 5.2.2 keeps. */
static enum pv_status same_document(TALLOC_CTX *mem, const char *base, const char *reference,
	char **out, struct pv_error *error)
{
	char *text = talloc_asprintf(mem, "%.*s%s", (int)strcspn(base, "#"), base, reference);
	if (!text)
		return pv_fail_nomem(error);
	*out = text;
	return PV_OK;
}

enum pv_status pv_net_url_resolve(TALLOC_CTX *mem, const char *base, const char *reference,
	char **out, struct pv_error *error)
{
	struct pv_net_url from, to;
	char *joined = NULL;
	enum pv_status status = pv_net_url_parse(mem, base, &from, error);
	if (status == PV_OK)
		status = check_text(reference, error);
	if (status != PV_OK)
		return status;
	if (!*reference || *reference == '#') {
		status = same_document(mem, from.text, reference, &joined, error);
		if (status != PV_OK)
			return status;
	} else {
		URL_HANDLE handle = curl_url();
		const char *plain = plain_slashes(mem, reference, 2);
		if (!handle || !plain)
			return pv_fail_nomem(error);
		CURLUcode code = curl_url_set(handle, CURLUPART_URL, from.text, PARSE_FLAGS);
		if (!code)
			code = curl_url_set(handle, CURLUPART_URL, plain, PARSE_FLAGS);
		const char *text = NULL;
		if (!code)
			code = part(mem, handle, CURLUPART_URL, 0, &text);
		if (code)
			return fail_code(code, reference, error);
		joined = talloc_strdup(mem, text);
		if (!joined)
			return pv_fail_nomem(error);
	}
	status = pv_net_url_parse(mem, joined, &to, error);
	if (status != PV_OK)
		return status;
	/* user information is no part of the normal form: keep the refusal for whoever asks it */
	char *text = talloc_strdup(mem, to.user_info ? joined : to.text);
	if (!text)
		return pv_fail_nomem(error);
	*out = text;
	return PV_OK;
}

bool pv_net_url_same_origin(const struct pv_net_url *a, const struct pv_net_url *b)
{
	return strcmp(a->scheme, b->scheme) == 0 && strcmp(a->host, b->host) == 0 &&
	       a->port == b->port;
}
