/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What describes a picture goes out with the post: what it leads to and speaks of is found there. */
#include "court.h"

#include "base/json.h"

#include <string.h>

#define RULE(id, kind, rest) \
	"  - id: " id "\n    kind: " kind "\n    label: {fr: Une règle, en: A rule}\n" rest
#define OWN RULE("own", "category", "    when: {origin: own_creation}\n    then: refuse\n")
#define MARC                                                                                    \
	"\"people\":{\"marc\":{\"interests\":[{\"names\":[\"Carnet\"],\"relation\":\"author\"," \
	"\"domains\":[\"carnet.example\"],\"handles\":[\"@Carnet\"]}]},"                        \
	"\"lea\":{\"roles\":[\"editor\"],\"interests\":[{\"names\":[\"L\"],\"relation\":"       \
	"\"family\","                                                                           \
	"\"domains\":[\"lea.example\"]}]}},"
#define IMAGE(alt) "{\"type\":\"image\",\"alt\":\"" alt "\"}"
/* A text, and two pictures of which the second is described so. */
#define ALT(text, alt)                                      \
	MARC "\"post\":{\"lang\":[\"fr\"],\"text\":\"" text \
	     "\",\"media\":[" IMAGE("Un chien") "," IMAGE(alt) "]}"

static void counts(void **state)
{
	(void)state;
	static const char other[] = RULE("other", "neighbours", "    then: refuse\n");
	static const char hidden[] =
		RULE("hidden", "links", "    forbid: unresolved\n    then: refuse\n");
	static const char contest[] =
		RULE("c", "category", "    when: {topic: contest}\n    then: warn\n");
	static const char secret[] = RULE("s", "embargo",
		"    until: 2026-05-04 06:00\n    words: [secret]\n    links: [rumour.example]\n"
		"    then: refuse\n");
	static const char must[] =
		RULE("m", "mention", "    link: [carnet.example]\n    then: warn\n");
	static const char say[] = RULE("d", "disclosure", "    say: tie\n    then: disclose\n");
	static const char invite[] =
		RULE("i", "invite", "    words: {fr: [\"et vous\"]}\n    then: warn\n");
	static const char few[] = RULE("f", "access", "    max_hashtags: 1\n    then: warn\n");
	static const char voice[] = RULE("v", "voice", "    allow: [effaced]\n    then: warn\n");
	static const char see[] = RULE("see", "category", "    then: approve\n");
	static const struct court_row rows[] = {
		{"a link", OWN, ALT("x", "Voir https://carnet.example/a"), "refuse:own"},
		{"a host written bare", OWN, ALT("x", "carnet.example"), "refuse:own"},
		{"a handle", OWN, ALT("x", "Photo: @carnet"), "refuse:own"},
		{"a handle that is a domain", OWN, ALT("x", "@carnet.example"), "refuse:own"},
		{"nobody's", OWN, ALT("x", "@carne https://evil.example/carnet.example"),
			"allow:default"},
		{"a page behind a link", OWN,
			ALT("x", "https://news.example/a") ",\"pages\":{\"https://news.example/"
							   "a\":{\"leads_to\":\"https://"
							   "carnet.example\"}}",
			"refuse:own"},
		{"a neighbour's site", other, ALT("x", "https://other.example"), "refuse:other"},
		{"a neighbour's handle", other, ALT("x", "@Other"), "refuse:other"},
		{"a short link", hidden, ALT("x", "https://bit.ly/a"), "refuse:hidden"},
		{"a topic's word", contest, ALT("x", "Un CONCOURS"), "warn:c"},
		{"a topic's hashtag", contest, ALT("x", "#concours"), "warn:c"},
		{"an embargoed word", secret, ALT("x", "Le secret"), "refuse:s"},
		{"an embargoed link", secret, ALT("x", "https://rumour.example"), "refuse:s"},
		{"an approval of one who is tied", see,
			ALT("x", "https://lea.example") ",\"approvals\":[{\"by\":\"lea\",\"at\":"
							"\"2026-03-02T11:00:00-05:00\"}]",
			"approve:see"},
		/* What is due to the reader of the text is not given by a description. */
		{"a link that is due", must, ALT("x", "https://carnet.example"), "warn:m"},
		{"a wording", say, ALT("x", "écrit par nous"), "disclose:d"},
		{"an invitation", invite, ALT("x", "Et vous?"), "warn:i"},
		/* Nor is it the voice of the post, or its hashtags. */
		{"hashtags", few, ALT("#A", "#B #C"), "allow:default"},
		{"a voice", voice, ALT("x", "Mon chien et moi"), "allow:default"},
	};
	court_try(rows, PV_COUNT(rows));
}

