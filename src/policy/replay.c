/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "policy/replay.h"

#include "base/mem.h"
#include "policy/replay_tally.h"
#include "policy/trial.h"
#include "policy/windows.h"

struct pv_replay_bench {
	const struct pv_policy *policy;
	struct pv_windows *windows;  /* NULL: each case has its own history */
	struct pv_finding *findings; /* one for each rule: for who settles */
};

struct pv_replay {
	struct pv_replay_bench *to;
	bool sequence;
	int64_t latest_us; /* of the post settled last */
	struct pv_replay_tally tally;
	uint64_t settled;
	const char **ids; /* decided_by of the post settled last */
};

/*
 * A post before one policy. In a sequence everything but the count of the past is known, as bits;
 * otherwise the decision is.
 */
struct hearing {
	struct pv_replay_bench *bench; /* NULL: a verdict that was kept */
	enum pv_verdict verdict;
	uint64_t *decided_by; /* without sequence: rule_words */
	uint64_t *facts, *applies, *found, *approved, *lifts, *counters;
	struct pv_str owner;
};

struct pv_replay_post {
	int64_t at_us, reads;
	struct pv_str account, author;
	bool is_static, human;
	struct hearing to, was;
};

/* ---- opening --------------------------------------------------------------------------------- */

enum pv_status pv_replay_bench(TALLOC_CTX *mem, const struct pv_replay *replay,
	const struct pv_policy *policy, struct pv_replay_bench **out, struct pv_error *error)
{
	struct pv_replay_bench *bench = talloc_zero(mem, struct pv_replay_bench);
	if (!bench)
		return pv_fail_nomem(error);
	bench->policy = policy;
	bench->findings = talloc_array(bench, struct pv_finding, policy->n_rules + 1);
	enum pv_status status = bench->findings ? PV_OK : pv_fail_nomem(error);
	if (status == PV_OK && replay->sequence)
		status = pv_windows_open(bench, policy, &bench->windows, error);
	if (status != PV_OK) {
		talloc_free(bench);
		return status;
	}
	*out = bench;
	return PV_OK;
}

enum pv_status pv_replay_open(TALLOC_CTX *mem, const struct pv_replay_plan *plan,
	struct pv_replay **out, struct pv_error *error)
{
	struct pv_replay *replay = talloc_zero(mem, struct pv_replay);
	if (!replay)
		return pv_fail_nomem(error);
	replay->sequence = plan->sequence;
	replay->latest_us = PV_TIME_NONE;
	replay->ids = talloc_array(replay, const char *, plan->to->n_rules + 1);
	enum pv_status status = PV_OK;
	if (!replay->ids || !pv_tally_open(replay, plan->to, &replay->tally))
		status = pv_fail_nomem(error);
	if (status == PV_OK)
		status = pv_replay_bench(replay, replay, plan->to, &replay->to, error);
	if (status != PV_OK) {
		talloc_free(replay);
		return status;
	}
	*out = replay;
	return PV_OK;
}

/* ---- hearing: any thread --------------------------------------------------------------------- */

static struct pv_str copy_text(char *to, struct pv_str text)
{
	if (text.size)
		memcpy(to, text.bytes, text.size);
	return (struct pv_str){.bytes = to, .size = text.size};
}

/* `n` words, copied from `from` (NULL: zero), at the place where the next ones go. */
static uint64_t *take_words(uint64_t **at, const uint64_t *from, size_t n)
{
	uint64_t *words = *at;
	*at += n;
	if (from)
		memcpy(words, from, n * sizeof *words);
	else
		memset(words, 0, n * sizeof *words);
	return words;
}

/*
 * All that the second half of the trial needs, in one block: words, then the owner's id. What the
 * case's own exceptions lift is part of it: the policy that held them goes with the scratch.
 */
