/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Exceptions that come with the case, and the past that a kept case carries. */
#include "court.h"

#include "base/json.h"
#include "policy/exceptions.h"
#include "policy/replay.h"

#include <stdio.h>
#include <string.h>

#define RULE(id, kind, rest) \
	"  - id: " id "\n    kind: " kind "\n    label: {fr: Une règle, en: A rule}\n" rest
#define CATEGORY(id, when, then) RULE(id, "category", "    when: {" when "}\n    then: " then "\n")

/* Nothing of these names house-x, the topic "urgent" or the language en. */
#define RULES                                                                                    \
	CATEGORY("client", "origin: client", "refuse")                                           \
	CATEGORY("firmly", "origin: partner", "refuse")                                          \
	"    firm: yes\n" CATEGORY("on-fb", "account: house-fb, interest: commercial", "refuse") \
		RULE("quiet", "quiet", "    switch: crisis\n    then: refuse\n") RULE(           \
			"asks", "invite", "    words: {fr: [dites], en: [say]}\n    then: warn\n")

#define GRANTED(id, lifts, when, from, until)                                            \
	"{\"id\":\"" id "\",\"lifts\":[" lifts "],\"when\":{" when "},\"from\":\"" from  \
	"\",\"until\":\"" until "\",\"granted_by\":\"lea\",\"reason\":{\"fr\":\"Pour l'" \
	"été\",\"en\":\"For the summer\"}}"
#define ALWAYS(id, lifts, when) GRANTED(id, lifts, when, "2026-01-01", "2026-12-31")
#define WITH(exceptions, members) "\"exceptions\":[" exceptions "]" members
#define CLIENT ",\"declared\":{\"origin\":\"client\"}"

static void what_they_set_aside(void **state)
{
	(void)state;
	static const struct court_row rows[] = {
		{"a category that is lifted counts as having allowed", RULES,
			WITH(ALWAYS("e", "\"client\",\"asks\"", "\"origin\":\"client\""), CLIENT),
			"allow:client lifted:asks,client"},
		{"without it", RULES, "\"declared\":{\"origin\":\"client\"}",
			"refuse:client also:asks"},
		{"not where its condition does not hold", RULES,
			WITH(ALWAYS("e", "\"client\"", "\"stance\":\"personal\""), CLIENT),
			"refuse:client also:asks"},
		{"an account that no rule names", RULES,
			WITH(ALWAYS("e", "\"client\",\"asks\"", "\"account\":\"house-x\""),
				CLIENT ",\"account\":\"house-x\""),
			"allow:client lifted:asks,client"},
		{"and no other account that no rule names", RULES,
			WITH(ALWAYS("e", "\"client\"", "\"account\":\"other-fb\""),
				CLIENT ",\"account\":\"house-x\""),
			"refuse:client also:asks"},
		{"an account the document does not know", RULES,
			WITH(ALWAYS("e", "\"client\",\"asks\"",
				     "\"account\":[\"house-tok\",\"house-fb\"]"),
				CLIENT ",\"account\":\"house-tok\",\"accounts\":{\"house-tok\":"
				       "{\"owner\":\"house\",\"stance\":\"organisation\","
				       "\"platform\":\"tok\"}}"),
			"allow:client lifted:asks,client"},
		{"a topic that no rule names", RULES,
			WITH(ALWAYS("e", "\"asks\",\"client\"", "\"topic\":\"urgent\""),
				",\"declared\":{\"origin\":\"client\",\"topic\":[\"urgent\"]}"),
			"allow:client lifted:asks,client"},
		{"a language that no rule names", RULES,
			WITH(ALWAYS("e", "\"asks\",\"client\"", "\"lang\":\"en\""), CLIENT),
			"refuse:client also:asks"},
		{"any and none mean what they mean in a document", RULES,
			WITH(ALWAYS("e", "\"asks\",\"client\"",
				     "\"topic\":\"none\",\"relation\":\"any\""),
				CLIENT),
			"allow:client lifted:asks,client"},
		{"two named by the case alone are told apart", RULES,
			WITH(ALWAYS("e", "\"client\"", "\"platform\":\"b\"") "," ALWAYS(
				     "f", "\"asks\"", "\"platform\":\"a\""),
				CLIENT ",\"account\":\"t\",\"accounts\":{\"t\":{\"owner\":"
				       "\"house\",\"stance\":\"organisation\",\"platform\":"
				       "\"a\"}}"),
			"refuse:client lifted:asks"},
		{"the rules' own values are what they were", RULES,
			WITH(ALWAYS("e", "\"asks\"", "\"account\":\"house-x\""),
				",\"declared\":{\"interest\":\"commercial\"}"),
			"refuse:on-fb also:asks"},
		{"a firm rule is not lifted", RULES,
			WITH(ALWAYS("e", "\"firmly\"", "\"stance\":\"organisation\""),
				",\"declared\":{\"origin\":\"partner\"}"),
			"refuse:firmly also:asks"},
		{"what the document does not know, it does not lift", RULES,
			WITH(ALWAYS("e", "\"gone\",\"asks\"", "\"stance\":\"organisation\""), ""),
			"allow:default lifted:asks"},
		{"a switch is lifted for some", RULES,
			WITH(ALWAYS("e", "\"quiet\",\"asks\"", "\"topic\":\"urgent\""),
				",\"switches\":[\"crisis\"],\"declared\":{\"topic\":\"urgent\"}"),
			"allow:default lifted:asks,quiet"},
	};
	court_try(rows, PV_COUNT(rows));
}

