/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the pages behind links show: what surely changes the facts, and what only deserves a word. */
#include "court.h"

#include "base/json.h"

#include <string.h>

#define RULE(id, kind, rest) \
	"  - id: " id "\n    kind: " kind "\n    label: {fr: Une règle, en: A rule}\n" rest
#define OWN RULE("own", "category", "    when: {origin: own_creation}\n    then: refuse\n")
#define TIED RULE("tied", "category", "    when: {relation: family}\n    then: warn\n")
#define OTHER RULE("other", "neighbours", "    then: refuse\n")
#define MARC                                                                                       \
	"\"people\":{\"marc\":{\"name\":\"Marc Tremblay\",\"interests\":["                         \
	"{\"names\":[\"Carnet de Marc\"],\"relation\":\"author\",\"domains\":[\"carnet.example\"," \
	"\"host.example/marc\",\"marc.github.io\"],\"handles\":[\"@CarnetDeMarc\"],"               \
	"\"feeds\":[\"https://carnet.example/?feed=rss2\"]},"                                      \
	"{\"names\":[\"Boulangerie Levain\"],\"relation\":\"family\",\"domains\":"                 \
	"[\"levain.example\"]},"                                                                   \
	"{\"names\":[\"Vieux carnet\"],\"relation\":\"author\",\"domains\":[\"old.example\"],"     \
	"\"until\":\"2025-12-31\"},"                                                               \
	"{\"names\":[\"La Maison\"],\"relation\":\"employee\",\"org\":\"house\",\"domains\":"      \
	"[\"house.example\"]}]}},"
#define TEXT(text) "\"post\":{\"lang\":[\"fr\"],\"text\":\"" text "\"}"
#define PAGE(members)                                                                              \
	MARC TEXT("https://news.example/a") ",\"pages\":{\"https://news.example/a\":{" members "}" \
					    "}"

