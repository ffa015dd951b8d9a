/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Every verb of the identity half, asked by somebody in every role: who may is a table here, said
 * again and not derived from the desk's own. A denied verb changes nothing.
 */
#include "house.h"

#include "desk/accounts.h"
#include "base/id.h"
#include "desk/audit.h"
#include "desk/exceptions.h"
#include "desk/identity.h"
#include "desk/policy_life.h"
#include "desk/register.h"

#include <string.h>

enum who { OWNER, EDITOR, REVIEWER, ANALYST, READER, TOKEN, OUTSIDER, OBS_OWNER, NOBODY, WHOS };

static const char *const who_names[WHOS] = {"owner", "editor", "reviewer", "analyst", "reader",
	"reading token", "outsider", "owner of another", "nobody"};

static struct pv_actor actor_of(const struct pv_house *h, enum who who)
{
	const struct pv_actor actors[WHOS] = {[OWNER] = h->owner,
		[EDITOR] = h->editor,
		[REVIEWER] = h->reviewer,
		[ANALYST] = h->analyst,
		[READER] = h->reader,
		[TOKEN] = h->token,
		[OUTSIDER] = h->outsider,
		[OBS_OWNER] = h->obs_owner,
		[NOBODY] = {.may_write = true}};
	return actors[who];
}

/* What a verb needs, made beforehand by the desk. */
struct stage {
	struct pv_world *w;
	struct pv_house *h;
	const char *account, *policy, *interest, *guarantee, *exception;
};

typedef enum pv_status verb(struct stage *s, const struct pv_actor *actor, struct pv_error *error);

static enum pv_status v_find(struct stage *s, const struct pv_actor *a, struct pv_error *e)
{
	struct pv_organization_row row;
	return pv_desk_organization_find(s->h->desk, s->w->mem, a, s->h->coop, &row, e);
}

static enum pv_status v_change(struct stage *s, const struct pv_actor *a, struct pv_error *e)
{
	struct pv_organization_row row;
	json_t *form = pv_form_of(s->w, "{'name':'Coop'}");
	return pv_desk_organization_change(s->h->desk, s->w->mem, a, s->h->coop, form, &row, e);
}

static enum pv_status v_switch(struct stage *s, const struct pv_actor *a, struct pv_error *e)
{
	struct pv_organization_row row;
	json_t *form = pv_form_of(s->w, "{'switches':['deuil']}");
	return pv_desk_organization_change(s->h->desk, s->w->mem, a, s->h->coop, form, &row, e);
}

static enum pv_status v_pause(struct stage *s, const struct pv_actor *a, struct pv_error *e)
{
	struct pv_organization_row row;
	return pv_desk_organization_pause(s->h->desk, s->w->mem, a, s->h->coop, "crise", &row, e);
}

static enum pv_status v_resume(struct stage *s, const struct pv_actor *a, struct pv_error *e)
{
	struct pv_organization_row row;
	return pv_desk_organization_resume(s->h->desk, s->w->mem, a, s->h->coop, &row, e);
}

static enum pv_status v_people(struct stage *s, const struct pv_actor *a, struct pv_error *e)
{
	struct pv_member_row *rows;
	size_t n;
	return pv_desk_people_list(s->h->desk, s->w->mem, a, s->h->coop, &rows, &n, e);
}

static enum pv_status v_invite(struct stage *s, const struct pv_actor *a, struct pv_error *e)
{
	struct pv_member_row row;
	const char *link;
	json_t *form = pv_form_of(s->w, "{'name':'N','login':'n@x.example','role':'reader'}");
	return pv_desk_person_invite(s->h->desk, s->w->mem, a, s->h->coop, form, &row, &link, e);
}

static enum pv_status v_member(struct stage *s, const struct pv_actor *a, struct pv_error *e)
{
	struct pv_member_row row;
	json_t *form = pv_form_of(s->w, "{'policy_roles':['direction']}");
	return pv_desk_member_change(
		s->h->desk, s->w->mem, a, s->h->coop, s->h->reader.person_id, form, &row, e);
}

