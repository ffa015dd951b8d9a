/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "policy/difference_say.h"

#include "base/json.h"
#include "base/mem.h"

#include <stdio.h>
#include <string.h>

/* ---- the words --------------------------------------------------------------------------------- */

static const struct pv_member members[] = {
	{"title", {"Titre", "Title"}, PV_READ_WORDS},
	{"policy", {"Nom", "Name"}, PV_READ_TEXT},
	{"version", {"Numéro", "Number"}, PV_READ_TEXT},
	{"timezone", {"Fuseau horaire", "Time zone"}, PV_READ_TEXT},
	{"default", {"Quand aucune règle ne parle", "When no rule speaks"}, PV_READ_VERDICT},
	{"fold", {"Caractères avant «\u00a0voir plus\u00a0»", "Characters before “see more”"},
		PV_READ_MEMBERS},
	{"shorteners", {"Raccourcisseurs de liens", "Link shorteners"}, PV_READ_TEXT},
	{"names", {"Noms", "Names"}, PV_READ_TEXT},
	{"axes", {"Axes", "Axes"}, PV_READ_TEXT},
	{"domains", {"Domaines", "Domains"}, PV_READ_TEXT},
	{"handles", {"Identifiants", "Handles"}, PV_READ_TEXT},
	{"partners", {"Partenaires", "Partners"}, PV_READ_TEXT},
	{"interests", {"Liens d'intérêt", "Interests"}, PV_READ_TIES},
	{"owner", {"À", "Belongs to"}, PV_READ_TEXT},
	{"stance", {"Posture", "Stance"}, PV_READ_WORD},
	{"platform", {"Plateforme", "Platform"}, PV_READ_TEXT},
	{"position", {"Place", "Position"}, PV_READ_WORD},
	{"wordings", {"Formulations", "Wordings"}, PV_READ_LANGS},
	{"words", {"Mots", "Words"}, PV_READ_LANGS},
	{"label", {"Libellé", "Label"}, PV_READ_WORDS},
	{"kind", {"Sorte de règle", "Kind of rule"}, PV_READ_WORD},
	{"then", {"Verdict", "Verdict"}, PV_READ_VERDICT},
	{"firm", {"Ferme", "Firm"}, PV_READ_WORD},
	{"when", {"Quand", "When"}, PV_READ_WHEN},
	{"unless", {"Sauf quand", "Except when"}, PV_READ_WHEN},
	{"overrides", {"L'emporte sur", "Prevails over"}, PV_READ_TEXT},
	{"approval", {"Approbation de cette règle", "This rule's approval"}, PV_READ_TERMS},
	{"count", {"Ce qui compte", "What counts"}, PV_READ_WHEN},
	{"at_most", {"Au plus", "At most"}, PV_READ_TEXT},
	{"per", {"Compté par", "Counted per"}, PV_READ_WORD},
	{"by", {"Réparti selon", "Shared out by"}, PV_READ_WORD},
	{"target", {"Cible, en %", "Target, in %"}, PV_READ_MEMBERS},
	{"tolerance", {"Tolérance, en points", "Tolerance, in points"}, PV_READ_TEXT},
	{"window", {"Période", "Window"}, PV_READ_WORD},
	{"min_posts", {"Jugé à partir de (publications)", "Judged from (posts)"}, PV_READ_TEXT},
	{"say", {"Mention", "Wording"}, PV_READ_LANGS},
	{"link", {"Lien demandé", "Link asked"}, PV_READ_TEXT},
	{"allow", {"Voix permises", "Voices allowed"}, PV_READ_WORD},
	{"spokespersons", {"Porte-parole", "Spokespersons"}, PV_READ_TEXT},
	{"forbid", {"Liens écartés", "Links kept out"}, PV_READ_WORD},
	{"require", {"Langues demandées", "Languages asked"}, PV_READ_WORD},
	{"within", {"Délai", "Within"}, PV_READ_WORD},
	{"alt_text", {"Texte de remplacement", "Alternative text"}, PV_READ_WORD},
	{"max_hashtags", {"Mots-clics au plus", "Hashtags at most"}, PV_READ_TEXT},
	{"camel_hashtags",
		{"Majuscules dans les mots-clics de plus de (lettres)",
			"Capitals in hashtags longer than (letters)"},
		PV_READ_TEXT},
	{"from", {"À partir du", "From"}, PV_READ_TEXT},
	{"to", {"Jusqu'au", "To"}, PV_READ_TEXT},
	{"until", {"Jusqu'au", "Until"}, PV_READ_TEXT},
	{"switch", {"Interrupteur", "Switch"}, PV_READ_TEXT},
	{"hours", {"Heures", "Hours"}, PV_READ_TEXT},
	{"links", {"Liens", "Links"}, PV_READ_TEXT},
	{"lifts", {"Écarte", "Lifts"}, PV_READ_TEXT},
	{"granted_by", {"Accordée par", "Granted by"}, PV_READ_TEXT},
	{"reason", {"Raison", "Reason"}, PV_READ_WORDS},
};

