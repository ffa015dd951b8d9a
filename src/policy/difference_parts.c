/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What is more than a list of values: the steps of approvals, and the entries of a register. */
#include "policy/difference_say.h"

#include "base/mem.h"

#include <string.h>

/* ---- approvals --------------------------------------------------------------------------------- */

bool pv_terms_have_steps(const json_t *terms)
{
	return json_array_size(json_object_get(terms, "then")) > 0;
}

bool pv_terms_same_steps(const json_t *was, const json_t *is)
{
	static const char *const names[] = {"by", "count", "then"};
	bool same = json_is_object(was) && json_is_object(is);
	for (size_t i = 0; same && i < PV_COUNT(names); i++)
		same = json_equal(json_object_get(was, names[i]), json_object_get(is, names[i]));
	return same;
}

/* 2. « director » ou « board » (2 personnes) */
static void say_step(struct pv_say *say, size_t number, const json_t *step)
{
	const json_t *by = json_object_get(step, "by");
	json_int_t count = json_integer_value(json_object_get(step, "count"));
	size_t n = json_array_size(by);
	pv_say_int(say, (int64_t)number);
	pv_say(say, ".\u00a0", ".\u00a0");
	for (size_t i = 0; i < n; i++) {
		pv_say_or(say, i, n);
		pv_say_value(say, PV_READ_TEXT, json_array_get(by, i));
	}
	pv_say(say, " (", " (");
	pv_say_int(say, count);
	if (count > 1)
		pv_say(say, "\u00a0personnes)", "\u00a0people)");
	else
		pv_say(say, "\u00a0personne)", "\u00a0person)");
}

void pv_say_steps(struct pv_say *say, const json_t *terms)
{
	const json_t *then = json_object_get(terms, "then");
	say_step(say, 1, terms);
	for (size_t i = 0; i < json_array_size(then); i++) {
		pv_say(say, ", puis ", ", then ");
		say_step(say, i + 2, json_array_get(then, i));
	}
}

/* ---- registers --------------------------------------------------------------------------------- */

static const struct pv_member of_tie[] = {
	{"names", {"noms", "names"}, PV_READ_TEXT},
	{"relation", {"lien", "tie"}, PV_READ_WORD},
	{"org", {"organisation", "organisation"}, PV_READ_TEXT},
	{"domains", {"domaines", "domains"}, PV_READ_TEXT},
	{"handles", {"identifiants", "handles"}, PV_READ_TEXT},
	{"feeds", {"fils", "feeds"}, PV_READ_TEXT},
	{"until", {"jusqu'au", "until"}, PV_READ_TEXT},
};

static const json_t *first_name(const json_t *tie)
{
	return json_array_get(json_object_get(tie, "names"), 0);
}

void pv_say_tie(struct pv_say *say, const json_t *tie)
{
	pv_say_value(say, PV_READ_TEXT, first_name(tie));
	pv_say(say, " (", " (");
	pv_say_value(say, PV_READ_WORD, json_object_get(tie, "relation"));
	for (size_t i = 0; i < PV_COUNT(of_tie); i++) {
		const json_t *value = json_object_get(tie, of_tie[i].name);
		bool one_name = i == 0 && json_array_size(value) == 1;
		if (pv_value_empty(value) || one_name || strcmp(of_tie[i].name, "relation") == 0)
			continue;
		pv_say(say, "; ", "; ");
		pv_say_words(say, &of_tie[i].label);
		pv_say(say, "\u00a0: ", ": ");
		pv_say_value(say, of_tie[i].reading, value);
	}
	pv_say(say, ")", ")");
}

/* « Mécène », domaines : « b.example » s'ajoute; lien : client devient propriétaire */
static void say_tie_change(struct pv_say *say, const json_t *was, const json_t *is)
{
	bool first = true;
	pv_say_value(say, PV_READ_TEXT, first_name(is));
	for (size_t i = 0; i < PV_COUNT(of_tie); i++) {
		const json_t *before = json_object_get(was, of_tie[i].name);
		const json_t *after = json_object_get(is, of_tie[i].name);
		bool none = pv_value_empty(before) && pv_value_empty(after);
		if (none || (before && after && json_equal(before, after)))
			continue;
		if (first)
			pv_say(say, ", ", ", ");
		else
			pv_say(say, "; ", "; ");
		first = false;
		pv_say_member(say, &of_tie[i], before, after);
	}
}

static size_t of_name(const json_t *ties, const json_t *name)
{
	size_t i = 0;
	while (i < json_array_size(ties) && !json_equal(first_name(json_array_get(ties, i)), name))
		i++;
	return i;
}

bool pv_say_ties_changed(struct pv_say *say, json_t *more, json_t *less)
{
	bool said = false;
	for (size_t i = 0; i < json_array_size(more);) {
		size_t before = of_name(less, first_name(json_array_get(more, i)));
		if (before == json_array_size(less)) {
			i++;
			continue;
		}
		if (said)
			pv_say(say, " — ", " — ");
		said = true;
		say_tie_change(say, json_array_get(less, before), json_array_get(more, i));
		json_array_remove(more, i);
		json_array_remove(less, before);
	}
	return said;
}
