/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Question 11: what is over, what overlaps, what the clock skips or says twice. */
#include "policy/analysis/question.h"

#include "base/mem.h"

enum { FAR_DAYS = 5 * 366, YEAR_DAYS = 370 };

/* ---- what is over ----------------------------------------------------------------------------------- */

static void look_at_exception(struct pv_asking *asking, const struct pv_exception *exception)
{
	int64_t at_us = asking->space->at_us;
	if (exception->until_us > at_us)
		return;
	pv_say(&asking->say, "La dérogation ", "The exception ");
	pv_say_id(&asking->say, exception->id);
	pv_say(&asking->say, " a pris fin le ", " ended on ");
	pv_say_day(&asking->say, exception->until_us - 1);
	pv_say(&asking->say, "\u00a0: elle peut être ôtée.", ": it can be taken out.");
	pv_tell_of(asking, "exception_over", PV_SEVERITY_REMARK, exception->id);
}

static void look_at_end(struct pv_asking *asking, size_t index)
{
	const struct pv_rule *rule = &asking->policy->rules[index];
	bool embargo = rule->kind == PV_RULE_EMBARGO;
	bool period = rule->kind == PV_RULE_QUIET && rule->has_period;
	int64_t end_us = embargo ? rule->until_us : rule->to_us;
	if ((!embargo && !period) || end_us > asking->space->at_us)
		return;
	pv_say_rule(&asking->say, asking->policy, index);
	pv_say(&asking->say, " a pris fin le ", " ended on ");
	pv_say_moment(&asking->say, end_us);
	pv_say(&asking->say, "\u00a0: elle peut être ôtée, ou redatée.",
		": it can be taken out, or given new dates.");
	pv_tell(asking, embargo ? "embargo_over" : "period_over", PV_SEVERITY_REMARK, &index, 1);
}

static void look_at_far(struct pv_asking *asking, size_t index)
{
	const struct pv_rule *rule = &asking->policy->rules[index];
	if (rule->kind != PV_RULE_EMBARGO ||
		rule->until_us <= asking->space->at_us + FAR_DAYS * PV_DAY_US)
		return;
	pv_say_rule(&asking->say, asking->policy, index);
	pv_say(&asking->say, " dure jusqu'au ", " lasts until ");
	pv_say_day(&asking->say, rule->until_us);
	pv_say(&asking->say, "\u00a0: cet embargo n'a pour ainsi dire pas de fin.",
		": this embargo has as good as no end.");
	pv_tell(asking, "embargo_without_end", PV_SEVERITY_REMARK, &index, 1);
}

/* ---- overlaps --------------------------------------------------------------------------------------- */

struct overlap {
	struct pv_asking *asking;
	size_t rules[2];
	struct pv_witness witness;
};

static enum pv_tri both_silent(const struct pv_search *search, void *state, struct pv_pick *pick)
{
	const struct overlap *overlap = state;
	for (int i = 0; i < 2; i++) {
		uint32_t form = (uint32_t)overlap->rules[i];
		enum pv_tri is = pv_form_is(&search->copy[0], form);
		if (is == PV_OPEN)
			pv_pick_form(search, 0, form, pick);
		if (is != PV_YES)
			return is;
	}
	for (int i = 0; i < 2; i++) {
		enum pv_tri is = pv_clock_fires(search, 0, overlap->rules[i]);
		if (is == PV_OPEN)
			pick->var = PV_VAR_MOMENT;
		if (is != PV_YES)
			return is;
	}
	return PV_YES;
}

static bool make(const struct pv_search *search, void *state)
{
	struct overlap *overlap = state;
	struct pv_asking *asking = overlap->asking;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(asking->scratch);
	static const struct pv_wanted wanted;
	struct pv_built built;
	return scope && pv_build(scope, search, 0, &wanted, &built) && !built.changed &&
	       pv_witness_of(asking->mem, asking->policy, &built.c, &overlap->witness);
}

