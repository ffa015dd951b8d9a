/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Wall clocks that are wrong, and are set right while a network works on a write: each post once,
 * in real time, and nobody is asked for nothing. The servers keep the time as it is.
 */
#include "far.h"

#include "base/instant.h"
#include "base/mem.h"
#include "desk/organizations.h"
#include "dispatch/work.h"

#include <stdio.h>
#include <string.h>

#define PROJECT "{'origin':'organisation','interest':'project','axis':'project'}"

/* Old enough a house for its clock to be set back by hours. */
static struct pv_press *open_press(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	pv_press_advance(p, PV_DAY_US);
	return p;
}

static struct pv_runner *start(struct pv_press *p)
{
	struct pv_runner *runner;
	assert_ok(pv_runner_create(p->w->mem, p->desk, &runner, &p->w->error), p->w);
	return runner;
}

static int64_t turn(struct pv_press *p, struct pv_runner *runner)
{
	int64_t next_us = PV_TIME_NONE;
	assert_ok(pv_runner_turn(runner, &next_us, &p->w->error), p->w);
	return next_us;
}

static const char *plan(struct pv_press *p, const char *account, const char *text)
{
	struct pv_desk_variant *v;
	struct pv_variant_in in = {
		.account = account, .text = text, .declared = pv_form_of(p->w, PROJECT)};
	const char *id = pv_press_write_in(p, &in);
	assert_ok(
		pv_desk_variant_publish_now(p->desk, p->w->mem, &p->manager, id, &v, &p->w->error),
		p->w);
	return id;
}

static bool stands(struct pv_press *p, const char *id, const char *state)
{
	return strcmp(pv_press_see(p, id)->publication->state, state) == 0;
}

/*
 * The loop of a process that lives, for so long in real time; each look comes when the wall clock
 * says, five seconds later at most. Ends early at `state`.
 */
static bool live(struct pv_press *p, struct pv_runner *runner, const char *id, const char *state,
	int64_t for_us)
{
	int64_t until_us = pv_press_true_us(p) + for_us;
	while (pv_press_true_us(p) <= until_us) {
		int64_t next_us = turn(p, runner), now_us = pv_env_now_us(p->env);
		if (stands(p, id, state))
			return true;
		int64_t wait_us = PV_DISPATCH_IDLE_S * PV_SECOND_US;
		if (next_us != PV_TIME_NONE && next_us - now_us < wait_us)
			wait_us = next_us > now_us ? next_us - now_us : 1000;
		pv_press_advance(p, wait_us);
	}
	return false;
}

/* ---- a jump at the wrong moment ---------------------------------------------------------------- */

/* The server is still at work on it while the wall clock runs from one read-back to the next. */
static void test_read_back_too_early(struct pv_world *w)
{
	struct pv_press *p = open_press(w);
	static const int64_t jumps[] = {10 * PV_MINUTE_US, PV_HOUR_US, -10 * PV_MINUTE_US};
	struct pv_runner *runner = start(p);
	for (size_t i = 0; i < PV_COUNT(jumps); i++) {
		char text[40];
		snprintf(text, sizeof text, "Trop tôt %zu.", i);
		p->moods[p->n_writes] = PRESS_TAKE_LATE;
		const char *id = plan(p, p->account, text);
		for (int k = 0; k < 5; k++) {
			turn(p, runner);
			pv_env_sim_jump(p->env, jumps[i]);
			pv_press_advance(p, 40000);
		}
		pv_press_state(p, id, "unknown");
		assert_true(live(p, runner, id, "published", 10 * PV_SECOND_US));
		assert_int_equal(pv_press_copies(p, text), 1);
	}
}

