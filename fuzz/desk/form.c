/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Whatever a form holds, given to the verbs of the identity half on a desk in memory: each answers
 * yes or a no with words in both languages, and what it would keep is JSON and UTF-8.
 */
#include "base/str.h"
#include "desk/accounts.h"
#include "desk/identity.h"
#include "desk/register.h"
#include "store/migrate.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static struct pv_desk desk;
static struct pv_actor owner;

static void require(bool promise)
{
	if (!promise)
		__builtin_trap();
}

static void set_up(void)
{
	static struct pv_key key;
	TALLOC_CTX *mem = talloc_named_const(NULL, 0, "fuzz");
	struct pv_person_row person;
	struct pv_organization_row coop;
	const char *link = NULL;
	PV_JSON json_t *who = json_pack("{s:s,s:s}", "name", "Marc", "login", "marc@x.example");
	PV_JSON json_t *what = json_pack("{s:s,s:s}", "name", "Coop", "slug", "coop");
	desk = (struct pv_desk){.key = &key, .base_url = "", .node = "fuzz"};
	require(pv_env_sim(mem, 1, 1772452800000000, NULL, NULL, &desk.env, NULL) == PV_OK);
	require(pv_db_open(mem, desk.env, "sqlite::memory:", &desk.db, NULL) == PV_OK);
	require(pv_db_migrate(desk.db, NULL, NULL) == PV_OK);
	require(pv_desk_person_add(&desk, mem, &pv_actor_desk, who, &person, &link, NULL) == PV_OK);
	require(pv_desk_organization_add(&desk, mem, &pv_actor_desk, what, &coop, NULL) == PV_OK);
	const struct pv_membership_row seat = {.organization_id = coop.id,
		.person_id = person.id,
		.role = "owner",
		.policy_roles = "[]"};
	require(pv_membership_insert(desk.db, &seat, NULL) == PV_OK);
	owner = (struct pv_actor){.person_id = person.id, .may_write = true};
}

static void is_list(const char *text)
{
	PV_JSON json_t *value = NULL;
	require(pv_json_parse(text, strlen(text), &value, NULL) == PV_OK);
	require(json_is_array(value));
}

/* A no has words, and each of its problems too. */
static bool yes(enum pv_status status, const struct pv_error *error)
{
	require(status != PV_INTERNAL && status != PV_UNAVAILABLE && status != PV_NOMEM);
	if (status == PV_OK)
		return true;
	require(error->words.fr && error->words.en);
	for (size_t i = 0; i < error->n_problems; i++)
		require(error->problems[i].pointer[0] == '/' && error->problems[i].message.fr &&
			error->problems[i].message.en);
	return false;
}

static void try_register(TALLOC_CTX *mem, const json_t *form)
{
	struct pv_error error = PV_ERROR_IN(mem);
	struct pv_interest_row row;
	if (!yes(pv_desk_interest_add(&desk, mem, &owner, form, &row, &error), &error))
		return;
	is_list(row.names);
	is_list(row.domains);
	is_list(row.handles);
	is_list(row.feeds);
	require(strcmp(row.names, "[]") != 0);
}

static void try_organization(TALLOC_CTX *mem, const json_t *form)
{
	struct pv_error error = PV_ERROR_IN(mem);
	struct pv_organization_row row;
	if (yes(pv_desk_organization_change(&desk, mem, &owner, "coop", form, &row, &error),
		    &error))
		is_list(row.switches);
	error = PV_ERROR_IN(mem);
	if (yes(pv_desk_organization_add(&desk, mem, &owner, form, &row, &error), &error))
		require(*row.name && *row.slug && strlen(row.slug) <= PV_SLUG_MAX);
}

static void try_people(TALLOC_CTX *mem, const json_t *form)
{
	struct pv_error error = PV_ERROR_IN(mem);
	struct pv_member_row member;
	struct pv_token_row token;
	struct pv_person_row me;
	const char *text = NULL;
	if (yes(pv_desk_person_invite(&desk, mem, &owner, "coop", form, &member, &text, &error),
		    &error))
		is_list(member.membership.policy_roles);
	error = PV_ERROR_IN(mem);
	if (yes(pv_desk_token_add(&desk, mem, &owner, form, &token, &text, &error), &error))
		is_list(token.scopes);
	/* A password is hashed, or compared, in a tenth of a second: not here. */
	if (!json_object_get(form, "password")) {
		error = PV_ERROR_IN(mem);
		yes(pv_desk_me_change(&desk, mem, &owner, form, NULL, &me, &error), &error);
	}
	error = PV_ERROR_IN(mem);
	yes(pv_desk_account_may_add(&desk, &owner, form, &error), &error);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	PV_SCOPE TALLOC_CTX *mem = pv_scope(NULL);
	PV_JSON json_t *form = NULL;
	if (!desk.db)
		set_up();
	if (pv_json_parse((const char *)bytes, size, &form, NULL) != PV_OK)
		return 0;
	require(pv_db_begin_write(desk.db, NULL) == PV_OK);
	try_register(mem, form);
	try_organization(mem, form);
	try_people(mem, form);
	pv_db_rollback(desk.db);
	return 0;
}