static const struct pv_member terms[] = {
	{"by", {"Rôles qui approuvent", "Roles that approve"}, PV_READ_TEXT},
	{"count", {"Personnes nécessaires", "People needed"}, PV_READ_TEXT},
	{"then", {"Étapes", "Steps"}, PV_READ_STEPS},
	{"never", {"Jamais", "Never"}, PV_READ_WORD},
	{"valid", {"Vaut", "Holds for"}, PV_READ_WORD},
};

static const struct pv_words fact_labels[PV_FACTS] = {
	[PV_FACT_ACCOUNT] = {"compte", "account"},
	[PV_FACT_OWNER] = {"à qui est le compte", "owner"},
	[PV_FACT_PLATFORM] = {"plateforme", "platform"},
	[PV_FACT_AXES] = {"axes de l'organisation", "the organisation's axes"},
	[PV_FACT_AXIS] = {"axe", "axis"},
	[PV_FACT_TOPIC] = {"sujet", "topic"},
	[PV_FACT_LANG] = {"langue", "language"},
	[PV_FACT_STANCE] = {"posture du compte", "account's stance"},
	[PV_FACT_KIND] = {"sorte de publication", "kind of post"},
	[PV_FACT_FORM] = {"forme", "form"},
	[PV_FACT_ORIGIN] = {"provenance", "origin"},
	[PV_FACT_INTEREST] = {"motif", "purpose"},
	[PV_FACT_RELATION] = {"lien d'intérêt", "tie"},
	[PV_FACT_HUMAN] = {"caractère humain", "human character"},
	[PV_FACT_SPONSORED] = {"commandité", "sponsored"},
	[PV_FACT_CONSENT] = {"accord des personnes", "people's consent"},
	[PV_FACT_RELEVANCE] = {"pertinence", "relevance"},
};

static const struct {
	const char *word;
	struct pv_words words;
} vocabulary[] = {
	{"any", {"quelque chose", "anything"}},
	{"none", {"rien", "nothing"}},
	{"unknown", {"non déclaré", "not declared"}},
	{"yes", {"oui", "yes"}},
	{"no", {"non", "no"}},
	{"organisation", {"organisation", "organisation"}},
	{"personal", {"personnel", "personal"}},
	{"hosted", {"communauté d'autrui", "hosted community"}},
	{"own_creation", {"création personnelle", "own creation"}},
	{"client", {"client", "client"}},
	{"partner", {"partenaire", "partner"}},
	{"third_party", {"tiers", "third party"}},
	{"project", {"projet", "project"}},
	{"org_favourite", {"coup de cœur de l'organisation", "organisation's favourite"}},
	{"personal_favourite", {"coup de cœur personnel", "personal favourite"}},
	{"commercial", {"commercial", "commercial"}},
	{"author", {"auteur", "author"}},
	{"owner", {"propriétaire", "owner"}},
	{"employee", {"employé", "employee"}},
	{"family", {"proche", "family"}},
	{"paid", {"payé", "paid"}},
	{"gifted", {"cadeau", "gifted"}},
	{"faces", {"visages", "faces"}},
	{"behind_the_scenes", {"coulisses", "behind the scenes"}},
	{"testimony", {"témoignage", "testimony"}},
	{"public", {"le public", "the public"}},
	{"members", {"les membres", "members"}},
	{"private", {"un cercle privé", "a private circle"}},
	{"post", {"publication", "post"}},
	{"share", {"partage", "share"}},
	{"reply", {"réponse", "reply"}},
	{"static", {"statique", "static"}},
	{"interactive", {"interactive", "interactive"}},
	{"we", {"nous", "we"}},
	{"effaced", {"effacée", "effaced"}},
	{"i", {"je", "I"}},
	{"spokesperson", {"porte-parole", "spokesperson"}},
	{"anywhere", {"n'importe où", "anywhere"}},
	{"before_fold", {"avant «\u00a0voir plus\u00a0»", "before “see more”"}},
	{"start", {"au début", "at the start"}},
	{"account", {"compte", "account"}},
	{"person", {"personne", "person"}},
	{"unresolved", {"liens courts sans fin connue", "short links without a known end"}},
	{"shortened", {"liens courts", "short links"}},
	{"pair", {"les deux langues", "both languages"}},
	{"french_first", {"le français d'abord", "French first"}},
	{"same_interest", {"qui partage l'intérêt", "someone who shares the interest"}},
	{"category", {"catégorie", "category"}},
	{"disclosure", {"divulgation", "disclosure"}},
	{"mention", {"mention", "mention"}},
	{"voice", {"voix", "voice"}},
	{"invite", {"invitation", "invitation"}},
	{"neighbours", {"autres maisons", "neighbours"}},
	{"links", {"liens", "links"}},
	{"languages", {"langues", "languages"}},
	{"access", {"accessibilité", "access"}},
	{"quota", {"quota", "quota"}},
	{"mix", {"équilibre", "mix"}},
	{"quiet", {"réserve", "quiet period"}},
	{"embargo", {"embargo", "embargo"}},
};

