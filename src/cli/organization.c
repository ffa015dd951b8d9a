/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* portevoix organization add|list|change|pause|resume|report */
#include "cli/commands.h"
#include "cli/common.h"
#include "desk/organizations.h"
#include "desk/report.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const char help[] =
	"portevoix organization add --name NAME [--slug ID] [--timezone ZONE] [--language fr|en]\n"
	"                           [--colour COLOUR]\n"
	"portevoix organization list\n"
	"portevoix organization change ORGANIZATION [--name NAME] [--timezone ZONE]\n"
	"                           [--language fr|en] [--colour COLOUR] [--journal-open yes|no]\n"
	"                           [--journal-comments yes|no] [--policy-public yes|no]\n"
	"                           [--about-fr TEXT] [--about-en TEXT] [--switch NAME]… "
	"[--no-switch]\n"
	"portevoix organization pause ORGANIZATION --why TEXT\n"
	"portevoix organization resume ORGANIZATION\n"
	"portevoix organization report ORGANIZATION [--month YYYY-MM] [--csv yes]\n"
	"                           [--exceptions-csv yes]\n"
	"\n"
	"Organisations of a desk, one JSON object a line. ORGANIZATION is an id or a slug. A "
	"paused\n"
	"organisation publishes nothing until it is resumed. --switch names the policy's switches "
	"that\n"
	"are on, those alone; --no-switch turns all of them off. A report is of one month, the "
	"present\n"
	"one when none is given; --csv yes prints a line a post, --exceptions-csv yes a line an\n"
	"exception.\n"
	"  --data DIR  --database URL   where the desk is ($PORTEVOIX_DATA, $PORTEVOIX_DATABASE)\n"
	"\n"
	"Example:\n"
	"  portevoix organization add --data var/desk --name 'Coop du Faubourg' --slug coop\n";

static json_t *organization_json(const struct pv_organization_row *row)
{
	return json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:o,s:s?,s:o,s:o,s:I}", "id", row->id,
		"slug", row->slug, "kind", row->kind, "name", row->name, "colour", row->colour,
		"timezone", row->timezone, "language", row->language, "paused_at",
		pv_cli_time(row->paused_at_us), "paused_why", row->paused_why, "switches",
		pv_cli_parsed(row->switches), "journal", pv_cli_parsed(row->journal), "version",
		(json_int_t)row->version);
}

static enum pv_status answer(
	struct pv_cli *cli, enum pv_status status, const struct pv_organization_row *row)
{
	return status == PV_OK ? pv_cli_print(cli, organization_json(row)) : status;
}

static enum pv_status run_add(struct pv_cli *cli)
{
	struct pv_organization_row row;
	return answer(cli,
		pv_desk_organization_add(
			cli->desk, cli->mem, &pv_actor_desk, cli->form, &row, &cli->error),
		&row);
}

static enum pv_status run_list(struct pv_cli *cli)
{
	struct pv_seat_row *rows = NULL;
	size_t n = 0;
	enum pv_status status = pv_desk_organization_list(
		cli->desk, cli->mem, &pv_actor_desk, &rows, &n, &cli->error);
	for (size_t i = 0; status == PV_OK && i < n; i++)
		status = pv_cli_print(cli, organization_json(&rows[i].organization));
	return status;
}

/* The journal's options were asked one by one; the form wants them together. */
static enum pv_status gather_journal(struct pv_cli *cli)
{
	json_t *about = json_object_get(cli->asked, "fr") || json_object_get(cli->asked, "en")
				? json_pack("{s:O*,s:O*}", "fr", json_object_get(cli->asked, "fr"),
					  "en", json_object_get(cli->asked, "en"))
				: NULL;
	json_t *journal =
		json_pack("{s:O*,s:O*,s:O*,s:o*}", "open", json_object_get(cli->asked, "open"),
			"comments", json_object_get(cli->asked, "comments"), "policy_public",
			json_object_get(cli->asked, "policy_public"), "about", about);
	if (!journal)
		return pv_fail_nomem(&cli->error);
	if (json_object_size(journal) == 0) {
		json_decref(journal);
		return PV_OK;
	}
	return json_object_set_new(cli->form, "journal", journal) == 0 ? PV_OK
								       : pv_fail_nomem(&cli->error);
}

