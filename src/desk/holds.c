/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "desk/holds.h"

#include "base/log.h"
#include "desk/publications.h"
#include "desk/variants.h"
#include "store/rejudging.h"

#include <stdio.h>
#include <string.h>

/* Where a planned post shall stand. */
enum place { PLANNED, HELD_SWITCH, HELD_REVIEW, HELD_POLICY, TO_REVIEW, RETURNED };

static const struct {
	const char *held_by, *reason_class, *stage, *verb;
} places[] = {
	[PLANNED] = {"", "", "scheduled", "publication.release"},
	[HELD_SWITCH] = {"switch", "switch", "scheduled", "publication.hold"},
	[HELD_REVIEW] = {"review", "approval", "review", "publication.hold"},
	[HELD_POLICY] = {"policy", "policy", "scheduled", "publication.hold"},
	[TO_REVIEW] = {"", "policy", "review", "publication.return"},
	[RETURNED] = {"", "policy", "sent_back", "publication.return"},
};

static bool leaves_plan(enum place place)
{
	return place == TO_REVIEW || place == RETURNED;
}

/* One variant judged again. */
struct again {
	struct pv_desk *desk;
	TALLOC_CTX *mem;
	struct pv_house_known *known;
	struct pv_variant_row variant;
	struct pv_publication_row publication;
	bool planned; /* it is in the plan, and may be moved */
	struct pv_judged judged;
	bool waits;
	bool changed;
};

/* ---- what stands ------------------------------------------------------------------------------- */

static enum pv_status read_plan(struct again *again, struct pv_error *error)
{
	static const char *const moves[] = {"planned", "deferred", "held"};
	struct pv_publication_row *row = &again->publication;
	enum pv_status status = pv_publication_find_variant(
		again->desk->db, again->mem, again->variant.id, row, error);
	again->planned = false;
	if (status == PV_NOT_FOUND)
		return PV_OK;
	if (status != PV_OK)
		return status;
	/* What the house holds is judged at the gate, when it is let go. */
	bool house = strcmp(row->state, "held") == 0 && !*row->held_by;
	again->planned = pv_word_is(row->state, moves, PV_COUNT(moves)) && !house;
	return PV_OK;
}

/* PV_NOT_FOUND, without words, when there is nothing to judge. */
static enum pv_status read_again(struct again *again, const char *id, struct pv_error *error)
{
	static const char *const stages[] = {"scheduled", "review", "ready"};
	struct pv_error lost = PV_ERROR_IN(again->mem);
	enum pv_status status =
		pv_variant_find(again->desk->db, again->mem, id, &again->variant, &lost);
	if (status != PV_OK && status != PV_NOT_FOUND && error)
		*error = lost;
	if (status == PV_OK && !pv_word_is(again->variant.stage, stages, PV_COUNT(stages)))
		status = PV_NOT_FOUND;
	if (status == PV_OK)
		status = read_plan(again, error);
	/* On its way, or asked about: the dispatcher has it. */
	if (status == PV_OK && !again->planned && strcmp(again->variant.stage, "scheduled") == 0)
		status = PV_NOT_FOUND;
	return status;
}

/* ---- where it shall stand ---------------------------------------------------------------------- */

static enum place place_of(const struct again *again, int64_t now_us)
{
	const struct pv_judged *judged = &again->judged;
	bool review = judged->verdict == PV_VERDICT_APPROVE && !pv_judged_needs_repair(judged);
	bool held = strcmp(again->publication.held_by, "review") == 0;
	if (judged->verdict <= PV_VERDICT_WARN)
		return PLANNED;
	if (again->waits)
		return HELD_SWITCH;
	/* One that waits for its review waits on when its time comes; late is its own choice. */
	if (again->publication.due_at_us > now_us || (review && held))
		return review ? HELD_REVIEW : HELD_POLICY;
	return review ? TO_REVIEW : RETURNED;
}

/* Says the same already? A post that the network put off keeps what it said. */
static bool stands(const struct again *again, enum place place, const char *reason)
{
	const struct pv_publication_row *row = &again->publication;
	if (strcmp(again->variant.verdict, again->judged.answer.verdict) != 0 ||
		strcmp(again->variant.stage, places[place].stage) != 0)
		return false;
	if (place == PLANNED)
		return strcmp(row->state, "held") != 0;
	return strcmp(row->state, "held") == 0 &&
	       strcmp(row->held_by, places[place].held_by) == 0 && strcmp(row->reason, reason) == 0;
}

