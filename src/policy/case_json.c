/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "policy/case_json.h"

#include "base/utf8.h"
#include "policy/case.h"

enum { FIGURE_DIGITS_MAX = 15 };

bool pv_cj_bad(struct pv_case_reader *r, const char *at, const char *fr, const char *en)
{
	if (!r->bad_at)
		r->bad_at = at;
	return pv_jsonl_fail(&r->c, fr, en);
}

/* Where the next value begins. */
const char *pv_cj_value_at(struct pv_case_reader *r)
{
	pv_jsonl_peek(&r->c);
	return r->c.at;
}

bool pv_cj_skip(struct pv_case_reader *r)
{
	return pv_jsonl_skip(&r->c, NULL);
}

bool pv_cj_null(struct pv_case_reader *r)
{
	return pv_jsonl_peek(&r->c) == 'n';
}

bool pv_cj_text(struct pv_case_reader *r, struct pv_str *out)
{
	const char *at = pv_cj_value_at(r);
	if (pv_cj_null(r))
		return pv_cj_skip(r);
	if (pv_jsonl_peek(&r->c) != '"')
		return pv_cj_bad(
			r, at, "Ici va un texte entre guillemets.", "Here goes a quoted text.");
	if (!pv_jsonl_string(&r->c, out))
		return false;
	if (out->size && memchr(out->bytes, '\0', out->size))
		return pv_cj_bad(r, at, "Un texte ne contient pas de caractère nul.",
			"A text holds no null character.");
	return true;
}

bool pv_cj_object(struct pv_case_reader *r, pv_cj_member member, void *thing)
{
	const char *at = pv_cj_value_at(r);
	if (pv_cj_null(r))
		return pv_cj_skip(r);
	if (pv_jsonl_peek(&r->c) != '{')
		return pv_cj_bad(r, at, "Ici va un objet entre accolades.",
			"Here goes an object in braces.");
	for (bool more = pv_jsonl_enter(&r->c, '{'); more; more = pv_jsonl_more(&r->c, '}')) {
		struct pv_str name;
		if (!pv_jsonl_string(&r->c, &name) || !pv_jsonl_colon(&r->c) ||
			!member(r, name, thing))
			return false;
	}
	return r->c.problem.en == NULL;
}

/* A list of things, each read by `member` into a fresh element of `size` bytes. */
bool pv_cj_list(struct pv_case_reader *r, bool (*item)(struct pv_case_reader *r, void *thing),
	size_t size, bool endless, const void **out, size_t *out_n)
{
	const char *at = pv_cj_value_at(r);
	char *items = NULL;
	size_t n = 0;
	if (pv_cj_null(r))
		return pv_cj_skip(r);
	if (pv_jsonl_peek(&r->c) != '[')
		return pv_cj_bad(
			r, at, "Ici va une liste entre crochets.", "Here goes a list in brackets.");
	for (bool more = pv_jsonl_enter(&r->c, '['); more; more = pv_jsonl_more(&r->c, ']')) {
		if (n >= PV_CASE_LIST_MAX && !endless)
			return pv_cj_bad(
				r, at, "Cette liste est trop longue.", "This list is too long.");
		items = pv_arena_more(&r->arena, items, n, size);
		if (!items)
			return false;
		memset(items + n * size, 0, size);
		if (!item(r, items + n * size))
			return false;
		n++;
	}
	*out = items;
	*out_n = n;
	return r->c.problem.en == NULL;
}

static bool text_item(struct pv_case_reader *r, void *thing)
{
	return pv_cj_text(r, thing);
}

bool pv_cj_texts(struct pv_case_reader *r, const struct pv_str **out, size_t *out_n)
{
	return pv_cj_list(r, text_item, sizeof(struct pv_str), false, (const void **)out, out_n);
}

/* A list, or one text that stands for a list of one. */
bool pv_cj_texts_or_one(struct pv_case_reader *r, const struct pv_str **out, size_t *out_n)
{
	if (pv_jsonl_peek(&r->c) != '"')
		return pv_cj_texts(r, out, out_n);
	struct pv_str *one = pv_arena_new(&r->arena, struct pv_str);
	if (!one || !pv_cj_text(r, one))
		return false;
	*out = one;
	*out_n = 1;
	return true;
}

bool pv_cj_instant(struct pv_case_reader *r, int64_t *out)
{
	const char *at = pv_cj_value_at(r);
	struct pv_str value = {0};
	if (!pv_cj_text(r, &value))
		return false;
	if (!value.bytes)
		return true;
	return pv_time_parse(value.bytes, value.size, out) ||
	       pv_cj_bad(r, at, "Ici va un instant, par exemple 2026-03-02T12:00:00-05:00.",
		       "Here goes an instant, for example 2026-03-02T12:00:00-05:00.");
}

