/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/place.h"

#include "base/json.h"
#include "base/mem.h"
#include "cli/commands.h"
#include "desk/setup.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NODE_MAX = 64, NOTE_MAX = 4096 };

static const char demo_mark[] = "example-desk";
static const char note_name[] = "running.json";

static const char *from_environment(const char *name)
{
	const char *value = getenv(name);
	return value && *value ? value : NULL;
}

enum pv_status pv_place_settle(TALLOC_CTX *mem, struct pv_place *place, struct pv_error *error)
{
	char host[NODE_MAX] = "";
	if (!place->data)
		place->data = from_environment("PORTEVOIX_DATA");
	if (!place->data)
		place->data = "portevoix-data";
	if (!place->database)
		place->database = from_environment("PORTEVOIX_DATABASE");
	if (!place->node && gethostname(host, sizeof(host) - 1) == 0)
		place->node = talloc_strdup(mem, host);
	if (!place->node)
		place->node = "desk";
	if (strlen(place->node) >= NODE_MAX)
		return pv_fail(error, PV_INVALID, "Le nom d'un nœud compte %d caractères au plus.",
			"A node's name holds at most %d characters.", NODE_MAX - 1);
	return PV_OK;
}

enum pv_status pv_place_open(
	TALLOC_CTX *mem, struct pv_place *place, struct pv_desk **out, struct pv_error *error)
{
	struct pv_env *env = NULL;
	struct pv_desk *desk = NULL;
	enum pv_status status = pv_place_settle(mem, place, error);
	if (status == PV_OK)
		status = pv_env_real(mem, &env, error);
	if (status == PV_OK)
		status = pv_desk_open(mem, env, place->data, place->database, &desk, error);
	if (status != PV_OK)
		return status;
	desk->node = place->node;
	*out = desk;
	return PV_OK;
}

enum pv_status pv_place_reach(TALLOC_CTX *mem, struct pv_place *place, struct pv_desk *desk,
	const char *const *allow, size_t n_allow, struct pv_error *error)
{
	const struct pv_net_options options = {.allow = allow, .n_allow = n_allow};
	enum pv_status status = pv_net_client_create(mem, &options, &place->client, error);
	if (status == PV_OK)
		status = pv_net_client_attach(place->client, desk->env, error);
	return status;
}

static char *path_in(TALLOC_CTX *mem, const char *data, const char *name)
{
	return talloc_asprintf(mem, "%s/%s", data, name);
}

bool pv_place_is_demo(TALLOC_CTX *mem, const char *data)
{
	char *path = path_in(mem, data, demo_mark);
	return path && access(path, F_OK) == 0;
}

/* Written beside and renamed: a reader sees the whole or nothing. */
static enum pv_status write_file(
	TALLOC_CTX *mem, const char *path, const char *text, struct pv_error *error)
{
	char *fresh = talloc_asprintf(mem, "%s.new", path);
	if (!path || !fresh)
		return pv_fail_nomem(error);
	mode_t before = umask(0077);
	FILE *file = fopen(fresh, "we");
	umask(before);
	bool written = file && fputs(text, file) >= 0;
	if (file && fclose(file) != 0)
		written = false;
	if (!written || rename(fresh, path) != 0)
		return pv_fail(error, PV_UNAVAILABLE, "%s ne peut pas être écrit (%s).",
			"%s cannot be written (%s).", path, strerror(errno));
	return PV_OK;
}

enum pv_status pv_place_mark_demo(TALLOC_CTX *mem, const char *data, struct pv_error *error)
{
	return write_file(mem, path_in(mem, data, demo_mark),
		"Made by `portevoix demo`: this desk serves its own feeds under /demo/.\n", error);
}

enum pv_status pv_place_note_write(
	TALLOC_CTX *mem, const struct pv_desk *desk, struct pv_error *error)
{
	PV_JSON json_t *note = json_pack(
		"{s:s,s:i,s:s}", "url", desk->base_url, "pid", (int)getpid(), "node", desk->node);
	char *text = note ? pv_json_dump(mem, note) : NULL;
	return text ? write_file(mem, path_in(mem, desk->data_dir, note_name), text, error)
		    : pv_fail_nomem(error);
}

void pv_place_note_remove(TALLOC_CTX *mem, const struct pv_desk *desk)
{
	char *path = path_in(mem, desk->data_dir, note_name);
	if (path)
		unlink(path);
}

const char *pv_place_note_url(TALLOC_CTX *mem, const char *data)
{
	char *path = path_in(mem, data, note_name);
	char text[NOTE_MAX];
	FILE *file = path ? fopen(path, "re") : NULL;
	if (!file)
		return NULL;
	size_t size = fread(text, 1, sizeof(text), file);
	fclose(file);
	PV_JSON json_t *note = NULL;
	if (pv_json_parse(text, size, &note, NULL) != PV_OK)
		return NULL;
	const char *url = pv_json_text(note, "url");
	return url ? talloc_strdup(mem, url) : NULL;
}

int pv_place_fail(const struct pv_error *error)
{
	fprintf(stderr, "portevoix: %s\n", pv_cli_words(&error->words));
	for (size_t i = 0; i < error->n_problems; i++)
		fprintf(stderr, "  %s: %s\n", error->problems[i].pointer,
			pv_cli_words(&error->problems[i].message));
	switch (error->status) {
	case PV_UNAVAILABLE:
	case PV_NOMEM:
	case PV_INTERNAL:
	case PV_UNCERTAIN: return PV_EXIT_FAILED;
	case PV_INVALID: return PV_EXIT_USAGE;
	default: return PV_EXIT_NO;
	}
}
