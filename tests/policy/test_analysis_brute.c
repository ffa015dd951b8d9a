/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The analysis against looking at every post: small policies by chance, each post by pv_decide. */
#include "random_policy.h"

#include "policy/analysis/analysis.h"
#include "policy/decide.h"
#include "policy/findings.h"

#include <stdio.h>
#include <stdlib.h>

/* PV_POLICIES and PV_SEED in the environment try more, and others. */
enum { POLICIES = 200, POSTS_MAX = 4000, RULES_MAX = 24 };

static const char at_text[] = "2026-01-20T12:00:00Z";

/* What all posts together show. */
struct seen {
	const struct pv_policy *policy;
	int64_t at_us;
	const uint64_t *in_force;
	bool decides[RULES_MAX], clash[RULES_MAX];
	bool gap[3][2][PV_ORIGINS][PV_INTERESTS];
	bool unapproved[4][3];            /* subject, named account; told or not */
	const struct pv_condition *facts; /* of the guarantee at hand */
	bool verdicts[PV_VERDICTS]; /* that posts with those facts can have, without approval */
};

/* May the rule's own test fire on such a post? */
static bool may_fire(const struct seen *seen, size_t i, const struct every_post *post)
{
	const struct pv_rule *rule = &seen->policy->rules[i];
	if (rule->kind == PV_RULE_QUOTA)
		return !post->interactive && pv_condition_holds(&rule->count, post->bits);
	if (rule->kind == PV_RULE_EMBARGO)
		return seen->at_us < rule->until_us;
	return rule->kind != PV_RULE_CATEGORY;
}

static void decide(const struct seen *seen, const struct every_post *post, const uint64_t *found,
	bool approved, struct pv_decision *out)
{
	pv_rule_bits given = {0}, lifts;
	if (approved)
		memset(given, 0xff, sizeof given);
	pv_decide_lifts(seen->policy, post->bits, seen->in_force, lifts);
	struct pv_decide_input input = {
		.facts = post->bits, .found = found, .approved = given, .lifts = lifts};
	pv_decide(seen->policy, &input, out);
}

static void see_rules(struct seen *seen, const struct every_post *post)
{
	const struct pv_policy *policy = seen->policy;
	struct pv_decision decision;
	for (size_t i = 0; i < policy->n_rules; i++) {
		pv_rule_bits found = {0};
		if (may_fire(seen, i, post))
			pv_bit_set(found, i);
		decide(seen, post, found, policy->rules[i].then != PV_VERDICT_APPROVE, &decision);
		seen->decides[i] |= pv_bit(decision.decided_by, i) && !pv_bit(decision.lifted, i);
	}
	pv_rule_bits none = {0};
	decide(seen, post, none, false, &decision);
	bool allowed = false;
	for (size_t i = 0; i < policy->n_rules; i++)
		allowed |= policy->rules[i].then == PV_VERDICT_ALLOW &&
			   pv_bit(policy->categories, i) && pv_bit(decision.allows, i) &&
			   !pv_bit(decision.lifted, i);
	for (size_t i = 0; i < policy->n_rules; i++)
		seen->clash[i] |= allowed && pv_bit(policy->categories, i) &&
				  policy->rules[i].then == PV_VERDICT_REFUSE &&
				  !policy->rules[i].firm && pv_bit(decision.decided_by, i);
}

static void see_gap(struct seen *seen, const struct every_post *post)
{
	pv_rule_bits applies;
	pv_decide_applies(seen->policy, post->bits, applies);
	for (size_t w = 0; w < seen->policy->rule_words; w++)
		if (applies[w] & seen->policy->categories[w])
			return;
	seen->gap[post->stance - 1][post->interactive][post->c.declared.origin]
		 [post->c.declared.interest] = true;
}

