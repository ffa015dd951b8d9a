/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What is kept of a replay with its version, and whether adopting the version waits for one. */
#include "desk/audit.h"
#include "desk/replay_parts.h"
#include "desk/turn.h"

#include <string.h>

/* ---- what is kept ------------------------------------------------------------------------------ */

static json_t *version_json(const struct pv_policy_row *row)
{
	return row->id ? json_pack("{s:s, s:I}", "id", row->id, "version", (json_int_t)row->version)
		       : json_null();
}

static json_t *time_json(int64_t at_us)
{
	char at[PV_TIME_TEXT_SIZE];
	return at_us == PV_TIME_NONE ? json_null() : json_string(pv_time_format(at_us, at));
}

/* The version's column, as the API shows it but for "current". */
static char *kept_json(
	TALLOC_CTX *mem, const struct pv_desk_replay *replay, const json_t *summary, int64_t now_us)
{
	PV_JSON json_t *kept = json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:b, s:b, s:O}", "digest",
		replay->to.digest, "replayed_at", time_json(now_us), "against",
		version_json(&replay->from), "months",
		replay->imported ? json_null() : json_integer(replay->months), "from",
		time_json(replay->from_us), "until", time_json(replay->until_us), "imported",
		replay->imported, "older", replay->older, "summary", summary);
	return kept ? pv_json_dump(mem, kept) : NULL;
}

static json_t *read_kept(const struct pv_policy_row *row)
{
	json_t *kept = NULL;
	if (!row->replayed || !*row->replayed ||
		pv_json_parse(row->replayed, strlen(row->replayed), &kept, NULL) != PV_OK)
		return NULL;
	return kept;
}

bool pv_desk_policy_replay_is_current(const struct pv_policy_row *row)
{
	PV_JSON json_t *kept = read_kept(row);
	const char *digest = kept ? pv_json_text(kept, "digest") : NULL;
	return digest && strcmp(digest, row->digest) == 0;
}

/* Did it look at anything? A post that cannot be judged was looked at, a line of an import was not. */
static bool saw_posts(const json_t *kept)
{
	const json_t *summary = json_object_get(kept, "summary");
	if (pv_json_int(summary, "cases", 0) > 0)
		return true;
	return !pv_json_bool(kept, "imported", false) && pv_json_int(summary, "errors", 0) > 0;
}

bool pv_replay_kept_counts(const struct pv_policy_row *row)
{
	PV_JSON json_t *kept = read_kept(row);
	return kept && saw_posts(kept) && pv_desk_policy_replay_is_current(row);
}

/* ---- keeping ----------------------------------------------------------------------------------- */

static json_int_t sum(const json_t *summary, const char *name)
{
	return (json_int_t)pv_json_int(summary, name, 0);
}

/* In a turn, on the row as it is now: a check may have come meanwhile. */
static enum pv_status write_kept(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, struct pv_desk_replay *replay, const json_t *summary,
	struct pv_error *error)
{
	struct pv_policy_row row;
	enum pv_status status =
		pv_desk_may(desk, actor, replay->to.organization_id, PV_MAY_GOVERN, error);
	if (status == PV_OK)
		status = pv_policy_row_find(desk->db, mem, replay->to.id, &row, error);
	if (status != PV_OK)
		return status;
	struct pv_policy_row before = row;
	if (!pv_policy_row_is_open(&row) || strcmp(row.digest, replay->to.digest) != 0)
		return PV_OK; /* it speaks of what is not there any more */
	row.replayed = kept_json(mem, replay, summary, pv_env_now_us(desk->env));
	if (!row.replayed)
		return pv_fail_nomem(error);
	if (!pv_replay_kept_counts(&row) && pv_replay_kept_counts(&before))
		return PV_OK; /* the one that is kept says more */
	if (strcmp(row.state, "checked") == 0 && pv_replay_kept_counts(&row))
		row.state = "replayed";
	status = pv_policy_row_keep(desk->db, &row, error);
	if (status != PV_OK)
		return status;
	const struct pv_audit_note note = {.organization_id = row.organization_id,
		.verb = "policy.replay",
		.object = row.id,
		.before = pv_audit_pack(mem, "{s:s}", "state", before.state),
		.after = pv_audit_pack(mem, "{s:s,s:s,s:b,s:I,s:I,s:I}", "state", row.state,
			"digest", row.digest, "imported", replay->imported, "cases",
			sum(summary, "cases"), "changed", sum(summary, "changed"), "newly_refused",
			sum(summary, "newly_refused"))};
	status = pv_desk_audit(desk, actor, &note, error);
	replay->kept = status == PV_OK;
	return status;
}

enum pv_status pv_replay_keep(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_actor *actor,
	struct pv_desk_replay *replay, struct pv_error *error)
{
	struct pv_turn turn;
	struct pv_error denied = PV_ERROR_IN(mem);
	PV_JSON json_t *summary = NULL;
	enum pv_status status =
		pv_desk_may(desk, actor, replay->to.organization_id, PV_MAY_GOVERN, &denied);
	if (status == PV_DENIED || (status == PV_OK && !pv_policy_row_is_open(&replay->to)))
		return PV_OK; /* whoever reads may ask; only who governs leaves a trace */
	if (status != PV_OK)
		return pv_fail_words(error, status, denied.words);
	status = pv_json_parse(replay->summary, strlen(replay->summary), &summary, error);
	if (status == PV_OK)
		status = pv_turn_begin(&turn, desk, error);
	if (status != PV_OK)
		return status;
	status = pv_turn_end(&turn, write_kept(desk, mem, actor, replay, summary, error), error);
	replay->kept &= status == PV_OK;
	if (replay->kept)
		pv_desk_changed(desk, "policy", replay->to.organization_id, replay->to.id);
	return status;
}

/* ---- before adopting --------------------------------------------------------------------------- */

enum pv_status pv_desk_policy_replay_due(
	struct pv_desk *desk, const struct pv_policy_row *row, bool *out, struct pv_error *error)
{
	int64_t n = 0, now_us = pv_env_now_us(desk->env);
	const struct pv_past_span span = {.organization_id = row->organization_id,
		.after_us = pv_replay_months_before(now_us, PV_REPLAY_MONTHS),
		.until_us = now_us};
	if (!pv_policy_row_is_open(row) || pv_replay_kept_counts(row)) {
		*out = false;
		return PV_OK;
	}
	enum pv_status status = pv_past_count(desk->db, &span, 1, &n, error);
	if (status == PV_OK)
		*out = n > 0;
	return status;
}

enum pv_status pv_replay_first(struct pv_desk *desk, const struct pv_policy_row *row, bool *out_due,
	struct pv_error *error)
{
	enum pv_status status = pv_desk_policy_replay_due(desk, row, out_due, error);
	if (status != PV_OK || !*out_due)
		return status;
	if (*row->replayed && !pv_desk_policy_replay_is_current(row))
		return pv_fail(error, PV_CONFLICT,
			"Cette version a changé depuis qu'elle a été rejouée : rejouez-la sur ce "
			"qui a paru, puis adoptez-la.",
			"This version has changed since it was replayed: replay it over what was "
			"published, then adopt it.");
	return pv_fail(error, PV_CONFLICT,
		"Cette version n'a pas encore été rejouée : rejouez-la sur ce qui a paru ces %d "
		"derniers mois, puis adoptez-la.",
		"This version has not been replayed yet: replay it over what was published in the "
		"last %d months, then adopt it.",
		PV_REPLAY_MONTHS);
}
