/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What an owner writes once and has checked on every version. */
#include "analysed.h"

#include "base/json.h"

#define RULE(id, kind, rest) \
	"  - {id: " id ", kind: " kind ", label: {fr: Une règle, en: A rule}, " rest "}\n"
#define CATEGORY(id, when, then) RULE(id, "category", "when: {" when "}, then: " then)

static void read_well(void **state)
{
	(void)state;
	static const char *const lines[] = {
		"never: verdict is refuse",
		"never: origin own_creation, stance organisation, verdict below approve",
		"  never:origin own_creation|client ,verdict above warn   ",
		"never: verdict below approve, origin own_creation or client ou partner",
		"never: account house-fb, owner house, platform x, axes project, verdict is allow",
		"never: topic contest | urgent, lang fr, axis sharing, verdict is approve",
		"never: human any, relation none, sponsored yes, consent no, verdict is warn",
		"never: kind reply, form static, relevance private, verdict below refuse # why",
		"never: interest unknown, verdict above allow \"Jamais\" / \"Never\"",
	};
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_policy *policy = court_rules(scope, CATEGORY("a", "kind: post", "warn"));
	for (size_t i = 0; i < PV_COUNT(lines); i++) {
		struct pv_error error = PV_ERROR_IN(scope);
		struct pv_guarantee *guarantee;
		if (pv_guarantee_parse(scope, policy, lines[i], strlen(lines[i]), &guarantee, NULL,
			    &error) != PV_OK)
			fail_msg("%s: %s", lines[i], error.words.en);
		const char *text = pv_guarantee_text(guarantee);
		assert_int_equal(strncmp(text, "never:", 6), 0);
		assert_null(strchr(text, '"'));
		assert_true(text[strlen(text) - 1] != ' ');
		bool labelled = strchr(lines[i], '"') != NULL;
		assert_true(labelled == (pv_guarantee_label(guarantee)->fr != NULL));
		if (labelled)
			assert_string_equal(pv_guarantee_label(guarantee)->en, "Never");
	}
}

static void read_ill(void **state)
{
	(void)state;
	static const struct {
		const char *line;
		int column;
		const char *says;
	} rows[] = {
		{"", 1, "begins with"},
		{"always: verdict is allow", 1, "begins with"},
		{"never verdict is allow", 1, "begins with"},
		{"never: origin client", 21, "verdict is missing"},
		{"never: verdict allow", 16, "below, above or is"},
		{"never: verdict is maybe", 19, "not a verdict"},
		{"never: verdict below allow", 22, "beyond"},
		{"never: verdict above refuse", 22, "beyond"},
		{"never: verdict is warn, verdict is warn", 25, "already"},
		{"never: colour red, verdict is warn", 8, "not a fact"},
		{"never: origin clent, verdict is warn", 15, "knows here"},
		{"never: origin , verdict is warn", 15, "value is missing"},
		{"never: origin client, origin partner, verdict is warn", 23, "asked already"},
		{"never: account nowhere, verdict is warn", 16, "knows here"},
		{"never: owner nobody, verdict is warn", 14, "knows here"},
		{"never: axis work, verdict is warn", 13, "knows here"},
		{"never: topic weather, verdict is warn", 14, "knows here"},
		{"never: lang français, verdict is warn", 13, "knows here"},
		{"never: sponsored maybe, verdict is warn", 18, "knows here"},
		{"never: verdict is warn \"a\"", 27, "in French"},
		{"never: verdict is warn \"a / \"b\"", 30, "in French"},
		{"never: verdict is warn \"é\" / \"b", 30, "not closed"},
		{"never: verdict is warn and more", 24, "too much"},
		{"never: verdict is warn,", 24, "fact is missing"},
		{"jamais: verdict is warn", 1, "begins with"},
		{"never: \xff", 1, "UTF-8"},
	};
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_policy *policy = court_rules(scope, CATEGORY("a", "kind: post", "warn"));
	for (size_t i = 0; i < PV_COUNT(rows); i++) {
		struct pv_error error = PV_ERROR_IN(scope);
		struct pv_guarantee *guarantee;
		struct pv_guarantee_place place;
		if (pv_guarantee_parse(scope, policy, rows[i].line, strlen(rows[i].line),
			    &guarantee, &place, &error) != PV_INVALID)
			fail_msg("%s is taken", rows[i].line);
		if (place.column != rows[i].column || !strstr(error.words.en, rows[i].says) ||
			!error.words.fr[0])
			fail_msg("%s: column %d, %s", rows[i].line, place.column, error.words.en);
	}
	char *long_line = talloc_zero_array(scope, char, PV_GUARANTEE_BYTES_MAX + 2);
	memset(long_line, 'n', PV_GUARANTEE_BYTES_MAX + 1);
	struct pv_guarantee *guarantee;
	assert_int_equal(pv_guarantee_parse(scope, policy, long_line, PV_GUARANTEE_BYTES_MAX + 1,
				 &guarantee, NULL, NULL),
		PV_INVALID);
}

