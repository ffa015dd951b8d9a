/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * When the own test of a rule may fire and when it cannot help it, as far as facts say, and which
 * tests fire only together. Everything else about a text is free: a post with the same facts can be
 * written either way.
 */
#include "policy/analysis/space.h"

#include "base/mem.h"

/* ---- conditions of our own --------------------------------------------------------------------- */

struct making {
	struct pv_space *space;
	struct pv_line *lines;
	size_t n;
};

static const char *const statics[] = {"static", NULL};

static bool add_line(struct making *making, enum pv_fact fact, const char *const *values, size_t n)
{
	struct pv_line *lines = pv_arena_more(
		&making->space->arena, making->lines, making->n, sizeof *making->lines);
	const char **items = pv_arena_array(&making->space->arena, const char *, n);
	if (!lines || !items)
		return false;
	for (size_t i = 0; i < n; i++)
		items[i] = values[i];
	making->lines = lines;
	lines[making->n++] = (struct pv_line){.fact = fact, .values = {.items = items, .n = n}};
	return true;
}

static struct pv_condition *made(struct making *making)
{
	struct pv_condition *condition = pv_arena_new(&making->space->arena, struct pv_condition);
	if (condition)
		*condition = (struct pv_condition){.lines = making->lines, .n_lines = making->n};
	making->lines = NULL;
	making->n = 0;
	return condition;
}

static uint32_t form_of(
	struct pv_space *space, const struct pv_condition *when, const struct pv_condition *unless)
{
	static const struct pv_condition always;
	return pv_space_form(space, when ? when : &always, unless, unless != NULL);
}

/* A form that holds unless the post has one of these values. */
static uint32_t form_unless(struct pv_space *space, enum pv_fact fact, const char *const *values,
	size_t n, const struct pv_condition *when)
{
	struct making making = {.space = space};
	if (!add_line(&making, fact, values, n))
		return PV_FORM_NEVER;
	const struct pv_condition *unless = made(&making);
	return unless ? form_of(space, when, unless) : PV_FORM_NEVER;
}

/* ---- words ------------------------------------------------------------------------------------- */

/* A language without a wording cannot be served: the demand stands whatever the text. */
static void wording_fires(struct pv_space *space, const struct pv_rule *rule, struct pv_fires *out)
{
	const struct pv_langs *wordings = rule->say ? &rule->say->wordings : NULL;
	struct making making = {.space = space};
	size_t n = 1;
	out->may = PV_FORM_ALWAYS;
	out->must = PV_FORM_NEVER;
	if (!wordings)
		return;
	const char **values = pv_arena_array(&space->arena, const char *, wordings->n + 1);
	if (!values)
		return;
	values[0] = PV_LINE_BUT;
	for (size_t l = 0; l < wordings->n; l++)
		if (wordings->items[l].texts.n)
			values[n++] = wordings->items[l].lang;
	if (add_line(&making, PV_FACT_LANG, values, n))
		out->must = form_of(space, made(&making), NULL);
}

/* Voices are heard in French and English alone: elsewhere every text is effaced. */
static void voice_fires(struct pv_space *space, const struct pv_rule *rule, struct pv_fires *out)
{
	static const char *const heard[] = {"none", "fr", "en"}, *const any[] = {"any"};
	unsigned allow = rule->allow;
	unsigned voices = 1u << PV_VOICE_EFFACED | 1u << PV_VOICE_WE | 1u << PV_VOICE_I;
	if (rule->spokespersons.n)
		voices |= 1u << PV_VOICE_SPOKESPERSON;
	struct making making = {.space = space};
	out->may = (allow & voices) == voices ? PV_FORM_NEVER : PV_FORM_ALWAYS;
	out->must = (allow & voices) == 0 ? PV_FORM_ALWAYS : PV_FORM_NEVER;
	if (out->may == PV_FORM_NEVER || out->must == PV_FORM_ALWAYS)
		return;
	if (allow & 1u << PV_VOICE_EFFACED) {
		if (add_line(&making, PV_FACT_LANG, heard, PV_COUNT(heard)))
			out->may = form_of(space, made(&making), NULL);
	} else if (add_line(&making, PV_FACT_LANG, any, 1)) {
		out->must = form_unless(space, PV_FACT_LANG, heard + 1, 2, made(&making));
	}
}

