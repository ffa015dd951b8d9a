/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Conditions, categories, exceptions, approvals: how the verdict is put together. */
#include "court.h"

#define RULE(id, kind, rest) \
	"  - id: " id "\n    kind: " kind "\n    label: {fr: Une règle, en: A rule}\n" rest
#define CATEGORY(id, when, then) RULE(id, "category", "    when: {" when "}\n    then: " then "\n")

#define MARC                                                                                       \
	"\"people\":{\"marc\":{\"roles\":[\"editor\"],\"interests\":["                             \
	"{\"names\":[\"Mon blogue\"],\"relation\":\"author\",\"domains\":[\"blog.example\"],"      \
	"\"handles\":[\"@Blog\"]},"                                                                \
	"{\"names\":[\"La Maison\"],\"relation\":\"employee\",\"org\":\"house\","                  \
	"\"domains\":[\"house.example\"]},"                                                        \
	"{\"names\":[\"Ancien\"],\"relation\":\"family\",\"domains\":[\"old.example\"],"           \
	"\"until\":\"2026-03-01\"},"                                                               \
	"{\"names\":[\"Actuel\"],\"relation\":\"family\",\"domains\":[\"now.example\"],"           \
	"\"until\":\"2026-03-02\"}]},"                                                             \
	"\"lea\":{\"roles\":[\"editor\"]},\"paul\":{\"roles\":[\"editor\"],"                       \
	"\"interests\":[{\"names\":[\"B\"],\"relation\":\"owner\",\"domains\":[\"blog.example\"]}" \
	"]},"                                                                                      \
	"\"yan\":{\"roles\":[\"reader\"]}}"
#define TEXT(text) "\"post\":{\"lang\":[\"fr\"],\"text\":\"" text "\"}"

static void conditions(void **state)
{
	(void)state;
	static const struct court_row rows[] = {
		{"several values: any of them",
			CATEGORY("a", "origin: [client, partner]", "refuse"),
			"\"declared\":{\"origin\":\"partner\"}", "refuse:a"},
		{"every line holds", CATEGORY("a", "origin: client, interest: project", "refuse"),
			"\"declared\":{\"origin\":\"client\"}", "allow:default"},
		{"not declared is unknown",
			CATEGORY("a", "origin: unknown, relevance: unknown", "refuse"), "",
			"refuse:a"},
		{"sponsored and consent are no",
			CATEGORY("a", "sponsored: no, consent: no", "refuse"), "", "refuse:a"},
		{"yes as a boolean", CATEGORY("a", "sponsored: yes", "refuse"),
			"\"declared\":{\"sponsored\":true}", "refuse:a"},
		{"yes as a word", CATEGORY("a", "consent: yes", "refuse"),
			"\"declared\":{\"consent\":\"yes\"}", "refuse:a"},
		{"any of a list", CATEGORY("a", "human: any", "refuse"),
			"\"declared\":{\"human\":[\"faces\"]}", "refuse:a"},
		{"any of an empty list", CATEGORY("a", "human: any", "refuse"), "",
			"allow:default"},
		{"none of an empty list", CATEGORY("a", "human: none, topic: none", "refuse"), "",
			"refuse:a"},
		{"none of a list", CATEGORY("a", "human: none", "refuse"),
			"\"declared\":{\"human\":[\"faces\"]}", "allow:default"},
		{"one common value is enough", CATEGORY("a", "human: [faces, testimony]", "refuse"),
			"\"declared\":{\"human\":[\"behind_the_scenes\",\"testimony\"]}",
			"refuse:a"},
		{"a single value for a list", CATEGORY("a", "human: faces", "refuse"),
			"\"declared\":{\"human\":\"faces\"}", "refuse:a"},
		{"axes of the owner", CATEGORY("a", "axes: sharing", "refuse"), "", "refuse:a"},
		{"axis declared", CATEGORY("a", "axis: sharing", "refuse"),
			"\"declared\":{\"axis\":\"project\"}", "allow:default"},
		{"axis none", CATEGORY("a", "axis: none", "refuse"), "", "refuse:a"},
		{"account", CATEGORY("a", "account: [house-x, house-fb]", "refuse"), "",
			"refuse:a"},
		{"owner a person",
			CATEGORY("a", "owner: marc, stance: personal, axes: none", "refuse"),
			"\"account\":\"marc-x\"", "refuse:a"},
		{"platform", CATEGORY("a", "platform: x", "refuse"), "\"account\":\"house-x\"",
			"refuse:a"},
		{"lang: first part", CATEGORY("a", "lang: fr", "refuse"),
			"\"post\":{\"lang\":[\"en\",\"fr-CA\"]}", "refuse:a"},
		{"lang: in capitals", CATEGORY("a", "lang: fr", "refuse"),
			"\"post\":{\"lang\":[\"FR\"]}", "refuse:a"},
		{"lang: capitals in the document", CATEGORY("a", "lang: fr-CA", "refuse"),
			"\"post\":{\"lang\":[\"FR_ca\"]}", "refuse:a"},
		{"lang: the region is asked for", CATEGORY("a", "lang: FR-ca", "refuse"),
			"\"post\":{\"lang\":[\"fr-FR\"]}", "allow:default"},
		{"lang: one for a list", CATEGORY("a", "lang: en", "refuse"),
			"\"post\":{\"lang\":\"en\"}", "refuse:a"},
		{"kind share", CATEGORY("a", "kind: share, form: static", "refuse"),
			"\"post\":{\"kind\":\"share\"}", "refuse:a"},
		{"a reply is interactive", CATEGORY("a", "form: interactive", "refuse"),
			"\"post\":{\"kind\":\"reply\"}", "refuse:a"},
		{"a pinned reply is static", CATEGORY("a", "form: static, kind: reply", "refuse"),
			"\"post\":{\"kind\":\"reply\",\"pinned\":true}", "refuse:a"},
		{"unless, one map",
			RULE("a", "category",
				"    unless: {origin: client, interest: project}\n    then: "
				"refuse\n"),
			"\"declared\":{\"origin\":\"client\"}", "refuse:a"},
		{"unless, a list: one holds",
			RULE("a", "category",
				"    unless: [{origin: client}, {interest: project}]\n    then: "
				"refuse\n"),
			"\"declared\":{\"interest\":\"project\"}", "allow:default"},
	};
	court_try(rows, PV_COUNT(rows));
}

