/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a person reads, in both languages, word for word; evidence and remedies beside it. */
#include "court.h"

#include "base/json.h"

#define NB "\u00a0"
#define RULE(id, kind, fr, en, rest) \
	"  - id: " id "\n    kind: " kind "\n    label: {fr: \"" fr "\", en: \"" en "\"}\n" rest
#define PEOPLE                                                                                  \
	"\"people\":{\"marc\":{\"roles\":[\"manager\"],\"interests\":[{\"names\":[\"Carnet de " \
	"Marc\"],"                                                                              \
	"\"relation\":\"author\",\"domains\":[\"carnet.example\"]},{\"names\":[\"Paysages\"],"  \
	"\"relation\":\"family\",\"domains\":[\"paysages.example\"]}]},"                        \
	"\"lea\":{\"name\":\"Léa\",\"roles\":[\"editor\"]},"                                   \
	"\"paul\":{\"name\":\"Paul\",\"roles\":[\"editor\"],\"interests\":[{\"names\":["        \
	"\"Paysages\"],"                                                                        \
	"\"relation\":\"owner\",\"domains\":[\"paysages.example\"]}]}}"

static void explained(const char *rules, const char *members, const char *fr, const char *en)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_judgement *judgement = court_judge(scope, court_rules(scope, rules), members);
	assert_string_equal(judgement->explanation.fr, fr);
	assert_string_equal(judgement->explanation.en, en);
}

static void own_creation(void **state)
{
	(void)state;
	explained(
		RULE("own-creation", "category",
			"Le statut de gestionnaire ne sert pas à promouvoir ses propres créations, "
			"même "
			"pertinentes.",
			"The manager's status is not for promoting his own creations, however "
			"relevant.",
			"    when: {origin: own_creation}\n    unless: {interest: project}\n    "
			"then: refuse\n") RULE("project", "category", "Un projet se confirme.",
			"A project is confirmed.",
			"    when: {origin: own_creation, interest: project}\n    then: approve\n"),
		PEOPLE ",\"post\":{\"lang\":[\"fr\"],\"text\":\"Un dossier : "
		       "https://www.carnet.example/x\"},"
		       "\"declared\":{\"origin\":\"third_party\",\"interest\":\"org_favourite\","
		       "\"relevance\":\"public\"}",
		"Refusé. Le lien mène à carnet.example, inscrit à votre registre comme votre "
		"création; la "
		"déclaration (un contenu d'un tiers) est complétée par le registre. La politique "
		"dit" NB ": «" NB
		"Le statut de gestionnaire ne sert pas à promouvoir ses propres créations, même "
		"pertinentes" NB
		"». Vous pouvez la publier sur votre propre compte. S'il s'agit d'un projet "
		"de l'organisation, déclarez-le" NB
		": une autre personne confirmera. (La pertinence du "
		"contenu n'est pas en cause.)",
		"Refused. The link leads to carnet.example, entered in your register as your own "
		"creation; the "
		"declaration (third-party content) is completed from the register. The policy "
		"says: “The "
		"manager's status is not for promoting his own creations, however relevant”. You "
		"may publish "
		"it on your own account. If it is an organisational project, declare it: another "
		"person will "
		"confirm. (The content's relevance is not in question.)");
}

static void human_favourite(void **state)
{
	(void)state;
	explained(
		RULE("human", "category",
			"Un coup de cœur humain passe si une autre personne l'approuve.",
			"A human favourite passes once another person approves it.",
			"    when: {interest: personal_favourite, human: any}\n    then: approve\n")
			RULE("limit", "quota", "Deux coups de cœur au plus par 30 jours.",
				"At most two favourites in 30 days.",
				"    count: {interest: personal_favourite}\n    at_most: 2\n    "
				"window: 30 days\n"
				"    then: refuse\n"),
		PEOPLE ",\"at\":\"2026-04-10T16:00:00-04:00\",\"declared\":{\"interest\":"
		       "\"personal_favourite\",\"human\":[\"behind_the_scenes\"]}",
		"Approbation requise. C'est un coup de cœur personnel à caractère humain. La "
		"politique dit" NB ": «" NB
		"Un coup de cœur humain passe si une autre personne l'approuve" NB "». Léa ou Paul "
		"peut approuver (14" NB "jours de validité). «" NB
		"Deux coups de cœur au plus par 30 jours" NB "»" NB
		": après celle-ci, il en reste 1 d'ici le 10 mai.",
		"Approval required. This is a personal favourite of human character. The policy "
		"says: “A human "
		"favourite passes once another person approves it”. Léa or Paul can approve (valid "
		"14" NB "days). “At most two favourites in 30 days”: after this one, there is room "
		"for 1 more until 10 "
		"May.");
}

