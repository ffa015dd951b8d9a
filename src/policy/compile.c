/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* From the document's words to bits: conditions become masks over one vector of facts. */
#include "policy/doc.h"

#include <strings.h>

static bool named(enum pv_fact fact)
{
	return fact < PV_FACTS_NAMED;
}

static size_t fixed_values(enum pv_fact fact)
{
	switch (fact) {
	case PV_FACT_STANCE: return PV_STANCES;
	case PV_FACT_KIND: return PV_POST_KINDS;
	case PV_FACT_FORM: return 2;
	case PV_FACT_ORIGIN: return PV_ORIGINS;
	case PV_FACT_INTEREST: return PV_INTERESTS;
	case PV_FACT_RELATION: return PV_RELATIONS;
	case PV_FACT_HUMAN: return PV_HUMANS;
	case PV_FACT_RELEVANCE: return PV_RELEVANCES;
	default: return 2; /* no, yes */
	}
}

static int fixed_index(enum pv_fact fact, struct pv_str value)
{
	switch (fact) {
	case PV_FACT_STANCE: return pv_name_index(pv_stance_names, PV_STANCES, value);
	case PV_FACT_KIND: return pv_name_index(pv_post_kind_names, PV_POST_KINDS, value);
	case PV_FACT_FORM: return pv_name_index(pv_form_names, 2, value);
	case PV_FACT_ORIGIN: return pv_name_index(pv_origin_names, PV_ORIGINS, value);
	case PV_FACT_INTEREST: return pv_name_index(pv_interest_names, PV_INTERESTS, value);
	case PV_FACT_RELATION: return pv_name_index(pv_relation_names, PV_RELATIONS, value);
	case PV_FACT_HUMAN: return pv_name_index(pv_human_names, PV_HUMANS, value);
	case PV_FACT_RELEVANCE: return pv_name_index(pv_relevance_names, PV_RELEVANCES, value);
	default: return pv_str_equal(value, pv_str("yes")) || pv_str_equal(value, pv_str("true"));
	}
}

bool pv_fact_takes(enum pv_fact fact, struct pv_str value)
{
	if (pv_str_equal(value, pv_str("any")) || pv_str_equal(value, pv_str("none")))
		return true;
	if (named(fact))
		return value.size > 0;
	if (fact == PV_FACT_SPONSORED || fact == PV_FACT_CONSENT)
		return pv_name_index(pv_yes_no_names, 2, value) >= 0;
	return fixed_index(fact, value) >= 0;
}

/* Ids are what they are; of a language tag, capitals say nothing. */
bool pv_fact_is(enum pv_fact fact, const char *written, struct pv_str value)
{
	if (strlen(written) != value.size)
		return false;
	return fact == PV_FACT_LANG ? strncasecmp(written, value.bytes, value.size) == 0
				    : memcmp(written, value.bytes, value.size) == 0;
}

size_t pv_fact_bit(const struct pv_fact_space *space, enum pv_fact fact, struct pv_str value)
{
	if (!named(fact)) {
		int index = fixed_index(fact, value);
		return index < 0 ? PV_BIT_OTHER : PV_BIT_FIRST + (size_t)index;
	}
	const struct pv_strs *values = &space->slots[fact].values;
	for (size_t i = 0; i < values->n; i++)
		if (pv_fact_is(fact, values->items[i], value))
			return PV_BIT_FIRST + i;
	return PV_BIT_OTHER;
}

static bool add_value(struct pv_policy *policy, enum pv_fact fact, const char *value)
{
	struct pv_fact_slot *slot = &policy->space.slots[fact];
	if (!named(fact) || strcmp(value, "any") == 0 || strcmp(value, "none") == 0 ||
		pv_fact_bit(&policy->space, fact, pv_str(value)) != PV_BIT_OTHER)
		return true;
	const char **grown =
		talloc_realloc(policy, slot->values.items, const char *, slot->values.n + 1);
	if (!grown)
		return false;
	slot->values.items = grown;
	grown[slot->values.n++] = value;
	return true;
}

static bool add_values(struct pv_policy *policy, const struct pv_condition *condition)
{
	for (size_t i = 0; i < condition->n_lines; i++)
		for (size_t v = 0; v < condition->lines[i].values.n; v++)
			if (!add_value(policy, condition->lines[i].fact,
				    condition->lines[i].values.items[v]))
				return false;
	return true;
}

static bool collect_values(struct pv_policy *policy)
{
	for (size_t i = 0; i < policy->n_rules; i++) {
		const struct pv_rule *rule = &policy->rules[i];
		if (!add_values(policy, &rule->when) || !add_values(policy, &rule->count))
			return false;
		for (size_t u = 0; u < rule->n_unless; u++)
			if (!add_values(policy, &rule->unless[u]))
				return false;
		for (size_t t = 0; t < rule->n_targets; t++)
			if (!add_value(policy, rule->by, rule->targets[t].value))
				return false;
	}
	for (size_t i = 0; i < policy->n_exceptions; i++)
		if (!add_values(policy, &policy->exceptions[i].when))
			return false;
	return true;
}

