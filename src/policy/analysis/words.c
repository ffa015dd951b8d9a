/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "policy/analysis/words.h"

#include "base/mem.h"

static const struct pv_words facts[PV_FACTS] = {
	[PV_FACT_ACCOUNT] = {"le compte", "the account"},
	[PV_FACT_OWNER] = {"le propriétaire du compte", "the account's owner"},
	[PV_FACT_PLATFORM] = {"la plateforme", "the platform"},
	[PV_FACT_AXES] = {"les axes de l'organisation", "the organisation's axes"},
	[PV_FACT_AXIS] = {"l'axe", "the axis"},
	[PV_FACT_TOPIC] = {"le sujet", "the topic"},
	[PV_FACT_LANG] = {"la langue", "the language"},
	[PV_FACT_STANCE] = {"la posture du compte", "the account's stance"},
	[PV_FACT_KIND] = {"le genre de publication", "the kind of post"},
	[PV_FACT_FORM] = {"la forme", "the form"},
	[PV_FACT_ORIGIN] = {"la provenance", "the origin"},
	[PV_FACT_INTEREST] = {"le motif", "the purpose"},
	[PV_FACT_RELATION] = {"le lien d'intérêt", "the tie"},
	[PV_FACT_HUMAN] = {"le caractère humain", "the human character"},
	[PV_FACT_SPONSORED] = {"la commandite", "the sponsorship"},
	[PV_FACT_CONSENT] = {"le consentement", "the consent"},
	[PV_FACT_RELEVANCE] = {"la pertinence", "the relevance"},
};

struct value_words {
	const char *value;
	struct pv_words words;
};

static const struct value_words stances[] = {
	{"organisation", {"compte d'organisation", "organisation's account"}},
	{"personal", {"compte personnel", "personal account"}},
	{"hosted", {"communauté d'autrui", "someone else's community"}}, {NULL, {NULL, NULL}}};
static const struct value_words kinds[] = {{"post", {"publication", "post"}},
	{"share", {"partage", "share"}}, {"reply", {"réponse", "reply"}}, {NULL, {NULL, NULL}}};
static const struct value_words forms[] = {{"static", {"statique", "static"}},
	{"interactive", {"en direct", "live"}}, {NULL, {NULL, NULL}}};
static const struct value_words origins[] = {
	{"unknown", {"provenance non déclarée", "origin not declared"}},
	{"own_creation", {"création personnelle", "own creation"}},
	{"organisation", {"réalisation de l'organisation", "the organisation's own work"}},
	{"client", {"contenu d'un client", "a client's content"}},
	{"partner", {"contenu d'un partenaire", "a partner's content"}},
	{"third_party", {"contenu d'un tiers", "third-party content"}}, {NULL, {NULL, NULL}}};
static const struct value_words interests[] = {
	{"unknown", {"motif non déclaré", "purpose not declared"}},
	{"project", {"projet de l'organisation", "organisational project"}},
	{"org_favourite", {"coup de cœur de l'organisation", "the organisation's favourite"}},
	{"personal_favourite", {"coup de cœur personnel", "personal favourite"}},
	{"commercial", {"but commercial", "commercial purpose"}}, {NULL, {NULL, NULL}}};
static const struct value_words relations[] = {{"none", {"aucun lien d'intérêt", "no tie"}},
	{"any", {"un lien d'intérêt", "a tie"}}, {"author", {"lien d'auteur", "tie as author"}},
	{"owner", {"lien de propriété", "tie as owner"}},
	{"employee", {"lien d'emploi", "tie as employee"}},
	{"client", {"lien avec un client", "tie to a client"}},
	{"family", {"lien de famille", "family tie"}},
	{"paid", {"contenu rémunéré", "paid content"}},
	{"gifted", {"cadeau reçu", "a gift received"}}, {NULL, {NULL, NULL}}};
static const struct value_words humans[] = {
	{"none", {"sans caractère humain", "no human character"}},
	{"any", {"caractère humain", "human character"}}, {"faces", {"visages", "faces"}},
	{"behind_the_scenes", {"coulisses", "behind the scenes"}},
	{"testimony", {"témoignage", "testimony"}}, {NULL, {NULL, NULL}}};
static const struct value_words sponsoreds[] = {{"yes", {"commandité", "sponsored"}},
	{"no", {"non commandité", "not sponsored"}}, {NULL, {NULL, NULL}}};
static const struct value_words consents[] = {{"yes", {"consentement obtenu", "consent given"}},
	{"no", {"sans consentement", "without consent"}}, {NULL, {NULL, NULL}}};
static const struct value_words relevances[] = {
	{"unknown", {"pertinence non déclarée", "relevance not declared"}},
	{"public", {"pertinence publique", "of public relevance"}},
	{"members", {"pertinence pour les membres", "relevant to members"}},
	{"private", {"pertinence privée", "of private relevance"}}, {NULL, {NULL, NULL}}};

static const struct value_words *const tables[PV_FACTS] = {
	[PV_FACT_STANCE] = stances,
	[PV_FACT_KIND] = kinds,
	[PV_FACT_FORM] = forms,
	[PV_FACT_ORIGIN] = origins,
	[PV_FACT_INTEREST] = interests,
	[PV_FACT_RELATION] = relations,
	[PV_FACT_HUMAN] = humans,
	[PV_FACT_SPONSORED] = sponsoreds,
	[PV_FACT_CONSENT] = consents,
	[PV_FACT_RELEVANCE] = relevances,
};

const struct pv_words *pv_fact_words(enum pv_fact fact)
{
	return &facts[fact];
}

void pv_analysis_say_value(struct pv_say *say, enum pv_fact fact, const char *value)
{
	for (const struct value_words *row = tables[fact]; row && row->value; row++)
		if (strcmp(row->value, value) == 0) {
			pv_say_words(say, &row->words);
			return;
		}
	if (fact == PV_FACT_PLATFORM)
		pv_say_platform(say, pv_str(value));
	else if (fact == PV_FACT_LANG)
		pv_say_language(say, pv_str(value));
	else if (fact == PV_FACT_AXIS && strcmp(value, "none") == 0)
		pv_say(say, "sans axe", "no axis");
	else if (fact == PV_FACT_TOPIC && strcmp(value, "none") == 0)
		pv_say(say, "sans sujet", "no topic");
	else
		pv_say_id(say, value);
}

void pv_say_id(struct pv_say *say, const char *id)
{
	pv_say_quoted_same(say, pv_str(id));
}
