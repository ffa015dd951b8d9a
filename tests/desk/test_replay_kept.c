/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A replay is kept with its version and holds as long as the text does; adopting waits for it. */
#include "press.h"

#include "desk/audit.h"
#include "desk/policy_life.h"
#include "desk/replay_parts.h"
#include "dispatch/runner.h"
#include "store/past.h"

#include <string.h>

#define PROJECT "{'origin':'organisation','interest':'project','axis':'project'}"

/* The house's own policy allows its projects. */
static const char changed_policy[] =
	"policy: coop\n"
	"version: 2\n"
	"title: {fr: Essai, en: Trial}\n"
	"timezone: America/Toronto\n"
	"default: allow\n"
	"organisations:\n"
	"  coop: {names: [Coop du Faubourg]}\n"
	"accounts:\n"
	"  coop-fb: {owner: coop, stance: organisation, platform: facebook}\n"
	"rules:\n"
	"  - id: projects\n"
	"    kind: category\n"
	"    label: {fr: Pas de projet., en: No project.}\n"
	"    when: {interest: project}\n"
	"    then: refuse\n";

static void publish(struct pv_press *p, const char *text)
{
	struct pv_desk_variant *v;
	struct pv_runner *runner;
	int64_t next_us;
	const char *id = pv_press_write(p, text, PROJECT);
	assert_ok(
		pv_desk_variant_publish_now(p->desk, p->w->mem, &p->manager, id, &v, &p->w->error),
		p->w);
	for (int i = 0; i < 20; i++) {
		assert_ok(pv_runner_create(p->w->mem, p->desk, &runner, &p->w->error), p->w);
		assert_ok(pv_runner_turn(runner, &next_us, &p->w->error), p->w);
		talloc_free(runner);
		pv_press_advance(p, PV_SECOND_US);
	}
	pv_press_state(p, id, "published");
}

static const char *draft(struct pv_press *p, const char *text)
{
	struct pv_policy_row row;
	struct pv_policy_problems problems;
	assert_ok(pv_desk_policy_draft(p->desk, p->w->mem, &p->h->owner, p->h->coop, text, "", &row,
			  &problems, &p->w->error),
		p->w);
	return row.id;
}

static struct pv_policy_row see(struct pv_press *p, const char *id)
{
	struct pv_policy_row row;
	assert_ok(pv_desk_policy_find(p->desk, p->w->mem, &p->h->reader, id, &row, &p->w->error),
		p->w);
	return row;
}

static bool due(struct pv_press *p, const char *id)
{
	struct pv_policy_row row = see(p, id);
	bool out = false;
	assert_ok(pv_desk_policy_replay_due(p->desk, &row, &out, &p->w->error), p->w);
	return out;
}

static struct pv_desk_replay *replay_as(struct pv_press *p, const struct pv_actor *actor,
	const char *id, const struct pv_replay_in *in)
{
	struct pv_desk_replay *replay = NULL;
	assert_ok(pv_desk_policy_replay(p->desk, p->w->mem, actor, id, in, &replay, &p->w->error),
		p->w);
	return replay;
}

static void edit(struct pv_press *p, const char *id, const char *text)
{
	struct pv_policy_row row;
	struct pv_policy_problems problems;
	const struct pv_policy_edit to = {.text = text};
	assert_ok(pv_desk_policy_edit(
			  p->desk, p->w->mem, &p->h->owner, id, &to, &row, &problems, &p->w->error),
		p->w);
}

static void check(struct pv_press *p, const char *id)
{
	struct pv_policy_row row;
	struct pv_policy_check said;
	assert_ok(pv_desk_policy_run_check(
			  p->desk, p->w->mem, &p->h->owner, id, &row, &said, &p->w->error),
		p->w);
	assert_true(said.passes);
}

static enum pv_status adopt(struct pv_press *p, const char *id, struct pv_policy_check *said)
{
	struct pv_policy_row row;
	p->w->error = PV_ERROR_IN(p->w->mem);
	return pv_desk_policy_adopt(
		p->desk, p->w->mem, &p->h->owner, id, PV_TIME_NONE, &row, said, &p->w->error);
}

