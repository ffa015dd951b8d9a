/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Exceptions that a case carries: those granted outside of the document. */
#include "policy/case_json.h"
#include "policy/doc.h"

#include <limits.h>

static bool when_value(struct pv_case_reader *r, enum pv_fact fact, struct pv_str *out)
{
	const char *at = pv_cj_value_at(r);
	char first = pv_jsonl_peek(&r->c);
	if (first == 't' || first == 'f') {
		*out = pv_str(first == 't' ? "yes" : "no");
		if (!pv_cj_skip(r))
			return false;
	} else if (!pv_cj_text(r, out))
		return false;
	return pv_fact_takes(fact, *out) ||
	       pv_cj_bad(r, at, "Ce mot n'est pas de ceux que ce fait peut avoir.",
		       "This word is not one that this fact can have.");
}

static bool when_values(struct pv_case_reader *r, enum pv_fact fact, struct pv_case_line *line)
{
	struct pv_str *values = NULL;
	size_t n = 0;
	const char *at = pv_cj_value_at(r);
	bool list = pv_jsonl_peek(&r->c) == '[';
	bool more = list ? pv_jsonl_enter(&r->c, '[') : true;
	for (; more; more = list && pv_jsonl_more(&r->c, ']')) {
		if (n >= PV_CASE_LIST_MAX)
			return pv_cj_bad(
				r, at, "Cette liste est trop longue.", "This list is too long.");
		values = pv_arena_more(&r->arena, values, n, sizeof *values);
		if (!values || !when_value(r, fact, &values[n++]))
			return false;
	}
	if (r->c.problem.en)
		return false;
	line->values = values;
	line->n_values = n;
	return n > 0 || pv_cj_bad(r, at, "Cette liste est vide : rien n'y répondrait.",
				"This list is empty: nothing would meet it.");
}

static bool when_member(struct pv_case_reader *r, struct pv_str name, void *thing)
{
	struct pv_case_exception *exception = thing;
	int fact = pv_name_index(pv_fact_names, PV_FACTS, name);
	if (fact < 0)
		return pv_cj_bad(r, pv_cj_value_at(r),
			"Ceci n'est pas un fait qu'une condition peut demander.",
			"This is not a fact that a condition can ask.");
	if (exception->n_when >= PV_FACTS)
		return pv_cj_bad(r, pv_cj_value_at(r), "Cette condition est trop longue.",
			"This condition is too long.");
	struct pv_case_line *lines = pv_arena_more(
		&r->arena, (void *)(uintptr_t)exception->when, exception->n_when, sizeof *lines);
	if (!lines)
		return false;
	exception->when = lines;
	struct pv_case_line *line = &lines[exception->n_when++];
	*line = (struct pv_case_line){.fact = name};
	return when_values(r, (enum pv_fact)fact, line);
}

static bool reason_member(struct pv_case_reader *r, struct pv_str name, void *thing)
{
	struct pv_case_exception *exception = thing;
	if (pv_cj_is(name, "fr"))
		return pv_cj_text(r, &exception->reason_fr);
	if (pv_cj_is(name, "en"))
		return pv_cj_text(r, &exception->reason_en);
	return pv_cj_skip(r);
}

static bool day(struct pv_case_reader *r, int32_t *out)
{
	const char *at = pv_cj_value_at(r);
	struct pv_str text = {0};
	return pv_cj_text(r, &text) &&
	       ((text.bytes && pv_date_parse(text.bytes, text.size, out)) ||
		       pv_cj_bad(r, at, "Ici va une date, par exemple 2026-03-31.",
			       "Here goes a date, for example 2026-03-31."));
}

static bool exception_member(struct pv_case_reader *r, struct pv_str name, void *thing)
{
	struct pv_case_exception *exception = thing;
	if (pv_cj_is(name, "id"))
		return pv_cj_text(r, &exception->id);
	if (pv_cj_is(name, "lifts"))
		return pv_cj_texts_or_one(r, &exception->lifts, &exception->n_lifts);
	if (pv_cj_is(name, "when")) {
		exception->n_when = 0;
		return pv_cj_object(r, when_member, exception);
	}
	if (pv_cj_is(name, "from"))
		return day(r, &exception->from_day);
	if (pv_cj_is(name, "until"))
		return day(r, &exception->until_day);
	if (pv_cj_is(name, "granted_by"))
		return pv_cj_text(r, &exception->granted_by);
	if (!pv_cj_is(name, "reason"))
		return pv_cj_skip(r);
	if (pv_jsonl_peek(&r->c) != '"')
		return pv_cj_object(r, reason_member, exception);
	bool good = pv_cj_text(r, &exception->reason_fr);
	exception->reason_en = exception->reason_fr;
	return good;
}

/* As in a document: no expiry or no reason, not an exception. */
static bool exception_item(struct pv_case_reader *r, void *thing)
{
	struct pv_case_exception *exception = thing;
	const char *at = pv_cj_value_at(r);
	exception->from_day = exception->until_day = INT_MIN;
	if (!pv_cj_object(r, exception_member, exception))
		return false;
	if (exception->n_lifts == 0)
		return pv_cj_bad(r, at, "Cette dérogation n'écarte aucune règle (« lifts »).",
			"This exception lifts no rule (\"lifts\").");
	if (exception->from_day == INT_MIN || exception->until_day == INT_MIN)
		return pv_cj_bad(r, at, "Une dérogation a un premier et un dernier jour.",
			"An exception has a first and a last day.");
	if (exception->from_day > exception->until_day)
		return pv_cj_bad(r, at, "La dérogation finit avant de commencer.",
			"The exception ends before it begins.");
	return (exception->reason_fr.size && exception->reason_en.size) ||
	       pv_cj_bad(r, at, "Une dérogation dit pourquoi (« reason », fr et en).",
		       "An exception says why (\"reason\", fr and en).");
}

bool pv_cj_exceptions(struct pv_case_reader *r, const struct pv_case_exception **out, size_t *out_n)
{
	return pv_cj_list(r, exception_item, sizeof(struct pv_case_exception), false,
		(const void **)out, out_n);
}

enum pv_status pv_case_exception_parse(TALLOC_CTX *mem, const char *json, size_t size,
	struct pv_case_exception **out, struct pv_case_place *place, struct pv_error *error)
{
	struct pv_case_reader r = {.arena.mem = mem, .c = PV_JSONL_CURSOR(mem)};
	struct pv_case_exception *exception = pv_arena_new(&r.arena, struct pv_case_exception);
	if (!exception)
		return pv_fail_nomem(error);
	pv_jsonl_begin(&r.c, json, size);
	if (!exception_item(&r, exception) || !pv_jsonl_end(&r.c))
		return pv_cj_fail(&r, place, error);
	*out = exception;
	return PV_OK;
}
