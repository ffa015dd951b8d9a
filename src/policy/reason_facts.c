/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Why a condition holds, said of the post: ties found, topics heard, what is declared. */
#include "policy/trial.h"

static const struct pv_words origins[PV_ORIGINS] = {
	[PV_ORIGIN_UNKNOWN] = {"un contenu de provenance non déclarée",
		"content of undeclared origin"},
	[PV_ORIGIN_OWN_CREATION] = {"votre propre création", "your own creation"},
	[PV_ORIGIN_ORGANISATION] = {"une réalisation de l'organisation",
		"the organisation's own work"},
	[PV_ORIGIN_CLIENT] = {"un contenu d'un client", "a client's content"},
	[PV_ORIGIN_PARTNER] = {"un contenu d'un partenaire", "a partner's content"},
	[PV_ORIGIN_THIRD_PARTY] = {"un contenu d'un tiers", "third-party content"},
};

static const struct pv_words interests[PV_INTERESTS] = {
	[PV_INTEREST_UNKNOWN] = {"une publication au motif non déclaré",
		"a post of undeclared purpose"},
	[PV_INTEREST_PROJECT] = {"un projet de l'organisation", "an organisational project"},
	[PV_INTEREST_ORG_FAVOURITE] = {"un coup de cœur de l'organisation",
		"the organisation's favourite"},
	[PV_INTEREST_PERSONAL_FAVOURITE] = {"un coup de cœur personnel", "a personal favourite"},
	[PV_INTEREST_COMMERCIAL] = {"une publication commerciale", "a commercial post"},
};

static const struct pv_words declared_ties[PV_RELATIONS] = {
	[PV_RELATION_AUTHOR] = {"c'est votre création", "it is your own creation"},
	[PV_RELATION_OWNER] = {"l'entreprise vous appartient", "you own the business"},
	[PV_RELATION_EMPLOYEE] = {"c'est votre employeur", "it is your employer"},
	[PV_RELATION_CLIENT] = {"c'est un client", "it is a client"},
	[PV_RELATION_FAMILY] = {"c'est un proche", "it is a relative"},
	[PV_RELATION_PAID] = {"c'est rémunéré", "it is paid for"},
	[PV_RELATION_GIFTED] = {"c'est un cadeau", "it is a gift"},
};

const struct pv_words *pv_origin_words(enum pv_origin origin)
{
	return &origins[origin];
}

const struct pv_words *pv_interest_words(enum pv_interest interest)
{
	return &interests[interest];
}

static const struct pv_line *line_of(const struct pv_rule *rule, enum pv_fact fact)
{
	for (size_t i = 0; i < rule->when.n_lines; i++)
		if (rule->when.lines[i].fact == fact)
			return &rule->when.lines[i];
	return NULL;
}

static bool asks(const struct pv_line *line, const char *value)
{
	for (size_t i = 0; line && i < line->values.n; i++)
		if (strcmp(line->values.items[i], value) == 0 ||
			strcmp(line->values.items[i], "any") == 0)
			return true;
	return false;
}

/* Ties of the relations that a line asks; true when one made it hold. */
static bool say_ties(struct pv_trial *trial, const struct pv_line *line, bool creations)
{
	bool said = false;
	for (size_t i = 0; i < trial->facts.n_ties; i++) {
		const struct pv_tie_found *tie = &trial->facts.ties[i];
		bool creation = tie->of_author && tie->tie->relation == PV_RELATION_AUTHOR;
		if (!asks(line, pv_relation_names[tie->tie->relation]) && !(creations && creation))
			continue;
		pv_reason_tie(trial, tie);
		said = true;
	}
	return said;
}

