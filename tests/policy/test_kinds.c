/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Every kind of rule, up to its edges. */
#include "court.h"

#define RULE(id, kind, rest) \
	"  - id: " id "\n    kind: " kind "\n    label: {fr: Une règle, en: A rule}\n" rest
#define TEXT(text) "\"post\":{\"lang\":[\"fr\"],\"text\":\"" text "\"}"
#define EN(text) "\"post\":{\"lang\":[\"en\"],\"text\":\"" text "\"}"
#define BOTH(text) "\"post\":{\"lang\":[\"fr\",\"en\"],\"text\":\"" text "\"}"
#define AT(at) "\"at\":\"" at "\""

static void disclosures(void **state)
{
	(void)state;
	static const char tie[] = RULE("d", "disclosure", "    say: tie\n    then: disclose\n");
	static const char start[] =
		RULE("d", "disclosure", "    say: opening\n    then: disclose\n");
	static const char client[] = RULE("d", "disclosure",
		"    when: {relation: client}\n    say: tie\n    then: disclose\n");
	static const struct court_row rows[] = {
		{"missing", tie, TEXT("Bonjour"), "disclose:d"},
		{"there", tie, TEXT("Écrit  par\\nnous."), "allow:default satisfied:d"},
		{"its last character at the fold", tie,
			TEXT("123456789 123456789 1234567 Écrit par nous"), "disclose:d"},
		{"exactly at the fold", tie, TEXT("123456789 123456789 12345 Écrit par nous"),
			"allow:default satisfied:d"},
		{"one behind", tie, TEXT("123456789 123456789 123456 Écrit par nous"),
			"disclose:d"},
		{"a platform without a fold", tie,
			"\"account\":\"house-x\"," TEXT(
				"123456789 123456789 123456789 123456789 Écrit par nous"),
			"allow:default satisfied:d"},
		{"the fold counts NFC characters", tie,
			TEXT("e\\u0301e\\u0301e\\u0301e\\u0301e\\u0301e\\u0301e\\u0301e\\u0301e\\u0"
			     "301e\\u0301 "
			     "123456789 1234 écrit par nous"),
			"allow:default satisfied:d"},
		{"in the other language", tie, TEXT("Written by us"), "disclose:d"},
		{"one for each language", tie, BOTH("Écrit par nous"), "disclose:d"},
		{"both", tie, BOTH("Écrit par nous / Written by us"), "allow:default satisfied:d"},
		{"a language the document has no words for", tie,
			"\"post\":{\"lang\":[\"es\"],\"text\":\"written by us\"}", "disclose:d"},
		{"a regional language", tie,
			"\"post\":{\"lang\":[\"fr-CA\"],\"text\":\"écrit par nous\"}",
			"allow:default satisfied:d"},
		{"a language in capitals", tie,
			"\"post\":{\"lang\":[\"FR\"],\"text\":\"écrit par nous\"}",
			"allow:default satisfied:d"},
		{"a regional language as some write it", tie,
			"\"post\":{\"lang\":[\"Fr_ca\"],\"text\":\"écrit par nous\"}",
			"allow:default satisfied:d"},
		{"one language written in two ways", tie,
			"\"post\":{\"lang\":[\"FR\",\"fr_CA\"],\"text\":\"écrit par nous\"}",
			"allow:default satisfied:d"},
		{"a hashtag that is a wording", tie, TEXT("#Pub Voici"),
			"allow:default satisfied:d"},
		{"alone at the end", tie, TEXT("Voici #pub"), "allow:default satisfied:d"},
		{"in the closing run", tie, TEXT("Voici #ete #pub"), "disclose:d"},
		{"in the closing run, before a full stop", tie, TEXT("Voici #pub #ete."),
			"disclose:d"},
		{"in a run that does not end the text", tie, TEXT("#ete #pub Voici"),
			"allow:default satisfied:d"},
		{"a longer hashtag is another", tie, TEXT("#publicité Voici"), "disclose:d"},
		{"words inside a hashtag do not count",
			RULE("m", "mention", "    say: {fr: [règlement]}\n    then: disclose\n"),
			TEXT("#règlement"), "disclose:m"},
		{"nor in a handle",
			RULE("m", "mention", "    say: {fr: [règlement]}\n    then: disclose\n"),
			TEXT("@règlement"), "disclose:m"},
		{"nor in a link",
			RULE("m", "mention", "    say: {fr: [reglement]}\n    then: disclose\n"),
			TEXT("https://x.example/reglement"), "disclose:m"},
		{"never in alternative text", tie,
			"\"post\":{\"lang\":[\"fr\"],\"text\":\"\",\"media\":[{\"alt\":\"écrit par "
			"nous\"}]}",
			"disclose:d"},
		{"denied", tie, TEXT("Ce n'est pas écrit par nous."), "disclose:d"},
		{"denied, as a hashtag", tie, TEXT("Pas de #pub ici"), "disclose:d"},
		{"denied, then made", tie, TEXT("Pas #pub mais écrit par nous"),
			"allow:default satisfied:d"},
		{"made, and something else denied", tie,
			TEXT("Écrit par nous, ce n'est pas de la publicité"),
			"allow:default satisfied:d"},
		{"denied in the other language's words", tie, TEXT("Not écrit par nous"),
			"disclose:d"},
		{"name: denied", client, TEXT("Pas fait pour Client inc. @Client"), "disclose:d"},
		{"name: of the tie that matched", client, TEXT("Fait pour Client inc. @Client"),
			"allow:default satisfied:d"},
		{"name: its handle", client, TEXT("Fait pour @client"),
			"allow:default satisfied:d"},
		{"name: of nobody", client, TEXT("Fait pour L'Amie. @Client"), "disclose:d"},
		{"name: without a tie that matched", client,
			TEXT("Fait pour Client inc.") ",\"declared\":{\"origin\":\"client\"}",
			"disclose:d"},
		{"opens the text", start, TEXT("  lien d’intérêt : le nôtre"),
			"allow:default satisfied:d"},
		{"does not", start, TEXT("Notre lien d'intérêt : le nôtre"), "disclose:d"},
		{"opens a line is not enough in one language", start,
			TEXT("Bonjour\\nLien d'intérêt : x"), "disclose:d"},
		{"in two languages each opens a line", start,
			BOTH("Lien d'intérêt : x\\nDisclosure: x"), "allow:default satisfied:d"},
		{"and not within one", start, BOTH("Lien d'intérêt : x. Disclosure: x"),
			"disclose:d"},
		{"no language: any wording", tie, "\"post\":{\"text\":\"written by us\"}",
			"allow:default satisfied:d"},
		{"no language and no wording", tie, "\"post\":{\"text\":\"hello\"}", "disclose:d"},
	};
	court_try(rows, PV_COUNT(rows));
}

