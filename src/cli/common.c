/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/common.h"

#include "base/instant.h"
#include "base/mem.h"
#include "cli/commands.h"
#include "desk/accounts.h"
#include "desk/holds.h"
#include "desk/people.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LISTEN_DEFAULT "http://127.0.0.1:8080"

/* ---- options --------------------------------------------------------------------------------- */

static enum pv_status usage(struct pv_cli *cli, const char *fr, const char *en, const char *what)
{
	return pv_fail(&cli->error, PV_INVALID, fr, en, what);
}

static bool put(json_t *object, const struct pv_cli_option *option, const char *value)
{
	const char *member = option->member + (option->member[0] == '@');
	if (option->kind == PV_CLI_LIST) {
		json_t *list = json_object_get(object, member);
		if (!list && json_object_set_new(object, member, json_array()) != 0)
			return false;
		return json_array_append_new(json_object_get(object, member), json_string(value)) ==
		       0;
	}
	json_t *kept = option->kind == PV_CLI_TEXT ? json_string(value)
						   : json_boolean(strcmp(value, "yes") == 0);
	return json_object_set_new(object, member, kept) == 0;
}

static enum pv_status take_value(
	struct pv_cli *cli, const struct pv_cli_option *option, const char *value)
{
	bool yes_no = strcmp(value, "yes") == 0 || strcmp(value, "no") == 0;
	if (option->kind == PV_CLI_BOOL && !yes_no)
		return usage(cli, "--%s attend yes ou no.", "--%s takes yes or no.", option->name);
	json_t *object = option->member[0] == '@' ? cli->asked : cli->form;
	if (!put(object, option, value))
		return usage(cli, "La valeur de --%s n'est pas du texte UTF-8.",
			"The value of --%s is not UTF-8 text.", option->name);
	return PV_OK;
}

static const char **common_option(struct pv_cli *cli, const char *name, size_t size)
{
	const struct {
		const char *name;
		const char **to;
	} common[] = {{"data", &cli->place.data}, {"database", &cli->place.database},
		{"base-url", &cli->base_url}};
	for (size_t i = 0; i < PV_COUNT(common); i++)
		if (strlen(common[i].name) == size && memcmp(common[i].name, name, size) == 0)
			return common[i].to;
	return NULL;
}

/* "--name VALUE" or "--name=VALUE"; `*at` moves past what was taken. */
static enum pv_status take_option(
	struct pv_cli *cli, const struct pv_cli_option *options, int argc, char **argv, int *at)
{
	const char *name = argv[*at] + 2, *equals = strchr(name, '=');
	size_t size = equals ? (size_t)(equals - name) : strlen(name);
	const char **common = common_option(cli, name, size);
	const struct pv_cli_option *option = options;
	while (option && option->name &&
		(strlen(option->name) != size || memcmp(option->name, name, size) != 0))
		option++;
	if (!common && (!option || !option->name))
		return usage(cli, "L'option %s n'existe pas ici.", "There is no option %s here.",
			argv[*at]);
	if (!common && option->kind == PV_CLI_FLAG)
		return take_value(cli, option, "yes");
	const char *value = equals ? equals + 1 : *at + 1 < argc ? argv[++*at] : NULL;
	if (!value)
		return usage(cli, "L'option %s attend une valeur.", "The option %s takes a value.",
			argv[*at]);
	if (!common)
		return take_value(cli, option, value);
	*common = value;
	return PV_OK;
}

static enum pv_status read_arguments(
	struct pv_cli *cli, const struct pv_cli_verb *verb, int argc, char **argv)
{
	for (int at = 2; at < argc; at++) {
		enum pv_status status = PV_OK;
		if (strncmp(argv[at], "--", 2) == 0)
			status = take_option(cli, verb->options, argc, argv, &at);
		else if (cli->n_words < verb->n_words + verb->n_more)
			cli->words[cli->n_words++] = argv[at];
		else
			status = usage(
				cli, "« %s » est de trop.", "\"%s\" is one too many.", argv[at]);
		if (status != PV_OK)
			return status;
	}
	if (cli->n_words < verb->n_words)
		return usage(cli, "Il manque quelque chose après « %s ».",
			"Something is missing after \"%s\".", argv[1]);
	return PV_OK;
}

/* ---- running --------------------------------------------------------------------------------- */

static bool asks_help(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
			return true;
	return false;
}

/* Only adding something may begin a desk: a mistyped folder is not an empty one. */
static enum pv_status open_desk(struct pv_cli *cli, bool may_begin)
{
	enum pv_status status = pv_place_settle(cli->mem, &cli->place, &cli->error);
	if (status == PV_OK && !may_begin && access(cli->place.data, F_OK) != 0)
		status = pv_fail(&cli->error, PV_UNAVAILABLE,
			"Il n'y a pas de bureau dans %s. Donnez son dossier avec --data.",
			"There is no desk in %s. Give its folder with --data.", cli->place.data);
	if (status == PV_OK)
		status = pv_place_open(cli->mem, &cli->place, &cli->desk, &cli->error);
	if (status != PV_OK)
		return status;
	if (!cli->base_url)
		cli->base_url = pv_place_note_url(cli->mem, cli->place.data);
	cli->desk->base_url = cli->base_url ? cli->base_url : LISTEN_DEFAULT;
	return PV_OK;
}

