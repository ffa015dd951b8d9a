/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A replay says what judging one by one says; its sums; what it does with what it cannot take. */
#include "court.h"
#include "past.h"

#include "base/json.h"
#include "policy/replay.h"
#include "policy/windows.h"

#define RULE(id, kind, rest) \
	"  - id: " id "\n    kind: " kind "\n    label: {fr: Une règle, en: A rule}\n" rest
#define DAYS(n) ((n)*PV_DAY_US)

/* ---- the verdict alone ------------------------------------------------------------------------- */

static void same_ids(const struct pv_rule_ids *a, const struct pv_rule_ids *b)
{
	assert_int_equal(a->n, b->n);
	for (size_t i = 0; i < a->n; i++)
		assert_string_equal(a->items[i], b->items[i]);
}

static void same_ruling(TALLOC_CTX *mem, const struct pv_policy *policy, const struct pv_case *c)
{
	struct pv_error error = PV_ERROR_IN(mem);
	struct pv_judgement *whole = NULL;
	struct pv_ruling ruling = {0};
	enum pv_status status = pv_judge(mem, policy, c, &whole, &error);
	assert_int_equal(pv_judge_verdict(mem, policy, c, &ruling, &error), status);
	if (status != PV_OK)
		return;
	assert_int_equal(ruling.verdict, whole->verdict);
	same_ids(&ruling.decided_by, &whole->decided_by);
	assert_int_equal(ruling.countable.origin, whole->countable.origin);
	assert_int_equal(ruling.countable.relation, whole->countable.relation);
	assert_int_equal(ruling.countable.n_topics, whole->countable.n_topics);
	for (size_t i = 0; i < ruling.countable.n_topics; i++)
		assert_string_equal(ruling.countable.topics[i], whole->countable.topics[i]);
}

static void every_vignette(void **state)
{
	(void)state;
	const char *folder = court_shared();
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	size_t size = 0;
	char *all = folder ? court_read(scope, folder, "policies/vignettes.jsonl", &size) : NULL;
	if (!all) {
		print_message("# the shared policies are not here: skipped\n");
		skip();
	}
	static const char *const names[] = {"seed", "agency", "municipality", "regulated-finance"};
	struct pv_policy *policies[PV_COUNT(names)];
	for (size_t p = 0; p < PV_COUNT(names); p++) {
		size_t text_size;
		policies[p] = court_policy(scope,
			court_read(scope, folder,
				talloc_asprintf(scope, "policies/%s.yaml", names[p]), &text_size));
	}
	for (char *line = all; line < all + size;) {
		PV_SCOPE TALLOC_CTX *one = pv_scope(NULL);
		struct pv_error error = PV_ERROR_IN(one);
		char *end = memchr(line, '\n', (size_t)(all + size - line));
		struct pv_case *c;
		end = end ? end : all + size;
		assert_int_equal(
			pv_case_parse(one, line, (size_t)(end - line), &c, NULL, NULL, &error),
			PV_OK);
		/* by its own policy, and by the others: an unknown account is the same no */
		for (size_t p = 0; p < PV_COUNT(names); p++)
			same_ruling(one, policies[p], c);
		line = end + 1;
	}
}

static void random_cases(void **state)
{
	(void)state;
	for (unsigned seed = 1; seed <= 80; seed++) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		struct past_random random = past_seed(seed);
		struct pv_policy *policy = past_policy(scope, &random);
		struct pv_case **cases = past_cases(scope, &random, 40);
		for (size_t i = 0; i < 40; i++) {
			PV_SCOPE TALLOC_CTX *one = pv_scope(NULL);
			past_own_history(one, &random, cases[i], cases, i);
			same_ruling(one, policy, cases[i]);
			cases[i]->history = NULL;
			cases[i]->n_history = 0;
		}
	}
}

/* ---- a sequence -------------------------------------------------------------------------------- */

static struct pv_replay *open_replay(TALLOC_CTX *mem, const struct pv_policy *policy, bool sequence)
{
	struct pv_error error = PV_ERROR_IN(mem);
	struct pv_replay_plan plan = {.to = policy, .sequence = sequence};
	struct pv_replay *replay = NULL;
	assert_int_equal(pv_replay_open(mem, &plan, &replay, &error), PV_OK);
	return replay;
}

static const struct pv_case_past allowed_then = {
	.judged = true, .verdict = PV_VERDICT_ALLOW, .reads = -1, .comments = -1};

