/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Question 5: who writes and who approves, and is there always somebody left to do it? */
#include "policy/analysis/question.h"

#include "base/mem.h"

/* One set of terms, and the rules that go by it; "default" is the bit behind the last rule. */
struct terms {
	const struct pv_approvals *terms;
	pv_rule_bits rules;
	bool otherwise;
};

struct approving {
	struct pv_asking *asking;
	const struct terms *terms;
	struct pv_witness witness;
};

static bool same_terms(const struct pv_approvals *a, const struct pv_approvals *b)
{
	if (a->count != b->count || a->never_author != b->never_author || a->by.n != b->by.n ||
		a->never_same_interest != b->never_same_interest)
		return false;
	for (size_t i = 0; i < a->by.n; i++)
		if (strcmp(a->by.items[i], b->by.items[i]) != 0)
			return false;
	return true;
}

/* The author's own approval is enough: somebody asks it, and with it the post may go. */
static enum pv_tri approves_oneself(
	const struct pv_search *search, void *state, struct pv_pick *pick)
{
	static const struct pv_world approved = {.approved = true};
	static const struct pv_world alone;
	const struct approving *approving = state;
	const struct pv_policy *policy = approving->asking->policy;
	struct pv_pick next;
	enum pv_tri is = pv_verdict_at_least(search, 0, &alone, PV_VERDICT_APPROVE, pick);
	if (is != PV_NO)
		is = pv_also(is, pick,
			pv_verdict_at_most(search, 0, &approved, PV_VERDICT_WARN, &next), &next);
	/* of these terms alone */
	for (size_t i = 0; i < policy->n_rules && is != PV_NO; i++) {
		if (policy->rules[i].then != PV_VERDICT_APPROVE ||
			pv_bit(approving->terms->rules, i))
			continue;
		enum pv_tri lives = pv_rule_lives(search, 0, &alone, i, &next);
		is = pv_also(is, pick,
			lives == PV_YES  ? PV_NO
			: lives == PV_NO ? PV_YES
					 : PV_OPEN,
			&next);
	}
	return is;
}

static bool make(const struct pv_search *search, void *state)
{
	struct approving *approving = state;
	struct pv_asking *asking = approving->asking;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(asking->scratch);
	static const struct pv_wanted wanted = {.self_approved = true};
	struct pv_built built;
	struct pv_witness witness;
	if (!scope || !pv_build(scope, search, 0, &wanted, &built) || built.changed ||
		built.c.n_approvals == 0 ||
		!pv_witness_of(asking->mem, asking->policy, &built.c, &witness) ||
		witness.verdict > PV_VERDICT_WARN)
		return false;
	approving->witness = witness;
	return true;
}

static void say_roles(struct pv_say *say, const struct pv_approvals *terms)
{
	for (size_t i = 0; i < terms->by.n; i++) {
		pv_say_or(say, i, terms->by.n);
		pv_say_id(say, terms->by.items[i]);
	}
}

static void look_at_author(struct pv_asking *asking, const struct terms *terms)
{
	struct approving approving = {.asking = asking, .terms = terms};
	if (terms->terms->never_author)
		return;
	if (terms->terms->count > 1) {
		pv_say(&asking->say, "L'approbation de qui écrit compte parmi les ",
			"The approval of whoever writes counts among the ");
		pv_say_int(&asking->say, terms->terms->count);
		pv_say(&asking->say, " qui sont demandées.", " that are asked.");
		pv_tell_bits(asking, "author_counts", PV_SEVERITY_REMARK, terms->rules);
		return;
	}
	if (!pv_seek_yes(asking, pv_seek(asking, approves_oneself, make, &approving)))
		return;
	pv_say(&asking->say,
		"Une seule personne peut écrire et approuver\u00a0: il suffit qu'elle ait aussi le "
		"rôle ",
		"A single person can write and approve: having the role too is enough: ");
	say_roles(&asking->say, terms->terms);
	pv_say(&asking->say, "; ajoutez « never: [author] ».", "; add \"never: [author]\".");
	struct pv_analysis_finding *finding =
		pv_tell_bits(asking, "approves_oneself", PV_SEVERITY_PROBLEM, terms->rules);
	if (finding)
		finding->witness = approving.witness;
}

static void look_at_interest(struct pv_asking *asking, const struct terms *terms)
{
	if (terms->terms->never_same_interest)
		return;
	pv_say(&asking->say,
		"Une personne qui a inscrit le même intérêt peut approuver\u00a0: rien ne "
		"l'écarte.",
		"A person who entered the same interest may approve: nothing sets them aside.");
	pv_tell_bits(asking, "shares_the_interest", PV_SEVERITY_REMARK, terms->rules);
}

/* ---- enough people -------------------------------------------------------------------------------- */

static bool has_role(const struct pv_approvals *terms, const struct pv_case_person *person)
{
	for (size_t r = 0; r < person->n_roles; r++)
		for (size_t i = 0; i < terms->by.n; i++)
			if (pv_str_equal(pv_str(terms->by.items[i]), person->roles[r]))
				return true;
	return false;
}

static bool ties_to(const struct pv_case_person *person, struct pv_str domain)
{
	for (size_t t = 0; t < person->n_interests; t++)
		for (size_t d = 0; d < person->interests[t].n_domains; d++)
			if (pv_str_equal(person->interests[t].domains[d], domain))
				return true;
	return false;
}

