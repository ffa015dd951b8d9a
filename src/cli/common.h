/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What the commands that act on a desk share: `portevoix SUBJECT VERB [WORDS] [OPTIONS]`, options
 * read into the JSON form that the desk's verb takes, the desk opened, an answer a line.
 *
 *	static const struct pv_cli_option adding[] = {
 *		{"name", PV_CLI_TEXT, "name"}, {"colour", PV_CLI_TEXT, "colour"}, {0}};
 *	static const struct pv_cli_verb verbs[] = {{"add", 0, adding, run_add}, {0}};
 *	return pv_cli_run(argc, argv, help, verbs);
 *
 * A verb acts as the desk itself: whoever may read the data folder may do everything.
 */
#ifndef PV_CLI_COMMON_H
#define PV_CLI_COMMON_H

#include "base/json.h"
#include "cli/place.h"

enum { PV_CLI_WORDS_MAX = 4, PV_CLI_LINE_MAX = 4096, PV_CLI_ALLOW_MAX = 16 };

enum pv_cli_kind {
	PV_CLI_TEXT,
	PV_CLI_LIST, /* may be repeated: a JSON list */
	PV_CLI_BOOL, /* yes or no: a JSON boolean */
	PV_CLI_FLAG, /* takes no value: true */
};

struct pv_cli_option {
	const char *name; /* without its two hyphens */
	enum pv_cli_kind kind;
	const char
		*member; /* of the form; with '@' before it, of `asked`, which is the command's */
};

struct pv_cli {
	TALLOC_CTX *mem;
	struct pv_error error;
	struct pv_place place;
	struct pv_desk *desk;
	json_t *form, *asked;
	const char *words[PV_CLI_WORDS_MAX];
	int n_words;
	const char *base_url;
};

struct pv_cli_verb {
	const char *name;
	int n_words; /* how many it needs */
	const struct pv_cli_option *options;
	enum pv_status (*run)(struct pv_cli *cli);
	int n_more; /* how many it may have besides */
};

/*
 * The exit status. --data, --database, --base-url and --help are read for every verb. What a verb
 * changed for all that is planned is judged again before it ends: no dispatcher may be running.
 */
int pv_cli_run(int argc, char **argv, const char *help, const struct pv_cli_verb *verbs);

/* One line of JSON on standard output; takes the reference. NULL: memory is out. */
enum pv_status pv_cli_print(struct pv_cli *cli, json_t *answer);

/* The first line of standard input, without its end: a password. */
enum pv_status pv_cli_read_line(struct pv_cli *cli, const char **out);

/* Who acts: the person of --as ("@as"), else the desk itself. */
enum pv_status pv_cli_actor(struct pv_cli *cli, struct pv_actor *out);
/* A person by id, slug or login. */
enum pv_status pv_cli_person(struct pv_cli *cli, const char *name, const char **out_id);
/* An account by id, or slug where no other organisation has the same one. */
enum pv_status pv_cli_account(struct pv_cli *cli, const char *name, const char **out_id);

/* Lets the desk reach networks and pages, and the private addresses of --allow ("@allow"). */
enum pv_status pv_cli_reach(struct pv_cli *cli);

/* An instant as RFC 3339, or null; a new reference. */
json_t *pv_cli_time(int64_t at_us);
/* JSON kept as text in a row ("[…]"), or null; a new reference. */
json_t *pv_cli_parsed(const char *text);

#endif
