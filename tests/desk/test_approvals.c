/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Approving in steps, and for who is away. */
#include "press.h"

#include "desk/accounts.h"
#include "desk/audit.h"
#include "desk/delegations.h"
#include "desk/judging.h"
#include "desk/overdue.h"
#include "desk/register.h"
#include "desk/today.h"

#include <string.h>

#define FAVOURITE "{'origin':'third_party','interest':'personal_favourite','axis':'human'}"
#define APPROVE(p, who, v)                                                                    \
	pv_desk_review_approve((p)->desk, (p)->w->mem, who, (v)->row.id, (v)->row.digest, "", \
		&(v), &(p)->w->error)

/* The press's policy, with another line of approvals. */
static void adopt_approvals(struct pv_press *p, const char *line)
{
	const char *at = strstr(pv_press_policy, "approvals: ");
	const char *after = strchr(at, '\n');
	pv_press_adopt(p, talloc_asprintf(p->w->mem, "%.*s%s%s", (int)(at - pv_press_policy),
				  pv_press_policy, line, after));
}

static struct pv_desk_variant *submit(struct pv_press *p, const char *text)
{
	struct pv_desk_variant *v;
	const char *id = pv_press_write(p, text, FAVOURITE);
	assert_ok(pv_desk_variant_submit(p->desk, p->w->mem, &p->manager, id, &v, &p->w->error),
		p->w);
	assert_string_equal(v->row.stage, "review");
	pv_press_advance(p, PV_SECOND_US); /* who approves has read it */
	return v;
}

static struct pv_actor newcomer(
	struct pv_press *p, const char *slug, const char *role, const char *policy_roles)
{
	struct pv_actor actor = {.person_id = pv_house_person(p->h, p->w, slug), .may_write = true};
	pv_house_seat(p->h, p->w, p->h->coop, actor.person_id, role, policy_roles);
	return actor;
}

static void test_two_steps(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_actor director = newcomer(p, "dan", "reviewer", "[\"director\"]");
	adopt_approvals(p, "approvals: {by: [editor], then: [{by: [director]}], never: [author]}");
	struct pv_desk_variant *v = submit(p, "Deux étapes.");
	assert_status(APPROVE(p, &director, v), PV_DENIED, w);
	assert_ok(APPROVE(p, &p->head, v), w);
	assert_string_equal(v->row.stage, "review");
	/* nobody takes both steps, nor takes their word back by giving it again */
	assert_status(APPROVE(p, &p->head, v), PV_DENIED, w);
	assert_false(v->acts.review);
	pv_press_advance(p, PV_SECOND_US);
	assert_ok(APPROVE(p, &director, v), w);
	assert_string_equal(v->row.stage, "ready");
}

static const char *lend(struct pv_press *p, const struct pv_actor *from, const struct pv_actor *to,
	int64_t from_us, int64_t until_us)
{
	char begin[PV_TIME_TEXT_SIZE], end[PV_TIME_TEXT_SIZE];
	struct pv_delegation_row row;
	json_t *form = pv_form_of(
		p->w, talloc_asprintf(p->w->mem,
			      "{'to':'%s','from':'%s','until':'%s','why':'Congés'}", to->person_id,
			      pv_time_format(from_us, begin), pv_time_format(until_us, end)));
	assert_ok(pv_desk_delegation_add(
			  p->desk, p->w->mem, from, p->h->coop, form, &row, &p->w->error),
		p->w);
	assert_string_equal(row.person_id, from->person_id);
	return row.id;
}

/* What the one who stands in approved meanwhile stands when the other is back. */
static void test_standing_in(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_actor helper = newcomer(p, "nour", "reviewer", "[]");
	struct pv_gate_answer gate;
	int64_t now_us = pv_env_now_us(p->env);
	struct pv_desk_variant *v = submit(p, "Pendant les congés.");
	assert_status(APPROVE(p, &helper, v), PV_DENIED, w);
	const char *id = lend(p, &p->head, &helper, now_us + PV_HOUR_US, now_us + PV_DAY_US);
	assert_status(APPROVE(p, &helper, v), PV_DENIED, w);
	pv_press_advance(p, 2 * PV_HOUR_US);
	assert_ok(APPROVE(p, &helper, v), w);
	assert_string_equal(v->row.stage, "ready");
	pv_press_advance(p, PV_HOUR_US);
	assert_ok(pv_desk_delegation_end(p->desk, &p->head, id, &w->error), w);
	struct pv_desk_variant *other = submit(p, "Après les congés.");
	assert_status(APPROVE(p, &helper, other), PV_DENIED, w);
	assert_ok(
		pv_desk_variant_publish_now(p->desk, w->mem, &p->manager, v->row.id, &v, &w->error),
		w);
	assert_ok(pv_desk_publication_gate(p->desk, w->mem, v->publication, &gate, &w->error), w);
	assert_int_equal(gate.gate, PV_GATE_OPEN);
}

