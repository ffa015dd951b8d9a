/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "policy/analysis/analysis.h"

#include "base/mem.h"
#include "policy/analysis/question.h"

struct asked_question {
	const char *id;
	struct pv_words question;
	void (*answer)(struct pv_asking *asking);
	struct pv_words none;      /* when nothing is found */
	struct pv_words one, many; /* after the number of findings */
};

static const struct asked_question questions[PV_QUESTIONS] = {
	{"unreachable",
		{"Y a-t-il une règle qu'aucune publication ne peut rencontrer, ou toujours cachée "
		 "derrière une plus stricte?",
			"Is there a rule that no post can meet, or one always hidden behind a "
			"stricter one?"},
		pv_question_unreachable,
		{"Chaque règle décide d'au moins une publication.",
			"Each rule decides at least one post."},
		{"règle à revoir.", "rule to look at."}, {"règles à revoir.", "rules to look at."}},
	{"contradictions",
		{"Deux règles disent-elles oui et non d'une même publication? Des règles "
		 "s'écartent-elles "
		 "en cercle, ou visent-elles une règle ferme?",
			"Do two rules say yes and no of one post? Do rules set each other aside in "
			"a "
			"circle, or aim at a firm one?"},
		pv_question_contradictions, {"Aucune contradiction.", "No contradiction."},
		{"rencontre de ce genre.", "such encounter."},
		{"rencontres de ce genre.", "such encounters."}},
	{"gaps",
		{"De quelles publications aucune règle de catégorie ne parle-t-elle, et qu'en fait "
		 "la "
		 "réponse par défaut?",
			"Of which posts does no category speak, and what does the default make of "
			"them?"},
		pv_question_gaps,
		{"Toute publication rencontre au moins une catégorie.",
			"Every post meets at least one category."},
		{"sorte de publication dont aucune ne parle.",
			"sort of post of which none speaks."},
		{"sortes de publications dont aucune ne parle.",
			"sorts of posts of which none speaks."}},
	{"unapproved",
		{"Peut-on publier sans l'approbation d'autrui sa propre création, un contenu "
		 "rémunéré, "
		 "d'un client, d'un proche?",
			"Can anyone publish their own creation, paid content, a client's or a "
			"relative's without another person's approval?"},
		pv_question_unapproved,
		{"Rien de cela ne peut paraître sans une autre personne.",
			"None of it can be published without another person."},
		{"chemin sans autre personne.", "path without another person."},
		{"chemins sans autre personne.", "paths without another person."}},
	{"duties",
		{"Une seule personne peut-elle écrire et approuver? Reste-t-il toujours quelqu'un "
		 "pour "
		 "approuver?",
			"Can a single person both write and approve? Is there always somebody left "
			"to approve?"},
		pv_question_duties,
		{"Personne n'approuve ce qu'il écrit.", "Nobody approves what they write."},
		{"point à connaître.", "point to know."},
		{"points à connaître.", "points to know."}},
	{"false_declarations",
		{"Que gagne une fausse déclaration, et qui la verrait?",
			"What does a false declaration gain, and who would see it?"},
		pv_question_false_declarations,
		{"Aucune déclaration ne change un verdict strict en un plus doux.",
			"No declaration turns a strict verdict into a milder one."},
		{"déclaration qui pèse.", "declaration that weighs."},
		{"déclarations qui pèsent.", "declarations that weigh."}},
	{"overrides",
		{"Qu'écartent les règles et dérogations qui l'emportent, et quoi de trop?",
			"What do overrides and exceptions set aside, and what in excess?"},
		pv_question_overrides,
		{"Aucune règle n'en écarte une autre.", "No rule sets another aside."},
		{"mise à l'écart.", "thing set aside."}, {"mises à l'écart.", "things set aside."}},
	{"demands",
		{"Tout ce qui est demandé peut-il être tenu par un même texte?",
			"Can everything that is asked be met by one text?"},
		pv_question_demands,
		{"Pour chaque publication, un texte répond à tout ce qui lui est demandé.",
			"For each post there is a text that meets all that is asked of it."},
		{"demande impossible à tenir.", "demand that cannot be met."},
		{"demandes impossibles à tenir.", "demands that cannot be met."}},
	{"topics",
		{"Les sujets qui permettent ont-ils des mots?", "Do permissive topics have words?"},
		pv_question_topics,
		{"Aucun mot du texte n'ouvre de porte.", "No word of a text opens a gate."},
		{"sujet qu'un mot suffit à déclarer.", "topic that a word is enough to declare."},
		{"sujets qu'un mot suffit à déclarer.",
			"topics that a word is enough to declare."}},
	{"quotas",
		{"Les limites peuvent-elles être atteintes, et tenues ensemble?",
			"Can limits be reached, and kept together?"},
		pv_question_quotas, {"Chaque limite peut servir.", "Each limit can serve."},
		{"point sur ce qui se compte.", "point about what is counted."},
		{"points sur ce qui se compte.", "points about what is counted."}},
	{"time",
		{"Qu'est-ce qui est échu, se chevauche, ou tombe sur un changement d'heure?",
			"What is over, overlaps, or falls on a change of clocks?"},
		pv_question_time, {"Rien de tel.", "Nothing of the sort."},
		{"point de calendrier.", "point of calendar."},
		{"points de calendrier.", "points of calendar."}},
	{"references",
		{"Les domaines, identifiants, sujets et formulations désignent-ils bien ce qu'ils "
		 "doivent?",
			"Do domains, handles, topics and wordings name what they should?"},
		pv_question_references, {"Rien à redire.", "Nothing to say."},
		{"point à vérifier.", "point to check."},
		{"points à vérifier.", "points to check."}},
	{"languages",
		{"Y a-t-il des mots dans chaque langue des publications?",
			"Are there words in every language of the posts?"},
		pv_question_languages,
		{"Chaque langue a ses formulations.", "Each language has its wordings."},
		{"endroit où des mots manquent.", "place where words are missing."},
		{"endroits où des mots manquent.", "places where words are missing."}},
	{"replay",
		{"Quels verdicts changeraient pour les publications des derniers mois?",
			"Which verdicts would change for the posts of the last months?"},
		pv_question_replay,
		{"Il y faut des publications passées : portevoix policy replay --policy BROUILLON "
		 "--against ACTUELLE < cas.jsonl",
			"It takes past posts: portevoix policy replay --policy DRAFT --against "
			"PRESENT < cases.jsonl"},
		{"", ""}, {"", ""}},
	{"examples",
		{"Quelle est la plus petite publication que décide chaque règle?",
			"What is the smallest post that each rule decides?"},
		pv_question_examples,
		{"La politique n'a pas de règle qui décide.",
			"The policy has no rule that decides."},
		{"exemple, jugé.", "example, judged."},
		{"exemples, chacun jugé.", "examples, each one judged."}},
};

