/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "desk/publications.h"

#include "base/json.h"
#include "desk/variants.h"

#include <string.h>

enum pv_status pv_desk_publication_list(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const struct pv_publication_filter *filter,
	struct pv_publication_row **out, size_t *out_n, struct pv_error *error)
{
	if (filter->organization_id) {
		enum pv_status status =
			pv_desk_may(desk, actor, filter->organization_id, PV_MAY_READ, error);
		if (status != PV_OK)
			return status;
	}
	struct pv_publication_query query = {
		.member_id = actor->is_desk ? NULL : actor->person_id,
		.organization_id = filter->organization_id,
		.account_id = filter->account_id,
		.state = filter->state,
		.before_id = filter->before_id,
		.limit = filter->limit > 0 && filter->limit <= 200 ? filter->limit : 50,
	};
	return pv_publication_list(desk->db, mem, &query, out, out_n, error);
}

enum pv_status pv_desk_publication_get(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id, struct pv_desk_publication **out,
	struct pv_error *error)
{
	struct pv_desk_publication *publication = talloc_zero(mem, struct pv_desk_publication);
	struct pv_attempt_row *attempts = NULL;
	if (!publication)
		return pv_fail_nomem(error);
	enum pv_status status = pv_publication_find(desk->db, mem, id, &publication->row, error);
	if (status == PV_OK)
		status = pv_desk_may(
			desk, actor, publication->row.organization_id, PV_MAY_READ, error);
	if (status == PV_OK)
		status = pv_attempt_list(
			desk->db, mem, id, &attempts, &publication->n_attempts, error);
	if (status != PV_OK)
		return status;
	publication->attempts = attempts;
	*out = publication;
	return PV_OK;
}

char *pv_publication_reason(TALLOC_CTX *mem, const char *reason_class, const struct pv_words *words,
	const char *evidence)
{
	PV_JSON json_t *reason = json_pack("{s:s, s:s, s:s, s:s}", "class", reason_class, "fr",
		words->fr ? words->fr : "", "en", words->en ? words->en : "", "evidence",
		evidence ? evidence : "");
	/* What a network answered may not be text: told without it rather than not at all. */
	if (!reason)
		reason = json_pack("{s:s, s:s, s:s, s:s}", "class", reason_class, "fr",
			words->fr ? words->fr : "", "en", words->en ? words->en : "", "evidence",
			"");
	return reason ? pv_json_dump(mem, reason) : NULL;
}

enum { PERMALINK_MAX = 2048 };

/* ---- a person's word --------------------------------------------------------------------------- */

struct resolve {
	struct pv_desk *desk;
	TALLOC_CTX *mem;
	const struct pv_actor *actor;
	const char *variant_id;
	enum pv_decision decision;
	const char *permalink;
	struct pv_publication_row row;
};

static const char *const uncertain_outcomes[] = {"open", "unknown"};

/* The write whose outcome nobody knew: a person has said it. */
static enum pv_status close_attempt(
	struct resolve *resolve, const char *outcome, struct pv_error *error)
{
	struct pv_attempt_row attempt;
	enum pv_status status =
		pv_attempt_last(resolve->desk->db, resolve->mem, resolve->row.id, &attempt, error);
	if (status == PV_NOT_FOUND)
		return PV_OK;
	if (status != PV_OK || !pv_word_is(attempt.outcome, uncertain_outcomes, 2))
		return status;
	attempt.outcome = outcome;
	attempt.closed_at_us = pv_env_now_us(resolve->desk->env);
	return pv_attempt_close(resolve->desk->db, &attempt, error);
}

/* Only a write of ours can be there already. */
static enum pv_status check_may_be_there(struct resolve *resolve, struct pv_error *error)
{
	struct pv_attempt_row attempt;
	struct pv_error lost = PV_ERROR_IN(resolve->mem);
	enum pv_status status =
		pv_attempt_last(resolve->desk->db, resolve->mem, resolve->row.id, &attempt, &lost);
	if (status != PV_OK && status != PV_NOT_FOUND) {
		if (error)
			*error = lost;
		return status;
	}
	if (status == PV_OK && pv_word_is(attempt.outcome, uncertain_outcomes, 2))
		return PV_OK;
	return pv_fail(error, PV_CONFLICT,
		"Rien n'a pu arriver là-bas : le bureau ne l'a pas envoyé, ou le réseau l'a "
		"refusé.",
		"Nothing can have arrived there: the desk did not send it, or the network refused "
		"it.");
}

