/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Approvals in several steps, and by who stands in for someone away. */
#include "court.h"

#define ASK "  - id: a\n    kind: category\n    label: {fr: Une règle, en: A rule}\n"
#define STEPS                                                  \
	ASK "    approval:\n      by: [editor]\n      then:\n" \
	    "        - {by: [director], count: 2}\n"           \
	    "        - {by: [legal]}\n    then: approve\n"

/* marc writes; lea and paul edit; dan, eva and lea direct; guy is the lawyer; yan reads. */
#define HOUSE(yan)                                                                             \
	"\"people\":{\"marc\":{\"roles\":[\"editor\",\"director\",\"legal\"],\"interests\":["  \
	"{\"names\":[\"B\"],\"relation\":\"author\",\"domains\":[\"blog.example\"]}]},"        \
	"\"lea\":{\"roles\":[\"editor\",\"director\"]},\"paul\":{\"roles\":[\"editor\"]},"     \
	"\"dan\":{\"roles\":[\"director\"]},\"eva\":{\"roles\":[\"director\"],\"interests\":[" \
	"{\"names\":[\"B\"],\"relation\":\"owner\",\"domains\":[\"blog.example\"]}]},"         \
	"\"guy\":{\"roles\":[\"legal\"]},\"yan\":{\"roles\":[\"reader\"]" yan "}}"
#define BY(who, hour) "{\"by\":\"" who "\",\"at\":\"2026-03-02T" hour ":00:00-05:00\"}"
#define GIVEN(list) HOUSE("") ",\"approvals\":[" list "]"

static void steps(void **state)
{
	(void)state;
	static const struct court_row rows[] = {
		{"nobody", STEPS, GIVEN(""), "approve:a"},
		{"the first step alone", STEPS, GIVEN(BY("lea", "07")), "approve:a"},
		{"the second half met", STEPS, GIVEN(BY("paul", "07") "," BY("dan", "08")),
			"approve:a"},
		{"all but the last", STEPS,
			GIVEN(BY("paul", "07") "," BY("dan", "08") "," BY("eva", "09")),
			"approve:a"},
		{"each in its turn", STEPS,
			GIVEN(BY("paul", "07") "," BY("dan", "08") "," BY("eva", "09") "," BY(
				"guy", "10")),
			"allow:a satisfied:a"},
		{"written in another order, given in this", STEPS,
			GIVEN(BY("guy", "10") "," BY("eva", "09") "," BY("paul", "07") "," BY(
				"dan", "08")),
			"allow:a satisfied:a"},
		{"before its turn it does not count", STEPS,
			GIVEN(BY("guy", "06") "," BY("paul", "07") "," BY("dan", "08") "," BY(
				"eva", "09")),
			"approve:a"},
		{"again in its turn it does", STEPS,
			GIVEN(BY("guy", "06") "," BY("paul", "07") "," BY("dan", "08") "," BY(
				"eva", "09") "," BY("guy", "10")),
			"allow:a satisfied:a"},
		{"nobody counts in two steps", STEPS,
			GIVEN(BY("lea", "07") "," BY("dan", "08") "," BY("lea", "09") "," BY(
				"guy", "10")),
			"approve:a"},
		{"one more of a step that is met takes nothing away", STEPS,
			GIVEN(BY("paul", "06") "," BY("lea", "07") "," BY("dan", "08") "," BY(
				"eva", "09") "," BY("guy", "10")),
			"allow:a satisfied:a"},
		{"the author in no step", STEPS,
			GIVEN(BY("marc", "06") "," BY("paul", "07") "," BY("dan", "08") "," BY(
				"eva", "09") "," BY("marc", "10")),
			"approve:a"},
		{"a first step that lapsed takes the later ones with it", STEPS,
			HOUSE("") ",\"approvals\":[{\"by\":\"paul\",\"at\":\"2026-02-01T07:00:00-"
				  "05:00\"}," BY("dan", "08") "," BY("eva", "09") "," BY(
					  "guy", "10") "]",
			"approve:a"},
		{"an edit after the first step voids it", STEPS,
			GIVEN(BY("paul", "07") "," BY("dan", "08") "," BY("eva", "09") "," BY(
				"guy", "10")) ",\"post\":{\"text\":\"\",\"edited_at\":\"2026-03-"
					      "02T07:30:00-05:00\"}",
			"approve:a"},
	};
	court_try(rows, PV_COUNT(rows));
}

#define LENT(of) ",\"delegations\":[{\"of\":\"" of "\",\"roles\":[\"editor\",\"director\"]}]"
#define LENT_FROM(of, from, until)                                                                \
	",\"delegations\":[{\"of\":\"" of "\",\"roles\":[\"editor\"],\"from\":\"2026-03-02T" from \
	":00:00-05:00\",\"until\":\"2026-03-02T" until ":00:00-05:00\"}]"
#define ONE ASK "    then: approve\n"

