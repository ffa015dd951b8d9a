/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The setup of an empty desk, invitations, memberships, oneself. */
#include "house.h"

#include "desk/identity.h"
#include "desk/setup.h"

#include <string.h>

static struct pv_desk *empty_desk(struct pv_world *w)
{
	struct pv_desk *desk = talloc_zero(w->mem, struct pv_desk);
	*desk = (struct pv_desk){.env = w->env, .db = w->db, .base_url = "http://desk.example"};
	return desk;
}

static const char *token_of(const char *link)
{
	const char *token = strstr(link, "token=");
	assert_non_null(token);
	return token + 6;
}

static void test_setup(struct pv_world *w)
{
	struct pv_desk *desk = empty_desk(w);
	struct pv_person_row marc;
	const char *first = NULL, *second = NULL, *none = "";
	bool open = false;
	static const char form[] =
		"{'token':'%s','name':'Marc Évariste','login':'Marc@Example.org',"
		"'password':'%s','language':'fr','timezone':'America/Toronto'}";
	assert_ok(pv_desk_setup_is_open(desk, &open, &w->error), w);
	assert_true(open);
	assert_ok(pv_desk_setup_link(desk, w->mem, &first, &w->error), w);
	assert_memory_equal(first, "http://desk.example/#/setup?token=", 34);
	assert_ok(pv_desk_setup_link(desk, w->mem, &second, &w->error), w);
	/* Only the last link printed works. */
	assert_status(pv_desk_setup(desk, w->mem,
			      pv_form_of(w, talloc_asprintf(w->mem, form, token_of(first),
						    PV_HOUSE_PASSWORD)),
			      &marc, &w->error),
		PV_NOT_FOUND, w);
	assert_status(
		pv_desk_setup(desk, w->mem,
			pv_form_of(w, talloc_asprintf(w->mem, form, token_of(second), "court")),
			&marc, &w->error),
		PV_INVALID, w);
	assert_ok(pv_desk_setup(desk, w->mem,
			  pv_form_of(w, talloc_asprintf(
						w->mem, form, token_of(second), PV_HOUSE_PASSWORD)),
			  &marc, &w->error),
		w);
	assert_string_equal(marc.slug, "marc-evariste");
	assert_string_equal(marc.login, "marc@example.org");
	assert_ok(pv_desk_setup_is_open(desk, &open, &w->error), w);
	assert_false(open);
	assert_ok(pv_desk_setup_link(desk, w->mem, &none, &w->error), w);
	assert_null(none);
	/* Once. */
	assert_status(pv_desk_setup(desk, w->mem,
			      pv_form_of(w, talloc_asprintf(w->mem, form, token_of(second),
						    PV_HOUSE_PASSWORD)),
			      &marc, &w->error),
		PV_CONFLICT, w);
	/* Whoever set it up makes the first organisation, and owns it. */
	const struct pv_actor actor = {.person_id = marc.id, .may_write = true};
	struct pv_organization_row coop;
	struct pv_me me;
	assert_ok(pv_desk_organization_add(desk, w->mem, &actor,
			  pv_form_of(w, "{'name':'Coop du Faubourg'}"), &coop, &w->error),
		w);
	assert_string_equal(coop.slug, "coop-du-faubourg");
	assert_ok(pv_desk_me(desk, w->mem, &actor, &me, &w->error), w);
	assert_int_equal(me.n_seats, 2);
	assert_string_equal(me.seats[0].organization.id, coop.id);
	assert_string_equal(me.seats[0].membership.role, "owner");
	assert_string_equal(me.home.kind, "person");
	assert_string_equal(me.home.slug, marc.slug);
	assert_string_equal(me.person.password, "set");
}

static void test_setup_link_expires(struct pv_world *w)
{
	struct pv_desk *desk = empty_desk(w);
	struct pv_person_row row;
	const char *link = NULL;
	assert_ok(pv_desk_setup_link(desk, w->mem, &link, &w->error), w);
	pv_env_sim_advance(w->env, PV_SETUP_US + 1);
	json_t *form = pv_form_of(
		w, talloc_asprintf(w->mem,
			   "{'token':'%s','name':'M','login':'m@x.example','password':'%s'}",
			   token_of(link), PV_HOUSE_PASSWORD));
	assert_status(pv_desk_setup(desk, w->mem, form, &row, &w->error), PV_NOT_FOUND, w);
}

