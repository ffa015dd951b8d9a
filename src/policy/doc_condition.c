/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "policy/doc.h"

const char *const pv_fact_names[PV_FACTS] = {
	[PV_FACT_ACCOUNT] = "account",
	[PV_FACT_OWNER] = "owner",
	[PV_FACT_PLATFORM] = "platform",
	[PV_FACT_AXES] = "axes",
	[PV_FACT_AXIS] = "axis",
	[PV_FACT_TOPIC] = "topic",
	[PV_FACT_LANG] = "lang",
	[PV_FACT_STANCE] = "stance",
	[PV_FACT_KIND] = "kind",
	[PV_FACT_FORM] = "form",
	[PV_FACT_ORIGIN] = "origin",
	[PV_FACT_INTEREST] = "interest",
	[PV_FACT_RELATION] = "relation",
	[PV_FACT_HUMAN] = "human",
	[PV_FACT_SPONSORED] = "sponsored",
	[PV_FACT_CONSENT] = "consent",
	[PV_FACT_RELEVANCE] = "relevance",
};

const char *const pv_form_names[2] = {"static", "interactive"};
const char *const pv_yes_no_names[2] = {"no", "yes"};

static bool org_or_owner(const struct pv_policy *policy, const char *id)
{
	if (pv_policy_organisation(policy, pv_str(id)))
		return true;
	for (size_t i = 0; i < policy->n_accounts; i++)
		if (pv_streq(policy->accounts[i].owner, id))
			return true;
	return false;
}

static bool known_axis(const struct pv_policy *policy, const char *axis)
{
	for (size_t i = 0; i < policy->n_organisations; i++)
		for (size_t a = 0; a < policy->organisations[i].axes.n; a++)
			if (strcmp(policy->organisations[i].axes.items[a], axis) == 0)
				return true;
	return false;
}

static bool known_topic(const struct pv_policy *policy, const char *topic)
{
	for (size_t i = 0; i < policy->n_topics; i++)
		if (strcmp(policy->topics[i].id, topic) == 0)
			return true;
	return false;
}

/* A BCP 47 tag, roughly: letters, digits and hyphens, the first part of two or three letters. */
static bool language_tag(const char *text)
{
	size_t first = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
	return (first == 2 || first == 3) && (text[first] == '\0' || text[first] == '-');
}

static void named_value(struct pv_doc *doc, const struct pv_yaml *node, enum pv_fact fact)
{
	const struct pv_policy *policy = doc->policy;
	const char *text = node->text;
	switch (fact) {
	case PV_FACT_ACCOUNT:
		if (!pv_policy_account(policy, pv_str(text)))
			DOC_COMPLAIN(doc, node, "Le compte « %s » n'est pas dans « accounts ».",
				"The account \"%s\" is not in \"accounts\".", text);
		break;
	case PV_FACT_OWNER:
		if (!org_or_owner(policy, text))
			DOC_COMPLAIN(doc, node,
				"« %s » n'est ni une organisation ni le propriétaire d'un compte.",
				"\"%s\" is neither an organisation nor the owner of an account.",
				text);
		break;
	case PV_FACT_AXES:
	case PV_FACT_AXIS:
		if (!known_axis(policy, text))
			DOC_COMPLAIN(doc, node, "Aucune organisation n'a d'axe « %s ».",
				"No organisation has an axis \"%s\".", text);
		break;
	case PV_FACT_TOPIC:
		if (!known_topic(policy, text))
			DOC_COMPLAIN(doc, node, "Le sujet « %s » n'est pas dans « topics ».",
				"The topic \"%s\" is not in \"topics\".", text);
		break;
	case PV_FACT_LANG:
		if (!language_tag(text))
			DOC_COMPLAIN(doc, node, "« %s » n'est pas une langue; écrivez fr ou en.",
				"\"%s\" is not a language; write fr or en.", text);
		break;
	default: pv_doc_id(doc, node); break;
	}
}

void pv_doc_fact_value(struct pv_doc *doc, const struct pv_yaml *node, enum pv_fact fact)
{
	const char *text = pv_doc_text(doc, node);
	if (!text || strcmp(text, "any") == 0 || strcmp(text, "none") == 0)
		return;
	bool yes;
	switch (fact) {
	case PV_FACT_STANCE: pv_doc_choice(doc, node, pv_stance_names, PV_STANCES); break;
	case PV_FACT_KIND: pv_doc_choice(doc, node, pv_post_kind_names, PV_POST_KINDS); break;
	case PV_FACT_FORM: pv_doc_choice(doc, node, pv_form_names, 2); break;
	case PV_FACT_ORIGIN: pv_doc_choice(doc, node, pv_origin_names, PV_ORIGINS); break;
	case PV_FACT_INTEREST: pv_doc_choice(doc, node, pv_interest_names, PV_INTERESTS); break;
	case PV_FACT_RELATION: pv_doc_choice(doc, node, pv_relation_names, PV_RELATIONS); break;
	case PV_FACT_HUMAN: pv_doc_choice(doc, node, pv_human_names, PV_HUMANS); break;
	case PV_FACT_RELEVANCE: pv_doc_choice(doc, node, pv_relevance_names, PV_RELEVANCES); break;
	case PV_FACT_SPONSORED:
	case PV_FACT_CONSENT: pv_doc_yes(doc, node, &yes); break;
	default: named_value(doc, node, fact); break;
	}
}

void pv_doc_condition(struct pv_doc *doc, const struct pv_yaml *node, struct pv_condition *out)
{
	*out = (struct pv_condition){0};
	if (!pv_doc_is(doc, node, PV_YAML_MAP))
		return;
	out->lines = talloc_zero_array(doc->policy, struct pv_line, node->n ? node->n : 1);
	if (!out->lines) {
		pv_doc_nomem(doc);
		return;
	}
	for (size_t i = 0; i < node->n; i++) {
		const struct pv_yaml *value = node->items[i];
		int fact = pv_name_index(pv_fact_names, PV_FACTS, pv_str(value->key));
		if (fact < 0) {
			pv_complain(doc->complaints, value->key_line, value->key_column,
				"« %s » n'est pas un fait qu'une condition peut demander.",
				"\"%s\" is not a fact that a condition can ask.", value->key);
			continue;
		}
		struct pv_line *line = &out->lines[out->n_lines++];
		line->fact = (enum pv_fact)fact;
		pv_doc_texts(doc, value, true, &line->values);
		if (value->kind == PV_YAML_LIST && value->n == 0)
			DOC_COMPLAIN(doc, value, "Cette liste est vide : rien n'y répondrait.",
				"This list is empty: nothing would meet it.");
		bool one = value->kind == PV_YAML_SCALAR;
		for (size_t v = 0; v < (one ? 1 : value->n); v++) {
			const struct pv_yaml *item = one ? value : value->items[v];
			if (item->kind == PV_YAML_SCALAR && item->text[0])
				pv_doc_fact_value(doc, item, (enum pv_fact)fact);
		}
	}
}
