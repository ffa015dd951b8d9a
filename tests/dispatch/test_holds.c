/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What is planned when something changes for all of it: a switch, a version of the policy, an
 * exception. Held with the reason at the dispatcher's next turn, let go again, sent as its author
 * chose.
 */
#include "press.h"

#include "desk/audit.h"
#include "desk/exceptions.h"
#include "desk/holds.h"
#include "desk/organizations.h"
#include "desk/policy_life.h"
#include "desk/today.h"
#include "dispatch/runner.h"
#include "store/organization.h"

#include <stdio.h>
#include <string.h>

#define PROJECT "{'origin':'organisation','interest':'project','axis':'project'}"
#define URGENT "{'origin':'organisation','interest':'project','topic':['urgent']}"

static const char head[] = "policy: coop\n"
			   "version: 1\n"
			   "title: {fr: Essai, en: Trial}\n"
			   "timezone: America/Toronto\n"
			   "default: allow\n"
			   "organisations:\n"
			   "  coop: {names: [Coop du Faubourg], axes: [project]}\n"
			   "accounts:\n"
			   "  coop-fb: {owner: coop, stance: organisation, platform: facebook}\n"
			   "approvals: {by: [editor], count: 1, never: [author]}\n"
			   "topics: {urgent: }\n"
			   "rules:\n";

static const char crisis[] = "  - id: crisis\n"
			     "    kind: quiet\n"
			     "    label: {fr: \"Crise : on se tait.\", en: \"Crisis: silence.\"}\n"
			     "    switch: crisis\n"
			     "    unless: {topic: urgent}\n"
			     "    then: refuse\n";

static const char projects_refused[] = "  - id: projects\n"
				       "    kind: category\n"
				       "    label: {fr: Plus de projets., en: No more projects.}\n"
				       "    when: {interest: project}\n"
				       "    then: refuse\n";

static const char projects_approved[] = "  - id: projects\n"
					"    kind: category\n"
					"    label: {fr: À approuver., en: To approve.}\n"
					"    when: {interest: project}\n"
					"    then: approve\n";

static struct pv_press *build(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	pv_press_adopt(p, talloc_asprintf(w->mem, "%s%s", head, crisis));
	return p;
}

static int64_t turn(struct pv_press *p)
{
	struct pv_runner *runner;
	int64_t next_us = PV_TIME_NONE;
	assert_ok(pv_runner_create(p->w->mem, p->desk, &runner, &p->w->error), p->w);
	assert_ok(pv_runner_turn(runner, &next_us, &p->w->error), p->w);
	talloc_free(runner);
	return next_us;
}

static const char *plan(
	struct pv_press *p, const char *text, int64_t in_us, const char *late, const char *declared)
{
	struct pv_desk_variant *v;
	struct pv_variant_in in = {.account = p->account,
		.text = text,
		.late = late,
		.declared = pv_form_of(p->w, declared),
		.due = {.kind = PV_DUE_AT, .at_us = pv_env_now_us(p->env) + in_us}};
	const char *id = pv_press_write_in(p, &in);
	assert_ok(pv_desk_variant_submit(p->desk, p->w->mem, &p->manager, id, &v, &p->w->error),
		p->w);
	assert_string_equal(v->row.stage, "scheduled");
	return id;
}

static void set_switches(struct pv_press *p, const char *list)
{
	struct pv_organization_row row;
	json_t *form = pv_form_of(p->w, talloc_asprintf(p->w->mem, "{'switches':%s}", list));
	assert_ok(pv_desk_organization_change(
			  p->desk, p->w->mem, &p->head, p->h->coop, form, &row, &p->w->error),
		p->w);
}

/* Held by that, with these words among its reason. */
static void assert_held(struct pv_press *p, const char *id, const char *by, const char *words)
{
	const struct pv_publication_row *row = pv_press_see(p, id)->publication;
	pv_press_state(p, id, "held");
	assert_string_equal(row->held_by, by);
	if (!strstr(row->reason, words))
		fail_msg("\"%s\" is not in %s", words, row->reason);
}

static size_t in_today(struct pv_press *p, const char *kind)
{
	struct pv_today today;
	size_t n = 0;
	assert_ok(pv_desk_today(p->desk, p->w->mem, &p->manager, &today, &p->w->error), p->w);
	for (size_t i = 0; i < today.n_items; i++)
		n += strcmp(today.items[i].kind, kind) == 0;
	return n;
}

/* ---- switches ---------------------------------------------------------------------------------- */

