/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Links, where they end, and what registers say of them. */
#include "policy/facts.h"
#include "text/address.h"
#include "text/handle.h"

bool pv_sites_cover(const struct pv_sites *sites, const struct pv_site *site)
{
	for (size_t i = 0; i < sites->texts.n; i++)
		if (pv_site_covers(&sites->items[i], site))
			return true;
	return false;
}

size_t pv_facts_link_to(const struct pv_facts *facts, const struct pv_sites *sites)
{
	for (size_t i = 0; i < facts->n_links; i++)
		if (facts->links[i].media == 0 && pv_sites_cover(sites, &facts->links[i].site))
			return i;
	return facts->n_links;
}

/*
 * One step: where this short address leads, by the same text or the same page, as the case says or
 * as whoever looked found.
 */
static bool next_step(struct pv_facts *facts, struct pv_str address, struct pv_str *out)
{
	const struct pv_case *c = facts->c;
	TALLOC_CTX *mem = facts->arena.mem;
	for (size_t i = 0; i < c->n_resolves; i++)
		if (pv_str_equal(c->resolves[i].from, address)) {
			*out = c->resolves[i].to;
			return true;
		}
	struct pv_address here;
	if (!pv_address_read(mem, address, &here))
		return false;
	for (size_t i = 0; i < c->n_resolves; i++) {
		struct pv_address from;
		if (pv_address_read(mem, c->resolves[i].from, &from) &&
			pv_address_same(&from, &here)) {
			*out = c->resolves[i].to;
			return true;
		}
	}
	const struct pv_case_page *page = pv_facts_page(facts, address);
	if (!page || page->leads_to.size == 0)
		return false;
	*out = page->leads_to;
	return true;
}

/* "x.cdn.ampproject.org/c/s/HOST/…" is HOST's page: its address in the cache's own path. */
static bool amp_origin(const struct pv_site *site, struct pv_str *out)
{
	if (!pv_host_below(pv_str("cdn.ampproject.org"), site->host))
		return false;
	struct pv_str path = site->path;
	size_t skip = path.size > 5 && memcmp(path.bytes, "/c/s/", 5) == 0 ? 5
		      : path.size > 3 && memcmp(path.bytes, "/c/", 3) == 0 ? 3
									   : 0;
	if (!skip)
		return false;
	*out = (struct pv_str){.bytes = path.bytes + skip, .size = path.size - skip};
	return true;
}

static bool follow(struct pv_facts *facts, struct pv_link *link)
{
	struct pv_str address = link->written;
	int steps = 0;
	for (;;) {
		struct pv_str inner;
		if (!pv_site_parse(facts->arena.mem, address, &link->site))
			return false;
		for (int amp = 0; amp < PV_RESOLVE_STEPS_MAX && amp_origin(&link->site, &inner);
			amp++) {
			address = inner;
			if (!pv_site_parse(facts->arena.mem, address, &link->site))
				return false;
		}
		link->leads_to = address;
		if (!pv_sites_cover(&facts->policy->shorteners, &link->site))
			return true;
		link->shortened = true;
		if (steps++ == PV_RESOLVE_STEPS_MAX || !next_step(facts, address, &address)) {
			link->unresolved = true; /* a loop meets the limit of steps */
			return true;
		}
	}
}

enum { LOOK_INSIDE_MAX = 20 }; /* hosts that are tried in what is no address */

static bool is_host_byte(char c)
{
	return (unsigned char)c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	       (c >= 'a' && c <= 'z') || c == '-' || c == '.' || c == '_';
}

/* The host [start, end) of an address that is none, and its path, which begins at a later slash. */
static bool site_inside(struct pv_facts *facts, struct pv_str address, size_t start, size_t end,
	struct pv_site *out)
{
	size_t path = end;
	while (path < address.size && address.bytes[path] != '/' && address.bytes[path] != '\\')
		path++;
	char *text = talloc_asprintf(facts->arena.mem, "%.*s%.*s", (int)(end - start),
		address.bytes + start, (int)(address.size - path), address.bytes + path);
	return text && pv_site_parse(facts->arena.mem, pv_str(text), out);
}

