/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "house.h"

#include "desk/register.h"

#include <string.h>

static void test_as_it_then_was(struct pv_world *w)
{
	struct pv_house *h = pv_house_build(w);
	struct pv_interest_row blog, changed, *rows = NULL;
	const char *me = h->editor.person_id;
	size_t n = 0;
	json_t *form = pv_form_of(w,
		"{'names':['Carnet de Marc'],'relation':'author',"
		"'domains':['https://www.CarnetDeMarc.example/'],'handles':['CarnetMarc']}");
	int64_t before = pv_env_now_us(w->env) - 1;
	assert_ok(pv_desk_interest_add(h->desk, w->mem, &h->editor, form, &blog, &w->error), w);
	assert_string_equal(blog.domains, "[\"carnetdemarc.example\"]");
	assert_string_equal(blog.handles, "[\"@CarnetMarc\"]");
	pv_env_sim_advance(w->env, PV_DAY_US);
	int64_t then = pv_env_now_us(w->env);
	pv_env_sim_advance(w->env, PV_DAY_US);
	assert_ok(pv_desk_interest_change(h->desk, w->mem, &h->editor, blog.id,
			  pv_form_of(w, "{'domains':['carnetdemarc.example','marc.example/blog']}"),
			  &changed, &w->error),
		w);
	assert_string_not_equal(changed.id, blog.id);
	assert_string_equal(changed.names, blog.names);
	assert_string_equal(changed.handles, blog.handles);
	pv_env_sim_advance(w->env, PV_DAY_US);
	assert_ok(pv_desk_interest_end(h->desk, &h->editor, changed.id, &w->error), w);
	const struct {
		int64_t at_us;
		const char *id;
	} moments[] = {{before, NULL}, {then, blog.id}, {changed.created_at_us, changed.id},
		{changed.created_at_us - 1, blog.id}, {pv_env_now_us(w->env), NULL}};
	for (size_t i = 0; i < PV_COUNT(moments); i++) {
		assert_ok(pv_desk_register_at(h->desk, w->mem, NULL, me, moments[i].at_us, &rows,
				  &n, &w->error),
			w);
		assert_int_equal(n, moments[i].id != NULL);
		if (n)
			assert_string_equal(rows[0].id, moments[i].id);
	}
	/* Nothing is erased. */
	assert_ok(
		pv_desk_register_at(h->desk, w->mem, NULL, me, PV_TIME_NONE, &rows, &n, &w->error),
		w);
	assert_int_equal(n, 2);
	assert_status(
		pv_desk_interest_end(h->desk, &h->editor, blog.id, &w->error), PV_CONFLICT, w);
	assert_status(pv_desk_interest_change(h->desk, w->mem, &h->editor, blog.id,
			      pv_form_of(w, "{}"), &changed, &w->error),
		PV_CONFLICT, w);
}

/* Striking out one's blog just before promoting it gains nothing; a slip of the pen goes at once. */
static void test_struck_out_still_counts(struct pv_world *w)
{
	struct pv_house *h = pv_house_build(w);
	struct pv_interest_row blog, slip, *rows = NULL;
	const char *me = h->editor.person_id;
	size_t n = 0;
	json_t *form = pv_form_of(
		w, "{'names':['Carnet'],'relation':'author','domains':['carnet.example']}");
	assert_ok(pv_desk_interest_add(h->desk, w->mem, &h->editor, form, &blog, &w->error), w);
	pv_env_sim_advance(w->env, PV_DAY_US);
	assert_ok(pv_desk_interest_add(h->desk, w->mem, &h->editor, form, &slip, &w->error), w);
	assert_ok(pv_desk_interest_end(h->desk, &h->editor, slip.id, &w->error), w);
	assert_ok(pv_desk_interest_end(h->desk, &h->editor, blog.id, &w->error), w);
	int64_t struck_us = pv_env_now_us(w->env);
	const struct {
		int64_t at_us;
		size_t n;
	} moments[] = {{struck_us, 1}, {struck_us + PV_INTEREST_GRACE_DAYS * PV_DAY_US - 1, 1},
		{struck_us + PV_INTEREST_GRACE_DAYS * PV_DAY_US, 0}, {blog.created_at_us - 1, 0}};
	for (size_t i = 0; i < PV_COUNT(moments); i++) {
		assert_ok(pv_desk_register_counting(h->desk, w->mem, NULL, me, moments[i].at_us,
				  &rows, &n, &w->error),
			w);
		assert_int_equal(n, moments[i].n);
		if (n)
			assert_string_equal(rows[0].id, blog.id);
	}
}

/* A person's register is theirs: not even an owner reads or writes it. */
static void test_personal(struct pv_world *w)
{
	struct pv_house *h = pv_house_build(w);
	struct pv_interest_row row, *rows = NULL;
	size_t n = 0;
	json_t *form = pv_form_of(w, "{'names':['Moi'],'relation':'author'}");
	assert_ok(pv_desk_interest_add(h->desk, w->mem, &h->editor, form, &row, &w->error), w);
	assert_status(pv_desk_interest_end(h->desk, &h->owner, row.id, &w->error), PV_NOT_FOUND, w);
	assert_status(
		pv_desk_interest_list(h->desk, w->mem, &h->owner, "editor", &rows, &n, &w->error),
		PV_NOT_FOUND, w);
	assert_ok(pv_desk_interest_list(h->desk, w->mem, &h->owner, NULL, &rows, &n, &w->error), w);
	assert_int_equal(n, 0);
	assert_ok(
		pv_desk_interest_list(h->desk, w->mem, &h->editor, NULL, &rows, &n, &w->error), w);
	assert_int_equal(n, 1);
	assert_status(pv_desk_interest_add_for(h->desk, w->mem, &h->owner, h->editor.person_id,
			      form, &row, &w->error),
		PV_DENIED, w);
	assert_status(pv_desk_interest_add(h->desk, w->mem, &h->token, form, &row, &w->error),
		PV_DENIED, w);
}

