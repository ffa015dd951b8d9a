/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Strings with their bounds: a view that borrows bytes, and a buffer that grows up to a named limit.
 *
 *	struct pv_buf out = PV_BUF(mem, PV_REPORT_MAX);
 *	pv_buf_printf(&out, "%zu posts", n);
 *	if (out.failed)
 *		return pv_fail(error, PV_TOO_LARGE, …);
 *
 * A buffer that met its limit, or no memory, stays `failed` and ignores what follows: writers need
 * no check between calls, the reader checks once at the end.
 */
#ifndef PV_BASE_STR_H
#define PV_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <talloc.h>

/* Borrowed bytes, UTF-8 unless said otherwise, not ended by NUL. */
struct pv_str {
	const char *bytes;
	size_t size;
};

static inline struct pv_str pv_str(const char *text)
{
	return (struct pv_str){.bytes = text, .size = text ? strlen(text) : 0};
}

static inline bool pv_str_equal(struct pv_str a, struct pv_str b)
{
	return a.size == b.size && (a.size == 0 || memcmp(a.bytes, b.bytes, a.size) == 0);
}

/* Both NULL, or both the same text. */
bool pv_streq(const char *a, const char *b);

/* A NUL-ended copy below `mem`; NULL when memory is out. */
char *pv_str_dup(TALLOC_CTX *mem, struct pv_str text);

struct pv_buf {
	TALLOC_CTX *mem;
	char *bytes; /* NUL-ended once anything was written; NULL before */
	size_t size; /* without the NUL */
	size_t room;
	size_t limit; /* the largest `size` */
	bool failed;
};

#define PV_BUF(context, most) ((struct pv_buf){.mem = (context), .limit = (most)})

void pv_buf_add(struct pv_buf *buf, const void *bytes, size_t size);
void pv_buf_text(struct pv_buf *buf, const char *text);
void pv_buf_char(struct pv_buf *buf, char c);
void pv_buf_printf(struct pv_buf *buf, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Where `more` bytes may be written at once, for a writer that counts for itself; NULL when the
 * buffer failed. The bytes belong to the text once pv_buf_wrote has said how many, at most `more`.
 */
char *pv_buf_room(struct pv_buf *buf, size_t more);
void pv_buf_wrote(struct pv_buf *buf, size_t size);

/* The text so far, "" when empty; NULL when it failed. */
const char *pv_buf_end(struct pv_buf *buf);

/* Is this whole text well-formed UTF-8 (RFC 3629), without NUL? */
bool pv_utf8_valid(const char *bytes, size_t size);

/* Text for HTML and XML: & < > " ' escaped (HTML Living Standard, 13.3). */
void pv_buf_html(struct pv_buf *buf, const char *text);

#endif
