/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Exceptions: what may be asked, who may grant it, and how they run out. */
#include "press.h"

#include "desk/audit.h"
#include "desk/exceptions.h"
#include "desk/judging.h"
#include "policy/policy.h"
#include "store/membership.h"

#include <stdio.h>
#include <string.h>

#define WHEN "'when':{'interest':'personal_favourite'}"
#define MARCH "'from':'2026-03-02','until':'2026-03-31','reason':'Un mois pour voir.'"

static enum pv_status ask_as(struct pv_press *p, const struct pv_actor *actor, const char *form,
	struct pv_desk_exception *out)
{
	return pv_desk_exception_ask(
		p->desk, p->w->mem, actor, "coop", pv_form_of(p->w, form), out, &p->w->error);
}

static const char *ask(struct pv_press *p, const char *form)
{
	struct pv_desk_exception exception;
	assert_ok(ask_as(p, &p->manager, form, &exception), p->w);
	assert_string_equal(exception.state, "asked");
	return exception.row.id;
}

static enum pv_status grant(struct pv_press *p, const struct pv_actor *actor, const char *id)
{
	struct pv_desk_exception exception;
	return pv_desk_exception_grant(p->desk, p->w->mem, actor, id, &exception, &p->w->error);
}

static struct pv_desk_exception see(struct pv_press *p, const char *id)
{
	struct pv_desk_exception exception;
	assert_ok(pv_desk_exception_find(
			  p->desk, p->w->mem, &p->h->reader, id, &exception, &p->w->error),
		p->w);
	return exception;
}

/* ---- asking ------------------------------------------------------------------------------------ */

static const struct {
	const char *what, *form, *pointer, *en; /* pointer NULL: fine */
} asked[] = {
	{"fine", "{'lifts':['favourite']," WHEN "," MARCH "}", NULL, NULL},
	{"both languages",
		"{'lifts':['favourite']," WHEN ",'from':'2026-03-02','until':'2026-03-02','reason':"
		"{'fr':'Oui.','en':'Yes.'}}",
		NULL, NULL},
	{"several values, of a fact no rule names",
		"{'lifts':['favourite','rationed'],'when':{'topic':['été','hiver'],'sponsored':"
		"true}," MARCH "}",
		NULL, NULL},
	{"no rule", "{'lifts':[]," WHEN "," MARCH "}", "/lifts", "which rules"},
	{"no lifts at all", "{" WHEN "," MARCH "}", "/lifts", "which rules"},
	{"a rule that is not there", "{'lifts':['favourite','gone']," WHEN "," MARCH "}",
		"/lifts/1", "no rule \"gone\""},
	{"a rule that never speaks there",
		"{'lifts':['favourite'],'when':{'interest':'project'}," MARCH "}", "/lifts/0",
		"of no use"},
	{"no condition", "{'lifts':['favourite']," MARCH "}", "/when", "for which posts"},
	{"for every post", "{'lifts':['favourite'],'when':{}," MARCH "}", "/when",
		"for which posts"},
	{"no such fact", "{'lifts':['favourite'],'when':{'colour':'red'}," MARCH "}", "/when",
		"not a fact"},
	{"no such value", "{'lifts':['favourite'],'when':{'stance':'mine'}," MARCH "}", "/when",
		"not one"},
	{"no end", "{'lifts':['favourite']," WHEN ",'from':'2026-03-02','reason':'x'}", "/until",
		"needed"},
	{"an end before its beginning",
		"{'lifts':['favourite']," WHEN ",'from':'2026-03-09','until':'2026-03-08',"
		"'reason':'x'}",
		"/until", "ends before"},
	{"all of it past",
		"{'lifts':['favourite']," WHEN ",'from':'2026-02-01','until':'2026-03-01',"
		"'reason':'x'}",
		"/until", "past"},
	{"for ever",
		"{'lifts':['favourite']," WHEN ",'from':'2026-03-02','until':'2027-03-03',"
		"'reason':'x'}",
		"/until", "at most"},
	{"not a date",
		"{'lifts':['favourite']," WHEN ",'from':'demain','until':'2026-03-03','reason':"
		"'x'}",
		"/from", "a date"},
	{"no reason", "{'lifts':['favourite']," WHEN ",'from':'2026-03-02','until':'2026-03-03'}",
		"/reason", "needed"},
	{"a reason in one language",
		"{'lifts':['favourite']," WHEN ",'from':'2026-03-02','until':'2026-03-03',"
		"'reason':{'fr':'Oui.'}}",
		"/reason/en", "needed"},
	{"a member nobody knows", "{'lifts':['favourite'],'by':'me'," WHEN "," MARCH "}", "/by",
		NULL},
};

