/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The collector against a simulated web: what it asks, how often, and what it makes of answers. */
#include "house.h"

#include "base/instant.h"
#include "base/str.h"
#include "collect/collector.h"
#include "desk/accounts.h"
#include "desk/judging.h"
#include "desk/sources.h"
#include "store/resolution.h"

#include <stdio.h>
#include <string.h>

static const char feed_one[] =
	"<rss><channel><title>Voisins</title><item><guid>1</guid><title>Un</title></item>"
	"</channel></rss>";
static const char feed_two[] =
	"<rss><channel><title>Voisins</title><item><guid>2</guid><title>Deux</title></item>"
	"<item><guid>1</guid><title>Un</title></item></channel></rss>";

/* The web: one answer for all, and what was asked last. */
struct web {
	int status;
	const char *body, *etag, *retry_after, *location, *type;
	bool silent;      /* nothing answers */
	int64_t takes_us; /* how long an answer is on its way */
	struct pv_env *env;
	int asked;
	bool guarded;
	char if_none_match[32];
};

static enum pv_status web_answer(void *state, TALLOC_CTX *mem,
	const struct pv_http_request *request, struct pv_http_response *out, struct pv_error *error)
{
	(void)error;
	struct web *web = state;
	web->asked++;
	web->guarded = request->guarded;
	web->if_none_match[0] = '\0';
	for (size_t i = 0; i < request->n_headers; i++)
		if (strcmp(request->headers[i].name, "If-None-Match") == 0)
			snprintf(web->if_none_match, sizeof web->if_none_match, "%s",
				request->headers[i].value);
	if (web->takes_us)
		pv_env_sim_advance(web->env, web->takes_us);
	struct pv_http_header *headers = talloc_zero_array(mem, struct pv_http_header, 4);
	size_t n = 0;
	if (web->etag)
		headers[n++] = (struct pv_http_header){"etag", web->etag};
	if (web->retry_after)
		headers[n++] = (struct pv_http_header){"retry-after", web->retry_after};
	if (web->location)
		headers[n++] = (struct pv_http_header){"location", web->location};
	if (web->type)
		headers[n++] = (struct pv_http_header){"content-type", web->type};
	bool same = web->etag && strcmp(web->if_none_match, web->etag) == 0;
	*out = (struct pv_http_response){
		.outcome = web->silent ? PV_HTTP_NOT_SENT : PV_HTTP_ANSWERED,
		.status = same ? 304 : web->status,
		.headers = headers,
		.n_headers = n,
		.body = talloc_strdup(mem, same || !web->body ? "" : web->body),
		.final_url = request->url,
		.reason = "silence",
	};
	out->body_size = strlen(out->body);
	return PV_OK;
}

struct post {
	struct pv_world *w;
	struct pv_house *house;
	struct pv_collector *collector;
	struct web web;
};

static struct post *build(struct pv_world *w)
{
	struct post *p = talloc_zero(w->mem, struct post);
	p->w = w;
	p->house = pv_house_build(w);
	p->web = (struct web){.status = 200, .body = feed_one};
	struct pv_env *env;
	assert_ok(pv_env_sim(w->mem, 3, PV_WORLD_START, web_answer, &p->web, &env, &w->error), w);
	p->house->desk->env = p->web.env = env;
	assert_ok(pv_collector_create(w->mem, p->house->desk, &p->collector, &w->error), w);
	return p;
}

static struct pv_source_row add(struct post *p, const char *url)
{
	struct pv_source_row row;
	assert_ok(pv_desk_source_add(p->house->desk, p->w->mem, &p->house->editor, p->house->coop,
			  url, &row, &p->w->error),
		p->w);
	return row;
}

static struct pv_source_row reread(struct post *p, const char *id)
{
	struct pv_source_row row;
	assert_ok(pv_desk_source_get(
			  p->house->desk, p->w->mem, &p->house->reader, id, &row, &p->w->error),
		p->w);
	return row;
}

