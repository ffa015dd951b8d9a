/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* portevoix policy analyze FILE: fifteen questions about a policy, and guarantees, for every post. */
#include "base/env.h"
#include "base/json.h"
#include "base/mem.h"
#include "cli/commands.h"
#include "policy/analysis/analysis.h"
#include "policy/policy.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>

enum { EXIT_CLEAR = 0, EXIT_PROBLEM = 1, EXIT_USAGE = 2, EXIT_FAILED = 3, TEXT_MAX = 1 << 20 };

static const char help[] =
	"Usage: portevoix policy analyze FILE [OPTION]…\n"
	"\n"
	"Answers fifteen questions about a policy, for every post there can be, each with its\n"
	"smallest example: a case that portevoix judge takes. docs/policy-analysis.md says what\n"
	"they mean.\n"
	"\n"
	"  --json              one line of JSON instead of words\n"
	"  --guarantees FILE   guarantees to check besides, one a line\n"
	"  --guarantee TEXT    one more; may be repeated\n"
	"  --at TIME           posts from this time on (RFC 3339); now, when it is left out\n"
	"  --people FILE       the \"people\" of a case, in JSON: who could approve\n"
	"  --help              this\n"
	"\n"
	"Example:\n"
	"  portevoix policy analyze seed.yaml --guarantee \\\n"
	"    'never: origin own_creation, stance organisation, verdict below approve'\n"
	"\n"
	"Leaves with 0 when nothing is a problem, 1 when something is, when a guarantee is broken\n"
	"or an answer is not complete, 2 on wrong usage, 3 when a file or memory failed.\n";

struct job {
	TALLOC_CTX *mem;
	bool json;
	const char *path, *people_path;
	struct pv_policy *policy;
	struct pv_analysis_options options;
	struct pv_buf guarantees; /* lines, of the file and of the command */
	struct pv_error error;
};

static int usage(void)
{
	fputs(help, stderr);
	return EXIT_USAGE;
}

static int fail(const struct job *job, int leave)
{
	fprintf(stderr, "portevoix policy analyze: %s\n", pv_cli_words(&job->error.words));
	return leave;
}

static bool read_text(struct job *job, const char *path, struct pv_buf *out)
{
	FILE *file = fopen(path, "rb");
	char block[1 << 14];
	size_t n;
	if (!file) {
		pv_fail(&job->error, PV_UNAVAILABLE, "%s ne s'ouvre pas : %s.",
			"%s cannot be opened: %s.", path, strerror(errno));
		return false;
	}
	while (!out->failed && (n = fread(block, 1, sizeof block, file)) > 0)
		pv_buf_add(out, block, n);
	bool failed = ferror(file) != 0 || out->failed;
	fclose(file);
	if (failed)
		pv_fail(&job->error, PV_UNAVAILABLE, "%s ne se lit pas, ou il est trop grand.",
			"%s cannot be read, or is too large.", path);
	return !failed;
}

/* ---- what is given -------------------------------------------------------------------------------- */

static int read_guarantee_file(struct job *job, const char *path)
{
	struct pv_buf text = PV_BUF(job->mem, TEXT_MAX);
	if (!read_text(job, path, &text))
		return fail(job, EXIT_FAILED);
	if (text.size)
		pv_buf_add(&job->guarantees, text.bytes, text.size);
	if (text.size && text.bytes[text.size - 1] != '\n')
		pv_buf_char(&job->guarantees, '\n');
	return EXIT_CLEAR;
}