static enum pv_status move_publication(
	struct again *again, enum place place, const char *reason, struct pv_error *error)
{
	struct pv_publication_row *row = &again->publication;
	int64_t now_us = pv_env_now_us(again->desk->env);
	bool held = strcmp(row->state, "held") == 0;
	const struct pv_desk_move *move = &pv_desk_move_hold;
	if (place == PLANNED && !held)
		return PV_OK; /* it goes on as it was */
	if (place == PLANNED)
		move = &pv_desk_move_let_go;
	if (leaves_plan(place))
		move = &pv_desk_move_unplan;
	row->reason = reason;
	row->held_by = places[place].held_by;
	row->next_at_us = place == PLANNED && row->due_at_us < now_us ? now_us : row->due_at_us;
	return pv_publication_make_move(again->desk->db, row, move, error);
}

static enum pv_status move_variant(struct again *again, enum place place, struct pv_error *error)
{
	const struct pv_variant_row *row = &again->variant;
	if (leaves_plan(place))
		return pv_desk_variant_returned(
			again->desk, again->mem, &again->publication, place == TO_REVIEW, error);
	if (strcmp(row->stage, places[place].stage) == 0)
		return PV_OK;
	return pv_variant_move(
		again->desk->db, row, row->stage, places[place].stage, row->submitted_at_us, error);
}

static enum pv_status note(struct again *again, const char *verb, const char *before,
	const char *was_by, struct pv_error *error)
{
	const struct pv_publication_row *row = &again->publication;
	const struct pv_audit_note audit = {.organization_id = row->organization_id,
		.verb = verb,
		.object = row->id,
		.before = pv_audit_pack(again->mem, "{s:s,s:s,s:s}", "state", before, "held_by",
			was_by, "verdict", again->variant.verdict),
		.after = pv_audit_pack(again->mem, "{s:s,s:s,s:s,s:s}", "state", row->state,
			"held_by", row->held_by, "verdict", again->judged.answer.verdict, "policy",
			again->judged.answer.policy_id)};
	return pv_desk_audit(again->desk, &pv_actor_desk, &audit, error);
}

static enum pv_status settle_planned(struct again *again, struct pv_error *error)
{
	const char *before = again->publication.state, *was_by = again->publication.held_by;
	enum place place = place_of(again, pv_env_now_us(again->desk->env));
	const char *reason = "";
	if (place != PLANNED)
		reason = pv_publication_reason(again->mem, places[place].reason_class,
			&again->judged.answer.explanation, NULL);
	if (!reason)
		return pv_fail_nomem(error);
	if (stands(again, place, reason))
		return PV_OK;
	again->changed = true;
	enum pv_status status = pv_variant_keep_judged(
		again->desk, &again->variant, "change", &again->judged, error);
	bool moves = place != PLANNED || strcmp(before, "held") == 0;
	if (status == PV_OK)
		status = move_publication(again, place, reason, error);
	if (status == PV_OK)
		status = move_variant(again, place, error);
	return status == PV_OK && moves ? note(again, places[place].verb, before, was_by, error)
					: status;
}

/* Ready, or in review for its first time: only what is said of it changes. */
static enum pv_status settle_unplanned(struct again *again, struct pv_error *error)
{
	if (strcmp(again->variant.verdict, again->judged.answer.verdict) == 0)
		return PV_OK;
	again->changed = true;
	return pv_variant_keep_judged(
		again->desk, &again->variant, "change", &again->judged, error);
}

static enum pv_status judge_again(struct again *again, struct pv_error *error)
{
	struct pv_judging judging = {.row = &again->variant,
		.at_us = pv_variant_at(&again->variant, pv_env_now_us(again->desk->env)),
		.known = again->known};
	/* One that answers at once has its time in the plan alone. */
	if (again->planned && again->publication.due_at_us > judging.at_us)
		judging.at_us = again->publication.due_at_us;
	return pv_variant_judge_waits(
		again->desk, again->mem, &judging, &again->judged, &again->waits, error);
}

static enum pv_status do_again(struct again *again, const char *id, struct pv_error *error)
{
	enum pv_status status = read_again(again, id, error);
	if (status == PV_NOT_FOUND)
		return PV_OK;
	if (status == PV_OK)
		status = judge_again(again, error);
	if (status != PV_OK)
		return status;
	return again->planned ? settle_planned(again, error) : settle_unplanned(again, error);
}

/* ---- a batch ----------------------------------------------------------------------------------- */

/* Something that changed, told after the commit. */
struct told {
	bool planned;
	char organization_id[PV_ID_SIZE], id[PV_ID_SIZE];
};

struct batch {
	struct pv_desk *desk;
	TALLOC_CTX *mem;
	struct pv_rejudging_row asked;
	struct pv_publication_row due;
	struct pv_house_known known;
	struct told told[PV_REJUDGE_BATCH];
	size_t n_told;
	bool more;
};

