/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The simulation of the dispatcher: the real desk, store and runner under simulated clocks, networks
 * and deaths, all drawn from one seed. A failing seed fails again, event by event.
 *
 * Two processes share the work on three networks: the trial network, Bluesky, and a Mastodon server
 * that honours keys under an even seed and knows none under an odd one. Each may still be at work on a
 * write whose line was cut. The desk's wall clock is set by seconds, minutes or hours, also while a network
 * works; the networks keep the time as it is.
 *
 *	sim_dispatch [--seed N] [--seeds COUNT] [--events N] [--verbose]
 *
 * What is checked after every event:
 *   - no text stands twice on the network;
 *   - none stands there before its time, without the approval it needs, or in a version that was
 *     edited away before it left;
 * and at the end, when all troubles have passed:
 *   - every post is published and stands there once, or was refused or dropped and does not, or waits
 *     for a person, with at most one copy;
 *   - the audit chain holds.
 */
#include "far.h"

#include "base/instant.h"
#include "base/log.h"
#include "desk/accounts.h"
#include "desk/audit.h"
#include "desk/organizations.h"
#include "dispatch/runner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PROJECT "{'origin':'organisation','interest':'project','axis':'project'}"
#define FAVOURITE                                                                              \
	"{'origin':'third_party','interest':'personal_favourite','human':['faces'],'consent':" \
	"true,'axis':'human'}"

enum {
	SIM_POSTS_MAX = 120,
	SIM_TEXT = 40,
	SIM_PROCESSES = 2,
	SIM_FAR = 2,
	SIM_WORK_TURNS = 60, /* of one stretch of the desk at work */
	SIM_REST_TURNS = 10000,
	SIM_WRONG_MAX_H = 6, /* the wall clock, at most */
};

static struct {
	uint64_t seed, seeds;
	int events;
	bool verbose;
} options = {.seed = 1, .seeds = 1, .events = 250};

struct sim_post {
	const char *id;
	char text[SIM_TEXT]; /* of the version that may go out */
	char old[SIM_TEXT];  /* edited away before it left; "" when none */
	int64_t due_us;
	struct far *far; /* goes there; NULL: to the trial network */
	bool may_leave;  /* allowed, or approved */
	bool seen;
};

struct sim {
	struct pv_press *press;
	struct far *far[SIM_FAR];                   /* Mastodon, with keys or without; Bluesky */
	struct pv_runner *processes[SIM_PROCESSES]; /* NULL: not running */
	uint64_t random;
	uint64_t seed;
	struct sim_post posts[SIM_POSTS_MAX];
	int n_posts;
	int64_t latest_us; /* that the wall clock ever showed */
	bool paused;
	bool calm; /* no more troubles */
	int deaths, jumps;
};

static struct sim *the_sim; /* for the networks' hooks */

/* SplitMix64, as base/env_sim.c: the simulation's own dice, apart from the desk's. */
static uint64_t dice(struct sim *sim, uint64_t sides)
{
	uint64_t z = (sim->random += 0x9E3779B97F4A7C15u);
	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return (z ^ (z >> 31)) % sides;
}

#define SAY(sim, ...)                                                                              \
	do {                                                                                       \
		if (options.verbose) {                                                             \
			char sim_at[PV_TIME_TEXT_SIZE];                                            \
			printf("# %s ", pv_time_format(pv_env_now_us((sim)->press->env), sim_at)); \
			printf(__VA_ARGS__);                                                       \
			putchar('\n');                                                             \
		}                                                                                  \
	} while (0)

/* ---- invariants -------------------------------------------------------------------------------- */

static int copies_of(const struct sim *sim, const struct sim_post *post, const char *text)
{
	return post->far ? far_copies(post->far, text) : pv_press_copies(sim->press, text);
}

static void look_at_clock(struct sim *sim)
{
	int64_t now_us = pv_env_now_us(sim->press->env);
	if (now_us > sim->latest_us)
		sim->latest_us = now_us;
}

