/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Whatever member of a document changes, the words of the difference change with it. */
#include "court.h"

#include "base/json.h"
#include "policy/difference.h"

#include <string.h>

#define RULE(id, kind, rest)              \
	"  - id: " id "\n    kind: " kind \
	"\n    label: {fr: Règle, en: Rule}\n    then: warn\n" rest

static const char head[] =
	"policy: house\nversion: 1\ntitle: {fr: Le titre, en: The title}\n"
	"timezone: America/Toronto\ndefault: allow\nfold: {facebook: 40}\nshorteners: [bit.ly]\n"
	"organisations:\n"
	"  house:\n    names: [La Maison]\n    axes: [project]\n    domains: [house.example]\n"
	"    handles: [\"@House\"]\n    partners: [friend]\n    interests:\n"
	"      - {names: [Un, Deux], relation: paid, org: friend, domains: [tie.example], handles: "
	"[\"@Tie\"], feeds: [\"https://tie.example/feed\"], until: 2026-05-01}\n"
	"  friend:\n    names: [L'Amie]\n  other:\n    names: [L'Autre]\n    axes: [sharing, "
	"project]\n"
	"accounts:\n  page: {owner: house, stance: organisation, platform: facebook}\n"
	"approvals:\n  by: [editor]\n  count: 1\n  never: [author]\n  valid: 14 days\n"
	"  then:\n    - {by: [director], count: 1}\n"
	"disclosures:\n  tie:\n    position: start\n    fr: [lié]\n    en: [tied]\n"
	"  other-tie:\n    fr: [autre]\n"
	"topics:\n  contest: {fr: [concours], en: [contest]}\n"
	"rules:\n";

static const char *const rules[] = {
	RULE("mild", "category", "    when: {origin: client}\n    unless: [{topic: none}]\n"),
	RULE("strong", "category",
		"    overrides: [mild]\n    approval: {by: [mayor], count: 4, never: "
		"[same_interest], valid: 9 hours, then: [{by: [board], count: 3}]}\n"),
	RULE("firmly", "category", "    firm: yes\n"),
	RULE("told", "disclosure", "    say: tie\n"),
	RULE("legal", "mention",
		"    say: {fr: [mention], en: [notice]}\n    position: anywhere\n"
		"    link: [law.example]\n"),
	RULE("voiced", "voice", "    allow: [spokesperson]\n    spokespersons: [Léa]\n"),
	RULE("asked", "invite", "    words: {fr: [dites]}\n"),
	RULE("near", "neighbours", ""),
	RULE("linked", "links", "    forbid: shortened\n"),
	RULE("both", "languages", "    require: pair\n    within: 30 minutes\n"),
	RULE("seen", "access", "    alt_text: yes\n    max_hashtags: 5\n    camel_hashtags: 6\n"),
	RULE("often", "quota",
		"    count: {interest: project}\n    at_most: 2\n    window: 7 days\n"
		"    min_posts: 3\n    per: person\n"),
	RULE("mixed", "mix",
		"    by: axis\n    target: {project: 70}\n    tolerance: 15\n"
		"    window: 8 days\n    min_posts: 12\n"),
	RULE("hush", "quiet",
		"    from: 2026-03-01 08:00\n    to: 2026-03-02 09:00\n    switch: crisis\n"
		"    hours: \"22:00-06:30\"\n"),
	RULE("later", "embargo",
		"    until: 2026-04-01 10:00\n    words: [budget]\n    links: [plan.example]\n"),
};

static const char exceptions[] =
	"exceptions:\n  - {id: summer, lifts: [mild], when: {kind: share}, from: 2026-06-01, "
	"until: 2026-08-31, granted_by: lea, reason: {fr: L'été, en: For summer}}\n";