static void test_invitation(struct pv_world *w)
{
	struct pv_house *h = pv_house_build(w);
	struct pv_member_row member;
	struct pv_invitation invitation;
	struct pv_person_row lea;
	const char *link = NULL, *again = NULL;
	json_t *form = pv_form_of(w, "{'name':'Léa','login':'lea@coop.example','role':'reviewer','"
				     "policy_roles':['editor']}");
	assert_ok(pv_desk_person_invite(
			  h->desk, w->mem, &h->owner, "coop", form, &member, &link, &w->error),
		w);
	assert_memory_equal(link, "http://desk.example/#/invitation?token=", 39);
	assert_null(member.person.password);
	assert_string_equal(member.membership.role, "reviewer");
	assert_string_equal(member.membership.policy_roles, "[\"editor\"]");
	/* Asked again, another link; the older one no longer works. */
	assert_ok(pv_desk_person_invite(
			  h->desk, w->mem, &h->owner, "coop", form, &member, &again, &w->error),
		w);
	assert_status(
		pv_desk_invitation_find(h->desk, w->mem, token_of(link), &invitation, &w->error),
		PV_NOT_FOUND, w);
	assert_ok(pv_desk_invitation_find(h->desk, w->mem, token_of(again), &invitation, &w->error),
		w);
	assert_string_equal(invitation.login, "lea@coop.example");
	assert_string_equal(invitation.organization, "Coop du Faubourg");
	assert_status(pv_desk_invitation_accept(h->desk, w->mem, token_of(again),
			      pv_form_of(w, "{'password':'lea@coop.example'}"), &lea, &w->error),
		PV_INVALID, w);
	form = pv_form_of(w, "{'password':'une phrase entière','name':'Léa B.'}");
	assert_ok(
		pv_desk_invitation_accept(h->desk, w->mem, token_of(again), form, &lea, &w->error),
		w);
	assert_string_equal(lea.name, "Léa B.");
	assert_status(
		pv_desk_invitation_accept(h->desk, w->mem, token_of(again), form, &lea, &w->error),
		PV_NOT_FOUND, w);
	/* A member who has answered is not invited again; elsewhere they sit at once. */
	form = pv_form_of(w, "{'login':'LEA@coop.example','role':'reader'}");
	assert_status(pv_desk_person_invite(
			      h->desk, w->mem, &h->owner, "coop", form, &member, &link, &w->error),
		PV_CONFLICT, w);
	assert_ok(pv_desk_person_invite(
			  h->desk, w->mem, &h->obs_owner, "obs", form, &member, &link, &w->error),
		w);
	assert_null(link);
	assert_string_equal(member.person.id, lea.id);
}

/* An unanswered invitation is its organisation's: another one gets neither its link nor its guest. */
static void test_invited_twice(struct pv_world *w)
{
	struct pv_house *h = pv_house_build(w);
	struct pv_member_row member;
	struct pv_person_row lea;
	struct pv_invitation invitation;
	const char *link = NULL, *other = NULL;
	json_t *form = pv_form_of(w, "{'name':'Léa','login':'lea@coop.example','role':'owner'}");
	assert_ok(pv_desk_person_invite(
			  h->desk, w->mem, &h->owner, "coop", form, &member, &link, &w->error),
		w);
	assert_status(pv_desk_person_invite(h->desk, w->mem, &h->obs_owner, "obs", form, &member,
			      &other, &w->error),
		PV_CONFLICT, w);
	assert_null(other);
	/* the first link stands, and was not replaced */
	assert_ok(pv_desk_invitation_find(h->desk, w->mem, token_of(link), &invitation, &w->error),
		w);
	assert_ok(pv_desk_invitation_accept(h->desk, w->mem, token_of(link),
			  pv_form_of(w, "{'password':'un mot de passe long'}"), &lea, &w->error),
		w);
	assert_ok(pv_desk_person_invite(
			  h->desk, w->mem, &h->obs_owner, "obs", form, &member, &other, &w->error),
		w);
	assert_null(other);
}

