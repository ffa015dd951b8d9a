/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The way of a post through the desk: written, judged, reviewed, planned; and what never passes. */
#include "press.h"

#include "desk/calendar.h"
#include "desk/journal.h"
#include "desk/judging.h"
#include "desk/organizations.h"
#include "store/counted.h"
#include "desk/accounts.h"
#include "policy/case.h"
#include "store/membership.h"

#include <string.h>

#define PROJECT "{'origin':'organisation','interest':'project','axis':'project'}"
#define FAVOURITE "{'origin':'third_party','interest':'personal_favourite','axis':'human'}"

/* One verb, its answer in the press's memory. */
#define SUBMIT(p, id, v) \
	pv_desk_variant_submit((p)->desk, (p)->w->mem, &(p)->manager, id, v, &(p)->w->error)
#define APPROVE(p, who, id, digest, v) \
	pv_desk_review_approve((p)->desk, (p)->w->mem, who, id, digest, "", v, &(p)->w->error)
#define EDIT(p, id, version, in, v) \
	pv_desk_variant_edit(       \
		(p)->desk, (p)->w->mem, &(p)->manager, id, version, in, v, &(p)->w->error)

/* What the last refusal said: assert_status begins a new error. */
static struct pv_error said;
#define assert_says(call, wanted, w)               \
	do {                                       \
		enum pv_status pv_told = (call);   \
		said = (w)->error;                 \
		assert_status(pv_told, wanted, w); \
	} while (0)

static const char *digest_of(struct pv_press *p, const char *id)
{
	return pv_press_see(p, id)->row.digest;
}

static const char *ready_favourite(struct pv_press *p, const char *text)
{
	struct pv_desk_variant *v;
	const char *id = pv_press_write(p, text, FAVOURITE);
	assert_ok(SUBMIT(p, id, &v), p->w);
	assert_string_equal(v->row.stage, "review");
	pv_press_advance(p, PV_SECOND_US);
	assert_ok(APPROVE(p, &p->head, id, v->row.digest, &v), p->w);
	assert_string_equal(v->row.stage, "ready");
	return id;
}

static void test_allowed(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_desk_variant *v;
	const char *id = pv_press_write(p, "Notre projet avance.", PROJECT);
	pv_press_stage(p, id, "draft");
	assert_ok(SUBMIT(p, id, &v), w);
	assert_string_equal(v->row.stage, "ready");
	assert_string_equal(v->row.verdict, "allow");
	assert_non_null(v->judgement);
	assert_string_equal(v->judgement->moment, "submission");
	assert_non_null(strstr(v->judgement->result, "\"explanation\""));
	assert_true(v->acts.publish_now && v->acts.schedule && !v->acts.submit);
	assert_ok(pv_desk_variant_publish_now(p->desk, w->mem, &p->manager, id, &v, &w->error), w);
	assert_string_equal(v->row.stage, "scheduled");
	assert_string_equal(v->publication->state, "planned");
	assert_string_equal(v->publication->digest, v->row.digest);
}

/* The link decides, whatever is declared. */
static void test_refused(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_desk_variant *v = NULL;
	const char *id = pv_press_write(
		p, "À lire : https://carnet.example/billet", "{'origin':'third_party'}");
	assert_says(SUBMIT(p, id, &v), PV_REFUSED, w);
	assert_null(v);
	assert_non_null(strstr(said.words.fr, "carnet.example"));
	assert_non_null(strstr(said.words.en, "carnet.example"));
	pv_press_stage(p, id, "draft");
	assert_string_equal(pv_press_see(p, id)->row.verdict, "refuse");
	/* no other door */
	struct pv_due due = {.kind = PV_DUE_AT, .at_us = pv_env_now_us(p->env) + PV_HOUR_US};
	assert_status(pv_desk_variant_publish_now(p->desk, w->mem, &p->manager, id, &v, &w->error),
		PV_REFUSED, w);
	assert_status(
		pv_desk_variant_schedule(p->desk, w->mem, &p->manager, id, &due, &v, &w->error),
		PV_CONFLICT, w);
	assert_status(APPROVE(p, &p->head, id, digest_of(p, id), &v), PV_CONFLICT, w);
	assert_null(pv_press_see(p, id)->publication);
}

