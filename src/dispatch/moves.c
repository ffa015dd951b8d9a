/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/str.h"
#include "desk/audit.h"
#include "dispatch/work.h"

#include <string.h>

bool pv_work_abandon(struct pv_work *work, enum pv_runner_step step)
{
	struct pv_runner *runner = work->runner;
	if (runner->abandon && runner->abandon(runner->abandon_state, step, work->row.id))
		work->abandoned = true;
	return work->abandoned;
}

enum pv_status pv_work_move(struct pv_work *work, enum pv_event event, struct pv_error *error)
{
	enum pv_state from;
	enum pv_state to;
	if (!pv_state_parse(work->row.state, &from))
		return pv_fail(error, PV_INTERNAL, "L'état « %s » n'est pas connu.",
			"The state \"%s\" is not known.", work->row.state);
	enum pv_status status = pv_machine_move(from, event, &to, error);
	if (status != PV_OK)
		return status;
	/* The row is ours only once it is written: a lost lease must leave it as it was. */
	struct pv_publication_row moved = work->row;
	moved.state = pv_state_name(to);
	if (to != PV_STATE_SENDING && to != PV_STATE_VERIFYING && to != PV_STATE_CLAIMED) {
		moved.lease_node = "";
		moved.lease_until_us = 0;
	}
	status = pv_publication_move(work->runner->desk->db, &moved, pv_state_name(from), error);
	if (status == PV_OK)
		work->row = moved;
	return status;
}

enum pv_status pv_work_reason(struct pv_work *work, const char *reason_class,
	const struct pv_words *words, const char *evidence, struct pv_error *error)
{
	char *reason = pv_publication_reason(work->mem, reason_class, words, evidence);
	if (!reason)
		return pv_fail_nomem(error);
	work->row.reason = reason;
	return PV_OK;
}

/* What the network answered may be any bytes; only text is kept. */
static const char *kept_evidence(const char *evidence)
{
	return evidence && pv_utf8_valid(evidence, strlen(evidence)) ? evidence : "";
}

enum pv_status pv_work_close_attempt(
	struct pv_work *work, const char *outcome, struct pv_error *error)
{
	struct pv_attempt_row attempt = work->attempt;
	attempt.outcome = outcome;
	attempt.reason_class = pv_reason_name(work->delivery.reason);
	attempt.http_status = work->delivery.http_status;
	attempt.evidence = kept_evidence(work->delivery.evidence);
	attempt.closed_at_us = strcmp(outcome, "unknown") == 0
				       ? PV_TIME_NONE
				       : pv_env_now_us(work->runner->desk->env);
	return pv_attempt_close(work->runner->desk->db, &attempt, error);
}

enum pv_status pv_work_claim(struct pv_work *work, struct pv_error *error)
{
	struct pv_desk *desk = work->runner->desk;
	int64_t lease_us = pv_env_now_us(desk->env) + PV_DISPATCH_LEASE_S * PV_SECOND_US;
	return pv_publication_claim(
		desk->db, work->mem, &work->line, &work->start, lease_us, &work->row, error);
}

enum pv_status pv_work_transaction(
	struct pv_work *work, pv_db_work *what, void *state, struct pv_error *error)
{
	work->start = work->row;
	enum pv_status status = pv_db_transaction(work->runner->desk->db, what, state, error);
	if (status != PV_OK)
		work->row = work->start;
	return status;
}

void pv_work_tell(struct pv_work *work)
{
	if (strcmp(work->row.state, "unknown") != 0)
		pv_watch_forget(work->runner->watch, work->row.id);
	pv_desk_changed(work->runner->desk, "publication", work->row.organization_id, work->row.id);
}

enum pv_status pv_work_published(struct pv_work *work, enum pv_event event, struct pv_error *error)
{
	struct pv_desk *desk = work->runner->desk;
	struct pv_publication_row *row = &work->row;
	row->remote_id = work->delivery.remote_id ? work->delivery.remote_id : "";
	row->permalink = work->delivery.permalink ? work->delivery.permalink : "";
	row->published_at_us = pv_env_now_us(desk->env);
	/* Late is when it left, not when the network was done with it. */
	row->sent_at_us = work->left_us ? work->left_us : work->attempt.written_at_us;
	row->lateness_us = row->sent_at_us > row->due_at_us ? row->sent_at_us - row->due_at_us : 0;
	row->reason = "";
	enum pv_status status = pv_work_close_attempt(work, "yes", error);
	if (status == PV_OK)
		status = pv_work_move(work, event, error);
	if (status == PV_OK)
		status = pv_desk_variant_sent(desk, work->mem, &work->row, error);
	if (status != PV_OK)
		return status;
	const char *after = talloc_asprintf(work->mem, "{\"digest\":\"%s\",\"attempt\":%lld}",
		row->digest, (long long)work->attempt.number);
	return pv_desk_audit(desk, &pv_actor_desk,
		&(struct pv_audit_note){.organization_id = row->organization_id,
			.verb = "publication.published",
			.object = row->id,
			.after = after},
		error);
}

enum pv_status pv_work_ask(struct pv_work *work, enum pv_event event, const char *reason_class,
	const struct pv_words *words, struct pv_error *error)
{
	enum pv_status status = pv_work_reason(
		work, reason_class, words, kept_evidence(work->delivery.evidence), error);
	return status == PV_OK ? pv_work_move(work, event, error) : status;
}
