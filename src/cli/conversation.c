/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* portevoix conversation list|show|answer|moderate|close */
#include "cli/commands.h"
#include "cli/common.h"
#include "collect/collector.h"
#include "desk/check.h"
#include "desk/conversations.h"

#include "base/mem.h"

static const char help[] =
	"portevoix conversation list [--organization ORGANIZATION] [--state open|answered|closed]\n"
	"portevoix conversation show CONVERSATION\n"
	"portevoix conversation answer MESSAGE --as PERSON --text TEXT [--language fr]…\n"
	"portevoix conversation moderate MESSAGE --state shown|hidden|spam\n"
	"portevoix conversation close|reopen CONVERSATION\n"
	"\n"
	"What readers answered, and the organisation's answers; one JSON object a line, the "
	"newest\n"
	"conversation first, the oldest message first. An answer is judged like a post: what the\n"
	"policy allows is planned at once, what it does not is refused here as everywhere (exit "
	"1).\n"
	"  --allow HOST:PORT            lets the look at its links reach a private address\n"
	"  --as PERSON                  done as this person, as far as their role allows\n"
	"  --data DIR  --database URL   where the desk is ($PORTEVOIX_DATA, $PORTEVOIX_DATABASE)\n"
	"\n"
	"Example:\n"
	"  portevoix conversation answer 01j… --as marc --text 'Merci! On vous attend.'\n";

enum { PAGE = 50 };

static json_t *row_json(const struct pv_conversation_row *row)
{
	return json_pack("{s:s,s:s,s:s,s:s,s:s,s:I,s:s?,s:s,s:s,s:s,s:s,s:o}", "id", row->id,
		"organization", row->organization_slug, "account", row->account_slug, "network",
		row->account_network, "state", row->state, "unread", (json_int_t)row->unread,
		"assigned_to", row->assigned_slug, "post_text", row->post_text, "permalink",
		row->permalink, "last_author", row->last_author, "last_text", row->last_text,
		"last_at", pv_cli_time(row->last_at_us));
}

static json_t *message_json(const struct pv_message_row *row)
{
	return json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:o}", "id", row->id, "direction",
		row->direction, "author", row->author_name, "handle", row->author_handle, "state",
		row->state, "url", row->url, "text", row->text, "language", row->language,
		"said_at", pv_cli_time(row->said_at_us));
}

static enum pv_status print_whole(struct pv_cli *cli, const struct pv_desk_conversation *whole)
{
	json_t *json = row_json(&whole->row), *messages = json_array();
	for (size_t i = 0; i < whole->n_messages; i++)
		json_array_append_new(messages, message_json(&whole->messages[i]));
	json_object_set_new(json, "messages", messages);
	return pv_cli_print(cli, json);
}

static enum pv_status run_list(struct pv_cli *cli)
{
	struct pv_actor actor;
	struct pv_conversation_filter filter = {
		.state = pv_json_text(cli->asked, "state"),
		.before_us = PV_TIME_NONE,
		.limit = PAGE,
	};
	const char *house = pv_json_text(cli->asked, "organization");
	enum pv_status status = pv_cli_actor(cli, &actor);
	if (status == PV_OK && house)
		status = pv_desk_organization_id(
			cli->desk, cli->mem, house, &filter.organization_id, &cli->error);
	while (status == PV_OK) {
		struct pv_conversation_row *rows = NULL;
		size_t n = 0;
		status = pv_desk_conversation_list(
			cli->desk, cli->mem, &actor, &filter, &rows, &n, &cli->error);
		for (size_t i = 0; status == PV_OK && i < n; i++)
			status = pv_cli_print(cli, row_json(&rows[i]));
		if (status != PV_OK || n < PAGE)
			break;
		filter.before_us = rows[n - 1].last_at_us;
		filter.before_id = rows[n - 1].id;
	}
	return status;
}

