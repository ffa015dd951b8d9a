/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A publication whose write may have left: the same harmless write is repeated, or what stands at
 * the network is read back; when neither can tell, a person is asked, with the evidence.
 */
#include "dispatch/work.h"

#include <string.h>

enum {
	REPEAT_MARGIN_S =
		2 * PV_NETWORK_TIMEOUT_MS / 1000, /* a repeat must end within the window */
	CLOCK_DOUBT_S = 24 * 3600, /* how wrong a wall clock may be that nobody watched */
	PAUSE_MIN_MS = 200,
	PAUSE_MAX_S = 5 * 60,
	SILENT_S = 3600,           /* no answer that tells for longer: a person is asked */
	UNREACHABLE_S = 24 * 3600, /* an error before anything is asked, for longer */
	UNRECORDED_S = 600,        /* the outcome cannot be written down, for longer */
	AFRESH_S = 600,            /* of any patience, this much is this process's own */
};

static const struct pv_words words_unsure = {
	"Le réseau a reçu cet envoi, ou non : sa réponse n'est pas arrivée, et rien ne permet de "
	"trancher. Regardez sur le compte, puis dites ce qu'il en est.",
	"The network received this, or it did not: its answer never came, and nothing can settle "
	"it. "
	"Look at the account, then say how it is.",
};

struct verdict {
	struct pv_work *work;
	enum pv_event event;
	int64_t next_at_us;
	bool counts; /* this was a read-back, long enough after the one before */
};

struct unrecorded {
	struct pv_work *work;
	struct pv_words words;
};

/* ---- how long ago ------------------------------------------------------------------------------ */

static void see_age(struct pv_work *work)
{
	pv_watch_age(work->runner->watch, work->row.id, work->attempt.number, &work->age);
	work->outgoing.age_us = work->age.exact ? work->age.first_us : PV_AGE_UNKNOWN;
}

/* By the wall clock, which may have been set since: negative when it was set back. */
static int64_t wall_age_us(const struct pv_work *work)
{
	return pv_env_now_us(work->runner->desk->env) - work->attempt.written_at_us;
}

/*
 * Is it surely younger than that? What this process wrote it has timed; for the rest the wall clock
 * counts only where a day's error would not matter.
 */
static bool younger_than(const struct pv_work *work, int64_t limit_us)
{
	if (work->age.exact)
		return work->age.first_us < limit_us;
	int64_t wall_us = wall_age_us(work);
	return wall_us >= 0 && wall_us + CLOCK_DOUBT_S * PV_SECOND_US < limit_us;
}

/*
 * Was there patience for so long? Timed by this process; a desk that is started again and again
 * would never get there, so the wall clock is believed after a while of our own.
 */
static bool waited(const struct pv_work *work, int64_t patience_s)
{
	int64_t patience_us = patience_s * PV_SECOND_US;
	if (work->age.first_us > patience_us)
		return true;
	return !work->age.exact && work->age.first_us > AFRESH_S * PV_SECOND_US &&
	       wall_age_us(work) > patience_us;
}

/* The longer it lasts, the less often. */
static int64_t pause_us(const struct pv_work *work)
{
	int64_t pause = work->age.first_us / 4;
	if (pause < PAUSE_MIN_MS * 1000)
		pause = PAUSE_MIN_MS * 1000;
	return pause < PAUSE_MAX_S * PV_SECOND_US ? pause : PAUSE_MAX_S * PV_SECOND_US;
}

/* ---- the record -------------------------------------------------------------------------------- */

static enum pv_status conclude_work(struct pv_db *db, void *state, struct pv_error *error)
{
	(void)db;
	struct verdict *verdict = state;
	struct pv_work *work = verdict->work;
	work->row = work->start;
	work->row.next_at_us = verdict->next_at_us;
	work->row.checks += verdict->counts;
	switch (verdict->event) {
	case PV_EVENT_YES:
	case PV_EVENT_FOUND: return pv_work_published(work, verdict->event, error);
	case PV_EVENT_UNSURE:
		return pv_work_ask(work, PV_EVENT_UNSURE, "uncertain", &words_unsure, error);
	case PV_EVENT_ABSENT: {
		work->row.reason = "";
		work->row.checks = 0;
		/* as due, whatever the clock is set to next */
		if (work->row.due_at_us < work->row.next_at_us)
			work->row.next_at_us = work->row.due_at_us;
		enum pv_status status = pv_work_close_attempt(work, "absent", error);
		return status == PV_OK ? pv_work_move(work, PV_EVENT_ABSENT, error) : status;
	}
	default: return pv_work_move(work, PV_EVENT_LOOK_AGAIN, error);
	}
}

