/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Tests of which one fires only where the other does: the stricter of two such rules hides the other. */
#include "policy/analysis/space.h"

static bool within(const struct pv_strs *few, const struct pv_strs *many)
{
	for (size_t i = 0; i < few->n; i++) {
		bool found = false;
		for (size_t k = 0; k < many->n && !found; k++)
			found = strcmp(few->items[i], many->items[k]) == 0;
		if (!found)
			return false;
	}
	return true;
}

static const struct pv_strs *texts_in(const struct pv_langs *langs, const char *lang)
{
	static const struct pv_strs none;
	for (size_t i = 0; i < langs->n; i++)
		if (strcmp(langs->items[i].lang, lang) == 0)
			return &langs->items[i].texts;
	return &none;
}

static bool langs_within(const struct pv_langs *few, const struct pv_langs *many)
{
	for (size_t i = 0; i < few->n; i++)
		if (!within(&few->items[i].texts, texts_in(many, few->items[i].lang)))
			return false;
	return true;
}

static bool has_hole(const struct pv_langs *langs)
{
	for (size_t i = 0; i < langs->n; i++)
		for (size_t k = 0; k < langs->items[i].texts.n; k++)
			if (strstr(langs->items[i].texts.items[k], "{name}"))
				return true;
	return false;
}

static const struct pv_strs *relations_of(const struct pv_rule *rule)
{
	for (size_t i = 0; i < rule->when.n_lines; i++)
		if (rule->when.lines[i].fact == PV_FACT_RELATION)
			return &rule->when.lines[i].values;
	return NULL;
}

/* "{name}" is filled with the ties that a rule is about: the same ones? */
static bool same_ties(const struct pv_rule *a, const struct pv_rule *b)
{
	const struct pv_strs *one = relations_of(a), *other = relations_of(b);
	return one && other ? within(one, other) && within(other, one) : one == other;
}

/* Lacking these wordings in that place, does a text lack those too? Strict places lack more. */
static bool wording_with(const struct pv_rule *a, const struct pv_rule *b)
{
	if (a->sites.texts.n || !a->say || !b->say)
		return false;
	bool place =
		b->say->position == a->say->position || a->say->position == PV_POSITION_ANYWHERE;
	return place && (!has_hole(&b->say->wordings) || same_ties(a, b)) &&
	       langs_within(&b->say->wordings, &a->say->wordings);
}

static bool voice_with(const struct pv_rule *a, const struct pv_rule *b)
{
	unsigned names = 1u << PV_VOICE_SPOKESPERSON | 1u << PV_VOICE_I;
	bool same = within(&a->spokespersons, &b->spokespersons) &&
		    within(&b->spokespersons, &a->spokespersons);
	/* where names differ, one hears an I what the other hears a spokesperson */
	bool alike = same || ((a->allow & names) == 0 && (b->allow & names) == 0) ||
		     ((a->allow & names) == names && (b->allow & names) == names);
	return alike && (b->allow & ~a->allow) == 0;
}

static bool links_with(const struct pv_rule *a, const struct pv_rule *b)
{
	if (a->forbid != PV_FORBID_SITES)
		return a->forbid == b->forbid ||
		       (a->forbid == PV_FORBID_UNRESOLVED && b->forbid == PV_FORBID_SHORTENED);
	if (b->forbid != PV_FORBID_SITES)
		return false;
	for (size_t i = 0; i < a->sites.texts.n; i++) {
		bool covered = false;
		for (size_t k = 0; k < b->sites.texts.n && !covered; k++)
			covered = pv_site_covers(&b->sites.items[k], &a->sites.items[i]);
		if (!covered)
			return false;
	}
	return true;
}

static bool languages_with(const struct pv_rule *a, const struct pv_rule *b)
{
	if (a->require_pair != b->require_pair)
		return false;
	return !a->require_pair || (a->within.unit == b->within.unit && b->within.n <= a->within.n);
}

