/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* portevoix post add|judge|submit|approve|send-back|schedule|publish|… : the way of a post, by hand */
#include "cli/commands.h"
#include "cli/common.h"
#include "collect/collector.h"
#include "desk/judging.h"
#include "desk/publications.h"
#include "desk/reviews.h"

#include <stdio.h>
#include <string.h>

static const char help[] =
	"portevoix post add --as PERSON --account ACCOUNT… (--text TEXT | --text-stdin | --item "
	"ITEM)\n"
	"                   [--title T] [--language fr]… [--due WHEN] [--late publish|ask|drop] "
	"[DECLARED]\n"
	"portevoix post judge --as PERSON --account ACCOUNT (--text TEXT | --text-stdin) "
	"[DECLARED]\n"
	"portevoix post submit VARIANT --as PERSON\n"
	"portevoix post approve VARIANT --as PERSON --digest DIGEST [--word WORD]\n"
	"portevoix post send-back VARIANT --as PERSON --digest DIGEST --word WORD\n"
	"portevoix post schedule VARIANT --as PERSON --due WHEN\n"
	"portevoix post publish|unschedule|withdraw|remove VARIANT --as PERSON\n"
	"portevoix post resolve VARIANT --as PERSON --decision published|retry|drop [--permalink "
	"URL]\n"
	"portevoix post list [--as PERSON] [--organization ID] [--stage STAGE]\n"
	"portevoix post show VARIANT [--as PERSON]\n"
	"\n"
	"A post has a variant an account; all the rest speaks of variants, one JSON object a "
	"line.\n"
	"PERSON is an id, a slug or a login, and everything is done as them: what their role, or "
	"the\n"
	"policy, does not allow is refused here as everywhere (exit 1). DIGEST is what `show` "
	"gives:\n"
	"an approval holds for exactly that.\n"
	"  WHEN      2026-03-05T09:30 (the organisation's clock), or with an offset or Z\n"
	"  DECLARED  --origin --interest --axis --relevance WORD, --relation --human --topic WORD\n"
	"            (may be repeated), --sponsored --consent: words of the policy's format\n"
	"  --allow HOST:PORT   a private address that links may lead to (may be repeated): before "
	"a\n"
	"            verb that may let a post go out, the desk looks where its links lead\n"
	"  --data DIR  --database URL   where the desk is ($PORTEVOIX_DATA, $PORTEVOIX_DATABASE)\n"
	"\n"
	"Example:\n"
	"  portevoix post add --as marc --account coop-journal --interest project --text "
	"'Bonjour.'\n"
	"  portevoix post publish 01j… --as marc\n";

/* ---- what -------------------------------------------------------------------------------------- */

static enum pv_status read_all(struct pv_cli *cli, const char **out)
{
	struct pv_buf text = PV_BUF(cli->mem, PV_POST_TEXT_MAX);
	char part[4096];
	size_t n;
	while ((n = fread(part, 1, sizeof part, stdin)) > 0)
		pv_buf_add(&text, part, n);
	*out = pv_buf_end(&text);
	if (!*out)
		return pv_fail(&cli->error, PV_TOO_LARGE, "Ce texte dépasse %d octets.",
			"This text is longer than %d bytes.", PV_POST_TEXT_MAX);
	return PV_OK;
}

static enum pv_status text_of(struct pv_cli *cli, const char **out)
{
	*out = pv_json_text(cli->asked, "text");
	if (!*out && pv_json_bool(cli->asked, "text_stdin", false))
		return read_all(cli, out);
	return PV_OK;
}

/* "2026-03-05T09:30" is the organisation's clock; with Z or an offset, an instant. */
static enum pv_status due_of(struct pv_cli *cli, struct pv_due *out)
{
	const char *when = pv_json_text(cli->asked, "due");
	if (!when)
		return PV_OK;
	if (pv_time_parse(when, strlen(when), &out->at_us)) {
		out->kind = PV_DUE_AT;
		return PV_OK;
	}
	const char *middle = strpbrk(when, "T ");
	out->kind = PV_DUE_LOCAL;
	out->date = middle ? talloc_strndup(cli->mem, when, (size_t)(middle - when)) : when;
	out->time = middle ? middle + 1 : "";
	return out->date ? PV_OK : pv_fail_nomem(&cli->error);
}

