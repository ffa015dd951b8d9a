/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "desk/report.h"
#include "desk/check.h"
#include "desk/clock.h"
#include "desk/policies.h"
#include "desk/report_parts.h"

#include <stdio.h>
#include <string.h>

/* ---- the month --------------------------------------------------------------------------------- */

static enum pv_status read_month(struct pv_report *report, int64_t now_us, struct pv_error *error)
{
	struct pv_civil local = pv_zone_local(report->zone, now_us);
	int year = local.year, month = local.month, end = 0;
	if (report->month &&
		(sscanf(report->month, "%4d-%2d%n", &year, &month, &end) != 2 || end != 7 ||
			report->month[7] || year < 1970 || year > 2099 || month < 1 || month > 12))
		return pv_fail_field(error, "/month", "Un mois comme 2026-10 est attendu.",
			"A month like 2026-10 is expected.");
	report->month = talloc_asprintf(report->mem, "%04d-%02d", year, month);
	int32_t first = pv_days_from_civil(year, month, 1);
	int32_t next = pv_days_from_civil(year + month / 12, month % 12 + 1, 1);
	report->from_us = pv_zone_day_start(report->zone, first, PV_ZONE_EARLIER);
	report->until_us = pv_zone_day_start(report->zone, next, PV_ZONE_EARLIER);
	return report->month ? PV_OK : pv_fail_nomem(error);
}

/* ---- judgements ---------------------------------------------------------------------------------- */

static void keep_rule(const char ***list, size_t *n, TALLOC_CTX *mem, const char *rule)
{
	const char *copy = rule ? talloc_strdup(mem, rule) : NULL;
	if (copy)
		(*list)[(*n)++] = copy;
}

static void keep_once(const char ***list, size_t *n, TALLOC_CTX *mem, const char *id)
{
	for (size_t i = 0; i < *n; i++)
		if (strcmp((*list)[i], id) == 0)
			return;
	keep_rule(list, n, mem, id);
}

static void read_remark(
	struct pv_report *report, const json_t *remark, struct pv_report_verdict *out)
{
	const char *rule = pv_json_text(remark, "rule"), *kind = pv_json_text(remark, "kind");
	const char *said = pv_json_text(remark, "said"), *status = pv_json_text(remark, "status");
	const char *by = pv_json_text(remark, "set_aside_by");
	if (!rule || !kind || !said || !status)
		return;
	bool satisfied = strcmp(status, "satisfied") == 0;
	if (satisfied && strcmp(said, "approve") == 0)
		keep_rule(&out->approved, &out->n_approved, report->mem, rule);
	else if (satisfied)
		keep_rule(&out->disclosed, &out->n_disclosed, report->mem, rule);
	if (strcmp(status, "lifted") != 0)
		return;
	if (by)
		keep_once(&out->lifters, &out->n_lifters, report->mem, by);
	keep_rule(&out->lifted, &out->n_lifted, report->mem, rule);
	json_object_set(report->labels, rule, json_object_get(remark, "label"));
	out->refusal_lifted |= strcmp(said, "refuse") == 0;
}

static enum pv_status read_judgement(struct pv_report *report, const char *text,
	struct pv_report_verdict *out, struct pv_error *error)
{
	PV_JSON json_t *result = NULL;
	*out = (struct pv_report_verdict){.verdict = ""};
	if (!*text)
		return PV_OK;
	enum pv_status status = pv_json_parse(text, strlen(text), &result, error);
	if (status != PV_OK)
		return status;
	json_t *remarks = json_object_get(result, "remarks");
	json_t *by = json_object_get(result, "lifted_by"), *remark;
	size_t most = json_array_size(remarks) + json_array_size(by) + 1, i;
	const char *verdict = pv_json_text(result, "verdict");
	const char **lists = talloc_zero_array(report->mem, const char *, 4 * most);
	out->verdict = talloc_strdup(report->mem, verdict ? verdict : "");
	if (!lists || !out->verdict)
		return pv_fail_nomem(error);
	out->disclosed = lists;
	out->approved = lists + most;
	out->lifted = lists + 2 * most;
	out->lifters = lists + 3 * most;
	/* two may lift the same rule: the remark names one of them */
	for (i = 0; i < json_array_size(by); i++)
		if (json_is_string(json_array_get(by, i)))
			keep_once(&out->lifters, &out->n_lifters, report->mem,
				json_string_value(json_array_get(by, i)));
	json_array_foreach(remarks, i, remark) read_remark(report, remark, out);
	return PV_OK;
}