static enum pv_status v_promote_oneself(
	struct stage *s, const struct pv_actor *a, struct pv_error *e)
{
	struct pv_member_row row;
	json_t *form = pv_form_of(s->w, "{'role':'owner'}");
	return pv_desk_member_change(s->h->desk, s->w->mem, a, s->h->coop,
		a->person_id ? a->person_id : "", form, &row, e);
}

static enum pv_status v_remove(struct stage *s, const struct pv_actor *a, struct pv_error *e)
{
	return pv_desk_member_remove(
		s->h->desk, a, s->h->coop, pv_house_person(s->h, s->w, "parting"), e);
}

static enum pv_status v_interests(struct stage *s, const struct pv_actor *a, struct pv_error *e)
{
	struct pv_interest_row *rows;
	size_t n;
	return pv_desk_interest_list(s->h->desk, s->w->mem, a, s->h->coop, &rows, &n, e);
}

static enum pv_status v_interest_add(struct stage *s, const struct pv_actor *a, struct pv_error *e)
{
	struct pv_interest_row row;
	json_t *form =
		pv_form_of(s->w, "{'organization':'coop','names':['X'],'relation':'client'}");
	return pv_desk_interest_add(s->h->desk, s->w->mem, a, form, &row, e);
}

static enum pv_status v_interest_end(struct stage *s, const struct pv_actor *a, struct pv_error *e)
{
	return pv_desk_interest_end(s->h->desk, a, s->interest, e);
}

static enum pv_status v_policies(struct stage *s, const struct pv_actor *a, struct pv_error *e)
{
	struct pv_policy_row *rows;
	size_t n;
	return pv_desk_policy_list(s->h->desk, s->w->mem, a, s->h->coop, &rows, &n, e);
}

static enum pv_status v_policy(struct stage *s, const struct pv_actor *a, struct pv_error *e)
{
	struct pv_policy_row row;
	return pv_desk_policy_find(s->h->desk, s->w->mem, a, s->policy, &row, e);
}

static enum pv_status v_draft(struct stage *s, const struct pv_actor *a, struct pv_error *e)
{
	struct pv_policy_row row;
	struct pv_policy_problems problems;
	return pv_desk_policy_draft(
		s->h->desk, s->w->mem, a, s->h->coop, pv_house_policy, "", &row, &problems, e);
}

static enum pv_status v_adopt(struct stage *s, const struct pv_actor *a, struct pv_error *e)
{
	struct pv_policy_row row;
	struct pv_policy_check check;
	return pv_desk_policy_adopt(
		s->h->desk, s->w->mem, a, s->policy, PV_TIME_NONE, &row, &check, e);
}

static enum pv_status v_edit(struct stage *s, const struct pv_actor *a, struct pv_error *e)
{
	struct pv_policy_row row;
	struct pv_policy_problems problems;
	struct pv_policy_edit edit = {.note = "Un mot."};
	return pv_desk_policy_edit(s->h->desk, s->w->mem, a, s->policy, &edit, &row, &problems, e);
}

static enum pv_status v_drop(struct stage *s, const struct pv_actor *a, struct pv_error *e)
{
	return pv_desk_policy_drop(s->h->desk, s->w->mem, a, s->policy, e);
}

static enum pv_status v_check(struct stage *s, const struct pv_actor *a, struct pv_error *e)
{
	struct pv_policy_row row;
	struct pv_policy_check check;
	return pv_desk_policy_run_check(s->h->desk, s->w->mem, a, s->policy, &row, &check, e);
}

static enum pv_status v_difference(struct stage *s, const struct pv_actor *a, struct pv_error *e)
{
	struct pv_policy_changes changes;
	return pv_desk_policy_difference(
		s->h->desk, s->w->mem, a, s->policy, s->policy, &changes, e);
}

static enum pv_status v_guarantees(struct stage *s, const struct pv_actor *a, struct pv_error *e)
{
	struct pv_guarantee_row *rows;
	size_t n;
	return pv_desk_guarantee_list(s->h->desk, s->w->mem, a, "coop", &rows, &n, e);
}

static enum pv_status v_guarantee_add(struct stage *s, const struct pv_actor *a, struct pv_error *e)
{
	struct pv_guarantee_row row;
	const char *in_force;
	return pv_desk_guarantee_add(s->h->desk, s->w->mem, a, "coop",
		"never: stance organisation, verdict above allow", "", &row, &in_force, e);
}

