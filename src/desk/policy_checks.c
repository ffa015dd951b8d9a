/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A version held against its guarantees and cases, and adopted when it stands. */
#include "desk/audit.h"
#include "desk/holds.h"
#include "desk/policy_parts.h"
#include "desk/replay_parts.h"
#include "desk/turn.h"

#include "base/str.h"

#include <string.h>

/* What a version is held against, read at one moment. */
struct against {
	struct pv_guarantee_row *guarantees;
	struct pv_policy_case_row *cases;
	size_t n_guarantees, n_cases;
	char basis[PV_DIGEST_SIZE]; /* of all that, with the text */
};

enum { BASIS_BYTES_MAX = 4 << 20 };

json_t *pv_words_json(const struct pv_words *words)
{
	return json_pack(
		"{s:s, s:s}", "fr", words->fr ? words->fr : "", "en", words->en ? words->en : "");
}

static enum pv_status read_against(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_policy_row *row, struct against *out, struct pv_error *error)
{
	*out = (struct against){0};
	enum pv_status status = pv_guarantee_list(
		desk->db, mem, row->organization_id, &out->guarantees, &out->n_guarantees, error);
	if (status == PV_OK)
		status = pv_policy_case_list(
			desk->db, mem, row->organization_id, &out->cases, &out->n_cases, error);
	if (status != PV_OK)
		return status;
	struct pv_buf all = PV_BUF(mem, BASIS_BYTES_MAX);
	pv_buf_text(&all, row->digest);
	for (size_t i = 0; i < out->n_guarantees; i++) {
		pv_buf_char(&all, '\n');
		pv_buf_text(&all, out->guarantees[i].text);
	}
	for (size_t i = 0; i < out->n_cases; i++) {
		pv_buf_char(&all, '\n');
		pv_buf_text(&all, out->cases[i].line);
	}
	if (all.failed)
		return pv_fail_nomem(error);
	pv_digest(all.bytes, all.size, out->basis);
	return PV_OK;
}

/* ---- the answer ------------------------------------------------------------------------------ */

static enum pv_status add_problems(TALLOC_CTX *mem, const struct pv_policy_row *row, json_t *into,
	size_t *out_n, struct pv_error *error)
{
	struct pv_policy_problems problems = {0};
	struct pv_error said = PV_ERROR_IN(mem);
	enum pv_status status = pv_desk_policy_check(mem, row->text, &problems, &said);
	for (size_t i = 0; i < problems.n; i++)
		json_array_append_new(
			into, json_pack("{s:i, s:i, s:o}", "line", problems.items[i].line, "column",
				      problems.items[i].column, "message",
				      pv_words_json(&problems.items[i].message)));
	*out_n = problems.n;
	if (status == PV_OK || (status == PV_INVALID && problems.n > 0))
		return PV_OK;
	if (error)
		*error = said;
	return status;
}

struct parts {
	json_t *problems, *guarantees, *cases, *analysis;
};

static enum pv_status run_parts(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_policy_row *row, const struct against *against, bool analyse,
	struct parts *parts, struct pv_policy_check *out, struct pv_error *error)
{
	const struct pv_policy *policy = NULL;
	int64_t now_us = pv_env_now_us(desk->env);
	enum pv_status status = add_problems(mem, row, parts->problems, &out->n_problems, error);
	if (status != PV_OK || out->n_problems > 0)
		return status;
	status = pv_desk_policy_document(mem, row, &policy, error);
	if (status == PV_OK)
		status = pv_guarantees_run(mem, policy, against->guarantees, against->n_guarantees,
			now_us, parts->guarantees, &out->n_broken, error);
	if (status == PV_OK)
		status = pv_cases_run(mem, policy, against->cases, against->n_cases, parts->cases,
			&out->n_failing, error);
	if (status == PV_OK && analyse)
		status = pv_policy_analysis(mem, policy, now_us, &parts->analysis, error);
	return status;
}

static enum pv_status run_check(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_policy_row *row, const struct against *against, bool analyse,
	struct pv_policy_check *out, struct pv_error *error)
{
	char at[PV_TIME_TEXT_SIZE];
	struct pv_policy_check check = {0};
	struct parts parts = {json_array(), json_array(), json_array(), NULL};
	enum pv_status status = run_parts(desk, mem, row, against, analyse, &parts, &check, error);
	check.passes = check.n_problems + check.n_broken + check.n_failing == 0;
	PV_JSON json_t *all = json_pack("{s:s, s:s, s:s, s:b, s:o, s:o, s:o, s:o}", "digest",
		row->digest, "basis", against->basis, "checked_at",
		pv_time_format(pv_env_now_us(desk->env), at), "passes", check.passes, "problems",
		parts.problems, "guarantees", parts.guarantees, "cases", parts.cases, "analysis",
		parts.analysis ? parts.analysis : json_null());
	check.json = all ? pv_json_dump(mem, all) : NULL;
	if (status == PV_OK && !check.json)
		status = pv_fail_nomem(error);
	if (status == PV_OK)
		*out = check;
	return status;
}

