/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rules that listen to the words of a post. */
#include "policy/findings.h"
#include "text/denied.h"

/* Is the tie one that the rule asks about? A rule that asks no relation is about any. */
static bool about(const struct pv_rule *rule, const struct pv_tie *tie)
{
	for (size_t i = 0; i < rule->when.n_lines; i++) {
		const struct pv_line *line = &rule->when.lines[i];
		if (line->fact != PV_FACT_RELATION)
			continue;
		for (size_t v = 0; v < line->values.n; v++)
			if (strcmp(line->values.items[v], "any") == 0 ||
				strcmp(line->values.items[v], pv_relation_names[tie->relation]) ==
					0)
				return true;
		return false;
	}
	return true;
}

static bool well_placed(
	const struct pv_facts *facts, enum pv_position position, const struct pv_match *match)
{
	int64_t fold;
	switch (position) {
	case PV_POSITION_BEFORE_FOLD:
		fold = pv_policy_fold(facts->policy, facts->platform);
		return fold == 0 || match->end <= (size_t)fold;
	case PV_POSITION_START:
		return facts->n_langs > 1 ? pv_prose_opens_line(&facts->prose, match->start)
					  : pv_prose_opens_text(&facts->prose, match->start);
	default: return true;
	}
}

/*
 * Improves `found` with this wording: the first well placed one, else the first anywhere. Where it
 * is denied it is not made.
 */
static void seek(const struct pv_facts *facts, enum pv_position position,
	const struct pv_needle *needle, struct pv_wording_found *found)
{
	struct pv_match match;
	for (size_t from = 0; pv_wording_find(&facts->prose, needle, from, &match);
		from = match.start + 1) {
		struct pv_match denial;
		if (pv_wording_denied(&facts->prose, &match, &denial)) {
			found->denial = found->denied ? found->denial : denial;
			found->denied = true;
			continue;
		}
		bool stands = well_placed(facts, position, &match);
		if (stands || found->state == PV_WORDING_MISSING)
			found->match = match;
		found->state = stands ? PV_WORDING_STANDS : PV_WORDING_MISPLACED;
		if (stands)
			return;
	}
}

static bool seek_named(struct pv_facts *facts, enum pv_position position, const char *wording,
	const char *hole, struct pv_str name, struct pv_wording_found *found)
{
	struct pv_buf text = PV_BUF(facts->arena.mem, PV_POLICY_BYTES_MAX);
	pv_buf_add(&text, wording, (size_t)(hole - wording));
	pv_buf_add(&text, name.bytes, name.size);
	pv_buf_text(&text, hole + strlen("{name}"));
	struct pv_needle needle;
	if (text.failed ||
		!pv_needle_read(facts->arena.mem,
			(struct pv_str){.bytes = text.bytes, .size = text.size}, &needle))
		return false;
	seek(facts, position, &needle, found);
	return true;
}

/* "made for {name}" with each name and handle of the ties that the rule is about. */
static bool seek_with_names(struct pv_facts *facts, const struct pv_rule *rule, const char *wording,
	const char *hole, struct pv_wording_found *found)
{
	enum pv_position position = rule->say->position;
	for (size_t i = 0; i < facts->n_ties; i++) {
		const struct pv_tie *tie = facts->ties[i].tie;
		if (!about(rule, tie))
			continue;
		for (size_t n = 0; n < tie->n_names && found->state != PV_WORDING_STANDS; n++)
			if (!seek_named(facts, position, wording, hole, tie->names[n], found))
				return false;
		for (size_t n = 0; n < tie->n_handles && found->state != PV_WORDING_STANDS; n++)
			if (!seek_named(facts, position, wording, hole, tie->handles[n], found))
				return false;
	}
	return true;
}

static bool seek_language(struct pv_facts *facts, const struct pv_rule *rule,
	const struct pv_lang_words *words, struct pv_wording_found *found)
{
	found->accepted = words;
	for (size_t i = 0; i < words->texts.n && found->state != PV_WORDING_STANDS; i++) {
		const char *hole = strstr(words->texts.items[i], "{name}");
		if (!hole)
			seek(facts, rule->say->position, &words->needles[i], found);
		else if (!seek_with_names(facts, rule, words->texts.items[i], hole, found))
			return false;
	}
	return true;
}

