/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A short text with what demands ask for, each on a line of its own: in one language what opens the
 * text comes first, then what stands before the fold; in two, where opening a line is enough, the
 * fold comes first. Then words that say nothing, in the voice that is wanted, wordings that may
 * stand anywhere, links, hashtags, and a question.
 */
#include "policy/analysis/make.h"

#include "base/mem.h"

enum { TEXT_MAX = 64 << 10 };

struct plain {
	const char *fr, *en;
};

/* The first that holds no word a policy listens to will do. */
static const struct plain bodies[] = {
	{"Une publication.", "A post."}, {"Bonjour.", "Hello."}, {"Voici.", "Here."}, {"…", "…"}};
static const struct plain voices[PV_VOICES] = {
	[PV_VOICE_WE] = {"Nous voici.", "Here we are."},
	[PV_VOICE_I] = {"Me voici.", "Here I am."},
	[PV_VOICE_SPOKESPERSON] = {"Me voici, ", "Here I am, "},
};
static const struct plain questions[] = {
	{"Qu'en dites-vous?", "Any thoughts?"}, {"Oui?", "Yes?"}, {"Alors?", "So?"}, {"?", "?"}};

/* ---- the points --------------------------------------------------------------------------------- */

static struct pv_choice *point(
	struct pv_writing *writing, enum pv_choice_kind kind, const struct pv_rule *rule, size_t n)
{
	if (writing->n_points == PV_CHOICE_POINTS_MAX || n == 0)
		return NULL;
	struct pv_choice *out = &writing->points[writing->n_points++];
	*out = (struct pv_choice){.kind = kind, .rule = rule};
	out->n = (uint8_t)(n > PV_CHOICE_OPTIONS_MAX ? PV_CHOICE_OPTIONS_MAX : n);
	return out;
}

/* Short wordings fit before the fold; those that name somebody need a tie. */
static size_t weight(const char *wording)
{
	return strlen(wording) + (strstr(wording, "{name}") ? 10000 : 0);
}

static void wording_point(
	struct pv_writing *writing, const struct pv_rule *rule, const struct pv_lang_words *words)
{
	size_t n = words->texts.n;
	struct pv_choice *out = point(writing, PV_CHOICE_WORDING, rule, n);
	if (!out)
		return;
	out->words = words;
	for (uint8_t k = 0; k < out->n; k++) {
		size_t best = n;
		for (size_t i = 0; i < n && i <= UINT8_MAX; i++) {
			bool taken = false;
			for (uint8_t t = 0; t < k; t++)
				taken |= out->order[t] == i;
			if (!taken && (best == n || weight(words->texts.items[i]) <
							    weight(words->texts.items[best])))
				best = i;
		}
		out->order[k] = (uint8_t)best;
	}
}

static bool may_be_in(const struct pv_writing *writing, const char *lang)
{
	const struct pv_built *base = writing->base;
	if (base->c.post.n_lang == 0)
		return true;
	if (base->langs_free && (strcmp(lang, "fr") == 0 || strcmp(lang, "en") == 0))
		return true;
	for (size_t i = 0; i < base->c.post.n_lang; i++) {
		struct pv_str tag = base->langs[i];
		if (tag.size >= 2 && memcmp(tag.bytes, lang, 2) == 0)
			return true;
	}
	return false;
}

static size_t n_neighbours(const struct pv_writing *writing)
{
	size_t n = 0;
	while (n < PV_CHOICE_OPTIONS_MAX &&
		pv_nth_neighbour(writing->mem, writing->policy, writing->owner, n))
		n++;
	return n;
}

static void fire_points(struct pv_writing *writing, const struct pv_rule *rule)
{
	switch (rule->kind) {
	case PV_RULE_NEIGHBOURS:
		point(writing, PV_CHOICE_NEIGHBOUR, rule, n_neighbours(writing));
		break;
	case PV_RULE_LINKS: point(writing, PV_CHOICE_SITE, rule, rule->sites.texts.n); break;
	case PV_RULE_LANGUAGES: point(writing, PV_CHOICE_ORDER, rule, 2); break;
	case PV_RULE_ACCESS: point(writing, PV_CHOICE_PART, rule, 3); break;
	case PV_RULE_QUOTA:
	case PV_RULE_MIX: point(writing, PV_CHOICE_PAST, rule, 2); break;
	case PV_RULE_EMBARGO:
		point(writing, PV_CHOICE_SITE, rule,
			rule->words.items->texts.n + rule->sites.texts.n);
		break;
	default: break;
	}
}

