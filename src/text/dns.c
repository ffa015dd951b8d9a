/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* How long a domain's labels are once written in ASCII (punycode, RFC 3492). */
#include "text/scan.h"

#include "base/utf8.h"

#include <stdint.h>

enum {
	LABEL_MAX = 63,
	PREFIX = 4, /* "xn--" */
	BASE = 36,
	TMIN = 1,
	TMAX = 26,
	SKEW = 38,
	DAMP = 700,
	BIAS_FIRST = 72,
	POINT_FIRST = 0x80,
};

static uint32_t adapt(uint32_t delta, uint32_t points, bool first)
{
	uint32_t k = 0;
	delta = first ? delta / DAMP : delta / 2;
	delta += delta / points;
	for (; delta > ((BASE - TMIN) * TMAX) / 2; k += BASE)
		delta /= BASE - TMIN;
	return k + (BASE - TMIN + 1) * delta / (delta + SKEW);
}

static size_t digits_of(uint32_t delta, uint32_t bias)
{
	size_t digits = 1;
	for (uint32_t k = BASE;; k += BASE) {
		uint32_t t = k <= bias ? TMIN : k >= bias + TMAX ? TMAX : k - bias;
		if (delta < t)
			return digits;
		delta = (delta - t) / (BASE - t);
		digits++;
	}
}

/* The smallest code point of the label that is not below `least`. */
static uint32_t next_point(const char *from, const char *to, uint32_t least)
{
	uint32_t next = UINT32_MAX, c = 0;
	for (const char *at = from; at < to; at += pv_utf8_decode(at, (size_t)(to - at), &c)) {
		pv_utf8_decode(at, (size_t)(to - at), &c);
		if (c >= least && c < next)
			next = c;
	}
	return next;
}

/* RFC 3492, 6.3, counting digits instead of writing them; anything over LABEL_MAX is too long. */
static size_t punycode_size(const char *from, const char *to)
{
	uint32_t n = POINT_FIRST, delta = 0, bias = BIAS_FIRST, points = 0, c = 0;
	size_t basic = 0;
	for (const char *at = from; at < to; at++) {
		basic += (unsigned char)*at < 0x80;
		points += !pv_utf8_tail((unsigned char)*at);
	}
	if (points > LABEL_MAX) /* each one needs a character or more */
		return LABEL_MAX + 1;
	uint32_t handled = (uint32_t)basic;
	size_t size = PREFIX + basic + (basic > 0);
	while (handled < points) {
		uint32_t next = next_point(from, to, n);
		delta += (next - n) * (handled + 1);
		n = next;
		for (const char *at = from; at < to;) {
			at += pv_utf8_decode(at, (size_t)(to - at), &c);
			delta += c < n;
			if (c != n)
				continue;
			size += digits_of(delta, bias);
			bias = adapt(delta, handled + 1, handled == basic);
			delta = 0;
			handled++;
		}
		delta++;
		n++;
	}
	return size;
}

/* One label between dots. U+3002, U+FF0E and U+FF61 are dots too, inside what X takes for one. */
static bool label_fits(const char *from, const char *to)
{
	size_t size = 0;
	const char *start = from, *at = from;
	bool ascii = true;
	while (at <= to) {
		uint32_t c = '.';
		size_t step = at < to ? pv_utf8_decode(at, (size_t)(to - at), &c) : 1;
		if (at == to || c == 0x3002 || c == 0xFF0E || c == 0xFF61) {
			size += ascii ? (size_t)(at - start) : punycode_size(start, at);
			size += at < to;
			start = at + step;
			ascii = true;
		} else if (c >= 0x7F) {
			ascii = false;
		}
		at += step;
	}
	return size >= 1 && size <= LABEL_MAX;
}

bool pv_domain_fits_dns(const char *from, const char *to)
{
	while (from <= to) {
		const char *dot = from;
		while (dot < to && *dot != '.')
			dot++;
		if (!label_fits(from, dot))
			return false;
		from = dot + 1;
	}
	return true;
}
