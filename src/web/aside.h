/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A few threads for what takes long. A job is a function and its argument, done once, in order. */
#ifndef PV_WEB_ASIDE_H
#define PV_WEB_ASIDE_H

#include "base/error.h"

struct pv_aside;

enum pv_status pv_aside_start(TALLOC_CTX *mem, int threads, size_t queue, size_t stack,
	struct pv_aside **out, struct pv_error *error);

/* False when the queue is full or closed: the job was not taken. From any thread. */
bool pv_aside_push(struct pv_aside *aside, void (*job)(void *argument), void *argument);

/* Does what waits and joins the threads; who pushes from then on is told no. */
void pv_aside_close(struct pv_aside *aside);
/* The same, and frees it: once nobody can push any more. NULL is fine. */
void pv_aside_stop(struct pv_aside *aside);

#endif