static const char *name_of(const struct far *far)
{
	static const char *const names[] = {[FAR_MASTODON] = "Mastodon",
		[FAR_KEYLESS] = "Mastodon without keys",
		[FAR_BLUESKY] = "Bluesky"};
	return far ? names[far->kind] : "the trial network";
}

static void check_post(struct sim *sim, struct sim_post *post)
{
	int copies = copies_of(sim, post, post->text);
	if (copies > 1)
		fail_msg("seed %llu: «%s» stands %d times", (unsigned long long)sim->seed,
			post->text, copies);
	if (*post->old && copies_of(sim, post, post->old) > 0)
		fail_msg("seed %llu: «%s» left after it was edited away",
			(unsigned long long)sim->seed, post->old);
	if (copies == 0 || post->seen)
		return;
	post->seen = true;
	SAY(sim, "out on %s: %s", name_of(post->far), post->text);
	if (!post->may_leave)
		fail_msg("seed %llu: «%s» left without its approval", (unsigned long long)sim->seed,
			post->text);
	if (sim->latest_us < post->due_us)
		fail_msg("seed %llu: «%s» left before its time", (unsigned long long)sim->seed,
			post->text);
}

static void check(struct sim *sim)
{
	for (int i = 0; i < sim->n_posts; i++)
		check_post(sim, &sim->posts[i]);
}

/* ---- events ------------------------------------------------------------------------------------ */

/* Words that no other post has: a Mastodon server is searched by them. */
static void find_words(struct sim *sim, char out[SIM_TEXT])
{
	int size = 20;
	for (int i = 0; i < size; i++)
		out[i] = i % 7 == 6 ? ' ' : (char)('a' + dice(sim, 26));
	snprintf(out + size, SIM_TEXT - (size_t)size, " %d", sim->n_posts);
}

static struct far *any_network(struct sim *sim)
{
	uint64_t which = dice(sim, SIM_FAR + 1);
	return which < SIM_FAR ? sim->far[which] : NULL;
}

static void write_one(struct sim *sim, bool favourite)
{
	struct pv_press *p = sim->press;
	if (sim->n_posts == SIM_POSTS_MAX)
		return;
	struct sim_post *post = &sim->posts[sim->n_posts++];
	struct pv_desk_variant *v;
	find_words(sim, post->text);
	post->far = any_network(sim);
	post->due_us = pv_env_now_us(p->env) + (int64_t)(1 + dice(sim, 360)) * PV_MINUTE_US;
	struct pv_variant_in in = {
		.account = post->far ? post->far->account : p->account,
		.text = post->text,
		.declared = pv_form_of(p->w, favourite ? FAVOURITE : PROJECT),
		.due = {.kind = PV_DUE_AT, .at_us = post->due_us},
	};
	post->id = pv_press_write_in(p, &in);
	struct pv_error why = PV_ERROR_IN(p->w->mem);
	enum pv_status status =
		pv_desk_variant_submit(p->desk, p->w->mem, &p->manager, post->id, &v, &why);
	if (status != PV_OK && status != PV_REFUSED) /* a quota may refuse it */
		fail_msg("seed %llu: %s", (unsigned long long)sim->seed, why.words.en);
	post->may_leave = status == PV_OK && strcmp(v->row.stage, "scheduled") == 0;
	SAY(sim, "write: %s, %s, %s", post->text, post->id, pv_status_name(status));
}

/* The head approves something that waits, if there is anything. */
static void approve_one(struct sim *sim)
{
	struct pv_press *p = sim->press;
	for (int i = 0; i < sim->n_posts; i++) {
		struct sim_post *post = &sim->posts[i];
		struct pv_desk_variant *v = pv_press_see(p, post->id), *after;
		struct pv_error why = PV_ERROR_IN(p->w->mem);
		if (strcmp(v->row.stage, "review") != 0)
			continue;
		enum pv_status status = pv_desk_review_approve(
			p->desk, p->w->mem, &p->head, post->id, v->row.digest, "", &after, &why);
		if (status == PV_OK)
			post->may_leave = true;
		SAY(sim, "approve: %s, %s", post->text, pv_status_name(status));
		return;
	}
}