static void mentions(void **state)
{
	(void)state;
	static const char both[] = RULE("m", "mention",
		"    say: {fr: [règlement], en: [rules]}\n    link: [house.example/reglements]\n"
		"    then: refuse\n");
	static const char low[] = RULE("m", "mention",
		"    say: {fr: [règlement]}\n    position: before_fold\n    then: refuse\n");
	static const struct court_row rows[] = {
		{"nothing", both, TEXT("Jouez"), "refuse:m"},
		{"the word alone", both, TEXT("Le règlement"), "refuse:m"},
		{"the link alone", both, TEXT("https://house.example/reglements"), "refuse:m"},
		{"both: silent, not satisfied", both,
			TEXT("Le règlement: house.example/reglements/2026"), "allow:default"},
		{"another page", both, TEXT("Règlement: https://house.example/reglements-2"),
			"refuse:m"},
		{"by a short link", both,
			TEXT("Règlement: https://bit.ly/r") ",\"resolves\":{\"https://bit.ly/"
							    "r\":\"https://house.example/"
							    "reglements?x\"}",
			"allow:default"},
		{"below the fold", low, TEXT("123456789 123456789 123456789 123456789 règlement"),
			"refuse:m"},
		{"above", low, TEXT("Le règlement"), "allow:default"},
	};
	court_try(rows, PV_COUNT(rows));
}

static void voices(void **state)
{
	(void)state;
	static const char effaced[] =
		RULE("v", "voice", "    allow: [we, effaced]\n    then: warn\n");
	static const char named[] = RULE("v", "voice",
		"    allow: [we, effaced, spokesperson]\n    spokespersons: [Julie Roy]\n    then: "
		"warn\n");
	static const char we[] = RULE("v", "voice", "    allow: [we]\n    then: warn\n");
	static const struct court_row rows[] = {
		{"effaced", effaced, TEXT("Les paniers sont prêts, on les livre"), "allow:default"},
		{"j'", effaced, TEXT("Aujourd'hui j’ai vu nos gens"), "warn:v"},
		{"aujourd'hui is no j'", effaced, TEXT("Aujourd'hui, m. Roy"), "allow:default"},
		{"quoted", effaced, TEXT("Elle dit : « je pars »."), "allow:default"},
		{"an unclosed quotation is none", effaced, TEXT("Elle dit : « je pars."), "warn:v"},
		{"English words are not sought in French", effaced, TEXT("Album I de my band"),
			"allow:default"},
		{"nor French in English", effaced, EN("The mon and ma of it"), "allow:default"},
		{"capital I", effaced, EN("Then I left"), "warn:v"},
		{"small i", effaced, EN("point i) left"), "allow:default"},
		{"i'm", effaced, EN("i'm here"), "warn:v"},
		{"both languages", effaced, BOTH("Bonjour / my day"), "warn:v"},
		{"a spokesperson", named, TEXT("Je pars. — Julie Roy"), "allow:default"},
		{"named in a quotation only", named, TEXT("Je cite « Julie Roy »"), "warn:v"},
		{"not listed", effaced, TEXT("Je pars. Julie Roy"), "warn:v"},
		{"we is asked for", we, TEXT("Les paniers sont prêts"), "warn:v"},
		{"and heard", we, TEXT("Nos paniers sont prêts"), "allow:default"},
		{"not in a hashtag", we, TEXT("#nous"), "warn:v"},
	};
	court_try(rows, PV_COUNT(rows));
}

