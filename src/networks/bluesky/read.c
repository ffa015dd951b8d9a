/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "networks/bluesky/bluesky.h"

#include "base/mem.h"
#include "base/str.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- figures ----------------------------------------------------------------------------------- */

/* app.bsky.feed.defs#postView; the network counts neither views nor reach. */
static const struct {
	const char *member, *metric;
} counts[] = {
	{"likeCount", "likes"},
	{"repostCount", "reposts"},
	{"replyCount", "replies"},
	{"quoteCount", "quotes"},
	{"bookmarkCount", "bookmarks"},
};

enum pv_status pv_bluesky_metrics(const struct pv_network_context *context, TALLOC_CTX *mem,
	const struct pv_network_account *account, const char *remote_id, struct pv_figure **out,
	size_t *out_n, struct pv_error *error)
{
	struct pv_bluesky b;
	enum pv_status status = pv_bluesky_open(context, mem, account, 0, &b, error);
	char *uri = pv_wire_escape(mem, remote_id);
	char *query = uri ? talloc_asprintf(mem, "uris=%s", uri) : NULL;
	struct pv_figure *figures = talloc_array(mem, struct pv_figure, PV_COUNT(counts));
	if (status == PV_OK && (!query || !figures))
		status = pv_fail_nomem(error);
	if (status != PV_OK)
		return status;
	size_t n = 0;
	json_t *answer = NULL;
	/* a PDS alone counts nothing: no figure, which is not zero */
	if (b.appview) {
		status = pv_bluesky_read(&b, "app.bsky.feed.getPosts", query, &answer, error);
		if (status != PV_OK)
			return status;
		const json_t *post = json_array_get(json_object_get(answer, "posts"), 0);
		if (!post)
			return pv_fail(error, PV_NOT_FOUND,
				"Bluesky ne montre pas cette publication, ou plus.",
				"Bluesky does not show this post, or no longer.");
		for (size_t i = 0; i < PV_COUNT(counts); i++) {
			int64_t value = pv_json_int(post, counts[i].member, -1);
			if (value >= 0)
				figures[n++] = (struct pv_figure){
					.metric = counts[i].metric, .value = value};
		}
	}
	*out = figures;
	*out_n = n;
	return PV_OK;
}

/* ---- replies and mentions ---------------------------------------------------------------------- */

static const char *first_language(TALLOC_CTX *mem, const json_t *record)
{
	const char *language =
		json_string_value(json_array_get(json_object_get(record, "langs"), 0));
	const char *copy = language ? talloc_strdup(mem, language) : NULL;
	return copy ? copy : "";
}

enum pv_status pv_bluesky_hear(struct pv_bluesky_heard *heard, const char *uri,
	const json_t *author, const json_t *record, int64_t at_us, struct pv_error *error)
{
	struct pv_bluesky_uri parts;
	TALLOC_CTX *mem = heard->mem;
	if (!pv_bluesky_uri_parse(mem, uri, &parts) ||
		strcmp(parts.collection, PV_BLUESKY_POST) != 0)
		return PV_OK; /* a like or a list mentioned us: nothing that is said */
	struct pv_incoming *grown =
		talloc_realloc(mem, heard->items, struct pv_incoming, heard->n + 1);
	if (!grown)
		return pv_fail_nomem(error);
	heard->items = grown;
	const json_t *reply = json_object_get(record, "reply");
	const char *root = pv_wire_text(mem, json_object_get(reply, "root"), "uri");
	const char *name = pv_wire_text(mem, author, "displayName");
	const char *handle = pv_wire_text(mem, author, "handle");
	if (!*handle)
		handle = parts.did; /* a repository that nobody could name */
	struct pv_incoming item = {
		.remote_id = talloc_strdup(mem, uri),
		.parent_id = pv_wire_text(mem, json_object_get(reply, "parent"), "uri"),
		.author_name = *name ? name : handle,
		.author_handle = handle,
		.url = pv_bluesky_permalink(mem, parts.did, parts.rkey),
		.text = pv_wire_text(mem, record, "text"),
		.language = first_language(mem, record),
		.said_at_us = at_us,
	};
	if (!item.remote_id || !item.url)
		return pv_fail_nomem(error);
	item.root_id = *root ? root : item.remote_id;
	grown[heard->n++] = item;
	return PV_OK;
}

