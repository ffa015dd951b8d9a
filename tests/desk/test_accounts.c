/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "house.h"

#include "desk/accounts.h"

#include <string.h>

static const struct pv_account_link bluesky = {.name = "La Coop",
	.handle = "coop.bsky.example",
	.server = "https://pds.example",
	.remote_id = "did:plc:coop",
	.secrets = "{\"access\":\"jeton-secret\"}",
	.settings = "{\"text_max\":300}"};

static struct pv_account_row add(struct pv_world *w, struct pv_house *h)
{
	struct pv_account_row row;
	json_t *form = pv_form_of(
		w, "{'organization':'coop','network':'bluesky','typed':{'password':'ignored'}}");
	assert_ok(pv_desk_account_may_add(h->desk, &h->owner, form, &w->error), w);
	assert_ok(pv_desk_account_add(h->desk, w->mem, &h->owner, form, &bluesky, &row, &w->error),
		w);
	return row;
}

static char *column(struct pv_world *w, const char *id, const char *sql)
{
	PV_ROWS struct pv_rows *rows = NULL;
	assert_ok(pv_db_first(w->db, sql, PV_PARAMS(PV_TEXT(id)), &rows, &w->error), w);
	return pv_row_null(rows, 0) ? NULL : talloc_strdup(w->mem, pv_row_text(rows, 0));
}

static void test_add(struct pv_world *w)
{
	struct pv_house *h = pv_house_build(w);
	struct pv_account_row row = add(w, h), other, *rows = NULL;
	size_t n = 0;
	assert_string_equal(row.slug, "coop-bluesky");
	assert_string_equal(row.stance, "organisation");
	assert_string_equal(row.name, "La Coop");
	assert_string_equal(row.state, "connected");
	assert_string_equal(row.secrets, "sealed");
	/* This very account again is refused, whatever it is called. */
	json_t *again = pv_form_of(w, "{'organization':'coop','network':'bluesky','slug':'b'}");
	assert_status(
		pv_desk_account_add(h->desk, w->mem, &h->owner, again, &bluesky, &other, &w->error),
		PV_CONFLICT, w);
	/* Another of the same network is not, and gets a slug of its own. */
	const struct pv_account_link second = {.remote_id = "did:plc:two", .secrets = "{}"};
	assert_ok(pv_desk_account_add(h->desk, w->mem, &h->owner,
			  pv_form_of(w, "{'organization':'coop','network':'bluesky'}"), &second,
			  &other, &w->error),
		w);
	assert_string_equal(other.slug, "coop-bluesky-2");
	assert_string_equal(other.name, "Coop du Faubourg");
	const struct pv_account_link journal = {.name = NULL};
	assert_status(pv_desk_account_add(h->desk, w->mem, &h->owner,
			      pv_form_of(w, "{'organization':'coop','network':'journal',"
					    "'slug':'coop-bluesky'}"),
			      &journal, &other, &w->error),
		PV_CONFLICT, w);
	assert_ok(pv_desk_account_add(h->desk, w->mem, &h->owner,
			  pv_form_of(w, "{'organization':'coop','network':'journal',"
					"'stance':'hosted'}"),
			  &journal, &other, &w->error),
		w);
	assert_null(other.secrets);
	assert_string_equal(other.stance, "hosted");
	assert_ok(pv_desk_account_list(h->desk, w->mem, &h->reader, NULL, &rows, &n, &w->error), w);
	assert_int_equal(n, 3);
	assert_ok(pv_desk_account_list(h->desk, w->mem, &h->obs_owner, NULL, &rows, &n, &w->error),
		w);
	assert_int_equal(n, 0);
}

