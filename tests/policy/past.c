/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "past.h"

#define PICK(random, list) ((list)[past_below((random), PV_COUNT(list))])

struct past_random past_seed(unsigned seed)
{
	return (struct past_random){.state = seed * 2654435761u | 1};
}

unsigned past_below(struct past_random *random, unsigned n)
{
	random->state ^= random->state << 13;
	random->state ^= random->state >> 17;
	random->state ^= random->state << 5;
	return random->state % n;
}

/* ---- policies ---------------------------------------------------------------------------------- */

static char *head_in(TALLOC_CTX *mem, const char *zone)
{
	const char *at = strstr(court_head, "America/Toronto");
	return talloc_asprintf(mem, "%.*s%s%s", (int)(at - court_head), court_head, zone,
		at + strlen("America/Toronto"));
}

static const char *condition(struct past_random *random)
{
	static const char *const conditions[] = {"{}", "{form: static}", "{origin: client}",
		"{origin: [client, partner]}", "{origin: own_creation}", "{interest: commercial}",
		"{interest: [personal_favourite, project]}", "{relation: any}",
		"{relation: [author, client]}", "{relation: paid}", "{human: any}",
		"{human: faces}", "{topic: contest}", "{topic: any}", "{axis: project}",
		"{axes: project}", "{platform: facebook}", "{account: [house-fb, other-fb]}",
		"{owner: house}", "{stance: organisation}", "{stance: [hosted, personal]}",
		"{sponsored: yes}", "{kind: share}", "{origin: client, human: any}",
		"{relevance: unknown, consent: no}", "{lang: fr}", "{lang: none}"};
	return PICK(random, conditions);
}

static const char *verdict(struct past_random *random)
{
	static const char *const verdicts[] = {"allow", "warn", "disclose", "approve", "refuse"};
	return verdicts[1 + past_below(random, 4)];
}

static char *window_lines(TALLOC_CTX *mem, struct past_random *random)
{
	static const char *const windows[] = {
		"90 minutes", "6 hours", "24 hours", "1 day", "2 days", "3 days", "30 days"};
	return talloc_asprintf(mem, "    window: %s\n    min_posts: %u\n", PICK(random, windows),
		past_below(random, 6));
}

static char *quota(TALLOC_CTX *mem, struct past_random *random)
{
	static const char *const limits[] = {"0", "1", "2", "3", "5", "25%", "50%", "1/3", "12.5%"};
	static const char *const pers[] = {"account", "person", "organisation"};
	return talloc_asprintf(mem, "    count: %s\n    at_most: %s\n    per: %s\n%s",
		condition(random), PICK(random, limits), PICK(random, pers),
		window_lines(mem, random));
}

static char *mix(TALLOC_CTX *mem, struct past_random *random)
{
	static const char *const shapes[] = {
		"    by: axis\n    target: {project: 40, sharing: 40}\n",
		"    by: origin\n    target: {client: 10, partner: 30, organisation: 33.3}\n",
		"    by: human\n    target: {faces: 20, testimony: 5}\n",
		"    by: topic\n    target: {contest: 15, urgent: 15}\n",
		"    by: relation\n    target: {author: 10, client: 10, family: 0}\n",
		"    by: kind\n    target: {post: 60, share: 20}\n"};
	return talloc_asprintf(mem, "%s    tolerance: %u\n%s", PICK(random, shapes),
		past_below(random, 20), window_lines(mem, random));
}

static char *other(TALLOC_CTX *mem, struct past_random *random, const char **out_kind)
{
	static const struct {
		const char *kind, *rest;
	} others[] = {
		{"disclosure", "    say: tie\n"},
		{"voice", "    allow: [we, effaced]\n"},
		{"invite", "    words: {fr: [et vous], en: [tell us]}\n"},
		{"neighbours", ""},
		{"links", "    forbid: unresolved\n"},
		{"links", "    forbid: [other.example]\n"},
		{"links", "    forbid: [rare.example]\n"},
		{"access", "    alt_text: yes\n    max_hashtags: 1\n"},
		{"quiet", "    hours: \"22:00-06:30\"\n"},
		{"languages", "    require: french_first\n"},
		{"embargo", "    until: 2026-03-09 09:00\n    words: [secret]\n"},
	};
	unsigned i = past_below(random, PV_COUNT(others));
	*out_kind = others[i].kind;
	return talloc_strdup(mem, others[i].rest);
}

