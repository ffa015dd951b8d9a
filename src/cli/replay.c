/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * `portevoix policy replay`: past posts in, those whose verdict changes out. A few threads (relay.h)
 * take lines, hear them, and settle and answer them in the order of the input.
 */
#include "policy/replay.h"

#include "base/json.h"
#include "base/jsonl.h"
#include "base/mem.h"
#include "base/relay.h"
#include "cli/commands.h"
#include "cli/shelf.h"

#include <getopt.h>
#include <pthread.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum {
	SCRATCH_POOL = 256 << 10,
	BATCH_LINES = 256,
	BATCH_BYTES = 256 << 10, /* no further line is taken beyond */
	TELL_EVERY_MS = 200,
};

/* What a command leaves with. */
enum { EXIT_DONE = 0, EXIT_BAD_LINE = 1, EXIT_USAGE = 2, EXIT_FAILED = 3 };

static const char help[] =
	"Usage: portevoix policy replay --policy NEW [--against OLD | --policies DIR] "
	"[--sequence]\n"
	"\n"
	"Says of past posts what a policy would have said of them: which verdicts change, and how\n"
	"many of the posts that were read most would have been refused.\n"
	"\n"
	"Lines in:   cases as docs/policy-format.md describes them; \"verdict\" is what was said "
	"then,\n"
	"            \"figures\":{\"reads\":N} how often the post was read (left out: not known)\n"
	"Lines out:  {\"id\",\"was\",\"is\",\"decided_by\":[…]} for each verdict that changes, "
	"then\n"
	"            "
	"{\"summary\":{\"cases\",\"changed\",\"errors\",\"refused\",\"matrix\",\"rules\",\n"
	"             \"most_read\",…}}; docs/policy-replay.md has all of it\n"
	"\n"
	"  --policy NEW     the policy to try\n"
	"  --against OLD    what was: the verdict of this policy (stands before --policies)\n"
	"  --policies DIR   what was: the verdict of the policy that the case names; of a case "
	"that\n"
	"                   names none, and without either option: its own \"verdict\"\n"
	"  --sequence       the cases are one history in order of time: quotas and mixes count "
	"the\n"
	"                   cases that came before, not each case's \"history\"\n"
	"  --threads N      how many threads, 1 to 16 (one more than processors)\n"
	"  --help           this\n"
	"\n"
	"Example:\n"
	"  $ portevoix policy replay --policy draft.yaml --against seed.yaml --sequence < "
	"past.jsonl\n"
	"  {\"id\":\"D07\",\"was\":\"allow\",\"is\":\"refuse\",\"decided_by\":[\"own-creation\"]}\n"
	"  {\"summary\":{\"cases\":1200,\"changed\":1,…\n"
	"\n"
	"Leaves with 0 when every case was judged, whatever changes; 1 when a line could not be "
	"(its\n"
	"answer is {\"id\",\"error\":{\"line\",\"column\",\"message\"}}) or a policy has problems, "
	"2 on\n"
	"wrong usage, 3 when reading, writing or memory failed.\n"
	"\n"
	"On a desk: portevoix policy replay --draft ID, see portevoix policy list --help.\n";

/* A line of the input and what came of it: a post, or a problem. */
struct entry {
	size_t at, size; /* among the batch's bytes */
	uint64_t number;
	bool too_long;
	struct pv_str id;
	struct pv_replay_post *post; /* NULL: */
	struct pv_case_place place;
	struct pv_words words;
};

struct batch {
	TALLOC_CTX *mem;     /* its posts and words, emptied for the next lines */
	TALLOC_CTX *scratch; /* of one case */
	struct pv_buf bytes;
	struct entry entries[BATCH_LINES];
	size_t n;
};

struct job {
	TALLOC_CTX *mem;
	const char *file, *against, *dir;
	bool sequence;
	long threads;
	struct pv_replay *replay;
	struct pv_replay_bench *was; /* of --against */
	struct pv_shelf *shelf;      /* of --policies; pv_shelved.more is the policy's bench */
	struct pv_jsonl_in *in;
	struct pv_jsonl_out *out;
	bool bad_lines;
	bool tells; /* standard error is a terminal */
	int64_t told_ms;

	pthread_mutex_t shelving;
	struct pv_error error;
};