/* ---- checking -------------------------------------------------------------------------------- */

/* A replay may have been kept while this was at work: in a turn. */
static enum pv_status latest_replay(
	struct pv_desk *desk, TALLOC_CTX *mem, struct pv_policy_row *row, struct pv_error *error)
{
	struct pv_policy_row now;
	enum pv_status status = pv_policy_row_find(desk->db, mem, row->id, &now, error);
	if (status == PV_OK)
		row->replayed = now.replayed;
	return status;
}

static enum pv_status keep_check(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, struct pv_policy_row *row,
	const struct pv_policy_check *check, struct pv_error *error)
{
	const char *before = row->state;
	enum pv_status status =
		pv_desk_may(desk, actor, row->organization_id, PV_MAY_GOVERN, error);
	if (status == PV_OK)
		status = latest_replay(desk, mem, row, error);
	bool replayed = pv_replay_kept_counts(row);
	row->state = !check->passes ? "draft" : replayed ? "replayed" : "checked";
	row->checked = check->json;
	if (status == PV_OK)
		status = pv_policy_row_keep(desk->db, row, error);
	if (status != PV_OK)
		return status;
	const struct pv_audit_note note = {.organization_id = row->organization_id,
		.verb = "policy.check",
		.object = row->id,
		.before = pv_audit_pack(mem, "{s:s}", "state", before),
		.after = pv_audit_pack(mem, "{s:s,s:s,s:b,s:I,s:I,s:I}", "state", row->state,
			"digest", row->digest, "passes", check->passes, "problems",
			(json_int_t)check->n_problems, "guarantees", (json_int_t)check->n_broken,
			"cases", (json_int_t)check->n_failing)};
	return pv_desk_audit(desk, actor, &note, error);
}

static enum pv_status find_open(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_actor *actor,
	const char *policy_id, struct pv_policy_row *out, struct pv_error *error)
{
	enum pv_status status = pv_desk_policy_find(desk, mem, actor, policy_id, out, error);
	if (status == PV_OK)
		status = pv_desk_may(desk, actor, out->organization_id, PV_MAY_GOVERN, error);
	if (status == PV_OK && !pv_policy_row_is_open(out))
		return pv_fail(error, PV_CONFLICT,
			"Cette version a déjà été adoptée ou mise de côté.",
			"This version was adopted or set aside already.");
	return status;
}

enum pv_status pv_desk_policy_run_check(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *policy_id, struct pv_policy_row *out,
	struct pv_policy_check *out_check, struct pv_error *error)
{
	struct pv_policy_row row;
	struct against against;
	struct pv_policy_check check;
	struct pv_turn turn;
	enum pv_status status = find_open(desk, mem, actor, policy_id, &row, error);
	if (status == PV_OK)
		status = read_against(desk, mem, &row, &against, error);
	if (status == PV_OK)
		status = run_check(desk, mem, &row, &against, true, &check, error);
	if (status == PV_OK)
		status = pv_turn_begin(&turn, desk, error);
	if (status != PV_OK)
		return status;
	status = pv_turn_end(&turn, keep_check(desk, mem, actor, &row, &check, error), error);
	if (status != PV_OK)
		return status;
	*out = row;
	*out_check = check;
	pv_desk_changed(desk, "policy", row.organization_id, row.id);
	return PV_OK;
}

/* The kept check's word on exactly this; false when there is none. */
static bool kept_for(const struct pv_policy_row *row, const char *basis, bool *out_passes)
{
	PV_JSON json_t *kept = NULL;
	if (!row->checked || !*row->checked ||
		pv_json_parse(row->checked, strlen(row->checked), &kept, NULL) != PV_OK)
		return false;
	const char *theirs = pv_json_text(kept, "basis");
	*out_passes = pv_json_bool(kept, "passes", false);
	return theirs && strcmp(theirs, basis) == 0;
}

enum pv_status pv_desk_policy_check_is_current(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_policy_row *row, bool *out, struct pv_error *error)
{
	struct against against;
	bool passes;
	enum pv_status status = read_against(desk, mem, row, &against, error);
	if (status == PV_OK)
		*out = kept_for(row, against.basis, &passes);
	return status;
}

/* ---- adopting -------------------------------------------------------------------------------- */