static void test_switch(struct pv_world *w)
{
	struct pv_press *p = build(w);
	const char *id = plan(p, "Un projet.", PV_HOUR_US, "publish", PROJECT);
	const char *urgent = plan(p, "Un avis.", PV_HOUR_US + PV_SECOND_US, "publish", URGENT);
	turn(p);
	pv_press_state(p, id, "planned");
	assert_int_equal(in_today(p, "due_soon"), 2);
	set_switches(p, "['crisis']");
	int told = p->h->told;
	int64_t next_us = turn(p);
	assert_held(p, id, "switch", "Crise : on se tait");
	assert_held(p, id, "switch", "\"class\":\"switch\"");
	assert_true(p->h->told > told);
	struct pv_desk_variant *v = pv_press_see(p, id);
	assert_string_equal(v->row.stage, "scheduled");
	assert_string_equal(v->row.verdict, "refuse");
	assert_string_equal(v->judgement->moment, "change");
	assert_non_null(strstr(v->judgement->input, "\"switches\":[\"crisis\"]"));
	assert_int_equal(in_today(p, "held"), 1);
	assert_int_equal(in_today(p, "due_soon"), 1);
	pv_press_state(p, urgent, "planned");
	assert_true(next_us > pv_env_now_us(p->env));
	/* the same turn again changes nothing, and tells nobody */
	told = p->h->told;
	turn(p);
	assert_int_equal(p->h->told, told);
	/* at its time it stays held; what the switch spares goes */
	pv_press_advance(p, PV_HOUR_US + PV_MINUTE_US);
	turn(p);
	assert_held(p, id, "switch", "Crise");
	pv_press_state(p, urgent, "published");
	set_switches(p, "[]");
	turn(p);
	pv_press_state(p, id, "published");
	assert_int_equal(in_today(p, "held"), 0);
	assert_int_equal(p->n_writes, 2);
}

/* Off again long after its time: its own choice. */
static void test_late_choices(struct pv_world *w)
{
	struct pv_press *p = build(w);
	const char *goes = plan(p, "Part.", PV_HOUR_US, "publish", PROJECT);
	const char *asks = plan(p, "Demande.", PV_HOUR_US + 1, "ask", PROJECT);
	const char *drops = plan(p, "Renonce.", PV_HOUR_US + 2, "drop", PROJECT);
	const char *before = plan(p, "À son heure.", 9 * PV_HOUR_US, "drop", PROJECT);
	set_switches(p, "['crisis']");
	turn(p);
	pv_press_advance(p, 3 * PV_HOUR_US);
	turn(p);
	assert_held(p, drops, "switch", "Crise");
	set_switches(p, "[]");
	turn(p);
	pv_press_state(p, goes, "published");
	pv_press_state(p, asks, "asking");
	pv_press_state(p, drops, "dropped");
	pv_press_state(p, before, "planned");
	pv_press_advance(p, 6 * PV_HOUR_US + PV_MINUTE_US);
	turn(p);
	pv_press_state(p, before, "published");
}

/* Nobody judged it again in time: the gate holds it itself, and it goes on by itself too. */
static void test_at_the_gate(struct pv_world *w)
{
	struct pv_press *p = build(w);
	const char *id = plan(p, "Un projet.", PV_MINUTE_US, "publish", PROJECT);
	turn(p);
	assert_ok(pv_db_exec(w->db, "UPDATE organization SET switches = '[\"crisis\"]'",
			  PV_NO_PARAMS, NULL, &w->error),
		w);
	pv_press_advance(p, 2 * PV_MINUTE_US);
	turn(p);
	assert_held(p, id, "switch", "Crise");
	pv_press_stage(p, id, "scheduled");
	assert_int_equal(p->n_writes, 0);
	set_switches(p, "[]");
	turn(p);
	pv_press_state(p, id, "published");
}

/* A pause and a switch at once: each lets go when it ends, and neither for the other. */
static void test_with_a_pause(struct pv_world *w)
{
	struct pv_press *p = build(w);
	struct pv_organization_row row;
	const char *id = plan(p, "Un projet.", PV_MINUTE_US, "publish", PROJECT);
	assert_ok(pv_desk_organization_pause(
			  p->desk, w->mem, &p->head, p->h->coop, "Panne.", &row, &w->error),
		w);
	pv_press_advance(p, 2 * PV_MINUTE_US);
	turn(p);
	assert_held(p, id, "", "pause");
	set_switches(p, "['crisis']");
	turn(p);
	assert_held(p, id, "", "pause");
	assert_ok(
		pv_desk_organization_resume(p->desk, w->mem, &p->head, p->h->coop, &row, &w->error),
		w);
	turn(p);
	assert_held(p, id, "switch", "Crise");
	set_switches(p, "[]");
	turn(p);
	pv_press_state(p, id, "published");
}