static enum pv_status v_guarantee_remove(
	struct stage *s, const struct pv_actor *a, struct pv_error *e)
{
	return pv_desk_guarantee_remove(s->h->desk, s->w->mem, a, s->guarantee, e);
}

static enum pv_status v_cases(struct stage *s, const struct pv_actor *a, struct pv_error *e)
{
	struct pv_policy_case_row *rows;
	size_t n;
	return pv_desk_cases_list(s->h->desk, s->w->mem, a, "coop", &rows, &n, e);
}

static enum pv_status v_cases_replace(struct stage *s, const struct pv_actor *a, struct pv_error *e)
{
	struct pv_case_problems problems;
	return pv_desk_cases_replace(s->h->desk, s->w->mem, a, "coop", "", 0, &problems, e);
}

static enum pv_status v_exceptions(struct stage *s, const struct pv_actor *a, struct pv_error *e)
{
	struct pv_desk_exception *items;
	size_t n;
	return pv_desk_exception_list(s->h->desk, s->w->mem, a, "coop", NULL, 10, &items, &n, e);
}

static enum pv_status v_exception(struct stage *s, const struct pv_actor *a, struct pv_error *e)
{
	struct pv_desk_exception exception;
	return pv_desk_exception_find(s->h->desk, s->w->mem, a, s->exception, &exception, e);
}

static json_t *exception_form(struct pv_world *w)
{
	return pv_form_of(w, "{'lifts':['all'],'when':{'kind':'post'},'from':'2026-03-02',"
			     "'until':'2026-03-31','reason':'Un essai.'}");
}

static enum pv_status v_exception_ask(struct stage *s, const struct pv_actor *a, struct pv_error *e)
{
	struct pv_desk_exception exception;
	return pv_desk_exception_ask(
		s->h->desk, s->w->mem, a, "coop", exception_form(s->w), &exception, e);
}

static enum pv_status v_exception_grant(
	struct stage *s, const struct pv_actor *a, struct pv_error *e)
{
	struct pv_desk_exception exception;
	return pv_desk_exception_grant(s->h->desk, s->w->mem, a, s->exception, &exception, e);
}

static enum pv_status v_exception_refuse(
	struct stage *s, const struct pv_actor *a, struct pv_error *e)
{
	struct pv_desk_exception exception;
	return pv_desk_exception_refuse(
		s->h->desk, s->w->mem, a, s->exception, "Non.", &exception, e);
}

static enum pv_status v_exception_end(struct stage *s, const struct pv_actor *a, struct pv_error *e)
{
	struct pv_desk_exception exception;
	return pv_desk_exception_end(s->h->desk, s->w->mem, a, s->exception, "", &exception, e);
}

static enum pv_status v_accounts(struct stage *s, const struct pv_actor *a, struct pv_error *e)
{
	struct pv_account_row *rows;
	size_t n;
	return pv_desk_account_list(s->h->desk, s->w->mem, a, s->h->coop, &rows, &n, e);
}

static enum pv_status v_account(struct stage *s, const struct pv_actor *a, struct pv_error *e)
{
	struct pv_account_row row;
	return pv_desk_account_find(s->h->desk, s->w->mem, a, s->account, &row, e);
}

static enum pv_status v_account_add(struct stage *s, const struct pv_actor *a, struct pv_error *e)
{
	struct pv_account_row row;
	const struct pv_account_link link = {.remote_id = "did:plc:x", .secrets = "{}"};
	json_t *form = pv_form_of(s->w, "{'organization':'coop','network':'bluesky'}");
	return pv_desk_account_add(s->h->desk, s->w->mem, a, form, &link, &row, e);
}

static enum pv_status v_account_connect(
	struct stage *s, const struct pv_actor *a, struct pv_error *e)
{
	struct pv_account_row row;
	const struct pv_account_link link = {.remote_id = "7", .secrets = "{}"};
	return pv_desk_account_reconnect(s->h->desk, s->w->mem, a, s->account, &link, &row, e);
}