static const struct pv_words verdicts[PV_VERDICTS] = {
	[PV_VERDICT_ALLOW] = {"autorisé", "allowed"},
	[PV_VERDICT_WARN] = {"autorisé avec un avertissement", "allowed with a warning"},
	[PV_VERDICT_DISCLOSE] = {"divulgation requise", "disclosure required"},
	[PV_VERDICT_APPROVE] = {"approbation requise", "approval required"},
	[PV_VERDICT_REFUSE] = {"refusé", "refused"},
};

struct pv_member pv_member_of(const char *name, bool of_terms)
{
	const struct pv_member *table = of_terms ? terms : members;
	size_t n = of_terms ? PV_COUNT(terms) : PV_COUNT(members);
	for (size_t i = 0; i < n; i++)
		if (strcmp(table[i].name, name) == 0)
			return table[i];
	return (struct pv_member){name, {name, name}, PV_READ_TEXT};
}

/* ---- a value ----------------------------------------------------------------------------------- */

bool pv_value_empty(const json_t *value)
{
	switch (value ? json_typeof(value) : JSON_NULL) {
	case JSON_NULL:
	case JSON_FALSE: return true;
	case JSON_ARRAY: return json_array_size(value) == 0;
	case JSON_OBJECT: return json_object_size(value) == 0;
	case JSON_STRING: return json_string_length(value) == 0;
	default: return false;
	}
}

/* As it stands, its full stop too: one more or less is a difference. */
static void say_exactly(struct pv_say *say, const struct pv_words *words)
{
	pv_say(say, "«\u00a0", "“");
	pv_say_words(say, words);
	pv_say(say, "\u00a0»", "”");
}

static void say_text(struct pv_say *say, const char *text)
{
	say_exactly(say, &(struct pv_words){text, text});
}

/* "30 days": the number, and the unit in words. */
static bool say_duration(struct pv_say *say, const char *text)
{
	static const struct {
		const char *unit;
		enum { MINUTES, HOURS, DAYS } as;
	} units[] = {{" minutes", MINUTES}, {" hours", HOURS}, {" days", DAYS}};
	for (size_t i = 0; i < PV_COUNT(units); i++) {
		const char *at = strstr(text, units[i].unit);
		if (!at || at == text || strspn(text, "0123456789") != (size_t)(at - text) ||
			strcmp(at, units[i].unit) != 0)
			continue;
		struct pv_duration duration = {.unit = (__typeof__(duration.unit))units[i].as};
		for (const char *digit = text; digit < at && duration.n < 100000000; digit++)
			duration.n = duration.n * 10 + (*digit - '0');
		pv_say_duration(say, &duration);
		return true;
	}
	return false;
}

static void say_word(struct pv_say *say, const char *text)
{
	if (say_duration(say, text))
		return;
	for (size_t i = 0; i < PV_COUNT(vocabulary); i++)
		if (strcmp(vocabulary[i].word, text) == 0) {
			pv_say_words(say, &vocabulary[i].words);
			return;
		}
	int fact = pv_name_index(pv_fact_names, PV_FACTS, pv_str(text));
	if (fact >= 0)
		pv_say_words(say, &fact_labels[fact]);
	else
		say_text(say, text);
}