static size_t items(struct post *p)
{
	struct pv_item_filter filter = {.organization_id = p->house->coop};
	struct pv_item_row *rows;
	size_t n;
	assert_ok(pv_desk_item_list(p->house->desk, p->w->mem, &p->house->reader, &filter, &rows,
			  &n, &p->w->error),
		p->w);
	return n;
}

/* A turn at the source's next time. */
static void turn_when_due(struct post *p, const char *id)
{
	int64_t next_us;
	struct pv_source_row row = reread(p, id);
	pv_env_sim_advance(
		p->house->desk->env, row.fetch_at_us - pv_env_now_us(p->house->desk->env));
	assert_ok(pv_collector_turn(p->collector, &next_us, &p->w->error), p->w);
}

static void articles_are_kept_once(struct pv_world *w)
{
	struct post *p = build(w);
	struct pv_source_row row = add(p, "https://voisins.example/feed");
	turn_when_due(p, row.id);
	assert_true(p->web.guarded);
	assert_int_equal(items(p), 1);
	assert_string_equal(reread(p, row.id).title, "Voisins");
	p->web.body = feed_two;
	turn_when_due(p, row.id);
	assert_int_equal(items(p), 2);
	turn_when_due(p, row.id);
	assert_int_equal(items(p), 2);
}

static enum pv_status follow(struct post *p, const char *url, struct pv_source_row *out)
{
	struct pv_error why = PV_ERROR_IN(p->w->mem);
	return pv_collect_source_add(
		p->house->desk, p->w->mem, &p->house->editor, p->house->coop, url, out, &why);
}

/* Asked before it is followed: a silent address leaves no trace, not even in the record. */
static void a_feed_that_gives_nothing_is_not_followed(struct pv_world *w)
{
	struct post *p = build(w);
	const char *url = "https://voisins.example/feed";
	struct pv_source_row row, *rows;
	size_t n;
	int64_t deeds = pv_db_deeds(w->db);
	p->web.status = 500;
	assert_int_equal(follow(p, url, &row), PV_UNAVAILABLE);
	assert_ok(pv_desk_source_list(p->house->desk, w->mem, &p->house->reader, p->house->coop,
			  &rows, &n, &w->error),
		w);
	assert_int_equal(n, 0);
	assert_int_equal(pv_db_deeds(w->db), deeds);
	p->web.status = 200;
	assert_int_equal(follow(p, url, &row), PV_OK);
	assert_string_equal(row.title, "Voisins");
	assert_int_equal(items(p), 1);
	assert_int_equal(pv_db_deeds(w->db), deeds + 1);
	/* what is followed already is said without asking the site */
	int asked = p->web.asked;
	assert_int_equal(follow(p, url, &row), PV_CONFLICT);
	assert_int_equal(p->web.asked, asked);
}

static void a_feed_that_says_nothing_new_is_asked_less_often(struct pv_world *w)
{
	struct post *p = build(w);
	p->web.etag = "\"v1\"";
	struct pv_source_row row = add(p, "https://voisins.example/feed");
	turn_when_due(p, row.id);
	assert_string_equal(p->web.if_none_match, "");
	int64_t before_s = reread(p, row.id).interval_s;
	turn_when_due(p, row.id);
	assert_string_equal(p->web.if_none_match, "\"v1\"");
	assert_int_equal(items(p), 1);
	assert_true(reread(p, row.id).interval_s > before_s);
	for (int i = 0; i < 30; i++)
		turn_when_due(p, row.id);
	assert_int_equal(reread(p, row.id).interval_s, PV_COLLECT_FEED_MAX_S);
	/* and not at all before its time */
	int64_t next_us;
	int asked = p->web.asked;
	assert_ok(pv_collector_turn(p->collector, &next_us, &w->error), w);
	assert_int_equal(p->web.asked, asked);
}

