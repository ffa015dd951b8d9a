/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Links and handles: what leads to a registered domain, and what only looks as if it did. */
#include "court.h"

#define RULE(id, kind, rest) \
	"  - id: " id "\n    kind: " kind "\n    label: {fr: Une règle, en: A rule}\n" rest
#define MARC(domains)                                                                      \
	"\"people\":{\"marc\":{\"interests\":[{\"names\":[\"B\"],\"relation\":\"author\"," \
	"\"domains\":[" domains "],\"handles\":[\"@Blog\"]}]}},"
#define TEXT(text) "\"post\":{\"lang\":[\"fr\"],\"text\":\"" text "\"}"

/* Whether the text leads to the author's own blog.example. */
static void hosts(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		bool own;
	} rows[] = {
		{"https://blog.example", true},
		{"HTTP://BLOG.EXAMPLE/", true},
		{"https://www.blog.example/a", true},
		{"https://a.b.blog.example", true},
		{"https://blog.example:8443/a", true},
		{"https://blog.example./a", true},
		{"https://user:pass@blog.example/a", true},
		{"https://x@y@blog.example/", true},
		{"https://bl%6Fg.example/", true},
		{"https://blog.example\\\\@other.example/", true},
		{"https://ｂｌｏｇ.example/", true},
		{"https://blog。example/", true},
		{"(https://blog.example)", true},
		/* browsers take as many slashes as there are, of either kind */
		{"https:///blog.example/x", true},
		{"https://////blog.example/x", true},
		{"HTTPS://\\\\/blog.example/x", true},
		{"https:/blog.example/x", true},
		{"https:\\\\blog.example/x", true},
		{"https:///evil.example/blog.example", false},
		/* no address to a browser; to a network it may be one up to where it breaks */
		{"https://blog.example:80:80/", true},
		{"https://blog.example:abc/", true},
		{"https://a.blog.example:80:80/x", true},
		{"https://blog.example|x/", true},
		{"https://myblog.example:80:80/", false},
		{"https://blog.example.evil.example:abc/", false},
		{"« https://blog.example »", true},
		{"https://blog.example?x", true},
		{"https://blog.example#x", true},
		{"voir blog.example.", true},
		{"blog.example/a, puis", true},
		{"le blog.example!", true},
		{"l'adresse:blog.example", true},
		{"www.blog.example", true},
		{"new.blog.example", true},
		{"BLOG.example", true},
		{"voirhttps://blog.example", true},
		{"https://blog.example.evil.example/", false},
		{"https://myblog.example", false},
		{"https://blog-example.example", false},
		{"https://blog.example.com", false},
		{"https://blog.examples", false},
		{"https://blog.example@evil.example/", false},
		{"https://blog.example:80@evil.example/", false},
		{"https://evil.example/blog.example", false},
		{"https://evil.example/?u=https://blog.example/", false},
		{"https://evil.example/https://blog.example/", false},
		{"https://evil.example/#blog.example", false},
		{"https://evil.example\\\\blog.example", false},
		{"evil.example/blog.example", false},
		{"blog.example.com", false},
		{"myblog.example", false},
		{"marc@blog.example", false},
		{"prenom.nom@blog.example", false},
		{"blog.example@evil.example", false},
		{"@blog.example", true}, /* a handle of Bluesky: whoever has it has the domain */
		{"\uFF20new.BLOG\u2024example", true},
		{".@blog.example", true},
		{"@blog.example.com", false},
		{"@marc@blog.example", false},
		{"https://bsky.app/profile/blog.example", true},
		{"https://bsky.app/profile/new.blog.example/post/1", true},
		{"https://bsky.app/profile/blog.example.com", false},
		{"https://bsky.app/profile/marc?x=blog.example", false},
		{"https://bl\u200Bog.example/", true},
		{"https://blog.example\u200Bfoo/", true}, /* a network's link may end there */
		{"https://blog\u2024example", true},
		{"https://blog\uFF0Eexample", true},
		{"https://blog\uFF61example", true},
		{"voir blog\u2024example", true},
		{"voir bl\u200Bog.exam\u00ADple, puis", true},
		{"voir blog.example\u200B.com", true},
		{"voir blog.example\u200Bfoo", true},
		{"https://bl\\u043eg.example/", false}, /* a Cyrillic о */
		{"blog.exаmple", false},                /* a Cyrillic а */
		{"https://xn--blg-nza.example", false},
		{"blog . example", false},
		{"https://", false},
	};
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_policy *policy = court_rules(scope,
		RULE("own", "category", "    when: {origin: own_creation}\n    then: refuse\n"));
	for (size_t i = 0; i < PV_COUNT(rows); i++) {
		char *members =
			talloc_asprintf(scope, "%s\"post\":{\"lang\":[\"fr\"],\"text\":\"%s\"}",
				MARC("\"blog.example\""), rows[i].text);
		struct pv_judgement *judgement = court_judge(scope, policy, members);
		if ((judgement->verdict == PV_VERDICT_REFUSE) != rows[i].own)
			fail_msg("%s: %s", rows[i].text, judgement->explanation.en);
	}
}

