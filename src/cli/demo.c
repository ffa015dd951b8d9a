/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* `portevoix demo`: people, organisations, policies, registers, accounts and feeds of the example. */
#include "cli/demo.h"

#include "base/log.h"
#include "base/mem.h"
#include "cli/commands.h"
#include "cli/place.h"
#include "desk/accounts.h"
#include "desk/policy_life.h"
#include "desk/register.h"
#include "desk/setup.h"
#include "desk/sources.h"
#include "dispatch/connect.h"
#include "web/assets.h"

#include <getopt.h>
#include <stdio.h>

enum { DAYS_BEFORE = 60 };

static const char help[] =
	"Usage: portevoix demo [--data DIR] [--database URL] [--base-url URL]\n"
	"\n"
	"Puts the example into an empty folder: a community manager, an editor, three "
	"organisations\n"
	"and a community they look after, their policy, registers, journals with past posts and\n"
	"readers' comments, and two feeds that the desk serves to itself. Prints how to sign in.\n"
	"Done again, it changes nothing but the address of those feeds.\n"
	"\n"
	"  --data DIR       the folder ($PORTEVOIX_DATA, portevoix-data)\n"
	"  --database URL   sqlite:FILE or postgresql://… (in DIR)\n"
	"  --base-url URL   where `portevoix serve` will listen (http://127.0.0.1:8080)\n"
	"  --help           this\n"
	"\n"
	"Example:\n"
	"  $ portevoix demo --data var/demo && portevoix serve --data var/demo\n"
	"\n"
	"Leaves with 0 when done, 1 when the folder holds a desk that is not the example, 2 on "
	"wrong\n"
	"usage, 3 when the folder or the database failed.\n";

/* ---- the clock --------------------------------------------------------------------------------- */

static struct demo_clock *clock_of(struct pv_env *env)
{
	return (struct demo_clock *)(void *)env;
}

static int64_t clock_now(struct pv_env *env)
{
	/* Each look is a moment later, so that ids and rows keep their order. */
	return clock_of(env)->now_us += 1000;
}

static int64_t clock_monotonic(struct pv_env *env)
{
	return pv_env_monotonic_us(clock_of(env)->real);
}

static void clock_random(struct pv_env *env, void *out, size_t size)
{
	pv_env_random(clock_of(env)->real, out, size);
}

static void clock_sleep(struct pv_env *env, int64_t duration_us)
{
	clock_of(env)->now_us += duration_us;
}

static enum pv_status clock_http(struct pv_env *env, TALLOC_CTX *mem,
	const struct pv_http_request *request, struct pv_http_response *out, struct pv_error *error)
{
	return pv_env_http(clock_of(env)->real, mem, request, out, error);
}

static const struct pv_env_ops clock_ops = {
	.now_us = clock_now,
	.monotonic_us = clock_monotonic,
	.random = clock_random,
	.sleep_us = clock_sleep,
	.http = clock_http,
};

/* ---- finding ----------------------------------------------------------------------------------- */

enum pv_status demo_person(
	struct demo *demo, const char *slug, const char **out_id, struct pv_error *error)
{
	struct pv_person_row *rows = NULL;
	size_t n = 0;
	enum pv_status status =
		pv_desk_person_list(demo->desk, demo->mem, &pv_actor_desk, &rows, &n, error);
	for (size_t i = 0; status == PV_OK && i < n; i++)
		if (pv_streq(rows[i].slug, slug)) {
			*out_id = rows[i].id;
			return PV_OK;
		}
	return status == PV_OK ? pv_fail(error, PV_NOT_FOUND, "Personne ne s'appelle %s ici.",
					 "Nobody is called %s here.", slug)
			       : status;
}

enum pv_status demo_organization(struct demo *demo, const char *slug,
	struct pv_organization_row *out, struct pv_error *error)
{
	return pv_desk_organization_find(demo->desk, demo->mem, &pv_actor_desk, slug, out, error);
}

/* An entry's "organization", or its "person": that person's own space. */
static const char *owner_slug(const json_t *entry)
{
	const char *organization = pv_json_text(entry, "organization");
	return organization ? organization : pv_json_text(entry, "person");
}

static const struct pv_asset *asset(const char *path)
{
	return pv_asset_find(pv_assets_data, pv_assets_data_n, path);
}

static char *asset_text(TALLOC_CTX *mem, const struct pv_asset *found)
{
	return found ? talloc_strndup(mem, found->bytes, (size_t)(found->bytes_end - found->bytes))
		     : NULL;
}