/* What the replay says of one more case. */
static enum pv_status say(struct pv_replay *replay, struct pv_replay_bench *was,
	const struct pv_case *c, const struct pv_case_past *past, struct pv_replay_outcome *out,
	struct pv_error *error)
{
	PV_SCOPE TALLOC_CTX *mem = pv_scope(NULL);
	TALLOC_CTX *scratch = talloc_new(mem);
	struct pv_replay_post *post;
	enum pv_status status = pv_replay_hear(mem, scratch, replay, was, c, past, &post, error);
	talloc_free(scratch); /* nothing of it is needed */
	return status == PV_OK ? pv_replay_settle(replay, post, out, error) : status;
}

/* Every case judged with the history spelled out that the ones before it make. */
static void same_as_spelled_out(
	TALLOC_CTX *mem, const struct pv_policy *policy, struct pv_case **cases, size_t n)
{
	struct pv_error error = PV_ERROR_IN(mem);
	struct pv_replay *replay = open_replay(mem, policy, true);
	struct pv_history_entry *history = talloc_zero_array(mem, struct pv_history_entry, n);
	size_t n_history = 0;
	for (size_t i = 0; i < n; i++) {
		struct pv_judgement *judgement;
		struct pv_replay_outcome outcome;
		cases[i]->history = history;
		cases[i]->n_history = n_history;
		assert_int_equal(pv_judge(mem, policy, cases[i], &judgement, &error), PV_OK);
		cases[i]->history = NULL;
		cases[i]->n_history = 0;
		assert_int_equal(
			say(replay, NULL, cases[i], &allowed_then, &outcome, &error), PV_OK);
		if (outcome.is != judgement->verdict)
			fail_msg("post %zu: %s in the sequence, %s with its history: %s", i,
				pv_verdict_name(outcome.is), pv_verdict_name(judgement->verdict),
				judgement->explanation.en);
		same_ids(&outcome.decided_by, &judgement->decided_by);
		history[n_history++] = past_entry(mem, cases[i], &judgement->countable);
	}
}

static void random_sequences(void **state)
{
	(void)state;
	size_t counted = 0;
	for (unsigned seed = 1; seed <= 80; seed++) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		struct past_random random = past_seed(seed);
		struct pv_policy *policy = past_policy(scope, &random);
		struct pv_case **cases = past_cases(scope, &random, 150);
		same_as_spelled_out(scope, policy, cases, 150);
		counted += 150;
	}
	assert_int_equal(counted, 12000);
}

/* Every quarter of an hour around the changes of odd zones, where windows go backwards too. */
static void every_quarter_around_the_changes(void **state)
{
	(void)state;
	static const struct {
		const char *zone;
		int64_t change_us;
	} changes[] = {
		{"America/Toronto", INT64_C(1772953200000000)}, /* 8 March 2026, 2:00 → 3:00 */
		{"America/Toronto", INT64_C(1793512800000000)}, /* 1 November, 2:00 → 1:00 */
		{"Australia/Lord_Howe", INT64_C(1775314800000000)}, /* half an hour back */
		{"Pacific/Apia", INT64_C(1325239200000000)},        /* a day that never was */
		{"America/St_Johns", INT64_C(1793507400000000)},
	};
	static const struct {
		const char *window;
		int least, days;
	} windows[] = {
		{"1 day", 86, 6}, {"2 days", 182, 6}, {"24 hours", 88, 5}, {"7 days", 660, 9}};
	for (size_t z = 0; z < PV_COUNT(changes); z++)
		for (size_t w = 0; w < PV_COUNT(windows); w++) {
			PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
			struct pv_policy *policy = past_quotas(
				scope, changes[z].zone, windows[w].window, windows[w].least, 9);
			size_t n = 96 * (size_t)windows[w].days;
			int64_t from_us = changes[z].change_us - DAYS(windows[w].days - 3);
			struct pv_case **cases = talloc_array(scope, struct pv_case *, n);
			for (size_t i = 0; i < n; i++)
				cases[i] =
					past_plain(scope, from_us + (int64_t)i * 15 * PV_MINUTE_US);
			same_as_spelled_out(scope, policy, cases, n);
		}
}

static const char two_a_day[] = RULE("two", "quota",
	"    count: {origin: client}\n    at_most: 2\n    window: 24 hours\n    then: refuse\n");

static struct pv_case *client_post(TALLOC_CTX *mem, int64_t at_us)
{
	struct pv_case *c = past_plain(mem, at_us);
	c->account = pv_str("house-fb");
	c->declared.origin = PV_ORIGIN_CLIENT;
	return c;
}

