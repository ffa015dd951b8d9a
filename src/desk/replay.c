/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "desk/replay_parts.h"

#include "base/mem.h"

#include <string.h>

/* ---- what is asked ----------------------------------------------------------------------------- */

int64_t pv_replay_months_before(int64_t at_us, int months)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	struct pv_civil civil = pv_civil_of_utc(at_us);
	int month = civil.year * 12 + civil.month - 1 - months;
	civil.year = month / 12;
	civil.month = month % 12 + 1;
	if (civil.day > days[civil.month - 1])
		civil.day = days[civil.month - 1];
	return pv_civil_as_utc(&civil);
}

static enum pv_status check_in(const struct pv_replay_in *in, struct pv_error *error)
{
	enum pv_status status = PV_OK;
	if (in->months < 0 || in->months > PV_REPLAY_MONTHS_MAX)
		status = pv_fail_field(error, "/months", "De 1 à %d mois.", "From 1 to %d months.",
			PV_REPLAY_MONTHS_MAX);
	if (in->cases && strlen(in->cases) > PV_REPLAY_CASES_MAX)
		status = pv_fail_field(error, "/cases", "%d octets au plus.", "At most %d bytes.",
			PV_REPLAY_CASES_MAX);
	return status;
}

/* A version of the same organisation. */
static enum pv_status find_version(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const struct pv_policy_row *to, const char *id,
	struct pv_policy_row *out, struct pv_error *error)
{
	struct pv_error lost = PV_ERROR_IN(mem);
	enum pv_status status = pv_desk_policy_find(desk, mem, actor, id, out, &lost);
	if (status == PV_NOT_FOUND ||
		(status == PV_OK && strcmp(out->organization_id, to->organization_id) != 0))
		return pv_fail_field(error, "/against",
			"Ce n'est pas une version de la politique de cette organisation.",
			"This is no version of this organisation's policy.");
	return status == PV_OK ? PV_OK : pv_fail_words(error, status, lost.words);
}

/* Whose verdict was; out->id stays NULL where only the kept ones are left. */
static enum pv_status find_from(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_actor *actor,
	const struct pv_replay_in *in, const struct pv_policy_row *to, struct pv_policy_row *out,
	const struct pv_policy **out_policy, struct pv_error *error)
{
	struct pv_error lost = PV_ERROR_IN(mem);
	if (in->against && strcmp(in->against, "kept") == 0)
		return PV_OK;
	if (in->against && strcmp(in->against, "in_force") != 0) {
		enum pv_status status = find_version(desk, mem, actor, to, in->against, out, error);
		return status == PV_OK ? pv_desk_policy_document(mem, out, out_policy, error)
				       : status;
	}
	enum pv_status status = pv_desk_policy_in_force(
		desk, mem, to->organization_id, pv_env_now_us(desk->env), out, out_policy, &lost);
	if (status ==
		PV_NOT_FOUND) /* nothing adopted yet: what was answered then is all there is */
		return PV_OK;
	return status == PV_OK ? PV_OK : pv_fail_words(error, status, lost.words);
}

/* ---- the whole --------------------------------------------------------------------------------- */

/* Which posts, and how many. */
static enum pv_status begin_own(struct pv_replaying *work, struct pv_error *error)
{
	int64_t n = 0;
	work->span = (struct pv_past_span){.organization_id = work->out->to.organization_id,
		.after_us = work->out->from_us,
		.until_us = work->out->until_us};
	work->mark = pv_past_begin(&work->span);
	enum pv_status status = pv_past_count(work->desk->db, &work->span, INT64_MAX, &n, error);
	work->total = n < PV_REPLAY_POSTS_MAX ? n : PV_REPLAY_POSTS_MAX;
	work->skip = n - work->total;
	work->out->older = work->skip > 0;
	return status;
}

static void begin_lines(struct pv_replaying *work)
{
	work->at = work->in->cases;
	work->end = work->at + strlen(work->at);
	for (const char *at = work->at; (at = memchr(at, '\n', (size_t)(work->end - at))); at++)
		work->total++;
	work->total++;
}

