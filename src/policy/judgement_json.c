/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/json.h"
#include "policy/judge.h"

static const char *const remark_status_names[PV_REMARK_STATUSES] = {
	[PV_REMARK_DECIDES] = "decides",
	[PV_REMARK_ALSO] = "also",
	[PV_REMARK_SATISFIED] = "satisfied",
	[PV_REMARK_LIFTED] = "lifted",
	[PV_REMARK_OVERRIDDEN] = "overridden",
	[PV_REMARK_ALLOWS] = "allows",
};

static const char *const evidence_names[PV_EVIDENCE_KINDS] = {
	[PV_EVIDENCE_LINK] = "link",
	[PV_EVIDENCE_HANDLE] = "handle",
	[PV_EVIDENCE_WORD] = "word",
	[PV_EVIDENCE_WORDING] = "wording",
	[PV_EVIDENCE_MISSING] = "missing",
	[PV_EVIDENCE_COUNT] = "count",
	[PV_EVIDENCE_TIME] = "time",
	[PV_EVIDENCE_SWITCH] = "switch",
	[PV_EVIDENCE_MEDIA] = "media",
	[PV_EVIDENCE_HASHTAG] = "hashtag",
	[PV_EVIDENCE_PAIR] = "pair",
	[PV_EVIDENCE_APPROVAL] = "approval",
	[PV_EVIDENCE_FACT] = "fact",
};

static const char *const via_names[PV_VIAS] = {
	[PV_VIA_NONE] = "",
	[PV_VIA_ADDRESS] = "address",
	[PV_VIA_HANDLE] = "handle",
	[PV_VIA_PROFILE] = "profile",
	[PV_VIA_REDIRECT] = "redirect",
	[PV_VIA_CANONICAL] = "canonical",
	[PV_VIA_AUTHOR] = "author",
	[PV_VIA_ME] = "me",
	[PV_VIA_FEED] = "feed",
	[PV_VIA_ITEM] = "item",
};

static const char *const certainty_names[PV_CERTAINTIES] = {
	[PV_CERTAINTY_NONE] = "",
	[PV_SURE] = "sure",
	[PV_LIKELY] = "likely",
	[PV_SIMILAR] = "similar",
};

static const char *const remedy_names[PV_REMEDIES] = {
	[PV_REMEDY_INSERT_DISCLOSURE] = "insert_disclosure",
	[PV_REMEDY_MOVE_DISCLOSURE] = "move_disclosure",
	[PV_REMEDY_ADD_LINK] = "add_link",
	[PV_REMEDY_ASK_APPROVAL] = "ask_approval",
	[PV_REMEDY_PUBLISH_ON_OWN_ACCOUNT] = "publish_on_own_account",
	[PV_REMEDY_PUBLISH_ELSEWHERE] = "publish_elsewhere",
	[PV_REMEDY_DECLARE] = "declare",
	[PV_REMEDY_CHANGE_TIME] = "change_time",
	[PV_REMEDY_ADD_ALT_TEXT] = "add_alt_text",
	[PV_REMEDY_REMOVE_LINK] = "remove_link",
	[PV_REMEDY_REPLACE_LINK] = "replace_link",
	[PV_REMEDY_REMOVE_WORDS] = "remove_words",
	[PV_REMEDY_REPHRASE_VOICE] = "rephrase_voice",
	[PV_REMEDY_INVITE] = "invite",
	[PV_REMEDY_ADD_TRANSLATION] = "add_translation",
	[PV_REMEDY_REWRITE_HASHTAG] = "rewrite_hashtag",
	[PV_REMEDY_FEWER_HASHTAGS] = "fewer_hashtags",
	[PV_REMEDY_SWITCH_OFF] = "switch_off",
	[PV_REMEDY_RECORD_CONSENT] = "record_consent",
	[PV_REMEDY_OTHERS_FIRST] = "others_first",
	[PV_REMEDY_EXCEPTION] = "exception",
};

static const char *const fate_names[PV_APPROVAL_FATES] = {
	[PV_APPROVAL_COUNTS] = "counts",
	[PV_APPROVAL_NO_ROLE] = "no_role",
	[PV_APPROVAL_AUTHOR] = "author",
	[PV_APPROVAL_SAME_INTEREST] = "same_interest",
	[PV_APPROVAL_BEFORE_EDIT] = "before_edit",
	[PV_APPROVAL_LATER] = "later",
	[PV_APPROVAL_EXPIRED] = "expired",
	[PV_APPROVAL_NOT_YET] = "not_yet",
};

