/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "desk/replay.h"

#include "base/jsonl.h"
#include "base/mem.h"
#include "policy/replay.h"
#include "store/past.h"
#include "text/unicode.h"

#include <string.h>

struct replaying {
	struct pv_desk *desk;
	TALLOC_CTX *scratch; /* of one case, emptied after it */
	struct pv_replay *replay;
	struct pv_replay_bench *was; /* NULL: the verdict that was kept */
	struct pv_desk_replay *out;
	struct pv_replay_post_row *latest[PV_REPLAY_CHANGED_MAX]; /* a ring, below `out` */
	size_t n_changed;
};

/* ---- what is asked ----------------------------------------------------------------------------- */

/* The same day of the month so many months ago, or the month's last one. */
static int64_t months_before(int64_t at_us, int months)
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

/* ---- one post ---------------------------------------------------------------------------------- */

static const char *copy(TALLOC_CTX *mem, const char *text)
{
	return text ? talloc_strdup(mem, text) : NULL;
}

/* Everything of `row` for the answer; NULL when memory is out. */
static struct pv_replay_post_row *keep_row(
	TALLOC_CTX *mem, const struct pv_replay_post_row *row, struct pv_str text)
{
	struct pv_replay_post_row *kept = talloc(mem, struct pv_replay_post_row);
	char *words = NULL;
	if (!kept || pv_text_excerpt(kept, text, PV_REPLAY_WORDS, &words, NULL) != PV_OK)
		return NULL;
	*kept = *row;
	kept->text = words;
	kept->id = copy(kept, row->id);
	kept->variant_id = copy(kept, row->variant_id);
	kept->account = copy(kept, row->account);
	kept->account_name = copy(kept, row->account_name);
	kept->network = copy(kept, row->network);
	kept->permalink = copy(kept, row->permalink);
	kept->decided_by = /* the ids are the policy's, only their list is the replay's */
		talloc_memdup(kept, row->decided_by, row->n_decided_by * sizeof *row->decided_by);
	bool whole = kept->id && kept->account && kept->decided_by &&
		     !row->variant_id == !kept->variant_id &&
		     !row->account_name == !kept->account_name && !row->network == !kept->network &&
		     !row->permalink == !kept->permalink;
	return whole ? kept : NULL;
}

/* Told one by one: the latest PV_REPLAY_CHANGED_MAX. */
static enum pv_status tell_changed(struct replaying *work, struct pv_replay_post_row *row,
	const struct pv_case *c, const struct pv_replay_outcome *outcome, struct pv_error *error)
{
	struct pv_replay_post_row **place = &work->latest[work->n_changed % PV_REPLAY_CHANGED_MAX];
	row->at_us = c->at_us;
	row->was = outcome->was;
	row->is = outcome->is;
	row->decided_by = outcome->decided_by.items;
	row->n_decided_by = outcome->decided_by.n;
	row->human = c->declared.human != 0;
	struct pv_replay_post_row *kept = keep_row(work->out, row, c->post.text);
	if (!kept)
		return pv_fail_nomem(error);
	talloc_free(*place);
	*place = kept;
	work->n_changed++;
	return PV_OK;
}

/* Told one by one: the first PV_REPLAY_PROBLEMS_MAX. */
static enum pv_status tell_problem(
	struct replaying *work, const struct pv_replay_problem *problem, struct pv_error *error)
{
	struct pv_desk_replay *out = work->out;
	pv_replay_miss(work->replay);
	if (out->n_problems == PV_REPLAY_PROBLEMS_MAX) {
		out->problems_left_out++;
		return PV_OK;
	}
	struct pv_replay_problem *kept = &out->problems[out->n_problems];
	*kept = *problem;
	kept->id = copy(out, problem->id);
	kept->message.fr = copy(out, problem->message.fr);
	kept->message.en = copy(out, problem->message.en);
	if (!kept->id != !problem->id || !kept->message.fr || !kept->message.en)
		return pv_fail_nomem(error);
	out->n_problems++;
	return PV_OK;
}

