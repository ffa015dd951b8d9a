/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "desk/judging.h"

#include "base/json.h"
#include "desk/policies.h"
#include "desk/variants.h"
#include "store/counted.h"

#include <string.h>

/* ---- the past, on request ---------------------------------------------------------------------- */

struct past {
	struct pv_desk *desk;
	TALLOC_CTX *mem;
	const struct pv_variant_row *row;
	json_t *windows; /* what was answered, kept with the case */
};

static unsigned bits_of(const char *list_text, const char *const *names, int n)
{
	PV_JSON json_t *list = NULL;
	unsigned bits = 0;
	size_t i;
	json_t *entry;
	if (pv_json_parse(list_text, strlen(list_text), &list, NULL) != PV_OK)
		return 0;
	json_array_foreach(list, i, entry)
	{
		const char *word = json_string_value(entry);
		int index = word ? pv_name_index(names, n, pv_str(word)) : -1;
		if (index >= 0)
			bits |= 1u << index;
	}
	return bits;
}

static int word_index(const char *const *names, int n, const char *word)
{
	int index = pv_name_index(names, n, pv_str(word));
	return index < 0 ? 0 : index;
}

static bool topics_of(TALLOC_CTX *mem, const char *list_text, struct pv_history_entry *entry)
{
	PV_JSON json_t *list = NULL;
	if (pv_json_parse(list_text, strlen(list_text), &list, NULL) != PV_OK ||
		!json_array_size(list))
		return true;
	struct pv_str *topics = talloc_array(mem, struct pv_str, json_array_size(list));
	if (!topics)
		return false;
	size_t i;
	json_t *value;
	json_array_foreach(list, i, value)
	{
		const char *copy = talloc_strdup(mem, json_string_value(value));
		topics[i] = pv_str(copy ? copy : "");
	}
	entry->topic = topics;
	entry->n_topic = json_array_size(list);
	return true;
}

static bool group_entry(
	TALLOC_CTX *mem, const struct pv_counted_group *group, struct pv_history_entry *out)
{
	*out = (struct pv_history_entry){
		.at_us = group->last_at_us,
		.account = pv_str(group->account_slug),
		.author = pv_str(group->author_slug),
		.kind = (enum pv_post_kind)word_index(
			pv_post_kind_names, PV_POST_KINDS, group->kind),
		.pinned = strcmp(group->form, "static") == 0,
		.origin = (enum pv_origin)word_index(pv_origin_names, PV_ORIGINS, group->origin),
		.interest = (enum pv_interest)word_index(
			pv_interest_names, PV_INTERESTS, group->interest),
		.axis = pv_str(group->axis),
		.relation = bits_of(group->relations, pv_relation_names, PV_RELATIONS),
		.human = bits_of(group->humans, pv_human_names, PV_HUMANS),
		.times = (uint32_t)group->times,
	};
	return topics_of(mem, group->topics, out);
}

static json_t *group_json(const struct pv_counted_group *group)
{
	char at[PV_TIME_TEXT_SIZE];
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:I}", "at",
		pv_time_format(group->last_at_us, at), "account", group->account_slug, "author",
		group->author_slug, "kind", group->kind, "form", group->form, "origin",
		group->origin, "interest", group->interest, "axis", group->axis, "relation",
		group->relations, "topic", group->topics, "human", group->humans, "times",
		(json_int_t)group->times);
}

static void keep_window(struct past *past, const struct pv_history_window *window,
	const struct pv_counted_group *groups, size_t n)
{
	static const char *const pers[] = {"account", "person", "organisation"};
	char after[PV_TIME_TEXT_SIZE];
	char until[PV_TIME_TEXT_SIZE];
	json_t *entries = json_array();
	for (size_t i = 0; i < n; i++)
		json_array_append_new(entries, group_json(&groups[i]));
	json_array_append_new(past->windows,
		json_pack("{s:s, s:s, s:s, s:o}", "per", pers[window->per], "after",
			pv_time_format(window->after_us, after), "until",
			pv_time_format(window->until_us, until), "entries", entries));
}

