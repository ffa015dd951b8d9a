/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Several variants of one post: pairs in two languages, several accounts, names that two houses use. */
#include "press.h"

#include "desk/calendar.h"
#include "desk/judging.h"
#include "desk/organizations.h"
#include "store/counted.h"
#include "desk/accounts.h"
#include "policy/case.h"
#include "store/membership.h"

#include <string.h>

#define PROJECT "{'origin':'organisation','interest':'project','axis':'project'}"
#define FAVOURITE "{'origin':'third_party','interest':'personal_favourite','axis':'human'}"

/* One verb, its answer in the press's memory. */
#define SUBMIT(p, id, v) \
	pv_desk_variant_submit((p)->desk, (p)->w->mem, &(p)->manager, id, v, &(p)->w->error)
#define APPROVE(p, who, id, digest, v) \
	pv_desk_review_approve((p)->desk, (p)->w->mem, who, id, digest, "", v, &(p)->w->error)
#define EDIT(p, id, version, in, v) \
	pv_desk_variant_edit(       \
		(p)->desk, (p)->w->mem, &(p)->manager, id, version, in, v, &(p)->w->error)

/* What the last refusal said: assert_status begins a new error. */
static struct pv_error said;
#define assert_says(call, wanted, w)               \
	do {                                       \
		enum pv_status pv_told = (call);   \
		said = (w)->error;                 \
		assert_status(pv_told, wanted, w); \
	} while (0)

static const char policy_pair[] =
	"policy: coop\n"
	"version: 1\n"
	"title: {fr: Essai, en: Trial}\n"
	"timezone: America/Toronto\n"
	"default: allow\n"
	"organisations:\n"
	"  coop: {names: [Coop], axes: [project], domains: [coop.example], handles: [\"@Coop\"]}\n"
	"accounts:\n"
	"  coop-fb: {owner: coop, stance: organisation, platform: facebook}\n"
	"rules:\n"
	"  - id: together\n"
	"    kind: languages\n"
	"    label: {fr: Ensemble., en: Together.}\n"
	"    require: pair\n"
	"    within: 10 minutes\n"
	"    then: refuse\n";

/* A time that the clock shows twice is told on the variant that has it, whatever order they come back in. */
static void test_notice_of_its_variant(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_variant_in in[8];
	struct pv_desk_post *post;
	for (size_t i = 0; i < PV_COUNT(in); i++)
		in[i] = (struct pv_variant_in){.account = p->account,
			.text = i ? "Une heure qui existe." : "Une heure double.",
			.due = {.kind = PV_DUE_LOCAL,
				.date = "2026-11-01",
				.time = i ? "05:30" : "01:30"}};
	struct pv_post_in whole = {.variants = in, .n_variants = PV_COUNT(in)};
	assert_ok(pv_desk_post_create(p->desk, w->mem, &p->manager, &whole, &post, &w->error), w);
	for (size_t i = 0; i < post->n_variants; i++) {
		bool twice = strstr(post->variants[i].row.text, "double") != NULL;
		assert_int_equal(post->variants[i].notice.fr != NULL, twice);
	}
}

/* French and English appear together: one of them is submitted first, neither leaves alone. */
static void test_twins(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_desk_variant *v;
	struct pv_desk_post *post;
	struct pv_gate_answer gate;
	int64_t at_us = pv_env_now_us(p->env) + PV_HOUR_US;
	pv_press_adopt(p, policy_pair);
	struct pv_variant_in in[] = {
		{.account = p->account,
			.text = "Bonjour.",
			.languages = pv_form_of(w, "['FR-CA']"),
			.due = {.kind = PV_DUE_AT, .at_us = at_us}},
		{.account = p->account,
			.text = "Hello, too late.",
			.languages = pv_form_of(w, "['en']"),
			.due = {.kind = PV_DUE_AT, .at_us = at_us + PV_DAY_US}},
		{.account = p->journal,
			.text = "Hello.",
			.languages = pv_form_of(w, "['en']"),
			.due = {.kind = PV_DUE_AT, .at_us = at_us + 5 * PV_MINUTE_US}},
	};
	const char *ids[3];
	struct pv_post_in whole = {.variants = in, .n_variants = 3};
	assert_ok(pv_desk_post_create(p->desk, w->mem, &p->manager, &whole, &post, &w->error), w);
	for (size_t i = 0; i < 3; i++)
		for (size_t k = 0; k < 3; k++)
			if (strcmp(post->variants[k].row.text, in[i].text) == 0)
				ids[i] = post->variants[k].row.id;
	const char *french = ids[0], *english = ids[2];
	assert_string_equal(pv_press_see(p, french)->row.languages, "[\"fr-CA\"]");
	assert_ok(SUBMIT(p, french, &v), w);
	assert_string_equal(v->row.stage, "scheduled");
	/* the other one never was submitted: this one does not leave */
	assert_ok(pv_desk_publication_gate(p->desk, w->mem, v->publication, &gate, &w->error), w);
	assert_int_equal(gate.gate, PV_GATE_POLICY);
	assert_ok(SUBMIT(p, english, &v), w);
	assert_string_equal(v->row.stage, "scheduled");
	v = pv_press_see(p, french);
	assert_ok(pv_desk_publication_gate(p->desk, w->mem, v->publication, &gate, &w->error), w);
	assert_int_equal(gate.gate, PV_GATE_OPEN);
	assert_says(SUBMIT(p, ids[1], &v), PV_REFUSED, w);
}