const char *pv_evidence_kind_name(enum pv_evidence_kind kind)
{
	return evidence_names[kind];
}

const char *pv_certainty_name(enum pv_certainty certainty)
{
	return certainty_names[certainty];
}

const char *pv_via_name(enum pv_via via)
{
	return via_names[via];
}

const char *pv_remedy_act_name(enum pv_remedy_act act)
{
	return remedy_names[act];
}

/* Every setter notes a failure in `ok`, so that one check at the end is enough. */
struct writer {
	bool ok;
};

static void put(struct writer *w, json_t *object, const char *name, json_t *value)
{
	w->ok = json_object_set_new(object, name, value) == 0 && w->ok;
}

static void put_text(struct writer *w, json_t *object, const char *name, const char *text)
{
	if (text && text[0])
		put(w, object, name, json_string(text));
}

static void put_int(struct writer *w, json_t *object, const char *name, int64_t n)
{
	if (n)
		put(w, object, name, json_integer(n));
}

static void put_words(
	struct writer *w, json_t *object, const char *name, const struct pv_words *words)
{
	json_t *both = json_object();
	put(w, both, "fr", json_string(words->fr ? words->fr : ""));
	put(w, both, "en", json_string(words->en ? words->en : ""));
	put(w, object, name, both);
}

static void put_texts(
	struct writer *w, json_t *object, const char *name, const char *const *items, size_t n)
{
	if (n == 0)
		return;
	json_t *list = json_array();
	for (size_t i = 0; i < n; i++)
		w->ok = json_array_append_new(list, json_string(items[i])) == 0 && w->ok;
	put(w, object, name, list);
}

static void put_time(struct writer *w, json_t *object, const char *name, int64_t at_us)
{
	char text[PV_TIME_TEXT_SIZE];
	if (at_us != PV_TIME_NONE)
		put(w, object, name, json_string(pv_time_format(at_us, text)));
}

static void put_span(struct writer *w, json_t *object, bool has, const struct pv_span *span)
{
	if (!has)
		return;
	json_t *out = json_object();
	put(w, out, "start", json_integer((json_int_t)span->start));
	put(w, out, "end", json_integer((json_int_t)span->end));
	put(w, out, "start_byte", json_integer((json_int_t)span->start_byte));
	put(w, out, "end_byte", json_integer((json_int_t)span->end_byte));
	put(w, object, "span", out);
}

static json_t *evidence_json(struct writer *w, const struct pv_evidence *e)
{
	json_t *out = json_object();
	put_text(w, out, "kind", evidence_names[e->kind]);
	put_words(w, out, "words", &e->words);
	put_text(w, out, "certainty", certainty_names[e->certainty]);
	put_text(w, out, "via", via_names[e->via]);
	put_span(w, out, e->has_span, &e->span);
	put_int(w, out, "media", e->media);
	put_text(w, out, "written", e->written);
	put_text(w, out, "leads_to", e->leads_to);
	put_text(w, out, "name", e->name);
	put_text(w, out, "register_of", e->register_of);
	put_text(w, out, "relation", e->relation);
	put_text(w, out, "field", e->field);
	put_text(w, out, "value", e->value);
	if (e->found)
		put(w, out, "found", json_true());
	put_text(w, out, "lang", e->lang);
	put_texts(w, out, "wordings", e->wordings, e->n_wordings);
	put_int(w, out, "count", e->count);
	put_int(w, out, "total", e->total);
	if (e->limit_bottom) {
		json_t *limit = json_array();
		w->ok = json_array_append_new(limit, json_integer(e->limit_top)) == 0 && w->ok;
		w->ok = json_array_append_new(limit, json_integer(e->limit_bottom)) == 0 && w->ok;
		put(w, out, "limit", limit);
	}
	put_int(w, out, "fold", e->fold);
	put_int(w, out, "position", e->position);
	put_time(w, out, "from", e->from_us);
	put_time(w, out, "until", e->until_us);
	put_text(w, out, "person", e->person);
	if (e->kind == PV_EVIDENCE_APPROVAL)
		put_text(w, out, "fate", fate_names[e->fate]);
	return out;
}