static void test_disclosure(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_desk_variant *v;
	const char *id = pv_press_write(p, "Du bon pain : https://pain.example/", PROJECT);
	assert_status(SUBMIT(p, id, &v), PV_REFUSED, w);
	assert_string_equal(pv_press_see(p, id)->row.verdict, "disclose");
	struct pv_variant_in in = {
		.text = "Du bon pain, par un proche de notre gestionnaire : https://pain.example/"};
	assert_ok(EDIT(p, id, 1, &in, &v), w);
	assert_ok(SUBMIT(p, id, &v), w);
	assert_string_equal(v->row.stage, "ready");
}

/* An approval and a disclosure: the author mends first, the reviewer reads what will go out. */
static void test_repair_before_review(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_desk_variant *v;
	const char *id = pv_press_write(p, "Du bon pain : https://pain.example/", FAVOURITE);
	assert_status(SUBMIT(p, id, &v), PV_REFUSED, w);
	pv_press_stage(p, id, "draft");
	assert_string_equal(pv_press_see(p, id)->row.verdict, "approve");
	struct pv_variant_in in = {
		.text = "Du bon pain, par un proche de notre gestionnaire : https://pain.example/"};
	assert_ok(EDIT(p, id, 1, &in, &v), w);
	assert_ok(SUBMIT(p, id, &v), w);
	assert_string_equal(v->row.stage, "review");
}

static void test_short_link(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_desk_variant *v;
	const char **links;
	size_t n;
	const char *text = "Lisez https://bit.ly/abc et https://bit.ly/abc";
	const char *id = pv_press_write(p, text, PROJECT);
	assert_status(SUBMIT(p, id, &v), PV_REFUSED, w);
	assert_ok(pv_desk_links_to_resolve(p->desk, w->mem, text, PV_DAY_US, &links, &n, &w->error),
		w);
	assert_int_equal(n, 1);
	assert_ok(pv_desk_resolution_keep(
			  p->desk, links[0], "https://ailleurs.example/page", "", "", &w->error),
		w);
	assert_ok(pv_desk_links_to_resolve(p->desk, w->mem, text, PV_DAY_US, &links, &n, &w->error),
		w);
	assert_int_equal(n, 0);
	assert_ok(SUBMIT(p, id, &v), w);
	/* and when it leads to one's own blog */
	assert_ok(pv_desk_resolution_keep(p->desk, "https://bit.ly/blog",
			  "https://carnet.example/x", "", "", &w->error),
		w);
	id = pv_press_write(p, "Lisez https://bit.ly/blog", NULL);
	assert_status(SUBMIT(p, id, &v), PV_REFUSED, w);
}

static void test_approval(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_desk_variant *v;
	struct pv_due due = {.kind = PV_DUE_AT, .at_us = pv_env_now_us(p->env) + PV_DAY_US};
	struct pv_variant_in in = {.account = "coop-fake",
		.text = "Mon film préféré.",
		.declared = pv_form_of(w, FAVOURITE),
		.due = due};
	const char *id = pv_press_write_in(p, &in);
	assert_ok(SUBMIT(p, id, &v), w);
	assert_string_equal(v->row.stage, "review");
	assert_string_equal(v->row.verdict, "approve");
	const char *digest = v->row.digest;
	pv_press_advance(p, PV_SECOND_US);
	/* who may not */
	assert_status(APPROVE(p, &p->manager, id, digest, &v), PV_DENIED, w);
	assert_status(APPROVE(p, &p->h->owner, id, digest, &v), PV_DENIED, w); /* no policy role */
	assert_status(APPROVE(p, &p->h->reader, id, digest, &v), PV_DENIED, w);
	assert_status(APPROVE(p, &p->h->obs_owner, id, digest, &v), PV_NOT_FOUND, w);
	assert_status(APPROVE(p, &p->head, id, "0000", &v), PV_CONFLICT, w);
	assert_ok(APPROVE(p, &p->head, id, digest, &v), w);
	assert_string_equal(v->row.stage, "scheduled");
	assert_int_equal(v->publication->due_at_us, due.at_us);
	assert_int_equal(v->n_reviews, 1);
	assert_string_equal(v->reviews[0].decision, "approve");
	/* a second time is too late */
	assert_status(APPROVE(p, &p->cousin, id, digest, &v), PV_CONFLICT, w);
}

