/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Questions 5, 8 and 10 to 15; the sample policies; limits. */
#include "analysed.h"

#include "base/json.h"

#include <stdio.h>
#include <time.h>

#define RULE(id, kind, rest) \
	"  - {id: " id ", kind: " kind ", label: {fr: Une règle, en: A rule}, " rest "}\n"
#define CATEGORY(id, when, then) RULE(id, "category", "when: {" when "}, then: " then)
#define EXCEPTION(id, lifts, when, from, until)                                                \
	"  - {id: " id ", lifts: [" lifts "], when: {" when "}, from: " from ", until: " until \
	", granted_by: lea, reason: {fr: Pour cela, en: For that}}\n"

static void duties(void **state)
{
	(void)state;
	static const struct analysed_row rows[] = {
		{"nothing to approve", 5, CATEGORY("a", "origin: client", "refuse"), ""},
		{"another person", 5, CATEGORY("a", "origin: client", "approve"),
			"approvers_needed:a"},
		{"the author too", 5,
			RULE("a", "category",
				"when: {origin: client}, then: approve, approval: {never: "
				"[same_interest]}"),
			"!approves_oneself:a=allow approvers_needed:a"},
		{"the author among two", 5,
			RULE("a", "category",
				"when: {origin: client}, then: approve, approval: {count: 2, "
				"never: [same_interest]}"),
			"author_counts:a approvers_needed:a"},
		{"whoever shares the interest", 5,
			RULE("a", "category",
				"when: {origin: client}, then: approve, approval: {never: "
				"[author]}"),
			"shares_the_interest:a approvers_needed:a"},
		{"the author too, but it is refused", 5,
			RULE("a", "category",
				"when: {origin: client}, then: approve, approval: {never: "
				"[same_interest]}") CATEGORY("b", "origin: client", "refuse"),
			"approvers_needed:a"},
	};
	analysed_try(rows, PV_COUNT(rows));
}

static void demands(void **state)
{
	(void)state;
	static const struct analysed_row rows[] = {
		{"a short label above the fold", 8,
			RULE("a", "disclosure", "say: tie, then: disclose"), ""},
		{"a wording longer than the fold", 8,
			RULE("a", "mention",
				"say: {fr: [une mention qui ne tiendra jamais avant le pli de "
				"quarante signes]}, position: before_fold, then: disclose"),
			"!beyond_the_fold:a=disclose"},
		{"two that fit alone and not together", 8,
			RULE("a", "mention",
				"say: {fr: [une mention de vingt-cinq signes]}, position: "
				"before_fold, then: disclose") RULE("b", "mention",
				"say: {fr: [une autre qui est aussi longue]}, position: "
				"before_fold, then: disclose"),
			"!beyond_the_fold:a,b=disclose"},
		{"both want to open the text", 8,
			RULE("a", "mention",
				"say: {fr: [d'abord]}, position: start, then: disclose")
				RULE("b", "mention",
					"say: {fr: [avant tout]}, position: start, then: disclose"),
			"!two_at_the_start:a,b=disclose"},
		{"they never meet", 8,
			RULE("a", "mention",
				"when: {origin: client}, say: {fr: [d'abord]}, position: start, "
				"then: disclose") RULE("b", "mention",
				"when: {origin: partner}, say: {fr: [avant tout]}, "
				"position: start, then: disclose"),
			""},
		{"the same words open for both", 8,
			RULE("a", "mention",
				"say: {fr: [d'abord]}, position: start, then: disclose")
				RULE("b", "mention",
					"say: {fr: [d'abord, avant tout]}, position: start, then: "
					"disclose"),
			""},
		{"a confession on an effaced account", 8,
			RULE("a", "mention",
				"say: {fr: [j'ai écrit ceci]}, position: anywhere, then: disclose")
				RULE("b", "voice", "allow: [we, effaced], then: refuse"),
			"!wording_breaks_voice:a,b=refuse"},
		{"another wording is at hand", 8,
			RULE("a", "mention",
				"say: {fr: [j'ai écrit ceci, écrit par l'équipe]}, position: "
				"anywhere, then: disclose")
				RULE("b", "voice", "allow: [we, effaced], then: refuse"),
			""},
		{"a link that is a neighbour's", 8,
			RULE("a", "mention", "link: [other.example/rules], then: refuse") RULE(
				"b", "neighbours", "when: {stance: organisation}, then: refuse"),
			"!cannot_be_met:a,b=refuse"},
		{"a label that is a hashtag, where there may be none", 8,
			RULE("a", "mention",
				"say: {fr: [\"#pub\"]}, position: anywhere, then: disclose")
				RULE("b", "access", "max_hashtags: 0, then: warn"),
			"!cannot_be_met:a,b=warn"},
		{"a wording that says an embargoed word", 8,
			RULE("a", "mention",
				"say: {fr: [avant le grand jour]}, position: anywhere, then: "
				"disclose") RULE("b", "embargo",
				"until: 2026-12-01 00:00, words: [grand jour], then: refuse"),
			"!cannot_be_met:a,b=refuse"},
		{"a wording that is a topic's word", 8,
			RULE("a", "mention",
				"say: {fr: [ceci est un concours]}, position: anywhere, then: "
				"disclose") CATEGORY("b", "topic: contest", "refuse"),
			"!cannot_be_met:a=refuse"},
		{"a twin that would be refused", 8,
			RULE("a", "languages",
				"when: {form: static}, require: pair, within: 10 minutes, then: "
				"refuse") CATEGORY("b", "lang: en", "refuse"),
			"!twin_refused:a=allow"},
	};
	analysed_try(rows, PV_COUNT(rows));
}

