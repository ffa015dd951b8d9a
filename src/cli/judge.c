/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* `portevoix judge`: cases in, what a policy says of each out, line by line. */
#include "base/json.h"
#include "base/jsonl.h"
#include "base/mem.h"
#include "cli/commands.h"
#include "cli/shelf.h"
#include "policy/policy.h"

#include <getopt.h>
#include <stdio.h>
#include <unistd.h>

enum { LINE_POOL = 256 << 10 };

/* What a command leaves with. */
enum { EXIT_DONE = 0, EXIT_BAD_LINE = 1, EXIT_USAGE = 2, EXIT_FAILED = 3 };

static const char help[] =
	"Usage: portevoix judge --policies DIR < cases.jsonl\n"
	"       portevoix judge --policy FILE < cases.jsonl\n"
	"\n"
	"Judges posts by an editorial policy and says why, in French and English.\n"
	"\n"
	"Lines in:   cases as docs/policy-format.md describes them; \"policy\" names "
	"DIR/<policy>.yaml,\n"
	"            \"expect\" is ignored\n"
	"Lines out:  {\"id\",\"verdict\",\"decided_by\":[…],\"also\":[…],\"satisfied\":[…],\n"
	"             "
	"\"lifted\":[…],\"overridden\":[…],(\"lifted_by\":[…],)\"explanation\":{\"fr\",\"en\"}}\n"
	"\n"
	"  --policies DIR   each case by the policy that it names\n"
	"  --policy FILE    every case by this policy\n"
	"  --remarks        adds every rule's remark, its evidence, and the remedies\n"
	"  --help           this\n"
	"\n"
	"Example:\n"
	"  $ portevoix judge --policies policies < cases.jsonl\n"
	"  {\"id\":\"D07\",\"verdict\":\"refuse\",\"decided_by\":[\"own-creation\"],…\n"
	"\n"
	"Leaves with 0 when every case was judged, 1 when a line could not be (its answer is\n"
	"{\"id\",\"error\":{\"line\",\"column\",\"message\"}}), 2 on wrong usage, 3 when reading, "
	"writing\n"
	"or memory failed.\n";

struct job {
	TALLOC_CTX *mem;
	const char *dir, *file;
	bool remarks;
	struct pv_shelf *shelf; /* of `dir` */
	struct pv_shelved *one; /* of `file` */
	struct pv_jsonl_in *in;
	struct pv_jsonl_out *out;
	TALLOC_CTX *line_mem;
	bool bad_lines;
};

/* ---- one line out -------------------------------------------------------------------------------- */

static void write_ids(struct pv_jsonl_out *out, const char *name, const struct pv_rule_ids *ids)
{
	pv_jsonl_write(out, name, strlen(name));
	for (size_t i = 0; i < ids->n; i++) {
		if (i)
			pv_jsonl_literal(out, ",");
		pv_jsonl_write_string(out, pv_str(ids->items[i]));
	}
}

static bool write_remarks(struct job *job, const struct pv_judgement *judgement)
{
	PV_JSON json_t *whole = pv_judgement_to_json(judgement);
	static const char *const parts[] = {"remarks", "remedies", "clues"};
	for (size_t i = 0; i < PV_COUNT(parts); i++) {
		char *text = pv_json_dump(job->line_mem, json_object_get(whole, parts[i]));
		if (!text)
			return false;
		pv_jsonl_literal(job->out, ",\"");
		pv_jsonl_write(job->out, parts[i], strlen(parts[i]));
		pv_jsonl_literal(job->out, "\":");
		pv_jsonl_write(job->out, text, strlen(text));
	}
	return true;
}

static enum pv_status write_judgement(struct job *job, struct pv_str id,
	const struct pv_judgement *judgement, struct pv_error *error)
{
	struct pv_jsonl_out *out = job->out;
	pv_jsonl_literal(out, "{\"id\":");
	if (id.size)
		pv_jsonl_write(out, id.bytes, id.size);
	else
		pv_jsonl_literal(out, "null");
	pv_jsonl_literal(out, ",\"verdict\":");
	pv_jsonl_write_string(out, pv_str(pv_verdict_name(judgement->verdict)));
	write_ids(out, ",\"decided_by\":[", &judgement->decided_by);
	write_ids(out, "],\"also\":[", &judgement->also);
	write_ids(out, "],\"satisfied\":[", &judgement->satisfied);
	write_ids(out, "],\"lifted\":[", &judgement->lifted);
	write_ids(out, "],\"overridden\":[", &judgement->overridden);
	if (judgement->lifted_by.n)
		write_ids(out, "],\"lifted_by\":[", &judgement->lifted_by);
	pv_jsonl_literal(out, "],\"explanation\":{\"fr\":");
	pv_jsonl_write_string(out, pv_str(judgement->explanation.fr));
	pv_jsonl_literal(out, ",\"en\":");
	pv_jsonl_write_string(out, pv_str(judgement->explanation.en));
	pv_jsonl_literal(out, "}");
	if (job->remarks && !write_remarks(job, judgement))
		return pv_fail_nomem(error);
	pv_jsonl_literal(out, "}\n");
	return PV_OK;
}