static bool keep_trial(TALLOC_CTX *mem, const struct pv_trial *trial, struct hearing *out)
{
	const struct pv_facts *facts = &trial->facts;
	const struct pv_policy *policy = facts->policy;
	size_t rules = policy->rule_words, counters = pv_windows_words(policy);
	size_t n_facts = policy->space.n_words, words = n_facts + rules * 4 + counters;
	uint64_t *at = talloc_size(mem, words * sizeof *at + facts->owner.size);
	if (!at)
		return false;
	out->facts = take_words(&at, facts->bits, n_facts);
	out->applies = take_words(&at, trial->applies, rules);
	out->found = take_words(&at, trial->found, rules);
	out->approved = take_words(&at, trial->approved, rules);
	out->lifts = take_words(&at, trial->lifts, rules);
	out->counters = take_words(&at, NULL, counters);
	out->owner = copy_text((char *)at, facts->owner);
	return true;
}

/* Which counters the post will move once it is past. */
static bool keep_counters(struct pv_trial *trial, struct hearing *out)
{
	const struct pv_policy *policy = trial->facts.policy;
	if (policy->n_counters == 0 || !trial->facts.is_static)
		return true;
	uint64_t *past = pv_arena_array(&trial->facts.arena, uint64_t, policy->space.n_words);
	if (!past)
		return false;
	pv_facts_as_past(&trial->facts, past);
	pv_counters_of(policy, past, out->counters);
	return true;
}

static bool keep_decision(TALLOC_CTX *mem, const struct pv_trial *trial, struct hearing *out)
{
	size_t words = trial->facts.policy->rule_words;
	out->verdict = trial->decision.verdict;
	out->decided_by = talloc_array(mem, uint64_t, words);
	if (out->decided_by)
		memcpy(out->decided_by, trial->decision.decided_by, words * sizeof(uint64_t));
	return out->decided_by != NULL;
}

/* One policy hears; `first` (may be NULL) are the facts that the other one has read. */
static enum pv_status hear(TALLOC_CTX *mem, TALLOC_CTX *scratch, struct pv_replay_bench *bench,
	const struct pv_case *c, const struct pv_facts *first, struct pv_trial *trial,
	struct hearing *out, struct pv_error *error)
{
	enum pv_status status =
		first ? pv_facts_read_beside(scratch, bench->policy, first, &trial->facts, error)
		      : pv_facts_read(scratch, bench->policy, c, &trial->facts, error);
	if (status == PV_OK)
		status = bench->windows ? pv_trial_find(trial, error)
					: pv_trial_decide(trial, error);
	if (status != PV_OK)
		return status;
	out->bench = bench;
	bool kept = bench->windows ? keep_trial(mem, trial, out) && keep_counters(trial, out)
				   : keep_decision(mem, trial, out);
	return kept ? PV_OK : pv_fail_nomem(error);
}

static struct pv_replay_post *keep_post(
	TALLOC_CTX *mem, const struct pv_case *c, const struct pv_case_past *past)
{
	struct pv_replay_post *post =
		talloc_size(mem, sizeof *post + c->account.size + c->author.size);
	if (!post)
		return NULL;
	char *texts = (char *)(post + 1);
	*post = (struct pv_replay_post){.at_us = c->at_us,
		.reads = past->reads,
		.account = copy_text(texts, c->account),
		.author = copy_text(texts + c->account.size, c->author),
		.is_static = c->post.kind != PV_REPLY || c->post.pinned,
		.human = c->declared.human != 0,
		.was = {.verdict = past->verdict}};
	return post;
}

enum pv_status pv_replay_hear(TALLOC_CTX *mem, TALLOC_CTX *scratch, const struct pv_replay *replay,
	struct pv_replay_bench *was, const struct pv_case *c, const struct pv_case_past *past,
	struct pv_replay_post **out, struct pv_error *error)
{
	struct pv_replay_post *post = keep_post(mem, c, past);
	struct pv_trial to = {0}, before = {0};
	enum pv_status status = post ? PV_OK : pv_fail_nomem(error);
	if (status == PV_OK)
		status = hear(mem, scratch, replay->to, c, NULL, &to, &post->to, error);
	if (status == PV_OK && was)
		status = hear(mem, scratch, was, c, &to.facts, &before, &post->was, error);
	if (status == PV_OK)
		*out = post;
	return status;
}

/* ---- settling: in order ---------------------------------------------------------------------- */