static void see_unapproved(struct seen *seen, const struct every_post *post)
{
	const struct pv_policy *policy = seen->policy;
	const struct pv_case_declared *declared = &post->c.declared;
	if (post->c.n_accounts)
		return;
	size_t account = 0;
	while (!pv_str_equal(pv_str(policy->accounts[account].id), post->c.account))
		account++;
	bool is[4] = {declared->origin == PV_ORIGIN_OWN_CREATION,
		declared->sponsored || declared->relation >> PV_RELATION_PAID & 1,
		declared->origin == PV_ORIGIN_CLIENT ||
			declared->relation >> PV_RELATION_CLIENT & 1,
		declared->relation >> PV_RELATION_FAMILY & 1};
	pv_rule_bits none = {0};
	struct pv_decision decision;
	decide(seen, post, none, false, &decision);
	for (int s = 0; s < 4; s++)
		seen->unapproved[s][account] |= is[s] && decision.verdict <= PV_VERDICT_WARN;
}

static void see(void *state, const struct every_post *post)
{
	see_rules(state, post);
	see_gap(state, post);
	see_unapproved(state, post);
}

/* Every set of tests that may fire, without approval. */
static void see_verdicts(void *state, const struct every_post *post)
{
	struct seen *seen = state;
	const struct pv_policy *policy = seen->policy;
	size_t tests[RULES_MAX], n = 0;
	if (!pv_condition_holds(seen->facts, post->bits))
		return;
	for (size_t i = 0; i < policy->n_rules; i++)
		if (may_fire(seen, i, post) && strcmp(policy->rules[i].id, "zz") != 0)
			tests[n++] = i;
	for (size_t set = 0; set < (size_t)1 << n; set++) {
		pv_rule_bits found = {0};
		struct pv_decision decision;
		for (size_t k = 0; k < n; k++)
			if (set >> k & 1)
				pv_bit_set(found, tests[k]);
		decide(seen, post, found, false, &decision);
		seen->verdicts[decision.verdict] = true;
	}
}

static void look(struct seen *seen, int64_t at_us, every_visit visit)
{
	int64_t moments[16];
	size_t n = every_moment(seen->policy, at_us, moments);
	for (size_t m = 0; m < n; m++) {
		uint64_t in_force[4] = {0};
		for (size_t e = 0; e < seen->policy->n_exceptions; e++)
			if (seen->policy->exceptions[e].from_us <= moments[m] &&
				moments[m] < seen->policy->exceptions[e].until_us)
				pv_bit_set(in_force, e);
		bool again = m > 0 && moments[m] == moments[m - 1];
		seen->in_force = in_force;
		seen->at_us = moments[m];
		if (!again)
			every_post(seen->policy, moments[m], visit, seen);
	}
}

/* cmocka cuts long words: the policy first, whole. */
#define FAIL_OF(text, ...)                     \
	do {                                   \
		fprintf(stderr, "%s\n", text); \
		fail_msg(__VA_ARGS__);         \
	} while (0)

/* ---- what the analysis says ------------------------------------------------------------------------ */

static bool concerns(const struct pv_analysis_finding *finding, const char *rule)
{
	for (size_t i = 0; i < finding->n_rules; i++)
		if (strcmp(finding->rules[i], rule) == 0)
			return true;
	return false;
}

static bool tells(
	const struct pv_analysis *analysis, int question, const char *kind, const char *rule)
{
	const struct pv_analysis_question *asked = &analysis->questions[question - 1];
	for (size_t i = 0; i < asked->n_findings; i++)
		if ((!kind || strcmp(asked->findings[i].kind, kind) == 0) &&
			(!rule || concerns(&asked->findings[i], rule)))
			return true;
	return false;
}

/* An example is what it says it is: the judge, given its line, gives that verdict. */
static void check_witness(TALLOC_CTX *mem, const struct pv_policy *policy, const char *text,
	const struct pv_witness *witness)
{
	struct pv_case *c;
	struct pv_judgement *judgement;
	if (!witness->json)
		return;
	if (pv_case_parse(mem, witness->json, strlen(witness->json), &c, NULL, NULL, NULL) !=
			PV_OK ||
		pv_judge(mem, policy, c, &judgement, NULL) != PV_OK)
		FAIL_OF(text, "no case: %s", witness->json);
	if (judgement->verdict != witness->verdict)
		FAIL_OF(text, "%s is %s", witness->json, pv_verdict_name(judgement->verdict));
}