/* ---- people and organisations ------------------------------------------------------------------ */

static enum pv_status add_people(struct demo *demo, struct pv_error *error)
{
	size_t i;
	json_t *person;
	enum pv_status status = PV_OK;
	json_array_foreach(json_object_get(demo->text, "people"), i, person)
	{
		struct pv_person_row row;
		const char *link = NULL;
		PV_JSON json_t *form = json_pack("{s:O,s:O,s:O,s:O,s:O,s:s}", "slug",
			json_object_get(person, "slug"), "name", json_object_get(person, "name"),
			"login", json_object_get(person, "login"), "password",
			json_object_get(person, "password"), "language",
			json_object_get(person, "language"), "timezone", "America/Toronto");
		if (!form)
			return pv_fail_nomem(error);
		status = pv_desk_person_add(
			demo->desk, demo->mem, &pv_actor_desk, form, &row, &link, error);
		if (status != PV_OK)
			return status;
	}
	return status;
}

static enum pv_status add_members(struct demo *demo, const char *organization_id,
	const json_t *members, struct pv_error *error)
{
	size_t i, k;
	json_t *member, *person;
	json_array_foreach(members, i, member)
	{
		json_array_foreach(json_object_get(demo->text, "people"), k, person)
		{
			struct pv_member_row row;
			const char *link = NULL;
			if (!pv_streq(pv_json_text(person, "slug"), pv_json_text(member, "person")))
				continue;
			PV_JSON json_t *form = json_pack("{s:O,s:O,s:O,s:O}", "name",
				json_object_get(person, "name"), "login",
				json_object_get(person, "login"), "role",
				json_object_get(member, "role"), "policy_roles",
				json_object_get(member, "policy_roles"));
			if (!form)
				return pv_fail_nomem(error);
			enum pv_status status = pv_desk_person_invite(demo->desk, demo->mem,
				&pv_actor_desk, organization_id, form, &row, &link, error);
			if (status != PV_OK)
				return status;
		}
	}
	return PV_OK;
}

static enum pv_status adopt(
	struct demo *demo, const char *organization_id, const char *name, struct pv_error *error)
{
	struct pv_policy_row row;
	struct pv_policy_problems problems = {0};
	struct pv_policy_check check;
	char *text =
		asset_text(demo->mem, asset(talloc_asprintf(demo->mem, "policies/%s.yaml", name)));
	if (!text)
		return pv_fail(error, PV_INTERNAL, "La politique %s manque au programme.",
			"The program holds no policy called %s.", name);
	enum pv_status status = pv_desk_policy_draft(demo->desk, demo->mem, &pv_actor_desk,
		organization_id, text, "", &row, &problems, error);
	if (status == PV_OK)
		status = pv_desk_policy_adopt(demo->desk, demo->mem, &pv_actor_desk, row.id,
			PV_TIME_NONE, &row, &check, error);
	return status;
}

static enum pv_status open_journal(struct demo *demo, const char *organization_id,
	const json_t *journal, struct pv_error *error)
{
	struct pv_organization_row row;
	PV_JSON json_t *form = json_pack("{s:O}", "journal", journal);
	if (!form)
		return pv_fail_nomem(error);
	return pv_desk_organization_change(
		demo->desk, demo->mem, &pv_actor_desk, organization_id, form, &row, error);
}

static enum pv_status add_organizations(struct demo *demo, struct pv_error *error)
{
	size_t i;
	json_t *entry;
	json_array_foreach(json_object_get(demo->text, "organizations"), i, entry)
	{
		struct pv_organization_row row;
		PV_JSON json_t *form = json_pack("{s:O,s:O,s:O,s:O,s:O}", "slug",
			json_object_get(entry, "slug"), "name", json_object_get(entry, "name"),
			"colour", json_object_get(entry, "colour"), "timezone",
			json_object_get(entry, "timezone"), "language",
			json_object_get(entry, "language"));
		if (!form)
			return pv_fail_nomem(error);
		enum pv_status status = pv_desk_organization_add(
			demo->desk, demo->mem, &pv_actor_desk, form, &row, error);
		if (status == PV_OK)
			status =
				add_members(demo, row.id, json_object_get(entry, "members"), error);
		if (status == PV_OK)
			status = open_journal(
				demo, row.id, json_object_get(entry, "journal"), error);
		if (status == PV_OK)
			status = adopt(demo, row.id, pv_json_text(entry, "policy"), error);
		if (status != PV_OK)
			return status;
	}
	return PV_OK;
}

