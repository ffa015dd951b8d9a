/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* portevoix policy check FILE…, and the way to the other verbs */
#include "base/mem.h"
#include "base/str.h"
#include "cli/commands.h"
#include "policy/policy.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

static const char help[] =
	"portevoix policy check FILE…\n"
	"\n"
	"Reads editorial policies and prints each problem as FILE:LINE:COLUMN: message.\n"
	"Exit status: 0 all are sound, 1 at least one problem, 2 wrong usage, 3 a file cannot be "
	"read.\n"
	"\n"
	"Example:\n"
	"  portevoix policy check policies/*.yaml\n"
	"\n"
	"What a policy says of every post: portevoix policy analyze --help.\n"
	"What a policy would have said of past posts: portevoix policy replay --help.\n"
	"On a desk: portevoix policy adopt --help; portevoix policy guarantee|cases|exception "
	"--help.\n";

bool pv_cli_in_french(void)
{
	static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
	for (size_t i = 0; i < PV_COUNT(names); i++) {
		const char *value = getenv(names[i]);
		if (value && *value)
			return strncmp(value, "fr", 2) == 0;
	}
	return false;
}

const char *pv_cli_words(const struct pv_words *words)
{
	return pv_cli_in_french() ? words->fr : words->en;
}

enum pv_status pv_cli_read_policy(
	TALLOC_CTX *mem, const char *path, struct pv_str *out, struct pv_error *error)
{
	FILE *file = fopen(path, "rb");
	if (!file)
		return pv_fail(error, errno == ENOENT ? PV_NOT_FOUND : PV_UNAVAILABLE,
			"%s ne s'ouvre pas : %s.", "%s cannot be opened: %s.", path,
			strerror(errno));
	struct pv_buf text = PV_BUF(mem, PV_POLICY_BYTES_MAX + 1);
	char block[1 << 14];
	size_t n;
	while (!text.failed && (n = fread(block, 1, sizeof block, file)) > 0)
		pv_buf_add(&text, block, n);
	bool failed = ferror(file) != 0;
	int problem = errno;
	fclose(file);
	if (failed)
		return pv_fail(error, PV_UNAVAILABLE, "%s ne se lit pas : %s.",
			"%s cannot be read: %s.", path, strerror(problem));
	if (text.failed)
		return pv_fail(error, PV_TOO_LARGE, "%s dépasse %d octets.", "%s is over %d bytes.",
			path, PV_POLICY_BYTES_MAX);
	*out = (struct pv_str){.bytes = pv_buf_end(&text), .size = text.size};
	return PV_OK;
}

/* 0, 1 or 3, as the command's exit status. */
static int check_one(const char *path)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_error error = PV_ERROR_IN(scope);
	struct pv_policy *policy;
	struct pv_policy_problems problems = {0};
	struct pv_str text;
	enum pv_status status = pv_cli_read_policy(scope, path, &text, &error);
	if (status == PV_OK)
		status = pv_policy_parse(
			scope, text.bytes, text.size, path, &policy, &problems, &error);
	for (size_t i = 0; i < problems.n; i++)
		printf("%s:%d:%d: %s\n", path, problems.items[i].line, problems.items[i].column,
			pv_cli_words(&problems.items[i].message));
	if (status == PV_OK)
		return 0;
	if (status == PV_INVALID)
		return 1;
	if (status == PV_TOO_LARGE) {
		printf("%s:1:1: %s\n", path, pv_cli_words(&error.words));
		return 1;
	}
	fprintf(stderr, "portevoix: %s\n", pv_cli_words(&error.words));
	return 3;
}

/* `replay --draft ID` asks a desk; without it, cases come by standard input. */
static bool of_a_draft(int argc, char **argv)
{
	for (int i = 2; i < argc; i++)
		if (strncmp(argv[i], "--draft", 7) == 0 && (!argv[i][7] || argv[i][7] == '='))
			return true;
	return false;
}

/* `check` of files needs no desk; of a version it is told where one is. */
static bool names_a_desk(int argc, char **argv)
{
	for (int i = 2; i < argc; i++)
		if (strncmp(argv[i], "--data", 6) == 0)
			return true;
	return false;
}

int pv_cli_policy(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "replay") == 0)
		return of_a_draft(argc, argv) ? pv_cli_policy_desk(argc, argv)
					      : pv_cli_policy_replay(argc - 1, argv + 1);
	static const struct {
		const char *name;
		int (*run)(int argc, char **argv);
	} others[] = {
		{"draft", pv_cli_policy_desk},
		{"edit", pv_cli_policy_desk},
		{"drop", pv_cli_policy_desk},
		{"show", pv_cli_policy_desk},
		{"adopt", pv_cli_policy_desk},
		{"list", pv_cli_policy_desk},
		{"difference", pv_cli_policy_desk},
		{"guarantee", pv_cli_policy_kept},
		{"cases", pv_cli_policy_kept},
		{"exception", pv_cli_policy_exception},
	};
	for (size_t i = 0; argc > 1 && i < PV_COUNT(others); i++)
		if (strcmp(argv[1], others[i].name) == 0)
			return others[i].run(argc, argv);
	if (argc > 1 && strcmp(argv[1], "check") == 0 && names_a_desk(argc, argv))
		return pv_cli_policy_desk(argc, argv);
	if (argc > 1 && strcmp(argv[1], "analyze") == 0)
		return pv_cli_policy_analyze(argc - 1, argv + 1);
	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
			fputs(help, stdout);
			return 0;
		}
	if (argc < 3 || strcmp(argv[1], "check") != 0) {
		fputs(help, stderr);
		return 2;
	}
	int worst = 0;
	for (int i = 2; i < argc; i++) {
		int status = check_one(argv[i]);
		worst = status > worst ? status : worst;
	}
	if (fflush(stdout) != 0)
		return 3;
	return worst;
}
