/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One row for each thing the analysis can find: made so that it is there, or just not. */
#include "analysed.h"

#define RULE(id, kind, rest) \
	"  - {id: " id ", kind: " kind ", label: {fr: Une règle, en: A rule}, " rest "}\n"
#define CATEGORY(id, when, then) RULE(id, "category", "when: {" when "}, then: " then)
#define ALL CATEGORY("all", "form: [static, interactive]", "allow")
#define EXCEPTION(id, lifts, when, from, until)                                                \
	"  - {id: " id ", lifts: [" lifts "], when: {" when "}, from: " from ", until: " until \
	", granted_by: lea, reason: {fr: Pour cela, en: For that}}\n"

static void unreachable(void **state)
{
	(void)state;
	static const struct analysed_row rows[] = {
		{"all decide", 1, CATEGORY("a", "origin: client", "refuse") ALL, ""},
		{"an account that is not so", 1,
			CATEGORY("a", "account: marc-x, stance: organisation", "refuse") ALL,
			"!never_applies:a"},
		{"what it takes is what it leaves out", 1,
			RULE("a", "category",
				"when: {origin: client}, unless: {relation: client}, then: refuse")
				ALL,
			"!never_applies:a"},
		{"an axis of no account", 1,
			CATEGORY("a", "axes: project, owner: other", "refuse") ALL,
			"!never_applies:a"},
		{"a live reply is never static", 1,
			CATEGORY("a", "kind: share, form: interactive", "refuse") ALL,
			"!never_applies:a"},
		{"an approval that never matters", 1,
			CATEGORY("a", "origin: client", "approve")
				CATEGORY("b", "relation: client", "refuse"),
			"!always_hidden:a=refuse"},
		{"met, the approval hides nothing", 1,
			CATEGORY("a", "origin: client", "warn")
				CATEGORY("b", "relation: client", "approve"),
			""},
		{"hidden by the default of nothing: a category stops it", 1,
			CATEGORY("a", "origin: client", "allow"), ""},
		{"hidden, but it sets another aside", 1,
			RULE("a", "category", "when: {origin: client}, then: allow, overrides: [c]")
				CATEGORY("b", "origin: client", "warn")
					CATEGORY("c", "interest: project", "refuse"),
			"always_hidden:a=warn"},
		{"an exception lets it through in its days", 1,
			CATEGORY("a", "origin: client", "approve")
				CATEGORY("b", "origin: client", "refuse") "exceptions:\n" EXCEPTION(
					"e", "b", "topic: urgent", "2026-03-10", "2026-03-12"),
			""},
		{"no longer, once they are over", 1,
			CATEGORY("a", "origin: client", "approve")
				CATEGORY("b", "origin: client", "refuse") "exceptions:\n" EXCEPTION(
					"e", "b", "topic: urgent", "2026-02-10", "2026-02-12"),
			"!always_hidden:a=refuse"},
		{"a voice that hears all", 1,
			RULE("a", "voice", "allow: [we, effaced, i], then: warn"),
			"!never_fires:a"},
		{"a share that is the whole", 1,
			RULE("a", "quota",
				"count: {origin: client}, at_most: 100%, window: 9 days, then: "
				"warn"),
			"!never_fires:a"},
		{"said of a test, allow says nothing", 1,
			RULE("a", "invite", "words: {fr: [et vous]}, then: allow"),
			"!asks_nothing:a"},
		{"whatever is unresolved is short", 1,
			RULE("a", "links", "forbid: unresolved, then: warn")
				RULE("b", "links", "forbid: shortened, then: refuse"),
			"!always_hidden:a=refuse"},
		{"not the other way round", 1,
			RULE("a", "links", "forbid: shortened, then: warn")
				RULE("b", "links", "forbid: unresolved, then: refuse"),
			""},
		{"the same wording asked twice", 1,
			RULE("a", "disclosure", "say: tie, then: warn")
				RULE("b", "disclosure", "say: tie, then: disclose"),
			"!always_hidden:a=disclose"},
		{"the louder voice hides the quieter", 1,
			RULE("a", "voice", "allow: [we, effaced], then: warn")
				RULE("b", "voice", "allow: [effaced], then: refuse"),
			"!always_hidden:a=refuse"},
		{"on no account that is named", 1,
			CATEGORY("a", "stance: organisation, owner: friend", "refuse") ALL,
			"no_named_account:a=refuse"},
		{"its time is over: the eleventh question says so", 1,
			RULE("a", "embargo",
				"until: 2026-01-01 00:00, words: [secret], then: refuse"),
			""},
		{"the clock of every day", 1,
			RULE("a", "quiet", "hours: \"22:00-06:00\", then: warn"), ""},
		{"a ban by count", 1,
			RULE("a", "quota",
				"count: {origin: client}, at_most: 0, window: 9 days, then: refuse")
				CATEGORY("b", "origin: client, form: static", "warn"),
			"!always_hidden:b=refuse"},
		{"a ban by count does not count live replies", 1,
			RULE("a", "quota",
				"count: {origin: client}, at_most: 0, window: 9 days, then: refuse")
				CATEGORY("b", "origin: client", "warn"),
			""},
		{"no rule at all but the default", 1, CATEGORY("a", "origin: any", "warn"), ""},
	};
	analysed_try(rows, PV_COUNT(rows));
}

