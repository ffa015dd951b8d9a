/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The month of an organisation: what went out is counted once, in its own month, as it was judged. */
#include "press.h"

#include "desk/exceptions.h"
#include "desk/report.h"
#include "dispatch/runner.h"
#include "store/person.h"

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
	const struct pv_report_asked asked = {.organization = "coop", .month = month};
	const char *text;
	json_t *report = NULL;
	assert_ok(pv_desk_report(p->desk, p->w->mem, &p->head, &asked, &text, &p->w->error), p->w);
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
	assert_int_equal(pv_json_int(own, "posts", -1), 3);
	assert_int_equal(pv_json_int(own, "count", -1), 1);
	assert_int_equal(json_number_value(json_object_get(own, "share")) * 3, 100);
	assert_true(json_number_value(json_object_get(own, "own_creation_share")) == 0);
	assert_int_equal(json_number_value(json_object_get(own, "with_tie_share")) * 3, 100);
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
	own = json_object_get(empty, "self_promotion");
	assert_true(json_is_null(json_object_get(own, "share")));
	assert_true(json_is_null(json_object_get(own, "with_tie_share")));
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
static const char *csv_of(struct pv_press *p, enum pv_report_form form, bool french)
{
	const struct pv_report_asked asked = {
		.organization = "coop", .form = form, .french = french};
	const char *text;
	assert_ok(pv_desk_report(p->desk, p->w->mem, &p->head, &asked, &text, &p->w->error), p->w);
	return text;
}

static void test_csv(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	send(p, pv_press_write(p, "=HYPERLINK(\"http://x.example\")", PROJECT));
	send(p, pv_press_write(p, "Deux\nlignes, une virgule", PROJECT));
	const char *text = csv_of(p, PV_REPORT_CSV, true);
	assert_non_null(strstr(text, "\xEF\xBB\xBF"
				     "date,time,account"));
	assert_non_null(strstr(text, ",\"'=HYPERLINK(\"\"http://x.example\"\")\"\r\n"));
	assert_non_null(strstr(text, ",\"Deux\nlignes, une virgule\"\r\n"));
	assert_null(strstr(text, ",=HYP"));
}

/* ---- exceptions -------------------------------------------------------------------------------- */

#define BOTH_RULES "'lifts':['own-creation','favourite'],"
#define FOR_BOOKS                                                                      \
	"{" BOTH_RULES "'when':{'origin':'own_creation'},'from':'2026-03-02','until':" \
	"'2026-03-31','reason':{'fr':'Son livre, une fois.','en':'Their book, for once.'}}"
#define FOR_NOBODY                                                                      \
	"{'lifts':['favourite'],'when':{'topic':'nobody'},'from':'2026-03-02','until':" \
	"'2026-03-31','reason':'Au cas où.'}"

static const char *ask(struct pv_press *p, const char *form)
{
	struct pv_desk_exception asked;
	assert_ok(pv_desk_exception_ask(p->desk, p->w->mem, &p->manager, "coop",
			  pv_form_of(p->w, form), &asked, &p->w->error),
		p->w);
	return asked.row.id;
}

static const char *granted(struct pv_press *p, const char *form)
{
	struct pv_desk_exception exception;
	const char *id = ask(p, form);
	assert_ok(
		pv_desk_exception_grant(p->desk, p->w->mem, &p->head, id, &exception, &p->w->error),
		p->w);
	return id;
}

static const json_t *exception_of(const json_t *report, const char *id)
{
	size_t i;
	json_t *entry;
	json_array_foreach(json_object_get(report, "exceptions"), i, entry)
	{
		if (strcmp(pv_json_text(entry, "id"), id) == 0)
			return entry;
	}
	fail_msg("no exception %s", id);
	return NULL;
}

static const char *name_of(struct pv_press *p, const struct pv_actor *actor)
{
	struct pv_person_row person;
	assert_ok(
		pv_person_find(p->w->db, p->w->mem, actor->person_id, &person, &p->w->error), p->w);
	return person.name;
}

/* "state posts: asked granted used" */
static void told(struct pv_press *p, const json_t *report, const char *id, const char *wanted)
{
	const json_t *e = exception_of(report, id);
	const json_t *happened = json_object_get(e, "happened");
	char *text = talloc_asprintf(
		p->w->mem, "%s %d:", pv_json_text(e, "state"), (int)pv_json_int(e, "posts", -1));
	for (size_t i = 0; i < json_array_size(happened); i++)
		text = talloc_asprintf_append(
			text, " %s", json_string_value(json_array_get(happened, i)));
	assert_string_equal(text, wanted);
}