/* Lending to someone is no way to have one's own text approved, nor to take what one may not. */
static void test_lending_is_no_way_around(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_actor helper = newcomer(p, "nour", "reviewer", "[]");
	struct pv_actor both = newcomer(p, "boss", "editor", "[\"editor\"]");
	int64_t now_us = pv_env_now_us(p->env);
	lend(p, &both, &helper, now_us, now_us + PV_DAY_US);
	struct pv_variant_in in = {
		.account = p->account, .text = "Le mien.", .declared = pv_form_of(w, FAVOURITE)};
	struct pv_post_in whole = {.variants = &in, .n_variants = 1};
	struct pv_desk_post *post;
	struct pv_desk_variant *v;
	assert_ok(pv_desk_post_create(p->desk, w->mem, &both, &whole, &post, &w->error), w);
	assert_ok(pv_desk_variant_submit(
			  p->desk, w->mem, &both, post->variants[0].row.id, &v, &w->error),
		w);
	pv_press_advance(p, PV_SECOND_US);
	assert_status(APPROVE(p, &helper, v), PV_DENIED, w);
	assert_ok(APPROVE(p, &p->head, v), w);
	assert_string_equal(v->row.stage, "ready");
}

static void test_who_may_lend(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_house *h = p->h;
	struct pv_delegation_row row, *rows;
	size_t n;
	const char *head = p->head.person_id;
	struct pv_actor plain = newcomer(p, "nour", "reviewer", "[]");
	const struct {
		const struct pv_actor *actor;
		const char *form;
		enum pv_status status;
		const char *pointer;
	} cases[] = {
		{&p->head, "{'to':'%2$s','until':'2031-01-01T00:00:00Z'}", PV_INVALID, "/until"},
		{&p->head, "{'to':'%2$s'}", PV_INVALID, "/until"},
		{&p->head, "{'to':'%2$s','until':'2001-01-01T00:00:00Z'}", PV_INVALID, "/until"},
		{&p->head, "{'to':'%1$s','until':'%4$s'}", PV_INVALID, "/to"},
		{&p->head, "{'to':'%3$s','until':'%4$s'}", PV_INVALID, "/to"}, /* an analyst */
		{&p->head, "{'to':'nobody','until':'%4$s'}", PV_INVALID, "/to"},
		{&plain, "{'to':'%1$s','until':'%4$s'}", PV_INVALID, "/person"},
		{&plain, "{'person':'%1$s','to':'%2$s','until':'%4$s'}", PV_DENIED, NULL},
		{&h->analyst, "{'to':'%1$s','until':'%4$s'}", PV_DENIED, NULL},
		{&h->obs_owner, "{'person':'%1$s','to':'%2$s','until':'%4$s'}", PV_NOT_FOUND, NULL},
		{&h->owner, "{'person':'%1$s','to':'%2$s','until':'%4$s'}", PV_OK, NULL},
		{&p->head, "{'to':'%2$s','until':'%4$s','why':'Congés'}", PV_OK, NULL},
	};
	char until[PV_TIME_TEXT_SIZE];
	pv_time_format(pv_env_now_us(p->env) + PV_DAY_US, until);
	for (size_t i = 0; i < PV_COUNT(cases); i++) {
		char *text = talloc_strdup(w->mem, cases[i].form);
		const char *const values[] = {head, plain.person_id, h->analyst.person_id, until};
		for (int v = 0; v < 4; v++) {
			char name[5] = {'%', (char)('1' + v), '$', 's', 0};
			char *at;
			while ((at = strstr(text, name)) != NULL)
				text = talloc_asprintf(w->mem, "%.*s%s%s", (int)(at - text), text,
					values[v], at + 4);
		}
		w->error = PV_ERROR_IN(w->mem);
		enum pv_status status = pv_desk_delegation_add(p->desk, w->mem, cases[i].actor,
			h->coop, pv_form_of(w, text), &row, &w->error);
		if (status != cases[i].status)
			fail_msg("%s: %s", text, pv_status_name(status));
		if (cases[i].pointer && !pv_problem_at(&w->error, cases[i].pointer))
			fail_msg("%s: nothing at %s but %s", text, cases[i].pointer,
				w->error.n_problems ? w->error.problems[0].pointer : "nowhere");
	}
	assert_ok(
		pv_desk_delegation_list(p->desk, w->mem, &h->reader, h->coop, &rows, &n, &w->error),
		w);
	assert_int_equal(n, 2);
	assert_string_equal(rows[0].person_id, head);
	assert_status(
		pv_desk_delegation_end(p->desk, &h->analyst, rows[0].id, &w->error), PV_DENIED, w);
	assert_status(pv_desk_delegation_end(p->desk, &h->obs_owner, rows[0].id, &w->error),
		PV_NOT_FOUND, w);
	assert_ok(pv_desk_delegation_end(p->desk, &plain, rows[0].id, &w->error), w);
	assert_ok(
		pv_desk_delegation_list(p->desk, w->mem, &h->reader, h->coop, &rows, &n, &w->error),
		w);
	assert_int_equal(n, 1);
}

