/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What holds of every policy and post, over the sample cases and over policies and posts by chance:
 *
 *  - the order of rules never matters;
 *  - a demand that is met makes nothing stricter;
 *  - taking a rule out makes nothing stricter, unless the rule sets others aside, or is the only
 *    category that applies, so that the default speaks in its place;
 *  - judged twice, the same bytes.
 */
#include "random_policy.h"

#include "base/json.h"

#include <stdio.h>
#include <stdlib.h>

enum { POLICIES = 60, CASES = 12, RULES_TEXT_MAX = 64 };

/* ---- a policy's text, rule by rule ----------------------------------------------------------------------- */

struct parts {
	char *head, *tail; /* before the first rule, after the last one */
	char *rules[RULES_TEXT_MAX];
	size_t n;
};

static bool begins_rule(const char *line)
{
	return strncmp(line, "  - id:", 7) == 0 || strncmp(line, "  - {id:", 8) == 0;
}

static struct parts split(TALLOC_CTX *mem, const char *text)
{
	struct parts parts = {.tail = talloc_strdup(mem, "")};
	const char *start = strstr(text, "\nrules:\n") + strlen("\nrules:\n");
	parts.head = talloc_strndup(mem, text, (size_t)(start - text));
	for (const char *line = start; *line;) {
		const char *end = strchr(line, '\n');
		end = end ? end + 1 : line + strlen(line);
		if (strncmp(line, "exceptions:", 11) == 0) {
			parts.tail = talloc_strdup(mem, line);
			break;
		}
		char *piece = talloc_strndup(mem, line, (size_t)(end - line));
		if (begins_rule(line)) {
			assert_true(parts.n < RULES_TEXT_MAX);
			parts.rules[parts.n++] = piece;
		} else if (parts.n) {
			parts.rules[parts.n - 1] =
				talloc_asprintf(mem, "%s%s", parts.rules[parts.n - 1], piece);
		} else {
			parts.head = talloc_asprintf(mem, "%s%s", parts.head, piece);
		}
		line = end;
	}
	return parts;
}

static char *join(TALLOC_CTX *mem, const struct parts *parts, size_t without, const char *more)
{
	char *text = talloc_strdup(mem, parts->head);
	for (size_t i = 0; i < parts->n; i++)
		if (i != without)
			text = talloc_strdup_append_buffer(text, parts->rules[i]);
	return talloc_asprintf(mem, "%s%s%s", text, more, parts->tail);
}

static void shuffle(struct random *random, struct parts *parts)
{
	for (size_t i = parts->n; i > 1; i--) {
		size_t k = random_below(random, (uint32_t)i);
		char *kept = parts->rules[i - 1];
		parts->rules[i - 1] = parts->rules[k];
		parts->rules[k] = kept;
	}
}

/* ---- posts by chance --------------------------------------------------------------------------------------- */

static char *random_text(TALLOC_CTX *mem, struct random *random)
{
	static const char *const phrases[] = {"Bonjour.", "Un concours!", "lien déclaré",
		"declared tie", "Et vous?", "Je le dis.", "Nous le disons.", "https://bit.ly/x",
		"https://other.example/a", "@House", "secret plan", "#Un #Deux", "mention utile"};
	char *text = talloc_strdup(mem, "");
	for (uint32_t n = random_below(random, 5); n > 0; n--)
		text = talloc_asprintf_append(text, "%s%s", text[0] ? "\\n" : "",
			phrases[random_below(random, PV_COUNT(phrases))]);
	return text;
}

static const char *one_of(struct random *random, const char *const *names, int n)
{
	const char *name = NULL;
	while (!name)
		name = names[random_below(random, (uint32_t)n)];
	return name;
}

