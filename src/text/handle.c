/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "text/handle.h"

#include "base/utf8.h"
#include "text/prose.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utf16.h>

enum { UNITS_MAX = 512 }; /* of UTF-16; a longer handle is nobody's, and stays as it is written */

static bool is_ascii(struct pv_str text)
{
	for (size_t i = 0; i < text.size; i++)
		if ((unsigned char)text.bytes[i] >= 0x80)
			return false;
	return true;
}

static char small(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static struct pv_str without_sign(struct pv_str text)
{
	if (text.size && text.bytes[0] == '@')
		return (struct pv_str){.bytes = text.bytes + 1, .size = text.size - 1};
	return text;
}

/* UTF-16 of what is seen of it; 0 when that is more than there is room for. */
static int32_t seen_units(struct pv_str text, UChar out[UNITS_MAX])
{
	int32_t n = 0;
	for (size_t at = 0; at < text.size;) {
		uint32_t c;
		size_t step = pv_utf8_decode(text.bytes + at, text.size - at, &c);
		if (!step || n + 2 > UNITS_MAX)
			return 0;
		at += step;
		if (!pv_prose_unseen(c))
			U16_APPEND_UNSAFE(out, n, (UChar32)c);
	}
	return n;
}

/* Folded UTF-8; NULL when memory is out. */
static char *folded(TALLOC_CTX *mem, const UChar *units, int32_t n, size_t *out_size)
{
	char *bytes = talloc_size(mem, (size_t)n * 4 + 1);
	*out_size = 0;
	for (int32_t i = 0; bytes && i < n;) {
		UChar32 c;
		U16_NEXT(units, i, n, c);
		if (!pv_prose_unseen((uint32_t)c)) /* NFKC may show some that it was hiding */
			*out_size += pv_utf8_encode(
				(uint32_t)u_foldCase(c, U_FOLD_CASE_DEFAULT), bytes + *out_size);
	}
	return bytes;
}

bool pv_handle_read(TALLOC_CTX *mem, struct pv_str text, struct pv_str *out)
{
	if (is_ascii(text)) {
		*out = without_sign(text);
		return true;
	}
	UChar units[UNITS_MAX], plain[2 * UNITS_MAX];
	UErrorCode code = U_ZERO_ERROR;
	const UNormalizer2 *nfkc = unorm2_getNFKCInstance(&code);
	int32_t n = seen_units(text, units);
	if (n)
		n = unorm2_normalize(nfkc, units, n, plain, 2 * UNITS_MAX, &code);
	if (n <= 0 || U_FAILURE(code)) {
		*out = text;
		return true;
	}
	size_t size;
	char *bytes = folded(mem, plain, n, &size);
	*out = without_sign((struct pv_str){.bytes = bytes, .size = size});
	return bytes != NULL;
}

bool pv_handle_same(struct pv_str a, struct pv_str b)
{
	if (a.size == 0 || a.size != b.size)
		return false;
	for (size_t i = 0; i < a.size; i++)
		if (small(a.bytes[i]) != small(b.bytes[i]))
			return false;
	return true;
}

bool pv_handle_host(TALLOC_CTX *mem, struct pv_str plain, struct pv_site *out, bool *out_is)
{
	*out_is = false;
	if (plain.size == 0 || memchr(plain.bytes, '@', plain.size))
		return true;
	/* the full stops of other scripts are dots to a host, and to nothing else */
	bool dotted = memchr(plain.bytes, '.', plain.size) || !is_ascii(plain);
	if (!dotted)
		return true;
	if (!pv_site_parse(mem, plain, out))
		return false;
	*out_is = out->whole && out->path.size == 0 && out->host.size &&
		  memchr(out->host.bytes, '.', out->host.size);
	return true;
}
