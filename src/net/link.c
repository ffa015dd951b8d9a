/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "net/link.h"

#include "base/instant.h"
#include "base/mem.h"
#include "net/url.h"
#include "net/wrap.h"

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

static enum pv_status ask(const struct walk *walk, const char *url, struct pv_http_response *out,
	struct pv_error *error)
{
	int64_t left_ms = (walk->deadline_us - pv_env_monotonic_us(walk->env)) / 1000;
	if (left_ms <= 0) {
		*out = (struct pv_http_response){
			.outcome = PV_HTTP_NOT_SENT, .reason = "the time was over"};
		return PV_OK;
	}
	static const struct pv_http_header headers[] = {
		{"Accept", "text/html, application/xhtml+xml, */*;q=0.1"}};
	struct pv_http_request request = {
		.method = "GET",
		.url = url,
		.headers = headers,
		.n_headers = PV_COUNT(headers),
		.timeout_ms = left_ms,
		.response_limit = PV_NET_PAGE_BYTES_MAX,
		.guarded = true,
		.cut = true, /* the head of a page tells what is asked here */
	};
	return pv_env_http(walk->env, walk->mem, &request, out, error);
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
		[PV_NET_LINK_SHUT] = {"Le service de liens courts montre une page à lui : où mène "
				      "le lien ne se voit pas.",
			"The short link's service shows a page of its own: where the link leads "
			"cannot be seen."},
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

/* The page at the end of the walk; `*out` NULL when it is none to read. */
static enum pv_status read_page(const struct walk *walk, const struct pv_http_response *response,
	struct pv_net_page **out, struct pv_error *error)
{
	const char *type = pv_http_header(response, "content-type");
	*out = NULL;
	if (response->outcome != PV_HTTP_ANSWERED || response->status != 200 ||
		!pv_net_page_is_html(type))
		return PV_OK;
	const struct pv_net_page_in in = {.bytes = response->body,
		.size = response->body_size,
		.type = type,
		.url = walk->chain[walk->steps]};
	*out = talloc_zero(walk->mem, struct pv_net_page);
	return *out ? pv_net_page_read(walk->mem, &in, *out, error) : pv_fail_nomem(error);
}

/* Where an answer sends on to: a redirect's address, else what the page or the Refresh field says. */
static const char *onward(const struct walk *walk, const struct pv_http_response *response,
	const struct pv_net_page *page)
{
	if (response->outcome != PV_HTTP_ANSWERED)
		return NULL;
	if (is_redirect(response->status))
		return pv_http_header(response, "location");
	const char *refresh = pv_http_header(response, "refresh");
	if (refresh)
		refresh = pv_net_page_refresh(walk->mem, walk->chain[walk->steps], refresh);
	return refresh ? refresh : page && *page->refresh ? page->refresh : NULL;
}

/* A short address that shows a page: not where it leads, unless it is the service's own front. */
static bool is_shut(const struct walk *walk)
{
	struct pv_net_url here;
	return pv_net_url_parse(walk->mem, walk->chain[walk->steps], &here, NULL) == PV_OK &&
	       pv_net_is_shortener(here.host) && strcmp(here.path, "/") != 0;
}

static enum pv_status arrive(const struct walk *walk, const struct pv_http_response *response,
	const struct pv_net_page *page, struct pv_net_link *out)
{
	enum pv_net_link_end end = end_of(response);
	if (end == PV_NET_LINK_PAGE && is_shut(walk))
		end = PV_NET_LINK_SHUT;
	enum pv_status status = finish(walk, end, NULL, out);
	out->page = end == PV_NET_LINK_PAGE ? page : NULL;
	return status;
}

/* One more step to `next`; true when the walk ends here instead. */
static bool step(struct walk *walk, const char *next, struct pv_net_link *out)
{
	if (seen(walk, next))
		finish(walk, PV_NET_LINK_LOOP, NULL, out);
	else if (walk->steps == PV_NET_LINK_STEPS_MAX)
		finish(walk, PV_NET_LINK_TOO_LONG, NULL, out);
	else
		walk->chain[++walk->steps] = next;
	return walk->chain[walk->steps] != next;
}

static enum pv_status follow(struct walk *walk, struct pv_net_link *out, struct pv_error *error)
{
	for (;;) {
		const char *here = walk->chain[walk->steps];
		struct pv_http_response response;
		struct pv_net_page *page;
		struct pv_error said = PV_ERROR_IN(walk->mem);
		char *next;
		enum pv_status status = pv_net_wrap_inside(walk->mem, here, &next, error);
		if (status != PV_OK)
			return status;
		if (next) {
			if (step(walk, next, out))
				return PV_OK;
			continue;
		}
		status = ask(walk, here, &response, &said);
		if (status == PV_INVALID)
			return finish(walk, PV_NET_LINK_GUARDED, &said.words, out);
		if (status == PV_NOMEM)
			return pv_fail_nomem(error);
		if (status != PV_OK)
			return finish(walk, PV_NET_LINK_NO_ANSWER, &said.words, out);
		status = read_page(walk, &response, &page, error);
		if (status != PV_OK)
			return status;
		const char *location = onward(walk, &response, page);
		if (!location)
			return arrive(walk, &response, page, out);
		status = pv_net_url_resolve(walk->mem, here, location, &next, NULL);
		if (status == PV_NOMEM)
			return pv_fail_nomem(error);
		if (status != PV_OK)
			return finish(walk, PV_NET_LINK_ODD, NULL, out);
		if (step(walk, next, out))
			return PV_OK;
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