enum { QUESTION_REPLAY = 13 };

/* ---- what is asked besides the policy's conditions ------------------------------------------------- */

static bool ask_forms(struct pv_space *space, struct pv_asked *asked)
{
	static const char *const own[] = {"own_creation", NULL}, *const paid[] = {"paid", NULL},
				 *const client[] = {"client", NULL},
				 *const family[] = {"family", NULL}, *const fr[] = {"fr", NULL},
				 *const en[] = {"en", NULL};
	asked->subject[PV_SUBJECT_OWN_CREATION] = pv_space_ask(space, PV_FACT_ORIGIN, own);
	asked->subject[PV_SUBJECT_PAID] = pv_space_ask(space, PV_FACT_RELATION, paid);
	asked->subject[PV_SUBJECT_CLIENT] = pv_space_ask(space, PV_FACT_RELATION, client);
	asked->subject[PV_SUBJECT_FAMILY] = pv_space_ask(space, PV_FACT_RELATION, family);
	asked->fr = pv_space_ask(space, PV_FACT_LANG, fr);
	asked->en = pv_space_ask(space, PV_FACT_LANG, en);
	for (int s = PV_STANCE_ORGANISATION; s < PV_STANCES; s++) {
		const char *const stance[] = {pv_stance_names[s], NULL};
		asked->stance[s] = pv_space_ask(space, PV_FACT_STANCE, stance);
	}
	for (int f = 0; f < 2; f++) {
		const char *const form[] = {pv_form_names[f], NULL};
		asked->form[f] = pv_space_ask(space, PV_FACT_FORM, form);
	}
	for (size_t i = 0; i < space->policy->n_folds; i++) {
		const char *const platform[] = {space->policy->folds[i].platform, NULL};
		pv_space_ask(space, PV_FACT_PLATFORM, platform);
	}
	return !space->arena.failed;
}