static void sure(void **state)
{
	(void)state;
	static const struct court_row rows[] = {
		{"nothing known", OWN, MARC TEXT("https://news.example/a"), "allow:default"},
		{"a redirect", OWN, PAGE("\"leads_to\":\"https://www.carnet.example/1\""),
			"refuse:own"},
		{"a redirect elsewhere", OWN, PAGE("\"leads_to\":\"https://carnet.example.evil/\""),
			"allow:default"},
		{"a redirect to an entry that ended", OWN,
			PAGE("\"leads_to\":\"https://old.example/\""), "allow:default"},
		{"the link itself, where it redirects away", OWN,
			MARC TEXT(
				"https://carnet.example/a") ",\"pages\":{\"https://carnet.example/"
							    "a\":"
							    "{\"leads_to\":\"https://x.example\"}}",
			"refuse:own"},
		{"another link's page", OWN,
			MARC TEXT(
				"https://news.example/b") ",\"pages\":{\"https://news.example/a\":{"
							  "\"leads_to\":\"https://"
							  "carnet.example\"}}",
			"allow:default"},
		{"the same page with a campaign", OWN,
			MARC TEXT("https://news.example/a?utm_source=x") ",\"pages\":{\"http://www."
									 "news.example/a/\":{"
									 "\"leads_to\":"
									 "\"https://carnet."
									 "example\"}}",
			"refuse:own"},
		{"an author's address", OWN,
			PAGE("\"authors\":[{\"name\":\"X\",\"urls\":[\"https://x.example\","
			     "\"https://carnet.example/moi\"]}]"),
			"refuse:own"},
		{"an author's account", OWN, PAGE("\"authors\":[{\"urls\":\"@carnetdemarc\"}]"),
			"refuse:own"},
		{"an author's page on a network", OWN,
			PAGE("\"authors\":[{\"urls\":[\"https://x.com/CarnetDeMarc\"]}]"),
			"refuse:own"},
		{"an account of that name on any server", OWN,
			PAGE("\"authors\":[{\"urls\":[\"https://social.example/@CarnetDeMarc\"]}]"),
			"allow:default"},
		{"an author with another path", OWN,
			PAGE("\"authors\":[{\"urls\":[\"https://host.example/marcel\"]}]"),
			"allow:default"},
		{"an author on a shared host", OWN,
			PAGE("\"authors\":[{\"urls\":[\"https://host.example/marc/a\"]}]"),
			"refuse:own"},
		{"an author who looks alike", OWN,
			PAGE("\"authors\":[{\"urls\":[\"https://car-net.example\","
			     "\"https://carnet.example.com\"]}]"),
			"allow:default"},
		{"an author who is only named", OWN,
			PAGE("\"authors\":[{\"name\":\"Marc Tremblay\"},{\"name\":\"Carnet de "
			     "Marc\"}]"),
			"allow:default"},
		{"the same person", OWN, PAGE("\"me\":[\"https://carnet.example/\"]"),
			"refuse:own"},
		{"another relation", OWN TIED,
			PAGE("\"authors\":[{\"urls\":[\"levain.example\"]}]"), "warn:tied"},
		{"one's own organisation goes without saying",
			RULE("any", "category", "    when: {relation: any}\n    then: warn\n"),
			PAGE("\"authors\":[{\"urls\":[\"https://house.example\"]}]"),
			"allow:default"},
		{"an article of one's feed", OWN,
			PAGE("\"feeds\":[\"http://carnet.example/?feed=rss2&utm_source=x\"]"),
			"refuse:own"},
		{"an article of another feed", OWN,
			PAGE("\"feeds\":[\"https://carnet.example.org/?feed=rss2\","
			     "\"https://news.example/?feed=rss2\"]"),
			"allow:default"},
		{"a post begun from one's article", OWN,
			MARC "\"post\":{\"lang\":[\"fr\"],\"text\":\"Bonjour\",\"item\":"
			     "\"https://carnet.example/1\"}",
			"allow:default"},
		{"a post begun from an article of one's feed", OWN,
			MARC "\"post\":{\"text\":\"Bonjour\",\"item\":\"https://news.example/1\"},"
			     "\"pages\":{\"https://news.example/1\":{\"feeds\":"
			     "[\"https://carnet.example/?feed=rss2\"]}}",
			"allow:default"},
		{"a short link whose page was found", OWN,
			MARC TEXT("https://bit.ly/a") ",\"pages\":{\"https://bit.ly/"
						      "a\":{\"leads_to\":"
						      "\"https://carnet.example/1\"}}",
			"refuse:own"},
	};
	court_try(rows, PV_COUNT(rows));
}

/* Any page can claim to be a copy of another's: that is believed at home only. */
static void canonical(void **state)
{
	(void)state;
	static const struct court_row rows[] = {
		{"from elsewhere", OWN, PAGE("\"canonical\":\"https://carnet.example/1\""),
			"allow:default"},
		{"at home", OWN,
			MARC TEXT(
				"https://host.example/p/1") ",\"pages\":{\"https://host.example/p/"
							    "1\":"
							    "{\"canonical\":\"https://host.example/"
							    "marc/1\"}}",
			"refuse:own"},
		{"below the same registrable domain", OWN,
			MARC TEXT("https://amp.host.example/1") ",\"pages\":{\"https://amp.host."
								"example/"
								"1\":{\"canonical\":\"https://"
								"host.example/marc/1\"}}",
			"refuse:own"},
		{"next door on a shared suffix", OWN,
			MARC TEXT(
				"https://luc.github.io/1") ",\"pages\":{\"https://luc.github.io/"
							   "1\":{"
							   "\"canonical\":\"https://marc.github.io/"
							   "1\"}}",
			"allow:default"},
		{"where the redirect ends", OWN,
			PAGE("\"leads_to\":\"https://host.example/p/1\",\"canonical\":"
			     "\"https://host.example/marc/1\""),
			"refuse:own"},
		{"numbers have no registrable domain", OWN,
			MARC TEXT("https://192.0.2.1/") ",\"pages\":{\"https://192.0.2.1/\":{"
							"\"canonical\":\"https://198.51.2.1/\"}}",
			"allow:default"},
	};
	court_try(rows, PV_COUNT(rows));
}

