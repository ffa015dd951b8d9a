/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What would bring the post nearer to publication, and who can do it. */
#include "policy/trial.h"

struct pv_remedy *pv_trial_remedy(
	struct pv_trial *trial, enum pv_remedy_act act, const struct pv_remark *remark)
{
	struct pv_judgement *out = trial->out;
	struct pv_remedy *remedies = pv_arena_more(
		&trial->facts.arena, out->remedies, out->n_remedies, sizeof *remedies);
	if (!remedies)
		return NULL;
	out->remedies = remedies;
	struct pv_remedy *remedy = &remedies[out->n_remedies++];
	*remedy =
		(struct pv_remedy){.act = act, .rule = remark->rule, .not_before_us = PV_TIME_NONE};
	return remedy;
}

void pv_trial_remedy_words(struct pv_trial *trial, struct pv_remedy *remedy)
{
	remedy->words = pv_say_cut(&trial->say, &trial->facts.arena);
}

enum pv_verdict pv_trial_if_declared(struct pv_trial *trial, enum pv_fact fact, const char *value)
{
	const struct pv_fact_space *space = &trial->facts.policy->space;
	struct pv_trial other = {.facts = trial->facts, .in_force = trial->in_force};
	uint64_t *bits = pv_arena_array(&other.facts.arena, uint64_t, space->n_words);
	if (!bits)
		return trial->decision.verdict;
	memcpy(bits, trial->facts.bits, space->n_words * sizeof *bits);
	pv_facts_declare(space, bits, fact, pv_str(value));
	other.facts.bits = bits;
	enum pv_verdict verdict = trial->decision.verdict;
	if (pv_trial_decide(&other, NULL) == PV_OK)
		verdict = other.decision.verdict;
	trial->facts.arena = other.facts.arena; /* what was allocated meanwhile stays allocated */
	return verdict;
}

/* ---- approvals ------------------------------------------------------------------------------- */

static bool already_counts(
	const struct pv_case *c, const struct pv_approvals_stand *stand, struct pv_str person)
{
	for (size_t i = 0; stand->fates && i < c->n_approvals; i++)
		if (stand->fates[i] == PV_APPROVAL_COUNTS &&
			pv_str_equal(c->approvals[i].by, person))
			return true;
	return false;
}

static void list_people(struct pv_trial *trial, const struct pv_approvals *terms,
	const struct pv_approvals_stand *stand, struct pv_remedy *remedy)
{
	const struct pv_case *c = trial->facts.c;
	const char **people = pv_arena_array(&trial->facts.arena, const char *, c->n_people);
	for (size_t i = 0; people && i < c->n_people; i++)
		if (pv_may_approve(&trial->facts, terms, &stand->step.by, &c->people[i]) &&
			!already_counts(c, stand, c->people[i].id))
			people[remedy->n_people++] = pv_trial_text(trial, c->people[i].id);
	remedy->people = people;
}

static void say_roles(struct pv_say *say, const struct pv_strs *roles)
{
	for (size_t i = 0; i < roles->n; i++) {
		pv_say_or(say, i, roles->n);
		pv_say_quoted_same(say, pv_str(roles->items[i]));
	}
}

/* "Léa peut approuver (14 jours de validité)" */
static void say_approval(struct pv_trial *trial, const struct pv_approvals *terms,
	const struct pv_approvals_stand *stand, const struct pv_remedy *remedy)
{
	const struct pv_case *c = trial->facts.c;
	struct pv_say *say = &trial->say;
	if (remedy->count > 1) {
		pv_say(say, "Il faut encore ", "It still takes ");
		pv_say_int(say, remedy->count);
		pv_say(say, " approbations de personnes différentes (",
			" approvals from different people (");
		say_roles(say, &stand->step.by);
		pv_say(say, ")", ")");
	} else if (remedy->n_people > 0) {
		for (size_t i = 0; i < remedy->n_people; i++) {
			pv_say_or(say, i, remedy->n_people);
			pv_say_person(say, c, pv_str(remedy->people[i]));
		}
		pv_say(say, " peut approuver", " can approve");
	} else {
		if (c->n_approvals > 0)
			pv_say(say, "Une autre personne qui a le rôle ",
				"Another person with the role ");
		else
			pv_say(say, "Une personne qui a le rôle ", "A person with the role ");
		say_roles(say, &stand->step.by);
		pv_say(say, " peut approuver", " can approve");
	}
	if (remedy->steps) {
		pv_say(say, ", étape ", ", step ");
		pv_say_int(say, remedy->step);
		pv_say(say, " sur ", " of ");
		pv_say_int(say, remedy->steps);
	}
	if (terms->has_valid) {
		pv_say(say, " (", " (valid ");
		pv_say_duration(say, &terms->valid);
		pv_say(say, " de validité)", ")");
	}
}

static void ask_approval(
	struct pv_trial *trial, const struct pv_approvals *terms, const struct pv_remark *remark)
{
	struct pv_approvals_stand stand;
	struct pv_remedy *remedy = pv_trial_remedy(trial, PV_REMEDY_ASK_APPROVAL, remark);
	if (!remedy)
		return;
	pv_approvals_read(&trial->facts, terms, &stand);
	remedy->roles = stand.step.by.items;
	remedy->n_roles = stand.step.by.n;
	remedy->count = stand.missing;
	if (stand.steps > 1) {
		remedy->step = (int64_t)stand.number;
		remedy->steps = (int64_t)stand.steps;
	}
	list_people(trial, terms, &stand, remedy);
	say_approval(trial, terms, &stand, remedy);
	pv_trial_remedy_words(trial, remedy);
}

bool pv_trial_remedies(struct pv_trial *trial)
{
	struct pv_judgement *out = trial->out;
	for (size_t i = 0; i < out->n_remarks; i++) {
		const struct pv_remark *remark = &out->remarks[i];
		if (remark->status != PV_REMARK_DECIDES && remark->status != PV_REMARK_ALSO)
			continue;
		if (remark->said == PV_VERDICT_ALLOW)
			continue;
		const struct pv_rule *rule = pv_trial_rule(trial, remark);
		if (remark->said == PV_VERDICT_APPROVE)
			ask_approval(trial,
				rule ? &rule->approvals : &trial->facts.policy->approvals, remark);
		if (rule)
			pv_remedies_of_rule(trial, remark);
	}
	return !trial->facts.arena.failed;
}
