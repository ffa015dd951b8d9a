/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* portevoix source add|list|fetch|remove|items */
#include "cli/commands.h"
#include "cli/common.h"
#include "collect/collector.h"
#include "desk/check.h"
#include "desk/roles.h"
#include "desk/sources.h"

#include "base/mem.h"

static const char help[] =
	"portevoix source add ORGANIZATION URL\n"
	"portevoix source list [--organization ORGANIZATION]\n"
	"portevoix source fetch SOURCE [--allow HOST:PORT]…\n"
	"portevoix source remove SOURCE\n"
	"portevoix source items [--organization ORGANIZATION] [--source SOURCE]\n"
	"                       [--state new|used|set_aside] [--limit N]\n"
	"\n"
	"Feeds (RSS, Atom, JSON Feed) and the articles in them, one JSON object a line. A desk "
	"that\n"
	"is being served looks at them by itself; `fetch` looks now, and reaches the private "
	"addresses\n"
	"of --allow. `items` are the newest first;\n"
	"`portevoix post add --item ID` makes a post of one.\n"
	"  --as PERSON                  done as this person, as far as their role allows\n"
	"  --data DIR  --database URL   where the desk is ($PORTEVOIX_DATA, $PORTEVOIX_DATABASE)\n"
	"\n"
	"Example:\n"
	"  portevoix source items --organization coop --state new --data var/desk\n";

enum { ITEMS_MAX = 100, ITEMS = 20 };

static json_t *source_json(const struct pv_source_row *row)
{
	return json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:o,s:I,s:o,s:o,s:o}", "id", row->id,
		"organization_id", row->organization_id, "url", row->url, "title", row->title,
		"site", row->site, "state", row->state, "state_why", pv_cli_parsed(row->state_why),
		"failures", (json_int_t)row->failures, "fetched_at",
		pv_cli_time(row->fetched_at_us), "fetch_at", pv_cli_time(row->fetch_at_us),
		"created_at", pv_cli_time(row->created_at_us));
}

static json_t *item_json(const struct pv_item_row *row)
{
	return json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:o,s:s}", "id", row->id,
		"organization_id", row->organization_id, "source_id", row->source_id, "source",
		row->source_title, "url", row->url, "title", row->title, "summary", row->summary,
		"author", row->author, "language", row->language, "published_at",
		pv_cli_time(row->published_at_us), "state", row->state);
}

static enum pv_status run_add(struct pv_cli *cli)
{
	struct pv_actor actor;
	struct pv_source_row row;
	const char *id = NULL;
	enum pv_status status = pv_cli_actor(cli, &actor);
	if (status == PV_OK)
		status = pv_desk_organization_id(
			cli->desk, cli->mem, cli->words[0], &id, &cli->error);
	if (status == PV_OK)
		status = pv_desk_source_add(
			cli->desk, cli->mem, &actor, id, cli->words[1], &row, &cli->error);
	return status == PV_OK ? pv_cli_print(cli, source_json(&row)) : status;
}

/* NULL when no organisation was named. */
static enum pv_status house_of(struct pv_cli *cli, const char **out)
{
	const char *name = pv_json_text(cli->asked, "organization");
	*out = NULL;
	return name ? pv_desk_organization_id(cli->desk, cli->mem, name, out, &cli->error) : PV_OK;
}

static enum pv_status run_list(struct pv_cli *cli)
{
	struct pv_actor actor;
	struct pv_source_row *rows = NULL;
	size_t n = 0;
	const char *id;
	enum pv_status status = pv_cli_actor(cli, &actor);
	if (status == PV_OK)
		status = house_of(cli, &id);
	if (status == PV_OK)
		status = pv_desk_source_list(
			cli->desk, cli->mem, &actor, id, &rows, &n, &cli->error);
	for (size_t i = 0; status == PV_OK && i < n; i++)
		status = pv_cli_print(cli, source_json(&rows[i]));
	return status;
}

static enum pv_status run_fetch(struct pv_cli *cli)
{
	struct pv_actor actor;
	struct pv_source_row row;
	size_t fresh = 0;
	enum pv_status status = pv_cli_actor(cli, &actor);
	if (status == PV_OK)
		status = pv_desk_source_get(
			cli->desk, cli->mem, &actor, cli->words[0], &row, &cli->error);
	if (status == PV_OK)
		status = pv_desk_may(
			cli->desk, &actor, row.organization_id, PV_MAY_WRITE, &cli->error);
	if (status == PV_OK)
		status = pv_cli_reach(cli);
	if (status == PV_OK)
		status = pv_collect_source(cli->desk, cli->mem, row.id, &fresh, &cli->error);
	if (status == PV_OK)
		status = pv_desk_source_get(cli->desk, cli->mem, &actor, row.id, &row, &cli->error);
	if (status != PV_OK)
		return status;
	json_t *json = source_json(&row);
	json_object_set_new(json, "fresh", json_integer((json_int_t)fresh));
	return pv_cli_print(cli, json);
}

static enum pv_status run_remove(struct pv_cli *cli)
{
	struct pv_actor actor;
	enum pv_status status = pv_cli_actor(cli, &actor);
	return status == PV_OK
		       ? pv_desk_source_remove(cli->desk, &actor, cli->words[0], &cli->error)
		       : status;
}

static enum pv_status run_items(struct pv_cli *cli)
{
	struct pv_actor actor;
	struct pv_item_row *rows = NULL;
	size_t n = 0;
	const char *limit = pv_json_text(cli->asked, "limit");
	long most = limit ? strtol(limit, NULL, 10) : ITEMS;
	struct pv_item_filter filter = {
		.source_id = pv_json_text(cli->asked, "source"),
		.state = pv_json_text(cli->asked, "state"),
		.limit = (int)most,
	};
	if (most < 1 || most > ITEMS_MAX)
		return pv_fail(&cli->error, PV_INVALID, "--limit va de 1 à %d.",
			"--limit goes from 1 to %d.", ITEMS_MAX);
	enum pv_status status = pv_cli_actor(cli, &actor);
	if (status == PV_OK)
		status = house_of(cli, &filter.organization_id);
	if (status == PV_OK)
		status = pv_desk_item_list(
			cli->desk, cli->mem, &actor, &filter, &rows, &n, &cli->error);
	for (size_t i = 0; status == PV_OK && i < n; i++)
		status = pv_cli_print(cli, item_json(&rows[i]));
	return status;
}

int pv_cli_source(int argc, char **argv)
{
	static const struct pv_cli_option acting[] = {{"as", PV_CLI_TEXT, "@as"}, {0}};
	static const struct pv_cli_option fetching[] = {
		{"as", PV_CLI_TEXT, "@as"}, {"allow", PV_CLI_LIST, "@allow"}, {0}};
	static const struct pv_cli_option listing[] = {
		{"as", PV_CLI_TEXT, "@as"}, {"organization", PV_CLI_TEXT, "@organization"}, {0}};
	static const struct pv_cli_option reading[] = {{"as", PV_CLI_TEXT, "@as"},
		{"organization", PV_CLI_TEXT, "@organization"}, {"source", PV_CLI_TEXT, "@source"},
		{"state", PV_CLI_TEXT, "@state"}, {"limit", PV_CLI_TEXT, "@limit"}, {0}};
	static const struct pv_cli_verb verbs[] = {{"add", 2, acting, run_add, 0},
		{"list", 0, listing, run_list, 0}, {"fetch", 1, fetching, run_fetch, 0},
		{"remove", 1, acting, run_remove, 0}, {"items", 0, reading, run_items, 0}, {0}};
	return pv_cli_run(argc, argv, help, verbs);
}