static void others(void **state)
{
	(void)state;
	static const char forbidden[] =
		RULE("list", "links", "    forbid: [rumour.example]\n    then: refuse\n");
	static const char embargo[] = RULE("later", "embargo",
		"    until: 2026-05-04 06:00\n    links: [rumour.example]\n    then: refuse\n");
	static const char must[] =
		RULE("must", "mention", "    link: [rumour.example]\n    then: warn\n");
	static const struct court_row rows[] = {
		{"a neighbour by a redirect", OTHER,
			PAGE("\"leads_to\":\"https://other.example/x\""), "refuse:other"},
		{"a partner by a redirect", OTHER,
			PAGE("\"leads_to\":\"https://friend.example/x\""), "allow:default"},
		{"one's own page of a neighbour's host", OTHER,
			PAGE("\"leads_to\":\"https://shared.example/house/x\""), "allow:default"},
		{"a neighbour's account", OTHER,
			MARC TEXT("https://bsky.app/profile/other.example"), "refuse:other"},
		{"a neighbour's handle", OTHER, MARC TEXT("@www.other.example"), "refuse:other"},
		{"a partner's handle", OTHER, MARC TEXT("@friend.example"), "allow:default"},
		{"an account of a forbidden site is not the site", forbidden,
			MARC TEXT("https://bsky.app/profile/rumour.example"), "allow:default"},
		{"a neighbour by what the page gives for its own", OTHER,
			MARC TEXT(
				"https://cdn.shared.example/1") ",\"pages\":{\"https://cdn.shared."
								"example/"
								"1\":{\"canonical\":\"https:"
								"//shared.example/z\"}}",
			"refuse:other"},
		{"a claim from elsewhere is none", OTHER,
			PAGE("\"canonical\":\"https://other.example/x\""), "allow:default"},
		{"a page whose author is a neighbour is not theirs", OTHER,
			PAGE("\"authors\":[{\"urls\":[\"https://other.example\"]}]"),
			"allow:default"},
		{"a forbidden site by a redirect", forbidden,
			PAGE("\"leads_to\":\"https://rumour.example/x\""), "refuse:list"},
		{"an embargoed site by a redirect", embargo,
			PAGE("\"leads_to\":\"https://rumour.example/x\""), "refuse:later"},
		{"a link that is due stands in the text", must,
			PAGE("\"leads_to\":\"https://rumour.example/x\""), "warn:must"},
	};
	court_try(rows, PV_COUNT(rows));
}

/* Whoever shares an interest that the page shows cannot approve. */
static void approvals(void **state)
{
	(void)state;
	static const char rules[] = RULE("see", "category", "    then: approve\n");
#define LEA(domains)                                                                              \
	"\"people\":{\"marc\":{},\"lea\":{\"roles\":[\"editor\"],\"interests\":[{\"names\":["     \
	"\"L\"],"                                                                                 \
	"\"relation\":\"author\",\"domains\":[" domains "]}]}},"                                  \
	"\"approvals\":[{\"by\":\"lea\",\"at\":\"2026-03-02T11:00:00-05:00\"}]," TEXT(            \
		"https://news.example/a") ",\"pages\":{\"https://news.example/a\":{\"authors\":[" \
					  "{\"urls\":[\"https://lea.example\"]}]}}"
	static const struct court_row rows[] = {
		{"another's article", rules, LEA("\"other.example\""), "allow:see satisfied:see"},
		{"her own article", rules, LEA("\"lea.example\""), "approve:see"},
	};
	court_try(rows, PV_COUNT(rows));
}