/* ---- the lines ----------------------------------------------------------------------------------- */

static void write_problem(struct job *job, const struct pv_jsonl_line *line, struct pv_str id,
	struct pv_case_place place, struct pv_words words)
{
	job->bad_lines = true;
	pv_jsonl_write_problem(job->out, id, line->number + (uint64_t)(place.line - 1),
		(uint64_t)place.column, words);
}

static enum pv_status judge_line(
	struct job *job, const struct pv_jsonl_line *line, struct pv_error *error)
{
	static const struct pv_words too_long = {
		"La ligne dépasse 16 Mio.", "The line is over 16 MiB."};
	struct pv_case_place place = {.line = 1, .column = 1};
	struct pv_str id = {0};
	struct pv_case *c;
	if (line->too_long) {
		write_problem(job, line, id, place, too_long);
		return PV_OK;
	}
	struct pv_error words = PV_ERROR_IN(job->line_mem);
	enum pv_status status =
		pv_case_parse(job->line_mem, line->bytes, line->size, &c, &place, &id, &words);
	struct pv_judgement *judgement;
	if (status == PV_OK) {
		const struct pv_shelved *shelved =
			job->one ? job->one : pv_shelf_find(job->shelf, c->policy);
		if (!shelved)
			return pv_fail_nomem(error);
		if (!shelved->policy) {
			write_problem(job, line, id, place, shelved->words);
			return PV_OK;
		}
		status = pv_judge(job->line_mem, shelved->policy, c, &judgement, &words);
	}
	if (status == PV_OK)
		return write_judgement(job, id, judgement, error);
	if (status == PV_NOMEM)
		return pv_fail_nomem(error);
	write_problem(job, line, id, place, words.words);
	return PV_OK;
}

static enum pv_status judge_lines(struct job *job, struct pv_error *error)
{
	struct pv_jsonl_line line;
	enum pv_status status;
	while ((status = pv_jsonl_next(job->in, &line, error)) == PV_OK) {
		status = judge_line(job, &line, error);
		talloc_free_children(job->line_mem);
		if (status != PV_OK)
			return status;
	}
	return status == PV_NOT_FOUND ? pv_jsonl_finish(job->out, error) : status;
}

static int usage(void)
{
	fputs(help, stderr);
	return EXIT_USAGE;
}

/* EXIT_DONE, or what to leave with. */
static int read_options(struct job *job, int argc, char **argv)
{
	static const struct option options[] = {
		{"policies", required_argument, NULL, 'd'},
		{"policy", required_argument, NULL, 'f'},
		{"remarks", no_argument, NULL, 'r'},
		{"help", no_argument, NULL, 'h'},
		{NULL, 0, NULL, 0},
	};
	int c;
	optind = 1;
	while ((c = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		if (c == 'h') {
			fputs(help, stdout);
			return -1;
		}
		if (c == 'd')
			job->dir = optarg;
		else if (c == 'f')
			job->file = optarg;
		else if (c == 'r')
			job->remarks = true;
		else
			return usage();
	}
	return optind < argc || !job->dir == !job->file ? usage() : EXIT_DONE;
}

/* One policy for all is read before the first line, so that a bad one is told at once. */
static int open_policies(struct job *job)
{
	if (!job->file) {
		job->shelf = pv_shelf_open(job->mem, job->dir);
		return job->shelf ? EXIT_DONE : EXIT_FAILED;
	}
	job->one = pv_shelf_read(job->mem, "", job->file);
	if (!job->one)
		return EXIT_FAILED;
	if (job->one->policy)
		return EXIT_DONE;
	fprintf(stderr, "portevoix judge: %s\n", pv_cli_words(&job->one->words));
	return access(job->file, R_OK) == 0 ? EXIT_BAD_LINE : EXIT_FAILED;
}

int pv_cli_judge(int argc, char **argv)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct job *job = talloc_zero(scope, struct job);
	if (!job)
		return EXIT_FAILED;
	job->mem = scope;
	int leave = read_options(job, argc, argv);
	if (leave != EXIT_DONE)
		return leave < 0 ? EXIT_DONE : leave;
	leave = open_policies(job);
	if (leave != EXIT_DONE)
		return leave;
	struct pv_error error = PV_ERROR_IN(scope);
	job->line_mem = talloc_pool(scope, LINE_POOL);
	enum pv_status status = job->line_mem ? PV_OK : pv_fail_nomem(&error);
	if (status == PV_OK)
		status = pv_jsonl_create(scope, STDOUT_FILENO, &job->out, &error);
	if (status == PV_OK)
		status = pv_jsonl_open(scope, STDIN_FILENO, job->out, &job->in, &error);
	if (status == PV_OK)
		status = judge_lines(job, &error);
	if (status != PV_OK) {
		fprintf(stderr, "portevoix judge: %s\n", pv_cli_words(&error.words));
		return EXIT_FAILED;
	}
	return job->bad_lines ? EXIT_BAD_LINE : EXIT_DONE;
}