static void note_told(struct batch *batch, const struct again *again)
{
	struct told *told = &batch->told[batch->n_told++];
	told->planned = again->planned;
	snprintf(told->organization_id, PV_ID_SIZE, "%s", again->variant.organization_id);
	snprintf(told->id, PV_ID_SIZE, "%s",
		again->planned ? again->publication.id : again->variant.id);
}

static enum pv_status batch_one(struct batch *batch, const char *id, struct pv_error *error)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(batch->mem);
	struct again again = {.desk = batch->desk, .mem = scope, .known = &batch->known};
	struct pv_error lost = PV_ERROR_IN(batch->mem);
	if (!scope)
		return pv_fail_nomem(error);
	enum pv_status status = do_again(&again, id, &lost);
	/* One that cannot be judged (a policy nobody can read any more) is the gate's to tell. */
	if (status == PV_INVALID || status == PV_NOT_FOUND || status == PV_TOO_LARGE) {
		pv_log(PV_LOG_WARNING, "not judged again", "variant", id, "why",
			lost.words.en ? lost.words.en : pv_status_name(status), NULL);
		return PV_OK;
	}
	if (status != PV_OK && error)
		*error = lost;
	if (status == PV_OK && again.changed)
		note_told(batch, &again);
	return status;
}

/* Everybody else waits for the pen meanwhile. */
static bool pen_held_enough(const struct batch *batch, int64_t began_us)
{
	return pv_env_monotonic_us(batch->desk->env) - began_us > PV_REJUDGE_PEN_MS * 1000;
}

static enum pv_status asked_work(struct pv_db *db, void *state, struct pv_error *error)
{
	struct batch *batch = state;
	struct pv_rejudging_item *items = NULL;
	size_t n = 0;
	int64_t began_us = pv_env_monotonic_us(batch->desk->env);
	batch->n_told = 0;
	batch->more = true;
	enum pv_status status = pv_rejudging_batch(
		db, batch->mem, &batch->asked, PV_REJUDGE_BATCH, &items, &n, error);
	size_t done = 0;
	while (status == PV_OK && done < n && !(done && pen_held_enough(batch, began_us)))
		status = batch_one(batch, items[done++].variant_id, error);
	pv_house_forget(&batch->known);
	if (status != PV_OK)
		return status;
	return done == n && n < PV_REJUDGE_BATCH
		       ? pv_rejudging_done(db, &batch->asked, error)
		       : pv_rejudging_advance(db, &batch->asked, &items[done - 1], error);
}

static enum pv_status due_work(struct pv_db *db, void *state, struct pv_error *error)
{
	(void)db;
	struct batch *batch = state;
	batch->n_told = 0;
	enum pv_status status = batch_one(batch, batch->due.variant_id, error);
	pv_house_forget(&batch->known);
	batch->more = batch->n_told > 0;
	return status;
}

static void tell(struct batch *batch)
{
	for (size_t i = 0; i < batch->n_told; i++) {
		const struct told *told = &batch->told[i];
		pv_desk_changed(batch->desk, told->planned ? "publication" : "variant",
			told->organization_id, told->id);
	}
}

static enum pv_status run_batch(struct batch *batch, pv_db_work *work, struct pv_error *error)
{
	enum pv_status status = pv_db_transaction(batch->desk->db, work, batch, error);
	if (status == PV_OK)
		tell(batch);
	return status;
}

enum pv_status pv_desk_rejudge_ask(
	struct pv_desk *desk, const char *organization_id, struct pv_error *error)
{
	return pv_rejudging_ask(desk->db, organization_id, pv_env_now_us(desk->env), error);
}

enum pv_status pv_desk_rejudge(struct pv_desk *desk, bool *out_more, struct pv_error *error)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct batch *batch = talloc_zero(scope, struct batch);
	if (!batch)
		return pv_fail_nomem(error);
	batch->desk = desk;
	batch->mem = scope;
	enum pv_status status = pv_rejudging_first(desk->db, scope, &batch->asked, error);
	if (status == PV_OK)
		status = run_batch(batch, asked_work, error);
	else if (status == PV_NOT_FOUND) {
		status = pv_publication_held_due(
			desk->db, scope, pv_env_now_us(desk->env), &batch->due, error);
		if (status == PV_OK)
			status = run_batch(batch, due_work, error);
		else if (status == PV_NOT_FOUND)
			status = PV_OK;
	}
	if (status == PV_OK)
		*out_more = batch->more;
	return status;
}

enum pv_status pv_desk_rejudge_all(struct pv_desk *desk, struct pv_error *error)
{
	bool more = true;
	enum pv_status status = PV_OK;
	while (status == PV_OK && more)
		status = pv_desk_rejudge(desk, &more, error);
	return status;
}
