/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Complaints about policies: each at its place, all of them, and nothing else. */
#include "court.h"

#include <stdlib.h>

/* Replaces the first `from` of a sound policy by `to`; answers "line:column message" of the problems. */
static char *broken(TALLOC_CTX *mem, const char *from, const char *to)
{
	static const char rules[] = "  - id: one\n"
				    "    kind: category\n"
				    "    label: {fr: Une règle, en: A rule}\n"
				    "    when: {stance: organisation, origin: [client, partner]}\n"
				    "    then: allow\n"
				    "    overrides: [two]\n"
				    "  - id: two\n"
				    "    kind: quota\n"
				    "    label: {fr: \"é\", en: b}\n"
				    "    count: {topic: contest}\n"
				    "    at_most: 25%\n"
				    "    window: 30 days\n"
				    "    per: person\n"
				    "    then: approve\n"
				    "  - id: three\n"
				    "    kind: category\n"
				    "    firm: yes\n"
				    "    label: {fr: a, en: b}\n"
				    "    then: refuse\n"
				    "  - id: four\n"
				    "    kind: quiet\n"
				    "    label: {fr: a, en: b}\n"
				    "    from: 2026-10-01 00:00\n"
				    "    to: 2026-11-01 20:00\n"
				    "    hours: 22:00-06:00\n"
				    "    then: warn\n"
				    "  - id: five\n"
				    "    kind: disclosure\n"
				    "    label: {fr: a, en: b}\n"
				    "    say: tie\n"
				    "    then: disclose\n"
				    "exceptions:\n"
				    "  - id: six\n"
				    "    lifts: [two]\n"
				    "    when: {account: house-fb}\n"
				    "    from: 2026-02-16\n"
				    "    until: 2026-02-20\n"
				    "    granted_by: lea\n"
				    "    reason: {fr: a, en: b}\n";
	char *whole = talloc_asprintf(mem, "%s%s", court_head, rules);
	const char *at = strstr(whole, from);
	if (!at)
		fail_msg("\"%s\" is not in the sound policy", from);
	char *text =
		talloc_asprintf(mem, "%.*s%s%s", (int)(at - whole), whole, to, at + strlen(from));
	struct pv_error error = PV_ERROR_IN(mem);
	struct pv_policy *policy;
	struct pv_policy_problems problems;
	enum pv_status status =
		pv_policy_parse(mem, text, strlen(text), "court.yaml", &policy, &problems, &error);
	assert_int_equal(status, problems.n ? PV_INVALID : PV_OK);
	char *out = talloc_strdup(mem, "");
	for (size_t i = 0; i < problems.n; i++) {
		assert_true(problems.items[i].message.fr[0] != '\0');
		out = talloc_asprintf_append(out, "%s%d:%d %s", i ? "\n" : "",
			problems.items[i].line, problems.items[i].column,
			problems.items[i].message.en);
	}
	return out;
}

struct row {
	const char *from, *to, *problems;
};

static void try_rows(const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		char *problems = broken(scope, rows[i].from, rows[i].to);
		if (strcmp(problems, rows[i].problems) != 0)
			fail_msg("%s -> %s: wanted\n%s\ngot\n%s", rows[i].from, rows[i].to,
				rows[i].problems, problems);
	}
}

static void the_sound_one(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	assert_string_equal(broken(scope, "default: allow", "default: allow"), "");
}

