/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rules that count the past. All shares are compared as whole numbers. */
#include "policy/findings.h"

/* One counting: which entries, and what of them. */
struct tally {
	const struct pv_facts *facts;
	struct pv_history_window window;
	const struct pv_condition *count; /* quota */
	const struct pv_fact_slot *slot;  /* mix: the fact, and the value that counts */
	const struct pv_target *target;
	uint64_t *bits;
	int64_t counted, total;
	int64_t oldest_us; /* of those counted */
	bool grouped;      /* equal entries came together: their own times are not known */
};

int64_t pv_window_start(
	const struct pv_facts *facts, const struct pv_duration *window, enum pv_zone_pick pick)
{
	int64_t now_us = facts->c->at_us;
	switch (window->unit) {
	case PV_UNIT_DAYS: return pv_zone_days_before(facts->policy->zone, now_us, window->n, pick);
	case PV_UNIT_HOURS: return now_us - window->n * PV_HOUR_US;
	default: return now_us - window->n * PV_MINUTE_US;
	}
}

static bool in_scope(const struct tally *tally, const struct pv_history_entry *entry)
{
	const struct pv_case *c = tally->facts->c;
	struct pv_str account = entry->account.size ? entry->account : c->account;
	switch (tally->window.per) {
	case PV_PER_PERSON:
		return pv_str_equal(
			entry->author.size ? entry->author : c->author, tally->window.key);
	case PV_PER_ORGANISATION:
		return pv_str_equal(pv_facts_owner_of(tally->facts, account), tally->window.key);
	default: return pv_str_equal(account, tally->window.key);
	}
}

static bool in_target(
	const struct pv_fact_slot *slot, const struct pv_target *target, const uint64_t *bits)
{
	return pv_bit(bits + slot->word, target->bit);
}

static bool counts(const struct tally *tally, const uint64_t *bits)
{
	if (tally->count)
		return pv_condition_holds(tally->count, bits);
	return in_target(tally->slot, tally->target, bits);
}

void pv_counters_of(const struct pv_policy *policy, const uint64_t *bits, uint64_t *out)
{
	for (size_t w = 0; w < policy->rule_words; w++)
		for (uint64_t rest = policy->counting[w]; rest; rest &= rest - 1) {
			const struct pv_rule *rule =
				&policy->rules[w * 64 + (size_t)__builtin_ctzll(rest)];
			if (rule->kind == PV_RULE_QUOTA && pv_condition_holds(&rule->count, bits))
				pv_bit_set(out, rule->counter);
			for (size_t t = 0; t < rule->n_targets; t++)
				if (in_target(&policy->space.slots[rule->by], &rule->targets[t],
					    bits))
					pv_bit_set(out, rule->counter + t);
		}
}

static enum pv_status visit(
	void *visitor, const struct pv_history_entry *entry, struct pv_error *error)
{
	struct tally *tally = visitor;
	(void)error;
	if (entry->at_us <= tally->window.after_us || entry->at_us > tally->window.until_us ||
		(entry->kind == PV_REPLY && !entry->pinned) || !in_scope(tally, entry))
		return PV_OK;
	int64_t times = entry->times ? entry->times : 1;
	tally->total += times;
	pv_facts_of_entry(tally->facts, entry, tally->bits);
	if (counts(tally, tally->bits)) {
		if (tally->counted == 0 || entry->at_us < tally->oldest_us)
			tally->oldest_us = entry->at_us;
		tally->counted += times;
	}
	return PV_OK;
}