static void test_own_space(struct pv_world *w)
{
	struct pv_house *h = pv_house_build(w);
	struct pv_account_row row;
	assert_ok(pv_desk_account_add(h->desk, w->mem, &h->reader,
			  pv_form_of(w, "{'organization':'reader','network':'bluesky'}"), &bluesky,
			  &row, &w->error),
		w);
	assert_string_equal(row.stance, "personal");
	static const char *const wrong[] = {
		"{'organization':'reader','network':'mastodon','stance':'organisation'}",
		"{'organization':'reader','network':'mastodon','stance':'hosted'}",
		"{'organization':'coop','network':'mastodon','stance':'personal'}",
		"{'organization':'coop','network':'Mastodon !'}",
		"{'organization':'coop'}",
		"{'organization':'coop','network':'mastodon','owner':'x'}",
	};
	for (size_t i = 0; i < PV_COUNT(wrong); i++) {
		const struct pv_actor *actor = i < 2 ? &h->reader : &h->owner;
		assert_status(
			pv_desk_account_may_add(h->desk, actor, pv_form_of(w, wrong[i]), &w->error),
			PV_INVALID, w);
	}
}

static void test_secrets(struct pv_world *w)
{
	struct pv_house *h = pv_house_build(w);
	struct pv_account_row row = add(w, h), other;
	const char *json = NULL;
	static const char sealed_sql[] = "SELECT secrets FROM account WHERE id = $1";
	const char *sealed = column(w, row.id, sealed_sql);
	assert_null(strstr(sealed, "jeton"));
	assert_ok(pv_desk_account_open_secrets(h->desk, w->mem, row.id, &json, &w->error), w);
	assert_string_equal(json, bluesky.secrets);
	assert_ok(pv_desk_account_save_secrets(
			  h->desk, row.id, "{\"access\":\"nouveau\"}", &w->error),
		w);
	assert_ok(pv_desk_account_open_secrets(h->desk, w->mem, row.id, &json, &w->error), w);
	assert_string_equal(json, "{\"access\":\"nouveau\"}");
	/* Sealed for this account: put under another it does not open. */
	const struct pv_account_link second = {.remote_id = "did:plc:two", .secrets = "{}"};
	assert_ok(pv_desk_account_add(h->desk, w->mem, &h->owner,
			  pv_form_of(w, "{'organization':'coop','network':'bluesky'}"), &second,
			  &other, &w->error),
		w);
	assert_ok(pv_db_exec(w->db, "UPDATE account SET secrets = $1 WHERE id = $2",
			  PV_PARAMS(PV_TEXT(sealed), PV_TEXT(other.id)), NULL, &w->error),
		w);
	assert_status(pv_desk_account_open_secrets(h->desk, w->mem, other.id, &json, &w->error),
		PV_UNAVAILABLE, w);
	/* Removed: the secret is gone, the account stays for its posts. */
	assert_ok(pv_desk_account_remove(h->desk, &h->owner, row.id, &w->error), w);
	assert_null(column(w, row.id, sealed_sql));
	assert_status(pv_desk_account_open_secrets(h->desk, w->mem, row.id, &json, &w->error),
		PV_NOT_FOUND, w);
	assert_status(
		pv_desk_account_save_secrets(h->desk, row.id, "{}", &w->error), PV_NOT_FOUND, w);
	assert_ok(pv_desk_account_find(h->desk, w->mem, &h->reader, row.id, &other, &w->error), w);
	assert_string_equal(other.state, "removed");
	/* And it can be added anew under its old name. */
	assert_string_equal(add(w, h).slug, "coop-bluesky");
}

static void test_reconnect(struct pv_world *w)
{
	struct pv_house *h = pv_house_build(w);
	struct pv_account_row row = add(w, h), now;
	const struct pv_words why = {.fr = "Le jeton est mort.", .en = "The token died."};
	assert_ok(pv_desk_account_checked(h->desk, row.id, "sign_in", &why, NULL, &w->error), w);
	assert_string_equal(h->last_told, "account");
	assert_ok(pv_desk_account_find(h->desk, w->mem, &h->reader, row.id, &now, &w->error), w);
	assert_string_equal(now.state, "sign_in");
	assert_string_equal(
		now.state_why, "{\"fr\":\"Le jeton est mort.\",\"en\":\"The token died.\"}");
	assert_string_equal(now.settings, bluesky.settings);
	/* Saying "connected" does not make it so. */
	assert_status(pv_desk_account_change(h->desk, w->mem, &h->owner, row.id,
			      pv_form_of(w, "{'state':'connected'}"), &now, &w->error),
		PV_INVALID, w);
	/* Signed in as somebody else: what was approved for one must not go out on the other. */
	struct pv_account_link other = bluesky;
	other.remote_id = "did:plc:somebody-else";
	assert_status(pv_desk_account_reconnect(
			      h->desk, w->mem, &h->owner, row.id, &other, &now, &w->error),
		PV_CONFLICT, w);
	assert_ok(pv_desk_account_reconnect(
			  h->desk, w->mem, &h->owner, row.id, &bluesky, &now, &w->error),
		w);
	assert_string_equal(now.state, "connected");
	assert_string_equal(now.state_why, "");
}

