/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/out.h"

#include <inttypes.h>
#include <stdio.h>

static void lead(struct pv_out *out, const char *name)
{
	if (out->more)
		pv_buf_add(out->buf, ",", 1);
	out->more = true;
	if (!name)
		return;
	pv_buf_add(out->buf, "\"", 1);
	pv_buf_text(out->buf, name);
	pv_buf_add(out->buf, "\":", 2);
}

void pv_out_open(struct pv_out *out, const char *name, char bracket)
{
	lead(out, name);
	pv_buf_add(out->buf, &bracket, 1);
	out->more = false;
}

void pv_out_close(struct pv_out *out, char bracket)
{
	pv_buf_add(out->buf, &bracket, 1);
	out->more = true;
}

/* The bytes of a JSON string that must be escaped: quote, backslash, controls; and DEL for terminals. */
static bool plain(unsigned char c)
{
	return c >= 0x20 && c != '"' && c != '\\' && c != 0x7f;
}

static void escape(struct pv_buf *buf, unsigned char c)
{
	switch (c) {
	case '"': pv_buf_add(buf, "\\\"", 2); return;
	case '\\': pv_buf_add(buf, "\\\\", 2); return;
	case '\n': pv_buf_add(buf, "\\n", 2); return;
	case '\r': pv_buf_add(buf, "\\r", 2); return;
	case '\t': pv_buf_add(buf, "\\t", 2); return;
	default: pv_buf_printf(buf, "\\u%04x", c); return;
	}
}

void pv_out_text(struct pv_out *out, const char *name, const char *text)
{
	if (!text) {
		pv_out_null(out, name);
		return;
	}
	lead(out, name);
	pv_buf_add(out->buf, "\"", 1);
	const unsigned char *at = (const unsigned char *)text;
	for (;;) {
		const unsigned char *from = at;
		while (plain(*at))
			at++;
		pv_buf_add(out->buf, from, (size_t)(at - from));
		if (!*at)
			break;
		escape(out->buf, *at++);
	}
	pv_buf_add(out->buf, "\"", 1);
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
	lead(out, name);
	pv_buf_add(out->buf, digits + at, sizeof(digits) - at);
}

void pv_out_bool(struct pv_out *out, const char *name, bool value)
{
	lead(out, name);
	pv_buf_text(out->buf, value ? "true" : "false");
}

void pv_out_null(struct pv_out *out, const char *name)
{
	lead(out, name);
	pv_buf_add(out->buf, "null", 4);
}

void pv_out_time(struct pv_out *out, const char *name, int64_t at_us)
{
	char text[PV_TIME_TEXT_SIZE];
	if (at_us == PV_TIME_NONE) {
		pv_out_null(out, name);
		return;
	}
	lead(out, name);
	pv_buf_add(out->buf, "\"", 1);
	pv_buf_text(out->buf, pv_time_format(at_us, text));
	pv_buf_add(out->buf, "\"", 1);
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
	lead(out, name);
	pv_buf_text(out->buf, json && *json ? json : otherwise);
}
