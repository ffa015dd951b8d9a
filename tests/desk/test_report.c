/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The month of an organisation: what went out is counted once, in its own month, as it was judged. */
#include "press.h"

#include "desk/report.h"
#include "dispatch/runner.h"

#include <string.h>

#define PROJECT "{'origin':'organisation','interest':'project','axis':'project'}"
#define FAVOURITE                                                                                  \
	"{'origin':'third_party','interest':'personal_favourite','axis':'human','human':['faces']" \
	",'consent':true}"
#define FAMILY \
	"{'origin':'third_party','interest':'project','axis':'sharing','relation':['family']}"
#define REFUSED "{'origin':'own_creation','interest':'personal_favourite'}"

static void turn(struct pv_press *p)
{
	struct pv_runner *runner;
	int64_t next_us;
	assert_ok(pv_runner_create(p->w->mem, p->desk, &runner, &p->w->error), p->w);
	assert_ok(pv_runner_turn(runner, &next_us, &p->w->error), p->w);
	talloc_free(runner);
}

static void send(struct pv_press *p, const char *id)
{
	struct pv_desk_variant *v;
	assert_ok(
		pv_desk_variant_publish_now(p->desk, p->w->mem, &p->manager, id, &v, &p->w->error),
		p->w);
	turn(p);
	pv_press_state(p, id, "published");
	pv_press_advance(p, PV_MINUTE_US);
}

/* Submitted, approved an hour later, sent. */
static void send_approved(struct pv_press *p, const char *text)
{
	struct pv_desk_variant *v;
	const char *id = pv_press_write(p, text, FAVOURITE);
	assert_ok(pv_desk_variant_submit(p->desk, p->w->mem, &p->manager, id, &v, &p->w->error),
		p->w);
	pv_press_advance(p, PV_HOUR_US);
	assert_ok(pv_desk_review_approve(
			  p->desk, p->w->mem, &p->head, id, v->row.digest, "", &v, &p->w->error),
		p->w);
	send(p, id);
}

static json_t *report_of(struct pv_press *p, const char *month)
{
	const char *text;
	json_t *report = NULL;
	assert_ok(pv_desk_report(p->desk, p->w->mem, &p->head, "coop", month, PV_REPORT_JSON, &text,
			  &p->w->error),
		p->w);
	assert_ok(pv_json_parse(text, strlen(text), &report, &p->w->error), p->w);
	return report;
}

static int64_t count_of(const json_t *report, const char *list, const char *value)
{
	size_t i;
	json_t *entry;
	json_array_foreach(json_object_get(report, list), i, entry)
	{
		if (strcmp(pv_json_text(entry, "value"), value) == 0)
			return pv_json_int(entry, "count", -1);
	}
	return 0;
}

static const json_t *rule_of(const json_t *report, const char *rule)
{
	size_t i;
	json_t *entry;
	json_array_foreach(json_object_get(report, "rules"), i, entry)
	{
		if (strcmp(pv_json_text(entry, "rule"), rule) == 0)
			return entry;
	}
	return NULL;
}

/* A month with one of everything. */
static void fill(struct pv_press *p)
{
	struct pv_desk_variant *v;
	send(p, pv_press_write(p, "Le projet avance.", PROJECT));
	send_approved(p, "Un coup de cœur.");
	send(p, pv_press_write(p, "Le pain, d'un proche de notre gestionnaire.", FAMILY));
	const char *refused = pv_press_write(p, "Mon livre.", REFUSED);
	assert_status(
		pv_desk_variant_submit(p->desk, p->w->mem, &p->manager, refused, &v, &p->w->error),
		PV_REFUSED, p->w);
}