/* History is what was published: what the draft would refuse counts as well. */
static void a_refused_post_counts(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_error error = PV_ERROR_IN(scope);
	struct pv_replay *replay = open_replay(scope, court_rules(scope, two_a_day), true);
	static const enum pv_verdict wanted[] = {PV_VERDICT_ALLOW, PV_VERDICT_ALLOW,
		PV_VERDICT_REFUSE, PV_VERDICT_REFUSE, PV_VERDICT_REFUSE};
	for (size_t i = 0; i < PV_COUNT(wanted); i++) {
		/* the fourth is a day after the first; the third, refused, still stands in its way */
		int64_t at_us = i < 3 ? (int64_t)i * PV_HOUR_US : DAYS(1) + (int64_t)(i - 3);
		struct pv_replay_outcome outcome;
		assert_int_equal(say(replay, NULL, client_post(scope, at_us), &allowed_then,
					 &outcome, &error),
			PV_OK);
		assert_int_equal(outcome.is, wanted[i]);
	}
}

static void out_of_order(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_error error = PV_ERROR_IN(scope);
	struct pv_replay *replay = open_replay(scope, court_rules(scope, two_a_day), true);
	struct pv_replay_outcome outcome;
	int64_t hours[] = {5, 5, 4, 5};
	static const enum pv_status wanted[] = {PV_OK, PV_OK, PV_CONFLICT, PV_OK};
	for (size_t i = 0; i < PV_COUNT(hours); i++)
		assert_int_equal(say(replay, NULL, client_post(scope, hours[i] * PV_HOUR_US),
					 &allowed_then, &outcome, &error),
			wanted[i]);
	/* the one that could not be placed is in no count, and the next one is judged */
	assert_int_equal(outcome.is, PV_VERDICT_REFUSE);
	assert_non_null(strstr(error.words.en, "1970-01-01T05:00:00"));
	PV_JSON json_t *summary = pv_replay_summary(replay);
	assert_int_equal(json_integer_value(json_object_get(summary, "cases")), 3);
	/* without a sequence the order says nothing */
	struct pv_replay *loose = open_replay(scope, court_rules(scope, two_a_day), false);
	for (size_t i = 0; i < PV_COUNT(hours); i++)
		assert_int_equal(say(loose, NULL, client_post(scope, hours[i] * PV_HOUR_US),
					 &allowed_then, &outcome, &error),
			PV_OK);
	assert_int_equal(outcome.is, PV_VERDICT_ALLOW);
}

/* Two policies beside one another, each with windows and facts of its own. */
static void from_one_policy_to_another(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_error error = PV_ERROR_IN(scope);
	static const char one_a_day[] = RULE("one", "quota",
		"    count: {topic: contest}\n    at_most: 1\n    window: 24 hours\n"
		"    then: warn\n");
	struct pv_replay *replay = open_replay(scope, court_rules(scope, two_a_day), true);
	struct pv_replay_bench *was;
	assert_int_equal(
		pv_replay_bench(scope, replay, court_rules(scope, one_a_day), &was, &error), PV_OK);
	static const enum pv_verdict before[] = {
		PV_VERDICT_ALLOW, PV_VERDICT_WARN, PV_VERDICT_WARN};
	static const enum pv_verdict after[] = {
		PV_VERDICT_ALLOW, PV_VERDICT_ALLOW, PV_VERDICT_REFUSE};
	for (size_t i = 0; i < 3; i++) {
		struct pv_case *c = client_post(scope, (int64_t)i * PV_HOUR_US);
		struct pv_replay_outcome outcome;
		c->post.text = pv_str("Un concours!");
		assert_int_equal(say(replay, was, c, &allowed_then, &outcome, &error), PV_OK);
		assert_int_equal(outcome.was, before[i]);
		assert_int_equal(outcome.is, after[i]);
		assert_int_equal(outcome.changed, before[i] != after[i]);
	}
}

