/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "desk/trying.h"

#include "base/instant.h"
#include "base/json.h"
#include "desk/policies.h"
#include "policy/judge.h"

#include <string.h>

static enum pv_status read_text(
	TALLOC_CTX *mem, const char *text, struct pv_policy **out, struct pv_trying *tried)
{
	struct pv_error words = PV_ERROR_IN(mem);
	return pv_policy_parse(mem, text, strlen(text), "policy", out, &tried->problems, &words);
}

/* The words say what is wrong with the case; the pointer, that it is the case. */
static enum pv_status case_problem(
	const struct pv_error *words, const char *pointer, struct pv_error *error)
{
	pv_fail_words(error, PV_INVALID, words->words);
	return pv_fail_field(error, pointer, "Ce cas ne peut pas être jugé ainsi.",
		"This case cannot be judged as it is.");
}

static enum pv_status read_case(
	TALLOC_CTX *mem, const json_t *given, struct pv_case **out, struct pv_error *error)
{
	struct pv_error words = PV_ERROR_IN(mem);
	char *json = pv_json_dump(mem, given);
	if (!json)
		return pv_fail_nomem(error);
	enum pv_status status = pv_case_parse(mem, json, strlen(json), out, NULL, NULL, &words);
	if (status == PV_INVALID)
		return case_problem(&words, "/case", error);
	return status == PV_OK ? PV_OK : pv_fail_words(error, status, words.words);
}

static enum pv_status judge(TALLOC_CTX *mem, const struct pv_policy *policy,
	const struct pv_case *c, struct pv_judgement **out, struct pv_error *error)
{
	struct pv_error words = PV_ERROR_IN(mem);
	enum pv_status status = pv_judge(mem, policy, c, out, &words);
	if (status == PV_NOT_FOUND)
		return case_problem(&words, "/case/account", error);
	return status == PV_OK ? PV_OK : pv_fail_words(error, status, words.words);
}

static enum pv_status answer(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_judgement *judgement, struct pv_trying *out, struct pv_error *error)
{
	char at[PV_TIME_TEXT_SIZE];
	PV_JSON json_t *result = pv_judgement_to_json(judgement);
	if (!result)
		return pv_fail_nomem(error);
	json_object_set_new(result, "policy", json_null());
	json_object_set_new(
		result, "judged_at", json_string(pv_time_format(pv_env_now_us(desk->env), at)));
	out->result = pv_json_dump(mem, result);
	return out->result ? PV_OK : pv_fail_nomem(error);
}

enum pv_status pv_desk_try(struct pv_desk *desk, TALLOC_CTX *mem, const char *text,
	const json_t *given, struct pv_trying *out, struct pv_error *error)
{
	struct pv_trying tried = {0};
	struct pv_policy *policy = NULL;
	struct pv_case *c = NULL;
	struct pv_judgement *judgement = NULL;
	enum pv_status status = read_text(mem, text, &policy, &tried);
	if (status != PV_OK && status != PV_INVALID)
		return pv_fail_nomem(error);
	status = read_case(mem, given, &c, error);
	if (status == PV_OK && policy)
		status = judge(mem, policy, c, &judgement, error);
	if (status == PV_OK && judgement)
		status = answer(desk, mem, judgement, &tried, error);
	if (status == PV_OK)
		*out = tried;
	return status;
}
