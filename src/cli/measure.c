/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* `portevoix measure`: texts in, what each network makes of them out, line by line. */
#include "base/jsonl.h"
#include "base/mem.h"
#include "cli/commands.h"
#include "text/measure.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { LINE_POOL = 64 << 10 };

/* What a command leaves with. */
enum { EXIT_DONE = 0, EXIT_BAD_LINE = 1, EXIT_USAGE = 2, EXIT_FAILED = 3 };

static const char help[] =
	"Usage: portevoix measure --network NAME [--limit N] [--link-length N] < lines.jsonl\n"
	"\n"
	"Says how long each text is for a network, whether it fits, and which links, mentions,\n"
	"hashtags and cashtags the network will see in it.\n"
	"\n"
	"Lines in:   {\"id\": …, \"text\": \"…\"}\n"
	"Lines out:  "
	"{\"id\",\"length\",\"limit\",\"valid\",\"links\":[{\"text\",\"start\",\"end\"}],\n"
	"             \"mentions\":[…],\"hashtags\":[…],\"cashtags\":[…]}\n"
	"start and end count Unicode code points from 0, half open, the sign included; limit is "
	"null\n"
	"where the network has none. A text that is too long has \"fits\", the code points that "
	"fit;\n"
	"on X, \"lists\" holds @person/list where there is one; on Bluesky, \"bytes\" has its own "
	"limit.\n"
	"\n"
	"  --network NAME     x, facebook, linkedin, pinterest, mastodon, bluesky, blogger,\n"
	"                     wordpress, instagram, threads or journal\n"
	"  --limit N          a server's or an account's own limit\n"
	"  --link-length N    what a link counts on a Mastodon-compatible server\n"
	"  --help             this\n"
	"\n"
	"Example:\n"
	"  $ echo '{\"id\":1,\"text\":\"Lu sur exemple.fr #presse\"}' | portevoix measure "
	"--network x\n"
	"  "
	"{\"id\":1,\"length\":38,\"limit\":280,\"valid\":true,\"links\":[{\"text\":\"exemple.fr\","
	"…\n"
	"\n"
	"Leaves with 0 when every line was measured, 1 when a line could not be read (its answer "
	"is\n"
	"{\"id\",\"error\":{\"line\",\"column\",\"message\"}}), 2 on wrong usage, 3 when reading, "
	"writing or\n"
	"memory failed.\n";

struct job {
	struct pv_text_rules rules;
	struct pv_jsonl_in *in;
	struct pv_jsonl_out *out;
	struct pv_jsonl_cursor cursor;
	TALLOC_CTX *line_mem;
	bool bad_lines;
};

/* ---- one line in --------------------------------------------------------------------------------- */

static const struct pv_words words_twice = {
	.fr = "Ce nom est donné deux fois.",
	.en = "This name is given twice.",
};
static const struct pv_words words_no_text = {
	.fr = "Le texte manque : {\"id\":…,\"text\":\"…\"} est attendu.",
	.en = "The text is missing: {\"id\":…,\"text\":\"…\"} is expected.",
};
static const struct pv_words words_too_long = {
	.fr = "La ligne dépasse 16 Mio.",
	.en = "The line is over 16 MiB.",
};

static bool fail(struct pv_jsonl_cursor *c, struct pv_words words)
{
	return pv_jsonl_fail(c, words.fr, words.en);
}

/* One member of the object; false with the problem noted. */
static bool read_member(
	struct pv_jsonl_cursor *c, struct pv_str *id, struct pv_str *text, bool *has_text)
{
	struct pv_str name;
	if (!pv_jsonl_string(c, &name))
		return false;
	if (pv_str_equal(name, pv_str("text"))) {
		if (*has_text)
			return fail(c, words_twice);
		*has_text = pv_jsonl_colon(c) && pv_jsonl_string(c, text);
		return *has_text;
	}
	if (pv_str_equal(name, pv_str("id"))) {
		if (id->bytes)
			return fail(c, words_twice);
		return pv_jsonl_colon(c) && pv_jsonl_skip(c, id);
	}
	return pv_jsonl_colon(c) && pv_jsonl_skip(c, NULL);
}

