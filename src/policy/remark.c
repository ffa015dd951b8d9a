/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/mem.h"
#include "policy/trial.h"

#include <stdlib.h>

static const struct pv_words default_label = {
	"Aucune règle ne parle de ce cas.", "No rule speaks of this case."};

struct pv_evidence *pv_trial_evidence(struct pv_trial *trial, enum pv_evidence_kind kind)
{
	struct pv_evidence *items = pv_arena_more(
		&trial->facts.arena, trial->evidence, trial->n_evidence, sizeof *trial->evidence);
	if (!items)
		return NULL;
	trial->evidence = items;
	struct pv_evidence *out = &items[trial->n_evidence++];
	*out = (struct pv_evidence){
		.kind = kind, .from_us = PV_TIME_NONE, .until_us = PV_TIME_NONE};
	return out;
}

static bool begins_with(struct pv_str text, const char *begin)
{
	size_t size = strlen(begin);
	return text.size >= size && memcmp(text.bytes, begin, size) == 0;
}

void pv_trial_say_media(struct pv_trial *trial, int64_t media)
{
	static const struct {
		const char *type;
		struct pv_words of_one, of_many;
	} kinds[] = {
		{"image", {"de l'image", "of the picture"}, {"de l'image ", "of picture "}},
		{"video", {"de la vidéo", "of the video"}, {"de la vidéo ", "of video "}},
		{"", {"du média", "of the media"}, {"du média ", "of media "}},
	};
	const struct pv_case_post *post = &trial->facts.c->post;
	size_t k = 0;
	while (*kinds[k].type && !begins_with(post->media[media - 1].type, kinds[k].type))
		k++;
	pv_say(&trial->say, "la description ", "the description ");
	pv_say_words(&trial->say, post->n_media > 1 ? &kinds[k].of_many : &kinds[k].of_one);
	if (post->n_media > 1)
		pv_say_int(&trial->say, media);
}

/* A sentence that goes on behind a comma: « le lien mène », but « X.com mène ». */
static const char *going_on(struct pv_trial *trial, const char *text)
{
	static const char *const firsts[] = {"Le ", "La ", "Vous ", "The ", "You "};
	for (size_t i = 0; text && i < PV_COUNT(firsts); i++)
		if (strncmp(text, firsts[i], strlen(firsts[i])) == 0) {
			char *small = pv_arena_text(&trial->facts.arena, pv_str(text));
			if (small)
				small[0] = (char)(small[0] | 0x20);
			return small;
		}
	return text;
}

struct pv_words pv_trial_placed(struct pv_trial *trial, const struct pv_evidence *evidence)
{
	struct pv_words words = pv_say_cut(&trial->say, &trial->facts.arena);
	if (!evidence || !evidence->media || !words.fr || !words.en)
		return words;
	words = (struct pv_words){going_on(trial, words.fr), going_on(trial, words.en)};
	pv_say(&trial->say, "Dans ", "In ");
	pv_trial_say_media(trial, evidence->media);
	pv_say(&trial->say, ", ", ", ");
	if (words.fr && words.en)
		pv_say_words(&trial->say, &words);
	return pv_say_cut(&trial->say, &trial->facts.arena);
}

void pv_trial_phrase(struct pv_trial *trial, struct pv_evidence *evidence)
{
	struct pv_words words = pv_trial_placed(trial, evidence);
	if (evidence)
		evidence->words = words;
}

void pv_trial_clause(struct pv_trial *trial, struct pv_evidence *evidence)
{
	struct pv_words words = pv_trial_placed(trial, evidence);
	if (evidence)
		evidence->words = words;
	if (!words.fr || !words.en)
		return;
	struct pv_clause *clauses = pv_arena_more(
		&trial->facts.arena, trial->clauses, trial->n_clauses, sizeof *trial->clauses);
	if (!clauses)
		return;
	trial->clauses = clauses;
	clauses[trial->n_clauses++] = (struct pv_clause){.rule = trial->rule, .words = words};
	if (!pv_say_empty(&trial->reason))
		pv_say(&trial->reason, " ", " ");
	pv_say_words(&trial->reason, &words);
	pv_say_stop(&trial->reason);
}

