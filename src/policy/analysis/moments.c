/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Time, cut where a policy changes: exceptions begin and end, quiet periods, embargoes, and within a
 * day the hours. Between two cuts every instant is judged alike, so one of each kind is enough. What
 * the clock forbids is asked of the very function that judges.
 */
#include "policy/analysis/space.h"

#include "base/mem.h"
#include "policy/findings.h"

#include <stdlib.h>

enum { YEAR_DAYS = 370 };

struct cutting {
	struct pv_space *space;
	int64_t *cuts;
	size_t n_cuts;
	size_t words; /* of one moment's bits, all three kinds */
	bool hours;   /* some rule has them */
};

static bool cut(struct cutting *cutting, int64_t at_us)
{
	if (at_us <= cutting->space->at_us)
		return true;
	int64_t *cuts =
		pv_arena_more(&cutting->space->arena, cutting->cuts, cutting->n_cuts, sizeof *cuts);
	if (!cuts)
		return false;
	cutting->cuts = cuts;
	cuts[cutting->n_cuts++] = at_us;
	return true;
}

static int by_time(const void *a, const void *b)
{
	int64_t one = *(const int64_t *)a, two = *(const int64_t *)b;
	return one < two ? -1 : one > two;
}

static bool find_cuts(struct cutting *cutting)
{
	const struct pv_policy *policy = cutting->space->policy;
	bool good = true;
	for (size_t e = 0; e < policy->n_exceptions; e++)
		good = good && cut(cutting, policy->exceptions[e].from_us) &&
		       cut(cutting, policy->exceptions[e].until_us);
	for (size_t r = 0; r < policy->n_rules; r++) {
		const struct pv_rule *rule = &policy->rules[r];
		cutting->hours |= rule->kind == PV_RULE_QUIET && rule->has_hours;
		if (rule->kind == PV_RULE_QUIET && rule->has_period)
			good = good && cut(cutting, rule->from_us) && cut(cutting, rule->to_us);
		if (rule->kind == PV_RULE_EMBARGO)
			good = good && cut(cutting, rule->until_us);
	}
	if (cutting->n_cuts > 1)
		qsort(cutting->cuts, cutting->n_cuts, sizeof *cutting->cuts, by_time);
	size_t n = 0;
	for (size_t i = 0; i < cutting->n_cuts; i++)
		if (n == 0 || cutting->cuts[n - 1] != cutting->cuts[i])
			cutting->cuts[n++] = cutting->cuts[i];
	cutting->n_cuts = n;
	return good;
}

static bool is_silent(const struct pv_policy *policy, const struct pv_rule *rule, int64_t at_us)
{
	struct pv_case c = {.at_us = at_us};
	struct pv_facts facts = {
		.policy = policy, .c = &c, .today = pv_zone_day(policy->zone, at_us)};
	struct pv_finding finding = {0};
	pv_find_quiet(&facts, rule, &finding);
	return finding.fired;
}

/* What holds at this instant, as bits; `silent` and `secret` follow `in_force` in one block. */
static bool read_moment(struct cutting *cutting, int64_t at_us, struct pv_moment *out)
{
	struct pv_space *space = cutting->space;
	const struct pv_policy *policy = space->policy;
	uint64_t *in_force = pv_arena_array(&space->arena, uint64_t, cutting->words);
	if (!in_force)
		return false;
	uint64_t *silent = in_force + space->exception_words;
	uint64_t *secret = silent + policy->rule_words;
	*out = (struct pv_moment){
		.at_us = at_us, .in_force = in_force, .silent = silent, .secret = secret};
	for (size_t e = 0; e < policy->n_exceptions; e++)
		if (policy->exceptions[e].from_us <= at_us &&
			at_us < policy->exceptions[e].until_us) {
			pv_bit_set(in_force, e);
			out->active++;
		}
	for (size_t r = 0; r < policy->n_rules; r++) {
		const struct pv_rule *rule = &policy->rules[r];
		if (rule->kind == PV_RULE_QUIET && is_silent(policy, rule, at_us)) {
			pv_bit_set(silent, r);
			out->active++;
		}
		if (rule->kind == PV_RULE_EMBARGO && at_us < rule->until_us)
			pv_bit_set(secret, r);
	}
	return true;
}

static bool try_instant(struct cutting *cutting, int64_t at_us)
{
	struct pv_space *space = cutting->space;
	struct pv_moment moment;
	struct pv_arena before = space->arena;
	if (!read_moment(cutting, at_us, &moment))
		return false;
	for (uint32_t i = 0; i < space->n_moments; i++)
		if (memcmp(space->moments[i].in_force, moment.in_force, cutting->words * 8) == 0) {
			if (before.end == space->arena.end)
				space->arena = before; /* nothing new: the bits are given back */
			return true;
		}
	if (space->n_moments >= PV_SPACE_MOMENTS_MAX) {
		space->cut = true;
		return true;
	}
	struct pv_moment *moments =
		pv_arena_more(&space->arena, space->moments, space->n_moments, sizeof *moments);
	if (!moments)
		return false;
	space->moments = moments;
	moments[space->n_moments++] = moment;
	return true;
}

