/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Verbs while the disk, or memory, fails at the Nth time: a verb is done whole with its trace, or
 * not at all; its answer says which; and the next one works.
 */
#include "fault_vfs.h"
#include "house.h"

#include "desk/accounts.h"
#include "desk/audit.h"
#include "desk/identity.h"
#include "desk/policies.h"
#include "desk/register.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

typedef enum pv_status verb(struct pv_house *h, TALLOC_CTX *mem, json_t *form, struct pv_error *e);

static enum pv_status v_pause(struct pv_house *h, TALLOC_CTX *mem, json_t *form, struct pv_error *e)
{
	struct pv_organization_row row;
	(void)form;
	return pv_desk_organization_pause(h->desk, mem, &h->owner, "coop", "essai", &row, e);
}

static enum pv_status v_change(
	struct pv_house *h, TALLOC_CTX *mem, json_t *form, struct pv_error *e)
{
	struct pv_organization_row row;
	return pv_desk_organization_change(h->desk, mem, &h->owner, "coop", form, &row, e);
}

static enum pv_status v_add(struct pv_house *h, TALLOC_CTX *mem, json_t *form, struct pv_error *e)
{
	struct pv_organization_row row;
	return pv_desk_organization_add(h->desk, mem, &h->owner, form, &row, e);
}

static enum pv_status v_invite(
	struct pv_house *h, TALLOC_CTX *mem, json_t *form, struct pv_error *e)
{
	struct pv_member_row row;
	const char *link = NULL;
	return pv_desk_person_invite(h->desk, mem, &h->owner, "coop", form, &row, &link, e);
}

static enum pv_status v_interest(
	struct pv_house *h, TALLOC_CTX *mem, json_t *form, struct pv_error *e)
{
	struct pv_interest_row row;
	return pv_desk_interest_add(h->desk, mem, &h->editor, form, &row, e);
}

static enum pv_status v_account(
	struct pv_house *h, TALLOC_CTX *mem, json_t *form, struct pv_error *e)
{
	struct pv_account_row row;
	const struct pv_account_link link = {.remote_id = "x", .secrets = "{}"};
	return pv_desk_account_add(h->desk, mem, &h->owner, form, &link, &row, e);
}

static enum pv_status v_token(struct pv_house *h, TALLOC_CTX *mem, json_t *form, struct pv_error *e)
{
	struct pv_token_row row;
	const char *secret = NULL;
	return pv_desk_token_add(h->desk, mem, &h->editor, form, &row, &secret, e);
}

static enum pv_status v_draft(struct pv_house *h, TALLOC_CTX *mem, json_t *form, struct pv_error *e)
{
	struct pv_policy_row row;
	struct pv_policy_problems problems;
	(void)form;
	return pv_desk_policy_draft(
		h->desk, mem, &h->owner, "coop", pv_house_policy, "", &row, &problems, e);
}

static enum pv_status v_session(
	struct pv_house *h, TALLOC_CTX *mem, json_t *form, struct pv_error *e)
{
	struct pv_signed_in in;
	(void)form;
	return pv_desk_session_open(h->desk, mem, h->reader.person_id, "10.0.0.1", "x", &in, e);
}

static const struct {
	const char *name;
	verb *run;
	const char *form;
	int traces; /* audit entries of one success */
} verbs[] = {
	{"pause", v_pause, "{}", 1},
	{"change", v_change, "{'name':'X','journal':{'open':true}}", 1},
	{"add", v_add, "{'name':'Neuve'}", 1},
	{"invite", v_invite, "{'name':'N','login':'n@x.example','role':'editor'}", 2},
	{"interest", v_interest, "{'names':['X'],'relation':'author','domains':['x.example']}", 1},
	{"account", v_account, "{'organization':'coop','network':'bluesky'}", 1},
	{"token", v_token, "{'name':'x','scopes':['read']}", 1},
	{"draft", v_draft, "{}", 1},
	{"session", v_session, "{}", 1},
};

/* Entries that hold; the chain must be whole. */
static int64_t entries(struct pv_world *w, struct pv_house *h)
{
	struct pv_audit_verdict verdict;
	assert_ok(pv_desk_audit_verify(h->desk, &verdict, &w->error), w);
	assert_int_equal(verdict.first_bad, 0);
	return verdict.entries;
}

/* All rows of all tables, counted: what a verb that says no must not have moved. */
static int64_t rows_of_all(struct pv_world *w)
{
	static const char *const tables[] = {"organization", "person", "membership", "session",
		"token", "interest", "policy", "account", "audit"};
	int64_t sum = 0;
	for (size_t i = 0; i < PV_COUNT(tables); i++) {
		PV_ROWS struct pv_rows *rows = NULL;
		const char *sql = talloc_asprintf(w->mem, "SELECT COUNT(*) FROM %s", tables[i]);
		assert_ok(pv_db_first(w->db, sql, PV_NO_PARAMS, &rows, &w->error), w);
		sum += pv_row_int(rows, 0);
	}
	return sum;
}

/* ---- the disk -------------------------------------------------------------------------------- */

static void reopen(struct pv_world *w, struct pv_house *h)
{
	talloc_free(w->db);
	w->db = h->desk->db = pv_world_connect(w, w->mem, w->env);
}

