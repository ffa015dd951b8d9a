/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The posts of a replay, the desk's own or brought along: taken, heard, settled. */
#include "desk/replay_parts.h"

#include "base/jsonl.h"
#include "base/relay.h"
#include "text/unicode.h"

#include <string.h>

enum {
	BATCH = 256,
	SCRATCH_POOL = 256 << 10,
	THREADS_MAX = 4, /* a desk has other work as well */
	TELL_EVERY_US = 250000,
};

/* A post, or what keeps it from being replayed. */
struct entry {
	const struct pv_past_post *own; /* NULL: a line */
	struct pv_str bytes;            /* the case's JSON */
	uint64_t line, column;
	const char *id;
	struct pv_replay_post *post; /* NULL: `words` say why */
	struct pv_words words;
	struct pv_replay_post_row row; /* what the answer shows of it */
	struct pv_str text;
};

struct load {
	TALLOC_CTX *rows;    /* what was taken; emptied for the next ones */
	TALLOC_CTX *heard;   /* posts and words */
	TALLOC_CTX *scratch; /* of one case */
	struct entry entries[BATCH];
	size_t n;
};

static enum pv_status open_load(void *state, TALLOC_CTX *mem, void **out, struct pv_error *error)
{
	struct load *load = talloc_zero(mem, struct load);
	(void)state;
	if (!load)
		return pv_fail_nomem(error);
	load->rows = talloc_new(load);
	load->heard = talloc_new(load);
	load->scratch = talloc_pool(load, SCRATCH_POOL);
	if (!load->rows || !load->heard || !load->scratch)
		return pv_fail_nomem(error);
	*out = load;
	return PV_OK;
}

/* ---- taking: one thread at a time -------------------------------------------------------------- */

static enum pv_status take_own(struct pv_replaying *work, struct load *load, struct pv_error *error)
{
	struct pv_past_post *posts = NULL;
	size_t n = 0;
	enum pv_status status = pv_past_batch(work->desk->db, load->rows, &work->span, &work->mark,
		work->skip, BATCH, &posts, &n, error);
	work->skip = 0;
	if (status != PV_OK)
		return status;
	for (size_t i = 0; i < n; i++) {
		const char *input = posts[i].input;
		load->entries[i] = (struct entry){
			.own = &posts[i], .bytes = input ? pv_str(input) : (struct pv_str){0}};
	}
	load->n = n;
	return n > 0 ? PV_OK : PV_NOT_FOUND;
}

static bool blank(struct pv_str line)
{
	for (size_t i = 0; i < line.size; i++)
		if (line.bytes[i] != ' ' && line.bytes[i] != '\t' && line.bytes[i] != '\r')
			return false;
	return true;
}

static enum pv_status take_lines(struct pv_replaying *work, struct load *load)
{
	load->n = 0;
	while (work->at < work->end && load->n < BATCH) {
		size_t left = (size_t)(work->end - work->at);
		const char *stop = memchr(work->at, '\n', left);
		struct pv_str line = {
			.bytes = work->at, .size = stop ? (size_t)(stop - work->at) : left};
		work->at += line.size + (stop != NULL);
		work->line++;
		if (!blank(line))
			load->entries[load->n++] =
				(struct entry){.bytes = line, .line = work->line};
	}
	return load->n > 0 ? PV_OK : PV_NOT_FOUND;
}

static enum pv_status take(void *state, void *load, struct pv_error *error)
{
	struct pv_replaying *work = state;
	struct load *mine = load;
	talloc_free_children(mine->rows);
	return work->at ? take_lines(work, mine) : take_own(work, mine, error);
}

/* ---- hearing: all at once ---------------------------------------------------------------------- */

/* An id as it was meant: a string without its quotes and escapes, a number as it stands. */
static const char *id_text(TALLOC_CTX *mem, struct pv_str json)
{
	struct pv_jsonl_cursor cursor = PV_JSONL_CURSOR(mem);
	pv_jsonl_begin(&cursor, json.bytes, json.size);
	if (pv_jsonl_peek(&cursor) == '"' && !pv_jsonl_string(&cursor, &json))
		return NULL;
	return pv_str_dup(mem, json);
}