static void below_the_fold(void **state)
{
	(void)state;
	explained(RULE("label", "disclosure", "Ce qui est payé est étiqueté avant le pli.",
			  "What is paid is labelled above the fold.",
			  "    when: {relation: paid}\n    say: tie\n    then: disclose\n"),
		"\"post\":{\"lang\":[\"fr\"],\"text\":\"123456789 123456789 123456789 123456789 "
		"écrit par "
		"nous\"},\"declared\":{\"sponsored\":true}",
		"Divulgation requise. La publication est commanditée. Vous écrivez «" NB
		"écrit par nous" NB "», qui se termine au 54ᵉ caractère; Facebook n'en montre que "
		"40. La politique dit" NB ": «" NB "Ce qui est payé est étiqueté avant le pli" NB
		"». Placez ces mots dans les 40 premiers "
		"caractères.",
		"Disclosure required. The post is sponsored. You write “écrit par nous”, which "
		"ends at "
		"character 54; Facebook shows 40. The policy says: “What is paid is labelled above "
		"the fold”. "
		"Move these words within the first 40 characters.");
}

static void self_promotion(void **state)
{
	(void)state;
	explained(
		RULE("self", "quota", "Le partage est au cœur.", "Sharing is at the heart.",
			"    count: {origin: organisation}\n    at_most: 50%\n    window: 30 days\n"
			"    min_posts: 6\n    then: warn\n"),
		"\"declared\":{\"origin\":\"organisation\"},\"history\":["
		"{\"at\":\"2026-02-20T12:00:00Z\",\"origin\":\"organisation\",\"times\":3},"
		"{\"at\":\"2026-02-21T12:00:00Z\",\"origin\":\"third_party\",\"times\":3}]",
		"Autorisé, avec un avertissement. Avec celle-ci, 4 publications sur 7 en 30" NB
		"jours relèvent de cette limite (57" NB
		"%; la politique vise la moitié au plus). La politique "
		"dit" NB ": «" NB "Le partage est au cœur" NB
		"». Une autre publication avant celle-ci "
		"rétablirait l'équilibre.",
		"Allowed, with a warning. With this one, 4 of 7 posts in 30" NB
		"days fall under this limit (57%; the policy aims at half at most). The policy "
		"says: “Sharing "
		"is at the heart”. One other post before this one would restore the balance.");
}

static void close_ties(void **state)
{
	(void)state;
	explained(RULE("ties", "category",
			  "Lien avec la personne qui publie" NB ": un autre tranche.",
			  "A tie to the person posting: another decides.",
			  "    when: {relation: family}\n    then: approve\n"),
		"\"people\":{\"marc\":{\"interests\":[{\"names\":[\"P\"],\"relation\":\"family\","
		"\"domains\":"
		"[\"paysages.example\"]}]},\"paul\":{\"name\":\"Paul\",\"roles\":[\"editor\"],"
		"\"interests\":"
		"[{\"names\":[\"P\"],\"relation\":\"owner\",\"domains\":[\"paysages.example\"]}]}},"
		"\"post\":{\"lang\":[\"fr\"],\"text\":\"https://paysages.example/c\"},"
		"\"approvals\":[{\"by\":\"paul\",\"at\":\"2026-03-01T12:00:00Z\"}]",
		"Approbation requise. Le lien mène à paysages.example, inscrit à votre registre "
		"comme lié à un "
		"proche. L'approbation de Paul n'est pas retenue" NB
		": Paul partage cet intérêt. La politique "
		"dit" NB ": «" NB "Lien avec la personne qui publie" NB ": un autre tranche" NB
		"». Une autre "
		"personne qui a le rôle «" NB "editor" NB "» peut approuver (14" NB
		"jours de validité).",
		"Approval required. The link leads to paysages.example, entered in your register "
		"as a "
		"relative's. Paul's approval is not counted: Paul shares the interest. The policy "
		"says: “A tie "
		"to the person posting: another decides”. Another person with the role “editor” "
		"can approve "
		"(valid 14" NB "days).");
}