static void test_same_interest(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_desk_variant *v;
	const char *id = pv_press_write(
		p, "Le pain de un proche de notre gestionnaire : https://pain.example/", FAVOURITE);
	assert_ok(SUBMIT(p, id, &v), w);
	pv_press_advance(p, PV_SECOND_US);
	assert_says(APPROVE(p, &p->cousin, id, v->row.digest, &v), PV_DENIED, w);
	assert_non_null(strstr(said.words.fr, "intérêt"));
	/* the page says so beforehand */
	struct pv_desk_variant *waiting;
	size_t n;
	assert_ok(pv_desk_review_waiting(p->desk, w->mem, &p->cousin, &waiting, &n, &w->error), w);
	assert_int_equal(n, 1);
	assert_false(waiting[0].acts.review);
	assert_non_null(waiting[0].acts.review_why_not.fr);
	assert_ok(pv_desk_review_waiting(p->desk, w->mem, &p->head, &waiting, &n, &w->error), w);
	assert_true(n == 1 && waiting[0].acts.review);
	assert_ok(
		pv_desk_review_waiting(p->desk, w->mem, &p->h->obs_owner, &waiting, &n, &w->error),
		w);
	assert_int_equal(n, 0);
	assert_ok(APPROVE(p, &p->head, id, digest_of(p, id), &v), w);
}

/* After an approval, whatever changes of what was approved takes it back. */
static void test_edit_voids(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_due later = {.kind = PV_DUE_AT, .at_us = pv_env_now_us(p->env) + PV_DAY_US};
	const struct {
		const char *what;
		struct pv_variant_in in;
	} edits[] = {
		{"text", {.text = "Un autre film."}},
		{"languages", {.languages = pv_form_of(w, "['en']")}},
		{"declared", {.declared = pv_form_of(w, PROJECT)}},
		{"kind", {.kind = "share"}},
		{"time", {.due = later}},
	};
	for (size_t i = 0; i < PV_COUNT(edits); i++) {
		char text[60];
		struct pv_desk_variant *v;
		snprintf(text, sizeof text, "Mon film %zu.", i);
		const char *id = ready_favourite(p, text);
		assert_ok(pv_desk_variant_publish_now(
				  p->desk, w->mem, &p->manager, id, &v, &w->error),
			w);
		assert_string_equal(v->publication->state, "planned");
		const char *before = v->row.digest;
		assert_ok(EDIT(p, id, v->row.version, &edits[i].in, &v), w);
		assert_string_not_equal(v->row.digest, before);
		assert_string_equal(v->row.stage, "draft");
		assert_string_equal(v->publication->state, "unplanned");
		assert_string_equal(v->reviews[0].voided_why, "edited");
		/* out of the way of the next one's quota */
		assert_ok(pv_desk_variant_remove(p->desk, &p->manager, id, &w->error), w);
	}
}

static void test_late_choice_voids_nothing(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_desk_variant *v;
	const char *id = ready_favourite(p, "Mon film.");
	struct pv_variant_in in = {.late = "drop"};
	assert_ok(pv_desk_variant_publish_now(p->desk, w->mem, &p->manager, id, &v, &w->error), w);
	assert_ok(EDIT(p, id, v->row.version, &in, &v), w);
	assert_string_equal(v->row.stage, "scheduled");
	assert_string_equal(v->publication->late, "drop");
	assert_int_equal(v->reviews[0].voided_at_us, PV_TIME_NONE);
}