static void registered_forms(void **state)
{
	(void)state;
	static const struct {
		const char *domain, *text;
		bool own;
	} rows[] = {
		{"\"café.example\"", "https://xn--caf-dma.example/", true},
		{"\"xn--caf-dma.example\"", "https://CAFÉ.example/", true},
		{"\"café.example\"", "https://cafe\\u0301.example/", true},
		{"\"café.example\"", "voir café.example ici", true},
		{"\"café.example\"", "https://cafe.example/", false},
		{"\"www.blog.example\"", "https://blog.example/", true},
		{"\"https://blog.example/\"", "https://blog.example/a", true},
		{"\"host.example/marc\"", "https://host.example/marc", true},
		{"\"host.example/marc/\"", "https://host.example/marc", true},
		{"\"host.example/marc\"", "https://host.example/marc/a?b#c", true},
		{"\"host.example/marc\"", "https://host.example/marc?b", true},
		{"\"host.example/marc\"", "https://www.host.example/x/../marc/a", true},
		{"\"host.example/marc\"", "https://host.example/%6Darc", true},
		{"\"host.example/marc\"", "https://host.example/%2e%2e/marc", true},
		{"\"host.example/@marc\"", "https://host.example/%40marc/1", true},
		{"\"host.example/%40marc\"", "https://host.example/@marc", true},
		{"\"host.example/été\"", "https://host.example/%C3%A9t%C3%A9/1", true},
		{"\"host.example/marc\"", "host.example/marc", true},
		{"\"host.example/marc\"", "https:///host.example/marc", true},
		{"\"host.example/marc\"", "https://host.example:80:80/marc/a", true},
		{"\"host.example/marc\"", "https://host.example:80:80/luc", false},
		{"\"host.example/marc\"", "https://host.example/marcel", false},
		{"\"host.example/marc\"", "https://host.example/Marc", false},
		{"\"host.example/marc\"", "https://host.example/", false},
		{"\"host.example/marc\"", "https://host.example/?/marc", false},
		{"\"host.example/marc\"", "https://host.example/a/marc", false},
		{"\"host.example/marc\"", "https://host.example/marc/../luc", false},
	};
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_policy *policy = court_rules(scope,
		RULE("own", "category", "    when: {origin: own_creation}\n    then: refuse\n"));
	for (size_t i = 0; i < PV_COUNT(rows); i++) {
		char *members = talloc_asprintf(scope,
			"\"people\":{\"marc\":{\"interests\":[{\"names\":[\"B\"],\"relation\":"
			"\"author\","
			"\"domains\":[%s]}]}},\"post\":{\"lang\":[\"fr\"],\"text\":\"%s\"}",
			rows[i].domain, rows[i].text);
		struct pv_judgement *judgement = court_judge(scope, policy, members);
		if ((judgement->verdict == PV_VERDICT_REFUSE) != rows[i].own)
			fail_msg("%s, %s: %s", rows[i].domain, rows[i].text,
				judgement->explanation.en);
	}
}

