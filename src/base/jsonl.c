/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/jsonl.h"

#include "base/jsonl_scan.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { IN_FIRST = 256 << 10, OUT_ROOM = 64 << 10, UINT_TEXT = 20 };

struct pv_jsonl_out {
	int fd;
	int failure; /* errno of the first write that failed */
	size_t size;
	char bytes[OUT_ROOM];
};

struct pv_jsonl_in {
	int fd;
	bool ended;
	bool begun; /* past the byte order mark */
	struct pv_jsonl_out *answers;
	uint64_t number; /* of the last line handed out or passed over */
	char *bytes;
	size_t from, size, room;
};

/* ---- out --------------------------------------------------------------------------------------
 */

enum pv_status pv_jsonl_create(
	TALLOC_CTX *mem, int fd, struct pv_jsonl_out **out, struct pv_error *error)
{
	struct pv_jsonl_out *made = talloc(mem, struct pv_jsonl_out);
	if (!made)
		return pv_fail_nomem(error);
	made->fd = fd;
	made->failure = 0;
	made->size = 0;
	*out = made;
	return PV_OK;
}

static void out_send(struct pv_jsonl_out *out, const char *bytes, size_t size)
{
	while (size && !out->failure) {
		ssize_t n = write(out->fd, bytes, size);
		if (n < 0) {
			if (errno != EINTR)
				out->failure = errno;
			continue;
		}
		bytes += n;
		size -= (size_t)n;
	}
}

static void out_flush(struct pv_jsonl_out *out)
{
	out_send(out, out->bytes, out->size);
	out->size = 0;
}

void pv_jsonl_write(struct pv_jsonl_out *out, const char *bytes, size_t size)
{
	if (size > OUT_ROOM - out->size) {
		out_flush(out);
		if (size > OUT_ROOM) {
			out_send(out, bytes, size);
			return;
		}
	}
	memcpy(out->bytes + out->size, bytes, size);
	out->size += size;
}

static void write_escape(struct pv_jsonl_out *out, unsigned char c)
{
	static const char hex[] = "0123456789abcdef";
	char text[] = "\\u0000";
	switch (c) {
	case '"': pv_jsonl_literal(out, "\\\""); return;
	case '\\': pv_jsonl_literal(out, "\\\\"); return;
	case '\b': pv_jsonl_literal(out, "\\b"); return;
	case '\f': pv_jsonl_literal(out, "\\f"); return;
	case '\n': pv_jsonl_literal(out, "\\n"); return;
	case '\r': pv_jsonl_literal(out, "\\r"); return;
	case '\t': pv_jsonl_literal(out, "\\t"); return;
	default:
		text[4] = hex[c >> 4];
		text[5] = hex[c & 15];
		pv_jsonl_write(out, text, 6);
	}
}

void pv_jsonl_write_string(struct pv_jsonl_out *out, struct pv_str text)
{
	const char *at = text.bytes, *end = text.bytes + text.size;
	pv_jsonl_literal(out, "\"");
	while (at < end) {
		const char *stop = at;
		while (stop < end) {
			stop = pv_jsonl_scan_plain(stop, end);
			if (stop == end || (unsigned char)*stop < 0x80)
				break;
			stop++;
		}
		pv_jsonl_write(out, at, (size_t)(stop - at));
		at = stop;
		if (at < end)
			write_escape(out, (unsigned char)*at++);
	}
	pv_jsonl_literal(out, "\"");
}

void pv_jsonl_write_uint(struct pv_jsonl_out *out, uint64_t value)
{
	char digits[UINT_TEXT];
	size_t at = sizeof(digits);
	do
		digits[--at] = (char)('0' + value % 10);
	while (value /= 10);
	pv_jsonl_write(out, digits + at, sizeof(digits) - at);
}

void pv_jsonl_write_problem(struct pv_jsonl_out *out, struct pv_str id, uint64_t line,
	uint64_t column, struct pv_words words)
{
	pv_jsonl_literal(out, "{\"id\":");
	if (id.size)
		pv_jsonl_write(out, id.bytes, id.size);
	else
		pv_jsonl_literal(out, "null");
	pv_jsonl_literal(out, ",\"error\":{\"line\":");
	pv_jsonl_write_uint(out, line);
	pv_jsonl_literal(out, ",\"column\":");
	pv_jsonl_write_uint(out, column);
	pv_jsonl_literal(out, ",\"message\":");
	pv_jsonl_write_string(out, pv_str(words.en));
	pv_jsonl_literal(out, ",\"messages\":{\"fr\":");
	pv_jsonl_write_string(out, pv_str(words.fr));
	pv_jsonl_literal(out, ",\"en\":");
	pv_jsonl_write_string(out, pv_str(words.en));
	pv_jsonl_literal(out, "}}}\n");
}

enum pv_status pv_jsonl_finish(struct pv_jsonl_out *out, struct pv_error *error)
{
	out_flush(out);
	if (out->failure)
		return pv_fail(error, PV_UNAVAILABLE,
			"Les réponses ne peuvent pas être écrites : %s.",
			"The answers cannot be written: %s.", strerror(out->failure));
	return PV_OK;
}