/* Several accounts at once, each organisation's own. */
static void test_several_accounts(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_desk_post *post;
	struct pv_variant_in in[] = {
		{.account = "coop-fake", .text = "Court."},
		{.account = "coop-journal"},
	};
	struct pv_post_in whole = {
		.title = "Titre", .text = "Le texte commun.", .variants = in, .n_variants = 2};
	assert_ok(pv_desk_post_create(p->desk, w->mem, &p->manager, &whole, &post, &w->error), w);
	assert_int_equal(post->n_variants, 2);
	assert_string_equal(post->variants[0].row.text, "Court.");
	assert_string_equal(post->variants[1].row.text, "Le texte commun.");
	assert_string_equal(post->variants[1].row.account_network, "journal");
	struct pv_desk_post *edited;
	assert_ok(pv_desk_post_edit(p->desk, w->mem, &p->manager, post->row.id, 1, "Autre", NULL,
			  &edited, &w->error),
		w);
	assert_string_equal(edited->row.title, "Autre");
	assert_status(pv_desk_post_edit(p->desk, w->mem, &p->manager, post->row.id, 1, "x", NULL,
			      &edited, &w->error),
		PV_CONFLICT, w);
}

/* The same slug in two of one's organisations: nothing is guessed. */
static void test_same_slug_twice(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_desk_post *post;
	struct pv_account_row other;
	struct pv_account_link link = {.name = "Obs",
		.handle = "@obs",
		.server = "http://fake.example",
		.remote_id = "obs",
		.secrets = "{\"token\":\"t\"}"};
	json_t *form = pv_form_of(
		w, talloc_asprintf(w->mem,
			   "{'organization':'%s','network':'fake','slug':'coop-fake','name':'Obs'}",
			   p->h->obs));
	assert_ok(pv_desk_account_add(
			  p->desk, w->mem, &p->h->obs_owner, form, &link, &other, &w->error),
		w);
	struct pv_variant_in in = {.account = "coop-fake", .text = "Bonjour."};
	struct pv_post_in whole = {.variants = &in, .n_variants = 1};
	assert_ok(pv_desk_post_create(p->desk, w->mem, &p->manager, &whole, &post, &w->error), w);
	assert_string_equal(post->variants[0].row.account_id, p->account);
	pv_house_seat(p->h, w, p->h->obs, p->manager.person_id, "editor", "[]");
	assert_says(pv_desk_post_create(p->desk, w->mem, &p->manager, &whole, &post, &w->error),
		PV_CONFLICT, w);
	assert_non_null(strstr(said.words.fr, "coop-fake"));
	/* nor is one of them judged for the other */
	struct pv_account_row named;
	assert_status(
		pv_desk_account_named(p->desk, w->mem, &p->manager, "coop-fake", &named, &w->error),
		PV_CONFLICT, w);
	assert_ok(pv_desk_account_named(
			  p->desk, w->mem, &p->h->obs_owner, "coop-fake", &named, &w->error),
		w);
	assert_string_equal(named.id, other.id);
	in.account = other.id;
	assert_ok(pv_desk_post_create(p->desk, w->mem, &p->manager, &whole, &post, &w->error), w);
	assert_string_equal(post->variants[0].row.organization_id, p->h->obs);
}

/* A judgement knows of so many links: a text with more is not submitted, and says why. */
static void test_too_many_links(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_desk_variant *v;
	char *text = talloc_strdup(w->mem, "");
	for (int i = 0; i < PV_JUDGE_LINKS_MAX; i++)
		text = talloc_asprintf_append(text, "https://a.example/%d ", i);
	const char *fits = pv_press_write(p, text, PROJECT);
	const char *over =
		pv_press_write(p, talloc_asprintf(w->mem, "%s https://bit.ly/a", text), PROJECT);
	assert_ok(pv_desk_variant_submit(p->desk, w->mem, &p->manager, fits, &v, &w->error), w);
	struct pv_error why = PV_ERROR_IN(w->mem);
	assert_int_equal(
		pv_desk_variant_submit(p->desk, w->mem, &p->manager, over, &v, &why), PV_INVALID);
	assert_true(pv_problem_at(&why, "/text"));
	assert_non_null(strstr(why.problems[0].message.fr, "plus de 50 liens"));
	assert_non_null(strstr(why.problems[0].message.en, "more than 50 links"));
	assert_status(
		pv_desk_variant_publish_now(p->desk, w->mem, &p->manager, over, &v, &w->error),
		PV_INVALID, w);
	pv_press_stage(p, over, "draft");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PV_BOTH(test_several_accounts),
		PV_BOTH(test_same_slug_twice),
		PV_BOTH(test_twins),
		PV_BOTH(test_notice_of_its_variant),
		PV_BOTH(test_too_many_links),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
