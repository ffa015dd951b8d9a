/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* portevoix policy draft|edit|check|adopt|replay --draft|…: the versions of a policy, on a desk. */
#include "cli/commands.h"
#include "cli/common.h"
#include "desk/policy_life.h"
#include "desk/replay.h"

#include "base/id.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
	"portevoix policy check FILE…\n"
	"portevoix policy draft ORGANIZATION FILE [--note TEXT]\n"
	"portevoix policy edit VERSION FILE [--note TEXT]\n"
	"portevoix policy check VERSION --data DIR\n"
	"portevoix policy adopt ORGANIZATION FILE [--note TEXT] [--from TIME]\n"
	"portevoix policy adopt VERSION [--from TIME]\n"
	"portevoix policy difference VERSION OTHER\n"
	"portevoix policy list ORGANIZATION\n"
	"portevoix policy replay --draft ID [--months N] [--against kept|in_force|ID]\n"
	"portevoix policy show|drop VERSION\n"
	"portevoix policy guarantee|cases|exception --help\n"
	"\n"
	"The life of a policy: drafted, checked, replayed, adopted from now or from TIME (RFC "
	"3339),\n"
	"superseded. A draft is kept whatever is wrong with it, each problem told as\n"
	"FILE:LINE:COLUMN: message (exit 1); what was adopted never changes. `check` holds a "
	"version\n"
	"against its guarantees and cases and analyses it, one JSON object; `adopt` does so first "
	"where\n"
	"it was not done, and adopts nothing that breaks one (exit 1). `difference` says what "
	"OTHER "
	"says\n"
	"differently from VERSION, a line each.\n"
	"VERSION is the id that `list` and `draft` give.\n"
	"`replay` says of what the organisation published in the last months (12, unless said\n"
	"otherwise) what the version ID would have said: a JSON line for each verdict that "
	"changes,\n"
	"the latest first, then the sums (docs/policy-replay.md). The sums are kept with an open\n"
	"version until its text changes; `adopt` replays over the last 12 months what was not "
	"replayed\n"
	"as it stands, and says on standard error what it came to.\n"
	"  --as PERSON                  done as this person, as far as their role allows\n"
	"  --data DIR  --database URL   where the desk is ($PORTEVOIX_DATA, $PORTEVOIX_DATABASE)\n"
	"\n"
	"Example:\n"
	"  portevoix policy adopt coop policies/seed.yaml --data var/desk --note 'First version'\n";