static void facts_found(void **state)
{
	(void)state;
	static const struct court_row rows[] = {
		{"own creation by link",
			CATEGORY("a", "origin: own_creation, relation: author", "refuse"),
			MARC "," TEXT("Lu: https://blog.example/x") ",\"declared\":{\"origin\":"
								    "\"third_party\"}",
			"refuse:a"},
		{"own creation by handle", CATEGORY("a", "origin: own_creation", "refuse"),
			MARC "," TEXT("Lu chez @blog."), "refuse:a"},
		{"a tie to one's own organisation goes without saying",
			CATEGORY("a", "relation: any", "refuse"), MARC "," TEXT("house.example"),
			"allow:default"},
		{"the same tie on another account is one",
			CATEGORY("a", "relation: employee", "refuse"),
			MARC ",\"account\":\"other-fb\"," TEXT("house.example"), "refuse:a"},
		{"an ended tie is none", CATEGORY("a", "relation: any", "refuse"),
			MARC "," TEXT("https://old.example"), "allow:default"},
		{"a tie holds on its last day", CATEGORY("a", "relation: family", "refuse"),
			MARC ",\"at\":\"2026-03-02T23:59:59-05:00\"," TEXT("https://now.example"),
			"refuse:a"},
		{"and no longer", CATEGORY("a", "relation: family", "refuse"),
			MARC ",\"at\":\"2026-03-03T00:00:00-05:00\"," TEXT("https://now.example"),
			"allow:default"},
		{"the owner's own interests", CATEGORY("a", "relation: client", "refuse"),
			TEXT("@Client ouvre"), "refuse:a"},
		{"the owner's author makes no own creation",
			CATEGORY("a", "origin: own_creation", "refuse"),
			TEXT("https://client.example"), "allow:default"},
		{"own_creation adds author", CATEGORY("a", "relation: author", "refuse"),
			"\"declared\":{\"origin\":\"own_creation\"}", "refuse:a"},
		{"client adds client", CATEGORY("a", "relation: client", "refuse"),
			"\"declared\":{\"origin\":\"client\"}", "refuse:a"},
		{"sponsored adds paid", CATEGORY("a", "relation: paid", "refuse"),
			"\"declared\":{\"sponsored\":true}", "refuse:a"},
		{"declared relations stay", CATEGORY("a", "relation: gifted", "refuse"),
			"\"declared\":{\"relation\":[\"gifted\",\"family\"]}", "refuse:a"},
		{"none is no relation", CATEGORY("a", "relation: none, human: none", "refuse"),
			"\"declared\":{\"relation\":\"none\",\"human\":[\"none\"]}", "refuse:a"},
		{"a topic word, in another language", CATEGORY("a", "topic: contest", "refuse"),
			TEXT("Our Contests are back"), "refuse:a"},
		{"a topic word in a hashtag", CATEGORY("a", "topic: contest", "refuse"),
			TEXT("Participez #Concours"), "refuse:a"},
		{"not in a handle", CATEGORY("a", "topic: contest", "refuse"),
			TEXT("Avec @concours"), "allow:default"},
		{"not in a link", CATEGORY("a", "topic: contest", "refuse"),
			TEXT("https://x.example/concours/"), "allow:default"},
		{"not within a word", CATEGORY("a", "topic: contest", "refuse"),
			TEXT("concoursier"), "allow:default"},
		{"across a line break", CATEGORY("a", "topic: contest", "refuse"),
			TEXT("\\u00C0\\u00a0\\ngagner"), "refuse:a"},
		{"in decomposed letters", CATEGORY("a", "topic: contest", "refuse"),
			TEXT("A\\u0300 gagner"), "refuse:a"},
		{"a topic without words is declared only", CATEGORY("a", "topic: urgent", "refuse"),
			TEXT("urgent"), "allow:default"},
		{"declared", CATEGORY("a", "topic: urgent", "refuse"),
			"\"declared\":{\"topic\":[\"urgent\"]}", "refuse:a"},
	};
	court_try(rows, PV_COUNT(rows));
}

