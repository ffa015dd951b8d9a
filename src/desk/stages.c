/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A variant's way from draft to plan: submit, withdraw, schedule, unschedule, publish now. */
#include "base/json.h"
#include "desk/clock.h"
#include "desk/variants.h"
#include "text/measure.h"

#include <string.h>

/* One verb at work; what it answers is read again at its end. */
struct stage_verb {
	struct pv_desk *desk;
	TALLOC_CTX *mem;
	const struct pv_actor *actor;
	const char *id;
	const struct pv_due *due;
	struct pv_variant_row row;
	struct pv_words notice;
	struct pv_judged judged;
	bool refused;
};

static enum pv_status answer(
	struct stage_verb *verb, struct pv_desk_variant **out, struct pv_error *error)
{
	pv_desk_changed(verb->desk, "variant", verb->row.organization_id, verb->id);
	if (verb->refused)
		return pv_fail_words(error, PV_REFUSED, verb->judged.answer.explanation);
	struct pv_desk_variant *view = talloc_zero(verb->mem, struct pv_desk_variant);
	if (!view)
		return pv_fail_nomem(error);
	enum pv_status status = pv_variant_view(
		verb->desk, verb->mem, verb->actor, verb->id, &verb->notice, view, error);
	if (status == PV_OK)
		*out = view;
	return status;
}

static enum pv_status run(struct stage_verb *verb, pv_db_work *work, struct pv_desk_variant **out,
	struct pv_error *error)
{
	enum pv_status status = pv_db_transaction(verb->desk->db, work, verb, error);
	return status == PV_OK ? answer(verb, out, error) : status;
}

static enum pv_status open_verb(
	struct stage_verb *verb, enum pv_power power, struct pv_error *error)
{
	verb->refused = false;
	return pv_variant_open(
		verb->desk, verb->mem, verb->actor, verb->id, power, &verb->row, error);
}

static enum pv_status note(struct stage_verb *verb, const char *name, struct pv_error *error)
{
	const char *after = talloc_asprintf(verb->mem, "{\"digest\":\"%s\",\"verdict\":\"%s\"}",
		verb->row.digest, verb->judged.answer.verdict ? verb->judged.answer.verdict : "");
	return pv_desk_audit(verb->desk, verb->actor,
		&(struct pv_audit_note){.organization_id = verb->row.organization_id,
			.verb = name,
			.object = verb->id,
			.after = after},
		error);
}

static bool stands_at(const struct pv_variant_row *row, const char *a, const char *b)
{
	return strcmp(row->stage, a) == 0 || (b && strcmp(row->stage, b) == 0);
}

static enum pv_status fail_stage(const struct pv_variant_row *row, struct pv_error *error)
{
	static const struct {
		const char *stage;
		struct pv_words words;
	} stages[] = {
		{"draft", {"Ce texte est un brouillon : cela ne s'y fait pas.",
				  "This text is a draft: this is not done there."}},
		{"review", {"Ce texte attend une relecture : cela ne s'y fait pas.",
				   "This text waits for a review: this is not done there."}},
		{"sent_back",
			{"Ce texte a été renvoyé avec un mot : cela ne s'y fait pas.",
				"This text was sent back with a word: this is not done there."}},
		{"ready", {"Ce texte est prêt à partir : cela ne s'y fait pas.",
				  "This text is ready to go out: this is not done there."}},
		{"scheduled", {"Ce texte est planifié : cela ne s'y fait pas.",
				      "This text is planned: this is not done there."}},
		{"done", {"Ce texte est publié : cela ne s'y fait plus.",
				 "This text is published: this is no longer done there."}},
	};
	for (size_t i = 0; i < PV_COUNT(stages); i++)
		if (strcmp(row->stage, stages[i].stage) == 0)
			return pv_fail_words(error, PV_CONFLICT, stages[i].words);
	return pv_fail(error, PV_CONFLICT, "Ce texte est arrêté : cela ne s'y fait plus.",
		"This text is stopped: this is no longer done there.");
}

static bool is_author(const struct stage_verb *verb)
{
	return verb->actor->person_id && strcmp(verb->actor->person_id, verb->row.author_id) == 0;
}

/* ---- does it fit its network? ------------------------------------------------------------------ */

