/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The runner against a network that takes, refuses, delays, loses and lies, and against its own
 * death at every step: each post once, or a person is asked.
 */
#include "press.h"

#include "desk/accounts.h"
#include "desk/conversations.h"
#include "desk/journal.h"
#include "desk/organizations.h"
#include "dispatch/runner.h"
#include "store/membership.h"

#include <stdio.h>
#include <string.h>

#define PROJECT "{'origin':'organisation','interest':'project','axis':'project'}"
#define FAVOURITE "{'origin':'third_party','interest':'personal_favourite','axis':'human'}"

static struct pv_runner *start(struct pv_press *p)
{
	struct pv_runner *runner;
	assert_ok(pv_runner_create(p->w->mem, p->desk, &runner, &p->w->error), p->w);
	return runner;
}

static int64_t turn_of(struct pv_press *p, struct pv_runner *runner)
{
	int64_t next_us;
	assert_ok(pv_runner_turn(runner, &next_us, &p->w->error), p->w);
	return next_us;
}

/* One turn of a fresh runner, as after each restart. */
static int64_t turn(struct pv_press *p)
{
	struct pv_runner *runner = start(p);
	int64_t next_us = turn_of(p, runner);
	talloc_free(runner);
	return next_us;
}

/* A process that lives: turns until nothing is due within the half hour, as the loop does. */
static void run(struct pv_press *p)
{
	struct pv_runner *runner = start(p);
	for (int i = 0; i < 200; i++) {
		int64_t next_us = turn_of(p, runner), now_us = pv_env_now_us(p->env);
		if (next_us == PV_TIME_NONE || next_us > now_us + 30 * PV_MINUTE_US) {
			talloc_free(runner);
			return;
		}
		pv_press_advance(p, next_us > now_us ? next_us - now_us : PV_SECOND_US);
	}
	fail_msg("the runner does not come to rest");
}

static const char *plan(struct pv_press *p, const char *text)
{
	struct pv_desk_variant *v;
	const char *id = pv_press_write(p, text, PROJECT);
	assert_ok(
		pv_desk_variant_publish_now(p->desk, p->w->mem, &p->manager, id, &v, &p->w->error),
		p->w);
	assert_string_equal(v->row.stage, "scheduled");
	return id;
}

static const char *plan_at(struct pv_press *p, const char *text, int64_t at_us, const char *late)
{
	struct pv_desk_variant *v;
	struct pv_variant_in in = {.account = p->account,
		.text = text,
		.late = late,
		.declared = pv_form_of(p->w, PROJECT),
		.due = {.kind = PV_DUE_AT, .at_us = at_us}};
	const char *id = pv_press_write_in(p, &in);
	assert_ok(pv_desk_variant_submit(p->desk, p->w->mem, &p->manager, id, &v, &p->w->error),
		p->w);
	assert_string_equal(v->row.stage, "scheduled");
	return id;
}

/* ---- answers ----------------------------------------------------------------------------------- */

static void test_published(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	const char *id = plan(p, "Bonjour.");
	int told = p->h->told;
	pv_press_advance(p, PV_SECOND_US / 2);
	turn(p);
	struct pv_desk_variant *v = pv_press_see(p, id);
	assert_string_equal(v->row.stage, "done");
	assert_string_equal(v->publication->state, "published");
	assert_string_equal(v->publication->permalink, "http://fake.example/p1");
	assert_string_equal(v->publication->remote_id, "p1");
	assert_true(v->publication->lateness_us >= 0 && v->publication->lateness_us < PV_SECOND_US);
	assert_true(p->h->told > told);
	assert_string_equal(v->judgement->moment, "sending");
	struct pv_desk_publication *whole;
	assert_ok(pv_desk_publication_get(
			  p->desk, w->mem, &p->manager, v->publication->id, &whole, &w->error),
		w);
	assert_int_equal(whole->n_attempts, 1);
	assert_string_equal(whole->attempts[0].outcome, "yes");
	turn(p);
	assert_int_equal(p->n_writes, 1);
	/* what is done cannot be edited, withdrawn, removed from history or sent again */
	struct pv_variant_in in = {.text = "Autre chose."};
	assert_status(pv_desk_variant_edit(
			      p->desk, w->mem, &p->manager, id, v->row.version, &in, &v, &w->error),
		PV_CONFLICT, w);
	assert_status(pv_desk_variant_withdraw(p->desk, w->mem, &p->manager, id, &v, &w->error),
		PV_CONFLICT, w);
	assert_status(pv_desk_variant_publish_now(p->desk, w->mem, &p->manager, id, &v, &w->error),
		PV_CONFLICT, w);
	assert_status(pv_desk_variant_remove(p->desk, &p->manager, id, &w->error), PV_CONFLICT, w);
}

