/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "net/page_scan.h"

#include "base/mem.h"
#include "base/utf8.h"

#include <libxml/HTMLparser.h>
#include <stdlib.h>
#include <strings.h>

/* ---- cutting ----------------------------------------------------------------------------------- */

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool same(struct pv_str text, const char *name)
{
	return text.size == strlen(name) && strncasecmp(text.bytes, name, text.size) == 0;
}

/* Behind the next `c`; the end when there is none. */
static const char *behind(const struct page_scan *scan, const char *at, char c)
{
	const char *found = memchr(at, c, (size_t)(scan->end - at));
	return found ? found + 1 : scan->end;
}

/* 13.2.5.43: "<!-->" and "<!--->" are whole comments. */
static const char *behind_comment(const struct page_scan *scan, const char *at)
{
	size_t left = (size_t)(scan->end - at);
	if (left >= 1 && at[0] == '>')
		return at + 1;
	if (left >= 2 && memcmp(at, "->", 2) == 0)
		return at + 2;
	const char *found = memmem(at, left, "--", 2);
	while (found) {
		const char *next = found + 2;
		next += next < scan->end && *next == '!';
		if (next < scan->end && *next == '>')
			return next + 1;
		found = memmem(found + 1, (size_t)(scan->end - found - 1), "--", 2);
	}
	return scan->end;
}

/* One attribute; false at the tag's end, which is left standing. */
static bool next_attribute(struct page_scan *scan, struct page_attribute *out)
{
	const char *at = scan->at, *end = scan->end;
	while (at < end && (is_space(*at) || *at == '/'))
		at++;
	*out = (struct page_attribute){.name.bytes = at};
	const char *name = at;
	at += at < end && *at == '='; /* a name may begin with it */
	while (at < end && !is_space(*at) && *at != '/' && *at != '>' && *at != '=')
		at++;
	out->name.size = (size_t)(at - name);
	scan->at = at;
	while (at < end && is_space(*at))
		at++;
	if (at >= end || *at != '=' || out->name.size == 0)
		return out->name.size > 0;
	for (at++; at < end && is_space(*at);)
		at++;
	char quote = at < end && (*at == '"' || *at == '\'') ? *at++ : '\0';
	out->value.bytes = at;
	while (at < end && (quote ? *at != quote : !is_space(*at) && *at != '>'))
		at++;
	out->value.size = (size_t)(at - out->value.bytes);
	scan->at = at + (quote && at < end);
	return true;
}

/* The inside of a raw element, up to its own closing tag, which is left standing. */
static struct pv_str raw_until_end(struct page_scan *scan, struct pv_str name)
{
	struct pv_str text = {.bytes = scan->at, .size = (size_t)(scan->end - scan->at)};
	const char *at = scan->at;
	while ((at = memmem(at, (size_t)(scan->end - at), "</", 2))) {
		size_t left = (size_t)(scan->end - at - 2);
		if (left > name.size && strncasecmp(at + 2, name.bytes, name.size) == 0 &&
			(is_space(at[2 + name.size]) || strchr("/>", at[2 + name.size]))) {
			text.size = (size_t)(at - text.bytes);
			break;
		}
		at += 2;
	}
	scan->at = text.bytes + text.size;
	return text;
}

static const char *const raw[] = {"script", "style", "textarea", "title", "xmp", "iframe",
	"noembed", "noframes", "plaintext"};

static struct pv_str raw_text(struct page_scan *scan, const struct page_tag *tag)
{
	size_t i = 0;
	while (i < PV_COUNT(raw) && !same(tag->name, raw[i]))
		i++;
	bool whole = scan->piece && (scan->open >> i & 1 || scan->at[-2] == '/');
	if (tag->closing || i == PV_COUNT(raw) || whole)
		return (struct pv_str){0};
	struct pv_str text = raw_until_end(scan, tag->name);
	if (!scan->piece || scan->at < scan->end)
		return text;
	scan->open |= 1u << i;
	scan->at = text.bytes;
	return (struct pv_str){0};
}

/* From the tag's name on; false when the page ends in it. */
static bool read_tag(struct page_scan *scan, struct page_tag *out)
{
	const char *name = scan->at;
	while (scan->at < scan->end && !is_space(*scan->at) && !strchr("/>", *scan->at))
		scan->at++;
	out->name = (struct pv_str){.bytes = name, .size = (size_t)(scan->at - name)};
	out->n_attributes = 0;
	out->text = (struct pv_str){0};
	struct page_attribute attribute;
	while (next_attribute(scan, &attribute))
		if (out->n_attributes < PAGE_ATTRIBUTES_MAX)
			out->attributes[out->n_attributes++] = attribute;
	if (scan->at >= scan->end)
		return false;
	scan->at++; /* '>' */
	out->text = raw_text(scan, out);
	return true;
}