static void test_asking(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_desk_exception exception;
	for (size_t i = 0; i < PV_COUNT(asked); i++) {
		struct pv_error error = PV_ERROR_IN(w->mem);
		enum pv_status status = pv_desk_exception_ask(p->desk, w->mem, &p->manager, "coop",
			pv_form_of(w, asked[i].form), &exception, &error);
		if (!asked[i].pointer) {
			assert_int_equal(status, PV_OK);
			continue;
		}
		if (status != PV_INVALID || !pv_problem_at(&error, asked[i].pointer))
			fail_msg("%s: %s, first %s %s", asked[i].what, pv_status_name(status),
				error.n_problems ? error.problems[0].pointer : "-",
				error.n_problems ? error.problems[0].message.en : "-");
		if (asked[i].en && !strstr(error.problems[0].message.en, asked[i].en))
			fail_msg("%s: %s", asked[i].what, error.problems[0].message.en);
	}
	/* without a policy there is nothing to be an exception to */
	json_t *form = pv_form_of(w, "{'lifts':['a']," WHEN "," MARCH "}");
	assert_status(pv_desk_exception_ask(p->desk, w->mem, &p->h->obs_owner, "obs", form,
			      &exception, &w->error),
		PV_NOT_FOUND, w);
}

/* A firm rule is for nobody to lift. */
static void test_firm(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_desk_exception exception;
	const char *at = strstr(pv_press_policy, "  - id: tie\n");
	pv_press_adopt(p, talloc_asprintf(w->mem, "%.*s  - id: tie\n    firm: yes\n%s",
				  (int)(at - pv_press_policy), pv_press_policy,
				  at + strlen("  - id: tie\n")));
	assert_status(
		ask_as(p, &p->manager, "{'lifts':['tie'],'when':{'relation':'family'}," MARCH "}",
			&exception),
		PV_INVALID, w);
}

/* ---- granting ---------------------------------------------------------------------------------- */

static void test_who_grants(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_desk_exception exception;
	const char *form = "{'lifts':['favourite']," WHEN "," MARCH "}";
	const char *id = ask(p, form);
	struct pv_membership_row seat = {.organization_id = p->h->coop,
		.person_id = p->head.person_id,
		.role = "reviewer",
		.policy_roles = "[\"stagiaire\"]"};
	assert_status(grant(p, &p->manager, id), PV_DENIED, w); /* asked for it */
	assert_status(grant(p, &p->h->reader, id), PV_DENIED, w);
	assert_status(grant(p, &p->h->analyst, id), PV_DENIED, w);
	assert_status(grant(p, &p->h->token, id), PV_DENIED, w);
	assert_status(grant(p, &p->h->outsider, id), PV_NOT_FOUND, w);
	assert_status(grant(p, &pv_actor_desk, id), PV_DENIED, w);
	assert_ok(pv_membership_update(w->db, &seat, &w->error), w);
	assert_status(grant(p, &p->head, id), PV_DENIED, w); /* reviews, in no role of the policy */
	seat.policy_roles = "[\"stagiaire\",\"editor\"]";
	assert_ok(pv_membership_update(w->db, &seat, &w->error), w);
	assert_ok(grant(p, &p->head, id), w);
	exception = see(p, id);
	assert_string_equal(exception.state, "granted");
	assert_true(exception.in_force);
	assert_string_equal(exception.row.decided_by, p->head.person_id);
	assert_status(grant(p, &p->h->owner, id), PV_CONFLICT, w);
	/* an owner without any role of the policy; not for what they asked themselves */
	id = ask(p, form);
	assert_ok(grant(p, &p->h->owner, id), w);
	assert_ok(ask_as(p, &p->h->owner, form, &exception), w);
	assert_status(grant(p, &p->h->owner, exception.row.id), PV_DENIED, w);
	/* only who writes asks */
	assert_status(ask_as(p, &p->head, form, &exception), PV_DENIED, w);
	assert_status(ask_as(p, &p->h->token, form, &exception), PV_DENIED, w);
}