/* One page of notifications; `out_done` when it reaches what was seen before. */
static enum pv_status one_page(struct pv_bluesky *b, const char *page, int64_t since_us,
	struct pv_bluesky_heard *heard, const char **out_page, bool *out_done,
	struct pv_error *error)
{
	TALLOC_CTX *mem = b->wire.mem;
	char *escaped = pv_wire_escape(mem, page);
	char *query = escaped ? talloc_asprintf(mem,
					"limit=100&reasons=reply&reasons=mention&reasons=quote%s%s",
					*page ? "&cursor=" : "", escaped)
			      : NULL;
	if (!query)
		return pv_fail_nomem(error);
	json_t *answer = NULL;
	enum pv_status status = pv_bluesky_read(
		b, "app.bsky.notification.listNotifications", query, &answer, error);
	if (status != PV_OK)
		return status;
	size_t i;
	json_t *item;
	json_array_foreach(json_object_get(answer, "notifications"), i, item)
	{
		const char *uri = pv_json_text(item, "uri");
		const char *reason = pv_json_text(item, "reason");
		int64_t at_us = pv_wire_time(item, "indexedAt", PV_TIME_NONE);
		if (at_us != PV_TIME_NONE && at_us <= since_us) {
			*out_done = true;
			return PV_OK;
		}
		/* an AppView that does not know `reasons` sends likes and follows too */
		if (!uri || !reason || at_us == PV_TIME_NONE ||
			(strcmp(reason, "reply") && strcmp(reason, "mention") &&
				strcmp(reason, "quote")))
			continue;
		status = pv_bluesky_hear(heard, uri, json_object_get(item, "author"),
			json_object_get(item, "record"), at_us, error);
		if (status != PV_OK)
			return status;
	}
	*out_page = pv_wire_text(mem, answer, "cursor");
	*out_done = !**out_page;
	return PV_OK;
}

static enum pv_status from_notifications(struct pv_bluesky *b, int64_t since_us,
	struct pv_bluesky_heard *heard, struct pv_error *error)
{
	const char *page = "";
	bool done = false;
	/* the first time only the latest page: older talk is not news */
	int pages = since_us == PV_TIME_NONE ? 1 : PV_BLUESKY_PAGES_MAX;
	for (int i = 0; i < pages && !done; i++) {
		enum pv_status status = one_page(b, page, since_us, heard, &page, &done, error);
		if (status != PV_OK)
			return status;
	}
	return PV_OK;
}

static bool read_cursor(const char *text, int64_t *out_us)
{
	size_t size = strlen(text);
	if (size > 18 || strspn(text, "0123456789") != size)
		return false;
	*out_us = strtoll(text, NULL, 10);
	return true;
}

static int by_time(const void *left, const void *right)
{
	const struct pv_incoming *a = left, *b = right;
	if (a->said_at_us != b->said_at_us)
		return a->said_at_us < b->said_at_us ? -1 : 1;
	return strcmp(a->remote_id, b->remote_id);
}

enum pv_status pv_bluesky_conversation(const struct pv_network_context *context, TALLOC_CTX *mem,
	const struct pv_network_account *account, const char *cursor, const char *const *recent,
	size_t n_recent, struct pv_incoming **out, size_t *out_n, const char **out_cursor,
	struct pv_error *error)
{
	(void)recent, (void)n_recent;
	struct pv_bluesky b;
	struct pv_bluesky_heard heard = {.mem = mem};
	int64_t since_us = PV_TIME_NONE;
	enum pv_status status = pv_bluesky_open(context, mem, account, 0, &b, error);
	if (status != PV_OK)
		return status;
	/* the cursor is the instant of the last message given, in microseconds */
	if (*cursor && !read_cursor(cursor, &since_us))
		return pv_fail(error, PV_INVALID, "Le repère « %.40s » n'est pas de Bluesky.",
			"The cursor \"%.40s\" is not Bluesky's.", cursor);
	status = b.appview ? from_notifications(&b, since_us, &heard, error)
			   : pv_bluesky_look_around(&b, since_us, &heard, error);
	if (status != PV_OK)
		return status;
	if (heard.n)
		qsort(heard.items, heard.n, sizeof *heard.items, by_time);
	if (heard.n > PV_CONVERSATION_PAGE)
		heard.n = PV_CONVERSATION_PAGE;
	const char *next = cursor;
	if (heard.n)
		next = talloc_asprintf(mem, "%" PRId64, heard.items[heard.n - 1].said_at_us);
	if (!next)
		return pv_fail_nomem(error);
	*out = heard.items;
	*out_n = heard.n;
	*out_cursor = next;
	return PV_OK;
}
