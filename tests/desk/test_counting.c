/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What quotas see of the past: facts found as well as declared, on every account of the house. */
#include "press.h"

#include <stdio.h>
#include <string.h>

static const char policy_head[] =
	"policy: coop\n"
	"version: 1\n"
	"title: {fr: Essai, en: Trial}\n"
	"timezone: America/Toronto\n"
	"default: allow\n"
	"organisations:\n"
	"  coop: {names: [Coop du Faubourg], axes: [project], domains: [coop.example],"
	" handles: [\"@Coop\"]}\n"
	"accounts:\n"
	"  coop-fb: {owner: coop, stance: organisation, platform: facebook}\n"
	"topics:\n"
	"  bread: {fr: [pain], en: [bread]}\n"
	"rules:\n"
	"  - id: rationed\n"
	"    kind: quota\n"
	"    label: {fr: Rationné., en: Rationed.}\n"
	"    at_most: 1\n"
	"    then: refuse\n";

static void adopt_for(struct pv_press *p, int days, const char *own_keys)
{
	pv_press_adopt(p, talloc_asprintf(p->w->mem, "%s    window: %d days\n%s", policy_head, days,
				  own_keys));
}

static void adopt(struct pv_press *p, const char *own_keys)
{
	adopt_for(p, 30, own_keys);
}

static const char *write_on(struct pv_press *p, const char *account, const char *text)
{
	struct pv_variant_in in = {.account = account, .text = text};
	return pv_press_write_in(p, &in);
}

static enum pv_status publish_now(struct pv_press *p, const char *id)
{
	struct pv_desk_variant *v;
	return pv_desk_variant_publish_now(p->desk, p->w->mem, &p->manager, id, &v, &p->w->error);
}

/* It went out, as the dispatcher tells it. */
static void sent(struct pv_press *p, const char *id)
{
	struct pv_publication_row row = *pv_press_see(p, id)->publication;
	row.state = "published";
	row.remote_id = id;
	row.published_at_us = pv_env_now_us(p->env);
	assert_ok(pv_desk_variant_sent(p->desk, p->w->mem, &row, &p->w->error), p->w);
	pv_press_stage(p, id, "done");
	pv_press_advance(p, PV_SECOND_US);
}

/* Each row: what is rationed, and a text that is found to be so although nothing is declared. */
static const struct {
	const char *count, *text;
} found[] = {
	{"    count: {origin: own_creation}\n", "Un billet : https://carnet.example/"},
	{"    count: {relation: author}\n", "Un billet : https://carnet.example/"},
	{"    count: {relation: family}\n", "Chez https://pain.example/"},
	{"    count: {topic: bread}\n", "Du pain frais "},
};

/* Planned, or published since: a fact found counts for the next one. */
static void test_found_facts_count(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	for (size_t i = 0; i < PV_COUNT(found); i++) {
		adopt(p, found[i].count);
		for (int published = 0; published < 2; published++) {
			char text[100];
			snprintf(text, sizeof text, "%s%d", found[i].text, 1);
			const char *first = write_on(p, p->account, text);
			snprintf(text, sizeof text, "%s%d", found[i].text, 2);
			const char *second = write_on(p, p->account, text);
			assert_ok(publish_now(p, first), w);
			if (published)
				sent(p, first);
			assert_status(publish_now(p, second), PV_REFUSED, w);
			pv_press_advance(p, 31 * PV_DAY_US);
		}
	}
}

/* The policy names no account: the desk says whose the others are. */
static void test_every_account_of_the_house(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	adopt(p, "    count: {topic: bread}\n    per: organisation\n");
	const char *first = write_on(p, p->journal, "Du pain frais");
	const char *second = write_on(p, p->account, "Encore du pain");
	assert_ok(publish_now(p, first), w);
	assert_status(publish_now(p, second), PV_REFUSED, w);
}

/* Dropped by a person, then sent after all: it counts as what it was found to be. */
static void test_counts_after_retry(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_desk_publication *publication;
	adopt(p, "    count: {relation: family}\n");
	const char *first = write_on(p, p->account, "Chez https://pain.example/1");
	const char *second = write_on(p, p->account, "Chez https://pain.example/2");
	assert_ok(publish_now(p, first), w);
	struct pv_publication_row row = *pv_press_see(p, first)->publication;
	row.state = "refused";
	assert_ok(pv_publication_move(w->db, &row, "planned", &w->error), w);
	assert_ok(pv_desk_variant_stopped(p->desk, w->mem, &row, &w->error), w);
	assert_ok(pv_desk_publication_resolve(p->desk, w->mem, &p->manager, first,
			  PV_DECISION_RETRY, NULL, &publication, &w->error),
		w);
	assert_status(publish_now(p, second), PV_REFUSED, w);
}

/* A window of years holds years, to the day. */
static void test_window_of_years(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	adopt_for(p, 1500, "    count: {topic: bread}\n");
	const char *first = write_on(p, p->account, "Du pain frais");
	const char *second = write_on(p, p->account, "Encore du pain");
	assert_ok(publish_now(p, first), w);
	sent(p, first);
	pv_press_advance(p, 1499 * PV_DAY_US);
	assert_status(publish_now(p, second), PV_REFUSED, w);
	pv_press_advance(p, 2 * PV_DAY_US);
	assert_ok(publish_now(p, second), w);
}

/* What was paid for counts as sponsored for the next one too. */
static void test_sponsored_counts(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	adopt(p, "    count: {sponsored: yes}\n");
	const char *first = pv_press_write(p, "Une annonce", "{'sponsored':true}");
	const char *plain = pv_press_write(p, "Une nouvelle", "{'sponsored':false}");
	const char *second = pv_press_write(p, "Une autre annonce", "{'sponsored':true}");
	assert_ok(publish_now(p, first), w);
	assert_ok(publish_now(p, plain), w);
	assert_status(publish_now(p, second), PV_REFUSED, w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PV_BOTH(test_found_facts_count),
		PV_BOTH(test_every_account_of_the_house),
		PV_BOTH(test_counts_after_retry),
		PV_BOTH(test_window_of_years),
		PV_BOTH(test_sponsored_counts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
