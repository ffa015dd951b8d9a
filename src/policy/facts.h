/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What is known of a case before any rule speaks: the account, the links and where they end, the
 * handles, the ties that registers show, the topics, and from all that the vector of facts that
 * conditions ask. Facts found beat facts declared. Inside the policy room.
 */
#ifndef PV_POLICY_FACTS_H
#define PV_POLICY_FACTS_H

#include "policy/arena.h"
#include "policy/judge.h"
#include "policy/model.h"

enum { PV_RESOLVE_STEPS_MAX = 10 };

/*
 * A link of the post. `media` is where it stands, here and below: 0 in the text, else the place
 * of the picture (from 1) in whose description it is.
 */
struct pv_link {
	size_t media;
	size_t start, end;      /* in characters of that prose */
	struct pv_str written;  /* as it stands in the post */
	struct pv_str leads_to; /* the address at its end, as text */
	struct pv_site site;    /* the same, comparable */
	bool shortened;
	bool unresolved; /* a short link whose end is unknown, or that goes round */
};

struct pv_handle {
	size_t media;
	size_t start, end;
	struct pv_str written;
	struct pv_str plain; /* comparable, without its sign (text/handle.h) */
	struct pv_site site; /* the host that it is the name of */
	bool is_host;
};

/*
 * Something that the page behind a link, or the article that the post was begun from, shows of
 * whose it is. A reach shows where a reader arrives; only what is sure changes the facts.
 */
struct pv_shown {
	enum pv_via via;
	bool sure;
	size_t link;         /* n_links: the article that the post was begun from */
	struct pv_str text;  /* an address, an account "@Name", or (not sure) an author's name */
	struct pv_site site; /* of an address */
	bool is_address;
	struct pv_str handle; /* of an account; plain (text/handle.h) */
};

/* A link or handle that stands in a register. */
struct pv_tie_found {
	const struct pv_tie *tie;
	bool of_author; /* the author's own register; else the account owner's */
	enum pv_via via;
	size_t at; /* of the handle (PV_VIA_HANDLE) or link; n_links: the article */
	const struct pv_shown *shown; /* what shows it; NULL: the link or handle itself */
};

struct pv_topic_found {
	const struct pv_topic *topic;
	size_t media;
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
	struct pv_prose *alts; /* the descriptions of the media, in their order */
	bool asked_hosts;      /* the text has bare hosts: which are links is the policy's to say */
	struct pv_link *links;
	size_t n_links;
	struct pv_handle *handles;
	size_t n_handles;
	struct pv_shown *shown; /* by link */
	size_t n_shown;
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

/*
 * The same case before another policy, in less time: what every policy reads alike is taken from
 * `first`, which must outlive it.
 */
enum pv_status pv_facts_read_beside(TALLOC_CTX *mem, const struct pv_policy *policy,
	const struct pv_facts *first, struct pv_facts *out, struct pv_error *error);

/* The text (0), or the description of a media, as prose. */
static inline const struct pv_prose *pv_facts_prose(const struct pv_facts *facts, size_t media)
{
	return media ? &facts->alts[media - 1] : &facts->prose;
}

/* facts_links.c: fills links and handles from the prose. */
bool pv_facts_links(struct pv_facts *facts);
/* facts_pages.c: fills what the pages behind them show. */
bool pv_facts_pages(struct pv_facts *facts);
/* What is known of the page at this address; NULL: nothing. */
const struct pv_case_page *pv_facts_page(const struct pv_facts *facts, struct pv_str address);
/* Is it this entry's site, account or feed that it shows? How sure that is is another question. */
bool pv_shown_names(
	struct pv_facts *facts, const struct pv_shown *shown, const struct pv_tie_ready *ready);
/* The account that a link is the page of, by a handle that is a host; or NULL. */
const struct pv_shown *pv_facts_profile(const struct pv_facts *facts, size_t link);
/* The sites where readers of a link arrive besides the one it names: the nth, or NULL. */
const struct pv_shown *pv_facts_arrival(const struct pv_facts *facts, size_t link, size_t nth);
/* The first of a link's sites that `sites` cover, or NULL; `out_shown` NULL: the link's own. */
const struct pv_site *pv_facts_reaches(const struct pv_facts *facts, const struct pv_sites *sites,
	size_t link, const struct pv_shown **out_shown);

/* facts_links.c */
bool pv_sites_cover(const struct pv_sites *sites, const struct pv_site *site);
/* Is this entry one that counts here and today? */
bool pv_tie_counts(const struct pv_facts *facts, const struct pv_tie *tie);
/* Does this person's register, or any of its entries in force, match a link or handle? */
const struct pv_tie *pv_facts_shared_interest(
	struct pv_facts *facts, const struct pv_case_person *person);
bool pv_facts_ties(struct pv_facts *facts);
/* Does a link or handle meet this entry, in force, of that person's register? */
bool pv_facts_meets(struct pv_facts *facts, const struct pv_case_person *person, size_t interest);
/*
 * Does a link of the text itself, before any redirect, name one of the sites? Its index, or
 * n_links: nobody can follow a link in a description.
 */
size_t pv_facts_link_to(const struct pv_facts *facts, const struct pv_sites *sites);
/* Is this host one that the document or a register of the case names, or below one? */
bool pv_facts_host_named(struct pv_facts *facts, struct pv_str written);
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
/* The case's own post as later ones will count it, declared and found: the same vector. */
void pv_facts_as_past(const struct pv_facts *facts, uint64_t *bits);
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
