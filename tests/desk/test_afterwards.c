/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What becomes of what was planned or written once its author has left, or a person gave it up. */
#include "press.h"

#include "desk/journal.h"
#include "store/membership.h"

#include <string.h>

#define PROJECT "{'origin':'organisation','interest':'project','axis':'project'}"

/* Who has left the house, or only reads there now, takes nothing out of its plan. */
static void test_remove_after_leaving(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_desk_variant *v;
	static const char *const roles[] = {"reader", NULL};
	struct pv_variant_in in = {.account = p->account,
		.text = "Demain.",
		.declared = pv_form_of(w, PROJECT),
		.due = {.kind = PV_DUE_AT, .at_us = PV_WORLD_START + PV_DAY_US}};
	const char *id = pv_press_write_in(p, &in);
	assert_ok(pv_desk_variant_submit(p->desk, w->mem, &p->manager, id, &v, &w->error), w);
	pv_press_stage(p, id, "scheduled");
	for (size_t i = 0; i < PV_COUNT(roles); i++) {
		struct pv_membership_row seat = {.organization_id = p->h->coop,
			.person_id = p->manager.person_id,
			.role = roles[i],
			.policy_roles = "[]"};
		if (roles[i])
			assert_ok(pv_membership_update(w->db, &seat, &w->error), w);
		else
			assert_ok(pv_membership_delete(
					  w->db, p->h->coop, p->manager.person_id, &w->error),
				w);
		assert_status(pv_desk_post_remove(p->desk, &p->manager, v->row.post_id, &w->error),
			PV_DENIED, w);
		pv_press_stage(p, id, "scheduled");
	}
}

/* A page that was written, given up by a person, edited and sent again shows the new text. */
static void test_page_follows(struct pv_world *w)
{
	static const char *const texts[] = {"Un texte.", "Un texte.", "Un autre texte."};
	struct pv_press *p = pv_press_build(w);
	struct pv_desk_variant *v;
	struct pv_desk_journal journal;
	struct pv_desk_journal_entry *entry;
	const struct pv_variant_in in = {
		.account = p->journal, .text = texts[0], .declared = pv_form_of(w, PROJECT)};
	const char *id = pv_press_write_in(p, &in);
	assert_ok(pv_desk_variant_publish_now(p->desk, w->mem, &p->manager, id, &v, &w->error), w);
	struct pv_journal_out out = {.publication_id = v->publication->id,
		.account_id = p->journal,
		.languages = "[\"fr\"]",
		.written_at_us = pv_env_now_us(p->env)};
	char *links[PV_COUNT(texts)];
	for (size_t i = 0; i < PV_COUNT(texts); i++) {
		out.text = texts[i];
		assert_ok(pv_desk_journal_publish(p->desk, w->mem, &out, &links[i], &w->error), w);
		assert_string_equal(links[i], links[0]);
	}
	journal.organization_id = p->h->coop;
	journal.account_id = NULL;
	assert_ok(pv_desk_journal_entry(
			  p->desk, w->mem, &journal, strrchr(links[0], '/') + 1, &entry, &w->error),
		w);
	assert_string_equal(entry->row.text, "Un autre texte.");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PV_BOTH(test_remove_after_leaving),
		PV_BOTH(test_page_follows),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