/* ---- links and languages ------------------------------------------------------------------------ */

static bool has_neighbour(const struct pv_policy *policy, const struct pv_organisation *owner)
{
	for (size_t i = 0; i < policy->n_organisations; i++) {
		const struct pv_organisation *org = &policy->organisations[i];
		bool house = org == owner;
		for (size_t p = 0; owner && p < owner->partners.n; p++)
			house |= strcmp(owner->partners.items[p], org->id) == 0;
		if (!house && org->domains.texts.n + org->handles.n > 0)
			return true;
	}
	return false;
}

static void neighbour_fires(struct pv_space *space, struct pv_fires *out)
{
	const struct pv_policy *policy = space->policy;
	struct making making = {.space = space};
	size_t n = 1;
	const char **values =
		pv_arena_array(&space->arena, const char *, policy->n_organisations + 1);
	out->may = out->must = PV_FORM_NEVER;
	if (!values || !has_neighbour(policy, NULL))
		return;
	values[0] = PV_LINE_BUT;
	for (size_t i = 0; i < policy->n_organisations; i++)
		if (!has_neighbour(policy, &policy->organisations[i]))
			values[n++] = policy->organisations[i].id;
	out->may = PV_FORM_ALWAYS;
	if (n > 1 && add_line(&making, PV_FACT_OWNER, values, n))
		out->may = form_of(space, made(&making), NULL);
}

static void link_fires(struct pv_space *space, const struct pv_rule *rule, struct pv_fires *out)
{
	size_t n = rule->forbid == PV_FORBID_SITES ? rule->sites.texts.n
						   : space->policy->shorteners.texts.n;
	out->may = n ? PV_FORM_ALWAYS : PV_FORM_NEVER;
	out->must = PV_FORM_NEVER;
}

static void language_fires(struct pv_space *space, const struct pv_rule *rule, struct pv_fires *out)
{
	static const char *const fr[] = {"fr"}, *const en[] = {"en"}, *const both[] = {"fr", "en"};
	static const char *const foreign[] = {PV_LINE_BUT, "fr", "none"};
	struct making making = {.space = space};
	if (rule->require_pair) { /* a twin is of a post in French or in English */
		if (add_line(&making, PV_FACT_LANG, fr, 1) &&
			add_line(&making, PV_FACT_LANG, en, 1))
			out->may = form_of(space, NULL, made(&making));
		out->must = form_unless(space, PV_FACT_LANG, both, 2, NULL);
		return;
	}
	if (add_line(&making, PV_FACT_LANG, foreign, PV_COUNT(foreign)))
		out->may = form_of(space, made(&making), NULL);
	out->must = form_unless(space, PV_FACT_LANG, fr, 1, NULL);
}

/* ---- counts ------------------------------------------------------------------------------------ */

bool pv_history_can_match(const struct pv_condition *count)
{
	for (size_t i = 0; i < count->n_lines; i++) {
		const struct pv_line *line = &count->lines[i];
		bool any = pv_line_names(line, "any");
		if ((line->fact == PV_FACT_LANG && !pv_line_names(line, "none")) ||
			(line->fact == PV_FACT_CONSENT && !any && !pv_line_names(line, "no") &&
				!pv_line_names(line, "false")) ||
			(line->fact == PV_FACT_RELEVANCE && !any &&
				!pv_line_names(line, "unknown")))
			return false;
	}
	return true;
}

bool pv_quota_can_fire(const struct pv_rule *rule)
{
	const struct pv_limit *most = &rule->at_most;
	int64_t least = rule->min_posts > 1 ? rule->min_posts : 1;
	if (most->share)
		return pv_history_can_match(&rule->count) ? most->top < most->bottom
							  : most->bottom > most->top * least;
	return most->top == 0 || pv_history_can_match(&rule->count);
}