/* The manager's own space: its journal is open, and the same policy says what he may do there. */
static enum pv_status settle_home(struct demo *demo, const char *slug, struct pv_error *error)
{
	struct pv_organization_row home;
	PV_JSON json_t *journal =
		json_pack("{s:b,s:b,s:b}", "open", 1, "comments", 1, "policy_public", 0);
	if (!journal)
		return pv_fail_nomem(error);
	enum pv_status status = demo_organization(demo, slug, &home, error);
	if (status == PV_OK)
		status = open_journal(demo, home.id, journal, error);
	return status == PV_OK ? adopt(demo, home.id, "seed", error) : status;
}

/* ---- accounts, registers, feeds ---------------------------------------------------------------- */

static enum pv_status add_accounts(struct demo *demo, struct pv_error *error)
{
	size_t i;
	json_t *entry;
	json_array_foreach(json_object_get(demo->text, "accounts"), i, entry)
	{
		struct pv_organization_row owner;
		struct pv_account_row row;
		enum pv_status status = demo_organization(demo, owner_slug(entry), &owner, error);
		if (status != PV_OK)
			return status;
		PV_JSON json_t *form = json_pack("{s:s,s:O,s:O,s:O,s:O}", "organization", owner.id,
			"network", json_object_get(entry, "network"), "slug",
			json_object_get(entry, "slug"), "name", json_object_get(entry, "name"),
			"stance", json_object_get(entry, "stance"));
		if (!form)
			return pv_fail_nomem(error);
		status = pv_dispatch_account_connect(
			demo->desk, demo->mem, &pv_actor_desk, form, &row, error);
		if (status != PV_OK)
			return status;
	}
	return PV_OK;
}

static enum pv_status add_interests(struct demo *demo, struct pv_error *error)
{
	size_t i;
	json_t *entry;
	json_array_foreach(json_object_get(demo->text, "interests"), i, entry)
	{
		struct pv_interest_row row;
		const char *person_id = NULL, *person = pv_json_text(entry, "person");
		enum pv_status status =
			person ? demo_person(demo, person, &person_id, error) : PV_OK;
		PV_JSON json_t *form = json_copy(entry);
		if (!form)
			return pv_fail_nomem(error);
		json_object_del(form, "person");
		if (status == PV_OK)
			status = person ? pv_desk_interest_add_for(demo->desk, demo->mem,
						  &pv_actor_desk, person_id, form, &row, error)
					: pv_desk_interest_add(demo->desk, demo->mem,
						  &pv_actor_desk, form, &row, error);
		if (status != PV_OK)
			return status;
	}
	return PV_OK;
}

/* The feed under this address; one of the example under another address is given up. */
static enum pv_status settle_source(
	struct demo *demo, const json_t *entry, const char *base_url, struct pv_error *error)
{
	struct pv_organization_row owner;
	struct pv_source_row *rows = NULL, row;
	size_t n = 0;
	const char *file = pv_json_text(entry, "file");
	char *url = talloc_asprintf(demo->mem, "%s/demo/%s", base_url, file);
	char *tail = talloc_asprintf(demo->mem, "/demo/%s", file);
	if (!url || !tail)
		return pv_fail_nomem(error);
	enum pv_status status = demo_organization(demo, owner_slug(entry), &owner, error);
	if (status == PV_OK)
		status = pv_desk_source_list(
			demo->desk, demo->mem, &pv_actor_desk, owner.id, &rows, &n, error);
	for (size_t i = 0; status == PV_OK && i < n; i++) {
		size_t size = strlen(rows[i].url), end = strlen(tail);
		if (strcmp(rows[i].url, url) == 0)
			return PV_OK;
		if (size > end && strcmp(rows[i].url + size - end, tail) == 0)
			status = pv_desk_source_remove(
				demo->desk, &pv_actor_desk, rows[i].id, error);
	}
	if (status == PV_OK)
		status = pv_desk_source_add(
			demo->desk, demo->mem, &pv_actor_desk, owner.id, url, &row, error);
	if (status == PV_OK)
		status = pv_desk_source_edit(demo->desk, demo->mem, &pv_actor_desk, row.id,
			pv_json_text(entry, "title"), NULL, &row, error);
	return status;
}

