/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A policy as a page shows it: the document's own structure, in the order of its text. */
#include "policy/model.h"

/* Every setter notes a failure, so that one check at the end is enough. */
struct writer {
	bool ok;
};

static void put(struct writer *w, json_t *object, const char *name, json_t *value)
{
	w->ok = json_object_set_new(object, name, value) == 0 && w->ok;
}

static void push(struct writer *w, json_t *list, json_t *value)
{
	w->ok = json_array_append_new(list, value) == 0 && w->ok;
}

static void put_text(struct writer *w, json_t *object, const char *name, const char *text)
{
	put(w, object, name, json_string(text ? text : ""));
}

static void put_words(
	struct writer *w, json_t *object, const char *name, const struct pv_words *words)
{
	json_t *both = json_object();
	put_text(w, both, "fr", words->fr);
	put_text(w, both, "en", words->en);
	put(w, object, name, both);
}

static json_t *texts_json(struct writer *w, const struct pv_strs *texts)
{
	json_t *list = json_array();
	for (size_t i = 0; i < texts->n; i++)
		push(w, list, json_string(texts->items[i]));
	return list;
}

static json_t *strs_json(struct writer *w, const struct pv_str *items, size_t n)
{
	json_t *list = json_array();
	for (size_t i = 0; i < n; i++)
		push(w, list, json_stringn(items[i].bytes, items[i].size));
	return list;
}

static json_t *langs_json(struct writer *w, const struct pv_langs *langs)
{
	json_t *out = json_object();
	for (size_t i = 0; i < langs->n; i++)
		put(w, out, langs->items[i].lang, texts_json(w, &langs->items[i].texts));
	return out;
}

static json_t *condition_json(struct writer *w, const struct pv_condition *condition)
{
	json_t *out = json_object();
	for (size_t i = 0; i < condition->n_lines; i++)
		put(w, out, pv_fact_names[condition->lines[i].fact],
			texts_json(w, &condition->lines[i].values));
	return out;
}

static json_t *duration_json(const struct pv_duration *duration)
{
	static const char *const units[] = {
		[PV_UNIT_MINUTES] = "minutes", [PV_UNIT_HOURS] = "hours", [PV_UNIT_DAYS] = "days"};
	return json_sprintf("%d %s", duration->n, units[duration->unit]);
}

static json_t *approvals_json(struct writer *w, const struct pv_approvals *approvals)
{
	json_t *out = json_object(), *never = json_array(), *then = json_array();
	put(w, out, "by", texts_json(w, &approvals->by));
	put(w, out, "count", json_integer(approvals->count));
	if (approvals->never_author)
		push(w, never, json_string("author"));
	if (approvals->never_same_interest)
		push(w, never, json_string("same_interest"));
	put(w, out, "never", never);
	put(w, out, "valid", approvals->has_valid ? duration_json(&approvals->valid) : json_null());
	for (size_t i = 0; i < approvals->n_then; i++) {
		json_t *step = json_object();
		put(w, step, "by", texts_json(w, &approvals->then[i].by));
		put(w, step, "count", json_integer(approvals->then[i].count));
		push(w, then, step);
	}
	put(w, out, "then", then);
	return out;
}

static json_t *tie_json(struct writer *w, const struct pv_tie *tie)
{
	json_t *out = json_object();
	put(w, out, "names", strs_json(w, tie->names, tie->n_names));
	put_text(w, out, "relation", pv_relation_names[tie->relation]);
	if (tie->org.size)
		put_text(w, out, "org", tie->org.bytes);
	put(w, out, "domains", strs_json(w, tie->domains, tie->n_domains));
	put(w, out, "handles", strs_json(w, tie->handles, tie->n_handles));
	if (tie->n_feeds)
		put(w, out, "feeds", strs_json(w, tie->feeds, tie->n_feeds));
	if (tie->until_day != PV_DAY_NONE) {
		int year, month, day;
		pv_civil_from_days(tie->until_day, &year, &month, &day);
		put(w, out, "until", json_sprintf("%04d-%02d-%02d", year, month, day));
	}
	return out;
}

static json_t *organisation_json(struct writer *w, const struct pv_organisation *org)
{
	json_t *out = json_object(), *interests = json_array();
	put_text(w, out, "id", org->id);
	put(w, out, "names", texts_json(w, &org->names));
	put(w, out, "axes", texts_json(w, &org->axes));
	put(w, out, "domains", texts_json(w, &org->domains.texts));
	put(w, out, "handles", texts_json(w, &org->handles));
	put(w, out, "partners", texts_json(w, &org->partners));
	for (size_t i = 0; i < org->n_interests; i++)
		push(w, interests, tie_json(w, org->interests[i].tie));
	put(w, out, "interests", interests);
	return out;
}

static json_t *percent_json(int64_t top, int64_t bottom)
{
	return top % bottom == 0 ? json_integer(top / bottom)
				 : json_real((double)top / (double)bottom);
}

