/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* portevoix person add|list|seat|unseat|disable|enable|token */
#include "cli/commands.h"
#include "cli/common.h"
#include "desk/people.h"
#include "desk/sessions.h"

#include <string.h>

static const char help[] =
	"portevoix person add --name NAME --login ADDRESS [--slug ID] [--language fr|en]\n"
	"                     [--timezone ZONE] [--password-stdin]\n"
	"portevoix person list [--organization ORGANIZATION]\n"
	"portevoix person seat PERSON ORGANIZATION --role ROLE [--policy-role NAME]…\n"
	"portevoix person unseat PERSON ORGANIZATION\n"
	"portevoix person disable PERSON\n"
	"portevoix person enable PERSON\n"
	"portevoix person token PERSON --name NAME [--scope read|write]… [--expires-at TIME]\n"
	"\n"
	"People of a desk, one JSON object a line. PERSON is an id, a slug or a login; ROLE is "
	"owner,\n"
	"editor, reviewer, analyst or reader; a policy role is a word of the policy's own text. "
	"Without\n"
	"--password-stdin `add` answers a link, good once, with which the person chooses a "
	"password.\n"
	"A token is shown once.\n"
	"  --data DIR  --database URL   where the desk is ($PORTEVOIX_DATA, $PORTEVOIX_DATABASE)\n"
	"  --base-url URL               how people reach it, for links\n"
	"\n"
	"Example:\n"
	"  portevoix person add --data var/desk --name Léa --login lea@coop.example --slug lea\n"
	"  portevoix person seat lea coop --data var/desk --role reviewer --policy-role editor\n";

static json_t *person_json(const struct pv_person_row *row)
{
	return json_pack("{s:s,s:s,s:s,s:s,s:s,s:b,s:b}", "id", row->id, "slug", row->slug, "login",
		row->login, "name", row->name, "language", row->language, "invited",
		row->password == NULL, "disabled", row->disabled_at_us != PV_TIME_NONE);
}

static enum pv_status run_add(struct pv_cli *cli)
{
	struct pv_person_row row;
	const char *link = NULL, *password = NULL;
	enum pv_status status = PV_OK;
	if (pv_json_bool(cli->asked, "password", false)) {
		status = pv_cli_read_line(cli, &password);
		if (status == PV_OK &&
			json_object_set_new(cli->form, "password", json_string(password)) != 0)
			status = pv_fail(&cli->error, PV_INVALID,
				"Le mot de passe n'est pas du texte UTF-8.",
				"The password is not UTF-8 text.");
	}
	if (status == PV_OK)
		status = pv_desk_person_add(
			cli->desk, cli->mem, &pv_actor_desk, cli->form, &row, &link, &cli->error);
	if (status != PV_OK)
		return status;
	json_t *answer = person_json(&row);
	if (answer && link && json_object_set_new(answer, "link", json_string(link)) != 0) {
		json_decref(answer);
		answer = NULL;
	}
	return pv_cli_print(cli, answer);
}

static json_t *member_json(const struct pv_member_row *row)
{
	json_t *answer = person_json(&row->person);
	if (answer && (json_object_set_new(answer, "role", json_string(row->membership.role)) ||
			      json_object_set_new(answer, "policy_roles",
				      pv_cli_parsed(row->membership.policy_roles)))) {
		json_decref(answer);
		return NULL;
	}
	return answer;
}

static enum pv_status run_list(struct pv_cli *cli)
{
	const char *organization = pv_json_text(cli->asked, "organization");
	struct pv_member_row *members = NULL;
	struct pv_person_row *rows = NULL;
	size_t n = 0;
	enum pv_status status = organization
					? pv_desk_people_list(cli->desk, cli->mem, &pv_actor_desk,
						  organization, &members, &n, &cli->error)
					: pv_desk_person_list(cli->desk, cli->mem, &pv_actor_desk,
						  &rows, &n, &cli->error);
	for (size_t i = 0; status == PV_OK && i < n; i++)
		status = pv_cli_print(
			cli, organization ? member_json(&members[i]) : person_json(&rows[i]));
	return status;
}