static size_t audited(struct pv_press *p, const char *verb)
{
	struct pv_audit_row *rows = NULL;
	size_t n = 0, found = 0;
	assert_ok(pv_desk_audit_list(p->desk, p->w->mem, &p->h->owner, p->h->coop, 0, 200, &rows,
			  &n, &p->w->error),
		p->w);
	for (size_t i = 0; i < n; i++)
		found += strcmp(rows[i].verb, verb) == 0;
	return found;
}

/* A member of what is kept, as JSON. */
static char *kept(struct pv_press *p, const char *id, const char *name)
{
	struct pv_policy_row row = see(p, id);
	PV_JSON json_t *all = NULL;
	assert_ok(pv_json_parse(row.replayed, strlen(row.replayed), &all, &p->w->error), p->w);
	char *text = pv_json_dump(p->w->mem, json_object_get(all, name));
	assert_non_null(text);
	return text;
}

/* ---- kept ---------------------------------------------------------------------------------------- */

static void test_kept(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	publish(p, "Un projet.");
	const char *id = draft(p, changed_policy);
	struct pv_policy_row before = see(p, id);
	assert_string_equal(before.replayed, "");
	assert_true(due(p, id));
	assert_true(pv_press_replay(p, id)->kept);
	struct pv_policy_row row = see(p, id);
	assert_string_equal(row.state, "draft"); /* replayed, not checked yet */
	assert_true(pv_desk_policy_replay_is_current(&row));
	assert_false(due(p, id));
	assert_string_equal(kept(p, id, "months"), "12");
	assert_string_equal(kept(p, id, "imported"), "false");
	assert_non_null(strstr(kept(p, id, "against"), "\"version\":1"));
	assert_non_null(strstr(kept(p, id, "summary"), "\"newly_refused\":1"));
	assert_non_null(strstr(kept(p, id, "digest"), row.digest));
	assert_true(strlen(kept(p, id, "from")) > 20 && strlen(kept(p, id, "replayed_at")) > 20);
	check(p, id);
	assert_string_equal(see(p, id).state, "replayed");
	assert_int_equal(audited(p, "policy.replay"), 2); /* the house's own first version too */
	/* the other way round */
	const char *other = draft(p, changed_policy);
	check(p, other);
	assert_string_equal(see(p, other).state, "checked");
	pv_press_replay(p, other);
	assert_string_equal(see(p, other).state, "replayed");
	assert_true(strlen(see(p, other).checked) > 10);
}

static void test_only_who_governs(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	const struct pv_replay_in in = {0};
	publish(p, "Un projet.");
	const char *id = draft(p, changed_policy);
	const struct pv_actor *const asking[] = {&p->h->reader, &p->h->editor, &p->h->token};
	for (size_t i = 0; i < PV_COUNT(asking); i++)
		assert_false(replay_as(p, asking[i], id, &in)->kept);
	assert_string_equal(see(p, id).replayed, "");
	/* nor of a version that is not open any more */
	pv_press_replay(p, id);
	struct pv_policy_check said;
	assert_ok(adopt(p, id, &said), w);
	assert_false(pv_press_replay(p, id)->kept);
	assert_int_equal(audited(p, "policy.replay"), 2);
}

static void test_of_an_earlier_text(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_policy_check said;
	publish(p, "Un projet.");
	const char *id = draft(p, changed_policy);
	check(p, id);
	pv_press_replay(p, id);
	assert_string_equal(see(p, id).state, "replayed");
	edit(p, id, pv_press_policy);
	struct pv_policy_row row = see(p, id);
	assert_string_equal(row.state, "draft");
	assert_true(strlen(row.replayed) > 10); /* shown on, and counts for nothing */
	assert_false(pv_desk_policy_replay_is_current(&row));
	assert_true(due(p, id));
	check(p, id);
	assert_string_equal(see(p, id).state, "checked");
	assert_int_equal(adopt(p, id, &said), PV_CONFLICT);
	assert_true(said.replay_due);
	assert_non_null(strstr(w->error.words.fr, "a changé depuis"));
	/* the text of before is what was replayed */
	edit(p, id, changed_policy);
	check(p, id);
	assert_string_equal(see(p, id).state, "replayed");
	assert_ok(adopt(p, id, &said), w);
	assert_true(strlen(see(p, id).replayed) > 10);
}