static void test_version_conflict(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_desk_variant *v;
	const char *id = pv_press_write(p, "Un.", PROJECT);
	struct pv_variant_in two = {.text = "Deux."};
	struct pv_variant_in three = {.text = "Trois."};
	assert_ok(EDIT(p, id, 1, &two, &v), w);
	assert_int_equal(v->row.version, 2);
	assert_status(EDIT(p, id, 1, &three, &v), PV_CONFLICT, w);
	assert_string_equal(pv_press_see(p, id)->row.text, "Deux.");
	/* and somebody else's text is not for editing */
	assert_status(
		pv_desk_variant_edit(p->desk, w->mem, &p->h->owner, id, 2, &three, &v, &w->error),
		PV_DENIED, w);
}

static void test_send_back(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_desk_variant *v;
	const char *id = pv_press_write(p, "Mon film.", FAVOURITE);
	assert_ok(SUBMIT(p, id, &v), w);
	const char *digest = v->row.digest;
	assert_status(
		pv_desk_review_send_back(p->desk, w->mem, &p->head, id, digest, " ", &v, &w->error),
		PV_INVALID, w);
	assert_ok(pv_desk_review_send_back(
			  p->desk, w->mem, &p->head, id, digest, "Dites pourquoi.", &v, &w->error),
		w);
	assert_string_equal(v->row.stage, "sent_back");
	assert_string_equal(v->reviews[0].word, "Dites pourquoi.");
	assert_ok(SUBMIT(p, id, &v), w);
	assert_string_equal(v->row.stage, "review");
	assert_ok(pv_desk_variant_withdraw(p->desk, w->mem, &p->manager, id, &v, &w->error), w);
	assert_string_equal(v->row.stage, "draft");
	assert_string_equal(v->reviews[0].voided_why, "withdrawn");
}

static void test_schedule(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_desk_variant *v;
	const char *id = ready_favourite(p, "Mon film.");
	/* a time nobody approved: asked again */
	struct pv_due due = {.kind = PV_DUE_LOCAL, .date = "2026-03-05", .time = "09:30"};
	assert_ok(
		pv_desk_variant_schedule(p->desk, w->mem, &p->manager, id, &due, &v, &w->error), w);
	assert_string_equal(v->row.stage, "review");
	assert_string_equal(v->due_date, "2026-03-05");
	assert_string_equal(v->due_time, "09:30");
	pv_press_advance(p, PV_SECOND_US);
	assert_ok(APPROVE(p, &p->head, id, v->row.digest, &v), w);
	assert_string_equal(v->row.stage, "scheduled");
	/* 09:30 in Toronto on 5 March 2026 is 14:30 UTC */
	char at[PV_TIME_TEXT_SIZE];
	assert_string_equal(
		pv_time_format(v->publication->due_at_us, at), "2026-03-05T14:30:00.000Z");
	struct pv_variant_row *rows;
	size_t n;
	assert_ok(pv_desk_calendar(p->desk, w->mem, &p->manager, p->h->coop, pv_env_now_us(p->env),
			  pv_env_now_us(p->env) + 7 * PV_DAY_US, NULL, &rows, &n, &w->error),
		w);
	assert_int_equal(n, 1);
	assert_ok(pv_desk_variant_unschedule(p->desk, w->mem, &p->manager, id, &v, &w->error), w);
	assert_string_equal(v->row.stage, "ready");
	assert_string_equal(v->publication->state, "unplanned");
	/* the same time again: what was approved */
	due = (struct pv_due){.kind = PV_DUE_KEEP};
	assert_ok(
		pv_desk_variant_schedule(p->desk, w->mem, &p->manager, id, &due, &v, &w->error), w);
	assert_string_equal(v->row.stage, "scheduled");
	assert_string_equal(v->publication->state, "planned");
}