static enum pv_status read_own(struct load *load, struct entry *entry, struct pv_case **out,
	struct pv_case_past *past, struct pv_error *words)
{
	const struct pv_past_post *own = entry->own;
	entry->id = own->publication_id;
	if (!own->input)
		return pv_fail(words, PV_INVALID,
			"Le bureau n'a pas gardé le cas de cette publication.",
			"The desk has not kept this post's case.");
	*past = (struct pv_case_past){.reads = own->reads, .comments = own->comments};
	past->judged = pv_verdict_parse(own->verdict, &past->verdict);
	enum pv_status status = pv_case_parse(
		load->scratch, entry->bytes.bytes, entry->bytes.size, out, NULL, NULL, words);
	if (status != PV_OK)
		return status;
	(*out)->at_us = own->published_at_us; /* the case says when it was sent, a moment before */
	entry->row = (struct pv_replay_post_row){.variant_id = own->variant_id,
		.account = own->account_slug,
		.account_name = own->account_name,
		.network = own->account_network,
		.permalink = own->permalink};
	return PV_OK;
}

static enum pv_status read_line(struct load *load, struct entry *entry, struct pv_case **out,
	struct pv_case_past *past, struct pv_error *words)
{
	struct pv_case_place place = {.line = 1, .column = 1};
	struct pv_str id = {0};
	enum pv_status status = pv_case_parse_past(load->scratch, entry->bytes.bytes,
		entry->bytes.size, out, past, &place, &id, words);
	entry->column = (uint64_t)place.column;
	entry->id = id.size || status == PV_OK ? id_text(load->heard, id) : NULL;
	if (id.size && !entry->id)
		return pv_fail_nomem(words);
	if (status == PV_OK && !(entry->row.account = pv_str_dup(load->heard, (*out)->account)))
		status = pv_fail_nomem(words);
	return status;
}

static enum pv_status hear_entry(
	struct pv_replaying *work, struct load *load, struct entry *entry, struct pv_error *words)
{
	struct pv_case *c;
	struct pv_case_past past;
	enum pv_status status = entry->own ? read_own(load, entry, &c, &past, words)
					   : read_line(load, entry, &c, &past, words);
	if (status == PV_OK && !work->was && !past.judged)
		status = pv_fail(words, PV_INVALID,
			"Rien ne dit ce qui avait été répondu alors : il manque « verdict ».",
			"Nothing says what was answered then: \"verdict\" is missing.");
	if (status == PV_OK)
		status = pv_replay_hear(load->heard, load->scratch, work->replay, work->was, c,
			&past, &entry->post, words);
	if (status != PV_OK)
		return status;
	entry->row.id = entry->id;
	entry->row.at_us = c->at_us;
	entry->row.human = c->declared.human != 0;
	entry->row.reads = past.reads;
	entry->row.comments = past.comments;
	char *text = pv_str_dup(load->heard, c->post.text);
	entry->text = text ? pv_str(text) : (struct pv_str){0};
	return text ? PV_OK : pv_fail_nomem(words);
}

/* What failed is the case's own: it is told, and the next one is taken. */
static bool is_case_problem(enum pv_status status)
{
	return status == PV_INVALID || status == PV_NOT_FOUND || status == PV_CONFLICT ||
	       status == PV_TOO_LARGE;
}

static enum pv_status hear(void *state, void *load, struct pv_error *error)
{
	struct load *mine = load;
	talloc_free_children(mine->heard);
	for (size_t i = 0; i < mine->n; i++) {
		struct pv_error words = PV_ERROR_IN(mine->heard);
		enum pv_status status = hear_entry(state, mine, &mine->entries[i], &words);
		talloc_free_children(mine->scratch);
		if (status != PV_OK && !is_case_problem(status))
			return pv_fail_words(error, status, words.words);
		mine->entries[i].words = words.words;
	}
	return PV_OK;
}