static void say_one(struct pv_say *say, enum pv_reading reading, const json_t *value)
{
	const char *text = json_string_value(value);
	enum pv_verdict verdict;
	char number[32];
	if (json_is_boolean(value))
		say_word(say, json_is_true(value) ? "yes" : "no");
	else if (json_is_number(value)) {
		snprintf(number, sizeof number, "%.10g", json_number_value(value));
		pv_say_same(say, pv_str(number));
	} else if (text && reading == PV_READ_VERDICT && pv_verdict_parse(text, &verdict))
		pv_say_words(say, &verdicts[verdict]);
	else if (text && reading == PV_READ_WORD)
		say_word(say, text);
	else if (text)
		say_text(say, text);
}

static void say_list(struct pv_say *say, enum pv_reading reading, const json_t *list, bool either)
{
	size_t n = json_array_size(list);
	for (size_t i = 0; i < n; i++) {
		if (either)
			pv_say_or(say, i, n);
		else
			pv_say_and(say, i, n);
		say_one(say, reading, json_array_get(list, i));
	}
}

/* "provenance : client ou partenaire; motif : projet" */
static void say_condition(struct pv_say *say, const json_t *condition)
{
	const char *name;
	json_t *values;
	bool first = true;
	if (json_object_size(condition) == 0)
		pv_say(say, "toujours", "always");
	json_object_foreach((json_t *)(uintptr_t)condition, name, values)
	{
		if (!first)
			pv_say(say, "; ", "; ");
		first = false;
		say_word(say, name);
		pv_say(say, "\u00a0: ", ": ");
		say_list(say, PV_READ_WORD, values, true);
	}
}

static void say_when(struct pv_say *say, const json_t *value)
{
	size_t n = json_array_size(value);
	if (json_is_object(value))
		say_condition(say, value);
	for (size_t i = 0; i < n; i++) {
		if (i)
			pv_say(say, " — ou bien ", " — or else ");
		say_condition(say, json_array_get(value, i));
	}
}

static void say_langs(struct pv_say *say, const json_t *value)
{
	const char *lang;
	json_t *texts;
	bool first = true;
	json_object_foreach((json_t *)(uintptr_t)value, lang, texts)
	{
		if (!first)
			pv_say(say, "; ", "; ");
		first = false;
		pv_say(say, "en ", "in ");
		pv_say_language(say, pv_str(lang));
		pv_say(say, " ", " ");
		say_list(say, PV_READ_TEXT, texts, true);
	}
}

static void say_members(struct pv_say *say, const json_t *value)
{
	const char *name;
	json_t *number;
	size_t at = 0, n = json_object_size(value);
	json_object_foreach((json_t *)(uintptr_t)value, name, number)
	{
		pv_say_and(say, at++, n);
		pv_say_same(say, pv_str(name));
		pv_say(say, " ", " ");
		say_one(say, PV_READ_TEXT, number);
	}
}

static void say_ties(struct pv_say *say, const json_t *value)
{
	size_t n = json_array_size(value);
	for (size_t i = 0; i < n; i++) {
		pv_say_and(say, i, n);
		pv_say_tie(say, json_array_get(value, i));
	}
}

static void say_terms(struct pv_say *say, const json_t *value)
{
	bool first = true, steps = pv_terms_have_steps(value);
	for (size_t i = 0; i < PV_COUNT(terms); i++) {
		const json_t *one = json_object_get(value, terms[i].name);
		bool of_step = i < 2; /* by, count: the first step's */
		if (pv_value_empty(one) || (steps && of_step))
			continue;
		if (!first)
			pv_say(say, "; ", "; ");
		first = false;
		pv_say_words(say, &terms[i].label);
		pv_say(say, "\u00a0: ", ": ");
		pv_say_value(
			say, terms[i].reading, terms[i].reading == PV_READ_STEPS ? value : one);
	}
}

void pv_say_value(struct pv_say *say, enum pv_reading reading, const json_t *value)
{
	if (reading == PV_READ_WHEN)
		say_when(say, value);
	else if (reading == PV_READ_LANGS && json_is_object(value))
		say_langs(say, value);
	else if (reading == PV_READ_WORDS) {
		const char *fr = pv_json_text(value, "fr"), *en = pv_json_text(value, "en");
		struct pv_words words = {fr ? fr : "", en ? en : ""};
		say_exactly(say, &words);
	} else if (reading == PV_READ_MEMBERS)
		say_members(say, value);
	else if (reading == PV_READ_TIES)
		say_ties(say, value);
	else if (reading == PV_READ_TERMS)
		say_terms(say, value);
	else if (reading == PV_READ_STEPS)
		pv_say_steps(say, value);
	else if (json_is_array(value))
		say_list(say, reading, value, false);
	else
		say_one(say, reading, value);
}