/* ---- answers ----------------------------------------------------------------------------------- */

static json_t *row_json(const struct pv_variant_row *row)
{
	return json_pack(
		"{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:s, s:s, s:s, s:o, s:I, s:s, "
		"s:s}",
		"id", row->id, "post_id", row->post_id, "organization", row->organization_slug,
		"account", row->account_slug, "network", row->account_network, "author",
		row->author_slug, "kind", row->kind, "stage", row->stage, "due_at",
		pv_cli_time(row->due_at_us), "verdict", row->verdict, "digest", row->digest, "text",
		row->text, "languages", pv_cli_parsed(row->languages), "version",
		(json_int_t)row->version, "state", row->publication_state, "permalink",
		row->permalink);
}

static json_t *view_json(const struct pv_desk_variant *view)
{
	json_t *json = row_json(&view->row);
	json_object_set_new(json, "declared", pv_cli_parsed(view->row.declared));
	json_object_set_new(json, "media", pv_cli_parsed(view->row.media));
	if (view->judgement)
		json_object_set_new(json, "judgement", pv_cli_parsed(view->judgement->result));
	json_t *reviews = json_array();
	for (size_t i = 0; i < view->n_reviews; i++) {
		const struct pv_review_row *review = &view->reviews[i];
		json_array_append_new(
			reviews, json_pack("{s:s, s:s, s:s, s:o, s:o, s:s}", "person",
					 review->person_slug, "decision", review->decision, "word",
					 review->word, "made_at", pv_cli_time(review->made_at_us),
					 "voided_at", pv_cli_time(review->voided_at_us),
					 "voided_why", review->voided_why));
	}
	json_object_set_new(json, "reviews", reviews);
	if (view->publication)
		json_object_set_new(json, "reason", pv_cli_parsed(view->publication->reason));
	if (view->notice.fr)
		json_object_set_new(json, "notice",
			json_pack("{s:s, s:s}", "fr", view->notice.fr, "en", view->notice.en));
	return json;
}

static enum pv_status answer(
	struct pv_cli *cli, enum pv_status status, const struct pv_desk_variant *view)
{
	return status == PV_OK ? pv_cli_print(cli, view_json(view)) : status;
}

/* ---- verbs ------------------------------------------------------------------------------------- */

static enum pv_status run_add(struct pv_cli *cli)
{
	struct pv_variant_in variants[PV_POST_VARIANTS_MAX] = {0};
	const json_t *accounts = json_object_get(cli->asked, "account");
	struct pv_post_in in = {.item_id = pv_json_text(cli->asked, "item"),
		.title = pv_json_text(cli->asked, "title"),
		.variants = variants};
	struct pv_desk_post *post;
	struct pv_actor actor;
	struct pv_due due = {0};
	enum pv_status status = pv_cli_actor(cli, &actor);
	if (status == PV_OK)
		status = text_of(cli, &in.text);
	if (status == PV_OK)
		status = due_of(cli, &due);
	for (size_t i = 0; i < json_array_size(accounts) && i < PV_POST_VARIANTS_MAX; i++)
		variants[in.n_variants++] = (struct pv_variant_in){
			.account = json_string_value(json_array_get(accounts, i)),
			.languages = json_object_get(cli->asked, "language"),
			.declared = cli->form,
			.due = due,
			.late = pv_json_text(cli->asked, "late"),
		};
	if (status == PV_OK)
		status = pv_desk_post_create(cli->desk, cli->mem, &actor, &in, &post, &cli->error);
	for (size_t i = 0; status == PV_OK && i < post->n_variants; i++)
		status = pv_cli_print(cli, view_json(&post->variants[i]));
	return status;
}

static enum pv_status run_judge(struct pv_cli *cli)
{
	struct pv_desk_judgement judgement;
	struct pv_actor actor;
	struct pv_draft draft = {
		.account = json_string_value(
			json_array_get(json_object_get(cli->asked, "account"), 0)),
		.languages = json_object_get(cli->asked, "language"),
		.declared = cli->form,
		.due_at_us = PV_TIME_NONE,
	};
	enum pv_status status = pv_cli_actor(cli, &actor);
	if (status == PV_OK)
		status = text_of(cli, &draft.text);
	if (status == PV_OK)
		status = pv_desk_judge_draft(
			cli->desk, cli->mem, &actor, &draft, &judgement, &cli->error);
	return status == PV_OK ? pv_cli_print(cli, pv_cli_parsed(judgement.result)) : status;
}