static enum pv_status run_verb(
	struct pv_cli *cli, const struct pv_cli_verb *verb, int argc, char **argv)
{
	cli->form = json_object();
	cli->asked = json_object();
	if (!cli->form || !cli->asked)
		return pv_fail_nomem(&cli->error);
	enum pv_status status = read_arguments(cli, verb, argc, argv);
	if (status == PV_OK)
		status = open_desk(cli, strcmp(verb->name, "add") == 0);
	if (status == PV_OK)
		status = verb->run(cli);
	return status == PV_OK ? pv_desk_rejudge_all(cli->desk, &cli->error) : status;
}

int pv_cli_run(int argc, char **argv, const char *help, const struct pv_cli_verb *verbs)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_cli cli = {.mem = scope, .error = PV_ERROR_IN(scope)};
	if (asks_help(argc, argv)) {
		fputs(help, stdout);
		return PV_EXIT_DONE;
	}
	const struct pv_cli_verb *verb = verbs;
	while (verb->name && (argc < 2 || strcmp(verb->name, argv[1]) != 0))
		verb++;
	if (!verb->name) {
		fputs(help, stderr);
		return PV_EXIT_USAGE;
	}
	enum pv_status status = run_verb(&cli, verb, argc, argv);
	json_decref(cli.form);
	json_decref(cli.asked);
	if (status != PV_OK) {
		fflush(stdout);
		cli.error.status = status;
		return pv_place_fail(&cli.error);
	}
	return fflush(stdout) == 0 ? PV_EXIT_DONE : PV_EXIT_FAILED;
}

enum pv_status pv_cli_print(struct pv_cli *cli, json_t *answer)
{
	char *line = answer ? pv_json_dump(cli->mem, answer) : NULL;
	json_decref(answer);
	if (!line)
		return pv_fail_nomem(&cli->error);
	int written = printf("%s\n", line);
	talloc_free(line);
	if (written < 0)
		return pv_fail(&cli->error, PV_UNAVAILABLE, "La sortie ne prend plus rien (%s).",
			"The output takes no more (%s).", strerror(errno));
	return PV_OK;
}

enum pv_status pv_cli_read_line(struct pv_cli *cli, const char **out)
{
	char line[PV_CLI_LINE_MAX];
	if (!fgets(line, sizeof line, stdin))
		return usage(cli, "Une ligne est attendue sur l'entrée standard%s",
			"A line is expected on standard input%s", ".");
	line[strcspn(line, "\r\n")] = '\0';
	*out = talloc_strdup(cli->mem, line);
	return *out ? PV_OK : pv_fail_nomem(&cli->error);
}

enum pv_status pv_cli_actor(struct pv_cli *cli, struct pv_actor *out)
{
	const char *name = pv_json_text(cli->asked, "as");
	*out = pv_actor_desk;
	if (!name)
		return PV_OK;
	*out = (struct pv_actor){.may_write = true};
	return pv_cli_person(cli, name, &out->person_id);
}

enum pv_status pv_cli_reach(struct pv_cli *cli)
{
	const char *allow[PV_CLI_ALLOW_MAX];
	const json_t *list = json_object_get(cli->asked, "allow");
	size_t n = 0;
	for (; n < json_array_size(list) && n < PV_CLI_ALLOW_MAX; n++)
		allow[n] = json_string_value(json_array_get(list, n));
	return pv_place_reach(cli->mem, &cli->place, cli->desk, allow, n, &cli->error);
}

/* ---- names ----------------------------------------------------------------------------------- */

enum pv_status pv_cli_person(struct pv_cli *cli, const char *name, const char **out_id)
{
	struct pv_person_row *rows = NULL;
	size_t n = 0;
	enum pv_status status =
		pv_desk_person_list(cli->desk, cli->mem, &pv_actor_desk, &rows, &n, &cli->error);
	for (size_t i = 0; status == PV_OK && i < n; i++)
		if (strcmp(rows[i].id, name) == 0 || strcmp(rows[i].slug, name) == 0 ||
			strcasecmp(rows[i].login, name) == 0) {
			*out_id = rows[i].id;
			return PV_OK;
		}
	if (status != PV_OK)
		return status;
	return pv_fail(&cli->error, PV_NOT_FOUND, "Il n'y a pas de personne « %s ».",
		"There is no person \"%s\".", name);
}

enum pv_status pv_cli_account(struct pv_cli *cli, const char *name, const char **out_id)
{
	struct pv_account_row *rows = NULL;
	size_t n = 0, found = 0;
	enum pv_status status = pv_desk_account_list(
		cli->desk, cli->mem, &pv_actor_desk, NULL, &rows, &n, &cli->error);
	if (status != PV_OK)
		return status;
	for (size_t i = 0; i < n; i++)
		if (strcmp(rows[i].id, name) == 0 || strcmp(rows[i].slug, name) == 0) {
			*out_id = rows[i].id;
			found++;
		}
	if (found == 1)
		return PV_OK;
	if (found > 1)
		return pv_fail(&cli->error, PV_CONFLICT,
			"Plusieurs comptes s'appellent « %s » : donnez l'id.",
			"Several accounts are called \"%s\": give the id.", name);
	return pv_fail(&cli->error, PV_NOT_FOUND, "Il n'y a pas de compte « %s ».",
		"There is no account \"%s\".", name);
}

json_t *pv_cli_time(int64_t at_us)
{
	char text[PV_TIME_TEXT_SIZE];
	return at_us == PV_TIME_NONE ? json_null() : json_string(pv_time_format(at_us, text));
}

json_t *pv_cli_parsed(const char *text)
{
	json_t *value = NULL;
	if (!text || !*text || pv_json_parse(text, strlen(text), &value, NULL) != PV_OK)
		return json_null();
	return value;
}
