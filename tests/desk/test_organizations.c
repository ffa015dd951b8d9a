/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "house.h"

#include "desk/form.h"
#include "desk/identity.h"

#include <string.h>

static void test_slugs(struct pv_world *w)
{
	static const struct {
		const char *name, *slug;
	} cases[] = {
		{"Coop du Faubourg", "coop-du-faubourg"},
		{"L'Œuvre de l’Été", "l-oeuvre-de-l-ete"},
		{"  --  ", "o"},
		{"3e étage", "o-3e-etage"},
		{"Ça, là & ÇÀ!", "ca-la-ca"},
		{"日本", "o"},
		{"Straße", "strasse"},
		{"a--b", "a-b"},
	};
	(void)w;
	for (size_t i = 0; i < PV_COUNT(cases); i++) {
		const char *slug = pv_slug_make(w->mem, cases[i].name);
		assert_string_equal(slug, cases[i].slug);
		assert_true(pv_slug_valid(slug));
	}
	char name[500];
	memset(name, 'x', sizeof name - 1);
	name[sizeof name - 1] = '\0';
	assert_true(pv_slug_valid(pv_slug_make(w->mem, name)));
	static const char *const bad[] = {"", "-a", "a-", "a--b", "A", "é", "1a", "a b", "a_b"};
	for (size_t i = 0; i < PV_COUNT(bad); i++)
		assert_false(pv_slug_valid(bad[i]));
}

static void test_add(struct pv_world *w)
{
	struct pv_house *h = pv_house_build(w);
	struct pv_organization_row first, second;
	json_t *form = pv_form_of(w, "{'name':'Jeune Pousse'}");
	assert_ok(pv_desk_organization_add(h->desk, w->mem, &h->owner, form, &first, &w->error), w);
	assert_ok(
		pv_desk_organization_add(h->desk, w->mem, &h->owner, form, &second, &w->error), w);
	assert_string_equal(first.slug, "jeune-pousse");
	assert_string_equal(second.slug, "jeune-pousse-2");
	assert_string_not_equal(first.colour, second.colour);
	assert_string_equal(first.timezone, "America/Toronto");
	assert_string_equal(h->last_told, "organization");
	/* A slug that somebody, or something, has is refused when it was asked for. */
	static const char *const taken[] = {"coop", "editor", "jeune-pousse-2"};
	for (size_t i = 0; i < PV_COUNT(taken); i++) {
		struct pv_error error = PV_ERROR_IN(w->mem);
		form = pv_form_of(w, talloc_asprintf(w->mem, "{'name':'X','slug':'%s'}", taken[i]));
		assert_int_equal(
			pv_desk_organization_add(h->desk, w->mem, &h->owner, form, &second, &error),
			PV_CONFLICT);
		assert_true(pv_problem_at(&error, "/slug"));
	}
	static const struct {
		const char *form, *pointer;
	} wrong[] = {
		{"{}", "/name"},
		{"{'name':'  '}", "/name"},
		{"{'name':'X','timezone':'Amérique/Montréal'}", "/timezone"},
		{"{'name':'X','timezone':'EST5EDT,M3.2.0'}", "/timezone"},
		{"{'name':'X','language':'eo'}", "/language"},
		{"{'name':'X','colour':'none'}", "/colour"},
		{"{'name':'X','kind':'person'}", "/kind"},
	};
	for (size_t i = 0; i < PV_COUNT(wrong); i++) {
		struct pv_error error = PV_ERROR_IN(w->mem);
		assert_int_equal(pv_desk_organization_add(h->desk, w->mem, &h->owner,
					 pv_form_of(w, wrong[i].form), &second, &error),
			PV_INVALID);
		if (!pv_problem_at(&error, wrong[i].pointer))
			fail_msg("%s: no problem at %s", wrong[i].form, wrong[i].pointer);
	}
	/* Not even an object. */
	assert_status(pv_desk_organization_add(
			      h->desk, w->mem, &h->owner, pv_form_of(w, "[1]"), &second, &w->error),
		PV_INVALID, w);
	assert_status(
		pv_desk_organization_add(h->desk, w->mem, &h->owner, NULL, &second, &w->error),
		PV_INVALID, w);
}