static char *random_case(TALLOC_CTX *mem, struct random *random)
{
	static const char *const accounts[] = {"house-fb", "other-x", "marc-x"};
	static const char *const axes[] = {"k", "m", ""}, *const topics[] = {"t", "u", "v"};
	static const char *const langs[] = {"[\"fr\"]", "[\"en\"]", "[\"fr\",\"en\"]", "[]"};
	char *json = talloc_asprintf(mem,
		"{\"account\":\"%s\",\"author\":\"marc\",\"at\":\"2026-0%u-1%uT12:00:00Z\","
		"\"people\":{\"marc\":{\"roles\":[],\"interests\":[]},\"lea\":{\"roles\":["
		"\"editor\"]"
		"}},\"post\":{\"kind\":\"%s\",\"pinned\":%s,\"lang\":%s,\"text\":\"%s\"%s},"
		"\"declared\":{\"origin\":\"%s\",\"interest\":\"%s\",\"relevance\":\"%s\","
		"\"sponsored\":%s,\"consent\":%s,\"axis\":\"%s\"",
		accounts[random_below(random, 3)], 1 + random_below(random, 4),
		random_below(random, 9), one_of(random, pv_post_kind_names, PV_POST_KINDS),
		random_below(random, 2) ? "true" : "false", langs[random_below(random, 4)],
		random_text(mem, random),
		random_below(random, 3) ? "" : ",\"media\":[{\"type\":\"image\",\"alt\":\"\"}]",
		one_of(random, pv_origin_names, PV_ORIGINS),
		one_of(random, pv_interest_names, PV_INTERESTS),
		one_of(random, pv_relevance_names, PV_RELEVANCES),
		random_below(random, 2) ? "true" : "false",
		random_below(random, 2) ? "true" : "false", axes[random_below(random, 3)]);
	if (random_below(random, 2))
		json = talloc_asprintf_append(json, ",\"relation\":[\"%s\"]",
			one_of(random, pv_relation_names, PV_RELATIONS));
	if (random_below(random, 2))
		json = talloc_asprintf_append(
			json, ",\"human\":[\"%s\"]", one_of(random, pv_human_names, PV_HUMANS));
	if (random_below(random, 2))
		json = talloc_asprintf_append(
			json, ",\"topic\":[\"%s\"]", topics[random_below(random, 3)]);
	json = talloc_strdup_append_buffer(json, "}");
	if (random_below(random, 2))
		json = talloc_strdup_append_buffer(
			json, ",\"approvals\":[{\"by\":\"lea\",\"at\":\"2026-01-10T12:00:00Z\"}]");
	if (random_below(random, 2))
		json = talloc_strdup_append_buffer(json, ",\"switches\":[\"calm\"]");
	if (random_below(random, 2))
		json = talloc_asprintf_append(json,
			",\"history\":[{\"at\":\"2026-01-09T12:00:00Z\",\"origin\":\"%s\","
			"\"times\":%u}]",
			one_of(random, pv_origin_names, PV_ORIGINS), 1 + random_below(random, 5));
	return talloc_strdup_append_buffer(json, "}");
}

static struct pv_judgement *judge(TALLOC_CTX *mem, const struct pv_policy *policy, const char *json)
{
	struct pv_error error = PV_ERROR_IN(mem);
	struct pv_case *c;
	struct pv_judgement *judgement;
	if (pv_case_parse(mem, json, strlen(json), &c, NULL, NULL, &error) != PV_OK ||
		pv_judge(mem, policy, c, &judgement, &error) != PV_OK)
		fail_msg("%s: %s", json, error.words.en);
	return judgement;
}

/* ---- what must hold ------------------------------------------------------------------------------------------ */

/* Verdict and all five lists; the explanation's order may follow the rules' lines. */
static void same_answer(TALLOC_CTX *mem, const char *text, const char *json,
	const struct pv_judgement *one, const struct pv_judgement *other)
{
	char *a = court_answer(mem, one), *b = court_answer(mem, other);
	if (strcmp(a, b) != 0) {
		fprintf(stderr, "%s\n%s\n", text, json);
		fail_msg("\"%s\" and \"%s\"", a, b);
	}
}

