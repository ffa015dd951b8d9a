/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "policy/replay_tally.h"

#include "base/mem.h"
#include "policy/trial.h"

enum { READS_EXACT_BITS = 16, READS_STEP_BITS = 12, TOP_TENTH = 10 };

/* ---- reads ----------------------------------------------------------------------------------- */

size_t pv_reads_step_of(int64_t reads)
{
	uint64_t value = (uint64_t)reads;
	if (value < PV_READS_EXACT)
		return (size_t)value;
	unsigned top = 63 - (unsigned)__builtin_clzll(value); /* 16 … 62 */
	uint64_t below = value >> (top - READS_STEP_BITS) & (PV_READS_STEPS - 1);
	return PV_READS_EXACT + (size_t)(top - READS_EXACT_BITS) * PV_READS_STEPS + (size_t)below;
}

int64_t pv_reads_of_step(size_t step)
{
	if (step < PV_READS_EXACT)
		return (int64_t)step;
	size_t above = step - PV_READS_EXACT;
	unsigned top = READS_EXACT_BITS + (unsigned)(above / PV_READS_STEPS);
	uint64_t steps = PV_READS_STEPS + above % PV_READS_STEPS;
	return (int64_t)(steps << (top - READS_STEP_BITS));
}

static bool add_reads(
	TALLOC_CTX *mem, struct pv_replay_tally *tally, const struct pv_tally_post *post)
{
	if (post->reads < 0)
		return true;
	size_t step = pv_reads_step_of(post->reads);
	struct pv_reads_step **page = &tally->pages[step / PV_READS_PAGE];
	if (!*page)
		*page = talloc_zero_array(mem, struct pv_reads_step, PV_READS_PAGE);
	if (!*page)
		return false;
	struct pv_reads_step *at = &(*page)[step % PV_READS_PAGE];
	bool refused = post->is == PV_VERDICT_REFUSE;
	at->posts++;
	at->human += post->human;
	at->refused += refused;
	at->refused_human += refused && post->human;
	return true;
}

static void sum(struct pv_reads_step *into, const struct pv_reads_step *step)
{
	into->posts += step->posts;
	into->human += step->human;
	into->refused += step->refused;
	into->refused_human += step->refused_human;
}

static struct pv_reads_step known_reads(const struct pv_replay_tally *tally)
{
	struct pv_reads_step all = {0};
	for (size_t p = 0; p < PV_READS_PAGES; p++)
		for (size_t i = 0; tally->pages[p] && i < PV_READS_PAGE; i++)
			sum(&all, &tally->pages[p][i]);
	return all;
}

/* From the most read downwards until a tenth of `known` is there; whoever ties is in. */
static struct pv_reads_step top_reads(
	const struct pv_replay_tally *tally, uint64_t known, int64_t *out_least)
{
	struct pv_reads_step top = {0};
	uint64_t tenth = (known + TOP_TENTH - 1) / TOP_TENTH;
	for (size_t p = PV_READS_PAGES; p-- > 0 && top.posts < tenth;)
		for (size_t i = PV_READS_PAGE; tally->pages[p] && i-- > 0 && top.posts < tenth;) {
			sum(&top, &tally->pages[p][i]);
			*out_least = pv_reads_of_step(p * PV_READS_PAGE + i);
		}
	return top;
}

static json_t *share(uint64_t part, uint64_t whole)
{
	return whole ? json_real((double)part / (double)whole) : json_null();
}

static json_t *most_read_json(const struct pv_replay_tally *tally)
{
	int64_t least = 0;
	struct pv_reads_step known = known_reads(tally);
	struct pv_reads_step top = top_reads(tally, known.posts, &least);
	return json_pack("{s:I,s:I,s:o,s:I,s:I,s:I,s:o,s:I,s:o}", "known", (json_int_t)known.posts,
		"posts", (json_int_t)top.posts, "at_least",
		top.posts ? json_integer((json_int_t)least) : json_null(), "human",
		(json_int_t)top.human, "refused", (json_int_t)top.refused, "refused_known",
		(json_int_t)known.refused, "refused_share", share(top.refused, known.refused),
		"refused_human", (json_int_t)top.refused_human, "refused_human_share",
		share(top.refused_human, top.refused));
}

/* ---- all of it ------------------------------------------------------------------------------- */