static void check_witnesses(TALLOC_CTX *mem, const struct seen *seen, const char *text,
	const struct pv_analysis *analysis)
{
	for (int q = 0; q < PV_QUESTIONS; q++)
		for (size_t i = 0; i < analysis->questions[q].n_findings; i++) {
			const struct pv_analysis_finding *f = &analysis->questions[q].findings[i];
			check_witness(mem, seen->policy, text, &f->witness);
			check_witness(mem, seen->policy, text, &f->instead);
			assert_true(f->words.fr[0] && f->words.en[0]);
		}
}

static void check_rules(
	const struct seen *seen, const char *text, const struct pv_analysis *analysis)
{
	static const char *const dead[] = {
		"never_applies", "never_fires", "always_hidden", "asks_nothing"};
	for (size_t i = 0; i < seen->policy->n_rules; i++) {
		const char *id = seen->policy->rules[i].id;
		bool never = false;
		for (size_t k = 0; k < PV_COUNT(dead); k++)
			never |= tells(analysis, 1, dead[k], id);
		if (never == seen->decides[i])
			FAIL_OF(text, "%s: decides %d, said never %d", id, seen->decides[i], never);
		if (tells(analysis, 15, "example", id) != seen->decides[i])
			FAIL_OF(text, "%s: decides %d, and its example", id, seen->decides[i]);
		if (tells(analysis, 2, "allow_and_refuse", id) < seen->clash[i])
			FAIL_OF(text, "%s refuses what is allowed", id);
	}
}

/* The descriptions' sizes are not compared: their union is, through the posts they stand for. */
static void check_gaps(
	const struct seen *seen, const char *text, const struct pv_analysis *analysis)
{
	const struct pv_analysis_question *asked = &analysis->questions[2];
	int64_t gaps = 0, told = 0, most = 0;
	for (int s = 0; s < 3; s++)
		for (int f = 0; f < 2; f++)
			for (int o = 0; o < PV_ORIGINS; o++)
				for (int i = 0; i < PV_INTERESTS; i++)
					gaps += seen->gap[s][f][o][i];
	for (size_t i = 0; i < asked->n_findings; i++) {
		told += asked->findings[i].count;
		most = asked->findings[i].count > most ? asked->findings[i].count : most;
		assert_non_null(asked->findings[i].witness.json);
	}
	if ((gaps == 0) != (asked->n_findings == 0) || told < gaps || most > gaps)
		FAIL_OF(text, "%d gaps, told %d, the widest %d", (int)gaps, (int)told, (int)most);
}

static void check_unapproved(
	const struct seen *seen, const char *text, const struct pv_analysis *analysis)
{
	static const char *const kinds[] = {"own_creation_unapproved", "paid_unapproved",
		"client_unapproved", "family_unapproved"};
	const struct pv_analysis_question *asked = &analysis->questions[3];
	for (int s = 0; s < 4; s++)
		for (size_t a = 0; a < 3; a++) {
			bool told = false;
			for (size_t i = 0; i < asked->n_findings; i++)
				told |= strcmp(asked->findings[i].kind, kinds[s]) == 0 &&
					strstr(asked->findings[i].words.en,
						seen->policy->accounts[a].id);
			if (told != seen->unapproved[s][a])
				FAIL_OF(text, "%s on %s: %d, told %d", kinds[s],
					seen->policy->accounts[a].id, seen->unapproved[s][a], told);
		}
}

/* ---- false declarations ------------------------------------------------------------------------------ */

enum { LIES_POSTS_MAX = 1500, LIE_FACTS = 4, LIE_VALUES = 6 };

static const enum pv_fact lie_facts[LIE_FACTS] = {
	PV_FACT_INTEREST, PV_FACT_ORIGIN, PV_FACT_RELEVANCE, PV_FACT_CONSENT};

