/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "dispatch/runner.h"

#include "base/log.h"
#include "desk/holds.h"
#include "desk/overdue.h"
#include "dispatch/connect.h"
#include "dispatch/work.h"

#include <string.h>

_Static_assert(PV_DISPATCH_LEASE_S * 1000 > 2 * PV_NETWORK_TIMEOUT_MS,
	"a lease outlives the longest exchange");

/* Something is due and its account busy at another node, which tells nobody: look again. */
enum { BLOCKED_S = 5, HOUSE_AGAIN_S = 5 };

/* Leases under our own name are a dead process's: nobody else may hold the lock. */
static enum pv_status take_up(struct pv_runner *runner, struct pv_error *error)
{
	struct pv_desk *desk = runner->desk;
	if (!runner->lease->sole)
		return PV_OK;
	return pv_publication_recover_node(
		desk->db, pv_env_now_us(desk->env), runner->lease->node, error);
}

enum pv_status pv_runner_make(TALLOC_CTX *mem, struct pv_desk *desk, struct pv_lease *lease,
	struct pv_watch *watch, int network_most, struct pv_runner **out, struct pv_error *error)
{
	struct pv_runner *runner = talloc_zero(mem, struct pv_runner);
	if (!runner)
		return pv_fail_nomem(error);
	runner->desk = desk;
	runner->lease = lease;
	runner->watch = watch;
	runner->network_most = network_most;
	pv_dispatch_context(desk, &runner->context);
	*out = runner;
	return PV_OK;
}

enum pv_status pv_runner_create(
	TALLOC_CTX *mem, struct pv_desk *desk, struct pv_runner **out, struct pv_error *error)
{
	TALLOC_CTX *own = talloc_new(mem);
	struct pv_lease *lease;
	struct pv_watch *watch;
	struct pv_runner *runner;
	enum pv_status status = own ? PV_OK : pv_fail_nomem(error);
	if (status == PV_OK)
		status = pv_lease_open(own, desk, &lease, error);
	if (status == PV_OK)
		status = pv_watch_create(own, desk->env, &watch, error);
	if (status == PV_OK)
		status = pv_runner_make(own, desk, lease, watch, 0, &runner, error);
	if (status == PV_OK)
		status = take_up(runner, error);
	if (status != PV_OK) {
		talloc_free(own);
		return status;
	}
	/* One thing to free: what it stands on goes with it. */
	talloc_steal(mem, runner);
	talloc_steal(runner, own);
	*out = runner;
	return PV_OK;
}

void pv_runner_watch(struct pv_runner *runner,
	bool (*abandon)(void *state, enum pv_runner_step step, const char *publication_id),
	void *state)
{
	runner->abandon = abandon;
	runner->abandon_state = state;
}

/* ---- one publication --------------------------------------------------------------------------- */

static enum pv_status claim_work(struct pv_db *db, void *state, struct pv_error *error)
{
	(void)db;
	return pv_work_claim(state, error);
}

enum pv_status pv_runner_take(
	struct pv_runner *runner, TALLOC_CTX *mem, struct pv_work *out, struct pv_error *error)
{
	struct pv_desk *desk = runner->desk;
	*out = (struct pv_work){
		.runner = runner,
		.mem = mem,
		.taken_us = pv_env_monotonic_us(desk->env),
		.line = {.node = runner->lease->node,
			.now_us = pv_env_now_us(desk->env),
			.network_most = runner->network_most},
	};
	enum pv_status status = pv_publication_first(desk->db, mem, &out->line, &out->row, error);
	if (status != PV_OK)
		return status;
	if (strcmp(out->row.state, "unknown") == 0)
		return pv_work_transaction(out, claim_work, out, error);
	return pv_work_prepare(out, error);
}