static size_t ends_audited(struct pv_press *p)
{
	struct pv_audit_row *rows = NULL;
	size_t n = 0, found = 0;
	assert_ok(pv_desk_audit_list(p->desk, p->w->mem, &p->h->owner, p->h->coop, 0, 200, &rows,
			  &n, &p->w->error),
		p->w);
	for (size_t i = 0; i < n; i++)
		found += strcmp(rows[i].verb, "delegation.end") == 0;
	return found;
}

static size_t standing_in(struct pv_press *p)
{
	struct pv_delegation_row *rows;
	size_t n = 0;
	assert_ok(pv_desk_delegation_list(
			  p->desk, p->w->mem, &p->h->reader, p->h->coop, &rows, &n, &p->w->error),
		p->w);
	return n;
}

/* Once, with its trace; again, or when it is over by itself, nothing happens. */
static void test_ending_twice(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_actor helper = newcomer(p, "nour", "reviewer", "[]");
	int64_t now_us = pv_env_now_us(p->env);
	const char *id = lend(p, &p->head, &helper, now_us, now_us + PV_DAY_US);
	pv_press_advance(p, PV_HOUR_US);
	for (int i = 0; i < 2; i++) {
		assert_ok(pv_desk_delegation_end(p->desk, &p->head, id, &w->error), w);
		assert_int_equal(ends_audited(p), 1);
		assert_int_equal(standing_in(p), 0);
		pv_press_advance(p, PV_HOUR_US);
	}
	struct pv_delegation_row row;
	assert_ok(pv_delegation_find(w->db, w->mem, id, &row, &w->error), w);
	assert_int_equal(row.until_at_us, now_us + PV_HOUR_US);
	now_us = pv_env_now_us(p->env);
	id = lend(p, &p->head, &helper, now_us, now_us + PV_HOUR_US);
	pv_press_advance(p, 2 * PV_HOUR_US);
	assert_ok(pv_desk_delegation_end(p->desk, &p->head, id, &w->error), w);
	assert_int_equal(ends_audited(p), 1);
}

/* Ended before it began: as if it had never been. */
static void test_withdrawn(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_actor helper = newcomer(p, "nour", "reviewer", "[]");
	struct pv_delegation_row row;
	int64_t from_us = pv_env_now_us(p->env) + PV_DAY_US;
	const char *id = lend(p, &p->head, &helper, from_us, from_us + PV_DAY_US);
	struct pv_desk_variant *v = submit(p, "Pendant les congés.");
	for (int i = 0; i < 2; i++) {
		assert_ok(pv_desk_delegation_end(p->desk, &helper, id, &w->error), w);
		assert_int_equal(standing_in(p), 0);
		assert_int_equal(ends_audited(p), 1);
	}
	assert_ok(pv_delegation_find(w->db, w->mem, id, &row, &w->error), w);
	assert_int_equal(row.from_at_us, from_us);
	assert_int_equal(row.until_at_us, from_us);
	pv_press_advance(p, PV_DAY_US + PV_HOUR_US);
	assert_status(APPROVE(p, &helper, v), PV_DENIED, w);
	assert_ok(pv_desk_delegation_end(p->desk, &p->h->owner, id, &w->error), w);
	assert_int_equal(ends_audited(p), 1);
}