static void standing_in(void **state)
{
	(void)state;
	static const struct court_row rows[] = {
		{"a reader does not approve", ONE, GIVEN(BY("yan", "07")), "approve:a"},
		{"but for who is away", ONE,
			HOUSE(LENT("lea")) ",\"approvals\":[" BY("yan", "07") "]",
			"allow:a satisfied:a"},
		{"not for the author", ONE,
			HOUSE(LENT("marc")) ",\"approvals\":[" BY("yan", "07") "]", "approve:a"},
		{"nor for who shares the interest",
			ASK "    approval: {by: [director]}\n    then: approve\n",
			HOUSE(LENT("eva")) ",\"approvals\":[" BY(
				"yan", "07") "],\"post\":{\"lang\":[\"fr\"],\"text\":\"https://"
					     "blog.example/a\"}",
			"approve:a"},
		{"whose interest is not at stake they do",
			ASK "    approval: {by: [director]}\n    then: approve\n",
			HOUSE(LENT("eva")) ",\"approvals\":[" BY("yan", "07") "]",
			"allow:a satisfied:a"},
		{"before they left", ONE,
			HOUSE(LENT_FROM("lea", "08", "17")) ",\"approvals\":[" BY("yan", "07") "]",
			"approve:a"},
		{"while they are away", ONE,
			HOUSE(LENT_FROM("lea", "07", "08")) ",\"approvals\":[" BY("yan", "07") "]",
			"allow:a satisfied:a"},
		{"and no longer once they are back", ONE,
			HOUSE(LENT_FROM("lea", "05", "07")) ",\"approvals\":[" BY("yan", "07") "]",
			"approve:a"},
		{"in the step of the one away", STEPS,
			HOUSE(LENT("lea")) ",\"approvals\":[" BY("paul", "07") "," BY(
				"dan", "08") "," BY("yan", "09") "," BY("guy", "10") "]",
			"allow:a satisfied:a"},
		{"the one who stands in counts once, whatever they hold", STEPS,
			HOUSE(LENT("lea")) ",\"approvals\":[" BY("yan", "07") "," BY(
				"dan", "08") "," BY("yan", "09") "," BY("guy", "10") "]",
			"approve:a"},
	};
	court_try(rows, PV_COUNT(rows));
}

static const struct pv_evidence *approval_of(
	const struct pv_judgement *judgement, const char *person, enum pv_approval_fate fate)
{
	for (size_t i = 0; i < judgement->remarks[0].n_evidence; i++) {
		const struct pv_evidence *e = &judgement->remarks[0].evidence[i];
		if (e->kind == PV_EVIDENCE_APPROVAL && strcmp(e->person, person) == 0 &&
			e->fate == fate)
			return e;
	}
	return NULL;
}

static void said(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_policy *policy = court_rules(scope, STEPS);
	struct pv_judgement *judgement = court_judge(
		scope, policy, GIVEN(BY("guy", "06") "," BY("paul", "07") "," BY("dan", "08")));
	assert_non_null(approval_of(judgement, "guy", PV_APPROVAL_NOT_YET));
	assert_non_null(approval_of(judgement, "paul", PV_APPROVAL_COUNTS));
	assert_non_null(
		strstr(judgement->explanation.fr, "L'approbation de Guy n'est pas retenue\u00a0: "
						  "l'étape d'avant n'était pas accomplie."));
	assert_non_null(strstr(judgement->explanation.en,
		"Guy's approval is not counted: the step before it was not complete."));
	const struct pv_remedy *remedy = &judgement->remedies[0];
	assert_int_equal(remedy->act, PV_REMEDY_ASK_APPROVAL);
	assert_int_equal(remedy->step, 2);
	assert_int_equal(remedy->steps, 3);
	assert_int_equal(remedy->count, 1);
	/* neither the author, nor who counted already, nor the other steps' people */
	assert_int_equal(remedy->n_people, 2);
	assert_string_equal(remedy->people[0], "lea");
	assert_string_equal(remedy->people[1], "eva");
	assert_non_null(
		strstr(judgement->explanation.fr, "Lea ou Eva peut approuver, étape 2 sur 3 (14"));
	assert_non_null(
		strstr(judgement->explanation.en, "Lea or Eva can approve, step 2 of 3 (valid 14"));
}

static void complaints(void **state)
{
	(void)state;
	static const struct {
		const char *approval, *en;
	} rows[] = {
		{"{by: [editor], then: director}", "takes a list"},
		{"{by: [editor], then: [{count: 1}]}", "The key \"by\" is missing."},
		{"{by: [editor], then: [{by: [], count: 1}]}",
			"Without a role nobody can approve."},
		{"{by: [editor], then: [{by: [a], count: 0}]}", "not a whole number from 1 to 20"},
		{"{by: [editor], then: [{by: [a], never: [author]}]}", "There is no key \"never\""},
		{"{by: [editor], then: [{by: [a]}, {by: [a]}, {by: [a]}, {by: [a]}, {by: [a]}, "
		 "{by: [a]}, {by: [a]}, {by: [a]}, {by: [a]}]}",
			"There are at most 8 further steps."},
	};
	for (size_t i = 0; i < PV_COUNT(rows); i++) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		struct pv_error error = PV_ERROR_IN(scope);
		struct pv_policy *policy;
		struct pv_policy_problems problems = {0};
		const char *text =
			talloc_asprintf(scope, "%s" ASK "    approval: %s\n    then: approve\n",
				court_head, rows[i].approval);
		assert_int_equal(pv_policy_parse(scope, text, strlen(text), "court", &policy,
					 &problems, &error),
			PV_INVALID);
		if (problems.n != 1 || !strstr(problems.items[0].message.en, rows[i].en))
			fail_msg("%s: %zu problems, the first: %s", rows[i].approval, problems.n,
				problems.n ? problems.items[0].message.en : "");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(steps),
		cmocka_unit_test(standing_in),
		cmocka_unit_test(said),
		cmocka_unit_test(complaints),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
