/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "text/voice.h"

enum { VOICE_WORD_MAX = 9, VOICE_NEVER = PV_CH_LINK | PV_CH_HANDLE | PV_CH_HASHTAG | PV_CH_QUOTED };

/* How the word must be followed to be a mark. */
enum follow { ALONE, ELIDED /* ' */, CONTRACTED /* 'm 've 'd 'll */ };

struct mark {
	uint32_t word[VOICE_WORD_MAX + 1];
	enum pv_voice voice;
	enum follow follow;
};

/* clang-format off */
static const struct mark marks_fr[] = {
	{U"je", PV_VOICE_I, ALONE}, {U"j", PV_VOICE_I, ELIDED}, {U"moi", PV_VOICE_I, ALONE},
	{U"me", PV_VOICE_I, ALONE}, {U"m", PV_VOICE_I, ELIDED}, {U"mon", PV_VOICE_I, ALONE},
	{U"ma", PV_VOICE_I, ALONE}, {U"mes", PV_VOICE_I, ALONE}, {U"mien", PV_VOICE_I, ALONE},
	{U"mienne", PV_VOICE_I, ALONE}, {U"miens", PV_VOICE_I, ALONE},
	{U"miennes", PV_VOICE_I, ALONE}, {U"nous", PV_VOICE_WE, ALONE},
	{U"notre", PV_VOICE_WE, ALONE}, {U"nos", PV_VOICE_WE, ALONE},
	{U"nôtre", PV_VOICE_WE, ALONE}, {U"nôtres", PV_VOICE_WE, ALONE},
};
static const struct mark marks_en[] = {
	{U"i", PV_VOICE_I, CONTRACTED}, {U"me", PV_VOICE_I, ALONE}, {U"my", PV_VOICE_I, ALONE},
	{U"mine", PV_VOICE_I, ALONE}, {U"myself", PV_VOICE_I, ALONE},
	{U"we", PV_VOICE_WE, ALONE}, {U"our", PV_VOICE_WE, ALONE}, {U"ours", PV_VOICE_WE, ALONE},
	{U"us", PV_VOICE_WE, ALONE}, {U"ourselves", PV_VOICE_WE, ALONE},
};
/* clang-format on */

/* The word that begins at i and ends before `end`, in folded characters. */
static bool same_word(const struct pv_prose *prose, size_t i, size_t end, const uint32_t *word)
{
	size_t k = 0;
	while (i < end && word[k] && prose->fold[i] == word[k]) {
		i++;
		k++;
	}
	return i == end && word[k] == 0;
}

static bool contracted(const struct pv_prose *prose, size_t at)
{
	static const uint32_t endings[][3] = {U"m", U"ve", U"d", U"ll"};
	if (at >= prose->n || prose->fold[at] != '\'')
		return false;
	size_t end = at + 1;
	while (end < prose->n && (prose->flags[end] & PV_CH_WORD))
		end++;
	for (size_t e = 0; e < 4; e++)
		if (same_word(prose, at + 1, end, endings[e]))
			return true;
	return false;
}

static bool followed(const struct pv_prose *prose, size_t start, size_t end, enum follow follow)
{
	switch (follow) {
	case ALONE: return true;
	case ELIDED: return end < prose->n && prose->fold[end] == '\'';
	case CONTRACTED: return prose->raw[start] == 'I' || contracted(prose, end);
	}
	return false;
}

static enum pv_voice voice_of_word(
	const struct pv_prose *prose, size_t start, size_t end, unsigned languages)
{
	const struct {
		unsigned language;
		const struct mark *marks;
		size_t n;
	} lists[] = {
		{PV_VOICE_FR, marks_fr, sizeof marks_fr / sizeof *marks_fr},
		{PV_VOICE_EN, marks_en, sizeof marks_en / sizeof *marks_en},
	};
	for (size_t l = 0; l < 2; l++) {
		if (!(languages & lists[l].language))
			continue;
		for (size_t m = 0; m < lists[l].n; m++) {
			const struct mark *mark = &lists[l].marks[m];
			if (same_word(prose, start, end, mark->word) &&
				followed(prose, start, end, mark->follow))
				return mark->voice;
		}
	}
	return PV_VOICE_EFFACED;
}

/* Every mark begins with one of these: most words are passed over at their first letter. */
static inline bool may_mark(uint32_t c)
{
	return c == 'j' || c == 'm' || c == 'n' || c == 'i' || c == 'w' || c == 'o' || c == 'u';
}

/* Stops at the first I; notes the first we on the way. */
static enum pv_voice listen(const struct pv_prose *prose, unsigned languages, struct pv_match *out)
{
	enum pv_voice voice = PV_VOICE_EFFACED;
	for (size_t i = 0; i < prose->n;) {
		if (!(prose->flags[i] & PV_CH_WORD)) {
			i++;
			continue;
		}
		size_t end = i + 1;
		while (end < prose->n && (prose->flags[end] & PV_CH_WORD))
			end++;
		enum pv_voice heard = PV_VOICE_EFFACED;
		if (end - i <= VOICE_WORD_MAX && may_mark(prose->fold[i]) &&
			!(prose->flags[i] & VOICE_NEVER))
			heard = voice_of_word(prose, i, end, languages);
		if (heard == PV_VOICE_I || (heard == PV_VOICE_WE && voice == PV_VOICE_EFFACED)) {
			*out = (struct pv_match){.start = i, .end = end};
			voice = heard;
			if (heard == PV_VOICE_I)
				return voice;
		}
		i = end;
	}
	return voice;
}

enum pv_voice pv_voice_find(const struct pv_prose *prose, unsigned languages,
	const struct pv_needle *names, size_t n_names, struct pv_voice_found *out)
{
	struct pv_voice_found found = {0};
	enum pv_voice voice = listen(prose, languages, &found.mark);
	for (size_t i = 0; voice == PV_VOICE_I && i < n_names; i++)
		if (pv_words_find(prose, &names[i], PV_CH_QUOTED | PV_CH_LINK, 0, &found.name))
			voice = PV_VOICE_SPOKESPERSON;
	if (out)
		*out = found;
	return voice;
}

const char *pv_voice_name(enum pv_voice voice)
{
	static const char *const names[PV_VOICES] = {
		[PV_VOICE_EFFACED] = "effaced",
		[PV_VOICE_WE] = "we",
		[PV_VOICE_I] = "i",
		[PV_VOICE_SPOKESPERSON] = "spokesperson",
	};
	return names[voice];
}