/* What a person may do with one that is held is what they may do with one that is planned. */
static void test_acts(struct pv_world *w)
{
	struct pv_press *p = build(w);
	struct pv_desk_variant *v;
	struct pv_variant_in in = {.text = "Autrement."};
	const char *edited = plan(p, "Un.", PV_HOUR_US, "publish", PROJECT);
	const char *withdrawn = plan(p, "Deux.", PV_HOUR_US, "publish", PROJECT);
	const char *unscheduled = plan(p, "Trois.", PV_HOUR_US, "publish", PROJECT);
	const char *removed = plan(p, "Quatre.", PV_HOUR_US, "publish", PROJECT);
	set_switches(p, "['crisis']");
	turn(p);
	assert_held(p, removed, "switch", "Crise");
	assert_ok(pv_desk_variant_edit(p->desk, w->mem, &p->manager, edited,
			  pv_press_see(p, edited)->row.version, &in, &v, &w->error),
		w);
	assert_ok(pv_desk_variant_withdraw(p->desk, w->mem, &p->manager, withdrawn, &v, &w->error),
		w);
	assert_ok(pv_desk_variant_unschedule(
			  p->desk, w->mem, &p->manager, unscheduled, &v, &w->error),
		w);
	assert_ok(pv_desk_variant_remove(p->desk, &p->manager, removed, &w->error), w);
	pv_press_state(p, edited, "unplanned");
	pv_press_state(p, withdrawn, "unplanned");
	pv_press_state(p, unscheduled, "unplanned");
	set_switches(p, "[]");
	pv_press_advance(p, 2 * PV_HOUR_US);
	turn(p);
	assert_int_equal(p->n_writes, 0);
	assert_int_equal(in_today(p, "held"), 0);
}

/* ---- many -------------------------------------------------------------------------------------- */

enum { MANY = 2 * PV_REJUDGE_BATCH + 8 };

static int how_many(struct pv_press *p, const char *ids[MANY], const char *state)
{
	int n = 0;
	for (int i = 0; i < MANY; i++)
		n += strcmp(pv_press_see(p, ids[i])->publication->state, state) == 0;
	return n;
}

/* A few in a transaction, the nearest first; a change in the middle begins anew; nothing is lost. */
static void test_many(struct pv_world *w)
{
	struct pv_press *p = build(w);
	const char *ids[MANY];
	bool more = false;
	for (int i = 0; i < MANY; i++)
		ids[i] = plan(p, talloc_asprintf(w->mem, "Projet %d.", i), (MANY - i) * PV_HOUR_US,
			"publish", PROJECT);
	assert_ok(pv_desk_rejudge_all(p->desk, &w->error), w);
	set_switches(p, "['crisis']");
	assert_ok(pv_desk_rejudge(p->desk, &more, &w->error), w);
	assert_true(more);
	assert_int_equal(how_many(p, ids, "held"), PV_REJUDGE_BATCH);
	pv_press_state(p, ids[MANY - 1], "held"); /* the nearest */
	pv_press_state(p, ids[0], "planned");
	set_switches(p, "[]");
	assert_ok(pv_desk_rejudge(p->desk, &more, &w->error), w);
	assert_int_equal(how_many(p, ids, "held"), 0);
	set_switches(p, "['crisis']");
	/* another process, after this one died, goes on from where it was */
	assert_ok(pv_desk_rejudge(p->desk, &more, &w->error), w);
	turn(p);
	assert_int_equal(how_many(p, ids, "held"), MANY);
	more = false;
	assert_ok(pv_desk_rejudge(p->desk, &more, &w->error), w);
	assert_false(more);
	struct pv_audit_verdict verdict;
	assert_ok(pv_desk_audit_verify(p->desk, &verdict, &w->error), w);
	assert_int_equal(verdict.first_bad, 0);
}

/* ---- versions ---------------------------------------------------------------------------------- */

