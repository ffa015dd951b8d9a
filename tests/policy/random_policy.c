/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "random_policy.h"

#include "policy/findings.h"

#include <stdlib.h>

/* ---- texts ------------------------------------------------------------------------------------------ */

static const char head[] =
	"policy: chance\nversion: 1\ntitle: {fr: a, en: b}\ntimezone: America/Toronto\n"
	"fold: {facebook: 40, x: 280}\nshorteners: [bit.ly]\norganisations:\n"
	"  house: {names: [House], axes: [k, m], domains: [house.example], handles: [\"@House\"]}\n"
	"  other: {names: [Other], axes: [m], domains: [other.example]}\n"
	"accounts:\n"
	"  house-fb: {owner: house, stance: organisation, platform: facebook}\n"
	"  other-x: {owner: other, stance: hosted, platform: x}\n"
	"  marc-x: {owner: marc, stance: personal, platform: x}\n"
	"approvals: {by: [editor], count: 1, never: [author, same_interest], valid: 3 days}\n"
	"disclosures:\n  tie: {position: before_fold, fr: [lien déclaré], en: [declared tie]}\n"
	"topics:\n  t: {fr: [concours], en: [contest]}\n  u:\n  v:\n";

static const char *const values[PV_FACTS][9] = {
	[PV_FACT_ACCOUNT] = {"house-fb", "other-x", "marc-x"},
	[PV_FACT_OWNER] = {"house", "other", "marc"},
	[PV_FACT_PLATFORM] = {"facebook", "x"},
	[PV_FACT_AXES] = {"k", "m", "any", "none"},
	[PV_FACT_AXIS] = {"k", "m", "any", "none"},
	[PV_FACT_TOPIC] = {"t", "u", "v", "any", "none"},
	[PV_FACT_LANG] = {"fr", "en", "any", "none"},
	[PV_FACT_STANCE] = {"organisation", "personal", "hosted"},
	[PV_FACT_KIND] = {"post", "share", "reply"},
	[PV_FACT_FORM] = {"static", "interactive"},
	[PV_FACT_ORIGIN] = {"own_creation", "organisation", "client", "partner", "third_party",
		"unknown"},
	[PV_FACT_INTEREST] = {"project", "org_favourite", "personal_favourite", "commercial",
		"unknown"},
	[PV_FACT_RELATION] = {"author", "owner", "client", "family", "paid", "any", "none"},
	[PV_FACT_HUMAN] = {"faces", "behind_the_scenes", "any", "none"},
	[PV_FACT_SPONSORED] = {"yes", "no"},
	[PV_FACT_CONSENT] = {"yes", "no"},
	[PV_FACT_RELEVANCE] = {"public", "members", "private", "unknown"},
};

static size_t n_values(int fact)
{
	size_t n = 0;
	while (n < 9 && values[fact][n])
		n++;
	return n;
}

static char *line_of(TALLOC_CTX *mem, struct random *random, int fact, const char *between)
{
	size_t n = n_values(fact), wanted = 1 + random_below(random, n > 2 ? 2 : 1);
	char *text = talloc_strdup(mem, "");
	size_t first = random_below(random, (uint32_t)n);
	for (size_t i = 0; i < wanted; i++)
		text = talloc_asprintf_append(text, "%s%s", i ? between : "",
			values[fact][(first + i * (1 + random_below(random, 2))) % n]);
	return text;
}

struct writing {
	TALLOC_CTX *mem;
	struct random *random;
	int facts[4];
	int n_facts;
};

static char *condition(struct writing *w, int least)
{
	char *text = talloc_strdup(w->mem, "{");
	int lines = least + (int)random_below(w->random, (uint32_t)(w->n_facts - least + 1));
	int first = (int)random_below(w->random, (uint32_t)w->n_facts);
	for (int i = 0; i < lines; i++) {
		int fact = w->facts[(first + i) % w->n_facts];
		text = talloc_asprintf_append(text, "%s%s: [%s]", i ? ", " : "",
			pv_fact_names[fact], line_of(w->mem, w->random, fact, ", "));
	}
	return talloc_asprintf_append(text, "}");
}

static const char *verdict(struct writing *w, int least)
{
	return pv_verdict_name((enum pv_verdict)(
		least + (int)random_below(w->random, (uint32_t)(PV_VERDICTS - least))));
}

static char *add_rule(
	struct writing *w, char *text, const char *id, const char *kind, const char *own, int least)
{
	text = talloc_asprintf_append(text,
		"  - {id: %s, kind: %s, label: {fr: a, en: b}, then: %s, when: %s", id, kind,
		verdict(w, least), condition(w, 0));
	if (random_below(w->random, 3) == 0)
		text = talloc_asprintf_append(text, ", unless: %s", condition(w, 1));
	return talloc_asprintf_append(text, "%s}\n", own);
}

