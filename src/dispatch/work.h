/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Inside the dispatcher: one runner, and one publication in its hands. */
#ifndef PV_DISPATCH_WORK_H
#define PV_DISPATCH_WORK_H

#include "desk/publications.h"
#include "dispatch/lease.h"
#include "dispatch/machine.h"
#include "dispatch/runner.h"
#include "dispatch/watch.h"
#include "networks/network.h"
#include "store/account.h"

struct pv_runner {
	struct pv_desk *desk;
	struct pv_lease *lease;
	struct pv_watch *watch;
	int network_most; /* in flight at one network; 0: no limit */
	struct pv_network_context context;
	bool (*abandon)(void *state, enum pv_runner_step step, const char *publication_id);
	void *abandon_state;
};

/* With the lease and the watch of a dispatcher. */
enum pv_status pv_runner_make(TALLOC_CTX *mem, struct pv_desk *desk, struct pv_lease *lease,
	struct pv_watch *watch, int network_most, struct pv_runner **out, struct pv_error *error);

/* One publication under our lease, and what is known of it so far. */
struct pv_work {
	struct pv_runner *runner;
	TALLOC_CTX *mem;
	struct pv_publication_row row; /* as it stands in the database */
	/*
	 * The same before the transaction under way: its work begins from here each time it is
	 * done again.
	 */
	struct pv_publication_row start;
	struct pv_publication_line line; /* as it was taken */
	const struct pv_network *network;
	struct pv_account_row account_row;
	struct pv_network_account account;
	struct pv_variant_row variant;
	struct pv_outgoing outgoing;
	const char *outgoing_digest; /* of every byte that goes out */
	struct pv_attempt_row attempt;
	struct pv_delivery delivery;
	struct pv_watch_age age; /* of an uncertain attempt */
	int64_t taken_us;        /* by the clock that does not jump */
	int64_t left_us;         /* when the first byte was let go; 0: not by this run */
	bool go;                 /* the intent is durable: write */
	bool abandoned;          /* tests: as if this process had died here */
};

/* ---- runner.c ---------------------------------------------------------------------------------- */

/* Before claiming: judging again, claims that are over, what was held; then, is something due? */
enum pv_status pv_runner_tidy(
	struct pv_runner *runner, bool *out_due, int64_t *out_next_us, struct pv_error *error);
/*
 * Takes the first that is due: what can be sent comes with its intent durable, what needs reading
 * back is claimed, and what the gate holds, or cannot be composed, is at rest again (work->go and
 * verifying are false). PV_NOT_FOUND, without words: nothing can be taken.
 */
enum pv_status pv_runner_take(
	struct pv_runner *runner, TALLOC_CTX *mem, struct pv_work *out, struct pv_error *error);
/* What was taken, to its next resting place. */
enum pv_status pv_runner_handle(struct pv_work *work, struct pv_error *error);
/* When to look again although nothing could be taken: something due may wait for its account. */
enum pv_status pv_runner_look_again(
	struct pv_runner *runner, int64_t *next_us, struct pv_error *error);

/* send.c: too long since it was taken for a write to begin. */
bool pv_work_held_up(const struct pv_work *work);
/* True: leave everything there (tests). */
bool pv_work_abandon(struct pv_work *work, enum pv_runner_step step);

/* ---- compose.c --------------------------------------------------------------------------------- */

/*
 * Everything the network is given but the attempt's key: account (secrets open), text, pictures,
 * what it answers. PV_NOT_FOUND: the variant is gone.
 */
enum pv_status pv_work_compose(struct pv_work *work, struct pv_error *error);
/*
 * For reading back: the account's other posts that the desk knows of, the latest, so that none of
 * them is taken for this one.
 */
enum { PV_WORK_OTHERS_MAX = 200, PV_WORK_OTHERS_DAYS = 7 };
enum pv_status pv_work_others(struct pv_work *work, struct pv_error *error);
/* The attempt's part; outgoing_digest is worked out. */
enum pv_status pv_work_number(struct pv_work *work, int attempt, const char *write_key,
	int64_t written_at_us, struct pv_error *error);

/* ---- moves.c ----------------------------------------------------------------------------------- */

/* The machine's word, then one guarded UPDATE. Inside a transaction; PV_CONFLICT: the lease is lost. */
enum pv_status pv_work_move(struct pv_work *work, enum pv_event event, struct pv_error *error);
enum pv_status pv_work_reason(struct pv_work *work, const char *reason_class,
	const struct pv_words *words, const char *evidence, struct pv_error *error);
enum pv_status pv_work_close_attempt(
	struct pv_work *work, const char *outcome, struct pv_error *error);
/* `work` on work->row in a transaction; the row is as before when it fails. */
enum pv_status pv_work_transaction(
	struct pv_work *work, pv_db_work *what, void *state, struct pv_error *error);
/* After a commit that moved it: who listens is told, and it is watched no longer than it must. */
void pv_work_tell(struct pv_work *work);

/* It is there: published, the variant done. `event` is yes, or found. */
enum pv_status pv_work_published(struct pv_work *work, enum pv_event event, struct pv_error *error);
/* Only a person can tell; `reason_class` and words say why. */
enum pv_status pv_work_ask(struct pv_work *work, enum pv_event event, const char *reason_class,
	const struct pv_words *words, struct pv_error *error);

/* ---- send.c, verify.c -------------------------------------------------------------------------- */

/*
 * From first in line to its intent, in one transaction: claim, gate, attempt. PV_NOT_FOUND, without
 * words, when another took it.
 */
enum pv_status pv_work_prepare(struct pv_work *work, struct pv_error *error);
/* One write, and what came of it. */
enum pv_status pv_work_write(struct pv_work *work, struct pv_error *error);
enum pv_status pv_work_verify(struct pv_work *work, struct pv_error *error);
/* Claims work->start into work->row; inside a transaction. */
enum pv_status pv_work_claim(struct pv_work *work, struct pv_error *error);

/* The account was told no for want of a sign-in. False, and logged, when that could not be kept. */
bool pv_work_signed_out(struct pv_work *work);

#endif