static void adopt_from(struct pv_press *p, const char *rules, int64_t from_us)
{
	struct pv_policy_row row;
	struct pv_policy_problems problems;
	struct pv_policy_check check;
	char *text = talloc_asprintf(p->w->mem, "%s%s%s", head, crisis, rules);
	assert_ok(pv_desk_policy_draft(p->desk, p->w->mem, &p->h->owner, p->h->coop, text, "", &row,
			  &problems, &p->w->error),
		p->w);
	pv_press_replay(p, row.id);
	assert_ok(pv_desk_policy_adopt(p->desk, p->w->mem, &p->h->owner, row.id, from_us, &row,
			  &check, &p->w->error),
		p->w);
}

/* By the version that will be in force at its time; put right when that changes again. */
static void test_next_version(struct pv_world *w)
{
	struct pv_press *p = build(w);
	const char *before = plan(p, "Avant.", PV_DAY_US, "publish", PROJECT);
	const char *after = plan(p, "Après.", 3 * PV_DAY_US, "publish", PROJECT);
	adopt_from(p, projects_refused, pv_env_now_us(p->env) + 2 * PV_DAY_US);
	int64_t next_us = turn(p);
	pv_press_state(p, before, "planned");
	assert_held(p, after, "policy", "Plus de projets");
	pv_press_stage(p, after, "scheduled");
	assert_int_equal(in_today(p, "held"), 1);
	assert_true(next_us <= pv_env_now_us(p->env) + PV_DAY_US);
	adopt_from(p, "", pv_env_now_us(p->env) + 2 * PV_DAY_US + PV_SECOND_US);
	turn(p);
	pv_press_state(p, after, "planned");
	assert_string_equal(pv_press_see(p, after)->publication->reason, "");
	assert_string_equal(pv_press_see(p, after)->row.verdict, "allow");
	adopt_from(p, projects_refused, pv_env_now_us(p->env) + 2 * PV_DAY_US + PV_MINUTE_US);
	turn(p);
	assert_held(p, after, "policy", "Plus de projets");
	/* at its time it goes back to its author, who is told why */
	pv_press_advance(p, PV_DAY_US);
	turn(p);
	pv_press_state(p, before, "published");
	pv_press_advance(p, 2 * PV_DAY_US);
	next_us = turn(p);
	pv_press_state(p, after, "unplanned");
	pv_press_stage(p, after, "sent_back");
	assert_non_null(strstr(pv_press_see(p, after)->publication->reason, "Plus de projets"));
	assert_int_equal(in_today(p, "sent_back"), 1);
	assert_int_equal(in_today(p, "held"), 0);
	assert_int_equal(next_us, PV_TIME_NONE);
}

/* Approved under the old version, to be approved under the new one. */
static void test_asks_approval(struct pv_world *w)
{
	struct pv_press *p = build(w);
	struct pv_desk_variant *v;
	const char *id = plan(p, "Un projet.", PV_DAY_US, "ask", PROJECT);
	const char *back = plan(p, "Un autre.", PV_DAY_US, "ask", PROJECT);
	const char *late = plan(p, "Un troisième.", PV_DAY_US, "ask", PROJECT);
	adopt_from(p, projects_approved, PV_TIME_NONE);
	turn(p);
	assert_held(p, id, "review", "Approbation requise");
	pv_press_stage(p, id, "review");
	pv_press_advance(p, PV_SECOND_US);
	assert_ok(pv_desk_review_approve(p->desk, w->mem, &p->head, id,
			  pv_press_see(p, id)->row.digest, "", &v, &w->error),
		w);
	pv_press_state(p, id, "planned");
	pv_press_stage(p, id, "scheduled");
	assert_ok(pv_desk_review_send_back(p->desk, w->mem, &p->head, back,
			  pv_press_see(p, back)->row.digest, "Non.", &v, &w->error),
		w);
	pv_press_state(p, back, "unplanned");
	pv_press_stage(p, back, "sent_back");
	pv_press_advance(p, PV_DAY_US + PV_HOUR_US);
	turn(p);
	pv_press_state(p, id, "asking"); /* an hour late by now, and its choice is to ask */
	/* its approval did not come in time: it does not go out, and is its author's again */
	pv_press_stage(p, late, "sent_back");
	pv_press_state(p, late, "unplanned");
	assert_status(pv_desk_review_approve(p->desk, w->mem, &p->head, late,
			      pv_press_see(p, late)->row.digest, "", &v, &w->error),
		PV_CONFLICT, w);
	assert_non_null(strstr(pv_press_see(p, late)->notice.fr, "demandait une approbation"));
	assert_int_equal(p->n_writes, 0);
}