static void contradictions(void **state)
{
	(void)state;
	static const struct analysed_row rows[] = {
		{"none", 2, CATEGORY("a", "origin: client", "refuse"), ""},
		{"yes and no of one post", 2,
			CATEGORY("a", "origin: client", "refuse")
				CATEGORY("b", "interest: project", "allow"),
			"allow_and_refuse:a,b=refuse"},
		{"apart", 2,
			CATEGORY("a", "origin: client", "refuse")
				CATEGORY("b", "origin: partner", "allow"),
			""},
		{"one names the other", 2,
			CATEGORY("a", "origin: client", "refuse") RULE("b", "category",
				"when: {interest: project}, then: allow, overrides: [a]"),
			""},
		{"a firm no is meant", 2,
			RULE("a", "category", "when: {origin: client}, then: refuse, firm: yes")
				CATEGORY("b", "interest: project", "allow"),
			""},
		{"several permissions, told once", 2,
			CATEGORY("a", "origin: client", "refuse") CATEGORY("b", "interest: project",
				"allow") CATEGORY("c", "consent: yes", "allow"),
			"allow_and_refuse:a,b,c=refuse"},
		{"a circle of two", 2,
			RULE("a", "category",
				"when: {origin: client}, then: refuse, overrides: [b]")
				RULE("b", "category",
					"when: {interest: project}, then: warn, overrides: [a]"),
			"!override_circle:a,b=allow"},
		{"a circle of three, all at once", 2,
			RULE("a", "category",
				"when: {origin: client}, then: refuse, overrides: [b]") RULE("b",
				"category", "when: {interest: project}, then: warn, overrides: [c]")
				RULE("c", "category",
					"when: {human: faces}, then: warn, overrides: [a]"),
			"!override_circle:a,b,c=allow"},
		{"a circle that never meets", 2,
			RULE("a", "category",
				"when: {origin: client}, then: refuse, overrides: [b]") RULE("b",
				"category", "when: {origin: partner}, then: warn, overrides: [a]"),
			"override_circle:a,b"},
		{"a chain is no circle", 2,
			RULE("a", "category",
				"when: {origin: client}, then: refuse, overrides: [b]")
				CATEGORY("b", "interest: project", "warn"),
			""},
	};
	analysed_try(rows, PV_COUNT(rows));
}

static void gaps(void **state)
{
	(void)state;
	static const struct analysed_row rows[] = {
		{"everything meets a category", 3, ALL, ""},
		{"everything but one interest", 3,
			CATEGORY("a",
				"interest: [project, org_favourite, personal_favourite, unknown]",
				"warn"),
			"gap=allow"},
		{"what is not declared is told apart", 3,
			CATEGORY("a", "interest: [project, org_favourite, personal_favourite]",
				"warn"),
			"gap=allow gap=allow"},
		{"a topic closes it only where it is declared", 3,
			CATEGORY("a", "topic: urgent", "warn"), "gap=allow gap=allow"},
	};
	analysed_try(rows, PV_COUNT(rows));
}