/* Edited while it was replayed: what came of it is told, and not kept. */
static void test_edited_meanwhile(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	publish(p, "Un projet.");
	const char *id = draft(p, changed_policy);
	const struct pv_replay_in in = {0};
	struct pv_desk_replay *late = replay_as(p, &p->h->reader, id, &in);
	edit(p, id, pv_press_policy);
	assert_ok(pv_replay_keep(p->desk, w->mem, &p->h->owner, late, &w->error), w);
	assert_false(late->kept);
	assert_string_equal(see(p, id).replayed, "");
}

/* One that saw nothing does not hide one that did. */
static void test_saw_nothing(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	publish(p, "Un projet.");
	pv_press_advance(p, 60 * PV_DAY_US);
	const char *id = draft(p, changed_policy);
	const struct pv_replay_in month = {.months = 1}, bad = {.cases = "no case\n"};
	assert_true(replay_as(p, &p->h->owner, id, &month)->kept);
	assert_string_equal(kept(p, id, "months"), "1");
	assert_true(due(p, id));
	assert_true(replay_as(p, &p->h->owner, id, &bad)->kept);
	assert_true(due(p, id)); /* a history of which no line could be read is none */
	assert_true(pv_press_replay(p, id)->kept);
	assert_false(due(p, id));
	assert_false(replay_as(p, &p->h->owner, id, &month)->kept);
	assert_string_equal(kept(p, id, "months"), "12");
}

static void test_a_history_counts(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	publish(p, "Un projet.");
	const char *id = draft(p, changed_policy);
	const struct pv_replay_in in = {
		.cases = "{\"id\":1,\"account\":\"coop-fb\",\"author\":\"marc\",\"at\":"
			 "\"2025-06-01T12:00:00Z\",\"post\":{\"text\":\"Bonjour\"}}\n"};
	assert_true(replay_as(p, &p->h->owner, id, &in)->kept);
	assert_false(due(p, id));
	assert_string_equal(kept(p, id, "imported"), "true");
	assert_string_equal(kept(p, id, "months"), "null");
	assert_string_equal(kept(p, id, "from"), "null");
}

/* ---- adopting ------------------------------------------------------------------------------------ */

static void test_adopting_waits(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_policy_check said;
	/* nothing was published: nothing to replay */
	const char *id = draft(p, changed_policy);
	assert_false(due(p, id));
	assert_ok(adopt(p, id, &said), w);
	assert_false(said.replay_due);
	pv_press_adopt(p, pv_press_policy);
	publish(p, "Un projet.");
	id = draft(p, changed_policy);
	assert_int_equal(adopt(p, id, &said), PV_CONFLICT);
	assert_true(said.replay_due);
	assert_non_null(strstr(w->error.words.fr, "rejouez-la"));
	assert_non_null(strstr(w->error.words.en, "replay it"));
	assert_string_equal(see(p, id).state, "draft");
	pv_press_replay(p, id);
	assert_ok(adopt(p, id, &said), w);
	assert_false(due(p, id)); /* it is not open any more */
	/* what is older than the last months is no reason to wait */
	pv_press_advance(p, 370 * PV_DAY_US);
	id = draft(p, pv_press_policy);
	assert_false(due(p, id));
	assert_ok(adopt(p, id, &said), w);
}

/* ---- how far it is ------------------------------------------------------------------------------- */

/* A clock that is half a second later each time it is asked. */
static const struct pv_env_ops *sim_ops;
static int64_t late_us(struct pv_env *env)
{
	static int64_t us;
	(void)env;
	return us += PV_SECOND_US / 2;
}

struct seen {
	int64_t done, total;
	int times, stop_at;
};

static bool see_progress(
	void *state, const struct pv_policy_row *version, int64_t done, int64_t total)
{
	struct seen *seen = state;
	assert_non_null(version->organization_id);
	assert_true(done > seen->done && done <= total);
	seen->done = done;
	seen->total = total;
	return ++seen->times != seen->stop_at;
}

