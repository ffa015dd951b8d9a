/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What this process has seen itself, by the clock that does not jump (base/env.h). A wall clock may
 * be set an hour ahead or back while a network works on a write: whether a claim is dead, how long
 * ago a write left and how far apart two read-backs were is never a difference of two wall times.
 *
 *	pv_watch_wrote(watch, publication_id, attempt);       the first byte leaves now
 *	pv_watch_age(watch, publication_id, attempt, &age);   how long ago, and is that known?
 *
 * Nothing of it is stored. After a restart, and for what another node wrote, an age is counted from
 * when it was first seen here: too short perhaps, never too long. Forgetting is therefore harmless.
 * Safe from any thread.
 */
#ifndef PV_DISPATCH_WATCH_H
#define PV_DISPATCH_WATCH_H

#include "base/env.h"
#include "store/publication.h"

/* Uncertain attempts watched at once; beyond, the one looked at longest ago is forgotten. */
enum { PV_WATCH_MAX = 1000 };

struct pv_watch;

/* A talloc object. */
enum pv_status pv_watch_create(
	TALLOC_CTX *mem, struct pv_env *env, struct pv_watch **out, struct pv_error *error);

struct pv_watch_age {
	int64_t first_us; /* since it first left, at least */
	bool exact;       /* this process wrote it: first_us is its age */
	int64_t last_us;  /* since it last left, at least: it may have been repeated */
	int64_t apart_us; /* since the last read-back that counted, or since last_us began */
};

void pv_watch_wrote(struct pv_watch *watch, const char *publication_id, int64_t attempt);
/* The same write again. */
void pv_watch_repeated(struct pv_watch *watch, const char *publication_id);
void pv_watch_age(struct pv_watch *watch, const char *publication_id, int64_t attempt,
	struct pv_watch_age *out);
/* A read-back of it counted, at that monotonic instant. */
void pv_watch_counted(struct pv_watch *watch, const char *publication_id, int64_t at_us);
/* It is uncertain no longer. */
void pv_watch_forget(struct pv_watch *watch, const char *publication_id);

/*
 * All that is in flight now, at any node: `out_us`, of n, is for how long each claim has been seen
 * here without a change. What is no longer among them is forgotten.
 */
void pv_watch_claims(struct pv_watch *watch, const struct pv_publication_claim *claims, size_t n,
	int64_t *out_us);

/* Was the wall clock set back since this was last asked? Yes, the first time: nobody knows. */
bool pv_watch_set_back(struct pv_watch *watch);

#endif