static void failures_are_told_and_end(struct pv_world *w)
{
	struct post *p = build(w);
	struct pv_source_row row = add(p, "https://voisins.example/feed");
	p->web.status = 500;
	turn_when_due(p, row.id);
	assert_string_equal(reread(p, row.id).state, "active"); /* once is nothing */
	turn_when_due(p, row.id);
	turn_when_due(p, row.id);
	row = reread(p, row.id);
	assert_string_equal(row.state, "failing");
	assert_non_null(strstr(row.state_why, "(500)"));
	assert_int_equal(row.failures, 3);
	p->web.status = 200;
	turn_when_due(p, row.id);
	row = reread(p, row.id);
	assert_string_equal(row.state, "active");
	assert_string_equal(row.state_why, "");
	assert_int_equal(items(p), 1);
}

static void what_answers_is_told_in_words(struct pv_world *w)
{
	static const struct {
		struct web web;
		const char *word;
	} rows[] = {
		{{.status = 200, .body = "<html><body>bonjour</body></html>"},
			"a page, not to a feed"},
		{{.status = 200, .body = ""}, "nothing"},
		{{.status = 200, .body = "<rss><channel>"}, "malformed"},
		{{.status = 404}, "no longer at this address"},
		{{.status = 403}, "not open to all"},
		{{.status = 200, .silent = true}, "does not answer"},
	};
	struct post *p = build(w);
	struct pv_source_row row = add(p, "https://voisins.example/feed");
	for (size_t i = 0; i < PV_COUNT(rows); i++) {
		p->web = rows[i].web;
		size_t n = 0;
		struct pv_error why = PV_ERROR_IN(w->mem);
		assert_int_equal(pv_collect_source(p->house->desk, w->mem, row.id, &n, &why),
			PV_UNAVAILABLE);
		if (!strstr(why.words.en, rows[i].word))
			fail_msg("row %zu: %s", i, why.words.en);
	}
	assert_int_equal(items(p), 0);
}

static void retry_after_is_obeyed(struct pv_world *w)
{
	struct post *p = build(w);
	p->web.status = 503;
	p->web.retry_after = "172800"; /* two days */
	struct pv_source_row row = add(p, "https://voisins.example/feed");
	turn_when_due(p, row.id);
	row = reread(p, row.id);
	assert_int_equal(row.fetch_at_us - row.fetched_at_us, 2 * PV_DAY_US);
}

static void one_bad_feed_does_not_stop_the_others(struct pv_world *w)
{
	struct post *p = build(w);
	p->web.status = 500;
	add(p, "https://a.example/feed");
	add(p, "https://b.example/feed");
	int64_t next_us;
	assert_ok(pv_collector_turn(p->collector, &next_us, &w->error), w);
	assert_int_equal(p->web.asked, 2);
}

static void a_paused_feed_is_left_alone(struct pv_world *w)
{
	struct post *p = build(w);
	struct pv_source_row row = add(p, "https://voisins.example/feed"), edited;
	assert_ok(pv_desk_source_edit(p->house->desk, w->mem, &p->house->editor, row.id, NULL,
			  "paused", &edited, &w->error),
		w);
	pv_env_sim_advance(p->house->desk->env, PV_DAY_US);
	int64_t next_us;
	assert_ok(pv_collector_turn(p->collector, &next_us, &w->error), w);
	assert_int_equal(p->web.asked, 0);
}

static void an_account_that_has_nothing_to_hear_is_left_for_a_day(struct pv_world *w)
{
	struct post *p = build(w);
	struct pv_account_row row;
	struct pv_account_link link = {.name = "Coop"};
	assert_ok(pv_desk_account_add(p->house->desk, w->mem, &p->house->owner,
			  pv_form_of(w, talloc_asprintf(w->mem,
						"{'organization':'%s','network':'journal'}",
						p->house->coop)),
			  &link, &row, &w->error),
		w);
	int64_t next_us;
	assert_ok(pv_collector_turn(p->collector, &next_us, &w->error), w);
	assert_ok(pv_account_find(p->house->desk->db, w->mem, row.id, &row, &w->error), w);
	assert_true(row.listen_at_us >= pv_env_now_us(p->house->desk->env) + PV_HOUR_US);
}