/* One mood of the network at the first write, and where it ends. */
static const struct mood_case {
	const char *name;
	enum pv_press_mood mood;
	const char *state; /* after the first turn */
	const char *end;   /* after all of them */
	int writes, copies;
} mood_cases[] = {
	{"takes it", PRESS_TAKE, "published", "published", 1, 1},
	{"takes it and loses the line", PRESS_TAKE_SILENTLY, "unknown", "published", 1, 1},
	{"loses it and the line", PRESS_LOSE, "unknown", "published", 2, 1},
	{"cannot be reached", PRESS_UNREACHABLE, "deferred", "published", 2, 1},
	{"refuses", PRESS_REFUSE, "refused", "refused", 1, 0},
	{"is too busy", PRESS_SLOW_DOWN, "deferred", "deferred", 1, 0},
	{"wants a sign-in", PRESS_SIGN_IN, "held", "held", 1, 0},
	{"breaks down", PRESS_BROKEN, "unknown", "published", 2, 1},
	{"answers HTML", PRESS_HTML, "unknown", "published", 1, 1},
};

static void test_moods(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	for (size_t i = 0; i < PV_COUNT(mood_cases); i++) {
		const struct mood_case *c = &mood_cases[i];
		/* one house for all: the network forgets in between */
		p->n_posts = p->n_writes = 0;
		memset(p->moods, 0, sizeof p->moods);
		p->moods[0] = c->mood;
		const char *id = plan(p, c->name);
		turn(p);
		struct pv_desk_variant *v = pv_press_see(p, id);
		if (strcmp(v->publication->state, c->state) != 0)
			fail_msg("%s: %s, not %s (%s)", c->name, v->publication->state, c->state,
				v->publication->reason);
		run(p);
		v = pv_press_see(p, id);
		if (strcmp(v->publication->state, c->end) != 0)
			fail_msg("%s: ends %s, not %s (%s)", c->name, v->publication->state, c->end,
				v->publication->reason);
		assert_int_equal(p->n_writes, c->writes);
		assert_int_equal(pv_press_copies(p, c->name), c->copies);
		if (strcmp(c->end, "published") == 0)
			continue;
		/* out of the next one's way, and every reason has words */
		assert_non_null(strstr(v->publication->reason, "\"fr\""));
		if (strcmp(c->end, "held") == 0)
			assert_ok(pv_desk_account_checked(
					  p->desk, p->account, "connected", NULL, NULL, &w->error),
				w);
		if (strcmp(c->end, "refused") != 0)
			assert_ok(pv_desk_variant_unschedule(
					  p->desk, w->mem, &p->manager, id, &v, &w->error),
				w);
		else
			pv_press_stage(p, id, "stopped");
	}
}

