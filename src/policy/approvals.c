/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Whose approval counts: a role, not one's own post, not a shared interest, of this version, fresh. */
#include "policy/findings.h"
#include "policy/judge.h"

static bool has_role(const struct pv_strs *by, const struct pv_case_person *person)
{
	for (size_t r = 0; person && r < person->n_roles; r++)
		for (size_t i = 0; i < by->n; i++)
			if (pv_str_equal(pv_str(by->items[i]), person->roles[r]))
				return true;
	return false;
}

bool pv_may_approve(struct pv_facts *facts, const struct pv_approvals *terms,
	const struct pv_case_person *person)
{
	return has_role(&terms->by, person) &&
	       !(terms->never_author && pv_str_equal(person->id, facts->c->author)) &&
	       !(terms->never_same_interest && pv_facts_shared_interest(facts, person));
}

int pv_approval_fate_of(struct pv_facts *facts, const struct pv_approvals *terms,
	const struct pv_case_approval *approval)
{
	const struct pv_case *c = facts->c;
	const struct pv_case_person *person = pv_facts_person(facts, approval->by);
	if (terms->never_author && pv_str_equal(approval->by, c->author))
		return PV_APPROVAL_AUTHOR;
	if (!has_role(&terms->by, person))
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

int pv_approvals_counted(struct pv_facts *facts, const struct pv_approvals *terms)
{
	const struct pv_case *c = facts->c;
	int people = 0;
	for (size_t i = 0; i < c->n_approvals; i++) {
		if (pv_approval_fate_of(facts, terms, &c->approvals[i]) != PV_APPROVAL_COUNTS)
			continue;
		bool again = false;
		for (size_t k = 0; k < i && !again; k++)
			again = pv_str_equal(c->approvals[k].by, c->approvals[i].by) &&
				pv_approval_fate_of(facts, terms, &c->approvals[k]) ==
					PV_APPROVAL_COUNTS;
		people += !again;
	}
	return people;
}

bool pv_approved(struct pv_facts *facts, const struct pv_approvals *terms)
{
	return facts->c->n_approvals > 0 && terms->by.n > 0 &&
	       pv_approvals_counted(facts, terms) >= terms->count;
}
