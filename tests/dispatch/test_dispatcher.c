/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The threads: on time after a rest, nobody waits for a slow network, an account keeps its order. */
#include "press.h"

#include "desk/accounts.h"
#include "desk/organizations.h"
#include "dispatch/runner.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#define PROJECT "{'origin':'organisation','interest':'project','axis':'project'}"

/* A network for several threads: what arrived, in order; accounts named "slow" wait. */
struct line {
	pthread_mutex_t lock;
	char texts[100][80];
	int64_t at_us[100];
	int n;
	_Atomic int inside, most_inside;
	int slow_ms;
	struct pv_env *real;
};

static enum pv_status take(void *state, TALLOC_CTX *mem, const struct pv_http_request *request,
	struct pv_http_response *out)
{
	struct line *line = state;
	PV_JSON json_t *body = NULL;
	int inside = atomic_fetch_add(&line->inside, 1) + 1;
	if (inside > atomic_load(&line->most_inside))
		atomic_store(&line->most_inside, inside);
	assert_int_equal(pv_json_parse(request->body, request->body_size, &body, NULL), PV_OK);
	const char *text = pv_json_text(body, "text");
	pthread_mutex_lock(&line->lock);
	snprintf(line->texts[line->n], sizeof line->texts[0], "%s", text);
	line->at_us[line->n] = pv_env_now_us(line->real);
	int n = ++line->n;
	pthread_mutex_unlock(&line->lock);
	if (strncmp(text, "lent", 4) == 0)
		pv_env_sleep_us(line->real, line->slow_ms * 1000);
	atomic_fetch_sub(&line->inside, 1);
	const char *answer =
		talloc_asprintf(mem, "{\"id\":\"p%d\",\"url\":\"http://x/p%d\"}", n, n);
	struct pv_http_header *type = talloc(mem, struct pv_http_header);
	*type = (struct pv_http_header){"content-type", "application/json"};
	*out = (struct pv_http_response){
		.outcome = PV_HTTP_ANSWERED,
		.status = 201,
		.headers = type,
		.n_headers = 1,
		.body = talloc_strdup(mem, answer),
		.body_size = strlen(answer),
		.final_url = "http://x/",
	};
	return PV_OK;
}

/* The real world with that network. */
static struct line *the_line;
static enum pv_status line_http(struct pv_env *env, TALLOC_CTX *mem,
	const struct pv_http_request *request, struct pv_http_response *out, struct pv_error *error)
{
	(void)env;
	(void)error;
	return take(the_line, mem, request, out);
}

struct office {
	struct pv_press *p;
	struct line line;
	struct pv_env env;
	struct pv_env_ops ops;
	struct pv_desk *desk; /* what the dispatcher opens its own from */
	struct pv_dispatcher *_Atomic dispatcher;
	const char *second; /* another account of the same network */
};

static void wake(void *state, const struct pv_change *change)
{
	(void)change;
	struct office *office = state;
	struct pv_dispatcher *dispatcher = office->dispatcher;
	if (dispatcher)
		pv_dispatcher_wake(dispatcher);
}

static struct office *open_office(struct pv_world *w)
{
	struct office *o = talloc_zero(w->mem, struct office);
	struct pv_dispatcher *dispatcher;
	o->p = pv_press_build(w);
	o->line.real = w->real;
	o->line.slow_ms = 1500;
	pthread_mutex_init(&o->line.lock, NULL);
	the_line = &o->line;
	o->ops = *w->real->ops;
	o->ops.http = line_http;
	o->env = (struct pv_env){.ops = &o->ops, .state = w->real->state};
	/* everybody in the real time from here on */
	o->p->env = &o->env;
	o->p->desk->env = &o->env;
	struct pv_account_link link = {.name = "Coop 2",
		.handle = "@coop2",
		.server = "http://fake.example",
		.remote_id = "second",
		.secrets = "{\"token\":\"t\"}"};
	struct pv_account_row row;
	json_t *form = pv_form_of(
		w, talloc_asprintf(w->mem,
			   "{'organization':'%s','network':'fake','slug':'coop-two','name':'Coop'}",
			   o->p->h->coop));
	assert_ok(pv_desk_account_add(
			  o->p->desk, w->mem, &o->p->h->owner, form, &link, &row, &w->error),
		w);
	o->second = row.id;
	o->desk = pv_house_desk(w, w->mem);
	o->desk->env = &o->env;
	o->desk->changed = wake;
	o->desk->changed_state = o;
	o->p->desk->changed = wake;
	o->p->desk->changed_state = o;
	assert_ok(pv_dispatcher_start(w->mem, o->desk, &dispatcher, &w->error), w);
	o->dispatcher = dispatcher;
	return o;
}

static void close_office(struct office *o)
{
	struct pv_dispatcher *dispatcher = o->dispatcher;
	/* Its threads may still look for whom to wake: they stop first. */
	pv_dispatcher_stop(dispatcher);
	o->dispatcher = NULL;
}

