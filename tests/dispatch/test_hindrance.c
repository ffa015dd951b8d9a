/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What stands in a publication's way for good: something of ours that cannot be read, or a network
 * that never comes to an end. A person is asked, with the reason; the others go out meanwhile.
 */
#include "far.h"

#include "base/instant.h"
#include "base/mem.h"
#include "desk/organizations.h"
#include "desk/pulse.h"
#include "desk/today.h"
#include "desk/variants.h"
#include "dispatch/work.h"

#include <string.h>

#define PROJECT "{'origin':'organisation','interest':'project','axis':'project'}"

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

/* The loop, until it stands there; fails the test after `for_us`. */
static void live(struct pv_press *p, struct pv_runner *runner, const char *id, const char *state,
	int64_t for_us)
{
	int64_t until_us = pv_press_true_us(p) + for_us;
	while (pv_press_true_us(p) <= until_us) {
		int64_t next_us = turn(p, runner), now_us = pv_env_now_us(p->env);
		if (strcmp(pv_press_see(p, id)->publication->state, state) == 0)
			return;
		if (next_us == PV_TIME_NONE)
			break;
		pv_press_advance(p, next_us > now_us ? next_us - now_us : PV_SECOND_US);
	}
	pv_press_state(p, id, state);
}

/* A column of it becomes something that cannot be read, and what was approved is just that. */
static void spoil(struct pv_press *p, const char *id, const char *column, const char *value)
{
	struct pv_world *w = p->w;
	struct pv_variant_row row;
	const char *digest;
	char *sql = talloc_asprintf(
		w->mem, "UPDATE variant SET %s = $1, digest = $2 WHERE id = $3", column);
	assert_ok(pv_variant_find(w->db, w->mem, id, &row, &w->error), w);
	if (strcmp(column, "declared") == 0)
		row.declared = value;
	else
		row.languages = value;
	assert_ok(pv_variant_digest(w->mem, &row, &digest, &w->error), w);
	assert_ok(pv_db_exec(w->db, sql, PV_PARAMS(PV_TEXT(value), PV_TEXT(digest), PV_TEXT(id)),
			  NULL, &w->error),
		w);
	assert_ok(pv_db_exec(w->db, "UPDATE publication SET digest = $1 WHERE variant_id = $2",
			  PV_PARAMS(PV_TEXT(digest), PV_TEXT(id)), NULL, &w->error),
		w);
}

static enum pv_status resolve(
	struct pv_press *p, const char *id, enum pv_decision decision, struct pv_error *error)
{
	struct pv_desk_publication *after;
	return pv_desk_publication_resolve(
		p->desk, p->w->mem, &p->manager, id, decision, NULL, &after, error);
}

static bool listed(struct pv_press *p, const char *id, const char *kind)
{
	struct pv_today today;
	const char *publication = pv_press_see(p, id)->publication->id;
	assert_ok(pv_desk_today(p->desk, p->w->mem, &p->manager, &today, &p->w->error), p->w);
	for (size_t i = 0; i < today.n_items; i++)
		if (strcmp(today.items[i].id, publication) == 0)
			return strcmp(today.items[i].kind, kind) == 0 &&
			       strcmp(today.items[i].route, "publication") == 0;
	return false;
}

static int64_t waiting_for_a_decision(struct pv_press *p)
{
	struct pv_desk_holds holds;
	assert_ok(pv_desk_holds_read(p->desk, p->w->mem, &holds, &p->w->error), p->w);
	return holds.n_asking ? holds.asking[0].waiting : 0;
}

/* ---- something of ours ------------------------------------------------------------------------- */

/* The gate fails for the one, each time: other accounts do not wait, its own waits ten minutes. */
static void test_gate_fails(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_runner *runner = start(p);
	const char *spoilt = plan(p, p->account, "Illisible.");
	const char *next = plan(p, p->account, "Suivante.");
	const char *elsewhere = plan(p, p->journal, "Au journal.");
	spoil(p, spoilt, "declared", "{\"origin\":\"elsewhere\"}");
	turn(p, runner);
	pv_press_state(p, elsewhere, "published");
	pv_press_state(p, spoilt, "deferred");
	pv_press_state(p, next, "planned"); /* an account's posts leave in order */
	const char *reason = pv_press_see(p, spoilt)->publication->reason;
	assert_non_null(strstr(reason, "\"unready\""));
	assert_non_null(strstr(reason, "The desk cannot prepare this publication: "));
	live(p, runner, next, "published", 15 * PV_MINUTE_US);
	pv_press_state(p, spoilt, "asking");
	assert_non_null(strstr(pv_press_see(p, spoilt)->publication->reason,
		"Le bureau ne peut pas préparer cet envoi : "));
	assert_true(listed(p, spoilt, "undecided"));
	assert_int_equal(waiting_for_a_decision(p), 1);
	assert_int_equal(p->n_writes, 1);
	/* mended, and sent by a person's word */
	spoil(p, spoilt, "declared", pv_press_see(p, next)->row.declared);
	assert_ok(resolve(p, spoilt, PV_DECISION_RETRY, &w->error), w);
	live(p, runner, spoilt, "published", PV_MINUTE_US);
	assert_int_equal(pv_press_copies(p, "Illisible."), 1);
	assert_int_equal(waiting_for_a_decision(p), 0);
}