static char *add_categories(struct writing *w, char *text, int n)
{
	for (int i = 0; i < n; i++) {
		char id[16], own[64] = "";
		snprintf(id, sizeof id, "c%d", i);
		int other = (int)random_below(w->random, (uint32_t)n);
		if (random_below(w->random, 4) == 0)
			snprintf(own, sizeof own, ", firm: yes");
		else if (random_below(w->random, 3) == 0 && other != i)
			snprintf(own, sizeof own, ", overrides: [c%d]", other);
		text = add_rule(w, text, id, "category", own, 0);
	}
	return text;
}

static bool speaks_of(const struct writing *w, int fact)
{
	for (int i = 0; i < w->n_facts; i++)
		if (w->facts[i] == fact)
			return true;
	return false;
}

/* Tests that a text can meet or break as it likes, each kind once. */
static char *add_tests(struct writing *w, char *text)
{
	static const struct {
		const char *kind, *own;
		bool words;
	} tests[] = {
		{"voice", ", allow: [we, effaced]", true},
		{"invite", ", words: {fr: [et vous], en: [what about you]}", true},
		{"disclosure", ", say: tie", true},
		{"links", ", forbid: unresolved", false},
		{"quiet", ", switch: calm", false},
		{"embargo", ", until: 2027-01-01 00:00, words: [secret plan]", false},
	};
	for (size_t i = 0; i < PV_COUNT(tests); i++) {
		if (random_below(w->random, 3) || (tests[i].words && speaks_of(w, PV_FACT_LANG)))
			continue;
		text = add_rule(w, text, tests[i].kind, tests[i].kind, tests[i].own, 1);
	}
	if (random_below(w->random, 3) == 0 && !speaks_of(w, PV_FACT_LANG) &&
		!speaks_of(w, PV_FACT_CONSENT) && !speaks_of(w, PV_FACT_RELEVANCE)) {
		char *own = talloc_asprintf(
			w->mem, ", count: %s, at_most: 1, window: 9 days", condition(w, 1));
		text = add_rule(w, text, "quota", "quota", own, 1);
	}
	return text;
}

static char *add_exceptions(struct writing *w, char *text, int categories)
{
	static const char *const days[] = {"2026-02-01", "2026-02-20", "2026-03-10", "2026-04-01"};
	int n = (int)random_below(w->random, 3);
	for (int i = 0; i < n; i++) {
		uint32_t from = random_below(w->random, 3);
		uint32_t to = from + random_below(w->random, 4 - from);
		if (i == 0)
			text = talloc_asprintf_append(text, "exceptions:\n");
		text = talloc_asprintf_append(text,
			"  - {id: e%d, lifts: [c%u], when: %s, from: %s, until: %s, "
			"granted_by: lea, reason: {fr: a, en: b}}\n",
			i, random_below(w->random, (uint32_t)categories), condition(w, 1),
			days[from], days[to]);
	}
	return text;
}

char *random_policy_text(TALLOC_CTX *mem, struct random *random)
{
	struct writing w = {.mem = mem, .random = random};
	while (w.n_facts < 3) {
		int fact = (int)random_below(random, PV_FACTS);
		if (!speaks_of(&w, fact))
			w.facts[w.n_facts++] = fact;
	}
	char *text = talloc_asprintf(mem, "%sdefault: %s\nrules:\n", head, verdict(&w, 0));
	int categories = 2 + (int)random_below(random, 5);
	text = add_categories(&w, text, categories);
	text = add_tests(&w, text);
	return add_exceptions(&w, text, categories);
}

char *random_rich_text(TALLOC_CTX *mem, struct random *random)
{
	struct writing w = {.mem = mem, .random = random};
	while (w.n_facts < 4) {
		int fact = (int)random_below(random, PV_FACTS);
		if (!speaks_of(&w, fact))
			w.facts[w.n_facts++] = fact;
	}
	char *text = talloc_asprintf(mem, "%sdefault: %s\nrules:\n", head, verdict(&w, 0));
	int categories = 3 + (int)random_below(random, 8);
	text = add_categories(&w, text, categories);
	text = add_tests(&w, text);
	text = add_rule(&w, text, "mention", "mention",
		", say: {fr: [mention utile]}, position: anywhere", 1);
	text = add_rule(&w, text, "neighbours", "neighbours", "", 1);
	text = add_rule(&w, text, "pair", "languages", ", require: pair, within: 30 minutes", 1);
	text = add_rule(&w, text, "alt", "access", ", alt_text: yes, max_hashtags: 1", 1);
	return add_exceptions(&w, text, categories);
}