static enum pv_status read_judgements(struct pv_report *report, struct pv_error *error)
{
	enum pv_status status = PV_OK;
	report->verdicts =
		talloc_zero_array(report->mem, struct pv_report_verdict, report->n_posts + 1);
	if (!report->verdicts)
		return pv_fail_nomem(error);
	for (size_t i = 0; status == PV_OK && i < report->n_posts; i++)
		status = read_judgement(
			report, report->posts[i].judgement, &report->verdicts[i], error);
	return status;
}

/* ---- the policy's own counts ----------------------------------------------------------------- */

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

static int word_of(const char *const *names, int n, const char *word)
{
	int index = pv_name_index(names, n, pv_str(word));
	return index < 0 ? 0 : index;
}

static bool topics_of(TALLOC_CTX *mem, const char *text, struct pv_history_entry *out)
{
	PV_JSON json_t *list = NULL;
	size_t i;
	json_t *value;
	if (pv_json_parse(text, strlen(text), &list, NULL) != PV_OK)
		return true;
	struct pv_str *topics = talloc_zero_array(mem, struct pv_str, json_array_size(list) + 1);
	json_array_foreach(list, i, value)
	{
		const char *copy = topics ? talloc_strdup(mem, json_string_value(value)) : NULL;
		if (copy)
			topics[out->n_topic++] = pv_str(copy);
	}
	out->topic = topics;
	return topics != NULL;
}

static struct pv_history_entry entry_of(const struct pv_report_post *post)
{
	return (struct pv_history_entry){
		.at_us = post->published_at_us,
		.account = pv_str(post->account_slug),
		.author = pv_str(post->author_slug),
		.kind = (enum pv_post_kind)word_of(pv_post_kind_names, PV_POST_KINDS, post->kind),
		.pinned = pv_report_is_static(post),
		.origin = (enum pv_origin)word_of(pv_origin_names, PV_ORIGINS, post->origin),
		.interest =
			(enum pv_interest)word_of(pv_interest_names, PV_INTERESTS, post->interest),
		.axis = pv_str(post->axis),
		.relation = bits_of(post->relations, pv_relation_names, PV_RELATIONS),
		.human = bits_of(post->humans, pv_human_names, PV_HUMANS),
	};
}

static enum pv_status tally(
	struct pv_report *report, const struct pv_policy *policy, struct pv_error *error)
{
	size_t n = report->n_posts;
	struct pv_history_entry *entries =
		talloc_zero_array(report->mem, struct pv_history_entry, n + 1);
	struct pv_case_account *accounts =
		talloc_zero_array(report->mem, struct pv_case_account, n + 1);
	struct pv_tally_past past = {.accounts = accounts, .entries = entries, .n_entries = n};
	if (!entries || !accounts)
		return pv_fail_nomem(error);
	for (size_t i = 0; i < n; i++) {
		const struct pv_report_post *post = &report->posts[i];
		entries[i] = entry_of(post);
		if (!topics_of(report->mem, post->topics, &entries[i]))
			return pv_fail_nomem(error);
		size_t a = 0;
		while (a < past.n_accounts && !pv_str_equal(accounts[a].id, entries[i].account))
			a++;
		if (a < past.n_accounts)
			continue;
		accounts[past.n_accounts++] = (struct pv_case_account){
			.id = entries[i].account,
			.owner = pv_str(report->house.slug),
			.stance = (enum pv_stance)word_of(
				pv_stance_names, PV_STANCES, post->account_stance),
			.platform = pv_str(post->account_network),
		};
	}
	return pv_policy_tally(
		report->mem, policy, &past, &report->tallies, &report->n_tallies, error);
}