/* Replays a case that was read; `row` says of it what the answer shows. */
static enum pv_status replay_case(struct replaying *work, struct pv_case *c,
	const struct pv_case_past *past, struct pv_replay_post_row *row, struct pv_error *words)
{
	struct pv_replay_post *post;
	struct pv_replay_outcome outcome;
	if (!work->was && !past->judged)
		return pv_fail(words, PV_INVALID,
			"Rien ne dit ce qui avait été répondu alors : il manque « verdict ».",
			"Nothing says what was answered then: \"verdict\" is missing.");
	enum pv_status status = pv_replay_hear(
		work->scratch, work->scratch, work->replay, work->was, c, past, &post, words);
	if (status == PV_OK)
		status = pv_replay_settle(work->replay, post, &outcome, words);
	if (status == PV_OK && outcome.changed)
		status = tell_changed(work, row, c, &outcome, words);
	return status;
}

/* What failed is the case's own: it is told, and the next one is taken. */
static bool is_case_problem(enum pv_status status)
{
	return status == PV_INVALID || status == PV_NOT_FOUND || status == PV_CONFLICT ||
	       status == PV_TOO_LARGE;
}

/* ---- the desk's own posts ---------------------------------------------------------------------- */

static enum pv_status replay_kept(struct replaying *work, const char *publication_id,
	const struct pv_past_post *kept, struct pv_error *words)
{
	struct pv_case *c;
	struct pv_case_past past = {.reads = kept->reads, .comments = kept->comments};
	if (!kept->input)
		return pv_fail(words, PV_INVALID,
			"Le bureau n'a pas gardé le cas de cette publication.",
			"The desk has not kept this post's case.");
	past.judged = pv_verdict_parse(kept->verdict, &past.verdict);
	enum pv_status status = pv_case_parse(
		work->scratch, kept->input, strlen(kept->input), &c, NULL, NULL, words);
	if (status != PV_OK)
		return status;
	c->at_us = kept->published_at_us; /* the case says when it was sent, a moment before */
	struct pv_replay_post_row row = {.id = publication_id,
		.variant_id = kept->variant_id,
		.account = kept->account_slug,
		.account_name = kept->account_name,
		.network = kept->account_network,
		.permalink = kept->permalink,
		.reads = kept->reads,
		.comments = kept->comments};
	return replay_case(work, c, &past, &row, words);
}

static enum pv_status replay_publication(
	struct replaying *work, const struct pv_past_row *row, struct pv_error *error)
{
	struct pv_past_post kept;
	struct pv_error words = PV_ERROR_IN(work->scratch);
	enum pv_status status =
		pv_past_find(work->desk->db, work->scratch, row->publication_id, &kept, error);
	if (status != PV_OK)
		return status == PV_NOT_FOUND ? PV_OK : status; /* gone since it was listed */
	status = replay_kept(work, row->publication_id, &kept, &words);
	if (is_case_problem(status)) {
		struct pv_replay_problem problem = {
			.id = row->publication_id, .message = words.words};
		return tell_problem(work, &problem, error);
	}
	return status == PV_OK ? PV_OK : pv_fail_words(error, status, words.words);
}

static enum pv_status replay_own(
	struct replaying *work, const struct pv_replay_in *in, struct pv_error *error)
{
	struct pv_past_row *rows = NULL;
	size_t n = 0;
	int64_t now_us = pv_env_now_us(work->desk->env);
	int64_t from_us = months_before(now_us, in->months ? in->months : PV_REPLAY_MONTHS);
	PV_SCOPE TALLOC_CTX *list = pv_scope(NULL);
	enum pv_status status = pv_past_list(work->desk->db, list, work->out->to.organization_id,
		from_us, now_us, PV_REPLAY_POSTS_MAX + 1, &rows, &n, error);
	size_t first = n > PV_REPLAY_POSTS_MAX ? n - PV_REPLAY_POSTS_MAX : 0;
	work->out->older = first > 0;
	for (size_t i = first; status == PV_OK && i < n; i++) {
		status = replay_publication(work, &rows[i], error);
		talloc_free_children(work->scratch);
	}
	return status;
}

/* ---- a history brought along ------------------------------------------------------------------- */

/* An id as it was meant: a string without its quotes and escapes, a number as it stands. */
static const char *id_text(TALLOC_CTX *mem, struct pv_str json)
{
	struct pv_jsonl_cursor cursor = PV_JSONL_CURSOR(mem);
	pv_jsonl_begin(&cursor, json.bytes, json.size);
	if (pv_jsonl_peek(&cursor) == '"' && !pv_jsonl_string(&cursor, &json))
		return NULL;
	return pv_str_dup(mem, json);
}

