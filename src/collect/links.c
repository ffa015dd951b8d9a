/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/instant.h"
#include "base/json.h"
#include "base/mem.h"
#include "collect/collector.h"
#include "desk/judging.h"
#include "net/link.h"

static json_t *texts_json(const char *const *texts, size_t n)
{
	json_t *list = json_array();
	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, json_string(texts[i]));
	return list;
}

static json_t *author_json(const struct pv_net_author *author)
{
	json_t *out = json_pack("{s:s}", "via", author->via);
	if (*author->name)
		json_object_set_new(out, "name", json_string(author->name));
	if (author->n_urls)
		json_object_set_new(out, "urls", texts_json(author->urls, author->n_urls));
	return out;
}

/* What a page says of itself, as cases hold it; "{}" when it says nothing. */
static char *page_json(TALLOC_CTX *mem, const struct pv_net_page *page)
{
	PV_JSON json_t *out = json_object();
	if (*page->canonical)
		json_object_set_new(out, "canonical", json_string(page->canonical));
	if (page->n_authors) {
		json_t *authors = json_array();
		for (size_t i = 0; i < page->n_authors; i++)
			json_array_append_new(authors, author_json(&page->authors[i]));
		json_object_set_new(out, "authors", authors);
	}
	if (page->n_me)
		json_object_set_new(out, "me", texts_json(page->me, page->n_me));
	return pv_json_dump(mem, out);
}

static char *why_json(TALLOC_CTX *mem, struct pv_words why)
{
	PV_JSON json_t *pair = json_pack("{s:s,s:s}", "fr", why.fr, "en", why.en);
	return pair ? pv_json_dump(mem, pair) : NULL;
}

/*
 * An end that is known but is no page of HTML says nothing: what another page said there before is
 * no longer so. Where nobody answers, it may still be.
 */
static enum pv_status keep_end(struct pv_desk *desk, TALLOC_CTX *mem, const char *url,
	const struct pv_net_link *link, struct pv_error *error)
{
	const char *why = "", *page = link->known ? "{}" : "";
	bool known = false;
	if (!link->known) {
		enum pv_status status = pv_desk_resolution_known(
			desk, url, PV_COLLECT_LINKS_FRESH_S * PV_SECOND_US, &known, error);
		if (status != PV_OK || known)
			return status;
		why = link->why.fr ? why_json(mem, link->why) : "";
	}
	if (link->page)
		page = page_json(mem, link->page);
	if (!why || !page)
		return pv_fail_nomem(error);
	return pv_desk_resolution_keep(
		desk, url, link->known ? link->final_url : "", why, page, error);
}

/* What is no address is kept as an unknown end, or it would be asked about for ever. */
static enum pv_status follow_one(
	struct pv_desk *desk, const char *url, int64_t left_ms, struct pv_error *error)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_net_link link;
	struct pv_error said = PV_ERROR_IN(scope);
	int64_t timeout_ms = left_ms < PV_NET_LINK_TIMEOUT_MS ? left_ms : PV_NET_LINK_TIMEOUT_MS;
	enum pv_status status = pv_net_link_unwrap(desk->env, scope, url, timeout_ms, &link, &said);
	if (status == PV_INVALID || status == PV_TOO_LARGE)
		link = (struct pv_net_link){.why = said.words};
	else if (status != PV_OK)
		return pv_fail_nomem(error);
	return keep_end(desk, scope, url, &link, error);
}

static enum pv_status follow(struct pv_desk *desk, TALLOC_CTX *mem, const char *text,
	int64_t fresh_s, int64_t timeout_ms, struct pv_error *error)
{
	const char **urls;
	size_t n;
	int64_t end_us = pv_env_monotonic_us(desk->env) + timeout_ms * 1000;
	enum pv_status status =
		pv_desk_links_to_resolve(desk, mem, text, fresh_s * PV_SECOND_US, &urls, &n, error);
	for (size_t i = 0; status == PV_OK && i < n && i < PV_COLLECT_TURN_MAX; i++) {
		int64_t left_ms = (end_us - pv_env_monotonic_us(desk->env)) / 1000;
		if (left_ms <= 0)
			break;
		status = follow_one(desk, urls[i], left_ms, error);
	}
	return status;
}

enum pv_status pv_collect_links(
	struct pv_desk *desk, TALLOC_CTX *mem, const char *text, struct pv_error *error)
{
	return follow(
		desk, mem, text, PV_COLLECT_LINKS_FRESH_S, PV_COLLECT_LINKS_TIMEOUT_MS, error);
}

enum pv_status pv_collect_links_again(
	struct pv_desk *desk, TALLOC_CTX *mem, const char *text, struct pv_error *error)
{
	return follow(desk, mem, text, PV_COLLECT_LINKS_AGAIN_S, PV_COLLECT_LINKS_AGAIN_MS, error);
}