/* A policy and those that should answer like it, each read once. */
struct variants {
	const char *text;
	struct pv_policy *policy, *again, *shuffled, *approved;
	struct pv_policy *met[3];
	struct pv_policy *without[RULES_TEXT_MAX]; /* NULL: the rule cannot simply be left out */
	const char *ids[RULES_TEXT_MAX];
	size_t n;
};

/* Tests that every post of ours passes, whatever it is. */
static const char *const met[3] = {
	"  - {id: zz-met, kind: links, label: {fr: a, en: b}, forbid: [nowhere-at-all.example], "
	"then: refuse}\n",
	"  - {id: zz-met, kind: embargo, label: {fr: a, en: b}, until: 2020-01-01 00:00, words: "
	"[a], "
	"then: refuse}\n",
	"  - {id: zz-met, kind: quiet, label: {fr: a, en: b}, switch: zz-never-on, then: refuse}\n",
};

/* The rule's id, as its text says it. */
static char *id_of(TALLOC_CTX *mem, const char *rule)
{
	const char *at = strstr(rule, "id:") + 3;
	at += strspn(at, " ");
	return talloc_strndup(mem, at, strcspn(at, ",\n }"));
}

/* Is the rule named by another one, or by an exception? Then it cannot simply be left out. */
static bool named(const struct parts *parts, size_t rule, const char *id)
{
	char wanted[128];
	const char *starts[] = {"[%s]", "[%s,", ", %s]", ", %s,"};
	for (size_t s = 0; s < PV_COUNT(starts); s++) {
		snprintf(wanted, sizeof wanted, starts[s], id);
		if (strstr(parts->tail, wanted))
			return true;
		for (size_t i = 0; i < parts->n; i++)
			if (i != rule && strstr(parts->rules[i], "overrides:") &&
				strstr(strstr(parts->rules[i], "overrides:"), wanted))
				return true;
	}
	return false;
}

static struct variants *vary(TALLOC_CTX *mem, struct random *random, const char *text)
{
	struct variants *out = talloc_zero(mem, struct variants);
	struct parts parts = split(mem, text);
	out->text = text;
	out->policy = court_policy(mem, text);
	out->again = court_policy(mem, text);
	for (size_t i = 0; i < PV_COUNT(met); i++)
		out->met[i] = court_policy(mem, join(mem, &parts, SIZE_MAX, met[i]));
	if (strstr(text, "\napprovals:"))
		out->approved =
			court_policy(mem, join(mem, &parts, SIZE_MAX,
						  "  - {id: zz-approved, kind: category, label: "
						  "{fr: a, en: b}, then: "
						  "approve, approval: {valid: 400 days}}\n"));
	out->n = parts.n;
	for (size_t i = 0; i < parts.n; i++) {
		out->ids[i] = id_of(mem, parts.rules[i]);
		if (!strstr(parts.rules[i], "overrides:") && !named(&parts, i, out->ids[i]))
			out->without[i] = court_policy(mem, join(mem, &parts, i, ""));
	}
	shuffle(random, &parts);
	out->shuffled = court_policy(mem, join(mem, &parts, SIZE_MAX, ""));
	return out;
}

static void check_twice(TALLOC_CTX *mem, const struct variants *variants, const char *json)
{
	const struct pv_policy *policies[] = {variants->policy, variants->again};
	char *dumps[2];
	for (int i = 0; i < 2; i++) {
		PV_JSON json_t *whole = pv_judgement_to_json(judge(mem, policies[i], json));
		assert_non_null(whole);
		dumps[i] = pv_json_dump(mem, whole);
	}
	assert_string_equal(dumps[0], dumps[1]);
}

