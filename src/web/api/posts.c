/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Posts, and the lists of variants: by stage, by calendar, by who waits for a review. */
#include "desk/calendar.h"
#include "desk/cursor.h"
#include "desk/reviews.h"
#include "web/api/variant_parts.h"

#include <stdio.h>

/* "me", or a person's id. */
static const char *person(const struct pv_web_call *call, const char *given)
{
	return given && strcmp(given, "me") == 0 ? call->actor->person_id : given;
}

static enum pv_status get_list(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_variant_row *rows = NULL;
	struct pv_api_list list;
	size_t n = 0;
	struct pv_variant_filter filter = PV_VARIANT_FILTER;
	enum pv_status status = pv_api_list_read(call, PV_API_PAGED, &list, error);
	if (status != PV_OK)
		return status;
	filter.stage = pv_web_query(call->request, "stage");
	filter.account_id = pv_web_query(call->request, "account");
	filter.author_id = person(call, pv_web_query(call->request, "author"));
	filter.organization_id = list.organization_id;
	filter.before_id = list.cursor;
	filter.limit = list.limit;
	status = pv_desk_variant_list(call->desk, call->mem, call->actor, filter, &rows, &n, error);
	if (status != PV_OK)
		return status;
	pv_api_list_open(call, &list, &n);
	for (size_t i = 0; i < n; i++)
		pv_api_variant_row(&call->out, &rows[i]);
	return pv_web_list_close(call, list.more ? rows[n - 1].id : NULL, error);
}

static enum pv_status answer_post(
	struct pv_web_call *call, const struct pv_desk_post *post, int code, struct pv_error *error)
{
	const struct pv_post_row *row = &post->row;
	struct pv_out *out = &call->out;
	enum pv_status status = PV_OK;
	pv_out_open(out, NULL, '{');
	pv_out_text(out, "id", row->id);
	pv_out_int(out, "version", row->version);
	pv_out_text(out, "title", row->title);
	pv_out_text(out, "text", row->text);
	pv_out_text_or_null(out, "item", row->item_id);
	if (post->n_variants)
		pv_api_person_ref(out, "author", row->author_id, post->variants[0].row.author_slug,
			post->variants[0].row.author_name);
	else
		pv_api_person_of(call, "author", row->author_id);
	pv_out_time(out, "created_at", row->created_at_us);
	pv_out_time(out, "updated_at", row->updated_at_us);
	pv_out_open(out, "variants", '[');
	for (size_t i = 0; i < post->n_variants && status == PV_OK; i++)
		status = pv_api_variant(call, NULL, &post->variants[i], error);
	pv_out_close(out, ']');
	pv_out_close(out, '}');
	return status == PV_OK ? pv_web_answer(call, code, error) : status;
}

static enum pv_status read_variants(
	struct pv_web_call *call, struct pv_post_in *in, struct pv_error *error)
{
	const json_t *list = json_object_get(call->body, "variants");
	size_t n = json_array_size(list);
	enum pv_status status = PV_OK;
	if (list && !json_is_array(list))
		return pv_fail_field(error, "/variants", "Une liste est attendue ici.",
			"A list is expected here.");
	if (n > PV_POST_VARIANTS_MAX)
		return pv_fail_field(error, "/variants", "Au plus %d variantes à la fois.",
			"At most %d variants at once.", PV_POST_VARIANTS_MAX);
	struct pv_variant_in *variants =
		talloc_zero_array(call->mem, struct pv_variant_in, n ? n : 1);
	if (!variants)
		return pv_fail_nomem(error);
	for (size_t i = 0; i < n; i++) {
		char prefix[32];
		snprintf(prefix, sizeof(prefix), "/variants/%zu", i);
		if (pv_api_variant_in(json_array_get(list, i), prefix, &variants[i], error) !=
			PV_OK)
			status = PV_INVALID;
	}
	in->variants = variants;
	in->n_variants = n;
	return status;
}

static enum pv_status post_list(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_desk_post *post = NULL;
	struct pv_post_in in = {
		.item_id = pv_json_text(call->body, "item"),
		.title = pv_json_text(call->body, "title"),
		.text = pv_json_text(call->body, "text"),
	};
	enum pv_status status = PV_API_ONLY(call->body, error, "item", "title", "text", "variants");
	if (read_variants(call, &in, error) != PV_OK || status != PV_OK)
		return error->status;
	status = pv_desk_post_create(call->desk, call->mem, call->actor, &in, &post, error);
	return status == PV_OK ? answer_post(call, post, 201, error) : status;
}

static enum pv_status get_one(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_desk_post *post = NULL;
	enum pv_status status =
		pv_desk_post_get(call->desk, call->mem, call->actor, call->params[0], &post, error);
	return status == PV_OK ? answer_post(call, post, 200, error) : status;
}