/* No longer asked for: what waited for it goes on without. */
static void test_asks_no_more(struct pv_world *w)
{
	struct pv_press *p = build(w);
	const char *id = plan(p, "Un projet.", PV_DAY_US, "publish", PROJECT);
	adopt_from(p, projects_approved, PV_TIME_NONE);
	turn(p);
	pv_press_stage(p, id, "review");
	pv_press_advance(p, PV_SECOND_US);
	adopt_from(p, "", PV_TIME_NONE);
	turn(p);
	pv_press_state(p, id, "planned");
	pv_press_stage(p, id, "scheduled");
	pv_press_advance(p, PV_DAY_US);
	turn(p);
	pv_press_state(p, id, "published");
}

/* ---- exceptions -------------------------------------------------------------------------------- */

static const char *grant(struct pv_press *p, const char *rule, const char *until)
{
	struct pv_desk_exception exception;
	json_t *form = pv_form_of(
		p->w, talloc_asprintf(p->w->mem,
			      "{'lifts':['%s'],'when':{'account':'coop-fake'},'from':'2026-03-02',"
			      "'until':'%s','reason':'Un essai.'}",
			      rule, until));
	assert_ok(pv_desk_exception_ask(p->desk, p->w->mem, &p->manager, p->h->coop, form,
			  &exception, &p->w->error),
		p->w);
	assert_ok(pv_desk_exception_grant(
			  p->desk, p->w->mem, &p->head, exception.row.id, &exception, &p->w->error),
		p->w);
	return exception.row.id;
}

/* It names an account that no rule of the document does; it holds to its last day, and not after. */
static void test_exception(struct pv_world *w)
{
	struct pv_press *p = build(w);
	struct pv_desk_exception exception;
	const char *near = plan(p, "Demain.", PV_DAY_US, "publish", PROJECT);
	const char *far = plan(p, "Dans cinq jours.", 5 * PV_DAY_US, "publish", PROJECT);
	set_switches(p, "['crisis']");
	turn(p);
	const char *id = grant(p, "crisis", "2026-03-05");
	turn(p);
	pv_press_state(p, near, "planned");
	assert_held(p, far, "switch", "Crise");
	struct pv_desk_variant *v = pv_press_see(p, near);
	assert_non_null(strstr(v->judgement->result, id));
	assert_non_null(strstr(v->judgement->input, "\"exceptions\":[{\"id\":\""));
	/* ended by who granted it: held again */
	assert_ok(pv_desk_exception_end(
			  p->desk, w->mem, &p->head, id, "Assez.", &exception, &w->error),
		w);
	turn(p);
	assert_held(p, near, "switch", "Crise");
	grant(p, "crisis", "2026-03-05");
	turn(p);
	pv_press_advance(p, PV_DAY_US + PV_MINUTE_US);
	turn(p);
	pv_press_state(p, near, "published");
	pv_press_advance(p, 5 * PV_DAY_US);
	turn(p);
	assert_held(p, far, "switch", "Crise");
}

/* ---- what does not stop the others ------------------------------------------------------------- */

/* A document that nobody can read any more holds up neither the judging of others nor the sending. */
static void test_one_that_cannot_be_judged(struct pv_world *w)
{
	struct pv_press *p = build(w);
	const char *id = plan(p, "Un projet.", PV_HOUR_US, "publish", PROJECT);
	const char *other = plan(p, "Un autre.", 2 * PV_HOUR_US, "publish", PROJECT);
	turn(p);
	assert_ok(pv_db_exec(w->db, "UPDATE account SET stance = 'nothing' WHERE id = $1",
			  PV_PARAMS(PV_TEXT(p->account)), NULL, &w->error),
		w);
	set_switches(p, "['crisis']");
	turn(p);
	pv_press_state(p, id, "planned");
	assert_ok(pv_db_exec(w->db, "UPDATE account SET stance = 'organisation' WHERE id = $1",
			  PV_PARAMS(PV_TEXT(p->account)), NULL, &w->error),
		w);
	set_switches(p, "[]");
	set_switches(p, "['crisis']");
	turn(p);
	assert_held(p, id, "switch", "Crise");
	assert_held(p, other, "switch", "Crise");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PV_BOTH(test_switch),
		PV_BOTH(test_late_choices),
		PV_BOTH(test_at_the_gate),
		PV_BOTH(test_with_a_pause),
		PV_BOTH(test_acts),
		PV_BOTH(test_many),
		PV_BOTH(test_next_version),
		PV_BOTH(test_asks_approval),
		PV_BOTH(test_asks_no_more),
		PV_BOTH(test_exception),
		PV_BOTH(test_one_that_cannot_be_judged),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