static void short_links(void **state)
{
	(void)state;
	static const char rules[] =
		RULE("hidden", "links", "    forbid: unresolved\n    then: refuse\n") RULE(
			"own", "category", "    when: {origin: own_creation}\n    then: warn\n")
			RULE("short", "links", "    forbid: shortened\n    then: warn\n");
#define RESOLVES(pairs) ",\"resolves\":{" pairs "}"
	static const struct court_row rows[] = {
		{"unknown end", rules, TEXT("https://bit.ly/a"), "refuse:hidden also:short"},
		{"written bare", rules, TEXT("voir bit.ly/a"), "refuse:hidden also:short"},
		{"known end", rules,
			MARC("\"blog.example\"") TEXT("https://bit.ly/a")
				RESOLVES("\"https://bit.ly/a\":\"https://blog.example/1\""),
			"warn:own,short"},
		{"known by host and path", rules,
			MARC("\"blog.example\"") TEXT("http://BIT.LY/a#x")
				RESOLVES("\"https://bit.ly/a\":\"https://blog.example/1\""),
			"warn:own,short"},
		{"another path", rules,
			TEXT("https://bit.ly/A")
				RESOLVES("\"https://bit.ly/a\":\"https://blog.example/1\""),
			"refuse:hidden also:short"},
		{"another query", rules,
			TEXT("https://bit.ly/a?b")
				RESOLVES("\"https://bit.ly/a\":\"https://blog.example/1\""),
			"refuse:hidden also:short"},
		{"two steps", rules,
			MARC("\"blog.example\"") TEXT("https://bit.ly/a") RESOLVES(
				"\"https://bit.ly/a\":\"https://ow.ly/b\",\"https://ow.ly/b\":"
				"\"https://blog.example/1\""),
			"warn:own,short"},
		{"ending at an unknown one", rules,
			TEXT("https://bit.ly/a")
				RESOLVES("\"https://bit.ly/a\":\"https://ow.ly/b\""),
			"refuse:hidden also:short"},
		{"a loop", rules,
			TEXT("https://bit.ly/a")
				RESOLVES("\"https://bit.ly/a\":\"https://ow.ly/b\",\"https://ow.ly/"
					 "b\":\"https://bit.ly/a\""),
			"refuse:hidden also:short"},
		{"an end left empty is unknown", rules,
			TEXT("https://bit.ly/a") RESOLVES("\"https://bit.ly/a\":null"),
			"refuse:hidden also:short"},
		{"only short links are followed", rules,
			MARC("\"blog.example\"") TEXT("https://world.example/a")
				RESOLVES("\"https://world.example/a\":\"https://blog.example/1\""),
			"allow:default"},
		{"a host that looks short is not", rules,
			TEXT("https://mybit.ly/a https://bit.ly.example"), "allow:default"},
	};
	court_try(rows, PV_COUNT(rows));
}

static void ten_steps(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_policy *policy = court_rules(
		scope, RULE("hidden", "links", "    forbid: unresolved\n    then: refuse\n"));
	for (int steps = 9; steps <= 11; steps++) {
		char *members = talloc_strdup(scope, TEXT("https://bit.ly/0") ",\"resolves\":{");
		for (int i = 0; i < steps; i++)
			members = talloc_asprintf_append(members,
				"%s\"https://bit.ly/%d\":\"https://%s/%d\"", i ? "," : "", i,
				i + 1 == steps ? "world.example" : "bit.ly", i + 1);
		members = talloc_strdup_append(members, "}");
		assert_int_equal(court_judge(scope, policy, members)->verdict,
			steps <= 10 ? PV_VERDICT_ALLOW : PV_VERDICT_REFUSE);
	}
}