/* What is no tag: up to the next "<", which may itself be only a sign. */
static enum page_part text_part(struct page_scan *scan, struct pv_str *out)
{
	const char *from = scan->at, *at = from + (*from == '<');
	const char *found = memchr(at, '<', (size_t)(scan->end - at));
	scan->at = found ? found : scan->end;
	*out = (struct pv_str){.bytes = from, .size = (size_t)(scan->at - from)};
	return PAGE_TEXT;
}

enum page_part pv_page_scan_part(
	struct page_scan *scan, struct pv_str *out_text, struct page_tag *out_tag)
{
	while (scan->at < scan->end) {
		const char *at = scan->at + 1;
		size_t left = (size_t)(scan->end - at);
		if (*scan->at != '<' || left < 2)
			return text_part(scan, out_text);
		out_tag->closing = at[0] == '/';
		if (is_letter(at[out_tag->closing])) {
			scan->at = at + out_tag->closing;
			return read_tag(scan, out_tag) ? PAGE_TAG : PAGE_END;
		}
		if (left >= 3 && memcmp(at, "!--", 3) == 0)
			scan->at = behind_comment(scan, at + 3);
		else if (at[0] == '!' || at[0] == '?' || at[0] == '/')
			scan->at = behind(scan, at, '>');
		else
			return text_part(scan, out_text);
	}
	return PAGE_END;
}

bool pv_page_scan_next(struct page_scan *scan, struct page_tag *out)
{
	struct pv_str text;
	enum page_part part;
	do
		part = pv_page_scan_part(scan, &text, out);
	while (part == PAGE_TEXT);
	return part == PAGE_TAG;
}

/* ---- attributes -------------------------------------------------------------------------------- */

bool pv_page_tag_is(const struct page_tag *tag, const char *name)
{
	return !tag->closing && same(tag->name, name);
}

/* The character that "&…;" at `text` stands for; its size in *out_size, 0: it stands for itself. */
static uint32_t entity(struct pv_str text, size_t *out_size)
{
	enum { NAME_MAX_BYTES = 10 };
	char name[NAME_MAX_BYTES + 1];
	size_t looked_at = text.size < NAME_MAX_BYTES + 2 ? text.size : NAME_MAX_BYTES + 2;
	const char *end = memchr(text.bytes, ';', looked_at);
	size_t size = end ? (size_t)(end - text.bytes) : 0;
	*out_size = 0;
	if (size < 2 || size - 1 > NAME_MAX_BYTES)
		return 0;
	memcpy(name, text.bytes + 1, size - 1);
	name[size - 1] = '\0';
	uint32_t c = 0;
	if (name[0] == '#') {
		bool hex = name[1] == 'x' || name[1] == 'X';
		char *rest;
		unsigned long value = strtoul(name + (hex ? 2 : 1), &rest, hex ? 16 : 10);
		bool control = value < ' ' && value != '\t' && value != '\n' && value != '\r';
		bool good = *rest == '\0' && !control && value < 0x110000 &&
			    !(value >= 0xD800 && value < 0xE000);
		c = good ? (uint32_t)value : 0;
	} else if (strcmp(name, "apos") == 0) {
		c = '\'';
	} else {
		const htmlEntityDesc *known = htmlEntityLookup((const xmlChar *)name);
		c = known ? known->value : 0;
	}
	*out_size = c ? size + 1 : 0;
	return c;
}

char *pv_page_text(TALLOC_CTX *mem, struct pv_str value)
{
	/* no entity is shorter than what it stands for: "&lt;", and 4 bytes for "&#x10000;" */
	char *out = talloc_size(mem, value.size + 1);
	size_t n = 0;
	for (size_t i = 0; out && i < value.size;) {
		size_t size = 0;
		uint32_t c = value.bytes[i] == '&'
				     ? entity((struct pv_str){.bytes = value.bytes + i,
						      .size = value.size - i},
					       &size)
				     : 0;
		if (size) {
			n += pv_utf8_encode(c, out + n);
			i += size;
		} else {
			out[n++] = value.bytes[i++];
		}
	}
	if (out)
		out[n] = '\0';
	return out;
}

const char *pv_page_tag_get(
	TALLOC_CTX *mem, const struct page_tag *tag, const char *name, size_t most, bool *failed)
{
	for (size_t i = 0; i < tag->n_attributes; i++) {
		if (!same(tag->attributes[i].name, name))
			continue;
		struct pv_str value = tag->attributes[i].value;
		if (value.size > most)
			return NULL;
		const char *text = pv_page_text(mem, value);
		*failed |= !text;
		return text;
	}
	return NULL;
}