static void verdicts(void **state)
{
	(void)state;
	static const char all[] = CATEGORY("z-allow", "origin: client", "allow")
		CATEGORY("a-refuse", "origin: client", "refuse")
			CATEGORY("b-warn", "origin: client", "warn")
				CATEGORY("c-approve", "origin: client", "approve");
	static const struct court_row rows[] = {
		{"the strictest wins, the milder are listed", all,
			"\"declared\":{\"origin\":\"client\"}",
			"refuse:a-refuse also:b-warn,c-approve"},
		{"allow: every category that applied",
			CATEGORY("b", "origin: client", "allow")
				CATEGORY("a", "stance: organisation", "allow"),
			"\"declared\":{\"origin\":\"client\"}", "allow:a,b"},
		{"a rule that fires keeps no default away",
			RULE("v", "voice", "    allow: [we, effaced]\n    then: warn\n"),
			TEXT("Je dis"), "warn:v"},
		{"an override sets aside what fired",
			RULE("a", "category",
				"    when: {origin: client}\n    then: allow\n    overrides: [v]\n")
				RULE("v", "voice", "    allow: [we]\n    then: warn\n"),
			"\"declared\":{\"origin\":\"client\"}", "allow:a overridden:v"},
		{"only by a rule that applied",
			RULE("a", "category",
				"    when: {origin: client}\n    then: allow\n    overrides: [v]\n")
				RULE("v", "voice", "    allow: [we]\n    then: warn\n"),
			"", "warn:v"},
		{"only what would have fired",
			RULE("a", "category", "    then: allow\n    overrides: [v]\n")
				RULE("v", "voice", "    allow: [effaced]\n    then: warn\n"),
			"", "allow:a"},
		{"an overridden category is silent",
			RULE("a", "category", "    then: allow\n    overrides: [b]\n")
				CATEGORY("b", "stance: organisation", "refuse"),
			"", "allow:a overridden:b"},
		{"a firm rule cannot be set aside",
			RULE("a", "category", "    then: allow\n    overrides: [b]\n")
				RULE("b", "category", "    firm: yes\n    then: refuse\n"),
			"", "refuse:b"},
	};
	court_try(rows, PV_COUNT(rows));
}

