/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * An organisation that has adopted no policy, where another person approves; and who is no other
 * person: whose register a post meets shares its interest.
 *
 * Without a policy nobody has said how long an approval is good: it does not lapse. It is bound to
 * the text as it was read, and counts only while whoever gave it may review and is not tied to it.
 */
#include "base/json.h"
#include "base/mem.h"
#include "desk/policies.h"
#include "desk/variants.h"
#include "store/person.h"

#include <string.h>

/* ---- sharing an interest ----------------------------------------------------------------------- */

/* What links and handles lead to can be asked without a rule. */
static enum pv_status without_rules(
	TALLOC_CTX *mem, const char *zone, const struct pv_policy **out, struct pv_error *error)
{
	struct pv_policy *policy = NULL;
	struct pv_policy_problems problems = {0};
	const char *text = talloc_asprintf(mem,
		"policy: none\nversion: 1\ntitle: {fr: Aucune, en: None}\ntimezone: %s\n"
		"default: allow\norganisations: {}\naccounts: {}\nrules: []\n",
		zone);
	if (!text)
		return pv_fail_nomem(error);
	enum pv_status status =
		pv_policy_parse(mem, text, strlen(text), "none", &policy, &problems, error);
	if (status == PV_OK)
		*out = policy;
	return status;
}

static enum pv_status policy_of(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_variant_row *row, const struct pv_policy **out, struct pv_error *error)
{
	struct pv_policy_row version;
	struct pv_error lost = PV_ERROR_IN(mem);
	enum pv_status status = pv_desk_policy_in_force(
		desk, mem, row->organization_id, pv_env_now_us(desk->env), &version, out, &lost);
	if (status == PV_NOT_FOUND)
		return without_rules(mem, row->organization_timezone, out, error);
	if (status != PV_OK && error)
		*error = lost;
	return status;
}

/* The post's case with this person among its people. */
static enum pv_status case_with(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_variant_row *row, const char *person_id, struct pv_case **out,
	struct pv_error *error)
{
	struct pv_judging judging = {.row = row,
		.at_us = pv_variant_at(row, pv_env_now_us(desk->env)),
		.also_person = person_id};
	PV_JSON json_t *whole = NULL;
	enum pv_status status = pv_case_build(desk, mem, &judging, &whole, error);
	char *text = status == PV_OK ? pv_json_dump(mem, whole) : NULL;
	if (status == PV_OK && !text)
		status = pv_fail_nomem(error);
	return status == PV_OK ? pv_case_parse(mem, text, strlen(text), out, NULL, NULL, error)
			       : status;
}

enum pv_status pv_variant_shares_interest(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_variant_row *row, const struct pv_person_row *person, bool *out,
	struct pv_error *error)
{
	const struct pv_policy *policy = NULL;
	struct pv_case *c = NULL;
	bool *met = NULL, shares = false;
	size_t at = 0;
	enum pv_status status = policy_of(desk, mem, row, &policy, error);
	if (status == PV_OK)
		status = case_with(desk, mem, row, person->id, &c, error);
	if (status == PV_OK)
		status = pv_case_ties_met(mem, policy, c, &met, error);
	if (status != PV_OK)
		return status;
	for (size_t p = 0; p < c->n_people; p++)
		for (size_t i = 0; i < c->people[p].n_interests; i++)
			shares |= met[at++] && pv_str_equal(c->people[p].id, pv_str(person->slug));
	*out = shares;
	return PV_OK;
}

/* ---- the verdict ------------------------------------------------------------------------------- */

/* Did another person approve, who is not tied to what the post leads to? */
static enum pv_status approved_apart(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_variant_row *row, const json_t *approvals, bool *out,
	struct pv_error *error)
{
	enum pv_status status = PV_OK;
	*out = false;
	for (size_t i = 0; status == PV_OK && !*out && i < json_array_size(approvals); i++) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(mem);
		struct pv_person_row person;
		const char *by = pv_json_text(json_array_get(approvals, i), "by");
		bool shares = true;
		if (!scope)
			return pv_fail_nomem(error);
		if (!by || strcmp(by, row->author_slug) == 0)
			continue;
		status = pv_person_find_slug(desk->db, scope, by, &person, error);
		if (status == PV_OK)
			status = pv_variant_shares_interest(
				desk, scope, row, &person, &shares, error);
		*out = status == PV_OK && !shares;
	}
	return status;
}

enum pv_status pv_unruled_verdict(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_variant_row *row, const json_t *c, enum pv_verdict *out,
	struct pv_error *error)
{
	bool approved = true;
	enum pv_status status = PV_OK;
	if (strcmp(row->organization_kind, "person") != 0)
		status = approved_apart(
			desk, mem, row, json_object_get(c, "approvals"), &approved, error);
	if (status == PV_OK)
		*out = approved ? PV_VERDICT_ALLOW : PV_VERDICT_APPROVE;
	return status;
}

static struct pv_words words_of(const struct pv_variant_row *row, enum pv_verdict verdict)
{
	if (strcmp(row->organization_kind, "person") == 0)
		return (struct pv_words){
			"Autorisé. Votre espace n'a pas de politique : vous décidez.",
			"Allowed. Your own space has no policy: you decide."};
	if (verdict == PV_VERDICT_ALLOW)
		return (struct pv_words){
			"Autorisé. Aucune politique n'est adoptée; une autre personne a approuvé, "
			"et cela vaut tant que le texte reste le même.",
			"Allowed. No policy is adopted; another person has approved, and that "
			"holds "
			"as long as the text stays the same."};
	return (struct pv_words){"Approbation requise. Aucune politique n'est adoptée : une autre "
				 "personne approuve.",
		"Approval required. No policy is adopted: another person approves."};
}

json_t *pv_unruled_result(const struct pv_variant_row *row, enum pv_verdict verdict)
{
	struct pv_words words = words_of(row, verdict);
	bool satisfied =
		verdict == PV_VERDICT_ALLOW && strcmp(row->organization_kind, "person") != 0;
	json_t *result = json_pack("{s:s, s:[s], s:[], s:[], s:[], s:[], s:{s:s, s:s}, s:[], s:[], "
				   "s:[]}",
		"verdict", pv_verdict_name(verdict), "decided_by", "default", "also", "satisfied",
		"lifted", "overridden", "explanation", "fr", words.fr, "en", words.en, "remarks",
		"remedies", "clues");
	if (satisfied)
		json_array_append_new(json_object_get(result, "satisfied"), json_string("default"));
	if (verdict == PV_VERDICT_APPROVE)
		json_array_append_new(json_object_get(result, "remedies"),
			json_pack("{s:s, s:s, s:{s:s, s:s}, s:i}", "act", "ask_approval", "rule",
				"default", "words", "fr",
				"Demandez l'approbation d'une autre personne.", "en",
				"Ask another person to approve.", "count", 1));
	return result;
}