/* EXIT_CLEAR, or what to leave with; -1: help was given. */
static int read_options(struct job *job, int argc, char **argv)
{
	static const struct option options[] = {{"json", no_argument, NULL, 'j'},
		{"guarantees", required_argument, NULL, 'f'},
		{"guarantee", required_argument, NULL, 'g'}, {"at", required_argument, NULL, 'a'},
		{"people", required_argument, NULL, 'p'}, {"help", no_argument, NULL, 'h'},
		{NULL, 0, NULL, 0}};
	int c, leave = EXIT_CLEAR;
	optind = 1;
	while (leave == EXIT_CLEAR && (c = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		switch (c) {
		case 'h': fputs(help, stdout); return -1;
		case 'j': job->json = true; break;
		case 'f': leave = read_guarantee_file(job, optarg); break;
		case 'g':
			pv_buf_text(&job->guarantees, optarg);
			pv_buf_char(&job->guarantees, '\n');
			break;
		case 'a':
			if (!pv_time_parse(optarg, strlen(optarg), &job->options.at_us))
				return usage();
			break;
		case 'p': job->people_path = optarg; break;
		default: return usage();
		}
	}
	if (leave != EXIT_CLEAR)
		return leave;
	if (argc - optind != 1)
		return usage();
	job->path = argv[optind];
	return EXIT_CLEAR;
}

/* A text with problems is told as `policy check` does; one that only aims at a firm rule goes on. */
static int read_policy(struct job *job)
{
	struct pv_policy_problems problems = {0};
	struct pv_str text;
	enum pv_status status = pv_cli_read_policy(job->mem, job->path, &text, &job->error);
	if (status != PV_OK)
		return fail(job, status == PV_TOO_LARGE ? EXIT_PROBLEM : EXIT_FAILED);
	status = pv_policy_parse(
		job->mem, text.bytes, text.size, job->path, &job->policy, &problems, &job->error);
	for (size_t i = 0; i < problems.n; i++)
		fprintf(stderr, "%s:%d:%d: %s\n", job->path, problems.items[i].line,
			problems.items[i].column, pv_cli_words(&problems.items[i].message));
	if (job->policy)
		return EXIT_CLEAR;
	return status == PV_INVALID ? EXIT_PROBLEM : fail(job, EXIT_FAILED);
}

static int read_guarantees(struct job *job)
{
	struct pv_guarantee_place place;
	const char *text = pv_buf_end(&job->guarantees);
	if (!text) {
		pv_fail_nomem(&job->error);
		return fail(job, EXIT_FAILED);
	}
	enum pv_status status = pv_guarantees_parse(job->mem, job->policy, text,
		job->guarantees.size, &job->options.guarantees, &place, &job->error);
	if (status == PV_OK)
		return EXIT_CLEAR;
	if (status != PV_INVALID)
		return fail(job, EXIT_FAILED);
	fprintf(stderr, "portevoix policy analyze: %d:%d: %s\n", place.line, place.column,
		pv_cli_words(&job->error.words));
	return EXIT_USAGE;
}

/* The people of a case are read as those of a case. */
static int read_people(struct job *job)
{
	struct pv_buf text = PV_BUF(job->mem, TEXT_MAX);
	struct pv_case *c;
	if (!job->people_path)
		return EXIT_CLEAR;
	pv_buf_text(&text, "{\"account\":\"-\",\"author\":\"-\",\"at\":\"2026-01-01T00:00:00Z\","
			   "\"post\":{},\"people\":");
	if (!read_text(job, job->people_path, &text))
		return fail(job, EXIT_FAILED);
	pv_buf_char(&text, '}');
	const char *json = pv_buf_end(&text);
	if (!json || pv_case_parse(job->mem, json, text.size, &c, NULL, NULL, &job->error) != PV_OK)
		return fail(job, json ? EXIT_USAGE : EXIT_FAILED);
	static const struct pv_case_person nobody;
	job->options.people = c->n_people ? c->people : &nobody;
	job->options.n_people = c->n_people;
	return EXIT_CLEAR;
}

/* ---- words -------------------------------------------------------------------------------------------- */

static void print_witness(const char *head, const struct pv_witness *witness)
{
	if (!witness->json)
		return;
	printf("     %s %s → %s\n", head, pv_cli_words(&witness->words),
		pv_cli_words(pv_verdict_words(witness->verdict)));
}

static void print_finding(const struct pv_analysis_finding *finding)
{
	static const struct pv_words example = {"Exemple :", "Example:"};
	static const struct pv_words instead = {"Déclarée autrement :", "Declared otherwise:"};
	static const struct pv_words marks[PV_SEVERITIES] = {
		[PV_SEVERITY_REMARK] = {"À savoir", "To know"},
		[PV_SEVERITY_PROBLEM] = {"À revoir", "To mend"},
	};
	printf("   - %s. %s\n", pv_cli_words(&marks[finding->severity]),
		pv_cli_words(&finding->words));
	print_witness(pv_cli_words(&example), &finding->witness);
	print_witness(pv_cli_words(&instead), &finding->instead);
}

static void print_words(const struct pv_analysis *analysis)
{
	static const struct pv_words example = {"Exemple :", "Example:"};
	static const struct pv_words heading = {"Garanties", "Guarantees"};
	for (int i = 0; i < PV_QUESTIONS; i++) {
		const struct pv_analysis_question *question = &analysis->questions[i];
		printf("%s%d. %s\n   %s\n", i ? "\n" : "", question->number,
			pv_cli_words(&question->question), pv_cli_words(&question->sentence));
		for (size_t f = 0; f < question->n_findings; f++)
			print_finding(&question->findings[f]);
	}
	if (analysis->n_guarantees)
		printf("\n%s\n", pv_cli_words(&heading));
	for (size_t i = 0; i < analysis->n_guarantees; i++) {
		const struct pv_guarantee_answer *answer = &analysis->guarantees[i];
		printf("   - %s\n     %s\n",
			answer->label.fr ? pv_cli_words(&answer->label) : answer->text,
			pv_cli_words(&answer->sentence));
		print_witness(pv_cli_words(&example), &answer->witness);
	}
}

static int print(struct job *job, const struct pv_analysis *analysis)
{
	if (job->json) {
		PV_JSON json_t *whole = pv_analysis_to_json(analysis);
		char *line = whole ? pv_json_dump(job->mem, whole) : NULL;
		if (!line) {
			pv_fail_nomem(&job->error);
			return fail(job, EXIT_FAILED);
		}
		puts(line);
	} else {
		print_words(analysis);
	}
	if (fflush(stdout) != 0)
		return EXIT_FAILED;
	return pv_analysis_clear(analysis) ? EXIT_CLEAR : EXIT_PROBLEM;
}

int pv_cli_policy_analyze(int argc, char **argv)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct job job = {.mem = scope, .options.at_us = PV_TIME_NONE};
	struct pv_analysis *analysis;
	job.error = PV_ERROR_IN(scope);
	job.guarantees = PV_BUF(scope, TEXT_MAX);
	int leave = read_options(&job, argc, argv);
	if (leave < 0)
		return EXIT_CLEAR;
	if (leave == EXIT_CLEAR)
		leave = read_policy(&job);
	if (leave == EXIT_CLEAR)
		leave = read_guarantees(&job);
	if (leave == EXIT_CLEAR)
		leave = read_people(&job);
	if (leave != EXIT_CLEAR)
		return leave;
	if (job.options.at_us == PV_TIME_NONE) {
		struct pv_env *env;
		if (pv_env_real(scope, &env, &job.error) != PV_OK)
			return fail(&job, EXIT_FAILED);
		job.options.at_us = pv_env_now_us(env);
	}
	if (pv_analyze(scope, job.policy, &job.options, &analysis, &job.error) != PV_OK)
		return fail(&job, EXIT_FAILED);
	return print(&job, analysis);
}