/* A relation that no register shows: declared, or following from what is. */
static void say_declared_ties(struct pv_trial *trial, const struct pv_line *line)
{
	const struct pv_case_declared *declared = &trial->facts.c->declared;
	for (int r = 0; r < PV_RELATIONS; r++) {
		bool found = false;
		for (size_t i = 0; i < trial->facts.n_ties; i++)
			found |= trial->facts.ties[i].tie->relation == (enum pv_relation)r;
		if (found || !(trial->facts.relation >> r & 1) || !asks(line, pv_relation_names[r]))
			continue;
		struct pv_evidence *e = pv_trial_evidence(trial, PV_EVIDENCE_FACT);
		if (!e)
			return;
		e->field = "relation";
		e->value = pv_relation_names[r];
		if (r == PV_RELATION_PAID && declared->sponsored)
			pv_say(&trial->say, "La publication est commanditée",
				"The post is sponsored");
		else if (r == PV_RELATION_AUTHOR && declared->origin == PV_ORIGIN_OWN_CREATION)
			pv_say(&trial->say, "Vous déclarez votre propre création",
				"You declare your own creation");
		else if (r == PV_RELATION_CLIENT && declared->origin == PV_ORIGIN_CLIENT)
			pv_say(&trial->say, "Vous déclarez un contenu d'un client",
				"You declare a client's content");
		else {
			pv_say(&trial->say, "Vous déclarez un lien\u00a0: ", "You declare a tie: ");
			pv_say_words(&trial->say, &declared_ties[r]);
		}
		pv_trial_clause(trial, e);
	}
}

void pv_reason_ties(struct pv_trial *trial, const struct pv_rule *rule)
{
	const struct pv_line *line = line_of(rule, PV_FACT_RELATION);
	if (!line)
		return;
	say_ties(trial, line, false);
	say_declared_ties(trial, line);
}

static void say_topics(struct pv_trial *trial, const struct pv_line *line)
{
	const struct pv_facts *facts = &trial->facts;
	for (size_t i = 0; i < facts->n_topics; i++) {
		const struct pv_topic_found *topic = &facts->topics[i];
		if (!asks(line, topic->topic->id))
			continue;
		struct pv_evidence *e = pv_trial_evidence(trial, PV_EVIDENCE_WORD);
		if (!e)
			return;
		struct pv_str written = pv_prose_slice(
			pv_facts_prose(facts, topic->media), topic->match.start, topic->match.end);
		e->found = true;
		pv_trial_place(trial, e, topic->media, topic->match.start, topic->match.end);
		e->written = pv_trial_text(trial, written);
		e->field = "topic";
		e->value = topic->topic->id;
		pv_say(&trial->say, "Vous écrivez ", "You write ");
		pv_say_quoted_same(&trial->say, written);
		pv_trial_clause(trial, e);
	}
	for (size_t i = 0; i < facts->c->declared.n_topic; i++) {
		char *id = pv_arena_text(&trial->facts.arena, facts->c->declared.topic[i]);
		struct pv_evidence *e =
			id && asks(line, id) ? pv_trial_evidence(trial, PV_EVIDENCE_FACT) : NULL;
		if (!e)
			continue;
		e->field = "topic";
		e->value = id;
		pv_say(&trial->say, "Le sujet déclaré est ", "The declared topic is ");
		pv_say_quoted_same(&trial->say, facts->c->declared.topic[i]);
		pv_trial_clause(trial, e);
	}
}

static void fact_evidence(
	struct pv_trial *trial, enum pv_fact fact, const char *value, const struct pv_words *words)
{
	struct pv_evidence *e = pv_trial_evidence(trial, PV_EVIDENCE_FACT);
	if (!e)
		return;
	e->field = pv_fact_names[fact];
	e->value = value;
	e->words = *words;
}

/* The nouns of "C'est … et …": interest, origin, and a kind of post worth telling. */
static size_t gather_nouns(struct pv_trial *trial, const struct pv_rule *rule, bool tie_said,
	const struct pv_words *nouns[3])
{
	static const struct pv_words share = {"un partage", "a share"};
	static const struct pv_words reply = {"une réponse", "a reply"};
	static const struct pv_words live = {"une réponse en direct", "a live reply"};
	const struct pv_facts *facts = &trial->facts;
	enum pv_interest interest = facts->c->declared.interest;
	size_t n = 0;
	if (line_of(rule, PV_FACT_INTEREST)) {
		nouns[n++] = &interests[interest];
		fact_evidence(
			trial, PV_FACT_INTEREST, pv_interest_names[interest], &interests[interest]);
	}
	if (line_of(rule, PV_FACT_ORIGIN) && !tie_said) {
		nouns[n++] = &origins[facts->origin];
		fact_evidence(trial, PV_FACT_ORIGIN, pv_origin_names[facts->origin],
			&origins[facts->origin]);
	}
	bool kind = line_of(rule, PV_FACT_KIND), form = line_of(rule, PV_FACT_FORM);
	if (kind && facts->c->post.kind != PV_POST)
		nouns[n++] = facts->c->post.kind == PV_SHARE ? &share : &reply;
	else if (form && !facts->is_static)
		nouns[n++] = &live;
	return n;
}