static enum pv_status patch_one(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_desk_post *post = NULL;
	int64_t version = pv_json_int(call->body, "version", -1);
	enum pv_status status = PV_API_ONLY(call->body, error, "version", "title", "text");
	if (version < 0)
		status = pv_fail_field(error, "/version", "Indiquez la version que vous avez lue.",
			"Give the version that you read.");
	if (status != PV_OK)
		return status;
	status = pv_desk_post_edit(call->desk, call->mem, call->actor, call->params[0], version,
		pv_json_text(call->body, "title"), pv_json_text(call->body, "text"), &post, error);
	return status == PV_OK ? answer_post(call, post, 200, error) : status;
}

static enum pv_status delete_one(struct pv_web_call *call, struct pv_error *error)
{
	return pv_api_remove(call, pv_desk_post_remove, error);
}

static enum pv_status post_variant(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_desk_variant *variant = NULL;
	struct pv_variant_in in;
	enum pv_status status = pv_api_variant_in(call->body, "", &in, error);
	if (status == PV_OK)
		status = pv_desk_variant_add(
			call->desk, call->mem, call->actor, call->params[0], &in, &variant, error);
	return status == PV_OK ? pv_api_answer_variant(call, variant, 201, error) : status;
}

/* ---- calendar and reviews ---------------------------------------------------------------------- */

static enum pv_status read_instant(
	struct pv_web_call *call, const char *name, int64_t *out_us, struct pv_error *error)
{
	const char *text = pv_web_query(call->request, name);
	char pointer[16];
	if (text && pv_time_parse(text, strlen(text), out_us))
		return PV_OK;
	snprintf(pointer, sizeof(pointer), "/%s", name);
	return pv_fail_field(error, pointer,
		"Écrivez l'instant avec son décalage : 2026-03-02T17:00:00Z.",
		"Write the instant with its offset: 2026-03-02T17:00:00Z.");
}

static enum pv_status get_calendar(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_variant_row *rows = NULL;
	size_t n = 0;
	int64_t from_us = 0, to_us = 0;
	struct pv_api_list list;
	enum pv_status status = read_instant(call, "from", &from_us, error);
	if (read_instant(call, "to", &to_us, error) != PV_OK || status != PV_OK)
		return PV_INVALID;
	status = pv_api_list_read(call, 0, &list, error);
	if (status == PV_OK)
		status = pv_desk_calendar(call->desk, call->mem, call->actor, list.organization_id,
			from_us, to_us, pv_web_query(call->request, "cursor"), &rows, &n, error);
	if (status != PV_OK)
		return status;
	pv_web_list_open(call);
	for (size_t i = 0; i < n; i++)
		pv_api_variant_row(&call->out, &rows[i]);
	const char *next = n >= PV_CALENDAR_MAX
				   ? pv_desk_cursor(call->mem, rows[n - 1].at_us, rows[n - 1].id)
				   : NULL;
	return pv_web_list_close(call, next, error);
}

static enum pv_status get_reviews(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_desk_variant *variants = NULL;
	struct pv_out *out = &call->out;
	struct pv_api_list list;
	size_t n = 0;
	enum pv_status status = pv_api_list_read(call, 0, &list, error);
	if (status == PV_OK)
		status = pv_desk_review_waiting(
			call->desk, call->mem, call->actor, &variants, &n, error);
	if (status != PV_OK)
		return status;
	pv_web_list_open(call);
	for (size_t i = 0; i < n && status == PV_OK; i++) {
		const struct pv_desk_variant *variant = &variants[i];
		if (list.organization_id &&
			strcmp(variant->row.organization_id, list.organization_id) != 0)
			continue;
		pv_out_open(out, NULL, '{');
		status = pv_api_variant(call, "variant", variant, error);
		pv_out_bool(out, "may_review", variant->acts.review);
		pv_out_words(out, "why_not", &variant->acts.review_why_not);
		pv_out_close(out, '}');
	}
	return status == PV_OK ? pv_web_list_close(call, NULL, error) : status;
}

static const struct pv_web_route routes[] = {
	{PV_WEB_GET, "/api/v1/posts", get_list},
	{PV_WEB_POST, "/api/v1/posts", post_list, .takes = PV_TAKES_JSON},
	{PV_WEB_GET, "/api/v1/posts/{}", get_one},
	{PV_WEB_PATCH, "/api/v1/posts/{}", patch_one, .takes = PV_TAKES_JSON},
	{PV_WEB_DELETE, "/api/v1/posts/{}", delete_one},
	{PV_WEB_POST, "/api/v1/posts/{}/variants", post_variant, .takes = PV_TAKES_JSON},
	{PV_WEB_GET, "/api/v1/calendar", get_calendar},
	{PV_WEB_GET, "/api/v1/reviews", get_reviews},
};
const struct pv_web_routes pv_web_post_routes = PV_WEB_ROUTES(routes);