static enum pv_status run_show(struct pv_cli *cli)
{
	struct pv_actor actor;
	struct pv_desk_conversation *whole = NULL;
	enum pv_status status = pv_cli_actor(cli, &actor);
	if (status == PV_OK)
		status = pv_desk_conversation_get(
			cli->desk, cli->mem, &actor, cli->words[0], &whole, &cli->error);
	return status == PV_OK ? print_whole(cli, whole) : status;
}

static enum pv_status run_answer(struct pv_cli *cli)
{
	struct pv_actor actor;
	struct pv_desk_variant *variant = NULL;
	struct pv_answer_in in = {
		.message_id = cli->words[0],
		.text = pv_json_text(cli->asked, "text"),
		.languages = json_object_get(cli->asked, "language"),
	};
	enum pv_status status = pv_cli_actor(cli, &actor);
	if (status == PV_OK && !in.text)
		return pv_fail(&cli->error, PV_INVALID, "Donnez --text : la réponse.",
			"Give --text: the answer.");
	if (status != PV_OK)
		return status;
	/* As before any submission: an answer that may go out goes out at once. */
	status = pv_cli_reach(cli);
	if (status == PV_OK)
		status = pv_collect_links_again(cli->desk, cli->mem, in.text, &cli->error);
	if (status == PV_OK)
		status = pv_desk_conversation_answer(
			cli->desk, cli->mem, &actor, &in, &variant, &cli->error);
	if (status != PV_OK)
		return status;
	return pv_cli_print(
		cli, json_pack("{s:s,s:s,s:s,s:s,s:s}", "id", variant->row.id, "account",
			     variant->row.account_slug, "stage", variant->row.stage, "verdict",
			     variant->row.verdict, "text", variant->row.text));
}

static enum pv_status run_moderate(struct pv_cli *cli)
{
	struct pv_actor actor;
	struct pv_message_row row;
	const char *state = pv_json_text(cli->asked, "state");
	enum pv_status status = pv_cli_actor(cli, &actor);
	if (status == PV_OK)
		status = pv_desk_message_moderate(cli->desk, cli->mem, &actor, cli->words[0],
			state ? state : "", &row, &cli->error);
	return status == PV_OK ? pv_cli_print(cli, message_json(&row)) : status;
}

static enum pv_status edit(struct pv_cli *cli, const char *state)
{
	struct pv_actor actor;
	struct pv_desk_conversation *whole = NULL;
	enum pv_status status = pv_cli_actor(cli, &actor);
	if (status == PV_OK)
		status = pv_desk_conversation_edit(cli->desk, cli->mem, &actor, cli->words[0],
			state, NULL, -1, &whole, &cli->error);
	return status == PV_OK ? print_whole(cli, whole) : status;
}

static enum pv_status run_close(struct pv_cli *cli)
{
	return edit(cli, "closed");
}

static enum pv_status run_reopen(struct pv_cli *cli)
{
	return edit(cli, "open");
}

int pv_cli_conversation(int argc, char **argv)
{
	static const struct pv_cli_option acting[] = {{"as", PV_CLI_TEXT, "@as"}, {0}};
	static const struct pv_cli_option listing[] = {{"as", PV_CLI_TEXT, "@as"},
		{"organization", PV_CLI_TEXT, "@organization"}, {"state", PV_CLI_TEXT, "@state"},
		{0}};
	static const struct pv_cli_option answering[] = {{"as", PV_CLI_TEXT, "@as"},
		{"text", PV_CLI_TEXT, "@text"}, {"language", PV_CLI_LIST, "@language"},
		{"allow", PV_CLI_LIST, "@allow"}, {0}};
	static const struct pv_cli_option moderating[] = {
		{"as", PV_CLI_TEXT, "@as"}, {"state", PV_CLI_TEXT, "@state"}, {0}};
	static const struct pv_cli_verb verbs[] = {{"list", 0, listing, run_list, 0},
		{"show", 1, acting, run_show, 0}, {"answer", 1, answering, run_answer, 0},
		{"moderate", 1, moderating, run_moderate, 0}, {"close", 1, acting, run_close, 0},
		{"reopen", 1, acting, run_reopen, 0}, {0}};
	return pv_cli_run(argc, argv, help, verbs);
}