static void say_modifiers(struct pv_trial *trial, const struct pv_rule *rule)
{
	const struct pv_case_declared *declared = &trial->facts.c->declared;
	if (line_of(rule, PV_FACT_HUMAN) && declared->human) {
		bool consent = line_of(rule, PV_FACT_CONSENT) != NULL;
		if (consent && (declared->human >> PV_HUMAN_FACES & 1))
			pv_say(&trial->say, " où des visages se reconnaissent",
				" where faces can be recognised");
		else if (consent)
			pv_say(&trial->say, " avec un témoignage", " with a testimony");
		else
			pv_say(&trial->say, " à caractère humain", " of human character");
	}
	if (line_of(rule, PV_FACT_CONSENT) && !declared->consent)
		pv_say(&trial->say, ", et le consentement n'est pas noté",
			", and consent is not recorded");
	if (line_of(rule, PV_FACT_SPONSORED)) {
		if (declared->sponsored)
			pv_say(&trial->say, ", commandité", ", sponsored");
		else
			pv_say(&trial->say, ", que personne ne paie", ", that nobody pays for");
	}
	if (line_of(rule, PV_FACT_RELEVANCE)) {
		if (declared->relevance == PV_RELEVANCE_PUBLIC)
			pv_say(&trial->say, ", d'intérêt public", ", of public relevance");
		else if (declared->relevance == PV_RELEVANCE_MEMBERS)
			pv_say(&trial->say, ", réservé aux membres", ", for members only");
		else if (declared->relevance == PV_RELEVANCE_PRIVATE)
			pv_say(&trial->say, ", d'intérêt privé", ", of private relevance");
	}
}

static void say_stance(struct pv_trial *trial)
{
	static const struct pv_words stances[PV_STANCES] = {
		[PV_STANCE_NONE] = {"C'est ce compte", "It is this account"},
		[PV_STANCE_ORGANISATION] = {"C'est un compte de l'organisation",
			"It is the organisation's account"},
		[PV_STANCE_PERSONAL] = {"C'est un compte personnel", "It is a personal account"},
		[PV_STANCE_HOSTED] = {"C'est une communauté d'autrui",
			"It is someone else's community"},
	};
	struct pv_evidence *e = pv_trial_evidence(trial, PV_EVIDENCE_FACT);
	if (!e)
		return;
	e->field = "stance";
	e->value = pv_stance_names[trial->facts.stance];
	pv_say_words(&trial->say, &stances[trial->facts.stance]);
	pv_trial_clause(trial, e);
}

void pv_reason_facts(struct pv_trial *trial, const struct pv_rule *rule)
{
	const struct pv_line *relation = line_of(rule, PV_FACT_RELATION);
	const struct pv_line *topic = line_of(rule, PV_FACT_TOPIC);
	bool creation = asks(line_of(rule, PV_FACT_ORIGIN), "own_creation") &&
			trial->facts.origin == PV_ORIGIN_OWN_CREATION;
	bool tie_said = say_ties(trial, relation, creation) && creation;
	if (relation)
		say_declared_ties(trial, relation);
	if (topic)
		say_topics(trial, topic);
	const struct pv_words *nouns[3];
	size_t n = gather_nouns(trial, rule, tie_said, nouns);
	bool modified = line_of(rule, PV_FACT_HUMAN) || line_of(rule, PV_FACT_CONSENT) ||
			(line_of(rule, PV_FACT_SPONSORED) && !tie_said) ||
			line_of(rule, PV_FACT_RELEVANCE);
	if (n || modified) {
		pv_say(&trial->say, "C'est ", "This is ");
		for (size_t i = 0; i < n; i++) {
			pv_say_and(&trial->say, i, n);
			pv_say_words(&trial->say, nouns[i]);
		}
		if (n == 0)
			pv_say(&trial->say, "une publication", "a post");
		say_modifiers(trial, rule);
		pv_trial_clause(trial, NULL);
	} else if (pv_say_empty(&trial->reason)) {
		say_stance(trial);
	}
}