static void test_a_month(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	fill(p);
	PV_JSON json_t *report = report_of(p, NULL);
	assert_int_equal(pv_json_int(report, "posts", 0), 3);
	assert_int_equal(pv_json_int(report, "human", 0), 1);
	assert_int_equal(count_of(report, "by_axis", "project"), 1);
	assert_int_equal(count_of(report, "by_axis", "human"), 1);
	assert_int_equal(count_of(report, "by_axis", "sharing"), 1);
	assert_int_equal(count_of(report, "by_origin", "third_party"), 2);
	assert_int_equal(count_of(report, "verdicts", "allow"), 3);
	const json_t *own = json_object_get(report, "self_promotion");
	assert_int_equal(pv_json_int(own, "own_creation", -1), 0);
	assert_int_equal(pv_json_int(own, "own_work", -1), 1);
	assert_int_equal(pv_json_int(own, "with_tie", -1), 1);
	assert_int_equal(pv_json_int(json_object_get(report, "disclosures"), "made", -1), 1);
	const json_t *approvals = json_object_get(report, "approvals");
	assert_int_equal(pv_json_int(approvals, "posts", -1), 1);
	assert_int_equal(pv_json_int(approvals, "given", -1), 1);
	assert_int_equal(pv_json_int(json_object_get(approvals, "delay"), "median_s", -1), 3600);
	assert_int_equal(pv_json_int(report, "refused", -1), 1);
	const json_t *rationed = rule_of(report, "rationed");
	assert_non_null(rationed);
	assert_int_equal(pv_json_int(rationed, "total", -1), 3);
	assert_int_equal(pv_json_int(json_object_get(rationed, "quota"), "count", -1), 1);
	assert_false(pv_json_bool(json_object_get(rationed, "quota"), "beyond", true));
	assert_false(pv_json_bool(json_object_get(rationed, "quota"), "few", true));
	assert_int_equal(json_array_size(json_object_get(report, "items")), 3);
	/* another month holds nothing */
	PV_JSON json_t *empty = report_of(p, "2020-02");
	assert_int_equal(pv_json_int(empty, "posts", -1), 0);
	assert_true(json_is_null(json_object_get(json_object_get(empty, "approvals"), "delay")));
}

/* By the organisation's own clock: the last evening of a month is still that month. */
static void test_the_edge_of_a_month(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_civil edge = {.year = 2027, .month = 2, .day = 1, .hour = 4, .minute = 30};
	pv_press_advance(p, pv_civil_as_utc(&edge) - pv_env_now_us(p->env));
	send(p, pv_press_write(p, "Un soir de janvier.", PROJECT));
	pv_press_advance(p, PV_HOUR_US);
	send(p, pv_press_write(p, "Une nuit de février.", PROJECT));
	PV_JSON json_t *january = report_of(p, "2027-01");
	PV_JSON json_t *february = report_of(p, "2027-02");
	assert_int_equal(pv_json_int(january, "posts", -1), 1);
	assert_int_equal(pv_json_int(february, "posts", -1), 1);
	assert_string_equal(pv_json_text(january, "from"), "2027-01-01T05:00:00.000Z");
	assert_string_equal(pv_json_text(january, "until"), "2027-02-01T05:00:00.000Z");
}

/* What begins like a formula is text; quotes are doubled; a line a post. */
static void test_csv(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	const char *text;
	send(p, pv_press_write(p, "=HYPERLINK(\"http://x.example\")", PROJECT));
	send(p, pv_press_write(p, "Deux\nlignes, une virgule", PROJECT));
	assert_ok(pv_desk_report(
			  p->desk, w->mem, &p->head, "coop", NULL, PV_REPORT_CSV, &text, &w->error),
		w);
	assert_non_null(strstr(text, "\xEF\xBB\xBF"
				     "date,time,account"));
	assert_non_null(strstr(text, ",\"'=HYPERLINK(\"\"http://x.example\"\")\"\r\n"));
	assert_non_null(strstr(text, ",\"Deux\nlignes, une virgule\"\r\n"));
	assert_null(strstr(text, ",=HYP"));
}

static void test_who_may_read_it(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_house *h = p->h;
	const char *text;
	const struct {
		const struct pv_actor *actor;
		const char *month;
		enum pv_status status;
	} cases[] = {
		{&h->owner, NULL, PV_OK},
		{&h->analyst, "2026-10", PV_OK},
		{&h->token, NULL, PV_OK},
		{&h->reader, NULL, PV_DENIED},
		{&h->obs_owner, NULL, PV_NOT_FOUND},
		{&h->outsider, NULL, PV_NOT_FOUND},
		{&h->owner, "2026-13", PV_INVALID},
		{&h->owner, "2026-1", PV_INVALID},
		{&h->owner, "2026-01-01", PV_INVALID},
		{&h->owner, "octobre", PV_INVALID},
		{&h->owner, "", PV_INVALID},
	};
	for (size_t i = 0; i < PV_COUNT(cases); i++) {
		w->error = PV_ERROR_IN(w->mem);
		enum pv_status status = pv_desk_report(p->desk, w->mem, cases[i].actor, "coop",
			cases[i].month, PV_REPORT_JSON, &text, &w->error);
		if (status != cases[i].status)
			fail_msg("%zu: %s", i, pv_status_name(status));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PV_BOTH(test_a_month),
		PV_BOTH(test_the_edge_of_a_month),
		PV_BOTH(test_csv),
		PV_BOTH(test_who_may_read_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