/* ---- taking lines: one thread at a time --------------------------------------------------------- */

static bool add_line(struct batch *batch, const struct pv_jsonl_line *line)
{
	struct entry *entry = &batch->entries[batch->n++];
	*entry = (struct entry){.at = batch->bytes.size,
		.size = line->too_long ? 0 : line->size,
		.number = line->number,
		.too_long = line->too_long,
		.place = {.line = 1, .column = 1}};
	pv_buf_add(&batch->bytes, line->bytes, entry->size);
	return !batch->bytes.failed;
}

/* Lines that stand ready; at least one is waited for. PV_NOT_FOUND: there are no more. */
static enum pv_status take_lines(void *state, void *load, struct pv_error *error)
{
	struct job *job = state;
	struct batch *batch = load;
	struct pv_jsonl_line line;
	batch->n = 0;
	batch->bytes.size = 0;
	do {
		enum pv_status status = pv_jsonl_next(job->in, &line, error);
		if (status == PV_NOT_FOUND && batch->n > 0)
			return PV_OK; /* asked again, it says so again */
		if (status != PV_OK)
			return status;
		if (!add_line(batch, &line))
			return pv_fail_nomem(error);
	} while (batch->n < BATCH_LINES && batch->bytes.size < BATCH_BYTES &&
		 pv_jsonl_ready(job->in));
	return PV_OK;
}

/* ---- hearing: all at once ----------------------------------------------------------------------- */

/* The bench of the policy that the case names. PV_INVALID: there is none, `words` say why. */
static enum pv_status named_bench(
	struct job *job, struct pv_str name, struct pv_replay_bench **out, struct pv_error *words)
{
	enum pv_status status = PV_OK;
	pthread_mutex_lock(&job->shelving);
	struct pv_shelved *shelved = pv_shelf_find(job->shelf, name);
	if (!shelved)
		status = pv_fail_nomem(words);
	else if (!shelved->policy)
		status = pv_fail_words(words, PV_INVALID, shelved->words);
	else if (!shelved->more) {
		struct pv_replay_bench *bench;
		status = pv_replay_bench(job->shelf, job->replay, shelved->policy, &bench, words);
		if (status == PV_OK)
			shelved->more = bench;
	}
	if (status == PV_OK)
		*out = shelved->more;
	pthread_mutex_unlock(&job->shelving);
	return status;
}

/* Whose verdict is "was": NULL for the one that the case has kept. */
static enum pv_status find_was(struct job *job, const struct pv_case *c,
	const struct pv_case_past *past, struct pv_replay_bench **out, struct pv_error *words)
{
	*out = job->was;
	if (job->was)
		return PV_OK;
	if (job->shelf && c->policy.size > 0)
		return named_bench(job, c->policy, out, words);
	if (past->judged)
		return PV_OK;
	return pv_fail(words, PV_INVALID,
		"Rien ne dit ce qui avait été répondu : il manque « verdict », ou --against, ou "
		"--policies.",
		"Nothing says what was answered then: \"verdict\" is missing, or --against, or "
		"--policies.");
}

static enum pv_status hear_case(
	struct job *job, struct batch *batch, struct entry *entry, struct pv_error *words)
{
	struct pv_case *c;
	struct pv_case_past past;
	struct pv_replay_bench *was = NULL;
	enum pv_status status = pv_case_parse_past(batch->scratch, batch->bytes.bytes + entry->at,
		entry->size, &c, &past, &entry->place, &entry->id, words);
	if (status == PV_OK)
		status = find_was(job, c, &past, &was, words);
	if (status == PV_OK)
		status = pv_replay_hear(batch->mem, batch->scratch, job->replay, was, c, &past,
			&entry->post, words);
	return status;
}

static enum pv_status hear_batch(void *state, void *load, struct pv_error *error)
{
	struct job *job = state;
	struct batch *batch = load;
	static const struct pv_words too_long = {
		"La ligne dépasse 16 Mio.", "The line is over 16 MiB."};
	talloc_free_children(batch->mem);
	for (size_t i = 0; i < batch->n; i++) {
		struct entry *entry = &batch->entries[i];
		struct pv_error words = PV_ERROR_IN(batch->mem);
		if (entry->too_long) {
			entry->words = too_long;
			continue;
		}
		enum pv_status status = hear_case(job, batch, entry, &words);
		talloc_free_children(batch->scratch);
		if (status == PV_NOMEM)
			return pv_fail_nomem(error);
		entry->words = words.words;
	}
	return PV_OK;
}