static bool read_line(struct pv_jsonl_cursor *c, struct pv_jsonl_line line, struct pv_str *id,
	struct pv_str *text)
{
	bool has_text = false;
	pv_jsonl_begin(c, line.bytes, line.size);
	if (line.too_long)
		return fail(c, words_too_long);
	for (bool more = pv_jsonl_enter(c, '{'); more; more = pv_jsonl_more(c, '}'))
		if (!read_member(c, id, text, &has_text))
			return false;
	if (!pv_jsonl_end(c))
		return false;
	return has_text || fail(c, words_no_text);
}

/* ---- one line out -------------------------------------------------------------------------------- */

static void write_kind(
	struct pv_jsonl_out *out, const struct pv_entities *found, enum pv_entity_kind kind)
{
	bool first = true;
	for (size_t i = 0; i < found->n; i++) {
		const struct pv_entity *item = &found->items[i];
		if (item->kind != kind)
			continue;
		if (!first)
			pv_jsonl_literal(out, ",");
		first = false;
		pv_jsonl_literal(out, "{\"text\":");
		pv_jsonl_write_string(out, item->text);
		pv_jsonl_literal(out, ",\"start\":");
		pv_jsonl_write_uint(out, item->start_point);
		pv_jsonl_literal(out, ",\"end\":");
		pv_jsonl_write_uint(out, item->end_point);
		pv_jsonl_literal(out, "}");
	}
}

static bool has_kind(const struct pv_entities *found, enum pv_entity_kind kind)
{
	for (size_t i = 0; i < found->n; i++)
		if (found->items[i].kind == kind)
			return true;
	return false;
}

/* What only some answers have. */
static void write_extras(const struct job *job, struct pv_str text, const struct pv_measure *m)
{
	struct pv_jsonl_out *out = job->out;
	if (has_kind(&m->entities, PV_ENTITY_LIST)) {
		pv_jsonl_literal(out, ",\"lists\":[");
		write_kind(out, &m->entities, PV_ENTITY_LIST);
		pv_jsonl_literal(out, "]");
	}
	if (job->rules.bytes_limit) {
		pv_jsonl_literal(out, ",\"bytes\":");
		pv_jsonl_write_uint(out, m->bytes);
		pv_jsonl_literal(out, ",\"bytes_limit\":");
		pv_jsonl_write_uint(out, job->rules.bytes_limit);
	}
	if (!m->valid && m->fits < text.size) {
		size_t points = 0;
		for (size_t i = 0; i < m->fits; i++)
			points += ((unsigned char)text.bytes[i] & 0xC0) != 0x80;
		pv_jsonl_literal(out, ",\"fits\":");
		pv_jsonl_write_uint(out, points);
	}
}

static void write_measure(
	const struct job *job, struct pv_str id, struct pv_str text, const struct pv_measure *m)
{
	struct pv_jsonl_out *out = job->out;
	pv_jsonl_literal(out, "{\"id\":");
	if (id.size)
		pv_jsonl_write(out, id.bytes, id.size);
	else
		pv_jsonl_literal(out, "null");
	pv_jsonl_literal(out, ",\"length\":");
	pv_jsonl_write_uint(out, m->length);
	pv_jsonl_literal(out, ",\"limit\":");
	if (m->limit)
		pv_jsonl_write_uint(out, m->limit);
	else
		pv_jsonl_literal(out, "null");
	if (m->valid)
		pv_jsonl_literal(out, ",\"valid\":true,\"links\":[");
	else
		pv_jsonl_literal(out, ",\"valid\":false,\"links\":[");
	write_kind(out, &m->entities, PV_ENTITY_LINK);
	pv_jsonl_literal(out, "],\"mentions\":[");
	write_kind(out, &m->entities, PV_ENTITY_MENTION);
	pv_jsonl_literal(out, "],\"hashtags\":[");
	write_kind(out, &m->entities, PV_ENTITY_HASHTAG);
	pv_jsonl_literal(out, "],\"cashtags\":[");
	write_kind(out, &m->entities, PV_ENTITY_CASHTAG);
	pv_jsonl_literal(out, "]");
	write_extras(job, text, m);
	pv_jsonl_literal(out, "}\n");
}

/* ---- the whole ----------------------------------------------------------------------------------- */

