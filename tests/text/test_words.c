/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Prose, whole words, wordings, voice. */
#include "base/mem.h"
#include "text/denied.h"
#include "text/voice.h"
#include "text/words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static struct pv_prose read(TALLOC_CTX *mem, const char *text)
{
	struct pv_prose prose;
	assert_true(pv_prose_read(mem, pv_str(text), NULL, NULL, &prose));
	return prose;
}

static void whole_words(void **state)
{
	(void)state;
	static const struct {
		const char *text, *needle, *found; /* NULL: not found */
	} rows[] = {
		{"Un concours ce soir", "concours", "concours"},
		{"CONCOURS", "concours", "CONCOURS"},
		{"concoursier", "concours", NULL},
		{"préconcours", "concours", NULL},
		{"concours_2", "concours", NULL},
		{"concours2", "concours", NULL},
		{"l'concours", "concours", "concours"},
		{"un concours-surprise", "concours", "concours"},
		{"les concoursiers", "concours*", "concoursiers"},
		{"À gagner", "à gagner", "À gagner"},
		{"A\xcc\x80 gagner", "à gagner", "A\xcc\x80 gagner"},
		{"à \n\t gagner", "à gagner", "à \n\t gagner"},
		{"à\xc2\xa0gagner", "à gagner", "à\xc2\xa0gagner"},
		{"à\xe2\x80\xafgagner", "à gagner", "à\xe2\x80\xafgagner"},
		{"qu\xe2\x80\x99"
		 "en pensez-vous",
			"qu'en pensez-vous",
			"qu\xe2\x80\x99"
			"en pensez-vous"},
		{"qu'en",
			"qu\xe2\x80\x99"
			"en",
			"qu'en"},
		{"ÉTÉ", "e\xcc\x81te\xcc\x81", "ÉTÉ"},
		{"e\xcc\x81te\xcc\x81", "ete", NULL},
		{"ete\xcc\x81", "ete", NULL}, /* the mark belongs to the word */
		{"Nordet 3, bientôt", "nordet 3", "Nordet 3"},
		{"Nordet 35", "nordet 3", NULL},
		{"#concours", "concours", "concours"},
		{"#GrandConcours", "concours", NULL},
		{"@concours", "concours", NULL},
		{"https://a.example/concours", "concours", NULL},
		{"risk-free", "risk-free", "risk-free"},
		{"risk\xe2\x80\x91"
		 "free",
			"risk-free",
			"risk\xe2\x80\x91"
			"free"},
		{"Straße", "straße", "Straße"},
		{"ΣΊΣΥΦΟΣ", "σίσυφος", "ΣΊΣΥΦΟΣ"},
		{"anything", "", NULL},
		{"", "word", NULL},
	};
	for (size_t i = 0; i < PV_COUNT(rows); i++) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		struct pv_prose prose = read(scope, rows[i].text);
		struct pv_needle needle;
		struct pv_match match;
		assert_true(pv_needle_read(scope, pv_str(rows[i].needle), &needle));
		bool found = pv_words_find(&prose, &needle, PV_CH_LINK | PV_CH_HANDLE, 0, &match);
		if (found != (rows[i].found != NULL))
			fail_msg("\"%s\" in \"%s\": %d", rows[i].needle, rows[i].text, found);
		if (found)
			assert_true(pv_str_equal(pv_prose_slice(&prose, match.start, match.end),
				pv_str(rows[i].found)));
	}
}

static char kinds(const struct pv_token *token)
{
	return "LHT"[token->kind];
}

static bool named(void *state, struct pv_str host)
{
	(void)state;
	return pv_str_equal(host, pv_str("own.example")) ||
	       pv_str_equal(host, pv_str("www.own.example"));
}