static void test_progress(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_env_ops ops = *p->env->ops;
	struct seen seen = {0};
	const char *id = draft(p, changed_policy);
	char *cases = talloc_strdup(w->mem, "");
	for (int i = 0; i < 2000; i++)
		cases = talloc_asprintf_append_buffer(cases,
			"{\"id\":%d,\"account\":\"coop-fb\",\"author\":\"marc\",\"at\":"
			"\"2025-06-01T12:00:00Z\",\"post\":{\"text\":\"Bonjour\"}}\n%s",
			i, i % 5 ? "" : "\n");
	struct pv_replay_in in = {
		.cases = cases, .progress = see_progress, .progress_state = &seen};
	sim_ops = p->env->ops;
	ops.monotonic_us = late_us;
	p->env->ops = &ops;
	assert_true(replay_as(p, &p->h->owner, id, &in)->kept);
	assert_true(seen.times > 3);
	assert_int_equal(seen.done, 2400); /* the last line but the empty end */
	assert_true(seen.total == 2400 || seen.total == 2401);
	/* left off: nothing comes of it */
	struct pv_desk_replay *none = NULL;
	seen = (struct seen){.stop_at = 3};
	edit(p, id, pv_press_policy);
	assert_status(
		pv_desk_policy_replay(p->desk, w->mem, &p->h->owner, id, &in, &none, &w->error),
		PV_UNAVAILABLE, w);
	assert_int_equal(seen.times, 3);
	struct pv_policy_row row = see(p, id);
	assert_false(pv_desk_policy_replay_is_current(&row));
	p->env->ops = sim_ops;
}

/* ---- batches --------------------------------------------------------------------------------------- */

/* Whatever the size of a batch, each post once and in order, those of one instant by their ids. */
static void test_batches(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	const struct pv_past_span span = {.organization_id = p->h->coop, .until_us = INT64_MAX};
	struct pv_past_post *all, *some;
	size_t n_all, n;
	int64_t counted;
	static const char *const texts[] = {"Un.", "Deux.", "Trois.", "Quatre.", "Cinq."};
	for (size_t i = 0; i < PV_COUNT(texts); i++)
		publish(p, texts[i]);
	int64_t same_us = pv_env_now_us(p->env);
	assert_ok(pv_db_exec(w->db, "UPDATE publication SET published_at = $1",
			  PV_PARAMS(PV_INT(same_us)), NULL, &w->error),
		w);
	publish(p, "Six.");
	struct pv_past_mark mark = pv_past_begin(&span);
	assert_ok(pv_past_batch(w->db, w->mem, &span, &mark, 0, 100, &all, &n_all, &w->error), w);
	assert_int_equal(n_all, 6);
	for (int limit = 1; limit <= 6; limit++)
		for (int64_t skip = 0; skip < 3; skip++) {
			size_t at = (size_t)skip;
			mark = pv_past_begin(&span);
			do {
				assert_ok(pv_past_batch(w->db, w->mem, &span, &mark,
						  at == (size_t)skip ? skip : 0, limit, &some, &n,
						  &w->error),
					w);
				for (size_t i = 0; i < n; i++)
					assert_string_equal(
						some[i].publication_id, all[at + i].publication_id);
				at += n;
			} while (n > 0);
			assert_int_equal(at, n_all);
		}
	assert_ok(pv_past_count(w->db, &span, INT64_MAX, &counted, &w->error), w);
	assert_int_equal(counted, 6);
	assert_ok(pv_past_count(w->db, &span, 2, &counted, &w->error), w);
	assert_int_equal(counted, 2);
	const struct pv_past_span late = {
		.organization_id = p->h->coop, .after_us = same_us, .until_us = INT64_MAX};
	assert_ok(pv_past_count(w->db, &late, INT64_MAX, &counted, &w->error), w);
	assert_int_equal(counted, 1);
	mark = pv_past_begin(&late);
	assert_ok(pv_past_batch(w->db, w->mem, &late, &mark, 0, 9, &some, &n, &w->error), w);
	assert_int_equal(n, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PV_BOTH(test_kept),
		PV_BOTH(test_only_who_governs),
		PV_BOTH(test_of_an_earlier_text),
		PV_BOTH(test_edited_meanwhile),
		PV_BOTH(test_saw_nothing),
		PV_BOTH(test_a_history_counts),
		PV_BOTH(test_adopting_waits),
		PV_BOTH(test_progress),
		PV_BOTH(test_batches),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
