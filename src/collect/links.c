/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/instant.h"
#include "base/json.h"
#include "base/mem.h"
#include "collect/collector.h"
#include "collect/look.h"
#include "desk/judging.h"
#include "desk/posts.h"
#include "net/link.h"
#include "store/resolution.h"

#include <string.h>

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
 * no longer so. Where nobody answers, it may still be, and so may the end be that was known within a
 * day; else as far as the link was unwrapped or sent on before its site fell silent.
 */
static enum pv_status keep_end(struct pv_desk *desk, TALLOC_CTX *mem, const char *url,
	const struct pv_net_link *link, struct pv_error *error)
{
	const char *why = "", *page = link->known ? "{}" : "";
	const char *end = link->known || link->steps ? link->final_url : "", *was = NULL;
	enum pv_status status = PV_OK;
	if (!link->known) {
		status = pv_desk_resolution_known(
			desk, mem, url, PV_COLLECT_LINKS_FRESH_S * PV_SECOND_US, &was, error);
		why = link->why.fr ? why_json(mem, link->why) : "";
	}
	if (link->page)
		page = page_json(mem, link->page);
	if (status == PV_OK && (!why || !page))
		return pv_fail_nomem(error);
	if (status == PV_OK)
		status = pv_desk_resolution_keep(desk, url, was ? was : end, why, page, error);
	return status;
}

/* What is kept of a link now: enough to see whether a look changed anything. "" : nothing. */
static enum pv_status kept_of(struct pv_desk *desk, TALLOC_CTX *mem, const char *url,
	const char **out, struct pv_error *error)
{
	struct pv_resolution_row row;
	enum pv_status status = pv_resolution_find(desk->db, mem, url, &row, error);
	*out = "";
	if (status == PV_NOT_FOUND)
		return PV_OK;
	if (status == PV_OK)
		*out = talloc_asprintf(mem, "%s %s", row.final_url, row.page ? row.page : "");
	return status == PV_OK && !*out ? pv_fail_nomem(error) : status;
}

/*
 * What is no address is kept as an unknown end, or it would be asked about for ever. One that was
 * silent only for as long as our own patience was cut short was not looked at.
 */
static enum pv_status follow_one(struct pv_desk *desk, const char *url, int64_t left_ms,
	struct pv_collect_look *look, struct pv_error *error)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_net_link link;
	struct pv_error said = PV_ERROR_IN(scope);
	const char *before, *after;
	bool whole = left_ms >= PV_NET_LINK_TIMEOUT_MS;
	enum pv_status status = pv_net_link_unwrap(
		desk->env, scope, url, whole ? PV_NET_LINK_TIMEOUT_MS : left_ms, &link, &said);
	if (status == PV_INVALID || status == PV_TOO_LARGE)
		link = (struct pv_net_link){.why = said.words, .end = PV_NET_LINK_ODD};
	else if (status != PV_OK)
		return pv_fail_nomem(error);
	if (!whole && !link.known && link.end == PV_NET_LINK_NO_ANSWER) {
		look->left++;
		return PV_OK;
	}
	status = kept_of(desk, scope, url, &before, error);
	if (status == PV_OK)
		status = keep_end(desk, scope, url, &link, error);
	if (status == PV_OK)
		status = kept_of(desk, scope, url, &after, error);
	if (status == PV_OK)
		look->changed |= strcmp(before, after) != 0;
	return status;
}

enum pv_status pv_collect_look(struct pv_desk *desk, TALLOC_CTX *mem, const char *text,
	int64_t fresh_s, int64_t timeout_ms, struct pv_collect_look *out, struct pv_error *error)
{
	const char **urls;
	size_t n;
	struct pv_collect_look look = {0};
	int64_t end_us = pv_env_monotonic_us(desk->env) + timeout_ms * 1000;
	enum pv_status status =
		pv_desk_links_to_resolve(desk, mem, text, fresh_s * PV_SECOND_US, &urls, &n, error);
	for (size_t i = 0; status == PV_OK && i < n; i++) {
		int64_t left_ms = (end_us - pv_env_monotonic_us(desk->env)) / 1000;
		if (left_ms <= 0) {
			look.left += n - i;
			break;
		}
		status = follow_one(desk, urls[i], left_ms, &look, error);
	}
	if (status == PV_OK)
		*out = look;
	return status;
}

enum pv_status pv_collect_links(
	struct pv_desk *desk, TALLOC_CTX *mem, const char *text, struct pv_error *error)
{
	struct pv_collect_look look;
	return pv_collect_look(desk, mem, text, PV_COLLECT_LINKS_FRESH_S,
		PV_COLLECT_LINKS_TIMEOUT_MS, &look, error);
}

static enum pv_status fail_left(size_t left, struct pv_error *error)
{
	if (left == 1)
		return pv_fail(error, PV_UNAVAILABLE,
			"Un lien n'a pas pu être vérifié : retirez-le, ou réessayez dans un "
			"moment.",
			"One link could not be checked: take it out, or try again in a moment.");
	return pv_fail(error, PV_UNAVAILABLE,
		"%zu liens n'ont pas pu être vérifiés : retirez-en, ou réessayez dans un moment.",
		"%zu links could not be checked: take some out, or try again in a moment.", left);
}

enum pv_status pv_collect_links_again(
	struct pv_desk *desk, TALLOC_CTX *mem, const char *text, struct pv_error *error)
{
	struct pv_collect_look look;
	enum pv_status status = pv_desk_links_check(mem, text, error);
	if (status == PV_OK)
		status = pv_collect_look(desk, mem, text, PV_COLLECT_LINKS_AGAIN_S,
			PV_COLLECT_LINKS_AGAIN_MS, &look, error);
	return status == PV_OK && look.left ? fail_left(look.left, error) : status;
}

enum pv_status pv_collect_variant_links(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *variant_id, struct pv_error *error)
{
	struct pv_desk_variant *variant = NULL;
	struct pv_error lost = PV_ERROR_IN(mem); /* a page without a publication leaves its mark */
	enum pv_status status = pv_desk_variant_get(desk, mem, actor, variant_id, &variant, &lost);
	if (status != PV_OK && error)
		*error = lost;
	if (status != PV_OK)
		return status;
	const char *said = pv_variant_said(mem, &variant->row);
	return said ? pv_collect_links_again(desk, mem, said, error) : pv_fail_nomem(error);
}