static void quotas(void **state)
{
	(void)state;
#define QUOTA(id, count, most, rest) \
	RULE(id, "quota", "count: {" count "}, at_most: " most ", window: 30 days, then: warn" rest)
	static const struct analysed_row rows[] = {
		{"a number", 10, QUOTA("a", "origin: client", "2", ""), ""},
		{"a number with a minimum", 10, QUOTA("a", "origin: client", "2", ", min_posts: 3"),
			"min_posts_ignored:a"},
		{"a share with a minimum", 10,
			QUOTA("a", "origin: client", "25%", ", min_posts: 6"),
			"first_posts_unjudged:a=allow"},
		{"the whole", 10, QUOTA("a", "origin: client", "1/1", ""),
			"!limit_never_exceeded:a"},
		{"what the past does not keep", 10, QUOTA("a", "consent: yes", "2", ""),
			"!past_never_counts:a"},
		{"consent not given is what the past holds", 10, QUOTA("a", "consent: no", "2", ""),
			""},
		{"all is counted", 10, QUOTA("a", "form: static", "50%", ""), "!always_exceeded:a"},
		{"all that may appear is counted", 10,
			QUOTA("a", "origin: client", "50%", "") CATEGORY("b",
				"origin: [own_creation, organisation, partner, "
				"third_party, unknown]",
				"refuse"),
			"!always_exceeded:a"},
		{"two shares of everything, too small together", 10,
			QUOTA("a", "sponsored: yes", "40%", "")
				QUOTA("b", "sponsored: no", "40%", ""),
			"!shares_impossible:a,b"},
		{"large enough together", 10,
			QUOTA("a", "sponsored: yes", "40%", "")
				QUOTA("b", "sponsored: no", "60%", ""),
			""},
		{"something is in neither", 10,
			QUOTA("a", "origin: client", "10%", "")
				QUOTA("b", "origin: partner", "10%", ""),
			""},
		{"a mix without room", 10,
			RULE("a", "mix",
				"by: kind, target: {post: 30, share: 30, reply: 20}, tolerance: "
				"5, window: 30 days, then: warn"),
			"!mix_impossible:a"},
		{"a mix with just room enough", 10,
			RULE("a", "mix",
				"by: kind, target: {post: 30, share: 30, reply: 25}, tolerance: "
				"5, window: 30 days, then: warn"),
			""},
		{"a minimum that is never reached", 10,
			QUOTA("a", "origin: client", "25%", ", min_posts: 6") RULE("b", "quota",
				"count: {form: static}, at_most: 4, window: 30 days, then: "
				"refuse"),
			"!minimum_never_reached:a,b first_posts_unjudged:a=refuse"},
	};
	analysed_try(rows, PV_COUNT(rows));
}

