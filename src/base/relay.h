/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Long work by a few threads, answered in order: each takes a load (one at a time), works on it (all
 * at once), and when its turn has come settles it (one at a time, in the order of taking).
 *
 *	const struct pv_relay relay = {.state = &job, .threads = 3, .open = open_batch,
 *		.take = take_lines, .work = hear_lines, .settle = answer_lines};
 *	enum pv_status status = pv_relay_run(&relay, error);
 *
 * The calling thread is one of them; a machine that gives fewer threads than asked is as good. What
 * `take` touches is touched by one thread at a time, and so is what `settle` touches; the two may
 * run beside one another. The first failure ends the work: what was taken before it is settled
 * before it.
 */
#ifndef PV_BASE_RELAY_H
#define PV_BASE_RELAY_H

#include "base/error.h"

enum { PV_RELAY_THREADS_MAX = 16 };

typedef enum pv_status pv_relay_step(void *state, void *load, struct pv_error *error);

struct pv_relay {
	void *state; /* the work's own, shared by all threads */
	int threads; /* 1 to PV_RELAY_THREADS_MAX */
	/* A thread's load, used again and again; below `mem`, which is that thread's own. */
	enum pv_status (*open)(void *state, TALLOC_CTX *mem, void **out, struct pv_error *error);
	pv_relay_step *take; /* PV_NOT_FOUND: there is no more */
	pv_relay_step *work, *settle;
};

enum pv_status pv_relay_run(const struct pv_relay *relay, struct pv_error *error);

/* One more than there are processors (one waits for its turn while the others work), at most `max`. */
int pv_relay_threads(int max);

#endif
