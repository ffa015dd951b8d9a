/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Ties that nobody declared, found by what the pages behind links show, and kept with judgements. */
#include "press.h"

#include "base/json.h"
#include "desk/judging.h"
#include "desk/policies.h"
#include "desk/register.h"
#include "desk/sources.h"
#include "policy/policy.h"
#include "store/judgement.h"

#include <string.h>

#define ARTICLE "https://journal.example/2026/billet"

/* What the last refusal said: assert_status begins a new error. */
static struct pv_error said;
#define assert_says(call, wanted, w)               \
	do {                                       \
		enum pv_status pv_told = (call);   \
		said = (w)->error;                 \
		assert_status(pv_told, wanted, w); \
	} while (0)

static enum pv_status submit(struct pv_press *p, const char *id)
{
	struct pv_desk_variant *v;
	return pv_desk_variant_submit(p->desk, p->w->mem, &p->manager, id, &v, &p->w->error);
}

static void keep(struct pv_press *p, const char *url, const char *final_url, const char *page)
{
	assert_ok(pv_desk_resolution_keep(p->desk, url, final_url, "", page, &p->w->error), p->w);
}

static json_t *last_input(struct pv_press *p, const char *variant_id)
{
	struct pv_judgement_row row;
	json_t *input = NULL;
	assert_ok(pv_judgement_last(p->desk->db, p->w->mem, variant_id, &row, &p->w->error), p->w);
	assert_int_equal(pv_json_parse(row.input, strlen(row.input), &input, NULL), PV_OK);
	return input;
}

/* The judgement kept, given again to the policy of the test: the same verdict, years later. */
static enum pv_verdict again(struct pv_press *p, const char *variant_id)
{
	struct pv_judgement_row row;
	struct pv_policy *policy;
	struct pv_policy_problems problems;
	struct pv_judgement *judgement;
	struct pv_case *c;
	TALLOC_CTX *mem = p->w->mem;
	assert_ok(pv_judgement_last(p->desk->db, mem, variant_id, &row, &p->w->error), p->w);
	assert_ok(pv_policy_parse(mem, pv_press_policy, strlen(pv_press_policy), "coop", &policy,
			  &problems, &p->w->error),
		p->w);
	assert_ok(pv_case_parse(mem, row.input, strlen(row.input), &c, NULL, NULL, &p->w->error),
		p->w);
	assert_ok(pv_judge(mem, policy, c, &judgement, &p->w->error), p->w);
	return judgement->verdict;
}

static struct pv_desk_judgement judged(struct pv_press *p, const struct pv_draft *draft)
{
	struct pv_desk_judgement out;
	assert_ok(pv_desk_judge_draft(p->desk, p->w->mem, &p->manager, draft, &out, &p->w->error),
		p->w);
	return out;
}

static const char *verdict_of(struct pv_press *p, const char *text)
{
	return judged(p,
		&(struct pv_draft){.account = p->account, .text = text, .due_at_us = PV_TIME_NONE})
		.verdict;
}

static void test_what_pages_show(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	static const struct {
		const char *final_url, *page, *verdict;
	} rows[] = {
		{ARTICLE, "{}", "warn"},
		{"https://carnet.example/1", "{}", "refuse"},
		{ARTICLE,
			"{\"authors\":[{\"via\":\"json-ld\",\"urls\":[\"https://carnet.example/"
			"moi\"]}]}",
			"refuse"},
		{ARTICLE, "{\"authors\":[{\"name\":\"Carnet\"}]}", "warn"},
		{ARTICLE, "{\"me\":[\"https://www.carnet.example/\"]}", "refuse"},
		{ARTICLE, "{\"me\":[\"https://pain.example/\"]}", "disclose"},
		{ARTICLE, "{\"canonical\":\"https://carnet.example/1\"}", "warn"},
		{"https://obs.example/x", "{}", "refuse"}, /* another house */
		{ARTICLE, "{\"authors\":[{\"urls\":[\"https://obs.example/\"]}]}", "warn"},
		{"", "", "warn"},                      /* nobody answered */
		{ARTICLE, "what is not JSON", "warn"}, /* never ours */
		{ARTICLE, "[1]", "warn"},
	};
	for (size_t i = 0; i < PV_COUNT(rows); i++) {
		const char *url = talloc_asprintf(w->mem, "https://journal.example/%zu", i);
		bool elsewhere = strcmp(rows[i].final_url, ARTICLE) != 0;
		keep(p, url, elsewhere ? rows[i].final_url : url, rows[i].page);
		const char *verdict = verdict_of(p, talloc_asprintf(w->mem, "À lire : %s", url));
		if (strcmp(verdict, rows[i].verdict) != 0)
			fail_msg("%zu: %s", i, verdict);
	}
}