static void tokens(void **state)
{
	(void)state;
	static const struct {
		const char *text, *tokens; /* kind and text of each, separated by | */
	} rows[] = {
		{"https://a.example/b, puis", "L https://a.example/b"},
		{"(https://a.example/b_(c).)", "L https://a.example/b_(c)"},
		{"<https://a.example>", "L https://a.example"},
		{"https://a.example/?u=https://b.example/.",
			"L https://a.example/?u=https://b.example/"},
		{"own.example et other.example", "L own.example"},
		{"www.own.example/a?b#c!", "L www.own.example/a?b#c"},
		{"own.example: oui", "L own.example"},
		{"own.example:80/x", "L own.example:80/x"},
		{"@Own.", "H @Own"},
		{"@own@server.example.", "H @own@server.example"},
		{"@a.b-c, @_d", "H @a.b-c|H @_d"},
		{"me@own.example", ""},
		{"a.b@own.example", ""},
		{"#un, #Deux_3 #4 ##cinq", "T #un|T #Deux_3|T #cinq"},
		{"a#b &#39; #été", "T #été"},
		{"https://", ""},
		{"http://x", "L http://x"},
		{"HTTPS://A.example", "L HTTPS://A.example"},
		{"x.example/own.example", ""},
		{"@ # .", ""},
	};
	for (size_t i = 0; i < PV_COUNT(rows); i++) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		struct pv_prose prose;
		assert_true(pv_prose_read(scope, pv_str(rows[i].text), named, NULL, &prose));
		char *line = talloc_strdup(scope, "");
		for (size_t t = 0; t < prose.n_tokens; t++) {
			struct pv_str text =
				pv_prose_slice(&prose, prose.tokens[t].start, prose.tokens[t].end);
			line = talloc_asprintf_append(line, "%s%c %.*s", t ? "|" : "",
				kinds(&prose.tokens[t]), (int)text.size, text.bytes);
		}
		assert_string_equal(line, rows[i].tokens);
	}
}

static void quotations(void **state)
{
	(void)state;
	static const struct {
		const char *text, *quoted; /* what of the text is marked, ~ for the rest */
	} rows[] = {
		{"a «b» c", "~~«b»~~"},
		{"a «b", "~~~~"},
		{"«a «b» c» d", "«a «b» c»~~"},
		{"a “b” c", "~~“b”~~"},
		{"a “b", "~~~~"},
		{"a \"b\" c \"d", "~~\"b\"~~~~~"},
		{"x\n> a b\nc", "~~> a b~~"},
		{"  > a", "~~> a"},
		{"x > a", "~~~~~"},
		{"a «b\nc» d", "~~«b\nc»~~"},
	};
	for (size_t i = 0; i < PV_COUNT(rows); i++) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		struct pv_prose prose = read(scope, rows[i].text);
		char *line = talloc_strdup(scope, "");
		for (size_t c = 0; c < prose.n; c++) {
			struct pv_str one = pv_prose_slice(&prose, c, c + 1);
			line = prose.flags[c] & PV_CH_QUOTED ? talloc_asprintf_append(line, "%.*s",
								       (int)one.size, one.bytes)
							     : talloc_strdup_append(line, "~");
		}
		assert_string_equal(line, rows[i].quoted);
	}
}

static void closing_runs(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		size_t closing; /* hashtags of the run */
	} rows[] = {
		{"a #b", 0},
		{"a #b #c", 2},
		{"#a b #c #d ", 2},
		{"#a #b", 2},
		{"a #b #c.", 2},
		{"a #b, #c", 2},
		{"a #b\n#c\n", 2},
		{"a #b. #c", 0},
		{"a #b c #d", 0},
		{"a #b #c d", 0},
		{"a #b #c https://x.example", 0},
		{"a #b #c \xf0\x9f\x8e\x89", 2},
	};
	for (size_t i = 0; i < PV_COUNT(rows); i++) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		struct pv_prose prose = read(scope, rows[i].text);
		size_t closing = 0;
		for (size_t t = 0; t < prose.n_tokens; t++)
			closing += (prose.flags[prose.tokens[t].start] & PV_CH_CLOSING) != 0;
		if (closing != rows[i].closing)
			fail_msg("\"%s\": %zu", rows[i].text, closing);
	}
}