void pv_writing_points(struct pv_writing *writing)
{
	const struct pv_policy *policy = writing->policy;
	writing->n_points = 0;
	point(writing, PV_CHOICE_BODY, NULL, PV_COUNT(bodies));
	point(writing, PV_CHOICE_VOICE, NULL, PV_VOICES);
	for (size_t i = 0; i < policy->n_rules; i++) {
		const struct pv_rule *rule = &policy->rules[i];
		if (pv_bit(writing->fire, i))
			fire_points(writing, rule);
		if (!pv_bit(writing->demands, i))
			continue;
		if (rule->kind == PV_RULE_MENTION)
			point(writing, PV_CHOICE_SITE, rule, rule->sites.texts.n);
		for (size_t l = 0; rule->say && l < rule->say->wordings.n; l++)
			if (may_be_in(writing, rule->say->wordings.items[l].lang))
				wording_point(writing, rule, &rule->say->wordings.items[l]);
	}
	if (writing->base->langs_free)
		point(writing, PV_CHOICE_LANGS, NULL, 3);
}

static uint8_t chosen(const struct pv_writing *writing, const uint8_t *choice,
	enum pv_choice_kind kind, const struct pv_rule *rule)
{
	for (size_t i = 0; i < writing->n_points; i++)
		if (writing->points[i].kind == kind && writing->points[i].rule == rule)
			return choice[i];
	return 0;
}

/* ---- languages ---------------------------------------------------------------------------------- */

static bool in_language(const struct pv_built *post, const char *lang)
{
	for (size_t i = 0; i < post->c.post.n_lang; i++)
		if (post->langs[i].size >= 2 && memcmp(post->langs[i].bytes, lang, 2) == 0 &&
			(post->langs[i].size == 2 || post->langs[i].bytes[2] == '-'))
			return true;
	return false;
}

static void set_languages(
	const struct pv_writing *writing, const uint8_t *choice, struct pv_built *out)
{
	if (out->langs_free) {
		uint8_t option = chosen(writing, choice, PV_CHOICE_LANGS, NULL);
		out->langs[0] = pv_str(option == 1 ? "en" : "fr");
		out->langs[1] = pv_str("en");
		out->c.post.n_lang = option == 2 ? 2 : 1;
	}
	bool paired = false, turned = false;
	for (size_t i = 0; i < writing->policy->n_rules; i++) {
		const struct pv_rule *rule = &writing->policy->rules[i];
		if (rule->kind != PV_RULE_LANGUAGES)
			continue;
		paired |= rule->require_pair && pv_bit(writing->demands, i);
		turned |= !rule->require_pair && pv_bit(writing->fire, i);
	}
	size_t n = out->c.post.n_lang;
	for (size_t i = 0; turned && i < n / 2; i++) {
		struct pv_str first = out->langs[i];
		out->langs[i] = out->langs[n - 1 - i];
		out->langs[n - 1 - i] = first;
	}
	bool fr = in_language(out, "fr"), en = in_language(out, "en");
	if (paired && fr != en) {
		out->c.post.pair_lang = pv_str(fr ? "en" : "fr");
		out->c.post.pair_at_us = out->c.at_us;
	}
}

/* ---- the text ----------------------------------------------------------------------------------- */

static bool has_line(const struct pv_buf *text, const char *line)
{
	size_t size = strlen(line);
	const char *at = text->bytes;
	while (at && (at = strstr(at, line))) {
		bool whole = (at == text->bytes || at[-1] == '\n') &&
			     (at[size] == '\0' || at[size] == '\n');
		if (whole)
			return true;
		at += size;
	}
	return false;
}

static void add_line(struct pv_buf *text, const char *line)
{
	if (!*line || has_line(text, line))
		return;
	if (text->size)
		pv_buf_char(text, '\n');
	pv_buf_text(text, line);
}

static void add_plain(struct pv_buf *text, const struct pv_built *post, const struct plain *plain,
	const char *after)
{
	bool fr = in_language(post, "fr"), en = in_language(post, "en");
	char line[512];
	if (fr || !en) {
		snprintf(line, sizeof line, "%s%s", plain->fr, after);
		add_line(text, line);
	}
	if (en) {
		snprintf(line, sizeof line, "%s%s", plain->en, after);
		add_line(text, line);
	}
}

