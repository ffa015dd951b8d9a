/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "policy/analysis/analysis.h"

#include "base/json.h"

static const char *const answers[PV_ANALYSIS_ANSWERS] = {
	"no_finding", "finding", "undecided", "not_applicable"};
static const char *const severities[PV_SEVERITIES] = {"remark", "problem"};
static const char *const keepings[PV_KEEPINGS] = {"holds", "broken", "undecided"};

const char *pv_severity_name(enum pv_severity severity)
{
	return severities[severity];
}

const char *pv_keeping_name(enum pv_keeping keeping)
{
	return keepings[keeping];
}

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

static void put_words(
	struct writer *w, json_t *object, const char *name, const struct pv_words *words)
{
	put(w, object, name, json_pack("{s:s, s:s}", "fr", words->fr, "en", words->en));
}

static json_t *witness_json(struct writer *w, const struct pv_witness *witness)
{
	json_t *c = NULL;
	if (!witness->json)
		return json_null();
	if (pv_json_parse(witness->json, strlen(witness->json), &c, NULL) != PV_OK)
		w->ok = false;
	json_t *out = json_object();
	put(w, out, "case", c);
	put(w, out, "verdict", json_string(pv_verdict_name(witness->verdict)));
	put_words(w, out, "words", &witness->words);
	return out;
}

static json_t *finding_json(struct writer *w, const struct pv_analysis_finding *finding)
{
	json_t *out = json_object(), *rules = json_array();
	for (size_t i = 0; i < finding->n_rules; i++)
		push(w, rules, json_string(finding->rules[i]));
	put(w, out, "kind", json_string(finding->kind));
	put(w, out, "severity", json_string(severities[finding->severity]));
	put(w, out, "rules", rules);
	put_words(w, out, "words", &finding->words);
	put(w, out, "witness", witness_json(w, &finding->witness));
	if (finding->instead.json)
		put(w, out, "instead", witness_json(w, &finding->instead));
	if (finding->fact)
		put(w, out, "fact", json_string(finding->fact));
	if (finding->declared)
		put(w, out, "declared", json_string(finding->declared));
	if (finding->count)
		put(w, out, "count", json_integer(finding->count));
	return out;
}

static json_t *question_json(struct writer *w, const struct pv_analysis_question *question)
{
	json_t *out = json_object(), *findings = json_array();
	for (size_t i = 0; i < question->n_findings; i++)
		push(w, findings, finding_json(w, &question->findings[i]));
	put(w, out, "number", json_integer(question->number));
	put(w, out, "id", json_string(question->id));
	put_words(w, out, "question", &question->question);
	put(w, out, "answer", json_string(answers[question->answer]));
	put_words(w, out, "sentence", &question->sentence);
	put(w, out, "findings", findings);
	return out;
}

static json_t *guarantee_json(struct writer *w, const struct pv_guarantee_answer *answer)
{
	json_t *out = json_object();
	put(w, out, "guarantee", json_string(answer->text));
	if (answer->label.fr)
		put_words(w, out, "label", &answer->label);
	else
		put(w, out, "label", json_null());
	put(w, out, "answer", json_string(keepings[answer->keeping]));
	put_words(w, out, "sentence", &answer->sentence);
	put(w, out, "witness", witness_json(w, &answer->witness));
	return out;
}

static json_t *whole(struct writer *w, json_t *out)
{
	if (w->ok)
		return out;
	json_decref(out);
	return NULL;
}

json_t *pv_guarantee_answer_to_json(const struct pv_guarantee_answer *answer)
{
	struct writer w = {.ok = true};
	return whole(&w, guarantee_json(&w, answer));
}

json_t *pv_analysis_to_json(const struct pv_analysis *analysis)
{
	struct writer w = {.ok = true};
	json_t *out = json_object(), *questions = json_array(), *guarantees = json_array();
	for (int i = 0; i < PV_QUESTIONS; i++)
		push(&w, questions, question_json(&w, &analysis->questions[i]));
	for (size_t i = 0; i < analysis->n_guarantees; i++)
		push(&w, guarantees, guarantee_json(&w, &analysis->guarantees[i]));
	put(&w, out, "policy", json_string(analysis->policy));
	put(&w, out, "version", json_integer(analysis->version));
	put(&w, out, "complete", json_boolean(analysis->complete));
	put(&w, out, "questions", questions);
	put(&w, out, "guarantees", guarantees);
	return whole(&w, out);
}