/* When reading back cannot tell, a person is asked, and decides. */
static void test_asking(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	static const struct {
		enum pv_decision decision;
		const char *state, *stage;
		int copies;
	} ends[] = {
		{PV_DECISION_PUBLISHED, "published", "done", 1},
		{PV_DECISION_DROP, "dropped", "stopped", 1},
		{PV_DECISION_RETRY, "published", "done", 2}, /* their word, not ours */
	};
	for (size_t i = 0; i < PV_COUNT(ends); i++) {
		char text[40];
		struct pv_desk_publication *after;
		struct pv_desk_variant *v;
		snprintf(text, sizeof text, "Incertain %zu.", i);
		p->moods[p->n_writes] = PRESS_TAKE_SILENTLY;
		p->blind = true;
		const char *id = plan(p, text);
		run(p);
		pv_press_state(p, id, "asking");
		pv_press_stage(p, id, "scheduled");
		/* nobody takes it away meanwhile, and nothing is sent */
		struct pv_variant_in in = {.text = "Autre."};
		assert_status(pv_desk_variant_edit(
				      p->desk, w->mem, &p->manager, id, 1, &in, &v, &w->error),
			PV_CONFLICT, w);
		assert_status(pv_desk_publication_resolve(p->desk, w->mem, &p->h->reader, id,
				      ends[i].decision, NULL, &after, &w->error),
			PV_DENIED, w);
		assert_int_equal(pv_press_copies(p, text), 1);
		p->blind = false;
		assert_ok(pv_desk_publication_resolve(p->desk, w->mem, &p->manager, id,
				  ends[i].decision, "https://fake.example/p", &after, &w->error),
			w);
		assert_string_equal(after->row.reason, "");
		run(p);
		pv_press_state(p, id, ends[i].state);
		pv_press_stage(p, id, ends[i].stage);
		assert_int_equal(pv_press_copies(p, text), ends[i].copies);
	}
}

/* ---- death at every step ----------------------------------------------------------------------- */

struct death {
	enum pv_runner_step step;
	int after; /* the nth time it comes there */
};

static bool dies(void *state, enum pv_runner_step step, const char *publication_id)
{
	(void)publication_id;
	struct death *death = state;
	return step == death->step && death->after-- == 0;
}

static void die_once(struct pv_press *p, enum pv_runner_step step, int after)
{
	struct death death = {step, after};
	struct pv_runner *runner = start(p);
	int64_t next_us;
	pv_runner_watch(runner, dies, &death);
	enum pv_status status = pv_runner_turn(runner, &next_us, &p->w->error);
	assert_true(status == PV_OK || status == PV_UNAVAILABLE);
	p->w->error = PV_ERROR_IN(p->w->mem);
	talloc_free(runner); /* the lock goes, the leases stay */
}

static void test_death(struct pv_world *w)
{
	static const enum pv_press_mood moods[] = {
		PRESS_TAKE, PRESS_TAKE_SILENTLY, PRESS_LOSE, PRESS_UNREACHABLE, PRESS_BROKEN};
	struct pv_press *p = pv_press_build(w);
	for (size_t m = 0; m < PV_COUNT(moods); m++) {
		for (int step = 0; step < PV_STEPS; step++) {
			for (int again = 0; again < 2; again++) {
				char text[60];
				snprintf(text, sizeof text, "Mort %zu.%d.%d", m, step, again);
				p->moods[p->n_writes] = moods[m];
				const char *id = plan(p, text);
				/* dies there, perhaps dies there once more, then lives */
				for (int n = 0; n <= again; n++) {
					die_once(p, (enum pv_runner_step)step, 0);
					pv_press_advance(p, PV_SECOND_US);
				}
				run(p);
				pv_press_state(p, id, "published");
				assert_int_equal(pv_press_copies(p, text), 1);
			}
		}
	}
}

/* Without the lock (another process has it), a lease is waited for, never taken. */
static void test_lease(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_runner *mine = start(p), *other;
	int64_t next_us;
	const char *id = plan(p, "Bail.");
	struct death death = {PV_STEP_INTENT, 0};
	pv_runner_watch(mine, dies, &death);
	pv_runner_turn(mine, &next_us, NULL);
	pv_press_state(p, id, "sending");
	other = start(p);
	next_us = turn_of(p, other);
	pv_press_state(p, id, "sending");
	assert_int_equal(next_us, pv_env_now_us(p->env) + PV_DISPATCH_LEASE_S * PV_SECOND_US);
	pv_press_advance(p, PV_DISPATCH_LEASE_S * PV_SECOND_US);
	turn_of(p, other);
	talloc_free(mine);
	talloc_free(other);
	run(p);
	pv_press_state(p, id, "published");
	assert_int_equal(pv_press_copies(p, "Bail."), 1);
}

/* ---- the gate ---------------------------------------------------------------------------------- */