static struct pv_resolution_row found(struct post *p, const char *url)
{
	struct pv_resolution_row row;
	assert_ok(pv_resolution_find(p->house->desk->db, p->w->mem, url, &row, &p->w->error), p->w);
	return row;
}

static void links_are_followed_and_remembered(struct pv_world *w)
{
	struct post *p = build(w);
	const char *url = "https://ailleurs.example/x", *text = "Vu : https://ailleurs.example/x";
	p->web.body = "<meta name=author content=Marc><link rel=canonical href=/y>"
		      "<a rel=author href=https://carnet.example/>";
	assert_ok(pv_collect_links(p->house->desk, w->mem, text, &w->error), w);
	assert_int_equal(p->web.asked, 1);
	assert_true(p->web.guarded);
	assert_string_equal(found(p, url).final_url, url);
	const char *page = found(p, url).page;
	assert_string_equal(page,
		"{\"canonical\":\"https://ailleurs.example/y\",\"authors\":[{\"via\":\"meta\","
		"\"name\":\"Marc\"},{\"via\":\"rel\",\"urls\":[\"https://carnet.example/\"]}]}");
	assert_ok(pv_collect_links(p->house->desk, w->mem, text, &w->error), w);
	assert_int_equal(p->web.asked, 1); /* known for less than a day */
	p->web.silent = true;
	pv_env_sim_advance(p->house->desk->env, 2 * PV_DAY_US);
	assert_ok(pv_collect_links(p->house->desk, w->mem, text, &w->error), w);
	assert_string_equal(found(p, url).final_url, "");
	assert_non_null(strstr(found(p, url).why, "\"fr\""));
	/* what the page said when it was last read is not forgotten */
	assert_string_equal(found(p, url).page, page);
	assert_true(found(p, url).page_at_us < found(p, url).resolved_at_us);
	/* until somebody sees that it is another page, or none */
	p->web = (struct web){.status = 200, .type = "image/png", .body = "", .env = p->web.env};
	pv_env_sim_advance(p->house->desk->env, 2 * PV_DAY_US);
	assert_ok(pv_collect_links(p->house->desk, w->mem, text, &w->error), w);
	assert_string_equal(found(p, url).page, "{}");
}

static void a_shortener_that_shows_its_own_page_leads_nowhere(struct pv_world *w)
{
	struct post *p = build(w);
	assert_ok(pv_collect_links(p->house->desk, w->mem, "Vu : https://bit.ly/x", &w->error), w);
	assert_string_equal(found(p, "https://bit.ly/x").final_url, "");
	assert_non_null(strstr(found(p, "https://bit.ly/x").why, "page of its own"));
}

/* A wrapper says where it leads even while the site there is silent. */
static void a_wrapped_link_leads_where_it_says(struct pv_world *w)
{
	struct post *p = build(w);
	const char *url = "https://www.google.com/url?q=https%3A%2F%2Fcarnet.example%2Fx";
	p->web.silent = true;
	assert_ok(pv_collect_links(p->house->desk, w->mem, url, &w->error), w);
	assert_string_equal(found(p, url).final_url, "https://carnet.example/x");
	assert_non_null(strstr(found(p, url).why, "does not answer"));
	/* its end is not known all the same: it is asked again, and what answers is kept */
	p->web.silent = false;
	pv_env_sim_advance(p->house->desk->env, 2 * PV_DAY_US);
	assert_ok(pv_collect_links(p->house->desk, w->mem, url, &w->error), w);
	assert_string_equal(found(p, url).why, "");
}