/* Another text: the old one must never leave, and approvals are owed anew. */
static void edit_one(struct sim *sim)
{
	struct pv_press *p = sim->press;
	if (!sim->n_posts)
		return;
	struct sim_post *post = &sim->posts[dice(sim, (uint64_t)sim->n_posts)];
	struct pv_desk_variant *v = pv_press_see(p, post->id), *after;
	struct pv_error why = PV_ERROR_IN(p->w->mem);
	if (*post->old)
		return;
	char text[SIM_TEXT];
	find_words(sim, text);
	struct pv_variant_in in = {.text = text};
	enum pv_status status = pv_desk_variant_edit(
		p->desk, p->w->mem, &p->manager, post->id, v->row.version, &in, &after, &why);
	SAY(sim, "edit: %s, %s", post->text, pv_status_name(status));
	if (status != PV_OK)
		return;
	memcpy(post->old, post->text, sizeof post->old);
	memcpy(post->text, text, sizeof text);
	post->may_leave = false;
	if (post->due_us <= pv_env_now_us(p->env))
		return; /* its time has passed: it stays a draft */
	status = pv_desk_variant_submit(p->desk, p->w->mem, &p->manager, post->id, &after, &why);
	post->may_leave = status == PV_OK && strcmp(after->row.stage, "scheduled") == 0;
}

/* Something asks: a person looks at the account, and says how it is. */
static void decide_one(struct sim *sim)
{
	struct pv_press *p = sim->press;
	for (int i = 0; i < sim->n_posts; i++) {
		struct sim_post *post = &sim->posts[i];
		struct pv_desk_variant *v = pv_press_see(p, post->id);
		struct pv_desk_publication *after;
		if (!v->publication || strcmp(v->publication->state, "asking") != 0)
			continue;
		bool there = copies_of(sim, post, post->text) > 0;
		enum pv_decision decision = there               ? PV_DECISION_PUBLISHED
					    : dice(sim, 2) == 0 ? PV_DECISION_RETRY
								: PV_DECISION_DROP;
		struct pv_error why = PV_ERROR_IN(p->w->mem);
		enum pv_status status = pv_desk_publication_resolve(
			p->desk, p->w->mem, &p->manager, post->id, decision, NULL, &after, &why);
		SAY(sim, "decide: %s %s, %s", post->text, there ? "is there" : "is not there",
			pv_status_name(status));
		return;
	}
}

static void pause_or_resume(struct sim *sim)
{
	struct pv_press *p = sim->press;
	struct pv_organization_row row;
	enum pv_status status = sim->paused
					? pv_desk_organization_resume(p->desk, p->w->mem, &p->head,
						  p->h->coop, &row, &p->w->error)
					: pv_desk_organization_pause(p->desk, p->w->mem, &p->head,
						  p->h->coop, "Simulation", &row, &p->w->error);
	assert_ok(status, p->w);
	sim->paused = !sim->paused;
	SAY(sim, "%s", sim->paused ? "pause" : "resume");
}

struct death {
	struct sim *sim;
	unsigned sides; /* dies with one chance in so many, at each step */
};

static bool dies(void *state, enum pv_runner_step step, const char *publication_id)
{
	static const char *const steps[PV_STEPS] = {[PV_STEP_CLAIMED] = "claimed to be read back",
		[PV_STEP_GATED] = "gated",
		[PV_STEP_INTENT] = "about to write",
		[PV_STEP_WRITTEN] = "written",
		[PV_STEP_RECORDED] = "recorded",
		[PV_STEP_FOUND] = "read back"};
	struct death *death = state;
	if (!death->sides || dice(death->sim, death->sides) != 0)
		return false;
	death->sim->deaths++;
	SAY(death->sim, "killed: %s %s", publication_id, steps[step]);
	return true;
}