static int64_t clock_at(
	const struct pv_policy *policy, int32_t day, int minutes, enum pv_zone_pick pick)
{
	struct pv_civil local = {.hour = minutes / 60 % 24, .minute = minutes % 60};
	int64_t at_us;
	pv_civil_from_days(day + minutes / (24 * 60), &local.year, &local.month, &local.day);
	pv_zone_instant(policy->zone, &local, pick, &at_us);
	return at_us;
}

static bool try_within(struct cutting *cutting, int64_t at_us, int64_t start_us, int64_t end_us)
{
	return at_us < start_us || at_us >= end_us || try_instant(cutting, at_us);
}

/* Each reading of the clock at which some rule's hours begin or end, on this day. */
static bool try_hours(struct cutting *cutting, int32_t day, int64_t start_us, int64_t end_us)
{
	const struct pv_policy *policy = cutting->space->policy;
	for (size_t r = 0; r < policy->n_rules; r++) {
		const struct pv_rule *rule = &policy->rules[r];
		if (rule->kind != PV_RULE_QUIET || !rule->has_hours)
			continue;
		const int minutes[] = {rule->hours_from, rule->hours_to};
		for (size_t m = 0; m < PV_COUNT(minutes); m++)
			for (int pick = 0; pick < 2; pick++) {
				int64_t at_us =
					clock_at(policy, day, minutes[m], (enum pv_zone_pick)pick);
				if (!try_within(cutting, at_us, start_us, end_us))
					return false;
			}
	}
	return true;
}

/* An ordinary day, and those on which clocks change, for a year: then days repeat. */
static bool try_days(struct cutting *cutting, int64_t start_us, int64_t end_us)
{
	const struct pv_zone *zone = cutting->space->policy->zone;
	int32_t first = pv_zone_day(zone, start_us);
	for (int32_t day = first - 1; day <= first + 2; day++)
		if (!try_hours(cutting, day, start_us, end_us))
			return false;
	for (int32_t day = first; day < first + YEAR_DAYS; day++) {
		int64_t today_us = pv_zone_day_start(zone, day, PV_ZONE_EARLIER);
		int64_t next_us = pv_zone_day_start(zone, day + 1, PV_ZONE_EARLIER);
		if (today_us >= end_us)
			break;
		if (pv_zone_offset_s(zone, today_us) != pv_zone_offset_s(zone, next_us) &&
			(!try_hours(cutting, day - 1, start_us, end_us) ||
				!try_hours(cutting, day, start_us, end_us)))
			return false;
	}
	return true;
}

/* From one cut to the next, noon first: a witness at noon reads well. */
static bool try_stretch(struct cutting *cutting, int64_t start_us, int64_t end_us)
{
	const struct pv_policy *policy = cutting->space->policy;
	int32_t day = pv_zone_day(policy->zone, start_us);
	for (int32_t d = day; d < day + 2; d++)
		if (!try_within(cutting, clock_at(policy, d, 12 * 60, PV_ZONE_EARLIER), start_us,
			    end_us))
			return false;
	return try_instant(cutting, start_us) &&
	       (!cutting->hours || try_days(cutting, start_us, end_us));
}

static int by_calm(const void *a, const void *b)
{
	const struct pv_moment *one = a, *two = b;
	if (one->active != two->active)
		return one->active - two->active;
	return one->at_us < two->at_us ? -1 : one->at_us > two->at_us;
}

static bool sum_up(struct cutting *cutting)
{
	struct pv_space *space = cutting->space;
	uint64_t *some = pv_arena_array(&space->arena, uint64_t, cutting->words);
	uint64_t *always = pv_arena_array(&space->arena, uint64_t, cutting->words);
	if (!some || !always)
		return false;
	memset(always, 0xff, cutting->words * sizeof *always);
	for (uint32_t m = 0; m < space->n_moments; m++)
		for (size_t w = 0; w < cutting->words; w++) {
			some[w] |= space->moments[m].in_force[w];
			always[w] &= space->moments[m].in_force[w];
		}
	size_t silent = space->exception_words, secret = silent + space->policy->rule_words;
	space->some_in_force = some;
	space->always_in_force = always;
	space->some_silent = some + silent;
	space->always_silent = always + silent;
	space->some_secret = some + secret;
	space->always_secret = always + secret;
	return true;
}

bool pv_space_moments(struct pv_space *space)
{
	struct cutting cutting = {
		.space = space, .words = space->exception_words + 2 * space->policy->rule_words};
	if (!find_cuts(&cutting))
		return false;
	int64_t start_us = space->at_us;
	for (size_t i = 0; i <= cutting.n_cuts; i++) {
		int64_t end_us = i < cutting.n_cuts ? cutting.cuts[i] : INT64_MAX;
		if (!try_stretch(&cutting, start_us, end_us))
			return false;
		start_us = end_us;
	}
	qsort(space->moments, space->n_moments, sizeof *space->moments, by_calm);
	return sum_up(&cutting);
}