/* Two processes look in turns: together they have looked often enough, neither for long enough. */
static void test_two_processes(struct pv_world *w)
{
	struct pv_press *p = open_press(w);
	struct pv_runner *a = start(p), *b = start(p);
	p->moods[0] = PRESS_TAKE_LATE;
	const char *id = plan(p, p->account, "À deux.");
	turn(p, a);
	for (int i = 0; i < 2; i++) {
		pv_press_advance(p, 100000);
		turn(p, a);
		pv_env_sim_jump(p->env, PV_MINUTE_US);
		turn(p, b);
	}
	pv_press_state(p, id, "unknown");
	assert_true(live(p, b, id, "published", 10 * PV_SECOND_US));
	assert_int_equal(pv_press_copies(p, "À deux."), 1);
}

/* Silent for long enough, then three looks in no time: that is one. */
static void test_looks_apart(struct pv_world *w)
{
	struct pv_press *p = open_press(w);
	struct pv_runner *runner = start(p);
	p->moods[0] = PRESS_LOSE;
	p->blind = true;
	const char *id = plan(p, p->account, "Silence.");
	live(p, runner, id, "published", 10 * PV_SECOND_US);
	p->blind = false;
	for (int i = 0; i < 5; i++) {
		pv_env_sim_jump(p->env, 10 * PV_MINUTE_US);
		turn(p, runner);
	}
	pv_press_state(p, id, "unknown");
	assert_int_equal(p->n_writes, 1);
	assert_true(live(p, runner, id, "published", PV_MINUTE_US));
	assert_int_equal(pv_press_copies(p, "Silence."), 1);
}

static int64_t jump_us; /* for the hooks: by how much */

static void jump_while_writing(struct far *m)
{
	pv_env_sim_jump(m->press->env, jump_us);
	jump_us = 0;
}

/* A server that knows no key: only its dates tell whether what stands there is this one. */
static void test_jump_while_writing(struct pv_world *w)
{
	static const struct {
		const char *name;
		int64_t before_us, while_us, after_us; /* the wall clock is set by so much */
		enum pv_press_mood mood;
		int64_t blind_us; /* for so long it cannot be read back */
	} cases[] = {
		{"it was ahead and is set right", 10 * PV_MINUTE_US, -10 * PV_MINUTE_US, 0,
			PRESS_TAKE_SILENTLY},
		{"it was an hour ahead, set right later", PV_HOUR_US, 0, -PV_HOUR_US,
			PRESS_TAKE_SILENTLY},
		{"it was an hour ahead, and nobody answers for a while", PV_HOUR_US, -PV_HOUR_US, 0,
			PRESS_TAKE_SILENTLY, 20 * PV_MINUTE_US},
		{"it was behind and is set right", -10 * PV_MINUTE_US, 10 * PV_MINUTE_US, 0,
			PRESS_TAKE_SILENTLY},
		{"it jumps ahead", 0, 20 * PV_MINUTE_US, 0, PRESS_TAKE_LATE},
		{"it is set back", 0, -20 * PV_MINUTE_US, 0, PRESS_TAKE_LATE},
		{"it is set back two hours", 0, 0, -2 * PV_HOUR_US, PRESS_TAKE_LATE},
		{"it jumps ahead, and nothing arrived", 0, 20 * PV_MINUTE_US, 0, PRESS_LOSE},
		{"it is set back, and nothing arrived", 0, 0, -2 * PV_HOUR_US, PRESS_LOSE},
	};
	struct pv_press *p = open_press(w);
	struct far *m = far_open(p, FAR_KEYLESS);
	m->on_write = jump_while_writing;
	struct pv_runner *runner = start(p);
	for (size_t i = 0; i < PV_COUNT(cases); i++) {
		print_message("# %s\n", cases[i].name);
		pv_env_sim_jump(p->env, cases[i].before_us);
		jump_us = cases[i].while_us;
		m->moods[m->n_writes] = cases[i].mood;
		const char *id = plan(p, m->account, cases[i].name);
		turn(p, runner);
		pv_press_state(p, id, "unknown");
		pv_env_sim_jump(p->env, cases[i].after_us);
		m->blind = true;
		live(p, runner, id, "published", cases[i].blind_us);
		m->blind = false;
		assert_true(live(p, runner, id, "published", 5 * PV_MINUTE_US));
		assert_int_equal(far_copies(m, cases[i].name), 1);
		pv_env_sim_jump(p->env, pv_press_true_us(p) - pv_env_now_us(p->env));
	}
}