/* All that was found stands in the judgement; what the web becomes later changes nothing of it. */
static void test_kept_with_the_judgement(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	keep(p, ARTICLE, ARTICLE,
		"{\"canonical\":\"" ARTICLE "\",\"authors\":[{\"via\":\"rel\",\"urls\":"
		"[\"https://carnet.example/\"]}]}");
	const char *id = pv_press_write(p, "À lire : " ARTICLE, "{'origin':'third_party'}");
	assert_says(submit(p, id), PV_REFUSED, w);
	assert_non_null(strstr(said.words.fr, "vous nomme comme auteur"));
	assert_non_null(strstr(said.words.en, "names you as its author"));
	PV_JSON json_t *input = last_input(p, id);
	const json_t *page = json_object_get(json_object_get(input, "pages"), ARTICLE);
	assert_string_equal(pv_json_text(page, "canonical"), ARTICLE);
	assert_non_null(pv_json_text(page, "read_at"));
	const json_t *author = json_array_get(json_object_get(page, "authors"), 0);
	assert_string_equal(json_string_value(json_array_get(json_object_get(author, "urls"), 0)),
		"https://carnet.example/");
	/* the page says something else by now, and the entry is struck out */
	keep(p, ARTICLE, ARTICLE, "{}");
	assert_string_equal(verdict_of(p, "À lire : " ARTICLE), "warn");
	assert_int_equal(again(p, id), PV_VERDICT_REFUSE);
}

/* A clue asks nothing; it is told with what could be declared. */
static void test_clues(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	keep(p, ARTICLE, ARTICLE,
		"{\"canonical\":\"https://carnet.example/1\",\"authors\":[{\"name\":\"Carnet\"}]}");
	struct pv_desk_judgement judgement =
		judged(p, &(struct pv_draft){.account = p->account,
				  .text = "À lire : " ARTICLE " https://car-net.example/",
				  .due_at_us = PV_TIME_NONE});
	PV_JSON json_t *result = NULL;
	assert_int_equal(
		pv_json_parse(judgement.result, strlen(judgement.result), &result, NULL), PV_OK);
	const json_t *clues = json_object_get(result, "clues");
	static const char *const wanted[][2] = {
		{"likely", "canonical"}, {"likely", "author"}, {"similar", "address"}};
	assert_int_equal(json_array_size(clues), PV_COUNT(wanted));
	for (size_t i = 0; i < PV_COUNT(wanted); i++) {
		const json_t *clue = json_array_get(clues, i);
		assert_string_equal(pv_json_text(clue, "certainty"), wanted[i][0]);
		assert_string_equal(pv_json_text(clue, "via"), wanted[i][1]);
	}
	assert_string_equal(judgement.verdict, "warn");
}

/* A register is its person's: what it only hints at is told to them, and to nobody else. */
static void test_clues_are_the_authors(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_desk_judgement hers, theirs;
	keep(p, ARTICLE, ARTICLE, "{\"canonical\":\"https://carnet.example/1\"}");
	const char *id = pv_press_write(p, "À lire : " ARTICLE, NULL);
	assert_ok(pv_desk_judge_variant(p->desk, w->mem, &p->manager, id, &hers, &w->error), w);
	assert_ok(pv_desk_judge_variant(p->desk, w->mem, &p->head, id, &theirs, &w->error), w);
	assert_non_null(strstr(hers.result, "carnet.example/1"));
	assert_null(strstr(theirs.result, "carnet.example"));
	assert_non_null(strstr(theirs.result, "\"clues\":[]"));
	assert_ok(submit(p, id), w);
	assert_null(strstr(pv_press_see(p, id)->judgement->result, "carnet.example"));
}

static const char *take_article(struct pv_press *p, const char *feed, const char *url)
{
	struct pv_world *w = p->w;
	struct pv_source_row source;
	assert_ok(pv_desk_source_add(
			  p->desk, w->mem, &p->manager, p->h->coop, feed, &source, &w->error),
		w);
	struct pv_item_row item = {.guid = url,
		.url = url,
		.title = "Un billet",
		.summary = "",
		.content = "",
		.author = "Carnet",
		.language = "fr",
		.image = "",
		.labels = "[]",
		.published_at_us = pv_env_now_us(p->env)};
	struct pv_source_fetch fetch = {.source_id = source.id, .interval_s = 3600};
	size_t n;
	assert_ok(pv_desk_source_fetched(p->desk, &fetch, &item, 1, &n, &w->error), w);
	assert_int_equal(n, 1);
	struct pv_item_filter filter = {.source_id = source.id};
	struct pv_item_row *rows;
	assert_ok(
		pv_desk_item_list(p->desk, w->mem, &p->manager, &filter, &rows, &n, &w->error), w);
	return rows[0].id;
}

static void enter_feed(
	struct pv_press *p, const struct pv_actor *actor, const char *extra, const char *feed)
{
	struct pv_interest_row row;
	assert_ok(pv_desk_interest_add(p->desk, p->w->mem, actor,
			  pv_form_of(p->w, talloc_asprintf(p->w->mem,
						   "{%s'names':['Mon flux'],'relation':'%s',"
						   "'feeds':['%s']}",
						   extra, *extra ? "client" : "author", feed)),
			  &row, &p->w->error),
		p->w);
}