/* ---- settling: in turn -------------------------------------------------------------------------- */

static void write_outcome(
	struct job *job, const struct entry *entry, const struct pv_replay_outcome *outcome)
{
	struct pv_jsonl_out *out = job->out;
	pv_jsonl_literal(out, "{\"id\":");
	if (entry->id.size)
		pv_jsonl_write(out, entry->id.bytes, entry->id.size);
	else
		pv_jsonl_literal(out, "null");
	pv_jsonl_literal(out, ",\"was\":");
	pv_jsonl_write_string(out, pv_str(pv_verdict_name(outcome->was)));
	pv_jsonl_literal(out, ",\"is\":");
	pv_jsonl_write_string(out, pv_str(pv_verdict_name(outcome->is)));
	pv_jsonl_literal(out, ",\"decided_by\":[");
	for (size_t i = 0; i < outcome->decided_by.n; i++) {
		if (i)
			pv_jsonl_literal(out, ",");
		pv_jsonl_write_string(out, pv_str(outcome->decided_by.items[i]));
	}
	pv_jsonl_literal(out, "]}\n");
}

static void miss(struct job *job, const struct entry *entry, struct pv_words words)
{
	job->bad_lines = true;
	pv_replay_miss(job->replay);
	pv_jsonl_write_problem(job->out, entry->id,
		entry->number + (uint64_t)(entry->place.line - 1), (uint64_t)entry->place.column,
		words);
}

static int64_t now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void tell(struct job *job, bool last)
{
	static const struct pv_words words = {"publications rejouées", "posts replayed"};
	int64_t ms = job->tells ? now_ms() : 0;
	if (!job->tells || (!last && ms - job->told_ms < TELL_EVERY_MS))
		return;
	job->told_ms = ms;
	fprintf(stderr, "\r%llu %s%s", (unsigned long long)pv_replay_seen(job->replay),
		pv_cli_words(&words), last ? "\n" : "");
}

static enum pv_status settle_batch(void *state, void *load, struct pv_error *error)
{
	struct job *job = state;
	struct batch *batch = load;
	for (size_t i = 0; i < batch->n; i++) {
		const struct entry *entry = &batch->entries[i];
		struct pv_error words = PV_ERROR_IN(batch->mem);
		struct pv_replay_outcome outcome;
		if (!entry->post) {
			miss(job, entry, entry->words);
			continue;
		}
		enum pv_status status =
			pv_replay_settle(job->replay, entry->post, &outcome, &words);
		if (status == PV_NOMEM)
			return pv_fail_nomem(error);
		if (status != PV_OK)
			miss(job, entry, words.words);
		else if (outcome.changed)
			write_outcome(job, entry, &outcome);
	}
	tell(job, false);
	return pv_jsonl_finish(job->out, error); /* who asks through a pipe is answered */
}

static enum pv_status open_batch(void *state, TALLOC_CTX *mem, void **out, struct pv_error *error)
{
	struct batch *batch = talloc_zero(mem, struct batch);
	(void)state;
	if (!batch)
		return pv_fail_nomem(error);
	batch->mem = talloc_new(mem);
	batch->scratch = talloc_pool(mem, SCRATCH_POOL);
	batch->bytes = PV_BUF(mem, BATCH_BYTES + PV_JSONL_LINE_MAX + 1);
	if (!batch->mem || !batch->scratch)
		return pv_fail_nomem(error);
	*out = batch;
	return PV_OK;
}

/* ---- the whole ---------------------------------------------------------------------------------- */

static int usage(void)
{
	fputs(help, stderr);
	return EXIT_USAGE;
}

static bool read_threads(const char *text, long *out)
{
	char *end;
	*out = strtol(text, &end, 10);
	return end != text && *end == '\0' && *out >= 1 && *out <= PV_RELAY_THREADS_MAX;
}