/* Every post at one instant, kept, and which rules fall when a fact is declared otherwise. */
struct lies {
	struct seen *seen;
	struct every_post *posts;
	uint64_t **bits;
	size_t n;
	uint64_t fallen[LIE_FACTS][LIE_VALUES];
	bool any[LIE_FACTS][LIE_VALUES];
};

static void keep_post(void *state, const struct every_post *post)
{
	struct lies *lies = state;
	lies->posts[lies->n] = *post;
	lies->bits[lies->n] = talloc_memdup(
		lies->posts, post->bits, lies->seen->policy->space.n_words * sizeof(uint64_t));
	lies->posts[lies->n].bits = lies->bits[lies->n];
	lies->n++;
}

static size_t value_of(const struct every_post *post, enum pv_fact fact)
{
	switch (fact) {
	case PV_FACT_INTEREST: return post->c.declared.interest;
	case PV_FACT_ORIGIN: return post->c.declared.origin;
	case PV_FACT_RELEVANCE: return post->c.declared.relevance;
	default: return post->c.declared.consent;
	}
}

/* Does rule r (or the default) speak of the one, and nothing as strict of the other? */
static bool rule_falls(const struct seen *seen, size_t r, const struct every_post *truth,
	const struct every_post *told)
{
	const struct pv_policy *policy = seen->policy;
	bool otherwise = r == policy->n_rules;
	enum pv_verdict says = otherwise ? policy->otherwise : policy->rules[r].then;
	struct pv_decision one, other;
	pv_rule_bits found = {0}, found_told = {0};
	if (says < PV_VERDICT_DISCLOSE)
		return false;
	if (!otherwise && may_fire(seen, r, truth))
		pv_bit_set(found, r);
	if (!otherwise && may_fire(seen, r, told))
		pv_bit_set(found_told, r);
	decide(seen, truth, found, false, &one);
	decide(seen, told, found_told, false, &other);
	/* a category that an exception lifts counts as having said yes */
	return (pv_bit(one.decided_by, r) || pv_bit(one.also, r)) && !pv_bit(one.lifted, r) &&
	       other.verdict < says;
}

static void see_lies(struct lies *lies)
{
	const struct pv_policy *policy = lies->seen->policy;
	for (size_t p = 0; p < lies->n; p++)
		for (int f = 0; f < LIE_FACTS; f++) {
			const struct every_post *told = &lies->posts[p];
			size_t value = value_of(told, lie_facts[f]);
			size_t step = told->step[lie_facts[f]];
			for (size_t v = 0; v < LIE_VALUES; v++) {
				size_t place = p + v * step - value * step;
				if (v == value || place >= lies->n ||
					value_of(&lies->posts[place], lie_facts[f]) != v)
					continue;
				for (size_t r = 0; r <= policy->n_rules; r++)
					if (rule_falls(lies->seen, r, &lies->posts[place], told)) {
						lies->fallen[f][value] |=
							r < policy->n_rules ? UINT64_C(1) << r : 0;
						lies->any[f][value] = true;
					}
			}
		}
}

static const char *value_name(int f, size_t value)
{
	switch (lie_facts[f]) {
	case PV_FACT_INTEREST: return pv_interest_names[value];
	case PV_FACT_ORIGIN: return pv_origin_names[value];
	case PV_FACT_RELEVANCE: return pv_relevance_names[value];
	default: return pv_yes_no_names[value];
	}
}

