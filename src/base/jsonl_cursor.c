/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/jsonl.h"

#include "base/jsonl_scan.h"
#include "base/utf8.h"

#include <string.h>

void pv_jsonl_begin(struct pv_jsonl_cursor *c, const char *bytes, size_t size)
{
	c->start = c->at = bytes;
	c->end = bytes + size;
	c->problem = (struct pv_words){0};
	c->scratch_size = 0;
}

bool pv_jsonl_fail(struct pv_jsonl_cursor *c, const char *fr, const char *en)
{
	if (!c->problem.en)
		c->problem = (struct pv_words){.fr = fr, .en = en};
	return false;
}

uint64_t pv_jsonl_column(const struct pv_jsonl_cursor *c)
{
	uint64_t column = 1;
	for (const char *at = c->start; at < c->at; at++)
		column += !pv_utf8_tail((unsigned char)*at);
	return column;
}

static bool is_space(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

char pv_jsonl_peek(struct pv_jsonl_cursor *c)
{
	while (c->at < c->end && is_space(*c->at))
		c->at++;
	return c->at < c->end ? *c->at : 0;
}

static bool fail_expected(struct pv_jsonl_cursor *c, const char *fr, const char *en)
{
	if (c->at == c->end)
		return pv_jsonl_fail(c, "Le texte JSON s'arrête avant sa fin.",
			"The JSON text stops before its end.");
	return pv_jsonl_fail(c, fr, en);
}

bool pv_jsonl_enter(struct pv_jsonl_cursor *c, char open)
{
	if (c->problem.en)
		return false;
	if (pv_jsonl_peek(c) != open) {
		if (open == '{')
			return fail_expected(c, "Ici est attendu un objet : {.",
				"An object is expected here: {.");
		return fail_expected(
			c, "Ici est attendue une liste : [.", "A list is expected here: [.");
	}
	c->at++;
	if (pv_jsonl_peek(c) != (open == '{' ? '}' : ']'))
		return true;
	c->at++;
	return false;
}

bool pv_jsonl_more(struct pv_jsonl_cursor *c, char close)
{
	if (c->problem.en)
		return false;
	char byte = pv_jsonl_peek(c);
	if (byte == ',') {
		c->at++;
		return true;
	}
	if (byte == close) {
		c->at++;
		return false;
	}
	if (close == '}')
		return fail_expected(c, "Ici est attendu , ou }.", "A , or a } is expected here.");
	return fail_expected(c, "Ici est attendu , ou ].", "A , or a ] is expected here.");
}

bool pv_jsonl_colon(struct pv_jsonl_cursor *c)
{
	if (c->problem.en)
		return false;
	if (pv_jsonl_peek(c) != ':')
		return fail_expected(
			c, "Ici est attendu deux-points.", "A colon is expected here.");
	c->at++;
	return true;
}

/* ---- strings ----------------------------------------------------------------------------------
 */

static bool fail_in_string(struct pv_jsonl_cursor *c)
{
	if (c->at == c->end)
		return pv_jsonl_fail(
			c, "Le guillemet fermant manque.", "The closing quote is missing.");
	if ((unsigned char)*c->at < 0x20)
		return pv_jsonl_fail(c,
			"Un caractère de commande doit s'écrire \\u00XX dans une chaîne.",
			"A control character must be written \\u00XX inside a string.");
	return pv_jsonl_fail(c, "Les octets ne sont pas de l'UTF-8 bien formé.",
		"The bytes are not well-formed UTF-8.");
}

/* Moves to the quote or backslash that comes next; false with the problem noted. */
static bool string_run(struct pv_jsonl_cursor *c)
{
	for (;;) {
		c->at = pv_jsonl_scan_plain(c->at, c->end);
		if (c->at == c->end)
			return fail_in_string(c);
		if (*c->at == '"' || *c->at == '\\')
			return true;
		if ((unsigned char)*c->at < 0x20)
			return fail_in_string(c);
		do {
			uint32_t point;
			size_t step = pv_utf8_decode(c->at, (size_t)(c->end - c->at), &point);
			if (!step)
				return fail_in_string(c);
			c->at += step;
		} while (c->at < c->end && (unsigned char)*c->at >= 0x80);
	}
}

static int hex_digit(char byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	byte |= 0x20;
	return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/* Four hexadecimal digits at `c->at`, passed; -1 when they are not. */
static int32_t hex_four(struct pv_jsonl_cursor *c)
{
	int32_t value = 0;
	for (int i = 0; i < 4; i++) {
		int digit = c->at < c->end ? hex_digit(*c->at) : -1;
		if (digit < 0)
			return -1;
		value = value << 4 | digit;
		c->at++;
	}
	return value;
}

/* What stands after "\u"; the cursor is past it. */
static bool escape_unicode(struct pv_jsonl_cursor *c, uint32_t *out)
{
	int32_t high = hex_four(c);
	if (high < 0)
		return pv_jsonl_fail(c, "\\u veut quatre chiffres hexadécimaux.",
			"\\u needs four hexadecimal digits.");
	*out = (uint32_t)high;
	if (high < 0xD800 || high > 0xDFFF)
		return true;
	if (high <= 0xDBFF && c->end - c->at >= 6 && c->at[0] == '\\' && c->at[1] == 'u') {
		c->at += 2;
		int32_t low = hex_four(c);
		if (low >= 0xDC00 && low <= 0xDFFF) {
			*out = 0x10000 + ((uint32_t)(high - 0xD800) << 10) +
			       (uint32_t)(low - 0xDC00);
			return true;
		}
	}
	return pv_jsonl_fail(c, "Une moitié de paire (\\uD800 à \\uDFFF) est seule.",
		"Half of a surrogate pair (\\uD800 to \\uDFFF) stands alone.");
}

/* The escape at `c->at` (a backslash), passed. */
static bool escape(struct pv_jsonl_cursor *c, uint32_t *out)
{
	c->at++;
	char kind = c->at < c->end ? *c->at : 0;
	switch (kind) {
	case '"':
	case '\\':
	case '/': *out = (uint32_t)kind; break;
	case 'b': *out = '\b'; break;
	case 'f': *out = '\f'; break;
	case 'n': *out = '\n'; break;
	case 'r': *out = '\r'; break;
	case 't': *out = '\t'; break;
	case 'u': c->at++; return escape_unicode(c, out);
	default:
		return fail_expected(c, "Ce caractère ne suit pas une barre oblique inverse.",
			"This character does not follow a backslash.");
	}
	c->at++;
	return true;
}

/* All that is left fits, whatever is escaped: an escape is never shorter than what it stands for.
 */
static bool scratch_reserve(struct pv_jsonl_cursor *c, const char *from)
{
	size_t wanted = (size_t)(c->end - from);
	if (c->scratch_size == 0 && wanted > c->scratch_room) {
		/* for the whole text: what is handed out must not move before the next begin */
		size_t room = (size_t)(c->end - c->start) * 2;
		talloc_free(c->scratch);
		c->scratch_room = 0;
		c->scratch = talloc_array(c->mem, char, room);
		if (c->scratch)
			c->scratch_room = room;
	}
	if (c->scratch_room - c->scratch_size >= wanted)
		return true;
	return pv_jsonl_fail(c, "La mémoire manque.", "Memory is out.");
}

bool pv_jsonl_string(struct pv_jsonl_cursor *c, struct pv_str *out)
{
	if (c->problem.en)
		return false;
	if (pv_jsonl_peek(c) != '"')
		return fail_expected(c, "Ici est attendue une chaîne entre guillemets.",
			"A string in double quotes is expected here.");
	const char *from = ++c->at;
	if (!string_run(c))
		return false;
	if (*c->at == '"') {
		*out = (struct pv_str){.bytes = from, .size = (size_t)(c->at++ - from)};
		return true;
	}
	if (!scratch_reserve(c, from))
		return false;
	char *to = c->scratch + c->scratch_size;
	const char *first = to;
	for (;;) {
		memcpy(to, from, (size_t)(c->at - from));
		to += c->at - from;
		if (*c->at == '"')
			break;
		uint32_t point;
		if (!escape(c, &point))
			return false;
		to += pv_utf8_encode(point, to);
		from = c->at;
		if (!string_run(c))
			return false;
	}
	c->at++;
	c->scratch_size = (size_t)(to - c->scratch);
	*out = (struct pv_str){.bytes = first, .size = (size_t)(to - first)};
	return true;
}

static bool skip_string(struct pv_jsonl_cursor *c)
{
	c->at++;
	for (;;) {
		uint32_t point;
		if (!string_run(c))
			return false;
		if (*c->at == '"')
			break;
		if (!escape(c, &point))
			return false;
	}
	c->at++;
	return true;
}

/* ---- other values ------------------------------------------------------------------------------
 */

static bool digits(struct pv_jsonl_cursor *c)
{
	const char *from = c->at;
	while (c->at < c->end && *c->at >= '0' && *c->at <= '9')
		c->at++;
	return c->at > from;
}

static bool skip_number(struct pv_jsonl_cursor *c)
{
	bool good = true;
	if (*c->at == '-')
		c->at++;
	if (c->at < c->end && *c->at == '0')
		c->at++;
	else
		good = digits(c);
	if (good && c->at < c->end && *c->at == '.') {
		c->at++;
		good = digits(c);
	}
	if (good && c->at < c->end && (*c->at | 0x20) == 'e') {
		c->at++;
		if (c->at < c->end && (*c->at == '+' || *c->at == '-'))
			c->at++;
		good = digits(c);
	}
	return good || fail_expected(c, "Ce nombre est mal formé.", "This number is malformed.");
}

static bool skip_word(struct pv_jsonl_cursor *c, const char *word)
{
	for (; *word; word++, c->at++)
		if (c->at == c->end || *c->at != *word)
			return fail_expected(c, "Ce mot n'est ni true, ni false, ni null.",
				"This word is none of true, false and null.");
	return true;
}

static bool skip_scalar(struct pv_jsonl_cursor *c)
{
	char byte = pv_jsonl_peek(c);
	switch (byte) {
	case '"': return skip_string(c);
	case 't': return skip_word(c, "true");
	case 'f': return skip_word(c, "false");
	case 'n': return skip_word(c, "null");
	default:
		if (byte == '-' || (byte >= '0' && byte <= '9'))
			return skip_number(c);
		return fail_expected(
			c, "Ici est attendue une valeur.", "A value is expected here.");
	}
}

/* A name and its colon, where `close` says that we are in an object. */
static bool skip_name(struct pv_jsonl_cursor *c, char close)
{
	if (close != '}')
		return true;
	if (pv_jsonl_peek(c) != '"')
		return fail_expected(c, "Ici est attendu un nom entre guillemets.",
			"A name in double quotes is expected here.");
	return skip_string(c) && pv_jsonl_colon(c);
}

bool pv_jsonl_skip(struct pv_jsonl_cursor *c, struct pv_str *out_raw)
{
	char closes[PV_JSONL_DEPTH_MAX];
	size_t depth = 0;
	if (c->problem.en)
		return false;
	pv_jsonl_peek(c);
	const char *from = c->at;
	do {
		char open = pv_jsonl_peek(c);
		if (open == '{' || open == '[') {
			if (depth == PV_JSONL_DEPTH_MAX)
				return pv_jsonl_fail(c,
					"Le texte JSON s'emboîte trop profondément.",
					"The JSON text nests too deeply.");
			char close = open == '{' ? '}' : ']';
			if (pv_jsonl_enter(c, open)) {
				closes[depth++] = close;
				if (!skip_name(c, close))
					return false;
				continue;
			}
			if (c->problem.en)
				return false;
		} else if (!skip_scalar(c)) {
			return false;
		}
		while (depth && !pv_jsonl_more(c, closes[depth - 1])) {
			if (c->problem.en)
				return false;
			depth--;
		}
		if (depth && !skip_name(c, closes[depth - 1]))
			return false;
	} while (depth);
	if (out_raw)
		*out_raw = (struct pv_str){.bytes = from, .size = (size_t)(c->at - from)};
	return true;
}

bool pv_jsonl_end(struct pv_jsonl_cursor *c)
{
	if (c->problem.en)
		return false;
	pv_jsonl_peek(c);
	return c->at == c->end || pv_jsonl_fail(c, "Quelque chose suit la fin du texte JSON.",
					  "Something follows the end of the JSON text.");
}
