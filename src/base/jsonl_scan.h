/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Private to jsonl*.c: how far the bytes of a string need no thought. */
#ifndef PV_BASE_JSONL_SCAN_H
#define PV_BASE_JSONL_SCAN_H

#include <stdint.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

static inline int pv_jsonl_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

/* The first byte that is a quote, a backslash, a control character or not ASCII; else `end`. */
static inline const char *pv_jsonl_scan_plain(const char *at, const char *end)
{
#ifdef __SSE2__
	const __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\');
	const __m128i space = _mm_set1_epi8(0x20);
	while (end - at >= 16) {
		__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
		/* signed: bytes from 0x80 on are below 0x20 too */
		__m128i odd = _mm_or_si128(_mm_cmplt_epi8(bytes, space),
			_mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, slash)));
		int mask = _mm_movemask_epi8(odd);
		if (mask)
			return at + __builtin_ctz((unsigned)mask);
		at += 16;
	}
#endif
	while (at < end && pv_jsonl_plain((unsigned char)*at))
		at++;
	return at;
}

#endif
