/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "networks/mastodon/mastodon.h"

#include "networks/markup.h"
#include "base/mem.h"
#include "base/str.h"

#include <string.h>

enum pv_status pv_mastodon_metrics(const struct pv_network_context *context, TALLOC_CTX *mem,
	const struct pv_network_account *account, const char *remote_id, struct pv_figure **out,
	size_t *out_n, struct pv_error *error)
{
	/* the network counts neither views nor reach */
	static const struct {
		const char *member, *metric;
	} counts[] = {
		{"favourites_count", "likes"},
		{"reblogs_count", "reposts"},
		{"replies_count", "replies"},
		{"quotes_count", "quotes"},
	};
	struct pv_mastodon m;
	struct pv_wire_answer answer;
	char *id = pv_wire_escape(mem, remote_id);
	char *path = id ? talloc_asprintf(mem, "/api/v1/statuses/%s", id) : NULL;
	struct pv_figure *figures = talloc_array(mem, struct pv_figure, PV_COUNT(counts));
	if (!path || !figures)
		return pv_fail_nomem(error);
	enum pv_status status = pv_mastodon_open(context, mem, account, 0, &m, error);
	if (status == PV_OK)
		status = pv_mastodon_read(&m, path, &answer, error);
	if (status != PV_OK)
		return status;
	size_t n = 0;
	for (size_t i = 0; i < PV_COUNT(counts); i++) {
		int64_t value = pv_json_int(answer.json, counts[i].member, -1);
		if (value >= 0)
			figures[n++] =
				(struct pv_figure){.metric = counts[i].metric, .value = value};
	}
	*out = figures;
	*out_n = n;
	return PV_OK;
}

/* ---- replies and mentions ---------------------------------------------------------------------- */

static bool is_recent(const char *id, const char *const *recent, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (pv_streq(recent[i], id))
			return true;
	return false;
}

/* The thread's first post; the parent where the server does not tell. */
static enum pv_status root_of(struct pv_mastodon *m, const char *id, const char *parent,
	const char **out, struct pv_error *error)
{
	TALLOC_CTX *mem = m->wire.mem;
	char *escaped = pv_wire_escape(mem, id);
	char *path = escaped ? talloc_asprintf(mem, "/api/v1/statuses/%s/context", escaped) : NULL;
	struct pv_wire_answer answer;
	if (!path)
		return pv_fail_nomem(error);
	enum pv_status status = pv_mastodon_read(m, path, &answer, NULL);
	const char *root = "";
	if (status == PV_OK)
		root = pv_wire_text(
			mem, json_array_get(json_object_get(answer.json, "ancestors"), 0), "id");
	*out = *root ? root : parent;
	return PV_OK;
}

static enum pv_status hear(struct pv_mastodon *m, const json_t *said, const char *const *recent,
	size_t n_recent, struct pv_incoming *out, struct pv_error *error)
{
	TALLOC_CTX *mem = m->wire.mem;
	const json_t *author = json_object_get(said, "account");
	const char *html = pv_json_text(said, "content");
	const char *acct = pv_wire_text(mem, author, "acct");
	const char *name = pv_wire_text(mem, author, "display_name");
	const char *url = pv_wire_text(mem, said, "url");
	struct pv_incoming item = {
		.remote_id = pv_wire_text(mem, said, "id"),
		.parent_id = pv_wire_text(mem, said, "in_reply_to_id"),
		.author_name = *name ? name : acct,
		.author_handle = talloc_asprintf(mem, "@%s", acct),
		.url = *url ? url : pv_wire_text(mem, said, "uri"),
		.text = pv_markup_text(mem, html ? html : ""),
		.language = pv_wire_text(mem, said, "language"),
		.said_at_us = pv_wire_time(said, "created_at", pv_env_now_us(m->wire.context->env)),
	};
	if (!item.author_handle || !item.text)
		return pv_fail_nomem(error);
	item.root_id = item.remote_id;
	if (is_recent(item.parent_id, recent, n_recent))
		item.root_id = item.parent_id;
	else if (*item.parent_id) {
		enum pv_status status =
			root_of(m, item.remote_id, item.parent_id, &item.root_id, error);
		if (status != PV_OK)
			return status;
	}
	*out = item;
	return PV_OK;
}

/* Newest first, as the server gives them even after min_id. */
static enum pv_status read_page(
	struct pv_mastodon *m, const char *cursor, const json_t **out, struct pv_error *error)
{
	TALLOC_CTX *mem = m->wire.mem;
	char *since = pv_wire_escape(mem, cursor);
	char *path =
		since ? talloc_asprintf(mem, "/api/v1/notifications?types[]=mention&limit=%d%s%s",
				PV_MASTODON_PAGE, *since ? "&min_id=" : "", since)
		      : NULL;
	struct pv_wire_answer answer;
	if (!path)
		return pv_fail_nomem(error);
	enum pv_status status = pv_mastodon_read(m, path, &answer, error);
	if (status != PV_OK)
		return status;
	if (!json_is_array(answer.json))
		return pv_fail(error, PV_UNAVAILABLE,
			"Le serveur Mastodon donne une réponse que le bureau ne comprend pas.",
			"The Mastodon server gives an answer that the desk does not understand.");
	*out = answer.json;
	return PV_OK;
}

enum pv_status pv_mastodon_conversation(const struct pv_network_context *context, TALLOC_CTX *mem,
	const struct pv_network_account *account, const char *cursor, const char *const *recent,
	size_t n_recent, struct pv_incoming **out, size_t *out_n, const char **out_cursor,
	struct pv_error *error)
{
	struct pv_mastodon m;
	const json_t *page = NULL;
	enum pv_status status = pv_mastodon_open(context, mem, account, 0, &m, error);
	if (status == PV_OK)
		status = read_page(&m, cursor, &page, error);
	if (status != PV_OK)
		return status;
	size_t size = json_array_size(page), n = 0;
	struct pv_incoming *items =
		talloc_zero_array(mem, struct pv_incoming, PV_CONVERSATION_PAGE);
	if (!items)
		return pv_fail_nomem(error);
	const char *next = cursor;
	for (size_t i = size; i-- > 0 && n < PV_CONVERSATION_PAGE;) {
		const json_t *notification = json_array_get(page, i);
		const json_t *said = json_object_get(notification, "status");
		const char *id = pv_json_text(said, "id");
		if (id && *id && pv_streq(pv_json_text(notification, "type"), "mention")) {
			status = hear(&m, said, recent, n_recent, &items[n], error);
			if (status != PV_OK)
				return status;
			n++;
		}
		const char *seen = pv_wire_text(mem, notification, "id");
		next = *seen ? seen : next;
	}
	*out = items;
	*out_n = n;
	*out_cursor = next;
	return PV_OK;
}
