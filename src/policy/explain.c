/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The explanation: a sentence of verdict; what decided it, with the evidence and the policy's own
 * words; what would make the post publishable and who can do it.
 */
#include "policy/trial.h"

enum { DECIDERS_SAID_MAX = 4, REMEDIES_SAID_MAX = 6 };

static bool in_ids(const struct pv_rule_ids *ids, const char *rule)
{
	for (size_t i = 0; i < ids->n; i++)
		if (strcmp(ids->items[i], rule) == 0)
			return true;
	return false;
}

/* When everything that decides ends by itself: the last of those ends, else PV_TIME_NONE. */
static int64_t decided_until(const struct pv_trial *trial)
{
	const struct pv_judgement *out = trial->out;
	int64_t until_us = PV_TIME_NONE;
	for (size_t i = 0; i < out->n_remarks; i++) {
		const struct pv_remark *remark = &out->remarks[i];
		if (remark->status != PV_REMARK_DECIDES)
			continue;
		const struct pv_rule *rule = pv_trial_rule(trial, remark);
		const struct pv_finding *finding = pv_trial_finding(trial, remark);
		if (!rule || (rule->kind != PV_RULE_QUIET && rule->kind != PV_RULE_EMBARGO) ||
			finding->free_us == PV_TIME_NONE)
			return PV_TIME_NONE;
		if (finding->free_us > until_us)
			until_us = finding->free_us;
	}
	return until_us;
}

static void say_verdict(struct pv_trial *trial)
{
	enum pv_verdict verdict = trial->out->verdict;
	pv_say_words(&trial->say, pv_verdict_words(verdict));
	int64_t until_us = verdict == PV_VERDICT_REFUSE ? decided_until(trial) : PV_TIME_NONE;
	if (until_us != PV_TIME_NONE) {
		pv_say(&trial->say, " jusqu'au ", " until ");
		pv_say_moment(&trial->say, until_us);
	}
	pv_say_stop(&trial->say);
}

static void say_label(struct pv_trial *trial, const struct pv_remark *remark, bool first)
{
	if (remark->line == 0)
		return; /* the default has no words of its own */
	if (first)
		pv_say(&trial->say, " La politique dit\u00a0: ", " The policy says: ");
	else
		pv_say(&trial->say, " Elle dit aussi\u00a0: ", " It also says: ");
	pv_say_quoted(&trial->say, &remark->label);
	pv_say(&trial->say, ".", ".");
}

static bool said_already(const struct pv_say *say, const struct pv_words *words)
{
	return say->en.bytes && !say->en.failed && strstr(say->en.bytes, words->en);
}

/* The remark's clauses, but those that an earlier remark told. */
static void say_reason(struct pv_trial *trial, const struct pv_remark *remark)
{
	for (size_t i = 0; i < trial->n_clauses; i++) {
		const struct pv_clause *clause = &trial->clauses[i];
		if (clause->rule != remark->rule || said_already(&trial->say, &clause->words))
			continue;
		pv_say(&trial->say, " ", " ");
		pv_say_words(&trial->say, &clause->words);
		pv_say_stop(&trial->say);
	}
}

static void say_deciders(struct pv_trial *trial)
{
	const struct pv_judgement *out = trial->out;
	size_t said = 0, labels = 0;
	for (size_t i = 0; i < out->n_remarks && said < DECIDERS_SAID_MAX; i++) {
		const struct pv_remark *remark = &out->remarks[i];
		if (!in_ids(&out->decided_by, remark->rule))
			continue;
		say_reason(trial, remark);
		say_label(trial, remark, labels == 0);
		labels += remark->line != 0;
		said++;
	}
}

/* Labels of the remarks that the same rule or exception set aside, from `first` on. */
static void say_set_aside(struct pv_trial *trial, size_t first)
{
	const struct pv_judgement *out = trial->out;
	size_t n = 0, at = 0;
	for (size_t i = first; i < out->n_remarks; i++)
		n += out->remarks[i].set_aside_by == out->remarks[first].set_aside_by;
	for (size_t i = first; i < out->n_remarks; i++) {
		if (out->remarks[i].set_aside_by != out->remarks[first].set_aside_by)
			continue;
		pv_say_and(&trial->say, at++, n);
		pv_say_quoted(&trial->say, &out->remarks[i].label);
	}
}

static const struct pv_words *set_aside_words(
	const struct pv_trial *trial, const struct pv_remark *remark)
{
	const struct pv_policy *policy = trial->facts.policy;
	for (size_t i = 0; remark->status == PV_REMARK_LIFTED && i < policy->n_exceptions; i++)
		if (policy->exceptions[i].id == remark->set_aside_by)
			return &policy->exceptions[i].reason;
	for (size_t i = 0; remark->status == PV_REMARK_OVERRIDDEN && i < policy->n_rules; i++)
		if (policy->rules[i].id == remark->set_aside_by)
			return &policy->rules[i].label;
	return NULL;
}