static void stop(struct sim *sim, int which)
{
	talloc_free(sim->processes[which]); /* the lock goes, the claims stay */
	sim->processes[which] = NULL;
}

/* One turn of a process, which may be killed in the middle; when it would look again. */
static int64_t turn(struct sim *sim, int which)
{
	struct pv_press *p = sim->press;
	struct death death = {sim, sim->calm ? 0 : 12};
	int64_t next_us = PV_TIME_NONE;
	look_at_clock(sim);
	if (!sim->processes[which])
		assert_ok(
			pv_runner_create(p->w->mem, p->desk, &sim->processes[which], &p->w->error),
			p->w);
	pv_runner_watch(sim->processes[which], dies, &death);
	struct pv_error why = PV_ERROR_IN(p->w->mem);
	enum pv_status status = pv_runner_turn(sim->processes[which], &next_us, &why);
	if (status == PV_UNAVAILABLE)
		stop(sim, which);
	else if (status != PV_OK)
		fail_msg("seed %llu: %s", (unsigned long long)sim->seed, why.words.en);
	check(sim);
	return next_us;
}

/* The desk at work for so long in real time: it looks when it is time, as its loop does. */
static void work(struct sim *sim, int64_t for_us)
{
	struct pv_press *p = sim->press;
	int64_t until_us = pv_press_true_us(p) + for_us;
	for (int i = 0; i < SIM_WORK_TURNS && pv_press_true_us(p) < until_us; i++) {
		int64_t next_us = turn(sim, dice(sim, 5) == 0);
		int64_t left_us = until_us - pv_press_true_us(p);
		int64_t wait_us =
			next_us == PV_TIME_NONE ? left_us : next_us - pv_env_now_us(p->env);
		pv_press_advance(p, wait_us <= 0 ? 10000 : wait_us < left_us ? wait_us : left_us);
	}
}

static const char *const mood_names[] = {
	[PRESS_TAKE_SILENTLY] = "takes it, and no answer comes",
	[PRESS_LOSE] = "loses it, and no answer comes",
	[PRESS_TAKE_LATE] = "takes it later, and no answer comes",
	[PRESS_UNREACHABLE] = "cannot be reached",
	[PRESS_REFUSE] = "refuses",
	[PRESS_SLOW_DOWN] = "says later",
	[PRESS_SIGN_IN] = "wants a sign-in",
	[PRESS_BROKEN] = "breaks down",
	[PRESS_HTML] = "answers a page",
};

static void trouble(struct sim *sim)
{
	static const enum pv_press_mood moods[] = {PRESS_TAKE_SILENTLY, PRESS_LOSE, PRESS_TAKE_LATE,
		PRESS_UNREACHABLE, PRESS_REFUSE, PRESS_SLOW_DOWN, PRESS_SIGN_IN, PRESS_BROKEN,
		PRESS_HTML};
	enum { FAR_MOODS = 4 }; /* the first ones */
	struct far *far = any_network(sim);
	int at = (far ? far->n_writes : sim->press->n_writes) + (int)dice(sim, 3);
	if (at >= PRESS_POSTS_MAX)
		return;
	enum pv_press_mood mood = moods[dice(sim, far ? FAR_MOODS : PV_COUNT(moods))];
	if (far)
		far->moods[at] = mood;
	else
		sim->press->moods[at] = mood;
	SAY(sim, "trouble: write %d on %s %s", at, name_of(far), mood_names[mood]);
}

static void heal_account(struct sim *sim)
{
	struct pv_press *p = sim->press;
	assert_ok(
		pv_desk_account_checked(p->desk, p->account, "connected", NULL, NULL, &p->w->error),
		p->w);
}