/* Each side says what judging says, also where a bare host is a link to one of the two alone. */
static void random_pairs_of_policies(void **state)
{
	(void)state;
	for (unsigned seed = 1; seed <= 60; seed++) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		struct pv_error error = PV_ERROR_IN(scope);
		struct past_random random = past_seed(seed);
		struct pv_policy *before = past_policy(scope, &random);
		struct pv_policy *after = past_policy(scope, &random);
		struct pv_replay *replay = open_replay(scope, after, false);
		struct pv_replay_bench *was;
		assert_int_equal(pv_replay_bench(scope, replay, before, &was, &error), PV_OK);
		struct pv_case **cases = past_cases(scope, &random, 40);
		for (size_t i = 0; i < 40; i++) {
			struct pv_judgement *first, *then;
			struct pv_replay_outcome outcome;
			past_own_history(scope, &random, cases[i], cases, i);
			assert_int_equal(pv_judge(scope, before, cases[i], &first, &error), PV_OK);
			assert_int_equal(pv_judge(scope, after, cases[i], &then, &error), PV_OK);
			assert_int_equal(
				say(replay, was, cases[i], &allowed_then, &outcome, &error), PV_OK);
			assert_int_equal(outcome.was, first->verdict);
			assert_int_equal(outcome.is, then->verdict);
			same_ids(&outcome.decided_by, &then->decided_by);
		}
	}
}

static void an_unknown_account(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_error error = PV_ERROR_IN(scope);
	struct pv_replay *replay = open_replay(scope, court_rules(scope, two_a_day), true);
	struct pv_case *c = client_post(scope, 0);
	struct pv_replay_outcome outcome;
	c->account = pv_str("nowhere");
	assert_int_equal(say(replay, NULL, c, &allowed_then, &outcome, &error), PV_NOT_FOUND);
	pv_replay_miss(replay);
	assert_int_equal(pv_replay_seen(replay), 1);
	PV_JSON json_t *summary = pv_replay_summary(replay);
	assert_int_equal(json_integer_value(json_object_get(summary, "errors")), 1);
	assert_int_equal(json_integer_value(json_object_get(summary, "cases")), 0);
	assert_true(json_is_null(json_object_get(summary, "from")));
}

/* Twenty thousand people who each post once, one a minute: what left every window is given up. */
static void what_left_is_forgotten(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_error error = PV_ERROR_IN(scope);
	struct pv_policy *policy = court_rules(
		scope, RULE("q", "quota",
			       "    count: {form: static}\n    at_most: 2\n    window: 24 hours\n"
			       "    per: person\n    then: warn\n") RULE("all", "quota",
			       "    count: {form: static}\n    at_most: 2\n    window: 60 minutes\n"
			       "    then: warn\n"));
	struct pv_windows *windows;
	assert_int_equal(pv_windows_open(scope, policy, &windows, &error), PV_OK);
	size_t most = 0;
	for (int i = 0; i < 20000; i++) {
		PV_SCOPE TALLOC_CTX *one = pv_scope(NULL);
		uint64_t counters = 3;
		struct pv_windows_post post = {.at_us = i * PV_MINUTE_US,
			.account = pv_str("house-fb"),
			.author = pv_str(talloc_asprintf(one, "p%d", i)),
			.owner = pv_str("house"),
			.counters = &counters};
		assert_int_equal(pv_windows_add(windows, &post, &error), PV_OK);
		most = pv_windows_held(windows) > most ? pv_windows_held(windows) : most;
	}
	/* 24 hours are 1,440 posts; a sweep comes once for so many posts as the table has places */
	assert_true(most < 10000);
	assert_true(talloc_total_size(windows) < (4 << 20));
	assert_true(pv_windows_held(windows) >= 1440);
}

/* ---- sums -------------------------------------------------------------------------------------- */

static int64_t number(const json_t *object, const char *name)
{
	const json_t *value = json_object_get(object, name);
	assert_true(json_is_integer(value));
	return json_integer_value(value);
}

static const char no_clients[] =
	RULE("clients", "category", "    when: {origin: client}\n    then: refuse\n")
		RULE("partners", "category", "    when: {origin: partner}\n    then: warn\n");

static void add_post(struct pv_replay *replay, enum pv_origin origin, bool human,
	enum pv_verdict was, int64_t reads)
{
	PV_SCOPE TALLOC_CTX *mem = pv_scope(NULL);
	struct pv_error error = PV_ERROR_IN(mem);
	struct pv_case *c = client_post(mem, 0);
	struct pv_case_past past = {.judged = true, .verdict = was, .reads = reads, .comments = -1};
	struct pv_replay_outcome outcome;
	c->declared.origin = origin;
	c->declared.human = human ? 1u << PV_HUMAN_FACES : 0;
	assert_int_equal(say(replay, NULL, c, &past, &outcome, &error), PV_OK);
}

