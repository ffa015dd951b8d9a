/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "collect/feed_parts.h"
#include "base/instant.h"
#include "base/mem.h"
#include "base/str.h"
#include "text/language.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "net/url.h"

enum { SUMMARY_MAX = 400 };

char *pv_feed_cut(TALLOC_CTX *mem, const char *text, size_t size, size_t limit)
{
	if (size > limit) {
		size = limit;
		while (size && ((unsigned char)text[size] & 0xC0) == 0x80)
			size--;
	}
	return talloc_strndup(mem, text, size);
}

char *pv_feed_line(TALLOC_CTX *mem, const char *html)
{
	char *line = html ? pv_feed_plain(mem, html, PV_FEED_LINE_MAX) : talloc_strdup(mem, "");
	for (char *at = line; at && *at; at++)
		if (*at == '\n' || *at == '\t')
			*at = ' ';
	return line;
}

char *pv_feed_language(TALLOC_CTX *mem, const char *tag)
{
	enum { TAG_MAX = 35 }; /* RFC 5646, 4.4.1 */
	size_t size = strcspn(tag, " \t\r\n");
	if (size < 2 || size > TAG_MAX)
		return talloc_strdup(mem, "");
	char *copy = talloc_strndup(mem, tag, size);
	for (char *at = copy; at && *at; at++) {
		bool upper = *at >= 'A' && *at <= 'Z';
		if (upper)
			*at = (char)(*at | 0x20);
		else if (*at == '_')
			*at = '-';
		else if (!((*at >= 'a' && *at <= 'z') || (*at >= '0' && *at <= '9') || *at == '-'))
			return talloc_strdup(mem, "");
	}
	return copy;
}

char *pv_feed_address(TALLOC_CTX *mem, const char *base, const char *reference)
{
	char *resolved = NULL;
	if (!reference || !*reference || strlen(reference) > PV_FEED_URL_MAX ||
		pv_net_url_resolve(mem, base, reference, &resolved, NULL) != PV_OK)
		return talloc_strdup(mem, "");
	return resolved;
}

struct pv_feed_item pv_feed_item_empty(void)
{
	return (struct pv_feed_item){
		.guid = "",
		.url = "",
		.title = "",
		.summary = "",
		.content = "",
		.author = "",
		.language = "",
		.image = "",
	};
}

void pv_feed_label(struct feed_reader *reader, struct pv_feed_item *item, const char *label)
{
	/* Blogger marks the kind of the entry with a category of its own scheme */
	if (!label || !*label || item->n_labels >= PV_FEED_LABELS_MAX ||
		strncmp(label, "http://schemas.google.com/", 26) == 0)
		return;
	const char **labels = talloc_array(reader->mem, const char *, item->n_labels + 1);
	char *copy = pv_feed_cut(reader->mem, label, strlen(label), PV_FEED_LINE_MAX);
	if (!labels || !copy) {
		reader->failed = true;
		return;
	}
	if (item->n_labels)
		memcpy(labels, item->labels, item->n_labels * sizeof *labels);
	labels[item->n_labels++] = copy;
	item->labels = labels;
}

/* ---- dates ------------------------------------------------------------------------------------ */

static int month_of(const char *name)
{
	static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";
	for (int i = 0; i < 12; i++)
		if (strncasecmp(name, months + 3 * i, 3) == 0)
			return i + 1;
	return 0;
}

/* RFC 2822, 4.3: the zones that still have names; any other is read as UTC. */
static int64_t zone_offset_us(const char *zone)
{
	static const struct {
		const char *name;
		int hours;
	} zones[] = {{"EST", -5}, {"EDT", -4}, {"CST", -6}, {"CDT", -5}, {"MST", -7}, {"MDT", -6},
		{"PST", -8}, {"PDT", -7}};
	int hours, minutes;
	if ((*zone == '+' || *zone == '-') && sscanf(zone + 1, "%2d%2d", &hours, &minutes) == 2 &&
		hours < 24 && hours >= 0 && minutes < 60 && minutes >= 0)
		return (*zone == '-' ? -1 : 1) * (hours * PV_HOUR_US + minutes * PV_MINUTE_US);
	for (size_t i = 0; i < PV_COUNT(zones); i++)
		if (strncmp(zone, zones[i].name, 3) == 0)
			return zones[i].hours * PV_HOUR_US;
	return 0;
}

bool pv_feed_date_parse(const char *text, int64_t *out_us)
{
	const char *at = strchr(text, ',');
	at = at ? at + 1 : text;
	char month[4] = "";
	struct pv_civil c = {0};
	int used = 0;
	if (sscanf(at, " %2d %3s%n", &c.day, month, &used) != 2 || !(c.month = month_of(month)))
		return false;
	at += used;
	at += strspn(at, "abcdefghijklmnopqrstuvwxyz"); /* "March" */
	const char *year = at + strspn(at, " ");
	if (sscanf(year, "%4d %2d:%2d%n", &c.year, &c.hour, &c.minute, &used) != 3)
		return false;
	at = year + used;
	if (*at == ':' && sscanf(at, ":%2d%n", &c.second, &used) == 1)
		at += used;
	size_t digits = strspn(year, "0123456789");
	if (digits == 2) /* RFC 2822, 4.3 */
		c.year += c.year < 50 ? 2000 : 1900;
	if (c.day < 1 || c.day > 31 || c.year < 1970 || c.year > 9999 || c.hour < 0 ||
		c.hour > 23 || c.minute < 0 || c.minute > 59 || c.second < 0 || c.second > 60)
		return false;
	*out_us = pv_civil_as_utc(&c) - zone_offset_us(at + strspn(at, " "));
	return true;
}

