/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Whose approval counts: a role, not one's own post, not a shared interest, of this version, fresh;
 * and in its turn, where the policy asks for several steps.
 */
#include "policy/findings.h"
#include "policy/judge.h"

static bool named(const struct pv_strs *by, const struct pv_str *roles, size_t n)
{
	for (size_t r = 0; r < n; r++)
		for (size_t i = 0; i < by->n; i++)
			if (pv_str_equal(pv_str(by->items[i]), roles[r]))
				return true;
	return false;
}

/*
 * A role lent by who is away counts as if they held it: not for what they wrote, nor where they
 * share the interest, or lending would be a way around both.
 */
static bool may_stand_in(struct pv_facts *facts, const struct pv_approvals *terms, struct pv_str of)
{
	const struct pv_case_person *lender = pv_facts_person(facts, of);
	return lender && !(terms->never_author && pv_str_equal(of, facts->c->author)) &&
	       !(terms->never_same_interest && pv_facts_shared_interest(facts, lender));
}

static bool lent_at(const struct pv_case_delegation *lent, int64_t at_us)
{
	if (at_us == PV_TIME_NONE)
		return true;
	return (lent->from_us == PV_TIME_NONE || lent->from_us <= at_us) &&
	       (lent->until_us == PV_TIME_NONE || at_us < lent->until_us);
}

/* `at_us` is when they approve; PV_TIME_NONE: whenever that is. */
static bool has_role(struct pv_facts *facts, const struct pv_approvals *terms,
	const struct pv_strs *by, const struct pv_case_person *person, int64_t at_us)
{
	if (!person)
		return false;
	if (named(by, person->roles, person->n_roles))
		return true;
	for (size_t i = 0; i < person->n_delegations; i++) {
		const struct pv_case_delegation *lent = &person->delegations[i];
		if (lent_at(lent, at_us) && named(by, lent->roles, lent->n_roles) &&
			may_stand_in(facts, terms, lent->of))
			return true;
	}
	return false;
}

size_t pv_approval_steps(const struct pv_approvals *terms)
{
	return terms->n_then + 1;
}

struct pv_approval_step pv_approval_step(const struct pv_approvals *terms, size_t index)
{
	return index == 0 ? (struct pv_approval_step){.by = terms->by, .count = terms->count}
			  : terms->then[index - 1];
}

bool pv_may_approve(struct pv_facts *facts, const struct pv_approvals *terms,
	const struct pv_strs *by, const struct pv_case_person *person)
{
	return has_role(facts, terms, by, person, PV_TIME_NONE) &&
	       !(terms->never_author && pv_str_equal(person->id, facts->c->author)) &&
	       !(terms->never_same_interest && pv_facts_shared_interest(facts, person));
}

/* The first step that this person's roles serve; the number of steps when none. */
static size_t step_served(struct pv_facts *facts, const struct pv_approvals *terms,
	const struct pv_case_person *person, int64_t at_us)
{
	size_t steps = pv_approval_steps(terms);
	for (size_t i = 0; i < steps; i++) {
		struct pv_approval_step step = pv_approval_step(terms, i);
		if (has_role(facts, terms, &step.by, person, at_us))
			return i;
	}
	return steps;
}

/* Everything but its turn. */
static enum pv_approval_fate fate_alone(struct pv_facts *facts, const struct pv_approvals *terms,
	const struct pv_case_approval *approval, const struct pv_case_person *person)
{
	const struct pv_case *c = facts->c;
	if (terms->never_author && pv_str_equal(approval->by, c->author))
		return PV_APPROVAL_AUTHOR;
	if (step_served(facts, terms, person, approval->at_us) == pv_approval_steps(terms))
		return PV_APPROVAL_NO_ROLE;
	if (terms->never_same_interest && pv_facts_shared_interest(facts, person))
		return PV_APPROVAL_SAME_INTEREST;
	if (c->post.edited_at_us != PV_TIME_NONE && approval->at_us <= c->post.edited_at_us)
		return PV_APPROVAL_BEFORE_EDIT;
	if (approval->at_us > c->at_us)
		return PV_APPROVAL_LATER;
	/* read twice, the earliest moment that still counts is the later one: approvals lapse sooner */
	if (terms->has_valid &&
		approval->at_us < pv_window_start(facts, &terms->valid, PV_ZONE_LATER))
		return PV_APPROVAL_EXPIRED;
	return PV_APPROVAL_COUNTS;
}

/* The approvals in the order in which they were given; almost always they stand so already. */
static size_t *in_order(struct pv_facts *facts)
{
	const struct pv_case *c = facts->c;
	size_t *order = pv_arena_array(&facts->arena, size_t, c->n_approvals);
	for (size_t i = 0; order && i < c->n_approvals; i++) {
		size_t at = i;
		for (; at > 0 && c->approvals[order[at - 1]].at_us > c->approvals[i].at_us; at--)
			order[at] = order[at - 1];
		order[at] = i;
	}
	return order;
}

static void open_step(struct pv_approvals_stand *stand, const struct pv_approvals *terms)
{
	stand->step = pv_approval_step(terms, stand->number - 1);
	stand->missing = stand->step.count;
}

/* One more approval that counts but for its turn. */
static enum pv_approval_fate take_turn(struct pv_facts *facts, const struct pv_approvals *terms,
	const struct pv_case_person *person, int64_t at_us, struct pv_approvals_stand *stand)
{
	bool now = stand->missing > 0 && has_role(facts, terms, &stand->step.by, person, at_us);
	if (!now && step_served(facts, terms, person, at_us) >= stand->number)
		return PV_APPROVAL_NOT_YET;
	if (!now)
		return PV_APPROVAL_COUNTS; /* one more than an earlier step needed */
	if (--stand->missing == 0 && stand->number < stand->steps) {
		stand->number++;
		open_step(stand, terms);
	}
	return PV_APPROVAL_COUNTS;
}

static bool counted_before(const struct pv_case *c, const struct pv_approvals_stand *stand,
	const size_t *order, size_t k)
{
	for (size_t i = 0; i < k; i++)
		if (stand->fates[order[i]] == PV_APPROVAL_COUNTS &&
			pv_str_equal(c->approvals[order[i]].by, c->approvals[order[k]].by))
			return true;
	return false;
}

void pv_approvals_read(
	struct pv_facts *facts, const struct pv_approvals *terms, struct pv_approvals_stand *out)
{
	const struct pv_case *c = facts->c;
	*out = (struct pv_approvals_stand){.number = 1, .steps = pv_approval_steps(terms)};
	open_step(out, terms);
	if (c->n_approvals == 0)
		return;
	size_t *order = in_order(facts);
	out->fates = pv_arena_array(&facts->arena, enum pv_approval_fate, c->n_approvals);
	for (size_t k = 0; order && out->fates && k < c->n_approvals; k++) {
		const struct pv_case_approval *approval = &c->approvals[order[k]];
		const struct pv_case_person *person = pv_facts_person(facts, approval->by);
		enum pv_approval_fate fate = fate_alone(facts, terms, approval, person);
		if (fate == PV_APPROVAL_COUNTS && !counted_before(c, out, order, k))
			fate = take_turn(facts, terms, person, approval->at_us, out);
		out->fates[order[k]] = fate;
	}
}

bool pv_approved(struct pv_facts *facts, const struct pv_approvals *terms)
{
	struct pv_approvals_stand stand;
	if (facts->c->n_approvals == 0 || terms->by.n == 0)
		return false;
	pv_approvals_read(facts, terms, &stand);
	return stand.missing == 0;
}