static void voices(void **state)
{
	(void)state;
	enum { FR = PV_VOICE_FR, EN = PV_VOICE_EN, BOTH = FR | EN };
	static const struct {
		const char *text;
		unsigned languages;
		enum pv_voice voice;
	} rows[] = {
		{"je", FR, PV_VOICE_I},
		{"J'ai", FR, PV_VOICE_I},
		{"j\xe2\x80\x99"
		 "ai",
			FR, PV_VOICE_I},
		{"J. Roy", FR, PV_VOICE_EFFACED},
		{"il m'a dit", FR, PV_VOICE_I},
		{"dis-moi", FR, PV_VOICE_I},
		{"MON", FR, PV_VOICE_I},
		{"miennes", FR, PV_VOICE_I},
		{"mienneté", FR, PV_VOICE_EFFACED},
		{"la mienne", FR, PV_VOICE_I},
		{"on y va", FR, PV_VOICE_EFFACED},
		{"nous", FR, PV_VOICE_WE},
		{"nôtres", FR, PV_VOICE_WE},
		{"no\xcc\x82tre", FR, PV_VOICE_WE},
		{"nos gens et moi", FR, PV_VOICE_I},
		{"I", FR, PV_VOICE_EFFACED},
		{"I", EN, PV_VOICE_I},
		{"i", EN, PV_VOICE_EFFACED},
		{"i'll", EN, PV_VOICE_I},
		{"I\xe2\x80\x99"
		 "ve",
			EN, PV_VOICE_I},
		{"i's", EN, PV_VOICE_EFFACED},
		{"myself", EN, PV_VOICE_I},
		{"je", EN, PV_VOICE_EFFACED},
		{"let us", EN, PV_VOICE_WE},
		{"we're", EN, PV_VOICE_WE},
		{"tour", EN, PV_VOICE_EFFACED},
		{"je / we", BOTH, PV_VOICE_I},
		{"« je »", FR, PV_VOICE_EFFACED},
		{"#moi @moi", FR, PV_VOICE_EFFACED},
		{"https://x.example/moi", FR, PV_VOICE_EFFACED},
		{"je", 0, PV_VOICE_EFFACED},
		{"je, Julie Roy", FR, PV_VOICE_SPOKESPERSON},
		{"nous, Julie Roy", FR, PV_VOICE_WE},
		{"je, « Julie Roy »", FR, PV_VOICE_I},
		{"je, Julie Royer", FR, PV_VOICE_I},
	};
	for (size_t i = 0; i < PV_COUNT(rows); i++) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		struct pv_prose prose = read(scope, rows[i].text);
		struct pv_needle name;
		assert_true(pv_needle_read(scope, pv_str("Julie Roy"), &name));
		enum pv_voice voice = pv_voice_find(&prose, rows[i].languages, &name, 1, NULL);
		if (voice != rows[i].voice)
			fail_msg("\"%s\": %s", rows[i].text, pv_voice_name(voice));
	}
}

/* A text of many composed pieces keeps its places; one of marks alone does not grow without end. */
static void places(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_prose prose = read(scope, "e\xcc\x81\xef\xac\x81 \xe1\x84\x80\xe1\x85\xa1x");
	assert_int_equal(prose.n, 5); /* é ﬁ, a space, 가, x */
	assert_int_equal(prose.raw[0], 0xE9);
	assert_int_equal(prose.raw[3], 0xAC00);
	assert_int_equal(prose.byte[1], 3);
	assert_int_equal(prose.point[1], 2);
	assert_int_equal(prose.byte[4], 13);
	assert_int_equal(prose.byte[5], 14);
	char *marks = talloc_strdup(scope, "a");
	for (int i = 0; i < 2000; i++)
		marks = talloc_strdup_append(marks, i % 2 ? "\xcc\x81" : "\xcc\xa3");
	prose = read(scope, marks);
	assert_true(prose.n <= 2001);
}