/* For a post: not its author, nor who is tied to where it leads. */
static void test_interest(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	const char *post = pv_press_write(p, "Le pain : https://pain.example/", NULL);
	const char *plain = pv_press_write(p, "Bonjour.", NULL);
	const char *form =
		"{'lifts':['tie'],'when':{'relation':'family'}," MARCH ",'variant':'%s'}";
	const char *id = ask(p, talloc_asprintf(w->mem, form, post));
	assert_status(grant(p, &p->cousin, id), PV_DENIED, w);
	assert_string_equal(see(p, id).state, "asked");
	assert_ok(grant(p, &p->head, id), w);
	id = ask(p, talloc_asprintf(w->mem, form, plain));
	assert_ok(grant(p, &p->cousin, id), w);
	/* asked by an owner for the manager's post: the manager does not grant it, whatever their role */
	struct pv_desk_exception exception;
	struct pv_membership_row seat = {.organization_id = p->h->coop,
		.person_id = p->manager.person_id,
		.role = "editor",
		.policy_roles = "[\"editor\"]"};
	assert_ok(ask_as(p, &p->h->owner, talloc_asprintf(w->mem, form, plain), &exception), w);
	assert_ok(pv_membership_update(w->db, &seat, &w->error), w);
	assert_status(grant(p, &p->manager, exception.row.id), PV_DENIED, w);
	/* a post of another house */
	assert_status(
		ask_as(p, &p->manager, talloc_asprintf(w->mem, form, "01jnb3g0000000000000000030"),
			&exception),
		PV_NOT_FOUND, w);
}

/* What was asked for one text is not granted to another. */
static void test_another_text(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	static const char form[] = "{'lifts':['favourite']," WHEN "," MARCH ",'variant':'%s'}";
	struct pv_desk_exception exception;
	struct pv_desk_variant *v = NULL;
	struct pv_variant_in in = {.text = "Mon autre film."};
	const char *text = pv_press_write(p, "Mon film.", "{'interest':'personal_favourite'}");
	const char *same = ask(p, talloc_asprintf(w->mem, form, text));
	const char *before = ask(p, talloc_asprintf(w->mem, form, text));
	assert_ok(grant(p, &p->head, same), w);
	pv_press_advance(p, PV_MINUTE_US);
	assert_ok(pv_desk_variant_edit(p->desk, w->mem, &p->manager, text,
			  pv_press_see(p, text)->row.version, &in, &v, &w->error),
		w);
	assert_status(grant(p, &p->head, before), PV_CONFLICT, w);
	const char *after = ask(p, talloc_asprintf(w->mem, form, text));
	assert_ok(grant(p, &p->head, after), w);
	const char *gone = ask(p, talloc_asprintf(w->mem, form, text));
	assert_ok(pv_desk_post_remove(p->desk, &p->manager, v->row.post_id, &w->error), w);
	assert_status(grant(p, &p->head, gone), PV_CONFLICT, w);
	assert_ok(pv_desk_exception_refuse(
			  p->desk, w->mem, &p->head, gone, "Retirée.", &exception, &w->error),
		w);
}