static void test_clock_changes(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_desk_post *post;
	struct pv_variant_in in = {.account = p->account,
		.text = "x",
		.due = {.kind = PV_DUE_LOCAL, .date = "2026-03-08", .time = "02:30"}};
	struct pv_post_in whole = {.variants = &in, .n_variants = 1};
	assert_says(pv_desk_post_create(p->desk, w->mem, &p->manager, &whole, &post, &w->error),
		PV_INVALID, w);
	assert_true(pv_problem_at(&said, "/variants/0/due_local"));
	assert_non_null(strstr(said.problems[0].message.fr, "01:59"));
	assert_non_null(strstr(said.problems[0].message.fr, "03:00"));
	in.due = (struct pv_due){.kind = PV_DUE_LOCAL, .date = "2026-11-01", .time = "01:30"};
	assert_ok(pv_desk_post_create(p->desk, w->mem, &p->manager, &whole, &post, &w->error), w);
	char at[PV_TIME_TEXT_SIZE];
	assert_string_equal(
		pv_time_format(post->variants[0].row.due_at_us, at), "2026-11-01T05:30:00.000Z");
	assert_non_null(strstr(post->variants[0].notice.en, "first"));
	in.due.second_of_two = true;
	assert_ok(pv_desk_post_create(p->desk, w->mem, &p->manager, &whole, &post, &w->error), w);
	assert_string_equal(
		pv_time_format(post->variants[0].row.due_at_us, at), "2026-11-01T06:30:00.000Z");
	const char *const bad[][2] = {{"2026-02-30", "09:00"}, {"2026-3-2", "09:00"},
		{"2026-03-09", "24:00"}, {"2026-03-09", "9h"}, {"2026-03-01", "09:00"},
		{"2036-03-01", "09:00"}};
	for (size_t i = 0; i < PV_COUNT(bad); i++) {
		in.due =
			(struct pv_due){.kind = PV_DUE_LOCAL, .date = bad[i][0], .time = bad[i][1]};
		assert_status(
			pv_desk_post_create(p->desk, w->mem, &p->manager, &whole, &post, &w->error),
			PV_INVALID, w);
	}
}

static void test_bad_input(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	const struct {
		struct pv_variant_in in;
		const char *pointer;
	} cases[] = {
		{{.account = "no-such", .text = "x"}, "/variants/0/account"},
		{{.account = "coop-fake", .text = "\xC3\x28"}, "/variants/0/text"},
		{{.account = "coop-fake", .kind = "story"}, "/variants/0/kind"},
		{{.account = "coop-fake", .kind = "reply"}, "/variants/0/kind"},
		{{.account = "coop-fake", .late = "never"}, "/variants/0/late"},
		{{.account = "coop-fake", .languages = pv_form_of(w, "[]")},
			"/variants/0/languages"},
		{{.account = "coop-fake", .languages = pv_form_of(w, "['f!']")},
			"/variants/0/languages"},
		{{.account = "coop-fake", .declared = pv_form_of(w, "{'origin':'mine'}")},
			"/variants/0/declared/origin"},
		{{.account = "coop-fake", .declared = pv_form_of(w, "{'human':['cats']}")},
			"/variants/0/declared/human"},
		{{.account = "coop-fake", .declared = pv_form_of(w, "{'sponsored':'yes'}")},
			"/variants/0/declared/sponsored"},
		{{.account = "coop-fake", .declared = pv_form_of(w, "{'colour':'red'}")},
			"/variants/0/declared"},
		{{.account = "coop-fake", .media = pv_form_of(w, "[{'id':'nope'}]")},
			"/variants/0/media"},
	};
	for (size_t i = 0; i < PV_COUNT(cases); i++) {
		struct pv_desk_post *post;
		struct pv_post_in whole = {.variants = &cases[i].in, .n_variants = 1};
		assert_says(
			pv_desk_post_create(p->desk, w->mem, &p->manager, &whole, &post, &w->error),
			PV_INVALID, w);
		if (!pv_problem_at(&said, cases[i].pointer))
			fail_msg("case %zu has no problem at %s", i, cases[i].pointer);
	}
	struct pv_variant_row *rows;
	size_t n;
	assert_ok(pv_desk_variant_list(
			  p->desk, w->mem, &p->manager, PV_VARIANT_FILTER, &rows, &n, &w->error),
		w);
	assert_int_equal(n, 0); /* all or nothing */
}