static void several_lines(void **state)
{
	(void)state;
	static const char text[] = "# what we owe our members\n\nnever: origin client, verdict is "
				   "allow\r\n\t# more\nnever: interest commercial, verdict is "
				   "allow\nnever: nothing, verdict is allow\n";
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_policy *policy = court_rules(scope, CATEGORY("a", "kind: post", "warn"));
	struct pv_guarantees guarantees;
	struct pv_guarantee_place place;
	const char *last = strstr(text, "never: nothing");
	assert_int_equal(pv_guarantees_parse(scope, policy, text, (size_t)(last - text),
				 &guarantees, &place, NULL),
		PV_OK);
	assert_int_equal(guarantees.n, 2);
	assert_int_equal(
		pv_guarantees_parse(scope, policy, text, strlen(text), &guarantees, &place, NULL),
		PV_INVALID);
	assert_int_equal(place.line, 6);
	assert_int_equal(place.column, 8);
	char *many = talloc_strdup(scope, "");
	for (int i = 0; i <= PV_GUARANTEES_MAX; i++)
		many = talloc_strdup_append_buffer(many, "never: verdict is warn\n");
	assert_int_equal(
		pv_guarantees_parse(scope, policy, many, strlen(many), &guarantees, &place, NULL),
		PV_INVALID);
	assert_int_equal(place.line, PV_GUARANTEES_MAX + 1);
}