static enum pv_status decide_published(struct resolve *resolve, struct pv_error *error)
{
	struct pv_publication_row *row = &resolve->row;
	enum pv_status status = check_may_be_there(resolve, error);
	if (status != PV_OK)
		return status;
	row->permalink = resolve->permalink ? resolve->permalink : row->permalink;
	row->published_at_us = row->sent_at_us == PV_TIME_NONE ? pv_env_now_us(resolve->desk->env)
							       : row->sent_at_us;
	row->lateness_us =
		row->published_at_us > row->due_at_us ? row->published_at_us - row->due_at_us : 0;
	status = close_attempt(resolve, "yes", error);
	if (status == PV_OK)
		status = pv_publication_make_move(
			resolve->desk->db, row, &pv_desk_move_published, error);
	return status == PV_OK ? pv_desk_variant_sent(resolve->desk, resolve->mem, row, error)
			       : status;
}

/* Sent again, late or not: the person has chosen. */
static enum pv_status decide_retry(
	struct resolve *resolve, const struct pv_variant_row *variant, struct pv_error *error)
{
	struct pv_publication_row *row = &resolve->row;
	int64_t now_us = pv_env_now_us(resolve->desk->env);
	row->late = "publish";
	/* Now; when its time is past, that time says so too, whatever the clock is set to next. */
	row->next_at_us = row->due_at_us < now_us ? row->due_at_us : now_us;
	row->reason = "";
	row->checks = 0;
	enum pv_status status = close_attempt(resolve, "absent", error);
	if (status == PV_OK)
		status =
			pv_publication_make_move(resolve->desk->db, row, &pv_desk_move_send, error);
	if (status == PV_OK && strcmp(variant->stage, "stopped") == 0)
		status = pv_variant_move(resolve->desk->db, variant, "stopped", "scheduled",
			variant->submitted_at_us, error);
	if (status != PV_OK)
		return status;
	/* Only to count it for what it is: whether it may still go is asked when it is sent. */
	struct pv_judging judging = {.row = variant, .at_us = now_us};
	struct pv_judged judged;
	status = pv_variant_judge(resolve->desk, resolve->mem, &judging, &judged, error);
	if (status != PV_OK)
		return status;
	return pv_variant_count(
		resolve->desk, resolve->mem, variant, now_us, judged.judgement, error);
}

static enum pv_status resolve_work(struct pv_db *db, void *state, struct pv_error *error)
{
	static const char *const names[] = {"published", "retry", "drop"};
	struct resolve *resolve = state;
	struct pv_variant_row variant;
	enum pv_status status = pv_variant_open(resolve->desk, resolve->mem, resolve->actor,
		resolve->variant_id, PV_MAY_WRITE, &variant, error);
	if (status != PV_OK)
		return status;
	status = pv_publication_find_variant(
		db, resolve->mem, resolve->variant_id, &resolve->row, error);
	if (status == PV_NOT_FOUND)
		return pv_fail(error, PV_CONFLICT, "Rien n'est à décider ici.",
			"There is nothing to decide here.");
	if (status != PV_OK)
		return status;
	/* The question goes with its answer; what a network refused stays told. */
	if (strcmp(resolve->row.state, "asking") == 0)
		resolve->row.reason = "";
	if (resolve->decision == PV_DECISION_PUBLISHED)
		status = decide_published(resolve, error);
	else if (resolve->decision == PV_DECISION_RETRY)
		status = decide_retry(resolve, &variant, error);
	else {
		/* What became of it nobody will know; what goes out next is another write. */
		status = close_attempt(resolve, "unknown", error);
		if (status == PV_OK)
			status = pv_publication_make_move(
				db, &resolve->row, &pv_desk_move_drop, error);
		if (status == PV_OK)
			status = pv_desk_variant_stopped(
				resolve->desk, resolve->mem, &resolve->row, error);
	}
	if (status != PV_OK)
		return status;
	const char *after =
		talloc_asprintf(resolve->mem, "{\"decision\":\"%s\"}", names[resolve->decision]);
	return pv_desk_audit(resolve->desk, resolve->actor,
		&(struct pv_audit_note){.organization_id = resolve->row.organization_id,
			.verb = "publication.resolve",
			.object = resolve->row.id,
			.after = after},
		error);
}

enum pv_status pv_desk_publication_resolve(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *variant_id, enum pv_decision decision,
	const char *permalink, struct pv_desk_publication **out, struct pv_error *error)
{
	struct resolve resolve = {.desk = desk,
		.mem = mem,
		.actor = actor,
		.variant_id = variant_id,
		.decision = decision,
		.permalink = permalink};
	if (permalink && (strlen(permalink) > PERMALINK_MAX ||
				 (strncmp(permalink, "https://", 8) != 0 &&
					 strncmp(permalink, "http://", 7) != 0)))
		return pv_fail_field(error, "/permalink",
			"Un lien commence par https:// et tient en %d octets.",
			"A link begins with https:// and fits in %d bytes.", PERMALINK_MAX);
	enum pv_status status = pv_db_transaction(desk->db, resolve_work, &resolve, error);
	if (status != PV_OK)
		return status;
	pv_desk_changed(desk, "publication", resolve.row.organization_id, resolve.row.id);
	return pv_desk_publication_get(desk, mem, actor, resolve.row.id, out, error);
}