/* The case is of 2 March 2026, noon in Toronto; days are the policy's own. */
static void when_they_hold(void **state)
{
	(void)state;
	static const struct {
		const char *at, *from, *until;
		bool lifted;
	} rows[] = {
		{"2026-03-02T00:00:00-05:00", "2026-03-02", "2026-03-02", true},
		{"2026-03-02T23:59:59-05:00", "2026-03-02", "2026-03-02", true},
		{"2026-03-03T00:00:00-05:00", "2026-03-02", "2026-03-02", false},
		{"2026-03-01T23:59:59-05:00", "2026-03-02", "2026-03-02", false},
		{"2026-03-03T04:59:59Z", "2026-03-02", "2026-03-02", true},
		{"2026-03-09T00:00:00-04:00", "2026-03-01", "2026-03-08", false},
		{"2026-03-08T23:59:59-04:00", "2026-03-01", "2026-03-08", true},
	};
	for (size_t i = 0; i < PV_COUNT(rows); i++) {
		PV_SCOPE TALLOC_CTX *mem = pv_scope(NULL);
		struct pv_policy *policy = court_rules(mem, RULES);
		char *members = talloc_asprintf(mem,
			"\"at\":\"%s\",\"exceptions\":[{\"id\":\"e\",\"lifts\":\"asks\","
			"\"when\":{},\"from\":\"%s\",\"until\":\"%s\",\"granted_by\":\"lea\","
			"\"reason\":\"Été\"}]",
			rows[i].at, rows[i].from, rows[i].until);
		struct pv_judgement *judgement = court_judge(mem, policy, members);
		assert_string_equal(court_answer(mem, judgement),
			rows[i].lifted ? "allow:default lifted:asks" : "warn:asks");
		assert_int_equal(judgement->lifted_by.n, rows[i].lifted);
	}
}