static void test_many_stand_ins(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_actor helper = newcomer(p, "nour", "reviewer", "[]");
	struct pv_delegation_row row, *rows;
	size_t n;
	const char *id = NULL;
	int64_t now_us = pv_env_now_us(p->env);
	for (int i = 0; i < PV_DELEGATIONS_MAX; i++)
		id = lend(p, &p->head, &helper, now_us + i * PV_HOUR_US, now_us + 200 * PV_HOUR_US);
	assert_int_equal(standing_in(p), PV_DELEGATIONS_MAX);
	assert_status(pv_desk_delegation_add(p->desk, w->mem, &p->head, p->h->coop,
			      pv_form_of(w, talloc_asprintf(w->mem,
						    "{'to':'%s','until':'2026-12-31T00:00:00Z'}",
						    helper.person_id)),
			      &row, &w->error),
		PV_CONFLICT, w);
	/* of more than asked for, those that begin last, in their order */
	assert_ok(
		pv_delegation_list(w->db, w->mem, p->h->coop, now_us, 3, &rows, &n, &w->error), w);
	assert_int_equal(n, 3);
	assert_string_equal(rows[2].id, id);
	assert_true(rows[0].from_at_us < rows[1].from_at_us);
}

static struct pv_desk_variant *submit_for(struct pv_press *p, int64_t due_us)
{
	struct pv_desk_variant *v;
	struct pv_variant_in in = {.account = p->account,
		.text = "Avant l'heure.",
		.declared = pv_form_of(p->w, FAVOURITE),
		.due = {.kind = PV_DUE_AT, .at_us = due_us}};
	assert_ok(pv_desk_variant_submit(p->desk, p->w->mem, &p->manager, pv_press_write_in(p, &in),
			  &v, &p->w->error),
		p->w);
	assert_string_equal(v->row.stage, "review");
	return v;
}

static int64_t look(struct pv_press *p)
{
	int64_t next_us;
	p->h->told = 0;
	assert_ok(pv_desk_overdue_turn(p->desk, &next_us, &p->w->error), p->w);
	return next_us;
}

/* Four hours before, or half of the time there was; once; and when the hour passes it does not go. */
static void test_the_hour_of_a_review(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_today today;
	int64_t start_us = pv_env_now_us(p->env), due_us = start_us + 10 * PV_HOUR_US;
	assert_int_equal(look(p), PV_TIME_NONE);
	struct pv_desk_variant *v = submit_for(p, due_us);
	assert_int_equal(look(p), due_us - 4 * PV_HOUR_US);
	assert_int_equal(p->h->told, 0);
	pv_press_advance(p, 6 * PV_HOUR_US);
	assert_int_equal(look(p), due_us);
	assert_int_equal(p->h->told, 1);
	assert_string_equal(p->h->last_told, "reminder");
	assert_int_equal(look(p), due_us);
	assert_int_equal(p->h->told, 0);
	/* another one, in a hurry: half of its time */
	struct pv_desk_variant *quick = submit_for(p, pv_env_now_us(p->env) + 2 * PV_HOUR_US);
	assert_int_equal(look(p), (quick->row.due_at_us + quick->row.submitted_at_us) / 2);
	assert_ok(APPROVE(p, &p->head, quick), w);
	pv_press_advance(p, 4 * PV_HOUR_US);
	assert_status(APPROVE(p, &p->head, v), PV_CONFLICT, w);
	assert_int_equal(look(p), PV_TIME_NONE);
	assert_int_equal(p->h->told, 1);
	v = pv_press_see(p, v->row.id);
	assert_string_equal(v->row.stage, "sent_back");
	assert_non_null(strstr(v->notice.fr, "n'est pas venue"));
	assert_non_null(strstr(v->notice.en, "did not come"));
	assert_null(v->publication);
	assert_ok(pv_desk_today(p->desk, w->mem, &p->manager, &today, &w->error), w);
	bool seen = false;
	for (size_t i = 0; i < today.n_items; i++)
		seen |= strcmp(today.items[i].kind, "lapsed") == 0 &&
			strcmp(today.items[i].id, v->row.id) == 0;
	assert_true(seen);
	/* submitted again as it is, it is told what to change */
	assert_status(
		pv_desk_variant_submit(p->desk, w->mem, &p->manager, v->row.id, &v, &w->error),
		PV_INVALID, w);
	/* another moment, and everything begins anew */
	struct pv_due due = {.kind = PV_DUE_AT, .at_us = pv_env_now_us(p->env) + PV_DAY_US};
	struct pv_variant_in in = {.due = due};
	assert_ok(pv_desk_variant_edit(p->desk, w->mem, &p->manager, v->row.id, v->row.version, &in,
			  &v, &w->error),
		w);
	assert_null(v->notice.fr);
	assert_ok(
		pv_desk_variant_submit(p->desk, w->mem, &p->manager, v->row.id, &v, &w->error), w);
	assert_string_equal(v->row.stage, "review");
}

