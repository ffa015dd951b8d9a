/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Memory of the house: talloc contexts, one per request or job.
 *
 * A function that returns memory takes its parent first and never frees what it was given:
 *
 *	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
 *	char *text = talloc_asprintf(scope, "%s, %s", a, b);
 *
 * The scope and everything below it go at the closing brace, on every way out.
 * talloc contexts are not shared between threads: a thread allocates from its own scope only.
 */
#ifndef PV_BASE_MEM_H
#define PV_BASE_MEM_H

#include <talloc.h>

void pv_scope_free(TALLOC_CTX **context);

/* Frees the variable's context when it leaves its block. */
#define PV_SCOPE __attribute__((cleanup(pv_scope_free)))

/* A fresh context below `parent` (which may be NULL); NULL when memory is out. */
TALLOC_CTX *pv_scope(TALLOC_CTX *parent);

#define PV_COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
