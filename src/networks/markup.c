/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "networks/markup.h"

#include "base/mem.h"
#include "base/str.h"
#include "base/utf8.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* ---- well-formed text -------------------------------------------------------------------------- */

char *pv_markup_utf8(TALLOC_CTX *mem, const char *bytes, size_t size)
{
	if (pv_utf8_valid(bytes, size))
		return talloc_strndup(mem, bytes, size);
	struct pv_buf out = PV_BUF(mem, 3 * size + 3);
	for (size_t at = 0; at < size;) {
		uint32_t c;
		size_t step = pv_utf8_decode(bytes + at, size - at, &c);
		if (step && c)
			pv_buf_add(&out, bytes + at, step);
		else
			pv_buf_text(&out, "\xEF\xBF\xBD");
		at += step ? step : 1;
	}
	pv_buf_text(&out, "");
	return out.failed ? NULL : out.bytes;
}

/* ---- HTML to text ------------------------------------------------------------------------------ */

struct reader {
	const char *at, *end;
	struct pv_buf out;
};

/* How many line ends stand at the end already. */
static unsigned ends(const struct pv_buf *out)
{
	unsigned n = 0;
	while (n < out->size && out->bytes[out->size - 1 - n] == '\n')
		n++;
	return n;
}

static void break_lines(struct pv_buf *out, unsigned wanted)
{
	if (!out->size || out->failed)
		return;
	for (unsigned have = ends(out); have < wanted; have++)
		pv_buf_char(out, '\n');
}

static bool name_is(const char *name, size_t size, const char *wanted)
{
	return strlen(wanted) == size && strncasecmp(name, wanted, size) == 0;
}

static bool name_in(const char *name, size_t size, const char *const *list)
{
	for (; *list; list++)
		if (name_is(name, size, *list))
			return true;
	return false;
}

/* Past "</name", wherever that is; at the end when it is not there. */
static void skip_element(struct reader *r, const char *name, size_t size)
{
	for (; r->at < r->end; r->at++)
		if (r->at[0] == '<' && (size_t)(r->end - r->at) >= size + 2 && r->at[1] == '/' &&
			strncasecmp(r->at + 2, name, size) == 0) {
			r->at += size + 2;
			return;
		}
}

/* Past the tag's '>', quoted values looked over. */
static void skip_tag(struct reader *r)
{
	char quote = 0;
	for (; r->at < r->end; r->at++) {
		if (quote)
			quote = *r->at == quote ? 0 : quote;
		else if (*r->at == '"' || *r->at == '\'')
			quote = *r->at;
		else if (*r->at == '>')
			break;
	}
	if (r->at < r->end)
		r->at++;
}

static void skip_comment(struct reader *r)
{
	const char *close = memmem(r->at, (size_t)(r->end - r->at), "-->", 3);
	r->at = close ? close + 3 : r->end;
}

static void tag(struct reader *r)
{
	static const char *const paragraphs[] = {"p", "div", "blockquote", "ul", "ol", "pre", "h1",
		"h2", "h3", "h4", "h5", "h6", NULL};
	static const char *const unread[] = {"script", "style", "template", NULL};
	if (r->end - r->at >= 4 && memcmp(r->at, "<!--", 4) == 0) {
		skip_comment(r);
		return;
	}
	const char *name = r->at + 1;
	bool closing = name < r->end && *name == '/';
	name += closing;
	size_t size = 0;
	while (name + size < r->end && isalnum((unsigned char)name[size]))
		size++;
	r->at = name + size;
	skip_tag(r);
	if (name_is(name, size, "br"))
		pv_buf_char(&r->out, '\n');
	else if (name_is(name, size, "li"))
		break_lines(&r->out, 1);
	else if (name_in(name, size, paragraphs))
		break_lines(&r->out, 2);
	else if (!closing && name_in(name, size, unread)) {
		skip_element(r, name, size);
		skip_tag(r);
	}
}

