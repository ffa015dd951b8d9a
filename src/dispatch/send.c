/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A claimed publication, to its answer: the gate and the intent in one transaction, one write, the
 * record in another.
 */
#include "desk/accounts.h"
#include "dispatch/work.h"

#include "base/id.h"
#include "base/log.h"

#include <string.h>

static const struct pv_words words_late_ask = {
	"L'heure est passée. Faut-il publier quand même ?",
	"Its time is past. Should it still be published?",
};
static const struct pv_words words_late_drop = {
	"L'heure est passée : comme demandé, cela ne part pas.",
	"Its time is past: as asked, it does not go out.",
};
static const struct pv_words words_too_often = {
	"Le réseau remet à plus tard depuis trop longtemps.",
	"The network has been putting this off for too long.",
};

/* The nth pause, from 1: `first_s`, then twice as long each time. */
static int64_t pause_us(int64_t n, int64_t first_s, int64_t most_s)
{
	int64_t pause_s = first_s;
	for (int64_t i = 1; i < n && pause_s < most_s; i++)
		pause_s *= 2;
	return (pause_s < most_s ? pause_s : most_s) * PV_SECOND_US;
}

/* Something of ours keeps it here. What it says is told; in the end, to a person. */
static enum pv_status hinder(
	struct pv_work *work, const struct pv_error *said, struct pv_error *error)
{
	struct pv_publication_row *row = &work->row;
	struct pv_words words = {
		talloc_asprintf(work->mem, "Le bureau ne peut pas préparer cet envoi : %s",
			said->words.fr ? said->words.fr : pv_status_name(said->status)),
		talloc_asprintf(work->mem, "The desk cannot prepare this publication: %s",
			said->words.en ? said->words.en : pv_status_name(said->status)),
	};
	if (!words.fr || !words.en)
		return pv_fail_nomem(error);
	if (++row->checks >= PV_DISPATCH_UNREADY_MAX)
		return pv_work_ask(work, PV_EVENT_UNSURE, "unready", &words, error);
	row->next_at_us =
		pv_env_now_us(work->runner->desk->env) +
		pause_us(row->checks, PV_DISPATCH_UNREADY_MIN_S, PV_DISPATCH_UNREADY_PAUSE_MAX_S);
	enum pv_status status = pv_work_reason(work, "unready", &words, "", error);
	return status == PV_OK ? pv_work_move(work, PV_EVENT_LATER, error) : status;
}

/* ---- the gate and the intent ------------------------------------------------------------------- */

struct prepare {
	struct pv_work *work;
	bool composed;
	const struct pv_error *failed;  /* why the gate or the intent failed; NULL: not tried yet */
	const struct pv_error *missing; /* why it could not be composed; NULL: it was */
	const struct pv_error *check;   /* what the adapter says of it as it stands; NULL: fine */
};

static enum pv_status leave_to_author(
	struct pv_work *work, const struct pv_gate_answer *answer, struct pv_error *error)
{
	const char *name = answer->gate == PV_GATE_POLICY ? "policy" : "changed";
	enum pv_status status = pv_work_reason(work, name, &answer->words, "", error);
	if (status == PV_OK)
		status = pv_work_move(work, PV_EVENT_NOT_ALLOWED, error);
	if (status != PV_OK)
		return status;
	return pv_desk_variant_returned(
		work->runner->desk, work->mem, &work->row, answer->review, error);
}

static enum pv_status hold(
	struct pv_work *work, const struct pv_gate_answer *answer, struct pv_error *error)
{
	const char *name = answer->gate == PV_GATE_PAUSED   ? "paused"
			   : answer->gate == PV_GATE_SWITCH ? "switch"
							    : "sign_in";
	work->row.held_by = answer->gate == PV_GATE_SWITCH ? "switch" : "";
	enum pv_status status = pv_work_reason(work, name, &answer->words, "", error);
	return status == PV_OK ? pv_work_move(work, PV_EVENT_GATE_SHUT, error) : status;
}

/* Its own choice when it is late; *out_done when that decided. */
static enum pv_status mind_lateness(struct pv_work *work, bool *out_done, struct pv_error *error)
{
	int64_t late_us = pv_env_now_us(work->runner->desk->env) - work->row.due_at_us;
	*out_done = false;
	if (late_us <= PV_DISPATCH_LATE_S * PV_SECOND_US || strcmp(work->row.late, "publish") == 0)
		return PV_OK;
	*out_done = true;
	if (strcmp(work->row.late, "ask") == 0)
		return pv_work_ask(work, PV_EVENT_LATE_ASK, "late", &words_late_ask, error);
	enum pv_status status = pv_work_reason(work, "late", &words_late_drop, "", error);
	if (status == PV_OK)
		status = pv_work_move(work, PV_EVENT_LATE_DROP, error);
	return status == PV_OK
		       ? pv_desk_variant_stopped(work->runner->desk, work->mem, &work->row, error)
		       : status;
}

