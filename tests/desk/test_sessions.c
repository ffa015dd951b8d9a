/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "house.h"

#include "desk/people.h"
#include "desk/sessions.h"
#include "store/token.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static enum pv_status sign_in(struct pv_world *w, struct pv_house *h, const char *login,
	const char *password, const char *address, struct pv_signed_in *out)
{
	const struct pv_sign_in typed = {
		.login = login, .password = password, .address = address, .agent = "test"};
	w->error = PV_ERROR_IN(w->mem);
	return pv_desk_sign_in(h->desk, w->mem, &typed, out, NULL, &w->error);
}

static void test_in_and_out(struct pv_world *w)
{
	struct pv_house *h = pv_house_build(w);
	struct pv_signed_in in;
	struct pv_login login;
	struct pv_session_row *rows = NULL;
	size_t n = 0;
	assert_ok(sign_in(w, h, "Editor@House.example", PV_HOUSE_PASSWORD, "10.0.0.1", &in), w);
	assert_int_equal(strlen(in.secret), 43);
	assert_string_equal(in.login.person.id, h->editor.person_id);
	assert_string_equal(in.login.person.password, "set");
	assert_ok(pv_desk_session_check(h->desk, w->mem, in.secret, &login, &w->error), w);
	assert_string_equal(login.actor.person_id, h->editor.person_id);
	assert_true(login.actor.may_write);
	assert_true(pv_desk_csrf_right(&login, in.login.csrf));
	assert_false(pv_desk_csrf_right(&login, in.secret));
	assert_false(pv_desk_csrf_right(&login, NULL));
	/* The secret itself is nowhere in the database. */
	assert_string_not_equal(login.session_id, in.secret);
	assert_status(pv_desk_session_check(h->desk, w->mem, "", &login, &w->error),
		PV_UNAUTHENTICATED, w);
	assert_ok(pv_desk_session_list(h->desk, w->mem, &h->editor, &rows, &n, &w->error), w);
	assert_int_equal(n, 1);
	/* Nobody ends another's session. */
	assert_status(pv_desk_session_end(h->desk, &h->owner, rows[0].digest, &w->error),
		PV_NOT_FOUND, w);
	assert_ok(pv_desk_sign_out(h->desk, &login, &w->error), w);
	assert_status(pv_desk_session_check(h->desk, w->mem, in.secret, &login, &w->error),
		PV_UNAUTHENTICATED, w);
}

static void test_session_ends_by_itself(struct pv_world *w)
{
	struct pv_house *h = pv_house_build(w);
	struct pv_signed_in in;
	struct pv_login login;
	assert_ok(sign_in(w, h, "editor@house.example", PV_HOUSE_PASSWORD, "10.0.0.1", &in), w);
	/* Used now and then, it stays; left alone, it goes. */
	for (int i = 0; i < 4; i++) {
		pv_env_sim_advance(w->env, PV_SESSION_US - PV_DAY_US);
		assert_ok(pv_desk_session_check(h->desk, w->mem, in.secret, &login, &w->error), w);
	}
	pv_env_sim_advance(w->env, PV_SESSION_US + PV_SECOND_US);
	assert_status(pv_desk_session_check(h->desk, w->mem, in.secret, &login, &w->error),
		PV_UNAUTHENTICATED, w);
	assert_ok(pv_desk_sweep(h->desk, &w->error), w);
}