static bool overlapping(const struct pv_rule *a, const struct pv_rule *b)
{
	return a->kind == PV_RULE_QUIET && b->kind == PV_RULE_QUIET && a->has_period &&
	       b->has_period && a->from_us < b->to_us && b->from_us < a->to_us;
}

static void look_at_overlaps(struct pv_asking *asking)
{
	const struct pv_policy *policy = asking->policy;
	for (size_t i = 0; i < policy->n_rules; i++)
		for (size_t k = i + 1; k < policy->n_rules; k++) {
			struct overlap overlap = {.asking = asking, .rules = {i, k}};
			if (!overlapping(&policy->rules[i], &policy->rules[k]) ||
				!pv_seek_yes(asking, pv_seek(asking, both_silent, make, &overlap)))
				continue;
			pv_say(&asking->say, "Les périodes de ", "The periods of ");
			pv_say_id(&asking->say, policy->rules[i].id);
			pv_say(&asking->say, " et de ", " and of ");
			pv_say_id(&asking->say, policy->rules[k].id);
			pv_say(&asking->say, " se chevauchent\u00a0: la plus stricte l'emporte.",
				" overlap: the stricter one prevails.");
			struct pv_analysis_finding *finding = pv_tell(
				asking, "periods_overlap", PV_SEVERITY_REMARK, overlap.rules, 2);
			if (finding)
				finding->witness = overlap.witness;
		}
}

/* ---- clocks ----------------------------------------------------------------------------------------- */

static bool digits(const char *text, size_t n, int *out)
{
	*out = 0;
	for (size_t i = 0; i < n; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		*out = *out * 10 + (text[i] - '0');
	}
	return true;
}

/* "2026-11-01 01:30" as the document checked it already. */
static bool civil_of(const char *text, struct pv_civil *out)
{
	*out = (struct pv_civil){0};
	return text && strlen(text) == 16 && digits(text, 4, &out->year) &&
	       digits(text + 5, 2, &out->month) && digits(text + 8, 2, &out->day) &&
	       digits(text + 11, 2, &out->hour) && digits(text + 14, 2, &out->minute) &&
	       out->hour < 24;
}

static void look_at_reading(
	struct pv_asking *asking, size_t index, const char *text, int64_t read_us)
{
	struct pv_civil local;
	int64_t at_us;
	if (!civil_of(text, &local))
		return;
	enum pv_zone_fit fit =
		pv_zone_instant(asking->policy->zone, &local, PV_ZONE_EARLIER, &at_us);
	if (fit == PV_ZONE_EXACT)
		return;
	pv_say_rule(&asking->say, asking->policy, index);
	pv_say(&asking->say, " dit ", " says ");
	pv_say_quoted_same(&asking->say, pv_str(text));
	if (fit == PV_ZONE_SKIPPED)
		pv_say(&asking->say,
			", heure que les horloges sautent ce jour-là\u00a0: elle est lue ",
			", a time that clocks skip that day: it is read as ");
	else
		pv_say(&asking->say,
			", heure qui sonne deux fois ce jour-là\u00a0: la contrainte dure le plus "
			"longtemps, soit ",
			", a time that comes twice that day: the restriction lasts the longest, "
			"that is ");
	char utc[PV_TIME_TEXT_SIZE];
	pv_say_moment(&asking->say, read_us);
	pv_say(&asking->say, " (", " (");
	pv_say_same(&asking->say, pv_str(pv_time_format(read_us, utc)));
	pv_say(&asking->say, ").", ").");
	pv_tell(asking, fit == PV_ZONE_SKIPPED ? "time_skipped" : "time_repeated",
		PV_SEVERITY_REMARK, &index, 1);
}

static void say_hours(struct pv_say *say, int offset_s)
{
	pv_say_int(say, (offset_s < 0 ? -offset_s : offset_s) / 60);
	pv_say(say, " minutes de ", " minutes ");
	if (offset_s > 0)
		pv_say(say, "moins que ne le disent ses dates.", "less than its dates say.");
	else
		pv_say(say, "plus que ne le disent ses dates.", "more than its dates say.");
}