/* Every remark's sure evidence, "via>leads_to", then every clue, "certainty via field=value". */
static char *evidence(TALLOC_CTX *mem, const struct pv_judgement *judgement)
{
	char *out = talloc_strdup(mem, "");
	for (size_t i = 0; i < judgement->n_remarks; i++)
		for (size_t k = 0; k < judgement->remarks[i].n_evidence; k++) {
			const struct pv_evidence *e = &judgement->remarks[i].evidence[k];
			if (e->certainty != PV_SURE)
				continue;
			assert_true(*e->words.fr && *e->words.en);
			out = talloc_asprintf_append(
				out, "%s>%s ", pv_via_name(e->via), e->leads_to ? e->leads_to : "");
		}
	for (size_t i = 0; i < judgement->n_clues; i++) {
		const struct pv_evidence *e = &judgement->clues[i];
		assert_true(*e->words.fr && *e->words.en);
		assert_true(e->certainty == PV_LIKELY || e->certainty == PV_SIMILAR);
		assert_false(e->found);
		out = talloc_asprintf_append(out, "%s %s %s=%s ", pv_certainty_name(e->certainty),
			pv_via_name(e->via), e->field ? e->field : "", e->value ? e->value : "");
	}
	return out;
}

static void how_sure(void **state)
{
	(void)state;
	static const struct {
		const char *what, *members, *evidence;
	} rows[] = {
		{"nothing", MARC TEXT("https://news.example/a"), ""},
		{"the address", MARC TEXT("https://carnet.example/a"), "address>carnet.example/a "},
		{"a handle", MARC TEXT("@CarnetDeMarc"), "handle> "},
		{"a handle that is a domain", MARC TEXT("@carnet.example"), "handle> "},
		{"the page of one", MARC TEXT("https://bsky.app/profile/carnet.example"),
			"profile>carnet.example "},
		{"the page of one, by a redirect",
			PAGE("\"leads_to\":\"https://bsky.app/profile/carnet.example\""),
			"profile>carnet.example "},
		{"an author of that page",
			PAGE("\"authors\":[{\"urls\":[\"https://bsky.app/profile/"
			     "carnet.example\"]}]"),
			"author>carnet.example "},
		{"an author of that handle", PAGE("\"authors\":[{\"urls\":[\"@carnet.example\"]}]"),
			"author>carnet.example "},
		{"a redirect", PAGE("\"leads_to\":\"https://carnet.example/1\""),
			"redirect>carnet.example/1 "},
		{"an author", PAGE("\"authors\":[{\"urls\":[\"https://carnet.example\"]}]"),
			"author>carnet.example "},
		{"an author by name", PAGE("\"authors\":[{\"name\":\"MARC  TREMBLAY\"}]"),
			"likely author origin=own_creation "},
		{"part of the name", PAGE("\"authors\":[{\"name\":\"Marc\"}]"), ""},
		{"a name of the register", PAGE("\"authors\":[{\"name\":\"Carnet de Marc\"}]"),
			"likely author origin=own_creation "},
		{"a relative's name", PAGE("\"authors\":[{\"name\":\"boulangerie levain\"}]"),
			"likely author relation=family "},
		{"a name of an entry that ended", PAGE("\"authors\":[{\"name\":\"Vieux carnet\"}]"),
			""},
		{"a name, where it is declared",
			PAGE("\"authors\":[{\"name\":\"Marc Tremblay\"}]") ",\"declared\":{"
									   "\"origin\":\"own_"
									   "creation\"}",
			""},
		{"a name, on one's own account",
			PAGE("\"authors\":[{\"name\":\"Marc Tremblay\"}]") ",\"account\":\"marc-"
									   "x\"",
			""},
		{"a copy", PAGE("\"canonical\":\"https://carnet.example/1\""),
			"likely canonical origin=own_creation "},
		{"a copy of a stranger's", PAGE("\"canonical\":\"https://x.example/1\""), ""},
		{"an account of that name", MARC TEXT("https://instagram.com/carnetdemarc/"),
			"likely address origin=own_creation "},
		{"an account of another", MARC TEXT("https://instagram.com/carnet/"), ""},
		{"an article of one's own, begun from",
			MARC
			"\"post\":{\"text\":\"Bonjour\",\"item\":\"https://carnet.example/1\"},"
			"\"pages\":{\"https://carnet.example/1\":{\"feeds\":"
			"[\"https://carnet.example/?feed=rss2\"]}}",
			"likely item origin=own_creation "},
		{"an article of one's feed, begun from",
			MARC "\"post\":{\"text\":\"Bonjour\",\"item\":\"https://news.example/1\"},"
			     "\"pages\":{\"https://news.example/1\":{\"feeds\":"
			     "[\"https://carnet.example/?feed=rss2\"]}}",
			"likely feed origin=own_creation "},
		{"the same, where the text leads to it",
			MARC "\"post\":{\"text\":\"https://carnet.example/1\",\"item\":"
			     "\"https://carnet.example/1\"}",
			"address>carnet.example/1 "},
		{"hyphens", MARC TEXT("https://car-net.example/"), "similar address = "},
		{"a Cyrillic letter", MARC TEXT("https://c\\u0430rnet.example/"),
			"similar address = "},
		{"another suffix", MARC TEXT("https://levain.com/"), "similar address = "},
		{"an organisation's", MARC TEXT("https://h0use.example/"), "similar address = "},
		{"a domain below is not alike", MARC TEXT("https://carnet.example.carnet.example/"),
			"address>carnet.example.carnet.example "},
		{"one clue a host", MARC TEXT("https://car-net.example/ https://car-net.example/b"),
			"similar address = "},
	};
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_policy *policy = court_rules(scope, OWN);
	for (size_t i = 0; i < PV_COUNT(rows); i++) {
		struct pv_judgement *judgement = court_judge(scope, policy, rows[i].members);
		const char *found = evidence(scope, judgement);
		if (strcmp(found, rows[i].evidence) != 0)
			fail_msg("%s: %s", rows[i].what, found);
		for (size_t c = 0; c < judgement->n_clues; c++)
			print_message("# %s\n# %s\n", judgement->clues[c].words.fr,
				judgement->clues[c].words.en);
		for (size_t r = 0; r < judgement->n_remarks; r++)
			print_message("# %s\n# %s\n", judgement->remarks[r].reason.fr,
				judgement->remarks[r].reason.en);
	}
}

