/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The facts as bits that conditions are masks over. */
#include "base/mem.h"
#include "policy/facts.h"

static inline void set(
	uint64_t *bits, const struct pv_fact_space *space, enum pv_fact fact, size_t bit)
{
	bits[space->slots[fact].word + bit / 64] |= UINT64_C(1) << (bit % 64);
}

static inline void set_value(
	uint64_t *bits, const struct pv_fact_space *space, enum pv_fact fact, size_t value)
{
	set(bits, space, fact, PV_BIT_FIRST + value);
}

static void set_named(
	uint64_t *bits, const struct pv_fact_space *space, enum pv_fact fact, struct pv_str value)
{
	set(bits, space, fact, value.size ? pv_fact_bit(space, fact, value) : PV_BIT_NONE);
	for (size_t i = 0; i < space->n_extras; i++)
		if (space->extras[i].fact == fact &&
			pv_fact_is(fact, space->extras[i].value, value))
			bits[space->extras_word + i / 64] |= UINT64_C(1) << (i % 64);
}

/* A list of small numbers, given as bits: they stand behind "none" and "another". */
static void set_mask(
	uint64_t *bits, const struct pv_fact_space *space, enum pv_fact fact, unsigned mask)
{
	bits[space->slots[fact].word] |=
		mask ? (uint64_t)mask << PV_BIT_FIRST : UINT64_C(1) << PV_BIT_NONE;
}

static void set_account(uint64_t *bits, const struct pv_fact_space *space, struct pv_str account,
	struct pv_str owner, enum pv_stance stance, struct pv_str platform,
	const struct pv_organisation *org)
{
	set_named(bits, space, PV_FACT_ACCOUNT, account);
	set_named(bits, space, PV_FACT_OWNER, owner);
	set_named(bits, space, PV_FACT_PLATFORM, platform);
	set_value(bits, space, PV_FACT_STANCE, stance);
	for (size_t i = 0; org && i < org->axes.n; i++)
		set_named(bits, space, PV_FACT_AXES, pv_str(org->axes.items[i]));
	if (!org || org->axes.n == 0)
		set(bits, space, PV_FACT_AXES, PV_BIT_NONE);
}

static void set_topics(uint64_t *bits, const struct pv_fact_space *space,
	const struct pv_str *topics, size_t n, const struct pv_topic_found *found, size_t n_found)
{
	for (size_t i = 0; i < n; i++)
		set_named(bits, space, PV_FACT_TOPIC, topics[i]);
	for (size_t i = 0; i < n_found; i++)
		set_named(bits, space, PV_FACT_TOPIC, pv_str(found[i].topic->id));
	if (n + n_found == 0)
		set(bits, space, PV_FACT_TOPIC, PV_BIT_NONE);
}

static void set_languages(struct pv_facts *facts)
{
	const struct pv_fact_space *space = &facts->policy->space;
	for (size_t i = 0; i < facts->n_tags; i++)
		set_named(facts->bits, space, PV_FACT_LANG, facts->tags[i]);
	for (size_t i = 0; i < facts->n_langs; i++)
		set_named(facts->bits, space, PV_FACT_LANG, facts->langs[i]);
	if (facts->n_tags == 0)
		set(facts->bits, space, PV_FACT_LANG, PV_BIT_NONE);
}

bool pv_facts_vector(struct pv_facts *facts)
{
	const struct pv_fact_space *space = &facts->policy->space;
	const struct pv_case *c = facts->c;
	uint64_t *bits = facts->bits = pv_arena_array(&facts->arena, uint64_t, space->n_words);
	if (!bits)
		return false;
	set_account(bits, space, c->account, facts->owner, facts->stance, facts->platform,
		facts->owner_org);
	set_languages(facts);
	set_value(bits, space, PV_FACT_KIND, c->post.kind);
	set_value(bits, space, PV_FACT_FORM, facts->is_static ? 0 : 1);
	set_value(bits, space, PV_FACT_ORIGIN, facts->origin);
	set_value(bits, space, PV_FACT_INTEREST, c->declared.interest);
	set_mask(bits, space, PV_FACT_RELATION, facts->relation);
	set_mask(bits, space, PV_FACT_HUMAN, c->declared.human);
	set_named(bits, space, PV_FACT_AXIS, c->declared.axis);
	set_topics(bits, space, c->declared.topic, c->declared.n_topic, facts->topics,
		facts->n_topics);
	set_value(bits, space, PV_FACT_SPONSORED, c->declared.sponsored);
	set_value(bits, space, PV_FACT_CONSENT, c->declared.consent);
	set_value(bits, space, PV_FACT_RELEVANCE, c->declared.relevance);
	return true;
}