static void invitations(void **state)
{
	(void)state;
	static const char invite[] = RULE("i", "invite",
		"    words: {fr: [\"dites-nous\", \"qu'en pensez-vous\"], en: [tell us]}\n    "
		"then: warn\n");
	static const struct court_row rows[] = {
		{"none", invite, TEXT("Voici."), "warn:i"},
		{"a question mark", invite, TEXT("Et chez vous?"), "allow:default"},
		{"in a quotation", invite, TEXT("Elle dit « pourquoi? »"), "warn:i"},
		{"in a link", invite, TEXT("https://house.example/?a=b"), "warn:i"},
		{"a word", invite, TEXT("DITES-NOUS tout"), "allow:default"},
		{"a word in a quotation", invite, TEXT("> dites-nous\\nVoici"), "warn:i"},
		{"in any language", invite, TEXT("Tell us"), "allow:default"},
		{"a curly apostrophe", invite, TEXT("Qu’en pensez-vous"), "allow:default"},
	};
	court_try(rows, PV_COUNT(rows));
}

static void neighbours(void **state)
{
	(void)state;
	static const char other[] = RULE("n", "neighbours", "    then: refuse\n");
	static const struct court_row rows[] = {
		{"nobody", other, TEXT("https://world.example"), "allow:default"},
		{"its site", other, TEXT("https://www.other.example./x"), "refuse:n"},
		{"below it", other, TEXT("https://news.other.example"), "refuse:n"},
		{"written bare", other, TEXT("voir other.example, svp"), "refuse:n"},
		{"its handle, whole", other, TEXT("Bravo @OTHER!"), "refuse:n"},
		{"a longer handle is another", other, TEXT("Bravo @OtherMtl"), "allow:default"},
		{"an accented handle", other, TEXT("Bravo @e\\u0301te\\u0301"), "refuse:n"},
		{"its name is no matter", other, TEXT("Bravo à L'Autre"), "allow:default"},
		{"one's own", other, TEXT("https://house.example @House"), "allow:default"},
		{"a partner", other, TEXT("https://friend.example @Friend"), "allow:default"},
		{"partnership is not mutual by itself", other,
			"\"account\":\"other-fb\"," TEXT("@House"), "refuse:n"},
		{"one's own page on a shared host", other, TEXT("https://shared.example/house/1"),
			"allow:default"},
		{"another page there", other, TEXT("https://shared.example/else"), "refuse:n"},
		{"in ASCII form", other, TEXT("https://caf\\u00e9.example"), "refuse:n"},
	};
	court_try(rows, PV_COUNT(rows));
}

static void languages(void **state)
{
	(void)state;
	static const char pair[] = RULE(
		"l", "languages", "    require: pair\n    within: 30 minutes\n    then: warn\n");
	static const char first[] =
		RULE("l", "languages", "    require: french_first\n    then: warn\n");
#define PAIR(lang, twin, at)                                                         \
	"\"post\":{\"lang\":[\"" lang "\"],\"text\":\"\",\"pair\":{\"lang\":\"" twin \
	"\",\"at\":\"" at "\"}}"
	static const struct court_row rows[] = {
		{"alone", pair, TEXT(""), "warn:l"},
		{"both in one", pair, BOTH(""), "allow:default"},
		{"a twin now", pair, PAIR("fr", "en", "2026-03-02T12:00:00-05:00"),
			"allow:default"},
		{"exactly within", pair, PAIR("fr", "en", "2026-03-02T12:30:00-05:00"),
			"allow:default"},
		{"a second more", pair, PAIR("fr", "en", "2026-03-02T12:30:01-05:00"), "warn:l"},
		{"before", pair, PAIR("en", "fr", "2026-03-02T11:30:00-05:00"), "allow:default"},
		{"in the same language", pair, PAIR("fr", "fr", "2026-03-02T12:00:00-05:00"),
			"warn:l"},
		{"French", first, "\"post\":{\"lang\":[\"fr-CA\",\"en\"]}", "allow:default"},
		{"French in capitals", first, "\"post\":{\"lang\":[\"FR_CA\"]}", "allow:default"},
		{"a twin in capitals", pair, PAIR("FR", "EN_ca", "2026-03-02T12:10:00-05:00"),
			"allow:default"},
		{"English then French", first, "\"post\":{\"lang\":[\"en\",\"fr\"]}", "warn:l"},
		{"no language told", first, "\"post\":{\"text\":\"x\"}", "warn:l"},
		{"a language that only looks so", first, "\"post\":{\"lang\":[\"frr\"]}", "warn:l"},
	};
	court_try(rows, PV_COUNT(rows));
}

