/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "policy/doc.h"

#include <stdlib.h>

const char *const pv_rule_kind_names[PV_RULE_KINDS] = {
	[PV_RULE_CATEGORY] = "category",
	[PV_RULE_DISCLOSURE] = "disclosure",
	[PV_RULE_MENTION] = "mention",
	[PV_RULE_VOICE] = "voice",
	[PV_RULE_INVITE] = "invite",
	[PV_RULE_NEIGHBOURS] = "neighbours",
	[PV_RULE_LINKS] = "links",
	[PV_RULE_LANGUAGES] = "languages",
	[PV_RULE_ACCESS] = "access",
	[PV_RULE_QUOTA] = "quota",
	[PV_RULE_MIX] = "mix",
	[PV_RULE_QUIET] = "quiet",
	[PV_RULE_EMBARGO] = "embargo",
};

static const char *const common_keys[] = {
	"id", "kind", "label", "then", "when", "unless", "firm", NULL};

/* Keys that belong to neither every rule nor this kind. */
static void check_keys(struct pv_doc *doc, const struct pv_yaml *node, int kind)
{
	for (size_t i = 0; i < node->n; i++) {
		const struct pv_yaml *value = node->items[i];
		bool known = false;
		for (const char *const *key = common_keys; *key; key++)
			known |= strcmp(*key, value->key) == 0;
		const char *const *own = kind < 0 ? NULL : pv_doc_kind_keys[kind];
		for (; own && *own; own++)
			known |= strcmp(*own, value->key) == 0;
		if (known || kind < 0)
			continue;
		pv_complain(doc->complaints, value->key_line, value->key_column,
			"Une règle « %1$s » n'a pas de clé « %2$s ».",
			"A \"%1$s\" rule has no key \"%2$s\".", pv_rule_kind_names[kind],
			value->key);
	}
}

static void read_unless(struct pv_doc *doc, const struct pv_yaml *node, struct pv_rule *rule)
{
	if (!node)
		return;
	bool list = node->kind == PV_YAML_LIST;
	if (!list && !pv_doc_is(doc, node, PV_YAML_MAP))
		return;
	size_t n = list ? node->n : 1;
	rule->unless = talloc_zero_array(doc->policy, struct pv_condition, n ? n : 1);
	if (!rule->unless) {
		pv_doc_nomem(doc);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		const struct pv_yaml *item = list ? node->items[i] : node;
		if (item->kind == PV_YAML_MAP && item->n == 0)
			DOC_COMPLAIN(doc, item,
				"Cette condition est vide : la règle ne servirait jamais.",
				"This condition is empty: the rule would never apply.");
		pv_doc_condition(doc, item, &rule->unless[rule->n_unless++]);
	}
}

static void read_rule(struct pv_doc *doc, const struct pv_yaml *node, struct pv_rule *rule)
{
	rule->line = node->line;
	rule->column = node->column;
	rule->max_hashtags = rule->camel_hashtags = -1;
	const char *id = pv_doc_id(doc, pv_doc_need(doc, node, "id"));
	rule->id = talloc_strdup(doc->policy, id ? id : "");
	if (!rule->id) {
		rule->id = "";
		pv_doc_nomem(doc);
	}
	if (strcmp(rule->id, "default") == 0)
		DOC_COMPLAIN(doc, pv_yaml_get(node, "id"),
			"« default » désigne déjà ce que dit la politique quand aucune règle ne "
			"parle.",
			"\"default\" already names what the policy says when no rule speaks.");
	int kind = pv_doc_choice(
		doc, pv_doc_need(doc, node, "kind"), pv_rule_kind_names, PV_RULE_KINDS);
	check_keys(doc, node, kind);
	rule->kind = kind < 0 ? PV_RULE_CATEGORY : (enum pv_rule_kind)kind;
	pv_doc_words(doc, pv_doc_need(doc, node, "label"), &rule->label);
	const struct pv_yaml *then = pv_doc_need(doc, node, "then");
	const char *verdict = pv_doc_text(doc, then);
	if (verdict && !pv_verdict_parse(verdict, &rule->then))
		DOC_COMPLAIN(doc, then,
			"« %s » n'est pas un verdict : allow, warn, disclose, approve ou refuse.",
			"\"%s\" is not a verdict: allow, warn, disclose, approve or refuse.",
			verdict);
	const struct pv_yaml *firm = pv_yaml_get(node, "firm");
	if (firm)
		pv_doc_yes(doc, firm, &rule->firm);
	const struct pv_yaml *when = pv_yaml_get(node, "when");
	if (when)
		pv_doc_condition(doc, when, &rule->when);
	read_unless(doc, pv_yaml_get(node, "unless"), rule);
	rule->approvals = doc->policy->approvals;
	if (kind >= 0)
		pv_doc_kind(doc, node, rule);
	if (rule->then == PV_VERDICT_APPROVE && rule->approvals.by.n == 0)
		DOC_COMPLAIN(doc, then ? then : node,
			"Cette règle demande une approbation, mais rien ne dit qui peut la donner; "
			"ajoutez « approvals ».",
			"This rule asks for an approval, but nothing says who may give it; add "
			"\"approvals\".");
}