static enum pv_status past_each(void *state, const struct pv_history_window *window,
	pv_history_visit visit, void *visitor, struct pv_error *error)
{
	struct past *past = state;
	static const enum pv_counted_per pers[] = {
		[PV_PER_ACCOUNT] = PV_COUNTED_ACCOUNT,
		[PV_PER_PERSON] = PV_COUNTED_AUTHOR,
		[PV_PER_ORGANISATION] = PV_COUNTED_ORGANIZATION,
	};
	const char *ids[] = {
		[PV_PER_ACCOUNT] = past->row->account_id,
		[PV_PER_PERSON] = past->row->author_id,
		[PV_PER_ORGANISATION] = past->row->organization_id,
	};
	struct pv_counted_group *groups;
	size_t n;
	int64_t oldest = window->until_us - PV_JUDGE_HISTORY_DAYS * PV_DAY_US;
	enum pv_status status =
		pv_counted_window(past->desk->db, past->mem, pers[window->per], ids[window->per],
			past->row->id, window->after_us > oldest ? window->after_us : oldest,
			window->until_us, &groups, &n, error);
	if (status != PV_OK)
		return status;
	keep_window(past, window, groups, n);
	for (size_t i = 0; i < n; i++) {
		struct pv_history_entry entry;
		if (!group_entry(past->mem, &groups[i], &entry))
			return pv_fail_nomem(error);
		status = visit(visitor, &entry, error);
		if (status != PV_OK)
			return status;
	}
	return PV_OK;
}

/* ---- an organisation without a policy ---------------------------------------------------------- */

static enum pv_verdict unruled_verdict(const struct pv_variant_row *row, const json_t *c)
{
	if (strcmp(row->organization_kind, "person") == 0)
		return PV_VERDICT_ALLOW;
	return json_array_size(json_object_get(c, "approvals")) ? PV_VERDICT_ALLOW
								: PV_VERDICT_APPROVE;
}

static struct pv_words unruled_words(const struct pv_variant_row *row, enum pv_verdict verdict)
{
	if (strcmp(row->organization_kind, "person") == 0)
		return (struct pv_words){
			"Autorisé. Votre espace n'a pas de politique : vous décidez.",
			"Allowed. Your own space has no policy: you decide."};
	if (verdict == PV_VERDICT_ALLOW)
		return (struct pv_words){
			"Autorisé. Aucune politique n'est adoptée; une autre personne a approuvé.",
			"Allowed. No policy is adopted; another person has approved."};
	return (struct pv_words){"Approbation requise. Aucune politique n'est adoptée : une autre "
				 "personne approuve.",
		"Approval required. No policy is adopted: another person approves."};
}

static json_t *unruled_result(
	const struct pv_variant_row *row, enum pv_verdict verdict, struct pv_words words)
{
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

/* ---- the answer -------------------------------------------------------------------------------- */

/* Links of the text that nobody followed yet: the verdict may change once somebody has. */
static enum pv_status links_unknown(struct pv_desk *desk, TALLOC_CTX *mem, const char *text,
	json_t **out, struct pv_error *error)
{
	const char **links;
	size_t n;
	enum pv_status status =
		pv_desk_links_to_resolve(desk, mem, text, INT64_MAX, &links, &n, error);
	if (status != PV_OK)
		return status;
	json_t *list = json_array();
	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, json_string(links[i]));
	*out = list;
	return PV_OK;
}

static enum pv_status write_answer(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_judging *judging, const json_t *c, json_t *result,
	const struct pv_policy_row *policy, struct pv_judged *out, struct pv_error *error)
{
	char at[PV_TIME_TEXT_SIZE];
	json_t *unknown;
	enum pv_status status = links_unknown(desk, mem, judging->row->text, &unknown, error);
	if (status != PV_OK)
		return status;
	json_object_set_new(result, "links_unknown", unknown);
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
		.explanation = {talloc_strdup(mem, fr ? fr : ""), talloc_strdup(mem, en ? en : "")},
	};
	bool whole = out->answer.result && out->answer.input && out->answer.explanation.fr &&
		     out->answer.explanation.en;
	return whole ? PV_OK : pv_fail_nomem(error);
}