typedef enum pv_status variant_verb(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id, struct pv_desk_variant **out,
	struct pv_error *error);

/* Before what may let a post go out: where do its links lead now? */
static enum pv_status look(struct pv_cli *cli, const struct pv_actor *actor)
{
	enum pv_status status = pv_cli_reach(cli);
	return status == PV_OK ? pv_collect_variant_links(
					 cli->desk, cli->mem, actor, cli->words[0], &cli->error)
			       : status;
}

static enum pv_status run_verb(struct pv_cli *cli, variant_verb *verb, bool looks)
{
	struct pv_actor actor;
	struct pv_desk_variant *view = NULL;
	enum pv_status status = pv_cli_actor(cli, &actor);
	if (status == PV_OK && looks)
		status = look(cli, &actor);
	if (status == PV_OK)
		status = verb(cli->desk, cli->mem, &actor, cli->words[0], &view, &cli->error);
	return answer(cli, status, view);
}

static enum pv_status run_submit(struct pv_cli *cli)
{
	return run_verb(cli, pv_desk_variant_submit, true);
}

static enum pv_status run_publish(struct pv_cli *cli)
{
	return run_verb(cli, pv_desk_variant_publish_now, true);
}

static enum pv_status run_withdraw(struct pv_cli *cli)
{
	return run_verb(cli, pv_desk_variant_withdraw, false);
}

static enum pv_status run_unschedule(struct pv_cli *cli)
{
	return run_verb(cli, pv_desk_variant_unschedule, false);
}

static enum pv_status run_show(struct pv_cli *cli)
{
	return run_verb(cli, pv_desk_variant_get, false);
}

static enum pv_status run_schedule(struct pv_cli *cli)
{
	struct pv_actor actor;
	struct pv_due due = {0};
	struct pv_desk_variant *view = NULL;
	enum pv_status status = pv_cli_actor(cli, &actor);
	if (status == PV_OK)
		status = due_of(cli, &due);
	if (status == PV_OK)
		status = look(cli, &actor);
	if (status == PV_OK)
		status = pv_desk_variant_schedule(
			cli->desk, cli->mem, &actor, cli->words[0], &due, &view, &cli->error);
	return answer(cli, status, view);
}

static enum pv_status run_review(struct pv_cli *cli, bool approves)
{
	struct pv_actor actor;
	struct pv_desk_variant *view = NULL;
	const char *digest = pv_json_text(cli->asked, "digest");
	const char *word = pv_json_text(cli->asked, "word");
	enum pv_status status = pv_cli_actor(cli, &actor);
	if (status == PV_OK && !digest)
		return pv_fail(&cli->error, PV_INVALID,
			"Donnez --digest : l'empreinte de ce que vous avez lu (post show).",
			"Give --digest: of what you have read (post show).");
	if (status == PV_OK && approves)
		status = look(cli, &actor);
	if (status == PV_OK)
		status = (approves ? pv_desk_review_approve : pv_desk_review_send_back)(cli->desk,
			cli->mem, &actor, cli->words[0], digest, word, &view, &cli->error);
	return answer(cli, status, view);
}

static enum pv_status run_approve(struct pv_cli *cli)
{
	return run_review(cli, true);
}

static enum pv_status run_send_back(struct pv_cli *cli)
{
	return run_review(cli, false);
}

static enum pv_status run_remove(struct pv_cli *cli)
{
	struct pv_actor actor;
	enum pv_status status = pv_cli_actor(cli, &actor);
	return status == PV_OK
		       ? pv_desk_variant_remove(cli->desk, &actor, cli->words[0], &cli->error)
		       : status;
}