static enum pv_status adopt(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_actor *actor,
	struct pv_policy_row *row, int64_t effective_at_us, struct pv_error *error)
{
	int64_t now_us = pv_env_now_us(desk->env);
	const char *before = row->state;
	enum pv_status status =
		pv_desk_may(desk, actor, row->organization_id, PV_MAY_GOVERN, error);
	row->adopted_by = actor->person_id ? actor->person_id : "desk";
	row->adopted_at_us = now_us;
	/* What was already sent was judged by what stood then: the past is not rewritten. */
	row->effective_at_us = effective_at_us > now_us ? effective_at_us : now_us;
	if (status == PV_OK)
		status = latest_replay(desk, mem, row, error);
	if (status == PV_OK)
		status = pv_policy_row_keep(desk->db, row, error);
	if (status == PV_OK)
		status = pv_policy_row_adopt(desk->db, row, error);
	if (status == PV_OK)
		status = pv_policy_row_supersede(desk->db, row->organization_id, now_us, error);
	if (status == PV_OK)
		status = pv_desk_rejudge_ask(desk, row->organization_id, error);
	if (status != PV_OK)
		return status;
	const struct pv_audit_note note = {.organization_id = row->organization_id,
		.verb = "policy.adopt",
		.object = row->id,
		.before = pv_audit_pack(mem, "{s:s}", "state", before),
		.after = pv_audit_pack(mem, "{s:I,s:s,s:I}", "version", (json_int_t)row->version,
			"digest", row->digest, "effective_at", (json_int_t)row->effective_at_us),
		.why = row->note};
	return pv_desk_audit(desk, actor, &note, error);
}

/* What was checked is what is there now: a guarantee may have come meanwhile. */
static enum pv_status still_against(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_policy_row *row, const char *basis, struct pv_error *error)
{
	struct against now;
	enum pv_status status = read_against(desk, mem, row, &now, error);
	if (status == PV_OK && strcmp(now.basis, basis) != 0)
		return pv_fail(error, PV_CONFLICT,
			"Une garantie ou un exemple vient de changer : vérifiez de nouveau.",
			"A guarantee or a case has just changed: check again.");
	return status;
}

static enum pv_status refuse(const struct pv_policy_check *check, struct pv_error *error)
{
	if (check->n_problems)
		return pv_fail(error, PV_INVALID,
			"Ce texte a des problèmes (%zu) : corrigez-les avant de l'adopter.",
			"This text has problems (%zu): mend them before adopting it.",
			check->n_problems);
	return pv_fail(error, PV_REFUSED,
		"Rien n'est adopté : garanties non tenues, %zu; exemples qui ne donnent pas ce qui "
		"est attendu, %zu.",
		"Nothing is adopted: guarantees not kept, %zu; cases that do not come out as "
		"expected, %zu.",
		check->n_broken, check->n_failing);
}

/* Checked before and nothing changed, or checked now. */
static enum pv_status check_first(struct pv_desk *desk, TALLOC_CTX *mem, struct pv_policy_row *row,
	struct against *out_against, struct pv_policy_check *out, struct pv_error *error)
{
	bool passes = false;
	enum pv_status status = read_against(desk, mem, row, out_against, error);
	if (status != PV_OK)
		return status;
	*out = (struct pv_policy_check){.json = row->checked, .passes = true};
	if (kept_for(row, out_against->basis, &passes) && passes)
		return PV_OK;
	status = run_check(desk, mem, row, out_against, false, out, error);
	if (status == PV_OK)
		row->checked = out->json;
	return status == PV_OK && !out->passes ? refuse(out, error) : status;
}

enum pv_status pv_desk_policy_adopt(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *policy_id, int64_t effective_at_us,
	struct pv_policy_row *out, struct pv_policy_check *out_check, struct pv_error *error)
{
	struct pv_policy_row row;
	struct against against;
	struct pv_turn turn;
	*out_check = (struct pv_policy_check){0};
	enum pv_status status = find_open(desk, mem, actor, policy_id, &row, error);
	if (status == PV_OK)
		status = check_first(desk, mem, &row, &against, out_check, error);
	if (status == PV_OK)
		status = pv_replay_first(desk, &row, &out_check->replay_due, error);
	if (status == PV_OK)
		status = pv_turn_begin(&turn, desk, error);
	if (status != PV_OK)
		return status;
	status = still_against(desk, mem, &row, against.basis, error);
	if (status == PV_OK)
		status = adopt(desk, mem, actor, &row, effective_at_us, error);
	if (status == PV_OK)
		status = pv_policy_row_find(desk->db, mem, policy_id, &row, error);
	status = pv_turn_end(&turn, status, error);
	if (status != PV_OK)
		return status;
	*out = row;
	pv_desk_changed(desk, "policy", row.organization_id, row.id);
	return PV_OK;
}