static void access_rules(void **state)
{
	(void)state;
	static const char alt[] = RULE("a", "access", "    alt_text: yes\n    then: warn\n");
	static const char tags[] =
		RULE("a", "access", "    max_hashtags: 2\n    camel_hashtags: 8\n    then: warn\n");
#define ALT(alt) "\"post\":{\"text\":\"\",\"media\":[{\"type\":\"image\",\"alt\":\"" alt "\"}]}"
	static const struct court_row rows[] = {
		{"no media", alt, TEXT("x"), "allow:default"},
		{"described", alt, ALT("Un chien dort"), "allow:default"},
		{"blank", alt, ALT(" \\u00a0\\n"), "warn:a"},
		{"absent", alt, "\"post\":{\"media\":[{\"type\":\"image\"}]}", "warn:a"},
		{"a file name", alt, ALT("Photo de groupe.JPG"), "warn:a"},
		{"what a camera writes", alt, ALT("IMG_2041"), "warn:a"},
		{"a short word is a description", alt, ALT("Chien"), "allow:default"},
		{"one of two", alt, "\"post\":{\"media\":[{\"alt\":\"Un chien\"},{\"alt\":\"\"}]}",
			"warn:a"},
		{"as many hashtags as allowed", tags, TEXT("#un #deux"), "allow:default"},
		{"one more", tags, TEXT("#un #deux #trois"), "warn:a"},
		{"a number is no hashtag", tags, TEXT("#un #deux #3"), "allow:default"},
		{"one in a link is none", tags, TEXT("#un #deux https://x.example/#trois"),
			"allow:default"},
		{"eight letters", tags, TEXT("#abcdefgh"), "allow:default"},
		{"nine without capitals", tags, TEXT("#abcdefghi"), "warn:a"},
		{"digits are no letters", tags, TEXT("#abcdefgh2026"), "allow:default"},
		{"one capital", tags, TEXT("#Abcdefghi"), "warn:a"},
		{"two capitals", tags, TEXT("#AbcdeFghi"), "allow:default"},
		{"all capitals", tags, TEXT("#ABCDEFGHI"), "warn:a"},
		{"accented capitals count", tags, TEXT("#ÉtéÀRimouski"), "allow:default"},
		{"a script without capitals", tags, TEXT("#プログラミング教育入門"),
			"allow:default"},
	};
	court_try(rows, PV_COUNT(rows));
}

static void embargoes(void **state)
{
	(void)state;
	static const char embargo[] = RULE("e", "embargo",
		"    until: 2026-05-04 06:00\n    words: [Nordet 3]\n    links: "
		"[house.example/n3]\n"
		"    then: refuse\n");
	static const struct court_row rows[] = {
		{"the word", embargo, TEXT("Le NORDET\\u00a03 arrive"), "refuse:e"},
		{"another number", embargo, TEXT("Le Nordet 35 arrive"), "allow:default"},
		{"the link", embargo, TEXT("https://house.example/n3/photos"), "refuse:e"},
		{"the next page", embargo, TEXT("https://house.example/n30"), "allow:default"},
		{"in a description", embargo,
			"\"post\":{\"text\":\"\",\"media\":[{\"alt\":\"Le Nordet 3 sous un "
			"drap\"}]}",
			"refuse:e"},
		{"a second before", embargo, AT("2026-05-04T05:59:59-04:00") "," TEXT("Nordet 3"),
			"refuse:e"},
		{"at the time", embargo, AT("2026-05-04T06:00:00-04:00") "," TEXT("Nordet 3"),
			"allow:default"},
	};
	court_try(rows, PV_COUNT(rows));
}

static void switches(void **state)
{
	(void)state;
	static const char quiet[] = RULE("q", "quiet", "    switch: mourning\n    then: refuse\n");
	static const struct court_row rows[] = {
		{"off", quiet, "", "allow:default"},
		{"on", quiet, "\"switches\":[\"x\",\"mourning\"]", "refuse:q"},
		{"another", quiet, "\"switches\":[\"mourning-2\"]", "allow:default"},
	};
	court_try(rows, PV_COUNT(rows));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(disclosures),
		cmocka_unit_test(mentions),
		cmocka_unit_test(voices),
		cmocka_unit_test(invitations),
		cmocka_unit_test(neighbours),
		cmocka_unit_test(languages),
		cmocka_unit_test(access_rules),
		cmocka_unit_test(embargoes),
		cmocka_unit_test(switches),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