static enum pv_status run_resolve(struct pv_cli *cli)
{
	static const char *const names[] = {"published", "retry", "drop"};
	const char *decision = pv_json_text(cli->asked, "decision");
	struct pv_desk_publication *publication;
	struct pv_actor actor;
	int at = 0;
	while (at < 3 && !(decision && strcmp(decision, names[at]) == 0))
		at++;
	if (at == 3)
		return pv_fail(&cli->error, PV_INVALID, "--decision est published, retry ou drop.",
			"--decision is published, retry or drop.");
	enum pv_status status = pv_cli_actor(cli, &actor);
	if (status == PV_OK && (enum pv_decision)at == PV_DECISION_RETRY)
		status = look(cli, &actor);
	if (status == PV_OK)
		status = pv_desk_publication_resolve(cli->desk, cli->mem, &actor, cli->words[0],
			(enum pv_decision)at, pv_json_text(cli->asked, "permalink"), &publication,
			&cli->error);
	return status == PV_OK ? run_show(cli) : status;
}

/* Page after page, newest first. */
static enum pv_status run_list(struct pv_cli *cli)
{
	struct pv_variant_filter filter = PV_VARIANT_FILTER;
	struct pv_actor actor;
	enum pv_status status = pv_cli_actor(cli, &actor);
	filter.organization_id = pv_json_text(cli->asked, "organization");
	filter.stage = pv_json_text(cli->asked, "stage");
	filter.limit = 200;
	while (status == PV_OK) {
		struct pv_variant_row *rows = NULL;
		size_t n = 0;
		status = pv_desk_variant_list(
			cli->desk, cli->mem, &actor, filter, &rows, &n, &cli->error);
		for (size_t i = 0; status == PV_OK && i < n; i++)
			status = pv_cli_print(cli, row_json(&rows[i]));
		if (status != PV_OK || n < (size_t)filter.limit)
			break;
		filter.before_id = rows[n - 1].id;
	}
	return status;
}

#define DECLARED                                                                          \
	{"origin", PV_CLI_TEXT, "origin"}, {"interest", PV_CLI_TEXT, "interest"},         \
		{"axis", PV_CLI_TEXT, "axis"}, {"relevance", PV_CLI_TEXT, "relevance"},   \
		{"relation", PV_CLI_LIST, "relation"}, {"human", PV_CLI_LIST, "human"},   \
		{"topic", PV_CLI_LIST, "topic"}, {"sponsored", PV_CLI_FLAG, "sponsored"}, \
	{                                                                                 \
		"consent", PV_CLI_FLAG, "consent"                                         \
	}

int pv_cli_post(int argc, char **argv)
{
	static const struct pv_cli_option adding[] = {{"as", PV_CLI_TEXT, "@as"},
		{"account", PV_CLI_LIST, "@account"}, {"text", PV_CLI_TEXT, "@text"},
		{"text-stdin", PV_CLI_FLAG, "@text_stdin"}, {"title", PV_CLI_TEXT, "@title"},
		{"item", PV_CLI_TEXT, "@item"}, {"language", PV_CLI_LIST, "@language"},
		{"due", PV_CLI_TEXT, "@due"}, {"late", PV_CLI_TEXT, "@late"}, DECLARED, {0}};
	static const struct pv_cli_option acting[] = {{"as", PV_CLI_TEXT, "@as"},
		{"due", PV_CLI_TEXT, "@due"}, {"digest", PV_CLI_TEXT, "@digest"},
		{"word", PV_CLI_TEXT, "@word"}, {"decision", PV_CLI_TEXT, "@decision"},
		{"permalink", PV_CLI_TEXT, "@permalink"}, {"allow", PV_CLI_LIST, "@allow"}, {0}};
	static const struct pv_cli_option listing[] = {{"as", PV_CLI_TEXT, "@as"},
		{"organization", PV_CLI_TEXT, "@organization"}, {"stage", PV_CLI_TEXT, "@stage"},
		{0}};
	static const struct pv_cli_verb verbs[] = {{"add", 0, adding, run_add},
		{"judge", 0, adding, run_judge}, {"submit", 1, acting, run_submit},
		{"approve", 1, acting, run_approve}, {"send-back", 1, acting, run_send_back},
		{"schedule", 1, acting, run_schedule}, {"publish", 1, acting, run_publish},
		{"unschedule", 1, acting, run_unschedule}, {"withdraw", 1, acting, run_withdraw},
		{"remove", 1, acting, run_remove}, {"resolve", 1, acting, run_resolve},
		{"show", 1, acting, run_show}, {"list", 0, listing, run_list}, {0}};
	return pv_cli_run(argc, argv, help, verbs);
}