/* One wording for each language of the post; of a post without language, one in any. */
static bool seek_wordings(
	struct pv_facts *facts, const struct pv_rule *rule, struct pv_finding *out)
{
	const struct pv_langs *wordings = &rule->say->wordings;
	size_t n = facts->n_langs ? facts->n_langs : 1;
	out->wordings = pv_arena_array(&facts->arena, struct pv_wording_found, n);
	if (!out->wordings)
		return false;
	for (out->n_wordings = 0; out->n_wordings < n; out->n_wordings++) {
		struct pv_wording_found *found = &out->wordings[out->n_wordings];
		found->state = PV_WORDING_MISSING;
		if (facts->n_langs)
			found->lang = facts->langs[out->n_wordings];
		for (size_t l = 0; l < wordings->n && found->state != PV_WORDING_STANDS; l++) {
			if (facts->n_langs &&
				!pv_str_equal(pv_str(wordings->items[l].lang), found->lang))
				continue;
			if (!seek_language(facts, rule, &wordings->items[l], found))
				return false;
		}
		out->fired |= found->state != PV_WORDING_STANDS;
	}
	return true;
}

bool pv_find_disclosure(struct pv_facts *facts, const struct pv_rule *rule, struct pv_finding *out)
{
	return seek_wordings(facts, rule, out);
}

bool pv_find_mention(struct pv_facts *facts, const struct pv_rule *rule, struct pv_finding *out)
{
	if (rule->say && !seek_wordings(facts, rule, out))
		return false;
	if (rule->sites.texts.n) {
		out->link = pv_facts_link_to(facts, &rule->sites);
		out->link_missing = out->link == facts->n_links;
		out->fired |= out->link_missing;
	}
	return true;
}

static unsigned voice_languages(const struct pv_facts *facts)
{
	unsigned languages = 0;
	for (size_t i = 0; i < facts->n_langs; i++) {
		if (pv_str_equal(facts->langs[i], pv_str("fr")))
			languages |= PV_VOICE_FR;
		if (pv_str_equal(facts->langs[i], pv_str("en")))
			languages |= PV_VOICE_EN;
	}
	return facts->n_langs ? languages : (unsigned)(PV_VOICE_FR | PV_VOICE_EN);
}

void pv_find_voice(struct pv_facts *facts, const struct pv_rule *rule, struct pv_finding *out)
{
	struct pv_voice_found found;
	out->voice = pv_voice_find(&facts->prose, voice_languages(facts),
		rule->spokesperson_needles, rule->spokespersons.n, &found);
	out->match = found.mark;
	out->has_match = found.mark.end > found.mark.start;
	out->fired = !(rule->allow >> out->voice & 1);
}

void pv_find_invite(struct pv_facts *facts, const struct pv_rule *rule, struct pv_finding *out)
{
	out->fired = !facts->prose.question;
	for (size_t l = 0; l < rule->words.n && out->fired; l++)
		for (size_t i = 0; i < rule->words.items[l].texts.n && out->fired; i++)
			out->fired = !pv_words_find(&facts->prose, &rule->words.items[l].needles[i],
				PV_CH_LINK | PV_CH_QUOTED, 0, &out->match);
}

/* A secret told in an image's description is told. */
static bool embargoed_words(
	struct pv_facts *facts, const struct pv_lang_words *words, struct pv_finding *out)
{
	for (size_t m = 0; m <= facts->c->post.n_media; m++)
		for (size_t i = 0; i < words->texts.n && pv_facts_prose(facts, m)->n; i++)
			if (pv_words_find(pv_facts_prose(facts, m), &words->needles[i],
				    PV_CH_LINK | PV_CH_HANDLE, 0, &out->match)) {
				out->match_media = m;
				return true;
			}
	return false;
}

void pv_find_embargo(struct pv_facts *facts, const struct pv_rule *rule, struct pv_finding *out)
{
	if (facts->c->at_us >= rule->until_us)
		return;
	out->free_us = rule->until_us;
	out->has_match = embargoed_words(facts, rule->words.items, out);
	const struct pv_shown *shown;
	out->link = 0;
	while (out->link < facts->n_links &&
		!pv_facts_reaches(facts, &rule->sites, out->link, &shown))
		out->link++;
	out->fired = out->has_match || out->link < facts->n_links;
}