static void by_election(void **state)
{
	(void)state;
	explained(RULE("election", "quiet", "Élection partielle" NB ": seuls les services.",
			  "By-election: services only.",
			  "    from: 2026-10-01 00:00\n    to: 2026-11-01 20:00\n    unless: "
			  "{topic: urgent}\n"
			  "    then: refuse\n"),
		"\"at\":\"2026-10-15T10:00:00-04:00\"",
		"Refusé jusqu'au 1ᵉʳ novembre à 20" NB "h. La période va du 1ᵉʳ octobre à 0" NB
		"h au 1ᵉʳ novembre à 20" NB "h. La politique dit" NB ": «" NB
		"Élection partielle" NB ": seuls les services" NB
		"». Reportez-la au 1ᵉʳ novembre à 20" NB "h ou après. Si le sujet est "
		"«" NB "urgent" NB "», déclarez-le.",
		"Refused until 1 November, 8" NB
		"p.m. The period runs from 1 October, midnight to 1 November, 8" NB
		"p.m. The policy says: “By-election: services only”. Reschedule it to 1 November, "
		"8" NB "p.m. or later. If the topic is “urgent”, declare it.");
}

static void evidence_points_at_the_text(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_policy *policy =
		court_rules(scope, RULE("own", "category", "a", "b",
					   "    when: {origin: own_creation}\n    then: refuse\n"));
	/* é in two code points and three bytes: spans are of the text as it was given */
	struct pv_judgement *judgement = court_judge(scope, policy,
		PEOPLE
		",\"post\":{\"lang\":[\"fr\"],\"text\":\"e\\u0301te\\u0301 carnet.example/a.\"}");
	const struct pv_evidence *e = &judgement->remarks[0].evidence[0];
	assert_int_equal(e->kind, PV_EVIDENCE_LINK);
	assert_string_equal(e->written, "carnet.example/a");
	assert_string_equal(e->leads_to, "carnet.example/a");
	assert_string_equal(e->relation, "author");
	assert_string_equal(e->register_of, "marc");
	assert_string_equal(e->name, "Carnet de Marc");
	assert_int_equal(e->span.start, 6);
	assert_int_equal(e->span.end, 22);
	assert_int_equal(e->span.start_byte, 8);
	assert_int_equal(e->span.end_byte, 24);
}

static void a_denial_is_told(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_policy *policy = court_rules(scope,
		RULE("a-label", "disclosure", "a", "b", "    say: tie\n    then: disclose\n"));
	struct pv_judgement *judgement = court_judge(scope, policy,
		"\"post\":{\"lang\":[\"fr\"],\"text\":\"Ce n'est pas écrit par nous\"}");
	assert_int_equal(judgement->verdict, PV_VERDICT_DISCLOSE);
	const struct pv_remark *remark = &judgement->remarks[0];
	assert_string_equal(remark->reason.fr,
		"Vous écrivez «" NB "n'est pas écrit par nous" NB "»; la mention y est niée et ne "
		"compte pas.");
	assert_string_equal(remark->reason.en,
		"You write “n'est pas écrit par nous”; the wording is denied there and does not "
		"count.");
	assert_int_equal(remark->n_evidence, 2);
	assert_string_equal(pv_evidence_kind_name(remark->evidence[0].kind), "wording");
	assert_int_equal(remark->evidence[0].span.start, 3);
	assert_int_equal(judgement->n_remedies, 1);
	assert_string_equal(pv_remedy_act_name(judgement->remedies[0].act), "insert_disclosure");
}