static void quota_fires(struct pv_space *space, const struct pv_rule *rule, struct pv_fires *out)
{
	struct making making = {.space = space};
	out->may = out->must = PV_FORM_NEVER;
	bool good = pv_quota_can_fire(rule) && add_line(&making, PV_FACT_FORM, statics, 1);
	for (size_t i = 0; good && i < rule->count.n_lines; i++)
		good = add_line(&making, rule->count.lines[i].fact,
			rule->count.lines[i].values.items, rule->count.lines[i].values.n);
	if (good)
		out->may = form_of(space, made(&making), NULL);
	if (rule->at_most.top == 0 && (!rule->at_most.share || rule->min_posts <= 1))
		out->must = out->may; /* none at all: the first one is too many */
}

bool pv_target_can_fire(const struct pv_rule *rule, const struct pv_target *target)
{
	__int128 top = (__int128)target->top * rule->tolerance_bottom +
		       (__int128)rule->tolerance_top * target->bottom;
	return top < (__int128)100 * target->bottom * rule->tolerance_bottom;
}

static void mix_fires(struct pv_space *space, const struct pv_rule *rule, struct pv_fires *out)
{
	struct making making = {.space = space};
	const char **values = pv_arena_array(&space->arena, const char *, rule->n_targets);
	size_t n = 0, none = 0;
	out->may = out->must = PV_FORM_NEVER;
	for (size_t t = 0; values && t < rule->n_targets; t++)
		if (pv_target_can_fire(rule, &rule->targets[t]))
			values[n++] = rule->targets[t].value;
	if (n && add_line(&making, PV_FACT_FORM, statics, 1) &&
		add_line(&making, rule->by, values, n))
		out->may = form_of(space, made(&making), NULL);
	for (size_t t = 0; values && t < rule->n_targets; t++)
		if (rule->targets[t].top == 0)
			values[none++] = rule->targets[t].value;
	if (none && rule->tolerance_top == 0 && rule->min_posts <= 1 &&
		add_line(&making, PV_FACT_FORM, statics, 1) &&
		add_line(&making, rule->by, values, none))
		out->must = form_of(space, made(&making), NULL);
}

/* ---- the rules ---------------------------------------------------------------------------------- */

static void fires_of(struct pv_space *space, const struct pv_rule *rule, struct pv_fires *out)
{
	out->may = PV_FORM_ALWAYS;
	out->must = PV_FORM_NEVER;
	switch (rule->kind) {
	case PV_RULE_DISCLOSURE:
	case PV_RULE_MENTION: wording_fires(space, rule, out); break;
	case PV_RULE_VOICE: voice_fires(space, rule, out); break;
	case PV_RULE_NEIGHBOURS: neighbour_fires(space, out); break;
	case PV_RULE_LINKS: link_fires(space, rule, out); break;
	case PV_RULE_LANGUAGES: language_fires(space, rule, out); break;
	case PV_RULE_ACCESS:
		if (!rule->alt_text && rule->max_hashtags < 0 && rule->camel_hashtags < 0)
			out->may = PV_FORM_NEVER;
		break;
	case PV_RULE_QUOTA: quota_fires(space, rule, out); break;
	case PV_RULE_MIX: mix_fires(space, rule, out); break;
	case PV_RULE_QUIET:
		out->by_clock = rule->has_period || rule->has_hours;
		out->by_switch = rule->switch_name != NULL;
		break;
	case PV_RULE_EMBARGO: out->secret = true; break;
	default: break;
	}
}

bool pv_space_fires(struct pv_space *space)
{
	const struct pv_policy *policy = space->policy;
	space->fires = pv_arena_array(&space->arena, struct pv_fires, policy->n_rules);
	for (size_t i = 0; space->fires && i < policy->n_rules; i++)
		fires_of(space, &policy->rules[i], &space->fires[i]);
	return !space->arena.failed && pv_space_together(space);
}