static enum pv_status count_past(struct pv_facts *facts, const struct pv_rule *rule, size_t counter,
	struct tally *tally, struct pv_error *error)
{
	const struct pv_case *c = facts->c;
	tally->facts = facts;
	tally->window = (struct pv_history_window){
		.per = rule->per,
		.key = rule->per == PV_PER_PERSON         ? c->author
		       : rule->per == PV_PER_ORGANISATION ? facts->owner
							  : c->account,
		.after_us = pv_window_start(facts, &rule->window, PV_ZONE_EARLIER),
		.until_us = c->at_us,
		.counter = counter,
	};
	if (c->source && c->source->count)
		return c->source->count(
			c->source->state, &tally->window, &tally->counted, &tally->total, error);
	tally->bits = pv_arena_array(&facts->arena, uint64_t, facts->policy->space.n_words);
	if (!tally->bits)
		return pv_fail_nomem(error);
	tally->grouped = true;
	if (c->source)
		return c->source->each(c->source->state, &tally->window, visit, tally, error);
	for (size_t i = 0; i < c->n_windows; i++) {
		const struct pv_case_window *kept = &c->windows[i];
		if (kept->per != tally->window.per || kept->after_us != tally->window.after_us ||
			kept->until_us != tally->window.until_us)
			continue;
		for (size_t k = 0; k < kept->n_entries; k++)
			visit(tally, &kept->entries[k], error);
		return PV_OK;
	}
	tally->grouped = false;
	for (size_t i = 0; i < c->n_history; i++)
		visit(tally, &c->history[i], error);
	return PV_OK;
}

/* When a moment leaves a window of this length. */
static int64_t leaves_us(
	const struct pv_facts *facts, const struct pv_duration *window, int64_t at_us)
{
	switch (window->unit) {
	case PV_UNIT_DAYS:
		return pv_zone_days_before(facts->policy->zone, at_us, -window->n, PV_ZONE_LATER);
	case PV_UNIT_HOURS: return at_us + window->n * PV_HOUR_US;
	default: return at_us + window->n * PV_MINUTE_US;
	}
}

enum pv_status pv_find_quota(struct pv_facts *facts, const struct pv_rule *rule,
	struct pv_finding *out, struct pv_error *error)
{
	if (!facts->is_static || !pv_condition_holds(&rule->count, facts->bits))
		return PV_OK;
	struct tally tally = {.count = &rule->count};
	enum pv_status status = count_past(facts, rule, rule->counter, &tally, error);
	if (status != PV_OK)
		return status;
	out->count = tally.counted + 1;
	out->total = tally.total + 1;
	out->after_us = tally.window.after_us;
	if (rule->at_most.share)
		out->fired = out->total >= rule->min_posts &&
			     out->count * rule->at_most.bottom > rule->at_most.top * out->total;
	else
		out->fired = out->count > rule->at_most.top;
	/* one too many: there is room again once the oldest has left the window */
	out->free_us = PV_TIME_NONE;
	if (out->fired && !rule->at_most.share && out->count - rule->at_most.top == 1 &&
		tally.counted > 0 && !tally.grouped)
		out->free_us = leaves_us(facts, &rule->window, tally.oldest_us);
	return PV_OK;
}

/* count/total > (target + tolerance)/100, without rounding */
static bool over_target(
	const struct pv_rule *rule, const struct pv_target *target, int64_t count, int64_t total)
{
	__int128 top = (__int128)target->top * rule->tolerance_bottom +
		       (__int128)rule->tolerance_top * target->bottom;
	__int128 bottom = (__int128)target->bottom * rule->tolerance_bottom;
	return (__int128)count * 100 * bottom > top * total;
}

enum pv_status pv_find_mix(struct pv_facts *facts, const struct pv_rule *rule,
	struct pv_finding *out, struct pv_error *error)
{
	const struct pv_fact_slot *slot = &facts->policy->space.slots[rule->by];
	for (size_t t = 0; facts->is_static && t < rule->n_targets && !out->fired; t++) {
		const struct pv_target *target = &rule->targets[t];
		if (!in_target(slot, target, facts->bits))
			continue;
		struct tally tally = {.slot = slot, .target = target};
		enum pv_status status = count_past(facts, rule, rule->counter + t, &tally, error);
		if (status != PV_OK)
			return status;
		out->target = target;
		out->count = tally.counted + 1;
		out->total = tally.total + 1;
		out->after_us = tally.window.after_us;
		out->fired = out->total >= rule->min_posts &&
			     over_target(rule, target, out->count, out->total);
	}
	return PV_OK;
}
