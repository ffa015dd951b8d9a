/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What rules about words found: wordings, voice, invitations, embargoes. */
#include "policy/trial.h"

enum { WORDINGS_SAID_MAX = 3 };

/* Accepted wordings ready to insert: {name} becomes the tie's name, or they are left out. */
static void list_wordings(
	struct pv_trial *trial, const struct pv_wording_found *found, struct pv_evidence *e)
{
	struct pv_arena *arena = &trial->facts.arena;
	size_t n = found->accepted ? found->accepted->texts.n : 0;
	const char **items = pv_arena_array(arena, const char *, n);
	for (size_t i = 0; items && i < n; i++) {
		const char *text = found->accepted->texts.items[i];
		const char *hole = strstr(text, "{name}");
		if (!hole) {
			items[e->n_wordings++] = text;
			continue;
		}
		const struct pv_tie *tie = trial->facts.n_ties ? trial->facts.ties[0].tie : NULL;
		if (!tie || tie->n_names == 0)
			continue;
		struct pv_buf filled = PV_BUF(arena->mem, PV_SAY_BYTES_MAX);
		pv_buf_add(&filled, text, (size_t)(hole - text));
		pv_buf_add(&filled, tie->names[0].bytes, tie->names[0].size);
		pv_buf_text(&filled, hole + strlen("{name}"));
		if (!filled.failed)
			items[e->n_wordings++] = filled.bytes;
	}
	e->wordings = items;
}

static void say_in_language(struct pv_trial *trial, struct pv_str lang)
{
	if (trial->facts.n_langs < 2 || lang.size == 0)
		return;
	pv_say(&trial->say, ", en ", ", in ");
	pv_say_language(&trial->say, lang);
}

/* « #pub » among the closing hashtags: it is there, and does not count. */
static bool say_buried(struct pv_trial *trial, const struct pv_wording_found *found)
{
	const struct pv_prose *prose = &trial->facts.prose;
	for (size_t i = 0; found->accepted && i < found->accepted->texts.n; i++) {
		struct pv_match match;
		if (!found->accepted->needles[i].hashtag ||
			!pv_words_find(prose, &found->accepted->needles[i], PV_CH_LINK, 0, &match))
			continue;
		struct pv_evidence *e = pv_trial_evidence(trial, PV_EVIDENCE_WORDING);
		if (!e)
			return false;
		e->has_span = true;
		e->span = pv_trial_span(trial, match.start, match.end);
		e->position = (int64_t)match.end;
		e->written = pv_trial_text(trial, pv_prose_slice(prose, match.start, match.end));
		pv_say_quoted_same(&trial->say, pv_str(e->written ? e->written : ""));
		pv_say(&trial->say,
			" se trouve parmi les mots-clics de la fin, où il ne compte pas",
			" stands among the closing hashtags, where it does not count");
		pv_trial_clause(trial, e);
		return true;
	}
	return false;
}

/* « Ce n'est pas écrit par nous »: the wording is there, and denied. */
static bool say_denied(struct pv_trial *trial, const struct pv_wording_found *found)
{
	const struct pv_prose *prose = &trial->facts.prose;
	struct pv_evidence *e =
		found->denied ? pv_trial_evidence(trial, PV_EVIDENCE_WORDING) : NULL;
	if (!e)
		return false;
	struct pv_str written = pv_prose_slice(prose, found->denial.start, found->denial.end);
	e->has_span = true;
	e->span = pv_trial_span(trial, found->denial.start, found->denial.end);
	e->position = (int64_t)found->denial.end;
	e->written = pv_trial_text(trial, written);
	e->lang = pv_trial_text(trial, found->lang);
	pv_say(&trial->say, "Vous écrivez ", "You write ");
	pv_say_quoted_same(&trial->say, written);
	pv_say(&trial->say, "; la mention y est niée et ne compte pas",
		"; the wording is denied there and does not count");
	pv_trial_clause(trial, e);
	return true;
}

