/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* portevoix account add|list|connect|check|pause|resume|remove */
#include "cli/commands.h"
#include "cli/common.h"
#include "desk/accounts.h"
#include "dispatch/connect.h"

#include <string.h>

static const char help[] =
	"portevoix account add --organization ORGANIZATION --network NAME [--slug ID] [--name "
	"NAME]\n"
	"                      [--stance organisation|hosted|personal] [--server URL]\n"
	"                      [--handle HANDLE] [--password-stdin | --token-stdin] [--allow "
	"HOST:PORT]\n"
	"portevoix account list [--organization ORGANIZATION]\n"
	"portevoix account connect ACCOUNT [--server URL] [--handle HANDLE]\n"
	"                      [--password-stdin | --token-stdin] [--allow HOST:PORT]\n"
	"portevoix account check ACCOUNT [--allow HOST:PORT]\n"
	"portevoix account pause ACCOUNT\n"
	"portevoix account resume ACCOUNT\n"
	"portevoix account remove ACCOUNT\n"
	"\n"
	"The places to publish, one JSON object a line. ACCOUNT is an id, or a slug. `add` and "
	"`connect`\n"
	"sign in to the network with the password or token read from standard input; it is sealed "
	"with\n"
	"the data folder's key. The journal needs none. --allow names a private address that the "
	"server\n"
	"may have.\n"
	"  --data DIR  --database URL   where the desk is ($PORTEVOIX_DATA, $PORTEVOIX_DATABASE)\n"
	"\n"
	"Example:\n"
	"  portevoix account add --data var/desk --organization coop --network journal\n"
	"  portevoix account add --data var/desk --organization coop --network bluesky \\\n"
	"      --handle coop.bsky.social --password-stdin < app-password\n";

static json_t *account_json(const struct pv_account_row *row)
{
	return json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:o,s:o,s:o,s:I}", "id", row->id,
		"organization_id", row->organization_id, "slug", row->slug, "network", row->network,
		"stance", row->stance, "name", row->name, "handle", row->handle, "server",
		row->server, "state", row->state, "state_why", pv_cli_parsed(row->state_why),
		"settings", pv_cli_parsed(row->settings), "checked_at",
		pv_cli_time(row->checked_at_us), "version", (json_int_t)row->version);
}

static enum pv_status answer(
	struct pv_cli *cli, enum pv_status status, const struct pv_account_row *row)
{
	return status == PV_OK ? pv_cli_print(cli, account_json(row)) : status;
}

/* What was typed, the secret read from standard input; and the networks within reach. */
static enum pv_status reach(struct pv_cli *cli, json_t *typed)
{
	const char *secret = NULL;
	bool password = pv_json_bool(cli->asked, "password", false);
	bool token = pv_json_bool(cli->asked, "token", false);
	enum pv_status status = PV_OK;
	if (typed && (password || token)) {
		status = pv_cli_read_line(cli, &secret);
		if (status == PV_OK && json_object_set_new(typed, password ? "password" : "token",
					       json_string(secret)) != 0)
			status = pv_fail(&cli->error, PV_INVALID,
				"Le secret n'est pas du texte UTF-8.",
				"The secret is not UTF-8 text.");
	}
	return status == PV_OK ? pv_cli_reach(cli) : status;
}

static json_t *typed_of(struct pv_cli *cli)
{
	return json_pack("{s:O*,s:O*}", "server", json_object_get(cli->asked, "server"), "handle",
		json_object_get(cli->asked, "handle"));
}

static enum pv_status run_add(struct pv_cli *cli)
{
	struct pv_account_row row;
	json_t *typed = typed_of(cli);
	if (!typed || json_object_set_new(cli->form, "typed", typed) != 0)
		return pv_fail_nomem(&cli->error);
	enum pv_status status = reach(cli, typed);
	if (status == PV_OK)
		status = pv_dispatch_account_connect(
			cli->desk, cli->mem, &pv_actor_desk, cli->form, &row, &cli->error);
	return answer(cli, status, &row);
}