static enum pv_status run_change(struct pv_cli *cli)
{
	struct pv_organization_row row;
	enum pv_status status = gather_journal(cli);
	if (json_object_get(cli->asked, "no_switch") &&
		json_object_set_new(cli->form, "switches", json_array()) != 0)
		status = pv_fail_nomem(&cli->error);
	if (status == PV_OK)
		status = pv_desk_organization_change(cli->desk, cli->mem, &pv_actor_desk,
			cli->words[0], cli->form, &row, &cli->error);
	return answer(cli, status, &row);
}

static enum pv_status run_pause(struct pv_cli *cli)
{
	struct pv_organization_row row;
	return answer(cli,
		pv_desk_organization_pause(cli->desk, cli->mem, &pv_actor_desk, cli->words[0],
			pv_json_text(cli->asked, "why"), &row, &cli->error),
		&row);
}

static enum pv_status run_resume(struct pv_cli *cli)
{
	struct pv_organization_row row;
	return answer(cli,
		pv_desk_organization_resume(
			cli->desk, cli->mem, &pv_actor_desk, cli->words[0], &row, &cli->error),
		&row);
}

static enum pv_status run_report(struct pv_cli *cli)
{
	const char *text;
	bool csv = pv_json_bool(cli->asked, "csv", false);
	bool exceptions = pv_json_bool(cli->asked, "exceptions", false);
	const struct pv_report_asked asked = {.organization = cli->words[0],
		.month = pv_json_text(cli->asked, "month"),
		.form = exceptions ? PV_REPORT_EXCEPTIONS_CSV
			: csv      ? PV_REPORT_CSV
				   : PV_REPORT_JSON,
		.french = pv_cli_in_french()};
	enum pv_status status =
		pv_desk_report(cli->desk, cli->mem, &pv_actor_desk, &asked, &text, &cli->error);
	if (status != PV_OK)
		return status;
	if (fputs(text, stdout) == EOF || (text[0] == '{' && putchar('\n') == EOF) ||
		fflush(stdout) != 0)
		return pv_fail(&cli->error, PV_UNAVAILABLE, "Le rapport ne s'écrit pas : %s.",
			"The report cannot be written: %s.", strerror(errno));
	return PV_OK;
}

int pv_cli_organization(int argc, char **argv)
{
	static const struct pv_cli_option adding[] = {{"name", PV_CLI_TEXT, "name"},
		{"slug", PV_CLI_TEXT, "slug"}, {"timezone", PV_CLI_TEXT, "timezone"},
		{"language", PV_CLI_TEXT, "language"}, {"colour", PV_CLI_TEXT, "colour"}, {0}};
	static const struct pv_cli_option changing[] = {{"name", PV_CLI_TEXT, "name"},
		{"timezone", PV_CLI_TEXT, "timezone"}, {"language", PV_CLI_TEXT, "language"},
		{"colour", PV_CLI_TEXT, "colour"}, {"switch", PV_CLI_LIST, "switches"},
		{"no-switch", PV_CLI_FLAG, "@no_switch"}, {"journal-open", PV_CLI_BOOL, "@open"},
		{"journal-comments", PV_CLI_BOOL, "@comments"},
		{"policy-public", PV_CLI_BOOL, "@policy_public"}, {"about-fr", PV_CLI_TEXT, "@fr"},
		{"about-en", PV_CLI_TEXT, "@en"}, {0}};
	static const struct pv_cli_option pausing[] = {{"why", PV_CLI_TEXT, "@why"}, {0}};
	static const struct pv_cli_option reporting[] = {{"month", PV_CLI_TEXT, "@month"},
		{"csv", PV_CLI_BOOL, "@csv"}, {"exceptions-csv", PV_CLI_BOOL, "@exceptions"}, {0}};
	static const struct pv_cli_verb verbs[] = {{"add", 0, adding, run_add},
		{"list", 0, NULL, run_list}, {"change", 1, changing, run_change},
		{"pause", 1, pausing, run_pause}, {"resume", 1, NULL, run_resume},
		{"report", 1, reporting, run_report}, {0}};
	return pv_cli_run(argc, argv, help, verbs);
}