static enum pv_status settle_sources(
	struct demo *demo, const char *base_url, struct pv_error *error)
{
	size_t i;
	json_t *entry;
	enum pv_status status = PV_OK;
	json_array_foreach(json_object_get(demo->text, "sources"), i, entry) if (status == PV_OK)
		status = settle_source(demo, entry, base_url, error);
	return status;
}

/* ---- the command ------------------------------------------------------------------------------- */

static enum pv_status fill(struct demo *demo, struct pv_error *error)
{
	demo->clock.now_us = demo->present_us - DAYS_BEFORE * PV_DAY_US;
	enum pv_status status = add_people(demo, error);
	if (status == PV_OK)
		status = add_organizations(demo, error);
	if (status == PV_OK)
		status = settle_home(demo, "marc", error);
	if (status == PV_OK)
		status = add_accounts(demo, error);
	if (status == PV_OK)
		status = add_interests(demo, error);
	if (status == PV_OK)
		status = pv_runner_create(demo->mem, demo->desk, &demo->runner, error);
	if (status == PV_OK)
		status = demo_past(demo, error);
	demo->clock.now_us = demo->present_us;
	return status == PV_OK ? demo_waiting(demo, error) : status;
}

static void say_how_to_sign_in(const struct demo *demo, const char *base_url)
{
	static const struct pv_words title = {
		"Le bureau d'exemple est prêt : %s\n\n", "The example desk is ready: %s\n\n"};
	size_t i;
	json_t *person;
	printf(pv_cli_words(&title), base_url);
	json_array_foreach(json_object_get(demo->text, "people"), i, person)
	{
		const json_t *what = json_object_get(person, "what");
		printf("  %-28s %-22s %s\n", pv_json_text(person, "login"),
			pv_json_text(person, "password"),
			pv_json_text(what, pv_cli_in_french() ? "fr" : "en"));
	}
}

static enum pv_status run(
	struct demo *demo, struct pv_place *place, const char *base_url, struct pv_error *error)
{
	bool empty = false;
	PV_JSON json_t *text = NULL;
	const struct pv_asset *found = asset("demo/demo.json");
	enum pv_status status = pv_place_open(demo->mem, place, &demo->desk, error);
	if (status == PV_OK)
		status = pv_json_parse(found ? found->bytes : "",
			found ? (size_t)(found->bytes_end - found->bytes) : 0, &text, error);
	if (status == PV_OK)
		status = pv_desk_setup_is_open(demo->desk, &empty, error);
	if (status != PV_OK)
		return status;
	bool ours = pv_place_is_demo(demo->mem, place->data);
	if (!empty && !ours)
		return pv_fail(error, PV_CONFLICT,
			"%s contient déjà un bureau : donnez un dossier vide.",
			"%s holds a desk already: give an empty folder.", place->data);
	demo->text = text;
	demo->desk->base_url = base_url;
	demo->clock.env.ops = &clock_ops;
	demo->clock.real = demo->desk->env;
	demo->present_us = pv_env_now_us(demo->clock.real);
	demo->clock.now_us = demo->present_us;
	demo->desk->env = &demo->clock.env;
	if (empty)
		status = fill(demo, error);
	if (status == PV_OK)
		status = settle_sources(demo, base_url, error);
	if (status == PV_OK)
		status = pv_place_mark_demo(demo->mem, place->data, error);
	if (status == PV_OK)
		say_how_to_sign_in(demo, base_url);
	return status;
}

int pv_cli_demo(int argc, char **argv)
{
	static const struct option options[] = {
		{"data", required_argument, NULL, 'd'},
		{"database", required_argument, NULL, 'u'},
		{"base-url", required_argument, NULL, 'b'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_error error = PV_ERROR_IN(scope);
	struct demo demo = {.mem = scope};
	struct pv_place place = {0};
	const char *base_url = "http://127.0.0.1:8080";
	int option;
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 'd': place.data = optarg; break;
		case 'u': place.database = optarg; break;
		case 'b': base_url = optarg; break;
		case 'h': fputs(help, stdout); return PV_EXIT_DONE;
		default: return PV_EXIT_USAGE;
		}
	}
	if (optind != argc)
		return PV_EXIT_USAGE;
	pv_log_setup(PV_LOG_WARNING, false); /* fifteen publications of the past are no news */
	enum pv_status status = run(&demo, &place, base_url, &error);
	return status == PV_OK ? PV_EXIT_DONE : pv_place_fail(&error);
}
