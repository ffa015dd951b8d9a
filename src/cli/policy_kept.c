/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* portevoix policy guarantee|cases: what every version of a policy is held against. */
#include "cli/commands.h"
#include "cli/common.h"
#include "desk/policy_life.h"

#include <stdio.h>
#include <string.h>

static const char guarantee_help[] =
	"portevoix policy guarantee add ORGANIZATION TEXT [--note TEXT]\n"
	"portevoix policy guarantee list ORGANIZATION\n"
	"portevoix policy guarantee remove GUARANTEE\n"
	"\n"
	"What must stay true of every version that is adopted, one question a line:\n"
	"docs/policy-analysis.md has the grammar.\n"
	"  --as PERSON                  done as this person, as far as their role allows\n"
	"  --data DIR  --database URL   where the desk is ($PORTEVOIX_DATA, $PORTEVOIX_DATABASE)\n"
	"\n"
	"Example:\n"
	"  portevoix policy guarantee add coop 'never: origin own_creation, stance organisation, "
	"verdict below approve'\n";

static const char cases_help[] =
	"portevoix policy cases list ORGANIZATION\n"
	"portevoix policy cases replace ORGANIZATION < CASES\n"
	"\n"
	"An organisation's example posts with the verdict it expects, JSON Lines as in\n"
	"docs/policy-format.md (\"A case\"), each with an id of its own and an \"expect\". "
	"Adopting a\n"
	"version runs them. A text with problems replaces nothing; each is told as LINE:COLUMN: "
	"message.\n"
	"  --as PERSON                  done as this person, as far as their role allows\n"
	"  --data DIR  --database URL   where the desk is ($PORTEVOIX_DATA, $PORTEVOIX_DATABASE)\n"
	"\n"
	"Example:\n"
	"  portevoix policy cases replace coop < cases.jsonl\n";

static json_t *guarantee_json(const struct pv_guarantee_row *row)
{
	return json_pack("{s:s,s:s,s:s,s:s,s:s,s:o}", "id", row->id, "organization_id",
		row->organization_id, "text", row->text, "note", row->note, "created_by",
		row->created_by, "created_at", pv_cli_time(row->created_at_us));
}

static enum pv_status run_add(struct pv_cli *cli)
{
	struct pv_actor actor;
	struct pv_guarantee_row row;
	const char *in_force;
	enum pv_status status = pv_cli_actor(cli, &actor);
	if (status == PV_OK)
		status = pv_desk_guarantee_add(cli->desk, cli->mem, &actor, cli->words[0],
			cli->words[1], pv_json_text(cli->asked, "note"), &row, &in_force,
			&cli->error);
	if (status != PV_OK)
		return status;
	json_t *json = guarantee_json(&row);
	json_object_set_new(json, "in_force", json_string(in_force));
	return pv_cli_print(cli, json);
}

static enum pv_status run_guarantees(struct pv_cli *cli)
{
	struct pv_guarantee_row *rows = NULL;
	size_t n = 0;
	enum pv_status status = pv_desk_guarantee_list(
		cli->desk, cli->mem, &pv_actor_desk, cli->words[0], &rows, &n, &cli->error);
	for (size_t i = 0; status == PV_OK && i < n; i++)
		status = pv_cli_print(cli, guarantee_json(&rows[i]));
	return status;
}

static enum pv_status run_remove(struct pv_cli *cli)
{
	struct pv_actor actor;
	enum pv_status status = pv_cli_actor(cli, &actor);
	return status == PV_OK ? pv_desk_guarantee_remove(
					 cli->desk, cli->mem, &actor, cli->words[0], &cli->error)
			       : status;
}

static enum pv_status run_cases(struct pv_cli *cli)
{
	struct pv_policy_case_row *rows = NULL;
	size_t n = 0;
	enum pv_status status = pv_desk_cases_list(
		cli->desk, cli->mem, &pv_actor_desk, cli->words[0], &rows, &n, &cli->error);
	for (size_t i = 0; status == PV_OK && i < n; i++)
		printf("%s\n", rows[i].line);
	return status;
}

static enum pv_status run_replace(struct pv_cli *cli)
{
	struct pv_actor actor;
	struct pv_case_problems problems = {0};
	struct pv_buf text = PV_BUF(cli->mem, PV_CASES_BYTES_MAX + 1);
	char part[4096];
	size_t n;
	while ((n = fread(part, 1, sizeof part, stdin)) > 0)
		pv_buf_add(&text, part, n);
	enum pv_status status = pv_cli_actor(cli, &actor);
	if (status == PV_OK && text.failed)
		return pv_fail(&cli->error, PV_TOO_LARGE, "%d octets au plus.", "At most %d bytes.",
			PV_CASES_BYTES_MAX);
	if (status == PV_OK)
		status = pv_desk_cases_replace(cli->desk, cli->mem, &actor, cli->words[0],
			text.bytes ? text.bytes : "", text.size, &problems, &cli->error);
	for (size_t i = 0; i < problems.n; i++)
		fprintf(stderr, "%d:%d: %s\n", problems.items[i].line, problems.items[i].column,
			pv_cli_words(&problems.items[i].message));
	/* Nothing was typed wrong at the command itself: the answer is no. */
	return status == PV_INVALID && problems.n ? PV_REFUSED : status;
}

int pv_cli_policy_kept(int argc, char **argv)
{
	static const struct pv_cli_option adding[] = {
		{"note", PV_CLI_TEXT, "@note"}, {"as", PV_CLI_TEXT, "@as"}, {0}};
	static const struct pv_cli_option acting[] = {{"as", PV_CLI_TEXT, "@as"}, {0}};
	static const struct pv_cli_verb guarantees[] = {{"add", 2, adding, run_add, 0},
		{"list", 1, NULL, run_guarantees, 0}, {"remove", 1, acting, run_remove, 0}, {0}};
	static const struct pv_cli_verb cases[] = {
		{"list", 1, NULL, run_cases, 0}, {"replace", 1, acting, run_replace, 0}, {0}};
	bool guarantee = strcmp(argv[1], "guarantee") == 0;
	return pv_cli_run(argc - 1, argv + 1, guarantee ? guarantee_help : cases_help,
		guarantee ? guarantees : cases);
}