/* EXIT_DONE, what to leave with, or -1: nothing more to do. */
static int read_options(struct job *job, int argc, char **argv)
{
	static const struct option options[] = {
		{"policy", required_argument, NULL, 'f'},
		{"against", required_argument, NULL, 'a'},
		{"policies", required_argument, NULL, 'd'},
		{"sequence", no_argument, NULL, 's'},
		{"threads", required_argument, NULL, 't'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	job->threads = pv_relay_threads(PV_RELAY_THREADS_MAX);
	optind = 0; /* glibc: begin afresh */
	for (int option; (option = getopt_long(argc, argv, "h", options, NULL)) != -1;) {
		switch (option) {
		case 'f': job->file = optarg; break;
		case 'a': job->against = optarg; break;
		case 'd': job->dir = optarg; break;
		case 's': job->sequence = true; break;
		case 't':
			if (!read_threads(optarg, &job->threads))
				return usage();
			break;
		case 'h': fputs(help, stdout); return -1;
		default: return usage();
		}
	}
	return optind < argc || !job->file ? usage() : EXIT_DONE;
}

/* A policy given as a file; NULL after its problems were told, with what to leave with. */
static const struct pv_policy *read_file(struct job *job, const char *path, int *out_leave)
{
	const struct pv_shelved *shelved = pv_shelf_read(job->mem, "", path);
	if (shelved && shelved->policy)
		return shelved->policy;
	if (shelved)
		fprintf(stderr, "portevoix policy replay: %s\n", pv_cli_words(&shelved->words));
	*out_leave = shelved && access(path, R_OK) == 0 ? EXIT_BAD_LINE : EXIT_FAILED;
	return NULL;
}

static int open_policies(struct job *job)
{
	int leave = EXIT_DONE;
	const struct pv_policy *was = NULL;
	struct pv_replay_plan plan = {.sequence = job->sequence};
	plan.to = read_file(job, job->file, &leave);
	if (plan.to && job->against)
		was = read_file(job, job->against, &leave);
	if (leave != EXIT_DONE)
		return leave;
	if (pv_replay_open(job->mem, &plan, &job->replay, NULL) != PV_OK)
		return EXIT_FAILED;
	if (was)
		return pv_replay_bench(job->mem, job->replay, was, &job->was, NULL) == PV_OK
			       ? EXIT_DONE
			       : EXIT_FAILED;
	if (job->dir && !(job->shelf = pv_shelf_open(job->mem, job->dir)))
		return EXIT_FAILED;
	return EXIT_DONE;
}

static enum pv_status write_summary(struct job *job)
{
	PV_JSON json_t *summary = pv_replay_summary(job->replay);
	char *text = summary ? pv_json_dump(job->mem, summary) : NULL;
	if (!text)
		return pv_fail_nomem(&job->error);
	tell(job, true);
	pv_jsonl_literal(job->out, "{\"summary\":");
	pv_jsonl_write(job->out, text, strlen(text));
	pv_jsonl_literal(job->out, "}\n");
	return pv_jsonl_finish(job->out, &job->error);
}

static enum pv_status replay(struct job *job)
{
	const struct pv_relay relay = {.state = job,
		.threads = (int)job->threads,
		.open = open_batch,
		.take = take_lines,
		.work = hear_batch,
		.settle = settle_batch};
	pthread_mutex_init(&job->shelving, NULL);
	job->tells = isatty(STDERR_FILENO);
	enum pv_status status = pv_jsonl_create(job->mem, STDOUT_FILENO, &job->out, &job->error);
	if (status == PV_OK)
		status = pv_jsonl_open(job->mem, STDIN_FILENO, NULL, &job->in, &job->error);
	if (status == PV_OK)
		status = pv_relay_run(&relay, &job->error);
	return status == PV_OK ? write_summary(job) : status;
}

int pv_cli_policy_replay(int argc, char **argv)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct job *job = talloc_zero(scope, struct job);
	if (!job)
		return EXIT_FAILED;
	job->mem = scope;
	job->error = PV_ERROR_IN(scope);
	int leave = read_options(job, argc, argv);
	if (leave == EXIT_DONE)
		leave = open_policies(job);
	if (leave != EXIT_DONE)
		return leave < 0 ? EXIT_DONE : leave;
	if (replay(job) != PV_OK) {
		fprintf(stderr, "portevoix policy replay: %s\n", pv_cli_words(&job->error.words));
		return EXIT_FAILED;
	}
	return job->bad_lines ? EXIT_BAD_LINE : EXIT_DONE;
}