static void look_at_change(struct pv_asking *asking, size_t index)
{
	const struct pv_rule *rule = &asking->policy->rules[index];
	const struct pv_zone *zone = asking->policy->zone;
	if (rule->kind != PV_RULE_QUIET || !rule->has_period)
		return;
	int change_s = pv_zone_offset_s(zone, rule->to_us) - pv_zone_offset_s(zone, rule->from_us);
	if (change_s == 0)
		return;
	pv_say_rule(&asking->say, asking->policy, index);
	pv_say(&asking->say, " traverse un changement d'heure\u00a0: elle dure ",
		" spans a change of clocks: it lasts ");
	say_hours(&asking->say, change_s);
	pv_tell(asking, "across_clock_change", PV_SEVERITY_REMARK, &index, 1);
}

static int64_t clock_on(
	const struct pv_zone *zone, int32_t day, int minutes, enum pv_zone_pick pick)
{
	struct pv_civil local = {.hour = minutes / 60 % 24, .minute = minutes % 60};
	int64_t at_us;
	pv_civil_from_days(day + minutes / (24 * 60), &local.year, &local.month, &local.day);
	pv_zone_instant(zone, &local, pick, &at_us);
	return at_us;
}

/* The nights of the coming year on which these hours last longer or shorter than they say. */
static void look_at_hours(struct pv_asking *asking, size_t index)
{
	const struct pv_rule *rule = &asking->policy->rules[index];
	const struct pv_zone *zone = asking->policy->zone;
	if (rule->kind != PV_RULE_QUIET || !rule->has_hours)
		return;
	int span = rule->hours_to - rule->hours_from;
	bool midnight = span <= 0;
	int32_t today = pv_zone_day(zone, asking->space->at_us);
	int64_t days_us[4];
	size_t n = 0;
	for (int32_t day = today; day < today + YEAR_DAYS && n < PV_COUNT(days_us); day++) {
		int64_t from_us = clock_on(zone, day, rule->hours_from, PV_ZONE_EARLIER);
		int64_t to_us = clock_on(zone, day + midnight, rule->hours_to, PV_ZONE_LATER);
		int64_t said_us = (span + (midnight ? 24 * 60 : 0)) * PV_MINUTE_US;
		if (to_us - from_us != said_us)
			days_us[n++] = clock_on(zone, day, 12 * 60, PV_ZONE_EARLIER);
	}
	if (n == 0)
		return;
	pv_say_rule(&asking->say, asking->policy, index);
	pv_say(&asking->say,
		" ne dure pas ce que disent ses heures quand l'heure change\u00a0: le ",
		" does not last what its hours say when clocks change: on ");
	for (size_t i = 0; i < n; i++) {
		pv_say_and(&asking->say, i, n);
		pv_say_day(&asking->say, days_us[i]);
	}
	pv_say(&asking->say, ".", ".");
	pv_tell(asking, "hours_across_clock_change", PV_SEVERITY_REMARK, &index, 1);
}

void pv_question_time(struct pv_asking *asking)
{
	const struct pv_policy *policy = asking->policy;
	for (size_t e = 0; e < policy->n_exceptions; e++)
		look_at_exception(asking, &policy->exceptions[e]);
	for (size_t i = 0; i < policy->n_rules; i++) {
		const struct pv_rule *rule = &policy->rules[i];
		look_at_end(asking, i);
		look_at_far(asking, i);
		look_at_reading(asking, i, rule->from_text, rule->from_us);
		look_at_reading(asking, i, rule->to_text, rule->to_us);
		look_at_reading(asking, i, rule->until_text, rule->until_us);
		look_at_change(asking, i);
		look_at_hours(asking, i);
	}
	look_at_overlaps(asking);
}