/* ---- settling: in turn ------------------------------------------------------------------------- */

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
static enum pv_status tell_changed(struct pv_replaying *work, struct entry *entry,
	const struct pv_replay_outcome *outcome, struct pv_error *error)
{
	struct pv_replay_post_row **place = &work->latest[work->n_changed % PV_REPLAY_CHANGED_MAX];
	entry->row.was = outcome->was;
	entry->row.is = outcome->is;
	entry->row.decided_by = outcome->decided_by.items;
	entry->row.n_decided_by = outcome->decided_by.n;
	struct pv_replay_post_row *kept = keep_row(work->out, &entry->row, entry->text);
	if (!kept)
		return pv_fail_nomem(error);
	talloc_free(*place);
	*place = kept;
	work->n_changed++;
	return PV_OK;
}

/* Told one by one: the first PV_REPLAY_PROBLEMS_MAX. */
static enum pv_status tell_problem(struct pv_replaying *work, const struct entry *entry,
	struct pv_words words, struct pv_error *error)
{
	struct pv_desk_replay *out = work->out;
	pv_replay_miss(work->replay);
	if (out->n_problems == PV_REPLAY_PROBLEMS_MAX) {
		out->problems_left_out++;
		return PV_OK;
	}
	struct pv_replay_problem *kept = &out->problems[out->n_problems];
	*kept = (struct pv_replay_problem){.id = copy(out, entry->id),
		.line = entry->line,
		.column = entry->line ? entry->column : 0,
		.message = {.fr = copy(out, words.fr), .en = copy(out, words.en)}};
	if (!kept->id != !entry->id || !kept->message.fr || !kept->message.en)
		return pv_fail_nomem(error);
	out->n_problems++;
	return PV_OK;
}

static enum pv_status settle_entry(
	struct pv_replaying *work, struct load *load, struct entry *entry, struct pv_error *error)
{
	struct pv_error words = PV_ERROR_IN(load->heard);
	struct pv_replay_outcome outcome;
	if (!entry->post)
		return tell_problem(work, entry, entry->words, error);
	enum pv_status status = pv_replay_settle(work->replay, entry->post, &outcome, &words);
	if (is_case_problem(status))
		return tell_problem(work, entry, words.words, error);
	if (status != PV_OK)
		return pv_fail_words(error, status, words.words);
	return outcome.changed ? tell_changed(work, entry, &outcome, error) : PV_OK;
}

/* What is over at once is not told on the way. */
static enum pv_status tell_progress(struct pv_replaying *work, struct pv_error *error)
{
	const struct pv_replay_in *in = work->in;
	int64_t now_us = pv_env_monotonic_us(work->desk->env);
	if (!in->progress || now_us - work->told_us < TELL_EVERY_US)
		return PV_OK;
	work->told_us = now_us;
	if (in->progress(in->progress_state, &work->out->to, work->done, work->total))
		return PV_OK;
	return pv_fail(error, PV_UNAVAILABLE,
		"Le bureau s'arrête : le rejeu est interrompu, et rien n'en est gardé.",
		"The desk is stopping: the replay was broken off, and nothing of it is kept.");
}

static enum pv_status settle(void *state, void *load, struct pv_error *error)
{
	struct pv_replaying *work = state;
	struct load *mine = load;
	const struct entry *last = &mine->entries[mine->n - 1];
	enum pv_status status = PV_OK;
	for (size_t i = 0; status == PV_OK && i < mine->n; i++)
		status = settle_entry(work, mine, &mine->entries[i], error);
	work->done = last->own ? work->done + (int64_t)mine->n : (int64_t)last->line;
	return status == PV_OK ? tell_progress(work, error) : status;
}

/* ---- the whole --------------------------------------------------------------------------------- */

enum pv_status pv_replaying_run(struct pv_replaying *work, struct pv_error *error)
{
	const struct pv_relay relay = {.state = work,
		.threads = work->total > BATCH ? pv_relay_threads(THREADS_MAX) : 1,
		.open = open_load,
		.take = take,
		.work = hear,
		.settle = settle};
	work->told_us = pv_env_monotonic_us(work->desk->env);
	return pv_relay_run(&relay, error);
}