static void test_change(struct pv_world *w)
{
	struct pv_house *h = pv_house_build(w);
	struct pv_organization_row row, again;
	json_t *form = pv_form_of(w,
		"{'version':1,'name':'La Coop','colour':'plum','timezone':'Europe/Paris',"
		"'language':'en','journal':{'open':true,'about':{'fr':'Bonjour'}}}");
	assert_ok(pv_desk_organization_change(
			  h->desk, w->mem, &h->owner, "coop", form, &row, &w->error),
		w);
	assert_string_equal(row.name, "La Coop");
	assert_int_equal(row.version, 2);
	/* Older than what stands: nothing is overwritten unseen. */
	assert_status(pv_desk_organization_change(
			      h->desk, w->mem, &h->owner, "coop", form, &again, &w->error),
		PV_CONFLICT, w);
	PV_JSON json_t *journal = NULL;
	assert_ok(pv_json_parse(row.journal, strlen(row.journal), &journal, &w->error), w);
	assert_true(pv_json_bool(journal, "open", false));
	assert_true(pv_json_bool(journal, "comments", false));
	assert_string_equal(pv_json_text(json_object_get(journal, "about"), "fr"), "Bonjour");
	assert_string_equal(pv_json_text(json_object_get(journal, "about"), "en"), "");
	/* What is not said stays. */
	assert_ok(pv_desk_organization_change(h->desk, w->mem, &h->owner, "coop",
			  pv_form_of(w, "{'journal':{'comments':false}}"), &row, &w->error),
		w);
	assert_non_null(strstr(row.journal, "\"open\":true"));
	assert_non_null(strstr(row.journal, "\"comments\":false"));
	assert_non_null(strstr(row.journal, "Bonjour"));
	assert_string_equal(row.timezone, "Europe/Paris");
	static const struct {
		const char *form, *pointer;
	} wrong[] = {
		{"{'name':''}", "/name"},
		{"{'slug':'x'}", "/slug"},
		{"{'journal':true}", "/journal"},
		{"{'journal':{'open':'yes'}}", "/journal/open"},
		{"{'journal':{'about':'x'}}", "/journal/about"},
		{"{'journal':{'about':{'fr':7}}}", "/journal/about/fr"},
		{"{'journal':{'colour':'x'}}", "/journal/colour"},
		{"{'switches':['a b']}", "/switches/0"},
		{"{'switches':'deuil'}", "/switches"},
		{"{'version':'1'}", "/version"},
	};
	for (size_t i = 0; i < PV_COUNT(wrong); i++) {
		struct pv_error error = PV_ERROR_IN(w->mem);
		assert_int_equal(pv_desk_organization_change(h->desk, w->mem, &h->owner, "coop",
					 pv_form_of(w, wrong[i].form), &again, &error),
			PV_INVALID);
		if (!pv_problem_at(&error, wrong[i].pointer))
			fail_msg("%s: no problem at %s", wrong[i].form, wrong[i].pointer);
	}
	struct pv_organization_row present;
	assert_ok(
		pv_desk_organization_find(h->desk, w->mem, &h->owner, h->coop, &present, &w->error),
		w);
	assert_int_equal(present.version, row.version);
}

static void test_pause(struct pv_world *w)
{
	struct pv_house *h = pv_house_build(w);
	struct pv_organization_row row;
	static const char *const empty[] = {NULL, "", "  \n"};
	for (size_t i = 0; i < PV_COUNT(empty); i++)
		assert_status(pv_desk_organization_pause(h->desk, w->mem, &h->reviewer, "coop",
				      empty[i], &row, &w->error),
			PV_INVALID, w);
	assert_ok(pv_desk_organization_pause(
			  h->desk, w->mem, &h->reviewer, "coop", "Un deuil.", &row, &w->error),
		w);
	assert_string_equal(h->last_told, "pause");
	assert_true(row.paused_at_us == PV_WORLD_START);
	pv_env_sim_advance(w->env, PV_HOUR_US);
	assert_ok(pv_desk_organization_pause(
			  h->desk, w->mem, &h->editor, "coop", "Encore.", &row, &w->error),
		w);
	assert_true(row.paused_at_us == PV_WORLD_START);
	assert_string_equal(row.paused_why, "Encore.");
	assert_ok(pv_desk_organization_resume(h->desk, w->mem, &h->editor, "coop", &row, &w->error),
		w);
	assert_true(row.paused_at_us == PV_TIME_NONE);
	assert_null(row.paused_why);
	assert_ok(pv_desk_organization_resume(h->desk, w->mem, &h->editor, "coop", &row, &w->error),
		w);
}

static void test_public(struct pv_world *w)
{
	struct pv_house *h = pv_house_build(w);
	struct pv_organization_row row;
	assert_status(pv_desk_organization_public(h->desk, w->mem, "coop", &row, &w->error),
		PV_NOT_FOUND, w);
	assert_status(pv_desk_organization_public(h->desk, w->mem, "nobody", &row, &w->error),
		PV_NOT_FOUND, w);
	assert_ok(pv_desk_organization_change(h->desk, w->mem, &h->owner, "coop",
			  pv_form_of(w, "{'journal':{'open':true}}"), &row, &w->error),
		w);
	assert_ok(pv_desk_organization_public(h->desk, w->mem, "coop", &row, &w->error), w);
	assert_string_equal(row.id, h->coop);
}

static void test_list(struct pv_world *w)
{
	struct pv_house *h = pv_house_build(w);
	struct pv_seat_row *seats = NULL;
	size_t n = 0;
	assert_ok(pv_desk_organization_list(h->desk, w->mem, &h->editor, &seats, &n, &w->error), w);
	assert_int_equal(n, 2);
	assert_string_equal(seats[0].organization.slug, "coop");
	assert_string_equal(seats[0].membership.role, "editor");
	assert_string_equal(seats[1].organization.slug, "editor");
	assert_ok(pv_desk_organization_list(h->desk, w->mem, &pv_actor_desk, &seats, &n, &w->error),
		w);
	assert_int_equal(n, 2 + 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PV_ON_SQLITE(test_slugs),
		PV_BOTH(test_add),
		PV_BOTH(test_change),
		PV_BOTH(test_pause),
		PV_BOTH(test_public),
		PV_BOTH(test_list),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