struct pv_span pv_trial_span(const struct pv_trial *trial, size_t start, size_t end)
{
	const struct pv_prose *prose = &trial->facts.prose;
	return (struct pv_span){.start_byte = prose->byte[start],
		.end_byte = prose->byte[end],
		.start = prose->point[start],
		.end = prose->point[end]};
}

void pv_trial_place(const struct pv_trial *trial, struct pv_evidence *evidence, size_t media,
	size_t start, size_t end)
{
	evidence->media = (int64_t)media;
	evidence->has_span = media == 0;
	if (media == 0)
		evidence->span = pv_trial_span(trial, start, end);
}

const char *pv_trial_text(struct pv_trial *trial, struct pv_str text)
{
	return pv_arena_text(&trial->facts.arena, text);
}

const char *pv_trial_site(struct pv_trial *trial, const struct pv_site *site)
{
	size_t host = site->host.size, path = site->path.size;
	char *text = pv_arena_alloc(&trial->facts.arena, host + path + 1);
	if (text) {
		memcpy(text, site->host.bytes, host);
		if (path)
			memcpy(text + host, site->path.bytes, path);
	}
	return text;
}

const struct pv_rule *pv_trial_rule(const struct pv_trial *trial, const struct pv_remark *remark)
{
	const struct pv_policy *policy = trial->facts.policy;
	size_t index = remark->line ? pv_policy_rule(policy, remark->rule) : policy->n_rules;
	return index < policy->n_rules ? &policy->rules[index] : NULL;
}

const struct pv_finding *pv_trial_finding(
	const struct pv_trial *trial, const struct pv_remark *remark)
{
	const struct pv_rule *rule = pv_trial_rule(trial, remark);
	return rule ? &trial->findings[rule - trial->facts.policy->rules] : NULL;
}

/* -1: the rule had nothing to say. */
static int status_of(const struct pv_decision *decision, size_t i)
{
	if (pv_bit(decision->overridden, i))
		return PV_REMARK_OVERRIDDEN;
	if (pv_bit(decision->lifted, i))
		return PV_REMARK_LIFTED;
	if (pv_bit(decision->satisfied, i))
		return PV_REMARK_SATISFIED;
	if (pv_bit(decision->decided_by, i))
		return PV_REMARK_DECIDES;
	if (pv_bit(decision->also, i))
		return PV_REMARK_ALSO;
	return pv_bit(decision->allows, i) ? PV_REMARK_ALLOWS : -1;
}

/* Into the reason alone: the explanation tells it once for all that was set aside together. */
static void set_aside_reason(struct pv_trial *trial, const struct pv_words *why, bool exception)
{
	if (!pv_say_empty(&trial->reason))
		pv_say(&trial->reason, " ", " ");
	if (exception)
		pv_say(&trial->reason, "Une dérogation écarte cette règle\u00a0: ",
			"An exception sets this rule aside: ");
	else
		pv_say(&trial->reason,
			"Une autre règle l'emporte\u00a0: ", "Another rule prevails: ");
	pv_say_quoted(&trial->reason, why);
	pv_say_stop(&trial->reason);
}

/* Which rule or exception set this one aside. */
static void say_set_aside(struct pv_trial *trial, struct pv_remark *remark, size_t index)
{
	const struct pv_policy *policy = trial->facts.policy;
	if (remark->status == PV_REMARK_LIFTED) {
		for (size_t e = 0; e < policy->n_exceptions; e++) {
			const struct pv_exception *exception = &policy->exceptions[e];
			if (!pv_bit(trial->in_force, e) || !pv_bit(exception->lifts, index) ||
				!pv_condition_holds(&exception->when, trial->facts.bits))
				continue;
			remark->set_aside_by = exception->id;
			set_aside_reason(trial, &exception->reason, true);
			return;
		}
		return;
	}
	for (size_t i = 0; i < policy->n_rules; i++) {
		if (!policy->rules[i].overrides || !pv_bit(trial->decision.applies, i) ||
			!pv_bit(policy->rules[i].overrides, index))
			continue;
		remark->set_aside_by = policy->rules[i].id;
		set_aside_reason(trial, &policy->rules[i].label, false);
		return;
	}
}