/* It cannot be sent as it stands (too long for this server, a picture too many). */
static enum pv_status turn_away(
	struct pv_work *work, const struct pv_error *check, struct pv_error *error)
{
	struct pv_words words = check->words;
	if (check->n_problems)
		words = check->problems[0].message;
	enum pv_status status = pv_work_reason(work, "permanent", &words, "", error);
	if (status == PV_OK)
		status = pv_work_move(work, PV_EVENT_NO, error);
	return status == PV_OK
		       ? pv_desk_variant_stopped(work->runner->desk, work->mem, &work->row, error)
		       : status;
}

/* From this row's commit on, the first byte may leave. */
static enum pv_status write_intent(struct pv_work *work, struct pv_error *error)
{
	struct pv_desk *desk = work->runner->desk;
	work->attempt = (struct pv_attempt_row){
		.id = pv_id_make(work->mem, desk->env),
		.organization_id = work->row.organization_id,
		.publication_id = work->row.id,
		.number = work->outgoing.attempt,
		.fence = work->row.fence,
		.digest = work->outgoing_digest,
		.write_key = work->outgoing.write_key,
		.written_at_us = work->outgoing.written_at_us,
		.outcome = "open",
		.reason_class = "",
		.evidence = "",
		.node = work->runner->lease->node,
		.closed_at_us = PV_TIME_NONE,
	};
	if (!work->attempt.id)
		return pv_fail_nomem(error);
	enum pv_status status = pv_attempt_insert(desk->db, &work->attempt, error);
	if (status != PV_OK)
		return status;
	work->row.attempts = work->outgoing.attempt;
	work->row.checks = 0;
	work->row.sent_at_us = work->outgoing.written_at_us;
	work->row.lease_until_us = pv_env_now_us(desk->env) + PV_DISPATCH_LEASE_S * PV_SECOND_US;
	return pv_work_move(work, PV_EVENT_INTENT, error);
}

/* What becomes of what was just claimed. */
static enum pv_status decide(struct prepare *prepare, struct pv_error *error)
{
	struct pv_work *work = prepare->work;
	struct pv_gate_answer answer;
	bool done = false;
	if (prepare->failed)
		return hinder(work, prepare->failed, error);
	enum pv_status status = mind_lateness(work, &done, error);
	if (status != PV_OK || done)
		return status;
	status =
		pv_desk_publication_gate(work->runner->desk, work->mem, &work->row, &answer, error);
	if (status != PV_OK)
		return status;
	if (answer.gate == PV_GATE_PAUSED || answer.gate == PV_GATE_ACCOUNT ||
		answer.gate == PV_GATE_SWITCH)
		return hold(work, &answer, error);
	if (answer.gate == PV_GATE_OPEN && prepare->missing)
		return hinder(work, prepare->missing, error);
	/* What was composed is what is approved: the same digest, read in this transaction. */
	bool same = prepare->composed && strcmp(work->variant.digest, answer.variant.digest) == 0;
	if (answer.gate == PV_GATE_OPEN && !same) {
		answer.gate = PV_GATE_CHANGED;
		answer.words = (struct pv_words){"Ce qui partirait vient de changer.",
			"What would go out has just changed."};
	}
	if (answer.gate != PV_GATE_OPEN)
		return leave_to_author(work, &answer, error);
	if (prepare->check)
		return turn_away(work, prepare->check, error);
	work->go = true;
	return write_intent(work, error);
}

static enum pv_status prepare_work(struct pv_db *db, void *state, struct pv_error *error)
{
	(void)db;
	struct prepare *prepare = state;
	prepare->work->go = false;
	enum pv_status status = pv_work_claim(prepare->work, error);
	if (status != PV_OK)
		return status;
	status = decide(prepare, error);
	/* "Not found" is the claim's word alone: another was faster. */
	return status == PV_NOT_FOUND ? PV_INTERNAL : status;
}

static enum pv_status number_attempt(struct pv_work *work, struct pv_error *error)
{
	int64_t now_us = pv_env_now_us(work->runner->desk->env);
	int number = (int)work->row.attempts + 1;
	work->outgoing.attempt = number;
	work->outgoing.written_at_us = now_us;
	char *key = work->network->make_key(work->mem, &work->outgoing);
	if (!key)
		return pv_fail_nomem(error);
	return pv_work_number(work, number, key, now_us, error);
}