static enum pv_status measure_fits(
	struct stage_verb *verb, const struct pv_account_row *account, struct pv_error *error)
{
	const struct pv_text_rules *known = pv_text_rules_find(verb->row.account_network);
	if (!known)
		return PV_OK;
	struct pv_text_rules rules = *known;
	PV_JSON json_t *settings = NULL;
	if (pv_json_parse(account->settings, strlen(account->settings), &settings, NULL) == PV_OK) {
		rules.limit = (uint32_t)pv_json_int(settings, "text_max", rules.limit);
		rules.link_length =
			(uint32_t)pv_json_int(settings, "link_length", rules.link_length);
	}
	struct pv_measure measure;
	enum pv_status status =
		pv_measure(verb->mem, &rules, pv_str(verb->row.text), &measure, error);
	if (status == PV_OK && !measure.valid)
		return pv_fail_field(error, "/text",
			"Ce texte compte %zu caractères; %s en prend %zu au plus.",
			"This text counts %zu characters; %s takes %zu at most.", measure.length,
			verb->row.account_name, measure.limit);
	return status;
}

static enum pv_status check_whole(struct stage_verb *verb, struct pv_error *error)
{
	struct pv_account_row account;
	enum pv_status status =
		pv_account_find(verb->desk->db, verb->mem, verb->row.account_id, &account, error);
	if (status != PV_OK)
		return status;
	if (strcmp(account.state, "removed") == 0)
		return pv_fail(error, PV_CONFLICT, "Ce compte a été retiré du bureau.",
			"This account was removed from the desk.");
	bool blank = strspn(verb->row.text, " \t\r\n") == strlen(verb->row.text);
	if (blank && strcmp(verb->row.media, "[]") == 0)
		return pv_fail_field(error, "/text", "Écrivez un texte, ou joignez une image.",
			"Write a text, or attach a picture.");
	status = pv_desk_links_check(verb->mem, pv_variant_said(verb->mem, &verb->row), error);
	return status == PV_OK ? measure_fits(verb, &account, error) : status;
}

/* ---- after a judgement ------------------------------------------------------------------------- */

static enum pv_status move_to(struct pv_desk *desk, const struct pv_variant_row *row,
	const char *from, const char *to, struct pv_error *error)
{
	int64_t submitted = strcmp(to, "draft") == 0               ? PV_TIME_NONE
			    : row->submitted_at_us == PV_TIME_NONE ? pv_env_now_us(desk->env)
								   : row->submitted_at_us;
	return pv_variant_move(desk->db, row, from, to, submitted, error);
}

bool pv_judged_needs_repair(const struct pv_judged *judged)
{
	for (size_t i = 0; judged->judgement && i < judged->judgement->n_remarks; i++) {
		const struct pv_remark *remark = &judged->judgement->remarks[i];
		if (remark->status == PV_REMARK_ALSO && remark->said == PV_VERDICT_DISCLOSE)
			return true;
	}
	return false;
}

enum pv_status pv_variant_settle(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_variant_row *row, const char *from, const struct pv_judged *judged,
	int64_t plan_at_us, bool *out_refused, struct pv_error *error)
{
	*out_refused = false;
	if (judged->verdict == PV_VERDICT_APPROVE && !pv_judged_needs_repair(judged)) {
		if (row->due_at_us != PV_TIME_NONE && row->due_at_us <= pv_env_now_us(desk->env))
			return pv_fail_field(error, "/due_at",
				"L'heure prévue est passée, et une autre personne doit approuver : "
				"choisissez un autre moment.",
				"The time planned has passed, and another person must approve: "
				"choose another moment.");
		return move_to(desk, row, from, "review", error);
	}
	if (judged->verdict > PV_VERDICT_WARN) {
		*out_refused = true;
		/* One that was held for a review is still in the plan. */
		enum pv_status status = pv_variant_unplan(desk, mem, row, error);
		return status == PV_OK ? move_to(desk, row, from, "draft", error) : status;
	}
	if (plan_at_us == PV_TIME_NONE) {
		enum pv_status status = pv_variant_unplan(desk, mem, row, error);
		return status == PV_OK ? move_to(desk, row, from, "ready", error) : status;
	}
	enum pv_status status = pv_variant_plan(desk, mem, row, plan_at_us, judged, error);
	return status == PV_OK ? move_to(desk, row, from, "scheduled", error) : status;
}

/* ---- submit ------------------------------------------------------------------------------------ */