static void defaults(void **state)
{
	(void)state;
	static const struct {
		const char *verdict, *members, *answer;
	} rows[] = {
		{"allow", "", "allow:default"},
		{"warn", "", "warn:default"},
		{"refuse", "", "refuse:default"},
		{"approve", MARC, "approve:default"},
		{"approve",
			MARC
			",\"approvals\":[{\"by\":\"lea\",\"at\":\"2026-03-02T11:00:00-05:00\"}]",
			"allow:default satisfied:default"},
		{"warn", "\"declared\":{\"origin\":\"client\"}", "allow:a"},
		{"warn", "\"declared\":{\"origin\":\"partner\"}", "refuse:v also:default"},
	};
	for (size_t i = 0; i < PV_COUNT(rows); i++) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		char *text = talloc_asprintf(scope, "%s%s", court_head,
			CATEGORY("a", "origin: client", "allow") RULE("v", "voice",
				"    when: {origin: partner}\n    allow: [we]\n    then: "
				"refuse\n"));
		char *at = strstr(text, "default: allow");
		text = talloc_asprintf(scope, "%.*sdefault: %s%s", (int)(at - text), text,
			rows[i].verdict, at + strlen("default: allow"));
		struct pv_judgement *judgement =
			court_judge(scope, court_policy(scope, text), rows[i].members);
		assert_string_equal(court_answer(scope, judgement), rows[i].answer);
	}
}

#define EXCEPTION(lifts, from, until)                                             \
	"exceptions:\n  - id: e\n    lifts: [" lifts                              \
	"]\n    when: {account: house-fb}\n    from: " from "\n    until: " until \
	"\n    granted_by: lea\n    reason: {fr: Pourquoi, en: Why}\n"
#define AT(at) "\"at\":\"" at "\""

static void exceptions(void **state)
{
	(void)state;
	static const char lifted[] = CATEGORY("a", "stance: organisation", "refuse")
		RULE("v", "voice", "    allow: [we]\n    then: warn\n")
			EXCEPTION("a, v", "2026-03-02", "2026-03-04");
	static const struct court_row rows[] = {
		{"first moment", lifted, AT("2026-03-02T00:00:00-05:00"), "allow:a lifted:a,v"},
		{"before", lifted, AT("2026-03-01T23:59:59-05:00"), "refuse:a also:v"},
		{"last moment", lifted, AT("2026-03-04T23:59:59.999-05:00"), "allow:a lifted:a,v"},
		{"after", lifted, AT("2026-03-05T00:00:00-05:00"), "refuse:a also:v"},
		{"another account", lifted, "\"account\":\"house-x\"", "refuse:a also:v"},
		{"a firm rule stays",
			RULE("a", "category", "    firm: yes\n    then: refuse\n")
				EXCEPTION("a", "2026-03-02", "2026-03-04"),
			"", "refuse:a"},
		{"a lifted approval is not satisfied too",
			CATEGORY("a", "stance: organisation", "approve")
				EXCEPTION("a", "2026-03-02", "2026-03-04"),
			MARC
			",\"approvals\":[{\"by\":\"lea\",\"at\":\"2026-03-02T11:00:00-05:00\"}]",
			"allow:a lifted:a"},
	};
	court_try(rows, PV_COUNT(rows));
}

#define APPROVED(by, at) "{\"by\":\"" by "\",\"at\":\"" at "\"}"
#define APPROVALS(list) MARC ",\"approvals\":[" list "]"