/* The wall clock is set, ahead or back: what is due by it leaves, once all the same. */
static void jump(struct sim *sim)
{
	static const int64_t units[] = {PV_SECOND_US, PV_MINUTE_US, 10 * PV_MINUTE_US};
	struct pv_press *p = sim->press;
	int64_t by_us = ((int64_t)dice(sim, 40) - 20) * units[dice(sim, PV_COUNT(units))];
	int64_t wrong_us = pv_env_now_us(p->env) + by_us - pv_press_true_us(p);
	if (wrong_us > SIM_WRONG_MAX_H * PV_HOUR_US || wrong_us < -SIM_WRONG_MAX_H * PV_HOUR_US)
		return;
	look_at_clock(sim);
	pv_env_sim_jump(p->env, by_us);
	sim->jumps++;
	SAY(sim, "the clock is set by %lld s", (long long)(by_us / PV_SECOND_US));
}

/* While a network works. */
static void meanwhile(struct sim *sim)
{
	look_at_clock(sim);
	if (!sim->calm && dice(sim, 6) == 0)
		jump(sim);
}

static void trial_works(struct pv_press *press)
{
	(void)press;
	meanwhile(the_sim);
}

static void far_works(struct far *far)
{
	(void)far;
	meanwhile(the_sim);
}

static void event(struct sim *sim)
{
	switch (dice(sim, 18)) {
	case 0:
	case 1: write_one(sim, false); break;
	case 2: write_one(sim, true); break;
	case 3: approve_one(sim); break;
	case 4: edit_one(sim); break;
	case 5:
		if (dice(sim, 4) == 0)
			pause_or_resume(sim);
		break;
	case 6:
	case 7: trouble(sim); break;
	case 8:
		sim->press->blind = dice(sim, 3) == 0;
		for (int i = 0; i < SIM_FAR; i++)
			sim->far[i]->blind = dice(sim, 3) == 0;
		break;
	case 9: heal_account(sim); break;
	case 10:
		if (dice(sim, 4) == 0)
			jump(sim);
		break;
	case 11: decide_one(sim); break;
	case 12: stop(sim, (int)dice(sim, SIM_PROCESSES)); break;
	default: work(sim, (int64_t)(1 + dice(sim, 1200)) * PV_SECOND_US); break;
	}
	check(sim);
}

/* ---- the end ----------------------------------------------------------------------------------- */

static void come_to_rest(struct sim *sim)
{
	struct pv_press *p = sim->press;
	if (sim->paused)
		pause_or_resume(sim);
	sim->calm = true;
	p->blind = false;
	memset(p->moods, 0, sizeof p->moods);
	for (int i = 0; i < SIM_FAR; i++) {
		sim->far[i]->blind = false;
		memset(sim->far[i]->moods, 0, sizeof sim->far[i]->moods);
	}
	pv_env_sim_jump(p->env, pv_press_true_us(p) - pv_env_now_us(p->env));
	for (int i = 0; i < SIM_REST_TURNS; i++) {
		heal_account(sim);
		int64_t next_us = turn(sim, 0), now_us = pv_env_now_us(p->env);
		if (next_us == PV_TIME_NONE)
			return;
		pv_press_advance(p, next_us > now_us ? next_us - now_us : PV_SECOND_US);
	}
	fail_msg("seed %llu: the runner does not come to rest", (unsigned long long)sim->seed);
}

static void check_end(struct sim *sim, const struct sim_post *post)
{
	struct pv_desk_variant *v = pv_press_see(sim->press, post->id);
	const char *state = v->publication ? v->publication->state : "unplanned";
	int copies = copies_of(sim, post, post->text);
	bool right = strcmp(state, "published") == 0 ? copies == 1
		     : strcmp(state, "asking") == 0  ? copies <= 1
						     : copies == 0;
	bool decided = strcmp(state, "published") == 0 || strcmp(state, "asking") == 0 ||
		       strcmp(state, "refused") == 0 || strcmp(state, "dropped") == 0 ||
		       strcmp(state, "unplanned") == 0;
	if (!right || !decided)
		fail_msg("seed %llu: «%s» ends %s (%s) with %d copies",
			(unsigned long long)sim->seed, post->text, state, v->row.stage, copies);
}