static void who_lifted_it(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *mem = pv_scope(NULL);
	struct pv_policy *policy = court_rules(mem, RULES);
	struct pv_judgement *judgement = court_judge(mem, policy,
		WITH(ALWAYS("z", "\"asks\"", "\"stance\":\"organisation\"") "," ALWAYS(
			     "a", "\"client\"", "\"origin\":\"client\"") "," ALWAYS("m",
			     "\"client\"", "\"stance\":\"personal\""),
			CLIENT));
	assert_int_equal(judgement->lifted_by.n, 2);
	assert_string_equal(judgement->lifted_by.items[0], "a");
	assert_string_equal(judgement->lifted_by.items[1], "z");
	assert_non_null(strstr(judgement->explanation.fr, "Pour l'été"));
	assert_non_null(strstr(judgement->explanation.en, "For the summer"));
	PV_JSON json_t *json = pv_judgement_to_json(judgement);
	const json_t *by = json_object_get(json, "lifted_by");
	assert_int_equal(json_array_size(by), 2);
	/* the policy is what it was: another case knows nothing of them */
	assert_string_equal(court_answer(mem, court_judge(mem, policy, "")), "warn:asks");
}

/* As with an approval: not the author's word, nor that of someone with an interest in the post. */
static void granted_apart(void **state)
{
	(void)state;
#define BY_LEA WITH(ALWAYS("e", "\"client\",\"asks\"", "\"origin\":\"client\""), CLIENT)
#define LEA(domain)                                                                              \
	",\"people\":{\"marc\":{\"roles\":[]},\"lea\":{\"roles\":[],\"interests\":[{\"names\":[" \
	"\"B\"],\"relation\":\"owner\",\"domains\":[\"" domain "\"]}]}},\"post\":{\"text\":"     \
	"\"https://shop.example/\"}"
	static const struct court_row rows[] = {
		{"the author's own", RULES, BY_LEA ",\"author\":\"lea\"",
			"refuse:client also:asks"},
		{"tied to where it leads", RULES, BY_LEA LEA("shop.example"),
			"refuse:client also:asks"},
		{"tied to something else", RULES, BY_LEA LEA("other.example"),
			"allow:client lifted:asks,client"},
	};
	court_try(rows, PV_COUNT(rows));
}

static void what_is_no_exception(void **state)
{
	(void)state;
	static const struct {
		const char *json, *en;
	} rows[] = {
		{"{}", "lifts no rule"},
		{"{\"lifts\":[\"a\"]}", "first and a last day"},
		{"{\"lifts\":[\"a\"],\"from\":\"2026-03-02\",\"until\":\"2026-03-01\"}",
			"ends before"},
		{"{\"lifts\":[\"a\"],\"from\":\"2026-03-02\",\"until\":\"2026-03-02\"}",
			"says why"},
		{"{\"lifts\":[\"a\"],\"from\":\"2026-02-30\"}", "Here goes a date"},
		{"{\"when\":{\"colour\":\"red\"}}", "not a fact"},
		{"{\"when\":{\"stance\":\"ours\"}}", "not one that this fact"},
		{"{\"when\":{\"consent\":\"maybe\"}}", "not one that this fact"},
		{"{\"when\":{\"topic\":[]}}", "list is empty"},
		{"{\"when\":{\"topic\":\"\"}}", "not one that this fact"},
		{"{\"when\":[]}", "object in braces"},
		{"{\"when\":{\"topic\":[\"a\"", "ends"},
		{"[]", "object in braces"},
	};
	for (size_t i = 0; i < PV_COUNT(rows); i++) {
		PV_SCOPE TALLOC_CTX *mem = pv_scope(NULL);
		struct pv_error error = PV_ERROR_IN(mem);
		struct pv_case_exception *exception = NULL;
		struct pv_case_place place = {0};
		assert_int_equal(pv_case_exception_parse(mem, rows[i].json, strlen(rows[i].json),
					 &exception, &place, &error),
			PV_INVALID);
		if (!strstr(error.words.en, rows[i].en) && strcmp(rows[i].en, "ends") != 0)
			fail_msg("%s: %s", rows[i].json, error.words.en);
		assert_true(place.line == 1 && place.column >= 1);
		assert_null(exception);
	}
}