static json_t *counting_options(struct writer *w, const struct pv_rule *rule)
{
	json_t *out = json_object();
	if (rule->kind == PV_RULE_QUOTA) {
		put(w, out, "count", condition_json(w, &rule->count));
		put_text(w, out, "at_most", rule->at_most.text);
		put_text(w, out, "per", pv_per_names[rule->per]);
	} else {
		json_t *target = json_object();
		put_text(w, out, "by", pv_fact_names[rule->by]);
		for (size_t i = 0; i < rule->n_targets; i++)
			put(w, target, rule->targets[i].value,
				percent_json(rule->targets[i].top, rule->targets[i].bottom));
		put(w, out, "target", target);
		put(w, out, "tolerance", percent_json(rule->tolerance_top, rule->tolerance_bottom));
	}
	put(w, out, "window", duration_json(&rule->window));
	put(w, out, "min_posts", json_integer(rule->min_posts));
	return out;
}

static json_t *wording_options(struct writer *w, const struct pv_rule *rule)
{
	json_t *out = json_object();
	if (rule->say && rule->say->id)
		put_text(w, out, "say", rule->say->id);
	else if (rule->say)
		put(w, out, "say", langs_json(w, &rule->say->wordings));
	if (rule->say)
		put_text(w, out, "position", pv_position_names[rule->say->position]);
	if (rule->sites.texts.n)
		put(w, out, "link", texts_json(w, &rule->sites.texts));
	return out;
}

static json_t *voice_options(struct writer *w, const struct pv_rule *rule)
{
	json_t *out = json_object(), *allow = json_array();
	for (int voice = 0; voice < PV_VOICES; voice++)
		if (rule->allow >> voice & 1)
			push(w, allow, json_string(pv_voice_name((enum pv_voice)voice)));
	put(w, out, "allow", allow);
	put(w, out, "spokespersons", texts_json(w, &rule->spokespersons));
	return out;
}

static json_t *links_options(struct writer *w, const struct pv_rule *rule)
{
	json_t *out = json_object();
	if (rule->forbid == PV_FORBID_SITES)
		put(w, out, "forbid", texts_json(w, &rule->sites.texts));
	else
		put_text(w, out, "forbid",
			rule->forbid == PV_FORBID_SHORTENED ? "shortened" : "unresolved");
	return out;
}

static json_t *form_options(struct writer *w, const struct pv_rule *rule)
{
	json_t *out = json_object();
	if (rule->kind == PV_RULE_LANGUAGES) {
		put_text(w, out, "require", rule->require_pair ? "pair" : "french_first");
		if (rule->within.n)
			put(w, out, "within", duration_json(&rule->within));
		return out;
	}
	put(w, out, "alt_text", json_boolean(rule->alt_text));
	if (rule->max_hashtags >= 0)
		put(w, out, "max_hashtags", json_integer(rule->max_hashtags));
	if (rule->camel_hashtags >= 0)
		put(w, out, "camel_hashtags", json_integer(rule->camel_hashtags));
	return out;
}

static json_t *time_options(struct writer *w, const struct pv_rule *rule)
{
	json_t *out = json_object();
	if (rule->kind == PV_RULE_EMBARGO) {
		put_text(w, out, "until", rule->until_text);
		put(w, out, "words", texts_json(w, &rule->words.items->texts));
		put(w, out, "links", texts_json(w, &rule->sites.texts));
		return out;
	}
	if (rule->has_period) {
		put_text(w, out, "from", rule->from_text);
		put_text(w, out, "to", rule->to_text);
	}
	if (rule->switch_name)
		put_text(w, out, "switch", rule->switch_name);
	if (rule->has_hours)
		put(w, out, "hours",
			json_sprintf("%02d:%02d-%02d:%02d", rule->hours_from / 60,
				rule->hours_from % 60, rule->hours_to / 60, rule->hours_to % 60));
	return out;
}

static json_t *options_json(struct writer *w, const struct pv_rule *rule)
{
	json_t *out;
	switch (rule->kind) {
	case PV_RULE_DISCLOSURE:
	case PV_RULE_MENTION: return wording_options(w, rule);
	case PV_RULE_VOICE: return voice_options(w, rule);
	case PV_RULE_LINKS: return links_options(w, rule);
	case PV_RULE_LANGUAGES:
	case PV_RULE_ACCESS: return form_options(w, rule);
	case PV_RULE_QUOTA:
	case PV_RULE_MIX: return counting_options(w, rule);
	case PV_RULE_QUIET:
	case PV_RULE_EMBARGO: return time_options(w, rule);
	case PV_RULE_INVITE:
		out = json_object();
		put(w, out, "words", langs_json(w, &rule->words));
		return out;
	default: return json_object();
	}
}