static void test_invitation_expires(struct pv_world *w)
{
	struct pv_house *h = pv_house_build(w);
	struct pv_member_row member;
	struct pv_invitation invitation;
	const char *link = NULL;
	json_t *form = pv_form_of(w, "{'name':'Léa','login':'lea@coop.example','role':'reader'}");
	assert_ok(pv_desk_person_invite(
			  h->desk, w->mem, &h->owner, "coop", form, &member, &link, &w->error),
		w);
	pv_env_sim_advance(w->env, PV_INVITATION_US - 1);
	assert_ok(pv_desk_invitation_find(h->desk, w->mem, token_of(link), &invitation, &w->error),
		w);
	pv_env_sim_advance(w->env, 1);
	assert_status(
		pv_desk_invitation_find(h->desk, w->mem, token_of(link), &invitation, &w->error),
		PV_NOT_FOUND, w);
}

static void test_invitation_forms(struct pv_world *w)
{
	static const struct {
		const char *form, *pointer;
	} wrong[] = {
		{"{'login':'a@b.c','role':'reader'}", "/name"},
		{"{'name':'A','role':'reader'}", "/login"},
		{"{'name':'A','login':'a','role':'reader'}", "/login"},
		{"{'name':'A','login':'a b@c.d','role':'reader'}", "/login"},
		{"{'name':'A','login':'@c.d','role':'reader'}", "/login"},
		{"{'name':'A','login':'a@','role':'reader'}", "/login"},
		{"{'name':'A','login':'<a@b.c>','role':'reader'}", "/login"},
		{"{'name':'A','login':'a@b.c'}", "/role"},
		{"{'name':'A','login':'a@b.c','role':'king'}", "/role"},
		{"{'name':'A','login':'a@b.c','role':'reader','policy_roles':'x'}",
			"/policy_roles"},
		{"{'name':'A','login':'a@b.c','role':'reader','policy_roles':[1]}",
			"/policy_roles/0"},
		{"{'name':'A','login':'a@b.c','role':'reader','slug':'Élan'}", "/slug"},
		{"{'name':'A','login':'a@b.c','role':'reader','slug':'editor'}", "/slug"},
		{"{'name':'A','login':'a@b.c','role':'reader','language':'de'}", "/language"},
		{"{'name':'A','login':'a@b.c','role':'reader','admin':true}", "/admin"},
	};
	struct pv_house *h = pv_house_build(w);
	for (size_t i = 0; i < PV_COUNT(wrong); i++) {
		struct pv_member_row row;
		const char *link = NULL;
		struct pv_error error = PV_ERROR_IN(w->mem);
		enum pv_status status = pv_desk_person_invite(h->desk, w->mem, &h->owner, "coop",
			pv_form_of(w, wrong[i].form), &row, &link, &error);
		assert_true(status == PV_INVALID || status == PV_CONFLICT);
		if (!pv_problem_at(&error, wrong[i].pointer))
			fail_msg("%s: no problem at %s", wrong[i].form, wrong[i].pointer);
	}
}

static void test_last_owner_stays(struct pv_world *w)
{
	struct pv_house *h = pv_house_build(w);
	struct pv_member_row row;
	json_t *down = pv_form_of(w, "{'role':'reader'}"), *up = pv_form_of(w, "{'role':'owner'}");
	assert_status(pv_desk_member_change(h->desk, w->mem, &h->owner, "coop", h->owner.person_id,
			      down, &row, &w->error),
		PV_CONFLICT, w);
	assert_status(
		pv_desk_member_remove(h->desk, &h->owner, "coop", h->owner.person_id, &w->error),
		PV_CONFLICT, w);
	assert_ok(pv_desk_member_change(h->desk, w->mem, &h->owner, "coop", h->editor.person_id, up,
			  &row, &w->error),
		w);
	assert_ok(pv_desk_member_change(h->desk, w->mem, &h->owner, "coop", h->owner.person_id,
			  down, &row, &w->error),
		w);
	/* At once: what was allowed a moment ago no longer is. */
	assert_status(pv_desk_member_change(h->desk, w->mem, &h->owner, "coop", h->owner.person_id,
			      up, &row, &w->error),
		PV_DENIED, w);
	/* Anybody may leave; one's own space has one member, for good. */
	assert_ok(
		pv_desk_member_remove(h->desk, &h->reader, "coop", h->reader.person_id, &w->error),
		w);
	assert_status(pv_desk_member_remove(
			      h->desk, &h->reader, "reader", h->reader.person_id, &w->error),
		PV_CONFLICT, w);
	const char *link = NULL;
	json_t *form = pv_form_of(w, "{'name':'N','login':'n@x.example','role':'editor'}");
	assert_status(pv_desk_person_invite(
			      h->desk, w->mem, &h->reader, "reader", form, &row, &link, &w->error),
		PV_CONFLICT, w);
}