/* The first `from` of the document becomes `to`, or `other`: three that must be told apart. */
static const struct {
	const char *from, *to, *other;
} rows[] = {
	{"policy: house", "policy: maison", "policy: home"},
	{"version: 1", "version: 2", "version: 3"},
	{"fr: Le titre", "fr: Le titre.", "fr: Un titre"},
	{"en: The title", "en: The title.", "en: A title"},
	{"America/Toronto", "Europe/Paris", "Etc/UTC"},
	{"default: allow", "default: warn", "default: refuse"},
	{"{facebook: 40}", "{facebook: 41}", "{instagram: 40}"},
	{"[bit.ly]", "[ow.ly]", "[bit.ly, ow.ly]"},
	{"[La Maison]", "[La Maison.]", "[La Maison, Maison]"},
	{"[project]", "[sharing]", "[project, sharing]"},
	{"[house.example]", "[maison.example]", "[house.example, maison.example]"},
	{"[\"@House\"]", "[\"@Home\"]", "[]"},
	{"[friend]", "[other]", "[friend, other]"},
	{"[Un, Deux]", "[Un, Trois]", "[Trois, Deux]"},
	{"relation: paid", "relation: client", "relation: family"},
	{"org: friend", "org: other", "org: house"},
	{"[tie.example]", "[knot.example]", "[tie.example, knot.example]"},
	{"[\"@Tie\"]", "[\"@Knot\"]", "[\"@Tie\", \"@Knot\"]"},
	{"tie.example/feed", "tie.example/rss", "tie.example/atom"},
	{", until: 2026-05-01", ", until: 2026-05-02", ""},
	{"owner: house", "owner: friend", "owner: other"},
	{"stance: organisation", "stance: hosted", "stance: personal"},
	{"platform: facebook", "platform: x", "platform: instagram"},
	{"by: [editor]", "by: [writer]", "by: [editor, writer]"},
	{"count: 1\n", "count: 2\n", "count: 3\n"},
	{"never: [author]", "never: []", "never: [author, same_interest]"},
	{"  valid: 14 days\n", "  valid: 14 hours\n", ""},
	{"{by: [director]", "{by: [manager]", "{by: [director, manager]"},
	{"[director], count: 1}", "[director], count: 2}", "[director], count: 3}"},
	{"  then:\n    - {by: [director], count: 1}\n", "",
		"  then:\n    - {by: [director], count: 1}\n    - {by: [director], count: 1}\n"},
	{"position: start", "position: anywhere", "position: before_fold"},
	{"fr: [lié]", "fr: [uni]", "fr: [lié, uni]"},
	{"{fr: [concours], en: [contest]}", "{fr: [tirage], en: [contest]}", "{fr: [concours]}"},
	{"kind: category\n    label: {fr: Règle, en: Rule}\n    then: warn\n    overrides",
		"kind: category\n    label: {fr: Règle., en: Rule}\n    then: warn\n    overrides",
		"kind: category\n    label: {fr: Règle, en: Rule.}\n    then: warn\n    overrides"},
	{"kind: neighbours", "kind: category", "kind: quiet\n    switch: storm"},
	{"then: warn", "then: refuse", "then: approve"},
	{"when: {origin: client}", "when: {origin: partner}", "when: {topic: any, lang: en}"},
	{"[{topic: none}]", "[{topic: contest}]", "[{topic: none}, {kind: reply}]"},
	{"overrides: [mild]", "overrides: [told]", "overrides: [mild, told]"},
	{"    firm: yes\n", "", "    firm: yes\n    when: {kind: post}\n"},
	{"by: [mayor]", "by: [clerk]", "by: [mayor, clerk]"},
	{"count: 4", "count: 5", "count: 6"},
	{"never: [same_interest]", "never: [author]", "never: []"},
	{"valid: 9 hours", "valid: 9 days", "valid: 9 minutes"},
	{"[{by: [board], count: 3}]", "[{by: [board], count: 2}]", "[]"},
	{"[{by: [board], count: 3}]", "[{by: [clerk], count: 3}]",
		"[{by: [board], count: 3}, {by: [clerk]}]"},
	{"say: tie", "say: other-tie", "say: tie\n    when: {kind: post}"},
	{"fr: [mention]", "fr: [note]", "fr: [mention, note]"},
	{"position: anywhere", "position: start", "position: before_fold"},
	{"[law.example]", "[loi.example]", "[law.example, loi.example]"},
	{"[spokesperson]", "[we]", "[spokesperson, we]"},
	{"[Léa]", "[Marc]", "[Léa, Marc]"},
	{"{fr: [dites]}", "{fr: [parlez]}", "{en: [say]}"},
	{"forbid: shortened", "forbid: unresolved", "forbid: [bad.example]"},
	{"require: pair\n    within: 30 minutes", "require: french_first",
		"require: pair\n    within: 30 hours"},
	{"within: 30 minutes", "within: 31 minutes", "within: 30 days"},
	{"alt_text: yes", "alt_text: no", "alt_text: yes\n    firm: yes"},
	{"max_hashtags: 5", "max_hashtags: 0", "max_hashtags: 6"},
	{"camel_hashtags: 6", "camel_hashtags: 7", "camel_hashtags: 8"},
	{"{interest: project}", "{interest: commercial}", "{}"},
	{"at_most: 2", "at_most: 25%", "at_most: 1/3"},
	{"window: 7 days", "window: 7 hours", "window: 6 days"},
	{"min_posts: 3", "min_posts: 0", "min_posts: 4"},
	{"per: person", "per: account", "per: organisation"},
	{"by: axis\n    target: {project: 70}", "by: origin\n    target: {client: 70}",
		"by: topic\n    target: {contest: 70}"},
	{"{project: 70}", "{project: 70.5}", "{sharing: 70}"},
	{"tolerance: 15", "tolerance: 15.25", "tolerance: 0"},
	{"window: 8 days", "window: 9 days", "window: 8 hours"},
	{"min_posts: 12", "min_posts: 13", "min_posts: 1"},
	{"2026-03-01 08:00", "2026-03-01 08:01", "2026-02-01 08:00"},
	{"2026-03-02 09:00", "2026-03-02 09:01", "2026-04-02 09:00"},
	{"switch: crisis", "switch: storm", "switch: flood"},
	{"22:00-06:30", "22:00-06:31", "22:01-06:30"},
	{"2026-04-01 10:00", "2026-04-01 11:00", "2026-05-01 10:00"},
	{"[budget]", "[secret]", "[budget, secret]"},
	{"[plan.example]", "[map.example]", "[plan.example, map.example]"},
	{"lifts: [mild]", "lifts: [told]", "lifts: [mild, told]"},
	{"when: {kind: share}", "when: {kind: reply}", "when: {}"},
	{"from: 2026-06-01", "from: 2026-06-02", "from: 2025-06-01"},
	{"until: 2026-08-31", "until: 2026-09-01", "until: 2027-08-31"},
	{"granted_by: lea", "granted_by: paul", "granted_by: marc"},
	{"fr: L'été", "fr: L'été.", "fr: L'hiver"},
	{"en: For summer", "en: For summer.", "en: For winter"},
};