static enum pv_status v_account_change(
	struct stage *s, const struct pv_actor *a, struct pv_error *e)
{
	struct pv_account_row row;
	json_t *form = pv_form_of(s->w, "{'name':'Autre'}");
	return pv_desk_account_change(s->h->desk, s->w->mem, a, s->account, form, &row, e);
}

static enum pv_status v_account_pause(struct stage *s, const struct pv_actor *a, struct pv_error *e)
{
	struct pv_account_row row;
	json_t *form = pv_form_of(s->w, "{'state':'paused'}");
	return pv_desk_account_change(s->h->desk, s->w->mem, a, s->account, form, &row, e);
}

static enum pv_status v_account_remove(
	struct stage *s, const struct pv_actor *a, struct pv_error *e)
{
	return pv_desk_account_remove(s->h->desk, a, s->account, e);
}

static enum pv_status v_audit(struct stage *s, const struct pv_actor *a, struct pv_error *e)
{
	struct pv_audit_row *rows;
	size_t n;
	return pv_desk_audit_list(s->h->desk, s->w->mem, a, s->h->coop, 0, 10, &rows, &n, e);
}

static enum pv_status v_audit_all(struct stage *s, const struct pv_actor *a, struct pv_error *e)
{
	struct pv_audit_row *rows;
	size_t n;
	return pv_desk_audit_list(s->h->desk, s->w->mem, a, NULL, 0, 10, &rows, &n, e);
}

static enum pv_status v_organization_add(
	struct stage *s, const struct pv_actor *a, struct pv_error *e)
{
	struct pv_organization_row row;
	json_t *form = pv_form_of(s->w, "{'name':'Neuve'}");
	return pv_desk_organization_add(s->h->desk, s->w->mem, a, form, &row, e);
}

static enum pv_status v_disable(struct stage *s, const struct pv_actor *a, struct pv_error *e)
{
	return pv_desk_person_disable(s->h->desk, a, s->h->reader.person_id, true, e);
}

static enum pv_status v_token(struct stage *s, const struct pv_actor *a, struct pv_error *e)
{
	struct pv_token_row row;
	const char *secret;
	json_t *form = pv_form_of(s->w, "{'name':'script','scopes':['write']}");
	return pv_desk_token_add(s->h->desk, s->w->mem, a, form, &row, &secret, e);
}

#define OK PV_OK
#define NO PV_DENIED
#define NF PV_NOT_FOUND
#define UN PV_UNAUTHENTICATED

