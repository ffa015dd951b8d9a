/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "text/denied.h"

#include "base/mem.h"
#include "base/utf8.h"

#include <string.h>

enum { SMALL_WORDS_MAX = 3, NE_WITHIN = 4, CLAUSE_WORDS_MAX = 8 };

/* Both languages at once: posts mix them. */
static const struct {
	const char *word;
	bool with_ne; /* without "ne" before it the word says something else: "plus", "point" */
} negations[] = {
	{"pas", false},
	{"jamais", false},
	{"nullement", false},
	{"aucunement", false},
	{"aucun", false},
	{"aucune", false},
	{"ni", false},
	{"non", false},
	{"sans", false},
	{"plus", true},
	{"point", true},
	{"guère", true},
	{"not", false},
	{"cannot", false},
	{"never", false},
	{"no", false},
	{"nor", false},
	{"neither", false},
	{"without", false},
};

/* They may stand between a negation and what it denies. */
static const char *const small_words[] = {"de", "d'", "du", "des", "un", "une", "d'un", "d'une",
	"le", "la", "les", "l'", "été", "être", "tout", "vraiment", "encore", "a", "an", "the",
	"any", "be", "been", "being", "yet", "really", "actually", "at", "all", "longer"};

/* "faux que ce texte soit écrit par nous": all that follows in the clause is denied. */
static const char *const denying[][2] = {
	{"faux", "que"},
	{"faux", "qu'"},
	{"false", "that"},
	{"untrue", "that"},
};

/* Before "pas" they make a step of it: "guide pas à pas écrit par nous". */
static const char *const before_a_step[] = {
	"à", "un", "le", "les", "des", "chaque", "premier", "premiers", "faux", "quelques"};

/* A word of the prose, its apostrophes included: "n'est", "isn't", "d'". */
struct word {
	size_t start, end;
};

/* A text of the tables against `n` folded characters. */
static bool folded_is(const uint32_t *fold, size_t n, const char *text)
{
	const char *end = text + strlen(text);
	size_t i = 0;
	for (; text < end && i < n; i++) {
		uint32_t c;
		size_t step = pv_utf8_decode(text, (size_t)(end - text), &c);
		if (!step || fold[i] != c)
			return false;
		text += step;
	}
	return text == end && i == n;
}

static bool word_is(const struct pv_prose *prose, struct word word, const char *text)
{
	return folded_is(prose->fold + word.start, word.end - word.start, text);
}

/* "qu'il" begins with "qu'" */
static bool begins(const struct pv_prose *prose, struct word word, const char *text)
{
	size_t n = strlen(text);
	return word.end - word.start >= n && folded_is(prose->fold + word.start, n, text);
}

static bool is_any(
	const struct pv_prose *prose, struct word word, const char *const *texts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (word_is(prose, word, texts[i]))
			return true;
	return false;
}

static bool of_word(const struct pv_prose *prose, size_t i)
{
	return !(prose->flags[i] & (PV_CH_LINK | PV_CH_HANDLE)) &&
	       ((prose->flags[i] & PV_CH_WORD) || prose->fold[i] == '\'');
}

/* What a clause goes on over: spaces, a quotation that begins, emphasis, what nobody sees. */
static bool joins(const struct pv_prose *prose, size_t i)
{
	uint32_t c = prose->raw[i];
	if (prose->flags[i] & PV_CH_SPACE)
		return c != '\n' && c != '\r' && c != 0x2028 && c != 0x2029;
	if (c == '"')
		return i + 1 < prose->n && !(prose->flags[i + 1] & PV_CH_SPACE);
	return c == '*' || c == 0xAB || c == 0x201C || pv_prose_unseen(c);
}

/* The word that ends before `at` in the same clause. */
static bool word_before(const struct pv_prose *prose, size_t at, struct word *out)
{
	/* "non-commandité", but not " - " */
	if (at > 1 && prose->fold[at - 1] == '-' && of_word(prose, at - 2))
		at--;
	while (at > 0 && joins(prose, at - 1))
		at--;
	out->end = at;
	while (at > 0 && of_word(prose, at - 1))
		at--;
	out->start = at;
	return out->start < out->end;
}

static bool ne_before(const struct pv_prose *prose, size_t at, struct word *out)
{
	for (int i = 0; i < NE_WITHIN && word_before(prose, at, out); i++) {
		if (word_is(prose, *out, "ne") || begins(prose, *out, "n'"))
			return true;
		at = out->start;
	}
	return false;
}

static bool is_step(const struct pv_prose *prose, struct word pas)
{
	struct word before;
	return word_before(prose, pas.start, &before) &&
	       is_any(prose, before, before_a_step, PV_COUNT(before_a_step));
}

/* Is this word a negation? Where it begins goes to *out_start. */
static bool is_negation(const struct pv_prose *prose, struct word word, size_t *out_start)
{
	struct word ne;
	*out_start = word.start;
	if (word.end - word.start > 3 && folded_is(prose->fold + word.end - 3, 3, "n't"))
		return true;
	for (size_t i = 0; i < PV_COUNT(negations); i++) {
		if (!word_is(prose, word, negations[i].word))
			continue;
		if (word_is(prose, word, "pas") && is_step(prose, word))
			return false;
		bool with_ne = ne_before(prose, word.start, &ne);
		if (with_ne)
			*out_start = ne.start;
		return with_ne || !negations[i].with_ne;
	}
	return false;
}

/* "faux que …" anywhere before in the clause */
static bool clause_denied(const struct pv_prose *prose, size_t at, size_t *out_start)
{
	struct word word, before;
	for (int i = 0; i < CLAUSE_WORDS_MAX && word_before(prose, at, &word); i++) {
		at = word.start;
		for (size_t d = 0; d < PV_COUNT(denying); d++) {
			const char *that = denying[d][1];
			bool elided = that[strlen(that) - 1] == '\'';
			if (!(elided ? begins(prose, word, that) : word_is(prose, word, that)) ||
				!word_before(prose, at, &before) ||
				!word_is(prose, before, denying[d][0]))
				continue;
			*out_start = before.start;
			return true;
		}
	}
	return false;
}

bool pv_wording_denied(
	const struct pv_prose *prose, const struct pv_match *wording, struct pv_match *out)
{
	struct word word;
	size_t at = wording->start, start;
	bool denied = false;
	for (int i = 0; i <= SMALL_WORDS_MAX && word_before(prose, at, &word); i++) {
		denied = is_negation(prose, word, &start);
		if (denied || !is_any(prose, word, small_words, PV_COUNT(small_words)))
			break;
		at = word.start;
	}
	if (!denied && !clause_denied(prose, wording->start, &start))
		return false;
	*out = (struct pv_match){.start = start, .end = wording->end};
	return true;
}