/* A tie of the author's that the rule is about and that is declared already. */
static bool add_tie(const struct pv_rule *rule, struct pv_built *out)
{
	unsigned relations = out->c.declared.relation;
	relations |=
		out->c.declared.origin == PV_ORIGIN_OWN_CREATION ? 1u << PV_RELATION_AUTHOR : 0;
	relations |= out->c.declared.origin == PV_ORIGIN_CLIENT ? 1u << PV_RELATION_CLIENT : 0;
	relations |= out->c.declared.sponsored ? 1u << PV_RELATION_PAID : 0;
	for (int r = 0; r < PV_RELATIONS; r++) {
		bool asked = true;
		for (size_t i = 0; i < rule->when.n_lines; i++)
			if (rule->when.lines[i].fact == PV_FACT_RELATION)
				asked = pv_line_names(&rule->when.lines[i], "any") ||
					pv_line_names(&rule->when.lines[i], pv_relation_names[r]);
		if (!(relations >> r & 1) || !asked)
			continue;
		out->tie_name = pv_str("Exemple");
		out->tie_domain = pv_str("exemple.example");
		out->tie = (struct pv_tie){.names = &out->tie_name,
			.n_names = 1,
			.relation = (enum pv_relation)r,
			.domains = &out->tie_domain,
			.n_domains = 1,
			.until_day = PV_DAY_NONE};
		out->people[0].interests = &out->tie;
		out->people[0].n_interests = 1;
		return true;
	}
	return false;
}

/* The chosen wording as it is written: a hole filled with the tie's name, "word*" without its star. */
static void add_wording(const struct pv_writing *writing, const struct pv_choice *at,
	uint8_t option, struct pv_buf *text, struct pv_built *out)
{
	const char *wording = at->words->texts.items[at->order[option]];
	const char *hole = strstr(wording, "{name}");
	struct pv_buf line = PV_BUF(writing->mem, TEXT_MAX);
	if (hole && !add_tie(at->rule, out))
		return;
	pv_buf_add(&line, wording, hole ? (size_t)(hole - wording) : strlen(wording));
	if (hole) {
		pv_buf_text(&line, "Exemple");
		pv_buf_text(&line, hole + strlen("{name}"));
	}
	const char *end = pv_buf_end(&line);
	if (end && line.size && line.bytes[line.size - 1] == '*')
		line.bytes[--line.size] = '\0';
	add_line(text, end ? end : "");
}

static void add_wordings(const struct pv_writing *writing, const uint8_t *choice,
	enum pv_position position, struct pv_buf *text, struct pv_built *out)
{
	bool said = false;
	for (size_t i = 0; i < writing->n_points; i++) {
		const struct pv_choice *at = &writing->points[i];
		if (at->kind != PV_CHOICE_WORDING || at->rule->say->position != position)
			continue;
		if (out->c.post.n_lang == 0) {
			said = i > 0 && writing->points[i - 1].rule == at->rule && said;
			if (said)
				continue; /* without a language one wording is enough */
			said = true;
		} else if (!in_language(out, at->words->lang)) {
			continue;
		}
		add_wording(writing, at, choice[i], text, out);
	}
}

static void add_voice(const struct pv_writing *writing, const uint8_t *choice, struct pv_buf *text,
	const struct pv_built *out)
{
	uint8_t voice = chosen(writing, choice, PV_CHOICE_VOICE, NULL);
	const char *name = "";
	for (size_t i = 0; i < writing->policy->n_rules && !*name; i++)
		if (writing->policy->rules[i].spokespersons.n)
			name = writing->policy->rules[i].spokespersons.items[0];
	if (voice == PV_VOICE_EFFACED)
		add_plain(text, out, &bodies[chosen(writing, choice, PV_CHOICE_BODY, NULL)], "");
	else
		add_plain(text, out, &voices[voice], voice == PV_VOICE_SPOKESPERSON ? name : "");
}

static void add_link(struct pv_buf *text, const char *site)
{
	char line[2048];
	snprintf(line, sizeof line, "https://%s", site);
	add_line(text, line);
}

