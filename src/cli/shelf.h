/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Policies by name: each is read from the folder at its first mention and stays.
 *
 *	struct pv_shelf *shelf = pv_shelf_open(mem, "policies");
 *	struct pv_shelved *seed = pv_shelf_find(shelf, pv_str("seed"));     policies/seed.yaml
 *	if (!seed->policy)
 *		… seed->words says why …
 *
 * Not shared between threads without a lock; what was found may be read by all.
 */
#ifndef PV_CLI_SHELF_H
#define PV_CLI_SHELF_H

#include "base/str.h"
#include "policy/document.h"

enum { PV_SHELF_MAX = 256, PV_SHELF_NAME_MAX = 100 };

struct pv_shelf;

struct pv_shelved {
	const char *name;
	struct pv_policy *policy; /* NULL: it could not be read */
	struct pv_words words;    /* then: why */
	void *more;               /* the caller's, NULL at first */
};

/* NULL when memory is out. `folder` is borrowed. */
struct pv_shelf *pv_shelf_open(TALLOC_CTX *mem, const char *folder);

/*
 * FOLDER/NAME.yaml. A name that is none, or leads out of the folder, and one too many are found
 * without a policy. NULL when memory is out.
 */
struct pv_shelved *pv_shelf_find(struct pv_shelf *shelf, struct pv_str name);

/* A policy of a file, with problems that forbid to judge by it told in `words`. NULL: no memory. */
struct pv_shelved *pv_shelf_read(TALLOC_CTX *mem, const char *name, const char *path);

#endif