static uint64_t next_seed;

static struct sim *build(struct pv_world *w)
{
	struct sim *sim = talloc_zero(w->mem, struct sim);
	sim->seed = next_seed++;
	sim->random = sim->seed;
	sim->press = pv_press_build(w);
	/* old enough for its clock to be set back */
	pv_press_advance(sim->press, 2 * SIM_WRONG_MAX_H * PV_HOUR_US);
	sim->far[0] = far_open(sim->press, sim->seed % 2 ? FAR_KEYLESS : FAR_MASTODON);
	sim->far[1] = far_open(sim->press, FAR_BLUESKY);
	sim->press->on_write = sim->press->on_find = trial_works;
	for (int i = 0; i < SIM_FAR; i++)
		sim->far[i]->on_write = sim->far[i]->on_find = far_works;
	the_sim = sim;
	return sim;
}

static void one_seed(struct pv_world *w)
{
	struct sim *sim = build(w);
	int out = 0, asked = 0, writes = 0;
	for (int i = 0; i < options.events; i++)
		event(sim);
	come_to_rest(sim);
	for (int i = 0; i < sim->n_posts; i++) {
		check_end(sim, &sim->posts[i]);
		struct pv_desk_variant *v = pv_press_see(sim->press, sim->posts[i].id);
		out += sim->posts[i].seen ? 1 : 0;
		asked += v->publication && strcmp(v->publication->state, "asking") == 0;
	}
	writes = sim->press->n_writes + sim->far[0]->n_writes + sim->far[1]->n_writes;
	struct pv_audit_verdict verdict;
	assert_ok(pv_desk_audit_verify(sim->press->desk, &verdict, &w->error), w);
	assert_int_equal(verdict.first_bad, 0);
	for (int i = 0; i < SIM_PROCESSES; i++)
		stop(sim, i);
	print_message("# seed %llu: %d posts, %d out, %d asked, %d writes, %d deaths, %d jumps\n",
		(unsigned long long)sim->seed, sim->n_posts, out, asked, writes, sim->deaths,
		sim->jumps);
}

static bool read_options(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--verbose") == 0) {
			options.verbose = true;
			continue;
		}
		char *end = NULL;
		unsigned long long value = i + 1 < argc ? strtoull(argv[i + 1], &end, 10) : 0;
		if (!end || *end || end == argv[i + 1])
			return false;
		if (strcmp(argv[i], "--seed") == 0)
			options.seed = value;
		else if (strcmp(argv[i], "--seeds") == 0)
			options.seeds = value;
		else if (strcmp(argv[i], "--events") == 0)
			options.events = (int)value;
		else
			return false;
		i++;
	}
	return options.seeds > 0 && options.events > 0;
}

int main(int argc, char **argv)
{
	if (!read_options(argc, argv)) {
		fputs("usage: sim_dispatch [--seed N] [--seeds COUNT] [--events N] [--verbose]\n",
			stderr);
		return 2;
	}
	next_seed = options.seed;
	setvbuf(stdout, NULL, _IOLBF, 0); /* in step with the log */
	pv_log_setup(options.verbose ? PV_LOG_INFO : PV_LOG_ERROR, false);
	const struct CMUnitTest test[] = {PV_ON_SQLITE(one_seed)};
	int failed = 0;
	for (uint64_t i = 0; i < options.seeds && !failed; i++)
		failed = cmocka_run_group_tests(test, NULL, NULL);
	return failed ? 1 : 0;
}