static enum pv_status submit_work(struct pv_db *db, void *state, struct pv_error *error)
{
	(void)db;
	struct stage_verb *verb = state;
	enum pv_status status = open_verb(verb, PV_MAY_WRITE, error);
	if (status != PV_OK)
		return status;
	if (!is_author(verb))
		return pv_fail(error, PV_DENIED, "C'est à %s de soumettre son texte.",
			"It is for %s to submit their text.", verb->row.author_name);
	if (!stands_at(&verb->row, "draft", "sent_back"))
		return fail_stage(&verb->row, error);
	status = check_whole(verb, error);
	if (status == PV_OK)
		status = pv_variant_judge_keep(
			verb->desk, verb->mem, &verb->row, "submission", &verb->judged, error);
	if (status == PV_OK)
		status = pv_variant_settle(verb->desk, verb->mem, &verb->row, verb->row.stage,
			&verb->judged, verb->row.due_at_us, &verb->refused, error);
	return status == PV_OK ? note(verb, "variant.submit", error) : status;
}

enum pv_status pv_desk_variant_submit(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id, struct pv_desk_variant **out,
	struct pv_error *error)
{
	struct stage_verb verb = {.desk = desk, .mem = mem, .actor = actor, .id = id};
	return run(&verb, submit_work, out, error);
}

/* ---- withdraw, unschedule ---------------------------------------------------------------------- */

static enum pv_status withdraw_work(struct pv_db *db, void *state, struct pv_error *error)
{
	struct stage_verb *verb = state;
	enum pv_status status = open_verb(verb, PV_MAY_WRITE, error);
	if (status != PV_OK)
		return status;
	if (!stands_at(&verb->row, "review", "ready") && !stands_at(&verb->row, "scheduled", NULL))
		return fail_stage(&verb->row, error);
	status = pv_variant_unplan(verb->desk, verb->mem, &verb->row, error);
	if (status == PV_OK)
		status = pv_review_void(db, verb->id, verb->row.organization_id, NULL,
			pv_env_now_us(verb->desk->env), "withdrawn", error);
	if (status == PV_OK)
		status = move_to(verb->desk, &verb->row, verb->row.stage, "draft", error);
	return status == PV_OK ? note(verb, "variant.withdraw", error) : status;
}

enum pv_status pv_desk_variant_withdraw(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id, struct pv_desk_variant **out,
	struct pv_error *error)
{
	struct stage_verb verb = {.desk = desk, .mem = mem, .actor = actor, .id = id};
	return run(&verb, withdraw_work, out, error);
}

static enum pv_status unschedule_work(struct pv_db *db, void *state, struct pv_error *error)
{
	(void)db;
	struct stage_verb *verb = state;
	enum pv_status status = open_verb(verb, PV_MAY_WRITE, error);
	if (status != PV_OK)
		return status;
	if (!stands_at(&verb->row, "scheduled", NULL))
		return fail_stage(&verb->row, error);
	status = pv_variant_unplan(verb->desk, verb->mem, &verb->row, error);
	if (status == PV_OK)
		status = move_to(verb->desk, &verb->row, "scheduled", "ready", error);
	return status == PV_OK ? note(verb, "variant.unschedule", error) : status;
}

enum pv_status pv_desk_variant_unschedule(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id, struct pv_desk_variant **out,
	struct pv_error *error)
{
	struct stage_verb verb = {.desk = desk, .mem = mem, .actor = actor, .id = id};
	return run(&verb, unschedule_work, out, error);
}

/* ---- a time ------------------------------------------------------------------------------------ */

/*
 * Another time is another thing than what was approved: reviews are voided, and it leaves the plan
 * until it is judged again. The row then stands at draft.
 */
static enum pv_status change_due(struct stage_verb *verb, int64_t due_us, struct pv_error *error)
{
	struct pv_variant_row row = verb->row;
	int64_t now_us = pv_env_now_us(verb->desk->env);
	row.due_at_us = due_us;
	row.edited_at_us = now_us;
	row.stage = "draft";
	enum pv_status status = pv_variant_unplan(verb->desk, verb->mem, &verb->row, error);
	if (status == PV_OK)
		status = pv_variant_digest(verb->mem, &row, &row.digest, error);
	if (status == PV_OK)
		status = pv_variant_update(verb->desk->db, &row, error);
	if (status == PV_OK)
		status = pv_review_void(verb->desk->db, verb->id, row.organization_id, NULL, now_us,
			"edited", error);
	if (status != PV_OK)
		return status;
	row.version++;
	verb->row = row;
	return PV_OK;
}