/* Servers number their accounts each for itself: the same number elsewhere is somebody else. */
static void test_reconnect_elsewhere(struct pv_world *w)
{
	struct pv_house *h = pv_house_build(w);
	struct pv_account_row row, now;
	struct pv_account_link link = {.handle = "@coop@un.example",
		.server = "https://un.example",
		.remote_id = "1",
		.secrets = "{\"token\":\"t\"}"};
	assert_ok(pv_desk_account_add(h->desk, w->mem, &h->owner,
			  pv_form_of(w, "{'organization':'coop','network':'mastodon'}"), &link,
			  &row, &w->error),
		w);
	link.server = "https://deux.example";
	link.handle = "@autre@deux.example";
	assert_status(pv_desk_account_reconnect(
			      h->desk, w->mem, &h->owner, row.id, &link, &now, &w->error),
		PV_CONFLICT, w);
	assert_ok(pv_desk_account_find(h->desk, w->mem, &h->owner, row.id, &now, &w->error), w);
	assert_string_equal(now.server, "https://un.example");
	/* A DID is the same everywhere: its server may move. */
	row = add(w, h);
	struct pv_account_link moved = bluesky;
	moved.server = "https://pds.example";
	assert_ok(pv_desk_account_reconnect(
			  h->desk, w->mem, &h->owner, row.id, &moved, &now, &w->error),
		w);
	assert_string_equal(now.server, "https://pds.example");
}

static enum pv_status add_as(struct pv_world *w, struct pv_house *h, const struct pv_actor *actor,
	const char *form, const struct pv_account_link *link, struct pv_account_row *out)
{
	talloc_free(w->error.problems);
	w->error = PV_ERROR_IN(w->mem);
	return pv_desk_account_add(
		h->desk, w->mem, actor, pv_form_of(w, form), link, out, &w->error);
}

/*
 * An account of a network has one place here: connected again under one's own space, it would be
 * outside of the policy of the organisation that has it.
 */
static void test_one_place(struct pv_world *w)
{
	struct pv_house *h = pv_house_build(w);
	static const struct pv_account_link mastodon = {.handle = "@coop@un.example",
		.server = "https://un.example",
		.remote_id = "1",
		.secrets = "{\"token\":\"t\"}"};
	const char *own = "{'organization':'editor','network':'mastodon'}";
	struct pv_account_row row = add(w, h), there, other;
	assert_int_equal(
		add_as(w, h, &h->owner, "{'organization':'coop','network':'mastodon','slug':'m'}",
			&mastodon, &there),
		PV_OK);
	/* a member is told where it is */
	assert_int_equal(add_as(w, h, &h->editor, own, &mastodon, &other), PV_CONFLICT);
	assert_non_null(strstr(w->error.words.en, "Coop du Faubourg"));
	assert_non_null(strstr(w->error.words.fr, "« m »"));
	/* a stranger is not, whoever else they are */
	assert_int_equal(add_as(w, h, &h->obs_owner, "{'organization':'obs','network':'mastodon'}",
				 &mastodon, &other),
		PV_CONFLICT);
	assert_null(strstr(w->error.words.en, "Coop"));
	assert_null(strstr(w->error.words.fr, "Coop"));
	/* the same number at another server is somebody else; a DID is the same everywhere */
	struct pv_account_link link = mastodon;
	link.server = "https://deux.example";
	assert_int_equal(add_as(w, h, &h->editor, own, &link, &other), PV_OK);
	link = bluesky;
	link.server = "https://other-pds.example";
	const char *sky = "{'organization':'editor','network':'bluesky'}";
	assert_int_equal(add_as(w, h, &h->editor, sky, &link, &other), PV_CONFLICT);
	/* once it is removed where it was it may go there; and then not back by reconnecting */
	assert_ok(pv_desk_account_remove(h->desk, &h->owner, row.id, &w->error), w);
	assert_int_equal(add_as(w, h, &h->editor, sky, &link, &other), PV_OK);
	assert_int_equal(add_as(w, h, &h->owner, "{'organization':'coop','network':'bluesky'}",
				 &bluesky, &row),
		PV_CONFLICT);
	/* journals are of nobody's server: each organisation has its own, and one */
	const struct pv_account_link journal = {.name = NULL};
	assert_int_equal(add_as(w, h, &h->editor, "{'organization':'editor','network':'journal'}",
				 &journal, &other),
		PV_OK);
	assert_int_equal(add_as(w, h, &h->owner, "{'organization':'coop','network':'journal'}",
				 &journal, &other),
		PV_OK);
	assert_int_equal(
		add_as(w, h, &h->owner, "{'organization':'coop','network':'journal','slug':'j2'}",
			&journal, &other),
		PV_CONFLICT);
}