static int64_t item_date(const struct feed_reader *reader, const char *date)
{
	int64_t at_us = reader->now_us;
	if (date && !pv_time_parse(date, strlen(date), &at_us))
		pv_feed_date_parse(date, &at_us);
	return at_us > reader->now_us ? reader->now_us : at_us;
}

/* ---- entries ---------------------------------------------------------------------------------- */

static bool known_guid(const struct pv_feed *feed, const char *guid)
{
	for (size_t i = 0; i < feed->n_items; i++)
		if (strcmp(feed->items[i].guid, guid) == 0)
			return true;
	return false;
}

static const char *summary_of(struct feed_reader *reader, const struct feed_bodies *bodies)
{
	const char *html = bodies->summary_html ? bodies->summary_html : bodies->content_html;
	char *plain = html ? pv_feed_plain(reader->mem, html, PV_FEED_TEXT_MAX) : NULL;
	if (!plain)
		return "";
	size_t size = strlen(plain);
	if (size <= SUMMARY_MAX)
		return plain;
	size_t cut = SUMMARY_MAX;
	while (cut && plain[cut] != ' ' && plain[cut] != '\n')
		cut--;
	char *line = pv_feed_cut(reader->mem, plain, cut ? cut : size, SUMMARY_MAX);
	return line ? talloc_asprintf(reader->mem, "%s…", line) : "";
}

static void item_complete(
	struct feed_reader *reader, struct pv_feed_item *item, const struct feed_bodies *bodies)
{
	const char *html = bodies->content_html ? bodies->content_html : bodies->summary_html;
	item->summary = summary_of(reader, bodies);
	item->content = html ? pv_feed_plain(reader->mem, html, PV_FEED_TEXT_MAX) : "";
	item->published_at_us = item_date(reader, bodies->date);
	if (!*item->image && html) {
		char *picture = pv_feed_picture(reader->mem, html);
		item->image = picture && *picture
				      ? pv_feed_address(reader->mem,
						*item->url ? item->url : reader->base_url, picture)
				      : "";
	}
	if (!*item->author)
		item->author = reader->author;
	/* a blog's language is not its every article's: the text speaks first */
	const char *guess =
		item->content ? pv_language_guess(item->content, strlen(item->content)) : "";
	if (!*item->language || (*guess && strncmp(item->language, guess, 2) != 0))
		item->language = *guess ? guess : reader->feed.language;
	if (!*item->guid)
		item->guid = *item->url ? item->url : item->title;
}

void pv_feed_item_add(
	struct feed_reader *reader, struct pv_feed_item *item, const struct feed_bodies *bodies)
{
	struct pv_feed *feed = &reader->feed;
	if (feed->n_items >= PV_FEED_ITEMS_MAX)
		return;
	item_complete(reader, item, bodies);
	if (!item->guid || !item->content || !item->title || !item->summary || !item->author ||
		!item->url || !item->image) {
		reader->failed = true;
		return;
	}
	if (!*item->guid || known_guid(feed, item->guid))
		return;
	struct pv_feed_item *grown =
		talloc_realloc(reader->mem, feed->items, struct pv_feed_item, feed->n_items + 1);
	if (!grown) {
		reader->failed = true;
		return;
	}
	feed->items = grown;
	feed->items[feed->n_items++] = *item;
}

/* After blanks, the first character, which tells JSON from XML. */
static char first_sign(const char *bytes, size_t size)
{
	size_t at = 0;
	while (at < size && strchr(" \t\r\n", bytes[at]) && bytes[at])
		at++;
	return at < size ? bytes[at] : '\0';
}

static bool looks_like_html(const char *bytes, size_t size)
{
	enum { HEAD = 512 };
	char *head = talloc_strndup(NULL, bytes, size < HEAD ? size : HEAD);
	bool html = head && (strcasestr(head, "<!doctype html") || strcasestr(head, "<html"));
	talloc_free(head);
	return html;
}

enum pv_status pv_feed_parse(TALLOC_CTX *mem, const char *bytes, size_t size, const char *base_url,
	int64_t now_us, struct pv_feed *out, struct pv_error *error)
{
	if (size > PV_FEED_BYTES_MAX)
		return pv_fail(error, PV_TOO_LARGE, "Ce flux dépasse %d Mo.",
			"This feed is over %d MB.", PV_FEED_BYTES_MAX >> 20);
	struct feed_reader reader = {
		.mem = mem,
		.base_url = base_url,
		.now_us = now_us,
		.author = "",
		.feed = {.title = "", .site = "", .language = ""},
	};
	enum pv_status status;
	if (size >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
		bytes += 3; /* a byte-order mark says nothing in UTF-8, and JSON forbids it */
		size -= 3;
	}
	char sign = first_sign(bytes, size);
	if (sign == '\0')
		return pv_fail(error, PV_INVALID, "L'adresse a répondu sans rien donner.",
			"The address answered with nothing.");
	if (sign == '{')
		status = pv_feed_read_json(&reader, bytes, size, error);
	else if (looks_like_html(bytes, size))
		return pv_fail(error, PV_INVALID,
			"Cette adresse mène à une page, pas à un flux. Cherchez sur le site le "
			"lien « RSS » ou « Atom ».",
			"This address leads to a page, not to a feed. Look on the site for a link "
			"“RSS” or “Atom”.");
	else
		status = pv_feed_read_xml(&reader, bytes, size, error);
	if (status != PV_OK)
		return status;
	if (reader.failed || !reader.feed.title || !reader.feed.site || !reader.feed.language)
		return pv_fail_nomem(error);
	*out = reader.feed;
	return PV_OK;
}