/* A feed of one's register that the desk follows: its articles are one's own, wherever they stand. */
static void test_feeds(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	const char *feed = "https://plateforme.example/marc/rss?format=xml";
	const char *item = take_article(p, feed, ARTICLE "?utm_source=rss");
	take_article(p, "https://plateforme.example/luc/rss", "https://journal.example/autre");
	assert_string_equal(verdict_of(p, "À lire : " ARTICLE), "warn");
	enter_feed(p, &p->manager, "", "http://www.plateforme.example/marc/rss?format=xml");
	assert_string_equal(verdict_of(p, "À lire : " ARTICLE), "refuse");
	assert_string_equal(
		verdict_of(p, "À lire : http://www.journal.example/2026/billet/#fin"), "refuse");
	assert_string_equal(verdict_of(p, "À lire : https://journal.example/autre"), "warn");
	/* through a short link */
	keep(p, "https://bit.ly/b", ARTICLE, "{}");
	assert_string_equal(verdict_of(p, "À lire : https://bit.ly/b"), "refuse");
	/* begun from the article, without a link to it */
	struct pv_draft draft = {.account = p->account,
		.text = "Un billet à lire.",
		.item = item,
		.due_at_us = PV_TIME_NONE};
	struct pv_desk_judgement judgement = judged(p, &draft);
	assert_string_equal(judgement.verdict, "warn"); /* it may speak of something else by now */
	assert_non_null(strstr(judgement.result, "part d'un article"));
	draft.item = NULL;
	assert_null(strstr(judged(p, &draft).result, "part d'un article"));
	/* and kept so: the post remembers its article */
	struct pv_variant_in in = {.account = p->account, .text = "Un billet à lire."};
	struct pv_post_in whole = {.variants = &in, .n_variants = 1, .item_id = item};
	struct pv_desk_post *post;
	assert_ok(pv_desk_post_create(p->desk, w->mem, &p->manager, &whole, &post, &w->error), w);
	assert_ok(submit(p, post->variants[0].row.id), w);
	PV_JSON json_t *input = last_input(p, post->variants[0].row.id);
	assert_string_equal(
		pv_json_text(json_object_get(input, "post"), "item"), ARTICLE "?utm_source=rss");
}

/* Feeds that no register of the case names stay out of it. */
static void test_other_feeds_stay_out(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	take_article(p, "https://plateforme.example/luc/rss", ARTICLE);
	struct pv_desk_judgement judgement = judged(p, &(struct pv_draft){.account = p->account,
							       .text = "À lire : " ARTICLE,
							       .due_at_us = PV_TIME_NONE});
	assert_null(strstr(judgement.input, "luc/rss"));
	/* an organisation's own entry is its authors' too */
	enter_feed(p, &p->h->owner, "'organization':'coop',", "https://plateforme.example/luc/rss");
	judgement = judged(p, &(struct pv_draft){.account = p->account,
				      .text = "À lire : " ARTICLE,
				      .due_at_us = PV_TIME_NONE});
	assert_non_null(strstr(judgement.input, "luc/rss"));
}

/* Someone else's article cannot be used to begin a draft. */
static void test_items_are_the_readers(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	const char *item = take_article(p, "https://plateforme.example/luc/rss", ARTICLE);
	struct pv_desk_judgement out;
	struct pv_draft draft = {.account = p->account,
		.text = "Bonjour",
		.item = "01hzzzzzzzzzzzzzzzzzzzzzzz",
		.due_at_us = PV_TIME_NONE};
	assert_status(pv_desk_judge_draft(p->desk, w->mem, &p->manager, &draft, &out, &w->error),
		PV_NOT_FOUND, w);
	draft.item = item;
	assert_ok(pv_desk_judge_draft(p->desk, w->mem, &p->manager, &draft, &out, &w->error), w);
}

/* Approving one's own article, on somebody else's site, is approving for oneself. */
static void test_shared_interest(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_desk_variant *v;
	keep(p, ARTICLE, ARTICLE, "{\"authors\":[{\"urls\":[\"https://pain.example/\"]}]}");
	const char *id = pv_press_write(p, "Un proche de notre gestionnaire l'a écrit : " ARTICLE,
		"{'interest':'personal_favourite'}");
	assert_ok(submit(p, id), w);
	const char *digest = pv_press_see(p, id)->row.digest;
	assert_status(
		pv_desk_review_approve(p->desk, w->mem, &p->cousin, id, digest, "", &v, &w->error),
		PV_DENIED, w);
	assert_ok(pv_desk_review_approve(p->desk, w->mem, &p->head, id, digest, "", &v, &w->error),
		w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PV_BOTH(test_what_pages_show),
		PV_BOTH(test_kept_with_the_judgement),
		PV_BOTH(test_clues),
		PV_BOTH(test_clues_are_the_authors),
		PV_BOTH(test_feeds),
		PV_BOTH(test_other_feeds_stay_out),
		PV_BOTH(test_items_are_the_readers),
		PV_BOTH(test_shared_interest),
	};
	return cmocka_run_group_tests_name("ties", tests, NULL, NULL);
}