/* Takes a seat, or changes the one there is. */
static enum pv_status run_seat(struct pv_cli *cli)
{
	struct pv_person_row person;
	struct pv_member_row row;
	const char *id = NULL, *link = NULL;
	struct pv_error twice = PV_ERROR_IN(cli->mem);
	enum pv_status status = pv_cli_person(cli, cli->words[0], &id);
	if (status == PV_OK)
		status = pv_desk_member_change(cli->desk, cli->mem, &pv_actor_desk, cli->words[1],
			id, cli->form, &row, &twice);
	if (status == PV_NOT_FOUND && id) {
		status = pv_desk_person_find(
			cli->desk, cli->mem, &pv_actor_desk, id, &person, &cli->error);
		if (status == PV_OK &&
			json_object_set_new(cli->form, "login", json_string(person.login)) != 0)
			status = pv_fail_nomem(&cli->error);
		if (status == PV_OK)
			status = pv_desk_person_invite(cli->desk, cli->mem, &pv_actor_desk,
				cli->words[1], cli->form, &row, &link, &cli->error);
	} else if (status != PV_OK && id) {
		cli->error = twice;
	}
	if (status != PV_OK)
		return status;
	json_t *answer = member_json(&row);
	if (answer && link)
		json_object_set_new(answer, "link", json_string(link));
	return pv_cli_print(cli, answer);
}

static enum pv_status run_unseat(struct pv_cli *cli)
{
	const char *id = NULL;
	enum pv_status status = pv_cli_person(cli, cli->words[0], &id);
	if (status == PV_OK)
		status = pv_desk_member_remove(
			cli->desk, &pv_actor_desk, cli->words[1], id, &cli->error);
	return status;
}

static enum pv_status disable(struct pv_cli *cli, bool disabled)
{
	const char *id = NULL;
	enum pv_status status = pv_cli_person(cli, cli->words[0], &id);
	if (status == PV_OK)
		status = pv_desk_person_disable(
			cli->desk, &pv_actor_desk, id, disabled, &cli->error);
	return status;
}

static enum pv_status run_disable(struct pv_cli *cli)
{
	return disable(cli, true);
}

static enum pv_status run_enable(struct pv_cli *cli)
{
	return disable(cli, false);
}

static enum pv_status run_token(struct pv_cli *cli)
{
	struct pv_token_row row;
	const char *id = NULL, *secret = NULL;
	enum pv_status status = pv_cli_person(cli, cli->words[0], &id);
	if (status == PV_OK)
		status = pv_desk_token_add_for(cli->desk, cli->mem, &pv_actor_desk, id, cli->form,
			&row, &secret, &cli->error);
	if (status != PV_OK)
		return status;
	return pv_cli_print(cli, json_pack("{s:s,s:s,s:s,s:o,s:o}", "id", row.id, "token", secret,
					 "name", row.name, "scopes", pv_cli_parsed(row.scopes),
					 "expires_at", pv_cli_time(row.expires_at_us)));
}

int pv_cli_person_command(int argc, char **argv)
{
	static const struct pv_cli_option adding[] = {{"name", PV_CLI_TEXT, "name"},
		{"login", PV_CLI_TEXT, "login"}, {"slug", PV_CLI_TEXT, "slug"},
		{"language", PV_CLI_TEXT, "language"}, {"timezone", PV_CLI_TEXT, "timezone"},
		{"password-stdin", PV_CLI_FLAG, "@password"}, {0}};
	static const struct pv_cli_option listing[] = {
		{"organization", PV_CLI_TEXT, "@organization"}, {0}};
	static const struct pv_cli_option seating[] = {
		{"role", PV_CLI_TEXT, "role"}, {"policy-role", PV_CLI_LIST, "policy_roles"}, {0}};
	static const struct pv_cli_option tokens[] = {{"name", PV_CLI_TEXT, "name"},
		{"scope", PV_CLI_LIST, "scopes"}, {"expires-at", PV_CLI_TEXT, "expires_at"}, {0}};
	static const struct pv_cli_verb verbs[] = {{"add", 0, adding, run_add},
		{"list", 0, listing, run_list}, {"seat", 2, seating, run_seat},
		{"unseat", 2, NULL, run_unseat}, {"disable", 1, NULL, run_disable},
		{"enable", 1, NULL, run_enable}, {"token", 1, tokens, run_token}, {0}};
	return pv_cli_run(argc, argv, help, verbs);
}