static void test_pause(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_organization_row row;
	const char *id = plan(p, "Silence.");
	assert_ok(pv_desk_organization_pause(
			  p->desk, w->mem, &p->head, p->h->coop, "Deuil", &row, &w->error),
		w);
	run(p);
	pv_press_state(p, id, "held");
	assert_int_equal(p->n_writes, 0);
	assert_ok(
		pv_desk_organization_resume(p->desk, w->mem, &p->head, p->h->coop, &row, &w->error),
		w);
	run(p);
	pv_press_state(p, id, "published");
}

static void test_account_gone(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	const char *id = plan(p, "Sans compte.");
	assert_ok(pv_desk_account_remove(p->desk, &p->h->owner, p->account, &w->error), w);
	run(p);
	pv_press_state(p, id, "unplanned");
	pv_press_stage(p, id, "sent_back");
	assert_int_equal(p->n_writes, 0);
}

/* The policy changes between the plan and the moment. */
static void test_policy_changes(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	const char *id = plan(p, "Permis hier.");
	char *text = talloc_strdup(w->mem, pv_press_policy);
	char *then = strstr(text, "then: allow");
	assert_non_null(then);
	*then = 0;
	pv_press_adopt(
		p, talloc_asprintf(w->mem, "%sthen: refuse%s", text, then + strlen("then: allow")));
	run(p);
	pv_press_state(p, id, "unplanned");
	pv_press_stage(p, id, "sent_back");
	assert_int_equal(p->n_writes, 0);
	assert_non_null(strstr(pv_press_see(p, id)->publication->reason, "\"policy\""));
}

/* An approval that no longer counts: its author lost the role before the moment. */
static void test_approval_lost(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_desk_variant *v;
	const char *id = pv_press_write(p, "Mon film.", FAVOURITE);
	assert_ok(pv_desk_variant_submit(p->desk, w->mem, &p->manager, id, &v, &w->error), w);
	pv_press_advance(p, PV_SECOND_US);
	assert_ok(pv_desk_review_approve(
			  p->desk, w->mem, &p->head, id, v->row.digest, "", &v, &w->error),
		w);
	assert_ok(pv_desk_variant_publish_now(p->desk, w->mem, &p->manager, id, &v, &w->error), w);
	struct pv_membership_row seat = {.organization_id = p->h->coop,
		.person_id = p->head.person_id,
		.role = "reader",
		.policy_roles = "[\"editor\"]"};
	assert_ok(pv_membership_update(w->db, &seat, &w->error), w);
	run(p);
	pv_press_state(p, id, "unplanned");
	pv_press_stage(p, id, "review");
	assert_int_equal(p->n_writes, 0);
	pv_press_advance(p, PV_SECOND_US);
	assert_ok(pv_desk_review_approve(
			  p->desk, w->mem, &p->cousin, id, v->row.digest, "", &v, &w->error),
		w);
	assert_ok(pv_desk_variant_publish_now(p->desk, w->mem, &p->manager, id, &v, &w->error), w);
	run(p);
	pv_press_state(p, id, "published");
}

/* Rows changed behind the desk's back (a restored backup, a hand in the database). */
static void test_tampered(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	const char *id = plan(p, "Approuvé.");
	assert_ok(pv_db_exec(w->db, "UPDATE variant SET text = 'Glissé.' WHERE id = $1",
			  PV_PARAMS(PV_TEXT(id)), NULL, &w->error),
		w);
	run(p);
	pv_press_state(p, id, "unplanned");
	assert_int_equal(p->n_writes, 0);
}

/* ---- time -------------------------------------------------------------------------------------- */

static void test_time_and_order(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	int64_t now_us = pv_env_now_us(p->env);
	const char *second = plan_at(p, "Second.", now_us + 2 * PV_HOUR_US, NULL);
	const char *first = plan_at(p, "Premier.", now_us + PV_HOUR_US, NULL);
	assert_int_equal(turn(p), now_us + PV_HOUR_US);
	assert_int_equal(p->n_writes, 0);
	/* both are due: they leave in the order of their times */
	pv_press_advance(p, now_us + 2 * PV_HOUR_US - pv_env_now_us(p->env));
	p->moods[0] = PRESS_UNREACHABLE;
	turn(p);
	/* the first was put off: the second of the same account waits for it */
	pv_press_state(p, first, "deferred");
	pv_press_state(p, second, "planned");
	assert_true(turn(p) <= pv_env_now_us(p->env) + PV_DISPATCH_BACKOFF_MIN_S * PV_SECOND_US);
	run(p);
	assert_string_equal(p->posts[0].text, "Premier.");
	assert_string_equal(p->posts[1].text, "Second.");
	assert_true(pv_press_see(p, first)->publication->lateness_us >= PV_HOUR_US);
}