static void values(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"policy: court", "policy: cour t",
			"1:9 \"cour t\" is an identifier: plain letters, digits, - and _ only."},
		{"version: 3", "version: 3.5",
			"2:10 \"3.5\" is not a whole number from 1 to 999999999."},
		{"version: 3", "version:", "2:1 \"version\" takes a value."},
		{"version: 3\n", "", "1:1 The key \"version\" is missing."},
		{"title: {fr: Une politique, en: A policy}", "title: {fr: Une politique}",
			"3:8 The key \"en\" is missing."},
		{"title: {fr: Une politique, en: A policy}", "title: Une politique",
			"3:8 \"title\" takes \"key: value\" pairs."},
		{"America/Toronto", "America/Torronto",
			"4:11 \"America/Torronto\" is not a time zone; write an IANA name, for "
			"example "
			"America/Toronto."},
		{"America/Toronto", "GMT+5",
			"4:11 \"GMT+5\" is not a time zone; write an IANA name, for example "
			"America/Toronto."},
		{"default: allow", "default: allowed",
			"5:10 \"allowed\" is not a verdict: allow, warn, disclose, approve or "
			"refuse."},
		{"fold: {facebook: 40}", "fold: {facebook: many}",
			"6:18 \"many\" is not a whole number from 1 to 1000000."},
		{"[bit.ly, ow.ly]", "bit.ly",
			"7:13 \"shorteners\" takes a list, for example [a, b]."},
		{"[bit.ly, ow.ly]", "[bit.ly, qc.ca]",
			"7:22 \"qc.ca\" would cover everybody's sites; write a domain of one's "
			"own."},
		{"25%", "125%",
			"62:14 \"125%\" is not a limit; write a number (2) or a share (25% or "
			"1/3), one whole at most."},
		{"25%", "1/0",
			"62:14 \"1/0\" is not a limit; write a number (2) or a share (25% or 1/3), "
			"one whole at most."},
		{"window: 30 days", "window: a month",
			"63:13 \"a month\" is not a length of time; write for example 30 days, 24 "
			"hours, 10 minutes."},
		{"per: person", "per: planet",
			"64:10 \"planet\" is not known here; choose from: account, person, "
			"organisation."},
		{"from: 2026-10-01 00:00", "from: 2026-10-32 00:00",
			"74:11 \"2026-10-32 00:00\" is not a time; write for example 2026-10-01 "
			"08:30."},
		{"to: 2026-11-01 20:00", "to: 2026-09-01 20:00",
			"75:9 The period ends before it begins."},
		{"    to: 2026-11-01 20:00\n", "", "71:5 The key \"to\" is missing."},
		{"22:00-06:00", "22h-6h",
			"76:12 \"22h-6h\" is not a range of hours; write for example 22:00-06:00."},
		{"until: 2026-02-20", "until: 2026-02-15",
			"88:12 The exception ends before it begins."},
		{"until: 2026-02-20", "until: 2026-02-30",
			"88:12 \"2026-02-30\" is not a date; write for example 2026-03-31."},
		{"firm: yes", "firm: sure", "68:11 Write yes or no, not \"sure\"."},
		{"valid: 14 days", "valid: 0 days",
			"38:10 \"0 days\" is not a length of time; write for example 30 days, 24 "
			"hours, 10 minutes."},
		{"never: [author, same_interest]", "never: [authors]",
			"37:11 \"authors\" is not known here; choose from: author, same_interest."},
		{"position: start", "position: top",
			"45:15 \"top\" is not known here; choose from: anywhere, before_fold, "
			"start."},
	};
	try_rows(rows, PV_COUNT(rows));
}

static void references(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"partners: [friend]", "partners: [freind]",
			"14:16 The organisation \"freind\" is not described here."},
		{"org: client", "org: nobody",
			"16:66 The organisation \"nobody\" is not described here."},
		{"house-fb: {owner: house,", "house-fb: {owner: hause,",
			"29:21 The organisation \"hause\" is not described here."},
		{"overrides: [two]", "overrides: [too]", "57:17 There is no rule \"too\"."},
		{"overrides: [two]", "overrides: [one]", "57:17 A rule does not set itself aside."},
		{"overrides: [two]", "overrides: [three]",
			"57:17 The rule \"three\" is firm: nothing sets it aside."},
		{"lifts: [two]", "lifts: [two, three, ten]",
			"85:18 The rule \"three\" is firm: nothing sets it aside.\n"
			"85:25 There is no rule \"ten\"."},
		{"when: {account: house-fb}", "when: {account: [house-fb, house-z]}",
			"86:32 The account \"house-z\" is not in \"accounts\"."},
		{"count: {topic: contest}", "count: {topic: contests}",
			"61:20 The topic \"contests\" is not in \"topics\"."},
		{"origin: [client, partner]", "axis: human",
			"55:40 No organisation has an axis \"human\"."},
		{"origin: [client, partner]", "owner: nobody",
			"55:41 \"nobody\" is neither an organisation nor the owner of an account."},
		{"say: tie", "say: ties",
			"81:10 The disclosure \"ties\" is not in \"disclosures\"."},
		{"id: two", "id: one",
			"57:17 There is no rule \"two\".\n"
			"58:9 \"one\" is already the id on line 52.\n"
			"85:13 There is no rule \"two\"."},
		{"id: five", "id: default",
			"78:9 \"default\" already names what the policy says when no rule speaks."},
		{"approvals:\n  by: [editor]\n  count: 1\n  never: [author, same_interest]\n  "
		 "valid: 14 days\n",
			"",
			"60:11 This rule asks for an approval, but nothing says who may give it; "
			"add \"approvals\"."},
	};
	try_rows(rows, PV_COUNT(rows));
}