static void test_refused_and_ended(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_desk_exception exception;
	const char *form = "{'lifts':['favourite']," WHEN "," MARCH "}";
	const char *id = ask(p, form);
	assert_status(
		pv_desk_exception_refuse(p->desk, w->mem, &p->head, id, " ", &exception, &w->error),
		PV_INVALID, w);
	assert_status(pv_desk_exception_refuse(
			      p->desk, w->mem, &p->manager, id, "Non.", &exception, &w->error),
		PV_DENIED, w);
	assert_ok(pv_desk_exception_refuse(
			  p->desk, w->mem, &p->head, id, "Non.", &exception, &w->error),
		w);
	assert_string_equal(exception.state, "refused");
	assert_string_equal(exception.row.word, "Non.");
	assert_status(pv_desk_exception_end(
			      p->desk, w->mem, &p->h->owner, id, NULL, &exception, &w->error),
		PV_CONFLICT, w);
	/* taken back by who asked */
	id = ask(p, form);
	assert_status(
		pv_desk_exception_end(p->desk, w->mem, &p->head, id, NULL, &exception, &w->error),
		PV_DENIED, w);
	assert_ok(pv_desk_exception_end(
			  p->desk, w->mem, &p->manager, id, NULL, &exception, &w->error),
		w);
	assert_string_equal(exception.state, "ended");
	/* once granted, by who granted it or who governs, not by who asked */
	id = ask(p, form);
	assert_ok(grant(p, &p->head, id), w);
	assert_status(pv_desk_exception_end(
			      p->desk, w->mem, &p->manager, id, NULL, &exception, &w->error),
		PV_DENIED, w);
	assert_ok(pv_desk_exception_end(
			  p->desk, w->mem, &p->h->owner, id, "Fini.", &exception, &w->error),
		w);
	assert_string_equal(exception.row.ended_by, p->h->owner.person_id);
	assert_false(exception.in_force);
	struct pv_audit_row *rows = NULL;
	size_t n = 0, granted = 0;
	assert_ok(pv_desk_audit_list(
			  p->desk, w->mem, &p->h->owner, p->h->coop, 0, 50, &rows, &n, &w->error),
		w);
	for (size_t i = 0; i < n; i++)
		if (strcmp(rows[i].verb, "exception.grant") == 0) {
			granted++;
			assert_string_equal(rows[i].before, "{\"state\":\"asked\"}");
			assert_non_null(strstr(rows[i].after, "\"state\":\"granted\""));
		}
	assert_int_equal(granted, 1);
}

/* ---- running out ------------------------------------------------------------------------------- */

static const char *verdict_of(struct pv_press *p, const char *id, const char **out_input)
{
	struct pv_desk_judgement judgement;
	assert_ok(pv_desk_judge_variant(
			  p->desk, p->w->mem, &p->manager, id, &judgement, &p->w->error),
		p->w);
	if (out_input)
		*out_input = judgement.input;
	return judgement.verdict;
}

/* Granted for no post, or for another: for one's own, or what one is tied to, it does not count. */
static void test_granted_apart(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	const char *form = "{'lifts':['tie'],'when':{'account':'coop-fake'}," MARCH "}";
	const char *post = pv_press_write(p, "Le pain : https://pain.example/", NULL);
	const char *before = verdict_of(p, post, NULL);
	assert_string_equal(before, "disclose");
	assert_ok(grant(p, &p->cousin, ask(p, form)), w);
	assert_string_equal(verdict_of(p, post, NULL), before);
	assert_ok(grant(p, &p->head, ask(p, form)), w);
	assert_string_not_equal(verdict_of(p, post, NULL), before);
	/* one whose author granted it, for all the world */
	struct pv_desk_exception exception;
	struct pv_membership_row seat = {.organization_id = p->h->coop,
		.person_id = p->manager.person_id,
		.role = "editor",
		.policy_roles = "[\"editor\"]"};
	form = "{'lifts':['favourite'],'when':{'account':'coop-fake'}," MARCH "}";
	post = pv_press_write(p, "Un film.", "{'interest':'personal_favourite'}");
	before = verdict_of(p, post, NULL);
	assert_ok(pv_membership_update(w->db, &seat, &w->error), w);
	assert_ok(ask_as(p, &p->h->owner, form, &exception), w);
	assert_ok(grant(p, &p->manager, exception.row.id), w);
	assert_string_equal(verdict_of(p, post, NULL), before);
}

