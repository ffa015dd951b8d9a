/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* JSON Feed 1.1 (jsonfeed.org/version/1.1). */
#include "collect/feed_parts.h"
#include "base/json.h"
#include "base/str.h"

#include <string.h>

/* A text member; a number is taken for an id, as many write it. */
static const char *member(struct feed_reader *reader, const json_t *object, const char *name)
{
	const json_t *value = json_object_get(object, name);
	if (json_is_integer(value))
		return talloc_asprintf(
			reader->mem, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	const char *text = json_string_value(value);
	return text ? pv_feed_cut(reader->mem, text, strlen(text), PV_FEED_BYTES_MAX) : NULL;
}

static const char *author_of(struct feed_reader *reader, const json_t *object)
{
	const json_t *author = json_array_get(json_object_get(object, "authors"), 0);
	if (!author)
		author = json_object_get(object, "author"); /* version 1 */
	const char *name = member(reader, author, "name");
	return name ? name : "";
}

static void read_item(struct feed_reader *reader, const json_t *object)
{
	struct pv_feed_item item = pv_feed_item_empty();
	struct feed_bodies bodies = {
		.content_html = member(reader, object, "content_html"),
		.summary_html = NULL,
		.date = member(reader, object, "date_published"),
	};
	if (!bodies.date)
		bodies.date = member(reader, object, "date_modified");
	const char *plain = member(reader, object, "content_text");
	const char *summary = member(reader, object, "summary");
	struct pv_buf html = PV_BUF(reader->mem, PV_FEED_BYTES_MAX);
	if (!bodies.content_html && plain) {
		pv_buf_html(&html, plain);
		bodies.content_html = pv_buf_end(&html);
	}
	struct pv_buf short_html = PV_BUF(reader->mem, PV_FEED_BYTES_MAX);
	if (summary) {
		pv_buf_html(&short_html, summary);
		bodies.summary_html = pv_buf_end(&short_html);
	}
	const char *id = member(reader, object, "id"), *url = member(reader, object, "url");
	const char *title = member(reader, object, "title");
	const char *image = member(reader, object, "image");
	const char *language = member(reader, object, "language");
	item.guid = id ? id : "";
	item.url = url ? pv_feed_address(reader->mem, reader->base_url, url) : "";
	item.title = title ? pv_feed_cut(reader->mem, title, strlen(title), PV_FEED_LINE_MAX) : "";
	item.image = image ? pv_feed_address(reader->mem, reader->base_url, image) : "";
	item.language = language ? pv_feed_language(reader->mem, language) : "";
	item.author = author_of(reader, object);
	size_t at;
	json_t *tag;
	json_array_foreach(json_object_get(object, "tags"), at, tag)
		pv_feed_label(reader, &item, json_string_value(tag));
	pv_feed_item_add(reader, &item, &bodies);
}

enum pv_status pv_feed_read_json(
	struct feed_reader *reader, const char *bytes, size_t size, struct pv_error *error)
{
	PV_JSON json_t *root = NULL;
	enum pv_status status = pv_json_parse(bytes, size, &root, error);
	if (status != PV_OK)
		return status;
	const char *version = pv_json_text(root, "version");
	const json_t *items = json_object_get(root, "items");
	if (!version || strncmp(version, "https://jsonfeed.org/version/", 29) != 0 ||
		!json_is_array(items))
		return pv_fail(error, PV_INVALID, "Ce document JSON n'est pas un JSON Feed.",
			"This JSON document is not a JSON Feed.");
	const char *title = member(reader, root, "title");
	const char *site = member(reader, root, "home_page_url");
	const char *language = member(reader, root, "language");
	reader->feed.title = title ? title : "";
	reader->feed.site = site ? pv_feed_address(reader->mem, reader->base_url, site) : "";
	reader->feed.language = language ? pv_feed_language(reader->mem, language) : "";
	reader->author = author_of(reader, root);
	size_t at;
	json_t *item;
	json_array_foreach(items, at, item)
	{
		if (at >= PV_FEED_ITEMS_MAX)
			break;
		read_item(reader, item);
	}
	return PV_OK;
}