static bool access_with(const struct pv_rule *a, const struct pv_rule *b)
{
	if (a->alt_text && !b->alt_text)
		return false;
	if (a->max_hashtags >= 0 && (b->max_hashtags < 0 || b->max_hashtags > a->max_hashtags))
		return false;
	return a->camel_hashtags < 0 ||
	       (b->camel_hashtags >= 0 && b->camel_hashtags <= a->camel_hashtags);
}

static bool same_count(const struct pv_condition *a, const struct pv_condition *b)
{
	if (a->n_lines != b->n_lines)
		return false;
	for (size_t i = 0; i < a->n_lines; i++) {
		bool found = false;
		for (size_t k = 0; k < b->n_lines && !found; k++)
			found = a->lines[i].fact == b->lines[k].fact &&
				within(&a->lines[i].values, &b->lines[k].values) &&
				within(&b->lines[k].values, &a->lines[i].values);
		if (!found)
			return false;
	}
	return true;
}

static bool quota_with(const struct pv_rule *a, const struct pv_rule *b)
{
	const struct pv_limit *one = &a->at_most, *two = &b->at_most;
	return same_count(&a->count, &b->count) && a->per == b->per &&
	       a->window.unit == b->window.unit && a->window.n == b->window.n &&
	       one->share == two->share && (!one->share || b->min_posts <= a->min_posts) &&
	       (__int128)two->top * one->bottom <= (__int128)one->top * two->bottom;
}

static bool quiet_with(const struct pv_rule *a, const struct pv_rule *b)
{
	if (a->has_period && (!b->has_period || b->from_us > a->from_us || b->to_us < a->to_us))
		return false;
	if (a->switch_name && !pv_streq(a->switch_name, b->switch_name))
		return false;
	return !a->has_hours ||
	       (b->has_hours && a->hours_from == b->hours_from && a->hours_to == b->hours_to);
}

static bool embargo_with(const struct pv_rule *a, const struct pv_rule *b)
{
	if (b->until_us < a->until_us || !langs_within(&a->words, &b->words))
		return false;
	for (size_t i = 0; i < a->sites.texts.n; i++) {
		bool covered = false;
		for (size_t k = 0; k < b->sites.texts.n && !covered; k++)
			covered = pv_site_covers(&b->sites.items[k], &a->sites.items[i]);
		if (!covered)
			return false;
	}
	return true;
}

/* Whenever a's test fires on a post, does b's? */
static bool with(const struct pv_rule *a, const struct pv_rule *b)
{
	if (a->kind == PV_RULE_MENTION && b->kind == PV_RULE_DISCLOSURE)
		return wording_with(a, b);
	if (a->kind == PV_RULE_DISCLOSURE && b->kind == PV_RULE_MENTION)
		return wording_with(a, b);
	if (a->kind != b->kind)
		return false;
	switch (a->kind) {
	case PV_RULE_DISCLOSURE:
	case PV_RULE_MENTION: return wording_with(a, b);
	case PV_RULE_VOICE: return voice_with(a, b);
	case PV_RULE_INVITE: return langs_within(&b->words, &a->words);
	case PV_RULE_NEIGHBOURS: return true;
	case PV_RULE_LINKS: return links_with(a, b);
	case PV_RULE_LANGUAGES: return languages_with(a, b);
	case PV_RULE_ACCESS: return access_with(a, b);
	case PV_RULE_QUOTA: return quota_with(a, b);
	case PV_RULE_QUIET: return quiet_with(a, b);
	case PV_RULE_EMBARGO: return embargo_with(a, b);
	default: return false;
	}
}

bool pv_space_together(struct pv_space *space)
{
	const struct pv_policy *policy = space->policy;
	for (size_t i = 0; i < policy->n_rules; i++) {
		uint64_t *bits = pv_arena_array(&space->arena, uint64_t, policy->rule_words);
		if (!bits)
			return false;
		pv_bit_set(bits, i);
		for (size_t k = 0; k < policy->n_rules; k++)
			if (k != i && policy->rules[i].kind != PV_RULE_CATEGORY &&
				with(&policy->rules[i], &policy->rules[k]))
				pv_bit_set(bits, k);
		space->fires[i].with = bits;
	}
	return true;
}