static int by_id(const void *a, const void *b)
{
	const struct pv_rule *one = a, *two = b;
	int order = strcmp(one->id, two->id);
	return order ? order : (one->line > two->line) - (one->line < two->line);
}

/* Ids twice, after sorting; the later line is named. */
static void check_twice(struct pv_doc *doc, const struct pv_yaml *list)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct pv_yaml *id = pv_yaml_get(list->items[i], "id");
		for (size_t k = 0; id && id->kind == PV_YAML_SCALAR && k < i; k++) {
			const struct pv_yaml *other = pv_yaml_get(list->items[k], "id");
			if (other && other->kind == PV_YAML_SCALAR &&
				strcmp(other->text, id->text) == 0) {
				DOC_COMPLAIN(doc, id,
					"« %1$s » est déjà l'identifiant de la ligne %2$d.",
					"\"%1$s\" is already the id on line %2$d.", id->text,
					other->line);
				break;
			}
		}
	}
}

/* Rules that a list names: set in `bits`, but firm ones, which nothing sets aside. */
static uint64_t *resolve(struct pv_doc *doc, const struct pv_yaml *list, const char *own)
{
	struct pv_policy *policy = doc->policy;
	uint64_t *bits = talloc_zero_array(policy, uint64_t, PV_RULE_WORDS);
	if (!bits) {
		pv_doc_nomem(doc);
		return NULL;
	}
	for (size_t i = 0; list && list->kind == PV_YAML_LIST && i < list->n; i++) {
		const struct pv_yaml *item = list->items[i];
		if (item->kind != PV_YAML_SCALAR)
			continue;
		size_t rule = pv_policy_rule(policy, item->text);
		if (rule == policy->n_rules)
			DOC_COMPLAIN(doc, item, "Il n'y a pas de règle « %s ».",
				"There is no rule \"%s\".", item->text);
		else if (own && strcmp(own, item->text) == 0)
			DOC_COMPLAIN(doc, item, "Une règle ne s'écarte pas elle-même.",
				"A rule does not set itself aside.");
		else if (policy->rules[rule].firm)
			pv_complain_mildly(doc->complaints, item->line, item->column,
				"La règle « %s » est ferme : rien ne l'écarte.",
				"The rule \"%s\" is firm: nothing sets it aside.", item->text);
		else
			pv_bit_set(bits, rule);
	}
	return bits;
}

static void resolve_overrides(struct pv_doc *doc, const struct pv_yaml *node)
{
	struct pv_policy *policy = doc->policy;
	for (size_t i = 0; i < node->n; i++) {
		const struct pv_yaml *list = pv_yaml_get(node->items[i], "overrides");
		for (size_t r = 0; list && r < policy->n_rules; r++)
			if (policy->rules[r].line == node->items[i]->line &&
				policy->rules[r].column == node->items[i]->column)
				policy->rules[r].overrides =
					resolve(doc, list, policy->rules[r].id);
	}
}