static void remedies_are_acts(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_policy *policy = court_rules(scope,
		RULE("a-label", "disclosure", "a", "b", "    say: tie\n    then: disclose\n") RULE(
			"b-short", "links", "a", "b", "    forbid: shortened\n    then: warn\n")
			RULE("c-alt", "access", "a", "b", "    alt_text: yes\n    then: warn\n")
				RULE("d-ok", "category", "a", "b", "    then: approve\n"));
	struct pv_judgement *judgement = court_judge(scope, policy,
		PEOPLE ",\"post\":{\"lang\":[\"fr\",\"en\"],\"text\":\"Voir https://bit.ly/a\","
		       "\"media\":[{\"alt\":\"\"}]},\"resolves\":{\"https://bit.ly/a\":\"https://"
		       "w.example/\"}");
	static const struct {
		const char *act, *rule, *text;
	} wanted[] = {
		{"ask_approval", "d-ok", NULL},
		{"insert_disclosure", "a-label", "écrit par nous"},
		{"insert_disclosure", "a-label", "written by us"},
		{"replace_link", "b-short", "https://w.example/"},
		{"add_alt_text", "c-alt", NULL},
	};
	assert_int_equal(judgement->n_remedies, PV_COUNT(wanted));
	for (size_t i = 0; i < PV_COUNT(wanted); i++) {
		const struct pv_remedy *remedy = &judgement->remedies[i];
		assert_string_equal(pv_remedy_act_name(remedy->act), wanted[i].act);
		assert_string_equal(remedy->rule, wanted[i].rule);
		if (wanted[i].text)
			assert_string_equal(remedy->text, wanted[i].text);
		assert_true(remedy->words.fr[0] && remedy->words.en[0]);
	}
	const struct pv_remedy *ask = &judgement->remedies[0];
	assert_int_equal(ask->n_people, 2);
	assert_string_equal(ask->people[0], "lea");
	assert_int_equal(judgement->remedies[1].fold, 40);
	PV_JSON json_t *json = pv_judgement_to_json(judgement);
	assert_int_equal(json_array_size(json_object_get(json, "remedies")), PV_COUNT(wanted));
	assert_int_equal(json_array_size(json_object_get(json, "remarks")), 4);
}

/* A twin in a regional language is that language: it is late, not missing. */
static void regional_twin(void **state)
{
	(void)state;
	explained(RULE("pair", "languages", "Deux langues.", "Two languages.",
			  "    require: pair\n    within: 30 minutes\n    then: warn\n"),
		"\"post\":{\"lang\":[\"fr\"],\"text\":\"\",\"pair\":{\"lang\":\"en_CA\","
		"\"at\":\"2026-03-02T14:00:00-05:00\"}}",
		"Autorisé, avec un avertissement. La version anglaise paraît 2" NB
		"heures après; la "
		"politique en admet 30" NB "minutes. La politique dit" NB ": «" NB "Deux langues" NB
		"». Prévoyez la version anglaise à 30" NB "minutes au plus de celle-ci.",
		"Allowed, with a warning. The English version appears 2" NB
		"hours later; the policy allows 30" NB
		"minutes. The policy says: “Two languages”. Plan the English version at most 30" NB
		"minutes from this one.");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(own_creation),
		cmocka_unit_test(human_favourite),
		cmocka_unit_test(below_the_fold),
		cmocka_unit_test(self_promotion),
		cmocka_unit_test(close_ties),
		cmocka_unit_test(by_election),
		cmocka_unit_test(evidence_points_at_the_text),
		cmocka_unit_test(a_denial_is_told),
		cmocka_unit_test(remedies_are_acts),
		cmocka_unit_test(regional_twin),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