static void check_without(TALLOC_CTX *mem, const struct variants *variants, const char *json,
	const struct pv_judgement *before)
{
	for (size_t i = 0; i < variants->n; i++) {
		if (!variants->without[i])
			continue;
		struct pv_judgement *after = judge(mem, variants->without[i], json);
		bool otherwise = false; /* the default speaks now */
		for (size_t r = 0; r < after->n_remarks; r++)
			otherwise |= strcmp(after->remarks[r].rule, "default") == 0;
		enum pv_verdict most = before->verdict;
		if (otherwise && pv_policy_default(variants->policy) > most)
			most = pv_policy_default(variants->policy);
		if (after->verdict > most) {
			fprintf(stderr, "%s\n%s\n", variants->text, json);
			fail_msg("without %s: %s, with it %s", variants->ids[i],
				pv_verdict_name(after->verdict), pv_verdict_name(before->verdict));
		}
	}
}

/* Approved as it asks, a category more makes nothing stricter. Answers whether it was. */
static bool check_approved(TALLOC_CTX *mem, const struct variants *variants, const char *json,
	const struct pv_judgement *before)
{
	if (!variants->approved)
		return false;
	struct pv_judgement *after = judge(mem, variants->approved, json);
	bool satisfied = false;
	for (size_t i = 0; i < after->satisfied.n; i++)
		satisfied |= strcmp(after->satisfied.items[i], "zz-approved") == 0;
	if (satisfied && after->verdict > before->verdict) {
		fprintf(stderr, "%s\n%s\n", variants->text, json);
		fail_msg("%s became %s", pv_verdict_name(before->verdict),
			pv_verdict_name(after->verdict));
	}
	return satisfied;
}

static bool check_all(TALLOC_CTX *mem, const struct variants *variants, const char *json)
{
	struct pv_judgement *before = judge(mem, variants->policy, json);
	same_answer(mem, variants->text, json, before, judge(mem, variants->shuffled, json));
	for (size_t i = 0; i < PV_COUNT(met); i++)
		same_answer(mem, variants->text, json, before, judge(mem, variants->met[i], json));
	check_twice(mem, variants, json);
	check_without(mem, variants, json, before);
	return check_approved(mem, variants, json, before);
}

static void by_chance(void **state)
{
	(void)state;
	struct random random = {.state = 0x2545f4914f6cdd1d};
	size_t approved = 0;
	for (int p = 0; p < POLICIES; p++) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		struct variants *variants = vary(scope, &random, random_rich_text(scope, &random));
		for (int c = 0; c < CASES; c++) {
			PV_SCOPE TALLOC_CTX *one = pv_scope(scope);
			approved += check_all(one, variants, random_case(one, &random));
		}
	}
	assert_true(approved > 20);
}

static void sample_cases(void **state)
{
	(void)state;
	static const char *const samples[] = {
		"seed", "agency", "municipality", "regulated-finance"};
	struct random random = {.state = 88172645463325252};
	const char *folder = court_shared();
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct variants *variants[PV_COUNT(samples)] = {NULL};
	size_t size = 0, cases = 0;
	char *rest = folder ? court_read(scope, folder, "policies/vignettes.jsonl", &size) : NULL;
	if (!rest) {
		print_message("# the shared policies are not here: skipped\n");
		skip();
	}
	for (char *line; (line = strsep(&rest, "\n")) && *line; cases++) {
		PV_SCOPE TALLOC_CTX *one = pv_scope(scope);
		PV_JSON json_t *whole = NULL;
		assert_int_equal(pv_json_parse(line, strlen(line), &whole, NULL), PV_OK);
		size_t s = 0;
		while (strcmp(samples[s], pv_json_text(whole, "policy")) != 0)
			s++;
		if (!variants[s]) {
			char *name = talloc_asprintf(scope, "policies/%s.yaml", samples[s]);
			char *text = court_read(scope, folder, name, &size);
			assert_non_null(text);
			variants[s] = vary(scope, &random, text);
		}
		check_all(one, variants[s], line);
	}
	assert_true(cases >= 40);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_chance),
		cmocka_unit_test(sample_cases),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
