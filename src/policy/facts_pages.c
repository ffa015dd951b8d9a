/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What the pages behind links show of whose they are. Where a redirect ends is where every reader
 * arrives, and an address among a page's authors is an act of whoever made the page: both are sure.
 * An address that a page gives for its own is believed within the same registrable domain only:
 * any page can claim to be a copy of another's.
 */
#include "policy/facts.h"
#include "policy/suffix.h"
#include "text/address.h"
#include "text/handle.h"

enum { SHOWN_MAX = 4000 }; /* of a post; the rest is not looked at */

const struct pv_case_page *pv_facts_page(const struct pv_facts *facts, struct pv_str address)
{
	const struct pv_case *c = facts->c;
	for (size_t i = 0; i < c->n_pages; i++)
		if (pv_str_equal(c->pages[i].url, address))
			return &c->pages[i];
	struct pv_address here;
	if (c->n_pages == 0 || !pv_address_read(facts->arena.mem, address, &here))
		return NULL;
	for (size_t i = 0; i < c->n_pages; i++) {
		struct pv_address there;
		if (pv_address_read(facts->arena.mem, c->pages[i].url, &there) &&
			pv_address_same(&here, &there))
			return &c->pages[i];
	}
	return NULL;
}

/* Another thing shown; NULL when there are too many, or memory is out. */
static struct pv_shown *show(
	struct pv_facts *facts, size_t link, enum pv_via via, struct pv_str text)
{
	if (text.size == 0 || facts->n_shown >= SHOWN_MAX)
		return NULL;
	struct pv_shown *grown =
		pv_arena_more(&facts->arena, facts->shown, facts->n_shown, sizeof *facts->shown);
	if (!grown)
		return NULL;
	facts->shown = grown;
	struct pv_shown *out = &grown[facts->n_shown++];
	*out = (struct pv_shown){.via = via, .sure = true, .link = link, .text = text};
	return out;
}

static bool read_site(struct pv_facts *facts, struct pv_str address, struct pv_site *out)
{
	bool good = pv_site_parse(facts->arena.mem, address, out);
	facts->arena.failed |= !good;
	return good;
}

/* A handle that is a host shows whose that is, and is no address that one comes to. */
static void show_host(struct pv_facts *facts, size_t link, enum pv_via via, struct pv_str handle,
	const struct pv_site *host)
{
	struct pv_shown *shown = show(facts, link, via, handle);
	if (!shown)
		return;
	shown->site = *host;
	shown->is_address = true;
}

static void show_account(
	struct pv_facts *facts, struct pv_shown *shown, struct pv_str handle, bool *out_is_host)
{
	TALLOC_CTX *mem = facts->arena.mem;
	*out_is_host = false;
	facts->arena.failed |= !pv_handle_read(mem, handle, &shown->handle) ||
			       !pv_handle_host(mem, shown->handle, &shown->site, out_is_host);
}

/* "@Name" or an address; an address of a person's page on a network is an account too. */
static void show_whose(struct pv_facts *facts, size_t link, enum pv_via via, struct pv_str text)
{
	struct pv_shown *shown = show(facts, link, via, text);
	struct pv_profile profile;
	struct pv_site host;
	bool is_host;
	if (!shown)
		return;
	if (text.bytes[0] == '@') {
		show_account(facts, shown, text, &shown->is_address);
		return;
	}
	if (!read_site(facts, text, &shown->site))
		return;
	shown->is_address = true;
	if (pv_site_profile(&shown->site, &profile) && profile.server.size == 0)
		facts->arena.failed |=
			!pv_handle_read(facts->arena.mem, profile.handle, &shown->handle);
	if (!pv_site_handle_host(facts->arena.mem, &shown->site, &host, &is_host))
		facts->arena.failed = true;
	else if (is_host)
		show_host(facts, link, via, host.host, &host);
}

/* The page of a person whose handle is a host: it is the host's own account. */
static void show_profile(struct pv_facts *facts, size_t link, const struct pv_site *site)
{
	struct pv_site host;
	bool is_host;
	if (!pv_site_handle_host(facts->arena.mem, site, &host, &is_host))
		facts->arena.failed = true;
	else if (is_host)
		show_host(facts, link, PV_VIA_PROFILE, host.host, &host);
}

static bool arrives(const struct pv_shown *shown)
{
	return shown->sure && (shown->via == PV_VIA_REDIRECT || shown->via == PV_VIA_CANONICAL);
}

/* Of a link itself, and of where its readers arrive: `first` is the first thing shown of it. */
static void show_profiles(struct pv_facts *facts, size_t link, size_t first)
{
	size_t n = facts->n_shown;
	show_profile(facts, link, &facts->links[link].site);
	for (size_t i = first; i < n; i++) {
		const struct pv_site site = facts->shown[i].site; /* what is shown may move */
		if (arrives(&facts->shown[i]))
			show_profile(facts, link, &site);
	}
}

static void show_canonical(
	struct pv_facts *facts, size_t link, struct pv_str text, const struct pv_site *end)
{
	struct pv_shown *shown = show(facts, link, PV_VIA_CANONICAL, text);
	if (!shown || !read_site(facts, text, &shown->site))
		return;
	shown->is_address = true;
	shown->sure = pv_host_same_owner(facts->arena.mem, shown->site.host, end->host);
}