void pv_facts_declare(
	const struct pv_fact_space *space, uint64_t *bits, enum pv_fact fact, struct pv_str value)
{
	const struct pv_fact_slot *slot = &space->slots[fact];
	if (fact == PV_FACT_TOPIC)
		bits[slot->word] &= ~(UINT64_C(1) << PV_BIT_NONE);
	else
		memset(bits + slot->word, 0, slot->words * sizeof *bits);
	for (size_t i = 0; fact != PV_FACT_TOPIC && i < space->n_extras; i++)
		if (space->extras[i].fact == fact)
			bits[space->extras_word + i / 64] &= ~(UINT64_C(1) << (i % 64));
	set_named(bits, space, fact, value);
}

static const struct pv_case_account *case_account(const struct pv_case *c, struct pv_str id)
{
	for (size_t i = 0; i < c->n_accounts; i++)
		if (pv_str_equal(c->accounts[i].id, id))
			return &c->accounts[i];
	return NULL;
}

struct pv_str pv_facts_owner_of(const struct pv_facts *facts, struct pv_str account)
{
	const struct pv_account *named = pv_policy_account(facts->policy, account);
	if (named)
		return pv_str(named->owner);
	const struct pv_case_account *given = case_account(facts->c, account);
	return given ? given->owner : (struct pv_str){0};
}

static void set_entry_account(
	const struct pv_facts *facts, const struct pv_history_entry *entry, uint64_t *bits)
{
	const struct pv_policy *policy = facts->policy;
	struct pv_str id = entry->account.size ? entry->account : facts->c->account;
	if (pv_str_equal(id, facts->c->account)) {
		set_account(bits, &policy->space, id, facts->owner, facts->stance, facts->platform,
			facts->owner_org);
		return;
	}
	const struct pv_account *named = pv_policy_account(policy, id);
	const struct pv_case_account *given = named ? NULL : case_account(facts->c, id);
	struct pv_str owner = named   ? pv_str(named->owner)
			      : given ? given->owner
				      : (struct pv_str){0};
	struct pv_str platform = named   ? pv_str(named->platform)
				 : given ? given->platform
					 : (struct pv_str){0};
	enum pv_stance stance = named ? named->stance : given ? given->stance : PV_STANCE_NONE;
	set_account(bits, &policy->space, id, owner, stance, platform,
		pv_policy_organisation(policy, owner));
}

/* What no history keeps of a post. */
static void set_forgotten(uint64_t *bits, const struct pv_fact_space *space)
{
	set(bits, space, PV_FACT_LANG, PV_BIT_NONE);
	set_value(bits, space, PV_FACT_CONSENT, 0);
	set_value(bits, space, PV_FACT_RELEVANCE, PV_RELEVANCE_UNKNOWN);
}

void pv_facts_as_past(const struct pv_facts *facts, uint64_t *bits)
{
	static const enum pv_fact forgotten[] = {PV_FACT_LANG, PV_FACT_CONSENT, PV_FACT_RELEVANCE};
	const struct pv_fact_space *space = &facts->policy->space;
	memcpy(bits, facts->bits, space->n_words * sizeof *bits);
	for (size_t i = 0; i < PV_COUNT(forgotten); i++) {
		const struct pv_fact_slot *slot = &space->slots[forgotten[i]];
		memset(bits + slot->word, 0, slot->words * sizeof *bits);
	}
	set_forgotten(bits, space);
}

void pv_facts_of_entry(
	const struct pv_facts *facts, const struct pv_history_entry *entry, uint64_t *bits)
{
	const struct pv_fact_space *space = &facts->policy->space;
	memset(bits, 0, space->n_words * sizeof *bits);
	unsigned relation = entry->relation;
	if (entry->origin == PV_ORIGIN_OWN_CREATION)
		relation |= 1u << PV_RELATION_AUTHOR;
	if (entry->origin == PV_ORIGIN_CLIENT)
		relation |= 1u << PV_RELATION_CLIENT;
	if (entry->sponsored)
		relation |= 1u << PV_RELATION_PAID;
	set_entry_account(facts, entry, bits);
	set_forgotten(bits, space);
	set_value(bits, space, PV_FACT_KIND, entry->kind);
	set_value(bits, space, PV_FACT_FORM, entry->kind == PV_REPLY && !entry->pinned);
	set_value(bits, space, PV_FACT_ORIGIN, entry->origin);
	set_value(bits, space, PV_FACT_INTEREST, entry->interest);
	set_mask(bits, space, PV_FACT_RELATION, relation);
	set_mask(bits, space, PV_FACT_HUMAN, entry->human);
	set_named(bits, space, PV_FACT_AXIS, entry->axis);
	set_topics(bits, space, entry->topic, entry->n_topic, NULL, 0);
	set_value(bits, space, PV_FACT_SPONSORED, entry->sponsored);
}