void pv_doc_rules(struct pv_doc *doc, const struct pv_yaml *node)
{
	struct pv_policy *policy = doc->policy;
	if (!pv_doc_is(doc, node, PV_YAML_LIST))
		return;
	if (node->n > PV_POLICY_RULES_MAX) {
		DOC_COMPLAIN(doc, node, "Il y a plus de %d règles.",
			"There are more than %d rules.", PV_POLICY_RULES_MAX);
		return;
	}
	policy->rules = talloc_zero_array(policy, struct pv_rule, node->n ? node->n : 1);
	if (!policy->rules) {
		pv_doc_nomem(doc);
		return;
	}
	for (size_t i = 0; i < node->n; i++)
		if (pv_doc_is(doc, node->items[i], PV_YAML_MAP))
			read_rule(doc, node->items[i], &policy->rules[policy->n_rules++]);
	check_twice(doc, node);
	qsort(policy->rules, policy->n_rules, sizeof *policy->rules, by_id);
	resolve_overrides(doc, node);
}

static void read_exception(struct pv_doc *doc, const struct pv_yaml *node, struct pv_exception *out)
{
	static const char *const keys[] = {
		"id", "lifts", "when", "from", "until", "granted_by", "reason", NULL};
	pv_doc_keys(doc, node, keys);
	out->line = node->line;
	out->column = node->column;
	const char *id = pv_doc_id(doc, pv_doc_need(doc, node, "id"));
	const char *by = pv_doc_text(doc, pv_doc_need(doc, node, "granted_by"));
	out->id = talloc_strdup(doc->policy, id ? id : "");
	out->granted_by = talloc_strdup(doc->policy, by ? by : "");
	pv_doc_words(doc, pv_doc_need(doc, node, "reason"), &out->reason);
	const struct pv_yaml *when = pv_doc_need(doc, node, "when");
	pv_doc_condition(doc, when, &out->when);
	const struct pv_yaml *lifts = pv_doc_need(doc, node, "lifts");
	pv_doc_texts(doc, lifts, false, &out->lift_ids);
	if (lifts && lifts->kind == PV_YAML_LIST && lifts->n == 0)
		DOC_COMPLAIN(doc, lifts, "Cette dérogation n'écarte aucune règle.",
			"This exception lifts no rule.");
	out->lifts = resolve(doc, lifts, NULL);
	const struct pv_yaml *from = pv_doc_need(doc, node, "from");
	const struct pv_yaml *until = pv_doc_need(doc, node, "until");
	int32_t first = 0, last = 0;
	bool dated = from && pv_doc_date(doc, from, &first);
	dated = until && pv_doc_date(doc, until, &last) && dated;
	if (!dated)
		return;
	if (first > last)
		DOC_COMPLAIN(doc, until, "La dérogation finit avant de commencer.",
			"The exception ends before it begins.");
	/* A day that begins twice is read so that the rule, not its exception, lasts longest. */
	out->from_us = pv_zone_day_start(doc->zone, first, PV_ZONE_LATER);
	out->until_us = pv_zone_day_start(doc->zone, last + 1, PV_ZONE_EARLIER);
	out->from_text = talloc_strdup(doc->policy, from->text);
	out->until_text = talloc_strdup(doc->policy, until->text);
}

static int exceptions_by_id(const void *a, const void *b)
{
	const struct pv_exception *one = a, *two = b;
	return strcmp(one->id, two->id);
}

void pv_doc_exceptions(struct pv_doc *doc, const struct pv_yaml *node)
{
	struct pv_policy *policy = doc->policy;
	if (!node || node->kind == PV_YAML_EMPTY || !pv_doc_is(doc, node, PV_YAML_LIST))
		return;
	policy->exceptions = talloc_zero_array(policy, struct pv_exception, node->n ? node->n : 1);
	if (!policy->exceptions) {
		pv_doc_nomem(doc);
		return;
	}
	for (size_t i = 0; i < node->n; i++) {
		if (!pv_doc_is(doc, node->items[i], PV_YAML_MAP))
			continue;
		struct pv_exception *out = &policy->exceptions[policy->n_exceptions];
		read_exception(doc, node->items[i], out);
		if (!out->id || !out->granted_by || !out->lifts) {
			pv_doc_nomem(doc);
			return;
		}
		policy->n_exceptions++;
	}
	check_twice(doc, node);
	if (policy->n_exceptions > 1)
		qsort(policy->exceptions, policy->n_exceptions, sizeof *policy->exceptions,
			exceptions_by_id);
}