static void say_left(struct pv_asking *asking, const struct terms *terms, int64_t left)
{
	pv_say(&asking->say, "\u00a0: il reste ", ": there remain ");
	pv_say_int(&asking->say, left);
	pv_say(&asking->say, " personne(s) pour ", " for the ");
	pv_say_int(&asking->say, terms->terms->count);
	pv_say(&asking->say, " demandée(s), au rôle ", " asked, with the role ");
	say_roles(&asking->say, terms->terms);
	pv_say(&asking->say, ".", ".");
}

/* An interest that too many approvers have entered. */
static void look_at_ties(struct pv_asking *asking, const struct terms *terms,
	const struct pv_case_person *person, int64_t eligible)
{
	const struct pv_analysis_options *options = asking->options;
	for (size_t t = 0; t < person->n_interests; t++)
		for (size_t d = 0; d < person->interests[t].n_domains; d++) {
			struct pv_str domain = person->interests[t].domains[d];
			int64_t tied = 0;
			bool first = true;
			for (size_t p = 0; p < options->n_people; p++) {
				const struct pv_case_person *other = &options->people[p];
				bool ties = has_role(terms->terms, other) && ties_to(other, domain);
				first &= !ties || tied > 0 || other == person;
				tied += ties;
			}
			if (!first || tied == 0 || eligible - tied >= terms->terms->count)
				continue;
			pv_say(&asking->say, "Sur ce qui mène à ", "On what leads to ");
			pv_say_same(&asking->say, domain);
			pv_say(&asking->say, ", les personnes du même intérêt sont écartées",
				", the people with the same interest are set aside");
			say_left(asking, terms, eligible - tied);
			pv_tell_bits(asking, "interest_leaves_too_few", PV_SEVERITY_REMARK,
				terms->rules);
		}
}

static void look_at_people(struct pv_asking *asking, const struct terms *terms)
{
	const struct pv_analysis_options *options = asking->options;
	int64_t eligible = 0;
	for (size_t p = 0; p < options->n_people; p++)
		eligible += has_role(terms->terms, &options->people[p]);
	if (eligible < terms->terms->count) {
		pv_say(&asking->say, "Trop peu de personnes peuvent approuver",
			"Too few people can approve");
		say_left(asking, terms, eligible);
		pv_tell_bits(asking, "too_few_approvers", PV_SEVERITY_PROBLEM, terms->rules);
		return;
	}
	for (size_t p = 0; p < options->n_people; p++) {
		const struct pv_case_person *person = &options->people[p];
		if (!has_role(terms->terms, person))
			continue;
		if (terms->terms->never_author && eligible - 1 < terms->terms->count) {
			pv_say(&asking->say, "Quand ", "When ");
			pv_say_same(&asking->say, person->id);
			pv_say(&asking->say, " écrit, trop peu de personnes peuvent approuver",
				" writes, too few people can approve");
			say_left(asking, terms, eligible - 1);
			pv_tell_bits(
				asking, "author_leaves_too_few", PV_SEVERITY_REMARK, terms->rules);
		}
		if (terms->terms->never_same_interest)
			look_at_ties(asking, terms, person, eligible);
	}
}

/* A policy names roles, not people: what the house must see to. */
static void tell_need(struct pv_asking *asking, const struct terms *terms)
{
	pv_say(&asking->say, "Il faut ", "It takes ");
	pv_say_int(&asking->say, terms->terms->count);
	if (terms->terms->count > 1)
		pv_say(&asking->say, " personnes au rôle ", " people with the role ");
	else
		pv_say(&asking->say, " personne au rôle ", " person with the role ");
	say_roles(&asking->say, terms->terms);
	if (terms->terms->never_author)
		pv_say(&asking->say, ", et une de plus si l'une d'elles écrit aussi",
			", and one more if one of them writes too");
	pv_say(&asking->say, "; la politique ne dit pas qui les a.",
		"; the policy does not say who has it.");
	struct pv_analysis_finding *finding =
		pv_tell_bits(asking, "approvers_needed", PV_SEVERITY_REMARK, terms->rules);
	if (finding)
		finding->count = terms->terms->count + terms->terms->never_author;
}

static size_t gather(struct pv_asking *asking, struct terms *out, size_t room)
{
	const struct pv_policy *policy = asking->policy;
	size_t n = 0;
	for (size_t i = 0; i <= policy->n_rules; i++) {
		bool otherwise = i == policy->n_rules;
		if ((otherwise ? policy->otherwise : policy->rules[i].then) != PV_VERDICT_APPROVE)
			continue;
		const struct pv_approvals *terms =
			otherwise ? &policy->approvals : &policy->rules[i].approvals;
		size_t t = 0;
		while (t < n && !same_terms(out[t].terms, terms))
			t++;
		if (t == room)
			continue;
		if (t == n)
			out[n++] = (struct terms){.terms = terms};
		if (otherwise)
			out[t].otherwise = true;
		else
			pv_bit_set(out[t].rules, i);
	}
	return n;
}

void pv_question_duties(struct pv_asking *asking)
{
	size_t room = asking->policy->n_rules + 1;
	struct terms *terms = talloc_array(asking->scratch, struct terms, room);
	if (!terms) {
		asking->arena.failed = true;
		return;
	}
	size_t n = gather(asking, terms, room);
	for (size_t i = 0; i < n; i++) {
		look_at_author(asking, &terms[i]);
		look_at_interest(asking, &terms[i]);
		if (asking->options->people)
			look_at_people(asking, &terms[i]);
		else
			tell_need(asking, &terms[i]);
	}
	talloc_free(terms);
}