/* The policy in force cannot be read: said so, and nothing leaves without it. */
static void test_policy_unreadable(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_runner *runner = start(p);
	const char *id = plan(p, p->account, "Sans politique.");
	assert_ok(
		pv_db_exec(w->db, "UPDATE policy SET text = $1, digest = $2",
			PV_PARAMS(PV_TEXT("policy: [\n"), PV_TEXT("unreadable")), NULL, &w->error),
		w);
	live(p, runner, id, "asking", 15 * PV_MINUTE_US);
	assert_true(listed(p, id, "undecided"));
	/* a person's word does not open the gate */
	struct pv_error why = PV_ERROR_IN(w->mem);
	assert_int_not_equal(resolve(p, id, PV_DECISION_RETRY, &why), PV_OK);
	assert_true(*why.words.fr && *why.words.en);
	pv_press_state(p, id, "asking");
	assert_int_equal(p->n_writes, 0);
}

/* It cannot even be put together; mended in time, nobody is asked and the order is kept. */
static void test_cannot_be_composed(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_runner *runner = start(p);
	const char *mended = plan(p, p->account, "Réparée.");
	const char *languages = pv_press_see(p, mended)->row.languages;
	const char *next = plan(p, p->account, "Après elle.");
	spoil(p, mended, "languages", "[");
	for (int i = 0; i < 4; i++)
		pv_press_advance(p, turn(p, runner) - pv_env_now_us(p->env));
	pv_press_state(p, mended, "deferred");
	spoil(p, mended, "languages", languages);
	live(p, runner, next, "published", PV_MINUTE_US);
	pv_press_state(p, mended, "published");
	assert_string_equal(p->posts[0].text, "Réparée.");
	/* and one that nobody mends */
	const char *spoilt = plan(p, p->account, "Perdue.");
	next = plan(p, p->account, "Encore une.");
	spoil(p, spoilt, "languages", "[");
	live(p, runner, next, "published", 15 * PV_MINUTE_US);
	pv_press_state(p, spoilt, "asking");
	assert_ok(resolve(p, spoilt, PV_DECISION_DROP, &w->error), w);
	pv_press_stage(p, spoilt, "stopped");
}

/* Planned again, it has all its tries again. */
static void test_tries_begin_anew(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_runner *runner = start(p);
	struct pv_desk_variant *v;
	const char *id = plan(p, p->account, "Reprise.");
	const char *languages = pv_press_see(p, id)->row.languages;
	spoil(p, id, "languages", "[");
	for (int i = 0; i < PV_DISPATCH_UNREADY_MAX - 1; i++)
		pv_press_advance(p, turn(p, runner) - pv_env_now_us(p->env));
	pv_press_state(p, id, "deferred");
	spoil(p, id, "languages", languages);
	assert_ok(pv_desk_variant_unschedule(p->desk, w->mem, &p->manager, id, &v, &w->error), w);
	assert_ok(pv_desk_variant_publish_now(p->desk, w->mem, &p->manager, id, &v, &w->error), w);
	spoil(p, id, "languages", "[");
	turn(p, runner);
	pv_press_state(p, id, "deferred");
}

/* Uncertain, and the gate cannot be asked: it is not repeated, and read back all the same. */
static void test_gate_fails_while_uncertain(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct far *m = far_open(p, FAR_MASTODON);
	struct pv_runner *runner = start(p);
	m->moods[0] = PRESS_TAKE_SILENTLY;
	const char *id = plan(p, m->account, "Déjà là.");
	turn(p, runner);
	pv_press_state(p, id, "unknown");
	spoil(p, id, "declared", "{\"origin\":\"elsewhere\"}");
	live(p, runner, id, "published", PV_MINUTE_US);
	assert_int_equal(m->n_writes, 1);
	assert_int_equal(far_copies(m, "Déjà là."), 1);
}

static void rename_table(struct pv_world *w, const char *from, const char *to)
{
	char *sql = talloc_asprintf(w->mem, "ALTER TABLE %s RENAME TO %s", from, to);
	assert_ok(pv_db_exec(w->db, sql, PV_NO_PARAMS, NULL, &w->error), w);
}

/* It is out, and that cannot be written down: it is not sent again, and a person is told. */
static void test_cannot_be_recorded(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_runner *runner = start(p);
	const char *id = plan(p, p->account, "Sans trace.");
	const char *next = plan(p, p->account, "La suivante.");
	rename_table(w, "audit", "audit_away");
	turn(p, runner);
	pv_press_state(p, id, "unknown");
	live(p, runner, id, "asking", 30 * PV_MINUTE_US);
	assert_non_null(strstr(pv_press_see(p, id)->publication->reason,
		"The desk cannot write down what became of this publication: "));
	assert_true(listed(p, id, "uncertain"));
	rename_table(w, "audit_away", "audit");
	live(p, runner, next, "published", 5 * PV_MINUTE_US);
	assert_ok(resolve(p, id, PV_DECISION_PUBLISHED, &w->error), w);
	pv_press_state(p, id, "published");
	assert_int_equal(pv_press_copies(p, "Sans trace."), 1);
}