/* ---- the record -------------------------------------------------------------------------------- */

static enum pv_status record_later(struct pv_work *work, struct pv_error *error)
{
	int64_t now_us = pv_env_now_us(work->runner->desk->env);
	int64_t retry_us = work->delivery.retry_at_us;
	struct pv_words words = pv_reason_words(work->delivery.reason);
	enum pv_status status = pv_work_close_attempt(work, "later", error);
	if (status != PV_OK)
		return status;
	if (work->row.attempts >= PV_DISPATCH_DEFERS_MAX)
		return pv_work_ask(work, PV_EVENT_UNSURE, "later", &words_too_often, error);
	if (retry_us == PV_TIME_NONE || retry_us <= now_us)
		retry_us = now_us + pause_us(work->row.attempts, PV_DISPATCH_BACKOFF_MIN_S,
					    PV_DISPATCH_BACKOFF_MAX_S);
	if (retry_us > now_us + PV_DAY_US)
		retry_us = now_us + PV_DAY_US;
	work->row.next_at_us = retry_us;
	status = pv_work_reason(work, pv_reason_name(work->delivery.reason), &words,
		work->delivery.evidence, error);
	return status == PV_OK ? pv_work_move(work, PV_EVENT_LATER, error) : status;
}

static enum pv_status record_no(struct pv_work *work, struct pv_error *error)
{
	enum pv_reason reason = work->delivery.reason;
	struct pv_words words = pv_reason_words(reason);
	enum pv_status status = pv_work_close_attempt(work, "no", error);
	if (status == PV_OK)
		status = pv_work_reason(
			work, pv_reason_name(reason), &words, work->delivery.evidence, error);
	if (status != PV_OK)
		return status;
	if (reason == PV_REASON_SIGN_IN)
		return pv_work_move(work, PV_EVENT_GATE_SHUT, error);
	status = pv_work_move(work, PV_EVENT_NO, error);
	return status == PV_OK
		       ? pv_desk_variant_stopped(work->runner->desk, work->mem, &work->row, error)
		       : status;
}

static enum pv_status unknown(struct pv_work *work, struct pv_error *error)
{
	work->row.next_at_us =
		pv_env_now_us(work->runner->desk->env) + work->network->find_pause_us;
	return pv_work_move(work, PV_EVENT_NO_WORD, error);
}

static enum pv_status record_unknown(struct pv_work *work, struct pv_error *error)
{
	struct pv_words words = pv_reason_words(work->delivery.reason);
	enum pv_status status = pv_work_close_attempt(work, "unknown", error);
	if (status == PV_OK)
		status = pv_work_reason(work, pv_reason_name(work->delivery.reason), &words,
			work->delivery.evidence, error);
	if (status != PV_OK)
		return status;
	return unknown(work, error);
}

static enum pv_status record_work(struct pv_db *db, void *state, struct pv_error *error)
{
	(void)db;
	struct pv_work *work = state;
	work->row = work->start;
	switch (work->delivery.answer) {
	case PV_ANSWER_YES: return pv_work_published(work, PV_EVENT_YES, error);
	case PV_ANSWER_NO:
		/* "You said that already" may well be about a write of ours nobody heard of. */
		if (work->delivery.reason == PV_REASON_DUPLICATE)
			return record_unknown(work, error);
		return record_no(work, error);
	case PV_ANSWER_LATER: return record_later(work, error);
	default: return record_unknown(work, error);
	}
}

/* The adapter could not even begin: nothing was sent. */
static void nothing_sent(struct pv_work *work, enum pv_status status, const struct pv_error *said)
{
	bool signed_out = status == PV_UNAUTHENTICATED || status == PV_DENIED;
	work->delivery = (struct pv_delivery){
		.answer = signed_out ? PV_ANSWER_NO : PV_ANSWER_LATER,
		.reason = signed_out ? PV_REASON_SIGN_IN : PV_REASON_OUTAGE,
		.remote_id = "",
		.permalink = "",
		.retry_at_us = PV_TIME_NONE,
		.evidence = said->words.en ? said->words.en : "",
	};
}

bool pv_work_signed_out(struct pv_work *work)
{
	struct pv_words words = pv_reason_words(PV_REASON_SIGN_IN);
	struct pv_error said = PV_ERROR_IN(work->mem);
	enum pv_status status = pv_desk_account_checked(
		work->runner->desk, work->row.account_id, "sign_in", &words, NULL, &said);
	/* a removed account is the gate's to tell */
	if (status == PV_OK || status == PV_NOT_FOUND)
		return true;
	pv_log(PV_LOG_ERROR, "an account that wants a sign-in could not be marked", "account",
		work->row.account_id, "why", said.words.en ? said.words.en : pv_status_name(status),
		NULL);
	return false;
}