/* Before a submission what is an hour old is asked again; silence then takes nothing away. */
static void a_submission_looks_again(struct pv_world *w)
{
	struct post *p = build(w);
	const char *url = "https://ailleurs.example/x", *text = "Vu : https://ailleurs.example/x";
	p->web.body = "<meta name=author content=Marc>";
	assert_ok(pv_collect_links(p->house->desk, w->mem, text, &w->error), w);
	assert_ok(pv_collect_links_again(p->house->desk, w->mem, text, &w->error), w);
	assert_int_equal(p->web.asked, 1);
	pv_env_sim_advance(p->house->desk->env, 2 * PV_HOUR_US);
	assert_ok(pv_collect_links(p->house->desk, w->mem, text, &w->error), w);
	assert_int_equal(p->web.asked, 1);
	p->web.body = "<meta name=author content=Luc>";
	assert_ok(pv_collect_links_again(p->house->desk, w->mem, text, &w->error), w);
	assert_int_equal(p->web.asked, 2);
	assert_non_null(strstr(found(p, url).page, "Luc"));
	pv_env_sim_advance(p->house->desk->env, 2 * PV_HOUR_US);
	p->web.silent = true;
	assert_ok(pv_collect_links_again(p->house->desk, w->mem, text, &w->error), w);
	assert_int_equal(p->web.asked, 3);
	assert_string_equal(found(p, url).final_url, url);
	assert_non_null(strstr(found(p, url).page, "Luc"));
}

static enum pv_status again(struct post *p, const char *text)
{
	p->w->error = PV_ERROR_IN(p->w->mem);
	return pv_collect_links_again(p->house->desk, p->w->mem, text, &p->w->error);
}

static const char *many_links(struct post *p, int n)
{
	char *text = talloc_strdup(p->w->mem, "");
	for (int i = 0; i < n; i++)
		text = talloc_asprintf_append(text, "https://ailleurs.example/%d ", i);
	return text;
}

/* However many a text may have, none stands behind the others unseen. */
static void every_link_is_looked_at(struct pv_world *w)
{
	struct post *p = build(w);
	assert_int_equal(again(p, many_links(p, PV_JUDGE_LINKS_MAX)), PV_OK);
	assert_int_equal(p->web.asked, PV_JUDGE_LINKS_MAX);
	/* a network may end a link where nobody sees that it ends: that one is a link too */
	assert_int_equal(again(p, "Vu : https://ailleurs.example/a\u200Bb"), PV_OK);
	assert_string_equal(
		found(p, "https://ailleurs.example/a").final_url, "https://ailleurs.example/a");
}

/* A site that does not answer was looked at; one that had no time to answer was not. */
static void silence_is_an_answer_only_in_time(struct pv_world *w)
{
	struct post *p = build(w);
	p->web.silent = true;
	assert_int_equal(again(p, many_links(p, 5)), PV_OK);
	assert_int_equal(p->web.asked, 5);
	pv_env_sim_advance(p->house->desk->env, 2 * PV_HOUR_US);
	p->web.takes_us = 8 * PV_SECOND_US;
	for (int left = 4; left > 0; left--) {
		const char *words =
			left == 1 ? "One link" : talloc_asprintf(w->mem, "%d links", left);
		assert_int_equal(again(p, many_links(p, 5)), PV_UNAVAILABLE);
		assert_non_null(strstr(w->error.words.en, words));
	}
	assert_int_equal(again(p, many_links(p, 5)), PV_OK);
}