/* ---- approvals ------------------------------------------------------------------------------- */

/* The roles of every step. */
static void say_all_roles(struct pv_trial *trial, const struct pv_approvals *terms)
{
	size_t steps = pv_approval_steps(terms), n = 0, at = 0;
	for (size_t s = 0; s < steps; s++)
		n += pv_approval_step(terms, s).by.n;
	for (size_t s = 0; s < steps; s++) {
		struct pv_approval_step step = pv_approval_step(terms, s);
		for (size_t i = 0; i < step.by.n; i++) {
			pv_say_or(&trial->say, at++, n);
			pv_say_quoted_same(&trial->say, pv_str(step.by.items[i]));
		}
	}
}

static void say_fate(struct pv_trial *trial, const struct pv_approvals *terms, struct pv_str by,
	enum pv_approval_fate fate)
{
	const struct pv_case *c = trial->facts.c;
	struct pv_say *say = &trial->say;
	if (fate == PV_APPROVAL_COUNTS) {
		pv_say(say, "Approbation retenue\u00a0: ", "Approval counted: ");
		pv_say_person(say, c, by);
		return;
	}
	if (fate == PV_APPROVAL_AUTHOR) {
		pv_say(say,
			"Votre approbation n'est pas retenue\u00a0: personne n'approuve sa propre "
			"publication",
			"Your approval is not counted: nobody approves their own post");
		return;
	}
	pv_buf_text(&say->fr, "L'approbation ");
	pv_say_of_person_fr(say, c, by);
	size_t fr = say->fr.size;
	pv_say_person(say, c, by);
	say->fr.size = fr;
	pv_say(say, " n'est pas retenue\u00a0: ", "'s approval is not counted: ");
	switch (fate) {
	case PV_APPROVAL_NO_ROLE:
		pv_say(say, "il y faut le rôle ", "it takes the role ");
		say_all_roles(trial, terms);
		break;
	case PV_APPROVAL_NOT_YET:
		pv_say(say, "l'étape d'avant n'était pas accomplie",
			"the step before it was not complete");
		break;
	case PV_APPROVAL_SAME_INTEREST:
		pv_say_person(say, c, by);
		pv_say(say, " partage cet intérêt", " shares the interest");
		break;
	case PV_APPROVAL_BEFORE_EDIT:
		pv_say(say, "le texte a changé depuis", "the text has changed since");
		break;
	case PV_APPROVAL_LATER:
		pv_say(say, "elle est datée d'après la publication",
			"it is dated after publication");
		break;
	default:
		pv_say(say, "elle date de plus de ", "it is more than ");
		pv_say_duration(say, &terms->valid);
		pv_say(say, "", " old");
		break;
	}
}

void pv_reason_approvals(struct pv_trial *trial, const struct pv_approvals *terms, bool met)
{
	const struct pv_case *c = trial->facts.c;
	struct pv_approvals_stand stand;
	pv_approvals_read(&trial->facts, terms, &stand);
	for (size_t i = 0; stand.fates && i < c->n_approvals; i++) {
		if (met && stand.fates[i] != PV_APPROVAL_COUNTS)
			continue;
		struct pv_evidence *e = pv_trial_evidence(trial, PV_EVIDENCE_APPROVAL);
		if (!e)
			return;
		e->person = pv_trial_text(trial, c->approvals[i].by);
		e->fate = stand.fates[i];
		e->until_us = c->approvals[i].at_us;
		say_fate(trial, terms, c->approvals[i].by, e->fate);
		bool again = false;
		for (size_t k = 0; k < i; k++)
			again |= pv_str_equal(c->approvals[k].by, c->approvals[i].by) &&
				 stand.fates[k] == stand.fates[i];
		if (again)
			pv_trial_phrase(trial, e);
		else
			pv_trial_clause(trial, e);
	}
}
