/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "policy/analysis/question.h"

#include "base/mem.h"

static struct pv_analysis_finding *add(
	struct pv_asking *asking, const char *kind, enum pv_severity severity)
{
	struct pv_words words = pv_say_cut(&asking->say, &asking->arena);
	struct pv_analysis_question *out = asking->out;
	if (out->n_findings == PV_ANALYSIS_FINDINGS_MAX) {
		asking->dropped = true;
		return NULL;
	}
	struct pv_analysis_finding *items =
		pv_arena_more(&asking->arena, out->findings, out->n_findings, sizeof *items);
	if (!items || !words.fr)
		return NULL;
	out->findings = items;
	struct pv_analysis_finding *finding = &items[out->n_findings++];
	*finding = (struct pv_analysis_finding){.kind = kind, .severity = severity, .words = words};
	return finding;
}

struct pv_analysis_finding *pv_tell(struct pv_asking *asking, const char *kind,
	enum pv_severity severity, const size_t *rules, size_t n_rules)
{
	pv_rule_bits bits = {0};
	for (size_t i = 0; i < n_rules; i++)
		pv_bit_set(bits, rules[i]);
	return pv_tell_bits(asking, kind, severity, bits);
}

struct pv_analysis_finding *pv_tell_bits(struct pv_asking *asking, const char *kind,
	enum pv_severity severity, const uint64_t *rules)
{
	const struct pv_policy *policy = asking->policy;
	struct pv_analysis_finding *finding = add(asking, kind, severity);
	if (!finding)
		return NULL;
	const char **ids = pv_arena_array(
		&asking->arena, const char *, pv_bits_count(rules, policy->rule_words));
	for (size_t i = 0; ids && i < policy->n_rules; i++)
		if (pv_bit(rules, i))
			ids[finding->n_rules++] = policy->rules[i].id;
	finding->rules = ids;
	return finding;
}

struct pv_analysis_finding *pv_tell_of(
	struct pv_asking *asking, const char *kind, enum pv_severity severity, const char *id)
{
	struct pv_analysis_finding *finding = add(asking, kind, severity);
	const char **ids = finding ? pv_arena_array(&asking->arena, const char *, 1) : NULL;
	if (!ids)
		return NULL;
	ids[0] = id;
	finding->rules = ids;
	finding->n_rules = 1;
	return finding;
}

enum pv_found pv_seek(struct pv_asking *asking, pv_search_ask ask, pv_search_make make, void *state)
{
	pv_search_reset(&asking->search);
	return pv_search_run(&asking->search, ask, make, state);
}

bool pv_seek_yes(struct pv_asking *asking, enum pv_found found)
{
	asking->undecided |= found == PV_FOUND_UNDECIDED;
	return found == PV_FOUND;
}

void pv_say_rule(struct pv_say *say, const struct pv_policy *policy, size_t rule)
{
	pv_say(say, "La règle ", "The rule ");
	pv_say_id(say, policy->rules[rule].id);
}

void pv_say_rule_ids(struct pv_say *say, const struct pv_policy *policy, const uint64_t *rules)
{
	size_t n = pv_bits_count(rules, policy->rule_words), at = 0;
	for (size_t i = 0; i < policy->n_rules; i++)
		if (pv_bit(rules, i)) {
			pv_say_and(say, at++, n);
			pv_say_id(say, policy->rules[i].id);
		}
}

size_t pv_bits_count(const uint64_t *bits, size_t words)
{
	size_t n = 0;
	for (size_t w = 0; w < words; w++)
		n += (size_t)__builtin_popcountll(bits[w]);
	return n;
}