/* Housekeeping that fails is tried again, and stops nothing that is due. */
static void test_house_in_disorder(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_runner *runner = start(p);
	const char *id = plan(p, p->account, "Malgré tout.");
	rename_table(w, "rejudging", "rejudging_away");
	turn(p, runner);
	pv_press_state(p, id, "published");
	bool due;
	int64_t next_us = PV_TIME_NONE;
	assert_ok(pv_runner_tidy(runner, &due, &next_us, &w->error), w);
	assert_true(next_us != PV_TIME_NONE); /* looked at again by then */
	rename_table(w, "rejudging_away", "rejudging");
	assert_int_equal(turn(p, runner), PV_TIME_NONE);
}

/* Uncertain without an attempt (a row restored by hand): a person is asked, at once. */
static void test_no_attempt(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_runner *runner = start(p);
	p->moods[0] = PRESS_TAKE_SILENTLY;
	const char *id = plan(p, p->account, "Sans essai.");
	turn(p, runner);
	assert_ok(pv_db_exec(w->db, "DELETE FROM attempt", PV_NO_PARAMS, NULL, &w->error), w);
	live(p, runner, id, "asking", PV_MINUTE_US);
}

/* ---- a network that never comes to an end ------------------------------------------------------ */

/* "You said that already", and it is not there: sent no second time. */
static void test_duplicate_that_is_not_there(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_runner *runner = start(p);
	for (int i = 0; i < 50; i++)
		p->moods[i] = PRESS_DUPLICATE;
	const char *id = plan(p, p->account, "Encore?");
	live(p, runner, id, "asking", PV_HOUR_US);
	assert_int_equal(p->n_writes, 1);
}

/* Every write is lost on the way: not for ever. */
static void test_always_lost(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_runner *runner = start(p);
	for (int i = 0; i < 2 * PV_DISPATCH_DEFERS_MAX; i++)
		p->moods[i] = PRESS_LOSE;
	const char *id = plan(p, p->account, "Toujours perdue.");
	live(p, runner, id, "asking", PV_HOUR_US);
	assert_int_equal(p->n_writes, PV_DISPATCH_DEFERS_MAX);
}

/* Every repeat of a harmless write is lost too: after an hour what stands there decides. */
static void test_repeats_always_lost(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct far *b = far_open(p, FAR_BLUESKY);
	struct pv_runner *runner = start(p);
	b->moods[0] = PRESS_TAKE_SILENTLY;
	for (int i = 1; i < 500; i++)
		b->moods[i] = PRESS_LOSE;
	const char *id = plan(p, b->account, "Répétée.");
	live(p, runner, id, "published", 2 * PV_HOUR_US);
	assert_int_equal(far_copies(b, "Répétée."), 1);
}

/* Repeated, and the line is cut again: that repeat may arrive too, and is waited for. */
static void test_repeat_arrives_late(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct far *b = far_open(p, FAR_BLUESKY);
	struct pv_organization_row row;
	struct pv_runner *runner = start(p);
	b->moods[0] = PRESS_LOSE;
	b->moods[1] = PRESS_TAKE_LATE;
	const char *id = plan(p, b->account, "Deux fois.");
	turn(p, runner);
	/* the gate is shut while it is read back three times, then open for one repeat */
	assert_ok(pv_desk_organization_pause(
			  p->desk, w->mem, &p->head, p->h->coop, "Deuil", &row, &w->error),
		w);
	for (int i = 0; i < 3; i++)
		pv_press_advance(p, turn(p, runner) - pv_env_now_us(p->env));
	assert_ok(
		pv_desk_organization_resume(p->desk, w->mem, &p->head, p->h->coop, &row, &w->error),
		w);
	turn(p, runner);
	assert_int_equal(b->n_writes, 2);
	assert_ok(pv_desk_organization_pause(
			  p->desk, w->mem, &p->head, p->h->coop, "Deuil", &row, &w->error),
		w);
	pv_press_advance(p, 25 * PV_SECOND_US);
	turn(p, runner);
	pv_press_state(p, id, "unknown");
	live(p, runner, id, "published", 5 * PV_MINUTE_US);
	assert_int_equal(far_copies(b, "Deux fois."), 1);
	assert_int_equal(b->n_writes, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PV_BOTH(test_gate_fails),
		PV_BOTH(test_policy_unreadable),
		PV_BOTH(test_cannot_be_composed),
		PV_BOTH(test_tries_begin_anew),
		PV_BOTH(test_gate_fails_while_uncertain),
		PV_BOTH(test_cannot_be_recorded),
		PV_BOTH(test_house_in_disorder),
		PV_BOTH(test_no_attempt),
		PV_BOTH(test_duplicate_that_is_not_there),
		PV_BOTH(test_always_lost),
		PV_BOTH(test_repeats_always_lost),
		PV_BOTH(test_repeat_arrives_late),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