static void test_exceptions_of_a_month(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_desk_exception exception;
	const char *books = granted(p, FOR_BOOKS), *unused = granted(p, FOR_NOBODY);
	const char *asked = ask(p, FOR_NOBODY), *refused = ask(p, FOR_NOBODY);
	const char *ended = granted(p, FOR_NOBODY);
	assert_ok(pv_desk_exception_refuse(
			  p->desk, w->mem, &p->head, refused, "Non.", &exception, &w->error),
		w);
	assert_ok(pv_desk_exception_end(
			  p->desk, w->mem, &p->head, ended, "Fini.", &exception, &w->error),
		w);
	/* one post, of which two rules are set aside */
	send(p, pv_press_write(p, "Mon livre.", REFUSED));
	send(p, pv_press_write(p, "Le projet avance.", PROJECT));
	PV_JSON json_t *report = report_of(p, NULL);
	assert_int_equal(json_array_size(json_object_get(report, "exceptions")), 5);
	assert_int_equal(pv_json_int(report, "refusals_lifted", -1), 1);
	told(p, report, books, "granted 1: asked granted used");
	told(p, report, unused, "granted 0: asked granted unused");
	told(p, report, asked, "asked 0: asked");
	told(p, report, refused, "refused 0: asked refused");
	told(p, report, ended, "ended 0: asked granted ended unused");
	const json_t *used = json_array_get(json_object_get(report, "exceptions"), 0);
	assert_string_equal(pv_json_text(used, "id"), books);
	assert_string_equal(
		pv_json_text(json_object_get(used, "reason"), "fr"), "Son livre, une fois.");
	assert_string_equal(pv_json_text(used, "from"), "2026-03-02");
	assert_string_equal(pv_json_text(used, "until"), "2026-03-31");
	assert_string_equal(pv_json_text(used, "asked_by"), name_of(p, &p->manager));
	assert_string_equal(pv_json_text(used, "granted_by"), name_of(p, &p->head));
	assert_null(pv_json_text(used, "refused_by"));
	const json_t *rules = json_object_get(used, "rules");
	assert_int_equal(json_array_size(rules), 2);
	assert_string_equal(pv_json_text(json_object_get(json_array_get(rules, 0), "label"), "en"),
		"One's own creations: no.");
	assert_string_equal(
		pv_json_text(exception_of(report, refused), "refused_by"), name_of(p, &p->head));
	assert_string_equal(pv_json_text(exception_of(report, refused), "word"), "Non.");
	/* nothing of it is another month's; when it is over, it has run out */
	PV_JSON json_t *before = report_of(p, "2026-02");
	assert_int_equal(json_array_size(json_object_get(before, "exceptions")), 0);
	pv_press_advance(p, 40 * PV_DAY_US);
	PV_JSON json_t *march = report_of(p, "2026-03");
	told(p, march, books, "expired 1: asked granted expired used");
	told(p, march, asked, "expired 0: asked expired");
}

/* A spreadsheet tells them in the reader's language, those that were not used too. */
static void test_exceptions_csv(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	granted(p, FOR_BOOKS);
	ask(p, FOR_NOBODY);
	send(p, pv_press_write(p, "Mon livre.", REFUSED));
	const char *posts = csv_of(p, PV_REPORT_CSV, false);
	assert_non_null(strstr(posts, ",\"One's own creations: no.; Favourite: to approve.\","
				      "\"Their book, for once.\","));
	const char *fr = csv_of(p, PV_REPORT_EXCEPTIONS_CSV, true);
	assert_non_null(strstr(fr,
		"\r\n\"Son livre, une fois.\",\"Ses propres créations : non.; Coup de cœur : à "
		"approuver.\",2026-03-02,2026-03-31,1,granted,\"asked; granted; used\",desk,"));
	assert_non_null(strstr(fr, "\r\nAu cas où.,Coup de cœur : à approuver.,2026-03-02,"
				   "2026-03-31,0,asked,asked,desk,"));
	assert_non_null(strstr(csv_of(p, PV_REPORT_EXCEPTIONS_CSV, false),
		"\r\n\"Their book, for once.\",\"One's own creations: no.; Favourite: to "
		"approve.\","));
}

/* One of the policy's text, which a later version does not have any more. */
static void test_exceptions_of_the_document(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	static const char exceptions[] =
		"exceptions:\n"
		"  - {id: books, lifts: [own-creation, favourite], when: {origin: own_creation}, "
		"from: 2026-03-01, until: 2026-03-31, granted_by: le conseil, reason: {fr: Le "
		"salon du livre., en: The book fair.}}\n"
		"  - {id: idle, lifts: [favourite], when: {kind: share}, from: 2026-01-01, until: "
		"2026-12-31, granted_by: le conseil, reason: {fr: Des partages., en: Shares.}}\n";
	pv_press_adopt(p, talloc_asprintf(w->mem, "%s%s", pv_press_policy, exceptions));
	send(p, pv_press_write(p, "Mon livre.", REFUSED));
	PV_JSON json_t *now = report_of(p, NULL);
	told(p, now, "books", "granted 1: used");
	told(p, now, "idle", "granted 0: unused");
	pv_press_adopt(p, pv_press_policy);
	PV_JSON json_t *later = report_of(p, NULL);
	told(p, later, "books", "granted 1: used");
	assert_int_equal(json_array_size(json_object_get(later, "exceptions")), 1);
	const json_t *books = exception_of(later, "books");
	assert_string_equal(pv_json_text(books, "source"), "document");
	assert_string_equal(pv_json_text(books, "granted_by"), "le conseil");
	assert_string_equal(pv_json_text(json_object_get(books, "reason"), "en"), "The book fair.");
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
		const struct pv_report_asked asked = {
			.organization = "coop", .month = cases[i].month};
		enum pv_status status =
			pv_desk_report(p->desk, w->mem, cases[i].actor, &asked, &text, &w->error);
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
		PV_BOTH(test_exceptions_of_a_month),
		PV_BOTH(test_exceptions_csv),
		PV_BOTH(test_exceptions_of_the_document),
		PV_BOTH(test_who_may_read_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