static void say_missing(struct pv_trial *trial, const struct pv_wording_found *found)
{
	bool there = say_denied(trial, found) || say_buried(trial, found);
	struct pv_evidence *e = pv_trial_evidence(trial, PV_EVIDENCE_MISSING);
	if (!e)
		return;
	e->lang = pv_trial_text(trial, found->lang);
	list_wordings(trial, found, e);
	if (e->n_wordings == 0) {
		pv_say(&trial->say,
			"La politique ne prévoit pas de formule pour cette langue\u00a0: ",
			"The policy has no wording for this language: ");
		pv_say_language(&trial->say, found->lang);
		pv_trial_clause(trial, e);
		return;
	}
	pv_say(&trial->say, "Il manque la mention", "The wording is missing");
	say_in_language(trial, found->lang);
	pv_say(&trial->say, "\u00a0: ", ": ");
	size_t n = e->n_wordings < WORDINGS_SAID_MAX ? e->n_wordings : WORDINGS_SAID_MAX;
	for (size_t i = 0; i < n; i++) {
		pv_say_or(&trial->say, i, n);
		pv_say_quoted_same(&trial->say, pv_str(e->wordings[i]));
	}
	if (there)
		pv_trial_phrase(trial, e);
	else
		pv_trial_clause(trial, e);
}

static void say_placed(
	struct pv_trial *trial, const struct pv_rule *rule, const struct pv_wording_found *found)
{
	struct pv_facts *facts = &trial->facts;
	struct pv_say *say = &trial->say;
	struct pv_evidence *e = pv_trial_evidence(trial, PV_EVIDENCE_WORDING);
	if (!e)
		return;
	struct pv_str written = pv_prose_slice(&facts->prose, found->match.start, found->match.end);
	e->has_span = true;
	e->span = pv_trial_span(trial, found->match.start, found->match.end);
	e->written = pv_trial_text(trial, written);
	e->lang = pv_trial_text(trial, found->lang);
	e->position = (int64_t)found->match.end;
	e->fold = rule->say->position == PV_POSITION_BEFORE_FOLD
			  ? pv_policy_fold(facts->policy, facts->platform)
			  : 0;
	if (found->state == PV_WORDING_STANDS) {
		pv_say(say, "La mention ", "The wording ");
		pv_say_quoted_same(say, written);
		pv_say(say, " est en place", " is in place");
	} else if (e->fold) {
		pv_say(say, "Vous écrivez ", "You write ");
		pv_say_quoted_same(say, written);
		pv_say(say, ", qui se termine au ", ", which ends at character ");
		size_t en = say->en.size;
		pv_say_ordinal(say, e->position, false);
		say->en.size = en;
		size_t fr = say->fr.size;
		pv_say_int(say, e->position);
		say->fr.size = fr;
		pv_say(say, " caractère; ", "; ");
		pv_say_platform(say, facts->platform);
		pv_say(say, " n'en montre que ", " shows ");
		pv_say_int(say, e->fold);
	} else {
		pv_say(say, "Vous écrivez ", "You write ");
		pv_say_quoted_same(say, written);
		if (facts->n_langs > 1)
			pv_say(say, "; ces mots doivent ouvrir une ligne",
				"; these words must open a line");
		else
			pv_say(say, "; ces mots doivent ouvrir le texte",
				"; these words must open the text");
	}
	pv_trial_clause(trial, e);
}

static void reason_wordings(
	struct pv_trial *trial, const struct pv_rule *rule, const struct pv_finding *finding)
{
	for (size_t i = 0; i < finding->n_wordings; i++) {
		const struct pv_wording_found *found = &finding->wordings[i];
		if (found->state == PV_WORDING_STANDS && finding->fired)
			continue;
		if (found->state == PV_WORDING_MISSING)
			say_missing(trial, found);
		else
			say_placed(trial, rule, found);
	}
}

static void reason_mention(
	struct pv_trial *trial, const struct pv_rule *rule, const struct pv_finding *finding)
{
	reason_wordings(trial, rule, finding);
	if (!finding->link_missing)
		return;
	struct pv_evidence *e = pv_trial_evidence(trial, PV_EVIDENCE_MISSING);
	if (!e)
		return;
	e->field = "link";
	e->wordings = rule->sites.texts.items;
	e->n_wordings = rule->sites.texts.n;
	pv_say(&trial->say, "Il manque un lien vers ", "A link is missing to ");
	for (size_t i = 0; i < rule->sites.texts.n; i++) {
		pv_say_or(&trial->say, i, rule->sites.texts.n);
		pv_say_same(&trial->say, pv_str(rule->sites.texts.items[i]));
	}
	pv_trial_clause(trial, e);
}

