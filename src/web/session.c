/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/session.h"

#include "web/house.h"

#include <arpa/inet.h>
#include <strings.h>

static enum pv_status sign_in_first(struct pv_error *error)
{
	return pv_fail(error, PV_UNAUTHENTICATED, "Ouvrez une session pour continuer.",
		"Sign in to go on.");
}

enum pv_status pv_web_who_asks(struct pv_web_call *call, struct pv_error *error)
{
	const char *authorization = pv_web_header(call->request, "authorization");
	enum pv_status status;
	if (call->route->who == PV_WEB_ANYONE)
		return PV_OK;
	if (authorization) {
		if (strncasecmp(authorization, "Bearer ", 7) != 0)
			return sign_in_first(error);
		const char *secret = authorization + 7 + strspn(authorization + 7, " ");
		status = pv_desk_token_check(call->desk, call->mem, secret, &call->login, error);
	} else {
		const char *secret = pv_web_cookie(
			call->mem, pv_web_header(call->request, "cookie"), PV_WEB_COOKIE);
		if (!secret)
			return sign_in_first(error);
		status = pv_desk_session_check(call->desk, call->mem, secret, &call->login, error);
	}
	if (status != PV_OK)
		return status;
	call->signed_in = true;
	call->actor = &call->login.actor;
	return PV_OK;
}

/* The host of "http://host:port/…" or "host:port", in lower case and without brackets. */
static char *host_of(TALLOC_CTX *mem, const char *text)
{
	const char *scheme = strstr(text, "://");
	const char *from = scheme ? scheme + 3 : text;
	size_t size;
	if (*from == '[') {
		from++;
		size = strcspn(from, "]");
	} else {
		size = strcspn(from, ":/?#");
	}
	char *host = talloc_strndup(mem, from, size);
	for (char *at = host; at && *at; at++)
		if (*at >= 'A' && *at <= 'Z')
			*at = (char)(*at + 'a' - 'A');
	return host;
}

enum pv_status pv_web_right_host(
	struct pv_web *web, const struct pv_web_request *request, struct pv_error *error)
{
	unsigned char bytes[sizeof(struct in6_addr)];
	const char *header = pv_web_header(request, "host");
	if (web->options.any_host)
		return PV_OK;
	if (!header)
		return pv_fail(
			error, PV_INVALID, "L'en-tête Host manque.", "The Host header is missing.");
	char *host = host_of(request->mem, header);
	if (!host)
		return pv_fail_nomem(error);
	if (inet_pton(AF_INET, host, bytes) == 1 || inet_pton(AF_INET6, host, bytes) == 1 ||
		strcmp(host, "localhost") == 0 || pv_streq(host, web->host))
		return PV_OK;
	return pv_fail(error, PV_DENIED,
		"Ce bureau ne répond pas au nom « %s » : démarrez-le avec --base-url.",
		"This desk does not answer to the name \"%s\": start it with --base-url.", host);
}

/* A page elsewhere makes the browser say so: Origin, or Sec-Fetch-Site. */
static enum pv_status same_origin(struct pv_web_call *call, struct pv_error *error)
{
	const char *origin = pv_web_header(call->request, "origin");
	const char *site = pv_web_header(call->request, "sec-fetch-site");
	bool ours = !site || strcmp(site, "cross-site") != 0;
	if (origin && ours) {
		const char *host = pv_web_header(call->request, "host");
		const char *scheme = strstr(origin, "://");
		ours = (scheme && host && strcasecmp(scheme + 3, host) == 0) ||
		       pv_streq(origin, call->desk->base_url);
	}
	if (ours)
		return PV_OK;
	return pv_fail(error, PV_DENIED, "Cette demande vient d'un autre site.",
		"This request comes from another site.");
}

enum pv_status pv_web_may_change(struct pv_web_call *call, struct pv_error *error)
{
	if (call->signed_in && !call->login.csrf) {
		if (call->actor->may_write || call->route->reads)
			return PV_OK;
		return pv_fail(error, PV_DENIED, "Ce jeton permet de lire, non de changer.",
			"This token may read, not change.");
	}
	enum pv_status status = same_origin(call, error);
	if (status != PV_OK || !call->signed_in)
		return status;
	const char *csrf = pv_web_header(call->request, "x-csrf-token");
	if (csrf && pv_desk_csrf_right(&call->login, csrf))
		return PV_OK;
	return pv_fail(error, PV_DENIED,
		"L'en-tête X-CSRF-Token manque ou n'est plus le bon : rechargez la page.",
		"The X-CSRF-Token header is missing or no longer right: load the page again.");
}

enum pv_status pv_web_set_cookie(
	struct pv_web_call *call, const char *secret, int64_t expires_at_us, struct pv_error *error)
{
	int64_t life_s = (expires_at_us - pv_env_now_us(call->desk->env)) / PV_SECOND_US;
	char *cookie = talloc_asprintf(call->mem,
		PV_WEB_COOKIE "=%s; Path=/; HttpOnly; SameSite=Lax; Max-Age=%lld%s", secret,
		*secret ? (long long)life_s : 0LL, call->web->https ? "; Secure" : "");
	if (!cookie)
		return pv_fail_nomem(error);
	pv_web_add_header(call->response, "Set-Cookie", cookie);
	return PV_OK;
}