/* The evidence says where it stands; a span is of the text alone. */
static void told(void **state)
{
	(void)state;
	static const struct {
		const char *rules, *members, *fr, *en;
		int media;
	} rows[] = {
		{OWN, ALT("x", "https://carnet.example/a"),
			"Dans la description de l'image 2, le lien mène à carnet.example, inscrit "
			"à "
			"votre registre comme votre création.",
			"In the description of picture 2, the link leads to carnet.example, "
			"entered "
			"in your register as your own creation.",
			2},
		{OWN,
			MARC "\"post\":{\"text\":\"x\",\"media\":[{\"type\":\"video\",\"alt\":"
			     "\"@Carnet\"}]}",
			"Dans la description de la vidéo, le compte @Carnet est inscrit à votre "
			"registre comme votre création.",
			"In the description of the video, the account @Carnet is entered in your "
			"register as your own creation.",
			1},
		{OWN, ALT("https://carnet.example", "@Carnet"),
			"Le lien mène à carnet.example, inscrit à votre registre comme votre "
			"création.",
			"The link leads to carnet.example, entered in your register as your own "
			"creation.",
			0},
		{OWN, MARC "\"post\":{\"text\":\"https://bsky.app/profile/carnet.example\"}",
			"Le lien mène au compte carnet.example sur bsky.app, inscrit à votre "
			"registre comme votre création.",
			"The link leads to the account carnet.example on bsky.app, entered in your "
			"register as your own creation.",
			0},
		{RULE("c", "category", "    when: {topic: contest}\n    then: refuse\n"),
			ALT("x", "Un concours"),
			"Dans la description de l'image 2, vous écrivez «\u00a0concours\u00a0».",
			"In the description of picture 2, you write “concours”.", 2},
		{RULE("n", "neighbours", "    then: refuse\n"), ALT("x", "@Other"),
			"Dans la description de l'image 2, @Other est le compte de «\u00a0L'Autre"
			"\u00a0», et aucun partenariat n'est inscrit.",
			"In the description of picture 2, @Other is the account of “L'Autre”, and "
			"no partnership is recorded.",
			2},
	};
	for (size_t i = 0; i < PV_COUNT(rows); i++) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		struct pv_policy *policy = court_rules(scope, rows[i].rules);
		struct pv_judgement *judgement = court_judge(scope, policy, rows[i].members);
		const struct pv_remark *remark = &judgement->remarks[0];
		assert_string_equal(remark->reason.fr, rows[i].fr);
		assert_string_equal(remark->reason.en, rows[i].en);
		assert_int_equal(remark->evidence[0].media, rows[i].media);
		assert_int_equal(remark->evidence[0].has_span, rows[i].media == 0);
		assert_non_null(remark->evidence[0].written);
	}
}

static void remedies(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_policy *policy = court_rules(scope,
		RULE("n", "neighbours", "    then: refuse\n")
			RULE("s", "links", "    forbid: shortened\n    then: refuse\n"));
	struct pv_judgement *judgement = court_judge(scope, policy,
		ALT("x", "@Other https://bit.ly/a") ",\"resolves\":{\"https://bit.ly/a\":"
						    "\"https://w.example\"}");
	PV_JSON json_t *json = pv_judgement_to_json(judgement);
	const json_t *list = json_object_get(json, "remedies"), *remedy;
	size_t i, seen = 0;
	json_array_foreach(list, i, remedy)
	{
		if (!pv_streq(pv_json_text(remedy, "act"), "remove_link") &&
			!pv_streq(pv_json_text(remedy, "act"), "replace_link"))
			continue;
		seen++;
		assert_null(json_object_get(remedy, "span"));
		assert_int_equal(json_integer_value(json_object_get(remedy, "media")), 2);
		const char *fr = pv_json_text(json_object_get(remedy, "words"), "fr");
		const char *en = pv_json_text(json_object_get(remedy, "words"), "en");
		assert_non_null(strstr(fr, "la description de l'image 2"));
		assert_non_null(strstr(en, "the description of picture 2"));
	}
	assert_int_equal(seen, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts),
		cmocka_unit_test(told),
		cmocka_unit_test(remedies),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
