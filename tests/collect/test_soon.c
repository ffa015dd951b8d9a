/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Between its submission and its time a link may come to lead elsewhere: what is due soon is looked
 * at once more, and does not go out when it is no longer allowed.
 */
#include "press.h"

#include "base/instant.h"
#include "collect/collector.h"
#include "desk/organizations.h"
#include "dispatch/runner.h"

#include <string.h>

#define FAVOURITE "{'origin':'third_party','interest':'personal_favourite','axis':'human'}"
#define PLAIN "{'origin':'third_party','axis':'human'}"
#define SITE "https://ailleurs.example/"
#define OWN "https://carnet.example/billet"

/* Sites of strangers, one answer for all of them but for those that a test names. */
struct far_web {
	struct pv_press *p;
	const char *leads_to; /* NULL: nowhere else */
	bool silent;
	int64_t takes_us;        /* of the silent ones */
	const char *silent_only; /* NULL, or what stands in the addresses that are silent */
	int asked;
};

static void far_answer(void *state, TALLOC_CTX *mem, const struct pv_http_request *request,
	struct pv_http_response *out)
{
	struct far_web *far = state;
	bool here = strncmp(request->url, SITE, strlen(SITE)) == 0;
	bool silent = far->silent && here &&
		      (!far->silent_only || strstr(request->url, far->silent_only));
	far->asked += here;
	if (silent && far->takes_us)
		pv_env_sim_advance(far->p->env, far->takes_us);
	*out = (struct pv_http_response){.outcome = silent ? PV_HTTP_NOT_SENT : PV_HTTP_ANSWERED,
		.status = far->leads_to && here ? 302 : 200,
		.body = talloc_strdup(mem, ""),
		.final_url = request->url,
		.reason = "silence"};
	out->headers = talloc_zero_array(mem, struct pv_http_header, 1);
	if (far->leads_to && here) {
		out->headers[0] = (struct pv_http_header){"location", far->leads_to};
		out->n_headers = 1;
	}
}

struct late {
	struct pv_world *w;
	struct pv_press *p;
	struct pv_collector *collector;
	struct pv_runner *runner;
	struct far_web far;
};

static struct late *build(struct pv_world *w)
{
	struct late *l = talloc_zero(w->mem, struct late);
	l->w = w;
	l->p = pv_press_build(w);
	l->far.p = l->p;
	l->p->other = far_answer;
	l->p->other_state = &l->far;
	assert_ok(pv_collector_create(w->mem, l->p->desk, &l->collector, &w->error), w);
	assert_ok(pv_runner_create(w->mem, l->p->desk, &l->runner, &w->error), w);
	return l;
}

static enum pv_status look(struct late *l, const struct pv_actor *actor, const char *id)
{
	return pv_collect_variant_links(l->p->desk, l->w->mem, actor, id, &l->w->error);
}

/* Written, looked at, submitted for a time from now. */
static const char *plan(struct late *l, const char *text, const char *declared, int64_t in_us)
{
	struct pv_press *p = l->p;
	struct pv_desk_variant *v;
	struct pv_variant_in in = {.account = p->account,
		.text = text,
		.declared = pv_form_of(l->w, declared),
		.due = {.kind = PV_DUE_AT, .at_us = pv_env_now_us(p->env) + in_us}};
	const char *id = pv_press_write_in(p, &in);
	assert_ok(look(l, &p->manager, id), l->w);
	assert_ok(pv_desk_variant_submit(p->desk, l->w->mem, &p->manager, id, &v, &l->w->error),
		l->w);
	return id;
}

/* The collector and the dispatcher, minute by minute. */
static void live(struct late *l, int64_t for_us)
{
	int64_t next_us;
	for (int64_t end_us = pv_env_now_us(l->p->env) + for_us;
		pv_env_now_us(l->p->env) < end_us;) {
		pv_press_advance(l->p, PV_MINUTE_US);
		assert_ok(pv_collector_turn(l->collector, &next_us, &l->w->error), l->w);
		assert_ok(pv_runner_turn(l->runner, &next_us, &l->w->error), l->w);
	}
}

static void a_redirect_that_changed_holds_its_post(struct pv_world *w)
{
	struct late *l = build(w);
	const char *id = plan(l, "Vu : " SITE "a", PLAIN, 6 * PV_HOUR_US);
	pv_press_stage(l->p, id, "scheduled");
	live(l, 5 * PV_HOUR_US);
	assert_int_equal(l->far.asked, 1); /* hours before, nobody is asked */
	l->far.leads_to = OWN;
	live(l, 56 * PV_MINUTE_US);
	pv_press_state(l->p, id, "held"); /* said before its time: there is still some to mend it */
	assert_string_equal(pv_press_see(l->p, id)->publication->held_by, "policy");
	live(l, 10 * PV_MINUTE_US);
	pv_press_stage(l->p, id, "sent_back");
	assert_int_equal(l->p->n_writes, 0);
	assert_true(l->far.asked <= 6);
}