static void times(void **state)
{
	(void)state;
	static const struct analysed_row rows[] = {
		{"to come", 11,
			RULE("a", "embargo", "until: 2026-05-01 08:00, words: [x], then: refuse"),
			""},
		{"over", 11,
			RULE("a", "embargo", "until: 2026-02-01 08:00, words: [x], then: refuse")
				RULE("b", "quiet",
					"from: 2026-01-01 08:00, to: 2026-01-10 08:00, then: "
					"refuse") "exceptions:\n" EXCEPTION("e", "a", "kind: post",
					"2026-01-10", "2026-01-12"),
			"exception_over:e embargo_over:a period_over:b"},
		{"as good as no end", 11,
			RULE("a", "embargo", "until: 2099-02-01 08:00, words: [x], then: refuse"),
			"embargo_without_end:a"},
		{"skipped", 11,
			RULE("a", "embargo", "until: 2026-03-08 02:30, words: [x], then: refuse"),
			"time_skipped:a"},
		{"twice", 11,
			RULE("a", "embargo", "until: 2026-11-01 01:30, words: [x], then: refuse"),
			"time_repeated:a"},
		{"across a change", 11,
			RULE("a", "quiet",
				"from: 2026-10-01 00:00, to: 2026-11-05 00:00, then: refuse"),
			"across_clock_change:a"},
		{"nights", 11, RULE("a", "quiet", "hours: \"22:00-06:00\", then: warn"),
			"hours_across_clock_change:a"},
		{"afternoons", 11, RULE("a", "quiet", "hours: \"12:00-18:00\", then: warn"), ""},
		{"two at once", 11,
			RULE("a", "quiet",
				"from: 2026-04-01 00:00, to: 2026-04-20 00:00, then: refuse")
				RULE("b", "quiet",
					"when: {origin: client}, from: 2026-04-10 00:00, to: "
					"2026-04-30 00:00, then: warn"),
			"periods_overlap:a,b=refuse"},
		{"two at once, of different posts", 11,
			RULE("a", "quiet",
				"when: {origin: partner}, from: 2026-04-01 00:00, to: 2026-04-20 "
				"00:00, then: refuse") RULE("b", "quiet",
				"when: {origin: client}, from: 2026-04-10 00:00, to: "
				"2026-04-30 00:00, then: warn"),
			""},
	};
	analysed_try(rows, PV_COUNT(rows));
}

/* The court's topics and disclosures are told as unused unless rules use them. */
#define USES                                                 \
	RULE("z1", "disclosure", "say: tie, then: warn")     \
	RULE("z2", "disclosure", "say: opening, then: warn") \
	CATEGORY("z3", "topic: [contest, urgent]", "warn")

static void languages(void **state)
{
	(void)state;
	static const struct analysed_row rows[] = {
		{"both", 13, RULE("a", "disclosure", "say: tie, then: disclose"), ""},
		{"French alone, of any post", 13,
			RULE("a", "mention", "say: {fr: [un mot]}, position: anywhere, then: warn"),
			"!no_wording:a=warn"},
		{"French alone, of posts in French", 13,
			RULE("a", "mention",
				"when: {lang: fr}, unless: {lang: en}, say: {fr: [un mot]}, "
				"position: anywhere, then: warn"),
			""},
		{"a question's words", 13,
			RULE("a", "invite", "words: {fr: [et vous]}, then: warn"), "no_words:a"},
	};
	analysed_try(rows, PV_COUNT(rows));
}

static char *references_of(TALLOC_CTX *mem, const char *more)
{
	struct pv_policy *policy = court_policy(mem, more);
	struct pv_analysis_options options = {.at_us = analysed_at()};
	return analysed_line(mem, analysed(mem, policy, &options), 12);
}