/* By themselves, with their last day where the policy is; what was judged is judged again alike. */
static void test_days(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	const char *input = NULL;
	const char *post = pv_press_write(p, "Un film.", "{'interest':'personal_favourite'}");
	const char *id =
		ask(p, "{'lifts':['favourite','rationed'],'when':{'account':'coop-fake'},'from':"
		       "'2026-03-03','until':'2026-03-04','reason':'Deux jours.'}");
	assert_ok(grant(p, &p->head, id), w);
	assert_string_equal(verdict_of(p, post, NULL), "approve"); /* 2 March */
	assert_false(see(p, id).in_force);
	pv_press_advance(p, 17 * PV_HOUR_US); /* 00:00 in Toronto, and a little more */
	assert_string_equal(verdict_of(p, post, &input), "allow");
	assert_true(see(p, id).in_force);
	pv_press_advance(p, 2 * PV_DAY_US - PV_MINUTE_US);
	assert_string_equal(verdict_of(p, post, NULL), "allow");
	pv_press_advance(p, PV_MINUTE_US);
	assert_string_equal(verdict_of(p, post, NULL), "approve");
	assert_string_equal(see(p, id).state, "expired");
	assert_status(grant(p, &p->h->owner, id), PV_CONFLICT, w);
	/* the case that was kept, years later, without the desk */
	struct pv_policy *policy;
	struct pv_policy_problems problems;
	struct pv_case *c;
	struct pv_judgement *judgement;
	assert_ok(pv_policy_parse(w->mem, pv_press_policy, strlen(pv_press_policy), "p", &policy,
			  &problems, &w->error),
		w);
	assert_ok(pv_case_parse(w->mem, input, strlen(input), &c, NULL, NULL, &w->error), w);
	assert_ok(pv_judge(w->mem, policy, c, &judgement, &w->error), w);
	assert_int_equal(judgement->verdict, PV_VERDICT_ALLOW);
	assert_int_equal(judgement->lifted_by.n, 1);
	assert_string_equal(judgement->lifted_by.items[0], id);
}

static void test_too_many(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_desk_exception exception, *items = NULL;
	const char *form = "{'lifts':['favourite']," WHEN "," MARCH "}";
	size_t n = 0;
	for (int i = 0; i < PV_EXCEPTIONS_MAX; i++)
		ask(p, form);
	assert_status(ask_as(p, &p->manager, form, &exception), PV_TOO_LARGE, w);
	assert_ok(pv_desk_exception_list(
			  p->desk, w->mem, &p->h->reader, "coop", NULL, 30, &items, &n, &w->error),
		w);
	assert_int_equal(n, 30);
	assert_ok(pv_desk_exception_list(p->desk, w->mem, &p->h->reader, "coop", items[29].row.id,
			  100, &items, &n, &w->error),
		w);
	assert_int_equal(n, 70);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PV_BOTH(test_asking),
		PV_BOTH(test_firm),
		PV_BOTH(test_who_grants),
		PV_BOTH(test_interest),
		PV_BOTH(test_another_text),
		PV_BOTH(test_refused_and_ended),
		PV_BOTH(test_granted_apart),
		PV_BOTH(test_days),
		PV_BOTH(test_too_many),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