static void test_wrong_ways_in(struct pv_world *w)
{
	struct pv_house *h = pv_house_build(w);
	struct pv_signed_in in;
	char long_text[3000];
	memset(long_text, 'a', sizeof long_text - 1);
	long_text[sizeof long_text - 1] = '\0';
	const struct {
		const char *login, *password;
	} wrong[] = {{"editor@house.example", "pas le bon"}, {"nobody@house.example", "pas le bon"},
		{"editor@house.example", ""}, {"", ""}, {long_text, "x"},
		{"editor@house.example", long_text}, {"' OR 1=1 --", "x"}};
	const char *words = NULL;
	for (size_t i = 0; i < PV_COUNT(wrong); i++) {
		char address[24];
		snprintf(address, sizeof address, "10.0.1.%zu", i);
		assert_int_equal(sign_in(w, h, wrong[i].login, wrong[i].password, address, &in),
			PV_UNAUTHENTICATED);
		/* The same sentence whatever was wrong: nothing tells which logins exist. */
		if (words)
			assert_string_equal(w->error.words.en, words);
		words = w->error.words.en;
	}
	/* Invited and never answered: no password opens. */
	struct pv_person_row row;
	const char *link;
	assert_ok(pv_desk_person_add(h->desk, w->mem, &pv_actor_desk,
			  pv_form_of(w, "{'name':'Inv','login':'inv@house.example'}"), &row, &link,
			  &w->error),
		w);
	assert_int_equal(
		sign_in(w, h, "inv@house.example", "", "10.0.2.1", &in), PV_UNAUTHENTICATED);
	/* Disabled: sessions go at once, and the right password opens no more. */
	struct pv_login login;
	assert_ok(sign_in(w, h, "reader@house.example", PV_HOUSE_PASSWORD, "10.0.2.2", &in), w);
	assert_ok(pv_desk_person_disable(
			  h->desk, &pv_actor_desk, h->reader.person_id, true, &w->error),
		w);
	assert_status(pv_desk_session_check(h->desk, w->mem, in.secret, &login, &w->error),
		PV_UNAUTHENTICATED, w);
	assert_int_equal(sign_in(w, h, "reader@house.example", PV_HOUSE_PASSWORD, "10.0.2.3", &in),
		PV_UNAUTHENTICATED);
	assert_ok(pv_desk_person_disable(
			  h->desk, &pv_actor_desk, h->reader.person_id, false, &w->error),
		w);
	assert_ok(sign_in(w, h, "reader@house.example", PV_HOUSE_PASSWORD, "10.0.2.4", &in), w);
}

/*
 * A thousand wrong passwords, as fast as they can be sent: a handful are looked at, the rest wait.
 * The person's open session never notices, and from where they have been they get in at once.
 */
static void test_thousand_wrong_passwords(struct pv_world *w)
{
	struct pv_house *h = pv_house_build(w);
	struct pv_signed_in in, again;
	struct pv_login login;
	int looked_at = 0;
	assert_ok(sign_in(w, h, "editor@house.example", PV_HOUSE_PASSWORD, "10.0.0.1", &in), w);
	for (int i = 0; i < 1000; i++) {
		char address[24], password[24];
		snprintf(address, sizeof address, "10.9.%d.%d", i % 250, i / 250);
		snprintf(password, sizeof password, "essai %d", i);
		enum pv_status status =
			sign_in(w, h, "editor@house.example", password, address, &again);
		assert_true(status == PV_UNAUTHENTICATED || status == PV_THROTTLED);
		looked_at += status == PV_UNAUTHENTICATED;
		pv_env_sim_advance(w->env, PV_SECOND_US / 100);
	}
	assert_in_range(looked_at, PV_FREE_TRIES_LOGIN, PV_FREE_TRIES_LOGIN + 5);
	assert_ok(pv_desk_session_check(h->desk, w->mem, in.secret, &login, &w->error), w);
	assert_ok(sign_in(w, h, "editor@house.example", PV_HOUSE_PASSWORD, "10.0.0.1", &again), w);
	/* Whose failures they were not is not kept waiting either. */
	assert_ok(sign_in(w, h, "owner@house.example", PV_HOUSE_PASSWORD, "10.9.1.0", &again), w);
}