static void say_why(struct pv_trial *trial, struct pv_remark *remark, size_t index)
{
	const struct pv_rule *rule = &trial->facts.policy->rules[index];
	const struct pv_finding *finding = &trial->findings[index];
	switch (rule->kind) {
	case PV_RULE_CATEGORY: pv_reason_facts(trial, rule); break;
	case PV_RULE_DISCLOSURE:
	case PV_RULE_MENTION:
	case PV_RULE_VOICE:
	case PV_RULE_INVITE:
	case PV_RULE_EMBARGO: pv_remark_reason_words(trial, rule, finding); break;
	default: pv_reason_form(trial, rule, finding); break;
	}
	if (rule->then == PV_VERDICT_APPROVE &&
		(remark->status == PV_REMARK_SATISFIED || remark->status == PV_REMARK_DECIDES ||
			remark->status == PV_REMARK_ALSO))
		pv_reason_approvals(trial, &rule->approvals, remark->status == PV_REMARK_SATISFIED);
	if (remark->status == PV_REMARK_LIFTED || remark->status == PV_REMARK_OVERRIDDEN)
		say_set_aside(trial, remark, index);
}

static void make_remark(struct pv_trial *trial, size_t index, int status, struct pv_remark *out)
{
	const struct pv_policy *policy = trial->facts.policy;
	bool otherwise = index == policy->n_rules;
	const struct pv_rule *rule = otherwise ? NULL : &policy->rules[index];
	*out = (struct pv_remark){.rule = otherwise ? "default" : rule->id,
		.kind = otherwise ? "default" : pv_rule_kind_names[rule->kind],
		.label = otherwise ? default_label : rule->label,
		.said = otherwise ? policy->otherwise : rule->then,
		.status = (enum pv_remark_status)status,
		.firm = !otherwise && rule->firm,
		.line = otherwise ? 0 : rule->line};
	trial->evidence = NULL;
	trial->n_evidence = 0;
	trial->rule = out->rule;
	if (otherwise) {
		pv_say(&trial->say,
			"Aucune règle ne parle de ce cas; c'est la réponse prévue par défaut",
			"No rule speaks of this case; this is the answer foreseen by default");
		pv_trial_clause(trial, NULL);
		if (policy->otherwise == PV_VERDICT_APPROVE)
			pv_reason_approvals(
				trial, &policy->approvals, status == PV_REMARK_SATISFIED);
	} else {
		say_why(trial, out, index);
	}
	out->reason = pv_say_cut(&trial->reason, &trial->facts.arena);
	out->evidence = trial->evidence;
	out->n_evidence = trial->n_evidence;
}

static int rank(enum pv_remark_status status)
{
	static const int ranks[PV_REMARK_STATUSES] = {
		[PV_REMARK_DECIDES] = 0,
		[PV_REMARK_ALSO] = 1,
		[PV_REMARK_SATISFIED] = 2,
		[PV_REMARK_ALLOWS] = 3,
		[PV_REMARK_LIFTED] = 4,
		[PV_REMARK_OVERRIDDEN] = 5,
	};
	return ranks[status];
}

static int in_order(const void *a, const void *b)
{
	const struct pv_remark *one = a, *two = b;
	if (rank(one->status) != rank(two->status))
		return rank(one->status) - rank(two->status);
	if (one->said != two->said)
		return one->said > two->said ? -1 : 1;
	return strcmp(one->rule, two->rule);
}

bool pv_trial_remarks(struct pv_trial *trial)
{
	const struct pv_policy *policy = trial->facts.policy;
	struct pv_judgement *out = trial->out;
	pv_say_begin(&trial->say, trial->facts.arena.mem, policy->zone, trial->facts.c->at_us);
	pv_say_begin(&trial->reason, trial->facts.arena.mem, policy->zone, trial->facts.c->at_us);
	for (size_t i = 0; i <= policy->n_rules; i++) {
		int status = status_of(&trial->decision, i);
		if (status < 0)
			continue;
		struct pv_remark *remarks = pv_arena_more(
			&trial->facts.arena, out->remarks, out->n_remarks, sizeof *remarks);
		if (!remarks)
			return false;
		out->remarks = remarks;
		make_remark(trial, i, status, &remarks[out->n_remarks++]);
	}
	if (out->n_remarks > 1)
		qsort(out->remarks, out->n_remarks, sizeof *out->remarks, in_order);
	return !trial->facts.arena.failed;
}
