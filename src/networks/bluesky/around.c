/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Answers on a PDS that has no AppView behind it (a small server of one's own): nobody gathers
 * notifications there, so the latest posts of the repositories it keeps are looked through for
 * answers to this account and mentions of it. A repository's revision is the TID of its last
 * change: those that changed since, the latest first, PV_BLUESKY_REPOS_MAX at most.
 */
#include "networks/bluesky/bluesky.h"

#include "base/mem.h"
#include "base/str.h"

#include <stdlib.h>
#include <string.h>

static bool is_ours(const char *uri, const char *did)
{
	size_t size = strlen(did);
	return uri && strncmp(uri, "at://", 5) == 0 && strncmp(uri + 5, did, size) == 0 &&
	       uri[5 + size] == '/';
}

static bool mentions(const json_t *record, const char *did)
{
	size_t i, k;
	json_t *facet, *feature;
	json_array_foreach(json_object_get(record, "facets"), i, facet)
	{
		json_array_foreach(json_object_get(facet, "features"), k, feature)
		{
			if (pv_streq(pv_json_text(feature, "$type"),
				    "app.bsky.richtext.facet#mention") &&
				pv_streq(pv_json_text(feature, "did"), did))
				return true;
		}
	}
	return false;
}

static bool concerns(const json_t *record, const char *did)
{
	const json_t *reply = json_object_get(record, "reply");
	return is_ours(pv_json_text(json_object_get(reply, "root"), "uri"), did) ||
	       is_ours(pv_json_text(json_object_get(reply, "parent"), "uri"), did) ||
	       mentions(record, did);
}

/* {"handle"} of a repository; nobody's name is worth an error. */
static const json_t *author_of(struct pv_bluesky *b, const char *did)
{
	char *query = talloc_asprintf(b->wire.mem, "repo=%s", did);
	json_t *answer = NULL;
	if (!query ||
		pv_bluesky_read(b, "com.atproto.repo.describeRepo", query, &answer, NULL) != PV_OK)
		return NULL;
	return answer;
}

static enum pv_status look_into(struct pv_bluesky *b, const char *did, int64_t since_us,
	struct pv_bluesky_heard *heard, struct pv_error *error)
{
	char *escaped = pv_wire_escape(b->wire.mem, did);
	char *query = escaped ? talloc_asprintf(b->wire.mem,
					"repo=%s&collection=" PV_BLUESKY_POST "&limit=25", escaped)
			      : NULL;
	if (!query)
		return pv_fail_nomem(error);
	json_t *answer = NULL;
	if (pv_bluesky_read(b, "com.atproto.repo.listRecords", query, &answer, NULL) != PV_OK)
		return PV_OK; /* a repository that is closed says nothing */
	const json_t *author = NULL;
	int64_t now_us = pv_env_now_us(b->wire.context->env);
	size_t i;
	json_t *item;
	json_array_foreach(json_object_get(answer, "records"), i, item)
	{
		const json_t *record = json_object_get(item, "value");
		const char *uri = pv_json_text(item, "uri");
		int64_t at_us = pv_wire_time(record, "createdAt", PV_TIME_NONE);
		/* a clock of the future would hide what comes after it */
		if (!uri || at_us == PV_TIME_NONE || at_us > now_us || at_us <= since_us ||
			!concerns(record, b->did))
			continue;
		if (!author)
			author = author_of(b, did);
		enum pv_status status = pv_bluesky_hear(heard, uri, author, record, at_us, error);
		if (status != PV_OK)
			return status;
	}
	return PV_OK;
}

struct repo {
	const char *did, *rev;
};

struct repos {
	struct repo *items;
	size_t n;
	char since[PV_BLUESKY_TID_LENGTH + 1];
};

/* A page of repositories that changed since; `out_page` is "" after the last one. */
static enum pv_status list_page(struct pv_bluesky *b, struct repos *repos, const char *page,
	const char **out_page, struct pv_error *error)
{
	TALLOC_CTX *mem = b->wire.mem;
	char *escaped = pv_wire_escape(mem, page);
	char *query = escaped ? talloc_asprintf(mem, "limit=%d%s%s", PV_BLUESKY_REPOS_PAGE,
					*page ? "&cursor=" : "", escaped)
			      : NULL;
	if (!query)
		return pv_fail_nomem(error);
	json_t *answer = NULL;
	enum pv_status status =
		pv_bluesky_read(b, "com.atproto.sync.listRepos", query, &answer, error);
	if (status != PV_OK)
		return status;
	const json_t *list = json_object_get(answer, "repos");
	struct repo *grown = talloc_realloc(
		mem, repos->items, struct repo, repos->n + json_array_size(list) + 1);
	if (!grown)
		return pv_fail_nomem(error);
	repos->items = grown;
	size_t i;
	json_t *repo;
	json_array_foreach(list, i, repo)
	{
		const char *did = pv_json_text(repo, "did"), *rev = pv_json_text(repo, "rev");
		if (did && rev && strcmp(did, b->did) != 0 && strcmp(rev, repos->since) >= 0)
			grown[repos->n++] = (struct repo){did, rev};
	}
	*out_page = pv_wire_text(mem, answer, "cursor");
	return PV_OK;
}

static int latest_first(const void *left, const void *right)
{
	const struct repo *a = left, *b = right;
	return strcmp(b->rev, a->rev);
}

enum pv_status pv_bluesky_look_around(struct pv_bluesky *b, int64_t since_us,
	struct pv_bluesky_heard *heard, struct pv_error *error)
{
	struct repos repos = {.n = 0};
	json_t *session = NULL;
	const char *page = "";
	/* posts are dated by whoever writes them, revisions by the server: two clocks */
	pv_bluesky_tid(since_us == PV_TIME_NONE ? 0 : since_us - 10 * PV_MINUTE_US, 0, repos.since);
	/* repositories are open to all: only this call tells that the account is signed out */
	enum pv_status status =
		pv_bluesky_read(b, "com.atproto.server.getSession", NULL, &session, error);
	for (int i = 0; i < PV_BLUESKY_PAGES_MAX && status == PV_OK && (i == 0 || *page); i++)
		status = list_page(b, &repos, page, &page, error);
	if (repos.n)
		qsort(repos.items, repos.n, sizeof *repos.items, latest_first);
	for (size_t i = 0; i < repos.n && i < PV_BLUESKY_REPOS_MAX && status == PV_OK; i++)
		status = look_into(b, repos.items[i].did, since_us, heard, error);
	return status;
}