/*
 * Held up for so long (the machine slept, the process was stopped) that another may have taken the
 * claim for dead, or may before a write would end: what was not written yet is not written now.
 */
bool pv_work_held_up(const struct pv_work *work)
{
	int64_t held_us = pv_env_monotonic_us(work->runner->desk->env) - work->taken_us;
	int64_t most_ms = PV_DISPATCH_LEASE_S * 1000 - 2 * PV_NETWORK_TIMEOUT_MS;
	return held_us > most_ms * 1000;
}

static enum pv_status publish(struct pv_work *work, struct pv_error *said)
{
	struct pv_runner *runner = work->runner;
	if (pv_work_held_up(work))
		return pv_fail(said, PV_UNAVAILABLE, "Le bureau a été arrêté trop longtemps.",
			"The desk was held up for too long.");
	work->left_us = pv_env_now_us(runner->desk->env);
	pv_watch_wrote(runner->watch, work->row.id, work->attempt.number);
	return work->network->publish(&runner->context, work->mem, &work->account, &work->outgoing,
		&work->delivery, said);
}

static enum pv_status leave_unknown(struct pv_db *db, void *state, struct pv_error *error)
{
	(void)db;
	struct pv_work *work = state;
	work->row = work->start;
	return unknown(work, error);
}

/* What the network said could not be recorded: reading back will find it again. */
static void put_to_unknown(struct pv_work *work)
{
	struct pv_error said = PV_ERROR_IN(work->mem);
	if (pv_work_transaction(work, leave_unknown, work, &said) == PV_OK)
		pv_work_tell(work);
}

enum pv_status pv_work_write(struct pv_work *work, struct pv_error *error)
{
	struct pv_error said = PV_ERROR_IN(work->mem);
	work->delivery = (struct pv_delivery){.retry_at_us = PV_TIME_NONE, .evidence = ""};
	enum pv_status status = publish(work, &said);
	if (status != PV_OK)
		nothing_sent(work, status, &said);
	if (pv_work_abandon(work, PV_STEP_WRITTEN))
		return PV_UNAVAILABLE;
	/* Held by an account that still counts as connected, it would be let go at once, for ever. */
	if (work->delivery.answer == PV_ANSWER_NO && work->delivery.reason == PV_REASON_SIGN_IN &&
		!pv_work_signed_out(work))
		work->delivery.answer = PV_ANSWER_LATER;
	status = pv_work_transaction(work, record_work, work, error);
	if (status == PV_OK)
		pv_work_tell(work);
	else
		put_to_unknown(work);
	if (pv_work_abandon(work, PV_STEP_RECORDED))
		return PV_UNAVAILABLE;
	return status;
}

/* ---- from first in line to the intent --------------------------------------------------------- */

/*
 * The gate, or the intent, failed and left no trace: told in a transaction of its own, so that this
 * publication is out of the others' way. When the database takes that no more than the rest, the
 * trouble is its own.
 */
static enum pv_status prepare_failed(
	struct prepare *prepare, const struct pv_error *said, struct pv_error *error)
{
	prepare->failed = said;
	enum pv_status status = pv_work_transaction(prepare->work, prepare_work, prepare, error);
	if (status == PV_OK)
		pv_log(PV_LOG_WARNING, "publication hindered", "id", prepare->work->row.id, "why",
			said->words.en ? said->words.en : pv_status_name(said->status), NULL);
	return status;
}

enum pv_status pv_work_prepare(struct pv_work *work, struct pv_error *error)
{
	struct pv_error said = PV_ERROR_IN(work->mem);
	struct pv_error failed = PV_ERROR_IN(work->mem);
	struct prepare prepare = {.work = work};
	enum pv_status status = pv_work_compose(work, &said);
	prepare.composed = status == PV_OK;
	/* A variant or account that is gone is the gate's to tell. */
	if (status != PV_OK && status != PV_NOT_FOUND)
		prepare.missing = &said;
	if (prepare.composed) {
		status = number_attempt(work, error);
		if (status != PV_OK)
			return status;
		if (work->network->check(&work->account, &work->outgoing, &said) != PV_OK)
			prepare.check = &said;
	}
	status = pv_work_transaction(work, prepare_work, &prepare, &failed);
	if (status != PV_OK && status != PV_NOT_FOUND)
		status = prepare_failed(&prepare, &failed, error);
	if (status == PV_OK && !work->go)
		pv_work_tell(work);
	return status;
}