static void asked_of_a_policy(void **state)
{
	(void)state;
	static const struct {
		const char *lifts, *when, *en; /* en NULL: fine */
	} rows[] = {
		{"\"client\"", "\"origin\":\"client\"", NULL},
		{"\"client\"", "\"account\":\"house-x\"", NULL},
		{"\"client\"", "\"origin\":\"any\"", NULL},
		{"\"client\",\"asks\"", "\"origin\":[\"partner\",\"client\"]", NULL},
		{"\"nothing\"", "", "no rule"},
		{"\"default\"", "", "no rule"},
		{"\"firmly\"", "", "is firm"},
		{"\"client\"", "\"origin\":\"partner\"", "of no use"},
		{"\"client\"", "\"origin\":\"none\"", "of no use"},
		{"\"on-fb\"", "\"account\":\"house-x\"", "of no use"},
	};
	for (size_t i = 0; i < PV_COUNT(rows); i++) {
		PV_SCOPE TALLOC_CTX *mem = pv_scope(NULL);
		struct pv_error error = PV_ERROR_IN(mem);
		struct pv_case_exception *exception = NULL;
		char *json = talloc_asprintf(mem,
			"{\"lifts\":[%s],\"when\":{%s},\"from\":\"2026-01-01\",\"until\":"
			"\"2026-01-01\",\"reason\":\"r\"}",
			rows[i].lifts, rows[i].when);
		assert_int_equal(
			pv_case_exception_parse(mem, json, strlen(json), &exception, NULL, &error),
			PV_OK);
		enum pv_status status =
			pv_exception_check(court_rules(mem, RULES), exception, &error);
		if (!rows[i].en) {
			assert_int_equal(status, PV_OK);
			continue;
		}
		assert_int_equal(status, PV_INVALID);
		assert_string_equal(error.problems[0].pointer, "/lifts/0");
		if (!strstr(error.problems[0].message.en, rows[i].en))
			fail_msg("%s: %s", json, error.problems[0].message.en);
	}
}

/* ---- a document's exception and a case's are the same thing ----------------------------------- */

static uint32_t dice = 20260302;