/* Without a policy too: nobody approves what they share the interest of, before or after. */
static void test_no_policy_same_interest(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_desk_variant *v;
	struct pv_actor *owner = &p->h->obs_owner;
	struct pv_account_row account;
	struct pv_account_link link = {.server = "http://fake.example", .remote_id = "obs"};
	pv_house_seat(p->h, w, p->h->obs, p->head.person_id, "reviewer", "[]");
	pv_house_seat(p->h, w, p->h->obs, p->cousin.person_id, "reviewer", "[]");
	assert_ok(
		pv_desk_account_add(p->desk, w->mem, owner,
			pv_form_of(w, "{'organization':'obs','network':'fake','slug':'obs-fake'}"),
			&link, &account, &w->error),
		w);
	struct pv_variant_in in = {
		.account = account.id, .text = "Du pain : https://www.pain.example/levain"};
	struct pv_post_in whole = {.variants = &in, .n_variants = 1};
	struct pv_desk_post *post;
	assert_ok(pv_desk_post_create(p->desk, w->mem, owner, &whole, &post, &w->error), w);
	const char *id = post->variants[0].row.id;
	assert_ok(pv_desk_variant_submit(p->desk, w->mem, owner, id, &v, &w->error), w);
	assert_string_equal(v->row.stage, "review");
	pv_press_advance(p, PV_SECOND_US);
	/* the cousin owns the bakery */
	assert_int_equal(APPROVE(p, &p->cousin, v), PV_DENIED);
	assert_non_null(strstr(w->error.words.en, "share the interest"));
	assert_ok(APPROVE(p, &p->head, v), w);
	assert_string_equal(v->row.stage, "ready");
	/* without a policy an approval does not lapse: it holds as long as the text does */
	pv_press_advance(p, 400 * PV_DAY_US);
	struct pv_desk_judgement judgement;
	assert_ok(pv_desk_judge_variant(p->desk, w->mem, owner, id, &judgement, &w->error), w);
	assert_string_equal(judgement.verdict, "allow");
	assert_non_null(strstr(judgement.explanation.fr, "tant que le texte reste le même"));
	/* who has the same tie by now approved for nothing */
	struct pv_interest_row interest;
	assert_ok(pv_desk_interest_add(p->desk, w->mem, &p->head,
			  pv_form_of(w, "{'names':['Boulangerie'],'relation':'client',"
					"'domains':['pain.example']}"),
			  &interest, &w->error),
		w);
	assert_ok(pv_desk_variant_publish_now(p->desk, w->mem, owner, id, &v, &w->error), w);
	assert_string_equal(v->row.stage, "review");
	assert_null(v->publication);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PV_BOTH(test_two_steps),
		PV_BOTH(test_standing_in),
		PV_BOTH(test_lending_is_no_way_around),
		PV_BOTH(test_who_may_lend),
		PV_BOTH(test_ending_twice),
		PV_BOTH(test_withdrawn),
		PV_BOTH(test_many_stand_ins),
		PV_BOTH(test_the_hour_of_a_review),
		PV_BOTH(test_no_policy_same_interest),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