/* The second half of the trial, by the counts of what came before. */
static enum pv_status decide(const struct pv_replay_post *post, const struct hearing *hearing,
	struct pv_decision *out, struct pv_error *error)
{
	const struct pv_replay_bench *bench = hearing->bench;
	const struct pv_policy *policy = bench->policy;
	size_t bytes = policy->rule_words * sizeof(uint64_t);
	const struct pv_case c = {.account = post->account,
		.author = post->author,
		.at_us = post->at_us,
		.source = pv_windows_source(bench->windows)};
	struct pv_trial trial = {.facts = {.policy = policy,
					 .c = &c,
					 .owner = hearing->owner,
					 .is_static = post->is_static,
					 .bits = hearing->facts},
		.findings = bench->findings};
	memcpy(trial.applies, hearing->applies, bytes);
	memcpy(trial.found, hearing->found, bytes);
	memcpy(trial.approved, hearing->approved, bytes);
	memcpy(trial.lifts, hearing->lifts, bytes);
	enum pv_status status = pv_trial_conclude(&trial, error);
	if (status == PV_OK)
		*out = trial.decision;
	return status;
}

static enum pv_status join_past(
	const struct pv_replay_post *post, const struct hearing *hearing, struct pv_error *error)
{
	struct pv_windows_post past = {.at_us = post->at_us,
		.account = post->account,
		.author = post->author,
		.owner = hearing->owner,
		.counters = hearing->counters};
	return pv_windows_add(hearing->bench->windows, &past, error);
}

/* The verdict of one side, and the rules behind it into `out_bits` (NULL: nobody asks). */
static enum pv_status settle_side(const struct pv_replay_post *post, const struct hearing *hearing,
	enum pv_verdict *out, uint64_t *out_bits, struct pv_error *error)
{
	const uint64_t *bits = hearing->decided_by;
	struct pv_decision decision;
	*out = hearing->verdict;
	if (!hearing->bench)
		return PV_OK;
	if (hearing->bench->windows) {
		enum pv_status status = decide(post, hearing, &decision, error);
		if (status == PV_OK && post->is_static)
			status = join_past(post, hearing, error);
		if (status != PV_OK)
			return status;
		*out = decision.verdict;
		bits = decision.decided_by;
	}
	if (out_bits)
		memcpy(out_bits, bits, hearing->bench->policy->rule_words * sizeof *bits);
	return PV_OK;
}

static enum pv_status fail_out_of_order(int64_t latest_us, struct pv_error *error)
{
	char at[PV_TIME_TEXT_SIZE];
	pv_time_format(latest_us, at);
	return pv_fail(error, PV_CONFLICT,
		"Cette publication vient avant la précédente (%s) : une suite va dans l'ordre du "
		"temps.",
		"This post comes before the one above it (%s): a sequence goes in order of time.",
		at);
}

enum pv_status pv_replay_settle(struct pv_replay *replay, const struct pv_replay_post *post,
	struct pv_replay_outcome *out, struct pv_error *error)
{
	const struct pv_policy *policy = replay->to->policy;
	pv_rule_bits decided_by;
	enum pv_verdict was, is;
	if (replay->sequence && post->at_us < replay->latest_us)
		return fail_out_of_order(replay->latest_us, error);
	replay->latest_us = post->at_us;
	enum pv_status status = settle_side(post, &post->to, &is, decided_by, error);
	if (status == PV_OK)
		status = settle_side(post, &post->was, &was, NULL, error);
	if (status != PV_OK)
		return status;
	struct pv_tally_post counted = {.was = was,
		.is = is,
		.human = post->human,
		.reads = post->reads,
		.at_us = post->at_us,
		.decided_by = decided_by};
	if (!pv_tally_add(replay, policy, &replay->tally, &counted))
		return pv_fail_nomem(error);
	replay->settled++;
	*out = (struct pv_replay_outcome){.was = was, .is = is, .changed = was != is};
	out->decided_by.items = replay->ids;
	out->decided_by.n = pv_rule_bits_ids(policy, decided_by, replay->ids);
	return PV_OK;
}

void pv_replay_miss(struct pv_replay *replay)
{
	replay->tally.errors++;
}

uint64_t pv_replay_seen(const struct pv_replay *replay)
{
	return replay->settled + replay->tally.errors;
}

json_t *pv_replay_summary(const struct pv_replay *replay)
{
	return pv_tally_json(replay->to->policy, &replay->tally, replay->sequence);
}