static enum pv_status judge_ruled(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_judging *judging, json_t *c, const struct pv_policy *policy,
	struct pv_judged *out, struct pv_error *error)
{
	char *text = pv_json_dump(mem, c);
	struct pv_case *read;
	if (!text)
		return pv_fail_nomem(error);
	enum pv_status status = pv_case_parse(mem, text, strlen(text), &read, NULL, NULL, error);
	if (status != PV_OK)
		return status;
	struct past past = {desk, mem, judging->row, json_array()};
	json_object_set_new(c, "windows", past.windows);
	struct pv_history_source source = {.state = &past, .each = past_each};
	struct pv_judgement *judgement;
	read->source = &source;
	status = pv_judge(mem, policy, read, &judgement, error);
	if (status != PV_OK)
		return status;
	out->judgement = judgement;
	out->verdict = judgement->verdict;
	return PV_OK;
}

static enum pv_status judge_case(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_judging *judging, json_t *c, struct pv_judged *out, struct pv_error *error)
{
	struct pv_policy_row row;
	const struct pv_policy *policy;
	struct pv_error lost = PV_ERROR_IN(mem);
	enum pv_status status = pv_desk_policy_in_force(
		desk, mem, judging->row->organization_id, judging->at_us, &row, &policy, &lost);
	bool ruled = status == PV_OK;
	if (ruled)
		status = judge_ruled(desk, mem, judging, c, policy, out, error);
	else if (status == PV_NOT_FOUND) {
		out->verdict = unruled_verdict(judging->row, c);
		status = PV_OK;
	} else if (error)
		*error = lost;
	if (status != PV_OK)
		return status;
	PV_JSON json_t *result = ruled ? pv_judgement_to_json(out->judgement)
				       : unruled_result(judging->row, out->verdict,
						 unruled_words(judging->row, out->verdict));
	if (!result)
		return pv_fail_nomem(error);
	return write_answer(desk, mem, judging, c, result, ruled ? &row : NULL, out, error);
}

enum pv_status pv_variant_judge(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_judging *judging, struct pv_judged *out, struct pv_error *error)
{
	PV_JSON json_t *c = NULL;
	struct pv_judged judged = {0};
	enum pv_status status = pv_case_build(desk, mem, judging, &c, error);
	if (status == PV_OK)
		status = judge_case(desk, mem, judging, c, &judged, error);
	if (status == PV_OK)
		*out = judged;
	return status;
}

int64_t pv_variant_at(const struct pv_variant_row *row, int64_t now_us)
{
	return row->due_at_us == PV_TIME_NONE || row->due_at_us < now_us ? now_us : row->due_at_us;
}

enum pv_status pv_variant_judge_keep(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_variant_row *row, const char *moment, struct pv_judged *out,
	struct pv_error *error)
{
	int64_t now_us = pv_env_now_us(desk->env);
	struct pv_judging judging = {.row = row,
		.at_us = pv_variant_at(row, now_us),
		.sending = strcmp(moment, "sending") == 0};
	struct pv_judged judged;
	enum pv_status status = pv_variant_judge(desk, mem, &judging, &judged, error);
	if (status != PV_OK)
		return status;
	char id[PV_ID_SIZE];
	struct pv_judgement_row kept = {
		.id = pv_id_new(desk->env, id),
		.organization_id = row->organization_id,
		.variant_id = row->id,
		.policy_id = judged.answer.policy_id,
		.digest = row->digest,
		.moment = moment,
		.verdict = judged.answer.verdict,
		.input = judged.answer.input,
		.result = judged.answer.result,
		.judged_at_us = now_us,
	};
	status = pv_judgement_insert(desk->db, &kept, error);
	if (status == PV_OK)
		status = pv_variant_set_verdict(desk->db, row, judged.answer.verdict, error);
	if (status == PV_OK)
		*out = judged;
	return status;
}