int random_line(TALLOC_CTX *mem, struct random *random, char **out_values)
{
	int fact = (int)random_below(random, PV_FACTS);
	*out_values = line_of(mem, random, fact, "|");
	return fact;
}

/* ---- every post --------------------------------------------------------------------------------------- */

struct asked_facts {
	bool asked[PV_FACTS];
};

static void ask(struct asked_facts *asked, const struct pv_condition *condition)
{
	for (size_t i = 0; i < condition->n_lines; i++)
		asked->asked[condition->lines[i].fact] = true;
}

static struct asked_facts facts_of(const struct pv_policy *policy)
{
	struct asked_facts out = {0};
	for (size_t i = 0; i < policy->n_rules; i++) {
		const struct pv_rule *rule = &policy->rules[i];
		ask(&out, &rule->when);
		ask(&out, &rule->count);
		for (size_t u = 0; u < rule->n_unless; u++)
			ask(&out, &rule->unless[u]);
		out.asked[PV_FACT_FORM] |= rule->kind == PV_RULE_QUOTA;
	}
	for (size_t e = 0; e < policy->n_exceptions; e++)
		ask(&out, &policy->exceptions[e].when);
	return out;
}

/* Accounts: three named, and every owner in every stance on every platform. */
enum { NAMED = 3, OWNERS = 5, STANCES = 3, PLATFORMS = 3 };

static const char *const owners[OWNERS] = {"house", "other", "a-stranger", "marc", "somebody"};
static const char *const platforms[PLATFORMS] = {"facebook", "x", "a-network"};

struct turning {
	const struct pv_policy *policy;
	size_t owners, platforms; /* of accounts that are not named */
	size_t sizes[PV_FACTS];   /* how many values each fact takes; by the fact that brings it */
};

static void size_up(const struct pv_policy *policy, struct turning *turning)
{
	struct asked_facts asked = facts_of(policy);
	const bool *is = asked.asked;
	for (int fact = 0; fact < PV_FACTS; fact++)
		turning->sizes[fact] = 1;
	turning->policy = policy;
	/* the questions ask of stance, form, origin, interest and relation themselves */
	turning->owners = is[PV_FACT_OWNER] || is[PV_FACT_AXES] ? OWNERS : 1;
	turning->platforms = is[PV_FACT_PLATFORM] ? PLATFORMS : 1;
	turning->sizes[PV_FACT_ACCOUNT] = NAMED + turning->owners * STANCES * turning->platforms;
	turning->sizes[PV_FACT_KIND] = is[PV_FACT_KIND] || is[PV_FACT_FORM] ? 4 : 2;
	turning->sizes[PV_FACT_ORIGIN] = PV_ORIGINS;
	turning->sizes[PV_FACT_INTEREST] = PV_INTERESTS;
	if (!is[PV_FACT_ACCOUNT] && !is[PV_FACT_OWNER] && !is[PV_FACT_PLATFORM] &&
		!is[PV_FACT_AXES])
		turning->sizes[PV_FACT_ACCOUNT] = NAMED;
	turning->sizes[PV_FACT_SPONSORED] = 2;
	turning->sizes[PV_FACT_RELATION] = is[PV_FACT_RELATION] ? 1u << PV_RELATIONS : 4;
	if (is[PV_FACT_HUMAN])
		turning->sizes[PV_FACT_HUMAN] = 1u << PV_HUMANS;
	if (is[PV_FACT_AXIS])
		turning->sizes[PV_FACT_AXIS] = 4;
	if (is[PV_FACT_TOPIC])
		turning->sizes[PV_FACT_TOPIC] = 16;
	if (is[PV_FACT_LANG])
		turning->sizes[PV_FACT_LANG] = 8;
	if (is[PV_FACT_CONSENT])
		turning->sizes[PV_FACT_CONSENT] = 2;
	if (is[PV_FACT_RELEVANCE])
		turning->sizes[PV_FACT_RELEVANCE] = PV_RELEVANCES;
}

size_t every_post_count(const struct pv_policy *policy)
{
	struct turning turning;
	size_up(policy, &turning);
	size_t product = 1;
	for (int fact = 0; fact < PV_FACTS; fact++)
		product *= turning.sizes[fact];
	return product;
}

static void set_account(const struct turning *turning, size_t value, struct every_post *post)
{
	const struct pv_policy *policy = turning->policy;
	if (value < NAMED) {
		post->c.account = pv_str(policy->accounts[value].id);
		post->stance = policy->accounts[value].stance;
		return;
	}
	value -= NAMED;
	post->account = (struct pv_case_account){.id = pv_str("another-account"),
		.owner = pv_str(owners[value % turning->owners]),
		.stance = (enum pv_stance)(1 + value / turning->owners % STANCES),
		.platform = pv_str(platforms[value / turning->owners / STANCES])};
	post->c.account = post->account.id;
	post->c.accounts = &post->account;
	post->c.n_accounts = 1;
	post->stance = post->account.stance;
}