/* One that never knew who it is must not become, by reconnecting, what another place has. */
static void test_reconnect_one_place(struct pv_world *w)
{
	struct pv_house *h = pv_house_build(w);
	struct pv_account_link link = bluesky, none = {.secrets = "{}"};
	struct pv_account_row row = add(w, h), blank, now;
	assert_int_equal(add_as(w, h, &h->editor, "{'organization':'editor','network':'bluesky'}",
				 &none, &blank),
		PV_OK);
	link.server = "https://other-pds.example";
	assert_status(pv_desk_account_reconnect(
			      h->desk, w->mem, &h->editor, blank.id, &link, &now, &w->error),
		PV_CONFLICT, w);
	assert_ok(pv_desk_account_find(h->desk, w->mem, &h->editor, blank.id, &now, &w->error), w);
	assert_string_equal(now.remote_id, "");
	assert_ok(pv_desk_account_reconnect(
			  h->desk, w->mem, &h->owner, row.id, &bluesky, &now, &w->error),
		w);
}

static void test_change(struct pv_world *w)
{
	struct pv_house *h = pv_house_build(w);
	struct pv_account_row row = add(w, h), now;
	assert_ok(pv_desk_account_change(h->desk, w->mem, &h->reviewer, row.id,
			  pv_form_of(w, "{'state':'paused'}"), &now, &w->error),
		w);
	/* What a check finds does not lift a person's pause. */
	assert_ok(pv_desk_account_checked(
			  h->desk, row.id, "connected", NULL, "{\"text_max\":500}", &w->error),
		w);
	assert_ok(pv_desk_account_find(h->desk, w->mem, &h->reader, row.id, &now, &w->error), w);
	assert_string_equal(now.state, "paused");
	assert_string_equal(now.settings, "{\"text_max\":500}");
	assert_status(pv_desk_account_change(h->desk, w->mem, &h->owner, row.id,
			      pv_form_of(w, "{'version':1,'name':'X'}"), &now, &w->error),
		PV_CONFLICT, w);
	assert_ok(pv_desk_account_change(h->desk, w->mem, &h->owner, row.id,
			  pv_form_of(w, "{'slug':'coop-bs','name':'X','stance':'hosted'}"), &now,
			  &w->error),
		w);
	assert_string_equal(now.slug, "coop-bs");
	assert_status(pv_desk_account_change(h->desk, w->mem, &h->owner, row.id,
			      pv_form_of(w, "{'stance':'personal'}"), &now, &w->error),
		PV_INVALID, w);
	assert_status(pv_desk_account_change(h->desk, w->mem, &h->owner, row.id,
			      pv_form_of(w, "{'state':'removed'}"), &now, &w->error),
		PV_INVALID, w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PV_BOTH(test_add),
		PV_BOTH(test_own_space),
		PV_BOTH(test_secrets),
		PV_BOTH(test_reconnect),
		PV_BOTH(test_reconnect_elsewhere),
		PV_BOTH(test_one_place),
		PV_BOTH(test_reconnect_one_place),
		PV_BOTH(test_change),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