static const char *pick(const char *const *words, size_t n)
{
	dice = dice * 1664525 + 1013904223;
	return words[(dice >> 16) % n];
}
#define PICK(...)                                \
	pick((const char *const[]){__VA_ARGS__}, \
		sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

/* One exception, as YAML and as JSON. */
static void make(int number, char **yaml, char **json)
{
	const char *fact = PICK("account", "owner", "platform", "topic", "origin", "interest",
		"stance", "relation", "axis", "axes", "form", "consent");
	const char *lifts = PICK("client", "asks", "quiet", "on-fb", "firmly");
	const char *value =
		strcmp(fact, "account") == 0    ? PICK("house-fb", "house-x", "marc-x", "any")
		: strcmp(fact, "owner") == 0    ? PICK("house", "other", "none")
		: strcmp(fact, "platform") == 0 ? PICK("facebook", "x", "any")
		: strcmp(fact, "topic") == 0    ? PICK("urgent", "contest", "any", "none")
		: strcmp(fact, "origin") == 0   ? PICK("client", "partner", "unknown", "any")
		: strcmp(fact, "interest") == 0 ? PICK("commercial", "project", "none")
		: strcmp(fact, "stance") == 0   ? PICK("organisation", "personal")
		: strcmp(fact, "relation") == 0 ? PICK("client", "any", "none")
		: strcmp(fact, "form") == 0     ? PICK("static", "interactive")
		: strcmp(fact, "consent") == 0  ? PICK("yes", "no")
						: PICK("project", "sharing", "any", "none");
	const char *until = PICK("2026-03-01", "2026-03-02", "2026-06-30");
	*yaml = talloc_asprintf_append(*yaml,
		"  - {id: e%d, lifts: [%s], when: {%s: %s}, from: 2026-02-01, until: %s, "
		"granted_by: lea, reason: {fr: Été, en: Summer}}\n",
		number, lifts, fact, value, until);
	*json = talloc_asprintf_append(*json,
		"%s{\"id\":\"e%d\",\"lifts\":[\"%s\"],\"when\":{\"%s\":\"%s\"},\"from\":"
		"\"2026-02-01\",\"until\":\"%s\",\"granted_by\":\"lea\",\"reason\":{\"fr\":"
		"\"Été\",\"en\":\"Summer\"}}",
		number ? "," : "", number, lifts, fact, value, until);
}

static void same_as_in_the_document(void **state)
{
	(void)state;
	int lifted = 0;
	for (int round = 0; round < 400; round++) {
		PV_SCOPE TALLOC_CTX *mem = pv_scope(NULL);
		char *yaml = talloc_strdup(mem, RULES "exceptions:\n");
		char *json = talloc_strdup(mem, "");
		for (int i = 0; i < 1 + round % 3; i++)
			make(i, &yaml, &json);
		char *members = talloc_asprintf(mem,
			"\"account\":\"%s\",\"declared\":{\"origin\":\"%s\",\"interest\":\"%s\","
			"\"topic\":[%s],\"axis\":\"%s\"},\"switches\":[%s]",
			PICK("house-fb", "house-x", "marc-x", "other-fb"),
			PICK("client", "partner", "organisation", "unknown"),
			PICK("commercial", "project"), PICK("", "\"urgent\"", "\"contest\""),
			PICK("project", "sharing"), PICK("", "\"crisis\""));
		struct pv_judgement *one = court_judge(mem, court_rules(mem, yaml), members);
		struct pv_judgement *two = court_judge(mem, court_rules(mem, RULES),
			talloc_asprintf(mem, "\"exceptions\":[%s],%s", json, members));
		PV_JSON json_t *said = pv_judgement_to_json(one);
		PV_JSON json_t *again = pv_judgement_to_json(two);
		lifted += one->lifted.n > 0;
		if (!json_equal(said, again))
			fail_msg("%s\n%s\n%s\n%s\n%s", yaml, json, members, json_dumps(said, 0),
				json_dumps(again, 0));
	}
	assert_true(lifted > 20);
}

/* ---- the past of a kept case ------------------------------------------------------------------- */

#define QUOTA                                                                        \
	RULE("two", "quota",                                                         \
		"    count: {origin: client}\n    at_most: 2\n    window: 30 days\n" \
		"    per: organisation\n    then: refuse\n")
#define WINDOW(per, entries)                                                           \
	"\"past\":[{\"per\":\"" per "\",\"after\":\"2026-01-31T17:00:00Z\",\"until\":" \
	"\"2026-03-02T17:00:00Z\",\"entries\":[" entries "]}]"
#define PAST                                                                              \
	"{\"at\":\"2026-02-20T12:00:00Z\",\"account\":\"house-x\",\"origin\":\"client\"," \
	"\"times\":2}"

static void the_past_it_was_given(void **state)
{
	(void)state;
	static const struct court_row rows[] = {
		{"a window that was asked is what counts", QUOTA,
			WINDOW("organisation", PAST) CLIENT, "refuse:two"},
		{"another window's answer does not", QUOTA, WINDOW("account", PAST) CLIENT,
			"allow:default"},
		{"before the history", QUOTA,
			WINDOW("organisation", "") CLIENT ",\"history\":[" PAST "]",
			"allow:default"},
		{"the history where no window was kept", QUOTA,
			WINDOW("person", "") CLIENT ",\"history\":[" PAST "]", "refuse:two"},
		{"an empty list of windows", QUOTA, "\"past\":[]" CLIENT, "allow:default"},
	};
	court_try(rows, PV_COUNT(rows));
}

/* ---- replayed ---------------------------------------------------------------------------------- */

#define DOCUMENTS_OWN                                                                       \
	"exceptions:\n  - {id: ex-partner, lifts: [partner], when: {topic: urgent}, from: " \
	"2026-01-01, until: 2026-12-31, granted_by: lea, reason: {fr: Été, en: Summer}}\n"

/* Both sides of a replay, of one post. */
static struct pv_replay_outcome replayed(
	TALLOC_CTX *mem, const struct pv_policy *policy, const struct pv_case *c, bool sequence)
{
	struct pv_error error = PV_ERROR_IN(mem);
	const struct pv_replay_plan plan = {.to = policy, .sequence = sequence};
	const struct pv_case_past past = {.reads = -1, .comments = -1};
	TALLOC_CTX *scratch = talloc_new(mem);
	struct pv_replay *replay;
	struct pv_replay_bench *was;
	struct pv_replay_post *post;
	struct pv_replay_outcome outcome;
	assert_int_equal(pv_replay_open(mem, &plan, &replay, &error), PV_OK);
	assert_int_equal(pv_replay_bench(mem, replay, policy, &was, &error), PV_OK);
	assert_int_equal(pv_replay_hear(mem, scratch, replay, was, c, &past, &post, &error), PV_OK);
	talloc_free(scratch); /* and with it the policy with the case's exceptions */
	assert_int_equal(pv_replay_settle(replay, post, &outcome, &error), PV_OK);
	return outcome;
}

/* Whatever its id: beside the document's exceptions it stands in another place every time. */
static void replayed_with_their_own(void **state)
{
	(void)state;
	static const struct {
		const char *id, *origin;
		enum pv_verdict is;
	} rows[] = {
		{"0-desk", "client", PV_VERDICT_ALLOW},
		{"0-desk", "partner",
			PV_VERDICT_REFUSE}, /* nor does the document's begin to hold */
		{"z-desk", "client", PV_VERDICT_ALLOW},
		{"z-desk", "partner", PV_VERDICT_REFUSE},
	};
	for (size_t i = 0; i < PV_COUNT(rows) * 2; i++) {
		PV_SCOPE TALLOC_CTX *mem = pv_scope(NULL);
		struct pv_error error = PV_ERROR_IN(mem);
		struct pv_policy *policy = court_rules(mem,
			CATEGORY("client", "origin: client", "refuse")
				CATEGORY("partner", "origin: partner", "refuse") DOCUMENTS_OWN);
		struct pv_case *c;
		char *json = talloc_asprintf(mem,
			"{\"account\":\"house-fb\",\"author\":\"marc\",\"at\":"
			"\"2026-03-10T12:00:00Z\",\"post\":{},\"declared\":{\"origin\":\"%s\"},"
			"\"exceptions\":[{\"id\":\"%s\",\"lifts\":[\"client\"],\"when\":{},"
			"\"from\":"
			"\"2026-03-01\",\"until\":\"2026-03-31\",\"granted_by\":\"paul\","
			"\"reason\":"
			"\"Été\"}]}",
			rows[i / 2].origin, rows[i / 2].id);
		assert_int_equal(
			pv_case_parse(mem, json, strlen(json), &c, NULL, NULL, &error), PV_OK);
		struct pv_replay_outcome outcome = replayed(mem, policy, c, i % 2);
		if (outcome.is != rows[i / 2].is || outcome.was != rows[i / 2].is)
			fail_msg("%s: was %s, is %s", json, pv_verdict_name(outcome.was),
				pv_verdict_name(outcome.is));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_they_set_aside),
		cmocka_unit_test(when_they_hold),
		cmocka_unit_test(who_lifted_it),
		cmocka_unit_test(granted_apart),
		cmocka_unit_test(what_is_no_exception),
		cmocka_unit_test(asked_of_a_policy),
		cmocka_unit_test(same_as_in_the_document),
		cmocka_unit_test(replayed_with_their_own),
		cmocka_unit_test(the_past_it_was_given),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
