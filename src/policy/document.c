/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "policy/doc.h"

static enum pv_status read_document(
	struct pv_doc *doc, const char *text, size_t size, struct pv_error *error)
{
	struct pv_yaml *root = NULL;
	enum pv_status status = pv_yaml_read(doc->complaints, text, size, &root, error);
	if (status != PV_OK)
		return status;
	status = pv_zone_open(doc->complaints->mem, "Etc/UTC", &doc->zone, error);
	if (status != PV_OK)
		return status;
	if (!root) {
		if (doc->complaints->n == 0)
			pv_complain(doc->complaints, 1, 1, "Le document est vide.",
				"The document is empty.");
		return PV_OK;
	}
	if (root->kind != PV_YAML_MAP) {
		pv_complain(doc->complaints, root->line, root->column,
			"Une politique commence par des paires « clé: valeur ».",
			"A policy begins with \"key: value\" pairs.");
		return PV_OK;
	}
	pv_doc_parts(doc, root);
	pv_doc_rules(doc, pv_doc_need(doc, root, "rules"));
	pv_doc_exceptions(doc, pv_yaml_get(root, "exceptions"));
	if (!doc->complaints->nomem && !doc->complaints->grave && !pv_policy_compile(doc->policy))
		doc->complaints->nomem = true;
	return doc->complaints->nomem ? pv_fail_nomem(error) : PV_OK;
}

enum pv_status pv_policy_parse(TALLOC_CTX *mem, const char *text, size_t size, const char *name,
	struct pv_policy **out_policy, struct pv_policy_problems *out_problems,
	struct pv_error *error)
{
	*out_policy = NULL;
	*out_problems = (struct pv_policy_problems){0};
	TALLOC_CTX *scratch = talloc_new(mem);
	struct pv_policy *policy = talloc_zero(mem, struct pv_policy);
	if (!scratch || !policy) {
		talloc_free(scratch);
		talloc_free(policy);
		return pv_fail_nomem(error);
	}
	struct pv_complaints complaints = {.mem = scratch};
	struct pv_doc doc = {.policy = policy, .complaints = &complaints};
	enum pv_status status = read_document(&doc, text, size, error);
	if (status == PV_OK && complaints.n > 0) {
		pv_complaints_sort(&complaints);
		out_problems->items = talloc_steal(mem, complaints.items);
		out_problems->n = complaints.n;
		const struct pv_policy_problem *first = complaints.items;
		status = pv_fail(error, PV_INVALID,
			"La politique %1$s est à revoir, d'abord à la ligne %2$d, colonne %3$d : "
			"%4$s%5$.0s",
			"The policy %1$s needs another look, first at line %2$d, column %3$d: "
			"%4$.0s%5$s",
			name, first->line, first->column, first->message.fr, first->message.en);
	}
	if (status == PV_OK || (status == PV_INVALID && !complaints.grave))
		*out_policy = policy;
	else
		talloc_free(policy);
	talloc_free(scratch);
	return status;
}

const struct pv_organisation *pv_policy_organisation(
	const struct pv_policy *policy, struct pv_str id)
{
	for (size_t i = 0; i < policy->n_organisations; i++)
		if (pv_str_equal(pv_str(policy->organisations[i].id), id))
			return &policy->organisations[i];
	return NULL;
}

const struct pv_account *pv_policy_account(const struct pv_policy *policy, struct pv_str id)
{
	for (size_t i = 0; i < policy->n_accounts; i++)
		if (pv_str_equal(pv_str(policy->accounts[i].id), id))
			return &policy->accounts[i];
	return NULL;
}

size_t pv_policy_rule(const struct pv_policy *policy, const char *id)
{
	for (size_t i = 0; i < policy->n_rules; i++)
		if (strcmp(policy->rules[i].id, id) == 0)
			return i;
	return policy->n_rules;
}

int64_t pv_policy_fold(const struct pv_policy *policy, struct pv_str platform)
{
	for (size_t i = 0; i < policy->n_folds; i++)
		if (pv_str_equal(pv_str(policy->folds[i].platform), platform))
			return policy->folds[i].characters;
	return 0;
}

const char *pv_policy_name(const struct pv_policy *policy)
{
	return policy->name;
}

int64_t pv_policy_version(const struct pv_policy *policy)
{
	return policy->version;
}

const struct pv_words *pv_policy_title(const struct pv_policy *policy)
{
	return &policy->title;
}

const struct pv_zone *pv_policy_zone(const struct pv_policy *policy)
{
	return policy->zone;
}

enum pv_verdict pv_policy_default(const struct pv_policy *policy)
{
	return policy->otherwise;
}

bool pv_policy_approves(const struct pv_policy *policy, const char *role)
{
	for (size_t i = 0; i < policy->approvals.by.n; i++)
		if (strcmp(policy->approvals.by.items[i], role) == 0)
			return true;
	return false;
}