static void approvals(void **state)
{
	(void)state;
	static const char one[] = CATEGORY("a", "stance: organisation", "approve");
	static const char two[] =
		RULE("a", "category", "    approval: {count: 2}\n    then: approve\n");
	static const char own[] = RULE(
		"a", "category", "    approval: {by: [reader], never: []}\n    then: approve\n");
	static const struct court_row rows[] = {
		{"nobody", one, MARC, "approve:a"},
		{"someone", one, APPROVALS(APPROVED("lea", "2026-03-02T11:00:00-05:00")),
			"allow:a satisfied:a"},
		{"at this very moment", one,
			APPROVALS(APPROVED("lea", "2026-03-02T12:00:00-05:00")),
			"allow:a satisfied:a"},
		{"later", one, APPROVALS(APPROVED("lea", "2026-03-02T12:00:01-05:00")),
			"approve:a"},
		{"exactly valid", one, APPROVALS(APPROVED("lea", "2026-02-16T12:00:00-05:00")),
			"allow:a satisfied:a"},
		{"no longer", one, APPROVALS(APPROVED("lea", "2026-02-16T11:59:59-05:00")),
			"approve:a"},
		{"the author", one, APPROVALS(APPROVED("marc", "2026-03-02T11:00:00-05:00")),
			"approve:a"},
		{"no role", one, APPROVALS(APPROVED("yan", "2026-03-02T11:00:00-05:00")),
			"approve:a"},
		{"a stranger", one, APPROVALS(APPROVED("zoe", "2026-03-02T11:00:00-05:00")),
			"approve:a"},
		{"same interest", one,
			APPROVALS(APPROVED("paul", "2026-03-02T11:00:00-05:00")) "," TEXT(
				"https://blog.example"),
			"approve:a"},
		{"an interest not at stake", one,
			APPROVALS(APPROVED("paul", "2026-03-02T11:00:00-05:00")),
			"allow:a satisfied:a"},
		{"before the last edit", one,
			APPROVALS(APPROVED("lea",
				"2026-03-02T11:00:00-05:00")) ",\"post\":{\"edited_at\":\"2026-03-"
							      "02T11:00:01-05:00\"}",
			"approve:a"},
		{"at the last edit is not after it", one,
			APPROVALS(APPROVED("lea",
				"2026-03-02T11:00:00-05:00")) ",\"post\":{\"edited_at\":\"2026-03-"
							      "02T11:00:00-05:00\"}",
			"approve:a"},
		{"after the last edit", one,
			APPROVALS(APPROVED("lea",
				"2026-03-02T11:00:02-05:00")) ",\"post\":{\"edited_at\":\"2026-03-"
							      "02T11:00:01-05:00\"}",
			"allow:a satisfied:a"},
		{"one person twice is one", two,
			APPROVALS(APPROVED("lea", "2026-03-02T11:00:00-05:00") "," APPROVED(
				"lea", "2026-03-02T10:00:00-05:00")),
			"approve:a"},
		{"two people", two,
			APPROVALS(APPROVED("lea", "2026-03-02T11:00:00-05:00") "," APPROVED(
				"paul", "2026-03-02T10:00:00-05:00")),
			"allow:a satisfied:a"},
		{"lines of its own", own, APPROVALS(APPROVED("yan", "2026-03-02T11:00:00-05:00")),
			"allow:a satisfied:a"},
		{"any kind that says approve",
			RULE("v", "voice", "    allow: [we]\n    then: approve\n"),
			APPROVALS(APPROVED("lea", "2026-03-02T11:00:00-05:00")),
			"allow:default satisfied:v"},
	};
	court_try(rows, PV_COUNT(rows));
}

static void accounts_of_the_desk(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_policy *policy = court_rules(scope,
		CATEGORY("a", "stance: organisation, owner: house, platform: mastodon", "refuse"));
	static const char known[] =
		"\"account\":\"new\",\"accounts\":{\"new\":{\"owner\":\"house\","
		"\"stance\":\"organisation\",\"platform\":\"mastodon\"},"
		"\"house-fb\":{\"owner\":\"marc\",\"stance\":\"personal\"}}";
	assert_string_equal(court_answer(scope, court_judge(scope, policy, known)), "refuse:a");
	/* what the document says of an account it names stands */
	struct pv_policy *named = court_rules(scope, CATEGORY("a", "owner: house", "refuse"));
	assert_string_equal(
		court_answer(scope, court_judge(scope, named,
					    "\"accounts\":{\"house-fb\":{\"owner\":\"marc\","
					    "\"stance\":\"personal\"}}")),
		"refuse:a");
	/* and an account that nobody knows is not judged */
	struct pv_case c = {.account = pv_str("nowhere"),
		.author = pv_str("marc"),
		.post = {.edited_at_us = PV_TIME_NONE, .pair_at_us = PV_TIME_NONE}};
	struct pv_judgement *judgement;
	struct pv_error error = PV_ERROR_IN(scope);
	assert_int_equal(pv_judge(scope, policy, &c, &judgement, &error), PV_NOT_FOUND);
	assert_non_null(strstr(error.words.en, "nowhere"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(conditions),
		cmocka_unit_test(facts_found),
		cmocka_unit_test(verdicts),
		cmocka_unit_test(defaults),
		cmocka_unit_test(exceptions),
		cmocka_unit_test(approvals),
		cmocka_unit_test(accounts_of_the_desk),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