static enum pv_status run_list(struct pv_cli *cli)
{
	struct pv_account_row *rows = NULL;
	size_t n = 0;
	enum pv_status status = pv_desk_account_list(cli->desk, cli->mem, &pv_actor_desk,
		pv_json_text(cli->asked, "organization"), &rows, &n, &cli->error);
	for (size_t i = 0; status == PV_OK && i < n; i++)
		status = pv_cli_print(cli, account_json(&rows[i]));
	return status;
}

static enum pv_status run_connect(struct pv_cli *cli)
{
	struct pv_account_row row;
	const char *id = NULL;
	PV_JSON json_t *typed = typed_of(cli);
	enum pv_status status =
		typed ? pv_cli_account(cli, cli->words[0], &id) : pv_fail_nomem(&cli->error);
	if (status == PV_OK)
		status = reach(cli, typed);
	if (status == PV_OK)
		status = pv_dispatch_account_reconnect(
			cli->desk, cli->mem, &pv_actor_desk, id, typed, &row, &cli->error);
	return answer(cli, status, &row);
}

static enum pv_status run_check(struct pv_cli *cli)
{
	struct pv_account_row row;
	const char *id = NULL;
	enum pv_status status = pv_cli_account(cli, cli->words[0], &id);
	if (status == PV_OK)
		status = reach(cli, NULL);
	if (status == PV_OK)
		status = pv_dispatch_account_check(
			cli->desk, cli->mem, &pv_actor_desk, id, &row, &cli->error);
	return answer(cli, status, &row);
}

static enum pv_status set_state(struct pv_cli *cli, const char *state)
{
	struct pv_account_row row;
	const char *id = NULL;
	PV_JSON json_t *form = json_pack("{s:s}", "state", state);
	enum pv_status status = pv_cli_account(cli, cli->words[0], &id);
	if (status == PV_OK)
		status = pv_desk_account_change(
			cli->desk, cli->mem, &pv_actor_desk, id, form, &row, &cli->error);
	return answer(cli, status, &row);
}

static enum pv_status run_pause(struct pv_cli *cli)
{
	return set_state(cli, "paused");
}

static enum pv_status run_resume(struct pv_cli *cli)
{
	return set_state(cli, "connected");
}

static enum pv_status run_remove(struct pv_cli *cli)
{
	const char *id = NULL;
	enum pv_status status = pv_cli_account(cli, cli->words[0], &id);
	if (status == PV_OK)
		status = pv_desk_account_remove(cli->desk, &pv_actor_desk, id, &cli->error);
	return status;
}

int pv_cli_account_command(int argc, char **argv)
{
	static const struct pv_cli_option adding[] = {{"organization", PV_CLI_TEXT, "organization"},
		{"network", PV_CLI_TEXT, "network"}, {"slug", PV_CLI_TEXT, "slug"},
		{"name", PV_CLI_TEXT, "name"}, {"stance", PV_CLI_TEXT, "stance"},
		{"server", PV_CLI_TEXT, "@server"}, {"handle", PV_CLI_TEXT, "@handle"},
		{"password-stdin", PV_CLI_FLAG, "@password"},
		{"token-stdin", PV_CLI_FLAG, "@token"}, {"allow", PV_CLI_LIST, "@allow"}, {0}};
	static const struct pv_cli_option connecting[] = {{"server", PV_CLI_TEXT, "@server"},
		{"handle", PV_CLI_TEXT, "@handle"}, {"password-stdin", PV_CLI_FLAG, "@password"},
		{"token-stdin", PV_CLI_FLAG, "@token"}, {"allow", PV_CLI_LIST, "@allow"}, {0}};
	static const struct pv_cli_option listing[] = {
		{"organization", PV_CLI_TEXT, "@organization"}, {0}};
	static const struct pv_cli_option checking[] = {{"allow", PV_CLI_LIST, "@allow"}, {0}};
	static const struct pv_cli_verb verbs[] = {{"add", 0, adding, run_add},
		{"list", 0, listing, run_list}, {"connect", 1, connecting, run_connect},
		{"check", 1, checking, run_check}, {"pause", 1, NULL, run_pause},
		{"resume", 1, NULL, run_resume}, {"remove", 1, NULL, run_remove}, {0}};
	return pv_cli_run(argc, argv, help, verbs);
}
