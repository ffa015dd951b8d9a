/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The analysis of a document, as the desk asks for it: what each version is held against. */
#include "desk/policy_parts.h"

#include "policy/analysis/analysis.h"

#include <string.h>

/* The guarantee, below `mem`; words without a place: it is one line. */
static enum pv_status read_one(TALLOC_CTX *mem, const struct pv_policy *policy, const char *text,
	struct pv_guarantee **out, struct pv_error *error)
{
	return pv_guarantee_parse(mem, policy, text, strlen(text), out, NULL, error);
}

enum pv_status pv_guarantee_readable(
	TALLOC_CTX *mem, const struct pv_policy *policy, const char *text, struct pv_error *error)
{
	struct pv_guarantee *guarantee;
	struct pv_error said = PV_ERROR_IN(mem);
	enum pv_status status = read_one(mem, policy, text, &guarantee, &said);
	if (status == PV_INVALID)
		return pv_fail_field(
			error, "/text", "%1$s%2$.0s", "%1$.0s%2$s", said.words.fr, said.words.en);
	if (status != PV_OK && error)
		*error = said;
	return status;
}

static json_t *holds_json(enum pv_keeping keeping)
{
	return keeping == PV_GUARANTEE_UNDECIDED ? json_null()
						 : json_boolean(keeping == PV_GUARANTEE_HOLDS);
}

static json_t *row_json(
	const struct pv_guarantee_row *row, json_t *holds, const struct pv_words *words)
{
	return json_pack("{s:s, s:s, s:s, s:o, s:o}", "id", row->id, "text", row->text, "note",
		row->note, "holds", holds, "words", pv_words_json(words));
}

/*
 * One guarantee against a document. One that names what this version does not have any more cannot
 * be said to hold: it does not pass, and its words say why.
 */
static enum pv_status run_one(TALLOC_CTX *mem, const struct pv_policy *policy,
	const struct pv_guarantee_row *row, int64_t at_us, json_t *into, size_t *out_broken,
	struct pv_error *error)
{
	struct pv_guarantee *guarantee;
	struct pv_guarantee_answer answer = {.keeping = PV_GUARANTEE_UNDECIDED};
	struct pv_error said = PV_ERROR_IN(mem);
	PV_JSON json_t *whole = NULL;
	enum pv_status status = read_one(mem, policy, row->text, &guarantee, &said);
	if (status == PV_OK)
		status = pv_guarantee_check(mem, policy, guarantee, at_us, &answer, &said);
	if (status == PV_INVALID)
		answer.sentence = said.words;
	else if (status != PV_OK) {
		if (error)
			*error = said;
		return status;
	}
	json_t *item = row_json(row, holds_json(answer.keeping), &answer.sentence);
	if (status == PV_OK)
		whole = pv_guarantee_answer_to_json(&answer);
	json_t *witness = json_object_get(whole, "witness");
	if (!item || json_object_set(item, "witness", witness ? witness : json_null()) != 0 ||
		json_array_append_new(into, item) != 0)
		return pv_fail_nomem(error);
	*out_broken += answer.keeping != PV_GUARANTEE_HOLDS;
	return PV_OK;
}

enum pv_status pv_guarantees_run(TALLOC_CTX *mem, const struct pv_policy *policy,
	const struct pv_guarantee_row *rows, size_t n, int64_t at_us, json_t *into,
	size_t *out_broken, struct pv_error *error)
{
	enum pv_status status = PV_OK;
	*out_broken = 0;
	for (size_t i = 0; status == PV_OK && i < n; i++)
		status = run_one(mem, policy, &rows[i], at_us, into, out_broken, error);
	return status;
}

enum pv_status pv_policy_analysis(TALLOC_CTX *mem, const struct pv_policy *policy, int64_t at_us,
	json_t **out, struct pv_error *error)
{
	struct pv_analysis *analysis;
	const struct pv_analysis_options options = {.at_us = at_us};
	enum pv_status status = pv_analyze(mem, policy, &options, &analysis, error);
	if (status != PV_OK)
		return status;
	json_t *json = pv_analysis_to_json(analysis);
	if (!json)
		return pv_fail_nomem(error);
	*out = json;
	return PV_OK;
}