struct pv_policy *past_policy(TALLOC_CTX *mem, struct past_random *random)
{
	static const char *const zones[] = {"America/Toronto", "America/Toronto", "Europe/Paris",
		"Australia/Lord_Howe", "Etc/UTC"};
	char *text = head_in(mem, PICK(random, zones));
	unsigned rules = 6 + past_below(random, 8);
	for (unsigned i = 0; i < rules; i++) {
		const char *kind = "category";
		char *rest = talloc_strdup(mem, "");
		switch (past_below(random, 6)) {
		case 0: break;
		case 1: kind = "mix", rest = mix(mem, random); break;
		case 2: rest = other(mem, random, &kind); break;
		default: kind = "quota", rest = quota(mem, random); break;
		}
		text = talloc_asprintf_append(text,
			"  - id: r%u\n    kind: %s\n    label: {fr: Règle, en: Rule}\n"
			"    when: %s\n    then: %s\n%s",
			i, kind, condition(random), verdict(random), rest);
	}
	text = talloc_strdup_append(text, "exceptions:\n");
	for (unsigned i = 0; i < 1 + past_below(random, 3); i++)
		text = talloc_asprintf_append(text,
			"  - id: m%u\n    lifts: [r%u, r%u]\n    when: %s\n    from: 2026-03-0%u\n"
			"    until: 2026-11-1%u\n    granted_by: lea\n"
			"    reason: {fr: Été, en: Summer}\n",
			i, past_below(random, 3), 3 + past_below(random, 3), condition(random),
			1 + past_below(random, 9), past_below(random, 9));
	return court_policy(mem, text);
}

struct pv_policy *past_quotas(
	TALLOC_CTX *mem, const char *zone, const char *window, int least, int n)
{
	char *text = head_in(mem, zone);
	for (int i = 0; i < n; i++)
		text = talloc_asprintf_append(text,
			"  - id: over-%d\n    kind: quota\n    label: {fr: Règle, en: Rule}\n"
			"    count: {form: static}\n    at_most: %d\n    window: %s\n    then: "
			"warn\n",
			least + 2 * i, least + 2 * i, window);
	return court_policy(mem, text);
}

/* ---- posts ------------------------------------------------------------------------------------- */

static const struct pv_case_account described[] = {
	{{"house-ig", 8}, {"house", 5}, PV_STANCE_ORGANISATION, {"instagram", 9}},
	{{"lea-blog", 8}, {"lea", 3}, PV_STANCE_PERSONAL, {"blogger", 7}},
};

static struct pv_str *one_text(TALLOC_CTX *mem, const char *text)
{
	struct pv_str *list = talloc(mem, struct pv_str);
	*list = pv_str(text);
	return list;
}

static const struct pv_case_person *people(TALLOC_CTX *mem)
{
	struct pv_tie *ties = talloc_zero_array(mem, struct pv_tie, 2);
	ties[0] = (struct pv_tie){.names = one_text(mem, "Carnet"),
		.n_names = 1,
		.relation = PV_RELATION_AUTHOR,
		.domains = one_text(mem, "carnet.example"),
		.n_domains = 1,
		.until_day = PV_DAY_NONE};
	ties[1] = (struct pv_tie){.names = one_text(mem, "Levain"),
		.n_names = 1,
		.relation = PV_RELATION_FAMILY,
		.handles = one_text(mem, "@Levain"),
		.n_handles = 1,
		.until_day = 20519}; /* 7 March 2026: in the middle of it all */
	struct pv_case_person *list = talloc_zero_array(mem, struct pv_case_person, 2);
	list[0] =
		(struct pv_case_person){.id = pv_str("marc"), .interests = ties, .n_interests = 2};
	list[1] = (struct pv_case_person){
		.id = pv_str("lea"), .roles = one_text(mem, "editor"), .n_roles = 1};
	return list;
}