/* ---- a restart in between ---------------------------------------------------------------------- */

static bool dies_at(void *state, enum pv_runner_step step, const char *publication_id)
{
	(void)publication_id;
	return step == *(enum pv_runner_step *)state;
}

static void die(struct pv_press *p, enum pv_runner_step step)
{
	struct pv_runner *runner = start(p);
	int64_t next_us;
	pv_runner_watch(runner, dies_at, &step);
	pv_runner_turn(runner, &next_us, NULL);
	talloc_free(runner);
}

/* Nothing is known of how long ago it was written: read-backs begin anew, and wait for their time. */
static void test_restart(struct pv_world *w)
{
	struct pv_press *p = open_press(w);
	p->moods[0] = PRESS_TAKE_LATE;
	const char *id = plan(p, p->account, "Mort pendant l'envoi.");
	die(p, PV_STEP_WRITTEN);
	for (int i = 0; i < 4; i++) { /* starts again and again, in no time */
		talloc_free(start(p));
		struct pv_runner *runner = start(p);
		turn(p, runner);
		talloc_free(runner);
		pv_env_sim_jump(p->env, PV_MINUTE_US);
	}
	pv_press_state(p, id, "unknown");
	assert_true(live(p, start(p), id, "published", PV_MINUTE_US));
	assert_int_equal(pv_press_copies(p, "Mort pendant l'envoi."), 1);
}

/* The machine starts again with another time: what stands there is not taken for an older one. */
static void test_restart_with_another_clock(struct pv_world *w)
{
	static const int64_t jumps[] = {
		-30 * PV_MINUTE_US, 30 * PV_MINUTE_US, -6 * PV_HOUR_US, 6 * PV_HOUR_US};
	struct pv_press *p = open_press(w);
	struct far *m = far_open(p, FAR_KEYLESS);
	for (size_t i = 0; i < PV_COUNT(jumps); i++) {
		char text[40];
		snprintf(text, sizeof text, "%zu%zu%zu heures.", i * 7, i * 13, i * 31);
		/* the clock is wrong when it is written, and right after the restart */
		pv_env_sim_jump(p->env, jumps[i]);
		m->moods[m->n_writes] = PRESS_TAKE_SILENTLY;
		const char *id = plan(p, m->account, text);
		die(p, PV_STEP_WRITTEN);
		pv_env_sim_jump(p->env, -jumps[i]);
		/* it was off for a while, or not at all */
		pv_press_advance(p, (int64_t)(i % 2) * 40 * PV_MINUTE_US);
		struct pv_runner *runner = start(p);
		if (!live(p, runner, id, "published", 5 * PV_MINUTE_US))
			pv_press_state(p, id, "asking");
		talloc_free(runner);
		assert_int_equal(far_copies(m, text), 1);
	}
}

/* ---- as due ------------------------------------------------------------------------------------ */

/* One publication a step, and not the next one: as if the process stopped there. */
static void one_look(struct pv_press *p, struct pv_runner *runner)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_work work;
	bool due;
	int64_t next_us;
	assert_ok(pv_runner_tidy(runner, &due, &next_us, &p->w->error), p->w);
	enum pv_status status = pv_runner_take(runner, scope, &work, &p->w->error);
	if (status == PV_NOT_FOUND)
		return;
	assert_ok(status, p->w);
	assert_ok(pv_runner_handle(&work, &p->w->error), p->w);
}

