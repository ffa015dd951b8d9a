/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A draft before what was really published, and before a history brought along. */
#include "press.h"

#include "desk/exceptions.h"
#include "desk/journal.h"
#include "desk/organizations.h"
#include "desk/policy_life.h"
#include "desk/replay.h"
#include "dispatch/runner.h"

#include <stdio.h>
#include <string.h>

#define PROJECT "{'origin':'organisation','interest':'project','axis':'project'}"
#define FACES "{'origin':'organisation','interest':'project','axis':'human','human':['faces']}"

/* The present policy's house; faces are refused, and a third post within a day is remarked. */
static const char draft_policy[] =
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
	"  - id: faces\n"
	"    kind: category\n"
	"    label: {fr: Pas de visage., en: No faces.}\n"
	"    when: {human: faces}\n"
	"    then: refuse\n"
	"  - id: two-a-day\n"
	"    kind: quota\n"
	"    label: {fr: Deux par jour., en: Two a day.}\n"
	"    count: {form: static}\n"
	"    at_most: 2\n"
	"    window: 24 hours\n"
	"    per: organisation\n"
	"    then: warn\n";

static void publish(struct pv_press *p, const char *account, const char *text, const char *declared)
{
	struct pv_desk_variant *v;
	struct pv_runner *runner;
	int64_t next_us;
	struct pv_variant_in in = {
		.account = account, .text = text, .declared = pv_form_of(p->w, declared)};
	const char *id = pv_press_write_in(p, &in);
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

static struct pv_desk_replay *replay(
	struct pv_press *p, const char *policy_id, const struct pv_replay_in *in)
{
	struct pv_desk_replay *replay = NULL;
	assert_ok(pv_desk_policy_replay(
			  p->desk, p->w->mem, &p->h->reader, policy_id, in, &replay, &p->w->error),
		p->w);
	assert_false(pv_db_in_transaction(p->desk->db));
	return replay;
}

/* A number of the summary; "most_read/known" is one of its own. */
static int64_t sum(struct pv_press *p, const struct pv_desk_replay *replay, const char *path)
{
	PV_JSON json_t *summary = NULL;
	assert_ok(pv_json_parse(replay->summary, strlen(replay->summary), &summary, &p->w->error),
		p->w);
	const char *slash = strchr(path, '/');
	json_t *in = slash ? json_object_get(summary, "most_read") : summary;
	const json_t *value = json_object_get(in, slash ? slash + 1 : path);
	assert_true(json_is_integer(value));
	return json_integer_value(value);
}

static void read_entry(struct pv_press *p, const char *text, int times)
{
	struct pv_desk_journal journal;
	struct pv_journal_row *rows;
	size_t n;
	assert_ok(pv_desk_journal_open(p->desk, p->w->mem, "coop", &journal, &p->w->error), p->w);
	assert_ok(pv_desk_journal_page(
			  p->desk, p->w->mem, &journal, PV_TIME_NONE, &rows, &n, &p->w->error),
		p->w);
	for (size_t i = 0; i < n; i++)
		for (int k = 0; strcmp(rows[i].text, text) == 0 && k < times; k++)
			assert_ok(pv_desk_journal_read(p->desk, &journal, rows[i].id, &p->w->error),
				p->w);
}

/* Four posts on two accounts in three days; one of the journal's two shows faces. */
static struct pv_press *house_with_a_past(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_organization_row house;
	assert_ok(pv_desk_organization_change(p->desk, w->mem, &p->h->owner, p->h->coop,
			  pv_form_of(w, "{'journal':{'open':true,'comments':true}}"), &house,
			  &w->error),
		w);
	publish(p, p->account, "Un projet.", PROJECT);
	publish(p, p->journal,
		"Voici l'équipe au complet, dans la cour, avec ses bêches, ses "
		"brouettes et ses bottes neuves.",
		FACES);
	publish(p, p->journal, "Un projet au journal.", PROJECT);
	pv_press_advance(p, 2 * PV_DAY_US);
	publish(p, p->account, "Un autre projet.", PROJECT);
	read_entry(p, "Un projet au journal.", 1);
	return p;
}

static void test_own_posts(struct pv_world *w)
{
	struct pv_press *p = house_with_a_past(w);
	const char *id = draft(p, draft_policy);
	struct pv_desk_replay *r = replay(p, id, &(struct pv_replay_in){0});
	assert_string_equal(r->to.id, id);
	assert_int_equal(r->from.version, 1);
	assert_false(r->imported || r->older);
	assert_int_equal(sum(p, r, "cases"), 4);
	assert_int_equal(sum(p, r, "changed"), 2);
	assert_int_equal(sum(p, r, "newly_refused"), 1);
	assert_int_equal(sum(p, r, "human_refused"), 1);
	/* the journal counts its readers; what the trial network's posts were read nobody knows */
	assert_int_equal(sum(p, r, "most_read/known"), 2);
	assert_int_equal(sum(p, r, "most_read/posts"), 1);
	assert_int_equal(sum(p, r, "most_read/at_least"), 1);
	assert_int_equal(sum(p, r, "most_read/refused"), 0);
	assert_int_equal(r->n_changed, 2);
	assert_int_equal(r->n_problems, 0);
	const struct pv_replay_post_row *third = &r->changed[0], *faces = &r->changed[1];
	assert_string_equal(third->text, "Un projet au journal.");
	assert_int_equal(third->was, PV_VERDICT_ALLOW);
	assert_int_equal(third->is, PV_VERDICT_WARN);
	assert_string_equal(third->decided_by[0], "two-a-day");
	assert_int_equal(third->reads, 1);
	assert_false(third->human);
	assert_int_equal(faces->is, PV_VERDICT_REFUSE);
	assert_int_equal(faces->n_decided_by, 1);
	assert_string_equal(faces->decided_by[0], "faces");
	assert_true(faces->human);
	assert_int_equal(faces->reads, 0);
	assert_int_equal(faces->comments, 0);
	assert_string_equal(faces->account, "coop-journal");
	assert_string_equal(faces->network, "journal");
	assert_non_null(strstr(faces->permalink, "/j/coop/"));
	assert_non_null(strstr(faces->text, "Voici l'équipe"));
	assert_non_null(strstr(faces->text, "…"));
	assert_string_equal(pv_press_see(p, faces->variant_id)->publication->id, faces->id);
	assert_true(faces->at_us < third->at_us);
}

static void test_against(struct pv_world *w)
{
	struct pv_press *p = house_with_a_past(w);
	const char *id = draft(p, draft_policy);
	struct pv_desk_replay *r = replay(p, id, &(struct pv_replay_in){.against = "kept"});
	assert_null(r->from.id);
	assert_int_equal(sum(p, r, "changed"), 2);
	r = replay(p, id, &(struct pv_replay_in){.against = id});
	assert_string_equal(r->from.id, id);
	assert_int_equal(sum(p, r, "changed"), 0);
	/* once it is the present policy, nothing changes; beside what was answered then, it does */
	struct pv_policy_row row;
	struct pv_policy_check check;
	pv_press_replay(p, id);
	assert_ok(pv_desk_policy_adopt(
			  p->desk, w->mem, &p->h->owner, id, PV_TIME_NONE, &row, &check, &w->error),
		w);
	r = replay(p, id, &(struct pv_replay_in){.against = "in_force"});
	assert_int_equal(r->from.version, 2);
	assert_int_equal(sum(p, r, "changed"), 0);
	r = replay(p, id, &(struct pv_replay_in){.against = "kept"});
	assert_int_equal(sum(p, r, "changed"), 2);
}

static void test_period(struct pv_world *w)
{
	struct pv_press *p = house_with_a_past(w);
	const char *id = draft(p, draft_policy);
	/* a year and a day later: all but the last post are older than a year */
	pv_press_advance(p, 364 * PV_DAY_US);
	assert_int_equal(sum(p, replay(p, id, &(struct pv_replay_in){0}), "cases"), 1);
	assert_int_equal(sum(p, replay(p, id, &(struct pv_replay_in){.months = 11}), "cases"), 0);
	assert_int_equal(sum(p, replay(p, id, &(struct pv_replay_in){.months = 13}), "cases"), 4);
}

static void test_who_and_bounds(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	const char *id = draft(p, draft_policy);
	struct pv_replay_in in = {0};
	struct pv_desk_replay *r = NULL;
	const struct {
		const struct pv_actor *who;
		enum pv_status status;
	} actors[] = {{&p->h->owner, PV_OK}, {&p->h->reader, PV_OK}, {&p->h->token, PV_OK},
		{&p->h->outsider, PV_NOT_FOUND}, {&p->h->obs_owner, PV_NOT_FOUND}};
	for (size_t i = 0; i < PV_COUNT(actors); i++)
		assert_status(pv_desk_policy_replay(
				      p->desk, w->mem, actors[i].who, id, &in, &r, &w->error),
			actors[i].status, w);
	struct pv_policy_row other;
	struct pv_policy_problems problems;
	assert_ok(pv_desk_policy_draft(p->desk, w->mem, &p->h->obs_owner, p->h->obs, draft_policy,
			  "", &other, &problems, &w->error),
		w);
	const struct {
		struct pv_replay_in in;
		const char *pointer;
	} rows[] = {{{.months = -1}, "/months"}, {{.months = 121}, "/months"},
		{{.against = "nowhere"}, "/against"}, {{.against = other.id}, "/against"}};
	for (size_t i = 0; i < PV_COUNT(rows); i++) {
		struct pv_error error = PV_ERROR_IN(w->mem);
		assert_int_equal(pv_desk_policy_replay(p->desk, w->mem, &p->h->owner, id,
					 &rows[i].in, &r, &error),
			PV_INVALID);
		assert_true(pv_problem_at(&error, rows[i].pointer));
	}
}

/* A case of an import; the organisation has no account of that name, the case describes it. */
static char *line(TALLOC_CTX *mem, const char *id, int minute, const char *rest)
{
	return talloc_asprintf(mem,
		"{\"id\":%s,\"account\":\"old-page\",\"author\":\"marc\",\"accounts\":"
		"{\"old-page\":{\"owner\":\"coop\",\"stance\":\"organisation\"}},"
		"\"at\":\"2025-06-01T%02d:%02d:00Z\",\"post\":{\"text\":\"Bonjour\"}%s}\n",
		id, minute / 60, minute % 60, rest);
}

static void test_history_brought_along(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	const char *id = draft(p, draft_policy);
	char *cases = talloc_asprintf(w->mem, "%s%s\n%s%sno case\n%s",
		line(w->mem, "\"a\\\"b\"", 1,
			",\"declared\":{\"human\":[\"faces\"]},\"figures\":{\"reads\":9}"),
		line(w->mem, "2", 3, ""), line(w->mem, "\"early\"", 2, ""),
		line(w->mem, "\"bad\"", 4, ",\"verdict\":\"perhaps\""),
		line(w->mem, "\"third\"", 5, ""));
	struct pv_desk_replay *r = replay(p, id, &(struct pv_replay_in){.cases = cases});
	assert_true(r->imported);
	assert_int_equal(sum(p, r, "cases"), 3);
	assert_int_equal(sum(p, r, "errors"), 3);
	assert_int_equal(sum(p, r, "most_read/refused"), 1);
	/* the present policy warns of what it has no rule for: the draft allows, but for faces */
	assert_int_equal(r->n_changed, 2);
	assert_string_equal(r->changed[0].id, "2");
	assert_int_equal(r->changed[0].is, PV_VERDICT_ALLOW);
	assert_int_equal(r->changed[0].reads, -1);
	assert_string_equal(r->changed[1].id, "a\"b");
	assert_int_equal(r->changed[1].is, PV_VERDICT_REFUSE);
	assert_int_equal(r->changed[1].reads, 9);
	assert_null(r->changed[1].permalink);
	assert_int_equal(r->n_problems, 3);
	assert_string_equal(r->problems[0].id, "early");
	assert_int_equal(r->problems[0].line, 4);
	assert_string_equal(r->problems[1].id, "bad");
	assert_true(r->problems[1].column > 100);
	assert_null(r->problems[2].id);
	assert_int_equal(r->problems[2].line, 6);
	/* each with a history of its own, the order says nothing and there is no third */
	r = replay(p, id, &(struct pv_replay_in){.cases = cases, .own_histories = true});
	assert_int_equal(sum(p, r, "cases"), 4);
	assert_int_equal(sum(p, r, "changed"), 4);
	/* beside kept verdicts each case says its own */
	r = replay(p, id, &(struct pv_replay_in){.cases = cases, .against = "kept"});
	assert_int_equal(sum(p, r, "cases"), 0);
	r = replay(p, id,
		&(struct pv_replay_in){
			.cases = line(w->mem, "1", 1, ",\"verdict\":\"warn\""), .against = "kept"});
	assert_int_equal(sum(p, r, "changed"), 1);
	r = replay(p, id, &(struct pv_replay_in){.cases = ""});
	assert_int_equal(sum(p, r, "cases"), 0);
}

static void test_many(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	const char *id = draft(p, draft_policy);
	char *cases = talloc_strdup(w->mem, "");
	for (int i = 0; i < 1200; i++)
		cases = talloc_strdup_append_buffer(
			cases, i % 4 == 0 ? "no case\n"
					  : line(w->mem, talloc_asprintf(w->mem, "%d", i), i,
						    ",\"declared\":{\"human\":[\"faces\"]}"));
	struct pv_desk_replay *r = replay(p, id, &(struct pv_replay_in){.cases = cases});
	assert_int_equal(r->n_changed, PV_REPLAY_CHANGED_MAX);
	assert_int_equal(r->changed_left_out, 900 - PV_REPLAY_CHANGED_MAX);
	assert_string_equal(r->changed[0].id, "1199");
	assert_string_equal(r->changed[1].id, "1198");
	assert_string_equal(r->changed[PV_REPLAY_CHANGED_MAX - 1].id, "534");
	assert_int_equal(r->n_problems, PV_REPLAY_PROBLEMS_MAX);
	assert_int_equal(r->problems_left_out, 300 - PV_REPLAY_PROBLEMS_MAX);
	assert_int_equal(r->problems[1].line, 5);
}

/* What was published before anybody adopted a policy: only what was answered then is left. */
static void test_without_a_policy(struct pv_world *w)
{
	struct pv_house *h = pv_house_build(w);
	struct pv_policy_row row;
	struct pv_policy_problems problems;
	struct pv_desk_replay *r;
	assert_ok(pv_desk_policy_draft(h->desk, w->mem, &h->owner, h->coop, draft_policy, "", &row,
			  &problems, &w->error),
		w);
	struct pv_replay_in in = {.cases = line(w->mem, "1", 1, ",\"verdict\":\"warn\"")};
	assert_ok(pv_desk_policy_replay(h->desk, w->mem, &h->owner, row.id, &in, &r, &w->error), w);
	assert_null(r->from.id);
	assert_int_equal(r->n_changed, 1);
}

/* What an exception let out stays let out: the same text changes nothing of its own past. */
static void test_an_exception_let_it_out(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_desk_exception exception;
	assert_ok(
		pv_desk_exception_ask(p->desk, w->mem, &p->manager, "coop",
			pv_form_of(w,
				"{'lifts':['own-creation','favourite'],'when':{'origin':"
				"'own_creation'},'from':'2026-03-01','until':'2026-03-31','reason':"
				"'Son livre.'}"),
			&exception, &w->error),
		w);
	assert_ok(pv_desk_exception_grant(
			  p->desk, w->mem, &p->head, exception.row.id, &exception, &w->error),
		w);
	publish(p, p->account, "Mon livre.",
		"{'origin':'own_creation','interest':'personal_favourite'}");
	publish(p, p->account, "Le projet avance.", PROJECT);
	const char *same = draft(p, pv_press_policy);
	static const char *const beside[] = {"kept", "in_force"};
	for (size_t i = 0; i < PV_COUNT(beside); i++) {
		const struct pv_replay_in in = {.against = beside[i]};
		struct pv_desk_replay *done = replay(p, same, &in);
		assert_int_equal(sum(p, done, "cases"), 2);
		assert_int_equal(sum(p, done, "changed"), 0);
		assert_int_equal(sum(p, done, "refused"), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PV_BOTH(test_own_posts),
		PV_BOTH(test_against),
		PV_BOTH(test_period),
		PV_BOTH(test_who_and_bounds),
		PV_BOTH(test_history_brought_along),
		PV_BOTH(test_many),
		PV_BOTH(test_an_exception_let_it_out),
		PV_BOTH(test_without_a_policy),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