static void unapproved(void **state)
{
	(void)state;
	static const struct analysed_row rows[] = {
		{"all goes to somebody", 4, CATEGORY("a", "form: [static, interactive]", "approve"),
			""},
		{"a creation on two stances", 4,
			CATEGORY("a",
				"origin: [client, partner, third_party, organisation, unknown]",
				"approve") CATEGORY("b", "sponsored: yes", "refuse")
				CATEGORY("c", "relation: [paid, family, client]", "refuse"),
			"!own_creation_unapproved=allow !own_creation_unapproved=allow "
			"own_creation_unapproved=allow"},
		{"paid, once it is told", 4,
			CATEGORY("a",
				"relation: [author, family, client], stance: [organisation, "
				"hosted, personal]",
				"refuse") RULE("b", "disclosure",
				"when: {relation: paid}, say: tie, then: disclose"),
			"paid_unapproved=allow paid_unapproved=allow paid_unapproved=allow"},
	};
	analysed_try(rows, PV_COUNT(rows));
}

static void overrides(void **state)
{
	(void)state;
	static const struct analysed_row rows[] = {
		{"none", 7, CATEGORY("a", "origin: client", "refuse"), ""},
		{"names its clients, and any neighbour", 7,
			RULE("a", "category", "when: {origin: client}, then: allow, overrides: [n]")
				RULE("n", "neighbours", "then: refuse"),
			"sets_aside:a,n=allow"},
		{"never together", 7,
			RULE("a", "category", "when: {origin: client}, then: allow, overrides: [b]")
				CATEGORY("b", "origin: partner", "refuse"),
			"!never_meet:a,b"},
		{"in vain", 7,
			RULE("a", "category", "when: {origin: client}, then: allow, overrides: [b]")
				CATEGORY("b", "interest: project", "refuse")
					CATEGORY("c", "origin: client", "refuse"),
			"sets_aside_in_vain:a,b=refuse"},
		{"an exception", 7,
			CATEGORY("b", "interest: project", "refuse") "exceptions:\n" EXCEPTION(
				"e", "b", "account: house-fb", "2026-03-10", "2026-03-12"),
			"sets_aside:b=allow"},
		{"an exception that meets nothing", 7,
			CATEGORY("b", "account: house-x", "refuse") "exceptions:\n" EXCEPTION(
				"e", "b", "account: house-fb", "2026-03-10", "2026-03-12"),
			"!never_meet:b"},
		{"one that is over", 7,
			CATEGORY("b", "interest: project", "refuse") "exceptions:\n" EXCEPTION(
				"e", "b", "account: house-fb", "2026-02-10", "2026-02-12"),
			""},
	};
	analysed_try(rows, PV_COUNT(rows));
}

static void lies(void **state)
{
	(void)state;
	static const struct analysed_row rows[] = {
		{"nothing to gain", 6, CATEGORY("a", "stance: personal", "refuse"), ""},
		{"a purpose", 6, CATEGORY("a", "interest: personal_favourite", "refuse"),
			"false_declaration:a=refuse>allow"},
		{"a label not asked", 6,
			RULE("a", "disclosure",
				"when: {relation: family}, say: tie, then: disclose"),
			"false_declaration:a=disclose>allow"},
		{"a topic that is only declared", 6,
			RULE("a", "quiet", "switch: calm, unless: {topic: urgent}, then: refuse"),
			"false_declaration:a=refuse>allow"},
		{"a topic that words find is a gate", 9,
			RULE("a", "category",
				"when: {form: static}, unless: {topic: contest}, then: refuse"),
			"!permissive_topic_has_words:contest=refuse>allow"},
		{"one without words is none", 9,
			RULE("a", "category",
				"when: {form: static}, unless: {topic: urgent}, then: refuse"),
			""},
		{"one that forbids is none", 9, CATEGORY("a", "topic: contest", "refuse"), ""},
	};
	analysed_try(rows, PV_COUNT(rows));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unreachable),
		cmocka_unit_test(contradictions),
		cmocka_unit_test(gaps),
		cmocka_unit_test(unapproved),
		cmocka_unit_test(overrides),
		cmocka_unit_test(lies),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