static json_t *rule_json(struct writer *w, const struct pv_rule *rule)
{
	json_t *out = json_object(), *unless = json_array();
	put_text(w, out, "id", rule->id);
	put_text(w, out, "kind", pv_rule_kind_names[rule->kind]);
	put_words(w, out, "label", &rule->label);
	put_text(w, out, "then", pv_verdict_name(rule->then));
	put(w, out, "firm", json_boolean(rule->firm));
	put(w, out, "line", json_integer(rule->line));
	put(w, out, "when", condition_json(w, &rule->when));
	for (size_t i = 0; i < rule->n_unless; i++)
		push(w, unless, condition_json(w, &rule->unless[i]));
	put(w, out, "unless", unless);
	put(w, out, "overrides", texts_json(w, &rule->override_ids));
	put(w, out, "approval",
		rule->own_approvals ? approvals_json(w, &rule->approvals) : json_null());
	put(w, out, "options", options_json(w, rule));
	return out;
}

/* Rules are kept by id; a page shows them in the order of the text. */
static json_t *rules_json(struct writer *w, const struct pv_policy *policy)
{
	json_t *list = json_array();
	int line = 0;
	for (size_t shown = 0; shown < policy->n_rules; shown++) {
		const struct pv_rule *next = NULL;
		for (size_t i = 0; i < policy->n_rules; i++)
			if (policy->rules[i].line > line &&
				(!next || policy->rules[i].line < next->line))
				next = &policy->rules[i];
		if (!next)
			break;
		line = next->line;
		push(w, list, rule_json(w, next));
	}
	return list;
}

static json_t *exception_json(struct writer *w, const struct pv_exception *exception)
{
	json_t *out = json_object();
	put_text(w, out, "id", exception->id);
	put(w, out, "lifts", texts_json(w, &exception->lift_ids));
	put(w, out, "when", condition_json(w, &exception->when));
	put_text(w, out, "from", exception->from_text);
	put_text(w, out, "until", exception->until_text);
	put_text(w, out, "granted_by", exception->granted_by);
	put_words(w, out, "reason", &exception->reason);
	put(w, out, "line", json_integer(exception->line));
	return out;
}

static void put_lists(struct writer *w, const struct pv_policy *policy, json_t *out)
{
	json_t *fold = json_object(), *list = json_array();
	for (size_t i = 0; i < policy->n_folds; i++)
		put(w, fold, policy->folds[i].platform, json_integer(policy->folds[i].characters));
	put(w, out, "fold", fold);
	put(w, out, "shorteners", texts_json(w, &policy->shorteners.texts));
	for (size_t i = 0; i < policy->n_organisations; i++)
		push(w, list, organisation_json(w, &policy->organisations[i]));
	put(w, out, "organisations", list);
	list = json_array();
	for (size_t i = 0; i < policy->n_accounts; i++) {
		json_t *account = json_object();
		put_text(w, account, "id", policy->accounts[i].id);
		put_text(w, account, "owner", policy->accounts[i].owner);
		put_text(w, account, "stance", pv_stance_names[policy->accounts[i].stance]);
		put_text(w, account, "platform", policy->accounts[i].platform);
		push(w, list, account);
	}
	put(w, out, "accounts", list);
}

static void put_words_lists(struct writer *w, const struct pv_policy *policy, json_t *out)
{
	json_t *list = json_array();
	for (size_t i = 0; i < policy->n_disclosures; i++) {
		json_t *item = json_object();
		put_text(w, item, "id", policy->disclosures[i].id);
		put_text(w, item, "position", pv_position_names[policy->disclosures[i].position]);
		put(w, item, "wordings", langs_json(w, &policy->disclosures[i].wordings));
		push(w, list, item);
	}
	put(w, out, "disclosures", list);
	list = json_array();
	for (size_t i = 0; i < policy->n_topics; i++) {
		json_t *item = json_object();
		put_text(w, item, "id", policy->topics[i].id);
		put(w, item, "words",
			policy->topics[i].words.n ? langs_json(w, &policy->topics[i].words)
						  : json_null());
		push(w, list, item);
	}
	put(w, out, "topics", list);
}

json_t *pv_policy_to_json(const struct pv_policy *policy)
{
	struct writer w = {.ok = true};
	json_t *out = json_object(), *exceptions = json_array();
	put_text(&w, out, "policy", policy->name);
	put(&w, out, "version", json_integer(policy->version));
	put_words(&w, out, "title", &policy->title);
	put_text(&w, out, "timezone", pv_zone_name(policy->zone));
	put_text(&w, out, "default", pv_verdict_name(policy->otherwise));
	put_lists(&w, policy, out);
	put(&w, out, "approvals",
		policy->has_approvals ? approvals_json(&w, &policy->approvals) : json_null());
	put_words_lists(&w, policy, out);
	put(&w, out, "rules", rules_json(&w, policy));
	for (size_t i = 0; i < policy->n_exceptions; i++)
		push(&w, exceptions, exception_json(&w, &policy->exceptions[i]));
	put(&w, out, "exceptions", exceptions);
	if (w.ok)
		return out;
	json_decref(out);
	return NULL;
}