/* Ten slow sites do not hold a submission for ten times their slowness. */
static void slow_sites_share_their_time(struct pv_world *w)
{
	struct post *p = build(w);
	const char *text = many_links(p, 10);
	p->web.takes_us = 8 * PV_SECOND_US;
	/* those that nobody looked at are no links to let go by: whoever submits is told */
	assert_int_equal(again(p, text), PV_UNAVAILABLE);
	assert_int_equal(p->web.asked, 3);
	assert_non_null(strstr(w->error.words.fr, "7 liens n'ont pas pu être vérifiés"));
	assert_non_null(strstr(w->error.words.en, "7 links could not be checked"));
	assert_int_equal(again(p, text), PV_UNAVAILABLE);
	assert_int_equal(again(p, text), PV_UNAVAILABLE);
	assert_non_null(strstr(w->error.words.en, "One link could not be checked"));
	assert_int_equal(again(p, text), PV_OK);
	assert_int_equal(p->web.asked, 10);
	/* an address that is none, or too long, stops nobody */
	p->web.takes_us = 0;
	text = talloc_asprintf(
		w->mem, "https://ailleurs.example/%0*d https://ailleurs.example/z", 9000, 0);
	assert_ok(pv_collect_links_again(p->house->desk, w->mem, text, &w->error), w);
	assert_string_equal(
		found(p, "https://ailleurs.example/z").final_url, "https://ailleurs.example/z");
	/* and is not asked about again: whoever types would be told for ever */
	const char **unknown;
	size_t n;
	assert_ok(pv_desk_links_to_resolve(
			  p->house->desk, w->mem, text, INT64_MAX, &unknown, &n, &w->error),
		w);
	assert_int_equal(n, 0);
}

/* An article is found again by its address, whatever its feed's campaigns added. */
static void articles_are_found_by_their_address(struct pv_world *w)
{
	struct post *p = build(w);
	p->web.body =
		"<rss><channel><title>T</title><item><guid>1</guid><title>Un</title><author>Marc"
		"</author><link>https://www.carnet.example/1/?utm_source=rss</link></item>"
		"</channel></rss>";
	struct pv_source_row row = add(p, "https://carnet.example/feed");
	size_t n;
	assert_ok(pv_collect_source(p->house->desk, w->mem, row.id, &n, &w->error), w);
	char digest[PV_DIGEST_SIZE];
	struct pv_item_place *places;
	pv_digest("carnet.example/1", 16, digest);
	assert_ok(pv_item_places(p->house->desk->db, w->mem, digest, &places, &n, &w->error), w);
	assert_int_equal(n, 1);
	assert_string_equal(places[0].feed, "https://carnet.example/feed");
	assert_string_equal(places[0].author, "Marc");
	/* one that an older desk kept is found once the feed shows it again */
	assert_ok(pv_db_exec(p->house->desk->db, "UPDATE item SET address_digest = ''",
			  PV_NO_PARAMS, NULL, &w->error),
		w);
	assert_ok(pv_collect_source(p->house->desk, w->mem, row.id, &n, &w->error), w);
	assert_int_equal(n, 0);
	assert_ok(pv_item_places(p->house->desk->db, w->mem, digest, &places, &n, &w->error), w);
	assert_int_equal(n, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PV_BOTH(articles_are_kept_once),
		PV_BOTH(a_feed_that_gives_nothing_is_not_followed),
		PV_BOTH(a_feed_that_says_nothing_new_is_asked_less_often),
		PV_BOTH(failures_are_told_and_end),
		PV_BOTH(what_answers_is_told_in_words),
		PV_BOTH(retry_after_is_obeyed),
		PV_BOTH(one_bad_feed_does_not_stop_the_others),
		PV_BOTH(a_paused_feed_is_left_alone),
		PV_BOTH(an_account_that_has_nothing_to_hear_is_left_for_a_day),
		PV_BOTH(links_are_followed_and_remembered),
		PV_BOTH(a_wrapped_link_leads_where_it_says),
		PV_BOTH(a_shortener_that_shows_its_own_page_leads_nowhere),
		PV_BOTH(a_submission_looks_again),
		PV_BOTH(slow_sites_share_their_time),
		PV_BOTH(every_link_is_looked_at),
		PV_BOTH(silence_is_an_answer_only_in_time),
		PV_BOTH(articles_are_found_by_their_address),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
