/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "house.h"

#include "desk/organizations.h"
#include "desk/people.h"
#include "desk/setup.h"
#include "store/membership.h"

#include <stdlib.h>
#include <string.h>

const char pv_house_policy[] =
	"policy: coop\n"
	"version: 1\n"
	"title: {fr: Essai, en: Trial}\n"
	"timezone: America/Toronto\n"
	"default: allow\n"
	"organisations:\n"
	"  coop: {names: [Coop]}\n"
	"accounts:\n"
	"  coop-fb: {owner: coop, stance: organisation, platform: facebook}\n"
	"rules:\n"
	"  - id: all\n"
	"    kind: category\n"
	"    label: {fr: \"Tout.\", en: \"All.\"}\n"
	"    when: {stance: organisation}\n"
	"    then: allow\n";

/* Hashing is slow by design: once for all tests of a program. */
static const char *password_hash(void)
{
	static char kept[200];
	char *hash = NULL;
	if (*kept)
		return kept;
	assert_int_equal(pv_password_hash(NULL, PV_HOUSE_PASSWORD, &hash, NULL), PV_OK);
	strncpy(kept, hash, sizeof kept - 1);
	talloc_free(hash);
	return kept;
}

static int json_release(json_t **value)
{
	json_decref(*value);
	return 0;
}

json_t *pv_form_of(struct pv_world *w, const char *text)
{
	char *copy = talloc_strdup(w->mem, text);
	for (char *c = copy; *c; c++)
		*c = *c == '\'' ? '"' : *c;
	json_t **held = talloc_zero(w->mem, json_t *);
	assert_ok(pv_json_parse(copy, strlen(copy), held, &w->error), w);
	talloc_set_destructor(held, json_release);
	return *held;
}

bool pv_problem_at(const struct pv_error *error, const char *pointer)
{
	for (size_t i = 0; i < error->n_problems; i++)
		if (strcmp(error->problems[i].pointer, pointer) == 0)
			return error->problems[i].message.fr && error->problems[i].message.en;
	return false;
}

const char *pv_house_person(struct pv_house *h, struct pv_world *w, const char *slug)
{
	struct pv_person_row row;
	const char *link = NULL;
	json_t *form = pv_form_of(
		w, talloc_asprintf(w->mem, "{'name':'%s','login':'%s@house.example','slug':'%s'}",
			   slug, slug, slug));
	assert_ok(pv_desk_person_add(h->desk, w->mem, &pv_actor_desk, form, &row, &link, &w->error),
		w);
	assert_non_null(link);
	row.password = password_hash();
	assert_ok(pv_person_update(w->db, &row, &w->error), w);
	return row.id;
}

void pv_house_seat(struct pv_house *h, struct pv_world *w, const char *organization_id,
	const char *person_id, const char *role, const char *policy_roles)
{
	const struct pv_membership_row seat = {.organization_id = organization_id,
		.person_id = person_id,
		.role = role,
		.policy_roles = policy_roles,
		.created_at_us = pv_env_now_us(h->desk->env)};
	assert_ok(pv_membership_insert(w->db, &seat, &w->error), w);
}

const char *pv_house_organization(
	struct pv_house *h, struct pv_world *w, const char *slug, const char *name)
{
	struct pv_organization_row row;
	json_t *form =
		pv_form_of(w, talloc_asprintf(w->mem, "{'name':'%s','slug':'%s'}", name, slug));
	assert_ok(pv_desk_organization_add(h->desk, w->mem, &pv_actor_desk, form, &row, &w->error),
		w);
	return row.id;
}

static struct pv_actor seated(
	struct pv_house *h, struct pv_world *w, const char *slug, const char *role)
{
	const char *id = pv_house_person(h, w, slug);
	if (role)
		pv_house_seat(h, w, h->coop, id, role, "[]");
	return (struct pv_actor){.person_id = id, .may_write = true};
}

static void told(void *state, const struct pv_change *change)
{
	struct pv_house *h = state;
	h->told++;
	strncpy(h->last_told, change->kind, sizeof h->last_told - 1);
}

struct pv_desk *pv_house_desk(struct pv_world *w, TALLOC_CTX *mem)
{
	struct pv_desk *desk = NULL;
	struct pv_error error = PV_ERROR_IN(mem);
	assert_int_equal(pv_desk_open(mem, w->real, w->folder, w->url, &desk, &error), PV_OK);
	return desk;
}

struct pv_house *pv_house_build(struct pv_world *w)
{
	struct pv_house *h = talloc_zero(w->mem, struct pv_house);
	struct pv_key *key = talloc_zero(w->mem, struct pv_key);
	assert_ok(pv_key_load(talloc_asprintf(w->mem, "%s/key", w->folder), key, &w->error), w);
	h->desk = talloc_zero(h, struct pv_desk);
	*h->desk = (struct pv_desk){.env = w->env,
		.db = w->db,
		.key = key,
		.data_dir = w->folder,
		.database_url = w->url,
		.node = "test",
		.base_url = "http://desk.example",
		.changed = told,
		.changed_state = h};
	h->coop = pv_house_organization(h, w, "coop", "Coop du Faubourg");
	h->obs = pv_house_organization(h, w, "obs", "Observatoire");
	h->owner = seated(h, w, "owner", "owner");
	h->editor = seated(h, w, "editor", "editor");
	h->reviewer = seated(h, w, "reviewer", "reviewer");
	h->analyst = seated(h, w, "analyst", "analyst");
	h->reader = seated(h, w, "reader", "reader");
	h->outsider = seated(h, w, "outsider", NULL);
	h->obs_owner = seated(h, w, "obs-owner", NULL);
	pv_house_seat(h, w, h->obs, h->obs_owner.person_id, "owner", "[]");
	h->token = h->owner;
	h->token.may_write = false;
	h->told = 0;
	return h;
}