static json_t *policy_json(const struct pv_policy_row *row)
{
	return json_pack("{s:s,s:s,s:I,s:s,s:s,s:s,s:s,s:o,s:o,s:s?,s:o,s:o}", "id", row->id,
		"organization_id", row->organization_id, "version", (json_int_t)row->version,
		"state", row->state, "digest", row->digest, "note", row->note, "created_by",
		row->created_by, "created_at", pv_cli_time(row->created_at_us), "edited_at",
		pv_cli_time(row->edited_at_us), "adopted_by", row->adopted_by, "adopted_at",
		pv_cli_time(row->adopted_at_us), "effective_at", pv_cli_time(row->effective_at_us));
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

/* Each problem of a file, as `policy check` tells them. */
static void say_problems(const char *file, const struct pv_policy_problems *problems)
{
	for (size_t i = 0; i < problems->n; i++)
		fprintf(stderr, "%s:%d:%d: %s\n", file, problems->items[i].line,
			problems->items[i].column, pv_cli_words(&problems->items[i].message));
}

/* Nothing was typed wrong: the answer is no. */
static enum pv_status no_if(const struct pv_policy_problems *problems)
{
	return problems->n ? PV_REFUSED : PV_OK;
}

static enum pv_status draft(struct pv_cli *cli, const struct pv_actor *actor,
	struct pv_policy_row *row, struct pv_policy_problems *problems)
{
	struct pv_str text;
	enum pv_status status = pv_cli_read_policy(cli->mem, cli->words[1], &text, &cli->error);
	if (status == PV_OK)
		status = pv_desk_policy_draft(cli->desk, cli->mem, actor, cli->words[0], text.bytes,
			pv_json_text(cli->asked, "note"), row, problems, &cli->error);
	if (status == PV_OK)
		say_problems(cli->words[1], problems);
	return status;
}

static enum pv_status run_draft(struct pv_cli *cli)
{
	struct pv_actor actor;
	struct pv_policy_row row;
	struct pv_policy_problems problems = {0};
	enum pv_status status = pv_cli_actor(cli, &actor);
	if (status == PV_OK)
		status = draft(cli, &actor, &row, &problems);
	if (status == PV_OK)
		status = pv_cli_print(cli, policy_json(&row));
	return status == PV_OK ? no_if(&problems) : status;
}

static enum pv_status run_edit(struct pv_cli *cli)
{
	struct pv_actor actor;
	struct pv_policy_row row;
	struct pv_policy_problems problems = {0};
	struct pv_str text;
	struct pv_policy_edit edit = {.note = pv_json_text(cli->asked, "note")};
	enum pv_status status = pv_cli_actor(cli, &actor);
	if (status == PV_OK)
		status = pv_cli_read_policy(cli->mem, cli->words[1], &text, &cli->error);
	if (status != PV_OK)
		return status;
	edit.text = text.bytes;
	status = pv_desk_policy_edit(
		cli->desk, cli->mem, &actor, cli->words[0], &edit, &row, &problems, &cli->error);
	if (status != PV_OK)
		return status;
	say_problems(cli->words[1], &problems);
	status = pv_cli_print(cli, policy_json(&row));
	return status == PV_OK ? no_if(&problems) : status;
}

static enum pv_status run_check(struct pv_cli *cli)
{
	struct pv_actor actor;
	struct pv_policy_row row;
	struct pv_policy_check check;
	enum pv_status status = pv_cli_actor(cli, &actor);
	if (status == PV_OK)
		status = pv_desk_policy_run_check(
			cli->desk, cli->mem, &actor, cli->words[0], &row, &check, &cli->error);
	if (status == PV_OK)
		status = pv_cli_print(cli, pv_cli_parsed(check.json));
	if (status == PV_OK && !check.passes)
		return pv_fail(&cli->error, PV_REFUSED,
			"À revoir : problèmes, %zu; garanties non tenues, %zu; exemples, %zu.",
			"To look at again: problems, %zu; guarantees not kept, %zu; cases, %zu.",
			check.n_problems, check.n_broken, check.n_failing);
	return status;
}

/* A file is drafted only when it can be adopted as far as its text goes. */
static enum pv_status draft_sound(
	struct pv_cli *cli, const struct pv_actor *actor, struct pv_policy_row *row)
{
	struct pv_str text;
	struct pv_policy_problems problems = {0};
	enum pv_status status = pv_cli_read_policy(cli->mem, cli->words[1], &text, &cli->error);
	if (status == PV_OK)
		status = pv_desk_policy_check(cli->mem, text.bytes, &problems, &cli->error);
	say_problems(cli->words[1], &problems);
	if (status == PV_INVALID && problems.n)
		return PV_REFUSED;
	return status == PV_OK ? draft(cli, actor, row, &problems) : status;
}

/* ---- replaying --------------------------------------------------------------------------------- */

/* How far it is, on a line of its own that is written over. */
static bool show_progress(
	void *state, const struct pv_policy_row *version, int64_t done, int64_t total)
{
	static const struct pv_words words = {
		"\r%lld publications rejouées sur %lld", "\r%lld of %lld posts replayed"};
	bool *shown = state;
	(void)version;
	*shown = true;
	fprintf(stderr, pv_cli_words(&words), (long long)done, (long long)total);
	return true;
}

static enum pv_status replay(struct pv_cli *cli, const struct pv_actor *actor, const char *id,
	struct pv_replay_in *in, struct pv_desk_replay **out)
{
	bool shown = false;
	in->progress = isatty(STDERR_FILENO) ? show_progress : NULL;
	in->progress_state = &shown;
	enum pv_status status =
		pv_desk_policy_replay(cli->desk, cli->mem, actor, id, in, out, &cli->error);
	if (shown)
		fputs("\r\033[K", stderr); /* the line is wiped: what comes next stands on it */
	return status;
}

/* Nobody adopts without having been told what it would have said. */
static void say_replay(const struct pv_desk_replay *replay)
{
	static const struct pv_words words = {
		.fr = "Rejouée sur ce qui a paru ces %d derniers mois : %lld publications, %lld "
		      "jugées autrement, %lld refusées qui ne l'étaient pas.\n",
		.en = "Replayed over what was published in the last %d months: %lld posts, %lld "
		      "judged otherwise, %lld refused that were not.\n"};
	static const struct pv_words read = {
		.fr = "Parmi les plus lues (%lld) : %lld seraient refusées.\n",
		.en = "Among the most read (%lld): %lld would be refused.\n"};
	PV_JSON json_t *summary = pv_cli_parsed(replay->summary);
	const json_t *most = json_object_get(summary, "most_read");
	fprintf(stderr, pv_cli_words(&words), replay->months,
		(long long)pv_json_int(summary, "cases", 0),
		(long long)pv_json_int(summary, "changed", 0),
		(long long)pv_json_int(summary, "newly_refused", 0));
	if (pv_json_int(most, "posts", 0) > 0)
		fprintf(stderr, pv_cli_words(&read), (long long)pv_json_int(most, "posts", 0),
			(long long)pv_json_int(most, "refused", 0));
}

/* ---- adopting ---------------------------------------------------------------------------------- */

static enum pv_status adopt(struct pv_cli *cli, const struct pv_actor *actor, const char *id,
	int64_t from_us, struct pv_policy_row *out)
{
	struct pv_policy_check check = {0};
	enum pv_status status = pv_desk_policy_adopt(
		cli->desk, cli->mem, actor, id, from_us, out, &check, &cli->error);
	if (status == PV_CONFLICT && check.replay_due) {
		struct pv_replay_in in = {0};
		struct pv_desk_replay *replayed = NULL;
		cli->error = PV_ERROR_IN(cli->mem);
		status = replay(cli, actor, id, &in, &replayed);
		if (status == PV_OK) {
			say_replay(replayed);
			status = pv_desk_policy_adopt(
				cli->desk, cli->mem, actor, id, from_us, out, &check, &cli->error);
		}
	}
	if (status == PV_REFUSED && check.json)
		fprintf(stderr, "%s\n", check.json);
	return status;
}

static enum pv_status run_adopt(struct pv_cli *cli)
{
	struct pv_actor actor;
	struct pv_policy_row row = {.id = cli->words[0]};
	int64_t from_us = PV_TIME_NONE;
	enum pv_status status = read_from(cli, &from_us);
	if (status == PV_OK)
		status = pv_cli_actor(cli, &actor);
	if (status == PV_OK && cli->n_words == 2)
		status = draft_sound(cli, &actor, &row);
	if (status == PV_OK)
		status = adopt(cli, &actor, row.id, from_us, &row);
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
	struct pv_actor actor;
	struct pv_desk_replay *replayed = NULL;
	struct pv_replay_in in = {.against = pv_json_text(cli->asked, "against")};
	if (months) {
		char *end;
		long n = strtol(months, &end, 10);
		in.months =
			end != months && !*end && n >= 1 && n <= PV_REPLAY_MONTHS_MAX ? (int)n : -1;
	}
	enum pv_status status = pv_cli_actor(cli, &actor);
	if (status == PV_OK)
		status = replay(cli, &actor, id ? id : "", &in, &replayed);
	return status == PV_OK ? print_replay(cli, replayed) : status;
}

static enum pv_status run_show(struct pv_cli *cli)
{
	struct pv_policy_row row;
	enum pv_status status = pv_desk_policy_find(
		cli->desk, cli->mem, &pv_actor_desk, cli->words[0], &row, &cli->error);
	json_t *shown = status == PV_OK ? policy_json(&row) : NULL;
	if (shown) {
		json_object_set_new(shown, "text", json_string(row.text));
		json_object_set_new(shown, "checked", pv_cli_parsed(row.checked));
		json_object_set_new(shown, "replayed", pv_cli_parsed(row.replayed));
	}
	return status == PV_OK ? pv_cli_print(cli, shown) : status;
}

static enum pv_status run_drop(struct pv_cli *cli)
{
	struct pv_actor actor;
	enum pv_status status = pv_cli_actor(cli, &actor);
	return status == PV_OK ? pv_desk_policy_drop(
					 cli->desk, cli->mem, &actor, cli->words[0], &cli->error)
			       : status;
}

static enum pv_status run_difference(struct pv_cli *cli)
{
	struct pv_policy_changes changes = {0};
	enum pv_status status = pv_desk_policy_difference(cli->desk, cli->mem, &pv_actor_desk,
		cli->words[0], cli->words[1], &changes, &cli->error);
	for (size_t i = 0; status == PV_OK && i < changes.n; i++) {
		const struct pv_policy_change *change = &changes.items[i];
		status = pv_cli_print(cli,
			json_pack("{s:s,s:s,s:s,s:{s:s,s:s},s:{s:s,s:s}}", "kind",
				pv_change_kind_names[change->kind], "part", change->part, "id",
				change->id, "label", "fr", change->label.fr, "en", change->label.en,
				"words", "fr", change->words.fr, "en", change->words.en));
	}
	return status;
}

int pv_cli_policy_desk(int argc, char **argv)
{
	static const struct pv_cli_option writing[] = {
		{"note", PV_CLI_TEXT, "@note"}, {"as", PV_CLI_TEXT, "@as"}, {0}};
	static const struct pv_cli_option adopting[] = {{"note", PV_CLI_TEXT, "@note"},
		{"from", PV_CLI_TEXT, "@from"}, {"as", PV_CLI_TEXT, "@as"}, {0}};
	static const struct pv_cli_option acting[] = {{"as", PV_CLI_TEXT, "@as"}, {0}};
	static const struct pv_cli_option replaying[] = {{"draft", PV_CLI_TEXT, "@draft"},
		{"months", PV_CLI_TEXT, "@months"}, {"against", PV_CLI_TEXT, "@against"},
		{"as", PV_CLI_TEXT, "@as"}, {0}};
	static const struct pv_cli_verb verbs[] = {{"draft", 2, writing, run_draft, 0},
		{"edit", 2, writing, run_edit, 0}, {"check", 1, acting, run_check, 0},
		{"adopt", 1, adopting, run_adopt, 1}, {"list", 1, NULL, run_list, 0},
		{"show", 1, NULL, run_show, 0}, {"drop", 1, acting, run_drop, 0},
		{"difference", 2, NULL, run_difference, 0}, {"replay", 0, replaying, run_replay, 0},
		{0}};
	return pv_cli_run(argc, argv, help, verbs);
}
