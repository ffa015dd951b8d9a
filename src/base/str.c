/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/str.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

enum { BUF_FIRST = 128 };

bool pv_streq(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

char *pv_str_dup(TALLOC_CTX *mem, struct pv_str text)
{
	return talloc_strndup(mem, text.bytes ? text.bytes : "", text.size);
}

static bool buf_reserve(struct pv_buf *buf, size_t more)
{
	if (buf->failed)
		return false;
	if (more > buf->limit - buf->size) {
		buf->failed = true;
		return false;
	}
	size_t wanted = buf->size + more + 1;
	if (wanted <= buf->room)
		return true;
	size_t room = buf->room ? buf->room : BUF_FIRST;
	while (room < wanted)
		room *= 2;
	char *grown = talloc_realloc_size(buf->mem, buf->bytes, room);
	if (!grown) {
		buf->failed = true;
		return false;
	}
	buf->bytes = grown;
	buf->room = room;
	return true;
}

void pv_buf_add(struct pv_buf *buf, const void *bytes, size_t size)
{
	if (!buf_reserve(buf, size))
		return;
	if (size)
		memcpy(buf->bytes + buf->size, bytes, size);
	buf->size += size;
	buf->bytes[buf->size] = '\0';
}

void pv_buf_text(struct pv_buf *buf, const char *text)
{
	pv_buf_add(buf, text, strlen(text));
}

void pv_buf_char(struct pv_buf *buf, char c)
{
	pv_buf_add(buf, &c, 1);
}

void pv_buf_printf(struct pv_buf *buf, const char *format, ...)
{
	va_list arguments, again;
	va_start(arguments, format);
	va_copy(again, arguments);
	int size = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	if (size >= 0 && buf_reserve(buf, (size_t)size)) {
		vsnprintf(buf->bytes + buf->size, (size_t)size + 1, format, again);
		buf->size += (size_t)size;
	} else if (size < 0) {
		buf->failed = true;
	}
	va_end(again);
}

char *pv_buf_room(struct pv_buf *buf, size_t more)
{
	return buf_reserve(buf, more) ? buf->bytes + buf->size : NULL;
}

void pv_buf_wrote(struct pv_buf *buf, size_t size)
{
	buf->size += size;
	buf->bytes[buf->size] = '\0';
}

const char *pv_buf_end(struct pv_buf *buf)
{
	if (buf->failed)
		return NULL;
	return buf->bytes ? buf->bytes : "";
}

/* Table 3-7 of the Unicode Standard: the well-formed byte sequences. */
static size_t utf8_sequence(const unsigned char *s, size_t left)
{
	unsigned char lead = s[0];
	if (lead < 0x80)
		return lead ? 1 : 0;
	size_t size = lead >= 0xC2 && lead <= 0xDF   ? 2
		      : lead >= 0xE0 && lead <= 0xEF ? 3
		      : lead >= 0xF0 && lead <= 0xF4 ? 4
						     : 0;
	if (!size || size > left)
		return 0;
	unsigned char low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
	unsigned char high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
	if (s[1] < low || s[1] > high)
		return 0;
	for (size_t i = 2; i < size; i++)
		if ((s[i] & 0xC0) != 0x80)
			return 0;
	return size;
}

bool pv_utf8_valid(const char *bytes, size_t size)
{
	const unsigned char *s = (const unsigned char *)bytes;
	size_t at = 0;
	while (at < size) {
		uint64_t eight;
		while (size - at >= 8) {
			memcpy(&eight, s + at, 8);
			/* all ASCII and no NUL: skip eight at once */
			if ((eight & 0x8080808080808080u) ||
				((eight - 0x0101010101010101u) & 0x8080808080808080u))
				break;
			at += 8;
		}
		if (at == size)
			return true;
		size_t step = utf8_sequence(s + at, size - at);
		if (!step)
			return false;
		at += step;
	}
	return true;
}

void pv_buf_html(struct pv_buf *buf, const char *text)
{
	const char *from = text;
	for (const char *at = text; *at; at++) {
		const char *as = *at == '&'    ? "&amp;"
				 : *at == '<'  ? "&lt;"
				 : *at == '>'  ? "&gt;"
				 : *at == '"'  ? "&quot;"
				 : *at == '\'' ? "&#39;"
					       : NULL;
		if (!as)
			continue;
		pv_buf_add(buf, from, (size_t)(at - from));
		pv_buf_text(buf, as);
		from = at + 1;
	}
	pv_buf_text(buf, from);
}
