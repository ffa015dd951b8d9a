/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* portevoix policy exception ask|list|grant|refuse|end */
#include "cli/commands.h"
#include "cli/common.h"
#include "desk/exceptions.h"

#include <string.h>

static const char help[] =
	"portevoix policy exception ask ORGANIZATION --as PERSON --lift RULE… --when JSON\n"
	"                           --from DAY --until DAY --reason TEXT [--post VARIANT]\n"
	"portevoix policy exception list ORGANIZATION\n"
	"portevoix policy exception grant EXCEPTION --as PERSON\n"
	"portevoix policy exception refuse EXCEPTION --as PERSON --word TEXT\n"
	"portevoix policy exception end EXCEPTION --as PERSON [--word TEXT]\n"
	"\n"
	"Exceptions to the policy in force: asked for by one person, granted by another, over with "
	"their\n"
	"last day. One JSON object a line. JSON is a condition as policies have it; DAY is\n"
	"2026-03-31, both included; VARIANT is the post it is asked for, if for one.\n"
	"  --data DIR  --database URL   where the desk is ($PORTEVOIX_DATA, $PORTEVOIX_DATABASE)\n"
	"\n"
	"Example:\n"
	"  portevoix policy exception ask coop --as marc --lift other-house --when '{\"topic\":"
	"\"fair\"}' \\\n"
	"    --from 2026-03-02 --until 2026-03-31 --reason 'A fair held together.'\n";

static json_t *exception_json(const struct pv_desk_exception *exception)
{
	const struct pv_policy_exception_row *row = &exception->row;
	return json_pack("{s:s,s:s,s:o,s:o,s:s,s:s,s:o,s:s?,s:s,s:b,s:s,s:o,s:s?,s:o,s:s?,s:o,s:s}",
		"id", row->id, "organization_id", row->organization_id, "lifts",
		pv_cli_parsed(row->lifts), "when", pv_cli_parsed(row->condition), "from",
		row->from_day, "until", row->until_day, "reason", pv_cli_parsed(row->reason),
		"variant_id", row->variant_id, "state", exception->state, "in_force",
		exception->in_force, "asked_by", row->asked_by, "asked_at",
		pv_cli_time(row->asked_at_us), "decided_by", row->decided_by, "decided_at",
		pv_cli_time(row->decided_at_us), "ended_by", row->ended_by, "ended_at",
		pv_cli_time(row->ended_at_us), "word", row->word);
}

static enum pv_status answer(
	struct pv_cli *cli, enum pv_status status, const struct pv_desk_exception *exception)
{
	return status == PV_OK ? pv_cli_print(cli, exception_json(exception)) : status;
}

static enum pv_status run_ask(struct pv_cli *cli)
{
	struct pv_actor actor;
	struct pv_desk_exception exception;
	const char *when = pv_json_text(cli->asked, "when");
	json_t *condition = NULL;
	enum pv_status status = pv_cli_actor(cli, &actor);
	if (status == PV_OK && when)
		status = pv_json_parse(when, strlen(when), &condition, &cli->error);
	if (status == PV_OK && condition && json_object_set_new(cli->form, "when", condition) != 0)
		status = pv_fail_nomem(&cli->error);
	if (status == PV_OK)
		status = pv_desk_exception_ask(cli->desk, cli->mem, &actor, cli->words[0],
			cli->form, &exception, &cli->error);
	return answer(cli, status, &exception);
}

static enum pv_status run_list(struct pv_cli *cli)
{
	struct pv_desk_exception *items = NULL;
	const char *before = NULL;
	size_t n = 1;
	enum pv_status status = PV_OK;
	while (status == PV_OK && n > 0) {
		status = pv_desk_exception_list(cli->desk, cli->mem, &pv_actor_desk, cli->words[0],
			before, 200, &items, &n, &cli->error);
		for (size_t i = 0; status == PV_OK && i < n; i++)
			status = pv_cli_print(cli, exception_json(&items[i]));
		if (status == PV_OK && n > 0)
			before = items[n - 1].row.id;
	}
	return status;
}

static enum pv_status run_grant(struct pv_cli *cli)
{
	struct pv_actor actor;
	struct pv_desk_exception exception;
	enum pv_status status = pv_cli_actor(cli, &actor);
	if (status == PV_OK)
		status = pv_desk_exception_grant(
			cli->desk, cli->mem, &actor, cli->words[0], &exception, &cli->error);
	return answer(cli, status, &exception);
}

static enum pv_status run_refuse(struct pv_cli *cli)
{
	struct pv_actor actor;
	struct pv_desk_exception exception;
	enum pv_status status = pv_cli_actor(cli, &actor);
	if (status == PV_OK)
		status = pv_desk_exception_refuse(cli->desk, cli->mem, &actor, cli->words[0],
			pv_json_text(cli->asked, "word"), &exception, &cli->error);
	return answer(cli, status, &exception);
}

static enum pv_status run_end(struct pv_cli *cli)
{
	struct pv_actor actor;
	struct pv_desk_exception exception;
	enum pv_status status = pv_cli_actor(cli, &actor);
	if (status == PV_OK)
		status = pv_desk_exception_end(cli->desk, cli->mem, &actor, cli->words[0],
			pv_json_text(cli->asked, "word"), &exception, &cli->error);
	return answer(cli, status, &exception);
}

int pv_cli_policy_exception(int argc, char **argv)
{
	static const struct pv_cli_option asking[] = {{"as", PV_CLI_TEXT, "@as"},
		{"lift", PV_CLI_LIST, "lifts"}, {"when", PV_CLI_TEXT, "@when"},
		{"from", PV_CLI_TEXT, "from"}, {"until", PV_CLI_TEXT, "until"},
		{"reason", PV_CLI_TEXT, "reason"}, {"post", PV_CLI_TEXT, "variant"}, {0}};
	static const struct pv_cli_option answering[] = {
		{"as", PV_CLI_TEXT, "@as"}, {"word", PV_CLI_TEXT, "@word"}, {0}};
	static const struct pv_cli_verb verbs[] = {{"ask", 1, asking, run_ask, 0},
		{"list", 1, NULL, run_list, 0}, {"grant", 1, answering, run_grant, 0},
		{"refuse", 1, answering, run_refuse, 0}, {"end", 1, answering, run_end, 0}, {0}};
	return pv_cli_run(argc - 1, argv + 1, help, verbs);
}