static void test_strangers(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_desk_variant *v;
	struct pv_desk_post *post;
	const char *id = pv_press_write(p, "Un.", PROJECT);
	const char *post_id = pv_press_see(p, id)->row.post_id;
	const struct pv_actor *who = &p->h->obs_owner;
	struct pv_variant_in in = {.text = "x"};
	assert_status(
		pv_desk_variant_get(p->desk, w->mem, who, id, &v, &w->error), PV_NOT_FOUND, w);
	assert_status(
		pv_desk_post_get(p->desk, w->mem, who, post_id, &post, &w->error), PV_NOT_FOUND, w);
	assert_status(pv_desk_variant_edit(p->desk, w->mem, who, id, 1, &in, &v, &w->error),
		PV_NOT_FOUND, w);
	assert_status(
		pv_desk_variant_submit(p->desk, w->mem, who, id, &v, &w->error), PV_NOT_FOUND, w);
	assert_status(pv_desk_variant_remove(p->desk, who, id, &w->error), PV_NOT_FOUND, w);
	/* a reader reads, and that is all */
	assert_ok(pv_desk_variant_get(p->desk, w->mem, &p->h->reader, id, &v, &w->error), w);
	assert_false(v->acts.edit || v->acts.submit || v->acts.remove || v->acts.publish_now);
	assert_status(pv_desk_variant_submit(p->desk, w->mem, &p->h->reader, id, &v, &w->error),
		PV_DENIED, w);
	/* a reading token of the author too */
	struct pv_actor token = p->manager;
	token.may_write = false;
	assert_status(
		pv_desk_variant_submit(p->desk, w->mem, &token, id, &v, &w->error), PV_DENIED, w);
}

static void test_draft_judged(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_desk_judgement judgement;
	struct pv_draft draft = {.account = "coop-fake",
		.due_at_us = PV_TIME_NONE,
		.text = "https://carnet.example/billet"};
	assert_ok(pv_desk_judge_draft(p->desk, w->mem, &p->manager, &draft, &judgement, &w->error),
		w);
	assert_string_equal(judgement.verdict, "refuse");
	PV_JSON json_t *result = NULL;
	assert_ok(pv_json_parse(judgement.result, strlen(judgement.result), &result, &w->error), w);
	assert_true(json_array_size(json_object_get(result, "remarks")) > 0);
	assert_non_null(json_object_get(json_object_get(result, "policy"), "version"));
	/* the case that was judged can be judged again as it stands */
	struct pv_case *again;
	assert_ok(pv_case_parse(w->mem, judgement.input, strlen(judgement.input), &again, NULL,
			  NULL, &w->error),
		w);
	assert_status(
		pv_desk_judge_draft(p->desk, w->mem, &p->h->reader, &draft, &judgement, &w->error),
		PV_DENIED, w);
}

static void test_quota(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_desk_variant *v;
	const char *first = ready_favourite(p, "Film un.");
	assert_ok(
		pv_desk_variant_publish_now(p->desk, w->mem, &p->manager, first, &v, &w->error), w);
	const char *second = ready_favourite(p, "Film deux.");
	assert_ok(pv_desk_variant_publish_now(p->desk, w->mem, &p->manager, second, &v, &w->error),
		w);
	pv_press_advance(p, PV_SECOND_US);
	const char *third = pv_press_write(p, "Film trois.", FAVOURITE);
	assert_status(SUBMIT(p, third, &v), PV_REFUSED, w);
	/* one leaves the plan: there is room again */
	assert_ok(
		pv_desk_variant_unschedule(p->desk, w->mem, &p->manager, second, &v, &w->error), w);
	assert_ok(SUBMIT(p, third, &v), w);
	assert_string_equal(v->row.stage, "review");
}