bool pv_cj_choice(struct pv_case_reader *r, const char *const *names, int n, int *out)
{
	const char *at = pv_cj_value_at(r);
	struct pv_str value = {0};
	if (!pv_cj_text(r, &value))
		return false;
	if (!value.bytes)
		return true;
	int index = pv_name_index(names, n, value);
	if (index < 0)
		return pv_cj_bad(r, at, "Ce mot n'est pas de ceux que la politique connaît ici.",
			"This word is not one the policy format knows here.");
	*out = index;
	return true;
}

bool pv_cj_bits(struct pv_case_reader *r, const char *const *names, int n, unsigned *out)
{
	const char *at = pv_cj_value_at(r);
	const struct pv_str *items = NULL;
	size_t count = 0;
	if (!pv_cj_texts_or_one(r, &items, &count))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (pv_cj_is(items[i], "none"))
			continue;
		int index = pv_name_index(names, n, items[i]);
		if (index < 0)
			return pv_cj_bad(r, at, "Un mot de cette liste n'est pas connu ici.",
				"A word of this list is not known here.");
		*out |= 1u << index;
	}
	return true;
}

bool pv_cj_yes(struct pv_case_reader *r, bool *out)
{
	const char *at = pv_cj_value_at(r);
	char first = pv_jsonl_peek(&r->c);
	if (first == '"') {
		struct pv_str value;
		if (!pv_cj_text(r, &value))
			return false;
		*out = pv_cj_is(value, "yes");
		return *out || pv_cj_is(value, "no") ||
		       pv_cj_bad(r, at, "Ici va true ou false.", "Here goes true or false.");
	}
	if (first != 't' && first != 'f' && first != 'n')
		return pv_cj_bad(r, at, "Ici va true ou false.", "Here goes true or false.");
	*out = first == 't';
	return pv_cj_skip(r);
}

bool pv_cj_figure(struct pv_case_reader *r, int64_t *out)
{
	const char *at = pv_cj_value_at(r);
	struct pv_str raw;
	int64_t value = 0;
	if (pv_cj_null(r))
		return pv_cj_skip(r);
	if (!pv_jsonl_skip(&r->c, &raw))
		return false;
	for (size_t i = 0; i < raw.size && value >= 0; i++) {
		bool digit = raw.bytes[i] >= '0' && raw.bytes[i] <= '9';
		value = digit && i < FIGURE_DIGITS_MAX ? value * 10 + (raw.bytes[i] - '0') : -1;
	}
	if (value < 0)
		return pv_cj_bad(r, at, "Ici va un nombre entier, 0 ou plus.",
			"Here goes a whole number, 0 or more.");
	*out = value;
	return true;
}

bool pv_cj_times(struct pv_case_reader *r, uint32_t *out)
{
	const char *at = pv_cj_value_at(r);
	struct pv_str raw;
	if (!pv_jsonl_skip(&r->c, &raw))
		return false;
	uint32_t value = 0;
	for (size_t i = 0; i < raw.size && raw.size <= 9; i++) {
		if (raw.bytes[i] < '0' || raw.bytes[i] > '9') {
			value = 0;
			break;
		}
		value = value * 10 + (uint32_t)(raw.bytes[i] - '0');
	}
	*out = value;
	return value > 0 ||
	       pv_cj_bad(r, at, "Ici va un nombre entier.", "Here goes a whole number.");
}

static struct pv_case_place place_of(const struct pv_case_reader *r)
{
	const char *at = r->bad_at ? r->bad_at : r->c.at;
	struct pv_case_place place = {.line = 1, .column = 1};
	for (const char *p = r->c.start; p < at && p < r->c.end; p++) {
		if (*p == '\n')
			place = (struct pv_case_place){.line = place.line + 1, .column = 1};
		else
			place.column += !pv_utf8_tail((unsigned char)*p);
	}
	return place;
}

enum pv_status pv_cj_fail(
	struct pv_case_reader *r, struct pv_case_place *place, struct pv_error *error)
{
	if (r->arena.failed || !r->c.problem.en)
		return pv_fail_nomem(error);
	if (place)
		*place = place_of(r);
	return pv_fail(
		error, PV_INVALID, "%1$s%2$.0s", "%1$.0s%2$s", r->c.problem.fr, r->c.problem.en);
}
