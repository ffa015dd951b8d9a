/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "text/alike.h"

#include "base/utf8.h"

#include <pthread.h>
#include <unicode/uchar.h>
#include <unicode/uidna.h>
#include <unicode/uspoof.h>

enum { HOST_MAX = 253, ROOM = 4096 }; /* RFC 1035; a skeleton grows some characters */

static pthread_once_t once = PTHREAD_ONCE_INIT;
static USpoofChecker *checker; /* both immutable once open: any thread may use them */
static UIDNA *idna;

static void open_all(void)
{
	UErrorCode code = U_ZERO_ERROR;
	checker = uspoof_open(&code);
	code = U_ZERO_ERROR;
	idna = uidna_openUTS46(UIDNA_NONTRANSITIONAL_TO_UNICODE, &code);
}

/* The host as it is shown, hyphens left out; 0 when it is none. */
static size_t shown(struct pv_str host, char *out)
{
	UIDNAInfo info = UIDNA_INFO_INITIALIZER;
	UErrorCode code = U_ZERO_ERROR;
	int32_t size = uidna_nameToUnicodeUTF8(
		idna, host.bytes, (int32_t)host.size, out, ROOM, &info, &code);
	if (U_FAILURE(code) || info.errors || size <= 0 || size > ROOM)
		return 0;
	size_t n = 0;
	for (int32_t i = 0; i < size; i++)
		if (out[i] != '-')
			out[n++] = out[i];
	return n;
}

/* Marks left out, and what skeletons write in capitals ("0" is "O") in small letters. */
static char *plain(TALLOC_CTX *mem, const char *bytes, size_t size)
{
	char *out = talloc_size(mem, size * 4 + 1);
	size_t n = 0;
	for (size_t at = 0; out && at < size;) {
		uint32_t c;
		size_t step = pv_utf8_decode(bytes + at, size - at, &c);
		if (!step)
			break;
		at += step;
		if (u_charType((UChar32)c) != U_NON_SPACING_MARK)
			n += pv_utf8_encode((uint32_t)u_tolower((UChar32)c), out + n);
	}
	if (out)
		out[n] = '\0';
	return out;
}

/*
 * Most hosts are plain: their skeletons are the confusables' rows for a-z and 0-9, taken out. False
 * when there is more to it.
 */
static bool plain_skeleton(TALLOC_CTX *mem, struct pv_str host, char **out)
{
	bool punycode = false;
	for (size_t i = 0; i < host.size; i++) {
		unsigned char c = (unsigned char)host.bytes[i];
		punycode |= c == '-' && i >= 3 && memcmp(host.bytes + i - 3, "xn-", 3) == 0;
		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '.' && c != '-')
			return false;
	}
	if (punycode || host.size == 0 || host.size > HOST_MAX)
		return false;
	char *bones = talloc_size(mem, host.size * 2 + 1);
	size_t n = 0;
	for (size_t i = 0; bones && i < host.size; i++) {
		char c = host.bytes[i];
		if (c == '-')
			continue;
		if (c == 'm')
			bones[n++] = 'r';
		bones[n++] = c == 'm' ? 'n' : c == '0' ? 'o' : c == '1' ? 'l' : c;
	}
	if (bones)
		bones[n] = '\0';
	*out = bones;
	return true;
}

char *pv_host_skeleton(TALLOC_CTX *mem, struct pv_str host)
{
	char *quick;
	if (plain_skeleton(mem, host, &quick))
		return quick;
	pthread_once(&once, open_all);
	char unicode[ROOM], bones[ROOM];
	size_t size =
		checker && idna && host.size && host.size <= HOST_MAX ? shown(host, unicode) : 0;
	if (!size)
		return talloc_strdup(mem, "");
	UErrorCode code = U_ZERO_ERROR;
	int32_t n = uspoof_getSkeletonUTF8(
		checker, 0, unicode, (int32_t)size, bones, (int32_t)sizeof bones, &code);
	if (U_FAILURE(code) || n <= 0 || n > ROOM)
		return talloc_strdup(mem, "");
	return plain(mem, bones, (size_t)n);
}