static void test_late(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	int64_t due_us = pv_env_now_us(p->env) + PV_HOUR_US;
	const char *publish = plan_at(p, "Tant pis.", due_us, "publish");
	const char *ask = plan_at(p, "Demandez.", due_us, "ask");
	const char *drop = plan_at(p, "Laissez.", due_us, "drop");
	const char *asked = plan_at(p, "Demandez encore.", due_us, "ask");
	struct pv_desk_publication *after;
	pv_press_advance(p, 2 * PV_HOUR_US); /* the desk was off */
	run(p);
	pv_press_state(p, publish, "published");
	pv_press_state(p, ask, "asking");
	pv_press_state(p, drop, "dropped");
	pv_press_stage(p, drop, "stopped");
	assert_int_equal(p->n_writes, 1);
	/* what never left cannot be there already */
	assert_status(pv_desk_publication_resolve(p->desk, w->mem, &p->manager, ask,
			      PV_DECISION_PUBLISHED, NULL, &after, &w->error),
		PV_CONFLICT, w);
	pv_press_state(p, ask, "asking");
	assert_ok(pv_desk_publication_resolve(p->desk, w->mem, &p->manager, ask, PV_DECISION_RETRY,
			  NULL, &after, &w->error),
		w);
	assert_ok(pv_desk_publication_resolve(p->desk, w->mem, &p->manager, asked, PV_DECISION_DROP,
			  NULL, &after, &w->error),
		w);
	run(p);
	pv_press_state(p, ask, "published");
	pv_press_state(p, asked, "dropped");
	/* what was dropped may be taken up again by its author */
	struct pv_desk_variant *v;
	struct pv_variant_in in = {.due = {.kind = PV_DUE_NONE}, .late = "publish"};
	v = pv_press_see(p, drop);
	assert_ok(pv_desk_variant_edit(
			  p->desk, w->mem, &p->manager, drop, v->row.version, &in, &v, &w->error),
		w);
	assert_ok(
		pv_desk_variant_publish_now(p->desk, w->mem, &p->manager, drop, &v, &w->error), w);
	run(p);
	pv_press_state(p, drop, "published");
}

/* Nobody edits what is on its way: the verb comes while the network works. */
static enum pv_status edit_status;
static const char *edit_id;
static void edit_meanwhile(struct pv_press *p)
{
	struct pv_desk_variant *v;
	struct pv_variant_in in = {.text = "Autre."};
	p->on_write = NULL;
	edit_status =
		pv_desk_variant_edit(p->desk, p->w->mem, &p->manager, edit_id, 1, &in, &v, NULL);
}

static void test_edit_while_sending(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	edit_id = plan(p, "En route.");
	p->on_write = edit_meanwhile;
	run(p);
	assert_int_equal(edit_status, PV_CONFLICT);
	assert_int_equal(pv_press_copies(p, "En route."), 1);
}

static void test_refused_again(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_desk_publication *after;
	p->moods[0] = PRESS_REFUSE;
	const char *id = plan(p, "Non, puis oui.");
	run(p);
	pv_press_state(p, id, "refused");
	assert_ok(pv_desk_publication_resolve(p->desk, w->mem, &p->manager, id, PV_DECISION_RETRY,
			  NULL, &after, &w->error),
		w);
	run(p);
	pv_press_state(p, id, "published");
	pv_press_stage(p, id, "done");
}

/* ---- the journal ------------------------------------------------------------------------------- */