/* Led elsewhere for a while, and back: it goes out by itself. */
static void a_redirect_that_came_back_lets_it_go(struct pv_world *w)
{
	struct late *l = build(w);
	const char *id = plan(l, "Vu : " SITE "a", PLAIN, PV_HOUR_US);
	live(l, 40 * PV_MINUTE_US);
	l->far.leads_to = OWN;
	live(l, 12 * PV_MINUTE_US);
	pv_press_state(l->p, id, "held");
	l->far.leads_to = NULL;
	live(l, 20 * PV_MINUTE_US);
	pv_press_stage(l->p, id, "done");
	assert_int_equal(l->p->n_writes, 1);
}

static void a_server_that_was_silent_is_asked_again(struct pv_world *w)
{
	struct late *l = build(w);
	l->far.silent = true;
	const char *id = plan(l, "Vu : " SITE "a", PLAIN, PV_HOUR_US);
	pv_press_stage(l->p, id, "scheduled");
	l->far.silent = false;
	l->far.leads_to = OWN;
	live(l, 70 * PV_MINUTE_US);
	pv_press_stage(l->p, id, "sent_back");
	assert_int_equal(l->p->n_writes, 0);
}

/* One that stays silent goes by what the policy says of that, and at its time. */
static void silence_holds_nobody_up(struct pv_world *w)
{
	struct late *l = build(w);
	l->far.silent = true;
	l->far.takes_us = 15 * PV_SECOND_US;
	const char *id = plan(l, "Vu : " SITE "a", PLAIN, PV_HOUR_US);
	live(l, 63 * PV_MINUTE_US);
	pv_press_stage(l->p, id, "done");
	assert_int_equal(l->p->n_writes, 1);
	assert_true(l->far.asked <= 4);
}

/* Posts full of silent links do not keep the others from being looked at. */
static void many_silent_links_starve_nobody(struct pv_world *w)
{
	struct late *l = build(w);
	l->far.silent = true;
	for (int n = 0; n < 5; n++) {
		char *text = talloc_asprintf(w->mem, "Vu %d :", n);
		for (int i = 0; i < 8; i++)
			text = talloc_asprintf_append(text, " " SITE "s%d-%d", n, i);
		plan(l, text, PLAIN, PV_HOUR_US);
	}
	const char *id = plan(l, "Vu : " SITE "a", PLAIN, 61 * PV_MINUTE_US);
	live(l, 45 * PV_MINUTE_US);
	l->far.silent_only = "/s";
	l->far.takes_us = 15 * PV_SECOND_US;
	l->far.leads_to = OWN;
	live(l, 20 * PV_MINUTE_US);
	pv_press_stage(l->p, id, "sent_back");
}

/* Days may pass before somebody approves: it is looked at before they do. */
static void an_approval_looks_first(struct pv_world *w)
{
	struct late *l = build(w);
	struct pv_press *p = l->p;
	struct pv_desk_variant *v;
	const char *id = plan(l, "Vu : " SITE "a", FAVOURITE, 10 * PV_DAY_US);
	pv_press_stage(p, id, "review");
	pv_press_advance(p, 3 * PV_DAY_US);
	l->far.leads_to = OWN;
	v = pv_press_see(p, id);
	assert_ok(look(l, &p->head, id), w);
	assert_ok(pv_desk_review_approve(
			  p->desk, w->mem, &p->head, id, v->row.digest, "", &v, &w->error),
		w);
	assert_string_equal(v->row.stage, "draft");
	assert_string_equal(v->row.verdict, "refuse");
}

/* What the house holds may leave at any moment: it is looked at too, now and then. */
static void what_is_held_is_looked_at(struct pv_world *w)
{
	struct late *l = build(w);
	struct pv_press *p = l->p;
	struct pv_organization_row row;
	const char *id = plan(l, "Vu : " SITE "a", PLAIN, PV_HOUR_US);
	assert_ok(pv_desk_organization_pause(
			  p->desk, w->mem, &p->h->owner, p->h->coop, "attente", &row, &w->error),
		w);
	live(l, 2 * PV_HOUR_US);
	int asked = l->far.asked;
	l->far.leads_to = OWN;
	live(l, 3 * PV_HOUR_US);
	assert_true(l->far.asked >= asked + 2 && l->far.asked <= asked + 4);
	assert_ok(pv_desk_organization_resume(
			  p->desk, w->mem, &p->h->owner, p->h->coop, &row, &w->error),
		w);
	live(l, 5 * PV_MINUTE_US);
	assert_int_equal(p->n_writes, 0);
	assert_string_not_equal(pv_press_see(p, id)->row.stage, "done");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PV_BOTH(a_redirect_that_changed_holds_its_post),
		PV_BOTH(a_redirect_that_came_back_lets_it_go),
		PV_BOTH(a_server_that_was_silent_is_asked_again),
		PV_BOTH(silence_holds_nobody_up),
		PV_BOTH(many_silent_links_starve_nobody),
		PV_BOTH(an_approval_looks_first),
		PV_BOTH(what_is_held_is_looked_at),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