bool pv_tally_open(TALLOC_CTX *mem, const struct pv_policy *policy, struct pv_replay_tally *out)
{
	*out = (struct pv_replay_tally){.from_us = PV_TIME_NONE, .to_us = PV_TIME_NONE};
	out->changed = talloc_zero_array(mem, uint64_t, policy->n_rules + 1);
	out->refused = talloc_zero_array(mem, uint64_t, policy->n_rules + 1);
	return out->changed && out->refused;
}

static void add_rules(const struct pv_policy *policy, uint64_t *counts, const uint64_t *decided_by)
{
	for (size_t w = 0; w < policy->rule_words; w++)
		for (uint64_t rest = decided_by[w]; rest; rest &= rest - 1)
			counts[w * 64 + (size_t)__builtin_ctzll(rest)]++;
}

bool pv_tally_add(TALLOC_CTX *mem, const struct pv_policy *policy, struct pv_replay_tally *tally,
	const struct pv_tally_post *post)
{
	tally->matrix[post->was][post->is]++;
	if (post->is != post->was)
		add_rules(policy, tally->changed, post->decided_by);
	if (post->is == PV_VERDICT_REFUSE) {
		add_rules(policy, tally->refused, post->decided_by);
		tally->human_refused += post->human;
	}
	if (tally->from_us == PV_TIME_NONE || post->at_us < tally->from_us)
		tally->from_us = post->at_us;
	if (tally->to_us == PV_TIME_NONE || post->at_us > tally->to_us)
		tally->to_us = post->at_us;
	return add_reads(mem, tally, post);
}

static json_t *matrix_json(const struct pv_replay_tally *tally)
{
	json_t *matrix = json_object();
	for (int was = 0; was < PV_VERDICTS; was++) {
		json_t *row = json_object();
		for (int is = 0; is < PV_VERDICTS; is++)
			json_object_set_new(row, pv_verdict_names[is],
				json_integer((json_int_t)tally->matrix[was][is]));
		json_object_set_new(matrix, pv_verdict_names[was], row);
	}
	return matrix;
}

static json_t *rules_json(const struct pv_policy *policy, const struct pv_replay_tally *tally)
{
	pv_rule_bits told = {0};
	const char *ids[PV_POLICY_RULES_MAX + 1];
	json_t *rules = json_array();
	for (size_t i = 0; i <= policy->n_rules; i++)
		if (tally->changed[i] || tally->refused[i])
			pv_bit_set(told, i);
	size_t n = pv_rule_bits_ids(policy, told, ids);
	for (size_t k = 0; k < n; k++) {
		size_t i = pv_policy_rule(policy, ids[k]); /* of "default" the place behind them */
		json_array_append_new(rules, json_pack("{s:s,s:I,s:I}", "rule", ids[k], "changed",
						     (json_int_t)tally->changed[i], "refused",
						     (json_int_t)tally->refused[i]));
	}
	return rules;
}

static json_t *instant_json(int64_t at_us)
{
	char at[PV_TIME_TEXT_SIZE];
	return at_us == PV_TIME_NONE ? json_null() : json_string(pv_time_format(at_us, at));
}

json_t *pv_tally_json(
	const struct pv_policy *policy, const struct pv_replay_tally *tally, bool sequence)
{
	uint64_t cases = 0, stricter = 0, milder = 0, refused = 0;
	for (int was = 0; was < PV_VERDICTS; was++)
		for (int is = 0; is < PV_VERDICTS; is++) {
			uint64_t n = tally->matrix[was][is];
			cases += n;
			stricter += is > was ? n : 0;
			milder += is < was ? n : 0;
			refused += is == PV_VERDICT_REFUSE ? n : 0;
		}
	return json_pack("{s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:o,s:o,s:o,s:b,s:o,s:o}", "cases",
		(json_int_t)cases, "changed", (json_int_t)(stricter + milder), "errors",
		(json_int_t)tally->errors, "stricter", (json_int_t)stricter, "milder",
		(json_int_t)milder, "refused", (json_int_t)refused, "newly_refused",
		(json_int_t)(refused - tally->matrix[PV_VERDICT_REFUSE][PV_VERDICT_REFUSE]),
		"human_refused", (json_int_t)tally->human_refused, "matrix", matrix_json(tally),
		"rules", rules_json(policy, tally), "most_read", most_read_json(tally), "sequence",
		sequence, "from", instant_json(tally->from_us), "to", instant_json(tally->to_us));
}