static void the_sums(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_replay *replay = open_replay(scope, court_rules(scope, no_clients), false);
	add_post(replay, PV_ORIGIN_CLIENT, true, PV_VERDICT_ALLOW, -1);
	add_post(replay, PV_ORIGIN_CLIENT, false, PV_VERDICT_REFUSE, -1);
	add_post(replay, PV_ORIGIN_PARTNER, false, PV_VERDICT_APPROVE, -1);
	add_post(replay, PV_ORIGIN_PARTNER, false, PV_VERDICT_WARN, -1);
	add_post(replay, PV_ORIGIN_UNKNOWN, false, PV_VERDICT_ALLOW, -1);
	PV_JSON json_t *summary = pv_replay_summary(replay);
	assert_int_equal(number(summary, "cases"), 5);
	assert_int_equal(number(summary, "changed"), 2);
	assert_int_equal(number(summary, "stricter"), 1);
	assert_int_equal(number(summary, "milder"), 1);
	assert_int_equal(number(summary, "refused"), 2);
	assert_int_equal(number(summary, "newly_refused"), 1);
	assert_int_equal(number(summary, "human_refused"), 1);
	const json_t *matrix = json_object_get(summary, "matrix");
	assert_int_equal(number(json_object_get(matrix, "allow"), "refuse"), 1);
	assert_int_equal(number(json_object_get(matrix, "allow"), "allow"), 1);
	assert_int_equal(number(json_object_get(matrix, "approve"), "warn"), 1);
	assert_int_equal(number(json_object_get(matrix, "disclose"), "warn"), 0);
	PV_JSON json_t *rules = json_pack("[{s:s,s:i,s:i},{s:s,s:i,s:i}]", "rule", "clients",
		"changed", 1, "refused", 2, "rule", "partners", "changed", 1, "refused", 0);
	assert_true(json_equal(json_object_get(summary, "rules"), rules));
	const json_t *most = json_object_get(summary, "most_read");
	assert_int_equal(number(most, "known"), 0);
	assert_true(json_is_null(json_object_get(most, "at_least")));
	assert_true(json_is_null(json_object_get(most, "refused_share")));
}

/* Thirty posts whose reads are known, ten whose reads are not: these are not posts nobody read. */
static void the_most_read(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_replay *replay = open_replay(scope, court_rules(scope, no_clients), false);
	for (int i = 0; i < 10; i++)
		add_post(replay, PV_ORIGIN_CLIENT, true, PV_VERDICT_ALLOW, -1);
	for (int i = 0; i < 26; i++)
		add_post(replay, i < 6 ? PV_ORIGIN_CLIENT : PV_ORIGIN_UNKNOWN, false,
			PV_VERDICT_ALLOW, i);
	add_post(replay, PV_ORIGIN_CLIENT, true, PV_VERDICT_ALLOW, 5000000);
	add_post(replay, PV_ORIGIN_CLIENT, false, PV_VERDICT_ALLOW, 90000);
	/* the third of the three, and one that ties with it */
	add_post(replay, PV_ORIGIN_UNKNOWN, true, PV_VERDICT_ALLOW, 700);
	add_post(replay, PV_ORIGIN_UNKNOWN, true, PV_VERDICT_ALLOW, 700);
	PV_JSON json_t *summary = pv_replay_summary(replay);
	const json_t *most = json_object_get(summary, "most_read");
	assert_int_equal(number(summary, "refused"), 18);
	assert_int_equal(number(most, "known"), 30);
	assert_int_equal(number(most, "posts"), 4);
	assert_int_equal(number(most, "at_least"), 700);
	assert_int_equal(number(most, "human"), 3);
	assert_int_equal(number(most, "refused"), 2);
	assert_int_equal(number(most, "refused_known"), 8);
	assert_int_equal(number(most, "refused_human"), 1);
	assert_true(json_number_value(json_object_get(most, "refused_share")) == 0.25);
	assert_true(json_number_value(json_object_get(most, "refused_human_share")) == 0.5);
}

/* Memory that runs out anywhere is told, and nothing else happens. */
static enum pv_status replay_in_little(
	TALLOC_CTX *poor, const struct pv_policy *policy, struct pv_case **cases, size_t n)
{
	struct pv_replay_plan plan = {.to = policy, .sequence = true};
	struct pv_case_past past = {
		.judged = true, .verdict = PV_VERDICT_ALLOW, .reads = 70000, .comments = -1};
	struct pv_replay *replay;
	struct pv_replay_bench *was;
	struct pv_replay_post *post;
	struct pv_replay_outcome outcome;
	enum pv_status status = pv_replay_open(poor, &plan, &replay, NULL);
	if (status == PV_OK)
		status = pv_replay_bench(poor, replay, policy, &was, NULL);
	for (size_t i = 0; status == PV_OK && i < n; i++) {
		TALLOC_CTX *one = talloc_new(poor);
		status = one ? pv_replay_hear(one, one, replay, was, cases[i], &past, &post, NULL)
			     : PV_NOMEM;
		if (status == PV_OK)
			status = pv_replay_settle(replay, post, &outcome, NULL);
		talloc_free(one);
	}
	return status;
}