/* Its time is past by any clock: set back by hours, nobody waits for that time again. */
static void test_past_stays_past(struct pv_world *w)
{
	struct pv_press *p = open_press(w);
	struct pv_runner *runner = start(p);
	struct pv_organization_row row;
	struct pv_desk_publication *after;
	/* read back as absent, by a clock that is six hours ahead */
	p->moods[0] = PRESS_LOSE;
	const char *lost = plan(p, p->account, "Perdue.");
	pv_env_sim_jump(p->env, 6 * PV_HOUR_US);
	while (!stands(p, lost, "planned") || p->n_writes == 0) {
		pv_press_advance(p, 100000);
		one_look(p, runner);
	}
	pv_env_sim_jump(p->env, -6 * PV_HOUR_US);
	assert_true(live(p, runner, lost, "published", PV_MINUTE_US));
	/* held, and released meanwhile */
	assert_ok(pv_desk_organization_pause(
			  p->desk, w->mem, &p->head, p->h->coop, "Deuil", &row, &w->error),
		w);
	const char *held = plan(p, p->account, "Retenue.");
	turn(p, runner);
	pv_press_state(p, held, "held");
	/* refused, and sent again by a person */
	p->moods[p->n_writes] = PRESS_REFUSE;
	pv_env_sim_jump(p->env, 6 * PV_HOUR_US);
	assert_ok(
		pv_desk_organization_resume(p->desk, w->mem, &p->head, p->h->coop, &row, &w->error),
		w);
	turn(p, runner);
	pv_press_state(p, held, "refused");
	assert_ok(pv_desk_publication_resolve(p->desk, w->mem, &p->manager, held, PV_DECISION_RETRY,
			  NULL, &after, &w->error),
		w);
	pv_env_sim_jump(p->env, -6 * PV_HOUR_US);
	assert_true(live(p, runner, held, "published", PV_MINUTE_US));
}

/* ---- patience ---------------------------------------------------------------------------------- */

/* Two hours on the wall clock are none: nobody is asked yet. */
static void test_patience(struct pv_world *w)
{
	struct pv_press *p = open_press(w);
	struct pv_runner *runner = start(p);
	p->blind = true;
	p->moods[0] = PRESS_TAKE_SILENTLY;
	const char *id = plan(p, p->account, "Patience.");
	turn(p, runner);
	pv_env_sim_jump(p->env, 2 * PV_HOUR_US);
	assert_false(live(p, runner, id, "asking", 50 * PV_MINUTE_US));
	/* and set back for good, the hour passes all the same */
	pv_env_sim_jump(p->env, -20 * PV_HOUR_US);
	assert_true(live(p, runner, id, "asking", 20 * PV_MINUTE_US));
	assert_int_equal(p->n_writes, 1);
}

/* A desk that is started every twenty minutes comes to the end of its patience too. */
static void test_patience_across_restarts(struct pv_world *w)
{
	struct pv_press *p = open_press(w);
	p->blind = true;
	p->moods[0] = PRESS_TAKE_SILENTLY;
	const char *id = plan(p, p->account, "Patience encore.");
	bool asked = false;
	for (int i = 0; i < 6 && !asked; i++) {
		struct pv_runner *runner = start(p);
		asked = live(p, runner, id, "asking", 20 * PV_MINUTE_US);
		talloc_free(runner);
	}
	assert_true(asked);
}

/* ---- the window of a key ----------------------------------------------------------------------- */

/* The server forgets keys after an hour (FAR_KEYS_S); a clock set back must not make that hour longer. */
static void test_window(struct pv_world *w)
{
	struct pv_press *p = open_press(w);
	struct far *m = far_open(p, FAR_MASTODON);
	struct pv_runner *runner = start(p);
	m->blind = true;
	m->moods[0] = PRESS_TAKE_SILENTLY;
	for (int i = 1; i < 100; i++)
		m->moods[i] = PRESS_UNREACHABLE;
	const char *id = plan(p, m->account, "Une heure.");
	turn(p, runner);
	pv_env_sim_jump(p->env, -40 * PV_MINUTE_US);
	assert_false(live(p, runner, id, "asking", 45 * PV_MINUTE_US));
	assert_true(m->n_writes > 2); /* repeated meanwhile */
	pv_press_advance(p, 8 * PV_MINUTE_US);
	json_object_clear(((struct mastodon_api *)m->api->state)->keys); /* a busy server */
	memset(m->moods, 0, sizeof m->moods);
	m->blind = false;
	assert_true(live(p, runner, id, "published", 10 * PV_MINUTE_US));
	assert_int_equal(far_copies(m, "Une heure."), 1);
}

