/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The part of a case that tells where the post's links lead: `resolves`, `pages` and the post's
 * `item`, as far as anybody looked. All of it is kept with the judgement.
 */
#include "base/json.h"
#include "desk/variants.h"
#include "store/item.h"
#include "store/post.h"
#include "text/address.h"

#include <string.h>

struct links {
	struct pv_desk *desk;
	TALLOC_CTX *mem;
	json_t *json; /* the case */
	json_t *resolves, *pages;
	const char **feeds; /* comparable addresses of the feeds that registers of the case name */
	size_t n_feeds;
	struct pv_error *error;
};

/* ---- feeds ------------------------------------------------------------------------------------- */

static enum pv_status gather_of_tie(struct links *links, const json_t *tie)
{
	const json_t *feeds = json_object_get(tie, "feeds");
	for (size_t i = 0; i < json_array_size(feeds); i++) {
		const char *url = json_string_value(json_array_get(feeds, i));
		const char **grown =
			talloc_realloc(links->mem, links->feeds, const char *, links->n_feeds + 1);
		const char *key = url ? pv_address_key(links->mem, pv_str(url)) : NULL;
		if (!grown || (url && !key))
			return pv_fail_nomem(links->error);
		links->feeds = grown;
		if (key && *key)
			grown[links->n_feeds++] = key;
	}
	return PV_OK;
}

/* Only feeds that a register of the case names go into it: the others are nobody's business. */
static enum pv_status gather_feeds(struct links *links)
{
	json_t *people = json_object_get(links->json, "people"), *person;
	const char *id;
	json_object_foreach(people, id, person)
	{
		const json_t *ties = json_object_get(person, "interests");
		for (size_t i = 0; i < json_array_size(ties); i++) {
			enum pv_status status = gather_of_tie(links, json_array_get(ties, i));
			if (status != PV_OK)
				return status;
		}
	}
	return PV_OK;
}

/* Several houses follow one feed: each author once. */
static void add_author(json_t *authors, const char *name)
{
	for (size_t i = 0; i < json_array_size(authors); i++)
		if (pv_streq(pv_json_text(json_array_get(authors, i), "name"), name))
			return;
	json_array_append_new(authors, json_pack("{s:s, s:s}", "name", name, "via", "feed"));
}

/* The feeds of which this address is an article, and the authors they give. */
static enum pv_status add_places(struct links *links, const char *url, json_t *page)
{
	struct pv_item_place *places;
	size_t n;
	char digest[PV_DIGEST_SIZE];
	const char *key = pv_address_key(links->mem, pv_str(url));
	if (!key)
		return pv_fail_nomem(links->error);
	pv_digest(key, strlen(key), digest);
	enum pv_status status =
		pv_item_places(links->desk->db, links->mem, digest, &places, &n, links->error);
	if (status != PV_OK)
		return status;
	json_t *feeds = json_array(), *authors = json_object_get(page, "authors");
	if (!authors)
		authors = json_array();
	else
		json_incref(authors);
	for (size_t i = 0; i < n; i++) {
		const char *feed = pv_address_key(links->mem, pv_str(places[i].feed));
		if (feed && pv_word_is(feed, links->feeds, links->n_feeds))
			json_array_append_new(feeds, json_string(places[i].feed));
		if (*places[i].author)
			add_author(authors, places[i].author);
	}
	if (json_array_size(feeds))
		json_object_set(page, "feeds", feeds);
	if (json_array_size(authors))
		json_object_set(page, "authors", authors);
	json_decref(feeds);
	json_decref(authors);
	return PV_OK;
}

/* ---- pages ------------------------------------------------------------------------------------- */

/* What the page said when it was last read; what is not there says nothing. */
static json_t *page_json(const struct pv_resolution_row *found)
{
	char at[PV_TIME_TEXT_SIZE];
	json_t *page = NULL;
	bool read = found->page && *found->page &&
		    pv_json_parse(found->page, strlen(found->page), &page, NULL) == PV_OK;
	if (!read || !json_is_object(page)) {
		json_decref(page);
		page = json_object();
	}
	if (read && found->page_at_us != PV_TIME_NONE)
		json_object_set_new(
			page, "read_at", json_string(pv_time_format(found->page_at_us, at)));
	return page;
}

/* Is there anything in it that a judgement could use? */
static bool says_something(const json_t *page)
{
	static const char *const members[] = {"leads_to", "canonical", "authors", "me", "feeds"};
	for (size_t i = 0; i < PV_COUNT(members); i++)
		if (json_object_get(page, members[i]))
			return true;
	return false;
}

static enum pv_status add_page(struct links *links, const char *url)
{
	struct pv_resolution_row found = {.final_url = "", .page_at_us = PV_TIME_NONE};
	enum pv_status status =
		pv_resolution_find(links->desk->db, links->mem, url, &found, links->error);
	if (status != PV_OK && status != PV_NOT_FOUND)
		return status;
	PV_JSON json_t *page = page_json(&found);
	bool elsewhere = *found.final_url && strcmp(found.final_url, url) != 0;
	if (elsewhere) {
		json_object_set_new(links->resolves, url, json_string(found.final_url));
		json_object_set_new(page, "leads_to", json_string(found.final_url));
	}
	status = add_places(links, url, page);
	if (status == PV_OK && elsewhere && !json_object_get(page, "feeds"))
		status = add_places(links, found.final_url, page);
	if (status == PV_OK && says_something(page))
		json_object_set(links->pages, url, page);
	return status;
}

static enum pv_status add_text(struct links *links, const char *text)
{
	const char **urls;
	size_t n;
	bool more;
	enum pv_status status = pv_variant_links(links->mem, text, &urls, &n, &more, links->error);
	for (size_t i = 0; status == PV_OK && i < n; i++)
		status = add_page(links, urls[i]);
	return status;
}

/* ---- the article it was begun from ------------------------------------------------------------- */

static enum pv_status item_of(
	struct links *links, const struct pv_judging *judging, const char **out_id)
{
	struct pv_post_row post;
	*out_id = judging->item_id;
	if (*out_id || !*judging->row->post_id)
		return PV_OK;
	enum pv_status status = pv_post_find(
		links->desk->db, links->mem, judging->row->post_id, &post, links->error);
	if (status == PV_OK)
		*out_id = post.item_id;
	return status;
}

static enum pv_status add_item(struct links *links, const struct pv_judging *judging)
{
	struct pv_item_row item;
	const char *id;
	enum pv_status status = item_of(links, judging, &id);
	if (status != PV_OK || !id)
		return status;
	status = pv_item_find(links->desk->db, links->mem, id, &item, links->error);
	if (status == PV_NOT_FOUND || (status == PV_OK && !*item.url))
		return PV_OK;
	if (status != PV_OK)
		return status;
	json_object_set_new(json_object_get(links->json, "post"), "item", json_string(item.url));
	return json_object_get(links->pages, item.url) ? PV_OK : add_page(links, item.url);
}

enum pv_status pv_case_links(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_judging *judging, json_t *c, struct pv_error *error)
{
	struct links links = {
		.desk = desk,
		.mem = mem,
		.json = c,
		.resolves = json_object(),
		.pages = json_object(),
		.error = error,
	};
	json_object_set_new(c, "resolves", links.resolves);
	enum pv_status status = gather_feeds(&links);
	const char *said = pv_variant_said(mem, judging->row);
	if (status == PV_OK)
		status = said ? add_text(&links, said) : pv_fail_nomem(error);
	if (status == PV_OK)
		status = add_item(&links, judging);
	if (json_object_size(links.pages))
		json_object_set(c, "pages", links.pages);
	json_decref(links.pages);
	return status;
}