/* An organisation that has adopted no policy: another person approves; one's own space: allowed. */
static void test_no_policy(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_desk_variant *v;
	struct pv_account_row *accounts;
	(void)accounts;
	struct pv_actor *owner = &p->h->obs_owner;
	pv_house_seat(p->h, w, p->h->obs, p->head.person_id, "reviewer", "[]");
	struct pv_account_link link = {.name = "Obs",
		.handle = "@obs",
		.server = "http://fake.example",
		.remote_id = "obs",
		.secrets = "{\"token\":\"t\"}"};
	struct pv_account_row account;
	json_t *form = pv_form_of(
		w, talloc_asprintf(w->mem,
			   "{'organization':'%s','network':'fake','slug':'obs-fake','name':'Obs'}",
			   p->h->obs));
	assert_ok(pv_desk_account_add(p->desk, w->mem, owner, form, &link, &account, &w->error), w);
	struct pv_variant_in in = {.account = account.id, .text = "Bonjour."};
	struct pv_post_in whole = {.variants = &in, .n_variants = 1};
	struct pv_desk_post *post;
	assert_ok(pv_desk_post_create(p->desk, w->mem, owner, &whole, &post, &w->error), w);
	const char *id = post->variants[0].row.id;
	assert_ok(pv_desk_variant_submit(p->desk, w->mem, owner, id, &v, &w->error), w);
	assert_string_equal(v->row.stage, "review");
	assert_string_equal(v->judgement->policy_id, "");
	pv_press_advance(p, PV_SECOND_US);
	assert_status(APPROVE(p, owner, id, v->row.digest, &v), PV_DENIED, w);
	assert_ok(APPROVE(p, &p->head, id, v->row.digest, &v), w);
	assert_string_equal(v->row.stage, "ready");
	/* who approved may review no more: neither does the approval stand */
	struct pv_membership_row seat = {.organization_id = p->h->obs,
		.person_id = p->head.person_id,
		.role = "reader",
		.policy_roles = "[]"};
	assert_ok(pv_membership_update(w->db, &seat, &w->error), w);
	assert_ok(pv_desk_variant_publish_now(p->desk, w->mem, owner, id, &v, &w->error), w);
	assert_string_equal(v->row.stage, "review");
	assert_null(v->publication);
}

static void test_remove(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_desk_variant *v;
	struct pv_desk_post *post;
	const char *id = pv_press_write(p, "Un.", PROJECT);
	assert_ok(pv_desk_variant_publish_now(p->desk, w->mem, &p->manager, id, &v, &w->error), w);
	const char *post_id = v->row.post_id;
	struct pv_publication_row publication;
	assert_ok(pv_desk_post_remove(p->desk, &p->manager, post_id, &w->error), w);
	assert_status(pv_desk_post_get(p->desk, w->mem, &p->manager, post_id, &post, &w->error),
		PV_NOT_FOUND, w);
	assert_ok(pv_publication_find_variant(w->db, w->mem, id, &publication, &w->error), w);
	assert_string_equal(publication.state, "unplanned");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PV_BOTH(test_allowed),
		PV_BOTH(test_refused),
		PV_BOTH(test_disclosure),
		PV_BOTH(test_repair_before_review),
		PV_BOTH(test_short_link),
		PV_BOTH(test_approval),
		PV_BOTH(test_same_interest),
		PV_BOTH(test_edit_voids),
		PV_BOTH(test_late_choice_voids_nothing),
		PV_BOTH(test_version_conflict),
		PV_BOTH(test_send_back),
		PV_BOTH(test_schedule),
		PV_BOTH(test_clock_changes),
		PV_BOTH(test_bad_input),
		PV_BOTH(test_strangers),
		PV_BOTH(test_draft_judged),
		PV_BOTH(test_quota),
		PV_BOTH(test_no_policy),
		PV_BOTH(test_remove),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