static enum pv_status judge_and_settle(
	struct stage_verb *verb, const char *moment, int64_t plan_at_us, struct pv_error *error)
{
	enum pv_status status = check_whole(verb, error);
	if (status == PV_OK)
		status = pv_variant_judge_keep(
			verb->desk, verb->mem, &verb->row, moment, &verb->judged, error);
	if (status == PV_OK)
		status = pv_variant_settle(verb->desk, verb->mem, &verb->row, verb->row.stage,
			&verb->judged, plan_at_us, &verb->refused, error);
	return status;
}

static enum pv_status due_given(struct stage_verb *verb, int64_t *out_us, struct pv_error *error)
{
	*out_us = verb->row.due_at_us;
	if (!verb->due || verb->due->kind == PV_DUE_KEEP) {
		if (*out_us == PV_TIME_NONE)
			return pv_fail_field(error, "/due_at", "Donnez un moment.", "Give a time.");
		return PV_OK;
	}
	if (verb->due->kind == PV_DUE_NONE)
		return pv_fail_field(error, "/due_at", "Donnez un moment.", "Give a time.");
	return pv_clock_due(verb->mem, verb->row.organization_timezone, verb->due,
		pv_env_now_us(verb->desk->env),
		verb->due->kind == PV_DUE_AT ? "/due_at" : "/due_local", out_us, &verb->notice,
		error);
}

static enum pv_status schedule_work(struct pv_db *db, void *state, struct pv_error *error)
{
	(void)db;
	struct stage_verb *verb = state;
	int64_t due_us;
	enum pv_status status = open_verb(verb, PV_MAY_WRITE, error);
	if (status != PV_OK)
		return status;
	if (!stands_at(&verb->row, "ready", "scheduled"))
		return fail_stage(&verb->row, error);
	status = due_given(verb, &due_us, error);
	if (status == PV_OK && due_us != verb->row.due_at_us)
		status = change_due(verb, due_us, error);
	else if (status == PV_OK && stands_at(&verb->row, "scheduled", NULL))
		return PV_OK; /* it stands there already */
	if (status == PV_OK)
		status = judge_and_settle(verb, "scheduling", due_us, error);
	return status == PV_OK ? note(verb, "variant.schedule", error) : status;
}

enum pv_status pv_desk_variant_schedule(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id, const struct pv_due *due,
	struct pv_desk_variant **out, struct pv_error *error)
{
	struct stage_verb verb = {.desk = desk, .mem = mem, .actor = actor, .id = id, .due = due};
	return run(&verb, schedule_work, out, error);
}

static enum pv_status publish_now_work(struct pv_db *db, void *state, struct pv_error *error)
{
	(void)db;
	struct stage_verb *verb = state;
	int64_t now_us = pv_env_now_us(verb->desk->env);
	enum pv_status status = open_verb(verb, PV_MAY_WRITE, error);
	if (status != PV_OK)
		return status;
	bool draft = stands_at(&verb->row, "draft", "sent_back");
	if (!draft && !stands_at(&verb->row, "ready", "scheduled"))
		return fail_stage(&verb->row, error);
	if (draft && !is_author(verb))
		return pv_fail(error, PV_DENIED, "C'est à %s de soumettre son texte.",
			"It is for %s to submit their text.", verb->row.author_name);
	bool later = verb->row.due_at_us != PV_TIME_NONE && verb->row.due_at_us > now_us;
	if (later)
		status = change_due(verb, PV_TIME_NONE, error);
	else if (stands_at(&verb->row, "scheduled", NULL))
		return PV_OK; /* it is due already: the dispatcher has it */
	if (status == PV_OK)
		status = judge_and_settle(verb, draft ? "submission" : "scheduling", now_us, error);
	return status == PV_OK ? note(verb, "variant.publish_now", error) : status;
}

enum pv_status pv_desk_variant_publish_now(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id, struct pv_desk_variant **out,
	struct pv_error *error)
{
	struct stage_verb verb = {.desk = desk, .mem = mem, .actor = actor, .id = id};
	return run(&verb, publish_now_work, out, error);
}
