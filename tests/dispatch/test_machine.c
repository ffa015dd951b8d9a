/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The table of moves, walked; and what the desk moves by itself, held against it. */
#include "desk/variants.h"
#include "dispatch/machine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

static bool moves_to(enum pv_state from, enum pv_event event, enum pv_state *to)
{
	return pv_machine_move(from, event, to, NULL) == PV_OK;
}

static void test_names(void **state)
{
	(void)state;
	for (int i = 0; i < PV_STATES; i++) {
		enum pv_state back;
		assert_true(pv_state_parse(pv_state_name((enum pv_state)i), &back));
		assert_int_equal(back, i);
	}
	for (int i = 0; i < PV_EVENTS; i++)
		assert_non_null(pv_event_name((enum pv_event)i));
	enum pv_state none;
	assert_false(pv_state_parse("elsewhere", &none));
	assert_false(pv_state_parse(NULL, &none));
}

/* Everything can be reached from planned, and everything but the end can reach it. */
static void test_no_trap(void **state)
{
	(void)state;
	bool reach[PV_STATES][PV_STATES] = {{false}};
	for (int i = 0; i < PV_STATES; i++) {
		reach[i][i] = true;
		for (int e = 0; e < PV_EVENTS; e++) {
			enum pv_state to;
			if (moves_to((enum pv_state)i, (enum pv_event)e, &to))
				reach[i][to] = true;
		}
	}
	for (int k = 0; k < PV_STATES; k++)
		for (int i = 0; i < PV_STATES; i++)
			for (int j = 0; j < PV_STATES; j++)
				reach[i][j] = reach[i][j] || (reach[i][k] && reach[k][j]);
	for (int i = 0; i < PV_STATES; i++) {
		assert_true(reach[PV_STATE_PLANNED][i]);
		assert_int_equal(pv_state_is_end((enum pv_state)i), i == PV_STATE_PUBLISHED);
		if (i != PV_STATE_PUBLISHED)
			assert_true(reach[i][PV_STATE_PUBLISHED]);
	}
}

/* What may have left never goes back to being sent without an answer, a read-back or a person. */
static void test_nothing_is_sent_blindly(void **state)
{
	(void)state;
	static const enum pv_event answers[] = {PV_EVENT_ABSENT, PV_EVENT_PERSON_SEND};
	static const enum pv_state left[] = {
		PV_STATE_SENDING, PV_STATE_UNKNOWN, PV_STATE_VERIFYING, PV_STATE_ASKING};
	for (size_t i = 0; i < PV_COUNT(left); i++) {
		for (int e = 0; e < PV_EVENTS; e++) {
			enum pv_state to;
			if (!moves_to(left[i], (enum pv_event)e, &to))
				continue;
			bool again = to == PV_STATE_PLANNED || to == PV_STATE_CLAIMED ||
				     to == PV_STATE_UNPLANNED;
			bool known = false;
			for (size_t k = 0; k < PV_COUNT(answers); k++)
				known = known || (int)answers[k] == e;
			assert_true(!again || known);
		}
		/* and an author cannot take it away */
		enum pv_state to;
		assert_false(moves_to(left[i], PV_EVENT_UNPLAN, &to));
	}
}

static void test_not_in_the_table(void **state)
{
	(void)state;
	TALLOC_CTX *mem = talloc_new(NULL);
	struct pv_error error = PV_ERROR_IN(mem);
	enum pv_state to = PV_STATE_HELD;
	assert_int_equal(
		pv_machine_move(PV_STATE_PUBLISHED, PV_EVENT_CLAIM, &to, &error), PV_INTERNAL);
	assert_int_equal(to, PV_STATE_HELD);
	assert_non_null(strstr(error.words.en, "published"));
	assert_non_null(strstr(error.words.en, "claim"));
	talloc_free(mem);
}

static void test_desk_moves(void **state)
{
	(void)state;
	static const struct pv_desk_move *const all[] = {&pv_desk_move_plan, &pv_desk_move_unplan,
		&pv_desk_move_send, &pv_desk_move_published, &pv_desk_move_drop, &pv_desk_move_hold,
		&pv_desk_move_let_go};
	for (size_t i = 0; i < PV_COUNT(all); i++) {
		int event = 0;
		while (event < PV_EVENTS &&
			strcmp(pv_event_name((enum pv_event)event), all[i]->event) != 0)
			event++;
		assert_true(event < PV_EVENTS);
		int listed = 0;
		int allowed = 0;
		for (const char *const *from = all[i]->from; *from; from++, listed++) {
			enum pv_state state_from;
			enum pv_state to;
			assert_true(pv_state_parse(*from, &state_from));
			assert_true(moves_to(state_from, (enum pv_event)event, &to));
			assert_string_equal(pv_state_name(to), all[i]->to);
		}
		for (int s = 0; s < PV_STATES; s++) {
			enum pv_state to;
			allowed += moves_to((enum pv_state)s, (enum pv_event)event, &to);
		}
		assert_int_equal(listed, allowed);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_no_trap),
		cmocka_unit_test(test_nothing_is_sent_blindly),
		cmocka_unit_test(test_not_in_the_table),
		cmocka_unit_test(test_desk_moves),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
