/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What is known of a case before any rule speaks: the account, the links and where they end, the
 * handles, the ties that registers show, the topics, and from all that the vector of facts that
 * conditions ask. Facts found beat facts declared. Inside the policy room.
 */
#ifndef PV_POLICY_FACTS_H
#define PV_POLICY_FACTS_H

#include "policy/arena.h"
#include "policy/model.h"

enum { PV_RESOLVE_STEPS_MAX = 10 };

/* A link of the post. */
struct pv_link {
	size_t start, end;      /* in characters of the prose */
	struct pv_str written;  /* as it stands in the post */
	struct pv_str leads_to; /* the address at its end, as text */
	struct pv_site site;    /* the same, comparable */
	bool shortened;
	bool unresolved; /* a short link whose end is unknown, or that goes round */
};

struct pv_handle {
	size_t start, end;
	struct pv_str written;
};

/* A link or handle that stands in a register. */
struct pv_tie_found {
	const struct pv_tie *tie;
	bool of_author; /* the author's own register; else the account owner's */
	bool is_handle;
	size_t at; /* of the link or handle */
};

struct pv_topic_found {
	const struct pv_topic *topic;
	struct pv_match match;
};

/* A person of the case with their domains ready to compare. */
struct pv_person_ready {
	const struct pv_case_person *person;
	struct pv_tie_ready *ties;
};

struct pv_facts {
	const struct pv_policy *policy;
	const struct pv_case *c;
	struct pv_arena arena;
	struct pv_str owner, platform;
	enum pv_stance stance;
	const struct pv_organisation *owner_org; /* NULL when a person, or not described */
	int32_t today;                           /* the local day, in days since 1970-01-01 */
	bool is_static;
	struct pv_person_ready *people;
	const struct pv_case_person *author; /* NULL when the case does not describe them */
	struct pv_prose prose;
	struct pv_link *links;
	size_t n_links;
	struct pv_handle *handles;
	size_t n_handles;
	struct pv_tie_found *ties;
	size_t n_ties;
	struct pv_topic_found *topics;
	size_t n_topics;
	struct pv_str *tags; /* the post's languages, in small letters: "fr-ca" */
	size_t n_tags;
	struct pv_str *langs; /* their first parts, each once */
	size_t n_langs;
	struct pv_str pair_lang; /* the twin's, its first part */
	enum pv_origin origin;
	unsigned relation;
	bool origin_found;       /* found in a register, not as declared */
	unsigned relation_found; /* bits that the author did not declare */
	uint64_t *bits;          /* policy->space.n_words */
};

/*
 * PV_NOT_FOUND when neither the document nor the case knows the account, PV_INVALID when a text is
 * not UTF-8, PV_NOMEM.
 */
enum pv_status pv_facts_read(TALLOC_CTX *mem, const struct pv_policy *policy,
	const struct pv_case *c, struct pv_facts *out, struct pv_error *error);

/* facts_links.c: fills links and handles from the prose. */
bool pv_facts_links(struct pv_facts *facts);
/* Does this person's register, or any of its entries in force, match a link or handle? */
const struct pv_tie *pv_facts_shared_interest(
	struct pv_facts *facts, const struct pv_case_person *person);
bool pv_facts_ties(struct pv_facts *facts);
/* Does a link or handle meet this entry, in force, of that person's register? */
bool pv_facts_meets(struct pv_facts *facts, const struct pv_case_person *person, size_t interest);
/* Is a link among those that `sites` cover? Answers its index, or n_links. */
size_t pv_facts_link_to(const struct pv_facts *facts, const struct pv_sites *sites, size_t from);
/* The person of the case, NULL when there is none. */
const struct pv_case_person *pv_facts_person(const struct pv_facts *facts, struct pv_str id);

/* facts_vector.c */
bool pv_facts_vector(struct pv_facts *facts);
/* As if this were declared: one more topic, another value of any other fact. */
void pv_facts_declare(
	const struct pv_fact_space *space, uint64_t *bits, enum pv_fact fact, struct pv_str value);
/* A past post's vector, into `bits` of policy->space.n_words. */
void pv_facts_of_entry(
	const struct pv_facts *facts, const struct pv_history_entry *entry, uint64_t *bits);
/* Owner of an account, as the document or the case says; empty when unknown. */
struct pv_str pv_facts_owner_of(const struct pv_facts *facts, struct pv_str account);

static inline bool pv_condition_holds(const struct pv_condition *condition, const uint64_t *bits)
{
	bool any = false;
	for (size_t i = 0; i < condition->n_terms; i++) {
		const struct pv_term *term = &condition->terms[i];
		any |= (bits[term->word] & term->mask) != 0;
		if (term->last) {
			if (!any)
				return false;
			any = false;
		}
	}
	return true;
}

#endif
