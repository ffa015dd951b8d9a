/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/shelf.h"

#include "base/mem.h"
#include "cli/commands.h"

struct pv_shelf {
	const char *folder;
	struct pv_shelved *items[PV_SHELF_MAX];
	size_t n;
	struct pv_shelved nameless, too_many;
};

struct pv_shelf *pv_shelf_open(TALLOC_CTX *mem, const char *folder)
{
	struct pv_shelf *shelf = talloc_zero(mem, struct pv_shelf);
	if (!shelf)
		return NULL;
	shelf->folder = folder;
	shelf->nameless.words = (struct pv_words){"Il manque « policy », ou ce n'est pas un nom.",
		"\"policy\" is missing, or is not a name."};
	shelf->too_many.words = (struct pv_words){
		"Trop de politiques différentes.", "Too many different policies."};
	return shelf;
}

struct pv_shelved *pv_shelf_read(TALLOC_CTX *mem, const char *name, const char *path)
{
	struct pv_shelved *shelved = talloc_zero(mem, struct pv_shelved);
	if (!shelved)
		return NULL;
	struct pv_error error = PV_ERROR_IN(shelved);
	struct pv_policy_problems problems;
	struct pv_str text;
	shelved->name = talloc_strdup(shelved, name);
	enum pv_status status = pv_cli_read_policy(shelved, path, &text, &error);
	if (status == PV_OK)
		status = pv_policy_parse(
			shelved, text.bytes, text.size, path, &shelved->policy, &problems, &error);
	if (!shelved->policy)
		shelved->words = error.words;
	if (shelved->name && status != PV_NOMEM)
		return shelved;
	talloc_free(shelved);
	return NULL;
}

/* Only a plain name: no path leads out of the folder. */
static bool plain_name(struct pv_str name)
{
	if (name.size == 0 || name.size > PV_SHELF_NAME_MAX || name.bytes[0] == '.')
		return false;
	for (size_t i = 0; i < name.size; i++)
		if (name.bytes[i] == '/' || (unsigned char)name.bytes[i] <= ' ')
			return false;
	return true;
}

struct pv_shelved *pv_shelf_find(struct pv_shelf *shelf, struct pv_str name)
{
	if (!plain_name(name))
		return &shelf->nameless;
	for (size_t i = 0; i < shelf->n; i++)
		if (pv_str_equal(pv_str(shelf->items[i]->name), name))
			return shelf->items[i];
	if (shelf->n == PV_SHELF_MAX)
		return &shelf->too_many;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	char *plain = pv_str_dup(scope, name);
	char *path = plain ? talloc_asprintf(scope, "%s/%s.yaml", shelf->folder, plain) : NULL;
	struct pv_shelved *shelved = path ? pv_shelf_read(shelf, plain, path) : NULL;
	if (shelved)
		shelf->items[shelf->n++] = shelved;
	return shelved;
}