static enum pv_status answer(struct job *job, struct pv_jsonl_line line, struct pv_error *error)
{
	struct pv_str id = {0}, text = {0};
	if (!read_line(&job->cursor, line, &id, &text)) {
		job->bad_lines = true;
		pv_jsonl_write_problem(job->out, id, line.number, pv_jsonl_column(&job->cursor),
			job->cursor.problem);
		return PV_OK;
	}
	struct pv_measure measure;
	struct pv_error problem = PV_ERROR_IN(job->line_mem);
	enum pv_status status = pv_measure(job->line_mem, &job->rules, text, &measure, &problem);
	if (status == PV_OK) {
		write_measure(job, id, text, &measure);
	} else if (status == PV_NOMEM) {
		return pv_fail_nomem(error);
	} else {
		job->bad_lines = true;
		pv_jsonl_write_problem(job->out, id, line.number, 1, problem.words);
	}
	if (talloc_total_blocks(job->line_mem) > 1)
		talloc_free_children(job->line_mem);
	return PV_OK;
}

static enum pv_status run(struct job *job, TALLOC_CTX *scope, struct pv_error *error)
{
	job->line_mem = talloc_pool(scope, LINE_POOL);
	job->cursor = PV_JSONL_CURSOR(scope);
	if (!job->line_mem)
		return pv_fail_nomem(error);
	enum pv_status status = pv_jsonl_create(scope, STDOUT_FILENO, &job->out, error);
	if (status == PV_OK)
		status = pv_jsonl_open(scope, STDIN_FILENO, job->out, &job->in, error);
	struct pv_jsonl_line line;
	while (status == PV_OK && (status = pv_jsonl_next(job->in, &line, error)) == PV_OK)
		status = answer(job, line, error);
	if (status != PV_NOT_FOUND)
		return status;
	return pv_jsonl_finish(job->out, error);
}

static bool read_number(const char *text, uint32_t *out)
{
	char *end;
	errno = 0;
	unsigned long value = strtoul(text, &end, 10);
	if (errno || *end || end == text || *text == '-' || value == 0 || value > UINT32_MAX)
		return false;
	*out = (uint32_t)value;
	return true;
}

static int wrong_usage(struct pv_words what, const char *value)
{
	fprintf(stderr, "portevoix measure: %s%s\nportevoix measure --help\n", pv_cli_words(&what),
		value);
	return EXIT_USAGE;
}

/* Reads the options; -1: go on, else the exit code. */
static int read_options(int argc, char **argv, struct pv_text_rules *out)
{
	static const struct option options[] = {
		{"network", required_argument, NULL, 'n'},
		{"limit", required_argument, NULL, 'l'},
		{"link-length", required_argument, NULL, 'u'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	const struct pv_text_rules *rules = NULL;
	uint32_t limit = 0, link_length = 0;
	optind = 0; /* glibc: begin afresh */
	for (int option; (option = getopt_long(argc, argv, "h", options, NULL)) != -1;) {
		switch (option) {
		case 'n':
			rules = pv_text_rules_find(optarg);
			if (!rules)
				return wrong_usage((struct pv_words){"aucun réseau ne s'appelle ",
							   "there is no network called "},
					optarg);
			break;
		case 'l':
			if (!read_number(optarg, &limit))
				return wrong_usage(
					(struct pv_words){
						"--limit veut un nombre à partir de 1, et non ",
						"--limit takes a number from 1 on, not "},
					optarg);
			break;
		case 'u':
			if (!read_number(optarg, &link_length))
				return wrong_usage(
					(struct pv_words){"--link-length veut un nombre à partir "
							  "de 1, et non ",
						"--link-length takes a number from 1 on, not "},
					optarg);
			break;
		case 'h': fputs(help, stdout); return EXIT_DONE;
		default:
			return wrong_usage((struct pv_words){"cette option n'est pas connue",
						   "that option is not known"},
				"");
		}
	}
	if (optind < argc)
		return wrong_usage(
			(struct pv_words){"les textes viennent par l'entrée standard, et non par ",
				"texts come by standard input, not as "},
			argv[optind]);
	if (!rules)
		return wrong_usage(
			(struct pv_words){"--network NOM manque", "--network NAME is missing"}, "");
	*out = *rules;
	if (limit)
		out->limit = limit;
	if (link_length)
		out->link_length = link_length;
	return -1;
}

int pv_cli_measure(int argc, char **argv)
{
	struct job job = {0};
	int code = read_options(argc, argv, &job.rules);
	if (code >= 0)
		return code;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_error error = PV_ERROR_IN(scope);
	if (!scope || run(&job, scope, &error) != PV_OK) {
		fprintf(stderr, "portevoix measure: %s\n",
			error.words.en ? pv_cli_words(&error.words) : "memory is out");
		return EXIT_FAILED;
	}
	return job.bad_lines ? EXIT_BAD_LINE : EXIT_DONE;
}