static void add_point(struct pv_buf *out, uint32_t c)
{
	char bytes[4];
	if (c == 0 || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
		c = 0xFFFD;
	pv_buf_add(out, bytes, pv_utf8_encode(c, bytes));
}

/* "#39;", "#x27;": the number, with at > the ';'; false when it is no such reference. */
static bool numeric(const char *from, const char *end, const char **out_at, uint32_t *out)
{
	bool hex = end - from > 1 && (from[1] == 'x' || from[1] == 'X');
	const char *at = from + 1 + hex;
	uint32_t value = 0;
	const char *first = at;
	for (; at < end && at - first < 8; at++) {
		int digit = isdigit((unsigned char)*at) ? *at - '0'
			    : hex && isxdigit((unsigned char)*at)
				    ? tolower((unsigned char)*at) - 'a' + 10
				    : -1;
		if (digit < 0)
			break;
		value = value > 0x110000 ? value : value * (hex ? 16 : 10) + (uint32_t)digit;
	}
	if (at == first || at == end || *at != ';')
		return false;
	*out_at = at + 1;
	*out = value;
	return true;
}

static void reference(struct reader *r)
{
	static const struct {
		const char *name;
		uint32_t point;
	} named[] = {
		{"amp;", '&'},
		{"lt;", '<'},
		{"gt;", '>'},
		{"quot;", '"'},
		{"apos;", '\''},
		{"nbsp;", 0xA0},
		{"hellip;", 0x2026},
		{"laquo;", 0xAB},
		{"raquo;", 0xBB},
		{"rsquo;", 0x2019},
		{"lsquo;", 0x2018},
		{"ldquo;", 0x201C},
		{"rdquo;", 0x201D},
		{"ndash;", 0x2013},
		{"mdash;", 0x2014},
		{"eacute;", 0xE9},
		{"egrave;", 0xE8},
		{"agrave;", 0xE0},
		{"ccedil;", 0xE7},
		{"ecirc;", 0xEA},
	};
	const char *from = r->at + 1;
	uint32_t point;
	if (from < r->end && *from == '#' && numeric(from, r->end, &r->at, &point)) {
		add_point(&r->out, point);
		return;
	}
	for (size_t i = 0; i < PV_COUNT(named); i++) {
		size_t size = strlen(named[i].name);
		if ((size_t)(r->end - from) >= size && memcmp(from, named[i].name, size) == 0) {
			r->at = from + size;
			add_point(&r->out, named[i].point);
			return;
		}
	}
	pv_buf_char(&r->out, '&');
	r->at = from;
}

/* Spaces of the source are one space, and none at a line's beginning. */
static void space(struct reader *r)
{
	while (r->at < r->end && strchr(" \t\r\n", *r->at))
		r->at++;
	struct pv_buf *out = &r->out;
	if (out->size && out->bytes[out->size - 1] != '\n' && out->bytes[out->size - 1] != ' ')
		pv_buf_char(out, ' ');
}

char *pv_markup_text(TALLOC_CTX *mem, const char *html)
{
	size_t size = strnlen(html, PV_MARKUP_MAX);
	char *clean = pv_markup_utf8(mem, html, size);
	if (!clean)
		return NULL;
	struct reader r = {.at = clean, .end = clean + strlen(clean)};
	r.out = PV_BUF(mem, 4 * (size_t)PV_MARKUP_MAX);
	while (r.at < r.end) {
		char next = r.end - r.at > 1 ? r.at[1] : 0;
		if (*r.at == '<' && (isalpha((unsigned char)next) || next == '/' || next == '!'))
			tag(&r);
		else if (*r.at == '&')
			reference(&r);
		else if (strchr(" \t\r\n", *r.at))
			space(&r);
		else
			pv_buf_char(&r.out, *r.at++);
	}
	talloc_free(clean);
	pv_buf_text(&r.out, "");
	if (r.out.failed)
		return NULL;
	while (r.out.size && strchr(" \n", r.out.bytes[r.out.size - 1]))
		r.out.bytes[--r.out.size] = '\0';
	return r.out.bytes;
}

/* ---- likeness ---------------------------------------------------------------------------------- */

/* Punctuation, spaces and invisible signs beyond ASCII that servers change. */
static bool is_dressing(uint32_t c)
{
	return (c >= 0x80 && c <= 0xBF) || (c >= 0x2000 && c <= 0x206F) ||
	       (c >= 0x3000 && c <= 0x303F) || (c >= 0xFE00 && c <= 0xFE0F) || c == 0xFEFF ||
	       c == 0xFFFD;
}

static size_t link_size(const char *at)
{
	if (strncasecmp(at, "http://", 7) != 0 && strncasecmp(at, "https://", 8) != 0)
		return 0;
	return strcspn(at, " \t\r\n");
}

/* "@name@server": the size of "@server", where a name stands before. */
static size_t server_size(const char *text, const char *at)
{
	if (*at != '@' || at == text || !(isalnum((unsigned char)at[-1]) || at[-1] == '_'))
		return 0;
	size_t size = 1;
	while (isalnum((unsigned char)at[size]) || (at[size] && strchr(".-", at[size])))
		size++;
	return size;
}

/* Letters and digits alone. */
static char *skeleton(TALLOC_CTX *mem, const char *text)
{
	struct pv_buf out = PV_BUF(mem, 4 * (size_t)PV_MARKUP_MAX);
	for (const char *at = text; *at;) {
		size_t skip = link_size(at);
		if (!skip)
			skip = server_size(text, at);
		uint32_t c = 0;
		size_t step = skip ? skip : pv_utf8_decode(at, strlen(at), &c);
		if (!skip && c < 0x80 && isalnum((int)c))
			pv_buf_char(&out, (char)tolower((int)c));
		else if (!skip && c >= 0x80 && !is_dressing(c))
			pv_buf_add(&out, at, step);
		at += step ? step : 1;
	}
	pv_buf_text(&out, "");
	return out.failed ? NULL : out.bytes;
}

/* Sørensen–Dice over pairs of bytes: 1 for the same, 0 for nothing in common; in percent. */
static enum pv_status dice(TALLOC_CTX *mem, const char *a, const char *b, unsigned *out_percent,
	struct pv_error *error)
{
	int32_t *pairs = talloc_zero_array(mem, int32_t, 1 << 16);
	if (!pairs)
		return pv_fail_nomem(error);
	size_t total = 0, common = 0;
	for (const unsigned char *at = (const unsigned char *)a; at[0] && at[1]; at++, total++)
		pairs[at[0] << 8 | at[1]]++;
	for (const unsigned char *at = (const unsigned char *)b; at[0] && at[1]; at++, total++)
		if (pairs[at[0] << 8 | at[1]]-- > 0)
			common++;
	talloc_free(pairs);
	*out_percent = total ? (unsigned)(200 * common / total) : 0;
	return PV_OK;
}

enum pv_status pv_markup_likeness(TALLOC_CTX *mem, const char *sent, const char *shown,
	enum pv_likeness *out, struct pv_error *error)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(mem);
	char *a = scope ? skeleton(scope, sent) : NULL;
	char *b = scope ? skeleton(scope, shown) : NULL;
	if (!a || !b)
		return pv_fail_nomem(error);
	if (strcmp(a, b) == 0) {
		*out = *a || strcmp(sent, shown) == 0 ? PV_LIKENESS_SAME : PV_LIKENESS_NEAR;
		return PV_OK;
	}
	unsigned percent = 0;
	enum pv_status status = dice(scope, a, b, &percent, error);
	if (status == PV_OK)
		*out = percent >= 50 ? PV_LIKENESS_NEAR : PV_LIKENESS_OTHER;
	return status;
}
