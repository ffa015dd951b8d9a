/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* portevoix audit verify|list */
#include "cli/commands.h"
#include "cli/common.h"
#include "desk/audit.h"
#include "desk/organizations.h"

#include <inttypes.h>
#include <stdio.h>

static const char help[] =
	"portevoix audit verify\n"
	"portevoix audit list [--organization ORGANIZATION]\n"
	"\n"
	"The record of who changed what. `verify` walks the chain of hashes from the first entry: "
	"it\n"
	"answers {\"holds\":true,\"entries\":N,\"hash\":…}, or the first entry that does not hold, "
	"and\n"
	"then leaves with 1. Keep the last hash elsewhere: a chain that was rewritten whole shows\n"
	"another one. `list` gives entries as JSON lines, the newest first.\n"
	"  --data DIR  --database URL   where the desk is ($PORTEVOIX_DATA, $PORTEVOIX_DATABASE)\n"
	"\n"
	"Example:\n"
	"  portevoix audit verify --data var/desk\n";

static enum pv_status run_verify(struct pv_cli *cli)
{
	struct pv_audit_verdict verdict;
	enum pv_status status = pv_desk_audit_verify(cli->desk, &verdict, &cli->error);
	if (status == PV_OK && verdict.first_bad == 0)
		return pv_cli_print(
			cli, json_pack("{s:b,s:I,s:s}", "holds", true, "entries",
				     (json_int_t)verdict.entries, "hash", verdict.last_hash));
	if (status != PV_OK)
		return status;
	status = pv_cli_print(cli,
		json_pack("{s:b,s:I,s:I,s:{s:s,s:s}}", "holds", false, "entries",
			(json_int_t)verdict.entries, "first_bad", (json_int_t)verdict.first_bad,
			"why", "fr", verdict.why.fr, "en", verdict.why.en));
	if (status != PV_OK)
		return status;
	return pv_fail(&cli->error, PV_REFUSED, "La trace %lld ne tient pas.",
		"Entry %lld does not hold.", (long long)verdict.first_bad);
}

static json_t *audit_json(const struct pv_audit_row *row)
{
	return json_pack("{s:I,s:o,s:s,s:s,s:s,s:s,s:o,s:o,s:s,s:s}", "seq", (json_int_t)row->seq,
		"at", pv_cli_time(row->at_us), "organization_id", row->organization_id, "actor",
		row->actor, "verb", row->verb, "object", row->object, "before",
		pv_cli_parsed(row->before), "after", pv_cli_parsed(row->after), "why", row->why,
		"hash", row->hash);
}

static enum pv_status run_list(struct pv_cli *cli)
{
	const char *organization = pv_json_text(cli->asked, "organization");
	struct pv_organization_row row = {0};
	enum pv_status status = PV_OK;
	int64_t before = 0;
	if (organization)
		status = pv_desk_organization_find(
			cli->desk, cli->mem, &pv_actor_desk, organization, &row, &cli->error);
	for (size_t n = PV_AUDIT_PAGE_MAX; status == PV_OK && n == PV_AUDIT_PAGE_MAX;) {
		PV_SCOPE TALLOC_CTX *page = pv_scope(cli->mem);
		struct pv_audit_row *rows = NULL;
		status = pv_desk_audit_list(cli->desk, page, &pv_actor_desk, row.id, before,
			PV_AUDIT_PAGE_MAX, &rows, &n, &cli->error);
		for (size_t i = 0; status == PV_OK && i < n; i++) {
			status = pv_cli_print(cli, audit_json(&rows[i]));
			before = rows[i].seq;
		}
	}
	return status;
}

int pv_cli_audit(int argc, char **argv)
{
	static const struct pv_cli_option listing[] = {
		{"organization", PV_CLI_TEXT, "@organization"}, {0}};
	static const struct pv_cli_verb verbs[] = {
		{"verify", 0, NULL, run_verify}, {"list", 0, listing, run_list}, {0}};
	return pv_cli_run(argc, argv, help, verbs);
}
