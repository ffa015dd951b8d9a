/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the bytes of a page are written in: their own word first, then what is written on them. */
#include "net/page_scan.h"

#include "base/mem.h"
#include "base/utf8.h"

#include <libxml/encoding.h>
#include <libxml/xmlerror.h>
#include <strings.h>

/* A page that was cut may end in half a character. */
static bool is_utf8(struct pv_str bytes)
{
	for (size_t less = 0; less < 4 && less <= bytes.size; less++)
		if (pv_utf8_valid(bytes.bytes, bytes.size - less))
			return true;
	return false;
}

/* Of a Content-Type field, or of what a page begins with; NULL: none. */
static const char *charset_in(TALLOC_CTX *mem, const char *text)
{
	const char *at = text ? strcasestr(text, "charset=") : NULL;
	if (!at)
		return NULL;
	at += strlen("charset=");
	at += strspn(at, "\"' ");
	return talloc_strndup(mem, at, strcspn(at, "\"';/> \t\r\n"));
}

/* libxml2's reader of a charset that is not one of those whose ASCII is read here; NULL: none. */
static xmlCharEncodingHandlerPtr reader_of(const char *charset)
{
	static const char *const plain[] = {"utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1",
		"latin1", "windows-1252", "cp1252"};
	if (!charset || !*charset)
		return NULL;
	for (size_t i = 0; i < PV_COUNT(plain); i++)
		if (strcasecmp(charset, plain[i]) == 0)
			return NULL;
	return xmlFindCharEncodingHandler(charset);
}

static const char *charset_of(TALLOC_CTX *mem, struct pv_str bytes, const char *type)
{
	enum { LOOKED_AT = 1024 };
	if (bytes.size > 1 && memcmp(bytes.bytes, "\xFE\xFF", 2) == 0)
		return "UTF-16BE";
	if (bytes.size > 1 && memcmp(bytes.bytes, "\xFF\xFE", 2) == 0)
		return "UTF-16LE";
	const char *said = charset_in(mem, type);
	if (said)
		return said;
	size_t size = bytes.size < LOOKED_AT ? bytes.size : (size_t)LOOKED_AT;
	return charset_in(mem, talloc_strndup(mem, bytes.bytes, size));
}

/* A stranger's mistakes are nobody's news: libxml2 would write some of them on standard error. */
static void quiet(void *state, xmlErrorPtr problem)
{
	(void)state;
	(void)problem;
}

/* What can be converted up to the first mistake; false: nothing, or memory is out. */
static bool convert(TALLOC_CTX *mem, struct pv_str bytes, const char *charset, struct pv_str *out)
{
	xmlCharEncodingHandlerPtr reader = reader_of(charset);
	xmlBufferPtr from = reader ? xmlBufferCreate() : NULL;
	xmlBufferPtr to = reader ? xmlBufferCreate() : NULL;
	const char *text = NULL;
	if (from && to && xmlBufferAdd(from, (const xmlChar *)bytes.bytes, (int)bytes.size) == 0) {
		xmlSetStructuredErrorFunc(NULL, quiet); /* this thread's */
		while (xmlBufferLength(from) > 0 && xmlCharEncInFunc(reader, to, from) > 0)
			continue;
		xmlSetStructuredErrorFunc(NULL, NULL);
		size_t size = (size_t)xmlBufferLength(to);
		text = size ? talloc_memdup(mem, xmlBufferContent(to), size) : NULL;
		*out = (struct pv_str){.bytes = text, .size = size};
	}
	xmlBufferFree(from);
	xmlBufferFree(to);
	if (reader)
		xmlCharEncCloseFunc(reader);
	return text && is_utf8(*out);
}

/* Each byte beyond ASCII as one Latin letter: markup is found again, names nearly always. */
static bool latin(TALLOC_CTX *mem, struct pv_str bytes, struct pv_str *out)
{
	char *text = talloc_size(mem, bytes.size * 2 + 1);
	size_t n = 0;
	for (size_t i = 0; text && i < bytes.size; i++)
		n += pv_utf8_encode((unsigned char)bytes.bytes[i], text + n);
	*out = (struct pv_str){.bytes = text, .size = n};
	return text != NULL;
}

bool pv_page_utf8(TALLOC_CTX *mem, struct pv_str bytes, const char *type, struct pv_str *out)
{
	if (bytes.size == 0 || is_utf8(bytes)) {
		*out = bytes;
		return true;
	}
	return convert(mem, bytes, charset_of(mem, bytes, type), out) || latin(mem, bytes, out);
}