enum pv_status pv_runner_handle(struct pv_work *work, struct pv_error *error)
{
	enum pv_status status = PV_OK;
	bool verifies = strcmp(work->row.state, "verifying") == 0;
	enum pv_runner_step step = verifies   ? PV_STEP_CLAIMED
				   : work->go ? PV_STEP_INTENT
					      : PV_STEP_GATED;
	if (pv_work_abandon(work, step))
		return pv_fail(error, PV_UNAVAILABLE, "Abandonné.", "Abandoned.");
	if (verifies)
		status = pv_work_verify(work, error);
	else if (work->go)
		status = pv_work_write(work, error);
	if (status == PV_OK)
		pv_log(PV_LOG_INFO, "publication", "id", work->row.id, "network", work->row.network,
			"state", work->row.state, NULL);
	return status;
}

/*
 * Claims that nobody moved for as long as a lease lasts, by our own watch: what a clock says at the
 * node that holds them, or at ours, is no matter. *out_ends_us: when the next one would be over.
 */
static enum pv_status mind_claims(
	struct pv_runner *runner, int64_t now_us, int64_t *out_ends_us, struct pv_error *error)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_db *db = runner->desk->db;
	struct pv_publication_claim *claims;
	size_t n;
	int64_t ends_us = PV_TIME_NONE;
	enum pv_status status = pv_publication_in_flight(db, scope, &claims, &n, error);
	if (status != PV_OK)
		return status;
	int64_t *ages = talloc_zero_array(scope, int64_t, n + 1);
	if (!ages)
		return pv_fail_nomem(error);
	pv_watch_claims(runner->watch, claims, n, ages);
	for (size_t i = 0; i < n && status == PV_OK; i++) {
		int64_t left_us = PV_DISPATCH_LEASE_S * PV_SECOND_US - ages[i];
		if (left_us <= 0)
			status = pv_publication_recover(db, now_us, &claims[i], error);
		else if (ends_us == PV_TIME_NONE || now_us + left_us < ends_us)
			ends_us = now_us + left_us;
	}
	if (status == PV_OK)
		*out_ends_us = ends_us;
	return status;
}

/* When the next one is due, or a claim may be over. */
static enum pv_status when_next(
	struct pv_runner *runner, int64_t now_us, int64_t *out_us, struct pv_error *error)
{
	int64_t ends_us;
	int64_t due_us;
	enum pv_status status = mind_claims(runner, now_us, &ends_us, error);
	if (status == PV_OK)
		status = pv_publication_next(runner->desk->db, PV_TIME_NONE, &due_us, error);
	if (status != PV_OK)
		return status;
	bool claim_first = due_us == PV_TIME_NONE || (ends_us != PV_TIME_NONE && ends_us < due_us);
	*out_us = claim_first ? ends_us : due_us;
	return PV_OK;
}

static void log_unjudged(const struct pv_error *said)
{
	pv_log(PV_LOG_ERROR, "could not judge again", "why",
		said->words.en ? said->words.en : pv_status_name(said->status), NULL);
}

/*
 * What lapses, and what is judged again. A fault in one organisation's posts must not stop what is
 * due in the others: it is logged and tried again. False: something failed.
 */
static bool keep_house(struct pv_runner *runner, int64_t *out_review_us, bool *out_more)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_error lapse = PV_ERROR_IN(scope), judge = PV_ERROR_IN(scope);
	*out_review_us = PV_TIME_NONE;
	bool lapsed = pv_desk_overdue_turn(runner->desk, out_review_us, &lapse) == PV_OK;
	bool judged = pv_desk_rejudge(runner->desk, out_more, &judge) == PV_OK;
	if (!lapsed)
		pv_log(PV_LOG_ERROR, "reviews that lapse could not be looked at", "why",
			lapse.words.en ? lapse.words.en : pv_status_name(lapse.status), NULL);
	if (!judged)
		log_unjudged(&judge);
	return lapsed && judged;
}

/*
 * Before claiming: reviews whose hour has come, a few of those that are to be judged again, claims
 * that are over, what was held and may go, and a clock that was set back. Each is read first:
 * nothing is written, and the pen not taken, while nothing is to be done. What is due goes between
 * two batches.
 */