static enum pv_status close_replay(struct pv_replaying *work, struct pv_error *error)
{
	struct pv_desk_replay *out = work->out;
	PV_JSON json_t *summary = pv_replay_summary(work->replay);
	out->summary = summary ? pv_json_dump(out, summary) : NULL;
	out->n_changed =
		work->n_changed < PV_REPLAY_CHANGED_MAX ? work->n_changed : PV_REPLAY_CHANGED_MAX;
	out->changed_left_out = work->n_changed - out->n_changed;
	out->changed = talloc_zero_array(out, struct pv_replay_post_row, out->n_changed + 1);
	if (!out->summary || !out->changed)
		return pv_fail_nomem(error);
	for (size_t i = 0; i < out->n_changed; i++)
		out->changed[i] = *work->latest[(work->n_changed - 1 - i) % PV_REPLAY_CHANGED_MAX];
	return PV_OK;
}

static enum pv_status run(struct pv_replaying *work, TALLOC_CTX *mem, const struct pv_policy *to,
	const struct pv_policy *from, struct pv_error *error)
{
	const struct pv_replay_in *in = work->in;
	struct pv_desk_replay *out = work->out;
	struct pv_replay_plan plan = {.to = to, .sequence = !in->cases || !in->own_histories};
	out->problems = talloc_zero_array(out, struct pv_replay_problem, PV_REPLAY_PROBLEMS_MAX);
	enum pv_status status = out->problems ? PV_OK : pv_fail_nomem(error);
	if (status == PV_OK)
		status = pv_replay_open(mem, &plan, &work->replay, error);
	if (status == PV_OK && from)
		status = pv_replay_bench(mem, work->replay, from, &work->was, error);
	if (status == PV_OK && in->cases)
		begin_lines(work);
	else if (status == PV_OK)
		status = begin_own(work, error);
	if (status == PV_OK)
		status = pv_replaying_run(work, error);
	return status == PV_OK ? close_replay(work, error) : status;
}

/* Whose posts, of when. */
static void set_period(
	struct pv_desk *desk, const struct pv_replay_in *in, struct pv_desk_replay *out)
{
	out->months = in->cases ? 0 : in->months ? in->months : PV_REPLAY_MONTHS;
	out->until_us = in->cases ? PV_TIME_NONE : pv_env_now_us(desk->env);
	out->from_us =
		in->cases ? PV_TIME_NONE : pv_replay_months_before(out->until_us, out->months);
}

static enum pv_status replay_version(struct pv_desk *desk, const struct pv_actor *actor,
	const struct pv_replay_in *in, struct pv_desk_replay *made, struct pv_error *error)
{
	const struct pv_policy *to = NULL, *from = NULL;
	PV_SCOPE TALLOC_CTX *mem = pv_scope(NULL);
	struct pv_replaying *work = talloc_zero(mem, struct pv_replaying);
	if (!work)
		return pv_fail_nomem(error);
	*work = (struct pv_replaying){.desk = desk, .in = in, .out = made};
	enum pv_status status = pv_desk_policy_document(made, &made->to, &to, error);
	if (status == PV_OK)
		status = find_from(desk, made, actor, in, &made->to, &made->from, &from, error);
	if (status == PV_OK)
		status = run(work, mem, to, from, error);
	return status;
}

enum pv_status pv_desk_policy_replay(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *policy_id, const struct pv_replay_in *in,
	struct pv_desk_replay **out, struct pv_error *error)
{
	struct pv_desk_replay *made = talloc_zero(mem, struct pv_desk_replay);
	if (!made)
		return pv_fail_nomem(error);
	made->imported = in->cases != NULL;
	enum pv_status status = pv_desk_policy_find(desk, made, actor, policy_id, &made->to, error);
	if (status == PV_OK)
		status = check_in(in, error);
	if (status == PV_OK) {
		set_period(desk, in, made);
		status = replay_version(desk, actor, in, made, error);
	}
	if (status == PV_OK)
		status = pv_replay_keep(desk, made, actor, made, error);
	if (status == PV_OK)
		*out = made;
	else
		talloc_free(made);
	return status;
}
