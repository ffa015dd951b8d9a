/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* portevoix interest add|list|change|end */
#include "cli/commands.h"
#include "cli/common.h"
#include "desk/people.h"
#include "desk/register.h"

static const char help[] =
	"portevoix interest add (--person PERSON | --organization ORGANIZATION) --name NAME…\n"
	"                       --relation RELATION [--org ID] [--domain DOMAIN]… [--handle "
	"@NAME]…\n"
	"                       [--feed URL]… [--until YYYY-MM-DD]\n"
	"portevoix interest list (--person PERSON | --organization ORGANIZATION)\n"
	"portevoix interest change ID [--name NAME]… [--relation RELATION] [--domain DOMAIN]… …\n"
	"portevoix interest end ID\n"
	"\n"
	"Registers of interests, one JSON object a line. RELATION is author, owner, employee, "
	"client,\n"
	"family, paid or gifted. A DOMAIN may have a path (host.example/@marc); of a feed that the "
	"desk\n"
	"follows, every article is recognised. What change is given stands for what was there, and "
	"the rest\n"
	"stays; an entry that ends is kept for the judgements that used it.\n"
	"  --data DIR  --database URL   where the desk is ($PORTEVOIX_DATA, $PORTEVOIX_DATABASE)\n"
	"\n"
	"Example:\n"
	"  portevoix interest add --data var/desk --person marc --name 'Carnet de Marc' \\\n"
	"      --relation author --domain carnetdemarc.example\n";

static json_t *interest_json(const struct pv_interest_row *row)
{
	return json_pack("{s:s,s:s,s:s?,s:o,s:s,s:s?,s:o,s:o,s:o,s:s?,s:o}", "id", row->id,
		"organization_id", row->organization_id, "person_id", row->person_id, "names",
		pv_cli_parsed(row->names), "relation", row->relation, "org", row->org, "domains",
		pv_cli_parsed(row->domains), "handles", pv_cli_parsed(row->handles), "feeds",
		pv_cli_parsed(row->feeds), "until", row->until_day, "created_at",
		pv_cli_time(row->created_at_us));
}

/* Whose register: the person's id, or NULL for the organisation's that the form names. */
static enum pv_status whose(struct pv_cli *cli, const char *organization, const char **out_person)
{
	const char *person = pv_json_text(cli->asked, "person");
	*out_person = NULL;
	if (!person == !organization)
		return pv_fail(&cli->error, PV_INVALID,
			"Donnez --person ou --organization, l'un des deux.",
			"Give --person or --organization, one of the two.");
	return person ? pv_cli_person(cli, person, out_person) : PV_OK;
}

static enum pv_status run_add(struct pv_cli *cli)
{
	struct pv_interest_row row;
	const char *person_id = NULL;
	enum pv_status status = whose(cli, pv_json_text(cli->form, "organization"), &person_id);
	if (status != PV_OK)
		return status;
	status = person_id ? pv_desk_interest_add_for(cli->desk, cli->mem, &pv_actor_desk,
				     person_id, cli->form, &row, &cli->error)
			   : pv_desk_interest_add(cli->desk, cli->mem, &pv_actor_desk, cli->form,
				     &row, &cli->error);
	return status == PV_OK ? pv_cli_print(cli, interest_json(&row)) : status;
}

static enum pv_status run_list(struct pv_cli *cli)
{
	struct pv_interest_row *rows = NULL;
	const char *person_id = NULL, *organization = pv_json_text(cli->form, "organization");
	size_t n = 0;
	enum pv_status status = whose(cli, organization, &person_id);
	const struct pv_actor self = {.person_id = person_id};
	if (status == PV_OK)
		status = pv_desk_interest_list(cli->desk, cli->mem,
			person_id ? &self : &pv_actor_desk, person_id ? NULL : organization, &rows,
			&n, &cli->error);
	for (size_t i = 0; status == PV_OK && i < n; i++)
		status = pv_cli_print(cli, interest_json(&rows[i]));
	return status;
}

static enum pv_status run_change(struct pv_cli *cli)
{
	struct pv_interest_row row;
	enum pv_status status = pv_desk_interest_change(
		cli->desk, cli->mem, &pv_actor_desk, cli->words[0], cli->form, &row, &cli->error);
	return status == PV_OK ? pv_cli_print(cli, interest_json(&row)) : status;
}

static enum pv_status run_end(struct pv_cli *cli)
{
	return pv_desk_interest_end(cli->desk, &pv_actor_desk, cli->words[0], &cli->error);
}

int pv_cli_interest_command(int argc, char **argv)
{
	static const struct pv_cli_option adding[] = {{"person", PV_CLI_TEXT, "@person"},
		{"organization", PV_CLI_TEXT, "organization"}, {"name", PV_CLI_LIST, "names"},
		{"relation", PV_CLI_TEXT, "relation"}, {"org", PV_CLI_TEXT, "org"},
		{"domain", PV_CLI_LIST, "domains"}, {"handle", PV_CLI_LIST, "handles"},
		{"feed", PV_CLI_LIST, "feeds"}, {"until", PV_CLI_TEXT, "until"}, {0}};
	static const struct pv_cli_option listing[] = {{"person", PV_CLI_TEXT, "@person"},
		{"organization", PV_CLI_TEXT, "organization"}, {0}};
	static const struct pv_cli_option changing[] = {{"name", PV_CLI_LIST, "names"},
		{"relation", PV_CLI_TEXT, "relation"}, {"org", PV_CLI_TEXT, "org"},
		{"domain", PV_CLI_LIST, "domains"}, {"handle", PV_CLI_LIST, "handles"},
		{"feed", PV_CLI_LIST, "feeds"}, {"until", PV_CLI_TEXT, "until"}, {0}};
	static const struct pv_cli_verb verbs[] = {{"add", 0, adding, run_add},
		{"list", 0, listing, run_list}, {"change", 1, changing, run_change},
		{"end", 1, NULL, run_end}, {0}};
	return pv_cli_run(argc, argv, help, verbs);
}