static void lay_out(struct pv_fact_space *space)
{
	for (int fact = 0; fact < PV_FACTS; fact++) {
		struct pv_fact_slot *slot = &space->slots[fact];
		size_t values = named((enum pv_fact)fact) ? slot->values.n
							  : fixed_values((enum pv_fact)fact);
		slot->word = (uint16_t)space->n_words;
		slot->words = (uint16_t)((PV_BIT_FIRST + values + 63) / 64);
		space->n_words += slot->words;
	}
}

/* One line's terms: one for each word of the slot in which it accepts something. */
static size_t compile_line(
	const struct pv_fact_space *space, const struct pv_line *line, struct pv_term *terms)
{
	const struct pv_fact_slot *slot = &space->slots[line->fact];
	size_t n = 0;
	for (uint16_t word = 0; word < slot->words; word++) {
		uint64_t mask = 0;
		for (size_t v = 0; v < line->values.n; v++) {
			const char *value = line->values.items[v];
			size_t bit = 0;
			if (strcmp(value, "any") == 0) {
				mask |= word == 0 ? ~UINT64_C(1) : ~UINT64_C(0);
				continue;
			}
			if (strcmp(value, "none") != 0)
				bit = pv_fact_bit(space, line->fact, pv_str(value));
			if (bit / 64 == word)
				mask |= UINT64_C(1) << (bit % 64);
		}
		if (mask)
			terms[n++] = (struct pv_term){
				.word = (uint16_t)(slot->word + word), .mask = mask};
	}
	if (n == 0)
		terms[n++] = (struct pv_term){.word = slot->word};
	terms[n - 1].last = true;
	return n;
}

static bool compile_condition(struct pv_policy *policy, struct pv_condition *condition)
{
	size_t room = 0;
	for (size_t i = 0; i < condition->n_lines; i++)
		room += policy->space.slots[condition->lines[i].fact].words;
	condition->terms = talloc_zero_array(policy, struct pv_term, room ? room : 1);
	if (!condition->terms)
		return false;
	for (size_t i = 0; i < condition->n_lines; i++)
		condition->n_terms += compile_line(&policy->space, &condition->lines[i],
			condition->terms + condition->n_terms);
	return true;
}

static bool compile_rule(struct pv_policy *policy, size_t index)
{
	struct pv_rule *rule = &policy->rules[index];
	if (!compile_condition(policy, &rule->when) || !compile_condition(policy, &rule->count))
		return false;
	for (size_t u = 0; u < rule->n_unless; u++)
		if (!compile_condition(policy, &rule->unless[u]))
			return false;
	for (size_t t = 0; t < rule->n_targets; t++)
		rule->targets[t].bit =
			pv_fact_bit(&policy->space, rule->by, pv_str(rule->targets[t].value));
	pv_bit_set(policy->saying[rule->then], index);
	if (rule->kind == PV_RULE_CATEGORY)
		pv_bit_set(policy->categories, index);
	if (rule->kind == PV_RULE_DISCLOSURE)
		pv_bit_set(policy->disclosing, index);
	if (rule->overrides)
		pv_bit_set(policy->overriding, index);
	if (rule->kind == PV_RULE_QUOTA || rule->kind == PV_RULE_MIX) {
		pv_bit_set(policy->counting, index);
		rule->counter = policy->n_counters;
		policy->n_counters += rule->kind == PV_RULE_QUOTA ? 1 : rule->n_targets;
	}
	return true;
}

static bool name_sites(struct pv_policy *policy, const struct pv_sites *sites)
{
	for (size_t i = 0; i < sites->texts.n; i++) {
		if (policy->n_named_hosts >= PV_NAMED_HOSTS_MAX)
			return true;
		struct pv_str *grown = talloc_realloc(
			policy, policy->named_hosts, struct pv_str, policy->n_named_hosts + 1);
		if (!grown)
			return false;
		policy->named_hosts = grown;
		grown[policy->n_named_hosts++] = sites->items[i].host;
	}
	return true;
}

static bool name_hosts(struct pv_policy *policy)
{
	bool good = name_sites(policy, &policy->shorteners);
	for (size_t i = 0; good && i < policy->n_organisations; i++) {
		const struct pv_organisation *org = &policy->organisations[i];
		good = name_sites(policy, &org->domains);
		for (size_t t = 0; good && t < org->n_interests; t++) {
			const struct pv_tie_ready *tie = &org->interests[t];
			struct pv_sites sites = {
				.items = tie->domains, .texts.n = tie->tie->n_domains};
			good = name_sites(policy, &sites);
		}
	}
	for (size_t i = 0; good && i < policy->n_rules; i++)
		good = name_sites(policy, &policy->rules[i].sites);
	return good;
}

bool pv_policy_compile(struct pv_policy *policy)
{
	policy->rule_words = policy->n_rules / 64 + 1;
	if (!collect_values(policy))
		return false;
	lay_out(&policy->space);
	for (size_t i = 0; i < policy->n_rules; i++)
		if (!compile_rule(policy, i))
			return false;
	for (size_t i = 0; i < policy->n_exceptions; i++)
		if (!compile_condition(policy, &policy->exceptions[i].when))
			return false;
	return name_hosts(policy);
}