/* The wording is "écrit par Marc", "publicité", "written by us" or "ad". */
static void denied(void **state)
{
	(void)state;
	static const struct {
		const char *text, *wording, *denial; /* NULL: the wording is made */
	} rows[] = {
		{"Ce n'est pas écrit par Marc", "écrit par Marc", "n'est pas écrit par Marc"},
		{"C’est pas écrit par Marc", "écrit par Marc", "pas écrit par Marc"},
		{"CE N’EST PAS ÉCRIT PAR MARC", "écrit par Marc", "N’EST PAS ÉCRIT PAR MARC"},
		{"Il n'a jamais été écrit par Marc", "écrit par Marc",
			"n'a jamais été écrit par Marc"},
		{"Ce n'est plus écrit par Marc", "écrit par Marc", "n'est plus écrit par Marc"},
		{"Il n'est nullement écrit par Marc", "écrit par Marc",
			"n'est nullement écrit par Marc"},
		{"De plus, écrit par Marc", "écrit par Marc", NULL},
		{"En plus écrit par Marc", "écrit par Marc", NULL},
		{"Un point écrit par Marc", "écrit par Marc", NULL},
		{"Texte non écrit par Marc", "écrit par Marc", "non écrit par Marc"},
		{"Texte non-écrit par Marc", "écrit par Marc", "non-écrit par Marc"},
		{"Non, écrit par Marc", "écrit par Marc", NULL},
		{"Pas à pas - écrit par Marc", "écrit par Marc", NULL},
		{"Un guide pas à pas écrit par Marc", "écrit par Marc", NULL},
		{"Non seulement écrit par Marc", "écrit par Marc", NULL},
		{"Je ne l'aime pas.\nÉcrit par Marc", "écrit par Marc", NULL},
		{"Je ne l'aime pas\nÉcrit par Marc", "écrit par Marc", NULL},
		{"« Je n'y vais pas » écrit par Marc", "écrit par Marc", NULL},
		{"Ce n'est pas « écrit par Marc »", "écrit par Marc", "n'est pas « écrit par Marc"},
		{"Ce n'est pas \"écrit par Marc\"", "écrit par Marc", "n'est pas \"écrit par Marc"},
		{"Texte écrit par Marc, ce n'est pas de la publicité", "écrit par Marc", NULL},
		{"Texte écrit par Marc, ce n'est pas de la publicité", "publicité",
			"n'est pas de la publicité"},
		{"Sans publicité", "publicité", "Sans publicité"},
		{"Aucune publicité", "publicité", "Aucune publicité"},
		{"Sans doute écrit par Marc", "écrit par Marc", NULL},
		{"Il est faux que ce texte soit écrit par Marc", "écrit par Marc",
			"faux que ce texte soit écrit par Marc"},
		{"Faux qu'il soit écrit par Marc", "écrit par Marc",
			"Faux qu'il soit écrit par Marc"},
		{"C'est faux, écrit par Marc", "écrit par Marc", NULL},
		{"https://a.example/pas écrit par Marc", "écrit par Marc", NULL},
		{"Le site @pas écrit par Marc", "écrit par Marc", NULL},
		{"This isn’t written by us", "written by us", "isn’t written by us"},
		{"It has not been written by us", "written by us", "not been written by us"},
		{"Not really written by us", "written by us", "Not really written by us"},
		{"never written by us", "written by us", "never written by us"},
		{"No longer written by us", "written by us", "No longer written by us"},
		{"Not only written by us", "written by us", NULL},
		{"Why not? Written by us", "written by us", NULL},
		{"without an ad", "ad", "without an ad"},
		{"It is false that this was written by us", "written by us",
			"false that this was written by us"},
		{"written by us", "written by us", NULL},
		{"not\xe2\x80\x8b written by us", "written by us", "not\xe2\x80\x8b written by us"},
	};
	for (size_t i = 0; i < PV_COUNT(rows); i++) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		struct pv_prose prose = read(scope, rows[i].text);
		struct pv_needle needle;
		struct pv_match match, denial;
		assert_true(pv_needle_read(scope, pv_str(rows[i].wording), &needle));
		if (!pv_wording_find(&prose, &needle, 0, &match))
			fail_msg("%s: no wording", rows[i].text);
		const char *said = NULL;
		if (pv_wording_denied(&prose, &match, &denial))
			said = pv_str_dup(scope, pv_prose_slice(&prose, denial.start, denial.end));
		if (!pv_streq(said, rows[i].denial))
			fail_msg("%s: %s", rows[i].text, said ? said : "made");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_words),
		cmocka_unit_test(denied),
		cmocka_unit_test(tokens),
		cmocka_unit_test(quotations),
		cmocka_unit_test(closing_runs),
		cmocka_unit_test(voices),
		cmocka_unit_test(places),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
