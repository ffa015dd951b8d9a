/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/out.h"

/* Comma and name, at a place with room for them: PV_OUT_LEAD bytes and the name's. */
enum { PV_OUT_LEAD = 4 };

static char *lead_at(struct pv_out *out, char *at, const char *name, size_t name_size)
{
	if (out->more)
		*at++ = ',';
	out->more = true;
	if (!name)
		return at;
	*at++ = '"';
	memcpy(at, name, name_size);
	at += name_size;
	*at++ = '"';
	*at++ = ':';
	return at;
}

/* Comma, name and `size` bytes more, in one step. */
static void put(struct pv_out *out, const char *name, const char *bytes, size_t size)
{
	size_t name_size = name ? strlen(name) : 0;
	char *from = pv_buf_room(out->buf, PV_OUT_LEAD + name_size + size);
	if (!from)
		return;
	char *at = lead_at(out, from, name, name_size);
	memcpy(at, bytes, size);
	pv_buf_wrote(out->buf, (size_t)(at - from) + size);
}

void pv_out_open(struct pv_out *out, const char *name, char bracket)
{
	put(out, name, &bracket, 1);
	out->more = false;
}

void pv_out_close(struct pv_out *out, char bracket)
{
	pv_buf_add(out->buf, &bracket, 1);
	out->more = true;
}

/* The bytes of a JSON string that must be escaped: quote, backslash, controls; DEL for terminals. */
static bool plain(unsigned char c)
{
	return c >= 0x20 && c != '"' && c != '\\' && c != 0x7f;
}

enum { ESCAPED_MAX = 6 };

static char *escape(char *at, unsigned char c)
{
	static const char hex[] = "0123456789abcdef";
	const char *two = c == '"'    ? "\\\""
			  : c == '\\' ? "\\\\"
			  : c == '\n' ? "\\n"
			  : c == '\r' ? "\\r"
			  : c == '\t' ? "\\t"
				      : NULL;
	if (two) {
		memcpy(at, two, 2);
		return at + 2;
	}
	memcpy(at, "\\u00", 4);
	at[4] = hex[c >> 4];
	at[5] = hex[c & 15];
	return at + ESCAPED_MAX;
}

void pv_out_text(struct pv_out *out, const char *name, const char *text)
{
	if (!text) {
		pv_out_null(out, name);
		return;
	}
	size_t name_size = name ? strlen(name) : 0, size = strlen(text), escapes = 0;
	for (size_t i = 0; i < size; i++)
		escapes += !plain((unsigned char)text[i]);
	char *from = pv_buf_room(
		out->buf, PV_OUT_LEAD + name_size + size + 2 + escapes * (ESCAPED_MAX - 1));
	if (!from)
		return;
	char *at = lead_at(out, from, name, name_size);
	*at++ = '"';
	if (escapes == 0) {
		memcpy(at, text, size);
		at += size;
	} else {
		for (size_t i = 0; i < size; i++)
			if (plain((unsigned char)text[i]))
				*at++ = text[i];
			else
				at = escape(at, (unsigned char)text[i]);
	}
	*at++ = '"';
	pv_buf_wrote(out->buf, (size_t)(at - from));
}

void pv_out_text_or_null(struct pv_out *out, const char *name, const char *text)
{
	pv_out_text(out, name, text && *text ? text : NULL);
}

void pv_out_int(struct pv_out *out, const char *name, int64_t value)
{
	char digits[24];
	size_t at = sizeof(digits);
	uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
	do {
		digits[--at] = (char)('0' + left % 10);
		left /= 10;
	} while (left);
	if (value < 0)
		digits[--at] = '-';
	put(out, name, digits + at, sizeof(digits) - at);
}

void pv_out_bool(struct pv_out *out, const char *name, bool value)
{
	put(out, name, value ? "true" : "false", value ? 4 : 5);
}

void pv_out_null(struct pv_out *out, const char *name)
{
	put(out, name, "null", 4);
}

static char *digits(char *at, unsigned value, int n)
{
	for (int i = n - 1; i >= 0; i--) {
		at[i] = (char)('0' + value % 10);
		value /= 10;
	}
	return at + n;
}

/* As pv_time_format, without printf: a list of twenty rows has sixty of them. */
void pv_out_time(struct pv_out *out, const char *name, int64_t at_us)
{
	char text[PV_TIME_TEXT_SIZE], *at = text;
	if (at_us == PV_TIME_NONE) {
		pv_out_null(out, name);
		return;
	}
	struct pv_civil c = pv_civil_of_utc(at_us);
	*at++ = '"';
	at = pv_out_date(at, &c);
	*at++ = 'T';
	at = pv_out_clock(at, &c, true);
	*at++ = '.';
	at = digits(at, (unsigned)c.microsecond / 1000u, 3);
	*at++ = 'Z';
	*at++ = '"';
	put(out, name, text, (size_t)(at - text));
}

char *pv_out_date(char *at, const struct pv_civil *civil)
{
	at = digits(at, (unsigned)civil->year, 4);
	*at++ = '-';
	at = digits(at, (unsigned)civil->month, 2);
	*at++ = '-';
	return digits(at, (unsigned)civil->day, 2);
}

char *pv_out_clock(char *at, const struct pv_civil *civil, bool seconds)
{
	at = digits(at, (unsigned)civil->hour, 2);
	*at++ = ':';
	at = digits(at, (unsigned)civil->minute, 2);
	if (!seconds)
		return at;
	*at++ = ':';
	return digits(at, (unsigned)civil->second, 2);
}

void pv_out_words(struct pv_out *out, const char *name, const struct pv_words *words)
{
	if (!words || !words->fr || !words->en) {
		pv_out_null(out, name);
		return;
	}
	pv_out_open(out, name, '{');
	pv_out_text(out, "fr", words->fr);
	pv_out_text(out, "en", words->en);
	pv_out_close(out, '}');
}

void pv_out_raw(struct pv_out *out, const char *name, const char *json, const char *otherwise)
{
	const char *text = json && *json ? json : otherwise;
	put(out, name, text, strlen(text));
}