static void set_lists(const size_t *at, struct every_post *post)
{
	static const char *const langs[] = {"fr", "en", "es"};
	static const char *const topics[] = {"t", "u", "v", "a-topic"};
	post->c.post.lang = post->langs;
	post->c.declared.topic = post->topics;
	for (size_t i = 0; i < PV_COUNT(langs); i++)
		if (at[PV_FACT_LANG] >> i & 1)
			post->langs[post->c.post.n_lang++] = pv_str(langs[i]);
	for (size_t i = 0; i < PV_COUNT(topics); i++)
		if (at[PV_FACT_TOPIC] >> i & 1)
			post->topics[post->c.declared.n_topic++] = pv_str(topics[i]);
}

static void make_post(
	const struct turning *turning, const size_t *at, int64_t at_us, struct every_post *post)
{
	static const char *const axes[] = {NULL, "k", "m", "another-axis"};
	/* posts and live replies, where no condition asks the kind or the form */
	size_t kind = at[PV_FACT_KIND] * (turning->sizes[PV_FACT_KIND] == 2 ? PV_REPLY : 1);
	*post = (struct every_post){.c = {.author = pv_str("camille"), .at_us = at_us}};
	set_account(turning, at[PV_FACT_ACCOUNT], post);
	post->c.post.kind = kind == 3 ? PV_REPLY : (enum pv_post_kind)kind;
	post->c.post.pinned = kind == 3;
	post->interactive = kind == PV_REPLY;
	post->c.post.edited_at_us = post->c.post.pair_at_us = PV_TIME_NONE;
	post->c.declared.origin = (enum pv_origin)at[PV_FACT_ORIGIN];
	post->c.declared.interest = (enum pv_interest)at[PV_FACT_INTEREST];
	post->c.declared.relation = (unsigned)at[PV_FACT_RELATION];
	static const unsigned few[] = {
		0, 1u << PV_RELATION_FAMILY, 1u << PV_RELATION_CLIENT, 1u << PV_RELATION_PAID};
	if (turning->sizes[PV_FACT_RELATION] == PV_COUNT(few)) /* no condition asks */
		post->c.declared.relation = few[at[PV_FACT_RELATION]];
	post->c.declared.human = (unsigned)at[PV_FACT_HUMAN];
	post->c.declared.axis = pv_str(axes[at[PV_FACT_AXIS]]);
	post->c.declared.sponsored = at[PV_FACT_SPONSORED];
	post->c.declared.consent = at[PV_FACT_CONSENT];
	post->c.declared.relevance = (enum pv_relevance)at[PV_FACT_RELEVANCE];
	set_lists(at, post);
	if (turning->sizes[PV_FACT_LANG] == 1) {
		post->langs[0] = pv_str("fr");
		post->c.post.n_lang = 1;
	}
}

void every_post(const struct pv_policy *policy, int64_t at_us, every_visit visit, void *state)
{
	struct turning turning;
	size_up(policy, &turning);
	size_t at[PV_FACTS] = {0}, place = 0, steps[PV_FACTS], product = 1;
	for (int fact = 0; fact < PV_FACTS; fact++) {
		steps[fact] = product;
		product *= turning.sizes[fact];
	}
	for (; place < product; place++) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		struct every_post post;
		struct pv_facts facts;
		make_post(&turning, at, at_us, &post);
		assert_int_equal(pv_facts_read(scope, policy, &post.c, &facts, NULL), PV_OK);
		post.bits = facts.bits;
		post.place = place;
		memcpy(post.step, steps, sizeof steps);
		visit(state, &post);
		for (int fact = 0; fact < PV_FACTS; fact++) {
			if (++at[fact] < turning.sizes[fact])
				break;
			at[fact] = 0;
		}
	}
}

static int by_time(const void *a, const void *b)
{
	int64_t one = *(const int64_t *)a, two = *(const int64_t *)b;
	return one < two ? -1 : one > two;
}

size_t every_moment(const struct pv_policy *policy, int64_t at_us, int64_t out_us[16])
{
	size_t n = 0;
	out_us[n++] = at_us;
	for (size_t e = 0; e < policy->n_exceptions && n < 14; e++) {
		if (policy->exceptions[e].from_us > at_us)
			out_us[n++] = policy->exceptions[e].from_us;
		if (policy->exceptions[e].until_us > at_us)
			out_us[n++] = policy->exceptions[e].until_us;
	}
	qsort(out_us, n, sizeof *out_us, by_time);
	return n;
}