/* ---- an answer ---------------------------------------------------------------------------------------- */

static int by_severity(const void *a, const void *b)
{
	const struct pv_analysis_finding *const *one = a, *const *two = b;
	if ((*one)->severity != (*two)->severity)
		return (*one)->severity == PV_SEVERITY_PROBLEM ? -1 : 1;
	return *one < *two ? -1 : *one > *two;
}

/* Problems first; otherwise as they were found. */
static bool sort_findings(struct pv_asking *asking)
{
	struct pv_analysis_question *out = asking->out;
	size_t n = out->n_findings;
	if (n < 2)
		return true;
	const struct pv_analysis_finding **order =
		talloc_array(asking->scratch, const struct pv_analysis_finding *, n);
	struct pv_analysis_finding *sorted =
		pv_arena_array(&asking->arena, struct pv_analysis_finding, n);
	if (!order || !sorted)
		return false;
	for (size_t i = 0; i < n; i++)
		order[i] = &out->findings[i];
	qsort(order, n, sizeof *order, by_severity);
	for (size_t i = 0; i < n; i++)
		sorted[i] = *order[i];
	out->findings = sorted;
	return true;
}

static void say_sentence(struct pv_asking *asking, const struct asked_question *asked)
{
	struct pv_say *say = &asking->say;
	if (asking->out->n_findings == 0 && !asking->undecided) {
		pv_say_words(say, &asked->none);
		return;
	}
	if (asking->out->n_findings) {
		pv_say_int(say, (int64_t)asking->out->n_findings);
		pv_say(say, " ", " ");
		pv_say_words(say, asking->out->n_findings == 1 ? &asked->one : &asked->many);
	}
	if (asking->dropped)
		pv_say(say, " Il y en a davantage que ce qui est dit ici.",
			" There are more than are told here.");
	if (asking->undecided) {
		pv_say(say, " La réponse n'est pas complète\u00a0: elle n'est pas établie en ",
			" The answer is not complete: it is not decided within ");
		pv_say_int(say, (int64_t)asking->steps_max);
		pv_say(say, " pas.", " steps.");
	}
}

static bool answer(struct pv_asking *asking, int number, struct pv_analysis *analysis)
{
	const struct asked_question *asked = &questions[number];
	asking->out = &analysis->questions[number];
	asking->scratch = talloc_new(asking->mem);
	asking->steps = 0;
	asking->undecided = asking->dropped = false;
	if (!asking->scratch ||
		!pv_search_begin(&asking->search, asking->scratch, asking->space, 1, &asking->steps,
			asking->steps_max) ||
		!pv_search_begin(&asking->pair, asking->scratch, asking->space, 2, &asking->steps,
			asking->steps_max))
		return false;
	asked->answer(asking);
	say_sentence(asking, asked);
	struct pv_analysis_question *out = asking->out;
	out->number = number + 1;
	out->id = asked->id;
	out->question = asked->question;
	out->sentence = pv_say_cut(&asking->say, &asking->arena);
	out->answer = number == QUESTION_REPLAY              ? PV_ANALYSIS_NOT_APPLICABLE
		      : asking->undecided || asking->dropped ? PV_ANALYSIS_UNDECIDED
		      : out->n_findings                      ? PV_ANALYSIS_FOUND
							     : PV_ANALYSIS_NO_FINDING;
	analysis->complete &= out->answer != PV_ANALYSIS_UNDECIDED;
	bool good = sort_findings(asking) && !asking->search.arena.failed &&
		    !asking->pair.arena.failed && !asking->arena.failed;
	TALLOC_FREE(asking->scratch);
	return good;
}