/* From a new address the person waits, and is told how long; then gets in: nobody is locked out. */
static void test_waiting_is_enough(struct pv_world *w)
{
	struct pv_house *h = pv_house_build(w);
	struct pv_signed_in in;
	struct pv_sign_in typed = {.login = "editor@house.example",
		.password = "faux",
		.address = "10.0.0.9",
		.agent = "test"};
	int64_t wait_s = 0, last_s = 0;
	int looked_at = 0;
	for (int i = 0; i < 60 && looked_at < 10; i++) {
		enum pv_status status =
			pv_desk_sign_in(h->desk, w->mem, &typed, &in, &wait_s, &w->error);
		if (status == PV_THROTTLED) {
			assert_true(wait_s >= last_s);
			last_s = wait_s;
			assert_non_null(strstr(w->error.words.fr, "Attendez"));
			pv_env_sim_advance(w->env, wait_s * PV_SECOND_US);
		} else {
			looked_at++;
		}
	}
	assert_int_equal(looked_at, 10);
	assert_true(last_s >= 8);
	typed.password = PV_HOUSE_PASSWORD;
	assert_int_equal(
		pv_desk_sign_in(h->desk, w->mem, &typed, &in, &wait_s, &w->error), PV_THROTTLED);
	assert_true(wait_s <= PV_WAIT_MAX_US / PV_SECOND_US);
	pv_env_sim_advance(w->env, wait_s * PV_SECOND_US);
	w->error = PV_ERROR_IN(w->mem);
	assert_ok(pv_desk_sign_in(h->desk, w->mem, &typed, &in, &wait_s, &w->error), w);
	/* And starts afresh. */
	typed.password = "faux";
	typed.address = "10.0.0.10";
	for (int i = 0; i < PV_FREE_TRIES_LOGIN; i++)
		assert_int_equal(pv_desk_sign_in(h->desk, w->mem, &typed, &in, &wait_s, NULL),
			PV_UNAUTHENTICATED);
}

/* Many logins from one address: the address waits, others do not. */
static void test_address_waits(struct pv_world *w)
{
	struct pv_house *h = pv_house_build(w);
	struct pv_signed_in in;
	int looked_at = 0;
	for (int i = 0; i < 100; i++) {
		char login[40];
		snprintf(login, sizeof login, "person%d@house.example", i);
		looked_at += sign_in(w, h, login, "faux", "10.6.6.6", &in) == PV_UNAUTHENTICATED;
	}
	assert_in_range(looked_at, PV_FREE_TRIES_ADDRESS, PV_FREE_TRIES_ADDRESS + 2);
	assert_ok(sign_in(w, h, "editor@house.example", PV_HOUSE_PASSWORD, "10.6.6.7", &in), w);
}

static double seconds_of(struct pv_world *w, struct pv_house *h, const char *login, int turn)
{
	struct timespec from, to;
	struct pv_signed_in in;
	char address[24];
	snprintf(address, sizeof address, "10.7.0.%d", turn);
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &from);
	assert_int_equal(sign_in(w, h, login, "faux", address, &in), PV_UNAUTHENTICATED);
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &to);
	return (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
}

/* A login nobody has costs the same work as a wrong password. */
static void test_same_work_for_unknown(struct pv_world *w)
{
	struct pv_house *h = pv_house_build(w);
	double known = 1e9, unknown = 1e9;
	seconds_of(w, h, "warm@house.example", 0);
	for (int i = 1; i <= 4; i++) {
		double k = seconds_of(w, h, "editor@house.example", i);
		double u = seconds_of(w, h, "nobody@house.example", i);
		known = k < known ? k : known;
		unknown = u < unknown ? u : unknown;
	}
	assert_true(unknown > 0.5 * known && unknown < 2 * known);
}