/* A clue is told apart: with it or without it, the verdict and its words are the same. */
static void clues_change_nothing(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_policy *policy = court_rules(scope, OWN);
	struct pv_judgement *with = court_judge(scope, policy,
		PAGE("\"canonical\":\"https://carnet.example/1\",\"authors\":[{\"name\":"
		     "\"Marc Tremblay\"}]"));
	struct pv_judgement *without =
		court_judge(scope, policy, MARC TEXT("https://news.example/a"));
	assert_int_equal(with->n_clues, 2);
	assert_int_equal(without->n_clues, 0);
	assert_string_equal(with->explanation.fr, without->explanation.fr);
	assert_int_equal(with->countable.relation, without->countable.relation);
	PV_JSON json_t *json = pv_judgement_to_json(with);
	json_t *clue = json_array_get(json_object_get(json, "clues"), 0);
	assert_string_equal(pv_json_text(clue, "certainty"), "likely");
	assert_string_equal(pv_json_text(clue, "via"), "canonical");
	assert_string_equal(pv_json_text(clue, "value"), "own_creation");
	assert_non_null(json_object_get(clue, "span"));
}

/* Many pages, authors and look-alikes: the clues stop at their limit. */
static void limits(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_policy *policy = court_rules(scope, OWN);
	char *text = talloc_strdup(scope, ""), *pages = talloc_strdup(scope, "");
	for (int i = 0; i < 40; i++) {
		text = talloc_asprintf_append(text, "https://car-net.example/%d ", i);
		pages = talloc_asprintf_append(pages,
			"%s\"https://car-net.example/%d\":{\"authors\":[{\"name\":\"Marc "
			"Tremblay\"}]}",
			i ? "," : "", i);
	}
	struct pv_judgement *judgement = court_judge(scope, policy,
		talloc_asprintf(
			scope, "%s\"post\":{\"text\":\"%s\"},\"pages\":{%s}", MARC, text, pages));
	assert_int_equal(judgement->n_clues, PV_CLUES_MAX);
	assert_int_equal(judgement->verdict, PV_VERDICT_ALLOW);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sure),
		cmocka_unit_test(canonical),
		cmocka_unit_test(others),
		cmocka_unit_test(approvals),
		cmocka_unit_test(how_sure),
		cmocka_unit_test(clues_change_nothing),
		cmocka_unit_test(limits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