/* Why something is allowed that other rules ask about: demands met, rules set aside. */
static void say_met(struct pv_trial *trial)
{
	const struct pv_judgement *out = trial->out;
	for (size_t i = 0; i < out->n_remarks; i++)
		if (out->remarks[i].status == PV_REMARK_SATISFIED &&
			!in_ids(&out->decided_by, out->remarks[i].rule))
			say_reason(trial, &out->remarks[i]);
	for (size_t i = 0; i < out->n_remarks; i++) {
		const struct pv_remark *remark = &out->remarks[i];
		const struct pv_words *words = set_aside_words(trial, remark);
		bool again = false;
		for (size_t k = 0; k < i && words; k++)
			again |= out->remarks[k].set_aside_by == remark->set_aside_by;
		if (!words || again)
			continue;
		pv_say(&trial->say, " ", " ");
		if (remark->status == PV_REMARK_LIFTED)
			pv_say(&trial->say, "La dérogation ", "The exception ");
		pv_say_quoted(&trial->say, words);
		if (remark->status == PV_REMARK_LIFTED)
			pv_say(&trial->say, " écarte ", " sets aside ");
		else
			pv_say(&trial->say, " l'emporte sur ", " prevails over ");
		say_set_aside(trial, i);
		pv_say_stop(&trial->say);
	}
}

/* "(La pertinence du contenu n'est pas en cause.)": what was taken in and did not matter */
static void say_relevance(struct pv_trial *trial)
{
	const struct pv_facts *facts = &trial->facts;
	if (facts->origin != PV_ORIGIN_OWN_CREATION ||
		facts->c->declared.relevance != PV_RELEVANCE_PUBLIC)
		return;
	bool creation = false;
	for (size_t i = 0; i < trial->out->n_remarks; i++) {
		const struct pv_remark *remark = &trial->out->remarks[i];
		const struct pv_rule *rule = pv_trial_rule(trial, remark);
		for (size_t l = 0;
			rule && remark->status == PV_REMARK_DECIDES && l < rule->when.n_lines;
			l++) {
			if (rule->when.lines[l].fact == PV_FACT_RELEVANCE)
				return;
			creation |= rule->when.lines[l].fact == PV_FACT_ORIGIN;
		}
	}
	if (creation)
		pv_say(&trial->say, " (La pertinence du contenu n'est pas en cause.)",
			" (The content's relevance is not in question.)");
}

/* Whether this remedy's rule must be answered for the post to go out. */
static bool needed(const struct pv_trial *trial, const struct pv_remedy *remedy)
{
	const struct pv_judgement *out = trial->out;
	if (in_ids(&out->decided_by, remedy->rule))
		return true;
	if (out->verdict == PV_VERDICT_REFUSE)
		return false;
	for (size_t i = 0; i < out->n_remarks; i++)
		if (pv_streq(out->remarks[i].rule, remedy->rule))
			return out->remarks[i].said >= PV_VERDICT_DISCLOSE;
	return false;
}

static bool said_before(const struct pv_judgement *out, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (pv_streq(out->remedies[i].words.en, out->remedies[index].words.en))
			return true;
	return false;
}

static void say_remedies(struct pv_trial *trial)
{
	const struct pv_judgement *out = trial->out;
	size_t said = 0;
	for (size_t i = 0; i < out->n_remedies && said < REMEDIES_SAID_MAX; i++) {
		const struct pv_remedy *remedy = &out->remedies[i];
		if (!needed(trial, remedy) || said_before(out, i) || !remedy->words.fr)
			continue;
		pv_say(&trial->say, " ", " ");
		pv_say_words(&trial->say, &remedy->words);
		pv_say_stop(&trial->say);
		said++;
	}
	if (said == 0 && out->verdict == PV_VERDICT_REFUSE)
		pv_say(&trial->say,
			" Cette règle est ferme\u00a0: il faut changer la publication ou le "
			"compte.",
			" This rule is firm: the post or the account must change.");
}

/* "… au plus : il en reste 1 d'ici le 10 mai", of a limit that could stop the next one */
static void say_budget(struct pv_trial *trial)
{
	const struct pv_policy *policy = trial->facts.policy;
	for (size_t i = 0; i < policy->n_rules; i++) {
		const struct pv_rule *rule = &policy->rules[i];
		const struct pv_finding *finding = &trial->findings[i];
		if (rule->kind != PV_RULE_QUOTA || rule->at_most.share || finding->count == 0 ||
			finding->fired || rule->then < PV_VERDICT_APPROVE ||
			rule->window.unit != PV_UNIT_DAYS)
			continue;
		int64_t left = rule->at_most.top - finding->count;
		pv_say(&trial->say, " ", " ");
		pv_say_quoted(&trial->say, &rule->label);
		if (left == 0) {
			pv_say(&trial->say, "\u00a0: c'est la dernière possible pour l'instant.",
				": this is the last one possible for now.");
			continue;
		}
		pv_say(&trial->say, "\u00a0: après celle-ci, il en reste ",
			": after this one, there is room for ");
		pv_say_int(&trial->say, left);
		pv_say(&trial->say, " d'ici le ", " more until ");
		pv_say_day(&trial->say, pv_zone_days_before(policy->zone, trial->facts.c->at_us,
						-rule->window.n, PV_ZONE_EARLIER));
		pv_say(&trial->say, ".", ".");
	}
}

bool pv_trial_explain(struct pv_trial *trial)
{
	struct pv_judgement *out = trial->out;
	say_verdict(trial);
	say_deciders(trial);
	if (out->verdict == PV_VERDICT_ALLOW)
		say_met(trial);
	else
		say_remedies(trial);
	if (out->verdict == PV_VERDICT_ALLOW || out->verdict == PV_VERDICT_APPROVE)
		say_budget(trial);
	if (out->verdict == PV_VERDICT_REFUSE)
		say_relevance(trial);
	out->explanation = pv_say_cut(&trial->say, &trial->facts.arena);
	return !trial->facts.arena.failed;
}
