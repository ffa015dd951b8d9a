/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* portevoix policy adopt|list|replay --draft: the versions of an organisation's policy, on a desk. */
#include "cli/commands.h"
#include "cli/common.h"
#include "desk/replay.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char help[] =
	"portevoix policy check FILE…\n"
	"portevoix policy adopt ORGANIZATION FILE [--note TEXT] [--from TIME]\n"
	"portevoix policy list ORGANIZATION\n"
	"portevoix policy replay --draft ID [--months N] [--against kept|in_force|ID]\n"
	"\n"
	"`adopt` keeps FILE as the organisation's next version and adopts it, from now or from "
	"TIME\n"
	"(RFC 3339); a text with problems is not kept, each is told as FILE:LINE:COLUMN: message.\n"
	"`list` gives the versions as JSON lines, the newest first.\n"
	"`replay` says of what the organisation published in the last months (12, unless said\n"
	"otherwise) what the version ID would have said: a JSON line for each verdict that "
	"changes,\n"
	"the latest first, then the sums (docs/policy-replay.md). What was is the verdict of the\n"
	"present policy, what was answered then (kept), or another version's.\n"
	"  --data DIR  --database URL   where the desk is ($PORTEVOIX_DATA, $PORTEVOIX_DATABASE)\n"
	"\n"
	"Example:\n"
	"  portevoix policy adopt coop policies/seed.yaml --data var/desk --note 'First version'\n";

static json_t *policy_json(const struct pv_policy_row *row)
{
	return json_pack("{s:s,s:s,s:I,s:s,s:s,s:s,s:s,s:o,s:s?,s:o,s:o}", "id", row->id,
		"organization_id", row->organization_id, "version", (json_int_t)row->version,
		"state", row->state, "digest", row->digest, "note", row->note, "created_by",
		row->created_by, "created_at", pv_cli_time(row->created_at_us), "adopted_by",
		row->adopted_by, "adopted_at", pv_cli_time(row->adopted_at_us), "effective_at",
		pv_cli_time(row->effective_at_us));
}

static enum pv_status read_from(struct pv_cli *cli, int64_t *out_us)
{
	const char *from = pv_json_text(cli->asked, "from");
	*out_us = PV_TIME_NONE;
	if (from && !pv_time_parse(from, strlen(from), out_us))
		return pv_fail(&cli->error, PV_INVALID,
			"--from attend une date comme 2026-03-02T12:00:00Z.",
			"--from takes a date like 2026-03-02T12:00:00Z.");
	return PV_OK;
}

static enum pv_status run_adopt(struct pv_cli *cli)
{
	struct pv_policy_row row;
	struct pv_policy_problems problems = {0};
	struct pv_str text;
	int64_t from_us = PV_TIME_NONE;
	enum pv_status status = read_from(cli, &from_us);
	if (status == PV_OK)
		status = pv_cli_read_policy(cli->mem, cli->words[1], &text, &cli->error);
	if (status == PV_OK)
		status = pv_desk_policy_draft(cli->desk, cli->mem, &pv_actor_desk, cli->words[0],
			text.bytes, pv_json_text(cli->asked, "note"), &row, &problems, &cli->error);
	for (size_t i = 0; i < problems.n; i++)
		fprintf(stderr, "%s:%d:%d: %s\n", cli->words[1], problems.items[i].line,
			problems.items[i].column, pv_cli_words(&problems.items[i].message));
	/* Nothing was typed wrong: the answer is no. */
	if (status == PV_INVALID && problems.n > 0)
		return PV_REFUSED;
	if (status == PV_OK)
		status = pv_desk_policy_adopt(
			cli->desk, cli->mem, &pv_actor_desk, row.id, from_us, &row, &cli->error);
	return status == PV_OK ? pv_cli_print(cli, policy_json(&row)) : status;
}

static enum pv_status run_list(struct pv_cli *cli)
{
	struct pv_policy_row *rows = NULL;
	size_t n = 0;
	enum pv_status status = pv_desk_policy_list(
		cli->desk, cli->mem, &pv_actor_desk, cli->words[0], &rows, &n, &cli->error);
	for (size_t i = 0; status == PV_OK && i < n; i++)
		status = pv_cli_print(cli, policy_json(&rows[i]));
	return status;
}

static json_t *figure_json(int64_t figure)
{
	return figure < 0 ? json_null() : json_integer((json_int_t)figure);
}

static enum pv_status print_changed(struct pv_cli *cli, const struct pv_replay_post_row *row)
{
	json_t *rules = json_array();
	for (size_t i = 0; i < row->n_decided_by; i++)
		json_array_append_new(rules, json_string(row->decided_by[i]));
	return pv_cli_print(cli,
		json_pack("{s:s,s:s,s:s,s:o,s:s?,s:s?,s:s,s:o,s:b,s:o,s:o,s:s?}", "id", row->id,
			"was", pv_verdict_name(row->was), "is", pv_verdict_name(row->is),
			"decided_by", rules, "variant", row->variant_id, "account", row->account,
			"text", row->text, "at", pv_cli_time(row->at_us), "human", row->human,
			"reads", figure_json(row->reads), "comments", figure_json(row->comments),
			"permalink", row->permalink));
}

/* A post whose case is not there any more is told; the rest stands. */
static enum pv_status print_replay(struct pv_cli *cli, const struct pv_desk_replay *replay)
{
	enum pv_status status = PV_OK;
	for (size_t i = 0; status == PV_OK && i < replay->n_changed; i++)
		status = print_changed(cli, &replay->changed[i]);
	for (size_t i = 0; i < replay->n_problems; i++)
		fprintf(stderr, "portevoix policy replay: %s: %s\n", replay->problems[i].id,
			pv_cli_words(&replay->problems[i].message));
	return status == PV_OK ? pv_cli_print(cli, json_pack("{s:o}", "summary",
							   pv_cli_parsed(replay->summary)))
			       : status;
}

static enum pv_status run_replay(struct pv_cli *cli)
{
	const char *id = pv_json_text(cli->asked, "draft");
	const char *months = pv_json_text(cli->asked, "months");
	struct pv_desk_replay *replay = NULL;
	struct pv_replay_in in = {.against = pv_json_text(cli->asked, "against")};
	if (months) {
		char *end;
		long n = strtol(months, &end, 10);
		in.months =
			end != months && !*end && n >= 1 && n <= PV_REPLAY_MONTHS_MAX ? (int)n : -1;
	}
	enum pv_status status = pv_desk_policy_replay(
		cli->desk, cli->mem, &pv_actor_desk, id ? id : "", &in, &replay, &cli->error);
	return status == PV_OK ? print_replay(cli, replay) : status;
}

int pv_cli_policy_desk(int argc, char **argv)
{
	static const struct pv_cli_option adopting[] = {
		{"note", PV_CLI_TEXT, "@note"}, {"from", PV_CLI_TEXT, "@from"}, {0}};
	static const struct pv_cli_option replaying[] = {{"draft", PV_CLI_TEXT, "@draft"},
		{"months", PV_CLI_TEXT, "@months"}, {"against", PV_CLI_TEXT, "@against"}, {0}};
	static const struct pv_cli_verb verbs[] = {{"adopt", 2, adopting, run_adopt},
		{"list", 1, NULL, run_list}, {"replay", 0, replaying, run_replay}, {0}};
	return pv_cli_run(argc, argv, help, verbs);
}