/* ---- a member ---------------------------------------------------------------------------------- */

static size_t place_in(const json_t *list, const json_t *value)
{
	size_t i = 0;
	while (i < json_array_size(list) && !json_equal(json_array_get(list, i), value))
		i++;
	return i;
}

/* Those of `list` that `other` does not have, or not as often; a new reference. */
static json_t *only_in(const json_t *list, const json_t *other)
{
	json_t *rest = json_copy((json_t *)(uintptr_t)list);
	for (size_t i = 0; i < json_array_size(other); i++)
		json_array_remove(rest, place_in(rest, json_array_get(other, i)));
	return rest;
}

/* « a » et « b » s'ajoutent; « c » est retiré */
static void say_more_and_less(
	struct pv_say *say, enum pv_reading reading, const json_t *was, const json_t *is)
{
	PV_JSON json_t *more = only_in(is, was);
	PV_JSON json_t *less = only_in(was, is);
	bool changed = reading == PV_READ_TIES && pv_say_ties_changed(say, more, less);
	size_t n_more = json_array_size(more), n_less = json_array_size(less);
	if (changed && n_more + n_less)
		pv_say(say, " — ", " — ");
	if (n_more) {
		pv_say_value(say, reading, more);
		if (n_more > 1)
			pv_say(say, " s'ajoutent", " are added");
		else
			pv_say(say, " s'ajoute", " is added");
	}
	if (n_more && n_less)
		pv_say(say, "; ", "; ");
	if (n_less) {
		pv_say_value(say, reading, less);
		if (n_less > 1)
			pv_say(say, " n'y sont plus", " are no longer there");
		else
			pv_say(say, " n'y est plus", " is no longer there");
	}
	if (n_more + n_less == 0 && !changed)
		pv_say(say, "dans un autre ordre", "in another order");
}

/* Words of which one language alone changed are told in that one, whoever reads. */
static bool say_one_language(struct pv_say *say, const json_t *was, const json_t *is)
{
	static const char *const langs[] = {"fr", "en"};
	const char *before[2], *after[2];
	for (size_t i = 0; i < PV_COUNT(langs); i++) {
		before[i] = pv_json_text(was, langs[i]);
		after[i] = pv_json_text(is, langs[i]);
		if (!before[i] || !after[i])
			return false;
	}
	bool same_fr = strcmp(before[0], after[0]) == 0;
	if (same_fr == (strcmp(before[1], after[1]) == 0))
		return false;
	size_t changed = same_fr ? 1 : 0;
	pv_say(say, ", en ", ", in ");
	pv_say_language(say, pv_str(langs[changed]));
	pv_say(say, "\u00a0: ", ": ");
	say_text(say, before[changed]);
	pv_say(say, " devient ", " becomes ");
	say_text(say, after[changed]);
	return true;
}

void pv_say_member(
	struct pv_say *say, const struct pv_member *member, const json_t *was, const json_t *is)
{
	pv_say_words(say, &member->label);
	if (member->reading == PV_READ_WORDS && say_one_language(say, was, is))
		return;
	pv_say(say, "\u00a0: ", ": ");
	/* no is a value, and a condition that is empty always holds */
	bool whole = (json_is_boolean(was) && json_is_boolean(is)) ||
		     (member->reading == PV_READ_WHEN && json_is_object(was) && json_is_object(is));
	if (!whole && pv_value_empty(was)) {
		pv_say(say, "désormais ", "now ");
		pv_say_value(say, member->reading, is);
	} else if (!whole && pv_value_empty(is)) {
		pv_say(say, "plus rien (c'était ", "no longer anything (it was ");
		pv_say_value(say, member->reading, was);
		pv_say(say, ")", ")");
	} else if (json_is_array(was) && json_is_array(is) && member->reading != PV_READ_WHEN) {
		say_more_and_less(say, member->reading, was, is);
	} else {
		pv_say_value(say, member->reading, was);
		pv_say(say, " devient ", " becomes ");
		pv_say_value(say, member->reading, is);
	}
}