static const char *plan(struct office *o, const char *account, const char *text, int64_t in_us)
{
	struct pv_press *p = o->p;
	struct pv_desk_variant *v;
	struct pv_desk_post *post;
	struct pv_variant_in in = {.account = account,
		.text = text,
		.declared = pv_form_of(p->w, PROJECT),
		.due = {.kind = PV_DUE_AT, .at_us = pv_env_now_us(&o->env) + in_us}};
	struct pv_post_in whole = {.variants = &in, .n_variants = 1};
	assert_ok(pv_desk_post_create(p->desk, p->w->mem, &p->manager, &whole, &post, &p->w->error),
		p->w);
	assert_ok(pv_desk_variant_submit(p->desk, p->w->mem, &p->manager, post->variants[0].row.id,
			  &v, &p->w->error),
		p->w);
	assert_string_equal(v->row.stage, "scheduled");
	return v->row.id;
}

static void wait_for(struct office *o, const char *id, const char *state)
{
	for (int i = 0; i < 800; i++) {
		if (strcmp(pv_press_see(o->p, id)->publication->state, state) == 0)
			return;
		pv_env_sleep_us(&o->env, 10000);
	}
	pv_press_state(o->p, id, state);
}

static void test_on_time(struct pv_world *w)
{
	struct office *o = open_office(w);
	const char *id = plan(o, o->p->account, "À l'heure.", 600000);
	assert_int_equal(o->line.n, 0);
	wait_for(o, id, "published");
	int64_t due_us = pv_press_see(o->p, id)->publication->due_at_us;
	int64_t late_us = o->line.at_us[0] - due_us;
	print_message("# left %lld us after its time\n", (long long)late_us);
	assert_true(late_us >= 0);
	assert_true(late_us < 250000); /* 20 ms on a quiet machine: bench/dispatch */
	assert_true(pv_dispatcher_last_turn_us(o->dispatcher) > 0);
	assert_string_equal(pv_dispatcher_trouble(o->dispatcher, w->mem), "");
	close_office(o);
}

/* Two accounts of a slow network are stuck; the journal leaves, and the account keeps its order. */
static void test_slow_network(struct pv_world *w)
{
	struct office *o = open_office(w);
	const char *a1 = plan(o, o->p->account, "lent 1", 0);
	const char *b1 = plan(o, o->second, "lent 2", 0);
	const char *a2 = plan(o, o->p->account, "suite 1", 0);
	int64_t began_us = pv_env_now_us(&o->env);
	const char *journal = plan(o, o->p->journal, "Au journal.", 0);
	wait_for(o, journal, "published");
	assert_true(pv_env_now_us(&o->env) - began_us < 1000000);
	wait_for(o, a2, "published");
	pv_press_state(o->p, a1, "published");
	wait_for(o, b1, "published");
	assert_true(atomic_load(&o->line.most_inside) <= PV_DISPATCH_WORKERS / 2);
	assert_string_equal(o->line.texts[2], "suite 1");
	close_office(o);
}

static void test_stop_and_resume(struct pv_world *w)
{
	struct office *o = open_office(w);
	struct pv_organization_row row;
	assert_ok(pv_desk_organization_pause(
			  o->p->desk, w->mem, &o->p->head, o->p->h->coop, "Deuil", &row, &w->error),
		w);
	const char *id = plan(o, o->p->account, "Retenu.", 0);
	wait_for(o, id, "held");
	assert_ok(pv_desk_organization_resume(
			  o->p->desk, w->mem, &o->p->head, o->p->h->coop, &row, &w->error),
		w);
	int64_t began_us = pv_env_now_us(&o->env);
	wait_for(o, id, "published");
	assert_true(pv_env_now_us(&o->env) - began_us < 2 * PV_SECOND_US);
	close_office(o);
}

/* Two dispatchers on one database: each post once. */
static void test_two_nodes(struct pv_world *w)
{
	enum { POSTS = 24 };
	struct office *o = open_office(w);
	struct pv_desk *other = pv_house_desk(w, w->mem);
	struct pv_dispatcher *second;
	const char *ids[POSTS];
	other->env = &o->env;
	other->node = "other";
	other->changed = wake;
	other->changed_state = o;
	assert_ok(pv_dispatcher_start(w->mem, other, &second, &w->error), w);
	for (int i = 0; i < POSTS; i++)
		ids[i] = plan(o, i % 2 ? o->p->account : o->second,
			talloc_asprintf(w->mem, "Numéro %d.", i), 300000);
	for (int i = 0; i < POSTS; i++)
		wait_for(o, ids[i], "published");
	assert_int_equal(o->line.n, POSTS);
	for (int i = 0; i < POSTS; i++)
		for (int k = 0; k < i; k++)
			assert_string_not_equal(o->line.texts[i], o->line.texts[k]);
	pv_dispatcher_stop(second);
	close_office(o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PV_BOTH(test_on_time),
		PV_BOTH(test_slow_network),
		PV_BOTH(test_stop_and_resume),
		PV_BOTH(test_two_nodes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