static const char *text_of(struct past_random *random)
{
	static const char *const texts[] = {"", "Nous ouvrons demain. Et vous?",
		"Un nouveau billet : https://carnet.example/a", "J'ai lu ceci chez @Levain.",
		"Un concours chez @Client! https://client.example", "fait pour Le Client, #pub",
		"Le secret de https://bit.ly/x", "Voisin : https://other.example/page",
		"Our contest is open, tell us. https://house.example", "#un #deux #trois",
		"écrit par nous : https://carnet.example/b",
		"À lire sur carnet.example et house.example.", "Lisez rare.example/page, et vous?"};
	return PICK(random, texts);
}

static int64_t step_us(struct past_random *random)
{
	switch (past_below(random, 6)) {
	case 0: return 0;
	case 1: return 1;
	case 2: return past_below(random, 30) * PV_MINUTE_US;
	case 3: return 30 * PV_MINUTE_US;
	case 4: return PV_HOUR_US;
	default: return past_below(random, 9) * PV_HOUR_US;
	}
}

static void declare(TALLOC_CTX *mem, struct past_random *random, struct pv_case_declared *out)
{
	static const char *const axes[] = {"", "project", "sharing", "human"};
	static const char *const topics[] = {"contest", "urgent", "elsewhere"};
	*out = (struct pv_case_declared){
		.origin = (enum pv_origin)past_below(random, PV_ORIGINS),
		.interest = (enum pv_interest)past_below(random, PV_INTERESTS),
		.relation = past_below(random, 3) ? 0 : 1u << past_below(random, PV_RELATIONS),
		.human = past_below(random, 3) ? 0 : 1u << past_below(random, PV_HUMANS),
		.axis = pv_str(PICK(random, axes)),
		.sponsored = past_below(random, 5) == 0,
		.consent = past_below(random, 2) == 0,
		.relevance = (enum pv_relevance)past_below(random, PV_RELEVANCES),
	};
	if (past_below(random, 4) == 0) {
		out->topic = one_text(mem, PICK(random, topics));
		out->n_topic = 1;
	}
}

struct pv_case *past_plain(TALLOC_CTX *mem, int64_t at_us)
{
	struct pv_case *c = talloc_zero(mem, struct pv_case);
	c->account = pv_str("house-fb");
	c->author = pv_str("marc");
	c->at_us = at_us;
	c->post.lang = one_text(mem, "fr");
	c->post.n_lang = 1;
	c->post.edited_at_us = c->post.pair_at_us = PV_TIME_NONE;
	return c;
}

/*
 * What the desk granted for this post: ids before and behind the document's, values that no rule
 * names, days that may be over, and now and then the author's own word, which does not hold.
 */
static void grant(TALLOC_CTX *mem, struct past_random *random, struct pv_case *c)
{
	static const char *const ids[] = {"0-desk", "m1-desk", "z-desk"};
	static const char *const rules[] = {"r0", "r1", "r2", "r3", "r4", "r5", "gone"};
	static const struct {
		const char *fact, *value;
	} whens[] = {{"stance", "organisation"}, {"account", "house-ig"}, {"origin", "any"},
		{"topic", "elsewhere"}, {"form", "static"}, {"interest", "project"}};
	size_t n = 1 + past_below(random, 2);
	struct pv_case_exception *list = talloc_zero_array(mem, struct pv_case_exception, n);
	int32_t today = (int32_t)(c->at_us / PV_DAY_US);
	for (size_t i = 0; i < n; i++) {
		struct pv_str *lifts = talloc_array(mem, struct pv_str, 2);
		struct pv_case_line *when = talloc(mem, struct pv_case_line);
		unsigned which = past_below(random, PV_COUNT(whens));
		lifts[0] = pv_str(PICK(random, rules));
		lifts[1] = pv_str(PICK(random, rules));
		*when = (struct pv_case_line){.fact = pv_str(whens[which].fact),
			.values = one_text(mem, whens[which].value),
			.n_values = 1};
		list[i] = (struct pv_case_exception){.id = pv_str(PICK(random, ids)),
			.lifts = lifts,
			.n_lifts = 2,
			.when = when,
			.n_when = past_below(random, 2),
			.from_day = today - (int32_t)past_below(random, 3),
			.until_day = today + (int32_t)past_below(random, 3),
			.granted_by = pv_str(past_below(random, 4) ? "paul" : "marc"),
			.reason_fr = pv_str("Été"),
			.reason_en = pv_str("Summer")};
	}
	c->exceptions = list;
	c->n_exceptions = n;
}