static void test_tokens(struct pv_world *w)
{
	struct pv_house *h = pv_house_build(w);
	struct pv_token_row row, writing;
	struct pv_token_row *rows = NULL;
	struct pv_login login;
	const char *secret = NULL, *write_secret = NULL;
	size_t n = 0;
	json_t *form = pv_form_of(
		w, "{'name':'lecture','scopes':['read'],'expires_at':'2026-03-03T12:00:00Z'}");
	assert_ok(
		pv_desk_token_add(h->desk, w->mem, &h->editor, form, &row, &secret, &w->error), w);
	assert_memory_equal(secret, "pv_", 3);
	assert_ok(pv_desk_token_add(h->desk, w->mem, &h->editor,
			  pv_form_of(w, "{'name':'script','scopes':['read','write']}"), &writing,
			  &write_secret, &w->error),
		w);
	assert_ok(pv_desk_token_check(h->desk, w->mem, secret, &login, &w->error), w);
	assert_false(login.actor.may_write);
	assert_null(login.csrf);
	assert_ok(pv_desk_token_check(h->desk, w->mem, write_secret, &login, &w->error), w);
	assert_true(login.actor.may_write);
	assert_status(pv_desk_token_check(h->desk, w->mem, secret + 3, &login, &w->error),
		PV_UNAUTHENTICATED, w);
	assert_ok(pv_desk_token_list(h->desk, w->mem, &h->editor, &rows, &n, &w->error), w);
	assert_int_equal(n, 2);
	/* Nobody else sees or revokes it. */
	assert_ok(pv_desk_token_list(h->desk, w->mem, &h->owner, &rows, &n, &w->error), w);
	assert_int_equal(n, 0);
	assert_status(pv_desk_token_end(h->desk, &h->owner, row.id, &w->error), PV_NOT_FOUND, w);
	pv_env_sim_advance(w->env, PV_DAY_US);
	assert_status(pv_desk_token_check(h->desk, w->mem, secret, &login, &w->error),
		PV_UNAUTHENTICATED, w);
	assert_ok(pv_desk_token_end(h->desk, &h->editor, writing.id, &w->error), w);
	assert_status(pv_desk_token_check(h->desk, w->mem, write_secret, &login, &w->error),
		PV_UNAUTHENTICATED, w);
	/* A token cannot make itself a stronger one. */
	assert_status(
		pv_desk_token_add(h->desk, w->mem, &h->token,
			pv_form_of(w, "{'name':'x','scopes':['write']}"), &row, &secret, &w->error),
		PV_DENIED, w);
}

static void test_token_forms(struct pv_world *w)
{
	static const struct {
		const char *form, *pointer;
	} wrong[] = {
		{"{}", "/name"},
		{"{'name':''}", "/name"},
		{"{'name':'x','scopes':['admin']}", "/scopes/0"},
		{"{'name':'x','scopes':'read'}", "/scopes"},
		{"{'name':'x','expires_at':'demain'}", "/expires_at"},
		{"{'name':'x','expires_at':'2020-01-01T00:00:00Z'}", "/expires_at"},
		{"{'name':'x','more':1}", "/more"},
		{"{'name':7}", "/name"},
		{"{'name':'a\\u0007b'}", "/name"},
	};
	struct pv_house *h = pv_house_build(w);
	for (size_t i = 0; i < PV_COUNT(wrong); i++) {
		struct pv_token_row row;
		const char *secret = NULL;
		struct pv_error error = PV_ERROR_IN(w->mem);
		assert_int_equal(pv_desk_token_add(h->desk, w->mem, &h->editor,
					 pv_form_of(w, wrong[i].form), &row, &secret, &error),
			PV_INVALID);
		if (!pv_problem_at(&error, wrong[i].pointer))
			fail_msg("%s: no problem at %s", wrong[i].form, wrong[i].pointer);
	}
	/* Without scopes it may only read. */
	struct pv_token_row row;
	const char *secret = NULL;
	assert_ok(pv_desk_token_add(h->desk, w->mem, &h->editor, pv_form_of(w, "{'name':'x'}"),
			  &row, &secret, &w->error),
		w);
	assert_string_equal(row.scopes, "[\"read\"]");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PV_BOTH(test_in_and_out),
		PV_BOTH(test_session_ends_by_itself),
		PV_BOTH(test_wrong_ways_in),
		PV_BOTH(test_thousand_wrong_passwords),
		PV_BOTH(test_waiting_is_enough),
		PV_BOTH(test_address_waits),
		PV_ON_SQLITE(test_same_work_for_unknown),
		PV_BOTH(test_tokens),
		PV_BOTH(test_token_forms),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