static bool answer_guarantees(
	struct pv_asking *asking, const uint32_t *forms, struct pv_analysis *analysis)
{
	const struct pv_guarantees *guarantees = &asking->options->guarantees;
	analysis->guarantees =
		pv_arena_array(&asking->arena, struct pv_guarantee_answer, guarantees->n);
	for (size_t i = 0; analysis->guarantees && i < guarantees->n; i++) {
		struct pv_guarantee_answer *out = &analysis->guarantees[i];
		if (!pv_guarantee_try(asking->mem, guarantees->items[i], asking->space, forms[i],
			    asking->steps_max, out))
			return false;
		analysis->n_guarantees++;
		analysis->complete &= out->keeping != PV_GUARANTEE_UNDECIDED;
	}
	return analysis->guarantees != NULL;
}

static bool analyze(TALLOC_CTX *mem, TALLOC_CTX *scope, const struct pv_policy *policy,
	const struct pv_analysis_options *options, struct pv_analysis *analysis)
{
	struct pv_space space;
	struct pv_asked asked;
	uint32_t *forms = talloc_array(scope, uint32_t, options->guarantees.n + 1);
	if (!forms || !pv_space_begin(&space, scope, policy, options->at_us) ||
		!ask_forms(&space, &asked))
		return false;
	for (size_t i = 0; i < options->guarantees.n; i++)
		forms[i] = pv_space_form(&space, &options->guarantees.items[i]->facts, NULL, 0);
	if (!pv_space_end(&space))
		return false;
	struct pv_asking asking = {.mem = mem,
		.policy = policy,
		.options = options,
		.space = &space,
		.asked = &asked,
		.steps_max = options->steps_max ? options->steps_max : PV_ANALYSIS_STEPS_MAX,
		.arena.mem = mem};
	asking.examples = talloc_zero_array(scope, struct pv_witness, policy->n_rules + 1);
	if (!asking.examples)
		return false;
	pv_say_begin(&asking.say, scope, policy->zone, 0);
	for (int i = 0; i < PV_QUESTIONS; i++)
		if (!answer(&asking, i, analysis))
			return false;
	return answer_guarantees(&asking, forms, analysis);
}

enum pv_status pv_analyze(TALLOC_CTX *mem, const struct pv_policy *policy,
	const struct pv_analysis_options *options, struct pv_analysis **out, struct pv_error *error)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(mem);
	struct pv_analysis *analysis = talloc_zero(mem, struct pv_analysis);
	if (!scope || !analysis)
		return pv_fail_nomem(error);
	analysis->policy = policy->name;
	analysis->version = policy->version;
	analysis->complete = true;
	if (!analyze(analysis, scope, policy, options, analysis)) {
		talloc_free(analysis);
		return pv_fail_nomem(error);
	}
	*out = analysis;
	return PV_OK;
}

bool pv_analysis_clear(const struct pv_analysis *analysis)
{
	for (int q = 0; q < PV_QUESTIONS; q++) {
		const struct pv_analysis_question *question = &analysis->questions[q];
		for (size_t i = 0; i < question->n_findings; i++)
			if (question->findings[i].severity == PV_SEVERITY_PROBLEM)
				return false;
	}
	for (size_t i = 0; i < analysis->n_guarantees; i++)
		if (analysis->guarantees[i].keeping != PV_GUARANTEE_HOLDS)
			return false;
	return analysis->complete;
}
