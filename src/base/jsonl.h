/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * JSON Lines (jsonlines.org: one RFC 8259 text a line), streamed: what a command reads on standard
 * input and answers on standard output, in memory that does not grow with the input.
 *
 *	struct pv_jsonl_out *out;
 *	struct pv_jsonl_in *in;
 *	…pv_jsonl_create(mem, STDOUT_FILENO, &out, error), pv_jsonl_open(mem, STDIN_FILENO, out,
 *&in, error) struct pv_jsonl_line line; while ((status = pv_jsonl_next(in, &line, error)) == PV_OK)
 *		…
 *	status = pv_jsonl_finish(out, error);
 *
 * A line is then read with jansson (pv_json_parse), or, where speed matters, with the cursor below,
 * which walks over the text without building anything:
 *
 *	struct pv_jsonl_cursor c = PV_JSONL_CURSOR(mem);
 *	pv_jsonl_begin(&c, line.bytes, line.size);
 *	for (bool more = pv_jsonl_enter(&c, '{'); more; more = pv_jsonl_more(&c, '}')) {
 *		struct pv_str name;
 *		if (!pv_jsonl_string(&c, &name))
 *			break;
 *		if (!pv_jsonl_colon(&c) || !pv_jsonl_skip(&c, &raw))
 *			break;
 *	}
 *	if (!pv_jsonl_end(&c))
 *		pv_jsonl_write_problem(out, id, line.number, pv_jsonl_column(&c), c.problem);
 *
 * The cursor is as strict as jansson (well-formed UTF-8, no lone surrogate, no control character in
 * a string, at most PV_JSONL_DEPTH_MAX levels), with two differences: "\u0000" is taken, since a
 * pv_str can hold it, and numbers are not bounded, since they stay text.
 */
#ifndef PV_BASE_JSONL_H
#define PV_BASE_JSONL_H

#include "base/error.h"
#include "base/str.h"

#include <stdint.h>

/* A longer line is skipped, in constant memory, and answered as a problem. */
enum { PV_JSONL_LINE_MAX = 16 << 20, PV_JSONL_DEPTH_MAX = 64 };

/* ---- lines in -------------------------------------------------------------------------------- */

struct pv_jsonl_in;
struct pv_jsonl_out;

struct pv_jsonl_line {
	const char *bytes; /* without its end; borrowed until the next pv_jsonl_next */
	size_t size;
	uint64_t number; /* from 1, blank lines counted */
	bool too_long;   /* `bytes` holds only its beginning */
};

/*
 * Lines of a file descriptor, which the caller closes. Whenever the next byte has to be waited for,
 * `answers` (may be NULL) is flushed first, so that a program which asks line by line through a
 * pipe is answered line by line.
 */
enum pv_status pv_jsonl_open(TALLOC_CTX *mem, int fd, struct pv_jsonl_out *answers,
	struct pv_jsonl_in **out, struct pv_error *error);

/*
 * The next line that is not blank. PV_NOT_FOUND (without words) at the end, PV_UNAVAILABLE when
 * reading fails, or writing the answers so far. "\r\n" and a last line without its end are taken, a byte order mark at the very
 * beginning is dropped.
 */
enum pv_status pv_jsonl_next(
	struct pv_jsonl_in *in, struct pv_jsonl_line *out, struct pv_error *error);

/* Can the next line be had without waiting for a byte? */
bool pv_jsonl_ready(const struct pv_jsonl_in *in);

/* ---- lines out ------------------------------------------------------------------------------- */

enum pv_status pv_jsonl_create(
	TALLOC_CTX *mem, int fd, struct pv_jsonl_out **out, struct pv_error *error);

/* Text as it is; the caller ends each line with '\n'. */
void pv_jsonl_write(struct pv_jsonl_out *out, const char *bytes, size_t size);
#define pv_jsonl_literal(out, text) pv_jsonl_write((out), "" text, sizeof(text) - 1)
/* A JSON string, quotes included; `text` is well-formed UTF-8. */
void pv_jsonl_write_string(struct pv_jsonl_out *out, struct pv_str text);
void pv_jsonl_write_uint(struct pv_jsonl_out *out, uint64_t value);

/*
 * The answer to a line that cannot be taken:
 * {"id":…,"error":{"line":N,"column":N,"message":"…","messages":{"fr":"…","en":"…"}}}
 * `id` is JSON as it was read, or empty: null.
 */
void pv_jsonl_write_problem(struct pv_jsonl_out *out, struct pv_str id, uint64_t line,
	uint64_t column, struct pv_words words);

/* Writes what is held back. PV_UNAVAILABLE once any write failed; later writes are dropped. */
enum pv_status pv_jsonl_finish(struct pv_jsonl_out *out, struct pv_error *error);

/* ---- one text, walked over --------------------------------------------------------------------
 */

struct pv_jsonl_cursor {
	TALLOC_CTX *mem;
	const char *start, *at, *end;
	struct pv_words problem; /* why the last call answered false; .en NULL: no problem */
	char *scratch;           /* strings that had escapes, until the next pv_jsonl_begin */
	size_t scratch_size, scratch_room;
};

#define PV_JSONL_CURSOR(context) ((struct pv_jsonl_cursor){.mem = (context)})

/* Starts over on another text; the cursor keeps its memory. */
void pv_jsonl_begin(struct pv_jsonl_cursor *c, const char *bytes, size_t size);

/* The first byte of the next value, spaces passed: '"', '{', '[', '-', a digit…; 0 at the end. */
char pv_jsonl_peek(struct pv_jsonl_cursor *c);

/* Opens '{' or '['; false when it is empty (and then closed) or when there is a problem. */
bool pv_jsonl_enter(struct pv_jsonl_cursor *c, char open);
/* After a value: true when another follows, false at the close or when there is a problem. */
bool pv_jsonl_more(struct pv_jsonl_cursor *c, char close);
bool pv_jsonl_colon(struct pv_jsonl_cursor *c);

/* A string, unescaped; borrowed from the text or from the cursor, until the next pv_jsonl_begin. */
bool pv_jsonl_string(struct pv_jsonl_cursor *c, struct pv_str *out);

/* Any value, checked whole; `out_raw` (may be NULL) is its text. */
bool pv_jsonl_skip(struct pv_jsonl_cursor *c, struct pv_str *out_raw);

/* Is all well, and nothing left but spaces? */
bool pv_jsonl_end(struct pv_jsonl_cursor *c);

/* Notes a problem of the caller's own at the present place (the first one stays); false. */
bool pv_jsonl_fail(struct pv_jsonl_cursor *c, const char *fr, const char *en);

/* Where the cursor stands, in code points from 1. */
uint64_t pv_jsonl_column(const struct pv_jsonl_cursor *c);

#endif
