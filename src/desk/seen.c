/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "desk/seen.h"

#include "base/json.h"
#include "base/str.h"

#include <stdlib.h>

/* Their last review of a version that is not the present one; NULL: none. */
static const struct pv_review_row *last_review(
	const struct pv_actor *actor, const struct pv_desk_variant *variant)
{
	const struct pv_review_row *found = NULL;
	for (size_t i = 0; i < variant->n_reviews; i++)
		if (pv_streq(variant->reviews[i].person_id, actor->person_id))
			found = &variant->reviews[i];
	return found && strcmp(found->digest, variant->row.digest) != 0 ? found : NULL;
}

static void differ(
	struct pv_difference *out, size_t *n, const char *field, const char *was, const char *is)
{
	if (!pv_streq(was, is))
		out[(*n)++] = (struct pv_difference){
			.field = field, .was = was ? was : "", .is = is ? is : ""};
}

/* What the pictures show: the part of them that is written. */
static const char *alts(TALLOC_CTX *mem, const json_t *media)
{
	size_t i;
	json_t *item;
	struct pv_buf text = PV_BUF(mem, PV_VARIANT_MEDIA_MAX * (PV_VARIANT_ALT_MAX + 1));
	json_array_foreach(media, i, item)
	{
		const char *alt = pv_json_text(item, "alt");
		pv_buf_printf(&text, "%s%s", i ? "\n" : "", alt ? alt : "");
	}
	return pv_buf_end(&text);
}

/* In one order of names, so that equal declarations are equal texts. */
static const char *sorted(TALLOC_CTX *mem, const json_t *object)
{
	char *text = json_dumps(object, JSON_COMPACT | JSON_SORT_KEYS);
	const char *copy = text ? talloc_strdup(mem, text) : NULL;
	free(text);
	return copy;
}

static enum pv_status compare(TALLOC_CTX *mem, const struct pv_variant_row *row, const char *input,
	struct pv_difference *out, size_t *out_n, struct pv_error *error)
{
	PV_JSON json_t *was = NULL, *media = NULL, *declared = NULL;
	size_t n = 0;
	enum pv_status status = pv_json_parse(input, strlen(input), &was, error);
	if (status == PV_OK)
		status = pv_json_parse(row->media, strlen(row->media), &media, error);
	if (status == PV_OK)
		status = pv_json_parse(row->declared, strlen(row->declared), &declared, error);
	if (status != PV_OK)
		return status;
	const json_t *post = json_object_get(was, "post");
	const char *text = pv_json_text(post, "text"), *at = pv_json_text(was, "at");
	int64_t at_us = PV_TIME_NONE;
	differ(out, &n, "text", text ? talloc_strdup(mem, text) : NULL, row->text);
	differ(out, &n, "media", alts(mem, json_object_get(post, "media")), alts(mem, media));
	/* Without a time of its own it was judged for the moment: nothing to compare. */
	if (at && row->due_at_us != PV_TIME_NONE && pv_time_parse(at, strlen(at), &at_us) &&
		at_us != row->due_at_us)
		differ(out, &n, "due_at", pv_time_text(mem, at_us),
			pv_time_text(mem, row->due_at_us));
	differ(out, &n, "declared", sorted(mem, json_object_get(was, "declared")),
		sorted(mem, declared));
	*out_n = n;
	return PV_OK;
}

enum pv_status pv_desk_variant_differences(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const struct pv_desk_variant *variant,
	struct pv_difference out[PV_DIFFERENCES_MAX], size_t *out_n, bool *out_seen,
	struct pv_error *error)
{
	const struct pv_review_row *review = last_review(actor, variant);
	struct pv_judgement_row *rows = NULL;
	size_t n = 0;
	*out_seen = false;
	*out_n = 0;
	if (!review)
		return PV_OK;
	enum pv_status status = pv_judgement_list(desk->db, mem, variant->row.id, &rows, &n, error);
	for (size_t i = n; status == PV_OK && i > 0; i--)
		if (strcmp(rows[i - 1].digest, review->digest) == 0) {
			*out_seen = true;
			return compare(mem, &variant->row, rows[i - 1].input, out, out_n, error);
		}
	return status;
}