static void caches_and_lists(void **state)
{
	(void)state;
	static const char own[] =
		RULE("own", "category", "    when: {origin: own_creation}\n    then: refuse\n");
	static const char listed[] = RULE("list", "links",
		"    forbid: [rumour.example, host.example/bad]\n    then: refuse\n");
	static const struct court_row rows[] = {
		{"an AMP cache", own,
			MARC("\"blog.example\"")
				TEXT("https://blog-example.cdn.ampproject.org/c/s/blog.example/a"),
			"refuse:own"},
		{"without TLS", own,
			MARC("\"blog.example\"")
				TEXT("https://x.cdn.ampproject.org/c/www.blog.example/a?b"),
			"refuse:own"},
		{"a short link to a cache", own,
			MARC("\"blog.example\"")
				TEXT("https://bit.ly/a") ",\"resolves\":{\"https://bit.ly/a\":"
							 "\"https://x.cdn.ampproject.org/c/s/"
							 "blog.example/a\"}",
			"refuse:own"},
		{"a path that only looks so", own,
			MARC("\"blog.example\"") TEXT("https://x.example/c/s/blog.example/a"),
			"allow:default"},
		{"another host", own,
			MARC("\"blog.example\"")
				TEXT("https://xcdn.ampproject.org/c/s/blog.example/a"),
			"allow:default"},
		{"a listed site", listed, TEXT("https://m.rumour.example/x"), "refuse:list"},
		{"a listed page", listed, TEXT("https://host.example/bad/1"), "refuse:list"},
		{"its neighbour", listed, TEXT("https://host.example/badge"), "allow:default"},
		{"through a short link", listed,
			TEXT("https://bit.ly/a") ",\"resolves\":{\"https://bit.ly/a\":\"http://"
						 "rumour.example\"}",
			"refuse:list"},
	};
	court_try(rows, PV_COUNT(rows));
}

static void handles(void **state)
{
	(void)state;
	static const char own[] =
		RULE("own", "category", "    when: {origin: own_creation}\n    then: refuse\n");
	static const struct court_row rows[] = {
		{"whole", own, MARC("") TEXT("(@BLOG)"), "refuse:own"},
		{"with a full stop", own, MARC("") TEXT("Merci @blog."), "refuse:own"},
		{"possessive", own, MARC("") TEXT("@blog's"), "refuse:own"},
		{"full width", own, MARC("") TEXT("\uFF20blog"), "refuse:own"},
		{"full width letters", own, MARC("") TEXT("@\uFF22log"), "refuse:own"},
		{"with what nobody sees", own, MARC("") TEXT("@b\u200Bl\u2060og"), "refuse:own"},
		{"before what nobody sees", own, MARC("") TEXT("@blog\u200Bfoo"), "refuse:own"},
		{"behind a full stop", own, MARC("") TEXT(".@blog"), "refuse:own"},
		{"behind a sentence's", own, MARC("") TEXT("fin.@blog"), "allow:default"},
		{"a look-alike", own, MARC("") TEXT("@bl\u043Eg"), "allow:default"},
		{"longer", own, MARC("") TEXT("@blogue @blog_2 @blog-x"), "allow:default"},
		{"on a server of its own", own, MARC("") TEXT("@blog@server.example"),
			"allow:default"},
		{"a mail address", own, MARC("") TEXT("marc@blog"), "allow:default"},
		{"in a link", own, MARC("") TEXT("https://x.example/@blog"), "allow:default"},
		{"a hashtag", own, MARC("") TEXT("#blog"), "allow:default"},
	};
	court_try(rows, PV_COUNT(rows));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hosts),
		cmocka_unit_test(registered_forms),
		cmocka_unit_test(short_links),
		cmocka_unit_test(ten_steps),
		cmocka_unit_test(caches_and_lists),
		cmocka_unit_test(handles),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