static void references(void **state)
{
	(void)state;
	static const char head[] = "policy: p\nversion: 1\ntitle: {fr: a, en: b}\ntimezone: "
				   "America/Toronto\ndefault: allow\n";
	static const char tail[] = "accounts:\n  a: {owner: o, stance: organisation, platform: x}\n"
				   "rules:\n" RULE("r", "neighbours", "then: warn");
	static const struct {
		const char *what, *organisations, *found;
	} rows[] = {
		{"each its own",
			"shorteners: [bit.ly]\norganisations:\n  o: {names: [O], domains: "
			"[o.example]}\n  q: {names: [Q], domains: [q.example]}\n",
			""},
		{"the same twice",
			"organisations:\n  o: {names: [O], domains: [o.example]}\n"
			"  q: {names: [Q], domains: [www.o.example]}\n",
			"!domain_of_two:www.o.example"},
		{"one within the other",
			"organisations:\n  o: {names: [O], domains: [o.example]}\n"
			"  q: {names: [Q], domains: [o.example/q]}\n",
			"domain_within:o.example/q"},
		{"everybody's host",
			"organisations:\n  o: {names: [O], domains: [github.io]}\n"
			"  q: {names: [Q], domains: [medium.com]}\n",
			"!shared_host:github.io !shared_host:medium.com"},
		{"one's own place there",
			"organisations:\n  o: {names: [O], domains: [o.github.io]}\n"
			"  q: {names: [Q], domains: [\"medium.com/q\"]}\n",
			""},
		{"in a register too",
			"organisations:\n  o: {names: [O], interests: [{names: [B], relation: "
			"client, "
			"domains: [wordpress.com]}]}\n",
			"!shared_host:wordpress.com"},
		{"a shortener of one's own",
			"shorteners: [o.example]\norganisations:\n  o: {names: [O], domains: "
			"[o.example]}\n",
			"!shortener_is_registered:o.example"},
		{"a tie to one, on the other's domain",
			"organisations:\n  o: {names: [O], interests: [{names: [B], relation: "
			"client, "
			"org: q, domains: [z.example]}]}\n  q: {names: [Q], domains: [q.example]}\n"
			"  z: {names: [Z], domains: [z.example]}\n",
			"!tie_to_another:z.example"},
		{"one handle of two",
			"organisations:\n  o: {names: [O], handles: [\"@Same\"]}\n"
			"  q: {names: [Q], handles: [\"@same\"]}\n",
			"!handle_of_two:@Same"},
		{"unused",
			"organisations:\n  o: {names: [O]}\ntopics: {t: {fr: [x]}}\n"
			"disclosures: {d: {fr: [x]}}\n",
			"topic_unused:t disclosure_unused:d"},
	};
	for (size_t i = 0; i < PV_COUNT(rows); i++) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		char *text = talloc_asprintf(scope, "%s%s%s", head, rows[i].organisations, tail);
		char *found = references_of(scope, text);
		if (strcmp(found, rows[i].found) != 0)
			fail_msg("%s: wanted \"%s\", got \"%s\"", rows[i].what, rows[i].found,
				found);
	}
	static const struct analysed_row more[] = {
		{"used", 12, USES, "domain_within:shared.example/house no_fold:x"},
		{"a spokesperson without a name", 12,
			USES RULE("a", "voice", "allow: [we, spokesperson], then: warn"),
			"!spokesperson:a domain_within:shared.example/house no_fold:x"},
		{"names without a voice", 12,
			USES RULE("a", "voice",
				"allow: [we], spokespersons: [Julie Roy], then: warn"),
			"!spokesperson:a domain_within:shared.example/house no_fold:x"},
	};
	analysed_try(more, PV_COUNT(more));
}

/* Who is there to approve, when the house says. */
static void people(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	static const struct pv_str editor = {"editor", 6}, domain = {"blog.example", 12};
	static const struct pv_tie tie = {.relation = PV_RELATION_OWNER,
		.domains = &domain,
		.n_domains = 1,
		.until_day = PV_DAY_NONE};
	const struct pv_case_person both[] = {{.id = {"lea", 3}, .roles = &editor, .n_roles = 1},
		{.id = {"paul", 4},
			.roles = &editor,
			.n_roles = 1,
			.interests = &tie,
			.n_interests = 1},
		{.id = {"yan", 3}}};
	struct pv_policy *policy = court_rules(scope, CATEGORY("a", "origin: client", "approve"));
	struct pv_analysis_options options = {
		.at_us = analysed_at(), .people = both, .n_people = PV_COUNT(both)};
	assert_string_equal(analysed_line(scope, analysed(scope, policy, &options), 5), "");
	options.n_people = 1;
	assert_string_equal(analysed_line(scope, analysed(scope, policy, &options), 5),
		"author_leaves_too_few:a");
	options.people = &both[1];
	assert_string_equal(analysed_line(scope, analysed(scope, policy, &options), 5),
		"author_leaves_too_few:a interest_leaves_too_few:a");
	options.people = &both[2];
	assert_string_equal(
		analysed_line(scope, analysed(scope, policy, &options), 5), "!too_few_approvers:a");
}