static void test_organisation(struct pv_world *w)
{
	struct pv_house *h = pv_house_build(w);
	struct pv_interest_row row, *rows = NULL;
	size_t n = 0;
	json_t *form = pv_form_of(w,
		"{'organization':'coop','names':['Moulin'],'relation':'client','org':'moulin',"
		"'feeds':['https://moulin.example/feed.xml'],'until':'2026-12-31'}");
	assert_ok(pv_desk_interest_add(h->desk, w->mem, &h->owner, form, &row, &w->error), w);
	assert_null(row.person_id);
	assert_string_equal(row.org, "moulin");
	assert_string_equal(row.until_day, "2026-12-31");
	assert_ok(pv_desk_interest_list(h->desk, w->mem, &h->reader, "coop", &rows, &n, &w->error),
		w);
	assert_int_equal(n, 1);
	assert_ok(pv_desk_register_at(h->desk, w->mem, h->coop, NULL, pv_env_now_us(w->env), &rows,
			  &n, &w->error),
		w);
	assert_int_equal(n, 1);
	assert_ok(pv_desk_interest_change(h->desk, w->mem, &h->owner, row.id,
			  pv_form_of(w, "{'until':null,'org':null}"), &row, &w->error),
		w);
	assert_null(row.until_day);
	assert_null(row.org);
}

static void test_forms(struct pv_world *w)
{
	static const struct {
		const char *member, *pointer; /* NULL: it is fine */
	} cases[] = {
		{"'domains':['carnet.example/blog/']", NULL},
		{"'domains':['http://été.example']", NULL},
		{"'domains':['carnet']", "/domains/0"},
		{"'domains':['com']", "/domains/0"},
		{"'domains':['co.uk']", "/domains/0"},
		{"'domains':['github.io']", "/domains/0"},
		{"'domains':['marc.github.io','medium.example/@marc']", NULL},
		{"'domains':['a b.example']", "/domains/0"},
		{"'domains':['moi@carnet.example']", "/domains/0"},
		{"'domains':['ok.example','http://']", "/domains/1"},
		{"'handles':['@Marc','marc@toot.example','marc.bsky.social']", NULL},
		{"'handles':['@Éloïse']", NULL},
		{"'handles':['@']", "/handles/0"},
		{"'handles':['a b']", "/handles/0"},
		{"'handles':['<script>']", "/handles/0"},
		{"'feeds':['https://a.example/feed']", NULL},
		{"'feeds':['javascript:alert(1)']", "/feeds/0"},
		{"'feeds':['file:///etc/passwd']", "/feeds/0"},
		{"'feeds':['http:///x']", "/feeds/0"},
		{"'until':'2026-02-28'", NULL},
		{"'until':'2026-02-30'", "/until"},
		{"'until':'2026-2-3'", "/until"},
		{"'until':'28/02/2026'", "/until"},
		{"'until':'2026-02-28T00'", "/until"},
		{"'relation':'friend'", "/relation"},
		{"'names':[]", "/names"},
		{"'names':[1]", "/names/0"},
		{"'org':'La Coop'", "/org"},
		{"'secret':1", "/secret"},
	};
	struct pv_house *h = pv_house_build(w);
	struct pv_interest_row row;
	for (size_t i = 0; i < PV_COUNT(cases); i++) {
		struct pv_error error = PV_ERROR_IN(w->mem);
		bool names = strncmp(cases[i].member, "'names'", 7) == 0;
		bool relation = strncmp(cases[i].member, "'relation'", 10) == 0;
		json_t *form = pv_form_of(
			w, talloc_asprintf(w->mem, "{%s%s%s}", names ? "" : "'names':['X'],",
				   relation ? "" : "'relation':'author',", cases[i].member));
		enum pv_status status =
			pv_desk_interest_add(h->desk, w->mem, &h->editor, form, &row, &error);
		if (cases[i].pointer
				? status != PV_INVALID || !pv_problem_at(&error, cases[i].pointer)
				: status != PV_OK)
			fail_msg("%s: %s", cases[i].member, pv_status_name(status));
	}
	assert_status(pv_desk_interest_add(h->desk, w->mem, &h->editor,
			      pv_form_of(w, "{'relation':'author'}"), &row, &w->error),
		PV_INVALID, w);
	assert_status(pv_desk_interest_add(h->desk, w->mem, &h->editor,
			      pv_form_of(w, "{'names':['X']}"), &row, &w->error),
		PV_INVALID, w);
}

static void test_domain_as_kept(struct pv_world *w)
{
	struct pv_house *h = pv_house_build(w);
	struct pv_interest_row row;
	json_t *form = pv_form_of(w,
		"{'names':['X'],'relation':'author','domains':['HTTPS://www.Été.example.',"
		"'a.example:8080/Blog/?q#f','http://a.example/Blog/','été.example']}");
	assert_ok(pv_desk_interest_add(h->desk, w->mem, &h->editor, form, &row, &w->error), w);
	/* One form for each, and each once. */
	assert_string_equal(row.domains, "[\"xn--t-9fab.example\",\"a.example/Blog\"]");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PV_BOTH(test_as_it_then_was),
		PV_BOTH(test_struck_out_still_counts),
		PV_BOTH(test_personal),
		PV_BOTH(test_organisation),
		PV_BOTH(test_forms),
		PV_ON_SQLITE(test_domain_as_kept),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