static char *document(TALLOC_CTX *mem, const char *from, const char *to)
{
	char *text = talloc_strdup(mem, head);
	for (size_t i = 0; i < PV_COUNT(rules); i++)
		text = talloc_strdup_append(text, rules[i]);
	text = talloc_strdup_append(text, exceptions);
	const char *at = from ? strstr(text, from) : NULL;
	if (from && !at)
		fail_msg("not in the document: %s", from);
	return at ? talloc_asprintf(mem, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from))
		  : text;
}

/* All changes in one text a language. */
static struct pv_words told(
	TALLOC_CTX *mem, const struct pv_policy *was, const struct pv_policy *is)
{
	struct pv_error error = PV_ERROR_IN(mem);
	struct pv_policy_changes changes = {0};
	char *fr = talloc_strdup(mem, ""), *en = talloc_strdup(mem, "");
	assert_int_equal(pv_policy_difference(mem, was, is, &changes, &error), PV_OK);
	for (size_t i = 0; i < changes.n; i++) {
		fr = talloc_asprintf_append(fr, "%s\n", changes.items[i].words.fr);
		en = talloc_asprintf_append(en, "%s\n", changes.items[i].words.en);
	}
	return (struct pv_words){fr, en};
}

static void apart(const char *what, struct pv_words one, struct pv_words two)
{
	if (!one.fr[0] || !one.en[0])
		fail_msg("%s: nothing is said", what);
	if (strcmp(one.fr, two.fr) == 0 || strcmp(one.en, two.en) == 0)
		fail_msg("%s: told alike\n%s%s", what, one.fr, one.en);
}