/*
 * What no browser takes for an address ("https://a.example:80:80/") a network may still make a link
 * of, up to where it breaks: it leads to the first host in it that the document or a register names.
 */
static bool look_inside(struct pv_facts *facts, struct pv_link *link)
{
	struct pv_str address = link->leads_to;
	int asked = 0;
	for (size_t start = 0, end; start < address.size && asked < LOOK_INSIDE_MAX;
		start = end + 1) {
		bool dot = false;
		for (end = start; end < address.size && is_host_byte(address.bytes[end]); end++)
			dot |= end > start && address.bytes[end] == '.';
		struct pv_str host = {.bytes = address.bytes + start, .size = end - start};
		asked += dot;
		if (dot && pv_facts_host_named(facts, host))
			return site_inside(facts, address, start, end, &link->site);
	}
	return true;
}

static bool add_link(struct pv_facts *facts, size_t media, size_t start, size_t end)
{
	struct pv_link *link = &facts->links[facts->n_links++];
	*link = (struct pv_link){.media = media,
		.start = start,
		.end = end,
		.written = pv_prose_slice(pv_facts_prose(facts, media), start, end)};
	return follow(facts, link) && (link->site.whole || look_inside(facts, link));
}

static bool add_handle(struct pv_facts *facts, size_t media, size_t start, size_t end)
{
	struct pv_handle *handle = &facts->handles[facts->n_handles++];
	*handle = (struct pv_handle){.media = media,
		.start = start,
		.end = end,
		.written = pv_prose_slice(pv_facts_prose(facts, media), start, end)};
	return pv_handle_read(facts->arena.mem, handle->written, &handle->plain) &&
	       pv_handle_host(facts->arena.mem, handle->plain, &handle->site, &handle->is_host);
}

/*
 * A character that nobody sees inside a name: to a reader the name goes on, to a network it may end
 * there. Both are read.
 */
static bool add_token(struct pv_facts *facts, size_t media, const struct pv_token *token)
{
	bool link = token->kind == PV_TOKEN_LINK;
	if (!link && token->kind != PV_TOKEN_HANDLE)
		return true;
	bool (*add)(struct pv_facts *, size_t, size_t, size_t) = link ? add_link : add_handle;
	size_t seen = pv_prose_seen_until(pv_facts_prose(facts, media), token->start, token->end);
	return add(facts, media, token->start, token->end) &&
	       (seen == token->end || seen <= token->start + 1 ||
		       add(facts, media, token->start, seen));
}

bool pv_facts_links(struct pv_facts *facts)
{
	size_t n_media = facts->c->post.n_media, links = 0, handles = 0;
	for (size_t m = 0; m <= n_media; m++) {
		const struct pv_prose *prose = pv_facts_prose(facts, m);
		for (size_t i = 0; i < prose->n_tokens; i++) {
			links += prose->tokens[i].kind == PV_TOKEN_LINK;
			handles += prose->tokens[i].kind == PV_TOKEN_HANDLE;
		}
	}
	facts->links = pv_arena_array(&facts->arena, struct pv_link, 2 * links);
	facts->handles = pv_arena_array(&facts->arena, struct pv_handle, 2 * handles);
	if (!facts->links || !facts->handles)
		return false;
	for (size_t m = 0; m <= n_media; m++) {
		const struct pv_prose *prose = pv_facts_prose(facts, m);
		for (size_t i = 0; i < prose->n_tokens; i++)
			if (!add_token(facts, m, &prose->tokens[i]))
				return false;
	}
	return true;
}

/* The tie to the account's own organisation goes without saying; an ended one is no tie. */
bool pv_tie_counts(const struct pv_facts *facts, const struct pv_tie *tie)
{
	if (tie->org.size && pv_str_equal(tie->org, facts->owner))
		return false;
	return tie->until_day == PV_DAY_NONE || tie->until_day >= facts->today;
}

static bool link_matches(
	const struct pv_facts *facts, const struct pv_tie_ready *ready, struct pv_tie_found *out)
{
	const struct pv_tie *tie = ready->tie;
	for (size_t l = 0; l < facts->n_links; l++)
		for (size_t d = 0; d < tie->n_domains; d++)
			if (pv_site_covers(&ready->domains[d], &facts->links[l].site)) {
				*out = (struct pv_tie_found){
					.tie = tie, .via = PV_VIA_ADDRESS, .at = l};
				return true;
			}
	return false;
}

