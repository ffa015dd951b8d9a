/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The runner acts for the machine: it takes what is due, asks the desk whether it still stands,
 * commits the intent, writes once, and records what came of it.
 *
 *	struct pv_runner *runner;
 *	pv_runner_create(mem, &desk, &runner, error);
 *	pv_runner_turn(runner, &next_at_us, error);     once, in this thread: tests, commands
 *
 *	struct pv_dispatcher *dispatcher;
 *	pv_dispatcher_start(mem, desk, &dispatcher, error);    serve
 *	pv_dispatcher_wake(dispatcher);                 from pv_desk.changed
 *	pv_dispatcher_stop(dispatcher);
 *
 * Each step is one short transaction; killing the process between any two of them loses nothing and
 * sends nothing twice (machine.h). Posts of one account leave in the order of their times; accounts
 * do not wait for one another: a slow network holds one worker, and at most half of them.
 */
#ifndef PV_DISPATCH_RUNNER_H
#define PV_DISPATCH_RUNNER_H

#include "desk/desk.h"

enum {
	/*
	 * > PV_NETWORK_TIMEOUT_MS, with the desk's own work around it. Each process measures it by
	 * its own watch (watch.h), from when it first saw the claim.
	 */
	PV_DISPATCH_LEASE_S = 180,
	PV_DISPATCH_WORKERS = 4,
	PV_DISPATCH_TURN_MAX = 100, /* publications one turn of the single-thread runner handles */
	PV_DISPATCH_LATE_S = 15 * 60, /* later than this, a post's own choice is asked */
	PV_DISPATCH_BACKOFF_MIN_S = 30,
	PV_DISPATCH_BACKOFF_MAX_S = 30 * 60,
	PV_DISPATCH_DEFERS_MAX = 40, /* writes that came to nothing; then a person is asked */
	/*
	 * Something of ours keeps it from being sent (the policy cannot be read, a picture is
	 * missing): so many tries, each after twice the pause of the one before; then a person is
	 * asked, and the account's next posts go out. Eight are ten minutes.
	 */
	PV_DISPATCH_UNREADY_MAX = 8,
	PV_DISPATCH_UNREADY_MIN_S = 5,
	PV_DISPATCH_UNREADY_PAUSE_MAX_S = 5 * 60,
	PV_DISPATCH_IDLE_S =
		5, /* looks again at least this often: the clock may jump, a command may plan */
	PV_DISPATCH_HEALTHY_S = 90, /* a last turn older than this: /healthz says 503 */
};

/* Where a crash may be simulated: after each commit, before and after the network (tests). */
enum pv_runner_step {
	PV_STEP_CLAIMED, /* to be read back */
	PV_STEP_GATED,   /* held, or back to its author */
	PV_STEP_INTENT,  /* durable, nothing written yet */
	PV_STEP_WRITTEN, /* the network answered, nothing recorded yet */
	PV_STEP_RECORDED,
	PV_STEP_FOUND, /* read back, nothing recorded yet */
	PV_STEPS,
};

struct pv_runner;

enum pv_status pv_runner_create(
	TALLOC_CTX *mem, struct pv_desk *desk, struct pv_runner **out, struct pv_error *error);

/*
 * `abandon` is called at each step and answers true to leave everything there, as a killed process
 * would: the turn returns PV_UNAVAILABLE at once. NULL: never.
 */
void pv_runner_watch(struct pv_runner *runner,
	bool (*abandon)(void *state, enum pv_runner_step step, const char *publication_id),
	void *state);

/*
 * Does all that is due now and says when to look again (PV_TIME_NONE: when woken). A publication
 * that fails does not stop the others; an error is the database's.
 */
enum pv_status pv_runner_turn(
	struct pv_runner *runner, int64_t *out_next_us, struct pv_error *error);

/* ---- the loop --------------------------------------------------------------------------------- */

struct pv_dispatcher;

/* `desk` must live as long as the dispatcher; each thread opens its own from it (desk/setup.h). */
enum pv_status pv_dispatcher_start(
	TALLOC_CTX *mem, struct pv_desk *desk, struct pv_dispatcher **out, struct pv_error *error);
/* Something may be due earlier than was thought. From any thread; returns at once. */
void pv_dispatcher_wake(struct pv_dispatcher *dispatcher);
/* Lets what is being sent end, then joins the threads and frees it. */
void pv_dispatcher_stop(struct pv_dispatcher *dispatcher);
/*
 * When a whole turn last ended well, by the monotonic clock; PV_TIME_NONE before. For /healthz. From
 * any thread.
 */
int64_t pv_dispatcher_last_turn_us(struct pv_dispatcher *dispatcher);
/* "" or the last turn's error in English, copied below `mem`. From any thread. */
const char *pv_dispatcher_trouble(struct pv_dispatcher *dispatcher, TALLOC_CTX *mem);

#endif