static enum pv_status conclude(struct pv_work *work, enum pv_event event, int64_t next_in_us,
	bool counts, struct pv_error *error)
{
	struct verdict verdict = {
		.work = work,
		.event = event,
		.next_at_us = pv_env_now_us(work->runner->desk->env) + next_in_us,
		.counts = counts,
	};
	int64_t looked_us = pv_env_monotonic_us(work->runner->desk->env);
	if (pv_work_abandon(work, PV_STEP_FOUND))
		return PV_UNAVAILABLE;
	enum pv_status status = pv_work_transaction(work, conclude_work, &verdict, error);
	if (status != PV_OK)
		return status;
	if (counts)
		pv_watch_counted(work->runner->watch, work->row.id, looked_us);
	pv_work_tell(work);
	return PV_OK;
}

/* ---- reading back ------------------------------------------------------------------------------ */

/* What could not be asked says nothing about what stands there: later, or a person. */
static enum pv_status not_asked(struct pv_work *work, int64_t patience_s, struct pv_error *error)
{
	if (waited(work, patience_s))
		return conclude(work, PV_EVENT_UNSURE, 0, false, error);
	return conclude(work, PV_EVENT_LOOK_AGAIN, pause_us(work), false, error);
}

/*
 * "It is not there" is believed after find_tries looks, each find_pause_us of real time after the one
 * before, all of that since the write last left; a network that had said "you said that already",
 * or so many writes that all came to nothing, is for a person.
 */
static enum pv_status not_found(
	struct pv_work *work, enum pv_finding finding, struct pv_error *error)
{
	const struct pv_network *network = work->network;
	int64_t pause = network->find_pause_us;
	/* A tenth less: the pause was the wall clock's, which may be slewed. */
	bool counts = work->age.apart_us >= pause - pause / 10;
	bool settled = work->age.last_us >= pause * network->find_tries;
	if (!settled || work->row.checks + counts < network->find_tries)
		return conclude(work, PV_EVENT_LOOK_AGAIN, pause, counts, error);
	bool contradicted =
		strcmp(work->attempt.reason_class, pv_reason_name(PV_REASON_DUPLICATE)) == 0 ||
		work->row.attempts >= PV_DISPATCH_DEFERS_MAX;
	bool absent = finding == PV_ABSENT && !contradicted;
	return conclude(work, absent ? PV_EVENT_ABSENT : PV_EVENT_UNSURE, 0, counts, error);
}

static enum pv_status read_back(struct pv_work *work, struct pv_error *error)
{
	enum pv_finding finding = PV_UNSURE;
	struct pv_error said = PV_ERROR_IN(work->mem);
	work->delivery = (struct pv_delivery){
		.answer = PV_ANSWER_NO, .retry_at_us = PV_TIME_NONE, .evidence = ""};
	see_age(work); /* a repeat may have taken its time */
	enum pv_status status = work->network->find(&work->runner->context, work->mem,
		&work->account, &work->outgoing, &finding, &work->delivery, &said);
	if (status == PV_UNAUTHENTICATED || status == PV_DENIED)
		pv_work_signed_out(work);
	if (status != PV_OK) {
		work->delivery.evidence = said.words.en ? said.words.en : "";
		return not_asked(work, UNREACHABLE_S, error);
	}
	if (finding == PV_FOUND)
		return conclude(work, PV_EVENT_FOUND, 0, true, error);
	if (finding == PV_UNSURE && work->delivery.answer == PV_ANSWER_LATER)
		return not_asked(work, UNREACHABLE_S, error);
	if (finding == PV_UNSURE && work->delivery.answer == PV_ANSWER_UNKNOWN)
		return not_asked(work, SILENT_S, error);
	return not_found(work, finding, error);
}

/* ---- repeating --------------------------------------------------------------------------------- */

struct gate {
	struct pv_work *work;
	bool open;
};

static enum pv_status gate_work(struct pv_db *db, void *state, struct pv_error *error)
{
	struct gate *gate = state;
	struct pv_gate_answer answer;
	struct pv_publication_row now;
	const struct pv_publication_row *row = &gate->work->row;
	/* Another node that held us for dead has it now, and may be writing. */
	enum pv_status status = pv_publication_find(db, gate->work->mem, row->id, &now, error);
	if (status == PV_OK && (now.fence != row->fence || strcmp(now.state, "verifying") != 0))
		return PV_OK;
	if (status == PV_OK)
		status = pv_desk_publication_gate(gate->work->runner->desk, gate->work->mem,
			&gate->work->row, &answer, error);
	if (status == PV_OK)
		gate->open = answer.gate == PV_GATE_OPEN;
	return status;
}

static bool in_window(const struct pv_work *work)
{
	int64_t window = pv_network_idempotent_us(work->network, &work->account);
	return younger_than(work, window - REPEAT_MARGIN_S * PV_SECOND_US);
}

/*
 * Only within the network's own window, with the very same bytes, and only while everything still
 * stands: a write that did not arrive the first time must not arrive now against a pause. A gate
 * that cannot be asked is not open: what stands at the network can be read all the same.
 */