/* By a handle of the entry, or by a domain of it that is one. */
static bool is_handle_of(const struct pv_handle *handle, const struct pv_tie_ready *ready)
{
	const struct pv_tie *tie = ready->tie;
	for (size_t k = 0; k < tie->n_handles; k++)
		if (pv_handle_same(handle->plain, ready->handles[k]))
			return true;
	for (size_t d = 0; handle->is_host && d < tie->n_domains; d++)
		if (pv_site_covers(&ready->domains[d], &handle->site))
			return true;
	return false;
}

static bool handle_matches(
	const struct pv_facts *facts, const struct pv_tie_ready *ready, struct pv_tie_found *out)
{
	const struct pv_tie *tie = ready->tie;
	for (size_t h = 0; h < facts->n_handles; h++)
		if (is_handle_of(&facts->handles[h], ready)) {
			*out = (struct pv_tie_found){.tie = tie, .via = PV_VIA_HANDLE, .at = h};
			return true;
		}
	return false;
}

static bool page_matches(
	struct pv_facts *facts, const struct pv_tie_ready *ready, struct pv_tie_found *out)
{
	for (size_t i = 0; i < facts->n_shown; i++) {
		const struct pv_shown *shown = &facts->shown[i];
		if (!shown->sure || !pv_shown_names(facts, shown, ready))
			continue;
		*out = (struct pv_tie_found){
			.tie = ready->tie, .via = shown->via, .at = shown->link, .shown = shown};
		return true;
	}
	return false;
}

/* What of the post this entry names: a link, a handle, then what the pages show. */
static bool tie_matches(
	struct pv_facts *facts, const struct pv_tie_ready *ready, struct pv_tie_found *out)
{
	return pv_tie_counts(facts, ready->tie) &&
	       (link_matches(facts, ready, out) || handle_matches(facts, ready, out) ||
		       page_matches(facts, ready, out));
}

static const struct pv_person_ready *ready_person(
	const struct pv_facts *facts, const struct pv_case_person *person)
{
	return person ? &facts->people[person - facts->c->people] : NULL;
}

static bool look_up(
	struct pv_facts *facts, const struct pv_tie_ready *ties, size_t n, bool of_author)
{
	for (size_t i = 0; i < n; i++) {
		struct pv_tie_found found;
		if (!tie_matches(facts, &ties[i], &found))
			continue;
		found.of_author = of_author;
		facts->ties = pv_arena_more(
			&facts->arena, facts->ties, facts->n_ties, sizeof *facts->ties);
		if (!facts->ties)
			return false;
		facts->ties[facts->n_ties++] = found;
	}
	return true;
}

bool pv_facts_ties(struct pv_facts *facts)
{
	if (facts->n_links + facts->n_handles + facts->n_shown == 0)
		return true;
	const struct pv_person_ready *author = ready_person(facts, facts->author);
	if (author && !look_up(facts, author->ties, author->person->n_interests, true))
		return false;
	if (facts->owner_org)
		return look_up(
			facts, facts->owner_org->interests, facts->owner_org->n_interests, false);
	const struct pv_person_ready *owner =
		ready_person(facts, pv_facts_person(facts, facts->owner));
	return !owner || owner == author ||
	       look_up(facts, owner->ties, owner->person->n_interests, false);
}

const struct pv_tie *pv_facts_shared_interest(
	struct pv_facts *facts, const struct pv_case_person *person)
{
	const struct pv_person_ready *ready = ready_person(facts, person);
	struct pv_tie_found found;
	for (size_t i = 0; ready && i < person->n_interests; i++)
		if (tie_matches(facts, &ready->ties[i], &found))
			return found.tie;
	return NULL;
}

bool pv_facts_meets(struct pv_facts *facts, const struct pv_case_person *person, size_t interest)
{
	const struct pv_person_ready *ready = ready_person(facts, person);
	struct pv_tie_found found;
	return ready && tie_matches(facts, &ready->ties[interest], &found);
}
