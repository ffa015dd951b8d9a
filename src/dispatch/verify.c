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
	PAUSE_MIN_MS = 200,
	PAUSE_MAX_S = 300,
	SILENT_S = 3600,           /* reading back gets no answer for longer: a person is asked */
	UNREACHABLE_S = 24 * 3600, /* an error before anything is asked, for longer */
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
	bool counts; /* this was a read-back */
};

static int64_t elapsed_us(const struct pv_work *work)
{
	return pv_env_now_us(work->runner->desk->env) - work->attempt.written_at_us;
}

/* The longer it lasts, the less often. */
static int64_t pause_us(const struct pv_work *work)
{
	int64_t pause = elapsed_us(work) / 4;
	if (pause < PAUSE_MIN_MS * 1000)
		pause = PAUSE_MIN_MS * 1000;
	return pause < PAUSE_MAX_S * PV_SECOND_US ? pause : PAUSE_MAX_S * PV_SECOND_US;
}

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
	if (pv_work_abandon(work, PV_STEP_FOUND))
		return PV_UNAVAILABLE;
	enum pv_status status = pv_work_transaction(work, conclude_work, &verdict, error);
	if (status == PV_OK)
		pv_work_tell(work);
	return status;
}

/* ---- reading back ------------------------------------------------------------------------------ */

/* What could not be asked says nothing about what stands there: later, or a person. */
static enum pv_status not_asked(struct pv_work *work, int64_t patience_s, struct pv_error *error)
{
	if (elapsed_us(work) > patience_s * PV_SECOND_US)
		return conclude(work, PV_EVENT_UNSURE, 0, false, error);
	return conclude(work, PV_EVENT_LOOK_AGAIN, pause_us(work), false, error);
}

static enum pv_status read_back(struct pv_work *work, struct pv_error *error)
{
	enum pv_finding finding = PV_UNSURE;
	struct pv_error said = PV_ERROR_IN(work->mem);
	work->delivery = (struct pv_delivery){
		.answer = PV_ANSWER_NO, .retry_at_us = PV_TIME_NONE, .evidence = ""};
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
	bool silent = work->delivery.answer == PV_ANSWER_LATER ||
		      work->delivery.answer == PV_ANSWER_UNKNOWN;
	if (finding == PV_UNSURE && silent)
		return not_asked(work, SILENT_S, error);
	bool last = work->row.checks + 1 >= work->network->find_tries;
	if (!last) {
		int64_t pause = work->network->find_pause_us;
		return conclude(work, PV_EVENT_LOOK_AGAIN, pause, true, error);
	}
	return conclude(
		work, finding == PV_ABSENT ? PV_EVENT_ABSENT : PV_EVENT_UNSURE, 0, true, error);
}

/* ---- repeating --------------------------------------------------------------------------------- */

struct gate {
	struct pv_work *work;
	bool open;
};

static enum pv_status gate_work(struct pv_db *db, void *state, struct pv_error *error)
{
	(void)db;
	struct gate *gate = state;
	struct pv_gate_answer answer;
	enum pv_status status = pv_desk_publication_gate(
		gate->work->runner->desk, gate->work->mem, &gate->work->row, &answer, error);
	if (status == PV_OK)
		gate->open = answer.gate == PV_GATE_OPEN;
	return status;
}

/*
 * Only within the network's own window, with the very same bytes, and only while everything still
 * stands: a write that did not arrive the first time must not arrive now against a pause.
 */
static enum pv_status may_repeat(struct pv_work *work, bool *out, struct pv_error *error)
{
	int64_t window = pv_network_idempotent_us(work->network, &work->account);
	struct gate gate = {.work = work};
	*out = false;
	if (elapsed_us(work) < 0 || elapsed_us(work) + REPEAT_MARGIN_S * PV_SECOND_US > window)
		return PV_OK;
	if (strcmp(work->outgoing_digest, work->attempt.digest) != 0)
		return PV_OK;
	enum pv_status status = pv_db_transaction(work->runner->desk->db, gate_work, &gate, error);
	if (status == PV_OK)
		*out = gate.open;
	return status;
}

static enum pv_status repeat(struct pv_work *work, struct pv_error *error)
{
	struct pv_error said = PV_ERROR_IN(work->mem);
	work->delivery = (struct pv_delivery){.retry_at_us = PV_TIME_NONE, .evidence = ""};
	enum pv_status status = work->network->publish(&work->runner->context, work->mem,
		&work->account, &work->outgoing, &work->delivery, &said);
	if (pv_work_abandon(work, PV_STEP_WRITTEN))
		return PV_UNAVAILABLE;
	if (status != PV_OK)
		return not_asked(work, UNREACHABLE_S, error);
	if (work->delivery.answer == PV_ANSWER_YES)
		return conclude(work, PV_EVENT_YES, 0, false, error);
	/* A no now says nothing about the first time. */
	if (work->delivery.answer == PV_ANSWER_NO)
		return read_back(work, error);
	return conclude(work, PV_EVENT_LOOK_AGAIN, pause_us(work), false, error);
}

enum pv_status pv_work_verify(struct pv_work *work, struct pv_error *error)
{
	struct pv_desk *desk = work->runner->desk;
	struct pv_error said = PV_ERROR_IN(work->mem);
	work->delivery = (struct pv_delivery){.retry_at_us = PV_TIME_NONE, .evidence = ""};
	enum pv_status status =
		pv_attempt_last(desk->db, work->mem, work->row.id, &work->attempt, error);
	if (status == PV_NOT_FOUND)
		return pv_fail(error, PV_INTERNAL, "Un envoi incertain n'a pas d'essai.",
			"An uncertain publication has no attempt.");
	if (status != PV_OK)
		return status;
	status = pv_work_compose(work, &said);
	if (status == PV_OK)
		status = pv_work_number(work, (int)work->attempt.number, work->attempt.write_key,
			work->attempt.written_at_us, &said);
	if (status == PV_NOT_FOUND)
		return conclude(work, PV_EVENT_UNSURE, 0, false, error);
	if (status != PV_OK)
		return not_asked(work, UNREACHABLE_S, error);
	bool again;
	status = may_repeat(work, &again, error);
	if (status != PV_OK)
		return status;
	return again ? repeat(work, error) : read_back(work, error);
}