/* "J" as it is met: « J'ai » */
static struct pv_match with_elision(const struct pv_prose *prose, struct pv_match match)
{
	if (match.end < prose->n && prose->fold[match.end] == '\'') {
		match.end++;
		while (match.end < prose->n && (prose->flags[match.end] & PV_CH_WORD))
			match.end++;
	}
	return match;
}

static void reason_voice(struct pv_trial *trial, const struct pv_finding *finding)
{
	const struct pv_prose *prose = &trial->facts.prose;
	struct pv_evidence *e = pv_trial_evidence(trial, PV_EVIDENCE_WORD);
	if (!e)
		return;
	e->field = "voice";
	e->value = pv_voice_name(finding->voice);
	if (!finding->has_match) {
		pv_say(&trial->say, "Personne ne dit «\u00a0nous\u00a0» dans ce texte",
			"Nobody says “we” in this text");
		pv_trial_clause(trial, e);
		return;
	}
	struct pv_match match = with_elision(prose, finding->match);
	struct pv_str written = pv_prose_slice(prose, match.start, match.end);
	e->has_span = true;
	e->span = pv_trial_span(trial, match.start, match.end);
	e->written = pv_trial_text(trial, written);
	pv_say(&trial->say, "Vous écrivez ", "You write ");
	pv_say_quoted_same(&trial->say, written);
	if (finding->voice == PV_VOICE_WE)
		pv_say(&trial->say, ", au nom de l'organisation", ", in the organisation's name");
	else
		pv_say(&trial->say, ", à la première personne", ", in the first person");
	pv_trial_clause(trial, e);
}

static void reason_embargo(
	struct pv_trial *trial, const struct pv_rule *rule, const struct pv_finding *finding)
{
	struct pv_facts *facts = &trial->facts;
	struct pv_evidence *e = NULL;
	if (finding->has_match) {
		size_t media = finding->match_media;
		struct pv_str written = pv_prose_slice(
			pv_facts_prose(facts, media), finding->match.start, finding->match.end);
		e = pv_trial_evidence(trial, PV_EVIDENCE_WORD);
		if (!e)
			return;
		pv_trial_place(trial, e, media, finding->match.start, finding->match.end);
		e->written = pv_trial_text(trial, written);
		pv_say(&trial->say, "Vous écrivez ", "You write ");
		pv_say_quoted_same(&trial->say, written);
	} else {
		const struct pv_shown *shown;
		pv_facts_reaches(facts, &rule->sites, finding->link, &shown);
		e = pv_trial_link_evidence(trial, finding->link, shown);
		if (!e)
			return;
		pv_say(&trial->say, "Le lien mène à ", "The link leads to ");
		pv_say_same(&trial->say, pv_str(e->leads_to ? e->leads_to : ""));
	}
	e->until_us = rule->until_us;
	pv_say(&trial->say, "; l'embargo tient jusqu'au ", "; the embargo holds until ");
	pv_say_moment(&trial->say, rule->until_us);
	pv_trial_clause(trial, e);
}

void pv_remark_reason_words(
	struct pv_trial *trial, const struct pv_rule *rule, const struct pv_finding *finding)
{
	switch (rule->kind) {
	case PV_RULE_DISCLOSURE:
		if (finding->fired)
			pv_reason_ties(trial, rule);
		reason_wordings(trial, rule, finding);
		break;
	case PV_RULE_MENTION: reason_mention(trial, rule, finding); break;
	case PV_RULE_VOICE: reason_voice(trial, finding); break;
	case PV_RULE_INVITE:
		pv_say(&trial->say, "Le texte n'invite pas à la discussion",
			"The text does not invite discussion");
		pv_trial_clause(trial, NULL);
		break;
	case PV_RULE_EMBARGO: reason_embargo(trial, rule, finding); break;
	default: break;
	}
}