static void keys(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"policy: court", "policy: court\ncolour: red",
			"2:1 There is no key \"colour\" here."},
		{"    names: [L'Amie]", "    name: [L'Amie]",
			"18:5 The key \"names\" is missing.\n"
			"18:5 There is no key \"name\" here."},
		{"    per: person", "    allow: [we]",
			"64:5 A \"quota\" rule has no key \"allow\"."},
		{"    firm: yes", "    from: 2026-01-01 00:00",
			"68:5 A \"category\" rule has no key \"from\"."},
		{"stance: organisation, origin", "mood: good, origin",
			"55:12 \"mood\" is not a fact that a condition can ask."},
		{"    granted_by: lea\n", "", "84:5 The key \"granted_by\" is missing."},
		{"{fr: a, en: b}", "{fr: a, en: b, es: c}", "69:27 There is no key \"es\" here."},
		{"    then: refuse\n", "", "66:5 The key \"then\" is missing."},
		{"kind: quiet", "kind: silence",
			"72:11 \"silence\" is not known here; choose from: category, disclosure, "
			"mention, voice, invite, neighbours, links, languages, access, quota, mix, "
			"quiet, embargo."},
		{"    kind: disclosure\n", "    kind: disclosure\n    kind: disclosure\n",
			"80:5 \"kind\" is already written on line 79; keep only one."},
	};
	try_rows(rows, PV_COUNT(rows));
}

static void yaml_beyond_the_part(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"policy: court", "policy: &p court",
			"1:12 Anchors (&) are not read here; repeat the value."},
		{"policy: court", "policy: !!str court", "1:15 Tags (!) are not read here."},
		{"policy: court", "policy: 'court'", "1:9 Write this value in double quotes."},
		{"{fr: Une politique, en: A policy}", "{fr: \"Une\\tpolitique\", en: b}",
			"3:13 A quoted value holds no \"\\\"."},
		{"- id: two", "-  id: two",
			"58:6 Indent by two spaces below the line that holds this.\n"
			"59:5 From here the text cannot be read; check indents, colons, brackets "
			"and quotes."},
	};
	try_rows(rows, PV_COUNT(rows));
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	assert_string_equal(broken(scope, "  valid", "\tvalid"), "38:1 Use spaces, not tabs.");
	assert_string_equal(broken(scope, "en: b}\n    count", "en: b@c}\n    count"),
		"60:26 This value holds \"@\"; write it in double quotes.");
	/* what cannot be read any more stops the reading, at its place */
	assert_non_null(strstr(broken(scope, "[two]\n  - id: two", "[two\n  - id: two"),
		"From here the text cannot be read"));
	assert_non_null(strstr(broken(scope, "default: allow", "default: |\n  allow"),
		"A value stands on one line."));
	assert_non_null(strstr(broken(scope, "policy: court\n", "policy: court\n---\n"),
		"A file holds a single policy."));
}

static void limits(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_error error = PV_ERROR_IN(scope);
	struct pv_policy *policy;
	struct pv_policy_problems problems;
	char *huge = talloc_zero_size(scope, PV_POLICY_BYTES_MAX + 1);
	memset(huge, '#', PV_POLICY_BYTES_MAX + 1);
	assert_int_equal(pv_policy_parse(scope, huge, PV_POLICY_BYTES_MAX + 1, "huge", &policy,
				 &problems, &error),
		PV_TOO_LARGE);
	assert_null(policy);
	/* as deep as brackets go */
	memset(huge, '[', 10000);
	assert_int_equal(pv_policy_parse(scope, huge, 10000, "deep", &policy, &problems, &error),
		PV_INVALID);
	assert_int_equal(problems.n, 1);
	assert_int_equal(problems.items[0].column, 9);
	/* a byte that is no UTF-8 */
	assert_int_equal(
		pv_policy_parse(scope, "a: b\nc: \xff", 9, "bytes", &policy, &problems, &error),
		PV_INVALID);
	assert_int_equal(problems.items[0].line, 2);
	assert_int_equal(problems.items[0].column, 4);
	/* an approval that nobody can give */
	static const char nobody[] =
		"policy: p\nversion: 1\ntitle: {fr: a, en: b}\ntimezone: UTC\n"
		"default: approve\norganisations: {}\naccounts: {}\nrules: []\n";
	assert_int_equal(pv_policy_parse(scope, nobody, sizeof nobody - 1, "nobody", &policy,
				 &problems, &error),
		PV_INVALID);
	assert_int_equal(problems.n, 1);
	assert_int_equal(problems.items[0].line, 5);
	/* nothing at all */
	assert_int_equal(
		pv_policy_parse(scope, "", 0, "empty", &policy, &problems, &error), PV_INVALID);
	/* a firm rule aimed at leaves a policy that can judge */
	char *text = talloc_asprintf(scope,
		"%s  - {id: a, kind: category, label: {fr: a, en: b}, firm: yes, then: refuse}\n"
		"  - {id: b, kind: category, label: {fr: a, en: b}, overrides: [a], then: allow}\n",
		court_head);
	assert_int_equal(
		pv_policy_parse(scope, text, strlen(text), "firm", &policy, &problems, &error),
		PV_INVALID);
	assert_int_equal(problems.n, 1);
	assert_non_null(policy);
	assert_string_equal(court_answer(scope, court_judge(scope, policy, "")), "refuse:a");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_sound_one),
		cmocka_unit_test(values),
		cmocka_unit_test(references),
		cmocka_unit_test(keys),
		cmocka_unit_test(yaml_beyond_the_part),
		cmocka_unit_test(limits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