/* No change is told as "x becomes x". */
static void unlike_itself(const char *text, const char *becomes)
{
	const char *label = strstr(text, ": ");
	const char *at = label ? strstr(label, becomes) : NULL;
	if (!at)
		return;
	size_t size = (size_t)(at - label) - 2;
	const char *after = at + strlen(becomes);
	if (strncmp(label + 2, after, size) == 0 && strncmp(after + size, ".\n", 2) == 0)
		fail_msg("the same before and after: %s", text);
}

static void every_value(void **state)
{
	(void)state;
	for (size_t i = 0; i < PV_COUNT(rows); i++) {
		PV_SCOPE TALLOC_CTX *mem = pv_scope(NULL);
		struct pv_policy *was = court_policy(mem, document(mem, NULL, NULL));
		struct pv_policy *is = court_policy(mem, document(mem, rows[i].from, rows[i].to));
		struct pv_policy *other =
			court_policy(mem, document(mem, rows[i].from, rows[i].other));
		struct pv_words there = told(mem, was, is);
		apart(rows[i].from, there, told(mem, was, other));
		apart(rows[i].from, there, told(mem, is, was));
		apart(rows[i].from, told(mem, is, other), told(mem, other, is));
		unlike_itself(there.fr, " devient ");
		unlike_itself(there.en, " becomes ");
	}
}

/* ---- no member is left out of the rows --------------------------------------------------------- */

static void note(json_t *seen, const char *name)
{
	json_object_set_new(seen, name, json_true());
}

/* The names of members that two documents have otherwise. */
static void see(json_t *seen, const json_t *was, const json_t *is)
{
	const char *name;
	json_t *value;
	if ((was && is && json_equal(was, is)) || (!was && !is))
		return;
	size_t n = json_array_size(was), more = json_array_size(is);
	for (size_t i = 0; i < (n > more ? n : more); i++)
		see(seen, json_array_get(was, i), json_array_get(is, i));
	json_object_foreach((json_t *)(uintptr_t)(json_is_object(is) ? is : was), name, value)
	{
		const json_t *before = json_object_get(was, name),
			     *after = json_object_get(is, name);
		if (before && after && json_equal(before, after))
			continue;
		note(seen, name);
		see(seen, before, after);
	}
}

/* Every name that document_json.c gives to a member stands in a call of put. */
static void every_member(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *mem = pv_scope(NULL);
	PV_JSON json_t *seen = json_object();
	PV_JSON json_t *was = pv_policy_to_json(court_policy(mem, document(mem, NULL, NULL)));
	size_t size, names = 0;
	for (size_t i = 0; i < PV_COUNT(rows); i++) {
		PV_JSON json_t *is = pv_policy_to_json(
			court_policy(mem, document(mem, rows[i].from, rows[i].to)));
		see(seen, was, is);
	}
	const char *at = court_read(mem, PV_SOURCE_ROOT "/src/policy", "document_json.c", &size);
	assert_non_null(at);
	while ((at = strstr(at, "put"))) {
		const char *open = strchr(at, '"'), *stop = strchr(at, ';');
		at += strlen("put");
		if (!open || !stop || open > stop)
			continue;
		char *name = talloc_strndup(mem, open + 1, strcspn(open + 1, "\""));
		if (strcmp(name, "") == 0 || strcmp(name, "id") == 0 || strcmp(name, "line") == 0)
			continue;
		names++;
		if (!json_object_get(seen, name))
			fail_msg("no row changes \"%s\"", name);
	}
	assert_true(names > 60);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_value),
		cmocka_unit_test(every_member),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