static const struct {
	const char *name;
	verb *run;
	/* owner editor reviewer analyst reader token outsider other nobody */
	enum pv_status wanted[WHOS];
} verbs[] = {
	{"organization find", v_find, {OK, OK, OK, OK, OK, OK, NF, NF, NF}},
	{"organization change", v_change, {OK, NO, NO, NO, NO, NO, NF, NF, NF}},
	{"organization switch", v_switch, {OK, OK, OK, NO, NO, NO, NF, NF, NF}},
	{"organization pause", v_pause, {OK, OK, OK, NO, NO, NO, NF, NF, NF}},
	{"organization resume", v_resume, {OK, OK, OK, NO, NO, NO, NF, NF, NF}},
	{"organization add", v_organization_add, {OK, NO, NO, NO, NO, NO, NO, OK, UN}},
	{"people list", v_people, {OK, OK, OK, OK, OK, OK, NF, NF, NF}},
	{"person invite", v_invite, {OK, NO, NO, NO, NO, NO, NF, NF, NF}},
	{"person disable", v_disable, {NO, NO, NO, NO, NO, NO, NO, NO, NO}},
	{"member change", v_member, {OK, NO, NO, NO, NO, NO, NF, NF, NF}},
	{"member promote oneself", v_promote_oneself, {OK, NO, NO, NO, NO, NO, NF, NF, NF}},
	{"member remove", v_remove, {NF, NO, NO, NO, NO, NO, NF, NF, NF}},
	{"interest list", v_interests, {OK, OK, OK, OK, OK, OK, NF, NF, NF}},
	{"interest add", v_interest_add, {OK, NO, NO, NO, NO, NO, NF, NF, NF}},
	{"interest end", v_interest_end, {OK, NO, NO, NO, NO, NO, NF, NF, NF}},
	{"policy list", v_policies, {OK, OK, OK, OK, OK, OK, NF, NF, NF}},
	{"policy find", v_policy, {OK, OK, OK, OK, OK, OK, NF, NF, NF}},
	{"policy draft", v_draft, {OK, NO, NO, NO, NO, NO, NF, NF, NF}},
	{"policy adopt", v_adopt, {OK, NO, NO, NO, NO, NO, NF, NF, NF}},
	{"policy edit", v_edit, {OK, NO, NO, NO, NO, NO, NF, NF, NF}},
	{"policy check", v_check, {OK, NO, NO, NO, NO, NO, NF, NF, NF}},
	{"policy drop", v_drop, {OK, NO, NO, NO, NO, NO, NF, NF, NF}},
	{"policy difference", v_difference, {OK, OK, OK, OK, OK, OK, NF, NF, NF}},
	{"guarantee list", v_guarantees, {OK, OK, OK, OK, OK, OK, NF, NF, NF}},
	{"guarantee add", v_guarantee_add, {OK, NO, NO, NO, NO, NO, NF, NF, NF}},
	{"guarantee remove", v_guarantee_remove, {OK, NO, NO, NO, NO, NO, NF, NF, NF}},
	{"cases list", v_cases, {OK, NO, NO, NO, NO, NO, NF, NF, NF}},
	{"cases replace", v_cases_replace, {OK, NO, NO, NO, NO, NO, NF, NF, NF}},
	{"exception list", v_exceptions, {OK, OK, OK, OK, OK, OK, NF, NF, NF}},
	{"exception find", v_exception, {OK, OK, OK, OK, OK, OK, NF, NF, NF}},
	{"exception ask", v_exception_ask, {OK, OK, NO, NO, NO, NO, NF, NF, NF}},
	/* the editor and the reviewer have no role that the policy asks approvals of */
	{"exception grant", v_exception_grant, {OK, NO, NO, NO, NO, NO, NF, NF, NF}},
	{"exception refuse", v_exception_refuse, {OK, NO, NO, NO, NO, NO, NF, NF, NF}},
	{"exception end", v_exception_end, {OK, NO, NO, NO, NO, NO, NF, NF, NF}},
	{"account list", v_accounts, {OK, OK, OK, OK, OK, OK, NF, NF, NF}},
	{"account find", v_account, {OK, OK, OK, OK, OK, OK, NF, NF, NF}},
	{"account add", v_account_add, {OK, NO, NO, NO, NO, NO, NF, NF, NF}},
	{"account connect", v_account_connect, {OK, NO, NO, NO, NO, NO, NF, NF, NF}},
	{"account change", v_account_change, {OK, NO, NO, NO, NO, NO, NF, NF, NF}},
	{"account pause", v_account_pause, {OK, OK, OK, NO, NO, NO, NF, NF, NF}},
	{"account remove", v_account_remove, {OK, NO, NO, NO, NO, NO, NF, NF, NF}},
	{"audit list", v_audit, {OK, OK, OK, OK, NO, OK, NF, NF, NF}},
	{"audit of all", v_audit_all, {NO, NO, NO, NO, NO, NO, NO, NO, NO}},
	{"token add", v_token, {OK, OK, OK, OK, OK, NO, OK, OK, UN}},
};

static int64_t entries(struct pv_world *w)
{
	PV_ROWS struct pv_rows *rows = NULL;
	assert_ok(pv_db_first(w->db, "SELECT COUNT(*) FROM audit", PV_NO_PARAMS, &rows, &w->error),
		w);
	return pv_row_int(rows, 0);
}