static void test_me(struct pv_world *w)
{
	struct pv_house *h = pv_house_build(w);
	struct pv_signed_in here, there;
	struct pv_person_row row;
	struct pv_login login;
	assert_ok(pv_desk_session_open(h->desk, w->mem, h->editor.person_id, "10.0.0.1", "here",
			  &here, &w->error),
		w);
	assert_ok(pv_desk_session_open(h->desk, w->mem, h->editor.person_id, "10.0.0.2", "there",
			  &there, &w->error),
		w);
	assert_ok(pv_desk_me_change(h->desk, w->mem, &h->editor,
			  pv_form_of(w, "{'name':'Édith','language':'en','theme':'dark'}"), NULL,
			  &row, &w->error),
		w);
	assert_string_equal(row.name, "Édith");
	assert_string_equal(row.theme, "dark");
	json_t *wrong = pv_form_of(w, "{'password':{'old':'faux','new':'une autre phrase'}}");
	struct pv_error error = PV_ERROR_IN(w->mem);
	assert_int_equal(pv_desk_me_change(h->desk, w->mem, &h->editor, wrong, NULL, &row, &error),
		PV_INVALID);
	assert_true(pv_problem_at(&error, "/password/old"));
	/* Guessing it from an open session waits as at sign-in. */
	enum pv_status status = PV_INVALID;
	for (int i = 0; i < 10 && status == PV_INVALID; i++)
		status = pv_desk_me_change(h->desk, w->mem, &h->editor, wrong, NULL, &row, &error);
	assert_int_equal(status, PV_THROTTLED);
	pv_env_sim_advance(w->env, PV_MINUTE_US);
	/* A new password ends the sessions elsewhere, not the one it was changed from. */
	json_t *right = pv_form_of(
		w, "{'password':{'old':'" PV_HOUSE_PASSWORD "','new':'une autre phrase'}}");
	assert_ok(pv_desk_me_change(h->desk, w->mem, &h->editor, right, here.login.session_id, &row,
			  &w->error),
		w);
	assert_ok(pv_desk_session_check(h->desk, w->mem, here.secret, &login, &w->error), w);
	assert_string_equal(login.person.name, "Édith");
	assert_status(pv_desk_session_check(h->desk, w->mem, there.secret, &login, &w->error),
		PV_UNAUTHENTICATED, w);
	assert_status(pv_desk_me_change(h->desk, w->mem, &h->token,
			      pv_form_of(w, "{'theme':'dark'}"), NULL, &row, &w->error),
		PV_DENIED, w);
	assert_status(pv_desk_me_change(h->desk, w->mem, &h->editor,
			      pv_form_of(w, "{'theme':'pink'}"), NULL, &row, &w->error),
		PV_INVALID, w);
}

static void test_strangers_have_no_name(struct pv_world *w)
{
	struct pv_house *h = pv_house_build(w);
	struct pv_person_row row;
	assert_ok(pv_desk_person_find(
			  h->desk, w->mem, &h->reader, h->owner.person_id, &row, &w->error),
		w);
	assert_string_equal(row.password, "set");
	assert_status(pv_desk_person_find(
			      h->desk, w->mem, &h->obs_owner, h->owner.person_id, &row, &w->error),
		PV_NOT_FOUND, w);
	assert_status(pv_desk_person_find(h->desk, w->mem, &h->owner, "0", &row, &w->error),
		PV_NOT_FOUND, w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PV_BOTH(test_setup),
		PV_BOTH(test_setup_link_expires),
		PV_BOTH(test_invitation),
		PV_BOTH(test_invited_twice),
		PV_BOTH(test_invitation_expires),
		PV_BOTH(test_invitation_forms),
		PV_BOTH(test_last_owner_stays),
		PV_BOTH(test_me),
		PV_BOTH(test_strangers_have_no_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
