/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* portevoix delegation add|list|end */
#include "cli/commands.h"
#include "cli/common.h"
#include "desk/delegations.h"

static const char help[] =
	"portevoix delegation add ORGANIZATION --person PERSON --to PERSON [--from TIME] --until "
	"TIME\n"
	"                         [--why TEXT]\n"
	"portevoix delegation list ORGANIZATION\n"
	"portevoix delegation end DELEGATION\n"
	"\n"
	"Who stands in for whom while they are away: from --from (now, unless said otherwise) to\n"
	"--until, --to approves with the policy roles of --person as well as with their own. One "
	"JSON\n"
	"object a line; PERSON is an id, slug or login, TIME is 2026-03-02T12:00:00Z. `list` "
	"shows what\n"
	"stands now and what is to come. `end` is coming back sooner: what was approved meanwhile "
	"stays\n"
	"approved, and what had not begun is withdrawn; one that is over stays as it is.\n"
	"  --as PERSON                  done as this person, as far as their role allows\n"
	"  --data DIR  --database URL   where the desk is ($PORTEVOIX_DATA, $PORTEVOIX_DATABASE)\n"
	"\n"
	"Example:\n"
	"  portevoix delegation add coop --person anne --to lea --until 2027-01-04T13:00:00Z \\\n"
	"      --why 'Congés' --data var/desk\n";

static json_t *delegation_json(const struct pv_delegation_row *row)
{
	return json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:o,s:o,s:o,s:s,s:s,s:o}", "id", row->id,
		"organization_id", row->organization_id, "person_id", row->person_id, "person",
		row->person_name, "to_id", row->to_id, "to", row->to_name, "policy_roles",
		pv_cli_parsed(row->policy_roles), "from", pv_cli_time(row->from_at_us), "until",
		pv_cli_time(row->until_at_us), "why", row->why, "created_by", row->created_by,
		"created_at", pv_cli_time(row->created_at_us));
}

/* A person named by slug or login, as the form has it: by id. */
static enum pv_status put_person(struct pv_cli *cli, const char *option, const char *member)
{
	const char *name = pv_json_text(cli->asked, option), *id = NULL;
	if (!name)
		return PV_OK; /* the desk says what is missing */
	enum pv_status status = pv_cli_person(cli, name, &id);
	if (status == PV_OK && json_object_set_new(cli->form, member, json_string(id)) != 0)
		status = pv_fail_nomem(&cli->error);
	return status;
}

static enum pv_status run_add(struct pv_cli *cli)
{
	struct pv_actor actor;
	struct pv_delegation_row row;
	enum pv_status status = pv_cli_actor(cli, &actor);
	if (status == PV_OK)
		status = put_person(cli, "person", "person");
	if (status == PV_OK)
		status = put_person(cli, "to", "to");
	if (status == PV_OK)
		status = pv_desk_delegation_add(
			cli->desk, cli->mem, &actor, cli->words[0], cli->form, &row, &cli->error);
	return status == PV_OK ? pv_cli_print(cli, delegation_json(&row)) : status;
}

static enum pv_status run_list(struct pv_cli *cli)
{
	struct pv_delegation_row *rows = NULL;
	size_t n = 0;
	enum pv_status status = pv_desk_delegation_list(
		cli->desk, cli->mem, &pv_actor_desk, cli->words[0], &rows, &n, &cli->error);
	for (size_t i = 0; status == PV_OK && i < n; i++)
		status = pv_cli_print(cli, delegation_json(&rows[i]));
	return status;
}

static enum pv_status run_end(struct pv_cli *cli)
{
	struct pv_actor actor;
	enum pv_status status = pv_cli_actor(cli, &actor);
	return status == PV_OK
		       ? pv_desk_delegation_end(cli->desk, &actor, cli->words[0], &cli->error)
		       : status;
}

int pv_cli_delegation(int argc, char **argv)
{
	static const struct pv_cli_option adding[] = {{"person", PV_CLI_TEXT, "@person"},
		{"to", PV_CLI_TEXT, "@to"}, {"from", PV_CLI_TEXT, "from"},
		{"until", PV_CLI_TEXT, "until"}, {"why", PV_CLI_TEXT, "why"},
		{"as", PV_CLI_TEXT, "@as"}, {0}};
	static const struct pv_cli_option acting[] = {{"as", PV_CLI_TEXT, "@as"}, {0}};
	static const struct pv_cli_verb verbs[] = {{"add", 1, adding, run_add, 0},
		{"list", 1, NULL, run_list, 0}, {"end", 1, acting, run_end, 0}, {0}};
	return pv_cli_run(argc, argv, help, verbs);
}
