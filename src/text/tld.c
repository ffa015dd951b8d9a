/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "text/tld.h"

#include "base/utf8.h"
#include "text/chars.h"

#include <pthread.h>
#include <stdint.h>
#include <string.h>
#include <unicode/uchar.h>

enum { SLOTS = 4096, WORD_MAX = 24 };

/* Offset + 1 of a word in pv_tld_ascii, by hash; 0: free. Filled once, then only read. */
static uint16_t slots[SLOTS];
static pthread_once_t slots_once = PTHREAD_ONCE_INIT;

static uint32_t hash_add(uint32_t hash, unsigned char c)
{
	return (hash ^ c) * 16777619u;
}

static size_t slot_of(uint32_t hash)
{
	return (hash ^ hash >> 15) & (SLOTS - 1);
}

static bool is_mark(char c)
{
	return c == '-' || c == '+';
}

static void slots_fill(void)
{
	for (const char *at = pv_tld_ascii; *at;) {
		const char *entry = at;
		uint32_t hash = 0;
		if (is_mark(*at))
			at++;
		for (; *at != ' '; at++)
			hash = hash_add(hash, (unsigned char)*at);
		at++;
		size_t slot = slot_of(hash);
		while (slots[slot])
			slot = (slot + 1) & (SLOTS - 1);
		slots[slot] = (uint16_t)(entry - pv_tld_ascii + 1);
	}
}

/* The entry of a lower-case word, or NULL. */
static const char *find_ascii(const char *word, size_t size, uint32_t hash)
{
	pthread_once(&slots_once, slots_fill);
	for (size_t slot = slot_of(hash); slots[slot]; slot = (slot + 1) & (SLOTS - 1)) {
		const char *entry = pv_tld_ascii + slots[slot] - 1;
		const char *text = entry + is_mark(*entry);
		if (strncmp(text, word, size) == 0 && text[size] == ' ')
			return entry;
	}
	return NULL;
}

static bool may_follow(const char *at, const char *end)
{
	return at == end ||
	       !(pv_ascii_is(*at, PV_C_ALNUM) || *at == '@' || *at == '+' || *at == '-');
}

static size_t match_ascii(const char *at, const char *end)
{
	char word[WORD_MAX];
	uint32_t hash = 0;
	size_t size = 0;
	while (at + size < end && pv_ascii_is(at[size], PV_C_LETTER)) {
		if (size == WORD_MAX)
			return 0;
		word[size] = (char)(at[size] | 0x20);
		hash = hash_add(hash, (unsigned char)word[size]);
		size++;
	}
	if (size < 2 || !may_follow(at + size, end))
		return 0;
	const char *entry = find_ascii(word, size, hash);
	return entry && *entry != '+' ? size : 0;
}

/* The bytes of `at` that equal `word` (up to its space) whatever the case, or 0. */
static size_t equal_folded(const char *at, const char *end, const char *word)
{
	const char *from = at;
	while (*word != ' ') {
		uint32_t a = 0, b = 0;
		size_t step = pv_utf8_decode(at, (size_t)(end - at), &a);
		if (!step)
			return 0;
		size_t word_step = pv_utf8_decode(word, 4, &b);
		if (a != b && u_toupper((UChar32)a) != u_toupper((UChar32)b))
			return 0;
		at += step;
		word += word_step;
	}
	return (size_t)(at - from);
}

static size_t match_other(const char *at, const char *end)
{
	for (const char *word = pv_tld_other; *word; word = strchr(word, ' ') + 1) {
		if (*word == '+')
			continue;
		size_t size = equal_folded(at, end, word + is_mark(*word));
		if (size && may_follow(at + size, end))
			return size;
	}
	return 0;
}

static size_t match_punycode(const char *at, const char *end)
{
	if (end - at < 5 || (at[0] | 0x20) != 'x' || (at[1] | 0x20) != 'n' || at[2] != '-' ||
		at[3] != '-')
		return 0;
	const char *from = at;
	at += 4;
	while (at < end && (*at == '-' || pv_ascii_is(*at, PV_C_ALNUM)))
		at++;
	return at - from > 4 ? (size_t)(at - from) : 0;
}

size_t pv_tld_match(const char *at, const char *end)
{
	if (at == end)
		return 0;
	size_t size = 0;
	if (pv_ascii_is(*at, PV_C_LETTER)) {
		size = match_ascii(at, end);
		if (!size)
			size = match_punycode(at, end);
		if (size || (*at | 0x20) != 'v')
			return size;
		return match_other(at, end); /* vermögensberatung */
	}
	return (unsigned char)*at >= 0x80 ? match_other(at, end) : 0;
}

bool pv_tld_is_root(const char *bytes, size_t size)
{
	uint32_t hash = 0;
	for (size_t i = 0; i < size; i++)
		hash = hash_add(hash, (unsigned char)bytes[i]);
	const char *entry = size && size <= WORD_MAX ? find_ascii(bytes, size, hash) : NULL;
	return entry && *entry != '-';
}