static enum pv_status replay_line(
	struct replaying *work, struct pv_str line, uint64_t number, struct pv_error *error)
{
	struct pv_case *c;
	struct pv_case_past past;
	struct pv_case_place place = {.line = 1, .column = 1};
	struct pv_str id = {0};
	struct pv_error words = PV_ERROR_IN(work->scratch);
	enum pv_status status = pv_case_parse_past(
		work->scratch, line.bytes, line.size, &c, &past, &place, &id, &words);
	const char *name = id_text(work->scratch, id);
	if (status == PV_OK && name) {
		struct pv_replay_post_row row = {.id = name,
			.account = pv_str_dup(work->scratch, c->account),
			.reads = past.reads,
			.comments = past.comments};
		status = replay_case(work, c, &past, &row, &words);
	}
	if (is_case_problem(status)) {
		struct pv_replay_problem problem = {.id = id.size ? name : NULL,
			.line = number,
			.column = (uint64_t)place.column,
			.message = words.words};
		return tell_problem(work, &problem, error);
	}
	if (status != PV_OK || !name)
		return pv_fail_nomem(error);
	return PV_OK;
}

static bool blank(struct pv_str line)
{
	for (size_t i = 0; i < line.size; i++)
		if (line.bytes[i] != ' ' && line.bytes[i] != '\t' && line.bytes[i] != '\r')
			return false;
	return true;
}

static enum pv_status replay_lines(
	struct replaying *work, const char *cases, struct pv_error *error)
{
	uint64_t number = 0;
	for (const char *at = cases; *at;) {
		struct pv_str line = {.bytes = at, .size = strcspn(at, "\n")};
		at += line.size + (at[line.size] == '\n');
		number++;
		if (blank(line))
			continue;
		enum pv_status status = replay_line(work, line, number, error);
		talloc_free_children(work->scratch);
		if (status != PV_OK)
			return status;
	}
	return PV_OK;
}

/* ---- the whole --------------------------------------------------------------------------------- */

static enum pv_status close_replay(struct replaying *work, struct pv_error *error)
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

static enum pv_status run(struct replaying *work, TALLOC_CTX *mem, const struct pv_replay_in *in,
	const struct pv_policy *to, const struct pv_policy *from, struct pv_error *error)
{
	struct pv_desk_replay *out = work->out;
	struct pv_replay_plan plan = {.to = to, .sequence = !in->cases || !in->own_histories};
	work->scratch = talloc_new(mem);
	out->problems = talloc_zero_array(out, struct pv_replay_problem, PV_REPLAY_PROBLEMS_MAX);
	if (!work->scratch || !out->problems)
		return pv_fail_nomem(error);
	enum pv_status status = pv_replay_open(mem, &plan, &work->replay, error);
	if (status == PV_OK && from)
		status = pv_replay_bench(mem, work->replay, from, &work->was, error);
	if (status == PV_OK)
		status = in->cases ? replay_lines(work, in->cases, error)
				   : replay_own(work, in, error);
	return status == PV_OK ? close_replay(work, error) : status;
}

enum pv_status pv_desk_policy_replay(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *policy_id, const struct pv_replay_in *in,
	struct pv_desk_replay **out, struct pv_error *error)
{
	const struct pv_policy *to = NULL, *from = NULL;
	struct pv_desk_replay *made = talloc_zero(mem, struct pv_desk_replay);
	if (!made)
		return pv_fail_nomem(error);
	made->imported = in->cases != NULL;
	enum pv_status status = pv_desk_policy_find(desk, made, actor, policy_id, &made->to, error);
	if (status == PV_OK)
		status = check_in(in, error);
	if (status == PV_OK)
		status = pv_desk_policy_document(made, &made->to, &to, error);
	if (status == PV_OK)
		status = find_from(desk, made, actor, in, &made->to, &made->from, &from, error);
	if (status == PV_OK) {
		PV_SCOPE TALLOC_CTX *work_mem = pv_scope(NULL);
		struct replaying work = {.desk = desk, .out = made};
		status =
			work_mem ? run(&work, work_mem, in, to, from, error) : pv_fail_nomem(error);
	}
	if (status == PV_OK)
		*out = made;
	else
		talloc_free(made);
	return status;
}