static void test_journal(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_organization_row house;
	struct pv_desk_variant *v;
	assert_ok(pv_desk_organization_change(p->desk, w->mem, &p->h->owner, p->h->coop,
			  pv_form_of(w, "{'journal':{'open':true,'comments':true}}"), &house,
			  &w->error),
		w);
	struct pv_variant_in in = {
		.account = p->journal, .text = "Au journal.", .declared = pv_form_of(w, PROJECT)};
	const char *id = pv_press_write_in(p, &in);
	assert_ok(pv_desk_variant_publish_now(p->desk, w->mem, &p->manager, id, &v, &w->error), w);
	/* dies after the page is there, before anything is recorded */
	die_once(p, PV_STEP_WRITTEN, 0);
	run(p);
	v = pv_press_see(p, id);
	assert_string_equal(v->publication->state, "published");
	struct pv_desk_journal journal;
	struct pv_journal_row *rows;
	size_t n;
	assert_ok(pv_desk_journal_open(p->desk, w->mem, "coop", &journal, &w->error), w);
	assert_ok(
		pv_desk_journal_page(p->desk, w->mem, &journal, PV_TIME_NONE, &rows, &n, &w->error),
		w);
	assert_int_equal(n, 1);
	assert_string_equal(rows[0].text, "Au journal.");
	assert_non_null(strstr(v->publication->permalink, rows[0].slug));
	/* a reader says something, is shown, is answered */
	struct pv_comment_in comment = {.organization = "coop",
		.entry = rows[0].slug,
		.author_name = "Zoé",
		.text = "Bravo!",
		.language = "fr"};
	struct pv_message_row message;
	struct pv_desk_journal_entry *entry;
	assert_ok(pv_desk_journal_comment(p->desk, w->mem, &comment, &message, &w->error), w);
	assert_string_equal(message.state, "held");
	assert_ok(pv_desk_journal_entry(p->desk, w->mem, &journal, rows[0].slug, &entry, &w->error),
		w);
	assert_int_equal(entry->n_comments, 0);
	assert_ok(pv_desk_message_moderate(
			  p->desk, w->mem, &p->manager, message.id, "shown", &message, &w->error),
		w);
	pv_press_advance(p, PV_SECOND_US);
	struct pv_answer_in answer = {
		.message_id = message.id, .text = "Merci!", .declared = pv_form_of(w, PROJECT)};
	assert_ok(pv_desk_conversation_answer(p->desk, w->mem, &p->manager, &answer, &v, &w->error),
		w);
	assert_string_equal(v->row.kind, "reply");
	assert_string_equal(v->row.stage, "scheduled");
	run(p);
	assert_ok(pv_desk_journal_entry(p->desk, w->mem, &journal, rows[0].slug, &entry, &w->error),
		w);
	assert_int_equal(entry->n_comments, 1);
	assert_int_equal(entry->comments[0].n_answers, 1);
	assert_string_equal(entry->comments[0].answers[0].text, "Merci!");
	struct pv_conversation_row *threads;
	struct pv_conversation_filter filter = {.before_us = PV_TIME_NONE, .limit = 10};
	assert_ok(pv_desk_conversation_list(
			  p->desk, w->mem, &p->manager, &filter, &threads, &n, &w->error),
		w);
	assert_int_equal(n, 1);
	assert_string_equal(threads[0].state, "answered");
	int64_t reads;
	int64_t comments;
	assert_ok(pv_desk_journal_read(p->desk, &journal, rows[0].id, &w->error), w);
	assert_ok(pv_desk_journal_read(p->desk, &journal, rows[0].id, &w->error), w);
	assert_ok(pv_desk_journal_figures(p->desk, rows[0].id, &reads, &comments, &w->error), w);
	assert_int_equal(reads, 2);
	assert_int_equal(comments, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PV_BOTH(test_published),
		PV_BOTH(test_moods),
		PV_BOTH(test_asking),
		PV_BOTH(test_death),
		PV_BOTH(test_lease),
		PV_BOTH(test_pause),
		PV_BOTH(test_account_gone),
		PV_BOTH(test_policy_changes),
		PV_BOTH(test_approval_lost),
		PV_BOTH(test_tampered),
		PV_BOTH(test_time_and_order),
		PV_BOTH(test_late),
		PV_BOTH(test_edit_while_sending),
		PV_BOTH(test_refused_again),
		PV_BOTH(test_journal),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