static void little_memory(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct past_random random = past_seed(5);
	struct pv_policy *policy = past_policy(scope, &random);
	struct pv_case **cases = past_cases(scope, &random, 40);
	size_t failures = 0;
	for (size_t most = 256;; most += most < 16384 ? 64 : 2048) {
		TALLOC_CTX *poor = talloc_new(NULL);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
		talloc_set_memlimit(poor, most);
#pragma GCC diagnostic pop
		enum pv_status status = replay_in_little(poor, policy, cases, 40);
		talloc_free(poor);
		if (status == PV_OK)
			break;
		assert_int_equal(status, PV_NOMEM);
		failures++;
		assert_true(most < (16 << 20));
	}
	assert_true(failures > 100);
}

/* ---- what a past case says --------------------------------------------------------------------- */

static void past_cases_read(void **state)
{
	(void)state;
	static const struct {
		const char *members;
		enum pv_status status;
		bool judged;
		enum pv_verdict verdict;
		int64_t reads, comments;
	} rows[] = {
		{"", PV_OK, false, PV_VERDICT_ALLOW, -1, -1},
		{",\"verdict\":\"warn\"", PV_OK, true, PV_VERDICT_WARN, -1, -1},
		{",\"verdict\":null,\"figures\":null", PV_OK, false, PV_VERDICT_ALLOW, -1, -1},
		{",\"figures\":{\"reads\":0}", PV_OK, false, PV_VERDICT_ALLOW, 0, -1},
		{",\"figures\":{\"reads\":null,\"comments\":3,\"likes\":[1]}", PV_OK, false,
			PV_VERDICT_ALLOW, -1, 3},
		{",\"figures\":{\"reads\":12},\"figures\":{\"comments\":1}", PV_OK, false,
			PV_VERDICT_ALLOW, -1, 1},
		{",\"verdict\":\"maybe\"", PV_INVALID, 0, 0, 0, 0},
		{",\"figures\":{\"reads\":-1}", PV_INVALID, 0, 0, 0, 0},
		{",\"figures\":{\"reads\":1.5}", PV_INVALID, 0, 0, 0, 0},
		{",\"figures\":{\"reads\":1234567890123456}", PV_INVALID, 0, 0, 0, 0},
		{",\"figures\":7", PV_INVALID, 0, 0, 0, 0},
	};
	for (size_t i = 0; i < PV_COUNT(rows); i++) {
		PV_SCOPE TALLOC_CTX *mem = pv_scope(NULL);
		struct pv_error error = PV_ERROR_IN(mem);
		struct pv_case *c;
		struct pv_case_past past;
		char *json = talloc_asprintf(mem,
			"{\"account\":\"a\",\"author\":\"b\",\"at\":\"2026-03-02T12:00:00Z\","
			"\"post\":{}%s}",
			rows[i].members);
		enum pv_status status =
			pv_case_parse_past(mem, json, strlen(json), &c, &past, NULL, NULL, &error);
		if (status != rows[i].status)
			fail_msg("%s: %d", json, status);
		/* judging does not look at what became of a post */
		assert_int_equal(
			pv_case_parse(mem, json, strlen(json), &c, NULL, NULL, &error), PV_OK);
		if (status != PV_OK)
			continue;
		assert_int_equal(past.judged, rows[i].judged);
		assert_int_equal(past.verdict, rows[i].verdict);
		assert_int_equal(past.reads, rows[i].reads);
		assert_int_equal(past.comments, rows[i].comments);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_vignette),
		cmocka_unit_test(random_cases),
		cmocka_unit_test(random_sequences),
		cmocka_unit_test(every_quarter_around_the_changes),
		cmocka_unit_test(a_refused_post_counts),
		cmocka_unit_test(out_of_order),
		cmocka_unit_test(from_one_policy_to_another),
		cmocka_unit_test(random_pairs_of_policies),
		cmocka_unit_test(an_unknown_account),
		cmocka_unit_test(what_left_is_forgotten),
		cmocka_unit_test(the_sums),
		cmocka_unit_test(the_most_read),
		cmocka_unit_test(little_memory),
		cmocka_unit_test(past_cases_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