/* All that is known of the page at `address`, whose own site is `*end`. */
static bool read_page(
	struct pv_facts *facts, size_t link, struct pv_str address, const struct pv_site *end)
{
	const struct pv_case_page *page = pv_facts_page(facts, address);
	if (!page)
		return true;
	struct pv_site arrived = *end;
	if (page->leads_to.size) {
		struct pv_shown *shown = show(facts, link, PV_VIA_REDIRECT, page->leads_to);
		if (!read_site(facts, page->leads_to, &arrived))
			return false;
		if (shown) {
			shown->site = arrived;
			shown->is_address = true;
		}
	}
	show_canonical(facts, link, page->canonical, &arrived);
	for (size_t a = 0; a < page->n_authors; a++)
		for (size_t u = 0; u < page->authors[a].n_urls; u++)
			show_whose(facts, link, PV_VIA_AUTHOR, page->authors[a].urls[u]);
	for (size_t i = 0; i < page->n_me; i++)
		show_whose(facts, link, PV_VIA_ME, page->me[i]);
	for (size_t i = 0; i < page->n_feeds; i++)
		show(facts, link, PV_VIA_FEED, page->feeds[i]);
	for (size_t a = 0; a < page->n_authors; a++) {
		struct pv_shown *named = show(facts, link, PV_VIA_AUTHOR, page->authors[a].name);
		if (named)
			named->sure = false; /* many people have one name */
	}
	return !facts->arena.failed;
}

/*
 * The article that the post was begun from is a clue alone: where the text does not lead to it, it
 * may speak of something else by now.
 */
static bool read_item(struct pv_facts *facts)
{
	struct pv_str address = facts->c->post.item;
	struct pv_site site;
	if (address.size == 0)
		return true;
	if (!read_site(facts, address, &site))
		return false;
	struct pv_shown *shown = show(facts, facts->n_links, PV_VIA_ITEM, address);
	if (shown) {
		shown->site = site;
		shown->is_address = true;
		shown->sure = false;
	}
	const struct pv_case_page *page = pv_facts_page(facts, address);
	for (size_t i = 0; page && i < page->n_feeds; i++) {
		shown = show(facts, facts->n_links, PV_VIA_FEED, page->feeds[i]);
		if (shown)
			shown->sure = false;
	}
	return true;
}

bool pv_facts_pages(struct pv_facts *facts)
{
	for (size_t i = 0; i < facts->n_links; i++) {
		const struct pv_link *link = &facts->links[i];
		bool known = pv_facts_page(facts, link->written) != NULL;
		size_t first = facts->n_shown;
		if (!read_page(facts, i, known ? link->written : link->leads_to, &link->site))
			return false;
		show_profiles(facts, i, first);
	}
	return read_item(facts) && !facts->arena.failed;
}

static bool same_feed(struct pv_facts *facts, struct pv_str a, struct pv_str b)
{
	struct pv_address one, other;
	return pv_address_read(facts->arena.mem, a, &one) &&
	       pv_address_read(facts->arena.mem, b, &other) && pv_address_same(&one, &other);
}

bool pv_shown_names(
	struct pv_facts *facts, const struct pv_shown *shown, const struct pv_tie_ready *ready)
{
	const struct pv_tie *tie = ready->tie;
	for (size_t d = 0; shown->is_address && d < tie->n_domains; d++)
		if (pv_site_covers(&ready->domains[d], &shown->site))
			return true;
	for (size_t h = 0; shown->handle.size && h < tie->n_handles; h++)
		if (pv_handle_same(shown->handle, ready->handles[h]))
			return true;
	for (size_t f = 0; shown->via == PV_VIA_FEED && f < tie->n_feeds; f++)
		if (same_feed(facts, shown->text, tie->feeds[f]))
			return true;
	return false;
}

const struct pv_shown *pv_facts_profile(const struct pv_facts *facts, size_t link)
{
	for (size_t i = 0; i < facts->n_shown; i++)
		if (facts->shown[i].link == link && facts->shown[i].via == PV_VIA_PROFILE)
			return &facts->shown[i];
	return NULL;
}

const struct pv_shown *pv_facts_arrival(const struct pv_facts *facts, size_t link, size_t nth)
{
	for (size_t i = 0; i < facts->n_shown; i++) {
		const struct pv_shown *shown = &facts->shown[i];
		if (shown->link == link && arrives(shown) && nth-- == 0)
			return shown;
	}
	return NULL;
}

const struct pv_site *pv_facts_reaches(const struct pv_facts *facts, const struct pv_sites *sites,
	size_t link, const struct pv_shown **out_shown)
{
	const struct pv_shown *shown;
	*out_shown = NULL;
	if (pv_sites_cover(sites, &facts->links[link].site))
		return &facts->links[link].site;
	for (size_t nth = 0; (shown = pv_facts_arrival(facts, link, nth)); nth++)
		if (pv_sites_cover(sites, &shown->site)) {
			*out_shown = shown;
			return &shown->site;
		}
	return NULL;
}