static enum pv_status count_rules(
	struct pv_desk *desk, struct pv_report *report, int64_t now_us, struct pv_error *error)
{
	const struct pv_policy *policy;
	struct pv_error lost = PV_ERROR_IN(report->mem);
	int64_t at_us = report->until_us - 1 < now_us ? report->until_us - 1 : now_us;
	enum pv_status status = pv_desk_policy_in_force(
		desk, report->mem, report->house.id, at_us, &report->policy, &policy, &lost);
	report->has_policy = status == PV_OK;
	if (status == PV_OK) {
		report->document = pv_policy_to_json(policy);
		return report->document ? tally(report, policy, error) : pv_fail_nomem(error);
	}
	if (status == PV_NOT_FOUND)
		return PV_OK;
	if (error)
		*error = lost;
	return status;
}

/* ---- the whole ----------------------------------------------------------------------------------- */

static enum pv_status gather(struct pv_desk *desk, struct pv_report *report, struct pv_error *error)
{
	const char *id = report->house.id;
	int64_t now_us = pv_env_now_us(desk->env);
	enum pv_status status = pv_clock_zone(report->house.timezone, &report->zone, error);
	if (status == PV_OK)
		status = read_month(report, now_us, error);
	if (status == PV_OK)
		status = pv_report_posts(desk->db, report->mem, id, report->from_us,
			report->until_us, PV_REPORT_POSTS_MAX, &report->posts, &report->n_posts,
			error);
	if (status == PV_OK)
		status = pv_report_reviews(desk->db, report->mem, id, report->from_us,
			report->until_us, PV_REPORT_POSTS_MAX, &report->reviews, &report->n_reviews,
			error);
	if (status == PV_OK)
		status = pv_report_refusals(
			desk->db, id, report->from_us, report->until_us, &report->refused, error);
	if (status == PV_OK)
		status = read_judgements(report, error);
	if (status == PV_OK)
		status = count_rules(desk, report, now_us, error);
	return status == PV_OK ? pv_report_read_exceptions(desk, report, now_us, error) : status;
}

static void forget(struct pv_report *report)
{
	for (size_t i = 0; i < report->n_lifters; i++)
		json_decref(report->lifters[i].json);
	json_decref(report->document);
	json_decref(report->labels);
}

static const char *written(const struct pv_report *report, const struct pv_report_asked *asked)
{
	switch (asked->form) {
	case PV_REPORT_CSV: return pv_report_csv(report, asked->french);
	case PV_REPORT_EXCEPTIONS_CSV: return pv_report_exceptions_csv(report, asked->french);
	default: return pv_report_json(report);
	}
}

enum pv_status pv_desk_report(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_actor *actor,
	const struct pv_report_asked *asked, const char **out, struct pv_error *error)
{
	struct pv_report report = {.mem = mem, .month = asked->month, .labels = json_object()};
	const char *id = NULL;
	enum pv_status status = pv_desk_organization_id(desk, mem, asked->organization, &id, error);
	if (status == PV_OK)
		status = pv_desk_may(desk, actor, id, PV_MAY_ANALYSE, error);
	if (status == PV_OK)
		status = pv_organization_find(desk->db, mem, id, &report.house, error);
	if (status == PV_OK)
		status = gather(desk, &report, error);
	const char *text = status == PV_OK ? written(&report, asked) : NULL;
	forget(&report);
	if (status == PV_OK && !text)
		return pv_fail_nomem(error);
	if (status == PV_OK)
		*out = text;
	return status;
}