static void may_repeat(struct pv_work *work, bool *out)
{
	struct pv_error lost = PV_ERROR_IN(work->mem);
	struct gate gate = {.work = work};
	*out = false;
	if (!in_window(work))
		return;
	/* So long without an answer: another of the same kind tells no more. */
	if (waited(work, SILENT_S))
		return;
	if (strcmp(work->outgoing_digest, work->attempt.digest) != 0)
		return;
	if (pv_db_transaction(work->runner->desk->db, gate_work, &gate, &lost) == PV_OK)
		*out = gate.open;
}

static enum pv_status repeat(struct pv_work *work, struct pv_error *error)
{
	struct pv_runner *runner = work->runner;
	struct pv_error said = PV_ERROR_IN(work->mem);
	work->delivery = (struct pv_delivery){.retry_at_us = PV_TIME_NONE, .evidence = ""};
	/* Stopped meanwhile for long: what the first write may do is as old as it is now. */
	see_age(work);
	if (pv_work_held_up(work) || !in_window(work))
		return not_asked(work, UNREACHABLE_S, error);
	enum pv_status status = work->network->publish(&runner->context, work->mem, &work->account,
		&work->outgoing, &work->delivery, &said);
	if (pv_work_abandon(work, PV_STEP_WRITTEN))
		return PV_UNAVAILABLE;
	if (status != PV_OK)
		return not_asked(work, UNREACHABLE_S, error);
	if (work->delivery.answer == PV_ANSWER_YES)
		return conclude(work, PV_EVENT_YES, 0, false, error);
	/* A no now says nothing about the first time. */
	if (work->delivery.answer == PV_ANSWER_NO)
		return read_back(work, error);
	if (work->delivery.answer == PV_ANSWER_UNKNOWN)
		pv_watch_repeated(runner->watch, work->row.id);
	return conclude(work, PV_EVENT_LOOK_AGAIN, pause_us(work), false, error);
}

/* ---- one look ---------------------------------------------------------------------------------- */

/* The attempt, and the very bytes it sent. PV_NOT_FOUND: they are no longer there. */
static enum pv_status recall(struct pv_work *work, struct pv_error *error)
{
	enum pv_status status = pv_attempt_last(
		work->runner->desk->db, work->mem, work->row.id, &work->attempt, error);
	if (status != PV_OK)
		return status;
	see_age(work);
	status = pv_work_compose(work, error);
	if (status == PV_OK)
		status = pv_work_others(work, error);
	if (status != PV_OK)
		return status;
	return pv_work_number(work, (int)work->attempt.number, work->attempt.write_key,
		work->attempt.written_at_us, error);
}

static enum pv_status look(struct pv_work *work, struct pv_error *error)
{
	struct pv_error said = PV_ERROR_IN(work->mem);
	bool again;
	enum pv_status status = recall(work, &said);
	if (status == PV_NOT_FOUND)
		return conclude(work, PV_EVENT_UNSURE, 0, false, error);
	if (status != PV_OK)
		return not_asked(work, UNREACHABLE_S, error);
	may_repeat(work, &again);
	return again ? repeat(work, error) : read_back(work, error);
}

/* What was found could not be written down: once more, and in the end a person is told. */
static enum pv_status unrecorded_work(struct pv_db *db, void *state, struct pv_error *error)
{
	(void)db;
	struct unrecorded *unrecorded = state;
	struct pv_work *work = unrecorded->work;
	work->row = work->start;
	bool again = strstr(work->row.reason, "\"unrecorded\"") != NULL;
	if (again && waited(work, UNRECORDED_S))
		return pv_work_ask(work, PV_EVENT_UNSURE, "uncertain", &unrecorded->words, error);
	work->row.next_at_us = pv_env_now_us(work->runner->desk->env) + pause_us(work);
	enum pv_status status = pv_work_reason(work, "unrecorded", &unrecorded->words, "", error);
	return status == PV_OK ? pv_work_move(work, PV_EVENT_LOOK_AGAIN, error) : status;
}

static void put_back(struct pv_work *work, const struct pv_error *said)
{
	struct pv_error lost = PV_ERROR_IN(work->mem);
	struct unrecorded unrecorded = {
		.work = work,
		.words = {talloc_asprintf(work->mem,
				  "Le bureau n'arrive pas à noter ce qu'est devenu cet envoi : %s",
				  said->words.fr ? said->words.fr : pv_status_name(said->status)),
			talloc_asprintf(work->mem,
				"The desk cannot write down what became of this publication: %s",
				said->words.en ? said->words.en : pv_status_name(said->status))},
	};
	if (pv_work_transaction(work, unrecorded_work, &unrecorded, &lost) == PV_OK)
		pv_work_tell(work);
}

enum pv_status pv_work_verify(struct pv_work *work, struct pv_error *error)
{
	struct pv_error failed = PV_ERROR_IN(work->mem);
	work->delivery = (struct pv_delivery){.retry_at_us = PV_TIME_NONE, .evidence = ""};
	enum pv_status status = look(work, &failed);
	if (status != PV_OK && !work->abandoned)
		put_back(work, &failed);
	if (status != PV_OK)
		pv_fail_words(error, status, failed.words);
	return status;
}