static void check_lie(const struct lies *lies, const char *text, int f, size_t value,
	const struct pv_analysis *analysis)
{
	static const size_t sizes[LIE_FACTS] = {PV_INTERESTS, PV_ORIGINS, PV_RELEVANCES, 2};
	if (value >= sizes[f])
		return;
	const struct pv_policy *policy = lies->seen->policy;
	const struct pv_analysis_question *asked = &analysis->questions[5];
	bool told = false; /* of this value, or one that answers alike */
	for (size_t i = 0; i < asked->n_findings; i++) {
		const struct pv_analysis_finding *finding = &asked->findings[i];
		uint64_t rules = 0;
		if (strcmp(finding->fact, pv_fact_names[lie_facts[f]]) != 0)
			continue;
		for (size_t r = 0; r < policy->n_rules; r++)
			rules |= concerns(finding, policy->rules[r].id) ? UINT64_C(1) << r : 0;
		told |= rules == lies->fallen[f][value];
		if (strcmp(finding->declared, value_name(f, value)) == 0 &&
			(rules != lies->fallen[f][value] || !lies->any[f][value]))
			FAIL_OF(text, "%s %s: fallen %llx, told %llx", finding->fact,
				finding->declared, (unsigned long long)lies->fallen[f][value],
				(unsigned long long)rules);
	}
	if (lies->any[f][value] && !told)
		FAIL_OF(text, "%s %s: fallen %llx, not told", pv_fact_names[lie_facts[f]],
			value_name(f, value), (unsigned long long)lies->fallen[f][value]);
}

static void check_lies(TALLOC_CTX *mem, struct seen *seen, const char *text, int64_t at_us,
	const struct pv_analysis *analysis)
{
	int64_t moments[16];
	size_t count = every_post_count(seen->policy),
	       n = every_moment(seen->policy, at_us, moments);
	struct lies *lies = talloc_zero(mem, struct lies);
	if (count > LIES_POSTS_MAX)
		return;
	lies->seen = seen;
	lies->posts = talloc_array(lies, struct every_post, count);
	lies->bits = talloc_array(lies, uint64_t *, count);
	for (size_t m = 0; m < n; m++) {
		uint64_t in_force[4] = {0};
		for (size_t e = 0; e < seen->policy->n_exceptions; e++)
			if (seen->policy->exceptions[e].from_us <= moments[m] &&
				moments[m] < seen->policy->exceptions[e].until_us)
				pv_bit_set(in_force, e);
		seen->in_force = in_force;
		seen->at_us = moments[m];
		lies->n = 0;
		every_post(seen->policy, moments[m], keep_post, lies);
		see_lies(lies);
	}
	for (int f = 0; f < LIE_FACTS; f++)
		for (size_t v = 0; v < LIE_VALUES; v++)
			check_lie(lies, text, f, v, analysis);
}

/* ---- guarantees ------------------------------------------------------------------------------------- */

/*
 * The same policy with a silent rule more, that asks the guarantee's facts: its bits can then be
 * asked of every post. It never speaks, for its switch is never on.
 */
static struct pv_policy *with_facts(TALLOC_CTX *mem, const char *text, const char *when)
{
	const char *rules = strstr(text, "rules:\n") + strlen("rules:\n");
	return court_policy(mem,
		talloc_asprintf(mem,
			"%.*s  - {id: zz, kind: quiet, label: {fr: a, en: b}, switch: never, then: "
			"warn, when: {%s}}\n%s",
			(int)(rules - text), text, when, rules));
}

static bool breaks(const struct seen *seen, int test, int verdict)
{
	for (int v = 0; v < PV_VERDICTS; v++)
		if (seen->verdicts[v] && (test == 0          ? v < verdict
						 : test == 1 ? v > verdict
							     : v == verdict))
			return true;
	return false;
}

/* Tests of words in languages that have none, or quotas of what no past holds, are not free. */
static bool seen_in_words(const struct pv_policy *policy)
{
	bool lang = false, words = false;
	for (size_t i = 0; i < policy->n_rules; i++) {
		const struct pv_rule *rule = &policy->rules[i];
		words |= rule->kind == PV_RULE_VOICE || rule->kind == PV_RULE_DISCLOSURE;
		for (size_t l = 0; l < rule->when.n_lines; l++)
			lang |= rule->when.lines[l].fact == PV_FACT_LANG;
	}
	return lang && words;
}

static const char *const test_words[] = {"below", "above", "is"};

