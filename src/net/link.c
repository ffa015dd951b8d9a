/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "net/link.h"

#include "net/url.h"
#include "base/instant.h"

#include <string.h>

struct walk {
	struct pv_env *env;
	TALLOC_CTX *mem;
	int64_t deadline_us;
	const char **chain; /* room for all steps */
	unsigned steps;
};

static bool is_redirect(int status)
{
	return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

static enum pv_status ask(const struct walk *walk, const char *method, const char *url,
	struct pv_http_response *out, struct pv_error *error)
{
	int64_t left_ms = (walk->deadline_us - pv_env_monotonic_us(walk->env)) / 1000;
	if (left_ms <= 0) {
		*out = (struct pv_http_response){
			.outcome = PV_HTTP_NOT_SENT, .reason = "the time was over"};
		return PV_OK;
	}
	static const struct pv_http_header headers[] = {{"Accept", "text/html, */*;q=0.1"}};
	struct pv_http_request request = {
		.method = method,
		.url = url,
		.headers = headers,
		.n_headers = 1,
		.timeout_ms = left_ms,
		.response_limit = PV_NET_LINK_BODY_MAX,
		.guarded = true,
		.cut = true, /* the head of a page tells where it is */
	};
	return pv_env_http(walk->env, walk->mem, &request, out, error);
}

/* HEAD, and GET wherever HEAD's answer may only mean that HEAD is not served. */
static enum pv_status ask_both(const struct walk *walk, const char *url,
	struct pv_http_response *out, struct pv_error *error)
{
	enum pv_status status = ask(walk, "HEAD", url, out, error);
	if (status != PV_OK || out->outcome == PV_HTTP_NOT_SENT)
		return status;
	if (out->outcome == PV_HTTP_ANSWERED && out->status < 400)
		return PV_OK;
	return ask(walk, "GET", url, out, error);
}

static bool seen(const struct walk *walk, const char *url)
{
	for (unsigned i = 0; i <= walk->steps; i++)
		if (strcmp(walk->chain[i], url) == 0)
			return true;
	return false;
}

static struct pv_words end_words(enum pv_net_link_end end)
{
	static const struct pv_words words[] = {
		[PV_NET_LINK_PAGE] = {"", ""},
		[PV_NET_LINK_GONE] = {"La page n'existe pas, ou plus, à cette adresse.",
			"There is no page, or none any more, at this address."},
		[PV_NET_LINK_LOOP] = {"Le lien tourne en rond : il revient à une adresse déjà vue.",
			"The link goes in circles: it comes back to an address already seen."},
		[PV_NET_LINK_TOO_LONG] = {"Le lien passe par plus de 10 adresses.",
			"The link passes through more than 10 addresses."},
		[PV_NET_LINK_GUARDED] = {"Le lien mène hors de l'internet public.",
			"The link leads outside the public internet."},
		[PV_NET_LINK_NO_ANSWER] = {"Le site du lien ne répond pas, ou pas à temps.",
			"The link's site does not answer, or not in time."},
		[PV_NET_LINK_ODD] = {"Le site du lien donne une réponse qui ne mène nulle part.",
			"The link's site gives an answer that leads nowhere."},
	};
	return words[end];
}

static enum pv_status finish(const struct walk *walk, enum pv_net_link_end end,
	const struct pv_words *why, struct pv_net_link *out)
{
	*out = (struct pv_net_link){
		.known = end == PV_NET_LINK_PAGE || end == PV_NET_LINK_GONE,
		.end = end,
		.final_url = walk->chain[walk->steps],
		.steps = walk->steps,
		.chain = walk->chain,
		.why = why ? *why : end_words(end),
	};
	return PV_OK;
}

/* What a last answer means: any page, even a closed one, is where the link leads. */
static enum pv_net_link_end end_of(const struct pv_http_response *response)
{
	if (response->outcome != PV_HTTP_ANSWERED)
		return PV_NET_LINK_NO_ANSWER;
	if (response->status == 404 || response->status == 410)
		return PV_NET_LINK_GONE;
	return response->status < 500 && !is_redirect(response->status) ? PV_NET_LINK_PAGE
									: PV_NET_LINK_ODD;
}

static enum pv_status follow(struct walk *walk, struct pv_net_link *out, struct pv_error *error)
{
	for (;;) {
		const char *here = walk->chain[walk->steps];
		struct pv_http_response response;
		struct pv_error said = PV_ERROR_IN(walk->mem);
		enum pv_status status = ask_both(walk, here, &response, &said);
		if (status == PV_INVALID)
			return finish(walk, PV_NET_LINK_GUARDED, &said.words, out);
		if (status == PV_NOMEM)
			return pv_fail_nomem(error);
		if (status != PV_OK)
			return finish(walk, PV_NET_LINK_NO_ANSWER, &said.words, out);
		const char *location =
			response.outcome == PV_HTTP_ANSWERED && is_redirect(response.status)
				? pv_http_header(&response, "location")
				: NULL;
		if (!location)
			return finish(walk, end_of(&response), NULL, out);
		char *next;
		status = pv_net_url_resolve(walk->mem, here, location, &next, NULL);
		if (status == PV_NOMEM)
			return pv_fail_nomem(error);
		if (status != PV_OK)
			return finish(walk, PV_NET_LINK_ODD, NULL, out);
		if (seen(walk, next))
			return finish(walk, PV_NET_LINK_LOOP, NULL, out);
		if (walk->steps == PV_NET_LINK_STEPS_MAX)
			return finish(walk, PV_NET_LINK_TOO_LONG, NULL, out);
		walk->chain[++walk->steps] = next;
	}
}

enum pv_status pv_net_link_unwrap(struct pv_env *env, TALLOC_CTX *mem, const char *url,
	int64_t timeout_ms, struct pv_net_link *out, struct pv_error *error)
{
	struct pv_net_url first;
	enum pv_status status = pv_net_url_parse(mem, url, &first, error);
	if (status != PV_OK)
		return status;
	if (timeout_ms <= 0)
		timeout_ms = PV_NET_LINK_TIMEOUT_MS;
	struct walk walk = {
		.env = env,
		.mem = mem,
		.deadline_us = pv_env_monotonic_us(env) + timeout_ms * 1000,
		.chain = talloc_zero_array(mem, const char *, PV_NET_LINK_STEPS_MAX + 1),
	};
	if (!walk.chain)
		return pv_fail_nomem(error);
	walk.chain[0] = first.text;
	return follow(&walk, out, error);
}
