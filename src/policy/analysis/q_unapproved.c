/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Question 4: what can anyone publish without another person? One's own creation, what is paid for,
 * a client's, a relative's: on which account, and with or without the tie being told.
 */
#include "policy/analysis/question.h"

#include "base/mem.h"

enum { PATH_NONE, PATH_LABELLED, PATH_BARE };

struct passing {
	struct pv_asking *asking;
	enum pv_subject subject;
	bool bare; /* no disclosure is asked */
	struct pv_witness witness;
};

static enum pv_tri passes(const struct pv_search *search, void *state, struct pv_pick *pick)
{
	static const struct pv_world alone;
	const struct passing *passing = state;
	const struct pv_policy *policy = passing->asking->policy;
	uint32_t form = passing->asking->asked->subject[passing->subject];
	enum pv_tri is = pv_form_is(&search->copy[0], form);
	if (is == PV_OPEN)
		pv_pick_form(search, 0, form, pick);
	if (is == PV_NO)
		return PV_NO;
	/* every disclosure that lives is one that is asked: a world in which all of them fire */
	const struct pv_world untold = {.fire = policy->disclosing};
	struct pv_pick next;
	return pv_also(is, pick,
		pv_verdict_at_most(
			search, 0, passing->bare ? &untold : &alone, PV_VERDICT_WARN, &next),
		&next);
}

static bool make(const struct pv_search *search, void *state)
{
	struct passing *passing = state;
	struct pv_asking *asking = passing->asking;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(asking->scratch);
	static const struct pv_wanted wanted;
	struct pv_built built;
	struct pv_witness witness;
	if (!scope || !pv_build(scope, search, 0, &wanted, &built) || built.changed ||
		!pv_witness_of(asking->mem, asking->policy, &built.c, &witness) ||
		witness.verdict > PV_VERDICT_WARN)
		return false;
	passing->witness = witness;
	return true;
}

static enum pv_found seek(struct passing *passing, uint32_t account)
{
	struct pv_asking *asking = passing->asking;
	pv_search_reset(&asking->search);
	pv_search_fix(&asking->search, PV_VAR_ACCOUNT, account);
	return pv_search_run(&asking->search, passes, make, passing);
}

static const struct pv_words subjects[PV_SUBJECTS] = {
	[PV_SUBJECT_OWN_CREATION] = {"Une création personnelle", "One's own creation"},
	[PV_SUBJECT_PAID] = {"Un contenu rémunéré", "Paid content"},
	[PV_SUBJECT_CLIENT] = {"Un contenu lié à un client", "Content tied to a client"},
	[PV_SUBJECT_FAMILY] = {"Un contenu lié à un proche", "Content tied to a relative"},
};
static const char *const kinds[PV_SUBJECTS] = {
	"own_creation_unapproved", "paid_unapproved", "client_unapproved", "family_unapproved"};

/* Answers how many the policy names. */
static size_t say_accounts(struct pv_asking *asking, const uint64_t *raw)
{
	const struct pv_space *space = asking->space;
	size_t n = 0, at = 0;
	for (uint32_t a = 0; a < space->n_accounts; a++)
		n += pv_bit(raw, a) && space->accounts[a].named;
	if (n)
		pv_say(&asking->say, "sur ", "on ");
	for (uint32_t a = 0; a < space->n_accounts; a++)
		if (pv_bit(raw, a) && space->accounts[a].named) {
			pv_say_and(&asking->say, at++, n);
			pv_say_same(&asking->say, space->accounts[a].id);
		}
	if (n == 0)
		pv_say(&asking->say, "sur un compte que la politique ne nomme pas",
			"on an account that the policy does not name");
	return n;
}

static void tell(struct pv_asking *asking, enum pv_subject subject, int path, bool personal,
	const uint64_t *raw, const struct pv_witness *witness)
{
	pv_say_words(&asking->say, &subjects[subject]);
	pv_say(&asking->say, " peut paraître ", " can be published ");
	bool named = say_accounts(asking, raw) > 0;
	pv_say(&asking->say, " sans l'approbation d'une autre personne",
		" without another person's approval");
	if (path == PATH_BARE)
		pv_say(&asking->say, ", et sans que le lien soit dit.",
			", and without the tie being told.");
	else
		pv_say(&asking->say, ", pourvu que le lien soit dit.",
			", provided that the tie is told.");
	struct pv_analysis_finding *finding = pv_tell(asking, kinds[subject],
		path == PATH_BARE && !personal && named ? PV_SEVERITY_PROBLEM : PV_SEVERITY_REMARK,
		NULL, 0);
	if (finding)
		finding->witness = *witness;
}

/* Accounts of the same stance and the same answer are told together; the smallest post stands for them. */
struct group {
	uint64_t *raw;
	struct pv_witness witness;
	int cost;
};

static void note(struct pv_asking *asking, struct group *group, uint32_t account,
	const struct passing *passing)
{
	const struct pv_space *space = asking->space;
	const struct pv_variable *variable = &space->vars[PV_VAR_ACCOUNT];
	for (uint32_t a = 0; a < space->n_accounts; a++)
		if (variable->class_of[a] == account)
			pv_bit_set(group->raw, a);
	if (!group->witness.json || asking->search.best_cost < group->cost) {
		group->witness = passing->witness;
		group->cost = asking->search.best_cost;
	}
}

static void look_at(struct pv_asking *asking, enum pv_subject subject)
{
	const struct pv_space *space = asking->space;
	const struct pv_variable *variable = &space->vars[PV_VAR_ACCOUNT];
	struct group groups[PATH_BARE + 1][PV_STANCES] = {0};
	for (int p = 0; p <= PATH_BARE; p++)
		for (int s = 0; s < PV_STANCES; s++) {
			groups[p][s].raw = talloc_zero_array(
				asking->scratch, uint64_t, space->n_accounts / 64 + 1);
			if (!groups[p][s].raw) {
				asking->arena.failed = true;
				return;
			}
		}
	for (uint32_t a = 0; a < variable->n_values; a++) {
		const struct pv_space_account *account = &space->accounts[variable->values[a].raw];
		for (int path = PATH_BARE; path > PATH_NONE; path--) {
			struct passing passing = {
				.asking = asking, .subject = subject, .bare = path == PATH_BARE};
			if (!pv_seek_yes(asking, seek(&passing, a)))
				continue;
			note(asking, &groups[path][account->stance], a, &passing);
			break;
		}
	}
	for (int path = PATH_BARE; path > PATH_NONE; path--)
		for (int s = PV_STANCE_ORGANISATION; s < PV_STANCES; s++)
			if (groups[path][s].witness.json)
				tell(asking, subject, path, s == PV_STANCE_PERSONAL,
					groups[path][s].raw, &groups[path][s].witness);
}

void pv_question_unapproved(struct pv_asking *asking)
{
	for (int subject = 0; subject < PV_SUBJECTS; subject++)
		look_at(asking, (enum pv_subject)subject);
}