static void check_guarantee(TALLOC_CTX *mem, struct random *random, const char *text, int64_t at_us)
{
	struct pv_error error = PV_ERROR_IN(mem);
	struct pv_policy *same = court_policy(mem, text);
	char *when = talloc_strdup(mem, ""), *line = talloc_strdup(mem, "");
	bool taken[PV_FACTS] = {0};
	for (int n = 0; n < 2; n++) {
		char *values;
		int fact = random_line(mem, random, &values);
		if (taken[fact])
			continue;
		taken[fact] = true;
		line = talloc_asprintf_append(
			line, "%s%s %s", n ? ", " : "", pv_fact_names[fact], values);
		char *bar = strchr(values, '|');
		when = talloc_asprintf_append(when, "%s%s: [%.*s%s%s]", n ? ", " : "",
			pv_fact_names[fact], (int)(bar ? bar - values : (long)strlen(values)),
			values, bar ? ", " : "", bar ? bar + 1 : "");
	}
	struct pv_policy *policy = with_facts(mem, text, when);
	size_t zz = pv_policy_rule(policy, "zz");
	struct seen seen = {.policy = policy, .facts = &policy->rules[zz].when};
	if (every_post_count(policy) > POSTS_MAX || seen_in_words(policy))
		return;
	look(&seen, at_us, see_verdicts);
	for (int test = 0; test < 3; test++) {
		int verdict = test == 0   ? 1 + (int)random_below(random, 4)
			      : test == 1 ? (int)random_below(random, 4)
					  : (int)random_below(random, 5);
		char *guarantee_line = talloc_asprintf(mem, "never: %s, verdict %s %s", line,
			test_words[test], pv_verdict_name((enum pv_verdict)verdict));
		struct pv_guarantee *guarantee;
		struct pv_guarantee_answer answer;
		if (pv_guarantee_parse(mem, same, guarantee_line, strlen(guarantee_line),
			    &guarantee, NULL, &error) != PV_OK)
			fail_msg("%s: %s", guarantee_line, error.words.en);
		assert_int_equal(
			pv_guarantee_check(mem, same, guarantee, at_us, &answer, &error), PV_OK);
		bool broken = breaks(&seen, test, verdict);
		if (answer.keeping != (broken ? PV_GUARANTEE_BROKEN : PV_GUARANTEE_HOLDS))
			FAIL_OF(text, "%s: broken %d, said %s", guarantee_line, broken,
				pv_keeping_name(answer.keeping));
		check_witness(mem, same, text, &answer.witness);
	}
}

/* ---- the tests --------------------------------------------------------------------------------------- */

static void all_posts(void **state)
{
	(void)state;
	const char *more = getenv("PV_POLICIES"), *seed = getenv("PV_SEED");
	struct random random = {
		.state = 0x9e3779b97f4a7c15 + (seed ? strtoull(seed, NULL, 10) : 0)};
	int64_t at_us;
	int wanted = more ? atoi(more) : POLICIES, seen_policies = 0;
	assert_true(pv_time_parse(at_text, strlen(at_text), &at_us));
	for (int i = 0; i < 60 * wanted && seen_policies < wanted; i++) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		char *text = random_policy_text(scope, &random);
		struct pv_policy *policy = court_policy(scope, text);
		if (every_post_count(policy) > POSTS_MAX || policy->n_rules > RULES_MAX)
			continue;
		seen_policies++;
		struct seen seen = {.policy = policy};
		look(&seen, at_us, see);
		struct pv_analysis_options options = {.at_us = at_us};
		struct pv_analysis *analysis;
		assert_int_equal(pv_analyze(scope, policy, &options, &analysis, NULL), PV_OK);
		for (int q = 0; q < PV_QUESTIONS; q++)
			if (analysis->questions[q].answer == PV_ANALYSIS_UNDECIDED)
				FAIL_OF(text, "question %d: %s", q + 1,
					analysis->questions[q].sentence.en);
		check_rules(&seen, text, analysis);
		check_gaps(&seen, text, analysis);
		check_unapproved(&seen, text, analysis);
		check_witnesses(scope, &seen, text, analysis);
		check_lies(scope, &seen, text, at_us, analysis);
		check_guarantee(scope, &random, text, at_us);
	}
	assert_int_equal(seen_policies, wanted);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(all_posts)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
