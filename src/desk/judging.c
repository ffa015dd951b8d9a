/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "desk/judging.h"

#include "base/json.h"
#include "desk/policies.h"
#include "desk/past.h"
#include "desk/variants.h"
#include "store/counted.h"

#include <string.h>

/* ---- the answer -------------------------------------------------------------------------------- */

struct ends {
	json_t *unknown, *unresolved;
};

/* Nobody followed it yet, or whoever did saw no end: why. */
static enum pv_status tell_end(struct pv_desk *desk, TALLOC_CTX *mem, const char *url,
	struct ends *ends, struct pv_error *error)
{
	struct pv_resolution_row found;
	json_t *why = NULL;
	enum pv_status status = pv_resolution_find(desk->db, mem, url, &found, error);
	if (status == PV_NOT_FOUND) {
		json_array_append_new(ends->unknown, json_string(url));
		return PV_OK;
	}
	if (status == PV_OK && *found.why &&
		pv_json_parse(found.why, strlen(found.why), &why, NULL) == PV_OK)
		json_array_append_new(
			ends->unresolved, json_pack("{s:s, s:o}", "url", url, "why", why));
	return status;
}

/*
 * Links of the post that nobody followed yet: the verdict may change once somebody has. `*out_follow`
 * is what holds them, NULL when there are none. And those whose end is not known all the same.
 */
static enum pv_status write_links(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_variant_row *row, json_t *result, const char **out_follow,
	struct pv_error *error)
{
	const char **links, *said = pv_variant_said(mem, row);
	size_t n;
	bool more;
	struct ends ends = {json_array(), json_array()};
	json_object_set_new(result, "links_unknown", ends.unknown);
	json_object_set_new(result, "links_unresolved", ends.unresolved);
	if (!said)
		return pv_fail_nomem(error);
	enum pv_status status = pv_variant_links(mem, said, &links, &n, &more, error);
	for (size_t i = 0; status == PV_OK && i < n; i++)
		status = tell_end(desk, mem, links[i], &ends, error);
	*out_follow = json_array_size(ends.unknown) ? said : NULL;
	return status;
}

static enum pv_status write_answer(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_judging *judging, const json_t *c, json_t *result,
	const struct pv_policy_row *policy, struct pv_judged *out, struct pv_error *error)
{
	char at[PV_TIME_TEXT_SIZE];
	const char *follow;
	enum pv_status status = write_links(desk, mem, judging->row, result, &follow, error);
	if (status != PV_OK)
		return status;
	if (!judging->clues)
		json_object_set_new(result, "clues", json_array());
	json_object_set_new(result, "policy",
		policy ? json_pack("{s:s, s:I}", "id", policy->id, "version",
				 (json_int_t)policy->version)
		       : json_null());
	json_object_set_new(
		result, "judged_at", json_string(pv_time_format(pv_env_now_us(desk->env), at)));
	const json_t *words = json_object_get(result, "explanation");
	const char *fr = pv_json_text(words, "fr");
	const char *en = pv_json_text(words, "en");
	out->answer = (struct pv_desk_judgement){
		.verdict = pv_verdict_name(out->verdict),
		.policy_id = policy ? policy->id : "",
		.result = pv_json_dump(mem, result),
		.input = pv_json_dump(mem, c),
		.follow = follow,
		.explanation = {talloc_strdup(mem, fr ? fr : ""), talloc_strdup(mem, en ? en : "")},
	};
	bool whole = out->answer.result && out->answer.input && out->answer.explanation.fr &&
		     out->answer.explanation.en;
	return whole ? PV_OK : pv_fail_nomem(error);
}

/* The case as it stands, before the policy; `past` is asked for what went before. */
static enum pv_status judge_json(TALLOC_CTX *mem, const struct pv_policy *policy, const json_t *c,
	struct pv_past *past, struct pv_judgement **out, struct pv_error *error)
{
	char *text = pv_json_dump(mem, c);
	struct pv_case *read;
	if (!text)
		return pv_fail_nomem(error);
	enum pv_status status = pv_case_parse(mem, text, strlen(text), &read, NULL, NULL, error);
	if (status != PV_OK)
		return status;
	read->source = pv_past_source(past);
	return pv_judge(mem, policy, read, out, error);
}

/* As if every switch were off: would it go? The case is as it was afterwards. */
static enum pv_status waits_for_switch(TALLOC_CTX *mem, const struct pv_policy *policy, json_t *c,
	struct pv_past *past, bool *out, struct pv_error *error)
{
	struct pv_judgement *without = NULL;
	json_t *switches = json_incref(json_object_get(c, "switches"));
	json_object_set_new(c, "switches", json_array());
	enum pv_status status = judge_json(mem, policy, c, past, &without, error);
	json_object_set_new(c, "switches", switches);
	if (status == PV_OK)
		*out = without->verdict <= PV_VERDICT_WARN;
	return status;
}