enum pv_status pv_runner_tidy(
	struct pv_runner *runner, bool *out_due, int64_t *out_next_us, struct pv_error *error)
{
	struct pv_db *db = runner->desk->db;
	int64_t now_us = pv_env_now_us(runner->desk->env);
	int64_t next_us;
	bool releasable, more = false;
	int64_t review_us;
	bool kept = keep_house(runner, &review_us, &more);
	enum pv_status status = pv_publication_releasable(db, &releasable, error);
	if (status == PV_OK && releasable)
		status = pv_publication_release(db, error);
	if (status == PV_OK && pv_watch_set_back(runner->watch))
		status = pv_publication_hasten(db, now_us, error);
	if (status == PV_OK)
		status = when_next(runner, now_us, &next_us, error);
	if (status != PV_OK)
		return status;
	*out_due = next_us != PV_TIME_NONE && next_us <= now_us;
	if (review_us != PV_TIME_NONE && (next_us == PV_TIME_NONE || review_us < next_us))
		next_us = review_us;
	int64_t retry_us = now_us + HOUSE_AGAIN_S * PV_SECOND_US;
	if (!kept && (next_us == PV_TIME_NONE || next_us > retry_us))
		next_us = retry_us;
	*out_next_us = more ? now_us : next_us;
	return PV_OK;
}

/*
 * Nothing could be taken although something is due: its account waits for an earlier one, or its
 * network is busy. What ends here wakes us; the rest has a time.
 */
enum pv_status pv_runner_look_again(
	struct pv_runner *runner, int64_t *next_us, struct pv_error *error)
{
	int64_t now_us = pv_env_now_us(runner->desk->env);
	if (*next_us == PV_TIME_NONE || *next_us > now_us)
		return PV_OK;
	enum pv_status status = pv_publication_next(runner->desk->db, now_us, next_us, error);
	int64_t blocked_us = now_us + BLOCKED_S * PV_SECOND_US;
	if (status == PV_OK && (*next_us == PV_TIME_NONE || *next_us > blocked_us))
		*next_us = blocked_us;
	return status;
}

static enum pv_status turn_once(struct pv_runner *runner, bool *out_more, struct pv_error *error)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_work work;
	struct pv_error said = PV_ERROR_IN(scope);
	enum pv_status status = pv_runner_take(runner, scope, &work, error);
	*out_more = status == PV_OK;
	if (status == PV_NOT_FOUND)
		return PV_OK;
	if (status != PV_OK)
		return status;
	status = pv_runner_handle(&work, &said);
	if (status == PV_OK)
		return PV_OK;
	pv_log(PV_LOG_WARNING, "publication left", "id", work.row.id, "why",
		said.words.en ? said.words.en : pv_status_name(status), NULL);
	if (runner->abandon)
		return pv_fail(error, PV_UNAVAILABLE, "Abandonné.", "Abandoned.");
	/* Its lease will end; the others go on. */
	return PV_OK;
}

enum pv_status pv_runner_turn(
	struct pv_runner *runner, int64_t *out_next_us, struct pv_error *error)
{
	bool due;
	bool more = true;
	int64_t next_us;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_error judge = PV_ERROR_IN(scope);
	if (pv_desk_rejudge_all(runner->desk, &judge) != PV_OK)
		log_unjudged(&judge);
	enum pv_status status = pv_runner_tidy(runner, &due, &next_us, error);
	for (int i = 0; status == PV_OK && due && more && i < PV_DISPATCH_TURN_MAX; i++)
		status = turn_once(runner, &more, error);
	if (status == PV_OK)
		status = when_next(runner, pv_env_now_us(runner->desk->env), &next_us, error);
	if (status == PV_OK && !more)
		status = pv_runner_look_again(runner, &next_us, error);
	if (status == PV_OK)
		*out_next_us = next_us;
	return status;
}