/* ---- leases ------------------------------------------------------------------------------------ */

static void test_lease(struct pv_world *w)
{
	struct pv_press *p = open_press(w);
	const char *id = plan(p, p->account, "Bail.");
	enum pv_runner_step step = PV_STEP_INTENT;
	struct pv_runner *mine = start(p);
	int64_t next_us;
	pv_runner_watch(mine, dies_at, &step);
	pv_runner_turn(mine, &next_us, NULL);
	pv_press_state(p, id, "sending");
	struct pv_runner *other = start(p);
	turn(p, other);
	/* the clock says it is long past: it is not */
	pv_env_sim_jump(p->env, 2 * PV_HOUR_US);
	turn(p, other);
	pv_press_state(p, id, "sending");
	/* the clock says it is not, for hours: it is */
	pv_env_sim_jump(p->env, -6 * PV_HOUR_US);
	assert_true(live(p, other, id, "published", (PV_DISPATCH_LEASE_S + 30) * PV_SECOND_US));
	assert_int_equal(pv_press_copies(p, "Bail."), 1);
}

/* A holder that was thought dead comes back with its answer: its record does nothing. */
static void steal_lease(struct pv_press *p)
{
	struct pv_publication_claim *claims;
	size_t n;
	p->on_write = NULL;
	pv_press_advance(p, (PV_DISPATCH_LEASE_S + 1) * PV_SECOND_US);
	assert_ok(pv_publication_in_flight(p->w->db, p->w->mem, &claims, &n, &p->w->error), p->w);
	assert_int_equal(n, 1);
	assert_ok(pv_publication_recover(p->w->db, pv_env_now_us(p->env), &claims[0], &p->w->error),
		p->w);
}

static void test_zombie(struct pv_world *w)
{
	struct pv_press *p = open_press(w);
	struct pv_runner *runner = start(p);
	p->on_write = steal_lease;
	const char *id = plan(p, p->account, "Revenant.");
	turn(p, runner);
	assert_true(live(p, runner, id, "published", PV_MINUTE_US));
	assert_int_equal(pv_press_copies(p, "Revenant."), 1);
}

static struct pv_press *sleeping;
static struct pv_runner *meanwhile;
static const char *asleep_id;

/* The machine sleeps between the intent and the first byte; another node does not. */
static bool sleeps(void *state, enum pv_runner_step step, const char *publication_id)
{
	(void)publication_id;
	int64_t *for_us = state;
	if (step != PV_STEP_INTENT)
		return false;
	if (meanwhile)
		live(sleeping, meanwhile, asleep_id, "published", *for_us);
	else
		pv_press_advance(sleeping, *for_us);
	*for_us = 0;
	return false;
}

static void test_sleep_before_writing(struct pv_world *w)
{
	int64_t lengths_us[] = {2 * PV_MINUTE_US, 10 * PV_MINUTE_US};
	struct pv_press *p = open_press(w);
	for (size_t i = 0; i < PV_COUNT(lengths_us); i++) {
		char text[40];
		snprintf(text, sizeof text, "Endormi %zu.", i);
		asleep_id = plan(p, p->account, text);
		sleeping = p;
		struct pv_runner *mine = start(p);
		meanwhile = i == 1 ? start(p) : NULL;
		pv_runner_watch(mine, sleeps, &lengths_us[i]);
		int64_t next_us;
		int before = p->n_writes;
		pv_runner_turn(mine, &next_us, NULL);
		/* it woke up too late to write: another may have, or may */
		assert_int_equal(p->n_writes, before + (meanwhile != NULL));
		pv_runner_watch(mine, NULL, NULL);
		assert_true(live(p, mine, asleep_id, "published", 10 * PV_MINUTE_US));
		assert_int_equal(pv_press_copies(p, text), 1);
		talloc_free(meanwhile);
		talloc_free(mine);
	}
}