/* ---- the samples ---------------------------------------------------------------------------------------- */

static const struct {
	const char *policy;
	int question;
	const char *found;
} samples[] = {
	/* of commercial posts on the organisations' accounts, seed says nothing */
	{"seed", 1, ""},
	{"seed", 2, "allow_and_refuse:host-first,org-favourite,own-creation=refuse"},
	{"seed", 3, "gap=warn gap=warn"},
	{"seed", 8, ""},
	{"seed", 9, "!permissive_topic_has_words:perseverance=refuse>allow"},
	{"seed", 10,
		"first_posts_unjudged:pousse-mix=warn "
		"first_posts_unjudged:self-promotion=warn"},
	{"agency", 1, ""},
	/* it may name its clients, and any neighbour */
	{"agency", 7,
		"sets_aside:client-news,other-house=allow sets_aside:other-house,own-work=allow "
		"sets_aside:thirds=allow sets_aside:other-house=approve"},
	{"agency", 9, ""},
	{"municipality", 1, ""},
	{"municipality", 4, ""},
	/* a citizens' group has no contest rules that are not a neighbour's */
	{"municipality", 8, "!cannot_be_met:contest-rules,other-house=refuse"},
	{"municipality", 11,
		"across_clock_change:by-election hours_across_clock_change:night "
		"time_repeated:winter-parking"},
	{"regulated-finance", 1, ""},
	{"regulated-finance", 5,
		"approvers_needed:adoption "
		"approvers_needed:adviser-product,product-replies,static-approval"},
	{"regulated-finance", 11, "across_clock_change:blackout time_skipped:horizon-launch"},
};

static void sample_findings(void **state)
{
	(void)state;
	static const char at_text[] = "2026-01-05T12:00:00Z";
	const char *last = "";
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_analysis *analysis = NULL;
	struct pv_analysis_options options = {0};
	assert_true(pv_time_parse(at_text, strlen(at_text), &options.at_us));
	for (size_t i = 0; i < PV_COUNT(samples); i++) {
		size_t size;
		if (strcmp(last, samples[i].policy) != 0) {
			last = samples[i].policy;
			char *name = talloc_asprintf(scope, "examples/policies/%s.yaml", last);
			char *text = court_read(scope, PV_SOURCE_ROOT, name, &size);
			assert_non_null(text);
			clock_t start = clock();
			analysis = analysed(scope, court_policy(scope, text), &options);
			double took_s = (double)(clock() - start) / CLOCKS_PER_SEC;
			assert_true(took_s < 5);
			assert_true(analysis->complete);
		}
		char *line = analysed_line(scope, analysis, samples[i].question);
		if (strcmp(line, samples[i].found) != 0)
			fail_msg("%s, question %d: wanted \"%s\", got \"%s\"", last,
				samples[i].question, samples[i].found, line);
	}
}

static void commercial_posts_of_seed(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	size_t size;
	char *text = court_read(scope, PV_SOURCE_ROOT, "examples/policies/seed.yaml", &size);
	struct pv_analysis_options options = {.at_us = analysed_at()};
	struct pv_analysis *analysis = analysed(scope, court_policy(scope, text), &options);
	const struct pv_analysis_question *gaps = &analysis->questions[2];
	assert_non_null(strstr(gaps->findings[0].words.en, "organisation's account"));
	assert_non_null(strstr(gaps->findings[0].words.en, "commercial purpose"));
	assert_null(strstr(gaps->findings[0].words.en, "personal account"));
	assert_non_null(strstr(gaps->findings[0].witness.json, "\"interest\":\"commercial\""));
	/* the last two questions: one is another command's, one is the examples */
	assert_int_equal(analysis->questions[13].answer, PV_ANALYSIS_NOT_APPLICABLE);
	assert_non_null(strstr(analysis->questions[13].sentence.en, "policy replay"));
	assert_int_equal(analysis->questions[14].n_findings, 18);
}