/* What a rule that is to fire wants to read. */
static void add_fire(const struct pv_writing *writing, const struct pv_rule *rule,
	const uint8_t *choice, struct pv_buf *text, struct pv_built *out)
{
	uint8_t site = chosen(writing, choice, PV_CHOICE_SITE, rule);
	const char *named;
	switch (rule->kind) {
	case PV_RULE_NEIGHBOURS:
		named = pv_nth_neighbour(writing->mem, writing->policy, writing->owner,
			chosen(writing, choice, PV_CHOICE_NEIGHBOUR, rule));
		add_line(text, named ? named : "");
		break;
	case PV_RULE_LINKS:
		if (rule->forbid == PV_FORBID_SITES) {
			add_link(text, rule->sites.texts.items[site]);
		} else if (writing->policy->shorteners.texts.n) {
			char *link = talloc_asprintf(writing->mem, "https://%s/x",
				writing->policy->shorteners.texts.items[0]);
			add_line(text, link ? link : "");
			if (rule->forbid == PV_FORBID_UNRESOLVED)
				break;
			out->resolve = (struct pv_case_resolve){
				.from = pv_str(link), .to = pv_str("https://exemple.example/")};
			out->c.resolves = &out->resolve;
			out->c.n_resolves = 1;
		}
		break;
	case PV_RULE_EMBARGO:
		if (site < rule->words.items->texts.n)
			add_line(text, rule->words.items->texts.items[site]);
		else
			add_link(text, rule->sites.texts.items[site - rule->words.items->texts.n]);
		break;
	default: break;
	}
}

static void add_demands(const struct pv_writing *writing, const uint8_t *choice,
	struct pv_buf *text, struct pv_built *out)
{
	bool invited = false;
	for (size_t i = 0; i < writing->policy->n_rules; i++) {
		const struct pv_rule *rule = &writing->policy->rules[i];
		if (pv_bit(writing->fire, i))
			add_fire(writing, rule, choice, text, out);
		if (!pv_bit(writing->demands, i))
			continue;
		invited |= rule->kind == PV_RULE_INVITE;
		if (rule->kind == PV_RULE_MENTION && rule->sites.texts.n)
			add_link(text,
				rule->sites.texts
					.items[chosen(writing, choice, PV_CHOICE_SITE, rule)]);
	}
	if (out->people[0].n_interests)
		add_link(text, "exemple.example");
	if (invited)
		add_plain(text, out, &questions[chosen(writing, choice, PV_CHOICE_BODY, NULL)], "");
}

bool pv_write(const struct pv_writing *writing, const uint8_t *choice, struct pv_built *out)
{
	struct pv_buf text = PV_BUF(writing->mem, TEXT_MAX);
	pv_built_copy(writing->base, out);
	set_languages(writing, choice, out);
	bool one = out->c.post.n_lang < 2;
	add_wordings(
		writing, choice, one ? PV_POSITION_START : PV_POSITION_BEFORE_FOLD, &text, out);
	add_wordings(
		writing, choice, one ? PV_POSITION_BEFORE_FOLD : PV_POSITION_START, &text, out);
	add_voice(writing, choice, &text, out);
	add_wordings(writing, choice, PV_POSITION_ANYWHERE, &text, out);
	bool good = true;
	for (size_t i = 0; i < writing->policy->n_rules; i++)
		if (pv_bit(writing->fire, i))
			good = pv_write_past(writing, &writing->policy->rules[i],
				       chosen(writing, choice,
					       writing->policy->rules[i].kind == PV_RULE_ACCESS
						       ? PV_CHOICE_PART
						       : PV_CHOICE_PAST,
					       &writing->policy->rules[i]),
				       &text, out) &&
			       good;
	add_demands(writing, choice, &text, out);
	out->c.post.text = pv_str(pv_buf_end(&text));
	return good && !text.failed;
}

const char *pv_nth_neighbour(TALLOC_CTX *mem, const struct pv_policy *policy,
	const struct pv_organisation *owner, size_t n)
{
	for (size_t i = 0; i < policy->n_organisations; i++) {
		const struct pv_organisation *org = &policy->organisations[i];
		bool house = org == owner;
		for (size_t p = 0; owner && p < owner->partners.n; p++)
			house |= strcmp(owner->partners.items[p], org->id) == 0;
		size_t domains = house ? 0 : org->domains.texts.n;
		size_t handles = house ? 0 : org->handles.n;
		if (n < domains)
			return talloc_asprintf(mem, "https://%s", org->domains.texts.items[n]);
		if (n < domains + handles) {
			const char *handle = org->handles.items[n - domains];
			return talloc_asprintf(mem, "%s%s", handle[0] == '@' ? "" : "@", handle);
		}
		n -= domains + handles;
	}
	return NULL;
}