static struct pv_case *random_case(TALLOC_CTX *mem, struct past_random *random, int64_t at_us,
	const struct pv_case_person *persons)
{
	static const char *const accounts[] = {"house-fb", "house-fb", "house-x", "other-fb",
		"host-fb", "marc-x", "house-ig", "lea-blog"};
	struct pv_case *c = past_plain(mem, at_us);
	c->account = pv_str(PICK(random, accounts));
	c->author = pv_str(past_below(random, 3) ? "marc" : "lea");
	c->accounts = described;
	c->n_accounts = PV_COUNT(described);
	c->people = persons;
	c->n_people = 2;
	c->post.kind = (enum pv_post_kind)past_below(random, PV_POST_KINDS);
	c->post.pinned = past_below(random, 3) == 0;
	c->post.text = pv_str(text_of(random));
	c->post.lang = one_text(mem, past_below(random, 3) ? "fr" : "en");
	c->post.n_lang = past_below(random, 8) ? 1 : 0;
	declare(mem, random, &c->declared);
	if (past_below(random, 3) == 0) {
		struct pv_case_approval *approval = talloc(mem, struct pv_case_approval);
		*approval =
			(struct pv_case_approval){.by = pv_str("lea"), .at_us = at_us - PV_HOUR_US};
		c->approvals = approval;
		c->n_approvals = 1;
	}
	if (past_below(random, 3) == 0)
		grant(mem, random, c);
	return c;
}

struct pv_case **past_cases(TALLOC_CTX *mem, struct past_random *random, size_t n)
{
	/* a few days before Toronto's, Paris's or Lord Howe's clocks change */
	static const int64_t starts[] = {INT64_C(1772600000000000), INT64_C(1774400000000000),
		INT64_C(1775000000000000), INT64_C(1793200000000000)};
	struct pv_case **cases = talloc_array(mem, struct pv_case *, n);
	const struct pv_case_person *persons = people(mem);
	int64_t at_us = PICK(random, starts);
	for (size_t i = 0; i < n; i++) {
		at_us += step_us(random);
		cases[i] = random_case(mem, random, at_us, persons);
	}
	return cases;
}

/* ---- history ----------------------------------------------------------------------------------- */

struct pv_history_entry past_entry(
	TALLOC_CTX *mem, const struct pv_case *c, const struct pv_countable *countable)
{
	size_t found = countable ? countable->n_topics : 0;
	struct pv_str *topics =
		talloc_zero_array(mem, struct pv_str, c->declared.n_topic + found + 1);
	for (size_t i = 0; i < c->declared.n_topic; i++)
		topics[i] = c->declared.topic[i];
	for (size_t i = 0; i < found; i++)
		topics[c->declared.n_topic + i] = pv_str(countable->topics[i]);
	return (struct pv_history_entry){.at_us = c->at_us,
		.account = c->account,
		.author = c->author,
		.kind = c->post.kind,
		.pinned = c->post.pinned,
		.origin = countable ? countable->origin : c->declared.origin,
		.interest = c->declared.interest,
		.axis = c->declared.axis,
		.relation = countable ? countable->relation : c->declared.relation,
		.human = c->declared.human,
		.topic = topics,
		.n_topic = c->declared.n_topic + found,
		.sponsored = c->declared.sponsored};
}

void past_own_history(TALLOC_CTX *mem, struct past_random *random, struct pv_case *c,
	struct pv_case **before, size_t n)
{
	struct pv_history_entry *entries = talloc_array(mem, struct pv_history_entry, n + 1);
	size_t kept = 0;
	for (size_t i = 0; i < n; i++)
		if (past_below(random, 2))
			entries[kept++] = past_entry(mem, before[i], NULL);
	c->history = entries;
	c->n_history = kept;
}