static void set_up(struct stage *s)
{
	struct pv_desk *desk = s->h->desk;
	struct pv_world *w = s->w;
	struct pv_policy_row policy;
	struct pv_policy_problems problems;
	struct pv_account_row account;
	struct pv_interest_row interest;
	const struct pv_account_link link = {.remote_id = "7", .handle = "@coop"};
	assert_ok(pv_desk_policy_draft(desk, w->mem, &pv_actor_desk, s->h->coop, pv_house_policy,
			  "", &policy, &problems, &w->error),
		w);
	assert_ok(pv_desk_account_add(desk, w->mem, &pv_actor_desk,
			  pv_form_of(w, "{'organization':'coop','network':'mastodon'}"), &link,
			  &account, &w->error),
		w);
	assert_ok(
		pv_desk_interest_add(desk, w->mem, &pv_actor_desk,
			pv_form_of(w, "{'organization':'coop','names':['Y'],'relation':'client'}"),
			&interest, &w->error),
		w);
	struct pv_guarantee_row guarantee = {.organization_id = s->h->coop,
		.text = "never: stance organisation, verdict is refuse",
		.note = "",
		.created_by = "desk"};
	struct pv_policy_row adopted;
	struct pv_policy_check check;
	struct pv_desk_exception exception;
	guarantee.id = pv_id_make(w->mem, w->env);
	guarantee.removed_at_us = PV_TIME_NONE;
	assert_ok(pv_desk_policy_draft(desk, w->mem, &pv_actor_desk, s->h->coop, pv_house_policy,
			  "", &adopted, &problems, &w->error),
		w);
	assert_ok(pv_desk_policy_adopt(desk, w->mem, &pv_actor_desk, adopted.id, PV_TIME_NONE,
			  &adopted, &check, &w->error),
		w);
	assert_ok(pv_desk_exception_ask(desk, w->mem, &pv_actor_desk, s->h->coop, exception_form(w),
			  &exception, &w->error),
		w);
	assert_ok(pv_guarantee_insert(w->db, &guarantee, &w->error), w);
	s->guarantee = guarantee.id;
	s->exception = exception.row.id;
	s->policy = policy.id;
	s->account = account.id;
	s->interest = interest.id;
}

/* Each verb by each person, every time from the same state: a savepoint is a new schema. */
static void test_table(struct pv_world *w)
{
	int wrong = 0;
	struct stage s = {.w = w, .h = pv_house_build(w)};
	set_up(&s);
	for (size_t v = 0; v < PV_COUNT(verbs); v++)
		for (enum who who = 0; who < WHOS; who++) {
			struct pv_actor actor = actor_of(s.h, who);
			struct pv_error error = PV_ERROR_IN(w->mem);
			assert_ok(pv_db_begin_write(w->db, &w->error), w);
			int64_t before = entries(w);
			enum pv_status status = verbs[v].run(&s, &actor, &error);
			bool parting = verbs[v].run == v_remove;
			bool traced = status == PV_OK || parting || entries(w) == before;
			pv_db_rollback(w->db);
			if (status == verbs[v].wanted[who] && traced &&
				(status == PV_OK || (error.words.fr && error.words.en)))
				continue;
			print_error("%s by %s: %s, wanted %s%s\n", verbs[v].name, who_names[who],
				pv_status_name(status), pv_status_name(verbs[v].wanted[who]),
				traced ? "" : ", and it left a trace");
			wrong++;
		}
	assert_int_equal(wrong, 0);
}

/* The table of powers itself, said again. */
static void test_powers(struct pv_world *w)
{
	static const char *const wanted[] = {[PV_ROLE_NONE] = "------",
		[PV_ROLE_READER] = "r-----",
		[PV_ROLE_ANALYST] = "ra----",
		[PV_ROLE_REVIEWER] = "raR-P-",
		[PV_ROLE_EDITOR] = "raRWP-",
		[PV_ROLE_OWNER] = "raRWPG"};
	static const char letters[] = "raRWPG";
	(void)w;
	for (enum pv_role role = PV_ROLE_NONE; role <= PV_ROLE_OWNER; role++)
		for (enum pv_power power = PV_MAY_READ; power <= PV_MAY_GOVERN; power++)
			assert_int_equal(
				pv_role_has(role, power), wanted[role][power] == letters[power]);
	enum pv_role role;
	assert_true(pv_role_parse("editor", &role));
	assert_int_equal(role, PV_ROLE_EDITOR);
	assert_false(pv_role_parse("none", &role));
	assert_false(pv_role_parse("", &role));
	assert_false(pv_role_parse(NULL, &role));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PV_BOTH(test_table),
		PV_ON_SQLITE(test_powers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