static void kept_or_not(void **state)
{
	(void)state;
	static const struct {
		const char *what, *rules, *line, *answer;
	} rows[] = {
		{"nothing speaks of it", CATEGORY("a", "origin: client", "refuse"),
			"never: origin partner, verdict is refuse", "holds"},
		{"the rule itself", CATEGORY("a", "origin: client", "refuse"),
			"never: origin client, verdict is refuse", "broken=refuse"},
		{"below, without approval", CATEGORY("a", "origin: client", "approve"),
			"never: origin client, verdict below approve", "holds"},
		{"is, without approval", CATEGORY("a", "origin: client", "approve"),
			"never: origin client, verdict is approve", "broken=approve"},
		{"a hole in it",
			RULE("a", "category",
				"when: {origin: client}, unless: {consent: yes}, then: approve"),
			"never: origin client, verdict below approve", "broken=allow"},
		{"an override makes one",
			CATEGORY("a", "origin: client", "approve") RULE("b", "category",
				"when: {topic: urgent}, then: allow, overrides: [a]"),
			"never: origin client, verdict below approve", "broken=allow"},
		{"a firm one has none",
			RULE("a", "category", "when: {origin: client}, then: approve, firm: yes")
				CATEGORY("b", "topic: urgent", "allow"),
			"never: origin client, verdict below approve", "holds"},
		{"in the days of an exception",
			CATEGORY("a", "origin: client",
				"approve") "exceptions:\n"
					   "  - {id: e, lifts: [a], when: {account: house-fb}, "
					   "from: 2026-04-01, until: "
					   "2026-04-02, granted_by: lea, reason: {fr: a, en: b}}\n",
			"never: origin client, verdict below approve", "broken=allow"},
		{"once they are over",
			CATEGORY("a", "origin: client",
				"approve") "exceptions:\n"
					   "  - {id: e, lifts: [a], when: {account: house-fb}, "
					   "from: 2026-02-01, until: "
					   "2026-02-02, granted_by: lea, reason: {fr: a, en: b}}\n",
			"never: origin client, verdict below approve", "holds"},
		{"a label is asked of a text without it",
			RULE("a", "disclosure",
				"when: {relation: family}, say: tie, then: disclose"),
			"never: relation family, verdict above warn", "broken=disclose"},
		{"with it the text may go",
			RULE("a", "disclosure",
				"when: {relation: family}, say: tie, then: disclose"),
			"never: relation family, verdict below disclose", "broken=allow"},
		{"a relation that follows", CATEGORY("a", "relation: client", "refuse"),
			"never: origin client, verdict below refuse", "holds"},
		{"an account among several", CATEGORY("a", "owner: house", "refuse"),
			"never: account house-fb|house-x, verdict below refuse", "holds"},
		{"and one that is not", CATEGORY("a", "owner: house", "refuse"),
			"never: account house-fb|other-fb, verdict below refuse", "broken=allow"},
		{"an account that nobody named",
			CATEGORY("a", "account: [house-fb, house-x]", "refuse"),
			"never: owner house, verdict below refuse", "broken=allow"},
		{"a quota that may be met",
			RULE("a", "quota",
				"count: {origin: client}, at_most: 2, window: 9 days, then: "
				"refuse"),
			"never: verdict is refuse", "broken=refuse"},
		{"quiet only by its switch", RULE("a", "quiet", "switch: calm, then: refuse"),
			"never: verdict above allow", "broken=refuse"},
		{"exactly, by a test beside a category",
			CATEGORY("a", "origin: client", "warn")
				RULE("b", "links", "forbid: unresolved, then: disclose"),
			"never: origin client, verdict is disclose", "broken=disclose"},
		{"a fact no rule asks", CATEGORY("a", "origin: client", "refuse"),
			"never: human faces, relevance private, axis sharing, verdict above warn",
			"broken=refuse"},
	};
	for (size_t i = 0; i < PV_COUNT(rows); i++) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		struct pv_error error = PV_ERROR_IN(scope);
		struct pv_policy *policy = court_rules(scope, rows[i].rules);
		struct pv_guarantee *guarantee;
		struct pv_guarantee_answer answer;
		if (pv_guarantee_parse(scope, policy, rows[i].line, strlen(rows[i].line),
			    &guarantee, NULL, &error) != PV_OK)
			fail_msg("%s: %s", rows[i].what, error.words.en);
		assert_int_equal(pv_guarantee_check(
					 scope, policy, guarantee, analysed_at(), &answer, &error),
			PV_OK);
		char *got = talloc_strdup(scope, pv_keeping_name(answer.keeping));
		if (answer.witness.json)
			got = talloc_asprintf(
				scope, "%s=%s", got, pv_verdict_name(answer.witness.verdict));
		if (strcmp(got, rows[i].answer) != 0)
			fail_msg("%s: wanted %s, got %s (%s)", rows[i].what, rows[i].answer, got,
				answer.witness.json ? answer.witness.json : "");
		PV_JSON json_t *shown = pv_guarantee_answer_to_json(&answer);
		assert_string_equal(pv_json_text(shown, "answer"), pv_keeping_name(answer.keeping));
	}
}

/* Beside the questions, in one analysis: the same answers. */
static void within_an_analysis(void **state)
{
	(void)state;
	static const char text[] =
		"never: origin own_creation, stance organisation|hosted, verdict below approve "
		"\"Rien de soi\" / \"Nothing of one's own\"\n"
		"never: interest commercial, stance organisation, verdict below approve\n";
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	size_t size;
	char *seed = court_read(scope, PV_SOURCE_ROOT, "examples/policies/seed.yaml", &size);
	struct pv_policy *policy = court_policy(scope, seed);
	struct pv_analysis_options options = {.at_us = analysed_at()};
	assert_int_equal(pv_guarantees_parse(scope, policy, text, strlen(text), &options.guarantees,
				 NULL, NULL),
		PV_OK);
	struct pv_analysis *analysis = analysed(scope, policy, &options);
	assert_int_equal(analysis->n_guarantees, 2);
	assert_int_equal(analysis->guarantees[0].keeping, PV_GUARANTEE_HOLDS);
	assert_string_equal(analysis->guarantees[0].label.en, "Nothing of one's own");
	assert_int_equal(analysis->guarantees[1].keeping, PV_GUARANTEE_BROKEN);
	assert_int_equal(analysis->guarantees[1].witness.verdict, PV_VERDICT_WARN);
	assert_false(pv_analysis_clear(analysis));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(read_well),
		cmocka_unit_test(read_ill),
		cmocka_unit_test(several_lines),
		cmocka_unit_test(kept_or_not),
		cmocka_unit_test(within_an_analysis),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