/* ---- in ---------------------------------------------------------------------------------------
 */

enum pv_status pv_jsonl_open(TALLOC_CTX *mem, int fd, struct pv_jsonl_out *answers,
	struct pv_jsonl_in **out, struct pv_error *error)
{
	struct pv_jsonl_in *in = talloc_zero(mem, struct pv_jsonl_in);
	if (!in)
		return pv_fail_nomem(error);
	in->bytes = talloc_array(in, char, IN_FIRST);
	if (!in->bytes) {
		talloc_free(in);
		return pv_fail_nomem(error);
	}
	in->fd = fd;
	in->answers = answers;
	in->room = IN_FIRST;
	*out = in;
	return PV_OK;
}

/* Room for more bytes after the line that is under way: it moves to the front, or the room grows.
 */
static enum pv_status in_make_room(struct pv_jsonl_in *in, struct pv_error *error)
{
	if (in->from) {
		memmove(in->bytes, in->bytes + in->from, in->size - in->from);
		in->size -= in->from;
		in->from = 0;
	}
	if (in->size < in->room)
		return PV_OK;
	char *grown = talloc_realloc(in, in->bytes, char, in->room * 2);
	if (!grown)
		return pv_fail_nomem(error);
	in->bytes = grown;
	in->room *= 2;
	return PV_OK;
}

static enum pv_status in_fill(struct pv_jsonl_in *in, struct pv_error *error)
{
	enum pv_status status = in_make_room(in, error);
	if (status != PV_OK)
		return status;
	if (in->answers) {
		status = pv_jsonl_finish(in->answers, error);
		if (status != PV_OK)
			return status;
	}
	ssize_t n;
	do
		n = read(in->fd, in->bytes + in->size, in->room - in->size);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return pv_fail(error, PV_UNAVAILABLE,
			"La lecture s'arrête après la ligne %llu : %s.",
			"Reading stops after line %llu: %s.", (unsigned long long)in->number,
			strerror(errno));
	if (n == 0)
		in->ended = true;
	in->size += (size_t)n;
	return PV_OK;
}

/* Drops bytes up to the end of a line that is over the limit, keeping only its beginning. */
static enum pv_status in_pass_over(struct pv_jsonl_in *in, struct pv_error *error)
{
	const size_t keep = 256;
	while (!in->ended) {
		char *newline =
			memchr(in->bytes + in->from + keep, '\n', in->size - in->from - keep);
		if (newline) {
			/* keep the beginning just before the end of the line */
			memmove(newline - keep, in->bytes + in->from, keep);
			in->from = (size_t)(newline - in->bytes) - keep;
			return PV_OK;
		}
		in->size = in->from + keep;
		enum pv_status status = in_fill(in, error);
		if (status != PV_OK)
			return status;
	}
	return PV_OK;
}

static bool blank(const char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (bytes[i] != ' ' && bytes[i] != '\t' && bytes[i] != '\r')
			return false;
	return true;
}

/* One line, blank or not, into `out`. */
static enum pv_status in_line(
	struct pv_jsonl_in *in, struct pv_jsonl_line *out, struct pv_error *error)
{
	bool too_long = false;
	char *newline;
	size_t seen = 0;
	for (;;) {
		newline = in->size > in->from + seen ? memchr(in->bytes + in->from + seen, '\n',
							       in->size - in->from - seen)
						     : NULL;
		if (newline || in->ended)
			break;
		seen = in->size - in->from;
		enum pv_status status = PV_OK;
		if (seen > PV_JSONL_LINE_MAX) {
			too_long = true;
			status = in_pass_over(in, error);
			seen = 0;
		} else {
			status = in_fill(in, error);
		}
		if (status != PV_OK)
			return status;
	}
	if (!newline && in->from == in->size)
		return PV_NOT_FOUND;
	size_t end = newline ? (size_t)(newline - in->bytes) : in->size;
	size_t size = end - in->from;
	if (size && in->bytes[in->from + size - 1] == '\r')
		size--;
	*out = (struct pv_jsonl_line){.bytes = in->bytes + in->from,
		.size = size,
		.number = ++in->number,
		.too_long = too_long || size > PV_JSONL_LINE_MAX};
	in->from = newline ? end + 1 : end;
	return PV_OK;
}

enum pv_status pv_jsonl_next(
	struct pv_jsonl_in *in, struct pv_jsonl_line *out, struct pv_error *error)
{
	struct pv_jsonl_line line;
	do {
		enum pv_status status = in_line(in, &line, error);
		if (status != PV_OK)
			return status;
		if (!in->begun && line.size >= 3 && memcmp(line.bytes, "\xEF\xBB\xBF", 3) == 0) {
			line.bytes += 3;
			line.size -= 3;
		}
		in->begun = true;
	} while (blank(line.bytes, line.size));
	*out = line;
	return PV_OK;
}

bool pv_jsonl_ready(const struct pv_jsonl_in *in)
{
	return in->ended || memchr(in->bytes + in->from, '\n', in->size - in->from) != NULL;
}