static void disk_fails(struct pv_world *w, struct pv_house *h, size_t v, int code, bool stays)
{
	json_t *form = pv_form_of(w, verbs[v].form);
	for (int nth = 1;; nth++) {
		struct pv_error error = PV_ERROR_IN(w->mem);
		int64_t before = entries(w, h), rows = rows_of_all(w);
		pv_fault_set(nth, code, stays);
		enum pv_status status = verbs[v].run(h, w->mem, form, &error);
		bool happened = pv_fault_happened();
		pv_fault_set(0, 0, false);
		if (status == PV_OK && !happened) {
			assert_true(nth > 2);
			break;
		}
		/* The process dies there: what stands on the disk is what counts. */
		reopen(w, h);
		int64_t done = entries(w, h) - before;
		if (status != PV_OK) {
			assert_true(status == PV_UNAVAILABLE || status == PV_UNCERTAIN);
			assert_non_null(error.words.fr);
		}
		/* Yes is yes, no is no; only "uncertain" may be either. */
		if (status == PV_OK || (status == PV_UNCERTAIN && done))
			assert_int_equal(done, verbs[v].traces);
		else
			assert_int_equal(done, 0);
		/* It stands, so it cannot be tried again. */
		if (done)
			break;
		assert_int_equal(rows_of_all(w), rows);
	}
}

static void test_disk(struct pv_world *w)
{
	static const struct {
		int code;
		bool stays;
	} ways[] = {{SQLITE_IOERR_WRITE, false}, {SQLITE_IOERR_WRITE, true}, {SQLITE_FULL, false},
		{SQLITE_FULL, true}};
	struct pv_house *h = pv_house_build(w);
	assert_ok(pv_db_exec(w->db, "PRAGMA wal_autocheckpoint = 0", PV_NO_PARAMS, NULL, &w->error),
		w);
	for (size_t v = 0; v < PV_COUNT(verbs); v++) {
		/* Each verb once for each way; the later ones find the earlier ones' rows. */
		const struct {
			int code;
			bool stays;
		} way = {ways[v % PV_COUNT(ways)].code, ways[v % PV_COUNT(ways)].stays};
		disk_fails(w, h, v, way.code, way.stays);
	}
}

static void test_disk_pause(struct pv_world *w)
{
	struct pv_house *h = pv_house_build(w);
	static const int codes[] = {SQLITE_IOERR_WRITE, SQLITE_FULL};
	for (size_t i = 0; i < PV_COUNT(codes); i++)
		for (int stays = 0; stays < 2; stays++)
			disk_fails(w, h, 0, codes[i], stays);
}

/* A desk that can no longer write is still read by those who are signed in. */
static void test_disk_full_is_read(struct pv_world *w)
{
	struct pv_house *h = pv_house_build(w);
	struct pv_signed_in in;
	struct pv_token_row token;
	struct pv_login login;
	const char *secret = NULL;
	assert_ok(pv_desk_session_open(
			  h->desk, w->mem, h->reader.person_id, "10.0.0.1", "x", &in, &w->error),
		w);
	json_t *form = pv_form_of(w, "{'name':'x','scopes':['read']}");
	assert_ok(pv_desk_token_add(h->desk, w->mem, &h->reader, form, &token, &secret, &w->error),
		w);
	pv_env_sim_advance(w->env, PV_HOUR_US);
	pv_fault_set(1, SQLITE_FULL, true);
	assert_ok(pv_desk_session_check(h->desk, w->mem, in.secret, &login, &w->error), w);
	assert_string_equal(login.person.id, h->reader.person_id);
	assert_ok(pv_desk_token_check(h->desk, w->mem, secret, &login, &w->error), w);
	assert_string_equal(login.person.id, h->reader.person_id);
	assert_true(pv_fault_happened());
	pv_fault_set(0, 0, false);
}

/* ---- memory ---------------------------------------------------------------------------------- */

/* talloc would rather be rid of its limits; no other way makes one context scarce. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
static void scarce(TALLOC_CTX *mem, size_t room)
{
	assert_int_equal(talloc_set_memlimit(mem, room), 0);
}
#pragma GCC diagnostic pop

/*
 * The verb's own context may hold ever more bytes; until it is enough the answer is "memory is
 * out" and nothing has moved.
 */
static void test_memory(struct pv_world *w)
{
	struct pv_house *h = pv_house_build(w);
	for (size_t v = 0; v < PV_COUNT(verbs); v++) {
		json_t *form = pv_form_of(w, verbs[v].form);
		int64_t rows = rows_of_all(w), before = entries(w, h);
		enum pv_status status = PV_NOMEM;
		int refused = 0;
		for (size_t room = 1; status != PV_OK; room += room < 6000 ? 37 : 997) {
			struct pv_error error = PV_ERROR_IN(w->mem);
			TALLOC_CTX *mem = talloc_named_const(NULL, 0, "scarce");
			scarce(mem, room);
			status = verbs[v].run(h, mem, form, &error);
			talloc_free(mem);
			if (status == PV_OK)
				break;
			if (status != PV_NOMEM)
				fail_msg("%s with %zu bytes: %s %s", verbs[v].name, room,
					pv_status_name(status), error.words.en);
			assert_false(pv_db_in_transaction(w->db));
			refused++;
			assert_true(room < 1000000);
			if (refused % 16 == 0)
				assert_int_equal(rows_of_all(w), rows);
		}
		assert_true(refused > 3);
		assert_int_equal(entries(w, h), before + verbs[v].traces);
	}
}

int main(void)
{
	pv_fault_install();
	const struct CMUnitTest tests[] = {
		PV_ON_SQLITE(test_disk),
		PV_ON_SQLITE(test_disk_pause),
		PV_ON_SQLITE(test_disk_full_is_read),
		PV_ON_SQLITE(test_memory),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