/* ---- other bytes, other posts ------------------------------------------------------------------ */

/* The same words twice in a minute: the first one's status is not the second's. */
static void test_same_words(struct pv_world *w)
{
	struct pv_press *p = open_press(w);
	struct far *m = far_open(p, FAR_KEYLESS);
	struct pv_runner *runner = start(p);
	const char *first = plan(p, m->account, "On ouvre.");
	turn(p, runner);
	pv_press_state(p, first, "published");
	m->moods[1] = PRESS_LOSE;
	const char *second = plan(p, m->account, "On ouvre.");
	assert_true(live(p, runner, second, "published", 5 * PV_MINUTE_US));
	assert_int_equal(far_copies(m, "On ouvre."), 2);
	assert_string_not_equal(pv_press_see(p, first)->publication->remote_id,
		pv_press_see(p, second)->publication->remote_id);
}

/* Its outcome unknown, a person gives it up: neither repeated (a pause) nor to be read back. */
static void drop_uncertain(
	struct pv_press *p, struct far *m, struct pv_runner *runner, const char *id)
{
	struct pv_world *w = p->w;
	struct pv_organization_row row;
	struct pv_desk_publication *after;
	m->moods[m->n_writes] = PRESS_TAKE_SILENTLY;
	m->closed = true;
	turn(p, runner);
	assert_ok(pv_desk_organization_pause(
			  p->desk, w->mem, &p->head, p->h->coop, "Deuil", &row, &w->error),
		w);
	assert_true(live(p, runner, id, "asking", 5 * PV_MINUTE_US));
	assert_ok(pv_desk_publication_resolve(p->desk, w->mem, &p->manager, id, PV_DECISION_DROP,
			  NULL, &after, &w->error),
		w);
	assert_ok(
		pv_desk_organization_resume(p->desk, w->mem, &p->head, p->h->coop, &row, &w->error),
		w);
	m->closed = false;
}

/* Uncertain, dropped, edited, sent again: what goes out is the new text, not the old status. */
static void test_dropped_and_edited(struct pv_world *w)
{
	static const char *const texts[] = {"Autre texte.", "Jamais vu."};
	struct pv_press *p = open_press(w);
	struct far *m = far_open(p, FAR_MASTODON);
	struct pv_runner *runner = start(p);
	for (size_t i = 0; i < PV_COUNT(texts); i++) {
		struct pv_desk_variant *v;
		const char *id = plan(p, m->account, "Jamais vu.");
		drop_uncertain(p, m, runner, id);
		v = pv_press_see(p, id);
		struct pv_variant_in in = {.text = texts[i],
			.due = {.kind = PV_DUE_AT, .at_us = pv_env_now_us(p->env) + PV_DAY_US}};
		assert_ok(pv_desk_variant_edit(p->desk, w->mem, &p->manager, id, v->row.version,
				  &in, &v, &w->error),
			w);
		assert_ok(pv_desk_variant_publish_now(
				  p->desk, w->mem, &p->manager, id, &v, &w->error),
			w);
		assert_true(live(p, runner, id, "published", 10 * PV_MINUTE_US));
		assert_int_equal(far_copies(m, "Autre texte."), 1);
		/* the same bytes have the same key, and do not appear twice */
		assert_int_equal(far_copies(m, "Jamais vu."), 1 + i);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PV_BOTH(test_read_back_too_early),
		PV_BOTH(test_two_processes),
		PV_BOTH(test_looks_apart),
		PV_BOTH(test_jump_while_writing),
		PV_BOTH(test_restart),
		PV_BOTH(test_restart_with_another_clock),
		PV_BOTH(test_past_stays_past),
		PV_BOTH(test_patience),
		PV_BOTH(test_patience_across_restarts),
		PV_BOTH(test_window),
		PV_BOTH(test_lease),
		PV_BOTH(test_zombie),
		PV_BOTH(test_sleep_before_writing),
		PV_BOTH(test_same_words),
		PV_BOTH(test_dropped_and_edited),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