static json_t *remark_json(struct writer *w, const struct pv_remark *remark)
{
	json_t *out = json_object(), *evidence = json_array();
	put_text(w, out, "rule", remark->rule);
	put_text(w, out, "kind", remark->kind);
	put_words(w, out, "label", &remark->label);
	put_text(w, out, "said", pv_verdict_name(remark->said));
	put_text(w, out, "status", remark_status_names[remark->status]);
	put(w, out, "firm", json_boolean(remark->firm));
	put(w, out, "line", json_integer(remark->line));
	put(w, out, "set_aside_by",
		remark->set_aside_by ? json_string(remark->set_aside_by) : json_null());
	put_words(w, out, "reason", &remark->reason);
	for (size_t i = 0; i < remark->n_evidence; i++)
		w->ok = json_array_append_new(evidence, evidence_json(w, &remark->evidence[i])) ==
				0 &&
			w->ok;
	put(w, out, "evidence", evidence);
	return out;
}

static json_t *remedy_json(struct writer *w, const struct pv_remedy *remedy)
{
	json_t *out = json_object();
	put_text(w, out, "act", remedy_names[remedy->act]);
	put_text(w, out, "rule", remedy->rule);
	put_words(w, out, "words", &remedy->words);
	put_text(w, out, "text", remedy->text);
	put_text(w, out, "lang", remedy->lang);
	put_text(w, out, "position", remedy->position);
	put_int(w, out, "fold", remedy->fold);
	put_text(w, out, "field", remedy->field);
	put_text(w, out, "value", remedy->value);
	put_text(w, out, "account", remedy->account);
	put_texts(w, out, "roles", remedy->roles, remedy->n_roles);
	put_texts(w, out, "people", remedy->people, remedy->n_people);
	put_int(w, out, "count", remedy->count);
	put_int(w, out, "step", remedy->step);
	put_int(w, out, "steps", remedy->steps);
	put_time(w, out, "not_before", remedy->not_before_us);
	put_span(w, out, remedy->has_span, &remedy->span);
	put_int(w, out, "media", remedy->media);
	return out;
}

static json_t *ids_json(struct writer *w, const struct pv_rule_ids *ids)
{
	json_t *list = json_array();
	for (size_t i = 0; i < ids->n; i++)
		w->ok = json_array_append_new(list, json_string(ids->items[i])) == 0 && w->ok;
	return list;
}

json_t *pv_judgement_to_json(const struct pv_judgement *judgement)
{
	struct writer w = {.ok = true};
	json_t *out = json_object(), *remarks = json_array(), *remedies = json_array();
	json_t *clues = json_array();
	put_text(&w, out, "verdict", pv_verdict_name(judgement->verdict));
	put(&w, out, "decided_by", ids_json(&w, &judgement->decided_by));
	put(&w, out, "also", ids_json(&w, &judgement->also));
	put(&w, out, "satisfied", ids_json(&w, &judgement->satisfied));
	put(&w, out, "lifted", ids_json(&w, &judgement->lifted));
	put(&w, out, "lifted_by", ids_json(&w, &judgement->lifted_by));
	put(&w, out, "overridden", ids_json(&w, &judgement->overridden));
	put_words(&w, out, "explanation", &judgement->explanation);
	for (size_t i = 0; i < judgement->n_remarks; i++)
		w.ok = json_array_append_new(remarks, remark_json(&w, &judgement->remarks[i])) ==
			       0 &&
		       w.ok;
	put(&w, out, "remarks", remarks);
	for (size_t i = 0; i < judgement->n_remedies; i++)
		w.ok = json_array_append_new(remedies, remedy_json(&w, &judgement->remedies[i])) ==
			       0 &&
		       w.ok;
	put(&w, out, "remedies", remedies);
	for (size_t i = 0; i < judgement->n_clues; i++)
		w.ok = json_array_append_new(clues, evidence_json(&w, &judgement->clues[i])) == 0 &&
		       w.ok;
	put(&w, out, "clues", clues);
	if (w.ok)
		return out;
	json_decref(out);
	return NULL;
}