static enum pv_status judge_ruled(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_judging *judging, json_t *c, const struct pv_policy *policy,
	struct pv_judged *out, bool *waits, struct pv_error *error)
{
	struct pv_past *past = pv_past_open(mem, desk, judging->row);
	struct pv_judgement *judgement = NULL;
	if (!past)
		return pv_fail_nomem(error);
	enum pv_status status = judge_json(mem, policy, c, past, &judgement, error);
	bool asks = status == PV_OK && waits && judgement->verdict > PV_VERDICT_WARN &&
		    json_array_size(json_object_get(c, "switches"));
	if (asks)
		status = waits_for_switch(mem, policy, c, past, waits, error);
	json_object_set_new(c, "past", pv_past_windows(past));
	if (status != PV_OK)
		return status;
	out->judgement = judgement;
	out->verdict = judgement->verdict;
	return PV_OK;
}

static enum pv_status judge_case(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_judging *judging, json_t *c, struct pv_judged *out, bool *waits,
	struct pv_error *error)
{
	struct pv_policy_row row;
	const struct pv_policy *policy;
	struct pv_error lost = PV_ERROR_IN(mem);
	enum pv_status status = pv_desk_policy_in_force(
		desk, mem, judging->row->organization_id, judging->at_us, &row, &policy, &lost);
	bool ruled = status == PV_OK;
	if (ruled)
		status = judge_ruled(desk, mem, judging, c, policy, out, waits, error);
	else if (status == PV_NOT_FOUND) {
		status = pv_unruled_verdict(desk, mem, judging->row, c, &out->verdict, error);
	} else if (error)
		*error = lost;
	if (status != PV_OK)
		return status;
	PV_JSON json_t *result = ruled ? pv_judgement_to_json(out->judgement)
				       : pv_unruled_result(judging->row, out->verdict);
	if (!result)
		return pv_fail_nomem(error);
	return write_answer(desk, mem, judging, c, result, ruled ? &row : NULL, out, error);
}

static enum pv_status judge_variant(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_judging *judging, struct pv_judged *out, bool *waits,
	struct pv_error *error)
{
	PV_JSON json_t *c = NULL;
	struct pv_judged judged = {0};
	enum pv_status status = pv_case_build(desk, mem, judging, &c, error);
	if (status == PV_OK)
		status = judge_case(desk, mem, judging, c, &judged, waits, error);
	if (status == PV_OK)
		*out = judged;
	return status;
}

enum pv_status pv_variant_judge(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_judging *judging, struct pv_judged *out, struct pv_error *error)
{
	return judge_variant(desk, mem, judging, out, NULL, error);
}

enum pv_status pv_variant_judge_waits(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_judging *judging, struct pv_judged *out, bool *out_waits,
	struct pv_error *error)
{
	*out_waits = false;
	return judge_variant(desk, mem, judging, out, out_waits, error);
}

int64_t pv_variant_at(const struct pv_variant_row *row, int64_t now_us)
{
	return row->due_at_us == PV_TIME_NONE || row->due_at_us < now_us ? now_us : row->due_at_us;
}

enum pv_status pv_variant_keep_judged(struct pv_desk *desk, const struct pv_variant_row *row,
	const char *moment, const struct pv_judged *judged, struct pv_error *error)
{
	char id[PV_ID_SIZE];
	struct pv_judgement_row kept = {
		.id = pv_id_new(desk->env, id),
		.organization_id = row->organization_id,
		.variant_id = row->id,
		.policy_id = judged->answer.policy_id,
		.digest = row->digest,
		.moment = moment,
		.verdict = judged->answer.verdict,
		.input = judged->answer.input,
		.result = judged->answer.result,
		.judged_at_us = pv_env_now_us(desk->env),
	};
	enum pv_status status = pv_judgement_insert(desk->db, &kept, error);
	if (status == PV_OK)
		status = pv_variant_set_verdict(desk->db, row, judged->answer.verdict, error);
	return status;
}

enum pv_status pv_variant_judge_keep(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_variant_row *row, const char *moment, struct pv_judged *out,
	struct pv_error *error)
{
	struct pv_judging judging = {.row = row,
		.at_us = pv_variant_at(row, pv_env_now_us(desk->env)),
		.sending = strcmp(moment, "sending") == 0};
	struct pv_judged judged;
	enum pv_status status = pv_variant_judge(desk, mem, &judging, &judged, error);
	if (status == PV_OK)
		status = pv_variant_keep_judged(desk, row, moment, &judged, error);
	if (status == PV_OK)
		*out = judged;
	return status;
}