/* ---- firm aims, limits, bytes ------------------------------------------------------------------------- */

static void aimed_at_firm(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	char *text = talloc_asprintf(scope, "%s%s", court_head,
		RULE("a", "category", "when: {origin: client}, then: refuse, firm: yes")
			RULE("b", "category",
				"when: {interest: project}, then: allow, "
				"overrides: [a]") "exceptions:\n" EXCEPTION("e", "a", "kind: post",
				"2026-03-10", "2026-03-12"));
	struct pv_error error = PV_ERROR_IN(scope);
	struct pv_policy *policy;
	struct pv_policy_problems problems;
	assert_int_equal(
		pv_policy_parse(scope, text, strlen(text), "firm", &policy, &problems, &error),
		PV_INVALID);
	assert_non_null(policy);
	struct pv_analysis_options options = {.at_us = analysed_at()};
	assert_string_equal(analysed_line(scope, analysed(scope, policy, &options), 2),
		"!aimed_at_firm:b !aimed_at_firm:e");
}

static void same_bytes(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	size_t size;
	char *text = court_read(scope, PV_SOURCE_ROOT, "examples/policies/agency.yaml", &size);
	struct pv_analysis_options options = {.at_us = analysed_at()};
	char *dumps[2];
	for (int i = 0; i < 2; i++) {
		struct pv_analysis *analysis = analysed(scope, court_policy(scope, text), &options);
		PV_JSON json_t *whole = pv_analysis_to_json(analysis);
		assert_non_null(whole);
		dumps[i] = pv_json_dump(scope, whole);
	}
	assert_string_equal(dumps[0], dumps[1]);
}

/* Too little work allowed: it says so, everywhere. */
static void few_steps(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	size_t size;
	char *text = court_read(scope, PV_SOURCE_ROOT, "examples/policies/agency.yaml", &size);
	struct pv_analysis_options options = {.at_us = analysed_at(), .steps_max = 40};
	struct pv_analysis *analysis = analysed(scope, court_policy(scope, text), &options);
	assert_false(analysis->complete);
	assert_false(pv_analysis_clear(analysis));
	assert_int_equal(analysis->questions[0].answer, PV_ANALYSIS_UNDECIDED);
	assert_non_null(strstr(analysis->questions[0].sentence.en, "within 40 steps"));
	assert_non_null(strstr(analysis->questions[0].sentence.fr, "en 40 pas"));
}

/* As many rules as a policy may have: a bounded time, and no claim that is not sure. */
static void many_rules(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	static const char *const origins[] = {
		"own_creation", "organisation", "client", "partner", "third_party"};
	static const char *const interests[] = {
		"project", "org_favourite", "personal_favourite", "commercial"};
	static const char *const thens[] = {"allow", "warn", "disclose", "approve", "refuse"};
	char *rules = talloc_strdup(scope, "");
	for (int i = 0; i < 500; i++)
		rules = talloc_asprintf_append_buffer(rules,
			"  - {id: r%03d, kind: category, label: {fr: a, en: b}, then: %s, when: "
			"{origin: %s, interest: %s, human: %s}, unless: {relevance: %s}}\n",
			i, thens[i % 5], origins[i / 5 % 5], interests[i / 7 % 4],
			i % 2 ? "any" : "none", i % 3 ? "public" : "private");
	struct pv_policy *policy = court_rules(scope, rules);
	struct pv_analysis_options options = {.at_us = analysed_at(), .steps_max = 20000};
	clock_t start = clock();
	struct pv_analysis *analysis = analysed(scope, policy, &options);
	assert_true((double)(clock() - start) / CLOCKS_PER_SEC < 60);
	assert_true(analysis->questions[0].n_findings > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(duties),
		cmocka_unit_test(demands),
		cmocka_unit_test(quotas),
		cmocka_unit_test(times),
		cmocka_unit_test(languages),
		cmocka_unit_test(references),
		cmocka_unit_test(people),
		cmocka_unit_test(sample_findings),
		cmocka_unit_test(commercial_posts_of_seed),
		cmocka_unit_test(aimed_at_firm),
		cmocka_unit_test(same_bytes),
		cmocka_unit_test(few_steps),
		cmocka_unit_test(many_rules),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
